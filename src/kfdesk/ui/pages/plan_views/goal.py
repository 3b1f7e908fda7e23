# SPDX-License-Identifier: GPL-3.0-or-later
"""Where in a plan one goes to mend what keeps a paper back: the very field, or the section.

Told by faults, which name a field and the number of its leg or telephone; that a number is a
place in the plan's order, only the services that number and this module know.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kfdesk.domain.errors import KfdeskError
from kfdesk.services.plans import PlanPage

_NUMBERED = frozenset({"leg", "help_number"})
_HOMES: Mapping[str, str] = {
    "paper.not_wanted": "plan.wants_paper",
    "paper.wish_not_recorded": "plan.wants_paper",
    "paper.too_few_numbers": "help_number.number",
    "paper.no_consent": "consent",
    "paper.consent_incomplete": "consent",
    "paper.consent_expired": "consent",
    "paper.consent_withdrawn": "consent",
    "paper.incomplete": "leg",
    "paper.carry_somewhere": "leg",
    "documents.too_wide": "leg",
    "documents.too_much": "leg",
    "documents.no_letter": "leg",
}
"""Where faults are mended that name no field: a field, or a type whose section it is."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A field of a record; without a key the section in which records of the type stand.

    `number` counts legs or telephones from 1, as papers do; without it there is none of them yet.
    `language` is the one in which the field lacks its text, empty where nothing of that sort is.
    """

    record_type: str
    key: str = ""
    number: int | None = None
    is_torn: bool = False
    language: str = ""

    def rid_in(self, page: PlanPage) -> bytes | None:
        """The record on this page; None where it is to be begun."""
        single = {"client": page.client.rid, "plan": page.plan.rid}
        if self.record_type in single:
            return single[self.record_type]
        rids = [seen.rid for seen in page.case.all_views(self.record_type)]
        if self.record_type in _NUMBERED and not self.is_torn:
            rids = rids[self.number - 1 : self.number] if self.number else []
        return rids[-1] if rids else None


def goal_of(fault: KfdeskError) -> Goal | None:
    """Where a fault of a paper is mended in its plan; None where that is not in the plan."""
    path = str(fault.data.get("field", "")) or _HOMES.get(fault.code, "")
    record_type, _, key = path.partition(".")
    number = fault.data.get("number")
    is_torn = fault.code == "paper.conflict"
    place = number if isinstance(number, int) else None
    language = str(fault.data.get("language", ""))
    return Goal(record_type, key, place, is_torn, language) if record_type else None
