# SPDX-License-Identifier: GPL-3.0-or-later
"""The print centre and the computer's printer in the window's tests.

A plan is chosen as a person chooses it; a printer prints into a file and answers its question.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.core import PaperName
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.pages.printing.page import PrintingPage


def file_printer(path: Path) -> QPrinter:
    """Return a printer that prints coarsely to a file; to a folder it can print nothing."""
    printer = print_dialog.new_printer()
    lead_into(printer, path)
    return printer


def lead_into(printer: QPrinter, path: Path) -> None:
    """Have this printer print into a file."""
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(96)


def answer_printer(page: QWidget, path: Path) -> None:
    """Answer the one question for a printer that stands over the page, with this file."""
    (dialog,) = page.findChildren(QPrintDialog)
    assert dialog.isVisible()
    assert not dialog.testOption(QPrintDialog.PrintDialogOption.PrintToFile)
    lead_into(dialog.printer(), path)
    dialog.done(QPrintDialog.DialogCode.Accepted)


def choose_subject(centre: PrintingPage, rid: bytes) -> None:
    """Choose what the paper is about; the list of it has been read."""
    subject = centre.choices.subject
    place = [key for key, _ in subject._options].index(rid.hex())
    subject.setCurrentIndex(place)
    subject.activated.emit(place)


def choose_plan(
    centre: PrintingPage,
    rest: Callable[[], object],
    rid: bytes,
    paper: PaperName = PaperName.TRAVELLERS_SHEET,
) -> None:
    """Choose a paper and the plan that it is about, and wait for the page."""
    centre.choices.papers.options[paper].click()
    rest()
    choose_subject(centre, rid)
    rest()
