# SPDX-License-Identifier: GPL-3.0-or-later
"""The section After arrival of a plan: contacts with the client, and how she fares.

`FollowUpSection` joins the cards: what to do about a concern, how to reach her safely, which
contacts to agree on, the contacts themselves, and her progress in each area of life. The texts of
a contact are here too; Today and the Follow-up page use them. The domain computes due days,
status and progress.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kfdesk.domain.aftercare import (
    HIGHEST_SCORE,
    FollowUpProposal,
    FollowUpStatus,
    ScoreSeries,
    arrival_day,
    contact_window,
    follow_up_day,
    follow_up_status,
    is_unsafe_to_contact,
    newest_concern,
    propose_follow_ups,
    score_series,
    scored_follow_ups,
    sort_follow_ups,
)
from kfdesk.domain.codes.case import FOLLOW_UP_KIND, SCORE
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.aftercare import AREAS, FollowUp
from kfdesk.domain.records.journey import Handover
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text, zoned_time_lines
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.plans.aftercare import (
    LocalContacts,
    read_local_contacts,
    refuse_follow_up,
    schedule_follow_ups,
)
from kfdesk.services.plans.journey import AlarmCall
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import plan_form_options
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.lock import lock
from kfdesk.ui.plan_sections import PlanSection, SectionProgress, is_plan_read_only
from kfdesk.ui.record_views import called_text, notify_done, run_with_undo
from kfdesk.ui.tokens import CONTROL_COMPACT, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, column, extend, grown, muted, panel, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.layout import Banner, CardFrame, clear_layout
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.text import Icon, Label

# --- Progress

_WIDE = 640  # pixels at 100 %; narrower, the areas are stacked
_SIZE = QSize(120, 34)
_MARGIN = 6
_DOT = 3.0
_WORDS = tuple(SCORE.values())


class StepChart(QWidget):
    """A step chart of one area of life, from nothing (0) to stable (4).

    A line begins and ends where an answer exists; a gap stays a gap. The accessible text has the
    whole series, so the picture never stands alone.
    """

    def __init__(self, kit: UiContext, course: ScoreSeries) -> None:
        super().__init__()
        self._kit = kit
        self._scores = course.scores
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.translator.bind(self.setAccessibleName, partial(_accessible_course, course))

    def sizeHint(self) -> QSize:
        return _SIZE

    def minimumSizeHint(self) -> QSize:
        """Return half the preferred width."""
        return QSize(_SIZE.width() // 2, _SIZE.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._kit.theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.setPen(QPen(QColor(colours.line), 1))
        for y in (area.top(), area.bottom()):
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        points = self._points(area)
        pen = QPen(QColor(colours.accent), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for here, after in pairwise(points):
            if here is not None and after is not None:
                corner = QPointF(after.x(), here.y())
                painter.drawPolyline([here, corner, after])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        for point in points:
            if point is not None:
                painter.drawEllipse(point, _DOT, _DOT)

    def _points(self, area: QRectF) -> list[QPointF | None]:
        step = area.width() / max(1, len(self._scores) - 1)
        return [
            None
            if score is None
            else QPointF(
                area.left() + place * step, area.bottom() - area.height() * score / HIGHEST_SCORE
            )
            for place, score in enumerate(self._scores)
        ]


class AreaProgressCard(CardFrame):
    """The progress in the ten areas of life; hidden while no contact reports on them."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._courses: tuple[ScoreSeries, ...] = ()
        self._is_wide = True
        self.lines: dict[str, StepChart] = {}
        self.add_heading(kit, N_("How she is doing"), "footprints")
        self.span = muted(kit, "", TextStyle.SMALL)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        extend(self.body, self.span, self._grid)
        self.hide()

    def show_contacts(self, views: Sequence[RecordView[FollowUp]]) -> None:
        """Show the progress over these contacts."""
        told = scored_follow_ups(views)
        self.setVisible(bool(told))
        self._courses = score_series(views) if told else ()
        days = [follow_up_day(one.record) for one in told]
        if days:
            self.span.set_message(
                N_(
                    "From nothing (below) to stable (above), {days}. A gap means that she was "
                    "not asked."
                ),
                days=lambda language: language.days(days[0], days[-1]),
            )
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use two columns of areas when the card is wide enough."""
        super().resizeEvent(event)
        is_wide = self.width() >= self._kit.theme.scaled(_WIDE)
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._fill()

    def _fill(self) -> None:
        clear_layout(self._grid)
        self.lines = {}
        half = (len(self._courses) + 1) // 2 if self._is_wide else len(self._courses)
        for place, course in enumerate(self._courses):
            column, row = divmod(place, half)
            self._add(course, row, column * 3)
        for column in (1, 4):
            self._grid.setColumnStretch(column, int(column == 1 or self._is_wide))

    def _add(self, course: ScoreSeries, row: int, column: int) -> None:
        name = Label(self._kit, field_of("follow_up", course.area).label, TextStyle.SMALL_STRONG)
        line = self.lines[course.area] = StepChart(self._kit, course)
        last = Label(self._kit, style=TextStyle.SMALL, tone=Tone.MUTED)
        last.set_message(partial(_latest, course))
        for place, part in enumerate((name, line, last)):
            self._grid.addWidget(part, row, column + place)


def _latest(course: ScoreSeries, language: Language) -> str:
    latest = course.latest
    return language.gettext(_WORDS[latest] if latest is not None else N_("not asked"))


def _accessible_course(course: ScoreSeries, language: Language) -> str:
    """Return the area and all its answers, in order."""
    words = [
        language.gettext(N_("not asked") if score is None else _WORDS[score])
        for score in course.scores
    ]
    label = language.gettext(field_of("follow_up", course.area).label)
    return f"{label}: {', '.join(words)}"


# --- How to reach her

_COVERED = frozenset({"client.safe_contact", "client.phone"})


class SafeContactCard(CardFrame):
    """Safe ways to reach the client; her number is covered until it is asked for.

    `asked` carries the key of the field where the safe way is recorded.
    """

    asked = Signal(str)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._number = ""
        self.add_heading(kit, N_("How to reach her safely"), "shield-check")
        self.way = text(kit, "", TextStyle.STRONG)
        self.under = muted(kit, "", TextStyle.SMALL)
        self.write = Button(kit, N_("Record it"), "pencil")
        self.write.clicked.connect(lambda: self.asked.emit("safe_contact"))
        self.uncover = Button(kit, N_("I have read it. Show the number"), "phone")
        self.uncover.clicked.connect(self._on_uncover)
        self.number = Label(kit, style=TextStyle.HEADING)
        self.copy = Button(kit, N_("Copy the number"), "copy", ButtonLook.QUIET)
        self.copy.clicked.connect(lambda: lock.copy_to_clipboard(self._number))
        buttons = row(self.write, self.uncover, self.number, self.copy, STRETCH, gap=8)
        for part in (self.way, self.under, buttons):
            extend(self.body, part)

    def show_plan(self, page: PlanPage) -> None:
        """Show how to reach the client, and cover the number again."""
        client = page.client.record
        way = client.safe_contact if isinstance(client.safe_contact, tuple) else ()
        is_covered = bool(page.covered & _COVERED)
        self._number = client.phone if isinstance(client.phone, str) and way else ""
        if is_covered:
            self.way.set_message(N_("Some answers are not shown to your role."))
        elif way:
            self.way.set_message(lambda language: localized_text(way, language))
        else:
            self.way.set_message(
                N_("It is not recorded how she can be reached safely. Ask before you call.")
            )
        self.under.set_message(lambda language: _languages_text(page, language))
        self.write.setVisible(not way and not is_covered and page.may_edit)
        self._cover(is_covered=True)

    def _on_uncover(self) -> None:
        self._cover(is_covered=False)
        self.copy.setFocus()

    def _cover(self, *, is_covered: bool) -> None:
        self.number.show_text("" if is_covered else self._number)
        self.number.setVisible(not is_covered)
        self.copy.setVisible(not is_covered)
        self.uncover.setVisible(is_covered and bool(self._number))


def _languages_text(page: PlanPage, language: Language) -> str:
    """Return the client's languages, and whether she needs an interpreter."""
    client = page.client.record
    spoken = client.languages if isinstance(client.languages, tuple) else ()
    names = language.listing([language.language(code) for code in spoken]) if spoken else ""
    parts = (
        [language.gettext(N_("She speaks {languages}.")).format(languages=names)] if names else []
    )
    if client.needs_interpreter is True:
        parts.append(language.gettext(N_("An interpreter is needed.")))
    return " ".join(parts)


# --- Texts of a contact

STANDING_LOOKS: Mapping[FollowUpStatus, tuple[Tone, str, str]] = {
    FollowUpStatus.OVERDUE: (Tone.WARNING, "clock", N_("overdue")),
    FollowUpStatus.DUE: (Tone.INFO, "circle-dot", N_("due now")),
    FollowUpStatus.PLANNED: (Tone.MUTED, "circle-dashed", N_("planned")),
    FollowUpStatus.UNDATED: (Tone.MUTED, "circle-question-mark", N_("no exact day")),
    FollowUpStatus.DONE: (Tone.SUCCESS, "circle-check", N_("done")),
    FollowUpStatus.REFUSED: (Tone.MUTED, "ban", N_("none, at her request")),
}
"""Tone, icon and words of each status."""


def concern_text(*, is_unsafe: bool) -> str:
    """Return the text for a case that somebody must look at at once."""
    if is_unsafe:
        return N_("It is not safe to contact her just now")
    return N_("She may be in danger again")


def contact_text(kind: str, after_days: int | None, language: Language) -> str:
    """Return what a contact is: `7 days after the arrival`, `On arrival`, or its purpose."""
    if after_days:
        return language.ngettext(
            "{count} day after arrival", "{count} days after arrival", after_days
        ).format(count=after_days)
    return language.gettext(FOLLOW_UP_KIND.get(kind, N_("Contact")))


def window_text(first: date | None, last: date | None, language: Language) -> str:
    """Return when a contact is in time: `5–9 January 2027`."""
    return language.days(first, last) if first is not None and last is not None else ""


def standing_text(standing: FollowUpStatus, language: Language) -> str:
    """Return the status of a contact as text."""
    return language.gettext(STANDING_LOOKS[standing][2])


# --- Contacts

_KEYS = (
    "due", "window", "kind", "method", "organisation", "owner", "happened", "result",
    "exploitation_again", "wishes_to_leave_again", *AREAS, "satisfaction", "report", "wishes",
    "actions", "refused",
)  # fmt: skip
_ROWS = (
    ("due", "window"), ("kind", "method"), ("organisation", "owner"), ("happened", "result"),
    ("exploitation_again", "wishes_to_leave_again"), ("safety", "housing"), ("income", "health"),
    ("mental_wellbeing", "documents"), ("family", "social_support"),
    ("education_or_work", "legal"),
)  # fmt: skip


class FollowUpContacts(RecordList):
    """The list of follow-up contacts, in order of days."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self._names: Mapping[str, str] = {}
        self._here = desk
        self.refusals: dict[bytes, Button] = {}
        super().__init__(kit, desk, self._listing())

    def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show the contacts of this plan."""
        self._names = dict(page.choices.organisations)
        views = sort_follow_ups(page.case.all_views("follow_up"))
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _listing(self) -> RecordListSpec:
        return RecordListSpec(
            record_type="follow_up",
            keys=_KEYS,
            title=N_("Contacts after arrival"),
            icon="footprints",
            add=N_("Add a contact"),
            empty=N_("No contact is agreed. What the partner writes arrives with their files."),
            sum_up=self._sum_up,
            rows=_ROWS,
            starts_with=lambda: {"kind": "regular", "owner": self._here.user},
            beside=self._beside,
        )

    def _sum_up(self, one: RecordView[Any], language: Language) -> Summary:
        record = one.record
        standing = follow_up_status(record, self._today)
        tone, icon, _ = STANDING_LOOKS[standing]
        first, last = contact_window(record) or (None, None)
        when = (
            zoned_time_lines(record.happened, language)[0]
            if isinstance(record.happened, ZonedTime)
            else window_text(first, last, language)
        )
        days = record.after_days if isinstance(record.after_days, int) else None
        kind = record.kind if isinstance(record.kind, str) else ""
        owner = record.owner if isinstance(record.owner, str) else ""
        result = _word("result", record, language)
        parts = (when, self._names.get(str(record.organisation), ""), owner, result)
        return Summary(
            contact_text(kind, days, language),
            " · ".join(part for part in parts if part),
            tone,
            icon,
            standing_text(standing, language),
            localized_text(record.report, language),
        )

    def _beside(self, one: RecordView[Any]) -> Sequence[Button]:
        if not follow_up_status(one.record, self._today).is_open:
            return []
        button = Button(self._kit, N_("She declines"), look=ButtonLook.QUIET)
        button.with_height(CONTROL_COMPACT)
        button.clicked.connect(partial(self._on_refused, one.rid))
        self.refusals[one.rid] = button
        return [button]

    def _on_refused(self, rid: bytes) -> None:
        desk = self._here
        run_with_undo(
            self._kit,
            desk,
            lambda: refuse_follow_up(desk, rid),
            N_("Recorded. It is her choice."),
        )

    @property
    def _today(self) -> date:
        return self._here.adapters.clock.now().date()


def _word(key: str, record: Any, language: Language) -> str:
    value = getattr(record, key)
    return value_text(field_of("follow_up", key), value, language) if value is not None else ""


# --- Proposed contacts


class ProposedContactsCard(CardFrame):
    """The contacts to agree on; hidden once the plan has each of them."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._plan = b""
        self._proposed: tuple[FollowUpProposal, ...] = ()
        self.ticks: list[CheckBox] = []
        self.add_heading(kit, N_("Agree on the contacts with her"), "calendar-clock")
        self.under = muted(kit)
        self._column = column()
        self.agree = Button(kit, N_("Keep these days"), "check", ButtonLook.TONAL)
        self.agree.clicked.connect(self._on_agree_clicked)
        for part in (self.under, self._column, self.agree):
            extend(self.body, part)
        self.agree.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_plan(self, page: PlanPage, *, is_shut: bool) -> None:
        """Propose the contacts that are missing; none while the arrival day is unknown."""
        arrival = arrival_day(
            (one.record for one in page.views(Handover)), [leg.record for leg in page.legs]
        )
        there = [one.record for one in page.case.all_views("follow_up")]
        proposed = propose_follow_ups(arrival, there) if arrival is not None else ()
        self.setVisible(bool(proposed) and not is_shut)
        if arrival is not None:
            self.under.set_message(
                N_("She arrives, or has arrived, on {day}. She may say no to any of "
                    "these; then clear its tick. Each day can be changed afterwards."),
                day=lambda language: language.day(arrival, year=True),
            )  # fmt: skip
        if (self._plan, self._proposed) != (page.plan.rid, proposed):
            self._plan, self._proposed = page.plan.rid, proposed
            self._fill()

    def _fill(self) -> None:
        clear_layout(self._column)
        self.ticks = []
        for each in self._proposed:
            tick = CheckBox(self._kit, partial(_proposal_text, each))
            tick.setChecked(True)
            tick.toggled.connect(self._on_toggled)
            self.ticks.append(tick)
            extend(self._column, tick)
        self._on_toggled()

    def _on_toggled(self) -> None:
        self.agree.setEnabled(any(tick.isChecked() for tick in self.ticks))

    def _on_agree_clicked(self) -> None:
        desk, plan = self._desk, self._plan
        chosen = [
            each for each, tick in zip(self._proposed, self.ticks, strict=True) if tick.isChecked()
        ]
        self._kit.worker.run(lambda: schedule_follow_ups(desk, plan, chosen), self._on_agreed)

    def _on_agreed(self, done: Sequence[Saved]) -> None:
        notify_done(self._kit, self._desk, done, N_("The days are kept."))


def _proposal_text(each: FollowUpProposal, language: Language) -> str:
    what = contact_text("arrival", each.after_days, language)
    day = language.day(each.due, year=True, weekday=True)
    return f"{day} – {what}"


# --- Concern

_AGAIN = (
    N_("Is she in a safe place now? Ask her only this, in the safe way written below."),
    N_("Believe what she says, and ask for no details. She decides what happens next."),
    N_("Tell the person who is near her, so that no one is alone with this."),
    N_("Assess the risks again together with the partner, and agree on the next contact."),
)
_UNSAFE = (
    N_("Do not call, write to or send anyone for now."),
    N_(
        "Ask the person who is near her whether there is a sign of life, without saying "
        "why you ask."
    ),
    N_("Wait for her own sign, if one was agreed, and set a new day to look at it again."),
)


class ConcernCard(CardFrame):
    """The next steps after a contact that gives reason for concern; hidden without one.

    `step_asked` carries a record type to begin.
    """

    step_asked = Signal(str)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.banner = Banner(kit, Tone.INFO, "life-buoy")
        self._steps, self._calls = column(gap=6), column(gap=4)
        self.task = Button(kit, N_("Add a task"), "list-checks")
        self.task.clicked.connect(lambda: self.step_asked.emit("task"))
        self.note = Button(kit, N_("Write a note"), "notebook-text", ButtonLook.QUIET)
        self.note.clicked.connect(lambda: self.step_asked.emit("note"))
        buttons = row(-RESERVE, self.task, self.note, STRETCH, gap=6)
        for part in (self.banner, self._steps, self._calls, buttons):
            extend(self.body, part)
        self.hide()

    def show_plan(self, page: PlanPage) -> None:
        """Show what to do now, if the newest contact gives reason to."""
        today = self._desk.adapters.clock.now().date()
        last = newest_concern(page.case.all_views("follow_up"), today)
        self.setVisible(last is not None)
        if last is None:
            return
        is_unsafe = is_unsafe_to_contact(last)
        title = concern_text(is_unsafe=is_unsafe)
        self.banner.set_message(
            title, N_("Take a breath. These are the next steps, one after the other.")
        )
        clear_layout(self._steps)
        for number, words in enumerate(_UNSAFE if is_unsafe else _AGAIN, start=1):
            extend(self._steps, self._step(number, words))
        for button in (self.task, self.note):
            button.setVisible(page.may_edit)
        desk, plan = self._desk, page.plan.rid
        self._kit.worker.run(lambda: read_local_contacts(desk, plan), self._on_read)

    def _on_read(self, near: LocalContacts) -> None:
        clear_layout(self._calls)
        extend(self._calls, Label(self._kit, N_("Whom to call"), TextStyle.LABEL, Tone.MUTED))
        if not near.calls:
            name = near.receiver
            words = (
                N_("{name}: there is no safe number in Contacts yet.")
                if name
                else N_(
                    "No receiver is named in this plan. Ask the person who looks after the "
                    "contacts here."
                )
            )
            label = muted(self._kit)
            label.set_message(words, name=lambda _: name)
            extend(self._calls, label)
        for call in near.calls:
            extend(self._calls, self._call(call.number, partial(_call_line, call)))
        if near.emergency:
            extend(self._calls, self._call(near.emergency, partial(_emergency, near.country)))

    def _step(self, number: int, words: str) -> QWidget:
        sign = Label(self._kit, style=TextStyle.STRONG, tone=Tone.INFO)
        sign.show_text(f"{number}.")
        return panel(row(sign, grown(text(self._kit, words)), gap=10))

    def _call(self, number: str, who: Message) -> QWidget:
        digits = Label(self._kit, style=TextStyle.STRONG)
        digits.show_text(number)
        copy = Button(self._kit, N_("Copy"), "copy", ButtonLook.QUIET).with_height(CONTROL_COMPACT)
        self._kit.translator.bind(
            copy.setAccessibleName,
            N_("Copy the number: {who}"),
            who=lambda _: self._kit.translator.translate(who),
        )
        copy.clicked.connect(partial(lock.copy_to_clipboard, number))
        return panel(
            row(Icon(self._kit, "phone"), grown(text(self._kit, who)), digits, copy, gap=12)
        )


def _call_line(call: AlarmCall, language: Language) -> str:
    """Return whose number it is, and when it was last tried."""
    told = called_text(call.checked, language)
    return f"{call.name} · {told}" if call.name else told


def plain_text(text: str, _language: Language) -> str:
    """Return a text that is the same in every language."""
    return text


def _emergency(country: str, language: Language) -> str:
    words = N_("If her life is in danger: emergency number in {country}")
    return language.gettext(words).format(country=language.country(country))


# --- The section


class FollowUpSection(PlanSection):
    """The section of contacts after the arrival."""

    key = "follow_up"
    label = N_("After arrival")
    types = frozenset({"follow_up"})
    icon = "footprints"

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self._client = b""
        self.worry = ConcernCard(kit, desk)
        self.worry.step_asked.connect(lambda kind: self.step_asked.emit("notes", kind))
        self.reach = SafeContactCard(kit)
        self.reach.asked.connect(lambda key: self.field_asked.emit("client", self._client, key))
        self.times = ProposedContactsCard(kit, desk)
        self.course = AreaProgressCard(kit)
        for card in (self.worry, self.reach, self.times, self.course):
            extend(self.column, card)
        self.contacts = FollowUpContacts(kit, desk)
        self.add_list(self.contacts)

    def show_plan(self, page: PlanPage) -> None:
        """Show the contacts of this plan."""
        is_shut = is_plan_read_only(page)
        self._client = page.client.rid
        views = page.case.all_views("follow_up")
        self.worry.show_plan(page)
        self.reach.show_plan(page)
        self.times.show_plan(page, is_shut=is_shut)
        self.contacts.offers = plan_form_options(self.kit, page, self.desk)
        self.contacts.show_page(page, is_read_only=is_shut)
        self.course.show_contacts(views)

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return how many contacts are still to be made."""
        contacts = (one.record for one in page.case.all_views("follow_up"))
        count = sum(follow_up_status(one, date.min).is_open for one in contacts)
        return SectionProgress(Completion.EMPTY, (lambda _: str(count)) if count else "")
