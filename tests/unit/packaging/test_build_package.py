# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes into the package is read off the program; what it never opens stays out.

The build itself takes a minute and is left to `make package`.
"""

import re
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT

from bootstrap import SOURCES
from build_package import (
    HIDDEN_IMPORTS,
    PLUGINS,
    Listed,
    languages,
    slimmed,
    unpacked_sources,
    write_archive,
)
from kfdesk.demo import story
from kfdesk.i18n.parsing import NAME_LANGUAGES
from program_files import data_files
from steps import SetupError, run

SPOKEN = {"ru", "sv"}
SPEC = (ROOT / "packaging" / "kfdesk.spec").read_text(encoding="utf-8")


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def places(listed: Iterable[str], needs: dict[str, list[str]] | None = None) -> list[str]:
    """Return the files that remain of these; each file is its own source."""
    every: list[Listed] = [(place, place, "BINARY") for place in listed]
    return [each[0] for each in slimmed(every, SPOKEN, lambda file: (needs or {}).get(file, []))]


def test_every_module_is_found_by_its_import() -> None:
    """PyInstaller follows an import statement, also within a function, but no name in a string."""
    loading = re.compile(r"\bimport_module\b|\b__import__\b|\brunpy\b")
    found = [
        path.name
        for path in (ROOT / "src").rglob("*.py")
        if loading.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["plain_import.py"], "it puts Python's own back, and imports nothing by it"
    assert {"_cffi_backend", "_rl_accel"} == set(HIDDEN_IMPORTS)


def test_packaged_program_starts_itself_again_without_a_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert story._program_command() == (sys.executable, "-P", "-m", "kfdesk")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert story._program_command() == (sys.executable,)


def test_spec_types_no_module_of_the_program() -> None:
    assert "hiddenimports=list(HIDDEN_IMPORTS)" in SPEC
    assert "kfdesk." not in SPEC.replace("kfdesk.spec", "")


def test_resources_and_compiled_catalogues_lie_where_the_program_looks(tmp_path: Path) -> None:
    font = put(tmp_path / "resources" / "fonts" / "a.ttf", "")
    spoken = put(tmp_path / "translations" / "sv" / "LC_MESSAGES" / "kfdesk.mo", "")
    put(tmp_path / "translations" / "sv" / "LC_MESSAGES" / "kfdesk.po", "")
    assert data_files(tmp_path) == [
        (str(font), "resources/fonts"),
        (str(spoken), "translations/sv/LC_MESSAGES"),
        (str(tmp_path / "LICENSE"), "."),
    ]
    assert languages(tmp_path) == {"sv"}


def test_catalogues_that_are_not_compiled_are_missed(tmp_path: Path) -> None:
    put(tmp_path / "translations" / "sv" / "LC_MESSAGES" / "kfdesk.po", "")
    with pytest.raises(SetupError, match="make setup"):
        data_files(tmp_path)


def test_dates_of_languages_nobody_asked_for_stay_out() -> None:
    data = "babel/locale-data"
    kept = [f"{data}/root.dat", f"{data}/sv.dat", f"{data}/ru_RU.dat"]
    assert places([*kept, f"{data}/zu.dat", f"{data}/svx.dat"]) == kept


def test_languages_in_which_a_list_names_countries_go_in() -> None:
    """A package without them crashed at the first list that named a country."""
    kept = [f"babel/locale-data/{code}.dat" for code in (*NAME_LANGUAGES, "no")]
    assert places(kept) == kept


def test_of_qt_only_the_plugins_that_are_named_go_in() -> None:
    plugins = "PySide6/Qt/plugins"
    kept = [f"{plugins}/platforms/libqxcb.so", f"{plugins}/iconengines/libqsvgicon.so"]
    gone = [
        f"{plugins}/platforms/libqvnc.so",
        f"{plugins}/tls/libqopensslbackend.so",
        f"{plugins}/platforminputcontexts/libibusplatforminputcontextplugin.so",
    ]
    assert places([*kept, *gone]) == kept


def test_qts_words_go_in_for_the_languages_that_are_spoken() -> None:
    words = "PySide6/Qt/translations"
    gone = [f"{words}/qtbase_de.qm", f"{words}/qt_help_sv.qm", f"{words}/designer_sv.qm"]
    assert places([f"{words}/qtbase_sv.qm", *gone]) == [f"{words}/qtbase_sv.qm"]


def test_no_theme_of_a_desktop_goes_in() -> None:
    """GTK's would bring the system's SQLite into the process, under the encrypted store."""
    assert "platformthemes" not in PLUGINS
    assert places(["PySide6/Qt/plugins/platformthemes/libqgtk3.so"]) == []


def test_library_goes_with_the_last_one_that_asks_for_it() -> None:
    plugin = "PySide6/Qt/plugins/platformthemes/libqgtk3.so"
    core, gtk, glib, ours = "libQt6Core.so.6", "libgtk.so", "libglib.so", "kfdesk.so"
    needs = {plugin: [core, gtk], gtk: [glib, "libc.so.6"], ours: [core]}
    assert places([plugin, core, gtk, glib, ours], needs) == [core, ours]


def test_library_that_something_else_asks_for_stays() -> None:
    plugin = "PySide6/Qt/plugins/platformthemes/libqgtk3.so"
    needs = {plugin: ["libgtk.so"], "libgtk.so": ["libz.so"], "ours.so": ["libz.so"]}
    assert places([plugin, "libgtk.so", "libz.so", "ours.so"], needs) == ["libz.so", "ours.so"]


def test_library_of_the_system_that_nothing_here_asks_for_goes_with_its_own() -> None:
    """Its asker was left out by PyInstaller, and the system brings both."""
    every = ["ours.so", "libxkb.so.0", "libXau.so.6", "libbsd.so.0", "libpython3.11.so.1.0"]
    needs = {"ours.so": ["libxkb.so.0"], "libXau.so.6": ["libbsd.so.0"]}
    assert places(every, needs) == ["ours.so", "libxkb.so.0", "libpython3.11.so.1.0"]
    carried = "pillow.libs/libXau-154567c4.so.6.0.0"
    assert places([carried]) == [carried]


def test_link_goes_with_its_library() -> None:
    plugin = "PySide6/Qt/plugins/tls/libqopensslbackend.so"
    library = "PySide6/Qt/lib/libQt6Network.so.6"
    binaries: list[Listed] = [(place, place, "BINARY") for place in (plugin, library)]
    link = ("libQt6Network.so.6", library, "SYMLINK")
    needs = {plugin: ["libQt6Network.so.6"]}
    assert slimmed([*binaries, link], SPOKEN, lambda file: needs.get(file, [])) == []
    assert slimmed([binaries[1], link], SPOKEN, lambda file: []) == [binaries[1], link]


def test_archive_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    folder = tmp_path / "one" / "notebook"
    program = put(folder / "notebook", "program")
    program.chmod(0o700)
    put(folder / "resources" / "b.txt", "b")
    (folder / "link").symlink_to("notebook")
    first, second = tmp_path / "first.tar.gz", tmp_path / "second.tar.gz"
    write_archive(folder, first, 1_000_000)
    again = tmp_path / "two" / "notebook"
    put(again / "resources" / "b.txt", "b").chmod(0o640)
    put(again / "notebook", "program").chmod(0o755)
    (again / "link").symlink_to("notebook")
    write_archive(again, second, 1_000_000)
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as tar:
        members = {member.name: member for member in tar}
    assert sorted(members) == [
        "notebook", "notebook/link", "notebook/notebook", "notebook/resources",
        "notebook/resources/b.txt",
    ]  # fmt: skip
    assert members["notebook/notebook"].mode == 0o755
    assert members["notebook/resources/b.txt"].mode == 0o644
    assert {(m.mtime, m.uid, m.uname) for m in members.values()} == {(1_000_000, 0, "")}


_SHOW_SOURCES = """
import sys
sys.path.insert(0, sys.argv[1])
import PySide6.QtCore, shibokensupport.signature.loader as loader
print(loader.__file__)
try:
    PySide6.QtCore.QTimer("no parent")
except TypeError as error:
    print(error)
"""


def test_pysides_sources_are_compiled_for_a_place_that_is_never_written(tmp_path: Path) -> None:
    """The files in the package begin and answer as those that PySide carries zipped."""
    listed = unpacked_sources(tmp_path / "unpacked")
    assert f"shiboken6/{SOURCES}/shibokensupport/signature/loader.pyc" in [
        place.replace("\\", "/") for place, _, _ in listed
    ]
    for place, source, kind in listed:
        head = Path(source).read_bytes()[:8]
        assert (kind, head[4:]) == ("DATA", b"\1\0\0\0"), place  # a hash that nobody compares
        Path(source).with_suffix(".py").unlink()
    command = [sys.executable, "-PEs", "-c", _SHOW_SOURCES]
    unpacked = run([*command, str(tmp_path / "unpacked")], "no").splitlines()
    zipped = run([*command, str(tmp_path / "nowhere")], "no").splitlines()
    assert Path(unpacked[0]).is_relative_to(tmp_path)
    assert unpacked[1:] == zipped[1:]
