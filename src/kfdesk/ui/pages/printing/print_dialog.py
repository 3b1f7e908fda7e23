# SPDX-License-Identifier: GPL-3.0-or-later
"""The computer's printer: a job with a neutral name, its pages drawn from memory.

Nothing is written to a file on the way, and printing into a file is not offered: the PDF is
for that, and says what it is. Knows no record.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QKeySequence, QPageSize, QPainter, QResizeEvent, QShortcut
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.attachments import FIT_WIDTH, ZOOM_FACTORS, PictureView
from kfdesk.ui.context import NEUTRAL_TITLE, Command, UiContext
from kfdesk.ui.tokens import GRID, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import Badge
from kfdesk.ui.widgets.text import Chip, Label

MAX_PRINT_DPI = 600
"""Dots to the inch that a page is drawn with at most: finer takes memory that nobody sees."""

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
    printer = new_printer()  # which the dialog needs as long as it lives
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
    printer.setDocName(NEUTRAL_TITLE)  # the system's dialog may have its own idea
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


LARGER_KEY, SMALLER_KEY, FIT_KEY = "Ctrl++", "Ctrl+-", "Ctrl+0"
_ZOOM_KEYS = {LARGER_KEY: 1, "Ctrl+=": 1, SMALLER_KEY: -1, FIT_KEY: 0}
"""Plus stands beside `=` on many keyboards, and is meant there without Shift."""

_MIN_PREVIEW = 240
_PREVIEW_MARGIN = 18


class PagePreview(QFrame):
    """The panel: the page, its number, and the buttons for other pages and sizes."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self.setProperty("ground", "sunken")
        self._kit = kit
        self._pages: Sequence[bytes] = ()
        self._number = 0
        self._zoom = FIT_WIDTH
        self._name = Label(kit, N_("Preview"), TextStyle.HEADING)
        self._which = Chip(kit)
        self.back = Button(kit, N_("Page before"), "chevron-left").bared()
        self.forth = Button(kit, N_("Next page"), "chevron-right").bared()
        self.smaller = Button(kit, N_("Smaller"), "minus").bared()
        self.larger = Button(kit, N_("Larger"), "plus").bared()
        self.fit = Button(kit, N_("As wide as the panel"), "arrow-left-right").bared()
        self.page = PictureView(kit)
        self._reason = Label(kit, tone=Tone.MUTED).wrapped()
        self._reason.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._nothing = self._make_nothing()
        self._lay_out()
        self._listen()
        self.show_reason(N_("Choose a plan, and its page stands here before it is printed."))

    def show_pages(self, pngs: Sequence[bytes]) -> None:
        """Show the first of these pages."""
        self._pages = pngs
        self._nothing.hide()
        self.page.show()
        self._column.activate()  # a page is as wide as there is room
        self._show_page(0)

    def show_reason(self, message: Message) -> None:
        """Show why there is no page, and release the pictures."""
        self._pages = ()
        self.page.release()
        for part in (self._which, *self._buttons, self.page):
            part.hide()
        self._name.show()
        self._reason.set_message(message)
        self._nothing.show()

    def zoom(self, steps: int) -> None:
        """Show the page larger or smaller; 0 fits it to the panel."""
        self._zoom = min(max(0, self._zoom + steps), len(ZOOM_FACTORS) - 1) if steps else FIT_WIDTH
        self._fit()

    def commands(self) -> tuple[Command, ...]:
        """Return the zoom commands for menus and the key overview."""
        return (
            Command(N_("Larger"), partial(self.zoom, 1), LARGER_KEY, "plus", menu="view"),
            Command(N_("Smaller"), partial(self.zoom, -1), SMALLER_KEY, "minus", menu="view"),
            Command(
                N_("As wide as the panel"), partial(self.zoom, 0), FIT_KEY, "arrow-left-right",
                menu="view",
            ),
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page to the panel's width."""
        super().resizeEvent(event)
        self._column.activate()
        self._fit()

    @property
    def _has_room(self) -> bool:
        """Whether the panel's title fits beside the page number and the buttons."""
        shown = [part for part in (self._which, *self._buttons) if not part.isHidden()]
        words = self._name.sizeHint().width() + 2 * GRID
        room = self.width() - 2 * _PREVIEW_MARGIN - sum(part.sizeHint().width() for part in shown)
        return not self._pages or words <= room

    @property
    def _buttons(self) -> tuple[Button, ...]:
        return (self.back, self.forth, self.smaller, self.larger, self.fit)

    def _show_page(self, number: int) -> None:
        self._number = number
        count = len(self._pages)
        self.page.show_image(QImage.fromData(self._pages[number]), self.page.available_width)
        self._which.set_message(
            N_("Page {number} of {count}"), number=lambda _: number + 1, count=lambda _: count
        )
        self._kit.words.bind(self._which.setToolTip, lambda _: self._which.text())
        self._which.show()
        for button, is_there in ((self.back, number > 0), (self.forth, number + 1 < count)):
            button.setVisible(count > 1)
            button.setEnabled(is_there)
        self._kit.words.bind(self.page.area.setAccessibleName, self._accessible_page)
        self._fit()

    def _fit(self) -> None:
        """Set the page's width, and enable the buttons that apply."""
        self.page.set_page_width(round(self.page.available_width * ZOOM_FACTORS[self._zoom]))
        for button in (self.smaller, self.larger, self.fit):
            button.setVisible(bool(self._pages))
        self._name.setVisible(self._has_room)
        self.smaller.setEnabled(self._zoom > 0)
        self.larger.setEnabled(self._zoom + 1 < len(ZOOM_FACTORS))
        self.fit.setEnabled(self._zoom != FIT_WIDTH)

    def _accessible_page(self, language: Language) -> str:
        preview = language.gettext(N_("Preview"))
        return f"{preview}, {self._which.text()}" if self._pages else preview

    def _make_nothing(self) -> QWidget:
        nothing = QWidget()
        column = QVBoxLayout(nothing)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(
            Badge(self._kit, "printer", is_round=True), 0, Qt.AlignmentFlag.AlignHCenter
        )
        column.addWidget(self._reason)
        column.addStretch(1)
        return nothing

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._name)
        head.addSpacing(GRID)
        head.addWidget(self._which)
        head.addStretch(1)
        for button in self._buttons:
            head.addWidget(button)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(_PREVIEW_MARGIN, 12, _PREVIEW_MARGIN, 16)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.page, 1)
        column.addWidget(self._nothing, 1)
        self.setMinimumWidth(_MIN_PREVIEW)

    def _listen(self) -> None:
        self.back.clicked.connect(self._on_back_clicked)
        self.forth.clicked.connect(self._on_forth_clicked)
        for button, steps in ((self.smaller, -1), (self.larger, 1), (self.fit, 0)):
            button.clicked.connect(partial(self.zoom, steps))
        for keys, steps in _ZOOM_KEYS.items():
            QShortcut(QKeySequence(keys), self, partial(self.zoom, steps))
        for key, act in ((Qt.Key.Key_PageUp, self.back), (Qt.Key.Key_PageDown, self.forth)):
            turned = QShortcut(QKeySequence(key), self)
            turned.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            turned.activated.connect(act.click)

    def _on_back_clicked(self) -> None:
        self._show_page(self._number - 1)

    def _on_forth_clicked(self) -> None:
        self._show_page(self._number + 1)
