# SPDX-License-Identifier: GPL-3.0-or-later
"""The editor of a text that may leave: one area for each language, to be added and removed.

A language without words is no wording. The order of the wordings is kept, so that looking at a
text never changes it. Which languages are wanted at first is handed in.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.kinds import cleaned_text
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import Value, Wording
from kfdesk.domain.world import LANGUAGES
from kfdesk.ui import tokens
from kfdesk.ui.form.codes import code_word
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.form.lines import room_left, too_long
from kfdesk.ui.form.parts.entries import Area
from kfdesk.ui.form.parts.given import NOT_ASKED
from kfdesk.ui.form.parts.pick import Pick, matching, sorted_rows
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Message

REMOVE_KEY = "Alt+Del"
_NAME_WIDTH = 76
_RAW = "\x1f"


class Telling(QWidget):
    """A language's area, its name before it and the button that takes it away after it."""

    def __init__(self, kit: Kit, language: str, name: Callable[[Message], Message]) -> None:
        super().__init__()
        self.language = language
        word = code_word(LANGUAGES, language)
        label = Label(kit, word, Type.SMALL, Tone.MUTED)
        label.setMinimumWidth(kit.theme.sized(_NAME_WIDTH))
        label.setMinimumHeight(tokens.CONTROL)
        self.area = Area()
        kit.words.bind(self.area.setAccessibleName, name(word))
        self.remove = Button(kit, N_("Remove this language"), "x", Look.QUIET)
        self.remove.show_key(REMOVE_KEY).bared()
        self.remove.sized(tokens.CONTROL - 2 * tokens.RESERVE)
        self.remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        pressed = QShortcut(QKeySequence(REMOVE_KEY), self, self.remove.click)
        pressed.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.area, 1)
        row.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def text(self) -> str:
        """The text, fit to keep."""
        return cleaned_text(self.area.toPlainText())


class ToldEditor(Editor):
    """A told text, language by language."""

    _names_first = False

    def __init__(self, kit: Kit, field: Field, languages: tuple[str, ...]) -> None:
        super().__init__(kit, field)
        self._wanted = languages or (kit.words.language.code,)
        self.tellings: list[Telling] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(tokens.GRID)
        self.add = Button(kit, N_("Another language"), "plus", Look.QUIET)
        self.add.sized(tokens.CONTROL_COMPACT - 2)
        self.add.clicked.connect(self._on_add_clicked)
        self.pick = Pick(kit, self._find, lambda code, _: kit.words.say(_word(code)))
        self.pick.chosen.connect(self._on_language_chosen)
        kit.words.bind(self.pick.setPlaceholderText, N_("Which language?"))
        kit.words.bind(self.pick.setAccessibleName, self._name(N_("another language")))
        kit.words.bind(self.add.setAccessibleName, self._name(N_("another language")))
        foot = QHBoxLayout()
        foot.setContentsMargins(_NAME_WIDTH - tokens.RESERVE + 4, 0, 0, 0)
        foot.addWidget(self.add)
        foot.addWidget(self.pick, 1)
        foot.addStretch(1)
        self.column.setSpacing(0)
        self.column.addLayout(self._rows)
        self.column.addLayout(foot)
        self.settled.connect(lambda: self._ask_language(is_asked=False))
        self.pick.hide()
        self._show(None)

    def telling(self, language: str) -> Telling | None:
        """The area of a language, if it has one."""
        return next((each for each in self.tellings if each.language == language), None)

    def add_language(self, language: str) -> Telling:
        """Add an area for a language that has none."""
        telling = Telling(self._kit, language, self._name)
        telling.area.typed.connect(self._on_typed)
        telling.remove.clicked.connect(partial(self.remove_language, language))
        self._dress(telling)
        self._rows.addWidget(telling)
        self.tellings.append(telling)
        self._take_aim()
        return telling

    def remove_language(self, language: str) -> None:
        """Take a language's area away with its words; the last one is only emptied."""
        telling = self.telling(language)
        if telling is None:
            return
        if len(self.tellings) > 1:
            had_focus = telling.area.hasFocus()
            self._drop(telling)
            self._take_aim()
            if had_focus:
                self.focus()
        else:
            telling.area.show_text("")
        self._touch()

    def focus_on(self, language: str) -> None:
        """Give the keyboard to the area of a language, which is added where there is none."""
        telling = self.telling(language) or self.add_language(language)
        telling.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dress(self, telling: Telling) -> None:
        """For editors that add to each area."""

    def _show(self, value: Value) -> None:
        wordings = _wordings(value)
        texts = {wording.language: wording.text for wording in wordings}
        languages = list(dict.fromkeys((*texts, *self._wanted)))
        if [telling.language for telling in self.tellings] != languages:
            for telling in list(self.tellings):
                self._drop(telling)
            for language in languages:
                self.add_language(language)
        for telling in self.tellings:
            telling.area.show_text(texts.get(telling.language, ""))
        self._tell_gaps()

    def _read(self) -> Value:
        said = tuple(
            Wording(telling.language, telling.text) for telling in self.tellings if telling.text
        )
        return said or None

    def _fault(self) -> Message | None:
        return too_long(self, self._read())

    def _note(self) -> Message | None:
        return room_left("".join(telling.area.toPlainText() for telling in self.tellings))

    def raw(self) -> str:
        """Each language and its text as it stands."""
        parts = ((each.language, each.area.toPlainText()) for each in self.tellings)
        return _RAW.join(part for pair in parts for part in pair)

    def _show_raw(self, raw: str) -> None:
        parts = raw.split(_RAW)
        self._show(tuple(Wording(*pair) for pair in zip(parts[::2], parts[1::2], strict=True)))

    def _begin(self, text: str) -> None:
        self.tellings[0].area.insertPlainText(text)

    def _drop(self, telling: Telling) -> None:
        self.tellings.remove(telling)
        self._rows.removeWidget(telling)
        telling.hide()
        telling.deleteLater()

    def _take_aim(self) -> None:
        self._tell_gaps()
        first = self.tellings[0]
        self._kit.words.bind(first.area.setAccessibleName, self.field.label)
        self._aim(*(telling.area for telling in self.tellings), self.add, self.pick)

    def _tell_gaps(self) -> None:
        """Say that it was not asked, or in which languages it is still to be said."""
        is_said = any(telling.text for telling in self.tellings)
        words = N_("not in this language yet") if is_said else NOT_ASKED
        for telling in self.tellings:
            self._kit.words.bind(telling.area.setPlaceholderText, words)

    def _on_typed(self) -> None:
        self._tell_gaps()
        self._touch()

    def _find(self, typed: str) -> list[tuple[str, str]]:
        spoken = {telling.language for telling in self.tellings}
        options = [(code, _word(code)) for code in LANGUAGES if code not in spoken]
        return list(matching(sorted_rows(options, self._kit), typed))

    def _on_add_clicked(self) -> None:
        self._ask_language(is_asked=True)
        self.pick.setFocus()
        self.pick.open_list()

    def _on_language_chosen(self, language: str) -> None:
        self._ask_language(is_asked=False)
        self.add_language(language).area.setFocus()

    def _ask_language(self, *, is_asked: bool) -> None:
        self.pick.show_key("")
        self.pick.setVisible(is_asked)
        self.add.setVisible(not is_asked)


def turn_to(widget: QWidget | None, language: str) -> None:
    """From a told text that has the keyboard, give it to a language of it; else leave it there."""
    while widget is not None and not isinstance(widget, ToldEditor):
        widget = widget.parentWidget()
    if widget is not None and language:
        widget.focus_on(language)


def _wordings(value: Value) -> list[Wording]:
    parts = value if isinstance(value, tuple) else ()
    return [part for part in parts if isinstance(part, Wording)]


def _word(code: str) -> Message:
    return code_word(LANGUAGES, code)
