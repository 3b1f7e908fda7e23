# SPDX-License-Identifier: GPL-3.0-or-later
"""Who travels, who of them counts as a child, in doubt everybody, and the gates of each child.

They hold for every traveller who counts as one, each by its own papers, which only the
organisation that answers for the plan writes. Nobody can set them aside.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from kfdesk.domain.consents.majority import MAJORITY as MAJORITY
from kfdesk.domain.consents.majority import is_child as is_child
from kfdesk.domain.consents.majority import travels
from kfdesk.domain.gates.gate import (
    Gate,
    Why,
    judged,
    met,
    missing,
    not_applicable,
    unless_done,
    unless_said,
)
from kfdesk.domain.gates.situation import Situation, last_written
from kfdesk.domain.lists.case_codes import ASSESSMENT_RESULT
from kfdesk.domain.records.person.child_papers import ChildPapers
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import View

Faults = Mapping[str, Why | None]

_NOTHING = ChildPapers(**dict.fromkeys(TYPES["child_papers"].fields))


def children(s: Situation) -> tuple[View[Any], ...]:
    """The travellers of the plan that count as children: the client first."""
    travellers: tuple[View[Any], ...] = (s.client, *companions(s))
    return tuple(person for person in travellers if is_child(person, s.at.date()))


def companions(s: Situation) -> tuple[View[Any], ...]:
    """Those who travel with the client, and those of whom nobody knows whether they do."""
    return tuple(person for person in s.relationships if travels(person))


def papers_of(child: View[Any], s: Situation) -> View[ChildPapers] | None:
    """A child's papers; of several the newest, and never what another organisation wrote."""
    named = child.rid.hex()
    ours = (p for p in s.child_papers if p.row.custodian == s.ours and p.record.child == named)
    return max(ours, key=lambda papers: (last_written(papers.row), papers.rid), default=None)


def child_gates(child: View[Any], s: Situation) -> tuple[Gate, ...]:
    """What each gate says of one child, in the order in which its papers come."""
    return tuple(_of_child(code, child, s) for code in _FAULTS)


def _of_child(code: str, child: View[Any], s: Situation) -> Gate:
    papers, faults = papers_of(child, s), _FAULTS[code]
    if papers is None:
        return missing(code, Why.MISSING, "child_papers", next(iter(faults(_NOTHING, s))))
    return judged(code, papers, faults(papers.record, s))


def _for_each(code: str, s: Situation) -> Gate:
    """The gate of the first child for whom it is open; met if it is for none."""
    found = [_of_child(code, child, s) for child in children(s)]
    if not found:
        return not_applicable(code)
    return next((gate for gate in found if gate.is_open), met(code))


def _of_family(papers: ChildPapers, s: Situation) -> Faults:
    result = papers.family_assessment_result
    is_clear = result in ASSESSMENT_RESULT and result != "unclear"
    return {
        "family_assessed": unless_done(papers.family_assessed, s.at),
        "family_assessment_result": None if is_clear else Why.RESULT_UNCLEAR,
    }


def _of_interests(papers: ChildPapers, s: Situation) -> Faults:
    in_favour = papers.bid_decision == "bid_in_favour"
    return {
        "bid_decided": unless_done(papers.bid_decided, s.at) or _too_early(papers),
        "bid_decision": None if in_favour else Why.NOT_IN_FAVOUR,
    }


def _of_takeover(papers: ChildPapers, s: Situation) -> Faults:
    return {
        "takeover_authority": unless_said(papers.takeover_authority),
        "takeover_by_authority": unless_done(papers.takeover_by_authority, s.at),
    }


def _too_early(papers: ChildPapers) -> Why | None:
    days = (papers.childs_view_heard, papers.family_assessed)
    known = [day for day in days if isinstance(day, date)]
    decided = papers.bid_decided
    is_early = isinstance(decided, date) and any(decided < day for day in known)
    return Why.BEFORE_IT_WAS_KNOWN if is_early else None


_FAULTS: Mapping[str, Callable[[ChildPapers, Situation], Faults]] = {
    "guardian_named": lambda papers, _: {"guardian": unless_said(papers.guardian)},
    "child_heard": lambda papers, s: {
        "childs_view_heard": unless_done(papers.childs_view_heard, s.at)
    },
    "family_assessed": _of_family,
    "best_interests": _of_interests,
    "guardian_order": lambda papers, _: {"guardian_order": unless_said(papers.guardian_order)},
    "takeover_written": _of_takeover,
}

TO_DECIDE = tuple(
    partial(_for_each, code)
    for code in ("guardian_named", "child_heard", "family_assessed", "best_interests")
)
"""The gates of a child before a decision, and at every step from there until she has left."""

TO_LEAVE = (
    *TO_DECIDE,
    *(partial(_for_each, code) for code in ("guardian_order", "takeover_written")),
)
"""Those before leaving: what the border and the receiving authority ask for, too."""
