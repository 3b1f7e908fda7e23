# SPDX-License-Identifier: GPL-3.0-or-later
"""The intake of a new client: the first questions only, none of them required.

What is typed is a draft at once. *Begin* creates the client and a draft plan; what is not asked
today appears as a gap in the plan.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy, QWidget
from shiboken6 import isValid

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.services.core.drafts import FormState as Held
from kfdesk.services.core.drafts import discard_draft
from kfdesk.services.core.records import delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.case import (
    IntakeDraft,
    create_plan,
    new_client_code,
    read_intake_draft,
    save_intake_draft,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import Form
from kfdesk.ui.record_views import written_at
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, FIELD_GAP, PAGE_MARGIN, TextStyle, Tone
from kfdesk.ui.widgets.build import (
    STRETCH,
    TOP,
    aligned,
    column,
    grown,
    muted,
    on_escape,
    panel,
    row,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, make_scroll_area
from kfdesk.ui.widgets.text import Icon, Label

_CLIENT_KEYS = (
    "languages", "needs_interpreter", "age_band", "birth_date", "safe_contact", "alias",
)  # fmt: skip
_PLAN_KEYS = ("wish", "to_country")
_BEGIN_KEYS = ("Ctrl+Return", "Ctrl+Enter")


class IntakePage(QWidget):
    """The intake page; `begun` carries the new plan's id, `closed` leads back to the list."""

    begun = Signal(bytes)
    closed = Signal()

    def __init__(self, kit: UiContext, desk: Session, rid: bytes | None = None) -> None:
        super().__init__()
        on_escape(self, self.leave)
        self._kit = kit = kit.about_client(self, Pronoun.CLIENT)
        self._desk = desk
        self.rid = rid or desk.new_id()
        self._code = ""
        self._is_kept = True
        self._is_over = False
        self.code = Label(kit, style=TextStyle.DISPLAY, tone=Tone.ACCENT)
        self.another = Button(kit, N_("Another code"), "refresh-cw", ButtonLook.QUIET)
        self.client = Form(kit, "client", _CLIENT_KEYS, rows=(_CLIENT_KEYS[:2], _CLIENT_KEYS[2:4]))
        self.plan = Form(kit, "plan", _PLAN_KEYS, rows=(_PLAN_KEYS,))
        self.state = muted(kit, "", TextStyle.SMALL)
        self.back = Button(kit, N_("Back to the list"), "chevron-left", ButtonLook.QUIET).bared()
        self.back.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.drop = Button(kit, N_("Discard"), "trash-2", ButtonLook.QUIET, self.discard)
        self.go = Button(kit, N_("Start"), "check", ButtonLook.PRIMARY).show_key(_BEGIN_KEYS[0])
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
        if not self._is_over:
            self._begin()

    @task
    async def _begin(self) -> None:
        self._is_over = True
        kit, desk, talk, code = self._kit, self._desk, self._talk(), self._code
        of_client, of_plan = talk.client.values, talk.plan.values
        plan, changes = await call(kit, create_plan, desk, of_client, of_plan, talk.rid)

        def put_away() -> None:
            kit.worker.run(
                lambda: delete_record(desk, talk.rid),
                lambda gone: kit.events.changed.emit(gone.types),
            )

        self.begun.emit(plan)
        kit.events.drafts_changed.emit()
        kit.events.changed.emit(changes.types)
        kit.notify(N_("Plan started: {code}."), put_away, code=lambda _: code)

    def refuse(self, fault: KfdeskError) -> None:
        """Let the window say what was refused; what was typed stays."""
        self._is_over = False
        self._kit.events.failed.emit(fault)

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

    def leave(self) -> None:
        """Go back to the list, and say that what was typed waits there as a draft."""
        is_typed = any(form.changes() or form.unparsed() for form in (self.client, self.plan))
        if is_typed and not self._is_over:
            self._kit.notify(N_("Saved as a draft. It is above the list of plans."))
        self.closed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the first field."""
        super().focusInEvent(event)
        self.client.focus_on(_CLIENT_KEYS[0])

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
        self.back.clicked.connect(self.leave)
        self.go.clicked.connect(self.begin)
        for keys in _BEGIN_KEYS:
            heard = QShortcut(QKeySequence(keys), self)
            heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            heard.activated.connect(self.begin)

    def _lay_out(self) -> None:
        kit = self._kit
        under = N_("Nothing has to be filled in. What you do not ask today can wait in the plan.")
        words = column(Label(kit, N_("New plan"), TextStyle.DISPLAY), muted(kit, under))
        title = row(aligned(self.back, TOP), grown(words), gap=4)
        says = N_("Say and write the code instead of her name. It says nothing about her.")
        coded = column(
            Label(kit, N_("Her code"), TextStyle.LABEL, Tone.MUTED),
            self.code,
            muted(kit, says, TextStyle.SMALL),
            gap=2,
        )
        named = row(Icon(kit, "user", Tone.MUTED), grown(coded), self.another, gap=16)
        foot = row(grown(self.state), self.drop, self.go, gap=8)
        cards = (
            CardFrame(parts=(named,)),
            CardFrame(parts=(self.client, self.plan, foot), gap=FIELD_GAP),
        )
        margins = (PAGE_MARGIN, PAGE_MARGIN - 4, PAGE_MARGIN, PAGE_MARGIN)
        page = panel(column(title, *cards, STRETCH, gap=CARD_GAP, margins=margins))
        column(make_scroll_area(page), on=self)
        _set_intake_tab_order(self)

    def _show_code(self, code: str) -> None:
        self._code = code
        self.code.show_text(code)
        self._kit.translator.bind(
            self.another.setAccessibleDescription, N_("It is now {code}."), code=lambda _: code
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


def _set_intake_tab_order(page: IntakePage) -> None:
    """Set the tab order: the fields, the buttons, and the code last."""
    QWidget.setTabOrder(page.go, page.drop)
    QWidget.setTabOrder(page.drop, page.another)
    QWidget.setTabOrder(page.another, page.back)
