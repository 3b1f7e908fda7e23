# SPDX-License-Identifier: GPL-3.0-or-later
"""A second reader of exchange files and cards, written from FORMAT.md alone.

It shares no code with kfdesk: age, msgpack and the checks are spelled out over `cryptography`,
so that a mistake in one reader shows as a difference to the other. It reads whole files into
memory and is slow; it is a witness, not a tool. It must never import a kfdesk module.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

P = 2**255 - 19
CHUNK = 65_536
TAG = 16


class RefusedError(Exception):
    """The file is refused; the text is the class of refusal."""


def refuse(what: str) -> NoReturn:
    raise RefusedError(what)


# The age file


def unpadded(text: bytes, size: int | None = None) -> bytes:
    """Return the value of canonical base64 without padding, of `size` bytes if given."""
    if not re.fullmatch(rb"[A-Za-z0-9+/]*", text) or len(text) % 4 == 1:
        refuse("not a bundle")
    try:
        value = base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        refuse("not a bundle")
    if base64.b64encode(value).rstrip(b"=") != text or size not in (None, len(value)):
        refuse("not a bundle")
    return value


@dataclass
class Header:
    """An age header: stanzas as (share, body), the MAC, the bytes it covers, its length."""

    stanzas: list[tuple[bytes, bytes]]
    mac: bytes
    covered: bytes
    length: int


def parse_header(data: bytes) -> Header:
    if len(data) > 536_870_912:
        refuse("too large")
    start = data[:4096]
    version = b"age-encryption.org/v1\n"
    if start[: len(version)] != version[: len(start)]:
        refuse("not a bundle")
    cut = "torn" if len(data) < 4096 else "not a bundle"
    lines: list[bytes] = []
    position = 0

    def next_line() -> bytes:
        nonlocal position
        end = start.find(b"\n", position)
        if end < 0:
            refuse(cut)
        line = start[position:end]
        position = end + 1
        lines.append(line)
        return line

    next_line()
    stanzas = []
    for _ in range(8):
        words = next_line().split(b" ")
        if words[:2] != [b"->", b"X25519"] or len(words) != 3:
            refuse("not a bundle")
        share = unpadded(words[2], 32)
        stanzas.append((share, unpadded(next_line(), 32)))
    line = next_line()
    if line.startswith(b"-> "):
        skip_grease(line, next_line)
        line = next_line()
    if not line.startswith(b"--- "):
        refuse("not a bundle")
    covered = b"".join(one + b"\n" for one in lines[:-1]) + b"---"
    return Header(stanzas, unpadded(line[4:], 32), covered, position)


def skip_grease(first: bytes, next_line: Callable[[], bytes]) -> None:
    words = first[3:].split(b" ")
    if not all(re.fullmatch(rb"[\x21-\x7e]+", word) for word in words):
        refuse("not a bundle")
    if not words[0].endswith(b"-grease"):
        refuse("not a bundle")
    while True:
        line = next_line()
        if len(line) > 64:
            refuse("not a bundle")
        unpadded(line)
        if len(line) < 64:
            return


def hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def unwrap(secret: bytes, share: bytes, body: bytes) -> bytes | None:
    private = X25519PrivateKey.from_private_bytes(secret)
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        return None
    salt = share + private.public_key().public_bytes_raw()
    wrap_key = hkdf(shared, salt, b"age-encryption.org/v1/X25519")
    try:
        return ChaCha20Poly1305(wrap_key).decrypt(bytes(12), body, None)
    except InvalidTag:
        return None


def open_age(data: bytes, secret: bytes) -> bytes:
    """Return the plaintext of an age file of the one form that FORMAT.md allows."""
    header = parse_header(data)
    found = (unwrap(secret, share, body) for share, body in header.stanzas)
    file_key = next((key for key in found if key is not None), None)
    if file_key is None:
        refuse("not for us")
    mac = hmac.new(hkdf(file_key, b"", b"header"), header.covered, "sha256").digest()
    if not hmac.compare_digest(mac, header.mac):
        refuse("torn")
    nonce = data[header.length : header.length + 16]
    if len(nonce) < 16:
        refuse("torn")
    return open_payload(data[header.length + 16 :], hkdf(file_key, nonce, b"payload"))


def open_payload(payload: bytes, key: bytes) -> bytes:
    cipher = ChaCha20Poly1305(key)
    count = max(1, -(-len(payload) // (CHUNK + TAG)))
    plain = []
    for number in range(count):
        piece = payload[number * (CHUNK + TAG) : (number + 1) * (CHUNK + TAG)]
        last = b"\1" if number == count - 1 else b"\0"
        try:
            plain.append(cipher.decrypt(number.to_bytes(11, "big") + last, piece, None))
        except InvalidTag:
            refuse("torn")
    if count > 1 and not plain[-1]:
        refuse("torn")
    return b"".join(plain)


# msgpack, in its one canonical spelling


class Unpacker:
    """Reads the few types that FORMAT.md allows; any longer spelling is torn."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def take(self, size: int) -> bytes:
        piece = self.data[self.place : self.place + size]
        if len(piece) < size:
            refuse("torn")
        self.place += size
        return piece

    def number(self, size: int, above: int) -> int:
        value = int.from_bytes(self.take(size), "big")
        if value <= above:
            refuse("torn")
        return value

    def value(self, depth: int = 0) -> Any:
        if depth > 16:
            refuse("torn")
        first = self.take(1)[0]
        if first <= 0x7F:
            return first
        if first >= 0xE0:
            return first - 0x100
        if first == 0xC0:
            return None
        if 0xCC <= first <= 0xCF:
            size = 1 << first - 0xCC
            return self.number(size, 0x7F if size == 1 else 256 ** (size // 2) - 1)
        if 0xD0 <= first <= 0xD3:
            return self.negative(1 << first - 0xD0)
        if 0xC4 <= first <= 0xC6:
            return self.take(self.number_or_zero(1 << first - 0xC4, -1))
        if 0xA0 <= first <= 0xBF or 0xD9 <= first <= 0xDB:
            return self.text(first)
        if 0x90 <= first <= 0x9F:
            return [self.value(depth + 1) for _ in range(first & 15)]
        if first in (0xDC, 0xDD):
            count = self.number(2, 15) if first == 0xDC else self.number(4, 0xFFFF)
            return [self.value(depth + 1) for _ in range(count)]
        return refuse("torn")

    def number_or_zero(self, size: int, above: int) -> int:
        return self.number(size, above if size == 1 else 256 ** (size // 2) - 1)

    def negative(self, size: int) -> int:
        value = int.from_bytes(self.take(size), "big", signed=True)
        least = -32 if size == 1 else -(256 ** (size // 2)) // 2
        if value >= least:
            refuse("torn")
        return value

    def text(self, first: int) -> str:
        size = first & 31 if first <= 0xBF else self.number_or_zero(1 << first - 0xD9, 31)
        try:
            return self.take(size).decode("utf-8")
        except UnicodeDecodeError:
            refuse("torn")


def unpack(data: bytes) -> Any:
    unpacker = Unpacker(data)
    value = unpacker.value()
    if unpacker.place != len(data):
        refuse("torn")
    return value


def is_uint(value: object, bits: int, least: int = 0) -> bool:
    return isinstance(value, int) and least <= value < 1 << bits


def is_bin(value: object, size: int) -> bool:
    return isinstance(value, bytes) and len(value) == size


def is_array(value: object, least: int, most: int) -> bool:
    return isinstance(value, list) and least <= len(value) <= most


def demand(holds: bool, what: str = "torn") -> None:
    if not holds:
        refuse(what)


# The plaintext


@dataclass
class Mail:
    """Content of a bundle: its manifest as a plain list, its digest, its segments."""

    manifest: list[Any]
    digest: bytes
    segments: list[tuple[int, bytes]]


@dataclass
class Reader:
    """Reader of a bundle: age secret, own sign key, partners' sign keys, newest schema."""

    secret: bytes
    sign_key: bytes
    known: list[bytes]
    schema: int


def padme(length: int) -> int:
    length = max(length, 32_768)
    e = 0
    while 1 << (e + 1) <= length:
        e += 1
    s = 0
    while 1 << (s + 1) <= e:
        s += 1
    s += 1
    unit = 1 << (e - s)
    return -(-length // unit) * unit


def read_bundle(data: bytes, reader: Reader) -> Mail:
    plain = open_age(data, reader.secret)
    demand(len(plain) >= 12)
    if plain[:8] != b"KFBNDL1\n":
        refuse("newer" if re.fullmatch(rb"KFBNDL[2-9]\n", plain[:8]) else "torn")
    length = int.from_bytes(plain[8:12], "big")
    demand(length <= 262_144, "too large")
    encoded = plain[12 : 12 + length]
    signature = plain[12 + length : 76 + length]
    demand(len(encoded) == length and len(signature) == 64)
    manifest = unpack(encoded)
    check_manifest(manifest)
    demand(manifest[2] in reader.known, "unknown sender")
    demand(holds(manifest[2], b"kfdesk-bundle-v1\0" + encoded, signature))
    demand(manifest[4] == reader.sign_key, "not for us")
    own = X25519PrivateKey.from_private_bytes(reader.secret).public_key().public_bytes_raw()
    demand(own in manifest[5], "not for us")
    demand(manifest[11] <= reader.schema, "newer")
    demand(all(not 7 <= entry[0] <= 127 for entry in manifest[15]), "newer")
    segments, end = read_segments(plain, 76 + length, manifest[15])
    demand(len(plain) == padme(end) and not any(plain[end:]))
    return Mail(manifest, hashlib.sha256(encoded).digest(), segments)


def check_manifest(m: Any) -> None:
    demand(is_array(m, 16, 16))
    demand(m[0] == 1 and is_bin(m[1], 16) and is_bin(m[2], 32) and is_uint(m[3], 32))
    demand(is_bin(m[4], 32) and is_array(m[5], 1, 8) and all(is_bin(key, 32) for key in m[5]))
    demand(m[5] == sorted(set(m[5])))
    demand(is_bin(m[6], 16) and is_uint(m[7], 63, 1) and is_bin(m[8], 32) and is_uint(m[9], 63))
    demand(is_uint(m[10], 16) and is_uint(m[11], 16))
    check_acknowledgement(m[12])
    demand(is_bin(m[13], 32))
    demand(is_array(m[14], 4, 4) and all(is_uint(count, 32) for count in m[14]))
    demand(is_array(m[15], 0, 4096))
    for entry in m[15]:
        demand(is_array(entry, 4, 4) and is_uint(entry[0], 8, 1) and is_bin(entry[3], 32))
        demand(is_uint(entry[1], 64, 1) and entry[1] <= 4_194_304)
        demand(is_uint(entry[2], 64, 1) and entry[2] <= 4_195_328)
    demand(sum(entry[1] for entry in m[15]) <= 1_073_741_824, "too large")
    demand(m[14][0] <= 200_000, "too large")


def check_acknowledgement(a: Any) -> None:
    demand(is_array(a, 3, 3) and is_bin(a[0], 16) and is_uint(a[1], 63) and is_array(a[2], 0, 64))
    demand(all(is_uint(number, 63, 1) and number < a[1] for number in a[2]))
    demand(a[2] == sorted(set(a[2])))


def check_budget(m: Any) -> None:
    """Check what a manifest says of its file's content, before any of it is read."""
    demand(m[14][1] <= 2_000_000 and m[14][2] <= 65_536 and m[14][3] <= 200_000, "too large")
    for kind, most in (
        (1, 268_435_456),
        *((kind, 16_777_216) for kind in (2, 3, 5, 6, 129, 130, 131)),
    ):
        demand(sum(entry[1] for entry in m[15] if entry[0] == kind) <= most, "too large")


def check_place(manifest: Any, highest: int, now: int) -> None:
    """Check time (`now`: ms since 1970) and number; `highest` was taken of the epoch."""
    demand(manifest[9] >> 16 <= now + 48 * 3_600_000, "from the future")
    demand(manifest[7] - highest <= 1_024, "far ahead")


def holds(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_segments(plain: bytes, place: int, entries: Any) -> tuple[list[tuple[int, bytes]], int]:
    found = []
    for kind, raw, packed, digest in entries:
        piece = plain[place : place + packed]
        place += packed
        demand(hashlib.sha256(piece).digest() == digest)
        if kind < 128 or kind in (129, 130, 131):
            found.append((kind, gunzip(piece, raw)))
    return found, place


def gunzip(piece: bytes, size: int) -> bytes:
    """Return the member by its parts: fixed header, deflate, CRC-32, length."""
    demand(piece[:10] == bytes.fromhex("1f8b08000000000000ff"))
    inflate = zlib.decompressobj(wbits=-15)
    try:
        raw = inflate.decompress(piece[10:], size + 1)
    except zlib.error:
        refuse("torn")
    demand(len(raw) == size and inflate.eof)
    trailer = zlib.crc32(raw).to_bytes(4, "little") + len(raw).to_bytes(4, "little")
    demand(inflate.unused_data == trailer)
    return raw


# Records


def read_records(segments: list[tuple[int, bytes]]) -> list[Any]:
    """All items of kind 1, checked as FORMAT.md says."""
    items = items_of(segments, 1)
    saves = dead = 0
    for item in items:
        demand(is_array(item, 5, 5) and is_array(item[4], 2, 2) and isinstance(item[4][0], list))
        saves += len(item[4][0])
        dead += count_dead(item[4][1])
        demand(saves <= 1_000_000 and dead <= 2_000_000, "too large")
    for item in items:
        check_record(item)
    rids = [item[0] for item in items]
    demand(rids == sorted(set(rids)))
    return items


def read_notices(segments: list[tuple[int, bytes]]) -> list[Any]:
    """All items of kind 6, checked as FORMAT.md says."""
    demand(announced(segments, 6) <= 4_096, "too large")
    items = read_records([(1, raw) for kind, raw in segments if kind == 6])
    withdrawn, effect = (field_id("consent", key) for key in ("withdrawn", "withdrawal_effect"))
    for _, record_type, parent, _, (saves, dead) in items:
        demand(record_type == "consent" and parent is not None)
        fids = [fid for save in saves for fid in fids_of(save)]
        demand({*fids, *(pair[0] for pair in dead or ())} <= {withdrawn, effect})
        said = [value for save in saves for fid, value in zip(fids_of(save), save[4], strict=True)
                if fid == withdrawn]  # fmt: skip
        demand(any(value is not None for value in said))
    return items


def read_orders(segments: list[tuple[int, bytes]]) -> list[Any]:
    """All items of kind 2, checked as FORMAT.md says."""
    demand(announced(segments, 2) <= 65_536, "too large")
    items = items_of(segments, 2)
    parts = [item[3] for item in items if isinstance(item, list) and len(item) == 7]
    demand(sum(map(count_dead, parts)) <= 65_536, "too large")
    for item in items:
        demand(isinstance(item, list) and len(item) in (4, 7) and is_uint(item[0], 8))
        demand(is_bin(item[1], 16) and is_uint(item[-1], 63))
        if item[0] == 2:
            demand(len(item) == 4 and is_uint(item[2], 8, 1) and item[2] <= 3)
            continue
        demand(item[0] == 1 and len(item) == 7 and is_bin(item[2], 16))
        check_part(item[3])
        demand(isinstance(item[4], str) and re.fullmatch("[a-z_]{1,32}", item[4]) is not None)
        demand(is_uint(item[5], 32))
    places = [item[:2] for item in items]
    demand(all(one < other for one, other in pairwise(places)))
    return items


def check_part(part: Any) -> None:
    """Check the writes that are to go: as `dead`, with its own limits."""
    demand(part is None or is_array(part, 1, 256))
    dead_of(part)
    demand(all(len(ids) <= 8 * 1_024 for _, ids in part or ()))


def read_cards(segments: list[tuple[int, bytes]]) -> list[Any]:
    """All items of kind 3: `[1, card]` and `[2, sign key, time]`."""
    demand(announced(segments, 3) <= 64, "too large")
    items = items_of(segments, 3)
    for item in items:
        demand(isinstance(item, list) and len(item) in (2, 3))
        if len(item) == 2:
            demand(item[0] == 1 and isinstance(item[1], bytes) and 1 <= len(item[1]) <= 4096)
        else:
            demand(item[0] == 2 and is_bin(item[1], 32) and is_uint(item[2], 63))
    packed = [pack(item) for item in items]
    demand(packed == sorted(set(packed)))
    return items


def read_countersignatures(segments: list[tuple[int, bytes]]) -> list[Any]:
    """All items of kind 129: `[card, name, day, signature]`."""
    demand(announced(segments, 129) <= 64, "too large")
    items = items_of(segments, 129)
    for item in items:
        demand(is_array(item, 4, 4) and isinstance(item[0], bytes) and 1 <= len(item[0]) <= 4096)
        demand(isinstance(item[1], str) and is_name(item[1]))
        demand(is_uint(item[2], 32) and is_bin(item[3], 64))
    packed = [pack(item) for item in items]
    demand(packed == sorted(set(packed)))
    return items


def read_audit(segments: list[tuple[int, bytes]]) -> list[Any] | None:
    """Return the item of kind 130, if there is one: `[number, seen number, seen hash]`."""
    items = items_of(segments, 130)
    if all(kind != 130 for kind, _ in segments):
        return None
    demand(len(items) == 1 and is_array(items[0], 3, 3))
    number, seen, seen_hash = items[0]
    demand(is_uint(number, 63) and is_uint(seen, 63) and is_bin(seen_hash, 32))
    demand(seen > 0 or seen_hash == bytes(32))
    return list(items[0])


def read_provenance(segments: list[tuple[int, bytes]]) -> list[Any]:
    """All items of kind 131: `[rid, sender, writes]`."""
    demand(announced(segments, 131) <= 65_536, "too large")
    items = items_of(segments, 131)
    named = sum(len(item[2]) for item in items if is_array(item, 3, 3) and is_bytes(item[2]))
    demand(named <= 10 * 500_000, "too large")
    for item in items:
        demand(is_array(item, 3, 3) and is_bin(item[0], 16) and is_bin(item[1], 16))
        demand(isinstance(item[2], bytes) and len(item[2]) > 0 and len(item[2]) % 10 == 0)
        writes = [item[2][place : place + 10] for place in range(0, len(item[2]), 10)]
        demand(writes == sorted(set(writes)))
    demand(all(one[:2] < other[:2] for one, other in pairwise(items)))
    return items


def is_countersigned(sign_key: bytes, item: list[Any]) -> bool:
    """Return whether the sender's signature holds for the card in an item."""
    message = b"kfdesk-countersignature-v1\0" + item[2].to_bytes(4, "big") + item[0]
    return holds(sign_key, message, item[3])


def read_answer(data: bytes, ticket: bytes) -> bytes:
    """Return the card in the answer to a ticket."""
    proof = hmac.new(ticket, b"kfdesk-ticket-v1\0" + data[40:], "sha256").digest()
    demand(data[:8] == b"KFANSW1\n" and hmac.compare_digest(proof, data[8:40]), "damaged")
    return data[40:]


def read_chunks(segments: list[tuple[int, bytes]]) -> dict[bytes, bytes]:
    """All contents of kind 4, put together from their chunks, by the record they belong to."""
    contents: dict[bytes, list[bytes]] = {}
    last = b""
    for item in items_of(segments, 4):
        demand(is_array(item, 3, 3) and is_bin(item[0], 16) and isinstance(item[2], bytes))
        rid, part, data = item
        demand(is_uint(part, 8) and part < 100 and 1 <= len(data) <= 262_144)
        demand(rid >= last and part == len(contents.get(rid, [])))
        demand(all(len(before) == 262_144 for before in contents.get(rid, [])))
        contents.setdefault(rid, []).append(data)
        last = rid
    return {rid: b"".join(parts) for rid, parts in contents.items()}


def wanted_digests(items: list[Any]) -> dict[bytes, str]:
    """Return the digest that each attachment among the records names for its content."""
    wanted, digest = {}, field_id("attachment", "digest")
    for rid, record_type, _, _, (saves, _) in items:
        pairs = [pair for save in saves for pair in zip(fids_of(save), save[4], strict=True)]
        said = [value for fid, value in pairs if fid == digest]
        if record_type == "attachment" and len(said) == 1:
            wanted[rid] = said[0]
    return wanted


def read_resends(segments: list[tuple[int, bytes]]) -> list[Any]:
    """All items of kind 5: an epoch, and the first and last of some numbers in it."""
    demand(announced(segments, 5) <= 64, "too large")
    items = items_of(segments, 5)
    for item in items:
        demand(is_array(item, 3, 3) and is_bin(item[0], 16))
        demand(is_uint(item[1], 63, 1) and is_uint(item[2], 63, 1) and item[1] <= item[2])
    demand(all(one < other for one, other in pairwise(items)))
    return items


def announced(segments: list[tuple[int, bytes]], wanted: int) -> int:
    """Return how many items the heads of all arrays of a kind announce, before they are read."""
    heads = [raw for kind, raw in segments if kind == wanted]
    return sum(
        raw[0] & 15 if 0x90 <= raw[0] <= 0x9F
        else int.from_bytes(raw[1 : {0xDC: 3, 0xDD: 5}.get(raw[0], 1)], "big")
        for raw in heads if raw
    )  # fmt: skip


def count_dead(dead: Any) -> int:
    """Return how many ids stand in `dead`, whatever else is wrong with it."""
    pairs = dead if isinstance(dead, list) else []
    return sum(len(one[1]) // 8 for one in pairs if is_array(one, 2, 2) and is_bytes(one[1]))


def is_bytes(value: object) -> bool:
    return isinstance(value, bytes)


def items_of(segments: list[tuple[int, bytes]], wanted: int) -> list[Any]:
    """Return the items of one kind, over all its segments."""
    items: list[Any] = []
    for kind, raw in segments:
        if kind == wanted:
            found = unpack(raw)
            demand(isinstance(found, list))
            items += found
    return items


def fids_of(save: Any) -> list[int]:
    return [
        int.from_bytes(save[2][place : place + 2], "big") for place in range(0, len(save[2]), 2)
    ]


def check_record(item: Any) -> None:
    demand(is_array(item, 5, 5) and is_bin(item[0], 16) and isinstance(item[1], str))
    demand((item[2] is None or is_bin(item[2], 16)) and is_bin(item[3], 16))
    demand(is_array(item[4], 2, 2) and isinstance(item[4][0], list))
    saves, dead = item[4]
    demand(len(pack(item[4])) <= 2_097_152, "too large")
    writes = [write for save in saves for write in writes_of(save)]
    demand([save[:2] for save in saves] == sorted(save[:2] for save in saves))
    demand(len({tuple(save[:2]) for save in saves}) == len(saves))
    gone = dead_of(dead)
    fields = {fid for fid, _ in gone} | {write[0] for write in writes}
    demand(len(fields) <= 256, "too large")
    for fid in fields:
        live = [write for write in writes if write[0] == fid]
        demand(len(live) <= 32, "too large")
        demand(sum(one == fid for one, _ in gone) <= 512, "too large")
        newest = max(live, key=lambda write: write[2:], default=None)
        demand(all((fid, write[1]) not in gone or write is newest for write in live))


def writes_of(save: Any) -> list[tuple[int, bytes, int, bytes, bytes]]:
    """Return the writes of a save: field id, write id, and time, write id, content for its age."""
    demand(is_array(save, 5, 5) and is_uint(save[0], 63) and isinstance(save[1], str))
    time, author, fids, wids, values = save
    demand(isinstance(fids, bytes) and isinstance(wids, bytes) and isinstance(values, list))
    demand(len(fids) == 2 * len(values) and len(wids) == 8 * len(values) and len(values) > 0)
    found = []
    for number, value in enumerate(values):
        demand(is_value(value))
        demand(len(pack(value)) <= 65_536, "too large")
        fid = int.from_bytes(fids[2 * number : 2 * number + 2], "big")
        wid = wids[8 * number : 8 * number + 8]
        found.append((fid, wid, time, wid, pack([author, value])))
    order = [(write[0], write[1], write[4]) for write in found]
    demand(order == sorted(set(order)))
    return found


def is_value(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return value is None or isinstance(value, int | str)


def dead_of(dead: Any) -> list[tuple[int, bytes]]:
    if dead is None:
        return []
    demand(isinstance(dead, list) and len(dead) > 0)
    found = []
    for pair in dead:
        demand(is_array(pair, 2, 2) and is_uint(pair[0], 16) and isinstance(pair[1], bytes))
        demand(len(pair[1]) > 0 and len(pair[1]) % 8 == 0)
        ids = [pair[1][place : place + 8] for place in range(0, len(pair[1]), 8)]
        demand(ids == sorted(set(ids)))
        found += [(pair[0], wid) for wid in ids]
    fids = [pair[0] for pair in dead]
    demand(fids == sorted(set(fids)))
    return found


def field_id(record_type: str, key: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{record_type}.{key}".encode()).digest()[:2], "big")


# Canonical msgpack, the other way


def pack(value: Any) -> bytes:
    if value is None:
        return b"\xc0"
    if isinstance(value, int):
        return pack_integer(value)
    if isinstance(value, str):
        return length_of(len(value.encode()), 0xA0, 32, 0xD9) + value.encode()
    if isinstance(value, bytes):
        return length_of(len(value), 0, 0, 0xC4) + value
    return pack_array_start(len(value)) + b"".join(pack(one) for one in value)


def pack_integer(value: int) -> bytes:
    if -32 <= value <= 0x7F:
        return bytes([value & 0xFF])
    first = 0xCC if value >= 0 else 0xD0
    for step, size in enumerate((1, 2, 4, 8)):
        least, most = (0, 256**size - 1) if value >= 0 else (-(256**size) // 2, -1)
        if least <= value <= most:
            return bytes([first + step]) + value.to_bytes(size, "big", signed=value < 0)
    return refuse("torn")


def length_of(length: int, short: int, below: int, long: int) -> bytes:
    if length < below:
        return bytes([short + length])
    for step, size in enumerate((1, 2, 4)):
        if length < 256**size:
            return bytes([long + step]) + length.to_bytes(size, "big")
    return refuse("torn")


def pack_array_start(count: int) -> bytes:
    if count < 16:
        return bytes([0x90 + count])
    if count < 65_536:
        return b"\xdc" + count.to_bytes(2, "big")
    return b"\xdd" + count.to_bytes(4, "big")


# Cards


def read_card(data: bytes) -> list[Any]:
    demand(len(data) <= 4096 and data[:8] == b"KFCARD1\n", "damaged")
    body, signature = data[8:-64], data[-64:]
    try:
        card = unpack(body)
    except RefusedError:
        refuse("damaged")
    demand(is_array(card, 7, 7) and card[0] == 1, "damaged")
    demand(all(is_bin(card[place], 16) for place in (1, 3)), "damaged")
    demand(isinstance(card[2], str) and is_name(card[2]), "damaged")
    demand(is_bin(card[4], 32) and is_subgroup_point(card[4]), "damaged")
    demand(is_array(card[5], 1, 4), "damaged")
    for entry in card[5]:
        demand(is_array(entry, 2, 2) and entry[0] == 1 and is_bin(entry[1], 32), "damaged")
        demand(is_x25519_key(entry[1]), "damaged")
    keys = [entry[1] for entry in card[5]]
    demand(len(set(keys)) == len(keys) and is_uint(card[6], 32), "damaged")
    demand(holds(card[4], b"kfdesk-card-v1\0" + body, signature), "damaged")
    return list(card)


def is_name(name: str) -> bool:
    return (
        1 <= len(name.encode()) <= 200
        and unicodedata.normalize("NFC", name) == name
        and not name[0].isspace()
        and not name[-1].isspace()
        and all(unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for one in name)
    )


def is_x25519_key(key: bytes) -> bool:
    if int.from_bytes(key, "little") >= P:
        return False
    try:
        X25519PrivateKey.from_private_bytes(b"\x11" * 32).exchange(
            X25519PublicKey.from_public_bytes(key)
        )
    except ValueError:
        return False
    return True


D = -121665 * pow(121666, P - 2, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493
Point = tuple[int, int]


def is_subgroup_point(key: bytes) -> bool:
    """Edwards arithmetic by the book: on the curve, canonical, and the order times it is zero."""
    y = int.from_bytes(key, "little") & (2**255 - 1)
    if y >= P:
        return False
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and key[31] >> 7):
        return False
    if x & 1 != key[31] >> 7:
        x = P - x
    return (x, y) != (0, 1) and times(ORDER, (x, y)) == (0, 1)


def add(one: Point, other: Point) -> Point:
    x1, y1 = one
    x2, y2 = other
    d = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + d, P - 2, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - d, P - 2, P)
    return x % P, y % P


def times(number: int, point: Point) -> Point:
    found = (0, 1)
    while number:
        if number & 1:
            found = add(found, point)
        point = add(point, point)
        number >>= 1
    return found


def digits(ours: bytes, theirs: bytes) -> str:
    """Return the verification digits of two card files."""
    a, b = sorted([ours[8:-64], theirs[8:-64]])
    groups = []
    for x, y in ((a, b), (b, a)):
        both = hashlib.sha512(x).digest() + hashlib.sha512(y).digest()
        digest = hashlib.sha512(b"kfdesk-digits-v1\0" + both).digest()
        for place in range(0, 30, 5):
            groups.append(f"{int.from_bytes(digest[place : place + 5], 'big') % 100_000:05d}")
    return " ".join(groups)
