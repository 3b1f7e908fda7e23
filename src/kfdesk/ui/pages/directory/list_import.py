# SPDX-License-Identifier: GPL-3.0-or-later
"""Import and export of contacts as files: dialogs, preview, columns, and choices per line.

Nothing is written before the user confirms, and the import can be undone. The files are read
on the worker's thread by services; this module knows no file format.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.directory import COLUMN_KEYS, FileColumn, FileKind, ParseFailure, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import BROKEN_ROW_REASONS, field_label
from kfdesk.services.core.session import Session
from kfdesk.services.directory.files import (
    DEFAULT_CONFIDENTIALITY,
    ContactImportPreview,
    ContactImportResult,
    ImportChoices,
    ImportLine,
    ImportStatus,
    export_contacts,
    import_contacts,
    preview_contact_import,
    read_contact_files,
)
from kfdesk.services.directory.starter_lists import (
    STARTER_CONFIDENTIALITY,
    StarterKind,
    StarterList,
    day_of_list,
    preview_starter_list,
)
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import ask_folder, ask_open, ask_save, dropped_files
from kfdesk.ui.pages.directory.card import ENTRY_KINDS
from kfdesk.ui.pages.directory.duplicates import DuplicateCard, difference_text
from kfdesk.ui.pages.directory.search import NETWORKS_TITLE
from kfdesk.ui.record_views import notify_types
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import column, extend, grown, muted, panel, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import Banner, CardFrame, TaskPage
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label
from kfdesk.ui.worker import JobProgress

# --- columns

_MAPPING_HEIGHT = 190
_SAMPLE_LENGTH = 60  # characters of a sample that are shown
_LEFT_OUT = N_("left out")
_FIELD_WORDS: Mapping[str, Message] = {"fax": N_("Fax"), "": _LEFT_OUT}
_OF_PERSON = frozenset({"given_name", "family_name", "organisation", "role"})
_MAPPING_COLUMNS = (ColumnSpec(N_("Column"), stretches=True), ColumnSpec(N_("Recognised as")))


class ColumnMappingView(CardFrame):
    """The columns of a table, and for each the field that it is imported as.

    `corrected` carries the keys of all columns.
    """

    corrected = Signal(tuple)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._columns: Sequence[FileColumn] = ()
        self._shown: list[int] = []
        self._is_showing = False
        self.add_heading(kit, N_("Columns of the table"), "list-checks")
        under = N_("They were guessed from their headings. If one is wrong, choose what it is.")
        extend(self.body, muted(kit, under, TextStyle.SMALL))
        self.table = TableView(kit, _MAPPING_COLUMNS)
        self.table.setMinimumHeight(_MAPPING_HEIGHT)
        kit.translator.bind(self.table.setAccessibleName, N_("Columns of the table"))
        self.choice = ChoiceBox(kit)
        kit.translator.bind(self.choice.setAccessibleName, N_("This column is"))
        self.choice.chosen.connect(self._on_chosen)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.table.chosen.connect(lambda _row: self.choice.setFocus())
        label = Label(kit, N_("This column is"), TextStyle.LABEL)
        extend(self.body, self.table, row(label, grown(self.choice), gap=8))
        kit.translator.changed.connect(self._show)
        self.hide()

    @property
    def keys(self) -> tuple[str, ...]:
        """The field of each column."""
        return tuple(one.key for one in self._columns)

    def show_columns(self, columns: Sequence[FileColumn]) -> None:
        """Show the columns of a table; hide where there is none."""
        self._columns = columns
        self._shown = [place for place, one in enumerate(columns) if one.sample.strip() or one.key]
        self.setVisible(bool(self._shown))
        self._show()

    def _show(self) -> None:
        language, row = self._kit.translator.language, max(0, self.table.currentIndex().row())
        self._is_showing = True
        self.table.show_rows(
            [_mapping_cells(self._columns[place], language) for place in self._shown]
        )
        if self._shown:
            self.table.selectRow(min(row, len(self._shown) - 1))
        self._is_showing = False
        self._show_choice()

    def _show_choice(self) -> None:
        place = self._place()
        if place is not None:
            options = [(key, _field_word(key)) for key in ("", *COLUMN_KEYS)]
            self.choice.set_options(options, self._columns[place].key)

    def _place(self) -> int | None:
        row = self.table.currentIndex().row()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _on_current_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        if not self._is_showing:
            self._show_choice()

    def _on_chosen(self, key: str) -> None:
        place = self._place()
        if place is not None:
            self.corrected.emit((*self.keys[:place], key, *self.keys[place + 1 :]))


def _mapping_cells(column: FileColumn, language: Language) -> tuple[TableCell, ...]:
    sample = " ".join(column.sample.split())
    under = f"{sample[:_SAMPLE_LENGTH]}…" if len(sample) > _SAMPLE_LENGTH else sample
    word = _field_word(column.key)
    said = word(language) if callable(word) else language.gettext(word)
    tone = Tone.PLAIN if column.key else Tone.MUTED
    return TableCell(column.title or "–", under, is_strong=True), TableCell(said, tone=tone)


def _field_word(key: str) -> Message:
    """Return the label of a field that a column can be imported as."""
    if key in _FIELD_WORDS:
        return _FIELD_WORDS[key]
    record = "contact" if key in _OF_PERSON else "organisation"
    path = "phone.number" if key == "phone" else f"{record}.{key}"
    return lambda language: field_label(path, language)


# --- files and dialogs

_PUBLIC_LISTS = {
    StarterKind.ORGANISATIONS: N_("Public list of organisations…"),
    StarterKind.MISSIONS: N_("Public list of embassies…"),
}
_LIST_NAME = "list.vcf"
FIND_DUPLICATES = N_("Find duplicates")
_LIST_SUFFIXES = frozenset(f".{kind}" for kind in FileKind)
_HSDS_TABLE = "organizations.csv"
ListedIds = Callable[[], frozenset[bytes] | None]


class ListTransfer(QObject):
    """The commands for lists of contacts, with their dialogs.

    `chosen` carries the file or folder to preview, `public_asked` the kind of a public list.
    `doubles_asked` leads to the duplicates, `networks_asked` to who offers what in a network.
    """

    chosen = Signal(object)
    public_asked = Signal(object)
    doubles_asked = Signal()
    networks_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session, page: QWidget, listed: ListedIds) -> None:
        """Make the buttons; `listed` returns the listed ids on the worker, None for all."""
        super().__init__(page)
        self._kit = kit
        self._desk = desk
        self._page = page
        self._listed = listed
        self.may_take = desk.may(Right.EDIT_DIRECTORY)
        self.take = Button(kit, N_("Import…"), "download", on=self.ask_file)
        self.take.setEnabled(self.may_take)
        self.give = Button(kit, N_("Save a list…"), "file-down", on=self.ask_where)
        self.give.setEnabled(desk.may(Right.PRINT_INTERNAL))

    def ask_file(self) -> None:
        """Ask for the file of a list."""
        dialog = ask_open(self._kit, self._page, N_("Look at the list"), "", self.chosen.emit)
        known = " ".join(f"*{suffix}" for suffix in sorted(_LIST_SUFFIXES))
        dialog.setNameFilters([f"({known})", "(*)"])

    def ask_folder(self) -> None:
        """Ask for a folder of tables."""
        ask_folder(self._kit, self._page, N_("Look at the list"), self.chosen.emit)

    def ask_where(self) -> None:
        """Ask where to save the listed contacts; the suffix of the name chooses the format."""
        dialog = ask_save(self._kit, self._page, N_("Save the list"), _LIST_NAME, self._export_to)
        dialog.setNameFilters([f"(*.{kind})" for kind in FileKind])
        dialog.filterSelected.connect(lambda one: dialog.setDefaultSuffix(one[3:-1]))

    def is_list(self, event: QDropEvent) -> bool:
        """Return whether the dragged object is a list of contacts that may be imported here."""
        paths = dropped_files(event)
        return (
            self.may_take
            and len(paths) == 1
            and (paths[0].suffix.lower() in _LIST_SUFFIXES or (paths[0] / _HSDS_TABLE).is_file())
        )

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for the menus."""
        return (
            Command(N_("Import a list of contacts…"), self.ask_file, icon="download"),
            Command(NETWORKS_TITLE, self.networks_asked.emit, icon="building-2", menu="go"),
            Command(FIND_DUPLICATES, self.doubles_asked.emit, icon="git-merge", menu="edit"),
            Command(N_("Import a folder of HSDS tables…"), self.ask_folder, icon="download"),
            *(
                Command(
                    label,
                    partial(self.public_asked.emit, kind),
                    icon="download",
                    also=N_("import contacts"),
                )
                for kind, label in _PUBLIC_LISTS.items()
            ),
        )

    def _export_to(self, path: Path) -> None:
        """Save the part of the list that any verified partner may see."""
        end = path.suffix.lower().removeprefix(".")
        kind = FileKind(end) if end in set(FileKind) else FileKind.VCARD
        whole = path if end == kind else path.with_name(f"{path.name}.{kind}")
        desk, kit, listed, progress = self._desk, self._kit, self._listed, JobProgress()
        kit.worker.run(
            lambda: export_contacts(desk, kind, whole, listed(), progress),
            lambda count: kit.notify(N_("Saved: {count} contacts"), count=lambda _: str(count)),
            title=N_("Saving the list"),
            cancel=progress,
        )


# --- page

_FATE_WORDS: Mapping[ImportStatus, tuple[Tone, str, str]] = {
    ImportStatus.NEW: (Tone.INFO, "plus", N_("new")),
    ImportStatus.TWIN: (Tone.WARNING, "triangle-alert", N_("similar to one here")),
    ImportStatus.SAME: (Tone.MUTED, "circle-check", N_("already here")),
}
_ENCODINGS = (
    ("cp1252", N_("Western Europe")),
    ("cp1251", N_("Cyrillic")),
    ("koi8-r", N_("Old Cyrillic")),
    ("cp1257", N_("Baltic")),
    ("cp1250", N_("Central Europe")),
)
_LINES_HEIGHT = 260


class ListImportPage(TaskPage):
    """The preview of one file or public list. `closed` follows Cancel, Esc and the import."""

    read = Signal()

    def __init__(self, kit: UiContext, desk: Session, source: Path | StarterList) -> None:
        is_public = isinstance(source, StarterList)
        title = N_("Begin with a public list") if is_public else N_("Import a list of contacts")
        super().__init__(kit, title)
        self._desk = desk
        self._source = source
        self.preview: ContactImportPreview | None = None
        self.hint.set_message(N_("Nothing has been changed yet."))
        self.sights = ChoiceBox(kit)
        seen_by = STARTER_CONFIDENTIALITY if is_public else DEFAULT_CONFIDENTIALITY
        self.sights.set_options(tuple(CONFIDENTIALITY.items()), seen_by)
        kit.translator.bind(self.sights.setAccessibleName, N_("Who may see the new ones"))
        self.letters = ChoiceBox(kit)
        self.letters.set_options(_ENCODINGS)
        kit.translator.bind(self.letters.setAccessibleName, N_("Text encoding"))
        self.letters.chosen.connect(lambda _key: self._preview())
        self.columns = ColumnMappingView(kit)
        self.columns.corrected.connect(self._preview)
        self._above, self._below = panel(column()), panel(column())
        label = Label(kit, N_("Text encoding"), TextStyle.LABEL)
        self._asked = CardFrame(parts=(label, self.letters))
        self.public = Banner(kit, Tone.WARNING, "triangle-alert")
        self.broken = Banner(kit, Tone.WARNING, "triangle-alert")
        self.left_out = Banner(kit, Tone.INFO, "info")
        self.table = TableView(
            kit, (ColumnSpec(N_("Name"), stretches=True), ColumnSpec(N_("In Contacts")))
        )
        self.table.setMinimumHeight(_LINES_HEIGHT)
        kit.translator.bind(self.table.setAccessibleName, N_("Contacts"))
        self.twin = DuplicateCard(kit)
        self.twin.chosen.connect(self._on_twin_chosen)
        self._merged: dict[int, frozenset[str]] = {}
        self._apart: set[int] = set()
        self._said: tuple[str, ...] = ()
        self._progress = JobProgress()
        self.closed.connect(self._on_closed)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.take = Button(kit, N_("Import"), "download", ButtonLook.PRIMARY, self._on_take_clicked)
        self.set_action(self.take)
        self._lay_out()
        self._preview()

    def _lay_out(self) -> None:
        label = Label(self.kit, N_("Who may see the new ones"), TextStyle.LABEL)
        seen = CardFrame(parts=(label, self.sights))
        listed = CardFrame(padding=0, parts=(self.table,))
        above = (self.public, self._asked, self.broken, self.left_out, seen, self._above)
        extend(self.body, *above, grown(listed), self.twin, self._below)
        if isinstance(self._source, StarterList):
            self.public.set_message(
                N_("No one has checked these entries. Call before you rely on one."),
                partial(_source_text, self._source),
            )
        else:
            self.public.hide()
        self._asked.hide()
        self.broken.hide()
        self.left_out.hide()
        self.take.setEnabled(False)
        self.first = self.take
        self.kit.translator.changed.connect(self._show)

    def _preview(self, columns: tuple[str, ...] = ()) -> None:
        """Read the file with the chosen options; `columns` are earlier corrections."""
        encoding = "" if self._asked.isHidden() else self.letters.key
        how = ParseOptions(encoding, columns or self._said)
        desk, source, self._said = self._desk, self._source, how.columns
        progress = self._progress = JobProgress()
        self.kit.worker.run(
            lambda: (
                preview_starter_list(desk, source, progress)
                if isinstance(source, StarterList)
                else preview_contact_import(desk, read_contact_files(source), how, progress)
            ),
            self._on_read,
            self.show_fault,
            title=N_("Reading the list"),
            cancel=progress,
        )

    def _on_read(self, preview: ContactImportPreview) -> None:
        self.preview = preview
        self._merged, self._apart = {}, set()
        self.outcome.hide()
        if not preview.reading.is_sure:
            self._asked.show()
            self.letters.set_options(
                _encoding_options(preview.reading.encoding), preview.reading.encoding
            )
        self._show_columns(preview.reading.columns)
        self._show()
        self._update_button()
        if not self.columns.isAncestorOf(QApplication.focusWidget() or self):
            self.take.setFocus()
        self.read.emit()

    def _show(self) -> None:
        preview, language = self.preview, self.kit.translator.language
        if preview is None:
            return
        self.under.set_message(lambda spoken: _preview_counts(preview, spoken))
        self.table.show_rows([_line_cells(one, language) for one in preview.lines])
        self.broken.setVisible(bool(preview.broken))
        self.broken.set_message(
            N_("Some of it could not be read. Everything else was read."),
            lambda spoken: "\n".join(_fault_text(one, spoken) for one in preview.broken[:5]),
        )
        names = ", ".join(preview.reading.left_out)
        self.left_out.setVisible(bool(names))
        self.left_out.set_message(
            N_("Some of the file does not fit into a contact and is left out."), lambda _: names
        )

    def _show_columns(self, columns: tuple[FileColumn, ...]) -> None:
        """Show the columns above the list where one is left out, else below it."""
        if not self.columns.keys:
            is_left = any(one.sample.strip() and not one.key for one in columns)
            inner = (self._above if is_left else self._below).layout()
            assert inner is not None
            inner.addWidget(self.columns)
        self.columns.show_columns(columns)

    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        place, preview = now.row(), self.preview
        if preview is not None and 0 <= place < len(preview.lines):
            keys = None if place in self._apart else self._merged.get(place, frozenset())
            self.twin.show_line(preview.lines[place], keys)

    def _on_twin_chosen(self, keys: frozenset[str] | None) -> None:
        """Remember the choice for the current line."""
        place = self.table.currentIndex().row()
        self._apart.discard(place)
        self._merged.pop(place, None)
        if keys is None:
            self._apart.add(place)
        elif keys:
            self._merged[place] = keys
        self._update_button()

    def _update_button(self) -> None:
        """Enable the import once there is a new entry or a chosen value."""
        is_new = self.preview is not None and self.preview.count(ImportStatus.NEW) > 0
        self.take.setEnabled(is_new or bool(self._merged) or bool(self._apart))

    def _on_take_clicked(self) -> None:
        preview, desk = self.preview, self._desk
        if preview is None:
            return
        progress = self._progress = JobProgress()
        self.take.setEnabled(False)
        self.hint.set_message(N_("Importing the list"))
        choices = ImportChoices(
            self.sights.key, apart=frozenset(self._apart), merged=dict(self._merged)
        )
        self.kit.worker.run(
            lambda: import_contacts(desk, preview, choices, progress),
            self._on_taken,
            self._on_not_taken,
            title=N_("Importing the list"),
            cancel=progress,
        )

    def _on_not_taken(self, fault: KfdeskError) -> None:
        """Allow another try after a failure; nothing was written."""
        self.hint.set_message(N_("Nothing has been changed yet."))
        self.show_fault(fault)
        self._update_button()

    def _on_closed(self) -> None:
        """Cancel the running read or import."""
        self._progress.cancel()

    def _on_taken(self, taken: ContactImportResult) -> None:
        notify_types(
            self.kit,
            self._desk,
            taken.types,
            taken.done,
            N_("Imported: {count} new, {changed} changed"),
            count=lambda _: str(taken.new),
            changed=lambda _: str(taken.changed),
        )
        self.closed.emit()


def _source_text(one: StarterList, language: Language) -> str:
    """Return where a public list comes from: day, source and licence."""
    said = language.gettext(N_("List of {date}, from {source}. Licence: {licence}."))
    day = day_of_list(one, language)
    return said.format(date=day, source=one.source, licence=one.licence.partition(";")[0])


def _encoding_options(guessed: str) -> tuple[tuple[str, Message], ...]:
    """Return the encodings to choose from; a rarer one that was guessed is shown by its name."""
    if any(guessed == code for code, _ in _ENCODINGS):
        return _ENCODINGS
    return (*_ENCODINGS, (guessed, lambda _: guessed))


_COUNTS_TEXT = N_("{new} new, {twin} similar to one here, {same} already here")
_TRUNCATED_TEXT = N_(
    "The first {count} are shown. Entries further down that are similar to one here "
    "are left unchanged."
)


def _preview_counts(preview: ContactImportPreview, language: Language) -> str:
    """Return the number of entries of each kind, and whether only a part is shown."""
    counts = {fate.value: preview.count(fate) for fate in ImportStatus}
    said, shown = language.gettext(_COUNTS_TEXT).format(**counts), len(preview.lines)
    if shown == len(preview.fates):
        return said
    return f"{said}. {language.gettext(_TRUNCATED_TEXT).format(count=shown)}"


def _line_cells(line: ImportLine, language: Language) -> tuple[TableCell, ...]:
    tone, icon, word = _FATE_WORDS[line.fate]
    under = [language.gettext(ENTRY_KINDS[line.listed.type])]
    country = line.listed.values.get("country")
    if isinstance(country, str):
        under[0] = f"{under[0]}, {language.country(country)}"
    if line.twin is not None:
        under += [difference_text(one, line.twin, language) for one in line.twin.differences]
    return (
        TableCell(line.listed.name, "; ".join(under), is_strong=True),
        TableCell(language.gettext(word), icon=icon, tone=tone),
    )


def _fault_text(one: ParseFailure, language: Language) -> str:
    said = language.gettext(N_("Line {line}: {reason}"))
    return said.format(line=one.line, reason=language.gettext(BROKEN_ROW_REASONS[one.reason]))
