# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of contacts from a file, shown before anything is written: what is new, like, and broken.

Who may see the new ones is said here, and the letters of an old file where nothing tells them.
Reading, and what makes two entries alike, is the service's; what was taken can be taken back.
"""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from kfdesk.domain.codes import CONFIDENTIALITY
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.listed import Broken, ReadAs
from kfdesk.domain.listing.listed import Column as FileColumn
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.listing.list_messages import BROKEN
from kfdesk.services.desk import Desk
from kfdesk.services.listing.looking import Fate, ListLine, Preview, look_at_list, read_list
from kfdesk.services.listing.taking import SAFE, Choices, Taken, take_list
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_views.lists.columns import Columns
from kfdesk.ui.pages.contacts_views.lists.twin import TwinCard, difference
from kfdesk.ui.pages.contacts_views.words import KINDS
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_types
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card
from kfdesk.ui.widgets.rows import Cell, Column, Table
from kfdesk.ui.work import Course

_FATES: Mapping[Fate, tuple[Tone, str, str]] = {
    Fate.NEW: (Tone.SUCCESS, "plus", N_("new")),
    Fate.TWIN: (Tone.WARNING, "triangle-alert", N_("like one here")),
    Fate.SAME: (Tone.MUTED, "circle-check", N_("here already")),
}
_LETTERS = (
    ("cp1252", N_("Western Europe")),
    ("cp1251", N_("Cyrillic")),
    ("koi8-r", N_("Old Cyrillic")),
    ("cp1257", N_("Baltic")),
    ("cp1250", N_("Central Europe")),
)
_ROOM = 260


class Taking(Step):
    """The page for one file; `closed` follows Cancel, Esc and when it was taken over."""

    read = Signal()

    def __init__(self, kit: Kit, desk: Desk, path: Path) -> None:
        super().__init__(kit, N_("Import a list of contacts"))
        self._desk = desk
        self._path = path
        self.preview: Preview | None = None
        self.hint.tell(N_("Nothing is written yet."))
        self.sights = Choice(kit)
        self.sights.offer(tuple(CONFIDENTIALITY.items()), SAFE)
        kit.words.bind(self.sights.setAccessibleName, N_("Who may see the new ones"))
        self.letters = Choice(kit)
        self.letters.offer(_LETTERS)
        kit.words.bind(self.letters.setAccessibleName, N_("Letters of the file"))
        self.letters.chosen.connect(lambda _key: self._look())
        self.columns = Columns(kit)
        self.columns.corrected.connect(self._look)
        self._above, self._below = _place(), _place()
        self._asked = Card()
        self._asked.body.addWidget(Label(kit, N_("Letters of the file"), Type.LABEL))
        self._asked.body.addWidget(self.letters)
        self.broken = Banner(kit, Tone.WARNING, "triangle-alert")
        self.table = Table(
            kit, (Column(N_("Name"), stretches=True), Column(N_("In the directory")))
        )
        self.table.setMinimumHeight(_ROOM)
        kit.words.bind(self.table.setAccessibleName, N_("Contacts"))
        self.twin = TwinCard(kit)
        self.twin.chosen.connect(self._on_twin_chosen)
        self._merged: dict[int, frozenset[str]] = {}
        self._apart: set[int] = set()
        self._said: tuple[str, ...] = ()
        self._course = Course()
        self.closed.connect(self._on_closed)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.take = Button(kit, N_("Take over"), "download", Look.PRIMARY)
        self.take.clicked.connect(self._on_take_clicked)
        self.act(self.take)
        self._lay_out()
        self._look()

    def _lay_out(self) -> None:
        seen = Card()
        seen.body.addWidget(Label(self.kit, N_("Who may see the new ones"), Type.LABEL))
        seen.body.addWidget(self.sights)
        listed = Card(padding=0)
        listed.body.addWidget(self.table)
        for part in (self._asked, self.broken, seen, self._above):
            self.body.addWidget(part)
        self.body.addWidget(listed, 1)
        for part in (self.twin, self._below):
            self.body.addWidget(part)
        self._asked.hide()
        self.broken.hide()
        self.take.setEnabled(False)
        self.first = self.take
        self.kit.words.changed.connect(self._show)

    def _look(self, columns: tuple[str, ...] = ()) -> None:
        """Read the file as it was said to be; what was said before of its columns still holds."""
        encoding = "" if self._asked.isHidden() else self.letters.key
        how = ReadAs(encoding, columns or self._said)
        desk, path, self._said = self._desk, self._path, how.columns
        course = self._course = Course()
        self.kit.work.run(
            lambda: look_at_list(desk, read_list(path), how, course), self._on_read, self.refuse,
            title=N_("Reading the list"), cancel=course,
        )  # fmt: skip

    def _on_read(self, preview: Preview) -> None:
        self.preview = preview
        self._merged, self._apart = {}, set()
        self.outcome.hide()
        if not preview.reading.is_sure:
            self._asked.show()
            self.letters.offer(_LETTERS, preview.reading.encoding)
        self._show_columns(preview.reading.columns)
        self._show()
        self._allow()
        if not self.columns.isAncestorOf(QApplication.focusWidget() or self):
            self.take.setFocus()
        self.read.emit()

    def _show(self) -> None:
        preview, language = self.preview, self.kit.words.language
        if preview is None:
            return
        self.under.tell(lambda spoken: _counted(preview, spoken))
        self.table.show_rows([_cells(one, language) for one in preview.lines])
        self.broken.setVisible(bool(preview.broken))
        self.broken.tell(
            N_("Some of it could not be read. The rest is not harmed."),
            lambda spoken: "\n".join(_wrong(one, spoken) for one in preview.broken[:5]),
        )

    def _show_columns(self, columns: tuple[FileColumn, ...]) -> None:
        """The columns stand above the list where one of them is left out, else below it."""
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
        """Remember what is wanted of the line that is the current one."""
        place = self.table.currentIndex().row()
        self._apart.discard(place)
        self._merged.pop(place, None)
        if keys is None:
            self._apart.add(place)
        elif keys:
            self._merged[place] = keys
        self._allow()

    def _allow(self) -> None:
        """There is something to take over as soon as something is new or was chosen."""
        is_new = self.preview is not None and self.preview.count(Fate.NEW) > 0
        self.take.setEnabled(is_new or bool(self._merged) or bool(self._apart))

    def _on_take_clicked(self) -> None:
        preview, desk = self.preview, self._desk
        if preview is None:
            return
        course = self._course = Course()
        self.take.setEnabled(False)
        choices = Choices(self.sights.key, apart=frozenset(self._apart), merged=dict(self._merged))
        self.kit.work.run(
            lambda: take_list(desk, preview, choices, course), self._on_taken, self._on_not_taken,
            title=N_("Taking over the list"), cancel=course,
        )  # fmt: skip

    def _on_not_taken(self, fault: KfdeskError) -> None:
        """Nothing of it was written, and it can be tried again."""
        self.refuse(fault)
        self._allow()

    def _on_closed(self) -> None:
        """Who goes while it is read or taken over takes nothing over."""
        self._course.cancel()

    def _on_taken(self, taken: Taken) -> None:
        tell_types(
            self.kit, self._desk, taken.types, taken.done,
            N_("Taken over: {count} new, {changed} changed"), count=lambda _: str(taken.new),
            changed=lambda _: str(taken.changed),
        )  # fmt: skip
        self.closed.emit()


def _place() -> QWidget:
    place = QWidget()
    QVBoxLayout(place).setContentsMargins(0, 0, 0, 0)
    return place


_COUNTS = N_("{new} new, {twin} like one here, {same} here already")
_FIRST = N_("The first {count} are shown; what is like one here further down stays as it is.")


def _counted(preview: Preview, language: Language) -> str:
    """How many entries are what, and that not all are shown where they are not."""
    counts = {fate.value: preview.count(fate) for fate in Fate}
    said, shown = language.gettext(_COUNTS).format(**counts), len(preview.lines)
    if shown == len(preview.fates):
        return said
    return f"{said}. {language.gettext(_FIRST).format(count=shown)}"


def _cells(line: ListLine, language: Language) -> tuple[Cell, ...]:
    tone, icon, word = _FATES[line.fate]
    under = [language.gettext(KINDS[line.listed.type])]
    if line.twin is not None:
        under += [difference(one, line.twin, language) for one in line.twin.differences]
    return (
        Cell(line.listed.name, "; ".join(under), is_strong=True),
        Cell(language.gettext(word), icon=icon, tone=tone),
    )


def _wrong(one: Broken, language: Language) -> str:
    said = language.gettext(N_("Line {line}: {reason}"))
    return said.format(line=one.line, reason=language.gettext(BROKEN[one.reason]))
