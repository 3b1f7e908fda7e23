# SPDX-License-Identifier: GPL-3.0-or-later
"""A kit holds what the program needs and nothing that only builds it; its scripts keep to that.

That a kit installs without a network is tried by hand, as `packaging/RELEASE.md` says.
"""

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from kfdesk.system.paths import PORTABLE_FLAG
from kits import KITS, LOCK, SCRIPTS, locked, make, write_sums, write_zip
from steps import SetupError

ONE = """one==1 ; python_version < '4' \\
    --hash=sha256:aa
    # via
    #   kfdesk (pyproject.toml)
    #   other
"""
TWO = "two==2 \\\n    --hash=sha256:bb\n    # via one\n"
BUILDS = "builds==3 \\\n    --hash=sha256:cc\n    # via kfdesk (pyproject.toml:dev)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Create a kit of two files and the script."""
    made = tmp_path / "kit"
    (made / "program").mkdir(parents=True)
    (made / "program" / "words.txt").write_text("words\n", encoding="utf-8")
    shutil.copyfile(SCRIPTS / "install.sh", made / "install.sh")
    write_sums(made)
    return made


def test_what_the_program_asks_for_is_taken_and_what_builds_it_is_not() -> None:
    names = [entry.partition("==")[0] for entry in locked(BUILDS + ONE + TWO)]
    assert names == ["one", "two"]


def test_hashes_stay_with_their_part() -> None:
    assert ["--hash=sha256:bb" in entry for entry in locked(ONE + TWO)] == [False, True]


def test_part_for_one_system_only_stops_the_kit() -> None:
    with pytest.raises(SetupError, match="one==1"):
        locked(ONE.replace("python_version < '4'", "sys_platform == 'win32'"))


def test_lock_of_this_program_names_every_part_by_hash() -> None:
    entries = locked(LOCK.read_text(encoding="utf-8"))
    names = {entry.partition("==")[0] for entry in entries}
    assert {"pyside6-essentials", "shiboken6", "sqlcipher3", "pyrage", "cffi"} <= names
    assert names.isdisjoint({"pytest", "pyinstaller", "mypy", "hypothesis"})
    assert all("--hash=sha256:" in entry for entry in entries)


def test_unknown_system_is_answered_by_the_known_ones() -> None:
    with pytest.raises(SetupError, match="windows-x64, macos-arm64, macos-x64, linux-x64"):
        make("amiga")


@pytest.mark.parametrize("name", sorted(KITS))
def test_every_system_has_a_script_that_never_asks_the_network(name: str) -> None:
    script = (SCRIPTS / KITS[name].script).read_text(encoding="utf-8")
    for option in ("--no-index", "--require-hashes", "--no-deps", "--only-binary :all:"):
        assert option in script
    assert script.index("SHA256SUMS") < script.index("pip install")
    assert "http" not in script


def test_every_file_has_its_sum(folder: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
    said = (folder / "SHA256SUMS").read_text(encoding="utf-8")
    assert f"{hashlib.sha256(b'words' + bytes([10])).hexdigest()}  program/words.txt" in said
    before = said
    write_sums(folder)
    assert (folder / "SHA256SUMS").read_text(encoding="utf-8") == before


def test_same_kit_gives_the_same_zip(folder: Path, tmp_path: Path) -> None:
    first, again = tmp_path / "a.zip", tmp_path / "b.zip"
    write_zip(folder, first, 1_764_000_000)
    (folder / "install.sh").touch()
    write_zip(folder, again, 1_764_000_000)
    assert first.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(first) as packed:
        assert packed.namelist() == ["kit/SHA256SUMS", "kit/install.sh", "kit/program/words.txt"]


def python_of_kits(folder: Path) -> str:
    """Create a stand-in that passes as the right Python with pip. Return its path."""
    script = folder.parent / "python"
    script.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    script.chmod(0o755)
    return str(script)


def installed(folder: Path, into: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": python_of_kits(folder), "HOME": str(into)}
    command = ["sh", str(folder / "install.sh"), str(into / "program")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_changed_file_keeps_everything_from_being_installed(folder: Path, tmp_path: Path) -> None:
    (folder / "program" / "words.txt").write_text("other\n", encoding="utf-8")
    done = installed(folder, tmp_path / "home")
    assert done.returncode == 1
    assert "damaged or changed" in done.stderr
    assert not (tmp_path / "home").exists()


def test_older_copy_is_kept_beside_the_new_one(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert installed(folder, home).returncode == 0
    (home / "program" / "words.txt").write_text("older\n", encoding="utf-8")
    assert installed(folder, home).returncode == 0
    assert (home / "program" / "words.txt").read_text(encoding="utf-8") == "words\n"
    assert (home / "program.before" / "words.txt").read_text(encoding="utf-8") == "older\n"
    assert (home / "program" / "notebook").stat().st_mode & 0o111


def test_store_beside_the_program_comes_along_at_every_install(
    folder: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert installed(folder, home).returncode == 0
    (home / "program" / PORTABLE_FLAG).touch()
    (home / "program" / "data" / "store").mkdir(parents=True)
    (home / "program" / "data" / "store" / "vault").write_bytes(b"hers")
    for _ in range(3):
        assert installed(folder, home).returncode == 0
        assert (home / "program" / "data" / "store" / "vault").read_bytes() == b"hers"
        assert (home / "program" / PORTABLE_FLAG).exists()


def test_store_that_an_older_copy_still_holds_is_not_removed_with_it(
    folder: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert installed(folder, home).returncode == 0
    held = home / "program.before" / "data"
    held.mkdir(parents=True)
    done = installed(folder, home)
    assert (done.returncode, held.exists()) == (1, True)
    assert str(held) in done.stderr
    assert "Nothing was installed" in done.stderr


def test_folder_with_other_files_is_not_taken_for_an_older_copy(
    folder: Path, tmp_path: Path
) -> None:
    letter = tmp_path / "home" / "program" / "letter.odt"
    letter.parent.mkdir(parents=True)
    letter.write_text("hers\n", encoding="utf-8")
    done = installed(folder, tmp_path / "home")
    assert (done.returncode, letter.read_text(encoding="utf-8")) == (1, "hers\n")
    assert "holds other files" in done.stderr
    letter.unlink()
    assert installed(folder, tmp_path / "home").returncode == 0


def test_folder_may_be_named_from_where_one_stands(folder: Path, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": python_of_kits(folder), "HOME": "/nowhere"}
    command = ["sh", str(folder / "install.sh"), "here/"]
    for _ in range(2):
        subprocess.run(command, env=environment, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "here" / "words.txt").exists()
    assert (tmp_path / "here.before" / "words.txt").exists()
    assert not (folder / "here").exists()


def test_installed_program_starts_after_its_folder_was_moved(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert installed(folder, home).returncode == 0
    moved = (home / "program").rename(tmp_path / "moved $HOME")
    told = tmp_path / "told"
    told.write_text('#!/bin/sh\nprintf "%s|" "$@"\n', encoding="utf-8")
    told.chmod(0o755)
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": str(told)}
    command = [str(moved / "notebook"), "verify"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == f"-P|-E|-s|{moved}/src/kfdesk/__main__.py|verify|"


def test_python_of_another_version_is_refused_first(folder: Path, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": "false", "HOME": str(tmp_path)}
    command = ["sh", str(folder / "install.sh")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, (tmp_path / "Notebook").exists()) == (1, False)
    assert "Python 3.13 is needed" in done.stderr
