# SPDX-License-Identifier: GPL-3.0-or-later
"""Below the client's languages: each by its own name too, and which papers exist in it.

It is said before anything is printed, so that an interpreter is asked in time. Whose script the
papers cannot show is told so.
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.core import PAPER
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.client_texts import ClientTexts
from kfdesk.i18n.language import PRINTED_SCRIPTS, Language
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import Form
from kfdesk.ui.tokens import TextStyle
from kfdesk.ui.widgets.build import column, muted

LANGUAGES_KEY = "languages"
_ALL = N_("{language}: all her papers")
_SOME = N_("{language}: {papers}. An interpreter reads her the others.")
_NONE = N_("{language}: no paper yet. An interpreter reads her what she signs.")
_NO_LETTERS = N_(
    "{language}: no paper, because the program cannot print its letters. An interpreter reads her "
    "what she signs."
)


class LanguageNote(QWidget):
    """A line for each language that the client speaks; hidden while none is entered."""

    def __init__(self, kit: UiContext, form: Form, texts: ClientTexts) -> None:
        super().__init__()
        self._kit, self._form, self._texts = kit, form, texts
        self.lines = muted(kit, "", TextStyle.SMALL)
        column(self.lines, on=self)
        form.edited.connect(self.update_lines)
        form.view_changed.connect(self.update_lines)
        form.form_rows[LANGUAGES_KEY].add_below(self, ())
        self.update_lines()

    def update_lines(self) -> None:
        """Show the languages that the form has now."""
        value = self._form.editors[LANGUAGES_KEY].value()
        codes = [one for one in value if isinstance(one, str)] if isinstance(value, tuple) else []
        own = [self._kit.translator.client(code) for code in codes]
        self.lines.set_message(
            lambda language: "\n".join(papers_text(one, self._texts, language) for one in own)
        )
        self.setVisible(bool(codes))


def papers_text(hers: Language, texts: ClientTexts, language: Language) -> str:
    """Return which papers exist in a language of hers, for a reader of `language`."""
    name = _both_names(hers, language)
    there = texts.states.get(hers.code, {})
    if not there:
        words = _NONE if hers.script in PRINTED_SCRIPTS else _NO_LETTERS
        return language.gettext(words).format(language=name)
    if len(there) == len({paper for papers in texts.states.values() for paper in papers}):
        return language.gettext(_ALL).format(language=name)
    papers: Sequence[str] = [language.gettext(PAPER[paper]) for paper in there]
    return language.gettext(_SOME).format(language=name, papers=language.listing(papers))


def _both_names(hers: Language, language: Language) -> str:
    """Return the name of her language here and in itself, if its letters can be shown."""
    here, own = language.language(hers.code), hers.name
    if not own or hers.script not in PRINTED_SCRIPTS or own.casefold() == here.casefold():
        return here
    return f"{here} ({own})"
