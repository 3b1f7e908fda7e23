# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a desk: store, exchange files, papers and machine are put together for the services.

The other half of `app.py`, which loads it when the first store is made or unlocked, so that the
unlock window stands before the encryption and the records are even loaded.
"""

import importlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from kfdesk.bundle.exchange import BundleFiles
from kfdesk.documents.contents import SHEET_KEYS
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language
from kfdesk.machine import Machine
from kfdesk.services.desk import Desk, Rooms, found_desk, open_desk
from kfdesk.services.passphrases import plain
from kfdesk.storage import slots, vault
from kfdesk.storage.vault import Credentials
from kfdesk.system import paths, process, single


class LazyPapers:
    """The press, which is loaded with its fonts when the first paper is asked for."""

    @cached_property
    def _press(self) -> Any:
        module = importlib.import_module("kfdesk.documents.papers")
        return module.Papers(paths.resources(), paths.translations())

    @property
    def sheet_keys(self) -> Mapping[str, frozenset[str]]:
        """The keys that the traveller's sheet contains."""
        return SHEET_KEYS

    def travellers_sheet(self, what: Disclosed, words: Language) -> bytes:
        """The traveller's sheet as a PDF."""
        pdf: bytes = self._press.travellers_sheet(what, words)
        return pdf

    def pictures(self, pdf: bytes, scale: float) -> list[bytes]:
        """Each page of a paper as a PNG, at `scale` pixels to a point."""
        pages: list[bytes] = self._press.pictures(pdf, scale)
        return pages


def rooms(machine: Machine) -> Rooms:
    """The rooms that services use, on this machine."""
    return Rooms(
        bundles=BundleFiles(machine.random),
        papers=LazyPapers(),
        clock=machine.clock,
        random=machine.random,
    )


def create_store(folder: Path, name: str, who: Credentials, machine: Machine) -> Desk:
    """A new store with a new desk called `name`, open.

    Raises KfdeskError `store.exists` or `store.disk`.
    """
    who = Credentials(who.initials, plain(who.passphrase))
    cost = machine.cost or slots.affordable(process.memory())
    store = vault.create(folder, who, cost, machine.random)
    store.when_closed(single.hold(folder).release)
    return found_desk(store, name, who.initials, rooms(machine))


def unlock_store(folder: Path, who: Credentials, machine: Machine) -> Desk:
    """The desk in a store, open; no other program can have it meanwhile.

    Raises KfdeskError `store.…`.
    """
    if not vault.has_store(folder):
        raise KfdeskError("store.missing")
    who = Credentials(who.initials, plain(who.passphrase))
    held = single.hold(folder)
    try:
        store = vault.unlock(folder, who)
    except KfdeskError:
        held.release()
        raise
    store.when_closed(held.release)
    return open_desk(store, who.initials, rooms(machine))
