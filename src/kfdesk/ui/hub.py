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

    language_changed = Signal(str)
    """Another language was chosen: its code. Every bound text speaks it already."""

    theme_changed = Signal(str)
    """Another scheme was chosen: `light`, `dark` or `system`."""

    lock_asked = Signal(str)
    """The store is to be locked now: `key`, or `idle` when nobody used the program."""

    failed = Signal(object)
    """A KfdeskError that no page has asked for."""
