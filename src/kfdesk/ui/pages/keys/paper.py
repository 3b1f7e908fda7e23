# SPDX-License-Identifier: GPL-3.0-or-later
"""The paper of a recovery key before it is paper: its pages, and the way to the printer.

The pages are made and held in memory, go to the printer under the neutral name, and into no file.
What stands on them, and that printing is entered in the audit trail, is the business of those who
hand in `Prints`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.print_views import press
from kfdesk.ui.pages.print_views.preview import Preview
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Banner

_SCREEN = 1.6
_HEIGHT = 420

Sheets = Sequence[Sequence[str]]
Pictures = Callable[[Sheets, Language, float], list[bytes]]


@dataclass(frozen=True, slots=True)
class Prints:
    """What makes the pages, as PNGs at so many pixels to a point; both run on the worker's thread.

    `look` is for the screen and leaves no trace; `make` is for the printer. Both raise KfdeskError.
    """

    look: Pictures = field(repr=False)
    make: Pictures = field(repr=False)


class KeyPaper(QWidget):
    """The pages of `sheets`, and two ways on. `closed` follows the way back."""

    closed = Signal()

    def __init__(self, kit: Kit, prints: Prints) -> None:
        super().__init__()
        self._kit = kit
        self._prints = prints
        self._sheets: Sheets = ()
        self.preview = Preview(kit)
        self.preview.setFixedHeight(_HEIGHT)
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.hide()
        self.back = Button(kit, N_("Back to the key"), "chevron-left")
        self.printing = Button(kit, N_("Print…"), "printer")
        self.back.clicked.connect(self._on_back_clicked)
        self.printing.clicked.connect(self._on_print_clicked)
        row = QHBoxLayout()
        row.setContentsMargins(-tokens.RESERVE, 0, -tokens.RESERVE, 0)
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.printing)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.RESERVE, 0, tokens.RESERVE, 0)
        column.setSpacing(10)
        column.addWidget(self.preview)
        column.addWidget(self._make_warning())
        column.addWidget(self.outcome)
        column.addLayout(row)

    def show_sheets(self, sheets: Sheets) -> None:
        """Show these sheets as they would be printed."""
        self._sheets = tuple(sheets)
        self.outcome.hide()
        self.printing.setEnabled(False)
        self.preview.show_reason(N_("The page is being made."))
        look, language = self._prints.look, self._kit.words.language
        self._kit.work.run(
            lambda: look(sheets, language, _SCREEN), self._on_looked, self._on_refused
        )

    def print_on(self, printer: QPrinter) -> None:
        """Print the sheets on `printer`, off the window."""
        self.outcome.hide()
        make, sheets, language = self._prints.make, self._sheets, self._kit.words.language
        scale = press.scale_for(printer)
        self._kit.work.run(
            lambda: press.draw_pages(printer, make(sheets, language, scale), scale),
            self._on_printed,
            self._on_refused,
        )

    def forget(self) -> None:
        """Hold no page and no sign any more."""
        self._sheets = ()
        self.preview.show_reason("")

    def _make_warning(self) -> QWidget:
        warning = QWidget()
        said = N_(
            "The printer, or a print server, may keep a copy of the page. If you do not trust it, "
            "copy the key by hand."
        )
        row = QHBoxLayout(warning)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        icon = Icon(self._kit, "triangle-alert", Tone.WARNING, icons.MEDIUM)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(self._kit, said, Type.SMALL, Tone.WARNING).wrapped(), 1)
        return warning

    def _on_looked(self, pngs: list[bytes]) -> None:
        if not self._sheets:
            return  # they were put away meanwhile
        self.preview.show_pages(pngs)
        self.printing.setEnabled(True)

    def _on_refused(self, fault: KfdeskError) -> None:
        self.preview.show_reason(N_("The page cannot be made."))
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.tell_fault(fault)
        self.outcome.show()

    def _on_back_clicked(self) -> None:
        self.forget()
        self.closed.emit()

    def _on_print_clicked(self) -> None:
        press.ask_printer(self, self.print_on)

    def _on_printed(self, is_taken: bool) -> None:
        if is_taken:
            self.outcome.show_look(Tone.SUCCESS, "circle-check")
            self.outcome.tell(
                press.TAKEN,
                N_("Fetch it now, then type it back from the paper: only so it counts."),
            )
        else:
            self.outcome.show_look(Tone.DANGER, "circle-alert")
            self.outcome.tell(press.REFUSED, N_("Copy the key by hand instead."))
        self.outcome.show()
