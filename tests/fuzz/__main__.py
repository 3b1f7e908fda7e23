# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m tests.fuzz NAME FOLDER`: fuzzes one target for some seconds, guided by its coverage.

FOLDER has the corpus, which grows, and gets what was found. `--control` aims at what is wrong on
purpose. A process of its own: the fuzzer ends it, and slows down all that it watches.
"""

import argparse
import importlib
import resource
import sys
from pathlib import Path

import atheris

WATCHED = [
    "kfdesk.bundle",
    "kfdesk.domain.registers",
    "kfdesk.domain.rows",
    "kfdesk.storage.key_slots",
    "tests.fuzz.parsers",
]
WHOLE = "tests.fuzz.whole_files"  # loaded for its own target alone, as it needs the whole program
LONGEST, MOST = 10, 768  # seconds for one input, and MiB beside what is there: more is a find


def main() -> None:
    """Fuzz until the time is up; exits with another code than 0 where something was found."""
    parser = argparse.ArgumentParser(prog="tests.fuzz")
    parser.add_argument("name")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    with atheris.instrument_imports(include=WATCHED):
        parsers = importlib.import_module("tests.fuzz.parsers")
    targets = importlib.import_module(WHOLE).TARGETS if asked.name == "file" else parsers.TARGETS
    target = next(one for one in targets if one.name == asked.name)
    corpus = asked.folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate((*target.seeds(), *target.found)):
        (corpus / f"seed{number}").write_bytes(seed)
    # What a process has had at most it has from its parent, who may have been large.
    had = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    limits = {
        "max_total_time": asked.seconds, "seed": asked.seed, "max_len": target.longest,
        "timeout": LONGEST, "rss_limit_mb": had + MOST, "artifact_prefix": f"{asked.folder}/",
        "print_final_stats": 1,
    }  # fmt: skip
    flags = [f"-{name}={value}" for name, value in limits.items()]
    atheris.Setup(
        [sys.argv[0], *flags, str(corpus)], target.control if asked.control else target.aim
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
