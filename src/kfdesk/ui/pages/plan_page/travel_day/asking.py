# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the legs before: asked when a later one is said to have left or arrived.

It blocks nothing: what was pressed can also be just written down. Each earlier leg is asked about
once; all answers and what was pressed are written together.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.casework.journey import now_in
from kfdesk.services.course.alarms import LegEvent, LegNews
from kfdesk.services.desk import Desk
from kfdesk.ui import tokens
from kfdesk.ui.form.moments import MomentEditor
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.form.slot import Slot
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_views.said import way_text, zone_of
from kfdesk.ui.pages.shown import field_of
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.panel import Banner

Numbered = tuple[int, View[Leg]]


class AskBefore(QWidget):
    """The question. `answered` carries what is to be written of the legs before."""

    answered = Signal(tuple)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._open: list[Numbered] = []
        self._news: list[LegNews] = []
        self._banner = Banner(kit, Tone.WARNING, "triangle-alert")
        field = replace(field_of("leg", "arrived"), label=N_("If it arrived: when"))
        self.time = MomentEditor(kit, field, Offers())
        self._slot = Slot(kit, self.time)
        self.arrived = Button(kit, N_("It arrived too"), "circle-check", Look.TONAL)
        self.missed = Button(kit, N_("It was missed"), "octagon-alert", Look.TONAL)
        self.just = Button(kit, N_("Just write it down"), "check", Look.TONAL)
        self.nothing = Button(kit, N_("Write nothing"), look=Look.QUIET)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GRID)
        buttons = Flow(self.arrived, self.missed, self.just, self.nothing)
        for part in (self._banner, self._slot, buttons):
            column.addWidget(part)
        self.arrived.clicked.connect(self._on_arrived_clicked)
        self.missed.clicked.connect(lambda: self._take(LegEvent.MISSED, None))
        self.just.clicked.connect(self._next)
        self.nothing.clicked.connect(self.hide)
        self.hide()

    def ask(self, legs: Sequence[Numbered]) -> None:
        """Ask about these legs, one after the other."""
        self._open, self._news = list(legs), []
        self._show()
        self.show()
        self.arrived.setFocus()

    def _show(self) -> None:
        number, leg = self._open[0]
        self._banner.tell(
            lambda language: _not_arrived(number, leg, language),
            N_("What became of it? The other leg can be written down in any case."),
        )
        self.time.enter(self._proposed(leg.record))

    def _proposed(self, leg: Leg) -> Moment:
        """When it probably arrived: as agreed, if that is past."""
        now = now_in(self._desk, zone_of(leg))
        agreed = leg.arrives
        return agreed if isinstance(agreed, Moment) and agreed.utc <= now.utc else now

    def _on_arrived_clicked(self) -> None:
        self._slot.judge()
        value = self.time.value()
        if self.time.is_valid and isinstance(value, Moment):
            self._take(LegEvent.ARRIVED, value)
        else:
            self.time.focus()

    def _take(self, what: LegEvent, happened: Moment | None) -> None:
        _, leg = self._open[0]
        when = happened or now_in(self._desk, zone_of(leg.record))
        self._news.append(LegNews(leg.rid, what, when))
        self._next()

    def _next(self) -> None:
        del self._open[0]
        if self._open:
            self._show()
            self.arrived.setFocus()
            return
        self.hide()
        self.answered.emit(tuple(self._news))


def _not_arrived(number: int, leg: View[Leg], language: Language) -> str:
    words = language.gettext(N_("Leg {number} has not arrived: {way}"))
    return words.format(number=number, way=way_text(leg, language))
