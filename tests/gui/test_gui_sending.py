# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending on a real store: what is said before a file is made, and what keeps it back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import Scene, opened_scene, press, said

from kfdesk.demo import people
from kfdesk.domain.records.client import Client
from kfdesk.domain.values import Value, Wording
from kfdesk.services import partners
from kfdesk.services.writing.records import change_record, create_record
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.sending_views.send import Send


@pytest.fixture
def scene(kit: Kit, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


def sending(scene: Scene, sign: Value, code: str = "vinter-21") -> Send:
    """The page, when the sign by which she is met says this and there is another client."""
    them = scene.meet()
    _, (_, leg) = scene.enter_plan(them)
    scene.on(lambda: change_record(scene.ours, leg, {"sign": sign}))
    other: people.Values = {"code": code, "given_name": "Oksana"}
    scene.on(lambda: create_record(scene.ours, Client, other))
    scene.page.send(them)
    return scene.step(Send)


def tick(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))


def test_groups_are_shown_with_the_consent_that_opens_them(scene: Scene) -> None:
    step = sending(scene, people.told("grön", "зелёная", "green"))
    shown = said(step)
    assert "What her consent opens" in shown
    assert "Reception and reintegration, until" in shown
    assert step.make.isEnabled()


def test_another_clients_name_keeps_the_file_back_until_it_is_somebody_elses(
    scene: Scene,
) -> None:
    step = sending(scene, people.told("med Oksana", "зелёная", "green"))
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


def test_another_clients_code_has_no_way_out_but_the_text(scene: Scene) -> None:
    step = sending(scene, people.told("som vinter-21", "зелёная", "green"))
    assert step.view is not None
    assert step.view.warnings.ticks == {}
    assert not step.make.isEnabled()


def test_text_in_another_language_is_said_may_go_and_can_be_added_to(
    scene: Scene, qtbot: QtBot
) -> None:
    step = sending(scene, (Wording("sv", "grön väska"),))
    assert "1 text is only in: Swedish." in said(step)
    assert f"{people.SAFE_HOUSE} reads: Russian." in said(step)
    assert step.make.isEnabled()
    assert step.view is not None
    add = next(one for one in step.view.warnings.findChildren(QAbstractButton) if one.text())
    with qtbot.waitSignal(scene.page.plan_chosen) as asked:
        press(add)  # type: ignore[arg-type]
    assert asked.args == [bytes.fromhex(step.plan.key)]


def test_nothing_is_said_of_languages_where_the_partners_are_not_known(scene: Scene) -> None:
    them = scene.meet()
    known = scene.on(lambda: partners.find_partner(scene.ours, them))
    scene.on(lambda: scene.ours.store.ledger.set_partner(replace(known, reads=())))
    scene.enter_plan(them)
    scene.page.send(them)
    step = scene.step(Send)
    assert step.view is not None
    assert not step.view.warnings.isVisible()
