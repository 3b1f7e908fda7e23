# SPDX-License-Identifier: GPL-3.0-or-later
"""Why records are erased, and what one desk asks another to erase.

Codes, with the words for them; appended to, never renamed, because they stand in the store's list
of erasures, which lives as long as the store, and in files. They say nothing about anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from kfdesk.domain.marks import N_


class ErasureReason(StrEnum):
    """Why something is erased."""

    CLIENT_REQUEST = "client_request"
    RETENTION_OVER = "retention_over"
    ERROR = "error"


BELOW = "below"
"""The reason of what a partner sent later under something that was erased: never taken in."""

REASONS: Mapping[ErasureReason, str] = {
    ErasureReason.CLIENT_REQUEST: N_("She asked for it"),
    ErasureReason.RETENTION_OVER: N_("The time for keeping it is over"),
    ErasureReason.ERROR: N_("It was entered by mistake"),
}

ORDERED = "ordered"
"""The reason of what was erased because the organisation that answers for it has asked for it."""

DAYS = 30
"""How many days a partner has to answer an order."""

Part = tuple[tuple[int, bytes], ...]
"""Writes of a record, as a state's `dead` names them: field ids with the ids of their writes."""


class Outcome(IntEnum):
    """What has become of an order, as the other side says."""

    DONE = 1
    DECLINED = 2
    NOT_HERE = 3


class OrderState(StrEnum):
    """How far an order has come: unanswered, answered, or told by telephone."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    NOT_HERE = "not_here"
    TOLD = "told"


STATES: Mapping[Outcome, OrderState] = {
    Outcome.DONE: OrderState.DONE,
    Outcome.DECLINED: OrderState.DECLINED,
    Outcome.NOT_HERE: OrderState.NOT_HERE,
}


@dataclass(frozen=True, slots=True)
class Order:
    """That a record is to be erased, or only some of its writes (`part`).

    `deadline` is the last day for it, in days since 1970; 0 for none.
    """

    id: bytes
    rid: bytes
    part: Part | None
    reason: str
    deadline: int
    hlc: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to an order."""

    id: bytes
    outcome: Outcome
    hlc: int


@dataclass(frozen=True, slots=True)
class Standing:
    """An order beside how far it has come, with this partner.

    `settled` is when that was (ms, UTC); `target` the newest file that held it or its receipt.
    """

    order: Order
    partner: bytes
    state: OrderState = OrderState.OPEN
    settled: int | None = None
    target: bytes = b""
