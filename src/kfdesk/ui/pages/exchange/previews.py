# SPDX-License-Identifier: GPL-3.0-or-later
"""Previews: what a file to send or to import would do, read from the store and put into words.

The `read_` and `preview_` functions run on the worker's thread; they call the services and
write nothing. `send_previewed` alone writes: the parcel that was shown. The other functions are
texts: states of partners, titles of records, values. A value is shown in full: each language
of a text, every version in conflict, and a referenced record by its name.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.authority import is_common_type
from kfdesk.domain.codes.core import CONSENT_SCOPE
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import FileIssue, Partner, PartnerState, WrittenBundle
from kfdesk.domain.kinds import ReferenceKind
from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView, Row, view, view_any
from kfdesk.domain.schema import DataGroup, Field
from kfdesk.domain.values import Translation, Value, ZonedTime
from kfdesk.i18n.exchange_messages import file_finding_texts, ordered_ahead_sentence
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.services.core import references
from kfdesk.services.core.history import row_name, sequence_number
from kfdesk.services.core.records import client_pronoun, read_record
from kfdesk.services.core.session import Progress, Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.disclosure_log import (
    PendingRecords,
    last_destination,
    list_pending,
    list_pending_by_partner,
)
from kfdesk.services.exchange.import_review import ConflictChoice, ImportReview, conflict_choices
from kfdesk.services.exchange.outbox import Parcel
from kfdesk.services.exchange.outgoing_texts import Mention
from kfdesk.services.exchange.partners import PartnerLine
from kfdesk.services.exchange.transfer import PlanIds, missing_before
from kfdesk.services.plans import plans
from kfdesk.services.plans.lines import PlanLine
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import written_at
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.layout import Banner

# --- texts of records and partners

ReferenceNames = Mapping[str, str]
"""The names of referenced records, by the id that the reference has."""

PARTNER_STATES: Mapping[PartnerState, tuple[Tone, str, str]] = {
    PartnerState.PENDING: (Tone.WARNING, "clock", N_("digits not compared")),
    PartnerState.VERIFIED: (Tone.SUCCESS, "circle-check", N_("verified")),
    PartnerState.SUSPENDED: (Tone.MUTED, "ban", N_("suspended")),
    PartnerState.REVOKED: (Tone.DANGER, "octagon-alert", N_("revoked")),
}

STATE_MEANINGS: Mapping[PartnerState, str] = {
    PartnerState.PENDING: N_(
        "Nothing is sent or imported until you have compared the digits by phone."
    ),
    PartnerState.VERIFIED: N_(
        "May receive what a client's consent allows and what networks share, and nothing else."
    ),
    PartnerState.SUSPENDED: N_("Nothing is sent or imported while the partner is suspended."),
    PartnerState.REVOKED: N_("This card is no longer valid. Ask the partner for a new one."),
}

FIELD_GROUPS: Mapping[str, str] = {
    **CONSENT_SCOPE,
    DataGroup.PARTIES: N_("The consent itself"),
    DataGroup.DIRECTORY: N_("Contacts and networks"),
}

_RECORD_ICONS: Mapping[str, str] = {
    "client": "user",
    "plan": "clipboard-list",
    "leg": "route",
    "help_number": "phone",
    "consent": "file-check",
    "organisation": "building-2",
    "contact": "user-round-check",
}

_RECORD_ORDER = tuple(_RECORD_ICONS)
_COMMON_ORDER = (
    "network", "membership", "organisation", "phone", "contact", "entry_check", "suggestion",
    "meeting", "attendance", "decision", "agreement", "agreement_party", "project",
    "project_party", "activity", "activity_party",
)  # fmt: skip
_PARTY_TYPES = frozenset(
    {"membership", "attendance", "agreement_party", "project_party", "activity_party"}
)
_TOLD_KEYS = ("title", "decided")
_HLC_COUNTER_BITS = 16
_MISSING_SHOWN = 8


def record_order(shown: RecordView[Any]) -> tuple[int, int, bytes]:
    """Return the sort key of a record: the client first, then plan, legs by number, the rest."""
    number = getattr(shown.record, "sequence", None)
    place = (
        _RECORD_ORDER.index(shown.row.type)
        if shown.row.type in _RECORD_ORDER
        else len(_RECORD_ORDER)
    )
    return place, number if isinstance(number, int) else 0, shown.rid


def common_order(shown: RecordView[Any]) -> tuple[int, bytes]:
    """Return the sort key of a record about no client: networks, then entries, then the rest.

    What stands below a record comes together.
    """
    kinds, kind = _COMMON_ORDER, shown.row.type
    place = kinds.index(kind) if kind in kinds else len(kinds)
    return place, shown.row.parent or shown.rid


def record_icon(record_type: str) -> str:
    """Return the icon of a record type."""
    return _RECORD_ICONS.get(record_type, "notebook-text")


def _own_number(shown: RecordView[Any]) -> int | None:
    number = getattr(shown.record, "sequence", None)
    return number if isinstance(number, int) else None


def common_title(shown: RecordView[Any], names: ReferenceNames, language: Language) -> str:
    """Return by what people know a record about no client: its name, and that of the record above.

    `names` has the names of records that it refers to or stands below, if they have one.
    """
    record, above = shown.record, names.get((shown.row.parent or b"").hex(), "")
    if shown.row.type == "suggestion":
        name = _suggested_field(record.key, language)
    elif shown.row.type in _PARTY_TYPES:
        name = names.get(str(record.organisation), "")
    else:
        texts = (getattr(record, key, None) for key in ("name", "given_name", "number"))
        name = next((one for one in texts if isinstance(one, str)), "")
        told = (localized_text(getattr(record, key, None), language) for key in _TOLD_KEYS)
        name = name or next(filter(None, told), "")
    return ", ".join(part for part in (name, above) if part)


def _suggested_field(key: object, language: Language) -> str:
    """Return the label of the field that a suggestion is about, or its key if nobody knows it."""
    for name in ("organisation", "contact", "phone"):
        if isinstance(key, str) and key in RECORD_TYPES[name].fields:
            return language.gettext(field_of(name, key).label)
    return key if isinstance(key, str) else ""


def values_of(shown: RecordView[Any], key: str) -> tuple[Value, ...]:
    """Return a field's values: one, all versions of a conflict, or none if unanswered."""
    if key in shown.conflicts:
        versions = (version.value for version in shown.versions[key])
        return tuple(value for value in versions if value is not None)
    value: Value = getattr(shown.record, key)
    return () if value is None else (value,)


def values_text(
    record_type: str, key: str, values: tuple[Value, ...], names: ReferenceNames, language: Language
) -> str:
    """Return values as text, one per line; a dash where there is none."""
    if (record_type, key) == ("suggestion", "key"):
        return "\n".join(_suggested_field(value, language) for value in values) or "–"
    field = field_of(record_type, key)
    return "\n".join(_whole_value(field, value, names, language) for value in values) or "–"


def state_meaning(partner: Partner) -> str:
    """Return what a partner's state means for sending and receiving."""
    if partner.is_own and partner.state is PartnerState.VERIFIED:
        return N_(
            "Receives everything except drafts and information about other people's offences, "
            "without consent: it belongs to our own organisation."
        )
    if partner.is_own and partner.state is PartnerState.PENDING:
        return N_("Nothing is sent or imported until both laptops show the same digits.")
    return STATE_MEANINGS[partner.state]


def location_text(partner: Partner, language: Language) -> str:
    """Return where a partner is, as far as the law asks."""
    if partner.is_own:
        return language.gettext(N_("Our own laptop"))
    if partner.is_third_country:
        return language.gettext(N_("Outside the EU and EEA"))
    return language.gettext(N_("In the EU or EEA"))


def _whole_value(field: Field, value: Value, names: ReferenceNames, language: Language) -> str:
    if isinstance(field.kind, ReferenceKind) and isinstance(value, str):
        return names.get(value) or language.gettext(N_("a record that is not here"))
    words = value if isinstance(value, tuple) else ()
    texts = [word for word in words if isinstance(word, Translation)]
    if texts:
        return "\n".join(f"{language.language(word.language)}: {word.text}" for word in texts)
    return value_text(field, value, language)


def when_lines(milliseconds: int, language: Language) -> tuple[str, str]:
    """Return a day and a time by the organisation's clocks, as two lines."""
    moment = language.local_time(milliseconds)
    return language.short_day(moment.date()), language.clock(moment)


def records_text(count: int, language: Language) -> str:
    """Return a number of records."""
    return language.plural("{count} record", "{count} records", count)


def made_text(hlc: int, language: Language) -> str:
    """Return when a file was made, by its sender's clock; `hlc` is the time in its envelope."""
    made = written_at(hlc >> _HLC_COUNTER_BITS, language)
    return language.gettext(N_("File made {time}")).format(time=made)


def numbers_text(numbers: Sequence[int]) -> str:
    """Return the first numbers of missing files; a longer row would say no more."""
    listed = ", ".join(map(str, numbers[:_MISSING_SHOWN]))
    return f"{listed}…" if len(numbers) > _MISSING_SHOWN else listed


# --- previews

_MAX_DEPTH = 4  # records above a leg: its plan, and the plan's client


@dataclass(frozen=True, slots=True)
class WithdrawalText:
    """One withdrawal to show: the client's code, since when, and what she asks for.

    `is_ours`: we answer for the consent, and she said no to the partner.
    """

    code: str
    withdrawn: ZonedTime | None
    effects: tuple[str, ...] = ()
    is_ours: bool = False
    pronoun: Pronoun = Pronoun.CLIENT


@dataclass(frozen=True, slots=True)
class SendChoices:
    """The plans and partners that can be chosen for sending."""

    plans: tuple[PlanLine, ...]
    partners: tuple[PartnerLine, ...]


@dataclass(frozen=True, slots=True)
class WaitingRecords:
    """The number of records per plan that wait for a partner, and its last target folder."""

    records: Mapping[bytes, int] = field(default_factory=dict)
    put: Path | None = None


@dataclass(frozen=True, slots=True)
class ParcelPreview:
    """A prepared parcel, the names that it refers to, and the consents that allow it."""

    parcel: Parcel
    names: ReferenceNames
    withdrawals: tuple[WithdrawalText, ...] = ()
    consents: Mapping[bytes, RecordView[Consent]] = field(default_factory=dict)
    codes: Mapping[bytes, str] = field(default_factory=dict)
    """The code of the client, by plan."""
    pronouns: Mapping[bytes, Pronoun] = field(default_factory=dict)
    """That of the client, by plan."""
    numbers: Mapping[bytes, int | None] = field(default_factory=dict)
    """Those of the legs and help numbers of the plans, as our form counts."""


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """A field before and after: no value, one, or several in conflict."""

    key: str
    before: tuple[Value, ...]
    after: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record in a file, its client's code and pronoun, and its differences from ours.

    `choices` are, by key, the fields that both sides have changed. `number` is that of a leg or
    help number: as our form counts, or of a new one as the partner's.
    """

    after: RecordView[Any]
    code: str
    is_new: bool
    differences: tuple[ValueDifference, ...]
    choices: Mapping[str, ConflictChoice] = field(default_factory=dict)
    pronoun: Pronoun = Pronoun.CLIENT
    number: int | None = None


@dataclass(frozen=True, slots=True)
class FilePreview:
    """The preview of a file: its effect record by record, conflicts first.

    `missing` are the numbers of the sender's earlier files that have not arrived.
    """

    path: Path
    review: ImportReview
    changes: tuple[RecordChange, ...]
    names: ReferenceNames
    withdrawals: tuple[WithdrawalText, ...] = ()
    missing: tuple[int, ...] = ()


def read_send_choices(desk: Session) -> SendChoices:
    """Return the plans and partners to choose from."""
    return SendChoices(plans.list_plans(desk), partners.list_partners(desk))


def read_partners(desk: Session) -> tuple[PartnerLine, ...]:
    """Return all partners; for users who may send, with the number of waiting records.

    Raise KfdeskError `user.not_allowed`.
    """
    lines = partners.list_partners(desk)
    if not desk.may(Right.EXPORT_BUNDLE):
        return lines
    pending = list_pending_by_partner(desk, [line.partner for line in lines])
    return tuple(_with_waiting(line, pending.get(line.partner.organisation, {})) for line in lines)


def _with_waiting(line: PartnerLine, pending: Mapping[bytes, PendingRecords]) -> PartnerLine:
    waits = pending.values()
    count = sum(one.records - one.on_way for one in waits)
    return replace(line, waiting=count, owes_receipt=any(one.echoed for one in waits))


def read_with_code(desk: Session, rid: bytes) -> tuple[str, RecordView[Any] | None]:
    """Return a record and the code of its client.

    A record that is gone has an empty code and is None.
    """
    row = _find_record(desk, rid)
    return _code_of(desk, row, {}), view_any(row) if row is not None else None


def read_waiting(desk: Session, organisation: bytes) -> WaitingRecords:
    """Return what waits for a partner.

    Raise KfdeskError `partner.unknown` or `user.not_allowed`.
    """
    partner = partners.find_partner(desk, organisation)
    counts = {plan: waits.records for plan, waits in list_pending(desk, partner).items()}
    return WaitingRecords(counts, last_destination(desk, organisation))


def preview_parcel(desk: Session, plan: PlanIds, organisation: bytes) -> ParcelPreview:
    """Return what would be sent of these plans.

    Without any plan it is what common networks share or, for another laptop of our own,
    everything. Raise KfdeskError as `transfer.prepare_bundle` does.
    """
    if plan:
        parcel = transfer.prepare_bundle(desk, plan, organisation)
    elif partners.find_partner(desk, organisation).is_own:
        parcel = transfer.prepare_full_sync(desk, organisation)
    else:
        parcel = transfer.prepare_common(desk, organisation)
    codes = {one.other.hex(): _code(_find_record(desk, one.other)) for one in parcel.mentions}
    names = {**_reference_names(desk, [given.row for given in parcel.goes.rows]), **codes}
    withdrawals = tuple(
        _withdrawal_notice(desk, notice.row, _code_of(desk, notice.row, {}))
        for notice in parcel.notices
    )
    opened = {rid for how in parcel.may.openings.values() if isinstance(how, frozenset)
              for rid in how}  # fmt: skip
    kept = ((rid, _find_record(desk, rid)) for rid in opened)
    consents = {rid: view(row, Consent) for rid, row in kept if row is not None}
    plan_codes = {rid: _code_of(desk, _find_record(desk, rid), {}) for rid in parcel.whose}
    pronouns = {rid: client_pronoun(desk, rid) for rid in parcel.whose}
    rows = [given.row for given in parcel.goes.rows] if plan else []
    numbers = {row.rid: sequence_number(desk, row) for row in rows}
    return ParcelPreview(parcel, names, withdrawals, consents, plan_codes, pronouns, numbers)


def send_previewed(
    desk: Session, plan: PlanIds, shown: Parcel, folder: Path, somebody_else: frozenset[Mention]
) -> tuple[WrittenBundle, ...] | ParcelPreview:
    """Write a file with the parcel that was shown, unless it has changed meanwhile.

    A changed parcel is returned as a new preview instead: nothing leaves that nobody has looked
    at. Raise KfdeskError as `exchange.send` does.
    """
    organisation = shown.partner.organisation
    now = preview_parcel(desk, plan, organisation)
    if now.parcel != shown:
        return now
    if not plan:
        return (transfer.send_common(desk, organisation, folder, somebody_else),)
    return (transfer.send_bundle(desk, plan, organisation, folder, somebody_else),)


def send_everything(
    desk: Session, shown: Parcel, folder: Path, progress: Progress, made: list[WrittenBundle]
) -> tuple[WrittenBundle, ...] | ParcelPreview:
    """Write the files for another laptop of ours, unless the parcel that was shown has changed.

    `made` gets each file; one with files in it goes on after them. Otherwise as
    `send_previewed`; raise also KfdeskError `work.cancelled`.
    """
    now = preview_parcel(desk, (), shown.partner.organisation)
    if now.parcel.goes != shown.goes or (not made and now.parcel != shown):
        return now
    return transfer.send_full_sync(desk, shown.partner.organisation, folder, progress, made)


def preview_file(desk: Session, path: Path, progress: Progress | None = None) -> FilePreview:
    """Return what a file would do. Write nothing.

    Raise KfdeskError as `exchange.review` does.
    """
    review = transfer.review_bundle(desk, path, progress)
    rows = {row.rid: row for row in (*review.new, *review.changed)}
    changes = [
        _record_change(desk, row, review, _code_of(desk, row, rows)) for row in rows.values()
    ]
    names = _reference_names(desk, (*rows.values(), *review.before.values()))
    withdrawals = tuple(
        _withdrawal_notice(desk, one.after, _code_of(desk, one.after, rows), is_ours=one.is_ours)
        for one in review.new_withdrawals
    )
    missing = missing_before(desk, review.taken)
    return FilePreview(
        path, review, tuple(sorted(changes, key=_change_order)), names, withdrawals, missing
    )


def _withdrawal_notice(
    desk: Session, row: Row, code: str, *, is_ours: bool = False
) -> WithdrawalText:
    consent = view(row, Consent).record
    moment, effects = consent.withdrawn, consent.withdrawal_effect
    return WithdrawalText(
        code,
        moment if isinstance(moment, ZonedTime) else None,
        effects if isinstance(effects, tuple) else (),
        is_ours,
        client_pronoun(desk, row.parent or b""),
    )


def _record_change(desk: Session, row: Row, review: ImportReview, code: str) -> RecordChange:
    after = view_any(row)
    ours = review.before.get(row.rid)
    before = view_any(ours) if ours else None
    keys = RECORD_TYPES[row.type].fields
    pairs = (
        ValueDifference(key, values_of(before, key) if before else (), values_of(after, key))
        for key in keys
    )
    choices = conflict_choices(desk, ours, row) if ours else {}
    differences = tuple(pair for pair in pairs if pair.before != pair.after)
    said = client_pronoun(desk, row.rid if ours else row.parent or b"")
    number = sequence_number(desk, ours) if ours else _own_number(after)
    return RecordChange(after, code, ours is None, differences, choices, said, number)


def _change_order(change: RecordChange) -> tuple[bool, bool, str, tuple[int, int, bytes]]:
    return (not change.choices, change.is_new, change.code, _order(change.after))


def _order(shown: RecordView[Any]) -> tuple[int, int, bytes]:
    if not is_common_type(shown.row.type):
        return record_order(shown)
    place, whose = common_order(shown)
    return place, 0, whose


def _code_of(desk: Session, row: Row | None, rows: Mapping[bytes, Row]) -> str:
    """Return the code of the client whom a record is about; empty if there is none."""
    above = row
    for _ in range(_MAX_DEPTH):
        if above is None or above.type == "client" or above.parent is None:
            break
        above = rows.get(above.parent) or _find_record(desk, above.parent)
    return _code(above)


def _code(client: Row | None) -> str:
    if client is None or client.type != "client":
        return ""
    code = view(client, Client).record.code
    return code if isinstance(code, str) else ""


def _find_record(desk: Session, rid: bytes) -> Row | None:
    try:
        return read_record(desk, rid)
    except KfdeskError:
        return None


def _reference_names(desk: Session, rows: Collection[Row]) -> ReferenceNames:
    """Return the names of records that these refer to, or stand below if they are about no client.

    A record that only the file has is known by its name in the file.
    """
    references = {
        value
        for shown in map(view_any, rows)
        for key, field in RECORD_TYPES[shown.row.type].fields.items()
        if isinstance(field.kind, ReferenceKind)
        for value in values_of(shown, key)
        if isinstance(value, str)
    }
    references |= {row.parent.hex() for row in rows if row.parent and is_common_type(row.type)}
    told = {row.rid.hex(): row_name(row) for row in rows if row.rid.hex() in references}
    return {one: told.get(one) or _stored_name(desk, one) for one in references}


def _stored_name(desk: Session, reference: str) -> str:
    """Return the name of a record that is here; of a telephone that of its organisation."""
    row = references.referenced_row(desk, reference)
    if row is not None and row.type == "phone" and row.parent:
        row = references.referenced_row(desk, row.parent.hex())
    return row_name(row) if row is not None else ""


# --- what a file would do, as text

_CALM = frozenset(
    {FileIssue.LATE, FileIssue.NEW_CARD, FileIssue.SENT_AGAIN, FileIssue.HISTORY_BEFORE}
)
_ALARMS = frozenset(
    {FileIssue.TWO_STORES, FileIssue.AHEAD_OF_US, FileIssue.KEY_REVOKED, FileIssue.LAPTOP_REVOKED,
     FileIssue.UNAWARE_LAPTOP, FileIssue.CLAIMED,
     FileIssue.FORGED_ID, FileIssue.CHANGED_WRITE, FileIssue.FALSE_WRITE, FileIssue.OUR_HISTORY,
     FileIssue.THEIR_HISTORY}
)  # fmt: skip


def finding_banners(kit: UiContext, review: ImportReview) -> Iterator[Banner]:
    """Yield each finding with what to do; the provenance bar says what is missing."""
    for found in review.findings:
        if found.finding is not FileIssue.MISSING:
            yield _banner(kit, _look(found.finding), partial(file_finding_texts, found))
    if review.requests:
        yield _banner(kit, (Tone.WARNING, "trash-2"), partial(_requests, review.requests))
    if review.ordered_ahead:
        yield _banner(kit, (Tone.WARNING, "trash-2"), partial(_ahead, review.ordered_ahead))


def _banner(
    kit: UiContext, look: tuple[Tone, str], words: Callable[[Language], tuple[str, str]]
) -> Banner:
    banner = Banner(kit, *look)
    banner.set_message(lambda language: words(language)[0], lambda language: words(language)[1])
    return banner


def will_erase_text(count: int, language: Language) -> str:
    """Return how many records the sender orders to erase."""
    return language.plural(
        "This file will erase {count} record that they are responsible for",
        "This file will erase {count} records that they are responsible for",
        count,
    )


def _requests(count: int, language: Language) -> tuple[str, str]:
    sentence = language.plural(
        "They ask to erase {count} record that they are not responsible for, or that must be kept.",
        "They ask to erase {count} records that they are not responsible for, or that "
        "must be kept.",
        count,
    )
    return sentence, language.gettext(N_("Nothing is erased automatically: a person decides."))


def _ahead(count: int, language: Language) -> tuple[str, str]:
    under = N_("Nothing is erased now. If such a record of theirs comes later, it stays out.")
    return ordered_ahead_sentence(count, language), language.gettext(under)


def _look(finding: FileIssue) -> tuple[Tone, str]:
    if finding in _ALARMS:
        return Tone.DANGER, "octagon-alert"
    return (Tone.INFO, "info") if finding in _CALM else (Tone.WARNING, "circle-alert")


def new_text(count: int, language: Language) -> str:
    """Return how many records are new."""
    return language.plural("{count} new", "{count} new", count)


def changed_text(count: int, language: Language) -> str:
    """Return how many records change."""
    return language.plural("{count} changed", "{count} changed", count)


def conflicts_text(count: int, language: Language) -> str:
    """Return how many fields both sides have changed."""
    return language.plural("{count} conflict", "{count} conflicts", count)


def refused_text(count: int, language: Language) -> str:
    """Return how many records are refused."""
    return language.plural("{count} refused", "{count} refused", count)


def kept_sentence(count: int, language: Language) -> str:
    """Return how many of the changed records must be kept as they are."""
    return language.plural(
        "{count} record belongs to a plan that must be kept as it is.",
        "{count} records belong to plans that must be kept as they are.",
        count,
    )


def apply_text(count: int, still_open: int, language: Language) -> str:
    """Return what Apply does: so many records, and so many fields left open."""
    if still_open:
        sentence = language.gettext(N_("Apply {count}, leave {open} undecided"))
        return sentence.format(count=count, open=still_open)
    return language.plural("Apply {count} record", "Apply {count} records", count)


def contents_summary(review: ImportReview, language: Language) -> str:
    """Return what a file brings, in one line; what is zero is left out."""
    counts = (
        (len(review.new), new_text), (len(review.changed), changed_text),
        (review.conflicts, conflicts_text), (review.refused, refused_text),
    )  # fmt: skip
    said = [words(count, language) for count, words in counts if count]
    if review.new_withdrawals:
        said.append(language.gettext(N_("a withdrawal")))
    if review.erased_by_order:
        count = len(review.erased_by_order)
        said.append(language.plural("will erase {count}", "will erase {count}", count))
    if review.requests:
        said.append(language.gettext(N_("asks to erase")))
    ahead, answers = review.ordered_ahead, review.answers
    if ahead:
        said.append(
            language.plural(
                "keeps {count} from being imported", "keeps {count} from being imported", ahead
            )
        )
    if answers:
        said.append(language.plural("{count} answer", "{count} answers", answers))
    if review.waiting:
        count = sum(map(len, review.waiting.values()))
        said.append(language.plural("{count} to decide", "{count} to decide", count))
    return ", ".join(said) or language.gettext(N_("nothing new"))


def taken_text(count: int, language: Language) -> str:
    """Return how many records were imported."""
    if not count:
        return language.gettext(N_("The file is recorded as received."))
    return language.plural(
        "The file is imported: {count} record.", "The file is imported: {count} records.", count
    )


def to_decide_text(count: int, language: Language) -> str:
    """Return how many fields wait for a decision."""
    return language.plural(
        "{count} field waits in its plan to be decided.",
        "{count} fields wait in their plans to be decided.",
        count,
    )
