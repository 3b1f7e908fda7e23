# SPDX-License-Identifier: GPL-3.0-or-later
"""The event bus: signals about what has happened in a window.

Pages do not know each other. A page connects here and reads again when a change concerns
it. There are only signals, named in the past tense, and no state: services know the present
state.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.version import Installation
from kfdesk.i18n.language import Language
from kfdesk.ui.theme import Scheme, Theme
from kfdesk.ui.translator import Message, PlaceholderFunction, Translator
from kfdesk.ui.worker import Worker

LOCK_MINUTES = (1, 3, 5, 10, 15)
"""After how many minutes of no use it may lock; never is not among them."""


@dataclass(frozen=True, slots=True)
class LockSettings:
    """The lock settings, with their defaults."""

    lock_minutes: int = 5
    locks_with_session: bool = True
    locks_for_sleep: bool = True
    covers_when_left: bool = False


class LockPreferences(QObject):
    """The holder of the current lock settings. `changed` follows a change."""

    changed = Signal()

    def __init__(self, chosen: LockSettings | None = None) -> None:
        super().__init__()
        self.chosen = chosen or LockSettings()

    def apply(self, habit: LockSettings) -> None:
        """Apply other settings from now on."""
        if habit != self.chosen:
            self.chosen = habit
            self.changed.emit()


class EventBus(QObject):
    """The signals of one window."""

    changed = Signal(object)
    """Records were written: a frozenset of the names of their types."""

    drafts_changed = Signal()
    """A draft was kept, saved or discarded."""

    drafts_counted = Signal(int)
    """How many drafts of this user wait now."""

    minute_passed = Signal()
    """Time has gone on: what hangs by the clock, such as an alarm, may be so now."""

    language_changed = Signal(str)
    """Another language was chosen: its code. Every bound text speaks it already."""

    theme_changed = Signal(str)
    """Another scheme was chosen: `light`, `dark` or `system`."""

    letters_chosen = Signal(int)
    """Letters of another size were chosen, in percent: what is on view is to be made anew."""

    lock_asked = Signal(str)
    """The store is to be locked now: one of the reasons in `guard/note.py`."""

    lock_began = Signal()
    """The store closes as soon as the worker has run what is handed over during this call.

    Sent before it locks and before the window ends: whoever has unsaved text hands it over now.
    """

    wiped = Signal()
    """The store was closed and destroyed: nothing of it may stay on the screen."""

    repair_asked = Signal()
    """The store is not sound: it is to be closed, and the page of its repair shown."""

    paused = Signal(bool)
    """Whether the desk takes no input, because the store is about to be closed for good."""

    rekeyed = Signal(bool)
    """The store was closed to be put under a new data key: whether it was."""

    leave_began = Signal()
    """The window is about to hide, to lock or to end, and is still in front."""

    told = Signal(object)
    """Something was done that a person should know of: an Outcome, perhaps with its undo."""

    failed = Signal(object)
    """A KfdeskError that no page has asked for."""


NEUTRAL_TITLE = "Notebook"
"""The neutral name, the same in every language: all that a title bar ever says."""

DescribeFault = Callable[[KfdeskError, Language], tuple[str, str]]
"""The sentence of a fault, and its remedy, in a language."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the user: a menu shows it, the shortcut sheet lists it, quick find finds it.

    A page offers its own by a method `commands()`. The page or the session view handles `keys`;
    a menu only shows them. `is_chosen` is for a choice of which one command is checked.
    """

    words: Message
    run: Callable[[], object]
    keys: str = ""
    icon: str = ""
    menu: str = "file"
    is_chosen: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """What was just done, and optionally how to undo it."""

    message: Message
    undo: Callable[[], object] | None = None
    places: Mapping[str, PlaceholderFunction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class UiContext:
    """The theme and the services of one window."""

    theme: Theme
    words: Translator
    hub: EventBus
    work: Worker
    faults: DescribeFault
    habits: LockPreferences = field(default_factory=LockPreferences)
    program: Installation = field(default_factory=Installation)

    def notify(
        self,
        message: Message,
        undo: Callable[[], object] | None = None,
        **places: PlaceholderFunction,
    ) -> None:
        """Report what was done; for some seconds the user can call `undo` by Ctrl+Z.

        `undo` runs in the window's thread, even if the reporting page was deleted meanwhile: it
        must not touch that page. Do not use it for erasing and sending; they ask beforehand.
        """
        self.hub.told.emit(Notification(message, undo, places))

    def set_language(self, code: str) -> None:
        """Change the window's language, and announce it so that it is saved."""
        self.words.set_language(code)
        self.hub.language_changed.emit(code)

    def set_theme(self, scheme: Scheme) -> None:
        """Change the window's colour scheme, and announce it so that it is saved."""
        self.theme.set_scheme(scheme)
        self.hub.theme_changed.emit(scheme.value)

    def set_font_scale(self, letters: int) -> None:
        """Request another text size in percent: the window's contents are rebuilt."""
        if letters != self.theme.letters:
            self.hub.letters_chosen.emit(letters)
