# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the command line: their groups, options and arguments.

Only names and types; `commands.py` does the work. What stands before a command is in `options.py`.
"""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from kfdesk.cli.options import OPEN, PROGRAM, add_options
from kfdesk.domain.codes.case import LETTER_PURPOSE
from kfdesk.domain.codes.core import (
    CONFIDENTIALITY,
    SERVICES,
    ErasureReason,
    PaperFormat,
    PaperName,
)
from kfdesk.domain.codes.figures import FIGURE_POPULATIONS, FIGURE_VARIABLES
from kfdesk.domain.codes.network import ACTIVITY_KINDS, MEMBER_ROLES, SHARED_SORTS
from kfdesk.domain.exchange import TakeBackReason

_NO_IDENTIFIER = "this is no identifier: copy one from a list, such as that of `plan list`"


def build_parser(command: str = PROGRAM, build: str = "") -> argparse.ArgumentParser:
    """Build the parser of the whole command line; without a command the window opens.

    `command` is the name by which the program was started, `build` the build of a package.
    """
    top = argparse.ArgumentParser(
        prog=command, description="Plans and contacts in an encrypted store. Bare: the window."
    )
    add_options(top, command, build)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    window = commands.add_parser(OPEN, help="open the window, and show exchange files or cards")
    window.add_argument("files", nargs="*", type=Path, metavar="FILE")
    init = commands.add_parser("init", help="make a new store")
    init.add_argument("--name", required=True, help="name of the organisation")
    commands.add_parser("verify", help="check pages, columns and audit chain")
    _salvage(commands)
    _group(commands, "plan", "read and change plans", _plan)
    _group(commands, "procedure", "read and write procedures", _procedure)
    _group(commands, "calendar", "what has a day, and your own as a file", _calendar)
    _group(commands, "book", "read, save and print the resource book", _book)
    _group(commands, "figures", "release safe figures, and try to take them apart", _figures)
    _group(commands, "contacts", "read, find and change the directory", _contacts)
    _group(commands, "network", "share contacts with the members of a network", _network)
    _group(commands, "bundle", "exchange with partners", _bundle)
    _group(commands, "paper", "make papers", _paper)
    _group(commands, "user", "who opens the store", _user)
    _group(commands, "backup", "make, check and restore backups", _backup)
    _erase(commands.add_parser("erase", help="erase a client for good, with all records below"))
    _group(commands, "erased", "the list of what was erased, and what to take off it", _erased)
    wipe = commands.add_parser("wipe", help="destroy the store here, its keys first; for good")
    wipe.add_argument("--for-good", action="store_true", required=True, help="yes, for good")
    wipe.add_argument("--without-backup", action="store_true", help="also if all is lost by it")
    _update(commands)
    return top


def _erase(erase: argparse.ArgumentParser) -> None:
    """Add the ways to erase: with a second person, or by a wish that is recorded a day before."""
    erase.add_argument("client", type=_identifier, metavar="CLIENT")
    erase.add_argument("--reason", required=True, type=ErasureReason, choices=list(ErasureReason))
    how = erase.add_mutually_exclusive_group()
    how.add_argument(
        "--second", metavar="INITIALS", help="a second person who may erase; asks for a passphrase"
    )
    how.add_argument(
        "--signed", type=date.fromisoformat, metavar="DAY",
        help="only record that she signed her wish; a day later one person can erase",
    )  # fmt: skip
    how.add_argument("--period-over", action="store_true", help="so after the retention period")
    how.add_argument("--take-back", action="store_true", help="only take the recorded wish back")
    erase.add_argument(
        "--second-file", type=Path, metavar="FILE", help="file with the second passphrase"
    )


def _identifier(text: str) -> bytes:
    """Return the bytes of an identifier as the lists show it. Raise ArgumentTypeError."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_NO_IDENTIFIER) from None


Subparsers = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def _group(
    commands: "Subparsers[argparse.ArgumentParser]",
    name: str,
    text: str,
    fill: "Callable[[Subparsers[argparse.ArgumentParser]], None]",
) -> None:
    group = commands.add_parser(name, help=text)
    fill(group.add_subparsers(dest="action", metavar="ACTION", required=True))


def _erased(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    actions.add_parser("list", help="what was erased: when, why, whose, and on whose word")
    back = actions.add_parser("take-back", help="let a record come again by a file")
    back.add_argument("record", type=_identifier, metavar="RECORD")
    back.add_argument("--reason", required=True, type=TakeBackReason, choices=list(TakeBackReason))
    actions.add_parser("repair", help="take off it what a file was believed about")


def _salvage(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    salvage = commands.add_parser(
        "salvage",
        help="of a damaged store: say what can be read, and which backup is good; --apply brings "
        "it into a new store in its place, and keeps the damaged one beside",
    )
    salvage.add_argument("--apply", action="store_true", help="make the new store")
    salvage.add_argument("--report", type=Path, metavar="FILE", help="write down what was lost")


def _update(commands: "Subparsers[argparse.ArgumentParser]") -> None:
    update = commands.add_parser(
        "update", help="install a newer version of the program from a signed file, after a backup"
    )
    which = update.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "file", type=Path, nargs="?", metavar="FILE",
        help="an update; its signature, FILE.minisig, lies beside it",
    )  # fmt: skip
    which.add_argument("--back", action="store_true", help="go back to the version before")


def _plan(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    actions.add_parser("list", help="all plans")
    new = actions.add_parser("new", help="begin a plan for a new client, under a fresh code")
    new.add_argument("--alias", default="", help="a name to know the client by, not the real one")
    new.add_argument("--languages", default="", help="languages the client speaks: ru,en")
    show = actions.add_parser("show", help="one plan with its records and conflicts")
    show.add_argument("plan", type=_identifier, metavar="PLAN")
    change = actions.add_parser("set", help="set one field of a record")
    change.add_argument("record", type=_identifier, metavar="RECORD")
    change.add_argument("key", metavar="KEY")
    change.add_argument("value", metavar="JSON", help="the value as it is stored, in JSON")


def _contacts(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    listing = actions.add_parser("list", help="organisations and contact persons, no addresses")
    listing.add_argument("--country", default="", help="only organisations of a country: RU")
    show = actions.add_parser("show", help="one entry with its telephones, but no address")
    show.add_argument("record", type=_identifier, metavar="RECORD")
    find = actions.add_parser("find", help="entries by name, place, need or part of a number")
    find.add_argument("text", metavar="TEXT", help="in any alphabet or spelling")
    find.add_argument("--most", type=int, default=50, metavar="NUMBER", help="at most so many")
    seen = actions.add_parser("class", help="set who may see an entry or a telephone of ours")
    seen.add_argument("record", type=_identifier, metavar="RECORD")
    seen.add_argument("code", metavar="CODE", help=", ".join(CONFIDENTIALITY))
    add = actions.add_parser("add", help="add an organisation")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--country", default="", help="its country: RU")
    add.add_argument("--seen-by", default="secret", metavar="CODE", help="who may see it")
    take = actions.add_parser(
        "import",
        help="say what a list would do: vCard, CSV, XLSX, HSDS (JSON, ZIP, folder); --apply takes",
    )
    take.add_argument("file", type=Path, metavar="FILE", help="at most 32 MB, 100,000 entries")
    take.add_argument("--apply", action="store_true", help="take over what is new in it")
    take.add_argument("--seen-by", default="secret", metavar="CODE", help="who may see them")
    take.add_argument("--encoding", default="", help="its letters, where they were guessed wrong")
    take.add_argument("--columns", default="", help="what each column means: name,,phone,…")
    give = actions.add_parser("export", help="save what partners may see; never secret entries")
    give.add_argument("file", type=Path, metavar="FILE", help="its end says the kind: .vcf, .csv, "
                      ".xlsx, .json or .zip (HSDS)")  # fmt: skip
    give.add_argument("--country", default="", help="only organisations of a country: RU")


def _procedure(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    actions.add_parser(
        "list", help="procedures that are here, and those that come with the program"
    )
    show = actions.add_parser("show", help="one procedure with its steps")
    give = actions.add_parser("export", help="save one as a file (JSON, FHIR names)")
    for action in (show, give):
        action.add_argument("procedure", type=_identifier, metavar="PROCEDURE")
    give.add_argument("file", type=Path, metavar="FILE")
    take = actions.add_parser(
        "import", help="say what a file would add; --apply adds it as a draft, nothing is replaced"
    )
    take.add_argument("file", type=Path, nargs="?", metavar="FILE", help="at most 1 MB")
    take.add_argument(
        "--shipped", default="", metavar="NAME", help="one that comes with the program, no file"
    )
    take.add_argument("--apply", action="store_true", help="add it")
    take.add_argument("--seen-by", default="circle", metavar="CODE", help="who may see it")


def _calendar(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    listing = actions.add_parser("list", help="what is late or has a day in the next days")
    give = actions.add_parser(
        "export", help="save what is your own as a calendar file: when, under neutral titles"
    )
    give.add_argument("file", type=Path, metavar="FILE", help="as: calendar.ics")
    give.add_argument(
        "--meetings", action="store_true", help="also the meetings of our networks and projects"
    )
    give.add_argument("--remind", action="store_true", help="each entry rings once")
    give.add_argument("--tasks", action="store_true", help="things to do as tasks, not as events")
    for action in (listing, give):
        action.add_argument("--days", type=int, default=30, metavar="NUMBER", help="so many days")


def _book(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    actions.add_parser("list", help="the articles with their texts, and those that are shipped")
    give = actions.add_parser(
        "export", help="save the book: FILE.html, FILE.epub, or a new folder of Markdown"
    )
    give.add_argument("target", type=Path, metavar="FILE")
    give.add_argument("--in", dest="language", default="", metavar="LANGUAGE")
    take = actions.add_parser(
        "import", help="say what a folder would add; --apply adds it as drafts"
    )
    take.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    take.add_argument("--shipped", action="store_true", help="those that come with the program")
    take.add_argument("--apply", action="store_true", help="add them")
    take.add_argument(
        "--beside", action="store_true", help="put texts that differ beside those that are here"
    )
    take.add_argument("--seen-by", default="circle", metavar="CODE", help="who may see them")
    make = actions.add_parser("print", help="make the book as a PDF, whole or from one article")
    make.add_argument("article", type=_identifier, nargs="?", default=b"", metavar="ARTICLE")
    make.add_argument("--in", dest="language", default="en", metavar="LANGUAGE")
    make.add_argument("--form", default="a5", choices=["a5", "a4"])
    make.add_argument("--out", type=Path, required=True, metavar="FILE")
    for action in (give, make):
        action.add_argument(
            "--beside", default="", metavar="LANGUAGE",
            help="the language of articles that lack it; without one they are left out",
        )  # fmt: skip


def _figures(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    actions.add_parser("list", help="the releases that are here")
    make = actions.add_parser(
        "release", help="say what may be released; --apply freezes it as a release"
    )
    make.add_argument("population", metavar="POPULATION", help=", ".join(FIGURE_POPULATIONS))
    make.add_argument("period", metavar="PERIOD", help="2025, 2025-H1 or 2025-Q3")
    make.add_argument("--by", default="", metavar="VARIABLES", help=",".join(FIGURE_VARIABLES))
    make.add_argument("--crossed", action="store_true", help="one table of all variables")
    make.add_argument(
        "--fixed-rows", action="store_true", help="join nothing: leave small groups out"
    )
    make.add_argument("--least", type=int, default=11, metavar="K", help="the smallest group")
    make.add_argument("--corrects", type=_identifier, default=None, metavar="RELEASE")
    make.add_argument("--apply", action="store_true", help="freeze it")
    attack = actions.add_parser("attack", help="say which small groups can be worked out")
    give = actions.add_parser("export", help="save a release as a table file (CSV)")
    for action in (attack, give):
        action.add_argument("release", type=_identifier, metavar="RELEASE")
    give.add_argument("file", type=Path, metavar="FILE")
    statistics = actions.add_parser(
        "ic-tip", help="save a release of new clients by sex, age and form (SDG 16.2.2, CSV)"
    )
    statistics.add_argument("release", type=_identifier, metavar="RELEASE")
    statistics.add_argument("file", type=Path, metavar="FILE")
    cases = actions.add_parser("htcds", help="case data of single clients (HTCDS 2.0)")
    _htcds(cases.add_subparsers(dest="way", metavar="WAY", required=True))
    together = actions.add_parser(
        "sum", help="add up with members of a network; nobody shows theirs"
    )
    _sum(together.add_subparsers(dest="step", metavar="STEP", required=True))


def _sum(steps: "Subparsers[argparse.ArgumentParser]") -> None:
    steps.add_parser("list", help="the sums that are here, and what comes next in each")
    begin = steps.add_parser("begin", help="begin a sum of members of a network, and of ourselves")
    begin.add_argument("network", type=_identifier, metavar="NETWORK")
    begin.add_argument("population", metavar="POPULATION", help=", ".join(FIGURE_POPULATIONS))
    begin.add_argument("period", metavar="PERIOD", help="2025, 2025-H1 or 2025-Q3")
    begin.add_argument("members", type=_identifier, nargs="+", metavar="ORGANISATION")
    begin.add_argument("--by", default="", metavar="VARIABLES", help=",".join(FIGURE_VARIABLES))
    begin.add_argument("--crossed", action="store_true", help="one table of all variables")
    for name, text in (
        ("answer", "take part: shares of our numbers go with the next file to each member"),
        ("add-up", "when all shares are here: our part goes with the next file"),
        ("release", "when all parts are here: say what the sum is; --apply releases it"),
        ("end", "say that a sum of ours is void"),
        ("again", "end a sum of ours, and begin it anew without those who have not come"),
    ):
        step = steps.add_parser(name, help=text)
        step.add_argument("sum", type=_identifier, metavar="SUM")
        if name == "release":
            step.add_argument("--apply", action="store_true", help="release it")
        if name == "again":
            _add_last_day(step)
    _add_last_day(begin)


def _add_last_day(step: argparse.ArgumentParser) -> None:
    step.add_argument(
        "--until", type=date.fromisoformat, required=True, metavar="DAY",
        help="the last day to take part, as 2026-12-31",
    )  # fmt: skip


def _htcds(ways: "Subparsers[argparse.ArgumentParser]") -> None:
    give = ways.add_parser(
        "export", help="say what cases tell an organisation by consent; --into saves them"
    )
    give.add_argument("plans", type=_identifier, nargs="*", metavar="PLAN")
    give.add_argument("--to", type=_identifier, required=True, metavar="ORGANISATION")
    give.add_argument(
        "--all-agreed", action="store_true", help="all who agreed to case management by it"
    )
    give.add_argument(
        "--into", type=Path, default=None, metavar="FILE", help="a name in .xlsx, or .csv"
    )
    take = ways.add_parser(
        "import", help="say what a sheet would add, line by line; --apply adds drafts of plans"
    )
    take.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX")
    take.add_argument("--encoding", default="", metavar="NAME", help="as: cp1251")
    take.add_argument(
        "--as-new", type=int, nargs="*", default=(), metavar="LINE",
        help="lines like somebody here that are somebody else",
    )  # fmt: skip
    take.add_argument("--apply", action="store_true", help="add them")


def _network(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    actions.add_parser("list", help="the networks that are here, and what we share in each")
    show = actions.add_parser("show", help="one network with its members")
    members = actions.add_parser("members", help="the members of a network")
    add = actions.add_parser("add", help="add an organisation to a network of ours")
    leave = actions.add_parser(
        "leave", help="share nothing more in a network; with an organisation, end its membership"
    )
    share = actions.add_parser("share", help="let the members have these sorts and no others")
    for action in (show, members, add, leave, share):
        action.add_argument("network", type=_identifier, metavar="NETWORK")
    add.add_argument("organisation", type=_identifier, metavar="ORGANISATION")
    add.add_argument("--role", default="member", metavar="CODE", help=", ".join(MEMBER_ROLES))
    leave.add_argument(
        "organisation", type=_identifier, nargs="?", default=b"", metavar="ORGANISATION"
    )
    share.add_argument("sorts", metavar="SORTS", help=f"as: {','.join(SHARED_SORTS)}")
    send = actions.add_parser("send-common", help="make a file of what networks share, no plan")
    send.add_argument("--to", type=_identifier, required=True, metavar="ORGANISATION")
    send.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    _network_work(actions)


def _network_work(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    work = actions.add_parser("work", help="meetings, agreements, projects and activities of one")
    work.add_argument("network", type=_identifier, metavar="NETWORK")
    actions.add_parser("decisions", help="what was decided in networks and is not done")
    done = actions.add_parser("done", help="report a decision of ours as done")
    done.add_argument("decision", type=_identifier, metavar="DECISION")
    done.add_argument("--undo", action="store_true", help="take it back")
    actions.add_parser("news", help="what came in of networks, and what each member lacks")
    count = actions.add_parser(
        "activities",
        help="activities by year, and by who assigned or funds them; --into saves",
    )
    kinds = ", ".join((*ACTIVITY_KINDS, "project"))
    count.add_argument("--kind", default="", metavar="CODE", help=kinds)
    count.add_argument("--first", type=int, default=0, metavar="YEAR", help="from this year")
    count.add_argument("--last", type=int, default=0, metavar="YEAR", help="to this year")
    count.add_argument("--by", default="assigned_by", choices=("assigned_by", "funding"))
    count.add_argument("--all", action="store_true", help="those of other members, too")
    count.add_argument("--into", type=Path, default=None, metavar="FILE", help="save it (CSV)")


_TRUST = {
    "suspend": "send to a partner and take from it nothing for a while",
    "resume": "go on with a suspended partner",
    "revoke": "trust a partner's card no more, for good",
}


def _bundle(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    card = actions.add_parser("card", help="write our card")
    card.add_argument("file", type=Path, metavar="FILE")
    answer = actions.add_parser("answer", help="put our card into a folder that invites us")
    answer.add_argument("folder", type=Path, metavar="FOLDER")
    answer.add_argument(
        "--copied", action="store_true",
        help="the inviting laptop has a copy of this store: take new keys first",
    )  # fmt: skip
    trust = actions.add_parser("trust", help="add a partner's card; with --digits, verify it")
    trust.add_argument("file", type=Path, metavar="FILE")
    trust.add_argument("--digits", default="", help="the sixty digits, as heard on the telephone")
    trust.add_argument("--third-country", action="store_true", help="outside the EU and EEA")
    trust.add_argument("--transfer-tool", action="store_true", help="transfer tool is on record")
    trust.add_argument(
        "--same-organisation", action="store_true",
        help="it is the directory entry that stands here under its id",
    )  # fmt: skip
    trust.add_argument("--reads", default="", metavar="LANGUAGES", help="languages it reads: ru,en")
    make = actions.add_parser(
        "make", help="make a bundle of one plan, or of everything for another laptop of our own"
    )
    make.add_argument("plan", type=_identifier, nargs="?", default=b"", metavar="PLAN")
    make.add_argument("--to", type=_identifier, required=True, metavar="ORGANISATION")
    make.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    notices = actions.add_parser("notices", help="make a bundle that tells withdrawals and no data")
    notices.add_argument("--to", type=_identifier, required=True, metavar="ORGANISATION")
    notices.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    actions.add_parser("status", help="per partner: trust, last files, what waits, what is missing")
    for name, text in _TRUST.items():
        action = actions.add_parser(name, help=text)
        action.add_argument("organisation", type=_identifier, metavar="ORGANISATION")
    inspect = actions.add_parser("inspect", help="say what a bundle would do; writes nothing")
    inspect.add_argument("file", type=Path, metavar="FILE")
    take = actions.add_parser("take", help="take a bundle, or all in a folder, in any order")
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument(
        "--erase", action="store_true", help="carry out its orders to erase; else they wait"
    )
    actions.add_parser("orders", help="what partners were asked to erase, and what they ask us")
    again = actions.add_parser("again", help="ask a partner for everything again, by our next file")
    again.add_argument("organisation", type=_identifier, metavar="ORGANISATION")
    _bundle_keys(actions)
    undo = actions.add_parser("undo", help="take the newest taking back, if nothing came of it yet")
    undo.add_argument("digest", type=_identifier, nargs="?", default=b"", metavar="DIGEST")


def _bundle_keys(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    renew = actions.add_parser("renew", help="make a new key; partners learn it by the next file")
    renew.add_argument(
        "--signing", action="store_true", help="a new signing key too: digits are compared again"
    )
    renew.add_argument(
        "--stolen", action="store_true",
        help="a new signing key; partners take nothing more under the old one",
    )  # fmt: skip
    digits = actions.add_parser("digits", help="the sixty digits of a partner, or of its new card")
    accept = actions.add_parser("accept", help="trust the card with a new key that a partner sent")
    accept.add_argument("--digits", required=True, help="the sixty digits, as heard by telephone")
    warn = actions.add_parser("warn", help="warn other partners of a card that was revoked here")
    for action in (digits, accept, warn):
        action.add_argument("organisation", type=_identifier, metavar="ORGANISATION")


def _backup(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    make = actions.add_parser("make", help="make a backup, read it back, and remove old ones")
    make.add_argument("folder", type=Path, metavar="INTO")
    check = actions.add_parser("check", help="restore a backup to the side and check all of it")
    check.add_argument("folder", type=Path, metavar="FOLDER")
    restore = actions.add_parser(
        "restore",
        help="put a backup in the store's place; a lost passphrase's recovery key opens it too",
    )
    restore.add_argument("folder", type=Path, metavar="FOLDER")
    restore.add_argument(
        "--erase-again", action="store_true",
        help="yes, erase again what was erased since the backup, also records of our own",
    )  # fmt: skip


def _paper(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    make = actions.add_parser("make", help="make a paper; without --paper, the traveller's sheet")
    make.add_argument(
        "subject", type=_identifier, nargs="?", default=b"", metavar="RECORD",
        help="what it is about: a plan, a consent, an organisation, a referral; nothing for a list",
    )  # fmt: skip
    make.add_argument(
        "--paper", type=PaperName, choices=list(PaperName), default=PaperName.TRAVELLERS_SHEET
    )
    make.add_argument(
        "--in", dest="paper_language", default="", metavar="LANGUAGE",
        help="may be left out for a letter: it is in its reader's",
    )  # fmt: skip
    make.add_argument("--beside", default="", metavar="LANGUAGE", help="a second language")
    make.add_argument("--form", default="", choices=[form.value for form in PaperFormat])
    make.add_argument("--country", default="", metavar="CODE", help="of a list: those there alone")
    make.add_argument("--service", default="", choices=list(SERVICES), help="those that offer it")
    make.add_argument("--spoken", default="", metavar="LANGUAGE", help="those that speak it")
    make.add_argument(
        "--purpose", default="", choices=list(LETTER_PURPOSE), help="of a letter about a plan"
    )
    make.add_argument("--to", type=_identifier, default=b"", metavar="ORGANISATION")
    make.add_argument("--answer-by", type=date.fromisoformat, metavar="DAY")
    make.add_argument("--out", type=Path, required=True, metavar="FILE")
    actions.add_parser("copies", help="the copies that are out")
    settle = actions.add_parser("settle", help="say what became of a copy")
    settle.add_argument("copy", type=_identifier, metavar="COPY")
    settle.add_argument("state", metavar="STATE", help="returned, destroyed or lost")


def _user(actions: "Subparsers[argparse.ArgumentParser]") -> None:
    actions.add_parser("list", help="all who open the store, with their roles")
    add = actions.add_parser("add", help="let somebody in; asks for their passphrase")
    roles = actions.add_parser("roles", help="give somebody these roles and no others")
    remove = actions.add_parser("remove", help="let somebody in no more")
    own = actions.add_parser("passphrase", help="change your own passphrase; asks for the new one")
    recover = actions.add_parser(
        "recover", help="set a new passphrase by the recovery key, or by two of its sheets"
    )
    recover.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help="file with it, or two sheets, a line each",
    )
    key = actions.add_parser(
        "recovery-key", help="make a recovery key, in place of the one before; typed back first"
    )
    key.add_argument("--sheets", type=int, choices=(1, 3), default=1, help="3: any two open")
    renew = actions.add_parser(
        "data-key", help="write the store anew under another key; the recovery key ends with it"
    )
    renew.add_argument(
        "present", nargs="*", metavar="INITIALS",
        help="others who are here, and whose passphrases are asked for; the rest are shut out",
    )  # fmt: skip
    renew.add_argument(
        "--present-file", type=Path, metavar="FILE", help="file with their passphrases, a line each"
    )
    for action in (add, roles, remove):
        action.add_argument("user", metavar="INITIALS")
    for action in (add, roles):
        action.add_argument("--roles", required=True, metavar="ROLES", help="as: approver,…")
    for action in (add, own, recover):
        action.add_argument(
            "--new-passphrase-file", type=Path, metavar="FILE", help="file with it in line 1"
        )
