# SPDX-License-Identifier: GPL-3.0-or-later
"""The unlock window stands before what only an open desk needs: records, store, papers, formats.

Seen in a process of its own, which begins as `python -m kfdesk` does and says what it has loaded
once the window is painted. Figures are taken by `make bench`; this wall only keeps weight from
coming back unseen.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT

HEAVY_PARTS = {
    "_hashlib", "babel", "msgspec", "nacl", "pypdfium2", "pyrage", "reportlab", "sqlcipher3",
}  # fmt: skip
"""Libraries, and OpenSSL's part of `hashlib`."""
LATER = {
    "kfdesk.demo",
    "kfdesk.bundle.files",
    "kfdesk.cli.arguments",
    "kfdesk.cli.terminal",
    "kfdesk.documents.papers",
    "kfdesk.domain.codes.core",
    "kfdesk.domain.rows",
    "kfdesk.domain.schema",
    "kfdesk.i18n.cldr",
    "kfdesk.i18n.messages",
    "kfdesk.store_lifecycle",
    "kfdesk.services.core.session",
    "kfdesk.storage.store",
    "kfdesk.ui.pages.plans",
    "kfdesk.system.child_process",
    "kfdesk.ui.shell.session_view",
}
WINDOW = """
import runpy
import sys
from PySide6.QtWidgets import QApplication
class Painted(QApplication):
    def exec(self):
        for window in self.topLevelWidgets():
            if window.isVisible():
                window.grab()
        print(*sys.modules)
        return 0
qt = Painted([])
sys.argv = ["kfdesk", "--store", sys.argv[1]]
runpy.run_module("kfdesk", run_name="__main__", alter_sys=True)
"""


def loaded_early(root: Path, store: Path) -> set[str]:
    """Return the heavy parts and later rooms that the program at `root` has loaded at its door."""
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


@pytest.mark.parametrize(
    ("first", "is_read"), [("kfdesk.ui.translator", False), ("PySide6.QtCore", True)]
)
def test_source_of_no_module_is_read_to_look_for_features_of_pyside(
    first: str, is_read: bool
) -> None:
    """PySide's own import reads each, and `linecache` keeps it."""
    code = f"import {first}, linecache\nfrom kfdesk.domain.updates import PROGRAM\n"
    code += "print(*linecache.cache)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert any(path.endswith("updates.py") for path in done.stdout.split()) is is_read


def test_reader_of_lists_loads_no_library_of_workbooks() -> None:
    """A child starts for each look at a list, and these libraries take as long as all the rest."""
    code = "import sys, kfdesk.decoder.contact_tasks; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & {"openpyxl", "xlsxwriter", "PIL", "reportlab"} == set()


def test_weight_that_comes_back_is_seen(copy: Path, tmp_path: Path) -> None:
    for name in ("resources", "translations"):
        (copy / name).symlink_to(ROOT / name)
    with (copy / "src" / "kfdesk" / "ui" / "translator.py").open("a", encoding="utf-8") as stream:
        stream.write("import kfdesk.domain.rows\nimport babel\n")
    early = loaded_early(copy, tmp_path / "store")
    assert {"babel", "kfdesk.domain.rows"} <= early


def test_weight_at_the_true_entry_is_seen(copy: Path, tmp_path: Path) -> None:
    for name in ("resources", "translations"):
        (copy / name).symlink_to(ROOT / name)
    entry = copy / "src" / "kfdesk" / "__main__.py"
    text = entry.read_text(encoding="utf-8")
    entry.write_text(
        text.replace("import sys\n", "import sys\n\nimport kfdesk.demo.show\n", 1),
        encoding="utf-8",
    )
    assert "kfdesk.demo" in loaded_early(copy, tmp_path / "store")
