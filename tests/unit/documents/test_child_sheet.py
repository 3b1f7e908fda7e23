# SPDX-License-Identifier: GPL-3.0-or-later
"""The child's sheet: eight sentences with drawings in thirteen languages, and whom to call."""

from itertools import pairwise

import polib
import pytest
from tests.support import make
from tests.support.make import HERSELF, disclosed
from tests.unit.documents.paper_samples import ROOT, page_images

from kfdesk.documents.layout.canvas import ICON_SQUARE
from kfdesk.documents.layout.style import A6
from kfdesk.documents.traveller.child_sheet import (
    CHILD_SENTENCES,
    ChildSheet,
    build_child_sheets,
    call_request,
    child_sentences,
    child_title,
    draw_child_sheets,
    make_child_sheet,
)
from kfdesk.documents.traveller.content import draft_mark
from kfdesk.documents.traveller.pictograms import PICTOGRAMS, pictogram
from kfdesk.documents.typesetting import Typesetter, missing_texts, page_texts
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers import CONTENTS, PrintContext
from kfdesk.domain.values import Value
from kfdesk.i18n.language import CHILD_LANGUAGES

PHONES = ("+46 70-174 06 15", "+7 000 555-01-17")
ALVA = ChildSheet("ALVA VYMYSLOVA", "", PHONES)
CONTEXT = PrintContext(make.NOW, "PP", 1)


def given(**values: Value) -> Disclosed:
    """Return a child and two numbers, as they are disclosed for the sheet."""
    numbers = (make.row("help_number"),
               make.row("help_number", {"sequence": 2, "number": "+7 811 200 00 00"},
                        rid=make.named_id("second number")))  # fmt: skip
    child = make.row("traveller", {**make.FILLED["traveller"], **values})
    rows = (make.row("client"), make.row("plan"), child, *numbers)
    what = disclosed(to=HERSELF, by=Channel.CARRIED, rows=rows)
    return what.only_keys(CONTENTS[PaperName.CHILDS_SHEET])


def order(language: str) -> PaperRequest:
    return PaperRequest(PaperName.CHILDS_SHEET, make.PLAN, language, PaperFormat.A6)


@pytest.mark.parametrize("code", CHILD_LANGUAGES)
@pytest.mark.parametrize("is_draft", [False, True])
def test_page_says_everything_in_each_language(
    press: Typesetter, code: str, *, is_draft: bool
) -> None:
    words = press.traveller(code)
    for carer in ("", "Karin"):
        sheet = ChildSheet(ALVA.name, carer, PHONES)
        pdf = draw_child_sheets((sheet,), words, press, is_draft=is_draft)
        said = [sentence for _, sentence in child_sentences(words, carer)]
        wanted = [ALVA.name, child_title(words), call_request(words), *said, *PHONES]
        wanted += ["Please call this number"] if code != "en" else []
        wanted += [draft_mark(words).upper()] if is_draft else []
        assert missing_texts(pdf, wanted) == []
        assert len(said) == 8
        assert len(page_texts(pdf)) == 1
        assert carer in said[1]


@pytest.mark.parametrize("code", [one for one in CHILD_LANGUAGES if one != "en"])
def test_every_language_says_it_in_words_of_its_own(press: Typesetter, code: str) -> None:
    catalogue = polib.pofile(str(ROOT / "translations" / code / "LC_MESSAGES" / "traveller.po"))
    own = {entry.msgid: entry.msgstr for entry in catalogue}
    for sentence in CHILD_SENTENCES.values():
        assert own[sentence] not in ("", sentence)
    assert draft_mark(press.traveller(code)) != draft_mark(press.traveller("en"))


def test_each_child_has_a_page_and_no_page_names_another(press: Typesetter) -> None:
    sheets = (ALVA, ChildSheet("BO VYMYSLOV", "Karin", PHONES))
    pages = page_texts(draw_child_sheets(sheets, press.traveller("sv"), press))
    assert [("ALVA" in one, "BO VYM" in one) for one in pages] == [(True, False), (False, True)]
    assert "Karin" not in pages[0]


def test_every_drawing_stays_in_its_square_and_belongs_to_a_sentence() -> None:
    assert list(PICTOGRAMS) == list(CHILD_SENTENCES)
    for name in PICTOGRAMS:
        numbers = [number for _, points in pictogram(name) for point in points for number in point]
        assert min(numbers) >= 0.5, name
        assert max(numbers) <= ICON_SQUARE - 0.5, name


def test_page_is_as_small_as_a_pocket_and_has_ink_for_each_drawing(press: Typesetter) -> None:
    pdf = draw_child_sheets((ALVA,), press.traveller("sv"), press)
    (page,) = page_images(pdf, 2)
    assert abs(page.width - 2 * A6.width) <= 2
    column = page.crop((int(2 * A6.margin), 0, int(2 * (A6.margin + 26)), page.height))
    grey = column.convert("L")
    dark = [
        y for y in range(grey.height) if min(grey.crop((0, y, grey.width, y + 1)).tobytes()) < 90
    ]
    groups = sum(other - one > 2 for one, other in pairwise(dark))
    assert groups >= len(PICTOGRAMS)


def test_content_is_the_childs_and_the_numbers_alone() -> None:
    (sheet,) = build_child_sheets(given(), "ru")
    assert sheet == ChildSheet("ALVA VYMYSLOVA", "Карин", ("+46 70 174 06 15", "+7 811 200 00 00"))
    (other,) = build_child_sheets(given(), "sv")
    assert other.carer == "Karin"


def test_finished_paper_is_read_back_and_nothing_is_no_paper(press: Typesetter) -> None:
    pdf = make_child_sheet(order("ru"), given(), CONTEXT, press)
    assert "Карин" in page_texts(pdf)[0]
    nobody = disclosed(to=HERSELF, by=Channel.CARRIED, rows=(make.row("client"),))
    for what in (nobody.only_keys(CONTENTS[PaperName.CHILDS_SHEET]),):
        with pytest.raises(KfdeskError, match=r"paper\.incomplete"):
            make_child_sheet(order("ru"), what, CONTEXT, press)


def test_names_that_have_no_room_are_refused_and_not_cut(press: Typesetter) -> None:
    long = ChildSheet("ALVA " * 60, "Karin", PHONES)
    with pytest.raises(KfdeskError, match=r"documents\.too_much"):
        draw_child_sheets((long,), press.traveller("sv"), press)
