# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists need little more memory than short ones: an entry is packed once it has been read."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

from benchmarks.desks import new_row

from kfdesk.domain.listing.kinds import FileKind
from kfdesk.services.desk import Desk
from kfdesk.services.listing.giving import save_list

FEW, MANY = 1_000, 4_000


def enter(desk: Desk, first: int, last: int) -> None:
    """Keep so many houses that may be seen."""
    rows = (
        new_row(
            desk, "organisation", None,
            {"name": f"Huset nr {n}", "country": "SE", "city": f"Ort {n % 40}",
             "email": f"h{n}@example.org", "services": ("shelter",), "confidentiality": "public"},
        )
        for n in range(first, last)
    )  # fmt: skip
    with desk.store.transaction():
        desk.store.put_all((row, None) for row in rows)


def most_of(job: Callable[[], object]) -> float:
    """What a job needs at its most, in KiB."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        job()
        return (tracemalloc.get_traced_memory()[1] - before) / 1024
    finally:
        tracemalloc.stop()


def test_saving_a_long_list_needs_little_for_each_entry(desk: Desk, tmp_path: Path) -> None:
    def save() -> object:
        return save_list(desk, FileKind.CSV, tmp_path / "list.csv")

    enter(desk, 0, 10)
    save()  # what is loaded once
    enter(desk, 10, FEW)
    few = most_of(save)
    enter(desk, FEW, MANY)
    many = most_of(save)
    assert (many - few) / (MANY - FEW) < 1
