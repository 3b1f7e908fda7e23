# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases of figures: what may be shown, freezing it, and trying to take it apart.

What a page shows is judged exactly as a release is, after all that was released before. So no page
shows anything that could not be published. A release never changes; who was counted in it stays
in this store (`storage/figures.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.figures import FIGURE_POPULATIONS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.attack import FigureFinding, ReleasedFigures, are_related, attack_release
from kfdesk.domain.figures.cells import LEAST_GROUP, MAX_TEXT, encode_tables
from kfdesk.domain.figures.files import decode_release, encode_joined
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import (
    EarlierRelease,
    SafeFigures,
    TableRequest,
    judge_release,
    median_in_weeks,
)
from kfdesk.domain.records.figures import FigureRelease
from kfdesk.domain.rows import RecordView, Row, encode_changes, view
from kfdesk.domain.values import Value, text_or_empty
from kfdesk.services.core.records import put_new, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.figures.populations import CountedStore, read_counted_store

SUM_METHOD = "sum"
"""The method of a release that is a sum of several organisations."""
RELEASE_RIGHTS = (Right.ERASE, Right.MANAGE_KEYS)
"""Beside FIGURES one of these is needed: the data protection lead or an administrator releases."""


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """A question to the store: a population in a period, and the tables.

    With `is_crossed` the variables make one table of up to three, else one table each.
    """

    population: str
    period: FigurePeriod
    variables: tuple[str, ...] = ()
    is_crossed: bool = False
    least: int = LEAST_GROUP
    has_fixed_rows: bool = False

    @property
    def request(self) -> TableRequest:
        """The tables that are asked for."""
        each = tuple((name,) for name in self.variables)
        tables = (self.variables,) if self.is_crossed and self.variables else each
        return TableRequest(tables, self.least, self.has_fixed_rows)


@dataclass(frozen=True, slots=True)
class ReleaseDetails:
    """A release with its tables. `is_ours`: this organisation made it.

    `figures` is None if it cannot be read, as that of a newer program.
    """

    view: RecordView[FigureRelease]
    figures: SafeFigures | None
    period: FigurePeriod | None
    is_ours: bool
    custodian: str = ""

    @property
    def released(self) -> ReleasedFigures | None:
        """The release as everybody may know it; None if it cannot be read."""
        if self.figures is None or self.period is None:
            return None
        record, figures = self.view.record, self.figures
        number = record.number if isinstance(record.number, int) else 0
        population = text_or_empty(record.population)
        return ReleasedFigures(
            number, population, self.period, figures.total, figures.tables, figures.least
        )


def preview_figures(desk: Session, question: FigureQuestion) -> SafeFigures:
    """Return the safe tables of a question, as they could be released now. Write nothing.

    Raise KfdeskError `user.not_allowed`, `figures.period_open`, `figures.population`,
    `figures.difference` or `figures.elsewhere` after earlier releases, and what
    `TableRequest.check` raises.
    """
    desk.require(Right.FIGURES)
    return _judge(desk, question)[0]


def freeze_release(desk: Session, question: FigureQuestion, corrects: bytes | None = None) -> bytes:
    """Make a release of what `preview_figures` returns; return its id.

    `corrects` is an earlier release of the same population and period. Raise KfdeskError as
    `preview_figures` does, and `figures.nothing` if there is no client, `figures.too_long`,
    `record.missing` or `figures.not_same` for another release than the one that it corrects.
    """
    desk.require(Right.FIGURES)
    desk.require(*RELEASE_RIGHTS)
    figures, people = _judge(desk, question)
    if not people:
        raise KfdeskError("figures.nothing")
    if corrects is not None:
        _check_correction(read_release(desk, corrects), question)
    more: dict[str, Value] = {"method": "fixed_rows" if question.has_fixed_rows else "merged"}
    if corrects is not None:
        more["corrects"] = corrects.hex()
    with desk.store.transaction():
        row = put_release(desk, question, figures, more)
        desk.store.counted.keep(row.rid, people, desk.adapters.random)
    return row.rid


def put_release(
    desk: Session, question: FigureQuestion, figures: SafeFigures, more: Mapping[str, Value]
) -> Row:
    """Write a release of safe figures, with the `more` values; call inside a transaction.

    Raise KfdeskError `user.not_allowed` or `figures.too_long`.
    """
    desk.require(Right.FIGURES)
    desk.require(*RELEASE_RIGHTS)
    cells = encode_tables(figures.tables)
    if len(cells) > MAX_TEXT:
        raise KfdeskError("figures.too_long")
    numbers = [one.view.record.number for one in list_own_releases(desk)]
    values: dict[str, Value] = {
        "number": max((one for one in numbers if isinstance(one, int)), default=0) + 1,
        "population": question.population,
        "period_from": question.period.first,
        "period_to": question.period.last,
        "variables": tuple(sorted(question.variables)),
        "least": figures.least,
        "total": str(figures.total) if figures.total is not None else None,
        "cells": cells or None,
        "joined": encode_joined(figures.joined) or None,
        "median": figures.median,
        "made": desk.adapters.clock.now().date(),
        "confidentiality": "circle",
        **more,
    }
    row = desk.new_row("figure_release", None)
    given = {key: value for key, value in values.items() if value is not None}
    put_new(desk, row, encode_changes("figure_release", given))
    return row


def list_releases(desk: Session) -> tuple[ReleaseDetails, ...]:
    """Return all releases that are here, ours and others', the newest first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.FIGURES)
    own = {desk.identity.organisation: desk.identity.name}
    names = own | {one.organisation: one.name for one in desk.store.ledger.partners()}
    seen = (view(row, FigureRelease) for row in desk.store.rows("figure_release"))
    found = [_details(desk, one, names.get(one.row.custodian, "")) for one in seen]
    return tuple(
        sorted(
            (one for one in found if not one.view.is_deleted),
            key=_order,
            reverse=True,
        )
    )


def list_own_releases(desk: Session) -> tuple[ReleaseDetails, ...]:
    """Return the releases of this organisation. Raise KfdeskError `user.not_allowed`."""
    desk.require(Right.FIGURES)
    return tuple(one for one in list_releases(desk) if one.is_ours)


def read_release(desk: Session, rid: bytes) -> ReleaseDetails:
    """Return a release. Raise KfdeskError `user.not_allowed` or `record.missing`."""
    desk.require(Right.FIGURES)
    require_record(desk, rid)
    found = [one for one in list_releases(desk) if one.view.rid == rid]
    if not found:
        raise KfdeskError("record.missing")
    return found[0]


def attack_figures(desk: Session, rid: bytes) -> tuple[FigureFinding, ...]:
    """Try to take a release apart, alone and with all others of the same organisation.

    Raise KfdeskError `user.not_allowed`, `record.missing` or `figures.unreadable`.
    """
    desk.require(Right.FIGURES)
    details = read_release(desk, rid)
    if details.released is None:
        raise KfdeskError("figures.unreadable")
    others = (
        one.released
        for one in list_releases(desk)
        if one.view.rid != rid and one.view.row.custodian == details.view.row.custodian
    )
    return attack_release(details.released, (one for one in others if one is not None))


# --- parts


def _judge(desk: Session, question: FigureQuestion) -> tuple[SafeFigures, frozenset[bytes]]:
    """Return the safe tables, and who is counted in them."""
    if question.population not in FIGURE_POPULATIONS:
        raise KfdeskError("figures.population")
    question.request.check()
    question.period.require_over(desk.adapters.clock.now().date())
    counted = read_counted_store(desk)
    people = counted.population(question.population, question.period)
    earlier = _earlier_releases(desk, question, counted)
    universe = counted.values(people.union(*(one.members for one in earlier)))
    figures = judge_release(people, universe, question.request, earlier)
    if figures.total is None:
        return figures, people
    days = counted.durations(question.population, question.period, people)
    median = median_in_weeks(days, question.least)
    is_told = any(
        one.population == question.population and one.members & people and not one.is_small
        and (one.members, one.median) != (people, median)
        for one in earlier
    )  # fmt: skip
    return replace(figures, median=None if is_told else median), people


def _earlier_releases(
    desk: Session, question: FigureQuestion, counted: CountedStore
) -> tuple[EarlierRelease, ...]:
    """Return our releases that tell something about the clients of a question."""
    found = []
    for one in list_own_releases(desk):
        record = one.view.record
        if record.method == SUM_METHOD:
            continue  # about clients of several: each of them has looked at its own (`sums`)
        if one.period is None or one.figures is None:
            raise KfdeskError("figures.unreadable")
        if not are_related(
            (text_or_empty(record.population), one.period), (question.population, question.period)
        ):
            continue
        if not desk.store.counted.knows(one.view.rid):
            raise KfdeskError("figures.elsewhere", number=str(record.number))
        members, _ = desk.store.counted.counted(one.view.rid, counted.clients)
        missing = (one.figures.total or 0) - len(members)
        found.append(
            EarlierRelease(
                text_or_empty(record.population),
                members,
                one.figures.tables,
                max(missing, 0),
                one.figures.median,
                one.figures.total is None,
            )
        )
    return tuple(found)


def _check_correction(former: ReleaseDetails, question: FigureQuestion) -> None:
    is_same = (former.view.record.population, former.period) == (
        question.population, question.period,
    )  # fmt: skip
    if not former.is_ours or not is_same:
        raise KfdeskError("figures.not_same")


def _details(desk: Session, seen: RecordView[FigureRelease], custodian: str) -> ReleaseDetails:
    is_ours = seen.row.custodian == desk.identity.organisation
    try:
        period, figures = decode_release(seen.record)
    except KfdeskError:
        return ReleaseDetails(seen, None, None, is_ours, custodian)
    return ReleaseDetails(seen, figures, period, is_ours, custodian)


def _order(one: ReleaseDetails) -> tuple[date, int, bytes]:
    made, number = one.view.record.made, one.view.record.number
    day = made if isinstance(made, date) else date.min
    return day, number if isinstance(number, int) else 0, one.view.rid
