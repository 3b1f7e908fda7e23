# SPDX-License-Identifier: GPL-3.0-or-later
"""Two real desks on one set clock, and a plan that walks through its gates with real records."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.support.endings import closing_values, handover_values
from tests.support.journeys import record_leg_event
from tests.support.stores import copied, unlock

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.records.client import Relationship
from kfdesk.domain.records.journey import Handover
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import Value
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans.journey import LegEvent
from kfdesk.services.plans.plans import load_case
from kfdesk.services.workflow import move_plan
from kfdesk.storage import key_slots

START = datetime(2026, 12, 1, 12, 0, tzinfo=ZoneInfo(people.STOCKHOLM))
WHO = Credentials(people.INITIALS, people.PASSPHRASE)

Begun = tuple[datetime, bytes, tuple[bytes, bytes], bytes]
"""When, the plan and its legs, and the partner's organisation."""


@dataclass
class SetClock:
    """A clock that stands where it was put, but for a millisecond each time it is looked at."""

    time: datetime = START

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time

    def drift(self) -> timedelta:
        return timedelta()


@dataclass(frozen=True)
class Walk:
    """Our desk and the partner's, our plan and its legs, the clock and the folder between."""

    ours: Session
    open_theirs: Callable[[], Session]
    clock: SetClock
    plan: bytes
    legs: tuple[bytes, bytes]
    partner: bytes
    post: Path

    @property
    def theirs(self) -> Session:
        """The partner's desk, opened when it is first asked for: most tests never do."""
        return self.open_theirs()

    @property
    def client(self) -> bytes:
        """The client."""
        return load_case(self.ours, self.plan).client.rid

    @property
    def state(self) -> str:
        """The plan's state as our store has it."""
        row = self.ours.store.row(self.plan)
        assert row is not None
        return str(view(row, Plan).record.state)

    def second(self) -> Session:
        """Our desk with the second person before it."""
        return replace(self.ours, user=people.SECOND_PERSON)

    def one(self, record_type: str) -> Row:
        """Return the one record of a type under the plan."""
        (row,) = (row for row in self.ours.store.children(self.plan) if row.type == record_type)
        return row

    def of(self, record_type: str) -> list[Row]:
        """Return the records of a type under the plan, or under the client."""
        below = (*self.ours.store.children(self.plan), *self.ours.store.children(self.client))
        return [row for row in below if row.type == record_type]

    def send(self) -> None:
        """Ours sends the plan and theirs takes it."""
        self._pass(self.ours, self.theirs)

    def answer(self) -> ImportReview:
        """Theirs sends back what it wrote and ours takes it."""
        return self._pass(self.theirs, self.ours)

    def weigh(self) -> None:
        """Import the partner's risk assessment by a file."""
        self.send()
        story.assess_risks(self.theirs, self.plan)
        self.answer()

    def _pass(self, here: Session, there: Session) -> ImportReview:
        made = transfer.send_bundle(here, self.plan, there.identity.organisation, self.post)
        reviewed = transfer.review_bundle(there, made.path)
        transfer.import_bundle(there, made.path, reviewed)
        return reviewed

    def to(self, state: str) -> None:
        """Walk on until the plan is in this state."""
        for target, step in STEPS.items():
            if self.state == state:
                return
            if target not in _BEHIND[self.state]:
                step(self)
        assert self.state == state


def _assess(walk: Walk) -> None:
    story.assess(walk.ours, walk.plan, walk.partner)


def _ready(walk: Walk) -> None:
    story.prepare(walk.ours, walk.plan, walk.partner)
    walk.weigh()
    move_plan(walk.ours, walk.plan, "decision_ready")


def _travel(walk: Walk) -> None:
    walk.clock.time = START + timedelta(days=18, hours=6)
    record_leg_event(walk.ours, walk.legs[0], LegEvent.DEPARTED)  # the state follows


def _arrive(walk: Walk) -> None:
    walk.clock.time = START + timedelta(days=19, hours=10)
    for leg in walk.legs:
        record_leg_event(walk.ours, leg, LegEvent.ARRIVED)
    create_record(walk.ours, Handover, handover_values(walk.clock.time), parent=walk.plan)
    move_plan(walk.ours, walk.plan, "arrived")


def _settle(walk: Walk) -> None:
    change_record(walk.ours, walk.plan, closing_values(walk.clock.time))
    move_plan(walk.ours, walk.plan, "reintegrating")


STEPS: dict[str, Callable[[Walk], object]] = {
    "assessing": _assess,
    "decision_ready": _ready,
    "approved": lambda walk: story.decide(walk.ours, walk.plan),
    "travel_ready": lambda walk: story.prepare_departure(walk.ours, walk.plan),
    "travelling": _travel,
    "arrived": _arrive,
    "reintegrating": _settle,
    "follow_up": lambda walk: move_plan(walk.ours, walk.plan, "follow_up"),
    "closed": lambda walk: move_plan(walk.ours, walk.plan, "closed"),
}
_ROAD = ("draft", *STEPS)
_BEHIND = {state: frozenset(_ROAD[: place + 1]) for place, state in enumerate(_ROAD)}


def with_a_child(walk: Walk) -> None:
    """Make all ready for a decision; the child that goes with her is of unknown age."""
    values: dict[str, Value] = {"given_name": "Alva", "kind": "child", "travels_with": True}
    create_record(walk.ours, Relationship, values, parent=walk.client)
    story.prepare(walk.ours, walk.plan, walk.partner)
    walk.weigh()


@contextmanager
def walked(
    folder: Path, state: str = "draft", further: Callable[[Walk], object] | None = None
) -> Iterator[Walk]:
    """Two desks that know each other, and our plan in a state; both are closed afterwards.

    What `further` does is done once in a process, too: the walks of a state begin as copies.
    """
    time, plan, legs, partner = begun(folder, state, further)
    clock = SetClock(time)
    machine = Environment(clock=clock, cost=key_slots.MIN_COST)
    opened: list[Session] = []

    def open_theirs() -> Session:
        if not opened:
            opened.append(unlock(folder / "theirs", WHO, machine))
        return opened[0]

    ours = unlock(folder / "ours", WHO, machine)
    yield Walk(ours, open_theirs, clock, plan, legs, partner, folder / "post")
    for desk in (ours, *opened):
        desk.store.close()


def begun(
    folder: Path, state: str = "draft", further: Callable[[Walk], object] | None = None
) -> Begun:
    """Put the closed stores of such a walk into a folder; return what is known of them."""

    def make(place: Path) -> Begun:
        if state == "draft" and further is None:
            return _begin(place)
        before = state if further else _ROAD[_ROAD.index(state) - 1]
        with walked(place, before) as walk:
            (further or STEPS[state])(walk)
            assert walk.state == state
            return walk.clock.time, walk.plan, walk.legs, walk.partner

    return copied((walked, state, further), folder, make)


def _begin(folder: Path) -> Begun:
    clock = SetClock()
    machine = Environment(clock=clock, cost=key_slots.MIN_COST)
    ours = store_lifecycle.create_store(folder / "ours", people.HOUSE, WHO, machine)
    theirs = store_lifecycle.create_store(folder / "theirs", people.SAFE_HOUSE, WHO, machine)
    for one, other, outside in ((ours, theirs, True), (theirs, ours, False)):
        partners.add_partner(one, partners.our_card(other), PartnerTerms(is_third_country=outside))
    for one, other in ((ours, theirs), (theirs, ours)):
        organisation = other.identity.organisation
        partners.verify_partner(one, organisation, partners.verification_digits(one, organisation))
    (folder / "post").mkdir()
    partner = theirs.identity.organisation
    plan, legs = story.enter_plan(ours, partner)
    ours.store.close()
    theirs.store.close()
    return clock.time, plan, legs, partner
