# SPDX-License-Identifier: GPL-3.0-or-later
"""A catalogue says what Python's own reader says, whatever is asked first, and survives damage."""

import gettext
import struct
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from tests.unit.i18n.po_files import CATALOGUES, language_of

from kfdesk.i18n.catalogue_file import CatalogueFile, catalogue_path, message_count
from kfdesk.i18n.language import PROGRAM, Language

COUNTS = (0, 1, 2, 3, 5, 11, 12, 21, 22, 25, 100, 101, 111, 1002)
KINDS = [pytest.param(path, id=f"{language_of(path)}-{path.stem}") for path in CATALOGUES]


def both(folder: Path, source: Path) -> tuple[CatalogueFile, gettext.NullTranslations]:
    """Return a compiled catalogue as we and as Python read it."""
    path = catalogue_path(folder, language_of(source), source.stem)
    with path.open("rb") as stream:
        return CatalogueFile(path.read_bytes()), gettext.GNUTranslations(stream)


@pytest.mark.parametrize("source", KINDS)
def test_every_message_is_what_gettext_says(catalogues: Path, source: Path) -> None:
    ours, theirs = both(catalogues, source)
    with source.open("rb") as stream:
        messages = [each for each in read_po(stream) if each.id]
    assert messages
    for each in messages:
        one, many = each.id if isinstance(each.id, tuple | list) else (each.id, each.id)
        if each.context:
            said = theirs.pgettext(each.context, one)
            assert ours.pgettext(each.context, one) == said
        assert ours.gettext(one) == theirs.gettext(one)
        for count in COUNTS:
            assert ours.ngettext(one, many, count) == theirs.ngettext(one, many, count)


@pytest.mark.parametrize("source", KINDS[:2])
def test_message_that_is_not_there_stays_as_it_is(catalogues: Path, source: Path) -> None:
    for reader in (both(catalogues, source)[0], CatalogueFile()):
        for _ in range(2):  # as it was read, and as it was kept
            assert reader.gettext("Not there") == "Not there"
            assert reader.pgettext("Nowhere", "Not there") == "Not there"
            assert reader.ngettext("{count} owl", "{count} owls", 1) == "{count} owl"
            assert reader.ngettext("{count} owl", "{count} owls", 5) == "{count} owls"


def written(folder: Path, header: str = "") -> bytes:
    """Return a small compiled catalogue with a plural, in a language with one form."""
    catalogue = Catalog(locale="ja", charset="utf-8")
    catalogue.add("Today", "今日")
    catalogue.add(("{count} day", "{count} days"), ("{count} 日",))
    path = folder / "ja.mo"
    with path.open("wb") as stream:
        write_mo(stream, catalogue)
    data = path.read_bytes()
    if header:
        at = data.index(b"Plural-Forms")
        data = data[:at] + header.encode().ljust(12)[:12] + data[at + 12 :]
    return data


def test_plural_with_one_form_has_it_for_every_count(tmp_path: Path) -> None:
    reader = CatalogueFile(written(tmp_path))
    assert {reader.ngettext("{count} day", "{count} days", count) for count in COUNTS} == {
        "{count} 日"
    }
    assert reader.ngettext("Today", "Today", 2) == "Today"


def test_catalogue_without_a_rule_counts_as_english_does(tmp_path: Path) -> None:
    reader = CatalogueFile(written(tmp_path, "X-Something:"))
    assert reader.ngettext("{count} day", "{count} days", 1) == "{count} 日"
    assert reader.ngettext("{count} day", "{count} days", 2) == "{count} days"


def test_catalogue_of_the_other_byte_order_is_read(tmp_path: Path) -> None:
    data = written(tmp_path)
    count = struct.unpack_from("<I", data, 8)[0]
    tables = 28 + 16 * count
    words = struct.unpack_from(f"<{tables // 4}I", data)
    turned = struct.pack(f">{len(words)}I", *words) + data[tables:]
    path = catalogue_path(tmp_path, "ja", PROGRAM)
    path.parent.mkdir(parents=True)
    path.write_bytes(turned)
    assert Language("ja", tmp_path).gettext("Today") == "今日"
    assert message_count(path) == count - 1 == 2


def test_torn_catalogue_says_what_is_whole_and_else_english(tmp_path: Path) -> None:
    data = written(tmp_path)
    heard = set()
    for end in range(4, len(data)):
        reader = CatalogueFile(data[:end])
        heard.add((reader.gettext("Today"), reader.ngettext("{count} day", "{count} days", 2)))
    assert heard <= {
        (one, many) for one in ("Today", "今日") for many in ("{count} days", "{count} 日")
    }
    assert ("Today", "{count} days") in heard


@pytest.mark.parametrize("data", [b"MO", b"x" * 4000])
def test_file_that_is_no_catalogue_is_told(data: bytes) -> None:
    with pytest.raises(OSError, match="magic"):
        CatalogueFile(data)


@pytest.mark.parametrize("place", range(4, 60, 4))
@pytest.mark.parametrize("value", [0, 1, 2**31, 2**32 - 1])
def test_wrong_number_in_the_tables_raises_nothing(tmp_path: Path, place: int, value: int) -> None:
    data = bytearray(written(tmp_path))
    data[place : place + 4] = value.to_bytes(4, "little")
    reader = CatalogueFile(bytes(data))
    assert isinstance(reader.gettext("Today"), str)
    assert isinstance(reader.ngettext("{count} day", "{count} days", 2), str)
