# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests themselves: each says what it expects, on real parts, and why when it cannot run.

Lines are counted as code: no blank line, comment or docstring, so that words do not count as tests.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.architecture.tree import (
    ROOT,
    Function,
    Module,
    classes,
    functions,
    modules,
    place,
    said,
    walk,
)

ONE_IN = 20  # tests that may replace a part of the program while they run
MOCKING_PARTS = {"mock", "pytest_mock", "unittest.mock"}
PRETENDING = re.compile(r"^_*(?:Fake|Mock|Stub|Dummy|Spy)(?:[A-Z_]|$)")
EXPECTING = {"deprecated_call", "fail", "raises", "waitSignal", "waitSignals", "waitUntil", "warns"}
LEAVING_OUT = {"importorskip", "skip", "skipif", "xfail"}
OUTSIDE = "sha" + "red"  # the folder beside the project with what others have published

LEAST = 1.0
TWICE = {  # what must never fail: the code, and the tests that are about nothing else
    "merge": (("src/kfdesk/domain/registers.py",), ("test_domain_writes.py", "*_merge_laws.py")),
    "disclosure": (
        ("src/kfdesk/domain/disclosure.py", "src/kfdesk/domain/grants.py"),
        (
            "disclosure_*.py",
            "test_domain_disclosure*.py",
            "test_domain_consents.py",
            "test_domain_grant*.py",
        ),
    ),
    "bundle": (("src/kfdesk/bundle/*.py",), ("tests/*/bundle/*.py",)),
}


def each_test(module: Module) -> Iterator[Function]:
    """Yield the tests of a module."""
    yield from (found for found in functions(module) if found.name.startswith("test_"))


def called(node: ast.AST) -> str:
    """Return the last name of what a node calls; an empty string if it calls nothing."""
    return said(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""


def is_expecting(test: Function) -> bool:
    """Return whether a test can fail by what it looks at; one that says so may let a check pass."""
    names = {called(node) for node in walk(test)}
    return (
        any(isinstance(node, ast.Assert) for node in walk(test))
        or bool(names & EXPECTING)
        or any(name.startswith("assert_") for name in names)
        or ("pass" in test.name and any(name.startswith("check_") for name in names))
    )


def idle_tests(root: Path) -> list[str]:
    """List tests that run something and assert nothing."""
    return [
        place(module, test)
        for module in modules(root, "tests")
        for test in each_test(module)
        if not is_expecting(test)
    ]


def pretences(root: Path) -> list[str]:
    """List imports of mocks, and stand-in classes other than the contract's own fakes."""
    found = []
    for module in modules(root, "tests"):
        for node in walk(module.tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [str(node.module), *(f"{node.module}.{a.name}" for a in node.names)]
            found += [f"{module.name} {name}" for name in names if name in MOCKING_PARTS]
        if not module.name.startswith("tests/contract/"):
            pretending = [kind for kind in classes(module) if PRETENDING.match(kind.name)]
            found += [place(module, kind) for kind in pretending]
    return found


def replacing(root: Path) -> tuple[list[str], int]:
    """Functions of the tests that replace a part while they run, and how many tests there are."""
    found, count = [], 0
    for module in modules(root, "tests"):
        count += len(list(each_test(module)))
        for function in functions(module):
            calls = [said(n.func) for n in walk(function) if isinstance(n, ast.Call)]
            if {"monkeypatch.setattr", "monkeypatch.setitem", "patch", "patch.object"} & {*calls}:
                found.append(place(module, function))
    return found, count


def skips(module: Module) -> Iterator[tuple[int, str]]:
    """Yield the line of each place that skips a test, with its reason or nothing."""
    told = set()
    for node in walk(module.tree):
        if isinstance(node, ast.Call) and called(node) in LEAVING_OUT:
            told.add(node.func)
            words = [word.value for word in node.keywords if word.arg == "reason"]
            words += node.args if called(node) == "skip" else []
            reasons = [said(word) for word in words if not is_empty(word)]
            yield node.lineno, "; ".join(reasons)
    for node in walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in LEAVING_OUT and node not in told:
            yield node.lineno, ""


def is_empty(word: ast.expr) -> bool:
    return isinstance(word, ast.Constant) and not str(word.value).strip()


def silent_skips(root: Path) -> list[str]:
    """List skipped tests without a reason."""
    return [
        f"{module.name}:{line}"
        for module in modules(root, "tests")
        for line, reason in skips(module)
        if not reason
    ]


def needing_outside(root: Path) -> list[str]:
    """List tests that read files next to the project and would fail without them."""
    found = []
    for module in modules(root, "tests"):
        words = {n.value for n in walk(module.tree) if isinstance(n, ast.Constant)}
        if OUTSIDE not in words:
            continue
        for test in each_test(module):
            marks = [said(mark) for mark in test.decorator_list]
            if not any(m.startswith(("needs_", "pytest.mark.skipif")) for m in marks):
                found.append(place(module, test))
    return found


def twins(root: Path) -> list[str]:
    """Names that two files of tests have: pytest then takes neither."""
    names = Counter(Path(module.name).name for module in modules(root, "tests"))
    return [name for name, count in names.items() if count > 1 and name.startswith("test_")]


def code_lines(module: Module) -> int:
    """Return the number of lines that are no blank, comment or docstring."""
    lines = {
        number
        for number, line in enumerate(module.text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    }
    for node in walk(module.tree):
        if isinstance(node, Function | ast.ClassDef | ast.Module) and ast.get_docstring(node):
            lines -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def lines_of(root: Path, patterns: Iterable[str], room: str) -> int:
    """Return the number of code lines in the files of a folder that match a pattern."""
    return sum(
        code_lines(module)
        for module in modules(root, room)
        if any(Path(module.name).match(pattern) for pattern in patterns)
    )


def ratio(root: Path, name: str) -> float:
    """Return the lines of tests to one of code: of everything, or of a part of TWICE."""
    code, about = TWICE.get(name, (("*.py",), ("*.py",)))
    return lines_of(root, about, "tests") / lines_of(root, code, "src")


def test_every_test_says_what_it_expects() -> None:
    assert idle_tests(ROOT) == []


@pytest.mark.slow
def test_nothing_pretends_to_be_a_part() -> None:
    assert pretences(ROOT) == []


@pytest.mark.slow
def test_hardly_any_test_replaces_a_part() -> None:
    found, count = replacing(ROOT)
    assert len(found) * ONE_IN <= count, found


@pytest.mark.slow
def test_test_that_is_left_out_says_why() -> None:
    assert silent_skips(ROOT) == []


@pytest.mark.slow
def test_what_lies_beside_the_project_is_not_needed() -> None:
    assert needing_outside(ROOT) == []


def test_no_two_files_of_tests_have_one_name() -> None:
    assert twins(ROOT) == []


@pytest.mark.slow
def test_there_are_as_many_lines_of_tests_as_of_code() -> None:
    assert ratio(ROOT, "everything") >= LEAST


@pytest.mark.parametrize("part", TWICE)
def test_there_are_twice_as_many_for_what_must_never_fail(part: str) -> None:
    assert ratio(ROOT, part) >= 2


# each of them broken


def breach(root: Path, text: str, name: str = "tests/test_breach.py") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_test_without_an_expectation_is_seen(tmp_path: Path) -> None:
    breach(
        tmp_path,
        "def test_a():\n    run()\ndef test_b():\n    check_row(1)\ndef test_c():\n    assert x\n"
        "def test_d_passes():\n    check_row(1)\ndef test_e():\n    with pytest.raises(A): ...\n",
    )
    wrong = ["tests/test_breach.py:1 test_a", "tests/test_breach.py:3 test_b"]
    assert idle_tests(tmp_path) == wrong


def test_mock_is_seen_in_each_form(tmp_path: Path) -> None:
    text = (
        "import unittest.mock\nfrom unittest import mock\nclass FakeVault: ...\nclass Fakir: ...\n"
    )
    breach(tmp_path, text)
    breach(tmp_path, "class FakeVault: ...\n", "tests/contract/fakes.py")
    assert pretences(tmp_path) == [
        "tests/test_breach.py unittest.mock",
        "tests/test_breach.py unittest.mock",
        "tests/test_breach.py:3 FakeVault",
    ]


def test_tests_that_replace_parts_are_counted(tmp_path: Path) -> None:
    many = "".join(f"def test_{number}(): assert x\n" for number in range(19))
    one = "def test_x(monkeypatch):\n    monkeypatch.setattr(a, 'b', 1)\n"
    breach(tmp_path, many + one)
    assert replacing(tmp_path) == (["tests/test_breach.py:20 test_x"], 20)


def test_skip_without_a_reason_is_seen(tmp_path: Path) -> None:
    breach(
        tmp_path,
        "@pytest.mark.skip\ndef test_a(): ...\n@pytest.mark.skipif(x, reason='no y')\n"
        "def test_b(): pytest.skip('no z')\n@pytest.mark.xfail(strict=True)\n"
        "def test_c(): pytest.skip('')\n",
    )
    wrong = {f"tests/test_breach.py:{line}" for line in (1, 5, 6)}
    assert set(silent_skips(tmp_path)) == wrong


def test_test_that_needs_what_is_outside_is_seen(tmp_path: Path) -> None:
    text = f"DATA = ROOT / '{OUTSIDE}'\n@needs_data\ndef test_a(): ...\ndef test_b(): ...\n"
    breach(tmp_path, text)
    assert needing_outside(tmp_path) == ["tests/test_breach.py:4 test_b"]


def test_two_files_of_one_name_are_seen(tmp_path: Path) -> None:
    for name in ("tests/unit/test_a.py", "tests/gui/test_a.py", "tests/gui/test_b.py"):
        breach(tmp_path, "", name)
    assert twins(tmp_path) == ["test_a.py"]


def test_words_do_not_count_as_lines_of_tests(tmp_path: Path) -> None:
    breach(tmp_path, "x = 1\ny = 2\n", "src/kfdesk/domain/registers.py")
    breach(tmp_path, '"""What.\n\nWhy."""\n\n# one\nx = (\n    1\n)\n', "tests/a.py")
    assert ratio(tmp_path, "everything") == pytest.approx(1.5)
    assert ratio(tmp_path, "merge") == 0
    breach(tmp_path, "x = 1\n" * 4, "tests/unit/domain/test_domain_writes.py")
    assert ratio(tmp_path, "merge") == pytest.approx(2)
