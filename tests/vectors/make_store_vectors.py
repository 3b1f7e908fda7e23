# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a store as the program of today writes it, for the programs of tomorrow to open.

Run `python -m tests.vectors.make_store_vectors VERSION` once before a release; the folder it makes
under `store/` is kept for ever and never made again. Everybody in it is invented.
"""

import json
import sys
from pathlib import Path

from tests.support import make

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record
from kfdesk.storage import key_slots

FOLDER = Path(__file__).resolve().parent / "store"
WHO = Credentials("PP", "boat candle forest lantern meadow river")


def make_store(folder: Path) -> None:
    """Make a desk with one record of every type and one field that was changed."""
    desk = store_lifecycle.create_store(
        folder, "Nordhuset", WHO, Environment(cost=key_slots.MIN_COST)
    )
    with desk.store.transaction():
        for record_type in make.FILLED:
            desk.store.put(make.row(record_type))
    change_record(desk, make.HER, {"alias": "Vera"})
    desk.store.close()
    (folder / "notebook.lock").unlink(missing_ok=True)
    values = {
        record_type: sorted(key for key, value in filled.items() if value is not None)
        for record_type, filled in make.FILLED.items()
    }
    said = json.dumps({"records": values}, indent=1, sort_keys=True)
    (folder / "holds.json").write_text(said + "\n", encoding="utf-8")


if __name__ == "__main__":
    make_store(FOLDER / sys.argv[1])
