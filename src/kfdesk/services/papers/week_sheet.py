# SPDX-License-Identifier: GPL-3.0-or-later
"""The week sheet: what has a day in the next seven days, on paper, by codes alone.

It has what the user may see in the calendar, with what is late. Entries of Contacts have no code
and are left out. The sheet stays at the desk. This module draws nothing.
"""

from collections.abc import Iterator
from datetime import timedelta

from kfdesk.domain.aftercare import FollowUpStatus
from kfdesk.domain.calendar import CalendarItem, items_between
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row
from kfdesk.services.calendar import read_calendar
from kfdesk.services.core.session import Session
from kfdesk.services.papers.inputs import PaperInputs

_DAYS = timedelta(days=6)
"""From the first day of the sheet, today, to its last."""
MOST_LINES = 500
"""Lines of a sheet; a calendar that has more is for the screen."""


def gather_week(desk: Session, _order: PaperRequest) -> PaperInputs:
    """Gather the items of the week with their records. Raise KfdeskError `user.not_allowed`."""
    items, own = _items(desk)[:MOST_LINES], desk.identity.organisation
    rows: dict[bytes, Row] = {}
    for row, _ in desk.store.kept({one.rid for one in items}).values():
        rows.update((one.rid, one) for one in desk.self_and_ancestors(row))
    recipient = Recipient(RecipientKind.OWN, own)
    return PaperInputs(tuple(rows.values()), (), recipient, own, week=items)


def week_obstacles(desk: Session, _order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield a fault if nothing has a day this week."""
    if not _items(desk):
        yield KfdeskError("paper.no_week")


def week_warnings(desk: Session, _order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield a warning if the sheet leaves something out, because there is too much."""
    if len(_items(desk)) > MOST_LINES:
        yield KfdeskError("paper.week_too_long", most=MOST_LINES)


def _items(desk: Session) -> tuple[CalendarItem, ...]:
    calendar = read_calendar(desk)
    still = [one for one in calendar.items if one.plan and one.standing.is_open]
    late = (one for one in still if one.standing is FollowUpStatus.OVERDUE)
    return tuple(dict.fromkeys((*late, *items_between(still, calendar.on, calendar.on + _DAYS))))
