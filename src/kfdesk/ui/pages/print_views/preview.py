# SPDX-License-Identifier: GPL-3.0-or-later
"""The page as it will be printed, as wide as the panel or larger, or why there is none yet.

Pictures come in and are held in memory while they are shown, and no longer. Knows no record.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.document_views.paper import WHOLE, ZOOMS, PicturePaper
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Badge
from kfdesk.ui.words import Message

LARGER, SMALLER, FIT = "Ctrl++", "Ctrl+-", "Ctrl+0"
_KEYS = {LARGER: 1, "Ctrl+=": 1, SMALLER: -1, FIT: 0}
"""Plus stands beside `=` on many keyboards, and is meant there without Shift."""

_SMALLEST = 240
_EDGE = 18


class Preview(QFrame):
    """The panel: which page is shown, ways to the others and to its size, and the page."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("ground", "sunken")
        self._kit = kit
        self._pages: Sequence[bytes] = ()
        self._number = 0
        self._zoom = WHOLE
        self._name = Label(kit, N_("Preview"), Type.HEADING)
        self._which = Chip(kit)
        self.back = Button(kit, N_("Page before"), "chevron-left").bared()
        self.forth = Button(kit, N_("Next page"), "chevron-right").bared()
        self.smaller = Button(kit, N_("Smaller"), "minus").bared()
        self.larger = Button(kit, N_("Larger"), "plus").bared()
        self.fit = Button(kit, N_("As wide as the panel"), "arrow-left-right").bared()
        self.page = PicturePaper(kit)
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
        self._turn_to(0)

    def show_reason(self, message: Message) -> None:
        """Show no page, but why there is none; the pictures are let go."""
        self._pages = ()
        self.page.let_go()
        for part in (self._which, *self._buttons, self.page):
            part.hide()
        self._name.show()
        self._reason.tell(message)
        self._nothing.show()

    def zoom(self, steps: int) -> None:
        """Show the page larger or smaller; by no step, as wide as the panel."""
        self._zoom = min(max(0, self._zoom + steps), len(ZOOMS) - 1) if steps else WHOLE
        self._fit()

    def commands(self) -> tuple[Command, ...]:
        """The sizes, for the menus and the sheet of keys."""
        return (
            Command(N_("Larger"), partial(self.zoom, 1), LARGER, "plus", menu="view"),
            Command(N_("Smaller"), partial(self.zoom, -1), SMALLER, "minus", menu="view"),
            Command(
                N_("As wide as the panel"), partial(self.zoom, 0), FIT, "arrow-left-right",
                menu="view",
            ),
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The page follows the panel's width."""
        super().resizeEvent(event)
        self._column.activate()
        self._fit()

    @property
    def _has_room(self) -> bool:
        """Whether there is room for the panel's name beside the page's number and the buttons."""
        shown = [part for part in (self._which, *self._buttons) if not part.isHidden()]
        words = self._name.sizeHint().width() + 2 * tokens.GRID
        room = self.width() - 2 * _EDGE - sum(part.sizeHint().width() for part in shown)
        return not self._pages or words <= room

    @property
    def _buttons(self) -> tuple[Button, ...]:
        return (self.back, self.forth, self.smaller, self.larger, self.fit)

    def _turn_to(self, number: int) -> None:
        self._number = number
        count = len(self._pages)
        self.page.show_image(QImage.fromData(self._pages[number]), self.page.room)
        self._which.tell(
            N_("Page {number} of {count}"), number=lambda _: number + 1, count=lambda _: count
        )
        self._kit.words.bind(self._which.setToolTip, lambda _: self._which.text())
        self._which.show()
        for button, is_there in ((self.back, number > 0), (self.forth, number + 1 < count)):
            button.setVisible(count > 1)
            button.setEnabled(is_there)
        self._kit.words.bind(self.page.area.setAccessibleName, self._spoken)
        self._fit()

    def _fit(self) -> None:
        """Be as wide as wanted, and say by the buttons what else there is."""
        self.page.widen(round(self.page.room * ZOOMS[self._zoom]))
        for button in (self.smaller, self.larger, self.fit):
            button.setVisible(bool(self._pages))
        self._name.setVisible(self._has_room)
        self.smaller.setEnabled(self._zoom > 0)
        self.larger.setEnabled(self._zoom + 1 < len(ZOOMS))
        self.fit.setEnabled(self._zoom != WHOLE)

    def _spoken(self, language: Language) -> str:
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
        head.addSpacing(tokens.GRID)
        head.addWidget(self._which)
        head.addStretch(1)
        for button in self._buttons:
            head.addWidget(button)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, 12, _EDGE, 16)
        column.setSpacing(tokens.GRID)
        column.addLayout(head)
        column.addWidget(self.page, 1)
        column.addWidget(self._nothing, 1)
        self.setMinimumWidth(_SMALLEST)

    def _listen(self) -> None:
        self.back.clicked.connect(self._on_back_clicked)
        self.forth.clicked.connect(self._on_forth_clicked)
        for button, steps in ((self.smaller, -1), (self.larger, 1), (self.fit, 0)):
            button.clicked.connect(partial(self.zoom, steps))
        for keys, steps in _KEYS.items():
            QShortcut(QKeySequence(keys), self, partial(self.zoom, steps))
        for key, act in ((Qt.Key.Key_PageUp, self.back), (Qt.Key.Key_PageDown, self.forth)):
            turned = QShortcut(QKeySequence(key), self)
            turned.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            turned.activated.connect(act.click)

    def _on_back_clicked(self) -> None:
        self._turn_to(self._number - 1)

    def _on_forth_clicked(self) -> None:
        self._turn_to(self._number + 1)
