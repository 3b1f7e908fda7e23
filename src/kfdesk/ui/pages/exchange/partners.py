# SPDX-License-Identifier: GPL-3.0-or-later
"""The partners: the list, and the card of the selected one with what waits and what may be done.

The first functions say what waits for a partner, or from it. `PartnerList` emits what the user
asks for; the page Exchange does it. The module writes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import ErasureOrderState, Partner, PartnerState
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import name_sort_key
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange import partners
from kfdesk.services.exchange.outbox import CommonState
from kfdesk.services.exchange.partners import PartnerLine
from kfdesk.services.exchange.transfer import count_common
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.pages.exchange.erased import ErasedRecordList
from kfdesk.ui.pages.exchange.notices import CallList, ErasureRequestList
from kfdesk.ui.pages.exchange.previews import (
    PARTNER_STATES,
    location_text,
    numbers_text,
    records_text,
    state_meaning,
    when_lines,
)
from kfdesk.ui.record_views import LabelledValues, ValueTable, written_at
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction
from kfdesk.ui.widgets.build import (
    LEFT,
    STRETCH,
    Space,
    aligned,
    column,
    extend,
    filled,
    grown,
    muted,
    panel,
    plural,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import (
    Badge,
    Banner,
    CardFrame,
    EmptyState,
    FlowBox,
    ResizablePanes,
    clear_layout,
    make_hairline,
    make_scroll_area,
    stack_widgets,
)
from kfdesk.ui.widgets.table import ColumnSpec, LineSpec, LineTable, SortKey, TableCell
from kfdesk.ui.widgets.text import Chip, Label

# --- what waits

_ANSWER_WORDS: Mapping[ErasureOrderState, str] = {
    ErasureOrderState.OPEN: N_("not answered"),
    ErasureOrderState.DONE: N_("erased there"),
    ErasureOrderState.NOT_HERE: N_("was never there"),
    ErasureOrderState.DECLINED: N_("they keep it"),
    ErasureOrderState.TOLD: N_("told by phone"),
}


def open_items(shown: PartnerLine) -> Iterator[LabelledValues]:
    """Yield labelled values for what waits; nothing where nothing waits."""
    if shown.waiting:
        yield LabelledValues(N_("To send"), (partial(records_text, shown.waiting),), Tone.PLAIN)
    elif shown.owes_receipt:
        words = N_("A receipt: they do not know yet that their file has arrived.")
        yield LabelledValues(N_("To send"), (words,), Tone.PLAIN)
    if shown.unconfirmed:
        yield LabelledValues(N_("Not confirmed"), (_files(shown.unconfirmed),), Tone.PLAIN)
    if shown.missing:
        yield LabelledValues(N_("Missing from them"), (_missing(shown.missing),), Tone.WARNING)
    if shown.notices:
        yield LabelledValues(N_("Withdrawals"), (_notices(shown.notices),), Tone.WARNING)
    if shown.notices and shown.partner.state is not PartnerState.VERIFIED:
        yield LabelledValues(
            "", (N_("No files are sent to them: tell them by phone."),), Tone.WARNING
        )
    if shown.asked:
        tone = Tone.WARNING if shown.asked.get(ErasureOrderState.OPEN) else Tone.PLAIN
        yield LabelledValues(N_("Asked to erase"), (partial(_orders_text, shown.asked),), tone)
    if shown.is_anew:
        words = N_(
            "Our database was restored to an earlier day. They have not confirmed that they know."
        )
        yield LabelledValues(N_("Restored"), (words,), Tone.WARNING)
    if shown.waits:
        yield LabelledValues(
            N_("Answer"), (N_("They are waiting to hear that we know."),), Tone.WARNING
        )
    if shown.offers:
        words = N_("They sent a card with a new signing key. Call a number you already know.")
        yield LabelledValues(N_("New key"), (words,), Tone.WARNING)
    if not shown.knows_us:
        words = N_(
            "They still have our previous key. Call them, and ask them to compare the new one."
        )
        yield LabelledValues(N_("Our key"), (words,), Tone.WARNING)


def open_item_summary(shown: PartnerLine, language: Language) -> str:
    """Return the most urgent of it in two or three words; empty where nothing waits."""
    if shown.notices:
        return _notices(shown.notices)(language)
    if shown.waits:
        return language.gettext(N_("an answer is due"))
    if shown.is_anew:
        return language.gettext(N_("restore not confirmed"))
    if shown.missing:
        return language.plural("{count} file missing", "{count} files missing", len(shown.missing))
    if shown.waiting:
        return language.plural("{count} to send", "{count} to send", shown.waiting)
    if shown.owes_receipt:
        return language.gettext(N_("a receipt to send"))
    return language.gettext(N_("not confirmed yet")) if shown.unconfirmed else ""


def _orders_text(asked: Mapping[ErasureOrderState, int], language: Language) -> str:
    """Return `erased there: 6` and below it `not answered: 3`."""
    parts = (
        f"{language.gettext(words)}: {asked[state]}"
        for state, words in _ANSWER_WORDS.items()
        if asked.get(state)
    )
    return "\n".join(parts)


def _files(count: int) -> MessageFunction:
    return plural("{count} file", "{count} files", count)


def _notices(count: int) -> MessageFunction:
    return plural("{count} notice not confirmed", "{count} notices not confirmed", count)


def _missing(numbers: tuple[int, ...]) -> MessageFunction:
    return filled("File no. {numbers}. Ask them to send again.", numbers=numbers_text(numbers))


# --- trust

REVOKE_WARNING = N_(
    "After that nothing from them can be imported, and nothing is sent to them. This "
    "cannot be undone: they need a new card, and the digits must be compared again."
)


class TrustActions(QWidget):
    """The buttons that change the trust in a partner, and the question before a revocation."""

    asked = Signal(object)

    def __init__(self, kit: UiContext, state: PartnerState) -> None:
        super().__init__()
        self.suspend = Button(kit, N_("Suspend"), "ban", ButtonLook.QUIET)
        self.suspend.clicked.connect(lambda: self.asked.emit(PartnerState.SUSPENDED))
        self.resume = Button(kit, N_("Resume"), "check")
        self.resume.clicked.connect(lambda: self.asked.emit(PartnerState.VERIFIED))
        self.revoke = Button(kit, N_("Revoke the card…"), "octagon-alert", ButtonLook.DANGER)
        self.revoke.clicked.connect(self._on_revoke_clicked)
        self.choice = QWidget()
        self.choice.setLayout(_button_column(self.resume, self.suspend, self.revoke))
        self.sure = QWidget()
        self.now = Button(kit, N_("Revoke it now"), "octagon-alert", ButtonLook.DANGER)
        self.now.clicked.connect(lambda: self.asked.emit(PartnerState.REVOKED))
        self.leave = Button(kit, N_("Leave it unchanged"), look=ButtonLook.QUIET)
        self.leave.clicked.connect(self._on_leave_clicked)
        self._ask(kit)
        self.sure.hide()
        column(self.choice, self.sure, on=self)
        self._show_for(state)

    def _show_for(self, state: PartnerState) -> None:
        """Hide the buttons that do not fit the state.

        Showing a widget without a parent would open a window.
        """
        if state is not PartnerState.VERIFIED:
            self.suspend.hide()
        if state is not PartnerState.SUSPENDED:
            self.resume.hide()
        if state is PartnerState.REVOKED:
            self.hide()

    def _ask(self, kit: UiContext) -> None:
        box = column(on=self.sure)
        extend(
            box, muted(kit, REVOKE_WARNING, TextStyle.SMALL), _button_column(self.now, self.leave)
        )

    def _on_revoke_clicked(self) -> None:
        self.choice.hide()
        self.sure.show()
        self.leave.setFocus()

    def _on_leave_clicked(self) -> None:
        self.sure.hide()
        self.choice.show()
        self.revoke.setFocus()


def _button_column(*buttons: Button) -> QVBoxLayout:
    """Stack the buttons: side by side they are wider than the card in Russian."""
    box = column()
    for button in buttons:
        extend(box, row(button, STRETCH))
    return box


# --- card

_LABEL_WIDTH = 120
STEP_NOT_ALLOWED = N_("Your roles do not include this step. Settings shows who can change roles.")


class PartnerCard(CardFrame):
    """The card of the selected partner: facts, what waits, and the next step."""

    compare_asked = Signal()
    send_asked = Signal()
    tell_asked = Signal()
    trust_asked = Signal(object)
    undo_asked = Signal(bytes)
    again_asked = Signal()
    warn_asked = Signal()
    common_asked = Signal()

    def __init__(self, kit: UiContext, shown: PartnerLine) -> None:
        super().__init__(padding=0, gap=0)
        self._kit = kit
        self.next = self._make_next(shown)
        self.tell = Button(kit, N_("Send the notice as a file…"), "send", on=self.tell_asked.emit)
        is_verified = shown.partner.state is PartnerState.VERIFIED
        if not is_verified or not (shown.notices or shown.waits or shown.is_anew):
            self.tell.hide()
        self.undo = Button(kit, N_("Undo the last import"), "undo-2", ButtonLook.QUIET)
        self.undo.clicked.connect(lambda: self.undo_asked.emit(shown.undoable))
        if not shown.undoable:
            self.undo.hide()
        self.again = Button(kit, N_("Ask for what is missing"), "refresh-cw", ButtonLook.QUIET)
        self.again.clicked.connect(self.again_asked)
        if not is_verified or not shown.missing:
            self.again.hide()
        self.read_out = Button(kit, N_("Read our new digits to them"), "phone", ButtonLook.QUIET)
        self.read_out.clicked.connect(self.compare_asked)
        if shown.knows_us or not is_verified:
            self.read_out.hide()
        self.warn = Button(kit, N_("Warn the other partners"), "octagon-alert", ButtonLook.QUIET)
        self.warn.clicked.connect(self.warn_asked)
        if shown.partner.state is not PartnerState.REVOKED:
            self.warn.hide()
        self.common = Button(
            kit, N_("Send shared records…"), "book-user", on=self.common_asked.emit
        )
        self.common.hide()
        self.waits = muted(kit)
        self.waits.hide()
        self.trust = TrustActions(kit, shown.partner.state)
        self.trust.asked.connect(self.trust_asked)
        extend(
            self.body,
            self._make_head(shown.partner),
            make_hairline(),
            self._make_facts(shown),
            STRETCH,
        )

    def disable_next_step(self) -> None:
        """Disable the next step and say that the user's roles do not include it."""
        if self.next is not None:
            self.next.setEnabled(False)
            self._shut.show()

    def show_common(self, state: CommonState) -> None:
        """Show how many records of common networks wait, or that no network is shared."""
        if state.ready and state.has_left:
            words: Message = plural(
                "They are no longer a member of our network. {count} record is waiting for the "
                "next file.",
                "They are no longer a member of our network. {count} records are waiting for the "
                "next file.",
                state.ready,
            )
        elif state.ready:
            words = plural(
                "{count} record shared in networks is waiting.",
                "{count} records shared in networks are waiting.",
                state.ready,
            )
        elif state.too_new:
            words = plural(
                "{count} record that networks share waits until they have a newer program.",
                "{count} records that networks share wait until they have a newer program.",
                state.too_new,
            )
        elif state.is_member:
            words = N_("They have everything that our networks share.")
        elif state.has_left:
            words = N_(
                "They are no longer a member of our network, so no contacts are sent without a "
                "plan."
            )
        else:
            words = N_(
                "You and this partner have no network in common today, so no contacts are sent "
                "without a plan."
            )
        self.waits.set_message(words)
        self.waits.show()
        self.common.setVisible(bool(state.ready))

    def restrict_to(self, may: Callable[[Right], bool]) -> None:
        """Offer only what the user's roles allow."""
        if not may(Right.EXPORT_BUNDLE):
            self.tell.hide()
        if not may(Right.IMPORT_BUNDLE):
            self.undo.hide()
            self.again.hide()
        if not may(Right.MANAGE_KEYS):
            for part in (self.trust, self.warn, self.read_out):
                part.hide()

    def _make_head(self, partner: Partner) -> QHBoxLayout:
        tone, icon, word = PARTNER_STATES[partner.state]
        name = text(self._kit, "", TextStyle.TITLE)
        name.show_text(partner.name)
        chip = Chip(self._kit, tone, icon)
        chip.set_message(word)
        words = column(name, aligned(chip, LEFT), gap=6)
        return row(Badge(self._kit, "building-2"), grown(words), gap=16, margins=(20, 20, 20, 16))

    def _make_facts(self, shown: PartnerLine) -> QVBoxLayout:
        box = column(
            ValueTable(self._kit, _partner_facts(shown), width=_LABEL_WIDTH),
            muted(self._kit, state_meaning(shown.partner)),
            self.waits,
            gap=12,
            margins=(20, 12, 20, 20),
        )
        buttons = (self.next, self.common, self.tell, self.again, self.undo, self.read_out)
        for button in (*buttons, self.warn):
            if button is not None:
                extend(box, row(-RESERVE, button, STRETCH, gap=12))
        self._shut = muted(self._kit, STEP_NOT_ALLOWED, TextStyle.SMALL)
        self._shut.hide()
        extend(box, self._shut, make_hairline(), row(-RESERVE, grown(self.trust)))
        return box

    def _make_next(self, shown: PartnerLine) -> Button | None:
        step = _next_step(shown)
        if step is None:
            return None
        asked = self.send_asked if step.keys else self.compare_asked
        button = Button(self._kit, step.words, step.icon, ButtonLook.PRIMARY, asked.emit)
        return button.show_key(step.keys) if step.keys else button


@dataclass(frozen=True, slots=True)
class _NextStep:
    """Next step with a partner."""

    words: str
    icon: str
    keys: str = ""


def _next_step(shown: PartnerLine) -> _NextStep | None:
    if shown.offers:
        return _NextStep(N_("Compare the new digits"), "phone")
    if shown.partner.state is PartnerState.VERIFIED:
        return _NextStep(N_("Send…"), "send", "Ctrl+E")
    if shown.partner.state is PartnerState.PENDING:
        return _NextStep(N_("Compare the digits"), "phone")
    return None


def _partner_facts(shown: PartnerLine) -> list[LabelledValues]:
    partner = shown.partner
    found = [LabelledValues(N_("Where"), (lambda language: location_text(partner, language),))]
    if partner.is_third_country:
        has_tool = partner.has_transfer_tool
        tool = N_("on record") if has_tool else N_("none on record")
        tone = Tone.PLAIN if has_tool else Tone.WARNING
        found.append(
            LabelledValues(N_("Legal basis for transfer outside the EU/EEA"), (tool,), tone)
        )
    if not partner.is_own:
        found.append(LabelledValues(N_("Reads"), (_languages_read(partner),)))
    found.append(LabelledValues(N_("Last sent"), (_at(shown.sent),)))
    found.append(LabelledValues(N_("Last received"), (_at(shown.received),)))
    return [*found, *open_items(shown)]


def _languages_read(partner: Partner) -> MessageFunction:
    def words(language: Language) -> str:
        names = [language.language(code) for code in partner.reads]
        return language.listing(names) if names else language.gettext(N_("not set"))

    return words


def _at(milliseconds: int | None) -> MessageFunction:
    def words(language: Language) -> str:
        if milliseconds is None:
            return language.gettext(N_("never"))
        return written_at(milliseconds, language)

    return words


# --- list

_PARTNER_COLUMNS = (
    ColumnSpec(N_("Partner"), stretches=True),
    ColumnSpec(N_("Status")),
    ColumnSpec(N_("Last sent")),
    ColumnSpec(N_("Last received")),
)
_DATE_COLUMNS = (2, 3)
"""The columns that the card beside the list shows, too."""
_DATES_MIN_WIDTH = 480
_CARD_WIDTH = 372
_BESIDE = 640  # narrower, the card is below the list
_LIST_HEIGHT = 300  # if more is above it than fits, the page scrolls


class PartnerList(QWidget):
    """The list of partners and the card. The signals carry the organisation of the selected one."""

    invite_asked = Signal()
    save_asked = Signal()
    add_asked = Signal()
    take_asked = Signal()
    compare_asked = Signal(bytes)
    send_asked = Signal(bytes)
    tell_asked = Signal(bytes)
    trust_asked = Signal(bytes, object)
    undo_asked = Signal(bytes)
    again_asked = Signal(bytes)
    warn_asked = Signal(bytes)
    common_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.calls = CallList(kit, desk)
        self.requests = ErasureRequestList(kit, desk)
        self.kept_out = ErasedRecordList(kit, desk)
        self._lines: tuple[PartnerLine, ...] | None = None
        self._current: bytes | None = None
        self._may: Callable[[Right], bool] = lambda _right: True
        self.card: PartnerCard | None = None
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check").hidden()
        self.take = Button(kit, N_("Import a file…"), "download").show_key("Ctrl+I")
        self.invite = Button(kit, N_("Invite…"), "usb")
        self.save = Button(kit, N_("Save our card…"), "file-down")
        self.add = Button(kit, N_("Add a card…"), "plus")
        self.first_invite = Button(kit, N_("Invite a partner…"), "usb", ButtonLook.PRIMARY)
        self.first_save = Button(kit, N_("Save our card…"), "file-down")
        self.first_add = Button(kit, N_("Add a partner's card…"), "plus")
        self.table = LineTable(kit, _partner_spec(), self._offered)
        self.table.setSelectionMode(LineTable.SelectionMode.SingleSelection)
        self._connect()
        self._lay_out()

    def restrict_to(self, may: Callable[[Right], bool]) -> None:
        """Offer only what the user's roles allow."""
        self._may = may
        self.take.setVisible(may(Right.IMPORT_BUNDLE))
        for button in (self.add, self.first_add, self.invite, self.first_invite):
            button.setVisible(may(Right.MANAGE_KEYS))

    @property
    def chosen(self) -> PartnerLine | None:
        """The partner in the current row."""
        lines = self._lines or ()
        return next((one for one in lines if one.partner.organisation == self._current), None)

    def show_partners(self, lines: tuple[PartnerLine, ...]) -> None:
        """Show these partners; the current one stays current."""
        self._lines = lines
        wanted, has_focus = self._current, self._has_focus()
        self._count.set_message(partial(_partners_text, len(lines)))
        self.table.show_lines(lines)
        self._partners.setVisible(bool(lines))
        self._nobody.setVisible(not lines)
        if lines:
            self._current = None
            self.table.select_line(wanted)
            self._on_row_changed()
        if has_focus:
            (self.table if lines else self.first_invite).setFocus()

    def _has_focus(self) -> bool:
        """Return whether the focus is on what is rebuilt, or will be after a dialog."""
        focus, card = self.window().focusWidget(), self.card
        is_on_card = card is not None and card.isAncestorOf(focus)
        return is_on_card or focus is self.first_invite

    def choose(self, organisation: bytes) -> None:
        """Make a partner the current one, now or when it is shown."""
        self._current = organisation
        if self._lines is not None:
            self.show_partners(self._lines)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        first = self.table if self._lines else self.first_invite
        first.setFocus(event.reason())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show only two columns in a narrow list."""
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        room = self.width() - 2 * PAGE_MARGIN
        if not self._halves.is_narrow:
            room -= self._kit.theme.scaled(_CARD_WIDTH) + CARD_GAP
        for place in _DATE_COLUMNS:
            self.table.setColumnHidden(place, room < self._kit.theme.scaled(_DATES_MIN_WIDTH))

    def _connect(self) -> None:
        self.take.clicked.connect(self.take_asked)
        for button in (self.invite, self.first_invite):
            button.clicked.connect(self.invite_asked)
        for button in (self.save, self.first_save):
            button.clicked.connect(self.save_asked)
        for button in (self.add, self.first_add):
            button.clicked.connect(self.add_asked)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.table.chosen.connect(self._on_row_chosen)

    def _lay_out(self) -> None:
        self._count = Label(self._kit, tone=Tone.MUTED)
        words = stack_widgets(Label(self._kit, N_("Exchange"), TextStyle.DISPLAY), self._count)
        top = FlowBox(words, self.take, fills=words)
        self._partners = self._make_partners()
        self._nobody = self._make_nobody()
        self._partners.hide()
        self._nobody.hide()
        parts = (
            top, self.outcome, self.calls, self.requests, self.kept_out, grown(self._partners),
            self._nobody, Space(0),
        )  # fmt: skip
        margins = (PAGE_MARGIN, PAGE_MARGIN - 4, PAGE_MARGIN, PAGE_MARGIN)
        column(make_scroll_area(panel(column(*parts, gap=CARD_GAP, margins=margins))), on=self)

    def _make_partners(self) -> QWidget:
        foot = column(FlowBox(self.invite, self.add, self.save), margins=(12, 8, 12, 8))
        parts = (grown(self.table), make_hairline(), foot)
        listing = CardFrame(padding=1, parts=parts, gap=0)
        self._beside = column()
        beside = panel(self._beside)
        beside.setMinimumSize(_CARD_WIDTH, _LIST_HEIGHT)
        halves = (listing, 1), (beside, 0)
        self._halves = ResizablePanes(
            self._kit, "partners-card", *halves, least=_BESIDE, stacks=True
        )
        return self._halves

    def _make_nobody(self) -> QWidget:
        card = CardFrame(padding=20)
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        under = N_(
            "Invite a partner with a folder on a USB stick, and compare the digits by "
            "phone when their card has arrived. Anyone who already has the program can "
            "give you their card right away."
        )
        extend(card.body, EmptyState(self._kit, "arrow-left-right", N_("No partners yet"), under))
        line = row(margins=(54, 8, 0, 0))
        extend(line, self.first_invite, self.first_add, self.first_save, STRETCH)
        extend(card.body, line)
        return card

    def _offered(self, lines: Sequence[PartnerLine]) -> tuple[Command, ...]:
        """Return the next step with the selected partner."""
        step = _next_step(lines[0]) if lines else None
        if step is None or not self._may(_right_for(lines[0])):
            return ()
        return (Command(step.words, self._on_next_asked, step.keys, step.icon),)

    def _on_row_changed(self, *_rows: object) -> None:
        shown = self.table.current
        if shown is None:
            return
        organisation = shown.partner.organisation
        if self.card is not None and self._current == organisation:
            return
        self._current = organisation
        clear_layout(self._beside)
        self.card = PartnerCard(self._kit, shown)
        self.card.compare_asked.connect(lambda: self.compare_asked.emit(organisation))
        self.card.send_asked.connect(self._on_next_asked)
        self.card.tell_asked.connect(lambda: self.tell_asked.emit(organisation))
        self.card.undo_asked.connect(self.undo_asked)
        self.card.again_asked.connect(lambda: self.again_asked.emit(organisation))
        self.card.warn_asked.connect(lambda: self.warn_asked.emit(organisation))
        self.card.trust_asked.connect(lambda state: self.trust_asked.emit(organisation, state))
        self.card.restrict_to(self._may)
        if not self._may(_right_for(shown)):
            self.card.disable_next_step()
        self.card.common_asked.connect(lambda: self.common_asked.emit(organisation))
        extend(self._beside, make_scroll_area(self.card))
        if shown.partner.state is PartnerState.VERIFIED:
            self._count_common(self.card, shown.partner)

    @task
    async def _count_common(self, card: PartnerCard, partner: Partner) -> None:
        """Show on the card what waits in common; another card may be on view by then."""
        if partner.is_own or not self._may(Right.EXPORT_BUNDLE):
            return
        try:
            state = await call(self._kit, count_common, self._desk, partner.organisation)
        except KfdeskError:
            return  # the page Send says why nothing can go, such as a doubtful clock
        if card is self.card:
            card.show_common(state)

    def _on_row_chosen(self, _row: int) -> None:
        self._on_next_asked()

    def _on_next_asked(self) -> None:
        if self.chosen is None or not self._may(_right_for(self.chosen)):
            return
        partner = self.chosen.partner
        if self.chosen.offers or partner.state is PartnerState.PENDING:
            self.compare_asked.emit(partner.organisation)
        elif partner.state is PartnerState.VERIFIED:
            self.send_asked.emit(partner.organisation)


def _right_for(shown: PartnerLine) -> Right:
    """Return the right that the next step with a partner needs."""
    may_get = shown.partner.state is PartnerState.VERIFIED and not shown.offers
    return Right.EXPORT_BUNDLE if may_get else Right.MANAGE_KEYS


def _partners_text(count: int, language: Language) -> str:
    return language.plural("{count} partner", "{count} partners", count)


def _partner_spec() -> LineSpec[PartnerLine]:
    states = list(PARTNER_STATES)

    def sort_keys(language: Language) -> Sequence[SortKey[PartnerLine]]:
        return (
            lambda shown: name_sort_key(shown.partner.name, language.code),
            lambda shown: states.index(shown.partner.state),
            lambda shown: shown.sent or 0,
            lambda shown: shown.received or 0,
        )

    return LineSpec(
        "partners", N_("Partners"), _PARTNER_COLUMNS, _cells, sort_keys,
        attrgetter("partner.organisation"),
    )  # fmt: skip


def _cells(shown: PartnerLine, language: Language) -> tuple[TableCell, ...]:
    tone, icon, word = PARTNER_STATES[shown.partner.state]
    return (
        TableCell(shown.partner.name, location_text(shown.partner, language), is_strong=True),
        TableCell(language.gettext(word), open_item_summary(shown, language), icon=icon, tone=tone),
        _date_cell(shown.sent, language),
        _date_cell(shown.received, language),
    )


def _date_cell(milliseconds: int | None, language: Language) -> TableCell:
    if milliseconds is None:
        return TableCell(language.gettext(N_("never")), tone=Tone.MUTED)
    return TableCell(*when_lines(milliseconds, language))


TRUST_SERVICES: Mapping[PartnerState, Callable[[Session, bytes], Changes]] = {
    PartnerState.SUSPENDED: partners.suspend_partner,
    PartnerState.VERIFIED: partners.resume_partner,
    PartnerState.REVOKED: partners.revoke_partner,
}
TRUST_CONFIRMATIONS: Mapping[PartnerState, str] = {
    PartnerState.SUSPENDED: N_("Suspended. Nothing is sent or imported until you resume."),
    PartnerState.VERIFIED: N_("Files can be sent and imported again."),
    PartnerState.REVOKED: N_(
        "Revoked. If it was a laptop of ours, send a file to each of our other laptops now: until "
        "then they trust it. Tell the other partners, if that card may be misused."
    ),
}
