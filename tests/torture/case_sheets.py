# SPDX-License-Identifier: GPL-3.0-or-later
"""Sheets of case data in odd shapes: nobody here is changed or doubled, and nothing said is lost.

Each sheet has lines like a client who is here, in other spellings, beside new ones with codes that
nobody knows. The controls look for nobody who is alike, and drop what has no field.
"""

import csv
import io
import random
from dataclasses import replace

import pytest
from tests.torture.harness import Seen, Size, joined
from tests.torture.world import World

from kfdesk.domain import case_sheet
from kfdesk.domain.records.case import Note
from kfdesk.domain.records.client import Client
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import view
from kfdesk.services.core.records import create_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.figures import case_import
from kfdesk.services.figures.case_import import import_cases, preview_case_import

_TITLES = (
    "kf_Code", "prs_FirstName", "prs_SecondName", "prs_IdentityNumber", "vic_MethodsOfControl",
    "vic_Vulnerabilities", "prs_Birthdate",
)  # fmt: skip
_ODD = ("=1+1", "\x00", "\u202e", "DebtBondage ", "5/4/2001", "20206", "", " ", "'", "a" * 5_000)
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16")


def _mark(rng: random.Random) -> str:
    return "zq" + "".join(rng.choices("bcdfghjkmnpr", k=9))


def _sheet(rng: random.Random) -> tuple[bytes, list[str]]:
    """Return a sheet with lines like Vera Påhittad, and marks that no list has."""
    marks = [_mark(rng) for _ in range(4)]
    alike = rng.choice(
        [("TULPAN 47", "", "", ""), ("", "VERA", "Pahittad", ""), ("", "Вера", "Påhittad", ""),
         ("", "x", "y", "0000 00 0000"), ("tulpan-47", rng.choice(_ODD), "", "")]
    )  # fmt: skip
    rows = [
        (*alike, marks[0], marks[1], ""),
        ("", _mark(rng), _mark(rng), "", f"TakesEarnings;{marks[2]}", marks[3], rng.choice(_ODD)),
    ]
    rng.shuffle(rows)
    places = list(range(len(_TITLES)))
    rng.shuffle(places)
    made = io.StringIO()
    table = csv.writer(made, delimiter=rng.choice(",;\t|"))
    table.writerow(_TITLES[place] for place in places)
    table.writerows([row[place] for place in places] for row in rows)
    return made.getvalue().encode(rng.choice(_ENCODINGS)), marks[2:]


def _clients(desk: Session) -> dict[bytes, object]:
    rows = desk.store.rows("client")
    return {row.rid: row.state for row in rows if not is_deleted(row.state)}


def _imported(world: World, rng: random.Random) -> Seen:
    desk = world.opened(world.copy(world.ours))
    values = {
        "code": "tulpan-47", "given_name": "Vera", "family_name": "Påhittad",
        "identity_number": "000000-0000",
    }  # fmt: skip
    create_record(desk, Client, values)
    before = _clients(desk)
    data, marks = _sheet(rng)
    done = import_cases(desk, preview_case_import(desk, data))
    after = _clients(desk)
    kept = {view(row, Client).record.code for row in desk.store.rows("client")}
    notes = "\n".join(str(one.content) for one in _notes(desk))
    wrong = ""
    if {rid: after.get(rid) for rid in before} != before:
        wrong = "somebody here was changed"
    elif len(after) != len(before) + 1 or len(done.plans) != 1:
        wrong = "somebody here was doubled"
    elif not all(mark in notes for mark in marks):
        wrong = "what no field holds was lost"
    undo_all(desk, done.done)
    if not wrong and _clients(desk) != before:
        wrong = "the import was not undone"
    return Seen("imported" if kept else "nothing", wrong)


def _notes(desk: Session) -> list[Note]:
    return [view(row, Note).record for row in desk.store.rows("note")]


def _looking_for_nobody(world: World, rng: random.Random) -> Seen:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_import._Known, "find", lambda *_: None)
        return _imported(world, rng)


def _dropping(world: World, rng: random.Random) -> Seen:
    read = case_sheet.read_cases

    def without_said(*asked: object) -> case_sheet.CaseSheet:
        found = read(*asked)  # type: ignore[arg-type]
        return replace(found, cases=tuple(replace(one, said=()) for one in found.cases))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_import, "read_cases", without_said)
        return _imported(world, rng)


HARNESSES = (
    joined(
        "sheets of case data in odd shapes",
        [(_imported, _looking_for_nobody), (_imported, _dropping)],
        Size(2, 60, 5_000),
    ),
)
