# SPDX-License-Identifier: GPL-3.0-or-later
"""The calendar: everything that has a day, of every kind, and what of it may leave as a file.

An item names the record and the field that it comes from, whose it is, and how it stands today.
Services find the items (`services/calendar.py`); here they are ordered, cut to a span of days and
turned into entries of a calendar file (RFC 5545). Such a file says when, and a neutral title. So an
entry has no field for a place, a person or a text. Pure functions without a store or clock.
"""

import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from kfdesk.domain.accounts import fold_initials
from kfdesk.domain.aftercare import FollowUpStatus
from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.values import Value, ZonedTime, shift_day

# --- items


class CalendarKind(StrEnum):
    """The kinds of items; the order is that of the filter."""

    FOLLOW_UP = "follow_up"
    LEG = "leg"
    CHECK_IN = "check_in"
    TASK = "task"
    HEARING = "hearing"
    LAW = "law"
    """The last day of a period or permit."""
    STEP = "step"
    """The deadline of a step in a cooperation."""
    CONSENT = "consent"
    ENTRY = "entry"
    """The check of an entry in Contacts."""
    MEETING = "meeting"
    """A meeting of a network, or a case conference in a plan."""


KIND_NAMES: Mapping[CalendarKind, str] = {
    CalendarKind.FOLLOW_UP: N_("Contact after arrival"),
    CalendarKind.LEG: N_("Journey"),
    CalendarKind.CHECK_IN: N_("Check-in"),
    CalendarKind.TASK: N_("To do"),
    CalendarKind.HEARING: N_("Hearing"),
    CalendarKind.LAW: N_("Last day"),
    CalendarKind.STEP: N_("Deadline of the cooperation"),
    CalendarKind.CONSENT: N_("Consent ends"),
    CalendarKind.ENTRY: N_("Contact to check"),
    CalendarKind.MEETING: N_("Meeting"),
}
TASK_KINDS = frozenset(
    {CalendarKind.TASK, CalendarKind.LAW, CalendarKind.STEP, CalendarKind.CONSENT}
)
"""Kinds that are to be done by a day; the others happen at a time, as RFC 5545 tells them apart."""
SPANNING_KINDS = frozenset({CalendarKind.LEG, CalendarKind.MEETING})
"""Kinds that may last several days: they stand on each of them."""
EXPORTED_KINDS = frozenset(CalendarKind) - {CalendarKind.ENTRY}


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """Something that has a day.

    `first` and `last` are the days on which it is in time or under way, local to where it happens.
    `day` is the one that it stands under. `starts` and `ends` are set if a time of day is known.
    `plan` is empty for what belongs to no plan, `network` for what belongs to none. `owner` are the
    initials of whoever does it; empty if nobody is named. `about` says what it is, by its kind:
    codes, texts, localized texts. `pronoun` is that of the plan's client.
    """

    kind: CalendarKind
    rid: bytes
    record_type: str
    key: str
    day: date
    first: date
    last: date
    standing: FollowUpStatus
    starts: ZonedTime | None = None
    ends: ZonedTime | None = None
    plan: bytes = b""
    code: str = ""
    alias: str = field(default="", repr=False)
    owner: str = ""
    about: tuple[Value, ...] = field(default=(), repr=False)
    neutral_title: str = field(default="", repr=False)
    network: bytes = b""
    pronoun: Pronoun = Pronoun.CLIENT

    def is_of(self, user: str) -> bool:
        """Return whether this is the item of a user, by initials."""
        return bool(self.owner) and fold_initials(self.owner) == fold_initials(user)


def standing_of(first: date, last: date, today: date, *, is_done: bool) -> FollowUpStatus:
    """Return how something stands that is in time between two days."""
    if is_done:
        return FollowUpStatus.DONE
    if last < today:
        return FollowUpStatus.OVERDUE
    return FollowUpStatus.DUE if first <= today else FollowUpStatus.PLANNED


def item_order(item: CalendarItem) -> tuple[bool, date, bool, datetime, str, str, bytes]:
    """Return the sort key of an item: overdue first, then by day; what has no time of day first."""
    at = item.starts.utc if item.starts is not None else datetime.min.replace(tzinfo=UTC)
    is_timed = item.starts is not None
    is_late = item.standing is FollowUpStatus.OVERDUE
    return (not is_late, item.day, is_timed, at, item.code, item.kind, item.rid)


def items_between(
    items: Iterable[CalendarItem], first: date, last: date
) -> tuple[CalendarItem, ...]:
    """Return the items that stand on one of these days, or reach into them."""
    return tuple(
        one
        for one in items
        if first <= one.day <= last
        or (one.kind in SPANNING_KINDS and one.first <= last and one.last >= first)
    )


_ONE_JOURNEY = 14  # days between two legs of one journey


def journey_bars(items: Iterable[CalendarItem]) -> tuple[CalendarItem, ...]:
    """Return each journey as one item, from the first day of its first leg to its last day.

    Legs of one plan that are more than two weeks apart are two journeys. The bar leads to the
    first leg that is not behind, else to the last.
    """
    bars: list[CalendarItem] = []
    legs = sorted(
        (one for one in items if one.kind is CalendarKind.LEG),
        key=lambda one: (one.plan, one.first, one.last, one.rid),
    )
    for leg in legs:
        before = bars[-1] if bars else None
        if before is None or before.plan != leg.plan or _is_far(before, leg):
            bars.append(leg)
            continue
        shown = before if before.standing.is_open else leg
        last = max(before.last, leg.last)
        bars[-1] = replace(shown, day=before.day, first=before.first, last=last)
    return tuple(sorted(bars, key=lambda one: (one.first, one.last, one.code, one.rid)))


def _is_far(before: CalendarItem, leg: CalendarItem) -> bool:
    return (leg.first - before.last).days > _ONE_JOURNEY


# --- what leaves as a file

NEUTRAL_SUMMARY = "Notebook"
"""The title of everything that has no neutral one of its own: the program's neutral name."""
UID_DOMAIN = "notebook"
_UID_BYTES = 16
_KEPT_AFTER = 30
"""For how many days after its day a cancellation goes with each file: one may have been lost."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A component of a calendar file: an event, or with `is_task` something to do by `ends`.

    `starts` and `ends` are days, or aware times in UTC; the last day belongs to it. `writes` is how
    often its record had been written, from which `sequence` grows with each change.
    """

    uid: str
    writes: int
    starts: date | datetime
    ends: date | datetime
    summary: str = field(default=NEUTRAL_SUMMARY, repr=False)
    is_task: bool = False
    is_cancelled: bool = False
    sequence: int = 0

    @property
    def last_day(self) -> date:
        """The day on which it ends, in UTC if it has a time."""
        return self.ends.date() if isinstance(self.ends, datetime) else self.ends


def entry_uid(key: bytes, kind: CalendarKind, rid: bytes, *, has_tasks: bool = False) -> str:
    """Return the name of an item in calendar files; without `key` nobody can compute it.

    Something to do has one name as a task (with `has_tasks`) and another as an event: a calendar
    keeps the kind that it first saw under a name.
    """
    shape = b"\0event" if kind in TASK_KINDS and not has_tasks else b""
    digest = hmac.digest(key, kind.encode() + b"\0" + rid + shape, "sha256")
    return f"{digest[:_UID_BYTES].hex()}@{UID_DOMAIN}"


def entry_of(
    item: CalendarItem, uid: str, writes: int, *, has_tasks: bool = False
) -> CalendarEntry:
    """Return what leaves of an item: its time, and its neutral title.

    Something to do is an event, because telephones leave tasks out, unless `has_tasks` asks.
    """
    starts: date | datetime = item.day
    ends: date | datetime = item.day
    if item.starts is not None:
        starts = ends = item.starts.utc
        if item.ends is not None and item.ends.utc > starts:
            ends = item.ends.utc
    title = " ".join(item.neutral_title.split())
    is_task = has_tasks and item.kind in TASK_KINDS
    return CalendarEntry(uid, writes, starts, ends, title or NEUTRAL_SUMMARY, is_task)


def numbered(entry: CalendarEntry, before: CalendarEntry | None) -> CalendarEntry:
    """Return the entry with its sequence: above that of the file before, if it has changed.

    It is the number of writes of the record, or more where an entry was changed without one.
    """
    if before is None:
        return replace(entry, sequence=entry.writes)
    same = replace(entry, summary=before.summary, sequence=before.sequence)
    number = before.sequence if same == before else max(entry.writes, before.sequence + 1)
    return replace(entry, sequence=number)


def cancellations(
    before: Iterable[CalendarEntry], still: Collection[str], today: date, first: int = 0
) -> Iterator[CalendarEntry]:
    """Yield a cancellation of each entry of the file before that is no more, under no title.

    `still` are the names of those that are. What was over a month ago is forgotten. No number is
    below `first`.
    """
    for one in before:
        if one.uid not in still and shift_day(one.last_day, _KEPT_AFTER) >= today:
            number = max(first, one.sequence if one.is_cancelled else one.sequence + 1)
            yield replace(one, sequence=number, summary=NEUTRAL_SUMMARY, is_cancelled=True)
