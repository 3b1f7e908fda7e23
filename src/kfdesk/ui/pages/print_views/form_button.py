# SPDX-License-Identifier: GPL-3.0-or-later
"""Printing the form of one consent: chosen by language, hers first, and sent to the printer.

A consent that is only talked about is a draft; its form is printed all the same, so that it can
lie on the table between two people. What stands on it is the press's.
"""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Form, Order, PaperName
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.services.desk import Desk
from kfdesk.services.papers import making
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.print_views import press
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label

PRINT = N_("Print the form")
_IN, _LARGE = N_("In {language}"), N_("In {language}, large print")


class FormPrinting(QWidget):
    """The button with its languages. `about` has the consent's id, and keeps its draft first."""

    def __init__(self, kit: Kit, desk: Desk, about: Callable[[], bytes | None]) -> None:
        super().__init__()
        self._kit, self._desk, self._about = kit, desk, about
        self.button = Button(kit, PRINT, "printer", Look.QUIET).ended_by("chevron-down")
        self.button.clicked.connect(self._on_clicked)
        self.menu = QMenu(self.button)
        self.menu.triggered.connect(self._on_chosen)
        self.offer(())
        self.fault = Label(kit, style=Type.SMALL, tone=Tone.DANGER).wrapped()
        self.fault.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.button)
        column.addWidget(self.fault)

    def offer(self, spoken: Sequence[str]) -> None:
        """Offer the program's languages, those that she speaks first; each also in large print."""
        hers = [code for code in spoken if code in PROGRAM_LANGUAGES]
        self.menu.clear()
        for form, message in ((Form.A4, _IN), (Form.LARGE, _LARGE)):
            for code in dict.fromkeys([*hers, *PROGRAM_LANGUAGES]):
                action = QAction(self.menu)
                self._kit.words.bind(action.setText, message, language=_name(code))
                action.setData((code, form.value))
                self.menu.addAction(action)

    def print_on(self, printer: QPrinter, code: str, form: Form = Form.A4) -> None:
        """Make the form in a language, enter it in the ledger, and print it on `printer`."""
        desk, kit, rid, scale = self._desk, self._kit, self._about(), press.scale_for(printer)
        order = Order(PaperName.CONSENT_FORM, rid or b"", code, form)
        self.fault.hide()

        def is_printed() -> bool:
            paper = making.make_paper(desk, order)
            pages = desk.rooms.papers.pictures(paper.pdf, scale)
            return press.draw_pages(printer, pages, scale)

        def done(is_taken: bool) -> None:
            kit.hub.changed.emit(frozenset({"paper_copy"}))
            kit.tell(
                N_("The form has gone to the printer. Fetch it now.") if is_taken else press.REFUSED
            )

        kit.work.run(is_printed, done, self._on_refused)

    def _on_refused(self, fault: KfdeskError) -> None:
        faults = self._kit.faults
        self.fault.tell(lambda language: " ".join(faults(fault, language)))
        self.fault.show()

    def _on_clicked(self) -> None:
        self.menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _on_chosen(self, action: QAction) -> None:
        code, form = action.data()
        press.ask_printer(self, lambda printer: self.print_on(printer, str(code), Form(form)))


def _name(code: str) -> Callable[[Language], str]:
    return lambda language: language.language(code)
