# SPDX-License-Identifier: GPL-3.0-or-later
"""Slips of a signer, and links that somebody has put into the program's folder, do no harm."""

import json
from functools import partial
from pathlib import Path
from threading import Barrier, Thread

import pytest
from tests.support.updates import Bench, make_bench, refusal, tree

from kfdesk.domain.updates import PROGRAM, is_far_ahead, read_manifest
from kfdesk.system import updates


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return make_bench(tmp_path)


def manifest(**changed: object) -> bytes:
    told = {
        "format": 1, "version": "0.3.0", "build": "abcd", "system": "linux-x86_64",
        "files": [[PROGRAM, 1, "0" * 64, 1]], "links": [],
    }  # fmt: skip
    return json.dumps(told | changed).encode()


@pytest.mark.parametrize("name", ["before.txt", "BEFORE.TXT", "before.txt/part"])
def test_note_of_the_version_before_is_no_part_of_an_update(name: str) -> None:
    assert refusal(lambda: read_manifest(manifest())) == ""
    link, file = [[name, PROGRAM]], [[PROGRAM, 1, "0" * 64, 1], [name, 1, "0" * 64, 0]]
    for changed in ({"links": link}, {"files": file}):
        told = manifest(**changed)
        assert refusal(partial(read_manifest, told)) == "update.not_an_update"


def test_note_follows_no_link_and_overwrites_nothing(tmp_path: Path) -> None:
    program = tmp_path / PROGRAM
    program.write_text("program")
    note = tmp_path / "note"
    for is_link in (True, False):
        if is_link:
            note.symlink_to(program)
        else:
            note.write_text("was here")
        with pytest.raises(FileExistsError):
            updates._write(note, "0.2.0-abcd")
        note.unlink()
    assert program.read_text() == "program"


def test_folder_that_versions_leads_to_is_never_swept(bench: Bench, tmp_path: Path) -> None:
    foreign = tmp_path / "documents"
    (foreign / "0.1.0-abcd").mkdir(parents=True)
    (foreign / "0.1.0-abcd" / "letter").write_text("kept")
    (bench.root / "versions").symlink_to(foreign)
    before = tree(foreign)
    assert bench.refusal(bench.update()) == "update.by_hand"
    assert tree(foreign) == before


@pytest.mark.parametrize("name", [".new", "0.1.0-abcd"])
def test_link_in_the_place_of_a_version_is_removed_and_not_followed(
    bench: Bench, tmp_path: Path, name: str
) -> None:
    foreign = tmp_path / "documents"
    foreign.mkdir()
    (foreign / "letter").write_text("kept")
    (bench.root / "versions").mkdir()
    (bench.root / "versions" / name).symlink_to(foreign)
    assert bench.refusal(bench.update()) == ""
    assert (foreign / "letter").read_text() == "kept"
    assert name not in bench.versions


def test_updates_that_look_at_once_never_say_by_hand(bench: Bench) -> None:
    path, said, gate = bench.update(), list[str](), Barrier(4)

    def look() -> None:
        gate.wait()
        said.extend(bench.checked(path) for _ in range(8))

    threads = [Thread(target=look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert set(said) == {""}
    assert not list(bench.root.glob("*.trial"))


@pytest.mark.parametrize(
    ("version", "than", "is_far"),
    [
        ("9999.9999", "0.2.0", True), ("0.999", "0.2.0", True), ("0.2.0", "9999.9999", False),
        ("0.3.0", "0.2.0", False), ("1.0", "0.99.3", False), ("0.2.101", "0.2.0", True),
        ("0.2.100", "0.2", False), ("2026.12", "0.2.0", True),
    ],
)  # fmt: skip
def test_version_far_ahead(version: str, than: str, is_far: bool) -> None:
    assert is_far_ahead(version, than) is is_far


def test_version_that_would_shut_out_every_later_one_is_refused(bench: Bench) -> None:
    path = bench.update(version="9999.9999")
    assert bench.refusal(path) == "update.far_ahead"
    assert bench.refusal(bench.update(version="0.4.0")) == ""
