# SPDX-License-Identifier: GPL-3.0-or-later
"""Long work is said and can be stopped; what was stopped has changed nothing."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from tests.support.patience import HANG
from tests.support.windows import nameless, show, timer_of

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session as OpenDesk
from kfdesk.services.core.session import verify_store
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.storage import key_slots
from kfdesk.ui.context import UiContext
from kfdesk.ui.shell.overlays import ClosingSheet
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.shell.top_bar import CANCEL_DELAY, SHOW_DELAY
from kfdesk.ui.shell.window import Window
from kfdesk.ui.widgets.navigation import NavigationPlace
from kfdesk.ui.worker import JobProgress

MACHINE = Environment(cost=key_slots.MIN_COST)


@pytest.fixture
def shell(kit: UiContext, qtbot: QtBot) -> SessionView:
    desk = SessionView(
        kit, (NavigationPlace("a", N_("Open"), "sun", "Ctrl+1", lambda _kit: QLabel("page")),)
    )
    window = Window(kit)
    window.show_page(desk)
    window.resize(1280, 800)
    show(qtbot, window)
    desk.window_kept = window  # type: ignore[attr-defined]
    return desk


def stand(gate: threading.Event, course: JobProgress) -> None:
    """Work until it is stopped or let through."""
    while not gate.wait(0.01):
        course.step(1, 4)


def test_short_work_says_nothing(kit: UiContext, shell: SessionView, qtbot: QtBot) -> None:
    kit.worker.run(lambda: 1, title=N_("Open"))
    qtbot.waitUntil(lambda: not kit.worker.is_busy)
    assert not timer_of(shell.bar.busy, SHOW_DELAY).isActive()
    assert shell.bar.busy.title == ""


def test_work_is_said_soon_and_can_be_stopped_later(
    kit: UiContext, shell: SessionView, qtbot: QtBot
) -> None:
    gate, course, heard = threading.Event(), JobProgress(), []
    busy = shell.bar.busy
    assert (
        (busy._soon.interval(), busy._long.interval()) == (SHOW_DELAY, CANCEL_DELAY) == (500, 2000)
    )
    kit.worker.run(
        lambda: stand(gate, course), failed=lambda fault: heard.append(fault.code),
        title=N_("Open"), cancel=course,
    )  # fmt: skip
    assert busy.title == ""
    timer_of(busy, SHOW_DELAY).timeout.emit()
    assert busy.title == "Open"
    assert not busy.cancel.isVisible()
    timer_of(busy, CANCEL_DELAY).timeout.emit()
    assert busy.cancel.isVisible()
    assert nameless(shell) == []
    QTest.mouseClick(busy.cancel, Qt.MouseButton.LeftButton)
    assert not busy.cancel.isEnabled()
    qtbot.waitUntil(lambda: not kit.worker.is_busy)
    assert heard == ["work.cancelled"]
    assert busy.title == ""
    assert not busy.cancel.isVisible()


def test_work_that_cannot_be_stopped_offers_no_button(
    kit: UiContext, shell: SessionView, qtbot: QtBot
) -> None:
    gate = threading.Event()
    kit.worker.run(gate.wait)
    busy = shell.bar.busy
    timer_of(busy, SHOW_DELAY).timeout.emit()
    timer_of(busy, CANCEL_DELAY).timeout.emit()
    assert busy.title == "One moment…"
    assert not busy.cancel.isVisible()
    kit.set_language("sv")
    assert busy.title == "⟦One moment…⟧"
    gate.set()
    qtbot.waitUntil(lambda: not kit.worker.is_busy)


def test_what_is_said_follows_from_job_to_job(
    kit: UiContext, shell: SessionView, qtbot: QtBot
) -> None:
    first, second = threading.Event(), threading.Event()
    kit.worker.run(first.wait, title=N_("Open"), cancel=JobProgress())
    kit.worker.run(second.wait, title=N_("Close"))
    busy = shell.bar.busy
    timer_of(busy, SHOW_DELAY).timeout.emit()
    timer_of(busy, CANCEL_DELAY).timeout.emit()
    assert busy.cancel.isVisible()
    first.set()
    qtbot.waitUntil(lambda: busy.title == "Close")
    assert not busy.cancel.isVisible()
    second.set()
    qtbot.waitUntil(lambda: not kit.worker.is_busy)


def test_nothing_in_the_bar_moves_when_work_is_said(
    kit: UiContext, shell: SessionView, qtbot: QtBot
) -> None:
    bar, gate = shell.bar, threading.Event()
    before = [part.geometry() for part in (bar.field, bar.hiding, bar.locking)]
    kit.worker.run(gate.wait, title=N_("Open"), cancel=JobProgress())
    timer_of(bar.busy, SHOW_DELAY).timeout.emit()
    timer_of(bar.busy, CANCEL_DELAY).timeout.emit()
    qtbot.wait(20)
    assert [part.geometry() for part in (bar.field, bar.hiding, bar.locking)] == before
    gate.set()
    qtbot.waitUntil(lambda: not kit.worker.is_busy)


class Stop:
    """Asks to stop once so many steps were made."""

    def __init__(self, after: int) -> None:
        self.course, self.left, self.made = JobProgress(), after, 0

    def step(self, done: int, of: int) -> None:
        """Count, and stop at the last."""
        self.made += 1
        if self.made > self.left:
            self.course.cancel()
        self.course.step(done, of)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[tuple[OpenDesk, Path]]:
    """Their desk, and a file from ours with a whole plan for it."""
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    ours = store_lifecycle.create_store(tmp_path / "ours", people.HOUSE, who, MACHINE)
    theirs = store_lifecycle.create_store(tmp_path / "theirs", people.SAFE_HOUSE, who, MACHINE)
    for here, there in ((ours, theirs), (theirs, ours)):
        terms = PartnerTerms(is_third_country=False)
        partner = partners.add_partner(here, partners.our_card(there), terms)
        digits = partners.verification_digits(here, partner.organisation)
        partners.verify_partner(here, partner.organisation, digits)
    plan, _ = story.enter_plan(ours, theirs.identity.organisation)
    post = tmp_path / "post"
    post.mkdir()
    made = transfer.send_bundle(ours, plan, theirs.identity.organisation, post)
    yield theirs, made.path
    ours.store.close()
    theirs.store.close()


@pytest.mark.parametrize("after", range(7))
def test_a_take_that_was_stopped_leaves_the_store_as_it_was(
    file: tuple[OpenDesk, Path], after: int
) -> None:
    desk, path = file
    reviewed = transfer.review_bundle(desk, path)
    assert len(reviewed.taken.rows) > 3
    before = desk.store.digest(), desk.store.ledger.audit_head()
    with pytest.raises(KfdeskError) as stopped:
        transfer.import_bundle(desk, path, reviewed, Stop(after))
    assert stopped.value.code == "work.cancelled"
    assert (desk.store.digest(), desk.store.ledger.audit_head()) == before
    assert desk.store.verify() == ()
    taken = transfer.import_bundle(desk, path, transfer.review_bundle(desk, path), JobProgress())
    assert len(taken.rids) == len(reviewed.new)


def test_a_take_tells_how_far_it_is_and_never_goes_back(file: tuple[OpenDesk, Path]) -> None:
    desk, path = file
    shares: list[float] = []

    class Note:
        def step(self, done: int, of: int) -> None:
            shares.append(done / of)

    transfer.import_bundle(desk, path, transfer.review_bundle(desk, path), Note())
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert 0.5 <= shares[-1] < 1  # the second half is written in portions


def test_a_check_of_the_store_can_be_stopped_and_finds_nothing_wrong(
    file: tuple[OpenDesk, Path],
) -> None:
    desk, _ = file
    verify_store(desk, JobProgress())
    with pytest.raises(KfdeskError) as stopped:
        verify_store(desk, Stop(2))
    assert stopped.value.code == "work.cancelled"


def test_closing_asks_while_something_long_is_written(
    kit: UiContext, shell: SessionView, qtbot: QtBot
) -> None:
    gate, course = threading.Event(), JobProgress()
    window = shell.window()
    assert isinstance(window, Window)
    window.asks_first = shell.ask_before_closing
    title, stopped = N_("Checking the database…"), list[KfdeskError]()
    kit.worker.run(lambda: gate.wait(HANG), None, stopped.append, title=title, cancel=course)
    qtbot.waitUntil(lambda: kit.worker.job is not None)
    window.close()
    assert window.isVisible()
    sheet = shell.layer.sheet
    assert isinstance(sheet, ClosingSheet)
    sheet.stop.click()
    assert course.is_cancelled
    assert window.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: not window.isVisible())


@pytest.mark.parametrize("course", [None, JobProgress(gives_way=True)])
def test_closing_does_not_ask_for_what_nobody_waits_for(
    kit: UiContext, shell: SessionView, qtbot: QtBot, course: JobProgress | None
) -> None:
    gate = threading.Event()
    window = shell.window()
    assert isinstance(window, Window)
    window.asks_first = shell.ask_before_closing
    title = N_("Checking the database…") if course else None
    kit.worker.run(lambda: gate.wait(HANG), title=title, cancel=course)
    qtbot.waitUntil(lambda: kit.worker.job is not None)
    window.close()
    assert not window.isVisible()
    gate.set()
