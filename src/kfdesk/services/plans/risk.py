# SPDX-License-Identifier: GPL-3.0-or-later
"""Risk assessments: begin a new version from the last one, and answer its themes and items.

A new assessment never changes an older one. The domain decides what the answers of a
category amount to, and what a level is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from kfdesk.domain.authority import NONCE_BYTES, make_record_id
from kfdesk.domain.codes.risk import CATEGORY_ITEMS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.records.risk import RiskAssessment, RiskLine
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.risk import (
    CategoryRating,
    RiskItem,
    RiskStatus,
    ThemeAnswer,
    has_answer,
    items_on_line,
    joint_status,
    line_fields,
    line_of_category,
    theme_on_line,
    unanswered_categories,
    worst_by_category,
)
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes, view
from kfdesk.domain.values import Value
from kfdesk.domain.workflow import decision
from kfdesk.domain.workflow.decision import child_travellers
from kfdesk.domain.workflow.gates import Receiver
from kfdesk.services.core.authorization import require_adding, require_editing, require_reading
from kfdesk.services.core.records import (
    Saved,
    check_custodian,
    put_changed,
    put_new,
    require_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import (
    case_context_of,
    read_case_context,
    visible_case,
    zoned_now,
)

_COPIED_KEYS = ("client_view", "summary", "measures")


@dataclass(frozen=True, slots=True)
class AssessmentVersion:
    """One risk assessment with its lines.

    `is_ours`: our organisation made it. `counts`: it is the valid one of the organisation that
    made it. `status`: how far it is answered, as far as we know.
    """

    view: RecordView[RiskAssessment]
    lines: tuple[RecordView[RiskLine], ...]
    is_ours: bool
    counts: bool
    status: RiskStatus

    @property
    def ratings(self) -> tuple[CategoryRating, ...]:
        """The rating of each category that says something."""
        return worst_by_category(filter(has_answer, self.lines))


@dataclass(frozen=True, slots=True)
class PlanRisks:
    """The risk assessments of a plan that the current user may see, the newest first.

    `worse` is the higher rating of both sides in each category that says something. `open` are
    the categories that we have not answered. If two organisations' conclusions
    differ, `worst` is the one that decides. `void` are assessments from before an event that
    made them invalid. `has_children`: the category for a child applies; it always does for
    another organisation's plan. `may_assess`: an assessment of ours counts.
    """

    versions: tuple[AssessmentVersion, ...]
    worse: tuple[CategoryRating, ...]
    open: tuple[str, ...]
    worst: bytes | None
    void: frozenset[bytes]
    receiver: Receiver | None
    has_children: bool
    may_assess: bool = True

    @property
    def status(self) -> RiskStatus | None:
        """The progress of the assessments that count, taken together; None if there are none."""
        return joint_status(one.status for one in self.versions if one.counts)

    @property
    def ours(self) -> AssessmentVersion | None:
        """Our own risk assessment that counts."""
        return next((one for one in self.versions if one.is_ours and one.counts), None)


def read_risks(desk: Session, plan: bytes) -> PlanRisks:
    """Return the risk assessments of a plan.

    Raise KfdeskError `record.missing` or `record.deleted`.
    """
    require_reading(desk, require_record(desk, plan))
    s = case_context_of(desk, visible_case(desk, plan))
    counting = {risk.rid: risk for risk in decision.present_assessments(s)}
    versions = tuple(
        AssessmentVersion(
            view=risk,
            lines=decision.assessment_lines(risk, s),
            is_ours=risk.row.custodian == desk.identity.organisation
            and not decision.is_reported(risk),
            counts=risk.rid in counting,
            status=decision.assessment_status(risk, s, desk.identity.organisation),
        )
        for risk in sorted(s.risks, key=decision.assessment_age, reverse=True)
    )
    ours = next((one for one in versions if one.is_ours and one.counts), None)
    is_elsewhere = s.ours != desk.identity.organisation  # only that organisation knows who travels
    has_children = is_elsewhere or bool(child_travellers(s))
    worst = decision.worse_assessment(s)
    conclusions = {risk.record.conclusion for risk in counting.values()}
    return PlanRisks(
        versions=versions,
        worse=worst_by_category(
            line for one in versions if one.counts for line in one.lines if has_answer(line)
        ),
        open=unanswered_categories(ours.lines if ours else (), has_children=has_children),
        worst=worst.rid if worst is not None and len(conclusions) > 1 else None,
        void=frozenset(rid for rid, risk in counting.items() if decision.is_invalidated(risk, s)),
        receiver=s.receiver,
        has_children=has_children,
        may_assess=decision.may_assess(s, desk.identity.organisation),
    )


def create_risk_assessment(desk: Session, plan: bytes) -> bytes:
    """Create our new risk assessment, dated today, with the lines of our last one; return its id.

    The client's own view and the texts are copied; the conclusion must be drawn again.
    Raise KfdeskError `risk.not_receiver` if it would not count, `record.missing`,
    `plan.read_only` or `user.not_allowed`.
    """
    with desk.store.transaction():
        require_record(desk, plan)
        require_adding(desk, "risk_assessment", plan)
        if not decision.may_assess(read_case_context(desk, plan), desk.identity.organisation):
            raise KfdeskError("risk.not_receiver")
        before = _last_own_assessment(desk, plan)
        values: dict[str, Value] = {
            "organisation": desk.identity.organisation.hex(),
            "done": zoned_now(desk).wall.date(),
        }
        if before is not None:
            values |= {key: getattr(before.record, key) for key in _COPIED_KEYS}
        new = desk.new_row("risk_assessment", plan)
        put_new(desk, new, encode_changes(new.type, values))
        for line in _risk_lines(desk, before.rid) if before is not None else ():
            kept = view(line, RiskLine).record
            values = {key: getattr(kept, key) for key in RECORD_TYPES[line.type].fields}
            known = {key: value for key, value in values.items() if value is not None}
            row = _new_line(desk, new.rid, str(kept.category))
            put_new(desk, row, encode_changes(row.type, known))
        return new.rid


def answer_risk_items(
    desk: Session, assessment: bytes, category: str, items: Mapping[str, RiskItem]
) -> Saved:
    """Answer items of a category in one of our risk assessments; leave the others as they are.

    Raise KfdeskError `record.missing`, `record.not_ours`, `plan.read_only` or
    `user.not_allowed`.
    """
    if not items.keys() <= CATEGORY_ITEMS[category].keys():
        raise KfdeskError("record.missing")
    with desk.store.transaction():
        require_editing(desk, require_record(desk, assessment))
        return _write_answers(desk, assessment, category, items, None)


def answer_risk_theme(desk: Session, assessment: bytes, category: str, theme: ThemeAnswer) -> Saved:
    """Answer a category of one of our risk assessments as a whole; its items stay as they are.

    Raise KfdeskError `record.missing`, `record.not_ours`, `plan.read_only` or
    `user.not_allowed`.
    """
    with desk.store.transaction():
        require_editing(desk, require_record(desk, assessment))
        return _write_answers(desk, assessment, category, {}, theme)


def _write_answers(
    desk: Session,
    assessment: bytes,
    category: str,
    items: Mapping[str, RiskItem],
    theme: ThemeAnswer | None,
) -> Saved:
    """Write the answers to items and, if it is given, to the theme; call inside a transaction."""
    above = require_record(desk, assessment)
    check_custodian(desk, above)
    if above.type != "risk_assessment":
        raise KfdeskError("record.missing")
    lines = [view(row, RiskLine) for row in _risk_lines(desk, assessment)]
    line = line_of_category(lines, category)
    record = line.record if line is not None else None
    held = items_on_line(category, record)
    values = line_fields(held | dict(items), theme or theme_on_line(record))
    if theme is not None:
        values["theme_answer"] = theme.value
    if line is None:
        new = _new_line(desk, assessment, category)
        return put_new(desk, new, encode_changes(new.type, values | {"category": category}))
    row = line.row
    return put_changed(desk, row, encode_changes(row.type, values), seen_writes(row))


def _new_line(desk: Session, assessment: bytes, category: str) -> Row:
    """Return an empty line whose id follows from its assessment and category.

    So two desks of ours that answer the same theme write to one record, and a person decides
    between them. If a deleted line has the id, the new one gets another.
    """
    nonce = blake2b(assessment + category.encode(), digest_size=NONCE_BYTES).digest()
    rid = make_record_id(desk.identity.organisation, nonce)
    is_taken = desk.store.row(rid) is not None
    return desk.new_row("risk_line", assessment, None if is_taken else rid)


def _last_own_assessment(desk: Session, plan: bytes) -> RecordView[RiskAssessment] | None:
    ours = desk.identity.organisation
    rows = (row for row in desk.store.children(plan) if row.type == "risk_assessment")
    seen = (view(row, RiskAssessment) for row in rows if row.custodian == ours)
    own = [v for v in seen if not v.is_deleted and v.record.organisation in (None, ours.hex())]
    return max(own, key=lambda v: (str(v.record.done), v.rid), default=None)


def _risk_lines(desk: Session, assessment: bytes) -> Iterator[Row]:
    rows = (row for row in desk.store.children(assessment) if row.type == "risk_line")
    return (row for row in rows if not is_deleted(row.state))
