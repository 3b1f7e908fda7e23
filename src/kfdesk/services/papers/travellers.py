# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet: made of one plan, for the client herself, by her recorded wish.

What the finished pages must show is not known here: the press reads them back.
"""

from collections.abc import Iterator
from dataclasses import replace

from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view, view_any
from kfdesk.services.desk import Desk
from kfdesk.services.papers.gathered import Gathered
from kfdesk.services.plans import Case, client_recipient, load_case, sheet_gaps


def gather_sheet(desk: Desk, order: Order) -> Gathered:
    """Her plan, without the legs that nobody takes any more: her paper must not send her there."""
    case = load_case(desk, order.subject)
    herself = client_recipient(case.client, view(case.plan, Plan))
    return Gathered(_to_be_taken(case).rows, case.consents, herself, case.client.rid)


def obstacles_of(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """What keeps the sheet from being made in this language; the press may find more."""
    case = load_case(desk, order.subject)
    wish = view(case.plan, Plan).record.wants_paper
    if wish != "wants_paper":
        yield KfdeskError("paper.not_wanted" if wish == "no_paper" else "paper.wish_not_recorded")
    torn = torn_fields(desk, case, order.paper)
    for field in torn:
        yield KfdeskError("paper.conflict", field=field)
    for gap in sheet_gaps(desk, case, order.language):
        field = f"{gap.type}.{gap.key}"
        if field not in torn:  # a field in conflict reads as if it were empty
            where = {"number": gap.sequence} if gap.sequence else {}
            yield KfdeskError(f"paper.{gap.code}", field=field, **where)


def torn_fields(desk: Desk, case: Case, paper: PaperName) -> tuple[str, ...]:
    """The fields (`type.key`) of a paper that are in conflict, each once."""
    keys = desk.rooms.papers.keys(paper)
    named = (
        f"{seen.row.type}.{key}"
        for seen in map(view_any, case.rows)
        if not seen.is_deleted
        for key in sorted(seen.conflicts & keys.get(seen.row.type, frozenset()))
    )
    return tuple(dict.fromkeys(named))


def _to_be_taken(case: Case) -> Case:
    off = {leg.rid for leg in case.views(Leg, "leg") if leg.record.status in LEG_OFF}
    return replace(case, below=tuple(row for row in case.below if row.rid not in off))
