# SPDX-License-Identifier: GPL-3.0-or-later
"""Estimates of others, and publications: list, add, correct and delete them.

An estimate says who says so, where, and when it was read. Those that come with the program are
shown beside our own; whoever agrees with one can take it over. They are no counts of ours, and
never stand in one chart with these (`domain/figures/charts.py`).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.charts import check_numbers
from kfdesk.domain.records.figures import Estimate, Publication
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes, view
from kfdesk.domain.values import Translation, Value
from kfdesk.services.core.records import Saved, put_changed, put_new, require_record
from kfdesk.services.core.session import Session

ESTIMATES_FILE = "figures/estimates.toml"
"""The estimates that come with the program, below `resources`."""
_TOLD = frozenset({"indicator", "quote", "note", "title", "abstract"})


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """An estimate: ours or a partner's by its row, or one that comes with the program (None)."""

    record: Estimate
    row: Row | None = None
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """A publication in the list."""

    view: RecordView[Publication]
    is_ours: bool


def list_estimates(desk: Session, folder: Path | None = None) -> tuple[EstimateLine, ...]:
    """Return all estimates that are here, and with `folder` those that come with the program.

    One that another replaces is left out. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.FIGURES)
    own = desk.identity.organisation
    seen = [view(row, Estimate) for row in desk.store.rows("estimate")]
    kept = [one for one in seen if not one.is_deleted]
    replaced = {one.record.supersedes for one in kept}
    lines = [
        EstimateLine(one.record, one.row, one.row.custodian == own)
        for one in kept
        if one.rid.hex() not in replaced
    ]
    known = [_same(line.record) for line in lines]
    shipped = () if folder is None else shipped_estimates(folder)
    lines += (EstimateLine(one) for one in shipped if _same(one) not in known)
    return tuple(sorted(lines, key=lambda one: _year(one.record), reverse=True))


def add_estimate(desk: Session, values: Mapping[str, Value]) -> Saved:
    """Add an estimate of ours. Raise KfdeskError `user.not_allowed`, `field.…` or `estimate.…`."""
    desk.require(Right.FIGURES)
    check_estimate(Estimate(**dict(values)))  # type: ignore[arg-type]  # kinds are checked below
    return _add(desk, "estimate", values)


def change_estimate(desk: Session, rid: bytes, values: Mapping[str, Value]) -> Saved:
    """Change an estimate of ours; raise as `add_estimate` does, or `record.not_ours`."""
    desk.require(Right.FIGURES)
    row = _require_ours(desk, rid, "estimate")
    now = view(row, Estimate).record
    kept = {key: values.get(key, getattr(now, key)) for key in RECORD_TYPES["estimate"].fields}
    check_estimate(Estimate(**kept))
    return _change(desk, row, values)


def list_publications(desk: Session) -> tuple[PublicationLine, ...]:
    """Return all publications, the newest first. Raise KfdeskError `user.not_allowed`."""
    desk.require(Right.FIGURES)
    own = desk.identity.organisation
    seen = (view(row, Publication) for row in desk.store.rows("publication"))
    lines = [PublicationLine(one, one.row.custodian == own) for one in seen if not one.is_deleted]
    return tuple(sorted(lines, key=lambda one: str(one.view.record.published), reverse=True))


def add_publication(desk: Session, values: Mapping[str, Value]) -> Saved:
    """Add a publication of ours. Raise KfdeskError `user.not_allowed` or `publication.no_title`."""
    desk.require(Right.FIGURES)
    if not values.get("title"):
        raise KfdeskError("publication.no_title")
    return _add(desk, "publication", values)


def change_publication(desk: Session, rid: bytes, values: Mapping[str, Value]) -> Saved:
    """Change a publication of ours; raise as `add_publication` does, or `record.not_ours`."""
    desk.require(Right.FIGURES)
    row = _require_ours(desk, rid, "publication")
    if not values.get("title", view(row, Publication).record.title):
        raise KfdeskError("publication.no_title")
    return _change(desk, row, values)


def delete_figure_record(desk: Session, rid: bytes) -> Saved:
    """Put an estimate or a publication of ours into the bin. A release is never deleted.

    Raise KfdeskError `user.not_allowed`, `record.missing` or `record.not_ours`.
    """
    desk.require(Right.FIGURES)
    row = _require_ours(desk, rid, "estimate", "publication")
    with desk.store.transaction():
        return put_changed(desk, row, {DELETION: 1}, seen_writes(row), Action.DELETE)


def check_estimate(estimate: Estimate) -> None:
    """Refuse an estimate that says nothing or cannot be.

    Raise KfdeskError `estimate.no_number`, `estimate.bounds`, `estimate.year`, `estimate.source`.
    """
    if not any(isinstance(n, int) for n in (estimate.low, estimate.point, estimate.high)):
        raise KfdeskError("estimate.no_number")
    check_numbers(estimate)
    if not (estimate.publisher and estimate.source_title):
        raise KfdeskError("estimate.source")


def shipped_estimates(folder: Path) -> tuple[Estimate, ...]:
    """Return the estimates in the folder of resources; none if the file is missing or damaged."""
    try:
        kept = tomllib.loads((folder / ESTIMATES_FILE).read_text(encoding="utf-8"))
        found = tuple(_shipped(each) for each in kept["estimate"])
        for one in found:
            check_estimate(one)
    except (OSError, ValueError, KeyError, TypeError, KfdeskError):
        return ()
    return found


def estimate_values(estimate: Estimate) -> dict[str, Value]:
    """Return the values of an estimate that has some, by key."""
    values = {key: getattr(estimate, key) for key in RECORD_TYPES["estimate"].fields}
    return {key: value for key, value in values.items() if value is not None}


def _shipped(each: Mapping[str, Any]) -> Estimate:
    told = {
        key: tuple(Translation(code, text) for code, text in sorted(value.items()))
        for key, value in each.items()
        if key in _TOLD
    }
    return Estimate(**{**each, **told})


def _same(estimate: Estimate) -> tuple[object, ...]:
    """Return what makes two estimates the same statement."""
    return (
        estimate.low, estimate.high, estimate.point, estimate.unit, estimate.year_from,
        estimate.year_to, estimate.publisher,
    )  # fmt: skip


def _year(estimate: Estimate) -> tuple[int, str]:
    year = estimate.year_to if isinstance(estimate.year_to, int) else estimate.year_from
    return year if isinstance(year, int) else 0, str(estimate.source_title)


def _add(desk: Session, record_type: str, values: Mapping[str, Value]) -> Saved:
    given = {key: value for key, value in values.items() if value is not None}
    changes = encode_changes(record_type, {"confidentiality": "circle", **given})
    with desk.store.transaction():
        return put_new(desk, desk.new_row(record_type, None), changes)


def _change(desk: Session, row: Row, values: Mapping[str, Value]) -> Saved:
    changes = encode_changes(row.type, values)
    with desk.store.transaction():
        return put_changed(desk, row, changes, seen_writes(row))


def _require_ours(desk: Session, rid: bytes, *types: str) -> Row:
    row = require_record(desk, rid)
    if row.type not in types:
        raise KfdeskError("record.missing")
    if row.custodian != desk.identity.organisation:
        raise KfdeskError("record.not_ours")
    return row
