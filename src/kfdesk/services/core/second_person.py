# SPDX-License-Identifier: GPL-3.0-or-later
"""Two people at the computer: the user's own passphrase, and that of a second person.

Whoever sits at an open window need not be its user. So an act that cannot be undone asks for the
passphrase, and the gravest ones for somebody else as well, who has the right to it.
"""

from kfdesk.domain.accounts import Credentials, Right, fold_initials, rights_of
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.passphrases import normalize_passphrase
from kfdesk.services.core.session import Session


def check_own_passphrase(desk: Session, own: str) -> None:
    """Check that this is the passphrase of the current user; keep nothing of it.

    Raise KfdeskError `store.wrong_passphrase`.
    """
    _check_credentials(desk, Credentials(desk.user, own))


def check_second_person(desk: Session, second: Credentials, right: Right) -> None:
    """Check that a second person with this right is at the computer.

    Raise KfdeskError `approval.same_person`, `store.wrong_passphrase` also for an unknown user, or
    `user.not_allowed`.
    """
    if fold_initials(second.initials) == fold_initials(desk.user):
        raise KfdeskError("approval.same_person")
    known = {one.initials: one for one in desk.store.ledger.users() if one.removed is None}
    user = known.get(fold_initials(second.initials))
    if user is None:
        raise KfdeskError("store.wrong_passphrase")
    _check_credentials(desk, second)
    if right not in rights_of(user.roles):
        raise KfdeskError("user.not_allowed", right=right)


def possible_seconds(desk: Session, right: Right) -> tuple[str, ...]:
    """Return the initials of the others who have this right, so that one can be asked to come."""
    me = fold_initials(desk.user)
    others = (one for one in desk.store.ledger.users() if one.removed is None)
    return tuple(
        sorted(
            one.initials for one in others if one.initials != me and right in rights_of(one.roles)
        )
    )


def _check_credentials(desk: Session, who: Credentials) -> None:
    if desk.adapters.keys is None:
        raise KfdeskError("store.wrong_passphrase")
    desk.adapters.keys.check_passphrase(
        Credentials(who.initials, normalize_passphrase(who.passphrase))
    )
