# SPDX-License-Identifier: GPL-3.0-or-later
"""The store as it was before a newer program changes its tables, kept beside it as a backup.

With it the program before can be put back: what it wrote, it can read again. It is a backup like
any other, under the keys of its day, in a folder of its own; and like any other it is thrown away
after its time, because it may still hold somebody who was erased. When that is, others decide.
"""

from collections.abc import Sequence
from pathlib import Path

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage.backups.writing import Backups


def folder_before(folder: Path) -> Path:
    """Where the stores of programs before are kept: beside the store in `folder`."""
    return folder.with_name(f"{folder.name}-before")


def keep_before(backups: Backups, folder: Path, names: Sequence[str]) -> None:
    """Keep the store in `folder` as it is, proved whole, under the first free of `names`.

    Raises KfdeskError `store.damaged`, or `store.not_kept` where it cannot be kept: then its
    tables must stay as they are.
    """
    into = folder_before(folder)
    try:
        into.mkdir(mode=0o700, exist_ok=True)
        backups.make(into, names, lambda _done, _of: None)
    except OSError:
        raise KfdeskError("store.not_kept") from None
    except KfdeskError as fault:
        if fault.code.startswith("backup."):
            raise KfdeskError("store.not_kept") from None
        raise
