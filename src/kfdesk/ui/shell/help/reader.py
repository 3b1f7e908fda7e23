# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a chapter: Markdown as Qt draws it, with room between its parts.

A link leads to another chapter and nowhere else. What stands in a chapter, and which chapters
there are, is not known here.
"""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from kfdesk.domain.schema import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.shell.help.chapters import Chapter
from kfdesk.ui.tokens import Type

_LINE_HEIGHT = 125  # per cent
_ABOVE_HEADING, _BELOW = 14.0, 6.0
_MARGIN = 8
_PICTURE, _PICTURE_WIDTH = "picture", 600
_DIALECT = (
    QTextDocument.MarkdownFeature.MarkdownDialectCommonMark
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)


class Reader(QTextBrowser):
    """One chapter; `link_followed` carries the key of another one."""

    link_followed = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        kit.theme.load_remaining_faces()
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.document().setDocumentMargin(_MARGIN)
        self.setFont(kit.theme.font(Type.BODY))
        self.anchorClicked.connect(self._on_anchor_clicked)
        kit.words.bind(self.setAccessibleName, N_("The chapter"))

    def show_chapter(self, chapter: Chapter) -> None:
        """Show a chapter, from its beginning, with the picture of its page where there is one."""
        self.document().setMarkdown(chapter.text, _DIALECT)
        self._space()
        if chapter.picture is not None:
            self._put_picture(chapter.picture, chapter.title)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def _put_picture(self, file: Path, title: str) -> None:
        """The picture in a block of its own below the title; who listens hears what it shows."""
        image = QImage(str(file))
        name = QUrl(_PICTURE)
        self.document().addResource(QTextDocument.ResourceType.ImageResource.value, name, image)
        shown = QTextImageFormat()
        shown.setName(_PICTURE)
        shown.setWidth(min(image.width(), _PICTURE_WIDTH))
        shown.setProperty(QTextFormat.Property.ImageAltText.value, title)
        cursor = QTextCursor(self.document().firstBlock())
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        form = QTextBlockFormat()
        form.setBottomMargin(2 * _BELOW)
        cursor.insertBlock(form, QTextCharFormat())
        cursor.insertImage(shown)

    def _space(self) -> None:
        """Give lines and paragraphs the room that Markdown has no word for."""
        block = self.document().firstBlock()
        while block.isValid():
            form = QTextBlockFormat(block.blockFormat())
            is_heading = form.headingLevel() > 0
            form.setLineHeight(
                _LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
            )
            is_first = block.blockNumber() == 0
            form.setTopMargin(_ABOVE_HEADING if is_heading and not is_first else 0)
            form.setBottomMargin(_BELOW)
            QTextCursor(block).setBlockFormat(form)
            block = block.next()

    def _on_anchor_clicked(self, link: QUrl) -> None:
        self.link_followed.emit(link.path())
