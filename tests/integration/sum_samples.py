# SPDX-License-Identifier: GPL-3.0-or-later
"""Three desks in a network that add up their figures, and the files between them."""

from datetime import date, timedelta
from itertools import permutations

from tests.integration.hostile_samples import Trio
from tests.integration.network_samples import begin_network, send
from tests.support.figure_samples import IN_MARCH, YEAR, add_clients, asked

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.figures import sums

COUNTS = (5, 7, 8)
SORTS = ("figures",)


def until(desk: Session) -> date:
    return desk.adapters.clock.now().date() + timedelta(days=30)


def desks(trio: Trio) -> tuple[Session, Session, Session]:
    return trio.ours, trio.bad, trio.third


def own(desk: Session) -> bytes:
    return desk.identity.organisation


def join(trio: Trio, counts: tuple[int, int, int] = COUNTS, opened: date = IN_MARCH) -> bytes:
    """Put the three into a network that shares figures, each with so many clients."""
    network = begin_network(trio.ours, trio.bad, trio.third, shares=SORTS)
    for desk, count in zip(desks(trio), counts, strict=True):
        add_clients(desk, count, opened=opened)
        if desk is not trio.ours:
            trio.take(send(trio, trio.ours, desk), desk)
            networks.share_in_network(desk, network, SORTS)
    return network


def begin(
    trio: Trio, network: bytes, *variables: str, population: str = "new_clients",
    period: FigurePeriod = YEAR,
) -> bytes:  # fmt: skip
    """Begin a sum of the three, and bring it to the others."""
    question = asked(*variables, population=population, period=period)
    rid = sums.begin_sum(
        trio.ours, network, question, (own(trio.bad), own(trio.third)), until(trio.ours)
    )
    for desk in (trio.bad, trio.third):
        carry(trio, trio.ours, desk)
    return rid


def carry(trio: Trio, sender: Session, receiver: Session) -> None:
    trio.take(send(trio, sender, receiver), receiver)


def carry_all(trio: Trio) -> None:
    """Carry a file between every two desks that have something for each other."""
    for sender, receiver in permutations(desks(trio), 2):
        try:
            path = send(trio, sender, receiver)
        except KfdeskError as fault:
            if fault.code != "exchange.nothing_new":
                raise
        else:
            trio.take(path, receiver)
