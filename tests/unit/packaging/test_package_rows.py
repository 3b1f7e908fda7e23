# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the built package are taken from what was built, and from nothing else."""

from pathlib import Path

import pytest
from benchmarks import package
from benchmarks.package import SOURCE, rows, sizes


def built(dist: Path) -> Path:
    """Create a built program that exits at once, and its package."""
    folder = dist / "notebook"
    folder.mkdir(parents=True)
    program = folder / "notebook"
    program.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    program.chmod(0o755)
    (folder / "words.bin").write_bytes(bytes(2_000_000))
    (folder / "link.bin").symlink_to("words.bin")
    return dist


@pytest.fixture(autouse=True)
def _blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks for a window: a script has none."""
    monkeypatch.setattr(package, "can_look", bool)


def test_without_a_build_there_are_no_rows(tmp_path: Path) -> None:
    assert rows(tmp_path) == []


@pytest.mark.slow
def test_size_counts_each_file_once_and_the_start_is_a_ratio(tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nsleep 0.2\n", encoding="utf-8")
    slow.chmod(0o755)
    size, start = rows(built(tmp_path), [str(slow)])
    assert (round(size.figures[0], 1), size.unit) == (2.0, "MB")
    assert (len(start.figures), start.unit) == (5, "×")
    assert all(figure < 1 for figure in start.figures)
    assert SOURCE[1:] == ("-m", "kfdesk")  # which `make bench` starts


def test_newest_debian_package_has_a_row(tmp_path: Path) -> None:
    dist = built(tmp_path)
    (dist / "notebook_0.1.0+1.deb").write_bytes(bytes(1_000_000))
    (dist / "notebook_0.1.0+2.deb").write_bytes(bytes(3_000_000))
    figures = {row.job: row.figures for row in sizes(dist)}
    assert figures["package: .deb"] == (3.0,)
