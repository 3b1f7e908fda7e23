# SPDX-License-Identifier: GPL-3.0-or-later
"""Consents: record and withdraw them, and decide in a client's vital interests.

A consent is recorded from a form, once nothing is lacking. A withdrawal is one call. It
works in every state of a plan and at once: from then on `disclose()` grants nothing under the
consent. To withdraw a consent and to give up the wish to return are two things; the second is
a transition of the plan (`move_plan` to `withdrawn`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from kfdesk.domain.accounts import Right, fold_initials
from kfdesk.domain.aftercare import USUAL_CONTACTS
from kfdesk.domain.codes.core import CONSENT_PURPOSE
from kfdesk.domain.consent import (
    DEFAULT_CONSENT_DAYS,
    VITAL_DAYS,
    VITAL_INTERESTS,
    VITAL_INTERESTS_TOOL,
    ConsentFacts,
    ConsentMark,
    consent_last_day,
    consent_mark,
    is_child,
    recording_defects,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import PartnerState
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, encode_changes, seen_writes, view
from kfdesk.domain.values import Value, ZonedTime, shift_day, text_or_empty
from kfdesk.domain.workflow.gates import last_written
from kfdesk.services.core import drafts
from kfdesk.services.core.authorization import (
    EDIT_RIGHTS,
    require_adding,
    require_editing,
    require_reading,
    require_right_on,
)
from kfdesk.services.core.drafts import DraftLine, FormState
from kfdesk.services.core.records import (
    Saved,
    change_record,
    is_in_bin,
    put_changed,
    put_new,
    require_record,
)
from kfdesk.services.core.references import referenced_organisation, referenced_row
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.plans.plans import (
    ConsentLine,
    checked_event_time,
    is_third_country,
    name_of,
    zoned_now,
)

WITHDRAWAL_EFFECTS = ("stop_new_sharing", "notify_recipients")
_AFTER_LAST_FOLLOW_UP = 30  # days
_RECEPTION = "reception_and_reintegration"


@dataclass(frozen=True, slots=True)
class VitalInterestsDecision:
    """Decision of two people for the client: one purpose, one recipient, some groups of data.

    `last` is the last day, if it is earlier than allowed; `more` has the other fields by key.
    """

    purpose: str
    recipient: bytes
    groups: tuple[str, ...]
    last: date | None = None
    more: Mapping[str, Value] = field(default_factory=dict, repr=False)


def withdraw_consent(
    desk: Session,
    rid: bytes,
    effects: Sequence[str] = WITHDRAWAL_EFFECTS,
    happened: ZonedTime | None = None,
) -> Changes:
    """Withdraw a consent; from now on nothing is disclosed under it, in any state of the plan.

    `effects` are what the client asks for; stopping the sharing is always among them. A consent
    that was withdrawn before keeps the time of its first withdrawal. Raise KfdeskError
    `record.missing`, or `plan.in_the_future`.
    """
    with desk.store.transaction():
        row = _consent_row(desk, rid)
        require_reading(desk, row)  # whoever hears of a withdrawal may record it
        consent = view(row, Consent).record
        asked = tuple(dict.fromkeys((WITHDRAWAL_EFFECTS[0], *effects)))
        values: dict[str, Value] = {"withdrawal_effect": asked}
        if not isinstance(consent.withdrawn, ZonedTime):
            values["withdrawn"] = checked_event_time(desk, happened)
        done = put_changed(desk, row, encode_changes("consent", values), seen_writes(row))
        return Changes(done.types | {"disclosure"}, done.rids)


def decide_vital_interests(
    desk: Session, client: bytes, agreed: VitalInterestsDecision, reason: str
) -> bytes:
    """Record the first of two decisions that data must go to somebody to save the client.

    It permits nothing yet, and ends after VITAL_DAYS at the latest. Return the consent's id.
    Raise KfdeskError `consent.no_reason`, `record.missing`, or `field.…`.
    """
    require_adding(desk, "consent", client)
    if not reason.strip():
        raise KfdeskError("consent.no_reason")
    given = zoned_now(desk)
    longest = shift_day(given.wall.date(), VITAL_DAYS)
    values = {
        **agreed.more,
        "purpose": agreed.purpose, "recipient": agreed.recipient.hex(),
        "groups": tuple(agreed.groups), "expires": min(agreed.last or longest, longest),
        "form": VITAL_INTERESTS, "given": given, "decided_by": desk.user, "reason": reason,
    }  # fmt: skip
    with desk.store.transaction():
        require_record(desk, client)
        row = desk.new_row("consent", client)
        return put_new(desk, row, encode_changes("consent", values)).rid


def confirm_vital_interests(desk: Session, rid: bytes) -> Changes:
    """Record that the second person agrees; from now on the consent is valid.

    Raise KfdeskError `approval.same_person`, `consent.not_vital` for any other consent, or one
    that was withdrawn, or `record.missing`.
    """
    with desk.store.transaction():
        row = _consent_row(desk, rid)
        require_right_on(desk, row, *EDIT_RIGHTS, Right.APPROVE)
        seen = view(row, Consent)
        first = seen.record.decided_by
        is_vital = seen.record.form == VITAL_INTERESTS and isinstance(first, str)
        if not is_vital or seen.conflicts or seen.record.withdrawn is not None:
            raise KfdeskError("consent.not_vital")
        if fold_initials(str(first)) == fold_initials(desk.user):
            raise KfdeskError("approval.same_person")
        changes = encode_changes("consent", {"second_person": desk.user})
        return put_changed(desk, row, changes, seen_writes(row))


def _consent_row(desk: Session, rid: bytes) -> Row:
    row = require_record(desk, rid)
    if row.type != "consent":
        raise KfdeskError("record.missing")
    return row


def _proposed_last_days(desk: Session, client: bytes) -> Mapping[str, date]:
    """Return the last day that a new consent gets, by purpose, unless another is agreed.

    That is after ninety days. For reception of the client, it is thirty days after the last
    follow-up of the planned journey.
    """
    usual = desk.adapters.clock.now().date() + timedelta(days=DEFAULT_CONSENT_DAYS)
    days = dict.fromkeys(CONSENT_PURPOSE, usual)
    if arrivals := list(_arrivals(desk, client)):
        after = USUAL_CONTACTS[-1][0] + _AFTER_LAST_FOLLOW_UP
        days[_RECEPTION] = shift_day(max(arrivals), after)
    return days


def _arrivals(desk: Session, client: bytes) -> Iterator[date]:
    for plan in desk.store.children(client):
        if plan.type != "plan" or is_in_bin(desk, plan):
            continue
        for row in desk.store.children(plan.rid):
            arrives = view(row, Leg).record.arrives if row.type == "leg" else None
            if isinstance(arrives, ZonedTime) and not is_deleted(row.state):
                yield arrives.wall.date()


# --- recording from a form

VITAL_EXPLAINED = ("purpose", "use_of_data")
"""The points that count as explained to a client told of a decision in vital interests."""


@dataclass(frozen=True, slots=True)
class ConsentRecipient:
    """A possible recipient of data. `is_third_country` is None if no country is known.

    `is_partner`: exchange files go there. `is_verified`: its digits were compared. `has_tool`:
    there is a transfer tool for data to its country.
    """

    name: str
    is_ours: bool = False
    is_partner: bool = False
    is_verified: bool = False
    is_third_country: bool | None = None
    has_tool: bool = False


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """Terms of a new consent of one client now.

    `parties` are ourselves and our partners; `read_consent_recipient` knows the others.
    """

    at: datetime
    is_child: bool
    languages: tuple[str, ...]
    parties: Mapping[str, ConsentRecipient] = field(repr=False)
    last_days: Mapping[str, date] = field(repr=False)

    def context_for(self, recipient: object) -> ConsentFacts:
        """Return what must be known besides the consent itself for this recipient."""
        party = self.parties.get(str(recipient), ConsentRecipient(""))
        return ConsentFacts(self.at, self.is_child, party.is_third_country is True, party.has_tool)

    def with_party(self, recipient: str, party: ConsentRecipient) -> "ConsentTerms":
        """Return the same terms that also know this recipient."""
        return replace(self, parties={**self.parties, recipient: party})


@dataclass(frozen=True, slots=True)
class ConsentDraft:
    """A consent that is only a draft of this user: for whom and for what, as far as known."""

    line: DraftLine
    purpose: str
    recipient: str


def read_consent_terms(desk: Session, client: bytes, recipient: object = None) -> ConsentTerms:
    """Return what applies to a new consent of a client; they know `recipient` as well.

    Raise KfdeskError `record.missing`.
    """
    row = require_record(desk, client)
    require_reading(desk, row)
    seen = view(row, Client)
    spoken = seen.record.languages
    now = desk.adapters.clock.now()
    days = _proposed_last_days(desk, client)
    languages = spoken if isinstance(spoken, tuple) else ()
    houses = (desk.identity.organisation, *(p.organisation for p in desk.store.ledger.partners()))
    known = {rid.hex() for rid in houses} | ({recipient} if isinstance(recipient, str) else set())
    parties = {rid: _recipient(desk, rid) for rid in known}
    return ConsentTerms(now, is_child(seen, now.date()), languages, parties, days)


def read_consent_recipient(desk: Session, client: bytes, recipient: str) -> ConsentRecipient:
    """Return what must be known of a recipient (id in hexadecimal) of a client's data.

    It has no name if it is unknown or deleted. Raise KfdeskError `record.missing`.
    """
    require_reading(desk, require_record(desk, client))
    return _recipient(desk, recipient)


def list_consent_drafts(desk: Session, client: bytes) -> tuple[ConsentDraft, ...]:
    """Return this user's drafts of new consents of a client, the newest first."""
    lines = (one for one in drafts.list_drafts(desk) if one.type == "consent" and one.is_new)
    return tuple(_consent_draft(desk, line) for line in lines if line.parent == client)


def record_consent(desk: Session, rid: bytes, form: FormState) -> Saved:
    """Record the consent that a form holds, and delete its draft.

    Raise KfdeskError `consent.incomplete` while anything is lacking, `consent.needs_two` for a
    consent that two people must decide, and as `finish_draft`.
    """
    require_adding(desk, form.type, form.parent)
    consent = _consent_of_form(form)
    if consent.form == VITAL_INTERESTS:
        raise KfdeskError("consent.needs_two")
    _check_complete(desk, consent, form)
    return drafts.save_partial(desk, rid, form, RECORD_TYPES[form.type].fields.keys())


def record_vital_interests(desk: Session, rid: bytes, form: FormState) -> bytes:
    """Record a form as the first person's decision in vital interests; delete its draft.

    Return the consent's id. Raise KfdeskError `consent.incomplete`, and as
    `decide_vital_interests`.
    """
    require_adding(desk, form.type, form.parent)
    consent = _consent_of_form(form)
    _check_complete(desk, consent, form)
    around = _facts(desk, form, consent)
    more: dict[str, Value] = (
        {"transfer_tool": VITAL_INTERESTS_TOOL} if around.is_third_country else {}
    )
    groups = consent.groups if isinstance(consent.groups, tuple) else ()
    agreed = VitalInterestsDecision(
        str(consent.purpose), bytes.fromhex(str(consent.recipient)), groups, more=more,
    )  # fmt: skip
    made = decide_vital_interests(desk, form.parent or b"", agreed, str(consent.reason))
    drafts.discard_draft(desk, rid)
    return made


def record_client_informed(desk: Session, rid: bytes) -> Changes:
    """Record that the client was informed of a decision in the client's vital interests.

    Raise KfdeskError `consent.not_vital` or `record.missing`.
    """
    row = require_record(desk, rid)
    require_editing(desk, row)
    if row.type != "consent" or view(row, Consent).record.form != VITAL_INTERESTS:
        raise KfdeskError("consent.not_vital")
    return change_record(desk, rid, {"explained": VITAL_EXPLAINED})


def _consent_of_form(form: FormState) -> Consent:
    values: Mapping[str, object] = form.values
    return Consent(**values)  # type: ignore[arg-type]  # each is of its field's kind


def _check_complete(desk: Session, consent: Consent, form: FormState) -> None:
    missing = recording_defects(consent, _facts(desk, form, consent))
    if form.typed or missing:
        keys = [key for key, _ in missing] or sorted(form.typed)
        raise KfdeskError("consent.incomplete", field=f"consent.{keys[0]}")


def _facts(desk: Session, form: FormState, consent: Consent) -> ConsentFacts:
    """Return what must be known besides the consent that a form holds."""
    terms = read_consent_terms(desk, form.parent or b"", consent.recipient)
    return terms.context_for(consent.recipient)


def _consent_draft(desk: Session, line: DraftLine) -> ConsentDraft:
    draft = drafts.read_draft(desk, line.rid)
    values: Mapping[str, Value] = draft.form.values if draft else {}
    name = name_of(desk, values.get("recipient"))
    return ConsentDraft(line, text_or_empty(values.get("purpose")), name)


def _recipient(desk: Session, recipient: str) -> ConsentRecipient:
    row = referenced_row(desk, recipient)
    if row is not None and row.type == "organisation":
        return _organisation_recipient(desk, row)
    if row is None or row.type != "contact" or is_deleted(row.state):
        return ConsentRecipient("")
    house = referenced_organisation(desk, recipient)
    if house is None:
        return ConsentRecipient(name_of(desk, recipient))
    is_far = _organisation_recipient(desk, house).is_third_country
    return ConsentRecipient(name_of(desk, recipient), is_third_country=is_far)


def _organisation_recipient(desk: Session, row: Row) -> ConsentRecipient:
    partners = {one.organisation: one for one in desk.store.ledger.partners()}
    partner = partners.get(row.rid)
    name = "" if is_deleted(row.state) else name_of(desk, row.rid.hex())
    is_ours = row.rid == desk.identity.organisation
    return ConsentRecipient(
        name,
        is_ours=is_ours,
        is_partner=partner is not None,
        is_verified=partner is not None and partner.state is PartnerState.VERIFIED,
        is_third_country=False if is_ours else is_third_country(desk, row),
        has_tool=desk.transfer_tools().get(
            row.rid, partner is not None and partner.has_transfer_tool
        ),
    )


# --- recipients by groups of data


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """The consents to one recipient (id in hexadecimal, or empty), the valid ones first."""

    recipient: str
    name: str
    lines: tuple[ConsentLine, ...] = ()

    def cell(self, group: str) -> tuple[ConsentMark, ConsentLine | None]:
        """Return what the consents say about a group of data, and the one that says it."""
        found = [(consent_mark(one.view.record, one.shut, group), one) for one in self.lines]
        said = [(mark, one) for mark, one in found if mark is not ConsentMark.NOT_GRANTED]
        return said[0] if said else (ConsentMark.NOT_GRANTED, None)

    @property
    def last_day(self) -> date | None:
        """The day on which the first of the valid consents ends; None if none is valid."""
        valid = (one.view.record for one in self.lines if one.shut is None)
        return min((day for day in map(consent_last_day, valid) if day is not None), default=None)


def consent_rows(
    lines: Iterable[ConsentLine], needed: Mapping[str, str] | None = None
) -> tuple[ConsentRow, ...]:
    """Return a row for each recipient; `needed` are ids with names that have one in any case.

    Rows with a valid consent come first, then by name. Of several consents of a row, the valid
    ones come first, then the newest.
    """
    by_recipient: dict[str, list[ConsentLine]] = {one: [] for one in needed or {}}
    names = dict(needed or {})
    for line in lines:
        recipient = line.view.record.recipient
        key = recipient if isinstance(recipient, str) else ""
        by_recipient.setdefault(key, []).append(line)
        names[key] = line.recipient or names.get(key, "")
    rows = (
        ConsentRow(key, names[key], tuple(sorted(found, key=_consent_order)))
        for key, found in by_recipient.items()
    )
    return tuple(sorted(rows, key=lambda row: (not _has_valid(row), row.name, row.recipient)))


def _has_valid(row: ConsentRow) -> bool:
    return any(line.shut is None for line in row.lines)


def _consent_order(line: ConsentLine) -> tuple[bool, int]:
    return line.shut is not None, -last_written(line.view.row)
