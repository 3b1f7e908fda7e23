# SPDX-License-Identifier: GPL-3.0-or-later
"""The risks on the file copy: two pictures that are read in black and white, and their table."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support import make
from tests.unit.documents.cabinet_samples import Sample, drawn, whole

from kfdesk.documents.file_copy.risk import draw_risk_matrices
from kfdesk.documents.layout.office import Composer
from kfdesk.documents.layout.style import INK, OFFICE, WHITE, Box, Dot, Item, TextLine
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.codes.risk import FOR_CHILDREN, RISK_CATEGORY
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import CategoryRating, worst_by_category
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import Value

OURS, THEIRS = make.named_id("risk_assessment"), make.named_id("theirs")
GRAVE: dict[str, Any] = {
    "answer": "found", "likelihood": "likely", "severity": "life_threatening",
    "likelihood_after": "unlikely", "severity_after": "severe",
}  # fmt: skip


def line(category: str, above: bytes = OURS, **values: Value) -> Row:
    custodian = make.OURS if above == OURS else make.PARTNER
    whole_line = {"category": category, "answer": "nothing_found", **values}
    rid = make.named_id(f"{category} {above.hex()}")
    return make.row("risk_line", whole_line, rid=rid, parent=above, custodian=custodian)


def with_lines(*lines: Row) -> Sample:
    return whole().with_rows(lines)


def risk_page(press: Typesetter, sample: Sample, code: str = "sv") -> str:
    """Return the text of the risk page and of what follows, on one line."""
    pages = [" ".join(page.split()) for page in page_texts(drawn(press, sample, code))]
    return " ".join(pages[2:])


def judged(lines: Iterable[Row]) -> tuple[CategoryRating, ...]:
    return tuple(
        one for one in worst_by_category(view(row, RiskLine) for row in lines) if one.before.level
    )


def drawing(press: Typesetter, lines: Iterable[Row], code: str = "sv") -> list[Item]:
    words = press.program(code)
    setter = Composer(OFFICE, OFFICE.margin, OFFICE.measure)
    return list(draw_risk_matrices(words, setter, judged(lines)).items)


def numbers(items: Iterable[Item]) -> list[str]:
    """Return the texts on the dark dots."""
    return [one.text for one in items if isinstance(one, TextLine) and one.style.colour == WHITE]


def test_worse_of_both_sides_stands_in_the_pictures_and_in_the_table(press: Typesetter) -> None:
    text = risk_page(
        press,
        with_lines(
            line("trafficker_network", **GRAVE, present=("home_address_known",),
                 from_her=("home_address_known",), probable=("home_address_known",),
                 measure=make.told("Annan region", "Другая область"), measure_by="Pskov",
                 mitigation_status="in_place"),
            line("trafficker_network", THEIRS, answer="found", likelihood="rare", severity="minor"),
            line("health", THEIRS, answer="found", likelihood="possible", severity="serious"),
            line("travel"),
        ),
    )  # fmt: skip
    for words in (
        "Den högre av de två bedömningarna", "Före åtgärder", "Med åtgärderna",
        "Människohandlarna och deras nätverk",
        "De känner till hemadressen (Vad hon säger · Sannolikt)",
        "20 mycket hög", "8 måttlig", "Annan region Pskov", "På plats", "Hälsa",
        "9 måttlig",
        "Uppåt, hur troligt: 1 mycket osannolikt, 2 osannolikt",
        "Åt höger, hur svårt: 1 liten", "Okänt räknas som hög tills det är utrett.",
    ):  # fmt: skip
        assert words in text, words
    assert "Resan" not in text.partition("Före åtgärder")[2].partition("Riskerna, som")[0]


def test_what_is_not_known_is_high_and_named(press: Typesetter) -> None:
    unclear = line("reception", answer="not_known", unclear=("bed_unconfirmed",))
    text = risk_page(press, with_lines(unclear))
    assert "Inte känt: Sängplatsen ska ännu bekräftas" in text
    assert "Mottagande" in text
    assert numbers(drawing(press, [unclear])) == []  # it has no place in the picture


def test_each_item_stands_with_its_own_source_and_a_partners_line_with_what_they_come_to(
    press: Typesetter,
) -> None:
    own = line("reception", answer="not_known", unclear=("bed_unconfirmed",),
               present=("far_from_services",), from_reports=("bed_unconfirmed",),
               uncertain=("bed_unconfirmed",), from_us=("far_from_services",),
               sources=("country_information", "worker_observation"))  # fmt: skip
    theirs = line("health", THEIRS, answer="found", likelihood="rare", severity="minor",
                  sources=("authority",), confidence="confirmed")  # fmt: skip
    text = risk_page(press, with_lines(own, theirs))
    for words in (
        "Inte känt: Sängplatsen ska ännu bekräftas (Rapporter om landet · Osäkert)",
        "Långt till de insatser hon behöver (Vad vi har sett)",
        "En myndighet · Bekräftat",
    ):
        assert words in text, words
    assert "Rapporter om landet · Vad vi har sett" not in text


def test_her_words_stand_with_a_theme_and_what_it_says_against_its_questions(
    press: Typesetter,
) -> None:
    unknown = line("health", answer="not_known", theme_answer="not_known", own_words="Jag vet inte")
    torn = line("travel", answer="found", theme_answer="nothing", present=("transit_unmet",))
    text = risk_page(press, with_lines(unknown, torn))
    assert "”Jag vet inte”" in text
    assert text.count("Temat är inte känt") == 1
    assert text.count("Temat säger inget, men frågorna säger något: de räknas") == 1


def test_theme_of_a_partner_that_is_not_known_is_said_to_be(press: Typesetter) -> None:
    text = risk_page(press, with_lines(line("health", THEIRS, answer="not_known")))
    assert "Något är inte känt" in text
    named = line("health", answer="not_known", unclear=("pregnancy",))
    assert "Något är inte känt" not in risk_page(press, with_lines(named))


def test_items_in_conflict_are_said_to_be_undecided(press: Typesetter) -> None:
    ours = line("travel", answer="found", present=("transit_unmet",))
    by = make.signature(author="EV, Annat bord", minute=5)
    theirs = make.changed(ours, {"present": ("document_tells",)}, by, seen=line("travel"))
    text = risk_page(press, with_lines(theirs))
    assert "(två värden, ej avgjort)" in text


def test_nothing_found_is_said_and_a_weighing_without_lines_shows_no_picture(
    press: Typesetter,
) -> None:
    sample = with_lines(*(line(category) for category in RISK_CATEGORY))
    nothing = risk_page(press, counted(sample, 0))
    assert "Inget framkom inom något område." in nothing
    assert "Före åtgärder" not in nothing
    begun = risk_page(press, with_lines(*(line(category) for category in list(RISK_CATEGORY)[:1])))
    assert "Inget framkom" not in begun
    assert "Den högre av de två bedömningarna" not in risk_page(press, whole())


def counted(sample: Sample, unanswered: int | None) -> Sample:
    """Return the sample in which a partner without lines says how many answers are missing."""
    theirs = next(row for row in sample.rows if row.rid == THEIRS)
    told = make.changed(theirs, {"unanswered": unanswered}, make.signature(minute=4))
    return replace(sample, rows=tuple(told if r.rid == THEIRS else r for r in sample.rows))


@pytest.mark.parametrize("unanswered", [2, None])
def test_side_that_has_not_told_all_is_no_side_that_found_nothing(
    press: Typesetter, unanswered: int | None
) -> None:
    ours = with_lines(*(line(category) for category in RISK_CATEGORY))
    text = risk_page(press, counted(ours, unanswered))
    assert "Ingen risk är känd än: alla teman är inte besvarade." in text
    assert "Inget framkom" not in text


def test_nothing_is_found_for_a_child_only_where_that_theme_is_answered(press: Typesetter) -> None:
    grown = [category for category in RISK_CATEGORY if category != FOR_CHILDREN]
    sample = counted(with_lines(*(line(category) for category in grown)), 0)
    assert "Inget framkom" in risk_page(press, sample)
    child = replace(sample, about=replace(sample.about, has_children=True))
    assert "Inget framkom" not in risk_page(press, child)


def test_lines_of_an_older_weighing_are_not_drawn(press: Typesetter) -> None:
    older = make.row(
        "risk_assessment",
        {**make.FILLED["risk_assessment"], "done": date(2026, 10, 1)},
        rid=make.named_id("older"),
    )
    old_line = replace(line("health", **GRAVE), parent=older.rid)
    text = risk_page(press, with_lines(older, old_line, line("travel")))
    assert "Ingen risk är känd än: alla teman är inte besvarade." in text


def test_weighing_counts_thirty_days_where_no_last_day_was_written(press: Typesetter) -> None:
    sample = whole().having("risk_assessment", valid_until=None, conclusion="postpone")
    assert "Risker Avvakta" in risk_page(press, sample)


def test_her_view_is_said_once_where_both_sides_wrote_the_same(press: Typesetter) -> None:
    same = make.told("Hon känner sig redo", "Она чувствует себя готовой")
    theirs = next(row for row in whole().rows if row.rid == THEIRS)
    both = make.changed(theirs, {"client_view": same}, make.signature(minute=4))
    rows = tuple(both if row.rid == THEIRS else row for row in whole().rows)
    text = risk_page(press, replace(whole(), rows=rows))
    assert text.count("Hon känner sig redo") == 1


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, ["1"]), (2, ["1", "2"]), (3, ["1", "2", "3"]), (4, ["1", "2", "3", "4"]),
     (5, ["1", "2", "3", "+2"]), (11, ["1", "2", "3", "+8"])],
)  # fmt: skip
def test_dots_are_numbered_and_over_four_say_how_many_more(
    press: Typesetter, count: int, expected: list[str]
) -> None:
    same: dict[str, Any] = {"answer": "found", "likelihood": "rare", "severity": "minor"}
    lines = [line(category, **same) for category in list(RISK_CATEGORY)[:count]]
    assert numbers(drawing(press, lines)) == [*expected, *expected]  # before and after


def test_pictures_are_read_in_black_and_white(press: Typesetter) -> None:
    items = drawing(press, [line("health", **GRAVE)])
    scores = [one.text for one in items if isinstance(one, TextLine)]
    for score in {str(one * two) for one in range(1, 6) for two in range(1, 6)}:
        assert scores.count(score) >= 2
    tinted = [one for one in items if isinstance(one, Box) and one.fill]
    for text in (one for one in items if isinstance(one, TextLine) and one.text.isdigit()):
        if text.style.colour != WHITE:  # no score stands on a tint
            assert not any(
                one.x <= text.x <= one.x + one.width and one.y < text.y <= one.y + one.height
                for one in tinted
                if one.fill != WHITE
            )
    dots = [one for one in items if isinstance(one, Dot)]
    assert {one.colour for one in dots} == {WHITE, INK}  # dark, with a white rim


def test_dots_stand_within_their_cells(press: Typesetter) -> None:
    same: dict[str, Any] = {"answer": "found", "likelihood": "certain", "severity": "minor"}
    for count in range(1, 6):
        lines = [line(category, **same) for category in list(RISK_CATEGORY)[:count]]
        items = drawing(press, lines)
        cells = [one for one in items if isinstance(one, Box) and one.stroke]
        top, left = min(one.y for one in cells), min(one.x for one in cells)
        dots = [one for one in items if isinstance(one, Dot) and one.x < left + 40]
        for dot in dots:
            assert left <= dot.x - dot.radius
            assert dot.x + dot.radius <= left + cells[0].width
            assert top <= dot.y - dot.radius
            assert dot.y + dot.radius <= top + cells[0].height


@pytest.mark.parametrize("code", ["sv", "ru", "en"])
def test_page_of_every_risk_is_set_in_every_language(press: Typesetter, code: str) -> None:
    whole_line = {**GRAVE, "measure": make.told("Åtgärd", "Мера"), "mitigation_status": "agreed"}
    lines = [line(category, **whole_line) for category in RISK_CATEGORY]
    text = risk_page(press, with_lines(*lines), code)
    words = press.program(code)
    for label in RISK_CATEGORY.values():
        assert words.gettext(label).split()[0] in text
