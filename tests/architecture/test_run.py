# SPDX-License-Identifier: GPL-3.0-or-later
"""The run itself: any warning fails it, the order is random, and too little coverage fails it.

The settings are those of `pyproject.toml` and the Makefile. They are put to work in a folder of
their own, on tests that do what must not pass.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT, modules
from tests.durations import COSTLY, COUNTED, costly, listed
from tests.support.samples import first
from tests.support.stores import remembering

from kfdesk.storage import key_slots

GUILTY = """
import gc
import warnings
from PySide6.QtCore import QObject, QTimer, qWarning
from PySide6.QtWidgets import QWidget

def test_sound(qtbot):
    assert QObject()

def test_warning_of_python():
    warnings.warn("worn", DeprecationWarning)

def test_file_left_open(tmp_path):
    (tmp_path / "a").touch()
    open(tmp_path / "a")
    gc.collect()

def test_warning_of_qt(qtbot):
    qWarning(b"worn")

def test_warning_that_qt_gives_itself(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setGeometry(0, 0, 10, 10)
    widget.setMinimumSize(-1, -1)

def test_fault_in_a_slot(qtbot):
    def fails():
        raise ValueError
    QTimer.singleShot(0, fails)
    qtbot.wait(20)
"""
ORDERED = "".join(f"def test_{name}(): assert True\n" for name in "abcdefghij")
REMEMBERED = "from functools import cache\n\n\n@cache\ndef f():\n    return 1\n"
LOOKING = """
import sys
import threading

import pytest

@pytest.fixture
def looked():
    assert (sys.gettrace() is not None) is {is_traced}
    yield
    assert (sys.gettrace() is not None) is {is_traced}

def test_look(looked):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(sys.gettrace()))
    thread.start()
    thread.join()
    assert [each is not None for each in (*seen, sys.gettrace())] == [{is_traced}] * 2
"""
QUIETLY = ("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
BRANCHES = "def f(x):\n    if x:\n        return 1\n    return 2\n"


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a module of Python in a folder."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONSAFEPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def settings(root: Path) -> dict[str, object]:
    """Return the pytest settings of `pyproject.toml`."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    told: dict[str, object] = project["tool"]["pytest"]["ini_options"]
    return told


def recipe(root: Path, target: str) -> list[list[str]]:
    """Return the commands of a Makefile target, split into words."""
    text = (root / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text, re.MULTILINE)
    assert found is not None
    return [shlex.split(line.strip().lstrip("@")) for line in found[1].splitlines()]


def is_checked_first(root: Path) -> bool:
    """Return whether `make test` begins with formatter, linter, contracts, and checks the types."""
    text = (root / "Makefile").read_text(encoding="utf-8")
    begins = "\ntest: style\n" in text and "\ncheck: style types\n" in text
    tools = [
        " ".join(words).removeprefix("$(VENV)/")
        for target in ("style", "types")
        for words in recipe(root, target)
    ]
    wanted = ["ruff check", "ruff format --check", "lint-imports --no-logo", "mypy"]
    (beside,) = recipe(root, "test")
    return begins and tools == wanted and beside[-2:] == ["types", "tests"]


def gates(root: Path, target: str) -> list[str]:
    """List the coverage options of a Makefile target: what is measured and the minimum."""
    return [word for words in recipe(root, target) for word in words if word.startswith("--cov")]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Return a folder with our settings and an empty folder of tests."""
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    (tmp_path / "tests").mkdir()
    return tmp_path


@pytest.mark.slow  # the next one asks the settings
def test_each_warning_fails_its_test(house: Path) -> None:
    (house / "tests" / "test_guilty.py").write_text(GUILTY, encoding="utf-8")
    said = run(house, *QUIETLY, "-p", "no:randomly").stdout
    guilty = set(re.findall(r"^(?:FAILED|ERROR) \S+::(\w+)", said, re.MULTILINE))
    assert guilty == set(re.findall(r"def (test_\w+)", GUILTY)) - {"test_sound"}, said


def test_only_one_sentence_of_qt_is_let_pass() -> None:
    told = settings(ROOT)
    assert told["filterwarnings"] == ["error"]
    assert (told["qt_log_level_fail"], told["qt_log_ignore"]) == ("WARNING", ["propagateSizeHints"])
    assert "no:" not in str(told["addopts"])


@pytest.mark.slow  # the one before asks for no plugin to be off
def test_order_is_another_each_time(house: Path) -> None:
    (house / "tests" / "test_ordered.py").write_text(ORDERED, encoding="utf-8")
    seeds = ("1", "2")
    orders = {
        run(house, *QUIETLY, "--collect-only",
            f"--randomly-seed={seed}").stdout.split("\n\n")[0]
        for seed in seeds
    }  # fmt: skip
    assert len(orders) == len(seeds)
    assert {len(order.splitlines()) for order in orders} == {10}


def test_static_checks_come_first(tmp_path: Path) -> None:
    assert is_checked_first(ROOT)
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace(" types tests\n", " tests\n")
    (tmp_path / "Makefile").write_text(text, encoding="utf-8")
    assert not is_checked_first(tmp_path)


def test_coverage_has_its_gates() -> None:
    rooms = ["--cov=kfdesk.domain", "--cov=kfdesk.bundle", "--cov-fail-under=100"]
    assert set(gates(ROOT, "tests")) >= set(rooms)
    assert set(gates(ROOT, "verify")) >= {"--cov", "--cov-fail-under=90"}
    assert "--trace-all" in (ROOT / "Makefile").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["coverage"]["run"] == {"branch": True, "source": ["kfdesk"]}


def make_rooms(house: Path) -> None:
    """Create empty packages with our names."""
    for place in ("kfdesk", "kfdesk/domain", "kfdesk/bundle", "kfdesk/ui"):
        (house / place).mkdir()
        (house / place / "__init__.py").touch()


@pytest.mark.slow  # test_coverage_has_its_gates asks
@pytest.mark.parametrize(
    ("target", "room"), first(1, [("tests", "domain"), ("tests", "bundle"), ("verify", "ui")])
)
def test_branch_that_no_test_takes_fails_the_run(house: Path, target: str, room: str) -> None:
    make_rooms(house)
    (house / "kfdesk" / room / "a.py").write_text(BRANCHES, encoding="utf-8")
    test = house / "tests" / "test_f.py"
    text = f"from kfdesk.{room}.a import f\n\n\ndef test_f():\n    assert f(1) == 1\n"
    command = (*QUIETLY, *gates(ROOT, target))
    outcomes = []
    for more in ("", "    assert f(0) == 2\n"):
        test.write_text(text + more, encoding="utf-8")
        outcomes.append(run(house, *command).returncode)
    assert outcomes == [1, 0]


def copy_what_holds_for_every_test(house: Path) -> None:
    """Copy what the conftest of all tests imports; the conftest itself is each test's affair."""
    for part in ("offline", "support"):
        shutil.copytree(ROOT / "tests" / part, house / "tests" / part)
    for part in ("durations.py", "costly.txt"):
        shutil.copy(ROOT / "tests" / part, house / "tests" / part)


@pytest.mark.slow  # the gate of 100 % sees it
@pytest.mark.parametrize("is_forgotten", first(1, [True, False]))
def test_what_an_untraced_test_has_left_does_not_hide_from_the_tracer(
    house: Path, *, is_forgotten: bool
) -> None:
    make_rooms(house)
    (house / "kfdesk" / "domain" / "a.py").write_text(REMEMBERED, encoding="utf-8")
    copy_what_holds_for_every_test(house)
    text = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    text = text if is_forgotten else text.replace("clear()\n", "pass\n")
    (house / "tests" / "conftest.py").write_text(text, encoding="utf-8")
    for place in ("a", "unit/domain"):  # the first is not traced, and comes first
        (house / "tests" / place).mkdir(parents=True)
        test = house / "tests" / place / f"test_in_{place[0]}.py"
        test.write_text(
            "from kfdesk.domain.a import f\n\n\ndef test_f():\n    assert f() == 1\n", "utf-8"
        )
    done = run(house, *QUIETLY, "-p", "no:randomly",
               *gates(ROOT, "tests"))  # fmt: skip
    assert "2 passed" in done.stdout, done.stdout
    assert (done.returncode == 0) is is_forgotten, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["here", "in a worker"])
@pytest.mark.parametrize("is_spared", [True, False])
def test_what_is_not_counted_is_not_traced_either_nor_are_its_fixtures(
    house: Path, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...], *, is_spared: bool
) -> None:
    monkeypatch.setenv("COVERAGE_CORE", "ctrace")  # another core leaves no trace function to see
    make_rooms(house)
    copy_what_holds_for_every_test(house)
    text = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    text = text if is_spared else text.replace("settrace(None)", "gettrace()")
    (house / "tests" / "conftest.py").write_text(text, encoding="utf-8")
    for place, is_traced in (("a", False), ("unit/domain", True)):
        (house / "tests" / place).mkdir(parents=True)
        test = house / "tests" / place / f"test_in_{place[0]}.py"
        test.write_text(LOOKING.format(is_traced=is_traced), encoding="utf-8")
    said = run(house, *QUIETLY, "--cov=kfdesk.domain",
               "--cov-report=", *workers).stdout  # fmt: skip
    assert ("2 passed" in said) is is_spared, said
    assert ("1 passed, 1 error" in said) is not is_spared, said


def test_words_are_derived_once_until_the_last_block_has_ended() -> None:
    paid = key_slots._derive_from_passphrase
    with remembering():
        remembered = key_slots._derive_from_passphrase
        with remembering():
            pass
        assert key_slots._derive_from_passphrase is remembered is not paid
    assert key_slots._derive_from_passphrase is paid


def test_only_rooms_that_exist_are_traced() -> None:
    assert all((ROOT / "tests" / room).is_dir() for room in COUNTED)


def test_costly_tests_exist_in_order_and_none_keeps_a_branch() -> None:
    texts = {each.name.removeprefix("tests/"): each.text for each in modules(ROOT, "tests")}
    lines = COSTLY.read_text("ascii").splitlines()
    named = [line.removesuffix("::runTest").split("::") for line in lines]
    gone = [names for path, *names in named if not all(n in texts.get(path, "") for n in names)]
    assert not gone, "rename or remove it in costly.txt"
    assert lines == sorted(set(lines))
    assert not [line for line in lines if line.startswith(COUNTED)]


def test_costly_is_what_took_long_in_its_mean(tmp_path: Path) -> None:
    cases = [
        ("gui.test_a", "test_slow[x]", 0.4), ("gui.test_a", "test_slow[y::[z]]", 0.2),
        ("gui.test_a", "test_quick[x]", 0.4), ("gui.test_a", "test_quick[y]", 0.01),
        ("gui.test_a.TestDays", "runTest", 1),
        ("unit.domain.test_b", "test_branches", 9), ("architecture.test_c", "test_tree", 9),
    ]  # fmt: skip
    report = tmp_path / "report.xml"
    lines = [f'<testcase classname="tests.{a}" name="{b}" time="{c}"/>' for a, b, c in cases]
    report.write_text(f"<testsuites>{''.join(lines)}</testsuites>")
    assert costly(report) == ["gui/test_a.py::TestDays::runTest", "gui/test_a.py::test_slow"]


def test_plain_run_leaves_out_the_costly_tests() -> None:
    path, _, function = min(listed()).partition("::")
    command = [sys.executable, "-m", "pytest", "--collect-only", "-qq", "-p", "no:randomly"]
    every = subprocess.run(
        [*command, f"tests/{path}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    plain = subprocess.run(
        [*command, "-m", "not costly", f"tests/{path}::{function}"], cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert path in every.stdout
    assert plain.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
