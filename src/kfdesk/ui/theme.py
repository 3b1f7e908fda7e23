# SPDX-License-Identifier: GPL-3.0-or-later
"""The theme: which palette is in use, and the fonts and icons that go with it.

Feeds Qt's palette and the style sheet, and is read by everything that paints itself at the moment
it paints. Knows no page and keeps no setting: what was chosen is handed in and reported out.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from kfdesk.ui.editing.turns import Turns
from kfdesk.ui.icons import Icons
from kfdesk.ui.sheet import ROLES, sheet
from kfdesk.ui.tokens import DARK, LIGHT, NARROW_WINDOW, Colours, Type

FAMILY = "Noto Sans"
_AT_START = ("Regular", "Medium", "SemiBold")
_USUAL_DPI = 96
LETTERS = (100, 125, 150, 200)
"""How large letters may be chosen to be, in percent of what the desktop asks for."""

_ROLES = {role.name.lower(): role for role in QPalette.ColorRole}


class Scheme(Enum):
    """What a user may choose; SYSTEM follows the desktop."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class Theme(QObject):
    """The colours, fonts and icons in use. `changed` is sent after the window wears new ones.

    Who is hidden then wears them a little later, as the window finds time, or when it is shown.
    """

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
        self._turns = Turns(self)
        self._dressed: set[QObject] = set()
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

    @property
    def is_worn(self) -> bool:
        """Whether the hidden wear these colours, too."""
        return self._turns.is_done

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

    def dress(self, window: QWidget) -> None:
        """Put the sheet on a window, and so on all that stands in it and all that it opens.

        On the program, Qt would tell every part of it again whenever it is put into another; so a
        page that is still being made costs nothing, and is told once, as it comes into its window.
        """
        rules = sheet(self.font(Type.SMALL).pointSizeF())
        if window.styleSheet() != rules:
            window.setStyleSheet(rules)

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

    def eventFilter(self, shown: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Dress who is shown before its turn; asked only while the hidden are dressed."""
        is_due = event.type() is QEvent.Type.Show and shown not in self._dressed
        if is_due and isinstance(shown, QWidget):
            self._dress_one(shown)
        return False

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
        old, new = self.app.palette(), _palette(self.colours)
        self.app.setPalette(new)
        if old != self.app.palette():
            self._turns.begin(self._dress_all())
        for window in self.app.topLevelWidgets():
            if window.styleSheet():
                self.dress(window)

    def _dress_all(self) -> Iterator[None]:
        """Have every widget look up its colours again: who is seen at once, the hidden in turns."""
        self._dressed.clear()
        self.app.installEventFilter(self)
        try:
            for one in _seen(self.app.topLevelWidgets()):
                self._dress_one(one)
            yield
            worn = Qt.WidgetAttribute.WA_WState_Polished  # others look when they are first shown
            for one in self.app.allWidgets():
                if isValid(one) and one not in self._dressed and one.testAttribute(worn):
                    self._dress_one(one)
                    yield
        finally:
            self.app.removeEventFilter(self)
            self._dressed.clear()

    def _dress_one(self, one: QWidget) -> None:
        self._dressed.add(one)
        one.style().polish(one)
        one.update()

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


def _seen(widgets: Iterable[QObject]) -> Iterator[QWidget]:
    """Those of them that are on view, each with what is on view in it."""
    for one in widgets:
        if isinstance(one, QWidget) and one.isVisible():
            yield one
            yield from _seen(one.children())


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    shown = {_ROLES[name.replace("-", "")]: colour for colour, name in ROLES.items()}
    shown |= dict.fromkeys((role.Text, role.ButtonText, role.ToolTipText), "text")
    palette = QPalette()
    for name, colour in shown.items():
        palette.setColor(name, QColor(getattr(colours, colour)))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.text_muted))
    return palette
