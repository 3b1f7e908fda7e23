# SPDX-License-Identifier: GPL-3.0-or-later
"""The translator of the window: texts bound to messages, so that the language can change live.

A widget never stores a finished sentence, only its message. When the user chooses another
language, each binding sets its text again. The language belongs to a Translator that pages
receive, not to a global. QtTranslator translates Qt's own texts. Documents use neither: they
are written in the reader's language.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QObject, Qt, QTranslator, Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.i18n.catalogues import begun_languages, beta_text, name_in_itself
from kfdesk.i18n.language import CLIENT, PROGRAM_LANGUAGES, Language
from kfdesk.ui import plain_import  # noqa: F401 - nearly all modules of the window import this one

# --- Qt's own texts

_OWN_TRANSLATIONS = frozenset(
    (
        N_("OK"),
        N_("Save"),
        N_("Open"),
        N_("&Yes"),
        N_("&No"),
        N_("Cancel"),
        N_("Close"),
        N_("Discard"),
        N_("Apply"),
        N_("Reset"),
        N_("Help"),
        N_("Retry"),
        N_("Ignore"),
        N_("&Undo"),
        N_("&Redo"),
        N_("Cu&t"),
        N_("&Copy"),
        N_("&Paste"),
        N_("Delete"),
        N_("Select All"),
        N_("Go back"),
        N_("Go forward"),
        N_("Go to the parent directory"),
        N_("Create a New Folder"),
        N_("Back"),
        N_("Forward"),
        N_("Parent Directory"),
        N_("Create New Folder"),
        N_("New Folder"),
        N_("&New Folder"),
        N_("&Rename"),
        N_("&Delete"),
        N_("Show &hidden files"),
        N_("Computer"),
        N_("Sidebar"),
        N_("Directories"),
        N_("Page &Set:"),
        N_("Shortcut"),
        N_("Files"),
        N_("List of places and bookmarks"),
        N_("%1 already exists.\nDo you want to replace it?"),
        N_("%1\nFile not found.\nPlease verify the correct file name was given."),
        N_("%1\nDirectory not found.\nPlease verify the correct directory name was given."),
    )
)
_OWN_CONTEXTS = frozenset(
    (
        "QPlatformTheme",
        "QDialogButtonBox",
        "QMessageBox",
        "QLineEdit",
        "QWidgetTextControl",
        "QPlainTextEdit",
        "QFileDialog",
        "QFileSystemModel",
        "QAbstractFileIconProvider",
        "QPrintSettingsOutput",
    )
)


_SHORTCUT_CONTEXT = "QShortcut"


class QtTranslator(QTranslator):
    """A QTranslator for the language in use."""

    _language: Language | None = None  # Qt also asks during construction and destruction

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._qts = QTranslator(self)

    def set_language(self, language: Language) -> None:
        """Translate to `language` from now on. Qt needs no catalogue for English."""
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._qts.load(f"qtbase_{language.code}", folder)
        self._language = language

    def isEmpty(self) -> bool:
        """Return False: Qt does not ask an empty translator."""
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        """Return the text for Qt's `source`, or None, so that Qt keeps its own."""
        if self._language is None or context == _SHORTCUT_CONTEXT:
            return None  # type: ignore[return-value]
        if context in _OWN_CONTEXTS and source in _OWN_TRANSLATIONS:
            return self._language.gettext(source)
        return self._qts.translate(context, source, disambiguation, n) or None  # type: ignore[return-value]


# --- Texts of this program

MessageFunction = Callable[[Language], str]
PlaceholderFunction = Callable[[Language], object]
Message = str | MessageFunction
"""A message marked by N_, or a function that makes the sentence, for plurals and contexts."""


class TextSetter(Protocol):
    """A method of a Qt object that takes a text, such as `label.setText`."""

    __name__: str

    def __call__(self, text: str, /) -> object:
        """Set the text."""


class Translator(QObject):
    """The language in use, and every text bound to it. `changed` follows a change of language."""

    changed = Signal()

    def __init__(self, code: str, folder: Path) -> None:
        """Use the language `code`; `folder` holds the catalogues."""
        super().__init__()
        self.folder = folder
        self._zone = ""
        self.language = self.program(code)
        self._sentences = QtTranslator(self)
        self._translate_qt()

    @property
    def available_languages(self) -> tuple[Language, ...]:
        """The languages that are whole, for the window and for what others read."""
        return tuple(map(self.program, PROGRAM_LANGUAGES))

    @cached_property
    def begun_languages(self) -> Mapping[str, int]:
        """The languages that are begun, each with how many of 100 messages are translated."""
        return begun_languages(self.folder)

    @property
    def offered_languages(self) -> tuple[tuple[str, "Message"], ...]:
        """The languages that the window can speak, each with its own name, "beta" last."""
        whole = ((one.code, fixed_text(one.name)) for one in self.available_languages)
        return (*whole, *((code, self._beta_name(code)) for code in self.begun_languages))

    @property
    def shares_of_languages(self) -> tuple[tuple[str, "Message"], ...]:
        """The same, and of each that is "beta" how much of it is translated."""
        begun = ((code, self._beta_name(code, share)) for code, share in
                 self.begun_languages.items())  # fmt: skip
        return (*self.offered_languages[: len(PROGRAM_LANGUAGES)], *begun)

    def _beta_name(self, code: str, percent: int | None = None) -> "MessageFunction":
        name = name_in_itself(self.program(code))
        return lambda language: beta_text(name, language, percent)

    def program(self, code: str) -> Language:
        """Return a language with the program's catalogue; of clients it says "the client"."""
        return Language(code, self.folder, pronoun=Pronoun.CLIENT, zone=self._zone)

    def client(self, code: str) -> Language:
        """Return a language with the client's catalogue, for what is read to her."""
        return Language(code, self.folder, CLIENT)

    def set_zone(self, zone: str) -> None:
        """Say from now on by the clocks of this zone when something was written."""
        self._zone = zone
        self.language = replace(self.language, zone=zone)

    def set_language(self, code: str) -> None:
        """Change the language of every bound text, and of Qt's own texts."""
        self.language = self.program(code)
        QCoreApplication.removeTranslator(self._sentences)
        self._translate_qt()
        self.changed.emit()

    def spoken(self, message: Message, _places: Mapping[str, PlaceholderFunction]) -> Message:
        """Return a message that another page shows as this one says it."""
        return message

    def translate(self, message: Message, **places: PlaceholderFunction) -> str:
        """Return `message` in the present language; callables in `places` fill placeholders."""
        return _sentence(message, places, self.language)

    def bind(self, setter: TextSetter, message: Message, **places: PlaceholderFunction) -> None:
        """Set a text now, and again whenever the language changes.

        `setter` is a method of a Qt object, and the binding ends with that object. Binding the same
        setter again replaces its earlier binding.
        """
        owner = cast("QObject", setter.__self__)  # type: ignore[attr-defined]
        name = setter.__name__
        bound = owner.findChild(
            _TextBinding, f"bound:{name}", Qt.FindChildOption.FindDirectChildrenOnly
        ) or _TextBinding(owner, name, self)
        bound.makes = lambda: self.translate(message, **places)
        bound.refresh()

    def on_language_change(self, page: QWidget, show: Callable[[], object]) -> None:
        """Call `show` whenever the language changes, until `page` is deleted.

        For a hidden page, call `show` when it is shown again.
        """
        _LanguageFollower(page, show, self)

    def _translate_qt(self) -> None:
        """Translate Qt's own texts to the present language."""
        self._sentences.set_language(self.language)
        QCoreApplication.installTranslator(self._sentences)


class ClientTranslator(Translator):
    """The translator of a page about one client: the window's language, and the client's pronoun.

    It belongs to the page, so that no other page speaks with its pronoun.
    """

    def __init__(self, window: Translator, page: QObject) -> None:
        super().__init__(window.language.code, window.folder)
        self.setParent(page)
        self.set_zone(window.language.zone)
        self._window = window
        window.changed.connect(self._on_window_changed)

    def speak_of(self, pronoun: Pronoun) -> None:
        """Say every text of the page with this pronoun from now on."""
        if pronoun is not self.language.pronoun:
            self.language = self.language.about(pronoun)
            self.changed.emit()

    def set_language(self, code: str) -> None:
        """Change the language of the window, and so of this page."""
        self._window.set_language(code)

    def spoken(self, message: Message, places: Mapping[str, PlaceholderFunction]) -> Message:
        """Return a message that says the client's pronoun also where another page shows it."""
        pronoun = self.language.pronoun
        if pronoun is self._window.language.pronoun:
            return message
        return lambda language: _sentence(message, places, language.about(pronoun))

    def _translate_qt(self) -> None:
        """Leave Qt's own texts to the window's translator."""

    def _on_window_changed(self) -> None:
        self.language = self._window.language.about(self.language.pronoun)
        self.set_zone(self.language.zone)
        self.changed.emit()


class _LanguageFollower(QObject):
    """A link that rebuilds a page in another language: at once, or when it is shown again."""

    def __init__(self, page: QWidget, show: Callable[[], object], words: Translator) -> None:
        super().__init__(page)
        self._page, self._show = page, show
        words.changed.connect(self._on_changed)

    def eventFilter(self, _page: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show:
            self._page.removeEventFilter(self)
            self._show()
        return False

    def _on_changed(self) -> None:
        if self._page.isVisible():
            self._show()
        else:
            self._page.installEventFilter(self)


class _TextBinding(QObject):
    """One bound text: a child of the object that shows it, so that both end together."""

    def __init__(self, owner: QObject, setter: str, words: Translator) -> None:
        super().__init__(owner)
        self.setObjectName(f"bound:{setter}")
        self._setter = setter
        self.makes: Callable[[], str] = str
        words.changed.connect(self.refresh)

    def refresh(self) -> None:
        getattr(self.parent(), self._setter)(self.makes())


def _sentence(
    message: Message, places: Mapping[str, PlaceholderFunction], language: Language
) -> str:
    """Return a message in a language, with its placeholders filled."""
    if callable(message):
        return message(language)
    sentence = language.gettext(message) if message else ""
    if not places:
        return sentence
    return sentence.format(**{name: fill(language) for name, fill in places.items()})


def fixed_text(text: str) -> MessageFunction:
    """Return a text that is the same in every language."""
    return lambda _: text
