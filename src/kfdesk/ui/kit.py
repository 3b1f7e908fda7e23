# SPDX-License-Identifier: GPL-3.0-or-later
"""What every page and widget is given: theme, words, hub, worker and habits.

Handed down from `app.py` as an argument, so that no module holds an application object and two
windows in a test do not disturb each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kfdesk.domain.desk.release import Installed
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language
from kfdesk.ui.guard.habits import Habits
from kfdesk.ui.hub import Hub
from kfdesk.ui.theme import Scheme, Theme
from kfdesk.ui.words import Filling, Message, Words
from kfdesk.ui.work import Work

TITLE = "Notebook"
"""The neutral name, the same in every language: all that a title bar ever says."""

Faults = Callable[[KfdeskError, Language], tuple[str, str]]
"""The sentence of a fault, and its remedy, in a language."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something one can do: it stands in a menu, on the sheet of keys, and quick find finds it.

    A page offers its own by a method `commands()`. Who hears `keys` is the page, or the desk:
    a menu only shows them. `is_chosen` is for choices, of which one holds.
    """

    words: Message
    run: Callable[[], object]
    keys: str = ""
    icon: str = ""
    menu: str = "file"
    is_chosen: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was just done, and what takes it back, if anything does."""

    message: Message
    undo: Callable[[], object] | None = None
    places: Mapping[str, Filling] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Kit:
    """The tools of one window."""

    theme: Theme
    words: Words
    hub: Hub
    work: Work
    faults: Faults
    habits: Habits = field(default_factory=Habits)
    program: Installed = field(default_factory=Installed)

    def tell(
        self, message: Message, undo: Callable[[], object] | None = None, **places: Filling
    ) -> None:
        """Say what was done; for a while the person can have `undo` take it back, by Ctrl+Z.

        `undo` is called in the window's thread, also where the page that told it has gone: it
        must not touch that page. Erasing and sending are not for this; they ask beforehand.
        """
        self.hub.told.emit(Outcome(message, undo, places))

    def speak(self, code: str) -> None:
        """Change the window's language, and tell who keeps it."""
        self.words.speak(code)
        self.hub.language_changed.emit(code)

    def wear(self, scheme: Scheme) -> None:
        """Change the window's colours, and tell who keeps it."""
        self.theme.choose(scheme)
        self.hub.theme_changed.emit(scheme.value)

    def enlarge(self, letters: int) -> None:
        """Have letters of another size, in percent: what is in the window is made anew by it."""
        if letters != self.theme.letters:
            self.hub.letters_chosen.emit(letters)
