# SPDX-License-Identifier: GPL-3.0-or-later
"""What a telephone gets to know of the calendar: when, and nothing else, and what becomes of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.integration.pair_samples import met_pair, refusal
from tests.support.calendars import Component, read_calendar_file

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials, Role, fold_initials
from kfdesk.domain.audit import CHANNEL_CALENDAR, Action
from kfdesk.domain.calendar import NEUTRAL_SUMMARY
from kfdesk.domain.records.aftercare import FollowUp
from kfdesk.domain.records.case import LegalStatus, Task
from kfdesk.domain.records.directory import Network, Organisation
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.network import Meeting, Project
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import encode_changes
from kfdesk.domain.values import MissingAnswer, Value, ZonedTime
from kfdesk.environment import Environment
from kfdesk.services.calendar import read_calendar
from kfdesk.services.calendar_export import (
    EXPORTED_DAYS,
    LONGEST_EXPORT,
    ExportOptions,
    export_calendar,
    preview_calendar_export,
)
from kfdesk.services.core.history import read_bin, read_history
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.case import create_plan, move_plans_to_bin, set_task_done
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import key_slots

icalendar = import_module("icalendar")  # it has no types


@pytest.fixture
def plan(desk: Session) -> bytes:
    """Return the plan of the story, with something of every kind in it; it is EV's."""
    house = create_record(desk, Organisation, {"name": people.SAFE_HOUSE, "country": "RU"})
    made, _ = story.enter_plan(desk, house)
    change_record(desk, made, {"owner": people.INITIALS})
    create_record(desk, Task, task(desk, 3, title="Polisen: ring om människohandel"), made)
    create_record(desk, FollowUp, {"due": day(desk, 20), "window": 5, "kind": "regular"}, made)
    hearing = ZonedTime.at(datetime.combine(day(desk, 9), time(9, 15)), people.STOCKHOLM)
    legal: dict[str, Value] = {
        "kind": "injured_party",
        "next_hearing": hearing,
        "ends": day(desk, 12),
    }
    create_record(desk, LegalStatus, legal, made)
    return made


def day(desk: Session, days: int) -> date:
    return desk.adapters.clock.now().date() + timedelta(days)


def task(desk: Session, days: int, **values: Value) -> Mapping[str, Value]:
    return {"title": "Ring", "due": day(desk, days), "state": "open", **values}


def exported(desk: Session, tmp_path: Path, days: int = EXPORTED_DAYS) -> tuple[Component, ...]:
    """Save a calendar file and read it strictly."""
    path = tmp_path / "calendar.ics"
    export_calendar(desk, path, days)
    assert not path.with_name("calendar.ics.part").exists()
    return judged(path.read_bytes())


def judged(data: bytes) -> tuple[Component, ...]:
    """Return the components of a file, as our strict reader and the library both find them."""
    found = read_calendar_file(data)
    whole = icalendar.Calendar.from_ical(data)
    parsed = [(one.name, str(one["UID"]), str(one["SUMMARY"])) for one in whole.subcomponents]
    assert parsed == [(one.kind, one.uid, one.title) for one in found]
    assert not [one for one in (whole, *whole.subcomponents) if one.errors]
    for ours, one in zip(found, whole.subcomponents, strict=True):
        when = [one[key].dt for key in ("DTSTART", "DUE", "DTEND") if key in one]
        stamps = [f"{at:%Y%m%dT%H%M%SZ}" if isinstance(at, datetime) else f"{at:%Y%m%d}"
                  for at in when]  # fmt: skip
        assert "/".join(stamps) == ours.when
    return found


def by_uid(found: tuple[Component, ...]) -> Mapping[str, Component]:
    return {one.uid: one for one in found}


# --- what it says


def test_file_has_each_kind_once_and_says_only_when(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    found = exported(desk, tmp_path)
    assert {one.title for one in found} == {NEUTRAL_SUMMARY}
    kinds = [one.kind for one in found]
    # two legs, a check-in, a hearing and a contact; a task and the last day of the matter
    assert (kinds.count("VEVENT"), kinds.count("VTODO")) == (7, 0)
    assert not any(one.is_cancelled for one in found)


def test_a_scan_of_the_bytes_finds_no_name_code_place_or_organisation(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    create_record(desk, Task, task(desk, 2, neutral_title="Ring"), plan)
    data = (tmp_path / "calendar.ics", exported(desk, tmp_path))[0].read_bytes()
    said = data.decode()
    for row in [row for name in ("client", "leg", "task", "organisation", "contact", "plan")
                for row in desk.store.rows(name)]:  # fmt: skip
        assert row.rid.hex() not in said
        for save in row.state.saves:
            for value in save.values:
                if isinstance(value, str) and len(value) > 2 and value != "Ring":
                    assert value.casefold() not in said.casefold(), value
    for word in ("tulpan", "47", "nina", "riga", "pskov", "nordhuset", "traffick", "handel",
                 "polis", "europe", "plan"):  # fmt: skip
        lines = [one for one in said.splitlines() if not one.startswith(("UID", "DT", "DUE"))]
        assert word not in "\r\n".join(lines).casefold()
    for banned in ("LOCATION", "ATTENDEE", "ORGANIZER", "URL", "DESCRIPTION", "X-", "TZID",
                   "VALARM", "CREATED", "LAST-MODIFIED", "COMMENT", "METHOD"):  # fmt: skip
        assert banned not in said


def test_only_own_open_items_of_the_next_days_leave(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    change_record(desk, plan, {"owner": "QQ"})
    create_record(desk, Task, task(desk, EXPORTED_DAYS, owner=people.INITIALS.lower()), plan)
    create_record(desk, Task, task(desk, EXPORTED_DAYS + 1, owner=people.INITIALS), plan)
    create_record(desk, Task, task(desk, -1, owner=people.INITIALS), plan)
    create_record(desk, Task, task(desk, 1, owner=people.INITIALS, state="done"), plan)
    (one,) = exported(desk, tmp_path)
    last = day(desk, EXPORTED_DAYS)
    assert one.when == f"{last:%Y%m%d}/{last + timedelta(1):%Y%m%d}"


def test_without_a_day_it_is_left_out_and_counted(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    before = preview_calendar_export(desk)
    create_record(desk, Task, {"title": "Ring", "state": "open"}, plan)
    create_record(desk, Task, {"title": "Ring", "due": MissingAnswer.UNKNOWN}, plan)
    create_record(desk, Leg, {"sequence": 3, "status": "planned"}, plan)
    create_record(desk, Leg, {"sequence": 4, "departs": MissingAnswer.UNKNOWN}, plan)
    after = preview_calendar_export(desk)
    assert (before.undated, after.undated) == (0, 4)
    assert len(after.lines) == len(before.lines)


def test_leg_in_a_zone_that_nobody_knows_goes_by_its_offset(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    told = f"{day(desk, 2).isoformat()}T23:30-02:00[Mars/Olympus]"
    create_record(desk, Leg, {"sequence": 3, "departs": ZonedTime.parse(told)}, plan)
    whens = {one.when for one in exported(desk, tmp_path)}
    assert f"{day(desk, 3).isoformat().replace('-', '')}T013000Z" in whens


# --- neutral titles


def test_neutral_title_stands_in_the_file(desk: Session, plan: bytes, tmp_path: Path) -> None:
    create_record(desk, Task, task(desk, 2, neutral_title="Ring tillbaka,\n kl; 10"), plan)
    titles = [one.title for one in exported(desk, tmp_path)]
    assert titles.count("Ring tillbaka, kl; 10") == 1


@pytest.mark.parametrize(
    "title",
    [
        "Ring Нина", "Ring Nina", "ring NINA", "Ring Vymyslova", "Fråga om tulpan-47", "tulpan 47",
        "Möte Nordhuset", "Дом у реки", "Till Riga", "Möte i Pskov", "Till Tallinn",
        "Möte om människohandel", "Trafficking meeting", "+46 70-174 06 33", "mejla a@b.se",
        "N\u200bina", "Ｎｉｎａ",
    ],
)  # fmt: skip
def test_title_that_tells_something_is_refused_and_nothing_leaves(
    desk: Session, plan: bytes, tmp_path: Path, title: str
) -> None:
    rid = create_record(desk, Task, task(desk, 2, neutral_title=title), plan)
    (refused,) = preview_calendar_export(desk).refused
    assert refused.item.rid == rid
    assert refused.words
    fault = refusal(lambda: export_calendar(desk, tmp_path / "calendar.ics"))
    assert fault.code == "calendar.title_refused"
    assert title not in str(fault.data)
    assert [*tmp_path.glob("*.ics*")] == []
    assert desk.store.ledger.entries(desk.identity.organisation, CHANNEL_CALENDAR) == ()


def test_title_that_hits_what_the_user_may_not_read_names_nothing_and_is_logged(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    other, _ = create_plan(desk, {"given_name": "Zelda", "code": "ros-12"}, {})
    change_record(desk, other, {"owner": "QQ"})
    create_record(desk, Task, task(desk, 2, neutral_title="Ring Zelda"), plan)
    worker = replace(desk, roles=frozenset({Role.SHELTER_WORKER}))
    fault = refusal(lambda: preview_calendar_export(worker))
    assert fault.code == "user.not_allowed"
    assert read_history(desk, None, 1).lines[0].action == Action.PAPER_HIT


# --- what becomes of it


def test_same_calendar_twice_is_the_same_but_for_the_stamp(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    first, second = exported(desk, tmp_path), exported(desk, tmp_path)
    stamps = [{**one.values, "DTSTAMP": ""} for one in (*first, *second)]
    assert stamps[: len(first)] == stamps[len(first) :]


def test_change_updates_the_entry_under_its_name(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    rid = create_record(desk, Task, task(desk, 4), plan)
    first = exported(desk, tmp_path)
    change_record(desk, rid, {"due": day(desk, EXPORTED_DAYS + 40)})
    second = exported(desk, tmp_path)
    before, after = by_uid(first), by_uid(second)
    assert before.keys() == after.keys()
    moved = [uid for uid in before if before[uid].when != after[uid].when]
    assert len(moved) == 1
    assert after[moved[0]].sequence > before[moved[0]].sequence
    same = [uid for uid in before if uid not in moved]
    assert all(before[uid].sequence == after[uid].sequence for uid in same)


def test_restored_store_goes_on_above_the_numbers_of_the_lost_one(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    rid, late = (create_record(desk, Task, task(desk, 4, title=one), plan) for one in ("A", "B"))
    exported(desk, tmp_path)
    stick = tmp_path / "stick"
    stick.mkdir()
    made = make_backup(desk, stick)
    for days in (5, 6, 7):
        change_record(desk, rid, {"due": day(desk, days)})
        lost = by_uid(exported(desk, tmp_path))
    home = tmp_path / "restored"
    who, machine = (
        Credentials(people.INITIALS, people.PASSPHRASE),
        Environment(cost=key_slots.MIN_COST),
    )
    store_lifecycle.restore_store(made.path, home, who, machine)
    again = store_lifecycle.unlock_store(home, who, machine)
    change_record(again, rid, {"due": day(desk, 8)})
    delete_record(again, late)
    found = by_uid(exported(again, tmp_path))
    assert found.keys() == lost.keys()
    assert all(found[uid].sequence > lost[uid].sequence for uid in lost)
    assert by_uid(exported(again, tmp_path)) == found
    again.store.close()


@pytest.mark.parametrize("how", ["deleted", "done", "given away", "moved to the bin"])
def test_what_is_gone_is_cancelled_without_its_title(
    desk: Session, plan: bytes, tmp_path: Path, how: str
) -> None:
    rid = create_record(desk, Task, task(desk, 4, neutral_title="Ring"), plan)
    first = exported(desk, tmp_path)
    (uid,) = (one.uid for one in first if one.title == "Ring")
    if how == "deleted":
        delete_record(desk, rid)
    elif how == "done":
        set_task_done(desk, rid, is_done=True)
    elif how == "given away":
        change_record(desk, rid, {"owner": "QQ"})
    else:
        move_plans_to_bin(desk, (plan,))
    for _ in range(2):  # the file may be lost: the next one cancels again
        gone = by_uid(exported(desk, tmp_path))[uid]
        assert (gone.is_cancelled, gone.title) == (True, NEUTRAL_SUMMARY)
        assert gone.sequence == by_uid(first)[uid].sequence + 1
        assert gone.when == by_uid(first)[uid].when
    if how == "done":
        set_task_done(desk, rid, is_done=False)
        back = by_uid(exported(desk, tmp_path))[uid]
        assert (back.is_cancelled, back.title) == (False, "Ring")
        assert back.sequence > gone.sequence


def test_two_desks_name_one_leg_differently(tmp_path: Path) -> None:
    with met_pair(tmp_path) as pair:
        pair.send()
        names = []
        for desk in (pair.ours, pair.theirs):
            change_record(desk, pair.plan, {"owner": desk.user})
            lines = preview_calendar_export(desk).lines
            items = {line.item.rid: line for line in lines if line.item is not None}
            names.append({rid: items[rid].entry.uid for rid in pair.legs})
        ours, theirs = names
        assert ours.keys() == theirs.keys()
        assert not set(ours.values()) & set(theirs.values())
        assert {one.uid for one in exported(pair.ours, tmp_path)} >= set(ours.values())


def test_it_is_entered_as_disclosed_to_staff_and_logged(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    found = exported(desk, tmp_path)
    entries = desk.store.ledger.entries(desk.identity.organisation, CHANNEL_CALENDAR)
    assert {one.type for one in entries} == {"leg", "task", "follow_up", "legal_status"}
    keys = {key for one in entries for key in one.writes}
    assert keys <= {"departs", "arrives", "check_in", "due", "neutral_title", "ends",
                    "next_hearing"}  # fmt: skip
    lines = read_history(desk, None, 50).lines
    logged = [one for one in lines if one.action == Action.SAVE_CALENDAR]
    assert {one.rid for one in logged} == {one.rid for one in entries}
    assert len(found) > len(entries)  # a leg has its check-in


def test_failure_of_the_disk_leaves_no_file_and_no_entry(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    (tmp_path / "calendar.ics").mkdir()
    fault = refusal(lambda: export_calendar(desk, tmp_path / "calendar.ics"))
    assert fault.code == "store.disk"
    assert not (tmp_path / "calendar.ics.part").exists()
    assert desk.store.ledger.entries(desk.identity.organisation, CHANNEL_CALENDAR) == ()
    fault = refusal(lambda: export_calendar(desk, tmp_path / "none" / "calendar.ics"))
    assert fault.code == "store.disk"
    rid = create_record(desk, Task, task(desk, 4), plan)
    delete_record(desk, rid)
    (tmp_path / "calendar.ics").rmdir()
    assert not any(one.is_cancelled for one in exported(desk, tmp_path))
    assert read_bin(desk)


@pytest.mark.slow  # test_same_calendar_twice_is_the_same_but_for_the_stamp has few
def test_five_thousand_items_leave_in_one_file_and_are_remembered(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    values = [task(desk, 1 + n % EXPORTED_DAYS) for n in range(5_000)]
    fill(desk, plan, values)
    found = exported(desk, tmp_path)
    assert {one.kind for one in found} == {"VEVENT"}
    assert len(found) == 5_007
    again = exported(desk, tmp_path)
    assert by_uid(found).keys() == by_uid(again).keys()
    assert not any(one.is_cancelled for one in again)


def fill(desk: Session, plan: bytes, each: Iterable[Mapping[str, Value]]) -> None:
    """Write many tasks of a plan at once."""
    with desk.store.transaction():
        for values in each:
            row = desk.new_row("task", plan)
            changes = encode_changes("task", values)
            state = apply_changes(row.state, changes, (), desk.signature)
            desk.store.put(replace(row, state=state))


@pytest.mark.parametrize("kept", [b"{}", b"[1]", b"[[]]", b"\xff", b'[["a",1,"x","y",1,0,1,2]]'])
def test_memory_that_nobody_can_read_is_begun_anew(
    desk: Session, plan: bytes, tmp_path: Path, kept: bytes
) -> None:
    exported(desk, tmp_path)
    with desk.store.transaction():
        desk.store.set_setting(f"calendar.{fold_initials(desk.user)}", kept)
    found = exported(desk, tmp_path)
    assert found
    assert not any(one.is_cancelled for one in found)


def test_title_cannot_bring_a_property_of_its_own(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    hostile = "Ring\nX-NOTE:hej\u2028END:VEVENT\n ATTENDEE:a"
    create_record(desk, Task, task(desk, 2, neutral_title=hostile), plan)
    (one,) = (one for one in exported(desk, tmp_path) if one.title != NEUTRAL_SUMMARY)
    assert one.title == "Ring X-NOTE:hej END:VEVENT ATTENDEE:a"


def test_nothing_to_say_is_said(desk: Session, tmp_path: Path) -> None:
    fault = refusal(lambda: export_calendar(desk, tmp_path / "calendar.ics"))
    assert fault.code == "calendar.nothing"
    assert [*tmp_path.glob("*.ics*")] == []
    for days in (0, -1, LONGEST_EXPORT + 1):
        assert (
            refusal(lambda days=days: preview_calendar_export(desk, days)).code == "calendar.days"
        )


def test_who_prints_nothing_takes_nothing_along(desk: Session, plan: bytes) -> None:
    reader = replace(desk, roles=frozenset({Role.APPROVER}))
    assert refusal(lambda: preview_calendar_export(reader)).code == "user.not_allowed"


# --- meetings of networks, and reminders


def test_meetings_of_networks_leave_only_if_they_are_asked_for(
    desk: Session, tmp_path: Path
) -> None:
    network = create_record(desk, Network, {"we_share": ("network_work",)})
    project, alone = (create_record(desk, Project, {"status": "pipeline"}, one)
                      for one in (network, None))  # fmt: skip
    for days, above in ((2, network), (3, project), (4, alone), (-2, network), (40, network)):
        at = ZonedTime.at(datetime.combine(day(desk, days), time(10)), people.STOCKHOLM)
        values: dict[str, Value] = {"title": people.localized("Möte", "Meeting", "Встреча")}
        create_record(desk, Meeting, values | {"starts": at, "place": "Visby"}, above)
    assert refusal(lambda: exported(desk, tmp_path)).code == "calendar.nothing"
    asked = ExportOptions(has_meetings=True)
    path = tmp_path / "calendar.ics"
    export_calendar(desk, path, EXPORTED_DAYS, asked)
    found = judged(path.read_bytes())
    assert [(one.kind, one.title) for one in found] == [("VEVENT", NEUTRAL_SUMMARY)] * 3
    assert b"Visby" not in path.read_bytes()
    assert "Möte".encode() not in path.read_bytes()
    meetings = [one for one in read_calendar(desk).items if one.record_type == "meeting"]
    assert {one.network for one in meetings} == {network, b""}
    assert len(meetings) == 5
    export_calendar(desk, path)  # no longer asked for: they go from the telephone as well
    assert all(one.is_cancelled for one in judged(path.read_bytes()))


def test_reminders_are_in_the_file_only_if_they_are_asked_for(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "calendar.ics"
    export_calendar(desk, path, EXPORTED_DAYS, ExportOptions(has_reminders=True))
    data = path.read_bytes()
    whole = icalendar.Calendar.from_ical(data)
    assert whole.subcomponents
    for one in whole.subcomponents:
        assert [(part.name, sorted(part)) for part in one.subcomponents] == [
            ("VALARM", ["ACTION", "TRIGGER"])
        ]
    assert b"DESCRIPTION" not in data
    exported(desk, tmp_path)


def test_things_to_do_are_events_of_their_day_and_tasks_only_if_asked_for(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "calendar.ics"
    first = exported(desk, tmp_path)
    assert {one.kind for one in first} == {"VEVENT"}
    last = day(desk, 3)
    whole_day = f"{last:%Y%m%d}/{last + timedelta(1):%Y%m%d}"
    assert whole_day in [one.when for one in first]
    export_calendar(desk, path, EXPORTED_DAYS, ExportOptions(has_tasks=True))
    asked = judged(path.read_bytes())
    tasks = [one for one in asked if one.kind == "VTODO"]
    assert [one.is_cancelled for one in tasks] == [False, False]
    gone = {one.uid for one in asked if one.is_cancelled}
    assert len(gone) == len(tasks)  # the telephone loses the events that the tasks replace
    assert gone < by_uid(first).keys()
    again = exported(desk, tmp_path)  # and back
    assert {one.uid for one in again if one.is_cancelled} == {one.uid for one in tasks}
    kept = [one for one in again if one.uid in by_uid(first)]
    assert not any(one.is_cancelled for one in kept)
    assert all(one.sequence > by_uid(asked)[one.uid].sequence for one in kept if one.uid in gone)


# --- by command


def test_commands_list_the_calendar_and_save_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    machine = Environment(cost=key_slots.MIN_COST)
    desk = store_lifecycle.create_store(tmp_path / "store", people.HOUSE, who, machine)
    made, _ = create_plan(desk, {"code": "tulpan-47"}, {})
    create_record(desk, Task, task(desk, 3, title="Polisen", neutral_title="Ring"), made)
    desk.store.close()
    secret = tmp_path / "words.txt"
    secret.write_text(people.PASSPHRASE + "\n", encoding="utf-8")

    def run(*words: str) -> tuple[int, Any]:
        head = ["--store", str(tmp_path / "store"), "--initials", people.INITIALS, "--json"]
        code = app.main(
            [*head, "--language", "en", "--passphrase-file", str(secret), *words], machine
        )
        said = capsys.readouterr()
        return code, json.loads(said.out or said.err)

    code, answer = run("calendar", "list")
    assert code == 0
    ((kind, field, named),) = [(one["kind"], one["field"], one["code"]) for one in answer["items"]]
    assert (kind, field, named) == ("task", "task.due", "tulpan-47")
    assert "Polisen" not in json.dumps(answer)
    assert run("calendar", "list", "--days", "1")[1]["items"] == []
    path = tmp_path / "calendar.ics"
    code, answer = run("calendar", "export", str(path))
    assert (code, answer["entries"], answer["cancelled"], answer["left_out"]) == (0, 1, 0, 0)
    (one,) = read_calendar_file(path.read_bytes())
    assert one.title == "Ring"
    assert run("calendar", "export", str(path), "--meetings", "--remind")[0] == 0
    assert b"VALARM" in path.read_bytes()
    assert run("calendar", "export", str(path), "--tasks")[0] == 0
    assert b"BEGIN:VTODO" in path.read_bytes()
    code, answer = run("calendar", "export", str(path), "--days", "0")
    assert code != 0
    assert "1 to 366" in json.dumps(answer)
