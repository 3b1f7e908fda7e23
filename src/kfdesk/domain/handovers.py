# SPDX-License-Identifier: GPL-3.0-or-later
"""Handovers: which of them says that the client has arrived at the end of her journey.

A handover says so if she was received at her destination, or confirms her arrival herself. Such a
word ends alarms, so it counts only from the plan's custodian and from the receiver: any partner
with the plan's id could write one.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from kfdesk.domain.records.journey import Handover
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime

R = TypeVar("R")
_RECEIVED = frozenset({"received", "received_with_remarks"})
_AT_THE_END = frozenset({"arrival", "door"})
_ON_THE_WAY = frozenset({"pick_up", "departure_airport", "transit"})


def believed(views: Iterable[RecordView[R]], writers: Collection[bytes]) -> Iterator[R]:
    """Yield the records of these organisations: of others nobody says that she has arrived."""
    return (one.record for one in views if one.row.custodian in writers)


def arrival_told(one: Handover) -> ZonedTime | None:
    """Return when she arrived, by this handover; None if it does not say that she has."""
    is_handed = one.result in _RECEIVED and one.place in _AT_THE_END
    is_confirmed = one.confirmed_by_client is True and one.place not in _ON_THE_WAY
    if not is_handed and not is_confirmed:
        return None
    return one.happened if isinstance(one.happened, ZonedTime) else None


def received_at(handovers: Iterable[Handover], at: datetime) -> datetime | None:
    """Return the newest arrival that handovers tell of up to an instant (aware); None if none."""
    told = (arrival_told(one) for one in handovers)
    times = (one.utc for one in told if one is not None)
    return max((time for time in times if time <= at), default=None)
