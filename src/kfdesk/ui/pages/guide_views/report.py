# SPDX-License-Identifier: GPL-3.0-or-later
"""The note for the authority in a guide: the page as it is, and the ways to print or save it.

It holds no name, so that it may be saved; what is written into it by hand is people's.
"""

from pathlib import Path

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.services.desk import Desk
from kfdesk.services.papers.report import report_pictures, save_report
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_save
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.print_views import press
from kfdesk.ui.pages.print_views.preview import Preview
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner

_SCREEN = 1.6
_HEIGHT = 360
_NAME = "report.pdf"


class ReportNote(QWidget):
    """The page, with Print and Save below."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.preview = Preview(kit)
        self.preview.setFixedHeight(_HEIGHT)
        self.printing = Button(kit, N_("Print…"), "printer", Look.PRIMARY)
        self.saving = Button(kit, N_("Save as a file…"), "file-down")
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.hide()
        self.printing.clicked.connect(self._on_print_clicked)
        self.saving.clicked.connect(self._on_save_clicked)
        row = QHBoxLayout()
        row.setContentsMargins(-tokens.RESERVE, 0, 0, 0)
        row.addWidget(self.printing)
        row.addWidget(self.saving)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GRID)
        column.addWidget(self.preview)
        column.addWidget(self.outcome)
        column.addLayout(row)
        kit.words.changed.connect(self._look)
        self._look()

    def print_on(self, printer: QPrinter) -> None:
        """Print it on `printer`, off the window."""
        desk, language = self._desk, self._kit.words.language
        scale = press.scale_for(printer)
        self._kit.work.run(
            lambda: press.draw_pages(printer, report_pictures(desk, language, scale), scale),
            self._on_printed,
            self._on_refused,
        )

    def save_as(self, path: Path) -> None:
        """Save it as a file."""
        desk, language = self._desk, self._kit.words.language
        self._kit.work.run(
            lambda: save_report(desk, language, path), self._on_saved, self._on_refused
        )

    def _look(self) -> None:
        desk, language = self._desk, self._kit.words.language
        self._kit.work.run(
            lambda: report_pictures(desk, language, _SCREEN),
            self.preview.show_pages,
            self._on_refused,
        )

    def _on_print_clicked(self) -> None:
        press.ask_printer(self, self.print_on)

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save"), _NAME, self.save_as)

    def _on_printed(self, is_taken: bool) -> None:
        if is_taken:
            self._say(Tone.SUCCESS, "circle-check", press.TAKEN)
        else:
            self._say(Tone.DANGER, "circle-alert", press.REFUSED)

    def _on_saved(self, _nothing: None) -> None:
        self._say(Tone.SUCCESS, "circle-check", N_("It is saved."))

    def _say(self, tone: Tone, icon: str, message: str) -> None:
        self.outcome.show_look(tone, icon)
        self.outcome.tell(message)
        self.outcome.show()

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.tell_fault(fault)
