# SPDX-License-Identifier: GPL-3.0-or-later
"""A conflict: what two desks wrote apart, side by side, until a person decides.

Nothing wins by itself, and until somebody decides nothing acts on the field.
"""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from kfdesk.domain.rows import Version
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label
from kfdesk.services.plans import Conflict
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.folded import Folded
from kfdesk.ui.pages.shown import (
    before_words,
    field_of,
    moment_lines,
    value_text,
    written_at,
)
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.flow import Beside
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.words import Message

_LEAST = 560  # pixels at 100 %; narrower, the values stand below one another


class ConflictCard(Card):
    """One conflict. `decided` carries the conflict and the version that is to hold."""

    decided = Signal(object, object)

    def __init__(self, kit: Kit, conflict: Conflict, our_name: str) -> None:
        super().__init__()
        self._kit = kit
        self.conflict = conflict
        self.buttons: list[Button] = []
        path = f"{conflict.type}.{conflict.key}"
        number = conflict.sequence
        row = self.head(kit, lambda words: field_label(path, words, number), "git-merge")
        chip = Chip(kit, Tone.WARNING, "circle-dashed")
        chip.tell(N_("not decided"))
        row.addWidget(chip)
        under = N_("Both sides changed this. Until one value is chosen, no paper uses it.")
        self.body.addWidget(Label(kit, under, tone=Tone.MUTED).wrapped())
        boxes = [self._make_before(conflict.before)]
        for version in conflict.versions:
            is_ours = version.author.endswith(f", {our_name}")
            boxes.append(self._make_version(version, is_ours=is_ours))
        self.body.addSpacing(4)
        self.body.addWidget(Beside(kit.theme, *((box, 1) for box in boxes), least=_LEAST, gap=12))

    def _make_before(self, before: Version | None) -> QFrame:
        frame, column = _box("sunken")
        column.addWidget(Label(self._kit, before_words, Type.LABEL, Tone.MUTED))
        if before is None:
            dash = Label(self._kit, style=Type.HEADING, tone=Tone.MUTED)
            dash.show_text("–")
            column.addWidget(dash)
        else:
            self._add_value(column, before, Tone.MUTED)
        column.addStretch(1)
        return frame

    def _make_version(self, version: Version, *, is_ours: bool) -> QFrame:
        frame, column = _box("choice")
        title: Message = N_("Ours") if is_ours else N_("Theirs")
        column.addWidget(Label(self._kit, title, Type.LABEL, Tone.ACCENT))
        self._add_value(column, version, Tone.PLAIN)
        column.addSpacing(6)
        button = Button(self._kit, N_("This one holds"), "check")
        button.clicked.connect(lambda: self.decided.emit(self.conflict, version))
        row = QHBoxLayout()
        row.addSpacing(-tokens.RESERVE)
        row.addWidget(button)
        row.addStretch(1)
        column.addStretch(1)
        column.addLayout(row)
        self.buttons.append(button)
        return frame

    def _add_value(self, column: QVBoxLayout, version: Version, tone: Tone) -> None:
        field = field_of(self.conflict.type, self.conflict.key)
        words = partial(_first_line, field, version)
        value = Folded(self._kit, words, tone, is_large=True)
        under = Label(self._kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        under.tell(lambda language: _second_line(version, language))
        author = Label(self._kit, style=Type.SMALL, tone=tone).wrapped()
        author.tell(
            lambda language: f"{version.author}, {written_at(version.milliseconds, language)}"
        )
        for part in (value, under, author):
            column.addWidget(part)


def _box(ground: str) -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setProperty("ground", ground)
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 12, 12, 12)
    column.setSpacing(3)
    return frame, column


def _first_line(field: Field, version: Version, language: Language) -> str:
    if isinstance(version.value, Moment):
        return moment_lines(version.value, language)[0]
    return value_text(field, version.value, language)


def _second_line(version: Version, language: Language) -> str:
    if isinstance(version.value, Moment):
        return moment_lines(version.value, language)[1]
    return ""


def to_decide(count: int, language: Language) -> str:
    """How many values wait to be decided."""
    return language.ngettext("{count} to decide", "{count} to decide", count).format(count=count)
