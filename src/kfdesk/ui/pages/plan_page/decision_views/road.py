# SPDX-License-Identifier: GPL-3.0-or-later
"""The states of a plan as a quiet line, from draft to closed, with the present one marked.

Where there is no room for every word, only the present state, the first and the last are named;
the line's accessible name says it in one sentence. Knows no gate and no service.
"""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import state_word
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint

ROAD = (
    "draft", "assessing", "decision_ready", "approved", "travel_ready", "travelling", "arrived",
    "reintegrating", "follow_up", "closed",
)  # fmt: skip
_DISC, _NOW = 12, 18
_LINE, _TOP = 13.0, 26
_GAP = 8


class Road(QWidget):
    """The line of states."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._place = 0
        self._is_left = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.words.changed.connect(self.update)

    def show_state(self, state: str, last: str) -> None:
        """Mark a state; for one beside the road, `last` is where the road was left."""
        self._is_left = state not in ROAD
        here = last if self._is_left else state
        self._place = ROAD.index(here) if here in ROAD else 0
        self._kit.words.bind(self.setAccessibleName, lambda language: self._said(state, language))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The line, and two lines of words."""
        return QSize(200, _TOP + round(2 * paint.height(self._kit.theme.font(Type.SMALL))) + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Line, discs, words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._kit.theme.colours
        step = self.width() / len(ROAD)
        centres = [step * (place + 0.5) for place in range(len(ROAD))]
        for place, (start, end) in enumerate(pairwise(centres)):
            is_behind = place < self._place
            painter.setPen(QPen(QColor(colours.success if is_behind else colours.line), 2))
            painter.drawLine(QPointF(start, _LINE), QPointF(end, _LINE))
        for place, centre in enumerate(centres):
            self._paint_disc(painter, place, centre)
        self._paint_words(painter, centres, step)

    def _paint_disc(self, painter: QPainter, place: int, centre: float) -> None:
        theme = self._kit.theme
        is_now = place == self._place and not self._is_left
        size = _NOW if is_now else _DISC
        area = QRectF(centre - size / 2, _LINE - size / 2, size, size)
        if place < self._place or (place == self._place and self._is_left):
            paint.disc(painter, theme, area, paint.Fill.DONE)
            return
        colours = theme.colours
        paint.box(painter, area, size / 2, colours.surface)
        painter.setBrush(QColor(colours.surface))
        painter.setPen(QPen(QColor(colours.accent if is_now else colours.control), 1.5))
        painter.drawEllipse(area.adjusted(1, 1, -1, -1))
        if is_now:
            paint.box(painter, area.adjusted(5, 5, -5, -5), 4, colours.accent)

    def _paint_words(self, painter: QPainter, centres: list[float], step: float) -> None:
        colours = self._kit.theme.colours
        language = self._kit.words.language
        lines = [_wrapped(state_word(state, language)) for state in ROAD]
        fonts = [self._font(place) for place in range(len(ROAD))]
        widths = [
            max(paint.width(word, font) for word in words)
            for words, font in zip(lines, fonts, strict=True)
        ]
        has_room = all((one + other) / 2 + _GAP <= step for one, other in pairwise(widths))
        for place in self._named(has_room=has_room):
            is_now = place == self._place and not self._is_left
            painter.setFont(fonts[place])
            painter.setPen(QColor(colours.accent if is_now else colours.text_muted))
            words = lines[place] if has_room else [state_word(ROAD[place], language)]
            self._paint_word(painter, centres[place], "\n".join(words))

    def _paint_word(self, painter: QPainter, centre: float, text: str) -> None:
        wide = max(paint.width(line, painter.font()) for line in text.split("\n")) + 4
        left = min(max(0.0, centre - wide / 2), self.width() - wide)
        area = QRectF(left, _TOP, wide, self.height() - _TOP)
        painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _named(self, *, has_room: bool) -> Iterator[int]:
        last = len(ROAD) - 1
        for place in range(len(ROAD)):
            is_far = min(abs(place - self._place), last) > 2
            if has_room or place == self._place or (place in (0, last) and is_far):
                yield place

    def _font(self, place: int) -> QFont:
        is_now = place == self._place and not self._is_left
        return self._kit.theme.font(Type.SMALL_STRONG if is_now else Type.SMALL)

    def _said(self, state: str, language: Language) -> str:
        words = language.gettext(N_("The plan stands here: {state}."))
        return words.format(state=state_word(state, language))


def _wrapped(text: str) -> list[str]:
    """A text of several words on two lines, as even as can be."""
    words = text.split(" ")
    if len(words) == 1:
        return words
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    return list(min(cuts, key=lambda cut: max(map(len, cut))))
