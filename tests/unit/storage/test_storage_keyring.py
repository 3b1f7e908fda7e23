# SPDX-License-Identifier: GPL-3.0-or-later
"""The slots of an open store: who is let in, and what a power cut between two copies leaves."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.store_samples import KEY, WHO, contents, known_bytes, refusal

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import key_slots, keyring
from kfdesk.storage.keyring import Keyring

NEW = Credentials("QQ", "en annan mening av sex ord")
CODE = make.named_bytes("code", 20)


@pytest.fixture
def keys(folder: Path) -> Iterator[Keyring]:
    """Yield the keyring of the open store."""
    store = keyring.unlock(folder, WHO)
    yield Keyring(store, lambda: key_slots.MIN_COST, known_bytes("keyring"))
    store.close()


def opens(folder: Path, who: Credentials) -> bool:
    try:
        keyring.unlock(folder, who).close()
    except KfdeskError as refused:
        if refused.code != "store.wrong_passphrase":
            raise
        return False
    return True


def test_somebody_is_let_in_by_one_who_is_in(folder: Path, keys: Keyring) -> None:
    slot = keys.add(WHO, NEW)
    assert keys.slot_of("qq") == slot
    assert opens(folder, NEW)
    assert opens(folder, WHO)


def test_nobody_is_let_in_by_a_wrong_passphrase(folder: Path, keys: Keyring) -> None:
    before = contents(folder)
    wrong = Credentials(WHO.initials, "fel ord")
    for act in (
        lambda: keys.add(wrong, NEW),
        lambda: keys.change(wrong, "nya ord"),
        lambda: keys.set_recovery(wrong, CODE),
        lambda: keys.reset_passphrase(CODE, WHO),
    ):
        assert refusal(act) == "store.wrong_passphrase"
    assert contents(folder) == before


def test_slot_left_by_an_addition_that_was_cut_off_is_replaced(folder: Path, keys: Keyring) -> None:
    keys.add(WHO, Credentials(NEW.initials, "ord från förra gången"))
    keys.add(WHO, NEW)
    assert len(key_slots.read_slots(folder).slots) == 2
    assert opens(folder, NEW)
    assert not opens(folder, Credentials(NEW.initials, "ord från förra gången"))


def test_changed_passphrase_leaves_the_others_alone(folder: Path, keys: Keyring) -> None:
    slot = keys.add(WHO, NEW)
    keys.change(NEW, "helt nya ord efter bytet")
    assert keys.slot_of("QQ") == slot
    assert opens(folder, Credentials("QQ", "helt nya ord efter bytet"))
    assert not opens(folder, NEW)
    assert opens(folder, WHO)


def test_removed_person_opens_no_more_and_removing_again_writes_nothing(
    folder: Path, keys: Keyring
) -> None:
    slot = keys.add(WHO, NEW)
    keys.remove(slot)
    before = contents(folder)
    assert not opens(folder, NEW)
    assert opens(folder, WHO)
    keys.remove(slot)
    assert contents(folder) == before


def test_recovery_key_gives_a_new_passphrase_to_one_who_has_a_slot(
    folder: Path, keys: Keyring
) -> None:
    assert not keys.has_recovery()
    keys.set_recovery(WHO, CODE)
    assert keys.has_recovery()
    new = Credentials(WHO.initials, "ord efter förlusten av de gamla")
    keys.reset_passphrase(CODE, new)
    assert opens(folder, new)
    assert not opens(folder, WHO)
    assert refusal(lambda: keys.reset_passphrase(CODE, NEW)) == "store.wrong_passphrase"
    assert refusal(lambda: keys.reset_passphrase(bytes(20), new)) == "store.wrong_passphrase"


def test_recovery_key_is_replaced_by_a_newer(folder: Path, keys: Keyring) -> None:
    other = make.named_bytes("other", 20)
    keys.set_recovery(WHO, CODE)
    keys.set_recovery(WHO, other)
    keyring.unlock_by_recovery(folder, other).close()
    refused = refusal(lambda: keyring.unlock_by_recovery(folder, CODE))
    assert refused == "store.wrong_passphrase"


def test_no_act_leaves_the_key_in_the_keyring(keys: Keyring) -> None:
    keys.add(WHO, NEW)
    keys.set_recovery(WHO, CODE)
    held = [getattr(keys, name) for name in vars(keys)]
    assert KEY not in held


def _die_in_replace(folder: Path, at: int, act: Callable[[Keyring], object]) -> None:
    """In a process of its own: kill it in the midst of the `at`-th change of a file's name."""
    calls = iter(range(1, 9))
    swap = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if next(calls) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return swap(path, target)

    Path.replace = replace  # type: ignore[assignment, method-assign]
    act(Keyring(keyring.unlock(folder, WHO), lambda: key_slots.MIN_COST, os.urandom))


def _add(keys: Keyring) -> None:
    keys.add(WHO, NEW)


def _change(keys: Keyring) -> None:
    keys.change(WHO, "helt nya ord efter bytet")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("act", [_add, _change])
def test_power_cut_between_the_copies_leaves_one_whole(
    folder: Path, at: int, act: Callable[[Keyring], object]
) -> None:
    before = key_slots.read_slots(folder)
    dying = multiprocessing.get_context("fork").Process(
        target=_die_in_replace, args=(folder, at, act)
    )
    dying.start()
    dying.join()
    assert dying.exitcode == -signal.SIGKILL
    after = key_slots.read_slots(folder)
    is_done = at == 2
    assert after.generation == before.generation + is_done
    after_words = Credentials(WHO.initials, "helt nya ord efter bytet")
    whoever = after_words if is_done and act is _change else WHO
    assert opens(folder, whoever)
    one, other = ((folder / name).read_bytes() for name in key_slots.SLOT_FILES)
    assert one == other
    assert key_slots.recovery_slot(after) is None
