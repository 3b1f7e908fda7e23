# SPDX-License-Identifier: GPL-3.0-or-later
"""What a consent lacks: one thing taken away at a time from one that is whole."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.make import FILLED, NOW, PARTNER, at

from kfdesk.domain.consents.completeness import EXPLICIT, Around, Lack, lacks
from kfdesk.domain.disclosure import PURPOSES
from kfdesk.domain.lists.case_codes import CONSENT_EXPLAINED
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.schema import Group
from kfdesk.domain.values import About, Gap

HERE = Around(NOW, is_child=False)
CHILD = replace(HERE, is_child=True)
FAR = replace(HERE, is_third_country=True)
VALUES: dict[str, Any] = {
    "purpose": "referral_service",
    "recipient": PARTNER.hex(),
    "groups": (Group.IDENTITY,),
    "form": "written_signature",
    "given_by": "client",
    "language": "ru",
    "explained": tuple(CONSENT_EXPLAINED),
    "given": FILLED["consent"]["given"],
}
WHOLE = Consent(**VALUES)
HERS = replace(WHOLE, given_by="guardian", guardian="Ingen Påhittad", assent=True)


def test_whole_consent_lacks_nothing() -> None:
    assert lacks(WHOLE, HERE) == ()
    assert lacks(HERS, CHILD) == ()


@pytest.mark.parametrize(
    ("change", "key", "lack"),
    [
        ({"recipient": None}, "recipient", Lack.RECIPIENT),
        ({"recipient": Gap.UNKNOWN}, "recipient", Lack.RECIPIENT),
        ({"purpose": None}, "purpose", Lack.PURPOSE),
        ({"groups": None}, "groups", Lack.GROUPS),
        ({"groups": (Group.PHOTO,)}, "groups", Lack.NOT_OPENED),
        ({"language": None}, "language", Lack.LANGUAGE),
        ({"form": None}, "form", Lack.FORM),
        ({"form": "oral_interpreter"}, "interpreted_by", Lack.INTERPRETER),
        ({"form": "oral_interpreter", "interpreted_by": " "}, "interpreted_by", Lack.INTERPRETER),
        ({"explained": ("purpose",)}, "explained", Lack.EXPLAINED),
        ({"explained": None}, "explained", Lack.EXPLAINED),
        ({"given_by": None}, "given_by", Lack.GIVEN_BY),
        ({"given_by": "guardian"}, "guardian", Lack.GUARDIAN),
        ({"given": None}, "given", Lack.GIVEN),
        ({"given": at(24, 12)}, "given", Lack.GIVEN_AHEAD),
        ({"expires": About("2027")}, "expires", Lack.LAST_DAY),
        ({"expires": NOW.date() - timedelta(days=1)}, "expires", Lack.ENDED),
    ],
)
def test_what_is_missing_is_named_with_its_field(
    change: dict[str, Any], key: str, lack: Lack
) -> None:
    assert lacks(replace(WHOLE, **change), HERE) == ((key, lack),)


def test_research_may_stay_unexplained() -> None:
    points = tuple(point for point in CONSENT_EXPLAINED if point != "research")
    assert lacks(replace(WHOLE, explained=points), HERE) == ()


def test_purpose_that_opens_nothing_asks_for_no_groups() -> None:
    purpose = next(purpose for purpose, widest in PURPOSES.items() if not widest)
    assert lacks(replace(WHOLE, purpose=purpose, groups=None), HERE) == ()


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({"given_by": "client"}, {"given_by"}),
        ({"guardian": None}, {"guardian"}),
        ({"assent": None}, {"assent"}),
        ({"assent": False}, {"assent"}),
        ({"assent": Gap.DECLINED}, {"assent"}),
        ({"assent": Gap.UNKNOWN}, set()),  # too small to say
    ],
)
def test_child_needs_its_guardian_and_its_own_word(change: dict[str, Any], keys: set[str]) -> None:
    assert {key for key, _ in lacks(replace(HERS, **change), CHILD)} == keys


def test_third_country_needs_a_tool_on_record_or_the_warning_first() -> None:
    assert lacks(WHOLE, FAR) == (("transfer_tool", Lack.TOOL),)
    assert lacks(replace(WHOLE, transfer_tool="scc_46"), FAR) == (("transfer_tool", Lack.TOOL),)
    explicit = replace(WHOLE, transfer_tool=EXPLICIT)
    assert lacks(explicit, FAR) == (("warned", Lack.WARNING),)
    assert lacks(replace(explicit, warned=WHOLE.given), FAR) == ()
    assert lacks(WHOLE, replace(FAR, has_tool=True)) == ()


def test_two_people_need_a_reason_and_nothing_from_her() -> None:
    values: dict[str, Any] = {
        "form": "vital_interests",
        "recipient": PARTNER.hex(),
        "purpose": "health_care",
        "groups": (Group.HEALTH,),
        "reason": "Akut",
    }
    vital = Consent(**values)
    assert lacks(vital, replace(FAR, is_child=True)) == ()
    assert lacks(replace(vital, reason=" "), HERE) == (("reason", Lack.REASON),)


def test_last_day_that_is_today_still_counts() -> None:
    assert lacks(replace(WHOLE, expires=NOW.date()), HERE) == ()
    assert lacks(replace(WHOLE, expires=date(2030, 1, 1)), HERE) == ()
