# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus that open over a page, with a name for assistive technology.

Qt calls each of them by the title of the window, which is the same everywhere.
"""

from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget


class PopupMenu(QMenu):
    """A menu with the name that it has in the menu bar, or that of the widget that opens it."""

    def __init__(self, opener: QWidget) -> None:
        super().__init__(opener)
        self._opener = opener
        self.aboutToShow.connect(self._on_about_to_show)

    def _on_about_to_show(self) -> None:
        opener = self._opener
        text = opener.text() if isinstance(opener, QAbstractButton) else ""
        self.setAccessibleName(self.title().replace("&", "") or opener.accessibleName() or text)
