# SPDX-License-Identifier: GPL-3.0-or-later
"""The procedures that come with the program: whole in all languages, and true to what was read."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kfdesk.domain.deadlines import REFLECTION_DAYS
from kfdesk.domain.procedures.files import FileValues, ProcedureFile
from kfdesk.domain.procedures.steps import StepFault, step_faults
from kfdesk.domain.records.procedures import ProcedureStep
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.values import Translation, Value, text_in_language, text_or_empty
from kfdesk.formats.procedures import read_procedure, write_procedure
from kfdesk.i18n.language import PROGRAM_LANGUAGES

FOLDER = Path(__file__).parents[3] / "resources" / "procedures"
NAMES = ("empty", "return-and-reception", "stockholm-region")
READ = date(2026, 11, 29)
NOT_READ = {"4d": "SFS 2005:429", "8": "SFS 1988:609", "16": "NSPM 6"}
"""Steps whose law or manual nobody has read for this line."""
NO_LAW = {"13", "14", "15"}
"""Steps whose days partners agree on, under no law."""
UNKIND = {"en": r"\bvictim", "sv": r"\boffer", "ru": r"\bжертв"}


def shipped(name: str) -> ProcedureFile:
    return read_procedure((FOLDER / f"{name}.json").read_bytes())


def steps_by_prefix() -> dict[str, FileValues]:
    return {str(one["prefix"]): one for one in shipped("stockholm-region").steps}


def told_values(procedure: ProcedureFile) -> list[Value]:
    values = [value for part in (procedure.values, *procedure.steps) for value in part.values()]
    return [one for one in values if isinstance(one, tuple) and isinstance(one[0], Translation)]


def test_these_procedures_are_shipped() -> None:
    assert tuple(sorted(path.stem for path in FOLDER.iterdir())) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_shipped_procedure_is_as_the_program_would_write_it(name: str) -> None:
    data = (FOLDER / f"{name}.json").read_bytes()
    found = shipped(name)
    assert write_procedure(found) == data
    assert found.left_out == ()
    assert (found.values["status"], found.values["dated"]) == ("draft", READ)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", PROGRAM_LANGUAGES)
def test_every_text_is_there_in_every_language(name: str, language: str) -> None:
    told = told_values(shipped(name))
    texts = [text_in_language(one, language) for one in told]  # type: ignore[arg-type]
    assert texts
    assert all(texts)
    assert [one for one in texts if re.search(UNKIND[language], str(one), re.IGNORECASE)] == []


def test_cooperation_in_stockholm_has_the_lines_of_its_design() -> None:
    assert " ".join(steps_by_prefix()) == "1 2 3 4 4a 4b 4c 4d 5 6 6a 6b 7 8 9 10 11 12 13 14 15 16"
    assert all(one.get("lead") and one.get("requirement") for one in steps_by_prefix().values())


def test_each_line_names_its_law_and_who_read_it_or_says_that_nobody_did() -> None:
    for prefix, one in steps_by_prefix().items():
        law = text_or_empty(one.get("law"))
        assert bool(law) is (prefix not in NO_LAW), prefix
        if prefix in NOT_READ:
            assert (law, one.get("law_read"), one.get("law_read_by")) == (
                NOT_READ[prefix],
                None,
                None,
            )
        elif law:
            assert (one["law_read"], one["law_read_by"]) == (READ, "kfdesk project"), prefix


def test_clock_by_law_needs_a_law_that_was_read() -> None:
    by_law = {p: one for p, one in steps_by_prefix().items() if one.get("clock") == "statutory"}
    assert set(by_law) == {"4", "4a", "4b", "4c", "6a", "6b"}
    assert all(one.get("law_read") == READ for one in by_law.values())


@pytest.mark.parametrize(
    ("prefix", "amount", "unit", "starts", "law"),
    [
        ("4b", 14, "d", "4", "SoL 20:2, 19:6"),  # fourteen days after the report came in
        ("4c", 4, "mo", "4b", "SoL 20:3, 20:6"),  # four months from the opening
    ],
)
def test_clocks_of_a_childs_report_agree_with_the_law(
    prefix: str, amount: int, unit: str, starts: str, law: str
) -> None:
    one = steps_by_prefix()[prefix]
    assert (one["amount"], one["unit"]) == (amount, unit)
    assert (one["event"], one["event_step"], one["law"]) == ("step_done", starts, law)
    assert one["rolls"] is False


@pytest.mark.parametrize("prefix", ["6a", "6b", "7", "9"])
def test_clocks_of_the_reflection_period_end_with_it(prefix: str) -> None:
    one = steps_by_prefix()[prefix]
    assert (one["event"], one.get("amount"), one.get("unit")) == ("reflection_ends", None, None)
    assert REFLECTION_DAYS == 30
    assert one.get("rolls") is None


@pytest.mark.parametrize("prefix", ["4", "4a"])
def test_what_is_done_at_once_has_no_days(prefix: str) -> None:
    one = steps_by_prefix()[prefix]
    assert (one["clock"], one.get("event"), one.get("amount")) == ("statutory", None, None)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_in_a_shipped_procedure_but_laws_that_nobody_has_read(name: str) -> None:
    nothing: dict[str, Any] = dict.fromkeys(RECORD_TYPES["procedure_step"].fields)
    steps = [ProcedureStep(**{**nothing, **one}) for one in shipped(name).steps]
    found = step_faults(steps, READ)
    assert {one.fault for one in found} <= {StepFault.LAW_NOT_READ}
    assert {one.prefix for one in found} <= NOT_READ.keys()


def test_only_the_head_of_the_investigation_can_prolong() -> None:
    steps = steps_by_prefix()
    assert {steps[prefix]["lead"] for prefix in ("6b", "9")} == {"head_of_investigation"}
    assert steps["6"]["lead"] == "social_board"
    assert steps["6"]["deputy"] == "head_of_investigation"
    assert "investigation_open" in str(steps["6b"]["applies"])


def test_partners_procedure_has_the_same_last_steps() -> None:
    assert shipped("return-and-reception").steps == shipped("stockholm-region").steps[-6:]


def test_no_clock_of_another_country_is_shipped() -> None:
    found = shipped("return-and-reception")
    assert "country" not in found.values
    assert {one.get("clock") for one in found.steps} <= {None, "agreed"}


def test_empty_procedure_has_three_example_steps() -> None:
    found = shipped("empty")
    assert len(found.steps) == 3
    assert not any("law" in one for one in found.steps)
