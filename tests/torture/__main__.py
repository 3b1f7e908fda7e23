# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m tests.torture`: every harness, its control, and a table of what they came to.

`--long` tries far more often. `--only WORDS` runs the rows whose names hold these words, `--seed`
takes the seed that an earlier run printed, `--trial` plays one trial of it again, and `--write`
puts the table into `docs/reliability.md`. Each row is a process with desks of its own, as many at
once as there are cores. Where the blow of a kill falls is the machine's to say:
those trials are repeated, but never exactly. The exit code is 1 where anything failed or a control
passed.
"""

import argparse
import json
import os
import platform
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.torture import harness
from tests.torture.full_disk import DISK
from tests.torture.harness import Harness, Result
from tests.torture.report import cells, table, written
from tests.torture.rows import HARNESSES
from tests.torture.world import World, make_world

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
MOST_SHOWN = 5


def main() -> int:
    """Run what is asked for; returns the exit code."""
    os.environ["TZ"] = "Europe/Stockholm"  # where the desks are: else their days differ at night
    asked = _asked()
    seed = asked.seed or secrets.token_hex(4)
    if asked.row:
        return _here(asked.row, seed, asked)
    chosen = [each for each in HARNESSES if asked.only in each.name]
    sys.stdout.write(f"seed {seed}\n")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(map(_told, pool.map(partial(_apart, seed=seed), chosen)))
    failures = [failure for result in results for failure in result.failures]
    for failure in failures[:MOST_SHOWN]:
        sys.stdout.write(f"FAILED (seed {seed}) {failure}\n")
    if asked.write:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(
            written(text, table(results, datetime.now().astimezone().date()), _where(seed)),
            encoding="utf-8",
        )
    return 0 if all(result.is_good for result in results) else 1


@contextmanager
def a_world() -> Iterator[World]:
    """Two desks to hurt; gone afterwards, and the small disk with them."""
    with TemporaryDirectory() as folder:
        try:
            yield make_world(Path(folder))
        finally:
            DISK.close()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.torture")
    parser.add_argument("--long", action="store_true", help="try far more often")
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose names hold them")
    parser.add_argument("--seed", metavar="SEED", help="as an earlier run printed it")
    parser.add_argument("--trial", type=int, metavar="NUMBER", help="this one alone")
    parser.add_argument("--row", help="this row, in this process; answers in JSON")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.name}")
    return parser.parse_args()


def _here(name: str, seed: str, asked: argparse.Namespace) -> int:
    """Run one row; its result goes to the process that asked for it."""
    (each,) = (each for each in HARNESSES if each.name == name)
    with a_world() as world:
        result = harness.run(each, world, seed, _numbers(each, asked))
    sys.stdout.write(json.dumps(vars(result)))
    return 0


def _apart(each: Harness, seed: str) -> Result:
    """Run one row in a process of its own; one that ends without a result has failed."""
    command = [sys.executable, "-m", "tests.torture", *sys.argv[1:], "--row", each.name]
    done = subprocess.run([*command, "--seed", seed], capture_output=True, text=True, check=False)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.splitlines() or [f"ended with {done.returncode}"])[-1]
        return Result(each.name, failures=[f"{each.name}: {last}"])
    return Result(**told | {"how": Counter(told["how"])})


def _told(result: Result) -> Result:
    sys.stdout.write("  ".join(cells(result, datetime.now().astimezone().date())) + "\n")
    sys.stdout.flush()
    return result


def _numbers(each: Harness, asked: argparse.Namespace) -> Sequence[int]:
    if asked.trial is not None:
        return (asked.trial,)
    return range(each.size.long if asked.long else each.size.usual)


def _where(seed: str) -> str:
    system = f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    return f"{system}; seed `{seed}`"


if __name__ == "__main__":
    sys.exit(main())
