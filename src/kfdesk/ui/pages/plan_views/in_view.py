# SPDX-License-Identifier: GPL-3.0-or-later
"""What has the keyboard stays where it can be seen, also while a page is still being laid out.

A field that one was led to is held in view until the keyboard goes elsewhere, whatever comes to
stand above it. Knows no record.
"""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

_AROUND = 72  # pixels that stand round what one comes to


class InView(QObject):
    """Scrolls an area after the keyboard."""

    def __init__(self, scroll: QScrollArea) -> None:
        super().__init__(scroll)
        self._scroll = scroll
        self._held: QWidget | None = None
        scroll.verticalScrollBar().rangeChanged.connect(self._on_grown)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def hold(self) -> None:
        """Hold in view what has the keyboard now."""
        focus = QApplication.focusWidget()
        self._held = focus if self._has(focus) else None
        self._on_grown()

    def _has(self, part: QWidget | None) -> bool:
        inside = self._scroll.widget()
        return part is not None and inside is not None and inside.isAncestorOf(part)

    def _on_grown(self) -> None:
        if self._held is not None and self._held is QApplication.focusWidget():
            self._scroll.ensureWidgetVisible(self._held, 0, _AROUND)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Bring what has the keyboard into view, once what is new is laid out."""
        if now is not self._held:
            self._held = None
        if now is not None and self._has(now):
            QTimer.singleShot(0, now, lambda: self._scroll.ensureWidgetVisible(now, 0, _AROUND))
