# SPDX-License-Identifier: GPL-3.0-or-later
"""The law of time: which stamps are ahead, and how a write gets a stamp that is not.

A write with a stamp more than 48 hours ahead is taken by nobody before its day comes. So such a
write is written again under another id, with a stamp of now; its first id counts as superseded.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from hashlib import blake2b

from kfdesk.domain.exchange import HLC_BITS, MAX_AHEAD, is_plausible_time
from kfdesk.domain.registers import (
    FID_BYTES,
    WID_BYTES,
    RecordState,
    Write,
    build_state,
    encode_state,
    live_writes,
    next_hlc,
    superseded_ids,
)

_LAST_DAY = 253_402_128_000  # seconds since 1970, UTC: the last day but one that a date can name


def is_ahead(state: RecordState, milliseconds: int) -> bool:
    """Return whether a live write is too far ahead of a time (ms since 1970, UTC)."""
    return any(not is_plausible_time(save.hlc, milliseconds) for save in state.saves)


def writes_ahead(state: RecordState, milliseconds: int) -> tuple[Write, ...]:
    """Return the live writes that are too far ahead of a time (ms since 1970, UTC)."""
    if not is_ahead(state, milliseconds):
        return ()
    writes = live_writes(state)
    return tuple(one for one in writes if not is_plausible_time(one.hlc, milliseconds))


def newest_stamp_until(state: RecordState, milliseconds: int) -> int:
    """Return the newest stamp of a state that is not too far ahead of a time; 0 for none."""
    stamps = (save.hlc for save in state.saves if is_plausible_time(save.hlc, milliseconds))
    return max(stamps, default=0)


def day_to_send(state: RecordState, zone: tzinfo | None) -> date:
    """Return the day on which the newest stamp of a state stops to be too far ahead."""
    newest = max((save.hlc for save in state.saves), default=0) >> HLC_BITS
    return datetime.fromtimestamp(min((newest - MAX_AHEAD) / 1000, _LAST_DAY), tz=zone).date()


def rewrite(state: RecordState, fresh: Mapping[Write, Write]) -> RecordState:
    """Return the state with other writes in place of some; the ids of these are superseded."""
    live = [fresh.get(write, write) for write in live_writes(state)]
    return build_state(live, superseded_ids(state) | {write[:2] for write in fresh})


def bound_stamps(
    rid: bytes,
    state: RecordState,
    milliseconds: int,
    after: int = 0,
    gone: frozenset[tuple[int, bytes]] = frozenset(),
) -> RecordState:
    """Return the state with each write that is too far ahead written again.

    It gets the stamp next to `after`, or to the newest that is not ahead; without either one of
    `milliseconds` (since 1970, UTC), the time now. The id follows from the content, so that the
    same comes of the same. Those with ids in `gone`, which were written again before, are left out.
    """
    ahead = writes_ahead(state, milliseconds)
    if not ahead:
        return state
    newest = max(after, newest_stamp_until(state, milliseconds))
    stamp = newest + 1 if newest else next_hlc(milliseconds)
    new = {one: _written_again(rid, one, stamp) for one in ahead if one[:2] not in gone}
    live = [new.get(write, write) for write in live_writes(state) if write in new or
            is_plausible_time(write.hlc, milliseconds)]  # fmt: skip
    return build_state(live, superseded_ids(state) | {write[:2] for write in ahead})


def _written_again(rid: bytes, write: Write, stamp: int) -> Write:
    bare = write._replace(hlc=stamp)
    content = rid + write.fid.to_bytes(FID_BYTES, "big") + encode_state(build_state((bare,), ()))
    return bare._replace(wid=blake2b(content, digest_size=WID_BYTES, person=b"bounded").digest())
