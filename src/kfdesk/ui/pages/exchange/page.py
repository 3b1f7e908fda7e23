# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Exchange: the partners, and from there sending, receiving and adding partners.

It switches between its pages, and runs what a dialog, a key or a dropped file asked for. Each
action of a dialog is a method with a path, so that dropped files take the same way. It knows
nothing of the format of a file.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Partner, PartnerState
from kfdesk.domain.message_marks import N_
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange import copied_store, invitations, outbox, partners, transfer
from kfdesk.services.exchange.disclosure_log import last_destination
from kfdesk.services.exchange.import_review import ImportReview, undo_import
from kfdesk.services.exchange.partners import OfferedCard, PartnerLine
from kfdesk.services.exchange.transfer import BatchImportResult
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import ask_folder, ask_open, ask_save
from kfdesk.ui.pages.exchange.inbox import Inbox
from kfdesk.ui.pages.exchange.partners import TRUST_CONFIRMATIONS, TRUST_SERVICES, PartnerList
from kfdesk.ui.pages.exchange.previews import (
    preview_file,
    read_partners,
    taken_text,
    to_decide_text,
)
from kfdesk.ui.pages.exchange.review import FileReviewPage
from kfdesk.ui.pages.exchange.send import SendPage
from kfdesk.ui.pages.exchange.verification import (
    COMPARE_CARD,
    COMPARE_NEW_CARD,
    READ_OUR_DIGITS,
    AnswerInvitationPage,
    CompareDigitsPage,
    CopiedStorePage,
    InvitePage,
    NewPartnerPage,
)
from kfdesk.ui.tasks import call, call_long, task
from kfdesk.ui.tokens import Tone
from kfdesk.ui.translator import Message, PlaceholderFunction
from kfdesk.ui.widgets.build import column
from kfdesk.ui.widgets.layout import TaskPage, show_fault_in
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.worker import JobProgress

_PARTNER_TYPES = frozenset({"partner", "organisation"})
_REREAD_TYPES = _PARTNER_TYPES | {"consent"}
_CARD_NAME = "card.card"
_CARD_SUFFIX = ".card"


class ExchangePage(Page, QWidget):
    """The list of partners, or one page opened from it.

    `plan_chosen` carries the id of a plan to open.
    """

    plan_chosen = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._lines: tuple[PartnerLine, ...] = ()
        self._is_old = False
        self.step: TaskPage | None = None
        self.listing = PartnerList(kit, desk)
        self.listing.restrict_to(desk.may)
        self._stack = QStackedWidget()
        column(self._stack, on=self)
        self._stack.addWidget(self.listing)
        self._connect()
        self.read()

    def read(self) -> None:
        """Read the partners again."""
        desk, self._is_old = self._desk, False
        self._kit.worker.run(lambda: read_partners(desk), self._on_read)
        self.listing.calls.read()
        self.listing.requests.read()
        self.listing.kept_out.read()

    def show_list(self) -> None:
        """Go back to the list of partners."""
        self._stack.setCurrentWidget(self.listing)
        self._close_step()
        self.listing.setFocus()

    @task
    async def save_card(self, path: Path) -> None:
        """Save our card as `path`."""
        await call(self._kit, partners.save_own_card, self._desk, path)
        self._show_outcome(
            N_("Our card is saved. You can now remove the USB stick."),
            N_(
                "It contains nothing secret. Give it to the partner in person or in a way "
                "you trust."
            ),
        )

    @task
    async def add_card(self, path: Path) -> None:
        """Read the card in `path`, and ask what must be known before it is saved.

        The card of another laptop of ours in an invitation to this one is answered, after this one
        has keys of its own.
        """
        offered = await call(self._kit, copied_store.preview_invited, self._desk, path)
        if offered.is_copy:
            self._open(CopiedStorePage(self._kit, self._desk, path))
            return
        if invitations.is_invitation(path):
            step = AnswerInvitationPage(self._kit, self._desk, path.parent)
            step.answered.connect(self._on_joined)
            self._open(step)
            return
        self._show_card(offered)

    def show_inbox(self, paths: Sequence[Path] = ()) -> None:
        """Show these files or, without any, what lies on sticks and among the downloads."""
        step = Inbox(self._kit, self._desk, paths)
        step.look_asked.connect(self.preview)
        step.card_asked.connect(self.add_card)
        step.taken.connect(self._on_all_taken)
        self._open(step)

    @task
    async def preview(self, path: Path) -> None:
        """Show what the exchange file in `path` would do. Write nothing."""
        read = partial(preview_file, self._desk, path)
        incoming = await call_long(self._kit, N_("Reading the file…"), read, JobProgress())
        step = FileReviewPage(self._kit, self._desk, incoming)
        step.applied.connect(self._on_applied)
        self._open(step)

    def invite(self) -> None:
        """Open the page that makes an invitation folder for a new partner."""
        self._open(InvitePage(self._kit, self._desk))

    def invite_laptop(self) -> None:
        """Open the page that makes an invitation folder for another laptop of ours."""
        self._open(InvitePage(self._kit, self._desk, is_own=True))

    @task
    async def join(self, folder: Path) -> None:
        """Put our card beside the one that invites us, and ask about that partner."""
        self._on_joined(await call(self._kit, invitations.accept_invitation, self._desk, folder))

    def compare_digits(self, organisation: bytes) -> None:
        """Show the digits of a partner."""
        found = self._find_line(organisation)
        if found is not None:
            is_pending = found.partner.state is PartnerState.PENDING
            of = (
                COMPARE_NEW_CARD
                if found.offers
                else COMPARE_CARD
                if is_pending
                else READ_OUR_DIGITS
            )
            step = CompareDigitsPage(self._kit, self._desk, found.partner, of)
            step.verified.connect(self._on_verified)
            self._open(step)

    def open_files(self, paths: Sequence[Path] = ()) -> None:
        """Preview one file, add one card, or show the inbox.

        Several files are shown in the inbox; without any, it searches.
        """
        if not self._desk.may(Right.IMPORT_BUNDLE):
            self.refuse(KfdeskError("user.not_allowed", right=Right.IMPORT_BUNDLE))
        elif len(paths) != 1:
            self.show_inbox(paths)
        elif paths[0].suffix.lower() == _CARD_SUFFIX:
            self.add_card(paths[0])
        else:
            self.preview(paths[0])

    def begin_sending(self, plan: bytes = b"") -> None:
        """Show what would be sent of a plan, or to the partner selected in the list."""
        if not self._desk.may(Right.EXPORT_BUNDLE):
            self.refuse(KfdeskError("user.not_allowed", right=Right.EXPORT_BUNDLE))
            return
        chosen = self.listing.chosen if self.step is None and not plan else None
        is_ready = chosen is not None and chosen.partner.state is PartnerState.VERIFIED
        self.send(chosen.partner.organisation if chosen and is_ready else b"", plan)

    def send(self, organisation: bytes = b"", plan: bytes = b"") -> None:
        """Show what would be sent to a partner; without one, the page asks for it."""
        self._open_send(SendPage(self._kit, self._desk, organisation, plan))

    def send_common(self, organisation: bytes) -> None:
        """Show what common networks share with a partner that it does not have yet."""
        self._open_send(SendPage(self._kit, self._desk, organisation, is_common=True))

    def _open_send(self, step: SendPage) -> None:
        step.sent.connect(self._on_sent)
        step.plan_asked.connect(self.plan_chosen)
        self._open(step)

    @task
    async def send_notices(self, organisation: bytes, folder: Path) -> None:
        """Write a file to `folder` that only holds notices to a partner."""
        await call(self._kit, transfer.send_notices, self._desk, organisation, folder)
        self._show_outcome(
            N_("The file is written and checked. You can now remove the USB stick."),
            N_("It contains no data about anyone, only what the partner must be told."),
        )
        self._on_sent()

    @task
    async def change_trust(self, organisation: bytes, state: PartnerState) -> None:
        """Suspend a partner, resume it, or revoke its card."""
        changes = await call(self._kit, TRUST_SERVICES[state], self._desk, organisation)
        self._show_outcome(TRUST_CONFIRMATIONS[state])
        self._kit.events.changed.emit(changes.types)

    @task
    async def warn_partners(self, organisation: bytes) -> None:
        """Warn the other partners of one whose card was revoked."""
        changes = await call(self._kit, partners.warn_partners_of, self._desk, organisation)
        self._show_outcome(
            N_("The next file to each of the other partners warns them of this card.")
        )
        self._kit.events.changed.emit(changes.types)

    @task
    async def request_again(self, organisation: bytes) -> None:
        """Let our next file ask a partner to send the content of its files again."""
        await call(self._kit, outbox.request_resend, self._desk, organisation)
        self._show_outcome(
            N_("Our next file asks them for it."),
            N_("Send one as usual. What they sent earlier then arrives once more."),
        )

    def refuse(self, fault: KfdeskError) -> None:
        """Show the list, and above it what was refused."""
        self.show_list()
        show_fault_in(self._kit, self.listing.outcome, fault)

    def undo(self, digest: bytes) -> None:
        """Undo the import of a file."""
        run_import_undo(self._kit, self._desk, digest)

    def commands(self) -> tuple[Command, ...]:
        save = Command(N_("Save our card"), self._on_save_asked, icon="file-down")
        add = Command(N_("Add a partner's card"), self._on_add_asked, icon="plus")
        invite = Command(N_("Invite a partner"), self.invite, icon="usb")
        offered = (
            (save, None), (add, Right.MANAGE_KEYS), (invite, Right.MANAGE_KEYS),
        )  # fmt: skip
        return tuple(one for one, right in offered if right is None or self._desk.may(right))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        (self.step or self.listing).setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        """Read again if records have changed while the page was hidden."""
        super().showEvent(event)
        if self._is_old:
            self.read()

    def _connect(self) -> None:
        listing = self.listing
        listing.invite_asked.connect(self.invite)
        listing.save_asked.connect(self._on_save_asked)
        listing.add_asked.connect(self._on_add_asked)
        listing.take_asked.connect(self.open_files)
        listing.compare_asked.connect(self.compare_digits)
        listing.send_asked.connect(self.send)
        listing.common_asked.connect(self.send_common)
        listing.tell_asked.connect(self._on_tell_asked)
        listing.trust_asked.connect(self.change_trust)
        listing.undo_asked.connect(self.undo)
        listing.again_asked.connect(self.request_again)
        listing.warn_asked.connect(self.warn_partners)
        self._kit.events.changed.connect(self._on_changed)

    def _find_line(self, organisation: bytes) -> PartnerLine | None:
        lines = self._lines
        return next((one for one in lines if one.partner.organisation == organisation), None)

    def _open(self, step: TaskPage) -> None:
        self.listing.outcome.hide()
        self._close_step()
        self.step = step
        step.closed.connect(self.show_list)
        self._stack.setCurrentIndex(self._stack.addWidget(step))
        step.setFocus()

    def _close_step(self) -> None:
        if self.step is not None:
            self._stack.removeWidget(self.step)
            self.step.deleteLater()
            self.step = None

    def _show_outcome(
        self, title: Message, under: Message = "", **places: PlaceholderFunction
    ) -> None:
        outcome = self.listing.outcome
        outcome.show_look(Tone.SUCCESS, "circle-check")
        outcome.set_message(title, under, **places)
        outcome.show()

    def _on_read(self, lines: tuple[PartnerLine, ...]) -> None:
        self._lines = lines
        self.listing.show_partners(lines)

    def _on_changed(self, types: frozenset[str]) -> None:
        if self.isVisible() or types & _REREAD_TYPES:
            self.read()
        else:
            self._is_old = True

    def _on_save_asked(self) -> None:
        ask_save(self._kit, self, N_("Save our card"), _CARD_NAME, self.save_card)

    def _on_add_asked(self) -> None:
        ask_open(self._kit, self, N_("Add a partner's card"), ".card", self.add_card)

    def _show_card(self, offered: OfferedCard) -> None:
        if offered.is_known:
            self.show_list()
            self.listing.choose(offered.organisation)
            self._show_outcome(N_("This card is already here."))
            return
        step = NewPartnerPage(self._kit, self._desk, offered)
        step.kept.connect(self._on_kept)
        step.invite_asked.connect(self.invite_laptop)
        self._open(step)

    def _on_joined(self, offered: OfferedCard) -> None:
        self._show_card(offered)
        outcome = self.step.outcome if self.step is not None else self.listing.outcome
        outcome.show_look(Tone.SUCCESS, "circle-check")
        outcome.set_message(
            N_("Your card is now beside theirs. Give or send the USB stick back to {name}."),
            name=lambda _: offered.name,
        )
        outcome.show()

    def _on_kept(self, partner: Partner) -> None:
        self.show_list()
        self.listing.choose(partner.organisation)
        self._show_outcome(N_("The card is saved. Now compare the digits."))
        self._kit.events.changed.emit(_PARTNER_TYPES)

    def _on_verified(self, _partner: Partner, changes: Changes) -> None:
        self.show_list()
        self._show_outcome(N_("The partner is verified. You can now send and import files."))
        self._kit.events.changed.emit(changes.types)

    @task
    async def _on_tell_asked(self, organisation: bytes) -> None:
        put = await call(self._kit, last_destination, self._desk, organisation)
        send = partial(self.send_notices, organisation)
        ask_folder(self._kit, self, N_("Send the notice as a file"), send, put)

    def _on_sent(self) -> None:
        self._kit.events.changed.emit(frozenset({"partner"}))

    def _on_applied(self, review: ImportReview, changes: Changes, open_fields: int) -> None:
        self.show_list()
        self.listing.choose(review.taken.organisation)
        count = len(changes.rids)
        under: Message = partial(to_decide_text, open_fields) if open_fields else ""
        self._show_outcome(partial(taken_text, count), under)
        self._kit.events.changed.emit(changes.types | {"partner"})
        offer_import_undo(self._kit, self._desk, review.taken.digest)

    def _on_all_taken(self, received: BatchImportResult) -> None:
        self._kit.events.changed.emit(received.changes.types | {"partner"})


def offer_import_undo(kit: UiContext, desk: Session, digest: bytes) -> None:
    """Notify that a file was imported, with an undo for a while."""
    kit.notify(N_("The file is imported."), lambda: run_import_undo(kit, desk, digest))


def run_import_undo(kit: UiContext, desk: Session, digest: bytes) -> None:
    """Undo the import of the file; the window shows faults of files and devices."""

    def tell(changes: Changes) -> None:
        kit.events.changed.emit(changes.types)
        kit.notify(N_("The import is undone. Everything is as it was before."))

    kit.worker.run(lambda: undo_import(desk, digest), tell)
