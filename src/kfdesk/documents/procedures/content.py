# SPDX-License-Identifier: GPL-3.0-or-later
"""Content of the papers of a procedure: its steps as texts, in the language of the paper.

No drawing and no store. A code that this program does not know is said as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kfdesk.documents.typesetting import disclosed_records, one_line
from kfdesk.domain.codes.procedures import PROCEDURE_ACTORS
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.procedures.steps import AnyStep, in_order
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.values import PartialDate
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text
from kfdesk.i18n.procedures import actor_name, clock_text, since_text

LAW_COUNTS_DAYS = 365
"""After so many days a law asks to be read again."""


class Part(StrEnum):
    """An actor's part in a step, in the order of the legend."""

    LEADS = "leads"
    TAKES_PART = "takes_part"
    INFORMED = "informed"
    PAYS = "pays"


@dataclass(frozen=True, slots=True)
class StepText:
    """A step as the papers say it. `parts` has the codes of the actors by what they do."""

    prefix: str
    title: str
    lead: str
    deputy: str
    pays: str
    takes_part: str
    informs: str
    time: str
    since: str
    form: str
    law: str
    read: str
    is_checked: bool
    parts: Mapping[Part, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ProcedureText:
    """A procedure as the papers say it."""

    title: str
    version: str
    dated: str
    status: str
    purpose: str
    source: str
    steps: tuple[StepText, ...]

    @property
    def actors(self) -> tuple[str, ...]:
        """The codes of all actors with a part in a step, in the order of the program's list."""
        used = {code for step in self.steps for codes in step.parts.values() for code in codes}
        known = [code for code in PROCEDURE_ACTORS if code in used]
        return (*known, *sorted(used - set(known)))


def procedure_text(what: Disclosed, words: Language, today: date) -> ProcedureText:
    """Return the disclosed procedure in the language of `words`; its steps by their numbers."""
    head = next(iter(disclosed_records(what, Procedure)), None)  # none, if it says nothing at all
    title, version, dated, status, purpose, source = (
        getattr(head, key, None)
        for key in ("title", "version", "dated", "status", "purpose", "source")
    )
    steps = disclosed_records(what, ProcedureStep)
    return ProcedureText(
        localized_text(title, words),
        one_line(version),
        _day(dated, words),
        one_line(status),
        localized_text(purpose, words),
        localized_text(source, words),
        tuple(step_text(step, words, today) for step in in_order(steps)),
    )


def step_text(step: AnyStep, words: Language, today: date) -> StepText:
    """Return a step in the language of `words`."""
    parts = {
        Part.LEADS: _codes(step.lead),
        Part.TAKES_PART: _codes(step.takes_part),
        Part.INFORMED: _codes(step.informs),
        Part.PAYS: _codes(step.pays),
    }
    said = {part: _names(codes, words) for part, codes in parts.items()}
    read = step.law_read if isinstance(step.law_read, date) else None
    form = one_line(step.form_number)
    return StepText(
        prefix=one_line(step.prefix),
        title=localized_text(step.title, words) or "–",
        lead=said[Part.LEADS],
        deputy=_names(_codes(step.deputy), words),
        pays=said[Part.PAYS],
        takes_part=said[Part.TAKES_PART],
        informs=said[Part.INFORMED],
        time=clock_text(step, words),
        since=since_text(step, words),
        form=words.gettext("form {number}").format(number=form) if form else "",
        law=one_line(step.law),
        read=words.short_day(read, year=True) if read else "",
        is_checked=read is not None and 0 <= (today - read).days <= LAW_COUNTS_DAYS,
        parts=parts,
    )


def _names(codes: Iterable[str], words: Language) -> str:
    return ", ".join(actor_name(code, words) for code in codes)


def _codes(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(map(str, value))
    return (value,) if isinstance(value, str) and value else ()


def _day(value: object, words: Language) -> str:
    if isinstance(value, date):
        return words.day(value, year=True)
    return words.partial_date(value.text) if isinstance(value, PartialDate) else ""
