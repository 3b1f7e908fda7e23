# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the rooms together: the one place where all meet.

Rooms that weigh much come in by `importlib.import_module` when they are first needed, so that the
unlock window stands quickly. Nothing here decides anything about a record.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from kfdesk.cli import terminal
from kfdesk.cli.terminal import Doors
from kfdesk.documents.contents import SHEET_KEYS
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import PROGRAM, TRAVELLER, Language, load
from kfdesk.services.desk import Desk, Rooms, found_desk, open_desk
from kfdesk.services.ports import Clock
from kfdesk.storage import slots, vault
from kfdesk.storage.vault import Credentials
from kfdesk.system import paths, process, single
from kfdesk.system.clock import SystemClock


@dataclass(frozen=True, slots=True)
class Machine:
    """What differs between a real run and a test: clock, randomness, cost of a passphrase."""

    clock: Clock = field(default_factory=SystemClock)
    random: Callable[[int], bytes] = os.urandom
    cost: slots.Cost | None = None


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


def rooms(machine: Machine) -> Rooms:
    """The rooms that services use, on this machine."""
    bundles = importlib.import_module("kfdesk.bundle.exchange")
    return Rooms(
        bundles=bundles.BundleFiles(machine.random),
        papers=LazyPapers(),
        clock=machine.clock,
        random=machine.random,
    )


def create_store(folder: Path, name: str, who: Credentials, machine: Machine) -> Desk:
    """A new store with a new desk called `name`, open.

    Raises KfdeskError `store.exists` or `store.disk`.
    """
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
    held = single.hold(folder)
    try:
        store = vault.unlock(folder, who)
    except KfdeskError:
        held.release()
        raise
    store.when_closed(held.release)
    return open_desk(store, who.initials, rooms(machine))


def language(code: str) -> Language:
    """The window's words in a language."""
    return load(code, paths.translations(), PROGRAM)


def travellers_language(code: str) -> Language:
    """The traveller's sentences in a language."""
    return load(code, paths.translations(), TRAVELLER)


def main(argv: Sequence[str], machine: Machine | None = None) -> int:
    """The program: one command, or the window. Returns the exit code."""
    process.harden()
    here = machine or Machine()
    return terminal.main(
        argv,
        Doors(
            create=lambda folder, name, initials, passphrase: create_store(
                folder, name, Credentials(initials, passphrase), here
            ),
            unlock=lambda folder, initials, passphrase: unlock_store(
                folder, Credentials(initials, passphrase), here
            ),
            window=lambda folder, code: open_window(folder, code, here),
            words=language,
            papers=travellers_language,
            default_store=paths.default_store,
        ),
    )


def open_window(folder: Path, code: str | None, machine: Machine) -> int:
    """The window on a store, in the language `code`. Returns its exit code."""
    start = importlib.import_module("kfdesk.ui.start")
    result: int = start.run(window_setting(folder, code or "sv", machine))
    return result


def take_pictures(
    folder: Path, who: tuple[str, str], into: Path, machine: Machine
) -> Iterator[Any]:
    """Pictures of every page of the window on a store, into a folder; without a display, too."""
    if sys.platform == "linux" and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    gallery = importlib.import_module("kfdesk.ui.shell.gallery")
    pictures: Iterator[Any] = gallery.take_pictures(
        window_setting(folder, "sv", machine), *who, into
    )
    return pictures


def page_pictures(pdf: bytes, scale: float) -> list[bytes]:
    """Each page of a PDF as a PNG, at `scale` pixels to a point."""
    read_back = importlib.import_module("kfdesk.documents.read_back")
    pictures: list[bytes] = read_back.page_pngs(pdf, scale)
    return pictures


def has_display() -> bool:
    """Whether a window can be shown on a screen."""
    if sys.platform in {"win32", "darwin"}:
        return True
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def window_setting(folder: Path, code: str, machine: Machine) -> Any:
    """What the window on a store in `folder` is started with."""
    start = importlib.import_module("kfdesk.ui.start")
    return start.Setting(
        resources=paths.resources(),
        translations=paths.translations(),
        language=code,
        store=folder.name,
        unlock=lambda initials, passphrase: unlock_store(
            folder, Credentials(initials, passphrase), machine
        ),
        crashed=_crashed,
    )


def _crashed(bug: BaseException) -> None:
    """A bug ends the program. What is on the disk is whole; no value goes into any log."""
    place = traceback.extract_tb(bug.__traceback__)[-1]
    sys.stderr.write(f"stopped: {type(bug).__name__}, {Path(place.filename).name}:{place.lineno}\n")
    sys.stderr.flush()
    os._exit(70)
