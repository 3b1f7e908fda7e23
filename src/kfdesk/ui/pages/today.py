# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Today: what waits for the user, and nothing else.

The service collects the day; `TodayPage` shows it as cards whose lines lead to plans, drafts,
Exchange and Backup. Codes are shown before names. A day without anything to do says so calmly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import alarm_sentence, localized_text, zoned_time_lines
from kfdesk.services import today as days
from kfdesk.services.core import session
from kfdesk.services.core.drafts import DraftLine, list_drafts
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.partners import PartnerLine
from kfdesk.services.plans.aftercare import FollowUpConcern, FollowUpLine
from kfdesk.services.plans.journey import AlarmLine, zoned_time_at
from kfdesk.services.plans.plans import LegLine, PlanLine
from kfdesk.services.plans.retention import RetentionLine
from kfdesk.services.today import Departure, DueTask, ExpiringConsent, Today
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.access import BreakGlassCard
from kfdesk.ui.pages.aftercare.follow_up import (
    STANDING_LOOKS,
    concern_text,
    contact_text,
    standing_text,
    window_text,
)
from kfdesk.ui.pages.backup_jobs import BackupStatusLine
from kfdesk.ui.pages.bin import WaitingDraftsCard
from kfdesk.ui.pages.exchange.notices import WithdrawalsCard
from kfdesk.ui.pages.plan.notes import due_look
from kfdesk.ui.record_views import written_at
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, TextStyle, Tone
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState, clear_layout
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label

_TODAY_COLUMNS = (
    ColumnSpec(N_("Plan")),
    ColumnSpec(N_("What waits"), stretches=True),
    ColumnSpec(N_("When")),
)
_PARTNER_COLUMNS = (
    ColumnSpec(N_("Partner"), stretches=True),
    ColumnSpec(N_("Last sent")),
    ColumnSpec(N_("Last received")),
)
_ENDED_STATES = LEG_OFF | {"arrived"}
_CONCERN_ICON = "life-buoy"
_Lines = list[tuple[PlanLine, tuple[TableCell, ...]]]


class TodayPage(Page, QWidget):
    """The page of the day. `plan_chosen` carries a plan's id, `counted` how much waits.

    `task_chosen`, `contact_chosen` and `keeping_chosen` carry a plan's id, and lead to its
    tasks, its follow-up, or its retention. `draft_chosen` carries the DraftLine to resume;
    `backup_asked` leads to Backup, `exchange_asked` to Exchange.
    """

    plan_chosen = Signal(bytes)
    task_chosen = Signal(bytes)
    contact_chosen = Signal(bytes)
    keeping_chosen = Signal(bytes)
    draft_chosen = Signal(object)
    counted = Signal(int)
    backup_asked = Signal()
    exchange_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._today: Today | None = None
        self._date = Label(kit, tone=Tone.MUTED)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(CARD_GAP)
        self.tables: list[TableView] = []
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

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        margin = PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(0)
        column.addWidget(Label(self._kit, N_("Today"), TextStyle.DISPLAY))
        column.addWidget(self._date)
        column.addSpacing(CARD_GAP)
        cards = QVBoxLayout()
        cards.setSpacing(CARD_GAP)
        cards.addWidget(self.heard)
        cards.addWidget(self.openings)
        cards.addWidget(self.drafts)
        cards.addLayout(self._parts)
        cards.addWidget(self.backup)
        column.addLayout(cards)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)

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
        clear_layout(self._parts)
        self.drafts.show_lines(today.drafts)
        self.backup.show_state(today.backup)
        self.tables = []
        if today.doubt is not None:
            self._parts.addWidget(self._make_doubt(today.doubt))
        for title, icon, lines, chosen in self._cards(today, language):
            if lines:
                self._parts.addWidget(self._make_card(title, icon, lines, chosen))
        if not self.tables and today.doubt is None and not today.drafts:
            self._parts.addWidget(_empty_card(self._kit))
        if today.partners:
            self._parts.addWidget(self._make_exchange(today.partners, language))

    def _cards(
        self, today: Today, language: Language
    ) -> Iterator[tuple[str, str, _Lines, SignalInstance]]:
        """Yield title, icon and lines of each card, and the signal that a line emits."""
        alarms = [_alarm_line(each, language) for each in today.alarms]
        yield N_("Alarms"), "octagon-alert", alarms, self.plan_chosen
        concerns = [_concern_line(each, language) for each in today.concerns]
        yield N_("Look at this first"), _CONCERN_ICON, concerns, self.contact_chosen
        to_decide = [_decision_line(line, language) for line in today.to_decide]
        yield N_("To decide"), "git-merge", to_decide, self.plan_chosen
        tasks = [_task_line(each, today.on, language) for each in today.tasks]
        yield N_("To do"), "list-checks", tasks, self.task_chosen
        contacts = [_contact_line(each, language) for each in today.follow_ups]
        yield N_("After arrival"), "calendar-clock", contacts, self.contact_chosen
        keeping = [_retention_line(each, today.on, language) for each in today.keeping]
        yield N_("Kept long enough?"), "archive", keeping, self.keeping_chosen
        departures = [_departure_line(each, language) for each in today.departures]
        yield N_("Journeys"), "route", departures, self.plan_chosen
        endings = [_ending_line(each, language) for each in today.endings]
        yield N_("Consents that end"), "file-check", endings, self.plan_chosen

    def _make_doubt(self, doubt: str) -> Banner:
        fault, faults = KfdeskError(f"clock.{doubt}"), self._kit.faults
        banner = Banner(self._kit, Tone.WARNING, "clock")
        banner.set_message(
            lambda language: faults(fault, language)[0],
            lambda language: faults(fault, language)[1],
        )
        button = Button(self._kit, N_("Date and time are right"), "check")
        button.clicked.connect(self._on_clock_confirmed)
        banner.set_action(button)
        return banner

    def _make_exchange(self, partners: Sequence[PartnerLine], language: Language) -> CardFrame:
        """Make the card with the last dates of sending and receiving for each partner.

        A line leads to Exchange.
        """
        card, table = self._make_table(N_("Exchange"), "arrow-left-right", _PARTNER_COLUMNS)
        table.show_rows([_partner_cells(each, language) for each in partners])
        table.fit_height()
        table.chosen.connect(lambda _row: self.exchange_asked.emit())
        return card

    def _make_card(self, title: str, icon: str, lines: _Lines, chosen: SignalInstance) -> CardFrame:
        card, table = self._make_table(title, icon, _TODAY_COLUMNS)
        table.show_rows([cells for _, cells in lines])
        table.fit_height()
        rids = [line.rid for line, _ in lines]
        table.chosen.connect(partial(self._on_row_chosen, rids, chosen))
        return card

    def _make_table(
        self, title: str, icon: str, columns: Sequence[ColumnSpec]
    ) -> tuple[CardFrame, TableView]:
        card = CardFrame(padding=0)
        card.body.setContentsMargins(0, 14, 0, 0)
        head = card.add_heading(self._kit, title, icon)
        head.setContentsMargins(16, 0, 16, 4)
        table = TableView(self._kit, columns)
        self._kit.translator.bind(table.setAccessibleName, title)
        card.body.addWidget(table)
        self.tables.append(table)
        return card, table

    def _on_row_chosen(self, rids: list[bytes], chosen: SignalInstance, row: int) -> None:
        chosen.emit(rids[row])

    def _on_clock_confirmed(self) -> None:
        self._kit.worker.run(lambda: session.confirm_clock(self._desk), lambda _: self.read())

    def _on_drafts_changed(self) -> None:
        self._kit.worker.run(lambda: list_drafts(self._desk), self._on_drafts_read)

    def _on_drafts_read(self, lines: tuple[DraftLine, ...]) -> None:
        if self._today is None:
            return
        was_waiting, self._today = bool(self._today.drafts), replace(self._today, drafts=lines)
        self.counted.emit(self._today.count)
        if was_waiting == bool(lines):
            self.drafts.show_lines(lines)
        else:
            self._show()

    def _on_changed(self, _types: frozenset[str]) -> None:
        self.read()


def _empty_card(kit: UiContext) -> CardFrame:
    card = CardFrame()
    words = (
        N_("Nothing waits for you"),
        N_("What has to be decided, and who leaves soon, stands here."),
    )
    card.body.addWidget(EmptyState(kit, "sun", *words))
    return card


def _alarm_line(alarm: AlarmLine, language: Language) -> tuple[PlanLine, tuple[TableCell, ...]]:
    since = alarm.since
    when = (
        zoned_time_lines(zoned_time_at(since, alarm.zone), language) if since is not None else ("",)
    )
    what = alarm_sentence(alarm.kind, language)
    return alarm.line, (
        _code_cell(alarm.line),
        TableCell(what, icon="octagon-alert", tone=Tone.DANGER),
        TableCell(*when),
    )


def _concern_line(
    each: FollowUpConcern, language: Language
) -> tuple[PlanLine, tuple[TableCell, ...]]:
    """Return a concern in the text and colour of the plan's page, which has the next steps."""
    what = TableCell(
        language.gettext(concern_text(is_unsafe=each.is_unsafe)), icon=_CONCERN_ICON, tone=Tone.INFO
    )
    return each.line, (_code_cell(each.line), what, TableCell(language.day(each.on, year=True)))


def _decision_line(line: PlanLine, language: Language) -> tuple[PlanLine, tuple[TableCell, ...]]:
    words = language.ngettext(
        "{count} value that two desks wrote differently",
        "{count} values that two desks wrote differently",
        line.conflicts,
    )
    what = TableCell(words.format(count=line.conflicts), icon="git-merge", tone=Tone.WARNING)
    return line, (_code_cell(line), what, TableCell())


def _departure_line(each: Departure, language: Language) -> tuple[PlanLine, tuple[TableCell, ...]]:
    here = next((leg for leg in each.line.legs if leg.status not in _ENDED_STATES), None)
    if each.line.state == "travelling" and here is not None:
        return each.line, (_code_cell(each.line), *_travel_cells(here, language))
    leg = each.line.legs[0]
    place = localized_text(leg.from_place, language) or "–"
    if each.gaps:
        words = language.ngettext("{count} gap", "{count} gaps", each.gaps)
        note, icon, tone = words.format(count=each.gaps), "triangle-alert", Tone.WARNING
    else:
        note, icon, tone = language.gettext(N_("nothing open")), "circle-check", Tone.SUCCESS
    what = language.gettext(N_("Leaves {place}: {note}")).format(place=place, note=note)
    return each.line, (
        _code_cell(each.line),
        TableCell(what, icon=icon, tone=tone),
        TableCell(*zoned_time_lines(each.departs, language)),
    )


def _travel_cells(leg: LegLine, language: Language) -> tuple[TableCell, TableCell]:
    """Return where the client goes next, and when she arrives there."""
    words = language.gettext(N_("On the way to {place}"))
    what = words.format(place=localized_text(leg.to_place, language) or "–")
    when = zoned_time_lines(leg.arrives, language) if isinstance(leg.arrives, ZonedTime) else ("",)
    return TableCell(what, icon="route", tone=Tone.INFO), TableCell(*when)


def _partner_cells(each: PartnerLine, language: Language) -> tuple[TableCell, ...]:
    name, is_verified = each.partner.name, each.partner.recipient.is_verified
    if not is_verified:
        name_cell = TableCell(name, language.gettext(N_("not verified yet")), "clock", Tone.WARNING)
    else:
        name_cell = TableCell(name, is_strong=True)
    times = (
        written_at(at, language) if at is not None else "–" for at in (each.sent, each.received)
    )
    return (name_cell, *map(TableCell, times))


def _ending_line(
    each: ExpiringConsent, language: Language
) -> tuple[PlanLine, tuple[TableCell, ...]]:
    words = language.ngettext("Ends in {count} day", "Ends in {count} days", each.days)
    what = language.gettext(N_("Ends today")) if not each.days else words.format(count=each.days)
    return each.line, (
        _code_cell(each.line),
        TableCell(each.recipient, what, icon="clock", tone=Tone.PLAIN),
        TableCell(language.day(each.last, year=True)),
    )


def _task_line(
    each: DueTask, today: date, language: Language
) -> tuple[PlanLine, tuple[TableCell, ...]]:
    tone, icon, words = due_look(each.due, today, language)
    what = TableCell(each.title or "–", each.owner)
    return each.line, (_code_cell(each.line), what, TableCell(words, icon=icon, tone=tone))


def _contact_line(each: FollowUpLine, language: Language) -> tuple[PlanLine, tuple[TableCell, ...]]:
    """Return a due or late contact: who makes it, and between which days it is in time."""
    tone, icon, _ = STANDING_LOOKS[each.standing]
    words = contact_text(each.kind, each.after_days, language)
    who = " · ".join(part for part in (each.owner, each.organisation) if part)
    when = window_text(each.first, each.last, language)
    standing = standing_text(each.standing, language)
    return each.line, (
        _code_cell(each.line),
        TableCell(words, who),
        TableCell(standing, when, icon, tone),
    )


def _retention_line(
    each: RetentionLine, today: date, language: Language
) -> tuple[PlanLine, tuple[TableCell, ...]]:
    """Return a plan near the end of its retention: to be reviewed, and erased or kept longer."""
    if each.is_held:
        what = TableCell(language.gettext(N_("Restricted: it must be kept")), icon="lock")
    elif each.until is None:
        over = N_("It is over, and no day is set until which it is kept")
        what = TableCell(language.gettext(over), icon="clock", tone=Tone.WARNING)
    elif each.until < today:
        over = N_("The time is over: erase it, or say why not")
        what = TableCell(language.gettext(over), icon="clock", tone=Tone.WARNING)
    else:
        what = TableCell(language.gettext(N_("Soon over: look whether it is still needed")))
    until = language.day(each.until, year=True) if each.until is not None else ""
    return each.line, (_code_cell(each.line), what, TableCell(until))


def _code_cell(line: PlanLine) -> TableCell:
    return TableCell(line.code, line.alias, is_strong=True)
