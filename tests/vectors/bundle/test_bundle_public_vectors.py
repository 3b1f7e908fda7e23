# SPDX-License-Identifier: GPL-3.0-or-later
"""Public vectors of others: age files (C2SP/CCTV) and Ed25519 signatures (Wycheproof).

They lie beside the project, not in it; without them these tests are skipped. The outcome of each
age file is pinned below, because our gate refuses more than age does: armour, passphrases, any
stanza of another kind. What age refuses, we must refuse too.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from tests.support.cases import failing

from kfdesk.bundle import age
from kfdesk.bundle.card import is_signed
from kfdesk.domain.errors import KfdeskError

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
AGE = DATA / "age-testkit"
ED25519 = DATA / "signatures" / "ed25519_test.json"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

needs_age = pytest.mark.skipif(not AGE.is_dir(), reason="the public age vectors are not here")
needs_ed25519 = pytest.mark.skipif(
    not ED25519.is_file(), reason="the public Ed25519 vectors are not here"
)

OUTCOMES = {
    "bundle.not_a_bundle header_version": """
        armor_crlf armor_empty_last_line armor_empty_line_end armor_full_last_line
        armor_garbage_leading armor_header_crlf armor_hybrid armor_invalid_character_payload
        armor_lowercase armor_no_eol armor_no_padding armor_pgp_checksum armor_short_line
        armor_whitespace_end armor_whitespace_last_line armor_whitespace_outside armor_x25519
        header_crlf version_unsupported
    """,
    "bundle.torn header_cut": """
        empty
    """,
    "bundle.torn header": """
        hmac_bad stream_no_nonce stream_short_nonce x25519_identity
    """,
    "bundle.not_a_bundle header_mac_line": """
        hmac_garbage hmac_no_space hmac_trailing_space stanza_bad_start stanza_no_arguments
    """,
    "bundle.not_a_bundle header_grease": """
        hybrid hybrid_bad_tag hybrid_currupted_enc_x25519 hybrid_grease hybrid_long_file_key
        hybrid_low_order hybrid_no_match hybrid_not_canonical_enc hybrid_uppercase scrypt
        scrypt_bad_tag scrypt_extra_argument scrypt_no_match scrypt_not_canonical_salt
        scrypt_salt_missing scrypt_uppercase scrypt_work_factor_hex
        scrypt_work_factor_leading_plus scrypt_work_factor_leading_zero_octal
        scrypt_work_factor_negative scrypt_work_factor_trailing_garbage scrypt_work_factor_zero
        stanza_empty_argument stanza_empty_last_line stanza_long_line stanza_missing_final_line
        stanza_spurious_cr x25519_lowercase
    """,
    "opens": """
        stream_257_chunks stream_258_chunks stream_empty_payload stream_last_chunk_full
        stream_three_chunks x25519
    """,
    "bundle.torn payload": """
        stream_bad_tag_second_chunk stream_missing_tag stream_no_final stream_no_final_two_chunks
        stream_trailing_garbage_short stream_two_final_chunks stream_two_final_chunks_second
    """,
    "bundle.not_a_bundle header_stanza": """
        x25519_extra_argument x25519_long_share x25519_not_canonical_share
    """,
    "bundle.not_for_us no_key": """
        x25519_no_match
    """,
}
PINNED = {name: outcome for outcome, names in OUTCOMES.items() for name in names.split()}


class AgeVector:
    """One file of the kit: lines "key: value", an empty line, the age file."""

    def __init__(self, path: Path) -> None:
        head, _, body = path.read_bytes().partition(b"\n\n")
        pairs = [line.split(": ", 1) for line in head.decode().splitlines()]
        self.says = dict(pairs)
        self.secrets = [_secret(value) for key, value in pairs if key == "identity"]
        self.file = zlib.decompress(body) if "compressed" in self.says else body
        self.stanzas = self.file.split(b"\n---")[0].count(b"\n-> X25519 ")


def _secret(text: str) -> bytes:
    """Return the raw secret of an AGE-SECRET-KEY; nothing for the kinds we do not have."""
    prefix, _, digits = text.lower().rpartition("1")
    if prefix != "age-secret-key-":
        return b""
    value = 0
    for digit in digits[:-6]:
        value = value << 5 | BECH32.index(digit)
    return (value >> 4).to_bytes(32, "big")


def outcome_of(vector: AgeVector) -> tuple[str, bytes]:
    """Return what our codec makes of it, and the plaintext that it released."""
    released = io.BytesIO()
    secrets = [secret for secret in vector.secrets if secret]
    try:
        age.decrypt(io.BytesIO(vector.file), released, secrets, stanzas=vector.stanzas)
    except KfdeskError as error:
        return f"{error.code} {error.data['why']}", released.getvalue()
    return "opens", released.getvalue()


@needs_age
def test_every_age_vector_is_pinned() -> None:
    assert {path.name for path in AGE.iterdir()} - {"SOURCE.txt"} == set(PINNED)


def comes_out_as_pinned(name: str) -> None:
    vector = AgeVector(AGE / name)
    outcome, released = outcome_of(vector)
    assert outcome == PINNED[name]
    if outcome == "opens" or vector.says["expect"] == "payload failure":
        assert hashlib.sha256(released).hexdigest() == vector.says["payload"]
    else:
        assert released == b""
    if vector.says["expect"] != "success":
        assert PINNED[name] != "opens"


@needs_age
def test_an_age_vector_comes_out_as_pinned_and_what_age_refuses_we_refuse() -> None:
    assert failing(comes_out_as_pinned, zip(sorted(PINNED), strict=True)) == {}


def is_no_bundle(name: str) -> None:
    vector = AgeVector(AGE / name)
    with pytest.raises(KfdeskError) as caught:
        age.decrypt(io.BytesIO(vector.file), io.BytesIO(), [])
    assert caught.value.code in ("bundle.not_a_bundle", "bundle.torn")


@needs_age
def test_no_age_vector_passes_as_a_bundle() -> None:
    """None of them has eight stanzas: with the real gate nothing of them is ever decrypted."""
    assert failing(is_no_bundle, zip(sorted(PINNED), strict=True)) == {}


def signatures() -> list[Any]:
    if not ED25519.is_file():
        return []
    groups = json.loads(ED25519.read_text(encoding="utf-8"))["testGroups"]
    return [(group["publicKey"]["pk"], test) for group in groups for test in group["tests"]]


@needs_ed25519
def test_all_ed25519_vectors_are_there() -> None:
    results = [test["result"] for _, test in signatures()]
    assert (results.count("valid"), results.count("invalid")) == (88, 63)


def is_judged_as_it_says(key: str, test: dict[str, Any]) -> None:
    message, signature = bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"])
    assert is_signed(bytes.fromhex(key), message, signature) == (test["result"] == "valid")


@needs_ed25519
def test_an_ed25519_vector_is_judged_as_it_says() -> None:
    assert failing(is_judged_as_it_says, signatures()) == {}
