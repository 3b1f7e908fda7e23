# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores made once in a run and copied for each test, and opened without paying twice.

To derive a key from a passphrase costs a tenth of a second, on purpose; a copy next to nothing.
What is copied is a real store with its real slots, and what is remembered of a derivation is its
result for the very same slots and words. Who tests passphrases goes the whole way by `app.py`.
"""

import os
import pickle
import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast

from tests.support import chance

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots, keyring
from kfdesk.system.clock import SystemClock

T = TypeVar("T")
AGREED = store_lifecycle.RestoreCourse(agrees=lambda _: True)
"""The course of a restore for which somebody says yes to whatever it erases again."""
SHARED = "SHARED_STORES"
"""The variable that names the folder in which the workers of a run share what they have made."""


@dataclass(frozen=True)
class Kept:
    """Folders and files below a folder, each with its mode, and what was returned beside them."""

    parts: tuple[tuple[str, int, bytes | None], ...]
    made: Any

    def put(self, folder: Path) -> None:
        """Write all of it below `folder`."""
        for name, mode, data in self.parts:
            path = folder / name
            if data is None:
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.write_bytes(data)
            path.chmod(mode)


_KEPT: dict[Hashable, Kept] = {}


def copied(name: Hashable, folder: Path, make: Callable[[Path], T]) -> T:
    """Copy what `make` puts into a folder into this one; return what it returned.

    It is called once for each `name`, must close its stores, and return what all copies have in
    common. Workers of one run share what has a name that can be pickled: a lambda has none.
    """
    if name not in _KEPT:
        shared = _shared(name)
        with chance.seeded(re.sub(r" at 0x\w+", "", repr(name))):
            _KEPT[name] = _load(shared) or _keep(make, shared)
    folder.mkdir(parents=True, exist_ok=True)
    _KEPT[name].put(folder)
    return cast("T", _KEPT[name].made)


def new_desk(folder: Path, name: str, who: Credentials, machine: Environment) -> Session:
    """As `store_lifecycle.create_store`; all desks of this name in a process are copies of one."""
    is_set = not isinstance(machine.clock, SystemClock)
    begins = machine.clock.now().replace(microsecond=0) if is_set else None

    def make(place: Path) -> None:
        store_lifecycle.create_store(place / "desk", name, who, machine).store.close()

    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as place:
        copied((name, who, begins), Path(place), make)
        (Path(place) / "desk").rename(folder)
    return unlock(folder, who, machine)


def unlock(folder: Path, who: Credentials, machine: Environment) -> Session:
    """Return the session of a copy as it was made, without an entry of its opening."""
    with remembering():
        desk = store_lifecycle._open_session(
            folder, who.initials, machine, lambda: keyring.unlock(folder, who)
        )
    store_lifecycle._rollback_anchors(desk.store).begin(store_lifecycle._rollback_watch(machine))
    return desk


def lighten(folder: Path, who: Credentials) -> None:
    """Let the passphrase of a store cost the least, for the processes that will open it."""
    file = key_slots.read_slots(folder)
    key = key_slots.open_user_slot(file, who.initials, who.passphrase)
    (old,) = (slot for slot in file.slots if slot.kind == key_slots.USER_SLOT)
    making = key_slots.SlotOptions(key_slots.MIN_COST, os.urandom)
    new = key_slots.renew_slot(old, key, who.initials, who.passphrase, making)
    key_slots.write_slots(folder, key_slots.seal_slots(key_slots.with_slot(file, new), key))


@contextmanager
def remembering() -> Iterator[None]:
    """Derive no key twice from the very same slot and words; everything else is as ever.

    Of several such blocks the last one that ends gives the derivation back, whichever it is.
    """
    _within.append(None)
    key_slots._derive_from_passphrase = _derived
    try:
        yield
    finally:
        _within.pop()
        if not _within:
            key_slots._derive_from_passphrase = _derive


_within: list[None] = []
_derive = key_slots._derive_from_passphrase
_derived = cache(_derive)


def _shared(name: Hashable) -> Path | None:
    """Return the file in which the workers of this run share what is kept by this name."""
    folder = os.environ.get(SHARED)
    if not folder:
        return None
    try:
        return Path(folder) / sha256(pickle.dumps(name)).hexdigest()
    except (AttributeError, pickle.PicklingError):
        return None


def _load(shared: Path | None) -> Kept | None:
    """Return what another worker has made; None if none has yet."""
    if shared is None or not shared.exists():
        return None
    return cast("Kept", pickle.loads(shared.read_bytes()))


def _keep(make: Callable[[Path], T], shared: Path | None) -> Kept:
    """Make it, and hand it to the other workers."""
    with TemporaryDirectory() as place:
        made = make(Path(place))
        kept = Kept(tuple(map(_part, _below(Path(place)))), made)
    if shared is not None:
        shared.parent.mkdir(exist_ok=True)
        unfinished = shared.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(pickle.dumps(kept))
        unfinished.rename(shared)
    return kept


def _below(folder: Path) -> list[tuple[Path, str]]:
    return [(path, path.relative_to(folder).as_posix()) for path in sorted(folder.rglob("*"))]


def _part(found: tuple[Path, str]) -> tuple[str, int, bytes | None]:
    path, name = found
    return name, path.stat().st_mode & 0o777, None if path.is_dir() else path.read_bytes()
