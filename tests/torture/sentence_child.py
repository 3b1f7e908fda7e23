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
from kfdesk.services import accounts
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer

NEW = "sju andra ord som bara mäter felen"
NEW_USER = "QQ"
VALUE = "Bussen som kom"


def run(command: str, desk: Session, partner: bytes, record: bytes) -> None:
    """Do what a command does. Raise KfdeskError."""
    old = desks.WHO.passphrase
    if command == "user passphrase":
        accounts.change_passphrase(desk, old, NEW)
    elif command == "user add":
        accounts.add_user(desk, old, NEW_USER, NEW, {Role.RETURN_COORDINATOR})
    elif command == "plan set":
        change_record(desk, record, {"carrier": VALUE})
    else:
        transfer.send_bundle(desk, record, partner, desk.store.folder)


def main(command: str, folder: str, partner: str, record: str, *wrong: str) -> None:
    """Open the store, let the faults begin, and say `done` or the code of the refusal."""
    desk = store_lifecycle.unlock_store(Path(folder), desks.WHO, desks.MACHINE)
    Path(os.environ["FAULT_ON"]).touch()
    said = "done"
    try:
        run(command, desk, bytes.fromhex(partner), bytes.fromhex(record))
    except KfdeskError as fault:
        said = "store.disk" if wrong and fault.code in ("store.done", "bundle.not_named") \
            else fault.code  # fmt: skip
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()
    os._exit(0)  # what closing writes is another row's


if __name__ == "__main__":
    main(*sys.argv[1:])
