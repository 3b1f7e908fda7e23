# SPDX-License-Identifier: GPL-3.0-or-later
"""Another laptop of our own in the window: set up, added, compared, and sent everything."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import MACHINE, WHO, Scene, opened_scene, press, said
from tests.gui.test_gui_inviting import first_run
from tests.support.laptops import invite_laptop
from tests.support.windows import missed_by_tab, nameless, settle

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.exchange import WrittenBundle
from kfdesk.services.core.session import OrganisationRef, Session, open_session
from kfdesk.services.exchange import invitations, outbox, partners, transfer
from kfdesk.services.exchange.invitations import Invitation
from kfdesk.ui.context import UiContext
from kfdesk.ui.lock.lock import FOR_KEYS
from kfdesk.ui.pages.exchange.inbox import Inbox
from kfdesk.ui.pages.exchange.send import SendPage
from kfdesk.ui.pages.exchange.verification import (
    AnswerInvitationPage,
    CompareDigitsPage,
    CopiedStorePage,
    InvitePage,
    NewPartnerPage,
)


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


@pytest.fixture
def other(scene: Scene, tmp_path: Path) -> Iterator[Session]:
    """Yield a second laptop of our organisation, which knows no partner yet."""
    ours = scene.ours
    inviter = ours.adapters.bundles.sign_keys(ours.identity)[0]
    house = OrganisationRef(people.HOUSE, ours.identity.organisation, inviter)
    desk = store_lifecycle.create_organisation_store(tmp_path / "other", house, WHO, MACHINE)
    yield desk
    desk.store.close()


def own_in(folder: Path) -> Invitation:
    return Invitation(folder, people.HOUSE, b"o" * 16, is_own=True)


def answered(scene: Scene, other: Session) -> Path:
    """Invite the other laptop; return its answer on the stick."""
    there = scene.on(lambda: invite_laptop(scene.ours, scene.post))
    invitations.accept_invitation(other, there)
    return there / invitations.ANSWER_FILE


def added(scene: Scene, other: Session) -> CompareDigitsPage:
    """Add its card in the window, and return the page of the digits."""
    scene.page.add_card(answered(scene, other))
    step = scene.step(NewPartnerPage)
    QTest.keyClicks(step.called, "Kontoret")
    press(step.add)
    scene.rest()
    scene.page.compare_digits(other.identity.device)
    return scene.step(CompareDigitsPage)


def trusted(scene: Scene, other: Session) -> bytes:
    """Both trust each other; the id by which we know it."""
    step = added(scene, other)
    step.same.setChecked(True)
    press(step.confirm)
    scene.rest()
    us = scene.ours.identity.device
    card = scene.on(lambda: partners.our_card(scene.ours))
    partners.add_partner(other, card, partners.PartnerTerms(is_third_country=False, name="Hallen"))
    partners.verify_partner(other, us, partners.verification_digits(other, us))
    return other.identity.device


def test_invitation_for_our_own_laptop_has_its_own_page_and_steps(scene: Scene) -> None:
    scene.page.invite()
    step = scene.step(InvitePage)
    assert "nothing secret" in said(step)
    press(step.who.parts["laptop"])
    assert "The folder lets one laptop join, once, within 30 days." in said(step)
    step.invite_into(scene.post)
    scene.rest()
    folder = scene.post / "notebook"
    assert (folder / "laptop.card").exists()
    assert not (folder / "card.card").exists()
    assert "Compare the sixty digits on both screens" in said(step)
    assert (folder / "laptop.ticket").exists()
    assert nameless(step) == []


def test_first_run_of_another_laptop_takes_the_name_of_the_house(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    page, _window = first_run(kit, qtbot, own_in(tmp_path))
    page.read_invitation(tmp_path)
    settle(qtbot, kit)
    assert page.desk.organisation == people.HOUSE
    assert not page.desk.name_entry.isEnabled()
    assert page.desk.initials_entry.hasFocus()
    assert f"Another laptop belonging to {people.HOUSE}." in said(page)


def test_its_card_asks_only_for_a_name_and_warns(scene: Scene, other: Session) -> None:
    scene.page.add_card(answered(scene, other))
    step = scene.step(NewPartnerPage)
    assert "another laptop of our own organisation" in said(step)
    assert not step.where.isVisible()
    assert not step.add.isEnabled()
    assert step.called.hasFocus()
    QTest.keyClicks(step.called, "Kontoret")
    assert step.add.isEnabled()
    assert missed_by_tab(scene.page) == []
    press(step.add)
    scene.rest()
    assert "Our own laptop" in str(scene.page.listing.table.model().index(0, 0).data())
    assert "Kontoret" in said(scene.page.listing)


def test_card_that_none_of_ours_has_confirmed_says_what_is_missing(
    scene: Scene, other: Session
) -> None:
    card = scene.post / "a.card"
    partners.save_own_card(other, card)
    scene.page.add_card(card)
    step = scene.step(NewPartnerPage)
    assert "none of ours has confirmed it" in said(step)
    assert "invite it from here with a USB stick" in said(step)
    assert not step.add.isVisible()
    assert not step.called.isVisible()
    assert missed_by_tab(scene.page) == []
    assert nameless(step) == []
    QTest.keyClick(step.first, Qt.Key.Key_Space)
    assert scene.step(InvitePage).who.key == "laptop"


def test_laptop_answers_the_invitation_of_another_one_on_its_stick(
    scene: Scene, other: Session
) -> None:
    there = invite_laptop(other, scene.post)
    scene.page.add_card(there / invitations.LAPTOP_CARD_FILE)
    step = scene.step(AnswerInvitationPage)
    assert "invites this laptop to another laptop of ours" in said(step)
    assert not (there / invitations.ANSWER_FILE).exists()
    assert nameless(step) == []
    QTest.keyClick(step.answer, Qt.Key.Key_Space)
    scene.rest()
    assert "none of ours has confirmed it" in said(scene.step(NewPartnerPage))
    assert "Your card is now beside theirs." in said(scene.page)
    answer = partners.preview_card(other, there / invitations.ANSWER_FILE)
    assert (answer.is_own, answer.is_unsigned) == (True, False)


def test_answer_that_cannot_be_written_is_told(scene: Scene, other: Session) -> None:
    there = invite_laptop(other, scene.post)
    (there / invitations.ANSWER_FILE).mkdir()
    scene.page.add_card(there / invitations.LAPTOP_CARD_FILE)
    step = scene.step(AnswerInvitationPage)
    press(step.answer)
    scene.rest()
    assert "store.disk in en." in said(step)
    assert step.answer.isEnabled()


# --- the other laptop has a copy of our store


def invited_by_copy(scene: Scene, other: Session) -> Path:
    """Return the card of an invitation that another store with our keys has made."""
    there = invite_laptop(replace(other, identity=scene.ours.identity), scene.post)
    return there / invitations.LAPTOP_CARD_FILE


def test_laptop_with_a_copied_store_takes_keys_of_its_own_and_then_answers(
    scene: Scene, other: Session
) -> None:
    asked: list[str] = []
    scene.kit.events.lock_asked.connect(asked.append)
    card, before = invited_by_copy(scene, other), scene.ours.identity
    scene.page.add_card(card)
    step = scene.step(CopiedStorePage)
    assert "has the same database and keys" in said(step)
    assert "Everything written here stays." in said(step)
    assert nameless(step) == []
    assert missed_by_tab(scene.page) == []
    QTest.keyClick(step.first, Qt.Key.Key_Space)
    scene.rest()
    assert asked == [FOR_KEYS]
    desk = scene.on(lambda: open_session(scene.ours.store, WHO.initials, scene.ours.adapters))
    assert desk.identity.device != before.device
    scene.on(lambda: invitations.accept_invitation(desk, card.parent))
    assert (card.parent / invitations.ANSWER_FILE).exists()


def test_keys_that_cannot_be_renewed_are_told(scene: Scene, other: Session) -> None:
    card = invited_by_copy(scene, other)
    scene.page.add_card(card)
    step = scene.step(CopiedStorePage)
    card.unlink()
    press(step.act)
    scene.rest()
    assert "bundle.missing in en." in said(step)
    assert step.act.isEnabled()


def test_inbox_says_that_a_laptop_has_a_copy(scene: Scene, other: Session) -> None:
    scene.page.show_inbox([invited_by_copy(scene, other)])
    step = scene.step(Inbox)
    scene.qtbot.waitUntil(lambda: step.found is not None)
    scene.rest()
    said_of = step.table.rows.index(0, 2).data()
    assert "has a copy of this database" in said_of


def test_digits_are_compared_side_by_side(scene: Scene, other: Session) -> None:
    step = added(scene, other)
    shown = said(step)
    assert "Put the two laptops side by side" in shown
    assert "telephone" not in shown.casefold()
    QTest.keyClick(step.same, Qt.Key.Key_Space)
    assert "After that it receives all plans, notes and contacts that are here." in said(step)


def test_everything_is_sent_without_a_plan_or_consent_and_arrives(
    scene: Scene, other: Session
) -> None:
    device = trusted(scene, other)
    plan, _ = scene.enter_plan(scene.meet())
    scene.page.send(device)
    step = scene.step(SendPage)
    assert "Everything it does not have yet" in said(step)
    assert not step.plan.isEnabled()
    step.send_to(scene.post)
    scene.rest()
    (made,) = scene.post.glob("*.age")
    transfer.import_bundle(other, made, transfer.review_bundle(other, made))
    assert other.store.row(plan) is not None
    assert "You can now remove the USB stick." in said(step)


def sending_in_parts(scene: Scene, other: Session, monkeypatch: pytest.MonkeyPatch) -> SendPage:
    """Open the page that sends everything to the other laptop, in parts of a thousand bytes."""
    device = trusted(scene, other)
    for _ in range(2):
        scene.enter_plan(scene.ours.identity.organisation)
    monkeypatch.setattr(outbox, "PART_BYTES", 1_000)
    scene.page.send(device)
    step = scene.step(SendPage)
    scene.rest()
    return step


def test_much_goes_in_several_files_and_all_of_them_are_named(
    scene: Scene, other: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = sending_in_parts(scene, other, monkeypatch)
    step.send_to(scene.post)
    scene.rest()
    files = sorted(scene.post.glob("*.age"))
    assert len(files) > 1
    assert f"{len(files)} files: take all of them along." in said(step)
    for path in reversed(files):
        transfer.import_bundle(other, path, transfer.review_bundle(other, path))
    assert set(scene.on(scene.ours.store.tree.rids)) <= set(other.store.tree.rids())


def test_writing_the_files_can_be_stopped_and_goes_on_after_them(
    scene: Scene, other: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = sending_in_parts(scene, other, monkeypatch)
    write, count = transfer._write_bundle, 0

    def stop_after_two(*given: Any) -> WrittenBundle:
        nonlocal count
        count += 1
        if count == 2:
            assert step.progress._course is not None
            step.progress._course.cancel()  # as its button does
        return write(*given)

    monkeypatch.setattr(transfer, "_write_bundle", stop_after_two)
    step.send_to(scene.post)
    assert step.progress.cancel.isVisibleTo(step)
    assert not step.cancel.isVisibleTo(step)
    scene.rest()
    written = set(scene.post.glob("*.age"))
    assert len(written) == 2
    assert step.outcome.text.startswith("Stopped, as you asked. Files written so far: 2.")
    assert "What was sent is recorded" in said(step)
    assert not step.progress.isVisibleTo(step)
    assert step.make.isEnabled()
    step.send_to(scene.post)
    scene.rest()
    files = sorted(scene.post.glob("*.age"))
    assert written < set(files)
    assert len(files) == count
    assert f"{len(files)} files: take all of them along." in said(step)
    for path in files:
        transfer.import_bundle(other, path, transfer.review_bundle(other, path))
    assert set(scene.on(scene.ours.store.tree.rids)) <= set(other.store.tree.rids())
