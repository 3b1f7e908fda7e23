# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of plans that have a day: open tasks, legal matters, and consents that end.

Today and the calendar share these readings: each type of record once for all plans. Each result
goes with the line of its plan.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from kfdesk.domain.consent import consent_last_day, invalidity_reason
from kfdesk.domain.records.case import LegalStatus, Task
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.workflow.gates import is_read_only
from kfdesk.services.core.authorization import READ_RIGHTS
from kfdesk.services.core.session import Session
from kfdesk.services.plans.lines import PlanLine


def running_plans(lines: Sequence[PlanLine]) -> Mapping[bytes, PlanLine]:
    """Return the plans that have not ended, by id."""
    return {line.rid: line for line in lines if not is_read_only(line.state)}


def list_open_tasks(
    desk: Session, lines: Sequence[PlanLine]
) -> tuple[tuple[PlanLine, RecordView[Task]], ...]:
    """Return the tasks of running plans that are to be done, also those without a day.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    of_plan = running_plans(lines)
    found = (view(row, Task) for row in desk.store.rows_beneath("task", of_plan))
    return tuple(
        (of_plan[seen.row.parent or b""], seen)
        for seen in found
        if not seen.is_deleted and seen.record.state in (None, "open")
    )


def list_legal_matters(
    desk: Session, lines: Sequence[PlanLine]
) -> tuple[tuple[PlanLine, tuple[RecordView[LegalStatus], ...]], ...]:
    """Return the legal matters of each running plan that has any, in the order of the plans.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    of_plan = running_plans(lines)
    matters: dict[bytes, list[RecordView[LegalStatus]]] = defaultdict(list)
    for row in desk.store.rows_beneath("legal_status", of_plan):
        matters[row.parent or b""].append(view(row, LegalStatus))
    return tuple((line, tuple(matters[rid])) for rid, line in of_plan.items() if rid in matters)


def list_ending_consents(
    desk: Session, lines: Sequence[PlanLine], before: date | None = None
) -> tuple[tuple[PlanLine, RecordView[Consent], date], ...]:
    """Return the valid consents of the clients of these plans, each with its last day.

    With `before` only those that end up to that day. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    now, of_client = desk.adapters.clock.now(), {line.client: line for line in lines}
    clients, found = desk.store.kept(of_client), []
    for row in desk.store.rows_beneath("consent", clients):
        line, (client, _) = of_client[row.parent or b""], clients[row.parent or b""]
        consent = view(row, Consent)
        last = consent_last_day(consent.record)
        if last is None or (before is not None and last > before):
            continue
        is_answer = row.custodian != desk.identity.organisation
        if invalidity_reason(consent, view(client, Client), now, is_answer=is_answer) is None:
            found.append((line, consent, last))
    return tuple(found)
