# SPDX-License-Identifier: GPL-3.0-or-later
"""Who travels, and who of them counts as a child, in doubt everybody.

Then the gates for children hold, and nobody can set them aside.
"""

from typing import Any

from kfdesk.domain.consents.majority import MAJORITY as MAJORITY
from kfdesk.domain.consents.majority import is_child as is_child
from kfdesk.domain.gates.situation import Situation
from kfdesk.domain.rows import View
from kfdesk.domain.values import Gap


def children(s: Situation) -> tuple[View[Any], ...]:
    """The travellers of the plan that count as children: the client first."""
    travellers: tuple[View[Any], ...] = (s.client, *companions(s))
    return tuple(person for person in travellers if is_child(person, s.at.date()))


def companions(s: Situation) -> tuple[View[Any], ...]:
    """Those who travel with the client, and those of whom nobody knows whether they do."""
    return tuple(
        person
        for person in s.relationships
        if person.record.travels_with is True
        or isinstance(person.record.travels_with, Gap)
        or "travels_with" in person.conflicts
    )
