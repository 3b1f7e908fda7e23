# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is typed or imported, the directory finds it or finds nothing, at a bounded cost."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kfdesk.domain.directory import FileKind, ParseOptions
from kfdesk.domain.names import FoldedWord, fold_words
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.i18n.language import Language
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import search
from kfdesk.services.directory.files import (
    ImportStatus,
    export_contacts,
    preview_contact_import,
)
from kfdesk.services.directory.search import (
    DirectoryQuery,
    find_same_name,
    quick_find,
    read_result_page,
    search_directory,
)
from kfdesk.system import paths

SWEDISH = Language("sv", paths.translations_folder())
SIGNS = (
    "½", "ͺ", "ﷺ", "ﹰ", "⑴", "ŉ", "℡", "ﬁ", "Ⅳ", "ſ", "İ", "ß", "𝔘", "㋿", "\ufffe", "\uffff",
    "\U0001fffe", "🙂", "\u0345", "´", "゛", '"', "'", "(", ")", "*", ":", "^", "-", "#", "@", "=",
    "~", "_", "\\", "{", "\u2028", "\u00a0",
)  # fmt: skip


def kept(desk: Session, name: str, **more: object) -> bytes:
    values: dict[str, Any] = {"name": name, "confidentiality": "partners_only", **more}
    return create_record(desk, Organisation, values)


def found(desk: Session, typed: str) -> set[bytes]:
    ids = search_directory(desk, DirectoryQuery(typed), SWEDISH).ids
    return {line.rid for line in read_result_page(desk, ids)}


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_a_name_with_a_strange_sign_is_found_and_known_again(desk: Session, sign: str) -> None:
    name = f"Hus{sign}test {sign} {sign}{sign}"
    rid = kept(desk, name, city=f"Ort{sign}", email=f"a{sign}@example.org")
    assert rid in found(desk, name)
    assert rid in {hit.rid for hit in quick_find(desk, name, 9, SWEDISH)}
    assert rid in {line.rid for line in find_same_name(desk, "organisation", b"", name)}
    found(desk, sign)
    found(desk, f"{sign}x{sign}")
    quoted = '","'.join((name.replace('"', '""'), f"Ort{sign}".replace('"', '""')))
    table = f'name,city\n"{quoted}"\n'.encode()
    (line,) = preview_contact_import(desk, {"list": table}, ParseOptions()).lines
    assert line.twin is not None
    assert line.twin.entry.rid == rid


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "_x0041_", "_x005F_", "]]>", "&<>", "🙂"])
def test_a_workbook_with_strange_signs_is_read_by_others_and_by_us(
    desk: Session, tmp_path: Path, sign: str
) -> None:
    kept(desk, f"Hus{sign}test", offers=f"Ett{sign}\n{sign}två")
    path = tmp_path / "list.xlsx"
    export_contacts(desk, FileKind.XLSX, path)
    sheet = load_workbook(io.BytesIO(path.read_bytes())).worksheets[0]
    assert len(list(sheet.iter_rows())) == 3
    preview = preview_contact_import(desk, {"list": path.read_bytes()}, ParseOptions())
    assert set(preview.fates) == {ImportStatus.SAME}


@pytest.mark.parametrize("letter", ["a", "щ", "ﷺ", "1", "½"])
def test_a_word_without_end_is_looked_for_as_it_is(desk: Session, letter: str) -> None:
    rid = kept(desk, letter * 900)
    assert not letter.isalpha() or rid in found(desk, letter * 900)
    assert found(desk, letter * 60_000) <= {rid}
    assert not letter.isalpha() or found(desk, f"{letter * 800}x") == set()


def test_of_a_pasted_text_the_first_words_are_looked_for(desk: Session) -> None:
    rid = kept(desk, " ".join(f"ord{n}" for n in range(20)))
    pasted = " ".join(f"ord{n}" for n in range(10_000))
    assert found(desk, pasted) == {rid}
    assert quick_find(desk, pasted, 9, SWEDISH)[0].rid == rid
    text = kept(desk, "Lång", note=pasted[:60_000])
    assert text in found(desk, "ord6000")


@pytest.mark.parametrize("pasted", ["ord " * 15_000, "ﷺ" * 60_000, "½x " * 20_000, "(" * 60_000])
def test_of_a_pasted_page_only_the_beginning_is_taken_apart(
    desk: Session, monkeypatch: pytest.MonkeyPatch, pasted: str
) -> None:
    rid = kept(desk, f"{pasted[:150]}")
    folded: list[int] = []

    def counted(*texts: str) -> tuple[FoldedWord, ...]:
        folded.append(max(map(len, texts)))
        return fold_words(*texts)

    monkeypatch.setattr(search, "fold_words", counted)
    found(desk, pasted)
    quick_find(desk, pasted, 9, SWEDISH)
    find_same_name(desk, "organisation", rid, pasted)
    assert max(folded) <= 1_000


def test_a_number_without_end_is_indexed_by_its_beginning(desk: Session) -> None:
    values = {"given_name": "Karin", "phone": "+46 8 465 004 01" + "7" * 60_000}
    rid = create_record(desk, Contact, {**values, "confidentiality": "secret"})
    assert rid in found(desk, "465 004 01")
    assert rid in found(desk, values["phone"])
