# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Book: the book itself, or one task in it.

It switches between them and knows nothing of what they show. A folder that is dropped on it is
looked at before anything is taken over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.message_marks import N_
from kfdesk.services.book import articles, files
from kfdesk.services.book.articles import ArticleDetails, BookText
from kfdesk.services.book.files import BookFormat
from kfdesk.services.core.drafts import DraftLine
from kfdesk.services.core.session import Session
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import ask_folder, ask_save, dropped_files
from kfdesk.ui.pages.book.imports import BookImportPage
from kfdesk.ui.pages.book.overview import BookOverview
from kfdesk.ui.pages.book.paragraphs import MergePage
from kfdesk.ui.pages.book.text_forms import (
    AboutPage,
    BeginPage,
    ReadAbout,
    TextPage,
    original_html,
    read_about,
)
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.widgets.layout import TaskPage
from kfdesk.ui.widgets.navigation import Page, Pane

_ID_DIGITS = 32
ABOUT_TYPES = frozenset({"article", "article_link", "organisation", "procedure_step"})
_FILE_NAMES = {BookFormat.HTML: "book.html", BookFormat.EPUB: "book.epub"}
PAPER_OF_KIND = {
    "leaflet": PaperName.LEAFLET,
    "card": PaperName.CARD,
    "poster": PaperName.POSTER,
}
"""The paper of an article by its kind; of every other kind it is a part of the book."""


@dataclass(frozen=True, slots=True)
class _ReadText:
    """A text with its article, and the HTML of its original."""

    details: ArticleDetails
    text: BookText
    html: str


class BookPage(Page, QStackedWidget):
    """The place Book. `print_asked` carries a paper and the id of an article, or nothing for all.

    `entry_asked` carries the id of an entry of the directory, `procedure_asked` that of a
    procedure.
    """

    print_asked = Signal(object, bytes)
    entry_asked = Signal(bytes)
    procedure_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit, self._desk = kit, desk
        self.overview = BookOverview(kit, desk)
        self.task: TaskPage | None = None
        self.addWidget(self.overview)
        view = self.overview
        view.new_asked.connect(self.begin)
        view.shipped_asked.connect(self.look_at)
        view.edit_asked.connect(self.write)
        view.about_asked.connect(self.describe)
        view.translate_asked.connect(self.translate)
        view.merge_asked.connect(self.merge)
        view.print_asked.connect(self._on_print)
        view.entry_asked.connect(self.entry_asked)
        view.procedure_asked.connect(self.procedure_asked)
        kit.events.changed.connect(self._on_changed)
        self.setAcceptDrops(True)

    # tasks

    def open_article(self, rid: bytes) -> None:
        """Show an article in the book."""
        self.show_book()
        self.overview.open_article(rid)

    def show_book(self) -> None:
        """Go back to the book."""
        before, self.task = self.task, None
        self._put(self.overview)
        if isinstance(before, TextPage | AboutPage):
            before.save_draft()
        self._drop(before)

    def begin(self) -> None:
        """Begin an article."""
        if self.overview.may_write:
            page = BeginPage(self._kit, self._desk)
            page.begun.connect(self.write)
            self._open(page)

    def translate(self, article: bytes) -> None:
        """Begin the text of an article in another language."""
        found = self.overview.article
        if found is not None and found.rid == article:
            page = BeginPage(self._kit, self._desk, found)
            page.begun.connect(self.write)
            self._open(page)

    @task
    async def write(self, text: bytes) -> None:
        """Open a text for writing, beside its original."""
        seen = await call(self._kit, self._read_text, text)
        page = TextPage(self._kit, self._desk)
        page.merge_asked.connect(self.merge)
        self._open(page)
        page.show_text(seen.details, seen.text, seen.html)
        page.focus_form()
        self.overview.open_article(seen.details.article.rid)  # that one comes back to it

    @task
    async def describe(self, article: bytes) -> None:
        """Open what an article is."""
        seen = await call(self._kit, self._read_about, article)
        page = AboutPage(self._kit, self._desk)
        page.show_article(seen)
        self._open(page)

    @task
    async def merge(self, text: bytes) -> None:
        """Open a text in conflict, paragraph by paragraph."""
        torn = await call(self._kit, articles.read_torn_text, self._desk, text)
        self._open(MergePage(self._kit, self._desk, torn))

    def look_at(self, folder: Path | None = None) -> None:
        """Show what taking over would add: the shipped articles, or those of a folder."""
        if self.overview.may_write:
            page = BookImportPage(self._kit, self._desk, folder)
            page.taken.connect(self.show_book)
            self._open(page)

    @task
    async def resume_draft(self, line: DraftLine) -> None:
        """Resume a draft of a text, of what an article is, or of a link of it."""
        if line.type == "article_text":
            self.write(line.rid)
        else:
            self.describe((line.parent or b"") if line.type == "article_link" else line.rid)

    @task
    async def save_file(self, form: BookFormat, path: Path) -> None:
        """Save the book in the language of the window as one file."""
        words = self._kit.translator.language
        work = partial(files.export_file, self._desk, path, form, words)
        count = await call(self._kit, work)
        self._kit.notify(
            N_("The book is saved. Articles in it: {count}."), None, count=lambda _: str(count)
        )

    @task
    async def make_edition(self) -> None:
        """Keep the book in the language of the window as an edition to be cited."""
        words = self._kit.translator.language
        done = await call(self._kit, files.make_edition, self._desk, words)
        said = N_("The edition is made. The printed book names it until an article changes.")
        notify_done(self._kit, self._desk, (done,), said)

    @task
    async def save_folder(self, folder: Path) -> None:
        """Save the book as files of Markdown in a folder."""
        count = await call(self._kit, files.export_folder, self._desk, folder)
        self._kit.notify(N_("Files saved: {count}."), None, count=lambda _: str(count))

    # Page

    def commands(self) -> Sequence[Command]:
        """Return the menu commands of the book."""
        if self.currentWidget() is not self.overview:
            return ()
        found = list(self.overview.commands())
        if self.overview.may_write:
            found.append(Command(N_("Articles of a folder…"), self._ask_folder, icon="download"))
            found.append(Command(N_("Make an edition"), self.make_edition, icon="files"))
        if self._desk.may(Right.PRINT_INTERNAL):
            for form, words in (
                (BookFormat.EPUB, N_("Save the book for a telephone (EPUB)…")),
                (BookFormat.HTML, N_("Save the book as a web page…")),
            ):
                found.append(Command(words, partial(self._ask_file, form), icon="file-down"))
            found.append(
                Command(N_("Save the articles in a folder…"), self._ask_to_save, icon="file-down")
            )
        return tuple(found)

    def place(self) -> str:
        """Return the id of the article on view."""
        found = self.overview.article
        return found.rid.hex() if found is not None else ""

    def return_to(self, place: str) -> None:
        """Open the article of this id again."""
        if len(place) == _ID_DIGITS:
            self.open_article(bytes.fromhex(place))

    def panes(self) -> Sequence[Pane]:
        """Return the panes that F6 visits: the search, the tree and the reader."""
        if self.currentWidget() is not self.overview:
            return ()
        view = self.overview
        return ((view.search, view.search), (view.table, view), (view.reader, view.reader))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        part = self.currentWidget()
        if part is not None:
            part.setFocus(event.reason())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept a folder."""
        if self._dropped(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the dropped folder."""
        paths = self._dropped(event)
        if paths:
            event.acceptProposedAction()
            self.look_at(paths[0])

    # parts

    def _dropped(self, event: QDropEvent) -> tuple[Path, ...]:
        paths = dropped_files(event)
        is_one = len(paths) == 1 and paths[0].is_dir()
        return paths if is_one and self.overview.may_write else ()

    def _ask_folder(self) -> None:
        ask_folder(self._kit, self, N_("Look at the articles"), self.look_at)

    def _ask_to_save(self) -> None:
        ask_folder(self._kit, self, N_("Save the articles"), self.save_folder)

    def _ask_file(self, form: BookFormat) -> None:
        ask_save(
            self._kit, self, N_("Save the book"), _FILE_NAMES[form], partial(self.save_file, form)
        )

    def _on_print(self, article: bytes) -> None:
        found = self.overview.article
        record = found.record if article and found is not None else None
        paper = PAPER_OF_KIND.get(str(record.kind), PaperName.BOOK) if record else PaperName.BOOK
        readers = record.audience if record is not None else None
        if paper is PaperName.CARD and isinstance(readers, tuple) and "client" not in readers:
            paper = PaperName.STAFF_CARD
        self.print_asked.emit(paper, article)

    def _read_text(self, text: bytes) -> _ReadText:
        details, found = articles.read_text(self._desk, text)
        return _ReadText(details, found, original_html(self._desk, details.article))

    def _open(self, page: TaskPage) -> None:
        before, self.task = self.task, page
        page.closed.connect(self.show_book)
        self.addWidget(page)
        self._put(page)
        self._drop(before)

    def _put(self, page: QWidget) -> None:
        """Show a part; the keyboard comes along if it was here."""
        focus = QApplication.focusWidget()
        had_focus = focus is not None and (focus is self or self.isAncestorOf(focus))
        self.setCurrentWidget(page)
        if had_focus:
            page.setFocus()

    def _drop(self, page: QWidget | None) -> None:
        """Delete a part, which keeps what was typed in it as a draft."""
        if page is not None:
            page.hide()
            self.removeWidget(page)
            page.deleteLater()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & {"article", "article_text"} and isinstance(self.task, TextPage):
            self._read_again(self.task.rid)
        if types & ABOUT_TYPES and isinstance(self.task, AboutPage):
            self._read_about_again(self.task.rid)

    def _read_about(self, article: bytes) -> ReadAbout:
        return read_about(self._desk, article, self._kit.translator.language)

    @task
    async def _read_about_again(self, article: bytes) -> None:
        """Read the article that is being described again."""
        seen = await call(self._kit, self._read_about, article)
        if isinstance(self.task, AboutPage) and self.task.rid == article:
            self.task.show_again(seen)

    @task
    async def _read_again(self, text: bytes) -> None:
        """Read the text that is being written again."""
        seen = await call(self._kit, self._read_text, text)
        if isinstance(self.task, TextPage) and self.task.rid == text:
            self.task.show_text(seen.details, seen.text, seen.html)
