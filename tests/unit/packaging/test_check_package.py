# SPDX-License-Identifier: GPL-3.0-or-later
"""A package that asks too much of an old laptop is named before it goes out."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT
from tests.unit.packaging.test_elf import library, needs_binutils

import check_package
from check_package import GLIBC, Figures, check, faults_of, figures_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have other files")
needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg is not installed")
CONTROL = "Package: notebook\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x>\nDescription: x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Create what a package unpacks to: a text of a thousand bytes and a link."""
    made = tmp_path / "unpacked"
    made.mkdir()
    (made / "words.txt").write_bytes(bytes(1000))
    (made / "link").symlink_to("words.txt")
    return made


@pytest.fixture
def package(tmp_path: Path) -> Path:
    made = tmp_path / "notebook_1.deb"
    made.write_bytes(bytes(500))
    return made


def test_figures_count_each_file_once(package: Path, folder: Path) -> None:
    assert figures_of(package, folder) == Figures(500, 1000, 1, (0, 0))
    assert str(Figures(45_600_000, 120_400_000, 7, (2, 35))) == (
        "45.6 MB packed, 120 MB on disk, 7 files, glibc 2.35"
    )
    assert list(faults_of(package, folder)) == []


def test_package_that_is_too_large_is_named(
    package: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_package, "PACKED", 499)
    monkeypatch.setattr(check_package, "ON_DISK", 999)
    assert len(list(faults_of(package, folder))) == 2


def test_library_for_a_newer_system_is_named(
    package: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(Path(sys.executable).resolve(), folder / "notebook")
    monkeypatch.setattr(check_package, "GLIBC", (2, 1))
    fault, *_ = faults_of(package, folder)  # its path to the folder of this Python comes after
    assert re.match(r"notebook needs glibc 2\.\d+: build it on Debian 12", fault)
    for name in ("second", "third"):
        shutil.copyfile(folder / "notebook", folder / name)
    fault, *_ = faults_of(package, folder)  # one sentence, however many there are
    assert re.match(r"notebook and 2 others need glibc 2\.\d+: build it on Debian 12", fault)


@needs_binutils
def test_library_that_looks_into_a_builders_home_is_named(package: Path, folder: Path) -> None:
    shutil.move(library(folder.parent, "-rpath", "/srv/x/lib"), folder / "lib.so")
    (fault,) = faults_of(package, folder)
    assert fault.startswith("lib.so looks for libraries in /srv/x/lib: build it with")


@needs_binutils
def test_library_that_only_a_library_of_the_system_asked_for_is_named(
    package: Path, folder: Path
) -> None:
    for name in ("libkrb5.so.3", "libpython3.11.so.1.0", "plugin.so"):
        shutil.move(library(folder.parent), folder / name)
    (fault,) = faults_of(package, folder)
    assert fault.startswith("libkrb5.so.3 is asked for by nothing in the package")


@needs_dpkg
def test_package_is_unpacked_and_read(folder: Path, tmp_path: Path) -> None:
    (folder / "DEBIAN").mkdir()
    (folder / "DEBIAN").chmod(0o755)  # whatever ran in this process before
    (folder / "DEBIAN" / "control").write_text(CONTROL, encoding="ascii")
    made = tmp_path / "notebook_2.deb"
    subprocess.check_call(
        ["dpkg-deb", "--build", str(folder), str(made)], stdout=subprocess.DEVNULL
    )
    figures, _ = check(made)
    assert (figures.packed, figures.on_disk, figures.files) == (made.stat().st_size, 1000, 1)


def test_oldest_c_library_is_the_one_that_the_documents_promise() -> None:
    release = (ROOT / "packaging" / "RELEASE.md").read_text(encoding="utf-8")
    assert f"glibc {GLIBC[0]}.{GLIBC[1]}" in release
