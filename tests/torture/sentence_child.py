# SPDX-License-Identifier: GPL-3.0-or-later
"""One command on a desk whose disk fails at one call; what it says goes to the standard output.

Runs by itself under the shim, `python -m tests.torture.sentence_child COMMAND FOLDER PARTNER PLAN`.
The faults begin when the store is open. `wrong` says what a program without state says.
"""

import os
import sys
from pathlib import Path

from benchmarks import desks

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.recovery_key import generate_key, spell_key
from kfdesk.services import accounts
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer

NEW = "sju andra ord som bara mäter felen"
NEW_USER = "QQ"
OTHER_USER = "ZZ"  # who is there before, with the passphrase `NEW`
CODE = " ".join(spell_key(generate_key(bytes)))
STICK = "stick"  # beside the store's folder, with a backup
VALUE = "Bussen som kom"


def _restore(folder: Path) -> None:
    store_lifecycle.restore_store(folder.parent / STICK, folder, desks.WHO, desks.MACHINE)


def _salvage(folder: Path) -> None:
    store_lifecycle.salvage_store(folder, desks.WHO, desks.MACHINE)


_CLOSED = {"restore": _restore, "salvage": _salvage}


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
