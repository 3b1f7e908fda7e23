# SPDX-License-Identifier: GPL-3.0-or-later
"""A method of a page awaits jobs of the worker, and ends with its page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from kfdesk.domain.errors import KfdeskError
from kfdesk.ui.context import EventBus, UiContext
from kfdesk.ui.tasks import call, call_long, task
from kfdesk.ui.theme import Scheme, Theme
from kfdesk.ui.translator import Translator
from kfdesk.ui.worker import JobProgress, Worker


@pytest.fixture
def kit(qapp: QApplication, resources: Path) -> Iterator[UiContext]:
    bugs: list[BaseException] = []
    events = EventBus()
    worker = Worker(bugs.append, events.failed.emit)
    translator = Translator("en", resources.parent / "translations")
    kit = UiContext(
        Theme(qapp, resources, Scheme.LIGHT),
        translator,
        events,
        worker,
        lambda fault, _: (fault.code, ""),
    )
    yield kit
    worker.close()
    delete(translator)
    assert bugs == []


def _refuse() -> None:
    raise KfdeskError("store.disk")


class _Page(QObject):
    """A page without a way to show a refusal."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self.kit = kit
        self.seen: list[object] = []

    @task
    async def add(self, first: int, second: int) -> None:
        """Add two numbers, one job after the other."""
        total = await call(self.kit, int, first)
        self.seen.append(total)
        total += await call(self.kit, int, second)
        self.seen.append(total)

    @task
    async def fail(self) -> None:
        """Wait for a job that refuses."""
        await call(self.kit, _refuse)
        self.seen.append("went on")

    @task
    async def catch(self) -> None:
        """Handle the refusal of a job."""
        try:
            await call(self.kit, _refuse)
        except KfdeskError as fault:
            self.seen.append(fault.code)

    @task
    async def count(self, progress: JobProgress) -> None:
        """Wait for a long job."""
        await call_long(self.kit, "Counting", lambda of: of.step(1, 2), progress)
        self.seen.append(progress.share)


class _PageWithBanner(_Page):
    def refuse(self, fault: KfdeskError) -> None:
        """Keep the refusal."""
        self.seen.append(f"refused {fault.code}")


def _finish(kit: UiContext, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not kit.worker.is_busy)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_a_task_goes_on_with_each_result(kit: UiContext, qtbot: QtBot) -> None:
    page = _Page(kit)
    page.add(20, 22)
    assert page.seen == []
    _finish(kit, qtbot)
    assert page.seen == [20, 42]
    assert page.children() == []


def test_a_refusal_goes_to_the_page(kit: UiContext, qtbot: QtBot) -> None:
    page = _PageWithBanner(kit)
    page.fail()
    _finish(kit, qtbot)
    assert page.seen == ["refused store.disk"]
    assert page.children() == []


def test_a_refusal_that_no_page_shows_goes_to_the_window(kit: UiContext, qtbot: QtBot) -> None:
    page, failed = _Page(kit), []
    kit.events.failed.connect(lambda fault: failed.append(fault.code))
    page.fail()
    _finish(kit, qtbot)
    assert (page.seen, failed) == ([], ["store.disk"])


def test_a_task_may_handle_a_refusal(kit: UiContext, qtbot: QtBot) -> None:
    page = _PageWithBanner(kit)
    page.catch()
    _finish(kit, qtbot)
    assert page.seen == ["store.disk"]


def test_a_long_job_shows_its_title_and_can_be_cancelled(kit: UiContext, qtbot: QtBot) -> None:
    page, progress = _PageWithBanner(kit), JobProgress()
    page.count(progress)
    assert kit.worker.job is not None
    assert (kit.worker.job.title, kit.worker.job.course) == ("Counting", progress)
    progress.cancel()
    page.count(JobProgress())
    _finish(kit, qtbot)
    assert page.seen == ["refused work.cancelled", 0.5]


def test_a_deleted_page_is_not_called(kit: UiContext, qtbot: QtBot) -> None:
    page = _Page(kit)
    seen = page.seen
    page.add(1, 2)
    delete(page)
    qtbot.waitUntil(lambda: not kit.worker.is_busy)
    assert seen == []
