# SPDX-License-Identifier: GPL-3.0-or-later
"""The top bar: language, colours, Hide and Lock.

Hide is always there and never covered. The bar asks; the window hides and the store is locked
elsewhere.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import TITLE, Kit
from kfdesk.ui.shell.watch import HIDE_KEY, LOCK_KEY
from kfdesk.ui.theme import Scheme
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label


class TopBar(QWidget):
    """The bar over everything."""

    hide_asked = Signal()
    lock_asked = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(tokens.TOP_BAR)
        self.language = self._make_language()
        self.colours = Button(kit, N_("Dark colours"), "sun", Look.QUIET).bared()
        self.colours.clicked.connect(self._on_colours_clicked)
        self.hiding = Button(kit, N_("Hide"), "eye-off", Look.TONAL).show_key(HIDE_KEY)
        self.hiding.clicked.connect(self.hide_asked)
        self.locking = Button(kit, N_("Lock"), "lock").show_key(LOCK_KEY)
        self.locking.clicked.connect(self.lock_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 1)
        row.setSpacing(0)
        row.addSpacing(13)
        row.addWidget(Icon(kit, "notebook-text", Tone.ACCENT, icons.LARGE))
        row.addSpacing(10)
        name = Label(kit, style=Type.STRONG)
        name.show_text(TITLE)
        row.addWidget(name)
        row.addStretch(1)
        for button in (self.language, self.colours, self.hiding, self.locking):
            row.addWidget(button)
        self._show_colours()
        kit.theme.changed.connect(self._show_colours)

    def _make_language(self) -> Button:
        kit = self._kit
        button = Button(kit, lambda language: language.name, "languages", Look.QUIET).ended_by(
            "chevron-down"
        )
        kit.words.bind(
            button.setAccessibleName,
            N_("Language: {name}"),
            name=lambda language: language.name,
        )
        self._menu = QMenu(button)
        group = QActionGroup(self._menu)
        for offered in kit.words.offered:
            action = QAction(offered.name, self._menu, checkable=True)
            action.setData(offered.code)
            group.addAction(action)
            self._menu.addAction(action)
        self._menu.triggered.connect(self._on_language_chosen)
        button.clicked.connect(self._on_language_clicked)
        return button

    def _on_language_clicked(self) -> None:
        theme = self._kit.theme
        check = theme.icons.icon("check", theme.colours.accent, icons.MEDIUM)
        for action in self._menu.actions():
            is_current = action.data() == self._kit.words.language.code
            action.setChecked(is_current)
            action.setIcon(check if is_current else QIcon())
        corner = self.language.rect().bottomLeft()
        self._menu.popup(self.language.mapToGlobal(corner))

    def _on_language_chosen(self, action: QAction) -> None:
        self._kit.speak(str(action.data()))

    def _on_colours_clicked(self) -> None:
        self._kit.wear(Scheme.LIGHT if self._kit.theme.is_dark else Scheme.DARK)

    def _show_colours(self) -> None:
        is_dark = self._kit.theme.is_dark
        self.colours.tell(N_("Light colours") if is_dark else N_("Dark colours"))
