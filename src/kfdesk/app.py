# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the program together: the one place where window, command line and desks meet.

Rooms that weigh much come in by `importlib.import_module` when they are first needed, so that the
unlock window stands quickly: `opening.py` with everything an open desk needs is the heaviest.
Nothing here decides anything about a record.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kfdesk.cli.arguments import parser
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import PROGRAM, PROGRAM_LANGUAGES, TRAVELLER, Language, load
from kfdesk.machine import Machine as Machine
from kfdesk.system import paths, process, settings

if TYPE_CHECKING:
    from kfdesk.services.desk import Desk
    from kfdesk.storage.vault import Credentials


def create_store(folder: Path, name: str, who: "Credentials", machine: Machine) -> "Desk":
    """A new store with a new desk called `name`, open.

    Raises KfdeskError `store.exists` or `store.disk`.
    """
    desk: Desk = _opening().create_store(folder, name, who, machine)
    return desk


def unlock_store(folder: Path, who: "Credentials", machine: Machine) -> "Desk":
    """The desk in a store, open; no other program can have it meanwhile.

    Raises KfdeskError `store.…`.
    """
    desk: Desk = _opening().unlock_store(folder, who, machine)
    return desk


def language(code: str) -> Language:
    """The program's words in a language; without one, in the machine's."""
    return load(_spoken(code), paths.translations(), PROGRAM)


def travellers_language(code: str) -> Language:
    """The traveller's sentences in a language."""
    return load(code, paths.translations(), TRAVELLER)


def main(argv: Sequence[str], machine: Machine | None = None) -> int:
    """The program: one command, or the window. Returns the exit code."""
    process.harden()
    here = machine or Machine()
    asked = parser().parse_args(argv)
    folder = asked.store or paths.default_store()
    if asked.command is None:
        return open_window(folder, asked.language, here)
    terminal = importlib.import_module("kfdesk.cli.terminal")
    code: int = terminal.run(
        asked,
        terminal.Doors(
            create=lambda name, *who: create_store(folder, name, _credentials(*who), here),
            unlock=lambda *who: unlock_store(folder, _credentials(*who), here),
            words=language,
            papers=travellers_language,
        ),
    )
    return code


def open_window(folder: Path, code: str | None, machine: Machine) -> int:
    """The window on a store, in the language `code`. Returns its exit code."""
    start = importlib.import_module("kfdesk.ui.start")
    kept = _spoken(code or settings.read(settings.folder()).language)
    result: int = start.run(window_setting(folder, kept, machine))
    return result


def take_pictures(
    folder: Path, who: tuple[str, str], into: Path, machine: Machine
) -> Iterator[Any]:
    """Pictures of every page of the window on a store, into a folder; without a display, too."""
    if sys.platform == "linux" and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    gallery = importlib.import_module("kfdesk.ui.shell.gallery")
    setting = replace(window_setting(folder, "sv", machine), keep=lambda *_: None)
    pictures: Iterator[Any] = gallery.take_pictures(setting, *who, into)
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
        unlock=lambda *who: unlock_store(folder, _credentials(*who), machine),
        faults=_fault,
        crashed=_crashed,
        scheme=start.Scheme(settings.read(settings.folder()).scheme),
        is_new=lambda: not folder.exists() or not any(folder.iterdir()),
        founding=lambda: _founding(folder, machine),
        keep=_keep,
    )


def _spoken(code: str) -> str:
    """The language asked for, else the machine's, if the program speaks it; else English."""
    wanted = code or process.language()
    return wanted if wanted in PROGRAM_LANGUAGES else "en"


def _founding(folder: Path, machine: Machine) -> Any:
    """What the first run makes a store with: words, chance, and the store's folder."""
    founding = importlib.import_module("kfdesk.ui.pages.first_run.founding")
    card = importlib.import_module("kfdesk.bundle.card")
    lists = paths.resources() / "words"
    return founding.Founding(
        words=lambda code: tuple((lists / f"{code}.txt").read_text(encoding="utf-8").split()),
        random=machine.random,
        is_name=card.is_card_name,
        create=lambda name, *who: create_store(folder, name, _credentials(*who), machine),
    )


def _keep(language: str, scheme: str) -> None:
    """Remember how the window looks."""
    where = settings.folder()
    settings.write(where, replace(settings.read(where), language=language, scheme=scheme))


def _fault(error: KfdeskError, words: Language) -> tuple[str, str]:
    messages = importlib.import_module("kfdesk.i18n.messages")
    return messages.sentence(error, words), messages.remedy(error, words)


def _crashed(bug: BaseException) -> None:
    """A bug ends the program. What is on the disk is whole; no value goes into any log."""
    place = traceback.extract_tb(bug.__traceback__)[-1]
    sys.stderr.write(f"stopped: {type(bug).__name__}, {Path(place.filename).name}:{place.lineno}\n")
    sys.stderr.flush()
    os._exit(70)


def _opening() -> Any:
    return importlib.import_module("kfdesk.opening")


def _credentials(initials: str, passphrase: str) -> "Credentials":
    who: Credentials = _opening().Credentials(initials, passphrase)
    return who
