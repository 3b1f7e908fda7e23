# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plain writing of records refuses: a plan's state, another's word, a closed plan.

Asked by `services/writing/` before it writes. The services of a plan's course
write the guarded fields themselves, after their own questions. To decide a conflict between two
values that stand there already is never refused.
"""

from collections.abc import Mapping

from kfdesk.domain.consents.withdrawal import is_withdrawn
from kfdesk.domain.disclosure import OWN_WORD
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.states import DRAFT, is_read_only
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.weighing.items import ITEM_KEYS
from kfdesk.domain.writes import live_of
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.holding import is_held, plan_above
from kfdesk.services.policy.access import ON_WATCH

GUARDED_TYPES = frozenset({"approval", "transition", "paper_copy"})
GUARDED_KEYS = frozenset(
    {
        ("plan", "state"), ("plan", "legal_hold"),
        ("consent", "decided_by"), ("consent", "second_person"),
        *(("risk_line", key) for key in ITEM_KEYS),
    }
)  # fmt: skip
STILL_KEPT = frozenset(
    {"closure_reason", "told_what_is_kept", "retention_until", "receipts_in", "legal_hold"}
)
"""Fields of a closed plan that are still written: how long it is kept, and why."""


BESIDE = frozenset({"paper_copy"})
"""Records that say nothing of the plan: written when it is closed, too."""


def check_new(row: Row, changes: Mapping[int, Wire]) -> None:
    """Refuse a new record that is written by its own service alone.

    Raises KfdeskError `record.guarded` or `field.guarded`.
    """
    if row.type in GUARDED_TYPES:
        raise KfdeskError("record.guarded")
    for fid, key in _guarded(row.type).items():
        if changes.get(fid) not in (None, DRAFT if key == "state" else None):
            raise KfdeskError("field.guarded", field=f"{row.type}.{key}")


def check_changed(desk: Desk, row: Row, changes: Mapping[int, Wire]) -> None:
    """Refuse a change that is another service's, or another organisation's.

    Raises KfdeskError `record.guarded`, `record.not_ours` or `field.guarded`.
    """
    check_word(desk, row)
    if row.type == "consent" and row.custodian != desk.identity.organisation:
        _check_no(row, changes)
    for fid, key in _guarded(row.type).items():
        if fid in changes and not _stands_there(row, fid, changes[fid]):
            raise KfdeskError("field.guarded", field=f"{row.type}.{key}")


def _check_no(row: Row, changes: Mapping[int, Wire]) -> None:
    """Her no to a consent that another organisation answers for is not unsaid here."""
    fid = TYPES["consent"].ids["withdrawn"]
    if is_withdrawn(row) and changes.get(fid, "") is None:
        raise KfdeskError("record.not_ours")


def check_word(desk: Desk, row: Row) -> None:
    """Refuse to touch a record that is the word of whoever answers for it.

    Raises KfdeskError `record.guarded` or `record.not_ours`.
    """
    if row.type in GUARDED_TYPES:
        raise KfdeskError("record.guarded")
    if row.type in OWN_WORD and row.custodian != desk.identity.organisation:
        raise KfdeskError("record.not_ours")


def check_open(desk: Desk, row: Row, changes: Mapping[int, Wire]) -> None:
    """Refuse to write in a plan that is read-only or must be kept as it is, or below one.

    What happens on the way is written of every journey: somebody may have to call. Raises
    KfdeskError `plan.read_only` or `plan.held`.
    """
    plan = plan_above(desk, row)
    if plan is None or row.type in BESIDE or not (is_read_only_row(plan) or is_held(plan)):
        return
    kept = {TYPES["plan"].ids[key] for key in STILL_KEPT}
    may = row.rid == plan.rid and changes.keys() <= kept
    may |= _is_news(row, changes) and not is_read_only_row(plan)
    if not may and not _decides(row, changes):
        raise KfdeskError("plan.held" if is_held(plan) else "plan.read_only")


def is_read_only_row(plan: Row) -> bool:
    """Whether a plan's row is in a state that is changed no more; a conflict is none."""
    writes = live_of(plan.state).get(TYPES["plan"].ids["state"], ())
    return bool(writes) and all(is_read_only(write.value) for write in writes)


def _is_news(row: Row, changes: Mapping[int, Wire]) -> bool:
    """Whether all that is written is what happened to a leg."""
    watched = {TYPES["leg"].ids[key] for key in ON_WATCH}
    return row.type == "leg" and bool(changes) and changes.keys() <= watched


def _decides(row: Row, changes: Mapping[int, Wire]) -> bool:
    """Whether all that is written stands there already, in conflict with something else."""
    live = live_of(row.state)
    return bool(changes) and all(
        len(live.get(fid, ())) > 1 and _stands_there(row, fid, value)
        for fid, value in changes.items()
    )


def _stands_there(row: Row, fid: int, value: Wire) -> bool:
    return value in [write.value for write in live_of(row.state).get(fid, ())]


def _guarded(record_type: str) -> Mapping[int, str]:
    return {TYPES[kind].ids[key]: key for kind, key in GUARDED_KEYS if kind == record_type}
