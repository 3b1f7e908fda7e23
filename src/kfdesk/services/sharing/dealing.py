# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes in a file beside records and notices: orders, answers, cards, and asking again.

Each part follows from what the store knows and goes until it is answered; nothing is queued.
"""

from kfdesk.domain.desk.exchange import Dealings, Direction, Resend
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.partners import find_partner
from kfdesk.services.sharing.asking import note_carried, orders_for, receipts_for
from kfdesk.services.sharing.keys import cards_for, revoked_for

_AGAIN = "ask_again"


def ask_again(desk: Desk, organisation: bytes) -> Changes:
    """Ask a partner, by our next file, for everything that its files have held.

    So what was lost here comes back, or what a second store under its key kept us from taking.
    Raises KfdeskError `user.not_allowed` or `partner.unknown`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    find_partner(desk, organisation)
    with desk.store.transaction():
        desk.store.set_setting(f"{_AGAIN}.{organisation.hex()}", b"\1")
        desk.log(Action.IMPORT, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def dealings_for(desk: Desk, organisation: bytes) -> Dealings:
    """What goes in each file for a partner beside records and notices."""
    return Dealings(
        orders_for(desk, organisation),
        receipts_for(desk, organisation),
        cards_for(desk, organisation),
        revoked_for(desk, organisation),
        _resends(desk, organisation),
    )


def note_dealings(desk: Desk, organisation: bytes, dealings: Dealings, target: bytes) -> None:
    """Note that a file holds these; inside a transaction."""
    note_carried(desk, organisation, dealings.orders, dealings.receipts, target)
    desk.log_all(Action.ORDER_SENT, ((one.rid, ()) for one in dealings.orders))
    if dealings.resends:
        desk.store.set_setting(f"{_AGAIN}.{organisation.hex()}", b"")


def _resends(desk: Desk, organisation: bytes) -> tuple[Resend, ...]:
    if not desk.store.setting(f"{_AGAIN}.{organisation.hex()}"):
        return ()
    newest: dict[bytes, int] = {}
    for mark in desk.store.ledger.marks(organisation, Direction.IN):
        newest[mark.epoch] = max(mark.sequence, newest.get(mark.epoch, 1))
    return tuple(Resend(epoch, 1, 2**63 - 1) for epoch in sorted(newest))[:64]
