# SPDX-License-Identifier: GPL-3.0-or-later
"""Acts on whole stores and on the program that are watched call by call while the power may go.

Runs by itself, `python -m tests.torture.power_acts ACT FOLDER TOLD [WRONG]`, under strace. `FOLDER`
holds the store and the stick. What is done is said in the file TOLD. With `WRONG` the program
flushes nothing of its own.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.desks import MACHINE, WHO
from tests.support.updates import Bench
from tests.torture.keeping_children import WEEK, at_calendar
from tests.torture.sentence_child import CODE, NEW, NEW_USER, OTHER_USER, PROGRAM, STICK

from kfdesk import files, store_lifecycle
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.updates import UPDATE_SUFFIX
from kfdesk.services import accounts
from kfdesk.services.core.session import Session
from kfdesk.services.upkeep.backup import make_backup, wipe_store

STORE, FRESH = "store", "new/house"
"""What lies in the folder of an act; `FRESH` is where a store will be created."""

Act = Callable[[Path], Callable[[], object]]


def _open(around: Path) -> Session:
    return store_lifecycle.unlock_store(around / STORE, WHO, MACHINE)


def _restore(around: Path) -> Callable[[], object]:
    return lambda: store_lifecycle.restore_store(around / STICK, around / STORE, WHO, MACHINE)


def _salvage(around: Path) -> Callable[[], object]:
    return lambda: store_lifecycle.salvage_store(around / STORE, WHO, MACHINE)


def _create(around: Path) -> Callable[[], object]:
    return lambda: store_lifecycle.create_store(around / FRESH, "Nytt hus", WHO, MACHINE)


def _rekey(around: Path) -> Callable[[], object]:
    desk = _open(around)
    return lambda: accounts.rekey_store(desk, WHO.passphrase, {OTHER_USER: NEW})


def _passphrase(around: Path) -> Callable[[], object]:
    desk = _open(around)
    return lambda: accounts.change_passphrase(desk, WHO.passphrase, NEW)


def _add_user(around: Path) -> Callable[[], object]:
    desk, roles = _open(around), {Role.RETURN_COORDINATOR}
    return lambda: accounts.add_user(desk, WHO.passphrase, NEW_USER, NEW, roles)


def _remove_user(around: Path) -> Callable[[], object]:
    desk = _open(around)
    return lambda: accounts.remove_user(desk, OTHER_USER)


def _recovery_key(around: Path) -> Callable[[], object]:
    desk = _open(around)
    return lambda: accounts.set_recovery_key(desk, WHO.passphrase, CODE)


def _recover(around: Path) -> Callable[[], object]:
    new = Credentials(WHO.initials, NEW)
    return lambda: store_lifecycle.recover_store(around / STORE, new, CODE, MACHINE)


def _wipe(around: Path) -> Callable[[], object]:
    desk = _open(around)
    return lambda: wipe_store(desk, WHO.passphrase, loses_all=True)


def _back_up(around: Path) -> Callable[[], object]:
    desk, _ = at_calendar(_open(around), WEEK + 1)
    return lambda: make_backup(desk, around / STICK)


def _update(around: Path) -> Callable[[], object]:
    bench = Bench(around / PROGRAM, around / STICK)
    (path,) = (around / STICK).glob(f"*{UPDATE_SUFFIX}")
    return lambda: bench.install(path)


def _go_back(around: Path) -> Callable[[], object]:
    return Bench(around / PROGRAM, around / STICK).updates.go_back


ACTS: Mapping[str, Act] = {
    "restore": _restore, "salvage": _salvage, "create": _create, "rekey": _rekey,
    "passphrase": _passphrase, "add user": _add_user, "remove user": _remove_user,
    "recovery key": _recovery_key, "recover": _recover, "wipe": _wipe, "back up": _back_up,
    "update": _update, "go back": _go_back,
}  # fmt: skip


def main(name: str, around: str, told: str, *wrong: str) -> None:
    """Do an act; say 0 when it begins and 1 when it is done."""
    if wrong:
        files.os.fsync = lambda _descriptor: None  # type: ignore[attr-defined]
    descriptor = os.open(told, os.O_WRONLY | os.O_CREAT)
    act = ACTS[name](Path(around))
    os.write(descriptor, b"0\n")
    act()
    os.write(descriptor, b"1\n")
    os._exit(0)  # what closing writes is another row's


if __name__ == "__main__":
    main(*sys.argv[1:])
