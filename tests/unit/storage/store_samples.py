# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the store share: known keys, and ways to hurt a file."""

from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from tests.support import make

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, key_slots, keyring
from kfdesk.storage.store import Store

PAGE = 4096
FULL_FLOOR, FULL_DEFAULT = vars(key_slots).get("FULL", (key_slots.MIN_COST, key_slots.DEFAULT_COST))
"""What the program asks for; `tests/offline` lets the tests pay less."""
WHO = Credentials("PP", "sex ord som bara den påhittade vet")


def known_bytes(seed: str = "template") -> Callable[[int], bytes]:
    """Bytes in place of the machine's random ones; the first 32 are the store's key."""
    calls = count()
    return lambda size: make.named_bytes(f"{seed} {next(calls)}", size)


KEY = known_bytes()(32)


def making(random: Callable[[int], bytes]) -> key_slots.SlotOptions:
    """Return what makes slots at the least cost."""
    return key_slots.SlotOptions(key_slots.MIN_COST, random)


def made_in(folder: Path, seed: str = "template") -> Store:
    """Return a new store, open."""
    return keyring.create_store(folder, WHO, making(known_bytes(seed)))


def refusal(work: Callable[[], object]) -> str:
    """Return the code with which `work` is refused."""
    with pytest.raises(KfdeskError) as refused:
        work()
    return refused.value.code


def without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let new connections not wait for the lock of another program."""
    dbapi2 = vars(driver)["dbapi2"]
    monkeypatch.setattr(dbapi2, "connect", partial(dbapi2.connect, timeout=0.01))


def flip(file: Path, place: int) -> None:
    """Change one bit."""
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder and what is in them."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
