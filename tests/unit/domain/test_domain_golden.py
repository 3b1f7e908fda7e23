# SPDX-License-Identifier: GPL-3.0-or-later
"""A field's name is its key for ever, and a change of who may see it is a decision.

A failure of the first tests means that stores and partners would lose something. A failure of
the later ones means that something is new: look at it, then run
`python -m tests.golden.tables --update`.
"""

from pathlib import Path

import pytest
from tests.golden import tables
from tests.support import make

from kfdesk.domain.kinds import NumberKind, TextKind
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.schema import DataGroup, Field, SensitivityLevel


def test_no_field_was_removed_renamed_or_changed() -> None:
    assert tables.broken_fields(tables.kept_fields(), tables.fields_now()) == []


def test_no_code_was_removed_or_renamed() -> None:
    assert tables.broken_codes(tables.kept_codes(), tables.codes_now()) == []


def test_every_field_stands_in_the_golden_schema() -> None:
    assert tables.kept_fields() == tables.fields_now()


def test_every_code_stands_in_the_golden_lists() -> None:
    assert tables.kept_codes() == tables.codes_now()


def test_every_field_goes_where_the_golden_table_says() -> None:
    kept = tables.DISCLOSURE.read_text(encoding="utf-8")
    assert kept.splitlines() == tables.disclosure_now().splitlines()


def test_removed_field_is_seen() -> None:
    before = tables.fields_now()
    after = {name: field for name, field in before.items() if name != "leg.onward"}
    assert tables.broken_fields(before, after) == ["leg.onward"]
    renamed = {**after, "leg.how_on": before["leg.onward"]}
    assert tables.broken_fields(before, renamed) == ["leg.onward"]


@pytest.mark.parametrize(("what", "value"), [("kind", "Number"), ("fid", 1), ("since", 2)])
def test_changed_field_is_seen(what: str, value: object) -> None:
    before = tables.fields_now()
    after = {**before, "leg.onward": {**before["leg.onward"], what: value}}
    assert tables.broken_fields(before, after) == ["leg.onward"]


def test_field_may_be_retired_once_and_never_come_back() -> None:
    before = tables.fields_now()
    retired = {**before, "leg.onward": {**before["leg.onward"], "retired": 3}}
    later = {**before, "leg.onward": {**before["leg.onward"], "retired": 4}}
    assert tables.broken_fields(before, retired) == []
    assert tables.broken_fields(retired, before) == ["leg.onward"]
    assert tables.broken_fields(retired, later) == ["leg.onward"]


def test_removed_code_is_seen() -> None:
    before = tables.codes_now()
    after = {**before, "WISH": [code for code in before["WISH"] if "stay" not in code]}
    assert tables.broken_codes(before, after) == ["WISH.client_wishes_to_stay"]
    assert tables.broken_codes({"SHOES": ["boot"]}, before) == ["SHOES.boot"]


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the tables as they are kept, copied to a folder that an update may write in."""
    for name in ("SCHEMA", "CODES", "DISCLOSURE"):
        kept: Path = getattr(tables, name)
        copy = tmp_path / kept.name
        copy.write_bytes(kept.read_bytes())
        monkeypatch.setattr(tables, name, copy)
    return tmp_path


def test_update_adds_a_new_field_and_leaves_the_rest(copies: Path) -> None:
    before = tables.kept_fields()
    new = Field(
        "shift",
        TextKind(),
        "Shift",
        make.SECTION,
        SensitivityLevel.S1,
        DataGroup.DIRECTORY,
        since=2,
    )
    with make.registered(make.described(Contact, new)):
        assert tables.kept_fields() != tables.fields_now()
        assert tables.main(["--update"]) == 0
    after = tables.kept_fields()
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"contact.shift"}
    assert "| contact.shift | directory | S1 |" in (copies / "disclosure.md").read_text()


def test_update_refuses_to_forget_or_to_change(
    copies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in copies.iterdir()}
    other = Field(
        "phone", NumberKind(), "Phone", make.SECTION, SensitivityLevel.S2, DataGroup.DESK, since=1
    )
    with make.registered(make.described(Contact, other)):
        assert tables.main(["--update"]) == 1
    assert "contact.phone" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in copies.iterdir()} == before


def test_tables_are_not_written_unasked(copies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copies / "disclosure.md").write_text("", encoding="utf-8")
    with pytest.raises(SystemExit):
        tables.main([])
    assert "--update" in capsys.readouterr().err
    assert (copies / "disclosure.md").read_text(encoding="utf-8") == ""
