# SPDX-License-Identifier: GPL-3.0-or-later
"""The findings of an integrity check as text: which part is damaged, and which records.

The store names its findings by short codes, `part:what`. A new part needs its text here, as
a new record type does. The findings of a salvage use the same texts in the window, in the
report and on the command line. No text shows a value of a record.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kfdesk.domain.backup import CONTENT_KIND, INDEX_KIND, UNKNOWN_KIND, DamageReport, SalvageResult
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.i18n.language import Language

RECORD_TYPE_NAMES: Mapping[str, str] = {
    "client": N_("Client"),
    "plan": N_("Plan"),
    "leg": N_("Leg"),
    "help_number": N_("Help number"),
    "consent": N_("Consent"),
    "organisation": N_("Organisation"),
    "contact": N_("Contact person"),
    "phone": N_("Phone number"),
    "relationship": N_("Relationship"),
    "travel_document": N_("Travel document"),
    "traveller": N_("Traveller"),
    "paper_copy": N_("Copy of a paper"),
    "handover": N_("Handover"),
    "legal_status": N_("Legal status"),
    "risk_assessment": N_("Risk assessment"),
    "reception": N_("Reception"),
    "referral": N_("Referral"),
    "approval": N_("Approval"),
    "transition": N_("Change of status"),
    "note": N_("Note"),
    "task": N_("Task"),
    "attachment": N_("Attachment"),
    "follow_up": N_("Contact after arrival"),
    "goal": N_("Her goal"),
    "service": N_("Service"),
    "risk_line": N_("Risk in one category"),
    "risk_event": N_("Event that changes the risks"),
    "child_papers": N_("Papers of a child"),
    "network": N_("Network"),
    "membership": N_("Membership"),
    "suggestion": N_("Suggestion"),
    "entry_check": N_("Check of an entry"),
    "procedure": N_("Procedure"),
    "procedure_step": N_("Step of a procedure"),
    "cooperation": N_("Cooperation"),
    "cooperation_step": N_("Step of the cooperation"),
    "meeting": N_("Meeting"),
    "attendance": N_("Takes part in a meeting"),
    "decision": N_("Decision"),
    "agreement": N_("Agreement"),
    "agreement_party": N_("Party to an agreement"),
    "project": N_("Project"),
    "project_party": N_("Organisation in a project"),
    "activity": N_("Activity"),
    "activity_party": N_("Partner in an activity"),
    "case_conference": N_("Case conference"),
    "conference_party": N_("Takes part in a case conference"),
    "conference_decision": N_("Decision of a case conference"),
    "article": N_("Article"),
    "article_text": N_("Text of an article"),
    "article_link": N_("Link of an article"),
    "edition": N_("Edition of the book"),
    "figure_release": N_("Release of figures"),
    "estimate": N_("Estimate"),
    "publication": N_("Publication"),
    "sum_round": N_("Sum of several organisations"),
    "sum_share": N_("Share in a sum"),
    "sum_part": N_("Part of a sum"),
}

_MOST_FINDINGS = 5  # parts that are named; the others are counted

_PART_TEXTS: Mapping[str, str] = {
    "pages": N_("the file itself is damaged"),
    "audit": N_("the history was altered, from entry {what} on"),
    "anchor": N_("the notes kept outside the database are damaged or were altered"),
    "mixed": N_("parts of the database are older than the rest"),
    "content": N_("the content of a document is missing or damaged"),
    "state": N_("a record cannot be read: {what}"),
    "place": N_("a record cannot be found through the index: {what}"),
    "column": N_("lists show a different value from the record: {what}"),
}

_TABLE_NAMES: Mapping[str, str] = {
    "audit": N_("the history"),
    "history": N_("earlier values"),
    "disclosure": N_("what was shared with whom"),
    "draft": N_("drafts"),
    "user": N_("who may open the database"),
    "erasure": N_("the list of erased data"),
    "partner": N_("partners"),
    "setting": N_("our settings and keys"),
    "chunk": N_("contents of documents"),
    "taking": N_("what can be undone"),
    "taking_row": N_("what can be undone"),
    "place": N_("where records are stored"),
    UNKNOWN_KIND: N_("something unknown"),
}
_OTHER_TABLE = N_("notes of the exchange")
_UNKNOWN_TYPE = N_("Record of an unknown kind")
_RECORD_TABLE_PREFIX = "record_"


def integrity_text(codes: Sequence[str], language: Language) -> str:
    """Return all findings on one line; each part once, with its count."""
    counted = Counter(_finding(code, language) for code in codes)
    said = [
        words
        if times == 1
        else language.gettext(N_("{words} ({count} times)")).format(words=words, count=times)
        for words, times in counted.most_common(_MOST_FINDINGS)
    ]
    left = len(counted) - len(said)
    if left:
        more = language.ngettext("{count} more finding", "{count} more findings", left)
        said.append(more.format(count=left))
    return "; ".join(said)


def _finding(code: str, language: Language) -> str:
    part, _, what = code.partition(":")
    return language.gettext(_PART_TEXTS[part]).format(what=_affected_name(part, what, language))


def _affected_name(part: str, what: str, language: Language) -> str:
    """Return what is affected: a record type, its field, or the number of an entry."""
    record_type, _, key = what.partition(".")
    if part == "audit" or record_type not in RECORD_TYPES:
        return what
    record = language.gettext(RECORD_TYPE_NAMES[record_type])
    field = RECORD_TYPES[record_type].fields.get(key)
    return f"{record}, {language.gettext(field.label)}" if field is not None else record


def damage_text(damage: DamageReport, language: Language) -> str:
    """Return what is wrong with the file, in a sentence."""
    if not damage.is_sealed:
        return language.gettext(
            N_(
                "The beginning of the file is lost, and the rest is checked against it. A record "
                "was accepted only where it agrees with what the lists show."
            )
        )
    if not damage.bad:
        return language.gettext(
            N_("Each page of the file is as it was written. The error is in its records.")
        )
    return language.ngettext(
        "{count} of the {pages} pages of the file is damaged or missing.",
        "{count} of the {pages} pages of the file are damaged or missing.",
        damage.bad,
    ).format(count=damage.bad, pages=damage.pages)


def readable_count_text(salvage: SalvageResult, language: Language) -> str:
    """Return how many records can be read."""
    count = salvage.records
    return language.ngettext(
        "{count} record can be read.", "{count} records can be read.", count
    ).format(count=count)


def loss_texts(salvage: SalvageResult, language: Language) -> tuple[str, ...]:
    """Return what cannot be read, one sentence each, or that nothing is lost."""
    said = tuple(_lost(salvage, language))
    if said or salvage.may_have_unknown_losses:
        return said
    return (language.gettext(N_("As far as is known, nothing is lost.")),)


def salvage_report(salvage: SalvageResult, language: Language) -> str:
    """Return the whole report: the damage, what was read, what was lost, with its ids."""
    head = language.gettext(N_("What could be read of a damaged database"))
    lines = [
        head,
        "",
        damage_text(salvage.damage, language),
        readable_count_text(salvage, language),
    ]
    lines += [*loss_texts(salvage, language), *_ids(salvage, language)]
    return "\n".join(lines) + "\n"


def _lost(salvage: SalvageResult, language: Language) -> Iterator[str]:
    lost = salvage.records_lost
    if lost:
        kinds = ", ".join(
            f"{_kind(kind, language)} {len(ids)}"
            for kind, ids in salvage.lost.items()
            if kind != CONTENT_KIND
        )
        yield language.ngettext(
            "{count} record is lost: {kinds}.", "{count} records are lost: {kinds}.", lost
        ).format(count=lost, kinds=kinds)
    contents = len(salvage.lost.get(CONTENT_KIND, ()))
    if contents:
        yield language.ngettext(
            "The content of {count} document is lost.",
            "The contents of {count} documents are lost.",
            contents,
        ).format(count=contents)
    yield from _history(salvage, language)
    books = sorted({_table_name(name, language) for name in _damaged_tables(salvage)})
    if books:
        words = language.gettext(N_("More may be lost than can be counted: {books}."))
        yield words.format(books=", ".join(books))
    if not salvage.has_keys:
        yield language.gettext(
            N_(
                "Our keys were lost. They come from the backup or are made again; then "
                "partners need your new card."
            )
        )


def _history(salvage: SalvageResult, language: Language) -> Iterator[str]:
    missing, altered = salvage.entries_lost, salvage.entries_altered
    if missing:
        yield language.ngettext(
            "{count} entry of the history is missing.",
            "{count} entries of the history are missing.",
            missing,
        ).format(count=missing)
    if altered:
        yield language.ngettext(
            "{count} entry of the history is not as it was written. Someone may have altered it.",
            "{count} entries of the history are not as they were written. Someone may "
            "have altered them.",
            altered,
        ).format(count=altered)


def _damaged_tables(salvage: SalvageResult) -> Iterator[str]:
    """Yield the damaged tables whose losses are not counted elsewhere."""
    for name in (*salvage.damage.tables, *salvage.rows_lost):
        is_counted = name == "audit" and salvage.entries_lost
        if name not in {INDEX_KIND, "place"} and not is_counted:
            yield name


def _table_name(name: str, language: Language) -> str:
    if name.startswith(_RECORD_TABLE_PREFIX):
        return _kind(name.removeprefix(_RECORD_TABLE_PREFIX), language)
    return language.gettext(_TABLE_NAMES.get(name, _OTHER_TABLE))


def _kind(kind: str, language: Language) -> str:
    return language.gettext(RECORD_TYPE_NAMES.get(kind, _UNKNOWN_TYPE))


def _ids(salvage: SalvageResult, language: Language) -> Iterator[str]:
    for kind, ids in salvage.lost.items():
        yield ""
        of_content = N_("Documents without their contents")
        yield language.gettext(of_content) if kind == CONTENT_KIND else _kind(kind, language)
        yield from (rid.hex() for rid in ids)
