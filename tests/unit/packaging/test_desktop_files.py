# SPDX-License-Identifier: GPL-3.0-or-later
"""What Linux desktops and shells are told of the program is whole, and says not what it is for.

Where the tools of the desktops are installed, they are asked as well.
"""

import gzip
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from desktop_files import LINUX, completion, manual_page, put_shared
from kfdesk.domain.version import RELEASE_DAY, VERSION
from kfdesk.system.paths import SUFFIXES

TELLING = re.compile(r"traffic|shelter|victim|kfdesk|escape|return plan", re.IGNORECASE)
SECONDS = 1_764_000_000
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out the folder `usr/share` of a package."""
    made = tmp_path_factory.mktemp("share")
    put_shared(made, "0.1.0+5", SECONDS)
    return made


def entry() -> dict[str, str]:
    """Return the keys of the menu entry."""
    lines = (LINUX / "notebook.desktop").read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("=", 1) for line in lines)


def said(path: Path) -> str:
    """Return the text of a file, unpacked."""
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")


def test_nothing_says_what_the_program_is_for(share: Path) -> None:
    texts = [path for path in share.rglob("*") if path.is_file() and path.suffix != ".png"]
    assert len(texts) == 9
    assert [path.name for path in texts if TELLING.search(said(path))] == []


def test_same_tree_gives_the_same_files(share: Path, tmp_path: Path) -> None:
    put_shared(tmp_path, "0.1.0+5", SECONDS)
    files = [path.relative_to(share) for path in share.rglob("*") if path.is_file()]
    assert [
        name for name in files if (share / name).read_bytes() != (tmp_path / name).read_bytes()
    ] == []


def test_menu_entry_opens_files_in_one_window() -> None:
    told = entry()
    assert (told["Exec"], told["Icon"], told["Terminal"]) == (
        "notebook open %F",
        "notebook",
        "false",
    )
    assert told["SingleMainWindow"] == "true"
    for key in ("Name", "Comment", "Keywords"):
        assert {key, f"{key}[sv]", f"{key}[ru]"} <= set(told)
    assert all(told[key].endswith(";") for key in told if key.startswith(("Keywords", "Mime")))


def test_every_kind_of_file_that_is_exchanged_is_known_to_the_desktop(share: Path) -> None:
    kinds = ElementTree.fromstring(said(share / "mime/packages/notebook.xml"))
    globs = {each.get("pattern"): each for each in kinds.iter(f"{MIME}glob")}
    assert set(globs) == {f"*{suffix}" for suffix in SUFFIXES}
    assert globs["*.age"].get("weight") == "40"  # others use that ending, too
    named = {kind.get("type") for kind in kinds}
    assert named == set(entry()["MimeType"].strip(";").split(";"))
    information = ElementTree.fromstring(said(share / "metainfo/local.notebook.metainfo.xml"))
    assert {each.text for each in information.iter("mediatype")} == named


def test_description_for_software_centres_names_the_release(share: Path) -> None:
    information = ElementTree.fromstring(said(share / "metainfo/local.notebook.metainfo.xml"))
    release = information.find("releases/release")
    assert release is not None
    assert release.attrib == {"version": VERSION, "date": RELEASE_DAY.isoformat()}
    assert information.findtext("launchable") == "notebook.desktop"


@pytest.mark.parametrize("side", [48, 128])
def test_panels_without_svg_have_an_icon(share: Path, side: int) -> None:
    with Image.open(share / f"icons/hicolor/{side}x{side}/apps/notebook.png") as icon:
        assert icon.size == (side, side)
        assert icon.getpixel((side // 2, 4)) != icon.getpixel((side // 2, side // 2))


def test_manual_page_names_every_command_and_option() -> None:
    page = manual_page()
    for command in ("plan list", "contacts import", "backup restore", "open", "init"):
        assert f"\n.SS {command}\n" in page
    for option in (r"\-\-version", r"\-\-store FOLDER", r"\-\-language sv|en|ru|et", r"\-\-json"):
        assert rf"\fB{option}\fR" in page
    lines = page.splitlines()
    known = (".TH ", ".SH ", ".SS ", ".TP", ".B ")
    assert [
        line for line in lines if line.startswith((".", "'")) and not line.startswith(known)
    ] == []
    assert lines.count(".TP") == len([line for line in lines if line.startswith(r"\fB")])


@pytest.mark.skipif(not shutil.which("man"), reason="no man here")
def test_manual_page_is_shown_without_a_warning(tmp_path: Path) -> None:
    page = tmp_path / "notebook.1"
    page.write_text(manual_page(), encoding="utf-8")
    command = ["man", "--warnings", "--local-file", str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "contacts import" in done.stdout


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
def test_shell_completes_commands_and_their_actions(tmp_path: Path) -> None:
    script = tmp_path / "notebook"
    script.write_text(completion("bash"), encoding="utf-8")
    asked = (
        f'source "{script}"; COMP_WORDS=(notebook contacts im); COMP_CWORD=2; COMP_LINE="notebook '
        'contacts im"; COMP_POINT=20; $(complete -p notebook | sed "s/.*-F //; s/ .*//") notebook '
        'im contacts; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["import"]


def test_files_are_completed_where_a_file_is_asked_for() -> None:
    assert "_shtab_notebook_contacts_import_pos_0_COMPGEN=_shtab_compgen_files" in completion(
        "bash"
    )
    assert completion("zsh").startswith("#compdef notebook")


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="not installed here")
def test_menu_entry_is_valid() -> None:
    command = ["desktop-file-validate", str(LINUX / "notebook.desktop")]
    assert subprocess.run(command, capture_output=True, check=False).stdout == b""


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="not installed here")
def test_description_for_software_centres_is_valid(share: Path) -> None:
    file = share / "metainfo" / "local.notebook.metainfo.xml"
    command = ["appstreamcli", "validate", "--no-net", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    complaints = set(re.findall(r"^[EW]: \S+ (\S+)", done.stdout, re.MULTILINE))
    assert complaints <= {"cid-desktopapp-is-not-rdns", "url-homepage-missing"}  # it has no page
