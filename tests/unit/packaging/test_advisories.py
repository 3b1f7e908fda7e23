# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of known weaknesses that came on a stick is compared with the locked parts, or refused."""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import advisories
from advisories import ListError, entries, is_affected, warnings_of

LOCK = "one==1.5.0 \\\n    --hash=sha256:" + "a" * 64 + "\n    # via kfdesk (pyproject.toml)\n"
ENTRY: dict[str, Any] = {
    "id": "PYSEC-1",
    "modified": "2026-11-02T10:00:00Z",
    "summary": "One can be stopped from afar",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "One"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "1.2"}, {"fixed": "1.6"}]},
            ],
        }
    ],
}


def put(folder: Path, *listed: object) -> Path:
    """Write entries as a zip, as OSV gives it."""
    place = folder / "all.zip"
    with zipfile.ZipFile(place, "w") as packed:
        for number, entry in enumerate(listed):
            packed.writestr(f"{number}.json", json.dumps(entry))
    return place


def compared(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Return the exit code of the comparison, and everything that it said."""
    lock = place.parent / "lock.txt"
    lock.write_text(LOCK, encoding="utf-8")
    monkeypatch.setattr(advisories, "LOCK", lock)
    monkeypatch.setattr(sys, "argv", ["advisories.py", str(place)])
    code = advisories.main()
    return code, "".join(capsys.readouterr())


def test_part_that_is_warned_of_is_named_with_the_day_of_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    older = ENTRY | {"id": "PYSEC-0", "modified": "2020-01-01T00:00:00Z", "affected": []}
    code, said = compared(put(tmp_path, ENTRY, older), monkeypatch, capsys)
    assert said.splitlines() == [
        "one 1.5.0: PYSEC-1 One can be stopped from afar",
        "1 parts, 2 entries, the newest of 2026-11-02: 1 warnings",
    ]
    assert code == 1


@pytest.mark.parametrize(
    "change",
    [
        {"withdrawn": "2026-11-03T00:00:00Z"},
        {"affected": [ENTRY["affected"][0] | {"package": {"ecosystem": "npm", "name": "one"}}]},
        {"affected": [ENTRY["affected"][0] | {"package": {"ecosystem": "PyPI", "name": "two"}}]},
        {"affected": []},
    ],
)
def test_what_does_not_speak_of_our_parts_is_no_warning(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
) -> None:
    code, said = compared(put(tmp_path, ENTRY | change), monkeypatch, capsys)
    assert (code, said.splitlines()[-1].endswith(": 0 warnings")) == (0, True)


@pytest.mark.parametrize(
    ("events", "is_ours"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "1.5.0"}], False),
        ([{"introduced": "0"}, {"fixed": "1.5.1"}], True),
        ([{"introduced": "0"}, {"last_affected": "1.5.0"}], True),
        ([{"introduced": "0"}, {"last_affected": "1.4"}], False),
        ([{"introduced": "1.6"}], False),
        ([{"fixed": "1.2"}, {"introduced": "0"}], False),
        ([{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "1.4"}, {"fixed": "2"}], True),
        ([{"introduced": "0", "fixed": "1.2"}], False),
        ([{"introduced": "nonsense"}], True),
        ([], False),
    ],
)
def test_ranges_are_read_as_the_format_says(events: list[dict[str, str]], is_ours: bool) -> None:
    affected = {"ranges": [{"type": "ECOSYSTEM", "events": events}]}
    assert is_affected(affected, "1.5.0") is is_ours


def test_version_that_is_listed_is_affected_and_a_commit_says_nothing() -> None:
    assert is_affected({"versions": ["1.4", "1.5.0"]}, "1.5.0")
    assert not is_affected({"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}, "1.5.0")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b'{"id": "x"}', b'{"modified": 5}', b"\xff", b"[" * 100_000],
)
def test_list_that_is_damaged_or_another_is_refused_in_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
) -> None:
    (tmp_path / "list.json").write_bytes(content)
    code, said = compared(tmp_path / "list.json", monkeypatch, capsys)
    assert (code, len(said.splitlines())) == (1, 1)
    assert said.startswith("advisories: the list ")


@pytest.mark.parametrize(
    "change",
    [
        {"affected": 5},
        {"affected": [5]},
        {"affected": [{"package": "one"}]},
        {"affected": [ENTRY["affected"][0] | {"ranges": [{"type": "ECOSYSTEM", "events": [5]}]}]},
        {"affected": [ENTRY["affected"][0] | {"versions": None}]},
    ],
)
def test_entry_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ListError, match="OSV"):
        list(warnings_of(ENTRY | change, {"one": {"1.5.0"}}))


def test_missing_empty_and_torn_lists_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compared(tmp_path / "none.zip", monkeypatch, capsys)[0] == 1
    assert "is empty" in compared(put(tmp_path), monkeypatch, capsys)[1]
    (tmp_path / "torn.zip").write_bytes(put(tmp_path, ENTRY).read_bytes()[:-4] + b"xxxx")
    assert compared(tmp_path / "torn.zip", monkeypatch, capsys)[0] == 1
    monkeypatch.setattr(sys, "argv", ["advisories.py"])
    assert advisories.main() == 1


def test_list_that_is_far_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = put(tmp_path, ENTRY, ENTRY)
    monkeypatch.setattr(advisories, "_MOST", 1)
    with pytest.raises(ListError, match="larger"):
        list(entries(place))
    monkeypatch.setattr(advisories, "_LONGEST", 10)
    with pytest.raises(ListError, match="larger"):
        list(entries(place))


def test_folder_of_entries_is_read_as_well(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}.json").write_text(json.dumps(ENTRY), encoding="utf-8")
    assert len(list(entries(tmp_path))) == 2
