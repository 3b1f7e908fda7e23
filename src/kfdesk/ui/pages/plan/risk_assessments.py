# SPDX-License-Identifier: GPL-3.0-or-later
"""The risk assessments of a plan: ours, those reported to us, and those of other organisations.

Each list defines its fields and the summary of an assessment. Only our current assessment can be
edited. Another organisation with its own installation sends its assessment by file, and one
without reports it to us.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from kfdesk.domain.codes.case import RISK_CONCLUSION, TOLD_BY_WAY
from kfdesk.domain.registers import live_writes
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import N_
from kfdesk.domain.values import ZonedTime, shift_day
from kfdesk.domain.workflow.decision import ASSESSMENT_VALIDITY, is_reported
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text, zoned_time_lines
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import PlanPage, zoned_now
from kfdesk.services.plans.risk import PlanRisks, create_risk_assessment
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.record_views import RecordFacts
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import CardFrame, FlowBox, clear_layout
from kfdesk.ui.widgets.text import Chip, Icon, Label

_OWN_KEYS = (
    "client_view",
    "conclusion",
    "done",
    "valid_until",
    "summary",
    "measures",
    "measures_agreed",
)
_PARTNER_KEYS = (
    "client_view", "conclusion", "done", "valid_until", "unanswered", "summary", "measures",
    "measures_agreed",
)  # fmt: skip
_REPORTED_KEYS = ("organisation", "told_by", "told_way", "told", *_PARTNER_KEYS)
_CONCLUSION_LOOKS = {
    "return_possible": (Tone.SUCCESS, "circle-check"),
    "return_possible_with_measures": (Tone.INFO, "circle-dot"),
    "postpone": (Tone.WARNING, "clock"),
    "return_not_safe": (Tone.DANGER, "octagon-alert"),
}
_WORSE_DECIDES = N_("the worse of both: it decides")


class OwnAssessmentList(RecordList):
    """Our assessments, the newest first; only the one that counts can be edited."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        ours = desk.identity.organisation.hex()
        listing = RecordListSpec(
            record_type="risk_assessment",
            keys=_OWN_KEYS,
            title=N_("Risks, as we weigh them"),
            icon="shield-alert",
            add=N_("Weigh the risks"),
            empty=N_("We have not weighed the risks. Both sides must, each at its own desk."),
            sum_up=self._sum_up,
            rows=(("done", "valid_until"),),
            takes=lambda v: v.get("organisation", ours) == ours,
        )
        super().__init__(kit, desk, listing)
        self._worst: bytes | None = None
        self._counting: bytes | None = None
        self._begun: bytes | None = None
        self._plan: bytes | None = None

    def show_risks(self, page: PlanPage, risks: PlanRisks, *, is_read_only: bool) -> None:
        """Show our assessments and mark the one that decides if two differ."""
        self._worst, self._plan = risks.worst, page.plan.rid
        self._counting = risks.ours.view.rid if risks.ours is not None else None
        shown = [one.view for one in risks.versions if one.is_ours]
        self.show_records(shown, page.plan.rid, is_read_only=is_read_only)
        self.add_button.set_message(N_("Weigh the risks anew") if shown else N_("Weigh the risks"))
        begun, self._begun = self._begun, None
        if begun is not None:
            self.open_record(begun)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open the assessment that counts; earlier ones are read-only."""
        return rid == self._counting and super().open_record(rid, key)

    def begin(self) -> None:
        """Create a new assessment with the values of the last one."""
        desk, plan = self._desk, self._plan
        if plan is not None and not self._is_read_only:
            self._kit.worker.run(lambda: create_risk_assessment(desk, plan), self._on_begun)

    def _on_begun(self, rid: bytes) -> None:
        self._begun = rid
        self._kit.events.changed.emit(frozenset({"risk_assessment", "risk_line"}))
        self._kit.notify(N_("A new weighing. The last one stays as it was."))

    def _make_edit(self, one: RecordView[Any], title: str) -> Button:
        edit = super()._make_edit(one, title)
        if one.rid != self._counting:
            edit.hide()
        return edit

    def _sum_up(self, seen: RecordView[Any], language: Language) -> Summary:
        record = seen.record
        parts = [assessment_dates_text(record, language)]
        for words, told in ((N_("Her own view: {text}"), record.client_view),
                            (N_("Measures: {text}"), record.measures)):  # fmt: skip
            if text := localized_text(told, language):
                parts.append(language.gettext(words).format(text=text))
        title = risk_conclusion_text(record, language)
        under = "\n".join(part for part in parts if part)
        if seen.rid == self._worst:
            return Summary(
                title, under, Tone.WARNING, "triangle-alert", language.gettext(_WORSE_DECIDES)
            )
        if seen.rid != self._counting:
            return Summary(title, under, Tone.MUTED, "history", language.gettext(N_("earlier")))
        return Summary(title, under)


class ReportedAssessmentList(RecordList):
    """The assessments that a receiver without its own installation reported to us."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self._names: Mapping[str, str] = {}
        self._receiver = ""
        self._worst: bytes | None = None
        ours = desk.identity.organisation.hex()
        listing = RecordListSpec(
            record_type="risk_assessment",
            keys=_REPORTED_KEYS,
            title=N_("Told by telephone or on paper"),
            icon="phone",
            add=N_("Write down what the receiver told"),
            empty=N_(
                "The receiver does not use this program. Ask how it weighs the risks, and write "
                "down who said it, how and when."
            ),
            sum_up=self._sum_up,
            rows=(("organisation", "told_by"), ("told_way", "told"), ("conclusion", "unanswered"),
                  ("done", "valid_until")),
            starts_with=self._starts_with,
            takes=lambda v: v.get("organisation", ours) != ours,
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_risks(self, page: PlanPage, risks: PlanRisks, *, is_read_only: bool) -> None:
        """Show the reported assessments; allow a new one if the receiver has no installation."""
        receiver, ours = risks.receiver, self._desk.identity.organisation
        self._names, self._worst = dict(page.choices.organisations), risks.worst
        self._receiver = receiver.organisation.hex() if receiver else ""
        may_tell = receiver is not None and not receiver.has_own_desk
        shown = _matching_assessments(
            page, lambda one: one.row.custodian == ours and is_reported(one)
        )
        self.show_records(shown, page.plan.rid, is_read_only=is_read_only)
        self.add_button.setVisible(may_tell and not is_read_only)
        self.setVisible(may_tell or bool(shown))

    def _starts_with(self) -> dict[str, Any]:
        now = zoned_now(self._desk)
        return {"organisation": self._receiver, "told": now, "done": now.wall.date()}

    def _sum_up(self, seen: RecordView[Any], language: Language) -> Summary:
        record = seen.record
        parts = [
            reported_by_text(seen, self._names, language),
            assessment_dates_text(record, language),
        ]
        if text := localized_text(record.measures, language):
            parts.append(language.gettext(N_("Measures: {text}")).format(text=text))
        title, under = risk_conclusion_text(record, language), "\n".join(parts)
        if seen.rid == self._worst:
            return Summary(
                title, under, Tone.WARNING, "triangle-alert", language.gettext(_WORSE_DECIDES)
            )
        return Summary(title, under)


class PartnerAssessmentsCard(CardFrame):
    """The assessments of other organisations, with the name of each."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.add_heading(kit, N_("The other side's weighing"), "building-2")
        self._none = Label(kit, tone=Tone.MUTED).wrapped()
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        self.body.addWidget(self._none)
        self.body.addLayout(self._column)

    def show_risks(self, page: PlanPage, risks: PlanRisks, ours: bytes) -> None:
        """Show the assessments received from others; reported ones are listed apart."""
        receiver, worst = risks.receiver, risks.worst
        names = dict(page.choices.organisations)
        shown = _matching_assessments(page, lambda one: one.row.custodian != ours)
        clear_layout(self._column)
        for one in shown:
            self._add(one, names.get(one.row.custodian.hex(), ""), is_worst=one.rid == worst)
        self._none.setVisible(not shown)
        self.setVisible(bool(shown) or receiver is None or receiver.has_own_desk)
        sender = page.plan.row.custodian
        other = page.receiver if sender == ours else names.get(sender.hex(), "")
        if other:
            words = N_("{name} has not sent its own weighing yet. It comes by an exchange file.")
            self._none.set_message(words, name=lambda _: other)
        else:
            self._none.set_message(
                N_("The plan names no receiver yet, so nobody else weighs the risks.")
            )

    def _add(self, one: RecordView[Any], name: str, *, is_worst: bool) -> None:
        tone, icon = _CONCLUSION_LOOKS.get(
            str(one.record.conclusion), (Tone.MUTED, "circle-dashed")
        )
        title = Label(self._kit, style=TextStyle.BUTTON).wrapped()
        title.show_text(name or "–")
        head = FlowBox(Icon(self._kit, icon, tone), title, gap=9, fills=title)
        if is_worst:
            chip = Chip(self._kit, Tone.WARNING, "triangle-alert")
            chip.set_message(_WORSE_DECIDES)
            head.add(chip)
        read = Chip(self._kit, Tone.MUTED, "lock")
        read.set_message(N_("only to be read"))
        head.add(read)
        self._column.addWidget(head)
        facts = RecordFacts(self._kit, _PARTNER_KEYS)
        facts.show_record(one)
        self._column.addWidget(facts)


def reported_by_text(seen: RecordView[Any], names: Mapping[str, str], language: Language) -> str:
    """Return who reported it, for which organisation, when and how, and who recorded it."""
    record, when = seen.record, seen.record.told
    words = language.gettext(
        N_("Told by {person}, {organisation}, {when}. {way}. Written down by {writer}.")
    )
    newest = max(live_writes(seen.row.state), key=lambda write: write.milliseconds)
    way = TOLD_BY_WAY.get(str(record.told_way))
    return words.format(
        person=record.told_by if isinstance(record.told_by, str) else "–",
        organisation=names.get(str(record.organisation)) or "–",
        when=zoned_time_lines(when, language)[0] if isinstance(when, ZonedTime) else "–",
        way=language.gettext(way) if way else "–",
        writer=newest.author,
    )


def risk_conclusion_text(record: Any, language: Language) -> str:
    """Return the conclusion in words."""
    words = RISK_CONCLUSION.get(str(record.conclusion), N_("No conclusion yet"))
    return language.gettext(words)


def assessment_dates_text(record: Any, language: Language) -> str:
    """Return the day, the last valid day and the number of open questions in words."""
    if not isinstance(record.done, date):
        return language.gettext(N_("No day is written down, so it does not count."))
    last = (
        record.valid_until
        if isinstance(record.valid_until, date)
        else shift_day(record.done, ASSESSMENT_VALIDITY.days)
    )
    words = language.gettext(N_("Done {done}, counts until {last}"))
    said = words.format(done=language.day(record.done, year=True),
                        last=language.day(last, year=True))  # fmt: skip
    count = record.unanswered
    if not isinstance(count, int) or not count:
        return said
    left = language.ngettext("{count} question open", "{count} questions open", count)
    return f"{said} · {left.format(count=count)}"


def _matching_assessments(
    page: PlanPage, wanted: Callable[[RecordView[Any]], bool]
) -> list[RecordView[Any]]:
    """Return the matching assessments, the newest first."""
    views = filter(wanted, page.case.all_views("risk_assessment"))
    return sorted(views, key=_assessment_sort_key, reverse=True)


def _assessment_sort_key(seen: RecordView[Any]) -> tuple[date, bytes]:
    done = seen.record.done
    return (done if isinstance(done, date) else date.max, seen.rid)
