# SPDX-License-Identifier: GPL-3.0-or-later
"""What a paper is printed with: the fonts, the icons and the reader's languages.

The folders are handed in, so this knows no place on disk. The PDF library keeps its fonts for the
whole process; they are registered once and never replaced.
"""

from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kfdesk.documents.drawing.icons import Step, read_icon
from kfdesk.documents.drawing.type_scale import FACES
from kfdesk.i18n.language import PROGRAM, TRAVELLER, Language


class Press:
    """Fonts and icons below `resources`, catalogues below `translations`.

    Raises OSError or TTFError where a font file is missing or broken.
    """

    def __init__(self, resources: Path, translations: Path) -> None:
        self._icons = resources / "icons"
        self._translations = translations
        self._read: dict[str, list[Step]] = {}
        known = set(pdfmetrics.getRegisteredFontNames())
        for face in FACES:
            if face not in known:
                pdfmetrics.registerFont(TTFont(face, resources / "fonts" / f"{face}.ttf"))

    def icon(self, name: str) -> list[Step]:
        """The strokes of an icon. Raises OSError where there is none of this name."""
        if name not in self._read:
            drawing = (self._icons / f"{name}.svg").read_text(encoding="utf-8")
            self._read[name] = read_icon(drawing)
        return self._read[name]

    def traveller(self, code: str) -> Language:
        """The language `code` with the traveller's sentences, for phrases to show to others."""
        return Language(code, self._translations, TRAVELLER)

    def program(self, code: str) -> Language:
        """The language `code` with the program's words, for papers that stay with those at work."""
        return Language(code, self._translations, PROGRAM)
