# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving and withdrawing consents, and what two people decide in her vital interests.

A withdrawal is one call, works in every state of a plan and at once: what is asked of `disclose()`
afterwards is shut. To withdraw a consent and to give up the wish to return are two things; the
second is a step of the plan (`stages.move_plan` to `withdrawn`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from kfdesk.domain.after.schedule import USUAL
from kfdesk.domain.consents.standing import DEFAULT_DAYS, VITAL_DAYS, VITAL_INTERESTS
from kfdesk.domain.desk.users import Right, fold
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import Row, seen_in, view, wire_changes
from kfdesk.domain.values import Moment, Value
from kfdesk.domain.writes import EMPTY, is_deleted
from kfdesk.services.course.situations import happened_or_now, moment_now
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.policy.access import (
    EDITING,
    require_adding,
    require_reading,
    require_working,
)
from kfdesk.services.writing.records import enter_record, found, is_in_bin, put_changed, put_new

EFFECTS = ("stop_new_sharing", "notify_recipients")
_AFTER_THE_LAST = timedelta(days=30)
_RECEPTION = "reception_and_reintegration"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What she agrees to: one purpose, one recipient, some groups of data, and in which form.

    Without `last`, the day that `proposed_last_day` names. `more` has the other fields by key.
    """

    purpose: str
    recipient: bytes
    groups: tuple[str, ...]
    form: str
    last: date | None = None
    more: Mapping[str, Value] = field(default_factory=dict, repr=False)


def give_consent(desk: Desk, client: bytes, agreed: Agreed) -> bytes:
    """Write down her consent; returns its id.

    Raises KfdeskError `consent.needs_two` for the form that two people decide, `record.missing`,
    or `field.…`.
    """
    require_adding(desk, "consent", client)
    if agreed.form == VITAL_INTERESTS:
        raise KfdeskError("consent.needs_two")
    found(desk, client)
    last = agreed.last or proposed_last_day(desk, client, agreed.purpose)
    values = {"given": moment_now(desk), **agreed.more, **_values(agreed, last)}
    return enter_record(desk, "consent", values, client).rid


def proposed_last_day(desk: Desk, client: bytes, purpose: str) -> date:
    """The last day that a new consent gets unless another is agreed.

    After ninety days; for her reception, thirty days after the last follow-up of the journey that
    is planned.
    """
    require_reading(desk, found(desk, client))
    today = desk.rooms.clock.now().date()
    arrivals = list(_arrivals(desk, client)) if purpose == _RECEPTION else []
    if not arrivals:
        return today + timedelta(days=DEFAULT_DAYS)
    return max(arrivals) + timedelta(days=USUAL[-1][0]) + _AFTER_THE_LAST


def withdraw_consent(
    desk: Desk,
    rid: bytes,
    effects: Sequence[str] = EFFECTS,
    happened: Moment | None = None,
) -> Changes:
    """She takes a consent back; from now on nothing goes under it, whatever the plan's state.

    `effects` are what she asks for; that sharing stops is always among them. One that is withdrawn
    already keeps the time of its first withdrawal. Raises KfdeskError `record.missing`, or
    `plan.in_the_future`.
    """
    with desk.store.transaction():
        row = _consent(desk, rid)
        require_reading(desk, row)  # whoever hears it may stop it
        consent = view(row, Consent).record
        asked = tuple(dict.fromkeys((EFFECTS[0], *effects)))
        values: dict[str, Value] = {"withdrawal_effect": asked}
        if not isinstance(consent.withdrawn, Moment):
            values["withdrawn"] = happened_or_now(desk, happened)
        done = put_changed(desk, row, wire_changes("consent", values), seen_in(row))
        return Changes(done.types | {"disclosure"}, done.rids)


def decide_vital_interests(desk: Desk, client: bytes, agreed: Agreed, reason: str) -> bytes:
    """The first of two people: something must go to somebody to save her. Opens nothing yet.

    It ends after VITAL_DAYS at the latest. Raises KfdeskError `consent.no_reason`,
    `record.missing`, or `field.…`.
    """
    require_adding(desk, "consent", client)
    if not reason.strip():
        raise KfdeskError("consent.no_reason")
    given = moment_now(desk)
    longest = given.wall.date() + timedelta(days=VITAL_DAYS)
    values = {
        **agreed.more,
        **_values(agreed, min(agreed.last or longest, longest)),
        "form": VITAL_INTERESTS, "given": given, "decided_by": desk.user, "reason": reason,
    }  # fmt: skip
    with desk.store.transaction():
        found(desk, client)
        row = Row(desk.new_id(), "consent", client, desk.identity.organisation, EMPTY)
        return put_new(desk, row, wire_changes("consent", values)).rid


def second_vital_interests(desk: Desk, rid: bytes) -> Changes:
    """The second person agrees; from now on it stands.

    Raises KfdeskError `approval.same_person`, `consent.not_vital` for any other consent, or one
    that was withdrawn, or `record.missing`.
    """
    with desk.store.transaction():
        row = _consent(desk, rid)
        require_working(desk, row, *EDITING, Right.APPROVE)
        seen = view(row, Consent)
        first = seen.record.decided_by
        is_vital = seen.record.form == VITAL_INTERESTS and isinstance(first, str)
        if not is_vital or seen.conflicts or seen.record.withdrawn is not None:
            raise KfdeskError("consent.not_vital")
        if fold(str(first)) == fold(desk.user):
            raise KfdeskError("approval.same_person")
        changes = wire_changes("consent", {"second_person": desk.user})
        return put_changed(desk, row, changes, seen_in(row))


def _values(agreed: Agreed, last: date) -> dict[str, Value]:
    return {
        "purpose": agreed.purpose,
        "recipient": agreed.recipient.hex(),
        "groups": tuple(agreed.groups),
        "form": agreed.form,
        "expires": last,
    }


def _consent(desk: Desk, rid: bytes) -> Row:
    row = found(desk, rid)
    if row.type != "consent":
        raise KfdeskError("record.missing")
    return row


def _arrivals(desk: Desk, client: bytes) -> Iterator[date]:
    for plan in desk.store.children(client):
        if plan.type != "plan" or is_in_bin(desk, plan):
            continue
        for row in desk.store.children(plan.rid):
            arrives = view(row, Leg).record.arrives if row.type == "leg" else None
            if isinstance(arrives, Moment) and not is_deleted(row.state):
                yield arrives.wall.date()
