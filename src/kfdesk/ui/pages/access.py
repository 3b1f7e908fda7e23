# SPDX-License-Identifier: GPL-3.0-or-later
"""Access to plans of others: what a user may not open, and break-glass access with a reason.

Break-glass access opens a plan for reading until the store is locked; its owner sees the
reason. The services decide who may do what. This module shows their answer, and says what is
covered: nobody should take a covered field for an empty one.
"""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.i18n.language import Language
from kfdesk.services.core.authorization import READ_RIGHTS, is_held
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.plans import emergency_access
from kfdesk.services.plans.emergency_access import BreakGlassAccess, LockedPlan
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import written_at
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import LEFT, STRETCH, aligned, column, extend, muted, on_escape, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import LabelledField, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label

# --- cards on Today

_OPENING_COLUMNS = (
    ColumnSpec(N_("Plan")),
    ColumnSpec(N_("What happened"), stretches=True),
    ColumnSpec(N_("When")),
)
_EVENT_WORDS = {
    "departed": N_("Has left"),
    "arrived": N_("Has arrived"),
    "missed": N_("Missed"),
    "checked_in": N_("Check-in"),
}
_OPENINGS_TITLE = N_("Opened with a reason")


class BreakGlassCard(CardFrame):
    """Break-glass accesses that the owner of the plans has not seen yet; hidden without any.

    `chosen` carries a plan's id.
    """

    chosen = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._desk = desk
        self._openings: tuple[BreakGlassAccess, ...] = ()
        self.body.setContentsMargins(0, 14, 0, 0)
        head = self.add_heading(kit, _OPENINGS_TITLE, "eye", Tone.WARNING)
        head.setContentsMargins(16, 0, 16, 4)
        self.seen = Button(kit, N_("Mark as seen"), "check", ButtonLook.QUIET)
        self.seen.clicked.connect(self._on_seen_clicked)
        extend(head, self.seen)
        self.table = TableView(kit, _OPENING_COLUMNS)
        kit.translator.bind(self.table.setAccessibleName, _OPENINGS_TITLE)
        self._plans: list[bytes] = []
        self.table.chosen.connect(lambda row: self.chosen.emit(self._plans[row]))
        extend(self.body, self.table)
        kit.translator.changed.connect(self._show)
        self.hide()

    @task
    async def read(self) -> None:
        """Read the openings again."""
        desk = self._desk
        if any(map(desk.may, READ_RIGHTS)):
            openings = await call(self._kit, emergency_access.list_break_glass_accesses, desk)
            self._openings = openings
            self._show()

    def _show(self) -> None:
        language = self._kit.translator.language
        rows = [
            (one.plan, cells) for one in self._openings for cells in _opening_rows(one, language)
        ]
        self._plans = [plan for plan, _ in rows]
        self.table.show_rows([cells for _, cells in rows])
        self.table.fit_height()
        self.setVisible(bool(self._openings))

    def _on_seen_clicked(self) -> None:
        desk = self._desk
        self._kit.worker.run(
            lambda: emergency_access.mark_accesses_seen(desk), lambda _: self.read()
        )


def _opening_rows(one: BreakGlassAccess, language: Language) -> Iterator[tuple[TableCell, ...]]:
    """Yield a row for the opening, and one for each leg with what was recorded then."""
    code, when = TableCell(one.code or "–", is_strong=True), written_at(one.milliseconds, language)
    places = {"initials": one.opened_by or "–", "code": one.code or "–"}
    said = language.gettext(N_("{initials} opened {code} with a reason")).format(**places)
    yield code, TableCell(said, one.reason), TableCell(when)
    words = language.gettext(N_("{initials} recorded what happened on leg {number}"))
    for number in dict.fromkeys(number for number, _ in one.wrote):
        what = [language.gettext(_EVENT_WORDS[key]) for leg, key in one.wrote if leg == number]
        said = words.format(number=number, **places)
        yield code, TableCell(said, " · ".join(what), "route", Tone.INFO), TableCell()


_LOCKED_COLUMNS = (ColumnSpec(N_("Plan")), ColumnSpec(N_("How to open it"), stretches=True))
_HOW_TO_OPEN = N_("With a reason; the person responsible is told")


class OthersPlansCard(CardFrame):
    """The plans of others that the user may open with a reason. `chosen` carries a plan's id."""

    chosen = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._desk = desk
        self._plans: tuple[LockedPlan, ...] = ()
        self.body.setContentsMargins(0, 14, 0, 0)
        self.add_heading(kit, N_("Other people's plans"), "lock").setContentsMargins(16, 0, 16, 4)
        self.table = TableView(kit, _LOCKED_COLUMNS)
        kit.translator.bind(self.table.setAccessibleName, N_("Other people's plans"))
        self.table.chosen.connect(lambda row: self.chosen.emit(self._plans[row].rid))
        extend(self.body, self.table)
        kit.translator.changed.connect(self._show_plans)
        self.hide()

    def read(self) -> None:
        """Read again which plans are closed to the user."""
        desk = self._desk
        if desk.may(Right.OPEN_WITH_REASON) and not desk.may(Right.READ_ALL):
            self._kit.worker.run(lambda: emergency_access.list_locked_plans(desk), self._on_read)

    def _on_read(self, plans: tuple[LockedPlan, ...]) -> None:
        self._plans = plans
        self._show_plans()

    def _show_plans(self) -> None:
        how = self._kit.translator.translate(_HOW_TO_OPEN)
        self.table.show_rows(
            [
                (
                    TableCell(plan.code or "–", is_strong=True),
                    TableCell(how, icon="lock", tone=Tone.MUTED),
                )
                for plan in self._plans
            ]
        )
        self.table.fit_height()
        self.setVisible(bool(self._plans))


# --- pages in place of others

NOT_IN_YOUR_ROLES = N_("Your roles do not include this")
WHOM_TO_ASK = N_("Settings shows who can change roles here.")


class NoAccessPage(Page, QWidget):
    """The page in place of one that the user's roles do not include, under the same title."""

    def __init__(self, kit: UiContext, title: Message) -> None:
        super().__init__()
        card = CardFrame()
        extend(card.body, EmptyState(kit, "lock", NOT_IN_YOUR_ROLES, WHOM_TO_ASK))
        margin = PAGE_MARGIN
        column(
            Label(kit, title, TextStyle.DISPLAY),
            card,
            STRETCH,
            gap=CARD_GAP,
            margins=(margin, margin - 4, margin, margin),
            on=self,
        )


_LOCKED_WIDTH = 640
_BREAK_GLASS_NOTICE = (
    N_("It stays open for reading until the program is locked. It cannot be printed."),
    N_("Her story, notes and documents stay hidden."),
    N_("What happens on her journey can be recorded; everything else can only be read."),
    N_("The reason is kept with the plan, and the person responsible is told."),
)


class LockedPlanPage(QWidget):
    """A plan of somebody else: open it with a reason, or go back.

    `opened` carries the plan's id; `closed` asks for the list.
    """

    opened = Signal(bytes)
    closed = Signal()

    def __init__(self, kit: UiContext, desk: Session, rid: bytes) -> None:
        super().__init__()
        on_escape(self, self.closed.emit)
        self._kit = kit = kit.about_client(self, Pronoun.CLIENT)
        self._desk = desk
        self._rid = rid
        self._may = desk.may(Right.OPEN_WITH_REASON)
        self._code = Label(kit, style=TextStyle.DISPLAY)
        self.back = Button(kit, N_("Back to the list"), "chevron-left", ButtonLook.QUIET)
        self.back.clicked.connect(self.closed)
        self.reason = TextEntry()
        self.field = LabelledField(kit, N_("Why must you read it now?"), self.reason)
        self.open_button = Button(kit, N_("Open"), "eye", ButtonLook.PRIMARY, self.open_with_reason)
        self.reason.returnPressed.connect(self.open_with_reason)
        self.reason.textEdited.connect(lambda _typed: self.field.clear_note())
        self._lay_out()
        if self._may:
            kit.worker.run(
                lambda: emergency_access.read_locked_plan(desk, rid),
                self._on_read,
                self._on_refused,
            )

    def open_with_reason(self) -> None:
        """Open the plan with the typed reason."""
        desk, rid, reason = self._desk, self._rid, self.reason.text()
        if not reason.strip():
            self.field.show_error(
                N_("Write in a few words why. The person responsible for the plan will see this.")
            )
            self.reason.setFocus()
            return
        self._kit.worker.run(
            lambda: emergency_access.open_with_reason(desk, rid, reason),
            self._on_opened,
            self._on_refused,
        )

    def place(self) -> str:
        """Return the place: the plan's id, without a section."""
        return f"{self._rid.hex()}/"

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the reason or, without the right, to Back."""
        (self.reason if self._may else self.back).setFocus(event.reason())

    def _lay_out(self) -> None:
        card = CardFrame()
        under = N_("Someone else is responsible for it.") if self._may else WHOM_TO_ASK
        extend(card.body, EmptyState(self._kit, "lock", N_("This is someone else's plan"), under))
        card.setMaximumWidth(_LOCKED_WIDTH)
        if self._may:
            self._fill(card)
        margin = PAGE_MARGIN
        column(
            aligned(self.back, LEFT),
            self._code,
            card,
            STRETCH,
            gap=CARD_GAP,
            margins=(margin, margin - 4, margin, margin),
            on=self,
        )

    def _fill(self, card: CardFrame) -> None:
        extend(card.body, 8, self.field)
        for sentence in _BREAK_GLASS_NOTICE:
            extend(card.body, muted(self._kit, sentence, TextStyle.SMALL))
        extend(card.body, row(STRETCH, self.open_button))

    def _on_read(self, plan: LockedPlan) -> None:
        self._code.show_text(plan.code or "–")

    def _on_opened(self, changes: Changes) -> None:
        self._kit.events.changed.emit(changes.types)
        self.opened.emit(self._rid)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._kit.events.failed.emit(fault)
        self.closed.emit()


# --- read-only plans

_READ_ONLY = N_("You can read this plan, but not change it.")
_ON_HOLD = N_(
    "This plan must be kept as it is, and can only be read. The reason is under Retention."
)
_EVENTS_ONLY = N_(
    "You can read this plan. Under Travel you can record what happens on the way, but nothing else."
)
_PARTS_COVERED = N_("Her story, notes and documents are hidden. They look empty, but may not be.")


class ReadOnlyBanner(Banner):
    """The banner above a plan that the user may read but not change; else hidden."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, Tone.INFO, "eye")
        self._desk = desk
        self.hide()

    def show_plan(self, page: PlanPage) -> None:
        """Show what the user may do in this plan."""
        is_opened = page.plan.rid in self._desk.opened
        read = _ON_HOLD if is_held(page.plan.row) else _READ_ONLY
        self.set_message(
            _EVENTS_ONLY if is_opened else read, _PARTS_COVERED if page.covered else ""
        )
        self.setVisible(not page.may_edit)
