# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is done to a copy of the slots: the other one is read, or the store stays shut."""

import zlib
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support import make
from tests.support.samples import examples
from tests.unit.storage.store_samples import WHO, known_bytes

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import key_slots
from kfdesk.storage.key_slots import MIN_COST, SLOT_FILES, SLOTS_MAGIC, KeySlot, SlotFile

DATA_KEY = make.named_bytes("data key", 32)
SHARED = settings(
    max_examples=examples(120),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
BYTES = st.binary(max_size=80)
SLOTS = st.builds(
    KeySlot,
    version=st.integers(0, 3),
    id=st.one_of(BYTES, st.just(bytes(16))),
    kind=st.integers(0, 4),
    who=st.one_of(BYTES, st.just(bytes(8))),
    passes=st.integers(-2, 2**62),
    memory=st.integers(-2, 2**62),
    salt=st.one_of(BYTES, st.just(bytes(16))),
    nonce=st.one_of(BYTES, st.just(bytes(12))),
    wrapped=st.one_of(BYTES, st.just(bytes(48))),
    commitment=st.one_of(BYTES, st.just(bytes(32))),
)


@cache
def whole() -> SlotFile:
    user = key_slots.new_user_slot(
        DATA_KEY, WHO.initials, WHO.passphrase, MIN_COST, known_bytes("user")
    )
    code = key_slots.new_recovery_slot(DATA_KEY, make.named_bytes("code", 20), known_bytes("code"))
    return SlotFile(4, (user, code))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    key_slots.write_slots(tmp_path, whole())
    return tmp_path


def found(folder: Path) -> SlotFile | None:
    try:
        return key_slots.read_slots(folder)
    except KfdeskError as refused:
        if refused.code not in ("store.not_a_store", "store.newer"):
            raise
        return None


def wrapped_up(body: bytes) -> bytes:
    return SLOTS_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body


@SHARED
@given(cut=st.integers(0, 1000), hurt=st.sampled_from(SLOT_FILES))
def test_cut_copy_gives_way_to_the_other(folder: Path, cut: int, hurt: str) -> None:
    key_slots.write_slots(folder, whole())
    data = (folder / hurt).read_bytes()
    (folder / hurt).write_bytes(data[: cut % len(data)])
    assert found(folder) == whole()


@SHARED
@given(
    places=st.lists(st.integers(0, 10_000), min_size=1, max_size=4),
    hurt=st.sampled_from(SLOT_FILES),
)
def test_flipped_bits_give_way_to_the_other(folder: Path, places: list[int], hurt: str) -> None:
    key_slots.write_slots(folder, whole())
    data = bytearray((folder / hurt).read_bytes())
    for place in set(places):
        data[place % len(data)] ^= 1 << place % 8
    (folder / hurt).write_bytes(data)
    assert found(folder) == whole()


@SHARED
@given(one=st.binary(max_size=400), other=st.binary(max_size=400))
def test_rubbish_is_no_store_whether_its_check_fits_or_not(
    folder: Path, one: bytes, other: bytes
) -> None:
    for first, second in ((one, other), (wrapped_up(one), wrapped_up(other))):
        (folder / SLOT_FILES[0]).write_bytes(first)
        (folder / SLOT_FILES[1]).write_bytes(second)
        assert found(folder) is None


@SHARED
@given(hostile=st.lists(SLOTS, max_size=4).map(tuple), generation=st.integers(0, 2**62))
def test_hostile_copy_that_is_read_costs_no_more_than_its_bounds(
    folder: Path, hostile: tuple[KeySlot, ...], generation: int
) -> None:
    (folder / SLOT_FILES[1]).unlink(missing_ok=True)
    body = msgspec.msgpack.encode(SlotFile(generation, hostile))
    (folder / SLOT_FILES[0]).write_bytes(wrapped_up(body))
    file = found(folder)
    for slot in file.slots if file is not None else ():
        if slot.kind == key_slots.USER_SLOT:
            assert 3 <= slot.passes <= 16
            assert MIN_COST.memory <= slot.memory <= 2**31


@SHARED
@given(first=st.integers(0, 9), second=st.integers(0, 9))
def test_newer_copy_counts_and_swapped_copies_change_nothing(
    folder: Path, first: int, second: int
) -> None:
    older, newer = sorted((first, second))
    for names in (SLOT_FILES, SLOT_FILES[::-1]):
        for name, generation in zip(names, (older, newer), strict=True):
            file = msgspec.structs.replace(whole(), generation=generation)
            (folder / name).write_bytes(wrapped_up(msgspec.msgpack.encode(file)))
        read = found(folder)
        assert read is not None
        assert read.generation == newer
        key_slots.repair_slots(folder, read)
        assert (folder / SLOT_FILES[0]).read_bytes() == (folder / SLOT_FILES[1]).read_bytes()
