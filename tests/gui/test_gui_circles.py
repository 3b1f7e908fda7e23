# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks with their members and what we share in them; suggestions and the answers to them."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, contacts_on_view, texts
from tests.gui.exchange_samples import opened_scene

from kfdesk.domain.authority import make_record_id
from kfdesk.domain.records.directory import Membership, Network, Organisation
from kfdesk.domain.registers import EMPTY_STATE, apply_changes
from kfdesk.domain.rows import Row, encode_changes, view
from kfdesk.domain.values import Translation, Value
from kfdesk.services.core.records import create_record
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.directory.networks import NetworksPage, SuggestionsPage
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.exchange.send import SendPage

TITLE = (Translation("sv", "Uppdiktat nätverk"), Translation("ru", "Выдуманная сеть"))
PARTNER = b"p" * 16


def picture(part: QWidget, name: str) -> None:
    """Save a picture for a person to look at, if a folder is named."""
    if "PICTURES" in os.environ:
        part.window().setUpdatesEnabled(True)
        for _ in range(8):
            QApplication.processEvents()
        part.grab().save(str(Path(os.environ["PICTURES"]) / f"{name}.png"))


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> DirectoryPage:
    return contacts_on_view(kit, qtbot, opened)


def put(opened: OpenDesk, record_type: str, values: dict[str, Value], **more: bytes) -> bytes:
    """Write a record of a partner, as its file would bring it."""
    desk = opened.desk
    state = apply_changes(EMPTY_STATE, encode_changes(record_type, values), (), desk.signature)
    rid = more.get("rid") or make_record_id(PARTNER, os.urandom(8))
    row = Row(rid, record_type, more.get("parent"), PARTNER, state)

    def write() -> None:
        with desk.store.transaction():
            desk.store.put(row)

    opened.run(write)
    return rid


def partner_house(opened: OpenDesk) -> bytes:
    values: dict[str, Value] = {"name": "Дом у реки", "confidentiality": "partners_only"}
    return put(opened, "organisation", values, rid=PARTNER)


def networks_of(page: DirectoryPage, opened: OpenDesk) -> NetworksPage:
    page.networks.click()
    opened.rest()
    assert isinstance(page.task, NetworksPage)
    return page.task


def test_network_is_begun_with_a_member(page: DirectoryPage, opened: OpenDesk) -> None:
    partner_house(opened)
    values: dict[str, Value] = {
        "title": TITLE, "shares": ("directory", "figures"), "confidentiality": "circle",
    }  # fmt: skip
    network = opened.run(lambda: create_record(opened.desk, Network, values))
    member: dict[str, Value] = {"organisation": PARTNER.hex(), "role": "member"}
    opened.run(lambda: create_record(opened.desk, Membership, member, network))
    found = networks_of(page, opened)
    card = found.cards[network]
    picture(found, "networks")
    assert "Дом у реки" in texts(card)
    assert "We coordinate it" in texts(card)
    assert {sort: box.isChecked() for sort, box in card.boxes.items()} == {
        "directory": False, "figures": False,
    }  # fmt: skip
    card.boxes["directory"].click()
    opened.rest()
    row = opened.run(lambda: opened.desk.store.row(network))
    assert row is not None
    assert view(row, Network).record.we_share == ("directory",)


def test_new_network_is_typed_in_its_form(page: DirectoryPage, opened: OpenDesk) -> None:
    found = networks_of(page, opened)
    found.ours.begin()
    opened.rest()
    assert found.ours.form is not None
    assert found.ours.form.form.editors["shares"].value() == ("directory",)
    picture(found, "network_form")


def test_partners_network_can_only_be_shared_in(page: DirectoryPage, opened: OpenDesk) -> None:
    partner_house(opened)
    values: dict[str, Value] = {"title": TITLE, "shares": ("directory",)}
    network = put(opened, "network", values)
    found = networks_of(page, opened)
    card = found.cards[network]
    assert "Coordinated by Дом у реки" in texts(card)
    assert "We are not a member today." in texts(card)
    assert not card.members.add_button.isVisible()
    assert card.boxes["directory"].isEnabled()


def test_suggestion_to_a_partner_is_kept_and_shown(page: DirectoryPage, opened: OpenDesk) -> None:
    house = partner_house(opened)
    page.read()
    opened.rest()
    page.show_entry(house)
    opened.rest()
    page.entry.suggest.click()
    form = page.side.suggestion
    assert form.isVisible()
    form.field.setCurrentIndex(form.field.findText("Opening hours"))
    form.value.setText("Mo-Fr 09:00-17:00")
    picture(page, "suggest")
    form.send.click()
    opened.rest()
    assert not form.isVisible()
    page.suggestions.click()
    opened.rest()
    assert isinstance(page.task, SuggestionsPage)
    (card,) = page.task.cards
    assert "They decide. It goes with the next file to them." in texts(card)
    assert not card.take.isVisible()


def test_suggestion_is_taken_by_one_button(page: DirectoryPage, opened: OpenDesk) -> None:
    partner_house(opened)
    values: dict[str, Value] = {"name": "Öppna huset", "hours": "Mo 9-10"}
    house = opened.run(lambda: create_record(opened.desk, Organisation, values))
    put(
        opened, "suggestion", {"key": "hours", "value": "Mo-Fr 9-17", "why": "Dörren"}, parent=house
    )
    page.read()
    opened.rest()
    assert page.suggestions.text() == "Suggestion: 1"
    page.suggestions.click()
    opened.rest()
    assert isinstance(page.task, SuggestionsPage)
    (card,) = page.task.cards
    assert {"Today: Mo 9-10", "Suggested: Mo-Fr 9-17", "Dörren"} <= set(texts(card))
    picture(page.task, "suggestions")
    card.take.click()
    opened.rest()
    row = opened.run(lambda: opened.desk.store.row(house))
    assert row is not None
    assert view(row, Organisation).record.hours == "Mo-Fr 9-17"
    assert page.task.cards == []


# sending without a plan


def test_partner_shows_what_networks_share_and_sends_it_without_a_plan(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    with opened_scene(kit, qtbot, tmp_path) as scene:
        them = scene.meet()
        listing = scene.page.listing
        listing.choose(them)
        scene.rest()
        assert listing.card is not None
        assert (
            "You and this partner are in no common network today, so no contacts are sent "
            "without a plan."
        ) in texts(listing)

        def share() -> None:
            values: dict[str, Value] = {
                "title": TITLE, "confidentiality": "circle", "shares": ("directory",),
                "we_share": ("directory",),
            }  # fmt: skip
            network = create_record(scene.ours, Network, values)
            member: dict[str, Value] = {"organisation": them.hex(), "role": "member"}
            create_record(scene.ours, Membership, member, network)
            house: dict[str, Value] = {"name": "Öppna huset", "confidentiality": "circle"}
            create_record(scene.ours, Organisation, house)

        scene.on(share)
        scene.page.read()
        scene.rest()
        listing.choose(them)
        scene.rest()
        assert listing.card.common.isVisible()
        listing.card.common.click()
        step = scene.step(SendPage)
        scene.rest()
        assert step.view is not None
        assert "Organisation, Öppna huset" in texts(step)
        picture(step, "send_common")
        step.send_to(scene.post)
        scene.rest()
        assert step.made is not None
