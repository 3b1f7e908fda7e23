# SPDX-License-Identifier: GPL-3.0-or-later
"""The contacts that are proposed after an arrival, to be agreed with her one by one.

Nothing is kept before it is agreed: an empty box is her no to that contact. What is agreed can be
changed afterwards like any record. The days are the domain's.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from kfdesk.domain.after.schedule import Proposal, arrival_day, proposals
from kfdesk.domain.records.journey.handover import Handover
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.after.follow_ups import agree_times
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.records import Done
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.after_views.wording import contact_words
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_done
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, clear


class TimesCard(Card):
    """The proposal; hidden once each contact of it is there."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._plan = b""
        self._proposed: tuple[Proposal, ...] = ()
        self.ticks: list[Tick] = []
        self.head(kit, N_("Agree with her on the contacts"), "calendar-clock")
        self.under = Label(kit, tone=Tone.MUTED).wrapped()
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.agree = Button(kit, N_("Keep these days"), "check", Look.TONAL)
        self.agree.clicked.connect(self._on_agree_clicked)
        self.body.addWidget(self.under)
        self.body.addLayout(self._column)
        self.body.addWidget(self.agree)
        self.agree.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_plan(self, page: PlanPage, *, is_shut: bool) -> None:
        """Propose what is not there yet; nothing where nobody knows when she arrives."""
        arrival = arrival_day(
            (one.record for one in page.views(Handover)), [leg.record for leg in page.legs]
        )
        there = [one.record for one in page.case.all_views("follow_up")]
        proposed = proposals(arrival, there) if arrival is not None else ()
        self.setVisible(bool(proposed) and not is_shut)
        if arrival is not None:
            self.under.tell(
                N_("She arrives, or has arrived, on {day}. She may refuse any of these; take the "
                   "mark away then. Each day can be changed afterwards."),
                day=lambda language: language.day(arrival, year=True),
            )  # fmt: skip
        if (self._plan, self._proposed) != (page.plan.rid, proposed):
            self._plan, self._proposed = page.plan.rid, proposed
            self._fill()

    def _fill(self) -> None:
        clear(self._column)
        self.ticks = []
        for each in self._proposed:
            tick = Tick(self._kit, partial(_words, each))
            tick.setChecked(True)
            tick.toggled.connect(self._on_toggled)
            self.ticks.append(tick)
            self._column.addWidget(tick)
        self._on_toggled()

    def _on_toggled(self) -> None:
        self.agree.setEnabled(any(tick.isChecked() for tick in self.ticks))

    def _on_agree_clicked(self) -> None:
        desk, plan = self._desk, self._plan
        chosen = [
            each for each, tick in zip(self._proposed, self.ticks, strict=True) if tick.isChecked()
        ]
        self._kit.work.run(lambda: agree_times(desk, plan, chosen), self._on_agreed)

    def _on_agreed(self, done: Sequence[Done]) -> None:
        tell_done(self._kit, self._desk, done, N_("The days are kept."))


def _words(each: Proposal, language: Language) -> str:
    what = contact_words("arrival", each.after_days, language)
    day = language.day(each.due, year=True, weekday=True)
    return f"{day} – {what}"
