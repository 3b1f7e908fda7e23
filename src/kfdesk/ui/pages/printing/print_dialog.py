# SPDX-License-Identifier: GPL-3.0-or-later
"""The computer's printer: a job with a neutral name, its pages drawn from memory.

Nothing is written to a file on the way, and printing into a file is not offered: the PDF is
for that, and says what it is. `ConsentFormPrinting` prints the consent form from a plan, without
the print centre.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.leak_check.check import LeakOverride
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.client_texts import TEXT_STATES
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.services.core.session import Session
from kfdesk.services.papers import production
from kfdesk.ui.context import NEUTRAL_TITLE, UiContext
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.build import column, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.popup import PopupMenu

# --- The printer

MAX_PRINT_DPI = 600
"""The most dots per inch for a page; more would take memory without a visible gain."""
PRINT_SENT = N_("It has been sent to the printer.")
PRINT_REFUSED = N_("The page did not print.")
_POINTS_PER_INCH = 72


def new_printer() -> QPrinter:
    """Return the default printer with an A4 job that has the window's name."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(NEUTRAL_TITLE)
    printer.setCreator(NEUTRAL_TITLE)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    return printer


def has_printer() -> bool:
    """Return whether the computer knows a printer."""
    return bool(QPrinterInfo.availablePrinterNames())


def ask_printer(
    parent: QWidget, then: Callable[[QPrinter], None], refuse: Callable[[KfdeskError], None]
) -> None:
    """Ask for a printer and pass it to `then`.

    Without any printer pass KfdeskError `paper.no_printer` to `refuse` instead: the system's
    dialog would be an empty box. A lock closes the page, and the dialog with it.
    """
    if not has_printer():
        refuse(KfdeskError("paper.no_printer"))
        return
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
        painter.drawImage(QRectF(0, 0, picture.width() * dots, picture.height() * dots), picture)
    if not is_taken:
        printer.abort()
    return painter.end() and is_taken


def print_paper_on(
    desk: Session, order: PaperRequest, printer: QPrinter, excuse: LeakOverride | None = None
) -> bool:
    """Make a paper and print it; return whether the printer took it. On the worker's thread.

    Raise as `production.print_paper` does.
    """
    scale = print_scale(printer)

    def is_taken(pdf: bytes) -> bool:
        return draw_pages(printer, desk.adapters.papers.pictures(pdf, scale), scale)

    return production.print_paper(desk, order, is_taken, excuse)


# --- A consent form

PRINT_FORM = N_("Print the form")
_IN, _IN_BOTH = N_("In {language}"), N_("In {language} and {second}")
_LARGE, _READ_ALOUD = N_("large print"), N_("an interpreter reads it aloud")


class ConsentFormPrinting(QWidget):
    """A button that prints the consent form in a language of the user's choice.

    `about` returns the consent's id, after saving its draft.
    """

    def __init__(self, kit: UiContext, desk: Session, about: Callable[[], bytes | None]) -> None:
        super().__init__()
        self._kit, self._desk, self._about = kit, desk, about
        button = Button(kit, PRINT_FORM, "printer", ButtonLook.QUIET, on=self._on_clicked)
        self.button = button.with_end_icon("chevron-down")
        self.menu = PopupMenu(self.button)
        self.menu.triggered.connect(self._on_chosen)
        self.set_options(())
        self.fault = text(kit, "", TextStyle.SMALL, Tone.DANGER)
        self.fault.hide()
        column(self.button, self.fault, on=self)

    def set_options(self, spoken: Sequence[str]) -> None:
        """Offer the client's languages, alone and beside the window's, then the program's.

        Each comes in large print, too. Without a text in a language of hers an interpreter reads
        one of the program's aloud.
        """
        texts = self._desk.adapters.client_texts.of_paper(PaperName.CONSENT_FORM)
        hers, ours = [code for code in spoken if code in texts], self._kit.translator.language.code
        seconds = ("", ours) if ours in texts else ("",)
        pairs = [(code, second) for second in seconds for code in hers if code != second]
        pairs += [(code, "") for code in PROGRAM_LANGUAGES if code not in hers]
        is_read = bool(spoken) and not hers
        self.menu.clear()
        for form in (PaperFormat.A4, PaperFormat.LARGE):
            for code, second in pairs:
                action = QAction(self.menu)
                notes = [_LARGE] if form is PaperFormat.LARGE else []
                notes += [_READ_ALOUD if is_read else TEXT_STATES[texts[code]]]
                said = partial(_option_text, (code, second), notes)
                self._kit.translator.bind(action.setText, said)
                action.setData((code, form.value, second))
                self.menu.addAction(action)

    @task
    async def print_on(
        self, printer: QPrinter, code: str, form: PaperFormat = PaperFormat.A4, second: str = ""
    ) -> None:
        """Make the form in a language or two, enter it in the ledger, and print it."""
        kit = self._kit
        order = PaperRequest(PaperName.CONSENT_FORM, self._about() or b"", code, form, second)
        self.fault.hide()
        is_taken = await call(kit, print_paper_on, self._desk, order, printer)
        kit.events.changed.emit(frozenset({"paper_copy"}))
        if is_taken:
            kit.notify(N_("The form has been sent to the printer. Collect it now."))
        else:
            self.refuse(KfdeskError("paper.not_printed"))

    def refuse(self, fault: KfdeskError) -> None:
        """Say below the button what was refused."""
        faults = self._kit.faults
        self.fault.set_message(lambda language: " ".join(faults(fault, language)))
        self.fault.show()

    def _on_clicked(self) -> None:
        self.menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _on_chosen(self, action: QAction) -> None:
        code, form, second = action.data()
        self.fault.hide()
        ask_printer(
            self,
            lambda printer: self.print_on(printer, str(code), PaperFormat(form), str(second)),
            self.refuse,
        )


def _option_text(codes: tuple[str, str], notes: Sequence[str], language: Language) -> str:
    """Return an option: `In Ukrainian and Swedish · large print · not yet read by …`."""
    code, second = codes
    said = language.gettext(_IN_BOTH if second else _IN).format(
        language=language.language(code), second=language.language(second)
    )
    return " · ".join((said, *map(language.gettext, notes)))
