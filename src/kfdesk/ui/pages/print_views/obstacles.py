# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a paper from being printed: a line each with its field, and what to do about it.

Made of faults, which the window's own words say. A remedy that several lines share stands once. A
line about a plan has a button that leads to its very field.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_views.goal import Goal, goal_of
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Card, clear, line

_LOWEST = 76
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_INDENT = icons.MEDIUM + 10
_NARROW = 360
"""A panel that has no room for a sentence and a button beside each other."""


class Obstacles(Card):
    """The lines, under a head that counts them.

    `mend_asked` carries the Goal in the plan where one is mended, or None for the plan alone.
    """

    mend_asked = Signal(object)

    def __init__(self, kit: Kit) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._count = Label(kit, style=Type.HEADING).wrapped()
        self.open_plan = Button(kit, N_("Open the plan"), "clipboard-list", Look.QUIET)
        self.open_plan.clicked.connect(lambda: self.mend_asked.emit(self._first))
        self.mending: list[Button] = []
        self._sides: list[QBoxLayout] = []
        self._first: Goal | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self.body.setSpacing(0)
        self.body.addLayout(self._make_head())
        self.body.addWidget(line())
        self.body.addWidget(self._make_scroll(), 1)

    def show_faults(
        self, faults: Sequence[KfdeskError], words: Sequence[str] = (), *, may_mend: bool = False
    ) -> None:
        """Show a line for each, with the words that the page says, where it has any.

        `may_mend` says that it is a plan's paper: then buttons lead to where a line is mended.
        """
        clear(self._lines)
        self.mending, self._sides = [], []
        self._first = next(filter(None, map(goal_of, faults)), None)
        self.open_plan.setVisible(may_mend)
        self._count.tell(lambda language: _counted(len(faults), language))
        for place, fault in enumerate(faults):
            self._lines.addLayout(self._make_line(fault, goal_of(fault) if may_mend else None))
            if place < len(words):
                self._lines.addLayout(self._make_words(words[place]))
            after = faults[place + 1] if place + 1 < len(faults) else None
            if after is None or self._remedy(after) != self._remedy(fault):
                self._lines.addLayout(self._make_remedy(fault))
        self._lines.addStretch(1)
        self._give_way()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In a narrow panel the buttons stand below what they are about."""
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        is_narrow = self.width() < _NARROW
        self.open_plan.set_bare(is_bare=is_narrow)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        for side in self._sides:
            side.setDirection(below if is_narrow else beside)

    def _remedy(self, fault: KfdeskError) -> str:
        return self._kit.faults(fault, self._kit.words.language)[1]

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 8, 6)
        head.setSpacing(9)
        head.addWidget(Icon(self._kit, "triangle-alert", Tone.WARNING))
        head.addWidget(self._count, 1)
        head.addWidget(self.open_plan)
        return head

    def _make_scroll(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("ground", "none")
        page.setLayout(self._lines)
        self._lines.setContentsMargins(16, 12, 16, 12)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(_LOWEST)
        self._kit.words.bind(scroll.setAccessibleName, N_("What keeps it from being printed"))
        return scroll

    def _make_line(self, fault: KfdeskError, goal: Goal | None) -> QHBoxLayout:
        faults = self._kit.faults
        sentence = Label(self._kit).wrapped()
        sentence.tell(lambda language: faults(fault, language)[0])
        side = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        side.setSpacing(2)
        side.addWidget(sentence, 1)
        if goal is not None:
            side.addWidget(self._make_way(fault, goal), 0, _MIDDLE)
        self._sides.append(side)
        row = QHBoxLayout()
        row.setSpacing(10)
        sign = Icon(self._kit, "circle-alert", Tone.WARNING, icons.MEDIUM)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(side, 1)
        return row

    def _make_way(self, fault: KfdeskError, goal: Goal) -> Button:
        """The button that leads to the field; to who listens it says which."""
        way = Button(self._kit, N_("Mend"), look=Look.QUIET).sized(tokens.CONTROL_COMPACT)
        way.ended_by("chevron-right").clicked.connect(partial(self.mend_asked.emit, goal))
        faults, name = self._kit.faults, N_("Mend: {what}")
        self._kit.words.bind(
            way.setAccessibleName, name, what=lambda language: faults(fault, language)[0]
        )
        self.mending.append(way)
        return way

    def _make_words(self, words: str) -> QHBoxLayout:
        said = Label(self._kit, style=Type.STRONG).wrapped()
        said.tell(N_("The page says: {words}"), words=lambda _: words)
        row = QHBoxLayout()
        row.setContentsMargins(_INDENT, 0, 0, 0)
        row.addWidget(said, 1)
        return row

    def _make_remedy(self, fault: KfdeskError) -> QHBoxLayout:
        faults = self._kit.faults
        remedy = Label(self._kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        remedy.tell(lambda language: faults(fault, language)[1])
        row = QHBoxLayout()
        row.setContentsMargins(_INDENT, 0, 0, 8)
        row.addWidget(remedy, 1)
        return row


def _counted(count: int, language: Language) -> str:
    words = language.ngettext(
        "{count} thing keeps it from being printed",
        "{count} things keep it from being printed",
        count,
    )
    return words.format(count=count)
