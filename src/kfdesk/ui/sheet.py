# SPDX-License-Identifier: GPL-3.0-or-later
"""The one style sheet: grounds, fields, menus, lists and scroll bars.

Everything with an icon, a ring or a state of its own paints itself instead; a style sheet cannot
recolour an SVG nor draw outside a border. Rules are chosen by the properties `ground` and `ink`,
so that a change of theme needs no code in any widget. No rule says a colour, only which role of
Qt's palette has it: so the sheet stays where the colours change, and Qt takes it off nobody.
"""

from string import Template

ROLES = {
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
"""The colours of the sheet, and the role in which Qt's palette carries each. Where Qt draws by
itself, in its own questions for files and printers, a role is what it draws with."""

_SHEET = Template("""
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
QFrame[ground="choice"] {
    background: $surface; border: 1px solid $control; border-radius: 8px;
}
QFrame[ground="chosen"] {
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


def sheet(small: float) -> str:
    """The style sheet; `small` is the size of small letters in points."""
    roles = {colour: f"palette({role})" for colour, role in ROLES.items()}
    return _SHEET.substitute(roles, small=f"{small:g}")
