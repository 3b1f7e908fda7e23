# SPDX-License-Identifier: GPL-3.0-or-later
"""The two pictures side by side, now and with the measures, and the list with the same numbers.

What is chosen above says whose weighing is seen: the worse of both, or one of them, older ones
too. It decides nothing; what is the worse is said in the domain.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.lists.risk_codes import RISK_LEVEL
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.domain.weighing.levels import Cell, Judged, RiskLevel, Weighed, highest, weighed, worse
from kfdesk.i18n.language import Language
from kfdesk.services.casework.weighing import Risks, Version
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.risk_views.lines import (
    LEVEL_LOOKS,
    RiskTable,
    category_text,
    items_text,
    rows_of,
)
from kfdesk.ui.pages.plan_page.risk_views.matrix import Matrix, ramp
from kfdesk.ui.pages.shown import told_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.flow import Beside, Flow, together
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Card, line
from kfdesk.ui.words import Message

BOTH = "both"
_BESIDE = 20
_LEAST = 640


class Side(QWidget):
    """One picture with its heading and the gravest level in it."""

    def __init__(self, kit: Kit, title: Message, under: Message) -> None:
        super().__init__()
        self._kit = kit
        self.matrix = Matrix(kit, title)
        self.level = Chip(kit)
        head = QHBoxLayout()
        head.addWidget(Label(kit, title, Type.HEADING))
        head.addStretch(1)
        head.addWidget(self.level)
        self.where = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(Label(kit, under, Type.SMALL, Tone.MUTED).wrapped())
        column.addWidget(self.matrix)
        column.addWidget(self.where)
        self.matrix.walked.connect(self._on_walked)

    def show_judged(self, judged: Sequence[tuple[int, Judged]]) -> None:
        """Show discs and level of these numbers."""
        discs: dict[Cell, list[int]] = {}
        for number, one in judged:
            if one.cell is not None and one.level is not None:
                discs.setdefault(one.cell, []).append(number)
        self.matrix.show_discs(discs)
        gravest = highest(one for _, one in judged)
        tone, icon = LEVEL_LOOKS.get(gravest or RiskLevel.LOW, (Tone.MUTED, ""))
        self.level.show_look(tone if gravest else Tone.MUTED, icon if gravest else "circle-dashed")
        self.level.tell(RISK_LEVEL[gravest.code] if gravest else N_("Nothing found"))
        first = max(discs, key=lambda cell: cell.score, default=None)
        if first is not None:
            self.matrix.go_to(first)
        self._on_walked(self.matrix.current)

    def _on_walked(self, cell: Cell) -> None:
        self.where.tell(lambda language: self.matrix.cell_text(cell, language))


class Legend(QWidget):
    """What the colours mean, in words."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        flow = Flow(gap=20)
        for level in RiskLevel:
            word = Label(kit, RISK_LEVEL[level.code], Type.SMALL)
            flow.add(together(_Swatch(kit, level), word, gap=8))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(flow, 0, Qt.AlignmentFlag.AlignHCenter)


class _Swatch(QWidget):
    def __init__(self, kit: Kit, level: RiskLevel) -> None:
        super().__init__()
        self._kit, self._level = kit, level
        self.setFixedSize(22, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The colour of a level."""
        colours = self._kit.theme.colours
        box = QRectF(self.rect())
        paint.box(QPainter(self), box, 4, ramp(colours, self._level), colours.control)


class PictureCard(Card):
    """The pictures, and below them the list. `chosen` carries the category of a row."""

    chosen = Signal(str)
    version_chosen = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._risks: Risks | None = None
        self._names: Mapping[str, str] = {}
        self._shown: tuple[Weighed, ...] = ()
        self.view = Label(kit, style=Type.STRONG).wrapped()
        self.whose = Choice(kit)
        kit.words.bind(self.whose.setAccessibleName, N_("Whose weighing is shown"))
        self.before = Side(kit, N_("Now"), N_("Likelihood up, severity across"))
        self.after = Side(kit, N_("With the measures"), N_("If every measure is in place"))
        self.unrated = Label(kit, style=Type.SMALL, tone=Tone.WARNING).wrapped()
        self.table: RiskTable | None = None
        self._lay_out()
        self.whose.chosen.connect(self._on_whose_chosen)
        for side in (self.before, self.after):
            side.matrix.chosen.connect(self._on_cell_chosen)
        kit.words.changed.connect(self._show)

    def make_table(self) -> RiskTable:
        """The list below the pictures; made apart from them, because both take their time."""
        if self.table is None:
            self.table = RiskTable(self._kit)
            self.table.chosen.connect(self._on_row_chosen)
            self.body.addWidget(line())
            self.body.addWidget(self.table)
            self._show()
        return self.table

    @property
    def version(self) -> Version | None:
        """The one weighing that is shown; None while it is the worse of both."""
        versions = self._risks.versions if self._risks is not None else ()
        return next((v for v in versions if v.view.rid.hex() == self.whose.key), None)

    def show_risks(self, risks: Risks, names: Mapping[str, str]) -> None:
        """Show these; what was chosen stays chosen while it is there."""
        self._risks, self._names = risks, names
        options: list[tuple[str, Message]] = [(BOTH, N_("The worse of both"))]
        options += [(one.view.rid.hex(), version_name(one, names)) for one in risks.versions]
        self.whose.offer(options, self.whose.key or BOTH)
        self._show()

    def go_to(self, category: str) -> None:
        """Mark the row of a category."""
        for row, one in enumerate(self._shown):
            if one.category == category:
                self.make_table().selectRow(row)

    def _lay_out(self) -> None:
        pad = tokens.CARD_PADDING
        top = QVBoxLayout()
        top.setContentsMargins(pad, pad, pad, pad)
        top.setSpacing(10)
        top.addWidget(self.view)
        top.addWidget(self.whose)
        sides = (self.before, 1), (self.after, 1)
        top.addWidget(Beside(self._kit.theme, *sides, least=_LEAST, gap=_BESIDE))
        top.addWidget(Legend(self._kit))
        top.addWidget(self.unrated)
        self.body.setSpacing(0)
        self.body.addLayout(top)

    def _show(self) -> None:
        if self._risks is None:
            return
        version, language = self.version, self._kit.words.language
        found = worse(version.lines) if version is not None else self._risks.worse
        self._shown = tuple(one for one in found if one.before.level is not None)
        self._show_her_view(version or self._risks.ours)
        self.before.show_judged([(one.number, one.before) for one in self._shown])
        self.after.show_judged([(one.number, one.after) for one in self._shown])
        undrawn = [one for one in self._shown if one.before.cell is None]
        self.unrated.setVisible(bool(undrawn))
        self.unrated.tell(lambda spoken: _undrawn(undrawn, spoken))
        beside = items_text if version is not None else self._both_sides
        if self.table is not None:
            rows = rows_of(self._shown, lambda one: beside(one, language), language)
            self.table.show_rows(rows)
            self.table.fit_height()
            self.table.setVisible(bool(self._shown))

    def _show_her_view(self, version: Version | None) -> None:
        """Her own view in her words stands before everybody else's."""
        told = version.view.record.client_view if version is not None else None
        self.view.setVisible(isinstance(told, tuple))
        self.view.tell(lambda language: _quoted(told, language))

    def _both_sides(self, one: Weighed, language: Language) -> str:
        """What each side says of a category: `Nordhuset: 20 → 8 · Pskov: 12 → 8`."""
        return " · ".join(self._sides(one.category, language))

    def _sides(self, category: str, language: Language) -> Iterator[str]:
        for version in self._risks.versions if self._risks is not None else ():
            if not version.counts:
                continue
            said = [w for w in map(weighed, version.lines) if w.category == category]
            for own in said:
                scores = [side.cell.score for side in (own.before, own.after) if side.cell]
                level = own.before.level
                words = " → ".join(map(str, scores))
                if not words:
                    words = language.gettext(RISK_LEVEL[level.code]) if level is not None else "–"
                yield f"{house_of(version, self._names)}: {words}"

    def _on_whose_chosen(self) -> None:
        self._show()
        self.version_chosen.emit()

    def _on_row_chosen(self, row: int) -> None:
        self.chosen.emit(self._shown[row].category)

    def _on_cell_chosen(self, cell: Cell) -> None:
        """Enter in a cell leads to the first risk in it."""
        for one in self._shown:
            if cell in (one.before.cell, one.after.cell):
                self.go_to(one.category)
                self.make_table().setFocus()
                return


def _quoted(told: Value, language: Language) -> str:
    words = language.gettext(N_("She says: “{text}”"))
    return words.format(text=told_text(told, language))


def house_of(version: Version, names: Mapping[str, str]) -> str:
    """The name of the organisation that weighed."""
    row, named = version.view.row, version.view.record.organisation
    name = named if isinstance(named, str) else row.custodian.hex()
    return names.get(name) or "–"


def version_name(version: Version, names: Mapping[str, str]) -> Message:
    """A weighing by whose it is and of which day: `Nordhuset, 1 December 2026`."""

    def words(language: Language) -> str:
        done = version.view.record.done
        day = language.day(done, year=True) if isinstance(done, date) else "–"
        said = "{house}, {day}"
        if not version.counts:
            said = language.gettext(N_("{house}, {day} (earlier)"))
        return said.format(house=house_of(version, names), day=day)

    return words


def _undrawn(undrawn: Sequence[Weighed], language: Language) -> str:
    names = [f"{one.number} {category_text(one.category, language)}" for one in undrawn]
    words = language.gettext(N_("Not in the picture, and counted as high: {names}"))
    return words.format(names="; ".join(names))
