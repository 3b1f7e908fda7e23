# SPDX-License-Identifier: GPL-3.0-or-later
"""Bundles that somebody has worked on: a carrier, a forger, the recipient, a hostile partner.

A carrier has the file alone and can shuffle its bytes. A forger knows the recipient's public key
and can encrypt anything, but cannot sign. Their files are refused, and the store stays as it was. A
partner we trust can sign what it likes: its file is refused or taken whole, and the store is sound.
The controls believe what they are told.
"""

import hashlib
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from tests.torture.harness import Harness, Seen, Size, Trial, joined
from tests.torture.world import Place, World, contents, refusal

from kfdesk.bundle import age
from kfdesk.bundle.card import SIGNATURE_SIZE, DeskKeys
from kfdesk.bundle.container import (
    BUNDLE_MAGIC,
    SIGNED_PREFIX,
    BundleCounts,
    Manifest,
    SegmentEntry,
    SegmentKind,
    pack_segment,
    padded_length,
    read_manifest,
    unpack_segment,
)
from kfdesk.domain.exchange import no_known_rows
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer

_CHUNK = 65_536 + 16  # of an age file's payload
_LENGTH = 4

_ODD: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**62, 2**63 - 1, 1.5, "", "x" * 3000, "x" * 70_000, "exempel"),
    *("2026-02-30", "2026-02-28", "2026-02-28T10:00[Europe/Stockholm]", "\u202e", "e\u0301", "\0"),
    *([], ["ru"], ["ru", "слово"], ["ru", "слово", "ru", "два"], [[]], b"", b"\0" * 16),
)

Working = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True, slots=True)
class Plain:
    """A bundle's plaintext, taken apart."""

    manifest: bytes
    signature: bytes
    packed: tuple[bytes, ...]

    def joined(self) -> bytes:
        """Return the plaintext with its padding."""
        length = len(self.manifest).to_bytes(_LENGTH, "big")
        whole = BUNDLE_MAGIC + length + self.manifest + self.signature + b"".join(self.packed)
        return whole.ljust(padded_length(len(whole)), b"\0")

    @property
    def read(self) -> Manifest:
        """The manifest."""
        return read_manifest(self.manifest)


Forging = Callable[[Plain, random.Random], bytes]


# what a carrier can do


def swap(data: bytes, rng: random.Random) -> bytes:
    """Two stretches change places."""
    size = rng.choice((1, 16, 512))
    first, second = sorted(rng.sample(range(0, len(data) - size, size), 2))
    one, other = data[first : first + size], data[second : second + size]
    between = data[first + size : second]
    return data[:first] + other + between + one + data[second + size :]


def duplicate(data: bytes, rng: random.Random) -> bytes:
    """Repeat a part of the data."""
    start = rng.randrange(len(data))
    end = min(len(data), start + rng.choice((1, 16, 512, len(data))))
    return data[:end] + data[start:end] + data[end:]


def append(data: bytes, rng: random.Random) -> bytes:
    """Something follows."""
    return data + rng.choice((b"\0", b"\n", rng.randbytes(100), data, bytes(_CHUNK)))


def leave_out(data: bytes, rng: random.Random) -> bytes:
    """Leave out a part of the data."""
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.choice((1, 16, 512)) :]


# what a forger can do


def sign_as_themselves(plain: Plain, rng: random.Random) -> bytes:
    """Sign the same manifest with an unknown key, in its own or the sender's name."""
    forger = DeskKeys(rng.randbytes(32), rng.randbytes(32))
    manifest = plain.manifest
    if rng.randrange(2):
        own = msgspec.structs.replace(plain.read, sender=forger.sign_key)
        manifest = own.to_bytes()
    signature = forger.sign(SIGNED_PREFIX + manifest)
    return replace(plain, manifest=manifest, signature=signature).joined()


def change_the_manifest(plain: Plain, rng: random.Random) -> bytes:
    """One member is another, under the old signature."""
    changes: tuple[dict[str, object], ...] = (
        {"seq": plain.read.seq + 1},
        {"recipient": rng.randbytes(32)},
        {"epoch": rng.randbytes(16)},
        {"previous": rng.randbytes(32)},
        {"hlc": plain.read.hlc + 1},
        {"counts": BundleCounts(0, 0, 0, 0)},
        {"segments": ()},
        {"audit_head": rng.randbytes(32)},
    )
    changed = msgspec.structs.replace(plain.read, **rng.choice(changes))
    return replace(plain, manifest=changed.to_bytes()).joined()


def change_a_segment(plain: Plain, rng: random.Random) -> bytes:
    """Another content behind the old manifest: flipped, cut, packed anew, twice, none."""
    packed = plain.packed[0]
    flipped = bytearray(packed)
    flipped[rng.randrange(len(packed))] ^= 1 << rng.randrange(8)
    raw = unpack_segment(packed, plain.read.segments[0].raw)
    others = (bytes(flipped), packed[:-1], pack_segment(raw[::-1]), packed + packed, b"")
    return replace(plain, packed=(rng.choice(others),)).joined()


def write_into_the_zeros(plain: Plain, rng: random.Random) -> bytes:
    """Write into the padding, or make it too long or too short."""
    whole = plain.joined()
    length = len(whole.rstrip(b"\0"))
    place = rng.randrange(length + 8, len(whole))
    noted = whole[:place] + rng.randbytes(1).replace(b"\0", b"\1") + whole[place + 1 :]
    return rng.choice((noted, whole + b"\0", whole[:-1], whole[: length + 8]))


def _carried(working: Working) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        data = world.bundle.read_bytes()
        return _refused(world, working(data, rng), data)

    return trial


def _forged(forging: Forging) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        plain, age_key = _opened(world)
        forged = forging(plain, rng)
        if forged == plain.joined():
            return Seen("nothing was forged")
        return _refused(world, _encrypted(forged, age_key), world.bundle.read_bytes())

    return trial


def _refused(world: World, data: bytes, right: bytes) -> Seen:
    if data == right:
        return Seen("nothing was changed")
    path = world.post / "forged.age"
    path.write_bytes(data)
    desk = world.opened(world.copy(world.theirs))
    before = contents(desk.store)
    code = refusal(lambda: _take(desk, path))
    if not code.startswith("bundle."):
        return Seen(code or "taken", "it was not refused as a bundle")
    return Seen(code, "" if contents(desk.store) == before else "the store is changed")


def _replayed(world: World, _: random.Random) -> Seen:
    """Import the right file a second time."""
    desk = world.opened(world.copy(world.theirs))
    _take(desk, world.bundle)
    before = contents(desk.store)
    code = refusal(lambda: _take(desk, world.bundle))
    is_right = code == "bundle.taken_before" and contents(desk.store) == before
    return Seen(code or "taken", "" if is_right else "a replay was not refused")


def _hostile(take: Callable[[Session, Path], None]) -> Trial:
    """Our partner signs records of its own making. What is taken must leave a sound store.

    The control believes: it puts what came without looking at values and kinds.
    """

    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.theirs)
        path = world.post / "hostile.age"
        path.write_bytes(_hostile_bundle(world, rng))
        desk = world.opened(place)
        before = contents(desk.store)
        code = refusal(lambda: take(desk, path))
        if code and contents(desk.store) != before:
            return Seen(code, "refused, and yet the store is changed")
        wrong = desk.store.verify()
        return Seen(code or "taken", ", ".join(wrong[:2]))

    return trial


def _hostile_bundle(world: World, rng: random.Random) -> bytes:
    plain, _ = _opened(world)
    records = msgspec.msgpack.decode(records_in(plain))
    _twist(records, rng)
    return with_records(world, plain, msgspec.msgpack.encode(records))


def records_in(plain: Plain) -> bytes:
    """Return the content of the records segment."""
    place = _place_of_records(plain)
    return unpack_segment(plain.packed[place], plain.read.segments[place].raw)


def with_records(world: World, plain: Plain, raw: bytes) -> bytes:
    """Return the file with another records segment, signed by our partner."""
    _, age_key = _opened(world)
    entries, parts = list(plain.read.segments), list(plain.packed)
    place = _place_of_records(plain)
    packed = parts[place] = pack_segment(raw)
    digest = hashlib.sha256(packed).digest()
    entries[place] = SegmentEntry(SegmentKind.RECORDS, len(raw), len(packed), digest)
    manifest = msgspec.structs.replace(plain.read, segments=tuple(entries)).to_bytes()
    signature = _keys(world, world.ours).sign(SIGNED_PREFIX + manifest)
    return _encrypted(Plain(manifest, signature, tuple(parts)).joined(), age_key)


def _place_of_records(plain: Plain) -> int:
    return [entry.kind for entry in plain.read.segments].index(SegmentKind.RECORDS)


def _twist(records: list[Any], rng: random.Random) -> None:
    """Put something odd into one record, mostly where its values are."""
    record = rng.choice([each for each in records if each[4][0]])
    save = rng.choice(record[4][0])
    place = rng.randrange(len(save[4]))
    part = rng.choice(("value",) * 6 + ("time", "author", "field", "type", "id", "anything"))
    if part == "value":
        save[4][place] = rng.choice(_ODD)
    elif part == "time":
        save[0] = rng.choice((0, -1, 2**62, 2**63 - 1, "now"))
    elif part == "author":
        save[1] = rng.choice(("", "x" * 3000, "Eva\u202e", "\0", 7))
    elif part == "field":
        save[2] = rng.choice((save[2][::-1], save[2][:-2], rng.randbytes(len(save[2]))))
    elif part == "type":
        record[1] = rng.choice((*RECORD_TYPES, "unheard_of", "", None))
    elif part == "id":
        record[rng.choice((0, 2, 3))] = rng.choice((rng.randbytes(16), None, b"", records[0][0]))
    else:
        record[rng.randrange(len(record))] = rng.choice(_ODD)


def _believe(desk: Session, path: Path) -> None:
    senders = {partner.sign_key: partner for partner in desk.store.ledger.partners()}
    taken = desk.adapters.bundles.read(path, desk.identity, senders, no_known_rows)
    with desk.store.transaction():
        for row in taken.rows:
            desk.store.put(row.row)


def _take(desk: Session, path: Path) -> None:
    transfer.import_bundle(desk, path, transfer.review_bundle(desk, path))


def _opened(world: World) -> tuple[Plain, bytes]:
    """Return the plaintext of the bundle, as its recipient sees it, and the key to encrypt to."""
    keys = _keys(world, world.theirs)
    sink = io.BytesIO()
    with world.bundle.open("rb") as stream:
        age.decrypt(stream, sink, (keys.age_secret,))
    whole = sink.getvalue()
    start = len(BUNDLE_MAGIC) + _LENGTH
    end = start + int.from_bytes(whole[len(BUNDLE_MAGIC) : start], "big")
    manifest = whole[start:end]
    signature = whole[end : end + SIGNATURE_SIZE]
    place = end + SIGNATURE_SIZE
    packed = []
    for entry in read_manifest(manifest).segments:
        packed.append(whole[place : place + entry.packed])
        place += entry.packed
    return Plain(manifest, signature, tuple(packed)), keys.age_key


def _keys(world: World, place: Place) -> DeskKeys:
    identity = world.identity(place)
    return DeskKeys(identity.sign_seed, identity.age_secret)


def _encrypted(plaintext: bytes, age_key: bytes) -> bytes:
    sink = io.BytesIO()
    age.encrypt(io.BytesIO(plaintext), sink, (age_key,))
    return sink.getvalue()


# controls: what a reader would take that believes


def _believed(working: Working) -> Trial:
    """Wrong on purpose: nothing behind the header is looked at."""

    def trial(world: World, rng: random.Random) -> Seen:
        data = working(world.bundle.read_bytes(), rng)
        code = refusal(lambda: age.read_header(io.BytesIO(data)))
        return Seen(code or "taken", "" if code else "it was not refused")

    return trial


def _believed_forgery(forging: Forging) -> Trial:
    """Wrong on purpose: the manifest is read and no signature, hash or zero is looked at."""

    def trial(world: World, rng: random.Random) -> Seen:
        plain, _ = _opened(world)
        forged = forging(plain, rng)
        start = len(BUNDLE_MAGIC) + _LENGTH
        length = int.from_bytes(forged[len(BUNDLE_MAGIC) : start], "big")
        code = refusal(lambda: read_manifest(forged[start : start + length]))
        return Seen(code or "taken", "" if code else "it was not refused")

    return trial


def _taken_twice(world: World, _: random.Random) -> Seen:
    """Wrong on purpose: no book is kept of what was taken."""
    desk = world.opened(world.copy(world.theirs))
    codes = [refusal(lambda: _believe(desk, world.bundle)) for _ in range(2)]
    return Seen("taken", "a replay was not refused" if codes == ["", ""] else "")


HARNESSES = (
    joined(
        "bundle on its way: stretches swapped, doubled, appended, left out",
        [(_carried(work), _believed(work)) for work in (swap, duplicate, append, leave_out)],
        Size(16, 2_000, 240_000),
    ),
    joined(
        "forged bundle: another signature, manifest, content or zeros",
        [
            (_forged(forging), _believed_forgery(forging))
            for forging in (
                sign_as_themselves,
                change_the_manifest,
                change_a_segment,
                write_into_the_zeros,
            )
        ],
        Size(16, 2_000, 240_000),
    ),
    Harness("bundle taken twice", _replayed, _taken_twice, Size(2, 50, 500)),
    Harness(
        "a partner's bundle with odd records",
        _hostile(_take),
        _hostile(_believe),
        Size(20, 600, 50_000),
    ),
)
