# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things are, also for a program that is carried on a stick."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kfdesk.system import paths, settings

PACKAGE = Path(paths.__file__).parents[1]


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create a packaged program on a stick, without the flag."""
    program = tmp_path / "Notebook" / "notebook"
    program.parent.mkdir()
    program.touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(sys, "_MEIPASS", str(program.parent / "_internal"), raising=False)
    return program.parent


def test_without_a_flag_everything_lies_in_the_persons_own_folders(stick: Path) -> None:
    assert paths.portable_folder() is None
    for place in (paths.default_store(), paths.state_folder(), settings.settings_folder()):
        assert "notebook" in place.parts
        assert stick not in place.parents


def test_with_a_flag_everything_lies_beside_the_program(stick: Path) -> None:
    (stick / paths.PORTABLE_FLAG).touch()
    assert paths.portable_folder() == stick / "data"
    for place in (paths.default_store(), paths.state_folder(), settings.settings_folder()):
        assert stick / "data" in (place, *place.parents)


def test_settings_of_a_stick_are_written_there_and_nowhere_else(
    stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stick / paths.PORTABLE_FLAG).touch()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    settings.write_settings(settings.settings_folder(), settings.Settings(language="ru"))
    assert settings.read_settings(settings.settings_folder()).language == "ru"
    assert (stick / "data" / settings.SETTINGS_FILE).is_file()
    assert not (tmp_path / "home").exists()


def test_program_that_is_one_file_to_its_person_has_the_flag_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "Notebook.app" / "Contents" / "MacOS"
    inside.mkdir(parents=True)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(inside / "notebook"))
    (tmp_path / paths.PORTABLE_FLAG).touch()
    assert paths.portable_folder() == tmp_path / "data"


@pytest.mark.parametrize("inside", ["", "_internal/program"], ids=["kit", "setup file of Windows"])
def test_program_that_python_runs_finds_the_flag_where_a_person_puts_it(
    tmp_path: Path, inside: str
) -> None:
    """Run the module where a kit, and the setup file, put it: the place of a file decides."""
    own = tmp_path / inside
    (own / paths.resources_folder().name).mkdir(parents=True)
    for module in ("__init__", "system/__init__", "system/paths"):
        source = (own / "src" / "kfdesk" / module).with_suffix(".py")
        source.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PACKAGE / source.relative_to(own / "src" / "kfdesk"), source)
    asked = (
        f"import sys; sys.path.insert(0, {str(own / 'src')!r}); "
        "from kfdesk.system import paths; print(paths.portable_folder())"
    )

    def said() -> str:
        command = [sys.executable, "-P", "-c", asked]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert said() == "None"
    (tmp_path / paths.PORTABLE_FLAG).touch()
    assert said() == str(tmp_path / "data")


def test_package_knows_what_it_was_built_from(stick: Path) -> None:
    assert paths.build_id() == ""
    (stick / "_internal").mkdir()
    (stick / "_internal" / "build.txt").write_text("25ba9a4\n", encoding="ascii")
    assert paths.build_id() == "25ba9a4"


@pytest.mark.parametrize(
    "lists",
    [
        {"plans": "wide"}, {"plans": [1, "x"]}, {"plans": [True]}, {"plans": [-1]},
        {"plans": [10**9]}, {"plans": [0] * 99}, ["plans"], "plans",
    ],
)  # fmt: skip
def test_look_of_a_list_that_cannot_be_is_forgotten(tmp_path: Path, lists: object) -> None:
    kept = {"language": "ru", "lists": lists, "geometry": "A" * 5000}
    (tmp_path / settings.SETTINGS_FILE).write_text(json.dumps(kept), encoding="utf-8")
    read = settings.read_settings(tmp_path)
    assert (read.language, read.lists) == ("ru", {})
    assert len(read.geometry) <= 1000


def test_look_of_lists_and_window_is_kept(tmp_path: Path) -> None:
    kept = settings.Settings(is_compact=True, geometry="AdnQ", lists={"plans": [3, 1, 120]})
    settings.write_settings(tmp_path, kept)
    assert settings.read_settings(tmp_path) == kept


def test_folder_of_versions_is_found_from_a_version_in_it(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert paths.installed_folder() == stick
    version = stick / paths.VERSIONS / "0.3.0-abcd"
    version.mkdir(parents=True)
    (version / "notebook").touch()
    (stick / paths.CURRENT).symlink_to(Path(paths.VERSIONS, version.name))
    (stick / "notebook").unlink()
    (stick / "notebook").symlink_to(Path(paths.CURRENT, "notebook"))
    for started in (stick / "notebook", version / "notebook"):
        monkeypatch.setattr(sys, "executable", str(started))
        assert paths.installed_folder() == stick
        (stick / paths.PORTABLE_FLAG).touch()
        assert paths.portable_folder() == stick / "data"
    monkeypatch.delattr(sys, "frozen")
    assert paths.installed_folder() is None


def test_folder_that_is_only_called_versions_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "versions" / "mine" / "notebook"
    program.parent.mkdir(parents=True)
    program.touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    assert paths.installed_folder() == program.parent
