# SPDX-License-Identifier: GPL-3.0-or-later
"""Offering to take a file back that was taken: right after Apply, and at its partner.

It touches no page, because the page may be gone when somebody takes it back; who shows records or
partners reads again.
"""

from kfdesk.domain.schema import N_
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.sharing.undoing import undo_taking
from kfdesk.ui.kit import Kit


def offer_undo(kit: Kit, desk: Desk, digest: bytes) -> None:
    """Say that a file was taken, with an undo for a while."""
    kit.tell(N_("The file is taken."), lambda: take_back(kit, desk, digest))


def take_back(kit: Kit, desk: Desk, digest: bytes) -> None:
    """Take the file back. The world's faults go to the window's own place for them."""

    def tell(changes: Changes) -> None:
        kit.hub.changed.emit(changes.types)
        kit.tell(N_("The file is taken back. Everything is as it was before it."))

    kit.work.run(lambda: undo_taking(desk, digest), tell)
