# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing in the book: a text beside its original, what an article is, and a new article.

Typing is kept as a draft, as in every form of the program. The services say what a text may hold.
"""

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout

from kfdesk.domain.authority import TOGETHER
from kfdesk.domain.book.blocks import BOX_ENDS, BOX_OPENS
from kfdesk.domain.book.contents import SAID_KEYS
from kfdesk.domain.codes.world import LANGUAGES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.services.book import articles, links
from kfdesk.services.book.articles import ArticleDetails, BookArticle, BookText
from kfdesk.services.book.links import LinkChoice, LinkLine
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.directory.networks import list_networks
from kfdesk.services.directory.search import first_entries
from kfdesk.services.plans.plans import MAX_CHOICES
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.editors import TextEditor
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.registry import register_editor
from kfdesk.ui.pages.book.link_list import LinkList
from kfdesk.ui.pages.book.reader import ArticleView
from kfdesk.ui.pages.book.side import body_html
from kfdesk.ui.pages.directory.networks import network_name
from kfdesk.ui.pages.procedures.steps import ConflictList
from kfdesk.ui.record_views import notify_done, run_with_undo
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import MessageFunction
from kfdesk.ui.widgets.build import STRETCH, column, extend, filled, grown, labelled, muted, panel
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, ResizablePanes, TaskPage, clear_layout

_TEXT_KEYS = ("title", "summary", "body", "state", "read_by", "read_on")
_TEXT_ROWS = (("read_by", "read_on"),)
_ABOUT_KEYS = (
    "slug", "above", "position", "kind", "audience", "original", "tags", "opened_from", "review_by",
    "sources", "licence", "network", "confidentiality",
)  # fmt: skip
_ABOUT_ROWS = (("slug", "above"), ("position", "kind"), ("original", "review_by"))
_SHARES = (1, 1)
_LEAST_WIDTH = 900
_MARKS = N_(
    "An empty line ends a paragraph. ## begins a heading, {point} a point of a list, "
    "> a quotation. *Stars* make words slanted, **two stars** strong. [words](kf:name) leads to "
    "another article. "
    "{begins} and {ends} on lines of their own make a box."
)


_BODY_LINES = 18
register_editor(
    "article_text.body",
    lambda kit, field, _offers: TextEditor(kit, field, lines=_BODY_LINES, most=0),
)
register_editor("article_text.summary", lambda kit, field, _offers: TextEditor(kit, field, most=0))


class TextPage(TaskPage):
    """One text of an article as a form; beside a translation stands its original.

    `merge_asked` carries the id of the text, if what it says is in conflict.
    """

    merge_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, "")
        self._desk = desk
        self.rid = b""
        self.cancel.hide()
        fields = Form(kit, "article_text", _TEXT_KEYS, FormOptions(), _TEXT_ROWS)
        fields.decision_asked.connect(self._on_decision_asked)
        self.conflicts = ConflictList(kit, desk)
        self.form = RecordForm(kit, desk, "article_text", fields)
        self.form.closed.connect(self.closed)
        self.form.saved.connect(lambda _done: self.closed.emit())
        self.original = ArticleView(kit)
        self.behind = Banner(kit, Tone.INFO, "languages")
        self.mark = Button(kit, N_("It matches the original now"), "check", on=self._on_mark)
        self.behind.set_action(self.mark)
        self.behind.hide()
        marks = muted(
            kit, filled(_MARKS, point="-", begins=BOX_OPENS, ends=BOX_ENDS), TextStyle.SMALL
        )
        self._left = CardFrame(parts=(self.form, marks))
        self._right = CardFrame(parts=(grown(self.original),))
        panes = ((panel(column(self._left, STRETCH)), 1), (self._right, 1))
        self._panes = ResizablePanes(kit, "book-text", *panes, least=_LEAST_WIDTH, stacks=True)
        self.hint.set_message(
            N_("Write no names of clients here. What is typed is kept as a draft.")
        )
        extend(self.body, self.conflicts, self.behind, grown(self._panes))
        self.first = self.form

    def show_text(self, details: ArticleDetails, text: BookText, html: str) -> None:
        """Show a text; `html` is its original's, empty if it is the original itself."""
        self.rid = text.view.rid
        article = details.article
        self.title.set_message(partial(_text_title, text.language, text.title))
        self.form.show_view(text.view)
        others = text.view.conflicts - {*SAID_KEYS}
        self.conflicts.show_views((replace(text.view, conflicts=others),))
        original = article.original
        is_translation = original is not None and original.view.rid != self.rid
        self._right.setVisible(is_translation)
        if is_translation and original is not None:
            self.original.show_text(original, html)
        self._show_behind(text, is_translation=is_translation)

    def _on_decision_asked(self, key: str) -> None:
        """Lead to where a conflict is decided: what the text says, paragraph by paragraph."""
        if key in SAID_KEYS:
            self.merge_asked.emit(self.rid)
        else:
            self.conflicts.focus_first()

    def _show_behind(self, text: BookText, *, is_translation: bool) -> None:
        is_shown = is_translation and text.changes != 0
        self.behind.setVisible(is_shown)
        if text.changes is None:
            said = N_("It is not noted from which original this was translated.")
            self.behind.set_message(said, N_("Once it matches the original, press the button."))
        else:
            self.behind.set_message(partial(_behind_text, text.changes))

    @task
    async def _on_mark(self) -> None:
        done = await call(self.kit, articles.mark_translated, self._desk, self.rid)
        notify_done(self.kit, self._desk, (done,), N_("Noted: it matches the original."))

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do."""
        self.show_fault(fault)

    def focus_form(self) -> None:
        """Move the keyboard to the text."""
        self.form.form.focus_on("body")

    def save_draft(self) -> None:
        """Keep what was typed as a draft."""
        self.form.save_draft()


def original_html(desk: Session, article: BookArticle) -> str:
    """Return the original of an article as HTML; as it was written if it holds too much."""
    original = article.original
    return body_html(desk, original.body)[0] if original is not None else ""


def _text_title(code: str, title: str, language: Language) -> str:
    return f"{title or language.gettext(N_('without a heading'))} · {language.language(code)}"


def _behind_text(changes: int, language: Language) -> str:
    words = language.ngettext(
        "The original changed in {count} paragraph since this was translated.",
        "The original changed in {count} paragraphs since this was translated.",
        changes,
    )
    return words.format(count=changes)


@dataclass(frozen=True, slots=True)
class ReadAbout:
    """An article with the book around it, its networks and links, and what both can name."""

    details: ArticleDetails
    book: tuple[BookArticle, ...]
    networks: tuple[tuple[str, MessageFunction], ...]
    links: tuple[LinkLine, ...]
    choices: tuple[LinkChoice, ...]
    houses: tuple[EntryLine, ...]


def read_about(desk: Session, article: bytes, language: Language) -> ReadAbout:
    """Return what the forms of an article need. Raise KfdeskError as `read_article` does."""
    networks = tuple(
        (one.view.rid.hex(), partial(network_name, one.view)) for one in list_networks(desk)
    )
    return ReadAbout(
        articles.read_article(desk, article),
        articles.read_book(desk),
        networks,
        links.list_links(desk, article, language),
        links.list_link_choices(desk, article, language),
        first_entries(desk, "organisation", MAX_CHOICES),
    )


class AboutPage(TaskPage):
    """The page about an article: a form, its links, and the decisions of its custodian."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("About the article"))
        self._desk = desk
        self.rid = b""
        self.cancel.hide()
        self.form: RecordForm | None = None
        self._place = column()
        self.conflicts = ConflictList(kit, desk)
        self.links = LinkList(kit, desk)
        self.links.opened.connect(self._on_link_opened)
        self.retire = Button(kit, N_("No longer used"), "archive", on=self._on_retire)
        self.bin_button = Button(kit, N_("Put in the bin"), "trash-2", on=self._on_bin)
        for button in (self.retire, self.bin_button):
            self.set_action(button)
        extend(self.body, self.conflicts, self._place, self.links, STRETCH)

    def show_again(self, seen: "ReadAbout") -> None:
        """Show the article and its links as they were just read; what is typed stays."""
        article = seen.details.article.tree.view
        if self.form is not None:
            self.form.show_view(article)
            own = article.conflicts & {*self.form.keys}
            self.conflicts.show_views((replace(article, conflicts=own),))
        self.links.show_lines(seen.links, seen.choices, seen.houses, self.rid)

    def show_article(self, seen: "ReadAbout") -> None:
        """Show an article as it was just read."""
        details = seen.details
        self.rid = details.article.rid
        clear_layout(self._place)
        shut = frozenset[str]() if details.article.is_ours else TOGETHER["article"]
        keys = tuple(key for key in _ABOUT_KEYS if key not in shut)
        rows = tuple(one for one in _ABOUT_ROWS if set(one) <= set(keys))
        above = tuple(
            (one.rid.hex(), partial(_title_of, one)) for one in seen.book if one.rid != self.rid
        )
        offers = FormOptions({"above": above, "network": seen.networks}, PROGRAM_LANGUAGES)
        fields = Form(self.kit, "article", keys, offers, rows)
        fields.decision_asked.connect(lambda _key: self.conflicts.focus_first())
        self.form = RecordForm(self.kit, self._desk, "article", fields)
        self.form.saved.connect(lambda _done: self.closed.emit())
        self.form.closed.connect(self.closed)
        self._place.addWidget(CardFrame(parts=(self.form,)))
        self.retire.setVisible(details.article.is_ours)
        self.show_again(seen)
        self.first = self.form

    def _on_link_opened(self, _rid: bytes) -> None:
        """Scroll to the form of a link once it is laid out."""
        QTimer.singleShot(0, self.links, partial(self.scroll_to, self.links))

    def save_draft(self) -> None:
        """Keep what was typed as a draft."""
        if self.form is not None:
            self.form.save_draft()
        self.links.close_form()

    def _on_retire(self) -> None:
        work = partial(articles.set_article_status, self._desk, self.rid, articles.RETIRED)
        run_with_undo(self.kit, self._desk, work, N_("The article is no longer used."))
        self.closed.emit()

    def _on_bin(self) -> None:
        work = partial(articles.delete_article, self._desk, self.rid)
        run_with_undo(self.kit, self._desk, work, N_("Put in the bin."))
        self.closed.emit()


def _title_of(one: BookArticle, language: Language) -> str:
    found = one.text_for(language.code)
    return (found.title if found is not None else "") or one.tree.slug


class BeginPage(TaskPage):
    """A new article, or a new language of one; `begun` carries the id of its text."""

    begun = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session, article: BookArticle | None = None) -> None:
        is_new = article is None
        super().__init__(kit, N_("New article") if is_new else N_("Another language"))
        self._desk, self._article = desk, article
        self.heading = TextEntry()
        kit.translator.bind(self.heading.setAccessibleName, N_("Heading"))
        self.languages = ChoiceBox(kit)
        taken = frozenset(article.texts) if article is not None else frozenset[str]()
        first = [code for code in PROGRAM_LANGUAGES if code not in taken]
        others = [code for code in LANGUAGES if code not in {*taken, *first}]
        options = [(code, partial(_language_name, code)) for code in (*first, *others)]
        own = kit.translator.language.code
        self.languages.set_options(options, own if own in first else "")
        kit.translator.bind(self.languages.setAccessibleName, N_("Language"))
        parts = [labelled(kit, N_("Language"), self.languages)]
        if is_new:
            parts.insert(0, labelled(kit, N_("Heading"), self.heading))
        self.begin = Button(kit, N_("Begin"), "check", ButtonLook.PRIMARY, self._on_begin)
        self.set_action(self.begin)
        self.hint.set_message(N_("It begins as a draft. No one outside sees it before you send."))
        fields = QVBoxLayout()
        extend(fields, *parts)
        extend(self.body, CardFrame(parts=(fields,)), STRETCH)
        self.first = self.heading if is_new else self.languages
        self.heading.returnPressed.connect(self._on_begin)

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do."""
        self.show_fault(fault)

    @task
    async def _on_begin(self) -> None:
        code, title = self.languages.key, " ".join(self.heading.text().split())
        if self._article is not None:
            saved = await call(self.kit, articles.begin_text, self._desk, self._article.rid, code)
            notify_done(self.kit, self._desk, (saved,), N_("The text is begun."))
            self.begun.emit(saved.rid)
            return
        if not title:
            self.heading.setFocus()
            return
        done = await call(self.kit, articles.begin_article, self._desk, code, title)
        notify_done(self.kit, self._desk, done, N_("The article is begun."))
        self.begun.emit(done[-1].rid)


def _language_name(code: str, language: Language) -> str:
    return language.language(code)
