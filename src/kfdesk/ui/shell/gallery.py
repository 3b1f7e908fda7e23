# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every page, for the demo and the help: the real window, walked as a person walks it.

It types into the door and presses what a person would press; what it shows is what there is.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import (
    QEventLoop,
    QMessageLogContext,
    QPoint,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.ui.guard.habits import MINUTES, Habit
from kfdesk.ui.shell.sheets.fault import FaultSheet
from kfdesk.ui.start import Program, Setting
from kfdesk.ui.theme import Scheme

_TICK = 20  # milliseconds
_TURNS = 12  # a cursor may blink for ever
_PATIENCE = 180  # seconds; an old laptop with other work to do is slow
Looks = Sequence[tuple[str, Scheme]]
"""Languages with colours, in which each page is shown."""

LIGHT_LOOKS: Looks = tuple((code, Scheme.LIGHT) for code in PROGRAM_LANGUAGES)
ALL_LOOKS: Looks = (*LIGHT_LOOKS, *((code, Scheme.DARK) for code in PROGRAM_LANGUAGES))
_TYPED = "t"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its file, the page, the language and the colours it shows."""

    path: Path
    page: str
    language: str
    scheme: str


def take_pictures(
    setting: Setting, initials: str, passphrase: str, folder: Path, looks: Looks = ALL_LOOKS
) -> Iterator[Picture]:
    """Walk the window through its pages, in these languages and colours, into `folder`.

    Raises TimeoutError where a page does not come.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    before = qInstallMessageHandler(_say)
    patient = replace(setting, habit=Habit(lock_minutes=max(MINUTES)))  # nobody types
    program = Program(app, patient)
    program.window.show()
    try:
        yield from _everywhere(program, folder, looks, "unlock")
        program.door.initials.setText(initials)
        program.door.passphrase.line.setText(passphrase)
        program.door.button.click()
        _wait(lambda: program.shell is not None and not program.kit.work.is_busy)
        for scheme in dict.fromkeys(scheme for _, scheme in looks):
            # one colour after the other: to dress all widgets anew is the slowest step
            worn = [look for look in looks if look[1] is scheme]
            yield from _inside(program, partial(_everywhere, program, folder, worn))
            yield from _floating(program, folder, worn)
    finally:
        program.close()
        program.window.close()
        qInstallMessageHandler(before)


def _inside(program: Program, everywhere: Callable[[str], Iterator[Picture]]) -> Iterator[Picture]:
    """All places of the rail, all sections of the first plan, and of the last how it goes on."""
    shell = program.shell
    for key in shell.rail.items:
        shell.go_to(key)
        _wait(lambda: not program.kit.work.is_busy)
        yield from everywhere(key.replace("_", "-"))
    shell.go_to("plans")
    plans = shell.page
    yield from _sections(program, everywhere, 0)
    last = plans.listing.table.model().rowCount() - 1
    if last > 0:  # the plan that leaves last may be one whose client is home
        yield from _sections(program, everywhere, last, ("support", "follow_up"), "plan-after")


def _sections(
    program: Program,
    everywhere: Callable[[str], Iterator[Picture]],
    row: int,
    which: Sequence[str] = (),
    name: str = "plan",
) -> Iterator[Picture]:
    """The sections of a plan in the list, those of `which` or all."""
    plans = program.shell.page
    plans.listing.table.chosen.emit(row)
    _wait(lambda: not program.kit.work.is_busy)
    for section, part in plans.currentWidget().parts.items():
        if section in which or not which:
            plans.currentWidget().go_to(section)
            part.complete()
            _wait(lambda: not program.kit.work.is_busy)
            yield from everywhere(f"{name}-{section}")
    plans.show_list()
    _wait(lambda: not program.kit.work.is_busy)


def _say(_mode: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says, but that a platform without a screen has no screen."""
    if not message.startswith("This plugin does not support"):
        sys.stderr.write(f"{message}\n")


def _floating(program: Program, folder: Path, looks: Looks) -> Iterator[Picture]:
    """What lies over the pages: quick find, a menu, the sheets."""
    shell = program.shell
    everywhere = partial(_everywhere, program, folder, looks)
    shell.go_to("today")
    shell.find_anything()
    shell.bar.field.setText(_TYPED)
    _wait(lambda: shell.finder.isVisible() and not program.kit.work.is_busy)
    yield from everywhere("finder")
    shell.finder.close_list()
    for language, scheme in looks:
        program.kit.speak(language)
        yield _menu(program, Picture(folder, "menu", language, scheme.value))
    shell.show_help()
    yield from everywhere("help")
    shell.show_keys()
    yield from everywhere("keys")
    shell.show_about()
    yield from everywhere("about")
    shell.show_parts()
    yield from everywhere("parts")
    shell.layer.lay(FaultSheet(program.kit, KfdeskError("store.disk")))
    yield from everywhere("fault")
    shell.layer.clear()


def _menu(program: Program, wanted: Picture) -> Picture:
    """The window with the menu of places open; a menu is a window of its own, laid over it here."""
    bar = program.shell.bar.menus
    bar.setActiveAction(bar.menus["go"].menuAction())
    _settle()
    picture = program.window.grab()
    menu = bar.menus["go"]
    with QPainter(picture) as painter:
        corner = program.window.mapFromGlobal(menu.mapToGlobal(QPoint(0, 0)))
        painter.drawPixmap(corner, menu.grab())
    menu.close()
    path = wanted.path / f"{wanted.page}-{wanted.language}-{wanted.scheme}.png"
    picture.save(str(path))
    return replace(wanted, path=path)


def _everywhere(program: Program, folder: Path, looks: Looks, page: str) -> Iterator[Picture]:
    for code, scheme in looks:
        program.kit.speak(code)
        if program.kit.theme.scheme is not scheme:
            program.kit.wear(scheme)
        _wait(lambda: not program.kit.work.is_busy)
        path = folder / f"{page}-{code}-{scheme.value}.png"
        _still(program.window).save(str(path))
        yield Picture(path, page, code, scheme.value)


def _still(window: QWidget) -> QPixmap:
    """The window once nothing in it moves any more: what folds finds its place in some turns."""
    before: QPixmap = window.grab()
    for _ in range(_TURNS):
        _settle()
        after = window.grab()
        if after.toImage() == before.toImage():
            break
        before = after
    return before


def _settle() -> None:
    """Let layouts and paints that wait for the event loop happen; wrapped texts take two turns."""
    for _ in range(2):
        loop = QEventLoop()
        QTimer.singleShot(_TICK, loop.quit)
        loop.exec()


def _wait(is_so: Callable[[], bool]) -> None:
    patience = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > patience:
            raise TimeoutError
        _settle()
