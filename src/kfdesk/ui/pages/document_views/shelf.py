# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of a plan's documents: each with its name, what it is, its size, and what can be done.

No thumbnails: what a document shows is seen by whoever asks for it, and by nobody who passes.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.records.case.attachment import Attachment
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.document_views.wording import (
    LIMITS,
    STAYS,
    STRIPPED,
    about_text,
    title_text,
)
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Chip, Icon, Label
from kfdesk.ui.widgets.panel import Card, Empty, below, clear, line

_ICONS = {"consent_evidence": "file-check", "receipt": "clipboard-list"}
_ACTS = {
    "view": (N_("View: {title}"), N_("View"), "eye", Look.TONAL),
    "edit": (N_("Edit: {title}"), N_("Edit"), "pencil", Look.QUIET),
    "bin": (N_("Put in the bin: {title}"), N_("Put in the bin"), "trash-2", Look.QUIET),
}


class Shelf(Card):
    """The documents. `chosen` carries what is to be done (`view`, `edit`, `bin`) and the id."""

    chosen = Signal(str, bytes)
    add_asked = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._views: tuple[View[Attachment], ...] = ()
        self._is_read_only = False
        self.buttons: dict[tuple[str, bytes], Button] = {}
        self.add_button = Button(kit, N_("Add a file…"), "plus", Look.TONAL)
        self.add_button.clicked.connect(self.add_asked)
        self._head = self.head(kit, N_("In this notebook"), "paperclip")
        self._head.addWidget(self.add_button)
        self._none = Empty(
            kit,
            "paperclip",
            N_("No document yet"),
            N_("Add a scan, a photo or a text. It can also be dropped here."),
        )
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._limits = QVBoxLayout()
        self._limits.setSpacing(6)
        for message in (STAYS, STRIPPED, LIMITS):
            self._limits.addWidget(Label(kit, message, Type.SMALL, Tone.MUTED).wrapped())
        self._rule = line()
        self.body.addWidget(self._none)
        self.body.addLayout(self._lines)
        self.body.addSpacing(4)
        self.body.addWidget(self._rule)
        self.body.addLayout(self._limits)
        kit.words.changed.connect(self._show)

    def show_documents(
        self, views: Sequence[View[Attachment]], *, is_read_only: bool = False
    ) -> None:
        """Show these documents; read-only, they can only be looked at."""
        self._views, self._is_read_only = tuple(views), is_read_only
        self.add_button.setVisible(not is_read_only)
        self._show()

    def focus_on(self, act: str, rid: bytes) -> None:
        """Give the keyboard to a document's button, or to what adds one."""
        self.buttons.get((act, rid), self.add_button).setFocus()

    def _show(self) -> None:
        clear(self._lines)
        self.buttons = {}
        self._none.setVisible(not self._views)
        for number, one in enumerate(self._views):
            if number:
                self._lines.addWidget(line())
            self._lines.addWidget(self._make_line(one))

    def _make_line(self, one: View[Attachment]) -> QWidget:
        language = self._kit.words.language
        title = Label(self._kit, style=Type.BUTTON).wrapped()
        title.show_text(title_text(one, language))
        about = Label(self._kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        about.show_text(about_text(one, language))
        words = below(title, about)
        sign = Icon(self._kit, _ICONS.get(str(one.record.kind), "paperclip"))
        row = Flow(sign, words, gap=8, fills=words)
        if one.conflicts:
            torn = Chip(self._kit, Tone.WARNING, "git-merge")
            torn.tell(N_("two values, not decided"))
            row.add(torn)
        for act in ("view",) if self._is_read_only else tuple(_ACTS):
            row.add(self._make_button(act, one))
        part = below(row)
        part.setContentsMargins(0, 8, 0, 8)
        return part

    def _make_button(self, act: str, one: View[Attachment]) -> Button:
        name, word, icon, look = _ACTS[act]
        button = Button(self._kit, word, icon, look)
        button.set_bare(is_bare=act != "view")
        self._kit.words.bind(
            button.setAccessibleName, name, title=lambda language: title_text(one, language)
        )
        button.clicked.connect(lambda: self.chosen.emit(act, one.rid))
        self.buttons[act, one.rid] = button
        return button
