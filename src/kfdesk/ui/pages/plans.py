# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Plans: the list of plans, the intake of a new client, and the open plan.

`PlansPage` switches between them. `IntakePage` has only the first questions, none of them
required: typed values are a draft at once, "Begin" creates the client and a draft plan, and what
is not asked today appears as a gap in the plan. `PlanList` shows who leaves first on top.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text, zoned_time_lines
from kfdesk.services.core.authorization import EDIT_RIGHTS
from kfdesk.services.core.drafts import FormState as Held
from kfdesk.services.core.drafts import OpenDraft, discard_draft
from kfdesk.services.core.records import delete_record
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.plans import plans
from kfdesk.services.plans.case import (
    IntakeDraft,
    create_plan,
    new_client_code,
    read_intake_draft,
    save_intake_draft,
)
from kfdesk.services.plans.plans import PlanLine
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.forms.form import Form
from kfdesk.ui.pages.access import LockedPlanPage, OthersPlansCard
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.plan_sections import FixTarget, HelpRequest
from kfdesk.ui.record_views import STATE_LOOKS, state_word, written_at
from kfdesk.ui.tokens import CARD_GAP, FIELD_GAP, PAGE_MARGIN, TextStyle, Tone
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, EmptyState
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Icon, Label

# --- Intake

_CLIENT_KEYS = ("languages", "needs_interpreter", "safe_contact", "alias")
_PLAN_KEYS = ("wish", "to_country")
_BEGIN_KEYS = ("Ctrl+Return", "Ctrl+Enter")


class IntakePage(QWidget):
    """The intake page; `begun` carries the new plan's id, `closed` leads back to the list."""

    begun = Signal(bytes)
    closed = Signal()

    def __init__(self, kit: UiContext, desk: Session, rid: bytes | None = None) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.rid = rid or desk.new_id()
        self._code = ""
        self._is_kept = True
        self._is_over = False
        self.code = Label(kit, style=TextStyle.DISPLAY, tone=Tone.ACCENT)
        self.another = Button(kit, N_("Another code"), "refresh-cw", ButtonLook.QUIET)
        self.client = Form(kit, "client", _CLIENT_KEYS, rows=(_CLIENT_KEYS[:2],))
        self.plan = Form(kit, "plan", _PLAN_KEYS, rows=(_PLAN_KEYS,))
        self.state = Label(kit, style=TextStyle.SMALL, tone=Tone.MUTED).wrapped()
        self.back = Button(kit, N_("Back to the list"), "chevron-left", ButtonLook.QUIET).bared()
        self.back.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.drop = Button(kit, N_("Discard"), "trash-2", ButtonLook.QUIET)
        self.go = Button(kit, N_("Begin"), "check", ButtonLook.PRIMARY).show_key(_BEGIN_KEYS[0])
        self._lay_out()
        self._listen()
        if rid is None:
            self.draw_code()
        else:
            kit.worker.run(lambda: read_intake_draft(desk, rid), self._on_found)

    def draw_code(self) -> None:
        """Draw a random code that no client has."""
        self._kit.worker.run(lambda: new_client_code(self._desk), self._show_code)

    def save_draft(self) -> None:
        """Save the typed values as a draft now."""
        self._save_draft(lambda _: self._on_kept())

    def begin(self) -> None:
        """Create the client and a draft plan, or focus the first field with an invalid value."""
        for form in (self.client, self.plan):
            wrong = form.validate()
            if wrong is not None:
                form.focus_on(wrong)
                return
        if self._is_over:
            return
        self._is_over = True
        desk, talk = self._desk, self._talk()
        self._kit.worker.run(
            lambda: create_plan(desk, talk.client.values, talk.plan.values, talk.rid),
            self._on_begun,
            self._on_refused,
        )

    def discard(self) -> None:
        """Discard the draft and close the page; undo restores the draft."""
        kit, desk, talk = self._kit, self._desk, self._talk()
        self._is_over = True

        def keep_again() -> None:
            kit.worker.run(
                lambda: save_intake_draft(desk, talk), lambda _: kit.events.drafts_changed.emit()
            )

        def tell(_gone: object) -> None:
            kit.events.drafts_changed.emit()
            kit.notify(N_("Draft discarded."), keep_again)

        kit.worker.run(lambda: discard_draft(desk, talk.rid), tell)
        self.closed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the first field."""
        super().focusInEvent(event)
        self.client.focus_on(_CLIENT_KEYS[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the list on Esc; the typed values stay as a draft."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Save a draft when the user leaves the page."""
        self.save_draft()
        super().hideEvent(event)

    def _save_draft(self, done: Callable[[None], None] | None = None) -> None:
        if self._is_kept or self._is_over:
            return
        self._is_kept = True
        desk, talk = self._desk, self._talk()
        self._kit.worker.run(lambda: save_intake_draft(desk, talk), done)

    def _on_lock_began(self) -> None:
        """Save the draft before the store closes, without a report that nobody could see."""
        self._save_draft()

    def _talk(self) -> IntakeDraft:
        hers, plans = self.client, self.plan
        client = Held("client", {"code": self._code, **hers.changes()}, hers.unparsed())
        return IntakeDraft(self.rid, client, Held("plan", plans.changes(), plans.unparsed()))

    def _listen(self) -> None:
        for form in (self.client, self.plan):
            form.edited.connect(self._on_edited)
            form.draft_asked.connect(self.save_draft)
        self._kit.events.lock_began.connect(self._on_lock_began)
        self.another.clicked.connect(self._on_another_clicked)
        self.back.clicked.connect(self.closed)
        self.drop.clicked.connect(self.discard)
        self.go.clicked.connect(self.begin)
        for keys in _BEGIN_KEYS:
            heard = QShortcut(QKeySequence(keys), self)
            heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            heard.activated.connect(self.begin)

    def _lay_out(self) -> None:
        kit = self._kit
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        margin = PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(CARD_GAP)
        title = QHBoxLayout()
        title.setSpacing(4)
        under = N_("Nothing has to be filled in. What is not asked today waits in the plan.")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(kit, N_("New plan"), TextStyle.DISPLAY))
        words.addWidget(Label(kit, under, tone=Tone.MUTED).wrapped())
        title.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        title.addLayout(words, 1)
        column.addLayout(title)
        column.addWidget(self._make_code_card())
        column.addWidget(self._make_form_card())
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)
        _set_intake_tab_order(self)

    def _make_code_card(self) -> CardFrame:
        card = CardFrame()
        row = QHBoxLayout()
        row.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(self._kit, N_("Her code"), TextStyle.LABEL, Tone.MUTED))
        words.addWidget(self.code)
        says = N_("Say and write the code instead of her name. It says nothing of her.")
        words.addWidget(Label(self._kit, says, TextStyle.SMALL, Tone.MUTED).wrapped())
        row.addWidget(Icon(self._kit, "user", Tone.MUTED))
        row.addLayout(words, 1)
        row.addWidget(self.another)
        card.body.addLayout(row)
        return card

    def _make_form_card(self) -> CardFrame:
        card = CardFrame()
        card.body.setSpacing(FIELD_GAP)
        card.body.addWidget(self.client)
        card.body.addWidget(self.plan)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.drop)
        foot.addWidget(self.go)
        card.body.addLayout(foot)
        return card

    def _show_code(self, code: str) -> None:
        self._code = code
        self.code.show_text(code)
        self._kit.translator.bind(
            self.another.setAccessibleDescription, N_("Now it is {code}."), code=lambda _: code
        )

    def _on_another_clicked(self) -> None:
        self._is_kept = False
        self.draw_code()

    def _on_found(self, talk: IntakeDraft | None) -> None:
        """Resume an intake; begin a new one if it was completed or discarded meanwhile."""
        if talk is None:
            self.rid = self._desk.new_id()
            self.draw_code()
            return
        code = talk.client.values.get("code")
        hers = {key: value for key, value in talk.client.values.items() if key in _CLIENT_KEYS}
        self.client.restore(hers, talk.client.typed)
        self.plan.restore(talk.plan.values, talk.plan.typed)
        self._is_kept = True
        if isinstance(code, str) and code:
            self._show_code(code)
        else:
            self.draw_code()

    def _on_edited(self) -> None:
        self._is_kept = False

    def _on_kept(self) -> None:
        """Report the saved draft, even if this page is gone meanwhile."""
        self._kit.events.drafts_changed.emit()
        if not isValid(self):
            return
        now = self._desk.milliseconds
        self.state.set_message(
            N_("Draft saved {time}"), time=lambda language: written_at(now, language)
        )

    def _on_begun(self, done: tuple[bytes, Changes]) -> None:
        plan, changes = done
        kit, desk, rid, code = self._kit, self._desk, self.rid, self._code

        def put_away() -> None:
            kit.worker.run(
                lambda: delete_record(desk, rid), lambda gone: kit.events.changed.emit(gone.types)
            )

        self.begun.emit(plan)
        kit.events.drafts_changed.emit()
        kit.events.changed.emit(changes.types)
        kit.notify(N_("Begun: {code}."), put_away, code=lambda _: code)

    def _on_refused(self, fault: object) -> None:
        self._is_over = False
        self._kit.events.failed.emit(fault)


def _set_intake_tab_order(page: IntakePage) -> None:
    """Set the tab order: the fields, the buttons, and the code last."""
    QWidget.setTabOrder(page.go, page.drop)
    QWidget.setTabOrder(page.drop, page.another)
    QWidget.setTabOrder(page.another, page.back)


# --- List and open plan

_LIST_TYPES = frozenset({"client", "plan", "leg"})
_PLAN_COLUMNS = (
    ColumnSpec(N_("Plan")),
    ColumnSpec(N_("State")),
    ColumnSpec(N_("Journey"), stretches=True),
    ColumnSpec(N_("Leaves")),
    ColumnSpec(N_("To decide")),
)


NEW_PLAN_KEY = "Ctrl+N"
_NEW_PLACE = "new"


class PlansPage(Page, QStackedWidget):
    """The list, one plan, or a plan being entered.

    `help_asked` carries the step of a plan for which somebody in the directory is needed,
    `entry_asked` the id of an entry in it.
    """

    help_asked = Signal(object)
    entry_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._plan: PlanView | None = None
        self._intake: IntakePage | None = None
        self._locked: LockedPlanPage | None = None
        self.listing = PlanList(kit, desk)
        self.listing.chosen.connect(self.open_plan)
        self.listing.new_asked.connect(self.begin_plan)
        self.addWidget(self.listing)

    @property
    def plan(self) -> PlanView | None:
        """The plan on view."""
        return self._plan

    @property
    def intake(self) -> IntakePage | None:
        """The intake on view."""
        return self._intake

    def open_plan(
        self,
        rid: bytes,
        draft: OpenDraft | None = None,
        *,
        section: str = "",
        goal: FixTarget | None = None,
    ) -> None:
        """Show one plan in place of the list.

        It opens in a section, at a field, or resumes a draft.
        """
        self._close_page()
        self._plan = view = PlanView(self._kit, self._desk, rid)
        view.closed.connect(self.show_list)
        view.locked.connect(lambda: self.show_locked(rid))
        view.other_asked.connect(self.open_plan)
        view.help_asked.connect(self.help_asked)
        view.entry_asked.connect(self.entry_asked)
        view.return_to(section)
        if draft is not None:
            view.resume_draft(draft)
        if goal is not None:
            view.jump_to_fix(goal)
        self._show_page(view)

    def return_to_step(self, step: HelpRequest, entry: EntryLine | None) -> None:
        """Go back to a step of a plan, and enter the found entry there, if any."""
        plan = bytes.fromhex(self._plan.place().partition("/")[0]) if self._plan else b""
        if plan != step.plan:
            self.open_plan(step.plan, section=step.section)
        if entry is not None and self._plan is not None:
            self._plan.fill_in_entry(step, entry)

    def show_locked(self, rid: bytes) -> None:
        """Show that a plan belongs to somebody else, and how to open it."""
        self._close_page()
        self._locked = page = LockedPlanPage(self._kit, self._desk, rid)
        page.closed.connect(self.show_list)
        page.opened.connect(self.open_plan)
        self._show_page(page)

    def begin_plan(self, rid: bytes | None = None) -> None:
        """Begin a plan in place of the list, or resume the draft `rid` of one."""
        if self._intake is not None and rid in (None, self._intake.rid):
            self._intake.setFocus()
            return
        self._close_page()
        self._intake = page = IntakePage(self._kit, self._desk, rid)
        page.closed.connect(self.show_list)
        page.begun.connect(self._on_begun)
        self._show_page(page)

    def show_list(self) -> None:
        """Go back to the list."""
        self.setCurrentWidget(self.listing)
        self._close_page()
        self.listing.setFocus()

    def place(self) -> str:
        """Return the place: empty for the list, else the plan's id and its section."""
        if self._intake is not None:
            return f"{_NEW_PLACE}/{self._intake.rid.hex()}"
        page = self._plan or self._locked
        return page.place() if page is not None else ""

    def return_to(self, place: str) -> None:
        """Open the plan and the section that `place` names, or the plan being entered."""
        first, _, second = place.partition("/")
        if first == _NEW_PLACE:
            self.begin_plan(bytes.fromhex(second))
            return
        self.open_plan(bytes.fromhex(first))
        if self._plan is not None:
            self._plan.return_to(second)

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for menus and the key overview while a plan is on view."""
        return self._plan.commands() if self._plan is not None else ()

    def panes(self) -> Sequence[tuple[QWidget, QWidget | None]]:
        """Return the panes of the plan on view, between which keys move the focus."""
        return self._plan.panes() if self._plan is not None else ()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to what is on view."""
        page = self.currentWidget()
        if page is not None:
            page.setFocus(event.reason())

    def _show_page(self, page: QWidget) -> None:
        self.setCurrentIndex(self.addWidget(page))
        page.setFocus()

    def _on_begun(self, rid: bytes) -> None:
        self.open_plan(rid)
        if self._plan is not None:
            self._plan.focus_next_step()

    def _close_page(self) -> None:
        for page in (self._plan, self._intake, self._locked):
            if page is not None:
                self.removeWidget(page)
                page.deleteLater()
        self._plan = self._intake = self._locked = None


class PlanList(QWidget):
    """All plans, those that leave first on top. `chosen` carries the plan's id.

    `new_asked` asks to begin one.
    """

    chosen = Signal(bytes)
    new_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._lines: tuple[PlanLine, ...] = ()
        self._count = Label(kit, tone=Tone.MUTED)
        self.table = TableView(kit, _PLAN_COLUMNS)
        self.table.chosen.connect(self._on_row_chosen)
        kit.translator.bind(self.table.setAccessibleName, N_("Plans"))
        self._empty = EmptyState(
            kit,
            "clipboard-list",
            N_("No plan yet"),
            N_("Plans that you begin or take from a partner stand here."),
        )
        self._may_begin = any(map(desk.may, EDIT_RIGHTS))
        self.new, self.first = self._make_button(), self._make_button()
        if self._may_begin:
            self._empty.set_action(self.first)
        self.others = OthersPlansCard(kit, desk)
        self.others.chosen.connect(self.chosen)
        self._lay_out()
        kit.translator.on_language_change(self, self._show_lines)
        kit.events.changed.connect(self._on_changed)
        self.read()

    def read(self) -> None:
        """Read the list again."""
        self._kit.worker.run(lambda: plans.list_plans(self._desk), self._on_read)
        self.others.read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the list, or to the button that begins a plan."""
        if self._lines or not self._may_begin:
            self.table.setFocus(event.reason())
        else:
            self.first.setFocus(event.reason())

    def _make_button(self) -> Button:
        button = Button(self._kit, N_("New plan"), "plus", ButtonLook.PRIMARY).show_key(
            NEW_PLAN_KEY
        )
        button.clicked.connect(self.new_asked)
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(self._kit, N_("Plans"), TextStyle.DISPLAY))
        words.addWidget(self._count)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self.new)
        card = CardFrame(padding=0)
        card.body.addWidget(self.table)
        self._card = card
        empty = QHBoxLayout()
        empty.addWidget(self._empty)
        column = QVBoxLayout(self)
        margin = PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(CARD_GAP)
        column.addWidget(card)
        column.addLayout(empty)
        column.addSpacing(CARD_GAP)
        column.addWidget(self.others)
        column.addStretch(1)

    def _on_read(self, lines: tuple[PlanLine, ...]) -> None:
        """Show the plans; swap list and invitation, and move the focus along."""
        had_focus = self.first.hasFocus() or self.table.hasFocus()
        self._lines = lines
        self._show_lines()
        if had_focus:
            self.setFocus()

    def _show_lines(self) -> None:
        language = self._kit.translator.language
        self._count.set_message(lambda spoken: _plans_text(len(self._lines), spoken))
        self.table.show_rows([_plan_cells(line, language) for line in self._lines])
        self.table.fit_height()
        self._card.setVisible(bool(self._lines))
        self._empty.setVisible(not self._lines)
        self.new.setVisible(bool(self._lines) and self._may_begin)
        if self.hasFocus() or self.first.hasFocus() or (not self._lines and self.table.hasFocus()):
            self.setFocus()  # the focused widget may be gone
        if self._lines and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _on_row_chosen(self, row: int) -> None:
        self.chosen.emit(self._lines[row].rid)

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _LIST_TYPES:
            self.read()


def _plans_text(count: int, language: Language) -> str:
    return language.ngettext("{count} plan", "{count} plans", count).format(count=count)


def _plan_cells(line: PlanLine, language: Language) -> tuple[TableCell, ...]:
    tone, icon = STATE_LOOKS.get(line.state, (Tone.MUTED, "circle-question-mark"))
    places = [localized_text(leg.from_place, language) for leg in line.legs]
    places += [localized_text(leg.to_place, language) for leg in line.legs[-1:]]
    journey = " – ".join(place for place in places if place)
    departs = line.departs
    leaves = (
        TableCell(*zoned_time_lines(departs, language))
        if departs
        else TableCell("–", tone=Tone.MUTED)
    )
    return (
        TableCell(line.code, line.alias, is_strong=True),
        TableCell(state_word(line.state, language), icon=icon, tone=tone),
        TableCell(journey or "–"),
        leaves,
        _conflict_cell(line.conflicts, language),
    )


def _conflict_cell(count: int, language: Language) -> TableCell:
    if not count:
        return TableCell()
    words = language.ngettext("{count} conflict", "{count} conflicts", count)
    return TableCell(words.format(count=count), icon="git-merge", tone=Tone.WARNING)
