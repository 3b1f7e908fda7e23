# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a paper from being printed: a line each with its field, and what to do about it.

Made of faults, which the window's own words say. A remedy that several lines share stands once.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Card, clear, line

_LOWEST = 76
_INDENT = icons.MEDIUM + 10


class Obstacles(Card):
    """The lines, under a head that counts them."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._count = Label(kit, style=Type.HEADING)
        self.open_plan = Button(kit, N_("Open the plan"), "clipboard-list", Look.QUIET)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self.body.setSpacing(0)
        self.body.addLayout(self._make_head())
        self.body.addWidget(line())
        self.body.addWidget(self._make_scroll(), 1)

    def show_faults(self, faults: Sequence[KfdeskError], words: Sequence[str] = ()) -> None:
        """Show a line for each, with the words that the page says, where it has any."""
        clear(self._lines)
        self._count.tell(lambda language: _counted(len(faults), language))
        for place, fault in enumerate(faults):
            self._lines.addLayout(self._make_line(fault))
            if place < len(words):
                self._lines.addLayout(self._make_words(words[place]))
            after = faults[place + 1] if place + 1 < len(faults) else None
            if after is None or self._remedy(after) != self._remedy(fault):
                self._lines.addLayout(self._make_remedy(fault))
        self._lines.addStretch(1)

    def _remedy(self, fault: KfdeskError) -> str:
        return self._kit.faults(fault, self._kit.words.language)[1]

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 8, 6)
        head.setSpacing(9)
        head.addWidget(Icon(self._kit, "triangle-alert", Tone.WARNING))
        head.addWidget(self._count)
        head.addStretch(1)
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

    def _make_line(self, fault: KfdeskError) -> QHBoxLayout:
        faults = self._kit.faults
        sentence = Label(self._kit).wrapped()
        sentence.tell(lambda language: faults(fault, language)[0])
        row = QHBoxLayout()
        row.setSpacing(10)
        sign = Icon(self._kit, "circle-alert", Tone.WARNING, icons.MEDIUM)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(sentence, 1)
        return row

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
