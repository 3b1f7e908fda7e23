# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers that stay at the desk: the duty sheet, the list of contacts, and their cards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any, cast

import pytest
from pypdf import PdfReader
from tests.support.make import Values, told
from tests.support.papers import drawn_paper

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.codes.core import ListFilter, PaperFormat, PaperName, PaperRequest
from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import Note
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.environment import Environment
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    require_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import (
    PaperSubject,
    list_copies,
    list_paper_subjects,
    make_paper,
    offered_papers,
    paper_obstacles,
    preview_pages,
)
from kfdesk.storage import key_slots

SECRET_HOUSE, ADDRESS = "Hemliga huset", "Påhittade gatan 9"
CODE_WORD = "blåsippa"  # of the demo's plan


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    folder = tmp_path_factory.mktemp("papers") / "store"
    made = store_lifecycle.create_store(
        folder, people.HOUSE, who, Environment(cost=key_slots.MIN_COST)
    )
    _enter_house(made, "Naiste Näide", "EE")
    _enter_house(made, "Centrs Paraugs", "LV")
    _enter_house(made, SECRET_HOUSE, "SE", confidentiality="secret")
    yield made
    made.store.close()


def _enter_house(desk: Session, name: str, country: str, **values: str) -> bytes:
    described = {"name": name, "country": country, "confidentiality": "partners_only"}
    house = create_record(desk, Organisation, {**described, "address": ADDRESS, **values})
    phone: Values = {
        "number": "+372 000 0101",
        "hours": told("mån–fre 9–16", "пн–пт 9–16"),
        "languages": ("et", "ru"),
        "confidentiality": "partners_only",
    }
    create_record(desk, Phone, {**phone, "is_safe": True}, house)
    create_record(desk, Phone, {**phone, "number": "+372 000 0999", "is_safe": False}, house)
    person: Values = {
        "given_name": f"Anna {country}",
        "family_name": "Hemlig",
        "organisation": house.hex(),
        "confidentiality": "partners_only",
        "phone": "+46 70 000 11 22",
        "may_be_shared": True,
    }
    create_record(desk, Contact, person)
    return house


@pytest.fixture
def plan(desk: Session) -> tuple[bytes, tuple[bytes, bytes]]:
    house = next(one for one in houses(desk) if one.name == "Naiste Näide")
    return story.enter_plan(desk, house.rid)


def houses(desk: Session) -> tuple[PaperSubject, ...]:
    return list_paper_subjects(desk, PaperName.CONTACT_LIST)


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf))


def duty(plan: bytes, code: str = "sv") -> PaperRequest:
    return PaperRequest(PaperName.DUTY_SHEET, plan, code)


def listed(code: str = "sv", by: ListFilter | None = None) -> PaperRequest:
    return PaperRequest(PaperName.CONTACT_LIST, b"", code, filter=by or ListFilter())


# the duty sheet


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_duty_sheet_has_every_event_by_our_clock_and_by_theirs(
    desk: Session, plan: tuple[bytes, tuple[bytes, bytes]], code: str
) -> None:
    said = text_of(make_paper(desk, duty(plan[0], code)).pdf)
    assert str(people.CLIENT["name_on_ticket"]) in said
    for clock in ("17:00", "10:30", "10:45", "12:40", "20:15"):  # as they are where she is
        assert clock in said
    assert "+46 70 174 06 15" in said  # a number on her own paper
    assert "+372 000 0101" in said  # of who receives her
    assert "+372 000 0999" not in said  # may not be called about a client


def test_duty_sheet_is_printed_in_a_conflict_with_both_values(
    desk: Session, plan: tuple[bytes, tuple[bytes, bytes]]
) -> None:
    rid, first = plan[0], plan[1][0]
    row = require_record(desk, first)
    leg = view(row, Leg).record
    assert isinstance(leg.departs, ZonedTime)
    later = ZonedTime.at(leg.departs.wall + timedelta(hours=2, minutes=7), leg.departs.zone)
    change_record(desk, first, {"departs": later}, ())
    change_record(desk, first, {"carrier": "M/S Annan"}, ())
    change_record(desk, rid, {"alarm_plan": "Ring bara Olga"}, ())
    assert paper_obstacles(desk, duty(rid, "en")) == ()
    said = " ".join(text_of(make_paper(desk, duty(rid, "en")).pdf).split())
    for text in ("17:00", "19:07", "Ring bara Olga", "two values, not yet decided"):
        assert text in said
    assert said.count("Leg 1 departs: Stockholm") == 2
    (copy,) = (one for one in list_copies(desk) if one.view.record.subject == rid.hex())
    assert not copy.is_draft


def test_duty_sheet_without_a_check_in_is_printed_with_a_warning(
    desk: Session, plan: tuple[bytes, tuple[bytes, bytes]]
) -> None:
    change_record(desk, plan[1][0], {"check_in": None})
    look = preview_pages(desk, duty(plan[0]), 0.2)
    assert look.pages
    assert [(one.code, one.data["number"]) for one in look.warnings] == [
        ("paper.no_check_in", 1), ("paper.no_check_in", 2),
    ]  # fmt: skip


def test_duty_sheet_says_what_was_agreed_if_a_leg_fails(
    desk: Session, plan: tuple[bytes, tuple[bytes, bytes]]
) -> None:
    change_record(desk, plan[1][0], {"fallback": "Nästa färja, Karin väntar"})
    said = text_of(make_paper(desk, duty(plan[0])).pdf)
    assert "Nästa färja, Karin väntar" in said


def test_duty_sheet_has_no_history_and_no_code_word(
    desk: Session, plan: tuple[bytes, tuple[bytes, bytes]]
) -> None:
    change_record(desk, plan[0], {"type_of_exploitation": ("ForcedLabour",)})
    create_record(desk, Note, {"content": "En hemlig anteckning"}, plan[0])
    said = text_of(make_paper(desk, duty(plan[0], "en")).pdf)
    assert CODE_WORD not in said
    assert "Forced labour" not in said
    assert "anteckning" not in said


@pytest.mark.parametrize("text", ["Säg blåsippa", "ring och säg BLÅSIPPA!"])
def test_code_word_in_a_text_keeps_the_duty_sheet_back(
    desk: Session, plan: tuple[bytes, tuple[bytes, bytes]], text: str
) -> None:
    change_record(desk, plan[0], {"alarm_plan": text})
    found = paper_obstacles(desk, duty(plan[0]))
    assert [(one.code, one.data) for one in found] == [
        ("paper.code_word", {"field": "plan.alarm_plan"})
    ]
    with pytest.raises(KfdeskError, match=r"paper\.code_word"):
        make_paper(desk, duty(plan[0]))


def test_rest_of_the_last_page_is_lines_to_write_on(
    desk: Session, plan: tuple[bytes, tuple[bytes, bytes]]
) -> None:
    pdf = make_paper(desk, duty(plan[0])).pdf
    (page,) = PdfReader(BytesIO(pdf)).pages[-1:]
    drawn: list[float] = []

    def seen(operator: bytes, operands: list[float], *_: object) -> None:
        if operator in (b"l", b"re"):
            drawn.append(float(operands[1]))

    page.extract_text(visitor_operand_before=seen)
    lowest = sorted({round(height) for height in drawn})[:6]
    assert lowest[0] < 120  # the rules go on to the foot
    assert lowest[-1] - lowest[0] < 160


def test_leg_that_is_off_is_not_watched_and_without_any_there_is_no_sheet(
    desk: Session, plan: tuple[bytes, tuple[bytes, bytes]]
) -> None:
    change_record(desk, plan[1][0], {"status": "cancelled"})
    said = text_of(make_paper(desk, duty(plan[0])).pdf).replace("CET, Stockholm", "the zone")
    assert "Stockholm" not in said
    change_record(desk, plan[1][1], {"status": "missed"})
    assert [one.code for one in paper_obstacles(desk, duty(plan[0]))] == ["paper.missing"]


# contacts


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_list_has_open_entries_by_country_and_neither_secrets_nor_addresses(
    desk: Session, code: str
) -> None:
    said = text_of(make_paper(desk, listed(code)).pdf)
    for name in ("Naiste Näide", "Centrs Paraugs", "+372 000 0101", "Anna EE"):
        assert name in said
    for never in (SECRET_HOUSE, ADDRESS, "Hemlig", "+46 70 000 11 22", "Anna SE"):
        assert never not in said
    assert app.language(code).country("EE") in said
    assert app.language(code).country("SE") not in said
    counted = f"{app.language(code).gettext('Number of entries')} 2"
    assert counted in " ".join(said.split())  # secret ones are not counted either


def test_person_of_a_house_that_is_not_shown_is_not_entered_as_given(desk: Session) -> None:
    make_paper(desk, listed())
    (person,) = (
        row for row in desk.store.rows("contact")
        if view(row, Contact).record.given_name == "Anna SE"
    )  # fmt: skip
    assert not list(desk.store.ledger.about([person.rid]))


def test_list_has_the_day_of_the_last_check_and_nothing_else_that_stays_here(desk: Session) -> None:
    values: dict[str, Value] = {
        "checked": date(2026, 1, 31), "checked_by": "Kontrollant", "note": "Deras hund bits",
        "verification": "verified_by_call", "offers": "Egna ord", "email": "e@example.se",
    }  # fmt: skip
    house = _enter_house(desk, "Kontrollerat hus", "FI")
    change_record(desk, house, values)
    said = text_of(drawn_paper(desk, listed(by=ListFilter(country="FI"))).pdf)
    delete_record(desk, house)
    assert "31 jan. 2026" in said
    for never in ("Kontrollant", "Deras hund", "Egna ord", "example"):
        assert never not in said


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (ListFilter(country="EE"), {"Naiste Näide"}),
        (ListFilter(service="legal"), {"Juridisk hjälp"}),
        (ListFilter(spoken="ru"), {"Naiste Näide", "Centrs Paraugs", "Juridisk hjälp"}),
        (ListFilter(spoken="fi"), {"Juridisk hjälp"}),
        (ListFilter("EE", "", "fi"), set()),
    ],
)
def test_list_is_chosen_by_country_help_and_language(
    desk: Session, by: ListFilter, names: set[str]
) -> None:
    house = _enter_house(desk, "Juridisk hjälp", "FI")
    change_record(desk, house, {"services": ("legal",), "languages": ("fi",)})
    look = preview_pages(desk, listed(by=by), 0.1)
    said = text_of(drawn_paper(desk, listed(by=by)).pdf) if names else ""
    delete_record(desk, house)
    assert bool(look.pages) is bool(names)
    every = {"Naiste Näide", "Centrs Paraugs", "Juridisk hjälp"}
    assert {name for name in every if name in said} == names


def test_window_is_told_once_that_an_entry_is_left_out(desk: Session) -> None:
    withheld = preview_pages(desk, listed(), 0.1).withheld
    named = {(one.type, one.key) for one in withheld}
    assert named == {("organisation", "name"), ("phone", "number")}
    assert {one.reason for one in withheld} == {WithheldReason.SECRET}


@pytest.mark.slow
def test_list_repeats_its_heads_and_splits_no_row(desk: Session) -> None:
    many = [_enter_house(desk, f"Påhittat hus {number:02}", "LT") for number in range(30)]
    pages = pages_of(drawn_paper(desk, listed(by=ListFilter(country="LT"))).pdf)
    for rid in many:
        delete_record(desk, rid)
    assert len(pages) > 1
    for page in pages:
        assert "Litauen" in page
        assert page.count("Påhittat hus") == page.count("+372 000 0101")


def test_list_of_secret_entries_alone_is_no_paper(desk: Session) -> None:
    for nothing in (
        ListFilter(country="SE"),
        ListFilter(country="NO"),
        ListFilter(service="legal"),
    ):
        found = paper_obstacles(desk, listed(by=nothing))
        assert [one.code for one in found] == ["paper.nothing_listed"]


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_card_stands_ten_times_on_its_page(desk: Session, code: str) -> None:
    (house,) = (one for one in houses(desk) if one.name == "Naiste Näide")
    said = text_of(make_paper(desk, PaperRequest(PaperName.CONTACT_CARD, house.rid, code)).pdf)
    assert said.count("Naiste Näide") == 10
    assert said.count("+372 000 0101") == 10
    assert ADDRESS not in said


def test_card_stands_once_on_an_a6(desk: Session) -> None:
    (house,) = (one for one in houses(desk) if one.name == "Naiste Näide")
    order = PaperRequest(PaperName.CONTACT_CARD, house.rid, "sv", PaperFormat.A6)
    assert text_of(drawn_paper(desk, order).pdf).count("Naiste Näide") == 1


def test_secret_entry_has_no_card(desk: Session) -> None:
    (house,) = (one for one in houses(desk) if one.name == SECRET_HOUSE)
    with pytest.raises(KfdeskError, match=r"paper\.nothing_listed"):
        make_paper(desk, PaperRequest(PaperName.CONTACT_CARD, house.rid, "sv"))


def test_card_without_a_telephone_that_may_be_shown_is_refused_with_what_to_do(
    desk: Session,
) -> None:
    house = _enter_house(desk, "Utan nummer", "NO")
    card = PaperRequest(PaperName.CONTACT_CARD, house, "sv")
    assert paper_obstacles(desk, card) == ()
    phones = [row.rid for row in desk.store.children(house)]
    change_record(desk, phones[0], {"confidentiality": "secret"})
    assert paper_obstacles(desk, card) == ()  # the other one may be shown
    change_record(desk, phones[1], {"confidentiality": "secret"})
    assert [one.code for one in paper_obstacles(desk, card)] == ["paper.no_phone"]
    with pytest.raises(KfdeskError, match=r"paper\.no_phone"):
        make_paper(desk, card)
    for phone in phones:
        delete_record(desk, phone)
    assert [one.code for one in paper_obstacles(desk, card)] == ["paper.no_phone"]
    delete_record(desk, house)


# all of them


def test_pages_are_clean(desk: Session, plan: tuple[bytes, tuple[bytes, bytes]]) -> None:
    for order in (duty(plan[0]), listed()):
        reader = PdfReader(BytesIO(drawn_paper(desk, order).pdf))
        told_of_itself: dict[str, Any] = dict(reader.metadata or {})
        assert not any(told_of_itself.get(key) for key in ("/Title", "/Author", "/Creator"))
        root = cast("dict[str, str]", reader.trailer["/Root"])
        assert root["/Lang"] == "sv"
        for page in reader.pages:
            fonts = cast("dict[str, Any]", page["/Resources"])["/Font"].values()
            names = {font.get_object()["/BaseFont"] for font in fonts}
            assert all("NotoSans" in name and "+" in name for name in names)


def test_only_papers_that_ones_roles_may_make_are_offered(desk: Session) -> None:
    assert PaperName.DUTY_SHEET in offered_papers(desk)
    reader = replace(desk, roles=frozenset({Role.STATISTICS_READER}))
    with pytest.raises(KfdeskError, match=r"user\.not_allowed"):
        offered_papers(reader)
