# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifest of an update: everything in it is looked at, and odd things are refused."""

import json
from typing import Any

import pytest

from kfdesk.domain import updates
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.updates import (
    PackedFile,
    UpdateManifest,
    is_newer,
    is_version_name,
    read_manifest,
    write_manifest,
)

DIGEST = "0f" * 32
PROGRAM = ["notebook", 10, DIGEST, 1]
LIBRARY = ["_internal/lib/b.so", 7, DIGEST, 0]


def told(**changed: Any) -> bytes:
    """Return a manifest, with some of it changed."""
    whole = {
        "format": 1, "version": "0.3.0", "build": "a2a35364ab", "system": "linux-x86_64",
        "files": [PROGRAM, LIBRARY], "links": [["_internal/b.so", "_internal/lib/b.so"]],
    }  # fmt: skip
    return json.dumps(whole | changed).encode()


def refused(data: bytes) -> str:
    with pytest.raises(KfdeskError) as caught:
        read_manifest(data)
    return caught.value.code


def test_manifest_is_read_as_it_was_written() -> None:
    files = (PackedFile("notebook", 10, DIGEST, is_run=True), PackedFile("_internal/a", 7, DIGEST))
    links = {"_internal/b": "_internal/a"}
    manifest = UpdateManifest("0.3.0", "a2a35364ab", "linux-x86_64", files, links)
    assert read_manifest(write_manifest(manifest)) == manifest
    assert (manifest.name, manifest.size) == ("0.3.0-a2a35364ab", 17)
    assert read_manifest(told()).links == {"_internal/b.so": "_internal/lib/b.so"}


@pytest.mark.parametrize(
    "path",
    [
        "../notebook", "/etc/passwd", "_internal/../../x", "_internal//x", "", ".", "..", "a/.",
        "a\\..\\b", "c:x", "a/b.", "a ", " a", "~/x", "naïve", "a\u202eb", "a\nb", "a\0b",
        "/".join("abcdefghijklmnopq"), "x" * 121, "/".join(["x" * 100] * 3),
        "NOTEBOOK", "notebook/inside", "_internal/LIB/b.so", "_internal/lib", "_internal/b.so",
    ],
)  # fmt: skip
def test_path_that_leaves_the_folder_or_names_a_thing_twice_is_refused(path: str) -> None:
    assert refused(told(files=[PROGRAM, LIBRARY, [path, 1, DIGEST, 0]])) == "update.not_an_update"
    assert refused(told(links=[[path, "notebook"], ["_internal/b.so", "notebook"]])) != ""


def test_ordinary_names_are_taken() -> None:
    names = ["a-b_c.d+e", ".hidden", "a b (c)", "x=1,y@z~", "lib/a.so.6"]
    files = [PROGRAM, *([name, 0, DIGEST, 0] for name in names)]
    assert len(read_manifest(told(files=files, links=[])).files) == 6


@pytest.mark.parametrize(
    "changed",
    [
        {"format": 2}, {"format": True}, {"format": "1"}, {"more": 1},
        {"version": 3}, {"version": "3"}, {"version": "0.3.0-rc"}, {"version": "٠.٣"},
        {"build": "UPPER"}, {"build": "../x"}, {"system": "linux"}, {"system": None},
        {"files": {}}, {"files": None}, {"files": [7]}, {"files": [["notebook"]]},
        {"files": [["notebook", -1, DIGEST, 1]]}, {"files": [["notebook", True, DIGEST, 1]]},
        {"files": [["notebook", 1.5, DIGEST, 1]]}, {"files": [["notebook", 1, DIGEST, 2]]},
        {"files": [["notebook", 1, DIGEST, True]]}, {"files": [["notebook", 1, "00", 1]]},
        {"files": [["notebook", 2**40, DIGEST, 1]]}, {"files": [[7, 1, DIGEST, 1]]},
        {"files": [PROGRAM, *([f"x{n}", 2**31, DIGEST, 0] for n in range(2))]},
        {"files": [LIBRARY]}, {"files": [["notebook", 1, DIGEST, 0], LIBRARY]}, {"files": []},
        {"links": {}}, {"links": [["a"]]}, {"links": [[1, "notebook"]]},
        {"links": [["a", "gone"]]}, {"links": [["a", "../../x"]]}, {"links": [["a", "_internal"]]},
        {"links": [["a", "notebook"], ["a", "notebook"]]}, {"links": [["a", "a"]]},
        {"links": [["a", "notebook"], ["b", "a"]]},
    ],
)  # fmt: skip
def test_anything_odd_is_refused(changed: dict[str, Any]) -> None:
    assert refused(told(**changed)) == "update.not_an_update"


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"7", b"null", b"\xff", b"[" * 100_000, b'{"format": 1}']
)
def test_anything_but_a_manifest_is_refused(data: bytes) -> None:
    assert refused(data) == "update.not_an_update"


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "MAX_FILES", 2)
    assert refused(told()) == "update.not_an_update"


def test_odd_manifest_is_not_even_written() -> None:
    with pytest.raises(KfdeskError):
        write_manifest(UpdateManifest("0.3.0", "a2a35364ab", "linux-x86_64", ()))


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("0.3.0", "0.2.0", True), ("0.10.0", "0.9.1", True), ("1.0", "0.99.99", True),
        ("0.2.0", "0.2.0", False), ("0.2", "0.2.0", False), ("0.2.0.0", "0.2", False),
        ("0.2.0.1", "0.2", True), ("0.1.9", "0.2.0", False),
    ],
)  # fmt: skip
def test_versions_are_compared_number_by_number(version: str, than: str, newer: bool) -> None:
    assert is_newer(version, than) is newer


def test_names_of_folders_are_told_from_others() -> None:
    assert is_version_name("0.3.0-a2a35364ab")
    assert not any(map(is_version_name, ("", ".new", "0.3.0", "0.3.0-", "../0.3.0-aaaa")))
