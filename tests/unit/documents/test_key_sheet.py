# SPDX-License-Identifier: GPL-3.0-or-later
"""The sheet of a recovery key: every sign is on it, in every language, and nothing that betrays."""

import os
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.documents.paper_samples import ROOT, page_images

from kfdesk.app import language
from kfdesk.documents.layout.canvas import OffPageError
from kfdesk.documents.papers import Papers
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.recovery_key import spell_key, spell_sheet, split_key

WHOLE = spell_key(bytes(range(1, 20)) + b"\x02")
SHARED = [
    spell_sheet(sheet, os.urandom) for sheet in split_key(make.named_bytes("key", 20), os.urandom)
]
EACH_LANGUAGE = pytest.mark.parametrize("code", ["sv", "en", "ru"])
TELLTALES = ("notebook", "kfdesk", "shelter", "plan", "skydd", "приют", "store", "passphrase")


@pytest.fixture(scope="module")
def papers() -> Papers:
    return Papers(ROOT / "resources", ROOT / "translations")


def signs_of(text: str) -> str:
    return "".join(text.split())


@EACH_LANGUAGE
def test_one_key_is_one_page_with_all_its_groups(papers: Papers, code: str) -> None:
    pdf = papers.key_sheets([WHOLE], language(code))
    (text,) = page_texts(pdf)
    assert all(group in signs_of(text) for group in WHOLE)
    assert "3" not in text.splitlines()[0]


@EACH_LANGUAGE
def test_three_sheets_are_three_pages_that_say_which_they_are(papers: Papers, code: str) -> None:
    words = language(code)
    texts = page_texts(papers.key_sheets(SHARED, words))
    said = words.gettext("Sheet {number} of {count}")
    for number, (text, groups) in enumerate(zip(texts, SHARED, strict=True), start=1):
        assert said.format(number=number, count=3) in text
        assert all(group in signs_of(text) for group in groups)
        others = [other for other in SHARED if other is not groups]
        assert not all(group in signs_of(text) for other in others for group in other)


@EACH_LANGUAGE
def test_nothing_says_what_it_opens_or_whose_it_is(papers: Papers, code: str) -> None:
    pdf = papers.key_sheets(SHARED, language(code))
    told = " ".join(page_texts(pdf)).casefold()
    assert not [word for word in TELLTALES if word in told]
    assert b"/Producer ()" in pdf
    assert b"/Title ()" in pdf


@EACH_LANGUAGE
def test_there_is_room_for_date_and_place_and_the_way_without_a_printer(
    papers: Papers, code: str
) -> None:
    words = language(code)
    text = " ".join(page_texts(papers.key_sheets([WHOLE], words))[0].split())
    for said in ("Date", "Where it is kept", "Sealed by (initials)"):
        assert words.gettext(said) in text
    by_hand = (
        "Copy the characters by hand if you do not trust the printer: it may keep what "
        "it has printed."
    )
    assert words.gettext(by_hand) in text


def test_same_key_gives_the_same_bytes(papers: Papers) -> None:
    words = language("en")
    assert papers.key_sheets([WHOLE], words) == papers.key_sheets([WHOLE], words)


def test_signs_are_printed_large_enough_to_be_copied(papers: Papers) -> None:
    """A page without its signs is almost white: they are most of its ink."""
    words = language("en")
    inks = [
        sum(byte < 128 for byte in page_images(papers.key_sheets([groups], words), 1)[0].tobytes())
        for groups in (("0",), WHOLE)
    ]
    assert inks[1] > 1.5 * inks[0]


def test_page_that_would_not_hold_its_signs_is_refused(
    papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OffPageError):
        papers.key_sheets([("ABCD",) * 60], language("en"))
    module = Path(__file__)
    monkeypatch.setattr("kfdesk.documents.papers.page_texts", lambda _pdf: [module.name])
    with pytest.raises(KfdeskError) as refused:
        papers.key_sheets([WHOLE], language("en"))
    assert refused.value.code == "paper.incomplete"
