# SPDX-License-Identifier: GPL-3.0-or-later
"""That somebody has looked at a plan, a client or a document is entered in the audit trail.

Once for each person and record in five minutes, so that a page that reads itself again costs
nothing and the trail stays readable. Lists are no view: they show codes. Where the entry cannot be
written, as on a full disk, the record is shown all the same: reading may be what keeps her safe.
"""

from contextlib import suppress

from kfdesk.domain.desk.log import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row
from kfdesk.services.desk import Desk

AGAIN_AFTER = 5 * 60 * 1000  # milliseconds
_OWN = "attachment"
_CASES = frozenset({"plan", "client"})


def note_view(desk: Desk, row: Row) -> None:
    """Enter that who sits here looks at a record of a case.

    A document is entered itself, everything else as the plan or client that it belongs to; the
    directory is not entered at all.
    """
    rid = _subject(desk, row)
    if rid is None:
        return
    key, now = (desk.user, rid), desk.milliseconds
    if 0 <= now - desk.viewed.get(key, -AGAIN_AFTER) < AGAIN_AFTER:
        return
    with suppress(KfdeskError):
        if not desk.store.ledger.was_viewed(desk.user, rid, now - AGAIN_AFTER):
            with desk.store.transaction():
                desk.log(Action.VIEW, rid)
        desk.viewed[key] = now


def _subject(desk: Desk, row: Row) -> bytes | None:
    return next((one.rid for one in desk.upwards(row) if one.type in {_OWN, *_CASES}), None)
