# SPDX-License-Identifier: GPL-3.0-or-later
"""Cost of listing what waits to go to each of many partners, as the page Exchange asks for it.

Every plan may go to one of the partners, and none of it has been sent: the most that can wait. Then
a file of one plan among many, plans of which nothing may go any more, and the books of a file.
Times are processor time.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.desks import MACHINE, WHO, pair
from benchmarks.measure import Row, absolute, ratio, worked
from kfdesk import store_lifecycle
from kfdesk.demo import story
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners
from kfdesk.services.exchange.disclosure_log import list_pending
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.exchange.transfer import send_bundle
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.storage.driver import STORE_FILE
from kfdesk.ui.pages.exchange.previews import read_partners

_PARTNERS, _FEW, _MANY, _SENT = 20, 60, 300, 2_000


def rows() -> list[Row]:
    """Return what waits of many plans, alone and against a fifth of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cards = [_card(folder / f"partner{number}") for number in range(_PARTNERS)]
        few, many = (desk_with(folder / str(count), cards, count) for count in (_FEW, _MANY))
        job = f"what waits for {_PARTNERS} partners × {_MANY} plans"
        read_few, read_many = (
            lambda desk=desk: worked(lambda: read_partners(desk)) for desk in (few, many)
        )
        found = [
            absolute(job, read_many, "≤ 300 ms"),
            ratio(f"{job} ÷ {_FEW}", read_many, read_few, f"≤ {_MANY // _FEW + 1}"),
        ]
        send_few, send_many = (_sender(desk, folder) for desk in (few, many))
        job = f"a file of one plan, {_MANY} plans ÷ {_FEW}"
        found.append(ratio(job, send_many, send_few, "≤ 1.3"))
        for consent in many.store.rows("consent"):
            withdraw_consent(many, consent.rid)
        read_partners(many)  # from now on nothing of them is read
        job = f"what waits for {_PARTNERS} partners × {_MANY} plans that are settled"
        found.append(absolute(job, lambda: worked(lambda: read_partners(many)), "≤ 100 ms"))
        for desk in (few, many):
            desk.store.close()
        return [*found, *_books(folder)]


def _sender(desk: Session, folder: Path) -> Callable[[], float]:
    """Return a job that sends one plan more and returns the seconds."""
    waiting = [
        (plan, line.partner.organisation)
        for line in partners.list_partners(desk)
        for plan in list_pending(desk, line.partner)
    ]

    def send() -> float:
        plan, organisation = waiting.pop()
        return worked(lambda: send_bundle(desk, plan, organisation, folder))

    return send


def _books(folder: Path) -> list[Row]:
    """Return by how much a store grows with each record that it sends."""
    made = pair(folder / "pair", _SENT)
    file = folder / "pair" / "ours" / STORE_FILE
    before = file.stat().st_size
    send_bundle(made.ours, made.plan, made.theirs.identity.organisation, folder)
    for desk in (made.ours, made.theirs):
        desk.store.close()
    grown = (file.stat().st_size - before) / _SENT
    return [Row("books of a record that was sent", (grown,), "≤ 60 B", "B")]


def desk_with(folder: Path, cards: list[bytes], plans: int) -> Session:
    """Return a desk with these partners and so many plans, each for one partner in turn."""
    desk = store_lifecycle.create_store(folder, "Ett hus", WHO, MACHINE)
    for card in cards:
        partners.add_partner(desk, card, PartnerTerms(is_third_country=True))
    known = [line.partner.organisation for line in partners.list_partners(desk)]
    for one in known:
        partners.verify_partner(desk, one, partners.verification_digits(desk, one))
    for number in range(plans):
        story.enter_plan(desk, known[number % len(known)])
    return desk


def _card(folder: Path) -> bytes:
    desk = store_lifecycle.create_store(folder, folder.name, WHO, MACHINE)
    card = partners.our_card(desk)
    desk.store.close()
    return card
