# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a paper: it is asked of `disclose()`, checked, made, and entered in the ledger.

All papers go this one way; how they differ says `kinds.py`. A paper that is only looked at goes
the same way and leaves neither an entry nor a file.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kfdesk.domain.carry.check import Excuse, Found
from kfdesk.domain.desk.log import Action
from kfdesk.domain.disclosure import Disclosed, Withheld, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.contents import CONTENTS
from kfdesk.domain.papers.order import Order
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import view
from kfdesk.services.clock import clock_doubt
from kfdesk.services.desk import Desk
from kfdesk.services.papers.carrying import carried_findings
from kfdesk.services.papers.copies import enter_copy, next_number
from kfdesk.services.papers.kinds import require_paper
from kfdesk.services.papers.prepared import subject_row
from kfdesk.services.policy.access import require_reading
from kfdesk.services.policy.viewing import note_view
from kfdesk.services.sharing.given import entries_of
from kfdesk.services.writing.records import found

_ACTIONS: Mapping[str, Action] = {"printed": Action.PRINT, "saved": Action.SAVE_PAPER}


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper: its PDF, and the digest by which the ledger names it."""

    pdf: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """A paper as it would be: what keeps it from being printed, else its pages as PNGs.

    `found` is what the carry check has found, with the words; each is an obstacle too.
    """

    obstacles: tuple[KfdeskError, ...]
    pages: tuple[bytes, ...]
    number: int = 0
    """Which copy it would be."""
    withheld: tuple[Withheld, ...] = ()
    """What would stand on it, but may not."""
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A paper with what it was made of and who has it, and what must not be carried on it."""

    holder: bytes
    what: Disclosed
    paper: Paper
    found: tuple[Found, ...] = ()
    left_out: tuple[Withheld, ...] = ()

    def left(self, excuse: Excuse | None) -> tuple[Found, ...]:
        """What was found and is not excused."""
        digest = self.paper.digest
        return tuple(one for one in self.found if not (excuse and excuse.covers(digest, one)))

    def checked(self, excuse: Excuse | None = None) -> "_Drawn":
        """The same, if nothing is left. Raises KfdeskError `paper.carry_…` for the first."""
        left = self.left(excuse)
        if left:
            raise left[0].fault
        return self


def make_paper(desk: Desk, order: Order, excuse: Excuse | None = None) -> Paper:
    """The paper that was ordered, and its entry in the ledger; `excuse` lets names pass on it.

    Raises KfdeskError `paper.…` with the field that is missing, wrong or in conflict, or where
    her wish or consent is missing, or with what must not be carried; `documents.…` from the press;
    `clock.…` while the clock is in doubt; `user.not_allowed`.
    """
    require_paper(desk, order)
    drawn = _draw(desk, order).checked(excuse)
    _enter(desk, order, drawn, "printed")
    return drawn.paper


def preview_paper(desk: Desk, order: Order) -> Paper:
    """The paper to look at in the window; nothing is written down.

    Raises as `make_paper` does.
    """
    require_paper(desk, order)
    drawn = _draw(desk, order).checked()
    if order.subject:
        note_view(desk, subject_row(desk, order.subject))
    return drawn.paper


def save_paper(desk: Desk, order: Order, path: Path, excuse: Excuse | None = None) -> Paper:
    """Make the paper and save it as `path`, which the ledger then counts as printed.

    Written beside, entered, then named: whatever fails, there is neither a half file nor an entry
    for a paper that is not there. Raises as `make_paper` does, and KfdeskError `store.disk`; then
    there is no file.
    """
    require_paper(desk, order)
    drawn = _draw(desk, order).checked(excuse)
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_bytes(drawn.paper.pdf)
        _enter(desk, order, drawn, "saved")
        beside.replace(path)
    except OSError:
        raise KfdeskError("store.disk") from None
    finally:
        with suppress(OSError):
            beside.unlink()  # gone already where all went well
    return drawn.paper


def look_at_paper(desk: Desk, order: Order, scale: float, excuse: Excuse | None = None) -> Look:
    """The paper as it would be printed now, its pages at `scale` pixels to a point.

    Raises KfdeskError `record.missing` or `user.not_allowed`.
    """
    require_paper(desk, order)
    open_ends = obstacles(desk, order)
    if open_ends:
        return Look(open_ends, ())
    try:
        drawn = _draw(desk, order)
    except KfdeskError as fault:  # the press alone knows what does not fit
        return Look((fault,), ())
    left = drawn.left(excuse)
    if left:
        return Look(tuple(one.fault for one in left), (), found=left)
    pages = tuple(desk.rooms.papers.pictures(drawn.paper.pdf, scale))
    return Look((), pages, next_number(desk, order), (*drawn.left_out, *drawn.what.withheld))


def check_paper(desk: Desk, order: Order) -> Excuse:
    """What the carry check finds on the paper as it would be now, with the paper's digest.

    It excuses nothing by itself but what a second person may excuse. Raises as `make_paper` does,
    but for what the carry check finds.
    """
    require_paper(desk, order)
    drawn = _draw(desk, order)
    return Excuse(drawn.paper.digest, frozenset(drawn.found))


def obstacles(desk: Desk, order: Order) -> tuple[KfdeskError, ...]:
    """All that keeps the paper from being made now; the press may find more.

    The first is what `make_paper` raises. Raises KfdeskError `record.missing` or
    `user.not_allowed`.
    """
    require_paper(desk, order)
    return tuple(_obstacles(desk, order))


def her_language(desk: Desk, subject: bytes, offered: Sequence[str]) -> str:
    """The first language of the client whom a record is about that is offered, else English.

    Raises KfdeskError `record.missing` or `user.not_allowed`.
    """
    row = found(desk, subject)
    require_reading(desk, row)
    client = view(found(desk, row.parent or b""), Client).record
    spoken = client.languages if isinstance(client.languages, tuple) else ()
    return next((code for code in spoken if code in offered), "en")


def _enter(desk: Desk, order: Order, drawn: _Drawn, way: str) -> None:
    with desk.store.transaction():
        enter_copy(desk, order, way)
        entries = entries_of(desk, drawn.what, drawn.holder, drawn.paper.digest)
        desk.store.ledger.enter(entries)
        for given in drawn.what.rows:
            desk.log(_ACTIONS[way], given.rid, tuple(given.grants))


def _draw(desk: Desk, order: Order) -> _Drawn:
    kind, now = require_paper(desk, order), desk.rooms.clock.now()
    obstacle = next(_obstacles(desk, order), None)
    if obstacle is not None:
        raise obstacle
    found_rows = kind.gather(desk, order)
    consents = found_rows.consents
    everything = disclose(found_rows.rows, found_rows.recipient, kind.channel, consents, now)
    what = everything.only(CONTENTS[order.paper])
    number = next_number(desk, order)
    about = About(
        now,
        desk.user,
        number,
        found_rows.names,
        found_rows.gates,
        found_rows.party,
        found_rows.shut,
        found_rows.given,
        found_rows.void,
    )
    pdf = desk.rooms.papers.make(order, what, about)
    carried = carried_findings(desk, order, what, pdf) if kind.is_carried else ()
    paper = Paper(pdf, sha256(pdf).digest())
    return _Drawn(found_rows.holder, what, paper, carried, found_rows.left_out)


def _obstacles(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    doubt = clock_doubt(desk)
    if doubt is not None:
        yield KfdeskError(f"clock.{doubt}")
    yield from require_paper(desk, order).obstacles(desk, order)
