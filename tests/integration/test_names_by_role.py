# SPDX-License-Identifier: GPL-3.0-or-later
"""No helper and no service gives a client's name or code to a role that may not read of her."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.architecture.test_rights import NEEDS_NONE, READABLE
from tests.integration import rights_samples
from tests.integration.rights_samples import CALLS, World, opened
from tests.integration.test_rights_of_services import OUTSIDE, READERS, TABLE
from tests.support import make

from kfdesk.domain.accounts import Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import encode_changes, seen_writes
from kfdesk.services.core.history import type_and_code
from kfdesk.services.core.records import client_code, client_pronoun
from kfdesk.services.core.session import Session
from kfdesk.services.figures.populations import read_counted_store
from kfdesk.services.plans.emergency_access import list_locked_plans, read_locked_plan
from kfdesk.services.plans.plans import name_of

CANARIES = {
    "code": "kanarie-71", "alias": "Kanarie72", "given_name": "Kanarie73",
    "family_name": "Kanarie74", "identity_number": "Kanarie75",
}  # fmt: skip
UNDER_HER = ("client", "plan", "leg", "consent", "note", "risk_assessment", "attachment", "task")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("names") / "store"
    cases = rights_samples.make_store(folder)
    with opened(folder, cases) as made:
        for rids in (made.mine.rids, made.theirs.rids):
            row = made.desk.store.row(rids["client"])
            assert row is not None
            told = {**CANARIES, "gender": "Feminine"}
            state = apply_changes(
                row.state, encode_changes("client", told), seen_writes(row), made.desk.signature
            )
            with made.desk.store.transaction():
                made.desk.store.put(replace(row, state=state))
    return folder, cases


@pytest.fixture
def world(template: tuple[Path, Any], tmp_path: Path) -> Iterator[World]:
    folder, cases = template
    shutil.copytree(folder, tmp_path / "store")
    with opened(tmp_path / "store", cases) as made:
        yield made


def ask(desk: Session, rid: bytes) -> dict[str, object]:
    """Return what each helper that asks for no right says of a record."""
    row = desk.store.row(rid)
    assert row is not None
    return {
        "core.history.type_and_code": type_and_code(desk, rid),
        "core.records.client_code": client_code(desk, row),
        "core.records.client_pronoun": client_pronoun(desk, rid),
        "plans.plans.name_of": name_of(desk, rid.hex()),
    }


NOTHING = {
    "core.history.type_and_code": ("", ""),
    "core.records.client_code": "",
    "core.records.client_pronoun": Pronoun.CLIENT,
    "plans.plans.name_of": "",
}


def test_every_helper_that_says_nothing_unreadable_is_asked_here() -> None:
    assert NOTHING.keys() == {name for name, why in NEEDS_NONE.items() if why == READABLE}


@pytest.mark.parametrize("role", [Role.SHELTER_WORKER, *OUTSIDE])
@pytest.mark.parametrize("record_type", UNDER_HER)
def test_helper_says_nothing_of_anothers_client(world: World, role: Role, record_type: str) -> None:
    desk = world.before(role)
    assert ask(desk, world.theirs.rids[record_type]) == NOTHING


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("record_type", UNDER_HER)
def test_helper_says_it_of_ones_own_client(world: World, role: Role, record_type: str) -> None:
    found = ask(world.before(role), world.mine.rids[record_type])
    assert found["core.history.type_and_code"] == (record_type, CANARIES["code"])
    assert found["core.records.client_code"] == CANARIES["code"]
    assert found["core.records.client_pronoun"] is Pronoun.SHE


@pytest.mark.parametrize("role", [*READERS, *OUTSIDE])
def test_names_of_the_directory_go_to_those_who_may_read_it(world: World, role: Role) -> None:
    desk = world.before(role)
    assert name_of(desk, make.named_id("organisation").hex()) or name_of(desk, _house(desk))
    is_reader = role in READERS or role is Role.DIRECTORY_EDITOR
    contact = desk.store.rows("contact")[0].rid.hex()
    assert bool(name_of(desk, contact)) is is_reader


def _house(desk: Session) -> str:
    return desk.identity.organisation.hex()


def test_plan_that_may_be_opened_with_a_reason_has_its_code(world: World) -> None:
    desk = world.before(Role.SHELTER_WORKER)
    assert CANARIES["code"] in {one.code for one in list_locked_plans(desk)}
    assert read_locked_plan(desk, world.theirs.rids["plan"]).code == CANARIES["code"]
    for role in OUTSIDE:
        with pytest.raises(KfdeskError, match=r"user\.not_allowed"):
            read_locked_plan(world.before(role), world.theirs.rids["plan"])


def canaries_in(value: object) -> list[str]:
    """Return the canaries in a value, however deep it lies; an iterator is walked to its end."""
    shown = repr(list(value) if isinstance(value, Iterator) else value)
    return [each for each in CANARIES.values() if each in shown]


@pytest.mark.parametrize("role", OUTSIDE)
def test_no_service_answers_with_a_name_or_code(world: World, role: Role) -> None:
    asked = 0
    for name, allowed in TABLE.items():
        if allowed[role] == "–":
            continue
        with suppress(KfdeskError, FileNotFoundError):
            answer = CALLS[name](world.before(role), world.theirs)
            assert canaries_in(answer) == [], name
            asked += 1
    assert asked > 10


def test_counted_store_has_no_name_and_reads_none(world: World) -> None:
    statements: list[str] = []
    desk = world.before(Role.STATISTICS_READER)
    connection = desk.store._connection
    connection.set_trace_callback(statements.append)
    try:
        counted = read_counted_store(desk)
    finally:
        connection.set_trace_callback(None)
    assert canaries_in(counted) == []
    assert counted.clients.keys() >= {world.mine.rids["client"], world.theirs.rids["client"]}
    assert {counted.values([one])[one][0] for one in counted.clients} == {"women"}
    about_her = [one for one in statements if "record_client" in one and "instr(" not in one]
    assert about_her
    assert not any(key in one for key in (*CANARIES, "state", "*") for one in about_her)


def test_canary_in_a_whole_record_is_found(world: World) -> None:
    """A control: what a session held when the rows of clients were read for figures."""
    rows = world.desk.store.rows("client")
    assert canaries_in(rows) == list(CANARIES.values())
    assert canaries_in(iter(rows)) == list(CANARIES.values())
