# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup: how old the last one is, making one, trying one out, and what a backup is.

It reads again whenever it is shown, because sticks come and go meanwhile.
"""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.keeping.errands import Course, Errand
from kfdesk.domain.marks import N_
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.backup import BackupState, backup_state, sticks
from kfdesk.services.keeping.errands import courses
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.drilling import DrillCard
from kfdesk.ui.pages.backup_views.line import LOOKS, age_words, risk_words
from kfdesk.ui.pages.backup_views.making import MakeCard
from kfdesk.ui.pages.backup_views.wiping import WipeCard
from kfdesk.ui.pages.guide_views.card import GuidesCard
from kfdesk.ui.pages.guide_views.page import GuidePages
from kfdesk.ui.pages.repair_views.card import RepairCard
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card

CHANGED = frozenset({"backup"})
"""What the hub is told when a backup was made: not a record, but Today shows its age."""

SPECIAL_DAYS = "special_days"
"""What a place inside this page begins with: the chapter about the guides."""

_HELP = (
    N_("A backup is a copy of the whole notebook, encrypted like the notebook itself."),
    N_(
        "It opens with the passphrases and the recovery key that were in use on its day: who knew "
        "a passphrase then can open it, even if it was changed since."
    ),
    N_("Keep it away from this computer, so that one thief or one fire does not take both."),
    N_("Sent files and printed papers are not in it."),
    N_(
        "A backup still holds people who were erased later. That is why none is kept longer than "
        "35 days; of the rest, seven days and four weeks are kept."
    ),
    N_(
        "Old ones are removed when a new one is made in the same folder. Remove those on other "
        "sticks yourself."
    ),
    N_("After a restore, whoever was erased is erased again, as far as this notebook knows."),
)


class BackupPage(QWidget):
    """The page. `left` follows Later, where a backup was only offered."""

    left = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.state = Banner(kit, Tone.SUCCESS, "shield-check")
        self.later = Button(kit, N_("Later"), look=Look.QUIET)
        self.later.clicked.connect(self.left)
        self.later.hide()
        self.state.act(self.later)
        self.state.hide()
        self.making = MakeCard(kit, desk)
        self.drilling = DrillCard(kit, desk)
        self.wiping = WipeCard(kit, desk)
        self.wiping.wiped.connect(kit.hub.wiped)
        self.repairing = RepairCard(kit, desk)
        self.making.made.connect(self._on_made)
        self.guides = GuidesCard(kit)
        self.guides.asked.connect(self.open_guide)
        self.guide: GuidePages | None = None
        self._stack = QStackedWidget()
        self._lay_out()

    def read(self) -> None:
        """Read again how old the last one is, and which sticks there are."""
        desk = self._desk
        self._kit.work.run(lambda: (backup_state(desk), sticks(desk)), self._on_read)
        self._kit.work.run(lambda: courses(desk), self._on_courses)

    def open_guide(self, errand: Errand) -> None:
        """Show the guide of an errand, where it was left."""
        self._leave_guide()
        self.guide = GuidePages(self._kit, self._desk, errand)
        self.guide.closed.connect(self._on_guide_closed)
        self._stack.setCurrentIndex(self._stack.addWidget(self.guide))
        self.guide.setFocus()

    def place(self) -> str:
        """Which guide one is in, for the way back after a lock."""
        return f"{SPECIAL_DAYS}/{self.guide.guide.errand}" if self.guide is not None else ""

    def return_to(self, place: str) -> None:
        """Go on with the guide that `place` names, if there is one of that name."""
        name = place.partition("/")[2]
        if name in set(Errand):
            self.open_guide(Errand(name))

    def offer(self) -> None:
        """Offer the first backup of a new desk, which can wait."""
        self.later.show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look which sticks there are now; what came of the last time is no news any more."""
        super().showEvent(event)
        if not event.spontaneous():
            self.making.forget()
            self.drilling.forget()
            self.repairing.forget()
        self.read()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hand the keyboard on to where one begins."""
        if self.guide is not None:
            self.guide.setFocus(event.reason())
            return
        ready = self.making.button if self.making.button.isEnabled() else self.making.place.browse
        ready.setFocus(event.reason())

    def _lay_out(self) -> None:
        """From the outside in: what changes its parent tells all that it holds."""
        around = QHBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._stack)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        self._stack.addWidget(scroll)
        page = QWidget()
        page.setProperty("ground", "none")
        scroll.setWidget(page)
        column = QVBoxLayout(page)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(Label(self._kit, N_("Backup"), Type.DISPLAY))
        parts = (self.state, self.making, self.drilling, self.guides, self.repairing)
        for part in (*parts, self._make_help(), self.wiping):
            column.addWidget(part)
        column.addStretch(1)

    def _make_help(self) -> Card:
        card = Card()
        card.head(self._kit, N_("What a backup is, and what it is not"), "info")
        for sentence in _HELP:
            card.body.addWidget(Label(self._kit, sentence).wrapped())
        return card

    def _on_read(self, read: tuple[BackupState, tuple[Path, ...]]) -> None:
        state, plugged_in = read
        self.state.show_look(*LOOKS[state.age])
        self.state.tell(age_words(state), risk_words(state) or _where(state))
        self.state.show()
        last = (state.path.parent,) if state.path is not None and state.path.parent.is_dir() else ()
        self.making.offer((*last, *plugged_in))
        self.drilling.show_newest(state.path)

    def _on_courses(self, under_way: tuple[Course, ...]) -> None:
        self.guides.show_courses({course.errand for course in under_way})

    def _on_guide_closed(self) -> None:
        self._leave_guide()
        self.read()
        self.making.setFocus()

    def _leave_guide(self) -> None:
        if self.guide is not None:
            self._stack.removeWidget(self.guide)
            self.guide.deleteLater()
            self.guide = None

    def _on_made(self) -> None:
        self.later.hide()
        self.read()
        self._kit.hub.changed.emit(CHANGED)


def _where(state: BackupState) -> str:
    """The folder it is in, which is the same in every language."""
    return str(state.path) if state.path is not None else ""
