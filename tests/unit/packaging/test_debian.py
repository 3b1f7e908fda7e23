# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian package asks for what its binaries need, and says nothing of what it is for.

That it installs and runs on a bare system is tried by `make package-check`.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from debian import binaries, build_deb, depends, lay_out, needs_of, version_of, write_control
from steps import SetupError

TELLING = re.compile(r"traffic|shelter|victim|kfdesk|escape|return plan", re.IGNORECASE)
SECONDS = 1_764_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Create a program of a script, a text and a link."""
    made = tmp_path / "dist" / "notebook"
    made.mkdir(parents=True)
    (made / "notebook").write_text("#!/bin/sh\n", encoding="utf-8")
    (made / "notebook").chmod(0o700)
    (made / "words.txt").write_text("words\n", encoding="utf-8")
    (made / "words.txt").chmod(0o600)
    (made / "link.txt").symlink_to("words.txt")
    return made


def test_packages_are_named_after_the_libraries_that_are_the_systems() -> None:
    asked = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "libEGL.so.1", "libxcb.so.1"}
    line = depends(asked, (2, 39))
    assert line.startswith("libc6 (>= 2.39), ")
    assert {"libegl1", "libxcb1", "tzdata", "xkb-data"} <= set(line.split(", "))


def test_library_that_nobody_named_a_package_for_stops_the_build() -> None:
    with pytest.raises(SetupError, match=r"libcurl\.so\.4"):
        depends({"libcurl.so.4", "libc.so.6"}, (2, 39))


def test_what_a_binary_needs_is_read_off_it(tmp_path: Path) -> None:
    (tmp_path / "text.so").write_text("no library", encoding="utf-8")
    program = shutil.copy(Path(sys.executable).resolve(), tmp_path / "program")
    (tmp_path / "link").symlink_to(program)
    assert binaries(tmp_path) == [Path(program)]
    for name in re.findall(r"(\S+) => ", subprocess.check_output(["ldd", program], text=True)):
        (tmp_path / name).touch()
    assert re.match(r"libc6 \(>= 2\.\d+\), fontconfig-config", needs_of(tmp_path))


def test_newer_commit_is_a_newer_version() -> None:
    assert version_of("0.1.0", SECONDS) == "0.1.0+29400000"
    newer, older = version_of("0.1.0", SECONDS + 60), version_of("0.1.0", SECONDS)
    subprocess.check_call(["dpkg", "--compare-versions", newer, "gt", older])


def test_everything_lies_where_a_desktop_looks(folder: Path, tmp_path: Path) -> None:
    into = tmp_path / "laid"
    lay_out(folder, into, ("the licences", "{}"), "0.1.0+5", SECONDS)
    assert (into / "usr/bin/notebook").resolve() == into / "usr/lib/notebook/notebook"
    assert (into / "usr/share/applications/notebook.desktop").is_file()
    assert (into / "usr/share/icons/hicolor/scalable/apps/notebook.svg").is_file()
    assert (into / "usr/share/doc/notebook/copyright").read_text(encoding="utf-8") == "the licences"
    assert (into / "usr/lib/notebook/notebook").stat().st_mode & 0o777 == 0o755
    assert (into / "usr/lib/notebook/words.txt").stat().st_mode & 0o777 == 0o644
    assert (into / "usr/lib/notebook/link.txt").is_symlink()


def test_description_is_neutral_and_every_file_has_its_sum(folder: Path, tmp_path: Path) -> None:
    into = tmp_path / "laid"
    lay_out(folder, into, ("c", "{}"), "0.1.0+5", SECONDS)
    write_control(into, "0.1.0+5", "libc6")
    control = (into / "DEBIAN" / "control").read_text(encoding="utf-8")
    assert TELLING.search(control) is None
    assert {"Package: notebook", "Version: 0.1.0+5", "Depends: libc6"} <= set(control.splitlines())
    sums = (into / "DEBIAN" / "md5sums").read_text(encoding="utf-8")
    assert sorted(line.split("  ")[1] for line in sums.splitlines()) == sums_of(into)


def sums_of(into: Path) -> list[str]:
    return sorted(
        path.relative_to(into).as_posix()
        for path in (into / "usr").rglob("*")
        if path.is_file() and not path.is_symlink()
    )


def test_same_folder_gives_the_same_package_and_the_older_one_goes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("debian.ROOT", tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    first = build_deb(folder, "0.1.0+1", SECONDS, ("c", "{}"))
    before = first.read_bytes()
    again = build_deb(folder, "0.1.0+1", SECONDS, ("c", "{}"))
    assert again.read_bytes() == before
    newer = build_deb(folder, "0.1.0+2", SECONDS, ("c", "{}"))
    assert sorted(folder.parent.glob("*.deb")) == [newer]
