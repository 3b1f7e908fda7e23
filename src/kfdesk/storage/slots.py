# SPDX-License-Identifier: GPL-3.0-or-later
"""Key slots: how a passphrase opens the store's random key, in two files beside it.

Each slot wraps the same 32-byte data key under Argon2id of one user's passphrase. Half of the
derived bytes encrypt (ChaCha20-Poly1305, RFC 8439, the slot's head as associated data), half
commit to the passphrase, so that one file cannot be made to open under two (partitioning
oracles). Two copies with a generation and a checksum: a torn write leaves one whole. Knows no
records; a wrong passphrase and a damaged slot look alike to the one who tries.
"""

import hmac
import os
import unicodedata
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec
from nacl import bindings, exceptions, pwhash

from kfdesk.domain.errors import KfdeskError

KEY_BYTES = 32
MAGIC = b"KFSLOT1\n"
NAMES = ("slots-a.kfk", "slots-b.kfk")
UNFINISHED = ("slots-a.new", "slots-b.new")  # what a torn write of either leaves beside it
USER = 1
_LARGEST = 65_536
_SALT, _NONCE, _ID, _WRAPPED, _COMMITMENT = 16, 12, 16, 48, 32

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a try at a passphrase costs: Argon2id passes and bytes of memory, one lane."""

    passes: int
    memory: int


FLOOR = Cost(3, 64 * 2**20)  # above OWASP's least (19 MiB, 2 passes)
DEFAULT = Cost(3, 256 * 2**20)


class Slot(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """One wrapped copy of the data key. `who` is a keyed hash of the user's initials."""

    version: int
    id: bytes
    kind: int
    who: bytes
    passes: int
    memory: int
    salt: bytes
    nonce: bytes
    wrapped: bytes
    commitment: bytes


class SlotFile(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """All slots of a store, with the generation that tells the newer of the two copies."""

    generation: int
    slots: tuple[Slot, ...]


def affordable(memory_of_machine: int) -> Cost:
    """The default cost, capped at a quarter of the machine's memory (bytes), not below FLOOR."""
    return Cost(DEFAULT.passes, max(FLOOR.memory, min(DEFAULT.memory, memory_of_machine // 4)))


def new_slot(key: bytes, initials: str, passphrase: str, cost: Cost, random: Random) -> Slot:
    """A slot that opens `key` (32 bytes) for the user with these initials and passphrase."""
    head = Slot(
        version=1,
        id=random(_ID),
        kind=USER,
        who=b"",
        passes=max(cost.passes, FLOOR.passes),
        memory=max(cost.memory, FLOOR.memory),
        salt=random(_SALT),
        nonce=random(_NONCE),
        wrapped=b"",
        commitment=b"",
    )
    head = msgspec.structs.replace(head, who=_who(head, initials))
    secret, commitment = _derive(head, passphrase)
    wrapped = bindings.crypto_aead_chacha20poly1305_ietf_encrypt(
        key, _associated(head), head.nonce, secret
    )
    return msgspec.structs.replace(head, wrapped=wrapped, commitment=commitment)


def open_slots(file: SlotFile, initials: str, passphrase: str) -> bytes:
    """The data key. Raises KfdeskError `store.wrong_passphrase` whatever it is that fails.

    Without a slot for these initials the work is done all the same, so that time tells nothing.
    """
    mine = [slot for slot in file.slots if hmac.compare_digest(slot.who, _who(slot, initials))]
    for slot in mine or file.slots[:1]:
        secret, commitment = _derive(slot, passphrase)
        if not mine or not hmac.compare_digest(commitment, slot.commitment):
            continue
        try:
            return bindings.crypto_aead_chacha20poly1305_ietf_decrypt(
                slot.wrapped, _associated(slot), slot.nonce, secret
            )
        except exceptions.CryptoError:
            continue
    raise KfdeskError("store.wrong_passphrase")


def read_slots(folder: Path) -> SlotFile:
    """The newer whole copy of the slots beside a store.

    Raises KfdeskError `store.not_a_store` if neither copy is whole.
    """
    copies = [copy for name in NAMES if (copy := _read_copy(folder / name)) is not None]
    if not copies:
        raise KfdeskError("store.not_a_store")
    return max(copies, key=lambda copy: copy.generation)


def write_slots(folder: Path, file: SlotFile) -> None:
    """Write both copies, one after the other, each beside and swapped in, flushed to disk.

    Raises KfdeskError `store.disk`; then each copy is the old one or the new one, and whole.
    """
    body = msgspec.msgpack.encode(file)
    data = MAGIC + zlib.crc32(body).to_bytes(4, "big") + body
    for name, beside in zip(NAMES, UNFINISHED, strict=True):
        try:
            _replace(folder / name, folder / beside, data)
        except OSError:
            with suppress(OSError):
                (folder / beside).unlink()
            raise KfdeskError("store.disk") from None


def _read_copy(path: Path) -> SlotFile | None:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST)
        check, body = data[len(MAGIC) : len(MAGIC) + 4], data[len(MAGIC) + 4 :]
        if not data.startswith(MAGIC) or zlib.crc32(body).to_bytes(4, "big") != check:
            return None
        found = msgspec.msgpack.decode(body, type=SlotFile)
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError):
        return None
    return found if found.slots and all(map(_is_sound, found.slots)) else None


def _is_sound(slot: Slot) -> bool:
    lengths = (len(slot.salt), len(slot.nonce), len(slot.wrapped), len(slot.commitment))
    is_shaped = lengths == (_SALT, _NONCE, _WRAPPED, _COMMITMENT) and slot.version == 1
    # A damaged or hostile cost must neither weaken the slot nor eat the machine's memory.
    return is_shaped and 3 <= slot.passes <= 16 and FLOOR.memory <= slot.memory <= 2**31


def _derive(slot: Slot, passphrase: str) -> tuple[bytes, bytes]:
    normal = unicodedata.normalize("NFC", passphrase).encode()
    derived = pwhash.argon2id.kdf(
        KEY_BYTES + _COMMITMENT, normal, slot.salt, opslimit=slot.passes, memlimit=slot.memory
    )
    return derived[:KEY_BYTES], derived[KEY_BYTES:]


def _who(slot: Slot, initials: str) -> bytes:
    normal = unicodedata.normalize("NFC", initials).strip().casefold().encode()
    return blake2b(normal, key=slot.salt, digest_size=8).digest()


def _associated(slot: Slot) -> bytes:
    return msgspec.msgpack.encode(msgspec.structs.replace(slot, wrapped=b"", commitment=b""))


def _replace(path: Path, beside: Path, data: bytes) -> None:
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    if hasattr(os, "O_DIRECTORY"):  # a folder cannot be flushed on Windows
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
