# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Today: the list of duties, in the order of harm.

The service collects the day. Alarms and dangers come first, then a card for each client who
moves now, then whom to tell, what is late and what others wait for. The rest is folded while
anything of that is there. A click on a row opens what it is about. Codes are shown before names.
A new organisation sees its first steps.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, repeat

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.backup import BackupAge
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services import today as days
from kfdesk.services.core.authorization import EDIT_RIGHTS
from kfdesk.services.core.drafts import DraftLine, list_drafts
from kfdesk.services.core.session import Session
from kfdesk.services.core.stamps import confirm_clock
from kfdesk.services.exchange.erased_records import repair_contradictions
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.today import (
    FirstStep,
    Today,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.access import BreakGlassCard
from kfdesk.ui.pages.backup_jobs import BackupStatusLine
from kfdesk.ui.pages.bin import WaitingDraftsCard
from kfdesk.ui.pages.exchange.notices import WithdrawalsCard
from kfdesk.ui.pages.today_rows import (
    Cells,
    agreement_cells,
    alarm_cells,
    answer_cells,
    asked_cells,
    by_partner,
    call_cells,
    code_cell,
    concern_cells,
    conference_cells,
    contact_cells,
    deadline_cells,
    decision_cells,
    departure_cells,
    ending_cells,
    erasure_cells,
    follow_cells,
    order_cells,
    partner_cells,
    request_cells,
    retention_cells,
    step_cells,
    suggestion_cells,
    sum_cells,
    task_cells,
    told,
    torn_cells,
    work_cells,
)
from kfdesk.ui.pages.traveller_card import ARRIVED_KEY, TravellerCard
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, TextStyle, Tone
from kfdesk.ui.widgets.build import (
    STRETCH,
    append,
    column,
    fill,
    heading,
    panel,
    plural,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.collapsible import CollapseButton
from kfdesk.ui.widgets.layout import (
    Banner,
    CardFrame,
    EmptyState,
    FlowBox,
    clear_layout,
    make_scroll_area,
)
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.table import ColumnSpec, GroupedTable, GroupRow, RowGroup, TableCell
from kfdesk.ui.widgets.text import Icon, Label

_COLUMNS = (
    ColumnSpec(N_("Plan"), most=200),
    ColumnSpec(N_("To do"), stretches=True),
    ColumnSpec(N_("When")),
    ColumnSpec(),
)
_OPENS = TableCell(icon="chevron-right", tone=Tone.MUTED)


class ListCard(CardFrame):
    """A card around one grouped list; hidden while the list is empty."""

    def __init__(self, kit: UiContext, name: str) -> None:
        super().__init__()
        self.table = GroupedTable(kit, name, _COLUMNS)
        fill(self.body, self.table, margins=(0, 4, 0, 0))
        self.hide()

    def show_groups(self, groups: Iterator[RowGroup]) -> None:
        self.table.show_groups(tuple(groups))
        self.setVisible(bool(self.table.groups))


@dataclass(frozen=True, slots=True)
class DatedRow(GroupRow):
    """A row that is late or due today, if `days` until its last day are none or less."""

    days: int = 1


def _late_rows(groups: Iterable[RowGroup]) -> Iterator[GroupRow]:
    """Yield the late rows of all groups, the latest first, each with the name of its group."""
    late = [(row, group) for group in groups for row in group.rows if _is_late(row)]
    yield from (row for row, _ in sorted(late, key=lambda pair: getattr(pair[0], "days", 0)))


def _timely_groups(groups: Iterable[RowGroup]) -> Iterator[RowGroup]:
    """Yield the groups without their late rows."""
    for group in groups:
        yield replace(group, rows=tuple(row for row in group.rows if not _is_late(row)))


def _is_late(row: GroupRow) -> bool:
    return isinstance(row, DatedRow) and row.days <= 0


class RestCard(ListCard):
    """The card of what can wait: folded while something above it cannot."""

    def __init__(self, kit: UiContext, name: str) -> None:
        super().__init__(kit, name)
        self.fold = CollapseButton(kit, N_("What can wait"), "list-checks")
        self.body.insertWidget(0, self.fold)
        self.fold.toggled.connect(self.table.setVisible)
        self.fold.hide()

    def show_rest(self, groups: Iterator[RowGroup], *, is_folded: bool) -> None:
        """Show the groups; `is_folded` leaves the list to its heading, unless it was opened."""
        self.show_groups(groups)
        self.fold.setVisible(is_folded)
        self.table.setVisible(not is_folded or self.fold.isChecked())


class TodayPage(Page, QWidget):
    """The page of the day. `plan_chosen` carries a plan's id, `counted` how much waits.

    `section_chosen` carries a plan's id and the section to open. `draft_chosen` carries the
    DraftLine to resume; `step_asked` the FirstStep to take, `list_asked` leads to a public list.
    `backup_asked` leads to Backup, `exchange_asked` to Exchange, `new_asked` to a new plan,
    `import_asked` and `send_asked` to files. `work_asked` carries a network, and the meeting or
    agreement in it, `sum_asked` a sum of several organisations, `entry_asked` an entry of
    Contacts. `suggestions_asked` leads to what others suggest for our entries.
    """

    plan_chosen = Signal(bytes)
    section_chosen = Signal(bytes, str)
    draft_chosen = Signal(object)
    step_asked = Signal(object)
    list_asked = Signal()
    counted = Signal(int)
    backup_asked = Signal()
    exchange_asked = Signal()
    new_asked = Signal()
    import_asked = Signal()
    send_asked = Signal()
    work_asked = Signal(bytes, bytes)
    sum_asked = Signal(bytes)
    entry_asked = Signal(bytes)
    suggestions_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._today: Today | None = None
        self._date = Label(kit, tone=Tone.MUTED)
        self.alerts = ListCard(kit, N_("Urgent"))
        self.urgent = ListCard(kit, N_("To do now"))
        self.listing = RestCard(kit, N_("Today"))
        self.journeys: list[TravellerCard] = []
        self.steps: dict[FirstStep, Button] = {}
        self.drafts = WaitingDraftsCard(kit, desk)
        self.drafts.continued.connect(self.draft_chosen)
        self.backup = BackupStatusLine(kit)
        self.backup.asked.connect(self.backup_asked)
        self.openings = BreakGlassCard(kit, desk)
        self.openings.chosen.connect(self.plan_chosen)
        self.heard = WithdrawalsCard(kit, desk)
        self.heard.chosen.connect(self.plan_chosen)
        self._lay_out()
        kit.translator.on_language_change(self, self._show)
        kit.events.changed.connect(self._on_changed)
        kit.events.minute_passed.connect(self.read)
        kit.events.drafts_changed.connect(self._on_drafts_changed)
        self.read()

    def read(self) -> None:
        """Read the day again."""
        self._kit.worker.run(lambda: days.read_today(self._desk), self._on_read)
        self.openings.read()
        self.heard.read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the first list that has rows."""
        super().focusInEvent(event)
        for card in (self.alerts, self.urgent, self.listing):
            if card.table.groups and card.table.isVisibleTo(self):
                card.table.setFocus(event.reason())
                return

    def _lay_out(self) -> None:
        boxes = [column(gap=CARD_GAP) for _ in range(5)]
        self._above, self._doubt, self._travelling, self._empty, self._below = boxes
        cards = (
            self._doubt, self.alerts, self._travelling, self.heard, self.openings, self.urgent,
            self._above, self.listing, self._empty, self.drafts, self._below,
        )  # fmt: skip
        words = panel(column(Label(self._kit, N_("Today"), TextStyle.DISPLAY), self._date))
        head = FlowBox(words, *self._make_buttons(), gap=4, fills=words)
        margins = (PAGE_MARGIN, PAGE_MARGIN - 4, PAGE_MARGIN, PAGE_MARGIN)
        parts = (head, *cards, STRETCH)
        column(make_scroll_area(panel(column(*parts, gap=CARD_GAP, margins=margins))), on=self)

    def _make_buttons(self) -> Iterator[Button]:
        """Yield the buttons of what people come here to do, as their roles allow."""
        kit, desk = self._kit, self._desk
        offered = (
            (N_("Import…"), "download", "Ctrl+I", self.import_asked, (Right.IMPORT_BUNDLE,)),
            (N_("Send…"), "send", "Ctrl+E", self.send_asked, (Right.EXPORT_BUNDLE,)),
            (N_("New plan"), "plus", "Ctrl+N", self.new_asked, EDIT_RIGHTS),
        )
        for words, icon, keys, asked, rights in offered:
            look = ButtonLook.PRIMARY if asked is self.new_asked else ButtonLook.SECONDARY
            if any(map(desk.may, rights)):
                yield Button(kit, words, icon, look, asked.emit).show_key(keys)

    def _on_read(self, today: Today) -> None:
        if today == self._today:
            return  # the focus stays on its row
        self._today = today
        self.counted.emit(today.count)
        self._show()

    def _show(self) -> None:
        if self._today is None:
            return
        today, language = self._today, self._kit.translator.language
        self._date.set_message(lambda spoken: spoken.full_date(today.on))
        for box in (self._doubt, self._empty):
            clear_layout(box)
        self._show_backup(today)
        if today.doubt is not None:
            append(self._doubt, self._make_doubt(today.doubt))
        if today.contradictions:
            append(self._doubt, self._make_repair(today.contradictions))
        self.alerts.show_groups(self._alerts(today, language))
        self._show_journeys(today)
        rest = tuple(self._groups(today, language))
        self.urgent.show_groups(self._urgent(today, tuple(_late_rows(rest)), language))
        is_folded = bool(self.urgent.table.groups or self.alerts.table.groups or self.journeys)
        self.listing.show_rest(_timely_groups(rest), is_folded=is_folded)
        self._show_drafts(today.drafts)
        self.steps = {}
        if today.first_steps:
            append(self._empty, self._make_first_steps(today))
        elif not (self.listing.table.groups or is_folded or today.count):
            append(self._empty, _empty_card(self._kit))

    def _show_backup(self, today: Today) -> None:
        """Show the age of the last backup: below what is urgent if there is none or it is old."""
        place = self._below if today.backup.age is BackupAge.FRESH else self._above
        if place.indexOf(self.backup) < 0:
            append(place, self.backup)
        self.backup.show_state(today.backup)

    def _show_journeys(self, today: Today) -> None:
        clear_layout(self._travelling)
        self.journeys = [TravellerCard(self._kit, self._desk, one) for one in today.travelling]
        if len(self.journeys) == 1:
            self.journeys[0].arrived.bind_key(ARRIVED_KEY)
        for card in self.journeys:
            card.chosen.connect(self._opener("travel"))
            append(self._travelling, card)

    def _opener(self, section: str) -> Callable[[bytes], None]:
        return lambda rid: self.section_chosen.emit(rid, section)

    def _rows(
        self,
        lines: Iterator[tuple[PlanLine, Cells]],
        section: str = "",
        days: Iterable[int] = (),
    ) -> tuple[GroupRow, ...]:
        """Return rows that open a plan, in a section if one is named.

        `days` are left until the last day of each, if the rows have one.
        """
        act = self._opener(section) if section else self.plan_chosen.emit
        return tuple(
            DatedRow((code_cell(line), *cells, _OPENS), partial(act, line.rid), left)
            for (line, cells), left in zip(lines, chain(days, repeat(1)), strict=False)
        )

    def _alerts(self, today: Today, language: Language) -> Iterator[RowGroup]:
        """Yield what stands above all else: alarms, dangers, and what others ask of the user."""
        alarms = told(alarm_cells, today.alarms, language)
        yield RowGroup(N_("Alarms"), "octagon-alert", self._rows(alarms, "travel"), Tone.DANGER)
        concerns = told(concern_cells, today.concerns, language)
        danger = self._rows(concerns, "follow_up")
        yield RowGroup(N_("Possible danger"), "octagon-alert", danger, Tone.DANGER)

    def _urgent(
        self, today: Today, late: Sequence[GroupRow], language: Language
    ) -> Iterator[RowGroup]:
        """Yield whom to tell now, what is late, and what others wait for."""
        calls = tuple(self._calls(today, language))
        yield RowGroup(N_("To be told now"), "phone", calls, Tone.DANGER)
        yield RowGroup(N_("Late, or due today"), "octagon-alert", late, Tone.DANGER)
        asked = told(asked_cells, today.asked, language)
        waits = self._rows(asked, "decision")
        yield RowGroup(N_("Waiting for your approval"), "user-round-check", waits, Tone.INFO)
        requests = tuple(
            self._exchange_row(request_cells(group, language))
            for group in by_partner(today.requests)
        )
        yield RowGroup(N_("Requests to erase"), "trash-2", requests, Tone.WARNING)
        follows = self._rows(told(follow_cells, today.to_follow, language), "decision")
        yield RowGroup(N_("Status of the plan"), "list-checks", follows, Tone.WARNING)

    def _calls(self, today: Today, language: Language) -> Iterator[GroupRow]:
        for one in today.calls:
            yield self._exchange_row(call_cells(one, language))
        for group in by_partner(today.orders):
            yield self._exchange_row(order_cells(group, today.on, language))

    def _exchange_row(self, cells: Cells) -> GroupRow:
        return GroupRow((*cells, _OPENS), self.exchange_asked.emit)

    def _groups(self, today: Today, language: Language) -> Iterator[RowGroup]:
        """Yield the groups of the list: first what waits for a person, then what is due."""
        deadlines = told(deadline_cells, today.deadlines, language)
        yield RowGroup(N_("Legal deadlines"), "clock", self._rows(
            deadlines, "decision", (one.deadline.days for one in today.deadlines)))  # fmt: skip
        steps = told(partial(step_cells, today=today.on), today.steps, language)
        due = self._rows(steps, "cooperation", (one.days for one in today.steps))
        yield RowGroup(N_("Deadlines of the cooperation"), "clock", due)
        decided = told(conference_cells, today.conference_decisions, language)
        left = (one.days for one in today.conference_decisions)
        conferences = self._rows(decided, "cooperation", left)
        yield RowGroup(N_("Decided in case conferences"), "list-checks", conferences)
        yield RowGroup(N_("Decided in networks"), "list-checks", tuple(self._work_rows(language)))
        ends = tuple(
            DatedRow(
                (*agreement_cells(one, language), _OPENS),
                partial(self.work_asked.emit, one.network, one.view.rid),
                one.days,
            )
            for one in today.agreements
        )
        yield RowGroup(N_("Agreements that end soon"), "file-check", ends)
        sums = tuple(
            DatedRow(
                (*sum_cells(one, today.on, language), _OPENS),
                partial(self.sum_asked.emit, one.row.rid),
                (one.terms.until - today.on).days if one.terms is not None else 1,
            )
            for one in today.sums
        )
        yield RowGroup(N_("Sums of several organisations"), "chart-column", sums)
        answers = told(answer_cells, today.answers, language)
        waited = self._rows(answers, "decision", (one.awaited.days for one in today.answers))
        yield RowGroup(N_("Answers you are waiting for"), "send", waited)
        yield RowGroup(N_("To decide"), "git-merge", tuple(self._decisions(today, language)))
        yield from self._later_groups(today, language)

    def _later_groups(self, today: Today, language: Language) -> Iterator[RowGroup]:
        """Yield the groups of what is to do, ends, or is to be heard of."""
        tasks = told(partial(task_cells, today=today.on), today.tasks, language)
        left = ((one.last - today.on).days for one in today.tasks)
        yield RowGroup(N_("To do"), "list-checks", self._rows(tasks, "notes", left))
        contacts = told(contact_cells, today.follow_ups, language)
        left = ((one.last - today.on).days if one.last else 1 for one in today.follow_ups)
        due = self._rows(contacts, "follow_up", left)
        yield RowGroup(N_("After arrival"), "calendar-clock", due)
        departures = told(departure_cells, today.departures, language)
        left = (0 if one.is_past else 1 for one in today.departures)
        yield RowGroup(N_("Journeys"), "route", self._rows(departures, "travel", left))
        endings = told(ending_cells, today.endings, language)
        left = (one.days for one in today.endings)
        ends_soon = self._rows(endings, "consent", left)
        yield RowGroup(N_("Consents that end soon"), "file-check", ends_soon)
        keeping = told(partial(retention_cells, today=today.on), today.keeping, language)
        yield RowGroup(N_("Kept long enough?"), "archive", self._rows(keeping, "keeping"))
        erasures = told(erasure_cells, today.erasures, language)
        yield RowGroup(N_("Wishes to be erased"), "trash-2", self._rows(erasures, "keeping"))
        partners = tuple(
            GroupRow((*partner_cells(one, language), _OPENS), self.exchange_asked.emit)
            for one in today.partners
        )
        yield RowGroup(N_("Exchange"), "arrow-left-right", partners)

    def _decisions(self, today: Today, language: Language) -> Iterator[GroupRow]:
        """Yield what two organisations wrote differently, and what they suggest."""
        yield from self._rows((line, decision_cells(line, language)) for line in today.to_decide)
        for entry in today.torn:
            act = partial(self.entry_asked.emit, entry.rid)
            yield GroupRow((*torn_cells(entry, language), _OPENS), act)
        for one in today.suggestions:
            cells = (*suggestion_cells(one, language), _OPENS)
            yield GroupRow(cells, self.suggestions_asked.emit)

    def _work_rows(self, language: Language) -> Iterator[GroupRow]:
        """Yield what we have to do for a network, with its meeting."""
        assert self._today is not None
        for one in self._today.decisions:
            act = partial(self.work_asked.emit, one.network, one.meeting.rid)
            left = 1 if one.days is None else one.days
            yield DatedRow((*work_cells(one, language), _OPENS), act, left)

    def _make_doubt(self, doubt: str) -> Banner:
        fault, faults = KfdeskError(f"clock.{doubt}"), self._kit.faults
        banner = Banner(self._kit, Tone.WARNING, "clock")
        banner.set_message(
            lambda language: faults(fault, language)[0],
            lambda language: faults(fault, language)[1],
        )
        right = N_("The date and time are correct")
        banner.set_action(Button(self._kit, right, "check", on=self._confirm_clock))
        return banner

    def _make_repair(self, count: int) -> Banner:
        banner = Banner(self._kit, Tone.WARNING, "triangle-alert")
        banner.set_message(
            plural(
                "{count} record is marked as erased because of a partner's file, although it "
                "should not be",
                "{count} records are marked as erased because of a partner's file, although they "
                "should not be",
                count,
            ),
            N_(
                "An earlier version of kfdesk believed such files. Repair removes these marks and "
                "withdrawals that were sent under another organisation's id. No data is lost."
            ),
        )
        self.repair = Button(self._kit, N_("Repair"), "check", on=self._repair)
        banner.set_action(self.repair)
        return banner

    @task
    async def _repair(self) -> None:
        changes = await call(self._kit, repair_contradictions, self._desk)
        self._kit.notify(
            N_("Repaired. Ask your partners to send their files again if something is missing.")
        )
        self._kit.events.changed.emit(changes.types)
        self.read()

    def _make_first_steps(self, today: Today) -> CardFrame:
        """Make the card of what a new organisation does first, with what is done ticked."""
        kit = self._kit
        lines = []
        for step, is_done in today.first_steps:
            words, label, icon = _FIRST_STEPS[step]
            sign = Icon(kit, *(("circle-check", Tone.SUCCESS) if is_done else ("circle-dashed",)))
            said = text(kit, words, tone=Tone.MUTED if is_done else Tone.PLAIN)
            line = FlowBox(sign, said, gap=9, fills=said)
            if is_done:
                kit.translator.bind(line.setAccessibleName, N_("done"))
            else:
                act = partial(self.step_asked.emit, step)
                self.steps[step] = button = Button(kit, label, icon, on=act)
                line.add(button)
                if step is FirstStep.CONTACTS:
                    self.public = Button(
                        kit, N_("Public list…"), "download", on=self.list_asked.emit
                    )
                    line.add(self.public)
            lines.append(line)
        return CardFrame(parts=(heading(kit, N_("First steps"), "list-checks"), *lines))

    @task
    async def _confirm_clock(self) -> None:
        count = await call(self._kit, confirm_clock, self._desk)
        if count:
            self._kit.notify(
                plural(
                    "{count} record was written while the clock was ahead. Look at the dates in "
                    "it: they may be wrong. History names it.",
                    "{count} records were written while the clock was ahead. Look at the dates in "
                    "them: they may be wrong. History names them.",
                    count,
                )
            )
        self.read()

    def _show_drafts(self, lines: tuple[DraftLine, ...]) -> None:
        self._kit.events.drafts_counted.emit(len(lines))
        self.drafts.show_lines(lines)

    def _on_drafts_changed(self) -> None:
        self._kit.worker.run(lambda: list_drafts(self._desk), self._on_drafts_read)

    def _on_drafts_read(self, lines: tuple[DraftLine, ...]) -> None:
        if self._today is None:
            return
        was_waiting, self._today = bool(self._today.drafts), replace(self._today, drafts=lines)
        self.counted.emit(self._today.count)
        if was_waiting == bool(lines):
            self._show_drafts(lines)
        else:
            self._show()

    def _on_changed(self, _types: frozenset[str]) -> None:
        self.read()


_FIRST_STEPS = {
    FirstStep.BACKUP: (
        N_("Make a backup on a USB stick that you keep somewhere else."), N_("Backup…"), "archive",
    ),
    FirstStep.PLAN: (N_("Start the first plan."), N_("New plan"), "plus"),
    FirstStep.CONTACTS: (
        N_("Enter those you work with, import a list, or begin with a public one."),
        N_("Contacts"), "book-user",
    ),
    FirstStep.PARTNER: (
        N_("Invite a partner, so that you can send and receive files."), N_("Invite…"), "usb",
    ),
    FirstStep.COLLEAGUE: (
        N_("Add a colleague: a decision to return needs two people."), N_("Add…"), "user",
    ),
}  # fmt: skip


def _empty_card(kit: UiContext) -> CardFrame:
    words = (
        N_("Nothing is due"),
        N_("What has to be decided, and who departs soon, is shown here."),
    )
    return CardFrame(parts=(EmptyState(kit, "sun", *words),))
