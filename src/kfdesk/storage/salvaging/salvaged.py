# SPDX-License-Identifier: GPL-3.0-or-later
"""A new store beside a damaged one, with all that could be read of it, under the same keys.

The damaged folder is read and never written to. A journal that a crash has left is part of what
the store was: store and journal are copied, and SQLCipher undoes on the copy what was half done.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.keeping.salvage import Salvage
from kfdesk.storage import driver, slots, vault
from kfdesk.storage.driver import FILE
from kfdesk.storage.salvaging.pages import Carrier, Pages, read_pages
from kfdesk.storage.salvaging.rescue import Step
from kfdesk.storage.store import Store

_JOURNAL = f"{FILE}-journal"
_CARRIER, _COPY = "carrier", "copy"

Opens = Callable[[slots.SlotFile], bytes]
"""What gets the data key out of slots, by passphrase or recovery key."""


def find_key(folder: Path, others: Sequence[Path], opens: Opens) -> tuple[bytes, slots.SlotFile]:
    """The data key of the store in `folder`, by its slots; where both copies are bad, by `others`.

    Those are folders of its backups. Raises KfdeskError `store.missing`, `store.not_a_store` or
    `store.wrong_passphrase`.
    """
    if not (folder / FILE).is_file():
        raise KfdeskError("store.missing")
    fault: KfdeskError | None = None
    for each in (folder, *others):
        try:
            file = slots.read_slots(each)
        except KfdeskError as found:
            fault = fault or found
            continue
        return opens(file), file
    raise fault or KfdeskError("store.not_a_store")


@contextmanager
def salvaged(
    folder: Path, stage: Path, found: tuple[bytes, slots.SlotFile], step: Step
) -> Iterator[tuple[Store, Salvage]]:
    """All that can be read of the store in `folder`, in a new store in the folder `stage`.

    `found` is its key and the slots that hold it. The stage is gone afterwards, unless it was
    moved. Raises KfdeskError `store.disk`, or whatever `step` stops it by.
    """
    work = stage.with_name(f"{stage.name}.work")
    for each in (stage, work):
        shutil.rmtree(each, ignore_errors=True)  # what one has left that was cut off
    key, file = found
    try:
        work.mkdir(mode=0o700, parents=True)
        stage.mkdir(mode=0o700)
        pages = Pages(_settled(folder, work, key), key, Carrier(work / _CARRIER, key))
        store = vault.make_store(stage, key, file)
        try:
            with store.transaction():
                salvage = store.rescue.run(pages, step)
            yield store, salvage
        finally:
            store.close()
    except OSError:
        raise KfdeskError("store.disk") from None
    finally:
        for each in (stage, work):
            shutil.rmtree(each, ignore_errors=True)


def _settled(folder: Path, work: Path, key: bytes) -> Path:
    """The store's file; a copy on which a journal was played back, where one was left."""
    if not (folder / _JOURNAL).exists():
        return folder / FILE
    copy = work / _COPY
    copy.mkdir()
    for name in (FILE, _JOURNAL):
        count = -(-(folder / name).stat().st_size // driver.PAGE)
        with (copy / name).open("wb") as file:
            file.writelines(read_pages(folder / name, 0, count))
    with suppress(KfdeskError):  # what cannot be undone stays as it is, and is read page by page
        driver.connect(copy / FILE, key).close()
    return copy / FILE
