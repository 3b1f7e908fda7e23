# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real desktop has and a bare machine may lack; a test names what is missing."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

SYSTEM_PYTHON = "/usr/bin/python3"
BACKEND = Path("/usr/lib/cups/backend/cups-pdf")
DRIVER = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd")
WITHIN, EACH = 60.0, 0.2  # seconds
PRINTED_TO = (Path.home() / "PDF", Path("/var/spool/cups-pdf"))
_CUPSD = """LogLevel warn
Listen {folder}/socket
Browsing No
WebInterface No
DefaultAuthType None
<Location />
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
Allow all
</Limit>
</Policy>
"""
_FILES = """ServerRoot {folder}/etc
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/state
TempDir {folder}/tmp
ErrorLog {folder}/errors
AccessLog {folder}/access
PageLog {folder}/pages
SystemGroup root
"""


def need(*programs: str) -> None:
    """Skip the test, and say why, where a program is missing."""
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)}")


def wait(is_done: Callable[[], bool], what: str) -> None:
    """Wait until something is so. Raise AssertionError where it never is."""
    end = time.monotonic() + WITHIN
    while not is_done():
        if time.monotonic() > end:
            raise AssertionError(f"never: {what}")
        time.sleep(EACH)


@dataclass(frozen=True)
class Spooler:
    """A print server of the test's own, with one printer that writes PDF files."""

    socket: Path
    printer: str
    before: frozenset[Path]

    def printed(self) -> list[Path]:
        """Return the files that came out of the printer, once no job waits."""
        asked = ["lpstat", "-h", str(self.socket), "-o"]
        wait(lambda: not subprocess.check_output(asked, text=True).strip(), "the job is done")
        return sorted(_files() - self.before)


def _files() -> frozenset[Path]:
    return frozenset(path for folder in PRINTED_TO for path in folder.rglob("*.pdf"))


@pytest.fixture
def spooler() -> Iterator[Spooler]:
    """Run a print server for one test, on a socket of its own."""
    need("cupsd", "lpadmin", "lpstat")
    if not BACKEND.exists() or not DRIVER.exists():
        pytest.skip("not installed here: cups-pdf")
    if os.geteuid() != 0:
        pytest.skip("only root can run a print server of its own")
    with TemporaryDirectory(prefix="cups-") as place:
        folder, before = Path(place), _files()
        folder.chmod(0o755)  # its filters run as another user
        for name in ("etc", "spool", "cache", "state", "tmp"):
            (folder / name).mkdir()
        (folder / "tmp").chmod(0o1777)
        told = folder / "cupsd.conf", folder / "cups-files.conf"
        for path, text in zip(told, (_CUPSD, _FILES), strict=True):
            path.write_text(text.format(folder=folder), encoding="ascii")
        server = subprocess.Popen(["cupsd", "-f", "-c", str(told[0]), "-s", str(told[1])])
        try:
            made = Spooler(folder / "socket", "Notebook-test", before)
            wait(made.socket.exists, "the print server listens")
            command = ["lpadmin", "-h", str(made.socket), "-p", made.printer, "-E"]
            subprocess.check_call([*command, "-v", "cups-pdf:/", "-P", str(DRIVER)])
            yield made
        finally:
            server.terminate()
            server.wait()
            for path in _files() - before:
                path.unlink()
