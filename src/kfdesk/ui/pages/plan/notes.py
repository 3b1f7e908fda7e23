# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Notes of a plan: tasks, and the notes with the form that writes them.

`NoteWriter` saves with Ctrl+Enter; the note itself records time and author. Typed text is a draft
at once, which a user with the same initials can resume. A saved note stays as it is unless
somebody edits it; the newest notes are shown first.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.case import Note
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import RecordView, Row, read_fields, view, view_any
from kfdesk.domain.values import PartialDate, ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text, zoned_time_lines
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.session import Session
from kfdesk.services.plans.case import last_day_due, save_note, set_task_done
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editors import TextEditor
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.plan_sections import PlanSection, SectionProgress, is_plan_read_only
from kfdesk.ui.record_views import run_with_undo
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.build import extend, muted
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.layout import CardFrame
from kfdesk.ui.widgets.painting import Completion

# --- A new note

_NEW_NOTE_KEYS = ("content", "kind")
_SAVE_KEYS = ("Ctrl+Return", "Ctrl+Enter")  # Ctrl+Enter is the key of the numeric keypad


class NoteWriter(CardFrame):
    """The card that writes a new note; `form` has the note that is being written."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._plan: bytes | None = None
        self.add_heading(kit, N_("Write a note"), "pencil")
        self.form = RecordForm(kit, desk, "note", Form(kit, "note", _NEW_NOTE_KEYS))
        self.form.saving = save_note
        self.form.save_button.show_key(_SAVE_KEYS[0])
        self.form.saved.connect(lambda _done: self._begin_again())
        self.form.closed.connect(self._begin_again)
        content = cast("TextEditor", self.form.form.editors["content"])
        kit.translator.bind(content.area.setPlaceholderText, N_("What was discussed or observed"))
        for editor in self.form.form.editors.values():
            editor.answers.hide()
        extend(self.body, 4, self.form)
        for keys in _SAVE_KEYS:
            heard = QShortcut(QKeySequence(keys), self)
            heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            heard.activated.connect(self.form.save)

    def show_plan(self, plan: bytes) -> None:
        """Write notes of this plan; an existing draft is resumed."""
        if self._plan == plan:
            return
        self._plan = plan
        self._begin(None)
        desk = self._desk
        self._kit.worker.run(lambda: drafts.new_record_drafts(desk, "note", plan), self._on_found)

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume the draft of a note; return whether it belongs to this plan."""
        line = draft.line
        if line.type != "note" or not line.is_new or line.parent != self._plan:
            return False
        if line.rid != self.form.rid:
            self.form.save_draft()
            self._begin(draft)
        self.form.form.focus_on(_NEW_NOTE_KEYS[0])
        return True

    def _begin(self, draft: OpenDraft | None) -> None:
        rid = draft.line.rid if draft is not None else self._desk.new_id()
        row = Row(rid, "note", self._plan, self._desk.identity.organisation, EMPTY_STATE)
        self.form.begin(view(row, Note), draft)

    def _begin_again(self) -> None:
        self._begin(None)
        self.form.form.focus_on(_NEW_NOTE_KEYS[0])

    def _on_found(self, waiting: tuple[OpenDraft, ...]) -> None:
        if waiting and not self.form.form.has_changes:
            self._begin(waiting[0])


# --- Tasks

_TASK_KEYS = ("title", "due", "owner", "state", "neutral_title")
_TASK_ROWS = (("due", "owner"), ("state", "neutral_title"))
_OPEN_STATES = (None, "open")


class TaskList(RecordList):
    """The list of tasks."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self._here = desk
        super().__init__(kit, desk, self._listing())
        self._page: PlanPage | None = None
        self._is_shut = False
        self._kept: set[bytes] = set()
        self._are_all_shown = False
        self.more = Button(kit, N_("Show what is done"), look=ButtonLook.QUIET)
        self.more.clicked.connect(self._on_more_clicked)
        extend(self.body, self.more)

    def show_plan(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show the tasks of this plan; done ones only on demand or if just done."""
        self._page, self._is_shut = page, is_read_only
        views = page.case.all_views("task")
        shown = [
            one
            for one in views
            if self._are_all_shown or one.record.state in _OPEN_STATES or one.rid in self._kept
        ]
        self.more.setVisible(len(shown) < len(views))
        self.show_records(
            sorted(shown, key=_task_sort_key), page.plan.rid, is_read_only=is_read_only
        )

    def _listing(self) -> RecordListSpec:
        return RecordListSpec(
            record_type="task",
            keys=_TASK_KEYS,
            title=N_("To do"),
            icon="list-checks",
            add=N_("Add a task"),
            empty=N_("Nothing to do. Tasks with a day are also shown on Today."),
            sum_up=self._sum_up,
            rows=_TASK_ROWS,
            starts_with=lambda: {"owner": self._here.user, "state": "open"},
            mark=self._make_tick,
        )

    def _make_tick(self, one: RecordView[Any]) -> QWidget:
        tick = CheckBox(self._kit, "")
        tick.setChecked(one.record.state not in _OPEN_STATES)
        title = _task_title(one)
        self._kit.translator.bind(
            tick.setAccessibleName, N_("Done: {title}"), title=lambda _: title
        )
        tick.clicked.connect(lambda is_done: self._set_done(one.rid, is_done=is_done))
        return tick

    def _set_done(self, rid: bytes, *, is_done: bool) -> None:
        desk = self._here
        self._kept.add(rid)
        said = N_("Done.") if is_done else N_("Open again.")
        run_with_undo(self._kit, desk, lambda: set_task_done(desk, rid, is_done=is_done), said)

    def _sum_up(self, one: RecordView[Any], language: Language) -> Summary:
        task = one.record
        owner = task.owner if isinstance(task.owner, str) else ""
        if task.state not in _OPEN_STATES:
            state = value_text(field_of("task", "state"), task.state, language)
            return Summary(_task_title(one), owner, Tone.MUTED, "check", state)
        tone, icon, words = due_look(task.due, self._here.adapters.clock.now().date(), language)
        return Summary(_task_title(one), owner, tone, icon, words)

    def _on_more_clicked(self) -> None:
        self._are_all_shown = True
        if self._page is not None:
            self.show_plan(self._page, is_read_only=self._is_shut)
        self.add_button.setFocus()


def due_look(
    due: date | PartialDate | Any, today: date, language: Language
) -> tuple[Tone, str, str]:
    """Return tone, icon and words for a due date; empty words without a date."""
    last = last_day_due(due)
    if last is None:
        return Tone.MUTED, "", ""
    day = value_text(field_of("task", "due"), due, language)
    if last < today:
        words = language.gettext(N_("late, was due {day}"))
        return Tone.DANGER, "circle-alert", words.format(day=day)
    if last == today:
        return Tone.WARNING, "clock", language.gettext(N_("today"))
    return Tone.MUTED, "clock", day


def _task_title(one: RecordView[Any]) -> str:
    return one.record.title if isinstance(one.record.title, str) else "–"


def _task_sort_key(one: RecordView[Any]) -> tuple[bool, date, bytes]:
    last = last_day_due(one.record.due)
    return last is None, last or date.max, one.rid


# --- The section

NOTES_PER_PAGE = 30
_MAX_NOTE_LENGTH = 1200  # of a note in the list; Edit shows the whole of it
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class NotesSection(PlanSection):
    """The section with tasks and notes, the newest notes first."""

    key = "notes"
    label = N_("Notes")
    types = frozenset({"note", "task"})
    icon = "notebook-text"

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self._most = NOTES_PER_PAGE
        under = N_(
            "Notes and tasks stay in your organisation. They are never sent to a partner "
            "and never printed."
        )
        extend(self.column, muted(kit, under, TextStyle.SMALL))
        self.writer = NoteWriter(kit, desk)
        self.forms.append(self.writer.form)
        extend(self.column, self.writer)
        self.tasks = TaskList(kit, desk)
        self.add_list(self.tasks)
        self.notes = self.add_list(RecordList(kit, desk, _note_listing()))
        self.older = Button(kit, N_("Show older"), "chevron-down", ButtonLook.QUIET)
        self.older.clicked.connect(self._on_older_clicked)
        extend(self.notes.body, self.older)

    def show_plan(self, page: PlanPage) -> None:
        self._page = page
        self.run_incrementally(self._show_records(page))

    def _show_records(self, page: PlanPage) -> Iterator[None]:
        is_shut = is_plan_read_only(page)
        self.writer.setVisible(not is_shut)
        self.writer.show_plan(page.plan.rid)
        yield
        self.tasks.show_plan(page, is_read_only=is_shut)
        yield
        notes = sorted(page.case.of("note"), key=_note_sort_key, reverse=True)
        self.older.setVisible(len(notes) > self._most)
        newest = [view_any(row) for row in notes[: self._most]]
        self.notes.show_records(newest, page.plan.rid, is_read_only=is_shut)

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return the number of open tasks as the fact."""
        tasks = [one.record.state for one in page.case.all_views("task")]
        count = sum(state in (None, "open") for state in tasks)
        return SectionProgress(
            Completion.EMPTY, (lambda language: _task_count_text(count, language)) if count else ""
        )

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a note or task; load older notes until it is shown."""
        if self._page is not None and any(row.rid == rid for row in self._page.case.of("note")):
            while not super().open_record(rid, key) and self.older.isVisibleTo(self.notes):
                self._show_more()
            return True
        return super().open_record(rid, key)

    def begin_record(self, record_type: str) -> bool:
        """Begin a task, or move the focus to the form for a new note."""
        if record_type == "note":
            self.writer.form.form.focus_on("content")
            return True
        return super().begin_record(record_type)

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume the draft of a note or task; return whether it belongs here."""
        if self.writer.resume_draft(draft):
            return True
        if not draft.line.is_new and draft.line.type == "note":
            return self.open_record(draft.line.rid)
        return super().resume_draft(draft)

    def _on_older_clicked(self) -> None:
        self._show_more()
        if not self.older.isVisibleTo(self.notes):
            [*self.notes.lines.values()][-1].setFocus()

    def _show_more(self) -> None:
        self._most += NOTES_PER_PAGE
        if self._page is not None:
            self.show_plan(self._page)


def _note_listing() -> RecordListSpec:
    return RecordListSpec(
        record_type="note",
        keys=("happened", "kind", "content"),
        title=N_("Notes"),
        icon="notebook-text",
        add=N_("Write a note"),
        empty=N_("No notes yet."),
        sum_up=_note_summary,
        may_add=False,
    )


def _note_summary(one: RecordView[Any], language: Language) -> Summary:
    note = one.record
    when = (
        zoned_time_lines(note.happened, language)[0] if isinstance(note.happened, ZonedTime) else ""
    )
    kind = value_text(field_of("note", "kind"), note.kind, language) if note.kind else ""
    author = note.written_by if isinstance(note.written_by, str) else ""
    text = note.content if isinstance(note.content, str) else "–"
    if len(text) > _MAX_NOTE_LENGTH:
        text = f"{text[:_MAX_NOTE_LENGTH].rstrip()} …"
    head = " · ".join(part for part in (when, kind, author) if part)
    return Summary(head or "–", text=text)


def _note_sort_key(note: Row) -> tuple[datetime, int, bytes]:
    happened = read_fields(note, ("happened",))["happened"]
    written = max((save.hlc for save in note.state.saves), default=0)
    return happened.utc if isinstance(happened, ZonedTime) else _LONG_AGO, written, note.rid


def _task_count_text(count: int, language: Language) -> str:
    return language.plural("{count} to do", "{count} to do", count)
