# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check of the whole store has found, in words: which part is wrong, and of which records.

The store names its findings by short codes, `part:what`; a new part has its words here. Record
types have theirs here, too. What a salvage of a damaged store has found is told by the same words,
in the window, in the report and by the command line. Never a value of a record.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kfdesk.domain.keeping.salvage import CONTENT, INDEX, UNNAMED, Damage, Salvage
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language

RECORDS: Mapping[str, str] = {
    "client": N_("Client"),
    "plan": N_("Plan"),
    "leg": N_("Leg"),
    "help_number": N_("Help number"),
    "consent": N_("Consent"),
    "organisation": N_("Organisation"),
    "contact": N_("Contact person"),
    "phone": N_("Telephone number"),
    "relationship": N_("Relationship"),
    "travel_document": N_("Travel document"),
    "paper_copy": N_("Copy of a paper"),
    "handover": N_("Handover"),
    "legal_status": N_("Legal status"),
    "risk_assessment": N_("Risk assessment"),
    "reception": N_("Reception"),
    "referral": N_("Referral"),
    "approval": N_("Approval"),
    "transition": N_("Change of state"),
    "note": N_("Note"),
    "task": N_("Task"),
    "attachment": N_("Attachment"),
    "follow_up": N_("Contact after the arrival"),
    "goal": N_("Her aim"),
    "service": N_("Service"),
    "risk_line": N_("Risk in one category"),
    "risk_event": N_("Event that changes the risks"),
    "child_papers": N_("Papers of a child"),
}

FLAGS = "flags"
_MOST = 5  # parts that are named; the others are counted

_PLAIN: Mapping[str, str] = {
    "pages": N_("the file itself is damaged"),
    "audit": N_("the history was altered, from entry {what} on"),
    "anchor": N_("what is kept of the store outside of it is damaged or was altered"),
    "content": N_("the content of a document is missing or damaged"),
    "state": N_("a record cannot be read: {what}"),
    "place": N_("a record cannot be found by what leads to it: {what}"),
    "column": N_("lists show another value than the record: {what}"),
}

_BOOKS: Mapping[str, str] = {
    "audit": N_("the history"),
    "history": N_("earlier values"),
    "disclosure": N_("what went to whom"),
    "draft": N_("drafts"),
    "user": N_("who may open the store"),
    "erasure": N_("the list of those who were erased"),
    "partner": N_("partners"),
    "setting": N_("settings and keys of this desk"),
    "chunk": N_("contents of documents"),
    "taking": N_("what can be taken back"),
    "taking_row": N_("what can be taken back"),
    "place": N_("where records stand"),
    UNNAMED: N_("something that cannot be named"),
}
_OTHER = N_("notes of the exchange")
_STRANGE = N_("Record of a kind that is not known")
_TABLE = "record_"


def findings_words(codes: Sequence[str], language: Language) -> str:
    """All that was found, on one line; each part once, with how often it occurs."""
    counted = Counter(_finding(code, language) for code in codes)
    said = [
        words
        if times == 1
        else language.gettext(N_("{words} ({count} times)")).format(words=words, count=times)
        for words, times in counted.most_common(_MOST)
    ]
    left = len(counted) - len(said)
    if left:
        more = language.ngettext("{count} more finding", "{count} more findings", left)
        said.append(more.format(count=left))
    return "; ".join(said)


def _finding(code: str, language: Language) -> str:
    part, _, what = code.partition(":")
    return language.gettext(_PLAIN[part]).format(what=_named(part, what, language))


def _named(part: str, what: str, language: Language) -> str:
    """What is concerned: a record type, its field, or the number of an entry."""
    record_type, _, key = what.partition(".")
    if part == "audit" or record_type not in TYPES:
        return what
    record = language.gettext(RECORDS[record_type])
    field = TYPES[record_type].fields.get(key)
    return f"{record}, {language.gettext(field.label)}" if field is not None else record


def damage_words(damage: Damage, language: Language) -> str:
    """What is wrong with the file, in a sentence."""
    if not damage.is_sealed:
        return language.gettext(
            N_(
                "The beginning of the file is lost, by which the rest is proved. A record was "
                "believed only where it and what lists show agree."
            )
        )
    if not damage.bad:
        return language.gettext(
            N_("Each page of the file is as it was written. What is wrong stands in its records.")
        )
    return language.ngettext(
        "{count} of the {pages} pages of the file is damaged or missing.",
        "{count} of the {pages} pages of the file are damaged or missing.",
        damage.bad,
    ).format(count=damage.bad, pages=damage.pages)


def kept_words(salvage: Salvage, language: Language) -> str:
    """How many records can be read."""
    count = salvage.records
    return language.ngettext(
        "{count} record can be read.", "{count} records can be read.", count
    ).format(count=count)


def lost_words(salvage: Salvage, language: Language) -> tuple[str, ...]:
    """What cannot be read, each in a sentence; one that all is there, if nothing is lost."""
    said = tuple(_lost(salvage, language))
    if said or salvage.may_hide:
        return said
    return (language.gettext(N_("Nothing is known to be lost.")),)


def report(salvage: Salvage, language: Language) -> str:
    """The whole report: what is wrong, what was read, what was lost, with the ids of that."""
    head = language.gettext(N_("What was read of a damaged store"))
    lines = [head, "", damage_words(salvage.damage, language), kept_words(salvage, language)]
    lines += [*lost_words(salvage, language), *_ids(salvage, language)]
    return "\n".join(lines) + "\n"


def _lost(salvage: Salvage, language: Language) -> Iterator[str]:
    lost = salvage.records_lost
    if lost:
        kinds = ", ".join(
            f"{_kind(kind, language)} {len(ids)}"
            for kind, ids in salvage.lost.items()
            if kind != CONTENT
        )
        yield language.ngettext(
            "{count} record is lost: {kinds}.", "{count} records are lost: {kinds}.", lost
        ).format(count=lost, kinds=kinds)
    contents = len(salvage.lost.get(CONTENT, ()))
    if contents:
        yield language.ngettext(
            "The content of {count} document is lost.",
            "The contents of {count} documents are lost.",
            contents,
        ).format(count=contents)
    yield from _history(salvage, language)
    books = sorted({_book(name, language) for name in _hurt(salvage)})
    if books:
        words = language.gettext(N_("More may be lost than can be counted, of: {books}."))
        yield words.format(books=", ".join(books))
    if not salvage.has_keys:
        yield language.gettext(
            N_(
                "The keys of this desk were lost. They come from the backup or are made anew; "
                "then partners need your new card."
            )
        )


def _history(salvage: Salvage, language: Language) -> Iterator[str]:
    missing, altered = salvage.entries_lost, salvage.entries_altered
    if missing:
        yield language.ngettext(
            "{count} entry of the history is missing.",
            "{count} entries of the history are missing.",
            missing,
        ).format(count=missing)
    if altered:
        yield language.ngettext(
            "{count} entry of the history is not as it was written. Somebody may have altered it.",
            "{count} entries of the history are not as they were written. Somebody may have "
            "altered them.",
            altered,
        ).format(count=altered)


def _hurt(salvage: Salvage) -> Iterator[str]:
    """The tables of which something is lost that is not counted already."""
    for name in (*salvage.damage.tables, *salvage.rows_lost):
        is_counted = name == "audit" and salvage.entries_lost
        if name not in {INDEX, "place"} and not is_counted:
            yield name


def _book(name: str, language: Language) -> str:
    if name.startswith(_TABLE):
        return _kind(name.removeprefix(_TABLE), language)
    return language.gettext(_BOOKS.get(name, _OTHER))


def _kind(kind: str, language: Language) -> str:
    return language.gettext(RECORDS.get(kind, _STRANGE))


def _ids(salvage: Salvage, language: Language) -> Iterator[str]:
    for kind, ids in salvage.lost.items():
        yield ""
        of_content = N_("Documents without their contents")
        yield language.gettext(of_content) if kind == CONTENT else _kind(kind, language)
        yield from (rid.hex() for rid in ids)
