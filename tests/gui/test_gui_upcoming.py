# SPDX-License-Identifier: GPL-3.0-or-later
"""The head of a plan says which deadline of its cooperation comes next, and who acts."""

from functools import partial

from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.integration.run_samples import LAW, WHY, begin, days_ago, step_named
from tests.support.windows import show

from kfdesk.domain.records.directory import Organisation
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.procedures import runs
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.page import PlanView


def test_head_says_the_next_deadline_until_the_step_is_done(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    desk, plan = opened.desk, opened.plan
    page = PlanView(kit, desk, plan)
    page.resize(1366, 700)
    show(qtbot, page)
    opened.rest()
    chip = page.header.upcoming
    assert not chip.isVisible()
    later = {**LAW, "prefix": "9", "amount": 90}
    run = opened.run(partial(begin, desk, plan, LAW, later))
    step = opened.run(partial(step_named, desk, plan, "4b")).view.rid
    opened.run(partial(runs.set_clock, desk, step, opened.run(partial(days_ago, desk, 11)), WHY))
    page.read()
    opened.rest()
    assert chip.isVisible()
    assert chip.text() == "next: 4b, Social welfare board, in 3 days"
    board = opened.run(partial(create_record, desk, Organisation, {"name": "Nämnden"}))
    opened.run(partial(change_record, desk, step, {"led_by": board.hex()}))
    page.read()
    opened.rest()
    assert "4b, Nämnden" in chip.text()
    opened.run(partial(change_record, desk, board, {"name": "N" * 200}))
    page.read()
    opened.rest()
    assert chip.sizeHint().width() < 600
    opened.run(partial(runs.finish_step, desk, step))
    page.read()
    opened.rest()
    assert ": 9, " in chip.text()
    opened.run(partial(runs.close_run, desk, run))
    page.read()
    opened.rest()
    assert not chip.isVisible()


def test_head_shortens_the_deadline_before_it_takes_the_words_of_its_buttons(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    desk, plan = opened.desk, opened.plan
    opened.run(partial(begin, desk, plan, LAW))
    step = opened.run(partial(step_named, desk, plan, "4b")).view.rid
    opened.run(partial(runs.set_clock, desk, step, opened.run(partial(days_ago, desk, 11)), WHY))
    board = opened.run(partial(create_record, desk, Organisation, {"name": "N" * 60}))
    opened.run(partial(change_record, desk, step, {"led_by": board.hex()}))
    page = PlanView(kit, desk, plan)
    page.resize(1166, 700)
    show(qtbot, page)
    opened.rest()
    head = page.header
    for _ in range(2):
        assert head.upcoming.text() == "next: 4b, in 3 days"
        for button in (head.help, head.printing):
            assert button.sizeHint().width() > button.sizeHint().height(), button.text()
        page.resize(1167, 700)
        opened.rest()
