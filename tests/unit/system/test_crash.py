# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash mark: what a run leaves for the next one, and what a report never holds."""

from pathlib import Path

import pytest

from kfdesk.i18n.client_texts import read_client_texts
from kfdesk.system.crash import MARK_FILE, CrashMark, read_lines, report_lines

HARD = """running
Fatal Python error: Segmentation fault

Current thread 0x00007f (most recent call first):
  File "/somewhere/Nina Petrova/src/kfdesk/ui/worker.py", line 280 in _run_job
  File "C:\\Users\\Eva\\kfdesk\\ui\\theme.py", line 12 in f
  File "/usr/lib/python3.11/threading.py", line 982 in run
"""


def left_by_last_run(state: Path) -> str:
    """Begin and end a run; return what the run before it left."""
    mark = CrashMark(state)
    report = mark.begin()
    mark.end()
    return report


def test_clean_end_leaves_nothing_to_tell(tmp_path: Path) -> None:
    for _ in range(2):
        mark = CrashMark(tmp_path)
        assert mark.begin() == ""
        mark.end()
    assert CrashMark(None).begin() == ""


def test_run_without_an_end_is_told_once(tmp_path: Path) -> None:
    (tmp_path / MARK_FILE).write_text(HARD)
    mark = CrashMark(tmp_path)
    report = mark.begin().splitlines()
    assert report[:3] == [
        "stopped by Segmentation_fault", "kfdesk/ui/worker.py:280", "kfdesk/ui/theme.py:12",
    ]  # fmt: skip
    assert not {"somewhere", "Nina", "Users"} & set(" ".join(report).replace("/", " ").split())
    mark.end()
    assert left_by_last_run(tmp_path) == ""


def test_first_bug_alone_is_kept_by_its_types_and_places(tmp_path: Path) -> None:
    mark = CrashMark(tmp_path)
    mark.begin()
    with pytest.raises(FileNotFoundError) as caught:
        read_client_texts(Path("Nina"))
    assert mark.keep(FileNotFoundError, caught.value)
    assert not mark.keep(ValueError, ValueError("Nina"))
    mark.end()
    report = left_by_last_run(tmp_path)
    assert report.startswith("stopped by FileNotFoundError\nkfdesk/i18n/client_texts.py:")
    assert "Nina" not in report
    assert "ValueError" not in report


def test_type_that_was_named_by_a_value_is_not_named() -> None:
    assert next(report_lines(None, type("Nina Petrova", (Exception,), {}))) == (
        "stopped by exception"
    )


def test_causes_that_go_round_in_a_circle_end() -> None:
    one, two = ValueError(), KeyError()
    one.__cause__, two.__cause__ = two, one
    assert len(list(report_lines(one, ValueError))) == 6


@pytest.mark.parametrize("left", ["running\n", "\0" * 50, "kfdesk/../Nina.py:1\nNina\n"])
def test_file_that_lies_says_nothing(left: str) -> None:
    assert read_lines(left) == ("stopped without a trace",)


def test_second_window_marks_nothing(tmp_path: Path) -> None:
    first, second = CrashMark(tmp_path), CrashMark(tmp_path)
    assert (first.begin(), second.begin()) == ("", "")
    second.end()
    first.end()
    assert left_by_last_run(tmp_path) == ""


def test_folder_that_cannot_be_written_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    assert CrashMark(tmp_path / "state").begin() == ""
