# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets: each parser that a stranger's bytes reach, beside the second reader, which must agree.

The second reader was written from FORMAT.md alone; where the two differ about any bytes, one of
them is wrong. Knows no fuzzer and no store.
"""

import io
import json
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from tests.fuzz.target import Aim, FoundError, Target, is_taken
from tests.vectors.bundle import second_reader

from kfdesk.bundle import age
from kfdesk.bundle.card import DeskKeys
from kfdesk.bundle.container import (
    BUNDLE_MAGIC,
    Manifest,
    SegmentKind,
    pack_segment,
    read_manifest,
    unpack_segment,
)
from kfdesk.bundle.payload import (
    ChunkUnpacker,
    unpack_audit,
    unpack_cards,
    unpack_countersignatures,
    unpack_notices,
    unpack_orders,
    unpack_provenance,
    unpack_records,
    unpack_resends,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.registers import RecordState
from kfdesk.storage import key_slots

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "bundle"
_KEPT: dict[str, Any] = json.loads((VECTORS / "vectors.json").read_text(encoding="utf-8"))
_READER = DeskKeys(*(bytes.fromhex(_KEPT["reader"][key]) for key in ("seed", "age_secret")))
_LooseItem = tuple[bytes, str, bytes | None, bytes, RecordState]
_START = len(BUNDLE_MAGIC) + 4
_SIGNATURE = 64
_SIZE = 4  # bytes in front of a packed segment that say how long it says it is

# the header, and the library behind it


def _aim_at_header(open_age: Callable[[bytes], bytes]) -> Aim:
    def aim(data: bytes) -> None:
        ours = is_taken(lambda: open_age(data))
        theirs = _is_taken_there(lambda: second_reader.open_age(data, _READER.age_secret))
        if ours != theirs:
            raise FoundError("the two readers differ about a file")

    return aim


def _open_age(data: bytes) -> bytes:
    sink = io.BytesIO()
    age.decrypt(io.BytesIO(data), sink, [_READER.age_secret])
    return sink.getvalue()


def _open_without_gate(data: bytes) -> bytes:
    """Wrong on purpose: what stands behind the words of the header is believed to be there."""
    lines = data.split(b"\n")
    if lines[0] != b"age-encryption.org/v1":
        raise KfdeskError("bundle.not_a_bundle", why="header_version")
    if not lines[17].startswith(b"---") and b"-grease" not in lines[17].split(b" ")[1]:
        raise KfdeskError("bundle.not_a_bundle", why="header_mac_line")
    return _open_age(data)


# canonical msgpack: what segments hold


def _chunks(raw: bytes) -> object:
    return list(ChunkUnpacker().unpack(raw))


_KINDS: Sequence[tuple[Callable[[bytes], object], Callable[[list[tuple[int, bytes]]], object], int]]
_KINDS = (
    (unpack_records, second_reader.read_records, SegmentKind.RECORDS),
    (unpack_notices, second_reader.read_notices, SegmentKind.NOTICES),
    (unpack_orders, second_reader.read_orders, SegmentKind.ERASURES),
    (unpack_cards, second_reader.read_cards, SegmentKind.CARDS),
    (unpack_resends, second_reader.read_resends, SegmentKind.RESENDS),
    (_chunks, second_reader.read_chunks, SegmentKind.CHUNKS),
    (
        unpack_countersignatures,
        second_reader.read_countersignatures,
        SegmentKind.COUNTERSIGNATURES,
    ),
    (unpack_audit, second_reader.read_audit, SegmentKind.AUDIT),
    (unpack_provenance, second_reader.read_provenance, SegmentKind.PROVENANCE),
)


def _aim_at_items(data: bytes) -> None:
    ours, theirs, kind = _KINDS[data[0] % len(_KINDS)] if data else _KINDS[0]
    raw = data[1:]
    if is_taken(lambda: ours(raw)) != _is_taken_there(lambda: theirs([(kind, raw)])):
        raise FoundError(f"the two readers differ about a segment of kind {kind}")


def _aim_at_loose_items(data: bytes) -> None:
    """Wrong on purpose: the form is not proved."""
    try:
        items = msgspec.msgpack.decode(data[1:], type=list[_LooseItem])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return
    if msgspec.msgpack.encode(items) != data[1:]:
        raise FoundError("taken, though it is not canonical")


# the manifest


def _aim_at_manifest(read: Callable[[bytes], Manifest]) -> Aim:
    def aim(data: bytes) -> None:
        ours = is_taken(lambda: read(data))
        if ours != _is_taken_there(
            lambda: second_reader.check_manifest(second_reader.unpack(data))
        ):
            raise FoundError("the two readers differ about a manifest")

    return aim


def _read_loosely(data: bytes) -> Manifest:
    """Wrong on purpose: neither canonical form nor limits are asked for."""
    try:
        return msgspec.msgpack.decode(data, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise KfdeskError("bundle.torn", why="manifest") from None


# a packed segment


def _aim_at_segment(open_up: Callable[[bytes, int], bytes]) -> Aim:
    def aim(data: bytes) -> None:
        size, packed = 1 + int.from_bytes(data[:_SIZE], "big") % 2**20, data[_SIZE:]
        ours = is_taken(lambda: open_up(packed, size))
        if ours != _is_taken_there(lambda: second_reader.gunzip(packed, size)):
            raise FoundError("the two readers differ about a packed segment")

    return aim


def _unpack_unbounded(packed: bytes, _size: int) -> bytes:
    """Wrong on purpose: all of it is unpacked, however much that is, and it may be any length."""
    try:
        return zlib.decompress(packed, wbits=31)
    except zlib.error:
        raise KfdeskError("bundle.torn", why="segment_gzip") from None


def _is_taken_there(work: Callable[[], object]) -> bool:
    try:
        work()
    except second_reader.RefusedError:
        return False
    return True


# seeds


def _good_files() -> list[bytes]:
    return [path.read_bytes() for path in sorted(VECTORS.glob("*.age"))]


@cache
def _plains() -> Sequence[bytes]:
    found = []
    for data in _good_files():
        try:
            found.append(second_reader.open_age(data, _READER.age_secret))
        except second_reader.RefusedError:
            continue
    return found


def _manifests() -> Sequence[bytes]:
    ends = [(one, int.from_bytes(one[len(BUNDLE_MAGIC) : _START], "big")) for one in _plains()]
    return [one[_START : _START + length] for one, length in ends]


def _segments() -> Sequence[tuple[int, int, bytes]]:
    """Kind, length when unpacked, and packed bytes of every segment of the kept files."""
    found = []
    for plain, manifest in zip(_plains(), _manifests(), strict=True):
        place = _START + len(manifest) + _SIGNATURE
        for kind, size, length, _ in msgspec.msgpack.decode(manifest)[-1]:
            found.append((kind, size, plain[place : place + length]))
            place += length
    return found


def _item_seeds() -> Sequence[bytes]:
    numbers = {kind: number for number, (_, _, kind) in enumerate(_KINDS)}
    return [
        bytes([numbers[kind]]) + zlib.decompress(packed, wbits=31)
        for kind, _, packed in _segments()
        if kind in numbers
    ]


def _segment_seeds() -> Sequence[bytes]:
    more = [(0, 5, pack_segment(b"hello")), (0, 100_000, pack_segment(bytes(100_000)))]
    return [(size - 1).to_bytes(_SIZE, "big") + packed for _, size, packed in (*_segments(), *more)]


# the key slots beside a store, which whoever has the disk may have written


def _aim_at_slots(parse: Callable[[bytes], key_slots.SlotFile | None]) -> Aim:
    """Whatever is taken can be tried at a bounded cost, and written again with the next number."""

    def aim(data: bytes) -> None:
        check = zlib.crc32(data).to_bytes(4, "big")
        found = parse(key_slots.SLOTS_MAGIC + check + data)
        if found is None:
            return
        users = [slot for slot in found.slots if slot.kind == key_slots.USER_SLOT]
        dear = [
            one for one in users if not 3 <= one.passes <= 16 or not 2**26 <= one.memory <= 2**31
        ]
        if not users or dear:
            raise FoundError("slots are taken that nobody can open at a bounded cost")
        after = msgspec.structs.replace(found, generation=found.generation + 1)
        if parse(_slot_file(after)) != after:
            raise FoundError("what was written after these slots is not read again")

    return aim


def _parse_unbounded(data: bytes) -> key_slots.SlotFile | None:
    """Wrong on purpose: no slot is looked at."""
    try:
        return msgspec.msgpack.decode(
            data[len(key_slots.SLOTS_MAGIC) + 4 :], type=key_slots.SlotFile
        )
    except (ValueError, msgspec.MsgspecError, RecursionError):
        return None


def _slot_file(file: key_slots.SlotFile) -> bytes:
    body = msgspec.msgpack.encode(file)
    return key_slots.SLOTS_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body


def _slot_seeds() -> Sequence[bytes]:
    kept = (path.read_bytes() for path in sorted((VECTORS.parent / "store").glob("*/slots-a.kfk")))
    return [data[len(key_slots.SLOTS_MAGIC) + 4 :] for data in kept]


TARGETS = (
    Target(
        "age",
        _aim_at_header(_open_age),
        _aim_at_header(_open_without_gate),
        _good_files,
        40_000,
    ),
    Target("items", _aim_at_items, _aim_at_loose_items, _item_seeds, 4_096),
    Target(
        "manifest",
        _aim_at_manifest(read_manifest),
        _aim_at_manifest(_read_loosely),
        _manifests,
        2_048,
    ),
    Target(
        "segment",
        _aim_at_segment(unpack_segment),
        _aim_at_segment(_unpack_unbounded),
        _segment_seeds,
        4_096,
    ),
    Target(
        "slots",
        _aim_at_slots(key_slots.parse_slots),
        _aim_at_slots(_parse_unbounded),
        _slot_seeds,
        2_048,
    ),
)
