# SPDX-License-Identifier: GPL-3.0-or-later
"""Case data of others: a sheet of the HTCDS, looked at line by line, then imported as drafts.

Nobody who is here is ever changed: every line becomes a new client with the draft of a plan. A line
that is like somebody here, or like an earlier line, is imported only if a person says that it is
somebody else. A consent in a sheet was given to others, and is none here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path

from kfdesk.domain.accounts import Right
from kfdesk.domain.case_data import REFERRALS
from kfdesk.domain.case_sheet import (
    MAX_FINDINGS,
    CaseSheetFault,
    CaseSheetFinding,
    SheetCase,
    SheetReferral,
    SheetRows,
    SheetWords,
    read_cases,
)
from kfdesk.domain.directory import MAX_LIST_BYTES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.names import fold_words
from kfdesk.domain.records.client import Client
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value, ZonedTime, text_or_empty
from kfdesk.i18n.parsing import country_code, language_code
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Changes, Progress, Session, cancel_check, desk_zone
from kfdesk.services.directory.files import DirectoryMatcher
from kfdesk.services.plans.case import NewCase, import_plans
from kfdesk.services.plans.plans import zoned_now

_NOTE_HEAD = "HTCDS 2.0"
_NOON = time(12)
_CODE_COLUMN = "kf_Code"


class CaseFate(StrEnum):
    """Relation of a line to the clients here, and to the lines before it."""

    NEW = "new"
    LIKE = "like"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A line of a sheet and how it relates; `other` is the code of a client here, or a line."""

    case: SheetCase
    fate: CaseFate = CaseFate.NEW
    other: str = ""


@dataclass(frozen=True, slots=True)
class CaseImportPreview:
    """Preview of an import: a line for each case, and what is odd; `more` is not listed."""

    lines: tuple[CaseLine, ...]
    findings: tuple[CaseSheetFinding, ...]
    more: int
    sheet: SheetRows

    def count(self, fate: CaseFate) -> int:
        """Return how many lines have this relation."""
        return sum(one.fate is fate for one in self.lines)


@dataclass(frozen=True, slots=True)
class CaseImport(Changes):
    """Result of an import, to be undone together, and the plans that it began."""

    done: Sequence[Saved] = field(default=(), repr=False)
    plans: tuple[bytes, ...] = ()


def read_case_file(path: Path) -> bytes:
    """Return the bytes of a file.

    Raise KfdeskError `contacts.too_large` or `contacts.not_readable`.
    """
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise KfdeskError("contacts.not_readable")
        with path.open("rb") as file:
            data = file.read(MAX_LIST_BYTES + 1)
    except OSError:
        raise KfdeskError("contacts.not_readable") from None
    if len(data) > MAX_LIST_BYTES:
        raise KfdeskError("contacts.too_large", most=MAX_LIST_BYTES // 2**20)
    return data


def preview_case_import(
    desk: Session, data: bytes, encoding: str = "", progress: Progress | None = None
) -> CaseImportPreview:
    """Return what importing a sheet would do. Write nothing.

    Raise KfdeskError `case_sheet.…`, `contacts.…`, `work.cancelled` or `user.not_allowed`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    sheet = desk.adapters.read_sheet(data, encoding, cancel_check(progress))
    today = desk.adapters.clock.now().date()
    read = read_cases(sheet.rows, SheetWords(country_code, language_code, today))
    houses = DirectoryMatcher(desk)
    lost: list[CaseSheetFinding] = []
    lines = []
    for line in _related(desk, read.cases):
        case, unknown = _with_known_houses(houses, line.case)
        lost += unknown
        lines.append(replace(line, case=case))
    findings = sorted((*read.findings, *lost), key=lambda one: one.line)
    more = read.more + len(findings[MAX_FINDINGS:])
    return CaseImportPreview(tuple(lines), tuple(findings[:MAX_FINDINGS]), more, sheet)


def import_cases(
    desk: Session,
    preview: CaseImportPreview,
    apart: Collection[int] = (),
    progress: Progress | None = None,
) -> CaseImport:
    """Import the new lines, and those in `apart`, which a person says are somebody else.

    Who has come since the preview counts as well, so the same sheet is not imported twice. Raise
    KfdeskError `case_sheet.nothing`, `work.cancelled` or `user.not_allowed`; then nothing was
    written.
    """
    desk.require(Right.IMPORT_BUNDLE)
    lines = _related(desk, [one.case for one in preview.lines])
    chosen = [
        one.case if one.fate is CaseFate.NEW else _without_code(one.case)
        for one in lines
        if one.fate is CaseFate.NEW or one.case.line in apart
    ]
    if not chosen:
        raise KfdeskError("case_sheet.nothing")
    done = import_plans(desk, [_new_case(desk, case) for case in chosen], progress)
    plans = tuple(one.rid for one in done if one.type == "plan")
    return CaseImport(frozenset(one.type for one in done), done=done, plans=plans)


def _without_code(case: SheetCase) -> SheetCase:
    """Return a case without its code, which somebody else may have; it is kept as it was said."""
    values = dict(case.client)
    code = text_or_empty(values.pop("code", None))
    said = (*case.said, f"{_CODE_COLUMN}: {code}") if code else case.said
    return replace(case, client=values, said=said)


def _new_case(desk: Session, case: SheetCase) -> NewCase:
    below: list[tuple[str, Mapping[str, Value]]] = [
        ("referral", _referral_values(desk, one)) for one in case.referrals
    ]
    if case.said:
        note: Mapping[str, Value] = {
            "happened": zoned_now(desk), "kind": "observation", "written_by": desk.user,
            "content": "\n".join((_NOTE_HEAD, *case.said)),
        }  # fmt: skip
        below.append(("note", note))
    return NewCase(case.client, case.plan, tuple(below))


def _referral_values(desk: Session, one: SheetReferral) -> Mapping[str, Value]:
    sent = one.sent and ZonedTime.at(datetime.combine(one.sent, _NOON), desk_zone(desk))
    values: dict[str, Value] = {
        "direction": one.direction, "kind": "refer", "organisation": one.organisation or None,
        "reason": one.reason or None, "sent": sent or None,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value is not None}


def _with_known_houses(
    houses: DirectoryMatcher, case: SheetCase
) -> tuple[SheetCase, list[CaseSheetFinding]]:
    """Return a case whose referrals name organisations by their id; an unknown one is said."""
    said, lost, referrals = list(case.said), list[CaseSheetFinding](), list[SheetReferral]()
    for one in case.referrals:
        rid = houses.find_organisation(one.organisation) if one.organisation else None
        if one.organisation and rid is None:
            place = (one.direction, "organisation")
            column = next(name for name, way in REFERRALS.items() if way == place)
            lost.append(CaseSheetFinding(case.line, column, CaseSheetFault.HOUSE))
            said.append(f"{column}: {one.organisation}")
        known = replace(one, organisation=rid.hex() if rid is not None else "")
        if known.organisation or known.reason or known.sent:
            referrals.append(known)
    return replace(case, referrals=tuple(referrals), said=tuple(said)), lost


# --- who is like whom

_Mark = tuple[str, str]


class _Known:
    """People by what they can be known by: code, identity number, or name and day of birth."""

    def __init__(self) -> None:
        self._marks: dict[_Mark, str] = {}
        self._names: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def add(self, values: Mapping[str, Value], name: str) -> None:
        """Add a person under the name by which it is told."""
        for mark in _marks(values):
            self._marks.setdefault(mark, name)
        if _whole_name(values):
            self._names[_whole_name(values)].append((_born(values), name))

    def find(self, values: Mapping[str, Value]) -> str | None:
        """Return the name of somebody alike; None if there is nobody.

        The same name with another day of birth is somebody else.
        """
        found = next((self._marks[mark] for mark in _marks(values) if mark in self._marks), None)
        if found is not None:
            return found
        born = _born(values)
        for other, name in self._names.get(_whole_name(values), ()):
            if not born or not other or born.startswith(other) or other.startswith(born):
                return name
        return None


def _marks(values: Mapping[str, Value]) -> Iterator[_Mark]:
    for key in ("code", "identity_number"):
        text = "".join(one for one in text_or_empty(values.get(key)).casefold() if one.isalnum())
        if text:
            yield key, text


def _whole_name(values: Mapping[str, Value]) -> str:
    given, family = (text_or_empty(values.get(key)) for key in ("given_name", "family_name"))
    folded = fold_words(given, family) if given and family else ()
    return " ".join(word.sound for word in folded)


def _born(values: Mapping[str, Value]) -> str:
    born = values.get("birth_date")
    return born.isoformat() if isinstance(born, date) else getattr(born, "text", "")


def _related(desk: Session, cases: Sequence[SheetCase]) -> Iterator[CaseLine]:
    here, before = _Known(), _Known()
    for row in desk.store.rows("client"):
        if not is_deleted(row.state):
            record = view(row, Client).record
            keys = ("code", "identity_number", "given_name", "family_name", "birth_date")
            values = {key: getattr(record, key) for key in keys}
            here.add(values, text_or_empty(record.code) or "–")
    for case in cases:
        found, earlier = here.find(case.client), before.find(case.client)
        before.add(case.client, str(case.line))
        if found is not None:
            yield CaseLine(case, CaseFate.LIKE, found)
        elif earlier is not None:
            yield CaseLine(case, CaseFate.REPEATED, earlier)
        else:
            yield CaseLine(case)
