# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are no sound store of ours: refused with the reason and unchanged.

As a store to open, as a backup to try, and as a backup to restore. Beside them what nobody can tell
from a sound store, and other people's programs that count the rows.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import apsw
import pytest
from tests.support import make
from tests.support.stores import AGREED
from tests.unit.storage.test_storage_witnesses import asked_of_sqlcipher, opened_by_apsw

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import view_any
from kfdesk.environment import Environment
from kfdesk.services import accounts
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import driver, key_slots, rollback
from kfdesk.storage.backup import finish_interrupted
from kfdesk.storage.driver import STORE_FILE

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials(people.INITIALS, people.PASSPHRASE)
NEW_WORDS = "sju helt andra ord som ingen kan"
WRONG = "store.wrong_passphrase"
PAGE = driver.PAGE_BYTES
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj << >> endobj\n" * 400


@dataclass(frozen=True)
class Kept:
    """A store and its backup, both shut, and the key of both."""

    store: Path
    backup: Path
    key: bytes


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    stick = folder / "stick"
    stick.mkdir()
    desk = store_lifecycle.create_store(folder / "store", people.HOUSE, WHO, MACHINE)
    story.enter_plan(desk, desk.identity.organisation)
    backup = make_backup(desk, stick).path
    desk.store.close()
    key = key_slots.open_user_slot(
        key_slots.read_slots(folder / "store"), WHO.initials, WHO.passphrase
    )
    return Kept(folder / "store", backup, key)


@pytest.fixture
def kept(template: Kept, tmp_path: Path) -> Kept:
    shutil.copytree(template.store, tmp_path / "store")
    shutil.copytree(template.backup, tmp_path / "stick" / template.backup.name)
    return Kept(tmp_path / "store", tmp_path / "stick" / template.backup.name, template.key)


def plain_sqlite(file: Path) -> None:
    file.unlink()
    plain = sqlite3.connect(file)
    plain.execute("CREATE TABLE record_client (x)")
    plain.commit()
    plain.close()


def cut(size: Callable[[int], int]) -> Callable[[Path], None]:
    return lambda file: os.truncate(file, size(file.stat().st_size))


def written(content: bytes) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(content)


def flipped(place: int) -> Callable[[Path], None]:
    def turn(file: Path) -> None:
        data = bytearray(file.read_bytes())
        data[place] ^= 4
        file.write_bytes(data)

    return turn


NO_STORE = {
    "empty": (written(b""), "store.not_a_store"),
    "one byte": (written(b"S"), "store.not_a_store"),
    "a plain SQLite": (plain_sqlite, "store.not_a_store"),
    "noise": (written(make.named_bytes("noise", 3 * PAGE)), "store.wrong_key"),
    "a PDF": (written(PDF), "store.wrong_key"),
    "zeros": (written(bytes(2 * PAGE)), "store.wrong_key"),
    "cut inside its first page": (cut(lambda _: PAGE - 1), "store.not_a_store"),
    "a bit of its salt": (flipped(3), "store.wrong_key"),
    "a bit of its first page": (flipped(PAGE - 90), "store.wrong_key"),
}
CUT = {
    "after one page": lambda _: PAGE,
    "after two pages": lambda _: 2 * PAGE,
    "inside its second page": lambda _: PAGE + 700,
    "in its middle, at a page": lambda size: size // PAGE // 2 * PAGE,
    "in its middle": lambda size: size // 2 + 33,
    "by one page": lambda size: size - PAGE,
    "by one byte": lambda size: size - 1,
}
BITS = {
    "of the second page": PAGE + 20, "of the middle": PAGE * 30 + 1000, "of the last page": -200,
}  # fmt: skip
HURTS = {
    **{name: hurt for name, (hurt, _) in NO_STORE.items()},
    **{f"cut {name}": cut(size) for name, size in CUT.items()},
    **{f"a bit {name}": flipped(place) for name, place in BITS.items()},
}


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(KfdeskError) as refused:
        work()
    return refused.value.code


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files that count; the lock that every opening leaves is none."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", NO_STORE)
def test_what_is_no_store_is_refused_at_the_door_and_unchanged(kept: Kept, name: str) -> None:
    hurt, code = NO_STORE[name]
    hurt(kept.store / STORE_FILE)
    before = contents(kept.store)
    assert code_of(lambda: store_lifecycle.unlock_store(kept.store, WHO, MACHINE)) == code
    assert contents(kept.store) == before


def looked_whole(store: Path) -> str:
    """Return how a store that went bad is noticed: at the door, or when it is checked."""
    try:
        desk = store_lifecycle.unlock_store(store, WHO, MACHINE)
    except KfdeskError as refused:
        return refused.code
    try:
        return "found" if desk.store.verify() else ""
    finally:
        desk.store.close()


@pytest.mark.parametrize("name", [name for name in HURTS if name not in NO_STORE])
def test_store_that_went_bad_is_refused_or_found(kept: Kept, name: str) -> None:
    HURTS[name](kept.store / STORE_FILE)
    assert looked_whole(kept.store) in {"found", "store.damaged", "store.not_a_store"}


def test_whole_store_and_backup_are_taken(kept: Kept) -> None:
    """The control."""
    assert looked_whole(kept.store) == ""
    assert store_lifecycle.check_backup(kept.backup, kept.store, WHO)[1]["leg"] == 2


@pytest.mark.parametrize("name", HURTS)
def test_bad_backup_is_refused_and_it_and_the_store_stay_as_they_are(kept: Kept, name: str) -> None:
    HURTS[name](kept.backup / STORE_FILE)
    around = kept.store.parent
    before = contents(around)
    codes = {
        code_of(lambda: store_lifecycle.check_backup(kept.backup, kept.store, WHO)),
        code_of(lambda: store_lifecycle.restore_store(kept.backup, kept.store, WHO, MACHINE)),
    }
    assert codes == {"backup.damaged_pages"}
    assert contents(around) == before


def made_newer(folder: Path, key: bytes) -> None:
    connection = driver.connect(folder / STORE_FILE, key)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version + 1}")
    connection.close()


def test_store_that_lacks_a_table_is_told_as_damaged_and_unchanged(kept: Kept) -> None:
    connection = driver.connect(kept.store / STORE_FILE, kept.key)
    connection.execute("DROP TABLE unlisted")
    connection.close()
    before = contents(kept.store)
    assert code_of(lambda: store_lifecycle.unlock_store(kept.store, WHO, MACHINE)) == (
        "store.damaged"
    )
    assert contents(kept.store) == before


def test_newer_store_and_newer_backup_are_refused_and_unchanged(kept: Kept) -> None:
    for folder in (kept.store, kept.backup):
        made_newer(folder, kept.key)
    before = contents(kept.store.parent)
    works: tuple[Callable[[], object], ...] = (
        lambda: store_lifecycle.unlock_store(kept.store, WHO, MACHINE),
        lambda: store_lifecycle.check_backup(kept.backup, kept.store, WHO),
        lambda: store_lifecycle.restore_store(kept.backup, kept.store, WHO, MACHINE),
    )
    assert [code_of(work) for work in works] == ["store.newer", "backup.newer", "backup.newer"]
    assert contents(kept.store.parent) == before


# rolled back


def aliases(
    folder: Path, who: Credentials = WHO, machine: Environment = MACHINE, *, accepts: bool = False
) -> list[object]:
    desk = store_lifecycle.unlock_store(folder, who, machine, accepts_older=accepts)
    try:
        assert desk.store.verify() == ()
        return [view_any(row).record.alias for row in desk.store.rows("client")]
    finally:
        desk.store.close()


@pytest.fixture
def desk(kept: Kept) -> Iterator[Session]:
    opened = store_lifecycle.unlock_store(kept.store, WHO, MACHINE)
    yield opened
    opened.store.close()


def renamed(kept: Kept, machine: Environment, alias: str, who: Credentials = WHO) -> None:
    """Work a little: open, change her alias, and close."""
    desk = store_lifecycle.unlock_store(kept.store, who, machine)
    change_record(desk, desk.store.rows("client")[0].rid, {"alias": alias})
    desk.store.close()


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(folder, folder.with_name(f"{folder.name} of last week")))


def put_back(copy: Path, folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)


@pytest.fixture
def machine(tmp_path: Path) -> Environment:
    return replace(MACHINE, state=tmp_path / "state")


def test_older_store_beside_newer_slots_is_refused_and_unchanged(kept: Kept, desk: Session) -> None:
    old = (kept.store / STORE_FILE).read_bytes()
    change_record(desk, desk.store.rows("client")[0].rid, {"alias": "Siri"})
    accounts.change_passphrase(desk, WHO.passphrase, NEW_WORDS)
    desk.store.close()
    who = Credentials(WHO.initials, NEW_WORDS)
    assert aliases(kept.store, who) == ["Siri"]
    (kept.store / STORE_FILE).write_bytes(old)
    before = contents(kept.store)
    assert code_of(lambda: aliases(kept.store, who)) == "store.rolled_back"
    assert contents(kept.store) == before


def test_whole_folder_put_back_is_refused_and_unchanged(kept: Kept, machine: Environment) -> None:
    renamed(kept, machine, "Siri")
    old = copied(kept.store)
    renamed(kept, machine, "Tuva")
    put_back(old, kept.store)
    before = contents(kept.store)
    with pytest.raises(KfdeskError) as refused:
        aliases(kept.store, machine=machine)
    assert refused.value.code == "store.rolled_back"
    assert int(refused.value.data["newest"]) < int(refused.value.data["seen"])
    assert contents(kept.store) == before


def test_whole_folder_put_back_is_not_told_where_this_computer_forgot(
    kept: Kept, machine: Environment
) -> None:
    """The control: what stands beside the store is as old as it; the promises say this plainly."""
    renamed(kept, machine, "Siri")
    old = copied(kept.store)
    renamed(kept, machine, "Tuva")
    put_back(old, kept.store)
    assert machine.state is not None
    shutil.rmtree(machine.state)
    assert aliases(kept.store, machine=machine) == ["Siri"]


def test_who_goes_on_with_an_older_store_does_it_once_and_it_is_noted(
    kept: Kept, machine: Environment
) -> None:
    renamed(kept, machine, "Siri")
    old = copied(kept.store)
    renamed(kept, machine, "Tuva")
    put_back(old, kept.store)
    epoch = epoch_of(kept)
    assert aliases(kept.store, machine=machine, accepts=True) == ["Siri"]
    assert epoch_of(kept) != epoch
    assert aliases(kept.store, machine=machine) == ["Siri"]
    desk = store_lifecycle.unlock_store(kept.store, WHO, machine)
    noted = [one for _, one in desk.store.ledger.events(None, 9) if one.action == "older_store"]
    assert [one.user for one in noted] == [WHO.initials]
    desk.store.close()


def epoch_of(kept: Kept) -> bytes:
    connection = driver.connect(kept.store / STORE_FILE, kept.key)
    (epoch,) = connection.execute("SELECT value FROM setting WHERE key = 'epoch'").fetchone()
    connection.close()
    return bytes(epoch)


def test_going_on_is_no_way_in_for_who_is_not_in_the_older_store(
    kept: Kept, machine: Environment
) -> None:
    """The alarm stays: nobody has gone on, so nobody can have noted it."""
    old = (kept.store / STORE_FILE).read_bytes()
    other = Credentials("KA", "åtta ord som bara den andra vet")
    desk = store_lifecycle.unlock_store(kept.store, WHO, machine)
    accounts.add_user(desk, WHO.passphrase, other.initials, other.passphrase, list(desk.roles))
    desk.store.close()
    (kept.store / STORE_FILE).write_bytes(old)
    assert code_of(lambda: aliases(kept.store, other, machine, accepts=True)) == WRONG
    assert code_of(lambda: aliases(kept.store, machine=machine)) == "store.rolled_back"


def test_another_course_of_the_same_store_is_refused_though_it_is_longer(
    kept: Kept, machine: Environment
) -> None:
    """A copy that was worked on at another computer, in the place of the one from here."""
    there = replace(machine, state=None)
    copy = Kept(copied(kept.store), kept.backup, kept.key)
    renamed(kept, machine, "Siri")
    for alias in ("Tuva", "Liv", "Eli"):
        renamed(copy, there, alias)
    put_back(copy.store, kept.store)
    assert code_of(lambda: aliases(kept.store, machine=machine)) == "store.rolled_back"


def test_store_that_was_carried_on_elsewhere_and_comes_back_opens(
    kept: Kept, machine: Environment, tmp_path: Path
) -> None:
    elsewhere = replace(machine, state=tmp_path / "another computer")
    for here, alias in ((machine, "Siri"), (elsewhere, "Tuva"), (machine, "Liv")):
        renamed(kept, here, alias)
    assert aliases(kept.store, machine=machine) == ["Liv"]


@pytest.mark.parametrize("hurt", [written(b""), written(b"?"), flipped(40), cut(lambda _: 50)])
def test_damaged_anchor_shuts_nobody_out_and_is_found_once(
    kept: Kept, machine: Environment, hurt: Callable[[Path], object]
) -> None:
    renamed(kept, machine, "Siri")
    assert machine.state is not None
    places = (kept.store / rollback.ANCHOR_FILE, *machine.state.iterdir())
    for place in places:
        hurt(place)
    desk = store_lifecycle.unlock_store(kept.store, WHO, machine)
    assert desk.store.verify() == ("anchor",)
    desk.store.close()
    assert aliases(kept.store, machine=machine) == ["Siri"]  # asserts that nothing is found
    assert len(places) == 2


def test_state_folder_that_cannot_be_written_shuts_nobody_out(
    kept: Kept, machine: Environment
) -> None:
    assert machine.state is not None
    machine.state.write_bytes(b"a file in the place of the folder")
    renamed(kept, machine, "Siri")
    assert aliases(kept.store, machine=machine) == ["Siri"]


def test_restored_backup_is_no_older_store(kept: Kept, machine: Environment) -> None:
    renamed(kept, machine, "Siri")
    store_lifecycle.restore_store(kept.backup, kept.store, WHO, machine)
    assert aliases(kept.store, machine=machine) == ["Nina"]
    (aside,) = kept.store.parent.glob("store-*")
    assert aliases(aside, machine=machine) == ["Siri"]  # the one before can be looked at, too
    assert aliases(kept.store, machine=machine) == ["Nina"]


def test_restored_store_is_watched_from_the_beginning(kept: Kept, machine: Environment) -> None:
    store_lifecycle.restore_store(kept.backup, kept.store, WHO, machine)
    shutil.copyfile(kept.backup / STORE_FILE, kept.store / STORE_FILE)
    assert code_of(lambda: aliases(kept.store, machine=machine)) == "store.rolled_back"


def test_nothing_can_be_read_in_what_is_kept_outside(kept: Kept, machine: Environment) -> None:
    renamed(kept, machine, "Siri")
    assert machine.state is not None
    (inside,) = machine.state.iterdir()
    beside = kept.store / rollback.ANCHOR_FILE
    desk = store_lifecycle.unlock_store(kept.store, WHO, machine)
    head = desk.store.ledger.audit_head()
    desk.store.close()
    for place in (inside, beside):
        data = place.read_bytes()
        assert head not in data
        assert len(data) == 24 + 136 + 16  # nonce, one shape whatever it says, and its proof
    assert inside.read_bytes() != beside.read_bytes()
    assert not {"store", "notebook"} & set(inside.name.split("."))


def test_older_slots_beside_a_newer_store_do_not_let_the_old_passphrase_in_again(
    kept: Kept, desk: Session
) -> None:
    """The key is the same, but the store knows its slots of today."""
    old = {name: (kept.store / name).read_bytes() for name in key_slots.SLOT_FILES}
    accounts.change_passphrase(desk, WHO.passphrase, NEW_WORDS)
    desk.store.close()
    assert code_of(lambda: aliases(kept.store)) == "store.wrong_passphrase"
    for name, data in old.items():
        (kept.store / name).write_bytes(data)
    assert code_of(lambda: aliases(kept.store)) == "store.wrong_passphrase"


def test_one_older_copy_of_the_slots_lets_nobody_in_and_is_made_new(
    kept: Kept, desk: Session
) -> None:
    old = (kept.store / key_slots.SLOT_FILES[0]).read_bytes()
    accounts.change_passphrase(desk, WHO.passphrase, NEW_WORDS)
    desk.store.close()
    (kept.store / key_slots.SLOT_FILES[0]).write_bytes(old)
    assert code_of(lambda: aliases(kept.store)) == "store.wrong_passphrase"
    assert aliases(kept.store, Credentials(WHO.initials, NEW_WORDS)) == ["Nina"]
    newest = {(kept.store / name).read_bytes() for name in key_slots.SLOT_FILES}
    assert len(newest) == 1
    assert old not in newest


def test_older_slots_do_not_bring_back_who_was_removed(kept: Kept, desk: Session) -> None:
    """The slot opens the store, but the store knows that she left."""
    other = Credentials("KA", "åtta ord som bara den andra vet")
    roles = accounts.list_users(desk)[0].roles
    accounts.add_user(desk, WHO.passphrase, other.initials, other.passphrase, list(roles))
    old = {name: (kept.store / name).read_bytes() for name in key_slots.SLOT_FILES}
    accounts.remove_user(desk, other.initials)
    desk.store.close()
    for name, data in old.items():
        (kept.store / name).write_bytes(data)
    assert code_of(lambda: aliases(kept.store, other)) == "store.wrong_passphrase"


def test_store_with_the_slots_of_another_is_refused_and_unchanged(
    kept: Kept, tmp_path: Path
) -> None:
    store_lifecycle.create_store(tmp_path / "other", "Annat hus", WHO, MACHINE).store.close()
    for name in key_slots.SLOT_FILES:
        shutil.copyfile(tmp_path / "other" / name, kept.store / name)
    before = contents(kept.store)
    assert code_of(lambda: aliases(kept.store)) == "store.wrong_key"
    assert contents(kept.store) == before


# witnesses


def test_plain_sqlite_opens_neither_store_nor_backup(kept: Kept) -> None:
    for folder in (kept.store, kept.backup):
        plain = sqlite3.connect(folder / STORE_FILE)
        with pytest.raises(sqlite3.DatabaseError, match="not a database"):
            plain.execute("SELECT count(*) FROM sqlite_schema")
        plain.close()


def test_other_programs_count_the_same_in_every_table_of_store_and_backup(kept: Kept) -> None:
    counted = []
    for folder in (kept.store, kept.backup):
        file = folder / STORE_FILE
        connection = driver.connect(file, kept.key)
        named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        names = sorted(name for (name,) in connection.execute(named).fetchall())
        asked = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
        ours = dict(connection.execute(asked).fetchall())
        connection.close()
        witness = opened_by_apsw(file, kept.key)
        assert dict(witness.execute(asked)) == ours
        witness.close()
        lines = [line.split("|") for line in asked_of_sqlcipher(file, kept.key, asked).splitlines()]
        assert {line[0]: int(line[1]) for line in lines if len(line) > 1} == ours
        counted.append(ours)
    store, backup = counted
    assert {name for name in store if store[name] != backup[name]} <= {"audit", "setting"}
    assert store["record_leg"] == 2


def test_other_programs_open_neither_with_a_key_that_is_one_bit_off(kept: Kept) -> None:
    wrong = bytes([kept.key[0] ^ 1]) + kept.key[1:]
    for folder in (kept.store, kept.backup):
        witness = opened_by_apsw(folder / STORE_FILE, wrong)
        with pytest.raises(apsw.NotADBError):
            witness.execute("SELECT count(*) FROM sqlite_schema")
        witness.close()
        told = asked_of_sqlcipher(folder / STORE_FILE, wrong, "SELECT 'open', count(*) FROM plan")
        assert "open" not in told


# a restore that was cut off


def cut_off(kept: Kept) -> None:
    """Put the folder into the state between the two renames of a restore."""
    shutil.copytree(kept.backup, kept.store.with_name("store.part"))
    kept.store.rename(kept.store.with_name("store-2026-12-01-0900"))


def test_store_that_a_restore_has_moved_goes_back_before_anything_is_opened(kept: Kept) -> None:
    before = contents(kept.store)
    cut_off(kept)
    setting = app.window_settings(kept.store, "en", MACHINE)
    assert not setting.is_new()  # else a person would be shown a first run
    assert contents(kept.store) == before
    assert aliases(kept.store) == ["Nina"]


def test_whoever_was_erased_stays_erased_though_the_restore_was_cut_off(
    kept: Kept, desk: Session
) -> None:
    erase_client(desk, desk.store.rows("client")[0].rid, ErasureReason.CLIENT_REQUEST)
    desk.store.close()
    cut_off(kept)
    assert store_lifecycle.restore_store(kept.backup, kept.store, WHO, MACHINE, AGREED).erased
    assert aliases(kept.store) == []


def test_nothing_goes_back_where_a_store_stands_or_nothing_was_cut_off(tmp_path: Path) -> None:
    aside = tmp_path / "store-2026-12-01-0900"
    aside.mkdir()
    finish_interrupted(tmp_path / "store")
    assert aside.exists()
    (tmp_path / "store").mkdir()
    (tmp_path / "store.part").mkdir()
    finish_interrupted(tmp_path / "store")
    assert aside.exists()
