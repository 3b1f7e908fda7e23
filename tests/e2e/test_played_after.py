# SPDX-License-Identifier: GPL-3.0-or-later
"""The time after an arrival, played at the window by the keyboard, to the end and beyond.

Her aims and a service, the days of contact, one that she refuses, word of danger and what follows,
closing with the last day of being kept, a restriction, and an erasure for good.
"""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from tests.e2e import played_before
from tests.e2e.played_house import House
from tests.e2e.played_voices import VOICES, Voice
from tests.e2e.player import CTRL, Player

from kfdesk.demo import people
from kfdesk.domain.records.aftercare import FollowUp, Goal, Service
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.services.core.session import Session

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
Key = Qt.Key
EITHER_LANGUAGE = pytest.mark.parametrize(
    "voice", [VOICES["sv"], pytest.param(VOICES["ru"], marks=pytest.mark.slow)], ids=["sv", "ru"]
)
SAID = ("safety", "housing", "health")


@pytest.fixture
def arrived(house: House, voice: Voice) -> Player:
    """Return the window on the plan of a client who has arrived."""
    return played_before.stands_at(house, voice, "arrived")


@EITHER_LANGUAGE
def test_time_after_an_arrival_is_played_to_the_closing_and_keeps_who_is_in_danger(
    arrived: Player, voice: Voice
) -> None:
    player = arrived
    player.presses(Key.Key_2, CTRL)
    player.presses(Key.Key_Return)
    helps_her_on(player, voice)
    keeps_in_touch(player, voice)
    looks_at_danger(player)
    closes(player)
    restricts(player, voice)
    cannot_erase(player)
    assert player.behind(lambda desk: len(desk.store.rows("client"))) == 1
    assert player.behind(lambda desk: desk.store.verify()) == ()


def helps_her_on(player: Player, voice: Voice) -> None:
    """Enter a goal in the client's words, and who helps with it."""
    player.goes_to_section("support")
    player.does("Add a goal")
    player.chooses("goal", "domain", "vocational")
    player.tells("goal", "aim", voice.alias)
    player.chooses("goal", "baseline", "poor")
    player.chooses("goal", "target", "good")
    player.saves()
    player.does("Add a service")
    player.chooses("service", "domain", "vocational")
    player.tells("service", "what", voice.measures)
    player.picks("service", "organisation", voice.receivers)
    player.chooses("service", "status", "in_progress")
    player.saves()
    (goal,) = player.behind(lambda desk: [view(r, Goal).record for r in desk.store.rows("goal")])
    assert (goal.domain, goal.baseline, goal.target) == ("vocational", "poor", "good")
    (service,) = player.behind(
        lambda desk: [view(row, Service).record for row in desk.store.rows("service")]
    )
    assert service.domain == "vocational"
    assert isinstance(service.organisation, str)


def keeps_in_touch(player: Player, voice: Voice) -> None:
    """Schedule the usual follow-ups, and record that the client refuses one."""
    player.goes_to_section("follow_up")
    player.does("Keep these days")
    player.does("She declines")
    assert player.behind(results) == ["refused", *[None] * 6]


def looks_at_danger(player: Player) -> None:
    """In the second contact she says that somebody may exploit her again."""
    player.does("Edit")
    player.does("Edit")
    player.chooses("follow_up", "result", "reached")
    player.chooses("follow_up", "exploitation_again", "suspected")
    for area in SAID:
        player.chooses("follow_up", area, "fair")
    player.saves()
    assert player.sees("She may be in danger again")
    assert player.sees("How she is doing")
    player.presses(Key.Key_1, CTRL)
    player.goes_to("Urgent")
    player.presses(Key.Key_Return)
    assert player.sees("Take a breath. These are the next steps, one after the other.")


def closes(player: Player) -> None:
    """To the end, step by step, with the last day of being kept."""
    player.goes_to_section("decision")
    player.writes_now("plan", "reintegration_agreed")
    player.saves()
    goes_on(player, "reintegrating")
    goes_on(player, "follow_up")
    player.chooses("plan", "closure_reason", "goals_met")
    player.writes_now("plan", "last_risk_read")
    player.writes_now("plan", "told_what_is_kept")
    player.fills("plan", "retention_until", "1.12.2028")
    player.answers("plan", "receipts_in", yes=True)
    player.saves()
    goes_on(player, "closed")
    assert player.behind(last_day) == date(2028, 12, 1)


def restricts(player: Player, voice: Voice) -> None:
    """Restrict the plan for a court: it is read-only until the restriction is lifted."""
    player.goes_to_section("keeping")
    player.goes_to("Why it must be kept")
    player.types(voice.stays)
    player.does("Restrict this plan")
    assert player.sees("This plan is restricted: it can only be read.")
    player.does("Lift the restriction")
    assert not player.sees("This plan is restricted: it can only be read.")


def cannot_erase(player: Player) -> None:
    """See what would be erased; nothing is while she may be in danger again."""
    player.does("Show what would be erased")
    assert player.sees("What stays, and why")
    player.goes_to("Type the code of the plan to erase")
    player.types(str(people.CLIENT["code"]))
    assert player.sees("Not possible now: see above.")


def goes_on(player: Player, state: str) -> None:
    """Alt+C finds every condition met, and Enter takes the step."""
    player.checks()
    player.presses(Key.Key_Return)
    assert player.state == state, sorted(player.texts())


def results(desk: Session) -> list[object]:
    """Return the result of each follow-up, in the order of their due days."""
    views = (view(row, FollowUp).record for row in desk.store.rows("follow_up"))
    return [one.result for one in sorted(views, key=lambda one: str(one.due))]


def last_day(desk: Session) -> date | None:
    """Until when the one plan is kept."""
    (row,) = desk.store.rows("plan")
    until = view(row, Plan).record.retention_until
    return until if isinstance(until, date) else None
