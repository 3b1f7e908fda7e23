# SPDX-License-Identifier: GPL-3.0-or-later
"""The people who open a store, their roles and passphrases, and the recovery key.

Each change is one entry in the store and one in the audit trail, with the slots written just
before both are kept: if power fails in between, a slot is left that opens no desk, or a user who
cannot get in, and the same act again puts it right. No passphrase is kept or written anywhere.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kfdesk.domain.desk import shares
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Credentials, Right, Role, User, fold, is_initials
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language
from kfdesk.services.access.passphrases import LEAST_SIGNS, plain
from kfdesk.services.desk import Changes, Desk

if TYPE_CHECKING:
    from kfdesk.storage.keyring import Keyring

_RECOVERY_MADE, _RECOVERY_SHARED = "recovery_made", "recovery_shared"
_CHANGES = Changes(frozenset({"user"}))


@dataclass(frozen=True, slots=True)
class Recovery:
    """Whether there is a recovery key, and since when, if that is known (ms since 1970, UTC).

    `is_shared` says whether it stands on three sheets, any two of which open.
    """

    is_made: bool
    made: int | None
    is_shared: bool = False


def list_users(desk: Desk) -> tuple[User, ...]:
    """All who open the store now, by initials. Leavers are not among them."""
    return tuple(user for user in desk.store.ledger.users() if user.removed is None)


def shut_out(desk: Desk) -> tuple[User, ...]:
    """Those who belong here and whom no passphrase lets in: they were away for a new data key.

    Raises KfdeskError `store.not_a_store`.
    """
    return tuple(user for user in list_users(desk) if _keys(desk).slot_of(user.initials) is None)


def add_user(
    desk: Desk, own: str, initials: str, passphrase: str, roles: Collection[Role]
) -> Changes:
    """Let somebody in, with these roles; `own` is the passphrase of who sits here.

    Or in again, whom a new data key has left without a passphrase.

    Raises KfdeskError `user.not_allowed`, `user.not_initials`, `user.exists`, `user.no_role`,
    `user.short_passphrase`, `store.wrong_passphrase` if `own` is not right, or `store.disk`.
    """
    desk.require(Right.MANAGE_USERS)
    if not is_initials(initials):
        raise KfdeskError("user.not_initials")
    if _keys(desk).slot_of(initials) and any(
        user.initials == fold(initials) for user in list_users(desk)
    ):
        raise KfdeskError("user.exists")
    _check_roles(roles)
    new = Credentials(initials, _checked(passphrase))
    with desk.store.transaction():
        slot = _keys(desk).add(_by(desk, own), new)
        user = User(fold(initials), slot, frozenset(roles), desk.milliseconds)
        desk.store.ledger.set_user(user)
        _log(desk, Action.USER_ADD, user)
    return _CHANGES


def change_passphrase(desk: Desk, old: str, new: str) -> None:
    """Give who sits here another passphrase, in place of `old`.

    Raises KfdeskError `user.short_passphrase`, `store.wrong_passphrase` if `old` is not right, or
    `store.disk`; then the old one still counts.
    """
    passphrase = _checked(new)
    with desk.store.transaction():
        desk.log(Action.PASSPHRASE)
        _keys(desk).change(_by(desk, old), passphrase)


def set_roles(desk: Desk, initials: str, roles: Collection[Role]) -> Changes:
    """Give somebody these roles and no others; they hold from the next opening.

    Raises KfdeskError `user.not_allowed`, `user.unknown`, `user.no_role`, or
    `user.last_administrator` where nobody would be left who can let others in.
    """
    desk.require(Right.MANAGE_USERS)
    _check_roles(roles)
    user = replace(_found(desk, initials), roles=frozenset(roles))
    _keep_administrator(desk, user)
    with desk.store.transaction():
        desk.store.ledger.set_user(user)
        _log(desk, Action.USER_ROLES, user)
    return _CHANGES


def remove_user(desk: Desk, initials: str) -> Changes:
    """Let somebody in no more. What they wrote stays, with their initials.

    Raises KfdeskError `user.not_allowed`, `user.unknown`, `user.own_removal`,
    `user.last_administrator` or `store.disk`.
    """
    desk.require(Right.MANAGE_USERS)
    user = replace(_found(desk, initials), removed=desk.milliseconds)
    if user.initials == fold(desk.user):
        raise KfdeskError("user.own_removal")
    _keep_administrator(desk, user)
    with desk.store.transaction():
        desk.store.ledger.set_user(user)
        _log(desk, Action.USER_REMOVE, user)
        _keys(desk).remove(user.slot)
    return _CHANGES


def look_at_recovery(desk: Desk) -> Recovery:
    """Whether there is a recovery key. Raises KfdeskError `store.not_a_store`."""
    made = desk.store.setting(_RECOVERY_MADE)
    is_made = _keys(desk).has_recovery()
    if not (is_made and made):
        return Recovery(is_made, None)
    is_shared = bool(desk.store.setting(_RECOVERY_SHARED))
    return Recovery(is_made, int.from_bytes(made, "big"), is_shared)


def set_recovery(desk: Desk, own: str, typed: str) -> Changes:
    """Keep the recovery key that was typed back, or two sheets of it; none before opens any more.

    Raises KfdeskError `user.not_allowed`, `recovery.not_a_key`, `store.wrong_passphrase` if `own`
    is not right, or `store.disk`.
    """
    desk.require(Right.MANAGE_USERS)
    code = shares.read(typed)
    if code is None:
        raise KfdeskError("recovery.not_a_key")
    with desk.store.transaction():
        note_recovery(desk, typed)
        _keys(desk).set_recovery(_by(desk, own), code)
    return _CHANGES


def look_at_key_sheets(
    desk: Desk, sheets: Sequence[Sequence[str]], words: Language, scale: float
) -> list[bytes]:
    """The pages of a recovery key that counts for nothing yet, to look at; nothing is noted.

    `sheets` are one or three, by their groups, `scale` pixels to a point. Raises KfdeskError
    `user.not_allowed` or `documents.…`.
    """
    desk.require(Right.MANAGE_USERS)
    return desk.rooms.papers.pictures(desk.rooms.papers.key_sheets(sheets, words), scale)


def print_key_sheets(
    desk: Desk, sheets: Sequence[Sequence[str]], words: Language, scale: float
) -> list[bytes]:
    """The same for a printer: the trail says that it was printed. Raises as the look does."""
    pages = look_at_key_sheets(desk, sheets, words, scale)
    with desk.store.transaction():
        desk.log(Action.PRINT)
    return pages


def note_recovery(desk: Desk, typed: str) -> None:
    """Write down that the recovery key `typed` is made now; belongs inside a transaction."""
    desk.store.set_setting(_RECOVERY_MADE, desk.milliseconds.to_bytes(8, "big"))
    desk.store.set_setting(_RECOVERY_SHARED, b"\x01" if shares.is_shared(typed) else b"")
    desk.log(Action.RECOVERY_KEY)


def regain(desk: Desk, typed: str, passphrase: str) -> None:
    """Give who lost a passphrase another one, by the recovery key that has opened the store.

    Raises KfdeskError `store.wrong_passphrase`, `user.short_passphrase` or `store.disk`.
    """
    code = shares.read(typed)
    if code is None:
        raise KfdeskError("store.wrong_passphrase")
    new = Credentials(desk.user, _checked(passphrase))
    with desk.store.transaction():
        desk.log(Action.RECOVERED)
        _keys(desk).regain(code, new)


def _keys(desk: Desk) -> "Keyring":
    assert desk.rooms.keys is not None  # whoever opens a desk for people hands them in
    return desk.rooms.keys


def _by(desk: Desk, own: str) -> Credentials:
    return Credentials(desk.user, plain(own))


def _checked(passphrase: str) -> str:
    if len(plain(passphrase)) < LEAST_SIGNS:
        raise KfdeskError("user.short_passphrase")
    return plain(passphrase)


def _check_roles(roles: Collection[Role]) -> None:
    if not roles:
        raise KfdeskError("user.no_role")


def _found(desk: Desk, initials: str) -> User:
    for user in list_users(desk):
        if user.initials == fold(initials):
            return user
    raise KfdeskError("user.unknown")


def _keep_administrator(desk: Desk, changed: User) -> None:
    """Refuse a change after which nobody could let anybody in."""
    others = (user for user in list_users(desk) if user.initials != changed.initials)
    if not changed.is_administrator and not any(user.is_administrator for user in others):
        raise KfdeskError("user.last_administrator")


def _log(desk: Desk, action: Action, user: User) -> None:
    """Whom it concerns, and the roles they hold from now on."""
    roles = () if user.removed is not None else tuple(sorted(user.roles))
    desk.log(action, keys=(user.initials, *roles))
