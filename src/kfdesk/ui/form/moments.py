# SPDX-License-Identifier: GPL-3.0-or-later
"""The editor of a time somewhere: a day, a time of day, and whose clock shows it.

The offset follows from the three and is told below. In the hour that a clock lives twice it asks
which of the two is meant, and the hour that spring leaves out is a fault: a journey must not hang
on a guess. A time that was only looked at keeps the offset it was entered with.
"""

from datetime import MAXYEAR, MINYEAR, date, datetime

from PySide6.QtWidgets import QHBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import About, Moment, Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.typed import read_clock, read_day
from kfdesk.i18n.zones import city_of, find_clocks, offset_name, offsets_at, zone_name
from kfdesk.ui import tokens
from kfdesk.ui.form.codes import clear_choice
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.form.lines import NOT_A_DAY
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.form.parts.entries import Line
from kfdesk.ui.form.parts.given import NOT_ASKED
from kfdesk.ui.form.parts.pick import Pick
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.words import Message

NOT_A_TIME = N_("This is not a time of day, so it is not saved. Write it as 17:00.")
NO_DAY = N_("The day is missing, so the time is not saved. Write it with the year: 12.12.2026.")
NO_TIME = N_("The time of day is missing, so the day is not saved. Write it as 17:00.")
NO_ZONE = N_("Say whose clock it is, by a city or a country; until then it is not saved.")
_HALVES = ("first", "second")
_CLOCK_WIDTH = 96
_AT = "\t"


class MomentEditor(Editor):
    """Day, time of day, clock."""

    def __init__(self, kit: Kit, field: Field, offers: Offers) -> None:
        super().__init__(kit, field)
        self._places = offers.places
        self._default = offers.zone
        self._is_zone_chosen = False
        self._offset: int | None = None
        self.day, self.clock = Line(), Line()
        self.clock.setMaximumWidth(_CLOCK_WIDTH)
        self.zone = Pick(kit, self._find, zone_name)
        self.twice = Segmented(kit, [(half, self._half_word(half)) for half in _HALVES])
        self.twice.chosen.connect(self._on_half_chosen)
        for line in (self.day, self.clock):
            line.typed.connect(self._on_typed)
        self.zone.typed.connect(self._on_zone_typed)
        self.zone.chosen.connect(self._on_zone_chosen)
        self.settled.connect(self._rewrite)
        kit.words.changed.connect(self._on_language_changed)
        self._lay_out_parts()
        self._aim(self.day, self.clock, self.zone, *self.twice.parts.values())
        kit.words.bind(self.day.setPlaceholderText, NOT_ASKED)
        self.clock.setPlaceholderText("–:–")
        kit.words.bind(self.clock.setAccessibleName, self._name(N_("time of day")))
        kit.words.bind(self.zone.setAccessibleName, self._name(N_("whose clock")))
        kit.words.bind(self.twice.setAccessibleName, self._name(N_("which of the two")))
        self._show(None)

    def follow_zone(self, zone: str) -> None:
        """Take the clock of a place that was chosen, unless a person chose the clock here."""
        if self._is_zone_chosen or self._gap is not None or self.zone.key == zone:
            return
        self.zone.show_key(zone)
        self._offset = None
        if self.day.text() or self.clock.text():
            self._ask_half()
            self._touch()

    def take_in(self, button: QWidget) -> bool:
        """Beside the clock there is room, where day and time need theirs."""
        self._clocks.addWidget(button)
        return True

    def _show(self, value: Value) -> None:
        moment = value if isinstance(value, Moment) else None
        language = self._kit.words.language
        self._is_zone_chosen = moment is not None
        self._offset = moment.offset if moment else None
        self.day.setText(language.day(moment.wall.date(), year=True) if moment else "")
        self.clock.setText(language.clock(moment.wall) if moment else "")
        self.zone.show_key(moment.zone if moment else self._default)
        self._ask_half()

    def _read(self) -> Value:
        wall = self._wall()
        if wall is None or not self.zone.key:
            return None
        shown = self._held
        if (
            isinstance(shown, Moment)
            and (shown.wall, shown.zone) == (wall, self.zone.key)
            and self._offset in (None, shown.offset)
        ):
            return shown
        offsets = self._offsets()
        offset = self._offset if self._offset in offsets else offsets[0]
        return Moment(wall, self.zone.key, offset or 0)

    def _fault(self) -> Message | None:
        day, clock = self.day.text().strip(), self.clock.text().strip()
        if not day and not clock:
            return None
        if not day:
            return NO_DAY
        read = read_day(day)
        if not isinstance(read, date) or not MINYEAR < read.year < MAXYEAR:
            return NO_DAY if isinstance(read, About) else NOT_A_DAY
        if read_clock(clock) is None:
            return NOT_A_TIME if clock else NO_TIME
        if not self.zone.key:
            return NO_ZONE
        return self._fault_of_zone()

    def _fault_of_zone(self) -> Message | None:
        """What is wrong with this time on this clock."""
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
        return None if not isinstance(moment, Moment) else lambda words: clock_line(moment, words)

    def raw(self) -> str:
        """Day, time and clock as they stand."""
        return _AT.join((self.day.text(), self.clock.text(), self.zone.key or self.zone.text()))

    def _show_raw(self, raw: str) -> None:
        day, clock, zone = (*raw.split(_AT), "", "")[:3]  # an older draft may hold less
        self.day.setText(day)
        self.clock.setText(clock)
        self.zone.show_key(zone if "/" in zone else "")
        if not self.zone.key:
            self.zone.setText(zone)
        self._offset = None
        self._ask_half()

    def _begin(self, text: str) -> None:
        self.day.insert(text)
        self._on_typed()

    def _wall(self) -> datetime | None:
        day, clock = read_day(self.day.text()), read_clock(self.clock.text())
        return datetime.combine(day, clock) if isinstance(day, date) and clock else None

    def _offsets(self) -> tuple[int, ...]:
        wall = self._wall()
        if wall is None or not self.zone.key:
            return ()
        try:
            return offsets_at(wall, self.zone.key)
        except (KfdeskError, OverflowError):  # a zone that this machine lacks, or the last year
            return ()

    def _is_as_shown(self) -> bool:
        """Whether it is the time that was shown, offset and all: that was right once."""
        shown = self._held
        return isinstance(shown, Moment) and (shown.wall, shown.zone, shown.offset) == (
            self._wall(),
            self.zone.key,
            self._offset,
        )

    def _sentence(self, message: str) -> Message:
        zone, clock = self.zone.key, self.clock.text().strip()
        return lambda language: language.gettext(message).format(
            city=city_of(zone, language), time=clock
        )

    def _find(self, typed: str) -> list[tuple[str, str]]:
        language = self._kit.words.language
        rows = []
        for clock in find_clocks(typed, language, self._places):
            name = zone_name(clock.zone, language)
            if clock.place:
                name = language.gettext("{place}: clock of {city}").format(
                    place=clock.place, city=city_of(clock.zone, language)
                )
            rows.append((clock.zone, name))
        return rows

    def _ask_half(self) -> None:
        """Ask which of two hours is meant, where there are two."""
        offsets = self._offsets()
        is_twice = len(offsets) > 1
        clear_choice(self.twice)
        self.twice.setVisible(is_twice)
        if not is_twice:
            return
        for half in _HALVES:
            part = self.twice.parts[half]
            self._kit.words.bind(part.setText, self._half_word(half))
            part.updateGeometry()
        if self._offset in offsets:
            self.twice.choose(_HALVES[offsets.index(self._offset or 0)])

    def _half_word(self, half: str) -> Message:
        def _said(language: Language) -> str:
            offsets = self._offsets()
            offset = offsets[_HALVES.index(half)] if len(offsets) > 1 else 0
            message = N_("The first, {offset}") if half == "first" else N_("The second, {offset}")
            return language.gettext(message).format(offset=offset_name(offset))

        return _said

    def _on_half_chosen(self, half: str) -> None:
        self._offset = self._offsets()[_HALVES.index(half)]
        self._touch()

    def _on_typed(self) -> None:
        self._offset = None
        self._ask_half()
        self._touch()

    def _on_zone_typed(self) -> None:
        self._is_zone_chosen = True
        self._on_typed()

    def _on_zone_chosen(self, _zone: str) -> None:
        self._on_zone_typed()

    def _rewrite(self) -> None:
        """Write what can be read as it is understood; leave the rest as it was typed."""
        self.zone.settle()
        language = self._kit.words.language
        day, clock = read_day(self.day.text()), read_clock(self.clock.text())
        if isinstance(day, date):
            self.day.setText(language.day(day, year=True))
        if clock is not None:
            self.clock.setText(language.clock(clock))

    def _on_language_changed(self) -> None:
        self._rewrite()
        self._ask_half()

    def _lay_out_parts(self) -> None:
        times = QHBoxLayout()
        times.setSpacing(tokens.GRID)
        times.addWidget(self.day, 1)
        times.addWidget(self.clock)
        self._clocks = QHBoxLayout()
        self._clocks.setSpacing(tokens.GRID)
        self._clocks.addWidget(self.zone, 1)
        self.column.addLayout(times)
        self.column.addLayout(self._clocks)
        self.column.addWidget(self.twice)


def clock_line(moment: Moment, language: Language) -> str:
    """Whose clock shows the time, and how far it is from UTC: `CET, Stockholm, UTC+1`."""
    try:
        offsets = offsets_at(moment.wall, moment.zone)
        is_second = moment.offset in offsets[1:]
        named = language.clock_of(moment.zone, moment.wall.replace(fold=int(is_second)))
    except (KfdeskError, LookupError, ValueError):
        named = moment.zone
    return f"{named}, {offset_name(moment.offset)}"
