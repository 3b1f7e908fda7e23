# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a salvage: its words on the page, saved as a text file, and printed.

It holds kinds, numbers and ids alone, so that it can be shown to whoever helps. It is written only
where a person puts it, and printed from memory.
"""

from pathlib import Path

from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.keeping.salvage import Salvage
from kfdesk.domain.marks import N_
from kfdesk.i18n import findings
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_save
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.print_views.press import REFUSED, TAKEN, ask_printer
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Message

_NAME = "report.txt"


class ReportRow(QWidget):
    """The row of buttons under a salvage that was done."""

    def __init__(self, kit: Kit, parent: QWidget) -> None:
        super().__init__()
        self._kit = kit
        self._parent = parent
        self._salvage: Salvage | None = None
        self.save = Button(kit, N_("Save the report…"), "file-down")
        self.print = Button(kit, N_("Print the report…"), "printer")
        self.told = Label(kit, tone=Tone.MUTED)
        self.save.clicked.connect(self._on_save)
        self.print.clicked.connect(self._on_print)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GRID)
        column.addWidget(Flow(self.save, self.print, gap=0))
        column.addWidget(self.told)

    def damage(self, salvage: Salvage) -> Message:
        """What is wrong with the file."""
        return lambda language: findings.damage_words(salvage.damage, language)

    def losses(self, salvage: Salvage) -> Message:
        """What cannot be read, a line each."""
        return lambda language: "\n".join(findings.lost_words(salvage, language))

    def offer(self, salvage: Salvage) -> None:
        """Have this salvage to tell of."""
        self._salvage = salvage

    def text(self) -> str:
        """The whole report in the window's language."""
        assert self._salvage is not None
        return findings.report(self._salvage, self._kit.words.language)

    def write(self, file: Path) -> None:
        """Write the report into a file. Raises KfdeskError `store.disk`."""
        try:
            file.write_text(self.text(), encoding="utf-8")
        except OSError:
            raise KfdeskError("store.disk") from None

    def print_on(self, printer: QPrinter) -> None:
        """Print the report, from memory."""
        QTextDocument(self.text()).print_(printer)
        is_taken = printer.printerState() is not QPrinter.PrinterState.Error
        self.told.tell(TAKEN if is_taken else REFUSED)

    def _on_save(self) -> None:
        ask_save(self._kit, self._parent, N_("Save the report"), _NAME, self._save)

    def _save(self, file: Path) -> None:
        try:
            self.write(file)
        except KfdeskError:
            self.told.tell(N_("It could not be saved there."))
            return
        self.told.tell(N_("Saved."))

    def _on_print(self) -> None:
        ask_printer(self._parent, self.print_on)
