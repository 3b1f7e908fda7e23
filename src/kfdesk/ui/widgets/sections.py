# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of a plan's sections: how far each is done, and one short fact about it.

The sign, the word and the fact say the same to eye and ear. A fact that does not fit beside its
word stands below it. Knows no plan: what is done is judged elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.paint import Fill
from kfdesk.ui.widgets.rail import Item
from kfdesk.ui.words import Message

_DISC = 16
_DISC_LEFT = 14
_WORD_LEFT = 40
_RIGHT = 12
_GAP = 8
_STACKED = 56
_MARGIN = 10
_STATES = {
    Fill.DONE: N_("complete"),
    Fill.PART: N_("has gaps"),
    Fill.EMPTY: N_("not begun"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A section: how far it is done, or an icon where that means nothing, and a short fact."""

    key: str
    label: str
    fill: Fill = Fill.EMPTY
    icon: str = ""
    fact: Message = ""
    tone: Tone = Tone.MUTED


class SectionItem(Item):
    """One section."""

    def __init__(self, kit: Kit, section: Section) -> None:
        self._fact = ""
        self.section = section
        super().__init__(kit, section.label)
        self.show_section(section)

    def show_section(self, section: Section) -> None:
        """Show what has become of the section."""
        self.section = section
        self.kit.words.bind(self._set_fact, section.fact)
        self.kit.words.bind(self.setAccessibleName, self._spoken)
        self.kit.words.bind(self.setToolTip, self._spoken)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One line, or two if word and fact do not fit side by side."""
        width = self.kit.theme.sized(tokens.SECTIONS) - 2 * _MARGIN
        line = self.fontMetrics().height()
        if self._is_stacked(width):
            return QSize(width, max(_STACKED, 2 * line + 16))
        return QSize(width, max(tokens.RAIL_ITEM, line + 16))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Ground, sign, word, fact."""
        theme = self.kit.theme
        painter = QPainter(self)
        area = self.paint_ground(painter, theme.colours.accent_soft)
        room = area.adjusted(_WORD_LEFT, 0, -_RIGHT, 0)
        half = area.height() / 2
        small = theme.font(Type.SMALL)
        strong = theme.font(Type.STRONG if self.isChecked() else Type.BUTTON)
        tone = Tone.ACCENT if self.isChecked() and self._is_plain else self.section.tone
        fact_ink = tone.ink(theme.colours)
        if self._is_stacked(area.width()):
            paint.words(painter, room.adjusted(0, 6, 0, 2 - half), self.text(), strong, self.ink)
            paint.words(painter, room.adjusted(0, half - 2, 0, -6), self._fact, small, fact_ink)
        else:
            left = room.right() - paint.width(self._fact, small)
            paint.words(painter, room, self.text(), strong, self.ink)
            paint.words(painter, QRectF(left, 0, 999, area.height()), self._fact, small, fact_ink)
        self._paint_sign(painter, area)

    @property
    def _is_plain(self) -> bool:
        return self.section.tone in (Tone.MUTED, Tone.PLAIN)

    def _paint_sign(self, painter: QPainter, area: QRectF) -> None:
        theme = self.kit.theme
        top = round((area.height() - _DISC) / 2)
        square = QRectF(_DISC_LEFT, top, _DISC, _DISC)
        if self.section.icon:
            theme.icons.paint(painter, self.section.icon, theme.colours.text_muted, square)
        else:
            paint.disc(painter, theme, square, self.section.fill)

    def _is_stacked(self, width: float) -> bool:
        if not self._fact:
            return False
        theme = self.kit.theme
        word = paint.width(self.text(), theme.font(Type.STRONG))
        fact = paint.width(self._fact, theme.font(Type.SMALL))
        return word + _GAP + fact > width - _WORD_LEFT - _RIGHT

    def _set_fact(self, fact: str) -> None:
        self._fact = fact
        self.updateGeometry()
        self.update()

    def _spoken(self, language: Language) -> str:
        state = "" if self.section.icon else language.gettext(_STATES[self.section.fill])
        parts = (language.gettext(self.section.label), state, self._fact)
        return ", ".join(part for part in parts if part)


class SectionList(QWidget):
    """All sections, with the meaning of the signs below; `chosen` carries the section's key."""

    chosen = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "column")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(self._kit.theme.sized(tokens.SECTIONS))
        self.items: dict[str, SectionItem] = {}
        self._group = QButtonGroup(self)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.foot = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 14, _MARGIN + 1, 12)
        column.addLayout(self._rows)
        column.addStretch(1)
        column.addLayout(_legend(kit))
        column.addLayout(self.foot)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show these sections; those already there only change."""
        for section in sections:
            if section.key in self.items:
                self.items[section.key].show_section(section)
            else:
                self._add(section)

    def show_current(self, key: str) -> None:
        """Mark the section one is in."""
        self.items[key].setChecked(True)

    def step(self, by: int) -> None:
        """Go some sections down (or up, below zero), and stop at the ends."""
        keys = list(self.items)
        current = next((n for n, key in enumerate(keys) if self.items[key].isChecked()), 0)
        self.items[keys[max(0, min(len(keys) - 1, current + by))]].click()

    def _add(self, section: Section) -> None:
        item = SectionItem(self._kit, section)
        item.clicked.connect(lambda: self.chosen.emit(section.key))
        self.items[section.key] = item
        self._group.addButton(item)
        self._rows.addWidget(item)


class _Sign(QWidget):
    """A sign in the legend."""

    def __init__(self, kit: Kit, fill: Fill) -> None:
        super().__init__()
        self._kit = kit
        self._fill = fill
        self.setFixedSize(icons.SMALL, icons.SMALL)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The disc."""
        paint.disc(QPainter(self), self._kit.theme, QRectF(self.rect()), self._fill)


def _legend(kit: Kit) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(_DISC_LEFT, 0, 0, 12)
    column.setSpacing(5)
    for fill, message in _STATES.items():
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(_Sign(kit, fill))
        row.addWidget(Label(kit, message, Type.SMALL, Tone.MUTED), 1)
        column.addLayout(row)
    return column
