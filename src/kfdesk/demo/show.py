# SPDX-License-Identifier: GPL-3.0-or-later
"""`kfdesk demo`: play the story step by step, print each outcome, and show the result.

With a display the window opens on our store at the end. Without one the pictures and papers
in the folder are the result.
"""

import html
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
from kfdesk.demo import book, calendar, cooperation, family, figures, network, people, story
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.consent import RecipientKind
from kfdesk.domain.errors import KfdeskError
from kfdesk.environment import Environment
from kfdesk.i18n import messages
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import make_paper
from kfdesk.services.plans.plans import PlanPage
from kfdesk.system import paths, process

# --- index page

_STYLE = """
body { font: 16px/1.5 'Noto Sans', sans-serif; margin: 32px auto; max-width: 1180px;
       padding: 0 16px; color: #14212b; background: #f3f5f6; }
h1, h2 { font-weight: 600; line-height: 1.2; } h2 { margin-top: 40px; }
table { border-collapse: collapse; background: #fff; } th, td { text-align: left;
       padding: 8px 16px; border-bottom: 1px solid #d8dfe3; vertical-align: top; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 16px; }
figure { margin: 0; background: #fff; border: 1px solid #d8dfe3; border-radius: 10px;
         padding: 12px; } figure img { width: 100%; display: block; }
figcaption { color: #4c5c67; font-size: 14px; margin-top: 8px; }
a { color: #1a5876; }
"""


@dataclass(frozen=True, slots=True)
class StoryStep:
    """A step of the story: its title, its outcome and its duration in seconds."""

    title: str
    outcome: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A picture with its caption; `link` is the file that it opens."""

    picture: Path
    caption: str
    link: Path


def write_index(
    folder: Path,
    steps: Sequence[StoryStep],
    papers: Sequence[Screenshot],
    pages: Sequence[Screenshot],
) -> Path:
    """Write `index.html` into `folder` and return its path."""
    rows = "".join(
        f"<tr><td>{number}</td><td>{html.escape(step.title)}</td>"
        f"<td>{html.escape(step.outcome)}</td><td>{step.seconds:.1f} s</td></tr>"
        for number, step in enumerate(steps, start=1)
    )
    content = (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>kfdesk: the demo</title>"
        f"<style>{_STYLE}</style><h1>One plan goes all the way</h1>"
        "<p>Everybody here is invented. The stores, files and papers are real.</p>"
        f"<table><tr><th></th><th>Part</th><th>What came of it</th><th>Took</th></tr>{rows}</table>"
        f"<h2>Papers</h2><div class='grid'>{_figures(folder, papers)}</div>"
        f"<h2>Pages</h2><div class='grid'>{_figures(folder, pages)}</div></html>"
    )
    path = folder / "index.html"
    path.write_text(content, encoding="utf-8")
    return path


def _figures(folder: Path, shots: Sequence[Screenshot]) -> str:
    return "".join(
        f"<figure><a href='{shot.link.relative_to(folder).as_posix()}'>"
        f"<img loading='lazy' alt='{html.escape(shot.caption, quote=True)}' "
        f"src='{shot.picture.relative_to(folder).as_posix()}'></a>"
        f"<figcaption>{html.escape(shot.caption)}</figcaption></figure>"
        for shot in shots
    )


# --- run

T = TypeVar("T")
Looks = Sequence[tuple[str, str]]
"""Pairs of language and colour scheme."""

_HERS, _LANGUAGES = "ru", ("ru", "sv", "en")
_PAPERS = (
    (
        PaperName.TRAVELLERS_SHEET,
        "Traveller's sheet",
        (PaperFormat.A4, PaperFormat.A6_FOLD, PaperFormat.LARGE),
    ),
    (PaperName.ESCORTS_SHEET, "Companion's sheet", (PaperFormat.A4, PaperFormat.LARGE)),
    (PaperName.HANDOVER_RECEIPT, "Arrival receipt", (PaperFormat.A5,)),
)
"""The papers of the demo, with their titles and forms: all in her language, else the first."""
_DOTS_PER_POINT = 1.2
_LIGHT = tuple(product(PROGRAM_LANGUAGES, ("light",)))
STORY = "story"
"""The folder with the pictures of two desks, which the tests play at their windows."""


@dataclass
class Narrator:
    """Prints each step as it ends, and keeps it for the report."""

    steps: list[StoryStep] = field(default_factory=list)

    def run_step(self, title: str, part: Callable[[], T], outcome: Callable[[T], str]) -> T:
        """Run a step, print its outcome and duration, and return its result."""
        began = time.monotonic()
        result = part()
        step = StoryStep(title, outcome(result), time.monotonic() - began)
        self.steps.append(step)
        sys.stdout.write(f"{len(self.steps)}. {title} ({step.seconds:.1f} s)\n   {step.outcome}\n")
        sys.stdout.flush()
        return result


def main(argv: Sequence[str], await_pictures: Callable[[], None] = lambda: None) -> int:
    """Play the story into a folder, show it, and return the exit code.

    `await_pictures` returns when the pictures in the folder STORY are complete.
    """
    command = f"{process.command_name()} demo"
    parser = ArgumentParser(prog=command, description="Plays the story of one plan.")
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
    machine = Environment()
    if asked.look:
        return open_example(machine)
    looks = (*_LIGHT, *product(PROGRAM_LANGUAGES, ("dark",)))
    wanted = looks if asked.gallery else [(asked.language, "light")]
    try:
        folder = _clear_folder(asked.into.resolve())
        index = play_story(folder, machine, wanted, await_pictures)
    except KfdeskError as fault:
        sentence = messages.error_sentence(fault, app.language("en"))
        sys.stderr.write(f"The demo has stopped: {sentence}\n")
        return 1
    except OSError as fault:
        sys.stderr.write(f"The demo cannot write into its folder: {fault.strerror}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("The demo was interrupted; the next one begins anew.\n")
        return 130
    sys.stdout.write(f"\nEverything is in {index}\n")
    sys.stdout.write(
        f"The store opens with the initials {people.INITIALS} and the passphrase\n"
        f"  {people.PASSPHRASE}\n"
    )
    if asked.no_window or not app.has_display():
        return 0
    return app.open_window(folder / story.OURS, None, machine)


def open_example(machine: Environment) -> int:
    """Open the window on a temporary example store, without an unlock page.

    The store is deleted when the window closes. Return the exit code.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        os.environ["XDG_STATE_HOME"] = place  # the partner's state, deleted with the folder
        own = replace(machine, state=Path(place) / "seen")
        return app.open_demo_window(lambda: create_example(Path(place), own), own)


def create_example(folder: Path, machine: Environment) -> Session:
    """Create our session of the story: a plan with a field in conflict, and a partner."""
    begun = story.create_story(folder, machine)
    story.send_first_bundle(begun)
    story.change_at_both(begun)
    story.import_answer(begun)
    return begun.ours


def take_manual_screenshots(
    folder: Path, machine: Environment, at_partner: story.PartnerOpener
) -> Iterator[Any]:
    """Play the story without output, and take light screenshots for the manual."""
    begun = story.create_story(folder, machine, at_partner)
    story.consent_to_escort(begun.ours, begun.plan)
    story.prepare_journey(begun, machine)
    story.add_aftercare(begun.ours, begun.plan)
    story.import_follow_up(begun, machine)
    story.send_first_bundle(begun)
    story.change_at_both(begun)
    story.import_answer(begun)
    begun.ours.store.close()
    pages = folder / story.PAGES
    pages.mkdir()
    who = (people.INITIALS, people.PASSPHRASE)
    yield from app.take_screenshots(folder / story.OURS, who, pages, machine, _LIGHT)


def play_story(
    folder: Path, machine: Environment, looks: Looks, await_pictures: Callable[[], None]
) -> Path:
    """Play the whole story with output, and return the page that shows it."""
    teller = Narrator()
    begun = teller.run_step(
        "Two desks, their stores and cards; one client, one plan, two legs, one consent",
        lambda: story.create_story(folder, machine),
        lambda made: f"plan {people.CLIENT['code']}, partner {people.SAFE_HOUSE} verified",
    )
    teller.run_step("Who may have what", lambda: story.plan_page(begun), _describe_shares)
    papers = teller.run_step(
        "The papers that are carried: hers, her companion's, and the arrival receipt",
        lambda: _make_papers(begun, folder / story.PAPERS),
        _paper_names,
    )
    teller.run_step(
        "The plan goes through its gates, with a second person and the partner's own weighing",
        lambda: story.prepare_journey(begun, machine),
        " → ".join,
    )
    teller.run_step(
        "What helps her on: her aims in her own words, services, one by a referral she agreed to",
        lambda: story.add_aftercare(begun.ours, begun.plan),
        lambda counts: f"{counts[0]} services, contact agreed on {counts[1]} days",
    )
    teller.run_step(
        "Another client is home since a month; the partner near her writes, and it comes by a file",
        lambda: story.import_follow_up(begun, machine),
        lambda review: f"{len(review.changed)} contact written by the partner",
    )
    _play_family(teller, begun, folder / story.PAPERS)
    _play_cooperation(teller, begun, folder / story.PAPERS)
    _play_network(teller, begun, folder, machine)
    _play_exchange(teller, begun)
    begun.ours.store.close()
    pages = teller.run_step(
        f"The window, page by page: {', '.join(map(' '.join, looks))}",
        lambda: _take_screenshots(folder, machine, looks),
        lambda shots: f"{len(shots)} pictures",
    )
    two_desks = teller.run_step(
        "Two desks play the story at their windows, which was done meanwhile",
        lambda: _two_store_pictures(folder / STORY, await_pictures),
        lambda shots: f"{len(shots)} pictures",
    )
    return write_index(folder, teller.steps, papers, (*two_desks, *pages))


def _play_family(teller: Narrator, begun: story.Story, papers: Path) -> None:
    """Play a mother who travels with her child."""
    made = teller.run_step(
        "A mother travels with her child: a ticket each, and a document each",
        lambda: family.enter_family(begun.ours, begun.partner),
        lambda _: f"{family.MOTHER['code']}, with {family.CHILD_TICKET}",
    )
    teller.run_step(
        "Without a document of its own the child cannot leave; with one it can",
        lambda: family.add_childs_document(begun.ours, made),
        lambda why: f"before: {why[0]}, after: {why[1] or 'met'}",
    )
    teller.run_step(
        "Her sheet names the child by the ticket; the child gets a sheet with pictures",
        lambda: family.make_family_papers(begun.ours, made, papers),
        lambda paths: ", ".join(path.name for path in paths),
    )


def _play_cooperation(teller: Narrator, begun: story.Story, papers: Path) -> None:
    """Play a cooperation by the procedure that comes with the program."""
    made = teller.run_step(
        "A third client is in her reflection period: who does what, by which day, under which law",
        lambda: cooperation.follow_procedure(begun.ours),
        lambda _: (
            f"{cooperation.DAYS_LEFT} days left, the head of the investigation can apply for more"
        ),
    )
    teller.run_step(
        "A letter to the police, with what she agreed to and nothing else; the answer has its day",
        lambda: cooperation.write_to_police(
            begun.ours, made.plan, made.police, papers / "letter-sv.pdf"
        ),
        lambda count: f"{count} things wait on Today",
    )
    teller.run_step(
        "Her week on paper by codes, and her own times for her phone under neutral titles",
        lambda: calendar.take_calendar(begun.ours, made.plan, papers),
        lambda done: f"{len(done.lines)} entries, no name, place or code in them",
    )


def _play_network(teller: Narrator, begun: story.Story, folder: Path, machine: Environment) -> None:
    """Play what the members of a network share without a plan."""
    members = teller.run_step(
        "A network of three: we begin it, and a desk in Tartu and the partner are members",
        lambda: network.begin_network(begun.ours, (begun.partner,), folder, machine),
        lambda made: f"{network.TARTU_HOUSE} verified, {people.SAFE_HOUSE} known",
    )
    teller.run_step(
        "A file to Tartu about no client: what its class lets, of whom has agreed to be named",
        lambda: network.send_first_file(members),
        lambda held: ", ".join(f"{count} {name}" for name, count in held.items()),
    )
    teller.run_step(
        "Tartu suggests other hours of our entry; we take them, and they go back as ours",
        lambda: network.exchange_suggestion(members),
        lambda hours: f"suggested {hours[0]}, in Tartu now {hours[1]}",
    )
    teller.run_step(
        "An article of the book, written at both desks meanwhile: the files join what they can",
        lambda: book.write_apart(members),
        lambda torn: f"{torn.joined} paragraphs joined, {torn.left} left to a person",
    )
    teller.run_step(
        "Tartu releases its last year: tables that nobody can take apart, and no client in them",
        lambda: figures.release_in_tartu(members),
        lambda released: f"{released[0]} clients; {', '.join(released[1])}",
    )
    teller.run_step(
        "We, Tartu and a desk in Narva add up two years ago, and nobody shows their own number",
        lambda: figures.add_up_with_two(members, folder, machine),
        lambda added: f"{added[0]} clients; of the others {added[1]} shares of random numbers here",
    )
    teller.run_step(
        "A client in Tartu agrees to case data for us: a sheet, looked at, imported, taken back",
        lambda: figures.pass_case_data(members),
        lambda passed: f"{passed[0]} columns filled, {passed[1]} stayed, {passed[2]} new client",
    )
    teller.run_step(
        "We take over what others estimate, and begin a report about the year",
        lambda: figures.begin_report(begun.ours, paths.resources_folder()),
        lambda count: f"{count} estimates, each with its source",
    )
    members.tartu.store.close()


def _play_exchange(teller: Narrator, begun: story.Story) -> None:
    """Play the exchange between the two organisations, and what is refused."""
    sent = teller.run_step(
        "A bundle for the partner, taken there by its own store in another process",
        lambda: story.send_first_bundle(begun),
        lambda path: f"{path.name}, {path.stat().st_size} bytes",
    )
    teller.run_step(
        "Both desks change when the bus arrives, apart; the partner also changes the sign",
        lambda: story.change_at_both(begun),
        lambda times: f"ours {times[0]}, theirs {times[1]}",
    )
    received, _ = teller.run_step(
        "The partner's bundle comes back and is taken",
        lambda: story.import_answer(begun),
        lambda answer: f"{len(answer[1].changed)} record changed, {answer[1].conflicts} conflict",
    )
    teller.run_step("What the plan shows now", lambda: story.plan_page(begun), _describe_conflicts)
    teller.run_step("A paper while a leg is in conflict", lambda: _describe_refusal(begun), str)
    teller.run_step(
        "Files that must change nothing",
        lambda: story.try_bad_files(begun, sent, received),
        lambda found: ", ".join(f"{name}: {code}" for name, code in found.items()),
    )
    teller.run_step(
        "The store checks itself",
        begun.ours.store.verify,
        lambda wrong: "sound" if not wrong else ", ".join(wrong),
    )


def _clear_folder(folder: Path) -> Path:
    """Delete the results of an earlier demo from the folder, and nothing else. Raise OSError."""
    for name in story.FOLDERS:
        if (folder / name).exists():
            shutil.rmtree(folder / name)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _describe_shares(page: PlanPage) -> str:
    names = {
        RecipientKind.CLIENT: "the traveller",
        RecipientKind.PERSON: "the companion",
        RecipientKind.PARTNER: "the partner",
    }
    return "; ".join(
        f"{names[share.recipient.who]}: {share.granted} details"
        + "".join(f", {count} kept ({reason})" for reason, count in share.withheld.items())
        for share in page.shares
    )


def _make_papers(begun: story.Story, folder: Path) -> list[Screenshot]:
    folder.mkdir(exist_ok=True)
    story.consent_to_escort(begun.ours, begun.plan)
    shots = []
    for name, title, forms in _PAPERS:
        for code, form in [*product([_HERS], forms), *((c, forms[0]) for c in _LANGUAGES[1:])]:
            paper = make_paper(begun.ours, PaperRequest(name, begun.plan, code, form))
            path = folder / f"{name}-{form}-{code}.pdf"
            path.write_bytes(paper.pdf)
            picture = path.with_suffix(".png")
            picture.write_bytes(app.render_pages(paper.pdf, _DOTS_PER_POINT)[0])
            shots.append(Screenshot(picture, f"{title}, {form}, {code}", path))
    return shots


def _sheet_order(plan: bytes, code: str) -> PaperRequest:
    return PaperRequest(PaperName.TRAVELLERS_SHEET, plan, code)


def _paper_names(shots: Sequence[Screenshot]) -> str:
    return ", ".join(shot.link.name for shot in shots)


def _describe_conflicts(page: PlanPage) -> str:
    return "; ".join(
        f"{conflict.key} of leg {conflict.sequence}: "
        + " | ".join(f"{version.value} ({version.author})" for version in conflict.versions)
        for conflict in page.conflicts
    )


def _describe_refusal(begun: story.Story) -> str:
    words = app.language("en")
    try:
        make_paper(begun.ours, _sheet_order(begun.plan, "ru"))
    except KfdeskError as error:
        return f"{messages.error_sentence(error, words)} {messages.error_remedy(error, words)}"
    return "printed"


def _two_store_pictures(folder: Path, await_pictures: Callable[[], None]) -> list[Screenshot]:
    """Return the pictures of two stores that played the story in their windows, if any."""
    await_pictures()
    pictures = sorted(folder.glob("*.png"))
    return [
        Screenshot(path, f"two desks, {path.stem.replace('-', ' ')}", path) for path in pictures
    ]


def _take_screenshots(folder: Path, machine: Environment, looks: Looks) -> list[Screenshot]:
    pages = folder / story.PAGES
    pages.mkdir(exist_ok=True)
    who = (people.INITIALS, people.PASSPHRASE)
    taken = app.take_screenshots(folder / story.OURS, who, pages, machine, looks)
    return [
        Screenshot(
            picture.path, f"{picture.page}, {picture.language}, {picture.scheme}", picture.path
        )
        for picture in taken
    ]
