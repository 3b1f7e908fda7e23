# SPDX-License-Identifier: GPL-3.0-or-later
"""The way between a plan's sections: the list down the side, or a choice in a narrow window.

Both say the same of each section and both lead to the next gap. What a gap is, the sections know.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.sections import Section, SectionList
from kfdesk.ui.words import Message

GAP_KEY = "F8"
_STEPS = {"Ctrl+PgUp": -1, "Ctrl+PgDown": 1, "Alt+Up": -1, "Alt+Down": 1}


class SectionWays(QWidget):
    """The list; `bar` is what stands above the page instead while the window is narrow.

    `chosen` carries the key of a section, `gap_asked` asks for the next gap.
    """

    chosen = Signal(str)
    gap_asked = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._is_narrow = False
        self._keys: list[str] = []
        self.current = ""
        self.list = SectionList(kit)
        self.list.chosen.connect(self.chosen)
        self.choice = Choice(kit)
        self.choice.chosen.connect(self.chosen)
        kit.words.bind(self.choice.setAccessibleName, N_("Part of the plan"))
        self.gaps = tuple(self._make_gap_button() for _ in range(2))
        self.list.foot.addWidget(self.gaps[0])
        self.bar = self._make_bar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.setProperty("ground", "column")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(kit.theme.sized(tokens.SECTIONS))

    def show_sections(self, sections: Sequence[Section], gaps: int) -> None:
        """Show these sections, and whether there is a gap to go to."""
        self._keys = [section.key for section in sections]
        self.list.show_sections(sections)
        self.choice.offer([(each.key, _spoken(each, self._kit)) for each in sections], self.current)
        for button in self.gaps:
            button.setEnabled(gaps > 0)
            button.tell(N_("Next gap") if gaps else N_("No gap left"))

    def show_current(self, key: str) -> None:
        """Mark the section one is in."""
        self.current = key
        self.list.show_current(key)
        if self.choice.key != key:
            self.choice.setCurrentIndex(self._keys.index(key))

    def step(self, by: int) -> None:
        """Go some sections down (or up, below zero), and stop at the ends."""
        place = self._keys.index(self.current) + by if self.current in self._keys else 0
        if self._keys:
            self.chosen.emit(self._keys[max(0, min(len(self._keys) - 1, place))])

    def hear_keys(self, page: QWidget) -> None:
        """Walk the sections by key wherever one is on a page."""
        for keys, by in _STEPS.items():
            heard = QShortcut(QKeySequence(keys), page)
            heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            heard.activated.connect(partial(self.step, by))

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Let the page have the room of the list."""
        self._is_narrow = is_narrow
        self.setVisible(not is_narrow)
        self.bar.setVisible(is_narrow)

    @property
    def pane(self) -> QWidget:
        """The one of both that is on view."""
        return self.bar if self._is_narrow else self

    def target(self) -> QWidget | None:
        """What takes the keyboard for the section one is in."""
        return self.choice if self._is_narrow else self.list.items.get(self.current)

    def _make_gap_button(self) -> Button:
        button = Button(self._kit, N_("Next gap")).ended_by("arrow-right")
        button.answer_key(GAP_KEY)
        button.clicked.connect(self.gap_asked)
        return button

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(20, 12, tokens.PAGE_MARGIN - tokens.RESERVE, 0)
        row.setSpacing(8)
        row.addWidget(self.choice, 1)
        row.addWidget(self.gaps[1])
        bar.hide()
        return bar


def _spoken(section: Section, kit: Kit) -> Message:
    def say(language: Language) -> str:
        fact = kit.words.say(section.fact)
        word = language.gettext(section.label)
        return f"{word} – {fact}" if fact else word

    return say
