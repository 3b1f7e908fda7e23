# SPDX-License-Identifier: GPL-3.0-or-later
"""The case conferences of a plan: when, who takes part, what was decided.

Agenda and minutes go to each of those who take part on a paper of their own, as far as the client
agreed to that organisation.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import N_
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import plan_form_options
from kfdesk.ui.forms.nested_records import NestedLine, NestedRecords, NestedSpec
from kfdesk.ui.pages.directory import network_lists as lists
from kfdesk.ui.widgets.buttons import Button, ButtonLook

CONFERENCE_TYPES = ("case_conference", "conference_party", "conference_decision")


class CaseConferences(NestedRecords):
    """The list of case conferences; `print_asked` gets a paper and who it is for."""

    def __init__(
        self, kit: UiContext, desk: Session, print_asked: Callable[[PaperName, bytes], None]
    ) -> None:
        self._names: Mapping[str, str] = {}
        self._ask_print = print_asked
        self._desk = desk
        parties = lists.attendance_list(self._names_now, "conference_party")
        super().__init__(
            kit,
            desk,
            NestedSpec(
                lists.conference_list(),
                (
                    replace(parties, always=self._make_papers),
                    lists.decision_list(self._names_now, "conference_decision"),
                ),
                lists.conference_title,
            ),
        )

    def show_plan(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show the case conferences of this plan, the newest first."""
        choices = page.choices
        self._names = {**dict(choices.contacts), **dict(choices.organisations)}
        self.set_offers(plan_form_options(self._kit, page, self._desk))
        below = [one for name in CONFERENCE_TYPES[1:] for one in page.case.all_views(name)]
        lines = [
            NestedLine(seen, True, tuple(b for b in below if b.row.parent == seen.rid))  # noqa: FBT003
            for seen in page.case.all_views("case_conference")
        ]
        lines.sort(key=lambda line: (str(line.view.record.starts), line.view.rid), reverse=True)
        self.show_lines(lines, page.plan.rid, is_read_only=is_read_only)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a conference, or what is below one, at a field."""
        for line in self._lines.values():
            below = next((one for one in line.below if one.rid == rid), None)
            if below is not None:
                return self.open(line.view.rid) and self.parts[below.row.type].open_record(rid, key)
        return self.ours.open_record(rid, key)

    def _names_now(self) -> Mapping[str, str]:
        return self._names

    def _make_papers(self, seen: RecordView[Any]) -> tuple[Button, ...]:
        """Return the buttons of the papers for one of those who take part."""
        if not self._desk.may(Right.PRINT_INTERNAL):
            return ()
        return tuple(
            Button(self._kit, words, "printer", ButtonLook.QUIET,
                   partial(self._ask_print, paper, seen.rid))
            for words, paper in (
                (N_("Agenda…"), PaperName.AGENDA), (N_("Minutes…"), PaperName.MINUTES),
            )
        )  # fmt: skip
