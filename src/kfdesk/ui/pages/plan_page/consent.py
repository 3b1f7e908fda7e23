# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Consent of a plan: giving one, looking at them, taking one back; who may have what.

Joins the parts in `consent_views`. It reads beside the plan what only consents need, and leads
from one part to the other; what is judged and said stands in the parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.course.agreements import Terms, Waiting, read_terms, waiting_consents
from kfdesk.services.course.withdrawals import (
    Holder,
    Withdrawal,
    holder_of,
    read_withdrawal,
)
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing import drafts
from kfdesk.services.writing.drafts import DraftLine, OpenDraft
from kfdesk.ui import tokens
from kfdesk.ui.editing.offered import offers_of
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.plan_page.consent_views.card import ConsentCard
from kfdesk.ui.pages.plan_page.consent_views.drafts import DraftsCard
from kfdesk.ui.pages.plan_page.consent_views.giving import AGAIN, ConsentForm
from kfdesk.ui.pages.plan_page.consent_views.sharing import SharingCard
from kfdesk.ui.pages.plan_page.consent_views.standing import Standing
from kfdesk.ui.pages.plan_page.consent_views.talks import Setting, Talks
from kfdesk.ui.pages.plan_page.consent_views.vital import VitalForm
from kfdesk.ui.pages.plan_page.section import Missing, PlanSection, State
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.paint import Fill
from kfdesk.ui.widgets.panel import Empty, clear


@dataclass(frozen=True, slots=True)
class Known:
    """What is read beside the plan."""

    terms: Terms
    waiting: tuple[Waiting, ...]
    holders: Mapping[bytes, Holder]


class ConsentSection(PlanSection):
    """Consents, and what they open."""

    key = "consent"
    label = N_("Consent")
    types = frozenset({"consent", "disclosure"})

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk)
        self.page: PlanPage | None = None
        self.known: Known | None = None
        self.cards: dict[bytes, ConsentCard] = {}
        self.talks = Talks(kit, desk)
        self.new = Button(kit, N_("New consent"), "plus", Look.TONAL).answer_key("Alt+N")
        self.new.clicked.connect(self.begin)
        self.vital = Button(kit, N_("Vital interests"), "life-buoy", Look.QUIET)
        self.vital.clicked.connect(lambda: self.talks.begin(VitalForm, {}))
        self.person = Button(kit, N_("Person"), look=Look.QUIET).ended_by("chevron-right")
        self.person.clicked.connect(lambda: self.step_asked.emit("person", ""))
        self.talks.opened.connect(self._show_drafts)
        self.talks.closed.connect(self._on_talk_closed)
        self._list = QVBoxLayout()
        self._list.setSpacing(tokens.CARD_GAP)
        self.drafts = DraftsCard(kit)
        self.drafts.chosen.connect(self._on_draft_chosen)
        self.drafts.dropped.connect(self._on_draft_dropped)
        self.sharing = SharingCard(kit)
        self._lay_out()
        kit.hub.drafts_changed.connect(self._read)

    def commands(self) -> Sequence[Command]:
        """The key of a new consent."""
        is_open = self.new.isVisibleTo(self)
        command = Command(N_("New consent"), self.begin, "Alt+N", "plus", menu="edit")
        return (command,) if is_open else ()

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's consents and recipients."""
        self.page = page
        self.sharing.show_plan(page)
        self._show_cards(page)
        self._read()

    @staticmethod
    def state(page: PlanPage) -> State:
        """Whether any consent stands."""
        standing = sum(line.shut is None for line in page.consents)
        fill = Fill.DONE if standing else Fill.EMPTY
        return State(fill, lambda language: _standing(standing, language))

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[Missing]:
        """A consent, while none stands."""
        return () if cls.state(page).fill is Fill.DONE else (Missing("consent"),)

    def begin(self) -> None:
        """Begin to talk a new consent through."""
        self.talks.begin(ConsentForm, {})

    def begin_record(self, record_type: str) -> bool:
        """Begin a consent."""
        if record_type == "consent":
            self.begin()
        return record_type == "consent"

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Lead to a consent's card: it is looked at, and not rewritten."""
        card = self.cards.get(rid)
        if card is not None and card.buttons:
            card.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return card is not None

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with the draft of a new consent; whether it is one of this client."""
        is_ours = draft.line.type == "consent" and draft.line.is_new and self.page is not None
        if not is_ours or draft.line.parent != self._client:
            return False
        self.talks.take_up(draft)
        return True

    @property
    def form(self) -> ConsentForm | None:
        """The talk that is open."""
        return self.talks.form

    @property
    def _client(self) -> bytes:
        return self.page.client.rid if self.page is not None else b""

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.new)
        row.addWidget(self.vital)
        row.addStretch(1)
        wish = QHBoxLayout()
        wish.setSpacing(0)
        words = N_("Her wish to return is another thing. It is recorded under Person.")
        wish.addWidget(Label(self.kit, words, tone=Tone.MUTED).wrapped(), 1)
        wish.addWidget(self.person)
        self.column.addLayout(row)
        self.column.addLayout(wish)
        self.column.addWidget(self.talks)
        self.column.addWidget(self.drafts)
        self.column.addLayout(self._list)
        self.column.addWidget(self.sharing)

    # What is read beside the plan

    def _read(self) -> None:
        page, desk = self.page, self.desk
        if page is None:
            return

        def read() -> Known:
            client = page.client.rid
            owners = ((one.view.rid, holder_of(desk, page, one.view.rid)) for one in page.consents)
            holders = {rid: holder for rid, holder in owners if holder is not None}
            return Known(read_terms(desk, client), waiting_consents(desk, client), holders)

        self.kit.work.run(read, self._on_known)

    def _on_known(self, known: Known) -> None:
        self.known = known
        if self.page is not None:
            self._show_cards(self.page)
            offers = offers_of(self.kit, self.page, self.desk)
            self.talks.take_setting(Setting(self.page.client.rid, known.terms, offers))
            self._show_drafts()

    def _show_drafts(self) -> None:
        waiting = self.known.waiting if self.known is not None else ()
        self.drafts.show_drafts(waiting, self.talks.rid)

    # Cards

    def _show_cards(self, page: PlanPage) -> None:
        lines = {line.view.rid: line for line in page.consents}
        if self.cards.keys() != lines.keys():
            clear(self._list)
            self.cards = {rid: self._make_card(rid) for rid in lines}
            standings = sorted(lines, key=lambda rid: lines[rid].shut is not None)
            for rid in standings:
                self._list.addWidget(self.cards[rid])
            if not lines:
                self._list.addWidget(_none(self.kit))
        today = self.desk.rooms.clock.now().date()
        holders = self.known.holders if self.known is not None else {}
        us = self.desk.user, self.desk.identity.organisation
        for rid, card in self.cards.items():
            card.show_consent(Standing(lines[rid], page, today, *us, holders.get(rid)))

    def _make_card(self, rid: bytes) -> ConsentCard:
        card = ConsentCard(self.kit, self.desk)
        card.again_asked.connect(lambda: self._on_again_asked(rid))
        card.withdrawal_asked.connect(lambda: self._on_withdrawal_asked(rid))
        return card

    def _on_withdrawal_asked(self, rid: bytes) -> None:
        if self.page is None:
            return
        desk, plan = self.desk, self.page.plan.rid
        self.kit.work.run(lambda: read_withdrawal(desk, plan, rid), self._on_withdrawal_read)

    def _on_withdrawal_read(self, withdrawal: Withdrawal) -> None:
        card = self.cards.get(withdrawal.consent)
        if card is not None:
            card.open_panel(withdrawal)

    def _on_again_asked(self, rid: bytes) -> None:
        standing = self.cards[rid].standing
        if standing is not None:
            record = standing.consent
            values = {key: getattr(record, key) for key in AGAIN}
            known = {key: value for key, value in values.items() if value is not None}
            self.talks.begin(ConsentForm, known)

    # Talks and their drafts

    def _on_talk_closed(self) -> None:
        self._show_drafts()
        self.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_draft_chosen(self, line: DraftLine) -> None:
        desk = self.desk
        self.kit.work.run(lambda: drafts.draft_of(desk, line.rid), self._on_draft_read)

    def _on_draft_read(self, draft: OpenDraft | None) -> None:
        if draft is not None:
            self.go_on(draft)

    def _on_draft_dropped(self, line: DraftLine) -> None:
        desk = self.desk
        self.kit.work.run(lambda: drafts.discard_draft(desk, line.rid), self._on_draft_gone)

    def _on_draft_gone(self, gone: OpenDraft | None) -> None:
        kit, desk = self.kit, self.desk
        kit.hub.drafts_changed.emit()

        def take_back() -> None:
            if gone is not None:
                kit.work.run(
                    lambda: drafts.keep_again(desk, gone), lambda _: kit.hub.drafts_changed.emit()
                )

        if gone is not None:
            kit.tell(N_("Draft discarded."), take_back)


def _none(kit: Kit) -> Empty:
    return Empty(
        kit,
        "file-check",
        N_("No consent yet"),
        N_("Without one nothing about her leaves this desk."),
    )


def _standing(count: int, language: Language) -> str:
    if not count:
        return language.gettext(N_("none stands"))
    return language.ngettext("{count} stands", "{count} stand", count).format(count=count)
