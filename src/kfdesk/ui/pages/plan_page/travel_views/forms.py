# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms on the plan's own fields that belong to the journey: her company, and her safety.

The code word stays covered until somebody asks for it, and is covered again when the section is
left. Saving, drafts and undo are those of every form.
"""

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.form.form import Form, GrowingForm
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Card

_COMPANY = (
    "escort_kind", "escort", "programme", "receiver", "luggage", "reminders", "travel_help",
    "fit_to_travel_needed", "fit_to_travel_until", "special_needs",
)  # fmt: skip
_SIDE_BY_SIDE = (
    ("escort_kind", "escort"), ("programme", "receiver"), ("luggage", "reminders"),
    ("fit_to_travel_needed", "fit_to_travel_until"),
)  # fmt: skip
_COVERED = "••••••••"


class CompanyCard(Card):
    """Who goes with her, who receives her, what she needs on the way."""

    def __init__(self, kit: Kit, desk: Desk, offers: Offers) -> None:
        super().__init__()
        self.head(kit, N_("Company and needs on the way"), "user-round-check")
        fields = GrowingForm(kit, "plan", _COMPANY, offers, _SIDE_BY_SIDE)
        self.form = RecordForm(kit, desk, "plan", fields)
        self.form.hide()
        self.body.addWidget(self.form)

    def show_plan(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show this plan's."""
        self.form.show_view(page.plan)
        self.form.form.set_read_only(is_read_only=is_read_only)
        self.form.show()


class SafetyCard(Card):
    """What never leaves: the alarm plan, and the code word, covered until somebody asks."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._word = ""
        self._is_open = False
        self._is_changing = False
        fields = Form(kit, "plan", ("alarm_plan", "code_word"))
        self.form = RecordForm(kit, desk, "plan", fields)
        self._slot = fields.slots["code_word"]
        fields.edited.connect(self._on_edited)
        self.form.saved.connect(lambda _done: self._cover())
        self.form.drop_button.clicked.connect(self._cover)
        self._shown = Label(kit, style=Type.STRONG)
        self.eye = Button(kit, N_("Show the code word"), "eye", Look.QUIET).bared()
        self.eye.clicked.connect(self._on_eye_clicked)
        self.change = Button(kit, N_("Change the code word"), "pencil", Look.QUIET)
        self.change.clicked.connect(self._on_change_clicked)
        self._lay_out()
        self._show_word()

    def show_plan(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show this plan's; a word that is being looked at stays in sight until one leaves."""
        word = page.plan.record.code_word
        self._word = word if isinstance(word, str) else ""
        self.form.show_view(page.plan)
        self.form.form.set_read_only(is_read_only=is_read_only)
        self.change.setVisible(not is_read_only)
        self._show_word()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever leaves covers the word."""
        self._cover()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        kit = self._kit
        self.head(kit, N_("Safety"), "shield-alert")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Label(kit, N_("Code word"), Type.LABEL, Tone.MUTED))
        row.addWidget(self._shown)
        row.addWidget(self.eye)
        row.addWidget(self.change)
        row.addStretch(1)
        self._line = QWidget()
        self._line.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        never = QHBoxLayout()
        never.addWidget(Icon(kit, "lock"))
        words = N_("Code word and alarm plan are never printed and never sent.")
        never.addWidget(Label(kit, words, Type.SMALL, Tone.MUTED).wrapped(), 1)
        self.body.addWidget(self._line)
        self.body.addWidget(self.form)
        self.body.addLayout(never)

    def _on_eye_clicked(self) -> None:
        self._is_open = not self._is_open
        self._show_word()

    def _on_change_clicked(self) -> None:
        self._is_changing = True
        self._show_word()
        self.form.form.focus_on("code_word")

    def _on_edited(self) -> None:
        """A draft of the word that is gone on with is seen where it is typed."""
        if self.form.form.editors["code_word"].has_changed and not self._is_changing:
            self._is_changing = True
            self._show_word()

    def _cover(self) -> None:
        self._is_open = self._is_changing = False
        self._show_word()

    def _show_word(self) -> None:
        covered = _COVERED if self._word else "–"
        self._shown.show_text(self._word if self._is_open else covered)
        self.eye.show_icon("eye-off" if self._is_open else "eye")
        self.eye.tell(N_("Cover the code word") if self._is_open else N_("Show the code word"))
        self._slot.setVisible(self._is_changing)
        self._line.setVisible(not self._is_changing)
