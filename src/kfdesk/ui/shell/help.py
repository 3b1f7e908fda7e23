# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual: its chapters, the search in them, and the overlay that shows them.

A chapter is a file `resources/help/<language>/<key>.md`, whose first line is its title. To
add a chapter, write it in each language under the same name, and add its key to CHAPTERS in
its place; a test compares the languages. A page gets its chapter by the key of its place.
A paragraph that names ① has the next picture of its chapter in `ui/numbered_pictures.py` below it.
This module knows no store.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QItemSelection, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QFontMetricsF,
    QImage,
    QKeySequence,
    QPainter,
    QShortcut,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
    QTextLength,
)
from PySide6.QtWidgets import QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import FoldedWord, fold_words, matches_all
from kfdesk.ui.context import UiContext
from kfdesk.ui.shell.overlays import LAYER_MARGIN, OverlayLayer, OverlaySheet
from kfdesk.ui.widgets.build import column, extend, grown, muted, panel
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import TextEntry
from kfdesk.ui.widgets.layout import ResizablePanes
from kfdesk.ui.widgets.painting import NUMBER_SIZE, draw_number
from kfdesk.ui.widgets.reader import BELOW_PARAGRAPH, TextReader
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView

# --- Chapters

CHAPTERS = (
    "first_steps", "coordinator", "partner", "first_hour", "today", "plans", "person", "consent",
    "risk", "decision", "cooperation", "travel", "support", "follow_up", "notes", "documents",
    "keeping", "calendar", "contacts", "networks", "network_work", "procedures", "book", "figures",
    "exchange", "print", "history", "backup", "special_days", "repair", "settings", "door",
    "withdrawal", "promises",
)  # fmt: skip
FIRST_CHAPTER = CHAPTERS[0]
CHAPTER_PICTURES: Mapping[str, str] = {
    "today": "today",
    "plans": "plans",
    "person": "plan-person",
    "consent": "plan-consent",
    "risk": "plan-risk",
    "decision": "plan-decision",
    "travel": "plan-travel",
    "support": "plan-after-support",
    "follow_up": "plan-after-follow_up",
    "notes": "plan-notes",
    "contacts": "contacts",
    "procedures": "procedures",
    "figures": "figures",
    "exchange": "exchange",
    "print": "print",
    "backup": "backup",
    "settings": "settings",
    "door": "unlock",
}
"""Chapters that show a page, with the gallery's name of it."""
NUMBERS = "①②③④⑤"
"""As a chapter writes the numbers in its pictures; they are drawn, for no face here has them."""
_PICTURE_FOLDER = "pictures"
_FALLBACK_LANGUAGE = "en"
_NUMBER, _AT_NUMBER = re.compile(rf" ?[{NUMBERS}]"), re.compile(rf" (?=[{NUMBERS}])")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its key, its title, its text in Markdown, and its folded words.

    `picture` is a screenshot of its page, if the package contains screenshots. `numbered` are
    those with numbers, one for each paragraph that names ①; without them the text names none.
    """

    key: str
    title: str
    text: str
    words: tuple[FoldedWord, ...]
    picture: Path | None = None
    numbered: tuple[Path, ...] = ()


def read_chapters(folder: Path, language: str) -> tuple[Chapter, ...]:
    """Return the manual in a language, in order; in English if it lacks that language."""
    spoken = folder / language
    if not spoken.is_dir():
        spoken = folder / _FALLBACK_LANGUAGE
    return tuple(_read_chapter(spoken / f"{key}.md", key) for key in CHAPTERS)


def picture_file(folder: Path, language: str, key: str) -> Path:
    """Return the path of a chapter's screenshot in a language; it need not exist."""
    return folder / _PICTURE_FOLDER / language / f"{key}.png"


def chapter_for_place(place: str) -> str:
    """Return the key of the chapter about a place, or about a section of a plan there.

    `place` is what the session view returns, such as `plans/<id>/travel`.
    """
    parts = place.split("/")
    return next((part for part in reversed(parts) if part in CHAPTERS), FIRST_CHAPTER)


def search_chapters(chapters: Sequence[Chapter], typed: str) -> tuple[Chapter, ...]:
    """Return the chapters in which each typed word begins a word; all if nothing was typed.

    Chapters with a match in the title come first.
    """
    looked_for = fold_words(typed)
    if not looked_for:
        return tuple(chapters)
    found = [chapter for chapter in chapters if matches_all(chapter.words, looked_for)]
    return tuple(
        sorted(found, key=lambda chapter: not matches_all(fold_words(chapter.title), looked_for))
    )


def _read_chapter(file: Path, key: str) -> Chapter:
    text = file.read_text(encoding="utf-8")
    title = text.partition("\n")[0].removeprefix("# ").strip()
    place = partial(picture_file, file.parents[1], file.parent.name)
    picture = place(key)
    wanted = range(1, sum(NUMBERS[0] in line for line in text.splitlines()) + 1)
    numbered = tuple(place(f"{key}-{number}") for number in wanted)
    plain = _NUMBER.sub("", text)
    if not all(each.is_file() for each in numbered):
        text, numbered = plain, ()
    found = picture if picture.is_file() else None
    return Chapter(key, title, text, fold_words(plain), found, numbered)


# --- One chapter on view

_PICTURE_WIDTH = 600


class ChapterView(TextReader):
    """One chapter; `link_followed` carries the key of another one."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit)
        kit.translator.bind(self.setAccessibleName, N_("The chapter"))

    def show_chapter(self, chapter: Chapter) -> None:
        """Show a chapter from its beginning, with its pictures if there are any.

        The screenshot of its page is below the title, each numbered one below its paragraph.
        """
        self.show_markdown(_AT_NUMBER.sub("\xa0", chapter.text))
        self._insert_numbered(chapter)
        if chapter.picture is not None:
            first = self.document().firstBlock()
            self._insert_picture(first, chapter.picture, chapter.title, _PICTURE_WIDTH)
        self.go_to_beginning()

    def _insert_numbered(self, chapter: Chapter) -> None:
        """Insert each numbered picture below its paragraph, and draw the numbers in the text."""
        if not chapter.numbered:
            return
        document = self.document()
        blocks = (document.findBlockByNumber(at) for at in range(document.blockCount()))
        named = [block for block in blocks if NUMBERS[0] in block.text()]
        for block, file in zip(reversed(named), reversed(chapter.numbered), strict=True):
            self._insert_picture(block, file, chapter.title)
        for number, sign in enumerate(NUMBERS, start=1):
            cursor = document.find(sign)
            while not cursor.isNull():
                cursor.insertImage(self._number_format(number))
                cursor = document.find(sign, cursor)

    def _insert_picture(self, above: QTextBlock, file: Path, title: str, width: int = 0) -> None:
        """Insert a picture in a block of its own, with an alternative text; `width` limits it."""
        image = QImage(str(file))
        name = file.stem
        self._add_image(name, image)
        shown = QTextImageFormat()
        shown.setName(name)
        shown.setWidth(min(image.width(), width or image.width()))
        shown.setMaximumWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        shown.setProperty(QTextFormat.Property.ImageAltText.value, title)
        cursor = QTextCursor(above)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        form = QTextBlockFormat()
        form.setBottomMargin(2 * BELOW_PARAGRAPH)
        cursor.insertBlock(form, QTextCharFormat())
        cursor.insertImage(shown)

    def _number_format(self, number: int) -> QTextImageFormat:
        """Return the format of a number in a line of text, as the pictures draw it."""
        name, side = f"number-{number}", round(QFontMetricsF(self.font()).height())
        dots = round(side * self.devicePixelRatioF())  # as many as are shown: none is drawn anew
        disc = QImage(dots, dots, QImage.Format.Format_ARGB32_Premultiplied)
        disc.fill(Qt.GlobalColor.transparent)
        with QPainter(disc) as painter:
            painter.scale(dots / NUMBER_SIZE, dots / NUMBER_SIZE)
            draw_number(painter, self._kit.theme, QPointF(NUMBER_SIZE, NUMBER_SIZE) / 2, number)
        self._add_image(name, disc)
        shown = QTextImageFormat()
        shown.setName(name)
        shown.setWidth(side)
        shown.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        shown.setProperty(QTextFormat.Property.ImageAltText.value, str(number))
        return shown

    def _add_image(self, name: str, image: QImage) -> None:
        kind = QTextDocument.ResourceType.ImageResource.value
        self.document().addResource(kind, QUrl(name), image)


# --- The manual

_UNLOCK_CHAPTER = "door"
_MANUAL_WIDTH, _LEAST_LIST_WIDTH, _READER_HEIGHT = 1040, 190, 590
_LEAST_READER_HEIGHT, _LEAST_READER_WIDTH = 160, 280
_LIST_SHARES = (4, 11)
"""The width shares of the chapters and the reader, until somebody drags the edge between them."""


class ManualSheet(OverlaySheet):
    """The manual, opened at a chapter. `keys` is the button for the shortcut sheet."""

    def __init__(self, kit: UiContext, chapter: str = FIRST_CHAPTER) -> None:
        super().__init__(kit, N_("Help"), "life-buoy")
        self.setMaximumWidth(_MANUAL_WIDTH)
        self.chapter = chapter
        self._chapters: tuple[Chapter, ...] = ()
        self._found: tuple[Chapter, ...] = ()
        self.search = TextEntry()
        kit.translator.bind(self.search.setPlaceholderText, N_("Search the help"))
        kit.translator.bind(self.search.setAccessibleName, N_("Search the help"))
        self.list = TableView(kit, (ColumnSpec(stretches=True),))
        self.list.horizontalHeader().hide()
        kit.translator.bind(self.list.setAccessibleName, N_("Chapters"))
        self.nothing = muted(kit, N_("No chapter has these words."))
        self.reader = ChapterView(kit)
        self.keys = Button(kit, N_("All keys"), "list-checks", ButtonLook.SECONDARY)
        self._lay_out()
        self.search.textChanged.connect(lambda _: self._show_found())
        self.list.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.reader.link_followed.connect(self.open_chapter)
        for key, step in (("Up", -1), ("Down", 1)):
            walk = QShortcut(QKeySequence(key), self.search, partial(self._step, step))
            walk.setContext(Qt.ShortcutContext.WidgetShortcut)
        kit.translator.changed.connect(self._on_language_changed)
        self._on_language_changed()

    def open_chapter(self, key: str) -> None:
        """Show a chapter and select it in the list."""
        self.chapter = key
        row = next((at for at, chapter in enumerate(self._found) if chapter.key == key), None)
        if row is None:
            self.search.clear()
            return
        self.list.selectRow(row)
        self.list.scrollTo(self.list.rows.index(row, 0))
        self.reader.show_chapter(self._found[row])

    def _lay_out(self) -> None:
        left = panel(column(self.search, self.nothing, grown(self.list), gap=8))
        left.setMinimumWidth(_LEAST_LIST_WIDTH)
        self.reader.setMinimumSize(_LEAST_READER_WIDTH, _LEAST_READER_HEIGHT)
        halves = zip((left, self.reader), _LIST_SHARES, strict=True)
        extend(self.body, grown(ResizablePanes(self.kit, "help-chapters", *halves)))
        self._inside.setStretch(0, 1)  # the reader takes the height, not the room below it
        self._inside.setStretch(1, 0)
        self._foot.insertWidget(0, self.keys)
        self.set_close_button(N_("Close"), "x")
        self.setFocusProxy(self.search)

    def preferred_size(self, room: QWidget) -> tuple[int, int]:
        """Return as much height as there is: the reader scrolls, and the sheet around it never."""
        width, least = super().preferred_size(room)
        more = _READER_HEIGHT - _LEAST_READER_HEIGHT
        return width, max(least, min(least + more, room.height() - 2 * LAYER_MARGIN))

    def _step(self, step: int) -> None:
        """Show a neighbouring chapter, and keep the focus in the search field."""
        row = self.list.currentIndex().row() + step
        if 0 <= row < len(self._found):
            self.open_chapter(self._found[row].key)

    def _show_found(self) -> None:
        self._found = search_chapters(self._chapters, self.search.text())
        self.list.rows.show_rows([(TableCell(chapter.title),) for chapter in self._found])
        self.nothing.setVisible(not self._found)
        keys = [chapter.key for chapter in self._found]
        if keys:
            self.open_chapter(self.chapter if self.chapter in keys else keys[0])

    def _on_selection_changed(self, selected: QItemSelection) -> None:
        rows = {index.row() for index in selected.indexes()}
        if rows and self._found[min(rows)].key != self.chapter:
            self.open_chapter(self._found[min(rows)].key)

    def _on_language_changed(self) -> None:
        language = self.kit.translator.language.code
        self._chapters = read_chapters(self.kit.theme.resources / "help", language)
        self._show_found()


def show_manual_overlay(kit: UiContext, window: QWidget, page: QWidget) -> OverlayLayer:
    """Show the manual over `page` before a store is open; closing it deletes the layer."""
    manual = ManualSheet(kit, _UNLOCK_CHAPTER)
    manual.keys.hide()  # the keys need an open store
    layer = OverlayLayer(window, page)
    layer.cleared.connect(layer.deleteLater)
    layer.show_sheet(manual)
    return layer
