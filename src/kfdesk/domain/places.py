# SPDX-License-Identifier: GPL-3.0-or-later
"""Places: below which records each record type stands.

A plan stands below a client, a leg below a plan, and nowhere else. Lists and pages rely on it,
so a record of a partner that stands elsewhere is not taken. Pure functions without a store.
"""

from collections.abc import Mapping

from kfdesk.domain.network_work import CONFERENCE_PARENTS, OWN_WORK, WORK_PARENTS
from kfdesk.domain.records.registry import RECORD_TYPES

_OF_CLIENT = ("relationship", "plan", "consent")
_OF_PLAN = (
    "leg", "help_number", "travel_document", "traveller", "handover", "legal_status",
    "risk_assessment", "risk_event", "child_papers", "reception", "referral", "approval",
    "transition", "note", "task", "attachment", "follow_up", "goal", "service", "cooperation",
)  # fmt: skip
_ENTRIES = frozenset({"organisation", "contact", "phone"})

_PARENTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_OF_CLIENT, frozenset({"client"})),
    **dict.fromkeys(_OF_PLAN, frozenset({"plan"})),
    "risk_line": frozenset({"risk_assessment"}),
    "cooperation_step": frozenset({"cooperation"}),
    "paper_copy": frozenset(RECORD_TYPES),
    "phone": frozenset({"organisation"}),
    "suggestion": _ENTRIES,
    "entry_check": _ENTRIES,
    "membership": frozenset({"network"}),
    "procedure_step": frozenset({"procedure"}),
    "article_text": frozenset({"article"}),
    "article_link": frozenset({"article"}),
    "sum_share": frozenset({"sum_round"}),
    "sum_part": frozenset({"sum_round"}),
    **WORK_PARENTS,
    **CONFERENCE_PARENTS,
}
"""The record types that stand below others, with those; all further types stand alone."""


def is_in_place(record_type: str, above: str | None) -> bool:
    """Return whether a record may stand there: `above` is the type above it, None for none."""
    if above is None:
        return record_type not in _PARENTS or record_type in OWN_WORK
    return above in _PARENTS.get(record_type, ())


def stands_alone(record_type: str) -> bool:
    """Return whether records of a type never stand below another record."""
    return record_type not in _PARENTS
