# SPDX-License-Identifier: GPL-3.0-or-later
"""The computer's printer: a job with a neutral name, its pages drawn from memory.

Nothing is written to a file on the way, and printing into a file is not offered: the PDF is
for that, and says what it is. `ConsentFormPrinting` prints the consent form from a plan, without
the print centre.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QImage,
    QPageSize,
    QPainter,
)
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.codes.core import (
    PaperFormat,
    PaperName,
    PaperRequest,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.services.core.session import Session
from kfdesk.services.papers import production
from kfdesk.ui.context import NEUTRAL_TITLE, UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.text import Label

# --- The printer

MAX_PRINT_DPI = 600
"""The most dots per inch for a page; more would take memory without a visible gain."""
PRINT_SENT = N_("It has gone to the printer.")
PRINT_REFUSED = N_("The printer did not take the page.")
_POINTS_PER_INCH = 72


def new_printer() -> QPrinter:
    """Return the default printer with an A4 job that has the window's name."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(NEUTRAL_TITLE)
    printer.setCreator(NEUTRAL_TITLE)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    return printer


def ask_printer(parent: QWidget, then: Callable[[QPrinter], None]) -> None:
    """Ask for a printer and pass it to `then`.

    A lock closes the page, and the dialog with it.
    """
    printer = new_printer()  # must live as long as the dialog
    dialog = new_print_dialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: then(printer))
    QDialog.open(dialog)  # not exec(), which would keep the lock waiting


def new_print_dialog(printer: QPrinter, parent: QWidget) -> QPrintDialog:
    """Return the system's dialog: which printer, how many copies."""
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(NEUTRAL_TITLE)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintToFile, on=False)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, on=False)
    return dialog


def print_scale(printer: QPrinter) -> float:
    """Return how many pixels to a point the pages for this printer need."""
    return min(printer.resolution(), MAX_PRINT_DPI) / _POINTS_PER_INCH


def draw_pages(printer: QPrinter, pngs: Sequence[bytes], scale: float) -> bool:
    """Print pages that were drawn at `scale` pixels to a point, in their own size.

    Return False if the printer refuses.
    """
    printer.setDocName(NEUTRAL_TITLE)  # the dialog may have changed it
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    dots = printer.resolution() / _POINTS_PER_INCH / scale
    is_taken = True
    for number, png in enumerate(pngs):
        if number:
            is_taken = printer.newPage() and is_taken
        picture = QImage.fromData(png)
        area = QRectF(0, 0, picture.width() * dots, picture.height() * dots)
        painter.drawImage(area, picture)
    return painter.end() and is_taken


# --- A consent form

PRINT_FORM = N_("Print the form")
_IN, _LARGE = N_("In {language}"), N_("In {language}, large print")


class ConsentFormPrinting(QWidget):
    """A button that prints the consent form in a language of the user's choice.

    `about` returns the consent's id, after saving its draft.
    """

    def __init__(self, kit: UiContext, desk: Session, about: Callable[[], bytes | None]) -> None:
        super().__init__()
        self._kit, self._desk, self._about = kit, desk, about
        self.button = Button(kit, PRINT_FORM, "printer", ButtonLook.QUIET).with_end_icon(
            "chevron-down"
        )
        self.button.clicked.connect(self._on_clicked)
        self.menu = QMenu(self.button)
        self.menu.triggered.connect(self._on_chosen)
        self.set_options(())
        self.fault = Label(kit, style=TextStyle.SMALL, tone=Tone.DANGER).wrapped()
        self.fault.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.button)
        column.addWidget(self.fault)

    def set_options(self, spoken: Sequence[str]) -> None:
        """Offer the program's languages, the client's first; each also in large print."""
        hers = [code for code in spoken if code in PROGRAM_LANGUAGES]
        self.menu.clear()
        for form, message in ((PaperFormat.A4, _IN), (PaperFormat.LARGE, _LARGE)):
            for code in dict.fromkeys([*hers, *PROGRAM_LANGUAGES]):
                action = QAction(self.menu)
                self._kit.translator.bind(
                    action.setText, message, language=partial(_language_text, code)
                )
                action.setData((code, form.value))
                self.menu.addAction(action)

    def print_on(self, printer: QPrinter, code: str, form: PaperFormat = PaperFormat.A4) -> None:
        """Make the form in a language, enter it in the ledger, and print it on `printer`."""
        desk, kit, rid, scale = (
            self._desk,
            self._kit,
            self._about(),
            print_scale(printer),
        )
        order = PaperRequest(PaperName.CONSENT_FORM, rid or b"", code, form)
        self.fault.hide()

        def is_printed() -> bool:
            paper = production.make_paper(desk, order)
            pages = desk.adapters.papers.pictures(paper.pdf, scale)
            return draw_pages(printer, pages, scale)

        def done(is_taken: bool) -> None:
            kit.events.changed.emit(frozenset({"paper_copy"}))
            kit.notify(
                N_("The form has gone to the printer. Fetch it now.") if is_taken else PRINT_REFUSED
            )

        kit.worker.run(is_printed, done, self._on_refused)

    def _on_refused(self, fault: KfdeskError) -> None:
        faults = self._kit.faults
        self.fault.set_message(lambda language: " ".join(faults(fault, language)))
        self.fault.show()

    def _on_clicked(self) -> None:
        self.menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _on_chosen(self, action: QAction) -> None:
        code, form = action.data()
        ask_printer(self, lambda printer: self.print_on(printer, str(code), PaperFormat(form)))


def _language_text(code: str, language: Language) -> str:
    return language.language(code)
