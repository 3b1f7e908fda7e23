# SPDX-License-Identifier: GPL-3.0-or-later
"""Text is measured, shrunk a little or broken, and refused rather than cut."""

import unicodedata

import pytest

from kfdesk.documents.layout.style import BOLD, FACES, REGULAR, Style, Symbol, TextLine
from kfdesk.documents.layout.text import (
    MOST_SHRINKING,
    LineIcon,
    TextColumn,
    check_letters,
    check_width,
    fit_text,
    width_of,
    wrap_anywhere,
    wrap_by_phrase,
    wrap_text,
)
from kfdesk.domain.errors import KfdeskError

pytestmark = pytest.mark.usefixtures("press")

TEXT = Style(REGULAR, 12.5)
NAME = Style(BOLD, 23)


@pytest.mark.parametrize("face", FACES)
def test_faces_have_the_letters_of_the_region(face: str) -> None:
    letters = "åäöÅÄÖёйўЁЙўłžųșțїґőæøßđŋ–—−·“”„«»№+’…"
    assert check_letters(letters, face) == letters


@pytest.mark.parametrize("letter", ["☐", "✓", "→", "■", "中", "ש", "\n"])
def test_letter_without_a_glyph_is_refused_and_named(letter: str) -> None:
    with pytest.raises(KfdeskError) as caught:
        check_letters(f"Рига {letter}", REGULAR)
    assert (caught.value.code, caught.value.data) == ("documents.no_letter", {"letter": letter})


def test_invisible_signs_are_left_out() -> None:
    assert check_letters("Ри\u00adга\u200b \u202eавто", REGULAR) == "Рига авто"


def test_composed_and_decomposed_letters_are_one() -> None:
    apart = unicodedata.normalize("NFD", "жёлтый ö")
    assert check_letters(apart, REGULAR) == "жёлтый ö"
    assert width_of(apart, TEXT) == width_of("жёлтый ö", TEXT)


def test_text_breaks_at_spaces_and_loses_nothing() -> None:
    text = "Rīgas pasažieru osta, морской вокзал"
    lines = wrap_text(text, TEXT, 120)
    assert len(lines) > 1
    assert " ".join(lines) == text
    assert all(width_of(line, TEXT) <= 120 for line in lines)


def test_line_ends_and_double_spaces_count_as_one_space() -> None:
    assert wrap_text("Главный  вход\nслева", TEXT, 500) == ["Главный вход слева"]
    assert wrap_by_phrase("Главный\nвход", TEXT, 500) == ["Главный вход"]
    assert fit_text("NINA\nVYMYSLOVA", NAME, 500)[0] == ["NINA VYMYSLOVA"]


def test_long_name_of_a_place_breaks_after_its_hyphen_and_nowhere_else() -> None:
    assert wrap_text("Порт Петропавловск-Камчатский", TEXT, 110) == [
        "Порт",
        "Петропавловск-",
        "Камчатский",
    ]
    assert wrap_text("Порт Йошкар-Ола", TEXT, 80) == ["Порт", "Йошкар-Ола"]
    with pytest.raises(KfdeskError, match="too_wide"):
        wrap_text("Петропавловск-Камчатский", TEXT, 40)


def test_empty_text_is_no_line() -> None:
    assert wrap_text("", TEXT, 100) == []


def test_text_breaks_after_a_comma_where_that_costs_no_line() -> None:
    assert wrap_by_phrase("Rīgas pasažieru osta, морской вокзал", TEXT, 190) == [
        "Rīgas pasažieru osta,",
        "морской вокзал",
    ]


def test_text_breaks_within_a_phrase_rather_than_taking_more_lines() -> None:
    text = "Spår 10, en mycket lång beskrivning av vägen, vagn 3"
    lines = wrap_by_phrase(text, TEXT, 190)
    assert lines == wrap_text(text, TEXT, 190)


def test_word_wider_than_its_place_is_refused_without_showing_it() -> None:
    with pytest.raises(KfdeskError) as caught:
        wrap_text("Выдуманногородскаянабережная", TEXT, 60)
    assert (caught.value.code, caught.value.data) == ("documents.too_wide", {"letters": 28})
    assert "Выдум" not in repr(caught.value)


def test_text_that_must_be_narrow_is_refused_when_it_is_not() -> None:
    assert check_width("10:30", TEXT, 60) == "10:30"
    with pytest.raises(KfdeskError, match="too_wide"):
        check_width("10:30", TEXT, 20)


def test_fitting_name_keeps_its_size() -> None:
    assert fit_text("NINA VYMYSLOVA", NAME, 510) == (["NINA VYMYSLOVA"], NAME)


def test_long_name_shrinks_to_its_line() -> None:
    width = 0.93 * width_of("NINA VYMYSLOVA", NAME)
    lines, style = fit_text("NINA VYMYSLOVA", NAME, width)
    assert lines == ["NINA VYMYSLOVA"]
    assert MOST_SHRINKING * NAME.size <= style.size < NAME.size
    assert width_of(lines[0], style) <= width


def test_longer_name_breaks_in_its_full_size() -> None:
    width = 0.8 * width_of("NINA VYMYSLOVA", NAME)
    assert fit_text("NINA VYMYSLOVA", NAME, width) == (["NINA", "VYMYSLOVA"], NAME)


def test_long_single_word_shrinks_among_others() -> None:
    width = 0.9 * width_of("VYMYSLOVA-PRIDUMANOVA", NAME)
    lines, style = fit_text("NINA VYMYSLOVA-PRIDUMANOVA", NAME, width)
    assert lines == ["NINA", "VYMYSLOVA-PRIDUMANOVA"]
    assert style.size == pytest.approx(MOST_SHRINKING * NAME.size)


def test_overlong_name_is_refused() -> None:
    with pytest.raises(KfdeskError, match="too_wide"):
        fit_text("VYMYSLOVA" * 6, NAME, 510)


def test_small_text_does_not_shrink_below_the_smallest_size() -> None:
    small = Style(REGULAR, 9.5)
    width = 0.9 * width_of("время Калининграда", small)
    assert fit_text("время Калининграда", small, width)[1].size >= 9
    tiny = Style(REGULAR, 8)
    assert fit_text("время", tiny, 500) == (["время"], tiny)


def test_stack_sets_lines_one_below_the_other() -> None:
    stack = TextColumn(10, 120, y=50)
    stack.add("Rīgas pasažieru osta, морской вокзал", TEXT, 20)
    lines = [item for item in stack.items if isinstance(item, TextLine)]
    assert [line.y for line in lines] == pytest.approx([70, 86, 102][: len(lines)])
    assert stack.y == lines[-1].y


@pytest.mark.parametrize("align", ["left", "right"])
def test_sign_stands_before_the_first_letter(align: str) -> None:
    stack = TextColumn(40, 120, "left" if align == "left" else "right")
    stack.add("25 мин", TEXT, 20, sign=LineIcon("car", 17, "#000000"))
    symbol = next(item for item in stack.items if isinstance(item, Symbol))
    first_letter = 40 if align == "left" else 160 - width_of("25 мин", TEXT)
    assert symbol.x + symbol.size + 7 == pytest.approx(first_letter)
    assert symbol.y + symbol.size / 2 == pytest.approx(20 - TEXT.cap_height / 2)


def test_word_wider_than_its_column_goes_on_below_where_nothing_may_be_refused() -> None:
    word = "Påhittad" * 20
    lines = wrap_anywhere(f"i {word} slut", TEXT, 120)
    assert lines[0] == "i"
    assert "".join(lines[1:]).startswith(word)
    assert all(width_of(line, TEXT) <= 120 for line in lines)
    assert wrap_anywhere("Главный вход слева", TEXT, 500) == ["Главный вход слева"]
    assert wrap_anywhere(" ", TEXT, 500) == []


def test_text_stands_behind_the_last_line_if_it_fits_there_else_below() -> None:
    stack = TextColumn(40, 200)
    stack.add_beside("Рига", TEXT, 20)  # nothing stands there yet
    stack.add_beside("Riga", TEXT, 20)
    first, second = (item for item in stack.items if isinstance(item, TextLine))
    assert (first.x, first.y) == (40, 20)
    assert second.y == 20
    assert 40 + width_of("Рига", TEXT) < second.x < 200
    stack.add_beside("Rīgas pasažieru osta, hamnen", TEXT, 20)
    assert stack.y > 20
    assert all(item.y > 20 for item in stack.items[2:])
