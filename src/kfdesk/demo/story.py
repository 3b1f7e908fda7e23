# SPDX-License-Identifier: GPL-3.0-or-later
"""The story: two desks, one plan, by files alone.

Our desk works in this process through the services; the partner's works in processes of its own
through the command line, on its own store, and neither sees the other's.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from kfdesk import app
from kfdesk.demo import after, course, people
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.situation import last_written
from kfdesk.domain.records.case.transition import Transition
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import View, view
from kfdesk.domain.values import Moment
from kfdesk.services import exchange, partners, plans
from kfdesk.services.desk import Desk
from kfdesk.services.partners import Terms
from kfdesk.services.writing.records import change_record, create_record, found
from kfdesk.storage.vault import Credentials

OURS, THEIRS, POST = "nordhuset", "pskov", "post"


@dataclass(frozen=True, slots=True)
class PartnerDesk:
    """The partner's desk: its store's folder and how a process opens it."""

    folder: Path
    passphrase_file: Path

    def run(self, *words: str) -> dict[str, Any]:
        """One command in a process of its own. Raises RuntimeError with what it said."""
        command = [
            *_program(), "--store", str(self.folder), "--json",
            "--initials", people.PARTNER_INITIALS,
            "--passphrase-file", str(self.passphrase_file), *words,
        ]  # fmt: skip
        environment = os.environ | {"PYTHONUTF8": "1"}
        done = subprocess.run(  # noqa: S603 - our own program with our own words
            command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


@dataclass(frozen=True, slots=True)
class Story:
    """What the story made: our desk, theirs, the plan, its legs, and the files between."""

    ours: Desk
    theirs: PartnerDesk
    partner: bytes
    plan: bytes
    legs: tuple[bytes, bytes]
    post: Path


def _program() -> tuple[str, ...]:
    """How this very program is started once more: as a frozen one it is its own Python."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return (sys.executable, "-m", "kfdesk")


def begin(folder: Path, machine: app.Machine) -> Story:
    """Two desks that know each other, and our plan with two legs and one consent."""
    post = folder / POST
    post.mkdir(parents=True, exist_ok=True)
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    ours = app.create_store(folder / OURS, people.HOUSE, who, machine)
    theirs = _partner_desk(folder)
    partner = _meet(ours, theirs, post)
    plan, legs = enter_plan(ours, partner)
    return Story(ours, theirs, partner, plan, legs, post)


def enter_plan(desk: Desk, partner: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    """The client, her plan, its legs, numbers and consent; returns the plan and its legs."""
    now = desk.rooms.clock.now()
    escort = create_record(desk, Contact, people.ESCORT)
    client = create_record(desk, Client, people.CLIENT)
    plan = create_record(desk, Plan, people.plan(now, partner.hex(), escort.hex()), parent=client)
    first, second = (
        create_record(desk, Leg, values, parent=plan)
        for values in people.legs(now + timedelta(days=18))
    )
    for values in people.numbers(now):
        create_record(desk, HelpNumber, values, parent=plan)
    create_record(desk, Consent, people.consent(now, partner.hex()), parent=client)
    return plan, (first, second)


def agree_on_company(desk: Desk, plan: bytes) -> bytes:
    """She agrees to who goes with her, and to what helps on the way; returns the consent."""
    row = desk.store.row(plan)
    assert row is not None
    change_record(desk, plan, people.HELP_ON_THE_WAY)
    numbers = (one.rid for one in desk.store.children(plan) if one.type == "help_number")
    views = sorted((view(found(desk, rid), HelpNumber) for rid in numbers), key=_order)
    for number, name in zip(views, people.ANSWERING, strict=True):
        change_record(desk, number.rid, {"answered_by": name})
    values = people.company(desk.rooms.clock.now(), str(view(row, Plan).record.escort))
    return create_record(desk, Consent, values, parent=row.parent)


def _order(number: View[HelpNumber]) -> int:
    return number.record.sequence if isinstance(number.record.sequence, int) else 0


def make_ready(story: Story, machine: app.Machine) -> tuple[str, ...]:
    """Our plan passes its gates until she can leave; returns the states it went through.

    The partner weighs the risks at its own desk, and the weighing comes by a file.
    """

    def weigh() -> None:
        send_first(story)
        at_their_desk(story, machine, lambda theirs: course.weigh_risks(theirs, story.plan))
        answer(story)

    course.make_ready(story.ours, story.plan, story.partner, weigh)
    rows = (row for row in story.ours.store.children(story.plan) if row.type == "transition")
    steps = sorted(rows, key=last_written)
    return ("draft", *(str(view(row, Transition).record.to_state) for row in steps))


def at_their_desk(story: Story, machine: app.Machine, act: Callable[[Desk], object]) -> None:
    """Do something at the partner's desk as who works there."""
    who = Credentials(people.PARTNER_INITIALS, people.PARTNER_PASSPHRASE)
    theirs = app.unlock_store(story.theirs.folder, who, machine)
    try:
        act(theirs)
    finally:
        theirs.store.close()


def come_home(story: Story, machine: app.Machine) -> exchange.Review:
    """Another client is home since a month; what the partner hears from her comes by a file."""
    plan = after.enter_other(story.ours, story.partner)
    other = replace(story, plan=plan)
    send_first(other)
    at_their_desk(story, machine, lambda theirs: after.partner_calls(theirs, plan))
    return answer(other)[1]


def send_first(story: Story) -> Path:
    """We send; the partner takes it in another process. Returns the file."""
    made = exchange.send(story.ours, story.plan, story.partner, story.post)
    story.theirs.run("bundle", "take", str(made.path))
    return made.path


def both_change(story: Story) -> tuple[Moment, Moment]:
    """Both desks change when the second leg arrives, apart; the partner also a sign.

    Returns our time and theirs.
    """
    leg = story.ours.store.row(story.legs[1])
    assert leg is not None
    arrives = people.legs(story.ours.rooms.clock.now() + timedelta(days=18))[1]["arrives"]
    assert isinstance(arrives, Moment)
    ours = Moment.at(arrives.wall + timedelta(minutes=15), arrives.zone)
    theirs = Moment.at(arrives.wall - timedelta(minutes=35), arrives.zone)
    change_record(story.ours, story.legs[1], {"arrives": ours})
    second = story.legs[1].hex()
    story.theirs.run("plan", "set", second, "arrives", json.dumps(str(theirs)))
    sign = ["sv", "grön väska", "ru", "зелёная сумка", "en", "green bag"]
    story.theirs.run("plan", "set", second, "sign", json.dumps(sign))
    return ours, theirs


def answer(story: Story) -> tuple[Path, exchange.Review]:
    """The partner sends its changes back, and we take them. Returns the file and the review."""
    organisation = story.ours.identity.organisation.hex()
    made = story.theirs.run(
        "bundle", "make", story.plan.hex(), "--to", organisation, "--into", str(story.post)
    )
    path = Path(made["file"])
    reviewed = exchange.review(story.ours, path)
    exchange.apply(story.ours, path, reviewed)
    return path, reviewed


def refusals(story: Story, sent: Path, received: Path) -> dict[str, str]:
    """Files that must change nothing: each with the code it is refused by."""
    torn, foreign = story.post / "torn.age", story.post / "letter.txt"
    torn.write_bytes(received.read_bytes()[:-40])
    foreign.write_bytes(b"Dear all, this is a letter.\n" * 400)
    before = story.ours.store.digest()
    files = {"for the partner": sent, "torn": torn, "a letter": foreign, "again": received}
    found = {name: _refused(story.ours, path) for name, path in files.items()}
    assert story.ours.store.digest() == before
    return found


def page(story: Story) -> plans.PlanPage:
    """The plan as its page shows it."""
    return plans.open_plan(story.ours, story.plan)


def _partner_desk(folder: Path) -> PartnerDesk:
    words = folder / "pskov.passphrase"
    words.write_text(people.PARTNER_PASSPHRASE + "\n", encoding="utf-8")
    desk = PartnerDesk(folder / THEIRS, words)
    desk.run("init", "--name", people.SAFE_HOUSE)
    return desk


def _meet(ours: Desk, theirs: PartnerDesk, post: Path) -> bytes:
    """Cards cross, and the digits are compared as over the telephone."""
    our_card, their_card = post / "nordhuset.card", post / "pskov.card"
    our_card.write_bytes(partners.our_card(ours))
    theirs.run("bundle", "card", str(their_card))
    terms = Terms(is_third_country=True, reads=("ru",))
    partner = partners.add_partner(ours, their_card.read_bytes(), terms).organisation
    heard = theirs.run("bundle", "trust", str(our_card))["digits"]
    partners.verify_partner(ours, partner, heard)
    theirs.run("bundle", "trust", str(our_card), "--digits", partners.digits(ours, partner))
    return partner


def _refused(desk: Desk, path: Path) -> str:
    try:
        exchange.review(desk, path)
    except KfdeskError as error:
        return error.code
    return ""
