# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a chapter: Markdown as Qt draws it, with room between its parts.

A link leads to another chapter and nowhere else. What stands in a chapter, and which chapters
there are, is not known here.
"""

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser

from kfdesk.domain.schema import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type

_LINE_HEIGHT = 125  # per cent
_ABOVE_HEADING, _BELOW = 14.0, 6.0
_MARGIN = 8
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

    def show_text(self, text: str) -> None:
        """Show a chapter, from its beginning."""
        self.document().setMarkdown(text, _DIALECT)
        self._space()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

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
