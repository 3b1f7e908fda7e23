# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of the journey itself and of the time after it, to the last.

Here the world decides and the desk writes it down: a gate asks for the record of it.
"""

from datetime import date

from kfdesk.domain.gates.gate import (
    Gate,
    Why,
    judged,
    met,
    missing,
    not_met,
    unless_done,
    unless_yes,
)
from kfdesk.domain.gates.situation import Situation
from kfdesk.domain.lists.case_codes import CLOSURE_REASON

_ON_THE_WAY = frozenset({"departed", "arrived"})
_RECEIVED = frozenset({"received", "received_with_remarks"})
_BEGUN = frozenset({"in_progress", "completed"})
_AT_THE_END = frozenset({"arrival", "door"})


def departure_recorded(s: Situation) -> Gate:
    """The first leg has left, and when."""
    code = "departure_recorded"
    for leg in s.legs:
        if leg.record.status in _ON_THE_WAY and unless_done(leg.record.departed, s.at) is None:
            return met(code)
    if not s.legs:
        return missing(code, Why.NO_LEGS, "leg", "sequence")
    return not_met(code, Why.NOT_RECORDED, s.legs[0], "departed")


def arrival_confirmed(s: Situation) -> Gate:
    """She was handed over where she was going, or says so herself."""
    code = "arrival_confirmed"
    for handover in s.handovers:
        record = handover.record
        is_handed = record.result in _RECEIVED and record.place in _AT_THE_END
        has_happened = unless_done(record.happened, s.at) is None
        if has_happened and (is_handed or record.confirmed_by_client is True):
            return met(code)
    if s.handovers:
        return not_met(code, Why.NOT_RECORDED, s.handovers[-1], "result")
    return missing(code, Why.NOT_RECORDED, "handover", "result")


def reintegration_agreed(s: Situation) -> Gate:
    """The plan for the time after is agreed with her."""
    why = unless_done(s.plan.record.reintegration_agreed, s.at)
    return judged("reintegration_agreed", s.plan, {"reintegration_agreed": why})


def services_running(s: Situation) -> Gate:
    """Services run or are done, by their own records or where nobody keeps any here."""
    if any(one.record.status in _BEGUN for one in s.services):
        return met("services_running")
    why = unless_yes(s.plan.record.services_running)
    return judged("services_running", s.plan, {"services_running": why})


def follow_up_scheduled(s: Situation) -> Gate:
    """Times for follow-up are set: contacts with their day, or set where there is no desk."""
    if any(isinstance(one.record.due, date) for one in s.follow_ups):
        return met("follow_up_scheduled")
    why = unless_yes(s.plan.record.follow_up_set)
    return judged("follow_up_scheduled", s.plan, {"follow_up_set": why})


def closure_reason(s: Situation) -> Gate:
    """Why it ends."""
    why = None if s.plan.record.closure_reason in CLOSURE_REASON else Why.MISSING
    return judged("closure_reason", s.plan, {"closure_reason": why})


def last_risk_read(s: Situation) -> Gate:
    """The risks were read a last time."""
    why = unless_done(s.plan.record.last_risk_read, s.at)
    return judged("last_risk_read", s.plan, {"last_risk_read": why})


def client_told(s: Situation) -> Gate:
    """She knows what is kept and until when."""
    why = unless_done(s.plan.record.told_what_is_kept, s.at)
    return judged("client_told", s.plan, {"told_what_is_kept": why})


def retention_set(s: Situation) -> Gate:
    """The day is set on which it is erased."""
    until = s.plan.record.retention_until
    why = None if isinstance(until, date) else Why.MISSING
    if isinstance(until, date) and until < s.at.date():
        why = Why.IN_THE_PAST
    return judged("retention_set", s.plan, {"retention_until": why})


def receipts_in(s: Situation) -> Gate:
    """The partners' receipts have come."""
    why = unless_yes(s.plan.record.receipts_in)
    return judged("receipts_in", s.plan, {"receipts_in": why})
