# SPDX-License-Identifier: GPL-3.0-or-later
"""The people of a desk, in a real store: let in, given roles, let in no more, and recovered."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from tests.support import make
from tests.support.stores import new_desk

from kfdesk import app, store_lifecycle
from kfdesk.domain.accounts import ALL_ROLES, Credentials, Right, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.recovery_key import generate_key, spell_key, spell_sheet, split_key
from kfdesk.environment import Environment
from kfdesk.services import accounts
from kfdesk.services.core.session import OrganisationRef, Session
from kfdesk.storage import key_slots, keyring

MACHINE = Environment(cost=key_slots.MIN_COST)
OWN, THEIRS, NEW = "sex helt vanliga ord till prov", "sex andra ord för en annan", "nya ord nu för"
EV, QQ = Credentials("EV", OWN), Credentials("QQ", THEIRS)
DRAWS = count()
KEY = " ".join(spell_key(generate_key(lambda size: make.named_bytes(f"{next(DRAWS)}", size))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def desk(folder: Path) -> Iterator[Session]:
    made = new_desk(folder, "Nordhuset", EV, MACHINE)
    yield made
    made.store.close()


@pytest.fixture
def pair(desk: Session) -> Session:
    """Return a desk with a second person, who is a case manager."""
    accounts.add_user(desk, OWN, "qq", THEIRS, [Role.CASE_MANAGER])
    return desk


def code(work: Callable[[], object]) -> str:
    with pytest.raises(KfdeskError) as refused:
        work()
    return refused.value.code


def opened(folder: Path, desk: Session, who: Credentials) -> Session:
    """Close the desk and open it again by somebody; closed at once, for looking at who it is."""
    desk.store.close()
    again = store_lifecycle.unlock_store(folder, who, MACHINE)
    again.store.close()
    return again


def logged(desk: Session) -> list[tuple[Action, tuple[str, ...]]]:
    """Return what was done to people and keys, oldest first."""
    about = {Action.USER_ADD, Action.USER_ROLES, Action.USER_REMOVE, Action.PASSPHRASE}
    about |= {Action.RECOVERY_KEY, Action.RECOVERED}
    events = [event for _, event in reversed(desk.store.ledger.events(None, 99))]
    return [(event.action, event.keys) for event in events if event.action in about]


# who may do what


def test_first_user_holds_all_roles_and_opens_with_them(folder: Path, desk: Session) -> None:
    assert [(user.initials, user.roles) for user in accounts.list_users(desk)] == [
        ("ev", ALL_ROLES)
    ]
    assert all(desk.may(right) for right in Right)
    again = opened(folder, desk, Credentials("ev", OWN))
    assert (again.user, again.roles) == ("EV", ALL_ROLES)


def test_second_person_opens_with_their_own_roles(folder: Path, pair: Session) -> None:
    theirs = opened(folder, pair, QQ)
    assert (theirs.user, theirs.roles) == ("QQ", frozenset({Role.CASE_MANAGER}))
    assert theirs.may(Right.EDIT_ALL)
    assert not theirs.may(Right.MANAGE_USERS)
    assert code(lambda: theirs.require(Right.MANAGE_USERS)) == "user.not_allowed"


def test_who_may_not_manage_people_changes_nothing(pair: Session) -> None:
    theirs = replace(pair, user="QQ", roles=frozenset(Role) - {Role.ADMINISTRATOR})
    before = (accounts.list_users(pair), logged(pair))
    for act in (
        lambda: accounts.add_user(theirs, THEIRS, "ZZ", NEW, [Role.APPROVER]),
        lambda: accounts.set_roles(theirs, "EV", [Role.APPROVER]),
        lambda: accounts.remove_user(theirs, "EV"),
        lambda: accounts.set_recovery_key(theirs, THEIRS, KEY),
    ):
        assert code(act) == "user.not_allowed"
    assert (accounts.list_users(pair), logged(pair)) == before


def test_store_from_before_there_were_users_has_one_who_holds_all(
    folder: Path, desk: Session
) -> None:
    with desk.store.transaction():
        desk.store._connection.execute("DELETE FROM user")
    assert opened(folder, desk, EV).roles == ALL_ROLES
    again = store_lifecycle.unlock_store(folder, EV, MACHINE)
    assert [user.initials for user in accounts.list_users(again)] == ["ev"]
    again.store.close()


# letting in


@pytest.mark.parametrize(
    ("initials", "words", "roles", "refused"),
    [
        ("", THEIRS, [Role.APPROVER], "user.not_initials"),
        ("E\u202eV", THEIRS, [Role.APPROVER], "user.not_initials"),
        (" ev ", THEIRS, [Role.APPROVER], "user.exists"),
        ("QQ", THEIRS, [], "user.no_role"),
        ("QQ", "för  kort ", [Role.APPROVER], "user.short_passphrase"),
    ],
)
def test_what_will_not_do_is_refused_by_its_own_code(
    desk: Session, initials: str, words: str, roles: list[Role], refused: str
) -> None:
    assert code(lambda: accounts.add_user(desk, OWN, initials, words, roles)) == refused
    assert len(accounts.list_users(desk)) == 1


def test_wrong_own_passphrase_lets_nobody_in(folder: Path, desk: Session) -> None:
    refused = code(lambda: accounts.add_user(desk, "fel ord", "QQ", THEIRS, [Role.APPROVER]))
    assert refused == "store.wrong_passphrase"
    assert len(accounts.list_users(desk)) == 1
    assert logged(desk) == []
    assert len(key_slots.read_slots(folder).slots) == 1


def test_own_passphrase_counts_in_its_plain_form(pair: Session) -> None:
    accounts.add_user(pair, f"  {OWN.upper()} ", "ZZ", "  SEX ORD till en TREDJE ", [Role.APPROVER])
    assert [user.initials for user in accounts.list_users(pair)] == ["ev", "qq", "zz"]


def test_slot_without_a_user_opens_no_desk_and_looks_like_a_wrong_passphrase(
    folder: Path, desk: Session
) -> None:
    """So it stands after a power cut between slots and store; the same act again puts it right."""
    assert desk.adapters.keys is not None
    desk.adapters.keys.add(EV, Credentials("QQ", "ord från första försöket"))
    desk.store.close()
    early = Credentials("QQ", "ord från första försöket")
    assert (
        code(lambda: store_lifecycle.unlock_store(folder, early, MACHINE))
        == "store.wrong_passphrase"
    )
    mine = store_lifecycle.unlock_store(folder, EV, MACHINE)
    accounts.add_user(mine, OWN, "QQ", THEIRS, [Role.APPROVER])
    assert len(key_slots.read_slots(folder).slots) == 2
    assert opened(folder, mine, QQ).roles == {Role.APPROVER}


# roles


def test_roles_hold_from_the_next_opening(folder: Path, pair: Session) -> None:
    accounts.set_roles(pair, "QQ", [Role.APPROVER, Role.ADMINISTRATOR])
    assert opened(folder, pair, QQ).roles == {Role.APPROVER, Role.ADMINISTRATOR}


def test_last_administrator_stays_one(pair: Session) -> None:
    assert (
        code(lambda: accounts.set_roles(pair, "ev", [Role.APPROVER])) == "user.last_administrator"
    )
    accounts.set_roles(pair, "qq", [Role.ADMINISTRATOR])
    accounts.set_roles(pair, "ev", [Role.APPROVER])
    theirs = replace(pair, user="EV", roles=ALL_ROLES)
    assert code(lambda: accounts.remove_user(theirs, "qq")) == "user.last_administrator"


def test_unknown_person_and_no_role_are_refused(pair: Session) -> None:
    assert code(lambda: accounts.set_roles(pair, "XX", [Role.APPROVER])) == "user.unknown"
    assert code(lambda: accounts.set_roles(pair, "QQ", [])) == "user.no_role"
    assert code(lambda: accounts.remove_user(pair, "XX")) == "user.unknown"


# letting in no more


def test_leaver_opens_nothing_and_is_not_listed(folder: Path, pair: Session) -> None:
    accounts.remove_user(pair, "QQ")
    assert [user.initials for user in accounts.list_users(pair)] == ["ev"]
    pair.store.close()
    refused = code(lambda: store_lifecycle.unlock_store(folder, QQ, MACHINE))
    assert refused == "store.wrong_passphrase"


def test_old_copy_of_the_slots_lets_no_leaver_in(folder: Path, pair: Session) -> None:
    kept = {name: (folder / name).read_bytes() for name in key_slots.SLOT_FILES}
    accounts.remove_user(pair, "QQ")
    pair.store.close()
    for name, content in kept.items():
        (folder / name).write_bytes(content)
    assert (
        code(lambda: store_lifecycle.unlock_store(folder, QQ, MACHINE)) == "store.wrong_passphrase"
    )
    store_lifecycle.unlock_store(folder, EV, MACHINE).store.close()


def test_nobody_removes_themselves(pair: Session) -> None:
    accounts.set_roles(pair, "QQ", [Role.ADMINISTRATOR])
    assert code(lambda: accounts.remove_user(pair, "EV")) == "user.own_removal"


def test_leaver_may_come_back_under_the_same_initials(folder: Path, pair: Session) -> None:
    accounts.remove_user(pair, "QQ")
    accounts.add_user(pair, OWN, "QQ", NEW + " mera", [Role.APPROVER])
    assert opened(folder, pair, Credentials("QQ", NEW + " mera")).roles == {Role.APPROVER}


# passphrases and the recovery key


def test_changed_passphrase_counts_and_the_old_one_does_not(folder: Path, desk: Session) -> None:
    assert (
        code(lambda: accounts.change_passphrase(desk, "fel ord", NEW)) == "store.wrong_passphrase"
    )
    assert code(lambda: accounts.change_passphrase(desk, OWN, "kort")) == "user.short_passphrase"
    accounts.change_passphrase(desk, OWN, NEW)
    opened(folder, desk, Credentials("EV", NEW))
    assert (
        code(lambda: store_lifecycle.unlock_store(folder, EV, MACHINE)) == "store.wrong_passphrase"
    )


@pytest.mark.parametrize("weak", ["", "kort", "aaaaaaaaaaaa", "Nordhuset 2026", "\u200b" * 20])
def test_weak_passphrase_is_refused_wherever_one_is_set(
    folder: Path, desk: Session, tmp_path: Path, weak: str
) -> None:
    accounts.set_recovery_key(desk, OWN, KEY)
    house = OrganisationRef(desk.identity.name, desk.identity.organisation)
    who = Credentials("QQ", weak)
    setters: list[Callable[[], object]] = [
        lambda: store_lifecycle.create_store(tmp_path / "new", "Nordhuset", who, MACHINE),
        lambda: store_lifecycle.create_organisation_store(tmp_path / "new", house, who, MACHINE),
        lambda: accounts.add_user(desk, OWN, "QQ", weak, [Role.APPROVER]),
        lambda: accounts.change_passphrase(desk, OWN, weak),
        lambda: accounts.reset_passphrase(desk, KEY, weak),
    ]
    refusals = {code(setter) for setter in setters}
    assert refusals <= {"user.short_passphrase", "user.weak_passphrase"}
    assert not (tmp_path / "new").exists()
    assert [user.initials for user in accounts.list_users(desk)] == ["ev"]
    desk.store.close()
    recovered = code(
        lambda: store_lifecycle.recover_store(folder, replace(EV, passphrase=weak), KEY, MACHINE)
    )
    assert {recovered} == refusals
    store_lifecycle.unlock_store(folder, EV, MACHINE).store.close()


def test_weak_passphrase_of_an_older_store_still_opens_it(folder: Path) -> None:
    who = Credentials("EV", "kort")
    making = key_slots.SlotOptions(key_slots.MIN_COST, secrets.token_bytes)
    keyring.create_store(folder, who, making).close()
    found = keyring.unlock(folder, who)
    assert found.ledger.users() == ()
    found.close()


def test_recovery_key_of_the_first_run_counts_at_once(folder: Path) -> None:
    made = store_lifecycle.create_store(folder, "Nordhuset", EV, MACHINE, KEY)
    found = accounts.recovery_key_status(made)
    assert found.is_made
    assert found.made is not None
    made.store.close()
    store_lifecycle.check_recovery(folder, "EV", KEY, MACHINE)


def test_key_that_was_typed_wrongly_makes_no_store(folder: Path) -> None:
    refused = code(lambda: store_lifecycle.create_store(folder, "Nordhuset", EV, MACHINE, KEY[:-1]))
    assert refused == "recovery.not_a_key"
    assert not folder.exists()


def test_lost_passphrase_is_replaced_by_the_recovery_key(folder: Path, desk: Session) -> None:
    assert accounts.recovery_key_status(desk) == accounts.RecoveryKeyStatus(
        is_made=False, made=None
    )
    accounts.set_recovery_key(desk, OWN, KEY.lower())
    assert accounts.recovery_key_status(desk).is_made
    desk.store.close()
    who = Credentials("ev", NEW)
    again = store_lifecycle.recover_store(folder, who, KEY.replace(" ", ""), MACHINE)
    assert again.user == "EV"
    assert logged(again)[-1] == (Action.RECOVERED, ())
    opened(folder, again, who)
    assert (
        code(lambda: store_lifecycle.unlock_store(folder, EV, MACHINE)) == "store.wrong_passphrase"
    )


def test_whatever_does_not_fit_a_recovery_looks_like_a_wrong_passphrase(
    folder: Path, pair: Session
) -> None:
    accounts.set_recovery_key(pair, OWN, KEY)
    accounts.remove_user(pair, "QQ")
    pair.store.close()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    other = " ".join(spell_key(bytes(20)))
    for initials, key in (("EV", other), ("EV", KEY[:-2]), ("EV", ""), ("XX", KEY), ("QQ", KEY)):
        who = Credentials(initials, NEW)
        for act in (
            lambda i=initials, k=key: store_lifecycle.check_recovery(folder, i, k, MACHINE),
            lambda w=who, k=key: store_lifecycle.recover_store(folder, w, k, MACHINE),
        ):
            assert code(act) == "store.wrong_passphrase"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_checking_a_recovery_key_changes_nothing(folder: Path, desk: Session) -> None:
    accounts.set_recovery_key(desk, OWN, KEY)
    desk.store.close()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    store_lifecycle.check_recovery(folder, "EV", KEY, MACHINE)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


# the audit trail


def test_every_act_stands_in_the_audit_trail_and_no_secret_does(pair: Session) -> None:
    accounts.set_roles(pair, "QQ", [Role.APPROVER, Role.CASE_MANAGER])
    accounts.change_passphrase(pair, OWN, NEW)
    accounts.set_recovery_key(pair, NEW, KEY)
    accounts.remove_user(pair, "QQ")
    assert logged(pair) == [
        (Action.USER_ADD, ("qq", "case_manager")),
        (Action.USER_ROLES, ("qq", "approver", "case_manager")),
        (Action.PASSPHRASE, ()),
        (Action.RECOVERY_KEY, ()),
        (Action.USER_REMOVE, ("qq",)),
    ]
    assert pair.store.verify() == ()


def test_two_of_three_sheets_are_a_recovery_key_and_settings_know_it(
    desk: Session, folder: Path
) -> None:
    random = desk.adapters.random
    sheets = [" ".join(spell_sheet(one, random)) for one in split_key(generate_key(random), random)]
    accounts.set_recovery_key(desk, OWN, f"{sheets[0]} {sheets[1]}")
    assert accounts.recovery_key_status(desk).is_shared
    accounts.set_recovery_key(desk, OWN, KEY)
    assert not accounts.recovery_key_status(desk).is_shared
    accounts.set_recovery_key(desk, OWN, f"{sheets[0]} {sheets[1]}")
    desk.store.close()
    lost = Credentials("EV", NEW)
    for typed in (sheets[2], f"{sheets[2]} {sheets[2]}", KEY):
        tried = partial(store_lifecycle.recover_store, folder, lost, typed, MACHINE)
        assert code(tried) == "store.wrong_passphrase"
    again = store_lifecycle.recover_store(folder, lost, f"{sheets[2]} {sheets[0]}", MACHINE)
    again.store.close()


def test_sheet_that_is_looked_at_leaves_no_trace_and_a_printed_one_does(desk: Session) -> None:
    words, sheets = app.language("en"), [spell_key(bytes(19) + b"\x07")]
    before = desk.store.digest(), len(desk.store.ledger.events(None, 99))
    looked = accounts.preview_key_sheets(desk, sheets, words, 0.5)
    assert len(looked) == 1
    assert before == (desk.store.digest(), len(desk.store.ledger.events(None, 99)))
    assert accounts.print_key_sheets(desk, sheets, words, 0.5) == looked
    _, event = desk.store.ledger.events(None, 1)[0]
    assert (event.action, event.rid, event.keys) == (Action.PRINT, None, ())
