# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that no page can read: each kind, in every field of every record, at every place.

A newer or a hostile desk may send any value that the format lets pass: a zone that nobody knows, a
year with which no calendar counts, a code of tomorrow. Such a value is shown as it is written, and
no page falls for it.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.gui.printer_samples import choose_plan
from tests.gui.travel_samples import walking
from tests.gui.walk_desk import SECTIONS
from tests.gui.walk_world import World
from tests.integration.course_samples import Walk
from tests.support.unreadable import UNREADABLE, spoil
from tests.support.windows import is_whole, show

from kfdesk.demo import story
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import FieldKind, Wire
from kfdesk.i18n import messages
from kfdesk.i18n.language import Language
from kfdesk.services.exchange import transfer
from kfdesk.system import paths
from kfdesk.ui.context import EventBus, UiContext
from kfdesk.ui.theme import Theme
from kfdesk.ui.translator import Translator
from kfdesk.ui.worker import Worker


def spoiled_file(world: World, kind: type[FieldKind], wire: Wire) -> Path:
    """Return a file in which their desk sends the legs with this value."""
    walk = world.walk
    spoil(walk.theirs, kind, wire, {"leg"})
    us = walk.ours.identity.organisation
    return transfer.send_bundle(walk.theirs, walk.plan, us, walk.post).path


def say_fault(fault: KfdeskError, spoken: Language) -> tuple[str, str]:
    return messages.error_sentence(fault, spoken), messages.error_remedy(fault, spoken)


def told(error: BaseException) -> str:
    """Return an exception and where it was raised."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/kfdesk/" in f.filename]
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-4:]))
    return f"{type(error).__name__}: {error} ({where})"


class FallenError(Exception):
    """A page fell; what it waits for may never come."""


class Glance(World):
    """A window that is looked at until something falls. `errors` are those of the worker."""

    def __init__(self, kit: UiContext, qtbot: QtBot, walk: Walk, errors: list[Any]) -> None:
        super().__init__(kit, qtbot, walk)
        self.errors, self.raised = errors, list[Any]()

    def rest(self) -> None:
        """Wait until all is laid out. Raise FallenError as soon as something has fallen."""
        while self.kit.worker.is_busy or not is_whole():
            self._look()
            QTest.qWait(5)
        QApplication.processEvents()
        self._look()
        super().rest()
        self._look()

    def _look(self) -> None:
        if self.errors or self.raised:
            raise FallenError


@pytest.fixture
def world(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[Glance]:
    words, errors = Translator("en", paths.translations_folder()), list[Any]()
    kit = UiContext(theme, words, EventBus(), Worker(errors.append, errors.append), say_fault)
    with walking(kit, qtbot, tmp_path / "desks", "travel_ready") as walk:
        made = Glance(kit, qtbot, walk, errors)
        made.run(lambda: story.add_aftercare(walk.ours, walk.plan))
        made.other = made.run(lambda: story.enter_returned_client(walk.ours, walk.partner))
        yield made
        made.window.close()
    kit.worker.close()
    delete(words)


def places(world: World) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield every place of the desk, and how one comes there."""
    for key in (
        "today", "exchange", "print", "backup", "settings", "calendar", "plans", "contacts",
        "history",
    ):  # fmt: skip
        yield key, partial(world.page, key)
    for key in ("week", "month"):
        yield key, partial(lambda view: world.page("calendar").views.parts[view].click(), key)
    for plan in (world.walk.plan, world.other):
        for key in SECTIONS:
            yield f"plan/{key}", partial(world.section, key, plan)
    yield "send", lambda: world.page("exchange").send(world.walk.partner, world.walk.plan)
    yield "list again", lambda: world.page("exchange").show_list()
    for paper in (PaperName.TRAVELLERS_SHEET, PaperName.FILE_COPY):
        yield f"print/{paper}", partial(show_paper, world, paper)
    yield "doubles", lambda: world.page("contacts").show_duplicates()
    yield "networks", lambda: world.page("contacts").show_networks()
    yield "bin", lambda: world.page("history").go_to("bin")
    for rid in (world.walk.plan, world.walk.legs[0]):
        yield "record", partial(show_record, world, rid)


def show_paper(world: World, paper: PaperName) -> None:
    choose_plan(world.page("print"), world.rest, world.walk.plan, paper)


def show_record(world: World, rid: bytes) -> None:
    world.page("history").open_record(rid)


QUICK = ("zone nobody knows",)
"""What every run of the tests looks at."""


@pytest.mark.parametrize(
    "what",
    [what if what in QUICK else pytest.param(what, marks=pytest.mark.slow) for what in UNREADABLE],
)
def test_no_page_falls_for_a_value_it_cannot_read(world: Glance, qtbot: QtBot, what: str) -> None:
    sent = world.run(lambda: spoiled_file(world, *UNREADABLE[what]))
    world.run(lambda: spoil(world.walk.ours, *UNREADABLE[what]))
    show(qtbot, world.window)
    coming = ("coming", lambda: world.page("exchange").preview(sent))
    for name, go in (*places(world), coming):
        with capture_exceptions() as raised:
            world.raised = raised
            with suppress(FallenError):
                go()
                world.rest()
        fallen = [told(error) for error in (*world.errors, *(one for _, one, _ in raised))]
        assert fallen == [], name
