# SPDX-License-Identifier: GPL-3.0-or-later
"""The owner is told: who has opened one's plans, when, and with what reason, until it was seen.

Reads by itself, so that the page of the day need only make room for it.
"""

from collections.abc import Iterator

from PySide6.QtCore import Signal

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.policy import reasons
from kfdesk.services.policy.access import READING
from kfdesk.services.policy.reasons import Opening
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.widgets.rows import Cell, Column, Table

_COLUMNS = (Column(N_("Plan")), Column(N_("What happened"), stretches=True), Column(N_("When")))
_HAPPENED = {
    "departed": N_("Has left"),
    "arrived": N_("Has arrived"),
    "missed": N_("Missed"),
    "checked_in": N_("Check-in"),
}
_TITLE = N_("Opened with a reason")


class OpeningsCard(Card):
    """The card; hidden while there is nothing to tell. `chosen` carries a plan's id."""

    chosen = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._desk = desk
        self._openings: tuple[Opening, ...] = ()
        self.body.setContentsMargins(0, 14, 0, 0)
        head = self.head(kit, _TITLE, "eye", Tone.WARNING)
        head.setContentsMargins(16, 0, 16, 4)
        self.seen = Button(kit, N_("I have seen this"), "check", Look.QUIET)
        self.seen.clicked.connect(self._on_seen_clicked)
        head.addWidget(self.seen)
        self.table = Table(kit, _COLUMNS)
        kit.words.bind(self.table.setAccessibleName, _TITLE)
        self._plans: list[bytes] = []
        self.table.chosen.connect(lambda row: self.chosen.emit(self._plans[row]))
        self.body.addWidget(self.table)
        kit.words.changed.connect(self._show)
        self.hide()

    def read(self) -> None:
        """Read again what there is to tell."""
        desk = self._desk
        if any(map(desk.may, READING)):
            self._kit.work.run(lambda: reasons.read_openings(desk), self._on_read)

    def _on_read(self, openings: tuple[Opening, ...]) -> None:
        self._openings = openings
        self._show()

    def _show(self) -> None:
        language = self._kit.words.language
        rows = [(one.plan, cells) for one in self._openings for cells in _rows(one, language)]
        self._plans = [plan for plan, _ in rows]
        self.table.show_rows([cells for _, cells in rows])
        self.table.fit_height()
        self.setVisible(bool(self._openings))

    def _on_seen_clicked(self) -> None:
        desk = self._desk
        self._kit.work.run(lambda: reasons.note_openings_seen(desk), lambda _: self.read())


def _rows(one: Opening, language: Language) -> Iterator[tuple[Cell, ...]]:
    """That it was opened, and leg by leg what was written down then."""
    code, when = Cell(one.code or "–", is_strong=True), written_at(one.milliseconds, language)
    places = {"initials": one.opened_by or "–", "code": one.code or "–"}
    said = language.gettext(N_("{initials} opened {code} with a reason")).format(**places)
    yield code, Cell(said, one.reason), Cell(when)
    words = language.gettext(N_("{initials} wrote down what happened to leg {number}"))
    for number in dict.fromkeys(number for number, _ in one.wrote):
        what = [language.gettext(_HAPPENED[key]) for leg, key in one.wrote if leg == number]
        said = words.format(number=number, **places)
        yield code, Cell(said, " · ".join(what), "route", Tone.INFO), Cell()
