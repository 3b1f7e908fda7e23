# SPDX-License-Identifier: GPL-3.0-or-later
"""Salvage: a new store beside a damaged one, with all readable data, under the same keys.

The damaged folder is read and never written to. A journal that a crash left is part of
the store: store and journal are copied, and SQLCipher rolls back the copy.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from kfdesk.domain.backup import SalvageResult
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, key_slots, keyring, tables
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.recovery.pages import PageDecipherer, PageReader, read_pages
from kfdesk.storage.recovery.rebuild import ProgressStep
from kfdesk.storage.restore import clear_stage
from kfdesk.storage.store import Store
from kfdesk.storage.store_names import WORK_CARRIER, WORK_COPY, work_folder

_JOURNAL = f"{STORE_FILE}-journal"

OpenSlots = Callable[[key_slots.SlotFile], bytes]
"""Unwraps the data key from slots, by passphrase or recovery key."""


def find_data_key(
    folder: Path, others: Sequence[Path], opens: OpenSlots
) -> tuple[bytes, key_slots.SlotFile]:
    """Return the data key of the store in `folder`, from its slots or those of `others`.

    `others` are folders of its backups, for the case that both copies of the slots are bad.
    Raise KfdeskError `store.missing`, `store.not_a_store`, `store.newer` or
    `store.wrong_passphrase`.
    """
    if not (folder / STORE_FILE).is_file():
        raise KfdeskError("store.missing")
    fault: KfdeskError | None = None
    for each in (folder, *others):
        try:
            key_slots.read_slots(each)
        except KfdeskError as found:
            fault = fault or found
            continue
        file, key = key_slots.open_any_copy(each, opens)
        sealed = [copy for copy in key_slots.intact_copies(each) if key_slots.is_sealed(copy, key)]
        return key, max(sealed, key=lambda copy: copy.generation, default=file)
    raise fault or KfdeskError("store.not_a_store")


@contextmanager
def salvaged_store(
    folder: Path, stage: Path, found: tuple[bytes, key_slots.SlotFile], step: ProgressStep
) -> Iterator[tuple[Store, SalvageResult]]:
    """Yield a new store in `stage` with all readable data of `folder`, and the report.

    `found` is its key and the slots that hold it. The stage is removed afterwards, unless
    it was moved. Raise KfdeskError `store.disk`, `store.newer` for a store of a newer program, of
    which this one would leave a part behind, or whatever `step` raises to stop.
    """
    work = work_folder(stage)
    for each in (stage, work):
        clear_stage(each)
    key, file = found
    try:
        work.mkdir(mode=0o700, parents=True)
        stage.mkdir(mode=0o700)
        pages = PageReader(
            _roll_back_journal(folder, work, key), key, PageDecipherer(work / WORK_CARRIER, key)
        )
        tables.check_version_in(pages.page(1) or b"")
        store = keyring.create_empty_store(stage, key, file)
        try:
            with store.transaction():
                salvage = store.rescue.run(pages, step)
                slots = _slots_of_today(store, file, key)
                store.set_setting(key_slots.SLOTS_SETTING, key_slots.encode_slots(slots))
            key_slots.repair_slots(stage, slots)
            yield store, salvage
        finally:
            store.close()
    except OSError:
        raise KfdeskError("store.disk") from None
    except driver.DatabaseError as error:  # while the new store or the carrier of pages is made
        raise driver.translate_error(error) from None
    finally:
        for each in (stage, work):
            shutil.rmtree(each, ignore_errors=True)


def _slots_of_today(store: Store, file: key_slots.SlotFile, key: bytes) -> key_slots.SlotFile:
    """Return the slots that the damaged store has noted, or those of a newer file that is sealed.

    A file without a seal says nothing of which passphrases are today's: anybody can write it.
    """
    kept = store.setting(key_slots.SLOTS_SETTING)
    known = key_slots.decode_slots(kept) if kept is not None else None
    if known is None or (file.generation > known.generation and key_slots.is_sealed(file, key)):
        return file
    return known


def _roll_back_journal(folder: Path, work: Path, key: bytes) -> Path:
    """Return the store's file, or a copy with the journal rolled back if there is one."""
    if not (folder / _JOURNAL).exists():
        return folder / STORE_FILE
    copy = work / WORK_COPY
    copy.mkdir()
    for name in (STORE_FILE, _JOURNAL):
        count = -(-(folder / name).stat().st_size // driver.PAGE_BYTES)
        with (copy / name).open("wb") as file:
            file.writelines(read_pages(folder / name, 0, count))
    with suppress(KfdeskError):  # if the rollback fails, the copy is read as it is, page by page
        driver.connect(copy / STORE_FILE, key).close()
    return copy / STORE_FILE
