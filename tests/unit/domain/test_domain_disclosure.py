# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may receive what: each rule once opening, once shut, with the reason that is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests import make
from tests.make import A_PERSON, HERSELF, OWN_DESK, consent, disclosed, partner

from kfdesk.domain.desk.exchange import Partner, PartnerState
from kfdesk.domain.disclosure import (
    CEILING,
    DEFAULT_DAYS,
    Channel,
    Disclosed,
    DisclosedRow,
    Reason,
    Recipient,
    Who,
    disclose,
    stands,
)
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, seen_in, view, view_any
from kfdesk.domain.schema import Group, Level
from kfdesk.domain.values import About, Gap, Moment, Value
from kfdesk.domain.writes import DELETION, amend, dead_of, join, live_of

BUNDLE, DESK_PAPER, CARRIED = Channel.BUNDLE, Channel.DESK_PAPER, Channel.CARRIED
EVERYTHING = tuple(group for group in Group if group not in {
    Group.PARTIES, Group.DIRECTORY, Group.DESK,
})  # fmt: skip

# From disclosure.md, written out anew, so that a change there and a slip here do not meet.
MAY_OPEN = {
    "case_management": "identity contact travel immediate_needs health children_family "
    "risk_summary exploitation_history legal_case reintegration_plan",
    "health_care": "identity contact immediate_needs health",
    "risk_enquiry_in_origin_country": "identity risk_summary children_family",
    "family_contact": "identity contact children_family",
    "family_assessment": "identity contact children_family",
    "travel_booking": "identity travel",
    "travel_escort": "identity contact travel immediate_needs health",
    "referral_service": "identity contact immediate_needs",
    "reception_and_reintegration": "identity contact travel immediate_needs health "
    "children_family risk_summary reintegration_plan",
    "legal_representation": "identity contact exploitation_history legal_case travel",
    "police_report": "identity contact exploitation_history legal_case risk_summary",
    "reflection_period_application": "identity legal_case",
    "residence_permit_application": "identity legal_case",
    "statistics_anonymised": "",
    "research": "",
}


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    """A record type with a field for each group and level, beside the program's own."""
    with make.registered(make.described(make.Everything)):
        yield


def granted(what: Disclosed) -> set[str]:
    """What goes, as `type.key`."""
    return {f"{given.row.type}.{key}" for given in what.rows for key in given.grants}


def reasons(what: Disclosed) -> dict[str, Reason]:
    """What stays, as `type.key`, and why."""
    return {f"{kept.type}.{kept.key}": kept.reason for kept in what.withheld}


def fields(*groups: Group, below: Level = Level.S5) -> set[str]:
    """The fields of the sample case that are of these groups and not above a level."""
    return {
        f"{row.type}.{key}"
        for row in make.case_rows()
        for key, field in TYPES[row.type].fields.items()
        if field.to in groups and field.level <= below
    }


def everything_goes(
    *consents: Row, to: Recipient, by: Channel = BUNDLE, **values: Value
) -> Disclosed:
    rows = (make.row("client"), make.everything(**values))
    return disclosed(*consents, to=to, by=by, rows=rows)


def with_deletion(row: Row, minute: int = 30) -> Row:
    return replace(
        row, state=amend(row.state, {DELETION: 1}, seen_in(row), make.signature(minute=minute))
    )


# a consent opens its groups


def test_standing_consent_opens_its_groups_to_its_recipient() -> None:
    agreed = consent()
    what = disclosed(agreed, to=partner())
    own = {f"consent.{key}" for key in TYPES["consent"].fields}
    assert granted(what) == own | fields(Group.IDENTITY, Group.CONTACT, Group.TRAVEL)
    assert set(reasons(what).values()) == {Reason.DESK}
    assert {consent for row in what.rows for consent in row.grants.values()} == {agreed.rid}


def test_without_a_consent_nothing_goes_and_the_reason_is_told() -> None:
    what = disclosed(to=partner())
    assert what.rows == ()
    assert reasons(what) == dict.fromkeys(fields(*EVERYTHING), Reason.NO_CONSENT) | dict.fromkeys(
        fields(Group.DESK), Reason.DESK
    )


def test_group_that_she_did_not_name_stays() -> None:
    what = disclosed(consent(groups=(Group.IDENTITY,)), to=partner())
    assert reasons(what)["leg.departs"] is Reason.SCOPE
    assert "client.given_name" in granted(what)


def test_group_that_the_purpose_cannot_need_stays_whatever_she_named() -> None:
    agreed = consent(purpose="referral_service", groups=EVERYTHING)
    what = disclosed(agreed, to=partner())
    assert reasons(what)["leg.departs"] is Reason.PURPOSE
    assert "client.safe_contact" in granted(what)


@pytest.mark.parametrize(("purpose", "words"), MAY_OPEN.items())
def test_purpose_opens_no_more_than_its_row_says(purpose: str, words: str) -> None:
    agreed = consent(purpose=purpose, groups=EVERYTHING)
    what = everything_goes(agreed, to=partner())
    opened = {str(group) for group in what.groups} - {"parties"}
    assert opened == set(words.split())
    shut = {key for key in reasons(what) if reasons(what)[key] is Reason.PURPOSE}
    groups = {f"everything.{group}" for group in EVERYTHING}
    assert shut & groups == groups - {f"everything.{word}" for word in words.split()}


def test_no_purpose_was_forgotten_here() -> None:
    assert MAY_OPEN.keys() == set(TYPES["consent"].fields["purpose"].kind.codes)  # type: ignore[attr-defined]


@pytest.mark.parametrize("purpose", [None, Gap.UNKNOWN, "world_peace"])
def test_purpose_that_is_not_known_opens_nothing(purpose: Value) -> None:
    what = disclosed(consent(purpose=purpose), to=partner())
    assert granted(what) == {f"consent.{key}" for key in TYPES["consent"].fields}
    assert reasons(what)["client.code"] is Reason.PURPOSE


@pytest.mark.parametrize("groups", [None, Gap.DECLINED, (), ("the_moon",), ("desk",), ("parties",)])
def test_groups_that_no_consent_can_name_open_nothing(groups: Value) -> None:
    what = everything_goes(consent(groups=groups), to=partner())
    assert not {key for key in granted(what) if not key.startswith("consent.")}
    assert reasons(what)["everything.desk"] is Reason.DESK


def test_two_consents_open_the_union_and_each_field_names_its_own() -> None:
    who = consent("who", groups=(Group.IDENTITY,))
    where = consent("where", groups=(Group.TRAVEL,), purpose="travel_booking")
    what = disclosed(who, where, to=partner())
    grants = {given.row.type: set(given.grants.values()) for given in what.rows}
    assert grants["client"] == {who.rid}
    assert grants["leg"] == {where.rid}
    assert what.groups == (Group.IDENTITY, Group.TRAVEL, Group.PARTIES)


def test_order_of_rows_and_consents_makes_no_difference() -> None:
    agreed = (
        consent("a", groups=(Group.IDENTITY,)),
        consent("b", groups=(Group.IDENTITY, Group.TRAVEL), purpose="health_care"),
        consent("c", groups=(Group.TRAVEL,), withdrawn=make.at(1, 9)),
        consent("d", groups=(Group.IDENTITY,)),
    )
    rows = (*make.case_rows(), *agreed)
    forth = disclose(rows, partner(), BUNDLE, agreed, make.NOW)
    back = disclose(rows[::-1], partner(), BUNDLE, agreed[::-1], make.NOW)
    assert forth == back


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        ({"withdrawn": make.at(1, 9)}, {"groups": (Group.IDENTITY,)}),
        ({"expires": date(2026, 11, 23)}, {"purpose": "referral_service"}),
        ({"purpose": "referral_service"}, {"groups": (Group.IDENTITY,)}),
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


def on(day: date, **values: Any) -> Reason | None:
    return stands(view(consent(**values), Consent).record, day)


def test_consent_stands_on_its_last_day_and_not_the_day_after() -> None:
    last = date(2026, 12, 31)
    assert on(last, expires=last) is None
    assert on(last + timedelta(days=1), expires=last) is Reason.EXPIRED


def test_consent_without_an_end_lasts_ninety_days() -> None:
    assert DEFAULT_DAYS == 90
    given = make.NOW.date()
    assert on(given + timedelta(days=90), expires=None) is None
    assert on(given + timedelta(days=91), expires=None) is Reason.EXPIRED


def test_end_that_she_set_may_be_later_than_ninety_days() -> None:
    assert on(date(2027, 11, 1), expires=date(2027, 11, 1)) is None


def test_consent_stands_from_the_day_it_was_given() -> None:
    given = make.NOW.date()
    assert on(given) is None
    assert on(given - timedelta(days=1)) is Reason.NO_CONSENT


@pytest.mark.parametrize("given", [None, Gap.UNKNOWN])
def test_consent_that_nobody_knows_to_be_given_does_not_stand(given: Value) -> None:
    assert on(make.NOW.date(), given=given) is Reason.NO_CONSENT


@pytest.mark.parametrize("expires", [About("2027"), Gap.UNKNOWN, Gap.DECLINED])
def test_consent_whose_end_is_not_a_day_does_not_stand(expires: Value) -> None:
    assert on(make.NOW.date(), expires=expires) is Reason.NO_CONSENT


@pytest.mark.parametrize("withdrawn", [make.at(1, 9), make.at(31, 9), Gap.UNKNOWN, Gap.DECLINED])
def test_withdrawn_consent_does_not_stand_whenever_it_was(withdrawn: Value) -> None:
    assert on(make.NOW.date(), withdrawn=withdrawn) is Reason.WITHDRAWN
    assert on(make.NOW.date(), withdrawn=withdrawn, given=None) is Reason.WITHDRAWN


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"withdrawn": make.at(1, 9)}, Reason.WITHDRAWN),
        ({"expires": date(2026, 11, 23)}, Reason.EXPIRED),
        ({"given": None}, Reason.NO_CONSENT),
    ],
)
def test_consent_that_does_not_stand_opens_nothing(values: dict[str, Any], reason: Reason) -> None:
    what = disclosed(consent(**values), to=partner())
    assert what.rows == ()
    assert reasons(what)["client.given_name"] is reason
    assert reasons(what)["consent.purpose"] is Reason.NO_CONSENT


def test_day_is_that_of_the_desk_and_not_of_utc() -> None:
    agreed = consent(expires=date(2026, 12, 31))
    rows = (*make.case_rows(), agreed)
    late = datetime(2026, 12, 31, 23, 59, tzinfo=ZoneInfo(make.STOCKHOLM))
    for at, is_open in ((late, True), (late + timedelta(minutes=1), False)):
        what = disclose(rows, partner(), BUNDLE, [agreed], at)
        assert bool(what.rows) == is_open


@pytest.mark.parametrize("key", ["purpose", "groups", "expires", "withdrawn"])
def test_consent_in_conflict_does_not_stand(key: str) -> None:
    others: dict[str, Value] = {
        "purpose": "case_management", "groups": EVERYTHING, "expires": date(2028, 1, 1),
        "withdrawn": make.at(1, 9),
    }  # fmt: skip
    ours = consent()
    theirs = make.changed(ours, {key: others[key]}, make.signature("ОМ", 5))
    kept = make.changed(ours, {key: make.FILLED["consent"][key]}, make.signature("EV", 5))
    torn = replace(ours, state=join(kept.state, theirs.state))
    what = disclosed(torn, to=partner())
    assert what.rows == ()
    assert reasons(what)["leg.departs"] is Reason.CONFLICT


def test_deleted_consent_does_not_stand() -> None:
    what = disclosed(with_deletion(consent()), to=partner())
    assert what.rows == ()
    assert reasons(what)["client.code"] is Reason.CONFLICT


# whose consent it is


def test_consent_opens_nothing_to_another_recipient() -> None:
    for other in (partner(rid=make.THIRD), partner(rid=None), A_PERSON):
        what = disclosed(consent(), to=other)
        assert what.rows == ()
        assert reasons(what)["client.code"] is Reason.NO_CONSENT


@pytest.mark.parametrize("recipient", [None, Gap.UNKNOWN])
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
    assert reasons(what)["leg.departs"] is Reason.NO_CONSENT


def test_row_whose_client_is_not_among_the_rows_stays() -> None:
    agreed = consent()
    for missing in ("client", "plan"):
        rows = tuple(row for row in make.case_rows() if row.type != missing)
        what = disclose((*rows, agreed), partner(), BUNDLE, [agreed], make.NOW)
        assert "leg.departs" not in granted(what)
        assert reasons(what)["leg.departs"] is Reason.NO_CONSENT


def test_rows_that_stand_above_each_other_in_a_ring_stay() -> None:
    agreed = consent()
    leg = make.row("leg", parent=make.named_id("leg two"))
    second = make.row("leg", rid=make.named_id("leg two"), parent=leg.rid)
    what = disclose((make.row("client"), leg, second, agreed), partner(), BUNDLE, [agreed],
                    make.NOW)  # fmt: skip
    assert granted(what) >= {"client.code"}
    assert "leg.departs" not in granted(what)


def answered_by(custodian: bytes, client_of: bytes) -> Disclosed:
    """The partner's client and her consent to us; we answer the partner."""
    agreed = consent(custodian=custodian, recipient=make.OURS.hex())
    rows = (make.row("client", custodian=client_of), *make.case_rows()[1:])
    return disclosed(agreed, to=partner(), rows=rows)


def test_answer_goes_back_under_the_consent_the_data_came_by() -> None:
    what = answered_by(make.PARTNER, make.PARTNER)
    assert fields(Group.IDENTITY, Group.CONTACT, Group.TRAVEL) <= granted(what)


def test_consent_itself_goes_to_its_recipient_and_not_back_to_who_obtained_it() -> None:
    assert "consent.purpose" in granted(disclosed(consent(), to=partner()))
    back = answered_by(make.PARTNER, make.PARTNER)
    assert "consent.purpose" not in granted(back)
    assert reasons(back)["consent.purpose"] is Reason.NO_CONSENT


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
    person = Recipient(Who.PERSON, make.PARTNER)
    assert disclosed(agreed, to=person, rows=rows).rows == ()


def test_we_send_a_partners_client_on_under_the_consent_we_obtained() -> None:
    agreed = consent(recipient=make.THIRD.hex())
    rows = (make.row("client", custodian=make.PARTNER), *make.case_rows()[1:])
    assert "client.code" in granted(disclosed(agreed, to=partner(rid=make.THIRD), rows=rows))


# levels and channels


@pytest.mark.parametrize(
    ("channel", "highest"), [(BUNDLE, Level.S4), (DESK_PAPER, Level.S4), (CARRIED, Level.S2)]
)
def test_way_carries_no_more_than_its_ceiling(channel: Channel, highest: Level) -> None:
    assert CEILING[channel] is highest
    what = everything_goes(consent(groups=EVERYTHING), to=partner(), by=channel)
    for level in ("s0", "s1", "s3", "s4", "s5"):
        is_open = Level[level.upper()] <= highest
        assert (f"everything.{level}" in granted(what)) == is_open
        assert (reasons(what).get(f"everything.{level}") is Reason.LEVEL) == (not is_open)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("recipient", [OWN_DESK, HERSELF, partner(), A_PERSON])
def test_s5_never_leaves_by_any_way_to_anyone(recipient: Recipient, channel: Channel) -> None:
    agreed = (
        consent("a", groups=EVERYTHING),
        consent("b", groups=EVERYTHING, recipient=make.ESCORT.hex()),
    )
    what = everything_goes(*agreed, to=recipient, by=channel)
    for key in ("everything.s5", "everything.s5_desk"):
        assert reasons(what)[key] is Reason.LEVEL


# our own desks


def test_own_desk_receives_everything_without_a_consent() -> None:
    for channel in (BUNDLE, DESK_PAPER):
        what = disclosed(to=OWN_DESK, by=channel)
        assert granted(what) == {
            f"{row.type}.{key}" for row in make.case_rows() for key in TYPES[row.type].fields
        }
        assert what.withheld == ()
        assert {consent for row in what.rows for consent in row.grants.values()} == {None}


def test_own_desk_receives_the_whole_directory() -> None:
    house = make.row("organisation", {**make.FILLED["organisation"], "confidentiality": "secret"})
    what = disclosed(to=OWN_DESK, rows=(house,))
    assert granted(what) == {f"organisation.{key}" for key in TYPES["organisation"].fields}


def test_what_our_own_people_carry_needs_a_consent_like_anybodys() -> None:
    shut = disclosed(to=OWN_DESK, by=CARRIED)
    assert shut.rows == ()
    assert reasons(shut)["plan.code_word"] is Reason.LEVEL
    assert reasons(shut)["client.alias"] is Reason.DESK
    assert reasons(shut)["leg.departs"] is Reason.NO_CONSENT
    agreed = consent(recipient=make.OURS.hex(), purpose="case_management")
    what = disclosed(agreed, to=OWN_DESK, by=CARRIED)
    assert "leg.departs" in granted(what)
    assert "client.safe_contact" not in granted(what)  # S4


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("recipient", [HERSELF, partner(), A_PERSON])
def test_what_stays_at_the_desk_goes_to_nobody_else(recipient: Recipient, channel: Channel) -> None:
    agreed = (consent("a", groups=EVERYTHING),
              consent("b", groups=EVERYTHING, recipient=make.ESCORT.hex()))  # fmt: skip
    rows = (*make.case_rows(), make.row("organisation"), make.row("contact"))
    what = disclosed(*agreed, to=recipient, by=channel, rows=rows)
    kept = {name for name in granted(what) | reasons(what).keys() if "." in name} & (
        fields(Group.DESK) | {"organisation.address", "contact.phone", "contact.family_name"}
    )
    assert kept
    assert not kept & granted(what)
    assert {reasons(what)[name] for name in kept} <= {Reason.DESK, Reason.LEVEL}


# the client herself


def test_client_carries_her_own_case_without_a_consent() -> None:
    what = disclosed(to=HERSELF, by=CARRIED)
    assert granted(what) == fields(*EVERYTHING, below=Level.S2)
    assert reasons(what)["client.safe_contact"] is Reason.LEVEL
    assert {consent for row in what.rows for consent in row.grants.values()} == {None}


def test_client_receives_nothing_before_her_wish_is_recorded() -> None:
    what = disclosed(consent(), to=replace(HERSELF, wants_paper=False), by=CARRIED)
    assert what.rows == ()
    assert reasons(what)["client.name_on_ticket"] is Reason.NO_CONSENT


def test_client_receives_nothing_of_another() -> None:
    other = make.row("client", rid=make.named_id("other client"))
    what = disclosed(to=HERSELF, by=CARRIED, rows=(*make.case_rows(), other))
    assert {given.row.rid for given in what.rows} == {row.rid for row in make.case_rows()}
    for unknown in (replace(HERSELF, rid=None), replace(HERSELF, rid=make.THIRD)):
        assert disclosed(to=unknown, by=CARRIED).rows == ()


def test_client_sees_her_consents_and_no_record_without_a_client() -> None:
    leg = make.row("leg", parent=make.named_id("no plan"), rid=make.named_id("stray"))
    what = disclosed(consent(), to=HERSELF, by=CARRIED, rows=(*make.case_rows(), leg))
    assert "consent.purpose" in granted(what)
    assert leg.rid not in {given.row.rid for given in what.rows}


# the directory


def house(confidentiality: Value) -> tuple[Row, ...]:
    values = {"confidentiality": confidentiality}
    return (
        make.row("organisation", {**make.FILLED["organisation"], **values}),
        make.row("contact", {**make.FILLED["contact"], **values}),
    )


PUBLIC = {
    "organisation.name", "organisation.country", "organisation.confidentiality",
    "contact.given_name", "contact.organisation", "contact.confidentiality",
}  # fmt: skip


@pytest.mark.parametrize(
    ("confidentiality", "recipients"),
    [
        ("public", {"partner", "person", "client"}),
        ("partners_only", {"partner"}),
        ("front_door_only", set()),
        ("secret", set()),
        ("quiet", set()),
        (None, set()),
        (Gap.UNKNOWN, set()),
    ],
)
def test_class_of_an_entry_says_who_may_see_it(
    confidentiality: Value, recipients: set[str]
) -> None:
    for recipient in (partner(), A_PERSON, HERSELF):
        what = disclosed(to=recipient, rows=house(confidentiality))
        shown = {name for name in PUBLIC if name in granted(what) | reasons(what).keys()}
        assert shown == PUBLIC
        if recipient.who in recipients:
            assert granted(what) == PUBLIC
        else:
            assert granted(what) == set()
            assert {reasons(what)[name] for name in PUBLIC} == {Reason.SECRET}


def test_entry_whose_class_is_in_conflict_is_secret() -> None:
    start = house("secret")[0]
    ours = make.changed(start, {"confidentiality": "secret"}, make.signature("EV", 5))
    theirs = make.changed(start, {"confidentiality": "public"}, make.signature("ОМ", 9))
    torn = replace(start, state=join(ours.state, theirs.state))
    what = disclosed(to=partner(), rows=(torn,))
    assert what.rows == ()
    assert reasons(what)["organisation.name"] is Reason.SECRET


# partners


def test_partner_that_is_not_verified_receives_nothing() -> None:
    rows = (*make.case_rows(), *house("public"))
    what = disclosed(consent(), to=partner(is_verified=False), rows=rows)
    assert what.rows == ()
    assert set(reasons(what).values()) == {Reason.UNVERIFIED, Reason.DESK}


@pytest.mark.parametrize("state", set(PartnerState) - {PartnerState.VERIFIED})
def test_pending_suspended_and_revoked_partners_receive_nothing(state: PartnerState) -> None:
    theirs = Partner(make.PARTNER, "Дом у реки", b"", b"", state)
    assert disclosed(consent(), to=theirs.recipient).rows == ()


ABROAD = partner(is_third_country=True)
TOOLS = ["adequacy_45", "scc_46", "vital_interests_49_1_f", "legal_claims_49_1_e", "none", None,
         Gap.UNKNOWN]  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
def test_third_country_needs_its_tool_on_record(tool: Value) -> None:
    """A tool that only the consent names is not on record."""
    what = disclosed(consent(transfer_tool=tool), to=ABROAD)
    assert what.rows == ()
    assert reasons(what)["leg.departs"] is Reason.TRANSFER
    with_tool = replace(ABROAD, has_transfer_tool=True)
    assert "leg.departs" in granted(disclosed(consent(transfer_tool=tool), to=with_tool))


def test_third_country_without_a_tool_needs_her_explicit_consent() -> None:
    agreed = consent(transfer_tool="explicit_consent_49_1_a")
    assert "leg.departs" in granted(disclosed(agreed, to=ABROAD))


def test_country_of_the_union_needs_no_tool() -> None:
    assert "leg.departs" in granted(disclosed(consent(transfer_tool=None), to=partner()))


# conflicts, deletions, and what nobody knows


def torn_leg() -> Row:
    start = make.row("leg")
    ours = make.changed(start, {"carrier": "19"}, make.signature("EV", 5))
    theirs = make.changed(start, {"carrier": "18"}, make.signature("ОМ", 9))
    return replace(start, state=join(ours.state, theirs.state))


def test_field_in_conflict_is_not_carried() -> None:
    rows = (make.row("client"), make.row("plan"), torn_leg())
    what = disclosed(to=HERSELF, by=CARRIED, rows=rows)
    assert reasons(what)["leg.carrier"] is Reason.CONFLICT
    assert "leg.departs" in granted(what)


def test_field_in_conflict_that_would_stay_anyway_keeps_its_reason() -> None:
    rows = (make.row("client"), make.row("plan"), torn_leg())
    what = disclosed(to=A_PERSON, by=CARRIED, rows=rows)
    assert reasons(what)["leg.carrier"] is Reason.NO_CONSENT


def test_field_in_conflict_goes_to_partners_with_all_its_versions() -> None:
    rows = (make.row("client"), make.row("plan"), torn_leg())
    what = disclosed(consent(), to=partner(), rows=rows)
    (leg,) = (given.row for given in what.rows if given.row.type == "leg")
    assert len(live_of(leg.state)[TYPES["leg"].ids["carrier"]]) == 2


def test_deleted_record_stands_on_no_paper_but_goes_in_bundles() -> None:
    rows = (make.row("client"), make.row("plan"), with_deletion(make.row("leg")))
    for channel in (CARRIED, DESK_PAPER):
        what = disclosed(to=HERSELF, by=channel, rows=rows)
        assert "leg" not in {given.row.type for given in what.rows}
        assert "leg" not in {kept.type for kept in what.withheld}
    sent = disclosed(consent(), to=partner(), rows=rows)
    (leg,) = (given.row for given in sent.rows if given.row.type == "leg")
    assert view_any(leg).is_deleted


def test_field_without_a_value_is_neither_granted_nor_withheld() -> None:
    rows = (make.row("client", {"code": "tulpan-47"}),)
    what = disclosed(to=partner(), rows=rows)
    assert reasons(what) == {"client.code": Reason.NO_CONSENT}


def test_cleared_field_goes_so_that_the_partner_clears_it_too() -> None:
    cleared = make.changed(make.row("client"), {"given_name": None}, make.signature(minute=3))
    what = disclosed(consent(), to=partner(), rows=(cleared,))
    (given, _) = sorted(what.rows, key=lambda given: given.row.type)
    assert view_any(given.row).record.given_name is None
    assert "given_name" in given.grants


def test_field_of_a_newer_program_never_leaves() -> None:
    leg = make.row("leg")
    later = replace(leg, state=amend(leg.state, {4711: "4"}, (), make.signature(minute=3)))
    rows = (make.row("client"), make.row("plan"), later)
    for recipient in (OWN_DESK, partner()):
        what = disclosed(consent(), to=recipient, rows=rows)
        (given,) = (given.row for given in what.rows if given.row.type == "leg")
        assert 4711 not in live_of(given.state)


# what comes back


def test_row_is_narrowed_to_what_was_granted() -> None:
    plan = make.changed(
        make.row("plan"), {"code_word": "vitsippa", "state": "travelling"},
        make.signature(minute=3),
    )  # fmt: skip
    what = disclosed(consent(), to=partner(), rows=(make.row("client"), plan))
    (given,) = (given for given in what.rows if given.row.type == "plan")
    ids = TYPES["plan"].ids
    known = set(live_of(given.row.state)) | {fid for fid, _ in dead_of(given.row.state)}
    assert known == {ids[key] for key in given.grants}
    assert ids["code_word"] not in known
    assert (given.row.rid, given.row.parent, given.row.custodian) == (
        plan.rid, plan.parent, plan.custodian,
    )  # fmt: skip


def test_rows_come_in_the_order_of_their_ids() -> None:
    what = disclosed(consent(), to=partner())
    rids = [given.row.rid for given in what.rows]
    assert rids == sorted(rids)


def test_groups_are_those_of_which_something_goes() -> None:
    agreed = consent(groups=(Group.TRAVEL, Group.IDENTITY, Group.HEALTH))
    assert disclosed(agreed, to=partner()).groups == (
        Group.IDENTITY, Group.TRAVEL, Group.PARTIES,
    )  # fmt: skip
    assert disclosed(to=partner()).groups == ()


def test_paper_narrows_to_its_keys() -> None:
    everything = disclosed(to=HERSELF, by=CARRIED)
    keys = {"client": frozenset({"name_on_ticket", "safe_contact"}), "leg": frozenset({"mode"})}
    paper = everything.only(keys)
    assert granted(paper) == {"client.name_on_ticket", "leg.mode"}
    assert reasons(paper) == {"client.safe_contact": Reason.LEVEL}
    (leg,) = (given.row for given in paper.rows if given.row.type == "leg")
    assert live_of(leg.state).keys() == {TYPES["leg"].ids["mode"]}
    assert everything.only({}).rows == ()
    assert (paper.recipient, paper.channel) == (HERSELF, CARRIED)


def test_bundle_narrows_to_some_records() -> None:
    everything = disclosed(consent(), to=partner())
    part = everything.only_rows(frozenset({make.PLAN}))
    assert [given.row.rid for given in part.rows] == [make.PLAN]
    assert {kept.rid for kept in part.withheld} == {make.PLAN}
    assert part.rows[0] in everything.rows


def test_only_disclose_makes_a_disclosed() -> None:
    real = disclosed(consent(), to=partner())
    forged = (DisclosedRow(make.row("plan"), {"code_word": None}),)
    with pytest.raises(TypeError):
        Disclosed(partner(), BUNDLE, forged, (), object())
    with pytest.raises(TypeError):
        Disclosed(partner(), BUNDLE, forged, (), None)
    with pytest.raises((TypeError, ValueError)):
        replace(real, rows=forged)  # type: ignore[call-arg]
    with pytest.raises((TypeError, ValueError)):
        replace(real, recipient=HERSELF)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        real.rows = forged  # type: ignore[misc]


def test_nothing_of_it_shows_a_value_when_it_is_withheld() -> None:
    assert "Вымыслова" not in repr(disclosed(to=partner()))


def test_moment_of_consent_counts_by_its_own_wall() -> None:
    given = Moment.at(datetime(2026, 11, 25, 0, 30), make.MOSCOW)  # noqa: DTZ001 - a wall clock
    assert on(date(2026, 11, 24), given=given) is Reason.NO_CONSENT
    assert on(date(2026, 11, 25), given=given) is None
