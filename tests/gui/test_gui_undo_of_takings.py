# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking a file back in the window: offered right after Apply, and at its partner."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import Scene, opened_scene, press, texts

from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.exchange.review import FileReviewPage

BUTTON = "Undo the last import"


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


def take(scene: Scene) -> tuple[bytes, list[Notification]]:
    """Take a file of theirs in the window; the store before it, and what was told."""
    received: list[Notification] = []
    file, _ = scene.answer()
    before = scene.on(scene.ours.store.digest)
    scene.page.preview(file)
    scene.kit.events.told.connect(received.append)
    press(scene.step(FileReviewPage).apply)
    scene.rest()
    return before, received


def test_apply_offers_its_undo(scene: Scene) -> None:
    before, told = take(scene)
    assert scene.on(scene.ours.store.digest) != before
    undo = told[-1].undo
    assert undo is not None
    undo()
    scene.rest()
    assert scene.on(scene.ours.store.digest) == before
    assert told[-1].message == "The import is undone. Everything is as it was before."
    assert BUTTON not in texts(scene.page)


def test_partner_offers_it_until_something_leaves(scene: Scene) -> None:
    before, _ = take(scene)
    card = scene.page.listing.card
    assert card is not None
    assert card.undo.isVisible()
    press(card.undo)
    scene.rest()
    assert scene.on(scene.ours.store.digest) == before
    assert scene.page.listing.card is not None
    assert not scene.page.listing.card.undo.isVisible()
