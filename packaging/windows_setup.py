# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the setup file for Windows on Linux, from parts that are pinned by hash.

On the laptop it needs no Python, no execution policy and no network. Inside lie Python's own
"embeddable" folder, the wheels that `requirements.lock` names, the program, and a small program
that starts it (distlib's launcher), in the folders that `windows/notebook.nsi` installs. Usage:
`windows_setup.py PYTHON_ZIP`, which is the file of EMBEDDED from python.org, carried here by hand.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import struct
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from bootstrap import SOURCES
from build_package import (
    DIST,
    NAME,
    UNPACKED,
    UNUSED_MODULES,
    build_setup,
    is_used,
    languages,
    last_commit,
    unpacked_sources,
)
from kfdesk.domain.version import VERSION
from kits import KITS, fetch, put_program
from steps import ROOT, SetupError, run

EMBEDDED = "python-3.12.10-embed-amd64.zip"
EMBEDDED_SUM = "4acbed6dd1c744b0376e3b1cf57ce906f9dc9e95e68824584c8099a63025a3c3"
"""As python.org's list of parts for that file says; the last 3.12 that it has built for Windows."""
PYTHON, LIBRARY = "3.12", "python312"
LAUNCHERS = ROOT / "packaging" / "windows" / "parts.txt"
PROGRAMS = {
    f"{NAME}.exe": ("w64.exe", "pythonw.exe"),
    f"{NAME}-console.exe": ("t64.exe", "python.exe"),
}
SEARCHED = (f"{LIBRARY}.zip", ".", r"..\program\src", r"..\parts")
START = "import sys\nfrom kfdesk.__main__ import main\nsys.exit(main())\n"

QT = ("Core", "DBus", "Gui", "PrintSupport", "Svg", "Widgets")
_QT_FILE = re.compile(
    rf"Qt6?({'|'.join(QT)})\.(dll|pyd)|pyside6\.abi3\.dll|(msvcp|vcruntime|concrt)\w+\.dll|.*\.py"
)
_NEVER = (".lib", ".pyi", ".h", ".exe", ".xml", ".cmake")
_UNASKED = ("vcamp", "vccorlib", "vcomp")  # of Microsoft's runtime, nothing here needs them
_SYSTEM = re.compile(
    r"api-ms-win-.*|(kernel|user|gdi|advapi|shell|ole|oleaut|comdlg|comctl|ws2_|crypt|wtsapi|netapi"
    r"|mpr|imm|winmm|version|uxtheme|dwmapi|userenv|authz|shlwapi|secur|bcrypt|bcryptprimitives|dwrite"
    r"|d2d1|d3d9|d3d11|d3d12|dxgi|dcomp|setupapi|shcore|uiautomationcore|winspool|rpcrt|ntdll|msvcrt"
    r"|iphlpapi|dnsapi|propsys|cfgmgr|pdh|psapi|runtimeobject|ncrypt|winhttp|opengl|msi|usp10|powrprof"
    r"|icuuc|cabinet|normaliz|ucrtbase|synchronization|dxva2|comsupp|hid|oleacc|urlmon|wintrust)"
    r"(32|64|_32|10|1|2|4|12|11)?\.(dll|drv)",
    re.IGNORECASE,
)
_BINARY = (".dll", ".pyd", ".exe")
_PE, _PLUS = b"PE\0\0", 0x20B
_IMPORTS, _DELAYED = 1, 13  # directories of a PE file


def check_embedded(archive: Path) -> None:
    """Raise SetupError unless the file is the pinned Python."""
    where = f"take {EMBEDDED} from python.org and name it"
    if not archive.is_file():
        raise SetupError(f"there is no file {archive}: {where}")
    if hashlib.sha256(archive.read_bytes()).hexdigest() != EMBEDDED_SUM:
        raise SetupError(f"{archive.name} has not the hash it should have: {where}")


def put_python(archive: Path, into: Path) -> None:
    """Unpack Python, which looks for modules in the program and its parts, and nowhere else."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(into)
    (into / f"{LIBRARY}._pth").write_text("\r\n".join((*SEARCHED, "")), encoding="ascii")


def put_parts(wheels: Iterable[Path], into: Path) -> None:
    """Unpack what the program uses of its wheels. Raise SetupError for a wheel of another kind."""
    spoken = languages()
    for wheel in sorted(wheels):
        with zipfile.ZipFile(wheel) as packed:
            for name in packed.namelist():
                place = PurePosixPath(name)
                if ".data/scripts/" in name or name.endswith("/"):
                    continue
                if ".data/" in name:
                    raise SetupError(f"{wheel.name} installs files elsewhere: look at {place.name}")
                if is_part(place, spoken):
                    packed.extract(name, into)


def put_sources(unpacked: Path, into: Path) -> None:
    """Put beside shiboken what it would unpack and compile anew at each start.

    `unpacked` is that of this computer's shiboken, of the same version: for Windows they differ in
    the ends of their lines. Python compiles them at the first start. Raise SetupError where the
    version of the wheel is another one.
    """
    if not (into / f"shiboken6-{version('shiboken6')}.dist-info").is_dir():
        raise SetupError("the wheel of shiboken6 is of another version than the installed one")
    place = into / "shiboken6" / SOURCES
    compiled = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(unpacked / "shiboken6" / SOURCES, place, ignore=compiled)


def is_part(place: PurePosixPath, spoken: set[str]) -> bool:
    """Say whether a file of a wheel goes in: of Qt and Pillow only what the program uses."""
    if place.suffix in _NEVER or place.name.startswith(_UNASKED) or not is_used(place, spoken):
        return False
    if place.parts[0] == "PySide6":
        if place.parts[1] in {"plugins", "translations"}:
            return True
        return len(place.parts) == 2 and bool(_QT_FILE.fullmatch(place.name))
    module = ".".join((*place.parts[:-1], place.name.partition(".")[0]))
    return module not in UNUSED_MODULES


def launcher(stub: bytes, python: str, seconds: int) -> bytes:
    """Return a program that starts ours by the Python beside it, always of the same bytes."""
    packed = io.BytesIO()
    made = datetime.fromtimestamp(seconds, UTC)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            zipfile.ZipInfo("__main__.py", (*made.timetuple()[:5], made.second)), START
        )
    first = rf'#!"<launcher_dir>\_internal\python\{python}"'
    return stub + f"{first}\r\n".encode() + packed.getvalue()


def fetch_stubs() -> Mapping[str, bytes]:
    """Return distlib's launchers by name, fetched by hash. Raise SetupError."""
    with tempfile.TemporaryDirectory() as place:
        pip = [str(Path(sys.executable).resolve()), "-P", "-m", "pip", "download", "--quiet"]
        pip += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--dest", place]
        run([*pip, "--requirement", str(LAUNCHERS)], "the launcher could not be had")
        (wheel,) = Path(place).glob("*.whl")
        with zipfile.ZipFile(wheel) as packed:
            return {stub: packed.read(f"distlib/{stub}") for stub, _ in PROGRAMS.values()}


def imported(data: bytes) -> Iterator[str]:
    """Yield the names of the libraries that a PE file asks for. Raise SetupError for another."""
    try:
        head = struct.unpack_from("<I", data, 0x3C)[0]
        if data[head : head + 4] != _PE or struct.unpack_from("<H", data, head + 24)[0] != _PLUS:
            raise SetupError("a library is not for Windows on x86-64")
        for directory, size, name_at in ((_IMPORTS, 20, 12), (_DELAYED, 32, 4)):
            at = _offset(data, head, struct.unpack_from("<I", data, head + 136 + 8 * directory)[0])
            while at and (name := struct.unpack_from("<I", data, at + name_at)[0]):
                begin = _offset(data, head, name)
                yield data[begin : data.index(b"\0", begin)].decode("ascii")
                at += size
    except (struct.error, ValueError):
        raise SetupError("a library is torn") from None


def _offset(data: bytes, head: int, address: int) -> int:
    """Return where in the file an address of the loaded library stands; 0 for none."""
    count, size = (
        struct.unpack_from("<H", data, head + 6)[0],
        struct.unpack_from("<H", data, head + 20)[0],
    )
    for at in range(head + 24 + size, head + 24 + size + 40 * count, 40):
        _, begin, raw_size, raw = struct.unpack_from("<4I", data, at + 8)
        if address and begin <= address < begin + raw_size:
            return int(raw + address - begin)
    return 0


def missing(folder: Path) -> list[str]:
    """Return each library that is asked for and neither in the folder nor part of Windows."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _BINARY]
    inside = {path.name.lower() for path in files}
    found = []
    for path in files:
        asked = {name.lower() for name in imported(path.read_bytes())} - inside
        strange = sorted(name for name in asked if not _SYSTEM.fullmatch(name))
        found += [f"{path.relative_to(folder).as_posix()}: {name}" for name in strange]
    return found


def lay_out(archive: Path, into: Path) -> None:
    """Put everything in its place below `into`. Raise SetupError."""
    shutil.rmtree(into, ignore_errors=True)
    inside, seconds = into / "_internal", last_commit()
    with tempfile.TemporaryDirectory() as place:
        fetched = Path(place)
        fetch(KITS["windows-x64"], fetched, PYTHON)
        put_program(fetched)
        shutil.copytree(fetched / "program", inside / "program")
        put_parts((fetched / "wheels").glob("*.whl"), inside / "parts")
    unpacked_sources()
    put_sources(UNPACKED, inside / "parts")
    put_python(archive, inside / "python")
    stubs = fetch_stubs()
    for name, (stub, python) in PROGRAMS.items():
        (into / name).write_bytes(launcher(stubs[stub], python, seconds))


def make(archive: Path) -> Path:
    """Make the setup file in `dist` and return it. Raise SetupError."""
    check_embedded(archive)
    folder = DIST / "windows" / NAME
    lay_out(archive, folder)
    lost = missing(folder)
    if lost:
        raise SetupError(f"nobody brings {', '.join(lost)}")
    return build_setup(folder, VERSION)


def main() -> int:
    """Make it from the Python that is named; print one sentence and return 1 when that fails."""
    try:
        setup = make(Path(sys.argv[1] if len(sys.argv) > 1 else EMBEDDED))
    except SetupError as error:
        print(f"setup file: {error}", file=sys.stderr)
        return 1
    digest = hashlib.sha256(setup.read_bytes()).hexdigest()
    print(f"{setup}: {setup.stat().st_size / 1e6:.1f} MB\nSHA-256 {digest}")
    print("It was not run: no Windows is here. packaging/RELEASE.md says what to try.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
