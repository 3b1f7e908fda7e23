# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks as lists: for each service, who of a network offers it.

A row leads to the contacts, narrowed to that network and service. Only networks that somebody in
the directory belongs to are offered.
"""

from functools import partial

from PySide6.QtCore import Signal

from kfdesk.domain.lists.directory_codes import NETWORKS, SERVICES
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.directory import EntryLine
from kfdesk.services.finding.networks import Doing, Network, who_does_what
from kfdesk.services.finding.seek import known_codes
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.widgets.rows import Cell, Column, Table

TITLE = N_("Networks: who does what")
_NONE = N_("No contact belongs to a network yet. Networks are chosen in the form of an entry.")
_ROOM = 260


class Networks(Step):
    """The page. `narrowed` carries the network and the service that one goes to."""

    narrowed = Signal(str, str)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, TITLE)
        self._desk = desk
        self.network: Network | None = None
        self.hint.tell(N_("Enter shows the contacts of a row."))
        self.choice = Choice(kit)
        kit.words.bind(self.choice.setAccessibleName, N_("Networks"))
        self.choice.chosen.connect(self.look)
        self.table = Table(kit, (Column(N_("What"), stretches=True), Column(N_("How many"))))
        self.table.setMinimumHeight(_ROOM)
        kit.words.bind(self.table.setAccessibleName, TITLE)
        self.table.chosen.connect(self._on_row_chosen)
        self.open = Button(kit, N_("Show these contacts"), "book-user", Look.PRIMARY)
        self.open.clicked.connect(lambda: self._on_row_chosen(self.table.currentIndex().row()))
        self.act(self.open)
        self.body.addWidget(self.choice)
        listed = Card(padding=0)
        listed.body.addWidget(self.table)
        self.body.addWidget(listed, 1)
        self.first = self.choice
        self._show()
        kit.words.changed.connect(self._show)
        kit.work.run(lambda: known_codes(desk)["networks"], self._on_known)

    def look(self, network: str) -> None:
        """Show a network."""
        desk, language = self._desk, self.kit.words.language
        self.kit.work.run(lambda: who_does_what(desk, network, language), self._on_read)

    def _on_known(self, known: frozenset[str]) -> None:
        there = tuple(item for item in NETWORKS.items() if item[0] in known)
        self.choice.setVisible(bool(there))
        if there:
            self.choice.offer(there)
            self.look(self.choice.key)
        else:
            self.under.tell(_NONE)

    def _on_read(self, network: Network) -> None:
        self.network = network
        self._show()
        if network.doings:
            self.table.selectRow(0)

    def _show(self) -> None:
        network, language = self.network, self.kit.words.language
        self.open.setEnabled(network is not None and bool(network.doings))
        if network is not None:
            self.under.tell(partial(_count, network.count))
            self.table.show_rows([_cells(one, language) for one in network.doings])

    def _on_row_chosen(self, row: int) -> None:
        if self.network is not None and 0 <= row < len(self.network.doings):
            self.narrowed.emit(self.choice.key, self.network.doings[row].service)


def _cells(doing: Doing, language: Language) -> tuple[Cell, ...]:
    who = ", ".join(_who(one, language) for one in doing.first)
    more = ", …" if doing.count > len(doing.first) else ""
    what = language.gettext(SERVICES[doing.service])
    return Cell(what, who + more, is_strong=True), Cell(str(doing.count))


def _who(one: EntryLine, language: Language) -> str:
    country = one.view.record.country
    where = f" ({language.country(country)})" if isinstance(country, str) else ""
    return f"{one.name}{where}"


def _count(count: int, language: Language) -> str:
    words = language.ngettext("{count} organisation", "{count} organisations", count)
    return words.format(count=count)
