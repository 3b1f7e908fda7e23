# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups and restores as a desk does them: made, aged, rotated, drilled, and put back whole."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair, refusal
from tests.support.clocks import SetClock
from tests.support.disks import ASKED_OF_THE_SYSTEM
from tests.support.stores import AGREED, new_desk
from tests.vectors.make_store_vectors import WHO as VECTORS_WHO

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import BackupAge
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Direction, FileIssue
from kfdesk.domain.records.client import Client
from kfdesk.domain.recovery_key import generate_key, spell_key, spell_sheet, split_key
from kfdesk.domain.rows import view_any
from kfdesk.environment import Environment
from kfdesk.services import accounts
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.epochs import our_epoch
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.upkeep.backup import (
    backup_state,
    last_backup_path,
    list_backups,
    make_backup,
    rehearse_restore,
)
from kfdesk.storage import key_slots, rollback
from kfdesk.storage.backup import Backups
from kfdesk.storage.driver import STORE_FILE

WHO = Credentials(people.INITIALS, people.PASSPHRASE)
OTHER = Credentials("KA", "sju andra ord som ingen annan vet")
OTHER_WORDS = Credentials(people.INITIALS, OTHER.passphrase)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))


@pytest.fixture
def machine(clock: SetClock) -> Environment:
    return Environment(clock=clock, cost=key_slots.MIN_COST)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "store"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def desk(folder: Path, machine: Environment) -> Iterator[Session]:
    made = new_desk(folder, people.HOUSE, WHO, machine)
    story.enter_plan(made, made.identity.organisation)
    yield made
    made.store.close()


def client_of(desk: Session) -> bytes:
    return desk.store.rows("client")[0].rid


def actions(desk: Session) -> list[Action]:
    return [event.action for _, event in desk.store.ledger.events(None, 99)]


# making and ageing


def test_desk_without_a_backup_says_so(desk: Session) -> None:
    assert backup_state(desk).age is BackupAge.NONE
    assert backup_state(desk).path is None


@pytest.fixture
def real_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the system which disk a folder is on."""
    monkeypatch.setattr(Backups, "is_on_same_disk", ASKED_OF_THE_SYSTEM)


@pytest.mark.usefixtures("real_disks")
@pytest.mark.parametrize("place", ["stick", "desk", "link"])
def test_backup_on_the_disk_of_the_store_is_made_and_does_not_count(
    desk: Session, tmp_path: Path, stick: Path, place: str
) -> None:
    (tmp_path / "link").symlink_to(stick)
    made = make_backup(desk, tmp_path / place)
    assert made.is_beside
    assert made.counts["leg"] == 2
    state = backup_state(desk)
    assert (state.age, state.path, state.beside) == (BackupAge.NONE, None, made.path)
    assert actions(desk)[0] is Action.BACKUP
    assert last_backup_path(desk.store) == made.path  # a damaged store is repaired from it
    assert rehearse_restore(desk, made.path, WHO.passphrase)[0] == made.path


def test_backup_beside_the_store_leaves_the_one_that_counts(
    desk: Session, stick: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = make_backup(desk, stick)
    assert not counts.is_beside
    clock.time += timedelta(days=3)
    with monkeypatch.context() as asked:
        asked.setattr(Backups, "is_on_same_disk", ASKED_OF_THE_SYSTEM)
        beside = make_backup(desk, stick)
    state = backup_state(desk)
    assert (state.age, state.path, state.newest) == (BackupAge.OLD, counts.path, beside.path)
    again = make_backup(desk, stick.parent / "desk")
    assert backup_state(desk).age is BackupAge.FRESH
    assert backup_state(desk).newest == last_backup_path(desk.store) == again.path


@pytest.mark.usefixtures("real_disks")
def test_folder_that_the_system_does_not_know_is_no_disk_of_ours(
    desk: Session, tmp_path: Path
) -> None:
    assert not desk.store.backups.is_on_same_disk(tmp_path / "gone")


def test_backup_is_noted_with_place_and_day_and_in_the_history(
    desk: Session, stick: Path, clock: SetClock
) -> None:
    made = make_backup(desk, stick)
    assert made.path.name == "notebook-2026-12-01-0900"
    assert made.counts["leg"] == 2
    assert backup_state(desk).path == made.path
    assert actions(desk)[0] is Action.BACKUP
    for days, age in ((0, BackupAge.FRESH), (3, BackupAge.OLD), (7, BackupAge.OVERDUE)):
        clock.time = datetime(2026, 12, 1 + days, 3, 0, tzinfo=UTC)
        state = backup_state(desk)
        assert (state.days, state.age) == (days, age)


def test_backup_that_failed_is_not_noted(desk: Session, tmp_path: Path) -> None:
    before = actions(desk)
    assert refusal(lambda: make_backup(desk, tmp_path / "none")).code == "backup.not_written"
    assert backup_state(desk).age is BackupAge.NONE
    assert actions(desk) == before


def test_backup_is_stopped_by_whoever_waits_for_it(desk: Session, stick: Path) -> None:
    class Stopped:
        def step(self, done: int, of: int) -> None:
            raise KfdeskError("work.cancelled", done=done, of=of)

    assert refusal(lambda: make_backup(desk, stick, Stopped())).code == "work.cancelled"
    assert list(stick.iterdir()) == []
    assert backup_state(desk).age is BackupAge.NONE


def test_old_backups_go_once_a_newer_one_is_proved(
    desk: Session, stick: Path, clock: SetClock
) -> None:
    for _ in range(12):
        make_backup(desk, stick)
        clock.time += timedelta(days=4)
    days = [(clock.time.date() - backup.made.date()).days for backup in list_backups(desk, stick)]
    assert days == [4, 8, 12, 16, 20, 24, 28]
    assert len(list(stick.iterdir())) == 7


@pytest.fixture
def full_week(desk: Session, stick: Path, clock: SetClock) -> dict[Path, int]:
    """Make a backup on each of seven days; return the file of each, oldest first."""
    made = []
    for _ in range(7):
        made.append(make_backup(desk, stick).path)
        clock.time += timedelta(days=1)
    return {path: (path / STORE_FILE).stat().st_ino for path in made}


def test_backup_that_goes_is_written_over_with_what_changed(
    desk: Session, stick: Path, machine: Environment, full_week: dict[Path, int]
) -> None:
    (oldest, file), *others = full_week.items()
    change_record(desk, client_of(desk), {"alias": "Siri"})
    digest = desk.store.digest()
    before = {path: (path / STORE_FILE).read_bytes() for path, _ in others}
    made = make_backup(desk, stick)
    assert (made.path / STORE_FILE).stat().st_ino == file
    assert (made.removed, oldest.exists()) == (1, False)
    assert {path: (path / STORE_FILE).read_bytes() for path, _ in others} == before
    assert len(list_backups(desk, stick)) == 7
    bare = stick.with_name("another machine")
    store_lifecycle.restore_store(made.path, bare, WHO, machine)
    restored = store_lifecycle.unlock_store(bare, WHO, machine)
    assert restored.store.digest() == digest
    assert restored.store.verify() == ()
    restored.store.close()


def test_stopped_backup_leaves_also_the_one_that_would_go(
    desk: Session, stick: Path, full_week: dict[Path, int]
) -> None:
    class Stopped:
        def step(self, done: int, _of: int) -> None:
            if done >= 50:
                raise KfdeskError("work.cancelled")

    before = {path: path.read_bytes() for path in stick.rglob("*") if path.is_file()}
    assert refusal(lambda: make_backup(desk, stick, Stopped())).code == "work.cancelled"
    assert {path: path.read_bytes() for path in stick.rglob("*") if path.is_file()} == before
    assert len(full_week) == 7


def test_newest_of_all_is_never_written_over(desk: Session, stick: Path, clock: SetClock) -> None:
    """The second backup of a day takes the place of the first, which is the newest until then."""
    first = make_backup(desk, stick)
    file = (first.path / STORE_FILE).stat().st_ino
    clock.time += timedelta(hours=1)
    second = make_backup(desk, stick)
    assert (second.path / STORE_FILE).stat().st_ino != file
    assert second.removed == 1


def test_clock_in_doubt_writes_over_no_backup(
    desk: Session, stick: Path, clock: SetClock, full_week: dict[Path, int]
) -> None:
    clock.time += timedelta(days=400)
    clock.leap = timedelta(days=400)
    made = make_backup(desk, stick)
    assert made.removed == 0
    assert {path: (path / STORE_FILE).stat().st_ino for path in full_week} == full_week


def test_clock_that_cannot_be_believed_removes_nothing(
    desk: Session, stick: Path, clock: SetClock
) -> None:
    make_backup(desk, stick)
    clock.time += timedelta(days=400)
    clock.leap = timedelta(days=400)
    assert make_backup(desk, stick).removed == 0
    assert len(list_backups(desk, stick)) == 2


def test_who_may_not_make_backups_makes_none(
    desk: Session, stick: Path, folder: Path, machine: Environment
) -> None:
    accounts.add_user(
        desk, WHO.passphrase, OTHER.initials, OTHER.passphrase, [Role.DIRECTORY_EDITOR]
    )
    desk.store.close()
    other = store_lifecycle.unlock_store(folder, OTHER, machine)
    assert refusal(lambda: make_backup(other, stick)).code == "user.not_allowed"
    other.store.close()
    assert list(stick.iterdir()) == []


# the drill


def test_drill_opens_the_newest_and_counts_and_leaves_no_trace(
    desk: Session, stick: Path, folder: Path, clock: SetClock
) -> None:
    make_backup(desk, stick)
    clock.time += timedelta(days=1)
    newest = make_backup(desk, stick)
    before = desk.store.digest()
    path, counts = rehearse_restore(desk, stick, f"  {people.PASSPHRASE.upper()} ")
    assert (path, counts) == (newest.path, newest.counts)
    assert [each.name for each in folder.parent.iterdir()] == ["store"]
    assert desk.store.digest() == before
    assert (
        refusal(lambda: rehearse_restore(desk, stick, "andra ord")).code == "store.wrong_passphrase"
    )


# putting back


def test_restore_onto_a_bare_machine_gives_the_same_records(
    desk: Session, stick: Path, tmp_path: Path, machine: Environment
) -> None:
    digest, history = desk.store.digest(), actions(desk)
    make_backup(desk, stick)
    bare = tmp_path / "another machine" / "store"
    done = store_lifecycle.restore_store(stick, bare, WHO, machine)
    assert (done.erased, done.knows_erasures, done.aside) == (0, True, None)
    restored = store_lifecycle.unlock_store(bare, WHO, machine)
    assert restored.store.digest() == digest
    assert restored.store.verify() == ()
    assert actions(restored) == [Action.OPEN, Action.FROM_BACKUP, *history]
    assert backup_state(restored).path == stick / "notebook-2026-12-01-0900"
    assert backup_state(restored).days == 0
    change_record(restored, client_of(restored), {"alias": "Siri"})
    assert restored.identity.epoch != desk.identity.epoch
    assert restored.identity.sign_seed == desk.identity.sign_seed
    restored.store.close()
    assert [path.name for path in bare.parent.iterdir()] == ["store"]


def test_who_has_lost_laptop_and_passphrase_restores_by_the_recovery_key_or_two_sheets(
    tmp_path: Path, machine: Environment
) -> None:
    key = generate_key(machine.random)
    sheets = [" ".join(spell_sheet(one, machine.random)) for one in split_key(key, os.urandom)]
    whole = " ".join(spell_key(key))
    pair, home = f"{sheets[2]} {sheets[0]}", tmp_path / "home"
    made = store_lifecycle.create_store(home, "Nordhuset", WHO, machine, pair)
    make_backup(made, tmp_path)
    made.store.close()
    for number, typed in enumerate((pair, whole)):
        bare, lost = tmp_path / f"bare{number}", Credentials(WHO.initials, typed)
        store_lifecycle.check_backup(tmp_path, bare, lost)
        assert (
            store_lifecycle.restore_store(tmp_path, bare, lost, machine).counts["organisation"] == 1
        )
        again = store_lifecycle.recover_store(bare, OTHER_WORDS, typed, machine)
        assert again.identity.name == "Nordhuset"
        again.store.close()
    stranger = Credentials(WHO.initials, sheets[1])
    refused = refusal(lambda: store_lifecycle.check_backup(tmp_path, bare, stranger))
    assert refused.code == "store.wrong_passphrase"


def test_old_store_is_kept_beside_under_a_neutral_name(
    desk: Session, stick: Path, folder: Path, machine: Environment
) -> None:
    make_backup(desk, stick)
    change_record(desk, client_of(desk), {"alias": "written after the backup"})
    desk.store.close()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = store_lifecycle.restore_store(stick, folder, WHO, machine)
    assert done.aside == folder.with_name("store-2026-12-01-0900")
    assert {path.name: path.read_bytes() for path in done.aside.iterdir()} == before
    for place, alias in ((folder, "Nina"), (done.aside, "written after the backup")):
        opened = store_lifecycle.unlock_store(place, WHO, machine)
        assert view_any(opened.store.rows("client")[0]).record.alias == alias
        opened.store.close()


def test_store_that_is_open_is_not_replaced(
    desk: Session, stick: Path, folder: Path, machine: Environment
) -> None:
    make_backup(desk, stick)
    refused = refusal(lambda: store_lifecycle.restore_store(stick, folder, WHO, machine))
    assert refused.code == "store.in_use"
    assert desk.store.verify() == ()


def test_restore_that_is_refused_leaves_everything_where_it_was(
    desk: Session, stick: Path, folder: Path, machine: Environment
) -> None:
    path = make_backup(desk, stick).path
    desk.store.close()
    before = {path: path.read_bytes() for path in folder.parent.rglob("*") if path.is_file()}
    wrong = Credentials(WHO.initials, "andra ord")
    assert (
        refusal(lambda: store_lifecycle.restore_store(stick, folder, wrong, machine)).code
        == "store.wrong_passphrase"
    )
    (path / STORE_FILE).write_bytes((path / STORE_FILE).read_bytes()[:-4096])
    assert (
        refusal(lambda: store_lifecycle.restore_store(stick, folder, WHO, machine)).code
        == "backup.damaged_pages"
    )
    after = {path: path.read_bytes() for path in folder.parent.rglob("*") if path.is_file()}
    assert after == before


def test_who_may_not_restore_restores_nothing(
    desk: Session, stick: Path, tmp_path: Path, machine: Environment
) -> None:
    accounts.add_user(desk, WHO.passphrase, OTHER.initials, OTHER.passphrase, [Role.SHELTER_WORKER])
    make_backup(desk, stick)
    bare = tmp_path / "bare" / "store"
    refused = refusal(lambda: store_lifecycle.restore_store(stick, bare, OTHER, machine))
    assert refused.code == "user.not_allowed"
    assert list(bare.parent.iterdir()) == []


def test_damaged_store_is_replaced_and_kept(
    desk: Session, stick: Path, folder: Path, machine: Environment
) -> None:
    make_backup(desk, stick)
    desk.store.close()
    torn = bytes(8192) + (folder / STORE_FILE).read_bytes()[8192:]
    (folder / STORE_FILE).write_bytes(torn)
    done = store_lifecycle.restore_store(stick, folder, WHO, machine)
    assert not done.knows_erasures
    assert done.aside is not None
    assert (done.aside / STORE_FILE).read_bytes() == torn
    opened = store_lifecycle.unlock_store(folder, WHO, machine)
    assert opened.store.verify() == ()
    opened.store.close()


def test_backup_of_an_older_version_is_restored(tmp_path: Path, machine: Environment) -> None:
    """Its tables are brought up to date in the copy; the backup itself stays as it is."""
    source = Path(__file__).parents[1] / "vectors" / "store" / "1"
    who = VECTORS_WHO
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    bare = tmp_path / "store"
    assert store_lifecycle.restore_store(source, bare, who, machine).counts["client"] > 0
    opened = store_lifecycle.unlock_store(bare, who, machine)
    assert opened.store.verify() == ()
    opened.store.close()
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before


# erasures survive a restore


def test_whoever_was_erased_since_the_backup_is_erased_again(
    desk: Session, stick: Path, folder: Path, machine: Environment
) -> None:
    other = create_record(desk, Client, {"code": "sippa-12"})
    make_backup(desk, stick)
    family = desk.store.tree.family((client_of(desk),))
    her = next(row.rid for row in desk.store.rows("client") if row.rid != other)
    family = desk.store.tree.family((her,))
    erase_client(desk, her, ErasureReason.CLIENT_REQUEST)
    desk.store.close()
    done = store_lifecycle.restore_store(stick, folder, WHO, machine, AGREED)
    assert (done.erased, done.knows_erasures) == (len(family), True)
    restored = store_lifecycle.unlock_store(folder, WHO, machine)
    assert [row.rid for row in restored.store.rows("client")] == [other]
    assert restored.store.erasures.rids() == family
    assert {each.reason for each in restored.store.erasures.entries()} == {"client_request"}
    assert restored.store.verify() == ()
    restored.store.close()


def test_erasures_of_the_backup_and_of_the_store_are_joined(
    desk: Session, stick: Path, folder: Path, machine: Environment, clock: SetClock
) -> None:
    first = create_record(desk, Client, {"code": "sippa-12"})
    second = create_record(desk, Client, {"code": "vide-33"})
    make_backup(desk, stick)
    erase_client(desk, second, ErasureReason.ERROR)
    clock.time += timedelta(days=1)
    make_backup(desk, stick)
    desk.store.close()
    store_lifecycle.restore_store(stick / "notebook-2026-12-01-0900", folder, WHO, machine, AGREED)
    again = store_lifecycle.unlock_store(folder, WHO, machine)
    erase_client(again, first, ErasureReason.ERROR)
    again.store.close()
    store_lifecycle.restore_store(stick, folder, WHO, machine, AGREED)
    last = store_lifecycle.unlock_store(folder, WHO, machine)
    assert last.store.erasures.rids() == {first, second}
    assert len(last.store.rows("client")) == 1
    last.store.close()


# exchanging after a restore


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


def test_partner_who_has_more_of_us_than_we_know_tells_of_an_older_store(
    pair: Pair, tmp_path: Path
) -> None:
    """A partner still knows, even if every note of the store was put back with it."""
    folder, here = tmp_path / "ours", Environment(cost=key_slots.MIN_COST)
    old = (folder / STORE_FILE).read_bytes()
    pair.send()
    pair.ours.store.close()
    (folder / STORE_FILE).write_bytes(old)
    (folder / rollback.ANCHOR_FILE).unlink()
    ours = store_lifecycle.unlock_store(folder, WHO, here)
    change_record(pair.theirs, pair.legs[0], {"carrier": "41, Exempelbuss"})
    us, post = ours.identity.organisation, pair.post
    answer = transfer.send_bundle(pair.theirs, pair.plan, us, post)
    them = pair.theirs.identity.organisation
    before, epoch = ours.store.digest(), our_epoch(ours, them)
    reviewed = transfer.review_bundle(ours, answer.path)
    assert [one.finding for one in reviewed.findings] == [FileIssue.AHEAD_OF_US]
    assert ours.store.digest() == before
    transfer.import_bundle(ours, answer.path, reviewed)
    assert len(ours.store.rows("leg")) == 2
    assert our_epoch(ours, them) != epoch
    ours.store.close()


def test_partner_takes_what_a_restored_desk_sends_and_answers_it(
    pair: Pair, stick: Path, tmp_path: Path, machine: Environment
) -> None:
    pair.send()
    make_backup(pair.ours, stick)
    change_record(pair.ours, pair.legs[0], {"carrier": "sent after the backup"})
    pair.send()
    pair.ours.store.close()
    here = Environment(cost=key_slots.MIN_COST)
    store_lifecycle.restore_store(stick, tmp_path / "ours", WHO, here)
    ours = store_lifecycle.unlock_store(tmp_path / "ours", WHO, here)
    them = pair.theirs.identity.organisation
    change_record(ours, pair.legs[0], {"booking_reference": "AB 12"})
    made = transfer.send_bundle(ours, pair.plan, them, pair.post)
    reviewed = transfer.review_bundle(pair.theirs, made.path)
    assert reviewed.taken.envelope.epoch == ours.identity.epoch
    assert reviewed.taken.envelope.sequence == 1
    transfer.import_bundle(pair.theirs, made.path, reviewed)
    assert len(ours.store.ledger.marks(them, Direction.OUT)) == 2
    answer = transfer.send_bundle(pair.theirs, pair.plan, ours.identity.organisation, pair.post)
    transfer.import_bundle(ours, answer.path, transfer.review_bundle(ours, answer.path))
    leg = view_any(ours.store.row(pair.legs[0])).record  # type: ignore[arg-type]
    assert leg.carrier == "sent after the backup"
    assert ours.store.verify() == ()
    ours.store.close()
