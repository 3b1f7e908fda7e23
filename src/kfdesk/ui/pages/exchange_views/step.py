# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of a page inside Exchange: heading, contents that scroll, a foot with what to do.

Esc goes back, and Page Up and Page Down scroll. What was refused stands over the contents until
the next attempt. Knows no partner and no file.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Banner, scrolled
from kfdesk.ui.words import Message

_NO_HARM = frozenset({"bundle.taken_before", "exchange.nothing_new", "work.cancelled"})
_PAGES = {
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}


def say_fault(kit: Kit, banner: Banner, fault: KfdeskError) -> None:
    """Say in a banner what was refused and what to do; what does no harm is said calmly."""
    faults = kit.faults
    is_calm = fault.code in _NO_HARM
    banner.show_look(*((Tone.INFO, "info") if is_calm else (Tone.DANGER, "circle-alert")))
    banner.tell(
        lambda language: faults(fault, language)[0], lambda language: faults(fault, language)[1]
    )
    banner.show()


class Step(QWidget):
    """A page with one thing to do, where keys begin with `first`.

    `closed` follows Cancel, Back and Esc.
    """

    closed = Signal()

    def __init__(self, kit: Kit, title: Message) -> None:
        super().__init__()
        self.kit = kit
        self.first: QWidget = self
        self.title = Label(kit, title, Type.DISPLAY)
        self.under = Label(kit, tone=Tone.MUTED).wrapped()
        self.back = Button(kit, N_("Back to the list"), "chevron-left", Look.QUIET).bared()
        self.back.clicked.connect(self.closed)
        self.cancel = Button(kit, N_("Cancel")).show_key("Esc")
        self.cancel.clicked.connect(self.closed)
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.outcome.hide()
        self.hint = Label(kit).wrapped()
        self.head = QHBoxLayout()
        self.body = QVBoxLayout()
        self.body.setSpacing(tokens.CARD_GAP)
        self._scroll = self._make_scroll()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_top())
        column.addWidget(self._scroll, 1)
        column.addWidget(self._make_foot())

    def act(self, button: Button) -> None:
        """Put the one primary button at the end of the foot."""
        self._foot.add(button)

    def refuse(self, fault: KfdeskError) -> None:
        """Say what was refused and what to do."""
        say_fault(self.kit, self.outcome, fault)

    def come_to(self, part: QWidget) -> None:
        """Scroll until a part of the contents is in view, its end before its beginning."""
        self._scroll.ensureWidgetVisible(part)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        if self.first is not self:
            self.first.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc goes back; Page Up and Page Down scroll."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in _PAGES:
            self._scroll.verticalScrollBar().triggerAction(_PAGES[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _make_top(self) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.under)
        self.head.setSpacing(8)
        self.head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        self.head.addLayout(words, 1)
        top = QVBoxLayout()
        top.setContentsMargins(14, tokens.PAGE_MARGIN - 4, tokens.PAGE_MARGIN, 4)
        top.setSpacing(12)
        top.addLayout(self.head)
        below = QHBoxLayout()
        below.setContentsMargins(10, 0, 0, 0)
        below.addWidget(self.outcome)
        top.addLayout(below)
        return top

    def _make_scroll(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        column.setContentsMargins(tokens.PAGE_MARGIN, 12, tokens.PAGE_MARGIN, tokens.PAGE_MARGIN)
        column.addLayout(self.body, 1)
        return scrolled(page)

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        foot.setProperty("ground", "foot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        sign = Icon(self.kit, "shield-check", Tone.SUCCESS)
        self._foot = Flow(sign, self.hint, self.cancel, gap=10, fills=self.hint)
        row = QHBoxLayout(foot)
        row.setContentsMargins(tokens.PAGE_MARGIN, 9, tokens.PAGE_MARGIN - tokens.RESERVE, 8)
        row.addWidget(self._foot)
        return foot
