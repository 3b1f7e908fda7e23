# SPDX-License-Identifier: GPL-3.0-or-later
"""The invented example: a real desk with a partner and a conflict, of which nothing is left."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kfdesk import app
from kfdesk.demo import show
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import list_plans


@pytest.mark.slow
def test_example_is_a_whole_desk_in_a_place_of_its_own_and_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    places: list[Path] = []

    def looked_at(make: Callable[[], Session], machine: Environment) -> int:
        assert machine.state is not None
        places.append(machine.state.parent)
        desk = make()
        (line,) = list_plans(desk)
        assert line.conflicts == 1
        desk.store.close()
        return 0

    monkeypatch.setattr(app, "open_demo_window", looked_at)
    assert show.main(["--look"]) == 0
    (place,) = places
    assert not place.exists()
    assert not (tmp_path / "home").exists()
    assert not (tmp_path / "state").exists()
