# SPDX-License-Identifier: GPL-3.0-or-later
"""The targets of the Makefile for a computer without make and without a shell, such as Windows.

`python packaging/tasks.py` lists them; `python packaging/tasks.py test` does what `make test` does,
and `NAME=VALUE` sets what it sets there. Standard library only, as set-up begins here. A test
compares the two files.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from steps import ROOT

PROGRAMS = ROOT / ".venv" / ("Scripts" if sys.platform == "win32" else "bin")
LANGUAGES = ("sv", "en", "ru")
MADE = ("build", "dist", ".coverage", ".hypothesis", ".import_linter_cache", ".mypy_cache",
        ".pytest_cache", ".ruff_cache")  # fmt: skip
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
WHOLE = {"FULL_COST_KEYS": "1", "ALL_EXAMPLES": "1", "CHANCE": "any"}
SETUP = ("setup",)
_PYTEST = "python -m pytest -n auto --dist worksteal"
_TRACED = "--cov=kfdesk.domain --cov=kfdesk.bundle"
_PURE = "src/kfdesk/domain/*,src/kfdesk/bundle/*"
_COUNTED = "--cov-report=term-missing:skip-covered --cov-fail-under=100"
_OUTPUT = "--custom-compile-command 'make lock' --output-file requirements.lock pyproject.toml"
_LOCKED = "--universal --generate-hashes --python-version 3.11 --group dev"

Options = Mapping[str, str]
Command = tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """Actions of a target, then its commands; `{NAME}` in one is an option or nothing.

    The first word of a command is a program of the environment. `around` is added to the
    environment's variables.
    """

    about: str
    needs: tuple[str, ...]
    commands: tuple[str, ...]
    around: Mapping[str, str] = field(default_factory=lambda: OFFSCREEN)


TASKS: Mapping[str, Task] = {
    "setup": Task("install everything into .venv", (), ("python packaging/make_catalogues.py",)),
    "demo": Task(
        "play the story of one plan and show it; LANGUAGE=sv", SETUP,
        ("python -m tests.e2e.demo_beside_story --language {LANGUAGE}",), {},
    ),
    "gallery": Task(
        "make the pictures of every page", SETUP,
        ("python -m tests.e2e.demo_beside_story --gallery",
         "python packaging/manual/manual_pictures.py build/demo/pages",
         "python packaging/manual/readme_pictures.py build/demo"),
    ),
    "architecture": Task(
        "draw the picture of the layers", SETUP, ("python packaging/architecture.py",)
    ),
    "style": Task(
        "ruff and the import contracts", SETUP,
        ("ruff check", "ruff format --check", "lint-imports --no-logo"),
    ),
    "types": Task("mypy", SETUP, ("mypy",)),
    "check": Task("style and types", ("style", "types"), ()),
    "tests": Task(
        "the tests, with the branches of domain and bundle; COSTLY=1", SETUP,
        (f'{_PYTEST} -m "not slow{{COSTLY}}" {_TRACED} {_COUNTED}',),
    ),
    "test": Task("the checks and the tests", ("style", "types", "tests"), ()),
    "durations": Task(
        "measure the tests and list the costly ones", SETUP,
        (f'{_PYTEST} -m "not slow" --junit-xml=build/durations.xml {_TRACED} --cov-report=',
         "python -m tests.durations build/durations.xml"),
    ),
    "former-releases": Task(
        "the programs of former releases, to try the way back", SETUP,
        ("python -m tests.support.releases",),
    ),
    "verify": Task(
        "every test, with keys at their full cost", ("check", "former-releases"),
        (f"{_PYTEST} --trace-all --cov --cov-report=term:skip-covered --cov-fail-under=90",
         f"coverage report --include={_PURE} --show-missing --skip-covered --fail-under=100"),
        OFFSCREEN | WHOLE,
    ),
    "torture": Task(
        "hurt real desks; LONG=1 for hours", SETUP, ("python -m tests.torture {LONG}",), {}
    ),
    "letters": Task(
        "every page with large letters", SETUP,
        ("python -m pytest -q -n auto --all-letters -k large_letters tests/gui/test_gui_walk.py",),
    ),
    "bench": Task("jobs against their floors", SETUP, ("python -m benchmarks",), {}),
    "package": Task(
        "the program as a folder and its packages; KIT=windows-x64 or PYTHON_ZIP=FILE", SETUP,
        ("python packaging/manual/manual_pictures.py", "python packaging/build_package.py"),
    ),
    "wheel-check": Task(
        "install the wheel and use it; PYTHONS=\"3.12 3.13\"", SETUP,
        ("python packaging/try_wheel.py {PYTHONS}",), {},
    ),
    "release": Task(
        "build twice, compare and sign; KEY=FILE", SETUP,
        ("python packaging/release.py {KEY} {SYSTEM}",), {},
    ),
    "translations": Task(
        "bring the catalogues up to the source", SETUP,
        ("python packaging/extract_messages.py", "python packaging/make_catalogues.py",
         "python packaging/make_review.py", "python packaging/manual/manual_texts.py"), {},
    ),
    "lock": Task(
        "renew requirements.lock; UPGRADE=--upgrade", SETUP,
        (f"uv pip compile --quiet {{UPGRADE}} {_LOCKED} {_OUTPUT}",), {},
    ),
    "advisories": Task(
        "compare the parts with known weaknesses; LIST=FILE", SETUP,
        ("python packaging/advisories.py {LIST}",), {},
    ),
    "clean": Task("take away what was made", (), ()),
}  # fmt: skip


def commands_of(name: str, options: Options) -> Iterator[tuple[Command, Mapping[str, str]]]:
    """Yield the commands of a target, those that it needs first, each with its variables."""
    yield from _commands(name, options, set())


def _commands(
    name: str, options: Options, done: set[str]
) -> Iterator[tuple[Command, Mapping[str, str]]]:
    if name in done:
        return
    done.add(name)
    task = TASKS[name]
    for need in task.needs:
        yield from _commands(need, options, done)
    if name == "setup":
        yield ("-", "packaging/bootstrap.py"), {}
    for command in _lines(name, task, options):
        yield tuple(shlex.split(command)), task.around


def _lines(name: str, task: Task, options: Options) -> Iterator[str]:
    """Yield the lines of a target with its options filled in."""
    if name == "package" and "PYTHON_ZIP" in options:
        yield f"python packaging/windows_setup.py {shlex.quote(options['PYTHON_ZIP'])}"
        return
    filled = dict.fromkeys(("LONG", "PYTHONS", "UPGRADE", "LIST", "SYSTEM"), "")
    filled["KEY"] = shlex.quote(options.get("KEY", ""))  # an empty word where none is named
    filled |= {key: shlex.quote(each) for key, each in options.items() if key == "LIST"}
    filled |= {key: options[key] for key in ("PYTHONS", "UPGRADE", "SYSTEM") if key in options}
    filled["COSTLY"] = "" if options.get("COSTLY") else " and not costly"
    filled["LONG"] = "--long" if options.get("LONG") else ""
    spoken = options.get("LANGUAGE", "")
    filled["LANGUAGE"] = spoken if spoken in LANGUAGES else "en"
    for line in task.commands:
        is_kit = "build_package" in line and "KIT" in options
        yield f"python packaging/kits.py {options['KIT']}" if is_kit else line.format(**filled)


def program(word: str) -> str:
    """Return the program that a command begins with."""
    if word == "-":
        return sys.executable
    if word == "uv":
        return str(ROOT / ".tools" / "bin" / word)
    return str(PROGRAMS / word)


def clean() -> None:
    """Take away what was made, as far as it is no part of the tree."""
    for name in MADE:
        path = ROOT / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in [*ROOT.glob("*/**/__pycache__"), *ROOT.glob("__pycache__")]:
        shutil.rmtree(path, ignore_errors=True)
    for path in ROOT.glob("translations/*/LC_MESSAGES/*.mo"):
        path.unlink()


def run(name: str, options: Options) -> int:
    """Do a target; return the exit code of the first command that failed, or 0."""
    if name == "clean":
        clean()
        return 0
    for command, around in commands_of(name, options):
        words = [program(command[0]), *command[1:]]
        done = subprocess.run(words, cwd=ROOT, env={**os.environ, **around}, check=False)
        if done.returncode:
            return done.returncode
    return 0


def main(words: Sequence[str]) -> int:
    """Do the targets that are named, in order; list them where none is, or one is unknown."""
    names = [word for word in words if "=" not in word]
    options = dict(word.split("=", 1) for word in words if "=" in word)
    unknown = [name for name in names if name not in TASKS]
    if unknown or not names:
        said = [f"there is no task {name}\n" for name in unknown]
        said += [f"{name:14}{task.about}\n" for name, task in TASKS.items()]
        sys.stderr.write("".join(said))
        return 2
    return next((code for name in names if (code := run(name, options))), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
