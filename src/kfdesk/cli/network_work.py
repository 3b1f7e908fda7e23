# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands about the work of networks: its records, decisions, news, and activities by year.

They answer with plain data, as `commands` does.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from kfdesk.cli.directory import record_values
from kfdesk.domain.codes.network import ACTIVITY_KINDS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import view_any
from kfdesk.i18n.language import Language
from kfdesk.i18n.network import work_title
from kfdesk.services.core.records import change_record, require_readable
from kfdesk.services.core.session import Session
from kfdesk.services.network import news, reports, work
from kfdesk.services.network.reports import ActivityQuery, GroupedBy

Answer = Mapping[str, Any]


def _work(desk: Session, asked: Namespace) -> Answer:
    """List the meetings, agreements, projects and activities of a network, with what is below."""
    if require_readable(desk, asked.network).type != "network":
        raise KfdeskError("record.missing")
    found = work.read_work(desk).get(asked.network, work.NetworkWork())
    return {
        name: [
            {
                **record_values(line.view),
                "ours": line.is_ours,
                "below": [record_values(one) for one in line.below],
            }
            for line in getattr(found, name)
        ]
        for name in ("meetings", "agreements", "projects", "activities")
    }


def _decisions(desk: Session, asked: Namespace) -> Answer:
    """List the decisions of all networks that are not done, the most urgent first."""
    return {
        "decisions": [
            {
                "decision": one.rid.hex(), "name": work_title(one.view, asked.words),
                "owner": one.owner, "ours": one.is_ours, "days": one.days,
                "has_left": one.has_left, "network": one.network.hex(),
            }
            for one in work.list_open_decisions(desk)
        ]
    }  # fmt: skip


def _done(desk: Session, asked: Namespace) -> Answer:
    """Report that a decision of ours is done; whoever made it learns it by our next file."""
    if require_readable(desk, asked.decision).type != "decision":
        raise KfdeskError("record.missing")
    day = None if asked.undo else desk.adapters.clock.now().date()
    change_record(desk, asked.decision, {"done_here": day})
    return {"decision": asked.decision.hex(), "done": day.isoformat() if day else None}


def _news(desk: Session, asked: Namespace) -> Answer:
    """List what came in lately, and what each member lacks."""
    words: Language = asked.words
    return {
        "came_in": [
            {
                "type": one.view.row.type, "record": one.view.rid.hex(),
                "name": work_title(one.view, words), "from": one.sender_name,
                "day": one.day.isoformat(), "ours_to_do": one.is_ours,
            }
            for one in news.list_arrived(desk)
        ],
        "goes": [
            {
                "to": each.partner.organisation.hex(), "name": each.partner.name,
                "news": [
                    {
                        "type": one.given.type, "record": one.given.rid.hex(),
                        "name": work_title(view_any(one.given.row), words),
                        "theirs_to_do": one.is_theirs,
                    }
                    for one in each.items
                ],
            }
            for each in news.list_news(desk)
        ],
    }  # fmt: skip


def _activities(desk: Session, asked: Namespace) -> Answer:
    """Count activities by year and by who assigned or funds them; a file saves them as CSV."""
    if asked.kind and asked.kind not in (*ACTIVITY_KINDS, reports.PROJECTS):
        raise KfdeskError("field.kind_mismatch", field="activity.kind")
    query = ActivityQuery(
        asked.kind, asked.first or date.min.year, asked.last or date.max.year,
        GroupedBy(asked.by), is_ours_only=not asked.all,
    )  # fmt: skip
    report = reports.report_activities(desk, query)
    answer: dict[str, Any] = {
        "groups": [
            {"name": name, "activities": count, "people": people}
            for name, (count, people) in report.groups.items()
        ],
        "activities": report.total[0], "people": report.total[1], "undated": report.undated,
    }  # fmt: skip
    if asked.into is not None:
        language = asked.words.code
        answer["saved"] = reports.save_activities(desk, query, asked.into, language)
    return answer


NETWORK_WORK_COMMANDS: Mapping[str, Callable[[Session, Namespace], Answer]] = {
    "network work": _work,
    "network decisions": _decisions,
    "network done": _done,
    "network news": _news,
    "network activities": _activities,
}
