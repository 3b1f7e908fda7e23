# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Contacts: the list of organisations and persons, and the selected entry beside it.

The page connects its parts: search, the pane of an entry, import, duplicates, networks.
Secret entries carry a lock in list and pane, and their secret fields are covered until a user
asks. An empty directory offers public lists to begin with; what is chosen is shown before it is
taken over, and can be taken back. The page does not know how an entry is stored.
"""

from collections.abc import Sequence
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
    QShowEvent,
)
from PySide6.QtWidgets import QStackedWidget, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.authority import is_network_type
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core.drafts import DraftLine
from kfdesk.services.core.session import Session
from kfdesk.services.directory import entries, search
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.directory.networks import SuggestionLine, list_suggestions
from kfdesk.services.directory.search import DirectoryResult
from kfdesk.services.directory.starter_lists import StarterKind, StarterList, read_starter_lists
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import dropped_files
from kfdesk.ui.pages.directory.card import NEW_ENTRY_TITLES, count_line
from kfdesk.ui.pages.directory.duplicates import DuplicatesPage
from kfdesk.ui.pages.directory.entry import EntryPane
from kfdesk.ui.pages.directory.entry_editor import DirectoryDraftBanner
from kfdesk.ui.pages.directory.list_import import ListImportPage, ListTransfer
from kfdesk.ui.pages.directory.network_work import NetworkWorkPage
from kfdesk.ui.pages.directory.networks import NetworksPage
from kfdesk.ui.pages.directory.search import (
    CHECKED_COLUMN,
    DirectoryListing,
    NeedBanner,
    ServiceOverviewPage,
)
from kfdesk.ui.pages.directory.suggestions import SuggestionsPage
from kfdesk.ui.plan_sections import HelpRequest
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, TextStyle
from kfdesk.ui.widgets.build import STRETCH, column, extend, filled, grown, muted, panel, plural
from kfdesk.ui.widgets.button_row import ButtonRow
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import (
    CardFrame,
    EmptyState,
    FlowBox,
    ResizablePanes,
    SideBySide,
    TaskPage,
    clear_layout,
)
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.text import Label

# --- public lists to begin with

LISTS_FOLDER = "lists"


class StarterOffer(QWidget):
    """A button for each public list. `chosen` carries the StarterList to look at."""

    chosen = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.buttons: dict[StarterKind, Button] = {}
        self._column = column(gap=4, on=self)
        self._may_take = desk.may(Right.EDIT_DIRECTORY)
        kit.translator.on_language_change(self, self._read_if_shown)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the lists: most directories are not empty and never need them."""
        super().showEvent(event)
        self.read()

    def _read_if_shown(self) -> None:
        if self.isVisible():
            self.read()

    @task
    async def read(self) -> None:
        """Read the lists, whose names are those of the window's language."""
        if self._may_take:
            self._show(await call(self._kit, _read_lists, self._kit, self._desk))

    @task
    async def open_list(self, kind: StarterKind) -> None:
        """Read the lists, and choose one of them."""
        lists = await call(self._kit, _read_lists, self._kit, self._desk)
        for one in lists:
            if one.kind is kind:
                self.chosen.emit(one)

    def _show(self, lists: Sequence[StarterList]) -> None:
        clear_layout(self._column)
        self.buttons = {
            one.kind: Button(
                self._kit, partial(_offer_text, one), "book-user", ButtonLook.TONAL,
                partial(self.chosen.emit, one),
            )
            for one in lists
        }  # fmt: skip
        if lists:
            words = N_("You can look at it first, and undo the import. No one has checked it.")
            buttons = FlowBox(*self.buttons.values(), gap=8)
            extend(self._column, buttons, muted(self._kit, words, TextStyle.SMALL))


def _read_lists(kit: UiContext, desk: Session) -> Sequence[StarterList]:
    folder = kit.theme.resources / LISTS_FOLDER
    return read_starter_lists(desk, folder, kit.translator.language)


def _offer_text(one: StarterList, language: Language) -> str:
    """Return what a button offers: `Begin with a public list of 46?`."""
    if one.kind is StarterKind.ORGANISATIONS:
        words = language.gettext(N_("Begin with a public list of {count}?"))
    elif one.country:
        words = language.gettext(N_("Embassies and consulates, {country}: {count}"))
    else:
        words = language.gettext(N_("Embassies and consulates: {count}"))
    return words.format(count=len(one.entries), country=language.country(one.country))


# --- page

_CHECKED_MIN_WIDTH = 900  # narrower, the column Checked is hidden
_LIST_MIN_WIDTH = 300
_ENTRY_BESIDE_WIDTH = 620  # narrower, the entry is below the list
_FORM_MIN_WIDTH = 900  # narrower, a form takes the list's place
_NETWORKS, _WORK = "networks", "network_work"
"""The places inside the page, by their chapters of the manual."""
_NEW_KEYS = {"organisation": "Alt+N", "contact": "Alt+Shift+N"}
_NOT_ALLOWED = N_(
    "Your roles do not allow you to enter or change contacts. Settings shows who may."
)


class DirectoryPage(Page, QWidget):
    """The page Contacts. `plan_chosen` carries the id of a plan to open.

    `step_left` carries the plan's step that needed somebody, and the entry found for it or
    None. `paper_asked` carries a paper about a network or a meeting, and its subject.
    """

    plan_chosen = Signal(bytes)
    step_left = Signal(object, object)
    paper_asked = Signal(object, bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.listing = DirectoryListing(kit, desk, self)
        self.search, self.table = self.listing.search, self.listing.table
        self.filters = self.listing.filters
        self._count = muted(kit)
        self.side = EntryPane(kit, desk)
        self.entry = self.side.card
        self.waiting = DirectoryDraftBanner(kit, desk)
        self.wanted = NeedBanner(kit)
        self.new = {
            "contact": self._make_new("contact", ButtonLook.SECONDARY),
            "organisation": self._make_new("organisation", ButtonLook.PRIMARY),
        }
        self.task: TaskPage | None = None
        self.transfer = ListTransfer(kit, desk, self, self._listed_ids)
        self.transfer.chosen.connect(self.preview_list)
        self.offer = StarterOffer(kit, desk)
        self.offer.chosen.connect(self.preview_list)
        self.transfer.public_asked.connect(self.offer.open_list)
        self.transfer.doubles_asked.connect(self.show_duplicates)
        self.transfer.networks_asked.connect(self.show_networks)
        self.networks = Button(
            kit, N_("Networks"), "building-2", ButtonLook.QUIET, self.show_circles
        )
        self.suggestions = Button(
            kit, N_("Suggestions"), "pencil", ButtonLook.QUIET, self.show_suggestions
        )
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
        self._kit.worker.run(lambda: search.filter_codes(desk), self.filters.set_options)
        self._kit.worker.run(lambda: list_suggestions(desk), self._on_suggestions_read)
        self.listing.read()
        self.side.read()
        self.waiting.read()

    def show_entry(self, rid: bytes) -> None:
        """Select an entry, even one that is still being read."""
        self.side.close_editor()
        self._want_for(None)
        self.listing.select_entry(rid)
        self.table.setFocus()

    def place(self) -> str:
        """Return the chapter about the networks or the work of one, while they are open."""
        if isinstance(self.task, NetworkWorkPage):
            return f"{_WORK}/{self.task.network.hex()}"
        return _NETWORKS if isinstance(self.task, NetworksPage) else ""

    def return_to(self, place: str) -> None:
        """Open the networks or the work of one again; else select the entry whose id it is."""
        chapter, _, network = place.partition("/")
        if chapter == _NETWORKS:
            self.show_circles()
        elif chapter == _WORK:
            self.show_work(bytes.fromhex(network))
        else:
            self._close_list_page()
            self.show_entry(bytes.fromhex(place))

    def find_helpers(self, step: HelpRequest | None) -> None:
        """List who can help with a step of a plan, best match first.

        None lists everybody.
        """
        self._close_list_page()
        self.side.close_editor()
        self.listing.select_first()
        self.listing.set_need(step.need if step is not None else None)
        self._want_for(step)
        self.table.setFocus()

    def begin(self, record_type: str) -> None:
        """Begin a new organisation or contact person."""
        self.side.begin(record_type)

    def resume_draft(self, line: DraftLine) -> None:
        """Resume a draft of the directory, or show the networks, where theirs can be resumed."""
        if is_network_type(line.type):
            self.show_circles()
        else:
            self.side.resume_draft(line)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept a list of contacts."""
        if self.transfer.is_list(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Preview the import of the dropped list."""
        event.acceptProposedAction()
        self.preview_list(dropped_files(event)[0])

    def preview_list(self, source: Path | StarterList) -> None:
        """Show what the import of a file or of a public list of contacts would do."""
        self._open_list_page(ListImportPage(self._kit, self._desk, source))

    def begin_with_list(self) -> None:
        """Show what the public list of organisations would bring."""
        self.offer.open_list(StarterKind.ORGANISATIONS)

    def show_duplicates(self) -> None:
        """Show the duplicates in the directory."""
        self._open_list_page(DuplicatesPage(self._kit, self._desk))

    def show_networks(self) -> None:
        """Show who offers what in a network."""
        page = ServiceOverviewPage(self._kit, self._desk)
        page.narrowed.connect(self._on_narrowed)
        self._open_list_page(page)

    def _on_suggestions_read(self, lines: Sequence[SuggestionLine]) -> None:
        count = sum(line.is_ours_to_decide for line in lines)
        self.suggestions.set_message(
            plural("Suggestion: {count}", "Suggestions: {count}", count)
            if count
            else N_("Suggestions")
        )
        self._head.fit()

    def _on_narrowed(self, network: str, service: str) -> None:
        self.find_helpers(None)
        self.filters.choose("networks", network)
        self.filters.choose("services", service)

    def show_circles(self) -> None:
        """Show the networks with their members, and what we share in them."""
        page = NetworksPage(self._kit, self._desk)
        page.work_asked.connect(self.show_work)
        page.paper_asked.connect(self.paper_asked)
        self._open_list_page(page)

    def show_work(self, network: bytes, record: bytes | None = None) -> None:
        """Show the work of a network, and in it a meeting or an agreement."""
        page = NetworkWorkPage(self._kit, self._desk, network)
        page.paper_asked.connect(self.paper_asked)
        self._open_list_page(page)
        page.closed.connect(self.show_circles)
        if record is not None:
            page.open_record(record)

    def show_suggestions(self) -> None:
        """Show what is suggested to change in entries."""
        self._open_list_page(SuggestionsPage(self._kit, self._desk))

    def _open_list_page(self, task: TaskPage) -> None:
        self._close_list_page()
        self.task = task
        task.closed.connect(self._close_list_page)
        self._pages.setCurrentIndex(self._pages.addWidget(task))
        task.setFocus()

    def _close_list_page(self) -> None:
        task, self.task = self.task, None
        if task is not None:
            self._pages.removeWidget(task)
            task.hide()
            task.deleteLater()
            self.search.setFocus()

    def _listed_ids(self) -> frozenset[bytes] | None:
        """Return the ids of the listed entries; None where nothing narrows the list."""
        is_all = not self.listing.is_narrowed
        return None if is_all else search.result_rids(self._desk, self.listing.found)

    def commands(self) -> tuple[Command, ...]:
        """Return the commands of the list; none while another page lies over it."""
        if self.task is not None:
            return ()
        keys = QKeySequence(QKeySequence.StandardKey.Find).toString()
        find = Command(N_("Find in contacts"), self.search.setFocus, keys, "search", menu="edit")
        if not self.side.may_write:
            return (find, *self.listing.keeper.commands())
        making = tuple(
            Command(NEW_ENTRY_TITLES[name], partial(self.begin, name), _NEW_KEYS[name], "plus")
            for name in ("organisation", "contact")
        )
        return (
            *making,
            find,
            *self.transfer.commands(),
            Command(N_("Edit this contact"), self.side.edit, "E", "pencil", menu="edit"),
            Command(
                N_("Put this contact in the bin"), self.put_in_bin, "Del", "trash-2", menu="edit"
            ),
            *self.listing.keeper.commands(),
        )

    def _offered(self, rows: Sequence[int]) -> tuple[Command, ...]:
        """Return the commands for the selected entries, and the ways to sort."""
        sorts = self.listing.keeper.commands()
        if not rows or not self.side.may_write:
            return sorts
        edit = Command(N_("Edit"), self.side.edit, "E", "pencil", menu="edit")
        away = Command(N_("Put in the bin"), self.put_in_bin, "Del", "trash-2", menu="edit")
        return (edit, away, *sorts) if len(rows) == 1 else (away, *sorts)

    def put_in_bin(self) -> None:
        """Put the selected entries into the bin: all or, if one has to stay, none."""
        found = self.listing.selected
        if len(found.ids) < 2:
            self.side.put_in_bin()
        elif self.side.may_write:
            self._put_all_in_bin(found)

    @task
    async def _put_all_in_bin(self, found: DirectoryResult) -> None:
        rids = await call(self._kit, search.result_rids, self._desk, found)
        done = await call(self._kit, entries.delete_entries, self._desk, tuple(rids))
        words = filled(N_("Contacts put in the bin: {count}"), count=len(done))
        notify_done(self._kit, self._desk, done, words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the names enough width in a narrow window."""
        super().resizeEvent(event)
        self._show_or_hide_list()
        self.table.setColumnHidden(
            CHECKED_COLUMN, self.width() < self._kit.theme.scaled(_CHECKED_MIN_WIDTH)
        )

    def _bind(self) -> None:
        bind = self._kit.translator.bind
        bind(self.search.setPlaceholderText, N_("Name, place, need or number"))
        bind(self.search.setAccessibleName, N_("Find in contacts"))
        bind(self.table.setAccessibleName, N_("Contacts"))

    def _connect(self) -> None:
        self.search.returnPressed.connect(self.table.setFocus)
        self.listing.answered.connect(self._show)
        self.listing.current_changed.connect(self._on_current_changed)
        self.table.chosen.connect(self._on_row_chosen)
        self.table.offered = self._offered
        self.wanted.left.connect(lambda: self._leave_step(None))
        self.wanted.dropped.connect(lambda: self.find_helpers(None))
        self.entry.taken.connect(self._on_taken)
        self.side.plan_chosen.connect(self.plan_chosen)
        self.side.entry_chosen.connect(self.show_entry)
        self.side.turned.connect(self._on_turned)
        self.side.made.connect(self.listing.select_entry)
        self.waiting.continued.connect(self.resume_draft)
        self._kit.events.changed.connect(self._on_changed)
        lists = self._pages.widget(0)
        assert lists is not None  # behind another page no key begins anything
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), lists, self.search.setFocus)
        for keys, act in (("E", self.side.edit), ("Del", self.put_in_bin)):
            heard = QShortcut(QKeySequence(keys), self.table, act)
            heard.setContext(Qt.ShortcutContext.WidgetShortcut)
        for name, keys in _NEW_KEYS.items():
            QShortcut(QKeySequence(keys), lists, partial(self.begin, name))
        esc = QShortcut(QKeySequence("Esc"), self.search, self.search.clear)
        esc.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _lay_out(self) -> None:
        kit = self._kit
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_lists())
        self._nothing = EmptyState(
            kit,
            "book-user",
            N_("No contacts yet"),
            N_(
                "Organisations and people that you enter or receive from a partner are listed here."
            ),
        )
        self._nothing.set_action(self._make_new("organisation", ButtonLook.TONAL))
        self._nowhere = EmptyState(
            kit, "search", N_("Nothing found"), N_("Type less, or another part of the name.")
        )
        for empty in (self._nothing, self._nowhere):
            self._stack.addWidget(panel(column(CardFrame(parts=(empty,)), STRETCH)))
        self._pages = QStackedWidget()
        column(self._pages, on=self)
        lists = (self._make_tools(), self.wanted, self.waiting, grown(self._stack))
        below = column(*lists, gap=CARD_GAP)
        margins = (PAGE_MARGIN, PAGE_MARGIN - 4, PAGE_MARGIN, PAGE_MARGIN)
        self._pages.addWidget(panel(column(self._make_head(), 14, grown(below), margins=margins)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        self.search.setFocus(event.reason())

    def _make_new(self, record_type: str, look: ButtonLook) -> Button:
        button = Button(self._kit, NEW_ENTRY_TITLES[record_type], "plus", look)
        # the key of the other one is in the menu: a narrow page has no space
        if look is ButtonLook.PRIMARY:
            button.show_key(_NEW_KEYS[record_type])
        button.clicked.connect(partial(self.begin, record_type))
        return button

    def _make_head(self) -> QWidget:
        words = column(Label(self._kit, N_("Contacts"), TextStyle.DISPLAY), self._count)
        if not self.side.may_write:
            extend(words, muted(self._kit, _NOT_ALLOWED))
        said = panel(words)
        take, give = self.transfer.take, self.transfer.give
        lists = (self.networks, self.suggestions, take, give)
        shrinks = (give, take, self.new["contact"], self.networks, self.suggestions)
        self._head = ButtonRow(
            self._kit, said, *lists, *self.new.values(), shrinks=shrinks, gap=0, fills=said
        )
        return self._head

    def _make_tools(self) -> QWidget:
        tools = (self.search, 2), (self.filters, 7)
        return SideBySide(self._kit.theme, *tools, least=_ENTRY_BESIDE_WIDTH, gap=8)

    def _make_lists(self) -> QWidget:
        parts = (grown(self.table), self._make_invitation())
        card = CardFrame(padding=0, parts=parts)
        card.setMinimumWidth(_LIST_MIN_WIDTH)
        self._list = card
        halves = (card, 1), (self.side, 1)
        return ResizablePanes(
            self._kit, "contacts-entry", *halves, least=_ENTRY_BESIDE_WIDTH, stacks=True
        )

    def _make_invitation(self) -> QWidget:
        """Make the invitation below our own entry, shown while it is the only one."""
        under = N_("Enter those who receive, escort or help; then you can name them in plans.")
        words = N_("Only your own organisation is here"), under
        empty = EmptyState(self._kit, "book-user", *words)
        foot = FlowBox(self._make_new("organisation", ButtonLook.TONAL), gap=8)
        parts = (empty, foot, self.offer)
        self.invitation = panel(column(*parts, gap=6, margins=(16, 12, 12, 12)))
        self.invitation.hide()
        return self.invitation

    def _show(self) -> None:
        """Show how many entries there are, and what to do when there are none."""
        found, listing = self.listing.found, self.listing
        self.wanted.show_found(found if listing.need is not None else None)
        shown, count = len(found.ids), found.count
        self._count.set_message(
            lambda spoken: count_line(shown, count, spoken, is_near=found.is_near)
        )
        self._head.fit()
        self.invitation.setVisible(count == 1 and self.side.may_write and not listing.is_narrowed)
        is_list = bool(found.ids) or self.side.is_editing
        self._stack.setCurrentIndex(0 if is_list else 2 if count else 1)

    def _want_for(self, step: HelpRequest | None) -> None:
        self.wanted.show_step(step)
        if step is None:
            self.entry.set_wanted(frozenset())
        else:
            self.entry.set_wanted(step.types, self.listing.about_text)

    def _leave_step(self, entry: EntryLine | None) -> None:
        step = self.wanted.step
        self.find_helpers(None)
        self.step_left.emit(step, entry)

    def _on_taken(self) -> None:
        if self.entry.entry is not None:
            self._leave_step(self.entry.entry)

    def _on_row_chosen(self, _row: int) -> None:
        """Open the form.

        While a step of a plan needs somebody, focus the button that takes the entry instead.
        """
        if self.wanted.step is None:
            self.side.edit()
        elif self.entry.take.isVisible():
            self.entry.take.setFocus()

    def _show_or_hide_list(self) -> None:
        """Give a form the whole page when list and form would both be too narrow."""
        is_narrow = self.width() < self._kit.theme.scaled(_FORM_MIN_WIDTH)
        self._list.setVisible(not (self.side.is_editing and is_narrow))

    def _on_turned(self) -> None:
        is_editing = self.side.is_editing
        self._show_or_hide_list()
        self.waiting.hold_back(is_held_back=is_editing)
        self._show()
        if not is_editing:
            self.waiting.read()
            self.table.setFocus()

    def _on_current_changed(self, rid: bytes | None) -> None:
        """Leave the form when the user goes to another row; a draft remains."""
        if rid is None:
            return
        self.side.show_rid(rid)
        editor = self.side.editor
        if editor is not None and rid != editor.rid and not editor.is_new:
            self.side.close_editor()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & entries.DIRECTORY_DEPENDENCIES:
            self.read()
