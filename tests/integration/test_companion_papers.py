# SPDX-License-Identifier: GPL-3.0-or-later
"""The companion's sheet and the receipt from a real store: by whose consent, and with what."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import pytest
from tests.support.make import at
from tests.support.samples import first

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Handover
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Translation, Value
from kfdesk.environment import Environment
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.core.records import change_record, create_record, undo
from kfdesk.services.core.session import Session
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.production import make_paper, paper_obstacles
from kfdesk.storage import key_slots


@dataclass(frozen=True)
class Set:
    desk: Session
    plan: bytes
    legs: tuple[bytes, bytes]
    consent: bytes


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Set]:
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    folder = tmp_path_factory.mktemp("store") / "store"
    desk = store_lifecycle.create_store(
        folder, people.HOUSE, who, Environment(cost=key_slots.MIN_COST)
    )
    plan, legs = story.enter_plan(desk, desk.identity.organisation)
    consent = story.consent_to_escort(desk, plan)
    yield Set(desk, plan, legs, consent)
    desk.store.close()


@contextmanager
def changed(desk: Session, rid: bytes, **values: Value) -> Iterator[None]:
    """Change a record of the store until the end of the block."""
    done = change_record(desk, rid, values)
    try:
        yield
    finally:
        undo(desk, done)


def companions(plan: bytes, code: str = "ru", form: PaperFormat = PaperFormat.A4) -> PaperRequest:
    return PaperRequest(PaperName.ESCORTS_SHEET, plan, code, form)


def receipt(plan: bytes, code: str = "sv") -> PaperRequest:
    return PaperRequest(PaperName.HANDOVER_RECEIPT, plan, code, PaperFormat.A5)


def said(desk: Session, order: PaperRequest) -> str:
    return " ".join(" ".join(page_texts(make_paper(desk, order).pdf)).split())


def refused(desk: Session, order: PaperRequest) -> list[str]:
    return [
        f"{one.code} {one.data.get('field', '')}".strip() for one in paper_obstacles(desk, order)
    ]


@pytest.mark.parametrize("form", first(1, PAPER_KINDS[PaperName.ESCORTS_SHEET].forms))
@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_companion_has_legs_help_and_calls_by_her_consent(
    store: Set, code: str, form: PaperFormat
) -> None:
    text = said(store.desk, companions(store.plan, code, form))
    for time in ("17:00", "10:30", "12:40", "20:15", "10:45", "21:00", "09:00"):
        assert time in text
    assert "NINA VYMYSLOVA" in text
    assert "+46 70 174 06 15" in text
    assert "112" in text


def test_companion_is_told_nothing_else(store: Set) -> None:
    text = said(store.desk, companions(store.plan, "sv"))
    for secret in ("HX 20417", "blåsippa", "tulpan-47", "Вымыслова", "Påhittad", "ambassaden"):
        assert secret not in text
    assert "hiss i stället för trappor" in text


def test_without_her_consent_nothing_is_printed_and_the_consent_is_named(store: Set) -> None:
    desk, order = store.desk, companions(store.plan)
    with changed(desk, store.consent, groups=(DataGroup.HEALTH,)):
        assert refused(desk, order) == ["paper.no_consent"]
        with pytest.raises(KfdeskError, match=r"paper\.no_consent"):
            make_paper(desk, order)
    with changed(desk, store.consent, explained=()):
        assert refused(desk, order) == ["paper.consent_incomplete"]
    with changed(desk, store.consent, expires=date(2020, 1, 1)):
        assert refused(desk, order) == ["paper.consent_expired"]
    with changed(desk, store.consent, withdrawn=people.zoned_time(desk.adapters.clock.now())):
        assert refused(desk, order) == ["paper.consent_withdrawn"]
        assert refused(desk, receipt(store.plan)) == ["paper.consent_withdrawn"]


def test_without_consent_to_health_neither_help_nor_reminders_are_told(store: Set) -> None:
    with changed(store.desk, store.consent, groups=(DataGroup.IDENTITY, DataGroup.TRAVEL)):
        text = said(store.desk, companions(store.plan))
    assert "17:00" in text
    assert "лифт" not in text
    assert "коробка" not in text
    assert "Напоминания" not in text


def test_reminder_stands_beside_the_place_whose_clock_it_means(store: Set) -> None:
    desk, order = store.desk, companions(store.plan)
    assert "21:00 Стокгольм синяя коробка" in said(desk, order)
    assert "09:00 Рига синяя коробка" in said(desk, order)
    warnings = PAPER_KINDS[order.paper].warnings
    assert "paper.reminder_without_place" not in [one.code for one in warnings(desk, order)]
    bare = people.localized("21:00 blå ask", "21:00 синяя коробка", "21:00 blue box")
    with changed(desk, store.plan, reminders=bare):
        told = [one.data["field"] for one in warnings(desk, order)
                if one.code == "paper.reminder_without_place"]  # fmt: skip
        assert told == ["plan.reminders"]


def test_plan_without_a_companion_has_no_companions_sheet(store: Set) -> None:
    with changed(store.desk, store.plan, escort=None):
        assert refused(store.desk, companions(store.plan)) == ["paper.missing plan.escort"]


def test_text_without_the_papers_language_is_named_with_its_field(store: Set) -> None:
    only = (Translation("sv", "Hiss"),)
    with changed(store.desk, store.plan, travel_help=only):
        assert refused(store.desk, companions(store.plan)) == [
            "paper.not_in_language plan.travel_help"
        ]
        assert refused(store.desk, companions(store.plan, "sv")) == []
    with changed(store.desk, store.legs[1], sign=only):
        (fault,) = paper_obstacles(store.desk, companions(store.plan))
        assert dict(fault.data) == {"field": "leg.sign", "number": 2, "language": "ru"}
    number = store.desk.store.rows("help_number")[0].rid
    with changed(store.desk, number, answered_by=only, hours=only):
        (fault,) = paper_obstacles(store.desk, companions(store.plan))
        assert fault.data["field"] == "help_number.answered_by"


def test_field_in_conflict_keeps_the_companions_papers_back(store: Set) -> None:
    done = change_record(store.desk, store.legs[1], {"arrives": None}, ())
    for order in (companions(store.plan), receipt(store.plan)):
        assert refused(store.desk, order) == ["paper.conflict leg.arrives"]
    undo(store.desk, done)
    assert refused(store.desk, companions(store.plan)) == []


def test_leg_that_is_off_is_on_no_paper_of_the_companion(store: Set) -> None:
    with changed(store.desk, store.legs[0], status="cancelled"):
        text = said(store.desk, companions(store.plan))
    assert "Värtahamnen" not in text
    assert "Псков" in text


def test_receipt_before_the_arrival_knows_only_what_is_planned(store: Set) -> None:
    text = said(store.desk, receipt(store.plan))
    assert "20:15, Busstationen, stora ingången" in text
    assert "Olga" in text
    assert "1 resväska, blå" in text
    for more in ("NINA", "Pskov", "Riga", "+46", "tulpan"):
        assert more not in text
    after_the_handover(store)


def after_the_handover(store: Set) -> None:
    """Record a handover, so that the receipt says who gave what to whom."""
    values: dict[str, Value] = {
        "happened": at(13, 20, 40, people.MOSCOW),
        "place": "door",
        "given_by": "Karin",
        "received_by": "Vera",
        "items": (Translation("sv", "1 väska\nnycklar"),),
    }  # fmt: skip
    handover = create_record(store.desk, Handover, values, parent=store.plan)
    text = said(store.desk, receipt(store.plan))
    assert "20:40, vid dörren" in text
    assert "Karin" in text
    assert "Vera" in text
    assert "nycklar" in text
    assert "resväska" not in text
    with changed(store.desk, handover, place="arrival"):
        assert "20:40, Busstationen, stora ingången" in said(store.desk, receipt(store.plan))


def test_receipt_is_her_own_where_nobody_goes_with_her(store: Set) -> None:
    with changed(store.desk, store.plan, escort=None):
        assert refused(store.desk, receipt(store.plan)) == []
        assert "Kvittens" in said(store.desk, receipt(store.plan))
        with changed(store.desk, store.plan, wants_paper="no_paper"):
            assert refused(store.desk, receipt(store.plan)) == ["paper.not_wanted"]


def test_receipt_and_her_sheet_want_the_things_in_their_language(store: Set) -> None:
    desk, only = store.desk, (Translation("ru", "1 чемодан"),)
    hers = PaperRequest(PaperName.TRAVELLERS_SHEET, store.plan, "sv")
    with changed(desk, store.plan, luggage=only):
        assert refused(desk, hers) == ["paper.not_in_language plan.luggage"]
        if not [row for row in desk.store.children(store.plan) if row.type == "handover"]:
            assert refused(desk, receipt(store.plan)) == ["paper.not_in_language plan.luggage"]


def test_her_sheet_in_two_languages_wants_both_and_names_each_gap_once(store: Set) -> None:
    desk = store.desk
    two = PaperRequest(PaperName.TRAVELLERS_SHEET, store.plan, "ru", beside="sv")
    text = said(desk, two)
    assert "Möter dig: Olga, blått paraply" in text
    assert "Вас встречает" in text
    with changed(desk, store.legs[0], sign=(Translation("ru", "жёлтый шарф"),)):
        (fault,) = paper_obstacles(desk, two)
        assert dict(fault.data) == {"field": "leg.sign", "number": 1, "language": "sv"}
        assert refused(desk, PaperRequest(PaperName.TRAVELLERS_SHEET, store.plan, "ru")) == []


@pytest.mark.parametrize(
    "order",
    [
        PaperRequest(PaperName.ESCORTS_SHEET, b"", "vi"),
        PaperRequest(PaperName.ESCORTS_SHEET, b"", "ru", PaperFormat.A6_FOLD),
        PaperRequest(PaperName.ESCORTS_SHEET, b"", "ru", beside="sv"),
        PaperRequest(PaperName.HANDOVER_RECEIPT, b"", "ru", PaperFormat.A4),
        PaperRequest(PaperName.TRAVELLERS_SHEET, b"", "ru", beside="vi"),
        PaperRequest(PaperName.TRAVELLERS_SHEET, b"", "ru", beside="ru"),
    ],
    ids=["language", "form", "second", "size", "second language", "same language"],
)
def test_paper_that_does_not_come_so_is_not_made(store: Set, order: PaperRequest) -> None:
    with pytest.raises(KfdeskError, match=r"paper\.(not_offered|no_text|same_language)"):
        make_paper(store.desk, replace(order, subject=store.plan))


def test_sheet_in_two_languages_names_for_each_what_it_lacks(store: Set) -> None:
    order = PaperRequest(PaperName.TRAVELLERS_SHEET, store.plan, "bg", beside="uk")
    said = [(one.data["field"], one.data.get("number"), one.data.get("language"))
            for one in paper_obstacles(store.desk, order)]  # fmt: skip
    assert len(said) == len(set(said))
    first = ("leg.from_place", 1)
    assert [language for *where, language in said if tuple(where) == first] == ["bg", "uk"]


@pytest.mark.parametrize("code", ["bg", "ro", "uk"])
def test_her_sheet_in_a_language_without_texts_names_what_is_missing(store: Set, code: str) -> None:
    faults = refused(store.desk, PaperRequest(PaperName.TRAVELLERS_SHEET, store.plan, code))
    assert set(faults) == {
        "paper.not_in_language leg.from_place", "paper.not_in_language leg.to_place",
        "paper.not_in_language leg.from_stop", "paper.not_in_language leg.to_stop",
        "paper.not_in_language leg.met_by", "paper.not_in_language leg.sign",
        "paper.not_in_language leg.onward", "paper.not_in_language help_number.hours",
        "paper.not_in_language help_number.answered_by",
        "paper.not_in_language plan.luggage",
    }  # fmt: skip
