# SPDX-License-Identifier: GPL-3.0-or-later
"""The risk assessments of a plan: ours, those reported to us, and those of other organisations.

Each list defines its fields and the summary of an assessment. Only our current assessment can be
edited. Another organisation with its own installation sends its assessment by file, and one
without reports it to us.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.case import RISK_CONCLUSION, TOLD_BY_WAY
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.registers import live_writes
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime, shift_day
from kfdesk.domain.workflow.decision import ASSESSMENT_VALIDITY, is_reported
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text, risk_status_text, zoned_time_lines
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import PlanPage, zoned_now
from kfdesk.services.plans.risk import AssessmentVersion, PlanRisks, create_risk_assessment
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.plan_sections import is_plan_read_only
from kfdesk.ui.record_views import RecordFacts
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import column, extend, filled, heading, muted, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, FlowBox, clear_layout
from kfdesk.ui.widgets.text import Chip, Icon

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
_WORSE_DECIDES = N_("the higher of the two: it decides")


_NOT_RECEIVER = N_(
    "{name} has not named you as the receiver in this plan, so your assessment would not be valid. "
    "Ask them to name the receiver under Travel and to send the plan again."
)


class OwnAssessmentList(RecordList):
    """Our assessments, the newest first; only the one that counts can be edited.

    `begun` reports that a new one is shown.
    """

    begun = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        ours = desk.identity.organisation.hex()
        listing = RecordListSpec(
            record_type="risk_assessment",
            keys=_OWN_KEYS,
            title=N_("Our risk assessment"),
            icon="shield-alert",
            add=N_("Assess the risks"),
            empty=N_("We have not assessed the risks yet. Both organisations must."),
            sum_up=self._sum_up,
            rows=(("done", "valid_until"),),
            takes=lambda v: v.get("organisation", ours) == ours,
        )
        super().__init__(kit, desk, listing)
        self._risks: PlanRisks | None = None
        self._begun: bytes | None = None
        self._plan: bytes | None = None
        self.refusal = muted(kit)
        self.body.insertWidget(1, self.refusal)
        self.refusal.hide()

    def show_risks(self, page: PlanPage, risks: PlanRisks, *, is_read_only: bool) -> None:
        """Show our assessments, mark the one that decides, and say why none can be begun."""
        before, self._risks, self._plan = self._risks, risks, page.plan.rid
        shown = [one.view for one in risks.versions if one.is_ours]
        self.show_records(shown, page.plan.rid, is_read_only=is_read_only)
        if before is not None and self._states(before) != self._states(risks):
            self._show_lines()  # the same records, but which of them counts has changed
        self.add_button.set_message(N_("New assessment") if shown else N_("Assess the risks"))
        self._refuse_unless_side(page, may_begin=risks.may_assess or is_read_only)
        begun, self._begun = self._begun, None
        if begun is not None:
            self.begun.emit()

    def _states(self, risks: PlanRisks) -> object:
        return risks.worst, [(one.counts, one.status) for one in risks.versions if one.is_ours]

    def _refuse_unless_side(self, page: PlanPage, *, may_begin: bool) -> None:
        """Say beside the disabled button why an assessment of ours would not count."""
        sender = dict(page.choices.organisations).get(page.plan.row.custodian.hex(), "–")
        why: Message = "" if may_begin else filled(_NOT_RECEIVER, name=sender)
        self.add_button.setEnabled(may_begin)
        self.refusal.setVisible(not may_begin)
        self.refusal.set_message(why)
        self._none.setVisible(self._none.isVisibleTo(self) and may_begin)
        self._kit.translator.bind(self.add_button.setAccessibleDescription, why)

    @property
    def _counting(self) -> bytes | None:
        """The assessment of ours that counts."""
        ours = self._risks.ours if self._risks is not None else None
        return ours.view.rid if ours is not None else None

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open the assessment that counts; earlier ones are read-only."""
        return rid == self._counting and super().open_record(rid, key)

    @task
    async def begin(self) -> None:
        """Create a new assessment with the values of the last one, unless it would not count."""
        kit, risks = self._kit, self._risks
        if self._plan is None or self._is_read_only or risks is None:
            return
        if not risks.may_assess:
            kit.events.failed.emit(KfdeskError("risk.not_receiver"))
            return
        self._begun = await call(kit, create_risk_assessment, self._desk, self._plan)
        kit.events.changed.emit(frozenset({"risk_assessment", "risk_line"}))
        kit.notify(
            N_("New assessment started. The previous one is kept as it was.")
            if risks.ours is not None
            else N_("Assessment started.")
        )

    def _make_edit(self, one: RecordView[Any], title: str) -> Button:
        edit = super()._make_edit(one, title)
        if one.rid != self._counting:
            edit.hide()
        return edit

    def _sum_up(self, seen: RecordView[Any], language: Language) -> Summary:
        record = seen.record
        version = next(one for one in self._known_versions if one.view.rid == seen.rid)
        is_complete = version.status.is_complete
        parts = [] if is_complete else [risk_status_text(version.status, language)]
        parts.append(assessment_dates_text(record, language))
        for words, told in ((N_("Her own view: {text}"), record.client_view),
                            (N_("Measures: {text}"), record.measures)):  # fmt: skip
            if text := localized_text(told, language):
                parts.append(language.gettext(words).format(text=text))
        title = risk_conclusion_text(record, language)
        under = "\n".join(part for part in parts if part)
        if self._risks is not None and seen.rid == self._risks.worst:
            return Summary(
                title, under, Tone.WARNING, "triangle-alert", language.gettext(_WORSE_DECIDES)
            )
        if not version.counts:
            is_side = self._risks is None or self._risks.may_assess
            why = N_("earlier") if is_side else N_("not valid")
            return Summary(title, under, Tone.MUTED, "history", language.gettext(why))
        return Summary(title, under)

    @property
    def _known_versions(self) -> Sequence[AssessmentVersion]:
        return self._risks.versions if self._risks is not None else ()


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
            title=N_("Reported by phone or on paper"),
            icon="phone",
            add=N_("Record what the receiver reported"),
            empty=N_(
                "The receiver does not use this program. Ask how they assess the risks, and record "
                "who said it, how and when."
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
    """The assessments of other organisations; `receiver_asked` leads to the receiver's field."""

    receiver_asked = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._none = muted(kit)
        self.name_receiver = Button(kit, N_("Name the receiver"), "arrow-right", ButtonLook.TONAL)
        self.name_receiver.clicked.connect(self.receiver_asked)
        self._list = column(gap=10)
        extend(
            self.body,
            heading(kit, N_("The partner's assessment"), "building-2"),
            FlowBox(self._none, self.name_receiver, gap=8, fills=self._none),
            self._list,
        )

    def show_risks(self, page: PlanPage, risks: PlanRisks, ours: bytes) -> None:
        """Show the assessments received from others; reported ones are listed apart."""
        receiver = risks.receiver
        names = dict(page.choices.organisations)
        shown = [one for one in risks.versions if one.view.row.custodian != ours]
        clear_layout(self._list)
        for one in shown:
            extend(self._list, *self._parts(one, names, is_worst=one.view.rid == risks.worst))
        self._none.setVisible(not shown)
        self.setVisible(bool(shown) or receiver is None or receiver.has_own_desk)
        sender = page.plan.row.custodian
        other = page.receiver if sender == ours else names.get(sender.hex(), "")
        self._none.set_message(filled(_NOT_SENT_YET, name=other) if other else _NO_RECEIVER_YET)
        may_name = not is_plan_read_only(page) and sender == ours
        self.name_receiver.setVisible(may_name and not shown and not other)

    def _parts(
        self, one: AssessmentVersion, names: Mapping[str, str], *, is_worst: bool
    ) -> Iterator[QWidget]:
        kit, record = self._kit, one.view.record
        look = _CONCLUSION_LOOKS.get(str(record.conclusion), (Tone.MUTED, "circle-dashed"))
        title = text(kit, lambda _: names.get(one.view.row.custodian.hex(), "–"), TextStyle.BUTTON)
        head = FlowBox(Icon(kit, look[1], look[0]), title, gap=9, fills=title)
        if is_worst:
            chip = Chip(kit, Tone.WARNING, "triangle-alert")
            chip.set_message(_WORSE_DECIDES)
            head.add(chip)
        read = Chip(kit, Tone.MUTED, "lock")
        read.set_message(N_("read-only"))
        head.add(read)
        yield head
        if not one.status.is_complete:
            yield muted(kit, partial(risk_status_text, one.status))
        facts = RecordFacts(kit, _PARTNER_KEYS)
        facts.show_record(one.view)
        yield facts


_NOT_SENT_YET = N_("{name} has not sent its own assessment yet. It arrives in an exchange file.")
_NO_RECEIVER_YET = N_("The plan names no receiver yet, so no one else assesses the risks.")


def reported_by_text(seen: RecordView[Any], names: Mapping[str, str], language: Language) -> str:
    """Return who reported it, for which organisation, when and how, and who recorded it."""
    record, when = seen.record, seen.record.told
    words = language.gettext(
        N_("Reported by {person}, {organisation}, {when}. {way}. Recorded by {writer}.")
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


_NO_CONCLUSION = N_("No conclusion yet")


def risk_conclusion_text(record: Any, language: Language) -> str:
    """Return the conclusion in words."""
    return language.gettext(RISK_CONCLUSION.get(str(record.conclusion), _NO_CONCLUSION))


def assessment_dates_text(record: Any, language: Language) -> str:
    """Return the day, the last valid day and the number of open questions in words."""
    if not isinstance(record.done, date):
        return language.gettext(N_("No date is recorded, so it is not valid."))
    if record.conclusion is None:
        words = language.gettext(N_("Started {done}"))
        return words.format(done=language.day(record.done, year=True))
    last = (
        record.valid_until
        if isinstance(record.valid_until, date)
        else shift_day(record.done, ASSESSMENT_VALIDITY.days)
    )
    words = language.gettext(N_("Done {done}, valid until {last}"))
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
