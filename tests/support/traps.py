# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of modules that leave a mark when something imports them."""

import os
import subprocess
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_NAMES = (
    "json", "kfdesk", "sqlcipher3", "usercustomize", "pathlib", "argparse",
    "getpass", "platformdirs", "pip", "encodings", "PySide6", "babel", "msgspec", "runpy",
)  # fmt: skip
_HOSTILE = """
import os
open({mark!r}, "a").write(__name__ + "\\n")
raise SystemExit("hostile")
"""
VERIFY = ["--store", "nowhere", "--initials", "EV", "--json", "--passphrase-file", "-", "verify"]
OFFLINE = _ROOT / "tests" / "offline"
"""The guard of the tests, which every Python that ours starts must get."""
OURS = str(_ROOT / "src")


class Trap:
    """A folder of hostile modules, and the mark that they leave."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "downloads"
        self.mark = folder / "mark"
        self.folder.mkdir()
        code = _HOSTILE.format(mark=str(self.mark))
        for name in _NAMES:
            (self.folder / f"{name}.py").write_text(code, encoding="utf-8")

    @property
    def sprung(self) -> list[str]:
        """The modules that were imported."""
        return self.mark.read_text("utf-8").split() if self.mark.exists() else []

    def run(
        self, *command: str, path: str | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command here, with PYTHONPATH pointing here, too, or to `path` instead."""
        paths = (str(OFFLINE), str(self.folder) if path is None else path)
        around = os.environ | {"PYTHONPATH": os.pathsep.join(paths), **more}
        return subprocess.run(
            command, cwd=self.folder, env=around, input="\n", capture_output=True, text=True,
            check=False,
        )  # fmt: skip
