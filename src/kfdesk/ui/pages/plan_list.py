# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of plans: filtered by words and state, sorted by any column, with a preview beside it.

Who travels is on top, then who leaves first. Drafts of plans wait above the list. A plan that was
begun by mistake goes to the bin, from where it can come back.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from operator import attrgetter

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.core import PLAN_STATE
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import fold_words, matches_all, name_sort_key
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.domain.values import Translation
from kfdesk.domain.workflow.gates import is_read_only
from kfdesk.domain.workflow.stages import TRAVELLING
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text, zoned_time_lines
from kfdesk.services.core.authorization import EDIT_RIGHTS
from kfdesk.services.core.drafts import DraftLine, list_drafts
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.plans import plans
from kfdesk.services.plans.case import move_plans_to_bin
from kfdesk.services.plans.lines import LegLine, PlanLine, departure_order
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.pages.access import OthersPlansCard
from kfdesk.ui.pages.bin import WaitingDraftsCard
from kfdesk.ui.pages.plan.journey import journey_stops, journey_stretches, shown_legs
from kfdesk.ui.record_views import STATE_LOOKS, LabelledValues, ValueTable, notify_done, state_word
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import MessageFunction
from kfdesk.ui.widgets.build import (
    STRETCH,
    column,
    extend,
    fill,
    grown,
    muted,
    on_escape,
    panel,
    plural,
    row,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox, TextEntry
from kfdesk.ui.widgets.layout import (
    CardFrame,
    EmptyState,
    ResizablePanes,
    clear_layout,
    make_scroll_area,
)
from kfdesk.ui.widgets.navigation import PAGE_FIND_KEY, FindShortcut
from kfdesk.ui.widgets.table import ColumnSpec, LineSpec, LineTable, SortKey, TableCell
from kfdesk.ui.widgets.text import Chip, Label
from kfdesk.ui.widgets.timeline import JourneyTimeline

NEW_PLAN_KEY = "Ctrl+N"
_LIST_TYPES = frozenset({"client", "plan", "leg", "approval"})
_PANES_NAME = "plans-preview"
_COLUMNS = (
    ColumnSpec(N_("Plan"), most=180),
    ColumnSpec(N_("Status"), most=220),
    ColumnSpec(N_("Journey"), stretches=True),
    ColumnSpec(N_("Departs")),
    ColumnSpec(N_("To decide")),
)
_BY_DEPARTURE = 3
_ALL, _OPEN, _ENDED = "", "open", "ended"
_LEAST_FOR_PREVIEW = 860
_LONGEST_TYPED = 100  # letters


class PlanList(QWidget):
    """The list. `chosen` carries the plan's id, `new_asked` asks to begin one.

    `send_asked` carries the id of a plan to send.
    """

    chosen = Signal(bytes)
    new_asked = Signal()
    send_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        on_escape(self, self._clear_filter, lambda: self.search.text() or self.states.key)
        self._kit = kit
        self._desk = desk
        self._all: tuple[PlanLine, ...] = ()
        self._may_begin = any(map(desk.may, EDIT_RIGHTS))
        self._count = Label(kit, tone=Tone.MUTED)
        self.search = TextEntry()
        self.search.setMaxLength(_LONGEST_TYPED)
        self.search.setClearButtonEnabled(True)
        kit.translator.bind(self.search.setPlaceholderText, N_("Code, alias, place or initials"))
        kit.translator.bind(self.search.setAccessibleName, N_("Filter the plans"))
        self.states = ChoiceBox(kit)
        self.states.set_options(tuple(_state_options()))
        kit.translator.bind(self.states.setAccessibleName, N_("Status"))
        self.table = LineTable(kit, _plan_spec(), self._offered)
        self.preview = PlanPreview(kit, desk)
        self.drafts = WaitingDraftsCard(kit, desk)
        self.others = OthersPlansCard(kit, desk)
        self.new, self.first = self._make_button(), self._make_button()
        self._empty, self._nothing = self._make_empty()
        self._lay_out()
        self._connect()
        self.read()

    @task
    async def read(self) -> None:
        """Read the list and the drafts again; the first time, show what has not ended before."""
        self.others.read()
        current = await call(self._kit, plans.list_current_plans, self._desk)
        drafts = await call(self._kit, list_drafts, self._desk)
        self.drafts.show_lines(tuple(filter(_is_intake, drafts)))
        if current and not self._all:
            self._show_all(current)
        self._show_all((*current, *await call(self._kit, plans.list_ended_plans, self._desk)))

    def _show_all(self, lines: Sequence[PlanLine]) -> None:
        """Show these plans, and keep the focus in the list."""
        had_focus = self.first.hasFocus() or self.table.hasFocus()
        self._all = tuple({one.rid: one for one in sorted(lines, key=attrgetter("code"))}.values())
        self._show_lines()
        if had_focus:
            self.setFocus()

    def commands(self) -> tuple[Command, ...]:
        """Return the commands of the list: the ways to sort it, and those of the selection."""
        find = Command(N_("Filter the plans"), self.focus_filter, PAGE_FIND_KEY, "search", "edit")
        filters = (find,) if self._all else ()
        return (*filters, *self.table.keeper.commands(), *self._offered(self.table.selected))

    def panes(self) -> Sequence[tuple[QWidget, QWidget | None]]:
        """Return the panes that F6 visits: the filters, the list, and its preview."""
        first = self.table if self._all else self.first
        preview = ((self.preview, self.preview.open),) if self.preview.isVisible() else ()
        return ((self._filters, self.search), (self.table, first), *preview)

    def focus_filter(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the list, or to the button that begins a plan."""
        if self._all or not self._may_begin:
            self.table.setFocus(event.reason())
        else:
            self.first.setFocus(event.reason())

    def _connect(self) -> None:
        kit = self._kit
        self.table.chosen.connect(lambda at: self.chosen.emit(self.lines[at].rid))
        self.table.selectionModel().selectionChanged.connect(self._show_preview)
        self.search.textChanged.connect(self._show_lines)
        self.search.returnPressed.connect(self.table.setFocus)
        self.states.chosen.connect(self._show_lines)
        self.preview.open.clicked.connect(self.open_selected)
        self.others.chosen.connect(self.chosen)
        FindShortcut(self, self.search, self.focus_filter)
        kit.translator.on_language_change(self, self._show_lines)
        kit.events.changed.connect(self._on_changed)
        kit.events.drafts_changed.connect(self.read)

    def _make_button(self) -> Button:
        button = Button(self._kit, N_("New plan"), "plus", ButtonLook.PRIMARY, self.new_asked.emit)
        return button.show_key(NEW_PLAN_KEY)

    def _make_empty(self) -> tuple[EmptyState, EmptyState]:
        """Return what stands for no plan at all, and for no plan that fits the filter."""
        kit = self._kit
        words = N_("No plans yet"), N_("The plans that you start or import are listed here.")
        none = EmptyState(kit, "clipboard-list", *words)
        if self._may_begin:
            none.set_action(self.first)
        words = N_("No plan matches the filter"), N_("Type less, or choose another status.")
        unfit = EmptyState(kit, "search", *words)
        unfit.set_action(Button(kit, N_("Show all plans"), "x", on=self._clear_filter))
        return none, unfit

    def _lay_out(self) -> None:
        words = column(Label(self._kit, N_("Plans"), TextStyle.DISPLAY), self._count)
        self._filters = QWidget()
        row(grown(self.search, 2), grown(self.states), STRETCH, gap=8, on=self._filters)
        self._listed = CardFrame(padding=0, parts=(grown(self.table),))
        self._panes = ResizablePanes(
            self._kit, _PANES_NAME, (self._listed, 2), (self.preview, 1), least=_LEAST_FOR_PREVIEW
        )
        parts = (
            row(grown(words), self.new), self._filters, self.drafts, grown(self._panes),
            self._empty, self._nothing, self.others,
        )  # fmt: skip
        margins = (PAGE_MARGIN, PAGE_MARGIN - 4, PAGE_MARGIN, PAGE_MARGIN)
        self._box = column(*parts, gap=CARD_GAP, margins=margins, on=self)
        self._rest = QWidget()
        extend(self._box, grown(self._rest))

    def _show_lines(self, _what: object = None) -> None:
        """Show the plans that fit the filter, sorted; keep the selected plan selected."""
        language = self._kit.translator.language
        fitting = [line for line in self._all if self._fits(line, language)]
        self._count.set_message(_count_text(len(fitting), len(self._all)))
        self.table.show_lines(fitting)
        self._panes.setVisible(bool(fitting))
        self._filters.setVisible(bool(self._all))
        self._empty.setVisible(not self._all)
        self._nothing.setVisible(bool(self._all) and not fitting)
        self._rest.setVisible(not fitting)
        self.new.setVisible(bool(self._all) and self._may_begin)
        if self.hasFocus() or self.first.hasFocus() or (not self._all and self.table.hasFocus()):
            self.setFocus()  # the focused widget may be gone
        self._show_preview()

    def _fits(self, line: PlanLine, language: Language) -> bool:
        state = self.states.key
        if state == _OPEN and is_read_only(line.state):
            return False
        if state == _ENDED and not is_read_only(line.state):
            return False
        if state not in (_ALL, _OPEN, _ENDED, line.stage):
            return False
        typed = fold_words(self.search.text())
        return not typed or matches_all(fold_words(*_searched(line, language)), typed)

    @property
    def lines(self) -> Sequence[PlanLine]:
        """The plans that are shown, in order."""
        return self.table.lines

    def _show_preview(self, *_changed: object) -> None:
        if self.table.current is not None:
            self.preview.show_line(self.table.current)

    def _offered(self, lines: Sequence[PlanLine]) -> tuple[Command, ...]:
        """Return the commands for these plans."""
        rids = tuple(line.rid for line in lines)
        if not rids:
            return ()
        away = partial(move_to_bin, self._kit, self._desk, rids)
        binned = (Command(N_("Put in the bin"), away, icon="trash-2", menu="edit"),)
        many = binned if self._may_begin else ()
        if len(rids) > 1:
            return many
        opened = Command(N_("Open the plan"), self.open_selected, "Return", "clipboard-list")
        sent = Command(N_("Send the plan…"), partial(self.send_asked.emit, rids[0]), icon="send")
        return (opened, sent, *many)

    def open_selected(self) -> None:
        """Open the plan that has the keyboard in the list."""
        if self.table.current is not None:
            self.chosen.emit(self.table.current.rid)

    def _clear_filter(self) -> None:
        self.states.setCurrentIndex(0)
        self.search.clear()
        self._show_lines()
        self.table.setFocus()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _LIST_TYPES:
            self.read()


class PlanPreview(CardFrame):
    """Short view of the selected plan; `open` opens it."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._line: PlanLine | None = None
        self._legs: tuple[LegLine, ...] = ()
        self._code = Label(kit, style=TextStyle.HEADING)
        self._alias = muted(kit)
        self._state = Chip(kit)
        self._facts = column()
        self._timeline = JourneyTimeline(kit)
        self.open = Button(kit, N_("Open the plan"), "clipboard-list", ButtonLook.TONAL)
        foot = row(-RESERVE, self.open, STRETCH)
        head = row(grown(self._code), self._state, gap=8)
        told = column(self._alias, self._facts, self._timeline, STRETCH, gap=8)
        scroll = make_scroll_area(panel(told))
        fill(self.body, head, grown(scroll), foot, gap=8, margins=(16, 14, 16, 10))
        kit.translator.bind(self.setAccessibleName, N_("Preview"))
        kit.translator.on_language_change(self, self._show)

    def show_line(self, line: PlanLine) -> None:
        """Show this plan."""
        if line != self._line:
            self._line, self._legs = line, ()
            self._show()
            if line.is_brief:
                self._read_journey(line)

    @task
    async def _read_journey(self, line: PlanLine) -> None:
        """Read the legs of a brief line, and show them if it is still on view."""
        found = await call(self._kit, plans.list_chosen_plans, self._desk, (line.rid,))
        if found and line == self._line:
            self._legs = found[0].legs
            self._show()

    def _show(self) -> None:
        line, language = self._line, self._kit.translator.language
        if line is None:
            return
        self._code.show_text(line.code or "–")
        self._alias.show_text(line.alias[:_LONGEST_TYPED])
        self._alias.setVisible(bool(line.alias))
        self._state.show_look(*_state_look(line))
        self._state.set_message(lambda spoken: state_word(line.stage, spoken))
        clear_layout(self._facts)
        extend(self._facts, ValueTable(self._kit, tuple(_facts(line)), width=110))
        now = self._desk.adapters.clock.now()
        read = self._legs if line.is_brief else line.legs
        legs = shown_legs([view(leg.row, Leg) for leg in read], line.state, now, line.received)
        stops = list(journey_stops(legs, language))
        self._timeline.setVisible(bool(stops))
        if stops:
            self._timeline.show_journey(stops, list(journey_stretches(legs, language, now)))


def move_to_bin(kit: UiContext, desk: Session, rids: Sequence[bytes]) -> None:
    """Put plans that were begun by mistake into the bin, with one undo for all of them.

    The window says why one cannot go there; then none does.
    """

    def told(done: Sequence[Saved]) -> None:
        notify_done(kit, desk, done, N_("In the bin. You can restore it in History."))

    kit.worker.run(lambda: move_plans_to_bin(desk, rids), told)


def _count_text(count: int, of: int) -> MessageFunction:
    if count == of:
        return plural("{count} plan", "{count} plans", count)
    return plural("{count} of {all} plans", "{count} of {all} plans", count, all=of)


def _is_intake(line: DraftLine) -> bool:
    """Return whether a draft is a plan that is being entered."""
    return line.type == "client" and line.is_new


def _state_options() -> Iterator[tuple[str, str]]:
    yield _ALL, N_("All plans")
    yield _OPEN, N_("Ongoing plans")
    yield _ENDED, N_("Closed plans")
    yield from PLAN_STATE.items()


def _state_look(line: PlanLine) -> tuple[Tone, str]:
    return STATE_LOOKS.get(line.stage, (Tone.MUTED, "circle-question-mark"))


def _plan_spec() -> LineSpec[PlanLine]:
    return LineSpec(
        "plans", N_("Plans"), _COLUMNS, _plan_cells, _sort_keys, attrgetter("rid"), _BY_DEPARTURE
    )


def _sort_keys(language: Language) -> Sequence[SortKey[PlanLine]]:
    """Return the sort key of each column. By departure, who travels comes first, ended last."""
    states = list(PLAN_STATE)

    def by_state(line: PlanLine) -> tuple[object, ...]:
        return (states.index(line.stage) if line.stage in states else len(states),)

    def by_departure(line: PlanLine) -> tuple[object, ...]:
        is_travelling, is_over = line.stage == TRAVELLING, is_read_only(line.state)
        return (not is_travelling, is_over, *departure_order(line), line.code)

    return (
        lambda line: name_sort_key(line.code or line.alias, language.code),
        by_state,
        lambda line: name_sort_key(journey_text(line, language), language.code),
        by_departure,
        lambda line: -line.conflicts,
    )


def journey_text(line: PlanLine, language: Language) -> str:
    """Return the places of a journey: `Stockholm – Riga – Pskov`."""
    places = [localized_text(leg.from_place, language) for leg in line.legs]
    places += [localized_text(leg.to_place, language) for leg in line.legs[-1:]]
    return " – ".join(place for place in places if place)


def _searched(line: PlanLine, language: Language) -> Iterator[str]:
    """Yield the texts in which a plan is looked for; its places in every language."""
    yield from (line.code, line.alias, line.owner, state_word(line.stage, language))
    yield _country_text(line, language)
    for leg in line.legs:
        yield from _place_texts(leg)


def _place_texts(leg: LegLine) -> Iterator[str]:
    for place in (leg.from_place, leg.to_place):
        if isinstance(place, tuple):
            yield from (one.text for one in place if isinstance(one, Translation))


def _country_text(line: PlanLine, language: Language) -> str:
    return value_text(field_of("plan", "to_country"), line.to_country or None, language)


def _facts(line: PlanLine) -> Iterator[LabelledValues]:
    """Yield what is known of a plan at a glance."""
    yield LabelledValues(N_("To country"), (lambda language: _country_text(line, language),))
    yield LabelledValues(N_("Responsible"), (lambda _: line.owner or "–",))
    departs = line.departs
    if departs is not None:
        yield LabelledValues(
            N_("Departs"), (lambda language: " ".join(zoned_time_lines(departs, language)),)
        )
    if line.conflicts:
        conflicts = plural("{count} conflict", "{count} conflicts", line.conflicts)
        yield LabelledValues(N_("To decide"), (conflicts,), Tone.WARNING)


def _plan_cells(line: PlanLine, language: Language) -> tuple[TableCell, ...]:
    tone, icon = _state_look(line)
    departs = line.departs
    leaves = (
        TableCell(*zoned_time_lines(departs, language))
        if departs
        else TableCell("–", tone=Tone.MUTED)
    )
    conflicts = TableCell()
    if line.conflicts:
        told = language.plural("{count} conflict", "{count} conflicts", line.conflicts)
        conflicts = TableCell(told, icon="git-merge", tone=Tone.WARNING)
    return (
        TableCell(line.code, line.alias, is_strong=True),
        TableCell(state_word(line.stage, language), icon=icon, tone=tone),
        TableCell(journey_text(line, language) or "–"),
        leaves,
        conflicts,
    )
