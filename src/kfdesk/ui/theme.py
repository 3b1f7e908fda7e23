# SPDX-License-Identifier: GPL-3.0-or-later
"""The theme: which palette is in use, and the fonts and icons that go with it.

Feeds Qt's palette and the style sheet, and is read by everything that paints itself at the moment
it paints. Knows no page and keeps no setting: what was chosen is handed in and reported out.
"""

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from kfdesk.ui.icons import Icons
from kfdesk.ui.sheet import sheet
from kfdesk.ui.tokens import DARK, LIGHT, NARROW_WINDOW, Colours, Type

FAMILY = "Noto Sans"
_AT_START = ("Regular", "Medium", "SemiBold")
_USUAL_DPI = 96
LETTERS = (100, 125, 150, 200)
"""How large letters may be chosen to be, in percent of what the desktop asks for."""


class Scheme(Enum):
    """What a user may choose; SYSTEM follows the desktop."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class Theme(QObject):
    """The colours, fonts and icons in use. `changed` is sent after the window wears new ones."""

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        resources: Path,
        scheme: Scheme = Scheme.SYSTEM,
        letters: int = 100,
    ) -> None:
        """Dress `app`; `resources` holds `fonts` and `icons`, `letters` is a size in percent."""
        super().__init__()
        self.app = app
        self.resources = resources
        self._fonts = resources / "fonts"
        self._made: dict[Type, QFont] = {}
        self.icons = Icons(resources / "icons")
        self.scheme = scheme
        self.colours = LIGHT
        self.letters = letters if letters in LETTERS else LETTERS[0]
        app.setStyle("Fusion")
        for face in _AT_START:
            self._load_face(face)
        app.setFont(self.font(Type.BODY))
        self._dress()
        app.styleHints().colorSchemeChanged.connect(self._on_desktop_changed)

    @property
    def is_dark(self) -> bool:
        """Whether the dark palette is in use."""
        return self.colours is DARK

    def choose(self, scheme: Scheme) -> None:
        """Wear another scheme from now on."""
        self.scheme = scheme
        self._dress()
        self.changed.emit()

    def enlarge(self, letters: int) -> None:
        """Let what is made from now on have letters of so many percent: one of LETTERS."""
        self.letters = letters
        self._made.clear()
        self.app.setFont(self.font(Type.BODY))
        self._dress()

    def sized(self, pixels: int) -> int:
        """What is so wide at 100 %, with the letters as large as they are, also by the desktop."""
        dots = self.app.primaryScreen().logicalDotsPerInch()
        return round(pixels * self.letters / 100 * dots / _USUAL_DPI)

    def is_narrow(self, window: int) -> bool:
        """Whether a window so wide has too little room for rail and sections with their words."""
        return window < self.sized(NARROW_WINDOW)

    def font(self, style: Type) -> QFont:
        """The font of a step of the type scale; it is shared, so change only a copy of it."""
        if style not in self._made:
            font = self._made[style] = QFont(FAMILY)
            font.setPointSizeF(style.points * self.letters / 100)
            font.setWeight(QFont.Weight(style.weight))
        return self._made[style]

    def load_remaining_faces(self) -> None:
        """Load the faces that only a page of help or a paper on the screen needs."""
        for face in ("Italic", "Bold"):
            self._load_face(face)

    def _load_face(self, face: str) -> None:
        path = self._fonts / f"NotoSans-{face}.ttf"
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FileNotFoundError(path.name)

    def _on_desktop_changed(self) -> None:
        if self.scheme is Scheme.SYSTEM:
            self._dress()
            self.changed.emit()

    def _dress(self) -> None:
        self._tell_desktop()
        self.colours = DARK if self._wants_dark() else LIGHT
        self.icons.forget()
        self.app.setPalette(_palette(self.colours))
        new = sheet(self.colours, self.font(Type.SMALL).pointSizeF())
        if self.app.styleSheet() != new:
            self.app.setStyleSheet("")  # one sheet put over another takes Qt six times as long
            self.app.setStyleSheet(new)

    def _tell_desktop(self) -> None:
        hints = self.app.styleHints()
        if self.scheme is Scheme.SYSTEM:
            hints.unsetColorScheme()
        else:
            is_dark = self.scheme is Scheme.DARK
            hints.setColorScheme(Qt.ColorScheme.Dark if is_dark else Qt.ColorScheme.Light)

    def _wants_dark(self) -> bool:
        if self.scheme is Scheme.SYSTEM:
            return self.app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self.scheme is Scheme.DARK


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    shown = {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.sunken,
        role.Text: colours.text,
        role.PlaceholderText: colours.text_muted,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.Highlight: colours.selection,
        role.HighlightedText: colours.selection_text,
        role.Link: colours.accent,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.Accent: colours.accent,
        role.Mid: colours.line,
    }
    palette = QPalette()
    for name, colour in shown.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.text_muted))
    return palette
