# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain model of desks that share in networks, beside any desks that play the same steps.

The model is written from the rules as people know them, with sets and words alone. It says after
each step which words each desk has ever been allowed to hold. A file is a copy of what its owner
let its receiver have at that moment, so files may be lost, doubled and overtaken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from hypothesis import strategies as st

DESKS = range(3)
CLASSES = (
    "circle",
    "public",
    "circle",
    "secret",
    "circle",
    "partners_only",
    "front_door_only",
    None,
)
SORTS = ((), ("directory",), ("network_work",), ("directory", "network_work"))
SPANS = ((None, None), (-9, None), (None, -1), (1, None), (-9, 9), (-9, -1))
"""First and last day of a membership, in days from today."""
OPEN = {"public", "partners_only", "circle"}

Numbers = tuple[int, int, int]


@dataclass(frozen=True)
class Step:
    """Something that a desk does; the numbers choose among what there is then."""

    what: str
    desk: int
    numbers: Numbers


WAYS = (
    *("entry", "person", "phone", "check") * 2, *("class", "agree", "span", "we_share") * 2,
    "network", "join", "offer", "suggest", "send", "take", "take", *("pass",) * 8,
)  # fmt: skip
"""What a step is; to pass is to send a file that is taken at once."""
steps = st.builds(
    Step,
    st.sampled_from(WAYS),
    st.sampled_from(DESKS),
    st.tuples(*[st.integers(0, 11)] * 3),
)

BEGINNING = (
    Step("network", 0, (0, 2, 1)),
    Step("join", 0, (0, 0, 0)),
    Step("join", 0, (1, 0, 0)),
    Step("we_share", 0, (0, 0, 1)),
    Step("pass", 0, (0, 0, 0)),
)
"""The first desk begins a network of all three that shares contacts; the second hears of it."""
walks = st.lists(steps, min_size=20, max_size=40).map(lambda walk: [*BEGINNING, *walk])


@dataclass(frozen=True)
class Thing:
    """A common record as the model sees it at one moment; `word` stands in it and nowhere else."""

    number: int
    type: str
    owner: int
    word: str
    time: int
    seen_by: str | None = None
    above: int | None = None
    agrees: bool = True
    offers: tuple[str, ...] = ()
    member: int = 0
    span: tuple[int | None, int | None] = (None, None)


@dataclass
class Model:
    """Knowledge of each desk, the files that lie about, and the words that each may hold.

    `is_strict`: without a common network not even a public entry goes, as no plan names one.
    """

    is_strict: bool
    known: list[dict[int, Thing]] = field(default_factory=lambda: [{} for _ in DESKS])
    we_share: list[dict[int, tuple[str, ...]]] = field(default_factory=lambda: [{} for _ in DESKS])
    files: list[tuple[int, int, dict[int, Thing]]] = field(default_factory=list)
    allowed: list[set[str]] = field(default_factory=lambda: [set() for _ in DESKS])
    time: int = 0

    def put(self, thing: Thing) -> None:
        """Write a thing at its owner's desk; every desk that may have it now may hold its word."""
        self.known[thing.owner][thing.number] = thing
        self.look()

    def look(self) -> None:
        """Note what each desk lets the others have at this moment."""
        for owner in DESKS:
            self.allowed[owner] |= {one.word for one in self.known[owner].values()}
            for other in DESKS:
                if other != owner:
                    self.allowed[other] |= {one.word for one in self.goes(owner, other).values()}

    def goes(self, owner: int, other: int) -> dict[int, Thing]:
        """Return what an owner lets another desk have now."""
        mine = self.known[owner]
        circles = self._circles(owner)
        shares = any(other in members and "directory" in sorts
                     for members, sorts in circles.values())  # fmt: skip
        found = {}
        for number, one in mine.items():
            if one.owner != owner:
                continue
            above = mine.get(one.above) if one.above is not None else None
            seen = {one.seen_by} if one.type not in ("check", "membership") else set()
            seen |= {above.seen_by} if above is not None else set()
            classes = seen <= OPEN
            if one.type == "suggestion":
                may = above is not None and above.owner == other
            elif one.type in ("network", "membership"):
                network = number if one.type == "network" else one.above
                may = classes and other in circles.get(network or -1, (set(), set()))[0]
            else:
                at_all = shares or not (self.is_strict or "circle" in seen)
                may = classes and at_all and one.agrees
            if may:
                found[number] = one
        return found

    def _circles(self, desk: int) -> Mapping[int, tuple[set[int], set[str]]]:
        found = {}
        for number, one in self.known[desk].items():
            if one.type == "network":
                members = {one.owner} | {
                    each.member
                    for each in self.known[desk].values()
                    if each.above == number and each.type == "membership" and _stands(each)
                }
                shared = set(one.offers) & set(self.we_share[desk].get(number, ()))
                if desk in members:
                    found[number] = (members, shared)
        return found

    def send(self, owner: int, other: int) -> None:
        self.files.append((owner, other, self.goes(owner, other)))

    def take(self, place: int) -> None:
        _, other, things = self.files[place]
        for number, one in things.items():
            held = self.known[other].get(number)
            if held is None or held.time < one.time:
                self.known[other][number] = one
        self.look()


def _stands(one: Thing) -> bool:
    begins, ends = one.span
    return (begins is None or begins <= 0) and (ends is None or ends >= 0)


class Desks(Protocol):
    """Desks of a program that play the steps, with the words that each of them holds."""

    def put(self, thing: Thing) -> None:
        """Write a thing at its owner's desk, new or changed."""

    def share(self, desk: int, network: int, sorts: tuple[str, ...]) -> None:
        """Decide at a desk what the members of a network may have of it."""

    def send(self, owner: int, other: int) -> None:
        """Make a file; it is kept, whatever is in it."""

    def take(self, place: int) -> None:
        """Take a file; it may have been taken before."""

    def words(self, desk: int) -> set[str]:
        """Return the words of all common records at a desk."""


def play(walk: list[Step], model: Model, desks: Desks) -> None:
    """Play the steps at both; a step for which there is nothing yet is left out."""
    for number, step in enumerate(walk):
        model.time = number + 1
        _play_step(step, model, desks)
        for desk in DESKS if step.what in ("take", "pass") else ():
            more = desks.words(desk) - model.allowed[desk]
            assert not more, f"desk {desk} holds {sorted(more)} after step {number}"


def _play_step(step: Step, model: Model, desks: Desks) -> None:
    mine = [one for one in model.known[step.desk].values() if one.owner == step.desk]
    first, second, third = step.numbers
    other = (step.desk + 1 + first % 2) % len(DESKS)
    if step.what in ("send", "pass"):
        model.send(step.desk, other)
        desks.send(step.desk, other)
        if step.what == "pass":
            model.take(len(model.files) - 1)
            desks.take(len(model.files) - 1)
    elif step.what == "take" and model.files:
        model.take(first % len(model.files))
        desks.take(first % len(model.files))
    elif step.what == "we_share":
        networks = [n for n, one in model.known[step.desk].items() if one.type == "network"]
        if networks:
            network = networks[second % len(networks)]
            model.we_share[step.desk][network] = SORTS[third % len(SORTS)]
            desks.share(step.desk, network, SORTS[third % len(SORTS)])
            model.look()
    else:
        thing = _written(step, model, mine, other)
        if thing is not None:
            model.put(thing)
            desks.put(thing)


def _written(step: Step, model: Model, mine: list[Thing], other: int) -> Thing | None:
    """Return the thing that a step writes, new or changed, with a word that was never there."""
    _, second, third = step.numbers
    time, word = model.time, f"w{model.time}w"
    seen_by = CLASSES[second % len(CLASSES)]
    new = {"entry": "organisation", "person": "contact", "network": "network"}.get(step.what)
    if new is not None:
        agrees, sorts = new != "contact" or third % 2 == 0, SORTS[third % len(SORTS)]
        return Thing(time, new, step.desk, word, time, seen_by, agrees=agrees, offers=sorts)
    under = {"phone": "organisation", "check": "organisation", "join": "network"}.get(step.what)
    if under is not None:
        above = [one.number for one in mine if one.type == under]
        if not above:
            return None
        kind = {"join": "membership"}.get(step.what, step.what)
        return Thing(time, kind, step.desk, word, time, seen_by, above[third % len(above)],
                     member=other, span=SPANS[second % len(SPANS)])  # fmt: skip
    if step.what == "suggest":
        theirs = [
            number
            for number, one in model.known[step.desk].items()
            if one.owner != step.desk and one.type in ("organisation", "contact")
        ]
        if not theirs:
            return None
        return Thing(time, "suggestion", step.desk, word, time, above=theirs[third % len(theirs)])
    kinds = {"class": ("organisation", "contact", "phone", "network"), "agree": ("contact",),
             "span": ("membership",), "offer": ("network",)}.get(step.what, ())  # fmt: skip
    some = [one for one in mine if one.type in kinds]
    if not some:
        return None
    changes: dict[str, dict[str, object]] = {
        "class": {"seen_by": seen_by},
        "agree": {"agrees": third % 2 == 0},
        "span": {"span": SPANS[second % len(SPANS)]},
        "offer": {"offers": SORTS[second % len(SORTS)]},
    }
    one = some[third % len(some)]
    return replace(one, word=word, time=time, **changes[step.what])  # type: ignore[arg-type]
