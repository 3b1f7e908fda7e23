# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Keeping of a plan: its retention period, its legal hold, and erasing the client.

The end of a plan and its conditions are in the section Decision. This one is about what follows:
a hold restricts instead of erasing, and before an erasure the user sees what goes, what stays and
why.
"""

from functools import partial

from kfdesk.domain.accounts import Right, fold_initials
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import ERASURE_REASONS
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.plan import Plan
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text
from kfdesk.services.core.authorization import is_held
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.plans.retention import (
    ErasurePreview,
    lift_legal_hold,
    preview_erasure,
    set_legal_hold,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms import record_form
from kfdesk.ui.plan_sections import PlanSection, SectionProgress
from kfdesk.ui.tokens import RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import LEFT, STRETCH, aligned, column, extend, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, clear_layout
from kfdesk.ui.widgets.painting import Completion

# --- Erasure

_WHAT_STAYS = (
    N_("A record that data was erased here, when and why. It contains no name, and "
        "prevents an old file or an old backup from restoring the data."),
    N_("Which files and papers went to whom, by number only, so that partners can also be "
        "asked to erase."),
    N_("Who did what here, with the names of fields but never their contents, so that "
        "misuse can be found."),
    N_("Backups made earlier. Those older than 35 days are deleted when a new one is made in the "
       "same folder."),
)  # fmt: skip


class EraseCard(CardFrame):
    """The card that erases the client, and says what stays; hidden without the right to."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._client = b""
        self._code = ""
        self._leaving = ErasurePreview()
        self.add_heading(kit, N_("Erase all her data permanently"), "trash-2")
        self.look = Button(kit, N_("Show what would be erased"), "eye", on=self._on_look_clicked)
        self.said = column(gap=4)
        self.why = ChoiceBox(kit)
        self.why.set_options([(str(reason), words) for reason, words in ERASURE_REASONS.items()])
        self.typed = TextEntry()
        self.typed.textChanged.connect(self._judge)
        self.reason = LabelledField(kit, N_("Why"), self.why)
        self.code = LabelledField(kit, N_("Type the code of the plan to erase"), self.typed)
        self.erase = Button(kit, N_("Erase permanently"), "trash-2", ButtonLook.DANGER)
        self.erase.clicked.connect(self._on_erase_clicked)
        foot = row(-RESERVE, self.look, self.erase, STRETCH, gap=8)
        extend(self.body, self.said, self.reason, self.code, foot)
        self._fold(is_open=False)

    def show_plan(self, page: PlanPage) -> None:
        """Show the client of this plan; an earlier preview must be made again."""
        code = page.client.record.code
        self._client, self._code = page.client.rid, code if isinstance(code, str) else ""
        self.setVisible(self._desk.may(Right.ERASE))
        self._fold(is_open=False)

    def _on_look_clicked(self) -> None:
        desk, client = self._desk, self._client
        failed = self._kit.events.failed.emit
        self._kit.worker.run(lambda: preview_erasure(desk, client), self._on_read, failed)

    def _on_read(self, leaving: ErasurePreview) -> None:
        self._leaving = leaving
        self._fold(is_open=True)
        self._say(N_("What is erased"), TextStyle.LABEL)
        self._say(partial(_counts, leaving))
        self._say(N_("What stays, and why"), TextStyle.LABEL)
        for words in _WHAT_STAYS:
            self._say(words)
        if leaving.holders:
            self._say(partial(_holders_text, leaving))
        if leaving.is_held:
            self._say(N_("One of her plans is restricted and must be kept. Nothing is erased."))
        self._judge()
        self.why.setFocus()  # the button that was pressed is gone

    def _say(self, words: Message, style: TextStyle = TextStyle.BODY) -> None:
        tone = Tone.MUTED if style is TextStyle.LABEL else Tone.PLAIN
        label = text(self._kit, "", style, tone)
        label.set_message(words)
        extend(self.said, label)

    def _judge(self) -> None:
        is_hers = bool(self._code) and fold_initials(self.typed.text()) == fold_initials(self._code)
        self.erase.setEnabled(is_hers and not self._leaving.is_held)

    def _fold(self, *, is_open: bool) -> None:
        clear_layout(self.said)
        self.typed.clear()
        self.look.setVisible(not is_open)
        for part in (self.reason, self.code, self.erase):
            part.setVisible(is_open)

    def _on_erase_clicked(self) -> None:
        desk, client, why = self._desk, self._client, ErasureReason(self.why.key)
        failed = self._kit.events.failed.emit
        self._kit.worker.run(lambda: erase_client(desk, client, why), self._on_erased, failed)

    def _on_erased(self, changes: Changes) -> None:
        self._kit.events.changed.emit(changes.types)
        self._kit.notify(N_("Erased permanently."))


def _counts(leaving: ErasurePreview, language: Language) -> str:
    parts = (
        f"{language.gettext(RECORD_TYPE_NAMES[name])}: {n}" for name, n in leaving.records.items()
    )
    return " · ".join(parts)


def _holders_text(leaving: ErasurePreview, language: Language) -> str:
    words = language.gettext(N_("These have some of her data; ask them to erase it, too: {names}"))
    return words.format(names=language.listing(leaving.holders))


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
        failed = self._kit.events.failed.emit
        self._kit.worker.run(lambda: set_legal_hold(desk, plan, reason), self._on_done, failed)

    def _on_lift(self) -> None:
        desk, plan = self._desk, self._plan
        self._kit.worker.run(
            lambda: lift_legal_hold(desk, plan), self._on_done, self._kit.events.failed.emit
        )

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
