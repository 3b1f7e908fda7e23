# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody puts back older key files, or writes hostile ones: an old passphrase stays old.

Whoever writes to the disk has no data key, but may have every file that ever stood there.
"""

import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from nacl import pwhash
from tests.integration.pair_samples import refusal
from tests.support import make
from tests.support.stores import new_desk, remembering

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import ALL_ROLES, Credentials
from kfdesk.domain.recovery_key import generate_key, spell_key
from kfdesk.environment import Environment
from kfdesk.services import accounts
from kfdesk.services.core.session import Session
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import key_slots
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.key_slots import SLOT_FILES, KeySlot, SlotFile

OLD, NEW = "sex helt vanliga ord till prov", "sex andra ord för en annan"
EV, EV_NEW, QQ = Credentials("EV", OLD), Credentials("EV", NEW), Credentials("QQ", NEW)
Files = dict[str, bytes]


@pytest.fixture
def machine(tmp_path: Path) -> Environment:
    return Environment(cost=key_slots.MIN_COST, state=tmp_path / "state")


@pytest.fixture
def folder(tmp_path: Path, machine: Environment) -> Path:
    """Return a closed store that was opened at least once."""
    new_desk(tmp_path / "store", "Nordhuset", EV, machine).store.close()
    opens(tmp_path / "store", EV, machine)
    return tmp_path / "store"


def opens(folder: Path, who: Credentials, machine: Environment) -> bool:
    store_lifecycle.unlock_store(folder, who, machine).store.close()
    return True


def files(folder: Path, names: tuple[str, ...] = SLOT_FILES) -> Files:
    return {name: (folder / name).read_bytes() for name in names}


def put(folder: Path, kept: Files) -> None:
    for name, data in kept.items():
        (folder / name).write_bytes(data)


def change_passphrase(folder: Path, machine: Environment) -> None:
    desk = store_lifecycle.unlock_store(folder, EV, machine)
    accounts.change_passphrase(desk, OLD, NEW)
    desk.store.close()


def written(file: SlotFile) -> bytes:
    body = msgspec.msgpack.encode(file)
    return key_slots.SLOTS_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body


def raised(data: bytes) -> bytes:
    """Return the same slots as if they were the newest."""
    found = key_slots.parse_slots(data)
    assert found is not None
    return written(msgspec.structs.replace(found, generation=2**40))


def unsealed(data: bytes) -> bytes:
    found = key_slots.parse_slots(data)
    assert found is not None
    return written(msgspec.structs.replace(found, generation=2**40, seal=bytes(32)))


SHAPES: dict[str, Callable[[Files], Files]] = {
    "both": lambda old: old,
    "the first": lambda old: {SLOT_FILES[0]: old[SLOT_FILES[0]]},
    "the second": lambda old: {SLOT_FILES[1]: old[SLOT_FILES[1]]},
    "both, raised": lambda old: {name: raised(data) for name, data in old.items()},
    "one, raised": lambda old: {SLOT_FILES[0]: raised(old[SLOT_FILES[0]])},
    "both, raised, without a seal": lambda old: {n: unsealed(data) for n, data in old.items()},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_old_passphrase_does_not_come_back(folder: Path, machine: Environment, shape: str) -> None:
    old = files(folder)
    change_passphrase(folder, machine)
    put(folder, SHAPES[shape](old))
    assert refusal(lambda: opens(folder, EV, machine)).code == "store.wrong_passphrase"
    if shape.startswith(("one", "the")):  # whoever has the new one is not kept out
        assert opens(folder, EV_NEW, machine)
        assert len(set(files(folder).values())) == 1


def test_old_passphrase_does_not_come_back_with_an_older_store(
    folder: Path, machine: Environment
) -> None:
    """Both are of one day, and whoever put them back says that she knows."""
    old = files(folder, (*SLOT_FILES, STORE_FILE))
    change_passphrase(folder, machine)
    put(folder, old)
    assert refusal(lambda: opens(folder, EV, machine)).code == "store.rolled_back"
    fault = refusal(lambda: store_lifecycle.unlock_store(folder, EV, machine, accepts_older=True))
    assert fault.code == "store.wrong_passphrase"


def test_removed_user_does_not_come_back(folder: Path, machine: Environment) -> None:
    desk = store_lifecycle.unlock_store(folder, EV, machine)
    accounts.add_user(desk, OLD, "QQ", NEW, list(ALL_ROLES))
    desk.store.close()
    old = files(folder)
    assert opens(folder, QQ, machine)
    desk = store_lifecycle.unlock_store(folder, EV, machine)
    accounts.remove_user(desk, "QQ")
    desk.store.close()
    put(folder, old)
    assert refusal(lambda: opens(folder, QQ, machine)).code == "store.wrong_passphrase"
    assert opens(folder, EV, machine)  # whose slot is still the same
    assert files(folder) != old  # and the key files of today are back


def test_older_key_files_are_mended_from_the_store(folder: Path, machine: Environment) -> None:
    """An honest copy of last week: who has not changed her passphrase brings all of them back."""
    old = files(folder)
    desk = store_lifecycle.unlock_store(folder, EV, machine)
    accounts.add_user(desk, OLD, "QQ", NEW, list(ALL_ROLES))
    desk.store.close()
    today = files(folder)
    put(folder, old)
    assert opens(folder, EV, machine)
    assert files(folder) == today
    assert opens(folder, QQ, machine)


def test_power_cut_between_key_files_and_store_keeps_the_new_passphrase(
    folder: Path, machine: Environment
) -> None:
    """The store of before stands beside sealed key files of afterwards."""
    beside = tuple(path.name for path in folder.iterdir() if path.name not in SLOT_FILES)
    before = files(folder, beside)
    assert machine.state is not None
    outside = {path: path.read_bytes() for path in machine.state.rglob("*") if path.is_file()}
    change_passphrase(folder, machine)
    put(folder, before)
    for path, data in outside.items():
        path.write_bytes(data)
    assert opens(folder, EV_NEW, machine)
    assert refusal(lambda: opens(folder, EV, machine)).code == "store.wrong_passphrase"


def test_key_files_are_known_from_the_first_change_on(tmp_path: Path, machine: Environment) -> None:
    """In the very session in which the store was made."""
    desk = store_lifecycle.create_store(tmp_path / "store", "Nordhuset", EV, machine)
    old = files(tmp_path / "store")
    accounts.change_passphrase(desk, OLD, NEW)
    desk.store.close()
    put(tmp_path / "store", old)
    fault = refusal(lambda: opens(tmp_path / "store", EV, machine))
    assert fault.code == "store.wrong_passphrase"


def test_hostile_copy_of_a_high_generation_keeps_nobody_out(
    folder: Path, machine: Environment
) -> None:
    file = key_slots.read_slots(folder)
    (slot,) = file.slots
    noise = msgspec.structs.replace(slot, wrapped=make.named_bytes("noise", 48))
    hostile = written(SlotFile(2**62, (noise,)))
    for name in SLOT_FILES:
        put(folder, {name: hostile})
        assert opens(folder, EV, machine)
        assert files(folder)[name] != hostile


@pytest.mark.parametrize(
    "cost", [{"memory": 2**29}, {"memory": 2**31}, {"memory": 2**42}, {"passes": 10**6}]
)
def test_hostile_cost_is_never_paid(
    folder: Path, machine: Environment, cost: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    paid: list[tuple[int, int]] = []
    real: Any = pwhash.argon2id.kdf

    def watched(*given: Any, opslimit: int, memlimit: int) -> Any:
        paid.append((opslimit, memlimit))
        return real(*given, opslimit=opslimit, memlimit=memlimit)

    monkeypatch.setattr(pwhash.argon2id, "kdf", watched)
    (slot,) = key_slots.read_slots(folder).slots
    dear = written(SlotFile(2**62, (msgspec.structs.replace(slot, **cost),)))
    put(folder, {SLOT_FILES[0]: dear})
    assert opens(folder, EV, machine)
    assert all(passes <= 16 and memory <= 2**28 for passes, memory in paid)
    put(folder, dict.fromkeys(SLOT_FILES, dear))
    assert refusal(lambda: opens(folder, EV, machine)).code == "store.not_a_store"


def test_backup_takes_the_key_files_that_the_store_knows(
    folder: Path, machine: Environment, tmp_path: Path
) -> None:
    old = files(folder)
    change_passphrase(folder, machine)
    desk = store_lifecycle.unlock_store(folder, EV_NEW, machine)
    put(folder, {SLOT_FILES[0]: raised(old[SLOT_FILES[0]])})
    (tmp_path / "stick").mkdir()
    made = make_backup(desk, tmp_path / "stick")
    desk.store.close()
    store_lifecycle.check_backup(made.path, tmp_path / "other", EV_NEW)
    fault = refusal(lambda: store_lifecycle.check_backup(made.path, tmp_path / "other", EV))
    assert fault.code == "store.wrong_passphrase"
    put(made.path, old)  # and an old passphrase does not open a newer backup
    fault = refusal(lambda: store_lifecycle.check_backup(made.path, tmp_path / "other", EV))
    assert fault.code == "store.wrong_passphrase"


# while the store is open

THIRD = "sex tredje ord som ingen har sett"
CODE, CODE_2 = (" ".join(spell_key(generate_key(os.urandom))) for _ in range(2))
Act = Callable[[Session], object]
ACTS: dict[str, Act] = {
    "adding": lambda desk: accounts.add_user(desk, NEW, "ZZ", THIRD, list(ALL_ROLES)),
    "removing": lambda desk: accounts.remove_user(desk, "QQ"),
    "changing": lambda desk: accounts.change_passphrase(desk, NEW, THIRD),
    "recovery key": lambda desk: accounts.set_recovery_key(desk, NEW, CODE_2),
    "new data key": lambda desk: accounts.rekey_store(desk, NEW, {}),
}
FORGED: dict[str, Callable[[SlotFile, SlotFile], bytes]] = {
    "as it was": lambda old, _: written(old),
    "raised": lambda old, now: written(forged(old, now, now.generation + 1000)),
    "last": lambda old, now: written(forged(old, now, 2**63 - 1)),
    "least but one": lambda old, now: written(forged(old, now, now.generation + 1)),
    "no slots that open": lambda old, now: written(SlotFile(2**62, (unopened(old),), b"")),
    "noise": lambda _old, _now: b"noise",
}


def forged(old: SlotFile, now: SlotFile, generation: int) -> SlotFile:
    """Return an old slot among the present ones, as anybody can write it who has an old file."""
    return SlotFile(generation, (*now.slots[1:], old.slots[0]), b"")


def unopened(old: SlotFile) -> KeySlot:
    return msgspec.structs.replace(old.slots[0], wrapped=make.named_bytes("noise", 48))


WHERE = [
    *((shape, SLOT_FILES) for shape in FORGED),
    *(("raised", (name,)) for name in SLOT_FILES),
]


@pytest.mark.parametrize(("shape", "names"), WHERE)
@pytest.mark.parametrize("act", ACTS)
@remembering()
def test_key_files_that_somebody_puts_beside_an_open_store_count_for_nothing(
    folder: Path, machine: Environment, act: str, shape: str, names: tuple[str, ...]
) -> None:
    old = key_slots.read_slots(folder)
    change_passphrase(folder, machine)
    desk = store_lifecycle.unlock_store(folder, EV_NEW, machine)
    accounts.add_user(desk, NEW, "QQ", THIRD, list(ALL_ROLES))
    accounts.set_recovery_key(desk, NEW, CODE)
    put(folder, dict.fromkeys(names, FORGED[shape](old, key_slots.read_slots(folder))))
    ACTS[act](desk)
    desk.store.close()
    refused = refusal(lambda: opens(folder, EV, machine))
    assert refused.code == "store.wrong_passphrase"
    words = THIRD if act == "changing" else NEW
    assert opens(folder, Credentials("EV", words), machine)
    assert len(set(files(folder).values())) == 1
    slots = key_slots.read_slots(folder)
    assert slots.generation < old.generation + 10
    who = {slot.id for slot in slots.slots if slot.kind == key_slots.USER_SLOT}
    assert len(who) == {"adding": 3, "removing": 1, "new data key": 1}.get(act, 2)


def test_recovery_key_resets_by_what_the_store_knows(folder: Path, machine: Environment) -> None:
    """The key of before, in a forged file, sets no passphrase; the key of today does."""
    desk = store_lifecycle.unlock_store(folder, EV, machine)
    accounts.set_recovery_key(desk, OLD, CODE)
    old = key_slots.read_slots(folder)
    accounts.set_recovery_key(desk, OLD, CODE_2)
    put(folder, dict.fromkeys(SLOT_FILES, written(msgspec.structs.replace(old, generation=2**40))))
    refused = refusal(lambda: accounts.reset_passphrase(desk, CODE, NEW))
    assert refused.code == "store.wrong_passphrase"
    accounts.reset_passphrase(desk, CODE_2, NEW)
    desk.store.close()
    assert opens(folder, EV_NEW, machine)


@pytest.mark.parametrize("spoilt", [b"noise", None])
def test_open_store_goes_on_when_its_key_files_are_spoilt_or_gone(
    folder: Path, machine: Environment, spoilt: bytes | None
) -> None:
    desk = store_lifecycle.unlock_store(folder, EV, machine)
    for name in SLOT_FILES:
        (folder / name).write_bytes(spoilt or b"")
        if spoilt is None:
            (folder / name).unlink()
    assert not accounts.recovery_key_status(desk).is_made
    assert accounts.users_without_slot(desk) == ()
    accounts.change_passphrase(desk, OLD, NEW)
    desk.store.close()
    assert opens(folder, EV_NEW, machine)


def test_salvage_takes_the_slots_of_today(folder: Path, machine: Environment) -> None:
    """Somebody forges the key files of a store that its owner then repairs."""
    old = key_slots.read_slots(folder)
    change_passphrase(folder, machine)
    now = key_slots.read_slots(folder)
    both = SlotFile(now.generation + 1000, (now.slots[0], other_hand(old.slots[0])), b"")
    put(folder, dict.fromkeys(SLOT_FILES, written(both)))
    desk = store_lifecycle.unlock_store(folder, EV_NEW, machine)
    accounts.add_user(desk, NEW, "QQ", THIRD, list(ALL_ROLES))
    desk.store.close()
    today = key_slots.read_slots(folder)
    put(folder, dict.fromkeys(SLOT_FILES, written(both)))
    store_lifecycle.salvage_store(folder, EV_NEW, machine)
    assert key_slots.read_slots(folder) == today
    assert refusal(lambda: opens(folder, EV, machine)).code == "store.wrong_passphrase"
    assert opens(folder, EV_NEW, machine)
    assert opens(folder, Credentials("QQ", THIRD), machine)


def other_hand(slot: KeySlot) -> KeySlot:
    """Return the same slot under another id, so that it stands beside the one of today."""
    return msgspec.structs.replace(slot, id=make.named_bytes("other", 16))


def test_old_passphrase_does_not_come_back_from_one_copy_after_a_power_cut(
    folder: Path, machine: Environment
) -> None:
    """The new key files are written and not yet noted; somebody puts one old copy back."""
    beside = tuple(path.name for path in folder.iterdir() if path.name not in SLOT_FILES)
    before, old = files(folder, beside), files(folder)
    assert machine.state is not None
    outside = {path: path.read_bytes() for path in machine.state.rglob("*") if path.is_file()}
    change_passphrase(folder, machine)
    put(folder, before)
    for path, data in outside.items():
        path.write_bytes(data)
    put(folder, {SLOT_FILES[0]: old[SLOT_FILES[0]]})
    assert refusal(lambda: opens(folder, EV, machine)).code == "store.wrong_passphrase"
    assert opens(folder, EV_NEW, machine)


def test_old_passphrase_does_not_come_back_while_the_anchors_lag_behind(
    folder: Path, machine: Environment
) -> None:
    """They are written once a minute: a power cut after a change leaves those of before it."""
    old = files(folder)
    anchor = files(folder, ("notebook.anchor",))
    assert machine.state is not None
    outside = {path: path.read_bytes() for path in machine.state.rglob("*") if path.is_file()}
    change_passphrase(folder, machine)
    put(folder, {**old, **anchor})
    for path, data in outside.items():
        path.write_bytes(data)
    assert refusal(lambda: opens(folder, EV, machine)).code == "store.wrong_passphrase"
    put(folder, {SLOT_FILES[0]: b"noise"})
    assert refusal(lambda: opens(folder, EV, machine)).code == "store.wrong_passphrase"
