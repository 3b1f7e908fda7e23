# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands twice in the directory: pairs, both values of each field, and one press that joins.

At first what is missing in the one that stays is taken from the other. Pairs that were said to be
two are hidden until somebody asks for them. What makes two entries alike, and what joining does to
plans that name them, the service knows.
"""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Qt

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.casework.joining import Joined
from kfdesk.services.desk import Desk
from kfdesk.services.listing.doubles import Double, find_doubles, join_double, judge_double
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
_TYPES = frozenset({"organisation", "contact"})
_JOIN, _KEEP = (N_("Join the two"), "git-merge"), (N_("Keep both"), "check")
_HINTS = {
    _JOIN: N_("The second goes into the bin; plans that name it name the first then."),
    _KEEP: N_("Both stay as they are."),
}
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
        self._found: tuple[Double, ...] = ()
        self._shows_apart = False
        self._chosen: dict[bytes, frozenset[str] | None] = {}
        self.hint.tell(_HINTS[_JOIN])
        self.table = Table(kit, (Column(N_("Name"), stretches=True), Column(N_("Known by"))))
        self.table.setMinimumHeight(_ROOM)
        kit.words.bind(self.table.setAccessibleName, N_("Contacts that stand twice"))
        self.twin = TwinCard(kit, OF_OTHER)
        self.twin.chosen.connect(self._on_chosen)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.join = Button(kit, *_JOIN, Look.PRIMARY)
        self.join.clicked.connect(self._on_join_clicked)
        self.act(self.join)
        self.apart = Button(kit, N_("Show those that are two"), "eye", Look.QUIET)
        self.apart.clicked.connect(self._on_apart_clicked)
        self.apart.hide()
        listed = Card(padding=0)
        listed.body.addWidget(self.table)
        self.body.addWidget(listed, 1)
        self.body.addWidget(self.apart, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.twin)
        self.first = self.table
        kit.words.changed.connect(self._show)
        kit.hub.changed.connect(self._on_changed)
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
    def doubles(self) -> tuple[Double, ...]:
        """The pairs that are listed."""
        return tuple(one for one in self._found if self._shows_apart or not one.is_apart)

    @property
    def current(self) -> Double | None:
        """The pair that is chosen in the table."""
        row, doubles = self.table.currentIndex().row(), self.doubles
        return doubles[row] if 0 <= row < len(doubles) else None

    def _on_found(self, found: tuple[Double, ...]) -> None:
        self._found = found
        self.apart.setVisible(not self._shows_apart and any(one.is_apart for one in found))
        self._show_from(max(0, self.table.currentIndex().row()))

    def _show_from(self, row: int) -> None:
        self._show()
        if self.doubles:
            self.table.selectRow(min(row, len(self.doubles) - 1))
        self._show_current()

    def _show(self) -> None:
        language, doubles = self.kit.words.language, self.doubles
        self.under.tell(lambda spoken: _count(len(doubles), spoken))
        self.table.show_rows([_cells(one, language) for one in doubles])

    def _keys(self, double: Double) -> frozenset[str] | None:
        """What is to be taken from the other, or None for two that are two."""
        return self._chosen.get(double.rid, None if double.is_apart else double.wanted)

    def _show_current(self) -> None:
        double = self.current
        self.twin.hide()
        self.join.setEnabled(double is not None)
        if double is not None:
            keys = self._keys(double)
            self.twin.show_line(ListLine(double.listed, Fate.TWIN, double.twin), keys)
            self._offer(double, keys)

    def _offer(self, double: Double, keys: frozenset[str] | None) -> None:
        offered = _JOIN if keys is not None else _KEEP
        self.join.tell(offered[0])
        self.join.show_icon(offered[1])
        self.hint.tell(_HINTS[offered])
        self.join.setEnabled(keys is not None or not double.is_apart)

    def _on_current_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show_current()

    def _on_chosen(self, keys: frozenset[str] | None) -> None:
        double = self.current
        if double is not None:
            self._chosen[double.rid] = keys
            self._offer(double, keys)

    def _on_apart_clicked(self) -> None:
        self._shows_apart = True
        self.apart.hide()
        self.table.setFocus()
        self._show_from(0)

    def _on_join_clicked(self) -> None:
        double, desk = self.current, self._desk
        if double is None:
            return
        keys, stays = self._keys(double), double.twin.entry.rid
        self.join.setEnabled(False)
        if keys is None:
            self._keep((stays, double.rid))
            return
        self.kit.work.run(
            lambda: join_double(desk, stays, double.rid, keys), self._on_joined, self.refuse
        )

    def _keep(self, pair: tuple[bytes, bytes]) -> None:
        desk = self._desk

        def keep() -> tuple[bytes, bytes]:
            judge_double(desk, *pair, are_two=True)
            return pair

        self.kit.work.run(keep, self._on_kept, self.refuse)

    def _on_kept(self, pair: tuple[bytes, bytes]) -> None:
        kit, desk = self.kit, self._desk

        def take_back() -> None:
            kit.work.run(
                lambda: judge_double(desk, *pair, are_two=False),
                lambda _: kit.hub.changed.emit(_TYPES),
            )

        kit.tell(N_("Both stay, and nobody is asked about them again."), take_back)
        self._chosen.pop(pair[1], None)
        self.table.setFocus()
        self.look()

    def _on_joined(self, joined: Joined) -> None:
        self.table.setFocus()
        tell_done(self.kit, self._desk, joined.done, N_("Joined: there is one entry now."))

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _TYPES:
            self.look()


def _cells(double: Double, language: Language) -> tuple[Cell, ...]:
    word, icon = _ALIKE[double.twin.likeness]
    tone = Tone.WARNING
    if double.is_apart:
        word, icon, tone = N_("are two"), "check", Tone.MUTED
    kept = double.twin.entry
    under = f"{language.gettext(KINDS[kept.type])} · {double.listed.name}"
    lock = "lock" if kept.is_secret else ""
    return (
        Cell(kept.name, under, lock, is_strong=True),
        Cell(language.gettext(word), icon=icon, tone=tone),
    )


def _count(count: int, language: Language) -> str:
    if not count:
        return language.gettext(N_("Nothing stands twice."))
    return language.ngettext("{count} pair", "{count} pairs", count).format(count=count)
