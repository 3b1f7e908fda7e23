# SPDX-License-Identifier: GPL-3.0-or-later
"""The same jobs by other programs, where they are installed; for orientation, never a gate.

Each row is how many times as long the other program takes. Its start is in it, as in the life of
who calls it: a few milliseconds.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from benchmarks.desks import MACHINE, WHO
from benchmarks.full.contacts import MANY, folder_of
from benchmarks.measure import Row, ratio, timed
from kfdesk import store_lifecycle
from kfdesk.bundle import age
from kfdesk.bundle.card import DeskKeys
from kfdesk.domain.directory import SearchQuery
from kfdesk.storage import driver, key_slots

_ENTRIES = 10_000
_BYTES = 8 * 1024 * 1024
_PASSPHRASE = "sex ord som bara mäter"


def rows() -> list[Row]:
    """Return rows for each of age, sqlcipher and keepassxc-cli that is installed."""
    jobs = (("age", _age), ("sqlcipher", _sqlcipher), ("keepassxc-cli", _keepassxc))
    with tempfile.TemporaryDirectory() as name:
        return [
            row for tool, job in jobs if shutil.which(tool) for row in job(Path(name))
        ]  # fmt: skip


def _run(command: Sequence[str], said: str = "") -> str:
    done = subprocess.run(command, input=said, capture_output=True, text=True, check=True)
    return done.stdout


def _age(folder: Path) -> Iterator[Row]:
    """Encrypting eight mebibytes for one recipient."""
    plain = folder / "plain"
    plain.write_bytes(os.urandom(_BYTES))
    key = DeskKeys(os.urandom(32), os.urandom(32)).age_key
    command = ["age", "-r", age.age_key_text(key), "-o", str(folder / "out"), str(plain)]
    yield ratio(
        "age: 8 MiB for one recipient ÷ ours",
        lambda: timed(lambda: _run(command)),
        lambda: timed(lambda: age.encrypt(BytesIO(plain.read_bytes()), BytesIO(), [key])),
        "",
    )


def _sqlcipher(_folder: Path) -> Iterator[Row]:
    """Yield rows for opening the store by its key and searching a name without an index."""
    folder = folder_of(MANY)
    file = folder / driver.STORE_FILE
    key = key_slots.open_user_slot(key_slots.read_slots(folder), WHO.initials, WHO.passphrase)
    asked = "SELECT count(*) FROM record_organisation WHERE f_name LIKE '%cededrueke%';"
    said = f"PRAGMA key = \"x'{key.hex()}'\";\n{asked}\n"
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    yield ratio(
        f"sqlcipher: a name among {MANY} ÷ ours",
        lambda: timed(lambda: _run(["sqlcipher", str(file)], said)),
        lambda: timed(lambda: desk.store.search.ids(_SOUGHT, 64)),
        "",
    )
    desk.store.close()


def _keepassxc(folder: Path) -> Iterator[Row]:
    """Yield rows for a search in ten thousand entries, all of which it decrypts first."""
    entries = "".join(
        f"<Entry><String><Key>Title</Key><Value>Hus {number}</Value></String></Entry>"
        for number in range(_ENTRIES)
    )
    source, made = folder / "entries.xml", folder / "entries.kdbx"
    source.write_text(
        f"<KeePassFile><Root><Group><Name>Root</Name>{entries}</Group></Root></KeePassFile>"
    )
    twice = f"{_PASSPHRASE}\n{_PASSPHRASE}\n"
    _run(["keepassxc-cli", "import", "-p", str(source), str(made)], twice)
    desk = store_lifecycle.unlock_store(folder_of(MANY), WHO, MACHINE)
    search = ["keepassxc-cli", "search", str(made), "Hus 4711"]
    yield ratio(
        f"keepassxc-cli: a name among {_ENTRIES} ÷ ours among {MANY}",
        lambda: timed(lambda: _run(search, f"{_PASSPHRASE}\n")),
        lambda: timed(lambda: desk.store.search.ids(_SOUGHT, 64)),
        "",
        rounds=3,
    )
    desk.store.close()


_SOUGHT = SearchQuery((("cededrueke", "~cededrueke"),))
