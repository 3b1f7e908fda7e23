# SPDX-License-Identifier: GPL-3.0-or-later
"""Icons: line drawings in palette colours, sharp at any scale of the screen.

The drawings are Lucide SVG files in a folder that the caller names. One drawing serves
every colour: its `currentColor` is replaced before rendering. The result is cached until
the theme changes. This module knows neither themes nor widgets; the painting code passes
the colour.
"""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

SMALL, MEDIUM, NORMAL, LARGE = 14, 16, 18, 20


class Icons:
    """The icons of one folder, rendered on demand."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drawings: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def clear_cache(self) -> None:
        """Drop the rendered icons, because their colours are no longer in use."""
        self._pixmaps.clear()

    def pixmap(self, name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
        """Return the icon `name`, `size` logical pixels square; `ratio` is the pixel ratio.

        Raise FileNotFoundError if there is no such drawing.
        """
        key = (name, colour, size, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._rendered(name, colour, size, ratio)
        return self._pixmaps[key]

    def icon(self, name: str, colour: str, size: int = NORMAL) -> QIcon:
        """Return the icon for menus and windows, at the pixel ratios 1 and 2."""
        icon = QIcon()
        for ratio in (1.0, 2.0):
            icon.addPixmap(self.pixmap(name, colour, size, ratio))
        return icon

    def paint(self, painter: QPainter, name: str, colour: str, box: QRectF) -> None:
        """Paint the icon into `box`, a square in logical pixels."""
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(box.topLeft(), self.pixmap(name, colour, round(box.width()), ratio))

    def _rendered(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        drawing = self._drawing(name).replace("currentColor", colour)
        pixmap = QPixmap(QSize(size, size) * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(drawing.encode())).render(painter)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _drawing(self, name: str) -> str:
        if name not in self._drawings:
            path = self._folder / f"{name}.svg"
            self._drawings[name] = path.read_text(encoding="utf-8")
        return self._drawings[name]
