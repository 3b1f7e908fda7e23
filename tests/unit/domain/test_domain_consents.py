# SPDX-License-Identifier: GPL-3.0-or-later
"""What a consent opens, when it stands, and to whom: each rule once open, once shut."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.support import make
from tests.support.make import A_PERSON, consent, disclosed, partner
from tests.unit.domain.disclosure_samples import (
    BUNDLE,
    DESK_PAPER,
    EVERYTHING,
    MAY_OPEN,
    everything_goes,
    fields,
    granted,
    reasons,
    with_deletion,
)

from kfdesk.domain.consent import (
    DEFAULT_CONSENT_DAYS,
    ConsentMark,
    Recipient,
    RecipientKind,
    WithheldReason,
    consent_last_day,
    consent_mark,
    own_invalidity_reason,
)
from kfdesk.domain.disclosure import Disclosed, disclose
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import merge_states
from kfdesk.domain.rows import Row, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import MissingAnswer, PartialDate, Value, ZonedTime

pytestmark = pytest.mark.usefixtures("everything")
TODAY = make.NOW.date()
KEPT_FROM_IT = {"withheld", "withholding_reason", "reason"}
TOLD_KEYS = {f"consent.{key}" for key in RECORD_TYPES["consent"].fields.keys() - KEPT_FROM_IT}


# a consent opens its groups


def test_standing_consent_opens_its_groups_to_its_recipient() -> None:
    agreed = consent()
    what = disclosed(agreed, to=partner())
    assert granted(what) == TOLD_KEYS | fields(
        DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL
    )
    assert set(reasons(what).values()) == {WithheldReason.DESK, WithheldReason.SCOPE}
    assert {consent for row in what.rows for consent in row.grants.values()} == {agreed.rid}


def test_what_she_keeps_from_a_recipient_and_why_is_not_told_to_it() -> None:
    what = disclosed(consent(), to=partner())
    kept = {one.key: one.reason for one in what.withheld if one.type == "consent"}
    assert kept == dict.fromkeys(KEPT_FROM_IT, WithheldReason.DESK)
    own = disclosed(consent(), to=Recipient(RecipientKind.OWN, make.OURS))
    assert {f"consent.{key}" for key in KEPT_FROM_IT} <= granted(own)


def test_without_a_consent_nothing_goes_and_the_reason_is_told() -> None:
    what = disclosed(to=partner())
    assert what.rows == ()
    assert reasons(what) == dict.fromkeys(
        fields(*EVERYTHING), WithheldReason.NO_CONSENT
    ) | dict.fromkeys(fields(DataGroup.DESK), WithheldReason.DESK)


def test_group_that_she_did_not_name_stays() -> None:
    what = disclosed(consent(groups=(DataGroup.IDENTITY,)), to=partner())
    assert reasons(what)["leg.departs"] is WithheldReason.SCOPE
    assert "client.given_name" in granted(what)


def test_group_that_the_purpose_cannot_need_stays_whatever_she_named() -> None:
    agreed = consent(purpose="referral_service", groups=EVERYTHING)
    what = disclosed(agreed, to=partner())
    assert reasons(what)["leg.departs"] is WithheldReason.PURPOSE
    assert "client.safe_contact" in granted(what)


@pytest.mark.parametrize(("purpose", "words"), MAY_OPEN.items())
def test_purpose_opens_no_more_than_its_row_says(purpose: str, words: str) -> None:
    agreed = consent(purpose=purpose, groups=EVERYTHING)
    what = everything_goes(agreed, to=partner())
    opened = {str(group) for group in what.groups} - {"parties"}
    assert opened == set(words.split())
    shut = {key for key in reasons(what) if reasons(what)[key] is WithheldReason.PURPOSE}
    groups = {f"everything.{group}" for group in EVERYTHING}
    assert shut & groups == groups - {f"everything.{word}" for word in words.split()}


def test_no_purpose_was_forgotten_here() -> None:
    assert MAY_OPEN.keys() == set(RECORD_TYPES["consent"].fields["purpose"].kind.codes)  # type: ignore[attr-defined]


@pytest.mark.parametrize("purpose", [None, MissingAnswer.UNKNOWN, "world_peace"])
def test_purpose_that_is_not_known_opens_nothing(purpose: Value) -> None:
    what = disclosed(consent(purpose=purpose), to=partner())
    assert granted(what) == TOLD_KEYS
    assert reasons(what)["client.code"] is WithheldReason.PURPOSE


@pytest.mark.parametrize(
    "groups", [None, MissingAnswer.DECLINED, (), ("the_moon",), ("desk",), ("parties",)]
)
def test_groups_that_no_consent_can_name_open_nothing(groups: Value) -> None:
    what = everything_goes(consent(groups=groups), to=partner())
    assert not {key for key in granted(what) if not key.startswith("consent.")}
    assert reasons(what)["everything.desk"] is WithheldReason.DESK


def test_two_consents_open_the_union_and_each_field_names_its_own() -> None:
    who = consent("who", groups=(DataGroup.IDENTITY,))
    where = consent("where", groups=(DataGroup.TRAVEL,), purpose="travel_booking")
    what = disclosed(who, where, to=partner())
    grants = {given.row.type: set(given.grants.values()) for given in what.rows}
    assert grants["client"] == {who.rid}
    assert grants["leg"] == {where.rid}
    assert what.groups == (DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.PARTIES)


def test_order_of_rows_and_consents_makes_no_difference() -> None:
    agreed = (
        consent("a", groups=(DataGroup.IDENTITY,)),
        consent("b", groups=(DataGroup.IDENTITY, DataGroup.TRAVEL), purpose="health_care"),
        consent("c", groups=(DataGroup.TRAVEL,), withdrawn=make.at(1, 9)),
        consent("d", groups=(DataGroup.IDENTITY,)),
    )
    rows = (*make.case_rows(), *agreed)
    forth = disclose(rows, partner(), BUNDLE, make.basis(agreed))
    back = disclose(rows[::-1], partner(), BUNDLE, make.basis(agreed[::-1]))
    assert forth == back


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        ({"withdrawn": make.at(1, 9)}, {"groups": (DataGroup.IDENTITY,)}),
        ({"expires": date(2026, 11, 23)}, {"purpose": "referral_service"}),
        ({"purpose": "referral_service"}, {"groups": (DataGroup.IDENTITY,)}),
        ({"withdrawn": make.at(1, 9)}, {"expires": date(2026, 11, 23)}),
    ],
)
def test_reason_that_is_told_is_the_one_nearest_to_opening(
    nearer: dict[str, Any], farther: dict[str, Any]
) -> None:
    alone = disclosed(consent("a", **nearer), to=partner())
    expected = reasons(alone)["leg.departs"]
    for names in (("a", "b"), ("b", "a")):
        both = disclosed(consent(names[0], **nearer), consent(names[1], **farther), to=partner())
        assert reasons(both)["leg.departs"] is expected


# when a consent stands


def on(day: date, **values: Any) -> WithheldReason | None:
    at = make.NOW.replace(year=day.year, month=day.month, day=day.day)
    return own_invalidity_reason(view(consent(**values), Consent).record, at)


def test_consent_given_past_another_midnight_is_dated_by_our_own_clock() -> None:
    """It is the 25th in Vladivostok, half past midnight, when it is the 24th here."""
    given = ZonedTime.at(datetime(2026, 11, 25, 0, 30), "Asia/Vladivostok")  # noqa: DTZ001
    assert on(date(2026, 11, 24), given=given) is None
    assert on(date(2026, 11, 23), given=given) is WithheldReason.NO_CONSENT


def test_consent_stands_on_its_last_day_and_not_the_day_after() -> None:
    last = date(2026, 12, 31)
    assert on(last, expires=last) is None
    assert on(last + timedelta(days=1), expires=last) is WithheldReason.EXPIRED


def test_consent_without_an_end_lasts_ninety_days() -> None:
    assert DEFAULT_CONSENT_DAYS == 90
    given = make.NOW.date()
    assert on(given + timedelta(days=90), expires=None) is None
    assert on(given + timedelta(days=91), expires=None) is WithheldReason.EXPIRED


def test_last_day_is_told_as_it_counts() -> None:
    def last(**values: Any) -> date | None:
        return consent_last_day(view(consent(**values), Consent).record)

    given = make.NOW.date()
    assert last(expires=date(2026, 12, 31)) == date(2026, 12, 31)
    assert last(expires=None) == given + timedelta(days=90)
    assert last(expires=MissingAnswer.UNKNOWN) is None
    assert last(expires=PartialDate("2027")) is None
    assert last(given=None, expires=date(2026, 12, 31)) is None


def test_end_that_she_set_may_be_later_than_ninety_days() -> None:
    assert on(date(2027, 11, 1), expires=date(2027, 11, 1)) is None


def test_consent_stands_from_the_day_it_was_given() -> None:
    given = make.NOW.date()
    assert on(given) is None
    assert on(given - timedelta(days=1)) is WithheldReason.NO_CONSENT


@pytest.mark.parametrize("given", [None, MissingAnswer.UNKNOWN])
def test_consent_that_nobody_knows_to_be_given_does_not_stand(given: Value) -> None:
    assert on(make.NOW.date(), given=given) is WithheldReason.NO_CONSENT


@pytest.mark.parametrize(
    "expires", [PartialDate("2027"), MissingAnswer.UNKNOWN, MissingAnswer.DECLINED]
)
def test_consent_whose_end_is_not_a_day_does_not_stand(expires: Value) -> None:
    assert on(make.NOW.date(), expires=expires) is WithheldReason.NO_CONSENT


@pytest.mark.parametrize(
    "withdrawn", [make.at(1, 9), make.at(31, 9), MissingAnswer.UNKNOWN, MissingAnswer.DECLINED]
)
def test_withdrawn_consent_does_not_stand_whenever_it_was(withdrawn: Value) -> None:
    assert on(make.NOW.date(), withdrawn=withdrawn) is WithheldReason.WITHDRAWN
    assert on(make.NOW.date(), withdrawn=withdrawn, given=None) is WithheldReason.WITHDRAWN


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"withdrawn": make.at(1, 9)}, WithheldReason.WITHDRAWN),
        ({"expires": date(2026, 11, 23)}, WithheldReason.EXPIRED),
        ({"given": None}, WithheldReason.NO_CONSENT),
    ],
)
def test_consent_that_does_not_stand_opens_nothing(
    values: dict[str, Any], reason: WithheldReason
) -> None:
    what = disclosed(consent(**values), to=partner())
    assert what.rows == ()
    assert reasons(what)["client.given_name"] is reason
    assert reasons(what)["consent.purpose"] is WithheldReason.NO_CONSENT


def test_day_is_that_of_the_desk_and_not_of_utc() -> None:
    agreed = consent(expires=date(2026, 12, 31))
    rows = (*make.case_rows(), agreed)
    late = datetime(2026, 12, 31, 23, 59, tzinfo=ZoneInfo(make.STOCKHOLM))
    for at, is_open in ((late, True), (late + timedelta(minutes=1), False)):
        what = disclose(rows, partner(), BUNDLE, make.basis([agreed], at))
        assert bool(what.rows) == is_open


# what it must have, however it came here

LACKING: list[tuple[str, Value]] = [
    ("language", None), ("language", MissingAnswer.UNKNOWN), ("interpreted_by", None),
    ("interpreted_by", " "), ("explained", None), ("explained", ("purpose",)), ("given_by", None),
    ("form", None), ("form", MissingAnswer.DECLINED),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), LACKING)
def test_consent_that_lacks_something_opens_nothing(key: str, value: Value) -> None:
    values: dict[str, Any] = {key: value}
    assert on(TODAY, **values) is WithheldReason.INCOMPLETE
    what = disclosed(consent(**values), to=partner())
    assert what.rows == ()
    assert reasons(what)["client.given_name"] is WithheldReason.INCOMPLETE


def test_research_she_may_refuse_and_all_else_stands() -> None:
    explained = make.FILLED["consent"]["explained"]
    assert isinstance(explained, tuple)
    assert on(TODAY, explained=tuple(one for one in explained if one != "research")) is None


def as_child(*consents: Row, **values: Any) -> Disclosed:
    """Return what goes of a client whose age is this."""
    young = make.row("client", {**make.FILLED["client"], "birth_date": None, **values})
    rows = (young, *make.case_rows()[1:])
    return disclosed(*consents, to=partner(), rows=rows)


@pytest.mark.parametrize("age", [{"age_band": "age_9_17"}, {"age_band": None}])
@pytest.mark.parametrize(
    ("values", "is_open"),
    [
        ({"given_by": "client"}, False),
        ({"given_by": "guardian", "assent": None}, False),
        ({"given_by": "guardian", "assent": False}, False),
        ({"given_by": "guardian", "guardian": None}, False),
        ({"given_by": "guardian", "assent": MissingAnswer.UNKNOWN}, True),
        ({"given_by": "guardian", "assent": True}, True),
    ],
)
def test_consent_of_who_may_be_a_child_is_its_guardians_and_its_own(
    age: dict[str, Any], values: dict[str, Any], is_open: bool
) -> None:
    assert bool(as_child(consent(**values), **age).rows) is is_open


def test_who_answers_under_a_consent_need_not_know_her_age() -> None:
    theirs = consent(custodian=make.PARTNER, recipient=make.OURS.hex())
    her = replace(make.row("client", {"code": "ek-12"}), custodian=make.PARTNER)
    assert disclosed(theirs, to=partner(), rows=(her,)).rows != ()
    lacking = consent(custodian=make.PARTNER, recipient=make.OURS.hex(), explained=None)
    assert disclosed(lacking, to=partner(), rows=(her,)).rows == ()


# what two people decide in her vital interests

VITAL: dict[str, Any] = {"form": "vital_interests", "expires": None}


def test_vital_interests_stand_two_days_after_the_first_and_never_longer() -> None:
    for expires in (None, date(2027, 2, 1), TODAY + timedelta(days=2)):
        values = {**VITAL, "expires": expires}
        assert on(TODAY, **values) is None
        assert on(TODAY + timedelta(days=2), **values) is None
        assert on(TODAY + timedelta(days=3), **values) is WithheldReason.EXPIRED
    sooner = {**VITAL, "expires": TODAY}
    assert on(TODAY + timedelta(days=1), **sooner) is WithheldReason.EXPIRED


@pytest.mark.parametrize(
    "values",
    [
        {"second_person": None},
        {"decided_by": None},
        {"second_person": " pp "},  # the same person, written another way
        {"second_person": " "},
        {"decided_by": MissingAnswer.UNKNOWN},
        {"reason": None},
        {"reason": " "},
    ],
)
def test_vital_interests_need_two_people_and_a_reason(values: dict[str, Any]) -> None:
    assert on(TODAY, **{**VITAL, **values}) is WithheldReason.NO_CONSENT
    assert disclosed(consent(**{**VITAL, **values}), to=partner()).rows == ()


def test_who_answers_under_vital_interests_does_not_know_the_reason() -> None:
    theirs = consent(**{**VITAL, "reason": None}, custodian=make.PARTNER, recipient=make.OURS.hex())
    rows = (replace(make.row("client"), custodian=make.PARTNER), theirs)
    assert disclosed(theirs, to=partner(), rows=rows[:1]).rows != ()
    alone = replace(theirs, state=consent(**{**VITAL, "reason": None, "second_person": None}).state)
    assert disclosed(alone, to=partner(), rows=rows[:1]).rows == ()


OUTSIDE = partner(is_third_country=True)


def test_explicit_consent_counts_for_a_third_country_only_after_the_warning() -> None:
    explicit: dict[str, Any] = {"transfer_tool": "explicit_consent_49_1_a"}
    assert disclosed(consent(**explicit), to=OUTSIDE).rows != ()
    for warned in (None, MissingAnswer.UNKNOWN, MissingAnswer.DECLINED):
        what = disclosed(consent(**explicit, warned=warned), to=OUTSIDE)
        assert what.rows == ()
        assert reasons(what)["client.given_name"] is WithheldReason.TRANSFER
        assert disclosed(consent(**explicit, warned=warned), to=partner()).rows != ()


def test_vital_interests_go_to_a_third_country_on_their_own_ground_alone() -> None:
    vital = consent(**VITAL, transfer_tool="vital_interests_49_1_f")
    assert disclosed(vital, to=OUTSIDE).rows != ()
    other = consent(**VITAL, transfer_tool="explicit_consent_49_1_a")
    assert disclosed(other, to=OUTSIDE).rows == ()
    usual = consent(transfer_tool="vital_interests_49_1_f")
    assert disclosed(usual, to=OUTSIDE).rows == ()


# a conflict


@pytest.mark.parametrize("key", ["purpose", "groups", "expires", "withdrawn"])
def test_consent_in_conflict_does_not_stand(key: str) -> None:
    others: dict[str, Value] = {
        "purpose": "case_management", "groups": EVERYTHING, "expires": date(2028, 1, 1),
        "withdrawn": make.at(1, 9),
    }  # fmt: skip
    ours = consent()
    theirs = make.changed(ours, {key: others[key]}, make.signature("ОМ", 5))
    kept = make.changed(ours, {key: make.FILLED["consent"][key]}, make.signature("EV", 5))
    torn = replace(ours, state=merge_states(kept.state, theirs.state))
    what = disclosed(torn, to=partner())
    assert what.rows == ()
    why = (
        WithheldReason.WITHDRAWN if key == "withdrawn" else WithheldReason.CONFLICT
    )  # a no is never lost
    assert reasons(what)["leg.departs"] is why


def test_deleted_consent_does_not_stand() -> None:
    what = disclosed(with_deletion(consent()), to=partner())
    assert what.rows == ()
    assert reasons(what)["client.code"] is WithheldReason.CONFLICT


# whose consent it is


def test_consent_opens_nothing_to_another_recipient() -> None:
    for other in (partner(rid=make.THIRD), partner(rid=None), A_PERSON):
        what = disclosed(consent(), to=other)
        assert what.rows == ()
        assert reasons(what)["client.code"] is WithheldReason.NO_CONSENT


@pytest.mark.parametrize("recipient", [None, MissingAnswer.UNKNOWN])
def test_consent_to_nobody_in_particular_opens_nothing(recipient: Value) -> None:
    assert disclosed(consent(recipient=recipient), to=partner()).rows == ()
    assert disclosed(consent(recipient=recipient), to=partner(rid=None)).rows == ()


def test_person_receives_what_the_consent_names_her_for() -> None:
    agreed = consent(recipient=make.ESCORT.hex(), purpose="travel_escort")
    what = disclosed(agreed, to=A_PERSON, by=DESK_PAPER)
    assert "leg.departs" in granted(what)
    assert "plan.code_word" not in granted(what)


def test_consent_of_one_client_opens_nothing_of_another() -> None:
    other = make.row("client", rid=make.named_id("other client"))
    agreed = consent(parent=other.rid)
    what = disclosed(agreed, to=partner(), rows=(*make.case_rows(), other))
    assert {given.row.rid for given in what.rows} == {other.rid, agreed.rid}
    assert reasons(what)["leg.departs"] is WithheldReason.NO_CONSENT


def test_row_whose_client_is_not_among_the_rows_stays() -> None:
    agreed = consent()
    for missing in ("client", "plan"):
        rows = tuple(row for row in make.case_rows() if row.type != missing)
        what = disclose((*rows, agreed), partner(), BUNDLE, make.basis([agreed]))
        assert "leg.departs" not in granted(what)
        assert reasons(what)["leg.departs"] is WithheldReason.NO_CONSENT


def test_rows_that_stand_above_each_other_in_a_ring_stay() -> None:
    agreed = consent()
    leg = make.row("leg", parent=make.named_id("leg two"))
    second = make.row("leg", rid=make.named_id("leg two"), parent=leg.rid)
    what = disclose((make.row("client"), leg, second, agreed), partner(), BUNDLE,
                    make.basis([agreed]))  # fmt: skip
    assert granted(what) >= {"client.code"}
    assert "leg.departs" not in granted(what)


def answered_by(custodian: bytes, client_of: bytes) -> Disclosed:
    """Return the partner's client and her consent to us; we answer the partner."""
    agreed = consent(custodian=custodian, recipient=make.OURS.hex())
    rows = (make.row("client", custodian=client_of), *make.case_rows()[1:])
    return disclosed(agreed, to=partner(), rows=rows)


def test_answer_goes_back_under_the_consent_the_data_came_by() -> None:
    what = answered_by(make.PARTNER, make.PARTNER)
    assert fields(DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL) <= granted(what)


def test_consent_itself_goes_to_its_recipient_and_not_back_to_who_obtained_it() -> None:
    assert "consent.purpose" in granted(disclosed(consent(), to=partner()))
    back = answered_by(make.PARTNER, make.PARTNER)
    assert "consent.purpose" not in granted(back)
    assert reasons(back)["consent.purpose"] is WithheldReason.NO_CONSENT


@pytest.mark.parametrize("recipient", [make.OURS, make.PARTNER, make.THIRD])
def test_partner_cannot_open_our_client_to_itself_by_a_consent_of_its_own(
    recipient: bytes,
) -> None:
    forged = consent(custodian=make.PARTNER, recipient=recipient.hex(), groups=EVERYTHING,
                     purpose="case_management")  # fmt: skip
    assert disclosed(forged, to=partner()).rows == ()


def test_answer_does_not_go_to_a_third() -> None:
    agreed = consent(custodian=make.PARTNER, recipient=make.OURS.hex())
    rows = (make.row("client", custodian=make.PARTNER), *make.case_rows()[1:])
    assert disclosed(agreed, to=partner(rid=make.THIRD), rows=rows).rows == ()
    person = Recipient(RecipientKind.PERSON, make.PARTNER)
    assert disclosed(agreed, to=person, rows=rows).rows == ()


def test_we_send_a_partners_client_on_under_the_consent_we_obtained() -> None:
    agreed = consent(recipient=make.THIRD.hex())
    rows = (make.row("client", custodian=make.PARTNER), *make.case_rows()[1:])
    assert "client.code" in granted(disclosed(agreed, to=partner(rid=make.THIRD), rows=rows))


# What a consent says about a group


@pytest.mark.parametrize(
    ("changes", "shut", "mark"),
    [
        ({}, None, ConsentMark.GRANTED),
        ({"groups": ("identity",)}, None, ConsentMark.NOT_GRANTED),
        ({"groups": None}, None, ConsentMark.NOT_GRANTED),
        ({"groups": MissingAnswer.UNKNOWN}, None, ConsentMark.NOT_GRANTED),
        ({"purpose": "travel_booking"}, None, ConsentMark.NOT_GRANTED),
        ({"purpose": "x_new"}, None, ConsentMark.NOT_GRANTED),
        ({}, WithheldReason.EXPIRED, ConsentMark.ENDED),
        ({}, WithheldReason.WITHDRAWN, ConsentMark.WITHDRAWN),
        ({}, WithheldReason.INCOMPLETE, ConsentMark.NOT_GRANTED),
        ({}, WithheldReason.CONFLICT, ConsentMark.NOT_GRANTED),
        ({"groups": ("identity",)}, WithheldReason.WITHDRAWN, ConsentMark.NOT_GRANTED),
    ],
)
def test_group_has_a_mark_of_its_own(
    changes: dict[str, Any], shut: WithheldReason | None, mark: ConsentMark
) -> None:
    values = {"purpose": "health_care", "groups": ("identity", "health"), **changes}
    consent = Consent(**{**dict.fromkeys(RECORD_TYPES["consent"].fields), **values})
    assert consent_mark(consent, shut, "health") is mark
