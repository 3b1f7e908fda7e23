# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m benchmarks.coalition [DESKS DAYS [house]]`: desks that work together: what grows.

Real stores and real files, with a clock that is moved on by hand. Each desk has two partners on
either side. Every few days it begins a plan, every day it changes a step, looks at its pages and
sends what waits. Each client has names of her own. Plans end after a month and are kept for ten
years; of every tenth the client then withdraws her consents. 12 desks × 60 days, or as
many as is said. With `house` the first desk alone begins plans and the others are its partners,
who take and answer. `LONG=1` is a house with three partners × 3,650 days, then 100 desks × 365
days. Times are processor time of a desk, or of the house, a day, in milliseconds.

Most of the time that passes is the disk's: each of a desk's dozen saves a day is synced. Where
the system has a file system in memory the stores lie there; `TMPDIR` names another place.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks import peak
from benchmarks.desks import MACHINE, WHO
from kfdesk import store_lifecycle
from kfdesk.demo import story
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import encode_changes, seen_writes
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.disclosure_log import list_pending
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.plans import list_current_plans, list_ended_plans
from kfdesk.services.today import read_today
from kfdesk.ui.pages.exchange.previews import read_partners

_BEGIN = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
_LASTS = 30  # days of a plan
_KEPT = timedelta(days=3660)  # what has ended
_WITHDRAWN_EVERY = 10  # plans that end
_SOUNDS = ["ba", "be", "da", "ga", "ko", "li", "lu", "mo", "na", "ra", "so", "te", "vi", "zu"]
_LETTERS = ["ба", "ве", "да", "га", "ко", "ли", "лю", "мо", "на", "ра", "со", "те", "ви", "зу"]
_NEW_EVERY = 4  # days between two plans of a desk
_LOOKS_BACK = 30  # days between two looks at the plans that have ended
_REPORTS, _YEAR = 6, 365
_MEMORY = Path("/dev/shm")
_LONG = ((4, 3650, True), (100, 365, False))  # desks, days, and if the first alone begins plans

Times = dict[str, float]


class CalendarClock:
    """A clock that is moved on by hand."""

    def __init__(self) -> None:
        self.time = _BEGIN

    def now(self) -> datetime:
        """Return the time to which it was moved."""
        return self.time

    def drift(self) -> timedelta:
        """Return that it was never set wrong."""
        return timedelta(0)


@dataclass
class House:
    """A desk, the desks it works with, and the plans that it has begun."""

    desk: Session
    folder: Path
    partners: list["House"] = field(default_factory=list)
    plans: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    """Of each plan that goes on: the day it began, its id and a leg's."""


@dataclass
class Coalition:
    """All desks, their clock, the stick between them, and the times of the period."""

    houses: list[House]
    clock: CalendarClock
    stick: Path
    rng: random.Random
    beginners: int
    """How many of the desks begin plans; the others only take and answer."""
    spent: Times = field(default_factory=lambda: defaultdict(float))
    refused: Counter[str] = field(default_factory=Counter)

    def timed(self, house: House, name: str, work: Callable[[], object], times: int = 1) -> None:
        """Do a piece of work of a desk, and add its processor time to what its kind takes.

        It counts `times` over. What desks do that begin no plans is a kind of its own.
        """
        began = time.process_time()
        try:
            work()
        except KfdeskError as fault:
            self.refused[fault.code] += 1
        kind = name if house in self.houses[: self.beginners] else "partners"
        self.spent[kind] += (time.process_time() - began) * times

    def play_day(self, number: int) -> None:
        """Let every desk work for a day."""
        self.clock.time += timedelta(days=1)
        for place, house in enumerate(self.houses):
            if place < self.beginners:
                self._work(house, place, number)
            for other in house.partners:
                self._pass_on(house, other)

    def _work(self, house: House, place: int, number: int) -> None:
        desk, timed = house.desk, partial(self.timed, house)
        if number % _NEW_EVERY == place % _NEW_EVERY:
            timed("enter", partial(self._begin, house, number))
        if house.plans:
            _, _, leg = self.rng.choice(house.plans)
            words = {"carrier": f"{number}, Exempelbuss"}
            timed("change", partial(change_record, desk, leg, words))
        timed("end", partial(_end_plans, house, number))
        timed("Today", partial(read_today, desk))
        timed("current plans", partial(list_current_plans, desk))
        if number % _LOOKS_BACK == place % _LOOKS_BACK:
            timed("ended plans", partial(list_ended_plans, desk), _LOOKS_BACK)
        timed("Exchange", partial(read_partners, desk))

    def _begin(self, house: House, number: int) -> None:
        other = self.rng.choice(house.partners).desk.identity.organisation
        plan, (leg, _) = story.enter_plan(house.desk, other)
        house.plans.append((number, plan, leg))
        sounds = self.rng.choice((_SOUNDS, _LETTERS))
        alias, given, family = ("".join(self.rng.choices(sounds, k=4)).title() for _ in range(3))
        client = require_record(house.desk, plan).parent
        change_record(
            house.desk, client or b"",
            {"code": f"kod-{number}", "given_name": given, "family_name": family,
             "alias": alias, "name_on_ticket": f"{given} {family}".upper()},
        )  # fmt: skip

    def _pass_on(self, here: House, there: House) -> None:
        """Send what waits for a partner, if anything does, and let it be taken."""
        partner = partners.find_partner(here.desk, there.desk.identity.organisation)
        plans, made = list[bytes](), list[Path]()

        def look() -> None:
            for rid, waits in list_pending(here.desk, partner).items():
                if waits.records > waits.on_way or waits.echoed:
                    plans.append(rid)

        self.timed(here, "what waits", look)
        if not plans:
            return

        def send() -> None:
            what = (here.desk, tuple(plans), partner.organisation)
            try:
                done = transfer.send_bundle(*what, self.stick)
            except KfdeskError as fault:
                if fault.code != "exchange.names_another":
                    raise
                self.refused[fault.code] += 1  # a word that sounds like a name; a person says so
                words = frozenset(transfer.prepare_bundle(*what).mentions)
                done = transfer.send_bundle(*what, self.stick, words)
            made.append(done.path)

        self.timed(here, "send", send)
        for path in made:
            self.timed(there, "take", partial(_take, there.desk, path))
            path.unlink()


def _take(desk: Session, path: Path) -> None:
    transfer.import_bundle(desk, path, transfer.review_bundle(desk, path))


def _end_plans(house: House, number: int) -> None:
    """Close what has gone on for a month, past what the program would ask."""
    desk = house.desk
    for began, plan, leg in list(house.plans):
        if number - began < _LASTS:
            continue
        house.plans.remove((began, plan, leg))
        row = require_record(desk, plan)
        if began // _NEW_EVERY % _WITHDRAWN_EVERY == 0:
            for consent in desk.store.rows_below("consent", row.parent or b""):
                withdraw_consent(desk, consent.rid)
        until = desk.adapters.clock.now().date() + _KEPT
        changes = encode_changes("plan", {"state": "closed", "retention_until": until})
        state = apply_changes(row.state, changes, seen_writes(row), desk.signature)
        with desk.store.transaction():
            desk.store.put(replace(row, state=state))


def found(folder: Path, count: int, *, is_house: bool = False) -> Coalition:
    """Return so many desks; each knows the two on either side of it, or all know the first."""
    clock = CalendarClock()
    machine = Environment(clock=clock, cost=MACHINE.cost)
    houses = [
        House(store_lifecycle.create_store(at, f"Hus {number}", WHO, machine), at)
        for number in range(count)
        for at in (folder / str(number),)
    ]
    for place, house in enumerate(houses):
        near = {(place + step) % count for step in (-2, -1, 1, 2)} - {place}
        if is_house:
            near = {0} if place else set(range(1, count))
        house.partners = [houses[other] for other in sorted(near)]
        for other in house.partners:
            terms = PartnerTerms(is_third_country=False)
            partners.add_partner(house.desk, partners.our_card(other.desk), terms)
            org = other.desk.identity.organisation
            partners.verify_partner(house.desk, org, partners.verification_digits(house.desk, org))
    (folder / "stick").mkdir()
    return Coalition(houses, clock, folder / "stick", random.Random(7), 1 if is_house else count)


def megabytes(house: House) -> float:
    """Return the size of a desk's folder."""
    return sum(path.stat().st_size for path in house.folder.rglob("*") if path.is_file()) / 1e6


def main() -> int:
    """Play each size; print a line for each period, and what has grown to the last."""
    said = [int(one) for one in sys.argv[1:3]]
    size = (said[0], said[1]) if len(said) == 2 else (12, 60)
    for count, days, is_house in (
        _LONG if os.environ.get("LONG") == "1" else [(*size, "house" in sys.argv)]
    ):
        play(count, days, is_house=is_house)
    return 0


def play(count: int, days: int, *, is_house: bool = False) -> None:
    """Play so many desks for so many days, and print what has grown."""
    is_bare = "TMPDIR" not in os.environ and _MEMORY.is_dir()
    folder = Path(tempfile.mkdtemp(dir=_MEMORY if is_bare else None))
    print(f"{count} desks × {days} days", flush=True)
    coalition = found(folder, count, is_house=is_house)
    every, lines = min(_YEAR, max(1, days // _REPORTS)), list[Times]()
    try:
        for number in range(1, days + 1):
            coalition.play_day(number)
            if number % every == 0:
                lines.append(_line(coalition, every))
                print(f"day {number}: {', '.join(f'{k} {v:.1f}' for k, v in lines[-1].items())}",
                      flush=True)  # fmt: skip
    finally:
        for house in coalition.houses:
            house.desk.store.close()
        shutil.rmtree(folder)
    print(f"refused: {dict(coalition.refused)}\nlast period ÷ second:")
    grown = {kind: lines[-1][kind] / lines[1][kind] for kind in lines[-1] if lines[1].get(kind)}
    for kind, ratio in sorted(grown.items(), key=lambda one: -one[1]):
        print(f"  {kind:14} {ratio:5.1f} ×  {lines[-1][kind]:8.1f}")


def _line(coalition: Coalition, days: int) -> Times:
    """Return the milliseconds of a desk a day, the sizes now, and begin the next period."""
    count = coalition.beginners
    line = {kind: 1000 * spent / days / count for kind, spent in coalition.spent.items()}
    coalition.spent.clear()
    sizes = [megabytes(house) for house in coalition.houses[:count]]
    line |= {"MB, mean": sum(sizes) / count, "MB, most": max(sizes)}
    return line | {"RSS of all, MiB": peak.memory("VmRSS")}


if __name__ == "__main__":
    raise SystemExit(main())
