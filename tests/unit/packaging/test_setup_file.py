# SPDX-License-Identifier: GPL-3.0-or-later
"""The setup file for Windows is really compiled here, from a stand-in for the program's folder.

Windows does not run here: what it does there is tried by hand, as `packaging/RELEASE.md` says.
"""

import re
import shutil
from pathlib import Path

import pytest

from build_package import SETUP, build_setup
from steps import SetupError

LANGUAGES = {"ENGLISH", "SWEDISH", "RUSSIAN"}
OURS = re.compile(
    r"[$]INSTDIR(\\_internal|\\[$]\{PROGRAM\}|\\notebook-console.exe|\\uninstall.exe)?"
)

needs_nsis = pytest.mark.skipif(not shutil.which("makensis"), reason="NSIS is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Create what PyInstaller leaves on Windows, as far as the script needs it."""
    made = tmp_path / "a blank" / "notebook"
    (made / "_internal" / "ж").mkdir(parents=True)
    for name in ("notebook.exe", "notebook-console.exe", "_internal/ж/words.txt"):
        (made / name).write_text(name, encoding="utf-8")
    return made


@pytest.mark.slow
@needs_nsis
def test_setup_file_is_a_program_for_windows_and_the_same_for_the_same_folder(
    folder: Path,
) -> None:
    first = build_setup(folder, "0.1.0").read_bytes()
    (folder / "notebook.exe").touch()
    assert build_setup(folder, "0.1.0").read_bytes() == first
    head = int.from_bytes(first[0x3C:0x40], "little")
    assert first[head : head + 6] == b"PE\0\0\x64\x86"  # x86-64, as the parts in the folder are
    assert sorted(path.name for path in folder.parent.iterdir()) == [
        "notebook",
        "notebook-setup.exe",
    ]


@needs_nsis
def test_folder_without_a_file_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "notebook").mkdir()
    with pytest.raises(SetupError, match="could not be built"):
        build_setup(tmp_path / "notebook", "0.1.0")


def test_every_sentence_is_said_in_each_language_of_the_program() -> None:
    script = SETUP.read_text(encoding="utf-8")
    said: dict[str, set[str]] = {}
    for name, language in re.findall(r"^LangString (\w+) \$\{LANG_(\w+)\}", script, re.MULTILINE):
        said.setdefault(name, set()).add(language)
    assert len(said) >= 4
    assert all(languages == LANGUAGES for languages in said.values())
    assert set(re.findall(r'MUI_LANGUAGE "(\w+)"', script)) == {"English", "Swedish", "Russian"}


def test_uninstalling_names_only_what_was_installed() -> None:
    _, _, removing = SETUP.read_text(encoding="utf-8").partition('Section "Uninstall"')
    removed = re.findall(r'^ +(?:RMDir|Delete)(?: /r)? "([$]INSTDIR[^"]*)"', removing, re.MULTILINE)
    assert len(removed) == 5
    assert all(OURS.fullmatch(path) for path in removed)
    assert 'RMDir /r "$INSTDIR"' not in removing
