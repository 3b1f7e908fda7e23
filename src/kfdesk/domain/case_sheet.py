# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet of the Human Trafficking Case Data Standard 2.0, read as cases, line by line.

The rows come from a file of others: any text may stand in any cell. What is known becomes a value;
a code that is not known is kept as it was said; what is not kept here is named. Nothing is
guessed. The known faults of official sheets are met here: titles that are misspelt, missing or
spelt as in the XLSForm, codes with spaces, two lists of the means of control, several industries
in one cell, address columns whose two title rows differ. It opens no file and writes nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from kfdesk.domain.case_data import COLUMNS, CONSENT, REFERRALS, SOURCES, without_guard
from kfdesk.domain.codes.htcds import REASON_FOR_REFERRAL
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.directory import MAX_TEXT_LENGTH
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import CodeKind, CodeSetKind, DateKind, NumberKind, clean_text
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.values import PartialDate, Value

MAX_CASES = 1_000
"""Cases in one sheet; a shelter has fewer in ten years."""
MAX_SHEET_ROWS = 5_000
"""Lines of a file: an official sheet has hundreds that have a number and nothing else."""
MAX_FINDINGS = 500
MAX_CODE_LENGTH = 40
MAX_SAID_LENGTH = 8_000
"""Characters that are kept of a line as they were said."""

NumberedRow = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The rows of a table file with their lines, the titles first, and how they were read."""

    rows: Sequence[NumberedRow] = field(repr=False)
    encoding: str
    is_sure: bool
    left_out: tuple[str, ...] = ()


class CaseSheetFault(StrEnum):
    """Fault of a sheet. Those of columns are told once, at their first line."""

    TITLE = "title"
    TITLE_BELOW = "title_below"
    TITLES_DIFFER = "titles_differ"
    REPEATED = "repeated"
    PERPETRATOR = "perpetrator"
    ADDRESS = "address"
    NOT_KEPT = "not_kept"
    AS_SAID = "as_said"
    NEWER = "newer"
    FOREIGN = "foreign"
    UNTITLED = "untitled"
    CONSENT = "consent"
    STATUS = "status"
    SPELLING = "spelling"
    UNKNOWN = "unknown"
    SEVERAL = "several"
    NO_DAY = "no_day"
    NO_NUMBER = "no_number"
    FORMULA = "formula"
    CUT = "cut"
    HOUSE = "house"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class CaseSheetFinding:
    """Something odd: its line, its column, and what stood there, as far as that is shown."""

    line: int
    column: str
    fault: CaseSheetFault
    said: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SheetReferral:
    """A referral of a sheet; the organisation is a name."""

    direction: str
    organisation: str = field(default="", repr=False)
    reason: str = ""
    sent: date | None = None


@dataclass(frozen=True, slots=True)
class SheetCase:
    """A line of a sheet: values by field, and what was said that no field holds."""

    line: int
    client: Mapping[str, Value] = field(repr=False)
    plan: Mapping[str, Value] = field(repr=False)
    referrals: tuple[SheetReferral, ...] = field(default=(), repr=False)
    said: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """The cases of a sheet and what is odd about it; `more` findings are not listed."""

    cases: tuple[SheetCase, ...]
    findings: tuple[CaseSheetFinding, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class SheetWords:
    """Needs of reading from the world: names of countries and languages, and today."""

    country: Callable[[str], str]
    language: Callable[[str], str]
    today: date


# --- titles

_FAMILIES = ("prs_", "vic_", "cas_", "con_", "cco_", "spl_", "hte_", "org_", "per_")
_AS_SAID = ("vic_", "cas_", "cco_", "spl_")
"""Columns about the case: what no field holds of them is kept as it was said."""
_NEVER: Mapping[str, CaseSheetFault] = {
    "per_": CaseSheetFault.PERPETRATOR, "hte_": CaseSheetFault.ADDRESS,
    "prs_Mailing": CaseSheetFault.ADDRESS, "org_": CaseSheetFault.NOT_KEPT,
}  # fmt: skip
_OTHERS = (
    "prs_Salutation", "prs_Title", "prs_Email", "prs_HomePhone", "prs_Deceased",
    "vic_AgreementToManagePersonalData", "vic_RecruitmentWebsitesAndApps",
    "vic_ExploitationWebsitesAndApps", "cco_CaseComment", "spl_Objectives", "spl_ActionPlan",
    "spl_PlannedEndDate", "spl_ActualEndDate", "spl_Type",
)  # fmt: skip
"""Names of the standard that no column of ours has, beside those of `_NEVER`."""
_MIDDLE_NAME, _STATUS = "prs_MiddleName", "cas_Status"
_TAKEN = frozenset({*SOURCES, *REFERRALS, CONSENT, _MIDDLE_NAME})


@lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    """Return the letters and digits of a text in their compared form."""
    return "".join(sign for sign in clean_text(text).casefold() if sign.isalnum())


_NAMES: Mapping[str, str] = {
    **{_fold(name): name for name in (*COLUMNS, *_OTHERS)},
    "victraffickinstatusdecisionmakingorg": "vic_TraffickingStatusDecisionMakingOrg",
}
_OFFICIAL = frozenset(_NAMES.values())
_LABELS: Mapping[str, str] = {
    **{_fold(name.partition("_")[2]): name for name in COLUMNS if not name.startswith("kf_")},
    "traffickingstatusdecisionmakingorganization": "vic_TraffickingStatusDecisionMakingOrg",
    "mailingstateprovince": "prs_MailingState",
    "mailingzippostalcode": "prs_MailingPostalCode",
}
"""The labels that stand in the second row of the official sheet."""


def _column_name(title: str) -> str:
    """Return the name of the standard for a title, also for a label; any other is as it stands."""
    folded = _fold(title)
    return _NAMES.get(folded) or _LABELS.get(folded) or clean_text(title)


def _is_label_row(cells: Sequence[str]) -> bool:
    """Return whether a second row has labels, as in the official sheet, and no case."""
    said = [_fold(cell) for cell in cells if cell.strip()]
    return len(said) > 1 and 2 * sum(one in _LABELS for one in said) > len(said)


def _is_title_row(cells: Sequence[str]) -> bool:
    """Return whether a line has titles again, as where two sheets were joined."""
    said = [_fold(cell) for cell in cells if cell.strip()]
    return 2 * sum(one in _NAMES for one in said) > len(said)


# --- values

_SPELLINGS: Mapping[str, str] = {
    "unacquainted": "Unaquainted", "notspecifiedunknown": "NonSpecifiedUnknown",
    "threatoflawenforcement": "ThreatsLawEnforcement",
    "threatsoflawenforcement": "ThreatsLawEnforcement",
    "psychoactivesubstances": "PsychoactiveSubstance",
}  # fmt: skip
"""Codes that the standard spells otherwise elsewhere, or by mistake."""
_STATES = dict.fromkeys(("Active", "FollowUp", "Closed", "ClosedReferred"), "")
_BETWEEN = re.compile(r"[;|\n]")
_COMMA = re.compile(r",")
_TURNED_NAME = re.compile(r"([^,;|\n]+), [^,;|\n]* of(?: the)?")
"""A country as ISO 3166 sorts it: Moldova, Republic of."""
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][\d:.]+Z?)?", re.ASCII)
_PART_OF_DAY = re.compile(r"\d{4}(?:-\d{2})?", re.ASCII)
_OTHER_DAY = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})", re.ASCII)
_NUMBER = re.compile(r"(\d{1,3})(?:\.0+)?", re.ASCII)
_CODE = re.compile(r"[^\W_]+(?:[- ][^\W_]+)*")
"""The codes that a client may have; they are in names of files and on papers."""
_FIRST_YEAR = 1900
_MOST_YEARS = 120
_YES = frozenset({"true", "yes", "1", "y", "x"})


def _known_code(codes: Mapping[str, str], column: str, text: str) -> tuple[str, bool]:
    """Return the code that a text is, and whether it is spelt as the standard does it."""
    if text in codes:
        return text, True
    folded = _fold(text)
    bare = folded.removeprefix(_fold(column.partition("_")[2]))
    for one in (folded, bare):
        for code, label in codes.items():
            section, _, rest = code.partition("_") if code[1:2] == "_" else ("", "", code)
            own = _fold(rest)
            is_named = one in (_fold(code), own, _fold(label)) or (section and one.startswith(own))
            if one and is_named:
                return code, one == folded
    code = _SPELLINGS.get(folded) or _SPELLINGS.get(bare, "")
    return (code if code in codes else ""), False


def read_day(text: str, today: date) -> date | PartialDate | None:
    """Return a day that is written without doubt, whole or in part; None otherwise.

    `5/4/2001` may be April or May: that is no day. No day lies after `today`.
    """
    whole, other = _DAY.fullmatch(text), _OTHER_DAY.fullmatch(text)
    try:
        if whole is not None:
            found = date.fromisoformat(whole[1])
        elif other is not None:
            first, second, year = int(other[1]), int(other[3]), int(other[4])
            is_day_first = other[2] == "." or first > 12 or first == second
            if not is_day_first and second <= 12:
                return None
            found = date(year, second, first) if is_day_first else date(year, first, second)
        elif _PART_OF_DAY.fullmatch(text) and _FIRST_YEAR <= int(text[:4]) <= today.year:
            return PartialDate(text)
        else:
            return None
    except (ValueError, KfdeskError):
        return None
    return found if found.year >= _FIRST_YEAR and found <= today else None


class _CaseReader:
    """Reads one line after another and notes what is odd."""

    def __init__(self, words: SheetWords) -> None:
        self._words = words
        self.findings: list[CaseSheetFinding] = []
        self.more = 0
        self._told: set[tuple[str, CaseSheetFault]] = set()
        self._said: list[str] = []
        self._line = 0

    def note(self, line: int, column: str, fault: CaseSheetFault, said: str = "") -> None:
        """Note something odd, as long as there are not too many."""
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(CaseSheetFinding(line, column, fault, said))
        else:
            self.more += 1

    def note_once(self, column: str, fault: CaseSheetFault) -> None:
        """Note something odd about a column, at the first line that has a value there."""
        if (column, fault) not in self._told:
            self._told.add((column, fault))
            self.note(self._line, column, fault)

    def read(self, line: int, cells: Mapping[str, str]) -> SheetCase | None:
        """Return the case of a line; None if nothing of it can be imported."""
        self._line, self._said = line, []
        if _is_title_row(tuple(cells.values())) or _is_label_row(tuple(cells.values())):
            self.note(line, "", CaseSheetFault.EMPTY)
            return None
        texts = {name: self._text(name, cell) for name, cell in cells.items() if cell.strip()}
        values: dict[str, dict[str, Value]] = {"client": {}, "plan": {}}
        for column, text in texts.items():
            if column in _TAKEN:
                self._take(column, text, cells[column], values)
            elif text:
                self._keep_as_said(column, text)
        self._join_names(texts, values["client"])
        referrals = tuple(self._referrals(texts))
        if not (values["client"] or values["plan"] or referrals or self._said):
            self.note(line, "", CaseSheetFault.EMPTY)
            return None
        said = tuple(self._said_within_limits())
        return SheetCase(line, values["client"], values["plan"], referrals, said)

    def _said_within_limits(self) -> Iterator[str]:
        """Yield what was said of a line, until it is too long for a note."""
        room = MAX_SAID_LENGTH
        for one in self._said:
            room -= len(one)
            if room < 0:
                self.note(self._line, "", CaseSheetFault.CUT)
                return
            yield one

    def _text(self, column: str, cell: str) -> str:
        """Return a cell as clean text, without the apostrophe that keeps it from a formula."""
        text = without_guard(cell.strip())
        text = clean_text(text.replace("\r\n", "\n").replace("\r", "\n"))
        if text.startswith(("=", "@")):
            self.note(self._line, column, CaseSheetFault.FORMULA)
        if len(text) > MAX_TEXT_LENGTH:
            self.note(self._line, column, CaseSheetFault.CUT)
        return text[:MAX_TEXT_LENGTH].strip()

    def _keep_as_said(self, column: str, text: str) -> None:
        """Keep what no field holds, if it is about the case; else name the column."""
        never = next((why for begin, why in _NEVER.items() if column.startswith(begin)), None)
        is_official = column in _OFFICIAL
        if never is not None:
            self.note_once(column, never)
        elif is_official and not column.startswith(_AS_SAID):
            self.note_once(column, CaseSheetFault.NOT_KEPT)
        elif column.startswith(_FAMILIES):
            why = CaseSheetFault.AS_SAID if is_official else CaseSheetFault.NEWER
            self.note_once(column, why)
            self._said.append(f"{column}: {text}")
        elif column:
            self.note_once(column, CaseSheetFault.FOREIGN)
        elif not text.isdecimal():  # a number of the line
            self.note_once(column, CaseSheetFault.UNTITLED)

    def _take(
        self, column: str, text: str, cell: str, values: Mapping[str, dict[str, Value]]
    ) -> None:
        """Take a cell of a column that a field holds."""
        if column == CONSENT:
            if text.casefold() in _YES:
                self.note_once(column, CaseSheetFault.CONSENT)
        elif column == _STATUS:
            self._take_status(text, cell)
        elif column in SOURCES and text:
            kind, key = SOURCES[column]
            value = self._value(column, text, cell)
            before = values[kind].get(key, ())
            if isinstance(value, tuple) and isinstance(before, tuple):
                value = tuple(dict.fromkeys((*map(str, before), *map(str, value))))
            if value is not None and value != ():
                values[kind][key] = value

    def _take_status(self, text: str, cell: str) -> None:
        """Keep the status elsewhere as it was said: every case begins here as a draft."""
        code = self._code(_STATUS, _STATES, text, cell)
        if code and code != "Active":
            self.note(self._line, _STATUS, CaseSheetFault.STATUS, code)
            self._said.append(f"{_STATUS}: {code}")

    def _value(self, column: str, text: str, cell: str) -> Value:
        """Return the value of a cell; None, or an empty set, if it is kept as it was said."""
        record, key = SOURCES[column]
        kind = RECORD_TYPES[record].fields[key].kind
        if isinstance(kind, DateKind):
            return self._day(column, text)
        if isinstance(kind, NumberKind):
            found = _NUMBER.fullmatch(text)
            if found is not None and int(found[1]) <= _MOST_YEARS:
                return int(found[1])
            self._keep_unread(column, text, CaseSheetFault.NO_NUMBER)
            return None
        if isinstance(kind, CodeSetKind):
            return self._codes(column, kind.codes, text, cell)
        if isinstance(kind, CodeKind):
            return self._code(column, kind.codes, text, cell)
        if key == "code" and (len(text) > MAX_CODE_LENGTH or not _CODE.fullmatch(text)):
            self._keep_unread(column, text, CaseSheetFault.UNKNOWN)
            return None
        return " ".join(text.split())

    def _day(self, column: str, text: str) -> date | PartialDate | None:
        found = read_day(text, self._words.today)
        if found is None:
            self._keep_unread(column, text, CaseSheetFault.NO_DAY)
        return found

    def _keep_unread(self, column: str, text: str, why: CaseSheetFault) -> None:
        """Keep a text as it was said, and say why it is no value."""
        self.note(self._line, column, why, text[:MAX_CODE_LENGTH])
        self._said.append(f"{column}: {text}")

    def _find(self, column: str, codes: Mapping[str, str], text: str) -> str:
        """Return the code of a text, as the world or the list names it; empty if unknown."""
        if codes is COUNTRIES:
            turned = _TURNED_NAME.fullmatch(text)
            return self._words.country(text) or self._words.country(turned[1] if turned else "")
        if codes is LANGUAGES:
            return self._words.language(text)
        code, is_as_told = _known_code(codes, column, text)
        if code and not is_as_told:
            self.note(self._line, column, CaseSheetFault.SPELLING, code)
        return code

    def _code(self, column: str, codes: Mapping[str, str], text: str, cell: str) -> str | None:
        """Return the one code of a cell; several are left for a person to choose from."""
        code = self._find(column, codes, text)
        if code:
            self._note_spaces(column, text, cell, code)
            return code
        parts = _parts(codes, text)
        is_several = len(parts) > 1 and all(self._find(column, codes, one) for one in parts)
        why = CaseSheetFault.SEVERAL if is_several else CaseSheetFault.UNKNOWN
        self._keep_unread(column, text, why)
        return None

    def _codes(
        self, column: str, codes: Mapping[str, str], text: str, cell: str
    ) -> tuple[str, ...]:
        """Return the codes of a cell, separated as sheets and forms do it; others are said."""
        whole = self._find(column, codes, text)
        if whole:
            self._note_spaces(column, text, cell, whole)
            return (whole,)
        found: dict[str, None] = {}
        for part in _parts(codes, text):
            code = self._find(column, codes, part)
            if code:
                found[code] = None
            else:
                self._keep_unread(column, part, CaseSheetFault.UNKNOWN)
        return tuple(found)

    def _note_spaces(self, column: str, text: str, cell: str, code: str) -> None:
        """Note a code that had spaces around it, as `DebtBondage ` has in the standard itself."""
        if text == code and cell != cell.strip():
            self.note(self._line, column, CaseSheetFault.SPELLING, code)

    def _join_names(self, texts: Mapping[str, str], client: dict[str, Value]) -> None:
        """Put the middle name after the given name, as there is no field of its own."""
        middle = texts.get(_MIDDLE_NAME, "")
        if middle:
            client["given_name"] = " ".join(f"{client.get('given_name', '')} {middle}".split())

    def _referrals(self, texts: Mapping[str, str]) -> Iterator[SheetReferral]:
        for direction in ("in", "out"):
            cells = {
                key: (column, texts[column])
                for column, (way, key) in REFERRALS.items()
                if way == direction and texts.get(column)
            }
            if not cells:
                continue
            reason, sent = "", None
            if "reason" in cells:
                column, text = cells["reason"]
                reason = self._code(column, REASON_FOR_REFERRAL, text, text) or ""
            if "sent" in cells:
                column, text = cells["sent"]
                found = self._day(column, text)
                if isinstance(found, PartialDate):
                    self._keep_unread(column, text, CaseSheetFault.NO_DAY)
                sent = found if isinstance(found, date) else None
            name = cells.get("organisation", ("", ""))[1]
            if name or reason or sent:
                yield SheetReferral(direction, " ".join(name.split()), reason, sent)


def _parts(codes: Mapping[str, str], text: str) -> list[str]:
    """Return the parts of a cell, which an XLSForm joins by spaces, and sheets by other signs.

    A comma may be part of a name, so it separates only where no other sign does.
    """
    found: list[str] = []
    for part in (_BETWEEN if _BETWEEN.search(text) else _COMMA).split(text):
        words = part.split()
        found += words if all(one in codes for one in words) else [part.strip()]
    return found


# --- the sheet


def read_cases(rows: Iterable[NumberedRow], words: SheetWords) -> CaseSheet:
    """Return the cases of a table whose first row has the titles, and what is odd about it.

    Raise KfdeskError `case_sheet.no_columns` if no title is one of the standard,
    `case_sheet.nothing` if no line follows, or `case_sheet.too_many`.
    """
    lines = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not lines:
        raise KfdeskError("case_sheet.nothing")
    reader = _CaseReader(words)
    first, titles = lines[0]
    has_labels = len(lines) > 1 and _is_label_row(lines[1][1])
    labels = lines[1][1] if has_labels else ()
    columns = list(_columns(reader, first, titles, labels))
    is_named = any(_fold(title) in _NAMES for title in titles)
    if not is_named and not any(name.startswith("vic_") for name in columns):
        raise KfdeskError("case_sheet.no_columns")  # a list of contacts has names and telephones
    said = [(number, _by_column(columns, cells)) for number, cells in lines[1 + has_labels :]]
    filled = [(number, cells) for number, cells in said if any(cells)]
    if not filled:
        raise KfdeskError("case_sheet.nothing")
    if len(filled) > MAX_CASES:
        raise KfdeskError("case_sheet.too_many", most=MAX_CASES)
    found = [reader.read(number, cells) for number, cells in filled]
    cases = tuple(case for case in found if case is not None)
    return CaseSheet(cases, tuple(reader.findings), reader.more)


def _columns(
    reader: _CaseReader, line: int, titles: Sequence[str], labels: Sequence[str]
) -> Iterator[str]:
    """Yield the name of each column; one that was named before has none."""
    before: set[str] = set()
    for place in range(max(len(titles), len(labels))):
        title = titles[place] if place < len(titles) else ""
        label = labels[place] if place < len(labels) else ""
        name = _column_name(title or label)
        told = clean_text(title)
        if not told and name in _OFFICIAL:
            reader.note(line, name, CaseSheetFault.TITLE_BELOW)
        elif told in _OFFICIAL and _LABELS.get(_fold(label), told) != told:
            reader.note(line, name, CaseSheetFault.TITLES_DIFFER, clean_text(label))
        elif name in _OFFICIAL and told != name and _fold(told) not in _LABELS:
            reader.note(line, name, CaseSheetFault.TITLE, told[:MAX_CODE_LENGTH])
        if name and name in before:
            reader.note(line, name, CaseSheetFault.REPEATED)
            name = ""
        before.add(name)
        yield name[:MAX_CODE_LENGTH]


def _by_column(columns: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    """Return the cells of a line by their columns; what has no title stands together."""
    found: dict[str, str] = {}
    for place, cell in enumerate(cells):
        name = columns[place] if place < len(columns) else ""
        if cell.strip():
            found[name] = cell if name else " ".join((found.get(name, ""), cell))
    return found
