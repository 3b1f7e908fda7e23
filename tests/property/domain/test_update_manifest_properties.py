# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever stands in a manifest: it is refused by a code, or each path of it stays inside."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.updates import read_manifest, write_manifest

ROOT = Path("/versions/new")
PARTS = st.sampled_from(("a", "A", "b.so", "_internal", "..", ".", "", " a", "a.", "ж", "\0", "~x"))
PATHS = st.lists(PARTS, max_size=5).map("/".join)
DIGEST = "0f" * 32
PROGRAM = ["notebook", 1, DIGEST, 1]
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), PATHS)
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4), max_leaves=8)
FILES = st.lists(
    st.tuples(PATHS, st.integers(-1, 9), st.just(DIGEST), st.integers(0, 1)).map(list), max_size=5
)


def faults(told: object) -> list[str]:
    """Read a manifest; return what of it was accepted and should not have been, or the code."""
    try:
        manifest = read_manifest(json.dumps(told).encode())
    except KfdeskError as fault:
        return [] if fault.code == "update.not_an_update" else [fault.code]
    paths = [*(file.path for file in manifest.files), *manifest.links]
    found = [
        path
        for path in paths
        if not Path(*ROOT.parts, *path.split("/")).is_relative_to(ROOT)
        or {"", ".", ".."} & set(path.split("/"))
    ]
    if len({path.lower() for path in paths}) != len(paths):
        found.append("one thing twice")
    if read_manifest(write_manifest(manifest)) != manifest:
        found.append("written otherwise")
    return found


def whole(**changed: object) -> dict[str, object]:
    """Return a manifest with some of it changed."""
    told = {"format": 1, "version": "0.3.0", "build": "abcd", "system": "linux-x86_64"}
    return {**told, "files": [PROGRAM], "links": [], **changed}


@given(FILES, st.lists(st.tuples(PATHS, PATHS).map(list), max_size=3))
def test_paths_that_are_accepted_stay_in_their_folder(
    files: list[object], links: list[object]
) -> None:
    assert faults(whole(files=[PROGRAM, *files], links=links)) == []


@given(st.sampled_from(("format", "version", "build", "system", "files", "links")), ANYTHING)
def test_anything_in_any_place_is_refused_by_a_code(key: str, value: object) -> None:
    assert faults(whole(**{key: value})) == []
