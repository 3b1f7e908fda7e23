# SPDX-License-Identifier: GPL-3.0-or-later
"""How a long paper comes onto pages: blocks are never split, and heads are said again.

A block's items are placed from its own top, so its height is known before it has a page. Knows
neither what a block shows nor how a page is framed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kfdesk.documents.drawing.items import Item, lowered
from kfdesk.domain.errors import KfdeskError


@dataclass(frozen=True, slots=True)
class Block:
    """Items from its top, and how high it is, in points."""

    items: tuple[Item, ...]
    height: float


EMPTY = Block((), 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A head with its rows.

    `again` is the head where the rows go on on another page, `above` what stands over the head
    where the part begins one; `gap` is the space above, in points. One that `is_whole` begins on
    a new page rather than to be shared out, if it fits on one.
    """

    head: Block
    rows: tuple[Block, ...] = ()
    again: Block = EMPTY
    above: Block = EMPTY
    gap: float = 16
    starts_page: bool = False
    is_whole: bool = False

    @property
    def height(self) -> float:
        """How high it is on one page."""
        return self.head.height + sum(row.height for row in self.rows)


def stacked(blocks: Iterable[Block], gap: float = 0) -> Block:
    """Blocks one below the other as one."""
    items: list[Item] = []
    height = 0.0
    for number, block in enumerate(blocks):
        height += gap if number else 0
        items += lowered(block.items, height)
        height += block.height
    return Block(tuple(items), height)


def beside(*blocks: Block) -> Block:
    """Blocks that stand in columns of their own as one."""
    items = tuple(item for block in blocks for item in block.items)
    return Block(items, max((block.height for block in blocks), default=0))


def pages_of(parts: Sequence[Part], top: float, bottom: float) -> list[list[Item]]:
    """The items of each page, between two heights.

    Raises KfdeskError `documents.too_much` for a single row that no page holds.
    """
    flow = _Flow(top, bottom)
    for part in parts:
        flow.add(part)
    return [page for page in flow.pages if page]


@dataclass(slots=True)
class _Flow:
    """Where the next block goes."""

    top: float
    bottom: float
    pages: list[list[Item]] = field(default_factory=lambda: [[]])
    y: float = 0

    def add(self, part: Part) -> None:
        first = part.head.height + (part.rows[0].height if part.rows else 0)
        is_short = part.is_whole and part.height <= self.bottom - self.top
        needed = part.height if is_short else first
        if not self.pages[-1]:
            self.y = self.top
        elif part.starts_page or self.y + part.gap + needed > self.bottom:
            self._turn()
            self._put(part.above)
        else:
            self.y += part.gap
        self._put(part.head)
        for row in part.rows:
            if self.y + row.height > self.bottom:
                self._turn()
                self._put(part.again)
            self._put(row)

    def _turn(self) -> None:
        self.pages.append([])
        self.y = self.top

    def _put(self, block: Block) -> None:
        if self.y + block.height > self.bottom + 0.01:
            raise KfdeskError("documents.too_much")
        self.pages[-1] += lowered(block.items, self.y)
        self.y += block.height
