# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsers fuzzed with atheris, each in a process of its own; the corpus grows from trial to trial.

A trial is some seconds of one target. What is found lies in a file that the row names: it belongs
into `tests/fuzz/found/`, where the tests try it for ever. Knows no parser; `tests/fuzz/`
says what is fuzzed, and what is wrong on purpose.
"""

import importlib.util
import random
import re
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.world import World

NAMES = ("age", "items", "manifest", "segment", "slots", "file")
SECONDS, LONGEST = 2, 600
_ROUNDS = re.compile(rb"stat::number_of_executed_units: (\d+)")
_WRONG = re.compile(rb"(\w+(?:Error|Exception)[^\n]*|ERROR: libFuzzer: [^\n]*)")


def absent() -> str:
    """Return why the parsers cannot be fuzzed on this machine, if they cannot."""
    return "" if importlib.util.find_spec("atheris") else "there is no atheris for this machine"


def fuzzed(name: str, folder: Path, seed: int, *extra: str) -> Seen:
    """One target for some seconds; what is wrong says where the input lies that showed it."""
    folder.mkdir(parents=True, exist_ok=True)
    more = ("--seconds", str(SECONDS), "--seed", str(seed), *extra)
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", name, str(folder), *more],
        capture_output=True, timeout=LONGEST, check=False,
    )  # fmt: skip
    rounds = _ROUNDS.search(done.stderr)
    if done.returncode == 0 and rounds:
        return Seen("nothing found")
    wrong = _WRONG.search(done.stderr) or _WRONG.search(done.stdout)
    said = wrong.group(1).decode("utf-8", "replace") if wrong else f"ended by {done.returncode}"
    return Seen("found", f"{said}; see {folder}")


def _trial(name: str) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        folder = world.folder / "fuzz" / name
        seen = fuzzed(name, folder, rng.randrange(1, 2**31))
        if not seen.wrong:
            return seen
        kept = Path(mkdtemp(prefix=f"fuzz-{name}-"))
        for path in folder.glob("*-*"):
            (kept / path.name).write_bytes(path.read_bytes())
        return Seen(seen.how, f"{seen.wrong.partition('; see ')[0]}; see {kept}")

    return trial


def _control(name: str) -> Trial:
    """Return the control trial, with more time: how long a fuzzer needs is chance."""
    more = ("--control", "--seconds", str(10 * SECONDS))
    return lambda world, rng: fuzzed(name, world.scratch(), rng.randrange(1, 2**31), *more)


HARNESSES = (
    joined(
        f"fuzzed: {', '.join(NAMES)}",
        [(_trial(name), _control(name)) for name in NAMES],
        Size(2, 120, 84_000),
        absent,
    ),
)
