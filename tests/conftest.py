# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every test: nothing reaches the network, and windows are drawn off the screen.

What tests write lies in memory where there is enough: a store waits for its disk at every commit.
It knows no room of the program; fixtures for one room live in the conftest beside its tests.
"""

import os
import runpy
import shutil
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.support.patience import PatientBot

OFFLINE = Path(__file__).resolve().parent / "offline"
COMPILED = OFFLINE.parents[1] / ".pytest_cache" / "compiled"
MEMORY, ENOUGH = Path("/dev/shm"), 2 * 2**30
ROOT = Path(__file__).resolve().parent
TRACED = {"unit/domain", "unit/bundle", "vectors", "golden", "fuzz"}
"""Where `domain` and `bundle` are tested piece by piece, to the last branch. Not in `property`:
whether a branch is taken there hangs on what was drawn, and the tracer doubles its time."""
LONGEST = {
    "test_gui_walk.py", "test_played_pair.py", "test_played_case.py", "test_torture_sample.py",
    "test_played_laptops.py", "test_played_days.py", "test_leaks.py",
}  # fmt: skip
"""Begun first, so that no worker is still at one of them when the others have nothing left."""
IS_SPARED = pytest.StashKey[bool]()
WAS_TRACED = pytest.StashKey[bool]()

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, (str(OFFLINE), os.environ.get("PYTHONPATH", "")))
)
runpy.run_path(str(OFFLINE / "sitecustomize.py"))
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):  # else every child compiles everything anew
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(COMPILED))
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--trace-all`, by which `make verify` counts every room's branches; `--all-letters`."""
    parser.addoption("--trace-all", action="store_true", help="count in all tests")
    parser.addoption("--all-letters", action="store_true", help="walk with large letters, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest; spare most the tracer, which makes them up to twice as long."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
    if config.getoption("--trace-all"):
        return
    for item in items:
        place = item.path.relative_to(ROOT).as_posix()
        item.stash[IS_SPARED] = not any(place.startswith(f"{room}/") for room in TRACED)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Spare a test the tracer, from its first fixture to its last.

    The mark `no_cover` spares only the call, and in a worker of xdist not even that: two plugins
    have a collector there, and when the upper one is paused the one beneath it goes on.
    """
    if not item.stash.get(IS_SPARED, False) or not item.config.pluginmanager.has_plugin("_cov"):
        return (yield)
    here, in_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        threading.settrace(in_threads)
        sys.settrace(here)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Drive windows as pytest-qt's own does, but more patiently."""
    return PatientBot(request)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let what is traced be worked out anew: what a test that is not has left would hide it."""
    is_traced = not item.stash.get(IS_SPARED, False)
    if is_traced and not item.config.stash.get(WAS_TRACED, False):
        rooms = item.config.getoption("cov_source", None) or ()
        forget(tuple(room for room in rooms if isinstance(room, str)))  # `--cov` alone names none
    item.config.stash[WAS_TRACED] = is_traced


def forget(rooms: tuple[str, ...]) -> None:
    """Empty what functions of these packages remember (`functools.cache`)."""
    for name, module in tuple(sys.modules.items()):
        if name.startswith(rooms):
            for each in tuple(vars(module).values()):
                if callable(clear := getattr(each, "cache_clear", None)):
                    clear()
