# SPDX-License-Identifier: GPL-3.0-or-later
"""Of ICU's data stays what the order of words needs; the real library of Qt is cut here."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from build_package import SOURCE_LANGUAGE, languages
from icu_data import LIBRARY, cut, cut_libraries, found_in, is_kept, items_of, link, pack
from steps import SetupError

FOLDER = Path(PySide6.__file__).parent / "Qt" / "lib"
SPOKEN = languages() | {SOURCE_LANGUAGE}
SMALL = 4_000_000  # bytes

needs_qt = pytest.mark.skipif(
    not list(FOLDER.glob(f"{LIBRARY}*")) or not shutil.which("ld"),
    reason="this Qt brings no data of ICU, or binutils are not installed",
)
# Sorts letters of all languages, and says in which order they came.
SORTING = """
import sys
from functools import cmp_to_key
from itertools import product
from PySide6.QtCore import QCollator, QLocale
letters = "aáäåãbcčdðeéęfgiíıjkklłmnñoóöőpqrsšßtțuúüvwxyzžæøþabвгґдеёжзийіїклмнорстуфхцчшщъыьэюя1"
words = ["".join(each) for each in product(letters, letters)]
for code in sys.argv[1:]:
    print(code, "".join(sorted(words, key=cmp_to_key(QCollator(QLocale(code)).compare))))
"""


def order(library: Path | None, *codes: str) -> str:
    """Return the digest of the order of words in these languages, with another library of data."""
    around = os.environ | ({"LD_PRELOAD": str(library)} if library else {})
    said = subprocess.check_output([sys.executable, "-c", SORTING, *codes], env=around)
    return hashlib.sha256(said).hexdigest()


@pytest.mark.slow
@needs_qt
def test_cut_data_of_the_real_library_sorts_each_language_as_before(tmp_path: Path) -> None:
    original = next(FOLDER.glob(f"{LIBRARY}*"))
    copy = tmp_path / original.name
    shutil.copyfile(original, copy)
    assert list(cut_libraries(tmp_path, SPOKEN)) == [copy]
    assert copy.stat().st_size < SMALL < original.stat().st_size
    assert order(copy, *sorted(SPOKEN)) == order(None, *sorted(SPOKEN))
    assert order(copy, "nb") != order(None, "nb")  # the control: nothing here is written in it


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("coll/sv.res", True),
        ("coll/ru_RU.res", True),
        ("coll/zh.res", False),
        ("coll/root.res", True),
        ("coll/res_index.res", True),
        ("coll/ucadata.icu", True),
        ("sv.res", True),
        ("ja.res", False),
        ("supplementalData.res", True),
        ("nfkc.nrm", True),
        ("gb18030.cnv", False),
        ("unames.icu", False),
        ("brkitr/cjdict.dict", False),
        ("region/sv.res", False),
        ("translit/root.res", False),
    ],
)
def test_order_of_our_languages_stays_and_the_rest_goes(name: str, stays: bool) -> None:
    assert is_kept(f"icudt73l/{name}", {"sv", "ru"}) is stays


HEAD = (32).to_bytes(2, "little") + b"\xda\x27" + bytes(8) + b"CmnD" + bytes(16)
ITEMS = {"icudt73l/coll/sv.res": b"a" * 16, "icudt73l/coll/zh.res": b"b" * 32,
         "icudt73l/root.res": b"c" * 16}  # fmt: skip


def test_packed_items_are_the_same_when_read_again() -> None:
    data = pack(HEAD, ITEMS)
    assert items_of(data) == ITEMS
    assert list(items_of(cut(data, {"sv"}))) == ["icudt73l/coll/sv.res", "icudt73l/root.res"]
    assert all(data.index(item) % 16 == 0 for item in ITEMS.values())


@pytest.mark.skipif(not shutil.which("ld"), reason="binutils are not installed")
def test_linked_library_holds_the_data(tmp_path: Path) -> None:
    link(pack(HEAD, ITEMS), tmp_path / f"{LIBRARY}73")
    found = found_in((tmp_path / f"{LIBRARY}73").read_bytes())
    assert found.startswith(pack(HEAD, ITEMS))
    first = (tmp_path / f"{LIBRARY}73").read_bytes()
    link(pack(HEAD, ITEMS), tmp_path / f"{LIBRARY}73")
    assert (tmp_path / f"{LIBRARY}73").read_bytes() == first


@pytest.mark.parametrize("data", [b"", b"\x20\0" + b"\xff" * 60, HEAD + b"\xff" * 64])
def test_other_layout_stops_the_build(data: bytes) -> None:
    with pytest.raises(SetupError, match=r"icu_data\.py"):
        items_of(data)


@pytest.mark.parametrize("data", [b"", b"CmnD", bytes(64) + b"CmnD"])
def test_library_without_data_stops_the_build(data: bytes) -> None:
    with pytest.raises(SetupError, match=r"icu_data\.py"):
        found_in(data)
