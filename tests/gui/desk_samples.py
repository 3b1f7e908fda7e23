# SPDX-License-Identifier: GPL-3.0-or-later
"""Open desks for the pages' tests: a real store, opened and used on the window's own worker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.support.stores import copied, unlock
from tests.support.windows import settle, show

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.environment import Environment
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.program import Program
from kfdesk.ui.widgets.table import GroupedTable

T = TypeVar("T")
Ids = tuple[bytes, bytes, tuple[bytes, bytes], bytes]
MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials("EV", "sex helt vanliga ord till prov")


class OpenDesk:
    """A desk with a whole plan, an empty one, and a secret house; used on the kit's worker."""

    def __init__(self, kit: UiContext, qtbot: QtBot, folder: Path) -> None:
        self._kit = kit
        self._qtbot = qtbot
        ids = self.run(lambda: copied((OpenDesk, folder.name), folder.parent, _maker(folder.name)))
        self.house, self.plan, self.legs, self.empty = ids
        self.desk: Session = self.run(lambda: unlock(folder, WHO, MACHINE))

    def run(self, function: Callable[[], T]) -> T:
        """Return what `function` returns on the worker."""
        results: list[T] = []
        self._kit.worker.run(function, results.append)
        self._qtbot.waitUntil(lambda: bool(results))
        return results[0]

    def rest(self) -> None:
        """Wait until all is read, made and laid out."""
        settle(self._qtbot, self._kit)

    def close(self) -> None:
        """Close the store."""
        self.rest()
        self.run(self.desk.store.close)


def _maker(name: str) -> Callable[[Path], Ids]:
    def make(place: Path) -> Ids:
        desk = store_lifecycle.create_store(place / name, people.HOUSE, WHO, MACHINE)
        values = {
            "name": people.SAFE_HOUSE,
            "country": "RU",
            "confidentiality": "secret",
            "address": "Påhittade gatan 1",
        }
        house = create_record(desk, Organisation, values)
        plan, legs = story.enter_plan(desk, house)
        client = create_record(
            desk, Client, {"code": "sippa-12", "gender": "Feminine", "languages": ("sv",)}
        )
        empty = create_record(desk, Plan, {}, parent=client)
        desk.store.close()
        return house, plan, legs, empty

    return make


def texts(widget: QWidget) -> set[str]:
    """Return the texts of the visible labels, after new ones are laid out."""
    QApplication.processEvents()
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisible()}


def rows_of(table: GroupedTable, title: str) -> list[int]:
    """Return the numbers of the rows under a heading, from the top; none if it is not there."""
    row = 0
    for group in table.groups:
        row += 1
        if group.title == title:
            return list(range(row, row + len(group.rows)))
        row += len(group.rows)
    return []


def said_under(table: GroupedTable, title: str) -> list[list[str]]:
    """Return the texts of the rows under a heading, without the arrow at their ends."""
    model = table.model()
    columns = range(model.columnCount() - 1)
    return [[str(model.index(row, at).data()) for at in columns] for row in rows_of(table, title)]


def contacts_on_view(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> DirectoryPage:
    """Return the directory page of an open desk, in a window of its own."""
    page = DirectoryPage(kit, opened.desk)
    page.resize(1080, 740)
    show(qtbot, page)
    opened.rest()
    return page


@contextmanager
def running(qapp: QApplication, qtbot: QtBot, folder: Path) -> Iterator[Program]:
    """Yield the whole program on a store's folder, in English; it saves no settings."""
    setting = replace(app.window_settings(folder, "en", MACHINE), keep=lambda *_: None)
    made = Program(qapp, setting)
    show(qtbot, made.window)
    yield made
    made.close()


def rest(qtbot: QtBot, program: Program) -> None:
    """Wait until its worker has nothing to do."""
    settle(qtbot, program.kit)


def knock(qtbot: QtBot, program: Program) -> None:
    """Type who we are at the door, and see what comes of it."""
    program.door.initials.setText(WHO.initials)
    program.door.passphrase.line.setText(WHO.passphrase)
    program.door.button.click()
    rest(qtbot, program)
