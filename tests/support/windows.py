# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window's tests look with: pixels, and what a screen reader is told."""

import gc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from kfdesk.ui.context import UiContext
from kfdesk.ui.program import Program
from kfdesk.ui.theme import build_style_sheet
from kfdesk.ui.tokens import TextStyle
from kfdesk.ui.worker import IncrementalBuilder

if TYPE_CHECKING:
    from kfdesk.services.core.session import Session
    from kfdesk.services.plans.plans import PlanPage
    from kfdesk.ui.pages.plan.page import PlanView
    from kfdesk.ui.shell.overlays import Toast

Stage = Callable[..., QWidget]
CONTROLS = frozenset(
    (
        QAccessible.Role.Button,
        QAccessible.Role.CheckBox,
        QAccessible.Role.RadioButton,
        QAccessible.Role.EditableText,
        QAccessible.Role.ComboBox,
        QAccessible.Role.Table,
        QAccessible.Role.List,
        QAccessible.Role.ButtonMenu,
    )
)


def end_windows() -> None:
    """End the windows that earlier tests left: every new style sheet would dress them, too."""
    if QApplication.instance():
        for window in QApplication.topLevelWidgets():
            if window.parent() is None:
                window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@contextmanager
def swept_after() -> Iterator[None]:
    """Collect garbage after the test alone: in the midst of Qt's work it would end widgets."""
    end_windows()
    if QApplication.instance():
        QApplication.setStartDragDistance(10)  # a window of the program forbids to drag
    gc.disable()
    try:
        yield
    finally:
        if QApplication.instance() and QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            QTest.mouseRelease(QWidget(), Qt.MouseButton.LeftButton)  # a press that closed a window
        gc.collect(1)
        gc.enable()


def show(qtbot: QtBot, window: QWidget, *, is_painted: bool = False) -> None:
    """Show a window and let the keyboard belong to it, before its pages are told what was read.

    A page that is made in a window reads on the worker meanwhile. The window system would say that
    the window has the keyboard now before or after that is delivered, as it happens: in the program
    a page is always made in a window that has it.

    The window does not paint: `picture` paints what a test looks at. Where the painting itself is
    what counts, the test says `is_painted`.
    """
    qtbot.addWidget(window)
    window.setUpdatesEnabled(is_painted)
    window.setStyleSheet(window.styleSheet() or build_style_sheet(TextStyle.SMALL.points))
    with qtbot.waitActive(window):
        window.show()
        with warnings.catch_warnings():  # there is no other call that does it at once
            warnings.simplefilter("ignore", DeprecationWarning)
            QApplication.setActiveWindow(window)
        window.activateWindow()


def point_at(widget: QWidget, at: QPoint) -> None:
    """Move the pointer there, over the window, so that Qt sends enter and leave as it would."""
    window = widget.window()
    QTest.mouseMove(window.windowHandle(), widget.mapTo(window, at))


def picture(widget: QWidget) -> QImage:
    """Return a picture of a widget; its window paints for as long as that takes."""
    window = widget.window()
    is_painted = window.updatesEnabled()
    window.setUpdatesEnabled(True)
    seen: QImage = widget.grab().toImage()
    window.setUpdatesEnabled(is_painted)
    return seen


def colours(widget: QWidget) -> set[str]:
    """Return the colours of all pixels of a widget."""
    image = picture(widget).convertToFormat(QImage.Format.Format_RGB32)
    points = memoryview(image.constBits()).cast("I")  # a line of whole points needs no filling up
    return {f"#{point & 0xFFFFFF:06X}" for point in set(points)}


def colour_at(widget: QWidget, x: int, y: int) -> str:
    """Return the colour of one pixel; negative numbers count from right and bottom."""
    image = picture(widget)
    return image.pixelColor(x % image.width(), y % image.height()).name().upper()


def accessible_parts(
    widget: QWidget,
) -> Iterator[tuple[QAccessible.Role, str, QAccessibleInterface]]:
    """Role and name of everything on view below a widget, as a screen reader walks it."""
    root = QAccessible.queryAccessibleInterface(widget)
    assert root is not None
    yield from _walk(root)


def nameless(widget: QWidget) -> list[str]:
    """List the controls on view that a screen reader could not name."""
    return [
        f"{role.name} {interface.object().metaObject().className()}"
        for role, name, interface in accessible_parts(widget)
        if role in CONTROLS and not name.strip()
    ]


def missed_by_tab(page: QWidget) -> list[str]:
    """List the visible controls that a full round of Tab does not reach."""
    reached = set()
    while (focus := QApplication.focusWidget()) not in reached:
        assert focus is not None
        reached.add(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    kinds = (QAbstractButton, QComboBox, QLineEdit, QTableView)
    return [
        f"{type(part).__name__} {part.accessibleName()}"
        for part in page.findChildren(QWidget)
        if isinstance(part, kinds) and part.isVisible() and part.isEnabled()
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part not in reached
    ]


def _walk(
    interface: QAccessibleInterface,
) -> Iterator[tuple[QAccessible.Role, str, QAccessibleInterface]]:
    for place in range(interface.childCount()):
        child = interface.child(place)
        if child.state().invisible:
            continue
        yield child.role(), child.text(QAccessible.Text.Name), child
        yield from _walk(child)


def is_whole() -> bool:
    """Return whether nothing is still being made in any window, piece by piece."""
    return all(one.is_done for one in tuple(_BEGUN) if isValid(one))


def shell_of(program: Program) -> Any:
    """Return what shows the open store; which page stands there is for a test to know."""
    return program.shell


def session_of(program: Program) -> "Session":
    """Return the open session behind a window, to act as a colleague or an import would."""
    session = program._desk
    assert session is not None
    return session


def is_locked(program: Program) -> bool:
    """Say whether no store is open behind a window."""
    return program._desk is None


def read_by(view: "PlanView") -> "PlanPage":
    """Return the plan as its page has read it."""
    page = view._page
    assert page is not None
    return page


def timer_of(owner: QObject, interval: int | None = None, *, is_single: bool = True) -> QTimer:
    """Return the one timer of a part, or that with this interval, to let its time pass at once."""
    mine = owner.findChildren(QTimer, options=Qt.FindChildOption.FindDirectChildrenOnly)
    (timer,) = (
        one for one in mine
        if one.isSingleShot() is is_single and interval in (None, one.interval())
    )  # fmt: skip
    return timer


def toast_label(toast: "Toast") -> QLabel:
    """Return the label that shows what a toast says."""
    label = toast.findChild(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert isinstance(label, QLabel)
    return label


def settle(qtbot: QtBot, kit: UiContext) -> None:
    """Wait until the worker has nothing to do, every page is made whole, and all is laid out."""
    is_still = False
    while not is_still:
        qtbot.waitUntil(lambda: not kit.worker.is_busy and is_whole())
        QApplication.processEvents()  # what was put into a layout is laid out by the event loop
        is_still = not kit.worker.is_busy and is_whole()


_BEGUN: WeakSet[IncrementalBuilder] = WeakSet()
"""All that began to be made: to look for them among a plan's thousands of parts takes 30 ms."""
_begin = IncrementalBuilder.start


def _noted(turns: IncrementalBuilder, pieces: Iterator[None]) -> None:
    _BEGUN.add(turns)
    _begin(turns, pieces)


IncrementalBuilder.start = _noted  # type: ignore[assignment, method-assign]
