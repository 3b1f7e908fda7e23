# SPDX-License-Identifier: GPL-3.0-or-later
"""A withdrawal on view: before a file is made, when a file tells it, on the page of the day."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import Scene, opened_scene, press, said
from tests.support.windows import missed_by_tab, nameless, show

from kfdesk.demo import people, story
from kfdesk.domain.exchange import PartnerState
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.notices import notices_due
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.plans import open_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.notices import WithdrawalsCard
from kfdesk.ui.pages.exchange.review import FileReviewPage
from kfdesk.ui.pages.exchange.send import SendPage


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


def withdraw(desk: Session, plan: bytes, *effects: str) -> None:
    withdraw_consent(desk, open_plan(desk, plan).consents[0].view.rid, effects)


def sent(scene: Scene, partner: bytes) -> bytes:
    """Our plan, which the partner has, with a consent that she has taken back since."""
    plan, _ = scene.enter_plan(partner)
    path = scene.on(lambda: transfer.send_bundle(scene.ours, plan, partner, scene.post)).path
    transfer.import_bundle(scene.theirs, path, transfer.review_bundle(scene.theirs, path))
    return plan


def told(scene: Scene, *effects: str) -> Path:
    """Return a file of the partner that says that its client has withdrawn her consent."""
    us = scene.ours.identity.organisation
    plan, _ = story.enter_plan(scene.theirs, us)
    path = transfer.send_bundle(scene.theirs, plan, us, scene.post).path
    scene.on(
        lambda: transfer.import_bundle(scene.ours, path, transfer.review_bundle(scene.ours, path))
    )
    withdraw(scene.theirs, plan, *effects)
    return transfer.send_notices(scene.theirs, us, scene.post).path


def test_withdrawal_is_shown_before_the_file_is_made_and_no_data_with_it(scene: Scene) -> None:
    partner = scene.meet()
    plan = sent(scene, partner)
    scene.on(lambda: withdraw(scene.ours, plan))
    scene.page.send(partner)
    step = scene.step(SendPage)
    assert "Notices in this file" in said(step)
    assert "tulpan-47: consent withdrawn, " in said(step)
    assert "What will be sent to" not in said(step)
    assert step.make.isEnabled()
    step.send_to(scene.post)
    scene.rest()
    assert step.made is not None
    reviewed = transfer.review_bundle(scene.theirs, step.made.path)
    assert (reviewed.taken.rows, len(reviewed.new_withdrawals)) == ((), 1)


def test_file_that_tells_a_withdrawal_says_what_must_be_done(scene: Scene) -> None:
    scene.meet()
    path = told(scene, "request_erasure")
    scene.page.preview(path)
    step = scene.step(FileReviewPage)
    assert "The client tulpan-47 has withdrawn a consent." in said(step)
    assert "Do not pass on anything you received under it" in said(step)
    assert "She asks that what was shared be erased." in said(step)
    assert step.apply.text() == "Acknowledge"
    press(step.apply)
    scene.rest()
    assert "The file is imported: 1 record." in said(scene.page)


def test_no_that_she_said_to_the_partner_is_told_as_hers(scene: Scene) -> None:
    partner = scene.meet()
    plan = sent(scene, partner)
    withdraw(scene.theirs, plan)
    us = scene.ours.identity.organisation
    scene.page.preview(transfer.send_notices(scene.theirs, us, scene.post).path)
    step = scene.step(FileReviewPage)
    assert "that she withdraws her consent" in said(step)
    assert "Nothing more is shared under it." in said(step)


def test_page_of_the_day_tells_it_until_it_was_seen_and_leads_to_the_plan(
    scene: Scene, kit: UiContext, qtbot: QtBot
) -> None:
    scene.meet()
    path = told(scene)
    scene.on(
        lambda: transfer.import_bundle(scene.ours, path, transfer.review_bundle(scene.ours, path))
    )
    card = WithdrawalsCard(kit, scene.ours)
    show(qtbot, card)
    card.read()
    scene.rest()
    assert "The client tulpan-47 has withdrawn a consent." in said(card)
    assert missed_by_tab(card) == []
    assert nameless(card) == []
    chosen: list[bytes] = []
    card.chosen.connect(chosen.append)
    press(card.plans[0])
    assert len(chosen) == 1
    press(card.seen)
    scene.rest()
    assert card.isHidden()


def test_partner_that_confirmed_is_told_no_more(scene: Scene) -> None:
    partner = scene.meet()
    plan = sent(scene, partner)
    scene.on(lambda: withdraw(scene.ours, plan))
    path = scene.on(lambda: transfer.send_notices(scene.ours, partner, scene.post)).path
    transfer.import_bundle(scene.theirs, path, transfer.review_bundle(scene.theirs, path))
    us = scene.ours.identity.organisation
    answer = transfer.send_notices(scene.theirs, us, scene.post).path
    scene.page.preview(answer)
    step = scene.step(FileReviewPage)
    assert step.apply.text() == "Record as received"
    press(step.apply)
    scene.rest()
    assert scene.on(lambda: notices_due(scene.ours)) == ()


def test_partners_card_says_what_is_open_and_tells_it_by_a_file(scene: Scene) -> None:
    partner = scene.meet()
    plan = sent(scene, partner)
    scene.on(lambda: withdraw(scene.ours, plan))
    scene.page.read()
    scene.rest()
    listing = scene.page.listing
    assert listing.card is not None
    assert listing.card.tell.isVisible()
    assert "1 notice not confirmed" in said(listing.card)
    scene.page.send_notices(partner, scene.post)
    scene.rest()
    assert "It contains no data about anyone" in said(scene.page)
    newest = max(scene.post.glob("*.age"), key=lambda path: path.stat().st_mtime_ns)
    reviewed = transfer.review_bundle(scene.theirs, newest)
    assert (reviewed.taken.rows, len(reviewed.new_withdrawals)) == ((), 1)


def test_partner_is_suspended_and_gone_on_with(scene: Scene) -> None:
    partner = scene.meet()
    listing = scene.page.listing
    assert listing.card is not None
    press(listing.card.trust.suspend)
    scene.rest()
    assert "suspended" in said(listing)
    assert listing.card.next is None
    press(listing.card.trust.resume)
    scene.rest()
    assert listing.chosen is not None
    assert listing.chosen.partner.organisation == partner
    assert "verified" in said(listing)


def test_card_is_revoked_only_when_asked_twice(scene: Scene) -> None:
    scene.meet()
    listing = scene.page.listing
    assert listing.card is not None
    trust = listing.card.trust
    assert not trust.sure.isVisible()
    press(trust.revoke)
    assert trust.window().focusWidget() is trust.leave
    press(trust.leave)
    assert not trust.sure.isVisible()
    press(trust.revoke)
    press(trust.now)
    scene.rest()
    assert "revoked" in said(listing)
    assert listing.card.trust.isHidden()


def test_call_is_listed_with_its_state_and_crossed_off(scene: Scene, kit: UiContext) -> None:
    partner = scene.meet()
    plan = sent(scene, partner)
    scene.page.read()
    scene.rest()
    calls = scene.page.listing.calls
    assert not calls.isVisible()
    scene.on(lambda: withdraw(scene.ours, plan))
    kit.events.changed.emit(frozenset({"consent"}))
    scene.rest()
    assert calls.isVisible()
    assert f"{people.SAFE_HOUSE}: tulpan-47, consent withdrawn" in said(calls)
    assert "The notice has not been sent yet." in said(calls)
    assert nameless(scene.page) == []
    assert missed_by_tab(scene.page) == []
    scene.page.send_notices(partner, scene.post)
    scene.rest()
    scene.page.read()
    scene.rest()
    assert "The notice was sent in a file, but they have not confirmed it." in said(calls)
    press(calls.buttons[0])
    scene.rest()
    assert not calls.isVisible()


def test_suspended_partner_is_to_be_called_at_once(scene: Scene) -> None:
    partner = scene.meet()
    plan = sent(scene, partner)
    scene.on(lambda: withdraw(scene.ours, plan))
    scene.page.change_trust(partner, PartnerState.SUSPENDED)
    scene.rest()
    assert "No files are sent to them: tell them by phone." in said(scene.page.listing.calls)


def test_keyboard_stays_on_the_page_after_a_partner_was_told(scene: Scene) -> None:
    partner = scene.meet()
    plan = sent(scene, partner)
    scene.on(lambda: withdraw(scene.ours, plan))
    scene.page.read()
    scene.rest()
    card = scene.page.listing.card
    assert card is not None
    card.tell.setFocus()
    press(card.tell)
    scene.rest()
    dialog = scene.page.findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.directory().absolutePath()) == scene.post  # where the last file was put
    dialog.close()
    scene.page.send_notices(partner, scene.post)
    scene.rest()
    assert scene.page.window().focusWidget() is scene.page.listing.table
