# SPDX-License-Identifier: GPL-3.0-or-later
"""Aftercare: follow-ups, concerns, referrals, and whom to call where the client is now.

Goals and services are records like any other. Only a referral first checks that the client
has agreed that this organisation may learn of the client's needs. The domain decides when a
follow-up is due and what is a concern.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from kfdesk.domain.accounts import format_initials
from kfdesk.domain.aftercare import (
    CONCERN_PERIOD,
    FollowUpProposal,
    FollowUpStatus,
    contact_window,
    follow_up_day,
    follow_up_status,
    is_unsafe_to_contact,
    newest_concern,
)
from kfdesk.domain.consent import PURPOSE_GROUPS, invalidity_reason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.itinerary import emergency_number_for
from kfdesk.domain.records.aftercare import FollowUp, Service
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import RecordView, encode_changes, seen_writes, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value, text_or_empty
from kfdesk.domain.workflow.gates import is_read_only
from kfdesk.services.core.authorization import (
    READ_RIGHTS,
    hidden_keys,
    require_adding,
    require_editing,
    without_hidden,
)
from kfdesk.services.core.records import (
    Saved,
    change_record,
    change_records,
    put_changed,
    put_new,
    require_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.plans.journey import AlarmCall, receiver_calls
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.plans.plans import (
    Case,
    list_current_plans,
    load_case,
    name_of,
    read_case_context,
    zoned_now,
)

# --- whom to call


@dataclass(frozen=True, slots=True)
class LocalContacts:
    """The receiver's name, the telephones that are safe to call, and the emergency number.

    `emergency` is empty if no number is known for the country `country`.
    """

    receiver: str = field(default="", repr=False)
    calls: tuple[AlarmCall, ...] = field(default=(), repr=False)
    country: str = ""
    emergency: str = ""


def read_local_contacts(desk: Session, plan: bytes) -> LocalContacts:
    """Return whom to call about the client of `plan` where the client is now.

    Raise KfdeskError `record.missing`, `record.deleted` or `user.not_allowed`.
    """
    s = read_case_context(desk, plan)
    there = text_or_empty(s.plan.record.to_country)
    number = emergency_number_for((there,))
    return LocalContacts(
        receiver=name_of(desk, s.plan.record.receiver),
        calls=tuple(receiver_calls(desk, s)),
        country=there,
        emergency=number.number if number is not None and there else "",
    )


# --- follow-ups

_FOLLOW_UP = "follow_up"
_STATUS_ORDER = (
    FollowUpStatus.OVERDUE,
    FollowUpStatus.DUE,
    FollowUpStatus.PLANNED,
    FollowUpStatus.UNDATED,
)


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A follow-up in a list: its plan, how it stands today, and who makes it.

    It is on time between the days `first` and `last`. `owner` are initials of a user here.
    """

    line: PlanLine
    rid: bytes
    standing: FollowUpStatus
    due: date | None
    first: date | None
    last: date | None
    after_days: int | None
    kind: str
    owner: str
    organisation: str


@dataclass(frozen=True, slots=True)
class FollowUpConcern:
    """A plan whose newest follow-up says that the client may be in danger or cannot be reached.

    `on` is the day of that follow-up. `is_unsafe`: it is not safe to contact the client.
    """

    line: PlanLine
    on: date
    is_unsafe: bool


def list_concerns(
    desk: Session, lines: Sequence[PlanLine] | None = None
) -> tuple[FollowUpConcern, ...]:
    """Return the concerns that need attention at once, the newest first.

    `lines` are the plans, if the caller has read them. A plan that ended is listed for a month:
    after that somebody has decided what follows. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    known = list_current_plans(desk) if lines is None else lines
    concerns = sorted(_concerns(desk, known), key=lambda one: (one.on, one.line.code))
    return tuple(reversed(concerns))


def list_follow_ups(
    desk: Session, lines: Sequence[PlanLine] | None = None
) -> tuple[FollowUpLine, ...]:
    """Return all follow-ups of plans that have not ended, the most overdue first.

    `lines` are the plans, if the caller has read them. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    known = list_current_plans(desk) if lines is None else lines
    return tuple(sorted(_follow_up_lines(desk, known), key=_follow_up_order))


def schedule_follow_ups(
    desk: Session, plan: bytes, chosen: Iterable[FollowUpProposal]
) -> tuple[Saved, ...]:
    """Save the proposed follow-ups that the client agrees to, in one transaction.

    The receiver makes them if it is an organisation; each can be changed like any record.
    Raise KfdeskError `record.missing`, `plan.read_only` or `user.not_allowed`.
    """
    require_adding(desk, _FOLLOW_UP, plan)
    record = view(require_record(desk, plan), Plan).record
    with desk.store.transaction():
        return tuple(_schedule_follow_up(desk, plan, record, each) for each in chosen)


def refuse_follow_up(desk: Session, rid: bytes) -> Saved:
    """Record that the client does not want a follow-up; no reason is asked for.

    Raise KfdeskError as `change_record`.
    """
    return change_record(desk, rid, {"refused": True, "result": "refused"})


def reassign_follow_ups(desk: Session, rids: Iterable[bytes], owner: str) -> tuple[Saved, ...]:
    """Assign these follow-ups to another user. Raise KfdeskError as `change_record`."""
    values: dict[str, Value] = {"owner": format_initials(owner)}
    return change_records(desk, ((rid, values, None) for rid in rids))


def _schedule_follow_up(desk: Session, plan: bytes, record: Plan, each: FollowUpProposal) -> Saved:
    values: dict[str, Value] = {
        "due": each.due,
        "window": each.window,
        "after_days": each.after_days,
        "kind": "regular" if each.after_days else "arrival",
    }
    receiver = text_or_empty(record.receiver)
    if (
        name_of(desk, receiver)
        and require_record(desk, bytes.fromhex(receiver)).type == "organisation"
    ):
        values["organisation"] = receiver
    if isinstance(record.owner, str):
        values["owner"] = record.owner
    row = desk.new_row(_FOLLOW_UP, plan)
    return put_new(desk, row, encode_changes(_FOLLOW_UP, values))


def _follow_up_lines(desk: Session, lines: Sequence[PlanLine]) -> Iterator[FollowUpLine]:
    of_plan = {line.rid: line for line in lines if not is_read_only(line.state)}
    today = desk.adapters.clock.now().date()
    for row in desk.store.rows_beneath(_FOLLOW_UP, of_plan):
        seen = view(row, FollowUp)
        if not seen.is_deleted:
            yield _follow_up_line(desk, of_plan[row.parent or b""], seen, today)


def _concerns(desk: Session, lines: Sequence[PlanLine]) -> Iterator[FollowUpConcern]:
    by_plan: dict[bytes, list[RecordView[FollowUp]]] = {}
    for row in desk.store.rows_beneath(_FOLLOW_UP, (line.rid for line in lines)):
        seen = view(without_hidden(row, hidden_keys(desk, row)), FollowUp)
        if row.parent is not None and not seen.is_deleted:
            by_plan.setdefault(row.parent, []).append(seen)
    today = desk.adapters.clock.now().date()
    for line in lines:
        last = newest_concern(by_plan.get(line.rid, ()), today)
        if last is not None:
            on = follow_up_day(last.record)
            if not is_read_only(line.state) or today - on <= CONCERN_PERIOD:
                yield FollowUpConcern(line, on, is_unsafe_to_contact(last))


def _follow_up_line(
    desk: Session, line: PlanLine, seen: RecordView[FollowUp], today: date
) -> FollowUpLine:
    record = seen.record
    first, last = contact_window(record) or (None, None)
    return FollowUpLine(
        line=line,
        rid=seen.rid,
        standing=follow_up_status(record, today),
        due=record.due if isinstance(record.due, date) else None,
        first=first,
        last=last,
        after_days=record.after_days if isinstance(record.after_days, int) else None,
        kind=text_or_empty(record.kind),
        owner=text_or_empty(record.owner),
        organisation=name_of(desk, record.organisation),
    )


def _follow_up_order(one: FollowUpLine) -> tuple[int, date, str, bytes]:
    place = (
        _STATUS_ORDER.index(one.standing) if one.standing in _STATUS_ORDER else len(_STATUS_ORDER)
    )
    return place, one.last or date.max, one.line.code, one.rid


# --- referrals

_REFERRAL_GROUP = DataGroup.IMMEDIATE_NEEDS


def create_referral(desk: Session, service: bytes) -> tuple[Saved, ...]:
    """Refer the client to the provider of a service; save the referral and mark the service.

    The referral names the consent, and the service becomes `referred`. Raise KfdeskError
    `referral.no_provider` if no provider is named, `referral.no_consent` if the client has not
    agreed to it, `record.missing`, `plan.read_only` or `user.not_allowed`.
    """
    row = require_record(desk, service)
    require_editing(desk, row)
    if row.type != "service" or row.parent is None:
        raise KfdeskError("record.missing")
    provider = view(row, Service).record.organisation
    if not isinstance(provider, str):
        raise KfdeskError("referral.no_provider", field="service.organisation")
    consent = _consent_to(desk, load_case(desk, row.parent), provider)
    if consent is None:
        raise KfdeskError("referral.no_consent")
    values: dict[str, Value] = {
        "direction": "out",
        "kind": "refer",
        "organisation": provider,
        "status": "in_progress",
        "sent": zoned_now(desk),
        "consent": consent.rid.hex(),
    }
    new = desk.new_row("referral", row.parent)
    with desk.store.transaction():
        made = put_new(desk, new, encode_changes("referral", values))
        says = encode_changes("service", {"status": "referred", "referral": new.rid.hex()})
        return made, put_changed(desk, row, says, seen_writes(row))


def _consent_to(desk: Session, case: Case, provider: str) -> RecordView[Consent] | None:
    """Return a valid consent of the client that lets this organisation know the immediate needs."""
    now, client = desk.adapters.clock.now(), view(case.client, Client)
    for consent in case.views(Consent, "consent"):
        record = consent.record
        groups = record.groups if isinstance(record.groups, tuple) else ()
        may_open = _REFERRAL_GROUP in PURPOSE_GROUPS.get(str(record.purpose), frozenset())
        if record.recipient == provider and may_open and _REFERRAL_GROUP in groups:
            is_answer = consent.row.custodian != desk.identity.organisation
            if invalidity_reason(consent, client, now, is_answer=is_answer) is None:
                return consent
    return None
