# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup, check, restore and erase from the command line: answers, refusals, exit codes."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.environment import Environment
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.storage import key_slots
from kfdesk.storage.driver import STORE_FILE

MACHINE = Environment(cost=key_slots.MIN_COST)
WORDS = "sex helt vanliga ord till prov"
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the store of this test; its exit code and answer."""
    file = tmp_path / "words.txt"
    file.write_text(WORDS + "\n", encoding="utf-8")

    def runs(*words: str, store: str = "desk/store") -> tuple[int, Any]:
        head = ["--store", str(tmp_path / store), "--initials", "EV", "--json"]
        code = app.main([*head, "--passphrase-file", str(file), *words], MACHINE)
        said = capsys.readouterr()
        return code, json.loads(said.out or said.err)

    desk = store_lifecycle.create_store(
        tmp_path / "desk/store", people.HOUSE, Credentials("EV", WORDS), MACHINE
    )
    story.enter_plan(desk, desk.identity.organisation)
    desk.store.close()
    return runs


def test_backup_is_made_checked_and_restored_elsewhere(
    run: Run, stick: Path, tmp_path: Path
) -> None:
    code, made = run("backup", "make", str(stick))
    assert (code, made["removed"], made["records"]["leg"]) == (0, 0, 2)
    assert Path(made["backup"]).parent == stick
    code, checked = run("backup", "check", made["backup"], store="none/store")
    assert (code, checked["sound"], checked["records"]) == (0, True, made["records"])
    code, restored = run("backup", "restore", str(stick), store="other/store")
    assert code == 0
    assert restored == {
        "records": made["records"], "erased_again": 0, "erases_again": [], "knows_erasures": True,
        "store_before": None,
    }  # fmt: skip
    digests = {run("verify", store=store)[1]["digest"] for store in ("desk/store", "other/store")}
    assert len(digests) == 1
    assert not (tmp_path / "none" / "store").exists()


def test_restore_over_a_store_says_where_that_one_is_now(run: Run, stick: Path) -> None:
    run("backup", "make", str(stick))
    code, restored = run("backup", "restore", str(stick))
    assert code == 0
    assert (Path(restored["store_before"]) / STORE_FILE).is_file()
    assert run("verify")[0] == 0


def test_what_is_wrong_is_told_in_words_and_by_the_exit_code(run: Run, stick: Path) -> None:
    code, refused = run("backup", "check", str(stick))
    assert (code, refused["refused"]) == (1, "backup.missing")
    path = Path(run("backup", "make", str(stick))[1]["backup"])
    (path / STORE_FILE).write_bytes((path / STORE_FILE).read_bytes()[:-4096])
    code, refused = run("backup", "check", str(path))
    assert (code, refused["refused"]) == (1, "backup.damaged_pages")
    assert refused["reason"] == "The file of this backup is damaged and cannot be restored."
    assert refused["remedy"]
    assert run("backup", "restore", str(path))[0] == 1
    assert run("verify")[0] == 0


def test_backup_where_none_can_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    code, refused = run("backup", "make", str(tmp_path / "no stick"))
    assert (code, refused["refused"]) == (1, "backup.not_written")


def test_client_is_erased_and_does_not_come_back_by_a_restore(run: Run, stick: Path) -> None:
    run("backup", "make", str(stick))
    plan = run("plan", "list")[1]["plans"][0]["plan"]
    records = run("plan", "show", plan)[1]["records"]
    client = next(each["record"] for each in records if each["type"] == "client")
    asked = ("erase", client, "--reason", "client_request")
    assert run(*asked)[1]["refused"] == "erasure.second_missing"
    words = stick.parent / "second.txt"
    words.write_text("en annan fras med sex ord\n", encoding="utf-8")
    lead = ("user", "add", "QQ", "--roles", "data_protection_lead", "--new-passphrase-file")
    assert run(*lead, str(words))[0] == 0
    code, wish = run(*asked, "--signed", "2026-11-01")
    assert (code, wish["wish"]) == (0, "recorded")
    assert run(*asked)[1]["refused"] == "erasure.waiting"
    assert run(*asked, "--take-back")[1] == {"wish": "taken back"}
    assert run(*asked, "--period-over")[1]["refused"] == "erasure.not_signed"
    code, erased = run(*asked, "--second", "QQ", "--second-file", str(words))
    assert code == 0
    assert erased["erased"] >= len(records)
    assert run("plan", "list")[1]["plans"] == []
    assert run("erase", client, "--reason", "error")[1]["refused"] == "record.missing"
    code, refused = run("backup", "restore", str(stick))
    assert (code, refused["refused"]) == (1, "backup.not_agreed")
    assert refused["reason"].startswith("This restore erases records of your own again")
    assert "--erase-again" in refused["way_on"]
    assert len(refused["erases_again"]) == 1
    code, done = run("backup", "restore", str(stick), "--erase-again")
    assert (code, done["erased_again"]) == (0, erased["erased"])
    assert done["erases_again"] == refused["erases_again"]
    assert run("plan", "list")[1]["plans"] == []


class Terminal(io.StringIO):
    """A screen, or a keyboard on which one line is typed."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("typed", ["YES\n", "no\n", "\n", ""])
def test_restore_asks_at_a_terminal_and_goes_on_after_a_yes_alone(
    run: Run, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    run("backup", "make", str(stick))
    who, store = Credentials("EV", WORDS), tmp_path / "desk/store"
    desk = store_lifecycle.unlock_store(store, who, MACHINE)
    erase_client(desk, desk.store.rows("client")[0].rid, ErasureReason.ERROR)
    desk.store.close()
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", screen)
        words = tmp_path / "words.txt"
        head = ["--store", str(store), "--initials", "EV", "--passphrase-file", str(words)]
        code = app.main([*head, "backup", "restore", str(stick)], MACHINE)
    lead, line, *left = screen.getvalue().splitlines()
    assert lead == "The restore erases again what was erased since this backup:"
    assert line.endswith("It was entered by mistake.")
    assert left[0].startswith("Type yes to go on; anything else leaves all as it is: ")
    is_restored = len(list(store.parent.iterdir())) == 2
    assert (code, is_restored) == ((0, True) if typed == "YES\n" else (1, False))


def test_wrong_use_exits_with_two(run: Run, stick: Path) -> None:
    for words in (
        ("backup",), ("backup", "make"), ("backup", "mend", str(stick)), ("erase", "00" * 16),
        ("erase", "00" * 16, "--reason", "because"), ("erase", "nonsense", "--reason", "error"),
    ):  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            run(*words)
        assert ended.value.code == 2


@pytest.mark.parametrize("size", [0, 1, 15])
@pytest.mark.parametrize("words", [("salvage",), ("salvage", "--apply")])
def test_store_of_a_few_bytes_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, size: int, words: tuple[str, ...]
) -> None:
    file = tmp_path / "desk/store" / STORE_FILE
    file.write_bytes(file.read_bytes()[:size])
    code, found = run(*words)
    assert (code, found["refused"]) == (1, "salvage.nothing")
    assert file.stat().st_size == size


def test_damaged_store_is_looked_at_salvaged_and_reported(
    run: Run, stick: Path, tmp_path: Path
) -> None:
    run("backup", "make", str(stick))
    file = tmp_path / "desk/store" / STORE_FILE
    data = bytearray(file.read_bytes())
    data[-4096:] = bytes(4096)
    file.write_bytes(data)
    code, found = run("salvage")
    assert (code, found["bad_pages"], found["backup"]["days"]) == (0, 1, 0)
    assert Path(found["backup"]["path"]).parent == stick
    assert file.read_bytes() == data
    report = tmp_path / "report.txt"
    code, made = run("salvage", "--apply", "--report", str(report))
    assert (code, made["records"]) == (0, found["records"])
    assert (Path(made["store_before"]) / STORE_FILE).read_bytes() == data
    assert made["damage"] in report.read_text(encoding="utf-8")
    assert run("verify")[0] == 0
    code, refused = run("salvage", "--report", str(tmp_path / "none" / "report.txt"))
    assert (code, refused["refused"]) == (1, "store.disk")
