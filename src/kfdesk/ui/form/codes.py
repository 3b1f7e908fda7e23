# SPDX-License-Identifier: GPL-3.0-or-later
"""Editors in which one answer is chosen: yes or no, a code, another record.

A few answers stand side by side or in a choice, many in a list that typing filters. An answer
that the list does not know, from a newer desk, is kept and stands among the others.
"""

from collections.abc import Mapping
from typing import cast

from kfdesk.domain.kinds import Code, Codes
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import Value
from kfdesk.domain.world import COUNTRIES, LANGUAGES
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.form.parts.given import NOT_ASKED
from kfdesk.ui.form.parts.pick import NOT_IN_LIST, Options, Pick, Seeker, list_source, name_in
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.words import Message

FEW = 15
"""Up to so many answers are seen at once; more are found by typing."""

_ANSWERS = {"yes": True, "no": False}


def code_word(codes: Mapping[str, str], code: str) -> Message:
    """The words for a code, in whatever language is asked for."""
    if codes is LANGUAGES:
        return lambda language: _capital(language.language(code))
    if codes is COUNTRIES:
        return lambda language: language.country(code)
    if code in codes:
        return codes[code]
    return lambda language: language.gettext(N_("unknown code {code}")).format(code=code)


def code_options(field: Field) -> Options:
    """All codes of a field's list, with their words."""
    codes = cast("Code | Codes", field.kind).codes
    return [(code, code_word(codes, code)) for code in codes]


class YesNoEditor(Editor):
    """Yes or no, side by side; at first neither holds."""

    _names_first = False

    def __init__(self, kit: Kit, field: Field) -> None:
        super().__init__(kit, field)
        self.choice = Segmented(kit, (("yes", N_("Yes")), ("no", N_("No"))))
        self.choice.chosen.connect(self._on_changed)
        kit.words.bind(self.choice.setAccessibleName, field.label)
        self.column.addWidget(self.choice)
        self._aim(*self.choice.parts.values())
        kit.words.bind(self.choice.parts["yes"].setAccessibleName, self._name(N_("Yes")))
        kit.words.bind(self.choice.parts["no"].setAccessibleName, self._name(N_("No")))

    def _show(self, value: Value) -> None:
        clear_choice(self.choice)
        if isinstance(value, bool):
            self.choice.choose("yes" if value else "no")

    def _read(self) -> Value:
        return _ANSWERS.get(self.choice.key)

    def _note(self) -> Message | None:
        return NOT_ASKED if self._read() is None else None


class ChoiceEditor(Editor):
    """One of a few codes."""

    def __init__(self, kit: Kit, field: Field) -> None:
        super().__init__(kit, field)
        self.choice = Choice(kit)
        self.choice.chosen.connect(self._on_changed)
        self.choice.currentIndexChanged.connect(self._on_row_changed)
        self.column.addWidget(self.choice)
        self._aim(self.choice)

    def _show(self, value: Value) -> None:
        options = [("", NOT_ASKED), *code_options(self.field)]
        key = value if isinstance(value, str) else ""
        if key not in dict(options):
            options.append((key, code_word(cast("Code", self.field.kind).codes, key)))
        self.choice.offer(options, key)

    def _read(self) -> Value:
        return self.choice.key or None

    def _on_row_changed(self) -> None:
        """Let "not asked" look unlike a choice."""
        is_gap = self.choice.currentIndex() <= 0
        if bool(self.choice.property("gap")) != is_gap:
            self.choice.setProperty("gap", is_gap)
            self.choice.style().polish(self.choice)


class PickEditor(Editor):
    """One of many, found by typing: a code, or another record."""

    def __init__(
        self,
        kit: Kit,
        field: Field,
        options: Options,
        other: Message,
        seeker: Seeker | None = None,
    ) -> None:
        """`other` names what is not among the options; `seeker` finds what is not among them."""
        super().__init__(kit, field)
        self._options = options
        source, name = list_source(kit, self._offered), name_in(self._offered, kit, other)
        self.pick = Pick(kit, source, name, seeker)
        self.pick.learned.connect(self.learn)
        self.pick.typed.connect(self._on_changed)
        self.pick.chosen.connect(self._on_changed)
        self.settled.connect(self.pick.settle)
        kit.words.bind(self.pick.setPlaceholderText, NOT_ASKED)
        self.column.addWidget(self.pick)
        self._aim(self.pick)

    def offer(self, options: Options) -> None:
        """Offer other options from now on; what is chosen stays."""
        self._options = options
        if self.pick.key:
            self.pick.show_key(self.pick.key)

    def learn(self, key: str, name: str) -> None:
        """Know the name of one that is not among the options."""
        if key not in dict(self._options):
            self._options = (*self._options, (key, lambda _: name))

    def _offered(self) -> Options:
        return self._options

    def _show(self, value: Value) -> None:
        self.pick.show_key(value if isinstance(value, str) else "")

    def _read(self) -> Value:
        return self.pick.key or None

    def _fault(self) -> Message | None:
        return NOT_IN_LIST if self.pick.is_astray else None

    def raw(self) -> str:
        """The line as it stands."""
        return self.pick.text()

    def _show_raw(self, raw: str) -> None:
        self.pick.show_key("")
        self.pick.setText(raw)

    def _begin(self, text: str) -> None:
        self.pick.insert(text)
        self.pick.typed.emit()


def code_editor(kit: Kit, field: Field) -> Editor:
    """The editor of one code: a choice, or a list to type in where there are many."""
    codes = cast("Code", field.kind).codes
    if len(codes) <= FEW:
        return ChoiceEditor(kit, field)
    return PickEditor(kit, field, code_options(field), N_("a code that this program does not know"))


def clear_choice(choice: Segmented) -> None:
    """Let no answer hold."""
    for part in choice.parts.values():
        group = part.group()
        group.setExclusive(False)
        part.setChecked(False)
        group.setExclusive(True)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
