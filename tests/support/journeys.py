# SPDX-License-Identifier: GPL-3.0-or-later
"""One event of one leg, recorded as the window does."""

from kfdesk.domain.values import ZonedTime
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.plans.journey import LegEvent, LegUpdate
from kfdesk.services.workflow import record_journey


def record_leg_event(
    desk: Session, leg: bytes, what: LegEvent, happened: ZonedTime | None = None
) -> Saved:
    """Record what happened to a leg, and when; None means now. Return the save of the leg."""
    return record_journey(desk, (LegUpdate(leg, what, happened),))[0]
