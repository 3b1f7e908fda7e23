# SPDX-License-Identifier: GPL-3.0-or-later
"""The cooperation of the Stockholm region in one plan, from suspicion to follow-up, by keyboard.

The plan has gone its way to the arrival; what its records show is done without a key. All else is
said step by step in the window: done, asked, done before its turn and why, does not apply and why.
"""

import pytest
from PySide6.QtCore import Qt
from tests.e2e import played_before
from tests.e2e.played_house import House
from tests.e2e.played_voices import VOICES, Voice
from tests.e2e.player import Player

from kfdesk.domain.procedures.runs import RunStep
from kfdesk.i18n.phrases import localized_text
from kfdesk.services.core.session import Session
from kfdesk.services.procedures import files, procedures, runs
from kfdesk.services.procedures.runs import Run
from kfdesk.services.today import read_today

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.slow,
]
PROCEDURE = "stockholm-region"
WHY = {"sv": "Det behövdes inte här", "ru": "Здесь этого не потребовалось"}


def put_in_force(desk: Session) -> None:
    read = files.preview_procedure(desk, files.shipped_procedure(desk, PROCEDURE))
    procedures.activate_procedure(desk, files.import_procedure(desk, read).procedure)


def read(player: Player) -> Run:
    plan = player.plan
    found = player.behind(lambda desk: runs.read_run(desk, plan))
    assert found is not None
    return found


def name_of(player: Player, step: RunStep) -> str:
    title = localized_text(step.view.record.title, player.program.kit.translator.language)
    return f"{step.prefix}  {title}"


def answers_why(player: Player, reason: str) -> None:
    player.types(reason)
    player.presses(Qt.Key.Key_Return)


@pytest.mark.parametrize("code", ["sv", "ru"])
def test_whole_cooperation_is_played_by_keyboard(house: House, code: str) -> None:
    voice: Voice = VOICES[code]
    player = played_before.stands_at(house, voice, "arrived")
    player.behind(put_in_force)
    player.goes_to_section("cooperation")
    player.does("Begin")
    begun = read(player)
    said = [one.prefix for one in begun.steps]
    assert (said[0], said[-1]) == ("1", "16")
    ways = set[str]()
    for prefix in said:
        step = next(one for one in read(player).steps if one.prefix == prefix)
        name = name_of(player, step)
        if step.is_settled:
            ways.add("shown")
            continue
        if not step.state:
            player.does_for("Asked", name)
        if step.view.record.proof is not None:
            player.does_for("Does not apply…", name)
            answers_why(player, WHY[code])
            ways.add("skipped")
        elif step.waits_for:
            player.does_for("Done", name)
            answers_why(player, WHY[code])
            ways.add("early")
        else:
            player.does_for("Done", name)
            ways.add("done")
        after = next(one for one in read(player).steps if one.prefix == prefix)
        assert after.is_settled, (prefix, sorted(player.texts()))
    assert {"shown", "done", "skipped"} <= ways
    assert all(one.is_settled for one in read(player).steps)
    assert player.behind(read_today).steps == ()
    player.does("End the cooperation")
    assert read(player).view.record.closed is not None
    player.does("Continue with it")
    assert read(player).view.record.closed is None
    whole = read(player).steps
    reasons = [one.view.record.skipped_because for one in whole if one.state == "not_applicable"]
    assert {text.text for told in reasons if isinstance(told, tuple) for text in told} == {
        WHY[code]
    }
