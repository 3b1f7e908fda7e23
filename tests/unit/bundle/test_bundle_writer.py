# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing: what the file says, that it is whole or not there, and what no bundle may hold."""

from __future__ import annotations

import errno
import os
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.torture.scarce import short_files
from tests.unit.bundle.bundle_samples import (
    ALDER,
    BIRCH,
    CEDAR,
    SCHEMA,
    Collector,
    birch_reads,
    bytes_for,
    header_of,
    keys_for,
    opened,
    outgoing,
    read,
    refusal,
    some_segments,
)

from kfdesk.bundle import writer
from kfdesk.bundle.age import MAX_FILE
from kfdesk.bundle.container import (
    MAX_RAW,
    MAX_RAW_TOTAL,
    MAX_RECORDS,
    MAX_SEGMENTS,
    SPOOL_MEMORY,
    Ack,
    BundleCounts,
    BundleReceiver,
    BundleRecipient,
    Manifest,
    Segment,
    SegmentKind,
    SenderVersions,
    SequencePosition,
    Spool,
    WrittenFile,
    manifest_digest,
    padded_length,
)
from kfdesk.bundle.reader import read_bundle
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import MAX_FILE_WRITES


def write(folder: Path, segments: Any = (), **changes: Any) -> WrittenFile:
    return write_bundle(folder, outgoing(segments, **changes), ALDER)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    written = write(tmp_path, some_segments())
    incoming, taker = read(written.path.read_bytes())
    assert incoming.manifest == written.manifest
    assert incoming.digest == written.digest
    assert incoming.size == written.size == written.path.stat().st_size
    assert [(segment.kind, segment.raw) for segment in taker.segments] == [
        (segment.kind, segment.raw) for segment in some_segments()
    ]


def test_the_manifest_says_what_was_handed_in(tmp_path: Path) -> None:
    manifest = write(
        tmp_path,
        some_segments(),
        partner=BundleRecipient(BIRCH.sign_key, (BIRCH.age_key, CEDAR.age_key)),
        place=SequencePosition(bytes_for("epoch two", 16), 12, bytes_for("previous")),
        terms=SenderVersions(card_generation=9, schema=4, min_reader=2),
        hlc=123 << 16 | 5,
        ack=Ack(bytes_for("their epoch", 16), 40, (7, 39)),
        audit_head=bytes_for("head"),
    ).manifest
    assert manifest.format == 1
    assert manifest.bundle_id == bytes_for("bundle id", 16)
    assert (manifest.sender, manifest.recipient) == (ALDER.sign_key, BIRCH.sign_key)
    assert manifest.age_keys == tuple(sorted([BIRCH.age_key, CEDAR.age_key]))
    assert manifest.epoch == bytes_for("epoch two", 16)
    assert (manifest.seq, manifest.previous) == (12, bytes_for("previous"))
    assert (manifest.generation, manifest.schema, manifest.min_reader) == (9, 4, 2)
    assert manifest.hlc == 123 << 16 | 5
    assert manifest.ack == Ack(bytes_for("their epoch", 16), 40, (7, 39))
    assert manifest.audit_head == bytes_for("head")
    assert manifest.counts == BundleCounts(2, 30, 1, 1)
    assert [entry.kind for entry in manifest.segments] == [1, 2, 3, 4, 5]


def test_the_digest_is_the_next_ones_previous(tmp_path: Path) -> None:
    first = write(tmp_path)
    second = write(tmp_path, place=SequencePosition(bytes_for("epoch", 16), 2, first.digest))
    assert second.manifest.previous == manifest_digest(first.manifest.to_bytes())


def test_a_bundle_of_nothing_can_be_written(tmp_path: Path) -> None:
    """It still carries an acknowledgement."""
    incoming, taker = read(write(tmp_path).path.read_bytes())
    assert incoming.manifest.segments == ()
    assert taker.segments == []


def test_segments_are_read_once_and_one_at_a_time(tmp_path: Path) -> None:
    pulled: list[int] = []

    def source() -> Iterator[Segment]:
        for number in range(3):
            pulled.append(number)
            yield Segment(SegmentKind.RECORDS, bytes([number + 1]))

    write(tmp_path, source())
    assert pulled == [0, 1, 2]


@pytest.mark.parametrize("count", [1, 2, 8])
def test_each_device_of_the_partner_can_read_it(tmp_path: Path, count: int) -> None:
    devices = [keys_for(f"device {number}") for number in range(count)]
    partner = BundleRecipient(BIRCH.sign_key, tuple(device.age_key for device in devices))
    data = write(tmp_path, some_segments(), partner=partner).path.read_bytes()
    for device in devices:
        reading = birch_reads(keys=type(BIRCH)(BIRCH.seed, device.age_secret))
        assert len(read(data, reading)[1].segments) == 5


def test_the_sender_cannot_open_it_again(tmp_path: Path) -> None:
    data = write(tmp_path).path.read_bytes()
    assert refusal(lambda: opened(data, ALDER)) == ("bundle.not_for_us", "no_key")


# What a carrier sees


def test_the_name_is_random_and_says_nothing(tmp_path: Path) -> None:
    names = {write(tmp_path).path.name for _ in range(20)}
    assert len(names) == 20
    assert all(re.fullmatch(r"[a-z2-7]{13}\.age", name) for name in names)


def test_only_the_finished_file_is_left(tmp_path: Path) -> None:
    written = write(tmp_path, some_segments())
    assert list(tmp_path.iterdir()) == [written.path]


def test_the_plaintext_has_a_padded_length(tmp_path: Path) -> None:
    for size in (0, 1, 20_000, 33_000, 70_000, 200_000):
        segments = [Segment(SegmentKind.CHUNKS, bytes_for("noise", size))] if size else []
        length = len(opened(write(tmp_path, segments).path.read_bytes()))
        assert length == padded_length(length)


def test_small_bundles_all_look_alike(tmp_path: Path) -> None:
    """Apart from the header, whose grease the library makes of random length."""
    payloads = set()
    for size in (1, 100, 10_000, 30_000):
        segments = [Segment(SegmentKind.CHUNKS, bytes_for("noise", size))]
        data = write(tmp_path, segments).path.read_bytes()
        payloads.add(len(data) - len(header_of(data)))
    assert len(payloads) == 1


def test_nothing_of_the_content_shows(tmp_path: Path) -> None:
    canary = b"a canary sings"
    data = write(tmp_path, [Segment(SegmentKind.RECORDS, canary * 50)]).path.read_bytes()
    for secret in (canary, b"KFBNDL", b"kfdesk", ALDER.sign_key, BIRCH.sign_key, BIRCH.age_key):
        assert secret not in data


def test_two_bundles_of_the_same_look_different(tmp_path: Path) -> None:
    one, other = (write(tmp_path, some_segments()).path.read_bytes() for _ in range(2))
    assert header_of(one) != header_of(other)
    assert len(one) - len(header_of(one)) == len(other) - len(header_of(other))
    assert opened(one) == opened(other)


# Limits


@pytest.mark.parametrize("size", [0, MAX_RAW + 1])
def test_a_segment_of_no_or_too_many_bytes_is_a_mistake(tmp_path: Path, size: int) -> None:
    with pytest.raises(ValueError, match="4 MiB"):
        write(tmp_path, [Segment(SegmentKind.CHUNKS, bytes(size))])


def test_the_longest_segment_passes(tmp_path: Path) -> None:
    noise = bytes_for("noise", MAX_RAW)
    data = write(tmp_path, [Segment(SegmentKind.CHUNKS, noise)]).path.read_bytes()
    assert read(data)[1].segments[0].raw == noise


@pytest.mark.parametrize("kind", [0, 7, 127, 128, 255])
def test_a_segment_of_no_known_kind_is_a_mistake(tmp_path: Path, kind: int) -> None:
    with pytest.raises(ValueError, match="SegmentKind"):
        write(tmp_path, [Segment(kind, b"\x90")])  # type: ignore[arg-type]


def test_too_many_segments_are_too_large(tmp_path: Path) -> None:
    segments = [Segment(SegmentKind.RECORDS, b"\x90")] * (MAX_SEGMENTS + 1)
    assert refusal(lambda: write(tmp_path, segments)) == ("bundle.too_large", "segments")


def test_as_many_segments_as_may_be_pass(tmp_path: Path) -> None:
    segments = [Segment(SegmentKind.RECORDS, b"\x90")] * MAX_SEGMENTS
    _, taker = read(write(tmp_path, segments).path.read_bytes())
    assert len(taker.segments) == MAX_SEGMENTS


def test_too_many_records_are_too_large(tmp_path: Path) -> None:
    half = Segment(SegmentKind.RECORDS, b"\x90", BundleCounts(MAX_RECORDS // 2, 0, 0, 0))
    one = Segment(SegmentKind.RECORDS, b"\x90", BundleCounts(1, 0, 0, 0))
    write(tmp_path, [half, half])
    assert refusal(lambda: write(tmp_path, [half, half, one])) == ("bundle.too_large", "records")


def test_a_raw_total_above_one_gib_is_too_large() -> None:
    writer._check_totals(1, MAX_RAW_TOTAL, BundleCounts(0, 0, 0, 0))
    writer._check_totals(1, 1, BundleCounts(0, MAX_FILE_WRITES, 0, 0))
    counts = BundleCounts(0, MAX_FILE_WRITES + 1, 0, 0)
    assert refusal(lambda: writer._check_totals(1, 1, counts)) == ("bundle.too_large", "writes")
    refused = refusal(lambda: writer._check_totals(1, MAX_RAW_TOTAL + 1, BundleCounts(0, 0, 0, 0)))
    assert refused == ("bundle.too_large", "raw_total")


def test_a_file_that_the_gate_would_refuse_is_too_large() -> None:
    assert refusal(lambda: writer._check_size(MAX_FILE)) == ("bundle.too_large", "file")
    writer._check_size(MAX_FILE - MAX_FILE // 4096 - 5000)


@pytest.mark.parametrize("size", [1, 40_000, 150_000])
def test_the_predicted_size_is_never_below_the_real_one(tmp_path: Path, size: int) -> None:
    written = write(tmp_path, [Segment(SegmentKind.CHUNKS, bytes_for("noise", size))])
    data = written.path.read_bytes()
    plaintext = len(opened(data))
    tags = (plaintext // 65_536 + 1) * 16
    assert len(data) <= plaintext + tags + 4096 + 16


@pytest.mark.parametrize(
    "changes",
    [
        {"bundle_id": b""},
        {"hlc": -1},
        {"audit_head": bytes(31)},
        {"place": SequencePosition(bytes(16), 0, bytes(32))},
        {"place": SequencePosition(bytes(15), 1, bytes(32))},
        {"place": SequencePosition(bytes(16), 1, bytes(31))},
        {"terms": SenderVersions(2**32, 1, 1)},
        {"terms": SenderVersions(1, 65_536, 1)},
        {"ack": Ack(bytes(16), 3, (3,))},
        {"ack": Ack(bytes(16), 3, (2, 1))},
        {"partner": BundleRecipient(bytes(31), (BIRCH.age_key,))},
        {"partner": BundleRecipient(BIRCH.sign_key, ())},
        {"partner": BundleRecipient(BIRCH.sign_key, (BIRCH.age_key, BIRCH.age_key))},
        {"partner": BundleRecipient(BIRCH.sign_key, tuple(bytes_for(str(n)) for n in range(9)))},
    ],
)
def test_what_no_reader_would_take_is_a_mistake(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no reader"):
        write(tmp_path, **changes)
    assert list(tmp_path.iterdir()) == []


# The disk


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    refused = refusal(lambda: write(tmp_path / "no such folder"))
    assert refused == ("bundle.not_written", "disk")


def test_a_file_in_place_of_the_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    refused = refusal(lambda: write(tmp_path / "file"))
    assert refused == ("bundle.not_written", "disk")


@pytest.mark.parametrize("limit", [0, 500, 20_000, 33_000])
def test_a_disk_that_takes_no_more_leaves_nothing_behind(tmp_path: Path, limit: int) -> None:
    with short_files(limit):
        refused = refusal(lambda: write(tmp_path))
    assert refused == ("bundle.not_written", "disk")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_from_other_faults() -> None:
    def full() -> None:
        with writer._disk_faults():
            raise OSError(errno.ENOSPC, "No space left on device")

    assert refusal(full) == ("bundle.not_written", "disk_full")


def test_a_disk_that_gives_back_other_bytes_is_noticed(tmp_path: Path) -> None:
    part = tmp_path / "x.part"
    with part.open("xb") as file:
        written = writer._HashingWriter(file)
        written.write(b"the bytes that were encrypted")
    writer._verify_written(part, written)
    part.write_bytes(b"the bytes that were encryptex")
    refused = refusal(lambda: writer._verify_written(part, written))
    assert refused == ("bundle.not_written", "read_back")


def test_a_failing_source_leaves_nothing_behind(tmp_path: Path) -> None:
    def source() -> Iterator[Segment]:
        yield Segment(SegmentKind.RECORDS, b"\x90")
        raise KfdeskError("store.gone")

    with pytest.raises(KfdeskError) as caught:
        write(tmp_path, source())
    assert caught.value.code == "store.gone"
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_the_source_is_not_taken_for_the_disk(tmp_path: Path) -> None:
    def source() -> Iterator[Segment]:
        yield Segment(SegmentKind.RECORDS, b"\x90")
        raise OSError(5, "the store's disk")

    with pytest.raises(OSError, match="the store's disk"):
        write(tmp_path, source())


# The books


def test_the_digest_is_noted_before_the_file_has_its_name(tmp_path: Path) -> None:
    noted: list[bytes] = []

    def note(digest: bytes) -> None:
        noted.append(digest)
        (beside,) = tmp_path.iterdir()
        assert beside.suffix == ".part"
        assert read(beside.read_bytes())[0].digest == digest

    written = write_bundle(tmp_path, outgoing(some_segments()), ALDER, note)
    assert noted == [written.digest]
    assert list(tmp_path.iterdir()) == [written.path]


def test_a_note_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def note(digest: bytes) -> None:
        raise KfdeskError("store.disk")

    with pytest.raises(KfdeskError) as caught:
        write_bundle(tmp_path, outgoing(some_segments()), ALDER, note)
    assert caught.value.code == "store.disk"
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_noted_of_a_file_that_could_not_be_written(tmp_path: Path) -> None:
    noted: list[bytes] = []
    folder = tmp_path / "no such folder"
    refused = refusal(lambda: write_bundle(folder, outgoing(), ALDER, noted.append))
    assert refused == ("bundle.not_written", "disk")
    assert noted == []


def test_a_folder_that_vanishes_before_the_name_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()

    def note(digest: bytes) -> None:
        folder.rename(tmp_path / "pulled out")

    refused = refusal(lambda: write_bundle(folder, outgoing(), ALDER, note))
    assert refused == ("bundle.not_named", "disk")  # its digest was noted
    assert not folder.exists()


def test_part_of_a_killed_sending_is_removed_by_the_next_and_one_that_is_written_stays(
    tmp_path: Path,
) -> None:
    left, written, foreign = (
        tmp_path / name for name in ("abcdefghijklm.part", "bcdefghijklmn.part", "my download.part")
    )
    for path in (left, written, foreign):
        path.write_bytes(b"part")
    for path in (left, foreign):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    write_bundle(tmp_path, outgoing(), ALDER)
    assert not left.exists()
    assert written.exists()
    assert foreign.exists()


# Memory


class Counting(BundleReceiver):
    """Keeps no content."""

    total = 0

    def open(self, manifest: Manifest, digest: bytes) -> None: ...

    def take(self, segment: Segment) -> None:
        self.total += len(segment.raw)


def test_a_bundle_of_80_mib_needs_little_memory(tmp_path: Path) -> None:
    segments = (Segment(SegmentKind.CHUNKS, bytes(MAX_RAW)) for _ in range(20))
    taker = Counting()
    tracemalloc.start()
    try:
        written = write(tmp_path, segments)
        with written.path.open("rb") as file:
            read_bundle(file, birch_reads(), taker)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taker.total == 20 * MAX_RAW
    assert peak < 32 * 1024 * 1024


def test_a_bundle_beyond_the_spools_memory_is_whole(tmp_path: Path) -> None:
    pieces = [bytes_for(f"noise {number}", 1024 * 1024) for number in range(18)]
    assert sum(map(len, pieces)) > SPOOL_MEMORY
    segments = (Segment(SegmentKind.CHUNKS, piece) for piece in pieces)
    written = write(tmp_path, segments)
    taker = Collector()
    with written.path.open("rb") as file:
        read_bundle(file, birch_reads(schema=SCHEMA), taker)
    assert [segment.raw for segment in taker.segments] == pieces
    assert list(tmp_path.iterdir()) == [written.path]


def test_note_that_was_kept_before_the_disk_failed_is_said(tmp_path: Path) -> None:
    def note(digest: bytes) -> None:
        raise KfdeskError("store.done")

    refused = refusal(lambda: write_bundle(tmp_path, outgoing(), ALDER, note))
    assert refused == ("bundle.not_named", "note")


def test_stick_that_gives_back_other_bytes_refuses_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packed segments wait on the stick itself until their manifest is signed."""

    class Meddled(Spool):
        def add(self, packed: bytes) -> None:
            super().add(packed)
            vars(self)["_file"].seek(-1, os.SEEK_END)
            vars(self)["_file"].write(b"?")

    monkeypatch.setattr(writer, "Spool", Meddled)
    code, _ = refusal(lambda: write(tmp_path, some_segments()))
    assert code == "bundle.not_written"
    assert list(tmp_path.iterdir()) == []
