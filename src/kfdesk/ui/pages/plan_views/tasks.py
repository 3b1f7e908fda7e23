# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of a plan: what is to be done, until when and by whom; Space says that it is done.

What is done leaves the list when the plan is opened the next time, and can be seen on demand.
"""

from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import About
from kfdesk.i18n.language import Language
from kfdesk.services.casework.notes import last_day_of, set_task_done
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.pages.history_views.taking_back import do
from kfdesk.ui.pages.shown import field_of, value_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look

_KEYS = ("title", "due", "owner", "state", "neutral_title")
_ROWS = (("due", "owner"), ("state", "neutral_title"))
_OPEN = (None, "open")


class Tasks(RecordList):
    """The card of tasks."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        self._here = desk
        super().__init__(kit, desk, self._listing())
        self._page: PlanPage | None = None
        self._is_shut = False
        self._kept: set[bytes] = set()
        self._are_all_shown = False
        self.more = Button(kit, N_("Show what is done"), look=Look.QUIET)
        self.more.clicked.connect(self._on_more_clicked)
        self.body.addWidget(self.more)

    def show_plan(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show the tasks of this plan; those that are done only if asked for, or just done."""
        self._page, self._is_shut = page, is_read_only
        views = page.case.all_views("task")
        shown = [
            one
            for one in views
            if self._are_all_shown or one.record.state in _OPEN or one.rid in self._kept
        ]
        self.more.setVisible(len(shown) < len(views))
        self.show_records(sorted(shown, key=_by_day), page.plan.rid, is_read_only=is_read_only)

    def _listing(self) -> Listing:
        return Listing(
            record_type="task",
            keys=_KEYS,
            title=N_("To do"),
            icon="list-checks",
            add=N_("Add a task"),
            empty=N_("Nothing is to be done. Tasks with their day stand on Today, too."),
            sum_up=self._sum_up,
            rows=_ROWS,
            starts_with=lambda: {"owner": self._here.user, "state": "open"},
            mark=self._make_tick,
        )

    def _make_tick(self, one: View[Any]) -> QWidget:
        tick = Tick(self._kit, "")
        tick.setChecked(one.record.state not in _OPEN)
        title = _title(one)
        self._kit.words.bind(tick.setAccessibleName, N_("Done: {title}"), title=lambda _: title)
        tick.clicked.connect(lambda is_done: self._set_done(one.rid, is_done=is_done))
        return tick

    def _set_done(self, rid: bytes, *, is_done: bool) -> None:
        desk = self._here
        self._kept.add(rid)
        said = N_("Done.") if is_done else N_("Open again.")
        do(self._kit, desk, lambda: set_task_done(desk, rid, is_done=is_done), said)

    def _sum_up(self, one: View[Any], language: Language) -> Summary:
        task = one.record
        owner = task.owner if isinstance(task.owner, str) else ""
        if task.state not in _OPEN:
            state = value_text(field_of("task", "state"), task.state, language)
            return Summary(_title(one), owner, Tone.MUTED, "check", state)
        tone, icon, words = due_words(task.due, self._here.rooms.clock.now().date(), language)
        return Summary(_title(one), owner, tone, icon, words)

    def _on_more_clicked(self) -> None:
        self._are_all_shown = True
        if self._page is not None:
            self.show_plan(self._page, is_read_only=self._is_shut)
        self.add_button.setFocus()


def due_words(due: date | About | Any, today: date, language: Language) -> tuple[Tone, str, str]:
    """How urgent a day is: tone, icon and words; nothing where no day is said."""
    last = last_day_of(due)
    if last is None:
        return Tone.MUTED, "", ""
    day = value_text(field_of("task", "due"), due, language)
    if last < today:
        words = language.gettext(N_("late, was due {day}"))
        return Tone.DANGER, "circle-alert", words.format(day=day)
    if last == today:
        return Tone.WARNING, "clock", language.gettext(N_("today"))
    return Tone.MUTED, "clock", day


def _title(one: View[Any]) -> str:
    return one.record.title if isinstance(one.record.title, str) else "–"


def _by_day(one: View[Any]) -> tuple[bool, date, bytes]:
    last = last_day_of(one.record.due)
    return last is None, last or date.max, one.rid
