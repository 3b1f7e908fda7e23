# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan whose every gate is met at NOW, part by part, to be spoilt in one place at a time."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.support import make

from kfdesk.domain.codes.risk import RISK_CATEGORY
from kfdesk.domain.itinerary import SheetFinding
from kfdesk.domain.rows import Row
from kfdesk.domain.values import PartialDate, Value, ZonedTime
from kfdesk.domain.workflow.gates import CaseContext, Gate, GateAnswer, Receiver, build_case_context
from kfdesk.domain.workflow.table import STATE_GATES, gates_before

Values = Mapping[str, Value]
Changes = Mapping[str, Any]

TODAY = make.NOW.date()
NOWHERE = make.named_id("nowhere")


def ago(**back: int) -> ZonedTime:
    """So long before NOW."""
    return ZonedTime.at((make.NOW - timedelta(**back)).replace(tzinfo=None), make.STOCKHOLM)


def ahead(**on: int) -> ZonedTime:
    """So long after NOW."""
    return ZonedTime.at((make.NOW + timedelta(**on)).replace(tzinfo=None), make.STOCKHOLM)


_FILLED = make.FILLED
PARTS: Mapping[str, tuple[str, Values, bytes]] = {
    "client": ("client", {}, make.OURS),
    "plan": (
        "plan",
        {
            "state": "draft", "wish_stated": ago(days=20), "last_risk_read": TODAY,
            "told_what_is_kept": TODAY, "reintegration_agreed": TODAY, "services_running": True,
            "fit_to_travel_until": make.at(20, 12), "escort": make.ESCORT.hex(),
        },
        make.OURS,
    ),
    "ours agreed": (
        "consent", {"purpose": "case_management", "recipient": make.OURS.hex()}, make.OURS,
    ),
    "theirs agreed": (
        "consent", {"transfer_tool": "explicit_consent_49_1_a", "warned": ago(hours=1)}, make.OURS,
    ),
    "leg": ("leg", {"status": "departed", "departed": ago(hours=1)}, make.OURS),
    "second leg": (
        "leg",
        {
            "sequence": 2, "departs": make.at(13, 12, 40, make.RIGA),
            "arrives": make.at(13, 20, 15, make.MOSCOW),
            "check_in": make.at(13, 20, 30, make.MOSCOW),
            "departed": None, "arrived": None,
        },
        make.OURS,
    ),
    "passport": ("travel_document", {"whose": None}, make.OURS),
    "handover": ("handover", {"happened": ago(hours=1)}, make.PARTNER),
    "law": ("legal_status", {}, make.OURS),
    "reception": ("reception", {"asked": ago(days=9), "answered": ago(days=8)}, make.OURS),
    "our risks": ("risk_assessment", {}, make.OURS),
    "their risks": ("risk_assessment", {"organisation": make.PARTNER.hex()}, make.PARTNER),
    "decision": ("approval", {"gate": None, "ends": None}, make.OURS),
}  # fmt: skip

LINES: Mapping[str, str] = {f"risk/{category}": category for category in RISK_CATEGORY}
"""The lines of our weighing by their parts' names."""

A_CHILD: Values = {"travels_with": True, "birth_date": PartialDate("2019"), "age_band": "age_0_8"}
SAFE_COUNTRY = Receiver(make.PARTNER, is_third_country=False)
OUTSIDE = Receiver(make.PARTNER, is_third_country=True)


def part(name: str, values: Values | None = None) -> Row:
    """One row of the sample, with some of its values changed."""
    if name in LINES:
        return line(LINES[name], **dict[str, Any](values or {}))
    kind, own, custodian = PARTS.get(name, (name, {}, make.OURS))
    whole = {**_FILLED[kind], **own, **(values or {})}
    rid = {"client": make.HER, "plan": make.PLAN}.get(name, make.named_id(name))
    return make.row(kind, whole, rid=rid, custodian=custodian)


def line(
    category: str, weighing: str = "our risks", custodian: bytes = make.OURS, **values: Any
) -> Row:
    """Return a line of a weighing in which nothing was found, but for these values."""
    whole = {"category": category, "answer": "nothing_found", **values}
    above, rid = make.named_id(weighing), make.named_id(f"{category} of {weighing}")
    return make.row("risk_line", whole, rid=rid, parent=above, custodian=custodian)


def rows(changes: Changes | None = None) -> tuple[Row, ...]:
    """All rows; `changes` by part: some other values, None leaves it out, a new name adds it."""
    asked = dict(changes or {})
    names = dict.fromkeys((*PARTS, *LINES, *asked))
    return tuple(part(name, asked.get(name)) for name in names if asked.get(name, {}) is not None)


def seen(
    changes: Changes | None = None,
    *more: Row,
    receiver: Receiver | None = OUTSIDE,
    paper: tuple[SheetFinding, ...] = (),
) -> CaseContext:
    """Return the sample as the gates see it, with changes and more rows."""
    return build_case_context((*rows(changes), *more), make.NOW, receiver, paper)


def gate(code: str, s: CaseContext) -> Gate:
    """Return what the gate with this code says; it is asked before its own state, on the way on."""
    return {g.code: g for g in gates_before(_target_of(code), s)}[code]


@cache
def _target_of(code: str) -> str:
    """Return the first state on the way on that this gate stands before."""
    whole = seen()
    return next(
        target for target in STATE_GATES if code in {g.code for g in gates_before(target, whole)}
    )


def answer(code: str, s: CaseContext) -> GateAnswer:
    """Return the answer alone."""
    return gate(code, s).answer


def day(number: int) -> date:
    """Return a day of December 2026."""
    return date(2026, 12, number)
