# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents of documents in a file: what was disclosed alone, whole, in order, chunk by chunk."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests.support import make
from tests.unit.bundle.bundle_samples import ALDER, BIRCH, bytes_for, known, outgoing, refusal

from kfdesk.bundle.container import BundleCounts, Segment, SegmentKind, SenderVersions
from kfdesk.bundle.files import BundleFiles
from kfdesk.bundle.payload import ChunkUnpacker, pack_chunks
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.attachments import CHUNK_BYTES, AttachmentChunk
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Identity
from kfdesk.domain.records.registry import SCHEMA_VERSION
from kfdesk.domain.registers import EMPTY_STATE, WriteContext, apply_changes
from kfdesk.domain.rows import Row, encode_changes

ORG = bytes_for("org", 16)
NOW = datetime(2026, 11, 20, tzinfo=UTC)
CONTENTS = {
    bytes_for("small", 16): [b"small"],
    bytes_for("large", 16): [bytes(CHUNK_BYTES), bytes(CHUNK_BYTES), b"end"],
    bytes_for("elsewhere", 16): [],
}


def document(rid: bytes, key: str = "digest") -> Row:
    by = WriteContext("EV", 1 << 20, lambda: bytes_for("wid", 8))
    state = apply_changes(EMPTY_STATE, encode_changes("attachment", {key: "a word"}), (), by)
    return Row(rid, "attachment", None, ORG, state)


def disclosed(who: RecipientKind, rows: list[Row]) -> Disclosed:
    recipient = Recipient(who, ORG, is_verified=True)
    return disclose(rows, recipient, Channel.BUNDLE, make.basis())


def pack(what: Disclosed) -> list[Segment]:
    return list(pack_chunks(what, lambda rid: CONTENTS[rid]))


def test_content_comes_back_in_order_and_no_segment_is_large() -> None:
    segments = pack(disclosed(RecipientKind.OWN, [document(rid) for rid in CONTENTS]))
    order, found = ChunkUnpacker(), list[AttachmentChunk]()
    for segment in segments:
        assert segment.kind is SegmentKind.CHUNKS
        assert len(segment.raw) < 5 * CHUNK_BYTES
        found += order.unpack(segment.raw)
    assert found == [
        AttachmentChunk(rid, part, data)
        for rid, parts in sorted(CONTENTS.items())
        for part, data in enumerate(parts)
    ]
    assert order.count == sum(segment.counts.chunks for segment in segments) == 4


def test_content_of_a_record_whose_digest_does_not_go_stays() -> None:
    rows = [document(rid) for rid in CONTENTS]
    assert pack(disclosed(RecipientKind.PARTNER, rows)) == []
    untold = [document(rid, "title") for rid in CONTENTS]
    assert pack(disclosed(RecipientKind.OWN, untold)) == []


def unpacked(*items: object) -> Callable[[], object]:
    return lambda: list(ChunkUnpacker().unpack(msgspec.msgpack.encode(items)))


A, B = sorted((bytes_for("a", 16), bytes_for("b", 16)))


@pytest.mark.parametrize(
    "item", [[A, 0], [A, 0, b""], [A, 100, b"x"], [A, -1, b"x"], [A[1:], 0, b"x"], "no item",
             [A, 0, bytes(CHUNK_BYTES + 1)], [A, 0, "text"], [A, 0, b"x", 1]],
)  # fmt: skip
def test_what_is_no_chunk_is_torn(item: object) -> None:
    assert refusal(unpacked(item)) == ("bundle.torn", "chunks")


@pytest.mark.parametrize(
    "items",
    [
        [[A, 1, b"x"]],
        [[A, 0, b"short"], [A, 1, b"x"]],
        [[A, 0, bytes(CHUNK_BYTES)], [A, 2, b"x"]],
        [[A, 0, bytes(CHUNK_BYTES)], [A, 0, b"x"]],
        [[A, 0, bytes(CHUNK_BYTES)], [B, 1, b"x"]],
        [[B, 0, b"x"], [A, 0, b"x"]],
    ],
)
def test_chunks_with_a_gap_or_out_of_order_are_torn(items: list[object]) -> None:
    assert refusal(unpacked(*items)) == ("bundle.torn", "chunks_order")


IDENTITY = Identity(ORG, "Birch", bytes(16), BIRCH.seed, BIRCH.age_secret, bytes(16))


def file(folder: Path, segments: list[Segment]) -> Path:
    return write_bundle(
        folder, outgoing(segments, terms=SenderVersions(1, SCHEMA_VERSION, 1)), ALDER
    ).path


def test_file_that_is_read_again_hands_out_each_chunk(tmp_path: Path) -> None:
    path = file(tmp_path, pack(disclosed(RecipientKind.OWN, [document(rid) for rid in CONTENTS])))
    kept: list[AttachmentChunk] = []
    digest = BundleFiles(bytes).reread_chunks(path, IDENTITY, known(ALDER, ORG), kept.append)
    assert [chunk.part for chunk in kept] in ([0, 1, 2, 0], [0, 0, 1, 2])
    assert digest == BundleFiles(bytes).read(path, IDENTITY, known(ALDER, ORG)).digest


def test_count_of_chunks_is_proved(tmp_path: Path) -> None:
    segments = pack(disclosed(RecipientKind.OWN, [document(rid) for rid in CONTENTS]))
    boast = file(tmp_path, [Segment(s.kind, s.raw, BundleCounts(0, 0, 0, 9)) for s in segments])
    files = BundleFiles(bytes)
    answer = refusal(lambda: files.read(boast, IDENTITY, known(ALDER, ORG)))
    assert answer == ("bundle.torn", "counts")


def test_file_that_is_gone_when_it_is_read_again_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gone.age"
    with pytest.raises(KfdeskError) as refused:
        BundleFiles(bytes).reread_chunks(path, IDENTITY, known(ALDER, ORG), lambda _chunk: None)
    assert refused.value.code == "bundle.missing"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes among the files here")
def test_pipe_that_never_ends_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "pipe.age"
    os.mkfifo(path)
    with pytest.raises(KfdeskError) as refused:
        BundleFiles(bytes).read(path, IDENTITY, known(ALDER, ORG))
    assert refused.value.code == "bundle.missing"


def test_file_that_may_not_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(tmp_path, pack(disclosed(RecipientKind.OWN, [document(rid) for rid in CONTENTS])))

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(KfdeskError) as refused:
        BundleFiles(bytes).read(path, IDENTITY, known(ALDER, ORG))
    assert refused.value.code == "bundle.missing"
