# SPDX-License-Identifier: GPL-3.0-or-later
"""Times with their clocks: offsets, hours that come twice or never, places that bring a clock."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.support.windows import Stage

from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.values import Translation, Value, ZonedTime
from kfdesk.i18n.places import Places
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.editors import NOT_A_DAY, DayEditor
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.forms.registry import make_editor
from kfdesk.ui.forms.translated import PlaceEditor

PLACES = Places(Path(__file__).parents[2] / "resources" / "places" / "places.tsv")
OFFERS = FormOptions(languages=("sv", "ru"), places=PLACES)
TWICE = "25.10.2026"
LEFT_OUT = "28.3.2027"
FRIDAY = "Friday 4 December 2026"


def moment(text: str) -> ZonedTime:
    return ZonedTime.parse(text)


def made(kit: UiContext, stage: Stage, value: Value = None) -> ZonedTimeEditor:
    editor = make_editor(kit, "leg", "departs", OFFERS)
    stage(editor, make_editor(kit, "leg", "carrier"))
    assert isinstance(editor, ZonedTimeEditor)
    editor.show_value(value)
    return editor


def write(editor: ZonedTimeEditor, day: str, clock: str, zone: str = "") -> None:
    """As a person does: clear and type, field by field; the zone is chosen from its list."""
    for line, text in ((editor.day, day), (editor.clock, clock)):
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, text)
    if zone:
        choose(editor, zone)


def choose(editor: ZonedTimeEditor, zone: str) -> None:
    editor.zone.setFocus()
    editor.zone.selectAll()
    QTest.keyClicks(editor.zone, zone)
    assert editor.zone.proposals.list is not None
    QTest.keyClick(editor.zone.proposals.list, Qt.Key.Key_Down)
    QTest.keyClick(editor.zone.proposals.list, Qt.Key.Key_Return)


def said(kit: UiContext, editor: ZonedTimeEditor) -> str:
    message = editor.fault or editor.note
    return kit.translator.translate(message) if message else ""


@pytest.mark.parametrize(
    ("day", "clock", "zone", "text"),
    [
        ("12.12.2026", "17:00", "", "2026-12-12T17:00+01:00[Europe/Stockholm]"),
        ("12.7.2026", "1700", "", "2026-07-12T17:00+02:00[Europe/Stockholm]"),
        ("12.12.2026", "17.30", "riga", "2026-12-12T17:30+02:00[Europe/Riga]"),
        ("12.7.2026", "9", "kaliningrad", "2026-07-12T09:00+02:00[Europe/Kaliningrad]"),
        ("12.7.2026", "9", "Russia", "2026-07-12T09:00+02:00[Europe/Kaliningrad]"),
        ("12.7.2026", "9", "pskov", "2026-07-12T09:00+03:00[Europe/Moscow]"),
        ("12.7.2026", "9", "sofia", "2026-07-12T09:00+03:00[Europe/Sofia]"),
    ],
)
def test_the_offset_follows_from_day_time_and_clock(
    kit: UiContext, stage: Stage, day: str, clock: str, zone: str, text: str
) -> None:
    editor = made(kit, stage)
    write(editor, day, clock, zone)
    assert str(editor.value()) == text
    assert editor.is_valid


def test_the_clock_and_its_offset_are_said_below(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, stage)
    write(editor, "12.12.2026", "17:00")
    assert said(kit, editor) == "CET, Stockholm, UTC+1"
    assert not editor.twice.isVisible()


@pytest.mark.parametrize(
    ("zone", "clock", "offsets"),
    [
        ("stockholm", "02:30", ("+02:00", "+01:00")),
        ("riga", "03:30", ("+03:00", "+02:00")),
        ("sofia", "03:30", ("+03:00", "+02:00")),
    ],
)
def test_in_the_hour_that_comes_twice_it_asks_which_is_meant(
    kit: UiContext, stage: Stage, zone: str, clock: str, offsets: tuple[str, str]
) -> None:
    editor = made(kit, stage)
    write(editor, TWICE, clock, zone)
    assert editor.twice.isVisible()
    assert not editor.is_valid
    assert editor.value() is None
    assert f"show {clock} twice" in said(kit, editor)
    for half, offset in zip(("first", "second"), offsets, strict=True):
        part = editor.twice.parts[half]
        part.setFocus()
        QTest.keyClick(part, Qt.Key.Key_Space)
        assert offset in str(editor.value())
        assert editor.is_valid
    assert said(kit, editor).endswith(f"UTC{offsets[1].replace('+0', '+').removesuffix(':00')}")


@pytest.mark.parametrize("zone", ["kaliningrad", "moscow"])
def test_where_clocks_are_not_changed_no_hour_is_asked_about(
    kit: UiContext, stage: Stage, zone: str
) -> None:
    editor = made(kit, stage)
    for day, clock in ((TWICE, "02:30"), (TWICE, "03:30"), (LEFT_OUT, "02:30")):
        write(editor, day, clock, zone)
        assert editor.is_valid
        assert not editor.twice.isVisible()


@pytest.mark.parametrize(("zone", "clock"), [("stockholm", "02:30"), ("riga", "03:30")])
def test_the_hour_that_spring_leaves_out_is_refused_and_kept_as_typed(
    kit: UiContext, stage: Stage, zone: str, clock: str
) -> None:
    editor = made(kit, stage)
    write(editor, LEFT_OUT, clock, zone)
    assert not editor.is_valid
    assert f"never show {clock}" in said(kit, editor)
    assert (editor.day.text(), editor.clock.text()) == (LEFT_OUT, clock)
    assert editor.raw() == f"{LEFT_OUT}\t{clock}\t{editor.zone.key}"


@pytest.mark.parametrize(
    ("day", "clock", "piece"),
    [
        ("12.12.2026", "", "time of day is missing"),
        ("", "17:00", "day is missing"),
        ("12.2026", "17:00", "day is missing"),
        ("31.4", "17:00", "not a day"),
        ("12.12.2026", "late", "not a time of day"),
    ],
)
def test_half_a_time_is_not_saved_and_says_what_is_missing(
    kit: UiContext, stage: Stage, day: str, clock: str, piece: str
) -> None:
    editor = made(kit, stage)
    write(editor, day, clock)
    assert piece in said(kit, editor)
    assert editor.value() is None


def test_a_clock_that_was_only_begun_is_asked_for(
    kit: UiContext, stage: Stage, qtbot: QtBot
) -> None:
    editor = made(kit, stage)
    write(editor, "12.12.2026", "17:00")
    editor.zone.setFocus()
    editor.zone.selectAll()
    QTest.keyClicks(editor.zone, "zzz")
    assert "which place's clock" in said(kit, editor)
    assert editor.zone.text() == "zzz"


def test_emptied_day_and_time_are_no_answer_whatever_the_clock(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, stage, moment("2026-12-12T17:00+01:00[Europe/Stockholm]"))
    for line in (editor.day, editor.clock):
        line.setFocus()
        line.selectAll()
        QTest.keyClick(line, Qt.Key.Key_Delete)
    assert editor.is_valid
    assert editor.value() is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-25T02:30+01:00[Europe/Stockholm]",
        "2026-10-25T02:30+02:00[Europe/Stockholm]",
        "2014-07-01T12:00+04:00[Europe/Moscow]",  # entered when Moscow's clocks were another
        "2027-03-28T02:30+01:00[Europe/Stockholm]",
        "2026-12-12T17:00+02:00[Atlantis/Harbour]",
    ],
)
def test_a_time_that_is_shown_keeps_the_offset_it_was_entered_with(
    kit: UiContext, stage: Stage, text: str
) -> None:
    editor = made(kit, stage, moment(text))
    kit.set_language("ru")
    kit.set_language("en")
    editor.focus()
    assert editor.value() == moment(text)
    editor.enter(moment(text))
    assert editor.value() == moment(text)
    assert not editor.has_changed
    assert editor.is_valid


def test_another_hour_on_a_changed_clock_gets_the_offset_of_today(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, stage, moment("2026-07-01T12:00+04:00[Europe/Moscow]"))
    write(editor, "1.7.2026", "13:00")
    assert editor.value() == moment("2026-07-01T13:00+03:00[Europe/Moscow]")


def test_a_time_is_written_in_the_windows_language(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, stage, moment("2026-12-12T17:00+02:00[Europe/Riga]"))
    texts = {}
    for code in ("sv", "ru", "en"):
        kit.set_language(code)
        texts[code] = (editor.day.text(), editor.zone.text())
    assert texts == {
        "sv": ("12 december 2026", "Riga, Lettland"),
        "ru": ("12 декабря 2026", "Рига, Латвия"),
        "en": ("12 December 2026", "Riga, Latvia"),
    }


def test_down_offers_the_near_clocks(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, stage)
    editor.zone.setFocus()
    QTest.keyClick(editor.zone, Qt.Key.Key_Down)
    assert editor.zone.proposals.list is not None
    model = editor.zone.proposals.list.model()
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    for name in ("Stockholm, Sweden", "Kaliningrad, Russia", "Sofia, Bulgaria", "Kyiv, Ukraine"):
        assert name in names


def test_each_part_has_a_name(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, stage)
    label = RECORD_TYPES["leg"].fields["departs"].label
    assert [stop.accessibleName() for stop in editor.focus_targets[:3]] == [
        label,
        f"{label}: time of day",
        f"{label}: which place’s clock",
    ]


def leg(kit: UiContext, stage: Stage) -> tuple[PlaceEditor, ZonedTimeEditor]:
    form = Form(kit, "leg", ("from_place", "departs"), OFFERS)
    stage(form)
    place, time = form.editors["from_place"], form.editors["departs"]
    assert isinstance(place, PlaceEditor)
    assert isinstance(time, ZonedTimeEditor)
    return place, time


def take_place(place: PlaceEditor, typed: str) -> None:
    area = place.tellings[0].area
    area.setFocus()
    QApplication.processEvents()
    QTest.keyClicks(area, typed)
    proposals = place.proposals["sv"]
    assert proposals.is_open
    assert proposals.list is not None
    QTest.keyClick(proposals.list, Qt.Key.Key_Down)
    QTest.keyClick(proposals.list, Qt.Key.Key_Return)


def test_a_place_that_is_taken_fills_its_names_and_the_clock_beside_it(
    kit: UiContext, stage: Stage
) -> None:
    place, time = leg(kit, stage)
    take_place(place, "sankt pe")
    assert place.value() == (
        Translation("sv", "Sankt Petersburg"),
        Translation("ru", "Санкт-Петербург"),
    )
    assert time.zone.key == "Europe/Moscow"
    assert time.value() is None
    assert not time.is_touched


def test_a_place_leaves_words_and_a_clock_that_a_person_chose(kit: UiContext, stage: Stage) -> None:
    place, time = leg(kit, stage)
    place.tellings[1].area.insertPlainText("Питер")
    write(time, "12.12.2026", "17:00", "riga")
    take_place(place, "sankt pe")
    assert place.value() == (Translation("sv", "Sankt Petersburg"), Translation("ru", "Питер"))
    assert time.value() == moment("2026-12-12T17:00+02:00[Europe/Riga]")


def test_a_time_typed_before_its_place_follows_the_places_clock(
    kit: UiContext, stage: Stage
) -> None:
    place, time = leg(kit, stage)
    write(time, "12.12.2026", "17:00")
    take_place(place, "tallin")
    assert time.value() == moment("2026-12-12T17:00+02:00[Europe/Tallinn]")


def test_a_place_that_no_list_has_is_as_good(kit: UiContext, stage: Stage) -> None:
    place, _time = leg(kit, stage)
    area = place.tellings[0].area
    area.setFocus()
    QTest.keyClicks(area, "Vid den gula grinden")
    assert place.value() == (Translation("sv", "Vid den gula grinden"),)
    assert not place.proposals["sv"].is_open


def test_a_year_beyond_all_clocks_is_refused(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, stage)
    write(editor, "31.12.9999", "23:59")
    assert "not a day" in said(kit, editor)
    assert editor.day.text() == "31.12.9999"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (
            "mon 4.12.2026",
            f"The weekday does not fit: that day is {FRIDAY}. Write the date that is meant.",
        ),
        (
            "next Friday",
            f"This can be {FRIDAY} or Friday 11 December 2026. Write the date that is meant.",
        ),
        ("some Friday", NOT_A_DAY),
    ],
)
def test_weekday_that_is_not_sure_is_asked_about(
    kit: UiContext, stage: Stage, typed: str, asked: str
) -> None:
    time = made(kit, stage)
    time.today = lambda: date(2026, 12, 3)
    write(time, typed, "9")
    assert said(kit, time) == asked
    assert time.value() is None
    day = make_editor(kit, "plan", "needs_assessed")
    stage(day)
    assert isinstance(day, DayEditor)
    day.today = time.today
    QTest.keyClicks(day.line, typed)
    assert day.fault is not None
    assert kit.translator.translate(day.fault) == asked
