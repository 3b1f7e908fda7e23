# SPDX-License-Identifier: GPL-3.0-or-later
"""The unlock window stands before what only an open desk needs: records, store, papers, formats.

Seen in a process of its own, which says what it has loaded once the window is painted. Figures are
taken by `make bench`; this wall only keeps weight from coming back unseen.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import ROOT

HEAVY_PARTS = {"babel", "msgspec", "nacl", "pypdfium2", "pyrage", "reportlab", "sqlcipher3"}
LATER = {
    "kfdesk.bundle.files",
    "kfdesk.cli.terminal",
    "kfdesk.documents.papers",
    "kfdesk.domain.schema",
    "kfdesk.domain.values",
    "kfdesk.i18n.language",
    "kfdesk.i18n.messages",
    "kfdesk.store_lifecycle",
    "kfdesk.services.core.session",
    "kfdesk.storage.store",
    "kfdesk.ui.pages.plans",
    "kfdesk.ui.shell.session_view",
}
WINDOW = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from kfdesk.environment import Environment
from kfdesk import app
from kfdesk.ui.program import Program
qt = QApplication([])
program = Program(qt, app.window_setting(Path(sys.argv[1]), "sv", Environment()))
program.window.show()
program.window.grab()
print(*sys.modules)
sys.stdout.flush()
program.close()
"""


def loaded_early(root: Path, store: Path) -> set[str]:
    """Which of the heavy parts and later rooms the program at `root` has loaded at its door."""
    store.mkdir(exist_ok=True)
    (store / "notebook.db").touch()  # an empty folder would show the first run
    source = os.pathsep.join((str(root / "src"), os.environ["PYTHONPATH"]))
    done = subprocess.run(
        [sys.executable, "-c", WINDOW, str(store)],
        env=os.environ | {"PYTHONPATH": source, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split()) & (HEAVY_PARTS | LATER)


def test_door_stands_before_the_rest_is_loaded(tmp_path: Path) -> None:
    assert loaded_early(ROOT, tmp_path / "store") == set()


def test_weight_that_comes_back_is_seen(copy: Path, tmp_path: Path) -> None:
    for name in ("resources", "translations"):
        (copy / name).symlink_to(ROOT / name)
    with (copy / "src" / "kfdesk" / "ui" / "sentences.py").open("a", encoding="utf-8") as stream:
        stream.write("import kfdesk.domain.schema\nimport babel\n")
    early = loaded_early(copy, tmp_path / "store")
    assert {"babel", "kfdesk.domain.schema"} <= early
