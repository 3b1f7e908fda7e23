# SPDX-License-Identifier: GPL-3.0-or-later
"""What every page and widget is given: theme, words, hub and worker.

Handed down from `app.py` as an argument, so that no module holds an application object and two
windows in a test do not disturb each other.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language
from kfdesk.ui.hub import Hub
from kfdesk.ui.theme import Scheme, Theme
from kfdesk.ui.words import Words
from kfdesk.ui.work import Work

TITLE = "Notebook"
"""The neutral name, the same in every language: all that a title bar ever says."""

Faults = Callable[[KfdeskError, Language], tuple[str, str]]
"""The sentence of a fault, and its remedy, in a language."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Kit:
    """The tools of one window."""

    theme: Theme
    words: Words
    hub: Hub
    work: Work
    faults: Faults

    def speak(self, code: str) -> None:
        """Change the window's language, and tell who keeps it."""
        self.words.speak(code)
        self.hub.language_changed.emit(code)

    def wear(self, scheme: Scheme) -> None:
        """Change the window's colours, and tell who keeps it."""
        self.theme.choose(scheme)
        self.hub.theme_changed.emit(scheme.value)
