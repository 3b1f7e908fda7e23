# SPDX-License-Identifier: GPL-3.0-or-later
"""Stockholm and Pskov, each from a bare store at a window in a process of its own, run one return.

Both windows are open all the while; the one speaks Swedish, the other Russian. Nothing goes between
them but the stick and what is read over the telephone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e import played_pair, played_story
from tests.e2e.played_seat import Seat, seated
from tests.e2e.played_voices import RUSSIAN, SWEDISH
from tests.e2e.player import Player

from kfdesk.domain.consent import is_withdrawn
from kfdesk.domain.exchange import PartnerState
from kfdesk.domain.rows import view_any
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners

SAID = {
    "client": "given_name", "plan": "state", "leg": "carrier", "handover": "result",
    "reception": "status", "referral": "status", "follow_up": "safety",
    "risk_assessment": "conclusion", "approval": "kind", "transition": "to_state",
}  # fmt: skip
"""What is read at the end of each kind of record."""
ROAD = {"assessing", "decision_ready", "approved", "travel_ready", "travelling", "arrived"}


@dataclass(frozen=True)
class Known:
    """Knowledge of a desk at the end. `said`: what stands there, and whether it is its own word."""

    state: PartnerState
    said: dict[str, set[tuple[object, bool]]]
    notices: int
    torn: int
    withdrawn: int
    language: str
    is_sound: bool


def knows(player: Player) -> Known:
    """Asked of the store behind the window, on its own worker."""
    language = player.program.kit.translator.language.code
    return player.behind(lambda desk: _known(desk, language))


def _known(desk: Session, language: str) -> Known:
    (line,) = partners.list_partners(desk)
    ours = desk.identity.organisation
    return Known(
        state=line.partner.state,
        said={
            kind: {(getattr(view_any(row).record, key), row.custodian == ours)
                   for row in desk.store.rows(kind)}
            for kind, key in SAID.items()
        },
        notices=line.notices,
        torn=sum(len(view_any(row).conflicts) for row in desk.store.conflicted_rows()),
        withdrawn=sum(map(is_withdrawn, desk.store.rows("consent"))),
        language=language,
        is_sound=desk.store.verify() == (),
    )  # fmt: skip


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Seat, Seat]]:
    """Both windows on bare stores; at the end no bug was met and no keyboard lost."""
    (tmp_path / "stick").mkdir()
    with seated(tmp_path / "stockholm") as stockholm, seated(tmp_path / "pskov") as pskov:
        yield stockholm, pskov


@pytest.mark.slow
def test_two_desks_meet_and_run_one_return_by_a_stick(
    two: tuple[Seat, Seat], tmp_path: Path
) -> None:
    looked: list[str] = []

    def look(seat: Seat, what: str) -> None:
        looked.append(what)
        seat.does(played_pair.picture, tmp_path / f"{what}.png")

    for part in played_story.PARTS:
        part(*two, tmp_path / "stick", look)
    stockholm, pskov = (seat.does(knows) for seat in two)
    assert (stockholm.language, pskov.language) == ("sv", "ru")
    for known, is_here in ((stockholm, True), (pskov, False)):
        assert known.state is PartnerState.VERIFIED
        assert (known.notices, known.torn, known.withdrawn) == (0, 0, 1)
        assert known.is_sound
        # what Stockholm answers for; both changed the second leg, and one of them has decided
        assert known.said["client"] == {(SWEDISH.given_name, is_here)}
        assert known.said["plan"] == {("arrived", is_here)}
        assert known.said["leg"] == {(SWEDISH.ferry, is_here), (RUSSIAN.ferry, is_here)}
        assert known.said["reception"] == {("confirmed", is_here)}
        assert known.said["referral"] == {("accepted", is_here)}
        # what Pskov says itself
        assert known.said["handover"] == {("received", not is_here)}
        assert known.said["follow_up"] == {("good", not is_here)}
        assert ("decision", not is_here) in known.said["approval"]
        # and both have weighed the risks
        conclusion = "return_possible_with_measures"
        assert known.said["risk_assessment"] == {(conclusion, True), (conclusion, False)}
    assert stockholm.said["transition"] == {(state, True) for state in ROAD}
    assert "conflict" in looked
