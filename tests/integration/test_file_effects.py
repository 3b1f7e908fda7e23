# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a file does stands in its preview and, once it is taken, in the history."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio

from kfdesk import app
from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import (
    ControlMessages,
    Direction,
    ErasureOrder,
    ErasureOrderState,
    ErasureOutcome,
    ErasureReceipt,
    ResendRequest,
    TrackedErasureOrder,
)
from kfdesk.services.core.history import read_history
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.upkeep.backup import start_new_epoch
from kfdesk.ui.pages.exchange.previews import contents_summary
from kfdesk.ui.record_views import field_words

ENGLISH = app.language("en")
SOMEBODY = b"nobody knows her"


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def orders_ahead(trio: Trio) -> Path:
    """Order to keep out two records that are not here; one of them is ordered twice."""
    rids = (SOMEBODY, SOMEBODY, SOMEBODY[::-1])
    orders = tuple(
        ErasureOrder(bytes([n]) * 16, rid, None, ErasureReason.ERROR, 0, 1 << 16)
        for n, rid in enumerate(rids)
    )
    return trio.forger(trio.bad).file(dealings=ControlMessages(orders=orders))


def part_ordered_ahead(trio: Trio) -> Path:
    """Order to keep out one write of a record that is not here."""
    part = ((7, b"8 bytes."),)
    order = ErasureOrder(bytes(16), SOMEBODY, part, ErasureReason.ERROR, 0, 1 << 16)
    return trio.forger(trio.bad).file(dealings=ControlMessages(orders=(order,)))


def answers(trio: Trio) -> Path:
    """Answer an order of ours."""
    ours, them = trio.ours, trio.bad.identity.organisation
    order = ErasureOrder(bytes(16), SOMEBODY, None, ErasureReason.ERROR, 0, 1 << 16)
    with ours.store.transaction():
        asked = TrackedErasureOrder(order, them, ErasureOrderState.OPEN)
        ours.store.orders.enter(Direction.OUT, [asked])
    receipt = ErasureReceipt(order.id, ErasureOutcome.DONE, 1 << 16)
    return trio.forger(trio.bad).file(dealings=ControlMessages(receipts=(receipt,)))


def confirms(trio: Trio) -> Path:
    """Confirm a file of ours."""
    whose = trio.bad.identity.organisation
    sent = transfer.send_bundle(trio.ours, trio.plan, whose, trio.post)
    trio.take(sent.path, trio.bad)
    return trio.forger(trio.bad).file()


def begins_anew(trio: Trio) -> Path:
    """Come from a store that was put back."""
    trio.take(trio.forger(trio.bad).file())
    start_new_epoch(trio.bad, ())
    return trio.forger(trio.bad).file()


def asks_again(trio: Trio) -> Path:
    """Ask for everything again."""
    epoch = trio.ours.identity.epoch
    resends = (ResendRequest(epoch, 1, 1),)
    return trio.forger(trio.bad).file(dealings=ControlMessages(resends=resends))


def brings_erased(trio: Trio) -> Path:
    """Bring a client that was erased here."""
    client = trio.forger(trio.bad).written("client", {"code": "b-7"})
    trio.take(trio.forger(trio.bad).file([client]))
    erase_client(trio.ours, client.rid, ErasureReason.CLIENT_REQUEST)
    return trio.forger(trio.bad).file([client])


def claims(trio: Trio) -> Path:
    """Claim a record of ours."""
    row = trio.row(trio.legs[0])
    own = trio.bad.identity.organisation
    forged = trio.forger(trio.bad).written(
        "leg", {"carrier": "x"}, parent=row.parent, custodian=own, rid=row.rid
    )
    return trio.forger(trio.bad).file([forged])


@pytest.mark.parametrize(
    ("make", "listed", "told"),
    [
        (
            orders_ahead,
            "keeps 2 from being imported",
            "not to import 2 records that are not here yet",
        ),
        (
            part_ordered_ahead,
            "keeps 1 from being imported",
            "not to import 1 record that is not here yet",
        ),
        (answers, "1 answer", "Answers 1 request of ours to erase"),
        (confirms, "", "Confirms 1 file of ours"),
        (begins_anew, "", "This partner continues from a backup."),
        (asks_again, "", "This partner asks for everything again."),
        (brings_erased, "refused", "1 record is left out: it was erased here"),
        (claims, "refused", "marked as another organisation's"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_a_file_does_is_listed_and_stands_in_the_history(
    trio: Trio, make: Callable[[Trio], Path], listed: str, told: str
) -> None:
    path = make(trio)
    (one,) = transfer.preview_files(trio.ours, [path]).files
    assert one.review is not None
    assert listed in contents_summary(one.review, ENGLISH)
    trio.take(path)
    lines = read_history(trio.ours).lines
    whose = trio.bad.identity.organisation
    taken = next(line for line in lines if (line.action, line.rid) == (Action.IMPORT, whose))
    assert told in field_words(taken, ENGLISH)


def test_plain_file_has_nothing_more_in_the_history_than_that_it_was_taken(trio: Trio) -> None:
    trio.take(trio.forger(trio.bad).file())
    line = read_history(trio.ours).lines[0]
    assert (line.action, line.keys) == (Action.IMPORT, ())
