# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs on a disk that answers with errors: a few saves, each said to be saved or refused.

Runs by itself, `python -m tests.torture.fault_child FOLDER KEY RECORD [WRONG]`, under strace, which
lets calls on the store's files fail. What is said goes to the standard output, a line a save.
"""

import sys
from pathlib import Path

from tests.torture.kill_children import TWIN_FIELDS
from tests.torture.world import Place, connection_of, open_at

from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.records import change_record

SAVES = 4


def main(folder: str, key: str, rid: str, *wrong: str) -> None:
    """Save on the store in a folder; with `wrong`, without a journal to go back by."""
    try:
        desk = open_at(Place(Path(folder), bytes.fromhex(key)))
    except KfdeskError as fault:
        sys.stdout.write(f"refused {fault.code}\n")
        return
    if wrong:
        connection_of(desk.store).execute("PRAGMA journal_mode = OFF")
    for number in range(1, SAVES + 1):
        try:
            change_record(desk, bytes.fromhex(rid), dict.fromkeys(TWIN_FIELDS, str(number)))
        except KfdeskError as fault:
            sys.stdout.write(f"refused {fault.code}\n")
        else:
            sys.stdout.write(f"saved {number}\n")
    desk.store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
