# SPDX-License-Identifier: GPL-3.0-or-later
"""Key slots: how a passphrase opens the store's random data key, in two files beside it.

Each slot wraps the same 32-byte data key under Argon2id of one user's passphrase; the
recovery slot has another derivation. Half of the derived bytes encrypt
(ChaCha20-Poly1305, RFC 8439, with the slot's head as associated data). The other half
commits to the passphrase, so that one file cannot be made to open under two
(partitioning oracles). There are two copies with a generation and a checksum: an
interrupted write leaves one intact. A wrong passphrase and a damaged slot look alike to
the user. The cost of the derivation is measured on the machine (`choose_cost`).

The digit in the head is the version of all that opens a store, the cipher of its file included.
It is read before anything else, so that an older program says `store.newer` of a form that it
does not know, and not that the passphrase is wrong.
"""

import hmac
import unicodedata
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec
from nacl import bindings, exceptions, pwhash

from kfdesk.domain.accounts import fold_initials
from kfdesk.domain.errors import KfdeskError
from kfdesk.files import replace_file

KEY_BYTES = 32
SLOTS_MAGIC = b"KFSLOT1\n"
_HEAD, _DIGIT, _LATER_DIGITS = b"KFSLOT", slice(6, 8), frozenset(b"%d\n" % n for n in range(2, 10))
_CHECK_BYTES, _SLOT_VERSION = 4, 1
SLOT_FILES = ("slots-a.kfk", "slots-b.kfk")
UNFINISHED_SLOT_FILES = (
    "slots-a.new",
    "slots-b.new",
)  # what an interrupted write of either leaves beside it
USER_SLOT, RECOVERY_SLOT = 1, 2  # kinds
_MAX_SLOTS_BYTES = 65_536
_LAST_GENERATION = 2**63  # so that a next generation is always possible, whoever wrote the file
_SALT, _NONCE, _ID, _WHO, _WRAPPED, _COMMITMENT, _SEAL = 16, 12, 16, 8, 48, 32, 32
_SEAL_CONTEXT = b"kfdesk-slots-1"
SLOTS_SETTING = "slots"
"""The setting in which a store keeps its slots, so that older ones are known as such."""

Random = Callable[[int], bytes]


# --- slots of users


@dataclass(frozen=True, slots=True)
class KdfCost:
    """The cost of a passphrase try: Argon2id passes and bytes of memory, one lane."""

    passes: int
    memory: int


MIN_COST = KdfCost(3, 64 * 2**20)  # above OWASP's least (19 MiB, 2 passes)
DEFAULT_COST = KdfCost(3, 256 * 2**20)
_MAX_PASSES, _MAX_MEMORY = 16, 256 * 2**20


@dataclass(frozen=True, slots=True)
class SlotOptions:
    """The options of a new slot: its cost and a random source."""

    cost: KdfCost
    random: Random


class KeySlot(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
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
    """All slots of a store, with a generation that tells the newer of the two copies.

    `seal` proves that somebody with the data key wrote it; older programs wrote none.
    """

    generation: int
    slots: tuple[KeySlot, ...]
    seal: bytes = b""


def new_user_slot(
    key: bytes, initials: str, passphrase: str, cost: KdfCost, random: Random
) -> KeySlot:
    """Return a slot that opens `key` (32 bytes) with these initials and passphrase."""
    head = new_slot_head(USER_SLOT, random)
    return _wrap_for_user(head, key, (initials, passphrase), cost)


def renew_slot(
    old: KeySlot, key: bytes, initials: str, passphrase: str, making: SlotOptions
) -> KeySlot:
    """Return the slot of the same user, with the same id, under another passphrase."""
    head = msgspec.structs.replace(new_slot_head(USER_SLOT, making.random), id=old.id)
    return _wrap_for_user(head, key, (initials, passphrase), making.cost)


def new_slot_head(kind: int, random: Random) -> KeySlot:
    """Return a slot with a new id, salt and nonce, but without a wrapped key and cost."""
    return KeySlot(
        version=_SLOT_VERSION,
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


def wrap_key(head: KeySlot, key: bytes, derived: bytes) -> KeySlot:
    """Return the slot with `key` wrapped under the 64 bytes derived for it."""
    secret, commitment = derived[:KEY_BYTES], derived[KEY_BYTES:]
    wrapped = bindings.crypto_aead_chacha20poly1305_ietf_encrypt(
        key, _associated_data(head), head.nonce, secret
    )
    return msgspec.structs.replace(head, wrapped=wrapped, commitment=commitment)


def unwrap_key(slot: KeySlot, derived: bytes) -> bytes | None:
    """Return the key that a slot wraps; None if it was wrapped under other bytes."""
    secret, commitment = derived[:KEY_BYTES], derived[KEY_BYTES:]
    if not hmac.compare_digest(commitment, slot.commitment):
        return None
    try:
        return bindings.crypto_aead_chacha20poly1305_ietf_decrypt(
            slot.wrapped, _associated_data(slot), slot.nonce, secret
        )
    except exceptions.CryptoError:
        return None


def open_user_slot(file: SlotFile, initials: str, passphrase: str) -> bytes:
    """Return the data key. Raise KfdeskError `store.wrong_passphrase` for any failure.

    One derivation is done whether or not these initials have a slot, so that the time
    reveals nothing.
    """
    mine = find_user_slot(file, initials)
    tried = mine or next((slot for slot in file.slots if slot.kind == USER_SLOT), None)
    if tried is not None:
        key = unwrap_key(tried, _derive_from_passphrase(tried, passphrase))
        if key is not None and mine is not None:
            return key
    raise KfdeskError("store.wrong_passphrase")


def find_user_slot(file: SlotFile, initials: str) -> KeySlot | None:
    """Return the slot of the user with these initials, or None."""
    found = None
    for slot in file.slots:  # check all of them, so that the time does not reveal which
        is_hers = hmac.compare_digest(slot.who, _initials_hash(slot, initials))
        if slot.kind == USER_SLOT and is_hers and found is None:
            found = slot
    return found


def with_slot(file: SlotFile, slot: KeySlot) -> SlotFile:
    """Return the next generation, with `slot` added or in place of the one with its id.

    There is at most one recovery slot: a new one replaces the old one.
    """
    is_new = slot.id not in {each.id for each in file.slots}
    kept = (
        slot if each.id == slot.id else each
        for each in file.slots
        if each.id == slot.id or not slot.kind == each.kind == RECOVERY_SLOT
    )  # fmt: skip
    return SlotFile(file.generation + 1, (*kept, slot) if is_new else tuple(kept))


def without_slot(file: SlotFile, slot_id: bytes) -> SlotFile:
    """Return the next generation without the slot of this id. One user slot must remain."""
    kept = tuple(slot for slot in file.slots if slot.id != slot_id)
    assert any(slot.kind == USER_SLOT for slot in kept)  # else nobody could open the store
    return SlotFile(file.generation + 1, kept)


def read_slots(folder: Path) -> SlotFile:
    """Return the newer intact copy of the slots beside a store.

    Raise KfdeskError as `intact_copies` does.
    """
    return intact_copies(folder)[0]


def intact_copies(folder: Path) -> tuple[SlotFile, ...]:
    """Return the intact copies of the slots beside a store, the newest first; equal ones once.

    Raise KfdeskError `store.newer` if there is none but one of a newer program; else
    `store.not_a_store`.
    """
    copies = [copy for name in SLOT_FILES if (copy := _read_copy(folder / name)) is not None]
    if not copies:
        raise KfdeskError("store.newer" if has_newer_copy(folder) else "store.not_a_store")
    return tuple(sorted(dict.fromkeys(copies), key=lambda copy: -copy.generation))


def has_newer_copy(folder: Path) -> bool:
    """Return whether a newer program wrote a copy of the slots beside a store."""
    return any(is_of_newer_program(_read_bytes(folder / name) or b"") for name in SLOT_FILES)


def bytes_beside(folder: Path, file: SlotFile) -> bytes | None:
    """Return the bytes of a copy beside a store that holds exactly these slots; None without."""
    for name in SLOT_FILES:
        data = _read_bytes(folder / name)
        if data is not None and parse_slots(data) == file:
            return data
    return None


def open_any_copy(folder: Path, opens: Callable[[SlotFile], bytes]) -> tuple[SlotFile, bytes]:
    """Return the newest intact copy that `opens` can open, and the data key.

    Raise KfdeskError `store.not_a_store`, `store.newer` or `store.wrong_passphrase`.
    """
    fault: KfdeskError | None = None
    for copy in intact_copies(folder):
        try:
            return copy, opens(copy)
        except KfdeskError as refused:
            if refused.code != "store.wrong_passphrase":
                raise
            fault = fault or refused
    assert fault is not None
    raise fault


def seal_slots(file: SlotFile, key: bytes) -> SlotFile:
    """Return the slots sealed under the data key `key`."""
    return msgspec.structs.replace(file, seal=_seal(file, key))


def is_sealed(file: SlotFile, key: bytes) -> bool:
    """Return whether somebody with the data key wrote these slots, in this generation."""
    return hmac.compare_digest(file.seal, _seal(file, key))


def encode_slots(file: SlotFile) -> bytes:
    """Return the slots as a store keeps them; without a seal, as programs wrote them before it."""
    return msgspec.msgpack.encode(file) if file.seal else _sealed_content(file)


def decode_slots(kept: bytes) -> SlotFile:
    """Return the slots that a store keeps."""
    return msgspec.msgpack.decode(kept, type=SlotFile)


def slots_mark(file: SlotFile) -> bytes:
    """Return the generation (8 bytes) and the hash (32 bytes) by which anchors know the slots."""
    return (
        file.generation.to_bytes(8, "big") + blake2b(_sealed_content(file), digest_size=32).digest()
    )


def mark_generation(mark: bytes) -> int:
    """Return the generation in a mark."""
    return int.from_bytes(mark[:8], "big")


def _seal(file: SlotFile, key: bytes) -> bytes:
    secret = blake2b(key=key, digest_size=KEY_BYTES, person=_SEAL_CONTEXT).digest()
    return blake2b(_sealed_content(file), key=secret, digest_size=_SEAL).digest()


def _sealed_content(file: SlotFile) -> bytes:
    return msgspec.msgpack.encode((file.generation, file.slots))


def write_slots(folder: Path, file: SlotFile, data: bytes | None = None) -> None:
    """Write both copies in turn, each to a new file that replaces the old one, flushed.

    `data` are the bytes of a copy of these slots, if they are to be the same. Raise
    KfdeskError `store.disk`; then each copy is the old one or the new one, and intact.
    """
    if data is None:
        body = encode_slots(file)
        data = SLOTS_MAGIC + zlib.crc32(body).to_bytes(_CHECK_BYTES, "big") + body
    assert parse_slots(data) is not None  # else nobody could open the store any more
    for name, beside in zip(SLOT_FILES, UNFINISHED_SLOT_FILES, strict=True):
        try:
            replace_file(
                folder / name,
                lambda file: file.write(data),
                beside=folder / beside,
                is_final=False,  # a passphrase is not acknowledged before it is on the medium
            )
        except OSError:
            raise KfdeskError("store.disk") from None


def newest_generation(folder: Path) -> int:
    """Return the generation of the newest intact copy in a folder; -1 if there is none."""
    with suppress(OSError, KfdeskError):
        return max((copy.generation for copy in intact_copies(folder)), default=-1)
    return -1


def repair_slots(folder: Path, file: SlotFile) -> None:
    """Write `file` again if a copy is damaged, missing or older. Raise KfdeskError `store.disk`.

    Call it only with the file that opened the store: otherwise a foreign file could replace
    the right one.
    """
    if any(_read_copy(folder / name) != file for name in SLOT_FILES):
        write_slots(folder, file)


def parse_slots(data: bytes) -> SlotFile | None:
    """Return the slots in the bytes of one copy; None if damaged or not in our form."""
    body = _whole_body(data)
    if body is None:
        return None
    try:
        found = msgspec.msgpack.decode(body, type=SlotFile)
    except (ValueError, msgspec.MsgspecError, RecursionError):
        return None
    is_for_users = any(slot.kind == USER_SLOT for slot in found.slots)
    is_counted = 0 <= found.generation < _LAST_GENERATION
    return found if is_for_users and is_counted and all(map(_is_sound, found.slots)) else None


def is_of_newer_program(data: bytes) -> bool:
    """Return whether a newer program wrote the bytes of one copy: by a later digit in their head.

    Or they are whole, with more items than this program knows, or a slot of a later version.
    """
    if data.startswith(_HEAD) and data[_DIGIT] in _LATER_DIGITS:
        return True
    body = _whole_body(data)
    try:
        items = msgspec.msgpack.decode(body) if body is not None else None
        return isinstance(items, list) and (
            len(items) > len(SlotFile.__struct_fields__)
            or any(_is_later_slot(slot) for slot in items[1])
        )
    except (ValueError, TypeError, IndexError, msgspec.MsgspecError, RecursionError):
        return False


def _is_later_slot(slot: list[int]) -> bool:
    return slot[0] > _SLOT_VERSION or len(slot) > len(KeySlot.__struct_fields__)


def _whole_body(data: bytes) -> bytes | None:
    """Return what stands behind the head and its checksum; None if damaged or of another form."""
    start = len(SLOTS_MAGIC) + _CHECK_BYTES
    check, body = data[len(SLOTS_MAGIC) : start], data[start:]
    is_whole = zlib.crc32(body).to_bytes(_CHECK_BYTES, "big") == check
    return body if data.startswith(SLOTS_MAGIC) and is_whole else None


def _read_bytes(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_SLOTS_BYTES)
    except OSError:
        return None


def _read_copy(path: Path) -> SlotFile | None:
    data = _read_bytes(path)
    return parse_slots(data) if data is not None else None


def _is_sound(slot: KeySlot) -> bool:
    lengths = (len(slot.id), len(slot.salt), len(slot.nonce), len(slot.wrapped))
    is_shaped = lengths == (_ID, _SALT, _NONCE, _WRAPPED) and slot.version == _SLOT_VERSION
    if not is_shaped or len(slot.commitment) != _COMMITMENT:
        return False
    if slot.kind != USER_SLOT:
        return True
    # A damaged or hostile cost must neither weaken the slot nor exhaust the machine. No program
    # has ever asked for more than the default memory and sixteen passes.
    is_payable = (
        MIN_COST.passes <= slot.passes <= _MAX_PASSES
        and MIN_COST.memory <= slot.memory <= _MAX_MEMORY
    )
    return is_payable and len(slot.who) == _WHO


def _wrap_for_user(head: KeySlot, key: bytes, who: tuple[str, str], cost: KdfCost) -> KeySlot:
    initials, passphrase = who
    head = msgspec.structs.replace(
        head,
        who=_initials_hash(head, initials),
        passes=max(cost.passes, MIN_COST.passes),
        memory=max(cost.memory, MIN_COST.memory),
    )
    return wrap_key(head, key, _derive_from_passphrase(head, passphrase))


def _derive_from_passphrase(slot: KeySlot, passphrase: str) -> bytes:
    normal = unicodedata.normalize("NFC", passphrase).encode()
    try:
        return pwhash.argon2id.kdf(
            KEY_BYTES + _COMMITMENT, normal, slot.salt, opslimit=slot.passes, memlimit=slot.memory
        )
    except (MemoryError, exceptions.RuntimeError):
        raise KfdeskError("store.no_memory") from None


def _initials_hash(slot: KeySlot, initials: str) -> bytes:
    return blake2b(fold_initials(initials).encode(), key=slot.salt, digest_size=_WHO).digest()


def _associated_data(slot: KeySlot) -> bytes:
    return msgspec.msgpack.encode(msgspec.structs.replace(slot, wrapped=b"", commitment=b""))


# --- cost of the derivation

MIN_SECONDS, MAX_SECONDS = 0.8, 1.5


def measure_kdf(clock: Callable[[], float]) -> float:
    """Return the seconds of one derivation at MIN_COST, by a monotonic clock."""
    began = clock()
    pwhash.argon2id.kdf(
        64, b"measured", bytes(16), opslimit=MIN_COST.passes, memlimit=MIN_COST.memory
    )
    return clock() - began


def affordable_cost(memory_of_machine: int) -> KdfCost:
    """Return the default cost, capped at a quarter of the machine's memory in bytes.

    It is never below MIN_COST.
    """
    return KdfCost(
        DEFAULT_COST.passes, max(MIN_COST.memory, min(DEFAULT_COST.memory, memory_of_machine // 4))
    )


def choose_cost(seconds_at_floor: float, memory_of_machine: int) -> KdfCost:
    """Return the cost that takes about a second if MIN_COST takes `seconds_at_floor`."""

    def takes(passes: int, memory: int) -> float:
        return seconds_at_floor * (passes * memory) / (MIN_COST.passes * MIN_COST.memory)

    passes, memory = MIN_COST.passes, affordable_cost(memory_of_machine).memory
    while takes(passes, memory) > MAX_SECONDS and memory > MIN_COST.memory:
        memory = max(MIN_COST.memory, memory // 2)
    while takes(passes, memory) < MIN_SECONDS and passes < _MAX_PASSES:
        passes += 1
    return KdfCost(passes, memory)


# --- recovery slot

_PURPOSE = b"kfdesk-recovery-v1"


def new_recovery_slot(key: bytes, code: bytes, random: Random) -> KeySlot:
    """Return a slot that opens `key` (32 bytes) by the recovery key `code` (20 bytes)."""
    head = new_slot_head(RECOVERY_SLOT, random)
    return wrap_key(head, key, _derive_from_code(head, code))


def open_recovery_slot(file: SlotFile, code: bytes | None) -> bytes:
    """Return the data key. Raise KfdeskError `store.wrong_passphrase` for any failure."""
    slot = recovery_slot(file)
    if slot is not None and code is not None:
        key = unwrap_key(slot, _derive_from_code(slot, code))
        if key is not None:
            return key
    raise KfdeskError("store.wrong_passphrase")


def recovery_slot(file: SlotFile) -> KeySlot | None:
    """Return the slot of the recovery key, or None."""
    return next((slot for slot in file.slots if slot.kind == RECOVERY_SLOT), None)


def _derive_from_code(slot: KeySlot, code: bytes) -> bytes:
    extracted = hmac.digest(slot.salt, code, "sha512")
    return hmac.digest(extracted, _PURPOSE + b"\x01", "sha512")
