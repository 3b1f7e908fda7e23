# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sign of every catalogue, of the names of countries and of the days, is in each font.

A sign that a font lacks stops the paper on which it stands, on the day of the journey. Here it is
found when the sentence is translated.
"""

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from babel import Locale
from reportlab.pdfbase.ttfonts import TTFont
from tests.architecture.tree import ROOT

from kfdesk.documents.layout.right_to_left import as_drawn
from kfdesk.documents.layout.style import ARABIC_FACES, FACES
from kfdesk.i18n.language import CLIENT_LANGUAGES

CATALOGUES = sorted((ROOT / "translations").glob("*/LC_MESSAGES/*.po"))


def of_catalogue(path: Path) -> Iterator[str]:
    """All that a catalogue says, and what stands in its place where it says nothing."""
    for entry in polib.pofile(str(path)):
        yield from (entry.msgid, entry.msgid_plural, entry.msgstr, *entry.msgstr_plural.values())


def of_calendar(code: str) -> Iterator[str]:
    """Countries, languages, months and days."""
    locale = Locale.parse(code)
    yield from locale.territories.values()
    yield from locale.languages.values()
    for names in (locale.months, locale.days):
        for widths in names.values():
            for each in widths.values():
                yield from each.values()


def missing(face: str, texts: Iterator[str]) -> set[str]:
    """Return the drawn characters of the texts that a font and its Arabic face lack."""
    folder = ROOT / "resources" / "fonts"
    fonts = [TTFont(one, str(folder / f"{one}.ttf")) for one in (face, ARABIC_FACES[face])]
    known = {sign for font in fonts for sign in font.face.charToGlyph}
    return {sign for sign in set("".join(map(as_drawn, texts))) - {"\n"} if ord(sign) not in known}


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_fonts_have_every_sign_of_a_catalogue(face: str, path: Path) -> None:
    assert missing(face, of_catalogue(path)) == set()


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("code", CLIENT_LANGUAGES)
def test_fonts_have_every_sign_of_names_and_dates(face: str, code: str) -> None:
    assert missing(face, of_calendar(code)) == set()


def test_sign_that_a_font_lacks_is_found() -> None:
    assert missing(FACES[0], iter(("паспорт ☐", "漢"))) == {"☐", "漢"}
