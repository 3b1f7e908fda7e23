# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that tell Linux of the program: menu, icons, kinds of files, manual page, completion.

None of it says what the program is for. The manual page and the completion are written from the
parser of the command line, so that they name every command. The same tree gives the same files.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import shtab
from PIL import Image

from kfdesk.cli.arguments import build_parser
from kfdesk.domain.codes.core import SERVICES
from kfdesk.domain.codes.network import MEMBER_ROLES
from kfdesk.domain.version import RELEASE_DAY, VERSION
from steps import ROOT

NAME = "notebook"
LINUX = ROOT / "packaging" / "linux"
ICON_SIDES = (48, 128)  # pixels; panels that draw no SVG ask for them
MAINTAINER = "Notebook <notebook@localhost>"
TELLING = frozenset((*SERVICES, *MEMBER_ROLES))
SHELLS = {
    "bash": f"bash-completion/completions/{NAME}",
    "zsh": f"zsh/vendor-completions/_{NAME}",
}
CHANGES = """{name} ({version}) unstable; urgency=medium

  * Release {release}. "About this program" names its version and its parts.

 -- {who}  {day}
"""


def put_shared(share: Path, version: str, seconds: int) -> None:
    """Write everything below `share`, the folder `usr/share` of a package.

    `version` is the package's, `seconds` the time of its last commit since 1970, UTC.
    """
    _put(share / "applications" / f"{NAME}.desktop", _read(f"{NAME}.desktop"))
    _put(share / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg", _read(f"{NAME}.svg"))
    for side in ICON_SIDES:
        icon = share / "icons" / "hicolor" / f"{side}x{side}" / "apps" / f"{NAME}.png"
        icon.parent.mkdir(parents=True)
        with Image.open(LINUX / f"{NAME}.png") as picture:
            picture.resize((side, side), Image.Resampling.LANCZOS).save(icon)
    _put(share / "mime" / "packages" / f"{NAME}.xml", _read(f"{NAME}.xml"))
    _put(share / "lintian" / "overrides" / NAME, _read(f"{NAME}.overrides"))
    metainfo = _read("local.notebook.metainfo.xml").replace("@VERSION@", VERSION)
    metainfo = metainfo.replace("@DAY@", RELEASE_DAY.isoformat())
    _put(share / "metainfo" / "local.notebook.metainfo.xml", metainfo)
    _put_packed(share / "man" / "man1" / f"{NAME}.1.gz", manual_page(), seconds)
    for shell, place in SHELLS.items():
        _put(share / place, completion(shell))
    day = format_datetime(datetime.fromtimestamp(seconds, UTC))
    changes = CHANGES.format(name=NAME, version=version, release=VERSION, who=MAINTAINER, day=day)
    _put_packed(share / "doc" / NAME / "changelog.gz", changes, seconds)


def neutral_parser() -> argparse.ArgumentParser:
    """Return the parser without the codes that tell whom the program helps."""
    parser = build_parser(NAME)
    for _, each in _parsers(parser, NAME):
        for action in each._actions:
            if TELLING.intersection(map(str, action.choices or ())) and not isinstance(
                action, argparse._SubParsersAction
            ):
                action.choices = None
                action.metavar = action.metavar or "CODE"
    return parser


def completion(shell: str) -> str:
    """Return the script by which a shell completes the commands and the names of files."""
    parser = neutral_parser()
    for _, each in _parsers(parser, NAME):
        for action in each._actions:
            if action.type is Path:
                action.complete = shtab.FILE  # type: ignore[attr-defined]  # shtab looks for it
    return str(shtab.complete(parser, shell))


def manual_page() -> str:
    """Return the manual page in the language of man(7): every command with its options."""
    top = neutral_parser()
    lines = [f'.TH {NAME.upper()} 1 "{RELEASE_DAY.isoformat()}" "{NAME} {VERSION}"']
    lines += [".SH NAME", rf"{NAME} \- notes and contacts on this computer"]
    lines += [".SH SYNOPSIS", f".B {NAME}", r"[\fIOPTION\fR]... [\fICOMMAND\fR]"]
    lines += [".SH DESCRIPTION", _escaped(top.description or ""), ".SH OPTIONS", *_options(top)]
    lines.append(".SH COMMANDS")
    for called, parser in _parsers(top, ""):
        if called:
            lines += [f".SS {_escaped(called)}", *_options(parser)]
    lines += [".SH EXIT STATUS", "0 if it was done, 1 if it was refused, 2 for a wrong command."]
    return "\n".join(lines) + "\n"


def _parsers(
    parser: argparse.ArgumentParser, called: str
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield a parser and those of its commands, each with the words that call it."""
    yield called, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from _parsers(inner, f"{called} {name}".strip())


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the lines about the options, arguments and commands of one parser."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                yield from (".TP", rf"\fB{_escaped(choice.dest)}\fR", _escaped(choice.help or ""))
            continue
        if isinstance(action, argparse._HelpAction):
            continue
        shown = ", ".join(action.option_strings) or str(action.metavar or action.dest)
        value = action.metavar or (action.dest.upper() if action.nargs != 0 else "")
        if action.choices is not None:
            value = "|".join(map(str, action.choices))
        if action.option_strings and action.nargs != 0:
            shown = f"{shown} {value}"
        yield from (".TP", rf"\fB{_escaped(shown)}\fR", _escaped(action.help or ""))


def _escaped(text: str) -> str:
    """Return a text as man(7) shows it; no line of it is taken for a command."""
    text = " ".join(text.split()).replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text.startswith((".", "'")) else text


def _read(name: str) -> str:
    return (LINUX / name).read_text(encoding="utf-8")


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _put_packed(path: Path, text: str, seconds: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=seconds))
