# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers that tell a client of her own case or that she signs: rows, and what prevents them.

They are the consent form, the support plan and the log of what was passed on about her. Each is in
a language that she understands, or an interpreter reads it to her. This module draws nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from kfdesk.domain.audit import DisclosureEntry
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.consent import (
    PURPOSE_GROUPS,
    VITAL_INTERESTS,
    Recipient,
    RecipientKind,
)
from kfdesk.domain.disclosure import Channel, groups_of_fields
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers import CONTENTS, ConsentFormFacts, PastDisclosure
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.registers import EMPTY_STATE, apply_changes
from kfdesk.domain.rows import RecordView, Row, encode_changes, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import text_in_language, text_or_empty, zone_rules
from kfdesk.services.core.authorization import require_reading
from kfdesk.services.core.drafts import read_draft
from kfdesk.services.core.records import is_in_bin, require_record
from kfdesk.services.core.references import referenced_organisation
from kfdesk.services.core.session import Session, desk_zone
from kfdesk.services.papers.case_fields import code_word_fields, referenced_names
from kfdesk.services.papers.inputs import PaperInputs
from kfdesk.services.plans.consents import read_consent_terms
from kfdesk.services.plans.plans import load_case, name_of, visible_case

# --- the support plan


def gather_support_plan(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the plan's goals, services and follow-ups, with the names of the helpers."""
    case = visible_case(desk, order.subject)
    ours = desk.identity.organisation
    names = referenced_names(desk, case.rows)
    hers = understood_languages(desk, case.plan)
    return PaperInputs(
        case.rows, case.consents, Recipient(RecipientKind.OWN, ours), ours, names, hers=hers
    )


def support_plan_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield a fault if nobody knows what she reads, without a goal, and for the code word."""
    case = load_case(desk, order.subject)
    if not understood_languages(desk, case.plan):
        yield KfdeskError("paper.missing", field="client.languages")
    if not case.all_views("goal"):
        yield KfdeskError("paper.missing", field="goal.aim")
    for path in code_word_fields(case, CONTENTS[order.paper]):
        yield KfdeskError("paper.code_word", field=path)


# --- what the client signs


def understood_languages(desk: Session, row: Row) -> tuple[str, ...]:
    """Return the languages of the client below whom a record is, the first that was talked in.

    The language of a consent counts as one of hers: she was heard in it. Raise KfdeskError
    `record.missing` or `user.not_allowed`.
    """
    above = require_record(desk, row.parent or b"")
    require_reading(desk, above)
    client = view(above, Client).record
    spoken = client.languages if isinstance(client.languages, tuple) else ()
    talked = view(row, Consent).record.language if row.type == "consent" else None
    return tuple(dict.fromkeys(((talked,) if isinstance(talked, str) else ()) + spoken))


# --- the consent form


def subject_row(desk: Session, rid: bytes, record_type: str = "") -> Row:
    """Return the record `rid`, or this user's draft of it; check its type if one is given.

    Raise KfdeskError `record.missing`.
    """
    draft = read_draft(desk, rid) if desk.store.row(rid) is None else None
    if draft is None:
        row = require_record(desk, rid)
    else:
        form, ours = draft.form, desk.identity.organisation
        changes = encode_changes(form.type, form.values)
        new = Row(rid, form.type, form.parent, ours, EMPTY_STATE)
        row = replace(new, state=apply_changes(EMPTY_STATE, changes, (), desk.signature))
    if record_type and row.type not in _SUBJECT_TYPES.get(record_type, (record_type,)):
        raise KfdeskError("record.missing")
    return row


_SUBJECT_TYPES = {"meeting": ("meeting", "case_conference", "conference_party")}
"""Record types that stand for another one as the subject of a paper."""


def gather_consent_form(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the consent with its client and recipient. The form stays in our organisation."""
    seen = _consent_view(desk, order)
    client = require_record(desk, seen.row.parent or b"")
    ours = desk.identity.organisation
    rows = (client, seen.row)
    return PaperInputs(
        rows, (), Recipient(RecipientKind.OWN, ours), ours, referenced_names(desk, rows),
        party=_recipient_facts(desk, client, seen.record),
        hers=understood_languages(desk, seen.row),
    )  # fmt: skip


def consent_form_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what prevents the form: what is missing, also in its languages, or in conflict."""
    seen = _consent_view(desk, order)
    if is_in_bin(desk, require_record(desk, seen.row.parent or b"")):
        raise KfdeskError("record.deleted")
    if seen.record.form == VITAL_INTERESTS:
        yield KfdeskError("paper.not_hers")
    if not understood_languages(desk, seen.row):
        yield KfdeskError("paper.missing", field="consent.language")
    for code in filter(None, (order.language, order.beside)):
        withheld = seen.record.withheld
        if isinstance(withheld, tuple) and not text_in_language(withheld, code):
            yield KfdeskError("paper.not_in_language", field="consent.withheld", language=code)
    keys = CONTENTS[order.paper]["consent"]
    for key in sorted(seen.conflicts & keys):
        yield KfdeskError("paper.conflict", field=f"consent.{key}")
    for key in _required_keys(seen.record):
        if not getattr(seen.record, key) and key not in seen.conflicts:
            yield KfdeskError("paper.missing", field=f"consent.{key}")


def _required_keys(consent: Consent) -> Iterator[str]:
    yield from ("recipient", "purpose")
    if PURPOSE_GROUPS.get(str(consent.purpose), frozenset()):
        yield "groups"


def _consent_view(desk: Session, order: PaperRequest) -> RecordView[Consent]:
    row = subject_row(desk, order.subject, "consent")
    if desk.store.row(row.rid) is not None and is_in_bin(desk, row):
        raise KfdeskError("record.deleted")
    return view(row, Consent)


def _recipient_facts(desk: Session, client: Row, consent: Consent) -> ConsentFormFacts:
    terms = read_consent_terms(desk, client.rid, consent.recipient)
    around = terms.context_for(consent.recipient)
    return ConsentFormFacts(
        country=_recipient_country(desk, consent.recipient),
        is_third_country=around.is_third_country,
        has_tool=around.has_tool,
        is_child=terms.is_child,
        is_ours=consent.recipient == desk.identity.organisation.hex(),
    )


def _recipient_country(desk: Session, recipient: object) -> str:
    """Return the country of an organisation, or of the one that a person works for."""
    row = referenced_organisation(desk, recipient)
    return text_or_empty(view(row, Organisation).record.country) if row is not None else ""


# --- the disclosure log

_DisclosureKey = tuple[bytes, bytes, str]


def gather_disclosure_log(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the client's code and name, and all that went out about the client, newest first."""
    case = load_case(desk, order.subject)
    ours = desk.identity.organisation
    given = tuple(_disclosures(desk, case.client.rid))
    rows = (case.client, case.plan)
    return PaperInputs(rows, (), Recipient(RecipientKind.OWN, ours), ours, given=given)


def disclosure_log_obstacles(_desk: Session, _order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield nothing: an empty disclosure log is an answer, too."""
    return iter(())


def _disclosures(desk: Session, client: bytes) -> Iterator[PastDisclosure]:
    """Yield what went out; a paper to others without any consent went by a duty (`DUTIES`)."""
    once: dict[_DisclosureKey, list[DisclosureEntry]] = {}
    for entry in desk.store.ledger.about(desk.store.tree.family((client,))):
        is_out = entry.channel in set(Channel) and entry.recipient != desk.identity.organisation
        if is_out:
            once.setdefault((entry.target, entry.recipient, entry.channel), []).append(entry)
    for (_, recipient, channel), entries in reversed(once.items()):
        groups = {group for one in entries for group in groups_of_fields(one.type, one.writes)}
        milliseconds = max(one.milliseconds for one in entries)
        is_by_others = channel == Channel.DESK_PAPER and recipient != client
        zone = zone_rules(desk_zone(desk))
        yield PastDisclosure(
            at=datetime.fromtimestamp(milliseconds / 1000, tz=zone),
            to="" if recipient == client else name_of(desk, recipient.hex()),
            groups=tuple(group for group in DataGroup if group in groups),
            purposes=tuple(sorted(_purposes(desk, entries))),
            channel=channel,
            is_hers=recipient == client,
            is_duty=is_by_others and not any(one.consents for one in entries),
        )


def _purposes(desk: Session, entries: list[DisclosureEntry]) -> set[str]:
    """Return the purposes of the consents that permitted these entries."""
    rows = (desk.store.row(consent) for one in entries for consent in one.consents)
    return {str(view(row, Consent).record.purpose) for row in rows if row is not None}
