# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a file that is looked at: their order, their heads, and what stands in each."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.support import make

from kfdesk import app
from kfdesk.domain.rows import view_any
from kfdesk.services.exchange.import_review import ConflictChoice
from kfdesk.ui.pages.exchange import previews as counts
from kfdesk.ui.pages.exchange.previews import FilePreview, RecordChange, common_title
from kfdesk.ui.pages.exchange.review import review_cells, review_lines
from kfdesk.ui.tokens import Tone

ENGLISH = app.language("en")
TORN = ConflictChoice(None, (), ())


def change(
    record_type: str, *torn: str, is_new: bool = False, code: str = "tulpan-47"
) -> RecordChange:
    after = view_any(make.row(record_type))
    number = getattr(after.record, "sequence", None)
    return RecordChange(after, code, is_new, (), dict.fromkeys(torn, TORN), number=number)


def incoming(*changes: RecordChange, refused: int = 0) -> FilePreview:
    review = cast("Any", SimpleNamespace(refused=refused))
    return FilePreview(Path("file.age"), review, changes, {})


def spoken(file: FilePreview, decided: dict[tuple[bytes, str], str] | None = None) -> list[str]:
    cells = (review_cells(line, decided or {}, {}, ENGLISH) for line in review_lines(file))
    return [" | ".join(cell.accessible_text for cell in row) for row in cells]


def test_conflicts_come_first_field_by_field_then_changed_new_and_refused() -> None:
    file = incoming(
        change("leg", "carrier", "departs"), change("plan"), change("consent", is_new=True),
        refused=2,
    )  # fmt: skip
    assert spoken(file) == [
        "Conflicts | 0 of 2 decided",
        "tulpan-47, Leg (no. 1): Carrier and number | not yet decided",
        "tulpan-47, Leg (no. 1): Departs | not yet decided",
        "Changed records | 1",
        "tulpan-47, Plan | ready",
        "New records | 1",
        "tulpan-47, Consent | ready",
        "Refused records | 2",
    ]


@pytest.mark.parametrize(
    ("code", "heads"),
    [
        ("sv", ["Konflikter", "Ändrade poster", "Nya poster", "Avvisade poster"]),
        ("ru", ["Конфликты", "Изменённые записи", "Новые записи", "Отклонённые записи"]),
    ],
)
def test_heads_are_about_records_and_not_about_a_decision(code: str, heads: list[str]) -> None:
    """*Refused* was also what an authority says to an application: Avslaget."""
    changes = change("leg", "carrier"), change("plan"), change("consent", is_new=True)
    lines = review_lines(incoming(*changes, refused=2))
    said = [review_cells(line, {}, {}, app.language(code))[0].text for line in lines]
    assert [each for each in said if each in heads] == heads


def test_part_of_which_there_is_nothing_has_no_head() -> None:
    assert spoken(incoming()) == []
    assert spoken(incoming(change("plan"))) == ["Changed records | 1", "tulpan-47, Plan | ready"]


def test_decided_field_says_whose_value_holds_and_the_head_counts_it() -> None:
    file = incoming(change("leg", "carrier", "departs"))
    place = review_lines(file)[1].field_place
    assert place is not None
    shown = spoken(file, {place: "theirs"})
    assert shown[0] == "Conflicts | 1 of 2 decided"
    assert shown[1].endswith("| theirs")
    assert shown[2].endswith("| not yet decided")


def test_record_about_no_client_is_named_by_its_name() -> None:
    file = incoming(change("organisation", "name", code=""))
    assert spoken(file)[1] == "Дом у реки, Organisation: Name | not yet decided"


def test_record_of_a_network_is_named_by_its_own_name_and_by_what_it_stands_below() -> None:
    house = make.row("organisation", {"name": "Öppna huset"})
    named = {house.rid.hex(): "Öppna huset", make.THIRD.hex(): "Annat hus"}
    rows = (
        make.row("membership", {"organisation": make.THIRD.hex()}),
        make.row("phone", {"number": "+46 8 1"}, parent=house.rid),
        make.row("entry_check", {"how": "call"}, parent=house.rid),
        make.row("suggestion", {"key": "hours"}, parent=house.rid),
        make.row("suggestion", {"key": "of a newer program"}, parent=house.rid),
        make.row("network", {"level": "local"}),
    )
    assert [common_title(view_any(row), named, ENGLISH) for row in (house, *rows)] == [
        "Öppna huset", "Annat hus", "+46 8 1, Öppna huset", "Öppna huset",
        "Opening hours, Öppna huset", "of a newer program, Öppna huset", "",
    ]  # fmt: skip


def test_head_has_no_place_and_leads_nowhere() -> None:
    head, first = review_lines(incoming(change("leg", "carrier")))
    assert (head.change, head.field_place) == (None, None)
    assert first.field_place == (make.row("leg").rid, "carrier")


def test_what_is_open_warns_and_what_is_ready_does_not() -> None:
    head, torn, _, ready = review_lines(incoming(change("leg", "carrier"), change("plan")))
    tones = [review_cells(line, {}, {}, ENGLISH)[-1].tone for line in (head, torn, ready)]
    assert tones == [Tone.MUTED, Tone.WARNING, Tone.ACCENT]


@pytest.mark.parametrize(
    ("new", "changed", "torn", "refused", "news", "said"),
    [
        (0, 0, 0, 0, 0, "nothing new"),
        (3, 0, 0, 0, 0, "3 new"),
        (0, 2, 1, 0, 0, "2 changed, 1 conflict"),
        (1, 0, 0, 4, 1, "1 new, 4 refused, a withdrawal"),
    ],
)
def test_what_a_file_brings_is_said_in_one_line(
    new: int, changed: int, torn: int, refused: int, news: int, said: str
) -> None:
    review = SimpleNamespace(
        new=(0,) * new,
        changed=(0,) * changed,
        conflicts=torn,
        refused=refused,
        new_withdrawals=(0,) * news,
        erased_by_order=(),
        requests=0,
        ordered_ahead=0,
        answers=0,
        waiting={},
    )
    assert counts.contents_summary(cast("Any", review), ENGLISH) == said


def test_line_of_a_file_names_what_it_erases_asks_and_leaves_to_people() -> None:
    review = SimpleNamespace(
        new=(), changed=(), conflicts=0, refused=0, new_withdrawals=(), erased_by_order=(b"1",),
        requests=2, waiting={b"1": frozenset({"met_by", "sign"})}, ordered_ahead=3, answers=1,
    )  # fmt: skip
    said = counts.contents_summary(cast("Any", review), ENGLISH)
    assert said == "will erase 1, asks to erase, keeps 3 from being imported, 1 answer, 2 to decide"


def test_button_says_how_much_is_applied_and_how_much_is_left() -> None:
    assert counts.apply_text(8, 2, ENGLISH) == "Apply 8, leave 2 undecided"
    assert counts.apply_text(1, 0, ENGLISH) == "Apply 1 record"
    assert counts.apply_text(8, 0, ENGLISH) == "Apply 8 records"


def test_words_after_taking_count_records_and_open_fields() -> None:
    assert counts.taken_text(0, ENGLISH) == "The file is recorded as received."
    assert counts.taken_text(2, ENGLISH) == "The file is imported: 2 records."
    assert counts.to_decide_text(1, ENGLISH) == "1 field waits in its plan to be decided."
