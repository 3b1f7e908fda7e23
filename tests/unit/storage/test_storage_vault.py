# SPDX-License-Identifier: GPL-3.0-or-later
"""Making and opening a store's folder: who gets in, what is refused, what is left behind."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.support import make
from tests.unit.storage.store_samples import (
    KEY,
    PAGE,
    WHO,
    contents,
    flip,
    known_bytes,
    made_in,
    making,
    refusal,
    without_patience,
)

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, key_slots, keyring, tables
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.store import Store


def unlocking(folder: Path, who: Credentials = WHO) -> str:
    """Return the code with which the folder stays shut; nothing in it may change."""
    before = contents(folder)
    code = refusal(lambda: keyring.unlock(folder, who))
    assert contents(folder) == before
    return code


# opening


def test_right_words_open_the_store(unlocked: Store) -> None:
    row = unlocked.row(make.HER)
    assert row == make.row("client")
    assert unlocked.verify() == ()


def test_wrong_words_and_wrong_initials_are_refused_alike(folder: Path) -> None:
    for who in (
        Credentials(WHO.initials, "fel ord"),
        Credentials("XX", WHO.passphrase),
        Credentials(WHO.initials, ""),
    ):
        assert unlocking(folder, who) == "store.wrong_passphrase"


def test_credentials_do_not_show_themselves() -> None:
    assert repr(WHO) == "Credentials()"
    assert WHO.passphrase not in f"{WHO} {WHO!r}"


def test_folder_without_a_store_is_missing(tmp_path: Path, folder: Path) -> None:
    assert refusal(lambda: keyring.unlock(tmp_path, WHO)) == "store.missing"
    assert refusal(lambda: keyring.unlock(tmp_path / "none", WHO)) == "store.missing"
    (folder / STORE_FILE).unlink()
    assert unlocking(folder) == "store.missing"
    (folder / STORE_FILE).mkdir()
    assert refusal(lambda: keyring.unlock(folder, WHO)) == "store.missing"


def test_store_without_its_slots_is_none(folder: Path) -> None:
    for name in key_slots.SLOT_FILES:
        (folder / name).unlink()
    assert unlocking(folder) == "store.not_a_store"


@pytest.mark.parametrize("content", [b"", b"x", b"SQLite format 3\x00" + bytes(PAGE)], ids=len)
def test_file_in_place_of_the_store_is_refused(folder: Path, content: bytes) -> None:
    (folder / STORE_FILE).write_bytes(content)
    assert unlocking(folder) == "store.not_a_store"


def test_slots_of_another_store_do_not_open_this_one(folder: Path, tmp_path: Path) -> None:
    made_in(tmp_path / "other", "other").close()
    for name in key_slots.SLOT_FILES:
        shutil.copyfile(tmp_path / "other" / name, folder / name)
    assert unlocking(folder) == "store.wrong_key"


def test_damaged_first_page_keeps_the_store_shut(folder: Path) -> None:
    flip(folder / STORE_FILE, 100)
    assert unlocking(folder) == "store.wrong_key"


def test_cut_store_is_damaged(folder: Path) -> None:
    os.truncate(folder / STORE_FILE, (folder / STORE_FILE).stat().st_size - PAGE)
    assert unlocking(folder) == "store.damaged"


def test_newer_store_is_refused_and_left_alone(folder: Path, file: Path) -> None:
    connection = driver.connect(file, KEY)
    connection.execute(f"PRAGMA user_version = {tables.STORE_VERSION + 1}")
    connection.close()
    assert unlocking(folder) == "store.newer"


def test_type_that_an_older_program_did_not_know_gets_its_table(folder: Path, file: Path) -> None:
    connection = driver.connect(file, KEY)
    connection.execute("DROP TABLE record_contact")
    connection.close()
    store = keyring.unlock(folder, WHO)
    assert store.rows("contact") == ()
    assert store.verify() == ()
    store.close()


def test_store_that_another_program_is_writing_waits_for_its_new_table(
    folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = driver.connect(file, KEY)
    other.execute("DROP TABLE record_contact")
    other.execute("BEGIN IMMEDIATE")
    without_patience(monkeypatch)
    assert unlocking(folder) == "store.in_use"
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_file_that_may_not_be_read_is_the_disks_fault(folder: Path, file: Path) -> None:
    file.chmod(0)
    assert refusal(lambda: keyring.unlock(folder, WHO)) == "store.disk"


def test_opening_an_up_to_date_store_writes_nothing(folder: Path) -> None:
    before = contents(folder)
    keyring.unlock(folder, WHO).close()
    assert contents(folder) == before


# making


def test_new_store_is_three_files_with_names_that_say_nothing(template: Path) -> None:
    assert set(contents(template)) == {"notebook.db", "slots-a.kfk", "slots-b.kfk"}


def test_new_store_has_no_records_and_is_whole(tmp_path: Path) -> None:
    store = made_in(tmp_path / "a" / "b" / "магазин")
    assert store.children(make.HER) == ()
    assert store.verify() == ()
    store.close()
    assert keyring.has_store(tmp_path / "a" / "b" / "магазин")


def test_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    made_in(tmp_path / "store").close()
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) & 0o077 == 0


def test_two_stores_have_two_keys(tmp_path: Path) -> None:
    cost = key_slots.MIN_COST
    for name in ("one", "two"):
        keyring.create_store(tmp_path / name, WHO, key_slots.SlotOptions(cost, os.urandom)).close()
    one = key_slots.open_user_slot(
        key_slots.read_slots(tmp_path / "one"), WHO.initials, WHO.passphrase
    )
    two = key_slots.open_user_slot(
        key_slots.read_slots(tmp_path / "two"), WHO.initials, WHO.passphrase
    )
    assert one != two
    assert len(one) == len(two) == driver.KEY_BYTES


@pytest.mark.parametrize("left", [STORE_FILE, *key_slots.SLOT_FILES])
def test_store_or_a_part_of_one_is_never_overwritten(folder: Path, left: str) -> None:
    for name in contents(folder):
        if name != left:
            (folder / name).unlink()
    before = contents(folder)
    assert keyring.has_store(folder)
    assert refusal(lambda: made_in(folder)) == "store.exists"
    assert contents(folder) == before


def test_empty_folder_has_no_store(tmp_path: Path) -> None:
    assert not keyring.has_store(tmp_path)
    assert not keyring.has_store(tmp_path / "none")


def test_file_in_place_of_the_folder_is_the_disks_fault(tmp_path: Path) -> None:
    blocked = tmp_path / "store"
    blocked.write_bytes(b"mine")
    assert refusal(lambda: made_in(blocked)) == "store.disk"
    assert refusal(lambda: made_in(blocked / "below")) == "store.disk"
    assert contents(tmp_path) == {"store": b"mine"}


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_folder_that_may_not_be_written_is_the_disks_fault(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert refusal(lambda: made_in(tmp_path)) == "store.disk"
    assert refusal(lambda: made_in(tmp_path / "below")) == "store.disk"
    assert list(tmp_path.iterdir()) == []


def failing_at(call: int, error: BaseException) -> Callable[[int], bytes]:
    """Randomness that fails at a call: of the key, then of the slot's id, salt and nonce."""
    fresh, calls = known_bytes(), iter(range(100))

    def random(size: int) -> bytes:
        if next(calls) == call:
            raise error
        return fresh(size)

    return random


@pytest.mark.parametrize("error", [OSError(), KeyboardInterrupt(), ValueError()], ids=repr)
@pytest.mark.parametrize("is_new", [True, False])
def test_store_that_could_not_be_finished_leaves_nothing_behind(
    tmp_path: Path, error: BaseException, is_new: bool
) -> None:
    folder = tmp_path / "store" if is_new else tmp_path
    for call in range(1, 4):
        with pytest.raises(BaseException) as refused:  # noqa: PT011 - whatever stops it
            keyring.create_store(folder, WHO, making(failing_at(call, error)))
        expected = "store.disk" if isinstance(error, OSError) else str(error)
        assert str(refused.value) == expected
        assert list(tmp_path.iterdir()) == []


def test_new_store_comes_into_its_place_when_it_is_whole(tmp_path: Path) -> None:
    folder, seen = tmp_path / "house" / "store", []

    def fill(store: Store) -> None:
        seen.append(folder.exists())
        store.set_setting("name", b"Ett hus")

    keyring.create_store(folder, WHO, making(known_bytes("new")), fill=fill).close()
    assert seen == [False]
    assert [one.name for one in folder.parent.iterdir()] == ["store"]
    assert keyring.unlock(folder, WHO).setting("name") == b"Ett hus"


def test_store_that_another_run_left_unfinished_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "store"

    def stop(_: Store) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyring, "_remove_failed", lambda *_, **__: None)  # as if the power went
        with pytest.raises(KeyboardInterrupt):
            keyring.create_store(folder, WHO, making(known_bytes("new")), fill=stop)
    assert not folder.exists()
    keyring.create_store(folder, WHO, making(known_bytes("again"))).close()
    keyring.unlock(folder, WHO).close()


@pytest.mark.parametrize("blocked", [*key_slots.UNFINISHED_SLOT_FILES, f"{STORE_FILE}-journal"])
def test_store_whose_files_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, blocked: str
) -> None:
    """A folder stands where a file is to be written."""
    (tmp_path / blocked / "mine").mkdir(parents=True)
    assert refusal(lambda: made_in(tmp_path)) == "store.disk"
    assert [path.name for path in tmp_path.iterdir()] == [blocked]
    assert (tmp_path / blocked / "mine").is_dir()


def test_slot_of_a_second_user_opens_the_same_store(folder: Path) -> None:
    kept = key_slots.read_slots(folder)
    other = Credentials("QQ", "en annan mening av sex ord")
    slot = key_slots.new_user_slot(
        KEY, other.initials, other.passphrase, key_slots.MIN_COST, os.urandom
    )
    both = key_slots.SlotFile(kept.generation + 1, (*kept.slots, slot))
    key_slots.write_slots(folder, key_slots.seal_slots(both, KEY))
    store = keyring.unlock(folder, other)
    assert store.row(make.HER) is not None
    store.close()


@pytest.mark.parametrize("hurt", key_slots.SLOT_FILES)
def test_copy_of_the_slots_torn_by_a_power_cut_opens_by_the_other_and_is_made_whole(
    folder: Path, hurt: str
) -> None:
    whole = contents(folder)
    for content in (b"", b"torn", whole[hurt][:-1]):
        (folder / hurt).write_bytes(content)
        keyring.unlock(folder, WHO).close()
        assert contents(folder) == whole


def test_two_torn_copies_stay_as_they_are(folder: Path) -> None:
    for name in key_slots.SLOT_FILES:
        (folder / name).write_bytes(b"")
    assert unlocking(folder) == "store.not_a_store"


def test_wrong_words_heal_nothing(folder: Path) -> None:
    (folder / key_slots.SLOT_FILES[0]).write_bytes(b"torn")
    assert unlocking(folder, Credentials(WHO.initials, "fel ord")) == "store.wrong_passphrase"


def test_slots_of_another_store_do_not_take_the_place_of_a_torn_copy(
    folder: Path, tmp_path: Path
) -> None:
    made_in(tmp_path / "other", "other").close()
    shutil.copyfile(tmp_path / "other" / key_slots.SLOT_FILES[0], folder / key_slots.SLOT_FILES[0])
    (folder / key_slots.SLOT_FILES[1]).write_bytes(b"torn")
    assert unlocking(folder) == "store.wrong_key"


def test_copy_that_cannot_be_written_keeps_nobody_out(folder: Path) -> None:
    (folder / key_slots.SLOT_FILES[0]).write_bytes(b"torn")
    (folder / key_slots.UNFINISHED_SLOT_FILES[0]).mkdir()
    keyring.unlock(folder, WHO).close()
    assert (folder / key_slots.SLOT_FILES[0]).read_bytes() == b"torn"


# the recovery key


def test_recovery_key_opens_the_store_and_the_passphrase_still_does(tmp_path: Path) -> None:
    code = make.named_bytes("recovery", 20)
    keyring.create_store(tmp_path, WHO, making(known_bytes("kept")), code).close()
    ways: tuple[Callable[[], Store], ...] = (
        lambda: keyring.unlock_by_recovery(tmp_path, code),
        lambda: keyring.unlock(tmp_path, WHO),
    )
    for open_it in ways:
        store = open_it()
        assert store.verify() == ()
        store.close()


def test_everything_that_does_not_fit_looks_alike(tmp_path: Path, folder: Path) -> None:
    """Wrong words, a wrong or mistyped key, none at all, a slot that was hurt or is foreign."""
    code = make.named_bytes("recovery", 20)
    keyring.create_store(tmp_path / "new", WHO, making(known_bytes("kept")), code).close()
    file = key_slots.read_slots(tmp_path / "new")
    hurt = [
        msgspec.structs.replace(slot, wrapped=bytes([slot.wrapped[0] ^ 1]) + slot.wrapped[1:])
        for slot in file.slots
    ]
    tries = [
        lambda: keyring.unlock(folder, Credentials(WHO.initials, "fel ord")),
        lambda: keyring.unlock(folder, Credentials("XX", WHO.passphrase)),
        lambda: keyring.unlock_by_recovery(folder, code),
        lambda: keyring.unlock_by_recovery(tmp_path / "new", bytes(20)),
        lambda: keyring.unlock_by_recovery(tmp_path / "new", None),
    ]
    found = [_told(one) for one in tries]
    key_slots.write_slots(tmp_path / "new", msgspec.structs.replace(file, generation=2, slots=hurt))
    found += [
        _told(lambda: keyring.unlock(tmp_path / "new", WHO)),
        _told(lambda: keyring.unlock_by_recovery(tmp_path / "new", code)),
    ]
    assert found == [("store.wrong_passphrase", {}, "store.wrong_passphrase")] * 7


def _told(work: Callable[[], object]) -> tuple[str, dict[str, str | int], str]:
    """All that a refusal says."""
    with pytest.raises(KfdeskError) as refused:
        work()
    assert refused.value.__cause__ is None
    return refused.value.code, dict(refused.value.data), str(refused.value)


def test_generation_that_was_rolled_back_loses_to_the_newer(folder: Path) -> None:
    kept = key_slots.read_slots(folder)
    new = Credentials(WHO.initials, "ny mening efter bytet")
    slot = key_slots.new_user_slot(
        KEY, new.initials, new.passphrase, key_slots.MIN_COST, os.urandom
    )
    old = (folder / key_slots.SLOT_FILES[0]).read_bytes()
    newer = msgspec.structs.replace(kept, generation=2, slots=(slot,))
    key_slots.write_slots(folder, key_slots.seal_slots(newer, KEY))
    (folder / key_slots.SLOT_FILES[0]).write_bytes(old)
    assert unlocking(folder) == "store.wrong_passphrase"
    keyring.unlock(folder, new).close()
