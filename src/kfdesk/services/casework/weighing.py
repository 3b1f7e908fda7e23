# SPDX-License-Identifier: GPL-3.0-or-later
"""Weighing the risks: a new version that begins where the last one ended, and the answers in it.

An older weighing is never changed by a new one. What the answers to a category's items come to, and
what a level is, stands in `domain/weighing`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates import risks
from kfdesk.domain.gates.situation import Receiver
from kfdesk.domain.gates.travellers import children
from kfdesk.domain.lists.risk_codes import ITEMS
from kfdesk.domain.records.case.risk_assessment import RiskAssessment
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.records.risk.risk_line import RiskLine
from kfdesk.domain.rows import Row, View, seen_in, view, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.weighing.items import Item, items_of, values_of
from kfdesk.domain.weighing.levels import Weighed, unanswered
from kfdesk.domain.writes import EMPTY, is_deleted
from kfdesk.services.course.guards import check_word
from kfdesk.services.course.situations import moment_now, situation_of
from kfdesk.services.desk import Desk
from kfdesk.services.plans import shown_case
from kfdesk.services.policy.access import require_adding, require_editing, require_reading
from kfdesk.services.writing.records import Done, found, put_changed, put_new

_CARRIED_ON = ("client_view", "summary", "measures")


@dataclass(frozen=True, slots=True)
class Version:
    """One weighing with its lines. `is_ours`: it is our own word; `counts`: it is its side's."""

    view: View[RiskAssessment]
    lines: tuple[View[RiskLine], ...]
    is_ours: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class Risks:
    """The weighings of a plan, as who sits here may see them, the newest first.

    `open` are the categories that wait for an answer of ours. `worst` decides, where the two
    conclusions differ. `void` are weighings from before something happened. `has_children`: the
    category for a child is asked; of another organisation's plan it always is.
    """

    versions: tuple[Version, ...]
    worse: tuple[Weighed, ...]
    open: tuple[str, ...]
    worst: bytes | None
    void: frozenset[bytes]
    receiver: Receiver | None
    has_children: bool

    @property
    def ours(self) -> Version | None:
        """Our own weighing that counts."""
        return next((one for one in self.versions if one.is_ours and one.counts), None)


def read_risks(desk: Desk, plan: bytes) -> Risks:
    """The weighings of a plan now. Raises KfdeskError `record.missing` or `record.deleted`."""
    require_reading(desk, found(desk, plan))
    s = situation_of(desk, shown_case(desk, plan))
    counting = {risk.rid: risk for risk in risks.counting(s)}
    versions = tuple(
        Version(
            view=risk,
            lines=risks.lines_of(risk, s),
            is_ours=risk.row.custodian == desk.identity.organisation and not risks.is_told(risk),
            counts=risk.rid in counting,
        )
        for risk in sorted(s.risks, key=risks.age, reverse=True)
    )
    ours = next((one for one in versions if one.is_ours and one.counts), None)
    is_elsewhere = s.ours != desk.identity.organisation  # who travels is known there alone
    has_children = is_elsewhere or bool(children(s))
    worst, said = risks.worst(s), {risk.record.conclusion for risk in counting.values()}
    return Risks(
        versions=versions,
        worse=risks.worse_of_both(s),
        open=unanswered(ours.lines if ours else (), has_children=has_children),
        worst=worst.rid if worst is not None and len(said) > 1 else None,
        void=frozenset(rid for rid, risk in counting.items() if risks.is_void(risk, s)),
        receiver=s.receiver,
        has_children=has_children,
    )


def begin_weighing(desk: Desk, plan: bytes) -> bytes:
    """A new weighing of our own, of today, that takes over the lines of our last one.

    Her view and the texts go along; the conclusion is drawn anew. Returns the new record's id.
    Raises KfdeskError `record.missing`, `plan.read_only` or `user.not_allowed`.
    """
    with desk.store.transaction():
        found(desk, plan)
        require_adding(desk, "risk_assessment", plan)
        before = _our_last(desk, plan)
        values: dict[str, Value] = {
            "organisation": desk.identity.organisation.hex(),
            "done": moment_now(desk).wall.date(),
        }
        if before is not None:
            values |= {key: getattr(before.record, key) for key in _CARRIED_ON}
        new = _new(desk, "risk_assessment", plan)
        put_new(desk, new, wire_changes(new.type, values))
        for line in _lines(desk, before.rid) if before is not None else ():
            kept = view(line, RiskLine).record
            values = {key: getattr(kept, key) for key in TYPES[line.type].fields}
            known = {key: value for key, value in values.items() if value is not None}
            put_new(desk, _new(desk, line.type, new.rid), wire_changes(line.type, known))
        return new.rid


def answer_items(desk: Desk, weighing: bytes, category: str, items: Mapping[str, Item]) -> Done:
    """Answer items of a category in one of our weighings; the others stay as they are.

    Raises KfdeskError `record.missing`, `record.not_ours`, `plan.read_only` or
    `user.not_allowed`.
    """
    with desk.store.transaction():
        above = found(desk, weighing)
        require_editing(desk, above)
        check_word(desk, above)
        if above.type != "risk_assessment" or not items.keys() <= ITEMS[category].keys():
            raise KfdeskError("record.missing")
        line = _line(desk, weighing, category)
        held = items_of(category, view(line, RiskLine).record if line is not None else None)
        values = values_of(held | dict(items))
        if line is None:
            new = _new(desk, "risk_line", weighing)
            return put_new(desk, new, wire_changes(new.type, values | {"category": category}))
        return put_changed(desk, line, wire_changes(line.type, values), seen_in(line))


def _our_last(desk: Desk, plan: bytes) -> View[RiskAssessment] | None:
    ours = desk.identity.organisation
    rows = (row for row in desk.store.children(plan) if row.type == "risk_assessment")
    seen = (view(row, RiskAssessment) for row in rows if row.custodian == ours)
    own = [v for v in seen if not v.is_deleted and v.record.organisation in (None, ours.hex())]
    return max(own, key=lambda v: (str(v.record.done), v.rid), default=None)


def _lines(desk: Desk, weighing: bytes) -> Iterator[Row]:
    rows = (row for row in desk.store.children(weighing) if row.type == "risk_line")
    return (row for row in rows if not is_deleted(row.state))


def _line(desk: Desk, weighing: bytes, category: str) -> Row | None:
    lines = _lines(desk, weighing)
    return next((row for row in lines if view(row, RiskLine).record.category == category), None)


def _new(desk: Desk, record_type: str, parent: bytes) -> Row:
    return Row(desk.new_id(), record_type, parent, desk.identity.organisation, EMPTY)
