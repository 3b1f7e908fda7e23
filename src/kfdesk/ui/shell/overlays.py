# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlays inside the window: about, licences, shortcuts, and faults that stop all work.

An overlay is a sheet in a layer over the page, never a window of its own, so the lock ends
it. This module alone decides by a fault's code how a fault is shown that no page handles. A
cancelled job is reported in a toast. A fault that makes all further work doubtful opens an
overlay, which stays until it is read. Any other stands in a banner over the page.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QGraphicsDropShadowEffect,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.version import RELEASE_DAY, VERSION, LicensedComponent
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import Command, DescribeFault, Notification, UiContext
from kfdesk.ui.shell.menus import Menu
from kfdesk.ui.tokens import DARK, TextStyle, Tone
from kfdesk.ui.translator import Message, PlaceholderFunction
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.build import (
    LEFT,
    STRETCH,
    TOP,
    Part,
    aligned,
    column,
    extend,
    grown,
    muted,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import make_hairline, make_scroll_area
from kfdesk.ui.widgets.painting import draw_key_hint, key_hint_height, key_hint_width, key_label
from kfdesk.ui.widgets.text import Icon, Label, PlainLabel
from kfdesk.ui.worker import Job

# --- The layer and its sheets

_DIM = QColor(0, 0, 0, 96)
LAYER_MARGIN = 16
_SHEET_PADDING = 24


class OverlaySheet(QDialog):
    """An overlay with a heading, a body to fill, and one primary button that closes it."""

    def __init__(self, kit: UiContext, title: Message, icon: str, tone: Tone = Tone.ACCENT) -> None:
        super().__init__()
        self.kit = kit
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setProperty("ground", "raised")
        kit.translator.bind(self.setAccessibleName, title)
        self.title = text(kit, title, TextStyle.HEADING)
        head = row(aligned(Icon(kit, icon, tone, icons.LARGE), TOP), grown(self.title), gap=12)
        self.body = column(gap=tokens.GRID)
        self._foot = row(STRETCH, gap=6)
        margins = (_SHEET_PADDING, 20, _SHEET_PADDING - tokens.RESERVE, 16)
        parts = (head, grown(self._make_scroll()), self._foot)
        self._column = column(*parts, gap=12, margins=margins, on=self)

    def set_close_button(self, message: Message, icon: str = "check") -> Button:
        """Add the primary button that closes the overlay and gets the focus."""
        button = Button(self.kit, message, icon, ButtonLook.PRIMARY, self.accept)
        extend(self._foot, button)
        self.setFocusProxy(button)
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll a long body by the arrow and page keys; close on Esc."""
        bar = self._scroll.verticalScrollBar()
        steps = {
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_Down: bar.singleStep(),
        }
        if event.key() in steps:
            bar.setValue(bar.value() + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Keep Tab inside the overlay."""
        parts = [
            part
            for part in self.findChildren(QWidget)
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible()
        ]
        focus = QApplication.focusWidget()
        if focus in parts:
            parts[(parts.index(focus) + (1 if is_next else -1)) % len(parts)].setFocus(
                Qt.FocusReason.TabFocusReason
            )
        return bool(parts)

    def _make_scroll(self) -> QScrollArea:
        margins = (0, 0, _SHEET_PADDING - tokens.RESERVE, 0)
        self._inside = column(self.body, STRETCH, margins=margins)
        self._page = panel(self._inside)
        self._scroll = make_scroll_area(self._page)
        self._scroll.viewport().setAutoFillBackground(False)
        return self._scroll

    def preferred_size(self, room: QWidget) -> tuple[int, int]:
        """Return the preferred width and height, limited by `room`."""
        width = min(self.maximumWidth(), room.width() - 2 * LAYER_MARGIN)
        self._page.setFixedWidth(width - 2 * _SHEET_PADDING + tokens.RESERVE)
        self._inside.activate()
        scroll = max(self._scroll.sizeHint().height(), self._scroll.minimumSizeHint().height())
        around = self._column.sizeHint().height() - scroll
        height = self._inside.minimumSize().height() + around
        return width, min(height, room.height() - 2 * LAYER_MARGIN)


class OverlayLayer(QWidget):
    """A layer over `under`, hidden until it shows an overlay; `cleared` follows the closing."""

    cleared = Signal()

    def __init__(self, under: QWidget, resting: QWidget) -> None:
        """Cover `under`; disable its part `resting` while an overlay is open."""
        super().__init__(under)
        self._under = under
        self._resting = resting
        self._focus: QWidget | None = None
        self.sheet: OverlaySheet | None = None
        under.installEventFilter(self)
        self.hide()

    def show_sheet(self, sheet: OverlaySheet) -> None:
        """Show an overlay, in place of one that is open."""
        if self.sheet is None:
            self._focus = QApplication.focusWidget()
        self._delete_sheet()
        self.sheet = sheet
        sheet.setParent(self)
        shadow = QGraphicsDropShadowEffect(sheet)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 70))
        sheet.setGraphicsEffect(shadow)
        sheet.finished.connect(self.close_sheet)
        sheet.kit.translator.changed.connect(self._arrange)
        self._resting.setEnabled(False)
        self.setGeometry(self._under.rect())
        self.raise_()
        self.show()
        sheet.show()
        self._arrange()
        QTimer.singleShot(0, self, self._arrange)
        sheet.setFocus()

    def close_sheet(self, _result: int = 0) -> None:
        """Close the open overlay and restore the focus."""
        if self.sheet is None:
            return
        self._delete_sheet()
        self.hide()
        self._resting.setEnabled(True)
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus()
        self._focus = None
        self.cleared.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._under and event.type() is QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._under.rect())
            self._arrange()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(self.rect()), _DIM)

    def _arrange(self) -> None:
        """Centre the overlay; wrapped texts know their height only in the second pass."""
        for _ in range(2):
            if self.sheet is not None:
                width, height = self.sheet.preferred_size(self)
                left = (self.width() - width) // 2
                top = max(LAYER_MARGIN, (self.height() - height) // 3)
                self.sheet.setGeometry(left, top, width, height)

    def _delete_sheet(self) -> None:
        if self.sheet is not None:
            sheet, self.sheet = self.sheet, None
            sheet.kit.translator.changed.disconnect(self._arrange)
            sheet.hide()
            sheet.deleteLater()


# --- About

_ABOUT_WIDTH = 640
_NOT_PROMISED = (
    N_("A weak passphrase protects little. Six drawn words are strong; a name and a year are not."),
    N_("What is on the screen can be seen and photographed, and a laptop left unlocked shows it."),
    N_("Spyware on this computer sees what you see."),
    N_("All users of one database share its key: roles are rules of this program only."),
    N_("A USB stick with the database is only as safe as the computers on which it is opened."),
    N_("A printer and a print server may keep a copy of what was printed."),
    N_("Erased files may remain on an SSD, in a backup or in a snapshot."),
    N_("A partner can be asked to erase what was sent to it, but cannot be forced to."),
    N_("A paper on which no listed word was found is not safe for that reason alone."),
)


_WITHOUT_KEYS = N_("Other people's files are opened in a process without keys.")
_CONFINED = N_(
    "Other people's files are opened in a process without keys. The system limits its memory, "
    "and does not let it write, send or start anything."
)
_NOT_CONFINED = N_(
    "Other people's files are opened in a process without keys, which is stopped if it takes too "
    "long. This system cannot prevent it from writing or sending."
)
_NOT_STARTED = N_("The part of the program that opens other people's files did not start.")


def _warned_row(kit: UiContext, sentence: str) -> QHBoxLayout:
    sign = Icon(kit, "triangle-alert", Tone.WARNING, icons.MEDIUM)
    return row(aligned(sign, TOP), grown(text(kit, sentence)), gap=10)


class AboutSheet(OverlaySheet):
    """The overlay. `parts_asked` when the user wants to see the parts and licences."""

    parts_asked = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, N_("About this program"), "notebook-text")
        self.setMaximumWidth(_ABOUT_WIDTH)
        what = N_(
            "Plans for a safe return, and the contacts needed for them: encrypted on this "
            "computer, without the internet, exchanged by files."
        )
        version = muted(kit, "", TextStyle.SMALL)
        version.set_message(
            N_("Version {version}, {date}. Free software: GPL-3.0 or later."),
            version=lambda _: VERSION,
            date=lambda language: language.day(RELEASE_DAY, year=True),
        )
        build = muted(kit, "", TextStyle.SMALL)
        if kit.program.build:
            build.set_message(N_("Build {number}."), number=lambda _: kit.program.build)
        else:
            build.set_message(N_("It runs from its source, not from a package."))
        self.limits = muted(kit, _WITHOUT_KEYS, TextStyle.SMALL)
        kit.worker.run(kit.program.is_confined, self._on_limits_known, self._on_not_started)
        self.parts = Button(kit, N_("Parts and licences"), "files", on=self.parts_asked.emit)
        promised = Label(kit, N_("What cannot be promised"), TextStyle.STRONG)
        rows = (_warned_row(kit, sentence) for sentence in _NOT_PROMISED)
        parts: tuple[Part, ...] = (
            text(kit, what), version, build, self.limits, aligned(self.parts, LEFT), 4,
            make_hairline(), 4, promised, *rows,
        )  # fmt: skip
        for part in parts:
            extend(self.body, part)
        self.set_close_button(N_("Close"), "x")

    def _on_limits_known(self, is_confined: bool) -> None:
        self.limits.set_message(_CONFINED if is_confined else _NOT_CONFINED)

    def _on_not_started(self, _fault: KfdeskError) -> None:
        self.limits.set_message(_NOT_STARTED)


# --- Faults

_FAULT_WIDTH = 520
_STOPPING_CODES = frozenset(
    {
        "store.damaged",
        "store.disk",
        "store.done",
        "store.in_use",
        "store.missing",
        "store.mixed",
        "store.newer",
        "store.no_cipher",
        "store.read_only",
        "store.unreadable",
        "store.wrong_key",
    }
)
_EXPECTED_CODES = frozenset({"work.cancelled"})


class FaultPresentation(Enum):
    """Prominence of a fault."""

    SHEET = "sheet"
    BANNER = "banner"
    PASSING = "passing"


def fault_presentation(fault: KfdeskError) -> FaultPresentation:
    """Return how to show a fault that no page handles."""
    if fault.code in _STOPPING_CODES:
        return FaultPresentation.SHEET
    return FaultPresentation.PASSING if fault.code in _EXPECTED_CODES else FaultPresentation.BANNER


class FaultSheet(OverlaySheet):
    """An overlay with the fault, its remedy, and one button; `said` describes the fault."""

    def __init__(
        self, kit: UiContext, fault: KfdeskError, said: DescribeFault | None = None
    ) -> None:
        faults = said or kit.faults
        super().__init__(
            kit, lambda language: faults(fault, language)[0], "octagon-alert", Tone.DANGER
        )
        self.code = fault.code
        self.setMaximumWidth(_FAULT_WIDTH)
        extend(self.body, text(kit, lambda language: faults(fault, language)[1]))
        self.set_close_button(N_("OK"))


# --- Closing while something is under way


class ClosingSheet(OverlaySheet):
    """The question whether the window closes; `left` follows when the work is over."""

    left = Signal()

    def __init__(self, kit: UiContext, job: Job) -> None:
        super().__init__(
            kit, N_("Something is still being written"), "triangle-alert", Tone.WARNING
        )
        self._job = job
        self.setMaximumWidth(kit.theme.scaled(_FAULT_WIDTH))
        told = text(kit, job.title or "", TextStyle.STRONG)
        said = N_("If you stop it, none of it is kept. What was saved before stays.")
        can_stop = job.course is not None
        extend(
            self.body, told, muted(kit, said if can_stop else N_("It will be done in a moment."))
        )
        self.stop = Button(kit, N_("Stop it and close"), "x", ButtonLook.DANGER, self._stop)
        self.later = Button(kit, N_("Close when it is done"), "clock", on=self._leave_later)
        if can_stop:
            extend(self._foot, self.stop)
        extend(self._foot, self.later)
        self.set_close_button(N_("Keep the window open"), "check")

    def _stop(self) -> None:
        if self._job.course is not None:
            self._job.course.cancel()
        self._leave_later()

    def _leave_later(self) -> None:
        """Close the window as soon as the worker rests."""
        for button in (self.stop, self.later):
            button.setEnabled(False)
        if self.kit.worker.is_busy:
            self.kit.worker.rested.connect(self.left)
        else:
            self.left.emit()


# --- Shortcuts

_SHORTCUTS_WIDTH = 860
_KEY_COLUMN = 118
ShortcutRow = tuple[Message, str]

_LIST_SHORTCUTS: tuple[ShortcutRow, ...] = (
    (N_("Move through a list"), "Up Down"),
    (N_("Open the chosen row"), "Return"),
    (N_("Go to the next field or button"), "Tab Shift+Tab"),
    (N_("Move through the sections of a plan"), "Alt+Up Alt+Down"),
    (N_("Give another answer in a field, such as unknown"), "Alt+Down"),
    (N_("Remove a language from a text"), "Alt+Del"),
    (N_("Move through the records of a file"), "J K"),
)


class Keycap(QWidget):
    """A key in its frame; screen readers hear its name."""

    def __init__(self, kit: UiContext, keys: str) -> None:
        super().__init__()
        self._kit = kit
        self._keys = keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(key_label(keys))

    def sizeHint(self) -> QSize:
        theme = self._kit.theme
        width = key_hint_width(theme, self._keys)
        return QSize(round(width) + 2, key_hint_height(theme) + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._kit.theme.colours
        inks = (colours.text, colours.control)
        draw_key_hint(QPainter(self), self._kit.theme, QRectF(self.rect()), self._keys, inks)


class ShortcutSheet(OverlaySheet):
    """The shortcut overlay. `added` holds the commands of the page on view."""

    def __init__(self, kit: UiContext, menus: Sequence[Menu], added: Sequence[Command]) -> None:
        super().__init__(kit, N_("All keys"), "life-buoy")
        self.setMaximumWidth(_SHORTCUTS_WIDTH)
        by_key = {menu.key: tuple(_menu_rows(menu)) for menu in menus}
        everywhere = (*by_key["file"], *by_key["edit"], *by_key["help"])
        parts: tuple[tuple[Message, tuple[ShortcutRow, ...]], ...] = (
            (N_("On this page"), tuple(_command_rows(added))),
            (N_("Places"), by_key["go"]),
            (N_("Everywhere"), everywhere),
            (N_("In lists and pages"), _LIST_SHORTCUTS),
        )
        halves = ((*parts[:2], parts[3]), parts[2:3])
        columns = (grown(_shortcut_column(kit, half)) for half in halves)
        extend(self.body, row(*columns, gap=40))
        self.set_close_button(N_("Close"), "x")


def _shortcut_column(
    kit: UiContext, parts: Iterable[tuple[Message, tuple[ShortcutRow, ...]]]
) -> QVBoxLayout:
    """Return the tables of some parts below each other, each under its title."""
    box = column(gap=4)
    for title, rows in parts:
        if rows:
            extend(
                box,
                Label(kit, title, TextStyle.SMALL_STRONG, Tone.MUTED),
                _shortcut_grid(kit, rows),
                12,
            )
    extend(box, STRETCH)
    return box


def _shortcut_grid(kit: UiContext, rows: Iterable[ShortcutRow]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, _KEY_COLUMN)
    for number, (words, keys) in enumerate(rows):
        caps = [Keycap(kit, each) for each in keys.split(" ")]
        label = text(kit, _without_mnemonic(words))
        label.setBuddy(caps[0])
        grid.addLayout(row(*caps, STRETCH, gap=4), number, 0)
        grid.addWidget(label, number, 1)
    grid.setContentsMargins(0, 2, 0, 2)
    grid.setSizeConstraint(QGridLayout.SizeConstraint.SetMinimumSize)
    return grid


def _menu_rows(menu: Menu) -> Iterable[ShortcutRow]:
    for group in menu.groups:
        yield from _command_rows(group)


def _command_rows(commands: Iterable[Command]) -> Iterable[ShortcutRow]:
    return ((command.words, command.keys) for command in commands if command.keys)


def _without_mnemonic(words: Message) -> Message:
    """Return the label without the mnemonic sign "&"."""

    def say(language: Language) -> str:
        said = words(language) if callable(words) else language.gettext(words)
        return said.replace("&", "")

    return say


# --- Parts and licences

_PARTS_WIDTH, _LICENCE_HEIGHT = 860, 460
_ALL_PARTS = "all"


class PartsSheet(OverlaySheet):
    """An overlay with all parts by name and licence, or the licence text of one part."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, N_("Parts and licences"), "files")
        self.setMaximumWidth(_PARTS_WIDTH)
        self._parts = kit.program.parts()
        told = N_(
            "The program is free software and builds on the work of many others. Each "
            "part has its own licence."
        )
        self.choice = ChoiceBox(kit)
        kit.translator.bind(self.choice.setAccessibleName, N_("Parts and licences"))
        named = [(str(number), _part_label(part)) for number, part in enumerate(self._parts)]
        self.choice.set_options([(_ALL_PARTS, N_("All parts")), *named])
        self.choice.activated.connect(self._show)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setMinimumHeight(_LICENCE_HEIGHT)
        self.text.setTabChangesFocus(True)
        kit.translator.bind(self.text.setAccessibleName, N_("Text of the licence"))
        for part in (text(kit, told), self.choice, self.text):
            extend(self.body, part)
        self.set_close_button(N_("Close"), "x")
        self._show()

    def _show(self, _place: int = 0) -> None:
        if self.choice.key == _ALL_PARTS:
            self.text.setPlainText("\n".join(map(_part_line, self._parts)))
        else:
            self.text.setPlainText(self._parts[int(self.choice.key)].text)


def _part_line(part: LicensedComponent) -> str:
    return f"{_part_name(part)}: {part.licence}" if part.licence else _part_name(part)


def _part_label(part: LicensedComponent) -> Callable[[Language], str]:
    return lambda _: _part_name(part)


def _part_name(part: LicensedComponent) -> str:
    return f"{part.name} {part.version}".strip()


# --- The toast

_TOAST_DURATION = 8000
_MOST_STEPS = 20  # that Ctrl+Z can undo, one after the other, until the lock


_FROM_BOTTOM = 72  # above the foot of a wizard step: never over its buttons


_LEAST_WIDTH = 240  # pixels; in less width the text wraps too often to be read quickly


_TOAST_MARGINS = 24


FreeArea = Callable[[], QRect]
"""Return the unused part of a page, or an empty rectangle."""


class Toast(QWidget):
    """The only toast, floating over `page`; a new message replaces the old one.

    It keeps the last steps that it reported, because `undo` outlives the messages. `place_asked`
    carries the place of what a message tells of.

    `room` returns the area for it. A click closes it. While nobody is there, no message goes or
    replaces another: they wait for one another.
    """

    place_asked = Signal(str)

    def __init__(self, kit: UiContext, page: QWidget, room: FreeArea) -> None:
        super().__init__(page)
        self._kit = kit
        self._page = page
        self._room = room
        self._undo: Callable[[], object] | None = None
        self._shown_at = ""
        self._is_whole = True
        self._steps: deque[Notification] = deque(maxlen=_MOST_STEPS)
        self._queue: deque[Notification] = deque()
        self.is_waiting = False
        self._is_unread = False
        self._words = PlainLabel()
        self._words.setFont(kit.theme.font(TextStyle.BUTTON))
        self._words.setStyleSheet(f"color: {DARK.text}")
        look = ButtonLook.ON_TOAST
        self._button = Button(kit, N_("Undo"), look=look, on=self.undo).show_key("Ctrl+Z")
        self.way = Button(kit, N_("Show"), look=look, on=self._on_way_clicked)
        closing = Button(kit, N_("Close"), "x", look, on=self._close).bared()
        for button in (self._button, self.way, closing):
            button.with_height(tokens.CONTROL_COMPACT)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(44, 2, 6, 2)
        extend(row, self._words, self._button, self.way, closing)
        self._timer = QTimer(self, singleShot=True, interval=_TOAST_DURATION)
        self._timer.timeout.connect(self._close)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)
        page.installEventFilter(self)
        self.hide()

    @property
    def can_undo(self) -> bool:
        """True if it is visible and offers undo."""
        return self.isVisible() and self._undo is not None

    @property
    def last_step(self) -> str:
        """The name of the step that `undo` undoes; empty if there is none."""
        return self._step_name(self._steps[-1]) if self._steps else ""

    def undo(self) -> None:
        """Undo the last step, and say which one it was unless that can still be read."""
        if not self._steps:
            return
        was_shown = self.can_undo
        step = self._steps.pop()
        self._close()
        if not was_shown:
            self.show_message(N_("Undone: {what}"), what=lambda _: self._step_name(step))
        if step.undo is not None:
            step.undo()

    def show_notification(self, outcome: Notification) -> None:
        """Show a notification from a page."""
        if self.is_waiting and not self.isHidden():
            self._queue.append(outcome)
            return
        self._undo, self._shown_at = outcome.undo, outcome.shown_at
        self._is_whole = outcome.is_whole
        if outcome.undo is not None:
            self._steps.append(outcome)
        self._kit.translator.bind(self._show_words, outcome.message, **outcome.places)
        self._button.setVisible(outcome.undo is not None)
        self.way.setVisible(bool(outcome.shown_at))
        self.show()
        self.reposition()
        self.raise_()
        self._is_unread = self.is_waiting
        if not self.is_waiting:
            self._timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self._words, QAccessible.Event.Alert))

    def wait(self, *, is_waiting: bool) -> None:
        """Keep all messages until the person is back, and then let each stay its time."""
        self.is_waiting = is_waiting
        self._timer.stop()
        if not is_waiting and not self.isHidden():
            self._is_unread = False
            self._timer.start()

    def unread(self) -> tuple[str, ...]:
        """Return the texts of the messages that came while nobody was there."""
        say = self._kit.translator.translate
        queue = tuple(say(each.message, **each.places) for each in self._queue)
        return (self._words.text(), *queue) if self._is_unread and not self.isHidden() else queue

    def show_message(
        self,
        message: Message,
        undo: Callable[[], object] | None = None,
        **places: PlaceholderFunction,
    ) -> None:
        """Show a message; `undo` undoes what it reports."""
        self.show_notification(Notification(message, undo, places))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() is QEvent.Type.Resize and self.isVisible():
            self.reposition()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a click."""
        event.accept()
        self._close()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._kit.theme
        painter = QPainter(self)
        line = theme.colours.line if theme.is_dark else ""
        painting.draw_box(
            painter, QRectF(self.rect()), tokens.RADIUS_ROW, theme.colours.toast, line
        )
        square = QRectF(16, round((self.height() - icons.NORMAL) / 2), icons.NORMAL, icons.NORMAL)
        icon = "check" if self._is_whole else "triangle-alert"
        theme.icons.paint(painter, icon, DARK.text, square)

    def reposition(self) -> None:
        """Move to the centre of the free area if it fits there, else near the bottom."""
        room = self._room()
        is_in_room = room.width() >= _LEAST_WIDTH and self._fit(room.width()) <= room.height()
        if not is_in_room:
            room = self._page.rect().adjusted(_TOAST_MARGINS, 0, -_TOAST_MARGINS, -_FROM_BOTTOM)
            self._fit(room.width())
        place = self.rect()
        place.moveCenter(room.center())
        if not is_in_room:
            place.moveBottom(room.bottom())
        self.move(place.topLeft())

    def _fit(self, width: int) -> int:
        """Set the width to the text's, or to `width` with wrapped text. Return the height."""
        self._words.setWordWrap(False)
        needed = min(self.sizeHint().width(), width)
        self._words.setWordWrap(needed < self.sizeHint().width())
        for _ in range(2):  # a button that wraps its label knows its height in the second pass
            high = max(tokens.TOAST, self.minimumSizeHint().height(), self.heightForWidth(needed))
            self.resize(needed, high)
            self._row.activate()
        return self.height()

    def _on_way_clicked(self) -> None:
        place = self._shown_at
        self._close()
        self.place_asked.emit(place)

    def _show_words(self, words: str) -> None:
        """Show the text and reposition; in another language it may be longer."""
        self._words.setText(words)
        self.reposition()

    def _close(self) -> None:
        """Close the message, and show the next one that waited."""
        self.hide()
        self._timer.stop()
        self._undo = None
        if self._queue:
            self.show_notification(self._queue.popleft())

    def _step_name(self, step: Notification) -> str:
        """Return what a step did and to what, if known: `Saved (Leg)`."""
        said = self._kit.translator.translate(step.message, **step.places).removesuffix(".")
        subject = step.places.get("subject")
        return f"{said} ({subject(self._kit.translator.language)})" if subject else said
