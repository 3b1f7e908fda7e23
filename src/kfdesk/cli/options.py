# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that stand before a command, and the start without one, which opens the window.

Apart from the commands, because the window needs neither them nor the codes that they take.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from kfdesk.domain.version import VERSION

PROGRAM = "kfdesk"
OPEN = "open"
"""The command that opens the window, with files to show in it."""


def parse_options(
    argv: Sequence[str], command: str = PROGRAM, build: str = ""
) -> argparse.Namespace | None:
    """Return the options of a start without a command.

    None if there is anything else, also a fault: the parser of all commands says what is wrong.
    """
    parser = argparse.ArgumentParser(prog=command, add_help=False, exit_on_error=False)
    parser.set_defaults(command=None)
    add_options(parser, command, build)
    try:
        asked, others = parser.parse_known_args(argv)
    except argparse.ArgumentError:
        return None
    return None if others else asked


LANGUAGES = ("sv", "en", "ru", "et")
"""The languages of the window, the last one begun; a test compares them with the catalogues."""


def add_options(top: argparse.ArgumentParser, command: str, build: str) -> None:
    """Add the options. `command` is the name of the command, `build` the build of a package."""
    version = f"{command} {VERSION} {build}".strip()
    top.add_argument("--version", action="version", version=version, help="show the version")
    top.add_argument("--store", type=Path, metavar="FOLDER", help="the store's folder")
    top.add_argument("--initials", default="", help="who opens the store")
    top.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="file with the passphrase in line 1; - is the standard input",
    )
    top.add_argument("--language", choices=LANGUAGES, help="language of the answers")
    top.add_argument("--json", action="store_true", help="answer in JSON")
    top.add_argument(
        "--accept-older-store", action="store_true",
        help="go on with a store that is older than one opened here; it is noted in its history",
    )  # fmt: skip
