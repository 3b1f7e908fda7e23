# SPDX-License-Identifier: GPL-3.0-or-later
"""The context that every page gets: theme, translator, event bus, worker and settings.

Pages do not know each other. A page connects to the event bus and reads again when a change
concerns it. The bus has only signals, named in the past tense, and no state: services know
the present state. Commands and notifications are the other things that a page gives to the
shell.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.version import Installation
from kfdesk.i18n.language import Language
from kfdesk.ui.theme import Scheme, Theme
from kfdesk.ui.translator import ClientTranslator, Message, PlaceholderFunction, Translator
from kfdesk.ui.worker import Worker

# --- Lock settings

LOCK_MINUTES = (1, 3, 5, 10, 15)
"""The idle minutes to choose from; "never" is not offered."""


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


# --- The look of the window

ListLook = tuple[int, ...]
"""Of a list: the column that it is sorted by, 1 if backwards, and widths of columns (0: fits)."""


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """Look of a window, kept on this computer: nothing about anybody.

    `is_of_newer_program`: a newer program wrote it, with items that this one does not know.
    """

    is_compact: bool = False
    geometry: str = ""
    lists: Mapping[str, ListLook] = field(default_factory=dict)
    is_of_newer_program: bool = False


class ViewPreferences(QObject):
    """The holder of the window's look. `changed` follows each change."""

    changed = Signal()

    def __init__(self, chosen: ViewSettings | None = None) -> None:
        super().__init__()
        self.chosen = chosen or ViewSettings()

    def apply(self, look: ViewSettings) -> None:
        """Keep another look from now on."""
        if look != self.chosen:
            self.chosen = look
            self.changed.emit()

    def keep_list(self, name: str, look: ListLook) -> None:
        """Keep the sorting and the column widths of a list."""
        self.apply(replace(self.chosen, lists={**self.chosen.lists, name: look}))


# --- The event bus


class EventBus(QObject):
    """The signals of one window."""

    changed = Signal(object)
    """Records were written; carries a frozenset of their types."""

    drafts_changed = Signal()
    """A draft was written, saved as a record or discarded."""

    drafts_counted = Signal(int)
    """The number of this user's drafts changed; carries the number."""

    minute_passed = Signal()
    """A minute has passed: what depends on the time, such as alarms, may have changed."""

    language_changed = Signal(str)
    """The language changed; carries its code. Bound texts are already translated."""

    theme_changed = Signal(str)
    """The colour scheme changed; carries `light`, `dark` or `system`."""

    letters_chosen = Signal(int)
    """Another text size was chosen, in percent: the contents must be rebuilt."""

    density_chosen = Signal(bool)
    """Other distances were chosen, carries whether compact ones: the contents must be rebuilt."""

    lock_asked = Signal(str)
    """A lock was requested; carries a reason of `lock/lock.py`, such as BY_KEY."""

    lock_began = Signal()
    """The store closes after the jobs that receivers pass to the worker during this signal.

    It precedes each lock and the end of the window. Save unsaved input now.
    """

    wiped = Signal(object)
    """The store was closed and destroyed: nothing of it may stay on the screen."""

    repair_asked = Signal()
    """The store is damaged: it must be closed, and the repair page shown."""

    paused = Signal(bool)
    """Input was blocked or allowed again, before the store is closed for good."""

    rekeyed = Signal(bool)
    """The store was closed for a new data key; carries whether it has one."""

    leave_began = Signal()
    """The window is about to hide, to lock or to end, and is still in front."""

    away_changed = Signal(bool)
    """The window was covered, or is open again: what is to be said waits meanwhile."""

    told = Signal(object)
    """Something was done; carries a Notification, perhaps with its undo."""

    failed = Signal(object)
    """A KfdeskError that no page handles."""


# --- The context

NEUTRAL_TITLE = "Notebook"
"""The neutral name in every title bar, the same in every language."""

DescribeFault = Callable[[KfdeskError, Language], tuple[str, str]]
"""Return the sentence of a fault and its remedy in a language."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the user: a menu shows it, the shortcut sheet lists it, quick find finds it.

    A page returns its own from `Page.commands`. The page or the session view handles `keys`;
    a menu only shows them. `is_chosen` is for a choice of which one command is checked. `also`
    are other words by which quick find finds the command.
    """

    words: Message
    run: Callable[[], object]
    keys: str = ""
    icon: str = ""
    menu: str = "file"
    is_chosen: Callable[[], bool] | None = None
    also: str = ""


@dataclass(frozen=True, slots=True)
class Notification:
    """A report of what was done, with a way to undo it and a place to see it, if there are any.

    A button leads to `shown_at`: a place as `SessionView.return_to` takes it, `contacts/<id>`.
    Unless it `is_whole` a part was not done, so no check mark stands beside it.
    """

    message: Message
    undo: Callable[[], object] | None = None
    places: Mapping[str, PlaceholderFunction] = field(default_factory=dict)
    shown_at: str = ""
    is_whole: bool = True


@dataclass(frozen=True, slots=True, weakref_slot=True)
class UiContext:
    """The theme and the services of one window."""

    theme: Theme
    translator: Translator
    events: EventBus
    worker: Worker
    faults: DescribeFault
    lock_preferences: LockPreferences = field(default_factory=LockPreferences)
    program: Installation = field(default_factory=Installation)
    view: ViewPreferences = field(default_factory=ViewPreferences)

    def notify(
        self,
        message: Message,
        undo: Callable[[], object] | None = None,
        **places: PlaceholderFunction,
    ) -> None:
        """Report what was done; the user can call `undo` by a button for some seconds, or Ctrl+Z.

        Ctrl+Z also undoes the steps before it. The place `subject`, if given, names the record in
        the menu: "Undo: Saved (Leg)".

        `undo` runs in the window's thread, even if the reporting page was deleted meanwhile: it
        must not touch that page. Do not use it for erasing and sending; they ask beforehand.
        """
        said = self.translator.spoken(message, places)
        self.events.told.emit(Notification(said, undo, places))

    def about_client(self, page: QObject, pronoun: Pronoun) -> "UiContext":
        """Return the context of a page about one client: its texts say that client's pronoun."""
        translator = ClientTranslator(self.translator, page)
        translator.speak_of(pronoun)
        return replace(self, translator=translator)

    def faults_about(self, pronoun: Pronoun) -> DescribeFault:
        """Return what describes a fault on a page about one client: with that client's pronoun."""
        return lambda fault, language: self.faults(fault, language.about(pronoun))

    def set_language(self, code: str) -> None:
        """Change the window's language, and announce it so that it is saved."""
        self.translator.set_language(code)
        self.events.language_changed.emit(code)

    def set_theme(self, scheme: Scheme) -> None:
        """Change the window's colour scheme, and announce it so that it is saved."""
        self.theme.set_scheme(scheme)
        self.events.theme_changed.emit(scheme.value)

    def set_font_scale(self, letters: int) -> None:
        """Request another text size in percent: the window's contents are rebuilt."""
        if letters != self.theme.letters:
            self.events.letters_chosen.emit(letters)
