# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line as a script meets it: exit codes, sentences with remedies, JSON."""

import json
import os
import subprocess
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.samples import first

from kfdesk import app, store_lifecycle
from kfdesk.cli.arguments import build_parser
from kfdesk.cli.options import LANGUAGES
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.i18n.catalogues import begun_languages
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.exchange import partners
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.storage import driver, key_slots
from kfdesk.storage.driver import STORE_FILE
from kfdesk.system import paths, process

MACHINE = Environment(cost=key_slots.MIN_COST)
WORDS = "sex helt vanliga ord till prov"


@dataclass
class Said:
    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        return json.loads(self.out or self.err)


Run = Callable[..., Said]


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text(WORDS + "\n", encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path: Path, passphrase_file: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the store of this test, in this process, as `main` gets it."""

    def runs(*words: str, store: Path = tmp_path / "store", initials: str = "EV") -> Said:
        head = ["--store", str(store), "--initials", initials, "--json"]
        file = ["--passphrase-file", str(passphrase_file)]
        code = app.main([*head, *file, *words], MACHINE)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return runs


@pytest.fixture
def plan(run: Run, tmp_path: Path) -> str:
    """Create a store with one plan; return the id of the plan."""
    run("init", "--name", people.HOUSE)
    desk = store_lifecycle.unlock_store(tmp_path / "store", Credentials("EV", WORDS), MACHINE)
    plan, _ = story.enter_plan(desk, desk.identity.organisation)
    desk.store.close()
    return plan.hex()


def test_new_store_is_made_and_verified(run: Run) -> None:
    made = run("init", "--name", people.HOUSE)
    assert (made.code, len(made.answer["organisation"])) == (0, 32)
    checked = run("verify")
    assert (checked.code, checked.answer["sound"]) == (0, True)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", "user.short_passphrase"),
        ("   \t ", "user.short_passphrase"),
        ("\u200b" * 30, "user.short_passphrase"),
        ("kort", "user.short_passphrase"),
        ("aaaaaaaaaaaaaa", "user.weak_passphrase"),
        ("Alder House 2026", "user.weak_passphrase"),
    ],
)
def test_new_store_wants_a_passphrase_that_holds(
    run: Run, tmp_path: Path, passphrase_file: Path, typed: str, refusal: str
) -> None:
    passphrase_file.write_text(f"{typed}\n", encoding="utf-8")
    said = run("init", "--name", "Alder House")
    assert (said.code, said.answer["refused"]) == (1, refusal)
    assert not (tmp_path / "store").exists()


def test_typed_passphrase_of_a_new_store_is_typed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([WORDS, WORDS + "s"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    head = ["--store", str(tmp_path / "store"), "--initials", "EV", "--json"]
    assert app.main([*head, "init", "--name", people.HOUSE], MACHINE) == 1
    assert json.loads(capsys.readouterr().err)["refused"] == "user.not_the_same"
    assert not (tmp_path / "store").exists()


def test_second_store_in_the_same_folder_is_refused(run: Run, tmp_path: Path) -> None:
    run("init", "--name", people.HOUSE)
    before = {path.name: path.read_bytes() for path in (tmp_path / "store").iterdir()}
    again = run("init", "--name", "Annat hus")
    assert (again.code, again.answer["refused"]) == (1, "store.exists")
    assert {path.name: path.read_bytes() for path in (tmp_path / "store").iterdir()} == before


def test_wrong_passphrase_and_wrong_initials_are_answered_alike(
    run: Run, passphrase_file: Path
) -> None:
    run("init", "--name", people.HOUSE)
    by_initials = run("verify", initials="XX")
    passphrase_file.write_text("something else\n", encoding="utf-8")
    by_words = run("verify")
    assert by_initials.code == by_words.code == 1
    assert by_initials.answer == by_words.answer
    assert by_words.answer["refused"] == "store.wrong_passphrase"
    assert by_words.answer["remedy"]


@pytest.mark.parametrize("content", [b"", b"x", b"SQLite format 3\x00" + bytes(8192), b"?" * 9000])
def test_file_that_is_no_store_is_refused_and_left_alone(
    run: Run, tmp_path: Path, content: bytes
) -> None:
    run("init", "--name", people.HOUSE)
    file = tmp_path / "store" / "notebook.db"
    file.write_bytes(content)
    said = run("verify")
    assert said.code == 1
    assert said.answer["reason"] == "The initials, passphrase and database do not match."
    assert file.read_bytes() == content


def test_missing_store_is_told_with_a_remedy(run: Run) -> None:
    said = run("verify")
    assert (said.code, said.answer["refused"]) == (1, "store.missing")
    assert "new database" in said.answer["remedy"]


def test_wrong_use_exits_with_two(run: Run) -> None:
    for words in (["nonsense"], ["plan"], ["plan", "show", "not-hex"], ["--nonsense"]):
        with pytest.raises(SystemExit) as ended:
            run(*words)
        assert ended.value.code == 2


def test_word_that_is_no_identifier_is_told_and_not_repeated(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["plan", "show", "secret-1"], ["bundle", "undo", "secret-1"]):
        with pytest.raises(SystemExit):
            run(*words)
        said = capsys.readouterr().err
        assert "this is no identifier" in said
        assert "secret-1" not in said


def test_plan_is_listed_shown_and_changed(run: Run, plan: str) -> None:
    (line,) = run("plan", "list").answer["plans"]
    assert (line["plan"], line["code"], line["legs"]) == (plan, "tulpan-47", 2)
    records = run("plan", "show", plan).answer["records"]
    leg = next(r for r in records if r["type"] == "leg" and r["values"]["sequence"] == 2)
    changed = run("plan", "set", leg["record"], "carrier", '"18, Exempelbuss"')
    assert changed.code == 0
    records = run("plan", "show", plan).answer["records"]
    after = next(r for r in records if r["record"] == leg["record"])
    assert after["values"]["carrier"] == "18, Exempelbuss"


@pytest.mark.parametrize(
    ("key", "value"),
    first(
        2,
        [
            ("departs", '"tomorrow"'),
            ("departs", "not json"),
            ("sequence", '"2"'),
            ("no_such_field", '"x"'),
            ("carrier", '"a\\u202eb"'),
        ],
    ),
)
def test_value_that_does_not_fit_is_refused_and_nothing_saved(
    run: Run, plan: str, key: str, value: str
) -> None:
    records = run("plan", "show", plan).answer["records"]
    leg = next(r for r in records if r["type"] == "leg")
    before = run("verify").answer["digest"]
    said = run("plan", "set", leg["record"], key, value)
    assert said.code == 1
    assert said.answer["reason"]
    assert run("verify").answer["digest"] == before


def test_record_that_is_not_there_is_refused(run: Run, plan: str) -> None:
    assert run("plan", "show", "00" * 16).answer["refused"] == "record.missing"
    assert run("plan", "set", "00" * 16, "state", '"draft"').answer["refused"] == "record.missing"
    assert len(plan) == 32


def test_sheet_is_written_where_it_was_asked_for(run: Run, plan: str, tmp_path: Path) -> None:
    said = run("paper", "make", plan, "--in", "sv", "--out", str(tmp_path / "sheet.pdf"))
    assert said.code == 0
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")


def test_paper_comes_in_the_form_that_was_asked_for(run: Run, plan: str, tmp_path: Path) -> None:
    made = ("paper", "make", plan, "--in", "sv", "--out")
    said = run(*made, str(tmp_path / "folded.pdf"), "--form", "a6_fold", "--beside", "ru")
    assert said.code == 0
    said = run(*made, str(tmp_path / "no.pdf"), "--form", "a5")
    assert said.answer["refused"] == "paper.not_offered"
    said = run(*made, str(tmp_path / "no.pdf"), "--paper", "escorts_sheet")
    assert said.answer["refused"] in ("paper.missing", "paper.no_consent")
    assert [path.name for path in tmp_path.glob("*.pdf")] == ["folded.pdf"]


def test_copies_are_listed_and_settled(run: Run, plan: str, tmp_path: Path) -> None:
    run("paper", "make", plan, "--in", "ru", "--form", "large", "--out", str(tmp_path / "s.pdf"))
    (copy,) = run("paper", "copies").answer["copies"]
    assert (copy["paper"], copy["number"], copy["way"]) == ("travellers_sheet", 1, "saved")
    assert run("paper", "settle", copy["id"], "returned").answer["state"] == "returned"
    assert run("paper", "copies").answer["copies"] == []
    refused = run("paper", "settle", copy["id"], "somewhere")
    assert (refused.code, refused.answer["refused"]) == (1, "field.kind_mismatch")


def test_paper_does_not_come_in_every_size(run: Run, plan: str, tmp_path: Path) -> None:
    said = run(
        "paper", "make", plan, "--paper", "file_copy", "--in", "sv", "--form", "a6_fold",
        "--out", str(tmp_path / "copy.pdf"),
    )  # fmt: skip
    assert (said.code, said.answer["refused"]) == (1, "paper.not_offered")
    assert not (tmp_path / "copy.pdf").exists()


def test_sheet_for_a_folder_that_is_not_there_is_refused(
    run: Run, plan: str, tmp_path: Path
) -> None:
    said = run("paper", "make", plan, "--in", "sv", "--out", str(tmp_path / "no" / "sheet.pdf"))
    assert (said.code, said.answer["refused"]) == (1, "store.disk")


def test_sheet_names_the_field_that_is_missing(run: Run, plan: str, tmp_path: Path) -> None:
    records = run("plan", "show", plan).answer["records"]
    leg = next(r for r in records if r["type"] == "leg" and r["values"]["sequence"] == 2)
    run("plan", "set", leg["record"], "departs", "null")
    said = run("paper", "make", plan, "--in", "sv", "--out", str(tmp_path / "sheet.pdf"))
    assert (said.code, said.answer["refused"]) == (1, "paper.missing")
    assert said.answer["reason"] == "The paper cannot be printed without: Departs (no. 2)."
    assert not (tmp_path / "sheet.pdf").exists()


def test_sheet_without_her_wish_is_refused(run: Run, plan: str, tmp_path: Path) -> None:
    for value, code in (("null", "paper.wish_not_recorded"), ('"no_paper"', "paper.not_wanted")):
        run("plan", "set", plan, "wants_paper", value)
        said = run("paper", "make", plan, "--in", "sv", "--out", str(tmp_path / "sheet.pdf"))
        assert (said.code, said.answer["refused"]) == (1, code)


def test_answers_are_in_the_language_asked_for(
    passphrase_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = ["--store", str(tmp_path / "none"), "--passphrase-file", str(passphrase_file)]
    said = {}
    for code in LANGUAGES:
        assert app.main([*head, "--language", code, "verify"], MACHINE) == 1
        said[code] = capsys.readouterr().err
    assert len(set(said.values())) == len(LANGUAGES)
    assert said["en"].splitlines()[1] == "reason: There is no database in this folder."


def test_commands_speak_each_language_of_the_window() -> None:
    assert set(LANGUAGES) == {*PROGRAM_LANGUAGES, *begun_languages(paths.translations_folder())}


def test_card_is_written_trusted_and_verified_by_its_digits(
    run: Run, plan: str, tmp_path: Path
) -> None:
    other = store_lifecycle.create_store(
        tmp_path / "other", "Annat hus", Credentials("AN", WORDS), MACHINE
    )
    card = tmp_path / "other.card"
    card.write_bytes(partners.our_card(other))
    run("bundle", "card", str(tmp_path / "ours.card"))
    ours = partners.add_partner(
        other, (tmp_path / "ours.card").read_bytes(), PartnerTerms(is_third_country=False)
    )
    pending = run("bundle", "trust", str(card))
    assert pending.answer["state"] == "pending"
    assert pending.answer["digits"] == partners.verification_digits(other, ours.organisation)
    wrong = run("bundle", "trust", str(card), "--digits", "1" * 60)
    assert (wrong.code, wrong.answer["refused"]) == (1, "card.other_digits")
    right = run("bundle", "trust", str(card), "--digits", pending.answer["digits"])
    assert right.answer["state"] == "verified"
    own = run("bundle", "trust", str(tmp_path / "ours.card"))
    assert own.answer["refused"] == "card.own"
    other.store.close()
    assert len(plan) == 32


def test_file_that_cannot_be_opened_is_told(run: Run, plan: str, tmp_path: Path) -> None:
    assert run("bundle", "take", str(tmp_path / "none.age")).answer["refused"] == "bundle.missing"
    assert run("bundle", "trust", str(tmp_path / "none.card")).answer["refused"] == "bundle.missing"
    assert len(plan) == 32


# a bare store


def test_plan_is_begun_with_a_code_and_nothing_else(run: Run) -> None:
    run("init", "--name", people.HOUSE)
    begun = run("plan", "new", "--languages", "ru,en").answer
    assert begun["code"]
    [line] = run("plan", "list").answer["plans"]
    assert (line["plan"], line["state"]) == (begun["plan"], "draft")


def test_organisation_is_added_listed_and_secret_unless_said_otherwise(run: Run) -> None:
    run("init", "--name", people.HOUSE)
    added = run("contacts", "add", "Påhittat hus", "--country", "LV").answer["record"]
    [entry] = run("contacts", "list", "--country", "LV").answer["contacts"]
    assert (entry["record"], entry["name"]) == (added, "Påhittat hus")
    assert entry["seen_by"] == "secret"
    assert run("contacts", "list", "--country", "EE").answer["contacts"] == []
    refused = run("contacts", "add", "Annat hus", "--seen-by", "everybody")
    assert (refused.code, refused.answer["refused"]) == (1, "field.kind_mismatch")


def test_list_of_contacts_is_looked_at_then_taken_and_given_away(run: Run, tmp_path: Path) -> None:
    run("init", "--name", people.HOUSE)
    path = tmp_path / "list.csv"
    path.write_text("name,country,x\nHuset,SE,1\n,,2\n")
    looked = run("contacts", "import", str(path)).answer
    assert (looked["new"], looked["taken"]) == (1, 0)
    assert looked["columns"] == ["name: name", "country: country", "x: -"]
    assert looked["broken"] == [{"line": 3, "reason": "no_name"}]
    taken = run("contacts", "import", str(path), "--apply", "--seen-by", "public").answer
    assert taken["taken"] == 1
    assert run("contacts", "import", str(path), "--apply").answer["same"] == 1
    given = run("contacts", "export", str(tmp_path / "out.vcf"), "--country", "SE").answer
    assert given["contacts"] == 1
    assert b"FN:Huset" in (tmp_path / "out.vcf").read_bytes()
    for words in (
        ["export", "out.doc"],
        ["import", "gone.vcf"],
        ["import", str(path), "--seen-by", "x"],
    ):
        refused = run("contacts", *words)
        assert (refused.code, bool(refused.answer["remedy"])) == (1, True)


# what the world does


def test_store_that_another_program_has_is_refused_with_a_remedy(run: Run, tmp_path: Path) -> None:
    run("init", "--name", people.HOUSE)
    desk = store_lifecycle.unlock_store(tmp_path / "store", Credentials("EV", WORDS), MACHINE)
    said = run("verify")
    desk.store.close()
    assert (said.code, said.answer["refused"]) == (1, "store.in_use")
    assert said.answer["remedy"]
    assert run("verify").code == 0


def test_unknown_option_and_unknown_action_are_wrong_use(run: Run) -> None:
    for words in (["plan", "list", "--colour"], ["contacts", "dance"], ["--store"]):
        with pytest.raises(SystemExit) as stopped:
            run(*words)
        assert stopped.value.code == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only an administrator can mount a small disk")
def test_full_disk_stops_a_new_store_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        said = run("init", "--name", people.HOUSE, store=disk / "store")
        assert (said.code, said.answer["refused"]) == (1, "store.disk")
        assert said.answer["remedy"]
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only an administrator can mount read-only")
def test_read_only_folder_is_refused_and_left_alone(run: Run, tmp_path: Path) -> None:
    run("init", "--name", people.HOUSE)
    store = tmp_path / "store"
    bind = ["mount", "--bind", "-o", "ro", str(store), str(store)]
    if subprocess.run(bind, check=False, capture_output=True).returncode:
        pytest.skip("a folder cannot be made read-only here")
    try:
        before = {file.name: file.read_bytes() for file in store.iterdir()}
        said = run("plan", "new")
        assert (said.code, said.answer["refused"]) == (1, "store.read_only")
        assert said.answer["remedy"]
        assert {file.name: file.read_bytes() for file in store.iterdir()} == before
    finally:
        subprocess.run(["umount", str(store)], check=True)


def test_older_store_is_refused_with_the_way_on_and_gone_on_with_once(
    run: Run, plan: str, tmp_path: Path
) -> None:
    file = tmp_path / "store" / "notebook.db"
    old = file.read_bytes()
    assert run("plan", "set", plan, "purpose", '"2"').code in (0, 1)
    assert run("verify").code == 0
    file.write_bytes(old)
    refused = run("--language", "sv", "verify")
    assert (refused.code, refused.answer["refused"]) == (1, "store.rolled_back")
    assert "--accept-older-store" in refused.answer["way_on"]
    assert "databas" in refused.answer["reason"]
    assert file.read_bytes() == old
    assert run("--accept-older-store", "verify").code == 0
    assert run("verify").code == 0


@pytest.mark.parametrize(
    ("statement", "code", "said"),
    [
        ("UPDATE record_leg SET f_carrier = 'X' WHERE id = 1", "column:leg.carrier",
         {"en": "lists show a different value from the record: Leg, Carrier and number",
          "sv": "listor visar ett annat värde än posten: Delsträcka",
          "ru": "в списках не то значение, что в записи: Участок"}),
        ("UPDATE audit SET user = 'ZZ' WHERE id = 2", "audit:2",
         {"en": "the history was altered, from entry 2 on",
          "sv": "historiken har ändrats, från post 2",
          "ru": "история изменена, начиная с записи 2"}),
    ],
)  # fmt: skip
def test_verify_names_what_is_wrong_in_every_language(
    run: Run, plan: str, tmp_path: Path, statement: str, code: str, said: dict[str, str]
) -> None:
    assert plan
    folder = tmp_path / "store"
    key = key_slots.open_user_slot(key_slots.read_slots(folder), "EV", WORDS)
    connection = driver.connect(folder / STORE_FILE, key)
    connection.execute("DROP TRIGGER audit_no_change")
    connection.execute(statement)
    connection.close()
    for language, words in said.items():
        found = run("--language", language, "verify")
        assert (found.code, found.answer["refused"]) == (1, "store.unsound")
        assert found.answer["found"] == [code]
        assert words in found.answer["reason"]


def test_verify_names_a_bad_page_and_says_no_more(run: Run, plan: str, tmp_path: Path) -> None:
    assert plan
    file = tmp_path / "store" / STORE_FILE
    key = key_slots.open_user_slot(key_slots.read_slots(file.parent), "EV", WORDS)
    connection = driver.connect(file, key)
    named = "SELECT rootpage FROM sqlite_schema WHERE name = 'record_transition'"
    place = connection.execute(named).fetchone()[0] * driver.PAGE_BYTES - driver.PAGE_BYTES // 2
    connection.close()
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)
    found = run("verify")
    assert found.code == 1
    assert found.answer["reason"].startswith("The check found errors: the file itself")
    assert all(code.startswith("pages:") for code in found.answer["found"])


def test_partner_is_suspended_gone_on_with_and_revoked_by_command(
    run: Run, plan: str, tmp_path: Path
) -> None:
    other = store_lifecycle.create_store(
        tmp_path / "theirs", people.SAFE_HOUSE, Credentials("ОМ", WORDS), MACHINE
    )
    card = tmp_path / "theirs.card"
    partners.save_own_card(other, card)
    other.store.close()
    pending = run("bundle", "trust", str(card)).answer
    run("bundle", "trust", str(card), "--digits", pending["digits"])
    them = pending["organisation"]
    states = [
        run("bundle", command, them).answer["state"] for command in ("suspend", "resume", "revoke")
    ]
    assert states == ["suspended", "verified", "revoked"]
    (line,) = run("bundle", "status").answer["partners"]
    assert (line["state"], line["unconfirmed"], line["notices"]) == ("revoked", 0, 0)
    told = run("bundle", "notices", "--to", them, "--into", str(tmp_path))
    assert told.answer["refused"] == "exchange.nothing_new"
    assert run("bundle", "make", plan, "--to", them, "--into", str(tmp_path)).code != 0


@pytest.mark.parametrize(
    "line",
    ["", "--store s", "--store=s --language sv", "--lang ru --json", "--initials EV",
     "--accept-older-store --passphrase-file -", "verify", "open a.age b.card", "--json plan list",
     "--store s --initials EV plan show 00", "--json -- verify", "erase 00 --reason consent",
     "--version", "--help", "--store", "--language xx", "--nothing", "nothing", "--json=1",
     "verify --store s", "plan", "--initials", "-s", "--", "--store s -- open a"],
)  # fmt: skip
def test_start_without_a_command_is_read_as_the_parser_of_all_commands_reads_it(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The window's start leaves the commands out; nobody may notice, also not by a fault."""

    def read(parse: Callable[[list[str]], Namespace]) -> tuple[object, str, str]:
        code: object = None
        try:
            said = vars(parse(line.split()))
        except SystemExit as end:
            code, said = end.code, {}
        captured = capsys.readouterr()
        return (code, sorted(said.items(), key=str)), captured.out, captured.err

    name = process.command_name()
    assert read(app._arguments) == read(build_parser(name, paths.build_id()).parse_args)
