# SPDX-License-Identifier: GPL-3.0-or-later
"""Packing within bounds, padding as FORMAT.md counts it, and a spool that shows nothing."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest
from tests.unit.bundle.bundle_samples import bytes_for, refusal

from kfdesk.bundle.container import (
    MAX_PACKED,
    MAX_RAW,
    Spool,
    pack_segment,
    padded_length,
    unpack_segment,
)

HEADER = bytes.fromhex("1f8b08000000000000ff")
RAW = b"a shelter for sheep " * 500


@pytest.mark.parametrize("raw", [b"x", RAW, bytes_for("noise", 10_000), bytes(100_000)])
def test_what_was_packed_comes_out(raw: bytes) -> None:
    assert unpack_segment(pack_segment(raw), len(raw)) == raw


def test_packing_is_the_same_every_time() -> None:
    assert pack_segment(RAW) == pack_segment(RAW)


def test_a_packed_segment_names_no_time_and_no_system() -> None:
    assert pack_segment(RAW)[:10] == HEADER


def test_other_gzip_readers_agree() -> None:
    assert gzip.decompress(pack_segment(RAW)) == RAW


def test_the_gzip_program_agrees() -> None:
    program = shutil.which("gzip")
    if program is None:
        pytest.skip("the gzip program is not installed")
    found = subprocess.run(
        [program, "-d"], input=pack_segment(RAW), capture_output=True, check=True
    )
    assert found.stdout == RAW


def test_the_longest_segment_fits_however_badly_it_packs() -> None:
    assert len(pack_segment(bytes_for("noise", MAX_RAW))) <= MAX_PACKED


def unpack_refused(packed: bytes, size: int = len(RAW)) -> tuple[str, str | int]:
    return refusal(lambda: unpack_segment(packed, size))


GZIP = ("bundle.torn", "segment_gzip")
LENGTH = ("bundle.torn", "segment_length")


@pytest.mark.parametrize("size", [1, len(RAW) - 1, len(RAW) + 1, MAX_RAW])
def test_another_length_than_promised_is_torn(size: int) -> None:
    assert unpack_refused(pack_segment(RAW), size) == LENGTH


def test_a_bomb_is_never_blown_up() -> None:
    """100 MB of zeros promised as 1000 bytes: the inflater stops at 1001."""
    bomb = pack_segment(bytes(100_000_000))
    assert unpack_refused(bomb, 1000) == LENGTH


@pytest.mark.parametrize(
    "more", [b"\0", b"x", HEADER, pack_segment(RAW), pack_segment(b"x"), bytes(10), b"\0" * 1000]
)
def test_bytes_behind_the_member_are_torn(more: bytes) -> None:
    assert unpack_refused(pack_segment(RAW) + more) == LENGTH


def test_every_cut_is_torn() -> None:
    packed = pack_segment(RAW)
    for length in range(len(packed)):
        assert unpack_refused(packed[:length]) in (GZIP, LENGTH)


@pytest.mark.parametrize("place", range(10))
def test_any_other_gzip_header_is_torn(place: int) -> None:
    packed = bytearray(pack_segment(RAW))
    packed[place] ^= 1
    assert unpack_refused(bytes(packed)) == GZIP


def test_a_member_with_a_file_name_is_torn() -> None:
    body = pack_segment(RAW)[10:]
    named = bytes.fromhex("1f8b08080000000000ff") + b"names.txt\0" + body
    assert gzip.decompress(named) == RAW
    assert unpack_refused(named) == GZIP


def test_plain_deflate_or_zlib_is_torn() -> None:
    assert unpack_refused(zlib.compress(RAW)) == GZIP
    assert unpack_refused(RAW) == GZIP
    assert unpack_refused(b"") == GZIP


@pytest.mark.parametrize("place", [-8, -5, -4, -1])
def test_a_wrong_check_sum_or_length_field_is_torn(place: int) -> None:
    packed = bytearray(pack_segment(RAW))
    packed[place] ^= 0x40
    assert unpack_refused(bytes(packed)) == GZIP


@pytest.mark.parametrize(
    ("length", "padded"),
    [
        (0, 32_768),
        (1, 32_768),
        (32_767, 32_768),
        (32_768, 32_768),
        (32_769, 34_816),
        (34_816, 34_816),
        (34_817, 36_864),
        (65_535, 65_536),
        (65_536, 65_536),
        (65_537, 67_584),
        (100_000, 100_352),
        (131_072, 131_072),
        (131_073, 135_168),
        (1_048_577, 1_081_344),
        (2**29 - 1, 2**29),
    ],
)
def test_padding_is_padme(length: int, padded: int) -> None:
    assert padded_length(length) == padded


def test_the_spool_gives_back_what_it_got_in_order(tmp_path: Path) -> None:
    parts = [bytes_for(f"part {number}", number * 100 + 1) for number in range(20)]
    with Spool(tmp_path) as spool:
        for part in parts:
            spool.add(part)
        assert list(spool) == parts
        assert list(spool) == parts


def test_an_empty_spool_gives_nothing(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        assert list(spool) == []


def test_a_small_spool_makes_no_file(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.add(RAW)
        assert _open_files_in(tmp_path) == []


def test_a_large_spool_leaves_memory_and_reads_back(tmp_path: Path) -> None:
    with Spool(tmp_path, memory=1000) as spool:
        spool.add(RAW)
        spool.add(b"x")
        assert len(_open_files_in(tmp_path)) == 1
        assert list(spool) == [RAW, b"x"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", [1_000_000, 5])
def test_a_disk_that_gives_back_other_bytes_is_told_as_a_fault_of_it(
    tmp_path: Path, kept: int
) -> None:
    with Spool(tmp_path, memory=10) as spool:
        spool.add(RAW)
        (handle,) = _open_files_in(tmp_path)
        os.pwrite(handle, b"other", 3)
        os.ftruncate(handle, min(kept, os.fstat(handle).st_size))
        with pytest.raises(OSError, match="other bytes"):
            list(spool)


def test_what_lies_in_the_spool_file_cannot_be_read(tmp_path: Path) -> None:
    with Spool(tmp_path, memory=10) as spool:
        spool.add(RAW)
        (handle,) = _open_files_in(tmp_path)
        lying = os.pread(handle, 1_000_000, 0)
        assert len(lying) > len(RAW)
        assert b"sheep" not in lying
        assert lying.count(0) < len(lying) // 20


def _open_files_in(folder: Path) -> list[int]:
    """Return the descriptors of this process for files in `folder`, nameless ones too."""
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        pytest.skip("this system does not show a process's open files")
    found = []
    for handle in handles.iterdir():
        target = str(handle.readlink()) if handle.is_symlink() else ""
        if target.startswith(str(folder)):
            found.append(int(handle.name))
    return found
