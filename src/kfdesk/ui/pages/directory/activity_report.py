# SPDX-License-Identifier: GPL-3.0-or-later
"""Activities or projects by year and by who assigned or funds them, in sums, and as a list.

The service counts; nothing is added up here.
"""

from pathlib import Path

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.network import ACTIVITY_KINDS
from kfdesk.domain.message_marks import N_
from kfdesk.services.core.session import Session
from kfdesk.services.network.reports import (
    PROJECTS,
    ActivityQuery,
    ActivityReport,
    GroupedBy,
    report_activities,
    save_activities,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import FIELD_GAP, TextStyle
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import column, extend, filled, heading, muted, plural, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox, ChoiceBox, LabelledField
from kfdesk.ui.widgets.layout import CardFrame, FlowBox, clear_layout

_YEARS_BACK = 25
_MOST_GROUPS = 40
_FILE_NAME = "activities.csv"
_BY = {
    GroupedBy.ASSIGNED_BY: N_("who assigned them"),
    GroupedBy.FUNDING: N_("who funds them"),
}


class ActivityReportCard(CardFrame):
    """The card with the choices and the sums of the activities."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.kind, self.by = ChoiceBox(kit), ChoiceBox(kit)
        self.first, self.last = ChoiceBox(kit), ChoiceBox(kit)
        self.ours = CheckBox(kit, N_("Only what we entered ourselves"))
        self.ours.setChecked(True)
        self.save = Button(kit, N_("Save as a list…"), "download", ButtonLook.QUIET, self._ask)
        self.save.setEnabled(desk.may(Right.PRINT_INTERNAL))
        self._sums = column(gap=6)
        labels = (N_("Kind of activity"), N_("First year"), N_("Last year"), N_("Grouped by"))
        boxes = (self.kind, self.first, self.last, self.by)
        fields = [LabelledField(kit, said, box) for said, box in zip(labels, boxes, strict=True)]
        extend(
            self.body,
            heading(kit, N_("Activities by year"), "chart-column", self.save),
            FlowBox(*fields, gap=FIELD_GAP),
            self.ours,
            self._sums,
        )
        self._offer_choices()
        for box in boxes:
            box.chosen.connect(lambda _key: self.read())
        self.ours.clicked.connect(lambda _is: self.read())
        kit.events.changed.connect(self._on_changed)
        self.read()

    @property
    def query(self) -> ActivityQuery:
        """The question as it is chosen on the page."""
        first, last = sorted((int(self.first.key), int(self.last.key)))
        by = GroupedBy(self.by.key)
        return ActivityQuery(self.kind.key, first, last, by, self.ours.isChecked())

    @task
    async def read(self) -> None:
        """Read the sums again."""
        self._show(await call(self._kit, report_activities, self._desk, self.query))

    def _offer_choices(self) -> None:
        this_year = self._desk.adapters.clock.now().year
        years = [(str(year), fixed_text(str(year)))
                 for year in range(this_year + 1, this_year - _YEARS_BACK, -1)]  # fmt: skip
        kinds = [("", N_("All")), *ACTIVITY_KINDS.items(), (PROJECTS, N_("Projects"))]
        self.kind.set_options(kinds)
        self.first.set_options(years, str(this_year - 2))
        self.last.set_options(years, str(this_year))
        self.by.set_options([(key.value, said) for key, said in _BY.items()])

    def _show(self, report: ActivityReport) -> None:
        kit, is_project = self._kit, self.kind.key == PROJECTS
        each, all_ = (N_("{name}: {count}"), N_("Total: {count}")) if is_project else (
            N_("{name}: {count} (people reached: {people})"),
            N_("Total: {count} (people reached: {people})"),
        )  # fmt: skip
        clear_layout(self._sums)
        for name, (count, people) in list(report.groups.items())[:_MOST_GROUPS]:
            who = fixed_text(name) if name else filled(N_("no one named"))
            said = filled(each, name=who, count=count, people=people)
            extend(self._sums, text(kit, said))
        left = len(report.groups) - _MOST_GROUPS
        if left > 0:
            more = plural("{count} more is not shown", "{count} more are not shown", left)
            extend(self._sums, muted(kit, more))
        count, people = report.total
        total = filled(all_, count=count, people=people)
        extend(self._sums, text(kit, total, TextStyle.STRONG))
        if report.undated:
            words = plural("{count} without a day is not counted.",
                           "{count} without a day are not counted.", report.undated)  # fmt: skip
            extend(self._sums, muted(kit, words, TextStyle.SMALL))

    def _ask(self) -> None:
        ask_save(self._kit, self, N_("Save the list"), _FILE_NAME, self._save_to)

    def _save_to(self, path: Path) -> None:
        kit, desk, asked = self._kit, self._desk, self.query
        language = kit.translator.language.code
        kit.worker.run(
            lambda: save_activities(desk, asked, path, language),
            lambda count: kit.notify(N_("Saved: {count} lines"), count=lambda _: str(count)),
        )

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & {"activity", "project", "project_party", "organisation"}:
            self.read()
