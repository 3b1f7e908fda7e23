# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill of parts names every part once, and is the same for the same parts."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kfdesk.domain.version import LicensedComponent
from kfdesk.system import licences
from parts import (
    PackedPart,
    debian_packages,
    notice,
    packed_files,
    packed_parts,
    read_packed,
    write_parts,
)
from sbom import bill, spdx
from steps import SetupError

PROGRAM = LicensedComponent("Notebook", "1", "GPL-3.0-or-later", "Take it.")
FONT = LicensedComponent("Font", "", "", "Draw with it.")


def test_bill_is_in_the_form_that_others_read() -> None:
    made = json.loads(bill((PROGRAM, FONT), 0))
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert made["metadata"]["timestamp"] == "1970-01-01T00:00:00Z"
    assert made["metadata"]["component"]["licenses"] == [{"license": {"id": "GPL-3.0-or-later"}}]
    (font,) = made["components"]
    assert (font["type"], font["name"]) == ("library", "Font")
    assert font["purl"] == font["bom-ref"] == "pkg:generic/font"


LOCK = f"""babel==2.18.0 \\
    --hash=sha256:{"a" * 64} \\
    --hash=sha256:{"b" * 64}
    # via kfdesk (pyproject.toml)
"""
BABEL = LicensedComponent("Babel", "2.18.0", "BSD-3-Clause", "")
LIBC = LicensedComponent("libc6", "2.41-12", "GPL-2+, Expat", "")


def test_scanner_finds_a_locked_part_by_its_url_and_its_hashes() -> None:
    made = json.loads(bill((PROGRAM, BABEL, FONT), 0, LOCK))
    babel = made["components"][0]
    assert babel["purl"] == "pkg:pypi/babel@2.18.0"
    assert [each["content"] for each in babel["hashes"]] == ["a" * 64, "b" * 64]
    assert babel["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]
    other = json.loads(bill((PROGRAM, replace(BABEL, version="2.17.0"), FONT), 0, LOCK))
    assert other["components"][0]["purl"] == "pkg:generic/babel@2.17.0"
    assert "hashes" not in other["components"][0]


def test_library_of_debian_has_its_url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "libc6").mkdir()
    (tmp_path / "libc6" / "copyright").touch()
    monkeypatch.setattr("sbom.IN_DEBIAN", tmp_path)
    (made,) = json.loads(bill((PROGRAM, LIBC), 0, LOCK))["components"]
    assert made["purl"] == "pkg:deb/debian/libc6@2.41-12"
    assert made["licenses"] == [{"expression": "GPL-2.0-or-later AND MIT"}]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("MIT", "MIT"), ("mit", "MIT"), ("PSFL", "PSF-2.0"), ("BSD License", "BSD-3-Clause"),
        ("MIT License", "MIT"),
        ("LGPL-3.0-only OR GPL-2.0-only", "LGPL-3.0-only OR GPL-2.0-only"),
        ("CC-BY-4.0, MIT, Apache-2.0", "CC-BY-4.0 AND MIT AND Apache-2.0"),
        ("GPL-2+, LGPL-2.1", "GPL-2.0-or-later AND LGPL-2.1-only"), ("Expat, public-domain", "MIT"),
        ("GPL-2+ or Artistic-2.0, Expat", "(GPL-2.0-or-later OR Artistic-2.0) AND MIT"),
        ("something of their own", ""), ("", ""), ("BSD-3-Clause, dependency licenses", ""),
    ],
)  # fmt: skip
def test_licence_has_its_name_of_spdx_or_none(said: str, named: str) -> None:
    assert spdx(said) == named


def test_every_part_of_this_program_can_be_looked_up() -> None:
    parts = licences.program_components()
    made = json.loads(bill(parts, 0))
    refs = [each["bom-ref"] for each in made["components"]]
    assert len(set(refs)) == len(refs)
    locked = [each for each in made["components"] if each["purl"].startswith("pkg:pypi/")]
    assert len(locked) > 20
    assert all(each["hashes"] for each in locked)
    unnamed = [
        each["name"]
        for each in made["components"]
        if "name" in each["licenses"][0].get("license", {})
    ]
    assert unnamed == ["pypdfium2"]
    assert all(each["hashes"] and each["licenses"] for each in made["components"])


def reasons(component: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in component["properties"]}


def test_part_without_a_sum_or_a_licence_of_spdx_says_why() -> None:
    unknown = LicensedComponent("Gadget", "3", "", "Do what you like.")
    made = json.loads(bill((PROGRAM, unknown, BABEL), 0, LOCK))
    gadget, babel = sorted(made["components"], key=lambda each: each["name"] == "Babel")
    assert "hashes" not in gadget
    assert gadget["licenses"] == [{"license": {"name": "in its own words"}}]
    assert set(reasons(gadget)) == {"notebook:hashes", "notebook:licence"}
    assert reasons(babel) == {"notebook:hashes": "of the archives that requirements.lock names"}
    whole = made["metadata"]["component"]
    assert "hashes" not in whole
    assert "inside the program" in reasons(whole)["notebook:hashes"]


def test_part_of_the_system_has_the_sums_of_its_files_and_its_place_in_the_graph() -> None:
    inner = replace(LIBC, name="libinner1", version="7")
    packed = {
        "libc6": PackedPart(("c" * 64,), ("libinner1", "nothing-here")),
        "libinner1": PackedPart(("d" * 64, "e" * 64), ("libc6",)),  # each needs the other
    }
    made = json.loads(bill((PROGRAM, LIBC, inner), 0, LOCK, packed))
    first, second = made["components"]
    assert [each["content"] for each in first["hashes"]] == ["c" * 64]
    assert [each["content"] for each in second["hashes"]] == ["d" * 64, "e" * 64]
    asked = {each["ref"]: each["dependsOn"] for each in made["dependencies"]}
    assert asked[first["bom-ref"]] == [second["bom-ref"]]
    assert asked[made["metadata"]["component"]["bom-ref"]] == sorted(
        (first["bom-ref"], second["bom-ref"])
    )


def test_part_that_lies_inside_another_has_its_archives() -> None:
    inside = LicensedComponent("Letters", "9", "MIT", "The shapes, inside babel. Take them.")
    made = json.loads(bill((PROGRAM, BABEL, inside), 0, LOCK))
    babel, letters = made["components"]
    assert letters["hashes"] == babel["hashes"]
    assert reasons(letters)["notebook:hashes"] == "of the archives of babel, which carries it"
    asked = {each["ref"]: each["dependsOn"] for each in made["dependencies"]}
    assert asked[babel["bom-ref"]] == [letters["bom-ref"]]


def test_graph_leads_from_the_program_to_every_part() -> None:
    made = json.loads(bill(licences.program_components(), 0))
    asked = {each["ref"]: each["dependsOn"] for each in made["dependencies"]}
    top = made["metadata"]["component"]["bom-ref"]
    reached, waiting = set[str](), [top]
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += asked[ref]
    assert reached == {top, *(each["bom-ref"] for each in made["components"])}
    nacl = next(ref for ref in asked if ref.startswith("pkg:pypi/pynacl@"))
    assert any(ref.startswith("pkg:pypi/cffi@") for ref in asked[nacl])


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
    python = "/somewhere/libpython3.11.so.1.0"
    assert set(packed_files([str(library)])) == {"Python", "zlib1g"}
    with pytest.raises(FileNotFoundError, match="libpython"):
        packed_files([python])
    made = packed_files([str(library)])["zlib1g"]
    assert made.sums == (hashlib.sha256(library.read_bytes()).hexdigest(),)
    assert "libc6" in made.needs


def test_library_that_no_package_brought_stops_the_build(tmp_path: Path) -> None:
    assert debian_packages([str(tmp_path / "ours.so")]) == set()
    with pytest.raises(SetupError, match="no package has"):
        debian_packages(["/usr/lib/nobody-brought-this.so"])


def test_list_of_a_package_is_read_back_as_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parts.PACKED", tmp_path / "build" / "packed.json")
    assert read_packed() == {}
    written = write_parts([], tmp_path / "made" / licences.COMPONENTS_FILE)
    assert licences.program_components(tmp_path / "made") == written
    assert "Python" in {part.name for part in written}
    assert read_packed() == packed_files([])
    python = next(part for part in written if part.name == "Python")
    made = json.loads(bill((PROGRAM, python), 0, packed=read_packed()))
    assert len(made["components"][0]["hashes"][0]["content"]) == 64
