# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts on the page of the day: which wait, going on, discarding, having back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.support.windows import accessible_parts, missed_by_tab, nameless, show

from kfdesk.domain.rows import seen_writes
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import DraftLine, FormState, save_draft
from kfdesk.services.core.records import change_record, require_record
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.today import TodayPage


@pytest.fixture
def leg_draft(opened: OpenDesk) -> bytes:
    def keep() -> bytes:
        row = require_record(opened.desk, opened.legs[0])
        form = FormState("leg", {"carrier": "Hemligt namn"}, {}, row.parent, seen_writes(row))
        return save_draft(opened.desk, row.rid, form)

    return opened.run(keep)


def shown(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> TodayPage:
    page = TodayPage(kit, opened.desk)
    page.resize(1080, 740)
    show(qtbot, page)
    opened.rest()
    return page


def test_waiting_drafts_are_listed_by_code_and_kind_and_never_by_what_was_typed(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, leg_draft: bytes
) -> None:
    new = FormState("client", {"code": "sippa-13", "alias": "Hemlig"})
    opened.run(lambda: save_draft(opened.desk, None, new))
    page = shown(kit, qtbot, opened)
    said = texts(page.drafts)
    assert {"Drafts waiting", "tulpan-47", "Leg (no. 1)", "sippa-13", "Client (new)"} <= said
    assert "Hemlig" not in " ".join(said)
    assert [line.rid for line in page.drafts.lines][-1] == leg_draft


def test_card_is_hidden_while_no_draft_waits(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    assert not page.drafts.isVisible()


def test_going_on_names_the_draft(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, leg_draft: bytes
) -> None:
    page = shown(kit, qtbot, opened)
    go_on, _ = page.drafts.buttons[0]
    with qtbot.waitSignal(page.draft_chosen) as chosen:
        QTest.keyClick(go_on, Qt.Key.Key_Return)
    (line,) = chosen.args or []
    assert isinstance(line, DraftLine)
    assert (line.rid, line.type, line.plan) == (leg_draft, "leg", opened.plan)


def test_discarded_draft_is_gone_and_can_be_had_back(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, leg_draft: bytes
) -> None:
    received: list[Notification] = []
    numbers: list[int] = []
    kit.events.told.connect(received.append)
    kit.events.drafts_counted.connect(numbers.append)
    page = shown(kit, qtbot, opened)
    page.drafts.buttons[0][1].click()
    opened.rest()
    assert not page.drafts.isVisible()
    assert opened.run(lambda: drafts.count_drafts(opened.desk)) == 0
    assert received[0].undo is not None
    received[0].undo()
    opened.rest()
    assert page.drafts.isVisible()
    assert [line.rid for line in page.drafts.lines] == [leg_draft]
    assert (numbers[0], min(numbers), numbers[-1]) == (1, 0, 1)


def test_record_that_changed_meanwhile_is_told(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, leg_draft: bytes
) -> None:
    page = shown(kit, qtbot, opened)
    assert "also changed by others" not in texts(page.drafts)
    opened.run(lambda: change_record(opened.desk, leg_draft, {"status": "booked"}))
    kit.events.changed.emit(frozenset({"leg"}))
    opened.rest()
    change = opened.run(lambda: change_record(opened.desk, leg_draft, {"carrier": "Deras"}))
    assert {"the record has changed"} <= texts(page.drafts)
    kit.events.changed.emit(change.types)
    opened.rest()
    assert {"also changed by others"} <= texts(page.drafts)


def test_draft_that_is_kept_meanwhile_appears_and_counts(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    counts: list[int] = []
    page.counted.connect(counts.append)
    opened.run(
        lambda: save_draft(opened.desk, None, FormState("contact", {"given_name": "Påhittad"}))
    )
    kit.events.drafts_changed.emit()
    opened.rest()
    assert {"–", "Contact person (new)"} <= texts(page.drafts)
    assert counts


def test_each_button_says_which_draft_it_is_for(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, leg_draft: bytes
) -> None:
    page = shown(kit, qtbot, opened)
    names = {name for _, name, _ in accessible_parts(page.drafts)}
    assert "Continue the draft: tulpan-47, Leg (no. 1)" in names
    assert "Discard the draft: tulpan-47, Leg (no. 1)" in names
    assert nameless(page) == []
    assert missed_by_tab(page) == []
    kit.translator.set_language("sv")
    assert "⟦Drafts waiting⟧" in texts(page.drafts)
