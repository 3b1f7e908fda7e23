# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that have come, on real stores: found, listed, decided by keys, taken one by one or all."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import Scene, opened_scene, press, said, texts
from tests.support.windows import missed_by_tab, nameless, show

from kfdesk.demo import people
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import FieldVersion, RecordView, view
from kfdesk.services.core.records import change_record
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.import_review import TypedValue
from kfdesk.services.plans.plans import Conflict
from kfdesk.services.plans.retention import set_legal_hold
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.conflicts import ConflictCard, CustomValue, FieldConflictCard
from kfdesk.ui.pages.exchange.inbox import Inbox
from kfdesk.ui.pages.exchange.review import FileReviewPage
from kfdesk.ui.pages.exchange.verification import NewPartnerPage
from kfdesk.ui.record_views import FoldedText

OURS, THEIRS = "18, Exempelbuss", "19, Exempelbuss"
LONG = "Bussen går från hållplatsen bakom stationen. " * 6 + "Slut"


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


def looked_at(scene: Scene) -> tuple[FileReviewPage, bytes]:
    """Return the review of a file with a conflict in one field, and the leg it is about."""
    path, leg = scene.answer()
    scene.page.preview(path)
    return scene.step(FileReviewPage), leg


def leg_of(scene: Scene, rid: bytes) -> RecordView[Leg]:
    row = scene.on(lambda: scene.ours.store.row(rid))
    assert row is not None
    return view(row, Leg)


def keys(step: FileReviewPage, typed: str) -> None:
    for sign in typed:
        QTest.keyClick(step, Qt.Key(ord(sign)))


def several(scene: Scene) -> list[Path]:
    """Three files of theirs, each with something of its own; the last came alone as well."""
    plan, (first, second) = scene.enter_plan(scene.meet())
    them, us = scene.theirs.identity.organisation, scene.ours.identity.organisation
    sent = scene.on(lambda: transfer.send_bundle(scene.ours, plan, them, scene.post)).path
    transfer.import_bundle(scene.theirs, sent, transfer.review_bundle(scene.theirs, sent))
    made = []
    for leg, carrier in ((first, "Ett"), (second, "Två"), (first, "Tre")):
        change_record(scene.theirs, leg, {"carrier": carrier})
        made.append(transfer.send_bundle(scene.theirs, plan, us, scene.post).path)
    return made


def come(scene: Scene) -> Inbox:
    """Return the inbox once it has searched."""
    step = scene.step(Inbox)
    scene.qtbot.waitUntil(lambda: step.found is not None)
    scene.rest()
    return step


# deciding


def test_conflict_shows_before_ours_and_theirs_with_who_and_when(scene: Scene) -> None:
    step, _ = looked_at(scene)
    assert isinstance(step.card, FieldConflictCard)
    shown = texts(step.card)
    assert {"Before", "17, Exempelbuss", "Ours", OURS, "Theirs", THEIRS} <= shown
    assert "EV, Дом у реки" in shown
    assert "Also in this record, without a conflict" in shown
    assert {"Verified sender", "File no. 1"} <= texts(step)
    assert nameless(step) == []


def test_page_says_that_a_plan_must_be_kept_and_that_nothing_of_it_is_replaced(
    scene: Scene,
) -> None:
    plan, (leg, _) = scene.enter_plan(scene.meet())
    them, us = scene.theirs.identity.organisation, scene.ours.identity.organisation
    sent = scene.on(lambda: transfer.send_bundle(scene.ours, plan, them, scene.post)).path
    transfer.import_bundle(scene.theirs, sent, transfer.review_bundle(scene.theirs, sent))
    change_record(scene.theirs, leg, {"carrier": THEIRS})
    answer = transfer.send_bundle(scene.theirs, plan, us, scene.post).path
    scene.on(lambda: set_legal_hold(scene.ours, plan, "Rättegång"))
    scene.page.preview(answer)
    step = scene.step(FileReviewPage)
    assert {
        "1 record belongs to a plan that must be kept as it is.",
        "What the file says is put beside the existing values and replaces nothing.",
    } <= texts(step)
    before = leg_of(scene, leg).record.carrier
    press(step.apply)
    scene.rest()
    values = [one.value for one in leg_of(scene, leg).versions["carrier"]]
    assert values == [before, THEIRS]


@pytest.mark.parametrize(("key", "value"), [("2", OURS), ("3", THEIRS)])
def test_side_chosen_by_its_number_holds_after_apply(scene: Scene, key: str, value: str) -> None:
    step, leg = looked_at(scene)
    assert step.apply.text() == "Apply 1, leave 1 undecided"
    keys(step, key)
    assert step.apply.text() == "Apply 1 record"
    assert step.table.model().index(0, 1).data() == "1 of 1 decided"
    press(step.apply)
    scene.rest()
    seen = leg_of(scene, leg)
    assert (seen.record.carrier, seen.conflicts) == (value, frozenset())
    assert "waits in its plan" not in said(scene.page)


def test_decision_is_undone_and_left_for_later_by_keys(scene: Scene) -> None:
    step, leg = looked_at(scene)
    keys(step, "32")
    (wid,) = step.decisions.values()
    keys(step, "U")
    assert next(iter(step.decisions.values())) != wid
    keys(step, "1")
    assert step.decisions == {}
    keys(step, "UUU9")  # there is nothing more to undo, and no ninth value
    assert step.decisions == {}
    press(step.apply)
    scene.rest()
    assert leg_of(scene, leg).conflicts == {"carrier"}


def test_click_on_a_value_or_an_answer_chooses_it(scene: Scene) -> None:
    step, _ = looked_at(scene)
    assert isinstance(step.card, FieldConflictCard)
    (ours, our_box), (theirs, _) = step.card._boxes
    QTest.mouseClick(our_box, Qt.MouseButton.LeftButton)
    assert set(step.decisions.values()) == {ours.wid}
    assert step.card.answers.key == ours.wid.hex()
    press(step.card.answers.parts[theirs.wid.hex()])
    assert set(step.decisions.values()) == {theirs.wid}


def test_value_is_chosen_by_keys_and_by_a_screen_reader(scene: Scene) -> None:
    step, _ = looked_at(scene)
    assert isinstance(step.card, FieldConflictCard)
    (ours, our_box), (theirs, their_box) = step.card._boxes
    assert our_box.accessibleName() == f"Ours: {OURS}"
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        for version, box in ((ours, our_box), (theirs, their_box)):
            box.setFocus(Qt.FocusReason.TabFocusReason)
            assert box.hasFocus()
            QTest.keyClick(box, key)
            assert set(step.decisions.values()) == {version.wid}
    interface = QAccessible.queryAccessibleInterface(our_box)
    assert interface is not None
    assert interface.role() is QAccessible.Role.Button
    interface.actionInterface().doAction("Press")
    scene.qtbot.waitUntil(lambda: set(step.decisions.values()) == {ours.wid})


def third(step: FileReviewPage) -> CustomValue:
    assert isinstance(step.card, FieldConflictCard)
    assert step.card.third is not None
    return step.card.third


def test_third_value_is_typed_and_holds_after_apply(scene: Scene) -> None:
    step, leg = looked_at(scene)
    assert not third(step).isVisible()
    keys(step, "4")
    editor = third(step).editor
    assert third(step).isVisible()
    assert editor.value() == OURS  # a text begins with ours
    line = editor.focus_targets[0]
    assert line.hasFocus()
    QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(line, "20 u, k 3")  # letters and digits are typed, and choose nothing
    assert step.decisions == {(leg, "carrier"): TypedValue("20 u, k 3")}
    assert step.apply.text() == "Apply 1 record"
    assert "another value" in step.table.model().index(1, 1).data()
    press(step.apply)
    scene.rest()
    seen = leg_of(scene, leg)
    assert (seen.record.carrier, seen.conflicts) == ("20 u, k 3", frozenset())


def test_third_value_is_undone_in_one_step_and_left_open_while_it_is_none(scene: Scene) -> None:
    step, leg = looked_at(scene)
    keys(step, "34")
    QTest.keyClicks(third(step).editor.focus_targets[0], "abc")
    step.table.setFocus()
    keys(step, "U")
    assert isinstance(step.decisions[(leg, "carrier")], bytes)
    assert not third(step).isVisible()
    keys(step, "4")
    third(step).editor.set_missing_answer(None)
    assert step.decisions == {}
    assert third(step).isVisible()
    assert step.apply.text() == "Apply 1, leave 1 undecided"
    keys(step, "1")
    assert not third(step).isVisible()


def test_what_was_typed_is_there_again_when_one_comes_back_to_it(scene: Scene) -> None:
    step, _ = two_conflicts(scene)
    keys(step, "4")
    third(step).editor.enter("Annan buss")
    step.table.setFocus()
    keys(step, "J")
    scene.rest()
    assert not third(step).isVisible()
    keys(step, "K")
    scene.rest()
    assert third(step).isVisible()
    assert third(step).editor.value() == "Annan buss"
    assert list(step.decisions.values()) == [TypedValue("Annan buss")]


def two_conflicts(scene: Scene) -> tuple[FileReviewPage, bytes]:
    """Return the review of a file with conflicts in two fields of a leg, and the leg."""
    plan, (_, leg) = scene.enter_plan(scene.meet())
    them, us = scene.theirs.identity.organisation, scene.ours.identity.organisation
    sent = scene.on(lambda: transfer.send_bundle(scene.ours, plan, them, scene.post)).path
    transfer.import_bundle(scene.theirs, sent, transfer.review_bundle(scene.theirs, sent))
    one: people.Values = {"carrier": OURS, "booking_reference": "A1"}
    other: people.Values = {"carrier": LONG, "booking_reference": "B2"}
    scene.on(lambda: change_record(scene.ours, leg, one))
    change_record(scene.theirs, leg, other)
    scene.page.preview(transfer.send_bundle(scene.theirs, plan, us, scene.post).path)
    return scene.step(FileReviewPage), leg


def test_long_value_is_folded_until_it_is_asked_for(scene: Scene) -> None:
    step, _ = two_conflicts(scene)
    keys(step, "J")
    scene.rest()
    assert isinstance(step.card, FieldConflictCard)
    assert LONG not in texts(step.card)
    more = next(part for part in step.card.findChildren(FoldedText) if part.more.isVisible())
    assert more.words.text().endswith(" …")
    press(more.more)
    assert more.words.text() == LONG
    press(more.more)
    assert more.words.text().endswith(" …")


def test_narrow_page_shows_every_side_below_the_list(scene: Scene) -> None:
    step, _ = looked_at(scene)
    assert isinstance(step.card, FieldConflictCard)
    for width, is_below in ((797, True), (1080, False), (797, True)):
        scene.page.resize(width, 477)
        scene.rest()
        below = step.card.mapTo(step, QPoint()).y() > step.table.mapTo(step, QPoint()).y() + 40
        assert below is is_below
        for part in (*(box for _, box in step.card._boxes), *step._proof.facts, step.card.answers):
            right = part.mapTo(step, QPoint(part.width(), 0)).x()
            assert right <= step.width(), part
        shown = [counts for counts in step._counts if counts.isVisible()]
        assert len(shown) == 1


def test_file_that_is_missing_before_it_is_told(scene: Scene) -> None:
    step, _ = looked_at(scene)
    assert step.incoming.missing == ()
    first, second, third = several_after(scene)
    scene.page.preview(third)
    assert "File no. 4; missing before it: 1, 2, 3" in said(scene.step(FileReviewPage))
    assert first != second


def several_after(scene: Scene) -> list[Path]:
    """Three more files of theirs."""
    (plan,) = scene.theirs.store.rows("plan")
    us = scene.ours.identity.organisation
    leg = scene.theirs.store.rows("leg")[0].rid
    made = []
    for carrier in ("Ett", "Två", "Tre"):
        change_record(scene.theirs, leg, {"carrier": carrier})
        made.append(transfer.send_bundle(scene.theirs, plan.rid, us, scene.post).path)
    return made


# what has come


def test_nothing_new_says_what_to_do(scene: Scene) -> None:
    scene.page.open_files()
    step = come(scene)
    assert "No new files" in said(step)
    assert step.take.isHidden()
    assert step.open.hasFocus()
    assert nameless(step) == []
    press(step.open)
    dialog = step.findChild(QFileDialog)
    assert dialog is not None
    dialog.close()


def test_files_on_sticks_are_found_and_all_taken_in_their_order(scene: Scene) -> None:
    made = several(scene)
    found = (*reversed(made), scene.post / "none.age")
    (scene.post / "none.age").write_bytes(b"a letter")
    scene.page._desk = replace(
        scene.ours, adapters=replace(scene.ours.adapters, arrived=lambda: found)
    )
    scene.page.show_inbox()
    step = come(scene)
    assert [step.table.model().index(row, 1).data().split(",")[0] for row in range(3)] == [
        "File no. 1", "File no. 2", "File no. 3",
    ]  # fmt: skip
    assert "1 file is not for our organisation." in said(step)
    assert step.take.text() == "Import 3 files"
    assert missed_by_tab(scene.page) == []
    assert "Nothing has been changed yet." in said(step)
    press(step.take)
    assert "Nothing has been changed yet." not in said(step)
    scene.qtbot.waitUntil(lambda: "3 files are imported." in said(step))
    scene.rest()
    assert "3 files were already imported." in said(step)
    assert "Nothing has been changed yet." not in said(step)
    assert "What was imported is recorded in the database." in said(step)
    (line,) = scene.on(lambda: partners.list_partners(scene.ours))
    assert line.missing == ()
    carriers = {view(row, Leg).record.carrier for row in scene.on(
        lambda: scene.ours.store.rows("leg"))}  # fmt: skip
    assert carriers == {"Tre", "Två"}


def test_row_leads_to_the_file_the_card_or_the_reason(scene: Scene) -> None:
    path, *_ = several(scene)
    torn = scene.post / "torn.age"
    torn.write_bytes(path.read_bytes()[:-40])
    scene.page.open_files([path, torn])
    step = come(scene)
    step._on_row_chosen(1)
    assert "bundle.torn in en." in said(step.outcome)
    step._on_row_chosen(7)
    QTest.keyClick(step.table, Qt.Key.Key_Return)
    assert scene.step(FileReviewPage).incoming.path == path


def test_card_among_the_files_is_added(scene: Scene) -> None:
    (scene.post / "more").mkdir()
    card = scene.their_card
    scene.page.open_files([card, scene.post / "more" / "gone.age"])
    step = come(scene)
    assert step.take.isHidden()  # a card is looked at, and counted nowhere
    assert "a card: add it, then compare the digits" in step.table.model().index(0, 2).data()
    press(step.look)
    scene.step(NewPartnerPage)


def test_refusal_of_one_file_keeps_none_of_the_others_back(scene: Scene) -> None:
    made = several(scene)
    scene.page.show_inbox(made)
    step = come(scene)
    made[1].unlink()
    press(step.take)
    scene.qtbot.waitUntil(lambda: "2 files are imported." in said(step))
    scene.rest()


@pytest.mark.parametrize("is_ours_newer", [False, True])
def test_values_of_a_conflict_stand_in_the_order_of_the_review(
    kit: UiContext, qtbot: QtBot, *, is_ours_newer: bool
) -> None:
    ours = FieldVersion("17, Exempelbuss", "EV, Nordhuset", 2, b"o" * 16)
    theirs = FieldVersion("18, Exempelbuss", "OL, Huset", 1, b"t" * 16)
    copied = FieldVersion("19, Exempelbuss", "EV, Nordhuset", 3, b"c" * 16)  # says it is ours
    versions = (theirs, copied, ours) if is_ours_newer else (copied, ours, theirs)
    senders = {theirs.wid: "Huset", copied.wid: "Huset"}
    conflict = Conflict(b"r" * 16, "leg", "carrier", 1, None, versions, frozenset(), senders)
    card = ConflictCard(kit, conflict, "Nordhuset")
    card.resize(900, 300)
    show(qtbot, card)
    chosen: list[FieldVersion] = []
    card.decided.connect(lambda _conflict, version: chosen.append(version))
    for button in sorted(card.buttons, key=lambda one: one.mapTo(card, QPoint()).x()):
        button.click()
    assert chosen == [ours, *(one for one in versions if one is not ours)]
