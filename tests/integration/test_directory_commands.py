# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts and networks on the command line: what is answered, refused, and with which code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kfdesk import app, store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.records.directory import Network, Organisation, Phone
from kfdesk.domain.values import Value
from kfdesk.environment import Environment
from kfdesk.services import accounts
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
WORDS = "sex helt vanliga ord till prov"
NAME = people.localized("Uppdiktat nätverk", "Выдуманная сеть", "Invented network")
NOWHERE = "ab" * 16
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a new store, `store` or another one, and return its code and its answer."""
    secret = tmp_path / "words.txt"
    secret.write_text(WORDS + "\n", encoding="utf-8")

    def runs(*words: str, at: str = "store", initials: str = "EV") -> tuple[int, Any]:
        head = ["--store", str(tmp_path / at), "--initials", initials, "--json", "--language", "en"]
        code = app.main([*head, "--passphrase-file", str(secret), *words], MACHINE)
        said = capsys.readouterr()
        return code, json.loads(said.out or said.err)

    assert runs("init", "--name", people.HOUSE)[0] == 0
    return runs


def opened(folder: Path, name: str = "store") -> Session:
    return store_lifecycle.unlock_store(folder / name, Credentials("EV", WORDS), MACHINE)


def refused(said: tuple[int, Any]) -> str:
    """Return why a command was refused; it ended with code 1 and says what to do."""
    code, answer = said
    assert code == 1
    assert answer["reason"]
    assert answer["remedy"]
    return str(answer["refused"])


def begin_network(folder: Path) -> tuple[str, str]:
    """Begin a network; return its id and ours."""
    desk = opened(folder)
    values: dict[str, Value] = {
        "title": NAME,
        "shares": ("directory", "network_work"),
        "confidentiality": "circle",
    }
    network = create_record(desk, Network, values)
    desk.store.close()
    return network.hex(), desk.identity.organisation.hex()


# --- contacts


def test_entry_is_shown_with_its_telephones_and_without_its_address(
    run: Run, tmp_path: Path
) -> None:
    desk = opened(tmp_path)
    values = {"name": "Huset", "country": "LV", "address": "Hemlig gata 1", "hours": "9-17"}
    house = create_record(desk, Organisation, values)
    create_record(desk, Phone, {"number": "+371 00 00 00 01", "confidentiality": "public"}, house)
    desk.store.close()
    code, answer = run("contacts", "show", house.hex())
    assert code == 0
    assert answer["values"] == {"name": "Huset", "country": "LV", "hours": "9-17"}
    assert [one["values"]["number"] for one in answer["phones"]] == ["+371 00 00 00 01"]
    assert "Hemlig gata" not in json.dumps(answer, ensure_ascii=False)


def test_entries_are_found_in_other_alphabets_and_by_a_slip_of_a_letter(run: Run) -> None:
    run("contacts", "add", "Щербакова приют")
    run("contacts", "add", "Lilla huset")
    (line,) = run("contacts", "find", "shcherbakova")[1]["contacts"]
    assert line["name"] == "Щербакова приют"
    near = run("contacts", "find", "lillan huset")[1]
    assert ([one["name"] for one in near["contacts"]], near["near"]) == (["Lilla huset"], True)
    assert run("contacts", "find", "ingenstans")[1] == {"contacts": [], "near": False}
    assert len(run("contacts", "find", "", "--most", "1")[1]["contacts"]) == 1


def test_class_of_an_entry_is_set_and_nonsense_is_refused(run: Run, tmp_path: Path) -> None:
    record = run("contacts", "add", "Huset")[1]["record"]
    assert run("contacts", "class", record, "circle") == (
        0, {"record": record, "seen_by": "circle"},
    )  # fmt: skip
    (line,) = run("contacts", "find", "Huset")[1]["contacts"]
    assert line["seen_by"] == "circle"
    network, _ = begin_network(tmp_path)
    asked: tuple[tuple[tuple[str, str], str], ...] = (
        ((record, "everybody"), "field.kind_mismatch"),
        ((NOWHERE, "public"), "record.missing"),
        ((network, "public"), "record.missing"),
    )
    for words, why in asked:
        assert refused(run("contacts", "class", *words)) == why
    for rid in (NOWHERE, network):
        assert refused(run("contacts", "show", rid)) == "record.missing"


@pytest.mark.parametrize(
    "words",
    [
        ("contacts", "show"), ("contacts", "show", "huset"), ("contacts", "class", "ab"),
        ("contacts", "find"), ("contacts", "find", "x", "--most", "many"), ("network",),
        ("network", "dance"), ("network", "add", "ab"), ("network", "share", "ab"),
        ("network", "send-common", "--to", "ab"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_ends_with_code_two(run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(*words)
    assert stopped.value.code == 2


# --- networks


def test_members_are_added_listed_and_leave(run: Run, tmp_path: Path) -> None:
    network, us = begin_network(tmp_path)
    house = run("contacts", "add", "Huset", "--seen-by", "public")[1]["record"]
    for _ in range(2):  # twice is once
        added = run("network", "add", network, house, "--role", "focal_point")[1]["membership"]
    (line,) = run("network", "list")[1]["networks"]
    assert (line["title"], line["ours"], line["takes_part"]) == ("Invented network", True, True)
    assert line["member_count"] == 1
    (member,) = run("network", "members", network)[1]["members"]
    assert member == {
        "membership": added, "organisation": house, "name": "Huset", "role": "focal_point",
        "stands": True,
    }  # fmt: skip
    assert run("network", "leave", network, house)[1] == {"ended": [added]}
    (member,) = run("network", "show", network)[1]["members"]
    assert member["stands"] is False
    assert refused(run("network", "leave", network, house)) == "record.missing"
    assert us != house


def test_what_is_shared_is_only_what_the_network_offers(run: Run, tmp_path: Path) -> None:
    network, _ = begin_network(tmp_path)
    assert run("network", "share", network, "directory")[1]["we_share"] == ["directory"]
    (line,) = run("network", "list")[1]["networks"]
    assert line["we_share"] == ["directory"]
    for sorts in ("figures", "everything", "", "directory,figures"):
        assert refused(run("network", "share", network, sorts)) == "field.kind_mismatch"
    assert run("network", "list")[1]["networks"][0]["we_share"] == ["directory"]
    assert run("network", "leave", network)[1]["we_share"] == []
    assert run("network", "list")[1]["networks"][0]["we_share"] == []


def test_records_that_are_no_network_and_unknown_roles_are_refused(
    run: Run, tmp_path: Path
) -> None:
    network, us = begin_network(tmp_path)
    house = run("contacts", "add", "Huset")[1]["record"]
    for words, why in (
        (("add", house, house), "record.missing"),
        (("add", network, network), "record.missing"),
        (("add", network, NOWHERE), "record.missing"),
        (("add", network, house, "--role", "queen"), "field.kind_mismatch"),
        (("leave", house), "record.missing"),
        (("leave", NOWHERE, house), "record.missing"),
        (("share", NOWHERE, "directory"), "record.missing"),
        (("show", us), "record.missing"),
        (("members", NOWHERE), "record.missing"),
    ):
        assert refused(run("network", *words)) == why, words
    assert run("network", "members", network)[1]["members"] == []


def test_common_records_go_to_a_member_and_its_network_is_not_ours_to_write(
    run: Run, tmp_path: Path
) -> None:
    run("init", "--name", people.SAFE_HOUSE, at="other")
    us = run("bundle", "card", str(tmp_path / "ours.card"))[1]["organisation"]
    them = run("bundle", "card", str(tmp_path / "theirs.card"), at="other")[1]["organisation"]
    for card, at in (("theirs.card", "store"), ("ours.card", "other")):
        digits = run("bundle", "trust", str(tmp_path / card), at=at)[1]["digits"]
        run("bundle", "trust", str(tmp_path / card), "--digits", digits, at=at)
    network, _ = begin_network(tmp_path)
    run("contacts", "add", "Öppna huset", "--seen-by", "public")
    run("contacts", "add", "Gömda huset", "--seen-by", "secret")
    run("network", "add", network, them)
    run("network", "share", network, "directory")
    sent = ("network", "send-common", "--to", them, "--into", str(tmp_path))
    code, made = run(*sent)
    assert (code, Path(made["file"]).exists()) == (0, True)
    assert run("bundle", "take", made["file"], at="other")[0] == 0
    (house,) = run("contacts", "find", "huset", at="other")[1]["contacts"]
    assert house["name"] == "Öppna huset"
    assert refused(run("contacts", "class", house["record"], "secret", at="other")) == (
        "record.not_ours"
    )
    add = ("network", "add", network, house["record"])
    assert refused(run(*add, at="other")) == "record.not_ours"
    assert refused(run("network", "leave", network, them, at="other")) == "record.not_ours"
    assert run("network", "share", network, "directory", at="other")[0] == 0
    run("network", "leave", network, them)
    run("contacts", "add", "Nya huset", "--seen-by", "public")
    code, told = run(*sent)
    assert code == 0
    assert run("bundle", "take", told["file"], at="other")[0] == 0
    (house,) = run("contacts", "find", "huset", at="other")[1]["contacts"]
    assert house["name"] == "Öppna huset"
    assert us != them


def test_role_that_only_reads_changes_nothing(run: Run, tmp_path: Path) -> None:
    network, us = begin_network(tmp_path)
    record = run("contacts", "add", "Huset")[1]["record"]
    desk = opened(tmp_path)
    accounts.add_user(desk, WORDS, "LL", WORDS, frozenset({Role.APPROVER}))
    desk.store.close()
    changes: tuple[tuple[str, ...], ...] = (
        ("contacts", "class", record, "public"), ("network", "add", network, record),
        ("network", "leave", network), ("network", "share", network, "directory"),
        ("network", "send-common", "--to", us, "--into", str(tmp_path)),
    )  # fmt: skip
    for words in changes:
        assert refused(run(*words, initials="LL")) == "user.not_allowed", words
    reads: tuple[tuple[str, ...], ...] = (
        ("contacts", "show", record), ("contacts", "find", "Huset"), ("network", "list"),
        ("network", "members", network),
    )  # fmt: skip
    for words in reads:
        assert run(*words, initials="LL")[0] == 0, words
