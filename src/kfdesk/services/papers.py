# SPDX-License-Identifier: GPL-3.0-or-later
"""Printing: a paper is asked of `disclose()`, checked, made, and entered in the ledger.

What a paper contains is written in `documents`; who may have it, in `domain/disclosure.py`.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kfdesk.domain.desk.log import Action
from kfdesk.domain.disclosure import Channel, Reason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.i18n.language import Language
from kfdesk.services.clock import require_clock
from kfdesk.services.desk import Desk
from kfdesk.services.exchange import entries_of
from kfdesk.services.plans import client_recipient, disclose_case, load_case, sheet_gaps


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper: its PDF, and the digest by which the ledger names it."""

    pdf: bytes
    digest: bytes


def make_travellers_sheet(desk: Desk, plan: bytes, words: Language) -> Paper:
    """The traveller's sheet in the language of `words`, and its entry in the ledger.

    Raises KfdeskError `paper.wish_not_recorded` or `paper.not_wanted`; `paper.conflict` where a
    field it needs is in conflict; `paper.…` with the field that is missing or wrong; `documents.…`
    from the press; `clock.…` while the clock is in doubt.
    """
    require_clock(desk)
    case = load_case(desk, plan)
    shown = view(case.plan, Plan)
    if shown.record.wants_paper == "no_paper":
        raise KfdeskError("paper.not_wanted")
    if shown.record.wants_paper != "wants_paper":
        raise KfdeskError("paper.wish_not_recorded")
    everything = disclose_case(desk, case, client_recipient(case.client, shown), Channel.CARRIED)
    what = everything.only(desk.rooms.papers.sheet_keys)
    torn = [field for field in what.withheld if field.reason is Reason.CONFLICT]
    if torn:
        raise KfdeskError("paper.conflict", field=f"{torn[0].type}.{torn[0].key}")
    found = sheet_gaps(desk, case, words.code)
    if found:
        first = found[0]
        where = {"number": first.sequence} if first.sequence else {}
        raise KfdeskError(f"paper.{first.code}", field=f"{first.type}.{first.key}", **where)
    pdf = desk.rooms.papers.travellers_sheet(what, words)
    paper = Paper(pdf, sha256(pdf).digest())
    with desk.store.transaction():
        desk.store.ledger.enter(entries_of(desk, what, case.client.rid, paper.digest))
        for given in what.rows:
            desk.log(Action.PRINT, given.row.rid, tuple(given.grants))
    return paper


def save_travellers_sheet(desk: Desk, plan: bytes, words: Language, path: Path) -> Paper:
    """Make the sheet and save it as `path`, which the ledger then counts as printed.

    Raises as `make_travellers_sheet` does, and KfdeskError `store.disk`; then there is no file.
    """
    paper = make_travellers_sheet(desk, plan, words)
    try:
        path.write_bytes(paper.pdf)
    except OSError:
        raise KfdeskError("store.disk") from None
    return paper
