# SPDX-License-Identifier: GPL-3.0-or-later
"""The setup file for Windows is put together on Linux from pinned parts, and lacks none.

Windows does not run here: `packaging/RELEASE.md` says what is tried by hand.
"""

import hashlib
import struct
import zipfile
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import pytest
from tests.architecture.tree import ROOT

import windows_setup
from steps import SetupError
from windows_setup import (
    EMBEDDED,
    LAUNCHERS,
    PYTHON,
    check_embedded,
    imported,
    is_part,
    launcher,
    missing,
    put_parts,
    put_python,
    put_sources,
)

SPOKEN = {"sv", "ru"}
SECONDS = 1_764_000_000
SCRIPT = (ROOT / "packaging" / "windows" / "notebook.nsi").read_text(encoding="utf-8")


def library(*asked: str, delayed: tuple[str, ...] = ()) -> bytes:
    """Return a PE file of one section that asks for these libraries."""
    head, begin = 64, 0x1000
    tables = [(asked, 20, 12, 1), (delayed, 32, 4, 13)]
    directories, body = [(0, 0)] * 16, bytearray()
    for names, size, name_at, directory in tables:
        if not names:
            continue
        start = len(body)
        body += bytes(size * (len(names) + 1))
        directories[directory] = (begin + start, size * len(names))
        for at, name in enumerate(names):
            struct.pack_into("<I", body, start + at * size + name_at, begin + len(body))
            body += name.encode() + b"\0"
    optional = struct.pack("<H110x", 0x20B) + b"".join(struct.pack("<2I", *d) for d in directories)
    coff = struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, len(optional), 0)
    raw = head + 4 + len(coff) + len(optional) + 40
    section = struct.pack("<8s6I2HI", b".rdata", len(body), begin, len(body), raw, 0, 0, 0, 0, 0)
    first = b"MZ" + bytes(58) + struct.pack("<I", head)
    return first + b"PE\0\0" + coff + optional + section + bytes(body)


def wheel(folder: Path, *names: str) -> Path:
    path = folder / "one-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for name in names:
            packed.writestr(name, name)
    return path


def test_python_that_is_not_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / EMBEDDED
    with pytest.raises(SetupError, match="there is no file"):
        check_embedded(archive)
    archive.write_bytes(b"another")
    with pytest.raises(SetupError, match="has not the hash"):
        check_embedded(archive)
    monkeypatch.setattr(windows_setup, "EMBEDDED_SUM", hashlib.sha256(b"another").hexdigest())
    check_embedded(archive)
    assert f"python-{PYTHON}." in EMBEDDED


def test_python_looks_for_modules_in_the_programs_own_folders_alone(tmp_path: Path) -> None:
    archive = tmp_path / "python.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("pythonw.exe", "")
        packed.writestr("python312._pth", "import site")
    put_python(archive, tmp_path / "python")
    told = (tmp_path / "python" / "python312._pth").read_bytes().decode("ascii")
    assert told == "python312.zip\r\n.\r\n..\\program\\src\r\n..\\parts\r\n"
    assert (tmp_path / "python" / "pythonw.exe").is_file()


@pytest.mark.parametrize(
    ("name", "goes_in"),
    [
        ("kfdesk/app.py", True),
        ("PySide6/Qt6Core.dll", True),
        ("PySide6/QtWidgets.pyd", True),
        ("PySide6/msvcp140.dll", True),
        ("PySide6/__init__.py", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/plugins/imageformats/qsvg.dll", True),
        ("PySide6/translations/qtbase_sv.qm", True),
        ("shiboken6/Shiboken.pyd", True),
        ("PIL/_imaging.cp312-win_amd64.pyd", True),
        ("PySide6/Qt6Network.dll", False),
        ("PySide6/QtNetwork.pyd", False),
        ("PySide6/Qt6Qml.dll", False),
        ("PySide6/designer.exe", False),
        ("PySide6/qml/Qt/x.dll", False),
        ("PySide6/plugins/tls/qschannelbackend.dll", False),
        ("PySide6/plugins/imageformats/qpdf.dll", False),
        ("PySide6/translations/qtbase_de.qm", False),
        ("PySide6/opengl32sw.dll", False),
        ("shiboken6/vcamp140.dll", False),
        ("PIL/_webp.cp312-win_amd64.pyd", False),
        ("babel/locale-data/zu.dat", False),
    ],
)
def test_of_a_wheel_goes_in_what_the_program_uses(name: str, goes_in: bool) -> None:
    assert is_part(PurePosixPath(name), SPOKEN) is goes_in


def test_wheels_are_unpacked_without_their_scripts(tmp_path: Path) -> None:
    made = wheel(tmp_path, "one/a.py", "one-1.data/scripts/run.py", "one-1.dist-info/METADATA")
    put_parts([made], tmp_path / "parts")
    files = (path for path in (tmp_path / "parts").rglob("*") if path.is_file())
    found = {path.relative_to(tmp_path / "parts").as_posix() for path in files}
    assert found == {"one/a.py", "one-1.dist-info/METADATA"}


def test_wheel_that_installs_elsewhere_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="elsewhere"):
        put_parts([wheel(tmp_path, "one-1.data/data/x.dll")], tmp_path / "parts")


def test_sources_that_pyside_unpacks_at_each_start_lie_there_already(tmp_path: Path) -> None:
    folder, parts = tmp_path / "unpacked" / "shiboken6" / "files.dir", tmp_path / "parts"
    (folder / "shibokensupport").mkdir(parents=True)
    for name in ("signature_bootstrap.py", "signature_bootstrap.pyc", "shibokensupport/loader.py"):
        (folder / name).touch()
    (parts / "shiboken6").mkdir(parents=True)
    with pytest.raises(SetupError, match="another version"):
        put_sources(tmp_path / "unpacked", parts)
    (parts / f"shiboken6-{version('shiboken6')}.dist-info").mkdir()
    put_sources(tmp_path / "unpacked", parts)
    placed = parts / "shiboken6" / "files.dir"
    found = sorted(path.relative_to(placed).as_posix() for path in placed.rglob("*.py*"))
    assert found == ["shibokensupport/loader.py", "signature_bootstrap.py"]


def test_launcher_starts_the_python_beside_it_and_is_always_the_same(tmp_path: Path) -> None:
    made = launcher(b"MZ stub", "pythonw.exe", SECONDS)
    assert made == launcher(b"MZ stub", "pythonw.exe", SECONDS)
    assert made.startswith(b'MZ stub#!"<launcher_dir>\\_internal\\python\\pythonw.exe"\r\nPK')
    (tmp_path / "notebook.exe").write_bytes(made)
    with zipfile.ZipFile(tmp_path / "notebook.exe") as packed:
        assert b"kfdesk.__main__" in packed.read("__main__.py")


def test_what_is_installed_has_the_names_that_the_setup_file_knows() -> None:
    assert {f"{name}" for name in windows_setup.PROGRAMS} == {
        "notebook.exe", "notebook-console.exe",
    }  # fmt: skip
    assert all(f'"{name}"' in SCRIPT or f"\\{name}" in SCRIPT for name in windows_setup.PROGRAMS)
    assert "$INSTDIR\\_internal" in SCRIPT


def test_libraries_are_read_off_a_file_for_windows() -> None:
    assert list(imported(library("KERNEL32.dll", "Qt6Core.dll", delayed=("late.dll",)))) == [
        "KERNEL32.dll", "Qt6Core.dll", "late.dll",
    ]  # fmt: skip
    assert list(imported(library())) == []


@pytest.mark.parametrize("data", [b"", b"MZ", library("a.dll")[:-4], bytes(200)])
def test_file_that_is_torn_or_of_another_system_is_refused(data: bytes) -> None:
    with pytest.raises(SetupError):
        list(imported(data))


def test_library_that_nobody_brings_is_named(tmp_path: Path) -> None:
    (tmp_path / "Qt6Core.dll").write_bytes(
        library("KERNEL32.dll", "api-ms-win-crt-heap-l1-1-0.dll")
    )
    (tmp_path / "Qt6Gui.dll").write_bytes(library("qt6core.DLL", "lost.dll", "d3d11.dll"))
    assert missing(tmp_path) == ["Qt6Gui.dll: lost.dll"]


def test_launchers_are_pinned_by_hash() -> None:
    assert "--hash=sha256:" in LAUNCHERS.read_text(encoding="utf-8")
