# SPDX-License-Identifier: GPL-3.0-or-later
"""A small sample of every row of `make torture`, with its control: that each still sees."""

import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.torture import fast_day, harness
from tests.torture.__main__ import a_world
from tests.torture.harness import BUG, Harness, Result, Seen, Size
from tests.torture.report import BEGIN, END, cells, table, written
from tests.torture.rows import HARNESSES
from tests.torture.world import World

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SEED = os.environ.get("TORTURE_SEED", "sample")
EVERYWHERE = [each for each in HARNESSES if not each.name.startswith("a small disk")]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


SLOW = (
    "F12 while a lock waits for a job",
    "a day that is searched for leaks", "documents of others", "fuzzed: ",
    "kill -9 while a backup is restored", "kill -9 while a bundle is taken",
    "a stick that lies about", "kill -9 while a backup is written",
    "kill -9 while backups are made", "kill -9 while everything goes",
    "kill -9 while clients are erased", "kill -9 while the program locks", "limits of the child",
    "a partner that reaches", "command lines", "weak passphrases", "a crash of the window",
    "order of files beside a model", "salvage of a damaged store: empty pages",
    "salvage of a damaged store: flipped bits", "short files: making a bundle",
    "a partner that wants a deadline", "a partner that meddles in the work",
    "searches that", "short files: saving",
    "the program is updated", "twelve laptops", "values that nobody",
)  # fmt: skip
"""How the rows begin that cost seconds each, and whose parts have tests of their own."""


def chosen(each: Harness) -> Any:
    """Return a row of the table as a parameter, with its mark."""
    marks = (pytest.mark.slow,) if each.name.startswith(SLOW) else ()
    return pytest.param(each, id=each.name, marks=marks)


@pytest.mark.parametrize("each", [chosen(each) for each in EVERYWHERE])
def test_nothing_is_lost_and_nothing_is_believed(each: Harness, world: World) -> None:
    result = harness.run(each, world, SEED, range(each.size.sample))
    assert result.failures == []
    assert not result.is_blind, "what is wrong on purpose was not seen"


@pytest.mark.parametrize(
    "module", sorted(set(re.findall(r"-m ((?:tests|benchmarks)[\w.]*)", MAKEFILE)))
)
def test_program_of_a_make_target_starts_without_the_paths_of_pytest(module: str) -> None:
    bare = os.environ | {"PYTHONPATH": str(ROOT / "tests" / "offline")}
    command = [sys.executable, "-m", module, "--help"]
    said = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


def test_short_day_in_fast_motion_ends_well(tmp_path: Path) -> None:
    seen = fast_day.play(tmp_path / "day", random.Random(SEED), fast_day.SHORT)
    assert seen.wrong == ""


def test_failure_of_the_day_names_its_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_day.Day, "unkept", lambda _day, _seat: "something is gone")
    seen = fast_day.play(tmp_path / "day", random.Random(SEED), 3)
    assert seen.wrong.startswith("step 1, ")
    assert seen.wrong.endswith("something is gone")


def _always(how: str, wrong: str = "") -> harness.Trial:
    return lambda world, rng: Seen(how, wrong)


def _raises(world: World, rng: random.Random) -> Seen:
    raise ZeroDivisionError


def test_harness_that_sees_nothing_is_told(world: World) -> None:
    blind = Harness("blind", _always("fine"), _always("fine"), Size(1, 1, 1))
    result = harness.run(blind, world, SEED, range(3))
    assert (result.trials, result.failures, result.is_good) == (3, [], False)
    assert "NOT SEEN" in cells(result, date(2026, 11, 28))


def test_exception_nobody_foresaw_is_a_failure_and_no_proof_of_sight(world: World) -> None:
    torn = Harness("torn", _raises, _raises, Size(1, 1, 1))
    result = harness.run(torn, world, SEED, range(2))
    assert result.how == {BUG: 2}
    assert "ZeroDivisionError in _raises" in result.failures[0]
    assert result.is_blind


def test_each_trial_has_a_seed_of_its_own_and_the_same_one_again(world: World) -> None:
    drawn: list[float] = []

    def draw(_: World, rng: random.Random) -> Seen:
        drawn.append(rng.random())
        return Seen("drawn")

    each = Harness("drawing", draw, _always("", "seen"), Size(1, 1, 1))
    harness.run(each, world, SEED, (0, 1, 0))
    assert drawn[0] == drawn[2] != drawn[1]


def test_row_that_cannot_run_says_why(world: World) -> None:
    each = Harness("absent", _raises, _raises, Size(1, 1, 1), lambda: "no small disk here")
    result = harness.run(each, world, SEED, range(1))
    assert (result.trials, result.is_good) == (0, True)
    assert cells(result, date(2026, 11, 28))[-2:] == ("no small disk here", "28 Nov")


def test_table_takes_the_place_of_the_one_before() -> None:
    result = Result("flipped bit", 7, 1.4)
    page = f"Before.\n{BEGIN}\nold\n{END}\nAfter.\n"
    new = written(page, table([result], date(2026, 11, 28)), "Linux")
    assert "old" not in new
    assert "| flipped bit | 7 | 0 | seen |  | 28 Nov |" in new
    assert new.startswith("Before.\n")
    assert new.endswith("\nAfter.\n")


def test_page_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        written("nothing", "", "")


def test_rows_of_a_family_are_one_line_that_hides_no_failure() -> None:
    rows = [
        Result("short files: saving", 3, how=Counter({"refused": 3})),
        Result("another", 1),
        Result("short files: taking", 2, how=Counter({"refused": 1}), failures=["lost"]),
    ]
    lines = table(rows, date(2026, 11, 29)).splitlines()[2:]
    assert lines[0] == "| short files: saving; taking | 5 | 1 | seen | refused 4 | 29 Nov |"
    assert lines[1].startswith("| another | 1 | 0 |")
    assert len(lines) == 2
