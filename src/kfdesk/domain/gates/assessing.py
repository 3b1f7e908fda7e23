# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates before anything is assessed: she wants it, agrees to it, and knows her choices.

One function a gate; what they are called and in which order they are asked stands in `table.py`.
"""

from kfdesk.domain.codes import WISH
from kfdesk.domain.gates.consents import standing
from kfdesk.domain.gates.gate import (
    Gate,
    Why,
    judged,
    met,
    not_applicable,
    not_met,
    unless_done,
    unless_yes,
)
from kfdesk.domain.gates.situation import Situation


def consent_case_management(s: Situation) -> Gate:
    """Her consent that this organisation works with her case."""
    found = standing(
        s,
        "consent_case_management",
        lambda c: c.purpose == "case_management" and c.recipient == s.ours.hex(),
    )
    return found.fault or met("consent_case_management")


def wish_recorded(s: Situation) -> Gate:
    """Her own wish, whatever it is, and when she said it."""
    plan = s.plan.record
    faults = {
        "wish": None if plan.wish in WISH else Why.MISSING,
        "wish_stated": unless_done(plan.wish_stated, s.at),
    }
    return judged("wish_recorded", s.plan, faults)


def interpreter_used(s: Situation) -> Gate:
    """An interpreter, unless it is known that she needs none."""
    code = "interpreter_used"
    needs = s.client.record.needs_interpreter
    if s.plan.record.interpreter_used is True:
        return met(code)
    if needs is False:
        return not_applicable(code)
    if needs is not True:
        return not_met(code, Why.MISSING, s.client, "needs_interpreter")
    return not_met(
        code, unless_yes(s.plan.record.interpreter_used) or Why.NOT_YES, s.plan, "interpreter_used"
    )


def options_explained(s: Situation) -> Gate:
    """All choices, staying among them."""
    why = unless_yes(s.plan.record.alternatives_explained)
    return judged("options_explained", s.plan, {"alternatives_explained": why})
