# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the demo in which last days are near: what Today and the plan say of it."""

from pathlib import Path

from tests.integration.course_samples import walked
from tests.support.calendars import read_calendar_file

from kfdesk.demo import calendar, cooperation
from kfdesk.services.procedures import runs
from kfdesk.services.today import read_today


def test_last_days_of_the_demo_stand_on_today_and_the_letter_waits_for_an_answer(
    tmp_path: Path,
) -> None:
    with walked(tmp_path) as walk:
        made = cooperation.follow_procedure(walk.ours)
        path = tmp_path / "letter.pdf"
        count = cooperation.write_to_police(walk.ours, made.plan, made.police, path)
        day = read_today(walk.ours)
        assert count == day.count
        assert path.read_bytes().startswith(b"%PDF")
        assert [one.to for one in day.answers] == ["Polisen Exempel"]
        (line,) = (one for one in day.deadlines if one.line.rid == made.plan)
        assert (line.deadline.days, line.is_investigated) == (cooperation.DAYS_LEFT, True)
        steps = {one.step.prefix: one for one in day.steps}
        assert (steps["6b"].days, steps["6b"].who) == (cooperation.DAYS_LEFT, "Polisen Exempel")
        assert day.steps[0].step.prefix == "6b"  # the law's first
        upcoming = runs.read_upcoming(walk.ours, made.plan)
        assert upcoming is not None
        assert upcoming.step.prefix in steps


def test_calendar_of_the_demo_leaves_under_neutral_titles(tmp_path: Path) -> None:
    with walked(tmp_path) as walk:
        made = cooperation.follow_procedure(walk.ours)
        done = calendar.take_calendar(walk.ours, made.plan, tmp_path)
        found = read_calendar_file((tmp_path / "calendar.ics").read_bytes())
        assert len(found) == len(done.lines)
        assert {one.title for one in found} == {"Notebook", "Ring"}
        assert (tmp_path / "week-sv.pdf").read_bytes().startswith(b"%PDF")
