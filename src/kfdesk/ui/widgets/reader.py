# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader of long texts: it scrolls, follows links by keyboard, and loads nothing.

It knows no chapter and no article: what it shows is handed in.
"""

import re

from PySide6.QtCore import QByteArray, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser

from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import TextStyle

_LINE_HEIGHT = 125  # per cent
_ABOVE_HEADING, BELOW_PARAGRAPH = 14.0, 6.0
_MARGIN = 8
_TAG = re.compile(r"(<[^>]*>)")
_LONG_WORD = re.compile(r"(?:&#?\w+;|[^\s<>&]){80}")
_BREAK = "\u200b"
_DIALECT = (
    QTextDocument.MarkdownFeature.MarkdownDialectCommonMark
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)


class TextReader(QTextBrowser):
    """A text to be read; `link_followed` carries the name of another one."""

    link_followed = Signal(str)

    def __init__(self, kit: UiContext) -> None:
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
        self.setFont(kit.theme.font(TextStyle.BODY))
        self.anchorClicked.connect(self._on_anchor_clicked)

    def show_markdown(self, text: str) -> None:
        """Show a text of the program's own in Markdown, from its beginning."""
        self.document().setMarkdown(text, _DIALECT)
        self._set_spacing()
        self.go_to_beginning()

    def show_html(self, html: str) -> None:
        """Show a text from its beginning; every text in it was escaped before."""
        self.document().setHtml(with_breaks(html))
        self._set_spacing()
        self.go_to_beginning()

    def go_to_beginning(self) -> None:
        """Scroll to the first line."""
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def loadResource(self, kind: int, _name: QUrl | str) -> QImage | QByteArray:
        """Return a picture of one pixel, or no words: for None, Qt would open the name itself."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return QByteArray(b" ")
        pixel = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
        pixel.fill(Qt.GlobalColor.transparent)
        return pixel

    def _set_spacing(self) -> None:
        """Set the line and paragraph spacing, which neither notation can express."""
        whole, block = QTextCursor(self.document()), self.document().firstBlock()
        whole.beginEditBlock()  # so that all of it is laid out once
        while block.isValid():
            form = QTextBlockFormat(block.blockFormat())
            is_heading = form.headingLevel() > 0
            form.setLineHeight(
                _LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
            )
            is_first = block.blockNumber() == 0
            form.setTopMargin(_ABOVE_HEADING if is_heading and not is_first else 0)
            form.setBottomMargin(BELOW_PARAGRAPH)
            QTextCursor(block).setBlockFormat(form)
            block = block.next()
        whole.endEditBlock()

    def _on_anchor_clicked(self, link: QUrl) -> None:
        self.link_followed.emit(link.path())


def with_breaks(html: str) -> str:
    """Return HTML whose words of more than 80 letters may be broken there.

    Qt needs time by the square of a word's length: one of 64 KiB would hold up the window.
    """
    parts = (one if one[:1] == "<" else _LONG_WORD.sub(rf"\g<0>{_BREAK}", one)
             for one in _TAG.split(html))  # fmt: skip
    return "".join(parts)
