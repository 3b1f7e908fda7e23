# SPDX-License-Identifier: GPL-3.0-or-later
"""Restore and repair: pages that ask for initials and passphrase, then replace or save a store.

`RestorePage` puts a backup in place of the store. `RepairPage` is for a store that is damaged:
it finds out what can still be read, and the newest intact backup; then the user chooses that
backup, or a new store from what can be read. The damaged store is kept beside in both. The
services are handed in; this module knows no file format.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from kfdesk.domain.backup import (
    GoodBackup,
    RestorePreview,
    RestoreResult,
    SalvagePreview,
    SalvageResult,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.recovery_key import (
    SHEET_SIGNS,
    is_two_sheets,
    normalize_typed,
    parse_key_or_sheets,
    read_sheet,
)
from kfdesk.i18n import integrity
from kfdesk.i18n.language import Language
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import FolderChoice, ask_save
from kfdesk.ui.pages.erasing_again import EraseAgainQuestion
from kfdesk.ui.pages.printing.print_dialog import PRINT_REFUSED, PRINT_SENT, ask_printer
from kfdesk.ui.tokens import CONTROL_LARGE, FIELD_GAP, GRID, PAGE_MARGIN, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import (
    HCENTRE,
    LEFT,
    STRETCH,
    TOP,
    Space,
    aligned,
    column,
    extend,
    grown,
    muted,
    on_escape,
    panel,
    plural,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import WRONG_PASSPHRASE, LabelledField, PassphraseEntry, TextEntry
from kfdesk.ui.widgets.layout import (
    Badge,
    Banner,
    CardFrame,
    FlowBox,
    JobProgressLine,
    show_fault_in,
)
from kfdesk.ui.widgets.text import Label
from kfdesk.ui.worker import JobProgress

# --- page with credentials

_ASKING_WIDTH = 620
_PADDING = 36


class PageHeading(NamedTuple):
    """The heading of a page: its icon, its title, and the sentence below."""

    icon: str
    title: str
    lead: str


class PageTexts(NamedTuple):
    """The texts of a page: the field's label, the progress `share`, the job's `title`."""

    passphrase: str
    share: str
    title: str


class RestoreSource(NamedTuple):
    """The chosen folder, and the typed initials and passphrase."""

    folder: Path
    initials: str
    passphrase: str


RestoreJob = Callable[[RestoreSource, JobProgress, Callable[[RestorePreview], bool]], RestoreResult]
"""Restores a backup on the worker's thread, unless the last argument refuses what it erases."""
_NO_SOURCE = RestoreSource(Path(), "", "")
_NOT_AGREED_CODE = "backup.not_agreed"


class CredentialsPage(QScrollArea):
    """A page that asks for initials and passphrase, and then runs one long job.

    A restore that would erase records of our own again asks first. `begun` follows its button.
    `closed` follows Back, Esc and, once the work is done, Go on.
    """

    begun = Signal()
    closed = Signal()

    def __init__(
        self,
        kit: UiContext,
        heading: PageHeading,
        saying: PageTexts,
        act: Button,
        restore: RestoreJob,
    ) -> None:
        super().__init__()
        self._kit = kit
        self._restore = restore
        self._source = _NO_SOURCE
        self._then: Callable[[RestoreResult], None]
        self._title = saying.title
        self._is_done = False
        self.initials = TextEntry(CONTROL_LARGE)
        self.initials.setMaxLength(40)
        self.passphrase = PassphraseEntry(kit)
        self.field = LabelledField(kit, saying.passphrase, self.passphrase)
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.question = EraseAgainQuestion(kit)
        self.question.agreed.connect(self._restore_source)
        self.aside = text(kit)
        self.warning = text(kit)
        self.again = muted(kit)
        self.back = Button(kit, N_("Back"), "chevron-left", on=self.closed.emit)
        self.progress = JobProgressLine(kit, saying.share)
        self.next = act
        for part in (self.outcome, self.aside, self.warning, self.again):
            part.hide()
        self.next.setEnabled(False)
        self.initials.textEdited.connect(self._show_ready)
        self.initials.returnPressed.connect(self.passphrase.setFocus)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.passphrase.line.returnPressed.connect(self._on_next)
        self.next.clicked.connect(self._on_next)
        self._lay_out(heading)
        on_escape(self, self.back.click, self.back.isVisible)

    @property
    def _is_typed(self) -> bool:
        return bool(self.initials.text().strip() and self.passphrase.text())

    def _show_ready(self) -> None:
        """Enable the button once everything that is needed is there."""
        self.next.setEnabled(self._is_done or self._is_typed)

    def _on_edited(self) -> None:
        self._show_ready()

    def _on_next(self) -> None:
        if self._is_done:
            self.closed.emit()
        elif self.next.isEnabled() and not self.progress.isVisible():
            self.begun.emit()

    def _run(self, work: Callable[[JobProgress], Any], then: Callable[[Any], None]) -> None:
        self.passphrase.clear()
        self.outcome.hide()
        progress = self.progress.begin()
        self._set_idle(is_resting=False)
        self._kit.worker.run(
            lambda: work(progress), then, self._on_refused, title=self._title, cancel=progress
        )

    def _run_restore(self, source: RestoreSource, then: Callable[[RestoreResult], None]) -> None:
        """Restore a backup, then call `then`; keep both while it asks what it may erase again."""
        self._source, self._then = source, then
        self._restore_source()

    def _restore_source(self) -> None:
        restore, source, agrees = self._restore, self._source, self.question.agrees
        self._run(lambda progress: restore(source, progress, agrees), self._then)

    def _ask_to_erase_again(self) -> None:
        self.asked.hide()
        self.question.ask()
        self._set_idle(is_resting=True)

    def _set_idle(self, *, is_resting: bool) -> None:
        self.back.setVisible(is_resting and not self._is_done)
        self.next.setVisible(is_resting and self.question.isHidden())
        self.asked.setEnabled(is_resting)
        self.question.setEnabled(is_resting)
        if is_resting:
            self.progress.end()
        self._show_ready()

    def _finish(self, kept: str, aside: object) -> None:
        """Show that the work is done, and that the former store is `kept` at `aside`."""
        self._is_done = True
        self._source = _NO_SOURCE
        self.asked.hide()
        self.question.hide()
        self._set_idle(is_resting=True)
        self.next.set_message(N_("Continue"))
        self.next.show_icon("key-round")
        if aside is not None:
            path = str(aside)
            self.aside.set_message(kept, path=lambda _: path)
            self.aside.show()
        self.next.setFocus()

    def _say(self, tone: Tone, icon: str, message: Message, detail: Message = "") -> None:
        self.outcome.show_look(tone, icon)
        self.outcome.set_message(message, detail)
        self.outcome.show()

    def _show_restored(self, kept: str, done: RestoreResult) -> None:
        """Report that a backup has replaced the store.

        Ask the user to check the people in it: somebody who was removed since may be back.
        """
        self._finish(kept, done.aside)
        self._say(
            Tone.SUCCESS,
            "circle-check",
            plural("{count} record is back", "{count} records are back", sum(done.counts.values())),
            N_("Check who may open it: people removed since then have access again."),
        )
        message = _erased_text(done)
        self.warning.set_message(message)
        self.warning.setVisible(bool(message))
        self.again.set_message(self.question.found_text)
        self.again.setVisible(bool(self.question.found.lines))

    def _on_refused(self, fault: KfdeskError) -> None:
        if fault.code == _NOT_AGREED_CODE:
            self._ask_to_erase_again()
            return
        self._set_idle(is_resting=True)
        if not self.asked.isHidden():
            self.passphrase.line.setFocus()
            if fault.code == WRONG_PASSPHRASE:
                faults = self._kit.faults
                self.field.show_error(lambda language: " ".join(faults(fault, language)))
                return
        show_fault_in(self._kit, self.outcome, fault)

    def _lay_out(self, heading: PageHeading) -> None:
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        card = aligned(self._make_card(heading), HCENTRE)
        margins = (PAGE_MARGIN, 20, PAGE_MARGIN, 20)
        self.setWidget(panel(column(Space(2), card, Space(3), gap=6, margins=margins)))

    def _make_card(self, heading: PageHeading) -> CardFrame:
        card = CardFrame(gap=FIELD_GAP, margins=(_PADDING, 32, _PADDING, 28))
        card.setFixedWidth(_ASKING_WIDTH)
        self.body = card.body
        extend(self.body, _make_page_heading(self._kit, heading))
        self.asked = QWidget()
        self.questions = column(
            LabelledField(self._kit, N_("Initials"), self.initials),
            self.field,
            gap=FIELD_GAP,
            on=self.asked,
        )
        extend(self.body, self.outcome, self.asked, self.question)
        extend(self.body, self.aside, self.warning, self.again)
        self.foot = row(-RESERVE, self.back, self.progress, STRETCH, self.next, -RESERVE)
        extend(self.body, self.foot)
        return card


def _make_page_heading(kit: UiContext, heading: PageHeading) -> QHBoxLayout:
    words = column(text(kit, heading.title, TextStyle.TITLE), muted(kit, heading.lead), gap=2)
    return row(aligned(Badge(kit, heading.icon), TOP), grown(words), gap=16)


def _erased_text(done: RestoreResult) -> Message:
    """Return what to know about people who were erased since the backup."""
    if not done.knows_erasures:
        return N_(
            "The earlier database could not be read. If data was erased since the "
            "backup, it is back: erase it again."
        )
    if not done.erased:
        return ""
    return lambda language: language.plural(
        "{count} record that was erased since the backup was erased again.",
        "{count} records that were erased since the backup were erased again.",
        done.erased,
    )


# --- restore

_SHEETS_DIFFER = N_("The second sheet does not match. Compare it with its paper, or use the third.")
_BY_KEY = N_(
    "Is it lost? The recovery key opens it too, or two of its sheets, one after the other. "
    "Afterwards choose “Lost passphrase?” when you unlock, and set a new one with the same key."
)
_RESTORE_HEADING = PageHeading(
    "archive",
    N_("Restore a backup"),
    N_("The backup itself is not changed. A database that is already here is kept beside it."),
)
_RESTORE_TEXTS = PageTexts(
    N_("Passphrase on the day of the backup"),
    N_("Restoring: {share} %"),
    N_("Restoring the backup…"),
)
_FORMER_STORE_KEPT = N_(
    "The earlier database is kept in {path}. Delete it when everything is in order."
)


class RestoreServices(NamedTuple):
    """The services of the restore page: list the connected sticks, and restore.

    Both run on the worker's thread.
    """

    sticks: Callable[[], tuple[Path, ...]]
    restore: RestoreJob


class RestorePage(CredentialsPage):
    """The page that restores a backup; afterwards the unlock page opens the store."""

    def __init__(self, kit: UiContext, services: RestoreServices) -> None:
        act = Button(kit, N_("Restore"), "archive", ButtonLook.PRIMARY)
        super().__init__(kit, _RESTORE_HEADING, _RESTORE_TEXTS, act, services.restore)
        self.place = FolderChoice(kit, N_("Where the backup is"), N_("Choose a backup"))
        self.place.changed.connect(self._on_edited)
        self.questions.insertWidget(0, self.place)
        self.field.show_note(Tone.MUTED, _BY_KEY)
        self.begun.connect(self._on_begun)
        kit.worker.run(services.sticks, self.place.set_options)

    def start(self) -> None:
        """Focus the first control to use."""
        self.place.browse.setFocus()

    @property
    def _is_typed(self) -> bool:
        return super()._is_typed and self.place.path is not None

    def _on_edited(self) -> None:
        typed = self.passphrase.text()
        first = read_sheet(normalize_typed(typed)[:SHEET_SIGNS])
        if parse_key_or_sheets(typed) is not None:
            self.field.show_note(Tone.SUCCESS, N_("The whole key is right."))
        elif first is None:
            self.field.show_note(Tone.MUTED, _BY_KEY)
        elif is_two_sheets(typed):
            self.field.show_error(_SHEETS_DIFFER)
        else:
            number = first.number
            said = N_("Sheet {number} is right. Type a second one after it.")
            self.field.show_note(Tone.MUTED, said, number=lambda _: number)
        super()._on_edited()

    def _on_begun(self) -> None:
        assert self.place.path is not None
        typed = (self.initials.text().strip(), self.passphrase.text())
        self._run_restore(RestoreSource(self.place.path, *typed), self._on_restored)

    def _on_restored(self, done: RestoreResult) -> None:
        self._show_restored(_FORMER_STORE_KEPT, done)


# --- repair

_REPORT_NAME = "report.txt"


class SalvageReportView(QWidget):
    """The buttons that save or print the report of a finished salvage."""

    def __init__(self, kit: UiContext, parent: QWidget) -> None:
        super().__init__()
        self._kit = kit
        self._parent = parent
        self._salvage: SalvageResult | None = None
        self.save = Button(kit, N_("Save the report…"), "file-down", on=self._on_save)
        self.print = Button(kit, N_("Print the report…"), "printer", on=self._on_print)
        self.result = Label(kit, tone=Tone.MUTED)
        column(FlowBox(self.save, self.print, gap=0), self.result, gap=GRID, on=self)

    def damage_text(self, salvage: SalvageResult) -> Message:
        """Return what is wrong with the file."""
        return lambda language: integrity.damage_text(salvage.damage, language)

    def losses_text(self, salvage: SalvageResult) -> Message:
        """Return what cannot be read, one line each."""
        return lambda language: "\n".join(integrity.loss_texts(salvage, language))

    def set_salvage(self, salvage: SalvageResult) -> None:
        """Set the salvage to report on."""
        self._salvage = salvage

    def report_text(self) -> str:
        """Return the whole report in the window's language."""
        assert self._salvage is not None
        return integrity.salvage_report(self._salvage, self._kit.translator.language)

    def write_report(self, file: Path) -> None:
        """Write the report into a file.

        Raise KfdeskError `store.disk`.
        """
        try:
            file.write_text(self.report_text(), encoding="utf-8")
        except OSError:
            raise KfdeskError("store.disk") from None

    def print_on(self, printer: QPrinter) -> None:
        """Print the report, from memory."""
        QTextDocument(self.report_text()).print_(printer)
        is_taken = printer.printerState() is not QPrinter.PrinterState.Error
        self.result.set_message(PRINT_SENT if is_taken else PRINT_REFUSED)

    def _on_save(self) -> None:
        ask_save(self._kit, self._parent, N_("Save the report"), _REPORT_NAME, self._save)

    def _save(self, file: Path) -> None:
        try:
            self.write_report(file)
        except KfdeskError:
            self.result.set_message(N_("It could not be saved there."))
            return
        self.result.set_message(N_("Saved."))

    def _on_print(self) -> None:
        ask_printer(self._parent, self.print_on, self._on_no_printer)

    def _on_no_printer(self, fault: KfdeskError) -> None:
        self.result.set_message(lambda language: " ".join(self._kit.faults(fault, language)))


class RepairOptions(QWidget):
    """Both ways of a repair, each with its text and its button."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.path: Path | None = None
        self._is_backup_better = False
        self.backup = Button(kit, N_("Restore this backup"), "archive")
        self.salvage = Button(
            kit, N_("Make a new database from it"), "life-buoy", ButtonLook.PRIMARY
        )
        self._backup_words = muted(kit)
        self._backup_title = text(kit, "", TextStyle.BUTTON)
        self._salvage_words = muted(kit)
        extend(
            column(gap=GRID, on=self),
            text(kit, N_("What can still be read"), TextStyle.BUTTON),
            self._salvage_words,
            aligned(self.salvage, LEFT),
            GRID,
            self._backup_title,
            self._backup_words,
            aligned(self.backup, LEFT),
        )

    def show_options(self, found: SalvagePreview) -> None:
        """Show what both ways restore and what they lack."""
        salvage, backup = found.salvage, found.backup
        self.salvage.setEnabled(salvage.records > 0)
        self._salvage_words.set_message(lambda language: _salvage_text(salvage, language))
        self.path = backup.path if backup is not None else None
        lost = salvage.records_lost
        is_worse = not salvage.records or lost > (backup.since if backup is not None else 0)
        self._is_backup_better = backup is not None and is_worse
        self.backup.setVisible(backup is not None)
        if backup is None:
            self._backup_title.set_message(N_("No intact backup was found"))
            self._backup_words.set_message(
                N_("Put in the USB stick with the backup and go back, or choose its folder.")
            )
            return
        good = backup
        self._backup_title.set_message(lambda language: _backup_title(good, language))
        self._backup_words.set_message(lambda language: _backup_text(good, found.refused, language))

    def focus_better(self) -> None:
        """Focus the way that loses less."""
        (self.backup if self._is_backup_better else self.salvage).setFocus()


def _salvage_text(salvage: SalvageResult, language: Language) -> str:
    count, lost = salvage.records, salvage.records_lost
    words = language.plural("{count} record can be read.", "{count} records can be read.", count)
    if not lost:
        return words
    missing = language.ngettext("{count} would be missing.", "{count} would be missing.", lost)
    return f"{words} {missing.format(count=lost)}"


def _backup_title(backup: GoodBackup, language: Language) -> str:
    if backup.made is None:
        return language.gettext(N_("The newest intact backup"))
    day = language.day(backup.made.date(), year=True)
    words = language.gettext(N_("The newest intact backup: {day}, {time}"))
    title = words.format(day=day, time=language.clock(backup.made))
    return f"{title} ({_backup_age(backup, language)})"


def _backup_age(backup: GoodBackup, language: Language) -> str:
    if not backup.days:
        return language.gettext(N_("today"))
    return language.plural("{count} day ago", "{count} days ago", backup.days)


def _backup_text(backup: GoodBackup, refused: int, language: Language) -> str:
    said = [
        language.plural(
            "It was read and has {count} record.",
            "It was read and has {count} records.",
            backup.records,
        ),
        language.plural(
            "{count} record that was written or changed after it would be missing.",
            "{count} records that were written or changed after it would be missing.",
            backup.since,
        )
        if backup.since
        else language.gettext(N_("Nothing that can still be read was written after it.")),
    ]
    if refused:
        said.append(
            language.plural(
                "{count} newer backup is not intact.",
                "{count} newer backups are not intact.",
                refused,
            )
        )
    return " ".join(said)


_REPAIR_HEADING = PageHeading(
    "life-buoy",
    N_("Repair a damaged database"),
    N_("The damaged database is only read. It is not changed until you delete it yourself."),
)
_REPAIR_TEXTS = PageTexts(
    N_("Passphrase, or the recovery key"),
    N_("Reading: {share} %"),
    N_("Reading the damaged database…"),
)
_DAMAGED_STORE_KEPT = N_(
    "The damaged database is kept in {path}. Delete it when everything is in order."
)


class RepairCredentials(NamedTuple):
    """The initials of the user, and the passphrase or recovery key."""

    initials: str
    passphrase: str


class RepairServices(NamedTuple):
    """The services of the repair page; all run on the worker's thread."""

    examine: Callable[[RepairCredentials, JobProgress], SalvagePreview]
    salvage: Callable[[RepairCredentials, JobProgress], SalvageResult]
    restore: RestoreJob


class RepairPage(CredentialsPage):
    """The page that repairs a store.

    `restore_asked` asks for another backup than the one that was found.
    """

    restore_asked = Signal()

    def __init__(self, kit: UiContext, services: RepairServices) -> None:
        act = Button(kit, N_("See what can be saved"), "search", ButtonLook.PRIMARY)
        super().__init__(kit, _REPAIR_HEADING, _REPAIR_TEXTS, act, services.restore)
        self._services = services
        self._credentials = RepairCredentials("", "")
        self.found = text(kit)
        self.ways = RepairOptions(kit)
        self.report = SalvageReportView(kit, self)
        self.other = Button(kit, N_("Another backup…"), "files", ButtonLook.QUIET)
        for part in (self.found, self.ways, self.report):
            part.hide()
        self.body.insertWidget(self.body.indexOf(self.asked), self.found)
        self.body.insertWidget(self.body.indexOf(self.aside), self.ways)
        self.body.insertWidget(self.body.indexOf(self.aside) + 1, self.report)
        foot = self.body.indexOf(self.foot)  # its row has space for two buttons only
        self.body.insertWidget(foot, self.other, 0, Qt.AlignmentFlag.AlignLeft)
        self.begun.connect(self._on_begun)
        self.ways.backup.clicked.connect(self._on_backup)
        self.ways.salvage.clicked.connect(self._on_salvage)
        self.other.clicked.connect(self.restore_asked)

    def start(self) -> None:
        """Focus the first field."""
        self.initials.setFocus()

    def _on_edited(self) -> None:
        self.field.clear_note()
        super()._on_edited()

    def _on_begun(self) -> None:
        credentials = self._credentials = RepairCredentials(
            self.initials.text().strip(), self.passphrase.text()
        )
        examine = self._services.examine
        self._run(lambda progress: examine(credentials, progress), self._on_examined)

    def _on_backup(self) -> None:
        if self.ways.path is not None:
            source = RestoreSource(self.ways.path, *self._credentials)
            self._run_restore(source, self._on_restored)

    def _on_salvage(self) -> None:
        credentials, salvage = self._credentials, self._services.salvage
        self._run(lambda progress: salvage(credentials, progress), self._on_salvaged)

    def _set_idle(self, *, is_resting: bool) -> None:
        super()._set_idle(is_resting=is_resting)
        self.next.setVisible(is_resting and (self._is_done or not self.asked.isHidden()))
        self.other.setVisible(is_resting and not self._is_done)
        self.ways.setEnabled(is_resting)

    def _on_examined(self, found: SalvagePreview) -> None:
        self.asked.hide()
        self._set_idle(is_resting=True)
        self._say(Tone.WARNING, "triangle-alert", self.report.damage_text(found.salvage))
        self.found.set_message(self.report.losses_text(found.salvage))
        self.found.show()
        self.ways.show_options(found)
        self.ways.show()
        self.ways.focus_better()

    def _on_refused(self, fault: KfdeskError) -> None:
        if not self.asked.isHidden():  # they are asked for again, and not needed till then
            self._credentials = RepairCredentials("", "")
        super()._on_refused(fault)

    def _on_salvaged(self, done: SalvageResult) -> None:
        self._hide_options()
        self._finish(_DAMAGED_STORE_KEPT, done.aside)
        self._say(Tone.SUCCESS, "circle-check", N_("What can be read is in a new database."))
        self.found.set_message(self.report.losses_text(done))
        self.report.set_salvage(done)
        self.report.show()

    def _on_restored(self, done: RestoreResult) -> None:
        self._hide_options()
        self._show_restored(_DAMAGED_STORE_KEPT, done)
        self.found.hide()

    def _hide_options(self) -> None:
        self._credentials = RepairCredentials("", "")
        self.ways.hide()
