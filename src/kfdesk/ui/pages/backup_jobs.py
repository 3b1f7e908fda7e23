# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup jobs: make, test, wipe and check, each as a card, and the status line on Today.

The work runs on the worker's thread and can be cancelled. Before the store is wiped, a
passphrase is asked for, so that it does not happen by mistake. The code that opened the store
decides what happens to the window afterwards.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.backup import BackupAge, backup_time
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session, verify_store
from kfdesk.services.upkeep.backup import (
    BackupState,
    CompletedBackup,
    make_backup,
    rehearse_restore,
    wipe_store,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import FolderChoice, ask_folder
from kfdesk.ui.tokens import FIELD_GAP, GRID, RESERVE, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, column, extend, muted, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import (
    WRONG_PASSPHRASE,
    WRONG_PASSPHRASE_TEXT,
    CheckBox,
    LabelledField,
    PassphraseEntry,
)
from kfdesk.ui.widgets.layout import Banner, CardFrame, JobProgressLine, show_fault_in

# --- age of the last backup

BACKUP_LOOKS: Mapping[BackupAge, tuple[Tone, str]] = {
    BackupAge.FRESH: (Tone.SUCCESS, "shield-check"),
    BackupAge.OLD: (Tone.WARNING, "triangle-alert"),
    BackupAge.OVERDUE: (Tone.DANGER, "octagon-alert"),
    BackupAge.NONE: (Tone.DANGER, "octagon-alert"),
}


def backup_age_text(state: BackupState) -> Message:
    """Return the age as text: `Last verified backup: 3 days ago`."""
    days = state.days
    if days is None and state.beside is not None:
        return N_("There is no backup on another disk yet")
    if days is None:
        return N_("There is no backup yet")
    if not days:
        return N_("Last verified backup: today")
    return lambda language: language.plural(
        "Last verified backup: {count} day ago", "Last verified backup: {count} days ago", days
    )


def backup_risk_text(state: BackupState) -> Message:
    """Return what that age means; empty while all is well."""
    if state.age is BackupAge.NONE:
        return N_("If this computer is lost or breaks, everything in it is lost.")
    if state.age in (BackupAge.OLD, BackupAge.OVERDUE):
        return N_("What was written since then is on this computer alone.")
    return ""


class BackupStatusLine(QWidget):
    """The line on Today with the age of the last backup. `asked` leads to the page Backup."""

    asked = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self.banner = Banner(kit, Tone.SUCCESS, "shield-check")
        self.button = Button(kit, N_("Backup…"), "archive", ButtonLook.QUIET, on=self.asked.emit)
        self.banner.set_action(self.button)
        column(self.banner, on=self)
        self.hide()

    def show_state(self, state: BackupState) -> None:
        """Show the age of the last backup."""
        self.banner.show_look(*BACKUP_LOOKS[state.age])
        self.banner.set_message(backup_age_text(state), backup_risk_text(state))
        self.show()


# --- make

_FIELD_WIDTH = 440
_CANCELLED_CODE = "work.cancelled"
_BESIDE_TEXT = N_(
    "If the computer is stolen or breaks, both are lost, so this is not a real backup. "
    "Make another one on a USB stick."
)
_CREATE_TITLE = N_("Writing and checking…")


class CreateBackupCard(CardFrame):
    """The card that makes backups. `made` follows each backup that was read back."""

    made = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(gap=FIELD_GAP)
        self._kit = kit
        self._desk = desk
        self.place = FolderChoice(kit, N_("Destination"), N_("Choose a folder for backups"))
        self.place.changed.connect(self._show_ready)
        self.button = Button(kit, N_("Make a backup"), "archive", ButtonLook.PRIMARY)
        self.button.clicked.connect(self._on_make_clicked)
        self.progress = JobProgressLine(kit, N_("Writing and checking: {share} %"))
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check").hidden()
        self.add_heading(kit, N_("Make a backup"), "archive")
        extend(self.body, self.outcome, self.place)
        lead = N_(
            "It is written, read back and compared before it is valid. Leave the USB "
            "stick in until the program says so."
        )
        line = row(-RESERVE, self.button, self.progress, STRETCH, gap=FIELD_GAP)
        extend(self.body, muted(kit, lead), line)
        self._show_ready()

    def set_options(self, paths: Sequence[Path]) -> None:
        """Offer these folders as targets."""
        self.place.set_options(paths)

    def clear_result(self) -> None:
        """Hide the last result."""
        self.outcome.hide()

    def _show_ready(self) -> None:
        self.button.setEnabled(self.place.path is not None)

    def _on_make_clicked(self) -> None:
        into, desk = self.place.path, self._desk
        if into is None:
            return
        self.outcome.hide()
        progress = self.progress.begin()
        self.button.hide()
        self.place.setEnabled(False)
        self._kit.worker.run(
            lambda: make_backup(desk, into, progress),
            self._on_made,
            self._on_refused,
            title=_CREATE_TITLE,
            cancel=progress,
        )

    def _set_idle(self) -> None:
        self.progress.end()
        self.place.setEnabled(True)
        self.button.show()
        self.button.setFocus()

    def _on_made(self, made: CompletedBackup) -> None:
        self._set_idle()
        count = sum(made.counts.values())

        def under(language: Language) -> str:
            told = language.plural(
                "{count} record, in the folder {name}",
                "{count} records, in the folder {name}",
                count,
                name=made.path.name,
            )
            return f"{language.gettext(_BESIDE_TEXT)} {told}" if made.is_beside else told

        if made.is_beside:
            self.outcome.show_look(Tone.WARNING, "triangle-alert")
            self.outcome.set_message(
                N_("The backup is complete, but on the same disk as the database."), under
            )
        else:
            self.outcome.show_look(Tone.SUCCESS, "circle-check")
            self.outcome.set_message(
                N_("The backup is complete. You can now remove the USB stick."), under
            )
        self.outcome.show()
        self.made.emit()

    def _on_refused(self, fault: KfdeskError) -> None:
        self._set_idle()
        show_fault_in(self._kit, self.outcome, fault)


# --- test

_TEST_TITLE = N_("Opening the backup…")


class RestoreTestCard(CardFrame):
    """The card that tests a backup: the newest one of the last folder, or a chosen one.

    `opened` follows each backup that was intact.
    """

    opened = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(gap=FIELD_GAP)
        self._kit = kit
        self._desk = desk
        self._newest: Path | None = None
        self.passphrase = PassphraseEntry(kit)
        self.passphrase.setMaximumWidth(_FIELD_WIDTH)
        self.field = LabelledField(kit, N_("Your passphrase"), self.passphrase)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.passphrase.line.returnPressed.connect(self._on_newest_clicked)
        self.newest = Button(kit, N_("Test the newest"), "list-checks", on=self._on_newest_clicked)
        self.other = Button(kit, N_("Test another…"), "files", on=self._on_other_clicked)
        self.progress = JobProgressLine(kit, N_("Opening the backup: {share} %"))
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check").hidden()
        self._lay_out()
        self._show_ready()

    def show_newest(self, backup: Path | None) -> None:
        """Remember the newest backup; its folder is searched when it is tested."""
        self._newest = backup.parent if backup is not None else None
        self._show_ready()

    def clear_result(self) -> None:
        """Hide the last result."""
        self.outcome.hide()

    def test_backup(self, backup: Path) -> None:
        """Restore `backup`, or the newest one in this folder, to a temporary copy.

        Say whether it opens.
        """
        typed, desk = self.passphrase.text(), self._desk
        if not typed:
            self.passphrase.line.setFocus()
            return
        self.outcome.hide()
        self.passphrase.clear()
        progress = self.progress.begin()
        self._set_idle(is_resting=False)
        self._kit.worker.run(
            lambda: rehearse_restore(desk, backup, typed, progress),
            self._on_opened,
            self._on_refused,
            title=_TEST_TITLE,
            cancel=progress,
        )

    def _lay_out(self) -> None:
        kit = self._kit
        self.add_heading(kit, N_("Does it open?"), "list-checks")
        extend(self.body, self.outcome)
        lead = N_(
            "A backup is tested on a copy beside the database: all of it is read and "
            "counted, then the copy is deleted. Do this once a month."
        )
        extend(self.body, muted(kit, lead), self.field)
        line = row(-RESERVE, self.newest, self.other, self.progress, STRETCH, gap=GRID - RESERVE)
        extend(self.body, line)

    def _set_idle(self, *, is_resting: bool) -> None:
        for part in (self.newest, self.other):
            part.setVisible(is_resting)
        self.passphrase.setEnabled(is_resting)
        if is_resting:
            self.progress.end()
            self.passphrase.line.setFocus()
        self._show_ready()

    def _show_ready(self) -> None:
        is_typed = bool(self.passphrase.text())
        self.newest.setEnabled(is_typed and self._newest is not None)
        self.other.setEnabled(is_typed)

    def _on_edited(self) -> None:
        self.field.clear_note()
        self._show_ready()

    def _on_newest_clicked(self) -> None:
        if self._newest is not None:
            self.test_backup(self._newest)

    def _on_other_clicked(self) -> None:
        ask_folder(self._kit, self, N_("Choose a backup"), self.test_backup)

    def _on_opened(self, opened: tuple[Path, Mapping[str, int]]) -> None:
        self._set_idle(is_resting=True)
        path, counts = opened
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.set_message(
            N_("It opens, and all of it is intact."),
            lambda language: _counted_text(path, sum(counts.values()), language),
        )
        self.outcome.show()
        self.opened.emit()

    def _on_refused(self, fault: KfdeskError) -> None:
        self._set_idle(is_resting=True)
        if fault.code == WRONG_PASSPHRASE:
            self.field.show_error(
                N_("This passphrase does not open it. An older backup opens with the older one.")
            )
            return
        show_fault_in(self._kit, self.outcome, fault)


def _counted_text(path: Path, count: int, language: Language) -> str:
    made = backup_time(path.name, None)
    words = language.plural("{count} record", "{count} records", count)
    if made is None:
        return words
    day = language.gettext(N_("Backup of {day}, {time}")).format(
        day=language.day(made.date(), year=True), time=language.clock(made)
    )
    return f"{day}: {words}"


# --- wipe

_WIPE_TEXT = (
    N_("Before you cross a border with the computer or give it away: leave no database on it."),
    N_(
        "The keys of the database are overwritten first, then its files are deleted, together with "
        "those left by a restore. After that, no passphrase and no recovery key can open it here."
    ),
    N_(
        "Backups stay: from them it can be restored on another computer. What was written since "
        "the last one is lost. A disk may keep traces that only an old copy of the keys could "
        "make readable."
    ),
)


class WipeCard(CardFrame):
    """The card that destroys the store on this computer, and says what is lost.

    `wiped` carries the WipeResult; the store is closed by then.
    """

    wiped = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(gap=FIELD_GAP)
        self._kit = kit
        self._desk = desk
        self.passphrase = PassphraseEntry(kit)
        self.passphrase.setMaximumWidth(_FIELD_WIDTH)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.field = LabelledField(kit, N_("Your passphrase"), self.passphrase)
        self.field.reserve_note(WRONG_PASSPHRASE_TEXT)
        self.button = Button(
            kit,
            N_("Destroy the database on this computer"),
            "trash-2",
            ButtonLook.DANGER,
            on=self._on_clicked,
        )
        self.button.setEnabled(False)
        self.fault = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.loses_all = CheckBox(kit, N_("There is no backup. Everything may be lost."))
        self.loses_all.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        self.add_heading(self._kit, N_("Remove everything from this computer"), "trash-2")
        for sentence in _WIPE_TEXT:
            extend(self.body, muted(self._kit, sentence))
        foot = row(-RESERVE, self.button, STRETCH, gap=FIELD_GAP)
        extend(self.body, self.loses_all, self.field, foot, self.fault)

    def _on_edited(self) -> None:
        self.field.clear_note()
        self.button.setEnabled(bool(self.passphrase.text()))

    def _on_clicked(self) -> None:
        typed, desk = self.passphrase.text(), self._desk
        self.passphrase.clear()
        self.button.setEnabled(False)
        self.fault.hide()
        loses_all = self.loses_all.isChecked()
        wipe = lambda: wipe_store(desk, typed, loses_all=loses_all)  # noqa: E731
        self._kit.worker.run(wipe, self.wiped.emit, self._on_refused)

    def _on_refused(self, fault: KfdeskError) -> None:
        if fault.code == "backup.none_elsewhere":
            self.loses_all.show()
            self.loses_all.setFocus()
        if fault.code == WRONG_PASSPHRASE:
            self.field.show_error(WRONG_PASSPHRASE_TEXT)
            self.passphrase.line.setFocus()
            return
        self.fault.show_fault(fault)


# --- check


class StoreCheckCard(CardFrame):
    """The card that checks the whole store, and offers its repair if something is wrong."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(gap=FIELD_GAP)
        self._kit = kit
        self._desk = desk
        self.check = Button(kit, N_("Check the whole database"), "list-checks", on=self._on_check)
        self.repair = Button(kit, N_("Close and repair…"), "life-buoy")
        self.progress = JobProgressLine(kit, N_("Reading the database: {share} %"))
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check").hidden()
        self.outcome.set_action(self.repair)
        self.repair.hide()
        self.repair.clicked.connect(kit.events.repair_asked)
        self.add_heading(kit, N_("Is this database intact?"), "life-buoy")
        extend(self.body, self.outcome)
        lead = N_(
            "The check reads everything and trusts nothing. If something is wrong, the "
            "repair looks for the newest intact backup, and for what can still be read."
        )
        extend(self.body, muted(kit, lead))
        extend(self.body, row(-RESERVE, self.check, self.progress, STRETCH, gap=GRID - RESERVE))

    def clear_result(self) -> None:
        """Hide the last result."""
        self.outcome.hide()

    def _on_check(self) -> None:
        self.outcome.hide()
        self.check.hide()
        desk, progress = self._desk, self.progress.begin()
        self._kit.worker.run(
            lambda: verify_store(desk, progress),
            self._on_sound,
            self._on_unsound,
            title=N_("Checking the database…"),
            cancel=progress,
        )

    def _on_sound(self, _nothing: object) -> None:
        self._set_idle()
        self.repair.hide()
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.set_message(N_("Everything is as it was written."))
        self.outcome.show()

    def _on_unsound(self, fault: KfdeskError) -> None:
        self._set_idle()
        self.repair.setVisible(fault.code != _CANCELLED_CODE)
        show_fault_in(self._kit, self.outcome, fault)

    def _set_idle(self) -> None:
        self.progress.end()
        self.check.show()
