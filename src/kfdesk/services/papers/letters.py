# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters to authorities: for each one what prevents it, what it contains, and its referral.

A letter goes with a referral of ours, which names its purpose and its recipient, so it has one of
each. `disclose()` decides what stands in it: by her consent to this organisation for this
purpose, or under a duty by law. When a copy has left, the referral names it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kfdesk.domain.codes.case import LETTER_PURPOSE
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.consent import (
    DUTIES,
    SHAREABLE_GROUPS,
    Recipient,
    RecipientKind,
    WithheldReason,
    is_child,
)
from kfdesk.domain.disclosure import (
    Channel,
    Disclosed,
    confidentiality_classes,
    disclose,
    may_see_entry,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.grants import ConsentGrants, grants_for
from kfdesk.domain.kinds import LocalizedTextKind
from kfdesk.domain.letters import LETTERS, LetterForm, reader_language
from kfdesk.domain.papers import LetterFacts
from kfdesk.domain.records.case import Referral
from kfdesk.domain.records.client import Client, Consent, Relationship
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes, view, view_any
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import LocalizedText, PartialDate, Value, text_in_language
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.core.authorization import require_adding, require_reading
from kfdesk.services.core.records import is_in_bin, put_changed, put_new, require_record
from kfdesk.services.core.references import referenced_row
from kfdesk.services.core.session import Session
from kfdesk.services.papers.case_fields import code_word_fields, referenced_names
from kfdesk.services.papers.inputs import PaperInputs
from kfdesk.services.plans.consents import read_consent_terms
from kfdesk.services.plans.plans import Case, load_case, name_of, visible_case, zoned_now

# --- a letter


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter that has its purpose and its recipient; `what` is what may stand in it now."""

    referral: RecordView[Referral]
    purpose: str
    form: LetterForm
    to: Row
    case: Case
    recipient: Recipient
    what: Disclosed

    @property
    def is_by_duty(self) -> bool:
        """True if the law obliges to it, so that no consent is asked for."""
        return self.recipient.duty is not None


def _read_letter(desk: Session, order: PaperRequest) -> _Letter:
    """Return the letter of a referral.

    Raise KfdeskError `record.missing`, `record.deleted`, `paper.missing` or `paper.conflict` with
    the field, or `letter.…` if it cannot be written to this recipient.
    """
    row = require_record(desk, order.subject)
    if row.type != "referral" or row.parent is None:
        raise KfdeskError("record.missing")
    if is_in_bin(desk, row):
        raise KfdeskError("record.deleted")
    seen = view(row, Referral)
    if row.custodian != desk.identity.organisation:
        raise KfdeskError("letter.not_ours")
    for key in ("purpose", "organisation"):
        if key in seen.conflicts:
            raise KfdeskError("paper.conflict", field=f"referral.{key}")
    form, to = LETTERS.get(str(seen.record.purpose)), _recipient_row(desk, seen)
    if form is None:
        raise KfdeskError("paper.missing", field="referral.purpose")
    if to is None:
        raise KfdeskError("paper.missing", field="referral.organisation")
    _check_recipient(desk, form, to)
    purpose, case = str(seen.record.purpose), visible_case(desk, row.parent)
    around = read_consent_terms(desk, case.client.rid, to.rid.hex()).context_for(to.rid.hex())
    recipient = Recipient(
        RecipientKind.ORGANISATION, to.rid, is_third_country=around.is_third_country,
        has_transfer_tool=around.has_tool, purpose=purpose,
    )  # fmt: skip
    basis = desk.disclosure_basis(case.consents)
    what = disclose(case.rows, recipient, Channel.DESK_PAPER, basis).only_keys(form.keys)
    return _Letter(seen, purpose, form, to, case, recipient, what)


def _recipient_row(desk: Session, seen: RecordView[Referral]) -> Row | None:
    row = referenced_row(desk, seen.record.organisation)
    is_there = row is not None and row.type == "organisation" and not is_deleted(row.state)
    return row if is_there else None


def _check_recipient(desk: Session, form: LetterForm, to: Row) -> None:
    """Require a recipient to whom a letter of this form can go: not ourselves, its country known.

    Whether data leaves the European law with it must be known, and a duty names who is told.
    """
    if to.rid == desk.identity.organisation:
        raise KfdeskError("letter.to_ourselves")
    record = view(to, Organisation).record
    if not isinstance(record.country, str):
        raise KfdeskError("letter.no_country")
    is_there = form.country in ("", record.country)
    if not is_there or (form.actors and record.actor_type not in form.actors):
        raise KfdeskError("letter.not_to_them")


# --- what prevents it


_CONSENT_FAULTS: Mapping[WithheldReason, str] = {
    WithheldReason.SCOPE: "letter.consent_without_identity",
    WithheldReason.PURPOSE: "letter.consent_without_identity",
    WithheldReason.EXPIRED: "letter.consent_expired",
    WithheldReason.WITHDRAWN: "letter.consent_withdrawn",
    WithheldReason.CONFLICT: "letter.consent_in_conflict",
    WithheldReason.INCOMPLETE: "letter.consent_incomplete",
    WithheldReason.TRANSFER: "letter.no_transfer_ground",
}


def letter_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what prevents the letter: its referral, consent or duty, the language.

    A field in conflict does not: the letter shows both values, and that nobody has decided.
    """
    try:
        letter = _read_letter(desk, order)
    except KfdeskError as fault:
        if fault.code.startswith(("paper.", "letter.")):
            yield fault
            return
        raise
    yield from _ground_faults(desk, letter)
    if order.language not in _languages_of(letter.to):
        yield KfdeskError("letter.not_their_language", reads=_language_of(letter.to))
    yield from _untranslated_fields(letter, order.language)
    for path in code_word_fields(letter.case, letter.form.keys):
        yield KfdeskError("paper.code_word", field=path)


def _ground_faults(desk: Session, letter: _Letter) -> Iterator[KfdeskError]:
    """Yield why the letter may not go: no child for a duty, or the consent that is missing."""
    if letter.is_by_duty:
        if not _concerns_a_child(desk, letter.case):
            yield KfdeskError("letter.no_child")
        return
    identity = letter.what.openings.get(DataGroup.IDENTITY, WithheldReason.NO_CONSENT)
    if isinstance(identity, WithheldReason):
        is_known = identity in _CONSENT_FAULTS
        code = _CONSENT_FAULTS[identity] if is_known else "letter.no_consent"
        yield KfdeskError(code, purpose=letter.purpose)


def _concerns_a_child(desk: Session, case: Case) -> bool:
    """Return whether the client or one of her children counts as a child today."""
    today = desk.adapters.clock.now().date()
    children = (
        one for one in case.views(Relationship, "relationship") if one.record.kind == "child"
    )
    return is_child(view(case.client, Client), today) or any(
        is_child(one, today) for one in children
    )


def _granted_fields(what: Disclosed) -> frozenset[tuple[bytes, str]]:
    return frozenset((row.rid, key) for row in what.rows for key in row.grants)


def _untranslated_fields(letter: _Letter, language: str) -> Iterator[KfdeskError]:
    """Yield each granted text that nobody has written in the letter's language, once."""
    named: dict[str, None] = {}
    for given in letter.what.rows:
        seen = view_any(given.row)
        for key in sorted(given.grants):
            if isinstance(RECORD_TYPES[given.type].fields[key].kind, LocalizedTextKind):
                values = [v.value for v in seen.versions.get(key, ())]
                values = values or [getattr(seen.record, key)]
                if any(_lacks_language(value, language) for value in values):
                    named[f"{given.type}.{key}"] = None
    for path in named:
        yield KfdeskError("paper.not_in_language", field=path, language=language)


def _lacks_language(value: Any, language: str) -> bool:
    told: LocalizedText | None = value if isinstance(value, tuple) else None
    return bool(told) and not text_in_language(told, language)


def letter_warnings(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what to know before it leaves: undecided values, no day for the answer, the form."""
    letter = _read_letter(desk, order)
    torn = {
        f"{given.type}.{key}": None
        for given in letter.what.rows
        for key in sorted(view_any(given.row).conflicts & given.grants.keys())
    }
    for path in torn:
        yield KfdeskError("letter.shows_conflict", field=path)
    if _answer_day(letter.referral) is None:
        yield KfdeskError("letter.no_answer_day", field="referral.answer_by")
    if letter.form.form_number:
        yield KfdeskError("letter.form_not_checked", number=letter.form.form_number)


# --- its language


def letter_language(desk: Session, referral: Row) -> str:
    """Return the language of its recipient. The calling service has checked the rights."""
    to = _recipient_row(desk, view(referral, Referral))
    return _language_of(to) if to is not None else "en"


def _language_of(to: Row) -> str:
    record = view(to, Organisation).record
    return reader_language(record.country, _spoken(record), PROGRAM_LANGUAGES)


def _languages_of(to: Row) -> frozenset[str]:
    """Return the languages that it reads, among those of the program; at least one."""
    spoken = _spoken(view(to, Organisation).record)
    return frozenset(spoken) & frozenset(PROGRAM_LANGUAGES) | {_language_of(to)}


def _spoken(record: Organisation) -> tuple[str, ...]:
    return record.languages if isinstance(record.languages, tuple) else ()


# --- what it contains


def gather_letter(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the plan for the recipient of its letter, by consent for its purpose or by duty."""
    letter = _read_letter(desk, order)
    names = {
        reference: name
        for reference, name in referenced_names(desk, letter.case.rows).items()
        if _may_be_named(desk, letter, reference)
    }
    facts = LetterFacts(
        letter.purpose,
        name_of(desk, desk.identity.organisation.hex()),
        name_of(desk, letter.to.rid.hex()),
        _answer_day(letter.referral),
        _whole_boxes(desk, letter),
    )
    return PaperInputs(
        letter.case.rows, letter.case.consents, letter.recipient, letter.to.rid, names,
        keys=letter.form.keys, letter=facts,
    )  # fmt: skip


def _may_be_named(desk: Session, letter: _Letter, reference: str) -> bool:
    """Return whether the letter may name what a field refers to.

    It names its recipient, public entries, and people whose name stands in it anyway; never a
    contact who has not agreed to be named.
    """
    row = referenced_row(desk, reference)
    if row is None or row.rid == letter.to.rid:
        return row is not None
    if row.type == "relationship":
        return (row.rid, "given_name") in _granted_fields(letter.what)
    if row.type == "contact" and view(row, Contact).record.may_be_shared is not True:
        return False
    is_entry = row.type in ("organisation", "contact")
    return is_entry and may_see_entry(confidentiality_classes(row, {}), is_partner=False)


def _whole_boxes(desk: Session, letter: _Letter) -> frozenset[str]:
    """Return the titles of the boxes whose every group the consent or the duty opens.

    A box in which a value is withheld for another reason is not among them.
    """
    basis = desk.disclosure_basis(letter.case.consents)
    consents = [view(row, Consent) for row in basis.consents]
    recipient = basis.with_tool(letter.recipient)
    opened = grants_for(letter.case.client, recipient, consents, basis.at)
    own = desk.identity.organisation
    kept = {(one.type, one.key) for one in letter.what.withheld}
    return frozenset(
        box.title
        for box in letter.form.boxes
        if all(
            (kind, key) not in kept and _is_opened(opened, RECORD_TYPES[kind].fields[key].to, own)
            for kind, keys in box.fields
            for key in keys
        )
    )


def _is_opened(opened: ConsentGrants, group: DataGroup, own: bytes) -> bool:
    if group not in SHAREABLE_GROUPS:
        return True
    if opened.duty is not None:
        return group in opened.duty
    return opened.opening_consent(group, own, own) is not None


def _answer_day(referral: RecordView[Referral]) -> date | PartialDate | None:
    day = referral.record.answer_by
    return day if isinstance(day, date | PartialDate) else None


# --- its referral


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """A letter to prepare: for what (LETTER_PURPOSE), to which organisation, answer by when."""

    purpose: str
    recipient: bytes
    answer_by: date | None = None


def prepare_letter(desk: Session, plan: bytes, wanted: LetterRequest) -> bytes:
    """Return the id of our referral for a letter that is not sent yet; create it if there is none.

    Raise KfdeskError `record.missing` if there is no such organisation, `field.kind_mismatch` for
    an unknown purpose, `plan.read_only` or `user.not_allowed`.
    """
    require_reading(desk, require_record(desk, plan))
    require_adding(desk, "referral", plan)
    if wanted.purpose not in LETTER_PURPOSE:
        raise KfdeskError("field.kind_mismatch")
    if require_record(desk, wanted.recipient).type != "organisation":
        raise KfdeskError("record.missing")
    for seen in load_case(desk, plan).views(Referral, "referral"):
        if _is_prepared(desk, seen, wanted):
            return seen.rid
    values: dict[str, Value] = {
        "direction": "out", "kind": "refer", "organisation": wanted.recipient.hex(),
        "status": "in_progress", "purpose": wanted.purpose, "answer_by": wanted.answer_by,
    }  # fmt: skip
    with desk.store.transaction():
        return put_new(desk, desk.new_row("referral", plan), encode_changes("referral", values)).rid


def _is_prepared(desk: Session, seen: RecordView[Referral], wanted: LetterRequest) -> bool:
    record = seen.record
    is_same = (record.purpose, record.organisation) == (wanted.purpose, wanted.recipient.hex())
    is_open = record.sent is None and record.answer_by == wanted.answer_by
    return is_same and is_open and seen.row.custodian == desk.identity.organisation


def copy_values(inputs: PaperInputs) -> dict[str, Value]:
    """Return what the register of copies keeps of a letter; nothing for another paper."""
    purpose = inputs.letter.purpose
    if not purpose:
        return {}
    basis = "legal_obligation" if purpose in DUTIES else "consent"
    return {"recipient": inputs.holder.hex(), "purpose": purpose, "legal_basis": basis}


def record_letter_sent(desk: Session, referral: bytes, copy: bytes, what: Disclosed) -> None:
    """Record in its referral that a copy has left: which one, when, and by which consent.

    A time and a status that somebody has written stay. Call it inside a transaction.
    """
    row = require_record(desk, referral)
    record = view(row, Referral).record
    consents = {consent for given in what.rows for consent in given.grants.values() if consent}
    values: dict[str, Value] = {"letter": copy.hex()}
    if record.sent is None:
        values["sent"] = zoned_now(desk)
    if record.status is None:
        values["status"] = "in_progress"
    if len(consents) == 1:
        values["consent"] = next(iter(consents)).hex()
    put_changed(desk, row, encode_changes("referral", values), seen_writes(row))
