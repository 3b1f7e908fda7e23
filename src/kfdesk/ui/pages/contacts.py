# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts: the organisations and persons of the directory, found by typing and entered here.

A list and beside it the entry, to be read or edited. Secret entries carry a lock in both; what
they keep secret is covered until somebody asks. Knows nothing of how an entry is stored.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.services import directory
from kfdesk.services.desk import Desk
from kfdesk.services.directory import EntryLine
from kfdesk.services.finding import seek
from kfdesk.services.writing.drafts import DraftLine
from kfdesk.ui import tokens
from kfdesk.ui.files import dropped
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.contacts_views.finding.listing import CHECKED, Listing
from kfdesk.ui.pages.contacts_views.finding.wanted import Wanted
from kfdesk.ui.pages.contacts_views.lists.doubles import Doubles
from kfdesk.ui.pages.contacts_views.lists.handing import Handing
from kfdesk.ui.pages.contacts_views.lists.networks import Networks
from kfdesk.ui.pages.contacts_views.side import Side
from kfdesk.ui.pages.contacts_views.taking import Taking
from kfdesk.ui.pages.contacts_views.waiting import Waiting
from kfdesk.ui.pages.contacts_views.words import NEW, count_line
from kfdesk.ui.pages.plan_views.wanted import Step
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Beside, Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, Empty

_NARROW = 900  # narrower, whether an entry was checked stands in its preview alone
_LEAST_LIST = 300
_BESIDE = 620  # narrower, the entry stands below the list
_NARROW_HEAD = 1020  # narrower, two of the head's buttons are their icons
_NARROW_FORM = 900  # narrower, a form takes the list's place
_KEYS = {"organisation": "Alt+N", "contact": "Alt+Shift+N"}
_NOT_ALLOWED = N_(
    "Your roles do not allow you to enter or change contacts. Settings shows who may."
)


class Contacts(QWidget):
    """The page. `plan_chosen` carries the id of a plan that is to be opened.

    `step_left` carries the step of a plan for which somebody was wanted, and who was found or None.
    """

    plan_chosen = Signal(bytes)
    step_left = Signal(object, object)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.listing = Listing(kit, desk, self)
        self.search, self.table = self.listing.search, self.listing.table
        self.filters = self.listing.filters
        self._count = Label(kit, tone=Tone.MUTED)
        self.side = Side(kit, desk)
        self.entry = self.side.card
        self.waiting = Waiting(kit, desk)
        self.wanted = Wanted(kit)
        self.new = {
            "contact": self._make_new("contact", Look.SECONDARY),
            "organisation": self._make_new("organisation", Look.PRIMARY),
        }
        self.taking: Taking | Doubles | Networks | None = None
        self.handing = Handing(kit, desk, self, self._listed)
        self.handing.chosen.connect(self.take_over)
        self.handing.doubles_asked.connect(self.find_doubles)
        self.handing.networks_asked.connect(self.show_networks)
        for button in self.new.values():
            button.setEnabled(self.side.may_write)
        self._bind()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self.read()

    def read(self) -> None:
        """Read the directory again."""
        desk = self._desk
        self._kit.work.run(lambda: seek.known_codes(desk), self.filters.offer)
        self.listing.read()
        self.side.read()
        self.waiting.read()

    def show_entry(self, rid: bytes) -> None:
        """Choose an entry, also one that is only now being read."""
        self.side.close_editor()
        self._want_for(None)
        self.listing.want(rid)
        self.table.setFocus()

    def find_for(self, step: Step | None) -> None:
        """Show who can help with a step of a plan, who fits best first; all for None."""
        self._end_taking()
        self.side.close_editor()
        self.listing.begin_at_top()
        self.listing.look_for(step.need if step is not None else None)
        self._want_for(step)
        self.table.setFocus()

    def begin(self, record_type: str) -> None:
        """Begin a new organisation or contact person."""
        self.side.begin(record_type)

    def go_on(self, line: DraftLine) -> None:
        """Go on with a draft of the directory."""
        self.side.go_on(line)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """A list of contacts may be dropped here."""
        if self.handing.is_list(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Show what it would do."""
        event.acceptProposedAction()
        self.take_over(dropped(event)[0])

    def take_over(self, path: Path) -> None:
        """Show what taking over a list of contacts would do."""
        self._begin_taking(Taking(self._kit, self._desk, path))

    def find_doubles(self) -> None:
        """Show what stands twice."""
        self._begin_taking(Doubles(self._kit, self._desk))

    def show_networks(self) -> None:
        """Show who does what in a network."""
        page = Networks(self._kit, self._desk)
        page.narrowed.connect(self._on_narrowed)
        self._begin_taking(page)

    def _on_narrowed(self, network: str, service: str) -> None:
        self.find_for(None)
        self.filters.choose("networks", network)
        self.filters.choose("services", service)

    def _begin_taking(self, taking: Taking | Doubles | Networks) -> None:
        self._end_taking()
        self.taking = taking
        taking.closed.connect(self._end_taking)
        self._pages.setCurrentIndex(self._pages.addWidget(taking))
        taking.setFocus()

    def _end_taking(self) -> None:
        taking, self.taking = self.taking, None
        if taking is not None:
            self._pages.removeWidget(taking)
            taking.hide()
            taking.deleteLater()
            self.search.setFocus()

    def _listed(self) -> frozenset[bytes] | None:
        """The ids of what is listed now; None where nothing narrows the list."""
        is_all = not self.listing.is_narrowed
        return None if is_all else seek.rids_of(self._desk, self.listing.found)

    def commands(self) -> tuple[Command, ...]:
        """What the menus add while this page is on view."""
        keys = QKeySequence(QKeySequence.StandardKey.Find).toString()
        find = Command(N_("Find in contacts"), self.search.setFocus, keys, "search", menu="edit")
        if not self.side.may_write:
            return (find,)
        making = tuple(
            Command(NEW[name], partial(self.begin, name), _KEYS[name], "plus")
            for name in ("organisation", "contact")
        )
        return (
            *making,
            find,
            *self.handing.commands(),
            Command(N_("Edit this contact"), self.side.edit, "E", "pencil", menu="edit"),
            Command(
                N_("Put this contact in the bin"), self.side.put_in_bin, "Del", "trash-2",
                menu="edit",
            ),
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In a narrow window the names keep their room."""
        super().resizeEvent(event)
        self._make_room()
        for button in (self.handing.take, self.handing.give, self.new["contact"]):
            button.set_bare(is_bare=self.width() < self._kit.theme.sized(_NARROW_HEAD))
        self.table.setColumnHidden(CHECKED, self.width() < self._kit.theme.sized(_NARROW))

    def _bind(self) -> None:
        bind = self._kit.words.bind
        bind(self.search.setPlaceholderText, N_("Name, place, need or number"))
        bind(self.search.setAccessibleName, N_("Find in contacts"))
        bind(self.table.setAccessibleName, N_("Contacts"))

    def _connect(self) -> None:
        self.search.returnPressed.connect(self.table.setFocus)
        self.listing.answered.connect(self._show)
        self.listing.current_changed.connect(self._on_current_changed)
        self.table.chosen.connect(self._on_row_chosen)
        self.wanted.left.connect(lambda: self._leave_step(None))
        self.wanted.dropped.connect(lambda: self.find_for(None))
        self.entry.taken.connect(self._on_taken)
        self.side.plan_chosen.connect(self.plan_chosen)
        self.side.entry_chosen.connect(self.show_entry)
        self.side.turned.connect(self._on_turned)
        self.side.made.connect(self.listing.want)
        self.waiting.continued.connect(self.go_on)
        self._kit.hub.changed.connect(self._on_changed)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.setFocus)
        for keys, act in (("E", self.side.edit), ("Del", self.side.put_in_bin)):
            heard = QShortcut(QKeySequence(keys), self.table, act)
            heard.setContext(Qt.ShortcutContext.WidgetShortcut)
        for name, keys in _KEYS.items():
            QShortcut(QKeySequence(keys), self, partial(self.begin, name))
        esc = QShortcut(QKeySequence("Esc"), self.search, self.search.clear)
        esc.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _lay_out(self) -> None:
        kit = self._kit
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_lists())
        self._nothing = Empty(
            kit,
            "book-user",
            N_("No contact yet"),
            N_("Organisations and persons that you enter or take from a partner stand here."),
        )
        self._nothing.act(self._make_new("organisation", Look.TONAL))
        self._nowhere = Empty(
            kit, "search", N_("Nothing found"), N_("Type less, or another part of the name.")
        )
        for empty in (self._nothing, self._nowhere):
            self._stack.addWidget(_on_top(empty))
        self._pages = QStackedWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        page = QWidget()
        self._pages.addWidget(page)
        column = QVBoxLayout(page)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        column.addSpacing(14)
        below = QVBoxLayout()
        below.setSpacing(tokens.CARD_GAP)
        below.addWidget(self._make_tools())
        below.addWidget(self.wanted)
        below.addWidget(self.waiting)
        below.addWidget(self._stack, 1)
        column.addLayout(below, 1)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        self.search.setFocus(event.reason())

    def _make_new(self, record_type: str, look: Look) -> Button:
        button = Button(self._kit, NEW[record_type], "plus", look)
        if look is Look.PRIMARY:  # the other's key stands in the menu: a narrow page has no room
            button.show_key(_KEYS[record_type])
        button.clicked.connect(partial(self.begin, record_type))
        return button

    def _make_head(self) -> QWidget:
        said = QWidget()
        words = QVBoxLayout(said)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addWidget(Label(self._kit, N_("Contacts"), Type.DISPLAY))
        words.addWidget(self._count)
        if not self.side.may_write:
            words.addWidget(Label(self._kit, _NOT_ALLOWED, tone=Tone.MUTED).wrapped())
        buttons = (self.handing.take, self.handing.give, *self.new.values())
        return Flow(said, *buttons, gap=0, fills=said)

    def _make_tools(self) -> QWidget:
        tools = (self.search, 2), (self.filters, 7)
        return Beside(self._kit.theme, *tools, least=_BESIDE, gap=8)

    def _make_lists(self) -> QWidget:
        card = Card(padding=0)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self._make_invitation())
        card.setMinimumWidth(_LEAST_LIST)
        self._list = card
        halves = (card, 1), (self.side, 1)
        return Beside(self._kit.theme, *halves, least=_BESIDE, gap=tokens.CARD_GAP)

    def _make_invitation(self) -> QWidget:
        """What stands below our own entry as long as it is the only one."""
        under = N_("Enter those who receive, escort or help: they can then be named in plans.")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._make_new("organisation", Look.TONAL))
        self.invitation = QWidget()
        column = QVBoxLayout(self.invitation)
        column.setContentsMargins(16, 12, 12, 12)
        column.addWidget(Empty(self._kit, "book-user", N_("Only your own desk is here"), under))
        column.addLayout(foot)
        self.invitation.hide()
        return self.invitation

    def _show(self) -> None:
        """Say how many there are, and what to do where there are none."""
        found, listing = self.listing.found, self.listing
        self.wanted.show_found(found if listing.need is not None else None)
        shown, count = len(found.ids), found.count
        self._count.tell(lambda spoken: count_line(shown, count, spoken, is_near=found.is_near))
        self.invitation.setVisible(count == 1 and self.side.may_write and not listing.is_narrowed)
        is_list = bool(found.ids) or self.side.is_editing
        self._stack.setCurrentIndex(0 if is_list else 2 if count else 1)

    def _want_for(self, step: Step | None) -> None:
        self.wanted.show_step(step)
        if step is None:
            self.entry.want(frozenset())
        else:
            self.entry.want(step.types, self.listing.about)

    def _leave_step(self, entry: EntryLine | None) -> None:
        step = self.wanted.step
        self.find_for(None)
        self.step_left.emit(step, entry)

    def _on_taken(self) -> None:
        if self.entry.entry is not None:
            self._leave_step(self.entry.entry)

    def _on_row_chosen(self, _row: int) -> None:
        """Open the form; while somebody is wanted, go to what takes the entry."""
        if self.wanted.step is None:
            self.side.edit()
        elif self.entry.take.isVisible():
            self.entry.take.setFocus()

    def _make_room(self) -> None:
        """Give a form the whole page where list and form would both be too narrow."""
        is_narrow = self.width() < self._kit.theme.sized(_NARROW_FORM)
        self._list.setVisible(not (self.side.is_editing and is_narrow))

    def _on_turned(self) -> None:
        is_editing = self.side.is_editing
        self._make_room()
        self.waiting.hold_back(is_held_back=is_editing)
        self._show()
        if not is_editing:
            self.waiting.read()
            self.table.setFocus()

    def _on_current_changed(self, rid: bytes | None) -> None:
        """Whoever goes to another row leaves the form, and finds a draft there."""
        if rid is None:
            return
        self.side.show_rid(rid)
        editor = self.side.editor
        if editor is not None and rid != editor.rid and not editor.is_new:
            self.side.close_editor()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & directory.SHOWN:
            self.read()


def _on_top(empty: Empty) -> QWidget:
    page = QWidget()
    card = Card()
    card.body.addWidget(empty)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(card)
    column.addStretch(1)
    return page
