# SPDX-License-Identifier: GPL-3.0-or-later
"""The states of a plan and the steps between them.

A table and questions to it; what must be so before a step is the gates' matter. A state is never
left by another way than by its row here.
"""

from collections.abc import Mapping

DRAFT = "draft"

READ_ONLY = frozenset({"closed", "withdrawn", "not_safe"})
"""Plans that nobody changes any more; going on means a new plan that names the earlier one."""

REOPENED = READ_ONLY | {"cancelled"}
"""Plans that a new one may follow."""

TRAVELLING = "travelling"

_AWAY = ("withdrawn", "cancelled")

NEXT: Mapping[str, tuple[str, ...]] = {
    "draft": ("assessing", *_AWAY),
    "assessing": ("decision_ready", "not_safe", *_AWAY),
    "decision_ready": ("approved", "not_safe", *_AWAY),
    "approved": ("travel_ready", "assessing", *_AWAY),
    "travel_ready": ("travelling", "assessing", *_AWAY),
    "travelling": ("arrived", *_AWAY),
    "arrived": ("reintegrating", *_AWAY),
    "reintegrating": ("follow_up", *_AWAY),
    "follow_up": ("closed", *_AWAY),
    "cancelled": ("withdrawn",),
    "closed": (),
    "withdrawn": (),
    "not_safe": (),
}
"""The steps: from each state, the way on first."""

BACK = frozenset({"approved", "travel_ready"})
"""States that go back to assessing when a risk is new or an assessment has run out."""


def may_step(state: str, target: str) -> bool:
    """Whether there is such a step."""
    return target in NEXT.get(state, ())


def is_way_back(state: str, target: str) -> bool:
    """Whether the step gives up what was decided; no gate ever holds it up."""
    return state in BACK and target == "assessing"


def is_read_only(state: object) -> bool:
    """Whether a plan in this state is changed no more."""
    return state in READ_ONLY
