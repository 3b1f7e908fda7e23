# SPDX-License-Identifier: GPL-3.0-or-later
"""What a consent lacks: one thing taken away at a time from one that is whole."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.make import FILLED, NOW, PARTNER, at

from kfdesk.domain.codes.case import CONSENT_EXPLAINED
from kfdesk.domain.consent import (
    EXPLICIT_CONSENT,
    PURPOSE_GROUPS,
    ConsentDefect,
    ConsentFacts,
    recording_defects,
)
from kfdesk.domain.records.client import Consent
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import MissingAnswer, PartialDate

HERE = ConsentFacts(NOW, is_child=False)
CHILD = replace(HERE, is_child=True)
FAR = replace(HERE, is_third_country=True)
VALUES: dict[str, Any] = {
    "purpose": "referral_service",
    "recipient": PARTNER.hex(),
    "groups": (DataGroup.IDENTITY,),
    "form": "written_signature",
    "given_by": "client",
    "language": "ru",
    "explained": tuple(CONSENT_EXPLAINED),
    "given": FILLED["consent"]["given"],
}
WHOLE = Consent(**VALUES)
HERS = replace(WHOLE, given_by="guardian", guardian="Ingen Påhittad", assent=True)


def test_whole_consent_lacks_nothing() -> None:
    assert recording_defects(WHOLE, HERE) == ()
    assert recording_defects(HERS, CHILD) == ()


@pytest.mark.parametrize(
    ("change", "key", "lack"),
    [
        ({"recipient": None}, "recipient", ConsentDefect.RECIPIENT),
        ({"recipient": MissingAnswer.UNKNOWN}, "recipient", ConsentDefect.RECIPIENT),
        ({"purpose": None}, "purpose", ConsentDefect.PURPOSE),
        ({"groups": None}, "groups", ConsentDefect.GROUPS),
        ({"groups": (DataGroup.PHOTO,)}, "groups", ConsentDefect.NOT_OPENED),
        ({"language": None}, "language", ConsentDefect.LANGUAGE),
        ({"form": None}, "form", ConsentDefect.FORM),
        ({"form": "oral_interpreter"}, "interpreted_by", ConsentDefect.INTERPRETER),
        (
            {"form": "oral_interpreter", "interpreted_by": " "},
            "interpreted_by",
            ConsentDefect.INTERPRETER,
        ),
        ({"explained": ("purpose",)}, "explained", ConsentDefect.EXPLAINED),
        ({"explained": None}, "explained", ConsentDefect.EXPLAINED),
        ({"given_by": None}, "given_by", ConsentDefect.GIVEN_BY),
        ({"given_by": "guardian"}, "guardian", ConsentDefect.GUARDIAN),
        ({"given": None}, "given", ConsentDefect.GIVEN),
        ({"given": at(24, 12)}, "given", ConsentDefect.GIVEN_AHEAD),
        ({"expires": PartialDate("2027")}, "expires", ConsentDefect.LAST_DAY),
        ({"expires": NOW.date() - timedelta(days=1)}, "expires", ConsentDefect.ENDED),
    ],
)
def test_what_is_missing_is_named_with_its_field(
    change: dict[str, Any], key: str, lack: ConsentDefect
) -> None:
    assert recording_defects(replace(WHOLE, **change), HERE) == ((key, lack),)


def test_research_may_stay_unexplained() -> None:
    points = tuple(point for point in CONSENT_EXPLAINED if point != "research")
    assert recording_defects(replace(WHOLE, explained=points), HERE) == ()


def test_purpose_that_opens_nothing_asks_for_no_groups() -> None:
    purpose = next(purpose for purpose, widest in PURPOSE_GROUPS.items() if not widest)
    assert recording_defects(replace(WHOLE, purpose=purpose, groups=None), HERE) == ()


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({"given_by": "client"}, {"given_by"}),
        ({"guardian": None}, {"guardian"}),
        ({"assent": None}, {"assent"}),
        ({"assent": False}, {"assent"}),
        ({"assent": MissingAnswer.DECLINED}, {"assent"}),
        ({"assent": MissingAnswer.UNKNOWN}, set()),  # too small to say
    ],
)
def test_child_needs_its_guardian_and_its_own_word(change: dict[str, Any], keys: set[str]) -> None:
    assert {key for key, _ in recording_defects(replace(HERS, **change), CHILD)} == keys


def test_third_country_needs_a_tool_on_record_or_the_warning_first() -> None:
    assert recording_defects(WHOLE, FAR) == (("transfer_tool", ConsentDefect.TOOL),)
    assert recording_defects(replace(WHOLE, transfer_tool="scc_46"), FAR) == (
        ("transfer_tool", ConsentDefect.TOOL),
    )
    explicit = replace(WHOLE, transfer_tool=EXPLICIT_CONSENT)
    assert recording_defects(explicit, FAR) == (("warned", ConsentDefect.WARNING),)
    assert recording_defects(replace(explicit, warned=WHOLE.given), FAR) == ()
    assert recording_defects(WHOLE, replace(FAR, has_tool=True)) == ()


def test_two_people_need_a_reason_and_nothing_from_her() -> None:
    values: dict[str, Any] = {
        "form": "vital_interests",
        "recipient": PARTNER.hex(),
        "purpose": "health_care",
        "groups": (DataGroup.HEALTH,),
        "reason": "Akut",
    }
    vital = Consent(**values)
    assert recording_defects(vital, replace(FAR, is_child=True)) == ()
    assert recording_defects(replace(vital, reason=" "), HERE) == (
        ("reason", ConsentDefect.REASON),
    )


def test_last_day_that_is_today_still_counts() -> None:
    assert recording_defects(replace(WHOLE, expires=NOW.date()), HERE) == ()
    assert recording_defects(replace(WHOLE, expires=date(2030, 1, 1)), HERE) == ()
