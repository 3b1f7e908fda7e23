# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of a procedure: 22 lines on one page in every language, and a matrix that adds up."""

import re
from collections import Counter
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.unit.documents.cabinet_samples import MADE
from tests.unit.documents.procedure_samples import (
    MATRIX,
    SHEET,
    disclosed,
    printed,
    rows_of,
    shipped,
    stockholm,
)

from kfdesk.documents.layout.style import MILLIMETRE, Dot, Ring
from kfdesk.documents.procedures import matrix
from kfdesk.documents.procedures.content import Part, procedure_text
from kfdesk.documents.typesetting import Typesetter, missing_texts, page_texts, strip_layout
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.procedures.files import FileValues
from kfdesk.domain.values import MissingAnswer, PartialDate, Translation, text_in_language
from kfdesk.i18n.language import PROGRAM_LANGUAGES

PAPERS = (SHEET, MATRIX)
_PART_KEYS = {
    Part.LEADS: "lead", Part.TAKES_PART: "takes_part", Part.INFORMED: "informs",
    Part.PAYS: "pays",
}  # fmt: skip


def told(text: str) -> tuple[Translation, ...]:
    return (Translation("en", text),)


def sizes(pdf: bytes) -> set[float]:
    found: set[float] = set()

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            turned = max(abs(cm[0]), abs(cm[1])) * max(abs(tm[0]), abs(tm[1]))
            found.add(round(size * turned, 1))

    for page in PdfReader(BytesIO(pdf)).pages:
        page.extract_text(visitor_text=visit)
    return found


def actors(step: FileValues, part: Part) -> tuple[str, ...]:
    value = step.get(_PART_KEYS[part], ())
    return (value,) if isinstance(value, str) else tuple(map(str, value))  # type: ignore[arg-type]


def shown_title(step: FileValues, code: str) -> str:
    return text_in_language(step["title"], code) or ""  # type: ignore[arg-type]


# --- the whole procedure


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
def test_twenty_two_lines_stand_on_one_page(press: Typesetter, paper: PaperName, code: str) -> None:
    pdf = stockholm(press, paper, code)
    (page,) = PdfReader(BytesIO(pdf)).pages
    sides = sorted(round(float(side) / MILLIMETRE) for side in page.mediabox[2:])
    assert sides == [210, 297]
    assert min(sizes(pdf)) >= 8
    steps = shipped().steps
    titles = [shown_title(one, code) for one in steps]
    assert len(titles) == 22
    assert missing_texts(pdf, titles) == []


def test_matrix_lies_on_its_side(press: Typesetter) -> None:
    (page,) = PdfReader(BytesIO(stockholm(press, MATRIX))).pages
    assert page.mediabox.width > page.mediabox.height


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
def test_file_is_clean_and_its_fonts_are_embedded(
    press: Typesetter, paper: PaperName, code: str
) -> None:
    pdf = stockholm(press, paper, code)
    assert f"/Lang ({code})".encode() in pdf
    assert b"Helvetica" not in pdf
    assert pdf == stockholm(press, paper, code)
    for page in PdfReader(BytesIO(pdf)).pages:
        assert "/Annots" not in page
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            described = font.get_object()
            assert re.match(r"/[A-Z]{6}\+NotoSans-", described["/BaseFont"])
            assert "/FontFile2" in described["/FontDescriptor"]


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_each_law_stands_with_the_day_on_which_it_was_checked(press: Typesetter, code: str) -> None:
    words = press.program(code)
    pdf, steps = stockholm(press, SHEET, code), shipped().steps
    laws = [str(one["law"]) for one in steps if "law" in one]
    days = [
        words.short_day(one["law_read"], year=True)  # type: ignore[arg-type]
        for one in steps
        if "law_read" in one
    ]
    unread = [words.gettext("not checked")] * (len(laws) - len(days))
    assert (len(laws), len(unread)) == (19, 3)
    assert missing_texts(pdf, [*laws, *days, *unread]) == []


def test_law_that_was_checked_long_ago_is_marked(press: Typesetter) -> None:
    found = shipped()
    fresh = stockholm(press, SHEET, "en")
    old = [
        {**one, "law_read": PartialDate("2024")} if one["prefix"] == "4b" else one
        for one in found.steps
    ]
    pdf = printed(press, SHEET, rows_of(found.values, old), "en")
    assert " ".join(page_texts(fresh)).count("not checked") == 3
    assert " ".join(page_texts(pdf)).count("not checked") == 4


def test_procedure_says_its_version_and_that_it_is_a_draft(press: Typesetter) -> None:
    for paper in PAPERS:
        (text,) = page_texts(stockholm(press, paper, "en"))
        assert "version 1 · draft · 29 November 2026" in text
        assert "Not about any client" in text
        assert "Copy no. 1" in text


# --- the sums


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_sums_of_the_matrix_agree_with_the_steps(press: Typesetter, code: str) -> None:
    words, steps = press.program(code), shipped().steps
    said = procedure_text(disclosed(MATRIX, rows_of(shipped().values, steps)), words, MADE.date())
    (text,) = page_texts(stockholm(press, MATRIX, code))
    sums = text[text.index(shown_title(steps[-1], code)) :]
    for part in Part:
        counts = Counter(one for step in steps for one in actors(step, part))
        wanted = [sum(counts.values()), *(counts[one] for one in said.actors if counts[one])]
        line = sums.partition(words.gettext(matrix._LEGEND[part]))[2]
        found = re.match(r"[\s\d]+", line)
        assert found is not None
        assert [int(number) for number in found[0].split()] == wanted, part


def test_signs_of_a_step_stand_under_its_actors(press: Typesetter) -> None:
    steps = shipped().steps
    said = procedure_text(
        disclosed(MATRIX, rows_of(shipped().values, steps)), press.program("en"), MADE.date()
    )
    grid = matrix._grid(said)
    for step, text in zip(steps, said.steps, strict=True):
        items = matrix._row(text, grid).items
        for kind, part in ((Dot, Part.LEADS), (Ring, Part.TAKES_PART)):
            places = [one.x for one in items if isinstance(one, kind)]
            under = {said.actors[int((x - grid.left) // grid.cell)] for x in places}
            assert under == set(actors(step, part)), step["prefix"]
            assert len(places) == len(actors(step, part))


# --- odd procedures


def test_more_steps_than_a_page_holds_go_to_the_next(press: Typesetter) -> None:
    found = shipped()
    more = [{**one, "prefix": f"{n}{one['prefix']}"} for n in (1, 2, 3) for one in found.steps]
    for paper in PAPERS:
        pdf = printed(press, paper, rows_of(found.values, more), "en")
        pages = page_texts(pdf)
        assert len(pages) > 1
        assert f"page {len(pages)} of {len(pages)}" in pages[-1]
        assert min(sizes(pdf)) >= 8


def test_steps_stand_by_their_numbers(press: Typesetter) -> None:
    steps = [
        {"prefix": prefix, "title": told(f"Step {prefix}")}
        for prefix in ("10", "2", "b", "6b", "6a")
    ]
    (text,) = page_texts(printed(press, SHEET, rows_of({}, steps), "en"))
    places = [text.index(f"Step {prefix}") for prefix in ("2", "6a", "6b", "10", "b")]
    assert places == sorted(places)


def test_codes_of_a_newer_program_are_said_as_they_are(press: Typesetter) -> None:
    step: FileValues = {
        "prefix": "1", "title": told("<b>Bold</b> & so on"), "lead": "space_agency",
        "takes_part": ("moon_office",), "event": "full_moon", "amount": 2, "unit": "fortnight",
        "clock": "cosmic",
    }  # fmt: skip
    rows = rows_of({"title": told("Ours"), "status": "asleep"}, [step])
    (text,) = page_texts(printed(press, SHEET, rows, "en"))
    for said in ("<b>Bold</b>", "space_agency", "moon_office", "2 fortnight · cosmic", "full_moon",
                 "asleep"):  # fmt: skip
        assert strip_layout(said) in strip_layout(text), said
    (text,) = page_texts(printed(press, MATRIX, rows, "en"))
    assert "space_agency" in text


@pytest.mark.parametrize("paper", PAPERS)
def test_step_that_says_nothing_is_a_line(press: Typesetter, paper: PaperName) -> None:
    step: FileValues = {"title": MissingAnswer.UNKNOWN, "lead": MissingAnswer.DECLINED}
    (text,) = page_texts(printed(press, paper, rows_of({}, [step, {}]), "en"))
    assert "page 1 of 1" in text


@pytest.mark.parametrize(
    ("values", "time", "since"),
    [
        ({"clock": "statutory"}, "at once · by law", ""),
        ({"clock": "advised"}, "at once", ""),
        ({"clock": "agreed", "amount": 1, "unit": "workday", "event": "wish_stated"},
         "1 working day · agreed", "from her wish"),
        ({"clock": "advised", "amount": 24, "unit": "h", "event": "opened"},
         "24 hours · advised", "from the beginning"),
        ({"clock": "statutory", "amount": 2, "unit": "wk", "event": "step_done"},
         "2 weeks · by law", "after step ?"),
        ({"clock": "statutory", "amount": 4, "unit": "mo", "event": "step_done",
          "event_step": "4b"}, "4 months · by law", "after step 4b"),
        ({"clock": "statutory", "amount": 5}, "5 · by law", ""),
        ({"clock": "statutory", "event": "reflection_ends"},
         "by the last day · by law", "of the reflection period"),
        ({"clock": "agreed", "event": "permit_ends", "amount": 30, "unit": "d"},
         "30 days · agreed", "before the permit ends"),
        ({"event": "opened", "amount": 5, "unit": "d"}, "", ""),
    ],
)  # fmt: skip
def test_clock_is_said_in_words(
    press: Typesetter, values: FileValues, time: str, since: str
) -> None:
    what = disclosed(SHEET, rows_of({}, [{"prefix": "1", **values}]))
    (step,) = procedure_text(what, press.program("en"), MADE.date()).steps
    assert (step.time, step.since) == (time, since)


def test_letter_that_no_font_has_is_refused(press: Typesetter) -> None:
    with pytest.raises(KfdeskError) as refused:
        printed(press, SHEET, rows_of({}, [{"prefix": "1", "title": told("ᚠ")}]), "en")
    assert refused.value.code == "documents.no_letter"
