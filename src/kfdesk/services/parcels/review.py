# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that has come, as people see it before it is taken.

Values of what it would do; `services/exchange.py` makes them and acts on them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kfdesk.domain.desk.erasure import Order, OrderState
from kfdesk.domain.desk.exchange import Taken
from kfdesk.domain.desk.order import Found
from kfdesk.domain.rows import Row
from kfdesk.services.sharing.believing import Told


@dataclass(frozen=True, slots=True)
class Review:
    """What a bundle would do, before anything is written.

    `before` has our rows that change; `erased` are among the refused, because they were erased
    here. `told` are the withdrawals that it tells and that are believed, known ones too; `untold`
    counts those that are not. `findings` are what its place in the row and its keys say, `orders`
    what it asks to erase, with what becomes of that. Of the changed, `kept` must be kept as they
    are: nothing of them is replaced. Of the refused, `kept_out` were erased here.
    """

    taken: Taken
    partner: str
    new: Sequence[Row]
    changed: tuple[Row, ...]
    conflicts: int
    refused: int
    before: Mapping[bytes, Row] = field(default_factory=dict)
    erased: frozenset[bytes] = frozenset()
    told: tuple[Told, ...] = ()
    untold: int = 0
    findings: tuple[Found, ...] = ()
    orders: tuple[tuple[Order, OrderState], ...] = ()
    kept: int = 0
    kept_out: int = 0

    @property
    def erases(self) -> frozenset[bytes]:
        """The records of which something is erased here, at the word of who answers for them."""
        return frozenset(order.rid for order, state in self.orders if state is OrderState.DONE)

    @property
    def requests(self) -> int:
        """How many orders wait for people, because their sender does not answer for the record."""
        return sum(state is OrderState.OPEN for _, state in self.orders)

    @property
    def news(self) -> tuple[Told, ...]:
        """The withdrawals that we did not know of."""
        return tuple(one for one in self.told if one.is_new)
