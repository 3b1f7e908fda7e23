# SPDX-License-Identifier: GPL-3.0-or-later
"""Safe figures about 5,000 clients by six variables, and the attack on them; goals in ms."""

from random import Random

from benchmarks.measure import Row, absolute, timed
from kfdesk.domain.figures.attack import ReleasedFigures, attack_release
from kfdesk.domain.figures.ladders import VARIABLES, ClientValues
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import TableRequest, judge_release

CLIENTS = 5_000
_CATEGORIES = (
    ("women", "women", "men", "other_sex"),
    ("age_9_17", "age_18_20", "age_21_23", "age_24_26", "age_30_38", "unknown"),
    ("RU", "EE", "LV", "LT", "NG", "UA", "MD", "unknown"),
    ("SexualExploitation", "ForcedLabour", "ForcedBegging", "several", "unknown"),
    ("RU", "EE", "LV", "LT", "NO", "UA", "MD"),
    ("goals_met", "transferred_to_partner", "stays_in_destination", "unknown"),
)
_TABLES = (VARIABLES[:3], VARIABLES[3:], (VARIABLES[0], VARIABLES[3]))


def rows() -> list[Row]:
    """Judge a release whose tables all hang together, and attack it."""
    random = Random(1)
    people: dict[bytes, ClientValues] = {
        number.to_bytes(16, "big"): tuple(random.choice(each) for each in _CATEGORIES)
        for number in range(CLIENTS)
    }
    request, everybody = TableRequest(_TABLES), frozenset(people)
    made = judge_release(everybody, people, request)
    period = FigurePeriod.parse("2025")
    released = ReleasedFigures(1, "in_care", period, made.total, made.tables, made.least)
    return [
        absolute(
            f"safe tables about {CLIENTS} clients",
            lambda: timed(lambda: judge_release(everybody, people, request)),
            "≤ 2000 ms",
            rounds=3,
        ),
        absolute(
            "the attack on them",
            lambda: timed(lambda: attack_release(released)),
            "≤ 30000 ms",
            rounds=3,
        ),
    ]
