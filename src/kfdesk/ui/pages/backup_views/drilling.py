# SPDX-License-Identifier: GPL-3.0-or-later
"""The card that tries a backup out: it is restored to the side, read, counted, and thrown away.

A backup that nobody has ever opened is a hope. The passphrase is asked for, because the backup
opens by that alone, and goes nowhere but to the worker's thread.
"""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.desk.backup import made_at
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.backup import drill
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_folder
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.course import CourseLine
from kfdesk.ui.pages.backup_views.making import CANCELLED
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.entry import SecretEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card

_TITLE = N_("Opening the backup…")
_WIDTH = 440


class DrillCard(Card):
    """Tries out the newest backup of the last folder, or one that is chosen.

    `opened` follows each that was whole.
    """

    opened = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._newest: Path | None = None
        self.passphrase = SecretEntry(kit)
        self.passphrase.setMaximumWidth(_WIDTH)
        self.field = Field(kit, N_("Your passphrase"), self.passphrase)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.passphrase.line.returnPressed.connect(self._on_newest_clicked)
        self.newest = Button(kit, N_("Try the newest"), "list-checks")
        self.newest.clicked.connect(self._on_newest_clicked)
        self.other = Button(kit, N_("Try another…"), "files")
        self.other.clicked.connect(self._on_other_clicked)
        self.course = CourseLine(kit, N_("Opening the backup: {share} %"))
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.hide()
        self._lay_out()
        self._show_ready()

    def show_newest(self, backup: Path | None) -> None:
        """Know which backup was made last; the folder it is in is looked through."""
        self._newest = backup.parent if backup is not None else None
        self._show_ready()

    def forget(self) -> None:
        """Say no more what came of the last time."""
        self.outcome.hide()

    def try_out(self, backup: Path) -> None:
        """Restore this backup, or the newest in this folder, to the side; say whether it opens."""
        typed, desk = self.passphrase.text(), self._desk
        if not typed:
            self.passphrase.line.setFocus()
            return
        self.outcome.hide()
        self.passphrase.clear()
        course = self.course.begin()
        self._rest(is_resting=False)
        self._kit.work.run(
            lambda: drill(desk, backup, typed, course),
            self._on_opened,
            self._on_refused,
            title=_TITLE,
            cancel=course,
        )

    def _lay_out(self) -> None:
        kit = self._kit
        self.body.setSpacing(tokens.FIELD_GAP)
        self.head(kit, N_("Does it open?"), "list-checks")
        self.body.addWidget(self.outcome)
        lead = N_(
            "A backup is tried out on a copy beside the store: all of it is read and counted, "
            "then the copy is thrown away. Do this once a month."
        )
        self.body.addWidget(Label(kit, lead, tone=Tone.MUTED).wrapped())
        self.body.addWidget(self.field)
        row = QHBoxLayout()
        row.setSpacing(tokens.GRID - tokens.RESERVE)
        row.addSpacing(-tokens.RESERVE)
        for part in (self.newest, self.other, self.course):
            row.addWidget(part)
        row.addStretch(1)
        self.body.addLayout(row)

    def _rest(self, *, is_resting: bool) -> None:
        for part in (self.newest, self.other):
            part.setVisible(is_resting)
        self.passphrase.setEnabled(is_resting)
        if is_resting:
            self.course.end()
            self.passphrase.line.setFocus()
        self._show_ready()

    def _show_ready(self) -> None:
        is_typed = bool(self.passphrase.text())
        self.newest.setEnabled(is_typed and self._newest is not None)
        self.other.setEnabled(is_typed)

    def _on_edited(self) -> None:
        self.field.say_nothing()
        self._show_ready()

    def _on_newest_clicked(self) -> None:
        if self._newest is not None:
            self.try_out(self._newest)

    def _on_other_clicked(self) -> None:
        ask_folder(self._kit, self, N_("Choose a backup"), self.try_out)

    def _on_opened(self, opened: tuple[Path, Mapping[str, int]]) -> None:
        self._rest(is_resting=True)
        path, counts = opened
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.tell(
            N_("It opens, and all of it is whole."),
            lambda language: _counted(path, sum(counts.values()), language),
        )
        self.outcome.show()
        self.opened.emit()

    def _on_refused(self, fault: KfdeskError) -> None:
        self._rest(is_resting=True)
        if fault.code == "store.wrong_passphrase":
            self.field.say_wrong(
                N_("This passphrase does not open it. An older backup opens with the older one.")
            )
            return
        is_calm = fault.code == CANCELLED
        self.outcome.show_look(*((Tone.INFO, "info") if is_calm else (Tone.DANGER, "circle-alert")))
        self.outcome.tell_fault(fault)


def _counted(path: Path, count: int, language: Language) -> str:
    made = made_at(path.name, None)
    words = language.ngettext("{count} record", "{count} records", count).format(count=count)
    if made is None:
        return words
    day = language.gettext(N_("Backup of {day}, {time}")).format(
        day=language.day(made.date(), year=True), time=language.clock(made)
    )
    return f"{day}: {words}"
