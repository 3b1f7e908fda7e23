# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures for papers: those that come with the program, as rows, and odd ones."""

from collections.abc import Iterable
from pathlib import Path

from tests.support import make
from tests.unit.documents.cabinet_samples import MADE

from kfdesk.documents.procedures.matrix import make_who_does_what
from kfdesk.documents.procedures.sheet import make_procedure_sheet
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.papers import CONTENTS, PrintContext
from kfdesk.domain.procedures.files import FileValues, ProcedureFile
from kfdesk.domain.rows import Row
from kfdesk.formats.procedures import read_procedure

FOLDER = Path(__file__).parents[3] / "resources" / "procedures"
HEAD = make.named_id("procedure")
SHEET, MATRIX = PaperName.PROCEDURE_SHEET, PaperName.WHO_DOES_WHAT
MAKERS = {SHEET: make_procedure_sheet, MATRIX: make_who_does_what}


def shipped(name: str = "stockholm-region") -> ProcedureFile:
    return read_procedure((FOLDER / f"{name}.json").read_bytes())


def rows_of(values: FileValues, steps: Iterable[FileValues]) -> tuple[Row, ...]:
    """Return the rows of a procedure and its steps, as the store has them."""
    head = make.row("procedure", {**values, "confidentiality": "public"}, rid=HEAD)
    return (
        head,
        *(
            make.row("procedure_step", one, rid=make.named_id(f"step {place}"), parent=HEAD)
            for place, one in enumerate(steps)
        ),
    )


def disclosed(paper: PaperName, rows: tuple[Row, ...]) -> Disclosed:
    what = make.disclosed(to=make.OWN_DESK, by=Channel.DESK_PAPER, rows=rows)
    return what.only_keys(CONTENTS[paper])


def printed(press: Typesetter, paper: PaperName, rows: tuple[Row, ...], code: str = "sv") -> bytes:
    order = PaperRequest(paper, HEAD, code)
    return MAKERS[paper](order, disclosed(paper, rows), PrintContext(MADE, "EB", 1), press)


def stockholm(press: Typesetter, paper: PaperName, code: str = "sv") -> bytes:
    found = shipped()
    return printed(press, paper, rows_of(found.values, found.steps), code)
