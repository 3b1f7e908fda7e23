# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every test: nothing reaches the network, and windows are drawn off the screen.

What tests write lies in memory where there is enough: a store waits for its disk at every commit.
It knows no room of the program; fixtures for one room live in the conftest beside its tests.
"""

import gc
import importlib
import os
import pkgutil
import runpy
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.durations import COUNTED, listed
from tests.support import chance
from tests.support.compiled import COMPILED  # noqa: F401 - what it does
from tests.support.patience import PatientBot
from tests.support.samples import examples

OFFLINE = Path(__file__).resolve().parent / "offline"
MEMORY, ENOUGH = Path("/dev/shm"), 2 * 2**30
ROOT = Path(__file__).resolve().parent
LONGEST = {
    "test_gui_walk.py", "test_played_pair.py", "test_played_case.py", "test_torture_sample.py",
    "test_played_laptops.py", "test_played_days.py", "test_leaks.py",
}  # fmt: skip
"""Begun first, so that no worker is still at one of them when the others have nothing left."""
GC_THRESHOLDS = (20_000, 20, 20)
IS_SPARED = pytest.StashKey[bool]()
WAS_TRACED = pytest.StashKey[bool]()

chance.begin()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, (str(OFFLINE), os.environ.get("PYTHONPATH", "")))
)
runpy.run_path(str(OFFLINE / "sitecustomize.py"))
os.umask(0o077)  # as the program sets it, in whichever test starts it first
os.environ["TZ"] = "Europe/Stockholm"  # where the invented desks are: one day for both
if hasattr(time, "tzset"):  # not on Windows
    time.tzset()
if "TESTS_HAVE_A_HOME" not in os.environ:  # a window of the user's own may have crashed
    HOME = tempfile.TemporaryDirectory(prefix="state-")
    os.environ |= {"TESTS_HAVE_A_HOME": "1", "XDG_STATE_HOME": HOME.name}
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
settings.register_profile(
    "ours", max_examples=examples(100), deadline=None, derandomize=not chance.NUMBER
)
settings.load_profile("ours")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--trace-all`, by which `make verify` counts every room's branches; `--all-letters`."""
    parser.addoption("--trace-all", action="store_true", help="count in all tests")
    parser.addoption("--all-letters", action="store_true", help="walk with large letters, too")


def pytest_configure(config: pytest.Config) -> None:
    """Let workers share the stores they make, in the folder of the run, which goes at its end.

    Nothing of what is collected is garbage.
    """
    gc.disable()
    if hasattr(config, "workerinput"):
        os.environ["SHARED_STORES"] = str(Path(config.option.basetemp).parent / "stores")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest; mark the costly; spare most the tracer, which doubles their time.

    The tests of one folder stay together: most of them then run in one worker, which alone makes
    what they share, as parsed files, catalogues and stores.
    """
    items.sort(key=lambda item: (item.path.name not in LONGEST, place(item).partition("/")[0]))
    costly = listed()
    for item in items:
        if item.nodeid.partition("[")[0].removeprefix("tests/") in costly:
            item.add_marker("costly")
        item.stash[IS_SPARED] = is_spared(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Spare a test the tracer, from its first fixture to its last.

    The mark `no_cover` spares only the call, and in a worker of xdist not even that: two plugins
    have a collector there, and when the upper one is paused the one beneath it goes on.
    """
    with untraced(is_so=item.stash.get(IS_SPARED, False)), chance.seeded(item.nodeid):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Let what several tests share be the same, whichever of them comes first."""
    if fixturedef.scope == "function":
        return (yield)
    place = getattr(request, "param_index", 0)  # of a fixture with parameters
    with chance.seeded(f"{fixturedef.baseid}::{request.fixturename}{place}"):
        return (yield)


def pytest_report_header() -> str:
    """Name the number that repeats this run."""
    return f"CHANCE={chance.NUMBER}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Load what is counted before anything else, for the tracer to see it loaded."""
    if not session.config.getoption("--trace-all"):
        for room in counted(session.config):
            for found in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
                importlib.import_module(found.name)


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what was loaded: it would walk through all of it each time.

    It also looks more rarely than Python lets it, which is a tenth of what most tests cost.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Spare the tracer what else is loaded: that takes as long again."""
    with untraced(is_so=isinstance(collector, pytest.Module) and is_spared(collector)):
        return (yield)


def is_spared(node: pytest.Item | pytest.Collector) -> bool:
    """Say whether nothing is counted in this test or file."""
    return not (
        node.config.getoption("--trace-all")
        or not node.config.pluginmanager.has_plugin("_cov")
        or any(place(node).startswith(f"{room}/") for room in COUNTED)
    )


def place(node: pytest.Item | pytest.Collector) -> str:
    """Return where a test or file stands below the folder of the tests, if it does."""
    return node.path.relative_to(ROOT).as_posix() if node.path.is_relative_to(ROOT) else ""


def counted(config: pytest.Config) -> tuple[str, ...]:
    """Return the packages whose branches are counted; `--cov` alone names none."""
    rooms = config.getoption("cov_source", None) or ()
    return tuple(room for room in rooms if isinstance(room, str))


@contextmanager
def untraced(*, is_so: bool) -> Iterator[None]:
    """Take the tracer away for a while."""
    if not is_so:
        yield
        return
    here, in_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
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
        forget(counted(item.config))
    item.config.stash[WAS_TRACED] = is_traced


def forget(rooms: tuple[str, ...]) -> None:
    """Empty what functions of these packages remember (`functools.cache`)."""
    for name, module in tuple(sys.modules.items()):
        if name.startswith(rooms):
            for each in tuple(vars(module).values()):
                if callable(clear := getattr(each, "cache_clear", None)):
                    clear()
