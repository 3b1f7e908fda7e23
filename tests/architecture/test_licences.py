# SPDX-License-Identifier: GPL-3.0-or-later
"""Each licence that a file is under stands in `LICENSES`, and no other does (REUSE)."""

import re
import tomllib
from pathlib import Path

from packaging.licenses import canonicalize_license_expression
from tests.architecture.tree import ROOT

OWN = "GPL-3.0-or-later"
TEXTS = "LICENSES"


def expressions(root: Path) -> dict[str, str]:
    """Return the licence of each pattern of files in `REUSE.toml`."""
    told = tomllib.loads((root / "REUSE.toml").read_text(encoding="utf-8"))
    return {each["path"]: each["SPDX-License-Identifier"] for each in told["annotations"]}


def strange_licences(root: Path) -> set[str]:
    """Return the licences that have no text, and the texts that nothing is under."""
    named = {
        name
        for said in expressions(root).values()
        for name in re.split(r" AND | OR ", canonicalize_license_expression(said))
    }
    return named ^ {path.stem for path in (root / TEXTS).iterdir()}


def lonely_patterns(root: Path) -> list[str]:
    """Return the patterns that fit no file."""
    return [path for path in expressions(root) if not any(root.glob(path.replace("**", "*")))]


def test_every_licence_has_its_text() -> None:
    assert strange_licences(ROOT) == set()
    assert lonely_patterns(ROOT) == []
    assert expressions(ROOT)["**"] == OWN
    assert (ROOT / TEXTS / f"{OWN}.txt").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_licence_without_a_text_and_a_text_of_nothing_are_seen(tmp_path: Path) -> None:
    told = (ROOT / "REUSE.toml").read_text(encoding="utf-8").replace("OFL-1.1", "Zlib")
    (tmp_path / "REUSE.toml").write_text(told, encoding="utf-8")
    (tmp_path / TEXTS).mkdir()
    for path in (ROOT / TEXTS).iterdir():
        (tmp_path / TEXTS / path.name).touch()
    assert strange_licences(tmp_path) == {"Zlib", "OFL-1.1"}
    assert "resources/fonts/**" in lonely_patterns(tmp_path)
