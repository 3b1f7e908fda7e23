# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures in minisign's format: what the tool made is read, and what we make it reads.

`tests/vectors/minisign` was made by minisign 0.12: a key with a passphrase and one without, a file,
and its signatures by both.
"""

import base64
import shutil
import subprocess
from hashlib import blake2b
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.support.updates import FOREIGN_KEY, KEY, keys_of, refusal

from kfdesk.system.signatures import (
    ReleaseKeys,
    check_signature,
    file_hash,
    find_key,
    read_keys,
    read_public_key,
    read_signature,
)
from kfdesk.system.update_files import open_update
from minisign import read_key
from steps import SetupError

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "minisign"
PASSPHRASE = "six words for a test alone"


def digest_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file_hash(file.read)


def by_tool(name: str) -> ReleaseKeys:
    """Return the public key that the tool wrote, as our list has it."""
    line = (VECTORS / f"{name}.pub").read_text(encoding="ascii").splitlines()[1]
    return read_keys(f"# ours\nkey {line}   # {name}\n")


@pytest.mark.parametrize("name", ["open", "locked"])
def test_signature_of_the_tool_holds(name: str) -> None:
    signature = read_signature((VECTORS / f"file.txt.{name}.minisig").read_bytes())
    key = find_key(by_tool(name), signature)
    check_signature(key, digest_of(VECTORS / "file.txt"), signature)
    assert signature.comment == b"made for a test"
    other = "locked" if name == "open" else "open"
    assert refusal(lambda: find_key(by_tool(other), signature)) == "update.other_key"


@pytest.mark.parametrize("name", ["open", "locked"])
def test_key_of_the_tool_signs_as_the_tool_does(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    shutil.copyfile(VECTORS / "file.txt", path)
    key = read_key(VECTORS / f"{name}.key", lambda: PASSPHRASE)
    made = key.sign(path, "made for a test").read_text(encoding="utf-8").splitlines()
    theirs = (VECTORS / f"file.txt.{name}.minisig").read_text(encoding="utf-8").splitlines()
    assert made[1:] == theirs[1:]
    assert key.public == (VECTORS / f"{name}.pub").read_text("ascii").splitlines()[1]
    open_update(path, by_tool(name), lambda _size: None)


def test_second_reader_agrees(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    lines = KEY.sign(path, "a comment").read_text(encoding="utf-8").splitlines()
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(KEY.public)[10:])
    first, second = (base64.b64decode(line) for line in lines[1::2])
    public.verify(first[10:], blake2b(b"content").digest())
    public.verify(second, first[10:] + b"a comment")
    with pytest.raises(InvalidSignature):
        public.verify(second, first[10:] + b"another")


def test_the_tool_reads_ours(tmp_path: Path) -> None:
    tool = shutil.which("minisign")
    if tool is None:
        pytest.skip("minisign is not installed")
    path = tmp_path / "file"
    path.write_bytes(b"content")
    KEY.sign(path, "a comment")
    command = [tool, "-V", "-P", KEY.public, "-m", str(path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_wrong_passphrase_and_damaged_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="passphrase"):
        read_key(VECTORS / "locked.key", lambda: "another")
    with pytest.raises(SetupError, match="cannot be read"):
        read_key(tmp_path / "gone", lambda: "")
    short = tmp_path / "short"
    short.write_text("untrusted comment: x\nRWQAAA==\n", encoding="ascii")
    with pytest.raises(SetupError, match="no private key"):
        read_key(short, lambda: "")


def test_key_that_is_revoked_counts_nowhere() -> None:
    keys = read_keys(f"key {KEY.public}\nrevoked {KEY.public}\nkey {FOREIGN_KEY.public}\n")
    assert keys == keys_of(FOREIGN_KEY, revoked=(KEY,))
    renamed = base64.b64encode(b"Ed" + b"x" * 8 + read_public_key(KEY.public)[1]).decode()
    assert read_keys(f"key {renamed}\nrevoked {KEY.public}\n").valid == {}


@pytest.mark.parametrize("line", ["key", "key x", "other RWQ=", "key RWQ=", f"key {KEY.public} x"])
def test_list_with_a_line_that_is_no_key_is_a_bug(line: str) -> None:
    with pytest.raises(ValueError, match=r"key|base64"):
        read_keys(line)


def test_programs_own_list_is_one() -> None:
    root = Path(__file__).resolve().parents[3]
    text = (root / "resources" / "release_keys.txt").read_text(encoding="utf-8")
    assert isinstance(read_keys(text), ReleaseKeys)


def test_key_of_low_order_signs_nothing() -> None:
    low = bytes(32)
    keys = ReleaseKeys({KEY.id: low})
    forged = b"ED" + KEY.id + low + low
    data = (
        b"untrusted comment: x\n" + base64.b64encode(forged)
        + b"\ntrusted comment: y\n" + base64.b64encode(low + low) + b"\n"
    )  # fmt: skip
    signature = read_signature(data)
    assert refusal(lambda: check_signature(find_key(keys, signature), bytes(64), signature)) == (
        "update.torn"
    )
