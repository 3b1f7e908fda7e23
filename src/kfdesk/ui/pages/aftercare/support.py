# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Support of a plan: the client's goals, and the services for them.

Both lists are `RecordList`s; this module has their fields, their summaries and the buttons beside
a line. A goal leads to people in the directory who can help with it, a service to a referral.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal

from kfdesk.domain.codes.case import NEED_DOMAIN
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.plans.aftercare import (
    create_referral,
)
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import plan_form_options
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.plan_sections import PlanSection, SectionProgress, is_plan_read_only
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tokens import CONTROL_COMPACT, TextStyle, Tone
from kfdesk.ui.widgets.build import extend, muted
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.painting import Completion

_LOOKS: Mapping[str, tuple[Tone, str]] = {
    "met": (Tone.SUCCESS, "circle-check"),
    "completed": (Tone.SUCCESS, "circle-check"),
    "in_progress": (Tone.INFO, "circle-dot"),
    "partly_met": (Tone.INFO, "circle-dot"),
    "referred": (Tone.INFO, "send"),
    "waiting": (Tone.WARNING, "clock"),
    "interrupted": (Tone.WARNING, "clock"),
}
_LET_GO = frozenset({"met", "dropped_by_client"})
_TO_REFER = frozenset({None, "offered", "accepted"})


_NO_BREAK = "\u00a0"  # keeps `goal 3 – good` on one line


class GoalList(RecordList):
    """The client's goals.

    `help_asked` leads to who can help with one (`HelpTopic`).
    """

    help_asked = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self._names: Mapping[str, str] = {}
        self.helps: dict[bytes, Button] = {}
        listing = RecordListSpec(
            record_type="goal",
            keys=("aim", "domain", "need_level", "baseline", "progress", "target", "due", "status",
                  "organisation", "owner"),
            title=N_("Her goals"),
            icon="sprout",
            add=N_("Add a goal"),
            empty=N_("No goal yet. Ask her what she wants, and write it in her own words."),
            sum_up=self._sum_up,
            rows=(("domain", "need_level"), ("baseline", "target"), ("progress", "status"),
                  ("due", "owner")),
            starts_with=lambda: {"status": "planned", "owner": desk.user},
            beside=self._beside,
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show the goals of this plan."""
        self._names = dict(page.choices.organisations)
        views = page.case.all_views("goal")
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _sum_up(self, one: RecordView[Any], language: Language) -> Summary:
        goal = one.record
        steps = [
            language.gettext(words)
            .format(score=answer_text(one, key, language))
            .replace(" ", _NO_BREAK)
            for key, words in (
                ("baseline", N_("began at {score}")),
                ("progress", N_("now {score}")),
                ("target", N_("goal {score}")),
            )
            if getattr(goal, key) is not None
        ]
        by_when = answer_text(one, "due", language)
        under = (
            answer_text(one, "need_level", language),
            self._names.get(str(goal.organisation), ""),
            language.gettext(N_("by {day}")).format(day=by_when) if by_when else "",
        )
        return _summary(one, goal_text(one, language), under, steps, language)

    def _beside(self, one: RecordView[Any]) -> Sequence[Button]:
        if one.record.status in _LET_GO:
            return []
        button = Button(self._kit, N_("Find help"), "book-user", ButtonLook.QUIET)
        button.with_height(CONTROL_COMPACT)
        name, said_ = N_("Find help: {aim}"), partial(goal_text, one)
        self._kit.translator.bind(button.setAccessibleName, name, aim=said_)
        button.clicked.connect(lambda: self.help_asked.emit(("goal", one.rid, one.record.domain)))
        self.helps[one.rid] = button
        return [button]


class ServiceList(RecordList):
    """The services for the goals."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self._names: Mapping[str, str] = {}
        self._aims: Mapping[str, RecordView[Any]] = {}
        self.referrals: dict[bytes, Button] = {}
        listing = RecordListSpec(
            record_type="service",
            keys=("what", "goal", "domain", "organisation", "status", "begins", "ends", "cost",
                  "currency", "funding"),
            title=N_("Services"),
            icon="briefcase",
            add=N_("Add a service"),
            empty=N_("No service yet. What helps her reach a goal is listed here, with who "
                "provides it."),
            sum_up=self._sum_up,
            rows=(("goal", "domain"), ("organisation", "status"), ("begins", "ends"),
                  ("cost", "currency")),
            starts_with=lambda: {"status": "offered"},
            beside=self._beside,
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show the services of this plan."""
        self._names = dict(page.choices.organisations)
        self._aims = {one.rid.hex(): one for one in page.case.all_views("goal")}
        views = page.case.all_views("service")
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _sum_up(self, one: RecordView[Any], language: Language) -> Summary:
        service = one.record
        aim = self._aims.get(str(service.goal))
        title = localized_text(service.what, language) or goal_text(one, language)
        under = (
            self._names.get(str(service.organisation), ""),
            goal_text(aim, language) if aim is not None else "",
            *(answer_text(one, key, language) for key in ("begins", "ends", "funding")),
        )
        return _summary(one, title, under, (), language)

    def _beside(self, one: RecordView[Any]) -> Sequence[Button]:
        if one.record.status not in _TO_REFER:
            return []
        button = Button(self._kit, N_("Refer her"), "send", ButtonLook.QUIET)
        button.with_height(CONTROL_COMPACT)
        button.clicked.connect(partial(self._on_refer_clicked, one.rid))
        self.referrals[one.rid] = button
        return [button]

    def _on_refer_clicked(self, rid: bytes) -> None:
        desk = self._desk
        failed = self._kit.events.failed.emit
        self._kit.worker.run(lambda: create_referral(desk, rid), self._on_referred, failed)

    def _on_referred(self, done: Sequence[Saved]) -> None:
        notify_done(self._kit, self._desk, done, N_("Referred, with her consent."))


def goal_text(one: RecordView[Any], language: Language) -> str:
    """Return a goal in her words, else the area of life of the goal or service."""
    words = localized_text(getattr(one.record, "aim", None), language)
    domain = NEED_DOMAIN.get(str(one.record.domain), "")
    return words or (language.gettext(domain) if domain else "–")


def answer_text(one: RecordView[Any], key: str, language: Language) -> str:
    """Return a value as text; empty where it was not asked."""
    value = getattr(one.record, key)
    return "" if value is None else value_text(field_of(one.row.type, key), value, language)


def _summary(
    one: RecordView[Any], title: str, under: Sequence[str], steps: Sequence[str], language: Language
) -> Summary:
    tone, icon = _LOOKS.get(str(one.record.status), (Tone.MUTED, "circle-dashed"))
    status = answer_text(one, "status", language)
    line = " · ".join(part for part in under if part)
    return Summary(title, line, tone, icon, status, " · ".join(steps))


_OPEN = frozenset({None, "planned", "in_progress"})


class SupportSection(PlanSection):
    """The section of goals and services."""

    key = "support"
    label = N_("Rehabilitation")
    types = frozenset({"goal", "service"})
    icon = "sprout"

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        under = N_("The support plan is under Print. Both of you sign it.")
        extend(self.column, muted(kit, under, TextStyle.SMALL))
        self.goals, self.services = GoalList(kit, desk), ServiceList(kit, desk)
        self.goals.help_asked.connect(self.help_asked)
        self.add_list(self.goals)
        self.add_list(self.services)

    def show_plan(self, page: PlanPage) -> None:
        """Show the goals and services of this plan."""
        is_shut = is_plan_read_only(page)
        language = self.kit.translator.language
        offers = plan_form_options(self.kit, page, self.desk)
        aims = [(one.rid.hex(), goal_text(one, language)) for one in page.case.all_views("goal")]
        self.goals.offers = offers
        self.services.offers = replace(offers, references={**offers.references, "goal": aims})
        self.goals.show_page(page, is_read_only=is_shut)
        self.services.show_page(page, is_read_only=is_shut)

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return how many goals are open."""
        count = sum(one.record.status in _OPEN for one in page.case.all_views("goal"))
        return SectionProgress(Completion.EMPTY, (lambda _: str(count)) if count else "")
