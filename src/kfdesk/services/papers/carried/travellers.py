# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet: made of one plan, for the client herself, by her recorded wish.

What the finished pages must show is not known here: the press reads them back.
"""

from collections.abc import Iterator
from dataclasses import replace

from kfdesk.domain.checks import Finding
from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.contents import CONTENTS
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view, view_any
from kfdesk.domain.values import in_language
from kfdesk.services.desk import Desk
from kfdesk.services.papers.gathered import Gathered
from kfdesk.services.plans import Case, client_recipient, load_case, sheet_gaps


def gather_sheet(desk: Desk, order: Order) -> Gathered:
    """Her plan, without the legs that nobody takes any more: her paper must not send her there."""
    case = load_case(desk, order.subject)
    herself = client_recipient(case.client, view(case.plan, Plan))
    return Gathered(to_be_taken(case).rows, case.consents, herself, case.client.rid)


def obstacles_of(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """What keeps the sheet from being made in this language; the press may find more."""
    case = load_case(desk, order.subject)
    yield from wish_faults(view(case.plan, Plan).record)
    torn = torn_fields(desk, case, order.paper)
    for field in torn:
        yield KfdeskError("paper.conflict", field=field)
    for fault in _gaps(desk, case, order):
        if fault.data["field"] not in torn:  # a field in conflict reads as if it were empty
            yield fault


def _gaps(desk: Desk, case: Case, order: Order) -> Iterator[KfdeskError]:
    """What the checks find for each language of the sheet, each thing once."""
    luggage = view(case.plan, Plan).record.luggage
    done: set[Finding] = set()
    for language in filter(None, (order.language, order.beside)):
        gaps = list(sheet_gaps(desk, case, language))
        if isinstance(luggage, tuple) and not in_language(luggage, language):
            gaps.append(Finding("not_in_language", "plan", "luggage"))
        for gap in gaps:
            if gap.code == "not_in_language" or gap not in done:
                done.add(gap)
                yield finding_fault(gap, language)


def wish_faults(plan: Plan) -> Iterator[KfdeskError]:
    """What her wish for paper, or its lack, keeps back."""
    if plan.wants_paper != "wants_paper":
        is_no = plan.wants_paper == "no_paper"
        yield KfdeskError("paper.not_wanted" if is_no else "paper.wish_not_recorded")


def finding_fault(gap: Finding, language: str) -> KfdeskError:
    """What a check has found, as what keeps a paper back: its field, and which leg or number.

    `language` is the paper's; it is told where the text lacks that.
    """
    where: dict[str, str | int] = {"number": gap.sequence} if gap.sequence else {}
    if gap.code == "not_in_language":
        where["language"] = language
    return KfdeskError(f"paper.{gap.code}", field=f"{gap.type}.{gap.key}", **where)


def torn_fields(desk: Desk, case: Case, paper: PaperName) -> tuple[str, ...]:
    """The fields (`type.key`) of a paper that are in conflict, each once."""
    keys = CONTENTS[paper]
    named = (
        f"{seen.row.type}.{key}"
        for seen in map(view_any, case.rows)
        if not seen.is_deleted
        for key in sorted(seen.conflicts & keys.get(seen.row.type, frozenset()))
    )
    return tuple(dict.fromkeys(named))


def to_be_taken(case: Case) -> Case:
    """The case without the legs that are missed or cancelled."""
    off = {leg.rid for leg in case.views(Leg, "leg") if leg.record.status in LEG_OFF}
    return replace(case, below=tuple(row for row in case.below if row.rid not in off))
