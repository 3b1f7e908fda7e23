# SPDX-License-Identifier: GPL-3.0-or-later
"""Every service in every role, on a real store; what is covered; and opening with a reason."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.architecture.test_rights import NEEDS_NONE, services
from tests.architecture.tree import ROOT
from tests.integration import rights_samples
from tests.integration.rights_samples import CALLS, ENGLISH, GOLDEN, OF_THE_DESK, At, World, opened
from tests.support import make
from tests.support.cases import failing
from tests.support.clocks import SetClock
from tests.support.journeys import record_leg_event

from kfdesk.domain.accounts import ROLE_RIGHTS, Right, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import Attachment
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import Row, seen_writes, view, view_any
from kfdesk.domain.values import ZonedTime
from kfdesk.services.core import history, records
from kfdesk.services.core.authorization import EDIT_RIGHTS, may_read
from kfdesk.services.core.records import undo
from kfdesk.services.core.session import Session
from kfdesk.services.directory import entries
from kfdesk.services.directory.search import quick_find, read_index_slices
from kfdesk.services.plans import emergency_access, plans
from kfdesk.services.plans.case import create_plan, read_attachment
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.journey import LegEvent, read_journey
from kfdesk.services.plans.plans import visible_case
from kfdesk.services.today import read_today

Cases = tuple[dict[str, bytes], dict[str, bytes]]
WORKER, MANAGER, LEAD = Role.SHELTER_WORKER, Role.CASE_MANAGER, Role.DATA_PROTECTION_LEAD
OUTSIDE = (Role.DIRECTORY_EDITOR, Role.STATISTICS_READER, Role.ADMINISTRATOR)
LATE = {"check_in": ZonedTime.at(datetime(2026, 1, 1, 12), make.STOCKHOLM)}  # noqa: DTZ001
READERS = (WORKER, MANAGER, Role.RETURN_COORDINATOR, Role.APPROVER, LEAD)


def golden() -> dict[str, dict[Role, str]]:
    """Return the kept table: each service, and what each role may."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()[2:]
    rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {name: dict(zip(Role, cells, strict=True)) for name, *cells in rows}


TABLE = golden()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cases]:
    folder = tmp_path_factory.mktemp("rights") / "store"
    mine, theirs = rights_samples.make_store(folder)
    return folder, (dict(mine), dict(theirs))


@pytest.fixture(scope="module")
def still(template: tuple[Path, Cases]) -> Iterator[World]:
    """Yield a world in which only refused calls are tried."""
    with opened(*template) as world:
        yield world


@pytest.fixture
def world(template: tuple[Path, Cases], tmp_path: Path) -> Iterator[World]:
    """Yield a world of one's own."""
    folder, cases = template
    shutil.copytree(folder, tmp_path / "store")
    with opened(tmp_path / "store", cases) as made:
        yield made


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(KfdeskError) as fault:
        work()
    return fault.value.code


def trace(desk: Session) -> tuple[bytes, bytes]:
    return desk.store.digest(), desk.store.ledger.audit_head()


def cells(name: str) -> Iterator[tuple[Role, str, bool]]:
    """Role, whose case, and whether it is allowed."""
    for role, cell in TABLE[name].items():
        yield role, "theirs", cell == "●"
        if name not in OF_THE_DESK:
            yield role, "mine", cell in {"●", "own"}


def test_every_service_that_asks_is_called_here_and_stands_in_the_golden_table() -> None:
    asking = {name for name, _, _ in services(ROOT)} - set(NEEDS_NONE)
    assert set(CALLS) == asking
    assert set(TABLE) == asking


def is_refused(still: World, name: str) -> None:
    before = trace(still.desk)
    for role, whose, is_allowed in cells(name):
        at: At = getattr(still, whose)
        if not is_allowed:
            call = partial(CALLS[name], still.before(role), at)
            assert refused(call) == "user.not_allowed", role
    assert trace(still.desk) == before


def test_who_may_not_is_refused_and_nothing_is_changed(still: World) -> None:
    assert failing(is_refused, ((still, name) for name in sorted(CALLS))) == {}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_who_may_passes_the_gate(world: World, name: str) -> None:
    for role, whose, is_allowed in cells(name):
        if is_allowed:
            assert world.may(name, role, getattr(world, whose)), (role, whose)


def test_without_a_role_nothing_is_allowed(still: World) -> None:
    before = trace(still.desk)
    for name, call in CALLS.items():
        assert refused(partial(call, still.before(), still.mine)) == "user.not_allowed", name
    assert trace(still.desk) == before


def test_who_may_write_plans_sees_what_is_sensitive_in_them() -> None:
    pairs = zip(EDIT_RIGHTS, (Right.SEE_SENSITIVE_OWN, Right.SEE_SENSITIVE_ALL), strict=True)
    for edit, see in pairs:
        assert all(see in rights for rights in ROLE_RIGHTS.values() if edit in rights)


# whose a plan is


def test_lists_have_only_what_one_may_read(world: World) -> None:
    desk = world.before(WORKER)
    assert [line.code for line in plans.list_plans(desk)] == ["tulpan-47"]
    assert len(plans.list_plans(world.before(MANAGER))) == 2
    named = [hit.title for hit in quick_find(desk, "Нина", 9, ENGLISH)]
    assert named == ["tulpan-47"]


def test_plan_without_an_owner_is_everybodys_who_reads_plans(world: World) -> None:
    records.change_record(world.desk, world.theirs.plan, {"owner": None})
    desk = world.before(WORKER)
    assert plans.open_plan(desk, world.theirs.plan).may_edit
    assert refused(lambda: plans.open_plan(world.before(*OUTSIDE), world.theirs.plan))


def test_initials_of_the_owner_count_however_they_are_typed(world: World) -> None:
    records.change_record(world.desk, world.theirs.plan, {"owner": " qq "})
    assert plans.open_plan(world.before(WORKER), world.theirs.plan).may_edit


def test_who_begins_a_plan_owns_it(world: World) -> None:
    desk = world.before(WORKER)
    rid, _ = create_plan(desk, {})
    assert plans.open_plan(desk, rid).may_edit
    assert refused(lambda: plans.open_plan(replace(desk, user="AB"), rid)) == "user.not_allowed"


def test_a_plan_of_ones_own_under_anothers_client_opens_nothing(world: World) -> None:
    desk, at = world.before(WORKER), world.theirs
    work = lambda: records.create_record(desk, Plan, {"owner": "QQ"}, at.client)  # noqa: E731
    assert refused(work) == "user.not_allowed"
    assert not may_read(desk, _row(desk, at.client))


def test_anothers_plan_cannot_be_made_ones_own(world: World) -> None:
    desk, at = world.before(WORKER), world.theirs
    emergency_access.open_with_reason(desk, at.plan, "Natt")
    work = lambda: records.change_record(desk, at.plan, {"owner": "QQ"})  # noqa: E731
    assert refused(work) == "user.not_allowed"


def test_trail_names_no_client_that_one_may_not_read(world: World) -> None:
    def codes(*roles: Role) -> set[str]:
        return {one.code for one in history.read_history(world.before(*roles)).lines}

    assert codes(MANAGER) == {"", "tulpan-47", "sippa-12"}
    assert codes(WORKER) == {"", "tulpan-47"}
    assert codes(Role.ADMINISTRATOR) == {""}


def test_bin_shows_only_what_one_may_read(world: World) -> None:
    for at in (world.mine, world.theirs):
        records.delete_record(world.desk, at.leg)
    assert [line.rid for line in history.read_bin(world.before(WORKER))] == [world.mine.leg]
    assert history.read_bin(world.before(Role.DIRECTORY_EDITOR)) == ()


def test_directory_names_no_code_of_a_plan_that_one_may_not_read(world: World) -> None:
    def codes(role: Role) -> set[str]:
        listed = entries.list_directory(world.before(role))
        return {naming.code for entry in listed for naming in entry.namings}

    assert codes(MANAGER) == {"tulpan-47", "sippa-12"}
    assert codes(WORKER) == {"", "tulpan-47"}
    assert codes(Role.DIRECTORY_EDITOR) == {""}


@pytest.mark.parametrize("role", OUTSIDE)
def test_who_reads_no_plans_has_a_quiet_day(world: World, role: Role) -> None:
    today = read_today(world.before(role))
    assert (today.to_decide, today.departures, today.endings, today.alarms) == ((), (), (), ())


# what is covered


def test_address_of_a_house_is_covered_for_who_only_keeps_the_directory(world: World) -> None:
    def address(role: Role) -> object:
        listed = entries.list_directory(world.before(role))
        return next(e for e in listed if e.view.rid == make.PARTNER).view.record.address

    assert address(WORKER) == "Påhittade gatan 1"
    assert address(Role.DIRECTORY_EDITOR) is None


def test_what_is_typed_over_a_covered_field_replaces_nothing_unseen(world: World) -> None:
    desk = world.before(Role.DIRECTORY_EDITOR)
    listed = entries.list_directory(desk)
    shown = next(e for e in listed if e.view.rid == make.PARTNER).view.row
    seen = seen_writes(shown)
    records.change_record(desk, make.PARTNER, {"address": "Andra gatan 2"}, seen)
    assert "address" in view_any(_row(desk, make.PARTNER)).conflicts


def test_plan_opened_with_a_reason_shows_what_keeps_her_safe_and_not_her_story(
    world: World,
) -> None:
    desk, at = world.before(WORKER), world.theirs
    emergency_access.open_with_reason(desk, at.plan, "Natt")
    page = plans.open_plan(desk, at.plan)
    plan = page.plan.record
    assert (plan.alarm_plan, plan.code_word) == ("Ring Påhittad, sedan Uppdiktad.", "blåsippa")
    assert plan.type_of_exploitation is None
    assert plan.trafficking_status is None
    assert {"plan.type_of_exploitation", "note.content", "risk_assessment.summary"} <= page.covered
    assert "plan.alarm_plan" not in page.covered
    assert not page.may_edit
    assert {seen.record.content for seen in page.case.all_views("note")} == {None}
    assert [
        one.record.title for one in visible_case(desk, at.plan).views(Attachment, "attachment")
    ] == [None]
    assert refused(lambda: read_attachment(desk, at.attachment)) == "user.not_allowed"
    kept = {line.key for line in history.read_record_history(desk, at.plan).lines}
    assert "alarm_plan" in kept
    assert "type_of_exploitation" not in kept


def test_nothing_is_covered_in_ones_own_plan(world: World) -> None:
    page = plans.open_plan(world.before(WORKER), world.mine.plan)
    assert page.covered == frozenset()
    assert page.plan.record.type_of_exploitation == ("ForcedLabour",)


# opening with a reason


def test_reason_is_kept_the_act_is_in_the_trail_and_the_owner_is_told(world: World) -> None:
    desk, at = world.before(WORKER), world.theirs
    assert [one.code for one in emergency_access.list_locked_plans(desk)] == ["sippa-12"]
    emergency_access.open_with_reason(desk, at.plan, "  Hon ringde från färjan  ")
    assert [line.code for line in plans.list_plans(desk)] == ["sippa-12", "tulpan-47"]
    assert emergency_access.list_locked_plans(desk) == ()
    (_, event), *_ = desk.store.ledger.events(None, 1)
    assert (event.action, event.rid, event.user) == (Action.OPEN_WITH_REASON, at.plan, "QQ")
    assert event.keys == ()
    owner = replace(world.before(WORKER), user="EV")
    (told,) = emergency_access.list_break_glass_accesses(owner)
    assert (told.plan, told.code, told.opened_by) == (at.plan, "sippa-12", "QQ")
    assert told.reason == "Hon ringde från färjan"
    assert emergency_access.list_break_glass_accesses(desk) == ()


def test_owner_is_told_until_it_was_seen_and_again_of_the_next(world: World) -> None:
    at, owner = world.theirs, replace(world.before(WORKER), user="EV")
    emergency_access.open_with_reason(world.before(WORKER), at.plan, "Ett")
    emergency_access.mark_accesses_seen(owner)
    assert emergency_access.list_break_glass_accesses(owner) == ()
    emergency_access.open_with_reason(replace(world.before(WORKER), user="AB"), at.plan, "Två")
    assert [one.reason for one in emergency_access.list_break_glass_accesses(owner)] == ["Två"]


def test_owner_is_told_of_an_opening_under_a_clock_that_was_set_back(world: World) -> None:
    at, clock = world.theirs, SetClock(world.desk.adapters.clock.now())
    worker = replace(world.before(WORKER), adapters=replace(world.desk.adapters, clock=clock))
    owner = replace(worker, user="EV")
    emergency_access.mark_accesses_seen(owner)
    clock.time -= timedelta(days=1)
    emergency_access.open_with_reason(worker, at.plan, "Natt")
    clock.time += timedelta(days=1)
    assert [one.reason for one in emergency_access.list_break_glass_accesses(owner)] == ["Natt"]
    emergency_access.mark_accesses_seen(owner)
    assert emergency_access.list_break_glass_accesses(owner) == ()


def test_it_is_open_for_reading_only_until_the_lock(world: World) -> None:
    desk, at = world.before(WORKER), world.theirs
    emergency_access.open_with_reason(desk, at.plan, "Natt")
    plans.open_plan(desk, at.plan)
    for name in (
        "core.records.change_record",
        "papers.production.paper_obstacles",
        "core.records.delete_record",
    ):
        assert refused(partial(CALLS[name], desk, at)) == "user.not_allowed"
    again = world.before(WORKER)
    assert refused(lambda: plans.open_plan(again, at.plan)) == "user.not_allowed"


def test_who_has_opened_it_writes_down_what_happens_on_the_way_and_the_owner_is_told(
    world: World,
) -> None:
    desk, at = world.before(WORKER), world.theirs
    missed = lambda: record_leg_event(desk, at.leg, LegEvent.MISSED)  # noqa: E731
    assert refused(missed) == "user.not_allowed"
    emergency_access.open_with_reason(desk, at.plan, "Hon ringde")
    assert read_journey(desk, at.plan).may_watch
    done = record_leg_event(desk, at.leg, LegEvent.MISSED)
    assert view(_row(desk, at.leg), Leg).record.status == "missed"
    status = {"status": "booked", "carrier": "X"}
    assert refused(lambda: records.change_record(desk, at.leg, status)) == "user.not_allowed"
    owner = replace(world.before(WORKER), user="EV")
    (told,) = emergency_access.list_break_glass_accesses(owner)
    assert told.wrote == ((view(_row(desk, at.leg), Leg).record.sequence, "missed"),)
    assert undo(desk, done).keys == done.keys
    approver = world.before(Role.APPROVER)
    assert not read_journey(approver, at.plan).may_watch


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_without_a_reason_it_stays_shut(world: World, reason: str) -> None:
    desk, before = world.before(WORKER), trace(world.desk)
    work = lambda: emergency_access.open_with_reason(desk, world.theirs.plan, reason)  # noqa: E731
    assert refused(work) == "user.no_reason"
    assert refused(lambda: plans.open_plan(desk, world.theirs.plan)) == "user.not_allowed"
    assert trace(world.desk) == before


def test_a_closed_plan_is_opened_with_a_reason_too(world: World) -> None:
    at = world.theirs
    with world.desk.store.transaction():
        row = _row(world.desk, at.plan)
        world.desk.store.put(make.changed(row, {"state": "closed"}, make.signature(minute=1)))
    desk = world.before(WORKER)
    emergency_access.open_with_reason(desk, at.plan, "Natt")
    assert plans.open_plan(desk, at.plan).plan.record.state == "closed"


def test_who_may_read_it_anyway_leaves_no_note(world: World) -> None:
    before = trace(world.desk)
    for desk in (world.before(MANAGER), replace(world.before(WORKER), user="EV")):
        assert not emergency_access.open_with_reason(desk, world.theirs.plan, "Natt").rids
    assert trace(world.desk) == before


def test_a_plan_in_the_bin_stays_shut(world: World) -> None:
    records.delete_record(world.desk, world.theirs.plan)
    desk = world.before(WORKER)
    assert emergency_access.list_locked_plans(desk) == ()
    work = lambda: emergency_access.open_with_reason(desk, world.theirs.plan, "Natt")  # noqa: E731
    assert refused(work) == "record.deleted"


def test_anothers_plan_is_found_by_its_code_and_by_nothing_else(world: World) -> None:
    desk = world.before(WORKER)
    (hit,) = quick_find(desk, "sippa", 9, ENGLISH)
    assert (hit.rid, hit.title, hit.under, hit.is_readable) == (
        world.theirs.plan, "sippa-12", "", False,
    )  # fmt: skip
    entries = (entry for part in read_index_slices(desk, ENGLISH) for entry in part)
    shut = [entry for entry in entries if not entry.hit.is_readable]
    assert [(entry.hidden, entry.digits) for entry in shut] == [((), "")]


def test_alarm_of_anothers_plan_is_heard_and_says_nothing_of_her(world: World) -> None:
    for at in (world.mine, world.theirs):
        with world.desk.store.transaction():
            row = _row(world.desk, at.plan)
            values = {"state": "travelling", "alarm_plan": "Ring Påhittad"}
            world.desk.store.put(make.changed(row, values, make.signature(minute=1)))
            leg = make.changed(_row(world.desk, at.leg), LATE, make.signature(minute=1))
            world.desk.store.put(leg)
    heard = read_today(world.before(WORKER)).alarms
    shut = [alarm for alarm in heard if alarm.line.rid == world.theirs.plan]
    own = [alarm for alarm in heard if alarm.line.rid == world.mine.plan]
    assert own
    assert [alarm.kind for alarm in shut] == [alarm.kind for alarm in own]
    assert {alarm.line.code for alarm in shut} == {"sippa-12"}
    for alarm in shut:
        assert (alarm.line.alias, alarm.line.legs, alarm.leg, alarm.calls) == ("", (), None, ())
        assert (alarm.fallback, alarm.alarm_plan) == ("", "")


def test_whoever_reads_a_plan_can_stop_what_goes_under_a_consent(world: World) -> None:
    desk, at = world.before(WORKER), world.theirs
    emergency_access.open_with_reason(desk, at.plan, "Hon tar tillbaka sitt samtycke")
    assert withdraw_consent(desk, at.consent).rids == {at.consent}


@pytest.mark.parametrize("role", READERS)
def test_the_list_reads_no_more_for_asking(world: World, role: Role) -> None:
    """Each table is read once, however many plans there are and whoever asks.

    Those kept are the clients, and the contacts after the arrival that reached somebody.
    """
    read: list[str] = []
    store = world.desk.store

    class Counted:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def rows(self, record_type: str) -> tuple[Row, ...]:
            read.append(record_type)
            return store.rows(record_type)

        def row(self, rid: bytes) -> Row | None:
            read.append("row")
            return store.row(rid)

        def kept(self, rids: Iterable[bytes]) -> Mapping[bytes, tuple[Row, bytes | None]]:
            read.append("kept")
            return store.kept(rids)

        def rows_beneath(self, record_type: str, above: Iterable[bytes]) -> tuple[Row, ...]:
            read.append(record_type)
            return store.rows_beneath(record_type, above)

    plans.list_plans(replace(world.before(role), store=Counted()))  # type: ignore[arg-type]
    assert sorted(read) == ["handover", "kept", "kept", "leg", "plan"]


def _row(desk: Session, rid: bytes) -> Row:
    row = desk.store.row(rid)
    assert row is not None
    return row


def test_reopened_plan_stays_with_its_owner(world: World) -> None:
    at = world.mine
    with world.desk.store.transaction():
        row = _row(world.desk, at.plan)
        world.desk.store.put(make.changed(row, {"state": "closed"}, make.signature(minute=1)))
    new = CALLS["workflow.reopen_plan"](world.before(MANAGER), at)
    assert isinstance(new, bytes)
    assert view(_row(world.desk, new), Plan).record.owner == "QQ"
