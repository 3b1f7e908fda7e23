# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash window: what a start says after the program stopped by itself.

It stands alone, before the program's window, so that it can be shown when that window cannot. It
says what was lost, what to do, and shows a report without values that can be saved. It opens no
store. F12 hides it like every window.
"""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.lock.idle import HIDE_KEY
from kfdesk.ui.shell.window import Window
from kfdesk.ui.tokens import GRID, TextStyle
from kfdesk.ui.widgets.build import STRETCH, column, extend, grown, muted, panel, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import make_scroll_area

_SIZE, _LEAST = QSize(640, 520), QSize(480, 420)
_FILE_NAME = "report.txt"


class CrashPage(QWidget):
    """The fault, and its report. `continued` asks for the program, `hide_asked` for hiding."""

    continued = Signal()
    hide_asked = Signal()

    def __init__(self, kit: UiContext, report: str) -> None:
        super().__init__()
        self._kit = kit
        self.report = QPlainTextEdit(report)
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        kit.translator.bind(self.report.setAccessibleName, N_("Report"))
        self.go_on = Button(kit, N_("Open the database again"), "", ButtonLook.PRIMARY)
        self.save = Button(kit, N_("Save the report…"), "download", on=self._on_save_clicked)
        self.hiding = Button(kit, N_("Hide"), "eye-off", on=self.hide_asked.emit).show_key(HIDE_KEY)
        self.outcome = text(kit)
        self.outcome.hide()
        self.go_on.clicked.connect(self.continued)
        self._lay_out()

    def _lay_out(self) -> None:
        kit = self._kit
        edge = 3 * GRID
        box = column(
            text(kit, N_("The program stopped by itself"), TextStyle.TITLE),
            gap=2 * GRID,
            margins=(edge, edge, edge, 0),
        )
        for said in (
            N_(
                "Nothing that was saved is lost. What you typed is kept as a draft, "
                "except perhaps the last few seconds."
            ),
            N_(
                "The database is closed. Open it with your passphrase and continue. If "
                "this happens again, save the report and give it to the person who "
                "helps you with the computer."
            ),
        ):
            extend(box, text(kit, said))
        about = N_("The report says which part stopped. It contains nothing that anyone wrote.")
        extend(box, muted(kit, about, TextStyle.BODY), grown(self.report), self.outcome)
        line = row(
            self.go_on, self.save, STRETCH, self.hiding,
            gap=GRID, margins=(edge, 0, edge, edge),
        )  # fmt: skip
        column(grown(make_scroll_area(panel(box))), line, gap=2 * GRID, on=self)

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the report"), _FILE_NAME, self._save_report)

    def _save_report(self, path: Path) -> None:
        try:
            path.write_text(f"{self.report.toPlainText()}\n", encoding="utf-8")
            said = N_("The report is saved.")
        except OSError:
            said = N_("The report could not be saved there. Choose another folder or USB stick.")
        self.outcome.set_message(said)
        self.outcome.show()


class CrashWindow(Window):
    """The small window of the crash page. `goes_on` says whether the program is wanted."""

    def __init__(self, kit: UiContext, report: str) -> None:
        super().__init__(kit)
        self.goes_on = False
        self.setMinimumSize(_LEAST)
        self.resize(_SIZE)
        self.page = CrashPage(kit, report)
        self.page.continued.connect(self._on_continued)
        self.page.hide_asked.connect(self.hide_all)
        self.show_page(self.page)
        self.page.go_on.setFocus()
        self.watch.start()

    def _on_continued(self) -> None:
        self.goes_on = True
        self.close()


def tell_crash(kit: UiContext, report: str) -> bool:
    """Show the crash window until it is closed. Return whether the user wants to go on."""
    window = CrashWindow(kit, report)
    window.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    window.show()
    QApplication.exec()
    kit.worker.close()
    window.deleteLater()
    return window.goes_on
