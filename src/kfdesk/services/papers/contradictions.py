# SPDX-License-Identifier: GPL-3.0-or-later
"""Contradictions on papers: one check for every paper about a plan, before it is printed.

A paper is refused if it would print one of two statements that do not fit together: that one may
be wrong. The file copy shows the file as it is, and only warns. A letter that the law obliges to
goes at once: it does not wait for a court.
"""

from collections.abc import Iterator, Mapping

from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.consent import DUTIES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.letters import LETTERS
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.records.case import Referral
from kfdesk.domain.records.journey import HelpNumber
from kfdesk.domain.rows import view
from kfdesk.domain.values import text_or_empty
from kfdesk.domain.workflow.contradictions import Contradiction, PaperKeys, find_contradictions
from kfdesk.services.core.authorization import plan_above
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import case_context_of, load_case, meeting_contacts

_FAULTS_OF_PAPERS: Mapping[str, str] = {
    "age_differs": "paper.age_differs",
    "birth_date_differs": "paper.birth_date_differs",
    "escort_not_wanted": "paper.escort_not_wanted",
    "alone_and_met": "paper.alone_and_met",
    "meeter_is_another": "paper.meeter_is_another",
    "meeter_of_another": "paper.meeter_of_another",
    "custody_is_contested": "paper.custody_is_contested",
    "number_untested": "paper.number_untested",
}


def contradiction_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield the contradictions that the paper would print."""
    for one in _on_paper(desk, order):
        if not _only_warns(desk, order, one):
            yield _fault(one)


def contradiction_warnings(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what is printed all the same, but should be known before."""
    for one in _on_paper(desk, order):
        if _only_warns(desk, order, one):
            yield _fault(one)


def _only_warns(desk: Session, order: PaperRequest, one: Contradiction) -> bool:
    is_by_duty = one.waits and _purpose_of(desk, order) in DUTIES
    return one.is_doubt or is_by_duty or order.paper is PaperName.FILE_COPY


def _on_paper(desk: Session, order: PaperRequest) -> Iterator[Contradiction]:
    row = desk.store.row(order.subject) if order.subject else None
    plan = plan_above(desk, row) if row is not None else None
    keys = _keys_of(desk, order)
    if plan is None or not keys:
        return
    case = load_case(desk, plan.rid)
    s = case_context_of(desk, case)
    numbers = case.views(HelpNumber, "help_number")
    for one in find_contradictions(s, meeting_contacts(desk, s), numbers):
        if one.is_on(keys):
            yield one


def _keys_of(desk: Session, order: PaperRequest) -> PaperKeys:
    """Return the fields of a paper, of a letter by its purpose."""
    if order.paper is not PaperName.AUTHORITY_LETTER:
        return CONTENTS.get(order.paper, {})
    purpose = _purpose_of(desk, order)
    return LETTERS[purpose].keys if purpose in LETTERS else {}


def _purpose_of(desk: Session, order: PaperRequest) -> str:
    """Return the purpose of a letter; empty for any other paper."""
    row = desk.store.row(order.subject) if order.subject else None
    is_letter = row is not None and row.type == "referral"
    return text_or_empty(view(row, Referral).record.purpose) if row and is_letter else ""


def _fault(one: Contradiction) -> KfdeskError:
    where: dict[str, str | int] = {"number": one.number} if one.number else {}
    return KfdeskError(
        _FAULTS_OF_PAPERS[one.code], field=f"{one.where.type}.{one.where.key}", **where
    )
