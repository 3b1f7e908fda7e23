# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk: what the window shows once the store is open: top bar, rail, and one page at a time.

Places are handed in as a list; a page is made on the first visit and kept. The desk knows no page
by name: adding a place is one line where the list is made. A page may offer `commands()`, which
stand in the menus while it is on view. What floats ends with the desk, and so with the lock.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk as OpenDesk
from kfdesk.services.desk import check_desk
from kfdesk.ui.files import dropped
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.shell.finder.finder import Finder, over
from kfdesk.ui.shell.help.chapters import chapter_at
from kfdesk.ui.shell.help.manual import Manual
from kfdesk.ui.shell.menu.commands import (
    FIND_KEY,
    HELP_KEY,
    KEYS_KEY,
    PANE_KEY,
    PLAN_KEY,
    SEND_KEY,
    TAKE_KEY,
    fixed_menus,
    key_of,
    undo_in,
)
from kfdesk.ui.shell.menu.menus import Menus
from kfdesk.ui.shell.sheets.about import About
from kfdesk.ui.shell.sheets.fault import FaultSheet, Voice, voice_of
from kfdesk.ui.shell.sheets.floating import Layer
from kfdesk.ui.shell.sheets.keys import KeySheet
from kfdesk.ui.shell.sheets.parts import PartsSheet
from kfdesk.ui.shell.toast import Toast
from kfdesk.ui.shell.topbar import TopBar
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner, scrolled
from kfdesk.ui.widgets.rail import Place, Rail
from kfdesk.ui.work import Course

_MINUTE = 60_000  # milliseconds


class Desk(QWidget):
    """Bar, rail and pages. The first place is shown at once; `desk` is what quick find searches.

    `send_asked` carries where one was, as `place()` says it; `take_asked` the files that were
    dropped, or none.
    """

    hide_asked = Signal()
    lock_asked = Signal()
    plan_asked = Signal()
    send_asked = Signal(str)
    take_asked = Signal(tuple)

    def __init__(self, kit: Kit, places: Sequence[Place], desk: OpenDesk | None = None) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        minute = QTimer(self, interval=_MINUTE)
        minute.timeout.connect(kit.hub.minute_passed)
        minute.start()
        self._places = {place.key: place for place in places}
        self._pages: dict[str, QWidget] = {}
        self._frames: dict[str, QScrollArea] = {}
        self._trail: list[str] = []
        self._stack = QStackedWidget()
        self.fixed = fixed_menus(kit, self, places)
        self.bar = TopBar(kit, Menus(kit, self.fixed, self.page_commands))
        self.bar.hide_asked.connect(self.hide_now)
        self.bar.lock_asked.connect(self.lock_now)
        self.rail = Rail(kit, places)
        self.rail.chosen.connect(self.go_to)
        self.toast = Toast(kit, self, self._room_in_bar)
        self.bar.room_changed.connect(self.toast.settle)
        self.fault = self._make_fault()
        self.finder = Finder(kit, self.bar.field, desk)
        self.finder.commands = self.all_commands
        self.finder.closed.connect(self._to_page)
        self._lay_out()
        kit.hub.failed.connect(self._on_failed)
        kit.hub.told.connect(self.toast.tell)
        self._hear_keys()
        self.setAcceptDrops(True)
        self.go_to(places[0].key)

    @property
    def page(self) -> QWidget | None:
        """The page on view."""
        frame = self._stack.currentWidget()
        return frame.widget() if isinstance(frame, QScrollArea) else None

    def page_commands(self) -> tuple[Command, ...]:
        """What the page on view offers."""
        offer: Callable[[], Sequence[Command]] | None = getattr(self.page, "commands", None)
        return tuple(offer()) if offer is not None else ()

    def all_commands(self) -> tuple[Command, ...]:
        """Everything that can be done now, the page's own first."""
        always = (command for menu in self.fixed for group in menu.groups for command in group)
        return (*self.page_commands(), *always)

    def go_to(self, key: str) -> None:
        """Show the page of a place."""
        self.layer.clear()
        if self._trail[-1:] != [key]:
            self._trail.append(key)
        self.rail.show_current(key)
        if key not in self._pages:  # from the outside in: each change of a parent tells all below
            self._frames[key] = frame = scrolled()
            self._stack.addWidget(frame)
            self._pages[key] = self._places[key].make(self._kit)
            frame.setWidget(self._pages[key])
        self._stack.setCurrentWidget(self._frames[key])
        self.setFocusProxy(self._pages[key])
        self._pages[key].setFocus()

    def place(self) -> str:
        """Where one is: the key of the place, and what its page says of itself by `place()`."""
        tell: Callable[[], str] | None = getattr(self.page, "place", None)
        return "/".join(filter(None, (self._trail[-1], tell() if tell is not None else "")))

    def return_to(self, place: str) -> None:
        """Go where `place` says, as far as it is still there; a page has `return_to`, too."""
        key, _, inside = place.partition("/")
        if key not in self._places:
            return
        self.go_to(key)
        go: Callable[[str], None] | None = getattr(self.page, "return_to", None)
        if go is not None and inside:
            go(inside)

    def go_back(self) -> None:
        """Go back to the page from bar or rail; from a page, to the place one came from."""
        focus = QApplication.focusWidget()
        if focus is not None and not self._stack.isAncestorOf(focus):
            self._to_page()
        elif len(self._trail) > 1:
            self._trail.pop()
            self.go_to(self._trail.pop())

    def next_pane(self, by: int = 1) -> None:
        """Go to the next of bar, rail and page, or to the one before.

        A page of several parts offers them by `panes()`: pairs of a part and what takes the
        keyboard in it.
        """
        offer: Callable[[], Sequence[tuple[QWidget, QWidget | None]]] | None
        offer = getattr(self.page, "panes", None)
        inner = tuple(offer()) if offer is not None else ()
        panes: tuple[tuple[QWidget, QWidget | None], ...] = (
            (self.bar, self.bar.field),
            (self.rail, self.rail.current),
            *(inner or ((self._stack, self.page),)),
        )
        focus = QApplication.focusWidget()
        inside = [focus is not None and _holds(pane, focus) for pane, _ in panes]
        here = inside.index(True) if any(inside) else len(panes) - 1
        goal = panes[(here + by) % len(panes)][1]
        if goal is not None:
            goal.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def begin_plan(self) -> None:
        """Ask for a new plan."""
        self.layer.clear()
        self.plan_asked.emit()

    def send_file(self) -> None:
        """Ask for a file to be sent from here."""
        self.layer.clear()
        self.send_asked.emit(self.place())

    def take_file(self) -> None:
        """Ask for files to be taken."""
        self.layer.clear()
        self.take_asked.emit(())

    def find_anything(self) -> None:
        """Go to quick find."""
        self.layer.clear()
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()

    def undo(self) -> None:
        """Take back what was typed where the cursor is, or else what was told last."""
        if not undo_in(QApplication.focusWidget()) and self.toast.may_undo:
            self.toast.undo()

    def hide_now(self) -> None:
        """Ask for the window to be hidden."""
        self.hide_asked.emit()

    def lock_now(self) -> None:
        """Ask for the store to be locked."""
        self.lock_asked.emit()

    def quit_now(self) -> None:
        """Close the window, and so the program."""
        self.window().close()

    def check_store(self) -> None:
        """Read the whole store on the worker, and say that it is whole, or what is wrong."""
        desk, course = self._desk, Course()
        if desk is not None:
            self._kit.work.run(
                lambda: check_desk(desk, course),
                self._on_checked,
                title=N_("Checking the store…"),
                cancel=course,
            )

    def say_example(self) -> None:
        """Say for as long as the window is open that everything in it is invented."""
        banner = Banner(self._kit, Tone.INFO, "info")
        banner.tell(
            N_("This is an example. Everybody in it is invented."),
            N_("Nothing that you write here is kept when you close the window."),
        )
        self._right.insertWidget(0, banner)

    def show_help(self) -> None:
        """Show the chapter of the manual about the page on view."""
        manual = Manual(self._kit, chapter_at(self.place()))
        manual.keys.clicked.connect(self.show_keys)
        self.layer.lay(manual)

    def show_keys(self) -> None:
        """Show the sheet of keys."""
        self.layer.lay(KeySheet(self._kit, self.fixed, self.page_commands()))

    def show_about(self) -> None:
        """Show what this program is, and what it cannot promise."""
        about = About(self._kit)
        about.parts_asked.connect(self.show_parts)
        self.layer.lay(about)

    def show_parts(self) -> None:
        """Show what the program is made of, and every licence."""
        self.layer.lay(PartsSheet(self._kit))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc that nothing else wanted goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Files from this computer may be dropped on any page that wants none itself."""
        if dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """What is dropped has come, and is looked at."""
        event.acceptProposedAction()
        self.layer.clear()
        self.take_asked.emit(dropped(event))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """A narrow window keeps its room for the page."""
        super().resizeEvent(event)
        self.rail.set_narrow(is_narrow=self._kit.theme.is_narrow(self.width()))

    def _lay_out(self) -> None:
        self._right = right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.fault)
        right.addWidget(self._stack, 1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(body, 1)
        self.layer = Layer(body, self._stack)
        over(self, self.finder)

    def _hear_keys(self) -> None:
        """Hear what neither the watch, the rail nor a page hears."""
        heard: tuple[tuple[str, Callable[[], object]], ...] = (
            (FIND_KEY, self.find_anything),
            (HELP_KEY, self.show_help),
            (KEYS_KEY, self.show_keys),
            (PANE_KEY, self.next_pane),
            (f"Shift+{PANE_KEY}", partial(self.next_pane, -1)),
            (PLAN_KEY, self.begin_plan),
            (SEND_KEY, self.send_file),
            (TAKE_KEY, self.take_file),
            (key_of(QKeySequence.StandardKey.Quit, "Ctrl+Q"), self.quit_now),
        )
        for keys, act in heard:
            QShortcut(QKeySequence(keys), self, act)

    def _room_in_bar(self) -> QRect:
        """Where a toast lies over nothing but quick find, which is empty while one works."""
        room = self.bar.room()
        return QRect(self.bar.mapTo(self, room.topLeft()), room.size())

    def _to_page(self) -> None:
        if self.page is not None:
            self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_checked(self, _nothing: None) -> None:
        self._kit.tell(N_("The store is whole."))

    def _on_failed(self, fault: KfdeskError) -> None:
        voice = voice_of(fault)
        if voice is Voice.BANNER:
            self.fault.tell_fault(fault)
        elif voice is Voice.PASSING:
            faults = self._kit.faults
            self.toast.say(lambda language: " ".join(faults(fault, language)))
        elif not (isinstance(self.layer.sheet, FaultSheet) and self.layer.sheet.code == fault.code):
            self.layer.lay(FaultSheet(self._kit, fault))

    def _make_fault(self) -> Banner:
        banner = Banner(self._kit, Tone.DANGER, "circle-alert")
        close = Button(self._kit, N_("Close"), "x", Look.QUIET).bared()
        close.clicked.connect(banner.hide)
        banner.act(close)
        banner.hide()
        return banner


def _holds(pane: QWidget, focus: QWidget) -> bool:
    return pane is focus or pane.isAncestorOf(focus)
