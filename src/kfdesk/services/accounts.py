# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts: users with their roles and passphrases, the recovery key, the data key, openings.

The data key encrypts everything and never changes by itself: a new passphrase only wraps it
again. If a passphrase may have been seen together with a copy of the store, only a new data
key helps. Users who are present keep their passphrases; the others must be added again. The
old recovery key stops working, and older backups still open with the old key.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kfdesk.domain.accounts import Credentials, Right, Role, User, fold_initials, is_initials
from kfdesk.domain.audit import FIRST_ON_THIS_COMPUTER, TORN_PAGES, Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.recovery_key import is_two_sheets, parse_key_or_sheets
from kfdesk.i18n.language import Language
from kfdesk.services.core.passphrases import check_new_passphrase, normalize_passphrase
from kfdesk.services.core.session import Changes, Progress, Session, progress_callback
from kfdesk.services.exchange.epochs import begin_epoch

if TYPE_CHECKING:
    from kfdesk.storage.keyring import Keyring
    from kfdesk.storage.store import Store


_RECOVERY_MADE, _RECOVERY_SHARED = "recovery_made", "recovery_shared"
_USER_CHANGES = Changes(frozenset({"user"}))


@dataclass(frozen=True, slots=True)
class RecoveryKeyStatus:
    """State of the recovery key: if there is one, and since when, if known (ms since 1970, UTC).

    `is_shared`: it is split over three sheets, any two of which open the store.
    """

    is_made: bool
    made: int | None
    is_shared: bool = False


def list_users(desk: Session) -> tuple[User, ...]:
    """Return all who can open the store now, by initials, without removed users."""
    return tuple(user for user in desk.store.ledger.users() if user.removed is None)


def users_without_slot(desk: Session) -> tuple[User, ...]:
    """Return the users who have no passphrase: they were away when the data key changed.

    Raise KfdeskError `store.not_a_store`.
    """
    return tuple(
        user for user in list_users(desk) if _key_slots(desk).slot_of(user.initials) is None
    )


def add_user(
    desk: Session, own: str, initials: str, passphrase: str, roles: Collection[Role]
) -> Changes:
    """Add a user with these roles; `own` is the passphrase of the current user.

    Also add a user again who lost access when the data key changed.

    Raise KfdeskError `user.not_allowed`, `user.not_initials`, `user.exists`, `user.no_role`,
    `user.short_passphrase`, `user.weak_passphrase`, `store.wrong_passphrase` if `own` is not
    right, or `store.disk`.
    """
    desk.require(Right.MANAGE_USERS)
    if not is_initials(initials):
        raise KfdeskError("user.not_initials")
    if _key_slots(desk).slot_of(initials) and any(
        user.initials == fold_initials(initials) for user in list_users(desk)
    ):
        raise KfdeskError("user.exists")
    _check_roles(roles)
    new = Credentials(initials, check_new_passphrase(passphrase, desk.identity.name))
    with desk.store.transaction():
        slot = _key_slots(desk).add(_own_credentials(desk, own), new)
        user = User(fold_initials(initials), slot, frozenset(roles), desk.milliseconds)
        desk.store.ledger.set_user(user)
        _log_user(desk, Action.USER_ADD, user)
    return _USER_CHANGES


def change_passphrase(desk: Session, old: str, new: str) -> None:
    """Replace the current user's passphrase `old` by `new`.

    Raise KfdeskError `user.short_passphrase`, `user.weak_passphrase`, `store.wrong_passphrase`
    if `old` is not right, or `store.disk`; then the old one is still valid. With `store.done` the
    new one is.
    """
    passphrase = check_new_passphrase(new, desk.identity.name)
    with _key_slots(desk).told_truly(), desk.store.transaction():
        desk.log(Action.PASSPHRASE)
        _key_slots(desk).change(_own_credentials(desk, old), passphrase)


def set_roles(desk: Session, initials: str, roles: Collection[Role]) -> Changes:
    """Give a user exactly these roles; they apply from the next opening of the store.

    Raise KfdeskError `user.not_allowed`, `user.unknown`, `user.no_role`, or
    `user.last_administrator` if nobody would be left who can add users.
    """
    desk.require(Right.MANAGE_USERS)
    _check_roles(roles)
    user = replace(_user_by_initials(desk, initials), roles=frozenset(roles))
    _check_administrator_left(desk, user)
    with desk.store.transaction():
        desk.store.ledger.set_user(user)
        _log_user(desk, Action.USER_ROLES, user)
    return _USER_CHANGES


def remove_user(desk: Session, initials: str) -> Changes:
    """Remove a user's access. What they wrote stays, with their initials.

    Raise KfdeskError `user.not_allowed`, `user.unknown`, `user.own_removal`,
    `user.last_administrator` or `store.disk`.
    """
    desk.require(Right.MANAGE_USERS)
    user = replace(_user_by_initials(desk, initials), removed=desk.milliseconds)
    if user.initials == fold_initials(desk.user):
        raise KfdeskError("user.own_removal")
    _check_administrator_left(desk, user)
    with _key_slots(desk).told_truly(), desk.store.transaction():
        desk.store.ledger.set_user(user)
        _log_user(desk, Action.USER_REMOVE, user)
        _key_slots(desk).remove(user.slot)
    return _USER_CHANGES


# --- the recovery key


def recovery_key_status(desk: Session) -> RecoveryKeyStatus:
    """Return whether there is a recovery key. Raise KfdeskError `store.not_a_store`."""
    made = desk.store.setting(_RECOVERY_MADE)
    is_made = _key_slots(desk).has_recovery()
    if not (is_made and made):
        return RecoveryKeyStatus(is_made, None)
    is_shared = bool(desk.store.setting(_RECOVERY_SHARED))
    return RecoveryKeyStatus(is_made, int.from_bytes(made, "big"), is_shared)


def set_recovery_key(desk: Session, own: str, typed: str) -> Changes:
    """Set the recovery key that was typed back, or two sheets of it; the previous one ends.

    Raise KfdeskError `user.not_allowed`, `recovery.not_a_key`, `store.wrong_passphrase` if
    `own` is not right, or `store.disk`.
    """
    desk.require(Right.MANAGE_USERS)
    code = parse_key_or_sheets(typed)
    if code is None:
        raise KfdeskError("recovery.not_a_key")
    with _key_slots(desk).told_truly(), desk.store.transaction():
        record_recovery_key(desk, typed)
        _key_slots(desk).set_recovery(_own_credentials(desk, own), code)
    return _USER_CHANGES


def preview_key_sheets(
    desk: Session, sheets: Sequence[Sequence[str]], words: Language, scale: float
) -> list[bytes]:
    """Return the pages of a recovery key that is not valid yet, as a preview; log nothing.

    `sheets` are one or three sheets, each as groups of characters. `scale` is in pixels per
    point. Raise KfdeskError `user.not_allowed` or `documents.…`.
    """
    desk.require(Right.MANAGE_USERS)
    return desk.adapters.papers.pictures(desk.adapters.papers.key_sheets(sheets, words), scale)


def print_key_sheets(
    desk: Session, sheets: Sequence[Sequence[str]], words: Language, scale: float
) -> list[bytes]:
    """Return the pages for a printer, and log the printing. Raise as `preview_key_sheets` does."""
    pages = preview_key_sheets(desk, sheets, words, scale)
    with desk.store.transaction():
        desk.log(Action.PRINT)
    return pages


def record_recovery_key(desk: Session, typed: str) -> None:
    """Record that the recovery key `typed` is made now. Call inside a transaction."""
    desk.store.set_setting(_RECOVERY_MADE, desk.milliseconds.to_bytes(8, "big"))
    desk.store.set_setting(_RECOVERY_SHARED, b"\x01" if is_two_sheets(typed) else b"")
    desk.log(Action.RECOVERY_KEY)


def reset_passphrase(desk: Session, typed: str, passphrase: str) -> None:
    """Set a new passphrase for the current user by the recovery key that opened the store.

    Raise KfdeskError `store.wrong_passphrase`, `user.short_passphrase`, `user.weak_passphrase`
    or `store.disk`.
    """
    code = parse_key_or_sheets(typed)
    if code is None:
        raise KfdeskError("store.wrong_passphrase")
    new = Credentials(desk.user, check_new_passphrase(passphrase, desk.identity.name))
    with _key_slots(desk).told_truly(), desk.store.transaction():
        desk.log(Action.RECOVERED)
        _key_slots(desk).reset_passphrase(code, new)


# --- the data key


def check_passphrase(desk: Session, initials: str, passphrase: str) -> None:
    """Check that this is the passphrase of the user `initials`, who is present; keep nothing of it.

    Raise KfdeskError `user.not_allowed` or `store.wrong_passphrase`.
    """
    desk.require(Right.MANAGE_USERS)
    _key_slots(desk).check_passphrase(Credentials(initials, normalize_passphrase(passphrase)))


def rekey_store(
    desk: Session, own: str, others: Mapping[str, str], progress: Progress | None = None
) -> bool:
    """Write the whole store under a new data key, close it, and return whether the key changed.

    `own` is the passphrase of the current user. `others` has those of all other users who are
    present, by their initials. Raise KfdeskError `user.not_allowed`, `store.wrong_passphrase`,
    `store.no_room`, `store.disk`, `store.damaged`, `backup.not_sound` or `work.cancelled`; then
    nothing has changed, and the store is still open.
    """
    desk.require(Right.MANAGE_USERS)
    present = {
        fold_initials(desk.user): own,
        **{fold_initials(who): words for who, words in others.items()},
    }
    people = [Credentials(who, normalize_passphrase(words)) for who, words in present.items()]

    def leave(store: "Store") -> None:
        with store.transaction():
            replace(desk, store=store).log(Action.DATA_KEY)
        desk.store.close()

    step = progress_callback(progress)
    return _key_slots(desk).rekey(people, desk.store.backups.export, leave, step)


# --- the log of openings


def record_opening(desk: Session, wrong_tries: int = 0, *, is_first_here: bool = False) -> None:
    """Record that the store was opened, and how many attempts failed before.

    `is_first_here`: this computer knew of no earlier opening. Raise KfdeskError `store.disk`.
    """
    with desk.store.transaction():
        if wrong_tries:
            desk.log(Action.WRONG_TRIES, keys=(str(wrong_tries),))
        desk.log(Action.OPEN, keys=(FIRST_ON_THIS_COMPUTER,) if is_first_here else ())
        if desk.store.had_torn_pages:
            desk.log(Action.OPEN, keys=(TORN_PAGES,))


def record_upgrade(desk: Session) -> None:
    """Record that a newer program changed the store's tables and kept a copy of the old store.

    Raise KfdeskError `store.disk`.
    """
    with desk.store.transaction():
        desk.log(Action.UPGRADE)


def accept_older_store(desk: Session, seen: int) -> Session:
    """Accept a store that is older than one opened here before, and return the updated session.

    `seen` is the time of the newest entry that was known: milliseconds since 1970, UTC. Our
    exchange files get a new epoch, as after a restore: the newer store has used some numbers
    already. Raise KfdeskError `store.disk`.
    """
    with desk.store.transaction():
        epoch = begin_epoch(desk)
        desk.log(Action.OLDER_STORE, keys=(str(seen),))
    return replace(desk, identity=replace(desk.identity, epoch=epoch))


# --- shared parts


def _key_slots(desk: Session) -> "Keyring":
    assert desk.adapters.keys is not None  # every user's session has key slots
    return desk.adapters.keys


def _own_credentials(desk: Session, own: str) -> Credentials:
    return Credentials(desk.user, normalize_passphrase(own))


def _check_roles(roles: Collection[Role]) -> None:
    if not roles:
        raise KfdeskError("user.no_role")


def _user_by_initials(desk: Session, initials: str) -> User:
    for user in list_users(desk):
        if user.initials == fold_initials(initials):
            return user
    raise KfdeskError("user.unknown")


def _check_administrator_left(desk: Session, changed: User) -> None:
    """Refuse a change after which nobody could add users."""
    others = (user for user in list_users(desk) if user.initials != changed.initials)
    if not changed.is_administrator and not any(user.is_administrator for user in others):
        raise KfdeskError("user.last_administrator")


def _log_user(desk: Session, action: Action, user: User) -> None:
    """Log the user that a change concerns, and the roles that they hold from now on."""
    roles = () if user.removed is not None else tuple(sorted(user.roles))
    desk.log(action, keys=(user.initials, *roles))
