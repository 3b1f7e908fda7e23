# SPDX-License-Identifier: GPL-3.0-or-later
"""A field of a form that is covered until somebody asks: an address, a worker's own number.

Stands in the place of the field, says that something is there, and never what. A field in which
nothing stands, or something that cannot be saved, is not covered.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.ui import tokens
from kfdesk.ui.form.form import Form
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_views.words import said
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label


class Covered(QWidget):
    """The cover over the last field of a form. `show_button` takes it away."""

    def __init__(self, kit: Kit, form: Form, key: str) -> None:
        super().__init__()
        self._form = form
        self._key = key
        self._is_open = False
        label = form.editors[key].field.label
        self.show_button = Button(kit, N_("Show"), "eye").sized(tokens.CONTROL_COMPACT)
        name = N_("Show: {field}")
        kit.words.bind(
            self.show_button.setAccessibleName, name, field=lambda told: told.gettext(label)
        )
        self.show_button.clicked.connect(self._on_show_clicked)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Label(kit, said("••••••••")), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.show_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.LABEL_GAP - tokens.RESERVE)
        column.addWidget(Label(kit, label, Type.LABEL, Tone.MUTED))
        column.addLayout(row)
        self.hide()
        form.edited.connect(self._on_edited)

    def take(self, value: Value) -> None:
        """Cover the field if it holds something and nobody has asked for it yet."""
        is_there = isinstance(value, str) or bool(self._form.slots[self._key].is_torn)
        self._cover(is_covered=is_there and not self._is_open)
        self._is_open = self._is_open or not is_there

    def _cover(self, *, is_covered: bool) -> None:
        self.setVisible(is_covered)
        self._form.slots[self._key].setVisible(not is_covered)

    def _on_show_clicked(self) -> None:
        self._is_open = True
        self._cover(is_covered=False)
        self._form.focus_on(self._key)

    def _on_edited(self) -> None:
        if not self._form.editors[self._key].is_valid:
            self._is_open = True
            self._cover(is_covered=False)
