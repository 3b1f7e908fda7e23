# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks run to their end on small stores, in processes of their own as `make bench`.

`test_every_benchmark_has_a_small_run` keeps the table below equal to the list of jobs.
"""

import subprocess
import sys

import pytest
from benchmarks.__main__ import JOBS, module_of

CONTACTS: dict[str, object] = {"MANY": 400, "FEW": 100}
SMALL: dict[str, dict[str, object]] = {
    "start": {"ROUNDS": 1},
    "unlock": {"_PLANS": 3, "_LEGS": 2, "_NOTES": 1, "_CONTACTS": 20, "_OPENED": 2, "_ROUNDS": 1},
    "vault": {"_ROUNDS": 1, "_MANY_ROUNDS": 3},
    "day": {"_PLANS": 2, "_ROUNDS": 1, "_ENDED": (1, 3)},
    "waiting": {"_PARTNERS": 2, "_FEW": 8, "_MANY": 9, "_SENT": 5},
    "directory": CONTACTS | {"_LISTED": 20},
    "growth": CONTACTS | {"_BULK": 50, "_EDITS": 20, "_LEGS": 4},
    "scroll": CONTACTS | {"_ROUNDS": 1, "_LOOKS": 4},
    "paper": {"MANY": 3},
    "exchange": {"SIZES": (100,), "DELTA": 5, "COMMON_ENTRIES": 20, "_ROUNDS": {10: 1, 100: 1}},
    "window": {"PLANS": 2, "LEGS": 3, "NOTES": 2, "UNLOCKED": 3, "OPENED": 2},
    "package": {},
    "figures": {"CLIENTS": 60},
    "book": {"LETTERS": 500, "_CLIENTS": 5, "_OFFERS": 3, "_ROUNDS": 1},
    "backups": CONTACTS | {"_SAVES": 3, "_ROUNDS": 1, "_DOCUMENTS": 1, "_DOCUMENT_BYTES": 2_000},
}
EMPTY = {"package"}
"""A job that has no rows where no package was built."""

RUN = """
import importlib, sys
job = importlib.import_module(sys.argv[1])
vars(job).update(eval(sys.argv[2]))
print(*(row.job for row in job.rows()), sep="\\n")
"""


def test_every_benchmark_has_a_small_run() -> None:
    assert list(SMALL) == list(JOBS)


@pytest.mark.slow
@pytest.mark.parametrize("job", JOBS)
def test_benchmark_measures_to_its_last_row(job: str) -> None:
    command = [sys.executable, "-c", RUN, module_of(job), repr(SMALL[job])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() or job in EMPTY
