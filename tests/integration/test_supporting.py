# SPDX-License-Identifier: GPL-3.0-or-later
"""Aims and services: a referral asks for her consent first; the support plan says what is agreed.

The paper is read back as another program reads it, whole, in three languages.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.integration.course_samples import START, Walk, walked
from tests.integration.pair_samples import refusal

from kfdesk.demo import people
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.records.aftercare import FollowUp, Goal, Service
from kfdesk.domain.records.case import Referral
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.rows import view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record, require_record, undo_all
from kfdesk.services.papers.production import make_paper, paper_obstacles
from kfdesk.services.plans.aftercare import create_referral
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.plans import open_plan

AIM = people.localized(
    "Jag vill bli frisör", "Хочу стать парикмахером", "I want to be a hairdresser"
)
COURSE = people.localized("Kvällskurs", "Вечерние курсы", "Evening course")


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path) as made:
        yield made


@pytest.fixture
def school(walk: Walk) -> bytes:
    """Return who gives the service."""
    return create_record(walk.ours, Organisation, {"name": "Skolan", "country": "RU"})


def goal(walk: Walk, **values: Value) -> bytes:
    """Create a goal of the client; return its id."""
    whole: dict[str, Value] = {
        "domain": "vocational",
        "aim": AIM,
        "baseline": "none",
        "progress": "poor",
        "target": "good",
        "due": date(2027, 9, 1),
        "status": "in_progress",
        **values,
    }
    return create_record(walk.ours, Goal, whole, walk.plan)


def service(walk: Walk, **values: Value) -> bytes:
    """Create a service that is offered to the client; return its id."""
    whole: dict[str, Value] = {"what": COURSE, "status": "offered", **values}
    return create_record(walk.ours, Service, whole, walk.plan)


def agree(walk: Walk, recipient: bytes, **values: Value) -> bytes:
    """She agrees that an organisation hears what she needs."""
    whole: dict[str, Value] = {
        **people.reception_consent(START, recipient.hex()),
        "purpose": "referral_service",
        "groups": (DataGroup.IDENTITY, DataGroup.IMMEDIATE_NEEDS),
        **values,
    }
    return create_record(walk.ours, Consent, whole, walk.client)


# referring


def test_referral_names_who_gives_it_and_the_consent_that_carries_it(
    walk: Walk, school: bytes
) -> None:
    consent, rid = agree(walk, school), service(walk, organisation=school.hex())
    create_referral(walk.ours, rid)
    referral = view(walk.one("referral"), Referral).record
    assert (referral.direction, referral.kind, referral.status) == ("out", "refer", "in_progress")
    assert (referral.organisation, referral.consent) == (school.hex(), consent.hex())
    said = view(require_record(walk.ours, rid), Service).record
    assert (said.status, said.referral) == ("referred", walk.one("referral").rid.hex())


def test_referral_is_taken_back_with_what_the_service_said(walk: Walk, school: bytes) -> None:
    agree(walk, school)
    rid = service(walk, organisation=school.hex())
    undo_all(walk.ours, create_referral(walk.ours, rid))
    said = view(require_record(walk.ours, rid), Service).record
    assert (said.status, said.referral) == ("offered", None)
    assert open_plan(walk.ours, walk.plan).case.all_views("referral") == ()


def test_without_somebody_who_gives_it_nobody_is_referred(walk: Walk) -> None:
    rid = service(walk)
    assert refusal(lambda: create_referral(walk.ours, rid)).code == "referral.no_provider"


@pytest.mark.parametrize(
    "values",
    [
        {"groups": (DataGroup.IDENTITY,)},
        {"purpose": "travel_booking", "groups": (DataGroup.IDENTITY, DataGroup.TRAVEL)},
        {"expires": START.date().replace(day=1, month=11)},
        {"explained": ()},
        {"withdrawn": people.zoned_time(START)},
    ],
)
def test_consent_that_does_not_open_it_for_them_is_none(
    walk: Walk, school: bytes, values: dict[str, Value]
) -> None:
    agree(walk, school, **values)
    rid = service(walk, organisation=school.hex())
    assert refusal(lambda: create_referral(walk.ours, rid)).code == "referral.no_consent"
    assert walk.of("referral") == []


def test_consent_that_was_withdrawn_carries_nobody_further(walk: Walk, school: bytes) -> None:
    withdraw_consent(walk.ours, agree(walk, school))
    rid = service(walk, organisation=school.hex())
    assert refusal(lambda: create_referral(walk.ours, rid)).code == "referral.no_consent"


def test_only_a_service_can_be_referred_to(walk: Walk) -> None:
    assert refusal(lambda: create_referral(walk.ours, walk.legs[0])).code == "record.missing"
    assert refusal(lambda: create_referral(walk.ours, bytes(16))).code == "record.missing"


def test_aims_and_services_pass_by_file_under_the_group_of_the_time_after(
    walk: Walk, school: bytes
) -> None:
    rid = goal(walk)
    other = service(walk, goal=rid.hex(), cost=12000, currency="RUB")
    walk.send()
    assert walk.theirs.store.row(rid) is None
    groups = (DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.REINTEGRATION_PLAN)
    change_record(walk.ours, walk.of("consent")[0].rid, {"groups": tuple(map(str, groups))})
    walk.send()
    assert view(require_record(walk.theirs, rid), Goal).record.aim == AIM
    change_record(walk.theirs, other, {"status": "in_progress"})
    change_record(walk.theirs, rid, {"progress": "fair"})
    walk.answer()
    assert view(require_record(walk.ours, rid), Goal).record.progress == "fair"
    assert view(require_record(walk.ours, other), Service).record.status == "in_progress"


# the support plan

SAID = {
    "en": [
        "Support plan tulpan-47",
        (
            "This is what we have agreed on together. It is yours: you can change it or say "
            "no to any part of it at"
        ),
        "any time.",
        "Learning a trade Under way",
        "“I want to be a hairdresser”",
        "At the start",
        "0 – nothing",
        "Now",
        "1 – poor",
        "Your goal",
        "3 – good",
        "By when",
        "1 September 2027",
        "Service Who provides it When Status",
        "Evening course Skolan 11 January 2027",
        "4 June 2027",
        "Ongoing",
        "start now goal",
        "When we are in touch",
        "Day What for Who gets in touch How",
        "Sun 20 December 2026 – – –",
        "Sun 27 December 2026 – – –",
        "Agreed",
        "We have gone through this together.",
        "Your signature · Нина Вымыслова",
        "Place and date",
        "For us · EV",
        "Place and date",
        "For the office: this text was checked twice, but no native speaker has read it yet.",
        "Support plan tulpan-47, printed 1 December 2026 by EV page 1 of 1",
    ],
    "sv": [
        "Individuell stödplan tulpan-47",
        (
            "Det här har vi kommit överens om tillsammans. Planen är din: du kan ändra den "
            "eller säga nej till"
        ),
        "vilken del som helst, när som helst.",
        "Lära sig ett yrke På gång",
        "”Jag vill bli frisör”",
        "I början",
        "0 – inget",
        "Nu",
        "1 – dåligt",
        "Ditt mål",
        "3 – bra",
        "Till när",
        "1 september 2027",
        "Insats Vem som ger den När Status",
        "Kvällskurs Skolan 11 januari 2027",
        "4 juni 2027",
        "Pågår",
        "start nu mål",
        "När vi hörs",
        "Dag Varför Vem hör av sig Hur",
        "sön 20 december 2026 – – –",
        "sön 27 december 2026 – – –",
        "Avtalat",
        "Vi har gått igenom detta tillsammans.",
        (
            "Tolken intygar: papperet är inte skrivet på det språk som den som skriver under "
            "talar (ryska)."
        ),
        "Allt lästes upp på det språket, och varje fråga fick ett svar.",
        "Din underskrift · Нина Вымыслова",
        "Ort och datum",
        "För oss · EV",
        "Ort och datum",
        "Tolk (ryska)",
        "Ort och datum",
        (
            "För kontoret: texten är kontrollerad två gånger, men ingen med språket som modersmål "
            "har läst den än."
        ),
        "Individuell stödplan tulpan-47, utskriven 1 december 2026 av EV sida 1 av 1",
    ],
    "ru": [
        "Индивидуальный план помощи tulpan-47",
        "Вот о чём мы вместе договорились. Это Ваш план: Вы можете изменить его или отказаться от",
        "любой его части в любое время.",
        "Обучение профессии В работе",
        "«Хочу стать парикмахером»",
        "С чего Вы начали",
        "0 — ничего нет",
        "Сейчас",
        "1 — плохо",
        "Ваша цель",
        "3 — хорошо",
        "К какому сроку",
        "1 сентября 2027",
        "Услуга Кто её оказывает Когда Статус",
        "Вечерние курсы Skolan 11 января 2027",
        "4 июня 2027",
        "Идёт",
        "начало сейчас цель",
        "Когда мы будем на связи",
        "День Зачем Кто связывается Каким способом",
        "вс 20 декабря 2026 – – –",
        "вс 27 декабря 2026 – – –",
        "Условлено",
        "Мы обсудили это вместе.",
        "Ваша подпись · Нина Вымыслова",
        "Место и дата",
        "От нас · EV",
        "Место и дата",
        "Для организации: текст проверен дважды, но носитель языка его ещё не читал.",
        "Индивидуальный план помощи tulpan-47, напечатан 1 декабря 2026, EV страница 1 из 1",
    ],
}


def ordered(walk: Walk, code: str = "en") -> PaperRequest:
    return PaperRequest(PaperName.SUPPORT_PLAN, walk.plan, code)


def lines(walk: Walk, code: str = "en") -> list[str]:
    """Return the text of the paper line by line, as another program reads it."""
    pages = page_texts(make_paper(walk.ours, ordered(walk, code)).pdf)
    return [line.strip() for page in pages for line in page.splitlines() if line.strip()]


@pytest.mark.parametrize("code", SAID)
def test_support_plan_says_what_is_agreed_and_nothing_else(
    walk: Walk, school: bytes, code: str
) -> None:
    rid = goal(walk)
    service(
        walk,
        goal=rid.hex(),
        organisation=school.hex(),
        status="in_progress",
        begins=date(2027, 1, 11),
        ends=date(2027, 6, 4),
        cost=12000,
        funding="donor",
    )
    for day, refused in ((20, None), (27, False), (30, True)):
        values: dict[str, Value] = {"due": date(2026, 12, day), "refused": refused}
        create_record(walk.ours, FollowUp, values, walk.plan)
    assert lines(walk, code) == SAID[code]


def test_what_is_missing_is_said_and_leaves_a_line_and_services_without_aim_stand_apart(
    walk: Walk,
) -> None:
    goal(walk, aim=None, baseline=None, due=None)
    service(walk, domain="legal", what=None)
    said = lines(walk)
    assert "not yet" in said
    assert "More services" in said
    assert any(line.startswith("Legal matters") for line in said)


def test_long_plan_goes_on_on_another_page_and_loses_nothing(walk: Walk) -> None:
    for number in range(14):
        aim = people.localized(f"Mål {number}", f"Цель {number}", f"Aim number {number}")
        goal(walk, aim=aim, due=date(2027, 1, 1 + number))
    said = lines(walk)
    assert [f"“Aim number {number}”" for number in range(14)] == [
        line for line in said if line.startswith("“Aim")
    ]
    assert [line[-11:] for line in said if "printed" in line] == [
        "page 1 of 3",
        "page 2 of 3",
        "page 3 of 3",
    ]


def test_without_an_aim_there_is_nothing_to_sign(walk: Walk) -> None:
    (fault,) = paper_obstacles(walk.ours, ordered(walk))
    assert (fault.code, fault.data["field"]) == ("paper.missing", "goal.aim")


def test_code_word_is_not_on_this_paper_either(walk: Walk) -> None:
    goal(walk, aim=people.localized("Plocka blåsippa", "Собирать blåsippa", "Pick blåsippa"))
    codes = [
        (fault.code, fault.data["field"]) for fault in paper_obstacles(walk.ours, ordered(walk))
    ]
    assert codes == [("paper.code_word", "goal.aim")]
