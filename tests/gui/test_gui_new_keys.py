# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that change, in the window: a new card's digits compared, ours read out, others warned."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import Scene, opened_scene, press, said

from kfdesk.domain.exchange import PartnerState
from kfdesk.services.exchange import partners, revocations, transfer
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.partners import PartnerCard
from kfdesk.ui.pages.exchange.verification import CompareDigitsPage


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        made.meet()
        yield made


def them(scene: Scene) -> bytes:
    return scene.theirs.identity.organisation


def card_of(scene: Scene) -> PartnerCard:
    scene.page.read()
    scene.rest()
    scene.page.listing.choose(them(scene))
    scene.rest()
    card = scene.page.listing.card
    assert card is not None
    return card


def test_new_card_waits_with_its_own_digits_and_counts_when_they_were_the_same(
    scene: Scene,
) -> None:
    us = scene.ours.identity.organisation
    renewed = partners.rotate_signing_key(scene.theirs, is_stolen=False)
    file = transfer.send_notices(renewed, us, scene.post).path
    scene.on(
        lambda: transfer.import_bundle(scene.ours, file, transfer.review_bundle(scene.ours, file))
    )
    card = card_of(scene)
    assert "They sent a card with a new signing key." in said(scene.page)
    assert card.next is not None
    press(card.next)
    step = scene.step(CompareDigitsPage)
    scene.rest()
    assert partners.verification_digits(renewed, us).split()[0] in said(step)
    step.same.setChecked(True)
    press(step.confirm)
    scene.rest()
    (line,) = scene.on(lambda: partners.list_partners(scene.ours))
    new_key = renewed.adapters.bundles.sign_keys(renewed.identity)[0]
    assert (line.partner.state, line.partner.sign_key) == (PartnerState.VERIFIED, new_key)
    assert not line.offers
    assert line.waits  # they are to see by our next file that we know it


def test_own_new_digits_are_shown_to_be_read_out_and_nothing_is_decided(scene: Scene) -> None:
    assert card_of(scene).read_out.isHidden()
    renewed = scene.on(lambda: partners.rotate_signing_key(scene.ours, is_stolen=False))
    scene.page.__dict__["_desk"] = renewed  # as after the lock
    card = card_of(scene)
    assert not card.read_out.isHidden()
    press(card.read_out)
    step = scene.step(CompareDigitsPage)
    scene.rest()
    digits = scene.on(lambda: partners.verification_digits(renewed, them(scene)))
    assert digits.split()[0] in said(step)
    assert step.confirm.isHidden()
    assert step.same.isHidden()


def test_others_are_warned_of_a_revoked_card_by_one_button(scene: Scene) -> None:
    assert card_of(scene).warn.isHidden()
    scene.on(lambda: partners.revoke_partner(scene.ours, them(scene)))
    card = card_of(scene)
    press(card.warn)
    scene.rest()
    assert "warns them of this card" in said(scene.page)
    partner = scene.on(lambda: partners.find_partner(scene.ours, them(scene)))
    assert scene.on(lambda: revocations.is_revoked_key(scene.ours, partner.sign_key))
