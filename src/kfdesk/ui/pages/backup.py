# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Backup: the age of the last backup, its cards, and the runbooks.

The page reads again whenever it is shown, because USB sticks come and go. Its cards are in
`backup_jobs`, the runbooks in `runbooks`. It knows no file format and no key.
"""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.runbooks import Runbook, RunbookProgress
from kfdesk.services.core.session import Session
from kfdesk.services.upkeep.backup import BackupState, backup_state, list_sticks
from kfdesk.services.upkeep.runbooks import list_runbooks
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.backup_jobs import (
    BACKUP_LOOKS,
    CreateBackupCard,
    RestoreTestCard,
    StoreCheckCard,
    WipeCard,
    backup_age_text,
    backup_risk_text,
)
from kfdesk.ui.pages.runbooks import RunbookPages, RunbooksCard
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, TextStyle, Tone
from kfdesk.ui.widgets.build import STRETCH, column, extend, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.text import Label

BACKUP_CHANGED = frozenset({"backup"})
"""The type in `EventBus.changed` after a backup: no record, but Today shows its age."""

RUNBOOKS_PREFIX = "special_days"
"""The first part of a place inside this page: the chapter of the help about runbooks."""

_HELP = (
    N_("A backup is a copy of the whole database, encrypted like the database itself."),
    N_(
        "It opens with the passphrases and the recovery key that were in use on its day: anyone "
        "who knew a passphrase then can open it, even if it has been changed since."
    ),
    N_("Keep it away from this computer, so that one theft or one fire does not take both."),
    N_("Sent files and printed papers are not in it."),
    N_(
        "A backup still contains data that was erased later. That is why none is kept longer "
        "than 35 days. Of the rest, the newest from each of seven days and four weeks is kept."
    ),
    N_(
        "Old ones are deleted when a new one is made in the same folder. Delete those "
        "on other USB sticks yourself."
    ),
    N_("After a restore, data erased earlier is erased again, as far as it is recorded here."),
)


class BackupPage(Page, QWidget):
    """The page Backup, or a runbook opened from it.

    `left` follows the button Later, shown while a first backup is offered.
    """

    left = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.state = Banner(kit, Tone.SUCCESS, "shield-check")
        self.later = Button(kit, N_("Later"), look=ButtonLook.QUIET, on=self.left.emit)
        self.later.hide()
        self.state.set_action(self.later)
        self.state.hide()
        self.making = CreateBackupCard(kit, desk)
        self.drilling = RestoreTestCard(kit, desk)
        self.wiping = WipeCard(kit, desk)
        self.wiping.wiped.connect(kit.events.wiped)
        self.repairing = StoreCheckCard(kit, desk)
        self.making.made.connect(self._on_made)
        self.guides = RunbooksCard(kit)
        self.guides.asked.connect(self.open_runbook)
        self.guide: RunbookPages | None = None
        self._stack = QStackedWidget()
        self._lay_out()

    def read(self) -> None:
        """Read the age of the last backup and the connected sticks again."""
        desk = self._desk
        self._kit.worker.run(lambda: (backup_state(desk), list_sticks(desk)), self._on_read)
        self._kit.worker.run(lambda: list_runbooks(desk), self._on_courses)

    def open_runbook(self, runbook: Runbook) -> None:
        """Show the guide of this runbook, at the step where it was left."""
        self._leave_guide()
        self.guide = RunbookPages(self._kit, self._desk, runbook)
        self.guide.closed.connect(self._on_guide_closed)
        self._stack.setCurrentIndex(self._stack.addWidget(self.guide))
        self.guide.setFocus()

    def place(self) -> str:
        """Return the open guide, to restore it after a lock."""
        return f"{RUNBOOKS_PREFIX}/{self.guide.guide.runbook}" if self.guide is not None else ""

    def return_to(self, place: str) -> None:
        """Open the guide that `place` names, if there is one of that name."""
        name = place.partition("/")[2]
        if name in set(Runbook):
            self.open_runbook(Runbook(name))

    def offer_first_backup(self) -> None:
        """Offer the first backup of a new store; the user may do it later."""
        self.later.show()

    def showEvent(self, event: QShowEvent) -> None:
        """Clear the last results, and read which sticks are connected now."""
        super().showEvent(event)
        if not event.spontaneous():
            self.making.clear_result()
            self.drilling.clear_result()
            self.repairing.clear_result()
        self.read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the first control to use."""
        if self.guide is not None:
            self.guide.setFocus(event.reason())
            return
        ready = self.making.button if self.making.button.isEnabled() else self.making.place.browse
        ready.setFocus(event.reason())

    def _lay_out(self) -> None:
        """Lay the page out from the outside in.

        A widget that gets another parent passes the style change on to all its children.
        """
        row(self._stack, on=self)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        self._stack.addWidget(scroll)
        page = QWidget()
        page.setProperty("ground", "none")
        scroll.setWidget(page)
        margin = PAGE_MARGIN
        box = column(gap=CARD_GAP, margins=(margin, margin - 4, margin, margin), on=page)
        extend(box, Label(self._kit, N_("Backup"), TextStyle.DISPLAY))
        parts = (self.state, self.making, self.drilling, self.guides, self.repairing)
        extend(box, *parts, self._make_help(), self.wiping, STRETCH)

    def _make_help(self) -> CardFrame:
        card = CardFrame()
        card.add_heading(self._kit, N_("What a backup is, and what it is not"), "info")
        for sentence in _HELP:
            extend(card.body, text(self._kit, sentence))
        return card

    def _on_read(self, read: tuple[BackupState, tuple[Path, ...]]) -> None:
        state, plugged_in = read
        self.state.show_look(*BACKUP_LOOKS[state.age])
        self.state.set_message(
            backup_age_text(state), backup_risk_text(state) or _backup_path(state)
        )
        self.state.show()
        last = (state.path.parent,) if state.path is not None and state.path.parent.is_dir() else ()
        self.making.set_options((*last, *plugged_in))
        self.drilling.show_newest(state.newest)

    def _on_courses(self, under_way: tuple[RunbookProgress, ...]) -> None:
        self.guides.show_under_way({progress.runbook for progress in under_way})

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
        self._kit.events.changed.emit(BACKUP_CHANGED)


def _backup_path(state: BackupState) -> str:
    """Return the path of the backup, the same in every language."""
    return str(state.path) if state.path is not None else ""
