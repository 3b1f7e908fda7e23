# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows of others' servers run what the tree has, on every Python that it promises."""

import re
import shlex
import tomllib

import pytest
from tests.architecture.tree import ROOT

WORKFLOWS = (".github/workflows/check.yml", ".gitlab-ci.yml")
NIGHTLY = ".github/workflows/nightly.yml"


def versions(text: str) -> set[str]:
    """Return the Pythons of a matrix."""
    return set(re.findall(r'"(3\.\d+)"', text))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_promised_python_is_tried(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = {each.rpartition(" ")[2] for each in project["classifiers"] if ":: Python :: 3." in each}
    assert told <= versions((ROOT / name).read_text(encoding="utf-8"))
    assert project["requires-python"] == f">={min(told)}"


@pytest.mark.parametrize("name", [*WORKFLOWS, ".pre-commit-config.yaml"])
def test_what_a_workflow_starts_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:packaging/\w+\.py|\.ci/\w+|tests/\w+)", text))
    assert named
    assert [each for each in named if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("name", [WORKFLOWS[0], NIGHTLY])
def test_workflow_may_only_read(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "permissions:\n  contents: read\n" in text
    assert "persist-credentials: false" in text
    assert "secrets." not in text


def test_ci_tries_the_wheel_and_runs_the_tests() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [shlex.split(line) for line in lines if not line.startswith("#")]
    cut_off = ["timeout", "--signal=TERM", "--kill-after=20", "60", "make", "test", "||", "true"]
    assert commands[-4:] == [
        ["make", "wheel-check"],
        [".ci/demo-twice"],
        cut_off,
        ["exec", "make", "test", "COSTLY=1"],
    ]


@pytest.mark.parametrize("name", [NIGHTLY, WORKFLOWS[1]])
def test_slow_tests_run_by_themselves(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "schedule" in text
    assert "make verify" in text
