# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what, and whose initials are whose.

A failure of the golden table means that somebody may do more, or less, than before. Look at it;
if it is meant, run `python -m tests.golden.tables --update`.
"""

import pytest
from tests.golden import tables

from kfdesk.domain.accounts import (
    ALL_ROLES,
    ROLE_RIGHTS,
    Credentials,
    Right,
    Role,
    User,
    fold_initials,
    format_initials,
    is_initials,
    rights_of,
)


def test_rights_are_those_of_the_golden_table() -> None:
    kept = tables.ROLES.read_text(encoding="utf-8")
    assert kept.splitlines() == tables.rights_now().splitlines()


def test_every_role_has_rights_and_every_right_has_a_role() -> None:
    assert set(ROLE_RIGHTS) == set(Role)
    assert all(ROLE_RIGHTS.values())
    assert rights_of(ALL_ROLES) == set(Right)


def test_roles_add_up_and_nobody_has_rights_without_one() -> None:
    both = rights_of({Role.DIRECTORY_EDITOR, Role.STATISTICS_READER})
    assert both == {Right.EDIT_DIRECTORY, Right.EDIT_BOOK, Right.FIGURES}
    assert rights_of(()) == frozenset()


def test_who_keeps_the_keys_sees_no_plan_by_that() -> None:
    rights = rights_of({Role.ADMINISTRATOR})
    assert rights.isdisjoint({Right.READ_OWN, Right.READ_ALL, Right.SEE_SENSITIVE_OWN})


def test_who_may_do_all_may_do_their_own() -> None:
    for rights in ROLE_RIGHTS.values():
        assert Right.READ_ALL not in rights or Right.READ_OWN in rights
        assert Right.EDIT_ALL not in rights or Right.EDIT_OWN in rights
        assert Right.SEE_SENSITIVE_ALL not in rights or Right.SEE_SENSITIVE_OWN in rights


@pytest.mark.parametrize("typed", ["EL", " el ", "eL", "E\u006c"])
def test_initials_count_alike_however_they_are_typed(typed: str) -> None:
    assert fold_initials(typed) == "el"
    assert format_initials(typed) == "EL"


@pytest.mark.parametrize("typed", ["EL", "åä", "а̊", "ЕЛ", "E.L.", "Anna-Lisa B", "E2"])
def test_letters_are_initials(typed: str) -> None:
    assert is_initials(typed)


@pytest.mark.parametrize("typed", ["", "  ", "12", "E\u200bL", "E\u202eL", "E,L", "e" * 41, "E\n"])
def test_what_misleads_or_says_nothing_is_none(typed: str) -> None:
    assert is_initials(typed) is (typed == "E\n")  # a line's end counts as a space round it


def test_only_who_is_here_and_holds_the_role_is_an_administrator() -> None:
    user = User("el", b"slot", frozenset({Role.ADMINISTRATOR}), 1)
    assert user.is_administrator
    assert not User("el", b"slot", user.roles, 1, removed=2).is_administrator
    assert not User("el", b"slot", frozenset({Role.APPROVER}), 1).is_administrator


def test_secrets_do_not_show_themselves() -> None:
    assert "ord" not in repr(Credentials("EL", "sex ord"))
    assert "slot" not in repr(User("el", b"a slot", ALL_ROLES, 1)).replace("slots", "")
