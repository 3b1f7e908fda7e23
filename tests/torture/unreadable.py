# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk whose records hold values that nobody can read, in any fields and of any kind.

Every service still answers, or refuses with a reason: one value blanks no page and no paper. The
control counts days as an older program did, for which the calendar had no end.
"""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from tests.integration import rights_samples
from tests.integration.rights_samples import CALLS, Call
from tests.support.stores import copied
from tests.support.unreadable import spoil_by_chance
from tests.torture.harness import Harness, Seen, Size
from tests.torture.world import World, refusal

from kfdesk.domain import aftercare, consent
from kfdesk.domain.workflow import decision
from kfdesk.services.plans import consents
from kfdesk.services.today import read_today

_SHARES = (0.05, 0.3, 1.0)
_CALLS_PER_TRIAL = 20
_OF_THE_STORE = ("accounts.", "exchange.invitations", "exchange.partners", "upkeep.")
_ALWAYS: Final[Mapping[str, Call]] = {
    "today": lambda desk, _: read_today(desk).count,
    "plans": CALLS["plans.plans.list_plans"],
    "plan": CALLS["plans.plans.open_plan"],
    "directory": CALLS["directory.search.search_directory"],
    "sheet": CALLS["papers.production.make_paper"],
}
_SOMETIMES = {
    name: call
    for name, call in CALLS.items()
    if not name.startswith(_OF_THE_STORE) and name != "directory.files.import_contacts"
}


def _answered(world: World, rng: random.Random) -> Seen:
    cases: Any = copied("torture: every record", folder := world.scratch(), _every_record)
    share = rng.choice(_SHARES)
    with rights_samples.opened(folder / "store", cases) as made:
        before = set(made.desk.store.verify())  # the sample has attachments without a content
        spoil_by_chance(made.desk, rng, share)
        names = rng.sample(sorted(_SOMETIMES), _CALLS_PER_TRIAL)
        for name, call in (*_ALWAYS.items(), *((name, _SOMETIMES[name]) for name in names)):
            desk = replace(made.desk, opened=set())
            try:
                refusal(lambda call=call, desk=desk: call(desk, made.theirs))  # type: ignore[misc]
            except FileNotFoundError:
                continue  # a file that is not there is a matter of its own
            except Exception as fault:  # whatever it is, a page has fallen
                return Seen(f"{share:.0%} of all fields", f"{name}: {type(fault).__name__}")
        return Seen(f"{share:.0%} of all fields", ", ".join(set(made.desk.store.verify()) - before))


def _every_record(folder: Path) -> object:
    return rights_samples.make_store(folder / "store")


def _endless_calendar(day: date, days: int) -> date:
    """Wrong on purpose: the calendar has no end."""
    return day + timedelta(days)


def _trusting(world: World, rng: random.Random) -> Seen:
    with pytest.MonkeyPatch.context() as patch:
        for where in (aftercare, consent, consents, decision):
            patch.setattr(where, "shift_day", _endless_calendar)
        return _answered(world, rng)


HARNESSES = (Harness("values that nobody can read", _answered, _trusting, Size(1, 40, 5_000)),)
