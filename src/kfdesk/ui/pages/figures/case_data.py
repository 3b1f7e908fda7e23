# SPDX-License-Identifier: GPL-3.0-or-later
"""Case data: cases as a table file for an organisation that asks, by each client's consent.

It lists who has agreed to case management by the organisation, and which columns would be filled,
never what is in them. Sheets of others are imported from here, too.
"""

from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.case_data import CONSENT, SOURCES
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import name_sort_key
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.figures.case_data import (
    CaseData,
    export_case_data,
    list_case_data,
    list_receiving_organisations,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_open_several, ask_save
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, TextStyle
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import column, grown, labelled, muted, panel
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import CardFrame, EmptyState, FlowBox
from kfdesk.ui.widgets.table import ColumnSpec, LineSpec, LineTable, SortKey, TableCell
from kfdesk.ui.widgets.text import Label

_FILE_NAME, _BOOK_NAME = "table.csv", "table.xlsx"
_SHEETS = (".csv", ".xlsx")
_TABLE_HEIGHT = 150
_COLUMNS = (
    ColumnSpec(N_("Client"), most=200),
    ColumnSpec(N_("What leaves"), stretches=True),
    ColumnSpec(N_("What stays here"), most=220),
)


class CaseDataView(QWidget):
    """Choose an organisation and clients, see what would leave, and save it.

    `import_asked` carries the path of a sheet.
    """

    import_asked = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.cases: tuple[CaseData, ...] = ()
        self.house = ChoiceBox(kit)
        self.table = LineTable(kit, _spec())
        self.table.setMinimumHeight(_TABLE_HEIGHT)
        self.save = Button(kit, N_("Save as a table file…"), "download", ButtonLook.PRIMARY)
        self.workbook = Button(kit, N_("Save as a workbook…"), "download")
        self.take = Button(kit, N_("Import a sheet…"), "inbox")
        self.none = EmptyState(
            kit, "shield-check", N_("No one has agreed"),
            N_(
                "Only clients who have agreed to case management by this organisation are "
                "listed. Talk with the client, and record the consent under Consent."
            ),
        )  # fmt: skip
        self._listed = CardFrame(padding=0, parts=(grown(self.table),), gap=0)
        self._hint = muted(
            kit, N_("All are chosen. With Ctrl or Shift, choose some of them."), TextStyle.SMALL
        )
        self._lay_out()
        self._connect()
        self.read()

    @property
    def chosen(self) -> tuple[CaseData, ...]:
        """The cases that are chosen in the list."""
        return self.table.selected

    @task
    async def read(self) -> None:
        """Read the organisations and cases again."""
        found = await call(self._kit, list_receiving_organisations, self._desk)
        houses = [(rid.hex(), fixed_text(name or "–")) for rid, name in found]
        self.house.set_options((("", N_("Nothing chosen")), *houses), self.house.key)
        self._list()

    @task
    async def _list(self) -> None:
        chosen = self.house.key
        cases: tuple[CaseData, ...] = ()
        if chosen:
            cases = await call(self._kit, list_case_data, self._desk, bytes.fromhex(chosen))
        if chosen == self.house.key:
            self.cases = cases
            self._show()

    @task
    async def save_to(self, path: Path) -> None:
        """Save the chosen cases as a table file or workbook."""
        plans, house = [one.plan for one in self.chosen], bytes.fromhex(self.house.key)
        await call(self._kit, export_case_data, self._desk, plans, house, path)
        self._kit.notify(N_("The table is saved."))

    def _show(self) -> None:
        self.table.show_lines(self.cases)
        self.table.selectAll()
        for part in (self._listed, self._hint, self.save, self.workbook):
            part.setVisible(bool(self.cases))
        self.none.setVisible(bool(self.house.key) and not self.cases)
        self._on_selected()

    def _on_selected(self) -> None:
        for button in (self.save, self.workbook):
            button.setEnabled(bool(self.chosen))

    def _lay_out(self) -> None:
        kit = self._kit
        said = N_(
            "For an organisation that asks for case data in the international standard "
            "(HTCDS): clients who have agreed to case management by this organisation. Each "
            "client's consent decides what goes into the line."
        )
        below = N_(
            "A sheet of the same standard can be imported: every line becomes a new client with a "
            "draft of a plan, after you have looked at it."
        )
        choices = FlowBox(panel(labelled(kit, N_("Organisation"), self.house)), gap=12)
        column(
            muted(kit, said), CardFrame(parts=(choices,)), self._listed, self._hint, self.none,
            FlowBox(self.save, self.workbook),
            Label(kit, N_("Sheets of others"), TextStyle.TITLE), muted(kit, below),
            FlowBox(self.take), gap=CARD_GAP, on=self,
        )  # fmt: skip
        for part in (self._listed, self._hint, self.none, self.save, self.workbook):
            part.hide()
        self.take.setVisible(self._desk.may(Right.IMPORT_BUNDLE))

    def _connect(self) -> None:
        kit = self._kit
        self.house.chosen.connect(lambda _: self._list())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._on_selected())
        self.save.clicked.connect(self._on_save_clicked)
        self.workbook.clicked.connect(self._on_workbook_clicked)
        self.take.clicked.connect(self._on_take_clicked)
        kit.translator.on_language_change(self, self._show)
        kit.events.changed.connect(self._on_changed)

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the table"), _FILE_NAME, self.save_to)

    def _on_workbook_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the table"), _BOOK_NAME, self.save_to)

    def _on_take_clicked(self) -> None:
        ask_open_several(
            self._kit, self, N_("Import a sheet"), _SHEETS,
            lambda paths: self.import_asked.emit(paths[0]),
        )  # fmt: skip

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & {"plan", "client", "consent", "organisation", "referral"}:
            self.read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the choice."""
        self.house.setFocus(event.reason())


def may_export(desk: Session) -> bool:
    """Return whether this user may give case data to anybody."""
    return desk.may(Right.EXPORT_BUNDLE) and desk.may(Right.PRINT_INTERNAL)


def _spec() -> LineSpec[CaseData]:
    return LineSpec("case-data", N_("Clients"), _COLUMNS, _cells, _sort_keys, attrgetter("plan"))


def _sort_keys(language: Language) -> Sequence[SortKey[CaseData]]:
    return (
        lambda one: name_sort_key(one.code, language.code),
        lambda one: -len(one.filled),
        lambda one: -one.withheld,
    )


def _cells(one: CaseData, language: Language) -> tuple[TableCell, ...]:
    columns = [name for name in one.filled if name != CONSENT]
    stays = language.plural(
        "{count} detail stays here.", "{count} details stay here.", one.withheld
    )
    return (
        TableCell(one.code or "–", is_strong=True),
        TableCell(", ".join(_labels(columns, language)), ", ".join(columns)),
        TableCell(stays),
    )


def _labels(columns: Sequence[str], language: Language) -> list[str]:
    """Return the columns in the words of the form, each once."""
    known = (SOURCES[name] for name in columns if name in SOURCES)
    labels = [language.gettext(RECORD_TYPES[kind].fields[key].label) for kind, key in known]
    if any(name not in SOURCES for name in columns):
        labels.append(language.gettext(N_("Referrals")))
    return list(dict.fromkeys(labels))
