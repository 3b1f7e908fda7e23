# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking a book over: the shipped articles, or a folder of files, looked at beforehand.

Nothing is written before the user says so; then every text is a draft, and all of it can be undone.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.book import files
from kfdesk.services.book.articles import DEFAULT_CONFIDENTIALITY
from kfdesk.services.book.files import BookImport, BookPreview, FileLine, FileState
from kfdesk.services.core.session import Session
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import notify_types
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.build import STRETCH, column, extend, grown, labelled, muted, plural
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox, ChoiceBox
from kfdesk.ui.widgets.layout import CardFrame, TaskPage
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView

_TABLE_HEIGHT = 260
_COLUMNS = (
    ColumnSpec(N_("Article"), stretches=True),
    ColumnSpec(N_("Language"), most=160),
    ColumnSpec(N_("Adding it"), most=420),
)
_STATES = {
    FileState.NEW: (N_("a new article"), "plus", Tone.INFO),
    FileState.NEW_LANGUAGE: (N_("a new language of an article"), "languages", Tone.INFO),
    FileState.SAME: (N_("here already, as it is"), "check", Tone.MUTED),
    FileState.BESIDE: (N_("here already, with another text"), "git-merge", Tone.WARNING),
    FileState.TORN: (N_("cannot be read"), "ban", Tone.DANGER),
}
SHIPPED_READERS = "public"
"""The readers of the shipped articles: everybody has them."""


class BookImportPage(TaskPage):
    """The preview of an import, with its button. `taken` says that it was done."""

    taken = Signal()

    def __init__(self, kit: UiContext, desk: Session, folder: Path | None = None) -> None:
        title = N_("Add the shipped articles") if folder is None else N_("Articles of a folder")
        super().__init__(kit, title)
        self._desk, self._folder = desk, folder
        self.preview: BookPreview | None = None
        self.hint.set_message(N_("Nothing has been changed yet."))
        self.sights = ChoiceBox(kit)
        readers = SHIPPED_READERS if folder is None else DEFAULT_CONFIDENTIALITY
        self.sights.set_options(tuple(CONFIDENTIALITY.items()), readers)
        self.beside = CheckBox(kit, N_("Put other texts beside ours, to choose by paragraph"))
        self.beside.hide()
        self.table = TableView(kit, _COLUMNS)
        self.table.setMinimumHeight(_TABLE_HEIGHT)
        kit.translator.bind(self.table.setAccessibleName, N_("Articles"))
        self.take = Button(kit, N_("Add as drafts"), "check", ButtonLook.PRIMARY, self._on_take)
        self.take.setEnabled(False)
        self.set_action(self.take)
        seen = labelled(kit, N_("Who may see this"), self.sights)
        drafts = muted(kit, N_("They become drafts of yours: read them, change them, adopt them."))
        self._top = CardFrame(parts=(drafts, seen, self.beside))
        self._listed = CardFrame(padding=0, parts=(grown(self.table),), gap=0)
        extend(self.body, self._top, grown(self._listed), column(STRETCH))
        self.first = self.take
        kit.translator.on_language_change(self, self._show_table)
        self.look()

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do; nothing was written."""
        self.show_fault(fault)
        self.first = self.back
        self.back.setFocus()

    @task
    async def look(self) -> None:
        """Read the files and show what they would add."""
        self.preview = await call(self.kit, self._read)
        self._show()

    def _read(self) -> BookPreview:
        folder, desk = self._folder, self._desk
        found = files.shipped_book(desk) if folder is None else files.read_book_folder(folder)
        return files.preview_book(desk, found)

    def _show(self) -> None:
        preview = self.preview
        if preview is None:
            return
        new = preview.count(FileState.NEW, FileState.NEW_LANGUAGE)
        said = plural("{count} text to add", "{count} texts to add", new)
        self.under.set_message(said if preview.lines else N_("There is nothing to add."))
        has_beside = preview.count(FileState.BESIDE) > 0 and self._folder is not None
        self.beside.setVisible(has_beside)
        self.take.setEnabled(preview.brings_something or has_beside)
        self._show_table()
        self.first = self.take if self.take.isEnabled() else self.back
        self.first.setFocus()

    def _show_table(self) -> None:
        language = self.kit.translator.language
        lines = self.preview.lines if self.preview is not None else ()
        self.table.show_rows([_cells(one, language, self.kit) for one in lines])

    @task
    async def _on_take(self) -> None:
        preview, desk = self.preview, self._desk
        if preview is None:
            return
        self.take.setEnabled(False)
        work = partial(files.import_book, with_beside=self.beside.isChecked())
        done: BookImport = await call(self.kit, work, desk, preview, self.sights.key)
        notify_types(self.kit, desk, done.types, done.done, N_("The articles are in the book."))
        self.taken.emit()


def _cells(one: FileLine, language: Language, kit: UiContext) -> tuple[TableCell, ...]:
    words, icon, tone = _STATES[one.state]
    said = language.gettext(words)
    under = kit.faults(one.fault, language)[0] if one.fault is not None else ""
    if one.odd:
        under = language.gettext(N_("not known: {names}")).format(names=", ".join(one.odd))
    spoken = language.language(one.file.language) if one.file is not None else "–"
    title = one.file.title if one.file is not None else one.name
    return (
        TableCell(title, one.name if one.file is not None else "", is_strong=True),
        TableCell(spoken),
        TableCell(said, under, icon, tone),
    )
