# SPDX-License-Identifier: GPL-3.0-or-later
"""The Markdown of the book: its parts, what stays text, and texts that mean to cost much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.book_samples import FILES

from kfdesk.domain.book.blocks import (
    BookBox,
    BookHeading,
    BookList,
    BookParagraph,
    BookPart,
    BookQuote,
    BookTable,
    Span,
    lines_of,
    plain_parts,
    plain_text,
)
from kfdesk.domain.book.files import ArticleFile
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.book_files import file_name, read_article, write_article
from kfdesk.formats.book_pages import parts_html, reader_html
from kfdesk.formats.markdown import read_markdown


def kinds(text: str) -> list[type[BookPart]]:
    return [type(one) for one in read_markdown(text)]


def said(text: str) -> list[str]:
    return [plain_text(line) for line in lines_of(read_markdown(text))]


def read_or_code(text: str) -> tuple[BookPart, ...] | str:
    """Return the parts of a text, or why it is refused."""
    try:
        return read_markdown(text)
    except KfdeskError as fault:
        return fault.code


def test_text_is_read_into_its_parts() -> None:
    body = read_article("the-first-talk.en.md", FILES["the-first-talk.en.md"]).body
    assert kinds(body) == [
        BookHeading, BookParagraph, BookList, BookBox, BookHeading, BookTable, BookQuote,
        BookHeading, BookParagraph,
    ]  # fmt: skip
    parts = read_markdown(body)
    assert isinstance(parts[1], BookParagraph)
    assert parts[1].spans == (
        Span("Offer "), Span("water", is_emphasis=True), Span(" and a "),
        Span("quiet room", is_strong=True), Span(". See "),
        Span("the interpreter", link="the-interpreter"), Span("."),
    )  # fmt: skip
    assert isinstance(parts[2], BookList)
    assert [(one.depth, one.number) for one in parts[2].items] == [
        (0, ""), (0, ""), (1, "1."), (1, "2."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "# One", "#### Four", "_under_", "`code`", "<b>x</b>", "![p](kf:a)x", "[a](http://b.c)",
        "[a](kf:No-Slug)", "[a](kf:-)", "{box}", "{/box}", "a | b", "~~x~~", "&amp;", "http://a.b",
        "***", "---", "[a]: kf:b",
    ],
)  # fmt: skip
def test_unknown_marks_stay_text(text: str) -> None:
    whole = " ".join(said(text))
    assert whole in (text, text.replace("[p](kf:a)", "p"))


def test_boxes_pair_in_order_and_hold_parts() -> None:
    assert kinds("a\n{box}\n## b\n\nc\n{/box}\nd") == [BookParagraph, BookBox, BookParagraph]
    assert kinds("{box}\n{box}\na\n{/box}\n{/box}") == [BookParagraph, BookBox, BookParagraph]
    assert kinds("{/box}\na\n{box}") == [BookParagraph]


def test_lists_hold_lists_and_odd_items() -> None:
    assert said("- a\n  - b\n\n    c\n- d") == ["a", "b c", "d"]
    found = read_markdown("3. x\n4. y")
    assert isinstance(found[0], BookList)
    assert [one.number for one in found[0].items] == ["3.", "4."]


def test_html_is_nested_and_escaped() -> None:
    html = parts_html(read_markdown("- a <b>\n  1. c\n- d\n\n> q\n\n|x|y|\n|-|-|\n|1|2|"))
    assert html.startswith("<ul><li>a &lt;b&gt;<ol><li>c</li></ol>\n</li><li>d</li></ul>")
    assert "<blockquote><p>q</p>" in html
    assert "<th>x</th>" in html
    assert 'class="box"' in reader_html(read_markdown("{box}\nx\n{/box}"))
    assert parts_html(read_markdown("[a](kf:b)"), lambda _slug: "") == "<p>a</p>\n"
    assert plain_parts("a\n\n**b**") == (
        BookParagraph((Span("a"),)), BookParagraph((Span("**b**"),)),
    )  # fmt: skip


_COSTLY = [
    "*a " * 9000, "**a*b" * 6000, "*" * 30000, "[" * 60000, "[a](kf:" * 8000, "`" * 60000,
    "\\" * 60000, "|a" * 30000, "a\n\n" * 8000, "- a\n" * 6000, "_a " * 9000, "a\n> q\n" * 6000,
    "|a|b|\n|-|-|\n" + "a\n" * 6000, "&" * 60000, " " * 60000 + "x", "{box}\n" * 9000,
]  # fmt: skip


@pytest.mark.parametrize("text", _COSTLY, ids=range(len(_COSTLY)))
def test_text_that_means_to_cost_much_is_read_or_refused(text: str) -> None:
    found = read_or_code(text)
    assert found
    assert not isinstance(found, str) or found.startswith("book.")


@given(st.text(alphabet="ab *_#|->[](){}/\n1.`<&\\:kf~!", max_size=200))
def test_no_letter_of_any_text_is_lost(text: str) -> None:
    parts = read_or_code(text)
    if isinstance(parts, str):
        assert parts.startswith("book.")
        return
    found = "".join(plain_text(line) for line in lines_of(parts))
    kept = [letter for letter in found if letter in "abf~!<&"]
    wanted = [letter for letter in text if letter in "abf~!<&"]
    link_letters = text.count("(kf:") * 3
    assert len(wanted) - len(kept) <= link_letters + text.count("{")


@given(
    st.builds(
        ArticleFile,
        slug=st.just("a"), language=st.just("sv"), title=st.sampled_from(["A: b", "å", "«1»"]),
        summary=st.sampled_from(["", "x: y"]), body=st.sampled_from(["", "## a\n\nb", "---\nx"]),
        position=st.none() | st.integers(0, 999), tags=st.sampled_from([(), ("a", "b")]),
        sources=st.sampled_from([(), ("a | b: c | 2026-01-01", "d")]),
    )
)  # fmt: skip
def test_file_is_read_as_it_was_written(article: ArticleFile) -> None:
    assert read_article(file_name(article), write_article(article)) == article
