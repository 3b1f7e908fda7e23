# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to do in networks, what is new for a member, activities that add up, and rule D6."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import begin_network, send
from tests.integration.pair_samples import Pair, met_pair, refusal
from tests.integration.test_network_work import TOLD, WORK, decide, hold_meeting, today

from kfdesk.demo import people
from kfdesk.domain.authority import make_record_id
from kfdesk.domain.exchange import Direction
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.network import (
    Activity,
    ActivityParty,
    Agreement,
    AgreementParty,
    CaseConference,
    ConferenceDecision,
    Project,
    ProjectParty,
)
from kfdesk.domain.rows import Row, encode_changes, view_any
from kfdesk.domain.values import PartialDate, Value
from kfdesk.services.core.records import change_record, create_record, delete_record, put_new
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.network.news import list_arrived, list_news, read_news
from kfdesk.services.network.reports import (
    CSV_COLUMNS,
    PROJECTS,
    ActivityQuery,
    GroupedBy,
    report_activities,
    save_activities,
)
from kfdesk.services.network.work import (
    list_ending_agreements,
    list_open_decisions,
    list_tool_candidates,
    name_transfer_tool,
    read_members,
    read_work,
)
from kfdesk.services.plans.consents import read_consent_recipient, withdraw_consent
from kfdesk.services.plans.plans import load_case
from kfdesk.services.today import read_today


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


def house(desk: Session, name: str) -> str:
    values: dict[str, Value] = {"name": name, "confidentiality": "public"}
    return create_record(desk, Organisation, values).hex()


# --- what is to do


def test_decision_with_a_day_stands_at_its_owners_desk_and_in_its_news(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, trio.third, shares=WORK)
    day = today(trio.ours)
    meeting = hold_meeting(trio.ours, network, day)
    later = decide(trio.ours, meeting, trio.bad, due=day + timedelta(days=5))
    sooner = decide(trio.ours, meeting, trio.bad, due=day - timedelta(days=2))
    undated = decide(trio.ours, meeting, trio.third)
    decide(trio.ours, meeting, trio.bad, due=day, state="done")
    proposed = decide(trio.ours, meeting, trio.bad, due=day, state="proposed")
    told = read_news(trio.ours, trio.bad.identity.organisation)
    assert {one.given.rid for one in told.items if one.is_theirs} == {later, sooner}
    assert proposed not in {one.given.rid for one in told.items}
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    lines = list_open_decisions(trio.bad)
    assert [(one.rid, one.days, one.is_ours) for one in lines] == [
        (sooner, -2, True), (later, 5, True), (undated, None, False),
    ]  # fmt: skip
    change_record(trio.bad, sooner, {"done_here": day})
    assert sooner not in {one.rid for one in list_open_decisions(trio.bad)}
    delete_record(trio.ours, meeting)
    assert list_open_decisions(trio.ours) == ()


def test_decision_of_a_case_conference_stands_on_today_of_its_owner(trio: Trio) -> None:
    desk, day = trio.ours, today(trio.ours)
    head = create_record(desk, CaseConference, {"place": "Här"}, trio.plan)
    ours, theirs = (one.identity.organisation.hex() for one in (trio.ours, trio.bad))
    for owner, due, state in (
        (ours, day, "open"), (theirs, day, "open"), (ours, None, "open"), (ours, day, "done"),
    ):  # fmt: skip
        values: dict[str, Value] = {"decided": TOLD, "owner": owner, "due": due, "state": state}
        create_record(desk, ConferenceDecision, values, head)
    (found,) = read_today(desk).conference_decisions
    assert (found.line.rid, found.days, found.view.record.state) == (trio.plan, 0, "open")
    delete_record(desk, head)
    assert read_today(desk).conference_decisions == ()


def test_network_with_meetings_is_not_merged_away(trio: Trio) -> None:
    first, second = (begin_network(trio.ours, trio.bad, shares=WORK) for _ in range(2))
    hold_meeting(trio.ours, first, today(trio.ours))
    assert refusal(lambda: networks.join_networks(trio.ours, first, second)).code == (
        "network.has_work"
    )
    networks.join_networks(trio.ours, second, first)


def test_owner_who_left_the_network_is_named(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    meeting = hold_meeting(trio.ours, network, today(trio.ours))
    decide(trio.ours, meeting, trio.bad)
    decide(trio.ours, meeting, trio.ours)
    assert [one.has_left for one in list_open_decisions(trio.ours)] == [False, False]
    networks.end_membership(trio.ours, network, trio.bad.identity.organisation)
    found = {one.is_ours: one.has_left for one in list_open_decisions(trio.ours)}
    assert found == {False: True, True: False}


def test_agreement_stands_for_sixty_days_before_its_end(trio: Trio) -> None:
    network, day = begin_network(trio.ours, trio.bad, shares=WORK), today(trio.ours)
    for days in (61, 60, 0, -31):
        values: dict[str, Value] = {"title": TOLD, "valid_until": day + timedelta(days=days)}
        agreement = create_record(trio.ours, Agreement, values, network if days else None)
        party = {"organisation": trio.bad.identity.organisation.hex()}
        create_record(trio.ours, AgreementParty, party, agreement)
    found = list_ending_agreements(trio.ours)
    assert [(one.days, one.parties, one.network) for one in found] == [
        (0, (people.SAFE_HOUSE,), b""), (60, (people.SAFE_HOUSE,), network),
    ]  # fmt: skip


def test_four_hundred_take_part(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    meeting = hold_meeting(trio.ours, network, today(trio.ours))
    with trio.ours.store.transaction():
        for _ in range(400):
            values = encode_changes("attendance", {"role": "takes_part"})
            put_new(trio.ours, trio.ours.new_row("attendance", meeting), values)
    (line,) = read_work(trio.ours)[network].meetings
    assert len(line.parts("attendance")) == 400


def test_member_is_known_by_what_it_does(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    activity = create_record(trio.ours, Activity, {"title": TOLD}, network)
    member = trio.bad.identity.organisation
    create_record(trio.ours, ActivityParty, {"organisation": member.hex()}, activity)
    (facts,) = read_members(trio.ours, network).values()
    assert (facts.activities, facts.shares, facts.checked) == (1, WORK, None)


# --- what is new for a member


def test_no_change_makes_no_news(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    hold_meeting(trio.ours, network, today(trio.ours))
    (news,) = list_news(trio.ours)
    assert {kind for kinds in news.by_network.values() for kind in kinds} == {
        "meeting", "membership",
    }  # fmt: skip
    for _ in range(2):  # the first answer tells which program they have
        trio.take(send(trio, trio.ours, trio.bad), trio.bad)
        change_record(trio.bad, network, {"we_share": WORK})
        hold_meeting(trio.bad, network, today(trio.bad))
        trio.take(send(trio, trio.bad, trio.ours))
    assert list_news(trio.ours) == ()
    assert read_news(trio.ours, trio.bad.identity.organisation).items == ()
    assert trio.ours.store.ledger.marks(trio.bad.identity.organisation, Direction.OUT)


def test_news_hold_only_what_may_go(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    secret = hold_meeting(trio.ours, network, today(trio.ours), confidentiality="secret")
    decide(trio.ours, secret, trio.bad, due=today(trio.ours))
    found = read_news(trio.ours, trio.bad.identity.organisation)
    assert [one.given.type for one in found.items] == ["membership"]


def test_news_tell_what_came_in_by_whom_and_when(trio: Trio) -> None:
    network, day = begin_network(trio.ours, trio.bad, trio.third, shares=WORK), today(trio.ours)
    for member in (trio.bad, trio.third):
        trio.take(send(trio, trio.ours, member), member)
    change_record(trio.bad, network, {"we_share": WORK})
    assert list_arrived(trio.ours) == ()
    meeting = hold_meeting(trio.bad, network, day)
    mine = decide(trio.bad, meeting, trio.ours, due=day)
    decide(trio.bad, meeting, state="proposed")
    trio.take(send(trio, trio.bad, trio.ours))
    found = list_arrived(trio.ours)
    assert [(one.view.rid, one.sender_name, one.day, one.is_ours) for one in found] == [
        (meeting, people.SAFE_HOUSE, day, False), (mine, people.SAFE_HOUSE, day, True),
    ]  # fmt: skip
    assert {one.network for one in found} == {network}
    trio.take(send(trio, trio.ours, trio.third), trio.third)  # passed on: by ours, the coordinator
    senders = {one.sender_name for one in list_arrived(trio.third) if one.view.rid == meeting}
    assert senders == {people.HOUSE}
    change_record(trio.ours, mine, {"done_here": day})
    assert [one.view.rid for one in list_arrived(trio.ours)] == [meeting]
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    (done,) = [one for one in list_arrived(trio.bad) if one.view.row.type == "decision"]
    assert (done.view.rid, done.view.record.done_here) == (mine, day)


# --- activities that add up


def test_expert_assignments_add_up_by_assigner_and_funder(trio: Trio, tmp_path: Path) -> None:
    desk = trio.ours
    network = begin_network(desk, trio.bad, shares=WORK)
    ministry, agency = house(desk, "Påhittade departementet"), house(desk, "=Biståndet")
    project = create_record(desk, Project, {"title": TOLD}, network)
    for funder in (ministry, agency):
        create_record(desk, ProjectParty, {"organisation": funder, "role": "funding"}, project)
    days: tuple[tuple[Value, str | None, bytes], ...] = (
        (date(2024, 1, 1), ministry, network), (date(2026, 12, 31), ministry, project),
        (PartialDate("2025"), agency, network), (date(2025, 5, 5), None, network),
        (date(2023, 12, 31), ministry, network), (date(2027, 1, 1), agency, network),
        (None, agency, network),
    )  # fmt: skip
    for begins, by, above in days:
        values: dict[str, Value] = {
            "title": TOLD, "kind": "expert_assignment", "begins": begins, "assigned_by": by,
            "women": 3, "men": 2, "others": None,
        }  # fmt: skip
        create_record(desk, Activity, values, above)
    create_record(desk, Activity, {"kind": "training", "begins": date(2025, 1, 1)}, network)
    asked = ActivityQuery("expert_assignment", 2024, 2026)
    report = report_activities(desk, asked)
    assert report.groups == {"": (1, 5), "=Biståndet": (1, 5), "Påhittade departementet": (2, 10)}
    assert report.total == (4, 20)
    assert report.undated == 1
    assert report.total[0] == sum(count for count, _ in report.groups.values())
    by_funder = report_activities(
        desk, ActivityQuery("expert_assignment", 2024, 2026, GroupedBy.FUNDING)
    )
    assert by_funder.groups == {"": (3, 15), "=Biståndet, Påhittade departementet": (1, 5)}
    path = tmp_path / "list.csv"
    assert save_activities(desk, asked, path, "sv") == 4
    head, *rows = csv.reader(StringIO(path.read_text(encoding="utf-8-sig")))
    assert tuple(head) == CSV_COLUMNS
    assert {row[2] for row in rows} == {"'=Biståndet", "Påhittade departementet", ""}
    assert refusal(lambda: save_activities(desk, asked, tmp_path / "no" / "x.csv", "sv")).code == (
        "store.disk"
    )


def test_projects_add_up_by_who_answers_and_who_funds(trio: Trio, tmp_path: Path) -> None:
    desk = trio.ours
    network = begin_network(desk, trio.bad, shares=WORK)
    ministry, agency = house(desk, "Påhittade departementet"), house(desk, "Biståndet")
    for year, funder, above in ((2024, ministry, network), (2025, agency, None),
                                (2023, agency, None), (None, agency, network)):  # fmt: skip
        values: dict[str, Value] = {
            "title": TOLD, "budget": 5_000, "currency": "SEK", "status": "closed",
            "begins": date(year, 2, 1) if year else None,
        }  # fmt: skip
        project = create_record(desk, Project, values, above)
        create_record(desk, ProjectParty, {"organisation": funder, "role": "funding"}, project)
        create_record(desk, ProjectParty, {"organisation": agency, "role": "accountable"}, project)
    gone = create_record(desk, Project, {"begins": date(2025, 1, 1)})
    delete_record(desk, gone)
    by_funder = ActivityQuery(PROJECTS, 2024, 2026, GroupedBy.FUNDING)
    report = report_activities(desk, by_funder)
    assert report.groups == {"Biståndet": (1, 0), "Påhittade departementet": (1, 0)}
    assert (report.total, report.undated) == ((2, 0), 1)
    assert report_activities(desk, ActivityQuery(PROJECTS, 2024, 2026)).groups == {
        "Biståndet": (2, 0)
    }
    assert report_activities(desk, ActivityQuery("", 2024, 2026)).total == (0, 0)
    path = tmp_path / "projects.csv"
    assert save_activities(desk, by_funder, path, "sv") == 2
    _, first, _ = csv.reader(StringIO(path.read_text(encoding="utf-8-sig")))
    said = dict(zip(CSV_COLUMNS, first, strict=True))
    assert (said["kind"], said["funding"], said["budget"], said["currency"], said["women"]) == (
        "project", "Påhittade departementet", "5000", "SEK", "",
    )  # fmt: skip


# --- the legal basis for a third country (D6)


@pytest.fixture
def far(pair: Pair) -> Pair:
    """Return a pair abroad, whose client gave no explicit consent to the transfer."""
    (consent,) = load_case(pair.ours, pair.plan).consents
    change_record(pair.ours, consent.rid, {"transfer_tool": "scc_46"})
    return pair


def sign_agreement(pair: Pair, **more: Value) -> bytes:
    values: dict[str, Value] = {"title": TOLD, "kind": "data_sharing"}
    agreement = create_record(pair.ours, Agreement, values | more)
    party: dict[str, Value] = {
        "organisation": them(pair).hex(), "role": "controller", "signed": date(2026, 1, 1),
    }  # fmt: skip
    create_record(pair.ours, AgreementParty, party, agreement)
    return agreement


def them(pair: Pair) -> bytes:
    return pair.theirs.identity.organisation


def outcome(pair: Pair) -> str:
    fault = transfer.prepare_bundle(pair.ours, pair.plan, them(pair)).fault
    return fault.code if fault is not None else ""


def test_agreement_that_ended_blocks_sending_to_the_third_country(far: Pair) -> None:
    assert outcome(far) == "exchange.nothing_allowed"
    agreement = sign_agreement(far)
    assert outcome(far) == "exchange.nothing_allowed"
    name_transfer_tool(far.ours, agreement, them(far))
    assert outcome(far) == ""
    assert partners.find_partner(far.ours, them(far)).has_transfer_tool
    assert read_consent_recipient(far.ours, load_case(far.ours, far.plan).client.rid,
                                  them(far).hex()).has_tool  # fmt: skip
    far.send()
    yesterday = today(far.ours) - timedelta(days=1)
    change_record(far.ours, agreement, {"valid_until": yesterday})
    leg = far.legs[0]
    change_record(far.ours, leg, {"carrier": "Ny båt"})
    for _ in range(2):
        refused = refusal(far.send)
        assert (refused.code, refused.data["partner"]) == (
            "exchange.agreement_ended", people.SAFE_HOUSE,
        )  # fmt: skip
    assert not partners.find_partner(far.ours, them(far)).has_transfer_tool
    assert [one.is_tool for one in list_ending_agreements(far.ours)] == [True]
    change_record(far.ours, agreement, {"valid_until": today(far.ours)})
    far.send()
    row = far.theirs.store.row(leg)
    assert row is not None
    assert view_any(row).record.carrier == "Ny båt"


@pytest.mark.parametrize(
    "change",
    [{"begins": date(2100, 1, 1)}, {"kind": "cooperation"}, {"valid_until": PartialDate("2020")}],
)
def test_agreement_that_is_not_in_force_allows_nothing(far: Pair, change: dict[str, Value]) -> None:
    agreement = sign_agreement(far)
    name_transfer_tool(far.ours, agreement, them(far))
    change_record(far.ours, agreement, change)
    assert outcome(far) == "exchange.agreement_ended"


def test_agreement_in_the_bin_allows_nothing_and_another_one_does(far: Pair) -> None:
    agreement = sign_agreement(far)
    name_transfer_tool(far.ours, agreement, them(far))
    delete_record(far.ours, agreement)
    assert outcome(far) == "exchange.agreement_ended"
    name_transfer_tool(far.ours, sign_agreement(far), them(far))
    assert outcome(far) == ""


def test_explicit_consent_needs_no_agreement(pair: Pair) -> None:
    agreement = sign_agreement(pair, valid_until=date(2020, 1, 1))
    name_transfer_tool(pair.ours, agreement, them(pair))
    assert outcome(pair) == ""


def test_withdrawal_is_told_without_any_agreement(far: Pair) -> None:
    agreement = sign_agreement(far)
    name_transfer_tool(far.ours, agreement, them(far))
    far.send()
    change_record(far.ours, agreement, {"valid_until": date(2020, 1, 1)})
    (consent,) = load_case(far.ours, far.plan).consents
    withdraw_consent(far.ours, consent.rid)
    parcel = transfer.prepare_bundle(far.ours, far.plan, them(far))
    assert (parcel.fault, bool(parcel.notices)) == (None, True)
    assert not parcel.goes.rows


def test_only_a_signed_agreement_about_personal_data_is_named(far: Pair) -> None:
    desk, agreement = far.ours, sign_agreement(far, kind="cooperation")
    assert refusal(lambda: name_transfer_tool(desk, agreement, them(far))).code == (
        "agreement.not_data_sharing"
    )
    change_record(desk, agreement, {"kind": "data_sharing"})
    assert list_tool_candidates(desk, agreement) == ((them(far), people.SAFE_HOUSE),)
    unsigned = create_record(desk, Agreement, {"kind": "data_sharing"})
    create_record(desk, AgreementParty, {"organisation": them(far).hex()}, unsigned)
    assert list_tool_candidates(desk, unsigned) == ()
    assert refusal(lambda: name_transfer_tool(desk, unsigned, them(far))).code == (
        "agreement.not_a_party"
    )
    covers = {"covers": them(far).hex()}
    assert refusal(lambda: change_record(desk, agreement, covers)).code == "field.guarded"
    assert refusal(lambda: create_record(desk, Agreement, covers)).code == "field.guarded"
    assert refusal(lambda: name_transfer_tool(desk, far.plan, None)).code == "record.missing"
    name_transfer_tool(desk, agreement, them(far))
    name_transfer_tool(desk, agreement, None)
    assert outcome(far) == "exchange.nothing_allowed"


def test_partners_own_agreement_is_never_our_legal_basis(far: Pair) -> None:
    """Else the partner could prolong it by a file."""
    desk, whose = far.ours, them(far)
    state = far.ours.store.row(sign_agreement(far))
    assert state is not None
    theirs = Row(make_record_id(whose, b"agreement"), "agreement", None, whose, state.state)
    with desk.store.transaction():
        desk.store.put(theirs)
    assert refusal(lambda: name_transfer_tool(desk, theirs.rid, whose)).code == "record.not_ours"
    assert list_tool_candidates(desk, theirs.rid) == ()
