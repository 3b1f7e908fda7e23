# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a network's work: names that are cut, days and hours."""

from datetime import date
from typing import Any

import pytest
from tests.support import make

from kfdesk import app
from kfdesk.domain.rows import RecordView, view_any
from kfdesk.domain.values import PartialDate, Translation, Value
from kfdesk.i18n.network import coded, when_text, work_title

ENGLISH = app.language("en")


def seen(name: str, /, **values: Value) -> RecordView[Any]:
    return view_any(make.row(name, values))


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("meeting", {}, ""),
        ("meeting", {"starts": make.at(10, 13)}, "10 December 2026, 13:00 (CET, Stockholm)"),
        (
            "meeting",
            {"starts": make.at(10, 13), "ends": make.at(10, 15)},
            "10 December 2026, 13:00–15:00 (CET, Stockholm)",
        ),
        (
            "case_conference",
            {"starts": make.at(10, 13), "ends": make.at(11, 9)},
            "10 December 2026, 13:00–11 December 2026, 09:00 (CET, Stockholm)",
        ),
        (
            "meeting",
            {"starts": make.at(10, 13), "ends": make.at(9, 9)},  # as a partner can send it
            "10 December 2026, 13:00 (CET, Stockholm)",
        ),
        ("agreement", {"valid_until": date(2026, 5, 1)}, "until 1 May 2026"),
        ("project", {"begins": date(2026, 5, 1)}, "1 May 2026"),
        (
            "activity",
            {"begins": date(2026, 5, 1), "ends": PartialDate("2026-06")},
            "1 May 2026 – about 2026-06",
        ),
        ("decision", {"due": date(2026, 5, 1)}, ""),
    ],
)
def test_time_of_a_record_is_as_whole_as_it_is_known(
    name: str, values: dict[str, Any], said: str
) -> None:
    assert when_text(seen(name, **values), ENGLISH) == said


def test_name_is_one_line_and_not_too_long() -> None:
    long = (Translation("en", "word\n" * 100),)
    title = work_title(seen("decision", decided=long), ENGLISH)
    assert (len(title), title[-1], "\n" in title) == (160, "…", False)
    assert work_title(seen("meeting"), ENGLISH) == "without a name"
    assert work_title(seen("organisation", name="Huset"), ENGLISH) == "Huset"


def test_code_of_a_newer_program_is_shown_as_it_is() -> None:
    assert coded(seen("meeting", kind="board"), "kind", ENGLISH) == "Board meeting"
    assert "retreat" in coded(seen("meeting", kind="retreat"), "kind", ENGLISH)
    assert coded(seen("meeting"), "kind", ENGLISH) == ""
