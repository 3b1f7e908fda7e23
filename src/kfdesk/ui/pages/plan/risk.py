# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Risk of a plan: our answers by theme, both matrices, the assessments, events.

`RiskSection` loads the assessments and creates its three parts while the window is idle; actions
on them wait until they exist. `RiskAnswersPanel` and `RiskAssessmentsPanel` load nothing
themselves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.risk import RISK_CATEGORY, TRIGGER_EVENT
from kfdesk.domain.message_marks import N_
from kfdesk.domain.risk import RiskLevel, RiskState, ThemeAnswer, line_of_category
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text, risk_status_text, zoned_time_lines
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import PlanPage, zoned_now
from kfdesk.services.plans.risk import (
    AssessmentVersion,
    PlanRisks,
    answer_risk_theme,
    read_risks,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import plan_form_options
from kfdesk.ui.forms.record_form import set_to_now
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.pages.plan.risk_answers import RiskAnswersCard
from kfdesk.ui.pages.plan.risk_assessments import (
    OwnAssessmentList,
    PartnerAssessmentsCard,
    ReportedAssessmentList,
)
from kfdesk.ui.pages.plan.risk_table import RiskMatrixCard, assessment_title
from kfdesk.ui.pages.plan.risk_themes import RiskThemesCard
from kfdesk.ui.plan_sections import (
    MissingItem,
    PlanSection,
    SectionProgress,
    is_plan_read_only,
    missing_for_gates,
    open_gates_of,
)
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, TextStyle, Tone
from kfdesk.ui.widgets.build import column, extend, muted
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import Banner, FlowBox, stack_widgets
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.text import Chip


class RiskEventList(RecordList):
    """The list of events."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        listing = RecordListSpec(
            record_type="risk_event",
            keys=("kind", "happened", "account"),
            title=N_("What has happened since"),
            icon="info",
            add=N_("Something has happened"),
            empty=N_(
                "A threat, a release, a new address or receiver, her health, a hearing, the media: "
                "record it here, and both sides assess the risks again."
            ),
            sum_up=_risk_event_summary,
            rows=(("kind", "happened"),),
            starts_with=lambda: {"happened": zoned_now(desk)},
        )
        super().__init__(kit, desk, listing)


def _risk_event_summary(seen: RecordView[Any], language: Language) -> Summary:
    record = seen.record
    kind = TRIGGER_EVENT.get(str(record.kind))
    title = language.gettext(kind) if kind else language.gettext(N_("Something has happened"))
    when = record.happened
    under = [" ".join(zoned_time_lines(when, language))] if isinstance(when, ZonedTime) else []
    if text := localized_text(record.account, language):
        under.append(text)
    return Summary(title, "\n".join(under))


REPORTED_ASSESSMENT = "told_weighing"
"""The name that begins the assessment of a receiver without its own installation."""


@dataclass(frozen=True, slots=True)
class RiskContext:
    """The data that the parts show; `is_shut`: it is read-only."""

    page: PlanPage
    risks: PlanRisks
    offers: FormOptions
    is_shut: bool


class RiskAnswersPanel(QWidget):
    """The themes of our own assessment; `opened` carries the one that is open."""

    opened = Signal(str)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._shown: RiskContext | None = None
        self._kit, self._desk = kit, desk
        self.categories = RiskThemesCard(kit)
        self.answers = RiskAnswersCard(kit, desk)
        column(self.categories, self.answers, gap=CARD_GAP, on=self)
        self.categories.chosen.connect(self.open_category)
        self.categories.answered.connect(self._on_theme_answered)
        self.answers.closed.connect(self._on_answers_closed)
        self.answers.finished.connect(self._on_category_finished)

    def show_risks(self, shown: RiskContext) -> None:
        """Show these risks; an open category stays open."""
        self._shown = shown
        self.categories.show_risks(shown.risks, is_read_only=shown.is_shut)
        self.setVisible(shown.risks.ours is not None)
        if self.answers.category:
            self._show_answers(shown, self.answers.category)

    def open_category(self, category: str) -> bool:
        """Open a category of our own assessment; return whether it can be answered."""
        shown = self._shown
        if shown is None or shown.is_shut or shown.risks.ours is None:
            return False
        self._show_answers(shown, category)
        self.categories.go_to(category)
        self.answers.go_on()
        self.opened.emit(category)
        return True

    def open_record(self, rid: bytes, key: str) -> bool:
        """Open the category of a line of either side, or the first open one of ours.

        Return whether a category was opened.
        """
        risks = self._shown.risks if self._shown is not None else None
        if risks is None:
            return False
        for version in risks.versions:
            for one in version.lines:
                if one.rid == rid and one.record.category in RISK_CATEGORY:
                    return self.open_category(str(one.record.category))
        is_ours = risks.ours is not None and risks.ours.view.rid == rid
        return (
            is_ours
            and key == "unanswered"
            and bool(risks.open)
            and self.open_category(risks.open[0])
        )

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume the draft of a category of ours; return whether it was found."""
        self.open_record(draft.line.rid, "")
        form = self.answers.form
        return form is not None and form.resume_draft(draft)

    def _show_answers(self, shown: RiskContext, category: str) -> None:
        ours = shown.risks.ours
        if ours is None or shown.is_shut:
            self.answers.close_card()
            return
        found = line_of_category(ours.lines, category)
        self.answers.show_category(ours.view.rid, category, found, shown.offers)

    def _on_category_finished(self) -> None:
        """Open the next category that has open items, if there is one."""
        left = self._shown.risks.open if self._shown is not None else ()
        places = [*left, *left]
        here = self.answers.category
        after = places[places.index(here) + 1 :] if here in places else places
        following = next((one for one in after if one != here), None)
        if following is not None:
            self.open_category(following)

    @task
    async def _on_theme_answered(self, category: str, theme: ThemeAnswer) -> None:
        kit, desk = self._kit, self._desk
        ours = self._shown.risks.ours if self._shown is not None else None
        if ours is not None:
            rid = ours.view.rid
            done = await call(kit, answer_risk_theme, desk, rid, category, theme)
            notify_done(kit, desk, (done,), N_("Answer saved."))

    def _on_answers_closed(self) -> None:
        if self.categories.isVisible():
            self.categories.go_to_questions()
            self.categories.table.setFocus(Qt.FocusReason.OtherFocusReason)


class RiskAssessmentsPanel(QWidget):
    """The assessments of both sides and the events since then.

    `begun` reports that a new one of ours is shown.
    """

    begun = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._desk = desk
        self.ours = OwnAssessmentList(kit, desk)
        self.theirs = PartnerAssessmentsCard(kit)
        self.told = ReportedAssessmentList(kit, desk)
        self.events = RiskEventList(kit, desk)
        self.lists: tuple[RecordList, ...] = (self.ours, self.told, self.events)
        column(self.ours, self.theirs, self.told, self.events, gap=CARD_GAP, on=self)
        self.ours.begun.connect(self.begun)

    def show_risks(self, shown: RiskContext) -> None:
        """Show the assessments and events."""
        page, risks, is_shut = shown.page, shown.risks, shown.is_shut
        for each in self.lists:
            each.offers = shown.offers
        self.ours.show_risks(page, risks, is_read_only=is_shut)
        self.theirs.show_risks(page, risks, self._desk.identity.organisation)
        self.told.show_risks(page, risks, is_read_only=is_shut)
        events = page.case.all_views("risk_event")
        self.events.show_records(events, page.plan.rid, is_read_only=is_shut)

    def open_record(self, rid: bytes, key: str) -> bool:
        """Open an assessment or an event; return whether it is here."""
        return any(each.open_record(rid, key) for each in self.lists)

    def begin(self, record_type: str) -> None:
        """Begin an assessment, our own or a reported one, or an event."""
        {REPORTED_ASSESSMENT: self.told, "risk_event": self.events}.get(
            record_type, self.ours
        ).begin()

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume a draft in one of the lists; return whether one took it."""
        return any(each.resume_draft(draft) for each in self.lists)


class RiskSection(PlanSection):
    """The section with the risks of the return as both sides assess them."""

    key = "risk"
    label = N_("Risk")
    types = frozenset({"risk_assessment", "risk_line", "risk_event"})

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self._shown: RiskContext | None = None
        self._later: list[Callable[[], object]] = []
        self._picture: RiskMatrixCard | None = None
        self._answering: RiskAnswersPanel | None = None
        self._weighings: RiskAssessmentsPanel | None = None
        self.void = Banner(kit, Tone.WARNING, "triangle-alert").hidden()
        self.void.set_message(
            N_("Something has happened since the risks were assessed. Assess them again."),
            N_("Until then no step that depends on them can be taken. An approved plan goes back "
               "to assessment."),
        )  # fmt: skip
        self.last_read = muted(kit, style=TextStyle.SMALL)
        self.read_again = Button(
            kit, N_("Mark risks as reviewed"), "refresh-cw", on=self._on_read_again
        )
        self._desks = FlowBox(gap=8)
        said = stack_widgets(self._desks, self.last_read)
        extend(self.column, FlowBox(said, self.read_again, fills=said), self.void)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._build_next)

    @property
    def picture(self) -> RiskMatrixCard:
        """The card with the matrices; created if necessary."""
        self.complete()
        assert self._picture is not None
        return self._picture

    @property
    def answering(self) -> RiskAnswersPanel:
        """The panel with our answers; created if necessary."""
        self.complete()
        assert self._answering is not None
        return self._answering

    @property
    def weighings(self) -> RiskAssessmentsPanel:
        """The panel with the assessments; created if necessary."""
        self.complete()
        assert self._weighings is not None
        return self._weighings

    def show_plan(self, page: PlanPage) -> None:
        """Show the risks of this plan: first the matrices, the rest while the window is idle."""
        self._page = page
        read = page.plan.record.risk_read
        self.last_read.set_message(lambda language: _risk_read_text(read, language))
        self.read_again.setVisible(not is_plan_read_only(page))
        desk, rid = self.desk, page.plan.rid
        self.kit.worker.run(lambda: read_risks(desk, rid), partial(self._on_risks, page))

    def complete(self) -> None:
        while self._shown is not None and self._weighings is None:
            self._build_next()

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return what the answers amount to; done once "Check" asks nothing more here.

        A user who may not see the answers is told nothing of them.
        """
        status = None if _ANSWER in page.covered else page.risk
        is_begun = status is not None and status.state is not RiskState.NOT_SENT
        fill = Completion.PART if is_begun else Completion.EMPTY
        is_all_answered = status is None or status.is_complete
        if page.is_risk_assessed and is_all_answered:
            fill = fill if open_gates_of(page, RiskSection.types) else Completion.DONE
        if status is None:
            return SectionProgress(fill)
        is_danger = status.level in (RiskLevel.HIGH, RiskLevel.VERY_HIGH)
        return SectionProgress(fill, partial(risk_status_text, status), is_danger)

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[MissingItem]:
        """Return what "Check" names here for the next step."""
        return missing_for_gates(page, cls.types)

    def jump_to(self, missing: MissingItem) -> None:
        """Move the focus to what is missing; a new assessment is begun only by its button."""
        if missing.rid is not None:
            self.open_record(missing.rid, missing.key)
        else:
            self._run_when_loaded(self._focus_assessments)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Go to an assessment, a category or an event as soon as it is loaded.

        Return whether it belongs to this plan.
        """
        if self._page is None or all(one.rid != rid for one in self._risk_views(self._page)):
            return False
        self._run_when_loaded(lambda: self._open(rid, key))
        return True

    def begin_record(self, record_type: str) -> bool:
        """Begin an assessment, our own or a reported one, or an event.

        Return whether the type belongs here.
        """
        if record_type == REPORTED_ASSESSMENT:
            self._run_when_loaded(self._begin_reported)
        elif record_type in self.types:
            self._run_when_loaded(lambda: self.weighings.begin(record_type))
        return record_type in {*self.types, REPORTED_ASSESSMENT}

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume a draft as soon as its record is loaded; return whether the type belongs here."""
        if draft.line.type in self.types:
            self._run_when_loaded(lambda: self._resume_draft(draft))
        return draft.line.type in self.types

    def _begin_reported(self) -> None:
        """Begin a report of the receiver, or go to what must be known first."""
        receiver = self._shown.risks.receiver if self._shown is not None else None
        if receiver is None:
            self._on_receiver_asked()
        elif receiver.has_own_desk:
            self._focus_assessments()
        else:
            self.weighings.begin(REPORTED_ASSESSMENT)

    def _on_receiver_asked(self) -> None:
        """Go to the field of the plan that names the receiver."""
        if self._page is not None:
            self.field_asked.emit("plan", self._page.plan.rid, "receiver")

    def _focus_assessments(self) -> None:
        """Move the focus to the first button among the assessments, without pressing it."""
        buttons = (self.weighings.ours.add_button, self.weighings.theirs.name_receiver)
        shown = [one for one in buttons if one.isVisibleTo(self) and one.isEnabled()]
        target = shown[0] if shown else self.picture.whose
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, rid: bytes, key: str) -> bool:
        return self.answering.open_record(rid, key) or self.weighings.open_record(rid, key)

    def _resume_draft(self, draft: OpenDraft) -> bool:
        is_answer = draft.line.type == "risk_line"
        return (
            self.answering.resume_draft(draft) if is_answer else self.weighings.resume_draft(draft)
        )

    def _on_risks(self, page: PlanPage, risks: PlanRisks) -> None:
        if page is not self._page:
            return
        self._shown = RiskContext(
            page, risks, plan_form_options(self.kit, page, self.desk), is_plan_read_only(page)
        )
        self.void.setVisible(bool(risks.void))
        self._show_current_assessments(self._shown)
        for show in (self._show_answering, self._show_picture, self._show_weighings):
            show(self._shown)
        if self._later:  # a user was sent to a record here
            self.complete()
        self._build_next()

    def _build_next(self) -> None:
        """Create the next part in tab order; after the last one run the deferred actions."""
        if self._shown is None:
            return
        if self._answering is None:
            self._answering = RiskAnswersPanel(self.kit, self.desk)
            self._answering.answers.made.connect(self._on_form_made)
            self._answering.categories.conclusion_asked.connect(self._on_conclusion_asked)
            extend(self.column, self._answering)
            self._show_answering(self._shown)
        elif self._picture is None:
            self._picture = RiskMatrixCard(self.kit)
            self._picture.chosen.connect(self._on_category_chosen)
            self._answering.opened.connect(self._picture.go_to)
            extend(self.column, self._picture)
            self._show_picture(self._shown)
        elif self._picture.table is None:
            self._picture.make_table()
        elif self._weighings is None:
            self._weighings = RiskAssessmentsPanel(self.kit, self.desk)
            self._weighings.theirs.receiver_asked.connect(self._on_receiver_asked)
            self._weighings.begun.connect(self._on_begun)
            self.lists += self._weighings.lists
            extend(self.column, self._weighings)
            self._show_weighings(self._shown)
        if self._weighings is None:
            self._next.start()
            return
        later, self._later = self._later, []
        for act in later:
            act()

    def _show_current_assessments(self, shown: RiskContext) -> None:
        """Show whose assessment counts, its day, and how far it is answered."""
        self._desks.clear()
        names = dict(shown.page.choices.organisations)
        for version in shown.risks.versions:
            if version.counts:
                chip = Chip(self.kit, *_assessment_look(version, shown.risks))
                chip.set_message(partial(_assessment_text, version, names))
                self._desks.add(chip)
                chip.show()

    def _show_picture(self, shown: RiskContext) -> None:
        if self._picture is not None:
            self._picture.setVisible(bool(shown.risks.versions))
            self._picture.show_risks(shown.risks, dict(shown.page.choices.organisations))

    def _show_answering(self, shown: RiskContext) -> None:
        if self._answering is not None:
            self._answering.show_risks(shown)

    def _show_weighings(self, shown: RiskContext) -> None:
        if self._weighings is not None:
            self._weighings.show_risks(shown)

    def _run_when_loaded(self, act: Callable[[], object]) -> None:
        """Run an action now, or as soon as the risks are loaded."""
        self._later.append(act)
        self.complete()
        self._build_next()

    def _risk_views(self, page: PlanPage) -> Iterator[RecordView[Any]]:
        return (one for kind in self.types for one in page.case.all_views(kind))

    def _on_begun(self) -> None:
        """Begin a new assessment at its first theme."""
        self.answering.categories.start()

    def _on_conclusion_asked(self) -> None:
        ours = self._shown.risks.ours if self._shown is not None else None
        if ours is not None:
            self.weighings.open_record(ours.view.rid, "")

    def _on_category_chosen(self, category: str) -> None:
        self.answering.open_category(category)

    def _on_read_again(self) -> None:
        if self._page is not None:
            set_to_now(self.kit, self.desk, self._page.plan, ("risk_read",))

    def _on_form_made(self) -> None:
        """Register the form of the open category, so that Ctrl+S saves it."""
        form = self.answering.answers.form
        self.forms = []
        if form is not None:
            self.add_form(form)


_ANSWER = "risk_line.answer"


def _assessment_look(version: AssessmentVersion, risks: PlanRisks) -> tuple[Tone, str]:
    """Return tone and icon of an assessment; a tick if all is answered and concluded."""
    if version.view.rid in risks.void:
        return Tone.WARNING, "clock"
    is_done = version.status.is_complete and isinstance(version.view.record.conclusion, str)
    return (Tone.ACCENT, "circle-dot") if is_done else (Tone.MUTED, "circle-dashed")


def _assessment_text(
    version: AssessmentVersion, names: Mapping[str, str], language: Language
) -> str:
    title = assessment_title(version, names)(language)
    if version.status.is_complete:
        return title
    return f"{title} · {risk_status_text(version.status, language)}"


def _risk_read_text(read: object, language: Language) -> str:
    if not isinstance(read, ZonedTime):
        return language.gettext(N_("The risks have not been reviewed before departure yet."))
    words = language.gettext(N_("Risks reviewed: {when}"))
    return words.format(when=" ".join(zoned_time_lines(read, language)))
