# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of records on a page: opened, begun, put away, put in the bin and had back, by keys."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.editing_samples import Bench, press, type_in
from tests.support.windows import Stage, accessible_parts, missed_by_tab, nameless

from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView, seen_writes
from kfdesk.i18n.language import Language
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import FormState
from kfdesk.services.core.records import change_record, require_record
from kfdesk.services.plans.plans import load_case
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.widgets.buttons import Button

KEYS = ("carrier", "booking_reference")


@pytest.fixture
def bench(kit: UiContext, qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[Bench]:
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    yield Bench(kit, qtbot, made, stage)
    made.close()


def sum_up(leg: RecordView[Leg], words: Language) -> Summary:
    """Return the summary of a leg."""
    carrier = leg.record.carrier
    return Summary(carrier if isinstance(carrier, str) else "–", words.gettext("Leg"))


def listing(**more: object) -> RecordListSpec:
    whole: dict[str, object] = {
        "record_type": "leg", "keys": KEYS, "title": "Legs", "icon": "route", "add": "Add a leg",
        "empty": "No leg yet.", "sum_up": sum_up, **more,
    }  # fmt: skip
    return RecordListSpec(**whole)  # type: ignore[arg-type]


def legs(bench: Bench) -> Sequence[RecordView[Leg]]:
    return bench.open.run(lambda: load_case(bench.desk, bench.plan)).views(Leg, "leg")


class Page:
    """Page with a list: it reads again whenever something has changed."""

    def __init__(self, bench: Bench, *, is_read_only: bool = False, **more: object) -> None:
        self.bench, self.is_read_only = bench, is_read_only
        self.list = RecordList(bench.kit, bench.desk, listing(**more))
        bench.stage(self.list)
        self.read()

    def read(self) -> None:
        """Read again and show it."""
        self.bench.rest()
        views = legs(self.bench)
        self.list.show_records(views, self.bench.plan, is_read_only=self.is_read_only)
        self.bench.rest()

    @property
    def form(self) -> RecordForm:
        """The form that is open."""
        assert self.list.form is not None
        return self.list.form

    def button(self, words: str) -> Button:
        """Return the visible button with this text."""
        QApplication.processEvents()
        found_buttons = [b for b in self.list.findChildren(QPushButton) if b.text() == words]
        (button,) = (b for b in found_buttons if b.isVisible())
        assert isinstance(button, Button)
        return button


def focus() -> object:
    return QApplication.focusWidget()


# showing


def test_records_stand_in_their_order_with_what_sums_them_up(bench: Bench) -> None:
    page = Page(bench)
    assert {"Legs", "M/S Havsörn", "Leg"} <= texts(page.list)
    assert list(page.list.lines) == list(bench.open.legs)
    assert page.list.form is None


def test_empty_list_says_so_until_one_is_begun(bench: Bench) -> None:
    page = Page(bench)
    page.list.show_records((), bench.plan)
    assert "No leg yet." in texts(page.list)
    page.list.add_button.click()
    bench.rest()
    assert "No leg yet." not in texts(page.list)


def test_record_with_two_values_says_that_it_waits_for_a_decision(bench: Bench) -> None:
    bench.open.run(lambda: change_record(bench.desk, bench.leg, {"carrier": "Deras båt"}, ()))
    page = Page(bench)
    assert "two values, not yet decided" in texts(page.list)
    bench.kit.translator.set_language("sv")
    assert "⟦two values, not yet decided⟧" in texts(page.list)


def test_words_follow_the_language_with_an_open_form(bench: Bench) -> None:
    page = Page(bench)
    page.list.open_record(bench.leg)
    type_in(page.form, "carrier", "Båt 7")
    bench.kit.translator.set_language("sv")
    QApplication.processEvents()
    names = {name for _, name, _ in accessible_parts(page.list)}
    assert "⟦Edit: M/S Havsörn⟧" in names
    assert page.button("⟦Close⟧").isVisible()
    assert page.form.form.changes() == {"carrier": "Båt 7"}


def test_text_at_length_and_a_fact_stand_in_the_line(bench: Bench) -> None:
    def at_length(_leg: RecordView[Leg], _words: Language) -> Summary:
        return Summary("Titel", text="Hela texten.", fact="bokad")

    page = Page(bench, sum_up=at_length)
    assert {"Titel", "Hela texten.", "bokad"} <= texts(page.list)


def test_buttons_of_the_page_stand_beside_each_record(bench: Bench) -> None:
    pressed: list[bytes] = []

    def beside(leg: RecordView[Leg]) -> Sequence[Button]:
        button = Button(bench.kit, "Call")
        button.clicked.connect(lambda: pressed.append(leg.rid))
        return (button,)

    page = Page(bench, beside=beside)
    calls = [b for b in page.list.findChildren(QPushButton) if b.text() == "Call"]
    calls[1].click()
    assert pressed == [bench.open.legs[1]]


# editing


def test_opened_record_has_the_keyboard_in_its_first_field(bench: Bench) -> None:
    page = Page(bench)
    with bench.qtbot.waitSignal(page.list.opened) as opened:
        page.list.lines[bench.leg].click()
    assert opened.args == [bench.leg]
    assert focus() in page.form.form.editors["carrier"].focus_targets


def test_record_is_opened_at_a_field_and_at_the_first_if_it_has_no_such(bench: Bench) -> None:
    page = Page(bench)
    assert page.list.open_record(bench.leg, "booking_reference")
    assert focus() in page.form.form.editors["booking_reference"].focus_targets
    assert page.list.open_record(bench.leg, "fallback")
    assert focus() in page.form.form.editors["carrier"].focus_targets


def test_record_of_another_list_is_not_opened(bench: Bench) -> None:
    page = Page(bench)
    assert not page.list.open_record(bench.plan)
    assert page.list.form is None


def test_opening_another_record_keeps_what_was_typed_in_the_first(bench: Bench) -> None:
    page = Page(bench)
    page.list.open_record(bench.open.legs[0])
    type_in(page.form, "carrier", "Båt 7")
    page.list.lines[bench.open.legs[1]].click()
    bench.rest()
    assert page.form.rid == bench.open.legs[1]
    assert bench.held(bench.open.legs[0]) == {"carrier": "Båt 7"}


def test_saved_record_closes_its_form_and_the_keyboard_stays_with_it(bench: Bench) -> None:
    page = Page(bench)
    page.list.open_record(bench.leg)
    type_in(page.form, "carrier", "Båt 7")
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    page.read()
    assert page.list.form is None
    assert "Båt 7" in texts(page.list)
    assert focus() is page.list.lines[bench.leg]


def test_escape_puts_the_form_away_and_what_was_typed_is_a_draft(bench: Bench) -> None:
    page = Page(bench)
    page.list.open_record(bench.leg)
    type_in(page.form, "carrier", "Båt 7")
    press(Qt.Key.Key_Escape)
    bench.rest()
    assert page.list.form is None
    assert focus() is page.list.lines[bench.leg]
    assert bench.held() == {"carrier": "Båt 7"}
    page.list.open_record(bench.leg)
    bench.rest()
    assert page.form.waiting.isVisible()


def test_escape_without_a_form_is_left_to_the_page(bench: Bench) -> None:
    page = Page(bench)
    left: list[object] = []
    page.list.window().keyPressEvent = left.append  # type: ignore[method-assign]
    page.list.add_button.setFocus()
    press(Qt.Key.Key_Escape)
    assert len(left) == 1


def test_closing_a_form_in_which_nothing_was_typed_leaves_no_draft(bench: Bench) -> None:
    page = Page(bench)
    page.list.open_record(bench.leg)
    page.button("Close").click()
    bench.rest()
    assert page.list.form is None
    assert bench.draft() is None


def test_what_somebody_else_writes_comes_into_the_open_form(bench: Bench) -> None:
    page = Page(bench)
    page.list.open_record(bench.leg)
    type_in(page.form, "carrier", "Båt 7")
    bench.write(carrier="Deras båt", booking_reference="D 1")
    page.read()
    assert page.form.form.editors["booking_reference"].value() == "D 1"
    assert page.form.form.changes() == {"carrier": "Båt 7"}
    assert "Someone has changed this field" in page.form.form.form_rows["carrier"].message_text


def test_list_that_is_read_again_leaves_the_keyboard_where_it_is(bench: Bench) -> None:
    page = Page(bench)
    page.list.lines[bench.open.legs[1]].setFocus()
    bench.write(carrier="Deras båt")
    page.read()
    assert focus() is page.list.lines[bench.open.legs[1]]


def test_keyboard_goes_to_adding_when_its_record_has_gone(bench: Bench) -> None:
    page = Page(bench)
    page.list.lines[bench.open.legs[1]].setFocus()
    page.list.show_records(legs(bench)[:1], bench.plan)
    assert focus() is page.list.add_button


# new ones


def test_new_record_is_begun_and_stands_in_the_list_when_it_is_saved(bench: Bench) -> None:
    page = Page(bench)
    page.list.add_button.click()
    assert focus() in page.form.form.editors["carrier"].focus_targets
    type_in(page.form, "carrier", "Båt 7")
    page.form.save()
    page.read()
    assert len(page.list.lines) == 3
    assert page.list.form is None
    assert "Båt 7" in texts(page.list)


def test_new_record_begins_with_what_the_page_says(bench: Bench) -> None:
    page = Page(bench, starts_with=lambda: {"carrier": "Tåget"})
    page.list.begin()
    assert page.form.form.changes() == {"carrier": "Tåget"}
    page.button("Close").click()
    bench.rest()
    assert bench.open.run(lambda: drafts.count_drafts(bench.desk)) == 0


def test_begun_record_waits_in_the_list_and_goes_on(bench: Bench) -> None:
    page = Page(bench)
    page.list.begin()
    type_in(page.form, "carrier", "Båt 7")
    rid = page.form.rid
    press(Qt.Key.Key_Escape)
    bench.rest()
    assert page.list.waiting.isVisible()
    (go_on,) = page.list.waiting.buttons
    go_on.click()
    bench.rest()
    assert page.form.rid == rid
    assert page.form.form.changes() == {"carrier": "Båt 7"}
    assert not page.list.waiting.isVisible()  # it is being typed, and does not wait


def test_waiting_record_is_discarded_and_comes_back_by_undo(bench: Bench) -> None:
    rid = keep_new(bench)
    page = Page(bench)
    assert page.list.waiting.isVisible()
    assert "Båt 7" not in " ".join(texts(page.list.waiting))
    page.button("Discard").click()
    bench.rest()
    assert not page.list.waiting.isVisible()
    assert bench.draft(rid) is None
    assert bench.heard.words == ["Draft discarded."]
    bench.heard.take_back()
    bench.rest()
    assert page.list.waiting.isVisible()
    assert bench.held(rid) == {"carrier": "Båt 7"}


def keep_new(bench: Bench, parent: bytes | None = None) -> bytes:
    """Save the draft of a leg that does not exist yet."""
    form = FormState("leg", {"carrier": "Båt 7"}, parent=parent or bench.plan)
    return bench.open.run(lambda: drafts.save_draft(bench.desk, None, form))


def test_two_that_wait_are_told_apart_and_each_goes_on(bench: Bench) -> None:
    first, second = keep_new(bench), keep_new(bench)
    page = Page(bench)
    assert len(page.list.waiting.buttons) == 2
    page.list.waiting.buttons[0].click()
    bench.rest()
    assert page.form.rid in {first, second}
    assert len(page.list.waiting.buttons) == 1  # the other one still waits
    page.list.waiting.buttons[0].click()
    bench.rest()
    assert page.form.rid in {first, second}
    assert bench.held(first) == bench.held(second) == {"carrier": "Båt 7"}


def test_draft_of_another_plan_does_not_wait_here(bench: Bench) -> None:
    keep_new(bench, bench.open.empty)
    page = Page(bench)
    assert not page.list.waiting.isVisible()


def test_draft_is_gone_on_with_only_where_it_belongs(bench: Bench) -> None:
    elsewhere, here = keep_new(bench, bench.open.empty), keep_new(bench)
    page = Page(bench)
    for rid, expected in ((elsewhere, False), (here, True)):
        draft = bench.draft(rid)
        assert draft is not None
        assert page.list.resume_draft(draft) is expected
    contact = FormState("contact", {"given_name": "Påhittad"})
    other = bench.open.run(lambda: drafts.save_draft(bench.desk, None, contact))
    draft = bench.draft(other)
    assert draft is not None
    assert not page.list.resume_draft(draft)


def test_draft_of_a_record_that_exists_opens_it(bench: Bench) -> None:
    def work() -> bytes:
        row = require_record(bench.desk, bench.leg)
        form = FormState("leg", {"carrier": "Båt 7"}, {}, row.parent, seen_writes(row))
        return drafts.save_draft(bench.desk, row.rid, form)

    bench.open.run(work)
    page = Page(bench)
    draft = bench.draft()
    assert draft is not None
    assert page.list.resume_draft(draft)
    bench.rest()
    assert page.form.rid == bench.leg
    assert page.form.waiting.isVisible()


# the bin


def test_record_goes_into_the_bin_and_comes_back_by_undo(bench: Bench) -> None:
    page = Page(bench)
    page.list.open_record(bench.leg)
    page.button("Put in the bin").click()
    page.read()
    assert list(page.list.lines) == [bench.open.legs[1]]
    assert page.list.form is None
    assert bench.heard.words == ["Put in the bin."]
    bench.heard.take_back()
    page.read()
    assert list(page.list.lines) == list(bench.open.legs)


def test_new_record_put_in_the_bin_is_its_draft_discarded(bench: Bench) -> None:
    page = Page(bench)
    page.list.begin()
    type_in(page.form, "carrier", "Båt 7")
    rid = page.form.rid
    page.form.save_draft()
    bench.rest()
    page.button("Put in the bin").click()
    bench.rest()
    assert page.list.form is None
    assert bench.draft(rid) is None
    assert bench.heard.words == ["Draft discarded."]
    bench.heard.take_back()
    bench.rest()
    assert bench.held(rid) == {"carrier": "Båt 7"}
    assert page.list.waiting.isVisible()


# reading only


def test_list_that_is_only_read_offers_nothing_to_write(bench: Bench) -> None:
    page = Page(bench, is_read_only=True)
    assert not page.list.add_button.isVisible()
    assert page.list.lines == {}
    assert not page.list.open_record(bench.leg)
    page.list.begin()
    assert page.list.form is None


def test_list_without_adding_has_no_button_and_tells_of_no_new_draft(bench: Bench) -> None:
    keep_new(bench)
    page = Page(bench, may_add=False)
    assert not page.list.add_button.isVisible()
    assert not page.list.waiting.isVisible()
    assert page.list.open_record(bench.leg)


def test_list_may_be_written_again_when_its_plan_is_open_again(bench: Bench) -> None:
    page = Page(bench, is_read_only=True)
    page.is_read_only = False
    page.read()
    assert list(page.list.lines) == list(bench.open.legs)
    assert page.list.add_button.isVisible()


# keys and names


def test_every_control_has_a_name_and_tab_comes_by_it(bench: Bench) -> None:
    keep_new(bench)
    page = Page(bench)
    page.list.add_button.setFocus()
    assert nameless(page.list) == []
    assert missed_by_tab(page.list) == []
    page.list.open_record(bench.leg)
    bench.rest()
    assert nameless(page.list) == []
    assert missed_by_tab(page.list) == []


def test_each_edit_button_says_which_record_it_is_for(bench: Bench) -> None:
    page = Page(bench)
    names = [page.list.lines[rid].accessibleName() for rid in bench.open.legs]
    assert names[0] == "Edit: M/S Havsörn"
    assert len(set(names)) == 2
