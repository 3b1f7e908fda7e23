# SPDX-License-Identifier: GPL-3.0-or-later
"""The book: paragraphs that merge, articles in order, and what a text may hold."""

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import make

from kfdesk.domain.authority import is_open_to_members, together_sort
from kfdesk.domain.book import blocks, contents, order, paragraphs
from kfdesk.domain.book.paragraphs import merge_paragraphs, merged_text, split_paragraphs
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.book import Article, ArticleText
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import Translation, Value

BASE = "one\n\ntwo\n\nthree"

# --- paragraphs

_SOME = st.lists(st.sampled_from("abcdefgh"), max_size=7).map("\n\n".join)


def open_pieces(before: str | None, *versions: str) -> list[tuple[tuple[str, ...], ...]]:
    found = merge_paragraphs(before, versions)
    return [tuple(one.text for one in piece.choices) for piece in found if piece.is_open]


def test_paragraphs_stand_between_empty_lines() -> None:
    assert split_paragraphs("\n\na\nb\n \n\nc\n") == ("a\nb", "c")
    assert split_paragraphs(" \n") == ()
    many = "x\n\n" * 900
    assert split_paragraphs(many) == (many,)


def test_different_paragraphs_make_one_proposal_and_no_question() -> None:
    pieces = merge_paragraphs(BASE, ["ONE\n\ntwo\n\nthree", "one\n\ntwo\n\nTHREE"])
    assert not any(piece.is_open for piece in pieces)
    assert merged_text(pieces, ()) == "ONE\n\ntwo\n\nTHREE"
    assert [piece.is_changed for piece in pieces] == [True, False, True]


def test_same_paragraph_stands_with_both() -> None:
    assert open_pieces(BASE, "one\n\nA\n\nthree", "one\n\nB\n\nthree") == [(("A",), ("B",))]
    pieces = merge_paragraphs(BASE, ["one\n\nA\n\nthree", "one\n\nB\n\nthree"])
    assert merged_text(pieces, [("A", "B")]) == "one\n\nA\n\nB\n\nthree"
    assert pieces[1].is_changed


def test_same_change_of_both_is_no_question() -> None:
    assert open_pieces(BASE, "one\n\nA\n\nthree", "one\n\nA\n\nthree") == []


def test_what_somebody_took_out_waits_for_a_person() -> None:
    assert open_pieces(BASE, "one\n\nthree", BASE) == [((), ("two",))]


def test_neighbouring_paragraphs_are_changed_one_by_one() -> None:
    pieces = merge_paragraphs(BASE, ["ONE\n\ntwo\n\nthree", "one\n\nTWO\n\nnew\n\nthree"])
    assert merged_text(pieces, ()) == "ONE\n\nTWO\n\nnew\n\nthree"


def test_additions_at_one_place_stand_with_both() -> None:
    assert open_pieces(BASE, f"{BASE}\n\nA", f"{BASE}\n\nB") == [(("A",), ("B",))]
    assert open_pieces(BASE, f"{BASE}\n\nA", BASE) == []
    assert open_pieces("a\n\nb\n\nc", "a\n\nx", "a\n\nB\n\nc") == [(("x",), ("B", "c"))]


def test_three_versions_merge_too() -> None:
    found = open_pieces(BASE, "one\n\nA\n\nthree", "one\n\nB\n\nthree", BASE)
    assert found == [(("A",), ("B",))]
    assert open_pieces(None, "one\n\nthree", "one\n\ntwo\n\nthree", "one\n\nthree") == []


def test_without_what_was_before_the_common_part_takes_its_place() -> None:
    pieces = merge_paragraphs(None, ["one\n\nthree", "one\n\ntwo\n\nthree"])
    assert merged_text(pieces, ()) == BASE
    assert open_pieces(None, "A\n\nx", "B\n\nx") == [(("A",), ("B",))]


@given(st.none() | _SOME, st.lists(_SOME, min_size=1, max_size=3))
def test_nothing_that_a_side_wrote_vanishes_by_itself(
    before: str | None, versions: list[str]
) -> None:
    pieces = merge_paragraphs(before, versions)
    offered = set(chain.from_iterable(one.text for piece in pieces for one in piece.choices))
    base = set(split_paragraphs(before or ""))
    for version in versions:
        assert set(split_paragraphs(version)) - base <= offered
    first = [piece.choices[0].text for piece in pieces if piece.is_open]
    assert set(split_paragraphs(merged_text(pieces, first))) <= offered


@given(_SOME, _SOME)
def test_one_side_alone_is_its_own_merger(before: str, version: str) -> None:
    assert merged_text(merge_paragraphs(before, [version]), ()) == version
    same = merge_paragraphs(before, [version, version])
    assert merged_text(same, ()) == version


@given(_SOME, _SOME, _SOME)
def test_order_of_the_sides_does_not_matter(before: str, one: str, other: str) -> None:
    ahead, back = merge_paragraphs(before, [one, other]), merge_paragraphs(before, [other, one])
    assert [{each.text for each in piece.choices} for piece in ahead] == [
        {each.text for each in piece.choices} for piece in back
    ]


def test_changes_are_counted_by_paragraph() -> None:
    digests = paragraphs.paragraph_digests("T", "S", BASE)
    assert len(digests) == 5
    after = paragraphs.paragraph_digests("T", "S", "one\n\nTWO\n\nthree\n\nfour")
    assert paragraphs.count_changes(digests, after) == 2
    assert paragraphs.count_changes(digests, digests) == 0


def test_digest_of_a_text_follows_all_that_it_says() -> None:
    digest = paragraphs.text_digest("sv", "a", "b", "c")
    assert len(digest) == 32
    assert digest != paragraphs.text_digest("sv", "a", "bc", "")


# --- order


def article(name: str, slug: str | None = None, **values: Value) -> RecordView[Article]:
    said: dict[str, Value] = {"slug": slug if slug is not None else name, **values}
    return view(make.row("article", said, rid=make.named_id(name)), Article)


def tree(*articles: RecordView[Article]) -> list[tuple[str, int]]:
    return [(one.slug, one.depth) for one in order.in_tree(articles)]


def test_articles_stand_under_each_other_by_their_places() -> None:
    above = make.named_id("a").hex()
    found = tree(
        article("b", position=2),
        article("a", position=1),
        article("a2", position=9, above=above),
        article("a1", position=8, above=above),
        article("z"),
        article("lost", above=make.named_id("nowhere").hex(), position=3),
    )
    assert found == [("a", 0), ("a1", 1), ("a2", 1), ("b", 0), ("lost", 0), ("z", 0)]


def test_ring_of_articles_is_opened_and_each_stands_once() -> None:
    names = ("a", "b", "c")
    ring = [
        article(name, position=place, above=make.named_id(after).hex())
        for place, (name, after) in enumerate(zip(names, ("b", "c", "a"), strict=True))
    ]
    alone = article("d", above=make.named_id("d").hex())
    assert sorted(slug for slug, _ in tree(*ring, alone)) == ["a", "b", "c", "d"]


def test_second_article_of_a_name_gets_a_number_and_names_its_twin() -> None:
    twins = [article("a", "talk"), article("b", "talk"), article("c", "talk"), article("d", "A b")]
    found = {one.view.rid: one for one in order.in_tree(twins)}
    first = min(one.rid for one in twins[:3])
    assert sorted(found[one.rid].slug for one in twins) == ["article", "talk", "talk-2", "talk-3"]
    assert found[first].twin is None
    assert {found[one.rid].twin for one in twins[:3]} == {None, first}
    assert found[twins[3].rid].twin is None


def test_names_in_links_come_from_headings() -> None:
    assert order.make_slug("Ett första samtal!") == "ett-forsta-samtal"
    assert order.make_slug("Первый разговор", {"pervyi-razgovor"}) == "pervyi-razgovor-2"
    assert order.make_slug("漢字") == "article"
    assert order.is_slug(order.make_slug("x" * 300))
    assert not order.is_slug("Two words")
    assert not order.is_slug("a" * 81)


# --- limits


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * (blocks.MAX_BODY_BYTES + 1), "book.too_long"),
        ("é" * (blocks.MAX_BODY_BYTES // 2 + 1), "book.too_long"),
        ("## x\n" * 301, "book.too_many_headings"),
        ("|" + "a|" * 9 + "\n|" + "-|" * 9, "book.wide_table"),
        ("a|b|c|d|e|f\n-|-|-|-|-|-", "book.wide_table"),
        ("|a|\n|-|", "book.wide_table"),
        ("> " * 5 + "x", "book.too_deep"),
        ("- - - - - x", "book.too_deep"),
        ("          - x", "book.too_deep"),
    ],
)
def test_text_over_a_limit_is_refused(text: str, code: str) -> None:
    with pytest.raises(KfdeskError) as caught:
        blocks.check_body(text)
    assert caught.value.code == code


def test_text_within_the_limits_passes() -> None:
    for text in ("", "x" * blocks.MAX_BODY_BYTES, "## x\n" * 300, "|a|b|\n|-|:-:|\n|1|2|", "a|b"):
        blocks.check_body(text)
        assert len(text) <= blocks.MAX_BODY_BYTES


def test_lines_and_links_of_a_text_are_found_everywhere() -> None:
    span, link = blocks.Span("x"), blocks.Span("y", link="goal")
    parts: list[blocks.BookPart] = [
        blocks.BookHeading(2, (span,)),
        blocks.BookParagraph((span, link)),
        blocks.BookList((blocks.BookListItem(0, "", (span,)),)),
        blocks.BookTable(((span,), (span,)), (((span,), (span,)),)),
        blocks.BookQuote((blocks.BookParagraph((span,)),)),
        blocks.BookBox((blocks.BookParagraph((span,)),)),
    ]
    assert [blocks.plain_text(line) for line in blocks.lines_of(parts)] == [
        "x", "xy", "x", "x", "x", "x", "x", "x", "x",
    ]  # fmt: skip
    assert {span.link for line in blocks.lines_of(parts) for span in line} == {"", "goal"}


def test_text_is_told_line_by_line_without_its_marks() -> None:
    span, strong = blocks.Span("x"), blocks.Span("y", is_strong=True)
    items = (blocks.BookListItem(0, "", (span,)), blocks.BookListItem(1, "2.", (strong,)))
    parts: list[blocks.BookPart] = [
        blocks.BookHeading(2, (span, strong)),
        blocks.BookList(items),
        blocks.BookTable(((span,), (strong,)), (((strong,), (span,)),)),
        blocks.BookBox((blocks.BookParagraph((span,)),)),
    ]
    assert list(blocks.plain_lines(parts)) == ["xy", "• x", "   2. y", "x | y", "y | x", "x"]
    assert blocks.without_box_lines("{box}\nshe\n {/box}") == "she"
    assert blocks.without_box_lines("{box}\n") == "{box}\n"


# --- the whole book


def text_of(
    head: RecordView[Article], language: str | None, body: str = "x", **values: Value
) -> RecordView[ArticleText]:
    said: dict[str, Value] = {"language": language, "title": "T", "body": body, **values}
    rid = make.named_id(f"{head.rid.hex()} {language} {body}")
    return view(make.row("article_text", said, rid=rid, parent=head.rid), ArticleText)


def test_chapters_stand_in_the_language_or_beside_it_or_are_counted() -> None:
    first, second, third = (article(name, position=at) for at, name in enumerate("abc"))
    leaflet = article("d", kind="leaflet")
    texts = [text_of(first, "sv"), text_of(second, "en"), text_of(leaflet, "sv")]
    heads = (first, second, third, leaflet)
    chapters, left_out = contents.book_chapters(heads, texts, "sv", "en")
    assert [(one.slug, one.is_other_language) for one in chapters] == [("a", False), ("b", True)]
    assert left_out == 1
    chapters, left_out = contents.book_chapters(heads, texts, "sv", "")
    assert ([one.slug for one in chapters], left_out) == (["a"], 2)
    chapters, _ = contents.book_chapters(heads, texts, "sv", "", is_whole=False)
    assert [one.slug for one in chapters] == ["a", "d"]


def test_chapter_says_what_its_article_and_text_say() -> None:
    told = (Translation("en", "one | two\n\nthree"),)
    head = article("a", tags=("legal",), sources=told, licence="CC0")
    text = text_of(head, "sv", title="A\nb", summary=None)
    ((chapter,), _) = contents.book_chapters([head], [text], "sv", "")
    assert (chapter.title, chapter.tags, chapter.licence) == ("A b", ("legal",), "CC0")
    assert chapter.sources == ("one | two", "three")
    assert contents.edition_lines([chapter])[0].startswith("a ")
    assert chapter.is_draft
    plain = article("a", tags=None, sources=None)
    ((chapter,), _) = contents.book_chapters([plain], [text], "sv", "")
    assert (chapter.tags, chapter.sources) == ((), ())


def test_text_is_adopted_exactly_as_it_was() -> None:
    head = article("a")
    text = text_of(head, "sv")
    adopted = article("a", adopted=f"en x\n{contents.adopted_line(text.record)}")
    assert contents.is_adopted(adopted, text)
    assert not contents.is_adopted(head, text)
    assert not contents.is_adopted(adopted, text_of(head, "sv", "y"))
    torn = replace(adopted, conflicts=frozenset({"adopted"}))
    assert not contents.is_adopted(torn, text)
    assert not contents.is_adopted(adopted, replace(text, conflicts=frozenset({"body"})))


def test_members_write_in_articles_and_drafts_of_procedures_alone() -> None:
    assert is_open_to_members(make.row("article", {"status": "adopted"}))
    assert is_open_to_members(make.row("procedure", {"status": "draft"}))
    assert not is_open_to_members(make.row("procedure", {"status": "active"}))
    assert not is_open_to_members(make.row("edition", {"number": "1"}))
    assert together_sort("article_text") == together_sort("edition") == "book"
    assert together_sort("procedure_step") == "procedures"


def test_text_without_a_parser_is_its_paragraphs() -> None:
    assert blocks.plain_parts("a\n\n# b") == (
        blocks.BookParagraph((blocks.Span("a"),)), blocks.BookParagraph((blocks.Span("# b"),)),
    )  # fmt: skip
