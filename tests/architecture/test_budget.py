# SPDX-License-Identifier: GPL-3.0-or-later
"""Budget: each part of the program may use a number of lines.

`pytest tests/architecture/test_budget.py -s` prints used/allowed. A change that saves lines lowers
the number of its part. A change that adds lines raises it in the same commit and says why.
"""

import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT

SLACK = 15  # lines a part may be below its budget before the budget has to follow

BUDGET = {
    "bundle": 2670,
    "cli": 2557,
    "decoder": 656,
    "demo": 2137,
    "documents": 4164,
    "documents/book": 926,
    "documents/escort": 948,
    "documents/figures": 343,
    "documents/file_copy": 1936,
    "documents/layout": 1835,
    "documents/procedures": 767,
    "documents/traveller": 2439,
    "domain": 10371,
    "domain/book": 690,
    "domain/codes": 1648,
    "domain/figures": 2367,
    "domain/leak_check": 2147,
    "domain/procedures": 1409,
    "domain/records": 2559,
    "domain/workflow": 2538,
    "formats": 4057,
    "i18n": 5792,
    "kfdesk": 1485,
    "services": 2250,
    "services/book": 1334,
    "services/core": 2736,
    "services/directory": 2743,
    "services/exchange": 7412,
    "services/figures": 1770,
    "services/network": 761,
    "services/papers": 3913,
    "services/plans": 3685,
    "services/procedures": 1314,
    "services/upkeep": 663,
    "storage": 6957,
    "storage/recovery": 815,
    "system": 1983,
    "ui": 5076,
    "ui/forms": 4439,
    "ui/lock": 990,
    "ui/pages": 8873,
    "ui/pages/aftercare": 885,
    "ui/pages/book": 1915,
    "ui/pages/calendar": 1318,
    "ui/pages/directory": 5270,
    "ui/pages/exchange": 5181,
    "ui/pages/figures": 2225,
    "ui/pages/plan": 14547,
    "ui/pages/printing": 1736,
    "ui/pages/procedures": 1997,
    "ui/shell": 3554,
    "ui/widgets": 4759,
}


def part_of(name: Path) -> str:
    """Return the part of a module, named from `src/kfdesk`: its package, two levels deep."""
    folders = name.parts[:-1]
    return "/".join(folders[:3] if folders[:2] == ("ui", "pages") else folders[:2]) or "kfdesk"


def lines_by_part(root: Path) -> Counter[str]:
    """Count the lines of each part below a checkout."""
    source = root / "src" / "kfdesk"
    found: Counter[str] = Counter()
    for module in source.rglob("*.py"):
        lines = module.read_text(encoding="utf-8").splitlines()
        found[part_of(module.relative_to(source))] += len(lines)
    return found


def over_budget(root: Path) -> list[str]:
    """Return "part: used/allowed" for each part that has too many lines."""
    used = lines_by_part(root)
    return [
        f"{part}: {used[part]}/{BUDGET.get(part, 0)}"
        for part in sorted(used | Counter(BUDGET))
        if used[part] > BUDGET.get(part, 0)
    ]


def test_no_part_uses_more_than_its_lines() -> None:
    used = lines_by_part(ROOT)
    lines = [f"{part:24} {used[part]:6}/{BUDGET[part]}" for part in sorted(BUDGET)]
    whole = f"{'all':24} {sum(used.values()):6}/{sum(BUDGET.values())}"
    sys.stdout.write("\n".join(["", *lines, whole, ""]))
    assert over_budget(ROOT) == []


def test_a_budget_follows_what_was_saved() -> None:
    used = lines_by_part(ROOT)
    assert [p for p in BUDGET if used[p] < BUDGET[p] - max(SLACK, BUDGET[p] // 100)] == []


@pytest.mark.parametrize("part", ["domain", "ui/pages/plan"])
def test_one_line_too_many_is_seen(copy: Path, part: str) -> None:
    spare = BUDGET[part] - lines_by_part(copy)[part]
    breach = copy / "src" / "kfdesk" / part / "breach.py"
    breach.write_text("x = 1\n" * (spare + 1), encoding="utf-8")
    assert over_budget(copy) == [f"{part}: {BUDGET[part] + 1}/{BUDGET[part]}"]
