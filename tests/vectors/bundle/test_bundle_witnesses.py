# SPDX-License-Identifier: GPL-3.0-or-later
"""Two readers and two writers check each other, and tools that everybody has check both.

The second pair knows FORMAT.md and none of our code. Where the two disagree about any file, one
of them, or the text, is wrong.
"""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.vectors.bundle import second_reader, second_writer
from tests.vectors.bundle.second_writer import Desk, Letter, invented
from tests.vectors.bundle.test_bundle_vectors import CLASSES

from kfdesk.bundle.age import age_secret_text
from kfdesk.bundle.card import CardHolder, DeskKeys, make_card, read_card, verification_digits
from kfdesk.bundle.container import (
    Ack,
    BundleReceiver,
    BundleRecipient,
    Manifest,
    OutgoingBundle,
    ReaderContext,
    Segment,
    SegmentKind,
    SenderVersions,
    SequencePosition,
)
from kfdesk.bundle.reader import read_bundle
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.errors import KfdeskError

ALDER, BIRCH, CEDAR = Desk("alder"), Desk("birch"), Desk("cedar")
SCHEMA = 4
SEGMENTS = ((1, b"\x90" * 3000), (4, invented("chunk", 90_000)), (5, b"\x91"))


def keys_of(desk: Desk) -> DeskKeys:
    return DeskKeys(desk.seed, desk.secret)


class Collector(BundleReceiver):
    """Keeps all it is given."""

    def __init__(self) -> None:
        self.segments: list[tuple[int, bytes]] = []

    def open(self, manifest: Manifest, digest: bytes) -> None: ...

    def take(self, segment: Segment) -> None:
        self.segments.append((int(segment.kind), segment.raw))


def ours(data: bytes) -> list[tuple[int, bytes]]:
    taker = Collector()
    reading = ReaderContext(keys_of(BIRCH), frozenset({ALDER.sign_key}), SCHEMA)
    read_bundle(io.BytesIO(data), reading, taker)
    return taker.segments


def theirs(data: bytes) -> second_reader.Mail:
    reader = second_reader.Reader(BIRCH.secret, BIRCH.sign_key, [ALDER.sign_key], SCHEMA)
    return second_reader.read_bundle(data, reader)


def verdict_of(read: Callable[[bytes], object], data: bytes) -> str:
    """`read`, or the class of refusal."""
    try:
        read(data)
    except KfdeskError as error:
        return CLASSES[error.code]
    except second_reader.RefusedError as refused:
        return str(refused)
    return "read"


def our_file(folder: Path, segments: tuple[tuple[int, bytes], ...] = SEGMENTS) -> bytes:
    outgoing = OutgoingBundle(
        bundle_id=invented("bundle", 16),
        partner=BundleRecipient(BIRCH.sign_key, (BIRCH.age_key, CEDAR.age_key)),
        place=SequencePosition(invented("epoch", 16), 300, invented("previous")),
        terms=SenderVersions(70_000, SCHEMA, SCHEMA),
        hlc=1_700_000_000_000 << 16,
        ack=Ack(invented("their epoch", 16), 200, (5, 150)),
        audit_head=invented("head"),
        segments=[Segment(SegmentKind(kind), raw) for kind, raw in segments],
    )
    return write_bundle(folder, outgoing, keys_of(ALDER)).path.read_bytes()


def test_the_second_reader_reads_what_our_writer_wrote(tmp_path: Path) -> None:
    mail = theirs(our_file(tmp_path))
    assert tuple(mail.segments) == SEGMENTS
    m = mail.manifest
    assert m[:5] == [1, invented("bundle", 16), ALDER.sign_key, 70_000, BIRCH.sign_key]
    assert m[5] == sorted([BIRCH.age_key, CEDAR.age_key])
    assert m[6:9] == [invented("epoch", 16), 300, invented("previous")]
    assert m[9:12] == [1_700_000_000_000 << 16, SCHEMA, SCHEMA]
    assert m[12] == [invented("their epoch", 16), 200, [5, 150]]
    assert m[13] == invented("head")


def test_our_reader_reads_what_the_second_writer_wrote() -> None:
    letter = Letter("both ways", ALDER, BIRCH, segments=SEGMENTS)
    assert ours(letter.file()) == list(SEGMENTS)


def test_both_pad_to_the_same_length(tmp_path: Path) -> None:
    for size in (1, 30_000, 40_000, 66_000, 140_000):
        segments = ((4, invented("noise", size)),)
        plain = second_reader.open_age(our_file(tmp_path, segments), BIRCH.secret)
        assert len(plain) == second_reader.padme(len(plain))


SPOILT: list[tuple[str, dict[int, Any]]] = [
    ("read", {}),
    ("torn", {0: 2}),
    ("torn", {1: b""}),
    ("unknown sender", {2: CEDAR.sign_key}),
    ("torn", {3: 2**32}),
    ("not for us", {4: CEDAR.sign_key}),
    ("not for us", {5: [CEDAR.age_key]}),
    ("torn", {5: [BIRCH.age_key, BIRCH.age_key]}),
    ("torn", {5: []}),
    ("torn", {7: 0}),
    ("read", {7: 2**63 - 1}),
    ("torn", {7: 2**63}),
    ("torn", {8: None}),
    ("torn", {9: -1}),
    ("read", {10: 65_535}),
    ("torn", {10: 65_536}),
    ("read", {11: SCHEMA}),
    ("newer", {11: SCHEMA + 1}),
    ("torn", {12: [bytes(16), 2, [2]]}),
    ("read", {12: [bytes(16), 3, [1, 2]]}),
    ("torn", {12: [bytes(16), 3, [2, 1]]}),
    ("torn", {12: [bytes(16), 3, [0]]}),
    ("torn", {12: [bytes(16), 99, list(range(1, 66))]}),
    ("torn", {13: "text"}),
    ("too large", {14: [200_001, 0, 0, 0]}),
    ("read", {14: [200_000, 2**32 - 1, 0, 0]}),
    ("torn", {14: [0, 0, 0]}),
    ("torn", {15: [[1, 0, 1, bytes(32)]]}),
    ("torn", {15: [[1, 1, 4_195_329, bytes(32)]]}),
    ("torn", {15: [[0, 1, 1, bytes(32)]]}),
    ("torn", {15: [[1, 1, 1, bytes(32)]]}),
    ("newer", {15: [[127, 1, 1, bytes(32)]]}),
    ("too large", {15: [[1, 4_194_304, 1, bytes(32)]] * 257}),
]


@pytest.mark.parametrize(("verdict", "changes"), SPOILT)
def test_both_readers_judge_a_manifest_alike(verdict: str, changes: dict[int, Any]) -> None:
    data = Letter("judged", ALDER, BIRCH, changes=changes).file()
    assert verdict_of(ours, data) == verdict_of(theirs, data) == verdict


def test_both_readers_judge_a_spoilt_plaintext_alike() -> None:
    """One byte changed or cut anywhere in what is signed, named or padded, then sealed anew."""
    plain = Letter("spoilt", ALDER, BIRCH, segments=((1, b"\x90" * 50), (3, b"\x91"))).plaintext()
    chance = random.Random(1)
    content = len(plain.rstrip(b"\0"))
    for _ in range(150):
        spoilt = bytearray(plain)
        place = chance.randrange(content + 20)
        spoilt[place] = chance.randrange(256)
        if chance.random() < 0.2:
            del spoilt[place:]
        data = second_writer.seal(bytes(spoilt), [BIRCH.age_key], "spoilt")
        assert verdict_of(ours, data) == verdict_of(theirs, data), place


def test_both_readers_judge_a_spoilt_file_alike() -> None:
    data = Letter("spoilt file", ALDER, BIRCH, segments=SEGMENTS).file(b"-> x-grease\n\n")
    header = data.index(b"\n--- ") + 60
    chance = random.Random(2)
    for number in range(200):
        spoilt = bytearray(data)
        place = chance.randrange(header if number % 2 else len(data))
        spoilt[place] = chance.randrange(256)
        if chance.random() < 0.2:
            del spoilt[place:]
        file = bytes(spoilt)
        assert verdict_of(ours, file) == verdict_of(theirs, file), place


def test_both_make_the_same_card() -> None:
    holder = CardHolder(
        invented("alder organisation", 16), "Alkšņu māja", invented("alder device", 16), 1
    )
    assert make_card(holder, keys_of(ALDER)) == second_writer.card(ALDER, "Alkšņu māja")


@pytest.mark.parametrize(
    ("verdict", "changes"),
    [
        ("read", {}),
        ("damaged", {0: 2}),
        ("damaged", {2: ""}),
        ("damaged", {2: "e\u0301"}),
        ("damaged", {2: "a\u200b"}),
        ("damaged", {4: b"\1" + bytes(31)}),
        ("damaged", {5: []}),
        ("damaged", {5: [[2, bytes(32)]]}),
        ("damaged", {5: [[1, bytes(32)]]}),
        ("damaged", {5: [[1, b"\xec" + b"\xff" * 30 + b"\x7f"]]}),
        ("damaged", {5: [[1, ALDER.age_key], [1, ALDER.age_key]]}),
        ("read", {5: [[1, ALDER.age_key], [1, BIRCH.age_key]]}),
        ("read", {6: 2**32 - 1}),
        ("damaged", {6: 2**32}),
    ],
)
def test_both_readers_judge_a_card_alike(verdict: str, changes: dict[int, Any]) -> None:
    data = second_writer.card(ALDER, "Alder", changes)
    assert verdict_of(read_card, data) == verdict_of(second_reader.read_card, data) == verdict


def test_both_find_the_same_digits() -> None:
    for number in range(20):
        one = second_writer.card(Desk(f"one {number}"), "One")
        other = second_writer.card(Desk(f"other {number}"), "Other")
        expected = second_reader.digits(one, other)
        assert verification_digits(read_card(one), read_card(other)) == expected


# Tools that everybody has


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"the {name} program is not installed")
    return found


def run(command: list[str], data: bytes = b"") -> bytes:
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def plain_by_age(folder: Path) -> bytes:
    """Return the plaintext of one of our files, by the age program."""
    identity = folder / "id.txt"
    identity.write_text(age_secret_text(BIRCH.secret) + "\n")
    return run([program("age"), "-d", "-i", str(identity)], our_file(folder))


def test_the_age_program_opens_our_bundle(tmp_path: Path) -> None:
    assert plain_by_age(tmp_path)[:8] == b"KFBNDL1\n"


def test_the_age_program_opens_the_second_writers_bundle(tmp_path: Path) -> None:
    letter = Letter("for age", ALDER, BIRCH, segments=SEGMENTS)
    identity = tmp_path / "id.txt"
    identity.write_text(age_secret_text(BIRCH.secret) + "\n")
    command = [program("age"), "-d", "-i", str(identity)]
    assert run(command, letter.file()) == letter.plaintext()


def test_openssl_verifies_our_signature(tmp_path: Path) -> None:
    plain = plain_by_age(tmp_path)
    length = int.from_bytes(plain[8:12], "big")
    (tmp_path / "signed").write_bytes(b"kfdesk-bundle-v1\0" + plain[12 : 12 + length])
    (tmp_path / "signature").write_bytes(plain[12 + length : 76 + length])
    key = Ed25519PublicKey.from_public_bytes(ALDER.sign_key)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "sender.pem").write_bytes(pem)
    openssl = program("openssl")
    command = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", str(tmp_path / "sender.pem")]
    command += ["-rawin", "-in", str(tmp_path / "signed")]
    command += ["-sigfile", str(tmp_path / "signature")]
    assert b"Successfully" in run(command)


def test_gzip_unpacks_our_segments(tmp_path: Path) -> None:
    plain = plain_by_age(tmp_path)
    length = int.from_bytes(plain[8:12], "big")
    place = 76 + length
    gzip = program("gzip")
    for (_, raw), entry in zip(SEGMENTS, theirs(our_file(tmp_path)).manifest[15], strict=True):
        assert run([gzip, "-d"], plain[place : place + entry[2]]) == raw
        place += entry[2]


def test_the_commands_of_the_format_do_what_it_says(tmp_path: Path) -> None:
    """The very lines of FORMAT.md, with the shell of this system."""
    for name in ("age", "openssl", "gzip", "tail", "head"):
        program(name)
    (tmp_path / "f.age").write_bytes(our_file(tmp_path))
    (tmp_path / "id.txt").write_text(age_secret_text(BIRCH.secret) + "\n")
    key = Ed25519PublicKey.from_public_bytes(ALDER.sign_key)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "sender.pem").write_bytes(pem)
    format_text = Path(second_reader.__file__).resolve().parents[3] / "src/kfdesk/bundle/FORMAT.md"
    lines = format_text.read_text(encoding="utf-8").split("```\n")[1]
    mail = theirs((tmp_path / "f.age").read_bytes())
    length = len(second_reader.pack(mail.manifest))
    packed = mail.manifest[15][0][2]
    script = f"set -e; cd '{tmp_path}'; M={length}; PACKED={packed}\n{lines}"
    found = run([program("sh"), "-c", script])
    assert b"Signature Verified Successfully" in found
    assert found.endswith(SEGMENTS[0][1])
