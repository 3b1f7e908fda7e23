# SPDX-License-Identifier: GPL-3.0-or-later
"""The journey as a line, on a card: the same facts as the table above it, for the eye.

The line takes the keyboard too, so that who listens can hear it as one; left and right walk the
legs. Knows no store.
"""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent

from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_views.said import Legs, span_text, stops, stretches
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.widgets.timeline import Timeline


class JourneyLine(Timeline):
    """The line; `stepped` says to go some legs on."""

    stepped = Signal(int)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Left and right walk the legs."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The line, and the ring while keys go to it."""
        super().paintEvent(event)
        if self.hasFocus():
            ink = self._kit.theme.colours.focus
            paint.ring(QPainter(self), QRectF(self.rect()), tokens.RADIUS_CONTROL, ink)


class JourneyCard(Card):
    """The line under its heading, with how long the whole takes."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._legs: Legs = ()
        self.line = JourneyLine(kit)
        self._span = Label(kit, style=Type.SMALL, tone=Tone.MUTED)
        self.head(kit, N_("Journey"), "route").addWidget(self._span)
        self.body.addWidget(self.line)
        kit.words.follow(self, self._show)

    def show_legs(self, legs: Legs) -> None:
        """Show these legs."""
        self._legs = legs
        self._show()

    def _show(self) -> None:
        legs, language = self._legs, self._kit.words.language
        self.line.show_journey(list(stops(legs, language)), list(stretches(legs, language)))
        self._span.tell(lambda spoken: span_text(legs, spoken))
