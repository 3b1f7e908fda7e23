# SPDX-License-Identifier: GPL-3.0-or-later
"""The theme: style sheet, palette, fonts and icons of the window, in one colour scheme.

A widget with an icon, a focus ring or a state of its own paints itself, because a style
sheet cannot recolour an SVG or draw outside a border. The properties `ground` and `ink`
select the rules, so a change of theme needs no code in any widget. Rules name roles of Qt's
palette and no colours, so Qt need not apply the sheet again when the colours change.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from string import Template

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from kfdesk.ui.icons import Icons
from kfdesk.ui.tokens import DARK, LIGHT, NARROW_WINDOW, Colours, TextStyle
from kfdesk.ui.worker import IncrementalBuilder

# --- The style sheet

PALETTE_ROLES = {
    "window": "window",
    "rail": "light",
    "surface": "base",
    "raised": "tooltip-base",
    "sunken": "alternate-base",
    "hover": "button",
    "line": "mid",
    "control": "dark",
    "text": "window-text",
    "text_muted": "placeholder-text",
    "accent": "link",
    "selection": "highlight",
    "selection_text": "highlighted-text",
    "danger": "bright-text",
    "warning": "shadow",
    "success": "midlight",
    "info": "link-visited",
    "focus": "accent",
}
"""The colours of the sheet, and the palette role that carries each. Qt's own dialogs for files
and printers draw with these roles."""

_STYLE_SHEET = Template("""
QMainWindow, QDialog, QWidget[ground="window"] { background: $window; }
QWidget[ground="rail"] { background: $rail; border: 0 solid $line; border-right-width: 1px; }
QWidget[ground="bar"] { background: $surface; border: 0 solid $line; border-bottom-width: 1px; }
QWidget[ground="foot"] { background: $surface; border: 0 solid $line; border-top-width: 1px; }
QWidget[ground="column"] { background: $window; border: 0 solid $line; border-right-width: 1px; }
QFrame[ground="card"] {
    background: $surface; border: 1px solid $line; border-radius: 10px;
}
QFrame[ground="sunken"] {
    background: $sunken; border: 1px solid $line; border-radius: 8px;
}
QPushButton[ground="choice"] {
    background: $surface; border: 1px solid $control; border-radius: 8px;
}
QPushButton[ground="chosen"] {
    background: $surface; border: 2px solid $accent; border-radius: 8px;
}
QDialog[ground="raised"], QWidget[ground="raised"] {
    background: $raised; border: 1px solid $line; border-radius: 8px;
}
QFrame[ground="line"] { background: $line; border: 0; }
QScrollArea, QWidget[ground="none"] { background: transparent; border: 0; }

QLabel { background: transparent; color: $text; }
QLabel[ink="muted"] { color: $text_muted; }
QLabel[ink="accent"] { color: $accent; }
QLabel[ink="danger"] { color: $danger; }
QLabel[ink="warning"] { color: $warning; }
QLabel[ink="success"] { color: $success; }
QLabel[ink="info"] { color: $info; }

QLineEdit, QPlainTextEdit, QComboBox {
    background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
    selection-background-color: $selection; selection-color: $selection_text;
    placeholder-text-color: $text_muted;
}
QLineEdit[ground="find"] { background: $sunken; border-color: $line; }
QLineEdit[ground="find"]:hover { border-color: $control; }
QLineEdit[ground="find"]:focus { background: $surface; border-color: $focus; }
QLineEdit { padding: 1px 8px; lineedit-password-character: 8226; }
QPlainTextEdit { padding: 1px 6px; }
QComboBox { padding: 1px 32px 1px 10px; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover { border-color: $text; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QComboBox:on {
    border: 2px solid $focus;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {
    background: $sunken; color: $text_muted; border-color: $line;
}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {
    border: 2px solid $danger;
}
QLineEdit:focus, QLineEdit[wrong="true"] { padding: 0 7px; }
QPlainTextEdit:focus, QPlainTextEdit[wrong="true"] { padding: 0 5px; }
QComboBox:focus, QComboBox:on, QComboBox[wrong="true"] { padding: 0 31px 0 9px; }
QComboBox[gap="true"] { color: $text_muted; }
QComboBox::drop-down { border: 0; width: 0; }
QComboBox QAbstractItemView {
    background: $raised; color: $text; border: 1px solid $line; outline: 0; padding: 4px;
    selection-background-color: $selection; selection-color: $selection_text;
}
QComboBox QAbstractItemView::item { min-height: 32px; padding: 0 8px; }

QTextBrowser { background: transparent; color: $text; border: 0; }

QMenuBar { background: transparent; color: $text; border: 0; spacing: 0; }
QMenuBar::item { background: transparent; padding: 7px 10px; border-radius: 6px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; color: $text; }
QMenu { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }
QMenu { menu-scrollable: 1; } /* two columns may be wider than the screen */
QMenu::item { padding: 7px 20px 7px 12px; border-radius: 6px; }
QMenu::item:selected { background: $selection; color: $selection_text; }
QMenu::item:disabled { color: $text_muted; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QToolTip {
    background: $raised; color: $text; border: 1px solid $line; padding: 5px 8px;
}

QAbstractItemView {
    background: transparent; color: $text; border: 0; outline: 0;
    selection-background-color: $selection; selection-color: $selection_text;
}
QListView[ground="popup"] { background: $raised; border: 1px solid $line; }
QListView[ground="popup"]::item { min-height: 32px; padding: 0 8px; }
QListView[ground="popup"]::item:selected { background: $selection; color: $selection_text; }

QHeaderView {
    background: $sunken; border: 0;
    border-top-left-radius: 9px; border-top-right-radius: 9px;
}
QHeaderView::section {
    background: transparent; color: $text_muted; border: 0 solid $line;
    border-bottom-width: 1px; padding: 0 8px; font-size: ${small}pt; font-weight: 600;
}
QHeaderView::section:first, QHeaderView::section:only-one { padding-left: 16px; }
QTableView QTableCornerButton::section { background: $sunken; border: 0; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $control; border-radius: 4px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text_muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def build_style_sheet(small: float) -> str:
    """Return the style sheet; `small` is the size of small text in points."""
    roles = {colour: f"palette({role})" for colour, role in PALETTE_ROLES.items()}
    return _STYLE_SHEET.substitute(roles, small=f"{small:g}")


# --- Palette, fonts and icons

_STYLE, _HAS_STYLE = "fusion", "has_style"
FONT_FAMILY = "Noto Sans"
_STARTUP_FACES = ("Regular", "Medium", "SemiBold")
_USUAL_DPI = 96
FONT_SCALES = (100, 125, 150, 200)
"""The text sizes to choose from, in percent of the desktop's."""

_ROLES = {role.name.lower(): role for role in QPalette.ColorRole}


class Scheme(Enum):
    """A colour scheme that the user may choose; SYSTEM follows the desktop."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


def make_application(name: str) -> QApplication:
    """Return the application of this process, which begins with the style of the window.

    To ask for the style, or to set it later, makes PySide describe QStyle with all its names,
    which delays the unlock window.
    """
    app = QApplication([name, "-style", _STYLE])
    app.setProperty(_HAS_STYLE, True)  # noqa: FBT003 - a property's one value
    return app


class Theme(QObject):
    """The colours, fonts and icons in use. `changed` is emitted after the window has new ones.

    Hidden widgets get them later, in idle time or when they are shown.
    """

    changed = Signal()

    def __init__(
        self, app: QApplication, resources: Path, scheme: Scheme = Scheme.SYSTEM, letters: int = 100
    ) -> None:
        """Style `app`; `resources` holds `fonts` and `icons`, `letters` is the text size in %."""
        super().__init__()
        self.app = app
        self.resources = resources
        self._fonts = resources / "fonts"
        self._made: dict[TextStyle, QFont] = {}
        self.icons = Icons(resources / "icons")
        self.scheme = scheme
        self.colours = LIGHT
        self.letters = letters if letters in FONT_SCALES else FONT_SCALES[0]
        self._turns = IncrementalBuilder(self)
        self._dressed: set[QObject] = set()
        if not app.property(_HAS_STYLE):  # Qt would style every widget of another window again
            app.setStyle(_STYLE)
            app.setProperty(_HAS_STYLE, True)  # noqa: FBT003 - a property's one value
        for face in _STARTUP_FACES:
            self._load_face(face)
        app.setFont(self.font(TextStyle.BODY))
        self._apply()
        app.styleHints().colorSchemeChanged.connect(self._on_desktop_changed)

    @property
    def is_dark(self) -> bool:
        """True if the dark palette is in use."""
        return self.colours is DARK

    @property
    def is_applied(self) -> bool:
        """True if hidden widgets have the present colours, too."""
        return self._turns.is_done

    def set_scheme(self, scheme: Scheme) -> None:
        """Use another scheme from now on."""
        self.scheme = scheme
        self._apply()
        self.changed.emit()

    def set_font_scale(self, letters: int) -> None:
        """Set the text size of widgets made from now on, in percent: one of LETTERS."""
        self.letters = letters
        self._made.clear()
        self.app.setFont(self.font(TextStyle.BODY))
        self._apply()

    def style_window(self, window: QWidget) -> None:
        """Set the style sheet on a window, and so on all its widgets and dialogs.

        A style sheet of the application would make Qt restyle every widget at each change of
        parent. So a page under construction costs nothing, and is styled once when it enters its
        window.
        """
        rules = build_style_sheet(self.font(TextStyle.SMALL).pointSizeF())
        if window.styleSheet() != rules:
            window.setStyleSheet(rules)

    def scaled(self, pixels: int) -> int:
        """Return a width given for 100 % scaled to the present text size and desktop resolution."""
        dots = self.app.primaryScreen().logicalDotsPerInch()
        return round(pixels * self.letters / 100 * dots / _USUAL_DPI)

    def is_narrow(self, window: int) -> bool:
        """Return whether a window of this width is too narrow for the sidebar's labels."""
        return window < self.scaled(NARROW_WINDOW)

    def font(self, style: TextStyle) -> QFont:
        """Return the font of a text style; it is shared, so change only a copy."""
        if style not in self._made:
            font = self._made[style] = QFont(FONT_FAMILY)
            font.setPointSizeF(style.points * self.letters / 100)
            font.setWeight(QFont.Weight(style.weight))
        return self._made[style]

    def load_remaining_faces(self) -> None:
        """Load the font faces that only the help and documents on the screen need."""
        for face in ("Italic", "Bold"):
            self._load_face(face)

    def eventFilter(self, shown: QObject, event: QEvent) -> bool:
        """Restyle a widget that is shown before its turn; installed only during a restyle."""
        is_due = event.type() is QEvent.Type.Show and shown not in self._dressed
        if is_due and isinstance(shown, QWidget):
            self._restyle(shown)
        return False

    def _load_face(self, face: str) -> None:
        path = self._fonts / f"NotoSans-{face}.ttf"
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FileNotFoundError(path.name)

    def _on_desktop_changed(self) -> None:
        if self.scheme is Scheme.SYSTEM:
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        self._set_desktop_scheme()
        self.colours = DARK if self._wants_dark() else LIGHT
        self.icons.clear_cache()
        old, new = self.app.palette(), _palette(self.colours)
        self.app.setPalette(new)
        if old != self.app.palette():
            self._turns.start(self._restyle_all())
        for window in self.app.topLevelWidgets():
            if window.styleSheet():
                self.style_window(window)

    def _restyle_all(self) -> Iterator[None]:
        """Restyle every widget: visible ones at once, hidden ones one per step."""
        self._dressed.clear()
        self.app.installEventFilter(self)
        try:
            for one in _visible_widgets(self.app.topLevelWidgets()):
                self._restyle(one)
            yield
            worn = Qt.WidgetAttribute.WA_WState_Polished  # others are styled when first shown
            for one in self.app.allWidgets():
                if isValid(one) and one not in self._dressed and one.testAttribute(worn):
                    self._restyle(one)
                    yield
        finally:
            self.app.removeEventFilter(self)
            self._dressed.clear()

    def _restyle(self, one: QWidget) -> None:
        self._dressed.add(one)
        one.style().polish(one)
        one.update()

    def _set_desktop_scheme(self) -> None:
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


def _visible_widgets(widgets: Iterable[QObject]) -> Iterator[QWidget]:
    """Yield the visible widgets and their visible descendants."""
    for one in widgets:
        if isinstance(one, QWidget) and one.isVisible():
            yield one
            yield from _visible_widgets(one.children())


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    shown = {_ROLES[name.replace("-", "")]: colour for colour, name in PALETTE_ROLES.items()}
    shown |= dict.fromkeys((role.Text, role.ButtonText, role.ToolTipText), "text")
    palette = QPalette()
    for name, colour in shown.items():
        palette.setColor(name, QColor(getattr(colours, colour)))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.text_muted))
    return palette
