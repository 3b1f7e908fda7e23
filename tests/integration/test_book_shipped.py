# SPDX-License-Identifier: GPL-3.0-or-later
"""The book that comes with the program: whole in three languages, and its papers say all of it."""

import re
from collections.abc import Iterable, Mapping

import pytest
from tests.support.book_samples import add_book, adopt_all, article_of

from kfdesk.documents.typesetting import page_texts, strip_layout
from kfdesk.domain.book.blocks import BookPart, lines_of, plain_text
from kfdesk.domain.book.files import ArticleFile
from kfdesk.domain.codes.book import ARTICLE_TAGS
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.formats.book_files import read_article
from kfdesk.formats.markdown import read_markdown
from kfdesk.i18n.language import Language
from kfdesk.services.book import files
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import make_paper
from kfdesk.system.paths import translations_folder

LANGUAGES = ("en", "sv", "ru")
LEAFLETS = ("leaflet-health-care", "leaflet-embassies", "leaflet-employers")
CARDS = {"card-you-have-rights": ("client",), "card-what-to-do": ("staff",)}
_WORD = re.compile(r"[^\W_]+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")
_PLACE = re.compile(r"[^|]+ \| (https?://[^| ]+ \| )?[^|]+")
"""A source: what it is, a web address that a reader can open or none, and the day."""


def shipped(desk: Session) -> Mapping[tuple[str, str], ArticleFile]:
    """Return the shipped articles by name and language."""
    read = (read_article(name, data) for name, data in files.shipped_book(desk).items())
    return {(one.slug, one.language): one for one in read}


def chapters(book: Mapping[tuple[str, str], ArticleFile], language: str) -> list[ArticleFile]:
    """Return the chapters of a language in their order."""
    found = [one for one in book.values() if (one.kind, one.language) == ("chapter", language)]
    return sorted(found, key=lambda one: one.position or 0)


def test_shipped_book_is_whole_and_alike_in_three_languages(desk: Session) -> None:
    book = shipped(desk)
    slugs = {slug for slug, _ in book}
    assert set(book) == {(slug, code) for slug in slugs for code in LANGUAGES}
    assert {one for one in slugs if book[one, "en"].kind == "leaflet"} == {*LEAFLETS}
    assert {slug: book[slug, "en"].audience for slug in CARDS} == CARDS
    for code in LANGUAGES:
        whole = chapters(book, code)
        assert [one.position for one in whole] == list(range(1, 25))
        assert [one.slug for one in whole if not 300 <= len(_WORD.findall(one.body)) <= 900] == []
    for (slug, _), one in book.items():
        first = book[slug, "en"]
        for key in ("position", "kind", "audience", "tags", "opened_from", "licence", "review_by"):
            assert getattr(one, key) == getattr(first, key), (slug, key)
        assert one.summary
        assert one.sources
        assert all(_DAY.search(source) for source in one.sources), slug
        assert all(_PLACE.fullmatch(source) for source in one.sources), slug
        parts = read_markdown(one.body)
        assert [type(part) for part in parts] == [type(part) for part in read_markdown(first.body)]
        assert links_of(parts) == links_of(read_markdown(first.body)) <= slugs
        assert not one.odd


def links_of(parts: Iterable[BookPart]) -> set[str]:
    """Return the names of the articles that a text leads to."""
    return {span.link for line in lines_of(parts) for span in line if span.link}


@pytest.mark.slow  # test_contents_and_index_name_the_pages_on_which_chapters_begin is cheaper
@pytest.mark.parametrize("code", LANGUAGES)
def test_contents_and_index_of_the_shipped_book_are_true(desk: Session, code: str) -> None:
    book, words = shipped(desk), Language(code, translations_folder())
    add_book(desk, dict(files.shipped_book(desk)))
    adopt_all(desk)
    pages = page_texts(make_paper(desk, PaperRequest(PaperName.BOOK, b"", code)).pdf)
    whole = [strip_layout(one) for one in pages]
    titles = [one.title for one in chapters(book, code)]
    listed = strip_layout(" ".join(pages[2:5]))
    first = 2 + sum(strip_layout(titles[-1]) in one for one in whole[2:5])
    found: dict[str, int] = {}
    for one in chapters(book, code):
        begins = strip_layout(f"{one.title}{one.summary}")
        found[one.title] = next(
            at for at, said in enumerate(whole[first:], first + 1) if begins in said
        )
    for title, at in found.items():
        assert re.search(rf"{re.escape(strip_layout(title))}{at}(?!\d)", listed), (title, at)
    assert list(found.values()) == sorted(found.values())
    by_tag: dict[str, list[int]] = {}
    for one in chapters(book, code):
        for tag in one.tags:
            by_tag.setdefault(words.gettext(ARTICLE_TAGS[tag]), []).append(found[one.title])
    index = strip_layout(" ".join(pages[max(found.values()) :]))
    for name, places in by_tag.items():
        said = f"{name}{','.join(map(str, sorted(places)))}"
        assert strip_layout(said) in index, said


@pytest.mark.slow  # test_leaflet_card_and_poster_say_exactly_what_the_article_says is cheaper
@pytest.mark.parametrize("code", LANGUAGES)
def test_shipped_leaflets_and_cards_say_exactly_what_their_articles_say(
    desk: Session, code: str
) -> None:
    add_book(desk, dict(files.shipped_book(desk)))
    adopt_all(desk)
    papers = dict.fromkeys(LEAFLETS, PaperName.LEAFLET) | {
        one: PaperName.CARD if "client" in readers else PaperName.STAFF_CARD
        for one, readers in CARDS.items()
    }
    for slug, paper in papers.items():
        article = article_of(desk, slug)
        text = article.texts[code]
        pdf = make_paper(desk, PaperRequest(paper, article.rid, code)).pdf
        read = strip_layout(" ".join(page_texts(pdf)))
        said = [text.title, *map(plain_text, lines_of(read_markdown(text.body)))]
        assert [one for one in said if strip_layout(one) not in read] == [], slug
