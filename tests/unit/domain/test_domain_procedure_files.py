# SPDX-License-Identifier: GPL-3.0-or-later
"""What is odd in the steps of a file is told, and every step is kept."""

import pytest

from kfdesk.domain.procedures.files import (
    FileFinding,
    FileValues,
    FindingKind,
    ProcedureFile,
    check_order,
    earlier_steps,
    rings,
)
from kfdesk.domain.values import MissingAnswer


def steps(*pairs: tuple[str, str]) -> tuple[FileValues, ...]:
    return tuple({"prefix": prefix, "after": after} for prefix, after in pairs)


def found(*pairs: tuple[str, str]) -> list[tuple[FindingKind, str, str]]:
    return [(one.kind, one.prefix, one.part) for one in check_order(steps(*pairs))]


def test_steps_in_their_order_are_as_expected() -> None:
    assert found(("1", ""), ("2", "1"), ("2a", "2"), ("3", "2 1")) == []


def test_procedure_without_steps_is_told() -> None:
    assert found() == [(FindingKind.NO_STEPS, "", "")]


def test_step_without_a_number_is_told_by_its_place() -> None:
    assert found(("1", ""), ("", "1")) == [(FindingKind.NO_PREFIX, "", "2")]


def test_number_that_stands_twice_is_told_once() -> None:
    assert found(("1", ""), ("1", ""), ("1", "")) == [(FindingKind.SAME_PREFIX, "1", "")]


def test_earlier_step_that_is_not_there_is_told() -> None:
    assert found(("1", "7"), ("2", "1")) == [(FindingKind.AFTER_NOTHING, "1", "7")]


def test_clock_of_a_step_that_is_not_there_is_told() -> None:
    odd = ({"prefix": "1", "event_step": "9"}, {"prefix": "2", "event_step": "1"})
    assert [*check_order(odd)] == [FileFinding(FindingKind.AFTER_NOTHING, "1", "9")]


def test_missing_answer_names_no_earlier_step() -> None:
    assert earlier_steps({"after": MissingAnswer.UNKNOWN}) == []


@pytest.mark.parametrize(
    ("pairs", "on_ring"),
    [
        ((("1", "1"),), ["1"]),
        ((("1", "2"), ("2", "1")), ["1", "2"]),
        ((("1", ""), ("2", "1 4"), ("3", "2"), ("4", "3"), ("5", "4")), ["2", "3", "4"]),
        ((("1", "2"), ("2", "3"), ("3", "2")), ["2", "3"]),
        ((("1", ""), ("2", "1"), ("3", "1"), ("4", "2 3")), []),
    ],
)
def test_steps_that_wait_for_each_other_are_told(
    pairs: tuple[tuple[str, str], ...], on_ring: list[str]
) -> None:
    told = [prefix for kind, prefix, _ in found(*pairs) if kind is FindingKind.RING]
    assert told == on_ring


def test_numbers_that_stand_twice_and_a_ring_between_them_are_told() -> None:
    told = {kind for kind, _, _ in found(("1", ""), ("1", "2"), ("2", "1"))}
    assert told == {FindingKind.SAME_PREFIX, FindingKind.RING}


def test_many_steps_that_all_wait_for_each_other_cost_little() -> None:
    names = [str(number) for number in range(200)]
    assert len(rings(dict.fromkeys(names, names[:40]))) == 40


def test_nothing_of_a_file_stands_in_its_representation() -> None:
    shown = repr(ProcedureFile({"region": "Vinterby"}, ({"prefix": "1"},)))
    assert "Vinterby" not in shown
