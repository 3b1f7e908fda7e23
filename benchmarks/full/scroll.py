# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of 100,000 contacts in a window: how soon it is painted and scrolled.

The floor is the same table over a model that answers every question with the same cell, so that
what is left is the reading of rows and the putting of words. What the worker does meanwhile, such
as making a paper, must not be felt.
"""

import os
import random
import time
from collections.abc import Iterator

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.full.contacts import MANY, folder_of
from benchmarks.measure import Row, late
from benchmarks.window import opened, settle, turn_until
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.services.papers import production
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.directory.search import LISTING_COLUMNS, PagedTable
from kfdesk.ui.program import Program
from kfdesk.ui.widgets.table import CELL_ROLE, CellTableModel, Index, TableCell, TableView

_ROUNDS, _LOOKS = 5, 60
_NAME = TableCell("Cedeaskask hus", "Rättshjälp", is_strong=True)
_CHECKED = TableCell("Inte kollad", icon="circle-check")


class _Constants(CellTableModel):
    """So many rows, all the same."""

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return MANY

    def data(self, index: Index, role: int = 0) -> object:
        cell = _CHECKED if index.column() else _NAME
        return cell if role == CELL_ROLE else cell.accessible_text


def rows() -> list[Row]:
    """Painting and scrolling, also while papers are made."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with opened(folder_of(MANY)) as program:
        shell = program.shell
        assert shell is not None
        shell.go_to("contacts")
        settle(program)
        page = shell.page
        assert isinstance(page, DirectoryPage)
        floor = _constants(program.kit, page.table)
        found = [*_painted(program, page, floor), *_scrolled(program, page, floor)]
        floor.close()
        return [*found, *_disturbed(program, page)]


def _constants(kit: UiContext, table: TableView) -> TableView:
    floor = TableView(kit, LISTING_COLUMNS, _Constants(kit, LISTING_COLUMNS))
    floor.horizontalHeader().setResizeContentsPrecision(0)
    floor._set_row_height(has_two_lines=True)
    kit.theme.style_window(floor)
    floor.resize(table.size())
    floor.show()
    return floor


def _painted(program: Program, page: DirectoryPage, floor: TableView) -> Iterator[Row]:
    def ours() -> float:
        began, answered = time.perf_counter(), []
        held = page.listing.answered.connect(lambda: answered.append(1))
        page.listing.read()
        turn_until(lambda: bool(answered))
        QApplication.processEvents()
        page.listing.answered.disconnect(held)
        seconds = time.perf_counter() - began
        settle(program)
        return seconds

    def bare() -> float:
        began = time.perf_counter()
        floor.rows.beginResetModel()
        floor.rows.endResetModel()
        floor.resizeColumnsToContents()
        floor.viewport().repaint()
        return time.perf_counter() - began

    ours(), bare()
    pairs = [(ours(), bare()) for _ in range(_ROUNDS)]
    yield Row(f"first list painted, {MANY} rows ÷ constants",
              tuple(one / other for one, other in pairs), "≤ 2.5")  # fmt: skip


def _scrolled(program: Program, page: DirectoryPage, floor: TableView) -> Iterator[Row]:
    at = random.Random(1)
    found = []
    for _ in range(_ROUNDS):
        places = [at.random() for _ in range(_LOOKS)]
        ours = [_look(page.table, place) for place in places]
        bare = [_look(floor, place) for place in places]
        found.append(late(ours) / late(bare))
    yield Row(f"random scroll in {MANY} rows, p95 ÷ constants", tuple(found), "≤ 2.5")


def _look(table: TableView, place: float) -> float:
    """Scroll to a place and paint; rows that are read in pages with the words of every row."""
    bar = table.verticalScrollBar()
    began = time.perf_counter()
    bar.setValue(round(place * bar.maximum()))
    table.viewport().repaint()
    if isinstance(table, PagedTable):
        turn_until(lambda: not table.paged.missing(table.visible_rows))
        QApplication.processEvents()  # what is not painted yet is painted now
    return time.perf_counter() - began


def _disturbed(program: Program, page: DirectoryPage) -> Iterator[Row]:
    """Scrolling among rows that are here, while the worker makes one paper after another."""
    desk = program._desk
    assert desk is not None
    is_over: list[int] = []

    def papers() -> None:
        order = PaperRequest(PaperName.FILE_COPY, desk.store.rows("plan")[0].rid, "sv")
        while not is_over:
            production.preview_pages(desk, order, 1.0)

    idle = [_nudge(page.table, step) for step in range(_LOOKS)]
    program.kit.worker.run(papers)
    pause = QTimer(singleShot=True, interval=300)  # until it is in the midst of a paper
    pause.start()
    turn_until(lambda: not pause.isActive())
    busy = [_nudge(page.table, step) for step in range(_LOOKS)]
    is_over.append(1)
    settle(program)
    yield Row("scroll while a paper is made, p95 ÷ idle", (late(busy) / late(idle),), "≤ 2")
    yield Row("scroll while a paper is made, p95", (late(busy) * 1000,), "≤ 50 ms", "ms")


def _nudge(table: TableView, step: int) -> float:
    began = time.perf_counter()
    table.verticalScrollBar().setValue(200 + 37 * (step % 40))
    table.viewport().repaint()
    QApplication.processEvents()
    return time.perf_counter() - began
