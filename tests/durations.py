# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests that `make test` leaves out: those that took a quarter of a second or more, by measure.

`make durations` runs all but the slow tests and writes `costly.txt` from what each took; run it
at rest. Tests of the architecture, and of rooms whose branches are counted, always stay.
"""

from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from statistics import mean
from xml.etree import ElementTree

COSTLY = Path(__file__).with_name("costly.txt")
LIMIT = 0.25  # seconds a test; the mean, where it has parameters
COUNTED = ("unit/domain", "unit/bundle", "vectors", "golden", "fuzz")
"""The rooms that test each branch of `domain` and `bundle`. Not `property`:
whether a branch is taken there hangs on what was drawn, and the tracer doubles its time."""
KEPT = (*COUNTED, "architecture")


def listed() -> frozenset[str]:
    """Return the names of the costly tests, `gui/test_a.py::test_b`, without parameters."""
    return frozenset(COSTLY.read_text("ascii").splitlines())


def costly(report: Path) -> list[str]:
    """Return the names of the costly tests of a JUnit report, in order.

    Raises `ElementTree.ParseError` if it is none.
    """
    took = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):
        module, dot, kind = case.attrib["classname"].partition(".Test")
        path = module.removeprefix("tests.").replace(".", "/")
        inside = f"Test{kind}::" if dot else ""
        function = case.attrib["name"].partition("[")[0]
        took[f"{path}.py::{inside}{function}"].append(float(case.attrib["time"]))
    return sorted(
        name for name, times in took.items() if mean(times) >= LIMIT and not name.startswith(KEPT)
    )


if __name__ == "__main__":
    parser = ArgumentParser(description="Writes the list of the costly tests anew.")
    parser.add_argument("report", type=Path, help="the JUnit report of a whole run")
    names = costly(parser.parse_args().report)
    COSTLY.write_text("".join(f"{name}\n" for name in names), "ascii")
