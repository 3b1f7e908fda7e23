# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking back what was done: always by a new write, which in turn can be taken back.

An undo replaces exactly what the save wrote. What anybody has written since is not replaced: it
becomes a conflict that a person decides. How a field looked before is in the save's report, so
nothing here reads the history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kfdesk.domain.desk.log import Action
from kfdesk.domain.kinds import Wire
from kfdesk.domain.packed import Packed
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import DELETION
from kfdesk.services.desk import Desk
from kfdesk.services.policy.access import require_editing
from kfdesk.services.writing.records import Done, found, put_changed

_OPPOSITE: Mapping[Action, tuple[Action, int | None]] = {
    Action.CREATE: (Action.DELETE, 1),
    Action.DELETE: (Action.RESTORE, None),
    Action.RESTORE: (Action.DELETE, 1),
}


def undo(desk: Desk, done: Done) -> Done:
    """Take a save back; returns what that did.

    A record that was made goes into the bin, unless somebody else has written in it; one that was
    deleted comes back; a field gets its former value or, where it was in conflict, all of them.
    Raises KfdeskError `record.missing` or `user.not_allowed`.
    """
    return undo_all(desk, (done,))[0]


def undo_all(desk: Desk, done: Sequence[Done]) -> Sequence[Done]:
    """Take several saves back in one transaction, the last one first; as `undo` does."""
    with desk.store.transaction():
        for one in done:
            keys = () if one.action in _OPPOSITE else one.keys
            require_editing(desk, found(desk, one.rid), keys)
        return Packed(Done, (_taken_back(desk, one) for one in reversed(done))).kept


def _taken_back(desk: Desk, done: Done) -> Done:
    row = found(desk, done.rid)
    if done.action in _OPPOSITE:
        action, value = _OPPOSITE[done.action]
        return put_changed(desk, row, {DELETION: value}, done.wrote, action)
    return _give_back(desk, row, done)


def _give_back(desk: Desk, row: Row, done: Done) -> Done:
    first, *others = _saves(done.former)
    result = put_changed(desk, row, first, done.wrote)
    for changes in others:  # of a conflict that was decided: written apart, to be apart again
        more = put_changed(desk, found(desk, row.rid), changes, ())
        result = replace(result, wrote=result.wrote | more.wrote)
    return result


def _saves(former: Mapping[int, tuple[Wire, ...]]) -> list[dict[int, Wire]]:
    """The saves that bring former values back; a field that held nothing is cleared."""
    full = {fid: values or (None,) for fid, values in former.items()}
    most = max(map(len, full.values()), default=1)
    return [
        {fid: values[place] for fid, values in full.items() if place < len(values)}
        for place in range(most)
    ]
