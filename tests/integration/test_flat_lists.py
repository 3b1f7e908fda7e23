# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists need little more memory than short ones: an entry is packed once it has been read."""

import json
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from benchmarks.desks import new_row
from tests.support.samples import first

from kfdesk.domain.directory import FileKind, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.files import read_contact_files
from kfdesk.services.core.session import Session
from kfdesk.services.directory.files import (
    MAX_PREVIEW_LINES,
    ContactImportPreview,
    ContactImportResult,
    ImportChoices,
    export_contacts,
    import_contacts,
    preview_contact_import,
)

FEW, MANY = 1_100, 2_600


def enter(desk: Session, first: int, last: int) -> None:
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
    """Return the peak memory of a job, in KiB."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        job()
        return (tracemalloc.get_traced_memory()[1] - before) / 1024
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(FileKind))
def test_saving_a_long_list_needs_little_for_each_entry(
    desk: Session, tmp_path: Path, kind: FileKind
) -> None:
    def save() -> object:
        return export_contacts(desk, kind, tmp_path / "list")

    enter(desk, 0, 10)
    save()  # what is loaded once
    enter(desk, 10, FEW)
    few = most_of(save)
    enter(desk, FEW, MANY)
    many = most_of(save)
    assert (many - few) / (MANY - FEW) < 1


def table(first: int, last: int) -> bytes:
    """Return a list of so many houses."""
    rows = (
        f"Huset nr {n},SE,Ort {n % 40},h{n}@example.org,shelter,+46 8 465 0{n:04}"
        for n in range(first, last)
    )
    return "\n".join(("name,country,city,email,services,phone", *rows)).encode()


def look(desk: Session, first: int, last: int) -> ContactImportPreview:
    return preview_contact_import(desk, {"list": table(first, last)}, ParseOptions())


@pytest.mark.slow
def test_looking_at_a_long_list_needs_little_for_each_entry(desk: Session) -> None:
    few, many = MAX_PREVIEW_LINES + 100, MAX_PREVIEW_LINES + 1_300
    look(desk, 0, many)  # what is loaded once
    grown = most_of(lambda: look(desk, 0, many)) - most_of(lambda: look(desk, 0, few))
    assert grown / (many - few) < 0.8


def houses(count: int) -> Mapping[str, bytes]:
    """Return a list of so many houses in HSDS, each with what refers to it."""
    whole = [
        {
            "id": f"house {n}", "name": f"Huset nr {n}", "email": f"h{n}@example.org",
            "phones": [{"id": f"phone {n}", "number": f"+46 8 465 0{n:04}"}],
            "locations": [{"id": f"place {n}", "name": f"Ort {n}"}],
            "services": [{"id": f"service {n}", "name": "Shelter", "status": "active"}],
        }
        for n in range(count)
    ]  # fmt: skip
    return {"list": json.dumps(whole).encode()}


@pytest.mark.slow
def test_reading_rows_that_refer_to_each_other_needs_little_for_each_house(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kfdesk.formats.hsds._PORTION", 500)
    few, many = houses(1_100), houses(2_600)
    read_contact_files(many, ParseOptions())  # what is loaded once
    grown = most_of(lambda: read_contact_files(many, ParseOptions())) - most_of(
        lambda: read_contact_files(few, ParseOptions())
    )
    of_file = len(many["list"]) - len(few["list"])
    assert (grown - of_file / 1024) / 1_500 < 1


@pytest.mark.slow
def test_taking_a_long_list_needs_little_for_each_entry(desk: Session) -> None:
    taken: list[ContactImportResult] = []

    def take(preview: ContactImportPreview) -> float:
        return most_of(lambda: taken.append(import_contacts(desk, preview, ImportChoices())))

    take(look(desk, 0, 10))
    few, many = take(look(desk, 10, 510)), take(look(desk, 510, 1_610))
    assert taken[-1].new == 1_100
    assert (many - few) / 600 < 2


class Stopping:
    """Somebody who wants no more after so many steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self, done: int, of: int) -> None:
        assert 0 <= done <= of
        self.left -= 1
        if self.left < 0:
            raise KfdeskError("work.cancelled")


@pytest.mark.parametrize("steps", first(1, [0, 1]))
def test_who_stops_a_long_list_finds_nothing_half_done(
    desk: Session, tmp_path: Path, steps: int
) -> None:
    enter(desk, 0, 450)
    preview = preview_contact_import(desk, {"list": table(450, 700)}, ParseOptions())
    before = desk.store.digest()
    for job in (
        lambda: preview_contact_import(
            desk, {"list": table(450, 700)}, ParseOptions(), Stopping(steps)
        ),
        lambda: import_contacts(desk, preview, ImportChoices(), Stopping(steps)),
        lambda: export_contacts(desk, FileKind.CSV, tmp_path / "list.csv", None, Stopping(steps)),
    ):
        with pytest.raises(KfdeskError, match=r"work\.cancelled"):
            job()
    assert desk.store.digest() == before
    assert list(tmp_path.glob("list*")) == []
    assert import_contacts(desk, preview, ImportChoices()).new == 250
