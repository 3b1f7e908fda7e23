# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of entries: when an entry was last found right, by which way, and what came of it.

A check is a record below its organisation (ORServices: session). Whoever answers for the entry
makes it, and it goes where the entry goes. So a partner's entry shows the partner's checks.
"""

from collections.abc import Iterable, Mapping

from kfdesk.domain.accounts import Right
from kfdesk.domain.directory import RIGHT_OUTCOMES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import EntryCheck
from kfdesk.domain.registers import live_writes
from kfdesk.domain.rows import RecordView, encode_changes, seen_writes, view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.records import Saved, put_changed, put_new, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import zoned_now

Checks = tuple[RecordView[EntryCheck], ...]
_VERIFICATIONS = {
    "call": "verified_by_call", "visit": "verified_by_visit", "partner": "verified_by_partner",
}  # fmt: skip
"""The code of verification that a check of each kind proves."""


def record_check(desk: Session, organisation: bytes, how: str, outcome: str) -> tuple[Saved, ...]:
    """Record that an entry of ours was checked now; its date and how it was checked follow.

    Return all changes, for one undo. A check that reached nobody proves nothing and changes
    nothing of the entry. Raise KfdeskError `user.not_allowed`, `record.missing` or `field.…`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    entry = require_record(desk, organisation)
    if entry.type != "organisation":
        raise KfdeskError("record.missing")
    made = encode_changes("entry_check", {
        "when": zoned_now(desk), "how": how, "outcome": outcome, "by": desk.user,
    })  # fmt: skip
    proven: dict[str, Value] = {}
    if outcome in RIGHT_OUTCOMES:
        proven = {"checked": desk.adapters.clock.now().date(), "checked_by": desk.user}
        proven |= {"verification": _VERIFICATIONS[how]} if how in _VERIFICATIONS else {}
    with desk.store.transaction():
        done = [put_new(desk, desk.new_row("entry_check", organisation), made)]
        if proven:
            changes = encode_changes("organisation", proven)
            done.append(put_changed(desk, entry, changes, seen_writes(entry)))
    return tuple(done)


def newest_checks(desk: Session, entries: Iterable[bytes]) -> Mapping[bytes, Checks]:
    """Return the newest checks of each of these entries that has some, newest first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    found: dict[bytes, list[RecordView[EntryCheck]]] = {}
    for row, _ in desk.store.kept(desk.store.search.checks(entries)).values():
        seen = view(row, EntryCheck)
        if not seen.is_deleted:
            found.setdefault(row.parent or b"", []).append(seen)
    return {rid: tuple(sorted(made, key=_time, reverse=True)) for rid, made in found.items()}


def _time(seen: RecordView[EntryCheck]) -> tuple[str, int]:
    """Return when a check was made; the clock of its writes orders those of one minute."""
    when = seen.record.when
    written = max((write.hlc for write in live_writes(seen.row.state)), default=0)
    return when.wall.isoformat() if isinstance(when, ZonedTime) else "", written
