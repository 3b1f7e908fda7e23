# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks with their members and what we share in them; suggestions and the answers to them."""

import os
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, contacts_on_view, texts
from tests.gui.exchange_samples import opened_scene

from kfdesk.domain.authority import make_record_id
from kfdesk.domain.records.directory import (
    Contact,
    Membership,
    Network,
    Organisation,
    Suggestion,
)
from kfdesk.domain.registers import DELETION, EMPTY_STATE, apply_changes
from kfdesk.domain.rows import Row, encode_changes, seen_writes, view
from kfdesk.domain.values import Translation, Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.directory.networks import end_membership, share_in_network
from kfdesk.services.exchange import transfer
from kfdesk.services.plans.plans import zoned_now
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editors import AutocompleteEditor
from kfdesk.ui.pages.directory.networks import NetworksPage
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.directory.suggestions import SuggestionsPage
from kfdesk.ui.pages.exchange.review import FileReviewPage
from kfdesk.ui.pages.exchange.send import SendPage
from kfdesk.ui.widgets.table import CELL_ROLE

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


def put(
    opened: OpenDesk, record_type: str, values: dict[str, Value], *, is_gone: bool = False,
    **more: bytes,
) -> bytes:  # fmt: skip
    """Write a record of a partner, as its file would bring it; in the bin if `is_gone`."""
    desk = opened.desk
    state = apply_changes(EMPTY_STATE, encode_changes(record_type, values), (), desk.signature)
    if is_gone:
        row = Row(PARTNER, record_type, None, PARTNER, state)
        state = apply_changes(state, {DELETION: 1}, seen_writes(row), desk.signature)
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


YESTERDAY = date(2020, 6, 7)


OUTSIDE, LAST_DAY, TAKEN_OFF, NO_NETWORK = (
    "We are not a member today.",
    "We are no longer a member. Our last day: 7 June 2020.",
    "Дом у реки has taken us off the list of members.",
    "This network does not exist today.",
)


@pytest.mark.parametrize(
    ("network", "membership", "is_gone", "words"),
    [
        ({}, {}, False, None),
        ({}, {"ends": YESTERDAY}, False, LAST_DAY),
        ({}, {"begins": date(2120, 1, 1)}, False, OUTSIDE),
        ({}, {}, True, TAKEN_OFF),
        ({"ends": YESTERDAY}, {}, False, NO_NETWORK),
        ({}, None, False, OUTSIDE),
    ],
)
def test_card_says_why_we_are_outside_and_since_when(
    page: DirectoryPage, opened: OpenDesk, network: dict[str, Value],
    membership: dict[str, Value] | None, is_gone: bool, words: str | None,
) -> None:  # fmt: skip
    partner_house(opened)
    shared: dict[str, Value] = {"title": TITLE, "shares": ("directory",)}
    theirs = put(opened, "network", shared | network)
    if membership is not None:
        own = {"organisation": opened.desk.identity.organisation.hex(), **membership}
        put(opened, "membership", own, parent=theirs, is_gone=is_gone)
    seen = set(texts(networks_of(page, opened).cards[theirs]))
    assert seen & {OUTSIDE, LAST_DAY, TAKEN_OFF, NO_NETWORK} == ({words} if words else set())


def test_list_counts_those_who_are_members_today(page: DirectoryPage, opened: OpenDesk) -> None:
    partner_house(opened)
    network = opened.run(lambda: create_record(opened.desk, Network, {"title": TITLE}))
    for values in ({"organisation": PARTNER.hex()}, {"organisation": PARTNER.hex()}):
        rid = opened.run(partial(create_record, opened.desk, Membership, values, network))
    opened.run(lambda: change_record(opened.desk, rid, {"ends": YESTERDAY}))
    found = networks_of(page, opened)
    assert "1 member" in texts(found.ours)
    assert "not a member today" in " ".join(texts(found.cards[network]))


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


def begun(opened: OpenDesk, *members: bytes) -> bytes:
    """Begin a network of ours with these members."""
    values: dict[str, Value] = {"title": TITLE, "confidentiality": "circle"}
    network = opened.run(lambda: create_record(opened.desk, Network, values))
    for member in members:
        named: dict[str, Value] = {"organisation": member.hex(), "role": "focal_point"}
        opened.run(partial(create_record, opened.desk, Membership, named, network))
    return network


def shown(found: NetworksPage) -> set[bytes]:
    """Return the networks beside which the page offers to join two."""
    return {rid for rid, card in found.cards.items() if card.offer.isVisible()}


def test_network_of_a_partner_with_our_name_is_joined_and_taken_back(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    partner_house(opened)
    theirs = put(opened, "network", {"title": TITLE, "shares": ("directory",)})
    ours = begun(opened, PARTNER)
    found, undos = networks_of(page, opened), []
    found.kit.events.told.connect(lambda said: undos.append(said.undo))
    assert shown(found) == {ours}
    offer = found.cards[ours].offer
    assert "coordinated by Дом у реки" in offer.text
    assert "They say who its members are" in offer.text
    picture(found, "join")
    offer.join.click()
    opened.rest()
    assert set(found.cards) == {theirs}
    assert shown(found) == set()
    undos[-1]()
    opened.rest()
    assert set(found.cards) == {ours, theirs}
    assert shown(found) == {ours}


def test_smaller_network_of_ours_gives_way_to_the_larger_one(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    house, large = partner_house(opened), begun(opened, PARTNER)
    small = begun(opened)
    found = networks_of(page, opened)
    assert shown(found) == {small}
    assert "its members are copied into the other" in found.cards[small].offer.text
    found.cards[small].offer.join.click()
    opened.rest()
    assert set(found.cards) == {large}
    assert house == PARTNER


def test_two_networks_that_are_two_stay_two(page: DirectoryPage, opened: OpenDesk) -> None:
    partner_house(opened)
    put(opened, "network", {"title": TITLE})
    ours = begun(opened)
    found = networks_of(page, opened)
    found.cards[ours].offer.keep.click()
    opened.rest()
    assert len(found.cards) == 2
    assert shown(found) == set()
    again = networks_of(page, opened)
    assert shown(again) == set()


def test_flood_of_networks_and_suggestions_is_counted(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    partner_house(opened)
    values: dict[str, Value] = {"name": "Öppna huset"}
    house = opened.run(lambda: create_record(opened.desk, Organisation, values))
    ours = begun(opened)
    for number in range(60):
        put(opened, "network", {"title": (Translation("sv", f"Nät {number}"),)})
        put(opened, "suggestion", {"key": "city", "value": f"Ort {number}"}, parent=house)
    found = networks_of(page, opened)
    assert len(found.cards) == 40
    assert ours in found.cards
    assert "21 more" in texts(found)
    page.suggestions.click()
    opened.rest()
    assert isinstance(page.task, SuggestionsPage)
    assert len(page.task.cards) == 40
    assert "20 more" in texts(page.task)


def test_member_has_a_person_and_shows_what_it_does(page: DirectoryPage, opened: OpenDesk) -> None:
    partner_house(opened)
    does: dict[str, Value] = {"name": "Дом у реки", "services": ("shelter",)}
    put(opened, "organisation", does, rid=PARTNER)
    person: dict[str, Value] = {"given_name": "Stina", "confidentiality": "public"}
    stina = opened.run(lambda: create_record(opened.desk, Contact, person))
    network = begun(opened, PARTNER)
    found = networks_of(page, opened)
    card = found.cards[network]
    (member,) = card.members.lines
    card.members.open_record(member)
    form = card.members.form
    assert form is not None
    for key in ("contact", "deputy"):
        editor = form.form.editors[key]
        assert isinstance(editor, AutocompleteEditor)
        editor.pick.show_key(stina.hex())
        assert editor.pick.text() == "Stina"
    picture(found, "member_form")
    card.members.close_form()
    change = {"contact": stina.hex(), "deputy": stina.hex()}
    opened.run(lambda: change_record(opened.desk, member, change))
    found.read()
    opened.rest()
    (line,) = (one for one in texts(card) if one.startswith("Focal point"))
    assert line == "Focal point · Contact person: Stina · Deputy: Stina · Shelter"


def test_wrong_number_is_suggested_with_a_reason(page: DirectoryPage, opened: OpenDesk) -> None:
    house = partner_house(opened)
    number = put(opened, "phone", {"number": "+371 1", "confidentiality": "public"}, parent=house)
    page.read()
    page.show_entry(house)
    opened.rest()
    page.entry.suggest.click()
    form = page.side.suggestion
    assert form.field.currentText() == "Phone: +371 1"
    assert "Now: +371 1" in texts(form)
    assert not form.send.isEnabled()
    form.value.setText("+371 2")
    picture(page, "suggest_number")
    form.send.click()
    opened.rest()
    (row,) = opened.run(lambda: opened.desk.store.rows("suggestion"))
    assert row.parent == number
    page.suggestions.click()
    opened.rest()
    assert isinstance(page.task, SuggestionsPage)
    (card,) = page.task.cards
    assert {"Дом у реки", "Phone", "Now: +371 1", "Suggested: +371 2"} <= set(texts(card))


def test_code_is_suggested_from_its_list_and_said_in_words(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    house = partner_house(opened)
    page.read()
    page.show_entry(house)
    opened.rest()
    page.entry.suggest.click()
    form = page.side.suggestion
    form.field.setCurrentIndex(form.field.findText("Country"))
    assert form.code.isVisible()
    assert not form.value.isVisible()
    form.code.setCurrentIndex(form.code.findText("Estonia"))
    form.code.activated.emit(form.code.currentIndex())
    form.send.click()
    opened.rest()
    page.suggestions.click()
    opened.rest()
    assert isinstance(page.task, SuggestionsPage)
    assert "Suggested: Estonia" in texts(page.task)
    (row,) = opened.run(lambda: opened.desk.store.rows("suggestion"))
    assert view(row, Suggestion).record.value == "EE"


def test_empty_value_is_suggested_only_with_a_reason(page: DirectoryPage, opened: OpenDesk) -> None:
    house = partner_house(opened)
    page.read()
    page.show_entry(house)
    opened.rest()
    page.entry.suggest.click()
    form = page.side.suggestion
    form.send.click()
    assert form.isVisible()
    form.why.setText("Numret finns inte längre")
    assert form.send.isEnabled()


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
    assert {"Now: Mo 9-10", "Suggested: Mo-Fr 9-17", "Why: Dörren"} <= set(texts(card))
    picture(page.task, "suggestions")
    card.take.click()
    opened.rest()
    row = opened.run(lambda: opened.desk.store.row(house))
    assert row is not None
    assert view(row, Organisation).record.hours == "Mo-Fr 9-17"
    assert page.task.cards == []


# checks of entries


def checked_entry(opened: OpenDesk, page: DirectoryPage) -> bytes:
    """Enter an organisation of ours and show it."""
    values: dict[str, Value] = {"name": "Öppna huset", "confidentiality": "circle"}
    house = opened.run(lambda: create_record(opened.desk, Organisation, values))
    page.read()
    page.show_entry(house)
    opened.rest()
    return house


def record_check(page: DirectoryPage, opened: OpenDesk, outcome: str, how: str = "") -> None:
    page.entry.check.click()
    form = page.side.check
    assert form.isVisible()
    if how:
        form.how.setCurrentIndex(form.how.findText(how))
    form.outcome.setCurrentIndex(form.outcome.findText(outcome))
    form.record.click()
    opened.rest()
    assert not form.isVisible()
    assert QApplication.focusWidget() is page.entry.check


def said_in_list(page: DirectoryPage, name: str) -> str:
    """Return what the column Checked says of an entry."""
    model = page.table.model()
    rows = range(model.rowCount())
    said = {str(model.index(row, 0).data(CELL_ROLE).text): row for row in rows}
    return str(model.index(said[name], 1).data(CELL_ROLE).text)


def test_three_vain_checks_flag_an_entry_and_one_that_answers_clears_it(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    checked_entry(opened, page)
    for count in range(3):
        assert "Not reached three times" not in texts(page.entry), count
        record_check(page, opened, "No one was reached")
    assert "Not reached three times" in texts(page.entry)
    assert said_in_list(page, "Öppna huset") == "Not reached three times"
    lines = [one for one in texts(page.entry) if "No one was reached" in one]
    assert all("Called · No one was reached · EV" in one for one in lines)
    picture(page, "not_reached")
    record_check(page, opened, "Everything is right", "Visited")
    assert "Not reached three times" not in texts(page.entry)
    assert said_in_list(page, "Öppna huset") == "Checked"
    assert any("Visited · Everything is right · EV" in one for one in texts(page.entry))


def test_house_that_closed_down_says_so_until_it_is_taken_back(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    undos = []
    page.entry._kit.events.told.connect(lambda said: undos.append(said.undo))
    checked_entry(opened, page)
    record_check(page, opened, "Closed down")
    assert said_in_list(page, "Öppna huset") == "Closed down"
    undos[-1]()
    opened.rest()
    assert said_in_list(page, "Öppna huset") == "Not checked"


def test_check_of_a_partner_stands_on_its_entry(page: DirectoryPage, opened: OpenDesk) -> None:
    house = partner_house(opened)
    when = opened.run(lambda: zoned_now(opened.desk))
    values: dict[str, Value] = {"when": when, "how": "visit", "outcome": "right"}
    put(opened, "entry_check", values, parent=house)
    page.read()
    page.show_entry(house)
    opened.rest()
    assert "Checked" in texts(page.entry)
    assert any(one.endswith("Visited · Everything is right") for one in texts(page.entry))
    assert not page.entry.check.isVisible()


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
            "You and this partner have no network in common today, so no contacts are sent "
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


def test_review_says_once_why_a_former_members_entry_stays_out(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    with opened_scene(kit, qtbot, tmp_path) as scene:
        them, us = scene.meet(), scene.ours.identity.organisation
        shares: dict[str, Value] = {
            "title": TITLE, "shares": ("directory",), "we_share": ("directory",),
            "confidentiality": "circle",
        }  # fmt: skip

        def share() -> bytes:
            network = create_record(scene.ours, Network, shares)
            create_record(scene.ours, Membership, {"organisation": them.hex()}, network)
            return network

        network = scene.on(share)
        path = scene.on(lambda: transfer.send_common(scene.ours, them, scene.post)).path
        transfer.import_bundle(scene.theirs, path, transfer.review_bundle(scene.theirs, path))
        share_in_network(scene.theirs, network, ("directory",))
        create_record(scene.theirs, Organisation, {"name": "Nytt hus", "confidentiality": "circle"})
        scene.on(lambda: end_membership(scene.ours, network, them))
        scene.page.preview(transfer.send_common(scene.theirs, us, scene.post).path)
        step = scene.step(FileReviewPage)
        picture(step, "former_member")
        seen = texts(step)
        assert (
            "Records for the members of a network that you and this partner do not share today: 1."
        ) in seen
        assert not any("may not write" in words for words in seen)
