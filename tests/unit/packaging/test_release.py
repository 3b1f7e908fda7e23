# SPDX-License-Identifier: GPL-3.0-or-later
"""A release is signed by a key outside the tree that the program accepts, or it is not made.

Building takes minutes and is left to `make release`; everything around it is tried here.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.updates import KEY, NEW, NEXT_KEY, keys_of, light_version, tree

import build_package
import check_package
import old_system
import release
from kfdesk.domain.version import VERSION
from kfdesk.system.signatures import KEYS_FILE
from kfdesk.system.update_files import open_update, unpack
from kfdesk.system.updates import this_system
from release import (
    check_key,
    check_tools,
    main,
    open_key,
    pack_update,
    read_manifest_of,
    sign_all,
    sums_of,
)
from steps import ROOT, SetupError

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "minisign"


PROGRAM = Path(shutil.which("true") or sys.executable).resolve()
needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg is not installed")
CONTROL = "Package: notebook\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x>\nDescription: x\n"


def count(_size: int) -> None:
    """Count nothing."""


def package_of(laid: Path, package: Path, *, program: bool = True) -> Path:
    """Build a Debian package with a program of this system in it, or with none."""
    (laid / "DEBIAN").mkdir(parents=True)
    (laid / "DEBIAN").chmod(0o755)  # whatever ran in this process before
    (laid / "DEBIAN" / "control").write_text(CONTROL, encoding="ascii")
    if program:
        shutil.copyfile(PROGRAM, laid / "notebook")
    subprocess.check_call(["dpkg-deb", "--build", laid, package], stdout=subprocess.DEVNULL)
    return package


def test_folder_comes_out_as_it_went_in(tmp_path: Path) -> None:
    folder = light_version(tmp_path / "built", NEW)
    update = tmp_path / "notebook.kfupdate"
    pack_update(folder, update, read_manifest_of(folder, NEW, "abcd", "linux-x86_64"))
    KEY.sign(update, "x")
    unpack(open_update(update, keys_of(KEY), count), tmp_path / "out", count)
    assert {name: each for name, each in tree(tmp_path / "out").items() if each} == {
        name: each for name, each in tree(folder).items() if each
    }


def test_same_folder_gives_the_same_file(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        folder = light_version(tmp_path / name / "notebook", NEW)
        update = tmp_path / f"{name}.kfupdate"
        pack_update(folder, update, read_manifest_of(folder, NEW, "abcd", "linux-x86_64"))
        made.append(update.read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize("target", ["../../outside", "/etc/passwd", "lib", "gone"])
def test_link_that_leads_out_or_to_a_folder_stops_the_release(tmp_path: Path, target: str) -> None:
    folder = light_version(tmp_path / "built", NEW)
    (tmp_path / "outside").touch()
    (folder / "_internal" / "bad").symlink_to(target)
    with pytest.raises(SetupError, match="bad"):
        read_manifest_of(folder, NEW, "abcd", "linux-x86_64")


def test_name_that_no_update_can_have_stops_the_release(tmp_path: Path) -> None:
    folder = light_version(tmp_path / "built", NEW)
    (folder / "_internal" / "naïve").touch()
    with pytest.raises(SetupError, match="name"):
        pack_update(folder, tmp_path / "x", read_manifest_of(folder, NEW, "abcd", "linux-x86_64"))


def test_each_file_is_signed_and_checked(tmp_path: Path) -> None:
    files = [tmp_path / "notebook.deb", tmp_path / "notebook.tar.gz"]
    for path in files:
        path.write_bytes(path.name.encode())
    signed = sign_all(files, KEY, 1_790_000_000)
    assert [path.name for path in signed] == [f"{path.name}.minisig" for path in files]
    for path in files:
        open_update(path, keys_of(KEY), count)
    line = signed[0].read_text(encoding="utf-8").splitlines()[2]
    assert line == (
        f"trusted comment: timestamp:1790000000\tfile:notebook.deb\tversion:{VERSION}\thashed"
    )


def test_key_in_the_tree_or_open_to_others_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="in this tree"):
        open_key(VECTORS / "open.key")
    link = tmp_path / "link.key"
    link.symlink_to(VECTORS / "open.key")
    with pytest.raises(SetupError, match="in this tree"):
        open_key(link)
    outside = tmp_path / "open.key"
    shutil.copyfile(VECTORS / "open.key", outside)
    outside.chmod(0o644)
    with pytest.raises(SetupError, match="chmod 600"):
        open_key(outside)
    outside.chmod(0o600)
    assert open_key(outside).public == (VECTORS / "open.pub").read_text("ascii").split()[-1]
    with pytest.raises(SetupError, match="cannot be read"):
        open_key(tmp_path / "gone")


def test_key_that_the_program_does_not_accept_signs_nothing() -> None:
    check_key(KEY, keys_of(KEY, NEXT_KEY))
    for keys in (keys_of(), keys_of(NEXT_KEY), keys_of(NEXT_KEY, revoked=(KEY,))):
        with pytest.raises(SetupError, match=KEYS_FILE):
            check_key(KEY, keys)


def _nothing_built() -> list[Path]:
    raise AssertionError


def test_release_of_a_changed_tree_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "open_key", lambda _path: KEY)
    monkeypatch.setattr(release, "check_key", lambda _key, _keys: None)
    monkeypatch.setattr(release, "run", lambda _command, _fault: " M src/kfdesk/app.py\n")
    monkeypatch.setattr(build_package, "build", _nothing_built)
    with pytest.raises(SetupError, match="commit"):
        release.make(Path("key"))


@pytest.mark.parametrize("tags", ["", "v0.0.1\n", f"v{VERSION}.1\nlatest\n"])
def test_release_of_a_commit_without_its_tag_is_not_built(
    monkeypatch: pytest.MonkeyPatch, tags: str
) -> None:
    monkeypatch.setattr(release, "open_key", lambda _path: KEY)
    monkeypatch.setattr(release, "check_key", lambda _key, _keys: None)
    monkeypatch.setattr(release, "run", lambda words, _fault: tags if "tag" in words else "")
    monkeypatch.setattr(build_package, "build", _nothing_built)
    with pytest.raises(SetupError, match=f"no tag v{VERSION}: git tag"):
        release.make(Path("key"))


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that everything is built in but the packages, for a key that counts."""
    light_version(tmp_path / "notebook", VERSION)
    (tmp_path / "old.minisig").touch()
    monkeypatch.setattr(release, "DIST", tmp_path)
    monkeypatch.setattr(release, "open_key", lambda _path: KEY)
    monkeypatch.setattr(release, "check_key", lambda _key, _keys: None)
    monkeypatch.setattr(release, "check_tools", lambda: None)
    monkeypatch.setattr(release, "run", lambda words, _fault: f"v{VERSION}" * ("tag" in words))
    monkeypatch.setattr(release, "build_number", lambda: "abcd1234")
    monkeypatch.setattr(release, "last_commit", lambda: 1_790_000_000)
    monkeypatch.setattr(release, "build_again", lambda _paths: [])
    return tmp_path


@pytest.mark.parametrize(
    "differing", [[], ["notebook.tar.gz"]], ids=["the same twice", "other bytes"]
)
def test_release_is_signed_only_if_a_second_build_gives_the_same(
    dist: Path, monkeypatch: pytest.MonkeyPatch, differing: list[str]
) -> None:
    archive = dist / "notebook.tar.gz"
    archive.write_bytes(b"archive")
    monkeypatch.setattr(build_package, "build", lambda: [archive])
    monkeypatch.setattr(release, "build_again", lambda _paths: differing)
    make: Callable[[], list[Path]] = lambda: release.make(Path("key"))  # noqa: E731
    if differing:
        with pytest.raises(SetupError, match=r"notebook\.tar\.gz"):
            make()
        assert not list(dist.glob("*.minisig"))
        return
    made = [path.name for path in make()]
    update = f"notebook-{VERSION}-{this_system()}.kfupdate"
    assert made == [archive.name, update, f"{archive.name}.minisig", f"{update}.minisig"]
    assert not (dist / "old.minisig").exists()
    signed = open_update(dist / update, keys_of(KEY), count)
    assert signed.manifest is not None
    assert (signed.manifest.version, signed.manifest.build) == (VERSION, "abcd1234")
    assert set(sums_of([archive])) == {archive.name}


@needs_dpkg
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other programs")
@pytest.mark.parametrize("is_old", [True, False], ids=["for old laptops", "for new ones alone"])
def test_package_that_fails_its_check_is_not_signed(
    dist: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_old: bool,
) -> None:
    package = package_of(dist / "laid", dist / "notebook_1.deb")
    monkeypatch.setattr(check_package, "GLIBC", (9, 9) if is_old else (2, 1))
    monkeypatch.setattr(check_package, "lint", lambda _package: [])
    monkeypatch.setattr(build_package, "build", lambda: [package])
    monkeypatch.setattr("sys.argv", ["release.py", "key"])
    assert main() == (0 if is_old else 1)
    said = capsys.readouterr()
    assert "notebook_1.deb: " in said.out  # its figures
    assert bool(list(dist.glob("*.minisig"))) is is_old
    assert bool(list(dist.glob("*.kfupdate"))) is is_old
    if not is_old:
        assert re.search(r"notebook needs glibc 2\.\d+: build it on Debian 12 \(SYSTEM=", said.err)
        assert said.err.splitlines()[-1].startswith("release: nothing was signed")


@needs_dpkg
@pytest.mark.parametrize("fault", ["lintian", "size", "torn"])
def test_each_fault_of_a_package_stops_the_release(
    dist: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    package = package_of(dist / "laid", dist / "notebook_1.deb", program=False)
    monkeypatch.setattr(check_package, "lint", lambda _: ["no-manual-page"] * (fault == "lintian"))
    if fault == "size":
        monkeypatch.setattr(check_package, "PACKED", 10)
    elif fault == "torn":
        package.write_bytes(package.read_bytes()[:200])
    monkeypatch.setattr(build_package, "build", lambda: [package])
    with pytest.raises(SetupError):
        release.make(Path("key"))
    assert not list(dist.glob("*.minisig"))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other programs")
def test_folder_is_checked_where_no_debian_package_can_be_made(
    dist: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = dist / "notebook.tar.gz"
    archive.write_bytes(b"archive")
    shutil.copyfile(PROGRAM, dist / "notebook" / "_internal" / "true")
    monkeypatch.setattr(check_package, "GLIBC", (2, 1))
    monkeypatch.setattr(build_package, "build", lambda: [archive])
    with pytest.raises(SetupError, match="nothing was signed"):
        release.make(Path("key"))
    assert "_internal/true needs glibc" in capsys.readouterr().err
    assert not list(dist.glob("*.minisig"))


def test_release_is_not_begun_without_what_checks_its_package(
    dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "check_tools", check_tools)
    monkeypatch.setattr(build_package, "build", _nothing_built)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "lintian" else f"/{name}")
    with pytest.raises(SetupError, match="apt-get install lintian"):
        release.make(Path("key"))
    assert (dist / "old.minisig").exists()  # of the release before, which is as it was


@pytest.mark.parametrize("second", [b"one", b"two"])
def test_older_system_builds_twice_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second: bytes
) -> None:
    archive, contents = tmp_path / "notebook.tar.gz", [b"one", second]

    def build(suite: str) -> list[Path]:
        assert suite == "bookworm"
        archive.write_bytes(contents.pop(0))
        return [archive]

    monkeypatch.setattr(old_system, "build", build)
    if second == b"one":
        assert release.build_twice("bookworm") == [archive]
    else:
        with pytest.raises(SetupError, match=r"notebook\.tar\.gz"):
            release.build_twice("bookworm")
    assert contents == []


def test_command_needs_the_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["release.py"])
    assert main() == 1
    monkeypatch.setattr("sys.argv", ["release.py", "", "bookworm"])  # KEY is not set
    assert main() == 1
    monkeypatch.setattr("sys.argv", ["release.py", str(VECTORS / "open.key")])
    assert main() == 1
    said = capsys.readouterr().err
    assert said.splitlines()[:2] == ["release: name the key: make release KEY=FILE"] * 2
    assert "in this tree" in said


def test_tree_holds_no_private_key_but_those_of_the_tests() -> None:
    """A release's own key never lies here; the two of the tests sign nothing that counts."""
    listed = subprocess.run(
        ["git", "grep", "-lI", "minisign .*secret key"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert {name for name in listed.stdout.split() if name.endswith(".key")} == {
        "tests/vectors/minisign/locked.key",
        "tests/vectors/minisign/open.key",
    }
    keys = (ROOT / "resources" / KEYS_FILE).read_text(encoding="utf-8")
    for name in ("open", "locked"):
        assert (VECTORS / f"{name}.pub").read_text("ascii").split()[-1] not in keys
    assert KEY.public not in keys
