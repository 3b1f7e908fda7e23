# SPDX-License-Identifier: GPL-3.0-or-later
"""A record's form: nothing that was typed is lost, and what is missing blocks no saving."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.editing_samples import Bench, press, type_in, type_on
from tests.support.windows import Stage, missed_by_tab, nameless, timer_of

from kfdesk.domain.rows import seen_writes
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.services.core import drafts
from kfdesk.services.core.records import delete_record
from kfdesk.services.plans.plans import zoned_now
from kfdesk.services.workflow import move_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.editors import BirthDateEditor
from kfdesk.ui.forms.form import DRAFT_DELAY, Form
from kfdesk.ui.forms.moments import NOT_A_TIME, ZonedTimeEditor
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.translated import LocalizedTextEditor
from kfdesk.ui.shell.menus import undo_typing

CARRIER = "M/S Havsörn"


@pytest.fixture
def bench(kit: UiContext, qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[Bench]:
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    yield Bench(kit, qtbot, made, stage)
    made.close()


def spoil(form: RecordForm) -> None:
    """Type a day that is none."""
    form.form.editors["departs"].enter_raw("13 dec eller så")


# while one types


def test_form_begins_quiet_and_shows_its_buttons_with_the_first_letter(bench: Bench) -> None:
    form = bench.shown()
    assert not form.save_button.isVisible()
    assert not form.drop_button.isVisible()
    assert not form.waiting.isVisible()
    type_in(form, "carrier", "X")
    assert form.save_button.isVisible()
    assert form.drop_button.isVisible()
    type_in(form, "carrier", CARRIER)
    assert not form.save_button.isVisible()


def test_draft_is_kept_two_seconds_after_the_last_key(bench: Bench) -> None:
    form = bench.shown()
    pause = timer_of(form.form, DRAFT_DELAY)
    assert pause.interval() == DRAFT_DELAY == 2000
    type_in(form, "carrier", "Båt 7")
    assert pause.isActive()
    pause.stop()  # however long it takes here to look
    bench.rest()
    assert bench.draft() is None
    pause.start(0)
    bench.qtbot.waitUntil(lambda: bench.heard.drafts == 1)
    bench.rest()
    assert bench.held() == {"carrier": "Båt 7"}
    assert form.state.text().startswith("Draft saved")
    assert bench.heard.drafts == 1
    assert bench.read().record.carrier == CARRIER


def test_form_that_goes_out_of_sight_keeps_a_draft(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.window().hide()
    bench.rest()
    assert bench.held() == {"carrier": "Båt 7"}


def test_form_keeps_a_draft_before_the_store_closes(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    bench.kit.events.lock_began.emit()
    bench.rest()
    assert bench.held() == {"carrier": "Båt 7"}
    assert form.state.text() == ""  # nobody is there to be told


def test_form_in_which_nothing_was_typed_leaves_no_draft(bench: Bench) -> None:
    form = bench.shown()
    form.save_draft()
    bench.kit.events.lock_began.emit()
    form.window().hide()
    bench.rest()
    assert bench.draft() is None
    assert bench.heard.drafts == 0


def test_what_is_typed_is_kept_once_and_again_only_after_more(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.save_draft()
    form.save_draft()
    bench.rest()
    assert bench.heard.drafts == 1
    type_in(form, "carrier", "Båt 8")
    form.save_draft()
    bench.rest()
    assert (bench.heard.drafts, bench.held()) == (2, {"carrier": "Båt 8"})


def test_what_is_typed_back_to_the_record_takes_the_draft_away(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.save_draft()
    type_in(form, "carrier", CARRIER)
    form.save_draft()
    bench.rest()
    assert bench.draft() is None


# saving


def test_saved_form_says_so_and_is_taken_back_by_undo(bench: Bench) -> None:
    form = bench.shown()
    done: list[object] = []
    form.saved.connect(done.append)
    type_in(form, "carrier", "Båt 7")
    form.save_button.click()
    bench.rest()
    assert bench.read().record.carrier == "Båt 7"
    assert (bench.heard.words, len(done)) == (["Saved."], 1)
    assert bench.heard.changed == [frozenset({"leg"})]
    assert bench.draft() is None
    bench.heard.take_back()
    bench.rest()
    assert bench.read().record.carrier == CARRIER
    assert bench.heard.changed[-1] == frozenset({"leg"})


def test_key_saves_from_within_a_field(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    bench.rest()
    assert bench.read().record.carrier == "Båt 7"


def test_saved_record_is_read_again_and_the_form_is_quiet(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.save()
    bench.rest()
    form.show_view(bench.read())
    assert form.form.editors["carrier"].shown_value == "Båt 7"
    assert not form.save_button.isVisible()
    assert form.state.text() == ""


@pytest.mark.parametrize(
    ("key", "begun", "more", "read"),
    [
        ("carrier", "Båt 7", ", däck 2", "Båt 7, däck 2"),
        ("carrier", "Båt 7 ", "igen", "Båt 7 igen"),
        ("departs", "1.12.2026", "", "1 December 2026"),
    ],
)
def test_who_saves_writes_on_where_she_was(
    bench: Bench, key: str, begun: str, more: str, read: str
) -> None:
    form = bench.shown()
    type_in(form, key, begun)
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    bench.rest()
    form.show_view(bench.read())
    type_on(more)
    assert form.form.editors[key].raw().split("\n")[0].startswith(read)


@pytest.mark.parametrize(("key", "typed"), [("carrier", "Båt 7"), ("departs", "1.12.2026")])
def test_after_saving_nothing_typed_is_left_to_undo_before_the_saving(
    bench: Bench, key: str, typed: str
) -> None:
    form = bench.shown()
    type_in(form, key, typed)
    assert undo_typing(QApplication.focusWidget())
    type_in(form, key, typed)
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    bench.rest()
    form.show_view(bench.read())
    assert not undo_typing(QApplication.focusWidget())


@pytest.mark.parametrize("languages", [("sv", "ru"), ("en", "sv", "ru")])
def test_who_saves_writes_on_in_the_language_where_she_was(
    bench: Bench, languages: tuple[str, ...]
) -> None:
    form = RecordForm(
        bench.kit,
        bench.desk,
        "leg",
        Form(bench.kit, "leg", ("carrier", "from_stop"), FormOptions(languages=languages)),
    )
    bench.stage(form)
    form.saved.connect(lambda _: form.show_view(bench.read()))
    form.show_view(bench.read())
    bench.rest()
    editor = form.form.editors["from_stop"]
    assert isinstance(editor, LocalizedTextEditor)
    editor.focus_on("ru")
    area = QApplication.focusWidget()
    order = [telling.language for telling in editor.tellings]
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_on("Вокзал ")
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    bench.rest()
    assert QApplication.focusWidget() is area
    type_on("XYZ")
    assert [telling.language for telling in editor.tellings] == order
    telling = editor.input_for("ru")
    assert telling is not None
    assert telling.area is area
    assert telling.text == "Вокзал XYZ"
    assert not any("XYZ" in each.text for each in editor.tellings if each is not telling)


def test_who_saves_in_a_time_writes_on_in_the_time(bench: Bench) -> None:
    form = bench.shown()
    form.saved.connect(lambda _: form.show_view(bench.read()))
    editor = form.form.editors["departs"]
    assert isinstance(editor, ZonedTimeEditor)
    editor.clock.setFocus()
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_on("17:04")
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    bench.rest()
    assert QApplication.focusWidget() is editor.clock
    press(Qt.Key.Key_Backspace)
    type_on("5")
    assert editor.clock.text() == "17:54"
    type_on("x")
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    bench.rest()
    assert QApplication.focusWidget() is editor.clock
    assert editor.fault == NOT_A_TIME


def test_nobody_is_born_after_today(bench: Bench) -> None:
    form = bench.form(("birth_date",), "client")
    bench.stage(form)
    editor = form.form.editors["birth_date"]
    assert isinstance(editor, BirthDateEditor)
    assert editor.today() == zoned_now(bench.desk).wall.date()


def test_what_a_check_found_is_not_said_of_what_is_being_typed(bench: Bench) -> None:
    form = bench.shown()
    form.form.show_findings({"carrier": ["This is missing."]})
    assert form.form.form_rows["carrier"].message_text == "This is missing."
    type_in(form, "carrier", "Båt 7")
    assert form.form.form_rows["carrier"].message_text == ""
    form.discard()
    assert form.form.form_rows["carrier"].message_text == "This is missing."


def test_save_pressed_twice_saves_once(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.save()
    form.save()
    bench.rest()
    assert bench.heard.words == ["Saved."]


def test_what_is_typed_while_it_is_saved_stays_and_is_kept(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.save()
    type_in(form, "booking_reference", "B 99")
    bench.rest()
    form.show_view(bench.read())
    assert form.form.changes() == {"booking_reference": "B 99"}
    form.save_draft()
    bench.rest()
    assert bench.held() == {"booking_reference": "B 99"}


def test_unreadable_field_stays_a_draft_and_the_rest_is_saved(bench: Bench) -> None:
    form = bench.shown()
    spoil(form)
    type_in(form, "carrier", "Båt 7")
    form.save()
    bench.rest()
    assert bench.read().record.carrier == "Båt 7"
    assert set(bench.typed()) == {"departs"}
    assert QApplication.focusWidget() in form.form.editors["departs"].focus_targets
    assert form.form.form_rows["departs"].message_text
    (told,) = bench.heard.told
    assert not told.is_whole, "no check mark stands beside what was not saved"
    said = bench.kit.translator.translate(told.message, **told.places)
    assert said == "Not saved: Departs. The rest is saved."


def test_form_that_is_saved_whole_says_so(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.save()
    bench.rest()
    (told,) = bench.heard.told
    assert told.is_whole


TIMES = ("departs", "departed", "arrived", "missed", "checked_in", "carrier", "fallback")


def test_time_that_is_entered_moves_nothing_below_it(bench: Bench) -> None:
    form = bench.shown(TIMES)
    rows = form.form.form_rows

    def places() -> dict[str, int]:
        bench.rest()
        QApplication.processEvents()
        return {key: one.mapTo(form, QPoint(0, 0)).y() for key, one in rows.items()}

    before = places()
    for button in form.now.values():
        button.click()
        assert places() == before


def test_form_with_only_what_cannot_be_read_saves_nothing_and_is_not_closed(bench: Bench) -> None:
    form = bench.shown()
    closed: list[bool] = []
    form.closed.connect(lambda: closed.append(True))
    spoil(form)
    form.save()
    bench.rest()
    assert (bench.heard.told, closed) == ([], [])
    assert form.form.has_changes


def test_saving_nothing_closes_the_form(bench: Bench) -> None:
    form = bench.shown()
    with bench.qtbot.waitSignal(form.closed):
        form.save()
    assert bench.heard.told == []


def test_saving_goes_on_though_the_form_has_gone(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.save()
    delete(form)
    bench.rest()
    assert bench.read().record.carrier == "Båt 7"
    assert bench.heard.words == ["Saved."]
    assert bench.heard.changed == [frozenset({"leg"})]


# two forms of one record


def test_saving_one_form_leaves_the_draft_of_the_other(bench: Bench) -> None:
    booking, people = bench.shown(("carrier",)), bench.form(("fallback",))
    bench.stage(booking, people)
    people.show_view(bench.read())
    bench.rest()
    people.form.editors["fallback"].enter("Ring Eva.")
    people.save_draft()
    booking.form.editors["carrier"].enter("Båt 7")
    booking.save()
    bench.rest()
    assert bench.held() == {"fallback": "Ring Eva."}
    people.show_view(bench.read())
    assert people.form.changes() == {"fallback": "Ring Eva."}
    people.save()
    bench.rest()
    record = bench.read().record
    assert (record.carrier, record.fallback) == ("Båt 7", "Ring Eva.")
    assert record.fallback == "Ring Eva."
    assert bench.draft() is None


def test_draft_of_another_form_is_not_spoken_of_here(bench: Bench) -> None:
    keep(bench, {"fallback": "Ring Eva."}, "fallback")
    booking = bench.shown(("carrier",))
    assert not booking.waiting.isVisible()
    people = bench.shown(("fallback",))
    assert people.waiting.isVisible()


def keep(bench: Bench, values: dict[str, Value], *keys: str) -> None:
    """Save an earlier draft of a form of these fields."""
    row = bench.read().row
    form = drafts.FormState("leg", values, {}, row.parent, seen_writes(row))
    part = frozenset(keys)
    done: list[None] = []
    bench.kit.worker.run(
        lambda: drafts.save_partial_draft(bench.desk, bench.leg, form, part), done.append
    )
    bench.qtbot.waitUntil(lambda: bool(done))


def test_discarding_in_one_form_leaves_the_draft_of_the_other(bench: Bench) -> None:
    keep(bench, {"fallback": "Ring Eva."}, "fallback")
    booking = bench.shown(("carrier",))
    type_in(booking, "carrier", "Båt 7")
    booking.save_draft()
    booking.drop_button.click()
    bench.rest()
    assert bench.held() == {"fallback": "Ring Eva."}


# a draft that waits


def test_waiting_draft_says_when_and_shows_nothing_of_it(bench: Bench) -> None:
    keep(bench, {"carrier": "Båt 7"}, "carrier")
    form = bench.form()
    with bench.qtbot.waitSignal(form.draft_found):
        bench.stage(form)
        form.show_view(bench.read())
    said = " ".join(texts(form.waiting))
    assert "Draft from" in said
    assert "Båt 7" not in said
    assert "The record has changed in the meantime" not in said
    assert form.form.editors["carrier"].value() == CARRIER


def test_draft_of_a_record_that_has_changed_says_what_will_come_of_it(bench: Bench) -> None:
    keep(bench, {"carrier": "Båt 7"}, "carrier")
    bench.write(carrier="Deras båt")
    form = bench.shown()
    assert "The record has changed in the meantime" in " ".join(texts(form.waiting))
    form.go_on.click()
    form.save()
    bench.rest()
    torn = bench.read()
    assert torn.conflicts == {"carrier"}
    assert {version.value for version in torn.versions["carrier"]} == {"Båt 7", "Deras båt"}


def test_going_on_puts_the_draft_back_and_leads_to_it(bench: Bench) -> None:
    keep(bench, {"booking_reference": "B 99"}, "booking_reference")
    form = bench.shown()
    form.go_on.click()
    assert form.form.changes() == {"booking_reference": "B 99"}
    assert not form.waiting.isVisible()
    assert form.save_button.isVisible()
    assert QApplication.focusWidget() in form.form.editors["booking_reference"].focus_targets
    assert form.state.text().startswith("Draft saved")


def test_who_types_goes_on_with_the_draft_and_keeps_both(bench: Bench) -> None:
    keep(bench, {"carrier": "Båt 7", "booking_reference": "B 99"}, "carrier", "booking_reference")
    form = bench.shown()
    type_in(form, "carrier", "Båt 8")
    assert form.form.changes() == {"carrier": "Båt 8", "booking_reference": "B 99"}
    form.save_draft()
    bench.rest()
    assert bench.held() == {"carrier": "Båt 8", "booking_reference": "B 99"}


def test_draft_is_taken_only_by_the_form_it_is_of(bench: Bench) -> None:
    keep(bench, {"carrier": "Båt 7"}, "carrier")
    draft = bench.draft()
    assert draft is not None
    assert not bench.shown(("fallback",)).resume_draft(draft)
    other = bench.form()
    bench.stage(other)
    other.show_view(bench.read(bench.open.legs[1]))
    bench.rest()
    assert not other.resume_draft(draft)
    assert bench.shown().resume_draft(draft)


def test_waiting_draft_that_is_discarded_comes_back_by_undo(bench: Bench) -> None:
    keep(bench, {"carrier": "Båt 7"}, "carrier")
    form = bench.shown()
    form.drop_draft.click()
    bench.rest()
    assert bench.draft() is None
    assert not form.waiting.isVisible()
    assert bench.heard.words == ["Draft discarded."]
    bench.heard.take_back()
    bench.rest()
    assert bench.held() == {"carrier": "Båt 7"}
    assert form.waiting.isVisible()


# discarding


def test_discarding_shows_the_record_and_undo_has_back_what_was_typed(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.save_draft()
    bench.rest()
    form.drop_button.click()
    bench.rest()
    assert form.form.editors["carrier"].value() == CARRIER
    assert not form.drop_button.isVisible()
    assert form.state.text() == ""
    assert bench.draft() is None
    bench.heard.take_back()
    bench.rest()
    assert bench.held() == {"carrier": "Båt 7"}


def test_discarding_before_the_draft_was_kept_is_taken_back_as_well(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.drop_button.click()
    bench.rest()
    assert bench.heard.words == ["Draft discarded."]
    bench.heard.take_back()
    bench.rest()
    assert bench.held() == {"carrier": "Båt 7"}


def test_who_types_after_a_discarding_was_taken_back_loses_nothing(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.drop_button.click()
    bench.rest()
    bench.heard.take_back()
    bench.rest()
    type_in(form, "booking_reference", "B 99")
    form.save_draft()
    bench.rest()
    assert bench.held() == {"carrier": "Båt 7", "booking_reference": "B 99"}


def test_undo_of_a_discarding_is_safe_after_the_form_has_gone(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.drop_button.click()
    bench.rest()
    delete(form)
    bench.heard.take_back()
    bench.rest()
    assert bench.held() == {"carrier": "Båt 7"}


# somebody else


def test_field_that_is_typed_in_says_that_it_has_changed_meanwhile(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    bench.write(carrier="Deras båt", booking_reference="D 1")
    form.show_view(bench.read())
    assert form.form.editors["carrier"].value() == "Båt 7"
    assert form.form.editors["booking_reference"].value() == "D 1"
    assert "Someone has changed this field" in form.form.form_rows["carrier"].message_text
    form.save()
    bench.rest()
    torn = bench.read()
    assert torn.conflicts == {"carrier"}
    assert torn.record.booking_reference == "D 1"


def test_record_that_was_closed_meanwhile_keeps_what_was_typed_and_says_why(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    bench.open.run(lambda: move_plan(bench.desk, bench.plan, "withdrawn"))
    form.save()
    bench.rest()
    assert [fault.code for fault in bench.heard.failed] == ["plan.read_only"]
    assert bench.read().record.carrier == CARRIER
    assert bench.held() == {"carrier": "Båt 7"}
    assert form.form.changes() == {"carrier": "Båt 7"}
    form.save()  # one may try again
    bench.rest()
    assert len(bench.heard.failed) == 2


def test_record_in_the_bin_comes_back_by_being_saved(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    bench.open.run(lambda: delete_record(bench.desk, bench.leg))
    form.save()
    bench.rest()
    assert not bench.read().is_deleted
    assert bench.read().record.carrier == "Båt 7"


# a new record


def test_new_record_is_begun_kept_and_saved_under_its_id(bench: Bench) -> None:
    form, blank = bench.form(), bench.blank()
    bench.stage(form)
    form.begin(blank)
    assert form.rid == blank.rid
    type_in(form, "carrier", "Båt 7")
    form.save_draft()
    bench.rest()
    assert not bench.has(blank.rid)
    assert bench.held(blank.rid) == {"carrier": "Båt 7"}
    form.save()
    bench.rest()
    made = bench.read(blank.rid)
    assert (made.record.carrier, made.row.parent) == ("Båt 7", bench.plan)
    assert bench.draft(blank.rid) is None
    bench.heard.take_back()
    bench.rest()
    assert bench.read(blank.rid).is_deleted


def test_new_record_that_is_dropped_closes_and_comes_back_as_a_draft(bench: Bench) -> None:
    form, blank = bench.form(), bench.blank()
    bench.stage(form)
    form.begin(blank)
    type_in(form, "carrier", "Båt 7")
    form.save_draft()
    bench.rest()
    with bench.qtbot.waitSignal(form.closed):
        form.drop_button.click()
    assert bench.draft(blank.rid) is None
    bench.heard.take_back()
    bench.rest()
    assert bench.held(blank.rid) == {"carrier": "Båt 7"}
    assert not bench.has(blank.rid)


def test_what_a_new_record_begins_with_is_worth_no_draft(bench: Bench) -> None:
    form, blank = bench.form(), bench.blank()
    bench.stage(form)
    form.begin(blank, starts={"carrier": "Tåget"})
    assert form.form.changes() == {"carrier": "Tåget"}
    form.save_draft()
    bench.rest()
    assert bench.draft(blank.rid) is None
    form.save()
    bench.rest()
    assert bench.read(blank.rid).record.carrier == "Tåget"


def test_one_letter_more_than_it_began_with_is_kept_whole(bench: Bench) -> None:
    form, blank = bench.form(), bench.blank()
    bench.stage(form)
    form.begin(blank, starts={"carrier": "Tåget"})
    type_in(form, "booking_reference", "B")
    form.save_draft()
    bench.rest()
    assert bench.held(blank.rid) == {"carrier": "Tåget", "booking_reference": "B"}


def test_new_record_goes_on_with_its_draft_and_not_with_its_beginning(bench: Bench) -> None:
    blank = bench.blank()
    form = drafts.FormState("leg", {"booking_reference": "B 99"}, parent=bench.plan)
    bench.open.run(lambda: drafts.save_draft(bench.desk, blank.rid, form))
    again = bench.form()
    bench.stage(again)
    again.begin(blank, bench.draft(blank.rid), {"carrier": "Tåget"})
    assert again.form.changes() == {"booking_reference": "B 99"}
    assert again.state.text().startswith("Draft saved")


def test_new_record_with_nothing_typed_is_not_made(bench: Bench) -> None:
    form, blank = bench.form(), bench.blank()
    bench.stage(form)
    form.begin(blank)
    with bench.qtbot.waitSignal(form.closed):
        form.save()
    bench.rest()
    assert not bench.has(blank.rid)


def test_new_record_with_a_day_that_cannot_be_read_waits_whole(bench: Bench) -> None:
    form, blank = bench.form(), bench.blank()
    bench.stage(form)
    form.begin(blank)
    type_in(form, "carrier", "Båt 7")
    spoil(form)
    form.save()
    bench.rest()
    assert [fault.code for fault in bench.heard.failed] == ["draft.unfinished"]
    assert not bench.has(blank.rid)
    assert bench.held(blank.rid) == {"carrier": "Båt 7"}
    assert set(bench.typed(blank.rid)) == {"departs"}


# reading only, words, keys


def test_form_that_is_only_read_takes_no_letter(bench: Bench) -> None:
    form = bench.shown()
    form.set_read_only(is_read_only=True)
    assert not any(stop.isEnabled() for stop in form.form.editors["carrier"].focus_targets)
    form.set_read_only(is_read_only=False)
    type_in(form, "carrier", "Båt 7")
    assert form.form.changes() == {"carrier": "Båt 7"}


def test_answer_that_is_no_value_is_saved_and_taken_back(bench: Bench) -> None:
    form = bench.shown()
    form.form.editors["carrier"].set_missing_answer(MissingAnswer.DECLINED)
    form.save()
    bench.rest()
    assert bench.read().record.carrier is MissingAnswer.DECLINED
    bench.heard.take_back()
    bench.rest()
    assert bench.read().record.carrier == CARRIER


def test_words_follow_the_language_and_what_is_typed_stays(bench: Bench) -> None:
    form = bench.shown()
    type_in(form, "carrier", "Båt 7")
    form.save_draft()
    bench.rest()
    bench.kit.translator.set_language("sv")
    assert form.save_button.text() == "⟦Save⟧"
    assert form.drop_button.text() == "⟦Discard changes⟧"
    assert form.state.text().startswith("⟦Draft saved")
    assert form.form.changes() == {"carrier": "Båt 7"}


def test_banner_of_a_waiting_draft_follows_the_language(bench: Bench) -> None:
    keep(bench, {"carrier": "Båt 7"}, "carrier")
    form = bench.shown()
    bench.kit.translator.set_language("sv")
    said = " ".join(texts(form.waiting))
    assert "⟦Draft from" in said
    assert form.go_on.text() == "⟦Continue⟧"


def test_every_control_has_a_name_and_tab_comes_by_it(bench: Bench) -> None:
    keep(bench, {"carrier": "Båt 7"}, "carrier")
    form = bench.shown()
    form.form.focus_on("carrier")
    assert nameless(form) == []
    assert missed_by_tab(form) == []
    form.go_on.click()
    assert nameless(form) == []
    assert missed_by_tab(form) == []
