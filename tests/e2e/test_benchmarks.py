# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks run to their end on small stores, in processes of their own as `make bench`."""

import subprocess
import sys

import pytest

SMALL = {
    "window": {"PLANS": 2, "LEGS": 3, "NOTES": 2, "UNLOCKED": 3, "OPENED": 2},
    "start": {"ROUNDS": 1},
    "waiting": {"_PARTNERS": 2, "_FEW": 8, "_MANY": 9, "_SENT": 5},
    "day": {"_PLANS": 2, "_ROUNDS": 1, "_ENDED": (1, 3)},
}
RUN = """
import importlib, sys
job = importlib.import_module("benchmarks." + sys.argv[1])
vars(job).update(eval(sys.argv[2]))
print(*(row.job for row in job.rows()), sep="\\n")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("job", "last"),
    [
        ("window", "all pages in Russian"),
        ("start", "÷ bare window"),
        ("waiting", "books of a record"),
        ("day", "3 that have ended ÷ 1"),
    ],
)
def test_benchmark_measures_to_its_last_row(job: str, last: str) -> None:
    command = [sys.executable, "-c", RUN, job, repr(SMALL[job])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert last in done.stdout.splitlines()[-1]
