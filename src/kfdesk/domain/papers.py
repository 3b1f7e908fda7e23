# SPDX-License-Identifier: GPL-3.0-or-later
"""Each paper: what it is for, and the fields that it contains, by record type and key.

The tables are apart from the drawing in `documents`, so that a page can list recipients
and fields without loading it. `disclose()` decides whether a field may stand on a paper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from kfdesk.domain.calendar import CalendarItem
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.risk import ITEM_KEYS
from kfdesk.domain.values import PartialDate
from kfdesk.domain.workflow.gates import Gate

# --- the papers by what they are for

PAPER_PURPOSES: Mapping[PaperName, str] = {
    PaperName.TRAVELLERS_SHEET: N_("for her, on the way"),
    PaperName.ESCORTS_SHEET: N_("for the companion"),
    PaperName.CHILDS_SHEET: N_("with pictures, for a child"),
    PaperName.DUTY_SHEET: N_("for the person on duty"),
    PaperName.FILE_COPY: N_("for the file, not to travel"),
    PaperName.CONSENT_FORM: N_("to be signed"),
    PaperName.HANDOVER_RECEIPT: N_("to be signed on arrival"),
    PaperName.CONTACT_LIST: N_("for the office or a partner"),
    PaperName.CONTACT_CARD: N_("one organisation, on a small card"),
    PaperName.SUPPORT_PLAN: N_("for her signature and yours"),
    PaperName.DISCLOSURE_LOG: N_("for her, if she asks"),
    PaperName.AUTHORITY_LETTER: N_("with her consent, or by law"),
    PaperName.COOPERATION_SHEET: N_("for the office, with deadlines"),
    PaperName.PROCEDURE_SHEET: N_("for the wall and the meeting"),
    PaperName.WHO_DOES_WHAT: N_("all steps and authorities"),
    PaperName.AGENDA: N_("before a meeting"),
    PaperName.MINUTES: N_("with the decisions as a table"),
    PaperName.MEMBERS: N_("with roles and deputies"),
    PaperName.NETWORK_NEWS: N_("what a partner lacks"),
    PaperName.WEEK_SHEET: N_("for the office, codes only"),
    PaperName.BOOK: N_("with contents and index"),
    PaperName.LEAFLET: N_("to fold, for professionals"),
    PaperName.CARD: N_("ten to a sheet, to cut"),
    PaperName.POSTER: N_("for a wall"),
    PaperName.STAFF_CARD: N_("ten to a sheet, for staff"),
    PaperName.FIGURE_TABLE: N_("one release on a page"),
    PaperName.YEAR_REPORT: N_("text, tables and method"),
}
"""For whom or what each paper is, below its name in the window."""
PAPER_GROUPS: Sequence[tuple[str, Sequence[PaperName]]] = (
    (
        N_("To carry on the journey"),
        (
            PaperName.TRAVELLERS_SHEET,
            PaperName.ESCORTS_SHEET,
            PaperName.HANDOVER_RECEIPT,
            PaperName.CHILDS_SHEET,
        ),
    ),
    (
        N_("To keep in the office"),
        (PaperName.DUTY_SHEET, PaperName.FILE_COPY, PaperName.WEEK_SHEET),
    ),
    (
        N_("For her, and to sign"),
        (PaperName.CONSENT_FORM, PaperName.SUPPORT_PLAN, PaperName.DISCLOSURE_LOG),
    ),
    (N_("To an authority"), (PaperName.AUTHORITY_LETTER,)),
    (
        N_("Cooperation"),
        (PaperName.COOPERATION_SHEET, PaperName.PROCEDURE_SHEET, PaperName.WHO_DOES_WHAT),
    ),
    (
        N_("From the book"),
        (
            PaperName.BOOK,
            PaperName.LEAFLET,
            PaperName.CARD,
            PaperName.STAFF_CARD,
            PaperName.POSTER,
        ),
    ),
    (N_("Figures"), (PaperName.FIGURE_TABLE, PaperName.YEAR_REPORT)),
    (N_("From the contacts"), (PaperName.CONTACT_LIST, PaperName.CONTACT_CARD)),
    (
        N_("Networks and meetings"),
        (PaperName.AGENDA, PaperName.MINUTES, PaperName.MEMBERS, PaperName.NETWORK_NEWS),
    ),
)
"""The papers by what they are for, in the order in which they are offered."""

# --- facts beside fields


@dataclass(frozen=True, slots=True)
class ConsentFormFacts:
    """Facts about the recipient and the one who consents, for a consent form.

    `country` is the recipient's (ISO 3166-1), empty if unknown. `is_third_country` says
    that EU law does not apply there, `has_tool` that a transfer tool on record protects the
    client. `is_ours` says that the recipient is our own organisation.
    """

    country: str = ""
    is_third_country: bool = False
    has_tool: bool = False
    is_child: bool = False
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class PastDisclosure:
    """One past disclosure about a client: when, to whom, what, for which purposes, how.

    `to` is a name, empty if unknown. `is_hers` says that the client herself received it, `is_duty`
    that the law obliges to tell it.
    """

    at: datetime
    to: str
    groups: tuple[str, ...]
    purposes: tuple[str, ...]
    channel: str
    is_hers: bool = False
    is_duty: bool = False


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Facts of a letter to an authority beside fields: purpose, names, the day for an answer.

    `purpose` is a code of LETTER_PURPOSE, empty for every other paper. `whole` are the titles of
    the boxes of which nothing is withheld: an empty one has not been asked about.
    """

    purpose: str = ""
    ours: str = ""
    to: str = ""
    answer_by: date | PartialDate | None = None
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line of a year's report about what was done: a training, a mission, a seminar.

    `text` says by whom and where; `people` were reached, 0 if nobody counted.
    """

    title: str
    text: str = ""
    people: int = 0


@dataclass(frozen=True, slots=True)
class StepStanding:
    """State of a step of a cooperation: its last day or moment, and whether it is done.

    Without a last day its clock has not begun, or it has none.
    """

    last: date | datetime | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class PrintContext:
    """Facts of a paper beside record fields; a carried paper shows only whether it is a draft.

    `at` is when it is made (aware, local zone), `by` the initials of its author. `number`
    counts the copies of this paper on this subject. `names` maps the ids of organisations
    and persons, in hexadecimal digits, to their names. `gates` are the conditions of the
    plan's next state, and `party` is for a consent form.

    `shut` has for each consent of the client, by id, why it is not valid; None if it is. `void` are
    the risk assessments that an event has invalidated. `has_children`: a traveller counts as a
    child. `given` is all that was disclosed about her, for the disclosure log. `is_draft` marks a
    carried paper of a return that is not approved. `letter` is for a letter to an authority.
    `standings` says of each step of a cooperation, by id, how it stands. `hers` are the languages
    that the client understands, for a paper that she signs. `listed` are the records that news are
    about; others only stand above. `text_state` says who has read the paper's text in its language,
    for a paper of hers that stays at the desk; empty for every other. `week` are the calendar's
    items for a week sheet, and `report_lines` what a year's report says beside its figures.
    `pronoun` is that of the client whom the paper is about.
    """

    at: datetime
    by: str
    number: int
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    gates: tuple[Gate, ...] = ()
    party: ConsentFormFacts = field(default_factory=ConsentFormFacts)
    shut: Mapping[bytes, WithheldReason | None] = field(
        default_factory=lambda: MappingProxyType({})
    )
    given: tuple[PastDisclosure, ...] = ()
    void: frozenset[bytes] = frozenset()
    is_draft: bool = False
    letter: LetterFacts = field(default_factory=LetterFacts)
    standings: Mapping[bytes, StepStanding] = field(default_factory=lambda: MappingProxyType({}))
    hers: tuple[str, ...] = ()
    listed: frozenset[bytes] = frozenset()
    text_state: str = ""
    week: tuple[CalendarItem, ...] = ()
    report_lines: tuple[ReportLine, ...] = ()
    pronoun: Pronoun = Pronoun.SHE
    has_children: bool = False


PaperKeys = Mapping[str, frozenset[str]]
"""The keys that a paper contains, by record type."""

_TRAVELLERS_SHEET: PaperKeys = {
    "client": frozenset({"name_on_ticket", "languages"}),
    "plan": frozenset({"luggage", "from_country", "to_country"}),
    "traveller": frozenset({"name_on_ticket"}),
    "leg": frozenset(
        {
            "sequence", "mode", "carrier", "from_place", "from_stop", "departs", "to_place",
            "to_stop", "arrives", "met_by", "sign", "alone", "onward", "onward_mode",
            "onward_minutes",
        }
    ),
    "help_number": frozenset({"sequence", "number", "hours", "answered_by"}),
}  # fmt: skip

_ESCORTS_SHEET: PaperKeys = {
    "client": frozenset({"name_on_ticket", "languages"}),
    "plan": frozenset({"reminders", "travel_help", "from_country", "to_country"}),
    "traveller": frozenset({"name_on_ticket"}),
    "leg": frozenset(
        {
            "sequence", "mode", "carrier", "from_place", "from_stop", "departs", "to_place",
            "to_stop", "arrives", "met_by", "sign", "alone", "onward", "onward_mode",
            "onward_minutes", "check_in",
        }
    ),
    "help_number": frozenset({"sequence", "number", "answered_by"}),
}  # fmt: skip

_CHILDS_SHEET: PaperKeys = {
    "traveller": frozenset({"name_on_ticket", "cared_by"}),
    "help_number": frozenset({"sequence", "number"}),
}
"""A page for each child; nothing of the journey."""

_FILE_COPY: PaperKeys = {
    "client": frozenset(
        {"code", "alias", "given_name", "family_name", "languages", "needs_interpreter"}
    ),
    "plan": frozenset(
        {
            "state", "wish", "wish_stated", "wish_reconfirmed", "from_country", "to_country",
            "to_place", "receiver", "escort", "escort_kind", "owner", "opened", "decision_signed",
            "decision_language", "luggage", "special_needs", "reminders",
        }
    ),
    "transition": frozenset({"to_state", "happened"}),
    "approval": frozenset({"kind", "gate", "given_by", "given", "reason"}),
    "consent": frozenset(
        {
            "purpose", "recipient", "groups", "form", "given_by", "language", "given", "expires",
            "withdrawn", "withheld",
        }
    ),
    "leg": frozenset(
        {
            "sequence", "mode", "carrier", "booking_reference", "from_place", "from_stop",
            "departs", "to_place", "to_stop", "arrives", "met_by", "sign", "alone", "onward",
            "check_in", "check_in_status", "status", "departed", "arrived", "fallback",
        }
    ),
    "help_number": frozenset({"sequence", "number", "hours", "called"}),
    "travel_document": frozenset(
        {"kind", "number", "country", "valid_until", "status", "name_as_written", "whose"}
    ),
    "traveller": frozenset({"name_on_ticket", "birth_date", "seat", "needs", "cared_by"}),
    "handover": frozenset(
        {"happened", "place", "given_by", "received_by", "result", "items", "confirmed_by_client"}
    ),
    "risk_assessment": frozenset(
        {
            "organisation", "done", "valid_until", "conclusion", "unanswered", "client_view",
            "summary", "measures", "measures_agreed",
        }
    ),
    "risk_line": frozenset(
        {
            "category", "likelihood", "severity", "measure", "measure_by", "mitigation_status",
            "likelihood_after", "severity_after", "own_words", *ITEM_KEYS,
        }
    ),
    "risk_event": frozenset({"kind", "happened", "account"}),
    "goal": frozenset(
        {"domain", "aim", "baseline", "progress", "target", "due", "organisation"}
    ),
}  # fmt: skip
"""Neither code word nor alarm plan: what else is to be done stands with the legs. No history.

Of the travellers it lists the children, as her own sheet does.
"""

_CONSENT_FORM: PaperKeys = {
    "client": frozenset({"code", "alias", "given_name", "family_name"}),
    "consent": frozenset(
        {
            "purpose", "recipient", "groups", "form", "given_by", "language", "given", "expires",
            "interpreted_by", "guardian", "withheld",
        }
    ),
}  # fmt: skip

_HANDOVER_RECEIPT: PaperKeys = {
    "plan": frozenset({"luggage"}),
    "leg": frozenset({"sequence", "arrives", "to_stop", "met_by"}),
    "handover": frozenset({"happened", "place", "given_by", "received_by", "items"}),
}

_DUTY_SHEET: PaperKeys = {
    "client": frozenset({"code", "name_on_ticket", "languages", "safe_contact"}),
    "plan": frozenset({"receiver", "escort", "alarm_plan"}),
    "leg": frozenset(
        {
            "sequence", "mode", "carrier", "from_place", "departs", "to_place", "arrives",
            "met_by", "sign", "check_in", "meeter", "fallback",
        }
    ),
    "help_number": frozenset({"sequence", "number", "hours", "answered_by"}),
    "contact": frozenset({"given_name", "phone"}),
    "phone": frozenset({"number", "hours"}),
}  # fmt: skip
"""No history and no code word; whom to call, and what to do."""

_CONTACT_CARD: PaperKeys = {
    "organisation": frozenset({"name", "country", "languages", "hours"}),
    "phone": frozenset({"number", "hours", "languages"}),
    "contact": frozenset({"given_name", "organisation"}),
}
"""No address, no surname, no private number."""

_CONTACT_LIST: PaperKeys = {
    **_CONTACT_CARD,
    "organisation": _CONTACT_CARD["organisation"] | {"city", "services", "verification", "checked"},
}
"""The same with its services, and whether somebody verified it."""

_SUPPORT_PLAN: PaperKeys = {
    "client": frozenset({"code", "alias", "given_name", "family_name"}),
    "plan": frozenset({"owner"}),
    "goal": frozenset(
        {"domain", "aim", "baseline", "progress", "target", "due", "status", "organisation"}
    ),
    "service": frozenset({"goal", "domain", "what", "organisation", "status", "begins", "ends"}),
    "follow_up": frozenset({"due", "after_days", "kind", "method", "organisation", "refused"}),
}
"""The fields that the client signs: no score without a yes to it, no history, no money."""

_DISCLOSURE_LOG: PaperKeys = {"client": frozenset({"code"})}
"""The code alone: the disclosures themselves are computed from the disclosure ledger."""

_WHO_DOES_WHAT: PaperKeys = {
    "procedure": frozenset({"title", "version", "status", "dated", "purpose"}),
    "procedure_step": frozenset({"prefix", "title", "lead", "takes_part", "informs", "pays"}),
}
"""About no client."""

_PROCEDURE_SHEET: PaperKeys = {
    "procedure": _WHO_DOES_WHAT["procedure"] | {"source"},
    "procedure_step": _WHO_DOES_WHAT["procedure_step"]
    | {
        "deputy", "event", "event_step", "amount", "unit", "clock", "form_number", "law",
        "law_read",
    },
}  # fmt: skip

_COOPERATION_SHEET: PaperKeys = {
    "client": frozenset({"code"}),
    "cooperation": frozenset({"title", "version"}),
    "cooperation_step": frozenset(
        {
            "prefix", "title", "lead", "led_by", "person", "stand_in", "event", "event_step",
            "amount", "unit", "clock", "state",
        }
    ),
    "contact": frozenset({"phone"}),
    "phone": frozenset({"number", "hours"}),
}  # fmt: skip
"""Her code and no name; nothing of what happened, and nothing that was said."""

_AGENDA: PaperKeys = {
    "meeting": frozenset({"title", "kind", "starts", "ends", "place", "is_online", "agenda"}),
    "attendance": frozenset({"organisation", "contact", "role"}),
    "client": frozenset({"code"}),
    "case_conference": frozenset({"starts", "ends", "place", "is_online", "agenda"}),
    "conference_party": frozenset({"organisation", "role"}),
}
"""Of a client the code alone, and of who takes part in a case conference no person."""

_MINUTES: PaperKeys = {
    **_AGENDA,
    "meeting": _AGENDA["meeting"] | {"minutes"},
    "decision": frozenset({"decided", "owner", "due", "state", "done_here"}),
    "case_conference": _AGENDA["case_conference"] | {"minutes"},
    "conference_decision": frozenset({"decided", "owner", "due", "state"}),
}

_MEMBERS: PaperKeys = {
    "network": frozenset({"title", "purpose", "begins", "coordinator"}),
    "membership": frozenset({"organisation", "role", "contact", "deputy", "begins", "ends"}),
}


def maker_key(organisation: bytes) -> str:
    """Return the key in the names of a paper under which stands who made a record."""
    return f"by:{organisation.hex()}"


_NETWORK_NEWS: PaperKeys = {
    "network": frozenset({"title"}),
    "meeting": frozenset({"title", "kind", "starts", "ends", "place"}),
    "decision": frozenset({"decided", "owner", "due", "state", "done_here"}),
    "agreement": frozenset({"title", "kind", "begins", "valid_until"}),
    "project": frozenset({"title", "status", "begins", "ends"}),
    "activity": frozenset({"title", "kind", "begins", "ends", "place"}),
    "procedure": frozenset({"title", "version", "effective_from"}),
    "organisation": frozenset({"name", "country", "city"}),
    "membership": frozenset({"organisation", "role", "begins", "ends"}),
}
"""The fields of adopted and held items; no minutes and no text that is still being written."""

_WEEK_SHEET: PaperKeys = {
    "client": frozenset({"code"}),
    "follow_up": frozenset({"due", "window", "after_days"}),
    "leg": frozenset({"departs", "arrives", "check_in"}),
    "task": frozenset({"due"}),
    "legal_status": frozenset({"ends", "next_hearing"}),
    "consent": frozenset({"given", "expires"}),
    "cooperation_step": frozenset({"event", "amount", "unit", "began", "extended_until"}),
    "case_conference": frozenset({"starts", "ends"}),
}
"""Her code and a day; no name, place or organisation, and no word that somebody wrote."""

_BOOK: PaperKeys = {
    "article": frozenset(
        {
            "slug", "above", "position", "kind", "original", "status", "adopted", "tags",
            "sources", "licence",
        }
    ),
    "article_text": frozenset({"language", "title", "summary", "body"}),
    "article_link": frozenset({"target"}),
    "edition": frozenset({"title", "number", "language", "dated", "contents"}),
}  # fmt: skip
"""About no client."""

_ONE_ARTICLE: PaperKeys = {
    "article": frozenset({"slug", "kind", "original", "adopted", "sources", "licence"}),
    "article_text": _BOOK["article_text"],
}

_FIGURE_TABLE: PaperKeys = {
    "figure_release": frozenset(
        {
            "number", "population", "period_from", "period_to", "least", "total", "cells",
            "joined", "median", "method", "made",
        }
    ),
}  # fmt: skip
"""Safe tables, about no client."""

_YEAR_REPORT: PaperKeys = {
    **_FIGURE_TABLE,
    "publication": frozenset(
        {"title", "creator", "publisher", "published", "about_year", "identifier", "abstract"}
    ),
    "estimate": frozenset(
        {
            "indicator", "low", "high", "point", "unit", "per", "country", "area", "year_from",
            "year_to", "method", "publisher", "source_title", "url", "page", "published",
            "read_on", "note",
        }
    ),
}  # fmt: skip

CONTENTS: Mapping[PaperName, PaperKeys] = {
    PaperName.TRAVELLERS_SHEET: _TRAVELLERS_SHEET,
    PaperName.ESCORTS_SHEET: _ESCORTS_SHEET,
    PaperName.FILE_COPY: _FILE_COPY,
    PaperName.CONSENT_FORM: _CONSENT_FORM,
    PaperName.HANDOVER_RECEIPT: _HANDOVER_RECEIPT,
    PaperName.DUTY_SHEET: _DUTY_SHEET,
    PaperName.CONTACT_LIST: _CONTACT_LIST,
    PaperName.CONTACT_CARD: _CONTACT_CARD,
    PaperName.SUPPORT_PLAN: _SUPPORT_PLAN,
    PaperName.DISCLOSURE_LOG: _DISCLOSURE_LOG,
    PaperName.PROCEDURE_SHEET: _PROCEDURE_SHEET,
    PaperName.WHO_DOES_WHAT: _WHO_DOES_WHAT,
    PaperName.COOPERATION_SHEET: _COOPERATION_SHEET,
    PaperName.CHILDS_SHEET: _CHILDS_SHEET,
    PaperName.AGENDA: _AGENDA,
    PaperName.MINUTES: _MINUTES,
    PaperName.MEMBERS: _MEMBERS,
    PaperName.NETWORK_NEWS: _NETWORK_NEWS,
    PaperName.WEEK_SHEET: _WEEK_SHEET,
    PaperName.BOOK: _BOOK,
    PaperName.LEAFLET: _ONE_ARTICLE,
    PaperName.CARD: _ONE_ARTICLE,
    PaperName.POSTER: _ONE_ARTICLE,
    PaperName.STAFF_CARD: _ONE_ARTICLE,
    PaperName.FIGURE_TABLE: _FIGURE_TABLE,
    PaperName.YEAR_REPORT: _YEAR_REPORT,
}
"""The contents of each paper; `letters.LETTERS` has those of letters, by purpose."""
