# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Notes and tasks of a plan: a note is written at once, a task is done by Space.

Neither ever leaves this desk. A plan gathers hundreds of notes over the years, so that only the
newest are shown until one asks for older ones.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.rows import Row, View, glance, view_any
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.section import PlanSection, State
from kfdesk.ui.pages.plan_views.note_writer import NoteWriter
from kfdesk.ui.pages.plan_views.tasks import Tasks
from kfdesk.ui.pages.shown import field_of, moment_lines, value_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.paint import Fill

AT_ONCE = 30
_MOST_SIGNS = 1200  # of a note in the list; Edit shows the whole of it
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class NotesSection(PlanSection):
    """Notes, newest first, and tasks."""

    key = "notes"
    label = N_("Notes")
    types = frozenset({"note", "task"})
    icon = "notebook-text"

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self._most = AT_ONCE
        under = N_("Notes and tasks stay at this desk. They are never sent and never printed.")
        self.column.addWidget(Label(kit, under, Type.SMALL, Tone.MUTED).wrapped())
        self.writer = NoteWriter(kit, desk)
        self.forms.append(self.writer.form)
        self.column.addWidget(self.writer)
        self.tasks = Tasks(kit, desk)
        self.add_list(self.tasks)
        self.notes = self.add_list(RecordList(kit, desk, _listing()))
        self.older = Button(kit, N_("Show older"), "chevron-down", Look.QUIET)
        self.older.clicked.connect(self._on_older_clicked)
        self.notes.body.addWidget(self.older)

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's notes and tasks."""
        self._page = page
        self.in_turns(self._show_records(page))

    def _show_records(self, page: PlanPage) -> Iterator[None]:
        is_shut = not page.may_edit or is_read_only(page.plan.record.state)
        self.writer.setVisible(not is_shut)
        self.writer.show_plan(page.plan.rid)
        yield
        self.tasks.show_plan(page, is_read_only=is_shut)
        yield
        notes = sorted(page.case.of("note"), key=_when, reverse=True)
        self.older.setVisible(len(notes) > self._most)
        newest = [view_any(row) for row in notes[: self._most]]
        self.notes.show_records(newest, page.plan.rid, is_read_only=is_shut)

    @staticmethod
    def state(page: PlanPage) -> State:
        """How much is to be done."""
        tasks = [one.record.state for one in page.case.all_views("task")]
        count = sum(state in (None, "open") for state in tasks)
        return State(Fill.EMPTY, (lambda language: _to_do(count, language)) if count else "")

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a note or task; an older note comes into view for it."""
        if self._page is not None and any(row.rid == rid for row in self._page.case.of("note")):
            while not super().open_record(rid, key) and self.older.isVisibleTo(self.notes):
                self._show_more()
            return True
        return super().open_record(rid, key)

    def begin_record(self, record_type: str) -> bool:
        """Begin a task; a note is begun where it is written."""
        if record_type == "note":
            self.writer.form.form.focus_on("content")
            return True
        return super().begin_record(record_type)

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with a note or task that was begun."""
        if self.writer.go_on(draft):
            return True
        if not draft.line.is_new and draft.line.type == "note":
            return self.open_record(draft.line.rid)
        return super().go_on(draft)

    def _on_older_clicked(self) -> None:
        self._show_more()
        if not self.older.isVisibleTo(self.notes):
            [*self.notes.lines.values()][-1].setFocus()

    def _show_more(self) -> None:
        self._most += AT_ONCE
        if self._page is not None:
            self.show_plan(self._page)


def _listing() -> Listing:
    return Listing(
        record_type="note",
        keys=("happened", "kind", "content"),
        title=N_("Notes"),
        icon="notebook-text",
        add=N_("Write a note"),
        empty=N_("No note yet."),
        sum_up=_sum_up,
        may_add=False,
    )


def _sum_up(one: View[Any], language: Language) -> Summary:
    note = one.record
    when = moment_lines(note.happened, language)[0] if isinstance(note.happened, Moment) else ""
    kind = value_text(field_of("note", "kind"), note.kind, language) if note.kind else ""
    author = note.written_by if isinstance(note.written_by, str) else ""
    text = note.content if isinstance(note.content, str) else "–"
    if len(text) > _MOST_SIGNS:
        text = f"{text[:_MOST_SIGNS].rstrip()} …"
    head = " · ".join(part for part in (when, kind, author) if part)
    return Summary(head or "–", text=text)


def _when(note: Row) -> tuple[datetime, int, bytes]:
    happened = glance(note, ("happened",))["happened"]
    written = max((save.hlc for save in note.state.saves), default=0)
    return happened.utc if isinstance(happened, Moment) else _LONG_AGO, written, note.rid


def _to_do(count: int, language: Language) -> str:
    return language.ngettext("{count} to do", "{count} to do", count).format(count=count)
