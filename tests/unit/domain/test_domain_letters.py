# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters to authorities: what each may hold, the duty that opens some groups, and the answer."""

from datetime import date, timedelta

import pytest
from tests.support import make
from tests.support.make import disclosed
from tests.unit.domain.disclosure_samples import MAY_OPEN, granted, reasons, with_deletion

from kfdesk.domain.codes.case import LETTER_PURPOSE
from kfdesk.domain.codes.core import CONSENT_PURPOSE
from kfdesk.domain.consent import DUTIES, Recipient, RecipientKind, WithheldReason
from kfdesk.domain.deadlines import AwaitedAnswer, awaited_answers
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.letters import LETTERS, needs_consent, reader_language
from kfdesk.domain.records.case import Referral
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row, view
from kfdesk.domain.schema import DataGroup, SensitivityLevel
from kfdesk.domain.values import MissingAnswer, PartialDate, Value

TODAY = date(2026, 11, 24)
DUTY = "report_of_concern"
PAPER = Channel.DESK_PAPER
CHILD: dict[str, Value] = {**make.FILLED["client"], "birth_date": date(2015, 1, 1)}
CHILD = {**CHILD, "age_band": None, "age_disputed": None}
ADULT = {**CHILD, "birth_date": date(1990, 1, 1)}


def to(purpose: str, rid: bytes | None = make.PARTNER, **more: bool) -> Recipient:
    return Recipient(RecipientKind.ORGANISATION, rid, purpose=purpose, **more)


def case(client: dict[str, Value]) -> tuple[Row, ...]:
    people = (
        ("child", date(2018, 1, 1)), ("child", date(1991, 1, 1)), ("partner", None), (None, None),
    )  # fmt: skip
    relatives = (
        make.row(
            "relationship",
            {"given_name": f"Name {number}", "kind": kind, "birth_date": born},
            rid=make.named_id(f"relative {number}"),
        )
        for number, (kind, born) in enumerate(people)
    )
    below = ("plan", "leg", "legal_status", "risk_assessment", "child_papers")
    return (make.row("client", client), *map(make.row, below), *relatives)


def test_each_letter_has_a_form_and_is_a_purpose_of_consent_or_a_duty() -> None:
    assert LETTERS.keys() == LETTER_PURPOSE.keys()
    assert {one for one in LETTERS if not needs_consent(one)} == set(DUTIES) == {DUTY}
    assert set(LETTERS) - set(DUTIES) <= set(CONSENT_PURPOSE)


@pytest.mark.parametrize("purpose", LETTERS)
def test_letter_names_only_fields_that_its_purpose_may_open_and_each_once(purpose: str) -> None:
    widest = MAY_OPEN[purpose].split() if purpose in MAY_OPEN else DUTIES[purpose].of_child
    named = [
        (name, key) for box in LETTERS[purpose].boxes for name, keys in box.fields for key in keys
    ]
    assert len(named) == len(set(named))
    for name, key in named:
        field = RECORD_TYPES[name].fields[key]
        assert field.to in {*widest, DataGroup.PARTIES}, (name, key)
        assert field.level <= SensitivityLevel.S4
        assert field.retired is None


def test_every_letter_names_who_it_is_about_and_is_never_empty() -> None:
    for form in LETTERS.values():
        assert "family_name" in form.keys["client"]
        assert all(box.fields or box.lines for box in form.boxes)


# --- what is disclosed


@pytest.mark.parametrize("purpose", sorted(set(LETTERS) - set(DUTIES)))
def test_only_a_consent_for_its_purpose_opens_a_letter(purpose: str) -> None:
    wide = make.consent("wide", purpose="case_management", groups=("identity", "legal_case"))
    what = disclosed(wide, to=to(purpose), by=PAPER, rows=case(ADULT))
    assert granted(what) == set()
    meant = make.consent("meant", purpose=purpose, groups=("identity",))
    what = disclosed(wide, meant, to=to(purpose), by=PAPER, rows=case(ADULT))
    assert {grant for row in what.rows for grant in row.grants.values()} == {meant.rid}
    assert "client.family_name" in granted(what)
    assert not any(one.startswith("legal_status.") for one in granted(what))
    assert "consent.purpose" in granted(what)


def test_consent_whose_purpose_is_in_conflict_is_the_reason() -> None:
    consent = make.consent("meant", purpose="police_report", groups=("identity",))
    torn = make.changed(
        consent, {"purpose": "health_care"}, make.signature("ZZ", 5), make.row("consent", {})
    )
    what = disclosed(torn, to=to("police_report"), by=PAPER, rows=case(ADULT))
    assert granted(what) == set()
    assert reasons(what)["client.family_name"] is WithheldReason.CONFLICT


def test_duty_opens_its_groups_without_any_consent_and_a_consent_opens_no_other() -> None:
    wide = make.consent(
        "wide", purpose="case_management", groups=tuple(MAY_OPEN["case_management"].split())
    )
    for consents in ((), (wide,)):
        what = disclosed(*consents, to=to(DUTY), by=PAPER, rows=case(CHILD))
        assert set(what.groups) <= DUTIES[DUTY].of_child
        assert {grant for row in what.rows for grant in row.grants.values()} == {None}
        assert reasons(what)["plan.health_needs"] is WithheldReason.SCOPE
        assert "plan.type_of_exploitation" in granted(what)
        assert sum(one.type == "relationship" for one in what.rows) == 4


def test_duty_about_the_child_of_an_adult_tells_of_the_child_alone() -> None:
    what = disclosed(to=to(DUTY), by=PAPER, rows=case(ADULT))
    assert set(what.groups) <= DUTIES[DUTY].of_parent
    assert [one.rid for one in what.rows if one.type == "relationship"] == [
        make.named_id("relative 0")
    ]
    assert "plan.type_of_exploitation" not in granted(what)


def test_duty_counts_for_an_organisation_on_paper_and_for_a_known_client_alone() -> None:
    for whom in (
        Recipient(RecipientKind.PARTNER, make.PARTNER, is_verified=True, purpose=DUTY),
        Recipient(RecipientKind.PERSON, make.PARTNER, purpose=DUTY),
        to(DUTY, None),
    ):
        assert whom.duty is None
        assert granted(disclosed(to=whom, by=PAPER, rows=case(CHILD))) == set()
    below = tuple(row for row in case(CHILD) if row.type != "client")
    assert granted(disclosed(to=to(DUTY), by=PAPER, rows=below)) == set()


def test_duty_tells_nothing_above_its_level_and_nothing_of_the_desk() -> None:
    what = disclosed(to=to(DUTY), by=PAPER, rows=case(CHILD))
    for one in granted(what):
        name, key = one.split(".")
        assert RECORD_TYPES[name].fields[key].to is not DataGroup.DESK
        assert RECORD_TYPES[name].fields[key].level < SensitivityLevel.S5


# --- referrals that carry a letter


def referral(**values: Value) -> Row:
    return make.row("referral", {"direction": "out", "organisation": make.PARTNER.hex(), **values})


def goes(row: Row, whom: bytes) -> bool:
    recipient = Recipient(RecipientKind.PARTNER, whom, is_verified=True)
    consents = [
        make.consent(name, recipient=rid.hex(), groups=("immediate_needs",))
        for name, rid in (("one", make.PARTNER), ("two", make.THIRD))
    ]
    rows = (make.row("client"), make.row("plan"), row)
    return "referral.direction" in granted(disclosed(*consents, to=recipient, rows=rows))


def test_referral_with_a_letter_goes_to_its_addressee_alone() -> None:
    assert goes(referral(), make.PARTNER)
    assert goes(referral(), make.THIRD)
    letter = referral(purpose="police_report")
    assert goes(letter, make.PARTNER)
    assert not goes(letter, make.THIRD)
    assert not goes(referral(purpose=MissingAnswer.UNKNOWN), make.THIRD)
    empty = make.row("referral", {})
    torn = make.changed(letter, {"purpose": "health_care"}, make.signature("ZZ", 5), empty)
    assert not goes(torn, make.THIRD)
    whom = {"organisation": make.THIRD.hex()}
    torn = make.changed(letter, whom, make.signature("ZZ", 5), empty)
    assert not goes(torn, make.THIRD)
    assert not goes(torn, make.PARTNER)


# --- the language


@pytest.mark.parametrize(
    ("country", "spoken", "wanted"),
    [
        ("SE", (), "sv"), ("SE", ("en",), "en"), ("SE", ("en", "sv"), "sv"), ("RU", (), "ru"),
        ("EE", (), "en"), ("EE", ("et", "ru"), "ru"), ("SE", ("et",), "sv"), (None, (), "en"),
    ],
)  # fmt: skip
def test_letter_is_written_in_a_language_that_its_reader_knows(
    country: object, spoken: tuple[str, ...], wanted: str
) -> None:
    assert reader_language(country, spoken, ("sv", "en", "ru")) == wanted


# --- the answer


def awaited(*rows: Row) -> list[AwaitedAnswer]:
    return list(awaited_answers([view(row, Referral) for row in rows], TODAY))


@pytest.mark.parametrize(
    ("days", "is_told", "is_near", "is_urgent"),
    [
        (15, False, False, False), (14, True, False, False), (4, True, False, False),
        (3, True, True, False), (0, True, True, True), (-90, True, True, True),
    ],
)  # fmt: skip
def test_answer_is_told_two_weeks_before_and_until_it_is_there(
    days: int, is_told: bool, is_near: bool, is_urgent: bool
) -> None:
    found = awaited(referral(answer_by=TODAY + timedelta(days)))
    assert bool(found) is is_told
    assert [(one.days, one.is_near, one.is_urgent) for one in found] == (
        [(days, is_near, is_urgent)] if is_told else []
    )


def test_answer_that_is_there_or_no_longer_wanted_is_not_told() -> None:
    for values in (
        {"answer": make.told("Ja", "Да")}, {"status": "accepted"}, {"status": "revoked"},
        {"answer_by": None}, {"answer_by": MissingAnswer.UNKNOWN},
    ):  # fmt: skip
        assert awaited(referral(**{"answer_by": TODAY, **values})) == []
    assert awaited(with_deletion(referral(answer_by=TODAY))) == []
    assert len(awaited(referral(answer_by=TODAY, status="in_progress"))) == 1
    assert awaited(referral(answer_by=PartialDate("2026-11")))[0].day == date(2026, 11, 1)


def test_of_two_days_the_earlier_counts_and_an_undecided_status_is_no_answer() -> None:
    row, empty = referral(answer_by=TODAY + timedelta(90)), make.row("referral", {})
    torn = make.changed(row, {"answer_by": TODAY}, make.signature("ZZ", 5), empty)
    assert [one.days for one in awaited(torn)] == [0]
    open_yet = referral(answer_by=TODAY, status="in_progress")
    torn = make.changed(open_yet, {"status": "accepted"}, make.signature("ZZ", 5), empty)
    assert len(awaited(torn)) == 1
    said = referral(answer_by=TODAY, answer=make.told("Ja", "Да"))
    torn = make.changed(said, {"answer": make.told("Nej", "Нет")}, make.signature("ZZ", 5), empty)
    assert awaited(torn) == []
