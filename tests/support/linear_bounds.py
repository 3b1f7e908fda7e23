# SPDX-License-Identifier: GPL-3.0-or-later
"""A small exact solver: how large and how small a sum of cells may be, by the simplex method.

It works on fractions, so it never rounds. It shares nothing with the program's own attack.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction

UNBOUNDED = Fraction(10**9)
Sums = Sequence[tuple[Collection[int], int]]
"""Each sum: the places of its cells, and their value."""


class CellSystem:
    """Cells that are not negative and add up as the sums say. The sums must be possible."""

    def __init__(self, sums: Sums, size: int) -> None:
        self.size = size
        width = size + len(sums)  # an artificial cell for each sum, to begin with
        self._rows = [
            [Fraction(int(p in set(places))) for p in range(size)]
            + [Fraction(int(n == row)) for n in range(len(sums))]
            + [Fraction(value)]
            for row, (places, value) in enumerate(sums)
        ]
        self._basis = list(range(size, width))
        self._width = width
        cost = [Fraction(0)] * size + [Fraction(-1)] * len(sums)
        assert self._climb(cost, width) == 0, "the sums contradict each other"
        self._leave_artificial()

    def largest(self, places: Collection[int], enough: int | None = None) -> Fraction:
        """Return how large the sum of these cells may be; stop once it reaches `enough`."""
        cost = [Fraction(int(p in set(places))) for p in range(self._width)]
        return self._climb(cost, self.size, enough)

    def smallest(self, places: Collection[int]) -> Fraction:
        """Return how small the sum of these cells may be."""
        cost = [Fraction(-int(p in set(places))) for p in range(self._width)]
        return -self._climb(cost, self.size)

    def _leave_artificial(self) -> None:
        """Take artificial cells, which are all 0 now, out of the basis; drop sums that repeat."""
        for row in range(len(self._rows) - 1, -1, -1):
            if self._basis[row] >= self.size:
                entering = next((p for p in range(self.size) if self._rows[row][p]), None)
                if entering is None:
                    del self._rows[row], self._basis[row]
                else:
                    self._pivot(row, entering)

    def _climb(self, cost: list[Fraction], limit: int, enough: int | None = None) -> Fraction:
        """Return the largest value, by Bland's rule, which cannot circle."""
        while True:
            value = sum(
                (cost[self._basis[r]] * row[-1] for r, row in enumerate(self._rows)), Fraction(0)
            )
            if enough is not None and value >= enough:
                return value
            entering = next((p for p in range(limit) if self._gain(cost, p) > 0), None)
            if entering is None:
                return value
            ratios = [
                (row[-1] / row[entering], self._basis[r], r)
                for r, row in enumerate(self._rows)
                if row[entering] > 0
            ]
            if not ratios:
                return UNBOUNDED
            self._pivot(min(ratios)[2], entering)

    def _gain(self, cost: list[Fraction], place: int) -> Fraction:
        if place in self._basis:
            return Fraction(0)
        return cost[place] - sum(
            (cost[self._basis[r]] * row[place] for r, row in enumerate(self._rows) if row[place]),
            Fraction(0),
        )

    def _pivot(self, row: int, entering: int) -> None:
        pivot = self._rows[row]
        scale = pivot[entering]
        self._rows[row] = pivot = [one / scale if one else one for one in pivot]
        for other, line in enumerate(self._rows):
            share = line[entering]
            if other != row and share:
                self._rows[other] = [
                    a - share * b if b else a for a, b in zip(line, pivot, strict=True)
                ]
        self._basis[row] = entering
