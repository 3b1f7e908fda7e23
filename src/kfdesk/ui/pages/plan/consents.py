# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Consent of a plan: the recorded consents, their drafts and what they share.

`ConsentSection` loads what the cards need beside the plan, and connects them with the form. A
recorded consent is evidence: `ConsentCard` shows it and never edits it. It can be withdrawn, or a
new consent can be recorded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.consent import VITAL_INTERESTS
from kfdesk.domain.message_marks import N_
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
    consent_rows,
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
from kfdesk.ui.pages.plan.consent_matrix import ConsentMatrix
from kfdesk.ui.pages.plan.consent_status import (
    ConsentStatus,
    SharingCard,
    WithdrawalPanel,
    consent_lines,
    consent_look,
    is_first_decider,
)
from kfdesk.ui.pages.printing.print_dialog import PRINT_FORM, ConsentFormPrinting
from kfdesk.ui.plan_sections import (
    MissingItem,
    PlanSection,
    SectionProgress,
    missing_for_gates,
    open_gates_of,
)
from kfdesk.ui.record_views import RecordFacts, written_at
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, GRID, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import (
    MIDDLE,
    STRETCH,
    TOP,
    aligned,
    column,
    extend,
    filled,
    grown,
    heading,
    muted,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, EmptyState, FlowBox, clear_layout, make_hairline
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.text import Chip

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
        self._words = column(gap=GRID)
        self._below = column()
        self.again = Button(kit, ASK_AGAIN, "refresh-cw", ButtonLook.TONAL, self.again_asked.emit)
        self.second = Button(
            kit, N_("I agree, as the second person"), "check", ButtonLook.TONAL, on=self._agree
        )
        self.told = Button(kit, N_("She has been told"), "check", ButtonLook.TONAL, on=self._tell)
        self.withdraw = Button(kit, WITHDRAW, "ban", ButtonLook.SECONDARY)
        self.withdraw.clicked.connect(self.withdrawal_asked)
        self.paper = ConsentFormPrinting(kit, desk, self._rid)
        acts = (self.withdraw, self.again, self.second, self.told, self.paper)
        extend(self.body, self._words, row(-RESERVE, *acts, STRETCH), self._below)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons that are visible and enabled."""
        mine = (self.withdraw, self.again, self.second, self.told, self.paper.button)
        return tuple(button for button in mine if not button.isHidden() and button.isEnabled())

    def show_consent(self, standing: ConsentStatus) -> None:
        """Show the consent as of today; an open withdrawal panel stays open."""
        self.standing = standing
        clear_layout(self._words)
        self._show_words(standing)
        self._show_buttons(standing)
        if standing.is_withdrawn:
            self.close_panel()

    def open_panel(self, withdrawal: WithdrawalPreview) -> None:
        """Show the effects of a withdrawal, with the focus in the panel."""
        self.close_panel()
        self.panel = WithdrawalPanel(self._kit, self._desk, withdrawal)
        self.panel.left.connect(self.close_panel)
        extend(self._below, self.panel)
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

    def _show_words(self, standing: ConsentStatus) -> None:
        kit, record, name = self._kit, standing.consent, standing.line.recipient
        tone, icon, words = consent_look(standing)
        chip = Chip(kit, tone, icon)
        chip.set_message(words)
        title = text(kit, purpose_label(record.purpose), TextStyle.HEADING)
        torn = standing.line.view.conflicts
        keys = [key for key in _CONSENT_FACTS if getattr(record, key) is not None or key in torn]
        facts = RecordFacts(kit, keys)
        facts.show_record(standing.line.view)
        extend(
            self._words,
            row(grown(title), aligned(chip, TOP), gap=9),
            *([muted(kit, filled(N_("To {name}"), name=name))] if name else []),
            *(text(kit, line, tone=ink) for line, ink in consent_lines(standing)),
            facts,
        )

    def _show_buttons(self, standing: ConsentStatus) -> None:
        is_over = standing.line.shut is not None and not standing.needs_second_person
        had_focus = any(button.hasFocus() for button in self.buttons)
        self.withdraw.setVisible(not standing.is_withdrawn)
        is_vital = standing.consent.form == VITAL_INTERESTS
        self.again.setVisible((is_over or standing.expires_soon) and not is_vital)
        may_print = self._desk.may(Right.PRINT_INTERNAL) and standing.page.may_edit
        self.paper.setVisible(may_print and not is_vital and not standing.is_withdrawn)
        spoken = standing.consent.language
        self.paper.set_options((spoken,) if isinstance(spoken, str) else ())
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

    def _agree(self) -> None:
        self._run(confirm_vital_interests, N_("Two people have decided. It ends within 72 hours."))

    def _tell(self) -> None:
        self._run(record_client_informed, N_("Recorded that she has been told."))

    @task
    async def _run(self, service: Callable[[Session, bytes], Changes], words: str) -> None:
        assert self.standing is not None
        done = await call(self._kit, service, self._desk, self.standing.line.view.rid)
        self._kit.events.changed.emit(done.types)
        self._kit.notify(words)


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
        self._rows = column()
        extend(self.body, heading(kit, N_("Drafts of consents"), "pencil"), self._rows)
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
                extend(self._rows, make_hairline())
            extend(self._rows, self._make_row(one))

    def _make_row(self, one: ConsentDraft) -> QWidget:
        kit, line = self._kit, one.line
        when = filled(_DRAFT_SAVED, time=partial(written_at, line.milliseconds))
        words = column(
            text(kit, _draft_title(one), TextStyle.BUTTON), muted(kit, when, TextStyle.SMALL), gap=2
        )
        chip = Chip(kit, Tone.MUTED, "circle-dashed")
        chip.set_message(N_("draft"))
        go_on = Button(
            kit, N_("Continue"), "pencil", ButtonLook.TONAL, on=lambda: self.chosen.emit(line)
        )
        drop = Button(kit, N_("Discard"), look=ButtonLook.QUIET, on=lambda: self.dropped.emit(line))
        self.buttons += [go_on, drop]
        return panel(
            row(grown(words), aligned(chip, MIDDLE), drop, go_on, gap=8, margins=(0, 8, 0, 8))
        )


_DRAFT_SAVED = N_("Draft saved {time}. It is not a consent yet.")


def _draft_title(one: ConsentDraft) -> Message:
    purpose = purpose_label(one.purpose)
    if not one.recipient:
        return purpose
    words = N_("{purpose}, to {name}")
    return filled(words, purpose=lambda language: language.gettext(purpose), name=one.recipient)


# --- The section


@dataclass(frozen=True, slots=True)
class ConsentContext:
    """Data that the section loads in addition to the plan."""

    terms: ConsentTerms
    waiting: tuple[ConsentDraft, ...]
    holders: Mapping[bytes, ConsentHolder]


class ConsentSection(PlanSection):
    """The section with the consents of a plan and the data that they allow to share.

    The matrix shows all of them. Below it are the consents of one recipient.
    """

    key = "consent"
    label = N_("Consent")
    types = frozenset({"consent", "disclosure"})

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self.page: PlanPage | None = None
        self.known: ConsentContext | None = None
        self.cards: dict[bytes, ConsentCard] = {}
        self._recipient: str | None = None
        self.talks = ConsentFormPanel(kit, desk)
        self.new = Button(kit, N_("New consent"), "plus", ButtonLook.TONAL, on=self.begin)
        self.new.bind_key("Alt+N")
        self.vital = Button(
            kit,
            N_("Danger to life (vital interests)"),
            "life-buoy",
            ButtonLook.QUIET,
            on=lambda: self.talks.begin(VitalInterestsForm, {}),
        )
        self.person = Button(
            kit,
            N_("Her wish to return"),
            look=ButtonLook.QUIET,
            on=lambda: self.step_asked.emit("person", ""),
        ).with_end_icon("chevron-right")
        self.talks.opened.connect(self._show_drafts)
        self.talks.closed.connect(self._on_talk_closed)
        self.matrix = ConsentMatrix(kit)
        self.matrix.opened.connect(lambda line: self.open_record(line.view.rid))
        self.matrix.begin_asked.connect(self._begin_for)
        self._list = column(gap=CARD_GAP)
        self.drafts = ConsentDraftsCard(kit)
        self.drafts.chosen.connect(self._on_draft_chosen)
        self.drafts.dropped.connect(self._on_draft_dropped)
        self.sharing = SharingCard(kit)
        extend(
            self.column, FlowBox(self.new, self.vital, self.person, gap=8),
            self.matrix, self.drafts, self.talks, self._list, self.sharing,
        )  # fmt: skip
        kit.events.drafts_changed.connect(self._read)

    def commands(self) -> Sequence[Command]:
        """Return the command for a new consent while its button is visible."""
        is_open = self.new.isVisibleTo(self)
        command = Command(N_("New consent"), self.begin, "Alt+N", "plus", menu="edit")
        return (command,) if is_open else ()

    def show_plan(self, page: PlanPage) -> None:
        self.page = page
        self.sharing.show_plan(page)
        self.matrix.show_rows(consent_rows(page.consents, self._needed(page)))
        self._show_cards(page)
        self._read()

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return how many consents are valid; done while "Check" asks for no other one."""
        valid = sum(line.shut is None for line in page.consents)
        lacking = len(open_gates_of(page, ConsentSection.types))
        fill = Completion.DONE if valid else Completion.EMPTY
        return SectionProgress(
            Completion.PART if valid and lacking else fill, partial(_count_text, valid, lacking)
        )

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[MissingItem]:
        """Return what "Check" names here, or a first consent while none is valid."""
        is_bare = cls.state(page).fill is Completion.EMPTY
        return missing_for_gates(page, cls.types) or ((MissingItem("consent"),) if is_bare else ())

    def begin(self) -> None:
        """Open the form for a new consent; from a row of the matrix with its recipient."""
        here = self.matrix.current if self.matrix.table.hasFocus() else None
        self._begin_for(here.recipient if here is not None else "")

    def begin_record(self, record_type: str) -> bool:
        """Open the form for a new consent; return whether the type is `consent`."""
        if record_type == "consent":
            self.begin()
        return record_type == "consent"

    def continue_record(self, record_type: str) -> bool:
        """Go on with the open form or the newest draft, else begin a new consent."""
        if self.form is not None:
            self.form.sheet.focus_on(next(iter(self.form.sheet.editors)))
        else:
            self._continue_or_begin()
        return record_type == "consent"

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Show a consent, which is read-only, and move the focus to it.

        Return whether the consent is shown here.
        """
        card = self.cards.get(rid)
        if card is not None:
            self._show_recipient(rid)
            if card.buttons:
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

    def _needed(self, page: PlanPage) -> Mapping[str, str]:
        """Return whose consent this plan needs: our own, the receiver's and the escort's."""
        house = self.desk.identity
        plan = page.plan.record
        named = ((plan.receiver, page.receiver), (plan.escort, page.escort))
        others = {rid: name for rid, name in named if isinstance(rid, str) and name}
        return {house.organisation.hex(): house.name, **others}

    # Loading

    @task
    async def _read(self) -> None:
        page = self.page
        if page is None:
            return
        known = await call(self.kit, _read_context, self.desk, page)
        if self.page is None or self.page.client.rid != page.client.rid:
            return
        self.known = known
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
        new = next((rid for rid in lines if self.cards and rid not in self.cards), None)
        if self.cards.keys() != lines.keys():
            clear_layout(self._list)
            self.cards = {rid: self._make_card(rid) for rid in lines}
            standings = sorted(lines, key=lambda rid: lines[rid].shut is not None)
            parts = [self.cards[rid] for rid in standings]
            extend(self._list, *parts, *([] if lines else [_no_consent_placeholder(self.kit)]))
        today = self.desk.adapters.clock.now().date()
        holders = self.known.holders if self.known is not None else {}
        us = self.desk.user, self.desk.identity.organisation
        for rid, card in self.cards.items():
            card.show_consent(ConsentStatus(lines[rid], page, today, *us, holders.get(rid)))
        self._show_recipient(new)

    def _show_recipient(self, rid: bytes | None = None) -> None:
        """Show the consents of one recipient: that of `rid`, else the one shown, else the first."""
        chosen = self.cards.get(rid) if rid is not None else None
        known = {_recipient_of(card) for card in self.cards.values()}
        if chosen is not None:
            self._recipient = _recipient_of(chosen)
        elif self._recipient not in known:
            first = min(self.cards.values(), key=_urgency, default=None)
            self._recipient = _recipient_of(first) if first is not None else None
        for card in self.cards.values():
            card.setVisible(_recipient_of(card) == self._recipient)

    def _make_card(self, rid: bytes) -> ConsentCard:
        card = ConsentCard(self.kit, self.desk)
        card.again_asked.connect(lambda: self._ask_again(rid))
        card.withdrawal_asked.connect(lambda: self._show_withdrawal(rid))
        return card

    @task
    async def _show_withdrawal(self, rid: bytes) -> None:
        if self.page is None:
            return
        seen = await call(self.kit, preview_withdrawal, self.desk, self.page.plan.rid, rid)
        card = self.cards.get(seen.consent)
        if card is not None:
            card.open_panel(seen)

    # Consent form and drafts

    @task
    async def _continue_or_begin(self) -> None:
        """Resume the newest draft of a talk with the client; begin a new consent without one."""
        if self.known is None or self.known.waiting:
            draft = await call(self.kit, _newest_talk, self.desk, self._client)
            if self.form is not None or (draft is not None and self.resume_draft(draft)):
                return
        self.begin()

    def _begin_for(self, recipient: str) -> None:
        self.talks.begin(ConsentForm, {"recipient": recipient} if recipient else {})

    def _ask_again(self, rid: bytes) -> None:
        standing = self.cards[rid].standing
        if standing is not None:
            values = {key: getattr(standing.consent, key) for key in RENEWED_KEYS}
            known = {key: value for key, value in values.items() if value is not None}
            self.talks.begin(ConsentForm, known)

    def _on_talk_closed(self) -> None:
        self._show_drafts()
        self.new.setFocus(Qt.FocusReason.OtherFocusReason)

    @task
    async def _on_draft_chosen(self, line: DraftLine) -> None:
        draft = await call(self.kit, drafts.read_draft, self.desk, line.rid)
        if draft is not None:
            self.resume_draft(draft)

    @task
    async def _on_draft_dropped(self, line: DraftLine) -> None:
        gone = await call(self.kit, drafts.discard_draft, self.desk, line.rid)
        self.kit.events.drafts_changed.emit()
        if gone is not None:
            self.kit.notify(
                N_("Draft discarded."), partial(_restore_draft, self.kit, self.desk, gone)
            )


def _read_context(desk: Session, page: PlanPage) -> ConsentContext:
    client = page.client.rid
    owners = (
        (one.view.rid, holder_under_consent(desk, page, one.view.rid)) for one in page.consents
    )
    holders = {rid: holder for rid, holder in owners if holder is not None}
    return ConsentContext(
        read_consent_terms(desk, client), list_consent_drafts(desk, client), holders
    )


def _newest_talk(desk: Session, client: bytes) -> OpenDraft | None:
    """Return the newest draft of a consent that the client gives, or None."""
    lines = (one.line for one in list_consent_drafts(desk, client))
    found = (drafts.read_draft(desk, line.rid) for line in lines)
    return next((one for one in found if one and not _is_vital(one)), None)


def _is_vital(draft: OpenDraft) -> bool:
    return draft.form.values.get("form") == VITAL_INTERESTS


def _restore_draft(kit: UiContext, desk: Session, gone: OpenDraft) -> None:
    """Bring a draft back; the section may be gone by then."""
    kit.worker.run(
        lambda: drafts.restore_draft(desk, gone), lambda _: kit.events.drafts_changed.emit()
    )


def _recipient_of(card: ConsentCard) -> str:
    recipient = card.standing.consent.recipient if card.standing is not None else None
    return recipient if isinstance(recipient, str) else ""


def _urgency(card: ConsentCard) -> tuple[bool, bool, bool]:
    """Return a sort key: first what waits for a person, then what is valid for the receiver."""
    standing = card.standing
    if standing is None:
        return (True, True, True)
    waits = standing.needs_second_person or standing.must_inform_client or standing.expires_soon
    is_receivers = standing.consent.recipient == standing.page.plan.record.receiver
    return (not waits, standing.line.shut is not None, not is_receivers)


def _no_consent_placeholder(kit: UiContext) -> EmptyState:
    return EmptyState(
        kit, "file-check", N_("No consent yet"), N_("Without one, no data about her is shared.")
    )


def _count_text(valid: int, lacking: int, language: Language) -> str:
    """Return how many consents are valid, and how many the next step still asks for."""
    said = language.gettext(N_("none valid"))
    if valid:
        said = language.plural("{count} valid", "{count} valid", valid)
    if not lacking:
        return said
    words = language.ngettext("{count} missing", "{count} missing", lacking)
    return f"{said} · {words.format(count=lacking)}"
