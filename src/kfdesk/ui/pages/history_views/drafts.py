# SPDX-License-Identifier: GPL-3.0-or-later
"""The drafts that wait, as a card: what each is about, when it was typed, go on or discard.

Codes, never what was typed. Discarding does not ask; it can be taken back while it is said.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.writing import drafts
from kfdesk.services.writing.drafts import DraftLine, OpenDraft
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.history_words import type_word
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Card, clear, line


class DraftsCard(Card):
    """The card, hidden while no draft waits. `continued` carries the DraftLine to go on with."""

    continued = Signal(object)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._desk = desk
        self.lines: tuple[DraftLine, ...] = ()
        self.buttons: list[tuple[Button, Button]] = []
        self.body.setContentsMargins(0, 14, 0, 4)
        self.body.setSpacing(0)
        self.head(kit, N_("Drafts waiting"), "pencil").setContentsMargins(16, 0, 16, 4)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.hide()

    def show_lines(self, lines: tuple[DraftLine, ...]) -> None:
        """Show these drafts, and tell the window how many they are."""
        self._kit.hub.drafts_counted.emit(len(lines))
        if lines == self.lines:
            return
        self.lines = lines
        clear(self._rows)
        self.buttons = []
        for place, each in enumerate(lines):
            if place:
                self._rows.addWidget(line())
            self._rows.addWidget(self._make_row(each))
        self.setVisible(bool(lines))

    def _make_row(self, each: DraftLine) -> QWidget:
        kit, row = self._kit, QWidget()
        code = Label(kit, style=Type.STRONG)
        code.show_text(each.code or "–")
        code.setMinimumWidth(kit.theme.sized(_CODE_WIDTH))
        words, buttons = QWidget(), QWidget()
        words.setLayout(self._make_words(each))
        buttons.setLayout(self._make_buttons(each))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(16, 6, 12, 6)
        layout.addWidget(Flow(code, words, buttons, gap=12, fills=words))
        return row

    def _make_words(self, each: DraftLine) -> QVBoxLayout:
        """What it is, when it was typed, and whether the record has changed since."""
        kit, words = self._kit, QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(2)
        what = Label(kit).wrapped()
        when = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        what.tell(lambda language: _what(each, language))
        when.tell(lambda language: written_at(each.milliseconds, language))
        words.addWidget(what)
        words.addWidget(when)
        if each.is_outdated:
            chip = _outdated(kit, is_contested=bool(each.contested))
            words.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
        return words

    def _make_buttons(self, each: DraftLine) -> QHBoxLayout:
        kit = self._kit
        go_on = Button(kit, N_("Continue"), "pencil").sized(tokens.CONTROL_COMPACT)
        discard = Button(kit, N_("Discard the draft"), "trash-2", Look.QUIET).sized(
            tokens.CONTROL_COMPACT
        )
        named: tuple[tuple[Button, str], ...] = (
            (go_on, N_("Continue the draft: {record}")),
            (discard, N_("Discard the draft: {record}")),
        )
        for button, message in named:
            kit.words.bind(
                button.setAccessibleName, message, record=lambda spoken: _named(each, spoken)
            )
        go_on.clicked.connect(lambda: self.continued.emit(each))
        discard.clicked.connect(lambda: self._discard(each))
        self.buttons.append((go_on, discard))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(go_on)
        row.addWidget(discard)
        return row

    def _discard(self, each: DraftLine) -> None:
        kit, desk = self._kit, self._desk
        kit.work.run(lambda: drafts.discard_draft(desk, each.rid), _telling(kit, desk))


_CODE_WIDTH = 120


def _telling(kit: Kit, desk: Desk) -> Callable[[OpenDraft | None], None]:
    """Says that a draft is gone, and how to have it back."""

    def tell(gone: OpenDraft | None) -> None:
        kit.hub.drafts_changed.emit()
        if gone is not None:
            kit.tell(N_("The draft was discarded."), lambda: keep_again(gone))

    def keep_again(gone: OpenDraft) -> None:
        kit.work.run(lambda: drafts.keep_again(desk, gone), lambda _: kit.hub.drafts_changed.emit())

    return tell


def _outdated(kit: Kit, *, is_contested: bool) -> Chip:
    chip = Chip(kit, Tone.WARNING if is_contested else Tone.INFO, "git-merge")
    chip.tell(N_("changed by others, too") if is_contested else N_("the record has changed"))
    return chip


def _what(each: DraftLine, language: Language) -> str:
    word = type_word(each.type, language, each.number)
    return language.gettext(N_("{record} (new)")).format(record=word) if each.is_new else word


def _named(each: DraftLine, language: Language) -> str:
    return ", ".join(part for part in (each.code, _what(each, language)) if part)
