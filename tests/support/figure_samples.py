# SPDX-License-Identifier: GPL-3.0-or-later
"""Invented clients in a real store, for figures."""

from collections.abc import Mapping
from datetime import date

from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.rows import encode_changes
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core.records import put_new
from kfdesk.services.core.session import Session
from kfdesk.services.figures.releases import FigureQuestion

YEAR = FigurePeriod.parse("2025")
QUARTER = FigurePeriod.parse("2025-Q1")
IN_MARCH = date(2025, 3, 10)


def add_clients(
    desk: Session,
    count: int,
    plan: Mapping[str, Value] | None = None,
    opened: date = IN_MARCH,
    **client: Value,
) -> list[bytes]:
    """Add clients with a plan each; return the ids of the clients."""
    values: dict[str, Value] = {"gender": "Feminine", "birth_date": date(2001, 5, 4),
                                "citizenship": ("EE",)}  # fmt: skip
    made = []
    with desk.store.transaction():
        for _ in range(count):
            row = desk.new_row("client", None)
            put_new(desk, row, encode_changes("client", values | client))
            below = desk.new_row("plan", row.rid)
            kept: dict[str, Value] = {"opened": opened, "to_country": "EE", "state": "draft",
                                      "type_of_exploitation": ("ForcedLabour",)}  # fmt: skip
            put_new(desk, below, encode_changes("plan", kept | dict(plan or {})))
            made.append(row.rid)
    return made


def add_below(desk: Session, client: bytes, record_type: str, **values: Value) -> bytes:
    """Add a record below the plan of a client, past the guards; return its id."""
    plan = next(row for row in desk.store.children(client) if row.type == "plan")
    row = desk.new_row(record_type, plan.rid)
    with desk.store.transaction():
        put_new(desk, row, encode_changes(record_type, values))
    return row.rid


def on(day: date) -> ZonedTime:
    """Return noon of a day."""
    return ZonedTime.parse(f"{day.isoformat()}T12:00+00:00[UTC]")


def asked(
    *variables: str,
    population: str = "new_clients",
    period: FigurePeriod = YEAR,
    is_crossed: bool = False,
) -> FigureQuestion:
    """Return a question."""
    return FigureQuestion(population, period, variables, is_crossed)
