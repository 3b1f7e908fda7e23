# SPDX-License-Identifier: GPL-3.0-or-later
"""The tab Network of Figures: begin a sum, take part, add up, release; no one's numbers show."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import texts
from tests.gui.procedure_samples import lines
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.sum_samples import carry_all, join
from tests.support.figure_samples import IN_MARCH
from tests.support.windows import nameless, settle, show

from kfdesk.domain.accounts import Role
from kfdesk.services.core.session import Session
from kfdesk.services.figures import sums
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.figures.page import FiguresPage
from kfdesk.ui.pages.figures.sum_entry import SumEntryPage
from kfdesk.ui.pages.today import TodayPage

T = TypeVar("T")


class Three:
    """Three desks in a network, on the kit's worker; the page is that of the first."""

    def __init__(self, kit: UiContext, qtbot: QtBot, folder: Path) -> None:
        self.kit, self._qtbot, self._open = kit, qtbot, ExitStack()
        self.trio: Trio = self.run(lambda: self._open.enter_context(hostile_trio(folder)))
        self.network = self.run(self._join)
        self.page = self.on_view(self.trio.ours)

    def run(self, function: Callable[[], T]) -> T:
        results: list[T] = []
        self.kit.worker.run(function, results.append)
        self._qtbot.waitUntil(lambda: bool(results))
        return results[0]

    def rest(self) -> None:
        settle(self._qtbot, self.kit)

    def on_view(self, desk: Session) -> FiguresPage:
        page = FiguresPage(self.kit, desk)
        page.resize(1100, 900)
        show(self._qtbot, page)
        page.show_tab("network")
        self.rest()
        return page

    def close(self) -> None:
        self.rest()
        self.run(self._open.close)

    def others(self, step: Callable[[Session, bytes], object], rid: bytes) -> None:
        """Let the others take a step, and carry all files."""

        def play() -> None:
            for desk in (self.trio.bad, self.trio.third):
                step(desk, rid)
            carry_all(self.trio)

        self.run(play)
        self.page.sums.read()
        self.rest()

    def _join(self) -> bytes:
        year = self.trio.ours.adapters.clock.now().year - 1
        return join(self.trio, opened=IN_MARCH.replace(year=year))


@pytest.fixture
def three(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Three]:
    met = Three(kit, qtbot, tmp_path)
    yield met
    met.close()


def begun(three: Three) -> bytes:
    """Begin a sum by the page's own form, and bring it to the others."""
    page = three.page
    before = {one.row.rid for one in page.sums.lines}
    page.sums.new.click()
    three.rest()
    assert isinstance(page.entry, SumEntryPage)
    assert len(page.entry.boxes) == 2
    assert nameless(page) == []
    page.entry.save.click()
    three.rest()
    assert page.entry is None
    three.run(lambda: carry_all(three.trio))
    (new,) = {one.row.rid for one in page.sums.lines} - before
    return new


def test_without_a_sum_the_tab_says_what_it_is_for(three: Three) -> None:
    shown = texts(three.page)
    assert "No sum yet" in shown
    assert any(text.startswith("With three members, two") for text in shown)
    assert nameless(three.page) == []


def test_a_sum_is_begun_answered_added_up_and_released(three: Three) -> None:
    view = three.page.sums
    rid = begun(three)
    assert "You are asked to take part." in view.said.text
    view.answer.click()
    three.rest()
    assert not view.answer.isVisible()
    assert any("Not here yet" in text for text in texts(view))
    three.others(sums.answer_sum, rid)
    view.add.click()
    three.rest()
    three.others(sums.add_up, rid)
    assert "20 clients" in texts(view)
    assert view.release.isVisible()
    view.release.click()
    three.rest()
    assert "The sum is released." in view.said.text
    view.show_release.click()
    three.rest()
    assert three.page.place() == "desk"
    assert "20 clients" in texts(three.page)
    assert "sum of several organisations" in " ".join(lines(three.page.desk_figures.table))


def test_no_number_of_a_single_organisation_is_shown(three: Three) -> None:
    rid = begun(three)
    three.page.sums.answer.click()
    three.rest()
    three.others(sums.answer_sum, rid)
    shown = texts(three.page)
    numbers = {"5", "7", "8", "5 clients", "7 clients", "8 clients", "20 clients"}
    assert not numbers & shown


def test_a_sum_is_ended_and_begun_again(three: Three) -> None:
    view = three.page.sums
    rid = begun(three)
    view.answer.click()
    three.rest()
    three.others(sums.answer_sum, rid)
    view.end.click()
    three.rest()
    assert "Whoever began it has ended it." in view.said.text
    assert not view.end.isVisible()
    view.again.click()
    three.rest()
    entry = three.page.entry
    assert isinstance(entry, SumEntryPage)
    assert nameless(three.page) == []
    entry.save.click()
    three.rest()
    assert [one.step.value for one in view.lines].count("void") == 1
    assert len(view.lines) == 2


def test_a_day_that_is_over_is_refused_with_its_sentence(three: Three) -> None:
    page = three.page
    page.sums.new.click()
    three.rest()
    entry = page.entry
    assert isinstance(entry, SumEntryPage)
    entry.boxes[three.trio.bad.identity.organisation].setChecked(False)
    entry.save.click()
    three.rest()
    assert "sums.few_members" in entry.outcome.text
    entry.cancel.click()
    assert page.entry is None


def test_who_may_not_release_sees_the_sums_and_no_buttons(three: Three) -> None:
    rid = begun(three)
    reader = replace(three.trio.ours, roles=frozenset({Role.STATISTICS_READER}))
    page = three.on_view(reader)
    assert [one.row.rid for one in page.sums.lines] == [rid]
    for button in (page.sums.new, page.sums.answer, page.sums.end, page.sums.again):
        assert not button.isVisible()
    assert page.sums.hint.isVisible()
    assert not three.page.sums.hint.isVisible()


def test_a_round_that_is_late_says_so(three: Three) -> None:
    begun(three)
    one = three.page.sums.lines[0]
    assert one.terms is not None
    assert one.terms.until - three.trio.ours.adapters.clock.now().date() == timedelta(days=30)


def test_line_of_today_leads_to_its_sum(kit: UiContext, qtbot: QtBot, three: Three) -> None:
    first, second = begun(three), begun(three)
    today = TodayPage(kit, three.trio.ours)
    today.sum_asked.connect(three.page.show_sum)
    show(qtbot, today)
    three.rest()
    groups = {group.title: group for group in today.listing.table.groups}
    rows = groups["Sums of several organisations"].rows
    assert len(rows) == 2
    led_to = []
    for row in rows:
        three.page.show_tab("desk")
        row.open()
        three.rest()
        assert three.page.place() == "network"
        assert three.page.sums.table.current is not None
        led_to.append(three.page.sums.table.current.row.rid)
        assert "You are asked to take part." in three.page.sums.said.text
    assert sorted(led_to) == sorted((first, second)), "which was begun first hangs on the clock"
