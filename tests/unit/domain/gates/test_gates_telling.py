# SPDX-License-Identifier: GPL-3.0-or-later
"""The weighing of a receiver without a desk of its own: told to us, and never in another's name."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import (
    NOWHERE,
    Values,
    ago,
    ahead,
    answer,
    gate,
    part,
    seen,
)

from kfdesk.domain.authority import acceptable_part
from kfdesk.domain.records.risk import RiskAssessment
from kfdesk.domain.rows import Row, view
from kfdesk.domain.workflow.gates import (
    CaseContext,
    FieldLocation,
    GateAnswer,
    GateReason,
    Receiver,
)


def telling(**values: Any) -> Row:
    """Return what the receiver told on the telephone, as our side has written it down."""
    when: Values = {"organisation": make.PARTNER.hex(), "told": ago(days=2), "told_by": "Olga"}
    return part("risk_assessment", {**make.FILLED["risk_assessment"], **when, **values})


def told_risks(*more: Row, desk: bool = False, custodian: bytes = make.OURS) -> CaseContext:
    receiver = Receiver(make.PARTNER, is_third_country=True, has_own_desk=desk)
    rows = [replace(row, custodian=custodian) for row in more]
    return seen({"their risks": None, "decision": None}, *rows, receiver=receiver)


def test_what_a_receiver_without_a_desk_has_told_counts_as_its_weighing() -> None:
    s = told_risks(telling(conclusion="return_possible"))
    assert answer("risk_assessed", s) is GateAnswer.MET
    assert answer("conclusion_allows", s) is GateAnswer.MET
    worse = told_risks(telling(conclusion="postpone"))
    assert gate("conclusion_allows", worse).why is GateReason.CONCLUSION_FORBIDS


def test_a_receiver_with_a_desk_speaks_for_itself() -> None:
    s = told_risks(telling(), desk=True)
    found = gate("risk_assessed", s)
    assert (found.why, found.where) == (
        GateReason.HAS_OWN_DESK,
        FieldLocation("risk_assessment", "organisation", telling().rid),
    )
    own = replace(telling(told_by=None), rid=make.named_id("own"), custodian=make.PARTNER)
    both = told_risks(telling(conclusion="return_possible"), desk=True)
    assert answer(
        "risk_assessed", replace(both, risks=(*both.risks, view(own, RiskAssessment)))
    ) is (GateAnswer.MET)


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("told_by", None, GateReason.MISSING),
        ("told_by", "  ", GateReason.MISSING),
        ("told_way", None, GateReason.MISSING),
        ("told", None, GateReason.MISSING),
        ("told", ahead(hours=1), GateReason.IN_THE_FUTURE),
        ("done", None, GateReason.MISSING),
    ],
)
def test_who_told_it_how_and_when_must_be_known(key: str, value: Any, why: GateReason) -> None:
    found = gate("risk_assessed", told_risks(telling(**{key: value})))
    assert (found.why, found.where and found.where.key) == (why, key)


def test_the_newest_of_what_a_receiver_sent_and_told_counts() -> None:
    sent = replace(
        telling(done=date(2026, 11, 22), told_by=None),
        rid=make.named_id("s"),
        custodian=make.PARTNER,
    )
    s = told_risks(telling(done=date(2026, 11, 21), conclusion="postpone"))
    both = replace(s, risks=(*s.risks, view(sent, RiskAssessment)))
    assert answer("conclusion_allows", both) is GateAnswer.MET


def test_what_another_has_written_down_is_neither_our_word_nor_the_receivers() -> None:
    theirs = told_risks(telling(), custodian=make.PARTNER)  # its own word, for it names itself
    assert answer("risk_assessed", theirs) is GateAnswer.MET
    forged = told_risks(telling(), custodian=NOWHERE)
    assert gate("risk_assessed", forged).why is GateReason.THEIRS_MISSING
    ours_told_by_them = replace(telling(organisation=make.OURS.hex()), custodian=make.PARTNER)
    s = seen({"our risks": None}, ours_told_by_them)
    assert gate("risk_assessed", s).why is GateReason.OURS_MISSING
    other = told_risks(telling(organisation=NOWHERE.hex()))
    assert gate("risk_assessed", other).why is GateReason.THEIRS_MISSING


def test_what_a_receiver_told_is_not_our_own_weighing() -> None:
    receiver = Receiver(make.PARTNER, is_third_country=True, has_own_desk=False)
    s = seen({"our risks": None, "their risks": None}, telling(), receiver=receiver)
    assert gate("risk_assessed", s).why is GateReason.OURS_MISSING


def test_no_file_of_a_partner_brings_a_weighing_in_our_name_or_in_a_thirds() -> None:
    assert acceptable_part(telling(), make.PARTNER) is None
    third = replace(telling(), custodian=NOWHERE)
    assert acceptable_part(third, make.PARTNER) is None
    own = replace(telling(), custodian=make.PARTNER)
    assert acceptable_part(own, make.PARTNER) is not None


def test_a_plan_whose_receiver_is_ourselves_has_no_second_side() -> None:
    receiver = Receiver(make.OURS, is_third_country=False)
    s = seen({"their risks": None}, receiver=receiver)
    assert gate("risk_assessed", s).why is GateReason.THEIRS_MISSING
