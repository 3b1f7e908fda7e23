# SPDX-License-Identifier: GPL-3.0-or-later
"""The categories of our own weighing, each with what its answers come to so far.

Where one is opened, its questions stand below. What is still open is counted above.
"""

from collections.abc import Mapping

from PySide6.QtCore import Signal

from kfdesk.domain.lists.risk_codes import ITEMS, RISK_CATEGORY, RISK_LEVEL
from kfdesk.domain.schema import N_
from kfdesk.domain.weighing.items import ItemAnswer, items_of
from kfdesk.domain.weighing.levels import Weighed, asked, is_open, weighed
from kfdesk.i18n.language import Language
from kfdesk.services.casework.weighing import Risks
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.risk_views.lines import LEVEL_LOOKS, NumberCell, RiskPainter
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.widgets.rows import Cell, Column, Table


class CategoriesCard(Card):
    """The list; `chosen` carries the category that is opened."""

    chosen = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._risks: Risks | None = None
        self._categories: tuple[str, ...] = ()
        self._count = Label(kit, style=Type.SMALL, tone=Tone.MUTED)
        columns = (Column(""), Column(N_("Category"), stretches=True), Column(N_("Comes to")))
        self.table = Table(kit, columns)
        self.table.setItemDelegate(RiskPainter(kit, self.table))
        kit.words.bind(self.table.setAccessibleName, N_("Categories of risks"))
        self.head(kit, N_("Questions by category"), "list-checks").addWidget(self._count)
        self.body.addWidget(self.table)
        self.table.chosen.connect(lambda row: self.chosen.emit(self._categories[row]))
        kit.words.changed.connect(self._show)

    def show_risks(self, risks: Risks) -> None:
        """Show the categories of our weighing that counts."""
        self._risks = risks
        self._categories = asked(has_children=risks.has_children)
        self.setVisible(risks.ours is not None)
        self._show()

    def go_to(self, category: str) -> None:
        """Mark a category."""
        if category in self._categories:
            self.table.selectRow(self._categories.index(category))

    def _show(self) -> None:
        risks = self._risks
        if risks is None or risks.ours is None:
            return
        language = self._kit.words.language
        lines = {one.category: one for one in map(weighed, risks.ours.lines)}
        numbers = {category: number for number, category in enumerate(RISK_CATEGORY, start=1)}
        self.table.show_rows(
            [
                (
                    NumberCell(str(numbers[category])),
                    Cell(language.gettext(RISK_CATEGORY[category])),
                    _comes_to(category, lines, language),
                )
                for category in self._categories
            ]
        )
        self.table.fit_height()
        left = len(risks.open)
        self._count.tell(lambda spoken: _left(left, spoken))


def _comes_to(category: str, lines: Mapping[str, Weighed], language: Language) -> Cell:
    one = lines.get(category)
    record = one.line.record if one is not None else None
    if one is None or record is None or not isinstance(record.answer, str):
        held = items_of(category, record)
        given = sum(one.answer is not ItemAnswer.OPEN for one in held.values())
        words = language.gettext(N_("{given} of {total} answered"))
        return Cell(
            words.format(given=given, total=len(ITEMS[category])),
            icon="circle-dashed",
            tone=Tone.MUTED,
        )
    if is_open(one.line):
        words = language.gettext(N_("To be weighed"))
        return Cell(words, icon="circle-alert", tone=Tone.WARNING)
    if one.before.level is None:
        words = language.gettext(N_("Nothing found"))
        return Cell(words, icon="circle-check", tone=Tone.SUCCESS)
    tone, icon = LEVEL_LOOKS[one.before.level]
    return Cell(language.gettext(RISK_LEVEL[one.before.level.code]), icon=icon, tone=tone)


def _left(count: int, language: Language) -> str:
    if not count:
        return language.gettext(N_("nothing open"))
    return language.ngettext("{count} open", "{count} open", count).format(count=count)
