# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom to call when she may be in danger again after an arrival.

Who is near her comes first, then the number that answers in the country where she is. A number of
which nobody is sure is not shown.
"""

from dataclasses import dataclass, field

from kfdesk.domain.journey.emergency import emergency_on
from kfdesk.services.course.alarms import Call, receiver_calls
from kfdesk.services.course.situations import read_situation
from kfdesk.services.desk import Desk
from kfdesk.services.plans import name_of


@dataclass(frozen=True, slots=True)
class Near:
    """Who is near her: the receiver's name, the telephones that are safe, the emergency number.

    `emergency` is empty where no number is known for the country `country`.
    """

    receiver: str = field(default="", repr=False)
    calls: tuple[Call, ...] = field(default=(), repr=False)
    country: str = ""
    emergency: str = ""


def who_is_near(desk: Desk, plan: bytes) -> Near:
    """Whom to call about her where she is now.

    Raises KfdeskError `record.missing`, `record.deleted` or `user.not_allowed`.
    """
    s = read_situation(desk, plan)
    country = s.plan.record.to_country
    there = country if isinstance(country, str) else ""
    number = emergency_on((there,))
    return Near(
        receiver=name_of(desk, s.plan.record.receiver),
        calls=tuple(receiver_calls(desk, s)),
        country=there,
        emergency=number.number if number is not None and there else "",
    )
