# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill of parts names every part once, and is the same for the same parts."""

import json
from pathlib import Path

import pytest

from kfdesk.domain.version import LicensedComponent
from kfdesk.system import licences
from parts import bill, debian_packages, notice, packed_parts, write_parts
from steps import SetupError

PROGRAM = LicensedComponent("Notebook", "1", "GPL-3.0-or-later", "Take it.")
FONT = LicensedComponent("Font", "", "", "Draw with it.")


def test_bill_is_in_the_form_that_others_read() -> None:
    made = json.loads(bill((PROGRAM, FONT), 0))
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert made["metadata"]["timestamp"] == "1970-01-01T00:00:00Z"
    assert made["metadata"]["component"]["licenses"] == [{"license": {"name": "GPL-3.0-or-later"}}]
    assert made["components"] == [{"type": "library", "name": "Font", "bom-ref": "Font@"}]


def test_same_parts_give_the_same_bill_and_others_another() -> None:
    assert bill((PROGRAM, FONT), 0) == bill((PROGRAM, FONT), 0)
    numbers = [json.loads(bill(parts, 0))["serialNumber"] for parts in ((PROGRAM,), (FONT,))]
    assert numbers[0] != numbers[1]


def test_notice_has_the_words_of_every_licence() -> None:
    assert notice((PROGRAM, FONT)).startswith(
        "Notebook 1\n==========\nGPL-3.0-or-later\n\nTake it."
    )
    assert "Font\n====\n\n\nDraw with it." in notice((PROGRAM, FONT))


def test_library_of_the_system_is_named_with_its_package() -> None:
    library = next(Path("/usr/lib").glob("*/libz.so.1"))
    ((name, version),) = debian_packages([str(library), "/opt/not/the/systems.so"])
    assert name == "zlib1g"
    assert version
    (_, packed) = packed_parts([str(library)])
    assert (packed.name, packed.licence) == ("zlib1g", "Zlib")


def test_library_that_no_package_brought_stops_the_build(tmp_path: Path) -> None:
    assert debian_packages([str(tmp_path / "ours.so")]) == set()
    with pytest.raises(SetupError, match="no package has"):
        debian_packages(["/usr/lib/nobody-brought-this.so"])


def test_list_of_a_package_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    written = write_parts([], tmp_path / "made" / licences.COMPONENTS_FILE)
    assert licences.program_components(tmp_path / "made") == written
    assert "Python" in {part.name for part in written}
