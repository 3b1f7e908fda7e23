# SPDX-License-Identifier: GPL-3.0-or-later
"""The viewer: one document, page by page, inside the window and nowhere else.

A page is read from the store, proved and drawn each time it is turned to, and let go when another
comes, when the viewer is left, and before the window hides or locks. There is no way from here to
another program, a file or the clipboard.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout

from kfdesk.domain.desk.content import Sight
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.casework.attachments import look_at_attachment
from kfdesk.services.desk import Desk
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.document_views.paper import WHOLE, ZOOMS, PicturePaper, TextPaper
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Banner, Card

_LOWEST = 320
_AROUND = 310  # what stands above and below it in the window

_INDENT = 8  # most of what a quiet button has round its word, which then stands nearly in line


class Viewer(Card):
    """One document.

    `closed` follows the way back, Esc, hiding and locking; it carries whether the keyboard was
    here, and then has to go somewhere.
    """

    closed = Signal(bool)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.rid: bytes | None = None
        self._asked: tuple[bytes, int, int] | None = None
        self._page, self._count, self._zoom = 0, 1, WHOLE
        self._title = ""
        self.back = Button(kit, N_("Back to the documents"), "chevron-left", Look.QUIET)
        self._name = Label(kit, style=Type.HEADING).wrapped()
        self._which = Chip(kit)
        self.before = Button(kit, N_("Page before"), "chevron-left").bared()
        self.after = Button(kit, N_("Next page"), "chevron-right").bared()
        self.smaller = Button(kit, N_("Smaller"), look=Look.QUIET)
        self.larger = Button(kit, N_("Larger"), look=Look.QUIET)
        self.fault = Banner(kit, Tone.DANGER, "circle-alert")
        self.picture = PicturePaper(kit)
        self.text = TextPaper(kit)
        self._lay_out()
        self._listen()
        self.hide()

    def show_document(self, rid: bytes, title: str) -> None:
        """Show the first page of a document."""
        self.rid, self._title = rid, title
        self._page, self._count, self._zoom = 0, 1, WHOLE
        self._name.show_text(title)
        height = max(_LOWEST, self.window().height() - _AROUND)
        for paper in (self.picture, self.text):
            paper.setFixedHeight(height)
            paper.hide()
        self.fault.hide()
        self._show_buttons(is_text=False)
        self.show()
        self.picture.show()
        self.body.activate()  # a page is as wide as there is room
        self.picture.setFocus()
        self._look()

    def leave(self) -> None:
        """Let the document go, and say so."""
        if self.rid is None:
            return
        focus = QApplication.focusWidget()
        had_keys = focus is not None and self.isAncestorOf(focus)
        self.rid = self._asked = None
        self.picture.let_go()
        self.text.clear()
        self._name.show_text("")
        self.hide()
        self.closed.emit(had_keys)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever goes elsewhere leaves it."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.leave()

    def turn(self, pages: int) -> None:
        """Turn so many pages on, or back."""
        wanted = min(max(0, self._page + pages), self._count - 1)
        if wanted != self._page:
            self._page = wanted
            self._look()

    def zoom(self, steps: int) -> None:
        """Show the page larger, or smaller."""
        wanted = min(max(0, self._zoom + steps), len(ZOOMS) - 1)
        if wanted != self._zoom and not self.text.isVisible():
            self._zoom = wanted
            self._look()

    def _look(self) -> None:
        if self.rid is None:
            return
        dense = self.devicePixelRatioF()
        width = round(self.picture.room * ZOOMS[self._zoom] * dense)
        asked = self._asked = (self.rid, self._page, width)
        desk = self._desk
        self._kit.work.run(
            lambda: look_at_attachment(desk, *asked),
            lambda sight: self._on_seen(asked, sight),
            lambda fault: self._on_unseen(asked, fault),
            title=N_("Opening a document…"),
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addSpacing(-_INDENT)
        head.addWidget(self.back)
        head.addStretch(1)
        for part in (self._which, self.before, self.after, self.smaller, self.larger):
            head.addWidget(part)
        self.body.addLayout(head)
        self.body.addWidget(self._name)
        for paper in (self.fault, self.picture, self.text):
            self.body.addWidget(paper)
            paper.hide()

    def _listen(self) -> None:
        self.back.clicked.connect(self.leave)
        self.before.clicked.connect(lambda: self.turn(-1))
        self.after.clicked.connect(lambda: self.turn(1))
        self.smaller.clicked.connect(lambda: self.zoom(-1))
        self.larger.clicked.connect(lambda: self.zoom(1))
        self._kit.hub.leave_began.connect(self.leave)
        self._kit.hub.lock_began.connect(self.leave)
        keys = {
            Qt.Key.Key_PageUp: lambda: self.turn(-1),
            Qt.Key.Key_PageDown: lambda: self.turn(1),
            Qt.Key.Key_Home: lambda: self.turn(-self._count),
            Qt.Key.Key_End: lambda: self.turn(self._count),
            Qt.Key.Key_Minus: lambda: self.zoom(-1),
            Qt.Key.Key_Plus: lambda: self.zoom(1),
            Qt.Key.Key_Escape: self.leave,
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _show_buttons(self, *, is_text: bool) -> None:
        has_pages = self._count > 1
        page, count = self._page + 1, self._count
        self._which.tell(
            N_("Page {number} of {count}"), number=lambda _: page, count=lambda _: count
        )
        for part in (self._which, self.before, self.after):
            part.setVisible(has_pages)
        self.before.setEnabled(self._page > 0)
        self.after.setEnabled(page < count)
        for button in (self.smaller, self.larger):
            button.setVisible(not is_text)
        self.smaller.setEnabled(self._zoom > 0)
        self.larger.setEnabled(self._zoom < len(ZOOMS) - 1)

    def _on_seen(self, asked: tuple[bytes, int, int], sight: Sight) -> None:
        if asked != self._asked:  # another page was turned to, or it was left
            return
        self._count = sight.count
        self.fault.hide()
        is_text = sight.text is not None
        paper = self.text if is_text else self.picture
        if is_text:
            self.text.setPlainText(sight.text or "")
        else:
            self.picture.show_sight(sight, self._wide(sight, asked[2]))
        had_keys = self.picture.area.hasFocus() or self.text.hasFocus()
        self.text.setVisible(is_text)
        self.picture.setVisible(not is_text)
        if had_keys:
            paper.setFocus()
        for each in (self.text, self.picture.area):
            self._kit.words.bind(each.setAccessibleName, self._spoken)
        self._show_buttons(is_text=is_text)

    def _wide(self, sight: Sight, asked: int) -> int:
        """How wide the page is shown; a small picture is not blown up to the whole width."""
        room = self.picture.room
        natural = room if sight.width >= asked else sight.width / self.devicePixelRatioF()
        return max(1, round(min(room, natural) * ZOOMS[self._zoom]))

    def _spoken(self, language: Language) -> str:
        page = language.gettext(N_("Page {number} of {count}"))
        return f"{self._title}, {page.format(number=self._page + 1, count=self._count)}"

    def _on_unseen(self, asked: tuple[bytes, int, int], fault: KfdeskError) -> None:
        if asked != self._asked:
            return
        self.picture.let_go()
        self.picture.hide()
        self.text.clear()
        self.text.hide()
        self.fault.tell_fault(fault)
        self.back.setFocus()
        self._show_buttons(is_text=True)
