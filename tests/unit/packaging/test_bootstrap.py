# SPDX-License-Identifier: GPL-3.0-or-later
"""Set-up says in one sentence what is missing and what to do, and does nothing twice."""

import ast
import ctypes.util
import sys
from pathlib import Path

import pytest

import bootstrap
import system_parts
from steps import ROOT, SetupError, explain, last_line, run

PACKAGING = ROOT / "packaging"
BEFORE_THE_CHECK = ("bootstrap.py", "steps.py", "system_parts.py")
AT_HAND = set(sys.stdlib_module_names) | {"steps", "system_parts"}


def refusal(command: list[str]) -> str:
    with pytest.raises(SetupError) as caught:
        run(command, "the step failed")
    return str(caught.value)


@pytest.mark.parametrize(
    ("output", "remedy"),
    [
        ("Temporary failure in name resolution", "connect to the network"),
        ("error sending request for url", "connect to the network"),
        ("Temporary failure resolving 'mirror.invalid'", "connect to the network"),
        ("DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "do not use it"),
        ("Hash mismatch for `part==1.0`", "do not use it"),
        ("OSError: [Errno 28] No space left on device", "free about 1 GB"),
    ],
)
def test_known_cause_has_its_remedy(output: str, remedy: str) -> None:
    sentence = explain(f"noise\n{output}\nmore noise", "the step failed")
    assert sentence.startswith("the step failed: ")
    assert remedy in sentence
    assert "\n" not in sentence


def test_unknown_cause_is_told_by_its_last_line() -> None:
    assert explain("Traceback\n  File\nValueError: odd\n\n", "no") == "no: ValueError: odd"
    assert explain("", "no") == "no: it gave no reason"
    assert last_line(" \n") == ""


def test_output_of_a_program_is_returned() -> None:
    assert run([sys.executable, "-c", "print('done')"], "no") == "done\n"


def test_program_that_fails_is_told_without_its_traceback() -> None:
    told = refusal([sys.executable, "-c", "raise SystemExit('no mirror')"])
    assert told == "the step failed: no mirror"


def test_program_that_is_missing_is_named() -> None:
    assert "no-such-program cannot be run" in refusal(["no-such-program"])


def test_old_python_is_told_which_one_is_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 1))
    assert bootstrap.main() == 1
    told = capsys.readouterr().err
    assert "is too old: install Python 99.1 or newer" in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("name", BEFORE_THE_CHECK)
def test_old_python_can_read_what_tells_it_so(name: str) -> None:
    text = (PACKAGING / name).read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 7))
    assert "from __future__ import annotations" in text


@pytest.mark.parametrize("name", BEFORE_THE_CHECK)
def test_set_up_stands_on_the_standard_library_alone(name: str) -> None:
    tree = ast.parse((PACKAGING / name).read_text(encoding="utf-8"))
    names = {
        alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names
    }
    names |= {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= AT_HAND


def test_stamp_holds_for_its_own_mark_only(tmp_path: Path) -> None:
    assert not bootstrap.is_stamped(tmp_path, "a")
    bootstrap.put_stamp(tmp_path, "a")
    assert bootstrap.is_stamped(tmp_path, "a")
    assert not bootstrap.is_stamped(tmp_path, "b")


def test_mark_follows_every_part_and_the_contents_of_files(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("one", encoding="utf-8")
    first = bootstrap.fingerprint(lock, "3.11")
    assert bootstrap.fingerprint(lock, "3.11") == first
    assert bootstrap.fingerprint(lock, "3.13") != first
    lock.write_text("two", encoding="utf-8")
    assert bootstrap.fingerprint(lock, "3.11") != first


def test_uv_is_pinned_by_its_hashes() -> None:
    lines = bootstrap.PINNED_UV.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith(("#", " "))]
    assert [pin.split("==")[0] for pin in pins] == ["uv"]
    assert all(line.strip().startswith("--hash=sha256:") for line in lines if line.startswith(" "))


def test_library_is_found_by_loading_it() -> None:
    assert system_parts.loads(ctypes.util.find_library("c") or "libc.so.6")
    assert not system_parts.loads("libnosuchthing.so.9")


def test_missing_parts_are_told_with_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_parts, "DRAWING", {"libnosuchthing.so.9": "libnosuchthing9"})
    monkeypatch.setattr(system_parts, "WINDOW", {})
    monkeypatch.setattr(system_parts, "PROGRAMS", {"no-such-program": "no-such-package"})
    assert system_parts.missing_parts() == {
        "libnosuchthing.so.9": "libnosuchthing9",
        "no-such-program": "no-such-package",
    }


def test_remedy_is_one_line_to_run_or_the_files_to_look_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missing = {"libb.so.1": "libb1", "liba.so.1": "liba1"}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert system_parts.remedy(missing) == "install the packages that hold liba.so.1, libb.so.1"
    (tmp_path / "apt-get").touch(mode=0o755)
    assert system_parts.remedy(missing) == "run: sudo apt-get install liba1 libb1"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="parts are probed on Linux only")
def test_nothing_to_draw_with_ends_set_up_and_no_window_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get, so nothing is installed
    monkeypatch.setattr(system_parts, "PROGRAMS", {})
    monkeypatch.setattr(system_parts, "DRAWING", {})
    monkeypatch.setattr(system_parts, "WINDOW", {"libnosuchthing.so.9": "libnosuchthing9"})
    system_parts.ensure_system_parts()
    assert "libnosuchthing.so.9" in capsys.readouterr().out
    monkeypatch.setattr(system_parts, "DRAWING", {"libnosuchthing.so.9": "libnosuchthing9"})
    with pytest.raises(SetupError, match="cannot be drawn"):
        system_parts.ensure_system_parts()


def test_sources_that_cannot_be_unpacked_stop_no_set_up_and_leave_no_half(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """PySide does not start from a folder in which some of its sources are missing."""
    half = tmp_path / "lib" / "shiboken6" / bootstrap.SOURCES
    half.mkdir(parents=True)
    (half / "feature.py").touch()
    bootstrap.unpack_sources(tmp_path, tmp_path / "no-such-python")
    assert not half.exists()
    assert half.parent.exists()
    assert "could not be unpacked" in capsys.readouterr().out
