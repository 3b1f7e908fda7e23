# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of the rows on Today: what each says of its duty.

Functions only: the page decides in which group a row stands, and where a click leads.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Protocol, TypeVar

from kfdesk.domain.codes.case import LETTER_PURPOSE
from kfdesk.domain.deadlines import AwaitedAnswer, LegalDeadline
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.days import days_left_text
from kfdesk.i18n.figures import sum_step_text, sum_title
from kfdesk.i18n.language import Language
from kfdesk.i18n.network import work_title
from kfdesk.i18n.phrases import (
    alarm_sentence,
    field_of,
    localized_text,
    value_text,
    zoned_time_lines,
)
from kfdesk.i18n.procedures import actor_name, clock_kind, last_day_text
from kfdesk.services.directory.networks import SuggestionLine
from kfdesk.services.exchange.erasure import ErasureOrderLine
from kfdesk.services.exchange.notices import WithdrawalCall
from kfdesk.services.exchange.partners import PartnerLine
from kfdesk.services.figures.sums import SumDetails
from kfdesk.services.network.work import AgreementLine, DecisionLine
from kfdesk.services.plans.aftercare import FollowUpConcern, FollowUpLine
from kfdesk.services.plans.journey import AlarmLine, zoned_time_at
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.plans.retention import RetentionLine
from kfdesk.services.today import (
    AskedApproval,
    Departure,
    DueTask,
    ExpiringConsent,
    PlanAnswer,
    PlanDeadline,
    PlanDecision,
    StateToFollow,
    StepDeadline,
    TornEntry,
    WaitingErasure,
)
from kfdesk.ui.pages.aftercare.follow_up import (
    STANDING_LOOKS,
    concern_text,
    contact_text,
    standing_text,
    window_text,
)
from kfdesk.ui.pages.exchange.notices import withdrawn_since
from kfdesk.ui.pages.plan.conditions import request_text
from kfdesk.ui.pages.plan.notes import due_look
from kfdesk.ui.record_views import state_word, written_at
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.table import TableCell

Cells = tuple[TableCell, ...]
NOT_TOLD = N_("no file with it has left: call")
_SENT = N_("sent in a file, not confirmed yet")


def call_cells(each: WithdrawalCall, language: Language) -> Cells:
    """Return whom to tell of which withdrawal, and how far that is."""
    what = language.gettext(N_("Tell {name}: the consent is withdrawn"))
    since = withdrawn_since(each.withdrawn, language)
    return (
        TableCell(each.code or "–", is_strong=True),
        TableCell(what.format(name=each.name or "–"), since),
        _told_cell(language, is_sent=each.is_sent),
    )


def order_cells(orders: tuple[ErasureOrderLine, ...], today: date, language: Language) -> Cells:
    """Return whom to tell of records to be erased, and how far that is."""
    first = orders[0]
    what = language.plural(
        "Tell {name}: {count} record is to be erased",
        "Tell {name}: {count} records are to be erased",
        len(orders),
        name=first.name or "–",
    )
    asked = language.local_time(first.milliseconds).date()
    under = language.gettext(N_("asked on {day}"))
    state = _told_cell(language, is_sent=first.is_sent and first.is_by_file)
    if first.is_overdue and first.deadline is not None:
        words = language.gettext(N_("no answer by {day}: call"))
        day = language.day(first.deadline, year=first.deadline.year != today.year)
        state = TableCell(words.format(day=day), "", "octagon-alert", Tone.DANGER)
    head = TableCell(language.gettext(N_("Exchange")), is_strong=True)
    return head, TableCell(what, under.format(day=language.day(asked, year=True))), state


def _told_cell(language: Language, *, is_sent: bool) -> TableCell:
    if is_sent:
        return TableCell(language.gettext(_SENT), "", "clock", Tone.WARNING)
    return TableCell(language.gettext(NOT_TOLD), "", "phone", Tone.DANGER)


def request_cells(requests: tuple[ErasureOrderLine, ...], language: Language) -> Cells:
    """Return who asks us to erase, and how much."""
    first = requests[0]
    what = language.plural(
        "{name} asks us to erase {count} record",
        "{name} asks us to erase {count} records",
        len(requests),
        name=first.name or "–",
    )
    until = language.day(first.deadline, year=True) if first.deadline is not None else ""
    look = ("octagon-alert", Tone.DANGER) if first.is_overdue else ("trash-2", Tone.WARNING)
    head = TableCell(language.gettext(N_("Exchange")), is_strong=True)
    return head, TableCell(what), TableCell(until, "", *look)


def by_partner(
    lines: tuple[ErasureOrderLine, ...],
) -> tuple[tuple[ErasureOrderLine, ...], ...]:
    """Return orders in groups: one for each partner and moment at which they were made."""
    found: dict[tuple[bytes, int], list[ErasureOrderLine]] = {}
    for one in lines:
        found.setdefault((one.partner, one.milliseconds), []).append(one)
    return tuple(map(tuple, found.values()))


def follow_cells(each: StateToFollow, language: Language) -> Cells:
    """Return that the state of a plan can follow what was recorded."""
    what = language.gettext(N_("The status is still: {state}")).format(
        state=state_word(each.line.state, language)
    )
    under = language.gettext(N_("By what is recorded it is: {state}")).format(
        state=state_word(each.line.stage, language)
    )
    return TableCell(what, under, "list-checks", Tone.WARNING), TableCell()


def torn_cells(each: TornEntry, language: Language) -> Cells:
    """Return an entry of Contacts with values to decide about."""
    what = language.plural(
        "{count} value that two organisations wrote differently",
        "{count} values that two organisations wrote differently",
        each.count,
    )
    head = TableCell(each.name or "–", is_strong=True)
    return head, TableCell(what, icon="git-merge", tone=Tone.WARNING), TableCell()


def suggestion_cells(each: SuggestionLine, language: Language) -> Cells:
    """Return who suggests a change of which entry of ours."""
    words = language.gettext(N_("{name} suggests a change")).format(name=each.by or "–")
    return TableCell(each.name or "–", is_strong=True), TableCell(words), TableCell()


def partner_state(each: PartnerLine, language: Language) -> TableCell:
    """Return what a partner waits for, or what is to be done about its keys; the gravest alone."""
    for is_so, words, icon, tone in (
        (each.is_doubted, N_("another laptop of ours revoked it: decide"), "octagon-alert",
         Tone.DANGER),
        (each.offers, N_("has a new key: compare the digits"), "octagon-alert", Tone.DANGER),
        (not each.partner.recipient.is_verified, N_("not verified yet"), "clock", Tone.WARNING),
        (bool(each.missing), N_("files of theirs are missing"), "triangle-alert", Tone.WARNING),
        (not each.knows_us, N_("does not know our new key: send a file"), "send", Tone.WARNING),
        (each.waits or each.owes_receipt, N_("waits for our answer: send a file"), "send",
         Tone.WARNING),
    ):  # fmt: skip
        if is_so:
            return TableCell(language.gettext(words), icon=icon, tone=tone)
    return TableCell()


def retention_cells(each: RetentionLine, language: Language, today: date) -> Cells:
    """Return a plan near the end of its retention: to be reviewed, and erased or kept longer."""
    if each.is_held:
        what = TableCell(language.gettext(N_("Restricted: it must be kept")), icon="lock")
    elif each.until is None:
        over = N_("It is closed, but no retention date is set")
        what = TableCell(language.gettext(over), icon="clock", tone=Tone.WARNING)
    elif each.until < today:
        over = N_("The retention period is over: erase it, or say why not")
        what = TableCell(language.gettext(over), icon="clock", tone=Tone.WARNING)
    else:
        what = TableCell(
            language.gettext(N_("Retention period ends soon: check whether it is still needed"))
        )
    return what, TableCell(language.day(each.until, year=True) if each.until is not None else "")


class _OfPlan(Protocol):
    """An item of a plan."""

    @property
    def line(self) -> PlanLine:
        """Its plan."""


_Item = TypeVar("_Item", bound=_OfPlan)


def told(
    cells: Callable[[_Item, Language], Cells], items: Iterable[_Item], language: Language
) -> Iterator[tuple[PlanLine, Cells]]:
    """Yield the plan and the cells of each item; they speak of that plan's client."""
    for one in items:
        yield one.line, cells(one, language.about(one.line.pronoun))


def alarm_cells(alarm: AlarmLine, language: Language) -> Cells:
    """Return what is wrong on the way, and since when."""
    since = alarm.since
    when = (
        zoned_time_lines(zoned_time_at(since, alarm.zone), language) if since is not None else ("",)
    )
    what = alarm_sentence(alarm.kind, language)
    return TableCell(what, icon="octagon-alert", tone=Tone.DANGER), TableCell(*when)


def concern_cells(each: FollowUpConcern, language: Language) -> Cells:
    """Return that a client may be in danger, and who said so."""
    what = language.gettext(concern_text(is_unsafe=each.is_unsafe))
    day = language.day(each.on, year=True)
    return TableCell(what, icon="octagon-alert", tone=Tone.DANGER), TableCell(day)


def asked_cells(each: AskedApproval, language: Language) -> Cells:
    """Return what somebody asks to approve, and who asks."""
    by = language.gettext(N_("{who} asks.")).format(who=each.asked.by or "–")
    what = request_text(each.asked, language)
    what = f"{what[:1].upper()}{what[1:]}"
    return TableCell(what, f"{by} {each.asked.reason}".strip()), TableCell()


def decision_cells(line: PlanLine, language: Language) -> Cells:
    """Return how many values of a plan wait for a decision."""
    what = language.plural(
        "{count} value that two organisations wrote differently",
        "{count} values that two organisations wrote differently",
        line.conflicts,
    )
    return TableCell(what, icon="git-merge", tone=Tone.WARNING), TableCell()


def departure_cells(each: Departure, language: Language) -> Cells:
    """Return a journey that has not begun: what it lacks, or that it should have begun."""
    place = localized_text(each.line.legs[0].from_place, language) or "–"
    when = TableCell(*zoned_time_lines(each.departs, language))
    if each.is_past:
        said = language.gettext(N_("Was to leave {place}: no departure is recorded"))
        said = said.format(place=place)
        return TableCell(said, icon="triangle-alert", tone=Tone.WARNING), when
    if each.gaps:
        note, icon, tone = (
            language.plural("{count} missing item", "{count} missing items", each.gaps),
            "triangle-alert",
            Tone.WARNING,
        )
    else:
        note, icon, tone = language.gettext(N_("nothing missing")), "route", Tone.PLAIN
    what = language.gettext(N_("Departs {place}: {note}")).format(place=place, note=note)
    return TableCell(what, icon=icon, tone=tone), when


def partner_cells(each: PartnerLine, language: Language) -> Cells:
    """Return a partner with what was last sent and received."""
    times = [
        written_at(at, language) if at is not None else "–" for at in (each.sent, each.received)
    ]
    words = language.gettext(N_("Sent: {sent}. Received: {received}."))
    what = TableCell(words.format(sent=times[0], received=times[1]))
    return TableCell(each.partner.name, is_strong=True), what, partner_state(each, language)


def ending_cells(each: ExpiringConsent, language: Language) -> Cells:
    """Return which consent ends, and in how many days."""
    what = (
        language.gettext(N_("Ends today"))
        if not each.days
        else language.plural("Ends in {count} day", "Ends in {count} days", each.days)
    )
    day = language.day(each.last, year=True)
    return TableCell(each.recipient, what, icon="clock", tone=Tone.PLAIN), TableCell(day)


def deadline_cells(each: PlanDeadline, language: Language) -> Cells:
    """Return a last day or a hearing, with how many days are left; red from the day itself."""
    found = each.deadline
    matter = value_text(field_of("legal_status", "kind"), found.matter.record.kind, language)
    if found.is_hearing:
        present = found.matter.record.must_be_present is True
        under = language.gettext(N_("Hearing; she must be present") if present else N_("Hearing"))
    elif each.asks_to_prolong and each.is_investigated:
        under = language.gettext(
            N_(
                "Last day. Only the head of the investigation can apply to extend it: ask before "
                "then."
            )
        )
    elif each.asks_to_prolong:
        under = language.gettext(
            N_(
                "Last day. Only the head of the investigation can apply to extend it; no "
                "investigation is entered here."
            )
        )
    else:
        under = language.gettext(N_("Last day"))
    return TableCell(matter, under), _last_day_cell(found, language)


def step_cells(each: StepDeadline, language: Language, today: date) -> Cells:
    """Return a step and who acts, with its last day; a deadline of the law is named as one."""
    step = each.step.view.record
    name = f"{each.step.prefix or '–'}  {localized_text(step.title, language)}".strip()
    lead, kind = actor_name(step.lead, language), clock_kind(step.clock, language)
    under = " · ".join(part for part in (lead, each.who, kind) if part)
    when, left = last_day_text(each.due, today, language), days_left_text(each.days, language)
    return TableCell(name, under), TableCell(when, left, *_deadline_look(each))


def work_cells(each: DecisionLine, language: Language) -> Cells:
    """Return a decision that we carry out, its meeting, and how many days are left."""
    assert each.days is not None
    due = value_text(field_of("decision", "due"), each.view.record.due, language)
    look = ("octagon-alert", Tone.DANGER) if each.days <= 0 else ("clock", Tone.PLAIN)
    return (
        TableCell(language.gettext(N_("Network")), is_strong=True),
        TableCell(work_title(each.view, language), work_title(each.meeting, language)),
        TableCell(due, days_left_text(each.days, language), *look),
    )


def conference_cells(each: PlanDecision, language: Language) -> Cells:
    """Return a decision about a client that we carry out, and how many days are left."""
    due = value_text(field_of("conference_decision", "due"), each.view.record.due, language)
    look = ("octagon-alert", Tone.DANGER) if each.days <= 0 else ("clock", Tone.PLAIN)
    left = days_left_text(each.days, language)
    return TableCell(work_title(each.view, language)), TableCell(due, left, *look)


def agreement_cells(each: AgreementLine, language: Language) -> Cells:
    """Return an agreement with its parties and its last day; one that sending needs is named so."""
    tool = language.gettext(N_("needed for sending personal data")) if each.is_tool else ""
    under = " · ".join(filter(None, [", ".join(each.parties), tool]))
    look = ("octagon-alert", Tone.DANGER) if each.days <= 0 else ("clock", Tone.WARNING)
    return (
        TableCell(language.gettext(N_("Agreement")), is_strong=True),
        TableCell(work_title(each.view, language), under),
        TableCell(language.day(each.last, year=True), days_left_text(each.days, language), *look),
    )


def sum_cells(each: SumDetails, today: date, language: Language) -> Cells:
    """Return the step that is ours in a sum, what is added up, and its last day."""
    assert each.terms is not None
    said, _ = sum_step_text(each.step, each.reason, is_read=True)
    last = each.terms.until
    days = (last - today).days
    look = ("octagon-alert", Tone.DANGER) if days <= 0 else ("clock", Tone.PLAIN)
    return (
        TableCell(language.gettext(N_("Figures")), is_strong=True),
        TableCell(language.gettext(said), sum_title(each.terms, language)),
        TableCell(language.day(last, year=True), days_left_text(days, language), *look),
    )


def answer_cells(each: PlanAnswer, language: Language) -> Cells:
    """Return who is asked and for what, and by when the answer is wanted."""
    purpose = LETTER_PURPOSE.get(str(each.awaited.referral.record.purpose))
    under = language.gettext(purpose) if purpose else ""
    return TableCell(each.to or "–", under), _last_day_cell(each.awaited, language)


def _last_day_cell(found: LegalDeadline | AwaitedAnswer, language: Language) -> TableCell:
    """Return a day with how many days are left."""
    day, left = language.day(found.day, year=True), days_left_text(found.days, language)
    return TableCell(day, left, *_deadline_look(found))


def _deadline_look(found: LegalDeadline | AwaitedAnswer | StepDeadline) -> tuple[str, Tone]:
    """Return icon and tone of a deadline: red from the day itself, amber when it is near."""
    if found.is_urgent:
        return "octagon-alert", Tone.DANGER
    return "clock", Tone.WARNING if found.is_near else Tone.PLAIN


def task_cells(each: DueTask, language: Language, today: date) -> Cells:
    """Return a task, who does it, and when it is due."""
    tone, icon, words = due_look(each.due, today, language)
    return TableCell(each.title or "–", each.owner), TableCell(words, icon=icon, tone=tone)


def contact_cells(each: FollowUpLine, language: Language) -> Cells:
    """Return a due or late contact: who makes it, and between which days it is in time."""
    tone, icon, _ = STANDING_LOOKS[each.standing]
    words = contact_text(each.kind, each.after_days, language)
    who = " · ".join(part for part in (each.owner, each.organisation) if part)
    when = window_text(each.first, each.last, language)
    return TableCell(words, who), TableCell(
        standing_text(each.standing, language), when, icon, tone
    )


def erasure_cells(each: WaitingErasure, language: Language) -> Cells:
    """Return a wish to be erased, and from when on one person can erase."""
    if each.wish.is_ready:
        words = N_("24 hours have passed: erase the data, or take the wish back")
        what = TableCell(language.gettext(words), icon="clock", tone=Tone.WARNING)
    else:
        what = TableCell(language.gettext(N_("Erasure waits 24 hours; it can be taken back")))
    return what, TableCell(written_at(each.wish.ready, language))


def code_cell(line: PlanLine) -> TableCell:
    """Return the cell that names a plan."""
    return TableCell(line.code, line.alias, is_strong=True)
