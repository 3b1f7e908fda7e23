# SPDX-License-Identifier: GPL-3.0-or-later
"""What has the keyboard stays where it can be seen, also while a page is still being laid out.

It is held in view until the keyboard goes elsewhere or the person scrolls away, whatever comes to
stand above it. Knows no record.
"""

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

_AROUND = 72  # pixels that stand round what one comes to
_PART = 3  # so much of what is seen stands round what one comes to from out of sight


class InView(QObject):
    """Scrolls an area after the keyboard."""

    def __init__(self, scroll: QScrollArea) -> None:
        super().__init__(scroll)
        self._scroll = scroll
        self._held: QWidget | None = None
        self._top: int | None = None
        bar = scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._on_grown)
        bar.actionTriggered.connect(self._on_scrolled)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def hold(self) -> None:
        """Hold in view what has the keyboard now."""
        self._take(QApplication.focusWidget())
        self._on_grown()

    def _take(self, focus: QWidget | None) -> None:
        self._held, self._top = (focus if self._has(focus) else None), None

    def _has(self, part: QWidget | None) -> bool:
        inside = self._scroll.widget()
        return part is not None and inside is not None and inside.isAncestorOf(part)

    def _bring(self, part: QWidget) -> None:
        """Scroll to it; what comes from out of sight comes well into it, with what follows.

        So does what something new above it has pushed aside: how far a page was laid out when it
        was looked at first must not matter.
        """
        seen = self._scroll.viewport()
        top, height = part.mapTo(seen, QPoint()).y(), seen.height()
        is_out = top >= height or top + part.height() <= 0
        if is_out or self._top not in (None, top):
            at = part.mapTo(seen, part.rect().center()) + self._scrolled()
            margin = min(height // _PART + part.height() // 2, height // 2)
            self._scroll.ensureVisible(at.x(), at.y(), 0, margin)
        else:
            self._scroll.ensureWidgetVisible(part, 0, _AROUND)
        self._top = part.mapTo(seen, QPoint()).y()

    def _scrolled(self) -> QPoint:
        across, down = self._scroll.horizontalScrollBar(), self._scroll.verticalScrollBar()
        return QPoint(across.value(), down.value())

    def _on_grown(self) -> None:
        if self._held is not None and self._held is QApplication.focusWidget():
            self._bring(self._held)

    def _on_scrolled(self) -> None:
        """Who scrolls wants to see something else."""
        self._held = None

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Bring what has the keyboard into view, once what is new is laid out."""
        self._take(now)
        if self._held is not None:
            QTimer.singleShot(0, self._held, self._on_grown)
