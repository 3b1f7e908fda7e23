# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader of an article: its text as the help shows a chapter.

It shows what the services made of the text. Every text in it is escaped there, so nothing of a
partner's text becomes a mark. A text that the book cannot show stands as it was written.
"""

from html import escape

from kfdesk.domain.message_marks import N_
from kfdesk.services.book.articles import BookText
from kfdesk.ui.context import UiContext
from kfdesk.ui.widgets.reader import TextReader


class ArticleView(TextReader):
    """One text of an article; `link_followed` carries the name of another article."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit)
        kit.translator.bind(self.setAccessibleName, N_("The article"))
        self._said = ""
        kit.theme.changed.connect(self._on_theme_changed)

    def show_text(self, text: BookText, html: str, note: str = "") -> None:
        """Show a text from its beginning; `note` stands above it."""
        said = [f"<h1>{escape(text.title)}</h1>"]
        if note:
            said.append(f"<p><em>{escape(note)}</em></p>")
        if text.summary:
            said.append(f"<p><strong>{escape(text.summary)}</strong></p>")
        self._said = "".join((*said, html))
        self._on_theme_changed()

    def clear_text(self) -> None:
        """Show nothing."""
        self._said = ""
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        """Show the text again, with its boxes in the present colours."""
        ground = self._kit.theme.colours.accent_soft
        self.document().setDefaultStyleSheet(f".box {{ background-color: {ground}; }}")
        self.show_html(self._said)


def plain_html(body: str) -> str:
    """Return a text as it was written, paragraph by paragraph."""
    return "".join(f"<p>{escape(one)}</p>" for one in body.split("\n\n"))
