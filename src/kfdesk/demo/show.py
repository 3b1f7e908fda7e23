# SPDX-License-Identifier: GPL-3.0-or-later
"""`kfdesk demo`: plays the story part by part, says what each came to, and shows it.

With a display the window opens on our desk's store at the end; without one the pictures and papers
in the folder are what there is to see.
"""

import os
import shutil
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from kfdesk import app
from kfdesk.demo import after, people, story
from kfdesk.demo.report import Shot, Step, write_index
from kfdesk.domain.disclosure import Who
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Form, Order, PaperName
from kfdesk.i18n import messages
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.desk import Desk
from kfdesk.services.papers.making import make_paper
from kfdesk.services.plans import PlanPage

T = TypeVar("T")
Looks = Sequence[tuple[str, str]]
"""Languages with colours."""

_LANGUAGES = ("ru", "sv", "en")
_PAPERS = (
    (PaperName.TRAVELLERS_SHEET, "Traveller's sheet", (Form.A4, Form.A6_FOLD, Form.LARGE)),
    (PaperName.ESCORTS_SHEET, "Companion's sheet", (Form.A4, Form.LARGE)),
    (PaperName.HANDOVER_RECEIPT, "Arrival receipt", (Form.A5,)),
)
"""The papers of the demo, with their titles and forms."""
_DOTS_PER_POINT = 1.2
_LIGHT = tuple(product(PROGRAM_LANGUAGES, ("light",)))
_STORY = "story"


@dataclass
class Teller:
    """Says each part as it ends, and keeps it for the report."""

    steps: list[Step] = field(default_factory=list)

    def tell(self, title: str, part: Callable[[], T], outcome: Callable[[T], str]) -> T:
        """Play a part; say what came of it and how long it took."""
        began = time.monotonic()
        result = part()
        step = Step(title, outcome(result), time.monotonic() - began)
        self.steps.append(step)
        sys.stdout.write(f"{len(self.steps)}. {title} ({step.seconds:.1f} s)\n   {step.outcome}\n")
        sys.stdout.flush()
        return result


def main(argv: Sequence[str]) -> int:
    """Play the story into a folder and show it. Returns the exit code."""
    parser = ArgumentParser(prog="kfdesk demo", description="Plays the story of one plan.")
    parser.add_argument("--into", type=Path, default=Path("build/demo"), metavar="FOLDER")
    parser.add_argument("--no-window", action="store_true", help="do not open the window")
    parser.add_argument(
        "--look", action="store_true", help="only open the window, and keep nothing"
    )
    parser.add_argument("--language", choices=PROGRAM_LANGUAGES, default="en", help="of the pages")
    parser.add_argument(
        "--gallery", action="store_true", help="pages in all languages, light and dark"
    )
    asked = parser.parse_args(argv)
    machine = app.Machine()
    if asked.look:
        return look(machine)
    folder = _empty(asked.into.resolve())
    looks = (*_LIGHT, *product(PROGRAM_LANGUAGES, ("dark",)))
    index = play(folder, machine, looks if asked.gallery else [(asked.language, "light")])
    sys.stdout.write(f"\nEverything is in {index}\n")
    sys.stdout.write(
        f"The store opens with the initials {people.INITIALS} and the passphrase\n"
        f"  {people.PASSPHRASE}\n"
    )
    if asked.no_window or not app.has_display():
        return 0
    return app.open_window(folder / story.OURS, None, machine)


def look(machine: app.Machine) -> int:
    """An invented desk in a folder of its own, in a window without a door; gone when it closes."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        os.environ["XDG_STATE_HOME"] = place  # what the partner's processes remember goes, too
        own = replace(machine, state=Path(place) / "seen")
        return app.open_example(lambda: example(Path(place), own), own)


def example(folder: Path, machine: app.Machine) -> Desk:
    """Our desk of the story: a plan with a field in conflict, and a partner."""
    begun = story.begin(folder, machine)
    story.send_first(begun)
    story.both_change(begun)
    story.answer(begun)
    return begun.ours


def illustrate(folder: Path, machine: app.Machine) -> Iterator[Any]:
    """The same story, untold, and pictures of its pages in light colours, for the manual."""
    begun = story.begin(folder, machine)
    story.agree_on_company(begun.ours, begun.plan)
    story.make_ready(begun, machine)
    after.help_on(begun.ours, begun.plan)
    story.come_home(begun, machine)
    begun.ours.store.close()
    pages = folder / "pages"
    pages.mkdir()
    who = (people.INITIALS, people.PASSPHRASE)
    yield from app.take_pictures(folder / story.OURS, who, pages, machine, _LIGHT)


def play(folder: Path, machine: app.Machine, looks: Looks) -> Path:
    """The whole story, told, with pictures in these languages; returns the page that shows it."""
    teller = Teller()
    begun = teller.tell(
        "Two desks, their stores and cards; one client, one plan, two legs, one consent",
        lambda: story.begin(folder, machine),
        lambda made: f"plan {people.CLIENT['code']}, partner {people.SAFE_HOUSE} verified",
    )
    teller.tell("Who may have what", lambda: story.page(begun), _shares)
    papers = teller.tell(
        "The papers that are carried: hers, her companion's, and the arrival receipt",
        lambda: _papers(begun, folder / "papers"),
        _printed,
    )
    teller.tell(
        "The plan goes through its gates, with a second person and the partner's own weighing",
        lambda: story.make_ready(begun, machine),
        " → ".join,
    )
    teller.tell(
        "What helps her on: her aims in her own words, services, one by a referral she agreed to",
        lambda: after.help_on(begun.ours, begun.plan),
        lambda counts: f"{counts[0]} services, contact agreed on {counts[1]} days",
    )
    teller.tell(
        "Another client is home since a month; the partner near her writes, and it comes by a file",
        lambda: story.come_home(begun, machine),
        lambda review: f"{len(review.changed)} contact written by the partner",
    )
    _exchange(teller, begun)
    begun.ours.store.close()
    pages = teller.tell(
        f"The window, page by page: {', '.join(map(' '.join, looks))}",
        lambda: _pages(folder, machine, looks),
        lambda shots: f"{len(shots)} pictures",
    )
    return write_index(folder, teller.steps, papers, (*_played(folder / _STORY), *pages))


def _exchange(teller: Teller, begun: story.Story) -> None:
    """What passes between the two desks, and what is refused."""
    sent = teller.tell(
        "A bundle for the partner, taken there by its own store in another process",
        lambda: story.send_first(begun),
        lambda path: f"{path.name}, {path.stat().st_size} bytes",
    )
    teller.tell(
        "Both desks change when the bus arrives, apart; the partner also changes the sign",
        lambda: story.both_change(begun),
        lambda times: f"ours {times[0]}, theirs {times[1]}",
    )
    received, _ = teller.tell(
        "The partner's bundle comes back and is taken",
        lambda: story.answer(begun),
        lambda answer: f"{len(answer[1].changed)} record changed, {answer[1].conflicts} conflict",
    )
    teller.tell("What the plan shows now", lambda: story.page(begun), _conflict)
    teller.tell("A paper while a leg is in conflict", lambda: _refusal(begun), str)
    teller.tell(
        "Files that must change nothing",
        lambda: story.refusals(begun, sent, received),
        lambda found: ", ".join(f"{name}: {code}" for name, code in found.items()),
    )
    teller.tell(
        "The store checks itself",
        begun.ours.store.verify,
        lambda wrong: "sound" if not wrong else ", ".join(wrong),
    )


def _empty(folder: Path) -> Path:
    """The folder, without what an earlier demo left there; nothing else is removed."""
    for name in (story.OURS, story.THEIRS, story.POST, "papers", "pages"):
        shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _shares(page: PlanPage) -> str:
    names = {Who.CLIENT: "the traveller", Who.PERSON: "the companion", Who.PARTNER: "the partner"}
    return "; ".join(
        f"{names[share.recipient.who]}: {share.granted} details"
        + "".join(f", {count} kept ({reason})" for reason, count in share.withheld.items())
        for share in page.shares
    )


def _papers(begun: story.Story, folder: Path) -> list[Shot]:
    folder.mkdir(exist_ok=True)
    story.agree_on_company(begun.ours, begun.plan)
    shots = []
    for name, title, forms in _PAPERS:
        for code, form in product(_LANGUAGES, forms):
            paper = make_paper(begun.ours, Order(name, begun.plan, code, form))
            path = folder / f"{name}-{form}-{code}.pdf"
            path.write_bytes(paper.pdf)
            picture = path.with_suffix(".png")
            picture.write_bytes(app.page_pictures(paper.pdf, _DOTS_PER_POINT)[0])
            shots.append(Shot(picture, f"{title}, {form}, {code}", path))
    return shots


def _sheet(plan: bytes, code: str) -> Order:
    return Order(PaperName.TRAVELLERS_SHEET, plan, code)


def _printed(shots: Sequence[Shot]) -> str:
    return ", ".join(shot.link.name for shot in shots)


def _conflict(page: PlanPage) -> str:
    return "; ".join(
        f"{conflict.key} of leg {conflict.sequence}: "
        + " | ".join(f"{version.value} ({version.author})" for version in conflict.versions)
        for conflict in page.conflicts
    )


def _refusal(begun: story.Story) -> str:
    words = app.language("en")
    try:
        make_paper(begun.ours, _sheet(begun.plan, "ru"))
    except KfdeskError as error:
        return f"{messages.sentence(error, words)} {messages.remedy(error, words)}"
    return "printed"


def _played(folder: Path) -> list[Shot]:
    """Pictures of two desks that have played the story at their windows, where somebody did."""
    pictures = sorted(folder.glob("*.png"))
    return [Shot(path, f"two desks, {path.stem.replace('-', ' ')}", path) for path in pictures]


def _pages(folder: Path, machine: app.Machine, looks: Looks) -> list[Shot]:
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    who = (people.INITIALS, people.PASSPHRASE)
    taken = app.take_pictures(folder / story.OURS, who, pages, machine, looks)
    return [
        Shot(picture.path, f"{picture.page}, {picture.language}, {picture.scheme}", picture.path)
        for picture in taken
    ]
