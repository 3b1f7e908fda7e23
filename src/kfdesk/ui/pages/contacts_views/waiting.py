# SPDX-License-Identifier: GPL-3.0-or-later
"""The newest draft about the directory, as a line above the list: go on with it, or discard it.

Says that something waits and since when, never what was typed. Hidden while nothing waits, and
while a form is open that may hold the same.
"""

from PySide6.QtCore import Signal

from kfdesk.domain.schema import N_
from kfdesk.services import directory
from kfdesk.services.desk import Desk
from kfdesk.services.writing import drafts
from kfdesk.services.writing.drafts import DraftLine, OpenDraft
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner

_WHAT = {
    "organisation": N_("Draft of an organisation from {time}"),
    "contact": N_("Draft of a contact person from {time}"),
    "phone": N_("Draft of a telephone from {time}"),
}


class Waiting(Banner):
    """The line. `continued` carries the DraftLine to go on with."""

    continued = Signal(object)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, Tone.INFO, "pencil")
        self._kit = kit
        self._desk = desk
        self.line: DraftLine | None = None
        self._is_held_back = False
        self.drop = Button(kit, N_("Discard"), look=Look.QUIET)
        self.go_on = Button(kit, N_("Continue"), "pencil", Look.TONAL)
        self.act(self.drop)
        self.act(self.go_on)
        self.drop.clicked.connect(self._on_drop_clicked)
        self.go_on.clicked.connect(self._on_go_on_clicked)
        kit.hub.drafts_changed.connect(self.read)
        self.hide()

    def read(self) -> None:
        """Ask again what waits."""
        self._kit.work.run(lambda: directory.waiting(self._desk), self._on_read)

    def hold_back(self, *, is_held_back: bool) -> None:
        """Be hidden while a form is open."""
        self._is_held_back = is_held_back
        self.setVisible(self.line is not None and not is_held_back)

    def _on_read(self, lines: tuple[DraftLine, ...]) -> None:
        self.line = line = lines[0] if lines else None
        if line is not None:
            when = line.milliseconds
            self.tell(_WHAT[line.type], time=lambda language: written_at(when, language))
        self.hold_back(is_held_back=self._is_held_back)

    def _on_go_on_clicked(self) -> None:
        if self.line is not None:
            self.continued.emit(self.line)

    def _on_drop_clicked(self) -> None:
        if self.line is None:
            return
        desk, rid = self._desk, self.line.rid
        self._kit.work.run(lambda: drafts.discard_draft(desk, rid), self._on_dropped)

    def _on_dropped(self, gone: OpenDraft | None) -> None:
        kit, desk = self._kit, self._desk
        kit.hub.drafts_changed.emit()

        def take_back() -> None:
            if gone is not None:
                kit.work.run(
                    lambda: drafts.keep_again(desk, gone), lambda _: kit.hub.drafts_changed.emit()
                )

        kit.tell(N_("The draft was discarded."), take_back)
