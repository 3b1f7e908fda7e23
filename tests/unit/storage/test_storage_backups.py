# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup is whole, proved and opens by itself, or there is none; nothing else is touched."""

import ctypes
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain, repeat
from mmap import ACCESS_COPY, PAGESIZE, mmap
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import apsw
import pytest
from tests.support import make
from tests.support.patience import HANG
from tests.support.samples import first
from tests.torture.scarce import short_files
from tests.unit.storage.store_samples import KEY, PAGE, WHO, contents, flip, made_in, refusal
from tests.unit.storage.test_storage_witnesses import COUNTS, asked_of_sqlcipher, opened_by_apsw

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.backup import ErasureEntry
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, key_slots, keyring, restore
from kfdesk.storage.backup import Backups
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.store import Store
from kfdesk.storage.store_names import UNFINISHED_SUFFIX, aside_path

AT = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
NAME = "notebook-2026-11-24-1405"
OLDER = "notebook-2026-11-23-0900"
FORGED_ENTRY = (
    "INSERT INTO audit (at, user, action, keys, previous, hash) "
    "VALUES (1, 'x', 'open', '[]', zeroblob(32), zeroblob(32))"
)


def nobody(_done: int, _of: int) -> None:
    """Nobody asks."""


def made(store: Store, into: Path, *names: str) -> Path:
    return store.backups.make(into, names or (NAME,), nobody)[0]


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "other people's file.txt").write_text("x", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def larger_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with enough in it to take a while; nobody writes there."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("larger") / "store"))
    store = Store(driver.connect(folder / STORE_FILE, KEY), folder / STORE_FILE)
    with store.transaction():
        for number in range(600):
            store.put(make.row("leg", rid=make.named_id(f"leg {number}")))
    store.close()
    return folder


@pytest.fixture
def larger(larger_template: Path, folder: Path, file: Path) -> Iterator[Store]:
    """Yield a copy of it, in place of the sample case's store."""
    shutil.copyfile(larger_template / STORE_FILE, folder / STORE_FILE)
    store = Store(driver.connect(file, KEY), file)
    yield store
    store.close()


# making


def test_backup_is_a_folder_with_store_and_slots_that_opens_by_itself(
    store: Store, into: Path
) -> None:
    path = made(store, into)
    assert path == into / NAME
    assert {each.name for each in path.iterdir()} == {STORE_FILE, *key_slots.SLOT_FILES}
    again = keyring.unlock(path, WHO)
    assert again.digest() == store.digest()
    assert again.verify() == ()
    again.close()


def test_backup_says_how_many_records_it_has(store: Store, into: Path) -> None:
    _, counts = store.backups.make(into, (NAME,), nobody)
    assert {name: count for name, count in counts.items() if count} == {
        "client": 1, "plan": 1, "leg": 1, "help_number": 1, "consent": 1, "organisation": 1,
    }  # fmt: skip


def test_nothing_in_a_backup_can_be_read_without_the_key(store: Store, into: Path) -> None:
    path = made(store, into)
    whole = b"".join(contents(path).values())
    for word in (b"record_client", "Нина".encode(), b"tulpan-47", b"SQLite format"):
        assert word not in whole


def test_other_programs_open_a_backup_with_the_key_and_count_the_same(
    store: Store, into: Path
) -> None:
    path = made(store, into)
    before = contents(path)
    expected = dict(opened_counts(store))
    witness = opened_by_apsw(path / STORE_FILE, KEY)
    assert dict(witness.execute(COUNTS)) == expected
    assert list(witness.execute("PRAGMA integrity_check")) == [("ok",)]
    witness.close()
    wrong = opened_by_apsw(path / STORE_FILE, make.named_bytes("a wrong key", 32))
    with pytest.raises(apsw.NotADBError):
        wrong.execute("SELECT count(*) FROM sqlite_schema")
    wrong.close()
    answer = asked_of_sqlcipher(path / STORE_FILE, KEY, COUNTS)
    lines = [line.split("|") for line in answer.splitlines() if "|" in line]
    assert {name: int(number) for name, number in lines} == expected
    assert contents(path) == before


def opened_counts(store: Store) -> Iterator[tuple[str, int]]:
    yield from store.backups.counts().items()


def test_store_is_as_it_was_and_can_go_on(store: Store, into: Path, folder: Path) -> None:
    before = contents(folder)
    made(store, into)
    assert contents(folder) == before
    with store.transaction():
        store.put(make.row("contact"))
    assert store.verify() == ()


def test_first_free_name_is_taken_and_none_is_written_over(store: Store, into: Path) -> None:
    (into / NAME).write_text("a file of that name", encoding="utf-8")
    names = (NAME, f"{NAME}-2", f"{NAME}-3")
    assert [made(store, into, *names).name for _ in range(2)] == [f"{NAME}-2", f"{NAME}-3"]
    before = contents(into / f"{NAME}-2")
    assert refusal(lambda: made(store, into, *names)) == "backup.exists"
    assert contents(into / f"{NAME}-2") == before
    assert (into / NAME).read_text(encoding="utf-8") == "a file of that name"


def test_progress_runs_from_nothing_to_nearly_all(larger: Store, into: Path) -> None:
    received: list[float] = []
    larger.backups.make(into, (NAME,), lambda done, of: received.append(done / of))
    assert received == sorted(received)
    assert received[0] == 0
    assert 0.9 < received[-1] < 1
    assert len(received) > 10


@pytest.mark.parametrize("when", first(2, [0.0, 0.4, 0.6, 0.9]))
def test_backup_that_is_stopped_leaves_nothing(larger: Store, into: Path, when: float) -> None:
    made(larger, into, OLDER)
    before = {each.name for each in into.iterdir()}

    def stop(done: int, of: int) -> None:
        if done / of >= when:
            raise KfdeskError("work.cancelled")

    assert refusal(lambda: larger.backups.make(into, (NAME,), stop)) == "work.cancelled"
    assert {each.name for each in into.iterdir()} == before
    assert larger.verify() == ()
    assert made(larger, into).is_dir()


def test_full_disk_leaves_nothing_and_older_ones_untouched(larger: Store, into: Path) -> None:
    made(larger, into, OLDER)
    before, names = contents(into / OLDER), {each.name for each in into.iterdir()}
    for most in (0, PAGE, 40 * PAGE):
        with short_files(most):
            assert refusal(lambda: made(larger, into)) == "backup.not_written"
    assert {each.name for each in into.iterdir()} == names
    assert contents(into / OLDER) == before


def test_disk_with_too_little_room_is_told_before_anything_is_written(
    store: Store, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(into)._replace(free=3 * PAGE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert refusal(lambda: made(store, into)) == "backup.no_room"


def test_stick_that_is_gone_is_told(store: Store, tmp_path: Path) -> None:
    assert refusal(lambda: made(store, tmp_path / "pulled out")) == "backup.not_written"


def test_stick_that_is_pulled_out_midway_is_told(larger: Store, into: Path) -> None:
    def pull(done: int, _of: int) -> None:
        if done >= 40:
            shutil.rmtree(into, ignore_errors=True)

    assert refusal(lambda: larger.backups.make(into, (NAME,), pull)) in {
        "backup.not_written", "backup.not_sound",
    }  # fmt: skip
    assert not into.exists()
    assert larger.verify() == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may write anywhere")
def test_folder_that_cannot_be_written_is_told(store: Store, into: Path) -> None:
    into.chmod(0o500)
    assert refusal(lambda: made(store, into)) == "backup.not_written"
    into.chmod(0o700)


def test_stores_own_folder_is_refused(store: Store, folder: Path) -> None:
    (folder / "below").mkdir()
    for place in (folder, folder / "below"):
        assert refusal(partial(made, store, place)) == "backup.inside_store"


@pytest.mark.parametrize("place", [20, PAGE + 20, -20])
def test_copy_that_is_not_what_was_written_is_thrown_away(
    larger: Store, into: Path, place: int
) -> None:
    """A stick that loses a bit between writing and reading back."""

    def decay(done: int, _of: int) -> None:
        file = into / f"{NAME}.part" / STORE_FILE
        if done == 40 and file.exists():
            flip(file, place)

    assert refusal(lambda: larger.backups.make(into, (NAME,), decay)) == "backup.not_sound"
    assert not (into / NAME).exists()
    assert not (into / f"{NAME}.part").exists()


@pytest.mark.parametrize(
    "change",
    [
        "INSERT OR REPLACE INTO setting VALUES ('counter', x'00')",
        "INSERT INTO place VALUES (zeroblob(16), 'leg')",
        "DELETE FROM place WHERE rid = (SELECT max(rid) FROM place)",
        "UPDATE place SET type = 'plan' WHERE rid = (SELECT max(rid) FROM place)",
        "UPDATE record_leg SET f_carrier = NULL WHERE rid = (SELECT max(rid) FROM record_leg)",
        "UPDATE record_leg SET state = zeroblob(9) WHERE rid = (SELECT min(rid) FROM record_leg)",
        "DELETE FROM lead_data WHERE id = (SELECT max(id) FROM lead_data)",
    ],
)
def test_copy_with_other_contents_is_thrown_away(
    larger: Store, into: Path, folder: Path, change: str
) -> None:
    """Pages may be sound and yet not be what the store holds: a cell, a row more, a row less."""
    other = driver.connect(folder / STORE_FILE, KEY)

    def meddle(done: int, _of: int) -> None:
        if done == 40:
            assert other.execute(change).rowcount == 1

    assert refusal(lambda: larger.backups.make(into, (NAME,), meddle)) == "backup.not_sound"
    other.close()
    assert [each.name for each in into.iterdir()] == ["other people's file.txt"]


def test_damaged_store_gives_no_backup(larger: Store, into: Path, file: Path) -> None:
    larger.close()
    flip(file, file.stat().st_size // 4 * 3)  # among the legs; before them lie empty tables
    torn = Store(driver.connect(file, KEY), file)
    assert refusal(lambda: made(torn, into)) in {"store.damaged", "backup.not_sound"}
    torn.close()
    assert [each.name for each in into.iterdir()] == ["other people's file.txt"]


# killed


def back_up_for_ever(file: Path, into: Path, told: Connection) -> None:
    connection = driver.connect(file, KEY)
    store = Store(connection, file)
    told.send("ready")
    while True:
        name = f"notebook-2026-11-24-{int(time.time() * 1000) % 1440 // 60:02}00"
        with_name = store.backups.make(into, (name, *(f"{name}-{n}" for n in range(2, 10))), nobody)
        told.send(str(with_name[0]))


@pytest.mark.slow
def test_kill_in_the_middle_leaves_whole_backups_or_unfinished_ones_that_nobody_takes(
    larger: Store, into: Path, file: Path
) -> None:
    larger.close()
    processes = multiprocessing.get_context("spawn")
    unfinished = 0
    always = (0.005, 0.02, 0.04, 0.06, 0.1, 0.15)
    for number, patience in enumerate(chain(always, repeat(0.1, HANG))):
        if unfinished and number >= len(always):  # a busy machine needs more blows
            break
        ours, theirs = processes.Pipe()
        child = processes.Process(target=back_up_for_ever, args=(file, into, theirs), daemon=True)
        child.start()
        assert ours.recv() == "ready"
        time.sleep(patience)
        child.kill()
        child.join()
        for path in into.iterdir():
            if path.suffix == UNFINISHED_SUFFIX:
                unfinished += 1
                assert refusal(partial(restore.find_backup, path)) == "backup.unfinished"
            elif path.is_dir():
                whole = Store(driver.connect(path / STORE_FILE, KEY), path / STORE_FILE)
                assert whole.verify() == ()
                whole.close()
                assert key_slots.read_slots(path).slots
                shutil.rmtree(path)
    assert unfinished  # else no blow fell in the middle
    store = Store(driver.connect(file, KEY), file)
    made(store, into)
    assert not [path for path in into.iterdir() if path.suffix == UNFINISHED_SUFFIX]
    assert store.verify() == ()
    store.close()


# ours and others'


def test_backups_of_another_desk_on_the_same_stick_are_neither_shown_nor_removed(
    store: Store, into: Path, tmp_path: Path
) -> None:
    ours = made(store, into)
    stranger = made_in(tmp_path / "stranger", "stranger")
    theirs = made(stranger, into, OLDER)
    before = contents(theirs)
    assert store.backups.in_folder(into) == (ours,)
    assert stranger.backups.in_folder(into) == (theirs,)
    assert not store.backups.remove(theirs)
    assert contents(theirs) == before
    stranger.close()


def test_removed_backup_is_gone_and_files_of_others_in_it_are_kept(
    store: Store, into: Path
) -> None:
    first, second = made(store, into), made(store, into, OLDER)
    (second / "note.txt").write_text("x", encoding="utf-8")
    assert store.backups.remove(first)
    assert not first.exists()
    assert store.backups.remove(second)
    assert [path.name for path in second.iterdir()] == ["note.txt"]
    assert store.backups.in_folder(into) == ()


def test_removal_that_was_cut_off_leaves_no_backup_without_its_store(
    store: Store, into: Path
) -> None:
    path = made(store, into)
    (path / key_slots.SLOT_FILES[0]).unlink()
    (path / key_slots.SLOT_FILES[0]).mkdir()  # cannot be removed as a file: the removal ends there
    store.backups.remove(path)
    assert not path.exists()
    assert path.with_name(f"{NAME}{UNFINISHED_SUFFIX}").exists()
    made(store, into, OLDER)
    assert store.backups.in_folder(into) == (into / OLDER,)
    assert not path.with_name(f"{NAME}{UNFINISHED_SUFFIX}").exists()


def test_list_of_erasures_is_read_out_of_another_store_under_the_same_key(
    store: Store, into: Path, tmp_path: Path
) -> None:
    gone, in_use = (ErasureEntry(rid, 7, "error") for rid in (make.named_id("gone"), make.HER))
    path = made(store, into)
    assert store.backups.erasures_in(path / STORE_FILE) == ()
    with store.transaction():
        store.erasures.mark([gone, in_use])
    after = made(store, into, OLDER)
    assert store.backups.erasures_in(after / STORE_FILE) == (gone,)
    flip(after / STORE_FILE, 20)
    assert store.backups.erasures_in(after / STORE_FILE) is None
    assert store.backups.erasures_in(tmp_path / "nothing") is None


# opening them


@pytest.fixture
def backup(store: Store, into: Path) -> Path:
    return made(store, into)


def drilled(backup: Path, tmp_path: Path) -> dict[str, int]:
    stage = tmp_path / "side.part"
    with restore.staged_backup(
        backup, stage, lambda folder: keyring.unlock(folder, WHO), nobody
    ) as found:
        return dict(found.backups.counts())


def test_drill_opens_reads_all_and_leaves_nothing(backup: Path, tmp_path: Path) -> None:
    before, around = contents(backup), {path.name for path in tmp_path.iterdir()}
    assert drilled(backup, tmp_path)["client"] == 1
    assert contents(backup) == before
    assert {path.name for path in tmp_path.iterdir()} == around


def test_folder_of_backups_leads_to_its_newest(store: Store, backup: Path, into: Path) -> None:
    made(store, into, OLDER)
    assert restore.find_backup(into) == backup
    assert restore.find_backup(backup) == backup


def test_folder_without_a_backup_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        assert refusal(partial(restore.find_backup, folder)) == "backup.missing"


@pytest.mark.parametrize("where", ["first page", "a later page", "end"])
def test_damaged_backup_is_told_and_nothing_is_left(
    backup: Path, tmp_path: Path, where: str
) -> None:
    file = backup / STORE_FILE
    if where == "end":
        file.write_bytes(file.read_bytes()[:-PAGE])
    else:
        flip(file, 100 if where == "first page" else PAGE + 100)
    assert refusal(lambda: drilled(backup, tmp_path)) == "backup.damaged_pages"
    assert not (tmp_path / "side.part").exists()


def test_one_damaged_copy_of_the_slots_is_no_harm_and_two_are_told(
    backup: Path, tmp_path: Path
) -> None:
    flip(backup / key_slots.SLOT_FILES[0], 40)
    assert drilled(backup, tmp_path)["client"] == 1
    flip(backup / key_slots.SLOT_FILES[1], 40)
    assert refusal(lambda: drilled(backup, tmp_path)) == "backup.damaged_pages"


def test_wrong_passphrase_is_told_as_such(backup: Path, tmp_path: Path) -> None:
    wrong = Credentials("PP", "andra ord")
    stage = tmp_path / "side.part"

    def look() -> None:
        with restore.staged_backup(
            backup, stage, lambda folder: keyring.unlock(folder, wrong), nobody
        ):
            pytest.fail("opened")

    assert refusal(look) == "store.wrong_passphrase"


@pytest.mark.parametrize(
    ("meddling", "code"),
    [
        ("UPDATE record_client SET f_alias = 'annan'", "backup.damaged_records"),
        ("UPDATE record_client SET state = x'00'", "backup.damaged_records"),
        (FORGED_ENTRY, "backup.damaged_log"),
    ],
)  # fmt: skip
def test_backup_that_somebody_with_the_key_has_altered_is_told(
    backup: Path, tmp_path: Path, meddling: str, code: str
) -> None:
    connection = driver.connect(backup / STORE_FILE, KEY)
    connection.execute(meddling)
    connection.close()
    assert refusal(lambda: drilled(backup, tmp_path)) == code


# putting them in place


def staged_folder(tmp_path: Path, backup: Path) -> Path:
    return Path(shutil.copytree(backup, tmp_path / "store.part"))


def test_restored_store_takes_the_place_and_the_old_one_is_kept(
    backup: Path, tmp_path: Path, store: Store, folder: Path
) -> None:
    store.close()
    before = contents(folder)
    stage = staged_folder(tmp_path, backup)
    aside = restore.swap_folders(stage, folder, aside_path(folder, AT))
    assert aside == tmp_path / "store-2026-11-24-1405"
    assert contents(aside) == before
    assert contents(folder) == contents(backup)
    assert not stage.exists()


def test_second_restore_keeps_both_old_stores(backup: Path, tmp_path: Path, folder: Path) -> None:
    places = [
        restore.swap_folders(staged_folder(tmp_path, backup), folder, aside_path(folder, AT))
        for _ in range(2)
    ]
    assert [place.name for place in places if place] == [
        "store-2026-11-24-1405",
        "store-2026-11-24-1405-2",
    ]


@pytest.mark.parametrize("lock", [True, False])
def test_empty_place_is_taken_without_keeping_anything(
    backup: Path, tmp_path: Path, *, lock: bool
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    if lock:
        (empty / "notebook.lock").touch()
    assert restore.swap_folders(staged_folder(tmp_path, backup), empty, tmp_path / "aside") is None
    assert contents(empty) == contents(backup)


def test_swap_that_fails_leaves_the_old_store_in_its_place(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backup: Path
) -> None:
    stage, before = staged_folder(tmp_path, backup), contents(folder)
    rename = Path.rename

    def refuses(path: Path, target: Path) -> Path:
        if path == stage:
            raise OSError
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuses)
    assert refusal(lambda: restore.swap_folders(stage, folder, tmp_path / "aside")) == "store.disk"
    assert contents(folder) == before


# read back from the medium


def resident(file: Path) -> int:
    """Return how many pages of a file stand in the system's cache; skip where it is not told."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "mincore"):
        pytest.skip("this system does not tell which pages of a file it holds")
    with file.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_COPY) as mapped:
        pages = (ctypes.c_ubyte * -(-len(mapped) // PAGESIZE))()
        place = ctypes.c_char.from_buffer(mapped)
        failed = libc.mincore(
            ctypes.c_void_p(ctypes.addressof(place)), ctypes.c_size_t(len(mapped)), pages
        )
        del place
    if failed:
        pytest.skip("this system does not tell which pages of a file it holds")
    return sum(page & 1 for page in pages)


@pytest.fixture
def medium() -> Iterator[Path]:
    """Yield a folder on a disk whose pages can leave the cache; the other tests' lies in memory."""
    if not hasattr(os, "posix_fadvise"):
        pytest.skip("this system has no way to drop a file from its cache")
    with TemporaryDirectory(dir=Path.cwd()) as name:
        tried = Path(name) / "tried"
        with tried.open("wb") as opened:
            opened.write(bytes(16 * PAGESIZE))
            opened.flush()
            os.fsync(opened.fileno())
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if resident(tried):
            pytest.skip("the disk of this folder keeps its pages in memory, as tmpfs does")
        yield Path(name)


def test_copy_is_read_back_from_the_medium_and_not_from_the_cache(
    larger: Store, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    attached = Backups._attached

    def seen(backups: Backups, file: Path, key: bytes | None = None) -> Any:
        held.append(resident(file))
        return attached(backups, file, key)

    monkeypatch.setattr(Backups, "_attached", seen)
    file = made(larger, medium) / STORE_FILE
    assert file.stat().st_size > 100 * PAGE
    assert held == [0]
    assert resident(file) > 0  # it was read


def test_copy_is_flushed_then_dropped_from_the_cache_then_read(
    store: Store, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    fsync, attached = os.fsync, Backups._attached

    def told(what: str, before: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any) -> Any:
            calls.append(what)
            return before(*given)

        return called

    monkeypatch.setattr(os, "fsync", told("flush", fsync))
    monkeypatch.setattr(os, "posix_fadvise", told("drop", lambda *_: None), raising=False)
    monkeypatch.setattr(os, "POSIX_FADV_DONTNEED", 4, raising=False)
    monkeypatch.setattr(Backups, "_attached", told("read", attached))
    made(store, into)
    assert calls[:2] == ["flush", "drop"]
    assert calls.index("read") > 1
    assert calls.count("drop") == 1


@pytest.mark.parametrize("is_there", [False, True])
def test_backup_is_made_where_the_cache_cannot_be_told_to_drop_it(
    store: Store, into: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    def refuse(*_given: object) -> None:
        raise OSError

    if is_there:
        monkeypatch.setattr(os, "posix_fadvise", refuse, raising=False)
    else:
        monkeypatch.delattr(os, "posix_fadvise", raising=False)
    assert made(store, into) == into / NAME
