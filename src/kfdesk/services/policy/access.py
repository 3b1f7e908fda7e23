# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether who sits here may read or write a record: their roles, and whose plan it is.

Every public service asks first, by `desk.require` or by one of the gates here; a test sees to it.
A plan is its owner's; one without an owner is everybody's who reads plans at all, so that nothing
is lost. These are rules of the program: all users of a store share its key.
"""

from collections.abc import Collection
from dataclasses import replace

from kfdesk.domain.desk.users import Right, fold
from kfdesk.domain.disclosure import covered_keys, is_directory
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import is_deleted, live_of, without
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.holding import is_held

READING = (Right.READ_OWN, Right.READ_ALL)
EDITING = (Right.EDIT_OWN, Right.EDIT_ALL)
DIRECTORY_READING = (*READING, Right.EDIT_DIRECTORY)
SENSITIVE = (Right.SEE_SENSITIVE_OWN, Right.SEE_SENSITIVE_ALL)

IN_DANGER = frozenset(
    {
        ("client", "safe_contact"), ("client", "phone"), ("relationship", "is_risk"),
        ("leg", "fallback"),
        ("plan", "alarm_plan"), ("plan", "code_word"), ("plan", "health_needs"),
        ("plan", "special_needs"), ("plan", "fit_to_travel_needed"),
        ("plan", "fit_to_travel_until"),
    }
)  # fmt: skip
"""What is uncovered for who has opened another's plan with a reason: what keeps her safe tonight.

Her story, the weighing of risks, notes and documents stay covered.
"""

ON_WATCH = frozenset({"status", "departed", "arrived", "missed", "check_in_status", "checked_in"})
"""Of a leg, what happens on the way: also who has opened the plan with a reason writes it down."""

_OWNER = TYPES["plan"].ids["owner"]
_INITIALS = TYPES["plan"].fields["owner"].kind


def require_reading(desk: Desk, row: Row) -> None:
    """Go no further with a record that who sits here may not read.

    Raises KfdeskError `user.not_allowed`.
    """
    _require(may_read(desk, row), Right.READ_ALL)


def require_editing(desk: Desk, row: Row, keys: Collection[str] = ()) -> None:
    """Go no further with a record of the store that who sits here may not write.

    `keys` are the fields, where only these are written. Raises KfdeskError `user.not_allowed`.
    """
    wanted = Right.EDIT_DIRECTORY if is_directory(row.type) else Right.EDIT_ALL
    is_news = row.type == "leg" and bool(keys) and ON_WATCH.issuperset(keys)
    _require(may_edit(desk, row) or (is_news and may_watch(desk, row)), wanted)


def require_adding(desk: Desk, record_type: str, parent: bytes | None) -> None:
    """Go no further with a new record that who sits here may not write under `parent`.

    Whether one may is asked of what it belongs to: a new plan under another's client is the
    other's. Raises KfdeskError `user.not_allowed`.
    """
    if is_directory(record_type):
        desk.require(Right.EDIT_DIRECTORY)
        return
    desk.require(*EDITING)
    above = desk.store.row(parent) if parent is not None else None
    if above is not None:
        require_editing(desk, above)


def require_working(desk: Desk, row: Row, *rights: Right) -> None:
    """Go no further without one of these rights, and the plan being one's own, or all.

    What was only opened with a reason is for reading. Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*rights)
    is_within = desk.may(Right.READ_ALL) or (desk.may(Right.READ_OWN) and _is_ours(desk, row))
    _require(is_within, Right.READ_ALL)


def may_read(desk: Desk, row: Row) -> bool:
    """Whether who sits here may read a record: by their roles, or opened with a reason."""
    if is_directory(row.type):
        return any(map(desk.may, DIRECTORY_READING))
    if desk.may(Right.READ_ALL):
        return True
    plans = _plans_of(desk, row)
    return desk.may(Right.READ_OWN) and (
        _is_own(desk, plans) or any(plan.rid in desk.opened for plan in plans)
    )


def may_edit(desk: Desk, row: Row) -> bool:
    """Whether who sits here may write a record of the store."""
    if is_directory(row.type):
        return desk.may(Right.EDIT_DIRECTORY)
    return desk.may(Right.EDIT_ALL) or (desk.may(Right.EDIT_OWN) and _is_ours(desk, row))


def may_change(desk: Desk, plan: Row) -> bool:
    """Whether who sits here may write in a plan now: one that must be kept is only read."""
    return may_edit(desk, plan) and not is_held(plan)


def may_watch(desk: Desk, row: Row) -> bool:
    """Whether who sits here may write down what happens on the way of a plan (`ON_WATCH`).

    Its owner may, and at night whoever has opened it with a reason.
    """
    is_open = any(plan.rid in desk.opened for plan in _plans_of(desk, row))
    return may_edit(desk, row) or (is_open and desk.may(Right.OPEN_WITH_REASON))


def hidden_keys(desk: Desk, row: Row, record_type: str | None = None) -> frozenset[str]:
    """The fields that read as covered for who sits here, in a record of `record_type` like `row`.

    `row` is the record itself, or the plan to which a record of that type belongs.
    """
    name = record_type or row.type
    if desk.may(Right.SEE_SENSITIVE_ALL):
        return frozenset()
    if is_directory(name):
        return frozenset() if desk.may(Right.SEE_SENSITIVE_OWN) else covered_keys(name)
    plans = _plans_of(desk, row)
    if desk.may(Right.SEE_SENSITIVE_OWN) and _is_own(desk, plans):
        return frozenset()
    covered = covered_keys(name)
    if any(plan.rid in desk.opened for plan in plans):
        covered -= {key for kind, key in IN_DANGER if kind == name}
    return covered


def as_seen(row: Row, hidden: frozenset[str]) -> Row:
    """The row without the fields that are hidden; what is typed in their place replaces nothing."""
    if not hidden:
        return row
    ids = TYPES[row.type].ids
    return replace(row, state=without(row.state, frozenset(ids[key] for key in hidden)))


def owners_of(plan: Row) -> frozenset[str]:
    """Whose plan it is, by folded initials; nobody's where none are written. In conflict, all."""
    named = (_INITIALS.decode(one.value) for one in live_of(plan.state).get(_OWNER, ()))
    return frozenset(fold(name) for name in named if isinstance(name, str) and name.strip())


def _require(is_allowed: bool, wanted: Right) -> None:
    if not is_allowed:
        raise KfdeskError("user.not_allowed", right=wanted)


def _is_ours(desk: Desk, row: Row) -> bool:
    return _is_own(desk, _plans_of(desk, row))


def _is_own(desk: Desk, plans: tuple[Row, ...]) -> bool:
    """Whether one of these is theirs who sits here, or nobody's; a client may have no plan yet."""
    owners = [owners_of(plan) for plan in plans]
    return not owners or any(not named or fold(desk.user) in named for named in owners)


def _plans_of(desk: Desk, row: Row) -> tuple[Row, ...]:
    """The plan above a record of a case; all plans of a client above it, without those deleted."""
    above = next((one for one in desk.upwards(row) if one.type in ("plan", "client")), None)
    if above is None:
        return ()
    if above.type == "plan":
        return (above,)
    plans = tuple(one for one in desk.store.children(above.rid) if one.type == "plan")
    return tuple(one for one in plans if not is_deleted(one.state)) or plans
