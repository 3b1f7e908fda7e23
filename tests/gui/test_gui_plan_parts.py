# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan's page is made of, each alone: notes written, tasks ticked, cards folded, next steps.

On a real store and off the page, so that each says what it does when the page is not there to help.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.editing_samples import Bench, press, type_in
from tests.support.windows import Stage, missed_by_tab, nameless

from kfdesk.domain.records.case import Note, Task
from kfdesk.domain.records.client import Consent
from kfdesk.domain.values import PartialDate, Value, ZonedTime
from kfdesk.services.core.records import create_record
from kfdesk.services.plans.plans import PlanPage, load_case, open_plan
from kfdesk.services.workflow import move_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.notes import NoteWriter, TaskList, due_look
from kfdesk.ui.pages.plan.page import ConsentPrompt
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.collapsible import CollapsibleCard
from kfdesk.ui.widgets.text import Label

CTRL = Qt.KeyboardModifier.ControlModifier
TODAY = date(2026, 11, 24)


@pytest.fixture
def bench(kit: UiContext, qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[Bench]:
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    yield Bench(kit, qtbot, made, stage)
    made.close()


def page(bench: Bench, plan: bytes | None = None) -> PlanPage:
    return bench.open.run(lambda: open_plan(bench.desk, plan or bench.plan))


# a note


def writer(bench: Bench, plan: bytes | None = None) -> NoteWriter:
    """Return the note writer on view, for a plan."""
    made = NoteWriter(bench.kit, bench.desk)
    bench.stage(made)
    made.show_plan(plan or bench.plan)
    bench.rest()
    return made


def notes(bench: Bench, plan: bytes | None = None) -> list[Note]:
    case = bench.open.run(lambda: load_case(bench.desk, plan or bench.plan))
    return [one.record for one in case.views(Note, "note")]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_note_is_saved_by_either_enter_and_the_next_begins(bench: Bench, key: Qt.Key) -> None:
    before, card = len(notes(bench)), writer(bench)
    first = card.form.rid
    type_in(card.form, "content", "Samtal om resan.")
    press(key, CTRL)
    bench.rest()
    new = [note for note in notes(bench) if note.content == "Samtal om resan."]
    assert len(notes(bench)) == before + 1
    assert new[0].written_by == bench.desk.user
    assert isinstance(new[0].happened, ZonedTime)
    assert card.form.rid != first
    assert card.form.form.editors["content"].value() is None
    assert QApplication.focusWidget() in card.form.form.editors["content"].focus_targets
    bench.heard.take_back()
    bench.rest()
    assert len(notes(bench)) == before


def test_enter_alone_is_a_new_line_of_the_note(bench: Bench) -> None:
    before, card = len(notes(bench)), writer(bench)
    type_in(card.form, "content", "Ett")
    press(Qt.Key.Key_Return)
    bench.rest()
    assert len(notes(bench)) == before
    assert bench.heard.told == []
    assert card.form.form.has_changes


def test_note_with_nothing_in_it_is_not_saved(bench: Bench) -> None:
    before, card = len(notes(bench)), writer(bench)
    card.form.form.focus_on("content")
    press(Qt.Key.Key_Return, CTRL)
    bench.rest()
    assert len(notes(bench)) == before
    assert bench.heard.told == []


def test_note_that_was_begun_is_taken_up_by_the_next_card(bench: Bench) -> None:
    card = writer(bench)
    type_in(card.form, "content", "Halvt")
    card.form.save_draft()
    bench.rest()
    again = writer(bench)
    assert again.form.rid == card.form.rid
    assert again.form.form.changes() == {"content": "Halvt"}
    assert not again.form.waiting.isVisible()  # it is there already


def test_note_that_was_begun_in_another_plan_stays_there(bench: Bench) -> None:
    card = writer(bench)
    type_in(card.form, "content", "Halvt")
    card.form.save_draft()
    bench.rest()
    other = writer(bench, bench.open.empty)
    assert not other.form.form.has_changes
    draft = bench.draft(card.form.rid)
    assert draft is not None
    assert not other.resume_draft(draft)


def test_draft_of_a_note_is_gone_on_with_and_what_stood_there_is_kept(bench: Bench) -> None:
    card = writer(bench)
    type_in(card.form, "content", "Första")
    first = card.form.rid
    card.form.save_draft()
    bench.rest()
    card.form.begin(bench.blank("note"))
    type_in(card.form, "content", "Andra")
    second = card.form.rid
    draft = bench.draft(first)
    assert draft is not None
    assert card.resume_draft(draft)
    bench.rest()
    assert (card.form.rid, card.form.form.changes()) == (first, {"content": "Första"})
    assert bench.held(second) == {"content": "Andra"}


def test_showing_the_same_plan_again_leaves_what_is_typed(bench: Bench) -> None:
    card = writer(bench)
    type_in(card.form, "content", "Halvt")
    card.show_plan(bench.plan)
    bench.rest()
    assert card.form.form.changes() == {"content": "Halvt"}


def test_note_is_not_written_in_a_plan_that_has_ended_and_is_not_lost(bench: Bench) -> None:
    card = writer(bench)
    type_in(card.form, "content", "För sent")
    bench.open.run(lambda: move_plan(bench.desk, bench.plan, "withdrawn"))
    card.form.save()
    bench.rest()
    assert [fault.code for fault in bench.heard.failed] == ["plan.read_only"]
    assert bench.held(card.form.rid)["content"] == "För sent"
    assert card.form.form.has_changes


# tasks


def task(bench: Bench, title: str, due: Value = None, state: str = "open") -> bytes:
    values: dict[str, Value] = {"title": title, "due": due, "state": state}
    return bench.open.run(lambda: create_record(bench.desk, Task, values, bench.plan))


def tasks(bench: Bench, *, is_read_only: bool = False) -> TaskList:
    card = TaskList(bench.kit, bench.desk)
    bench.stage(card)
    card.show_plan(page(bench), is_read_only=is_read_only)
    bench.rest()
    return card


def test_tasks_stand_by_their_day_and_those_without_one_last(bench: Bench) -> None:
    none, late = task(bench, "Utan dag"), task(bench, "Sen", date(2020, 1, 1))
    soon = task(bench, "Snart", date(2099, 1, 1))
    about = task(bench, "Någon gång", PartialDate("2050"))
    card = tasks(bench)
    mine = [rid for rid in card.lines if rid in {none, late, soon, about}]
    assert mine == [late, about, soon, none]


def test_what_is_done_is_shown_only_if_asked_for(bench: Bench) -> None:
    done, still = task(bench, "Klart", state="done"), task(bench, "Kvar")
    card = tasks(bench)
    assert done not in card.lines
    assert still in card.lines
    card.more.click()
    assert done in card.lines
    assert not card.more.isVisible()
    assert QApplication.focusWidget() is card.add_button


def test_ticked_task_stays_in_sight_and_undo_opens_it_again(bench: Bench) -> None:
    rid = task(bench, "Ring")
    card = tasks(bench)
    card.marks[rid].setFocus()
    press(Qt.Key.Key_Space)
    bench.rest()
    card.show_plan(page(bench), is_read_only=False)
    assert rid in card.lines
    assert bench.read(rid, "task").record.state == "done"
    assert bench.heard.words[-1] == "Done."
    assert QApplication.focusWidget() is card.marks[rid]
    bench.heard.take_back()
    bench.rest()
    assert bench.read(rid, "task").record.state == "open"


def test_new_task_is_open_and_ours(bench: Bench) -> None:
    card = tasks(bench)
    card.add_button.click()
    assert card.form is not None
    assert card.form.form.changes() == {"owner": bench.desk.user, "state": "open"}
    type_in(card.form, "title", "Ring rederiet")
    rid = card.form.rid
    card.form.save()
    bench.rest()
    made = bench.read(rid, "task").record
    assert (made.title, made.owner, made.state) == ("Ring rederiet", bench.desk.user, "open")


def test_tasks_of_a_plan_that_has_ended_cannot_be_ticked(bench: Bench) -> None:
    rid = task(bench, "Ring")
    card = tasks(bench, is_read_only=True)
    assert not card.marks[rid].isEnabled()
    assert not card.add_button.isVisible()


def test_every_tick_has_a_name_of_its_own(bench: Bench) -> None:
    rid = task(bench, "Ring")
    card = tasks(bench)
    assert card.marks[rid].accessibleName() == "Done: Ring"
    card.add_button.setFocus()
    assert nameless(card) == []
    assert missed_by_tab(card) == []


@pytest.mark.parametrize(
    ("due", "tone", "said"),
    [
        (TODAY - timedelta(days=1), Tone.DANGER, "late, was due"),
        (TODAY, Tone.WARNING, "today"),
        (TODAY + timedelta(days=1), Tone.MUTED, "25"),
        (PartialDate("2026-10"), Tone.DANGER, "late, was due"),
        (PartialDate("2026-11"), Tone.MUTED, "2026"),
        (None, Tone.MUTED, ""),
    ],
)
def test_day_of_a_task_says_how_urgent_it_is(
    kit: UiContext, due: date | PartialDate | None, tone: Tone, said: str
) -> None:
    shown_tone, _, words = due_look(due, TODAY, kit.translator.language)
    assert shown_tone is tone
    assert said in words
    assert bool(words) is (due is not None)


# a card that folds


def folding(kit: UiContext, stage: Stage) -> tuple[CollapsibleCard, Label]:
    card, inside = CollapsibleCard(kit, "Rarely needed", "archive"), Label(kit, "Inside")
    card.inside.addWidget(inside)
    card.show_message("{count} fields filled", count=lambda _: "3")
    stage(card)
    return card, inside


def test_folded_card_says_what_it_holds_and_hides_it(kit: UiContext, stage: Stage) -> None:
    card, inside = folding(kit, stage)
    assert not card.is_open
    assert not inside.isVisible()
    assert "3 fields filled" in texts(card)
    card.set_open(is_open=True)
    assert inside.isVisible()
    assert "3 fields filled" not in texts(card)


def test_card_is_folded_and_unfolded_by_key(kit: UiContext, stage: Stage) -> None:
    card, inside = folding(kit, stage)
    card.fold.setFocus()
    press(Qt.Key.Key_Space)
    assert inside.isVisible()
    press(Qt.Key.Key_Space)
    assert not inside.isVisible()


def test_head_of_a_card_tells_who_listens_whether_it_is_folded(
    kit: UiContext, stage: Stage
) -> None:
    card, _ = folding(kit, stage)
    assert card.fold.accessibleName() == "Rarely needed, collapsed"
    card.set_open(is_open=True)
    assert card.fold.accessibleName() == "Rarely needed, expanded"
    kit.translator.set_language("sv")
    assert card.fold.accessibleName() == "Rarely needed, ⟦expanded⟧"


def test_head_of_a_card_is_never_narrower_than_its_words(kit: UiContext, stage: Stage) -> None:
    card, _ = folding(kit, stage)
    width_of = card.fold.fontMetrics().horizontalAdvance
    longest = max(width_of(word) for word in card.fold.text().split())  # a long title wraps
    assert card.fold.minimumSizeHint().width() > longest
    assert card.fold.sizeHint().width() > width_of(card.fold.text())


# what comes next


def test_plan_without_a_consent_leads_to_it(bench: Bench) -> None:
    banner = ConsentPrompt(bench.kit)
    bench.stage(banner)
    banner.show_plan(page(bench, bench.open.empty), "person")
    assert banner.isVisible()
    with bench.qtbot.waitSignal(banner.asked) as asked:
        banner.button.click()
    assert asked.args == ["consent", "consent"]
    banner.show_plan(page(bench, bench.open.empty), "consent")
    assert not banner.isVisible()  # one is there already


def test_plan_with_a_consent_or_at_its_end_is_led_nowhere(bench: Bench) -> None:
    banner = ConsentPrompt(bench.kit)
    bench.stage(banner)
    empty = bench.open.empty
    client = page(bench, empty).client.rid
    consent: dict[str, Value] = {"purpose": "case_management"}
    bench.open.run(lambda: create_record(bench.desk, Consent, consent, client))
    banner.show_plan(page(bench, empty), "person")
    assert not banner.isVisible()


def test_plan_that_has_ended_is_led_nowhere(bench: Bench) -> None:
    banner = ConsentPrompt(bench.kit)
    bench.stage(banner)
    bench.open.run(lambda: move_plan(bench.desk, bench.open.empty, "withdrawn"))
    banner.show_plan(page(bench, bench.open.empty), "person")
    assert not banner.isVisible()
