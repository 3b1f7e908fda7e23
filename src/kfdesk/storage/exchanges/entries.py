# SPDX-License-Identifier: GPL-3.0-or-later
"""An entry of what went to whom, as the cells of its row and back.

Ids and names of fields, never values. Two entries that say the same have the same bytes, so that
what was given before is known without being unpacked. Knows no table.
"""

from collections.abc import Mapping, Sequence

import msgspec

from kfdesk.domain.desk.log import Entry

Ids = tuple[bytes, ...]
"""Ids of writes of one field."""
_encoder = msgspec.msgpack.Encoder()
_ids = msgspec.msgpack.Decoder(Ids)
_writes = msgspec.msgpack.Decoder(Mapping[str, Ids])


def holds(entered: Sequence[bytes], writes: Mapping[str, Ids]) -> bool:
    """Whether these entries have all these writes together.

    Most records were given as they are now: what was entered then is the same to the byte.
    """
    if _encoder.encode(writes) in entered:
        return True
    each = map(_writes.decode, entered)
    had = {(key, wid) for one in each for key, ids in one.items() for wid in ids}
    return all((key, wid) in had for key, ids in writes.items() for wid in ids)


def entry_cells(entry: Entry) -> tuple[int | str | bytes, ...]:
    """The cells of an entry: at, rid, type, recipient, channel, consents, writes, target."""
    channel = str(entry.channel)  # of a code the driver would ask around what it is
    head = (entry.milliseconds, entry.rid, entry.type, entry.recipient, channel)
    return (*head, _encoder.encode(entry.consents), _encoder.encode(entry.writes), entry.target)


def entry_of(row: tuple[bytes, str, bytes, str, bytes, bytes, bytes, int]) -> Entry:
    """The entry whose cells these are: those of the entry itself, in its order."""
    rid, record_type, recipient, channel, consents, writes, target, at = row
    head = (rid, record_type, recipient, channel)
    return Entry(*head, _ids.decode(consents), _writes.decode(writes), target, at)
