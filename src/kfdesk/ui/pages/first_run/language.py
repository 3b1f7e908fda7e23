# SPDX-License-Identifier: GPL-3.0-or-later
"""The first step: which language the program speaks. Each is named in itself, and speaks at once.

The same choice stands at the top right of every step; both follow the window's words.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.step import Hint, Step
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint

_HEIGHT = 60
_DISC = 18
_PADDING = 16


class LanguageStep(Step):
    """The languages one below the other."""

    name = N_("Language")
    hints = (
        Hint(
            "clock",
            N_("Five minutes"),
            N_("Have pen and paper ready. You will write down six words."),
        ),
        Hint(
            "languages",
            N_("Only the window"),
            N_("A paper is written in the language of the person who will read it."),
        ),
        Hint(
            "shield-check",
            N_("This program never goes online"),
            N_("What you enter stays on this computer until you hand it over yourself."),
        ),
    )

    def __init__(self, kit: Kit) -> None:
        super().__init__(
            kit,
            N_("Welcome"),
            N_(
                "Three short steps, and your desk is ready. First: which language do you read best?"
            ),
        )
        self.options = {one.code: Option(kit, one) for one in kit.words.offered}
        for code, option in self.options.items():
            option.toggled.connect(lambda is_on, code=code: self._on_toggled(code, is_on=is_on))
            self.column.addWidget(option)
            self.column.addSpacing(tokens.GRID - tokens.RESERVE)
        self.column.addStretch(1)
        kit.words.changed.connect(self._on_language_changed)
        self._on_language_changed()

    def start(self) -> None:
        """Begin at the language in use."""
        self.options[self._kit.words.language.code].setFocus()

    def _on_toggled(self, code: str, *, is_on: bool) -> None:
        if is_on and code != self._kit.words.language.code:
            self._kit.speak(code)

    def _on_language_changed(self) -> None:
        self.options[self._kit.words.language.code].setChecked(True)


class Option(QRadioButton):
    """One language: its name and a sentence in it."""

    def __init__(self, kit: Kit, language: Language) -> None:
        super().__init__(language.name)
        self._kit = kit
        self._under = language.gettext("The program speaks English")
        self.setAccessibleDescription(self._under)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Box and ring."""
        font = self._kit.theme.font(Type.SMALL)
        width = round(paint.width(self._under, font)) + 3 * _PADDING + _DISC
        return QSize(width + 2 * tokens.RESERVE, _HEIGHT + 2 * tokens.RESERVE)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Never narrower than its words."""
        return self.sizeHint()

    def hitButton(self, _at: object) -> bool:  # noqa: N802
        """The whole box can be clicked."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Box, ring, disc, words."""
        theme = self._kit.theme
        gap = tokens.RESERVE
        painter = QPainter(self)
        area = QRectF(self.rect())
        inner = area.adjusted(gap, gap, -gap, -gap)
        fill = theme.colours.accent_soft if self.isChecked() else theme.colours.surface
        line = theme.colours.accent if self.isChecked() else theme.colours.control
        if self.underMouse() and not self.isChecked():
            fill = theme.colours.hover
        paint.box(painter, inner, tokens.RADIUS_ROW, fill, line)
        if self.hasFocus():
            paint.ring(painter, area, tokens.RADIUS_ROW + tokens.RING_GAP, theme.colours.focus)
        left = inner.left() + _PADDING
        self._paint_disc(painter, QRectF(left, inner.center().y() - _DISC / 2, _DISC, _DISC))
        left += _DISC + _PADDING - 4
        words = QRectF(left, inner.top() + 9, inner.right() - left, _HEIGHT / 2 - 8)
        paint.words(painter, words, self.text(), theme.font(Type.STRONG), theme.colours.text)
        words.translate(0, words.height())
        paint.words(painter, words, self._under, theme.font(Type.SMALL), theme.colours.text_muted)

    def _paint_disc(self, painter: QPainter, disc: QRectF) -> None:
        colours = self._kit.theme.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.surface))
        painter.setPen(QPen(QColor(colours.accent if self.isChecked() else colours.control), 2))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        if self.isChecked():
            paint.box(painter, disc.adjusted(5, 5, -5, -5), _DISC, colours.accent)
