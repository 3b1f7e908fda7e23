# SPDX-License-Identifier: GPL-3.0-or-later
"""One woman's case, from an empty place to the handover, played at the window by the keyboard.

The clock is handed in, so that the day of travel is now when the play comes to it. After every key
the keyboard must still be somewhere on the page: a play in which it jumps away fails.
"""

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton
from tests.e2e import played_before, played_journey
from tests.e2e.played_house import House
from tests.e2e.played_partner import Partner
from tests.e2e.played_voices import VOICES, Voice
from tests.e2e.player import CTRL, Player
from tests.support.windows import shell_of

from kfdesk.demo import people
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.records.case import Transition
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import ZonedTime, text_in_language
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.plans.plans import disclose_case, load_case

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
Key = Qt.Key
EITHER_LANGUAGE = pytest.mark.parametrize(
    "voice", [VOICES["sv"], pytest.param(VOICES["ru"], marks=pytest.mark.slow)], ids=["sv", "ru"]
)
SHARED = ("identity", "contact", "travel", "risk_summary")
ROAD = ("assessing", "decision_ready", "approved", "travel_ready", "travelling", "arrived")


@pytest.mark.slow
@pytest.mark.parametrize("voice", [VOICES["ru"]], ids=["ru"])
def test_case_is_played_from_an_empty_place_to_the_handover(house: House, voice: Voice) -> None:
    """In Russian; in Swedish the same road is gone by Stockholm in `test_played_pair`."""
    player = house.opens()
    words = played_before.found(player, voice)
    played_before.take_in(player, voice)
    played_before.enter_contacts(player, voice)
    partner = player.behind(lambda desk: Partner(house.folder, voice.receiver, desk, house.clock))
    played_before.meet(player, partner)
    player.presses(Key.Key_2, CTRL)
    played_before.say_who_she_is(player, voice)
    played_before.give_consent(player, voice, voice.ours, "case_management", SHARED)
    played_before.give_consent(
        player, voice, voice.receivers, "reception_and_reintegration", SHARED
    )
    goes_on(player, "assessing")
    played_before.assess(player, voice)
    played_before.weigh_both(player, voice, partner)
    goes_on(player, "decision_ready")
    second = played_before.let_in(player, words)
    player.presses(Key.Key_2, CTRL)
    played_before.decide(player, voice)
    player = house.opens()
    played_before.comes_in(player, "AU", second)
    played_before.approve(player)
    player = house.opens()
    played_before.comes_in(player, "EV", words)
    goes_on(player, "approved")
    travels(house, player, voice)
    assert player.behind(steps_taken) == ROAD
    legs = player.behind(ways_and_times)
    assert [leg.status for leg in legs] == ["arrived", "missed", "arrived"]
    assert legs[0].departs == ZonedTime.at(datetime(2026, 12, 12, 17), people.STOCKHOLM)  # noqa: DTZ001
    assert legs[1].departs == ZonedTime.at(datetime(2026, 12, 13, 12, 40), people.RIGA)  # noqa: DTZ001
    assert legs[2].arrives == ZonedTime.at(datetime(2026, 12, 14, 1, 30), people.MOSCOW)  # noqa: DTZ001
    assert {text_in_language(leg.to_place, "ru") for leg in legs} == {"Рига", "Псков"}
    assert {text_in_language(leg.met_by, voice.code) for leg in legs} == {voice.met_by[0]}
    player.behind(lambda _: partner.close())


def travels(house: House, player: Player, voice: Voice) -> None:
    """Play the journey day by day."""
    house.is_at("2026-12-11T12:00")
    played_journey.book(player, voice)
    played_journey.make_ready(player, voice)
    goes_on(player, "travel_ready")
    house.is_at("2026-12-12T17:20")
    played_journey.leave(player)
    assert player.state == "travelling"
    house.is_at("2026-12-13T12:00")
    played_journey.miss_a_leg(player)
    played_journey.take_another(player)
    house.is_at("2026-12-13T17:10")
    player.goes_to("Legs of the journey")
    player.does("Has left")
    house.is_at("2026-12-14T00:10")
    played_journey.arrive(player, voice)
    assert player.state == "arrived"


@pytest.fixture
def on_the_way(house: House, voice: Voice) -> Player:
    """Return the window on a plan in the state travelling."""
    return played_before.stands_at(house, voice, "travelling")


@EITHER_LANGUAGE
def test_consent_taken_back_on_the_way_stops_sharing_at_once_and_the_journey_goes_on(
    house: House, on_the_way: Player, voice: Voice
) -> None:
    player = on_the_way
    assert DataGroup.TRAVEL in player.behind(goes_out)
    player.goes_to_section("consent")
    for _ in range(2):  # to receive her, and to ask about risks
        player.does_for("Withdraw", people.SAFE_HOUSE)
        player.does("Withdraw now")
    assert player.behind(goes_out) == set()
    assert player.behind(sends) == (False, True)
    assert player.state == "travelling"
    house.is_at("2026-12-20T08:40")
    player.goes_to_section("travel")
    player.goes_to("Legs of the journey")
    player.presses(Key.Key_Up)
    player.does("Has arrived")
    assert [leg.status for leg in player.behind(ways_and_times)] == ["arrived", "booked"]
    assert player.state == "travelling"


@pytest.mark.slow
@EITHER_LANGUAGE
def test_wish_taken_back_on_the_way_ends_the_plan_and_leaves_her_consents(
    on_the_way: Player, voice: Voice
) -> None:
    player = on_the_way
    player.goes_to_section("person")
    player.chooses("plan", "wish", "client_wishes_to_stay")
    player.saves()
    player.goes_to_section("decision")
    player.does("Close at her request")
    player.types(voice.stays)
    player.does("Close at her request")
    assert player.state == "withdrawn"
    player.goes_to("Open a new plan")
    consents = player.behind(lambda desk: [view(r, Consent) for r in desk.store.rows("consent")])
    assert all(consent.record.withdrawn is None for consent in consents)
    steps = player.behind(lambda desk: [view(r, Transition) for r in desk.store.rows("transition")])
    assert voice.stays in [step.record.reason for step in steps]


@EITHER_LANGUAGE
def test_no_menu_takes_a_key_that_a_plan_answers_to(on_the_way: Player, voice: Voice) -> None:
    window, menus = on_the_way.program.window, shell_of(on_the_way.program).bar.menus
    assert on_the_way.program.kit.translator.language.code == voice.code
    heard = [shortcut.key() for shortcut in window.findChildren(QShortcut)]
    heard += [button.shortcut() for button in window.findChildren(QAbstractButton)]
    keys = {keys.toString() for keys in heard}
    opened = {QKeySequence.mnemonic(menu.title()).toString() for menu in menus.menus.values()}
    assert "Alt+A" in keys
    assert keys & opened == set()


def goes_on(player: Player, state: str) -> None:
    """Alt+C finds every condition met, and Enter takes the step."""
    player.checks()
    player.presses(Key.Key_Return)
    assert player.state == state, sorted(player.texts())


def steps_taken(desk: Session) -> tuple[str, ...]:
    """Return the states that the plan has reached, in order."""
    steps = [view(row, Transition).record for row in desk.store.rows("transition")]
    when = [(step.happened.utc, str(step.to_state)) for step in steps
            if isinstance(step.happened, ZonedTime)]  # fmt: skip
    return tuple(sorted((state for _, state in when), key=ROAD.index))


def ways_and_times(desk: Session) -> list[Leg]:
    """Return the legs in the order of travel."""
    (plan,) = desk.store.rows("plan")
    legs = load_case(desk, plan.rid).views(Leg, "leg")
    ordered = sorted(legs, key=lambda leg: (leg.record.sequence, leg.record.status != "missed"))
    return [leg.record for leg in ordered]


def goes_out(desk: Session) -> set[DataGroup]:
    """Return the data groups that may go to the receiver now."""
    (plan,) = desk.store.rows("plan")
    receiver = view(plan, Plan).record.receiver
    partner = partners.find_partner(desk, bytes.fromhex(str(receiver)))
    opened = disclose_case(desk, load_case(desk, plan.rid), partner.recipient, Channel.BUNDLE)
    return set(opened.groups) - {DataGroup.DIRECTORY, DataGroup.PARTIES}


def sends(desk: Session) -> tuple[bool, bool]:
    """Return whether a file to the receiver holds anything of her, and what she has taken back."""
    (plan,) = desk.store.rows("plan")
    receiver = bytes.fromhex(str(view(plan, Plan).record.receiver))
    parcel = transfer.prepare_bundle(desk, plan.rid, receiver)
    return bool(parcel.goes.rows), bool(parcel.notices)
