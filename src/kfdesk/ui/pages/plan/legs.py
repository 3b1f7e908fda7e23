# SPDX-License-Identifier: GPL-3.0-or-later
"""The legs of a journey: the table, and the form of one leg below it.

`LegsPanel` joins `LegTable` and `LegEditor`, and adds, moves and bins legs. The record form does
drafts, saving and undo; this module defines the fields, their order, and the time zone that a new
time starts with. The form stays open after saving, so that the findings can be seen.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QStyleOptionViewItem, QWidget

from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.local_times import END_PLACES, is_clock_of
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import RecordView, Row, view
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import WARNING_SENTENCES
from kfdesk.i18n.places import zone_name
from kfdesk.services.core import records
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.session import Session
from kfdesk.services.plans import journey as order
from kfdesk.services.plans.journey import JourneyStatus
from kfdesk.services.plans.leg_clocks import journey_places
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.pages.plan.journey import (
    NOT_DEPARTED,
    LegRow,
    LegViews,
    ShownLeg,
    ShownLegs,
    active_legs,
    leg_title,
    narrow_leg_row,
    page_legs,
    slim_leg_row,
    wide_leg_row,
)
from kfdesk.ui.pages.plan.leg_findings import field_findings
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, TextStyle
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import column, extend, grown, on_escape, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, clear_layout
from kfdesk.ui.widgets.painting import text_width
from kfdesk.ui.widgets.table import CellTableModel, ColumnSpec, TableView

# --- The form of a leg

LEG_ROWS = (
    ("from_place", "to_place"), ("departs", "arrives"), ("mode", "carrier"), ("met_by", "sign"),
    ("booking_reference", "status"), ("from_stop", "to_stop"), ("alone", "meeter"),
    ("check_in", "check_in_status"), ("onward", "onward_mode"), ("onward_minutes", "fallback"),
)  # fmt: skip
"""The fields of a leg in rows: first what every leg needs, so that it is typed with few keys."""

_TIMES_OF_END = {
    "departs": frozenset({"departs", "departed"}),
    "arrives": frozenset({"arrives", "arrived", "check_in", "checked_in", "missed"}),
}
"""The times that are told by the clocks of each end of a leg."""

LEG_EVENT_ROWS = (("departed", "arrived"), ("checked_in", "missed"))
"""Events that the day card records; shown for corrections once one is recorded."""


class LegEditor(CardFrame):
    """The editor of a leg; `closed` when it was closed, `bin_asked` carries the leg's id."""

    closed = Signal()
    bin_asked = Signal(bytes)
    decision_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        on_escape(self, self.close_form, lambda: self.form is not None)
        self._kit = kit
        self._desk = desk
        self.form: RecordForm | None = None
        self._findings: Mapping[str, Sequence[Message]] = {}
        self._before: Sequence[RecordView[Leg]] = ()
        self._after: Sequence[RecordView[Leg]] = ()
        self._plan: Row | None = None
        self._zones: dict[str, tuple[str, ...]] = {}
        quiet = ButtonLook.QUIET
        self._title = text(kit, "", TextStyle.HEADING)
        self.close_button = Button(kit, N_("Close"), "", quiet, self.close_form).show_key("Esc")
        self.bin_button = Button(kit, N_("Put in the bin"), "trash-2", quiet, self._on_bin_clicked)
        self._place = column()
        extend(
            self.body,
            row(grown(self._title), self.bin_button, self.close_button, gap=8),
            self._place,
        )
        self.hide()

    @property
    def rid(self) -> bytes | None:
        """The id of the open leg, or None."""
        return self.form.rid if self.form is not None else None

    def open_leg(self, leg: RecordView[Leg], offers: FormOptions, key: str = "") -> None:
        """Open a leg at a field; `offers` has the time zone that its times start with."""
        if self.form is None or self.form.rid != leg.rid:
            has_begun = leg.record.status not in NOT_DEPARTED or leg.record.checked_in is not None
            form = self._make_form(offers, (*LEG_ROWS, *LEG_EVENT_ROWS) if has_begun else LEG_ROWS)
            form.show_view(leg)
            self._follow_places(leg.record)
        self._focus(key)

    def begin_leg(self, blank: RecordView[Leg], offers: FormOptions, draft: OpenDraft) -> None:
        """Resume the draft of a leg that does not exist yet."""
        self._make_form(offers).begin(blank, draft)
        self._follow_places(blank.record)
        self._focus("")

    def refresh(self, leg: RecordView[Leg]) -> None:
        """Show a newer version of the open leg."""
        if self.form is not None and self.form.rid == leg.rid:
            self.form.show_view(leg)
            self._follow_places(leg.record)

    @task
    async def _prepare_places(self) -> None:
        """Let the worker read the list of places, before somebody types one."""
        await call(self._kit, self._desk.adapters.places.prepare)

    def show_findings(self, findings: Mapping[str, Sequence[Message]]) -> None:
        """Show the findings of the checks beside the fields, and an order that cannot be."""
        self._findings = findings
        self._show_order()

    def show_place(self, number: int, legs: LegViews, plan: Row) -> None:
        """Show number and route of the leg that stands at this place, from 1, among the legs."""
        self._plan = plan
        leg = legs[number - 1]
        self._before, self._after = legs[: number - 1], legs[number:]
        self._title.set_message(lambda language: leg_title(number, leg, language))

    def show_new(self, legs: LegViews, blank: RecordView[Leg], plan: Row) -> None:
        """Show the number of a leg that does not exist yet, and comes after these."""
        number = len(legs) + 1
        self._plan, self._before, self._after = plan, legs, ()
        self._title.set_message(lambda language: leg_title(number, blank, language))

    def _show_order(self) -> None:
        """Say beside a time, while it is typed, that it contradicts another one."""
        if self.form is None:
            return
        found = {key: list(told) for key, told in self._findings.items()}
        for key, message in self._order_faults(self.form.form):
            told = self._kit.translator.translate(message)
            said = found.setdefault(key, [])
            if told not in map(self._kit.translator.translate, said):
                said.insert(0, message)
        self.form.form.show_findings(found)

    def _order_faults(self, form: Form) -> Iterator[tuple[str, Message]]:
        """Yield the field and sentence of each contradiction of the times as they are typed."""
        departs, arrives = (form.editors[key].value() for key in ("departs", "arrives"))
        if form.editors["status"].value() in LEG_OFF:
            return
        earlier = [leg.record.arrives for leg in active_legs(self._before)]
        later = [leg.record.departs for leg in active_legs(self._after)]
        if _is_before(arrives, departs):
            yield "arrives", WARNING_SENTENCES["arrives_before_departs"]
        if any(_is_before(departs, one) for one in earlier):
            yield "departs", WARNING_SENTENCES["leaves_before_the_one_above_arrives"]
        if any(_is_before(one, arrives) for one in later):
            yield "arrives", N_("The next leg departs before she arrives.")
        for key, moment in (("departs", departs), ("arrives", arrives)):
            zones = self._zones_at(key)
            if isinstance(moment, ZonedTime) and zones and not is_clock_of(moment, zones):
                yield key, partial(_other_clock_text, moment.zone, zones[0])

    def _zones_at(self, key: str) -> tuple[str, ...]:
        """Return the zones that an end of the leg, as it is typed, may lie in."""
        if self.form is None or self._plan is None:
            return ()
        editors = self.form.form.editors
        typed: dict[str, Any] = {place: editors[place].value() for place in END_PLACES.values()}
        earlier = [leg.record for leg in self._before]
        legs = [*earlier, Leg(**typed), *(leg.record for leg in self._after)]
        return journey_places(self._desk, self._plan, legs).zones_at(len(earlier), key)

    def _follow_places(self, saved: Leg | None = None) -> None:
        """Let each time take the zone of its place; where that is not known, the form asks.

        `saved` is the leg as it was opened: a time that it has keeps its zone until its place is
        changed, and then too if a person chose another zone than that of the place.
        """
        if self.form is None:
            return
        editors = self.form.form.editors
        for end, keys in _TIMES_OF_END.items():
            zones = self._zones_at(end)
            for key in keys & editors.keys():
                editor = cast("ZonedTimeEditor", editors[key])
                moment = editor.shown_value
                if saved is not None and isinstance(moment, ZonedTime):
                    if zones and is_clock_of(moment, zones):
                        editor.release_zone()
                elif saved is not None or zones != self._zones.get(end, ()):
                    editor.follow_zone(self._zone_to_enter(end, zones))
            self._zones[end] = zones

    def _zone_to_enter(self, end: str, zones: Sequence[str]) -> str:
        """Return the zone of a time: of its place, else where the leg before arrived; else none."""
        if len(zones) > 1:
            return ""
        before = active_legs(self._before)[-1:] if end == "departs" and not zones else ()
        arrived = [leg.record.arrives for leg in before]
        known = [one.zone for one in arrived if isinstance(one, ZonedTime)]
        return next(iter((*zones, *known)), "")

    def close_form(self) -> None:
        """Close the form and save its values as a draft."""
        if self.form is not None:
            self.form.save_draft()
            self.form = None
            clear_layout(self._place)
            self.hide()
            self.closed.emit()

    def _make_form(
        self, offers: FormOptions, rows: Sequence[Sequence[str]] = LEG_ROWS
    ) -> RecordForm:
        if self.form is not None:
            self.form.save_draft()
            clear_layout(self._place)
        keys = [key for row in rows for key in row]
        form = RecordForm(self._kit, self._desk, "leg", Form(self._kit, "leg", keys, offers, rows))
        form.form.decision_asked.connect(lambda _key: self.decision_asked.emit())
        form.closed.connect(self.close_form)
        clock = cast("ZonedTimeEditor", form.form.editors["check_in"])
        form.form.editors["to_place"].zone_chosen.connect(clock.follow_zone)
        for place in END_PLACES.values():
            form.form.editors[place].edited.connect(self._follow_places)
        form.form.edited.connect(self._show_order)
        self._findings, self._zones = {}, {}
        self._prepare_places()
        extend(self._place, form)
        self.form = form
        self.show()
        return form

    def _focus(self, key: str) -> None:
        if self.form is None:
            return
        self.form.form.focus_on(key if key in self.form.keys else LEG_ROWS[0][0])
        QTimer.singleShot(0, self, self._come_into_view)

    def _come_into_view(self) -> None:
        if self.form is not None:
            scroll_to_widget(self._title)
            focus = self.focusWidget()
            if focus is not None:
                scroll_to_widget(focus)

    def _on_bin_clicked(self) -> None:
        if self.rid is not None:
            self.bin_asked.emit(self.rid)


def _is_before(one: object, other: object) -> bool:
    return isinstance(one, ZonedTime) and isinstance(other, ZonedTime) and one.utc < other.utc


def _other_clock_text(told: str, zone: str, language: Language) -> str:
    """Return by which clocks a time is told, and which the place has."""
    words = language.gettext(N_("This is the clock of {told}. The place has the clock of {zone}."))
    return words.format(told=zone_name(told, language), zone=zone_name(zone, language))


def scroll_to_widget(widget: QWidget) -> None:
    """Scroll the surrounding page until a widget is visible."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(widget, 0, 80)


def options_after_leg(offers: FormOptions, before: RecordView[Leg] | None) -> FormOptions:
    """Return the options for a leg: its times start in the zone where the leg before arrives."""
    arrives = before.record.arrives if before is not None else None
    return replace(offers, zone=arrives.zone) if isinstance(arrives, ZonedTime) else offers


# --- The table

_MAX_LEG_ROWS = 10
_HEAD_PADDING = 24
_RowMaker = Callable[[ShownLeg, Language], LegRow]
_LEG_LAYOUTS: tuple[tuple[_RowMaker, frozenset[int]], ...] = (
    (wide_leg_row, frozenset()),
    (narrow_leg_row, frozenset({1, 4})),
    (slim_leg_row, frozenset({1, 2, 3, 4})),
)
"""The layouts of a leg, the widest first, each with the columns that it hides.

Columns are hidden and not removed, so that a screen reader always counts the same columns.
"""

_FIRST_HEADINGS = (N_("From"), N_("Leg"), N_("Leg"))
_LAST_HEADINGS = (N_("Check-in"), N_("Met by, check-in"), N_("Departs, arrives"))


class _LegHeadings:
    """The headings that differ between the layouts; `way` is the layout in use."""

    way = 0

    def first(self, language: Language) -> str:
        """Return the heading of the first column."""
        return language.gettext(_FIRST_HEADINGS[self.way])

    def last(self, language: Language) -> str:
        """Return the heading of the last column."""
        return language.gettext(_LAST_HEADINGS[self.way])


class LegTable(TableView):
    """The table of legs; its keys emit `bin_asked` and `move_asked`."""

    bin_asked = Signal()
    move_asked = Signal(int)

    def __init__(self, kit: UiContext) -> None:
        heads = _LegHeadings()
        columns = (
            ColumnSpec(heads.first, stretches=True),
            ColumnSpec(N_("To"), stretches=True),
            ColumnSpec(N_("Departs")),
            ColumnSpec(N_("Arrives")),
            ColumnSpec(N_("Met by")),
            ColumnSpec(heads.last),
        )
        super().__init__(kit, columns)
        self._words = kit.translator
        self._heads = heads
        self._probe = CellTableModel(kit, columns)
        self._legs: ShownLegs = ()
        self._made: dict[int, list[LegRow]] = {}
        self._needed: dict[int, int] = {}
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        kit.translator.bind(self.setAccessibleName, N_("Legs of the journey"))

    def show_legs(self, legs: ShownLegs) -> None:
        """Show these legs in the language of the window."""
        self._legs = legs
        self._made, self._needed = {}, {}
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the columns now, because the width is not known before."""
        super().showEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete with Del and move with Ctrl+Up and Ctrl+Down; leave keys with Alt to the page."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Delete and not modifiers:
            self.bin_asked.emit()
        elif event.key() in steps and modifiers == Qt.KeyboardModifier.ControlModifier:
            self.move_asked.emit(steps[Qt.Key(event.key())])
        elif modifiers & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        way = self._heads.way
        if self._legs and self._widest_layout() != way:
            self._show()
        else:
            self._heads.way = way

    def _show(self) -> None:
        self._heads.way = self._widest_layout()
        _, hidden = _LEG_LAYOUTS[self._heads.way]
        last = self.rows.columnCount() - 1
        for place in range(last + 1):
            self.setColumnHidden(place, place in hidden)
        self.show_rows(self._rows_of(self._heads.way))
        self.rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        shown = min(len(self._legs), _MAX_LEG_ROWS)
        self.setFixedHeight(self.horizontalHeader().height() + shown * self.row_height)

    def _rows_of(self, way: int) -> list[LegRow]:
        """Return the rows of a layout; they are created once."""
        if way not in self._made:
            make, language = _LEG_LAYOUTS[way][0], self._words.language
            self._made[way] = [make(leg, language) for leg in self._legs]
        return self._made[way]

    def _widest_layout(self) -> int:
        """Return the widest layout that fits; narrower ones are not measured."""
        if not self.isVisible():
            return 0
        room = self.viewport().width()
        last = len(_LEG_LAYOUTS) - 1
        return next((way for way in range(last) if self._width_of(way) <= room), last)

    def _width_of(self, way: int) -> int:
        """Return the width that a layout needs; it is measured once."""
        if way not in self._needed:
            self._needed[way] = self._measure(way)
        return self._needed[way]

    def _measure(self, way: int) -> int:
        hidden = _LEG_LAYOUTS[way][1]
        self._heads.way = way
        self._probe.show_rows(self._rows_of(way))
        shown = sorted(set(range(self._probe.columnCount())) - hidden)
        sharing = [self._column_width(n) for n in shown if self._probe.columns[n].stretches]
        others = [self._column_width(n) for n in shown if not self._probe.columns[n].stretches]
        return sum(others) + len(sharing) * max(sharing)

    def _column_width(self, column: int) -> int:
        option, font = QStyleOptionViewItem(), self.horizontalHeader().font()
        words = str(self._probe.headerData(column, Qt.Orientation.Horizontal))
        rows = range(self._probe.rowCount())
        cells = (self.itemDelegate().sizeHint(option, self._probe.index(n, column)) for n in rows)
        head = round(text_width(words, font)) + _HEAD_PADDING
        return max(head, *(cell.width() for cell in cells), 0)


# --- Table and form


class LegsPanel(QWidget):
    """The table and the form; `chosen` reports another current leg, `opened` an open form."""

    chosen = Signal()
    opened = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._page: PlanPage | None = None
        self._offers = FormOptions()
        self._wanted: tuple[bytes, str, bool] | None = None
        self._shown: tuple[ShownLeg, ...] = ()
        self.is_read_only = False
        self.table = LegTable(kit)
        self.editor = LegEditor(kit, desk)
        self._card = CardFrame(padding=0, parts=(self.table,), gap=0)
        self._card.hide()  # until there is a leg
        column(self._card, self.editor, gap=CARD_GAP, on=self)
        self._listen()

    @property
    def current(self) -> RecordView[Leg] | None:
        """The selected leg, or None."""
        legs = self._page.legs if self._page is not None else ()
        row = self.table.currentIndex().row()
        return legs[row] if 0 <= row < len(legs) else None

    def show_plan(self, page: PlanPage, offers: FormOptions, *, is_read_only: bool) -> None:
        """Show the legs of this plan."""
        chosen = self.current.rid if self.current is not None else None
        self._page, self._offers, self.is_read_only = page, offers, is_read_only
        self.show_progress()
        self._restore_selection(chosen)
        number = self._number(self.editor.rid)
        if number is not None:
            self.editor.refresh(page.legs[number])
            self.editor.show_place(number + 1, page.legs, page.plan.row)
        elif any(row.rid == self.editor.rid for row in page.case.rows):
            self.editor.close_form()  # it is in the bin
        self._open_wanted()

    def set_form_options(self, offers: FormOptions) -> None:
        """Set the options of the open form, and of the next one."""
        self._offers = offers
        if self.editor.form is not None:
            self.editor.form.form.set_form_options(offers)

    def show_journey(self, journey: JourneyStatus, languages: tuple[str, ...]) -> None:
        """Show the findings of the checks beside the fields of the open leg."""
        if self._page is not None and self.editor.rid is not None:
            findings = field_findings(self._page, journey, self.editor.rid, languages)
            self.editor.show_findings(findings)

    def select_leg(self, rid: bytes) -> None:
        """Select a leg in the table."""
        number = self._number(rid)
        if number is not None and number != self.table.currentIndex().row():
            self.table.selectRow(number)
        self.chosen.emit()

    def open_leg(self, rid: bytes, key: str = "") -> bool:
        """Open a leg at a field; return whether it is here and can be edited."""
        number = self._number(rid)
        if self._page is None or number is None or self.is_read_only:
            return False
        self.select_leg(rid)
        legs = self._page.legs
        offers = options_after_leg(self._offers, legs[number - 1] if number else None)
        self.editor.show_place(number + 1, legs, self._page.plan.row)
        self.editor.open_leg(legs[number], offers, key)
        self.opened.emit()
        return True

    def open_later(self, rid: bytes, key: str = "") -> None:
        """Open a leg as soon as the page has it."""
        self._wanted = (rid, key, True)
        self._open_wanted()

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume the draft of a leg; return whether it belongs to this plan."""
        if draft.line.type != "leg" or self._page is None:
            return False
        if not draft.line.is_new:
            is_open = self.open_leg(draft.line.rid)
            return is_open and self.editor.form is not None and self.editor.form.resume_draft(draft)
        if draft.line.parent != self._page.plan.rid:
            return False
        ours = self._desk.identity.organisation
        blank = view(Row(draft.line.rid, "leg", draft.line.parent, ours, EMPTY_STATE), Leg)
        self.editor.show_new(self._page.legs, blank, self._page.plan.row)
        self.editor.begin_leg(blank, self._offers, draft)
        return True

    # Actions on legs

    @task
    async def add(self) -> None:
        """Add a leg after the current one and open it."""
        if self._page is None or self.is_read_only:
            return
        kit, desk, plan, current = self._kit, self._desk, self._page.plan.rid, self.current
        after = current.rid if current is not None else None
        added = await call(kit, order.add_leg, desk, plan, after)
        self._wanted = (added.leg, "", True)
        notify_done(kit, desk, added.done, N_("Leg added."))

    @task
    async def move_leg(self, by: int) -> None:
        """Move the current leg by this number of places."""
        current = self.current
        if self._page is None or current is None or self.is_read_only:
            return
        kit, desk, plan = self._kit, self._desk, self._page.plan.rid
        moved = await call(kit, order.move_leg, desk, plan, current.rid, by)
        self._wanted = (moved.leg, "", False)
        notify_done(kit, desk, moved.done, N_("Leg moved down.") if by > 0 else N_("Leg moved up."))

    @task
    async def put_in_bin(self, rid: bytes | None = None) -> None:
        """Move a leg, by default the current one, to the bin; discard one that is only a draft."""
        current = self.current
        rid = rid or (current.rid if current is not None else None)
        if rid is None or self.is_read_only:
            return
        if self._number(rid) is None:  # it was never saved
            if self.editor.form is not None:
                self.editor.form.discard()
            return
        done = await call(self._kit, records.delete_record, self._desk, rid)
        notify_done(self._kit, self._desk, (done,), N_("Leg put in the bin."))

    def _listen(self) -> None:
        self.table.chosen.connect(self._on_row_opened)
        self.table.bin_asked.connect(self.put_in_bin)
        self.table.move_asked.connect(self.move_leg)
        self.table.selectionModel().currentRowChanged.connect(self.chosen)
        self.editor.bin_asked.connect(self.put_in_bin)
        self.editor.closed.connect(self.table.setFocus)
        self._kit.translator.on_language_change(self, self._show)

    def show_progress(self) -> None:
        """Show what the clock and the records say of each leg now."""
        page = self._page
        if page is None:
            return
        legs = page_legs(page, self._desk.adapters.clock.now())
        if legs != self._shown:
            self._shown = legs
            self._show()

    def _show(self) -> None:
        self.table.show_legs(self._shown)
        self._card.setVisible(bool(self._shown))

    def _restore_selection(self, rid: bytes | None) -> None:
        """Restore the selection; if the leg is gone, select the one in its place."""
        legs = self._page.legs if self._page is not None else ()
        number = self._number(rid)
        if number is None and legs:
            number = min(max(self.table.currentIndex().row(), 0), len(legs) - 1)
        if number is not None:
            self.select_leg(legs[number].rid)

    def _number(self, rid: bytes | None) -> int | None:
        legs = self._page.legs if self._page is not None else ()
        return next((place for place, leg in enumerate(legs) if leg.rid == rid), None)

    def _open_wanted(self) -> None:
        if self._wanted is None or self._number(self._wanted[0]) is None:
            return
        (rid, key, is_opened), self._wanted = self._wanted, None
        if is_opened:
            self.open_leg(rid, key)
        else:
            self.select_leg(rid)

    def _on_row_opened(self, row: int) -> None:
        if self._page is not None:
            self.open_leg(self._page.legs[row].rid)
