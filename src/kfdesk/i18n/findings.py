# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check of the whole store has found, in words: which part is wrong, and of which records.

The store names its findings by short codes, `part:what`; a new part has its words here. Record
types have theirs here, too. Never a value of a record.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

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
