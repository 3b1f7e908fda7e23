# SPDX-License-Identifier: GPL-3.0-or-later
"""The hub: what has happened, told to whoever it concerns.

Pages do not know each other; a page listens here and reads again when a change concerns it. Only
signals, all in the past tense, and no state: what is so now is asked of a service.
"""

from PySide6.QtCore import QObject, Signal


class Hub(QObject):
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
