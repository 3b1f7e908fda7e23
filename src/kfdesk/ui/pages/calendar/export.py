# SPDX-License-Identifier: GPL-3.0-or-later
"""The calendar for one's own phone: what leaves is shown entry by entry, before it does.

Of each entry the page shows what the phone will show, and beside it what it is here. A neutral
title that says too much is named, with a way to its task; until then there is no file.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from kfdesk.domain.calendar import CalendarEntry
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.calendar_export import (
    EXPORTED_DAYS,
    FILE_NAME,
    CalendarExport,
    ExportLine,
    ExportOptions,
    RefusedTitle,
    export_calendar,
    preview_calendar_export,
)
from kfdesk.services.core.session import Session
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.pages.calendar.items import item_text, kind_text, when_texts
from kfdesk.ui.plan_sections import FixTarget
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.build import STRETCH, column, extend, filled, grown, labelled, plural, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox, ChoiceBox
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState, TaskPage, clear_layout
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView

_SPANS = (7, EXPORTED_DAYS, 90, 365)
_COLUMNS = (
    ColumnSpec(N_("When"), most=260), ColumnSpec(N_("The phone shows"), most=260),
    ColumnSpec(N_("Here it is"), stretches=True),
)  # fmt: skip
_INTRODUCTION = N_(
    "Your own times of the next days, as a file that a phone or another calendar reads."
)
_HINT = N_("The file has no name, code, place or organisation. The log records that you saved it.")
_TABLE_HEIGHT = 260
_LINES_SHOWN = 200


class CalendarExportPage(TaskPage):
    """The preview of a calendar file. `goal_chosen` carries a plan's id and a field in it."""

    goal_chosen = Signal(bytes, object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("Calendar for your phone"))
        self._desk = desk
        self.preview: CalendarExport | None = None
        self.under.set_message(_INTRODUCTION)
        self.hint.set_message(_HINT)
        self.warning = Banner(kit, Tone.WARNING, "triangle-alert")
        self.warning.set_message(
            N_("A phone can be lost, searched, or copied to the cloud."),
            N_("Whoever reads it learns when you have something to do, and nothing else."),
        )
        self.spans = ChoiceBox(kit)
        self.spans.set_options(
            [(str(n), plural("{count} day", "{count} days", n)) for n in _SPANS],
            str(EXPORTED_DAYS),
        )
        kit.translator.bind(self.spans.setAccessibleName, N_("How many days"))
        self.spans.chosen.connect(self.read)
        self.meetings = CheckBox(kit, N_("Also the meetings of our networks"))
        self.reminders = CheckBox(kit, N_("With a reminder each"))
        self.tasks = CheckBox(kit, N_("Things to do as tasks (many phones leave tasks out)"))
        for one in (self.meetings, self.tasks):
            one.toggled.connect(lambda _on: self.read())
        self.table = TableView(kit, _COLUMNS)
        self.table.setMinimumHeight(_TABLE_HEIGHT)
        kit.translator.bind(self.table.setAccessibleName, N_("What leaves"))
        self.save = Button(kit, N_("Save calendar.ics…"), "file-down", ButtonLook.PRIMARY)
        self.save.clicked.connect(self._on_save_clicked)
        self.save.setEnabled(False)
        self.set_action(self.save)
        self.buttons: list[Button] = []
        self._refused = column(gap=8)
        self._listed = CardFrame(padding=0, parts=(grown(self.table),))
        self._none = EmptyState(
            kit, "calendar-clock", N_("Nothing of yours in these days"),
            N_("Choose more days above. Only what you are responsible for leaves."),
        )  # fmt: skip
        self._none.hide()
        choices = column(self.meetings, self.reminders, self.tasks, gap=4)
        span = row(labelled(kit, N_("How many days"), self.spans), choices, STRETCH, gap=24)
        parts = (grown(self._listed), grown(self._none))  # one of them is on view
        extend(self.body, self.warning, self._refused, span, *parts)
        self.first = self.spans
        kit.translator.on_language_change(self, self._show)
        self.read()

    @task
    async def read(self, _key: str = "") -> None:
        """Read what would leave."""
        days, options = int(self.spans.key), self._options
        self.preview = await call(self.kit, preview_calendar_export, self._desk, days, options)
        self._show()

    @property
    def _options(self) -> ExportOptions:
        return ExportOptions(
            has_meetings=self.meetings.isChecked(),
            has_reminders=self.reminders.isChecked(),
            has_tasks=self.tasks.isChecked(),
        )

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do."""
        self.save.setEnabled(False)
        self.show_fault(fault)

    @task
    async def save_to(self, path: Path) -> None:
        """Save the file that is shown, and go back."""
        days, options = int(self.spans.key), self._options
        done = await call(self.kit, export_calendar, self._desk, path, days, options)
        count = len(done.lines)
        self.kit.notify(
            plural(
                "Saved, with {count} entry. Delete the file when the phone has it.",
                "Saved, with {count} entries. Delete the file when the phone has it.",
                count,
            )
        )
        self.closed.emit()

    def _on_save_clicked(self) -> None:
        ask_save(self.kit, self, N_("Save the calendar"), FILE_NAME, self.save_to)

    def _show(self) -> None:
        if self.preview is None:
            return
        preview, language = self.preview, self.kit.translator.language
        shown = preview.lines[:_LINES_SHOWN]
        self.table.show_rows([_cells(one, language) for one in shown])
        self._listed.setVisible(bool(shown))
        self._none.setVisible(not shown)
        self.under.set_message(partial(_summary, preview))
        clear_layout(self._refused)
        self.buttons = []
        for one in preview.refused:
            self._refused.addWidget(self._make_refusal(one))
        self.save.setEnabled(bool(preview.lines) and not preview.refused)

    def _make_refusal(self, one: RefusedTitle) -> Banner:
        banner = Banner(self.kit, Tone.DANGER, "octagon-alert")
        banner.set_message(
            filled(N_("A neutral wording says too much: {words}"), words=", ".join(one.words)),
            N_("There is no file until the task is called something else."),
        )
        button = Button(self.kit, N_("Open the task"), "pencil")
        goal = FixTarget("task", "neutral_title", rid=one.item.rid)
        button.clicked.connect(partial(self.goal_chosen.emit, one.item.plan, goal))
        banner.set_action(button)
        self.buttons.append(button)
        return banner


def _summary(preview: CalendarExport, language: Language) -> str:
    """Return how much leaves, until when, and what is left out."""
    count = len(preview.lines)
    parts = [
        language.ngettext(
            "{count} entry up to {day} goes into the file.",
            "{count} entries up to {day} go into the file.",
            count,
        ).format(count=count, day=language.day(preview.until, year=True))
    ]
    if preview.undated:
        words = language.ngettext(
            "{count} has no day and is left out.",
            "{count} have no day and are left out.",
            preview.undated,
        )
        parts.append(words.format(count=preview.undated))
    return " ".join(parts)


def _cells(line: ExportLine, language: Language) -> tuple[TableCell, ...]:
    """Return the row of an entry: when, what the phone shows, and what it is here."""
    entry, item = line.entry, line.item
    if item is None:
        gone = language.gettext(N_("no longer yours, or gone"))
        cancelled = language.gettext(N_("cancelled"))
        return (
            TableCell(_day_text(entry, language)),
            TableCell(entry.summary, cancelled, "ban", Tone.MUTED),
            TableCell(gone, tone=Tone.MUTED),
        )
    what = f"{item.code} · {item_text(item, language)}" if item.code else item_text(item, language)
    return (
        TableCell(*when_texts(item, language)),
        TableCell(entry.summary, is_strong=True),
        TableCell(what, kind_text(item.kind, language)),
    )


def _day_text(entry: CalendarEntry, language: Language) -> str:
    return language.day(entry.last_day, year=True)
