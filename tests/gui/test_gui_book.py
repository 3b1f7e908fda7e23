# SPDX-License-Identifier: GPL-3.0-or-later
"""The book is read, written, translated, merged and taken over at the window."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.editing_samples import press, type_in, type_on
from tests.gui.procedure_samples import lines
from tests.support.book_samples import FILES, add_book, adopt_all, article_of
from tests.support.windows import show

from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.book import ArticleText
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.values import Value
from kfdesk.services.book import articles, files
from kfdesk.services.core.drafts import list_drafts
from kfdesk.services.core.records import change_record, create_record
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.forms.parts import GrowingTextArea
from kfdesk.ui.pages.book.imports import BookImportPage
from kfdesk.ui.pages.book.page import BookPage
from kfdesk.ui.pages.book.paragraphs import MergePage
from kfdesk.ui.pages.book.text_forms import AboutPage, BeginPage, TextPage
from kfdesk.ui.widgets.buttons import Button

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def on_view(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> BookPage:
    page = BookPage(kit, opened.desk)
    page.resize(1166, 700)
    show(qtbot, page)
    page.setFocus()
    opened.rest()
    return page


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> BookPage:
    """Return the book with three invented articles."""
    opened.run(lambda: add_book(opened.desk))
    return on_view(kit, qtbot, opened)


@pytest.fixture
def heard(kit: UiContext) -> list[Notification]:
    told_so: list[Notification] = []
    kit.events.told.connect(told_so.append)
    return told_so


def rest(opened: OpenDesk, until: Callable[[], bool] = lambda: True) -> None:
    """Wait until the worker is quiet and something is true; the lock is free meanwhile."""
    for _ in range(200):
        opened.rest()
        if until():
            return
        time.sleep(0.01)
    assert until()


def undo(heard: list[Notification], opened: OpenDesk) -> None:
    act = next(one.undo for one in reversed(heard) if one.undo is not None)
    act()
    opened.rest()


# --- reading


def test_empty_book_offers_the_shipped_articles_and_takes_them_back(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, heard: list[Notification],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(files, "shipped_book", lambda _desk: FILES)
    page = on_view(kit, qtbot, opened)
    assert "No articles yet" in texts(page)
    assert page.overview.first_shipped.hasFocus()
    before = opened.run(opened.desk.store.digest)
    press(ENTER)
    opened.rest()
    look = page.task
    assert isinstance(look, BookImportPage)
    assert len(lines(look.table)) == 5
    assert opened.run(opened.desk.store.digest) == before
    assert look.take.hasFocus()
    press(ENTER)
    opened.rest()
    assert page.currentWidget() is page.overview
    assert len(page.overview.lines) == 3
    undo(heard, opened)
    assert len(page.overview.lines) == 0


def test_article_is_read_and_links_lead_to_another(page: BookPage, opened: OpenDesk) -> None:
    view = page.overview
    assert view.table.hasFocus()
    assert [line.split(",")[0].strip() for line in lines(view.table)] == [
        "The first talk", "Working with an interpreter", "You can say no",
    ]  # fmt: skip
    read = view.reader.toPlainText()
    assert "Never promise what another house decides." in read
    assert "{box}" not in read
    assert "**" not in read
    view.reader.anchorClicked.emit(QUrl("kf:the-interpreter"))
    opened.rest()
    assert view.article is not None
    assert view.article.tree.slug == "the-interpreter"
    view.reader.anchorClicked.emit(QUrl("kf:not-here"))
    opened.rest()
    assert view.article.tree.slug == "the-interpreter"


def test_reader_fetches_nothing_and_shows_marks_of_html_as_letters(
    page: BookPage, opened: OpenDesk
) -> None:
    text = opened.run(lambda: article_of(opened.desk, "the-first-talk").texts["en"].view.rid)
    bad = "<img src='file:///etc/passwd'> <script>x</script> ![p](http://example.org/p.png)"
    opened.run(lambda: change_record(opened.desk, text, {"body": bad}))
    page.overview.read()
    opened.rest()
    read = page.overview.reader
    assert "<img src='file:///etc/passwd'>" in read.toPlainText()
    shown = read.document().resource(2, QUrl("http://example.org/p.png"))
    assert (shown.width(), shown.height()) == (1, 1)  # for None, Qt would look for it itself
    assert "￼" not in read.toPlainText()


def test_text_with_more_than_the_book_can_show_is_shown_as_written(
    page: BookPage, opened: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kfdesk.services.core.records.check_body", lambda _text: None)
    text = opened.run(lambda: article_of(opened.desk, "the-first-talk").texts["en"].view.rid)
    body = "## x\n" * 301
    opened.run(lambda: change_record(opened.desk, text, {"body": body}))
    page.overview.read()
    opened.rest()
    assert "more than the book can show" in page.overview.note.text
    assert page.overview.reader.toPlainText().count("## x") == 301


@pytest.mark.parametrize(
    "said",
    [
        "x" * 60_000, "Å" * 500 + "<b>&amp;", "word " * 50 + "y" * 161,
        f"[{'l' * 200}](kf:the-interpreter) {'&' * 9_000}", "\U0001f600" * 300,
    ],
)  # fmt: skip
def test_word_without_an_end_can_be_broken_and_keeps_every_letter(
    page: BookPage, opened: OpenDesk, said: str
) -> None:
    """Qt's time grows by the square of a word: a partner's would hold up the window."""
    text = opened.run(lambda: article_of(opened.desk, "the-first-talk").texts["en"].view.rid)
    page.open_article(opened.run(lambda: article_of(opened.desk, "the-first-talk").rid))
    opened.run(lambda: change_record(opened.desk, text, {"title": said[:3_000]}))
    opened.run(lambda: change_record(opened.desk, text, {"body": said, "summary": "z" * 400}))
    page.overview.read()
    opened.rest()
    shown = page.overview.reader.toPlainText()
    words = (part for word in shown.split() for part in word.split("\u200b"))
    assert max(map(len, words)) <= 80
    letters = "".join(shown.replace("\u200b", "").split())
    for part in (said[:3_000], "z" * 400):
        assert "".join(part.split()) in letters
    assert letters.count("l") >= said.count("l")


def test_search_finds_words_of_texts_in_every_language(page: BookPage, opened: OpenDesk) -> None:
    view = page.overview
    press(Qt.Key.Key_F, CTRL)
    type_on("тихую")
    assert [one.tree.slug for one in view.lines] == ["the-first-talk"]
    view.search.clear()
    view.search.setFocus()
    type_on("zzz")
    assert "No article has these words." in texts(page)


def test_languages_and_who_offers_it_stand_beside(
    page: BookPage, opened: OpenDesk, kit: UiContext
) -> None:
    values: dict[str, Value] = {
        "name": "Juristhuset",
        "confidentiality": "public",
        "services": ("safety",),
    }
    house = opened.run(lambda: create_record(opened.desk, Organisation, values))
    kit.events.changed.emit(frozenset({"organisation"}))
    opened.rest()
    asked: list[bytes] = []
    page.entry_asked.connect(asked.append)
    offered = {one.text() for one in page.overview.findChildren(Button) if one.isVisible()}
    assert {"English", "Swedish", "Russian", "Juristhuset"} <= offered
    assert any("Invented handbook" in one for one in texts(page.overview))
    page.overview.entry_asked.emit(house)
    assert asked == [house]


# --- writing


def test_new_article_is_begun_written_and_adopted_by_keys(
    page: BookPage, opened: OpenDesk, heard: list[Notification]
) -> None:
    press(Qt.Key.Key_N, ALT)
    opened.rest()
    begin = page.task
    assert isinstance(begin, BeginPage)
    assert begin.heading.hasFocus()
    type_on("The way home")
    press(ENTER)
    rest(opened, lambda: isinstance(page.task, TextPage))
    writing = page.task
    assert isinstance(writing, TextPage)
    type_in(writing.form, "body", "Pack early.")
    opened.rest()
    press(Qt.Key.Key_S, CTRL)
    rest(opened, lambda: page.currentWidget() is page.overview)
    article = opened.run(lambda: article_of(opened.desk, "the-way-home"))
    assert article.texts["en"].body == "Pack early."
    opened.rest()
    assert page.overview.article is not None
    assert page.overview.article.rid == article.rid
    assert lines(page.overview.table)[page.overview.table.currentIndex().row()].startswith(
        "The way home"
    )
    assert page.overview.adopt.isVisible()
    page.overview.adopt.click()
    opened.rest()
    assert opened.run(lambda: article_of(opened.desk, "the-way-home")).texts["en"].is_adopted
    assert not page.overview.adopt.isVisible()
    undo(heard, opened)
    assert not opened.run(lambda: article_of(opened.desk, "the-way-home")).texts["en"].is_adopted


def test_translation_stands_beside_the_original_and_says_how_far_it_is_behind(
    page: BookPage, opened: OpenDesk
) -> None:
    article = opened.run(lambda: article_of(opened.desk, "the-first-talk"))
    original, swedish = (article.texts[code].view.rid for code in ("en", "sv"))
    opened.run(lambda: change_record(opened.desk, original, {"summary": "Listen."}))
    page.write(swedish)
    opened.rest()
    writing = page.task
    assert isinstance(writing, TextPage)
    assert "Sit at the same height." in writing.original.toPlainText()
    assert "1 paragraph since" in writing.behind.text
    writing.mark.click()
    opened.rest()
    assert not writing.behind.isVisible()
    page.write(original)
    rest(opened, lambda: isinstance(page.task, TextPage) and page.task.rid == original)
    assert isinstance(page.task, TextPage)
    assert not page.task.original.isVisible()


def test_typing_is_kept_as_a_draft_when_one_goes_back(page: BookPage, opened: OpenDesk) -> None:
    text = opened.run(lambda: article_of(opened.desk, "the-first-talk").texts["en"].view.rid)
    page.write(text)
    opened.rest()
    assert isinstance(page.task, TextPage)
    type_in(page.task.form, "body", "More.")
    page.setFocus()  # as the way back to this page does
    assert isinstance(QApplication.focusWidget(), GrowingTextArea)
    page.show_book()
    opened.rest()
    (line,) = opened.run(lambda: list_drafts(opened.desk))
    assert (line.type, line.rid) == ("article_text", text)
    page.resume_draft(line)
    rest(opened, lambda: isinstance(page.task, TextPage))
    assert isinstance(page.task, TextPage)


def test_about_it_is_changed_and_a_ring_is_refused(page: BookPage, opened: OpenDesk) -> None:
    talk, other = (
        opened.run(lambda slug=slug: article_of(opened.desk, slug).rid)  # type: ignore[misc]
        for slug in ("the-first-talk", "the-interpreter")
    )
    page.describe(talk)
    opened.rest()
    assert isinstance(page.task, AboutPage)
    assert page.task.retire.isVisible()

    def close_ring() -> str:
        try:
            change_record(opened.desk, talk, {"above": other.hex()})
        except KfdeskError as fault:
            return fault.code
        return ""

    assert opened.run(close_ring) == "book.ring"
    page.task.retire.click()
    opened.rest()
    assert opened.run(lambda: article_of(opened.desk, "the-first-talk")).record.status == "retired"


# --- conflicts


def torn(opened: OpenDesk) -> bytes:
    text = opened.run(lambda: article_of(opened.desk, "the-interpreter").texts["en"])
    body = text.body.replace("One question at a time.", "Two questions at a time.")
    opened.run(lambda: change_record(opened.desk, text.view.rid, {"body": body}, ()))
    return text.view.rid


def test_text_in_conflict_is_merged_by_keys(
    page: BookPage, opened: OpenDesk, heard: list[Notification]
) -> None:
    text = torn(opened)
    page.open_article(opened.run(lambda: article_of(opened.desk, "the-interpreter").rid))
    page.overview.read()
    opened.rest()
    assert page.overview.note.isVisible()
    page.overview.merge.click()
    opened.rest()
    merge = page.task
    assert isinstance(merge, MergePage)
    (chooser,) = merge.choosers
    assert not merge.save.isEnabled()
    chooser.setFocus()
    for key, said in ((Qt.Key.Key_2, "Two"), (Qt.Key.Key_3, "One"), (Qt.Key.Key_1, "One")):
        press(key)
        assert chooser.choice is not None
        assert said in chooser.choice[0]
    assert merge.save.isEnabled()
    merge.save.click()
    opened.rest()
    found = opened.run(lambda: article_of(opened.desk, "the-interpreter").texts["en"])
    assert not found.is_torn
    assert "One question" in found.body
    undo(heard, opened)
    found = opened.run(lambda: article_of(opened.desk, "the-interpreter").texts["en"])
    assert found.is_torn
    assert found.view.rid == text


# --- files and papers


def test_dropped_folder_is_looked_at_and_bad_files_are_told(
    page: BookPage, opened: OpenDesk, tmp_path: Path
) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "bad.en.md").write_bytes(b"x")
    (folder / "new.sv.md").write_text("---\nslug: new\nlanguage: sv\ntitle: Ny\n---\n\nText\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    page.dropEvent(
        QDropEvent(
            QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip
    opened.rest()
    look = page.task
    assert isinstance(look, BookImportPage)
    said = " ".join(lines(look.table))
    assert "cannot be read" in said
    assert "a new article" in said
    look.take.click()
    opened.rest()
    assert opened.run(lambda: article_of(opened.desk, "new")).texts["sv"].body == "Text"


def test_print_leads_to_the_paper_of_the_kind(page: BookPage, opened: OpenDesk) -> None:
    asked: list[tuple[PaperName, bytes]] = []
    page.print_asked.connect(lambda paper, rid: asked.append((paper, rid)))
    page.overview.whole.click()
    card = opened.run(lambda: article_of(opened.desk, "you-have-rights").rid)
    page.open_article(card)
    opened.rest()
    press(Qt.Key.Key_P, CTRL)
    assert asked == [(PaperName.BOOK, b""), (PaperName.CARD, card)]


def test_book_is_saved_as_files_from_the_menu(
    page: BookPage, opened: OpenDesk, heard: list[Notification], tmp_path: Path
) -> None:
    words = {str(command.words) for command in page.commands()}
    assert {"Save the articles in a folder…", "Articles of a folder…"} <= words
    page.save_folder(tmp_path / "out")
    opened.rest()
    assert len(list((tmp_path / "out").glob("*.md"))) == 5
    page.save_file(files.BookFormat.EPUB, tmp_path / "book.epub")
    opened.rest()
    assert (tmp_path / "book.epub").stat().st_size > 1000
    assert len(heard) >= 2
    opened.run(lambda: adopt_all(opened.desk))
    page.make_edition()
    opened.rest()
    (edition,) = opened.run(lambda: opened.desk.store.rows("edition"))
    assert not is_deleted(edition.state)
    undo(heard, opened)
    (edition,) = opened.run(lambda: opened.desk.store.rows("edition"))
    assert is_deleted(edition.state)


def test_quick_find_opens_an_article_and_a_twin_is_joined(
    page: BookPage, opened: OpenDesk, heard: list[Notification]
) -> None:
    first = opened.run(lambda: article_of(opened.desk, "the-interpreter").rid)
    second = opened.run(lambda: articles.begin_article(opened.desk, "sv", "Tolken")[0].rid)
    opened.run(lambda: change_record(opened.desk, second, {"slug": "the-interpreter"}))
    late = max(first, second)
    page.overview.read()
    opened.rest()
    page.open_article(late)
    opened.rest()
    assert page.overview.twin.isVisible()
    page.overview.join.click()
    opened.rest()
    found = opened.run(lambda: article_of(opened.desk, "the-interpreter"))
    assert set(found.texts) == {"en", "sv"}
    assert found.rid == min(first, second)


def test_two_texts_in_one_language_are_told_and_joined(
    page: BookPage, opened: OpenDesk, heard: list[Notification]
) -> None:
    head = opened.run(lambda: article_of(opened.desk, "the-first-talk").rid)
    values: dict[str, Value] = {"language": "sv", "title": "Samtalet", "body": "Lyssna."}
    opened.run(lambda: create_record(opened.desk, ArticleText, values, head))
    page.overview.read()
    opened.rest()
    page.open_article(head)
    opened.rest()
    assert page.overview.twin.isVisible()
    assert "Swedish" in " ".join(texts(page.overview.twin))
    assert "two versions, not decided" in " ".join(lines(page.overview.table))
    page.overview.join.click()
    opened.rest()
    assert not page.overview.twin.isVisible()
    found = opened.run(lambda: article_of(opened.desk, "the-first-talk"))
    assert (found.others, found.texts["sv"].is_torn) == ((), True)
    undo(heard, opened)
    assert page.overview.twin.isVisible()


def test_adopted_book_offers_no_adoption(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    opened.run(lambda: add_book(opened.desk))
    opened.run(lambda: adopt_all(opened.desk))
    page = on_view(kit, qtbot, opened)
    assert not page.overview.adopt.isVisible()
    assert page.overview.edit.isVisible()
