# SPDX-License-Identifier: GPL-3.0-or-later
"""The book on one page: its articles as a tree, the reader, and what belongs to an article.

It reads on the worker and opens nothing itself: what somebody wants to do goes out as a signal.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.book import ARTICLE_STATUS, ARTICLE_TAGS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import fold_words, matches_all
from kfdesk.i18n.language import Language
from kfdesk.services.book import articles
from kfdesk.services.book.articles import BookArticle
from kfdesk.services.core.session import Session
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.pages.book.reader import ArticleView
from kfdesk.ui.pages.book.side import (
    ArticleSide,
    ShownArticle,
    ShownRequest,
    body_html,
    former_note,
    read_shown,
)
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, TextStyle, Tone
from kfdesk.ui.widgets.build import STRETCH, column, extend, grown, muted, panel, plural
from kfdesk.ui.widgets.button_row import ButtonRow
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import TextEntry
from kfdesk.ui.widgets.layout import (
    Banner,
    CardFrame,
    EmptyState,
    ResizablePanes,
    make_scroll_area,
)
from kfdesk.ui.widgets.navigation import PAGE_FIND_KEY, FindShortcut
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label

BOOK_TYPES = frozenset(
    {"article", "article_text", "article_link", "organisation", "network", "membership"}
)
NEW_KEY, EDIT_KEY, PRINT_KEY = "Alt+N", "E", "Ctrl+P"
MAY_NOT_WRITE = N_("Your roles do not allow you to write in the book. Settings shows who may.")
_LONGEST_TYPED = 100  # letters
_INDENT = "    "
_SHARES = (5, 11, 5)
_LEAST_WIDTH = 760
_STATUS_ICONS = {"draft": "circle-dashed", "in_review": "circle-dot", "retired": "archive"}


class BookOverview(QWidget):
    """The tree, the reader and the side.

    `edit_asked` carries the id of a text, `translate_asked` that of an article, `merge_asked` that
    of a text in conflict, `print_asked` that of an article or nothing for the whole book, and
    `entry_asked` that of an entry of the directory, `procedure_asked` that of a procedure.
    """

    new_asked = Signal()
    shipped_asked = Signal()
    edit_asked = Signal(bytes)
    about_asked = Signal(bytes)
    translate_asked = Signal(bytes)
    merge_asked = Signal(bytes)
    print_asked = Signal(bytes)
    entry_asked = Signal(bytes)
    procedure_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit, self._desk = kit, desk
        self._all: tuple[BookArticle, ...] = ()
        self.lines: tuple[BookArticle, ...] = ()
        """The articles in the list, in order."""
        self.shown: ShownArticle | None = None
        self.spoken = ""
        """The language that was chosen for reading; empty for the window's."""
        self._wanted = b""
        self.may_write = desk.may(Right.EDIT_BOOK)
        self._count = Label(kit, tone=Tone.MUTED)
        self.search = TextEntry()
        self.search.setMaxLength(_LONGEST_TYPED)
        self.search.setClearButtonEnabled(True)
        kit.translator.bind(self.search.setPlaceholderText, N_("Find in the book"))
        kit.translator.bind(self.search.setAccessibleName, N_("Find in the book"))
        self.table = TableView(kit, (ColumnSpec(stretches=True),))
        self.table.horizontalHeader().hide()
        kit.translator.bind(self.table.setAccessibleName, N_("Articles"))
        self.reader = ArticleView(kit)
        self.note = Banner(kit, Tone.WARNING, "git-merge")
        self.twin = Banner(kit, Tone.INFO, "files")
        self.side = ArticleSide(kit)
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.read()

    # reading

    @task
    async def read(self) -> None:
        """Read the book again; the article on view stays."""
        is_first = not self._all
        self._all = await call(self._kit, articles.read_book, self._desk)
        self._show_list()
        if is_first and (self.search.hasFocus() or self.first_shipped.hasFocus()):
            self.setFocus()

    @task
    async def open_article(self, rid: bytes, spoken: str = "") -> None:
        """Show an article, in a language if one is asked for."""
        self._wanted = rid
        self.spoken = spoken or self.spoken
        language = self._kit.translator.language
        try:
            asked = ShownRequest(rid, self.spoken, self.side.wanted)
            shown = await call(self._kit, read_shown, self._desk, asked, language)
        except KfdeskError as fault:
            if fault.code != "record.missing":
                raise
            return
        if rid == self._wanted:
            self._show_article(shown)

    @property
    def article(self) -> BookArticle | None:
        """The article on view."""
        return self.shown.details.article if self.shown is not None else None

    def torn_text(self) -> bytes:
        """Return the id of the first text in conflict; empty if there is none."""
        every = (text for one in self._all for text in one.texts.values())
        return next((text.view.rid for text in every if text.is_torn), b"")

    def commands(self) -> tuple[Command, ...]:
        """Return the commands of the book."""
        find = Command(N_("Find in the book"), self.focus_search, PAGE_FIND_KEY, "search", "edit")
        new = Command(N_("New article…"), self.new_asked.emit, NEW_KEY, "plus")
        shipped = Command(N_("Add the shipped articles…"), self.shipped_asked.emit, icon="download")
        finding = (find,) if self._all else ()
        return (new, shipped, *finding) if self.may_write else finding

    def focus_search(self) -> None:
        """Move the keyboard to the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the tree, or to the button that begins a book."""
        target = self.table if self._all or not self.may_write else self.first_shipped
        target.setFocus(event.reason())

    # construction

    def _make_buttons(self) -> None:
        kit, quiet = self._kit, ButtonLook.QUIET
        self.new = Button(kit, N_("New article…"), "plus", ButtonLook.PRIMARY, self.new_asked.emit)
        self.new.show_key(NEW_KEY)
        self.shipped, self.first_shipped = (
            Button(kit, N_("Add the shipped articles…"), "download", look, self.shipped_asked.emit)
            for look in (ButtonLook.SECONDARY, ButtonLook.PRIMARY)
        )
        self.whole = Button(
            kit, N_("Print the book…"), "printer", on=lambda: self.print_asked.emit(b"")
        )
        self.edit = Button(kit, N_("Edit"), "pencil", ButtonLook.TONAL, self._on_edit)
        self.edit.show_key(EDIT_KEY)
        self.about = Button(kit, N_("About it"), "info", quiet, self._on_about).bared()
        self.adopt = Button(kit, N_("Adopt"), "check", ButtonLook.TONAL, self._on_adopt)
        self.translate = Button(kit, N_("Translate…"), "languages", quiet, self._on_translate)
        self.printing = Button(kit, N_("Print…"), "printer", quiet, self._on_print)
        self.printing.show_key(PRINT_KEY)
        self.merge = Button(kit, N_("Choose the paragraphs"), "git-merge", ButtonLook.TONAL)
        self.merge.clicked.connect(self._on_merge)
        self.note.set_action(self.merge)
        self.join = Button(kit, N_("Join them"), "git-merge", on=self._on_join)
        self.twin.set_action(self.join)

    def _lay_out(self) -> None:
        kit = self._kit
        words = column(Label(kit, N_("Book"), TextStyle.DISPLAY), self._count)
        if not self.may_write:
            extend(words, muted(kit, MAY_NOT_WRITE))
        self._nothing = EmptyState(
            kit, "notebook-text", N_("No articles yet"),
            N_("The book says how the work is done. It is about no client."),
        )  # fmt: skip
        if self.may_write:
            self._nothing.set_action(self.first_shipped)
        self._unfit = muted(kit, N_("No article has these words."))
        left = panel(column(self.search, self._unfit, grown(self.table), gap=8))
        self._acts = ButtonRow(
            kit, self.edit, self.adopt, self.translate, self.about, self.printing,
            shrinks=(self.printing, self.translate, self.adopt),
        )  # fmt: skip
        self._page = CardFrame(parts=(self._acts, self.note, self.twin, grown(self.reader)))
        beside = make_scroll_area(panel(column(self.side, STRETCH)))
        panes = zip((left, self._page, beside), _SHARES, strict=True)
        self._panes = ResizablePanes(kit, "book", *panes, least=_LEAST_WIDTH)
        said = panel(words)
        self._head = ButtonRow(
            kit, said, self.shipped, self.whole, self.new, shrinks=(self.whole, self.shipped),
            gap=8, fills=said,
        )  # fmt: skip
        margins = (PAGE_MARGIN, PAGE_MARGIN - 4, PAGE_MARGIN, PAGE_MARGIN)
        self._rest = QWidget()
        parts = (self._head, self._nothing, grown(self._panes))
        column(*parts, grown(self._rest), gap=CARD_GAP, margins=margins, on=self)
        self._page.hide()
        self._show_list()

    def _connect(self) -> None:
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.search.textChanged.connect(self._show_list)
        self.search.returnPressed.connect(self.table.setFocus)
        self.reader.link_followed.connect(self._on_link)
        self.side.language_chosen.connect(self._on_language_clicked)
        self.side.article_asked.connect(self._on_article_asked)
        self.side.entry_asked.connect(self.entry_asked)
        self.side.procedure_asked.connect(self.procedure_asked)
        self.side.links_asked.connect(self._on_about)
        self.side.former_asked.connect(self._on_former_asked)
        self.side.offers_asked.connect(self._on_offers_asked)
        FindShortcut(self, self.search, self.focus_search)
        for keys, act in (
            (NEW_KEY, self._on_new_key), (EDIT_KEY, self._on_edit),
            (PRINT_KEY, self._on_print),
        ):  # fmt: skip
            heard = QShortcut(QKeySequence(keys), self, act)
            heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._kit.translator.on_language_change(self, self._on_language_changed)
        self._kit.events.changed.connect(self._on_changed)

    # showing

    def _show_list(self, _typed: object = None) -> None:
        """Show the articles that have the typed words; the article on view stays selected."""
        language, typed = self._kit.translator.language, fold_words(self.search.text())
        self.lines = tuple(one for one in self._all if not typed or _matches(one, typed, language))
        with QSignalBlocker(self.table.selectionModel()):
            self.table.show_rows([(_cell(one, language),) for one in self.lines])
        self._count.set_message(plural("{count} article", "{count} articles", len(self._all)))
        for part in (self._panes, self.whole, self.new):
            part.setVisible(bool(self._all))
        self.new.setVisible(self.may_write)
        self.shipped.setVisible(bool(self._all) and self.may_write)
        self._nothing.setVisible(not self._all)
        self._rest.setVisible(not self._all)
        self._unfit.setVisible(bool(self._all) and not self.lines)
        self._head.fit()
        self._select(self._wanted)

    def _select(self, rid: bytes) -> None:
        at = next((at for at, one in enumerate(self.lines) if one.rid == rid), None)
        if at is None and self.lines and rid not in {one.rid for one in self._all}:
            at = 0
        if at is not None:
            self.table.selectRow(at)
            self.open_article(self.lines[at].rid)

    def _mark_row(self, rid: bytes) -> None:
        """Select the line of the article on view, without opening it again."""
        at = next((at for at, one in enumerate(self.lines) if one.rid == rid), None)
        if at is not None and self.table.currentIndex().row() != at:
            with QSignalBlocker(self.table.selectionModel()):
                self.table.selectRow(at)
            self.table.viewport().update()

    def _show_article(self, shown: ShownArticle) -> None:
        self.shown = shown
        details, found = shown.details, shown.text
        self._mark_row(details.article.rid)
        note = ""
        if found is not None and self.spoken and found.language != self.spoken:
            language = self._kit.translator.language
            words = language.gettext(N_("There is no text in {language} yet."))
            note = words.format(language=language.language(self.spoken))
        self._page.show()
        if found is not None:
            self.reader.show_text(found, shown.html, note)
        else:
            self.reader.clear_text()
        self._show_notes(shown)
        is_ours, may_write = details.article.is_ours, details.may_write
        self.edit.setVisible(may_write and found is not None)
        self.about.setVisible(may_write)
        self.translate.setVisible(may_write)
        may_adopt = may_write and is_ours and found is not None and bool(found.body)
        self.adopt.setVisible(may_adopt and found is not None and not found.is_adopted)
        self.printing.setVisible(self._desk.may(Right.PRINT_INTERNAL))
        self._acts.fit()
        self.side.show_article(shown)

    def _show_notes(self, shown: ShownArticle) -> None:
        found = shown.text
        self.note.setVisible(shown.is_plain or (found is not None and found.is_torn))
        self.merge.setVisible(found is not None and found.is_torn and shown.details.may_write)
        if found is not None and found.is_torn:
            self.note.set_message(
                N_("This text was changed in two places, and no one has decided which is right."),
                N_("Until then, no paper is made of it."),
            )
        else:
            self.note.set_message(
                N_("This text has more than the book can show. You see it as it was written."),
            )
        self._show_twin(shown)

    def _show_twin(self, shown: ShownArticle) -> None:
        """Show that an article of the same name is here, or another text in one language."""
        details = shown.details
        has_twin, others = details.twin is not None, details.article.others
        self.twin.setVisible(has_twin or bool(others))
        self.join.setVisible(details.may_write and (has_twin or bool(others)))
        if has_twin:
            self.twin.set_message(
                N_("Another organisation began an article with the same name."),
                N_("Join them: texts that differ stay side by side until you choose."),
            )
            return
        codes = tuple(dict.fromkeys(one.language for one in others))
        self.twin.set_message(
            partial(_begun_twice_text, codes),
            N_("Join them: texts that differ stay side by side until you choose."),
        )

    # what happens

    def _on_selected(self, *_: object) -> None:
        at = self.table.currentIndex().row()
        if 0 <= at < len(self.lines) and self.lines[at].rid != self._wanted:
            self.open_article(self.lines[at].rid)

    def _on_link(self, slug: str) -> None:
        found = next((one for one in self._all if one.tree.slug == slug), None)
        if found is None:
            self._kit.notify(N_("This article is not here. It may have been deleted."))
            return
        self.search.clear()
        self._wanted = found.rid
        self._show_list()

    def _on_language_clicked(self, code: str) -> None:
        self.spoken = code
        if self.article is not None:
            self.open_article(self.article.rid)

    def _on_article_asked(self, rid: bytes) -> None:
        """Show another article, also one that the typed words leave out of the list."""
        self.search.clear()
        self._wanted = rid
        self._show_list()

    @task
    async def _on_former_asked(self, at: int) -> None:
        """Show how the text stood before."""
        shown = self.shown
        if shown is None or shown.text is None or at >= len(shown.versions.former):
            return
        line = shown.versions.former[at]
        html = (await call(self._kit, body_html, self._desk, str(line.value)))[0]
        if shown is self.shown:
            note = self._kit.translator.translate(partial(former_note, line))
            self.reader.show_text(shown.text, html, note)

    @task
    async def _on_offers_asked(self) -> None:
        """Read again who helps with what the article is about."""
        if self.article is not None:
            self.open_article(self.article.rid)

    def _on_new_key(self) -> None:
        if self.may_write:
            self.new_asked.emit()

    def _on_edit(self) -> None:
        if self.shown is not None and self.shown.text is not None and self.shown.details.may_write:
            self.edit_asked.emit(self.shown.text.view.rid)

    def _on_about(self) -> None:
        if self.article is not None:
            self.about_asked.emit(self.article.rid)

    def _on_translate(self) -> None:
        if self.article is not None:
            self.translate_asked.emit(self.article.rid)

    def _on_print(self) -> None:
        if self.article is not None and self._desk.may(Right.PRINT_INTERNAL):
            self.print_asked.emit(self.article.rid)

    def _on_merge(self) -> None:
        if self.shown is not None and self.shown.text is not None:
            self.merge_asked.emit(self.shown.text.view.rid)

    @task
    async def _on_adopt(self) -> None:
        if self.shown is None or self.shown.text is None:
            return
        rid = self.shown.text.view.rid
        done = await call(self._kit, articles.adopt_text, self._desk, rid)
        notify_done(self._kit, self._desk, (done,), N_("The text is adopted as it stands."))

    @task
    async def _on_join(self) -> None:
        shown = self.shown
        if shown is None:
            return
        if shown.details.twin is None:
            rid = shown.details.article.rid
            done = await call(self._kit, articles.join_texts, self._desk, rid)
            notify_done(self._kit, self._desk, done, N_("The texts have been joined."))
            return
        kept, gone = shown.details.twin.rid, shown.details.article.rid
        done = await call(self._kit, articles.join_articles, self._desk, kept, gone)
        self._wanted = kept
        notify_done(self._kit, self._desk, done, N_("The two articles have been joined."))

    def _on_language_changed(self) -> None:
        self._show_list()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & BOOK_TYPES:
            self.read()


def _matches(one: BookArticle, typed: object, language: Language) -> bool:
    said = [language.gettext(ARTICLE_TAGS.get(tag, tag)) for tag in _codes(one.record.tags)]
    for found in one.texts.values():
        said += (found.title, found.summary, found.body)
    return matches_all(fold_words(*said), typed)  # type: ignore[arg-type]


def _begun_twice_text(codes: Sequence[str], language: Language) -> str:
    said = language.gettext(N_("Two organisations began the text in this language: {languages}."))
    return said.format(languages=", ".join(language.language(code) for code in codes))


def _codes(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _cell(one: BookArticle, language: Language) -> TableCell:
    """Return an article's line: its heading in the window's language, and where it stands."""
    found = one.text_for(language.code)
    title = (found.title if found is not None else "") or language.gettext(N_("without a heading"))
    status = str(one.record.status or "draft")
    if any(each.is_undecided for each in one.texts.values()):
        icon, tone = "git-merge", Tone.WARNING
        under = language.gettext(N_("two versions, not decided"))
    elif found is not None and found.is_adopted:
        icon, tone, under = "circle-check", Tone.SUCCESS, language.gettext(N_("Adopted"))
    else:
        icon, tone = _STATUS_ICONS.get(status, "circle-dashed"), Tone.PLAIN
        said = N_("changed since it was adopted") if status == "adopted" else None
        under = language.gettext(said or ARTICLE_STATUS.get(status, status))
    if found is not None and found.language != language.code:
        under = f"{under} · {language.language(found.language)}"
    return TableCell(f"{_INDENT * one.tree.depth}{title}", f"{_INDENT * one.tree.depth}{under}",
                     icon, tone, is_strong=not one.tree.depth)  # fmt: skip
