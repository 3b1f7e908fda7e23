# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures for the window's tests: entered on the worker of an open desk, and shown in a page."""

from dataclasses import replace

from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.support.windows import show

from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.rows import encode_changes
from kfdesk.domain.values import Translation, Value
from kfdesk.services.core.records import create_record, put_new
from kfdesk.services.core.session import Session
from kfdesk.services.procedures import files, procedures
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.procedures.page import ProceduresPage
from kfdesk.ui.widgets.table import CELL_ROLE, TableCell, TableView

STOCKHOLM = "stockholm-region"
Values = dict[str, Value]


def told(text: str) -> tuple[Translation, ...]:
    return (Translation("en", text),)


def draft(opened: OpenDesk, *steps: Values, **more: Value) -> bytes:
    """Enter a draft of ours with these steps."""
    values: Values = {
        "title": told("Together"), "status": "draft", "version": "3", "confidentiality": "circle",
    }  # fmt: skip

    def enter() -> bytes:
        head = create_record(opened.desk, Procedure, values | more)
        for step in steps:
            create_record(opened.desk, ProcedureStep, {"title": told("A step")} | step, head)
        return head

    return opened.run(enter)


def theirs(opened: OpenDesk, *steps: Values, **more: Value) -> bytes:
    """Enter a procedure as it came from an organisation that is not ours."""
    values: Values = {"title": told("Their way"), "status": "active", "version": "1"}
    desk, other = opened.desk, b"o" * 16

    def enter() -> bytes:
        with desk.store.transaction():
            head = replace(desk.new_row("procedure", None), custodian=other)
            put_new(desk, head, encode_changes("procedure", values | more))
            for step in steps:
                below = replace(desk.new_row("procedure_step", head.rid), custodian=other)
                put_new(desk, below, encode_changes("procedure_step", step))
        return head.rid

    return opened.run(enter)


def in_force(opened: OpenDesk, *steps: Values, **more: Value) -> bytes:
    """Enter a draft and put it in force."""
    head = draft(opened, *(steps or ({"prefix": "1"},)), **more)
    opened.run(lambda: procedures.activate_procedure(opened.desk, head))
    return head


def shipped(opened: OpenDesk, name: str = STOCKHOLM) -> bytes:
    """Take over a procedure that comes with the program."""
    desk = opened.desk

    def take() -> bytes:
        preview = files.preview_procedure(desk, files.shipped_procedure(desk, name))
        return files.import_procedure(desk, preview).procedure

    return opened.run(take)


def on_view(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, desk: Session | None = None
) -> ProceduresPage:
    """Return the page in a window of its own, for this user or the one of the open desk."""
    page = ProceduresPage(kit, desk or opened.desk)
    page.resize(1100, 700)
    show(qtbot, page)
    page.setFocus()
    opened.rest()
    return page


def opened_at(page: ProceduresPage, opened: OpenDesk, rid: bytes) -> ProceduresPage:
    """Return the page with a version open."""
    page.open_procedure(rid)
    opened.rest()
    return page


def cells(table: TableView) -> list[list[TableCell]]:
    """Return the cells of a table, row by row."""
    model = table.model()
    return [
        [model.index(row, at).data(CELL_ROLE) for at in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def lines(table: TableView) -> list[str]:
    """Return what a table says, a text for each row."""
    return [" | ".join(cell.accessible_text for cell in row) for row in cells(table)]
