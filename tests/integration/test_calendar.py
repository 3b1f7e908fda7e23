# SPDX-License-Identifier: GPL-3.0-or-later
"""The calendar of a desk: an item of every kind, for whom it is meant, and for nobody else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import refusal
from tests.integration.run_samples import LAW, begin

from kfdesk.demo import people, story
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.accounts import Role
from kfdesk.domain.aftercare import FollowUpStatus
from kfdesk.domain.calendar import CalendarItem, CalendarKind
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.disclosure import masked_keys
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.records.aftercare import FollowUp
from kfdesk.domain.records.case import LegalStatus, Task
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Membership, Network, Organisation
from kfdesk.domain.records.network import CaseConference, Meeting
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import encode_changes, seen_writes
from kfdesk.domain.values import PartialDate, Value, ZonedTime
from kfdesk.services import calendar_export
from kfdesk.services.calendar import Calendar, read_calendar
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import make_paper, paper_obstacles, preview_pages
from kfdesk.services.plans.emergency_access import open_with_reason

KINDS = frozenset(CalendarKind)
WEEK = PaperRequest(PaperName.WEEK_SHEET, b"", "en")


def day(desk: Session, days: int) -> date:
    return desk.adapters.clock.now().date() + timedelta(days)


def hearing(desk: Session, days: int) -> ZonedTime:
    return ZonedTime.at(datetime.combine(day(desk, days), time(9, 15)), people.STOCKHOLM)


@pytest.fixture
def plan(desk: Session) -> bytes:
    """Return a plan with something of every kind in it; it is EV's."""
    house = create_record(desk, Organisation, {"name": people.SAFE_HOUSE, "country": "RU"})
    made, _ = story.enter_plan(desk, house)
    change_record(desk, made, {"owner": people.INITIALS})
    create_record(desk, Task, {"title": "Ring polisen", "due": day(desk, 3)}, made)
    create_record(desk, FollowUp, {"due": day(desk, 20), "window": 5, "after_days": 7}, made)
    legal: Mapping[str, Value] = {
        "kind": "injured_party", "next_hearing": hearing(desk, 5), "ends": day(desk, 90),
    }  # fmt: skip
    create_record(desk, LegalStatus, legal, made)
    begin(desk, made, LAW)
    network = create_record(desk, Network, {"title": people.localized("Nät", "Сеть", "Net")})
    change_record(desk, network, {"shares": ("entries",), "we_share": ("entries",)})
    create_record(desk, Membership, {"organisation": desk.identity.organisation.hex()}, network)
    create_record(desk, Membership, {"organisation": house.hex()}, network)
    title = people.localized("Möte", "Встреча", "Meet")
    meeting: Mapping[str, Value] = {"starts": hearing(desk, 6), "title": title}
    create_record(desk, Meeting, meeting, network)
    create_record(desk, CaseConference, {"starts": hearing(desk, 7)}, made)
    change_record(desk, house, {
        "checked": day(desk, -300), "checked_by": "QQ", "verification": "verified_by_call",
    })  # fmt: skip
    return made


def force(desk: Session, rid: bytes, values: Mapping[str, Value]) -> None:
    """Write fields that no service lets anybody write so."""
    row = desk.store.row(rid)
    assert row is not None
    changes = encode_changes(row.type, values)
    state = apply_changes(row.state, changes, seen_writes(row), desk.signature)
    with desk.store.transaction():
        desk.store.put(replace(row, state=state))


def of(calendar: Calendar, kind: CalendarKind) -> list[CalendarItem]:
    return [one for one in calendar.items if one.kind is kind]


def test_every_kind_is_there_and_names_its_record_and_field(desk: Session, plan: bytes) -> None:
    calendar = read_calendar(desk)
    assert {one.kind for one in calendar.items} == KINDS
    fields = {(one.kind, one.record_type, one.key) for one in calendar.items}
    assert fields == {
        ("follow_up", "follow_up", "due"), ("leg", "leg", "departs"),
        ("check_in", "leg", "check_in"), ("task", "task", "due"),
        ("hearing", "legal_status", "next_hearing"), ("law", "legal_status", "ends"),
        ("step", "cooperation_step", "state"), ("consent", "consent", "expires"),
        ("entry", "organisation", "checked"), ("meeting", "meeting", "starts"),
        ("meeting", "case_conference", "starts"),
    }  # fmt: skip
    for one in calendar.items:
        row = desk.store.row(one.rid)
        assert row is not None
        assert row.type == one.record_type
    assert calendar.undated == {}
    (entry,) = of(calendar, CalendarKind.ENTRY)
    assert (entry.owner, entry.plan, entry.day) == ("QQ", b"", day(desk, 65))
    meeting, conference = of(calendar, CalendarKind.MEETING)
    assert (meeting.owner, meeting.code, bool(meeting.network)) == ("", "", True)
    assert (conference.owner, conference.code) == (people.INITIALS, "tulpan-47")
    (contact,) = of(calendar, CalendarKind.FOLLOW_UP)
    assert (contact.first, contact.last) == (day(desk, 15), day(desk, 25))
    first, second = of(calendar, CalendarKind.LEG)
    assert (first.first, first.last) == (day(desk, 18), day(desk, 19))
    assert second.starts is not None
    assert (first.owner, first.code) == (people.INITIALS, "tulpan-47")


def test_late_items_stand_first_and_no_item_needs_a_masked_field(
    desk: Session, plan: bytes
) -> None:
    create_record(desk, Task, {"title": "Sent", "due": day(desk, -1)}, plan)
    create_record(desk, Task, {"title": "Ungefär", "due": PartialDate("2099-02")}, plan)
    calendar = read_calendar(desk)
    assert calendar.items[0].standing is FollowUpStatus.OVERDUE
    assert calendar.items[0].about == ("Sent",)
    assert calendar.items[-1].day == date(2099, 2, 28)
    for paper in (CONTENTS[PaperName.WEEK_SHEET], calendar_export._EXPORTED_KEYS):
        assert all(not keys & masked_keys(name) for name, keys in paper.items())


def test_what_is_done_or_over_is_not_late(desk: Session, plan: bytes) -> None:
    legs = [row.rid for row in desk.store.rows("leg")]
    moment = ZonedTime.at(datetime.combine(day(desk, -2), time(9)), people.RIGA)
    for rid in legs:
        change_record(desk, rid, {"departs": moment, "arrives": moment, "check_in": moment})
    late = {FollowUpStatus.OVERDUE}
    assert {one.standing for one in of(read_calendar(desk), CalendarKind.CHECK_IN)} == late
    change_record(desk, legs[0], {"check_in_status": "made", "status": "arrived"})
    change_record(desk, legs[1], {"status": "cancelled"})
    calendar = read_calendar(desk)
    (one,) = of(calendar, CalendarKind.LEG)
    (check,) = of(calendar, CalendarKind.CHECK_IN)
    assert (one.standing, check.standing) == (FollowUpStatus.DONE, FollowUpStatus.DONE)
    change_record(desk, legs[1], {"status": "planned", "check_in": moment})
    force(desk, plan, {"state": "arrived"})
    found = [one.standing for one in read_calendar(desk).items if one.record_type == "leg"]
    assert set(found) == {FollowUpStatus.DONE}


def test_check_in_and_journey_are_late_within_the_day(desk: Session, plan: bytes) -> None:
    now = desk.adapters.clock.now()

    def standings(minutes: int, **values: Value) -> set[FollowUpStatus]:
        at = ZonedTime.at((now + timedelta(minutes=minutes)).replace(tzinfo=None), "UTC")
        for row in desk.store.rows("leg"):
            times = {"departs": at, "check_in": at, "arrives": hearing(desk, 2)}
            change_record(desk, row.rid, {**times, **values})
        return {one.standing for one in read_calendar(desk).items if one.record_type == "leg"}

    assert standings(-120) == {FollowUpStatus.OVERDUE}
    assert FollowUpStatus.OVERDUE not in standings(-5)  # the grace of the alarms
    assert FollowUpStatus.OVERDUE not in standings(5)
    assert standings(-120, status="departed", check_in_status="made") == {
        FollowUpStatus.DUE, FollowUpStatus.DONE
    }  # fmt: skip


def test_meeting_that_is_over_is_done_and_one_without_a_time_is_counted(
    desk: Session, plan: bytes
) -> None:
    (network,) = (row.rid for row in desk.store.rows("network"))
    (meeting,) = (row.rid for row in desk.store.rows("meeting"))
    change_record(desk, meeting, {"starts": hearing(desk, -3)})
    create_record(desk, Meeting, {"kind": "regular"}, network)
    calendar = read_calendar(desk)
    assert [one.standing for one in of(calendar, CalendarKind.MEETING)] == [
        FollowUpStatus.DONE, FollowUpStatus.PLANNED,
    ]  # fmt: skip
    assert calendar.undated == {CalendarKind.MEETING: 1}
    delete_record(desk, meeting)
    assert len(of(read_calendar(desk), CalendarKind.MEETING)) == 1


def test_meeting_of_several_days_is_under_way_until_its_last_one(
    desk: Session, plan: bytes
) -> None:
    (meeting,) = (row.rid for row in desk.store.rows("meeting"))
    (conference,) = (row.rid for row in desk.store.rows("case_conference"))
    for rid in (meeting, conference):
        for begins, ends, standing in (
            (-1, 1, FollowUpStatus.DUE), (-2, 0, FollowUpStatus.DUE), (0, 2, FollowUpStatus.DUE),
            (-2, -1, FollowUpStatus.DONE), (2, 4, FollowUpStatus.PLANNED),
        ):  # fmt: skip
            change_record(desk, rid, {"starts": None, "ends": None})
            change_record(desk, rid, {"ends": hearing(desk, ends), "starts": hearing(desk, begins)})
            (found,) = (one for one in read_calendar(desk).items if one.rid == rid)
            assert (found.day, found.last, found.standing) == (
                day(desk, begins), day(desk, ends), standing,
            )  # fmt: skip


def test_ended_plans_and_deleted_records_are_not_in_it(desk: Session, plan: bytes) -> None:
    for row in desk.store.rows("task"):
        delete_record(desk, row.rid)
    assert of(read_calendar(desk), CalendarKind.TASK) == []
    force(desk, plan, {"state": "closed"})
    left = {one.kind for one in read_calendar(desk).items}
    assert left == {CalendarKind.ENTRY, CalendarKind.MEETING}


def test_own_items_alone_for_who_may_read_no_others_until_a_reason_opens_the_plan(
    desk: Session, plan: bytes
) -> None:
    client = create_record(desk, Client, {"code": "ros-12"})
    other = create_record(desk, Plan, {"owner": "QQ", "state": "draft"}, client)
    create_record(desk, Task, {"title": "Hemligt", "due": day(desk, 1)}, other)
    worker = replace(desk, roles=frozenset({Role.SHELTER_WORKER}))
    assert {one.code for one in read_calendar(desk).items} == {"tulpan-47", "ros-12", ""}
    assert "ros-12" not in {one.code for one in read_calendar(worker).items}
    opener = replace(worker, opened=set())
    open_with_reason(opener, other, "She is at the station.")
    assert "ros-12" in {one.code for one in read_calendar(opener).items}
    for role in (Role.DIRECTORY_EDITOR, Role.ADMINISTRATOR, Role.STATISTICS_READER):
        blind = replace(desk, roles=frozenset({role}))
        assert refusal(lambda blind=blind: read_calendar(blind)).code == "user.not_allowed"


def test_entry_that_was_never_checked_or_is_a_partners_has_no_day(
    desk: Session, plan: bytes
) -> None:
    (house,) = (row.rid for row in desk.store.rows("organisation")
                if row.rid != desk.identity.organisation)  # fmt: skip
    change_record(desk, house, {"verification": "unverified"})
    calendar = read_calendar(desk)
    assert of(calendar, CalendarKind.ENTRY) == []
    assert calendar.undated == {CalendarKind.ENTRY: 1}
    delete_record(desk, house)
    assert read_calendar(desk).undated == {}


# --- the week on paper


@pytest.fixture
def said(desk: Session, plan: bytes) -> str:
    """Return what the week sheet says."""
    create_record(desk, Task, {"title": "Sent", "due": day(desk, -2), "owner": "QQ"}, plan)
    return " ".join(" ".join(page_texts(make_paper(desk, WEEK).pdf)).split())


def test_sheet_has_codes_and_days_and_nothing_else(desk: Session, said: str) -> None:
    assert said.count("tulpan-47") == 3
    for told in ("Overdue", "Hearing", "To do", "QQ", "MUST NOT TRAVEL", "Copy no. 1"):
        assert told in said
    for kept in ("Nina", "Нина", "Vymyslova", "Riga", "Pskov", "Stockholm", "polisen", "Sent",
                 people.SAFE_HOUSE, people.HOUSE, "injured", "Europe"):  # fmt: skip
        assert kept.casefold() not in said.casefold()


def test_sheet_is_registered_and_in_the_ledger(desk: Session, said: str, tmp_path: Path) -> None:
    entries = desk.store.ledger.entries(desk.identity.organisation)
    assert {"client", "task", "legal_status"} <= {one.type for one in entries}
    assert {key for one in entries for key in one.writes if one.type == "client"} == {"code"}
    assert preview_pages(desk, WEEK, 1.0).number == 2


def test_without_anything_this_week_there_is_no_sheet(desk: Session) -> None:
    (fault,) = paper_obstacles(desk, WEEK)
    assert fault.code == "paper.no_week"


def test_sheet_of_a_crowded_week_says_that_it_is_not_whole(
    desk: Session, plan: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kfdesk.services.papers.week_sheet.MOST_LINES", 1)
    shown = preview_pages(desk, WEEK, 1.0)
    assert [one.code for one in shown.warnings] == ["paper.week_too_long"]
