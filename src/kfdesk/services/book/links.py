# SPDX-License-Identifier: GPL-3.0-or-later
"""Links of the book: where an article leads, and which article a plan leads to.

A link is a record of its own under its article, with a reference to an organisation, a step of a
procedure or another article. Sections of a plan, its conditions, and the evidence of a step are
codes of the article (`ARTICLE_PLACES`). A *?* there opens the article.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kfdesk.domain.book.order import in_tree
from kfdesk.domain.codes.book import GATE_PLACE, PROOF_PLACE, SECTION_PLACE
from kfdesk.domain.records.book import Article, ArticleLink
from kfdesk.domain.records.cooperation import CooperationStep
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import (
    LocalizedText,
    MissingAnswer,
    text_in_language,
    text_or_empty,
)
from kfdesk.i18n.language import Language
from kfdesk.services.book.articles import RETIRED, BookArticle, read_book
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.session import Session

LINKED_TYPES = ("organisation", "procedure_step", "article")
"""The types of record that a link can lead to."""
_ENDED = "retired"


@dataclass(frozen=True, slots=True)
class PlanArticles:
    """The articles that a plan leads to: by place, and by step of a procedure; empty without any.

    The first in the book has a place that several name.
    """

    by_place: Mapping[str, bytes] = field(default_factory=dict)
    by_step: Mapping[str, bytes] = field(default_factory=dict)

    def of_section(self, key: str) -> bytes:
        """Return the article of a section of a plan."""
        return self.by_place.get(f"{SECTION_PLACE}{key}", b"")

    def of_gate(self, code: str) -> bytes:
        """Return the article of a condition."""
        return self.by_place.get(f"{GATE_PLACE}{code}", b"")

    def of_step(self, step: CooperationStep) -> bytes:
        """Return the article of a step: its own, or that of the evidence that it needs."""
        own = self.by_step.get(text_or_empty(step.step), b"")
        return own or self.by_place.get(f"{PROOF_PLACE}{text_or_empty(step.proof)}", b"")


@dataclass(frozen=True, slots=True)
class LinkChoice:
    """Something that a link can lead to: its id, its type, and its name."""

    rid: bytes
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link with where it leads: None if that is not here, or was deleted.

    `opens` is the record to open for it: of a step its procedure.
    """

    view: RecordView[ArticleLink]
    goal: LinkChoice | None
    opens: bytes = b""


def read_plan_articles(desk: Session) -> PlanArticles:
    """Return which articles a plan leads to. Raise KfdeskError `user.not_allowed`."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    heads = [view(row, Article) for row in desk.store.rows("article")]
    used = in_tree(one for one in heads if not one.is_deleted and one.record.status != RETIRED)
    places: dict[str, bytes] = {}
    steps: dict[str, bytes] = {}
    for article in used:
        codes = article.view.record.opened_from
        for code in codes if isinstance(codes, tuple) else ():
            places.setdefault(str(code), article.view.rid)
        for link in _links_of(desk, article.view.rid):
            steps.setdefault(text_or_empty(link.record.target), article.view.rid)
    known = {one.view.rid.hex(): one.view.rid for one in used}
    for row in desk.store.rows("procedure_step"):
        chapter = text_or_empty(view(row, ProcedureStep).record.article)
        if chapter in known:
            steps.setdefault(row.rid.hex(), known[chapter])
    return PlanArticles(places, steps)


def list_links(desk: Session, article: bytes, language: Language) -> tuple[LinkLine, ...]:
    """Return the links of an article, also those to what is not here.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    links = sorted(_links_of(desk, article), key=lambda one: one.rid)
    book = {one.rid: one for one in read_book(desk)} if links else {}
    return tuple(_link_line(desk, one, book, language) for one in links)


def list_link_choices(desk: Session, article: bytes, language: Language) -> tuple[LinkChoice, ...]:
    """Return the steps and the other articles that a link of an article can lead to, by name.

    Steps of procedures that are no longer used are left out. Organisations are searched, as there
    can be very many. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    articles = (
        LinkChoice(one.rid, "article", _article_name(one, language))
        for one in read_book(desk)
        if one.rid != article
    )
    return (*_step_choices(desk, language), *articles)


def _link_line(
    desk: Session,
    link: RecordView[ArticleLink],
    book: Mapping[bytes, BookArticle],
    language: Language,
) -> LinkLine:
    target = link.record.target
    row = desk.store.row(bytes.fromhex(target)) if isinstance(target, str) else None
    if row is None or is_deleted(row.state) or row.type not in LINKED_TYPES:
        return LinkLine(link, None)
    opens, name = row.rid, ""
    if row.type == "organisation":
        name = text_or_empty(view(row, Organisation).record.name)
    elif row.type == "procedure_step":
        opens, name = row.parent or b"", _step_name(view(row, ProcedureStep).record, language)
    elif row.rid in book:
        name = _article_name(book[row.rid], language)
    return LinkLine(link, LinkChoice(row.rid, row.type, name), opens)


def _links_of(desk: Session, article: bytes) -> Iterator[RecordView[ArticleLink]]:
    for row in desk.store.children(article):
        if row.type == "article_link" and not is_deleted(row.state):
            yield view(row, ArticleLink)


def _step_choices(desk: Session, language: Language) -> Iterator[LinkChoice]:
    heads = {
        row.rid: view(row, Procedure).record
        for row in desk.store.rows("procedure")
        if not is_deleted(row.state)
    }
    for row in desk.store.rows("procedure_step"):
        head = heads.get(row.parent or b"")
        if head is None or head.status == _ENDED or is_deleted(row.state):
            continue
        name = _step_name(view(row, ProcedureStep).record, language)
        whole = f"{name} – {_told(head.title, language)}".strip(" –")
        yield LinkChoice(row.rid, "procedure_step", whole)


def _article_name(article: BookArticle, language: Language) -> str:
    text = article.text_for(language.code)
    return (text.title if text is not None else "") or article.tree.slug


def _step_name(step: ProcedureStep, language: Language) -> str:
    return f"{text_or_empty(step.prefix)} {_told(step.title, language)}".strip()


def _told(value: LocalizedText | MissingAnswer | None, language: Language) -> str:
    others = (one.language for one in value) if isinstance(value, tuple) else ()
    return text_in_language(value, language.code, *others) or ""
