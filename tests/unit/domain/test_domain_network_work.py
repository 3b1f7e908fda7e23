# SPDX-License-Identifier: GPL-3.0-or-later
"""The network at work: who sees it, where it stands, what makes no sense, what is due."""

from datetime import date
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.disclosure_samples import with_deletion

from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, DisclosureBasis, disclose
from kfdesk.domain.network import Circle, circles_of
from kfdesk.domain.network_work import (
    WorkFault,
    agreement_end,
    has_begun_before,
    is_agreement_ending,
    is_decision_open,
    is_in_force,
    transfer_tools,
    work_fault,
    work_line,
)
from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.records.network import Agreement, ConferenceDecision, Decision
from kfdesk.domain.rows import Row, view, view_any
from kfdesk.domain.values import MissingAnswer, PartialDate, Value

NETWORK, PROJECT = make.named_id("network"), make.named_id("project")
TODAY = make.NOW.date()
PARTNER = Recipient(RecipientKind.PARTNER, make.PARTNER, is_verified=True)
WORK = frozenset({"network_work"})
LINE = ("network", "meeting", "attendance", "decision", "agreement", "agreement_party")
DONE = ("project", "project_party", "activity", "activity_party")


def rows_of_work() -> list[Row]:
    return [make.row(name) for name in (*LINE, *DONE)]


def given(
    *rows: Row,
    to: Recipient = PARTNER,
    shares: frozenset[str] = WORK,
    since: date | None = None,
    channel: Channel = Channel.BUNDLE,
) -> set[str]:
    first = {} if since is None else {make.PARTNER: since}
    circle = Circle(frozenset({make.OURS, make.PARTNER}), shares, first)
    basis = DisclosureBasis((), make.NOW, make.OURS, {NETWORK: circle})
    return {one.type for one in disclose(rows, to, channel, basis).rows}


def work(name: str, **values: Value) -> Row:
    return make.row(name, {**make.FILLED[name], **values})


# --- who sees it


def test_member_sees_the_work_of_a_network_that_shares_it() -> None:
    rows = rows_of_work()
    assert given(*rows) == {*LINE, *DONE}
    assert given(*rows, shares=frozenset({"directory"})) == {"network"}
    stranger = Recipient(RecipientKind.PARTNER, make.THIRD, is_verified=True)
    assert given(*rows, to=stranger) == set()
    assert given(*rows, to=Recipient(RecipientKind.PARTNER, make.PARTNER)) == set()


def test_no_paper_for_others_shows_the_work() -> None:
    house = Recipient(RecipientKind.ORGANISATION, make.PARTNER)
    assert given(*rows_of_work(), to=house, channel=Channel.DESK_PAPER) == set()


@pytest.mark.parametrize("seen_by", ["secret", None, "unknown_code"])
def test_nothing_is_seen_wider_than_what_it_stands_below(seen_by: str | None) -> None:
    rows = [one for one in rows_of_work() if one.type not in ("meeting", "project")]
    hidden = [work("meeting", confidentiality=seen_by), work("project", confidentiality=seen_by)]
    assert given(*rows, *hidden) == {"network", "agreement", "agreement_party"}
    shut = [one for one in rows_of_work() if one.type != "network"]
    assert given(*shut, work("network", confidentiality=seen_by)) == set()


def test_work_that_stands_below_no_network_goes_to_nobody() -> None:
    rows = [one for one in rows_of_work() if one.type != "network"]
    assert given(*rows) == set()
    lone = make.row("project", parent=b"")
    assert work_line(lone, {lone.rid: lone}) == ()
    case = (make.row("client"), make.row("plan"), make.row("network"))
    astray = make.row("meeting", parent=make.PLAN)
    assert given(*case, astray, *(make.row(name) for name in ("attendance", "decision"))) == {
        "network"
    }


def test_line_leads_from_an_activity_to_the_network() -> None:
    rows = {one.rid: one for one in rows_of_work()}
    line = work_line(rows[make.named_id("activity_party")], rows)
    assert [one.type for one in line] == ["activity_party", "activity", "project", "network"]


# --- who joined later


def test_member_that_joined_later_sees_nothing_older() -> None:
    joined = date(2026, 12, 10)  # the day of the meeting; the rest began before
    assert given(*rows_of_work(), since=joined) == {"network", "meeting", "attendance", "decision"}
    assert given(*rows_of_work(), since=date(2026, 12, 11)) == {"network"}


@pytest.mark.parametrize(
    ("begins", "is_before"),
    [
        (date(2026, 5, 1), False),
        (date(2026, 4, 30), True),
        (PartialDate("2026-05"), False),
        (PartialDate("2026"), True),
        (None, False),  # it was written in November
        (MissingAnswer.UNKNOWN, False),
    ],
)
def test_beginning_of_work_is_its_day_or_when_it_was_written(
    begins: Value, is_before: bool
) -> None:
    assert has_begun_before(work("project", begins=begins), date(2026, 5, 1)) is is_before


def test_day_in_conflict_and_record_without_a_value_count_as_before() -> None:
    whole = make.row("project")
    other = make.signature("KP, Дом у реки")
    torn = make.changed(whole, {"begins": date(2030, 1, 1)}, other, make.row("project", {}))
    assert has_begun_before(torn, date(2000, 1, 1))
    assert has_begun_before(make.row("meeting", {}), date(1980, 1, 1))


def membership(**values: Value) -> Row:
    return make.row("membership", {**make.FILLED["membership"], **values})


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ({"from_start": None, "begins": date(2026, 5, 3)}, date(2026, 5, 3)),
        ({"from_start": False, "begins": PartialDate("2026-05")}, date(2026, 5, 31)),
        ({"from_start": True, "begins": date(2026, 5, 3)}, None),
        ({"from_start": None, "begins": None}, None),
    ],
)
def test_coordinator_lets_a_member_see_from_the_beginning(
    values: dict[str, Any], first: date | None
) -> None:
    network = view(make.row("network"), Network)
    (found,) = circles_of(
        [network], [view(membership(**values), Membership)], TODAY, make.OURS
    ).values()
    assert found.since.get(make.PARTNER) == first
    assert make.OURS not in found.since


def test_earliest_of_two_memberships_counts() -> None:
    both = [
        view(membership(from_start=None, begins=day), Membership)
        for day in (date(2026, 5, 3), date(2025, 1, 1))
    ]
    (found,) = circles_of([view(make.row("network"), Network)], both, TODAY, make.OURS).values()
    assert found.since == {make.PARTNER: date(2025, 1, 1)}


# --- what makes no sense


@pytest.mark.parametrize(
    ("name", "values", "fault"),
    [
        ("meeting", {"ends": make.at(10, 12)}, (WorkFault.ENDS_EARLY, "ends")),
        ("meeting", {"ends": make.at(10, 13)}, None),
        ("meeting", {"ends": make.at(10, 14, 0, make.RIGA)}, None),
        ("meeting", {"ends": make.at(10, 13, 59, make.RIGA)}, (WorkFault.ENDS_EARLY, "ends")),
        ("meeting", {"ends": None}, None),
        ("meeting", {"starts": None}, None),
        ("case_conference", {"ends": make.at(1, 1)}, (WorkFault.ENDS_EARLY, "ends")),
        ("agreement", {"valid_until": date(2025, 12, 31)}, (WorkFault.ENDS_EARLY, "valid_until")),
        ("project", {"ends": PartialDate("2025")}, (WorkFault.ENDS_EARLY, "ends")),
        ("project", {"ends": PartialDate("2026")}, None),
        ("project", {"currency": None}, (WorkFault.NO_CURRENCY, "budget")),
        ("project", {"currency": MissingAnswer.UNKNOWN}, (WorkFault.NO_CURRENCY, "budget")),
        ("project", {"currency": "kronor"}, (WorkFault.NOT_A_CURRENCY, "currency")),
        ("project", {"currency": None, "budget": None}, None),
        ("project", {"budget": -1}, (WorkFault.NEGATIVE, "budget")),
        ("project", {}, None),
        ("activity", {"women": -3}, (WorkFault.NEGATIVE, "women")),
        ("activity", {"ends": date(2026, 11, 1)}, (WorkFault.ENDS_EARLY, "ends")),
        ("activity", {"not_known": 0}, None),
        ("decision", {}, None),
    ],
)
def test_what_makes_no_sense_is_named(
    name: str, values: dict[str, Any], fault: tuple[WorkFault, str] | None
) -> None:
    assert work_fault(view_any(work(name, **values))) == fault


# --- what is due


def test_decision_is_open_until_somebody_says_otherwise() -> None:
    def is_open(**values: Value) -> bool:
        return is_decision_open(view(work("decision", **{"done_here": None} | values), Decision))

    assert is_open()
    assert is_open(state=None)
    assert not any(is_open(state=one) for one in ("proposed", "done", "dropped"))
    assert not is_open(done_here=TODAY)
    assert not is_decision_open(view(with_deletion(work("decision", done_here=None)), Decision))
    assert is_decision_open(view(work("conference_decision"), ConferenceDecision))


def agreement(**values: Value) -> Any:
    return view(work("agreement", **values), Agreement)


@pytest.mark.parametrize(
    ("last", "is_near"),
    [
        (date(2027, 1, 23), True),  # 60 days after the 24th of November
        (date(2027, 1, 24), False),
        (PartialDate("2027-01"), True),
        (date(2026, 10, 25), True),
        (date(2026, 10, 24), False),
        (None, False),
    ],
)
def test_agreement_is_near_its_end_for_sixty_days(last: Value, is_near: bool) -> None:
    assert is_agreement_ending(agreement(valid_until=last), TODAY) is is_near


def test_agreement_without_an_end_or_in_the_bin_never_ends() -> None:
    assert agreement_end(agreement(valid_until=MissingAnswer.UNKNOWN)) is None
    gone = view(with_deletion(work("agreement", valid_until=TODAY)), Agreement)
    assert not is_agreement_ending(gone, TODAY)


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({}, True),
        ({"valid_until": TODAY}, True),
        ({"valid_until": date(2026, 11, 23)}, False),
        ({"valid_until": PartialDate("2026-11")}, False),
        ({"begins": date(2026, 11, 25)}, False),
        ({"begins": None, "valid_until": None}, True),
        ({"kind": "cooperation"}, False),
        ({"kind": None}, False),
    ],
)
def test_agreement_about_personal_data_is_a_tool_while_it_is_in_force(
    values: dict[str, Any], holds: bool
) -> None:
    assert transfer_tools([agreement(**values)], TODAY) == {make.PARTNER: holds}


def test_tool_that_is_deleted_or_in_conflict_is_in_force_for_nobody() -> None:
    whole, other = work("agreement"), make.signature("KP, Дом у реки")
    assert transfer_tools([view(with_deletion(whole), Agreement)], TODAY) == {make.PARTNER: False}
    blind = make.row("agreement", {})
    torn = make.changed(whole, {"covers": make.THIRD.hex()}, other, blind)
    assert transfer_tools([view(torn, Agreement)], TODAY) == {
        make.PARTNER: False, make.THIRD: False,
    }  # fmt: skip
    ends = view(make.changed(whole, {"valid_until": date(2040, 1, 1)}, other, blind), Agreement)
    assert not is_in_force(ends, TODAY)
    assert transfer_tools([agreement(covers=None)], TODAY) == {}


def test_another_agreement_in_force_is_enough() -> None:
    over = agreement(valid_until=date(2026, 1, 2))
    assert transfer_tools([over, agreement()], TODAY) == {make.PARTNER: True}
    assert transfer_tools([agreement(), over], TODAY) == {make.PARTNER: True}


@pytest.mark.parametrize("is_in_force", [True, False])
def test_tool_of_today_counts_whatever_the_recipient_says(is_in_force: bool) -> None:
    basis = DisclosureBasis((), make.NOW, make.OURS, tools={make.PARTNER: is_in_force})
    far = Recipient(
        RecipientKind.PARTNER, make.PARTNER, is_verified=True, is_third_country=True,
        has_transfer_tool=not is_in_force,
    )  # fmt: skip
    rows = (*make.case_rows(), consent := make.consent())
    basis = DisclosureBasis((consent,), make.NOW, make.OURS, tools=basis.tools)
    found = disclose(rows, far, Channel.BUNDLE, basis)
    assert bool({"client", "leg"} & {one.type for one in found.rows}) is is_in_force
    assert found.recipient.has_transfer_tool is is_in_force
