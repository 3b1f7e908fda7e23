# SPDX-License-Identifier: GPL-3.0-or-later
"""What a partner's file asks for: proposals and deletions in a plan; erasures have a yes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import Scene, opened_scene, press, said
from tests.support.forging import Forger
from tests.support.windows import show

from kfdesk.demo import people
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import ControlMessages, ErasureOrder
from kfdesk.domain.records.journey import HelpNumber
from kfdesk.domain.registers import is_deleted, is_deletion_requested
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import Value
from kfdesk.services.exchange import transfer
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.inbox import Inbox
from kfdesk.ui.pages.exchange.review import FileReviewPage
from kfdesk.ui.pages.plan.page import PlanView

NUMBER = "+7 000 555-01-99"


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


def forger(scene: Scene) -> Forger:
    return Forger(scene.theirs, scene.ours, scene.post)


def row_of(scene: Scene, rid: bytes) -> Row:
    row = scene.on(lambda: scene.ours.store.row(rid))
    assert row is not None
    return row


def picture(widget: QWidget, name: str) -> None:
    """Keep a picture for the eye, if a folder for it is named."""
    folder = os.environ.get("PICTURES")
    if folder:
        widget.window().setUpdatesEnabled(True)
        widget.grab().save(f"{folder}/{name}.png")


def plan_with(scene: Scene, rows: list[Row], plan: bytes) -> PlanView:
    """Take a forged file with these rows, and open the plan at its journey."""
    path = forger(scene).file(rows)
    scene.on(
        lambda: transfer.import_bundle(scene.ours, path, transfer.review_bundle(scene.ours, path))
    )
    page = PlanView(scene.kit, scene.ours, plan)
    page.resize(1080, 740)
    show(scene.qtbot, page)
    page.read()
    scene.rest()
    page.go_to("travel")
    scene.rest()
    return page


def proposed(scene: Scene) -> tuple[PlanView, bytes]:
    plan, _ = scene.enter_plan(scene.meet())
    values: dict[str, Value] = {
        "sequence": 1, "number": NUMBER, "languages": ("ru",),
        "answered_by": people.localized("Eva", "Эва", "Eva"),
    }  # fmt: skip
    number = forger(scene).written("help_number", values, parent=plan)
    return plan_with(scene, [number], plan), number.rid


def test_proposed_number_counts_once_it_is_taken_over(scene: Scene) -> None:
    page, rid = proposed(scene)
    (card,) = page.proposals
    picture(page, "proposal")
    shown = said(card)
    assert people.SAFE_HOUSE in shown
    assert NUMBER in shown
    assert [one.conflict.rid for one in page.conflicts if one.conflict.rid == rid] == []
    press(card.take)
    scene.rest()
    assert view(row_of(scene, rid), HelpNumber).record.number == NUMBER
    assert page.proposals == []


def test_proposed_number_that_is_left_out_goes_to_the_bin(scene: Scene) -> None:
    page, rid = proposed(scene)
    (card,) = page.proposals
    press(card.decline)
    scene.rest()
    assert is_deleted(row_of(scene, rid).state)
    assert page.proposals == []


@pytest.mark.parametrize("is_kept", [True, False])
def test_deletion_that_a_partner_asks_for_is_decided(scene: Scene, is_kept: bool) -> None:
    plan, (leg, _) = scene.enter_plan(scene.meet())
    page = plan_with(scene, [forger(scene).deleted(row_of(scene, leg))], plan)
    (card,) = page.deletions
    picture(page, "deletion")
    assert people.SAFE_HOUSE in said(card)
    press(card.keep if is_kept else card.agree)
    scene.rest()
    state = row_of(scene, leg).state
    assert (is_deleted(state), is_deletion_requested(state)) == (not is_kept, False)
    assert page.deletions == []


@pytest.mark.parametrize("is_agreed", [True, False])
def test_erasing_by_a_file_has_a_yes_of_its_own(scene: Scene, is_agreed: bool) -> None:
    scene.meet()
    client = forger(scene).written("client", {"code": "sippa-3"})
    first = forger(scene).file([client])
    scene.on(
        lambda: transfer.import_bundle(scene.ours, first, transfer.review_bundle(scene.ours, first))
    )
    order = ErasureOrder(b"o" * 16, client.rid, None, ErasureReason.CLIENT_REQUEST, 0, 1 << 16)
    path = forger(scene).file(dealings=ControlMessages(orders=(order,)))

    scene.page.show_inbox([path])
    inbox = scene.step(Inbox)
    assert not inbox.take.isVisible()
    assert "will erase 1" in inbox.table.model().index(0, 2).data()
    picture(inbox, "inbox")

    scene.page.preview(path)
    step = scene.step(FileReviewPage)
    picture(step, "erasing")
    assert "This file will erase 1 record that they are responsible for" in said(step)
    if is_agreed:
        step.erase.click()
    press(step.apply)
    scene.rest()
    gone = scene.on(lambda: scene.ours.store.row(client.rid)) is None
    assert gone == is_agreed


def test_look_names_what_would_change_who_meets_her(scene: Scene) -> None:
    plan, (leg, _) = scene.enter_plan(scene.meet())
    changed = forger(scene).changed(
        row_of(scene, leg), {"met_by": people.localized("Ida", "Ида", "Ida")}
    )
    scene.page.preview(forger(scene).file([changed]))
    step = scene.step(FileReviewPage)
    picture(step, "meeting")
    assert (
        "The file would change who meets her, or whom she can call. Number of values: 1."
        in said(step)
    )
    assert plan
