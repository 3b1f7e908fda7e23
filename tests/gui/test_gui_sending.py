# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending on a real store: what is said before a file is made, and what keeps it back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import Scene, opened_scene, press, said, texts

from kfdesk.demo import people
from kfdesk.domain.records.client import Client
from kfdesk.domain.values import Translation, Value, ZonedTime
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.disclosure_log import record_destination
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.send import SendPage


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


def sending(scene: Scene, sign: Value, code: str = "vinter-21") -> SendPage:
    """Return the page after this sign was entered, with another client in the store."""
    them = scene.meet()
    _, (_, leg) = scene.enter_plan(them)
    scene.on(lambda: change_record(scene.ours, leg, {"sign": sign}))
    other: people.Values = {"code": code, "given_name": "Oksana"}
    scene.on(lambda: create_record(scene.ours, Client, other))
    scene.page.send(them)
    return scene.step(SendPage)


def tick(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))


def test_groups_are_shown_with_the_consent_that_opens_them(scene: Scene) -> None:
    step = sending(scene, people.localized("grön", "зелёная", "green"))
    shown = said(step)
    assert "What her consent allows" in shown
    assert "Reception and reintegration, until" in shown
    assert step.make.isEnabled()


def test_another_clients_name_keeps_the_file_back_until_it_is_somebody_elses(
    scene: Scene,
) -> None:
    step = sending(scene, people.localized("med Oksana", "зелёная", "green"))
    assert "“Oksana” may be vinter-21." in said(step)
    assert not step.make.isEnabled()
    step.send_to(scene.post)
    scene.rest()
    assert list(scene.post.glob("*.age")) == []
    assert step.view is not None
    (box,) = step.view.warnings.ticks.values()
    tick(box)
    assert step.make.isEnabled()
    step.send_to(scene.post)
    scene.rest()
    assert len(list(scene.post.glob("*.age"))) == 1


@pytest.mark.slow
def test_another_clients_code_has_no_way_out_but_the_text(scene: Scene) -> None:
    step = sending(scene, people.localized("som vinter-21", "зелёная", "green"))
    assert step.view is not None
    assert step.view.warnings.ticks == {}
    assert not step.make.isEnabled()


@pytest.mark.slow
def test_text_in_another_language_is_said_may_go_and_can_be_added_to(
    scene: Scene, qtbot: QtBot
) -> None:
    step = sending(scene, (Translation("sv", "grön väska"),))
    assert "1 text is only in: Swedish." in said(step)
    assert f"{people.SAFE_HOUSE} reads: Russian." in said(step)
    assert step.make.isEnabled()
    assert step.view is not None
    add = next(one for one in step.view.warnings.findChildren(QAbstractButton) if one.text())
    with qtbot.waitSignal(scene.page.plan_chosen) as asked:
        press(add)  # type: ignore[arg-type]
    assert asked.args == [bytes.fromhex(step.plan.key)]


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "Europe/Moscow"])
def test_time_by_the_clock_of_another_place_is_said_on_top_and_leads_to_the_plan(
    scene: Scene, qtbot: QtBot, zone: str
) -> None:
    them = scene.meet()
    _, (_, leg) = scene.enter_plan(them)
    at = ZonedTime.at(datetime.fromisoformat("2026-12-20T20:15"), zone)
    place = (Translation("sv", "Pskov, busstationen"), Translation("ru", "Псков, автовокзал"))
    scene.on(lambda: change_record(scene.ours, leg, {"arrives": at, "to_place": place}))
    scene.page.send(them)
    step = scene.step(SendPage)
    sentence = "A time in the journey is told by the clocks of another place."
    assert (sentence in said(step)) == (zone == "Europe/Stockholm")
    if zone == "Europe/Stockholm":
        assert step.view is not None
        buttons = step.view.warnings.findChildren(QAbstractButton)
        mend = next(one for one in buttons if one.text() == "Correct it")
        with qtbot.waitSignal(scene.page.plan_chosen) as asked:
            press(mend)  # type: ignore[arg-type]
        assert asked.args == [bytes.fromhex(step.plan.key)]


@pytest.mark.slow
def test_nothing_is_said_of_languages_where_the_partners_are_not_known(scene: Scene) -> None:
    them = scene.meet()
    known = scene.on(lambda: partners.find_partner(scene.ours, them))
    scene.on(lambda: scene.ours.store.ledger.set_partner(replace(known, reads=())))
    scene.enter_plan(them)
    scene.page.send(them)
    step = scene.step(SendPage)
    assert step.view is not None
    assert not step.view.warnings.isVisible()


def another_partner(scene: Scene) -> None:
    """Enter a second partner that is verified."""
    known = scene.on(lambda: partners.list_partners(scene.ours))[0].partner
    other = replace(known, organisation=b"\7" * 16, name="Annat hus", sign_key=b"\7" * 32)
    scene.on(lambda: scene.ours.store.ledger.set_partner(other))
    scene.page.read()
    scene.rest()


def test_the_only_partner_is_chosen_and_of_several_one_is_asked_for(scene: Scene) -> None:
    them = scene.meet()
    plan, _ = scene.enter_plan(them)
    scene.page.begin_sending(plan)
    step = scene.step(SendPage)
    assert step.partner.hasFocus()
    assert bytes.fromhex(step.partner.key) == them
    another_partner(scene)
    scene.page.begin_sending(plan)
    step = scene.step(SendPage)
    assert step.partner.key == ""
    assert "First choose a recipient" in said(step)
    assert not step.make.isEnabled()
    keys = [step.partner.itemText(place) for place in range(step.partner.count())]
    for _ in range(keys.index(people.SAFE_HOUSE)):
        QTest.keyClick(step.partner, Qt.Key.Key_Down)
    scene.rest()
    assert bytes.fromhex(step.partner.key) == them
    assert bytes.fromhex(step.plan.key) == plan
    assert step.make.isEnabled()


def test_without_a_verified_partner_it_is_said_what_is_missing(scene: Scene) -> None:
    scene.page.begin_sending()
    step = scene.step(SendPage)
    assert "No partner is verified yet" in said(step)
    assert not step.make.isEnabled()


def two_plans(scene: Scene) -> tuple[SendPage, bytes, bytes]:
    """Return the page with two clients who have agreed to be shared with this partner."""
    them = scene.meet()
    first, _ = scene.enter_plan(them)
    second, _ = scene.enter_plan(them)
    client = scene.on(lambda: require_record(scene.ours, second)).parent
    assert client is not None
    names: people.Values = {"code": "vinter-21", "given_name": "Вера", "alias": "Vera"}
    scene.on(lambda: change_record(scene.ours, client, names))
    scene.page.send(them, first)
    return scene.step(SendPage), first, second


def test_what_else_waits_for_the_partner_goes_in_the_same_file_if_it_is_ticked(
    scene: Scene,
) -> None:
    step, first, second = two_plans(scene)
    assert list(step.also.ticks) == [second]
    assert step.also.ticks[second].text().startswith("vinter-21 · Vera: ")
    assert step._shown is not None
    assert set(step._shown.parcel.whose) == {first}
    tick(step.also.ticks[second])
    scene.rest()
    assert {"tulpan-47", "vinter-21"} <= texts(step)
    step.send_to(scene.post)
    scene.rest()
    (made,) = scene.post.glob("*.age")
    transfer.import_bundle(scene.theirs, made, transfer.review_bundle(scene.theirs, made))
    assert {row.rid for row in scene.theirs.store.rows("plan")} == {first, second}
    assert "You can now remove the USB stick." in said(step)


@pytest.mark.slow
def test_a_plan_that_is_chosen_above_is_not_offered_again(scene: Scene) -> None:
    step, first, second = two_plans(scene)
    tick(step.also.ticks[second])
    QTest.keyClick(step.plan, Qt.Key.Key_Down)
    scene.rest()
    assert bytes.fromhex(step.plan.key) == second
    assert list(step.also.ticks) == [first]
    assert step._chosen_plans() == (second,)


@pytest.mark.slow
def test_one_clients_name_in_the_others_text_stops_the_file_of_both(scene: Scene) -> None:
    step, _, second = two_plans(scene)
    leg = next(row for row in scene.on(lambda: scene.ours.store.children(second))
               if row.type == "leg")  # fmt: skip
    sign = people.localized("som tulpan-47", "зелёная", "green")
    scene.on(lambda: change_record(scene.ours, leg.rid, {"sign": sign}))
    tick(step.also.ticks[second])
    scene.rest()
    assert "Another client is named here" in said(step)
    assert not step.make.isEnabled()


def test_the_next_file_for_a_partner_is_put_where_the_last_one_was(scene: Scene) -> None:
    them = scene.meet()
    _, (_, leg) = scene.enter_plan(them)
    stick = scene.post / "stick"
    stick.mkdir()
    scene.page.send(them)
    scene.step(SendPage).send_to(stick)
    scene.rest()
    scene.on(lambda: change_record(scene.ours, leg, {"carrier": "21, Exempelbuss"}))
    scene.page.send(them)
    step = scene.step(SendPage)
    press(step.make)
    dialog = step.findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.directory().absolutePath()) == stick
    dialog.close()


@pytest.mark.slow
def test_where_the_stick_is_gone_the_question_begins_elsewhere(scene: Scene) -> None:
    them = scene.meet()
    scene.enter_plan(them)
    scene.on(lambda: record_destination(scene.ours, them, scene.post / "gone"))
    scene.page.send(them)
    step = scene.step(SendPage)
    press(step.make)
    dialog = step.findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.directory().absolutePath()) != scene.post / "gone"
    dialog.close()
