# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of papers: for each one what prevents it, what it contains, and who may make it.

`PAPER_KINDS` is the table. Each kind has a function that yields its obstacles and one that
gathers its rows, names and recipient. `disclose()` then decides what it may contain. Of
carried papers for one person, this module decides what the consent must permit at least. It
draws nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import LEG_OFF, PaperFormat, PaperName, PaperRequest
from kfdesk.domain.consent import (
    Recipient,
    RecipientKind,
    WithheldReason,
    invalidity_reason,
)
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.itinerary import SheetFinding, has_ambiguous_reminder
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.directory import Contact, Phone
from kfdesk.domain.records.journey import Handover, HelpNumber, Leg, Traveller
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, Row, view, view_any
from kfdesk.domain.travellers import ticket_rows
from kfdesk.domain.values import text_in_language, text_or_empty
from kfdesk.domain.workflow.decision import child_travellers, is_invalidated
from kfdesk.domain.workflow.gates import APPROVED_STATES, NEXT_STATES
from kfdesk.domain.workflow.table import gates_before
from kfdesk.i18n.client_texts import TextState
from kfdesk.i18n.language import (
    CLIENT_LANGUAGES,
    PROGRAM_LANGUAGES,
    RIGHT_TO_LEFT,
    SHEET_LANGUAGES,
)
from kfdesk.services.core.authorization import require_right_on
from kfdesk.services.core.records import require_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.book_papers import (
    book_obstacles,
    book_warnings,
    gather_article,
    gather_book,
    public_article_obstacles,
    staff_card_obstacles,
)
from kfdesk.services.papers.case_fields import code_word_fields, referenced_names
from kfdesk.services.papers.client_papers import (
    consent_form_obstacles,
    disclosure_log_obstacles,
    gather_consent_form,
    gather_disclosure_log,
    gather_support_plan,
    subject_row,
    support_plan_obstacles,
)
from kfdesk.services.papers.directory_papers import (
    contact_card_obstacles,
    contact_list_obstacles,
    gather_contact_entries,
)
from kfdesk.services.papers.figure_papers import (
    figure_table_obstacles,
    gather_figure_table,
    gather_year_report,
    year_report_obstacles,
    year_report_warnings,
)
from kfdesk.services.papers.inputs import PaperInputs, PaperKind, PaperReaders
from kfdesk.services.papers.letters import gather_letter, letter_obstacles, letter_warnings
from kfdesk.services.papers.network_papers import (
    gather_meeting,
    gather_members,
    gather_news,
    meeting_obstacles,
    meeting_warnings,
    members_obstacles,
    news_obstacles,
)
from kfdesk.services.papers.procedure_papers import (
    cooperation_obstacles,
    gather_cooperation,
    gather_procedure,
    procedure_obstacles,
    procedure_warnings,
)
from kfdesk.services.papers.week_sheet import gather_week, week_obstacles, week_warnings
from kfdesk.services.plans.plans import (
    Case,
    client_recipient,
    load_case,
    read_case_context,
    sheet_gaps,
    visible_case,
)

# --- the traveller's sheet, and what several papers need


def gather_traveller_sheet(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the plan without cancelled or missed legs: the client must not be sent there.

    Of the travellers the sheet names the children who travel, and nobody else.
    """
    case = load_case(desk, order.subject)
    client = client_recipient(case.client, view(case.plan, Plan))
    shown = only_travellers(without_cancelled_legs(case), _ticketed_children(desk, case))
    return PaperInputs(shown.rows, case.consents, client, case.client.rid)


def traveller_sheet_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what prevents the sheet in this language; the PDF composer may find more."""
    case = load_case(desk, order.subject)
    yield from paper_wish_faults(view(case.plan, Plan).record)
    shown = only_travellers(case, _ticketed_children(desk, case))
    conflicts = (*undecided_travellers(case), *conflicting_fields(shown, order.paper))
    for path in conflicts:
        yield KfdeskError("paper.conflict", field=path)
    for fault in _gap_faults(desk, case, order):
        if fault.data["field"] not in conflicts:  # a field in conflict reads as if it were empty
            yield fault


def _gap_faults(desk: Session, case: Case, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what the checks find for each language of the sheet, each fault once."""
    luggage = view(case.plan, Plan).record.luggage
    done: set[SheetFinding] = set()
    for language in filter(None, (order.language, order.beside)):
        gaps = list(sheet_gaps(desk, case, language))
        if isinstance(luggage, tuple) and not text_in_language(luggage, language):
            gaps.append(SheetFinding("not_in_language", "plan", "luggage"))
        if language == order.language:
            gaps += _untranslated_names(case, language)
        for gap in gaps:
            if gap.code == "not_in_language" or gap not in done:
                done.add(gap)
                yield fault_of_finding(gap, language)


def paper_wish_faults(plan: Plan) -> Iterator[KfdeskError]:
    """Yield a fault unless the client wants paper."""
    if plan.wants_paper != "wants_paper":
        is_no = plan.wants_paper == "no_paper"
        yield KfdeskError("paper.not_wanted" if is_no else "paper.wish_not_recorded")


def fault_of_finding(gap: SheetFinding, language: str) -> KfdeskError:
    """Return the error for a check's finding: its field, and the position of a leg or number.

    `language` is the paper's; it is part of the error if the text lacks that language.
    """
    where: dict[str, str | int] = {"number": gap.sequence} if gap.sequence else {}
    if gap.code == "not_in_language":
        where["language"] = language
    return KfdeskError(f"paper.{gap.code}", field=f"{gap.type}.{gap.key}", **where)


def conflicting_fields(case: Case, paper: PaperName) -> tuple[str, ...]:
    """Return the fields (`type.key`) of a paper that are in conflict, each once."""
    keys = CONTENTS[paper]
    named = (
        f"{seen.row.type}.{key}"
        for seen in map(view_any, case.rows)
        if not seen.is_deleted
        for key in sorted(seen.conflicts & keys.get(seen.row.type, frozenset()))
    )
    return tuple(dict.fromkeys(named))


def _ticketed_children(desk: Session, case: Case) -> tuple[RecordView[Traveller], ...]:
    """Return the travellers of the case that are children who travel with the client."""
    return ticket_rows(case.party, desk.adapters.clock.now().date())


def only_travellers(case: Case, shown: Iterable[RecordView[Traveller]]) -> Case:
    """Return the case with these travellers alone."""
    rids = {row.rid for row in shown}
    kept = (row for row in case.below if row.type != "traveller" or row.rid in rids)
    return replace(case, below=tuple(kept))


def undecided_travellers(case: Case) -> tuple[str, ...]:
    """Return the field that says who a traveller is, if it is in conflict: it may be a child."""
    torn = any("person" in row.conflicts for row in case.party.rows)
    return ("traveller.person",) if torn else ()


# --- the child's sheet


def gather_child_sheet(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the children who travel and get a sheet, and the numbers to call."""
    case = load_case(desk, order.subject)
    client = client_recipient(case.client, view(case.plan, Plan))
    shown = only_travellers(case, _children_with_sheet(desk, case))
    return PaperInputs(shown.rows, case.consents, client, case.client.rid)


def child_sheet_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what prevents the sheet: no child gets one, no name, no number that works."""
    case = load_case(desk, order.subject)
    yield from paper_wish_faults(view(case.plan, Plan).record)
    children = _children_with_sheet(desk, case)
    shown = only_travellers(case, children)
    for path in (*undecided_travellers(case), *conflicting_fields(shown, order.paper)):
        yield KfdeskError("paper.conflict", field=path)
    if not children:
        yield KfdeskError("paper.missing", field="traveller.own_sheet")
    for row in children:
        name, carer = row.record.name_on_ticket, row.record.cared_by
        if "name_on_ticket" not in row.conflicts and not text_or_empty(name).strip():
            yield KfdeskError("paper.missing", field="traveller.name_on_ticket")
        if isinstance(carer, tuple) and not text_in_language(carer, order.language):
            yield KfdeskError(
                "paper.not_in_language", field="traveller.cared_by", language=order.language
            )
    for gap in sheet_gaps(desk, case, order.language):
        if gap.type == "help_number" and gap.key in ("number", "called"):
            yield fault_of_finding(gap, order.language)


def _children_with_sheet(desk: Session, case: Case) -> tuple[RecordView[Traveller], ...]:
    rows = _ticketed_children(desk, case)
    return tuple(row for row in rows if row.record.own_sheet is True)


def without_cancelled_legs(case: Case) -> Case:
    """Return the case without missed and cancelled legs."""
    off = {leg.rid for leg in case.views(Leg, "leg") if leg.record.status in LEG_OFF}
    return replace(case, below=tuple(row for row in case.below if row.rid not in off))


# --- the escort's sheet and the handover receipt

_REQUIRED_TYPES = frozenset({"client", "leg", "help_number"})
"""Records without which the escort's sheet is of no use; needs and reminders may be missing."""
_OPTIONAL_TEXTS = ("travel_help", "reminders")


def gather_escort_sheet(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the plan for its escort, without cancelled or missed legs.

    Of the travellers the sheet names the children who travel, as hers does.
    """
    case = without_cancelled_legs(load_case(desk, order.subject))
    escort = _escort_recipient(case)
    shown = only_travellers(case, _ticketed_children(desk, case))
    return PaperInputs(shown.rows, case.consents, escort, escort.rid or b"")


def gather_handover_receipt(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the plan and its handover for whoever carries the receipt."""
    case = without_cancelled_legs(load_case(desk, order.subject))
    carrier = _receipt_recipient(case)
    return PaperInputs(case.rows, case.consents, carrier, carrier.rid or b"")


def escort_sheet_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what prevents the escort's sheet in this language."""
    case = without_cancelled_legs(load_case(desk, order.subject))
    what = _disclosed_to_carrier(desk, case, order)
    if _escort_recipient(case).rid is None:
        yield KfdeskError("paper.missing", field="plan.escort")
    else:
        yield from _consent_obstacle(what)
    named = only_travellers(case, _ticketed_children(desk, case))
    conflicts = (*undecided_travellers(case), *conflicting_fields(named, order.paper))
    for path in conflicts:
        yield KfdeskError("paper.conflict", field=path)
    found = sheet_gaps(desk, load_case(desk, order.subject), order.language)
    gaps = [fault_of_finding(gap, order.language) for gap in found]
    shown = CONTENTS[order.paper]
    for fault in (*gaps, *_untranslated_texts(case, what, order.language)):
        record_type, key = str(fault.data["field"]).split(".")
        is_shown = key in shown.get(record_type, ()) or key == "called"
        if is_shown and fault.data["field"] not in conflicts:
            yield fault


def escort_sheet_warnings(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield each leg without a check-in, an ambiguous reminder, and children that it leaves out."""
    case = load_case(desk, order.subject)
    yield from _unwatched_legs(case)
    told = {given.rid for given in _disclosed_to_carrier(desk, case, order).rows}
    if any(child.rid not in told for child in _ticketed_children(desk, case)):
        yield KfdeskError("paper.child_not_named")
    legs = [leg.record for leg in without_cancelled_legs(case).views(Leg, "leg")]
    plan = view(case.plan, Plan).record
    if has_ambiguous_reminder(plan.reminders, legs, order.language):
        yield KfdeskError("paper.reminder_without_place", field="plan.reminders")


def duty_sheet_warnings(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield each leg without a check-in."""
    yield from _unwatched_legs(load_case(desk, order.subject))


def _unwatched_legs(case: Case) -> Iterator[KfdeskError]:
    for place, leg in enumerate(case.views(Leg, "leg"), start=1):
        is_off = leg.record.status in LEG_OFF
        if not is_off and leg.record.check_in is None and "check_in" not in leg.conflicts:
            yield KfdeskError("paper.no_check_in", field="leg.check_in", number=place)


def handover_receipt_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what prevents the receipt: consent, or the client's wish if the client carries it."""
    case = without_cancelled_legs(load_case(desk, order.subject))
    if _receipt_recipient(case).who is RecipientKind.CLIENT:
        yield from paper_wish_faults(view(case.plan, Plan).record)
    else:
        yield from _consent_obstacle(_disclosed_to_carrier(desk, case, order))
    for path in conflicting_fields(case, order.paper):
        yield KfdeskError("paper.conflict", field=path)
    yield from _untranslated_items(case, order.language)


def _untranslated_items(case: Case, language: str) -> Iterator[KfdeskError]:
    """Yield a fault if the items of a receipt have no text in its language."""
    handovers = [seen.record.items for seen in case.views(Handover, "handover")]
    texts = [("handover.items", items) for items in handovers if isinstance(items, tuple)]
    luggage = view(case.plan, Plan).record.luggage
    if not texts and isinstance(luggage, tuple):
        texts = [("plan.luggage", luggage)]
    for path, value in texts[-1:]:
        if not text_in_language(value, language):
            yield KfdeskError("paper.not_in_language", field=path, language=language)


def _escort_recipient(case: Case) -> Recipient:
    escort = view(case.plan, Plan).record.escort
    return Recipient(
        RecipientKind.PERSON, bytes.fromhex(escort) if isinstance(escort, str) else None
    )


def _receipt_recipient(case: Case) -> Recipient:
    escort = _escort_recipient(case)
    if escort.rid is None:
        return client_recipient(case.client, view(case.plan, Plan))
    return escort


def _disclosed_to_carrier(desk: Session, case: Case, order: PaperRequest) -> Disclosed:
    basis = desk.disclosure_basis(case.consents)
    what = disclose(case.rows, _receipt_recipient(case), Channel.CARRIED, basis)
    return what.only_keys(CONTENTS[order.paper])


def _consent_obstacle(what: Disclosed) -> Iterator[KfdeskError]:
    """Yield a fault once if consent is missing: the reason that is easiest to fix."""
    reasons = {one.reason for one in what.withheld if one.type in _REQUIRED_TYPES} - {
        WithheldReason.CONFLICT, WithheldReason.DESK, WithheldReason.LEVEL,
    }  # fmt: skip
    if WithheldReason.INCOMPLETE in reasons:
        yield KfdeskError("paper.consent_incomplete")
    elif WithheldReason.WITHDRAWN in reasons:
        yield KfdeskError("paper.consent_withdrawn")
    elif WithheldReason.EXPIRED in reasons:
        yield KfdeskError("paper.consent_expired")
    elif reasons:
        yield KfdeskError("paper.no_consent")


def _untranslated_texts(case: Case, what: Disclosed, language: str) -> Iterator[KfdeskError]:
    """Yield optional texts that exist, but not in the paper's language."""
    plan = view(case.plan, Plan).record
    granted = {key for given in what.rows if given.type == "plan" for key in given.grants}
    for key in _OPTIONAL_TEXTS:
        value = getattr(plan, key)
        if key in granted and isinstance(value, tuple) and not text_in_language(value, language):
            yield KfdeskError("paper.not_in_language", field=f"plan.{key}", language=language)
    for gap in _untranslated_names(case, language):
        yield fault_of_finding(gap, language)


def _untranslated_names(case: Case, language: str) -> Iterator[SheetFinding]:
    """Yield who answers a number, if the first name is not in the paper's language."""
    for place, number in enumerate(case.views(HelpNumber, "help_number"), start=1):
        name = number.record.answered_by
        if isinstance(name, tuple) and not text_in_language(name, language):
            yield SheetFinding("not_in_language", "help_number", "answered_by", place)


# --- the file copy


def gather_file_copy(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the plan with names and the gates before its next state. It stays with us."""
    case = visible_case(desk, order.subject)
    case = only_travellers(case, _ticketed_children(desk, case))
    ours, s = desk.identity.organisation, read_case_context(desk, order.subject)
    return PaperInputs(
        case.rows,
        case.consents,
        Recipient(RecipientKind.OWN, ours),
        ours,
        referenced_names(desk, case.rows),
        next((gates_before(target, s) for target in NEXT_STATES.get(s.state or "", ())), ()),
        shut=_consent_reasons(desk, order),
        void=frozenset(risk.rid for risk in s.risks if is_invalidated(risk, s)),
        has_children=s.ours == ours and bool(child_travellers(s)),
    )


def file_copy_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield each field with the code word. The copy shows missing or conflicting fields."""
    case = load_case(desk, order.subject)
    for path in code_word_fields(case, CONTENTS[order.paper]):
        yield KfdeskError("paper.code_word", field=path)


def _consent_reasons(desk: Session, order: PaperRequest) -> Mapping[bytes, WithheldReason | None]:
    """Return why each of the client's consents is not valid today, None if it is."""
    case, now = load_case(desk, order.subject), desk.adapters.clock.now()
    client = view(case.client, Client)
    return {row.rid: invalidity_reason(view(row, Consent), client, now) for row in case.consents}


# --- the duty sheet


def gather_duty_sheet(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the legs to travel, and whom to call: who meets, escorts and receives the client."""
    case = without_cancelled_legs(visible_case(desk, order.subject))
    rows = (*case.rows, *_people_to_call(desk, case))
    ours = desk.identity.organisation
    return PaperInputs(
        rows, case.consents, Recipient(RecipientKind.OWN, ours), ours, referenced_names(desk, rows)
    )


def duty_sheet_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what prevents the sheet: no leg, or the code word; a conflict does not."""
    case = load_case(desk, order.subject)
    if not without_cancelled_legs(case).views(Leg, "leg"):
        yield KfdeskError("paper.missing", field="leg.sequence")
    for path in code_word_fields(case, CONTENTS[order.paper]):
        yield KfdeskError("paper.code_word", field=path)


def _people_to_call(desk: Session, case: Case) -> Iterator[Row]:
    """Yield the journey's contacts and organisations, with telephones that are safe to call."""
    for reference in dict.fromkeys(_journey_references(case)):
        row = desk.store.row(bytes.fromhex(reference))
        if row is None or is_deleted(row.state):
            continue
        yield row
        organisation = (
            view(row, Contact).record.organisation if row.type == "contact" else reference
        )
        if isinstance(organisation, str):
            yield from _safe_phones(desk, bytes.fromhex(organisation))


def _journey_references(case: Case) -> Iterator[str]:
    """Yield who receives, escorts and meets the client, in a conflict everybody named."""
    plan = view_any(case.plan)
    named = [(plan, "receiver"), (plan, "escort")]
    for seen, key in (*named, *((leg, "meeter") for leg in case.all_views("leg"))):
        values = [getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ()))]
        yield from (one for one in values if isinstance(one, str))


def _safe_phones(desk: Session, organisation: bytes) -> Iterator[Row]:
    for row in desk.store.children(organisation):
        if row.type == "phone" and view(row, Phone).record.is_safe is True:
            yield row


# --- the table of papers

PAPER_KINDS: Mapping[PaperName, PaperKind] = {
    PaperName.TRAVELLERS_SHEET: PaperKind(
        right=Right.PRINT_CARRIED,
        channel=Channel.CARRIED,
        subject="plan",
        languages=SHEET_LANGUAGES,
        forms=(PaperFormat.A4, PaperFormat.A6_FOLD, PaperFormat.LARGE),
        obstacles=traveller_sheet_obstacles,
        gather=gather_traveller_sheet,
        is_bilingual=True,
        is_for_client=True,
    ),
    PaperName.CHILDS_SHEET: PaperKind(
        right=Right.PRINT_CARRIED,
        channel=Channel.CARRIED,
        subject="plan",
        languages=CLIENT_LANGUAGES,
        forms=(PaperFormat.A6,),
        obstacles=child_sheet_obstacles,
        gather=gather_child_sheet,
        is_for_client=True,
    ),
    PaperName.FILE_COPY: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="plan",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=file_copy_obstacles,
        gather=gather_file_copy,
    ),
    PaperName.CONSENT_FORM: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="consent",
        languages=CLIENT_LANGUAGES,
        forms=(PaperFormat.A4, PaperFormat.LARGE),
        obstacles=consent_form_obstacles,
        gather=gather_consent_form,
        is_for_client=True,
        is_bilingual=True,
    ),
    PaperName.DUTY_SHEET: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="plan",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=duty_sheet_obstacles,
        gather=gather_duty_sheet,
        warnings=duty_sheet_warnings,
    ),
    PaperName.CONTACT_LIST: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=contact_list_obstacles,
        gather=gather_contact_entries,
        is_filtered=True,
    ),
    PaperName.CONTACT_CARD: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="organisation",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4, PaperFormat.A6),
        obstacles=contact_card_obstacles,
        gather=gather_contact_entries,
    ),
    PaperName.SUPPORT_PLAN: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="plan",
        languages=CLIENT_LANGUAGES,
        forms=(PaperFormat.A4, PaperFormat.LARGE),
        obstacles=support_plan_obstacles,
        gather=gather_support_plan,
        is_for_client=True,
        is_bilingual=True,
    ),
    PaperName.DISCLOSURE_LOG: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="plan",
        languages=CLIENT_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=disclosure_log_obstacles,
        gather=gather_disclosure_log,
        is_for_client=True,
    ),
    PaperName.PROCEDURE_SHEET: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="procedure",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=procedure_obstacles,
        gather=gather_procedure,
        warnings=procedure_warnings,
    ),
    PaperName.WHO_DOES_WHAT: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="procedure",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=procedure_obstacles,
        gather=gather_procedure,
        warnings=procedure_warnings,
    ),
    PaperName.COOPERATION_SHEET: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="plan",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=cooperation_obstacles,
        gather=gather_cooperation,
    ),
    PaperName.WEEK_SHEET: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=week_obstacles,
        gather=gather_week,
        warnings=week_warnings,
    ),
    PaperName.FIGURE_TABLE: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="figure_release",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=figure_table_obstacles,
        gather=gather_figure_table,
    ),
    PaperName.YEAR_REPORT: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="publication",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=year_report_obstacles,
        gather=gather_year_report,
        warnings=year_report_warnings,
    ),
    PaperName.ESCORTS_SHEET: PaperKind(
        right=Right.PRINT_CARRIED,
        channel=Channel.CARRIED,
        subject="plan",
        languages=CLIENT_LANGUAGES,
        forms=(PaperFormat.A4, PaperFormat.LARGE),
        obstacles=escort_sheet_obstacles,
        gather=gather_escort_sheet,
        warnings=escort_sheet_warnings,
    ),
    PaperName.HANDOVER_RECEIPT: PaperKind(
        right=Right.PRINT_CARRIED,
        channel=Channel.CARRIED,
        subject="plan",
        languages=CLIENT_LANGUAGES,
        forms=(PaperFormat.A5,),
        obstacles=handover_receipt_obstacles,
        gather=gather_handover_receipt,
    ),
    PaperName.AUTHORITY_LETTER: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="referral",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=letter_obstacles,
        gather=gather_letter,
        warnings=letter_warnings,
    ),
    **{
        paper: PaperKind(
            right=Right.PRINT_INTERNAL,
            channel=Channel.DESK_PAPER,
            subject="meeting",
            languages=PROGRAM_LANGUAGES,
            forms=(PaperFormat.A4,),
            obstacles=meeting_obstacles,
            gather=gather_meeting,
            warnings=meeting_warnings,
        )
        for paper in (PaperName.AGENDA, PaperName.MINUTES)
    },
    PaperName.MEMBERS: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="network",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=members_obstacles,
        gather=gather_members,
    ),
    PaperName.NETWORK_NEWS: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="organisation",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=news_obstacles,
        gather=gather_news,
    ),
    PaperName.BOOK: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="article",
        languages=PROGRAM_LANGUAGES,
        forms=(PaperFormat.A5, PaperFormat.A4),
        obstacles=book_obstacles,
        gather=gather_book,
        is_bilingual=True,
        warnings=book_warnings,
        readers=PaperReaders.DESK,
        may_be_whole=True,
    ),
    PaperName.LEAFLET: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="article",
        languages=CLIENT_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=public_article_obstacles,
        gather=gather_article,
        readers=PaperReaders.PUBLIC,
    ),
    PaperName.CARD: PaperKind(
        right=Right.PRINT_CARRIED,
        channel=Channel.DESK_PAPER,
        subject="article",
        languages=CLIENT_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=public_article_obstacles,
        gather=gather_article,
        readers=PaperReaders.CLIENT,
    ),
    PaperName.STAFF_CARD: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="article",
        languages=CLIENT_LANGUAGES,
        forms=(PaperFormat.A4,),
        obstacles=staff_card_obstacles,
        gather=gather_article,
        readers=PaperReaders.PUBLIC,
    ),
    PaperName.POSTER: PaperKind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="article",
        languages=CLIENT_LANGUAGES,
        forms=(PaperFormat.A4, PaperFormat.A3),
        obstacles=public_article_obstacles,
        gather=gather_article,
        readers=PaperReaders.PUBLIC,
    ),
}


def paper_texts(desk: Session, paper: PaperName) -> Mapping[str, TextState | None]:
    """Return the languages in which a paper exists, and who has read the text in each.

    The program's languages come first; a paper that is not the client's has no state. Raise
    KfdeskError `user.not_allowed`.
    """
    desk.require(Right.PRINT_CARRIED, Right.PRINT_INTERNAL)
    kind, offered = PAPER_KINDS[paper], PAPER_KINDS[paper].languages
    if offered not in (CLIENT_LANGUAGES, SHEET_LANGUAGES) or kind.readers is not PaperReaders.CASE:
        return dict.fromkeys(offered)
    texts = desk.adapters.client_texts.of_paper(paper)
    return {code: texts[code] for code in offered if code in texts}


def is_draft_paper(desk: Session, order: PaperRequest) -> bool:
    """Return whether a carried paper is a draft: the return in its plan is not approved (yet)."""
    if not PAPER_KINDS[order.paper].is_carried:
        return False
    plan = view(require_record(desk, order.subject), Plan).record
    return plan.state not in APPROVED_STATES


def require_paper(desk: Session, order: PaperRequest) -> PaperKind:
    """Require that the current user may make a paper; return its kind.

    Raise KfdeskError `user.not_allowed` or `record.missing`, `paper.not_offered` for a form or a
    second language that the paper does not come in, `paper.no_text` for a language in which it
    does not exist, and `paper.same_language` for the same language twice.
    """
    kind = PAPER_KINDS[order.paper]
    desk.require(kind.right)
    may_be_beside = kind.is_bilingual and order.beside not in RIGHT_TO_LEFT
    is_offered = order.form in kind.forms and (may_be_beside or not order.beside)
    if not is_offered or not order.language:
        raise KfdeskError("paper.not_offered")
    texts = paper_texts(desk, order.paper)
    for code in filter(None, (order.language, order.beside)):
        if code not in texts:
            raise KfdeskError("paper.no_text", spoken=code)
    if order.beside == order.language:
        raise KfdeskError("paper.same_language")
    if kind.subject and (order.subject or not kind.may_be_whole):
        require_right_on(desk, subject_row(desk, order.subject, kind.subject), kind.right)
    return kind
