# SPDX-License-Identifier: GPL-3.0-or-later
"""Two laptops of one shelter at two windows: one desk in practice, until one of them is lost."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e import played_before, played_laptops, played_pair
from tests.e2e.played_seat import Seat, seated
from tests.e2e.played_voices import RUSSIAN, SWEDISH
from tests.e2e.player import Player

from kfdesk.domain.exchange import PartnerState
from kfdesk.domain.rows import view_any
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners

HALF_TYPED = "Vymy"


@dataclass(frozen=True)
class Known:
    """Knowledge of a laptop."""

    house: bytes
    aliases: list[object]
    family_names: list[object]
    consents: int
    drafts: int
    state: PartnerState


def knows(player: Player) -> Known:
    """Asked of the store behind the window."""
    return player.behind(_known)


def _known(desk: Session) -> Known:
    clients = [view_any(row).record for row in desk.store.rows("client")]
    (other,) = partners.list_partners(desk)
    return Known(
        house=desk.identity.organisation,
        aliases=[client.alias for client in clients],
        family_names=[client.family_name for client in clients],
        consents=len(desk.store.rows("consent")),
        drafts=len(desk.store.drafts.of_user(desk.user)),
        state=other.partner.state,
    )


@pytest.mark.slow
def test_two_laptops_are_one_desk_until_one_is_lost(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with seated(tmp_path / "hall") as hall, seated(tmp_path / "office") as office:
        meet(hall, office, stick)
        share_everything(hall, office, stick)
        lose(hall, office, stick)
        known = hall.does(knows)
    assert known.aliases == [SWEDISH.alias]
    assert known.state is PartnerState.REVOKED


def meet(hall: Seat, office: Seat, stick: Path) -> None:
    """Set up the second laptop from the first one's stick."""
    hall.does(played_before.found, SWEDISH)
    hall.does(played_laptops.invite, stick)
    office.does(played_laptops.join, stick)
    hall.does(played_laptops.add_answer, stick)
    assert hall.does(played_laptops.tick_digits) == office.does(played_laptops.tick_digits)


def share_everything(hall: Seat, office: Seat, stick: Path) -> None:
    """Sync a plan without consent; check that a draft stays and a conflict is resolved once."""
    hall.does(played_before.take_in, SWEDISH)
    hall.does(played_laptops.begin_a_note, HALF_TYPED)
    office.does(played_pair.take_all_of, hall.does(played_pair.send, stick))
    here, there = hall.does(knows), office.does(knows)
    assert there.house == here.house
    assert there.aliases == [SWEDISH.alias]
    assert there.consents == 0
    assert (here.drafts, there.drafts) == (1, 0)
    assert there.family_names == [None]
    office.does(played_laptops.rename, RUSSIAN.alias)
    hall.does(played_laptops.rename, SWEDISH.escort[0])
    hall.does(played_pair.take, office.does(played_pair.send, stick))
    hall.does(played_pair.decide_for_theirs)
    office.does(played_pair.take_all_of, hall.does(played_pair.send, stick))
    assert hall.does(knows).aliases == office.does(knows).aliases == [RUSSIAN.alias]


def lose(hall: Seat, office: Seat, stick: Path) -> None:
    """Nothing of the other laptop is taken while it is suspended, nor after it is lost."""
    office.does(played_laptops.rename, SWEDISH.alias)
    made = office.does(played_pair.send, stick)
    hall.does(played_laptops.suspend)
    hall.does(
        played_laptops.is_refused,
        made,
        "This exchange file comes from a partner that is suspended here.",
    )
    hall.does(played_laptops.has_nobody_to_send_to)
    hall.does(played_laptops.go_on)
    hall.does(played_pair.take_all_of, made)
    assert hall.does(knows).aliases == [SWEDISH.alias]
    office.does(played_laptops.rename, RUSSIAN.alias)
    later = office.does(played_pair.send, stick)
    hall.does(played_laptops.revoke)
    hall.does(
        played_laptops.is_refused,
        later,
        "This exchange file comes from a partner whose card was revoked here.",
    )
    hall.does(played_laptops.has_nobody_to_send_to)
