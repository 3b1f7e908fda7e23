# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences about procedures: each fault with a remedy, and what a version and a step say."""

from datetime import date
from typing import Any

import pytest
from tests.unit.i18n.conftest import Speaking

from kfdesk.domain.procedures.clocks import ClockFault, NotDue
from kfdesk.domain.procedures.steps import FoundFault, StepFault
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.values import MissingAnswer, PartialDate, Translation
from kfdesk.i18n.procedures import (
    area_text,
    clock_text,
    in_force_text,
    law_read_text,
    not_due_text,
    procedure_title,
    since_text,
    step_fault_remedy,
    step_fault_text,
    version_text,
)

CODES = ("sv", "en", "ru")
FIRST, LAST = date(2026, 3, 1), date(2026, 12, 31)


def head(**values: Any) -> Procedure:
    return Procedure(**{**dict.fromkeys(RECORD_TYPES["procedure"].fields), **values})


def step(**values: Any) -> ProcedureStep:
    return ProcedureStep(**{**dict.fromkeys(RECORD_TYPES["procedure_step"].fields), **values})


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("fault", StepFault)
def test_every_fault_has_a_sentence_and_a_remedy(
    speaking: Speaking, code: str, fault: StepFault
) -> None:
    found, language = FoundFault("6b", fault, "{x} " + "y" * 500), speaking(code)
    said, remedy = step_fault_text(found, language), step_fault_remedy(found, language)
    assert said
    assert remedy
    assert said != remedy
    assert len(said) < 160


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        (None, None, ""),
        (FIRST, None, "from 1 Mar 2026"),
        (None, LAST, "until 31 Dec 2026"),
        (FIRST, LAST, "1 Mar 2026 – 31 Dec 2026"),
        (FIRST, FIRST, "1 Mar 2026"),
        (PartialDate("2026-03"), None, "from Mar 2026"),
        (MissingAnswer.UNKNOWN, "odd", ""),
    ],
)
def test_days_in_force(speaking: Speaking, begins: Any, ends: Any, said: str) -> None:
    record = head(effective_from=begins, effective_to=ends)
    assert in_force_text(record, speaking("en")) == said


def test_name_version_and_area(speaking: Speaking) -> None:
    language = speaking("sv")
    told = (Translation("en", "Together"), Translation("sv", " Till\nsammans "))
    assert procedure_title(head(title=told), language) == "Till sammans"
    assert procedure_title(head(), language) == "utan namn"
    assert version_text(head(version="2.1"), language) == "version 2.1"
    assert version_text(head(version=MissingAnswer.UNKNOWN), language) == "version utan nummer"
    assert area_text(head(country="SE", region="Skåne"), language) == "Sverige, Skåne"
    assert area_text(head(country="XX"), language) == "XX"
    assert area_text(head(), language) == ""


def test_who_read_the_law_and_when(speaking: Speaking) -> None:
    language = speaking("en")
    assert law_read_text(step(law="5:15"), language) == ""
    assert law_read_text(step(law_read=FIRST), language) == "read on 1 Mar 2026"
    by = step(law_read=FIRST, law_read_by="M. Ek")
    assert law_read_text(by, language) == "read on 1 Mar 2026 by M. Ek"


@pytest.mark.parametrize(
    ("values", "time", "since"),
    [
        ({}, "", ""),
        ({"clock": "statutory"}, "at once · by law", ""),
        ({"clock": "advised"}, "at once", ""),
        ({"clock": "agreed", "amount": 5, "unit": "workday", "event": "opened"},
         "5 working days · agreed", "from the beginning"),
        ({"clock": "statutory", "event": "reflection_ends"},
         "by the last day · by law", "of the reflection period"),
        ({"clock": "statutory", "amount": 14, "unit": "d", "event": "step_done"},
         "14 days · by law", "after step ?"),
        ({"clock": "cosmic", "amount": 3, "unit": "fortnight", "event": "full_moon"},
         "3 fortnight · cosmic", "full_moon"),
    ],
)  # fmt: skip
def test_clock_of_a_step(speaking: Speaking, values: dict[str, Any], time: str, since: str) -> None:
    language = speaking("en")
    assert (clock_text(step(**values), language), since_text(step(**values), language)) == (
        time, since,
    )  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_time_limit_that_is_not_counted_is_never_told_as_none(
    speaking: Speaking, code: str
) -> None:
    language = speaking(code)
    none = not_due_text(NotDue(ClockFault.NO_CLOCK), language)
    for fault in set(ClockFault) - {ClockFault.NO_CLOCK}:
        said = not_due_text(NotDue(fault), language)
        assert said != none
        assert not said.startswith(("No ", "Ingen tidsfrist", "Нет срока", "Срока нет"))
