# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands twice in the directory: pairs, both values of each field, and one press that joins.

At first what is missing in the one that stays is taken from the other. What makes two entries
alike, and what joining does to plans that name them, the service knows.
"""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.casework.joining import Joined
from kfdesk.services.desk import Desk
from kfdesk.services.listing.doubles import Double, find_doubles, join_double
from kfdesk.services.listing.looking import Fate, ListLine
from kfdesk.services.listing.twins import Likeness
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_views.lists.twin import OF_OTHER, TwinCard
from kfdesk.ui.pages.contacts_views.words import KINDS
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_done
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.widgets.rows import Cell, Column, Table
from kfdesk.ui.work import Course

_MOST = 200
_ROOM = 220
_ALIKE: Mapping[Likeness, tuple[str, str]] = {
    Likeness.NAME: (N_("same name and place"), "building-2"),
    Likeness.PHONE: (N_("same telephone"), "phone"),
    Likeness.EMAIL: (N_("same e-mail"), "mail"),
}


class Doubles(Step):
    """The page; `closed` follows Cancel and Esc."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, N_("Contacts that stand twice"))
        self._desk = desk
        self._course = Course()
        self.doubles: tuple[Double, ...] = ()
        self._chosen: dict[bytes, frozenset[str] | None] = {}
        self.hint.tell(N_("The second goes into the bin; plans that name it name the first then."))
        self.table = Table(kit, (Column(N_("Name"), stretches=True), Column(N_("Known by"))))
        self.table.setMinimumHeight(_ROOM)
        kit.words.bind(self.table.setAccessibleName, N_("Contacts that stand twice"))
        self.twin = TwinCard(kit, OF_OTHER)
        self.twin.chosen.connect(self._on_chosen)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.join = Button(kit, N_("Join the two"), "git-merge", Look.PRIMARY)
        self.join.clicked.connect(self._on_join_clicked)
        self.act(self.join)
        listed = Card(padding=0)
        listed.body.addWidget(self.table)
        self.body.addWidget(listed, 1)
        self.body.addWidget(self.twin)
        self.first = self.table
        kit.words.changed.connect(self._show)
        self.closed.connect(self._course.cancel)
        self.join.setEnabled(False)
        self.look()

    def look(self) -> None:
        """Look for them."""
        desk, course = self._desk, self._course
        self.kit.work.run(
            lambda: find_doubles(desk, _MOST, course), self._on_found, self.refuse,
            title=N_("Looking for contacts that stand twice"), cancel=course,
        )  # fmt: skip

    @property
    def current(self) -> Double | None:
        """The pair that is chosen in the table."""
        row = self.table.currentIndex().row()
        return self.doubles[row] if 0 <= row < len(self.doubles) else None

    def _on_found(self, doubles: tuple[Double, ...]) -> None:
        row = max(0, self.table.currentIndex().row())
        self.doubles = doubles
        self._show()
        if doubles:
            self.table.selectRow(min(row, len(doubles) - 1))
        self._show_current()

    def _show(self) -> None:
        language, count = self.kit.words.language, len(self.doubles)
        self.under.tell(lambda spoken: _count(count, spoken))
        self.table.show_rows([_cells(one, language) for one in self.doubles])

    def _show_current(self) -> None:
        double = self.current
        self.join.setEnabled(double is not None)
        self.twin.hide()
        if double is not None:
            keys = self._chosen.get(double.rid, double.wanted)
            self.twin.show_line(ListLine(double.listed, Fate.TWIN, double.twin), keys)
            self.join.setEnabled(keys is not None)

    def _on_current_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show_current()

    def _on_chosen(self, keys: frozenset[str] | None) -> None:
        double = self.current
        if double is not None:
            self._chosen[double.rid] = keys
            self.join.setEnabled(keys is not None)

    def _on_join_clicked(self) -> None:
        double, desk = self.current, self._desk
        if double is None:
            return
        keys = self._chosen.get(double.rid, double.wanted) or frozenset()
        self.join.setEnabled(False)
        self.kit.work.run(
            lambda: join_double(desk, double.twin.entry.rid, double.rid, keys),
            self._on_joined,
            self.refuse,
        )

    def _on_joined(self, joined: Joined) -> None:
        tell_done(self.kit, self._desk, joined.done, N_("Joined: there is one entry now."))
        self.table.setFocus()
        self.look()


def _cells(double: Double, language: Language) -> tuple[Cell, ...]:
    word, icon = _ALIKE[double.twin.likeness]
    kept = double.twin.entry
    under = f"{language.gettext(KINDS[kept.type])} · {double.listed.name}"
    lock = "lock" if kept.is_secret else ""
    return (
        Cell(kept.name, under, lock, is_strong=True),
        Cell(language.gettext(word), icon=icon, tone=Tone.WARNING),
    )


def _count(count: int, language: Language) -> str:
    if not count:
        return language.gettext(N_("Nothing stands twice."))
    return language.ngettext("{count} pair", "{count} pairs", count).format(count=count)
