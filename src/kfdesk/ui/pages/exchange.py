# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Exchange: partners, and from there sending a file, taking one, meeting a new partner.

It leads from page to page and runs what a dialog, a key or a dropped file asked for. Everything
that a dialog does is a method with a path, so the same way serves what is dropped on the window.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.desk.exchange import Partner, PartnerState
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.services import exchange, partners
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.exchange import Review
from kfdesk.services.partners import Offered, PartnerLine
from kfdesk.services.sharing import dealing, inviting, keys
from kfdesk.services.sharing.arriving import Received
from kfdesk.services.sharing.given import last_put
from kfdesk.ui.files import ask_folder, ask_open, ask_save
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.exchange_views.card import NewPartner
from kfdesk.ui.pages.exchange_views.digits import CARD, NEW_CARD, READ_OUT, Digits
from kfdesk.ui.pages.exchange_views.partners import PartnerList
from kfdesk.ui.pages.exchange_views.reading import Incoming, look_at_file, read_partners
from kfdesk.ui.pages.exchange_views.step import Step, say_fault
from kfdesk.ui.pages.invite_views.invite import Invite
from kfdesk.ui.pages.partner_views.trusting import TRUST, TRUSTED_WORDS
from kfdesk.ui.pages.partner_views.undoing import offer_undo, take_back
from kfdesk.ui.pages.sending_views.send import Send
from kfdesk.ui.pages.taking_views.arrivals import Come
from kfdesk.ui.pages.taking_views.counts import taken_words, to_decide_words
from kfdesk.ui.pages.taking_views.review import FileReview
from kfdesk.ui.tokens import Tone
from kfdesk.ui.words import Filling, Message
from kfdesk.ui.work import Course

_TYPES = frozenset({"partner", "organisation"})
_READ_FOR = _TYPES | {"consent"}
_NEUTRAL_NAME = "card.card"
_CARD_SUFFIX = ".card"


class Exchange(QWidget):
    """The list of partners, or one page opened from it. `plan_chosen` carries a plan to open."""

    plan_chosen = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._lines: tuple[PartnerLine, ...] = ()
        self._is_old = False
        self.step: Step | None = None
        self.listing = PartnerList(kit, desk)
        self.listing.keep_to(desk.may)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._stack.addWidget(self.listing)
        self._connect()
        self.read()

    def read(self) -> None:
        """Read the partners again."""
        desk, self._is_old = self._desk, False
        self._kit.work.run(lambda: read_partners(desk), self._on_read)
        self.listing.calls.read()
        self.listing.requests.read()

    def show_list(self) -> None:
        """Go back to the list of partners."""
        self._stack.setCurrentWidget(self.listing)
        self._drop_step()
        self.listing.setFocus()

    def save_card(self, path: Path) -> None:
        """Save our card as `path`."""
        desk = self._desk
        self._kit.work.run(
            lambda: partners.save_card(desk, path), self._on_card_saved, self._on_refused
        )

    def add_card(self, path: Path) -> None:
        """Look at the card in `path`, and ask what must be known before it is kept."""
        desk = self._desk
        self._kit.work.run(
            lambda: partners.look_at_card(desk, path), self._on_card_read, self._on_refused
        )

    def take(self, paths: Sequence[Path] = ()) -> None:
        """Show what has come: these files, or what lies on sticks and among the downloads."""
        step = Come(self._kit, self._desk, paths)
        step.look_asked.connect(self.look_at)
        step.card_asked.connect(self.add_card)
        step.taken.connect(self._on_all_taken)
        self._open(step)

    def look_at(self, path: Path) -> None:
        """Show what the exchange file in `path` would do. Writes nothing."""
        desk, course = self._desk, Course()
        self._kit.work.run(
            lambda: look_at_file(desk, path, course),
            self._on_file_read,
            self._on_refused,
            title=N_("Reading the file…"),
            cancel=course,
        )

    def invite(self) -> None:
        """Make a folder that invites a new partner."""
        self._open(Invite(self._kit, self._desk))

    def join(self, folder: Path) -> None:
        """Put our card beside the one that invites us, and ask about whose that is."""
        desk = self._desk
        self._kit.work.run(lambda: inviting.join(desk, folder), self._on_joined, self._on_refused)

    def compare(self, organisation: bytes) -> None:
        """Show the digits of a partner."""
        found = self._found(organisation)
        if found is not None:
            is_pending = found.partner.state is PartnerState.PENDING
            of = NEW_CARD if found.offers else CARD if is_pending else READ_OUT
            step = Digits(self._kit, self._desk, found.partner, of)
            step.verified.connect(self._on_verified)
            self._open(step)

    def ask_to_take(self, paths: Sequence[Path] = ()) -> None:
        """Look at one file, add one card, or show what has come: these files, or what is found."""
        if not self._desk.may(Right.IMPORT_BUNDLE):
            self._on_refused(KfdeskError("user.not_allowed", right=Right.IMPORT_BUNDLE))
        elif len(paths) != 1:
            self.take(paths)
        elif paths[0].suffix == _CARD_SUFFIX:
            self.add_card(paths[0])
        else:
            self.look_at(paths[0])

    def ask_to_send(self, plan: bytes = b"") -> None:
        """Show what would go of a plan, or to the partner who is chosen in the list on view."""
        if not self._desk.may(Right.EXPORT_BUNDLE):
            self._on_refused(KfdeskError("user.not_allowed", right=Right.EXPORT_BUNDLE))
            return
        chosen = self.listing.chosen if self.step is None and not plan else None
        is_ready = chosen is not None and chosen.partner.state is PartnerState.VERIFIED
        self.send(chosen.partner.organisation if chosen and is_ready else b"", plan)

    def send(self, organisation: bytes = b"", plan: bytes = b"") -> None:
        """Show what would go to a partner; without one, it is asked for there."""
        step = Send(self._kit, self._desk, organisation, plan)
        step.sent.connect(self._on_sent)
        step.plan_asked.connect(self.plan_chosen)
        self._open(step)

    def tell(self, organisation: bytes, folder: Path) -> None:
        """Make a file in `folder` that only tells a partner what it must know."""
        desk = self._desk
        self._kit.work.run(
            lambda: exchange.send_notices(desk, organisation, folder),
            self._on_told,
            self._on_refused,
        )

    def trust(self, organisation: bytes, state: PartnerState) -> None:
        """Suspend a partner, go on with it, or revoke its card."""
        desk, change = self._desk, TRUST[state]
        self._kit.work.run(
            lambda: change(desk, organisation),
            lambda changes: self._on_trust_changed(state, changes),
            self._on_refused,
        )

    def warn(self, organisation: bytes) -> None:
        """Warn the other partners of one whose card was revoked."""
        desk = self._desk
        self._kit.work.run(
            lambda: keys.warn_of(desk, organisation), self._on_warned, self._on_refused
        )

    def ask_again(self, organisation: bytes) -> None:
        """Have our next file ask a partner for what its files have held."""
        desk = self._desk
        self._kit.work.run(
            lambda: dealing.ask_again(desk, organisation), self._on_again_noted, self._on_refused
        )

    def undo(self, digest: bytes) -> None:
        """Take a file back that was taken."""
        take_back(self._kit, self._desk, digest)

    def commands(self) -> tuple[Command, ...]:
        """What the menus add while this page is on view."""
        save = Command(N_("Save our card"), self._on_save_asked, icon="file-down")
        add = Command(N_("Add a partner's card"), self._on_add_asked, icon="plus")
        invite = Command(N_("Invite a partner"), self.invite, icon="usb")
        offered = (
            (save, None), (add, Right.MANAGE_KEYS), (invite, Right.MANAGE_KEYS),
        )  # fmt: skip
        return tuple(one for one, right in offered if right is None or self._desk.may(right))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        (self.step or self.listing).setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """What waits to be sent has changed with what was written meanwhile."""
        super().showEvent(event)
        if self._is_old:
            self.read()

    def _connect(self) -> None:
        listing = self.listing
        listing.invite_asked.connect(self.invite)
        listing.save_asked.connect(self._on_save_asked)
        listing.add_asked.connect(self._on_add_asked)
        listing.take_asked.connect(self.ask_to_take)
        listing.compare_asked.connect(self.compare)
        listing.send_asked.connect(self.send)
        listing.tell_asked.connect(self._on_tell_asked)
        listing.trust_asked.connect(self.trust)
        listing.undo_asked.connect(self.undo)
        listing.again_asked.connect(self.ask_again)
        listing.warn_asked.connect(self.warn)
        self._kit.hub.changed.connect(self._on_changed)

    def _found(self, organisation: bytes) -> PartnerLine | None:
        lines = self._lines
        return next((one for one in lines if one.partner.organisation == organisation), None)

    def _open(self, step: Step) -> None:
        self.listing.outcome.hide()
        self._drop_step()
        self.step = step
        step.closed.connect(self.show_list)
        self._stack.setCurrentIndex(self._stack.addWidget(step))
        step.setFocus()

    def _drop_step(self) -> None:
        if self.step is not None:
            self._stack.removeWidget(self.step)
            self.step.deleteLater()
            self.step = None

    def _say(self, title: Message, under: Message = "", **places: Filling) -> None:
        outcome = self.listing.outcome
        outcome.show_look(Tone.SUCCESS, "circle-check")
        outcome.tell(title, under, **places)
        outcome.show()

    def _on_read(self, lines: tuple[PartnerLine, ...]) -> None:
        self._lines = lines
        self.listing.show_partners(lines)

    def _on_changed(self, types: frozenset[str]) -> None:
        if self.isVisible() or types & _READ_FOR:
            self.read()
        else:
            self._is_old = True

    def _on_refused(self, fault: KfdeskError) -> None:
        self.show_list()
        say_fault(self._kit, self.listing.outcome, fault)

    def _on_save_asked(self) -> None:
        ask_save(self._kit, self, N_("Save our card"), _NEUTRAL_NAME, self.save_card)

    def _on_card_saved(self, _nothing: None) -> None:
        self._say(
            N_("Our card is saved. You can take the stick out now."),
            N_("It holds no secret. Give it to the partner in person or by a way you trust."),
        )

    def _on_add_asked(self) -> None:
        ask_open(self._kit, self, N_("Add a partner's card"), ".card", self.add_card)

    def _on_card_read(self, offered: Offered) -> None:
        if offered.is_known:
            self.show_list()
            self.listing.choose(offered.organisation)
            self._say(N_("This card is here already."))
            return
        step = NewPartner(self._kit, self._desk, offered)
        step.kept.connect(self._on_kept)
        self._open(step)

    def _on_joined(self, offered: Offered) -> None:
        self._on_card_read(offered)
        outcome = self.step.outcome if self.step is not None else self.listing.outcome
        outcome.show_look(Tone.SUCCESS, "circle-check")
        outcome.tell(
            N_("Your card lies beside theirs now. Give or send the stick back to {name}."),
            name=lambda _: offered.name,
        )
        outcome.show()

    def _on_kept(self, partner: Partner) -> None:
        self.show_list()
        self.listing.choose(partner.organisation)
        self._say(N_("The card is kept. Compare the digits next."))
        self._kit.hub.changed.emit(_TYPES)

    def _on_verified(self, _partner: Partner, changes: Changes) -> None:
        self.show_list()
        self._say(N_("The partner is verified. Files can be sent and taken now."))
        self._kit.hub.changed.emit(changes.types)

    def _on_tell_asked(self, organisation: bytes) -> None:
        desk = self._desk
        ask = partial(self._ask_where_to_tell, organisation)
        self._kit.work.run(lambda: last_put(desk, organisation), ask)

    def _ask_where_to_tell(self, organisation: bytes, put: Path | None) -> None:
        title = N_("Tell them by a file")
        ask_folder(self._kit, self, title, lambda folder: self.tell(organisation, folder), put)

    def _on_told(self, _made: object) -> None:
        self._say(
            N_("The file is written and read back. You can take the stick out now."),
            N_("It holds no data about anybody, only what the partner must be told."),
        )
        self._on_sent()

    def _on_again_noted(self, _changes: Changes) -> None:
        self._say(
            N_("Our next file asks them for it."),
            N_("Send one as always. What they had sent then comes once more."),
        )

    def _on_trust_changed(self, state: PartnerState, changes: Changes) -> None:
        self._say(TRUSTED_WORDS[state])
        self._kit.hub.changed.emit(changes.types)

    def _on_warned(self, changes: Changes) -> None:
        self._say(N_("The next file to each of the other partners warns them of this card."))
        self._kit.hub.changed.emit(changes.types)

    def _on_sent(self) -> None:
        self._kit.hub.changed.emit(frozenset({"partner"}))

    def _on_file_read(self, incoming: Incoming) -> None:
        step = FileReview(self._kit, self._desk, incoming)
        step.applied.connect(self._on_applied)
        self._open(step)

    def _on_applied(self, review: Review, changes: Changes, open_fields: int) -> None:
        self.show_list()
        self.listing.choose(review.taken.organisation)
        count = len(changes.rids)
        under: Message = partial(to_decide_words, open_fields) if open_fields else ""
        self._say(partial(taken_words, count), under)
        self._kit.hub.changed.emit(changes.types | {"partner"})
        offer_undo(self._kit, self._desk, review.taken.digest)

    def _on_all_taken(self, received: Received) -> None:
        self._kit.hub.changed.emit(received.changes.types | {"partner"})
