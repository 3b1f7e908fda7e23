# SPDX-License-Identifier: GPL-3.0-or-later
"""When a client counts as on her way: from any word of a departure until everybody says arrived."""

from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import ago, ahead, part, seen

from kfdesk.domain.rows import Row
from kfdesk.domain.workflow.transit import Transit, find_transit

CALM = {"status": "booked", "departed": None, "arrived": None, "check_in": None}
FIRST = {"departs": ahead(hours=3), "arrives": ahead(hours=9), **CALM}
SECOND = {"departs": ahead(hours=20), "arrives": ahead(hours=25), **CALM}
LEFT = {"status": "departed", "departed": ago(hours=1), "departs": ago(hours=1)}
CAME = {"status": "arrived", "departs": ago(hours=9), "arrives": ago(hours=4)}
OFF = {"status": "cancelled"}
NOT_YET = {"result": None, "confirmed_by_client": None}
LATE = {"departs": ago(hours=2)}


def transit(
    first: dict[str, Any],
    second: dict[str, Any],
    *rows: Row,
    state: str = "travelling",
    **more: dict[str, Any],
) -> Transit | None:
    changes = {"plan": {"state": state}, "leg": {**FIRST, **first}, "handover": NOT_YET}
    changes["second leg"] = {**SECOND, **second}
    return find_transit(seen({**changes, **more}, *rows))


@pytest.mark.parametrize(
    ("first", "second", "state", "why"),
    [
        ({}, {}, "travel_ready", None),
        (LEFT, {}, "travelling", Transit.DEPARTED),
        (LEFT, {}, "approved", Transit.DEPARTED),
        ({"departed": ago(hours=1)}, {}, "assessing", Transit.DEPARTED),
        ({"arrived": ago(hours=1)}, {}, "assessing", Transit.DEPARTED),
        (CAME, {}, "arrived", Transit.DEPARTED),
        (CAME, CAME, "arrived", None),
        ({}, CAME, "arrived", None),
        (LATE, {}, "approved", Transit.SHOULD_HAVE_LEFT),
        (LATE, {}, "draft", Transit.SHOULD_HAVE_LEFT),
        (LATE, {}, "cancelled", None),
        (LATE, {}, "closed", None),
        ({**LATE, **OFF}, OFF, "approved", None),
        ({"departs": ago(hours=2), "status": "missed"}, CAME, "approved", None),
        (CAME, {"departs": ago(hours=2), "status": "missed"}, "approved", Transit.DEPARTED),
        (LEFT, {}, "withdrawn", Transit.DEPARTED),
        ({"status": "departed", "departed": ago(hours=200), "departs": ago(hours=200)}, {},
         "closed", None),
        (LATE, {}, "travelling", Transit.ALARM),
    ],
)  # fmt: skip
def test_way_begins_with_a_departure_and_ends_with_the_last_arrival(
    first: dict[str, Any], second: dict[str, Any], state: str, why: Transit | None
) -> None:
    later = {"departs": None} if state == "closed" else {}
    assert transit(first, {**later, **second}, state=state) is why


def test_plan_that_ended_on_the_way_counts_for_a_week() -> None:
    for hours, why in ((167, Transit.DEPARTED), (169, None)):
        gone = {"status": "departed", "departed": ago(hours=hours), "departs": ago(hours=hours)}
        assert transit(gone, {"departs": ago(hours=170)}, state="withdrawn") is why
    unknown = {"status": "departed", "departed": None, "departs": None}
    assert transit(unknown, {"departs": None}, state="withdrawn") is Transit.DEPARTED


def test_handover_or_her_own_word_ends_the_way() -> None:
    assert transit(LEFT, {}) is Transit.DEPARTED
    handed = {"result": "received", "place": "arrival", "confirmed_by_client": None}
    assert transit(LEFT, {}, handover=handed) is None
    assert transit(LEFT, {}, handover={**NOT_YET, "confirmed_by_client": True}) is None


def test_newest_contact_that_tells_danger_counts_until_another_says_she_is_well() -> None:
    def told(days: int, **values: Any) -> Row:
        calm = {"result": "reached", "exploitation_again": "no", "due": None}
        happened = ago(days=days)
        blank = make.row("follow_up", {}, rid=make.named_id(f"contact {days}"))
        made = {**calm, "happened": happened, **values}
        return make.changed(blank, made, make.signature())

    danger = told(40, exploitation_again="yes")
    assert transit(CAME, CAME, danger, state="follow_up") is Transit.DANGER
    assert transit(CAME, CAME, danger, told(2), state="follow_up") is None
    assert transit(CAME, CAME, danger, state="closed") is None
    assert transit(CAME, CAME, told(30, exploitation_again="yes"), state="closed") is Transit.DANGER


def test_one_word_of_a_departure_is_enough_and_arrival_needs_all() -> None:
    whole = seen({"plan": {"state": "approved"}, "leg": {**FIRST}, "second leg": {**SECOND},
                  "handover": NOT_YET})  # fmt: skip
    assert find_transit(whole) is None
    blank = part("second leg", {**SECOND, **OFF})
    ours = make.changed(blank, {"status": "arrived"}, make.signature("PP, Nordhuset", 1))
    both = make.changed(ours, {"status": "booked"}, make.signature("QQ, Annan", 2), blank)
    rest = {"plan": {"state": "approved"}, "leg": {**FIRST, **OFF}, "second leg": None,
            "handover": NOT_YET}  # fmt: skip
    assert find_transit(seen(rest, ours)) is None
    assert find_transit(seen(rest, both)) is Transit.DEPARTED
