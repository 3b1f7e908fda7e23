# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Travel of a plan: the legs as a table and as a line, and what is still open.

Table and line say the same; the line is for the eye, the table is what is read aloud.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.checks import Finding
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label, finding_sentence
from kfdesk.services.plans import PlanPage
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.facts import Facts
from kfdesk.ui.pages.shown import MODE_ICONS, moment_lines, told_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Banner, Card, Empty, clear
from kfdesk.ui.widgets.rows import Cell, Column, Table
from kfdesk.ui.widgets.timeline import Mark, Stop, Stretch, Timeline

_COLUMNS = (
    Column(N_("From")),
    Column(N_("To"), stretches=True),
    Column(N_("Leaves")),
    Column(N_("Arrives")),
    Column(N_("Met by")),
    Column(N_("Check-in")),
)
_BOOKED = {"booked", "confirmed", "departed", "arrived"}
_COVERED = "••••••••"


class TravelSection(QWidget):
    """The journey of a plan."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._page: PlanPage | None = None
        self.table = Table(kit, _COLUMNS)
        kit.words.bind(self.table.setAccessibleName, N_("Legs of the journey"))
        self.timeline = Timeline(kit)
        self._span = Label(kit, style=Type.SMALL, tone=Tone.MUTED)
        self._open = QVBoxLayout()
        self._open.setSpacing(tokens.GRID)
        self.safety = SafetyCard(kit)
        self._luggage = Facts(kit, ("luggage",))
        self._lay_out()
        kit.words.changed.connect(self._show)

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's journey."""
        self._page = page
        self._luggage.show_record(page.plan)
        self.safety.show_plan(page)
        self._show()

    def _lay_out(self) -> None:
        kit = self._kit
        self._legs = Card(padding=0)
        self._legs.body.addWidget(self.table)
        self._journey = Card()
        self._journey.head(kit, N_("Journey"), "route").addWidget(self._span)
        self._journey.body.addWidget(self.timeline)
        luggage = Card()
        luggage.body.addWidget(self._luggage)
        self._empty = Empty(
            kit, "route", N_("No journey yet"), N_("The legs of her journey stand here.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(Label(kit, N_("Travel"), Type.TITLE))
        for part in (self._empty, self._legs, self._journey):
            column.addWidget(part)
        column.addLayout(self._open)
        column.addWidget(self.safety)
        column.addWidget(luggage)

    def _show(self) -> None:
        if self._page is None:
            return
        page, language = self._page, self._kit.words.language
        legs = page.legs
        for part in (self._legs, self._journey):
            part.setVisible(bool(legs))
        self._empty.setVisible(not legs)
        self.table.show_rows([_cells(leg, language) for leg in legs])
        self.table.fit_height()
        self.timeline.show_journey(list(_stops(legs, language)), list(_stretches(legs, language)))
        self._span.tell(lambda spoken: _span(legs, spoken))
        clear(self._open)
        for finding in page.gaps:
            banner = Banner(self._kit, Tone.WARNING, "triangle-alert")
            banner.tell(_gap(finding))
            self._open.addWidget(banner)


class SafetyCard(Card):
    """What never leaves: the code word, covered until somebody asks, and the alarm plan."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._word = ""
        self._is_open = False
        self._shown = Label(kit, style=Type.STRONG)
        self._facts = Facts(kit, ("alarm_plan",))
        self.eye = Button(kit, N_("Show the code word"), "eye", Look.QUIET).bared()
        self.eye.clicked.connect(self._on_eye_clicked)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Label(kit, N_("Code word"), Type.LABEL, Tone.MUTED))
        row.addWidget(self._shown)
        row.addWidget(self.eye)
        row.addStretch(1)
        never = QHBoxLayout()
        never.addWidget(Icon(kit, "lock"))
        words = N_("Code word and alarm plan are never printed and never sent.")
        never.addWidget(Label(kit, words, Type.SMALL, Tone.MUTED), 1)
        self.body.addLayout(row)
        self.body.addWidget(self._facts)
        self.body.addLayout(never)

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's, with the word covered."""
        word = page.plan.record.code_word
        self._word = word if isinstance(word, str) else ""
        self._is_open = False
        self._facts.show_record(page.plan)
        self._show_word()

    def _on_eye_clicked(self) -> None:
        self._is_open = not self._is_open
        self._show_word()

    def _show_word(self) -> None:
        covered = _COVERED if self._word else "–"
        self._shown.show_text(self._word if self._is_open else covered)
        self.eye.show_icon("eye-off" if self._is_open else "eye")
        self.eye.tell(N_("Cover the code word") if self._is_open else N_("Show the code word"))


def _cells(leg: View[Leg], language: Language) -> tuple[Cell, ...]:
    record = leg.record
    icon = MODE_ICONS.get(str(record.mode), "route")
    return (
        Cell(told_text(record.from_place, language) or "–", _carrier(record), icon, Tone.PLAIN),
        Cell(told_text(record.to_place, language) or "–"),
        _time_cell(leg, "departs", language),
        _time_cell(leg, "arrives", language),
        _meeting_cell(record, language),
        _check_in_cell(leg, language),
    )


def _carrier(record: Leg) -> str:
    return record.carrier if isinstance(record.carrier, str) else ""


def _time_cell(leg: View[Leg], key: str, language: Language) -> Cell:
    if key in leg.conflicts:
        return Cell(language.gettext(N_("Two values")), icon="git-merge", tone=Tone.WARNING)
    moment = getattr(leg.record, key)
    if not isinstance(moment, Moment):
        return Cell(language.gettext(N_("Not set")), icon="circle-dashed", tone=Tone.MUTED)
    return Cell(*moment_lines(moment, language))


def _meeting_cell(record: Leg, language: Language) -> Cell:
    name = told_text(record.met_by, language)
    if record.alone is True:
        return Cell(language.gettext(N_("On her own")), icon="user", tone=Tone.MUTED)
    if not name:
        return Cell(language.gettext(N_("Nobody yet")), icon="triangle-alert", tone=Tone.WARNING)
    return Cell(name, icon="user-round-check", tone=Tone.SUCCESS)


def _check_in_cell(leg: View[Leg], language: Language) -> Cell:
    moment = leg.record.check_in
    if not isinstance(moment, Moment):
        return Cell(language.gettext(N_("Not set")), icon="circle-dashed", tone=Tone.MUTED)
    day, _ = moment_lines(moment, language)
    return Cell(day, icon="circle-check", tone=Tone.SUCCESS)


def _stops(legs: Sequence[View[Leg]], language: Language) -> Iterator[Stop]:
    """The first departure, then each arrival."""
    for number, leg in enumerate(legs):
        record = leg.record
        if not number:
            mark = Mark.SETTLED if record.status in _BOOKED else Mark.AHEAD
            place = told_text(record.from_place, language) or "–"
            yield Stop(place, _stop_time(record.departs, language), mark=mark)
        is_met = bool(told_text(record.met_by, language)) or record.alone is True
        is_open = bool(leg.conflicts) or not is_met
        mark = Mark.OPEN if is_open else Mark.SETTLED if record.status in _BOOKED else Mark.AHEAD
        yield Stop(
            told_text(record.to_place, language) or "–",
            _stop_time(record.arrives, language),
            _note(leg, language),
            mark,
            "git-merge" if leg.conflicts else "triangle-alert",
            Tone.WARNING if is_open else Tone.MUTED,
        )


def _note(leg: View[Leg], language: Language) -> str:
    if leg.conflicts:
        return language.gettext(N_("not decided"))
    name = told_text(leg.record.met_by, language)
    if name:
        return language.gettext(N_("{name} meets")).format(name=name)
    alone, nobody = N_("on her own"), N_("nobody meets")
    return language.gettext(alone if leg.record.alone is True else nobody)


def _stop_time(moment: object, language: Language) -> str:
    if not isinstance(moment, Moment):
        return ""
    day, clock = moment_lines(moment, language)
    return f"{day} {clock.split(',')[0]}"


def _stretches(legs: Sequence[View[Leg]], language: Language) -> Iterator[Stretch]:
    for leg in legs:
        span = _time_between(leg.record.departs, leg.record.arrives)
        is_booked = leg.record.status in _BOOKED and not leg.conflicts
        yield Stretch(
            language.duration(span) if span else "",
            MODE_ICONS.get(str(leg.record.mode), "route"),
            Tone.SUCCESS if is_booked else Tone.WARNING,
            max(1.0, span / timedelta(hours=1)) if span else 1.0,
        )


def _time_between(first: object, last: object) -> timedelta | None:
    if isinstance(first, Moment) and isinstance(last, Moment):
        return last.utc - first.utc
    return None


def _span(legs: Sequence[View[Leg]], language: Language) -> str:
    """How long the whole journey takes, over how many time zones."""
    span = _time_between(legs[0].record.departs, legs[-1].record.arrives) if legs else None
    if span is None:
        return ""
    times = [time for leg in legs for time in (leg.record.departs, leg.record.arrives)]
    zones = len({time.zone for time in times if isinstance(time, Moment)})
    words = language.ngettext("{span}, {count} time zone", "{span}, {count} time zones", zones)
    return words.format(span=language.duration(span), count=zones)


def _gap(finding: Finding) -> Callable[[Language], str]:
    path = f"{finding.type}.{finding.key}"

    def words(language: Language) -> str:
        label = field_label(path, language, finding.sequence)
        return finding_sentence(finding.code, label, language)

    return words
