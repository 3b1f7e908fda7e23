# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo can be played twice in a folder: it deletes what it makes, and nothing else."""

import re
import shutil
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT

from kfdesk.demo import show, story

NEIGHBOURS = ("narva2", "my papers", "Pages", "letters", "nordhuset.old", "story")


def test_each_folder_of_an_earlier_demo_is_deleted_and_no_other(tmp_path: Path) -> None:
    for name in (*story.FOLDERS, *NEIGHBOURS):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notebook.db").write_bytes(b"x")
    assert show._clear_folder(tmp_path) == tmp_path
    assert {path.name for path in tmp_path.iterdir()} == set(NEIGHBOURS)
    assert show._clear_folder(tmp_path / "new").is_dir()


def test_every_store_of_the_demo_is_in_its_list() -> None:
    """A store that is made under a name of its own would stop the second demo."""
    made = set()
    for module in (ROOT / "src" / "kfdesk" / "demo").glob("*.py"):
        made |= set(re.findall(r"create_\w*store\(\s*\w+ / (\w+)", module.read_text("utf-8")))
    assert {"OURS", "NARVA", "TARTU"} <= made
    assert {getattr(story, name) for name in made} <= set(story.FOLDERS)


def test_demo_that_cannot_be_played_says_so_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here a store is left in the folder because nothing could be deleted."""
    (tmp_path / story.OURS).mkdir()
    (tmp_path / story.OURS / "slots-a.kfk").write_bytes(b"x")
    monkeypatch.setattr(shutil, "rmtree", lambda _: None)
    assert show.main(["--into", str(tmp_path), "--no-window"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said == ["The demo has stopped: There is already a database in this folder."]
    (tmp_path / "file").write_bytes(b"x")
    assert show.main(["--into", str(tmp_path / "file"), "--no-window"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("The demo cannot write into its folder: ")
