# SPDX-License-Identifier: GPL-3.0-or-later
"""Stockholm and Pskov, each from a bare store at a window in a process of its own, run one return.

Both windows are open all the while; the one speaks Swedish, the other Russian. Nothing goes between
them but the stick and what is read over the telephone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e import played_story as story
from tests.e2e.played_seat import Seat, seated
from tests.e2e.played_voices import RUSSIAN, SWEDISH
from tests.e2e.player import Player

from kfdesk.domain.consents.withdrawal import is_withdrawn
from kfdesk.domain.desk.exchange import PartnerState
from kfdesk.domain.records.case.reception import Reception
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import view, view_any
from kfdesk.services import partners
from kfdesk.services.desk import Desk


@dataclass(frozen=True)
class Known:
    """What a desk knows at the end."""

    state: PartnerState
    given_name: object
    receptions: list[object]
    carriers: list[object]
    handover: tuple[object, object, bool]
    notices: int
    torn: int
    is_withdrawn: bool
    language: str
    is_sound: bool


def knows(player: Player) -> Known:
    """Asked of the store behind the window, on its own worker."""
    language = player.program.kit.words.language.code
    return player.behind(lambda desk: _known(desk, language))


def _known(desk: Desk, language: str) -> Known:
    (line,) = partners.list_partners(desk)
    (client,), (consent,) = desk.store.rows("client"), desk.store.rows("consent")
    (handover,) = desk.store.rows("handover")
    told = view_any(handover).record
    return Known(
        state=line.partner.state,
        given_name=view(client, Client).record.given_name,
        receptions=[view(row, Reception).record.status for row in desk.store.rows("reception")],
        carriers=[view(row, Leg).record.carrier for row in desk.store.rows("leg")],
        handover=(told.result, told.received_by, handover.custodian == desk.identity.organisation),
        notices=line.notices,
        torn=sum(len(view_any(row).conflicts) for row in desk.store.torn()),
        is_withdrawn=is_withdrawn(consent),
        language=language,
        is_sound=desk.store.verify() == (),
    )


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Seat, Seat]]:
    """Both windows on bare stores; at the end no bug was met and no keyboard lost."""
    (tmp_path / "stick").mkdir()
    with seated(tmp_path / "stockholm") as stockholm, seated(tmp_path / "pskov") as pskov:
        yield stockholm, pskov


def test_two_desks_meet_and_run_one_return_by_a_stick(
    two: tuple[Seat, Seat], tmp_path: Path
) -> None:
    looked: list[str] = []
    for part in story.PARTS:
        part(*two, tmp_path / "stick", lambda _seat, what: looked.append(what))
    stockholm, pskov = (seat.does(knows) for seat in two)
    assert (stockholm.language, pskov.language) == ("sv", "ru")
    for known in (stockholm, pskov):
        assert known.state is PartnerState.VERIFIED
        assert known.given_name == SWEDISH.given_name
        assert known.receptions == ["confirmed"]
        assert known.carriers == [RUSSIAN.coach]  # both changed it, and one of them has decided
        assert known.handover[:2] == ("received", RUSSIAN.received_by)
        assert known.is_withdrawn
        assert (known.notices, known.torn) == (0, 0)
        assert known.is_sound
    assert (stockholm.handover[2], pskov.handover[2]) == (False, True)  # each writes its own
    assert "conflict" in looked
