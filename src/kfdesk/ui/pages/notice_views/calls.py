# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom to call because something was not confirmed by them: a list, crossed off by a button.

It reads by itself, so that the page need only make room for it. A call that is crossed off is in
the ledger, with who made it.
"""

from functools import partial

from PySide6.QtWidgets import QWidget

from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.notice_views.to_tell import ToTell, read_to_tell
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.panel import ShortList

_SHOWN = 4  # the next one comes up when one is crossed off


class CallList(ShortList):
    """The card; hidden while nobody is to be called."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, N_("To be told by telephone"), "phone", _SHOWN)
        self._desk = desk
        self.buttons: list[Button] = []

    def read(self) -> None:
        """Read again whom to call."""
        desk = self._desk
        self._kit.work.run(lambda: read_to_tell(desk), self._on_read)

    def _on_read(self, found: tuple[ToTell, ...]) -> None:
        self.buttons = []
        self.fill(found, self._make_line)

    def _make_line(self, one: ToTell) -> QWidget:
        line = self.line(one.words, one.state)
        done = Button(self._kit, N_("Told by telephone"), "check")
        self._kit.words.bind(
            done.setAccessibleName,
            lambda language: f"{language.gettext(N_('Told by telephone'))}: {one.name}",
        )
        done.clicked.connect(partial(self._on_told, one))
        self.buttons.append(done)
        line.add(done)
        return line

    def _on_told(self, one: ToTell) -> None:
        desk = self._desk
        self._kit.work.run(lambda: one.note(desk), self._on_noted)

    def _on_noted(self, _nothing: object) -> None:
        self.read()
        self._kit.hub.changed.emit(frozenset({"partner", "disclosure"}))
