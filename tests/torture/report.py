# SPDX-License-Identifier: GPL-3.0-or-later
"""The table: what each row came to, for the screen and for `docs/reliability.md`.

Knows results alone, and where in the page the table stands.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from tests.torture.harness import Result

BEGIN, END = "<!-- table -->", "<!-- end of table -->"
FAMILIES = ("kill -9 while ", "short files: ", "a small disk: ", "flipped bit in ")
"""Beginnings of names: the rows of one family are one line of the page."""
HEAD = ("what is hurt", "runs", "failures", "control", "what was found", "date")


def cells(result: Result, day: date) -> tuple[str, ...]:
    """Return the cells of a result's row; `day` is the day of the run."""
    ran = f"{day.day} {day:%b}"
    if result.absent:
        return (result.name, "–", "–", "–", result.absent, ran)
    how = ", ".join(f"{name} {count}" for name, count in result.how.most_common())
    control = "NOT SEEN" if result.is_blind else "seen"
    failures = str(len(result.failures))
    return (result.name, str(result.trials), failures, control, how, ran)


def by_family(results: Sequence[Result]) -> Iterator[Result]:
    """Yield the results in their order, those of a family added up where the first one stood."""

    def family(result: Result) -> str:
        return next((one for one in FAMILIES if result.name.startswith(one)), result.name)

    firsts = {name: place for place, name in reversed([*enumerate(map(family, results))])}
    ordered = sorted(results, key=lambda one: firsts[family(one)])
    for name, group in groupby(ordered, key=family):
        first, *others = group
        ways = "; ".join(one.name.removeprefix(name) for one in (first, *others))
        whole = replace(
            first, name=f"{name}{ways}" if others else first.name, how=Counter(first.how)
        )
        for one in others:
            whole.trials += one.trials
            whole.how += one.how
            whole.failures = [*whole.failures, *one.failures]
            whole.is_blind |= one.is_blind
        yield whole


def table(results: Sequence[Result], day: date) -> str:
    """Return the rows as a Markdown table, a line for each family; `day` is the day of the run."""
    lines = [HEAD, ("---",) * len(HEAD), *(cells(one, day) for one in by_family(results))]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(page: str, rows: str, where: str) -> str:
    """Return the page with another table. Raise ValueError if it has no place for one."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError("the page has no place for the table")
    return f"{before}{BEGIN}\n{where}\n\n{rows}{END}{after}"
