# SPDX-License-Identifier: GPL-3.0-or-later
"""Screenshots of every page, for the demo and the help, taken from the real window.

The gallery types the passphrase and clicks the buttons as a user would, so the screenshots
show the real state.
"""

import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
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
from shiboken6 import isValid

from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.ui.context import LOCK_MINUTES, LockSettings
from kfdesk.ui.numbered_pictures import NUMBERED_PICTURES, take_numbered_picture
from kfdesk.ui.pages.book.page import BookPage
from kfdesk.ui.pages.calendar.page import CalendarPage
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.plan.transitions import MAIN_PATH
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.pages.procedures.page import ProceduresPage
from kfdesk.ui.program import Program, ProgramConfig
from kfdesk.ui.shell.overlays import FaultSheet
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.theme import Scheme

_TICK = 20  # milliseconds
_TURNS = 12  # something may move forever
_TIMEOUT = 180  # seconds; a busy old laptop is slow
Looks = Sequence[tuple[str, Scheme]]
"""The languages, with the schemes in which each page is shown."""

LIGHT_LOOKS: Looks = tuple((code, Scheme.LIGHT) for code in PROGRAM_LANGUAGES)
ALL_LOOKS: Looks = (*LIGHT_LOOKS, *((code, Scheme.DARK) for code in PROGRAM_LANGUAGES))
_SEARCH_TEXT = "t"


@dataclass(frozen=True, slots=True)
class PageScreenshot:
    """A screenshot: its file, and the page, the language and the colours that it shows."""

    path: Path
    page: str
    language: str
    scheme: str


def take_screenshots(
    setting: ProgramConfig, initials: str, passphrase: str, folder: Path, looks: Looks = ALL_LOOKS
) -> Generator[PageScreenshot, None, None]:
    """Visit every page in these languages and colours, and save the screenshots in `folder`.

    Raise TimeoutError if a page does not appear in time.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    before, flash = qInstallMessageHandler(_write_qt_message), app.cursorFlashTime()
    app.setCursorFlashTime(0)  # a caret that blinks is in one picture and not in the next
    # nobody types meanwhile, so it must not lock
    program = Program(app, replace(setting, habit=LockSettings(lock_minutes=max(LOCK_MINUTES))))
    program.window.show()
    try:
        yield from _save_each_look(program, folder, looks, "unlock")
        program.door.initials.setText(initials)
        program.door.passphrase.line.setText(passphrase)
        program.door.button.click()
        _wait_until(lambda: program.shell is not None and not program.kit.worker.is_busy)
        for scheme in dict.fromkeys(scheme for _, scheme in looks):
            # one scheme after the other: restyling all widgets is the slowest step
            worn = [look for look in looks if look[1] is scheme]
            yield from _visit_pages(program, partial(_save_each_look, program, folder, worn))
            yield from _visit_overlays(program, folder, worn)
    finally:
        program.close()
        program.window.close()
        app.setCursorFlashTime(flash)
        qInstallMessageHandler(before)


def _visit_pages(
    program: Program, everywhere: Callable[[str], Iterator[PageScreenshot]]
) -> Iterator[PageScreenshot]:
    """Visit every place and the pages inside it, and sections of three plans.

    All sections of the plan that has come furthest before its journey, the cooperation of one that
    was begun, and the aftercare of the last one.
    """
    shell = _session_view(program)
    for key in shell.rail.items:
        shell.go_to(key)
        _wait_until(lambda: not program.kit.worker.is_busy)
        yield from everywhere(key.replace("_", "-"))
        yield from _visit_inner_pages(program, everywhere)
    states = [line.state for line in _plans_page(program).listing.lines]
    furthest = states.index(max(states, key=_way)) if states else 0
    yield from _visit_sections(program, everywhere, furthest)
    last = len(states) - 1
    if last > 1:
        yield from _visit_sections(program, everywhere, last - 1, ("cooperation",), "plan-begun")
    if last > 0:  # the last plan may be of a client who is at home
        yield from _visit_sections(
            program, everywhere, last, ("support", "follow_up"), "plan-after"
        )


def _way(state: str) -> int:
    """Return how far a plan has come, by its state; -1 for one that ended before its journey."""
    return MAIN_PATH.index(state) if state in MAIN_PATH else -1


def _visit_inner_pages(
    program: Program, everywhere: Callable[[str], Iterator[PageScreenshot]]
) -> Iterator[PageScreenshot]:
    """Visit what opens inside the place on view: networks, suggestions, a procedure, a month."""
    page = _session_view(program).page
    if isinstance(page, CalendarPage):
        yield from _visit_calendar(program, page, everywhere)
    if isinstance(page, DirectoryPage):
        for name, button in {"networks": page.networks, "suggestions": page.suggestions}.items():
            button.click()
            _wait_until(lambda: not program.kit.worker.is_busy)
            yield from everywhere(name)
            assert page.task is not None
            page.task.closed.emit()
    if isinstance(page, ProceduresPage) and page.listing.table.model().rowCount():
        page.listing.table.chosen.emit(0)
        _wait_until(lambda: not program.kit.worker.is_busy)
        yield from everywhere("procedure")
        page.show_list()
    if isinstance(page, BookPage) and (torn := page.overview.torn_text()):
        page.merge(torn)
        _wait_until(lambda: not program.kit.worker.is_busy)
        yield from everywhere("book-paragraphs")
        page.show_book()


def _visit_calendar(
    program: Program, page: CalendarPage, everywhere: Callable[[str], Iterator[PageScreenshot]]
) -> Iterator[PageScreenshot]:
    """Visit the month, and what a calendar file would say."""
    page.views.parts["month"].click()
    page.calendar.complete()
    yield from everywhere("calendar-month")
    page.views.parts["list"].click()
    page.show_export()
    _wait_until(lambda: not program.kit.worker.is_busy)
    yield from everywhere("calendar-phone")
    page.show_overview()


def _visit_sections(
    program: Program,
    everywhere: Callable[[str], Iterator[PageScreenshot]],
    row: int,
    which: Sequence[str] = (),
    name: str = "plan",
) -> Iterator[PageScreenshot]:
    """Visit the sections of a plan in the list: those of `which`, or all."""
    plans = _plans_page(program)
    plans.listing.table.chosen.emit(row)
    _wait_until(lambda: not program.kit.worker.is_busy)
    plan = plans.plan
    assert plan is not None
    for section, part in plan.parts.items():
        if section in which or not which:
            plan.go_to(section)
            part.complete()
            _wait_until(lambda: not program.kit.worker.is_busy)
            yield from everywhere(f"{name}-{section}")
    plans.show_list()
    _wait_until(lambda: not program.kit.worker.is_busy)


def _session_view(program: Program) -> SessionView:
    view = program.shell
    assert isinstance(view, SessionView)
    return view


def _plans_page(program: Program) -> PlansPage:
    """Go to the page of plans and return it."""
    shell = _session_view(program)
    shell.go_to("plans")
    assert isinstance(shell.page, PlansPage)
    return shell.page


def _write_qt_message(_mode: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Write Qt's messages to stderr, except the warning of a platform without a screen."""
    if not message.startswith("This plugin does not support"):
        sys.stderr.write(f"{message}\n")


def _visit_overlays(program: Program, folder: Path, looks: Looks) -> Iterator[PageScreenshot]:
    """Visit everything that opens over the pages: quick find, a menu, the overlays."""
    shell = _session_view(program)
    everywhere = partial(_save_each_look, program, folder, looks)
    shell.go_to("today")
    shell.find_anything()
    shell.bar.field.setText(_SEARCH_TEXT)
    _wait_until(lambda: shell.finder.isVisible() and not program.kit.worker.is_busy)
    yield from everywhere("finder")
    shell.finder.close_list()
    for language, scheme in looks:
        program.kit.set_language(language)
        yield _save_menu(program, PageScreenshot(folder, "menu", language, scheme.value))
    shell.show_help()
    yield from everywhere("help")
    shell.show_keys()
    yield from everywhere("keys")
    shell.show_about()
    yield from everywhere("about")
    shell.show_parts()
    yield from everywhere("parts")
    shell.layer.show_sheet(FaultSheet(program.kit, KfdeskError("store.disk")))
    yield from everywhere("fault")
    shell.layer.close_sheet()


def _save_menu(program: Program, wanted: PageScreenshot) -> PageScreenshot:
    """Save the window with an open menu; a menu is a window of its own, painted over it here."""
    bar = _session_view(program).bar.menus
    bar.setActiveAction(bar.menus["go"].menuAction())
    _process_events()
    picture = program.window.grab()
    menu = bar.menus["go"]
    with QPainter(picture) as painter:
        corner = program.window.mapFromGlobal(menu.mapToGlobal(QPoint(0, 0)))
        painter.drawPixmap(corner, menu.grab())
    menu.close()
    path = wanted.path / f"{wanted.page}-{wanted.language}-{wanted.scheme}.png"
    picture.save(str(path))
    return replace(wanted, path=path)


def _save_each_look(
    program: Program, folder: Path, looks: Looks, page: str
) -> Iterator[PageScreenshot]:
    for code, scheme in looks:
        if program.kit.translator.language.code != code:  # all texts are written anew
            program.kit.set_language(code)
        if program.kit.theme.scheme is not scheme:
            program.kit.set_theme(scheme)
        _wait_until(lambda: not program.kit.worker.is_busy)
        path = folder / f"{page}-{code}-{scheme.value}.png"
        _grab_when_still(program.window).save(str(path))
        yield PageScreenshot(path, page, code, scheme.value)
        if scheme is Scheme.LIGHT:  # as the manual shows them
            yield from _save_numbered(program, folder, page, code)


def _save_numbered(
    program: Program, folder: Path, page: str, code: str
) -> Iterator[PageScreenshot]:
    """Save the numbered pictures of the page on view that it can be taken of now."""
    window, size, focus = program.window, program.window.size(), QApplication.focusWidget()
    for wanted in (each for each in NUMBERED_PICTURES if each.page == page):
        window.resize(wanted.window_width, size.height())
        _grab_when_still(window)
        try:
            picture = take_numbered_picture(window, program.kit.theme, wanted)
        except LookupError:
            continue
        path = folder / f"{wanted.name}-{code}-{Scheme.LIGHT.value}.png"
        picture.save(str(path))
        yield PageScreenshot(path, wanted.name, code, Scheme.LIGHT.value)
    window.resize(size)
    if focus is not None and isValid(focus):
        focus.setFocus()  # the list of sections is hidden in a narrow window


def _grab_when_still(window: QWidget) -> QPixmap:
    """Return the picture of the window after all its parts have stopped moving."""
    before: QPixmap = window.grab()
    for _ in range(_TURNS):
        _process_events()
        after = window.grab()
        if after.toImage() == before.toImage():
            break
        before = after
    return before


def _process_events() -> None:
    """Let pending layouts and paints run; wrapped texts take two turns of the event loop."""
    for _ in range(2):
        loop = QEventLoop()
        QTimer.singleShot(_TICK, loop.quit)
        loop.exec()


def _wait_until(is_so: Callable[[], bool]) -> None:
    patience = time.monotonic() + _TIMEOUT
    while not is_so():
        if time.monotonic() > patience:
            raise TimeoutError
        _process_events()
