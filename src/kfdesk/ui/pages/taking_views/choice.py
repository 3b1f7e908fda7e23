# SPDX-License-Identifier: GPL-3.0-or-later
"""One field that both sides have changed: before, ours and theirs, and what the plan shall say.

`chosen` carries the write that is to hold, or a third value that was typed, or None to decide
later. Nothing is written here, and while nothing is decided the field stays open.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from kfdesk.domain.rows import Version
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.sharing.deciding import Decision, Typed
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.folded import Folded
from kfdesk.ui.pages.exchange_views.pairs import Pairs
from kfdesk.ui.pages.exchange_views.reading import Change, Difference
from kfdesk.ui.pages.exchange_views.wording import Names, values_text
from kfdesk.ui.pages.shown import before_words, field_of, moment_lines, written_at
from kfdesk.ui.pages.taking_views.change import difference_pair, heading
from kfdesk.ui.pages.taking_views.third import third_value
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.flow import Beside
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.words import Message

LATER, OTHER = "", "other"
_LABEL_WIDTH = 150
_BESIDE = 420  # narrower, what was written stands one below the other


class ChoiceCard(Card):
    """The field `key` of a change; `chosen` carries a Decision, or None for later."""

    chosen = Signal(object)

    def __init__(self, kit: Kit, change: Change, key: str, names: Names) -> None:
        super().__init__(padding=20)
        self._kit = kit
        self._names = names
        self._is_typing = False
        self._field = field_of(change.after.row.type, key)
        self._type = change.after.row.type
        self.choice = change.choices[key]
        self.head_row = self.head(kit, partial(heading, change), "git-merge", Tone.WARNING)
        under = Label(kit, self._under, tone=Tone.MUTED).wrapped()
        self.body.addWidget(under)
        self.body.addSpacing(8)
        self.body.addWidget(self._make_boxes())
        self.body.addSpacing(8)
        question = N_("What should the plan say?")
        self.body.addWidget(Label(kit, question, Type.LABEL, Tone.MUTED))
        self.third = third_value(kit, self._type, self._field, self.choice)
        self.answers = self._make_answers()
        self.body.addWidget(self.answers)
        if self.third is not None:
            self.third.edited.connect(self.chosen)
            self.body.addWidget(self.third)
        self.body.addLayout(self._make_hint())
        rest = [one for one in change.differences if one.key not in change.choices]
        if rest:
            self.body.addWidget(self._make_rest(change, rest))

    def show_decision(self, decision: Decision | None) -> None:
        """Show what is to hold; None for nothing yet."""
        is_typed = isinstance(decision, Typed) or (decision is None and self._is_typing)
        wid = decision.hex() if isinstance(decision, bytes) else LATER
        self.answers.choose(OTHER if is_typed else wid)
        if self.third is not None:
            self.third.setVisible(is_typed)
            if isinstance(decision, Typed):
                self.third.show_value(decision.value)
        for version, box in self._boxes:
            box.setProperty("ground", "chosen" if version.wid == decision else "choice")
            box.style().unpolish(box)
            box.style().polish(box)

    def answer(self, place: int) -> None:
        """Choose an answer by its place: later, each version, a third value."""
        keys = list(self.answers.parts)
        if 0 <= place < len(keys):
            self._on_answered(keys[place])

    def stop_typing(self) -> None:
        """What was typed counts no more."""
        self._is_typing = False

    def _on_answered(self, key: str) -> None:
        self._is_typing = key == OTHER
        if key != OTHER:
            self.chosen.emit(bytes.fromhex(key) or None)
        elif self.third is not None:
            self.chosen.emit(self.third.decision)
            self.third.begin()

    def _under(self, language: Language) -> str:
        label = language.gettext(self._field.label)
        return language.gettext(N_("{field}: both sides changed this.")).format(field=label)

    def _make_boxes(self) -> Beside:
        before = _Box("sunken")
        before.column.addWidget(Label(self._kit, before_words, Type.LABEL, Tone.MUTED))
        if self.choice.before is None:
            dash = Label(self._kit, style=Type.HEADING, tone=Tone.MUTED)
            dash.show_text("–")
            before.column.addWidget(dash)
        else:
            self._fill(before, self.choice.before, Tone.MUTED)
        before.column.addStretch(1)
        self._boxes: list[tuple[Version, _Box]] = []
        for number, version in enumerate(self.choice.versions, start=2):
            box = self._make_version(number, version)
            self._boxes.append((version, box))
        boxes = [(before, 1), *((box, 1) for _, box in self._boxes)]
        return Beside(self._kit.theme, *boxes, least=_BESIDE, gap=12)

    def _make_version(self, number: int, version: Version) -> "_Box":
        box = _Box("choice")
        top = QHBoxLayout()
        top.addWidget(Label(self._kit, self._side(version), Type.LABEL, Tone.ACCENT))
        key = Label(self._kit, style=Type.HINT, tone=Tone.MUTED)
        key.show_text(f"{number}")
        top.addWidget(key)
        box.pressed.connect(lambda: self._on_answered(version.wid.hex()))
        top.addStretch(1)
        box.column.addLayout(top)
        self._fill(box, version, Tone.PLAIN)
        box.column.addStretch(1)
        return box

    def _side(self, version: Version) -> str:
        return N_("Ours") if version in self.choice.ours else N_("Theirs")

    def _fill(self, box: "_Box", version: Version, tone: Tone) -> None:
        value = partial(self._value, version)
        box.column.addWidget(Folded(self._kit, value, tone, is_large=True))
        if isinstance(version.value, Moment):
            zone = Label(self._kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
            zone.tell(partial(_zone, version.value))
            box.column.addWidget(zone)
        box.column.addSpacing(6)
        for words in (lambda _: version.author, partial(_when, version)):
            label = Label(self._kit, words, Type.SMALL, tone).wrapped()
            box.column.addWidget(label)

    def _value(self, version: Version, language: Language) -> str:
        if isinstance(version.value, Moment):
            return moment_lines(version.value, language)[0]
        return values_text(self._type, self._field.key, (version.value,), self._names, language)

    def _make_answers(self) -> Segmented:
        options: list[tuple[str, Message]] = [(LATER, N_("Decide later"))]
        for version in self.choice.versions:
            options.append((version.wid.hex(), self._side(version)))
        if self.third is not None:
            options.append((OTHER, _other))
        answers = Segmented(self._kit, options)
        self._kit.words.bind(answers.setAccessibleName, N_("What should the plan say?"))
        answers.chosen.connect(self._on_answered)
        answers.choose(LATER)
        return answers

    def _make_hint(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(Icon(self._kit, "info"), 0, Qt.AlignmentFlag.AlignTop)
        later = N_("Left for later, the field stays open: no paper uses it, and it waits in Today.")
        row.addWidget(Label(self._kit, later, Type.SMALL, Tone.MUTED).wrapped(), 1)
        return row

    def _make_rest(self, change: Change, rest: Sequence[Difference]) -> QFrame:
        box = _Box("sunken")
        title = N_("Also in this record, without a conflict")
        box.column.addWidget(Label(self._kit, title, Type.STRONG).wrapped())
        pairs = [difference_pair(change, one, self._names) for one in rest]
        box.column.addWidget(Pairs(self._kit, pairs, (), _LABEL_WIDTH, folds=True))
        return box


class _Box(QFrame):
    """A ground with a column; `pressed` follows a click."""

    pressed = Signal()

    def __init__(self, ground: str) -> None:
        super().__init__()
        self.setProperty("ground", ground)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 12, 12)
        self.column.setSpacing(3)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click anywhere in it is meant."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit()


def _other(language: Language) -> str:
    return language.pgettext("a value", "Other")


def _when(version: Version, language: Language) -> str:
    return written_at(version.milliseconds, language)


def _zone(moment: Moment, language: Language) -> str:
    return moment_lines(moment, language)[1]
