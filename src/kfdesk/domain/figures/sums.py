# SPDX-License-Identifier: GPL-3.0-or-later
"""The sum of several organisations, although none of them shows its own numbers.

Each member splits each of its numbers into random shares that add up to it, modulo 2**31, and gives
one to every member. Each adds what it holds, and tells that part. The parts add up to the sum of
all, and to nothing else. Of three members two who conspire learn the third's numbers: subtracting
their own from the sum needs no share at all.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from itertools import chain, combinations, product, repeat
from math import prod
from typing import NamedTuple

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import CellKey, FigureTable, marginal
from kfdesk.domain.figures.ladders import UNKNOWN, VARIABLES, ClientValues, finest_categories
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import (
    SafeFigures,
    TableRequest,
    judge_release,
    tells_small_groups,
)

MODULUS = 2**31
LEAST_MEMBERS, MOST_MEMBERS = 3, 40
MAX_LENGTH = 1_000
MAX_CLIENTS = 100_000
"""A sum above this cannot be true: some share or part does not belong to it."""
_MOST_WAYS = 1_000
"""Ways of choosing among what members published; with more, a sum is not released."""
RandomBytes = Callable[[int], bytes]
Numbers = tuple[int, ...]


# --- what is added up


@dataclass(frozen=True)
class SumQuestion:
    """A question to several organisations: who is counted, when, by what, and by whom.

    With `is_crossed` the variables make one table, else one table each. The members never change.
    """

    population: str
    period: FigurePeriod
    variables: tuple[str, ...]
    is_crossed: bool
    members: frozenset[bytes]

    def check(self) -> None:
        """Refuse what no round can add up.

        Raise KfdeskError `figures.variables`, `sums.few_members`, `sums.many_members` or
        `sums.too_long`.
        """
        self.request.check()
        if len(self.members) < LEAST_MEMBERS:
            raise KfdeskError("sums.few_members", least=LEAST_MEMBERS)
        if len(self.members) > MOST_MEMBERS:
            raise KfdeskError("sums.many_members", most=MOST_MEMBERS)
        sizes = (_count_cells(names) for names in self.request.tables)
        if 1 + sum(sizes) > MAX_LENGTH:
            raise KfdeskError("sums.too_long")

    @property
    def request(self) -> TableRequest:
        """The tables that the sum is published in."""
        each = tuple((name,) for name in self.variables)
        return TableRequest((self.variables,) if self.is_crossed and self.variables else each)

    @cached_property
    def cells(self) -> tuple[tuple[int, CellKey], ...]:
        """The places of the numbers behind the first, which is the total: table and cell."""
        return tuple(
            (table, key)
            for table, names in enumerate(self.request.tables)
            for key in product(*map(finest_categories, names))
        )

    @property
    def length(self) -> int:
        """Number of values that each organisation adds."""
        return 1 + len(self.cells)

    @cached_property
    def digest(self) -> str:
        """Digest of the subject of shares and parts of a round: question, places and members."""
        said = [
            self.population, self.period.code, *map(repr, self.cells),
            *(one.hex() for one in sorted(self.members)),
        ]  # fmt: skip
        return blake2b("\n".join(said).encode(), digest_size=16, person=b"sum question").hexdigest()

    def count(self, people: Iterable[ClientValues]) -> Numbers:
        """Return the numbers of an organisation; a category that has no place is not known."""
        found, total = dict.fromkeys(self.cells, 0), 0
        tables = [
            tuple((VARIABLES.index(name), frozenset(finest_categories(name))) for name in names)
            for names in self.request.tables
        ]
        for values in people:
            total += 1
            for table, places in enumerate(tables):
                key = tuple(values[at] if values[at] in known else UNKNOWN for at, known in places)
                found[table, key] += 1
        return total, *found.values()

    def judge(self, numbers: Sequence[int]) -> SafeFigures:
        """Return what of a sum may be published, by the rules of any release.

        Each table is judged as if invented clients had been counted in it. Raise KfdeskError
        `sums.odd` if the numbers do not fit together.
        """
        total, counts = numbers[0], numbers[1:]
        columns: dict[str, list[str]] = {}
        for table, names in enumerate(self.request.tables):
            cells = [
                (key, count)
                for (at, key), count in zip(self.cells, counts, strict=True)
                if at == table and count
            ]
            if total > MAX_CLIENTS or sum(count for _, count in cells) != total:
                raise KfdeskError("sums.odd")
            for place, name in enumerate(names):
                each = (repeat(key[place], count) for key, count in cells)
                columns[name] = list(chain.from_iterable(each))
        if total > MAX_CLIENTS:
            raise KfdeskError("sums.odd")
        nothing = [UNKNOWN] * total
        each_client = zip(*(columns.get(name, nothing) for name in VARIABLES), strict=True)
        invented = {n.to_bytes(4, "big"): values for n, values in enumerate(each_client)}
        return judge_release(frozenset(invented), invented, self.request)


def _count_cells(names: Sequence[str]) -> int:
    size = 1
    for name in names:
        size *= len(finest_categories(name))
    return size


# --- shares


def split_numbers(
    numbers: Sequence[int], members: Collection[bytes], random: RandomBytes
) -> Mapping[bytes, Numbers]:
    """Return the share of each member, one number for each of ours.

    Raise KfdeskError `sums.few_members`, `sums.length`, or `sums.number` for one that is negative
    or too large to be added up.
    """
    names = sorted(set(members))
    if len(names) < LEAST_MEMBERS:
        raise KfdeskError("sums.few_members", least=LEAST_MEMBERS)
    if not 0 < len(numbers) <= MAX_LENGTH:
        raise KfdeskError("sums.length")
    if any(not 0 <= number < MODULUS // len(names) for number in numbers):
        raise KfdeskError("sums.number")
    drawn = {name: tuple(_draw(random) for _ in numbers) for name in names[:-1]}
    last = tuple(
        (number - sum(share[place] for share in drawn.values())) % MODULUS
        for place, number in enumerate(numbers)
    )
    return {**drawn, names[-1]: last}


def _draw(random: RandomBytes) -> int:
    """Return a number below the modulus, each as likely as any other: it is a power of two."""
    return int.from_bytes(random(4), "big") % MODULUS


def add_numbers(each: Collection[Sequence[int]]) -> Numbers:
    """Return the sums, place by place. Raise KfdeskError `sums.length` if lengths differ."""
    lengths = {len(one) for one in each}
    if len(lengths) != 1:
        raise KfdeskError("sums.length")
    return tuple(sum(column) % MODULUS for column in zip(*each, strict=True))


def encode_numbers(numbers: Iterable[int]) -> str:
    """Return numbers as a record keeps them."""
    return " ".join(map(str, numbers))


def decode_numbers(text: object, length: int) -> Numbers:
    """Return the numbers of a record that anybody may have written.

    Raise KfdeskError `sums.length` unless they are so many, each below the modulus.
    """
    parts = text.split(" ") if isinstance(text, str) else []
    is_plain = all(part.isascii() and part.isdecimal() and len(part) <= 10 for part in parts)
    if len(parts) != length or not is_plain:
        raise KfdeskError("sums.length")
    numbers = tuple(map(int, parts))
    if any(number >= MODULUS for number in numbers):
        raise KfdeskError("sums.length")
    return numbers


class NumberShare(NamedTuple):
    """Share that a member gives another: its draw, the same for all, and random numbers.

    Whoever draws again, as after a restored backup, has another draw; the two never fit together.
    """

    draw: str
    numbers: Numbers


class NumberPart(NamedTuple):
    """The sum of the shares that a member holds, and which draws they are of (`draws_digest`)."""

    drawn: str
    numbers: Numbers


def draws_digest(draws: Mapping[bytes, str]) -> str:
    """Return a digest of which draw of each member was added up."""
    said = "\n".join(f"{giver.hex()} {draw}" for giver, draw in sorted(draws.items()))
    return blake2b(said.encode(), digest_size=16, person=b"sum draws").hexdigest()


@dataclass(frozen=True, slots=True)
class RoundNumbers:
    """The shares and parts of a round that are here; its members never change."""

    members: frozenset[bytes]
    length: int
    shares: Mapping[tuple[bytes, bytes], NumberShare] = field(default_factory=dict)
    """Shares by who gave and who got them."""
    parts: Mapping[bytes, NumberPart] = field(default_factory=dict)

    def with_share(self, giver: bytes, getter: bytes, share: NumberShare) -> "RoundNumbers":
        """Return the round with a share, which may come in any order.

        Raise KfdeskError `sums.not_member`, `sums.length`, or `sums.twice` for another share from
        the same member; the same one again changes nothing.
        """
        self._check((giver, getter), share.numbers)
        if self.shares.get((giver, getter), share) != share:
            raise KfdeskError("sums.twice")
        shares = {**self.shares, (giver, getter): share}
        return RoundNumbers(self.members, self.length, shares, self.parts)

    def with_part(self, member: bytes, part: NumberPart) -> "RoundNumbers":
        """Return the round with the part of a member; raise as `with_share` does."""
        self._check((member,), part.numbers)
        if self.parts.get(member, part) != part:
            raise KfdeskError("sums.twice")
        parts = {**self.parts, member: part}
        return RoundNumbers(self.members, self.length, self.shares, parts)

    def givers_to(self, member: bytes) -> frozenset[bytes]:
        """Return who has given a member its share."""
        return frozenset(giver for giver, getter in self.shares if getter == member)

    def part_of(self, member: bytes) -> NumberPart | None:
        """Return the part of a member; None until every member's share is with it."""
        if self.givers_to(member) != self.members:
            return None
        held = {giver: self.shares[giver, member] for giver in sorted(self.members)}
        drawn = draws_digest({giver: share.draw for giver, share in held.items()})
        return NumberPart(drawn, add_numbers([share.numbers for share in held.values()]))

    @property
    def result(self) -> Numbers | None:
        """The sum of all; None until every part is in. Rules of release apply to it as to any.

        Raise KfdeskError `sums.twice` if the parts are not of the same draws.
        """
        if self.parts.keys() != self.members:
            return None
        if len({part.drawn for part in self.parts.values()}) > 1:
            raise KfdeskError("sums.twice")
        return add_numbers([part.numbers for part in self.parts.values()])

    def _check(self, named: Collection[bytes], numbers: Numbers) -> None:
        if not self.members.issuperset(named):
            raise KfdeskError("sums.not_member")
        if len(numbers) != self.length or any(not 0 <= one < MODULUS for one in numbers):
            raise KfdeskError("sums.length")


# --- what members have published themselves


def leaves_small_group(figures: SafeFigures, published: Iterable[Sequence[SafeFigures]]) -> bool:
    """Return whether a sum, less what its members have published, shows 1 to k-1 clients.

    `published` has what each member has published, which may be nothing, or several figures. It is
    enough to subtract something of all who did: each published number is 0 or at least k, so what
    is left after fewer of them is no smaller. If nobody is left but those who said "fewer than k",
    the rest may not tell more of them.
    """
    ways = [_by_total(each) for each in published]
    if prod(max(1, len(each)) for each in ways) > _MOST_WAYS:
        return True
    return any(
        _shows_small_group(figures, way) for way in product(*(each or [None] for each in ways))
    )


def _by_total(published: Iterable[SafeFigures]) -> Sequence[SafeFigures | None]:
    """Return the figures of one member, those of one total as one."""
    found: dict[int | None, SafeFigures] = {}
    for one in published:
        before = found.get(one.total, replace(one, tables=()))
        found[one.total] = replace(one, tables=(*before.tables, *one.tables))
    return list(found.values())


def _shows_small_group(figures: SafeFigures, way: Sequence[SafeFigures | None]) -> bool:
    """Return whether subtracting one choice of what members published shows a small group."""
    published = [one for one in way if one is not None]
    known = [one.total for one in published if one.total is not None]
    rest = (figures.total or 0) - sum(known)
    small = len(published) - len(known)
    if len(published) == len(way) and tells_small_groups(rest, small, figures.least):
        return True
    left = [rest] if known else []
    for table in figures.tables:
        for count in range(1, len(table.axes) + 1):
            for names in combinations(table.variables, count):
                left += _left_over(table, names, published)
    return any(0 < abs(count) < figures.least for count in left)


def _left_over(
    table: FigureTable, names: Collection[str], published: Iterable[SafeFigures]
) -> Iterable[int]:
    """Return the cells of a sum on these variables, less those of everybody who shows them."""
    shown = (
        next((one for one in each.tables if {*names} <= {*one.variables} and not one.hidden), None)
        for each in published
    )
    theirs = [one for one in shown if one is not None]
    if not theirs:
        return ()
    levels = [dict(one.axes) for one in (table, *theirs)]
    axes = tuple((name, max(each[name] for each in levels)) for name in names)
    left = Counter(marginal(table, axes))
    for one in theirs:
        left.subtract(marginal(one, axes) or {})
    return left.values()
