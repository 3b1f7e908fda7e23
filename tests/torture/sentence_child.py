# SPDX-License-Identifier: GPL-3.0-or-later
"""One command on a desk whose disk fails at one call; what it says goes to the standard output.

Runs by itself under the shim, `python -m tests.torture.sentence_child COMMAND FOLDER PARTNER PLAN`.
The faults begin when the store is open. `wrong` says what a program without state says.
"""

import os
import random
import sys
from pathlib import Path

from benchmarks import desks
from tests.support.updates import Bench

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.recovery_key import generate_key, spell_key
from kfdesk.domain.updates import UPDATE_SUFFIX
from kfdesk.services import accounts
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.upkeep.backup import wipe_store

NEW = "sju andra ord som bara mäter felen"
NEW_USER = "QQ"
OTHER_USER = "ZZ"  # who is there before, with the passphrase `NEW`
CODE = " ".join(spell_key(generate_key(bytes)))
OWN_CODE = " ".join(spell_key(generate_key(random.Random(1).randbytes)))  # that is there before
STICK = "stick"  # beside the store's folder, with a backup and an update
PROGRAM = "Notebook"  # there, too
VALUE = "Bussen som kom"


def _restore(folder: Path) -> None:
    store_lifecycle.restore_store(folder.parent / STICK, folder, desks.WHO, desks.MACHINE)


def _salvage(folder: Path) -> None:
    store_lifecycle.salvage_store(folder, desks.WHO, desks.MACHINE)


def _recover(folder: Path) -> None:
    new = Credentials(desks.WHO.initials, NEW)
    store_lifecycle.recover_store(folder, new, OWN_CODE, desks.MACHINE)


def _update(folder: Path) -> None:
    bench = Bench(folder.parent / PROGRAM, folder.parent / STICK)
    (path,) = bench.stick.glob(f"*{UPDATE_SUFFIX}")
    bench.install(path)


_CLOSED = {"restore": _restore, "salvage": _salvage, "recover": _recover, "update": _update}


def run(command: str, desk: Session, partner: bytes, record: bytes) -> None:
    """Do what a command does. Raise KfdeskError."""
    old = desks.WHO.passphrase
    if command == "user passphrase":
        accounts.change_passphrase(desk, old, NEW)
    elif command == "user add":
        accounts.add_user(desk, old, NEW_USER, NEW, {Role.RETURN_COORDINATOR})
    elif command == "user remove":
        accounts.remove_user(desk, OTHER_USER)
    elif command == "recovery key":
        accounts.set_recovery_key(desk, old, CODE)
    elif command == "data key":
        if not accounts.rekey_store(desk, old, {OTHER_USER: NEW}):
            raise KfdeskError("store.disk")
    elif command == "wipe":
        wipe_store(desk, old, loses_all=True)
    elif command == "plan set":
        change_record(desk, record, {"carrier": VALUE})
    else:
        transfer.send_bundle(desk, record, partner, desk.store.folder)


def main(command: str, folder: str, partner: str, record: str, *wrong: str) -> None:
    """Open the store, let the faults begin, and say `done` or the code of the refusal."""
    place = Path(folder)
    closed = _CLOSED.get(command)
    desk = store_lifecycle.unlock_store(place, desks.WHO, desks.MACHINE) if not closed else None
    Path(os.environ["FAULT_ON"]).touch()
    said = "done"
    try:
        if desk is not None:
            run(command, desk, bytes.fromhex(partner), bytes.fromhex(record))
        elif closed is not None:
            closed(place)
    except KfdeskError as fault:
        said = "store.disk" if wrong and fault.code in ("store.done", "bundle.not_named") \
            else fault.code  # fmt: skip
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()
    os._exit(0)  # what closing writes is another row's


if __name__ == "__main__":
    main(*sys.argv[1:])
