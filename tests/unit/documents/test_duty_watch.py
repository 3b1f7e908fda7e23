# SPDX-License-Identifier: GPL-3.0-or-later
"""What the duty sheet watches for: in order, by our own clock, with the hour of the alarm."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.support import make
from tests.support.make import told
from tests.unit.documents.cabinet_samples import MADE, NAMES, on

from kfdesk.documents.duty_sheet import (
    DutyNumber,
    ExpectedEvent,
    ExpectedKind,
    duty_numbers,
    expected_events,
    legs_in_order,
    make_duty_sheet,
)
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.papers import CONTENTS, PrintContext
from kfdesk.domain.rows import Row
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.alarms import ARRIVAL_GRACE, CHECK_IN_GRACE, DEPARTURE_GRACE

STOCKHOLM = ZoneInfo(make.STOCKHOLM)
CLIENT: dict[str, Value] = {
    "code": "tulpan-47",
    "name_on_ticket": "NINA VYMYSLOVA",
    "languages": ("ru", "en"),
}
FERRY: dict[str, Value] = {
    "sequence": 1,
    "mode": "ferry",
    "carrier": "M/S Havsörn",
    "from_place": told("Stockholm", "Стокгольм"),
    "departs": on(12, 12, 17),
    "to_place": told("Riga", "Рига"),
    "arrives": ZonedTime.at(datetime(2026, 12, 13, 10, 30), make.RIGA),  # noqa: DTZ001
    "check_in": ZonedTime.at(datetime(2026, 12, 13, 10, 45), make.RIGA),  # noqa: DTZ001
    "met_by": told("Anna", "Анна"),
    "sign": told("gul halsduk", "жёлтый шарф"),
    "fallback": "Nästa färja",
}
BUS: dict[str, Value] = {
    "sequence": 2,
    "from_place": told("Riga", "Рига"),
    "departs": ZonedTime.at(datetime(2026, 12, 13, 12, 40), make.RIGA),  # noqa: DTZ001
    "to_place": told("Pskov", "Псков"),
    "arrives": ZonedTime.at(datetime(2026, 12, 13, 20, 15), make.MOSCOW),  # noqa: DTZ001
}


def watched(*legs: dict[str, Value], more: tuple[Row, ...] = ()) -> Disclosed:
    rows = (
        make.row("client", CLIENT),
        make.row("plan", {"alarm_plan": "Ring Eva"}),
        *(make.row("leg", leg, rid=make.named_id(f"leg {n}")) for n, leg in enumerate(legs)),
        *more,
    )
    what = make.disclosed(to=make.OWN_DESK, by=Channel.DESK_PAPER, rows=rows)
    return what.only_keys(CONTENTS[PaperName.DUTY_SHEET])


def events(press: Typesetter, *legs: dict[str, Value], code: str = "sv") -> list[ExpectedEvent]:
    return expected_events(watched(*legs), press.program(code), STOCKHOLM)


def test_events_come_by_our_own_clock_the_first_on_top(press: Typesetter) -> None:
    found = events(press, BUS, FERRY)
    assert [(one.what, one.leg, f"{one.here:%d %H:%M}") for one in found] == [
        (ExpectedKind.LEAVES, 1, "12 17:00"),
        (ExpectedKind.ARRIVES, 1, "13 09:30"),
        (ExpectedKind.CHECKS_IN, 1, "13 09:45"),
        (ExpectedKind.LEAVES, 2, "13 11:40"),
        (ExpectedKind.ARRIVES, 2, "13 18:15"),
    ]


@pytest.mark.parametrize(
    ("what", "grace"),
    [
        (ExpectedKind.LEAVES, DEPARTURE_GRACE),
        (ExpectedKind.CHECKS_IN, CHECK_IN_GRACE),
        (ExpectedKind.ARRIVES, ARRIVAL_GRACE),
    ],
)
def test_alarm_comes_when_the_program_would_give_it(
    press: Typesetter, what: ExpectedKind, grace: timedelta
) -> None:
    (event,) = (one for one in events(press, FERRY) if one.what is what)
    assert event.alarm - event.here == grace


def test_time_there_is_said_where_clocks_show_another(press: Typesetter) -> None:
    found = {(one.what, one.leg): one.is_elsewhere for one in events(press, FERRY)}
    assert found == {
        (ExpectedKind.LEAVES, 1): False,
        (ExpectedKind.ARRIVES, 1): True,
        (ExpectedKind.CHECKS_IN, 1): True,
    }  # fmt: skip


def test_night_in_which_clocks_go_back_keeps_the_order(press: Typesetter) -> None:
    """The 25th of October 2026: half past two comes twice, and the later one is later."""
    first = ZonedTime.at(datetime(2026, 10, 25, 2, 30), make.STOCKHOLM)  # noqa: DTZ001
    after = ZonedTime.at(datetime(2026, 10, 25, 3, 10), make.STOCKHOLM)  # noqa: DTZ001
    found = events(press, {**FERRY, "departs": first, "arrives": after, "check_in": None})
    assert [one.what for one in found] == [ExpectedKind.LEAVES, ExpectedKind.ARRIVES]
    assert found[1].here - found[0].here > timedelta(0)


def test_what_has_no_time_is_not_watched_and_legs_keep_their_order(press: Typesetter) -> None:
    open_ended: dict[str, Value] = {**BUS, "departs": None, "arrives": None}
    assert events(press, open_ended) == []
    legs = legs_in_order(watched({"fallback": "Ring"}, FERRY, BUS))
    assert [leg.record.sequence for leg in legs] == [1, 2, None]


def test_leg_after_one_in_the_bin_has_the_number_of_the_form(press: Typesetter) -> None:
    assert {one.leg for one in events(press, {**BUS, "sequence": 3})} == {1}


def test_place_and_who_meets_are_said_in_the_papers_language_or_another(press: Typesetter) -> None:
    russian = {one.what: one for one in events(press, FERRY, code="ru")}
    english = {one.what: one for one in events(press, FERRY, code="en")}
    assert (russian[ExpectedKind.ARRIVES].who, russian[ExpectedKind.ARRIVES].sign) == (
        "Анна",
        "жёлтый шарф",
    )
    assert russian[ExpectedKind.ARRIVES].place == "Рига"
    assert (
        english[ExpectedKind.ARRIVES].place == "Riga"
    )  # as it was written down, for there is no English


def test_numbers_are_hers_first_then_of_people_then_of_houses(press: Typesetter) -> None:
    more = (
        make.row("help_number", {"sequence": 1, "number": "+46 70-174 06 15"}),
        make.row("contact", {"given_name": "Karin", "phone": "+46 70-174 06 33"}),
        make.row("organisation", {"name": "Дом у реки"}),
        make.row("phone", {"number": "+7 000 555-01-17", "hours": told("dygnet runt", "всегда")}),
    )
    about = PrintContext(MADE, "EB", 1, NAMES)
    said = duty_numbers(watched(FERRY, more=more), about, press.program("sv"))
    assert said == [
        DutyNumber("nr 1 på hennes papper", "+46 70 174 06 15", ""),
        DutyNumber("Karin", "+46 70 174 06 33", ""),
        DutyNumber("Дом у реки", "+7 000 555 01 17", "dygnet runt"),
    ]


@pytest.mark.parametrize("code", ["sv", "en", "ru"])
def test_same_plan_gives_the_same_bytes_and_forty_legs_go_on(press: Typesetter, code: str) -> None:
    order = PaperRequest(PaperName.DUTY_SHEET, make.PLAN, code)
    about = PrintContext(MADE, "EB", 2, NAMES)
    many = [
        {**FERRY, "sequence": number, "fallback": f"Reserv {number}"} for number in range(1, 41)
    ]
    pdf = make_duty_sheet(order, watched(*many), about, press)
    assert pdf == make_duty_sheet(order, watched(*many), about, press)
    pages = page_texts(pdf)
    assert len(pages) > 5
    assert all(str(len(pages)) in page.split()[-1] for page in pages)
    title = f"{press.program(code).gettext('Duty sheet')} · tulpan-47 · NINA VYMYSLOVA"
    assert all(title in page for page in pages[1:])  # nobody knows a sheet alone without it
    whole = " ".join(" ".join(pages).split())
    assert all(f"Reserv {number}" in whole for number in range(1, 41))


def test_plan_of_which_nothing_is_known_yet_has_a_sheet_to_write_on(press: Typesetter) -> None:
    order = PaperRequest(PaperName.DUTY_SHEET, make.PLAN, "sv")
    utc = PrintContext(MADE.astimezone(ZoneInfo("UTC")), "EB", 1)
    bare = make.disclosed(
        to=make.OWN_DESK, by=Channel.DESK_PAPER, rows=(make.row("client", {}), make.row("leg", BUS))
    )
    said = " ".join(page_texts(make_duty_sheet(order, bare, utc, press)))
    assert "UTC" in said
    assert "Antecknat för hand" in said
