# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that cannot be done end with a sentence and code 1 or 2, whatever they are given."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.support.patience import HANG
from tests.support.samples import first

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import open_plan
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
WORDS = "sex helt vanliga ord till prov"
PROGRAM = (sys.executable, "-P", "-m", "kfdesk")


class Desk:
    """A store with one plan, and commands that are run on it as `main` gets them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.store, self._capsys = folder / "store", capsys
        self.secret = folder / "words.txt"
        self.secret.write_text(WORDS + "\n", encoding="utf-8")
        self.run("init", "--name", people.HOUSE)
        desk = self.opened()
        self.plan, _ = story.enter_plan(desk, desk.identity.organisation)
        page = open_plan(desk, self.plan)
        self.leg, self.client = page.legs[0].rid.hex(), page.client.rid.hex()
        desk.store.close()

    def opened(self) -> Session:
        return store_lifecycle.unlock_store(self.store, Credentials("EV", WORDS), MACHINE)

    def run(self, *words: str) -> tuple[int, Any]:
        head = ("--store", str(self.store), "--initials", "EV", "--json")
        code = app.main([*head, "--passphrase-file", str(self.secret), *words], MACHINE)
        said = self._capsys.readouterr()
        return code, json.loads(said.out or said.err)

    def refused(self, *words: str) -> str:
        code, answer = self.run(*words)
        assert code == 1, words
        assert answer["reason"]
        assert answer["remedy"]
        return str(answer["refused"])


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


@pytest.mark.parametrize(
    ("gender", "said"),
    [("Feminine", "She does"), ("Masculine", "He does"), ("NonConforming", "The client does")],
)
def test_refusal_speaks_of_the_client_as_is_recorded(desk: Desk, gender: str, said: str) -> None:
    desk.run("plan", "set", desk.client, "gender", f'"{gender}"')
    desk.run("plan", "set", desk.plan.hex(), "wants_paper", '"no_paper"')
    words = ("paper", "make", desk.plan.hex(), "--in", "sv", "--out")
    code, answer = desk.run("--language", "en", *words, str(desk.store.parent / "sheet.pdf"))
    assert (code, answer["refused"]) == (1, "paper.not_wanted")
    assert answer["reason"] == f"{said} not want a paper plan."


STRANGE = (
    "[1,2]", "[null]", "[[1]]", '[["a","b"]]', '{"en":"x"}', "1.5", "1e999", "NaN", "[", "[" * 9000,
    "9" * 5000, '["en"]', '["en","a","en","b"]', '["xx yy","a"]', '"\\ud800"', "true",
)  # fmt: skip


@pytest.mark.parametrize("value", first(5, STRANGE), ids=lambda value: value[:12])
def test_no_json_value_is_too_strange_for_a_localized_text(desk: Desk, value: str) -> None:
    before = desk.run("verify")[1]["digest"]
    assert desk.refused("plan", "set", desk.leg, "sign", value).startswith("field.")
    assert desk.run("verify")[1]["digest"] == before


def test_lists_of_codes_take_no_numbers(desk: Desk) -> None:
    assert desk.refused("plan", "set", desk.client, "languages", "[1,2]") == "field.kind_mismatch"
    assert desk.run("plan", "set", desk.client, "languages", '["ru"]')[0] == 0


@pytest.mark.parametrize(
    ("time", "code"),
    first(
        3,
        [
            ("2026-05-01T10:00+03:00[Mars/Base]", "field.no_such_zone"),
            ("2026-05-01T10:00+03:00[../Riga]", "field.kind_mismatch"),
            ("2026-05-01T10:00+23:59[Europe/Riga]", "field.not_its_offset"),
            ("2026-05-01T10:00-03:00[Europe/Riga]", "field.not_its_offset"),
            ("2026-05-01T10:00+99:00[Europe/Riga]", "field.kind_mismatch"),
            ("2026-03-29T03:30+02:00[Europe/Riga]", "field.no_such_time"),
            ("0001-01-01T00:00+14:00[Europe/Riga]", "field.kind_mismatch"),
        ],
    ),
)
def test_times_that_no_clock_shows_are_refused(desk: Desk, time: str, code: str) -> None:
    assert desk.refused("plan", "set", desk.leg, "check_in", f'"{time}"') == code


@pytest.mark.parametrize("offset", ["+03:00", "+02:00"])
def test_both_offsets_of_an_hour_that_comes_twice_are_taken(desk: Desk, offset: str) -> None:
    time = f'"2026-10-25T03:30{offset}[Europe/Riga]"'
    assert desk.run("plan", "set", desk.leg, "check_in", time)[0] == 0


@pytest.mark.parametrize(
    "name",
    ["", "  ", "\t", "\u202e", "\u200f \n", "\u200b", "\u00ad\u2060", "\u2800\u3164", "\u0301"],
)
def test_no_organisation_is_made_without_a_name(desk: Desk, tmp_path: Path, name: str) -> None:
    assert desk.refused("contacts", "add", name) == "field.no_name"
    desk.store = tmp_path / "other"
    assert desk.refused("init", "--name", name) == "field.no_name"
    assert not desk.store.exists()


@pytest.mark.parametrize(
    "name", ["Hus\u200bet", "Hu\u00adset", "x" * 201, "д" * 101, "\ufeffHuset"]
)
def test_no_store_is_made_under_a_name_that_its_card_cannot_carry(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    desk.store = tmp_path / "other"
    assert desk.refused("init", "--name", name) == "field.no_card_name"
    assert not desk.store.exists()


def test_countries_and_languages_are_known_or_refused(desk: Desk, tmp_path: Path) -> None:
    list_paper = ("paper", "make", "--paper", "contact_list", "--in", "sv")
    out = ("--out", str(tmp_path / "list.pdf"))
    for words in (
        ("contacts", "add", "Huset", "--country", "XX"),
        ("contacts", "list", "--country", "Atlantis"),
        ("contacts", "export", str(tmp_path / "list.csv"), "--country", "?"),
        (*list_paper, "--country", "XX", *out),
    ):
        assert desk.refused(*words) == "field.no_such_country"
    assert desk.refused("plan", "new", "--languages", "ru,qq") == "field.unknown_language"
    assert desk.refused(*list_paper, "--spoken", "qq", *out) == "field.unknown_language"
    assert list(tmp_path.glob("list.*")) == []


@pytest.mark.parametrize("typed", ["EE", "ee", "Estonia", "Эстония"])
def test_a_country_may_be_given_by_name(desk: Desk, typed: str) -> None:
    assert desk.run("contacts", "add", "Maja", "--country", typed)[0] == 0
    (line,) = desk.run("contacts", "list", "--country", typed)[1]["contacts"]
    assert line["name"] == "Maja"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"])
def test_a_passphrase_file_that_cannot_be_read_is_no_wrong_passphrase(
    desk: Desk, tmp_path: Path, content: bytes | None
) -> None:
    desk.secret = tmp_path / "another.txt"
    if content is not None:
        desk.secret.write_bytes(content)
    assert desk.refused("verify") == "secret.no_file"
    desk.secret = tmp_path
    assert desk.refused("verify") == "secret.no_file"


def program(*words: str, **how: Any) -> "subprocess.CompletedProcess[bytes]":
    """Run the program as a process without a terminal."""
    run = subprocess.run(
        [*PROGRAM, *words], check=False, capture_output="stdout" not in how, timeout=HANG,
        start_new_session=True, **how,
    )  # fmt: skip
    assert b"Traceback" not in (run.stderr or b"")
    assert b"stopped" not in (run.stderr or b"")
    return run


@pytest.mark.skipif(sys.platform != "linux", reason="a session without a terminal")
def test_nobody_at_the_terminal_is_said(tmp_path: Path) -> None:
    ended = program("--store", str(tmp_path), "plan", "list", stdin=subprocess.DEVNULL)
    assert ended.returncode == 1
    assert b"refused: secret.no_terminal" in ended.stderr
    assert b"Warning" not in ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="closed streams of Linux")
@pytest.mark.parametrize(
    ("streams", "code"),
    [
        ("<&-", "no_terminal"),
        ("</dev/null", "no_terminal"),
        ("<{binary}", "no_file"),
        ("<&- >&-", "no_terminal"),
    ],
)
def test_standard_input_without_a_passphrase_is_said(
    tmp_path: Path, streams: str, code: str
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xff\n")
    line = f'exec "$0" "$@" {streams.format(binary=tmp_path / "binary")}'
    words = ("--store", str(tmp_path), "--initials", "EV", "--passphrase-file", "-", "verify")
    ended = subprocess.run(
        ["sh", "-c", line, *PROGRAM, *words], capture_output=True, check=False, timeout=HANG,
        start_new_session=True,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert f"refused: secret.{code}".encode() in ended.stderr
    assert b"stopped" not in ended.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("verify",),
        ("user", "recovery-key"),
        ("user", "recover", "--new-passphrase-file", "-"),
        ("init", "--name", "Nordhuset"),
        ("backup", "check", "/nowhere"),
        ("salvage",),
    ],
)
def test_program_that_has_no_input_at_all_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "six words that are wrong ones")
    for head in ((), ("--passphrase-file", "-")):
        store = ("--store", str(desk.store), "--initials", "EV")
        assert app.main([*store, *head, "--json", *words], MACHINE) == 1
        assert json.loads(capsys.readouterr().err)["remedy"]


@pytest.mark.skipif(sys.platform != "linux", reason="closed pipes")
def test_refusal_that_nobody_can_read_is_a_refusal(tmp_path: Path) -> None:
    there, here = os.pipe()
    os.close(there)
    words = ("--store", str(tmp_path), "--passphrase-file", str(tmp_path / "gone"), "verify")
    around = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    ended = program(*words, stdout=subprocess.DEVNULL, stderr=here, env=around)
    os.close(here)
    assert ended.returncode == 1


@pytest.mark.skipif(sys.platform != "linux", reason="closed pipes")
@pytest.mark.parametrize("words", [("--help",), ("contacts", "list")])
def test_a_reader_that_has_gone_is_no_fault(desk: Desk, words: tuple[str, ...]) -> None:
    there, here = os.pipe()
    os.close(there)
    head = ("--store", str(desk.store), "--initials", "EV", "--passphrase-file", str(desk.secret))
    ended = program(*head, *words, stdout=here, stderr=subprocess.PIPE)
    os.close(here)
    assert ended.returncode in (0, 1)
    assert ended.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_an_answer_that_cannot_be_written_is_said(desk: Desk) -> None:
    head = ("--store", str(desk.store), "--initials", "EV", "--passphrase-file", str(desk.secret))
    with Path("/dev/full").open("wb") as full:
        ended = program(*head, "contacts", "list", stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 1
    assert b"store.disk" in ended.stderr


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_terminal_without_the_letters_gets_escapes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    desk.run("contacts", "add", "Дом у озера")
    narrow = io.TextIOWrapper(io.BytesIO(), "cp1252")
    monkeypatch.setattr(sys, "stdout", narrow)
    head = ("--store", str(desk.store), "--initials", "EV", "--passphrase-file", str(desk.secret))
    assert app.main([*head, *words, "contacts", "list"], MACHINE) == 0
    data = narrow.buffer.getvalue()
    assert rb"\u0414\u043e\u043c" in data
