# SPDX-License-Identifier: GPL-3.0-or-later
"""What contradicts itself in a case: each is found, and goes when one of its fields is mended."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import make
from tests.unit.domain.gates.gate_samples import Values, part, seen

from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.records.journey import HelpNumber
from kfdesk.domain.registers import merge_states
from kfdesk.domain.rows import view
from kfdesk.domain.values import PartialDate, Value
from kfdesk.domain.workflow.alarms import plan_warnings
from kfdesk.domain.workflow.contradictions import (
    Contradiction,
    MeetingContact,
    contradiction_findings,
    find_contradictions,
)
from kfdesk.domain.workflow.gates import CaseContext

CALM: dict[str, Any] = {
    "client": {"birth_date": None, "age_band": None},
    "plan": {"escort_kind": "social"},
    "leg": {"alone": None, "meeter": make.ESCORT.hex()},
    "second leg": {
        "alone": None, "sequence": 2, "meeter": make.ESCORT.hex(), "departs": None, "arrives": None,
    },
}  # fmt: skip
ANNA = {make.ESCORT.hex(): MeetingContact("Анна", make.PARTNER.hex())}


def found(
    contacts: dict[str, MeetingContact] | None = None, **changes: dict[str, Any]
) -> list[Contradiction]:
    whole = {**CALM}
    for name, values in changes.items():
        key = name.replace("_", " ") if name == "second_leg" else name
        whole[key] = {**whole.get(key, {}), **values}
    return [*find_contradictions(seen(whole), contacts)]


def codes_of(s: CaseContext) -> set[str]:
    return {one.code for one in find_contradictions(s)}


def codes(contacts: dict[str, MeetingContact] | None = None, **changes: dict[str, Any]) -> set[str]:
    return {one.code for one in found(contacts, **changes)}


@pytest.mark.parametrize(
    ("born", "band", "is_wrong"),
    [
        (make.NOW.date().replace(year=2008), "age_9_17", True),
        (make.NOW.date().replace(year=2008) + timedelta(1), "age_9_17", False),
        (date(1950, 1, 1), "age_48_up", False),
        (date(1990, 1, 1), "age_48_up", True),
        (PartialDate("2017"), "age_0_8", False),  # 8 or 9
        (PartialDate("2017"), "age_9_17", False),
        (PartialDate("2016"), "age_0_8", True),
        (PartialDate(f"2017-{make.NOW.month:02}"), "age_0_8", False),  # 8 or 9, by its day
        (PartialDate(f"2017-{make.NOW.month:02}"), "age_9_17", False),
        (PartialDate(f"2017-{make.NOW.month - 1:02}"), "age_0_8", True),
        (PartialDate("2018-12"), "age_9_17", True),
        (None, "age_0_8", False),
        (date(1990, 1, 1), None, False),
        *(
            (date(1990, 1, 1), code, False)
            for code in (
                "a_newer_code",
                "age_9",
                "age_²_9",
                "age_9_²",
                "age__9",
                f"age_{'9' * 5000}_up",
                "",
            )
        ),
    ],
)
def test_age_fits_the_birth_date_or_is_a_contradiction(
    born: object, band: object, is_wrong: bool
) -> None:
    values = {"birth_date": born, "age_band": band}
    assert ("age_differs" in codes(client=values)) is is_wrong


def test_age_of_a_person_in_her_life_is_looked_at_and_a_conflict_is_not() -> None:
    child = part("relationship", {"birth_date": date(1990, 1, 1), "age_band": "age_0_8"})
    assert [one.where.rid for one in find_contradictions(seen(CALM, child))] == [child.rid]
    blank = make.row("relationship", {}, rid=child.rid)
    told: Values = {"birth_date": date(1990, 1, 1), "age_band": "age_0_8"}
    ours = make.changed(blank, told, make.signature("PP, Nordhuset", 1))
    assert [one.code for one in find_contradictions(seen(CALM, ours))] == ["age_differs"]
    by = make.signature("QQ, Annan", 2)
    torn = make.changed(ours, {"age_band": "age_9_17"}, by, blank)
    assert find_contradictions(seen(CALM, torn)) == ()


def test_birth_date_on_the_ticket_is_the_persons_own() -> None:
    child = part("relationship", {"birth_date": date(2019, 1, 1), "age_band": None})
    for born, wrong in ((date(2019, 1, 2), ["birth_date_differs"]), (date(2019, 1, 1), []),
                        (None, [])):  # fmt: skip
        row = part("traveller", {"person": child.rid.hex(), "birth_date": born})
        s = seen(CALM, child, row)
        assert [one.code for one in find_contradictions(s)] == wrong
        assert [one.code for one in plan_warnings(s)].count("birth_date_differs") == len(wrong)
    nobody = part("traveller", {"person": None, "birth_date": date(2019, 1, 1)})
    assert find_contradictions(seen(CALM, child, nobody)) == ()


def test_companion_who_is_not_wanted_is_not_named() -> None:
    assert codes(plan={"escort_kind": "none_wanted"}) == {"escort_not_wanted"}
    assert codes(plan={"escort_kind": "none_wanted", "escort": None}) == set()


def test_leg_names_somebody_or_nobody_and_not_two() -> None:
    (one,) = found(leg={"alone": True})
    assert (one.code, one.number, one.where.key) == ("alone_and_met", 1, "alone")
    assert one.is_on(CONTENTS[PaperName.TRAVELLERS_SHEET])
    assert not one.is_on(CONTENTS[PaperName.CONTACT_LIST])
    assert codes(leg={"alone": True, "met_by": None}) == set()
    assert codes(ANNA, leg={"alone": True, "met_by": None}) == {"alone_and_met"}
    assert codes(leg={"alone": True, "status": "cancelled"}) == set()


def test_first_name_is_that_of_the_contact_in_any_alphabet() -> None:
    told = make.told("Anna", "Анна")
    assert codes(ANNA, leg={"met_by": told}, second_leg={"met_by": told}) == set()
    other = {"met_by": make.told("Olga", "Ольга")}
    assert codes(ANNA, leg=other, second_leg={"met_by": told}) == {"meeter_is_another"}
    assert codes(ANNA, leg={"met_by": None}, second_leg={"met_by": None}) == set()
    nameless = {make.ESCORT.hex(): MeetingContact("")}
    assert codes(nameless, leg=other, second_leg=other) == set()


def test_meeter_of_another_house_than_the_receiver_is_a_doubt_on_the_last_leg_alone() -> None:
    told = {"met_by": make.told("Anna", "Анна")}
    other = {make.ESCORT.hex(): MeetingContact("Anna", make.OURS.hex())}
    (one,) = found(other, leg=told, second_leg=told)
    assert (one.code, one.is_doubt, one.number) == ("meeter_of_another", True, 2)
    assert found(other, leg=told, second_leg=told, plan={"receiver": None}) == []
    assert found(ANNA, leg=told, second_leg=told) == []


def test_contested_custody_waits_for_a_court() -> None:
    child = {"custody_contested": True, "custody_day": None}
    assert codes(child_papers=child) == {"custody_is_contested"}
    assert contradiction_findings(seen({**CALM, "child_papers": child})) == ()
    ahead = {**child, "custody_day": make.NOW.date() + timedelta(1)}
    assert codes(child_papers=ahead) == {"custody_is_contested"}  # as its gate says
    for mended in ({"custody_day": make.NOW.date()}, {"custody_contested": False},
                   {"guardian_order": None}):  # fmt: skip
        assert codes(child_papers={**child, **mended}) == set()


@pytest.mark.parametrize(
    ("key", "other"),
    [("custody_contested", False), ("custody_day", date(2026, 1, 1)), ("guardian_order", "Två")],
)
def test_custody_in_conflict_is_told_as_a_conflict(key: str, other: Value) -> None:
    papers = part("child_papers", {"custody_contested": True, "custody_day": None})
    one, two = (
        make.changed(papers, {key: value}, make.signature(by, minute), papers)
        for value, by, minute in ((other, "EV", 2), (None, "ОМ", 3))
    )
    torn = replace(papers, state=merge_states(one.state, two.state))
    assert codes_of(seen({**CALM, "child_papers": None}, torn)) == set()


def test_number_that_nobody_has_called_is_a_doubt() -> None:
    def number(**values: Any) -> list[str]:
        seen_number = view(part("help_number", values), HelpNumber)
        return [one.code for one in find_contradictions(seen(CALM), None, (seen_number,))]

    assert number() == []
    assert number(called=None) == ["number_untested"]
    assert number(called=None, number=None) == []


def test_what_is_found_is_told_as_a_fault_of_her_sheet() -> None:
    s = seen({**CALM, "leg": {**CALM["leg"], "alone": True}})
    (one,) = contradiction_findings(s)
    assert "alone_and_met" in {warning.code for warning in plan_warnings(s)}
    assert (one.code, one.type, one.key, one.sequence) == ("alone_and_met", "leg", "alone", 1)


NAMES = (None, make.told("Anna", "Анна"), make.told("Olga", "Ольга"))
DRAWN = st.fixed_dictionaries(
    {
        "born": st.sampled_from([None, date(1990, 1, 1), date(2015, 1, 1), PartialDate("2009")]),
        "band": st.sampled_from([None, "age_0_8", "age_9_17", "age_30_38", "age_48_up"]),
        "alone": st.sampled_from([None, True, False]),
        "met_by": st.sampled_from(NAMES),
        "meeter": st.sampled_from([None, make.ESCORT.hex()]),
        "escort_kind": st.sampled_from([None, "social", "none_wanted"]),
        "escort": st.sampled_from([None, make.ESCORT.hex()]),
    }
)


@given(DRAWN)
def test_no_paper_prints_two_statements_that_exclude_each_other(drawn: dict[str, Any]) -> None:
    """Whoever sets two of them is told, on each paper that shows both, and mending ends it."""
    changes: dict[str, Any] = {
        **CALM,
        "client": {"birth_date": drawn["born"], "age_band": drawn["band"]},
        "plan": {"escort_kind": drawn["escort_kind"], "escort": drawn["escort"]},
        "leg": {key: drawn[key] for key in ("alone", "met_by", "meeter")},
        "second leg": None,
    }
    named = drawn["met_by"] is not None or drawn["meeter"] is not None
    wanted = {
        "alone_and_met": drawn["alone"] is True and named,
        "escort_not_wanted": drawn["escort_kind"] == "none_wanted" and drawn["escort"] is not None,
        "meeter_is_another": drawn["met_by"] == NAMES[2] and drawn["meeter"] is not None,
    }
    found = find_contradictions(seen(changes), ANNA)
    told = {one.code for one in found}
    assert {code for code, is_wrong in wanted.items() if is_wrong} == told & wanted.keys()
    parts = {"client": "client", "plan": "plan", "leg": "leg"}
    for one in found:
        part_name = parts[one.where.type]
        mended = {**changes, part_name: {**changes[part_name], one.where.key: None}}
        assert one.code not in {each.code for each in find_contradictions(seen(mended), ANNA)}
