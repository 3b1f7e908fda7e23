# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written as cards or as a table is read back; any other bytes are refused."""

import io
from collections.abc import Callable
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.samples import examples

from kfdesk.domain.codes.core import NETWORKS, POPULATIONS, SERVICES
from kfdesk.domain.directory import ParsedContact, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import clean_text
from kfdesk.formats.files import read_contact_files
from kfdesk.formats.rows import ExportedEntry
from kfdesk.formats.tables import write_csv
from kfdesk.formats.vcard import write_vcards
from kfdesk.formats.workbooks import write_xlsx

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), max_size=60
).map(lambda text: " ".join(clean_text(text).removeprefix("'").split()))
NAMES = WORDS.filter(lambda text: any(letter.isalpha() for letter in text))
NUMBERS = st.lists(st.from_regex(r"\A\+?[1-9][0-9 ]{4,12}[0-9]\Z"), max_size=3, unique=True)


def codes(known: dict[str, str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(known)), max_size=3, unique=True).map(tuple)


@st.composite
def houses(draw: st.DrawFn) -> ExportedEntry:
    values: dict[str, str | tuple[str, ...]] = {
        "name": draw(NAMES),
        "city": draw(WORDS),
        "email": draw(WORDS),
        "website": draw(WORDS),
        "country": draw(st.sampled_from(["", "SE", "RU", "EE"])),
        "services": draw(codes(dict(SERVICES))),
        "populations": draw(codes(dict(POPULATIONS))),
        "networks": draw(codes(dict(NETWORKS))),
        "languages": draw(codes({"ru": "", "sv": "", "et": ""})),
    }
    said = {key: value for key, value in values.items() if value}
    return ExportedEntry(draw(st.binary(min_size=16, max_size=16)), "organisation", said,
                    tuple(draw(NUMBERS)))  # fmt: skip


def back(data: bytes) -> list[ParsedContact]:
    return list(read_contact_files({"list": data}, ParseOptions()).entries)


@pytest.mark.parametrize("write", [write_vcards, write_csv, write_xlsx])
@given(st.lists(houses(), min_size=1, max_size=4))
@settings(max_examples=examples(25), deadline=None)
def test_organisations_come_back_as_they_went(
    write: Callable[[list[ExportedEntry], BinaryIO], None], entries: list[ExportedEntry]
) -> None:
    file = io.BytesIO()
    write(entries, file)
    assert [(dict(e.values), e.numbers) for e in back(file.getvalue())] == [
        (dict(e.values), e.numbers) for e in entries
    ]


@pytest.mark.parametrize("name", ["=1+1", "a_x0041_b", "_x005F_", "<&> \"'", "_", "köp 𝔥us"])
def test_any_name_comes_back_out_of_a_workbook(name: str) -> None:
    file = io.BytesIO()
    write_xlsx([ExportedEntry(bytes(16), "organisation", {"name": name})], file)
    assert [entry.name for entry in back(file.getvalue())] == [name]
    (cell,) = load_workbook(io.BytesIO(file.getvalue())).worksheets[0]["A2":"A2"][0]
    assert cell.data_type in {"s", "inlineStr"}


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"BEGIN:VCARD\n", b"PK\3\4", b"[{", b"a;b\n"])
)
@settings(max_examples=examples(200), deadline=None)
def test_any_bytes_are_read_or_refused_with_a_code(data: bytes, head: bytes) -> None:
    code, found = "", 0
    try:
        reading = read_contact_files({"list": head + data}, ParseOptions())
        found = len(reading.entries) + len(reading.broken)
    except KfdeskError as fault:
        code = fault.code
    assert found or code.startswith("contacts.")
