# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's words: texts bound to their messages, so that the language can change live.

A widget never keeps a finished sentence, only the message it comes from; when another language is
chosen each binding speaks again. The language lives in a Words object that pages are handed, not
in a global, and papers never ask it: they are written in the reader's language.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.ui.sentences import Sentences

Telling = Callable[[Language], str]
Filling = Callable[[Language], object]
Message = str | Telling
"""A message marked by N_, or a callable that makes the sentence: for plurals and contexts."""


class Setter(Protocol):
    """A method of a Qt object that takes a text, such as `label.setText`."""

    __name__: str

    def __call__(self, text: str, /) -> object:
        """Take the text."""


class Words(QObject):
    """The language in use, and everything that speaks it. `changed` follows a change of it."""

    changed = Signal()

    def __init__(self, code: str, folder: Path) -> None:
        """Speak `code`; `folder` holds the catalogues."""
        super().__init__()
        self._folder = folder
        self.language = Language(code, folder)
        self._sentences = Sentences(self)
        self._sentences.speak(self.language)
        QCoreApplication.installTranslator(self._sentences)

    @property
    def offered(self) -> tuple[Language, ...]:
        """The languages a user may choose from, each with its name in itself."""
        return tuple(Language(code, self._folder) for code in PROGRAM_LANGUAGES)

    def speak(self, code: str) -> None:
        """Change the language of every bound text, and of Qt's own sentences."""
        self.language = Language(code, self._folder)
        QCoreApplication.removeTranslator(self._sentences)
        self._sentences.speak(self.language)
        QCoreApplication.installTranslator(self._sentences)
        self.changed.emit()

    def say(self, message: Message, **places: Filling) -> str:
        """The sentence of `message` now; each named place is filled by its callable."""
        if callable(message):
            return message(self.language)
        sentence = self.language.gettext(message) if message else ""
        if not places:
            return sentence
        return sentence.format(**{name: fill(self.language) for name, fill in places.items()})

    def bind(self, setter: Setter, message: Message, **places: Filling) -> None:
        """Set a text now and again whenever the language changes.

        `setter` is a method of a Qt object, and the binding ends with that object. Binding the
        same setter again replaces what it said before.
        """
        owner = cast("QObject", setter.__self__)  # type: ignore[attr-defined]
        name = setter.__name__
        bound = owner.findChild(
            _Bound, f"bound:{name}", Qt.FindChildOption.FindDirectChildrenOnly
        ) or _Bound(owner, name, self)
        bound.makes = lambda: self.say(message, **places)
        bound.speak()

    def follow(self, page: QWidget, show: Callable[[], object]) -> None:
        """Have `show` called whenever the language changes, and end with `page`.

        While that is hidden nobody waits for it: `show` is called when it is shown again.
        """
        _Following(page, show, self)


class _Following(QObject):
    """Shows a page in another language: at once, or before it is seen again."""

    def __init__(self, page: QWidget, show: Callable[[], object], words: Words) -> None:
        super().__init__(page)
        self._page, self._show = page, show
        words.changed.connect(self._on_changed)

    def eventFilter(self, _page: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Show:
            self._page.removeEventFilter(self)
            self._show()
        return False

    def _on_changed(self) -> None:
        if self._page.isVisible():
            self._show()
        else:
            self._page.installEventFilter(self)


class _Bound(QObject):
    """One bound text: a child of what it speaks for, so that both end together."""

    def __init__(self, owner: QObject, setter: str, words: Words) -> None:
        super().__init__(owner)
        self.setObjectName(f"bound:{setter}")
        self._setter = setter
        self.makes: Callable[[], str] = str
        words.changed.connect(self.speak)

    def speak(self) -> None:
        getattr(self.parent(), self._setter)(self.makes())
