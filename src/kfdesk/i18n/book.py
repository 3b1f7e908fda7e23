# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences that the resource book says of itself, on paper and in files.

Nothing of an article stands here.
"""

from datetime import date

from kfdesk.domain.book.contents import BookWords
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language

BOOK_TITLE = N_("Resource book")
_CONTENTS, _SOURCES = N_("Table of contents"), N_("Sources")
_ORIGINAL = N_("This article has no text in the language of the book; it is in another one.")
_DRAFT = N_("Draft: no one has adopted this text.")


def book_words(words: Language, day: date, count: int, left_out: int) -> BookWords:
    """Return the sentences of a book of so many articles, made on a day, in its language."""
    made = words.ngettext(
        "Made on {day}, {count} article.", "Made on {day}, {count} articles.", count
    )
    said = made.format(day=words.day(day, year=True), count=count)
    if left_out:
        left = words.ngettext(
            "{count} article has no text in this language and is left out.",
            "{count} articles have no text in this language and are left out.",
            left_out,
        )
        said = f"{said} {left.format(count=left_out)}"
    return BookWords(
        words.gettext(_CONTENTS), words.gettext(_SOURCES), words.gettext(_ORIGINAL),
        words.gettext(_DRAFT), said,
    )  # fmt: skip
