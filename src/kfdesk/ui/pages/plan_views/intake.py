# SPDX-License-Identifier: GPL-3.0-or-later
"""The first talk: one calm page on which nothing has to be filled in, and her code above it.

What is typed is a draft at once; "Begin" makes the client and the draft of her plan. What is not
asked today stands as a gap in the plan. Here stands what a page asks first, and nothing more.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from kfdesk.domain.schema import N_
from kfdesk.services.casework.intake import Talk, begin_plan, fresh_code, keep_talk, talk_of
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.writing.drafts import Form as Held
from kfdesk.services.writing.drafts import discard_draft
from kfdesk.services.writing.records import delete_record
from kfdesk.ui import tokens
from kfdesk.ui.form.form import Form
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Card

_HERS = ("languages", "needs_interpreter", "safe_contact", "alias")
_PLANS = ("wish", "to_country")
_BEGIN_KEYS = ("Ctrl+Return", "Ctrl+Enter")


class Intake(QWidget):
    """The page. `begun` carries the new plan's id; `closed` asks to go back to the list."""

    begun = Signal(bytes)
    closed = Signal()

    def __init__(self, kit: Kit, desk: Desk, rid: bytes | None = None) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.rid = rid or desk.new_id()
        self._code = ""
        self._is_kept = True
        self._is_over = False
        self.code = Label(kit, style=Type.DISPLAY, tone=Tone.ACCENT)
        self.another = Button(kit, N_("Another code"), "refresh-cw", Look.QUIET)
        self.client = Form(kit, "client", _HERS, rows=(_HERS[:2],))
        self.plan = Form(kit, "plan", _PLANS, rows=(_PLANS,))
        self.state = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self.back = Button(kit, N_("Back to the list"), "chevron-left", Look.QUIET).bared()
        self.back.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.drop = Button(kit, N_("Discard"), "trash-2", Look.QUIET)
        self.go = Button(kit, N_("Begin"), "check", Look.PRIMARY).show_key(_BEGIN_KEYS[0])
        self._lay_out()
        self._listen()
        if rid is None:
            self.draw_code()
        else:
            kit.work.run(lambda: talk_of(desk, rid), self._on_found)

    def draw_code(self) -> None:
        """Draw a code that nobody has."""
        self._kit.work.run(lambda: fresh_code(self._desk), self._show_code)

    def keep(self) -> None:
        """Keep what is typed as a draft now."""
        self._keep(lambda _: self._on_kept())

    def begin(self) -> None:
        """Make the client and the draft of her plan; what cannot be read is led to first."""
        for form in (self.client, self.plan):
            wrong = form.judge()
            if wrong is not None:
                form.focus_on(wrong)
                return
        if self._is_over:
            return
        self._is_over = True
        desk, talk = self._desk, self._talk()
        self._kit.work.run(
            lambda: begin_plan(desk, talk.client.values, talk.plan.values, talk.rid),
            self._on_begun,
            self._on_refused,
        )

    def discard(self) -> None:
        """Begin nothing; what was typed goes, and can be had back by undo."""
        kit, desk, talk = self._kit, self._desk, self._talk()
        self._is_over = True

        def keep_again() -> None:
            kit.work.run(lambda: keep_talk(desk, talk), lambda _: kit.hub.drafts_changed.emit())

        def tell(_gone: object) -> None:
            kit.hub.drafts_changed.emit()
            kit.tell(N_("Draft discarded."), keep_again)

        kit.work.run(lambda: discard_draft(desk, talk.rid), tell)
        self.closed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard to the first field."""
        super().focusInEvent(event)
        self.client.focus_on(_HERS[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc goes back to the list; what was typed is a draft."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Whoever goes elsewhere finds a draft."""
        self.keep()
        super().hideEvent(event)

    def _keep(self, done: Callable[[None], None] | None = None) -> None:
        if self._is_kept or self._is_over:
            return
        self._is_kept = True
        desk, talk = self._desk, self._talk()
        self._kit.work.run(lambda: keep_talk(desk, talk), done)

    def _on_lock_began(self) -> None:
        """Keep it before the store closes; afterwards nobody is there to be told."""
        self._keep()

    def _talk(self) -> Talk:
        hers, plans = self.client, self.plan
        client = Held("client", {"code": self._code, **hers.changes()}, hers.unread())
        return Talk(self.rid, client, Held("plan", plans.changes(), plans.unread()))

    def _listen(self) -> None:
        for form in (self.client, self.plan):
            form.edited.connect(self._on_edited)
            form.draft_asked.connect(self.keep)
        self._kit.hub.lock_began.connect(self._on_lock_began)
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
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(tokens.CARD_GAP)
        title = QHBoxLayout()
        title.setSpacing(4)
        under = N_("Nothing has to be filled in. What is not asked today waits in the plan.")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(kit, N_("New plan"), Type.DISPLAY))
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
        _in_order(self)

    def _make_code_card(self) -> Card:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(self._kit, N_("Her code"), Type.LABEL, Tone.MUTED))
        words.addWidget(self.code)
        says = N_("Say and write the code instead of her name. It says nothing of her.")
        words.addWidget(Label(self._kit, says, Type.SMALL, Tone.MUTED).wrapped())
        row.addWidget(Icon(self._kit, "user", Tone.MUTED))
        row.addLayout(words, 1)
        row.addWidget(self.another)
        card.body.addLayout(row)
        return card

    def _make_form_card(self) -> Card:
        card = Card()
        card.body.setSpacing(tokens.FIELD_GAP)
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
        self._kit.words.bind(
            self.another.setAccessibleDescription, N_("Now it is {code}."), code=lambda _: code
        )

    def _on_another_clicked(self) -> None:
        self._is_kept = False
        self.draw_code()

    def _on_found(self, talk: Talk | None) -> None:
        """Go on with a talk that was begun; one that is over meanwhile begins anew."""
        if talk is None:
            self.rid = self._desk.new_id()
            self.draw_code()
            return
        code = talk.client.values.get("code")
        hers = {key: value for key, value in talk.client.values.items() if key in _HERS}
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
        """Tell that a draft waits, also where this page has gone meanwhile."""
        self._kit.hub.drafts_changed.emit()
        if not isValid(self):
            return
        now = self._desk.milliseconds
        self.state.tell(N_("Draft saved {time}"), time=lambda language: written_at(now, language))

    def _on_begun(self, done: tuple[bytes, Changes]) -> None:
        plan, changes = done
        kit, desk, rid, code = self._kit, self._desk, self.rid, self._code

        def put_away() -> None:
            kit.work.run(
                lambda: delete_record(desk, rid), lambda gone: kit.hub.changed.emit(gone.types)
            )

        self.begun.emit(plan)
        kit.hub.drafts_changed.emit()
        kit.hub.changed.emit(changes.types)
        kit.tell(N_("Begun: {code}."), put_away, code=lambda _: code)

    def _on_refused(self, fault: object) -> None:
        self._is_over = False
        self._kit.hub.failed.emit(fault)


def _in_order(page: Intake) -> None:
    """Tab goes through the fields to the button, and comes by the code last."""
    QWidget.setTabOrder(page.go, page.drop)
    QWidget.setTabOrder(page.drop, page.another)
    QWidget.setTabOrder(page.another, page.back)
