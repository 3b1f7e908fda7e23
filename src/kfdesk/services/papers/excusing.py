# SPDX-License-Identifier: GPL-3.0-or-later
"""A second person's word that a name on a carried paper is somebody else's of the same name.

Two people stand before the computer: who prints, and another who may approve and types their own
passphrase. It holds for one finished paper; listed words, code words and all else that is sealed
nobody can excuse. The reason is kept with the plan, the log has the names of fields alone.
"""

from kfdesk.domain.carry.check import Excuse
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Credentials, Right, fold, rights_of, shown
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Order
from kfdesk.domain.rows import Row, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.access.passphrases import plain
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Desk
from kfdesk.services.papers.kinds import require_paper
from kfdesk.services.papers.making import check_paper
from kfdesk.services.writing.records import found, put_new

KIND = "somebody_else"


def excuse_names(desk: Desk, order: Order, second: Credentials, reason: str) -> Excuse:
    """Let the names that were found on a paper pass, on this paper as it is now.

    Raises KfdeskError `approval.no_reason`, `approval.same_person`, `store.wrong_passphrase`,
    `user.not_allowed` where the second person may not approve, `paper.carry_…` for what is no
    name, or as `make_paper` does.
    """
    require_paper(desk, order)
    if not reason.strip():
        raise KfdeskError("approval.no_reason")
    _require_second(desk, second)
    excuse = check_paper(desk, order)
    sealed = next((one for one in excuse.found if not one.may_be_somebody_else), None)
    if sealed is not None:
        raise sealed.fault
    plan = _plan_of(desk, order.subject)
    now = moment_now(desk)
    values: dict[str, Value] = {
        "kind": KIND, "given_by": shown(second.initials), "asked_by": desk.user,
        "given": now, "ends": now, "reason": reason.strip(),
    }  # fmt: skip
    row = Row(desk.new_id(), "approval", plan, desk.identity.organisation, EMPTY)
    with desk.store.transaction():
        put_new(desk, row, wire_changes("approval", values))
        desk.log(
            Action.EXCUSE_NAME, plan, tuple(sorted({one.field for one in excuse.found} - {""}))
        )
    return excuse


def _require_second(desk: Desk, second: Credentials) -> None:
    """Go no further but with another person who may approve, and whose passphrase it is."""
    if fold(second.initials) == fold(desk.user):
        raise KfdeskError("approval.same_person")
    if desk.rooms.keys is None:
        raise KfdeskError("store.wrong_passphrase")
    known = {one.initials: one for one in desk.store.ledger.users() if one.removed is None}
    user = known.get(fold(second.initials))
    if user is None:
        raise KfdeskError("store.wrong_passphrase")
    desk.rooms.keys.prove(Credentials(second.initials, plain(second.passphrase)))
    if Right.APPROVE not in rights_of(user.roles):
        raise KfdeskError("user.not_allowed", right=Right.APPROVE)


def _plan_of(desk: Desk, rid: bytes) -> bytes:
    """The plan that a paper is about, itself or by a record under it."""
    row = found(desk, rid)
    return row.rid if row.type == "plan" else row.parent or rid
