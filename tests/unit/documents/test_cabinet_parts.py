# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the cabinet's papers by themselves: heads, facts, signatures, track, frame."""

from datetime import date
from itertools import pairwise

import pytest

from kfdesk.documents.layout.office import (
    BAND_HEIGHT,
    STATE_ORDER,
    Block,
    CellText,
    Composer,
    FrameTexts,
    PaperPart,
    draw_footer,
    draw_state_track,
    frame_pages,
    share_columns,
    text_bottom,
)
from kfdesk.documents.layout.style import (
    BOLD,
    OFFICE,
    OFFICE_LARGE,
    REGULAR,
    Dot,
    Ring,
    RotatedText,
    Rule,
    Style,
    Symbol,
    TextLine,
)
from kfdesk.documents.layout.text import width_of
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PLAN_STATE
from kfdesk.domain.workflow.gates import NEXT_STATES

pytestmark = pytest.mark.usefixtures("press")  # its fonts measure

TEXT = Style(REGULAR, 10.5)
WHOLE = Composer(OFFICE, OFFICE.margin, OFFICE.measure)
NARROW = Composer(OFFICE, 300, 120)
WORDS = FrameTexts("AKTKOPIA", "Exemplar nr 7", "FÅR INTE TAS MED PÅ RESAN", "Plan tulpan-47")


def lines(block: Block) -> list[TextLine]:
    return [item for item in block.items if isinstance(item, TextLine)]


def said(block: Block) -> list[str]:
    return [line.text for line in lines(block)]


def rules(block: Block) -> list[Rule]:
    return [item for item in block.items if isinstance(item, Rule)]


# heads


def test_note_stands_level_with_its_heading_where_there_is_room() -> None:
    head = WHOLE.section_heading("Status", "Godkänd sedan 20 november 2026")
    title, note = lines(head)
    assert title.y == note.y
    assert note.align == "right"
    assert [rule.across for rule in rules(head)] == [OFFICE.measure]


def test_note_stands_below_its_heading_where_there_is_none() -> None:
    head = NARROW.section_heading("Villkor för nästa steg", "uppfyllt: 3 · öppet: 4 · åsidosatt: 1")
    below = [line for line in lines(head) if line.style.face == REGULAR]
    title = [line for line in lines(head) if line.style.face == BOLD]
    assert min(line.y for line in below) > max(line.y for line in title)
    assert head.height > WHOLE.section_heading("Villkor för nästa steg", "").height


def test_heading_is_never_cut(press: Typesetter) -> None:
    assert press.icon("check")
    for setter in (WHOLE, NARROW):
        head = setter.section_heading("Återintegreringsplanens" * 3)
        assert "".join(said(head)) == "Återintegreringsplanens" * 3
        assert all(width_of(line.text, line.style) <= setter.width for line in lines(head))


def test_title_of_a_page_becomes_a_little_smaller_before_it_breaks() -> None:
    short = WHOLE.page_heading("Resan", "Stockholm – Riga")
    longer = WHOLE.page_heading("Resan", "Возвращение возможно при принятии мер")
    assert max(line.style.size for line in lines(short)) == OFFICE.sizes.name
    sizes = [line.style.size for line in lines(longer) if line.style.face == BOLD]
    assert sizes == [pytest.approx(OFFICE.sizes.name, rel=0.12)]
    assert len(said(longer)) == 2


def test_fact_beside_a_long_title_goes_below_it() -> None:
    beside = WHOLE.page_heading("", "Stockholm", "12–13 december 2026")
    assert lines(beside)[0].y == lines(beside)[1].y
    below = NARROW.page_heading("", "Stockholm", "12–13 december 2026 och längre")
    title, *rest = lines(below)
    assert all(line.y > title.y for line in rest)


def test_page_head_without_a_word_above_begins_higher() -> None:
    with_word, without = WHOLE.page_heading("Resan", "Riga"), WHOLE.page_heading("", "Riga")
    assert without.height < with_word.height


# facts, paragraphs, signatures


def test_facts_stand_side_by_side_each_below_its_label() -> None:
    facts = [
        ("Från – till", CellText("Sverige – Ryssland", TEXT)),
        ("Partner", CellText("Дом", TEXT)),
    ]
    block = WHOLE.facts(facts, share_columns(OFFICE, 1, 1))
    assert said(block) == ["Från – till", "Sverige – Ryssland", "Partner", "Дом"]
    labels = [line for line in lines(block) if line.text in ("Från – till", "Partner")]
    assert labels[0].y == labels[1].y
    assert labels[0].x < labels[1].x


def test_fact_that_is_missing_has_a_line_to_write_on() -> None:
    blank = [("Partner", CellText("ingen än", TEXT, is_blank=True))]
    assert len(rules(WHOLE.facts(blank, share_columns(OFFICE, 1)))) == 1


def test_each_line_of_a_paragraph_is_a_block_that_may_stand_on_another_page() -> None:
    blocks = NARROW.paragraph("ett stycke text som är längre än en rad i spalten", TEXT, drop=9)
    assert len(blocks) > 1
    assert blocks[0].height == blocks[1].height + 9
    assert " ".join(line for block in blocks for line in said(block)).startswith("ett stycke text")
    assert NARROW.paragraph("", TEXT) == []


def test_signatures_go_on_in_a_second_row_under_room_to_sign() -> None:
    who = [
        [CellText(name, TEXT), CellText("", TEXT)]
        for name in ("Klient", "Personal", "Tolk", "God man")
    ]
    block = WHOLE.signatures(who, room=30, per_row=3, date="datum")
    heights = sorted({rule.y for rule in rules(block)})
    assert len(rules(block)) == 4
    assert len(heights) == 2
    assert heights[0] == 30
    assert heights[1] - heights[0] > 30
    assert said(block).count("datum") == 4


def test_date_to_sign_never_lies_on_the_name() -> None:
    name = "Нина Вымыслова-Придуманова-Несуществующая"
    block = WHOLE.signatures([[CellText(name, TEXT)]], room=30, per_row=3, date="datum")
    (date_line,) = (line for line in lines(block) if line.text == "datum")
    last = [line for line in lines(block) if line.text != "datum"][-1]
    free = date_line.width - width_of("datum", date_line.style)
    assert width_of(last.text, last.style) <= free


# the track


def drawn(
    press: Typesetter, at: int, days: dict[str, date] | None = None, code: str = "sv"
) -> Block:
    return draw_state_track(OFFICE, press.program(code), at, days or {})


def test_road_is_the_way_that_a_plan_goes() -> None:
    assert set(STATE_ORDER) <= set(PLAN_STATE)
    for state, following in pairwise(STATE_ORDER):
        assert following == NEXT_STATES[state][0]


@pytest.mark.parametrize("at", range(len(STATE_ORDER)))
def test_what_was_passed_is_ticked_and_what_lies_ahead_is_empty(press: Typesetter, at: int) -> None:
    block = drawn(press, at)
    assert sum(isinstance(item, Symbol) for item in block.items) == at
    assert sum(isinstance(item, Ring) for item in block.items) == len(STATE_ORDER) - at
    strong = [line.text for line in lines(block) if line.style.face == BOLD]
    assert strong


@pytest.mark.parametrize("code", ["sv", "en", "ru"])
def test_no_name_of_a_state_runs_into_the_next(press: Typesetter, code: str) -> None:
    wide = OFFICE.measure / len(STATE_ORDER)
    for at in (0, 3, 7, 8):
        for line in lines(drawn(press, at, code=code)):
            assert width_of(line.text, line.style) <= wide - 1, line.text


def test_word_breaks_only_where_it_may_and_with_a_hyphen(press: Typesetter) -> None:
    words = said(drawn(press, 0, code="ru"))
    assert "Реинте-" in words
    assert "грация" in words
    assert not any("|" in word for word in words)


def test_days_stand_under_their_states(press: Typesetter) -> None:
    block = drawn(press, 1, {"draft": date(2026, 11, 2), "assessing": date(2026, 11, 4)})
    days = [line for line in lines(block) if line.text in ("2 nov.", "4 nov.")]
    assert [line.text for line in days] == ["2 nov.", "4 nov."]
    assert days[0].y == days[1].y
    assert days[0].x < days[1].x
    assert block.height > drawn(press, 1).height


# the frame


def test_every_page_is_framed_and_nothing_cuts_the_watermark(press: Typesetter) -> None:
    part = PaperPart(Block((Dot(100, 20, 5, "#000000"),), 400), starts_page=True)
    pages = list(frame_pages([part, part], WORDS, OFFICE, press.program("sv")))
    assert len(pages) == 2
    for number, items in enumerate(pages, start=1):
        assert isinstance(items[-1], RotatedText)
        texts = [item.text for item in items if isinstance(item, TextLine)]
        assert texts == ["AKTKOPIA", "Exemplar nr 7", "Plan tulpan-47", f"sida {number} av 2"]
    turned = [item.text for item in pages[0] if isinstance(item, RotatedText)]
    assert " ".join(turned) == "FÅR INTE TAS MED PÅ RESAN"


@pytest.mark.parametrize(("height", "pages"), [(400, 3), (300, 2), (650, 3)])
def test_part_starts_a_page_unless_that_costs_one(
    press: Typesetter, height: int, pages: int
) -> None:
    part = PaperPart(Block((Dot(100, 20, 5, "#000000"),), height), starts_page=True, gap=0)
    assert len(list(frame_pages([part] * 3, WORDS, OFFICE, press.program("sv")))) == pages


def test_foot_stands_below_what_may_be_written_on() -> None:
    for form in (OFFICE, OFFICE_LARGE):
        heights = [item.y for item in draw_footer("Plan", "1 av 2", form)]
        assert min(heights) > text_bottom(form) > BAND_HEIGHT
        assert max(heights) < form.height - 14.2


def test_long_words_in_the_foot_go_on_below_and_leave_the_number_room() -> None:
    items = list(draw_footer("Ett exemplar förvaras inlåst här. " * 6, "text 1.0 · 1 av 2", OFFICE))
    texts = [item for item in items if isinstance(item, TextLine)]
    assert len(texts) > 2
    number = texts[-1]
    for line in texts[:-1]:
        assert width_of(line.text, line.style) < OFFICE.measure - width_of(
            number.text, number.style
        )
