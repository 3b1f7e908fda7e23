# SPDX-License-Identifier: GPL-3.0-or-later
"""The Today page: who travels now, who must be told, what is late, and what else is due.

Reads only, and each type of record once for all plans. Each item names the plan that it leads
to. Only the dates decide what is urgent, and what was recorded stands above what was planned.
Every duty that a page creates has an item here.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kfdesk.domain.accounts import Right
from kfdesk.domain.aftercare import FollowUpStatus
from kfdesk.domain.backup import BackupAge
from kfdesk.domain.deadlines import (
    AwaitedAnswer,
    LegalDeadline,
    awaited_answers,
    legal_deadlines,
)
from kfdesk.domain.network_work import is_decision_open
from kfdesk.domain.procedures.clocks import Due
from kfdesk.domain.procedures.events import is_investigation_open
from kfdesk.domain.procedures.runs import RunStep, is_ended
from kfdesk.domain.records.case import Approval, Referral
from kfdesk.domain.records.cooperation import Cooperation
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.network import ConferenceDecision
from kfdesk.domain.registers import is_deleted, is_deletion_requested
from kfdesk.domain.rows import RecordView, Row, conflicting_keys, view
from kfdesk.domain.values import PartialDate, ZonedTime, text_or_empty
from kfdesk.domain.workflow.gates import is_read_only
from kfdesk.domain.workflow.progress import RECORDING_OPENS
from kfdesk.domain.workflow.stages import (
    ARRIVED,
    BEFORE_ARRIVAL,
    HOME_STATES,
    TRAVELLING,
    WATCHED_STATES,
    is_watched,
)
from kfdesk.services.client_erasure import ErasureWish, list_erasure_waits
from kfdesk.services.core.authorization import (
    DIRECTORY_READ_RIGHTS,
    EDIT_RIGHTS,
    READ_RIGHTS,
    may_record_events,
)
from kfdesk.services.core.drafts import DraftLine, list_drafts
from kfdesk.services.core.session import Session, clock_doubt
from kfdesk.services.directory.networks import SuggestionLine, list_suggestions
from kfdesk.services.exchange.erased_records import count_contradictions
from kfdesk.services.exchange.erasure import (
    ERASURE_READ_RIGHTS,
    ErasureOrderLine,
    erasure_call_list,
    list_erasure_requests,
)
from kfdesk.services.exchange.notices import (
    ReceivedWithdrawal,
    WithdrawalCall,
    list_received_withdrawals,
    withdrawal_call_list,
)
from kfdesk.services.exchange.partners import PARTNER_RIGHTS, PartnerLine, list_partners
from kfdesk.services.figures.releases import RELEASE_RIGHTS
from kfdesk.services.figures.sums import SumDetails, list_waiting_sums
from kfdesk.services.network.work import (
    AgreementLine,
    DecisionLine,
    list_ending_agreements,
    list_open_decisions,
)
from kfdesk.services.plans.aftercare import (
    FollowUpConcern,
    FollowUpLine,
    list_concerns,
    list_follow_ups,
)
from kfdesk.services.plans.case import last_day_due
from kfdesk.services.plans.dates import (
    list_ending_consents,
    list_legal_matters,
    list_open_tasks,
    running_plans,
)
from kfdesk.services.plans.journey import AlarmLine, read_alarms
from kfdesk.services.plans.lines import PlanLine, departure_order
from kfdesk.services.plans.plans import (
    Case,
    list_chosen_plans,
    list_current_plans,
    name_of,
    read_case_context,
    sheet_gaps,
)
from kfdesk.services.plans.retention import RetentionLine, retention_due
from kfdesk.services.procedures.deadlines import list_run_deadlines
from kfdesk.services.upkeep.backup import BackupState, backup_state
from kfdesk.services.workflow import PendingApproval, read_pending_approvals, step_recorded

UPCOMING_PERIOD = timedelta(days=14)
TASK_PERIOD = timedelta(days=7)
_PROLONGED_DAYS_BEFORE = 15
"""From when on it is said who can prolong a reflection period, in days before its end."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A journey that has not begun: it leaves within four weeks, or should have left lately.

    `is_past`: the departure was planned for a time that has passed.
    """

    line: PlanLine
    departs: ZonedTime
    gaps: int
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Travelling:
    """A client who is on her way, or leaves today; `may_record`: the user may record events."""

    line: PlanLine
    legs: tuple[RecordView[Leg], ...]
    may_record: bool


@dataclass(frozen=True, slots=True)
class StateToFollow:
    """A plan whose state can follow now what was recorded of the journey: its next state."""

    line: PlanLine
    target: str


@dataclass(frozen=True, slots=True)
class TornEntry:
    """An entry of Contacts in which two organisations wrote `count` values differently."""

    rid: bytes
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class AskedApproval:
    """An approval that somebody asks of the current user."""

    line: PlanLine
    asked: PendingApproval


class FirstStep(StrEnum):
    """First steps of a new organisation, in order."""

    BACKUP = "backup"
    PLAN = "plan"
    CONTACTS = "contacts"
    PARTNER = "partner"
    COLLEAGUE = "colleague"


@dataclass(frozen=True, slots=True)
class ExpiringConsent:
    """A consent that ends within two weeks."""

    line: PlanLine
    recipient: str
    last: date
    days: int


@dataclass(frozen=True, slots=True)
class PlanDeadline:
    """A last day of the law, or a hearing, in a plan.

    `is_investigated`: the client is an injured party in an investigation that is open.
    """

    line: PlanLine
    deadline: LegalDeadline
    is_investigated: bool = False

    @property
    def asks_to_prolong(self) -> bool:
        """True where it must be said who alone can prolong a reflection period."""
        matter = self.deadline.matter.record
        is_reflection = matter.kind == "reflection" and not self.deadline.is_hearing
        return is_reflection and 0 <= self.deadline.days <= _PROLONGED_DAYS_BEFORE


@dataclass(frozen=True, slots=True)
class StepDeadline:
    """A deadline of a step in a cooperation; `who` is the name of who leads it, if one is named.

    `days` are left until its last day, negative if past.
    """

    line: PlanLine
    step: RunStep
    due: Due
    who: str
    days: int
    is_near: bool

    @property
    def is_urgent(self) -> bool:
        """True on the last day and after it."""
        return self.days <= 0


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """An answer that a plan waits for; `to` is the name of who was asked."""

    line: PlanLine
    to: str
    awaited: AwaitedAnswer


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task that is late, or due within a week; `last` is the last day on which it is not late."""

    line: PlanLine
    title: str
    due: date | PartialDate
    last: date
    owner: str


@dataclass(frozen=True, slots=True)
class PlanDecision:
    """A decision of a case conference that our organisation carries out by a day.

    `days` are left until the last day that is meant, negative if past.
    """

    line: PlanLine
    view: RecordView[ConferenceDecision]
    days: int


@dataclass(frozen=True, slots=True)
class WaitingErasure:
    """A client's wish to be erased, which waits 24 hours."""

    line: PlanLine
    wish: ErasureWish


@dataclass(frozen=True, slots=True)
class Today:
    """Everything that the Today page shows."""

    on: date
    to_decide: tuple[PlanLine, ...]
    departures: tuple[Departure, ...]
    endings: tuple[ExpiringConsent, ...]
    doubt: str | None
    drafts: tuple[DraftLine, ...] = ()
    alarms: tuple[AlarmLine, ...] = ()
    backup: BackupState = BackupState()  # noqa: RUF009 - it is frozen
    tasks: tuple[DueTask, ...] = ()
    partners: tuple[PartnerLine, ...] = ()
    follow_ups: tuple[FollowUpLine, ...] = ()
    concerns: tuple[FollowUpConcern, ...] = ()
    keeping: tuple[RetentionLine, ...] = ()
    heard: tuple[ReceivedWithdrawal, ...] = ()
    asked: tuple[AskedApproval, ...] = ()
    travelling: tuple[Travelling, ...] = ()
    deadlines: tuple[PlanDeadline, ...] = ()
    steps: tuple[StepDeadline, ...] = ()
    answers: tuple[PlanAnswer, ...] = ()
    decisions: tuple[DecisionLine, ...] = ()
    """The decisions of networks that we carry out, with a day."""
    conference_decisions: tuple[PlanDecision, ...] = ()
    """The decisions of case conferences that we carry out, with a day."""
    agreements: tuple[AgreementLine, ...] = ()
    """Agreements that end within 60 days, or have just ended."""
    erasures: tuple[WaitingErasure, ...] = ()
    """The wishes to be erased that wait for their hour, or for somebody who erases."""
    sums: tuple[SumDetails, ...] = ()
    """Sums of several organisations in which the next step is ours."""
    contradictions: int = 0
    """Ids that an older program noted as erased on a file's word; whoever may erase is asked."""
    calls: tuple[WithdrawalCall, ...] = ()
    """Recipients to be told that a consent was withdrawn, who have not confirmed it."""
    orders: tuple[ErasureOrderLine, ...] = ()
    """Orders of ours to erase, without an answer."""
    requests: tuple[ErasureOrderLine, ...] = ()
    """Orders of others to erase, which wait here."""
    to_follow: tuple[StateToFollow, ...] = ()
    torn: tuple[TornEntry, ...] = ()
    suggestions: tuple[SuggestionLine, ...] = ()
    """Suggestions about our own entries, for us to decide."""
    first_steps: tuple[tuple[FirstStep, bool], ...] = ()
    """Each first step with whether it is done; empty once the organisation works with plans."""

    @property
    def count(self) -> int:
        """The number of things that wait for a person."""
        cards = (
            self.alarms, self.concerns, self.asked, self.to_decide, self.endings, self.drafts,
            self.keeping, self.heard, self.sums, self.calls, self.orders, self.requests,
            self.to_follow, self.torn, self.suggestions,
        )  # fmt: skip
        now_due = sum(task.last <= self.on for task in self.tasks)
        now_due += len(self.follow_ups) + sum(one.deadline.is_near for one in self.deadlines)
        now_due += sum(one.awaited.is_near for one in self.answers)
        now_due += sum(one.is_near for one in self.steps)
        now_due += sum(one.days is not None and one.days <= 0 for one in self.decisions)
        now_due += sum(one.days <= 0 for one in self.agreements)
        now_due += sum(one.wish.is_ready for one in self.erasures)
        now_due += sum(one.days <= 0 for one in self.conference_decisions)
        return sum(map(len, cards)) + now_due + (self.doubt is not None)


def read_today(desk: Session) -> Today:
    """Return the overview of today."""
    now = desk.adapters.clock.now()
    reads = any(map(desk.may, READ_RIGHTS))
    lines = list_current_plans(desk) if reads else ()
    tasks = [*_due_tasks(desk, lines, now.date())] if reads else []
    legal = [*_legal_deadlines(desk, lines, now.date())] if reads else []
    legal.sort(key=lambda one: one.deadline.day)
    endings = [*_expiring_consents(desk, lines, now.date())] if reads else []
    partners = list_partners(desk) if any(map(desk.may, PARTNER_RIGHTS)) else ()
    backup = backup_state(desk)
    reads_work = any(map(desk.may, DIRECTORY_READ_RIGHTS))
    return Today(
        on=now.date(),
        to_decide=tuple(line for line in lines if line.conflicts),
        departures=tuple(_departures(desk, lines, now)),
        endings=tuple(sorted(endings, key=lambda one: one.last)),
        doubt=clock_doubt(desk),
        contradictions=count_contradictions(desk) if desk.may(Right.ERASE) else 0,
        drafts=list_drafts(desk),
        alarms=read_alarms(desk, lines) if reads else (),
        backup=backup,
        tasks=tuple(sorted(tasks, key=lambda task: (task.last, task.line.code))),
        partners=partners,
        follow_ups=tuple(_due_follow_ups(desk, lines)) if reads else (),
        concerns=list_concerns(desk, lines) if reads else (),
        keeping=_ended_plans(desk) if reads else (),
        heard=list_received_withdrawals(desk) if reads else (),
        asked=tuple(_asked_approvals(desk, lines)),
        travelling=tuple(_travelling(desk, lines, now)),
        deadlines=tuple(legal),
        steps=tuple(_step_deadlines(desk, lines, legal, now.date())) if reads else (),
        answers=tuple(
            sorted(_awaited_answers(desk, lines, now.date()), key=lambda one: one.awaited.day)
        ),
        decisions=tuple(_own_decisions(desk)) if reads_work else (),
        conference_decisions=tuple(
            sorted(_conference_decisions(desk, lines, now.date()), key=lambda one: one.days)
        ),
        agreements=list_ending_agreements(desk) if reads_work else (),
        erasures=tuple(_waiting_erasures(desk)) if desk.may(Right.ERASE) else (),
        sums=list_waiting_sums(desk) if _may_add_up(desk) else (),
        calls=withdrawal_call_list(desk) if reads else (),
        orders=erasure_call_list(desk) if any(map(desk.may, ERASURE_READ_RIGHTS)) else (),
        requests=list_erasure_requests(desk) if any(map(desk.may, ERASURE_READ_RIGHTS)) else (),
        to_follow=tuple(_states_to_follow(desk, lines)),
        torn=tuple(_torn_entries(desk)) if reads_work else (),
        suggestions=tuple(_own_suggestions(desk)) if reads_work else (),
        first_steps=tuple(_first_steps(desk, lines, backup, has_partner=bool(partners))),
    )


def _may_add_up(desk: Session) -> bool:
    return desk.may(Right.FIGURES) and any(map(desk.may, RELEASE_RIGHTS))


def _asked_approvals(desk: Session, lines: Sequence[PlanLine]) -> Iterator[AskedApproval]:
    """Yield what others ask the current user to approve; read only plans with an open request."""
    if not desk.may(Right.APPROVE):
        return
    of_plan = running_plans(lines)
    requests = (view(row, Approval) for row in desk.store.rows_beneath("approval", of_plan))
    asking = {seen.row.parent for seen in requests if seen.record.given is None}
    for line in lines:
        for one in read_pending_approvals(desk, line.rid) if line.rid in asking else ():
            if not one.is_own:
                yield AskedApproval(line, one)


def _waiting_erasures(desk: Session) -> Iterator[WaitingErasure]:
    """Yield the wishes to be erased that stand, with their plan."""
    wishes = {one.plan: one for one in list_erasure_waits(desk) if one.plan}
    for line in list_chosen_plans(desk, wishes) if wishes else ():
        yield WaitingErasure(line, wishes[line.rid])


def _ended_plans(desk: Session) -> tuple[RetentionLine, ...]:
    return tuple(sorted(retention_due(desk), key=lambda one: one.until or date.min))


def _is_moving(line: PlanLine, now: datetime) -> bool:
    """Return whether a journey is under way, or leaves so soon that its events are recorded.

    One that has ended at its last stop is under way until somebody has received her.
    """
    if line.stage == TRAVELLING:
        return True
    if line.stage == ARRIVED:
        return line.state in BEFORE_ARRIVAL and line.received is None
    departs = line.departs
    is_ready = line.state in WATCHED_STATES and departs is not None
    return is_ready and departs is not None and departs.utc - RECORDING_OPENS <= now


def _travelling(desk: Session, lines: Sequence[PlanLine], now: datetime) -> Iterator[Travelling]:
    """Yield who moves now, those on their way first."""
    moving = [line for line in lines if _is_moving(line, now)]
    for line in sorted(moving, key=lambda one: (one.stage != TRAVELLING, departure_order(one))):
        legs = tuple(view(leg.row, Leg) for leg in line.legs)
        row = desk.store.row(line.rid)
        yield Travelling(line, legs, row is not None and may_record_events(desk, row))


def _states_to_follow(desk: Session, lines: Sequence[PlanLine]) -> Iterator[StateToFollow]:
    """Yield plans whose state is behind what was recorded, where the next step may be taken."""
    for line in lines:
        if line.stage != line.state:
            target = step_recorded(desk, read_case_context(desk, line.rid))
            if target is not None:
                yield StateToFollow(line, target)


def _torn_entries(desk: Session) -> Iterator[TornEntry]:
    """Yield the entries of Contacts with values that wait for a decision."""
    for row in desk.store.conflicted_rows():
        if row.type in ("organisation", "contact") and not is_deleted(row.state):
            count = len(conflicting_keys(row)) + is_deletion_requested(row.state)
            yield TornEntry(row.rid, name_of(desk, row.rid.hex()), count)


def _own_suggestions(desk: Session) -> Iterator[SuggestionLine]:
    return (one for one in list_suggestions(desk) if one.is_ours_to_decide)


def _first_steps(
    desk: Session, current: Sequence[PlanLine], backup: BackupState, *, has_partner: bool
) -> Iterator[tuple[FirstStep, bool]]:
    """Yield the steps that the user's roles allow, while there is at most one plan."""
    plans = len(current)
    if not plans and any(map(desk.may, READ_RIGHTS)):
        tree = desk.store.tree
        plans = sum(1 for _ in tree.cells("plan", ())) - len(tree.deleted("plan"))
    if plans > 1:
        return
    ledger = desk.store.ledger
    steps: tuple[tuple[FirstStep, tuple[Right, ...], bool], ...] = (
        (FirstStep.BACKUP, (Right.BACKUP,), backup.age is not BackupAge.NONE),
        (FirstStep.PLAN, EDIT_RIGHTS, plans > 0),
        (FirstStep.CONTACTS, (Right.EDIT_DIRECTORY,), desk.store.search.count() > 1),
        (FirstStep.PARTNER, (Right.MANAGE_KEYS,), has_partner),
        (FirstStep.COLLEAGUE, (Right.MANAGE_USERS,), len(ledger.users()) > 1),
    )
    allowed = [(step, is_done) for step, rights, is_done in steps if any(map(desk.may, rights))]
    if not all(is_done for _, is_done in allowed):
        yield from allowed


def _departures(desk: Session, lines: Sequence[PlanLine], now: datetime) -> Iterator[Departure]:
    """Yield journeys that begin soon or should have begun; read what their sheets need at once.

    What was recorded of a journey stands above: one that moves is not to depart.
    """
    soon = [
        one
        for one in lines
        if one.stage not in HOME_STATES
        and not is_read_only(one.state)
        and not _is_moving(one, now)
        and one.departs
        and now - UPCOMING_PERIOD < one.departs.utc < now + 2 * UPCOMING_PERIOD
    ]
    if not soon:
        return
    rows = desk.store.kept(rid for line in soon for rid in (line.rid, line.client))
    numbers: dict[bytes | None, list[Row]] = defaultdict(list)
    for row in desk.store.rows_beneath("help_number", (line.rid for line in soon)):
        numbers[row.parent].append(row)
    for line in soon:
        assert line.departs is not None
        below = (*(leg.row for leg in line.legs), *numbers[line.rid])
        case = Case(rows[line.client][0], rows[line.rid][0], below, ())
        yield Departure(line, line.departs, len(sheet_gaps(desk, case)), line.departs.utc < now)


def _expiring_consents(
    desk: Session, lines: Sequence[PlanLine], today: date
) -> Iterator[ExpiringConsent]:
    """Yield the valid consents that end soon, of the clients of these plans."""
    for line, consent, last in list_ending_consents(desk, lines, today + UPCOMING_PERIOD):
        recipient = name_of(desk, consent.record.recipient)
        yield ExpiringConsent(line, recipient, last, (last - today).days)


def _legal_deadlines(
    desk: Session, lines: Sequence[PlanLine], today: date
) -> Iterator[PlanDeadline]:
    """Yield the deadlines of the law in plans that have not ended."""
    for line, matters in list_legal_matters(desk, lines):
        found = [*legal_deadlines(matters, today)]
        is_investigated = is_investigation_open(matters) if found else False
        yield from (PlanDeadline(line, one, is_investigated) for one in found)


def _step_deadlines(
    desk: Session, lines: Sequence[PlanLine], legal: Sequence[PlanDeadline], today: date
) -> Iterator[StepDeadline]:
    """Yield the deadlines of steps of the cooperation in plans that have not ended."""
    of_plan = running_plans(lines)
    told = [(one.line.rid, one.deadline) for one in legal]
    clients = {rid: line.client for rid, line in of_plan.items()}
    for one in list_run_deadlines(desk, clients, told):
        who = name_of(desk, one.step.view.record.led_by)
        days, is_near = one.due.days_left(today), one.due.is_near(today)
        yield StepDeadline(of_plan[one.plan], one.step, one.due, who, days, is_near)


def _awaited_answers(desk: Session, lines: Sequence[PlanLine], today: date) -> Iterator[PlanAnswer]:
    """Yield the answers to referrals that plans wait for which have not ended."""
    of_plan = running_plans(lines)
    for row in desk.store.rows_beneath("referral", of_plan):
        for one in awaited_answers([view(row, Referral)], today):
            who = name_of(desk, one.referral.record.organisation)
            yield PlanAnswer(of_plan[row.parent or b""], who, one)


def _own_decisions(desk: Session) -> Iterator[DecisionLine]:
    """Yield the open decisions that our organisation carries out, with a day, by day."""
    for one in list_open_decisions(desk):
        if one.is_ours and one.days is not None:
            yield one


def _conference_decisions(
    desk: Session, lines: Sequence[PlanLine], today: date
) -> Iterator[PlanDecision]:
    """Yield what we do by a day after case conferences, in plans that have not ended.

    What has become a step of an open run is told as its deadline.
    """
    of_plan = running_plans(lines)
    heads = {row.rid: row for row in desk.store.rows_beneath("case_conference", of_plan)}
    held = (rid for rid, row in heads.items() if not is_deleted(row.state))
    own = desk.identity.organisation.hex()
    found = []
    for row in desk.store.rows_beneath("conference_decision", held):
        seen, line = view(row, ConferenceDecision), of_plan[heads[row.parent or b""].parent or b""]
        last = last_day_due(seen.record.due)
        if last is not None and seen.record.owner == own and is_decision_open(seen):
            found.append(PlanDecision(line, seen, (last - today).days))
    plans = {one.line.rid for one in found}
    runs = (view(row, Cooperation) for row in desk.store.rows_beneath("cooperation", plans))
    open_ones = {one.rid for one in runs if not one.is_deleted and not is_ended(one.record)}
    tree, kind = desk.store.tree, "cooperation_step"
    gone = tree.deleted(kind, open_ones)
    told = {one.wires[0] for one in tree.cells(kind, ("step",), open_ones) if one.rid not in gone}
    yield from (one for one in found if one.view.rid.hex() not in told)


def _due_tasks(desk: Session, lines: Sequence[PlanLine], today: date) -> Iterator[DueTask]:
    """Yield the open tasks of plans that have not ended, with a day that is near or past."""
    for line, seen in list_open_tasks(desk, lines):
        task, last = seen.record, last_day_due(seen.record.due)
        if last is not None and last - today <= TASK_PERIOD:
            assert isinstance(task.due, date | PartialDate)
            yield DueTask(
                line, text_or_empty(task.title), task.due, last, text_or_empty(task.owner)
            )


def _due_follow_ups(desk: Session, lines: Sequence[PlanLine]) -> Iterator[FollowUpLine]:
    """Yield the follow-ups that are due now or late.

    Of a journey that is watched none is due before the arrival is recorded: alarms tell of it.
    """
    for contact in list_follow_ups(desk, lines):
        line = contact.line
        is_ahead = line.stage in BEFORE_ARRIVAL and is_watched(line.state, line.stage)
        if is_ahead and contact.after_days is not None:
            continue
        if contact.standing in (FollowUpStatus.OVERDUE, FollowUpStatus.DUE):
            yield contact
