# SPDX-License-Identifier: GPL-3.0-or-later
"""The computer's printer: a job with a neutral name, its pages drawn from memory.

Nothing is written to a file on the way, and printing into a file is not offered: for that there
is the PDF, which says what it is. Knows no record.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from kfdesk.domain.marks import N_
from kfdesk.ui.kit import TITLE

FINEST = 600
"""Dots to the inch that a page is drawn with at most: finer takes memory that nobody sees."""

TAKEN = N_("It has gone to the printer.")
REFUSED = N_("The printer did not take the page.")

_POINTS = 72


def new_printer() -> QPrinter:
    """The standard printer with a job on A4 that is called what the window is called."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(TITLE)
    printer.setCreator(TITLE)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    return printer


def ask_printer(parent: QWidget, then: Callable[[QPrinter], None]) -> None:
    """Ask which printer, and hand it on. A lock ends the page, and the question with it."""
    printer = new_printer()  # which the dialog needs as long as it lives
    dialog = new_dialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: then(printer))
    QDialog.open(dialog)  # not exec(), which would keep the lock waiting


def new_dialog(printer: QPrinter, parent: QWidget) -> QPrintDialog:
    """The system's question: which printer, how many copies."""
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(TITLE)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintToFile, on=False)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, on=False)
    return dialog


def scale_for(printer: QPrinter) -> float:
    """How many pixels to a point the pages for this printer need."""
    return min(printer.resolution(), FINEST) / _POINTS


def draw_pages(printer: QPrinter, pngs: Sequence[bytes], scale: float) -> bool:
    """Print pages drawn at `scale` pixels to a point, in their own size. False if it refuses."""
    printer.setDocName(TITLE)  # the system's dialog may have its own idea
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    dots = printer.resolution() / _POINTS / scale
    is_taken = True
    for number, png in enumerate(pngs):
        if number:
            is_taken = printer.newPage() and is_taken
        picture = QImage.fromData(png)
        area = QRectF(0, 0, picture.width() * dots, picture.height() * dots)
        painter.drawImage(area, picture)
    return painter.end() and is_taken
