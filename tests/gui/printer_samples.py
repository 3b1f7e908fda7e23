# SPDX-License-Identifier: GPL-3.0-or-later
"""The computer's printer in the window's tests: one that prints into a file, and its question."""

from pathlib import Path

from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from kfdesk.ui.pages.printing import print_dialog


def file_printer(path: Path) -> QPrinter:
    """A printer that prints coarsely into a file; into a folder it can print nothing."""
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
