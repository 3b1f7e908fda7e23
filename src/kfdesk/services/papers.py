# SPDX-License-Identifier: GPL-3.0-or-later
"""Printing: a paper is asked of `disclose()`, checked, made, and entered in the ledger.

What a paper contains is written in `documents`; who may have it, in `domain/disclosure.py`. A
paper that is only looked at goes the same way and leaves neither an entry nor a file.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view, view_any
from kfdesk.i18n.language import Language
from kfdesk.services.clock import clock_doubt
from kfdesk.services.desk import Desk
from kfdesk.services.exchange import entries_of
from kfdesk.services.plans import Case, client_recipient, disclose_case, load_case, sheet_gaps
from kfdesk.services.policy.access import require_reading, require_working
from kfdesk.services.writing.records import found


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper: its PDF, and the digest by which the ledger names it."""

    pdf: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """The sheet as it would be: what keeps it from being printed, else its pages as PNGs."""

    obstacles: tuple[KfdeskError, ...]
    pages: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A paper with what it was made of and for whom."""

    client: bytes
    what: Disclosed
    paper: Paper


def make_travellers_sheet(desk: Desk, plan: bytes, words: Language) -> Paper:
    """The traveller's sheet in the language of `words`, and its entry in the ledger.

    Raises KfdeskError `paper.wish_not_recorded` or `paper.not_wanted`; `paper.conflict` where a
    field it needs is in conflict; `paper.…` with the field that is missing or wrong; `documents.…`
    from the press; `clock.…` while the clock is in doubt; `user.not_allowed`.
    """
    require_working(desk, found(desk, plan), Right.PRINT_CARRIED)
    drawn = _draw(desk, plan, words)
    _enter(desk, drawn)
    return drawn.paper


def preview_travellers_sheet(desk: Desk, plan: bytes, words: Language) -> Paper:
    """The traveller's sheet to look at in the window; nothing is written down.

    Raises as `make_travellers_sheet` does.
    """
    require_working(desk, found(desk, plan), Right.PRINT_CARRIED)
    return _draw(desk, plan, words).paper


def save_travellers_sheet(desk: Desk, plan: bytes, words: Language, path: Path) -> Paper:
    """Make the sheet and save it as `path`, which the ledger then counts as printed.

    Written beside, entered, then named: whatever fails, there is neither a half file nor an entry
    for a paper that is not there. Raises as `make_travellers_sheet` does, and KfdeskError
    `store.disk`; then there is no file.
    """
    require_working(desk, found(desk, plan), Right.PRINT_CARRIED)
    drawn = _draw(desk, plan, words)
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_bytes(drawn.paper.pdf)
        _enter(desk, drawn)
        beside.replace(path)
    except OSError:
        raise KfdeskError("store.disk") from None
    finally:
        with suppress(OSError):
            beside.unlink()  # gone already where all went well
    return drawn.paper


def look_at_sheet(desk: Desk, plan: bytes, words: Language, scale: float) -> Look:
    """The sheet as it would be printed now, its pages at `scale` pixels to a point.

    Raises KfdeskError `record.missing` or
    `user.not_allowed`.
    """
    require_working(desk, found(desk, plan), Right.PRINT_CARRIED)
    open_ends = obstacles(desk, plan, words)
    if open_ends:
        return Look(open_ends, ())
    try:
        paper = preview_travellers_sheet(desk, plan, words)
    except KfdeskError as fault:  # the press alone knows what does not fit
        return Look((fault,), ())
    return Look((), tuple(desk.rooms.papers.pictures(paper.pdf, scale)))


def obstacles(desk: Desk, plan: bytes, words: Language) -> tuple[KfdeskError, ...]:
    """All that keeps the sheet from being made in this language now; the press may find more.

    The first is what `make_travellers_sheet` raises. Raises KfdeskError `record.missing` or
    `user.not_allowed`.
    """
    require_working(desk, found(desk, plan), Right.PRINT_CARRIED)
    case = load_case(desk, plan)
    return tuple(_obstacles(desk, case, words.code))


def her_language(desk: Desk, plan: bytes, offered: Sequence[str]) -> str:
    """The first of her languages that is offered, else English.

    Raises KfdeskError `record.missing` or
    `user.not_allowed`.
    """
    require_reading(desk, found(desk, plan))
    client = view(load_case(desk, plan).client, Client).record
    spoken = client.languages if isinstance(client.languages, tuple) else ()
    return next((code for code in spoken if code in offered), "en")


def _enter(desk: Desk, drawn: _Drawn) -> None:
    with desk.store.transaction():
        entries = entries_of(desk, drawn.what, drawn.client, drawn.paper.digest)
        desk.store.ledger.enter(entries)
        for given in drawn.what.rows:
            desk.log(Action.PRINT, given.row.rid, tuple(given.grants))


def _draw(desk: Desk, plan: bytes, words: Language) -> _Drawn:
    case = load_case(desk, plan)
    obstacle = next(_obstacles(desk, case, words.code), None)
    if obstacle is not None:
        raise obstacle
    herself = client_recipient(case.client, view(case.plan, Plan))
    everything = disclose_case(desk, _to_be_taken(case), herself, Channel.CARRIED)
    what = everything.only(desk.rooms.papers.sheet_keys)
    pdf = desk.rooms.papers.travellers_sheet(what, words)
    return _Drawn(case.client.rid, what, Paper(pdf, sha256(pdf).digest()))


def _to_be_taken(case: Case) -> Case:
    """The case without the legs that nobody takes any more: her paper must not send her there."""
    off = {leg.rid for leg in case.views(Leg, "leg") if leg.record.status in LEG_OFF}
    return replace(case, below=tuple(row for row in case.below if row.rid not in off))


def _obstacles(desk: Desk, case: Case, language: str) -> Iterator[KfdeskError]:
    doubt = clock_doubt(desk)
    if doubt is not None:
        yield KfdeskError(f"clock.{doubt}")
    wish = view(case.plan, Plan).record.wants_paper
    if wish != "wants_paper":
        yield KfdeskError("paper.not_wanted" if wish == "no_paper" else "paper.wish_not_recorded")
    torn = _torn(desk, case)
    for field in torn:
        yield KfdeskError("paper.conflict", field=field)
    for gap in sheet_gaps(desk, case, language):
        field = f"{gap.type}.{gap.key}"
        if field not in torn:  # a field in conflict reads as if it were empty
            where = {"number": gap.sequence} if gap.sequence else {}
            yield KfdeskError(f"paper.{gap.code}", field=field, **where)


def _torn(desk: Desk, case: Case) -> tuple[str, ...]:
    """The fields of the sheet that are in conflict, each once."""
    keys = desk.rooms.papers.sheet_keys
    views = [view_any(row) for row in case.rows]
    named = (
        f"{seen.row.type}.{key}"
        for seen in views
        if not seen.is_deleted
        for key in sorted(seen.conflicts & keys.get(seen.row.type, frozenset()))
    )
    return tuple(dict.fromkeys(named))
