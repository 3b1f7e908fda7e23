# SPDX-License-Identifier: GPL-3.0-or-later
"""A referral on the list of the section Decision, as each of the two sides sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.editing_samples import Bench
from tests.support.windows import Stage

from kfdesk.demo import people
from kfdesk.domain.records.case import Referral
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import Row, encode_changes, view
from kfdesk.services.core.records import put_new, require_record
from kfdesk.services.plans.plans import open_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.decision_parts import ReferralList


@pytest.fixture
def bench(kit: UiContext, qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[Bench]:
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    yield Bench(kit, qtbot, made, stage)
    made.close()


def enter(bench: Bench, *, by_them: bool) -> bytes:
    """Create a referral that one side wrote: to them, or to us."""
    desk, them = bench.desk, bench.open.house
    to = desk.identity.organisation if by_them else them
    values: people.Values = {
        "direction": "out", "kind": "refer", "organisation": to.hex(), "status": "in_progress",
    }  # fmt: skip

    def put() -> bytes:
        custodian = them if by_them else desk.identity.organisation
        row = Row(desk.new_id(), "referral", bench.plan, custodian, EMPTY_STATE)
        with desk.store.transaction():
            put_new(desk, row, encode_changes("referral", values))
        return row.rid

    return bench.open.run(put)


def shown(bench: Bench) -> ReferralList:
    """Return the list on view."""
    made = ReferralList(bench.kit, bench.desk)
    bench.stage(made)
    page = bench.open.run(lambda: open_plan(bench.desk, bench.plan))
    made.show_page(page, is_read_only=False)
    bench.rest()
    return made


def answers(part: ReferralList) -> dict[str, QPushButton]:
    buttons = part.findChildren(QPushButton)
    return {one.accessibleName(): one for one in buttons if "now:" in one.accessibleName()}


def test_referral_from_us_is_answered_there_and_not_here(bench: Bench) -> None:
    enter(bench, by_them=False)
    part = shown(bench)
    assert "From us · Referral" in texts(part)
    assert answers(part) == {}


@pytest.mark.parametrize(("word", "status"), [("Accepted", "accepted"), ("Rejected", "rejected")])
def test_referral_to_us_names_who_refers_her_and_is_answered_by_one_press(
    bench: Bench, word: str, status: str
) -> None:
    rid = enter(bench, by_them=True)
    part = shown(bench)
    assert {people.SAFE_HOUSE, "To us · Referral"} <= texts(part)
    button = answers(part)[f"{word} now: {people.SAFE_HOUSE}"]
    QTest.keyClick(button, Qt.Key.Key_Space)
    bench.rest()
    row = bench.open.run(lambda: require_record(bench.desk, rid))
    assert view(row, Referral).record.status == status
    assert answers(shown(bench)) == {}
