# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup that is written into an older one: whole and proved, or everything is as it was."""

import errno
import os
import shutil
import stat
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.neighbours import files_of
from tests.unit.storage.store_samples import KEY, PAGE, WHO, contents, flip, made_in, refusal

from kfdesk import files
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, key_slots, keyring, page_copy, restore
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.page_copy import UnfinishedBackup
from kfdesk.storage.store import Store
from kfdesk.storage.store_names import UNFINISHED_SUFFIX

OLDEST, NEWEST, NAME = (f"notebook-2026-11-{day}-0900" for day in (22, 23, 24))
LEGS = 300


def nobody(_done: int, _of: int) -> None:
    """Nobody asks."""


@pytest.fixture(scope="module")
def filled(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with a few hundred records; nobody writes there."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("filled") / "store"))
    store = Store(driver.connect(folder / STORE_FILE, KEY), folder / STORE_FILE)
    with store.transaction():
        for number in range(LEGS):
            store.put(make.row("leg", rid=make.named_id(f"leg {number}")))
    store.close()
    return folder


@pytest.fixture
def store(filled: Path, folder: Path, file: Path) -> Iterator[Store]:
    """Yield a copy of it, in place of the sample case's store."""
    shutil.copyfile(filled / STORE_FILE, folder / STORE_FILE)
    store = Store(driver.connect(file, KEY), file)
    yield store
    store.close()


@pytest.fixture
def into(store: Store, tmp_path: Path) -> Path:
    """Return a stick with two backups, each of another day; the store has changed since both."""
    stick = tmp_path / "stick"
    stick.mkdir()
    for name in (OLDEST, NEWEST):
        store.backups.make(stick, (name,), nobody)
        work(store, name)
    return stick


def work(store: Store, day: str) -> None:
    """Do one day's work."""
    with store.transaction():
        for number in range(3):
            store.put(make.row("leg", rid=make.named_id(f"{day} {number}")))
        store.set_setting("resume.PP", day.encode())


def increment(
    store: Store, into: Path, step: Callable[[int, int], None] = nobody, older: str = OLDEST
) -> Path:
    return store.backups.make(into, (NAME,), step, into / older)[0]


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# the copy equals the store


def test_only_pages_that_changed_are_written_and_the_copy_equals_the_store(
    store: Store, into: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, kept = contents(into / NEWEST), (into / OLDEST / STORE_FILE).stat().st_ino
    wrote: list[int] = []
    write = UnfinishedBackup.write

    def seen(unfinished: UnfinishedBackup, *given: object) -> None:
        assert unfinished._changes is not None
        wrote.extend(unfinished._changes.pages)
        write(unfinished, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(UnfinishedBackup, "write", seen)
    path = increment(store, into)
    assert {each.name for each in into.iterdir()} == {NEWEST, NAME}
    assert (path / STORE_FILE).read_bytes() == file.read_bytes()
    assert (path / STORE_FILE).stat().st_ino == kept
    assert 0 < len(wrote) < file.stat().st_size // PAGE // 2
    assert {each.name for each in path.iterdir()} == {STORE_FILE, *key_slots.SLOT_FILES}
    assert contents(into / NEWEST) == newest
    again = keyring.unlock(path, WHO)
    assert again.digest() == store.digest()
    assert again.verify() == ()
    again.close()


def test_store_that_became_smaller_or_larger_is_copied_too(
    store: Store, into: Path, file: Path
) -> None:
    size = file.stat().st_size
    with store.transaction():
        store.contents.keep(make.named_id("a letter"), bytes(20 * PAGE), nobody)
    assert file.stat().st_size > size
    increment(store, into)
    with store.transaction():
        store.contents.drop(make.named_id("a letter"))
    store.erasures.vacuum()
    assert file.stat().st_size < (into / NAME / STORE_FILE).stat().st_size
    (path, _) = store.backups.make(into, (OLDEST,), nobody, into / NAME)
    assert (path / STORE_FILE).read_bytes() == file.read_bytes()


def test_nothing_that_an_older_backup_holds_hides_news(
    store: Store, into: Path, file: Path
) -> None:
    """Pages of other days stand in it, each valid by itself: those of the newest, or of before."""
    older, newest = into / OLDEST / STORE_FILE, (into / NEWEST / STORE_FILE).read_bytes()
    whole = bytearray(older.read_bytes())
    for place in range(0, len(whole), 3 * PAGE):
        whole[place : place + PAGE] = newest[place : place + PAGE]
    older.write_bytes(whole)
    assert (increment(store, into) / STORE_FILE).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("place", [0, 20, PAGE + 20, -20])
def test_older_backup_that_somebody_changed_becomes_right(
    store: Store, into: Path, file: Path, place: int
) -> None:
    flip(into / OLDEST / STORE_FILE, place)
    assert (increment(store, into) / STORE_FILE).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("size", [PAGE, 10 * PAGE, 10 * PAGE + 7])
def test_older_backup_that_was_cut_off_becomes_right(
    store: Store, into: Path, file: Path, size: int
) -> None:
    os.truncate(into / OLDEST / STORE_FILE, size)
    assert (increment(store, into) / STORE_FILE).read_bytes() == file.read_bytes()


# what is no older backup of ours is left as it is


def test_backup_that_shares_a_file_with_another_folder_is_not_written_over(
    store: Store, into: Path, file: Path, tmp_path: Path
) -> None:
    """People keep copies by hard links; a link may lead to the newest backup, or to the store."""
    kept = into / OLDEST / STORE_FILE
    (tmp_path / "linked").hardlink_to(kept)
    before = kept.read_bytes()
    assert (increment(store, into) / STORE_FILE).read_bytes() == file.read_bytes()
    assert (tmp_path / "linked").read_bytes() == before


def test_backup_that_is_a_link_is_not_written_over(store: Store, into: Path, file: Path) -> None:
    newest = contents(into / NEWEST)
    shutil.rmtree(into / OLDEST)
    (into / OLDEST).symlink_to(into / NEWEST, target_is_directory=True)
    increment(store, into)
    assert contents(into / NEWEST) == newest
    (into / OLDEST).unlink()
    shutil.copytree(into / NAME, into / OLDEST)
    (into / OLDEST / STORE_FILE).unlink()
    (into / OLDEST / STORE_FILE).symlink_to(into / NEWEST / STORE_FILE)
    shutil.rmtree(into / NAME)
    assert (increment(store, into) / STORE_FILE).read_bytes() == file.read_bytes()
    assert contents(into / NEWEST) == newest


def test_files_of_others_in_an_older_backup_stay_where_they_are(store: Store, into: Path) -> None:
    (into / OLDEST / "note.txt").write_text("x", encoding="utf-8")
    before = contents(into / OLDEST)
    increment(store, into)
    assert contents(into / OLDEST) == before


def test_backup_of_another_desk_is_not_written_over(
    store: Store, into: Path, tmp_path: Path
) -> None:
    stranger = made_in(tmp_path / "stranger", "stranger")
    stranger.backups.make(into, ("notebook-2026-11-20-0900",), nobody)
    before = contents(into / "notebook-2026-11-20-0900")
    increment(store, into, older="notebook-2026-11-20-0900")
    assert contents(into / "notebook-2026-11-20-0900") == before
    stranger.close()


def test_too_many_changes_make_a_new_copy(
    store: Store, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(into / OLDEST)
    monkeypatch.setattr(page_copy, "_MOST_CHANGED", 2)
    increment(store, into)
    assert contents(into / OLDEST) == before
    monkeypatch.undo()
    store.erasures.vacuum()  # every page is encrypted anew
    work(store, "after")
    (path, _) = store.backups.make(into, ("notebook-2026-11-25-0900",), nobody, into / NAME)
    opened = keyring.unlock(path, WHO)
    assert opened.verify() == ()
    opened.close()


# stopped, torn, refused


def test_increment_that_is_stopped_anywhere_leaves_everything_as_it_was(
    store: Store, into: Path
) -> None:
    before = everything(into)
    for when in (0, 5, 16, 20, 30, 39, 40, 41, 60, 99):

        def stop(done: int, _of: int, when: int = when) -> None:
            if done >= when:
                raise KfdeskError("work.cancelled")

        assert refusal(partial(increment, store, into, stop)) == "work.cancelled"
        assert everything(into) == before
    assert increment(store, into).is_dir()


def test_increment_torn_at_any_write_is_refused(store: Store, into: Path, tmp_path: Path) -> None:
    """Each state on the way, also if somebody gives it a whole name, is refused or one of both."""
    images: list[bytes] = []
    old, newest = (into / OLDEST / STORE_FILE).read_bytes(), contents(into / NEWEST)

    def crash(_done: int, _of: int) -> None:
        part = into / f"{NAME}{UNFINISHED_SUFFIX}"
        if part.exists():
            assert refusal(lambda: restore.find_backup(part)) == "backup.unfinished"
            images.append((part / STORE_FILE).read_bytes())
            assert contents(into / NEWEST) == newest

    path = increment(store, into, crash)
    new = (path / STORE_FILE).read_bytes()
    torn = {image for image in images if image not in (old, new)}
    assert len(torn) > 5
    renamed = Path(shutil.copytree(path, tmp_path / "renamed"))
    right = {rows_of(image, tmp_path) for image in (old, new)}
    for image in torn:
        (renamed / STORE_FILE).write_bytes(image)
        assert is_refused(renamed, tmp_path) or rows_of(image, tmp_path) in right


def is_refused(backup: Path, tmp_path: Path) -> bool:
    """Return whether a backup is refused when it is tested as people test it."""
    try:
        with restore.staged_backup(
            backup, tmp_path / "side.part", lambda at: keyring.unlock(at, WHO), nobody
        ):
            return False
    except KfdeskError as refused:
        return refused.code.startswith("backup.")


def rows_of(image: bytes, tmp_path: Path) -> bytes:
    """Return a digest of all records in a file."""
    file = tmp_path / "image.db"
    file.write_bytes(image)
    try:
        opened = Store(driver.connect(file, KEY), file)
    except KfdeskError:
        return b""
    try:
        return opened.digest()
    finally:
        opened.close()


@pytest.mark.parametrize("place", [20, PAGE + 20, 30 * PAGE + 20, -20])
def test_stick_that_loses_a_bit_of_an_increment_is_noticed(
    store: Store, into: Path, place: int
) -> None:
    """Also of a page that was not written anew."""
    before = everything(into)

    def decay(done: int, _of: int) -> None:
        if done == 40:
            flip(into / f"{NAME}{UNFINISHED_SUFFIX}" / STORE_FILE, place)

    assert refusal(lambda: increment(store, into, decay)) == "backup.not_sound"
    after = everything(into)
    assert after.keys() == before.keys()
    assert all(after[name] == before[name] for name in before if NEWEST in name)


def test_stick_that_drops_writes_is_noticed(store: Store, into: Path) -> None:
    """It says that they are written, and keeps what was there."""
    old, before = (into / OLDEST / STORE_FILE).read_bytes(), everything(into)

    def forget(done: int, _of: int) -> None:
        if done == 40:
            (into / f"{NAME}{UNFINISHED_SUFFIX}" / STORE_FILE).write_bytes(old)

    assert refusal(lambda: increment(store, into, forget)) == "backup.not_sound"
    assert everything(into) == before


def test_stick_that_is_pulled_out_leaves_the_newest(store: Store, into: Path) -> None:
    newest, away = contents(into / NEWEST), into.with_name("in a pocket")

    def pull(done: int, _of: int) -> None:
        if done >= 20 and into.exists():
            into.rename(away)

    assert refusal(lambda: increment(store, into, pull)) == "backup.not_written"
    away.rename(into)
    assert contents(into / NEWEST) == newest
    assert restore.find_backup(into).name == NEWEST
    assert increment(store, into).is_dir()
    assert not [path for path in into.iterdir() if path.suffix == UNFINISHED_SUFFIX]


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "backup.no_room"), (errno.EIO, "backup.not_written")]
)
@pytest.mark.parametrize("is_new", [True, False])
def test_full_or_failing_stick_is_told_and_everything_is_as_it_was(
    store: Store,
    into: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    code: str,
    *,
    is_new: bool,
) -> None:
    before = everything(into)

    def refuse(*_given: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr("kfdesk.storage.backup.flush_file", refuse)
    older = "notebook-2026-11-01-0900" if is_new else OLDEST
    assert refusal(lambda: increment(store, into, older=older)) == code
    assert everything(into) == before


def test_increment_needs_room_for_what_was_added_alone(
    store: Store, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(into)._replace(free=100 * PAGE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert refusal(lambda: store.backups.make(into, (NAME,), nobody)) == "backup.no_room"
    assert increment(store, into).is_dir()


def test_damaged_store_is_told_and_no_backup_is_written_over(
    store: Store, into: Path, file: Path
) -> None:
    store.close()
    before = everything(into)
    flip(file, file.stat().st_size // 2)
    torn = Store(driver.connect(file, KEY), file)
    assert refusal(lambda: increment(torn, into)) == "store.damaged"
    torn.close()
    assert everything(into) == before


def test_slots_of_today_go_into_the_older_backup(store: Store, into: Path, folder: Path) -> None:
    for name in key_slots.SLOT_FILES:
        (into / OLDEST / name).write_bytes(b"of another day")
    path = increment(store, into)
    assert key_slots.read_slots(path) == key_slots.read_slots(folder)


# two at once


def test_second_backup_into_the_same_folder_waits_for_the_first(
    store: Store, into: Path, tmp_path: Path
) -> None:
    other = made_in(tmp_path / "other", "other")
    codes: list[str] = []

    def at_once(done: int, _of: int) -> None:
        if (into / f"{NAME}{UNFINISHED_SUFFIX}").exists() and not codes:
            codes.append(refusal(lambda: other.backups.make(into, (OLDEST + "-2",), nobody)))

    for older in ("notebook-2026-11-01-0900", OLDEST):
        codes.clear()
        path = increment(store, into, at_once, older)
        assert codes == ["backup.busy"]
        shutil.rmtree(path)
    other.backups.make(into, (OLDEST + "-2",), nobody)
    other.close()


def test_unfinished_one_of_a_program_that_ended_is_cleared_away(store: Store, into: Path) -> None:
    (into / OLDEST).rename(into / f"{OLDEST}{UNFINISHED_SUFFIX}")
    (into / f"{OLDEST}{UNFINISHED_SUFFIX}" / "notebook.lock").touch()
    increment(store, into, older=NEWEST + "-2")
    assert {each.name for each in into.iterdir()} == {NEWEST, NAME}


@pytest.mark.parametrize("torn", [5000, 512, 0, None])
def test_unfinished_one_goes_however_little_of_it_was_written(
    store: Store, into: Path, file: Path, torn: int | None
) -> None:
    part = into / f"{OLDEST}-2{UNFINISHED_SUFFIX}"
    part.mkdir()
    if torn is not None:
        (part / STORE_FILE).write_bytes(file.read_bytes()[:torn])
    increment(store, into)
    assert not part.exists()


def test_unfinished_one_of_another_desk_or_of_no_backup_stays(
    store: Store, into: Path, tmp_path: Path, file: Path
) -> None:
    """The other desk's may be its oldest backup, into which it was writing until it was cut off."""
    stranger = tmp_path / "stranger"
    made_in(stranger, "stranger").close()
    left = [
        shutil.copytree(stranger, into / f"{OLDEST}-3{UNFINISHED_SUFFIX}"),
        *(
            shutil.copytree(file.parent, into / name)
            for name in (
                "notebook-2026-11-31-0900.part", "notebook-2026-11-24-0900.part.old",
                "notebook.part", f"{OLDEST}-3.parts", f"my {OLDEST}.part",
            )
        ),
    ]  # fmt: skip
    (into / f"{OLDEST}-4{UNFINISHED_SUFFIX}").write_bytes(b"a file")
    (into / f"{OLDEST}-5{UNFINISHED_SUFFIX}").symlink_to(stranger)
    before = files_of([stranger, *left])
    increment(store, into)
    assert files_of([stranger, *left]) == before
    assert (into / f"{OLDEST}-4{UNFINISHED_SUFFIX}").read_bytes() == b"a file"


def test_finished_backup_is_not_cleared_away_by_another_program(
    store: Store, into: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each change of a name while one is written, another program looks for abandoned ones."""
    other = Store(driver.connect(file, KEY), file)
    codes: list[str] = []
    rename = Path.rename

    def look(when: str) -> None:
        try:
            other.backups._remove_abandoned(into)
        except KfdeskError as refused:
            codes.append(f"{when} {refused.code}")

    def meddled(path: Path, target: Path) -> Path:
        look("before")
        renamed = rename(path, target)
        look("after")
        return renamed

    for older in ("notebook-2026-11-01-0900", OLDEST):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", meddled)
            path = increment(store, into, older=older)
        opened = Store(driver.connect(path / STORE_FILE, KEY), path / STORE_FILE)
        assert opened.verify() == ()
        opened.close()
        shutil.rmtree(path)
    assert codes == ["before backup.busy", "after backup.busy", "before backup.busy"]
    other.close()


def test_lock_file_that_a_power_cut_left_in_a_backup_does_no_harm(store: Store, into: Path) -> None:
    (into / OLDEST / "notebook.lock").touch()
    increment(store, into)
    assert not (into / OLDEST).exists()
    (into / NAME / "notebook.lock").touch()
    assert store.backups.remove(into / NAME)
    assert not (into / NAME).exists()


def test_disk_without_locks_takes_backups(
    store: Store, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(files, "fcntl"):
        pytest.skip("this system locks in another way")

    def refuse(*_given: object) -> None:
        raise OSError(errno.ENOTSUP, "no locks here")

    monkeypatch.setattr(files.fcntl, "flock", refuse)
    assert increment(store, into).is_dir()


# backups of before


def test_backup_of_an_older_program_is_restored_and_can_be_written_into(
    store: Store, into: Path, tmp_path: Path, file: Path
) -> None:
    """It was written by VACUUM: the same rows, each page encrypted anew."""
    old = into / "notebook-2026-11-20-0900"
    old.mkdir()
    connection = driver.connect(file, KEY)
    connection.execute("VACUUM INTO ?", (str(old / STORE_FILE),))
    connection.close()
    key_slots.write_slots(old, key_slots.read_slots(file.parent))
    assert not is_refused(old, tmp_path)
    path = increment(store, into, older=old.name)
    assert (path / STORE_FILE).read_bytes() == file.read_bytes()
    assert not old.exists()


# large stores


@pytest.mark.slow
def test_two_gigabytes_are_compared_in_little_memory(tmp_path: Path) -> None:
    """The files have holes, so that they take no room; the byte that SQLite locks is at 1 GiB."""
    size = 2**31 + PAGE
    base, ours = tmp_path / "older", tmp_path / "store"
    for folder in (base, ours):
        folder.mkdir()
        for name in (STORE_FILE, *key_slots.SLOT_FILES):
            (folder / name).touch()
        os.truncate(folder / STORE_FILE, size)
    with (ours / STORE_FILE).open("rb+") as file:
        for place in (2**30, 2**31, size - PAGE):
            file.seek(place)
            file.write(b"new")
    tracemalloc.start()
    with (ours / STORE_FILE).open("rb") as source:
        changes = page_copy.find_changes(source, base, nobody)
        assert changes is not None
        assert set(changes.pages) == {2**30 // PAGE, 2**31 // PAGE}
        unfinished = UnfinishedBackup(tmp_path / "new.part", changes)
        unfinished.write(source, nobody)
        assert page_copy.is_equal(source, unfinished.file, nobody)
        unfinished.discard()
    assert tracemalloc.get_traced_memory()[1] < 2**21
    tracemalloc.stop()
    assert stat.S_ISDIR(base.stat().st_mode)
