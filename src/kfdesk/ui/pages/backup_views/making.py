# SPDX-License-Identifier: GPL-3.0-or-later
"""The card that makes a backup: where to, then one button, then what came of it.

The work is done on the worker's thread and can be stopped; what is kept and what is removed is
not known here.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.backup import MadeBackup, make_backup
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.course import CourseLine
from kfdesk.ui.pages.backup_views.place import PlaceChoice
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card

CANCELLED = "work.cancelled"
_TITLE = N_("Writing and reading back…")


class MakeCard(Card):
    """Makes backups. `made` follows each that was read back."""

    made = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.place = PlaceChoice(kit, N_("Where to"), N_("Choose a folder for backups"))
        self.place.changed.connect(self._show_ready)
        self.button = Button(kit, N_("Make a backup"), "archive", Look.PRIMARY)
        self.button.clicked.connect(self._on_make_clicked)
        self.course = CourseLine(kit, N_("Writing and reading back: {share} %"))
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.hide()
        self.body.setSpacing(tokens.FIELD_GAP)
        self.head(kit, N_("Make a backup"), "archive")
        self.body.addWidget(self.outcome)
        self.body.addWidget(self.place)
        lead = N_(
            "It is written to the end, read back and compared before it counts. "
            "Leave the stick in until it says so."
        )
        self.body.addWidget(Label(kit, lead, tone=Tone.MUTED).wrapped())
        row = QHBoxLayout()
        row.addSpacing(-tokens.RESERVE)
        row.addWidget(self.button)
        row.addWidget(self.course)
        row.addStretch(1)
        self.body.addLayout(row)
        self._show_ready()

    def offer(self, paths: Sequence[Path]) -> None:
        """Offer folders to write to."""
        self.place.offer(paths)

    def forget(self) -> None:
        """Say no more what came of the last time."""
        self.outcome.hide()

    def _show_ready(self) -> None:
        self.button.setEnabled(self.place.path is not None)

    def _on_make_clicked(self) -> None:
        into, desk = self.place.path, self._desk
        if into is None:
            return
        self.outcome.hide()
        course = self.course.begin()
        self.button.hide()
        self.place.setEnabled(False)
        self._kit.work.run(
            lambda: make_backup(desk, into, course),
            self._on_made,
            self._on_refused,
            title=_TITLE,
            cancel=course,
        )

    def _rest(self) -> None:
        self.course.end()
        self.place.setEnabled(True)
        self.button.show()
        self.button.setFocus()

    def _on_made(self, made: MadeBackup) -> None:
        self._rest()
        count = sum(made.counts.values())
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.tell(
            N_("The backup is whole. You can take the stick out now."),
            lambda language: language.ngettext(
                "{count} record, in the folder {name}",
                "{count} records, in the folder {name}",
                count,
            ).format(count=count, name=made.path.name),
        )
        self.outcome.show()
        self.made.emit()

    def _on_refused(self, fault: KfdeskError) -> None:
        self._rest()
        is_calm = fault.code == CANCELLED
        self.outcome.show_look(*((Tone.INFO, "info") if is_calm else (Tone.DANGER, "circle-alert")))
        self.outcome.tell_fault(fault)
