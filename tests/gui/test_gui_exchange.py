# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Exchange on two real stores: cards, digits, sending and taking, by mouse and keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import Scene, opened_scene, press, said, texts
from tests.support.forging import Forger
from tests.support.windows import missed_by_tab, nameless, show

from kfdesk.demo import people
from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.disclosure import Withheld
from kfdesk.domain.exchange import PartnerState
from kfdesk.domain.records.directory import Membership, Network, Organisation
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.outbox import CommonState
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.page import ExchangePage
from kfdesk.ui.pages.exchange.review import FileReviewPage
from kfdesk.ui.pages.exchange.send import SendPage, make_withheld_card
from kfdesk.ui.pages.exchange.verification import CompareDigitsPage, NewPartnerPage
from kfdesk.ui.record_views import FoldedText
from kfdesk.ui.widgets.buttons import Button, ButtonLook


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


def state_of(scene: Scene) -> PartnerState:
    (line,) = scene.on(lambda: partners.list_partners(scene.ours))
    return line.partner.state


def compare(scene: Scene) -> CompareDigitsPage:
    """Add a partner, and return the page with its digits."""
    scene.page.add_card(scene.their_card)
    step = scene.step(NewPartnerPage)
    press(step.where.parts["outside"])
    press(step.add)
    scene.rest()
    card = scene.page.listing.card
    assert card is not None
    assert card.next is not None
    press(card.next)
    return scene.step(CompareDigitsPage)


def test_empty_place_says_what_is_next_and_keys_begin_with_it(scene: Scene) -> None:
    listing = scene.page.listing
    assert "No partners yet" in said(listing)
    assert listing.first_invite.isVisible()
    assert not listing.add.isVisible()
    scene.page.setFocus()
    assert listing.first_invite.hasFocus()


def test_where_there_is_little_room_the_card_alone_says_when(scene: Scene) -> None:
    scene.meet()
    table = scene.page.listing.table
    assert not table.isColumnHidden(2)
    scene.page.resize(797, 477)
    scene.rest()
    assert [table.isColumnHidden(column) for column in range(4)] == [False, False, True, True]
    assert not table.horizontalScrollBar().isVisible()
    assert {"Last sent", "Last received"} <= texts(scene.page.listing)


def test_our_card_is_saved_as_a_file_that_the_partner_can_add(scene: Scene) -> None:
    path = scene.post / "card.card"
    scene.page.save_card(path)
    scene.rest()
    assert partners.preview_card(scene.theirs, path).name == people.HOUSE
    assert "You can now remove the USB stick." in said(scene.page)


def test_card_is_kept_only_after_its_country_was_chosen(scene: Scene) -> None:
    scene.page.add_card(scene.their_card)
    step = scene.step(NewPartnerPage)
    assert people.SAFE_HOUSE in said(step)
    assert not step.add.isEnabled()
    assert not step.tool.isVisible()
    press(step.where.parts["outside"])
    assert step.tool.isVisible()
    step.reads["ru"].setChecked(True)
    assert scene.on(lambda: partners.list_partners(scene.ours)) == ()
    press(step.add)
    scene.rest()
    (line,) = scene.on(lambda: partners.list_partners(scene.ours))
    assert line.partner.state is PartnerState.PENDING
    assert (line.partner.is_third_country, line.partner.has_transfer_tool) == (True, False)
    assert line.partner.reads == ("ru",)
    assert "digits not compared" in said(scene.page.listing)


def test_card_of_our_own_is_refused_in_words(scene: Scene) -> None:
    own = scene.post / "own.card"
    scene.page.save_card(own)
    scene.page.add_card(own)
    scene.rest()
    assert scene.page.step is None
    assert "card.own in en." in said(scene.page.listing.outcome)


def test_card_that_is_here_already_is_shown_and_asked_nothing(scene: Scene) -> None:
    them = scene.meet()
    scene.page.add_card(scene.their_card)
    scene.rest()
    assert scene.page.step is None
    assert "This card is already here." in said(scene.page)
    chosen = scene.page.listing.chosen
    assert chosen is not None
    assert chosen.partner.organisation == them


def test_digits_on_view_are_those_that_the_partner_sees(scene: Scene) -> None:
    step = compare(scene)
    shown = " ".join(" ".join(label.text().split()) for label in step.rows)
    ours = scene.on(lambda: partners.our_card(scene.ours))
    partners.add_partner(scene.theirs, ours, PartnerTerms(is_third_country=False))
    us = scene.ours.identity.organisation
    assert shown == partners.verification_digits(scene.theirs, us)
    assert [len(group) for group in shown.split()] == [5] * 12


def test_partner_is_verified_by_a_deliberate_tick(scene: Scene) -> None:
    step = compare(scene)
    assert not step.confirm.isEnabled()
    press(step.confirm)
    assert state_of(scene) is PartnerState.PENDING
    step.same.setFocus()
    QTest.keyClick(step.same, Qt.Key.Key_Space)
    press(step.confirm)
    assert state_of(scene) is PartnerState.VERIFIED
    assert scene.page.step is None
    assert "verified" in texts(scene.page.listing)


def test_partner_is_verified_by_sixty_digits_typed_with_any_spaces(scene: Scene) -> None:
    step = compare(scene)
    shown = "".join("".join(label.text().split()) for label in step.rows)
    QTest.keyClicks(step.heard, f" {shown[:31]}  {shown[31:]}")
    QTest.keyClick(step.heard, Qt.Key.Key_Return)
    assert state_of(scene) is PartnerState.VERIFIED


def test_other_digits_are_refused_beside_the_field_whatever_is_ticked(scene: Scene) -> None:
    step = compare(scene)
    step.same.setChecked(True)
    QTest.keyClicks(step.heard, "1" * 59)
    assert not step.confirm.isEnabled()
    QTest.keyClicks(step.heard, "1")
    press(step.confirm)
    scene.rest()
    assert step.field.has_error
    assert "card.other_digits in en." in said(step)
    assert state_of(scene) is PartnerState.PENDING


def test_preview_shows_every_value_that_leaves_and_none_that_stays(scene: Scene) -> None:
    them = scene.meet()
    scene.enter_plan(them)
    scene.page.send(them)
    step = scene.step(SendPage)
    shown = said(step)
    leaving = ("NINA VYMYSLOVA", "HX 20417", "+7 000 555-01-17", people.SAFE_HOUSE)
    assert all(value in shown for value in leaving)
    assert "Swedish: gul halsduk\nRussian: жёлтый шарф\nEnglish: yellow scarf" in texts(step)
    staying = ("blåsippa", "Ring Eva")
    assert not any(value in shown for value in staying)
    assert "stays in our organisation" in shown
    assert "Code word" in shown
    assert them.hex() not in shown
    assert list(scene.post.glob("*.age")) == []


def test_many_names_of_what_stays_begin_folded(kit: UiContext, qtbot: QtBot) -> None:
    fields = RECORD_TYPES["client"].fields
    stays = [Withheld(b"r" * 16, "client", key, WithheldReason.DESK) for key in fields]
    card = make_withheld_card(kit, stays)
    card.resize(700, 400)
    show(qtbot, card)
    (folded,) = card.findChildren(FoldedText)
    assert len(folded.words.text()) < 200
    press(folded.more)
    assert folded.words.text() == ", ".join(dict.fromkeys(f.label for f in fields.values()))


def test_file_is_made_of_what_was_shown_and_the_partner_can_take_it(scene: Scene) -> None:
    them = scene.meet()
    scene.enter_plan(them)
    scene.page.send(them)
    step = scene.step(SendPage)
    with scene.qtbot.waitSignal(scene.kit.events.changed):
        step.send_to(scene.post)
    (path,) = scene.post.glob("*.age")
    assert transfer.review_bundle(scene.theirs, path).new
    assert "You can now remove the USB stick." in said(step)
    assert f"only {people.SAFE_HOUSE} can open it." in said(step)
    assert not step.partner.isVisible()  # it is written, and nothing is to be chosen any more
    assert path.name in said(step)
    assert step.done.hasFocus()
    press(step.done)
    scene.rest()
    assert scene.page.step is None
    line = scene.page.listing.chosen
    assert line is not None
    assert line.sent is not None


def test_what_changed_since_it_was_shown_is_shown_again_instead_of_sent(scene: Scene) -> None:
    them = scene.meet()
    _, (leg, _) = scene.enter_plan(them)
    scene.page.send(them)
    step = scene.step(SendPage)
    scene.on(lambda: change_record(scene.ours, leg, {"carrier": "M/S Exempel"}))
    step.send_to(scene.post)
    scene.rest()
    assert "Something has changed in the meantime." in texts(step)
    assert list(scene.post.glob("*.age")) == []
    assert "M/S Exempel" in said(step)
    step.send_to(scene.post)
    scene.rest()
    assert len(list(scene.post.glob("*.age"))) == 1


def test_nothing_goes_to_a_partner_whose_digits_were_not_compared(scene: Scene) -> None:
    card = scene.their_card.read_bytes()
    them = scene.on(
        lambda: partners.add_partner(scene.ours, card, PartnerTerms(is_third_country=False))
    ).organisation
    scene.enter_plan(them)
    scene.page.send(them)
    step = scene.step(SendPage)
    assert "exchange.nothing_allowed in en." in said(step)
    assert "the partner is not verified yet" in said(step)
    assert not step.make.isEnabled()
    step.send_to(scene.post)
    scene.rest()
    assert list(scene.post.glob("*.age")) == []


def test_folder_that_cannot_be_written_is_told_and_sending_can_be_tried_again(
    scene: Scene,
) -> None:
    them = scene.meet()
    scene.enter_plan(them)
    scene.page.send(them)
    step = scene.step(SendPage)
    step.send_to(scene.post / "no folder")
    scene.rest()
    assert "bundle.not_written in en." in said(step)
    assert step.make.isEnabled()


def test_nothing_is_written_before_apply(scene: Scene) -> None:
    path, _ = scene.answer()
    before = scene.on(scene.ours.store.digest)
    scene.page.preview(path)
    step = scene.step(FileReviewPage)
    assert "Nothing has been changed yet." in texts(step)
    assert "1 conflict" in texts(step)
    assert people.SAFE_HOUSE in said(step)
    QTest.keyClick(step, Qt.Key.Key_Escape)
    scene.rest()
    assert scene.page.step is None
    assert scene.on(scene.ours.store.digest) == before


def test_changed_record_shows_its_values_before_and_after(scene: Scene) -> None:
    path, _ = scene.answer()
    scene.page.preview(path)
    step = scene.step(FileReviewPage)
    assert "tulpan-47, Leg (no. 2)" in texts(step)
    shown = texts(step)
    assert "18, Exempelbuss" in shown
    assert "19, Exempelbuss" in shown
    assert "XYZ 99" in shown
    assert step.table.model().index(0, 1).data() == "0 of 1 decided"
    assert step.table.model().index(1, 1).data() == "not yet decided"


def test_work_that_a_coordinator_passes_on_is_named_with_its_member(scene: Scene) -> None:
    scene.meet()
    us = scene.ours.identity.organisation.hex()
    network = create_record(scene.theirs, Network, {"title": people.localized("N", "N", "N")})
    create_record(scene.theirs, Membership, {"organisation": us}, network)
    member = create_record(scene.theirs, Organisation, {"name": "<b>Kolmas</b> Koda"})
    forger = Forger(scene.theirs, scene.ours, scene.post)
    values: dict[str, Value] = {"title": people.localized("M", "M", "M")}
    meeting = forger.written("meeting", values, parent=network, custodian=member)
    kept = [row for rid in (network, member) if (row := scene.theirs.store.row(rid)) is not None]
    first = forger.file(kept)
    review = scene.on(lambda: transfer.review_bundle(scene.ours, first))
    scene.on(lambda: transfer.import_bundle(scene.ours, first, review))
    path = forger.file([meeting])
    scene.page.preview(path)
    step = scene.step(FileReviewPage)
    told = (
        "This partner coordinates the network and passes on work in the name of others: "
        "<b>Kolmas</b> Koda. Number of records: 1."
    )
    (label,) = [one for one in step.findChildren(QLabel) if one.text() == told]
    assert label.isVisible()
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_apply_keeps_both_values_and_tells_the_other_pages(scene: Scene) -> None:
    path, leg = scene.answer()
    scene.page.preview(path)
    step = scene.step(FileReviewPage)
    with scene.qtbot.waitSignal(scene.kit.events.changed) as told:
        press(step.apply)
    assert {"leg"} <= told.args[0]
    row = scene.on(lambda: scene.ours.store.row(leg))
    assert row is not None
    assert view(row, Leg).conflicts == {"carrier"}
    assert "1 field waits in its plan to be decided." in texts(scene.page)
    line = scene.page.listing.chosen
    assert line is not None
    assert line.received is not None


def test_file_taken_before_is_told_calmly(scene: Scene) -> None:
    path, _ = scene.answer()
    scene.on(
        lambda: transfer.import_bundle(scene.ours, path, transfer.review_bundle(scene.ours, path))
    )
    scene.page.preview(path)
    scene.rest()
    assert scene.page.step is None
    assert "bundle.taken_before in en." in said(scene.page.listing.outcome)


def test_torn_file_is_refused_in_words(scene: Scene) -> None:
    path, _ = scene.answer()
    torn = scene.post / "torn.age"
    torn.write_bytes(path.read_bytes()[:-40])
    scene.page.preview(torn)
    scene.rest()
    assert scene.page.step is None
    assert "bundle.torn in en." in said(scene.page.listing.outcome)


def test_one_file_is_looked_at_and_one_card_is_added_at_once(scene: Scene) -> None:
    path, _ = scene.answer()
    scene.page.open_files([path])
    assert scene.step(FileReviewPage).incoming.path == path
    scene.page.open_files([scene.their_card])
    scene.rest()
    assert "This card is already here." in said(scene.page)


def test_everything_is_reached_by_keys(scene: Scene) -> None:
    them = scene.meet()
    scene.enter_plan(them)
    scene.page.setFocus()
    assert scene.page.listing.table.hasFocus()
    QTest.keyClick(scene.page.listing.table, Qt.Key.Key_Return)
    step = scene.step(SendPage)
    assert step.partner.hasFocus()
    assert bytes.fromhex(step.partner.key) == them
    QTest.keyClick(step, Qt.Key.Key_Escape)
    assert scene.page.listing.table.hasFocus()


def test_tab_comes_by_every_control_of_every_page(scene: Scene) -> None:
    page = scene.page
    page.setFocus()
    assert missed_by_tab(page) == []
    step = compare(scene)
    step.same.setChecked(True)
    assert missed_by_tab(page) == []
    press(step.confirm)
    scene.rest()
    assert missed_by_tab(page) == []
    them = scene.theirs.identity.organisation
    scene.enter_plan(them)
    page.send(them)
    scene.step(SendPage)
    assert missed_by_tab(page) == []


def test_tab_comes_by_every_control_of_a_file(scene: Scene) -> None:
    path, _ = scene.answer()
    scene.page.preview(path)
    assert scene.step(FileReviewPage).table.hasFocus()
    assert missed_by_tab(scene.page) == []


def test_records_of_a_file_are_walked_by_letters(scene: Scene) -> None:
    them = scene.meet()
    plan, _ = scene.enter_plan(them)
    sent = scene.on(lambda: transfer.send_bundle(scene.ours, plan, them, scene.post)).path
    transfer.import_bundle(scene.theirs, sent, transfer.review_bundle(scene.theirs, sent))
    for row in scene.theirs.store.rows("leg"):
        change_record(scene.theirs, row.rid, {"carrier": "M/S Exempel"})
    us = scene.ours.identity.organisation
    scene.page.preview(transfer.send_bundle(scene.theirs, plan, us, scene.post).path)
    step = scene.step(FileReviewPage)
    first = said(step.card) if step.card else ""
    QTest.keyClick(step, Qt.Key.Key_J)
    assert step.table.currentIndex().row() == 2
    assert step.card is not None
    assert said(step.card) != first
    for _ in range(2):  # the head above is passed over
        QTest.keyClick(step, Qt.Key.Key_K)
        assert step.table.currentIndex().row() == 1


def assert_sound(page: ExchangePage) -> None:
    """One primary button on view, and no control that a screen reader could not name."""
    primary = [
        button.text()
        for button in page.findChildren(Button)
        if button.isVisible() and button._look is ButtonLook.PRIMARY
    ]
    assert len(primary) == 1, primary
    assert nameless(page) == []


def test_one_primary_button_at_a_time_and_every_control_has_a_name(scene: Scene) -> None:
    page = scene.page
    assert_sound(page)
    step = compare(scene)
    assert_sound(page)
    step.same.setChecked(True)
    press(step.confirm)
    scene.rest()
    assert_sound(page)
    them = page.listing.chosen
    assert them is not None
    scene.enter_plan(them.partner.organisation)
    page.send(them.partner.organisation)
    scene.step(SendPage)
    assert_sound(page)


def test_review_has_one_primary_button_and_no_nameless_control(scene: Scene) -> None:
    path, _ = scene.answer()
    scene.page.preview(path)
    scene.step(FileReviewPage)
    assert_sound(scene.page)


@pytest.mark.slow
def test_language_changes_while_pages_are_open(scene: Scene) -> None:
    path, _ = scene.answer()
    listing = scene.page.listing
    scene.kit.set_language("sv")
    assert {"⟦Exchange⟧", "⟦Import a file…⟧", "⟦verified⟧"} <= texts(listing)
    assert listing.table.model().index(0, 1).data() == "⟦verified⟧"
    scene.kit.set_language("en")
    scene.page.preview(path)
    step = scene.step(FileReviewPage)
    scene.kit.set_language("sv")
    assert {"⟦Review before importing⟧", "⟦Nothing has been changed yet.⟧"} <= texts(step)
    assert step.table.model().index(1, 1).data() == "⟦not yet decided⟧"
    scene.page.send(scene.theirs.identity.organisation)
    sending = scene.step(SendPage)
    scene.kit.set_language("en")
    assert {"Send", "Not sent", "Make the file…"} <= texts(sending)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CommonState(2, 1, is_member=True), "2 records shared in networks are waiting."),
        (
            CommonState(0, 2, is_member=True),
            "2 records that networks share wait until they have a newer program.",
        ),
        (CommonState(0, 0, is_member=True), "They have everything that our networks share."),
        (
            CommonState(1, 0, is_member=False, has_left=True),
            "They are no longer a member of our network. 1 record is waiting for the next file.",
        ),
        (
            CommonState(0, 0, is_member=False, has_left=True),
            "They are no longer a member of our network, so no contacts are sent without a plan.",
        ),
        (
            CommonState(0, 0, is_member=False),
            (
                "You and this partner have no network in common today, so no contacts are sent "
                "without a plan."
            ),
        ),
    ],
)
def test_card_of_a_partner_says_what_waits_in_common_or_why_nothing_goes(
    scene: Scene, state: CommonState, words: str
) -> None:
    scene.meet()
    card = scene.page.listing.card
    assert card is not None
    assert (
        "You and this partner have no network in common today, so no contacts are sent without a "
        "plan."
    ) in said(card)
    card.show_common(state)
    assert words in said(card)
    assert card.common.isVisible() is bool(state.ready)
