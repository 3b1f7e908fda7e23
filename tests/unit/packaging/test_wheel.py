# SPDX-License-Identifier: GPL-3.0-or-later
"""A wheel is the whole program: its modules, what they read, and every compiled catalogue.

That it runs in a clean environment is tried by `make wheel-check`.
"""

import os
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from kfdesk.domain.version import VERSION
from program_files import data_files
from steps import ROOT

SPOKEN = """
import sys
sys.path[:0] = [sys.argv[1]]
from kfdesk import app
from kfdesk.system import paths
from kfdesk.system.licences import program_components
assert str(paths.program_folder()).startswith(sys.argv[1]), paths.program_folder()
print(app.language("sv").gettext("Passphrase"), len(paths.passphrase_words("sv")) > 1000)
print(bool(program_components()[0].text), paths.portable_folder())
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it, as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    assert wheel.name == f"kfdesk-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "installed")
    return folder / "installed"


def test_wheel_has_every_module_and_every_file_that_the_program_reads(unpacked: Path) -> None:
    modules = {path.relative_to(ROOT / "src") for path in (ROOT / "src").rglob("*.py")}
    wanted = modules | {Path("kfdesk", place, Path(path).name) for path, place in data_files()}
    found = {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()}
    assert sorted(map(str, wanted - found)) == []
    assert {path.parts[0] for path in found} == {"kfdesk", f"kfdesk-{VERSION}.dist-info"}
    assert [path for path in found if path.suffix in {".po", ".pyc"}] == []


def test_installed_program_finds_what_it_reads(unpacked: Path) -> None:
    command = [sys.executable, "-P", "-c", SPOKEN, str(unpacked)]
    done = subprocess.run(
        command, cwd=unpacked, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == ["Lösenfras True", "True None"], done.stderr


def test_index_is_told_who_made_it_and_under_which_licence(unpacked: Path) -> None:
    about = unpacked / f"kfdesk-{VERSION}.dist-info"
    head = message_from_bytes((about / "METADATA").read_bytes())
    assert (head["License-Expression"], head["Author"]) == (
        "GPL-3.0-or-later", "The kfdesk developers",
    )  # fmt: skip
    assert (about / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    starts = (about / "entry_points.txt").read_text(encoding="utf-8")
    assert starts == "[console_scripts]\nkfdesk = kfdesk.__main__:main\n"
