# SPDX-License-Identifier: GPL-3.0-or-later
"""FORMAT.md and the code say the same: every refusal, every limit, every example."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kfdesk.bundle
from kfdesk.bundle import age, card, container, payload
from kfdesk.domain import attachments, exchange, kinds, registers

ROOM = Path(kfdesk.bundle.__file__).parent
FORMAT = (ROOM / "FORMAT.md").read_text(encoding="utf-8")
CALLS = {
    "_not_a_bundle": "bundle.not_a_bundle", "_damaged": "card.damaged",
    "decode_items": "bundle.torn", "check_ascending": "bundle.torn",
    "Limit": "bundle.too_large",
}  # fmt: skip
CODES = ("bundle.", "card.")


def refusals_in(path: Path) -> Iterator[tuple[str, str]]:
    """Each (code, why) that a module raises, found in its text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        text = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if node.func.id in CALLS and text:
            yield CALLS[node.func.id], str(text[0])
        if node.func.id == "KfdeskError" and text and str(text[0]).startswith(CODES):
            yield from ((str(text[0]), why) for why in _reasons(node, str(text[0])))


def _reasons(call: ast.Call, code: str) -> list[str]:
    """Return what `why` says there. The writer works out one of two; makers are CALLS."""
    for keyword in call.keywords:
        if keyword.arg == "why" and isinstance(keyword.value, ast.Constant):
            return [str(keyword.value.value)]
    return ["disk", "disk_full"] if code == "bundle.not_written" else []


def refusals_in_format() -> set[tuple[str, str]]:
    table = FORMAT.split("## What kfdesk says when it refuses")[1]
    found = set()
    for code, rest in re.findall(r"^\| `([a-z._]+)` \| (.*) \|$", table, re.MULTILINE):
        found |= {(code, why) for why in re.findall(r"`([a-z_]+)`", rest)}
    return found


def test_every_refusal_in_the_code_stands_in_the_format() -> None:
    modules = [*ROOM.rglob("*.py"), Path(registers.__file__)]
    raised = {pair for path in modules for pair in refusals_in(path)}
    assert raised - refusals_in_format() == set()
    assert refusals_in_format() - raised == set()


@pytest.mark.parametrize(
    "limit",
    [
        age.MAX_FILE,
        age.MAX_HEADER,
        container.MAX_MANIFEST,
        container.MAX_RAW,
        container.MAX_PACKED,
        container.MAX_SEGMENTS,
        container.MAX_RAW_TOTAL,
        container.MAX_RECORDS,
        container.MIN_PLAINTEXT,
        card.MAX_CARD,
        card.MAX_NAME_BYTES,
        payload.MAX_RECORD_FIELDS,
        payload.MAX_SUPERSEDED,
        payload.MAX_SIBLINGS,
        kinds.MAX_VALUE_BYTES,
        exchange.MAX_FILE_NOTICES,
        exchange.MAX_ORDERS,
        payload.MAX_ORDER_WRITES,
        payload.MAX_ORDER_FIELDS,
        exchange.MAX_KEY_ITEMS,
        exchange.MAX_FILE_CHUNKS,
        exchange.MAX_PROVENANCE,
        exchange.MAX_PROVENANCE_WRITES,
        payload.MAX_CHUNKS,
        attachments.CHUNK_BYTES,
        exchange.MAX_NUMBERS_AHEAD,
        exchange.MAX_FILE_WRITES,
        exchange.MAX_FILE_SUPERSEDED,
        exchange.MAX_FILE_SAVES,
        exchange.MAX_RECORDS_RAW,
        exchange.MAX_MESSAGES_RAW,
        exchange.MAX_ORDERED_WRITES,
        exchange.MAX_EPOCHS,
        exchange.EPOCH_DAYS,
        exchange.MAX_UNSEEN_WITHDRAWALS,
        exchange.MAX_UNKNOWN_CONSENTS,
        exchange.MAX_WAITING_ORDERS,
        exchange.MAX_MISSING,
        registers.MAX_RECORD_BYTES,
    ],
)
def test_every_limit_stands_in_the_format(limit: int) -> None:
    assert re.search(rf"(?<![\d,]){limit:,}(?![\d,])", FORMAT)


@pytest.mark.parametrize(
    "text",
    [
        container.BUNDLE_MAGIC.decode().strip(),
        container.SIGNED_PREFIX.decode().strip("\0"),
        card.CARD_MAGIC.decode().strip(),
        card._SIGNED_PREFIX.decode().strip("\0"),
        card._DIGITS_PREFIX.decode().strip("\0"),
        card._COUNTERSIGNED_PREFIX.decode().strip("\0"),
        card._TICKET_PREFIX.decode().strip("\0"),
        card.ANSWER_MAGIC.decode().strip(),
        container._GZIP_HEADER.hex(" "),
    ],
)
def test_every_fixed_text_stands_in_the_format(text: str) -> None:
    assert f"`{text}`" in FORMAT


def test_the_examples_of_padding_are_right() -> None:
    examples = re.findall(r"P\(([\d,]+)\) = ([\d,]+)", FORMAT)
    assert len(examples) >= 4
    for length, padded in examples:
        assert container.padded_length(int(length.replace(",", ""))) == int(padded.replace(",", ""))


def test_the_manifest_has_as_many_members_as_its_table() -> None:
    table = FORMAT.split("## The manifest")[1].split("\n\n")[2]
    rows = [line for line in table.splitlines() if re.match(r"\| \d+ \|", line)]
    assert len(rows) == len(container.Manifest.__struct_fields__)


def test_every_kind_of_segment_stands_in_the_format() -> None:
    table = FORMAT.split("## Segments")[1].split("\n\n")[1]
    rows = re.findall(r"^\| (\d+) \|", table, re.MULTILINE)
    assert [int(row) for row in rows] == [kind.value for kind in container.SegmentKind]
