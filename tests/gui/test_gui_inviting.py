# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder that invites, made in the window, and the first run that begins with such a folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import Scene, opened_scene, press, said
from tests.gui.test_gui_first_run import listed
from tests.support.windows import nameless, settle, show

from kfdesk import app
from kfdesk.bundle.card import is_card_name
from kfdesk.demo import people
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.exchange import invitations, partners
from kfdesk.services.exchange.invitations import Invitation
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.verification import InvitePage, NewPartnerPage
from kfdesk.ui.pages.first_run import FirstRunPage, SetupAnswers, SetupServices
from kfdesk.ui.shell.window import Window


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


def first_run(kit: UiContext, qtbot: QtBot, found: object) -> tuple[FirstRunPage, Window]:
    """Return a first run that finds an invitation, or is refused one."""

    def look(_place: Path) -> Invitation:
        if isinstance(found, BaseException):
            raise found
        assert isinstance(found, Invitation)
        return found

    def create(_wanted: SetupAnswers) -> object:
        return "desk"

    window = Window(kit)
    page = FirstRunPage(kit, SetupServices(listed, os.urandom, is_card_name, create, None, look))
    window.show_page(page)
    show(qtbot, window)
    page.start()
    return page, window


def test_empty_place_offers_the_invitation_first(scene: Scene) -> None:
    scene.page.setFocus()
    assert scene.page.listing.first_invite.hasFocus()
    press(scene.page.listing.first_invite)
    step = scene.step(InvitePage)
    assert step.language.key == "en"
    assert nameless(step) == []


def test_folder_is_made_in_her_language_and_the_page_says_what_is_next(scene: Scene) -> None:
    scene.page.invite()
    step = scene.step(InvitePage)
    press(step.language.parts["sv"])
    press(step.program.parts["elsewhere"])
    assert "they get the program from you" in said(step)
    step.invite_into(scene.post)
    scene.rest()
    assert step.made == scene.post / "notebook"
    assert 'lang="sv"' in (scene.post / "notebook" / "read-me.html").read_text(encoding="utf-8")
    assert not (scene.post / "notebook" / "program").exists()
    assert "You can now remove the USB stick." in said(step)
    assert "Both of you tick the box." in said(step)
    press(step.done)
    assert scene.page.step is None


def test_refused_folder_is_told_and_can_be_tried_again(scene: Scene) -> None:
    scene.page.invite()
    step = scene.step(InvitePage)
    (scene.post / "file").write_bytes(b"")
    step.invite_into(scene.post / "file")
    scene.rest()
    assert "store.disk in en." in said(step)
    assert step.make.isEnabled()
    QTest.keyClick(step, Qt.Key.Key_Escape)
    assert scene.page.step is None


def test_who_joins_leaves_her_card_and_is_asked_about_the_other(scene: Scene) -> None:
    words = app.language("ru")
    invitations.create_invitation(scene.theirs, scene.post, words, has_program=True)
    folder = scene.post / "notebook"
    scene.page.join(folder)
    step = scene.step(NewPartnerPage)
    assert f"Give or send the USB stick back to {people.SAFE_HOUSE}." in said(step)
    offered = partners.preview_card(scene.theirs, folder / invitations.ANSWER_FILE)
    assert offered.name == people.HOUSE
    scene.page.show_list()
    scene.meet()
    scene.page.join(folder)
    scene.rest()
    assert scene.page.step is None
    assert "Your card is now beside theirs." in said(scene.page)


def test_first_run_goes_on_with_the_invitation_that_was_found(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    page, _window = first_run(kit, qtbot, Invitation(tmp_path, people.HOUSE, b"o" * 16))
    assert page.joining.isVisible()
    page.read_invitation(tmp_path)
    settle(qtbot, kit)
    assert page.invitation == Invitation(tmp_path, people.HOUSE, b"o" * 16)
    assert page.desk.isVisible()
    assert page.desk.name_entry.hasFocus()
    assert f"You are joining: {people.HOUSE}." in said(page)
    assert not page.joining.isVisible()
    assert nameless(page) == []


def test_first_run_says_that_there_is_no_invitation(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    page, _window = first_run(kit, qtbot, KfdeskError("invitation.none"))
    page.read_invitation(tmp_path)
    settle(qtbot, kit)
    assert "invitation.none in en." in said(page)
    assert page.language.isVisible()
    assert page.invitation is None


def test_first_run_asks_for_the_folder_by_a_dialog(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    page, _window = first_run(kit, qtbot, Invitation(tmp_path, people.HOUSE, b"o" * 16))
    QTest.mouseClick(page.joining, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.close()
