# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts that install the program hold to their languages, as far as no run has shown it.

PowerShell does not run here, so its grammar is asked; `sh` is asked what it would do amiss.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from bootstrap import SOURCES
from kits import SCRIPTS
from steps import ROOT

POWERSHELL = SCRIPTS / "install.ps1"
SHELL = [*sorted(SCRIPTS.glob("*.sh")), ROOT / ".ci" / "run"]
SHELLCHECK = shutil.which("shellcheck")


def faults(script: bytes) -> list[str]:
    """Return the syntax errors of a PowerShell script, each with its line."""
    tree = Parser(Language(tree_sitter_powershell.language())).parse(script)
    found: list[str] = []
    waiting: list[Node] = [tree.root_node]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found.append(f"line {node.start_point.row + 1}")
        waiting += node.children
    return found


def test_powershell_script_is_understood_by_the_grammar_of_powershell() -> None:
    assert faults(POWERSHELL.read_bytes()) == []


@pytest.mark.parametrize("broken", [b"if (Test-Path 'a' {", b"$start = @('a'", b'throw "a'])
def test_script_with_a_slip_is_not_understood(broken: bytes) -> None:
    assert faults(POWERSHELL.read_bytes() + broken) != []


def test_powershell_script_is_read_alike_under_every_code_page() -> None:
    # Windows PowerShell reads a script without a mark at its head in the code page of the machine.
    assert POWERSHELL.read_bytes().isascii()


def test_entry_of_the_windows_kit_names_no_folder_and_no_letter_of_a_path() -> None:
    script = POWERSHELL.read_text(encoding="ascii")
    entry = re.search(r"\$start = @\((.*?)\n\)", script, re.DOTALL)
    assert entry is not None
    assert not re.search(r"[A-Za-z]:\\|\$", entry[1])
    assert "%~dp0" in entry[1]


@pytest.mark.parametrize("script", [POWERSHELL, SCRIPTS / "install.sh"], ids=lambda path: path.name)
def test_script_unpacks_what_pyside_would_compile_at_each_start(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    asked = re.search(r"import compileall, shiboken6, PySide6\.QtCore(.+?)quiet=1", text, re.DOTALL)
    assert asked is not None
    assert SOURCES in asked[1]
    assert re.search(r"SBK_EMBED ?= ?'?0", text)
    assert text.count(SOURCES) == 2  # half of them go again


@pytest.mark.skipif(SHELLCHECK is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("script", SHELL, ids=lambda path: path.name)
def test_shell_script_has_no_finding(script: Path) -> None:
    done = subprocess.run(
        [str(SHELLCHECK), str(script)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
