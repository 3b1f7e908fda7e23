# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of disclosed records on the companion's sheet and on the receipt."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from tests.support.make import (
    A_PERSON,
    ESCORT,
    FILLED,
    MOSCOW,
    RIGA,
    at,
    consent,
    disclosed,
    named_id,
    row,
)

from kfdesk.documents.escort.content import (
    CallRecipient,
    CheckInCall,
    EscortSheet,
    Reminder,
    build_escort_sheet,
)
from kfdesk.documents.receipt import ArrivalReceipt, build_receipt
from kfdesk.documents.traveller.content import Greeter, Transfer, build_traveller_sheet
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.itinerary import EmergencyNumber
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.rows import Row
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Translation, Value

ALL = (DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.HEALTH)
RU = "ru"


def said(text: str) -> tuple[Translation, ...]:
    return (Translation(RU, text),)


def leg(number: int, **values: Value) -> Row:
    whole = {**FILLED["leg"], "sequence": number, **values}
    return row("leg", whole, rid=named_id(f"leg {number}"))


def given(paper: PaperName, *rows: Row, groups: tuple[DataGroup, ...] = ALL) -> Disclosed:
    """Return what an escort may have of these rows below a full client and plan."""
    agreed = consent("company", purpose="travel_escort", recipient=ESCORT.hex(), groups=groups)
    above = (row("client"), row("plan"))
    what = disclosed(agreed, to=A_PERSON, by=Channel.CARRIED, rows=(*above, *rows))
    return what.only_keys(CONTENTS[paper])


def sheet(*rows: Row, groups: tuple[DataGroup, ...] = ALL) -> EscortSheet:
    return build_escort_sheet(given(PaperName.ESCORTS_SHEET, *rows, groups=groups), RU)


def receipt(*rows: Row) -> ArrivalReceipt:
    return build_receipt(given(PaperName.HANDOVER_RECEIPT, *rows), RU)


def number(place: int, **values: Value) -> Row:
    whole = {**FILLED["help_number"], "sequence": place, **values}
    return row("help_number", whole, rid=named_id(f"number {place}"))


def test_leg_has_both_ends_who_meets_and_how_it_goes_on() -> None:
    (made,) = sheet(leg(1)).legs
    assert (made.number, made.start.place, made.end.place) == (1, "Стокгольм", "Рига")
    assert (made.start.moment.hour, made.end.moment.hour, made.end.zone) == (17, 10, RIGA)
    assert made.clock_change == timedelta(hours=1)
    assert made.ride.duration == timedelta(hours=16, minutes=30)
    assert made.meets == Greeter("Анна", "жёлтый шарф")
    assert made.onward == Transfer("Машина с Анной", "car", timedelta(minutes=25))


@pytest.mark.parametrize(
    ("mode", "minutes", "span"),
    [
        ("car", 25, timedelta(minutes=25)),
        ("car", None, None),
        ("hovercraft", 1440, timedelta(days=1)),  # a code of a newer program
        (None, -5, None),
        ("taxi", 10**9, None),
    ],
)
def test_way_onward_has_its_vehicle_and_its_minutes(
    press: Typesetter, mode: str | None, minutes: int | None, span: timedelta | None
) -> None:
    legs = (leg(1, onward_mode=mode, onward_minutes=minutes), leg(2))
    what = given(PaperName.TRAVELLERS_SHEET, *legs, groups=ALL)
    transfer = build_traveller_sheet(what, press.client(RU)).stops[1].transfer
    assert transfer == Transfer("Машина с Анной", mode, span)
    assert sheet(*legs).legs[0].onward == transfer


def test_legs_stand_in_their_order_under_their_own_numbers() -> None:
    assert [one.number for one in sheet(leg(3), leg(1), leg(2)).legs] == [1, 2, 3]


def test_nobody_meets_them_where_that_was_agreed() -> None:
    (made,) = sheet(leg(1, alone=True)).legs
    assert made.meets is None


def test_leg_without_a_time_makes_no_sheet() -> None:
    with pytest.raises(KfdeskError, match=r"paper\.incomplete"):
        sheet(leg(1, departs=None))


def test_what_helps_and_reminders_are_lines_and_times_stand_apart() -> None:
    helps: Mapping[str, Value] = {
        **FILLED["plan"],
        "travel_help": said("Лифт вместо лестницы\n\n Тихие места "),
        "reminders": said("21:00 синяя коробка\n9:00 – с едой\nпосле ужина"),
    }
    agreed = consent("company", purpose="travel_escort", recipient=ESCORT.hex(), groups=ALL)
    rows = (row("client"), row("plan", helps), leg(1))
    what = disclosed(agreed, to=A_PERSON, by=Channel.CARRIED, rows=rows)
    made = build_escort_sheet(what.only_keys(CONTENTS[PaperName.ESCORTS_SHEET]), RU)
    assert made.needs == ("Лифт вместо лестницы", "Тихие места")
    assert made.reminders == (
        Reminder("21:00", "синяя коробка"), Reminder("9:00", "с едой"),
        Reminder("", "после ужина"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "reminder"),
    [
        ("21:00 Стокгольм, синяя коробка", Reminder("21:00", "синяя коробка", "Стокгольм")),
        ("9:00 – рига: синяя коробка", Reminder("9:00", "синяя коробка", "рига")),
        ("9:00 Рига", Reminder("9:00", "", "Рига")),
        ("9:00 Ригатони", Reminder("9:00", "Ригатони")),
        ("9:00 Псков, коробка", Reminder("9:00", "Псков, коробка")),  # no place of this journey
        ("Рига, 9:00", Reminder("", "Рига, 9:00")),
    ],
)
def test_place_of_the_journey_behind_the_time_stands_with_it(line: str, reminder: Reminder) -> None:
    agreed = consent("company", purpose="travel_escort", recipient=ESCORT.hex(), groups=ALL)
    plan = row("plan", {**FILLED["plan"], "reminders": said(line)})
    what = disclosed(agreed, to=A_PERSON, by=Channel.CARRIED, rows=(row("client"), plan, leg(1)))
    made = build_escort_sheet(what.only_keys(CONTENTS[PaperName.ESCORTS_SHEET]), RU)
    assert made.reminders == (reminder,)


def test_longer_of_two_places_stands_behind_the_time() -> None:
    agreed = consent("company", purpose="travel_escort", recipient=ESCORT.hex(), groups=ALL)
    plan = row("plan", {**FILLED["plan"], "reminders": said("9:00 Рига Порт: коробка")})
    legs = (leg(1), leg(2, from_place=said("Рига Порт")))
    what = disclosed(agreed, to=A_PERSON, by=Channel.CARRIED, rows=(row("client"), plan, *legs))
    made = build_escort_sheet(what.only_keys(CONTENTS[PaperName.ESCORTS_SHEET]), RU)
    assert made.reminders == (Reminder("9:00", "коробка", "Рига Порт"),)


def test_without_consent_to_health_neither_is_there() -> None:
    made = sheet(leg(1), groups=(DataGroup.IDENTITY, DataGroup.TRAVEL))
    assert (made.needs, made.reminders) == ((), ())
    assert made.ticket_names == ("NINA VYMYSLOVA",)
    assert made.languages == ("ru", "en")


def test_calls_follow_the_clock_and_know_who_has_met_them() -> None:
    before = leg(1, check_in=at(12, 16, 45))
    after = leg(2, departs=at(13, 12, 40, RIGA), arrives=at(13, 20, 15, MOSCOW),
                check_in=at(13, 20, 45, MOSCOW), met_by=said("Ольга"))  # fmt: skip
    silent = leg(3, check_in=None)
    assert sheet(after, before, silent).calls == (
        CheckInCall(datetime(2026, 12, 12, 16, 45), "Europe/Stockholm", is_after_arrival=False),  # noqa: DTZ001
        CheckInCall(datetime(2026, 12, 13, 20, 45), MOSCOW, is_after_arrival=True, met="Ольга"),  # noqa: DTZ001
    )


def test_call_after_a_leg_that_nobody_met_names_nobody() -> None:
    (call,) = sheet(leg(1, alone=True)).calls
    assert (call.is_after_arrival, call.met) == (True, "")


def test_numbers_stand_in_their_order_with_a_name_if_it_is_told() -> None:
    rows = (number(2, answered_by=None, number="+371 00 000 117"), number(1))
    assert sheet(leg(1), *rows).answering == (
        CallRecipient("Марина", "+46 70 174 06 15"),
        CallRecipient("", "+371 00 000 117"),
    )


def test_emergency_number_is_that_of_the_whole_way() -> None:
    assert sheet(leg(1)).emergency == EmergencyNumber("112")
    far = leg(2, arrives=at(14, 8, 0, "Asia/Bangkok"))
    assert sheet(leg(1), far).emergency == EmergencyNumber("191", "TH")


def test_receipt_before_the_handover_is_that_of_the_last_arrival() -> None:
    last = leg(2, arrives=at(13, 20, 15, MOSCOW), to_stop=said("Автовокзал"), met_by=said("Ольга"))
    made = receipt(leg(1), last)
    assert made.moment == datetime(2026, 12, 13, 20, 15)  # noqa: DTZ001
    assert (made.place, made.giver, made.receiver) == ("Автовокзал", "", "Ольга")


def test_receipt_after_the_handover_is_that_of_the_last_one() -> None:
    late = row("handover", {**FILLED["handover"], "place": "door"}, rid=named_id("late"))
    early = row(
        "handover",
        {**FILLED["handover"], "happened": at(10, 9), "received_by": "Vera"},
        rid=named_id("early"),
    )
    made = receipt(leg(1), early, late)
    assert (made.giver, made.receiver, made.kind, made.place) == ("Karin", "Olga", "door", "")
    assert made.moment == datetime(2026, 12, 14, 19)  # noqa: DTZ001
    assert made.things == ("1 чемодан, телефон",)


def test_receipt_of_a_handover_without_its_time_has_that_of_the_arrival() -> None:
    bare = row("handover", {"place": "arrival"}, rid=named_id("bare"))
    made = receipt(leg(1), bare)
    assert made.moment == datetime(2026, 12, 13, 10, 30)  # noqa: DTZ001
    assert made.place == "Rīgas pasažieru osta, морской вокзал"
    assert made.receiver == "Анна"


def test_receipt_of_nothing_is_empty() -> None:
    made = receipt()
    assert (made.moment, made.place, made.receiver) == (None, "", "")
