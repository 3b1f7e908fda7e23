# SPDX-License-Identifier: GPL-3.0-or-later
"""Authorization: whether the current user may read or write a record, by roles and ownership.

Every public service checks first, by `Session.require` or by a function of this module; a
test enforces it. A plan belongs to its owner. A plan without an owner belongs to every user
who may read plans at all, so that nothing is lost. The program enforces these rules; all
users of a store share its key. Legal holds and the log of views are here, too.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from kfdesk.domain.accounts import Right, fold_initials
from kfdesk.domain.audit import Action
from kfdesk.domain.authority import BOOK_TYPES, is_common_type
from kfdesk.domain.disclosure import masked_keys
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import drop_fields, is_deleted, writes_by_field
from kfdesk.domain.rows import Row
from kfdesk.services.core.session import Session

READ_RIGHTS = (Right.READ_OWN, Right.READ_ALL)
EDIT_RIGHTS = (Right.EDIT_OWN, Right.EDIT_ALL)
DIRECTORY_READ_RIGHTS = (*READ_RIGHTS, Right.EDIT_DIRECTORY)
SENSITIVE_RIGHTS = (Right.SEE_SENSITIVE_OWN, Right.SEE_SENSITIVE_ALL)

BREAK_GLASS_KEYS = frozenset(
    {
        ("client", "safe_contact"), ("client", "phone"), ("relationship", "is_risk"),
        ("leg", "fallback"),
        ("plan", "alarm_plan"), ("plan", "code_word"), ("plan", "health_needs"),
        ("plan", "special_needs"), ("plan", "fit_to_travel_needed"),
        ("plan", "fit_to_travel_until"),
    }
)  # fmt: skip
"""Sensitive fields shown to whoever has opened another's plan with a reason: what keeps the client
safe tonight.

The client's story, the risk assessment, notes and documents stay hidden.
"""

LEG_EVENT_KEYS = frozenset(
    {"status", "departed", "arrived", "missed", "check_in_status", "checked_in"}
)
"""Fields of a leg for events on the way; whoever opened the plan with a reason may write them."""

_OWNER_ID = RECORD_TYPES["plan"].ids["owner"]
_OWNER_KIND = RECORD_TYPES["plan"].fields["owner"].kind


def require_reading(desk: Session, row: Row) -> None:
    """Require that the current user may read a record.

    Raise KfdeskError `user.not_allowed`.
    """
    _require_allowed(may_read(desk, row), Right.READ_ALL)


def require_editing(desk: Session, row: Row, keys: Collection[str] = ()) -> None:
    """Require that the current user may write an existing record.

    `keys` are the fields, if only these are written. Raise KfdeskError `user.not_allowed`.
    """
    wanted = common_right(row.type) if is_common_type(row.type) else Right.EDIT_ALL
    is_news = row.type == "leg" and bool(keys) and LEG_EVENT_KEYS.issuperset(keys)
    _require_allowed(may_edit(desk, row) or (is_news and may_record_events(desk, row)), wanted)


def require_adding(desk: Session, record_type: str, parent: bytes | None) -> None:
    """Require that the current user may write a new record under `parent`.

    The parent decides: a new plan under another user's client is that user's. Raise KfdeskError
    `user.not_allowed`.
    """
    if is_common_type(record_type):
        desk.require(common_right(record_type))
        return
    desk.require(*EDIT_RIGHTS)
    above = desk.store.row(parent) if parent is not None else None
    if above is not None:
        require_editing(desk, above)


def require_right_on(desk: Session, row: Row, *rights: Right) -> None:
    """Require one of these rights, and that the plan is the user's own, or the right to read all.

    A plan that was only opened with a reason is read-only. Raise KfdeskError
    `user.not_allowed`.
    """
    desk.require(*rights)
    is_within = desk.may(Right.READ_ALL) or (desk.may(Right.READ_OWN) and _is_users_own(desk, row))
    _require_allowed(is_within, Right.READ_ALL)


_FIGURE_TYPES = frozenset({"estimate", "publication"})


def common_right(record_type: str) -> Right:
    """Return the right to write records of a type that is about no client."""
    if record_type in _FIGURE_TYPES:
        return Right.FIGURES
    return Right.EDIT_BOOK if record_type in BOOK_TYPES else Right.EDIT_DIRECTORY


def may_read(desk: Session, row: Row) -> bool:
    """Return whether the current user may read a record: by roles, or opened with a reason."""
    if is_common_type(row.type):
        return any(map(desk.may, DIRECTORY_READ_RIGHTS))
    if desk.may(Right.READ_ALL):
        return True
    plans = plans_of(desk, row)
    return desk.may(Right.READ_OWN) and (
        _owns_one_of(desk, plans) or any(plan.rid in desk.opened for plan in plans)
    )


def may_edit(desk: Session, row: Row) -> bool:
    """Return whether the current user may write an existing record."""
    if is_common_type(row.type):
        return desk.may(common_right(row.type))
    return desk.may(Right.EDIT_ALL) or (desk.may(Right.EDIT_OWN) and _is_users_own(desk, row))


def may_edit_now(desk: Session, plan: Row) -> bool:
    """Return whether the current user may write in a plan now: not under a legal hold."""
    return may_edit(desk, plan) and not is_held(plan)


def may_record_events(desk: Session, row: Row) -> bool:
    """Return whether the current user may record events on the way of a plan (`LEG_EVENT_KEYS`).

    The owner may, and at night whoever has opened the plan with a reason.
    """
    is_open = any(plan.rid in desk.opened for plan in plans_of(desk, row))
    return may_edit(desk, row) or (is_open and desk.may(Right.OPEN_WITH_REASON))


def hidden_keys(desk: Session, row: Row, record_type: str | None = None) -> frozenset[str]:
    """Return the fields hidden from the current user, in a record of `record_type` like `row`.

    `row` is the record itself, or the plan to which a record of that type belongs.
    """
    name = record_type or row.type
    if desk.may(Right.SEE_SENSITIVE_ALL):
        return frozenset()
    if is_common_type(name):
        return frozenset() if desk.may(Right.SEE_SENSITIVE_OWN) else masked_keys(name)
    plans = plans_of(desk, row)
    if desk.may(Right.SEE_SENSITIVE_OWN) and _owns_one_of(desk, plans):
        return frozenset()
    covered = masked_keys(name)
    if any(plan.rid in desk.opened for plan in plans):
        covered -= {key for kind, key in BREAK_GLASS_KEYS if kind == name}
    return covered


def without_hidden(row: Row, hidden: frozenset[str]) -> Row:
    """Return the row without the hidden fields; what is typed in their place replaces nothing."""
    if not hidden:
        return row
    ids = RECORD_TYPES[row.type].ids
    return replace(row, state=drop_fields(row.state, frozenset(ids[key] for key in hidden)))


def owners_of(plan: Row) -> frozenset[str]:
    """Return a plan's owners by folded initials; empty if none, all of them in a conflict."""
    named = (
        _OWNER_KIND.decode(one.value) for one in writes_by_field(plan.state).get(_OWNER_ID, ())
    )
    return frozenset(
        fold_initials(name) for name in named if isinstance(name, str) and name.strip()
    )


def _require_allowed(is_allowed: bool, wanted: Right) -> None:
    if not is_allowed:
        raise KfdeskError("user.not_allowed", right=wanted)


def _is_users_own(desk: Session, row: Row) -> bool:
    return _owns_one_of(desk, plans_of(desk, row))


def _owns_one_of(desk: Session, plans: tuple[Row, ...]) -> bool:
    """Return whether one of these plans is the user's or has no owner, or there is no plan yet."""
    owners = [owners_of(plan) for plan in plans]
    return not owners or any(not named or fold_initials(desk.user) in named for named in owners)


def plans_of(desk: Session, row: Row) -> tuple[Row, ...]:
    """Return the plans whose owners a record belongs to; none if it belongs to no plan yet.

    They are the plan above it, or all plans of the client above it, without deleted ones. Another
    organisation's plan below a client who is not its own has no owner here, and must open nothing
    of her: it belongs with her other plans.
    """
    above = next(
        (one for one in desk.self_and_ancestors(row) if one.type in ("plan", "client")), None
    )
    if above is None:
        return ()
    client = above if above.type == "client" else _client_of_anothers_plan(desk, above)
    if client is None:
        return (above,)
    below = (one for one in desk.store.children(client.rid) if one.type == "plan")
    plans = tuple(one for one in below if not _is_anothers(desk, one, client))
    there = tuple(one for one in plans if not is_deleted(one.state)) or plans
    return there or ((above,) if above.type == "plan" else ())


def _client_of_anothers_plan(desk: Session, plan: Row) -> Row | None:
    """Return the client of a plan that belongs with her other plans; None for any other plan."""
    if plan.custodian == desk.identity.organisation:
        return None
    client = desk.store.row(plan.parent or b"")
    return client if client is not None and _is_anothers(desk, plan, client) else None


def _is_anothers(desk: Session, plan: Row, client: Row) -> bool:
    """Return whether a plan without an owner came from neither us nor the client's custodian."""
    return plan.custodian not in (desk.identity.organisation, client.custodian) and not owners_of(
        plan
    )


# --- legal holds

_LEGAL_HOLD_ID = RECORD_TYPES["plan"].ids["legal_hold"]


def is_held(row: Row) -> bool:
    """Return whether a record is a plan under a legal hold; a conflict about it counts as one."""
    writes = writes_by_field(row.state).get(_LEGAL_HOLD_ID, ()) if row.type == "plan" else ()
    return any(isinstance(write.value, str) and write.value.strip() for write in writes)


def held_plans(desk: Session) -> tuple[Row, ...]:
    """Return all plans under a legal hold."""
    return tuple(filter(is_held, desk.store.rows("plan")))


def client_above(desk: Session, row: Row) -> Row | None:
    """Return the client that a record is or belongs to; None for a record about no client."""
    return next((one for one in desk.self_and_ancestors(row) if one.type == "client"), None)


def plan_above(desk: Session, row: Row) -> Row | None:
    """Return the plan that a record is or belongs to; None for a client's own or other records."""
    return next((one for one in desk.self_and_ancestors(row) if one.type == "plan"), None)


def is_under_hold(desk: Session, row: Row) -> bool:
    """Return whether a record belongs to a plan under a legal hold, or to a client who has one."""
    above = tuple(desk.self_and_ancestors(row))
    clients = (one for one in above if one.type == "client")
    plans = (one for client in clients for one in desk.store.children(client.rid))
    return any(map(is_held, (*above, *plans)))


# --- the log of views

VIEW_INTERVAL = 5 * 60 * 1000  # milliseconds between two entries of one user about one record
_LOGGED_TYPES = frozenset({"attachment", "plan", "client"})


def log_view(desk: Session, row: Row) -> None:
    """Log that the current user views a record of a case.

    An attachment is logged itself, everything else as its plan or client. The directory is not
    logged.
    """
    rid = _logged_id(desk, row)
    if rid is None:
        return
    key, now = (desk.user, rid), desk.milliseconds
    if 0 <= now - desk.viewed.get(key, -VIEW_INTERVAL) < VIEW_INTERVAL:
        return
    with suppress(KfdeskError):
        if not desk.store.ledger.was_viewed(desk.user, rid, now - VIEW_INTERVAL):
            with desk.store.transaction():
                desk.log(Action.VIEW, rid)
        desk.viewed[key] = now


def _logged_id(desk: Session, row: Row) -> bytes | None:
    return next(
        (one.rid for one in desk.self_and_ancestors(row) if one.type in _LOGGED_TYPES),
        None,
    )
