# SPDX-License-Identifier: GPL-3.0-or-later
"""Two desks run one plan from a script alone: `kfdesk bundle …`, process by process, no window."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.patience import HANG
from tests.support.stores import lighten, new_desk, remembering

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.services.exchange import partners
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials("EV", "sex helt vanliga ord till prov")


@dataclass(frozen=True)
class Script:
    """A desk as a script sees it: its folder, and the program."""

    folder: Path
    words: Path
    said: pytest.CaptureFixture[str]

    @property
    def head(self) -> list[str]:
        file = ["--passphrase-file", str(self.words)]
        return ["--store", str(self.folder), "--initials", "EV", *file, "--json"]

    def run(self, *command: str) -> Any:
        """Run a command as `main` gets it; its answer, or the fault with its code."""
        with remembering():
            assert app.main([*self.head, *command], MACHINE) in (0, 1)
        out, err = self.said.readouterr()
        return json.loads(out or err)

    def run_apart(self, *command: str) -> Any:
        """Run a command in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "kfdesk", *self.head, *command],
            capture_output=True, text=True, encoding="utf-8", timeout=HANG, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)


@pytest.fixture
def desks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Script, Script]:
    """Two desks that have never met, each with its passphrase in a file."""
    words = tmp_path / "words.txt"
    words.write_text(WHO.passphrase + "\n", encoding="utf-8")
    made: list[Script] = []
    for name in (people.HOUSE, people.SAFE_HOUSE):
        folder = tmp_path / f"desk-{len(made)}"
        new_desk(folder, name, WHO, MACHINE).store.close()
        lighten(folder, WHO)
        made.append(Script(folder, words, capsys))
    (tmp_path / "stick").mkdir()
    return made[0], made[1]


def enter_plan(folder: Path, partner: bytes) -> tuple[str, str]:
    """Enter a plan with a consent to share, as a worker does in the window."""
    with remembering():
        desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    plan, legs = story.enter_plan(desk, partner)
    assert partners.find_partner(desk, partner).state == "verified"
    desk.store.close()
    return plan.hex(), legs[0].hex()


def test_two_desks_without_a_window(desks: tuple[Script, Script], tmp_path: Path) -> None:
    ours, theirs = desks
    stick = tmp_path / "stick"
    cards = [stick / "ours.card", stick / "theirs.card"]
    us, them = (
        desk.run("bundle", "card", str(card))["organisation"]
        for desk, card in zip(desks, cards, strict=True)
    )
    pending = ours.run("bundle", "trust", str(cards[1]))
    assert pending["state"] == "pending"
    heard = theirs.run("bundle", "trust", str(cards[0]))["digits"]
    assert heard == pending["digits"]
    for desk, card in ((ours, cards[1]), (theirs, cards[0])):
        verified = desk.run("bundle", "trust", str(card), "--digits", heard)
        assert verified["state"] == "verified"
    plan, leg = enter_plan(ours.folder, bytes.fromhex(them))

    first = ours.run("bundle", "make", plan, "--to", them, "--into", str(stick))["file"]
    ours.run("plan", "set", leg, "carrier", '"M/S Exempel"')
    ours.run("bundle", "make", plan, "--to", them, "--into", str(stick))
    (stick / "letter.age").write_bytes(b"Dear friend")
    inspected = theirs.run("bundle", "inspect", first)
    assert (inspected["from"], inspected["findings"]) == (us, [])
    assert inspected["new"] > 0
    taken = theirs.run("bundle", "take", str(stick))
    assert len(taken["taken"]) == 2
    assert taken["refused"] == [{"file": "letter.age", "code": "bundle.not_a_bundle"}]
    again = theirs.run("bundle", "take", str(stick))
    assert again["taken"] == []
    assert {one["code"] for one in again["refused"]} == {
        "bundle.taken_before", "bundle.not_a_bundle",
    }  # fmt: skip
    shown = theirs.run("plan", "show", plan)
    assert "M/S Exempel" in str(shown)

    answers = tmp_path / "answers"
    answers.mkdir()
    theirs.run("plan", "set", leg, "carrier", '"41, Exempelbuss"')
    answer = theirs.run("bundle", "make", plan, "--to", us, "--into", str(answers))["file"]
    back = ours.run("bundle", "take", str(answers))
    assert back["taken"][0]["changed"] == 1
    undone = ours.run("bundle", "undo")
    assert undone == {"undone": back["taken"][0]["digest"], "records": 1}
    assert ours.run("bundle", "undo")["refused"] == "exchange.not_undoable"
    asked = ours.run("bundle", "take", str(answers))
    assert asked["taken"] == [], "what was undone does not come back unasked"
    assert ours.run("bundle", "take", answer)["findings"] == ["undone"], "named by itself it does"
    (status,) = ours.run("bundle", "status")["partners"]
    assert (status["organisation"], status["state"], status["missing"]) == (them, "verified", [])
    assert status["unconfirmed"] == 0
    assert theirs.run("bundle", "again", us) == {"organisation": us}
    orders = ours.run("bundle", "orders")
    assert orders == {"asked": [], "call": [], "requests": []}
    renew_from_the_script(ours, theirs, plan, stick)
    assert all(desk.run_apart("verify")["sound"] for desk in desks)


def renew_from_the_script(ours: Script, theirs: Script, plan: str, stick: Path) -> None:
    """Renew a signing key, announce and verify it; then revoke a card."""
    (us,), (them,) = (
        [one["organisation"] for one in desk.run("bundle", "status")["partners"]]
        for desk in (theirs, ours)
    )

    def files(here: Script, there: Script, to: str, *command: str) -> list[str]:
        for old in stick.glob("*.age"):
            old.unlink()
        made = here.run("bundle", *command, "--to", to, "--into", str(stick))["file"]
        taken = there.run("bundle", "take", made)
        return [str(one) for one in taken["findings"]]

    assert ours.run("bundle", "renew") == {"generation": 2, "signing": False}
    assert files(ours, theirs, them, "notices") == ["new_card"]
    assert ours.run("bundle", "renew", "--signing") == {"generation": 3, "signing": True}
    assert files(ours, theirs, them, "notices") == ["other_card"]
    (status,) = ours.run("bundle", "status")["partners"]
    assert not status["knows_our_key"]
    offered = theirs.run("bundle", "digits", us)
    assert offered["of_a_new_card"]
    assert ours.run("bundle", "digits", them)["digits"] == offered["digits"]
    refused = theirs.run("bundle", "accept", us, "--digits", "0" * 60)
    assert refused["refused"] == "card.other_digits"
    accepted = theirs.run("bundle", "accept", us, "--digits", offered["digits"])
    assert accepted["state"] == "verified"
    assert files(theirs, ours, us, "notices") == ["sent_again"]  # as was asked above
    (status,) = ours.run("bundle", "status")["partners"]
    assert status["knows_our_key"]
    assert ours.run("bundle", "warn", them)["refused"] == "partner.not_revoked"
    assert ours.run("bundle", "revoke", them)["state"] == "revoked"
    assert ours.run("bundle", "warn", them) == {"organisation": them}
