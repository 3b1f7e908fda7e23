# SPDX-License-Identifier: GPL-3.0-or-later
"""Today: what waits for a person, and nothing else. Each line leads to its plan.

Codes stand before names. A day without anything to do says so calmly.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.gates import trouble_sentence
from kfdesk.i18n.language import Language
from kfdesk.services import clock
from kfdesk.services import today as days
from kfdesk.services.after.follow_ups import Concern, Contact
from kfdesk.services.casework.journey import moment_at
from kfdesk.services.casework.lines import LegLine, PlanLine
from kfdesk.services.course.alarms import AlarmLine
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.retention import Keeping
from kfdesk.services.partners import PartnerLine
from kfdesk.services.today import Departure, Due, Ending, Today
from kfdesk.services.writing.drafts import DraftLine, drafts
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.after_views.wording import (
    LOOKS,
    concern_words,
    contact_words,
    standing_words,
    window_words,
)
from kfdesk.ui.pages.backup_views.line import BackupLine
from kfdesk.ui.pages.history_views.drafts import DraftsCard
from kfdesk.ui.pages.notice_views.heard import HeardCard
from kfdesk.ui.pages.plan_views.tasks import due_words
from kfdesk.ui.pages.rights_views.openings import OpeningsCard
from kfdesk.ui.pages.shown import moment_lines, told_text, written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card, Empty, clear
from kfdesk.ui.widgets.rows import Cell, Column, Table

_COLUMNS = (Column(N_("Plan")), Column(N_("What waits"), stretches=True), Column(N_("When")))
_PARTNERS = (Column(N_("Partner"), stretches=True), Column(N_("Last sent")),
             Column(N_("Last received")))  # fmt: skip
_OVER = LEG_OFF | {"arrived"}
_TASKS, _CONTACTS, _KEEPING = "list-checks", "calendar-clock", "archive"
_CONCERNS = "life-buoy"
_Lines = list[tuple[PlanLine, tuple[Cell, ...]]]


class TodayPage(QWidget):
    """The page of the day. `plan_chosen` carries a plan's id, `counted` how much waits.

    `task_chosen`, `contact_chosen` and `keeping_chosen` carry a plan's id, and lead to its tasks,
    its follow-up, or how long it is kept.
    `draft_chosen` carries the DraftLine of the draft to go on with; `backup_asked` leads to Backup,
    `exchange_asked` to Exchange.
    """

    plan_chosen = Signal(bytes)
    task_chosen = Signal(bytes)
    contact_chosen = Signal(bytes)
    keeping_chosen = Signal(bytes)
    draft_chosen = Signal(object)
    counted = Signal(int)
    backup_asked = Signal()
    exchange_asked = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._today: Today | None = None
        self._ways = {
            _TASKS: self.task_chosen,
            _CONTACTS: self.contact_chosen,
            _CONCERNS: self.contact_chosen,
            _KEEPING: self.keeping_chosen,
        }
        self._date = Label(kit, tone=Tone.MUTED)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(tokens.CARD_GAP)
        self.tables: list[Table] = []
        self.drafts = DraftsCard(kit, desk)
        self.drafts.continued.connect(self.draft_chosen)
        self.backup = BackupLine(kit)
        self.backup.asked.connect(self.backup_asked)
        self.openings = OpeningsCard(kit, desk)
        self.openings.chosen.connect(self.plan_chosen)
        self.heard = HeardCard(kit, desk)
        self.heard.chosen.connect(self.plan_chosen)
        self._lay_out()
        kit.words.follow(self, self._show)
        kit.hub.changed.connect(self._on_changed)
        kit.hub.minute_passed.connect(self.read)
        kit.hub.drafts_changed.connect(self._on_drafts_changed)
        self.read()

    def read(self) -> None:
        """Read the day again."""
        self._kit.work.run(lambda: days.read_today(self._desk), self._on_read)
        self.openings.read()
        self.heard.read()

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(0)
        column.addWidget(Label(self._kit, N_("Today"), Type.DISPLAY))
        column.addWidget(self._date)
        column.addSpacing(tokens.CARD_GAP)
        cards = QVBoxLayout()
        cards.setSpacing(tokens.CARD_GAP)
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
            return  # whoever stands on a row keeps the keyboard
        self._today = today
        self.counted.emit(today.count)
        self._show()

    def _show(self) -> None:
        if self._today is None:
            return
        today, language = self._today, self._kit.words.language
        self._date.tell(lambda spoken: spoken.full_date(today.on))
        clear(self._parts)
        self.drafts.show_lines(today.drafts)
        self.backup.show_state(today.backup)
        self.tables = []
        if today.doubt is not None:
            self._parts.addWidget(self._make_doubt(today.doubt))
        cards = (
            (N_("Alarms"), "octagon-alert", [_alarm(each, language) for each in today.alarms]),
            (
                N_("Look at this first"),
                _CONCERNS,
                [_concern(each, language) for each in today.concerns],
            ),
            (N_("To decide"), "git-merge", [_decision(line, language) for line in today.to_decide]),
            (N_("To do"), _TASKS, [_task(each, today.on, language) for each in today.tasks]),
            (
                N_("After arrival"),
                _CONTACTS,
                [_contact(each, language) for each in today.follow_ups],
            ),
            (
                N_("Kept long enough?"),
                _KEEPING,
                [_keeping(each, today.on, language) for each in today.keeping],
            ),
            (N_("Journeys"), "route", [_departure(each, language) for each in today.departures]),
            (
                N_("Consents that end"),
                "file-check",
                [_end(each, language) for each in today.endings],
            ),
        )
        for title, icon, lines in cards:
            if lines:
                chosen = self._ways.get(icon, self.plan_chosen)
                self._parts.addWidget(self._make_card(title, icon, lines, chosen))
        if not self.tables and today.doubt is None and not today.drafts:
            self._parts.addWidget(_nothing(self._kit))
        if today.partners:
            self._parts.addWidget(self._make_exchange(today.partners, language))

    def _make_doubt(self, doubt: str) -> Banner:
        fault, faults = KfdeskError(f"clock.{doubt}"), self._kit.faults
        banner = Banner(self._kit, Tone.WARNING, "clock")
        banner.tell(
            lambda language: faults(fault, language)[0],
            lambda language: faults(fault, language)[1],
        )
        button = Button(self._kit, N_("Date and time are right"), "check")
        button.clicked.connect(self._on_clock_confirmed)
        banner.act(button)
        return banner

    def _make_exchange(self, partners: Sequence[PartnerLine], language: Language) -> Card:
        """When each partner was last sent to and heard from; a line leads to Exchange."""
        card, table = self._make_table(N_("Exchange"), "arrow-left-right")
        table.show_rows([_partner(each, language) for each in partners])
        table.fit_height()
        table.chosen.connect(lambda _row: self.exchange_asked.emit())
        return card

    def _make_card(self, title: str, icon: str, lines: _Lines, chosen: SignalInstance) -> Card:
        card, table = self._make_table(title, icon)
        table.show_rows([cells for _, cells in lines])
        table.fit_height()
        rids = [line.rid for line, _ in lines]
        table.chosen.connect(partial(self._on_row_chosen, rids, chosen))
        return card

    def _make_table(self, title: str, icon: str) -> tuple[Card, Table]:
        card = Card(padding=0)
        card.body.setContentsMargins(0, 14, 0, 0)
        head = card.head(self._kit, title, icon)
        head.setContentsMargins(16, 0, 16, 4)
        columns = _PARTNERS if icon == "arrow-left-right" else _COLUMNS
        table = Table(self._kit, columns)
        self._kit.words.bind(table.setAccessibleName, title)
        card.body.addWidget(table)
        self.tables.append(table)
        return card, table

    def _on_row_chosen(self, rids: list[bytes], chosen: SignalInstance, row: int) -> None:
        chosen.emit(rids[row])

    def _on_clock_confirmed(self) -> None:
        self._kit.work.run(lambda: clock.confirm_clock(self._desk), lambda _: self.read())

    def _on_drafts_changed(self) -> None:
        self._kit.work.run(lambda: drafts(self._desk), self._on_drafts_read)

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


def _nothing(kit: Kit) -> Card:
    card = Card()
    words = (
        N_("Nothing waits for you"),
        N_("What has to be decided, and who leaves soon, stands here."),
    )
    card.body.addWidget(Empty(kit, "sun", *words))
    return card


def _alarm(alarm: AlarmLine, language: Language) -> tuple[PlanLine, tuple[Cell, ...]]:
    since = alarm.since
    when = moment_lines(moment_at(since, alarm.zone), language) if since is not None else ("",)
    what = trouble_sentence(alarm.kind, language)
    return alarm.line, (
        _code(alarm.line),
        Cell(what, icon="octagon-alert", tone=Tone.DANGER),
        Cell(*when),
    )


def _concern(each: Concern, language: Language) -> tuple[PlanLine, tuple[Cell, ...]]:
    """Said as on the plan's page, in the same calm colour: the next steps stand there."""
    what = Cell(language.gettext(concern_words(is_unsafe=each.is_unsafe)), icon=_CONCERNS,
                tone=Tone.INFO)  # fmt: skip
    return each.line, (_code(each.line), what, Cell(language.day(each.on, year=True)))


def _decision(line: PlanLine, language: Language) -> tuple[PlanLine, tuple[Cell, ...]]:
    words = language.ngettext(
        "{count} value that two desks wrote differently",
        "{count} values that two desks wrote differently",
        line.conflicts,
    )
    what = Cell(words.format(count=line.conflicts), icon="git-merge", tone=Tone.WARNING)
    return line, (_code(line), what, Cell())


def _departure(each: Departure, language: Language) -> tuple[PlanLine, tuple[Cell, ...]]:
    here = next((leg for leg in each.line.legs if leg.status not in _OVER), None)
    if each.line.state == "travelling" and here is not None:
        return each.line, (_code(each.line), *_on_the_way(here, language))
    leg = each.line.legs[0]
    place = told_text(leg.from_place, language) or "–"
    if each.gaps:
        words = language.ngettext("{count} gap", "{count} gaps", each.gaps)
        note, icon, tone = words.format(count=each.gaps), "triangle-alert", Tone.WARNING
    else:
        note, icon, tone = language.gettext(N_("nothing open")), "circle-check", Tone.SUCCESS
    what = language.gettext(N_("Leaves {place}: {note}")).format(place=place, note=note)
    return each.line, (
        _code(each.line),
        Cell(what, icon=icon, tone=tone),
        Cell(*moment_lines(each.departs, language)),
    )


def _on_the_way(leg: LegLine, language: Language) -> tuple[Cell, Cell]:
    """Where she goes next, and when she arrives there."""
    words = language.gettext(N_("On the way to {place}"))
    what = words.format(place=told_text(leg.to_place, language) or "–")
    when = moment_lines(leg.arrives, language) if isinstance(leg.arrives, Moment) else ("",)
    return Cell(what, icon="route", tone=Tone.INFO), Cell(*when)


def _partner(each: PartnerLine, language: Language) -> tuple[Cell, ...]:
    name, is_verified = each.partner.name, each.partner.recipient.is_verified
    if not is_verified:
        name_cell = Cell(name, language.gettext(N_("not verified yet")), "clock", Tone.WARNING)
    else:
        name_cell = Cell(name, is_strong=True)
    times = (
        written_at(at, language) if at is not None else "–" for at in (each.sent, each.received)
    )
    return (name_cell, *map(Cell, times))


def _end(each: Ending, language: Language) -> tuple[PlanLine, tuple[Cell, ...]]:
    words = language.ngettext("Ends in {count} day", "Ends in {count} days", each.days)
    what = language.gettext(N_("Ends today")) if not each.days else words.format(count=each.days)
    return each.line, (
        _code(each.line),
        Cell(each.recipient, what, icon="clock", tone=Tone.PLAIN),
        Cell(language.day(each.last, year=True)),
    )


def _task(each: Due, today: date, language: Language) -> tuple[PlanLine, tuple[Cell, ...]]:
    tone, icon, words = due_words(each.due, today, language)
    what = Cell(each.title or "–", each.owner)
    return each.line, (_code(each.line), what, Cell(words, icon=icon, tone=tone))


def _contact(each: Contact, language: Language) -> tuple[PlanLine, tuple[Cell, ...]]:
    """A contact that is due or late; who makes it, and between which days it is in time."""
    tone, icon, _ = LOOKS[each.standing]
    words = contact_words(each.kind, each.after_days, language)
    who = " · ".join(part for part in (each.owner, each.organisation) if part)
    when = window_words(each.first, each.last, language)
    standing = standing_words(each.standing, language)
    return each.line, (_code(each.line), Cell(words, who), Cell(standing, when, icon, tone))


def _keeping(each: Keeping, today: date, language: Language) -> tuple[PlanLine, tuple[Cell, ...]]:
    """A plan whose time is nearly over: to be looked at, and erased or kept longer."""
    if each.is_held:
        what = Cell(language.gettext(N_("Restricted: it must be kept")), icon="lock")
    elif each.until is None:
        what = Cell(language.gettext(N_("It is over, and no day is set until which it is kept")),
                    icon="clock", tone=Tone.WARNING)  # fmt: skip
    elif each.until < today:
        what = Cell(language.gettext(N_("The time is over: erase it, or say why not")),
                    icon="clock", tone=Tone.WARNING)  # fmt: skip
    else:
        what = Cell(language.gettext(N_("Soon over: look whether it is still needed")))
    until = language.day(each.until, year=True) if each.until is not None else ""
    return each.line, (_code(each.line), what, Cell(until))


def _code(line: PlanLine) -> Cell:
    return Cell(line.code, line.alias, is_strong=True)
