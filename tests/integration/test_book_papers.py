# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of the book: true page numbers, texts as they are written, and what is refused."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from tests.support.book_samples import FILES, add_book, adopt_all, article_of

from kfdesk.documents.typesetting import page_texts, strip_layout
from kfdesk.domain.book.blocks import lines_of, plain_text
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Organisation
from kfdesk.i18n.language import Language
from kfdesk.services.book import articles, files
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import make_paper, paper_obstacles, preview_pages
from kfdesk.system.paths import translations_folder

ENGLISH, RUSSIAN = (Language(code, translations_folder()) for code in ("en", "ru"))
ORIGINAL = "This article has no text in the language of the book; it is in another one."


def printed(desk: Session, paper: PaperName, subject: bytes = b"", **more: object) -> bytes:
    order = PaperRequest(paper, subject, str(more.pop("language", "en")), **more)  # type: ignore[arg-type]
    return make_paper(desk, order).pdf


def codes(desk: Session, order: PaperRequest) -> list[str]:
    return [one.code for one in paper_obstacles(desk, order)]


def many(count: int, language: str = "en") -> dict[str, bytes]:
    """Return so many chapters, each of several pages."""
    said = "\n\n".join(f"## Part {n}\n\n" + "Some words of it. " * 60 for n in range(12))
    head = "---\nslug: {slug}\nlanguage: {code}\ntitle: {title}\nposition: {at}\nkind: chapter\n"
    return {
        f"chapter-{at}.{language}.md": (
            head.format(slug=f"chapter-{at}", code=language, title=f"Chapter {at}", at=at)
            + f"tags: legal, family\n---\n\n{said}\n"
        ).encode()
        for at in range(1, count + 1)
    }


@pytest.mark.parametrize("form", [PaperFormat.A5, PaperFormat.A4])
def test_contents_and_index_name_the_pages_on_which_chapters_begin(
    desk: Session, form: PaperFormat
) -> None:
    add_book(desk, many(6))
    first = printed(desk, PaperName.BOOK, form=form)
    pages = page_texts(first)
    listed = {
        int(name): int(page)
        for text in pages[2:4]
        for name, page in re.findall(r"Chapter (\d+)\s+(\d+)\b", text)
    }
    found = {
        number: next(
            at for at, text in enumerate(pages, 1)
            if at > 3 and re.search(rf"Chapter {number}\s+Draft", text)
        )
        for number in range(1, 7)
    }  # fmt: skip
    assert listed == found
    index = " ".join(pages[-1].split())
    assert f"Legal help {', '.join(map(str, sorted(found.values())))}" in index
    assert len(page_texts(printed(desk, PaperName.BOOK, form=form))) == len(pages)


def test_book_says_edition_language_licence_and_embeds_its_letters(desk: Session) -> None:
    add_book(desk)
    adopt_all(desk)
    files.make_edition(desk, ENGLISH, "2026:1")
    pdf = printed(desk, PaperName.BOOK)
    whole = " ".join(page_texts(pdf)[1].split())
    for said in (
        "Resource book · 2026:1",
        "Licence: CC0-1.0",
        "Not about any client",
        "2 articles",
    ):
        assert said in whole
    root: Any = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/Lang"] == "en"
    pages: Any = PdfReader(BytesIO(pdf)).pages
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pages
        for font in page["/Resources"]["/Font"].get_object().values()
    }
    assert fonts
    assert all(re.match(r"/[A-Z]{6}\+", one) for one in fonts)
    text = article_of(desk, "the-interpreter").texts["en"].view.rid
    change_record(desk, text, {"body": "Another text."})
    assert "not an edition" in page_texts(printed(desk, PaperName.BOOK))[1]


def test_article_that_lacks_a_language_is_marked_or_left_out_and_never_in_silence(
    desk: Session,
) -> None:
    add_book(desk)
    order = PaperRequest(PaperName.BOOK, b"", "ru")
    assert "paper.book_left_out" in [one.code for one in preview_pages(desk, order, 0.2).warnings]
    alone = page_texts(printed(desk, PaperName.BOOK, language="ru"))
    assert "Working with an interpreter" not in " ".join(alone)
    beside = printed(desk, PaperName.BOOK, language="ru", beside="en")
    page = next(one for one in page_texts(beside)[3:] if "Short sentences" in one)
    assert strip_layout(RUSSIAN.gettext(ORIGINAL)) in strip_layout(page)
    order = PaperRequest(PaperName.BOOK, b"", "ru", beside="en")
    found = [one.code for one in preview_pages(desk, order, 0.2).warnings]
    assert found == ["paper.book_other_language", "paper.book_drafts"]


def test_leaflet_card_and_poster_say_exactly_what_the_article_says(desk: Session) -> None:
    add_book(desk)
    adopt_all(desk)
    for slug, paper, form in (
        ("the-first-talk", PaperName.LEAFLET, PaperFormat.A4),
        ("you-have-rights", PaperName.CARD, PaperFormat.A4),
        ("the-first-talk", PaperName.POSTER, PaperFormat.A4),
        ("the-first-talk", PaperName.POSTER, PaperFormat.A3),
    ):
        article = article_of(desk, slug)
        text = article.texts["en"]
        read = strip_layout(" ".join(page_texts(printed(desk, paper, article.rid, form=form))))
        parts = desk.adapters.book.parts(text.body)
        short = text.summary if paper is PaperName.LEAFLET else ""
        said = [text.title, short, *map(plain_text, lines_of(parts))]
        assert [one for one in said if strip_layout(one) not in read] == []


def test_leaflet_has_two_sides_and_cards_are_ten_with_marks(desk: Session) -> None:
    add_book(desk)
    adopt_all(desk)
    leaflet = printed(desk, PaperName.LEAFLET, article_of(desk, "the-first-talk").rid)
    outside, inside = page_texts(leaflet)
    assert "The first talk" in outside
    assert "Before" in inside
    assert "Invented handbook" in outside
    (cards,) = page_texts(printed(desk, PaperName.CARD, article_of(desk, "you-have-rights").rid))
    assert cards.count("You can say no") == 10


def test_paper_for_others_is_public_adopted_and_decided(desk: Session) -> None:
    add_book(desk, seen_by="circle")
    talk = article_of(desk, "the-first-talk")
    order = PaperRequest(PaperName.LEAFLET, talk.rid, "en")
    assert codes(desk, order) == ["paper.book_not_public", "paper.book_not_adopted"]
    change_record(desk, talk.rid, {"confidentiality": "public"})
    articles.adopt_text(desk, talk.texts["en"].view.rid)
    assert codes(desk, order) == []
    assert codes(desk, PaperRequest(PaperName.LEAFLET, talk.rid, "fi")) == ["paper.book_no_text"]
    text = talk.texts["en"].view.rid
    change_record(desk, text, {"body": "Changed since."})
    assert codes(desk, order) == ["paper.book_not_adopted"]
    change_record(desk, text, {"body": "Beside."}, ())
    assert codes(desk, order) == ["book.undecided"]
    assert "book.undecided" in codes(desk, PaperRequest(PaperName.BOOK, b"", "en"))


def test_name_of_a_shelter_blocks_the_card_and_a_public_number_does_not(desk: Session) -> None:
    add_book(desk)
    adopt_all(desk)
    article = article_of(desk, "you-have-rights")
    order = PaperRequest(PaperName.CARD, article.rid, "en")
    assert make_paper(desk, order).pdf
    text = article.texts["en"].view.rid
    body = str(article.texts["en"].body)
    for name, seen_by in (("Björkgården Åtta", "secret"), ("Kvinnolinjen Ett", "public")):
        create_record(desk, Organisation, {"name": name, "confidentiality": seen_by})
    for said, is_free in (("Björkgården Åtta", False), ("Kvinnolinjen Ett", True),
                          (desk.identity.name, False)):  # fmt: skip
        change_record(desk, text, {"body": f"{body}\n\nAsk at {said}."})
        articles.adopt_text(desk, text)
        found = preview_pages(desk, order, 0.2)
        assert (not found.obstacles) is is_free, said


@pytest.mark.parametrize("code", ["en", "sv", "ru", "pl", "et", "uk"])
def test_client_card_passes_the_carry_check_in_six_languages(desk: Session, code: str) -> None:
    words = {
        "en": ("You decide", "You may say no."), "sv": ("Du bestämmer", "Du får säga nej."),
        "ru": ("Вы решаете", "Вы можете отказаться."), "pl": ("Ty decydujesz", "Możesz odmówić."),
        "et": ("Sina otsustad", "Sa võid keelduda."),
        "uk": ("Ви вирішуєте", "Ви можете сказати ні."),
    }  # fmt: skip
    title, said = words[code]
    head = f"---\nslug: card\nlanguage: {code}\ntitle: {title}\nkind: card\n---\n\n{said}\n"
    add_book(desk, {f"card.{code}.md": head.encode()})
    adopt_all(desk)
    pdf = printed(desk, PaperName.CARD, article_of(desk, "card").rid, language=code)
    assert page_texts(pdf)[0].count(title) == 10


def test_letters_without_a_glyph_and_texts_too_long_are_refused_with_the_reason(
    desk: Session,
) -> None:
    add_book(desk)
    article = article_of(desk, "the-first-talk")
    text = article.texts["en"].view.rid
    for body, code in (
        ("漢字", "documents.no_letter"), ("שלום", "documents.no_letter"),
        ("word " * 6000, "paper.book_too_long"),
    ):  # fmt: skip
        change_record(desk, text, {"body": body})
        articles.adopt_text(desk, text)
        with pytest.raises(KfdeskError) as caught:
            printed(desk, PaperName.LEAFLET, article.rid)
        assert caught.value.code == code


def test_word_wider_than_a_line_begins_one_and_is_broken(desk: Session) -> None:
    add_book(desk)
    article = article_of(desk, "the-first-talk")
    text = article.texts["en"].view.rid
    long = "https://example.org/" + "very-long-" * 12
    change_record(desk, text, {"body": f"See {long} now."})
    articles.adopt_text(desk, text)
    _, inside = page_texts(printed(desk, PaperName.LEAFLET, article.rid))
    assert "See\r\nhttps://example.org/" in inside
    assert strip_layout(long) in strip_layout(inside)


def test_card_for_staff_is_no_way_around_the_check_of_a_clients_card(desk: Session) -> None:
    add_book(desk)
    adopt_all(desk)
    article = article_of(desk, "you-have-rights")
    order = PaperRequest(PaperName.STAFF_CARD, article.rid, "en")
    assert codes(desk, order) == ["paper.book_for_clients"]
    change_record(desk, article.rid, {"audience": None})
    assert codes(desk, order) == ["paper.book_for_clients"]
    change_record(desk, article.rid, {"audience": ("staff",)})
    assert page_texts(printed(desk, PaperName.STAFF_CARD, article.rid))[0].count("say no") > 9


def test_card_goes_on_at_its_back_before_its_type_gets_small(desk: Session) -> None:
    add_book(desk)
    article = article_of(desk, "you-have-rights")
    text = article.texts["en"].view.rid
    change_record(desk, text, {"body": "You may ask for somebody. " * 22})
    articles.adopt_text(desk, text)
    pages = page_texts(printed(desk, PaperName.CARD, article.rid))
    assert len(pages) == 2
    assert pages[0].count("You can say no") == 10
    assert "".join(pages).count("somebody") == 220


def test_point_of_a_card_is_on_one_side_alone(desk: Session) -> None:
    add_book(desk)
    article = article_of(desk, "you-have-rights")
    text = article.texts["en"].view.rid
    said = "Point {n} begins and goes on for some more words, and it ends {n}."
    points = [f"{n}. {said.format(n=n)}" for n in range(1, 9)]
    change_record(desk, text, {"body": "\n".join(points)})
    articles.adopt_text(desk, text)
    front, back = page_texts(printed(desk, PaperName.CARD, article.rid))
    for side in map(strip_layout, (front, back)):
        begun = {n for n in range(1, 9) if f"Point{n}begins" in side}
        assert begun == {n for n in range(1, 9) if f"ends{n}." in side}
        assert begun
    assert strip_layout(f"{front}{back}").count("begins") == 80


def test_article_alone_is_printed_with_those_under_it(desk: Session, tmp_path: Path) -> None:
    add_book(desk)
    pdf = printed(desk, PaperName.BOOK, article_of(desk, "the-first-talk").rid)
    whole = " ".join(page_texts(pdf))
    assert "Working with an interpreter" in whole
    assert "You can say no" not in whole
    assert len(FILES) == 5
