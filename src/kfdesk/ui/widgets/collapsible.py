# SPDX-License-Identifier: GPL-3.0-or-later
"""Cards that open and collapse by the button in their heading.

The content can be built when the card is first opened. They know no page.
"""

from math import ceil

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import TextStyle
from kfdesk.ui.translator import Message, PlaceholderFunction
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.build import column, extend, grown, muted, put_behind, row, tab_stops
from kfdesk.ui.widgets.buttons import Button, PushButton
from kfdesk.ui.widgets.layout import CardFrame
from kfdesk.ui.widgets.text import keep_room

_HEADING_GAP = 9
_FOLD_SIGNS = icons.NORMAL + icons.MEDIUM + 2 * _HEADING_GAP + 2 * tokens.RESERVE
_COLLAPSE_STATES = {True: N_("expanded"), False: N_("collapsed")}


class CollapseButton(PushButton):
    """The button in the heading: icon, title, and an arrow for the state."""

    def __init__(self, kit: UiContext, title: Message, icon: str) -> None:
        super().__init__()
        self._kit = kit
        self._icon = icon
        self._title = title
        self.setCheckable(True)
        self.setFont(kit.theme.font(TextStyle.HEADING))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        kit.translator.bind(self.setText, title)
        self.toggled.connect(self._on_toggled)
        self._on_toggled()

    def sizeHint(self) -> QSize:
        words = painting.text_width(self.text(), self.font())
        high = self.minimumHeight() or self._height_for(words)
        return QSize(round(words) + _FOLD_SIGNS + 1, high)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the longest word: a long title wraps."""
        words = painting.longest_word_width(self.text(), self.font())
        return QSize(round(words) + _FOLD_SIGNS + 1, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self._height_for(self.width() - _FOLD_SIGNS))

    def _height_for(self, room: float) -> int:
        """Return the height of the button if its title has so much room."""
        high = painting.wrapped_height(self.text(), self.font(), room + 1)
        return max(tokens.TARGET, ceil(high)) + 8

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._kit.theme
        painter = QPainter(self)
        area = QRectF(self.rect())
        ink = theme.colours.accent if self.underMouse() else theme.colours.text
        top = round((area.height() - icons.NORMAL) / 2)
        left = float(tokens.RESERVE)
        square = QRectF(left, top, icons.NORMAL, icons.NORMAL)
        theme.icons.paint(painter, self._icon, theme.colours.text_muted, square)
        left += icons.NORMAL + _HEADING_GAP
        width = min(painting.text_width(self.text(), self.font()), area.width() - _FOLD_SIGNS + 1)
        room = QRectF(left, 0, width, area.height())
        painting.draw_wrapped_text(painter, room, self.text(), self.font(), ink)
        left += round(width) + _HEADING_GAP
        top = round((area.height() - icons.MEDIUM) / 2)
        arrow = "chevron-down" if self.isChecked() else "chevron-right"
        square = QRectF(left, top, icons.MEDIUM, icons.MEDIUM)
        theme.icons.paint(painter, arrow, theme.colours.text_muted, square)
        if self.hasFocus():
            painting.draw_focus_ring(painter, area, tokens.RADIUS_CONTROL, theme.colours.focus)

    def _on_toggled(self) -> None:
        self._kit.translator.bind(self.setAccessibleName, self._spoken)

    def _spoken(self, language: Language) -> str:
        state = language.gettext(_COLLAPSE_STATES[self.isChecked()])
        return f"{self._kit.translator.translate(self._title)}, {state}"


class CollapsibleCard(CardFrame):
    """A collapsible card; `inside` is the layout of its content.

    `content_asked` says that the content is about to be seen: what nobody can see before is
    built then.
    """

    content_asked = Signal()

    def __init__(
        self, kit: UiContext, title: Message, icon: str, padding: int = tokens.CARD_PADDING
    ) -> None:
        super().__init__(padding)
        self.fold = CollapseButton(kit, title, icon)
        self._said = muted(kit)
        self._body = QWidget()
        rest = tokens.CARD_PADDING - padding  # what a low heading leaves out, the content has
        self.inside = column(gap=8, margins=(rest, 4, rest, rest), on=self._body)
        keep_room(self._said)  # the buttons at the right stay where they are
        self._head = row(rest - tokens.RESERVE, self.fold, grown(self._said), gap=16)
        self._head.setContentsMargins(0, 0, rest, 0)
        extend(self.body, self._head, self._body)
        self._body.hide()
        self.fold.toggled.connect(self._on_toggled)

    @property
    def is_open(self) -> bool:
        """True if the content is visible."""
        return self.fold.isChecked()

    def set_open(self, *, is_open: bool) -> None:
        """Open or collapse the card."""
        self.fold.setChecked(is_open)

    def show_message(self, message: Message, **places: PlaceholderFunction) -> None:
        """Set the text beside the heading that is shown while the card is collapsed."""
        self._said.set_message(message, **places)

    def hold(self, card: CardFrame) -> None:
        """Take over the content of another card; its heading gives only its buttons."""
        first = card.body.takeAt(0)
        head = first.layout() if first is not None else None
        assert head is not None
        while (item := head.takeAt(0)) is not None:
            part = item.widget()
            if isinstance(part, Button):
                self._head.addWidget(part.with_height(tokens.CONTROL_COMPACT))
            elif part is not None:
                part.deleteLater()
        card.setProperty("ground", "none")
        card.body.setContentsMargins(0, 0, 0, 0)
        self.inside.addWidget(card)

    def open_with(self, part: QWidget) -> None:
        """Open whenever a part of the content is shown that must not be overlooked."""
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShowToParent:
            self.set_open(is_open=True)
        return super().eventFilter(watched, event)

    def _on_toggled(self, is_open: bool) -> None:
        if is_open:
            self._let_build()
        self._body.setVisible(is_open)
        self._said.setVisible(not is_open)

    def _let_build(self) -> None:
        """Let the content be built, and reached by Tab where it would be if it had been there."""
        known = tab_stops(self)
        self.content_asked.emit()
        fresh = [stop for stop in tab_stops(self) if stop not in known]
        put_behind(known[-1], *fresh)
