# SPDX-License-Identifier: GPL-3.0-or-later
"""Key slots: how a passphrase opens the store's random key, in two files beside it.

Each slot wraps the same 32-byte data key under Argon2id of one user's passphrase; that of the
recovery key is derived in `recovery.py`. Half of the derived bytes encrypt (ChaCha20-Poly1305,
RFC 8439, the slot's head as associated data), half commit to the passphrase, so that one file
cannot be made to open under two (partitioning oracles). Two copies with a generation and a
checksum: a torn write leaves one whole. Knows no records; a wrong passphrase and a damaged slot
look alike to the one who tries.
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

from kfdesk.domain.desk.users import fold
from kfdesk.domain.errors import KfdeskError

KEY_BYTES = 32
MAGIC = b"KFSLOT1\n"
NAMES = ("slots-a.kfk", "slots-b.kfk")
UNFINISHED = ("slots-a.new", "slots-b.new")  # what a torn write of either leaves beside it
USER, RECOVERY = 1, 2  # kinds
_LARGEST = 65_536
_LAST_GENERATION = 2**63  # so that the next one can be written, whoever wrote this one
_SALT, _NONCE, _ID, _WHO, _WRAPPED, _COMMITMENT = 16, 12, 16, 8, 48, 32

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a try at a passphrase costs: Argon2id passes and bytes of memory, one lane."""

    passes: int
    memory: int


FLOOR = Cost(3, 64 * 2**20)  # above OWASP's least (19 MiB, 2 passes)
DEFAULT = Cost(3, 256 * 2**20)


@dataclass(frozen=True, slots=True)
class Making:
    """What it takes to make a slot: what a try at it shall cost, and chance."""

    cost: Cost
    random: Random


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


def new_slot(key: bytes, initials: str, passphrase: str, cost: Cost, random: Random) -> Slot:
    """A slot that opens `key` (32 bytes) for the user with these initials and passphrase."""
    head = fresh_head(USER, random)
    return _for_user(head, key, (initials, passphrase), cost)


def renewed_slot(old: Slot, key: bytes, initials: str, passphrase: str, making: Making) -> Slot:
    """The slot of the same user, and with the same id, under another passphrase."""
    head = msgspec.structs.replace(fresh_head(USER, making.random), id=old.id)
    return _for_user(head, key, (initials, passphrase), making.cost)


def fresh_head(kind: int, random: Random) -> Slot:
    """A slot with its own id, salt and nonce, which wraps nothing yet and costs nothing."""
    return Slot(
        version=1,
        id=random(_ID),
        kind=kind,
        who=b"",
        passes=0,
        memory=0,
        salt=random(_SALT),
        nonce=random(_NONCE),
        wrapped=b"",
        commitment=b"",
    )


def seal(head: Slot, key: bytes, derived: bytes) -> Slot:
    """The slot that wraps `key` under the 64 bytes that were derived for it."""
    secret, commitment = derived[:KEY_BYTES], derived[KEY_BYTES:]
    wrapped = bindings.crypto_aead_chacha20poly1305_ietf_encrypt(
        key, _associated(head), head.nonce, secret
    )
    return msgspec.structs.replace(head, wrapped=wrapped, commitment=commitment)


def unseal(slot: Slot, derived: bytes) -> bytes | None:
    """The key that a slot wraps; None if it was not these 64 bytes that it was wrapped under."""
    secret, commitment = derived[:KEY_BYTES], derived[KEY_BYTES:]
    if not hmac.compare_digest(commitment, slot.commitment):
        return None
    try:
        return bindings.crypto_aead_chacha20poly1305_ietf_decrypt(
            slot.wrapped, _associated(slot), slot.nonce, secret
        )
    except exceptions.CryptoError:
        return None


def open_slots(file: SlotFile, initials: str, passphrase: str) -> bytes:
    """The data key. Raises KfdeskError `store.wrong_passphrase` whatever it is that fails.

    One derivation is done whether or not there is a slot for these initials, so that time tells
    nothing.
    """
    mine = slot_of(file, initials)
    tried = mine or next((slot for slot in file.slots if slot.kind == USER), None)
    if tried is not None:
        key = unseal(tried, _derive(tried, passphrase))
        if key is not None and mine is not None:
            return key
    raise KfdeskError("store.wrong_passphrase")


def slot_of(file: SlotFile, initials: str) -> Slot | None:
    """The slot of the user with these initials, or None."""
    found = None
    for slot in file.slots:  # all of them, so that time does not tell which
        is_hers = hmac.compare_digest(slot.who, _who(slot, initials))
        if slot.kind == USER and is_hers and found is None:
            found = slot
    return found


def with_slot(file: SlotFile, slot: Slot) -> SlotFile:
    """The next generation, with `slot` in place of the one that has its id, or at the end.

    There is one recovery key at most: a new one takes the old one's place.
    """
    is_new = slot.id not in {each.id for each in file.slots}
    kept = (
        slot if each.id == slot.id else each
        for each in file.slots
        if each.id == slot.id or not slot.kind == each.kind == RECOVERY
    )  # fmt: skip
    return SlotFile(file.generation + 1, (*kept, slot) if is_new else tuple(kept))


def without_slot(file: SlotFile, slot_id: bytes) -> SlotFile:
    """The next generation, without the slot that has this id. A user's slot must stay."""
    kept = tuple(slot for slot in file.slots if slot.id != slot_id)
    assert any(slot.kind == USER for slot in kept)  # else nobody could open the store
    return SlotFile(file.generation + 1, kept)


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


def heal_slots(folder: Path, file: SlotFile) -> None:
    """Write `file` again if a copy is damaged, missing or older. Raises KfdeskError `store.disk`.

    Only for what has opened the store: else a foreign file could take the place of the right one.
    """
    if any(_read_copy(folder / name) != file for name in NAMES):
        write_slots(folder, file)


def parse_copy(data: bytes) -> SlotFile | None:
    """What is in the bytes of one copy; None where it is torn, or not as we write it."""
    check, body = data[len(MAGIC) : len(MAGIC) + 4], data[len(MAGIC) + 4 :]
    if not data.startswith(MAGIC) or zlib.crc32(body).to_bytes(4, "big") != check:
        return None
    try:
        found = msgspec.msgpack.decode(body, type=SlotFile)
    except (ValueError, msgspec.MsgspecError, RecursionError):
        return None
    is_for_users = any(slot.kind == USER for slot in found.slots)
    is_counted = 0 <= found.generation < _LAST_GENERATION
    return found if is_for_users and is_counted and all(map(_is_sound, found.slots)) else None


def _read_copy(path: Path) -> SlotFile | None:
    try:
        with path.open("rb") as file:
            return parse_copy(file.read(_LARGEST))
    except OSError:
        return None


def _is_sound(slot: Slot) -> bool:
    lengths = (len(slot.id), len(slot.salt), len(slot.nonce), len(slot.wrapped))
    is_shaped = lengths == (_ID, _SALT, _NONCE, _WRAPPED) and slot.version == 1
    if not is_shaped or len(slot.commitment) != _COMMITMENT:
        return False
    if slot.kind != USER:
        return True
    # A damaged or hostile cost must neither weaken the slot nor eat the machine's memory.
    is_payable = 3 <= slot.passes <= 16 and FLOOR.memory <= slot.memory <= 2**31
    return is_payable and len(slot.who) == _WHO


def _for_user(head: Slot, key: bytes, who: tuple[str, str], cost: Cost) -> Slot:
    initials, passphrase = who
    head = msgspec.structs.replace(
        head,
        who=_who(head, initials),
        passes=max(cost.passes, FLOOR.passes),
        memory=max(cost.memory, FLOOR.memory),
    )
    return seal(head, key, _derive(head, passphrase))


def _derive(slot: Slot, passphrase: str) -> bytes:
    normal = unicodedata.normalize("NFC", passphrase).encode()
    return pwhash.argon2id.kdf(
        KEY_BYTES + _COMMITMENT, normal, slot.salt, opslimit=slot.passes, memlimit=slot.memory
    )


def _who(slot: Slot, initials: str) -> bytes:
    return blake2b(fold(initials).encode(), key=slot.salt, digest_size=_WHO).digest()


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
