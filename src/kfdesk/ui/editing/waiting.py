# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts of records that do not exist yet, where such records stand: go on with one, or discard it.

A record that exists tells of its draft in its own form; a new one has no place of its own, and
would wait unseen. Says when it was typed, never what.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.services.casework import parts
from kfdesk.services.desk import Desk
from kfdesk.services.writing import drafts
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner, clear

Values = Mapping[str, Value]


class WaitingDrafts(QWidget):
    """The drafts of new records of one type. `continued` carries the one to go on with."""

    continued = Signal(object)

    def __init__(
        self,
        kit: Kit,
        desk: Desk,
        record_type: str,
        takes: Callable[[Values], bool] = lambda _: True,
    ) -> None:
        super().__init__()
        self._takes = takes
        self._kit = kit
        self._desk = desk
        self._type = record_type
        self._parent: bytes | None = None
        self._open: bytes | None = None
        self._drafts: tuple[OpenDraft, ...] = ()
        self.buttons: list[Button] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.GRID)
        self.hide()
        kit.hub.drafts_changed.connect(self._look)

    def look_under(self, parent: bytes) -> None:
        """Look for drafts that belong under this record, from now on."""
        if parent != self._parent:
            self._parent = parent
            self._look()

    def leave_out(self, rid: bytes | None) -> None:
        """Do not tell of this one: it is being typed."""
        if rid != self._open:
            self._open = rid
            self._show()

    def _look(self) -> None:
        desk, parent = self._desk, self._parent
        if parent is not None:
            name = self._type
            self._kit.work.run(lambda: parts.new_ones(desk, name, parent), self._on_found)

    def _on_found(self, found: tuple[OpenDraft, ...]) -> None:
        waiting = tuple(draft for draft in found if self._takes(draft.form.values))
        if waiting != self._drafts:
            self._drafts = waiting
            self._show()

    def _show(self) -> None:
        clear(self._column)
        self.buttons = []
        for draft in self._drafts:
            if draft.line.rid != self._open:
                self._column.addWidget(self._make_banner(draft))
        self.setVisible(bool(self.buttons))

    def _make_banner(self, draft: OpenDraft) -> Banner:
        when = draft.line.milliseconds
        banner = Banner(self._kit, Tone.INFO, "pencil")
        banner.tell(
            N_("Draft from {time}, not saved yet"),
            time=lambda language: written_at(when, language),
        )
        drop = Button(self._kit, N_("Discard"), look=Look.QUIET)
        go_on = Button(self._kit, N_("Continue"), "pencil", Look.TONAL)
        drop.clicked.connect(lambda: self._discard(draft))
        go_on.clicked.connect(lambda: self.continued.emit(draft))
        for button in (drop, go_on):
            banner.act(button)
        self.buttons.append(go_on)
        return banner

    def _discard(self, draft: OpenDraft) -> None:
        kit, desk, rid = self._kit, self._desk, draft.line.rid

        def keep_again(gone: OpenDraft) -> None:
            kit.work.run(
                lambda: drafts.keep_again(desk, gone), lambda _: kit.hub.drafts_changed.emit()
            )

        def tell(gone: OpenDraft | None) -> None:
            kit.hub.drafts_changed.emit()
            if gone is not None:
                kit.tell(N_("Draft discarded."), lambda: keep_again(gone))

        kit.work.run(lambda: drafts.discard_draft(desk, rid), tell)
