# SPDX-License-Identifier: GPL-3.0-or-later
"""Places: below which records each record type stands.

A plan stands below a client, a leg below a plan, and nowhere else. Lists and pages rely on it,
so a record of a partner that stands elsewhere is not taken. Pure functions without a store.
"""

from kfdesk.domain.records.registry import rules_for
from kfdesk.domain.rules import EVERY_TYPE


def is_in_place(record_type: str, above: str | None) -> bool:
    """Return whether a record may stand there: `above` is the type above it, None for none."""
    rules = rules_for(record_type)
    if above is None:
        return not rules.below or rules.may_stand_alone
    return above in rules.below or rules.below == EVERY_TYPE


def stands_alone(record_type: str) -> bool:
    """Return whether records of a type never stand below another record."""
    return not rules_for(record_type).below
