# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own keys made anew from Settings: nothing is chosen beforehand, and the desk locks itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import WHO, Scene, opened_scene, press, said, texts
from tests.support.windows import nameless, show

from kfdesk.domain.accounts import Role
from kfdesk.services.core.session import Session, open_session
from kfdesk.services.exchange import partners, revocations, transfer
from kfdesk.services.exchange.partners import find_partner
from kfdesk.ui.context import UiContext
from kfdesk.ui.lock.lock import FOR_KEYS, LockInfo
from kfdesk.ui.pages.accounts import BOX_KEY, SIGNING_KEY, STOLEN_KEY, RenewKeysPage
from kfdesk.ui.pages.settings import SettingsPage


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        made.meet()
        yield made


def opened(scene: Scene) -> tuple[SettingsPage, RenewKeysPage]:
    """Return the settings, and the page of new keys, opened by its button."""
    page = SettingsPage(scene.kit, scene.ours)
    page.resize(1100, 900)
    show(scene.qtbot, page)
    scene.rest()
    press(page.keys.renew)
    step = page.step
    assert isinstance(step, RenewKeysPage)
    return page, step


def renewed(scene: Scene, chosen: str) -> tuple[Session, list[str]]:
    """Make new keys as chosen; the desk as it is opened again, and why it was locked."""
    asked: list[str] = []
    scene.kit.events.lock_asked.connect(asked.append)
    _page, step = opened(scene)
    QTest.mouseClick(step.options[chosen], Qt.MouseButton.LeftButton)
    press(step.confirm)
    scene.rest()
    desk = scene.ours
    return scene.on(lambda: open_session(desk.store, WHO.initials, desk.adapters)), asked


def told(scene: Scene, here: Session) -> None:
    """Send a file without data to the partner, who imports it."""
    them = scene.theirs.identity.organisation
    path = scene.on(lambda: transfer.send_notices(here, them, scene.post)).path
    transfer.import_bundle(scene.theirs, path, transfer.review_bundle(scene.theirs, path))


def test_nothing_is_chosen_and_the_button_says_what_is_missing(scene: Scene) -> None:
    _page, step = opened(scene)
    assert step.chosen == ""
    assert not step.confirm.isEnabled()
    assert "First choose which keys to renew." in said(step)
    assert "The program locks itself and opens again with the new keys." in said(step)
    assert nameless(step) == []
    QTest.keyClick(step.options[BOX_KEY], Qt.Key.Key_Space)
    assert step.chosen == BOX_KEY
    assert step.confirm.isEnabled()


def test_new_key_to_encrypt_to_reaches_a_partner_by_the_next_file(scene: Scene) -> None:
    desk, asked = renewed(scene, BOX_KEY)
    assert asked == [FOR_KEYS]
    assert desk.identity.sign_seed == scene.ours.identity.sign_seed
    assert desk.identity.age_secret != scene.ours.identity.age_secret
    told(scene, desk)
    card = find_partner(scene.theirs, desk.identity.organisation).card
    assert desk.adapters.bundles.read_card(card).generation == desk.identity.generation


@pytest.mark.parametrize("chosen", [SIGNING_KEY, STOLEN_KEY])
def test_new_signing_key_waits_for_the_partners_call(scene: Scene, chosen: str) -> None:
    desk, asked = renewed(scene, chosen)
    assert asked == [FOR_KEYS]
    assert desk.identity.sign_seed != scene.ours.identity.sign_seed
    assert not scene.on(
        lambda: partners.knows_present_key(desk, scene.theirs.identity.organisation)
    )
    old_key = desk.adapters.bundles.sign_keys(scene.ours.identity)[0]
    warned = scene.on(lambda: revocations.is_revoked_key(desk, old_key))
    assert warned is (chosen == STOLEN_KEY)


def test_door_says_why_it_was_locked(kit: UiContext) -> None:
    locked = LockInfo(datetime.now(tz=UTC), why=FOR_KEYS)
    assert (
        kit.translator.translate(locked.reason)
        == "The exchange keys are new, so the program locked itself"
    )
    assert locked.icon == "key-round"


def test_who_may_not_manage_keys_is_not_offered_new_ones(scene: Scene) -> None:
    reader = replace(scene.ours, roles=frozenset({Role.DIRECTORY_EDITOR}))
    page = SettingsPage(scene.kit, reader)
    show(scene.qtbot, page)
    scene.rest()
    assert page.keys.isHidden()


@pytest.mark.slow
def test_every_word_of_the_page_is_said_in_the_chosen_language(
    kit: UiContext, scene: Scene
) -> None:
    page, _step = opened(scene)
    page.show_list()
    kit.set_language("sv")
    press(page.keys.renew)
    assert page.step is not None
    assert [text for text in texts(page.step) if text and not text.startswith("⟦")] == []
