# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Keeping of a plan: its retention period, its legal hold, and erasing the client.

The end of a plan and its conditions are in the section Decision. This one is about what follows:
a hold restricts instead of erasing, and before an erasure the user sees what goes, what stays and
why.
"""

from functools import partial

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.plan import Plan
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text
from kfdesk.services.core.authorization import is_held
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.plans.retention import (
    lift_legal_hold,
    set_legal_hold,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms import record_form
from kfdesk.ui.pages.plan.erasure import EraseCard
from kfdesk.ui.plan_sections import PlanSection, SectionProgress
from kfdesk.ui.tokens import RESERVE, Tone
from kfdesk.ui.widgets.build import LEFT, STRETCH, aligned, extend, muted, row, text
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.inputs import LabelledField, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame
from kfdesk.ui.widgets.painting import Completion

# --- Legal hold


class LegalHoldCard(CardFrame):
    """The card with the restriction and its reason."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._plan = b""
        self.add_heading(kit, N_("Restrict instead of erasing"), "lock")
        self.banner = Banner(kit, Tone.INFO, "lock")
        under = N_(
            "If a court, an authority or a claim of hers needs it, the plan stays as "
            "it is: it can be read, but neither changed nor erased. What a partner's "
            "file contains is put beside it, and values replaced earlier are kept, too."
        )
        self.under = muted(kit, under)
        self.entry = TextEntry()
        self.reason = LabelledField(kit, N_("Why it must be kept"), self.entry)
        self.restrict = Button(kit, N_("Restrict this plan"), "lock", on=self._on_restrict)
        self.lift = Button(kit, N_("Lift the restriction"), "undo-2", on=self._on_lift)
        foot = row(-RESERVE, self.restrict, self.lift, STRETCH, gap=8)
        extend(self.body, self.banner, self.under, self.reason, foot)

    def show_plan(self, page: PlanPage) -> None:
        """Show whether this plan is restricted, and why."""
        reason, may = page.plan.record.legal_hold, self._desk.may(Right.LEGAL_HOLD)
        shut = is_held(page.plan.row)
        why = reason if isinstance(reason, str) else ""
        self._plan = page.plan.rid
        self.banner.set_message(N_("This plan is restricted: it can only be read."), lambda _: why)
        self.banner.setVisible(shut)
        self.reason.setVisible(may and not shut)
        self.restrict.setVisible(may and not shut)
        self.lift.setVisible(may and shut)

    def _on_restrict(self) -> None:
        desk, plan, reason = self._desk, self._plan, self.entry.text()
        hold = partial(set_legal_hold, desk, plan, reason)
        self._kit.worker.run(hold, self._on_done, self._on_refused)

    def _on_lift(self) -> None:
        desk, plan = self._desk, self._plan
        self._kit.worker.run(
            lambda: lift_legal_hold(desk, plan), self._on_done, self._kit.events.failed.emit
        )

    def _on_refused(self, fault: KfdeskError) -> None:
        """Say what is wrong, where a reason can be written at once."""
        self._kit.events.failed.emit(fault)
        self.entry.setFocus()

    def _on_done(self, done: Saved) -> None:
        self.entry.clear()
        self._kit.events.changed.emit(done.types)


# --- The section


class RetentionSection(PlanSection):
    """The section about how long a plan is kept, and how it ends."""

    key = "keeping"
    label = N_("Retention")
    icon = "archive"

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        card = CardFrame()
        card.add_heading(kit, N_("How long it is kept"), "calendar-clock")
        self.until = text(kit)
        under = N_("The day is set when the plan closes, under Decision, and she is told of it. A "
            "month before, Today shows a reminder.")  # fmt: skip
        self._plan = b""
        self.set_day = Button(kit, N_("Set the day"), "calendar-clock")
        self.set_day.clicked.connect(
            lambda: self.field_asked.emit("plan", self._plan, "retention_until")
        )
        extend(card.body, self.until, muted(kit, under), aligned(self.set_day, LEFT))
        self.hold = LegalHoldCard(kit, desk)
        self.erase = EraseCard(kit, desk)
        for part in (card, self.hold, self.erase):
            extend(self.column, part)

    def show_plan(self, page: PlanPage) -> None:
        plan, self._plan = page.plan.record, page.plan.rid
        is_led = page.may_edit and plan.state in record_form.CLOSING_FIELDS.states
        self.set_day.setVisible(is_led)
        self.until.set_message(lambda language: _until(plan, language))
        self.hold.show_plan(page)
        self.erase.show_plan(page)

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        return SectionProgress(Completion.EMPTY, N_("restricted") if is_held(page.plan.row) else "")


def _until(plan: Plan, language: Language) -> str:
    if plan.retention_until is None:
        return language.gettext(N_("No day is set yet."))
    day = value_text(field_of("plan", "retention_until"), plan.retention_until, language)
    return language.gettext(N_("Kept until {day}.")).format(day=day)
