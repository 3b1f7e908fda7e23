# SPDX-License-Identifier: GPL-3.0-or-later
"""The editor of a zoned time: a day, a time of day, and a time zone.

The offset follows from the three and is shown below. In the hour that a clock shows twice
the editor asks which of the two is meant. The hour that summer time skips is a fault,
because a journey must not depend on a guess. A time that was only read keeps the offset it
was entered with.
"""

from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date, datetime
from functools import partial

from PySide6.QtWidgets import QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.schema import Field
from kfdesk.domain.values import PartialDate, Value, ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.parsing import parse_clock, parse_day
from kfdesk.i18n.places import find_zones, offset_name, offsets_at, zone_city, zone_name
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.day_picker import DayInput, today_in_window
from kfdesk.ui.forms.editor import Editor, FormOptions
from kfdesk.ui.forms.editors import clear_choice, day_fault
from kfdesk.ui.forms.parts import AutocompleteInput, LineInput
from kfdesk.ui.tokens import GRID
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import extend, filled, grown, row
from kfdesk.ui.widgets.buttons import SegmentedControl

NOT_A_TIME = N_("This is not a time of day, so it is not saved. Write it as 17:00.")
NO_DAY = N_("The day is missing, so the time is not saved. Write it with the year: 12.12.2026.")
NO_TIME = N_("The time of day is missing, so the day is not saved. Write it as 17:00.")
NO_ZONE = N_(
    "Say which place's clock this is: enter a city or a country. Until then it is not saved."
)
_HALVES = ("first", "second")
_CLOCK_WIDTH = 96
_RAW_SEPARATOR = "\t"


class ZonedTimeEditor(Editor):
    """An editor of a day, a time of day and a time zone."""

    has_usual_note = True

    def __init__(self, kit: UiContext, field: Field, offers: FormOptions) -> None:
        super().__init__(kit, field)
        self._places = offers.places
        self._default = offers.zone
        self.today: Callable[[], date] = partial(today_in_window, kit)
        self._is_zone_chosen = False
        self._offset: int | None = None
        self.day, self.clock = DayInput(kit), LineInput()
        self.clock.setMaximumWidth(_CLOCK_WIDTH)
        self.zone = AutocompleteInput(kit, self._find, zone_name)
        self.twice = SegmentedControl(kit, [(half, self._hour_label(half)) for half in _HALVES])
        self.twice.chosen.connect(self._on_hour_chosen)
        for line in (self.day, self.clock):
            line.typed.connect(self._on_typed)
        self.zone.typed.connect(self._on_zone_typed)
        self.zone.chosen.connect(lambda _: self._on_zone_typed())
        self.settled.connect(self._reformat)
        kit.translator.changed.connect(self._on_language_changed)
        self._lay_out_parts()
        self._set_focus_targets(self.day, self.clock, self.zone, *self.twice.parts.values())
        kit.translator.bind(self.day.setPlaceholderText, self.empty_words)
        self.clock.setPlaceholderText("–:–")
        kit.translator.bind(self.clock.setAccessibleName, self._accessible_name(N_("time of day")))
        kit.translator.bind(
            self.zone.setAccessibleName, self._accessible_name(N_("which place’s clock"))
        )
        kit.translator.bind(
            self.twice.setAccessibleName, self._accessible_name(N_("which of the two"))
        )
        self._show(None)

    def follow_today(self, today: Callable[[], date]) -> None:
        """Read days without a year, and open the calendar, by this day."""
        self.today = self.day.today = today

    def follow_zone(self, zone: str) -> None:
        """Use the zone of a place that was chosen, unless the user chose a zone here."""
        if self._is_zone_chosen or self._gap is not None or self.zone.key == zone:
            return
        self.zone.show_key(zone)
        self._offset = None
        if self.day.text() or self.clock.text():
            self._ask_which_hour()
            self._touch()

    def release_zone(self) -> None:
        """Let the zone follow the place from now on: it is the one of the place."""
        self._is_zone_chosen = False

    def add_button(self, button: QWidget) -> bool:
        """Add the button beside the zone; day and time need their width."""
        extend(self._clocks, button)
        return True

    def _show(self, value: Value) -> None:
        moment = value if isinstance(value, ZonedTime) else None
        language = self._kit.translator.language
        self._is_zone_chosen = moment is not None
        self._offset = moment.offset if moment else None
        self.day.show_text(language.day(moment.wall.date(), year=True) if moment else "")
        self.clock.show_text(language.clock(moment.wall) if moment else "")
        self.zone.show_key(moment.zone if moment else self._default)
        self._ask_which_hour()

    def _read(self) -> Value:
        wall = self._wall_time()
        if wall is None or not self.zone.key:
            return None
        shown = self.shown_value
        if (
            isinstance(shown, ZonedTime)
            and (shown.wall, shown.zone) == (wall, self.zone.key)
            and self._offset in (None, shown.offset)
        ):
            return shown
        offsets = self._offsets()
        offset = self._offset if self._offset in offsets else offsets[0]
        return ZonedTime(wall, self.zone.key, offset or 0)

    def _fault(self) -> Message | None:
        day, clock = self.day.text().strip(), self.clock.text().strip()
        if not day and not clock:
            return None
        if not day:
            return NO_DAY
        read = self._day_of(day)
        if not isinstance(read, date) or not MINYEAR < read.year < MAXYEAR:
            return NO_DAY if isinstance(read, PartialDate) else day_fault(day, self.today())
        if parse_clock(clock) is None:
            return NOT_A_TIME if clock else NO_TIME
        if not self.zone.key:
            return NO_ZONE
        return self._fault_of_zone()

    def _fault_of_zone(self) -> Message | None:
        """Return the fault of this time in this zone, or None."""
        if self._is_as_shown():
            return None
        offsets = self._offsets()
        if not offsets:
            return self._sentence(
                N_("Clocks in {city} never show {time} that day: they are put forward. Not saved.")
            )
        if len(offsets) > 1 and self._offset not in offsets:
            return self._sentence(
                N_("Clocks in {city} show {time} twice that night. Say which is meant, to save it.")
            )
        return None

    def _note(self) -> Message | None:
        if self._fault() is not None:
            return None
        moment = self._read()
        return (
            None if not isinstance(moment, ZonedTime) else lambda words: zone_label(moment, words)
        )

    def raw(self) -> str:
        return _RAW_SEPARATOR.join(
            (self.day.text(), self.clock.text(), self.zone.key or self.zone.text())
        )

    def _show_raw(self, raw: str) -> None:
        day, clock, zone = (*raw.split(_RAW_SEPARATOR), "", "")[:3]  # an older draft may hold less
        self.day.setText(day)
        self.clock.setText(clock)
        self.zone.show_key(zone if "/" in zone else "")
        if not self.zone.key:
            self.zone.setText(zone)
        self._offset = None
        self._ask_which_hour()

    def _begin(self, text: str) -> None:
        self.day.insert(text)
        self._on_typed()

    def _day_of(self, typed: str) -> date | PartialDate | None:
        return parse_day(typed, self.today())

    def _wall_time(self) -> datetime | None:
        day, clock = self._day_of(self.day.text()), parse_clock(self.clock.text())
        return datetime.combine(day, clock) if isinstance(day, date) and clock else None

    def _offsets(self) -> tuple[int, ...]:
        wall = self._wall_time()
        if wall is None or not self.zone.key:
            return ()
        try:
            return offsets_at(wall, self.zone.key)
        except (
            KfdeskError,
            OverflowError,
        ):  # a zone that this computer does not have, or year 9999
            return ()

    def _is_as_shown(self) -> bool:
        """Return whether it is the shown time with its offset, which was valid once."""
        shown = self.shown_value
        return isinstance(shown, ZonedTime) and (shown.wall, shown.zone, shown.offset) == (
            self._wall_time(),
            self.zone.key,
            self._offset,
        )

    def _sentence(self, message: str) -> Message:
        zone, clock = self.zone.key, self.clock.text().strip()
        return filled(message, city=partial(zone_city, zone), time=clock)

    def _find(self, typed: str) -> list[tuple[str, str]]:
        language = self._kit.translator.language
        rows = []
        for clock in find_zones(typed, language, self._places):
            name = zone_name(clock.zone, language)
            if clock.place:
                name = language.gettext("{place}: clock in {city}").format(
                    place=clock.place, city=zone_city(clock.zone, language)
                )
            rows.append((clock.zone, name))
        return rows

    def _ask_which_hour(self) -> None:
        """Ask which of two hours is meant, if the clock shows this time twice."""
        offsets = self._offsets()
        is_twice = len(offsets) > 1
        clear_choice(self.twice)
        self.twice.setVisible(is_twice)
        if not is_twice:
            return
        for half in _HALVES:
            part = self.twice.parts[half]
            self._kit.translator.bind(part.setText, self._hour_label(half))
            part.updateGeometry()
        if self._offset in offsets:
            self.twice.select(_HALVES[offsets.index(self._offset or 0)])

    def _hour_label(self, half: str) -> Message:
        def _offset_text(language: Language) -> str:
            offsets = self._offsets()
            offset = offsets[_HALVES.index(half)] if len(offsets) > 1 else 0
            message = N_("The first, {offset}") if half == "first" else N_("The second, {offset}")
            return language.gettext(message).format(offset=offset_name(offset))

        return _offset_text

    def _on_hour_chosen(self, half: str) -> None:
        self._offset = self._offsets()[_HALVES.index(half)]
        self._touch()

    def _on_typed(self) -> None:
        self._offset = None
        self._ask_which_hour()
        self._touch()

    def _on_zone_typed(self) -> None:
        self._is_zone_chosen = True
        self._on_typed()

    def _reformat(self) -> None:
        """Reformat what can be parsed; leave the rest as typed."""
        self.zone.commit_text()
        language = self._kit.translator.language
        day, clock = self._day_of(self.day.text()), parse_clock(self.clock.text())
        if isinstance(day, date):
            self.day.show_text(language.day(day, year=True))
        if clock is not None:
            self.clock.show_text(language.clock(clock))

    def _on_language_changed(self) -> None:
        self._reformat()
        self._ask_which_hour()

    def _lay_out_parts(self) -> None:
        times = row(grown(self.day), self.clock, gap=GRID)
        self._clocks = row(grown(self.zone), gap=GRID)
        extend(self.column, times, self._clocks, self.twice)


def zone_label(moment: ZonedTime, language: Language) -> str:
    """Return the zone of a time and its offset from UTC: `CET, Stockholm, UTC+1`."""
    try:
        offsets = offsets_at(moment.wall, moment.zone)
        is_second = moment.offset in offsets[1:]
        named = language.clock_of(moment.zone, moment.wall.replace(fold=int(is_second)))
    except (KfdeskError, LookupError, ValueError):
        named = moment.zone
    return named if named == "UTC" else f"{named}, {offset_name(moment.offset)}"
