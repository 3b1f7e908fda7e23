# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to erase on view: whom to call, what partners ask of us, and what became of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import WHO, Scene, opened_scene, press, said
from tests.integration.course_samples import SetClock
from tests.support.windows import missed_by_tab, nameless

from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import ErasureEntry
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import (
    REASON_BELOW_ERASED,
    Direction,
    ErasureOrderState,
    SequenceMark,
)
from kfdesk.services import accounts
from kfdesk.services.core.records import change_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import erasure, partners, transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.plans import retention
from kfdesk.ui.context import UiContext

REQUEST = ErasureReason.CLIENT_REQUEST
LEAD = Credentials("QQ", "en annan fras med sex ord")


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


def sent(scene: Scene) -> tuple[bytes, bytes]:
    """Return a plan of ours that the partner has, and the partner."""
    them = scene.meet()
    plan, _ = scene.enter_plan(them)
    path = scene.on(lambda: transfer.send_bundle(scene.ours, plan, them, scene.post)).path
    transfer.import_bundle(scene.theirs, path, transfer.review_bundle(scene.theirs, path))
    return plan, them


def erase(desk: Session, plan: bytes) -> None:
    client = require_record(desk, plan).parent
    assert client is not None
    erase_client(desk, client, REQUEST)


def read(scene: Scene) -> str:
    scene.page.read()
    scene.rest()
    return said(scene.page.listing)


def test_whoever_was_asked_to_erase_stands_on_the_call_list_in_one_line(scene: Scene) -> None:
    plan, them = sent(scene)
    count = len({entry.rid for entry in scene.on(lambda: scene.ours.store.ledger.entries(them))})
    scene.on(lambda: erase(scene.ours, plan))
    shown = read(scene)
    assert f"Дом у реки: {count} records to be erased, asked on " in shown
    assert "The notice has not been sent yet." in shown
    assert "Asked to erase" in shown
    assert f"not answered: {count}" in shown
    assert len(scene.page.listing.calls.buttons) == 1
    assert missed_by_tab(scene.page) == []
    assert nameless(scene.page) == []
    scene.on(lambda: transfer.send_notices(scene.ours, them, scene.post))
    assert "The notice was sent in a file, but they have not confirmed it." in read(scene)


def test_answer_takes_it_off_the_list_and_stands_at_the_partner(scene: Scene) -> None:
    plan, them = sent(scene)
    scene.on(lambda: erase(scene.ours, plan))
    path = scene.on(lambda: transfer.send_notices(scene.ours, them, scene.post)).path
    transfer.import_bundle(scene.theirs, path, transfer.review_bundle(scene.theirs, path))
    us = scene.ours.identity.organisation
    back = transfer.send_notices(scene.theirs, us, scene.post).path
    scene.on(
        lambda: transfer.import_bundle(scene.ours, back, transfer.review_bundle(scene.ours, back))
    )
    shown = read(scene)
    assert not scene.page.listing.calls.isVisible()
    assert "erased there: " in shown
    assert "not answered" not in shown


def test_telephone_call_crosses_all_of_it_off_and_is_noted(scene: Scene) -> None:
    plan, _ = sent(scene)
    scene.on(lambda: erase(scene.ours, plan))
    read(scene)
    (button,) = scene.page.listing.calls.buttons
    press(button)
    scene.rest()
    assert not scene.page.listing.calls.isVisible()
    orders = scene.on(lambda: erasure.list_erasure_orders(scene.ours))
    assert {one.state for one in orders} == {ErasureOrderState.TOLD}
    events = scene.on(lambda: scene.ours.store.ledger.events(None, 40))
    assert [event.action for _, event in events].count(Action.ORDER_TOLD) == len(orders)
    assert "told by phone: " in read(scene)


def requested(scene: Scene) -> bytes:
    """They ask us to erase a leg of ours that they had sent back changed; returns that leg."""
    plan, _ = sent(scene)
    us = scene.ours.identity.organisation
    leg = next(row for row in scene.theirs.store.children(plan) if row.type == "leg")
    change_record(scene.theirs, leg.rid, {"carrier": "19, Exempelbuss"})
    path = transfer.send_bundle(scene.theirs, plan, us, scene.post).path
    scene.on(
        lambda: transfer.import_bundle(scene.ours, path, transfer.review_bundle(scene.ours, path))
    )
    erase(scene.theirs, plan)
    path = transfer.send_notices(scene.theirs, us, scene.post).path
    scene.on(
        lambda: transfer.import_bundle(scene.ours, path, transfer.review_bundle(scene.ours, path))
    )
    read(scene)
    return leg.rid


def test_what_a_partner_asks_of_us_waits_for_a_person_who_may_keep_it(scene: Scene) -> None:
    leg = requested(scene)
    requests = scene.page.listing.requests
    asked = scene.on(lambda: erasure.list_erasure_requests(scene.ours))
    whole = {one.rid for one in asked}.union(*(one.below for one in asked))
    assert len(whole) > len(asked)  # with what is ours alone below them
    assert f"Дом у реки asks to erase: tulpan-47, {len(whole)} records" in said(requests)
    assert "She asked for it" in said(requests)
    ((keep, _, _),) = requests.buttons
    press(keep)
    scene.rest()
    assert not requests.isVisible()
    assert scene.on(lambda: scene.ours.store.row(leg)) is not None
    assert scene.on(lambda: erasure.list_erasure_requests(scene.ours)) == ()


def prove(scene: Scene, second: str = LEAD.initials) -> None:
    """Type our passphrase, and that of a second person."""
    (proof,) = scene.page.listing.requests.proofs
    proof.own.line.setText(WHO.passphrase)
    proof.initials.setText(second)
    proof.passphrase.line.setText(LEAD.passphrase if second else "")


def with_a_lead(scene: Scene) -> None:
    lead = (LEAD.initials, LEAD.passphrase, [Role.DATA_PROTECTION_LEAD])
    scene.on(lambda: accounts.add_user(scene.ours, WHO.passphrase, *lead))


def test_what_a_partner_asks_of_us_is_erased_when_it_was_asked_twice(scene: Scene) -> None:
    leg = requested(scene)
    with_a_lead(scene)
    ((_, erase_button, now),) = scene.page.listing.requests.buttons
    press(erase_button)
    assert not erase_button.isVisible()
    assert not now.isEnabled()
    prove(scene, second="")
    press(now)
    scene.rest()
    assert "erasure.second_missing in en." in said(scene.page.listing.requests)
    assert scene.on(lambda: scene.ours.store.row(leg)) is not None
    prove(scene)
    press(now)
    scene.rest()
    assert scene.on(lambda: scene.ours.store.row(leg)) is None
    assert scene.on(lambda: erasure.list_erasure_requests(scene.ours)) == ()


def test_question_before_erasing_can_be_left_by_the_keyboard(scene: Scene) -> None:
    requested(scene)
    ((_, erase_button, now),) = scene.page.listing.requests.buttons
    erase_button.setFocus()
    QTest.keyClick(erase_button, Qt.Key.Key_Space)
    assert now.isVisible()
    leave = QApplication.focusWidget()
    assert isinstance(leave, QPushButton)
    assert leave.text() == "Leave it unchanged"
    QTest.keyClick(leave, Qt.Key.Key_Space)
    assert not now.isVisible()
    assert erase_button.hasFocus()
    assert nameless(scene.page) == []


def test_what_must_be_kept_is_not_erased_and_the_card_says_why(scene: Scene) -> None:
    requested(scene)
    (plan,) = scene.on(lambda: scene.ours.store.rows("plan"))
    scene.on(lambda: retention.set_legal_hold(scene.ours, plan.rid, "Rättegång"))
    before = scene.on(lambda: erasure.list_erasure_requests(scene.ours))
    with_a_lead(scene)
    ((_, erase_button, now),) = scene.page.listing.requests.buttons
    press(erase_button)
    prove(scene)
    press(now)
    scene.rest()
    assert "erasure.held in en." in said(scene.page.listing.requests)
    assert scene.on(lambda: erasure.list_erasure_requests(scene.ours)) == before


def test_who_has_not_answered_in_time_is_to_be_called(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, them = sent(scene)
    scene.on(lambda: erase(scene.ours, plan))
    scene.on(lambda: transfer.send_notices(scene.ours, them, scene.post))
    later = scene.ours.adapters.clock.now() + timedelta(days=40)
    monkeypatch.setattr(type(scene.ours.adapters.clock), "now", SetClock(later).now)
    assert "They have not answered by " in read(scene)


def test_what_is_missing_is_asked_for_by_our_next_file(scene: Scene) -> None:
    _, them = sent(scene)
    (line,) = scene.on(lambda: partners.list_partners(scene.ours))
    listing = scene.page.listing
    assert listing.card is not None
    assert not listing.card.again.isVisible()
    listing.show_partners((replace(line, missing=(3,)),))
    scene.rest()
    assert "File no. 3." in said(listing.card)
    press(listing.card.again)
    scene.rest()
    assert "Our next file asks them for it." in said(scene.page)
    kept = scene.on(lambda: scene.ours.store.setting(f"ask_again.{them.hex()}"))
    assert kept == b"\1"


def test_record_that_a_file_keeps_out_is_taken_off_the_list_by_one_press(scene: Scene) -> None:
    them, store = scene.meet(), scene.ours.store
    rid, now = bytes(range(16)), scene.ours.milliseconds
    aged = now - timedelta(days=31) // timedelta(milliseconds=1)

    def note() -> None:
        with store.transaction():
            store.erasures.mark([
                ErasureEntry(rid, now, REASON_BELOW_ERASED, them, them),
                ErasureEntry(bytes(16), aged, REASON_BELOW_ERASED, them, them),
                ErasureEntry(bytes(range(1, 17)), now, REQUEST, them),
            ])  # fmt: skip

    scene.on(note)
    read(scene)
    card = scene.page.listing.kept_out
    assert len(card.buttons) == 1  # neither an old one nor what people here erased
    assert "Said by Дом у реки" in said(card)
    assert nameless(card) == missed_by_tab(card) == []
    card.buttons[0].click()
    scene.rest()
    assert scene.on(lambda: store.erasures.entries_of(rid)) == ()
    assert not card.isVisible()


def test_line_of_what_a_file_keeps_out_names_the_file(scene: Scene) -> None:
    them, store, now = scene.meet(), scene.ours.store, scene.ours.milliseconds
    digest = bytes(range(32))

    def note() -> None:
        with store.transaction():
            store.ledger.mark(
                SequenceMark(them, Direction.IN, bytes(16), 7, digest, now, bytes(32), now << 16)
            )
            entry = ErasureEntry(bytes(range(16)), now, REASON_BELOW_ERASED, them, them, digest)
            store.erasures.mark([entry])

    scene.on(note)
    read(scene)
    assert "Said by Дом у реки in file no. 7: it was erased" in said(scene.page.listing.kept_out)


def test_entry_that_is_gone_meanwhile_is_refused_in_its_card(scene: Scene) -> None:
    them, store = scene.meet(), scene.ours.store
    entry = ErasureEntry(bytes(16), scene.ours.milliseconds, REASON_BELOW_ERASED, them, them)

    def change(work: Callable[[], None]) -> None:
        with store.transaction():
            work()

    scene.on(lambda: change(lambda: store.erasures.mark([entry])))
    read(scene)
    card = scene.page.listing.kept_out
    scene.on(lambda: change(lambda: store.erasures.take_back(entry)))
    card.buttons[0].click()
    scene.rest()
    assert card.outcome.isVisible()
