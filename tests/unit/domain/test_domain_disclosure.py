# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may receive what by which way, consents apart: each rule with the reason told."""

from dataclasses import replace

import pytest
from tests.support import make
from tests.support.make import A_PERSON, HERSELF, OWN_DESK, consent, disclosed, partner
from tests.unit.domain.disclosure_samples import (
    BUNDLE,
    CARRIED,
    DESK_PAPER,
    EVERYTHING,
    everything_goes,
    fields,
    granted,
    reasons,
    with_deletion,
)

from kfdesk.domain.authority import acceptable_part
from kfdesk.domain.consent import Recipient, WithheldReason
from kfdesk.domain.disclosure import (
    CHANNEL_CEILING,
    Channel,
    Disclosed,
    DisclosedRow,
)
from kfdesk.domain.exchange import Partner, PartnerState
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import apply_changes, merge_states, superseded_ids, writes_by_field
from kfdesk.domain.rows import Row, view_any
from kfdesk.domain.schema import DataGroup, SensitivityLevel
from kfdesk.domain.values import MissingAnswer, Value

pytestmark = pytest.mark.usefixtures("everything")


# levels and channels


@pytest.mark.parametrize(
    ("channel", "highest"),
    [
        (BUNDLE, SensitivityLevel.S4),
        (DESK_PAPER, SensitivityLevel.S4),
        (CARRIED, SensitivityLevel.S2),
    ],
)
def test_way_carries_no_more_than_its_ceiling(channel: Channel, highest: SensitivityLevel) -> None:
    assert CHANNEL_CEILING[channel] is highest
    what = everything_goes(consent(groups=EVERYTHING), to=partner(), by=channel)
    for level in ("s0", "s1", "s3", "s4", "s5"):
        is_open = SensitivityLevel[level.upper()] <= highest
        assert (f"everything.{level}" in granted(what)) == is_open
        assert (reasons(what).get(f"everything.{level}") is WithheldReason.LEVEL) == (not is_open)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("recipient", [OWN_DESK, HERSELF, partner(), A_PERSON])
def test_s5_never_leaves_by_any_way_to_anyone(recipient: Recipient, channel: Channel) -> None:
    agreed = (
        consent("a", groups=EVERYTHING),
        consent("b", groups=EVERYTHING, recipient=make.ESCORT.hex()),
    )
    what = everything_goes(*agreed, to=recipient, by=channel)
    for key in ("everything.s5", "everything.s5_desk"):
        assert reasons(what)[key] is WithheldReason.LEVEL


# our own desks


def test_own_desk_receives_everything_without_a_consent() -> None:
    for channel in (BUNDLE, DESK_PAPER):
        what = disclosed(to=OWN_DESK, by=channel)
        assert granted(what) == {
            f"{row.type}.{key}" for row in make.case_rows() for key in RECORD_TYPES[row.type].fields
        }
        assert what.withheld == ()
        assert {consent for row in what.rows for consent in row.grants.values()} == {None}


def test_own_desk_receives_the_whole_directory() -> None:
    house = make.row("organisation", {**make.FILLED["organisation"], "confidentiality": "secret"})
    what = disclosed(to=OWN_DESK, rows=(house,))
    assert granted(what) == {f"organisation.{key}" for key in RECORD_TYPES["organisation"].fields}


def test_what_our_own_people_carry_needs_a_consent_like_anybodys() -> None:
    shut = disclosed(to=OWN_DESK, by=CARRIED)
    assert shut.rows == ()
    assert reasons(shut)["plan.code_word"] is WithheldReason.LEVEL
    assert reasons(shut)["client.alias"] is WithheldReason.DESK
    assert reasons(shut)["leg.departs"] is WithheldReason.NO_CONSENT
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
        fields(DataGroup.DESK) | {"organisation.address", "contact.phone", "contact.family_name"}
    )
    assert kept
    assert not kept & granted(what)
    assert {reasons(what)[name] for name in kept} <= {WithheldReason.DESK, WithheldReason.LEVEL}


# the client herself


def test_client_carries_her_own_case_without_a_consent() -> None:
    what = disclosed(to=HERSELF, by=CARRIED)
    assert granted(what) == fields(*EVERYTHING, below=SensitivityLevel.S2)
    assert reasons(what)["client.safe_contact"] is WithheldReason.LEVEL
    assert {consent for row in what.rows for consent in row.grants.values()} == {None}


def test_client_receives_nothing_before_her_wish_is_recorded() -> None:
    what = disclosed(consent(), to=replace(HERSELF, wants_paper=False), by=CARRIED)
    assert what.rows == ()
    assert reasons(what)["client.name_on_ticket"] is WithheldReason.NO_CONSENT


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
    "organisation.other_name", "organisation.part_of", "organisation.city", "organisation.email",
    "organisation.website", "organisation.services", "organisation.offers",
    "organisation.populations", "organisation.languages", "organisation.hours",
    "organisation.networks", "organisation.contact_risk", "organisation.front_door",
    "organisation.actor_type", "organisation.eligibility", "organisation.fees",
    "organisation.application", "organisation.area", "organisation.interpretation",
    "organisation.accessibility", "organisation.alert", "organisation.round_the_clock",
    "organisation.case_number_needed",
    "contact.given_name", "contact.organisation", "contact.confidentiality", "contact.role",
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
        (MissingAnswer.UNKNOWN, set()),
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
            assert {reasons(what)[name] for name in PUBLIC} == {WithheldReason.SECRET}


def test_entry_whose_class_is_in_conflict_is_secret() -> None:
    start = house("secret")[0]
    ours = make.changed(start, {"confidentiality": "secret"}, make.signature("EV", 5))
    theirs = make.changed(start, {"confidentiality": "public"}, make.signature("ОМ", 9))
    torn = replace(start, state=merge_states(ours.state, theirs.state))
    what = disclosed(to=partner(), rows=(torn,))
    assert what.rows == ()
    assert reasons(what)["organisation.name"] is WithheldReason.SECRET


# partners


def test_partner_that_is_not_verified_receives_nothing() -> None:
    rows = (*make.case_rows(), *house("public"))
    what = disclosed(consent(), to=partner(is_verified=False), rows=rows)
    assert what.rows == ()
    assert set(reasons(what).values()) == {WithheldReason.UNVERIFIED, WithheldReason.DESK}


@pytest.mark.parametrize("state", sorted(set(PartnerState) - {PartnerState.VERIFIED}))
def test_pending_suspended_and_revoked_partners_receive_nothing(state: PartnerState) -> None:
    theirs = Partner(make.PARTNER, "Дом у реки", b"", b"", state)
    assert disclosed(consent(), to=theirs.recipient).rows == ()


ABROAD = partner(is_third_country=True)
TOOLS = ["adequacy_45", "scc_46", "vital_interests_49_1_f", "legal_claims_49_1_e", "none", None,
         MissingAnswer.UNKNOWN]  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
def test_third_country_needs_its_tool_on_record(tool: Value) -> None:
    """A tool that only the consent names is not on record."""
    what = disclosed(consent(transfer_tool=tool), to=ABROAD)
    assert what.rows == ()
    assert reasons(what)["leg.departs"] is WithheldReason.TRANSFER
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
    return replace(start, state=merge_states(ours.state, theirs.state))


def test_field_in_conflict_is_not_carried() -> None:
    rows = (make.row("client"), make.row("plan"), torn_leg())
    what = disclosed(to=HERSELF, by=CARRIED, rows=rows)
    assert reasons(what)["leg.carrier"] is WithheldReason.CONFLICT
    assert "leg.departs" in granted(what)


def test_field_in_conflict_that_would_stay_anyway_keeps_its_reason() -> None:
    rows = (make.row("client"), make.row("plan"), torn_leg())
    what = disclosed(to=A_PERSON, by=CARRIED, rows=rows)
    assert reasons(what)["leg.carrier"] is WithheldReason.NO_CONSENT


def test_field_in_conflict_goes_to_partners_with_all_its_versions() -> None:
    rows = (make.row("client"), make.row("plan"), torn_leg())
    what = disclosed(consent(), to=partner(), rows=rows)
    (leg,) = (given.row for given in what.rows if given.row.type == "leg")
    assert len(writes_by_field(leg.state)[RECORD_TYPES["leg"].ids["carrier"]]) == 2


def test_deleted_record_stands_on_no_paper_but_goes_in_bundles() -> None:
    rows = (make.row("client"), make.row("plan"), with_deletion(make.row("leg")))
    for channel in (CARRIED, DESK_PAPER):
        what = disclosed(to=HERSELF, by=channel, rows=rows)
        assert "leg" not in {given.row.type for given in what.rows}
        assert "leg" not in {kept.type for kept in what.withheld}
    sent = disclosed(consent(), to=partner(), rows=rows)
    (leg,) = (given.row for given in sent.rows if given.row.type == "leg")
    assert view_any(leg).is_deleted


@pytest.mark.parametrize("above", ["client", "plan"])
def test_what_stands_below_a_deleted_record_goes_nowhere(above: str) -> None:
    rows = tuple(
        with_deletion(row) if row.type == above else row
        for row in (make.row("client"), make.row("plan"), make.row("leg"))
    )
    for channel, to in ((CARRIED, HERSELF), (DESK_PAPER, OWN_DESK), (BUNDLE, partner())):
        what = disclosed(consent(), to=to, by=channel, rows=rows)
        named = {given.row.type for given in what.rows} | {kept.type for kept in what.withheld}
        assert "leg" not in named
        assert (above in named) is (channel is BUNDLE)


def test_field_without_a_value_is_neither_granted_nor_withheld() -> None:
    rows = (make.row("client", {"code": "tulpan-47"}),)
    what = disclosed(to=partner(), rows=rows)
    assert reasons(what) == {"client.code": WithheldReason.NO_CONSENT}


def test_cleared_field_goes_so_that_the_partner_clears_it_too() -> None:
    cleared = make.changed(make.row("client"), {"given_name": None}, make.signature(minute=3))
    what = disclosed(consent(), to=partner(), rows=(cleared,))
    (given, _) = sorted(what.rows, key=lambda given: given.row.type)
    assert view_any(given.row).record.given_name is None
    assert "given_name" in given.grants


def test_field_of_a_newer_program_never_leaves() -> None:
    leg = make.row("leg")
    later = replace(leg, state=apply_changes(leg.state, {4711: "4"}, (), make.signature(minute=3)))
    rows = (make.row("client"), make.row("plan"), later)
    for recipient in (OWN_DESK, partner()):
        what = disclosed(consent(), to=recipient, rows=rows)
        (given,) = (given.row for given in what.rows if given.row.type == "leg")
        assert 4711 not in writes_by_field(given.state)


# what comes back


def test_row_is_narrowed_to_what_was_granted() -> None:
    plan = make.changed(
        make.row("plan"), {"code_word": "vitsippa", "state": "travelling"},
        make.signature(minute=3),
    )  # fmt: skip
    what = disclosed(consent(), to=partner(), rows=(make.row("client"), plan))
    (given,) = (given for given in what.rows if given.row.type == "plan")
    ids = RECORD_TYPES["plan"].ids
    known = set(writes_by_field(given.row.state)) | {
        fid for fid, _ in superseded_ids(given.row.state)
    }
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
    agreed = consent(groups=(DataGroup.TRAVEL, DataGroup.IDENTITY, DataGroup.HEALTH))
    assert disclosed(agreed, to=partner()).groups == (
        DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.HEALTH, DataGroup.PARTIES,
    )  # fmt: skip
    assert disclosed(to=partner()).groups == ()


def test_each_group_tells_by_which_consents_it_goes_or_why_it_stays() -> None:
    travel = consent("a", groups=("travel", "identity"))
    what = everything_goes(travel, to=partner(), by=BUNDLE)
    assert what.openings[DataGroup.TRAVEL] == frozenset({travel.rid})
    assert what.openings[DataGroup.IDENTITY] == frozenset({travel.rid})
    assert what.openings[DataGroup.HEALTH] is WithheldReason.SCOPE
    assert not {DataGroup.DESK, DataGroup.DIRECTORY, DataGroup.PARTIES} & what.openings.keys()
    assert list(what.openings) == sorted(what.openings, key=list(DataGroup).index)


def test_group_of_which_a_part_stays_for_its_level_goes_by_its_consent() -> None:
    agreed = consent("a", groups=EVERYTHING)
    what = everything_goes(agreed, to=partner(), by=BUNDLE)
    sensitive = {one.key for one in what.withheld if one.reason is WithheldReason.LEVEL}
    assert sensitive
    assert what.openings[DataGroup.IDENTITY] == frozenset({agreed.rid})


def test_what_goes_without_a_consent_names_none() -> None:
    what = everything_goes(to=OWN_DESK, by=BUNDLE)
    assert set(what.openings.values()) == {frozenset()}


def test_paper_narrows_to_its_keys() -> None:
    everything = disclosed(to=HERSELF, by=CARRIED)
    keys = {"client": frozenset({"name_on_ticket", "safe_contact"}), "leg": frozenset({"mode"})}
    paper = everything.only_keys(keys)
    assert granted(paper) == {"client.name_on_ticket", "leg.mode"}
    assert reasons(paper) == {"client.safe_contact": WithheldReason.LEVEL}
    (leg,) = (given.row for given in paper.rows if given.row.type == "leg")
    assert writes_by_field(leg.state).keys() == {RECORD_TYPES["leg"].ids["mode"]}
    assert everything.only_keys({}).rows == ()
    assert (paper.recipient, paper.channel) == (HERSELF, CARRIED)


def test_bundle_narrows_to_some_records() -> None:
    everything = disclosed(consent(), to=partner())
    part = everything.only_rows(frozenset({make.PLAN}))
    assert [given.row.rid for given in part.rows] == [make.PLAN]
    assert {kept.rid for kept in part.withheld} == {make.PLAN}
    assert part.rows[0] in everything.rows


def test_partner_writes_our_plan_but_not_its_state_nor_what_stays_at_the_desk() -> None:
    ours, theirs = make.row("plan"), make.row("plan", custodian=make.PARTNER)
    ids = RECORD_TYPES["plan"].ids
    wanted = ("state", "from_country", "code_word")
    written = [acceptable_part(each, make.PARTNER) for each in (ours, theirs)]
    fids = [writes_by_field(each.state).keys() for each in written if each is not None]
    assert [[key for key in wanted if ids[key] in found] for found in fids] == [
        ["from_country"],
        ["state", "from_country"],
    ]
    assert acceptable_part(make.row("risk_assessment"), make.PARTNER) is None


def test_only_disclose_makes_a_disclosed() -> None:
    real = disclosed(consent(), to=partner())
    forged = (DisclosedRow.of(make.row("plan"), {"code_word": None}),)
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
