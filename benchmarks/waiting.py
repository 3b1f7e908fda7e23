# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits to go to each of many partners, as the page Exchange asks for it.

Every plan may go to one of the partners, and none of it has been sent: the most that can wait.
"""

import tempfile
from pathlib import Path

from benchmarks.desks import MACHINE, WHO
from benchmarks.measure import Row, absolute, ratio, timed
from kfdesk import store_lifecycle
from kfdesk.demo import story
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.ui.pages.exchange.previews import read_partners

_PARTNERS, _FEW, _MANY = 20, 60, 300


def rows() -> list[Row]:
    """Return what waits of many plans, alone and against a fifth of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cards = [_card(folder / f"partner{number}") for number in range(_PARTNERS)]
        few, many = (desk_with(folder / str(count), cards, count) for count in (_FEW, _MANY))
        job = f"what waits for {_PARTNERS} partners × {_MANY} plans"
        read_few, read_many = (
            lambda desk=desk: timed(lambda: read_partners(desk)) for desk in (few, many)
        )
        found = [
            absolute(job, read_many, "≤ 300 ms"),
            ratio(f"{job} ÷ {_FEW}", read_many, read_few, f"≤ {_MANY // _FEW + 1}"),
        ]
        for desk in (few, many):
            desk.store.close()
        return found


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
