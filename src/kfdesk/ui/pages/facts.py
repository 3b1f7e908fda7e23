# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of a record in two columns: the field's label, and its value in words.

Made from the described fields; what a page shows, and in which order, the page says.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import field_of, value_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Telling

_LABEL_WIDTH = 210
_ROW_GAP = 12


class Facts(QWidget):
    """Labels and values of some fields of one record."""

    def __init__(self, kit: Kit, keys: Sequence[str]) -> None:
        super().__init__()
        self._kit = kit
        self._keys = tuple(keys)
        self._values = [Label(kit).wrapped() for _ in keys]
        self._labels = [Label(kit, style=Type.LABEL, tone=Tone.MUTED) for _ in keys]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(_ROW_GAP)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        for row, (label, value) in enumerate(zip(self._labels, self._values, strict=True)):
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            value.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)

    def show_record(self, shown: View[Any]) -> None:
        """Show the values of this record; a field in conflict says so."""
        for key, label, value in zip(self._keys, self._labels, self._values, strict=True):
            field = field_of(shown.row.type, key)
            label.tell(field.label)
            is_torn = key in shown.conflicts
            content = getattr(shown.record, key)
            value.set_tone(_tone(content, is_torn=is_torn))
            value.tell(_torn if is_torn else _telling(field, content))


def _telling(field: Field, content: Value) -> Telling:
    return lambda language: value_text(field, content, language)


def _torn(language: Language) -> str:
    return language.gettext(N_("two values, not decided"))


def _tone(content: Value, *, is_torn: bool) -> Tone:
    if is_torn:
        return Tone.WARNING
    return Tone.MUTED if content is None else Tone.PLAIN
