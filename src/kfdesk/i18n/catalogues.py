# SPDX-License-Identifier: GPL-3.0-or-later
"""The languages of the window that are begun: found by their catalogues, and told as "beta".

A language is begun where `translations` has a catalogue of the program for it that says
something. It stays so, even with every message, until a person has added it to the whole ones
(`CONTRIBUTING.md`). What it does not say yet the window says in English. Papers never use it: a
paper of hers has a whole catalogue of its own, and a paper of the office is in a whole language.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.catalogue_file import catalogue_path, message_count
from kfdesk.i18n.language import PROGRAM, PROGRAM_LANGUAGES, SOURCE_LANGUAGE, Language

_CODE = re.compile("[a-z]{2,3}")
_OWN_NAME = "English"
_BETA, _BETA_SHARE = N_("{language} (beta)"), N_("{language} (beta, {percent}% translated)")


def begun_languages(folder: Path) -> Mapping[str, int]:
    """Return the languages that are begun, in order, with how many of 100 messages they have.

    `folder` holds the catalogues. A catalogue that says nothing, or is no catalogue, is none.
    """

    def said(code: str) -> int:
        return message_count(catalogue_path(folder, code, PROGRAM))

    whole = max(map(said, PROGRAM_LANGUAGES), default=0)
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    begun = (one for one in found if _CODE.fullmatch(one) and one not in PROGRAM_LANGUAGES)
    counts = {code: said(code) for code in begun}
    return {
        code: min(100, 100 * count // whole) for code, count in counts.items() if count and whole
    }


def name_in_itself(language: Language) -> str:
    """Return a window language's name in itself, as its catalogue says, or as CLDR does."""
    said = language.pgettext("the name of this language, in itself", "English")
    is_said = said != _OWN_NAME or language.code == SOURCE_LANGUAGE
    return said if is_said else language.name or language.code


def beta_text(name: str, language: Language, percent: int | None = None) -> str:
    """Return the name of a language that is begun, for a reader of `language`."""
    words = language.gettext(_BETA if percent is None else _BETA_SHARE)
    return words.format(language=name, percent=percent)
