# SPDX-License-Identifier: GPL-3.0-or-later
"""The icons in `resources/icons`: those of the list, each of which can be given a colour."""

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.support.cases import failing

from make_icons import ICONS, RECOLOURED, IconError, main, make_icons

DRAWINGS = Path(__file__).resolve().parents[3] / "resources" / "icons"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|rgb\(")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Create a folder laid out as the icon package, with our own drawings."""
    folder = tmp_path / "package"
    shutil.copytree(DRAWINGS, folder / "icons")
    (folder / "icons" / "LICENSE.txt").rename(folder / "LICENSE")
    (folder / "icons" / "never-asked-for.svg").write_text(f"<svg {RECOLOURED}/>", encoding="utf-8")
    return folder


def test_folder_holds_the_icons_of_the_list_and_their_licence() -> None:
    found = {path.name for path in DRAWINGS.iterdir()}
    assert found == {f"{name}.svg" for name in ICONS} | {"LICENSE.txt"}
    assert len(ICONS) == len(set(ICONS))


def has_no_colour_of_its_own(name: str) -> None:
    text = (DRAWINGS / f"{name}.svg").read_text(encoding="utf-8")
    drawing = ElementTree.fromstring(text)
    assert drawing.get("stroke") == "currentColor"
    assert drawing.get("viewBox") == "0 0 24 24"
    assert not COLOUR.search(text)


def test_icon_is_a_drawing_without_a_colour_of_its_own() -> None:
    assert failing(has_no_colour_of_its_own, zip(ICONS, strict=True)) == {}


def test_only_the_icons_of_the_list_are_copied(package: Path, tmp_path: Path) -> None:
    target = tmp_path / "icons"
    target.mkdir()
    (target / "dropped-long-ago.svg").touch()
    assert make_icons(package, target) == len(ICONS)
    assert {path.stem for path in target.glob("*.svg")} == set(ICONS)
    assert (target / "LICENSE.txt").is_file()


def test_missing_icon_is_named_and_nothing_is_written(package: Path, tmp_path: Path) -> None:
    (package / "icons" / "ship.svg").unlink()
    with pytest.raises(IconError, match="ship"):
        make_icons(package, tmp_path / "icons")
    assert not (tmp_path / "icons").exists()


def test_icon_of_a_fixed_colour_is_refused(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (package / "icons" / "sun.svg").write_text('<svg stroke="red"/>', encoding="utf-8")
    assert main([str(package), "--target", str(tmp_path / "icons")]) == 1
    assert "sun" in capsys.readouterr().err
