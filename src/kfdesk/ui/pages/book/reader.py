# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader of an article: its text as the help shows a chapter, with its heading.

It shows what the services made of the text. Every text in it is escaped there, so nothing of a
partner's text becomes a mark. A text that the book cannot show stands as it was written.
"""

from html import escape

from kfdesk.domain.schema import N_
from kfdesk.services.book.articles import BookText
from kfdesk.ui.context import UiContext
from kfdesk.ui.shell.help import ChapterView


class ArticleView(ChapterView):
    """One text of an article; `link_followed` carries the name of another article."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit)
        kit.translator.bind(self.setAccessibleName, N_("The article"))

    def show_text(self, text: BookText, html: str, note: str = "") -> None:
        """Show a text from its beginning; `note` stands above it."""
        said = [f"<h1>{escape(text.title)}</h1>"]
        if note:
            said.append(f"<p><em>{escape(note)}</em></p>")
        if text.summary:
            said.append(f"<p><strong>{escape(text.summary)}</strong></p>")
        self.show_html("".join((*said, html)))


def plain_html(body: str) -> str:
    """Return a text as it was written, paragraph by paragraph."""
    return "".join(f"<p>{escape(one)}</p>" for one in body.split("\n\n"))
