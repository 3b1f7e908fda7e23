# SPDX-License-Identifier: GPL-3.0-or-later
"""The sum of several organisations, although none of them shows its own numbers.

Each member splits each of its numbers into random shares that add up to it, modulo 2**31, and gives
one to every member. Each adds what it holds, and tells that part. The parts add up to the sum of
all, and to nothing else. Of three members two who conspire learn the third's numbers: subtracting
their own from the sum needs no share at all.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from kfdesk.domain.errors import KfdeskError

MODULUS = 2**31
LEAST_MEMBERS = 3
MAX_LENGTH = 1_000
RandomBytes = Callable[[int], bytes]
Numbers = tuple[int, ...]


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


@dataclass(frozen=True, slots=True)
class SumRound:
    """A round of some members over numbers of one length; its members never change."""

    members: frozenset[bytes]
    length: int
    shares: Mapping[tuple[bytes, bytes], Numbers] = field(default_factory=dict)
    """Shares by who gave and who got them."""
    parts: Mapping[bytes, Numbers] = field(default_factory=dict)

    def with_share(self, giver: bytes, getter: bytes, numbers: Numbers) -> "SumRound":
        """Return the round with a share, which may come in any order.

        Raise KfdeskError `sums.not_member`, `sums.length`, or `sums.twice` for another share from
        the same member; the same one again changes nothing.
        """
        self._check((giver, getter), numbers)
        if self.shares.get((giver, getter), numbers) != numbers:
            raise KfdeskError("sums.twice")
        return SumRound(
            self.members, self.length, {**self.shares, (giver, getter): numbers}, self.parts
        )

    def with_part(self, member: bytes, numbers: Numbers) -> "SumRound":
        """Return the round with the part of a member; raise as `with_share` does."""
        self._check((member,), numbers)
        if self.parts.get(member, numbers) != numbers:
            raise KfdeskError("sums.twice")
        return SumRound(self.members, self.length, self.shares, {**self.parts, member: numbers})

    def part_of(self, member: bytes) -> Numbers | None:
        """Return the part of a member; None until every member's share is with it."""
        held = [self.shares.get((giver, member)) for giver in sorted(self.members)]
        got = [one for one in held if one is not None]
        return add_numbers(got) if len(got) == len(self.members) else None

    @property
    def result(self) -> Numbers | None:
        """The sum of all; None until every part is in. Rules of release apply to it as to any."""
        is_whole = self.parts.keys() == self.members
        return add_numbers(list(self.parts.values())) if is_whole else None

    def _check(self, named: Collection[bytes], numbers: Numbers) -> None:
        if not self.members.issuperset(named):
            raise KfdeskError("sums.not_member")
        if len(numbers) != self.length or any(not 0 <= one < MODULUS for one in numbers):
            raise KfdeskError("sums.length")
