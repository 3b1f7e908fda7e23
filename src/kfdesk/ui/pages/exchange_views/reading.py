# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages of Exchange read on the worker's thread, as values to show.

Each function asks services and returns frozen values; none touches a widget or writes anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kfdesk.domain.desk.exchange import Made
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Reference
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, View, view, view_any
from kfdesk.domain.values import Moment, Value
from kfdesk.services import exchange, partners, plans
from kfdesk.services.casework.lines import PlanLine
from kfdesk.services.desk import Desk, Progress
from kfdesk.services.exchange import Plans, Review
from kfdesk.services.partners import PartnerLine
from kfdesk.services.sharing.arriving import missing_before
from kfdesk.services.sharing.deciding import Choice, choices_in
from kfdesk.services.sharing.given import last_put, list_waiting
from kfdesk.services.sharing.leaving import Mention, Parcel
from kfdesk.services.writing.records import read_record
from kfdesk.ui.pages.exchange_views.wording import Names, order_of, values_of
from kfdesk.ui.pages.notice_views.telling import Withdrawn

_DEEPEST = 4  # records above a record: a leg's plan, and the plan's client


@dataclass(frozen=True, slots=True)
class Sending:
    """What can be sent to whom."""

    plans: tuple[PlanLine, ...]
    partners: tuple[PartnerLine, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """By plan, how many records wait to go to a partner; and where its last file was put."""

    records: Mapping[bytes, int] = field(default_factory=dict)
    put: Path | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A parcel with the names that it refers to, and the consents by which it goes."""

    parcel: Parcel
    names: Names
    told: tuple[Withdrawn, ...] = ()
    consents: Mapping[bytes, View[Consent]] = field(default_factory=dict)
    codes: Mapping[bytes, str] = field(default_factory=dict)
    """By plan, its client's code."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after: no value, one, or several in conflict."""

    key: str
    before: tuple[Value, ...]
    after: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A record that a file brings, whose it is, and what of it differs from ours.

    `choices` are, by key, the fields that both sides have changed.
    """

    after: View[Any]
    code: str
    is_new: bool
    differences: tuple[Difference, ...]
    choices: Mapping[str, Choice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that was looked at: what it would do, record by record, conflicts first.

    `missing` are the numbers of the sender's files before it that have not come.
    """

    path: Path
    review: Review
    changes: tuple[Change, ...]
    names: Names
    told: tuple[Withdrawn, ...] = ()
    missing: tuple[int, ...] = ()


def read_sending(desk: Desk) -> Sending:
    """The plans and partners to choose from."""
    return Sending(plans.list_plans(desk), partners.list_partners(desk))


def read_partners(desk: Desk) -> tuple[PartnerLine, ...]:
    """All partners, with how much waits to go to each, for who may send.

    Raises KfdeskError `user.not_allowed`.
    """
    lines = partners.list_partners(desk)
    if not desk.may(Right.EXPORT_BUNDLE):
        return lines
    return tuple(replace(line, waiting=_to_send(desk, line)) for line in lines)


def _to_send(desk: Desk, line: PartnerLine) -> int:
    waits = list_waiting(desk, line.partner).values()
    return sum(one.records - one.on_way for one in waits)


def whose(desk: Desk, rid: bytes) -> tuple[str, View[Any] | None]:
    """The code of the client whom a record is about, and the record; nothing of what is gone."""
    row = _kept(desk, rid)
    return _code_of(desk, row, {}), view_any(row) if row is not None else None


def read_waiting(desk: Desk, organisation: bytes) -> Waiting:
    """What waits for a partner. Raises KfdeskError `partner.unknown` or `user.not_allowed`."""
    partner = partners.find_partner(desk, organisation)
    counts = {plan: waits.records for plan, waits in list_waiting(desk, partner).items()}
    return Waiting(counts, last_put(desk, organisation))


def read_parcel(desk: Desk, plan: Plans, organisation: bytes) -> Shown:
    """What would go of plans, or without any to another laptop of our own: of everything.

    Raises KfdeskError as `exchange.prepare` does.
    """
    parcel = (
        exchange.prepare(desk, plan, organisation)
        if plan
        else exchange.prepare_everything(desk, organisation)
    )
    codes = {one.other.hex(): _code(_kept(desk, one.other)) for one in parcel.mentions}
    names = {**_names(desk, (given.row for given in parcel.goes.rows)), **codes}
    told = tuple(
        _withdrawn(notice.row, _code_of(desk, notice.row, {})) for notice in parcel.notices
    )
    opened = {rid for how in parcel.may.openings.values() if isinstance(how, frozenset)
              for rid in how}  # fmt: skip
    kept = ((rid, _kept(desk, rid)) for rid in opened)
    consents = {rid: view(row, Consent) for rid, row in kept if row is not None}
    plan_codes = {rid: _code_of(desk, _kept(desk, rid), {}) for rid in parcel.whose}
    return Shown(parcel, names, told, consents, plan_codes)


def send_shown(
    desk: Desk, plan: Plans, shown: Parcel, folder: Path, somebody_else: frozenset[Mention]
) -> Made | Shown:
    """Make a file of what was shown; where something else would go by now, that instead.

    Nothing leaves that nobody has looked at. Raises KfdeskError as `exchange.send` does.
    """
    organisation = shown.partner.organisation
    now = read_parcel(desk, plan, organisation)
    if now.parcel != shown:
        return now
    if not plan:
        return exchange.send_everything(desk, organisation, folder)
    return exchange.send(desk, plan, organisation, folder, somebody_else)


def look_at_file(desk: Desk, path: Path, progress: Progress | None = None) -> Incoming:
    """What a file would do. Writes nothing. Raises KfdeskError as `exchange.review` does."""
    review = exchange.review(desk, path, progress)
    rows = {row.rid: row for row in (*review.new, *review.changed)}
    changes = [_change(desk, row, review, _code_of(desk, row, rows)) for row in rows.values()]
    names = _names(desk, (*rows.values(), *review.before.values()))
    told = tuple(
        _withdrawn(one.after, _code_of(desk, one.after, rows), is_ours=one.is_ours)
        for one in review.news
    )
    missing = missing_before(desk, review.taken)
    return Incoming(path, review, tuple(sorted(changes, key=_place)), names, told, missing)


def _withdrawn(row: Row, code: str, *, is_ours: bool = False) -> Withdrawn:
    consent = view(row, Consent).record
    moment, effects = consent.withdrawn, consent.withdrawal_effect
    return Withdrawn(
        code,
        moment if isinstance(moment, Moment) else None,
        effects if isinstance(effects, tuple) else (),
        is_ours,
    )


def _change(desk: Desk, row: Row, review: Review, code: str) -> Change:
    after = view_any(row)
    ours = review.before.get(row.rid)
    before = view_any(ours) if ours else None
    keys = TYPES[row.type].fields
    pairs = (
        Difference(key, values_of(before, key) if before else (), values_of(after, key))
        for key in keys
    )
    choices = choices_in(desk, ours, row) if ours else {}
    differences = tuple(pair for pair in pairs if pair.before != pair.after)
    return Change(after, code, ours is None, differences, choices)


def _place(change: Change) -> tuple[bool, bool, str, tuple[int, int, bytes]]:
    return (not change.choices, change.is_new, change.code, order_of(change.after))


def _code_of(desk: Desk, row: Row | None, rows: Mapping[bytes, Row]) -> str:
    """The code of the client whom a record is about; empty if it is about none."""
    above = row
    for _ in range(_DEEPEST):
        if above is None or above.type == "client" or above.parent is None:
            break
        above = rows.get(above.parent) or _kept(desk, above.parent)
    return _code(above)


def _code(client: Row | None) -> str:
    if client is None or client.type != "client":
        return ""
    code = view(client, Client).record.code
    return code if isinstance(code, str) else ""


def _kept(desk: Desk, rid: bytes) -> Row | None:
    try:
        return read_record(desk, rid)
    except KfdeskError:
        return None


def _names(desk: Desk, rows: Iterable[Row]) -> Names:
    references = {
        value
        for shown in map(view_any, rows)
        for key, field in TYPES[shown.row.type].fields.items()
        if isinstance(field.kind, Reference)
        for value in values_of(shown, key)
        if isinstance(value, str)
    }
    return {reference: plans.name_of(desk, reference) for reference in references}
