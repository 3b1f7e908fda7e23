# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the outside programs of set-up, and turns their failures into one sentence and a remedy.

Standard library only, and nothing that Python 3.7 cannot read: an old Python must get far
enough to be told that it is too old. It does not know which steps there are.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

NO_NETWORK = re.compile(
    r"name resolution|failed to resolve|temporary failure resolving|could not resolve|dns error"
    r"|newconnectionerror|failed to establish|network is unreachable|error sending request"
    r"|connection (refused|reset|timed out)|connecttimeout|read timed out|could not connect"
    r"|no route to host|failed to fetch",
    re.IGNORECASE,
)
WRONG_FILE = re.compile(r"do not match the hashes|hash mismatch", re.IGNORECASE)
FULL_DISK = re.compile(r"no space left on device", re.IGNORECASE)

NO_NETWORK_REMEDY = (
    "the package index cannot be reached: connect to the network and run make setup again"
)
WRONG_FILE_REMEDY = (
    "a downloaded file is not the one this project expects: do not use it, and try again from "
    "another network"
)
FULL_DISK_REMEDY = "the disk is full: free about 1 GB and run make setup again"

CAUSES = (
    (WRONG_FILE, WRONG_FILE_REMEDY),
    (FULL_DISK, FULL_DISK_REMEDY),
    (NO_NETWORK, NO_NETWORK_REMEDY),
)


class SetupError(Exception):
    """Set-up cannot go on. The text is one sentence that ends in its remedy."""


def last_line(text: str) -> str:
    """Return the last line of `text` that says anything, or an empty string."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def explain(output: str, fault: str) -> str:
    """Return the sentence for a program that failed and printed `output` while doing `fault`."""
    for pattern, sentence in CAUSES:
        if pattern.search(output):
            return f"{fault}: {sentence}"
    return f"{fault}: {last_line(output) or 'it gave no reason'}"


def run(command: Sequence[str], fault: str) -> str:
    """Run `command` in the root of the tree and return what it printed.

    Raises SetupError, beginning with `fault`, when the program is missing or fails.
    """
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", DEBIAN_FRONTEND="noninteractive")
    if os.name == "posix":
        environment["PATH"] += ":/usr/sbin:/sbin"  # su leaves them out, and apt-get needs them
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise SetupError(f"{fault}: {command[0]} cannot be run ({error.strerror})") from error
    if done.returncode:
        raise SetupError(explain(done.stdout + done.stderr, fault))
    return done.stdout
