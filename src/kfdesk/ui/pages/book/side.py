# SPDX-License-Identifier: GPL-3.0-or-later
"""Side of an article: languages, what it is, who helps, versions and sources.

It shows what was read, and asks for the rest by signals.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.book import ARTICLE_KINDS, ARTICLE_READERS, ARTICLE_STATUS, ARTICLE_TAGS
from kfdesk.domain.codes.core import CONFIDENTIALITY, PLAN_STATE
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import LocalizedText, text_or_empty
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.services.book import articles, links, versions
from kfdesk.services.book.articles import ArticleDetails, BookArticle, BookText, OfferFilter
from kfdesk.services.book.links import LinkLine
from kfdesk.services.book.versions import EditionLine, TextVersions
from kfdesk.services.core.history import ValueLine
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.directory.search import filter_codes
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.parts import sorted_options
from kfdesk.ui.pages.book.reader import plain_html
from kfdesk.ui.record_views import FoldedText, LabelledValues, written_at
from kfdesk.ui.tokens import CARD_GAP, TextStyle
from kfdesk.ui.translator import Message, MessageFunction, fixed_text
from kfdesk.ui.widgets.build import STRETCH, column, extend, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import CardFrame, clear_layout

_OFFER_CODES: Mapping[str, tuple[Message, Mapping[str, Message]]] = {
    "country": (
        N_("Any country"), {code: partial(Language.country, code=code) for code in COUNTRIES},
    ),
    "language": (
        N_("Any language"), {code: partial(Language.language, code=code) for code in LANGUAGES},
    ),
}  # fmt: skip
_FACET_KEYS = {"country": "country", "language": "languages"}
_OFFER_NAMES = {"country": N_("Country"), "language": N_("Language")}


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """The article to show, in which language, and who is looked for beside it."""

    rid: bytes
    spoken: str = ""
    wanted: OfferFilter = field(default_factory=OfferFilter)


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article with the text that is shown, as HTML, and what stands beside it.

    `known` has the codes of country and language that entries of the directory have.
    """

    details: ArticleDetails
    text: BookText | None
    html: str
    is_plain: bool = False
    """True for a text with more than the book can show: it stands as it was written."""
    offers: tuple[EntryLine, ...] = ()
    links: tuple[LinkLine, ...] = ()
    versions: TextVersions = field(default_factory=TextVersions)
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)


def read_shown(desk: Session, asked: ShownRequest, language: Language) -> ShownArticle:
    """Return an article with its text, in the window's language or the original if need be.

    Raise KfdeskError as `articles.read_article` does.
    """
    details = articles.read_article(desk, asked.rid)
    article = details.article
    found = article.text_for(*filter(None, (asked.spoken, language.code)))
    html, is_plain = body_html(desk, found.body) if found is not None else ("", False)
    return ShownArticle(
        details,
        found,
        html,
        is_plain,
        articles.find_helpers(desk, article, language, asked.wanted),
        links.list_links(desk, asked.rid, language),
        versions.read_versions(desk, article, found) if found is not None else TextVersions(),
        filter_codes(desk),
    )


def body_html(desk: Session, body: str) -> tuple[str, bool]:
    """Return a text as HTML, and whether it stands as it was written: it holds too much."""
    try:
        return desk.adapters.book.html(body), False
    except KfdeskError:
        return plain_html(body), True


class ArticleSide(QWidget):
    """The cards beside an article.

    `language_chosen` carries a language to read in, `article_asked`, `entry_asked` and
    `procedure_asked` the id of what a link leads to, `former_asked` the place of a former text.
    `links_asked` leads to the page with the links, `offers_asked` follows a choice of the filter.
    """

    language_chosen = Signal(str)
    article_asked = Signal(bytes)
    entry_asked = Signal(bytes)
    procedure_asked = Signal(bytes)
    former_asked = Signal(int)
    links_asked = Signal()
    offers_asked = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.wanted = OfferFilter()
        self.choices: dict[str, ChoiceBox] = {}
        self._held = ""
        self._column = column(gap=CARD_GAP, on=self)

    def show_article(self, shown: ShownArticle) -> None:
        """Show what belongs to an article."""
        clear_layout(self._column)
        self.choices = {}
        made = (
            self._languages_card(shown), self._about_card(shown), self._offers_card(shown),
            self._versions_card(shown), self._sources_card(shown),
        )  # fmt: skip
        extend(self._column, *(one for one in made if one is not None))
        held, self._held = self._held, ""
        if held in self.choices:
            self.choices[held].setFocus()

    def _languages_card(self, shown: ShownArticle) -> CardFrame:
        kit, card = self._kit, CardFrame(padding=12, gap=4)
        card.add_heading(kit, N_("Languages"), "languages")
        article = shown.details.article
        for code, one in article.texts.items():
            look = ButtonLook.TONAL if one is shown.text else ButtonLook.QUIET
            button = Button(kit, partial(_language_name, code), look=look)
            button.clicked.connect(partial(self.language_chosen.emit, code))
            extend(card.body, row(button, STRETCH))
            extend(card.body, muted(kit, partial(_state_text, one, article), TextStyle.SMALL))
        return card

    def _about_card(self, shown: ShownArticle) -> CardFrame:
        card = CardFrame(padding=12, gap=4)
        card.add_heading(self._kit, N_("About it"), "info")
        for pair in _about_pairs(shown.details):
            values = (FoldedText(self._kit, value) for value in pair.values)
            extend(card.body, 4, muted(self._kit, pair.label, TextStyle.LABEL), *values)
        return card

    def _offers_card(self, shown: ShownArticle) -> CardFrame | None:
        """Return the card with the links, and with who helps; None if there is nothing to show."""
        kit, card = self._kit, CardFrame(padding=12, gap=2)
        card.add_heading(kit, N_("Who offers this here"), "building-2")
        here = [one for one in shown.links if one.goal is not None]
        named = {one.goal.rid for one in here if one.goal is not None}
        offers = [one for one in shown.offers if one.rid not in named]
        has_services = bool(offers) or self.wanted != OfferFilter()
        if not here and not has_services and not shown.details.may_write:
            card.deleteLater()
            return None
        buttons = [self._link_button(one) for one in here]
        for line in offers:
            button = Button(kit, fixed_text(line.name), look=ButtonLook.QUIET)
            button.clicked.connect(partial(self.entry_asked.emit, line.rid))
            buttons.append(button)
        extend(card.body, *(row(button, STRETCH) for button in buttons))
        if not buttons:
            extend(card.body, muted(kit, N_("No one found."), TextStyle.SMALL))
        if has_services:
            extend(card.body, 6, *self._filters(shown))
        if shown.details.may_write:
            add = Button(kit, N_("Links…"), "pencil", ButtonLook.QUIET, self.links_asked.emit)
            extend(card.body, row(add, STRETCH))
        return card

    def _link_button(self, line: LinkLine) -> Button:
        goal = line.goal
        assert goal is not None
        name: MessageFunction = partial(link_text, goal.name, line.view.record.label)
        button = Button(self._kit, name, look=ButtonLook.QUIET)
        asked = {"article": self.article_asked, "procedure_step": self.procedure_asked}
        button.clicked.connect(
            partial(asked.get(goal.type, self.entry_asked).emit, line.opens or goal.rid)
        )
        return button

    def _filters(self, shown: ShownArticle) -> Iterator[ChoiceBox]:
        """Yield the choices of country and language, with the codes that Contacts has."""
        kit = self._kit
        for key, (every, names) in _OFFER_CODES.items():
            known, chosen = shown.known.get(_FACET_KEYS[key], ()), getattr(self.wanted, key)
            there = [one for one in names.items() if one[0].lower() in known or one[0] == chosen]
            order = [(code, names[code]) for code, _ in sorted_options(there, kit)]
            self.choices[key] = choice = ChoiceBox(kit)
            choice.set_options((("", every), *order), chosen)
            kit.translator.bind(choice.setAccessibleName, _OFFER_NAMES[key])
            choice.chosen.connect(partial(self._on_filter, key))
            yield choice

    def _on_filter(self, key: str, _code: str) -> None:
        self._held = key
        self.wanted = OfferFilter(*(self.choices[key].key for key in _OFFER_CODES))
        self.offers_asked.emit()

    def _versions_card(self, shown: ShownArticle) -> CardFrame | None:
        kit, found = self._kit, shown.versions
        if not found.former and not found.editions:
            return None
        card = CardFrame(padding=12, gap=2)
        card.add_heading(kit, N_("Versions"), "history")
        for edition in found.editions:
            extend(card.body, text(kit, partial(_edition_text, edition), TextStyle.SMALL))
        for at, line in enumerate(found.former):
            button = Button(kit, partial(former_text, line), look=ButtonLook.QUIET)
            button.clicked.connect(partial(self.former_asked.emit, at))
            extend(card.body, row(button, STRETCH))
        return card

    def _sources_card(self, shown: ShownArticle) -> CardFrame | None:
        told = shown.details.article.record.sources
        said = localized_text(told, self._kit.translator.language)
        if not said:
            return None
        card = CardFrame(padding=12, gap=4)
        card.add_heading(self._kit, N_("Sources"), "file-check")
        for line in said.split("\n"):
            extend(card.body, text(self._kit, fixed_text(line.strip()), TextStyle.SMALL))
        return card


def _language_name(code: str, language: Language) -> str:
    return language.language(code)


def link_text(name: str, told: LocalizedText | object, language: Language) -> str:
    """Return the words of a link, else the name of its goal."""
    said = localized_text(told, language)  # type: ignore[arg-type]
    return said or name or language.gettext(N_("without a name"))


def former_text(line: ValueLine, language: Language) -> str:
    """Return who wrote a former text, and when."""
    who = " · ".join(filter(None, (line.author, line.sender)))
    return f"{written_at(line.milliseconds, language)} · {who}"


def former_note(line: ValueLine, language: Language) -> str:
    """Return the note above a former text."""
    words = language.gettext(
        N_("This is an earlier version: {who}. Choose a language to read the current one.")
    )
    return words.format(who=former_text(line, language))


def _edition_text(line: EditionLine, language: Language) -> str:
    record = line.view.record
    name = " · ".join(
        filter(None, (localized_text(record.title, language), text_or_empty(record.number)))
    )
    state = N_("as it stands now") if line.is_same else N_("changed since")
    return f"{name}: {language.gettext(state)}"


def _state_text(one: BookText, article: BookArticle, language: Language) -> str:
    """Return where a text stands: adopted, read, and how far behind the original it is."""
    said = []
    if article.original is one:
        said.append(language.gettext(N_("the original")))
    if one.is_undecided:
        said.append(language.gettext(N_("two versions, not decided")))
    elif one.is_adopted:
        said.append(language.gettext(N_("adopted")))
    else:
        state = value_text(field_of("article_text", "state"), one.view.record.state, language)
        said.append(state if one.view.record.state else language.gettext(N_("Draft")))
    if one.changes:
        words = language.ngettext(
            "the original changed in {count} paragraph since",
            "the original changed in {count} paragraphs since",
            one.changes,
        )
        said.append(words.format(count=one.changes))
    line = " · ".join(said)
    return f"{line[:1].upper()}{line[1:]}"


def _tag_pairs(tags: tuple[object, ...]) -> Iterator[LabelledValues]:
    """Yield what an article is about, apart from the states of a plan: one of them is *Draft*."""
    field = field_of("article", "tags")
    states = tuple(str(tag) for tag in tags if tag in PLAN_STATE)
    others = tuple(str(tag) for tag in tags if tag not in PLAN_STATE)
    for label, found in ((field.label, others), (N_("For plans with the status"), states)):
        if found:
            yield LabelledValues(label, (partial(value_text, field, found),))


def _about_pairs(details: ArticleDetails) -> Iterator[LabelledValues]:
    record = details.article.record
    lists: Mapping[str, Mapping[str, str]] = {
        "kind": ARTICLE_KINDS, "audience": ARTICLE_READERS, "status": ARTICLE_STATUS,
        "tags": ARTICLE_TAGS, "confidentiality": CONFIDENTIALITY,
    }  # fmt: skip
    for key in ("kind", "audience", "status", "tags", "review_by", "confidentiality", "licence"):
        field, content = field_of("article", key), getattr(record, key)
        if key == "tags" and isinstance(content, tuple):
            yield from _tag_pairs(content)
        elif content is not None and (key in lists or key in ("review_by", "licence")):
            yield LabelledValues(field.label, (partial(value_text, field, content),))
    name = fixed_text(details.article.tree.slug)
    yield LabelledValues(N_("Name in links"), (name,))
    if not details.article.is_ours and details.custodian:
        yield LabelledValues(N_("Whose"), (fixed_text(details.custodian),))
