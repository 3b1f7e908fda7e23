# SPDX-License-Identifier: GPL-3.0-or-later
"""The table: what each row came to, for the screen and for `docs/reliability.md`.

Knows results alone, and where in the page the table stands.
"""

from collections.abc import Sequence
from datetime import date

from tests.torture.harness import Result

BEGIN, END = "<!-- table -->", "<!-- end of table -->"
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


def table(results: Sequence[Result], day: date) -> str:
    """Return the rows as a Markdown table; `day` is the day of the run."""
    lines = [HEAD, ("---",) * len(HEAD), *(cells(result, day) for result in results)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(page: str, rows: str, where: str) -> str:
    """Return the page with another table. Raise ValueError if it has no place for one."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError("the page has no place for the table")
    return f"{before}{BEGIN}\n{where}\n\n{rows}{END}{after}"
