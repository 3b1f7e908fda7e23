# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of figures, as somebody types them."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.integration.hostile_samples import hostile_trio
from tests.integration.sum_samples import join, own, until
from tests.support.figure_samples import IN_MARCH, add_clients

from kfdesk import app, store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials("EV", people.PASSPHRASE)


class Typed:
    """Types commands on a store with 26 clients of March 2025, or on another one."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], name: str = "store"
    ) -> None:
        self.store, self._capsys = folder / name, capsys
        if not self.store.exists():
            desk = store_lifecycle.create_store(self.store, people.HOUSE, WHO, MACHINE)
            add_clients(desk, 14, opened=IN_MARCH)
            add_clients(desk, 12, opened=IN_MARCH, gender="Masculine")
            desk.store.close()
        self._words = folder / "words"
        self._words.write_text(f"{WHO.passphrase}\n", encoding="utf-8")

    def __call__(self, *words: str) -> Any:
        head = ["--store", str(self.store), "--initials", WHO.initials, "--json"]
        code = app.main([*head, "--passphrase-file", str(self._words), "figures", *words], MACHINE)
        said = self._capsys.readouterr()
        return json.loads(said.err if code else said.out)


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    return Typed(tmp_path, capsys)


def test_a_release_is_looked_at_made_attacked_and_exported(typed: Typed, tmp_path: Path) -> None:
    asked = ("release", "new_clients", "2025", "--by", "sex,age")
    looked = typed(*asked)
    assert looked["total"] == 26
    assert looked["tables"] == ["@sex.0", "men=12", "women=14", "@age.0", "age_21_23=26"]
    assert looked["release"] == ""
    made = typed(*asked, "--apply")["release"]
    assert [one["release"] for one in typed("list")["releases"]] == [made]
    assert typed("attack", made) == {"found": []}
    saved = tmp_path / "table.csv"
    typed("export", made, str(saved))
    assert "Women,14" in saved.read_text(encoding="utf-8")


def test_what_must_not_be_released_is_refused(typed: Typed, tmp_path: Path) -> None:
    for code, words in (
        ("figures.least", ("new_clients", "2025", "--by", "sex", "--least", "3")),
        ("figures.period", ("new_clients", "20206")),
        ("figures.population", ("everybody", "2025")),
        ("figures.variables", ("new_clients", "2025", "--by", "shoes")),
    ):
        assert typed("release", *words)["refused"] == code
    made = typed("release", "new_clients", "2025", "--crossed", "--by", "sex,age", "--apply")
    nowhere = tmp_path / "missing" / "table.csv"
    assert typed("export", made["release"], str(nowhere))["refused"] == "figures.not_written"


def test_fixed_rows_leave_groups_out(typed: Typed) -> None:
    said = typed("release", "new_clients", "2025", "--by", "sex", "--fixed-rows")
    assert said["tables"] == ["@sex.0", "men=12", "women=14"]


def test_a_sum_is_begun_answered_and_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with hostile_trio(tmp_path) as trio:
        network = join(trio).hex()
        members = [own(desk).hex() for desk in (trio.bad, trio.third)]
        day = until(trio.ours).isoformat()
    typed = Typed(tmp_path, capsys, "ours")
    assert typed("sum", "list") == {"sums": []}
    asked = ("sum", "begin", network, "new_clients", "2025", *members, "--by", "sex")
    made = typed(*asked, "--until", day)
    assert (made["step"], made["by"], made["until"]) == ("answer", ["sex"], day)
    answered = typed("sum", "answer", made["sum"])
    assert answered["step"] == "shares"
    assert len(answered["missing"]) == 2
    assert typed("sum", "answer", made["sum"])["refused"] == "sums.answered"
    assert typed("sum", "add-up", made["sum"])["refused"] == "sums.not_all"
    assert typed("sum", "release", made["sum"], "--apply")["refused"] == "sums.not_all"
    again = typed("sum", "again", made["sum"], "--until", day)
    assert again["refused"] == "sums.few_members"
    assert typed("sum", "end", made["sum"])["reason"] == "called_off"
    assert [one["step"] for one in typed("sum", "list")["sums"]] == ["void"]


def test_sums_that_cannot_be_are_refused(typed: Typed) -> None:
    nobody = "00" * 16
    asked = ("sum", "begin", nobody, "new_clients", "2025", nobody, "11" * 16)
    assert typed(*asked, "--until", "2099-01-01")["refused"] == "sums.not_in_network"
    assert typed("sum", "answer", nobody)["refused"] == "record.missing"
