# SPDX-License-Identifier: GPL-3.0-or-later
"""Other plans of which something waits for the same partner: a box for each, for the same file.

None is ticked by itself: what leaves is chosen by a person. Knows no store.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.casework.lines import PlanLine
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, clear

_SHOWN = 12  # the choice above has them all


class Also(Card):
    """The boxes; hidden while nothing else waits. `changed` follows each tick."""

    changed = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.ticks: dict[bytes, Tick] = {}
        self.head(kit, N_("More waits for this partner"), "clipboard-list")
        words = N_("Tick what goes in the same file.")
        self.body.addWidget(Label(kit, words, Type.SMALL, Tone.MUTED).wrapped())
        self._boxes = QVBoxLayout()
        self._boxes.setSpacing(0)
        self.body.addLayout(self._boxes)
        self.hide()

    @property
    def chosen(self) -> tuple[bytes, ...]:
        """The plans that are ticked."""
        return tuple(plan for plan, tick in self.ticks.items() if tick.isChecked())

    def show_plans(
        self, plans: Sequence[PlanLine], records: Mapping[bytes, int], chosen: bytes
    ) -> None:
        """Offer those of the plans of which something waits, without the one chosen above."""
        ticked = self.chosen
        clear(self._boxes)
        self.ticks = {}
        for line in _waiting(plans, records, chosen):
            tick = Tick(self._kit, partial(plan_words, line, records[line.rid]))
            tick.setChecked(line.rid in ticked)
            tick.toggled.connect(self.changed)
            self.ticks[line.rid] = tick
            self._boxes.addWidget(tick)
        self.setVisible(bool(self.ticks))


def plan_words(line: PlanLine, count: int, language: Language) -> str:
    """`tulpan-47 · Nina: 3 records to send`."""
    name = f"{line.code} · {line.alias}" if line.alias else line.code
    if not count:
        return name
    words = language.ngettext(
        "{plan}: {count} record to send", "{plan}: {count} records to send", count
    )
    return words.format(plan=name, count=count)


def _waiting(
    plans: Sequence[PlanLine], records: Mapping[bytes, int], chosen: bytes
) -> Iterator[PlanLine]:
    found = [line for line in plans if line.rid in records and line.rid != chosen]
    yield from found[:_SHOWN]
