# SPDX-License-Identifier: GPL-3.0-or-later
"""The editors of texts in several languages: a translated text, and a place.

The editor of a place suggests names while the user types. Choosing a suggested place fills
the languages that have no text yet, if the list has their names. It also reports the zone of
the place, for the time beside it. Free text is as valid as a suggestion.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kfdesk.domain.codes.world import LANGUAGES
from kfdesk.domain.kinds import clean_text
from kfdesk.domain.message_marks import N_
from kfdesk.domain.schema import Field
from kfdesk.domain.values import Translation, Value
from kfdesk.i18n.places import Place
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import Editor, FormOptions
from kfdesk.ui.forms.editors import code_label, length_fault, remaining_length_note
from kfdesk.ui.forms.parts import (
    AutocompleteInput,
    GrowingTextArea,
    SuggestionPopup,
    matching_rows,
    sorted_options,
)
from kfdesk.ui.tokens import CONTROL, CONTROL_COMPACT, GRID, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, TOP, aligned, column, extend, grown, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.text import Label

REMOVE_KEY = "Alt+Del"
_NAME_WIDTH = 76
_RAW_DELIMITER = "\x1f"


class TranslationInput(QWidget):
    """The text area of one language, with its name and a button that removes it."""

    def __init__(self, kit: UiContext, language: str, name: Callable[[Message], Message]) -> None:
        super().__init__()
        self.language = language
        word = code_label(LANGUAGES, language)
        label = Label(kit, word, TextStyle.SMALL, Tone.MUTED)
        label.setMinimumWidth(kit.theme.scaled(_NAME_WIDTH))
        label.setMinimumHeight(CONTROL)
        self.area = GrowingTextArea()
        kit.translator.bind(self.area.setAccessibleName, name(word))
        self.remove = Button(kit, N_("Remove this language"), "x", ButtonLook.QUIET)
        self.remove.show_key(REMOVE_KEY).bared()
        self.remove.with_height(CONTROL - 2 * RESERVE)
        self.remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        pressed = QShortcut(QKeySequence(REMOVE_KEY), self, self.remove.click)
        pressed.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        row(aligned(label, TOP), grown(self.area), aligned(self.remove, TOP), gap=4, on=self)

    @property
    def text(self) -> str:
        """The cleaned text."""
        return clean_text(self.area.toPlainText())


class LocalizedTextEditor(Editor):
    """An editor of a translated text, one area per language."""

    _names_first = False

    def __init__(self, kit: UiContext, field: Field, languages: tuple[str, ...]) -> None:
        super().__init__(kit, field)
        self._wanted = languages or (kit.translator.language.code,)
        self.tellings: list[TranslationInput] = []
        self._rows = column(gap=GRID)
        self.add = Button(kit, N_("Another language"), "plus", ButtonLook.QUIET)
        self.add.with_height(CONTROL_COMPACT - 2)
        self.add.clicked.connect(self._on_add_clicked)
        self.pick = AutocompleteInput(
            kit, self._find, lambda code, _: kit.translator.translate(_language_label(code))
        )
        self.pick.chosen.connect(self._on_language_chosen)
        kit.translator.bind(self.pick.setPlaceholderText, N_("Which language?"))
        kit.translator.bind(
            self.pick.setAccessibleName, self._accessible_name(N_("another language"))
        )
        kit.translator.bind(
            self.add.setAccessibleName, self._accessible_name(N_("another language"))
        )
        foot = QHBoxLayout()
        foot.setContentsMargins(_NAME_WIDTH - RESERVE + 4, 0, 0, 0)
        extend(foot, self.add, grown(self.pick), STRETCH)
        self.column.setSpacing(0)
        extend(self.column, self._rows, foot)
        self.settled.connect(lambda: self._ask_language(is_asked=False))
        self.pick.hide()
        self._show(None)

    def input_for(self, language: str) -> TranslationInput | None:
        """Return the area of a language, or None."""
        return next((each for each in self.tellings if each.language == language), None)

    def add_language(self, language: str) -> TranslationInput:
        """Add an area for a language that has none."""
        telling = TranslationInput(self._kit, language, self._accessible_name)
        telling.area.typed.connect(self._on_typed)
        telling.remove.clicked.connect(partial(self.remove_language, language))
        self._extend_input(telling)
        extend(self._rows, telling)
        self.tellings.append(telling)
        self._update_focus_targets()
        return telling

    def remove_language(self, language: str) -> None:
        """Remove a language's area with its text; only empty the last area."""
        telling = self.input_for(language)
        if telling is None:
            return
        if len(self.tellings) > 1:
            had_focus = telling.area.hasFocus()
            self._remove_input(telling)
            self._update_focus_targets()
            if had_focus:
                self.focus()
        else:
            telling.area.show_text("")
        self._touch()

    def focus_on(self, language: str) -> None:
        """Focus the area of a language; add it if it is missing."""
        telling = self.input_for(language) or self.add_language(language)
        telling.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def _extend_input(self, telling: TranslationInput) -> None:
        """Extend a new area. For subclasses."""

    def _show(self, value: Value) -> None:
        wordings = _translations(value)
        texts = {wording.language: wording.text for wording in wordings}
        self._show_languages(list(dict.fromkeys((*texts, *self._wanted))))
        for telling in self.tellings:
            telling.area.show_text(texts.get(telling.language, ""))
        self._update_placeholders()

    def _show_languages(self, languages: list[str]) -> None:
        """Show an area for each language, in this order; move none while the user types."""
        shown = [telling.language for telling in self.tellings]
        typed_in = [telling.language for telling in self.tellings if telling.area.hasFocus()]
        if typed_in:
            languages = [
                *(each for each in shown if each in languages or each in typed_in),
                *(each for each in languages if each not in shown),
            ]
        if shown == languages:
            return
        for telling in list(self.tellings):
            if telling.language not in languages:
                self._remove_input(telling)
        for language in languages:
            telling = self.input_for(language) or self.add_language(language)
            extend(self._rows, telling)
        self.tellings.sort(key=lambda telling: languages.index(telling.language))
        self._update_focus_targets()

    def _read(self) -> Value:
        said = tuple(
            Translation(telling.language, telling.text) for telling in self.tellings if telling.text
        )
        return said or None

    def _fault(self) -> Message | None:
        return length_fault(self, self._read())

    def _note(self) -> Message | None:
        return remaining_length_note(
            "".join(telling.area.toPlainText() for telling in self.tellings)
        )

    def raw(self) -> str:
        parts = ((each.language, each.area.toPlainText()) for each in self.tellings)
        return _RAW_DELIMITER.join(part for pair in parts for part in pair)

    def _show_raw(self, raw: str) -> None:
        parts = raw.split(_RAW_DELIMITER)
        self._show(tuple(Translation(*pair) for pair in zip(parts[::2], parts[1::2], strict=True)))

    def _begin(self, text: str) -> None:
        self.tellings[0].area.insertPlainText(text)

    def _remove_input(self, telling: TranslationInput) -> None:
        self.tellings.remove(telling)
        self._rows.removeWidget(telling)
        telling.hide()
        telling.deleteLater()

    def _update_focus_targets(self) -> None:
        self._update_placeholders()
        self._kit.translator.bind(self.tellings[0].area.setAccessibleName, self.field.label)
        self._set_focus_targets(*(telling.area for telling in self.tellings), self.add, self.pick)

    def _update_placeholders(self) -> None:
        """Show in empty areas that nothing is there, or that this language is still missing."""
        is_said = any(telling.text for telling in self.tellings)
        words = N_("not in this language yet") if is_said else self.empty_words
        for telling in self.tellings:
            self._kit.translator.bind(telling.area.setPlaceholderText, words)

    def _on_typed(self) -> None:
        self._update_placeholders()
        self._touch()

    def _find(self, typed: str) -> list[tuple[str, str]]:
        spoken = {telling.language for telling in self.tellings}
        options = [(code, _language_label(code)) for code in LANGUAGES if code not in spoken]
        return list(matching_rows(sorted_options(options, self._kit), typed))

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


def focus_language(widget: QWidget | None, language: str) -> None:
    """Focus a language of the translated text that has the focus; do nothing elsewhere."""
    while widget is not None and not isinstance(widget, LocalizedTextEditor):
        widget = widget.parentWidget()
    if widget is not None and language:
        widget.focus_on(language)


def _translations(value: Value) -> list[Translation]:
    parts = value if isinstance(value, tuple) else ()
    return [part for part in parts if isinstance(part, Translation)]


def _language_label(code: str) -> Message:
    return code_label(LANGUAGES, code)


class PlaceEditor(LocalizedTextEditor):
    """A place in one or more languages; emits `zone_chosen` when a listed place is chosen."""

    def __init__(self, kit: UiContext, field: Field, offers: FormOptions) -> None:
        self._places = offers.places
        self._found: dict[str, dict[str, Place]] = {}
        self.proposals: dict[str, SuggestionPopup] = {}
        super().__init__(kit, field, offers.languages)

    def _extend_input(self, telling: TranslationInput) -> None:
        proposals = SuggestionPopup(telling.area)
        self.proposals[telling.language] = proposals
        telling.area.typed.connect(lambda: self._propose(telling, proposals))
        proposals.taken.connect(lambda key: self._on_taken(telling, key))

    def _propose(self, telling: TranslationInput, proposals: SuggestionPopup) -> None:
        typed = telling.area.toPlainText()
        places = self._places.find(typed) if self._places and telling.area.hasFocus() else ()
        found = {str(number): place for number, place in enumerate(places)}
        self._found[telling.language] = found
        proposals.show_rows([(key, self._line(telling, place)) for key, place in found.items()])

    def _line(self, telling: TranslationInput, place: Place) -> str:
        country = self._kit.translator.language.country(place.country)
        return f"{place.name(telling.language)}, {country}"

    def _on_taken(self, telling: TranslationInput, key: str) -> None:
        place = self._found[telling.language][key]
        telling.area.show_text(place.name(telling.language))
        for other in self.tellings:
            if not other.text and other.language in place.names:
                other.area.show_text(place.names[other.language])
        self._on_typed()
        self.zone_chosen.emit(place.zone)
        QTimer.singleShot(0, telling.area, telling.area.setFocus)
