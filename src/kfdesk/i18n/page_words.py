# SPDX-License-Identifier: GPL-3.0-or-later
"""What a page may say by itself: a catalogue's sentences, and the words of CLDR.

For a finished page to be compared with; nothing is said by this. Knows no current language and no
record.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from babel import Locale
from babel.messages.mofile import read_mo

from kfdesk.domain.carry.letters import normal

_WIDTHS = ("wide", "abbreviated")
_CONTEXTS = ("format", "stand-alone")


def month_names(languages: Iterable[str]) -> dict[str, int]:
    """Months by their names in these languages (ISO 639-1), as they are compared."""
    return {
        normal(name.rstrip(".")): number
        for code in languages
        for context in _CONTEXTS
        for width in _WIDTHS
        for number, name in Locale.parse(code).months[context][width].items()
        if not name[:1].isdigit()
    }


def calendar_words(code: str) -> Iterator[str]:
    """What a language writes in dates and lists beside numbers, as it stands on paper."""
    locale = Locale.parse(code)
    for context in _CONTEXTS:
        for width in _WIDTHS:
            yield from locale.months[context][width].values()
            yield from locale.days[context][width].values()
    yield from (pattern for form in locale.list_patterns.values() for pattern in form.values())
    yield from (pattern.pattern for pattern in locale.date_formats.values())


def named_codes(code: str) -> Iterator[str]:
    """The names of languages and countries in a language."""
    locale = Locale.parse(code)
    yield from locale.languages.values()
    yield from locale.territories.values()


def sentences_in(folder: Path, domain: str) -> Iterator[str]:
    """Every message of a domain's catalogues below `folder`, in English and in each language."""
    for path in folder.glob(f"*/LC_MESSAGES/{domain}.mo"):
        with path.open("rb") as file:
            for message in read_mo(file):
                for text in (message.id, message.string):
                    yield from (text,) if isinstance(text, str) else text or ()
