# SPDX-License-Identifier: GPL-3.0-or-later
"""The program on a real desktop's services: a print server, assistive technology, a file manager.

Each test says what is missing where it cannot run. Before a release all of them must have run.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from tests.architecture.tree import ROOT
from tests.desktop.conftest import SYSTEM_PYTHON, Spooler, need

from desktop_files import put_shared

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="these are services of Linux"),
]
PASSPHRASE = "sex helt vanliga ord till prov"
CARD = b"KFCARD1\n"
PRINTING = """
import sys
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from kfdesk.ui.pages.printing.print_dialog import draw_pages, has_printer, new_printer, print_scale

qt = QApplication([])
if not has_printer():
    sys.exit("the program sees no printer")
printer = new_printer()
printer.setPrinterName(sys.argv[1])
scale = print_scale(printer)
page = QImage(int(595 * scale), int(842 * scale), QImage.Format.Format_RGB32)
page.fill(0xFFFFFFFF)
painter = QPainter(page)
painter.fillRect(0, 0, page.width() // 2, page.height() // 2, 0xFF000000)
painter.end()
buffer = QBuffer()
buffer.open(QBuffer.OpenModeFlag.WriteOnly)
page.save(buffer, "PNG")
sys.exit(0 if draw_pages(printer, [buffer.data().data()] * 2, scale) else "refused")
"""
START = """
'{python}' -P -m kfdesk {options} & window=$!
'{system}' '{act}' '{passphrase}' Plans
kill $window
"""


def test_pages_come_out_of_a_real_printer(spooler: Spooler) -> None:
    around = os.environ | {"CUPS_SERVER": str(spooler.socket), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", PRINTING, spooler.printer]
    subprocess.check_call(command, cwd=ROOT / "src", env=around)
    (printed,) = spooler.printed()
    assert "kfdesk" not in printed.name
    with pypdfium2.PdfDocument(printed) as document:
        assert len(document) == 2
        for page in document:
            width, height = page.get_size()
            assert (round(width), round(height)) == (595, 842)
            picture = page.render(scale=0.5).to_pil().convert("L")
            assert picture.getpixel((40, 40)) < 64  # the black quarter, and the white one
            assert picture.getpixel((picture.width - 40, picture.height - 40)) > 192


def test_assistive_technology_opens_the_store_and_chooses_a_place(tmp_path: Path) -> None:
    need("xvfb-run", "dbus-run-session", SYSTEM_PYTHON)
    bindings = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    if subprocess.run(["env", "-u", "PYTHONPATH", SYSTEM_PYTHON, "-c", bindings], check=False,
                      capture_output=True).returncode:  # fmt: skip
        pytest.skip("not installed here: the bindings of AT-SPI (gir1.2-atspi-2.0, python3-gi)")
    store = tmp_path / "store"
    options = ["--store", str(store), "--language", "en"]
    homes = {f"XDG_{kind}_HOME": str(tmp_path / "home") for kind in ("CONFIG", "STATE", "DATA")}
    around = (
        os.environ | homes | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_QPA_PLATFORM": "xcb"}
    )
    around["PYTHONPATH"] = os.pathsep.join((str(ROOT / "src"), os.environ.get("PYTHONPATH", "")))
    who = ["--initials", "EV", "--passphrase-file", "-", "init", "--name", "Nordhuset"]
    subprocess.run(
        [sys.executable, "-P", "-m", "kfdesk", *options, *who], env=around,
        input=f"{PASSPHRASE}\n", text=True, check=True, capture_output=True,
    )  # fmt: skip
    script = START.format(
        python=sys.executable, system=SYSTEM_PYTHON, act=ROOT / "tests" / "desktop" / "act.py",
        passphrase=PASSPHRASE, options=" ".join(options),
    )  # fmt: skip
    command = ["xvfb-run", "--auto-servernum", "dbus-run-session", "--", "sh", "-c", script]
    done = subprocess.run(command, env=around, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("]"), done.stderr
    labels = json.loads(done.stdout.splitlines()[-1])  # the bus speaks before
    assert {"Plans", "0 plans", "No plans yet"} <= set(labels)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("from us.card", CARD, "application/x-notebook-card"),
        ("no ending", CARD, "application/x-notebook-card"),
        ("week.age", b"age-encryption.org/v1\n", "application/x-age-encryption"),
    ],
)
def test_file_manager_opens_our_files_in_the_program(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    need("gio", "update-mime-database", "update-desktop-database")
    share, told = tmp_path / "share", tmp_path / "told"
    put_shared(share, "1", 1_764_000_000)
    subprocess.check_call(["update-mime-database", str(share / "mime")])
    subprocess.check_call(["update-desktop-database", str(share / "applications")])
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "notebook").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}"\n', "ascii")
    (programs / "notebook").chmod(0o755)
    file = tmp_path / name
    file.write_bytes(content)
    around = os.environ | {
        "XDG_DATA_DIRS": f"{share}:/usr/share", "XDG_DATA_HOME": str(tmp_path / "home"),
        "XDG_CONFIG_HOME": str(tmp_path / "home"), "PATH": f"{programs}:{os.environ['PATH']}",
    }  # fmt: skip
    said = subprocess.check_output(["gio", "info", str(file)], env=around, text=True)
    assert f"standard::content-type: {kind}" in said
    known = subprocess.check_output(["gio", "mime", kind], env=around, text=True)
    assert "notebook.desktop" in known
    entry = share / "applications" / "notebook.desktop"
    subprocess.check_call(["gio", "launch", str(entry), str(file)], env=around)
    assert told.read_text(encoding="utf-8").splitlines() == ["open", str(file)]


def test_menu_entry_and_metadata_are_valid(tmp_path: Path) -> None:
    need("desktop-file-validate", "appstreamcli")
    put_shared(tmp_path, "1", 1_764_000_000)
    entry = tmp_path / "applications" / "notebook.desktop"
    assert subprocess.check_output(["desktop-file-validate", str(entry)], text=True) == ""
    metadata = tmp_path / "metainfo" / "local.notebook.metainfo.xml"
    command = ["appstreamcli", "validate", "--no-net", str(metadata)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert "local.notebook" in said
    assert "E:" not in said
