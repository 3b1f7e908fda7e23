# SPDX-License-Identifier: GPL-3.0-or-later
"""Key slots: who is let in, what a torn or hostile file cannot do, and that nothing is told."""

import os
import runpy
import unicodedata
import zlib
from pathlib import Path

import msgspec
import pytest
from nacl import bindings, pwhash
from tests.support import make
from tests.unit.storage.store_samples import WHO, flip, known_bytes, refusal

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import key_slots
from kfdesk.storage.key_slots import (
    MIN_COST,
    SLOT_FILES,
    SLOTS_MAGIC,
    KdfCost,
    KeySlot,
    SlotFile,
    SlotOptions,
)

DATA_KEY = make.named_bytes("data key", 32)
CHEAP = KdfCost(1, 2**13)


def a_slot(initials: str = WHO.initials, passphrase: str = WHO.passphrase) -> KeySlot:
    return key_slots.new_user_slot(DATA_KEY, initials, passphrase, MIN_COST, known_bytes(initials))


@pytest.fixture(scope="module")
def slot() -> KeySlot:
    return a_slot()


@pytest.fixture(scope="module")
def two(slot: KeySlot) -> SlotFile:
    return SlotFile(1, (slot, a_slot("QQ", "en annan mening av sex ord")))


@pytest.fixture
def written(tmp_path: Path, slot: KeySlot) -> Path:
    """Return a folder with both copies."""
    key_slots.write_slots(tmp_path, SlotFile(1, (slot,)))
    return tmp_path


def changed(slot: KeySlot, **values: object) -> KeySlot:
    return msgspec.structs.replace(slot, **values)


def open_with(file: SlotFile, initials: str, passphrase: str) -> str:
    return refusal(lambda: key_slots.open_user_slot(file, initials, passphrase))


def raw(path: Path, file: object, *, magic: bytes = SLOTS_MAGIC) -> None:
    """Write a whole copy with anything in it."""
    body = msgspec.msgpack.encode(file)
    path.write_bytes(magic + zlib.crc32(body).to_bytes(4, "big") + body)


# who is let in


def test_each_user_opens_the_same_key_by_their_own_words(two: SlotFile) -> None:
    assert key_slots.open_user_slot(two, WHO.initials, WHO.passphrase) == DATA_KEY
    assert key_slots.open_user_slot(two, "QQ", "en annan mening av sex ord") == DATA_KEY


def test_wrong_words_wrong_initials_and_both_look_alike(two: SlotFile) -> None:
    codes = {
        open_with(two, WHO.initials, "fel ord"),
        open_with(two, WHO.initials, "en annan mening av sex ord"),
        open_with(two, "XX", WHO.passphrase),
        open_with(two, "", ""),
    }
    assert codes == {"store.wrong_passphrase"}


def test_initials_may_be_written_small_and_with_spaces(slot: KeySlot) -> None:
    file = SlotFile(1, (slot,))
    assert key_slots.open_user_slot(file, f" {WHO.initials.lower()} ", WHO.passphrase) == DATA_KEY


def test_passphrase_counts_letter_by_letter(slot: KeySlot) -> None:
    file = SlotFile(1, (slot,))
    for other in (WHO.passphrase.upper(), WHO.passphrase + " ", f" {WHO.passphrase}"):
        assert open_with(file, WHO.initials, other) == "store.wrong_passphrase"


def test_passphrase_opens_however_the_keyboard_composes_it() -> None:
    composed = unicodedata.normalize("NFC", "åäö и й ё é")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    for made, typed in ((composed, decomposed), (decomposed, composed)):
        file = SlotFile(1, (a_slot("ÅÄ", made),))
        typed_initials = unicodedata.normalize("NFD", "åä")
        assert key_slots.open_user_slot(file, typed_initials, typed) == DATA_KEY


# what a slot says and does not say


def test_slot_holds_neither_key_nor_words_nor_initials(written: Path) -> None:
    data = (written / SLOT_FILES[0]).read_bytes()
    for secret in (DATA_KEY, WHO.passphrase.encode(), WHO.initials.encode()):
        assert secret not in data


def test_same_initials_have_another_hash_in_each_slot(slot: KeySlot) -> None:
    again = key_slots.new_user_slot(
        DATA_KEY, WHO.initials, WHO.passphrase, MIN_COST, known_bytes("again")
    )
    assert again.who != slot.who
    assert again.wrapped != slot.wrapped
    assert again.commitment != slot.commitment
    assert len({again.salt, slot.salt, again.nonce, slot.nonce, again.id, slot.id}) == 6


def test_slot_is_argon2id_and_chacha20_poly1305_as_it_says(slot: KeySlot) -> None:
    """By the primitives alone, as another program would open it."""
    derived = pwhash.argon2id.kdf(
        64, WHO.passphrase.encode(), slot.salt, opslimit=slot.passes, memlimit=slot.memory
    )
    head = [slot.version, slot.id, slot.kind, slot.who, slot.passes, slot.memory, slot.salt,
            slot.nonce, b"", b""]  # fmt: skip
    opened = bindings.crypto_aead_chacha20poly1305_ietf_decrypt(
        slot.wrapped, msgspec.msgpack.encode(head), slot.nonce, derived[:32]
    )
    assert opened == DATA_KEY
    assert slot.commitment == derived[32:]


# cost


def test_cost_is_never_below_the_floor() -> None:
    cheap = key_slots.new_user_slot(DATA_KEY, "PP", "ord", CHEAP, known_bytes("cheap"))
    assert (cheap.passes, cheap.memory) == (MIN_COST.passes, MIN_COST.memory)


def test_program_asks_for_more_than_the_tests_pay(written: Path) -> None:
    program = runpy.run_path(str(key_slots.__file__))  # as it is read without the tests' own folder
    assert (program["MIN_COST"].passes, program["MIN_COST"].memory) == (3, 64 * 2**20)
    assert (program["DEFAULT_COST"].passes, program["DEFAULT_COST"].memory) == (3, 256 * 2**20)
    made = program["new_user_slot"](DATA_KEY, "PP", "ord", CHEAP, known_bytes("in full"))
    assert made.memory == 64 * 2**20
    file = program["SlotFile"](1, (made,))
    assert program["open_user_slot"](file, "PP", "ord") == DATA_KEY
    if not os.environ.get("FULL_COST_KEYS"):
        assert KdfCost(3, 2**20) == MIN_COST
        with pytest.raises(KfdeskError, match=r"store\.not_a_store"):
            program["read_slots"](written)


@pytest.mark.parametrize(
    "cost",
    [
        {"passes": 0},
        {"passes": 2},
        {"passes": 17},
        {"passes": -1},
        {"memory": MIN_COST.memory - 1},
        {"memory": 0},
        {"memory": 2**31 + 1},
        {"memory": 2**62},
    ],
)
def test_hostile_cost_is_refused_before_it_is_paid(
    written: Path, slot: KeySlot, cost: dict[str, int]
) -> None:
    for name in SLOT_FILES:
        raw(written / name, SlotFile(9, (changed(slot, **cost),)))
    assert refusal(lambda: key_slots.read_slots(written)) == "store.not_a_store"


# damage


@pytest.mark.parametrize("hurt", SLOT_FILES)
def test_either_copy_is_enough(written: Path, slot: KeySlot, hurt: str) -> None:
    whole = (written / hurt).read_bytes()
    for content in (b"", whole[:-1], whole[: len(whole) // 2], whole + b"x", b"x" * 70_000):
        (written / hurt).write_bytes(content)
        assert key_slots.read_slots(written) == SlotFile(1, (slot,))
    (written / hurt).unlink()
    assert key_slots.read_slots(written) == SlotFile(1, (slot,))


@pytest.mark.parametrize("hurt", SLOT_FILES)
def test_flipped_bit_anywhere_leaves_the_other_copy(
    written: Path, slot: KeySlot, hurt: str
) -> None:
    whole = (written / hurt).read_bytes()
    for place in range(0, len(whole), 7):
        (written / hurt).write_bytes(whole)
        flip(written / hurt, place)
        assert key_slots.read_slots(written) == SlotFile(1, (slot,))


def test_writing_heals_the_torn_copy(written: Path, slot: KeySlot) -> None:
    (written / SLOT_FILES[0]).write_bytes(b"torn")
    healed = msgspec.structs.replace(key_slots.read_slots(written), generation=2)
    key_slots.write_slots(written, healed)
    assert (written / SLOT_FILES[0]).read_bytes() == (written / SLOT_FILES[1]).read_bytes()
    assert key_slots.read_slots(written) == SlotFile(2, (slot,))


def test_two_torn_copies_are_no_store(written: Path) -> None:
    for name in SLOT_FILES:
        flip(written / name, 20)
    assert refusal(lambda: key_slots.read_slots(written)) == "store.not_a_store"
    for name in SLOT_FILES:
        (written / name).unlink()
    assert refusal(lambda: key_slots.read_slots(written)) == "store.not_a_store"


@pytest.mark.parametrize("newer", SLOT_FILES)
def test_newer_generation_wins_whichever_copy_has_it(
    written: Path, slot: KeySlot, two: SlotFile, newer: str
) -> None:
    raw(written / newer, SlotFile(2, two.slots))
    assert key_slots.read_slots(written).slots == two.slots
    flip(written / newer, 20)
    assert key_slots.read_slots(written).slots == (slot,)


def test_foreign_copy_is_not_read(written: Path, slot: KeySlot) -> None:
    stranger = SlotFile(5, (slot,))
    for broken in (
        lambda path: raw(path, stranger, magic=b"KFSLOT2\n"),
        lambda path: raw(path, {"generation": 5}),
        lambda path: raw(path, [5, []]),
        lambda path: raw(path, [5, [[1, 2]]]),
        lambda path: raw(path, ["5", [slot]]),
        lambda path: path.write_bytes(b"\x91" * 9000),
    ):
        broken(written / SLOT_FILES[0])
        assert key_slots.read_slots(written).generation == 1


@pytest.mark.parametrize(
    "values",
    [
        {"version": 2},
        {"id": b"short"},
        {"who": b""},
        {"salt": b"short"},
        {"nonce": b"short"},
        {"wrapped": b"short"},
        {"commitment": b""},
    ],
)
def test_slot_of_another_shape_is_not_read(
    written: Path, slot: KeySlot, values: dict[str, object]
) -> None:
    raw(written / SLOT_FILES[0], SlotFile(5, (changed(slot, **values),)))
    assert key_slots.read_slots(written).generation == 1


@pytest.mark.parametrize("member", ["id", "kind", "who", "nonce", "wrapped", "commitment", "salt"])
def test_slot_that_was_tampered_with_opens_nothing(slot: KeySlot, member: str) -> None:
    """The head is bound to the wrapped key, so no part can be taken from elsewhere."""
    before = getattr(slot, member)
    after = before + 1 if isinstance(before, int) else bytes([before[0] ^ 1]) + before[1:]
    file = SlotFile(1, (changed(slot, **{member: after}),))
    assert open_with(file, WHO.initials, WHO.passphrase) == "store.wrong_passphrase"


def test_commitment_keeps_a_slot_from_opening_under_two_passphrases(slot: KeySlot) -> None:
    """A box that some other key opens, too, is refused before it is tried."""
    other = pwhash.argon2id.kdf(
        64, b"other words", slot.salt, opslimit=slot.passes, memlimit=slot.memory
    )
    head = changed(slot, wrapped=b"", commitment=b"")
    forged = bindings.crypto_aead_chacha20poly1305_ietf_encrypt(
        bytes(32), msgspec.msgpack.encode(head), slot.nonce, other[:32]
    )
    kept = SlotFile(1, (changed(slot, wrapped=forged),))
    assert open_with(kept, WHO.initials, "other words") == "store.wrong_passphrase"
    both = SlotFile(1, (changed(slot, wrapped=forged, commitment=other[32:]),))
    assert key_slots.open_user_slot(both, WHO.initials, "other words") == bytes(32)


# writing


def test_both_copies_are_the_same_and_nothing_stays_beside_them(written: Path) -> None:
    assert {path.name for path in written.iterdir()} == set(SLOT_FILES)
    assert (written / SLOT_FILES[0]).read_bytes() == (written / SLOT_FILES[1]).read_bytes()
    assert (written / SLOT_FILES[0]).read_bytes().startswith(SLOTS_MAGIC)


def test_leftover_of_a_torn_write_does_no_harm(written: Path, two: SlotFile) -> None:
    for name in key_slots.UNFINISHED_SLOT_FILES:
        (written / name).write_bytes(b"torn")
    assert len(key_slots.read_slots(written).slots) == 1
    key_slots.write_slots(written, SlotFile(2, two.slots))
    assert key_slots.read_slots(written) == SlotFile(2, two.slots)
    assert {path.name for path in written.iterdir()} == set(SLOT_FILES)


def test_folder_that_cannot_be_written_keeps_its_copies(written: Path, two: SlotFile) -> None:
    (written / key_slots.UNFINISHED_SLOT_FILES[0]).mkdir()
    before = (written / SLOT_FILES[0]).read_bytes()
    refused = refusal(lambda: key_slots.write_slots(written, SlotFile(2, two.slots)))
    assert refused == "store.disk"
    assert (written / SLOT_FILES[0]).read_bytes() == before


# changing


def test_changed_passphrase_rewrites_one_slot_and_keeps_its_id(
    two: SlotFile, slot: KeySlot
) -> None:
    making = SlotOptions(MIN_COST, known_bytes("new words"))
    renewed = key_slots.renew_slot(slot, DATA_KEY, WHO.initials, "helt andra ord", making)
    file = key_slots.with_slot(two, renewed)
    assert (file.generation, len(file.slots)) == (two.generation + 1, 2)
    assert renewed.id == slot.id
    assert {renewed.salt, renewed.nonce}.isdisjoint({slot.salt, slot.nonce})
    assert file.slots[1] == two.slots[1]
    assert open_with(file, WHO.initials, WHO.passphrase) == "store.wrong_passphrase"
    assert key_slots.open_user_slot(file, WHO.initials, "helt andra ord") == DATA_KEY


def test_removed_slot_opens_no_more_and_the_other_does(two: SlotFile, slot: KeySlot) -> None:
    file = key_slots.without_slot(two, slot.id)
    assert open_with(file, WHO.initials, WHO.passphrase) == "store.wrong_passphrase"
    assert key_slots.open_user_slot(file, "QQ", "en annan mening av sex ord") == DATA_KEY
    with pytest.raises(AssertionError):
        key_slots.without_slot(file, file.slots[0].id)


def test_slot_is_found_by_initials_however_they_are_written(two: SlotFile, slot: KeySlot) -> None:
    assert key_slots.find_user_slot(two, f" {WHO.initials.lower()}") == slot
    assert key_slots.find_user_slot(two, "XX") is None


def test_healing_writes_only_where_a_copy_is_not_as_the_other(written: Path, slot: KeySlot) -> None:
    file = SlotFile(1, (slot,))
    before = [(written / name).stat().st_ino for name in SLOT_FILES]
    key_slots.repair_slots(written, file)
    assert [(written / name).stat().st_ino for name in SLOT_FILES] == before
    for hurt in SLOT_FILES:
        for content in (b"", b"torn", None):
            if content is None:
                (written / hurt).unlink()
            else:
                (written / hurt).write_bytes(content)
            key_slots.repair_slots(written, file)
            assert (written / SLOT_FILES[0]).read_bytes() == (written / SLOT_FILES[1]).read_bytes()
            assert key_slots.read_slots(written) == file


def test_file_without_a_user_is_no_copy(written: Path, slot: KeySlot) -> None:
    raw(written / SLOT_FILES[0], SlotFile(9, (changed(slot, kind=2),)))
    assert key_slots.read_slots(written).generation == 1
