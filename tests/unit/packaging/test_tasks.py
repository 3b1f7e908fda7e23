# SPDX-License-Identifier: GPL-3.0-or-later
"""`packaging/tasks.py` does what the Makefile does, command for command, where there is no make."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT

import tasks

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
ON_LINUX = {"package-check"}  # a bare Debian, as root
ASSIGNED = re.compile(r"^[A-Z_]+=\S+$")

needs_make = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


OF_MAKE = {"MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL", "COSTLY"}
"""What a make that runs these tests would tell the one that they ask."""


def made(*words: str) -> list[tuple[list[str], dict[str, str]]]:
    """Return the commands that make would run, each once, with the variables that it sets."""
    plain = {key: each for key, each in os.environ.items() if key not in OF_MAKE}
    said = subprocess.check_output(["make", "--dry-run", *words], cwd=ROOT, text=True, env=plain)
    found: list[tuple[list[str], dict[str, str]]] = []
    for line in said.replace("\\\n", " ").splitlines():
        parts = shlex.split(line)
        if parts[0] == "make" or parts[0].startswith("make["):
            continue
        around = [part for part in parts if ASSIGNED.match(part)][: _leading(parts)]
        command = parts[len(around) :]
        command[0] = "-" if command[0] == "python3" else Path(command[0]).name
        each = command, dict(part.split("=", 1) for part in around)
        if each not in found:
            found.append(each)
    return found


def _leading(parts: list[str]) -> int:
    return next(at for at, part in enumerate(parts) if not ASSIGNED.match(part))


def ours(name: str, **options: str) -> list[tuple[list[str], dict[str, str]]]:
    """Return the commands of a task, each once as `made` does."""
    every = [(list(one), dict(around)) for one, around in tasks.commands_of(name, options)]
    return [each for at, each in enumerate(every) if each[0] not in [one for one, _ in every[:at]]]


def test_every_target_has_its_task() -> None:
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].replace("\\\n", " ").split()) == set(tasks.TASKS) | ON_LINUX


CALLS: list[tuple[str, dict[str, str]]] = [
    *((name, {}) for name in tasks.TASKS if name != "clean"),
    ("test", {"COSTLY": "1"}),
    ("demo", {"LANGUAGE": "sv"}),
    ("demo", {"LANGUAGE": "de"}),
    ("torture", {"LONG": "1"}),
    ("package", {"KIT": "windows-x64"}),
    ("package", {"PYTHON_ZIP": "python.zip"}),
    ("wheel-check", {"PYTHONS": "3.12 3.13"}),
    ("release", {"KEY": "release.key"}),
    ("release", {"KEY": "release.key", "SYSTEM": "bookworm"}),
    ("lock", {"UPGRADE": "--upgrade"}),
    ("advisories", {"LIST": "all.zip"}),
]


@needs_make
@pytest.mark.parametrize(("name", "options"), CALLS)
def test_task_runs_the_commands_of_its_target(name: str, options: dict[str, str]) -> None:
    by_make = made(name, *(f"{key}={value}" for key, value in options.items()))
    by_task = ours(name, **options)
    assert [command for command, _ in by_task] == [command for command, _ in by_make]
    for (command, around), (_, wanted) in zip(by_task, by_make, strict=True):
        assert wanted.items() <= around.items(), command


def test_unknown_task_and_no_task_list_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert tasks.main(["nothing"]) == 2
    assert "there is no task nothing" in capsys.readouterr().err
    assert tasks.main([]) == 2
    said = capsys.readouterr().err
    assert all(f"\n{name}" in f"\n{said}" for name in tasks.TASKS)


def test_first_command_that_fails_ends_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def fail(words: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        ran.append(words)
        return subprocess.CompletedProcess(words, 3 if "check" in words else 0)

    monkeypatch.setattr(subprocess, "run", fail)
    assert tasks.main(["style", "types"]) == 3
    assert [Path(words[0]).name for words in ran][1:] == ["python", "ruff"]
    assert ran[0] == [sys.executable, "packaging/bootstrap.py"]
