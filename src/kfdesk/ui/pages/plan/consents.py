# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Consent of a plan: the recorded consents, their drafts and what they share.

`ConsentSection` loads what the cards need beside the plan, and connects them with the form. A
recorded consent is evidence: `ConsentCard` shows it and never edits it. It can be withdrawn, or a
new consent can be recorded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.consent import VITAL_INTERESTS
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import DraftLine, OpenDraft
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange.notices import (
    ConsentHolder,
    WithdrawalPreview,
    holder_under_consent,
    preview_withdrawal,
)
from kfdesk.services.plans.consents import (
    ConsentDraft,
    ConsentTerms,
    confirm_vital_interests,
    list_consent_drafts,
    read_consent_terms,
    record_client_informed,
)
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.forms.form import plan_form_options
from kfdesk.ui.pages.plan.consent_editors import purpose_label
from kfdesk.ui.pages.plan.consent_form import (
    RENEWED_KEYS,
    ConsentForm,
    ConsentFormContext,
    ConsentFormPanel,
    VitalInterestsForm,
)
from kfdesk.ui.pages.plan.consent_status import (
    ConsentStatus,
    SharingCard,
    WithdrawalPanel,
    consent_lines,
    consent_look,
    is_first_decider,
)
from kfdesk.ui.pages.printing.print_dialog import PRINT_FORM, ConsentFormPrinting
from kfdesk.ui.plan_sections import MissingItem, PlanSection, SectionProgress
from kfdesk.ui.record_views import RecordFacts, written_at
from kfdesk.ui.tokens import CARD_GAP, GRID, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, EmptyState, clear_layout, make_hairline
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.text import Chip, Label

# --- A recorded consent

_CONSENT_FACTS = (
    "groups", "withheld", "form", "given_by", "guardian", "language", "interpreted_by", "given",
    "expires", "withdrawn", "withdrawal_effect", "transfer_tool", "warned", "decided_by",
    "second_person", "reason",
)  # fmt: skip


WITHDRAW, ASK_AGAIN = N_("Withdraw"), N_("Ask again")


class ConsentCard(CardFrame):
    """The card of a recorded consent.

    `again_asked` requests a new consent form. `withdrawal_asked` requests the effects of a
    withdrawal.
    """

    again_asked = Signal()
    withdrawal_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.standing: ConsentStatus | None = None
        self.panel: WithdrawalPanel | None = None
        self._words = QVBoxLayout()
        self._words.setSpacing(GRID)
        self.again = Button(kit, ASK_AGAIN, "refresh-cw", ButtonLook.TONAL)
        self.again.clicked.connect(self.again_asked)
        self.second = Button(kit, N_("I agree, as the second person"), "check", ButtonLook.TONAL)
        self.second.clicked.connect(self._on_second_clicked)
        self.told = Button(kit, N_("She has been told"), "check", ButtonLook.TONAL)
        self.told.clicked.connect(self._on_told_clicked)
        self.withdraw = Button(kit, WITHDRAW, "ban", ButtonLook.SECONDARY)
        self.withdraw.clicked.connect(self.withdrawal_asked)
        foot = QHBoxLayout()
        foot.setSpacing(0)
        foot.addSpacing(-RESERVE)
        for button in (self.withdraw, self.again, self.second, self.told):
            foot.addWidget(button)
        self.paper = ConsentFormPrinting(kit, desk, self._rid)
        foot.addWidget(self.paper)
        foot.addStretch(1)
        self._below = QVBoxLayout()
        self.body.addLayout(self._words)
        self.body.addLayout(foot)
        self.body.addLayout(self._below)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons that are visible and enabled."""
        mine = (self.withdraw, self.again, self.second, self.told, self.paper.button)
        return tuple(button for button in mine if not button.isHidden() and button.isEnabled())

    def show_consent(self, standing: ConsentStatus) -> None:
        """Show the consent as of today; an open withdrawal panel stays open."""
        self.standing = standing
        clear_layout(self._words)
        self._show_head(standing)
        self._show_words(standing)
        self._show_buttons(standing)
        if standing.is_withdrawn:
            self.close_panel()

    def open_panel(self, withdrawal: WithdrawalPreview) -> None:
        """Show the effects of a withdrawal, with the focus in the panel."""
        self.close_panel()
        self.panel = WithdrawalPanel(self._kit, self._desk, withdrawal)
        self.panel.left.connect(self.close_panel)
        self._below.addWidget(self.panel)
        self.withdraw.setEnabled(False)
        self.panel.focus_first_option()

    def close_panel(self) -> None:
        """Close the panel and return the focus to the Withdraw button."""
        if self.panel is not None:
            focus = QApplication.focusWidget()
            had_focus = focus is not None and self.panel.isAncestorOf(focus)
            clear_layout(self._below)
            self.panel = None
            self.withdraw.setEnabled(True)
            if had_focus:
                self.withdraw.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_head(self, standing: ConsentStatus) -> None:
        head = QHBoxLayout()
        head.setSpacing(9)
        title = Label(
            self._kit, purpose_label(standing.consent.purpose), TextStyle.HEADING
        ).wrapped()
        head.addWidget(title, 1)
        tone, icon, words = consent_look(standing)
        chip = Chip(self._kit, tone, icon)
        chip.set_message(words)
        head.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        self._words.addLayout(head)

    def _show_words(self, standing: ConsentStatus) -> None:
        name = standing.line.recipient
        if name:
            to = Label(self._kit, tone=Tone.MUTED).wrapped()
            to.set_message(N_("To {name}"), name=lambda _: name)
            self._words.addWidget(to)
        for message, tone in consent_lines(standing):
            label = Label(self._kit, message, TextStyle.BODY, tone).wrapped()
            self._words.addWidget(label)
        record = standing.consent
        torn = standing.line.view.conflicts
        keys = [key for key in _CONSENT_FACTS if getattr(record, key) is not None or key in torn]
        facts = RecordFacts(self._kit, keys)
        facts.show_record(standing.line.view)
        self._words.addWidget(facts)

    def _show_buttons(self, standing: ConsentStatus) -> None:
        is_over = standing.line.shut is not None and not standing.needs_second_person
        had_focus = any(button.hasFocus() for button in self.buttons)
        self.withdraw.setVisible(not standing.is_withdrawn)
        is_vital = standing.consent.form == VITAL_INTERESTS
        self.again.setVisible((is_over or standing.expires_soon) and not is_vital)
        may_print = self._desk.may(Right.PRINT_INTERNAL) and standing.page.may_edit
        self.paper.setVisible(may_print and not is_vital and not standing.is_withdrawn)
        self.paper.set_options((str(standing.consent.language),))
        self.second.setVisible(standing.needs_second_person)
        self.second.setEnabled(not is_first_decider(standing))
        self.told.setVisible(standing.must_inform_client and not standing.needs_second_person)
        named = (
            (self.withdraw, WITHDRAW),
            (self.again, ASK_AGAIN),
            (self.paper.button, PRINT_FORM),
        )
        for button, word in named:
            name = _action_name(word, standing.line.recipient)
            self._kit.translator.bind(button.setAccessibleName, name)
        if had_focus and self.buttons and not any(button.hasFocus() for button in self.buttons):
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _rid(self) -> bytes | None:
        return self.standing.line.view.rid if self.standing is not None else None

    def _on_second_clicked(self) -> None:
        self._run(confirm_vital_interests, N_("Two people have decided. It ends within 72 hours."))

    def _on_told_clicked(self) -> None:
        self._run(record_client_informed, N_("Noted that she has been told."))

    def _run(self, service: Callable[[Session, bytes], Changes], words: str) -> None:
        assert self.standing is not None
        desk, rid, kit = self._desk, self.standing.line.view.rid, self._kit

        def done(changes: Changes) -> None:
            kit.events.changed.emit(changes.types)
            kit.notify(words)

        kit.worker.run(lambda: service(desk, rid), done)


def _action_name(word: str, name: str) -> Message:
    return lambda language: f"{language.gettext(word)}: {name}" if name else language.gettext(word)


# --- Drafts


class ConsentDraftsCard(CardFrame):
    """The drafts of consents; `chosen` and `dropped` carry the line of a draft."""

    chosen = Signal(object)
    dropped = Signal(object)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: list[Button] = []
        self._shown: tuple[ConsentDraft, ...] | None = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.add_heading(kit, N_("Drafts of consents"), "pencil")
        self.body.addLayout(self._rows)
        self.hide()

    def show_drafts(self, waiting: Sequence[ConsentDraft], but: bytes | None) -> None:
        """Show all drafts except `but`, the one that is open in the form."""
        shown = tuple(one for one in waiting if one.line.rid != but)
        self.setVisible(bool(shown))
        if shown == self._shown:
            return
        self._shown = shown
        clear_layout(self._rows)
        self.buttons = []
        for number, one in enumerate(shown):
            if number:
                self._rows.addWidget(make_hairline())
            self._rows.addWidget(self._make_row(one))

    def _make_row(self, one: ConsentDraft) -> QWidget:
        title = Label(self._kit, _draft_title(one), TextStyle.BUTTON).wrapped()
        under = Label(self._kit, style=TextStyle.SMALL, tone=Tone.MUTED).wrapped()
        when = one.line.milliseconds
        under.set_message(
            N_("Draft saved {time}. It opens nothing."),
            time=lambda language: written_at(when, language),
        )
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(under)
        chip = Chip(self._kit, Tone.MUTED, "circle-dashed")
        chip.set_message(N_("draft"))
        go_on = Button(self._kit, N_("Continue"), "pencil", ButtonLook.TONAL)
        go_on.clicked.connect(lambda: self.chosen.emit(one.line))
        drop = Button(self._kit, N_("Discard"), look=ButtonLook.QUIET)
        drop.clicked.connect(lambda: self.dropped.emit(one.line))
        self.buttons += [go_on, drop]
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(chip, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(drop)
        row.addWidget(go_on)
        return part


def _draft_title(one: ConsentDraft) -> Message:
    def words(language: Language) -> str:
        purpose = language.gettext(purpose_label(one.purpose))
        if not one.recipient:
            return purpose
        return language.gettext(N_("{purpose}, to {name}")).format(
            purpose=purpose, name=one.recipient
        )

    return words


# --- The section


@dataclass(frozen=True, slots=True)
class ConsentContext:
    """Data that the section loads in addition to the plan."""

    terms: ConsentTerms
    waiting: tuple[ConsentDraft, ...]
    holders: Mapping[bytes, ConsentHolder]


class ConsentSection(PlanSection):
    """The section with the consents of a plan and the data that they allow to share."""

    key = "consent"
    label = N_("Consent")
    types = frozenset({"consent", "disclosure"})

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self.page: PlanPage | None = None
        self.known: ConsentContext | None = None
        self.cards: dict[bytes, ConsentCard] = {}
        self.talks = ConsentFormPanel(kit, desk)
        self.new = Button(kit, N_("New consent"), "plus", ButtonLook.TONAL).bind_key("Alt+N")
        self.new.clicked.connect(self.begin)
        self.vital = Button(kit, N_("Vital interests"), "life-buoy", ButtonLook.QUIET)
        self.vital.clicked.connect(lambda: self.talks.begin(VitalInterestsForm, {}))
        self.person = Button(kit, N_("Person"), look=ButtonLook.QUIET).with_end_icon(
            "chevron-right"
        )
        self.person.clicked.connect(lambda: self.step_asked.emit("person", ""))
        self.talks.opened.connect(self._show_drafts)
        self.talks.closed.connect(self._on_talk_closed)
        self._list = QVBoxLayout()
        self._list.setSpacing(CARD_GAP)
        self.drafts = ConsentDraftsCard(kit)
        self.drafts.chosen.connect(self._on_draft_chosen)
        self.drafts.dropped.connect(self._on_draft_dropped)
        self.sharing = SharingCard(kit)
        self._lay_out()
        kit.events.drafts_changed.connect(self._read)

    def commands(self) -> Sequence[Command]:
        """Return the command for a new consent while its button is visible."""
        is_open = self.new.isVisibleTo(self)
        command = Command(N_("New consent"), self.begin, "Alt+N", "plus", menu="edit")
        return (command,) if is_open else ()

    def show_plan(self, page: PlanPage) -> None:
        """Show the consents and recipients of this plan."""
        self.page = page
        self.sharing.show_plan(page)
        self._show_cards(page)
        self._read()

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return the progress: done while at least one consent is valid."""
        standing = sum(line.shut is None for line in page.consents)
        fill = Completion.DONE if standing else Completion.EMPTY
        return SectionProgress(fill, lambda language: _valid_count_text(standing, language))

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[MissingItem]:
        """Return a missing consent while none is valid."""
        return () if cls.state(page).fill is Completion.DONE else (MissingItem("consent"),)

    def begin(self) -> None:
        """Open the form for a new consent."""
        self.talks.begin(ConsentForm, {})

    def begin_record(self, record_type: str) -> bool:
        """Open the form for a new consent; return whether the type is `consent`."""
        if record_type == "consent":
            self.begin()
        return record_type == "consent"

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Move the focus to the card of a consent, which is read-only.

        Return whether the consent is shown here.
        """
        card = self.cards.get(rid)
        if card is not None and card.buttons:
            card.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return card is not None

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume the draft of a new consent; return whether it belongs to this client."""
        is_ours = draft.line.type == "consent" and draft.line.is_new and self.page is not None
        if not is_ours or draft.line.parent != self._client:
            return False
        self.talks.resume_draft(draft)
        return True

    @property
    def form(self) -> ConsentForm | None:
        """The open consent form, or None."""
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

    # Loading

    def _read(self) -> None:
        page, desk = self.page, self.desk
        if page is None:
            return

        def read() -> ConsentContext:
            client = page.client.rid
            owners = (
                (one.view.rid, holder_under_consent(desk, page, one.view.rid))
                for one in page.consents
            )
            holders = {rid: holder for rid, holder in owners if holder is not None}
            return ConsentContext(
                read_consent_terms(desk, client), list_consent_drafts(desk, client), holders
            )

        self.kit.worker.run(read, self._on_known)

    def _on_known(self, known: ConsentContext) -> None:
        self.known = known
        if self.page is not None:
            self._show_cards(self.page)
            offers = plan_form_options(self.kit, self.page, self.desk)
            self.talks.set_context(ConsentFormContext(self.page.client.rid, known.terms, offers))
            self._show_drafts()

    def _show_drafts(self) -> None:
        waiting = self.known.waiting if self.known is not None else ()
        self.drafts.show_drafts(waiting, self.talks.rid)

    # Cards

    def _show_cards(self, page: PlanPage) -> None:
        lines = {line.view.rid: line for line in page.consents}
        if self.cards.keys() != lines.keys():
            clear_layout(self._list)
            self.cards = {rid: self._make_card(rid) for rid in lines}
            standings = sorted(lines, key=lambda rid: lines[rid].shut is not None)
            for rid in standings:
                self._list.addWidget(self.cards[rid])
            if not lines:
                self._list.addWidget(_no_consent_placeholder(self.kit))
        today = self.desk.adapters.clock.now().date()
        holders = self.known.holders if self.known is not None else {}
        us = self.desk.user, self.desk.identity.organisation
        for rid, card in self.cards.items():
            card.show_consent(ConsentStatus(lines[rid], page, today, *us, holders.get(rid)))

    def _make_card(self, rid: bytes) -> ConsentCard:
        card = ConsentCard(self.kit, self.desk)
        card.again_asked.connect(lambda: self._on_again_asked(rid))
        card.withdrawal_asked.connect(lambda: self._on_withdrawal_asked(rid))
        return card

    def _on_withdrawal_asked(self, rid: bytes) -> None:
        if self.page is None:
            return
        desk, plan = self.desk, self.page.plan.rid
        self.kit.worker.run(lambda: preview_withdrawal(desk, plan, rid), self._on_withdrawal_read)

    def _on_withdrawal_read(self, withdrawal: WithdrawalPreview) -> None:
        card = self.cards.get(withdrawal.consent)
        if card is not None:
            card.open_panel(withdrawal)

    def _on_again_asked(self, rid: bytes) -> None:
        standing = self.cards[rid].standing
        if standing is not None:
            record = standing.consent
            values = {key: getattr(record, key) for key in RENEWED_KEYS}
            known = {key: value for key, value in values.items() if value is not None}
            self.talks.begin(ConsentForm, known)

    # Consent form and drafts

    def _on_talk_closed(self) -> None:
        self._show_drafts()
        self.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_draft_chosen(self, line: DraftLine) -> None:
        desk = self.desk
        self.kit.worker.run(lambda: drafts.read_draft(desk, line.rid), self._on_draft_read)

    def _on_draft_read(self, draft: OpenDraft | None) -> None:
        if draft is not None:
            self.resume_draft(draft)

    def _on_draft_dropped(self, line: DraftLine) -> None:
        desk = self.desk
        self.kit.worker.run(lambda: drafts.discard_draft(desk, line.rid), self._on_draft_gone)

    def _on_draft_gone(self, gone: OpenDraft | None) -> None:
        kit, desk = self.kit, self.desk
        kit.events.drafts_changed.emit()

        def take_back() -> None:
            if gone is not None:
                kit.worker.run(
                    lambda: drafts.restore_draft(desk, gone),
                    lambda _: kit.events.drafts_changed.emit(),
                )

        if gone is not None:
            kit.notify(N_("Draft discarded."), take_back)


def _no_consent_placeholder(kit: UiContext) -> EmptyState:
    return EmptyState(
        kit,
        "file-check",
        N_("No consent yet"),
        N_("Without one nothing about her leaves this desk."),
    )


def _valid_count_text(count: int, language: Language) -> str:
    if not count:
        return language.gettext(N_("none stands"))
    return language.ngettext("{count} stands", "{count} stand", count).format(count=count)
