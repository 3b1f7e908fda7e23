# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with a window that is on view, found by code: each finding is one line.

Cut words, parts that lie over one another, words of the wrong language, controls that no key
comes to or that have no name, targets that are too small. It knows widgets and no page.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations, product
from typing import Any

from PySide6.QtCore import SIGNAL, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetricsF, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QStackedWidget,
    QTableView,
    QTextBrowser,
    QWidget,
)
from tests.gui.walk_language import bare
from tests.gui.walk_values import LETTERS
from tests.support.windows import CONTROLS, accessible_parts, picture

from kfdesk.ui.shell.window import PrivacyCover
from kfdesk.ui.tokens import RESERVE, TARGET, Tone
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.buttons import Button, OptionButton, ToggleClick
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.navigation import NavigationButton
from kfdesk.ui.widgets.table import CELL_ROLE, TableCell, TableView
from kfdesk.ui.widgets.text import Chip, Label

_CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QAbstractItemView)
_BREAKING = (OptionButton, Button, CheckBox, Chip)
"""What breaks its words into lines."""
_PANES = 4
_LINKS = 30
"""Tab goes through the links of a text before it leaves it."""
_TOLD = ("WordTile", "ExplainedPointsEditor", "TransferWarning")
"""What is drawn by chance, or said in the language of the client."""
_DRAWN = re.compile(r"\b\w+-\d\d\b")
_SLACK = RESERVE + 1


def visible(root: QWidget) -> list[QWidget]:
    """Everything on view in a window, itself first; under a cover nothing is."""
    parts = [part for part in root.findChildren(QWidget) if part.isVisible()]
    cover = next((part for part in parts if isinstance(part, PrivacyCover)), None)
    if cover is not None:
        parts = [part for part in parts if part is cover or cover.isAncestorOf(part)]
    return [root, *parts]


def name(part: QWidget) -> str:
    """Return the name of a widget in a finding."""
    text = getattr(part, "text", lambda: "")
    said = text() if callable(text) else ""
    parents: list[str] = []
    above = part.parentWidget()
    while above is not None and len(parents) < 3:
        if type(above).__module__.startswith("kfdesk"):
            parents.append(type(above).__name__)
        above = above.parentWidget()
    return f"{'/'.join(reversed(parents))}/{type(part).__name__} {str(said)[:70]!r}"


class Look:
    """A window as it stands now: its parts on view, and what they paint by `painting.words`."""

    def __init__(self, root: QWidget) -> None:
        self.root = root
        self.parts = visible(root)
        self.cut: list[tuple[QWidget, str]] = []
        self.said: list[tuple[QWidget, str]] = []
        with self.watching():
            picture(root)

    @contextmanager
    def watching(self) -> Iterator[None]:
        before = painting.draw_text

        def words(painter: QPainter, area: QRectF, text: str, font: QFont, colour: str) -> None:
            device = painter.device()
            if isinstance(device, QWidget):
                self.said.append((device, text))
                if QFontMetricsF(font).horizontalAdvance(text) > area.width() + 1:
                    self.cut.append((device, text))
            before(painter, area, text, font, colour)

        painting.draw_text = words
        try:
            yield
        finally:
            painting.draw_text = before


def cut(look: Look) -> Iterator[str]:
    """Words that have too little room and no tooltip that says them whole."""
    for device, text in look.cut:
        owner = device if not isinstance(device.parentWidget(), QAbstractItemView) else None
        if owner is not None and text not in owner.toolTip():
            yield f"painted and cut: {name(device)} {text!r}"
    for part in look.parts:
        if not part.toolTip() and _is_cut(part):
            needs = part.minimumSizeHint()
            yield (
                f"cut: {name(part)} has {part.width()}x{part.height()}"
                f" and needs {needs.width()}x{needs.height()}"
            )
    yield from _outside(look)


def _is_cut(part: QWidget) -> bool:
    metrics = part.fontMetrics()
    if isinstance(part, _BREAKING):
        needed = QSize(part.minimumSizeHint().width(), part.heightForWidth(part.width()))
        return part.width() < needed.width() or part.height() < needed.height()
    if isinstance(part, QLabel):
        if not part.text() or part.pixmap().width():
            return False
        if part.wordWrap():
            is_low = part.height() + 1 < part.heightForWidth(part.width())
            least = part.minimumSizeHint().width() if isinstance(part, Label) else 0
            return is_low or part.width() + 1 < least
        lines = part.text().split("\n")
        room = part.contentsRect().width() - 2 * part.margin()
        return max(map(metrics.horizontalAdvance, lines)) > room + 1 or (
            part.height() + 1 < metrics.height() * len(lines)
        )
    if isinstance(part, NavigationButton):  # what it paints is looked at where it is painted
        return part.height() < part.minimumSizeHint().height()
    if isinstance(part, QAbstractButton):
        hint = part.minimumSizeHint()
        return part.width() < hint.width() or part.height() < metrics.height()
    if isinstance(part, QComboBox):
        return metrics.horizontalAdvance(part.currentText()) > part.width() - 40
    if isinstance(part, QLineEdit):
        text = part.placeholderText() if not part.text() else ""
        return metrics.horizontalAdvance(text) > part.width() - 18 or (
            part.height() < metrics.height() + 4
        )
    if isinstance(part, QHeaderView):
        return part.orientation() is Qt.Orientation.Horizontal and any(_cut_headings(part))
    return False


def _cut_headings(header: QHeaderView) -> Iterator[str]:
    # headings written upwards need other room than Qt's; their header says how much
    is_own = "sectionSizeFromContents" in vars(type(header))
    for at in range(header.count()):
        text = str(header.model().headerData(at, Qt.Orientation.Horizontal) or "")
        needed = QSize(header.fontMetrics().horizontalAdvance(text) + 8, 0)
        if is_own:
            needed = header.sectionSizeFromContents(at)
        is_whole = needed.width() <= header.sectionSize(at) and needed.height() <= header.height()
        if text and not header.isSectionHidden(at) and not is_whole:
            yield text


def _outside(look: Look) -> Iterator[str]:
    """Parts that reach beyond what holds them, where nothing scrolls."""
    for part in look.parts:
        above = part.parentWidget()
        if above is None or part.isWindow() or isinstance(part, QScrollBar):
            continue
        holder = above.parentWidget()
        is_scrolled = isinstance(holder, QAbstractScrollArea) and holder.viewport() is above
        if is_scrolled:
            is_page = isinstance(holder, QScrollArea) and part is holder.widget()
            if is_page and part.width() - _right(part) > above.width():
                widest = name(_widest(part))
                yield f"wider than its room {above.width()} < {part.width()}: {widest}"
            continue
        if part.size().isEmpty():
            continue
        if not above.rect().adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(part.geometry()):
            yield f"beyond its frame: {name(part)} {part.geometry()} in {above.rect()}"


def _right(part: QWidget) -> int:
    """Return the right margin of a page, which a scroll bar may cover."""
    layout = part.layout()
    return layout.contentsMargins().right() if layout is not None else 0


def _widest(part: QWidget) -> QWidget:
    """Return the innermost widget that needs as much width as the whole."""
    inner = [child for child in part.children() if isinstance(child, QWidget) and child.isVisible()]
    widest = max(inner, key=lambda one: one.width(), default=None)
    if widest is None or widest.minimumSizeHint().width() < part.minimumSizeHint().width() * 0.7:
        return part
    return _widest(widest)


def overlapping(look: Look) -> Iterator[str]:
    """Parts of one frame that lie over each other; what floats does so on purpose."""
    floating = {"Toast", "OverlayLayer", "QuickFind", "PrivacyCover"}
    for frame in look.parts:
        if isinstance(frame, QStackedWidget | QAbstractScrollArea | QComboBox):
            continue
        parts = [
            part
            for part in frame.children()
            if isinstance(part, QWidget) and part.isVisible() and not part.isWindow()
            if type(part).__name__ not in floating
        ]
        for one, other in combinations(parts, 2):
            shared = one.geometry().intersected(other.geometry())
            if shared.width() > 2 * _SLACK and shared.height() > 2 * _SLACK:
                yield f"over each other: {name(one)} and {name(other)}"


def said(look: Look) -> Iterator[tuple[str, str]]:
    """Every text of a window, with where it stands: shown, pointed at, or heard."""
    for part in look.parts:
        if isinstance(part, QTextBrowser) or _is_told(part):
            continue
        if isinstance(part, QLabel | QAbstractButton):
            yield f"text of {type(part).__name__}", part.text()
        if isinstance(part, QLineEdit | QPlainTextEdit):
            yield f"placeholder of {type(part).__name__}", part.placeholderText()
        if isinstance(part, QComboBox):
            for at in range(part.count()):
                yield "choice", part.itemText(at)
        if isinstance(part, QTableView):
            yield from _cells(part)
        yield f"tooltip of {type(part).__name__}", part.toolTip()
        yield f"name of {type(part).__name__}", part.accessibleName()
        yield f"description of {type(part).__name__}", part.accessibleDescription()
        for action in part.actions():
            yield "action", action.text()
    for device, text in look.said:
        if _is_told(device):
            continue
        yield f"painted on {type(device).__name__}", text


def _is_told(part: QWidget) -> bool:
    return any(type(one).__name__ in _TOLD for one in (part, *_above(part)))


def _cells(table: QTableView) -> Iterator[tuple[str, str]]:
    model = table.model()
    for column in range(model.columnCount()):
        yield "heading", str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(), 40)):
            yield f"cell of {type(table).__name__}", str(model.index(row, column).data() or "")


_KEYS = re.compile(r"\b(Ctrl|Alt|Shift|Esc|Enter|Tab|Ins|Del|Up|Down|Home|End|PgUp|PgDown)\b")


def untranslated(look: Look, values: frozenset[str]) -> Iterator[str]:
    """Texts with words that are neither in brackets nor of a value."""
    for where, text in said(look):
        words = [
            word
            for word in LETTERS.findall(_DRAWN.sub("", _KEYS.sub("", bare(text))))
            if word.casefold() not in values
        ]
        if words:
            yield f"not translated: {where}: {text[:90]!r} ({', '.join(words)})"


def still_foreign(look: Look) -> Iterator[str]:
    """Texts that still stand in brackets, which a link of Markdown has, too."""
    for where, text in said(look):
        if "[" in text.replace("[words](", ""):
            yield f"not translated back: {where}: {text[:90]!r}"


def nameless(look: Look) -> Iterator[str]:
    """Yield the controls without an accessible name."""
    for role, spoken, interface in accessible_parts(look.root):
        if role in CONTROLS and not spoken.strip():
            part = interface.object()
            yield f"nameless: {role.name} {name(part) if isinstance(part, QWidget) else part}"


_MOUSE_EVENTS = {"mousePressEvent", "mouseReleaseEvent", "mouseDoubleClickEvent"}
_ACTIONS = {"Press", "Toggle", "ShowMenu"}
_NOT_TOLD = ("pressed()", "released()")
"""Signals of a button that the accessible action Toggle does not emit."""


def unheard(look: Look) -> Iterator[str]:
    """Yield what a click does and no accessible action or no key does."""
    for part in look.parts:
        if isinstance(part, QAbstractButton) and part.isEnabled():
            yield from _deaf(part)
        if takes_mouse(type(part)) and part.isEnabled():
            inner = (part, *part.findChildren(QAbstractButton))
            if not any(offered(one) for one in inner):
                yield f"no accessible action: {name(part)}"
            if not any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in inner):
                yield f"no key: {name(part)}"


def takes_mouse(kind: type) -> bool:
    """Return whether a class of ours handles presses of the mouse itself."""
    ours = (one for one in kind.__mro__ if not one.__module__.startswith(("PySide6", "shiboken")))
    return any(_MOUSE_EVENTS & set(vars(one)) for one in ours)


def offered(part: QWidget) -> set[str]:
    """Return the actions that do what a click does, as a screen reader is offered them."""
    found: Any = QAccessible.queryAccessibleInterface(part)
    acting = found and found.actionInterface()
    return _ACTIONS & set(acting.actionNames()) if acting else set()


def _deaf(part: QAbstractButton) -> Iterator[str]:
    """Yield why an action of a button does less than a click."""
    actions = offered(part)
    if not actions:
        yield f"no accessible action: {name(part)}"
    if "Toggle" not in actions:
        return
    hears = isinstance(part, ToggleClick) and part._clicks_on_toggle
    for signal in (*_NOT_TOLD, *(() if hears else ("clicked(bool)", "clicked()"))):
        if part.receivers(SIGNAL(signal)):
            yield f"Toggle does not emit {signal}: {name(part)}"


def small(look: Look) -> Iterator[str]:
    """Targets below 24 pixels."""
    for part in look.parts:
        if isinstance(part, _CONTROLS) and part.isEnabled():
            least = min(part.width(), part.height())
            if least < TARGET:
                yield f"small: {name(part)} {part.width()}x{part.height()}"


def coloured(look: Look) -> Iterator[str]:
    """Facts that only a colour tells."""
    quiet = (Tone.PLAIN, Tone.MUTED, Tone.ACCENT)
    for part in look.parts:
        if isinstance(part, Chip) and part._tone not in quiet and not (part._icon and part.text()):
            yield f"colour alone: {name(part)}"
        if isinstance(part, TableView):
            yield from _coloured_cells(part)


def _coloured_cells(table: TableView) -> Iterator[str]:
    model = table.model()
    places = product(range(model.rowCount()), range(model.columnCount()))
    for cell in (model.index(*place).data(CELL_ROLE) for place in places):
        is_loud = isinstance(cell, TableCell) and cell.tone in (Tone.DANGER, Tone.WARNING)
        if is_loud and not (cell.icon and cell.accessible_text):
            yield f"colour alone: cell {cell.accessible_text!r}"


def missed(root: QWidget, next_pane: Callable[[], object]) -> Iterator[str]:
    """Yield the controls that Tab and F6 do not reach, and where Tab is trapped."""
    reached: list[QWidget] = []
    if QApplication.focusWidget() is None:
        next_pane()
    if QApplication.focusWidget() is None:
        yield "nothing has the keyboard"
        return
    for _ in range(_PANES):
        focus = QApplication.focusWidget()
        while focus is not None and focus not in reached:
            reached.append(focus)
            for _ in range(_LINKS if isinstance(focus, QTextBrowser) else 1):
                if QApplication.focusWidget() is focus:
                    QTest.keyClick(focus, Qt.Key.Key_Tab)
            if QApplication.focusWidget() is focus and not _keeps_tab(focus):
                yield f"Tab is caught in {name(focus)}"
            focus = QApplication.focusWidget()
        left = [part for part in visible(root) if _is_missed(part, reached)]
        if not left:
            return
        next_pane()
    for part in left:
        yield f"no key comes to: {name(part)}"


def _is_missed(part: QWidget, reached: Sequence[QWidget]) -> bool:
    is_control = isinstance(part, _CONTROLS) and not isinstance(part, QHeaderView)
    if not is_control or not part.isEnabled() or part in reached:
        return False
    if getattr(part, "_key", "") and not part.focusPolicy():  # it tells its key, which is heard
        return False
    if isinstance(part, QRadioButton) and part.group() is None:
        above = part.parentWidget()
        return above is None or not any(one in reached for one in above.findChildren(QRadioButton))
    if part.focusProxy() in reached or any(above in reached for above in _above(part)):
        return False
    group = part.group() if isinstance(part, QAbstractButton) else None
    # of a group the arrow keys go on from the one that Tab comes to
    return group is None or not any(one in reached for one in group.buttons())


def _keeps_tab(part: QWidget) -> bool:
    """Return whether it lies on a sheet or a cover, which keep Tab and may have one button only."""
    return any(isinstance(above, QDialog | PrivacyCover) for above in _above(part))


def _above(part: QWidget) -> Iterator[QWidget]:
    above = part.parentWidget()
    while above is not None:
        yield above
        above = above.parentWidget()
