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
from kfdesk.domain.records.directory import Organisation
from kfdesk.environment import Environment
from kfdesk.services.core.records import create_record
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


def test_a_release_of_new_clients_is_saved_for_statistics(typed: Typed, tmp_path: Path) -> None:
    asked = ("release", "new_clients", "2025", "--by", "sex,age,exploitation", "--crossed")
    made = typed(*asked, "--apply")["release"]
    saved = tmp_path / "ic_tip.csv"
    assert typed("ic-tip", made, str(saved)) == {"saved": str(saved)}
    head, total, *rows = saved.read_text(encoding="utf-8").splitlines()
    assert head.startswith("indicator,period_from,period_to,sex,age,form_of_exploitation,count")
    assert total.startswith("16.2.2,2025-01-01,2025-12-31,total,total,total,26,11,")
    numbers = [row.split(",")[6] for row in rows]
    assert sorted(numbers) == ["12", "14"], "no count is finer than the release"
    code = typed("ic-tip", made, str(tmp_path / "none" / "x.csv"))["refused"]
    assert code == "figures.not_written"


def test_statistics_of_detection_are_of_new_clients_alone(typed: Typed, tmp_path: Path) -> None:
    saved = tmp_path / "ic_tip.csv"
    made = typed("release", "in_care", "2025", "--by", "sex", "--apply")["release"]
    assert typed("ic-tip", made, str(saved))["refused"] == "figures.ic_tip_population"
    made = typed("release", "new_clients", "2025", "--by", "citizenship", "--apply")["release"]
    assert typed("ic-tip", made, str(saved))["refused"] == "figures.ic_tip_variables"


def test_sheets_of_case_data_come_in_and_go_out(typed: Typed, tmp_path: Path) -> None:
    sheet = tmp_path / "cases.csv"
    sheet.write_text(
        "kf_Code,prs_FirstName,vic_MethodsOfControl\naster-98,Vera,UsesChildren\naster-98,Nina,\n",
        encoding="utf-8",
    )
    looked = typed("htcds", "import", str(sheet))
    assert (looked["new"], looked["repeated"], looked["plans"]) == (1, 1, [])
    assert looked["lines"][1] == {"line": 3, "fate": "repeated", "like": "2"}
    (finding,) = looked["findings"]
    assert (finding["line"], finding["fault"]) == (2, "unknown")
    assert finding["remedy"]
    assert "UsesChildren" not in json.dumps(looked), "no value is told on a terminal"
    (plan,) = typed("htcds", "import", str(sheet), "--apply")["plans"]
    assert typed("htcds", "import", str(sheet))["like"] == 2
    more = typed("htcds", "import", str(sheet), "--apply", "--as-new", "3")["plans"]
    assert len(more) == 1
    house = json_of_house(typed)
    looked = typed("htcds", "export", plan, "--to", house)
    assert looked["cases"][0]["consent"] is False
    assert looked["saved"] == ""
    refused = typed("htcds", "export", plan, "--to", house, "--into", str(tmp_path / "x.csv"))
    assert refused["refused"] == "case_data.no_consent"
    for nobody in ("00" * 16, plan):
        assert typed("htcds", "export", plan, "--to", nobody)["refused"] == "record.missing"
    refused = typed("htcds", "export", "--all-agreed", "--to", house, "--into", str(tmp_path / "x"))
    assert refused["refused"] == "case_data.none"


def json_of_house(typed: Typed) -> str:
    """Enter an organisation and return its id."""
    desk = store_lifecycle.unlock_store(typed.store, WHO, MACHINE)
    try:
        return create_record(desk, Organisation, {"name": "IOM Exempel"}).hex()
    finally:
        desk.store.close()
