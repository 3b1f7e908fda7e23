# SPDX-License-Identifier: GPL-3.0-or-later
"""Case data: one client's case as a table file for an organisation that asks, by her consent.

It shows which columns would be filled, and never what is in them.
"""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.case_data import CONSENT
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.services.core.session import Session
from kfdesk.services.figures.case_data import CaseData, export_case_data, preview_case_data
from kfdesk.services.papers.production import PaperSubject, list_paper_subjects
from kfdesk.services.plans.plans import PlanLine, list_plans
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, Tone
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import column, labelled, muted, panel, plural, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox

_FILE_NAME = "table.csv"


@dataclass(frozen=True, slots=True)
class _Choices:
    plans: tuple[PlanLine, ...]
    houses: tuple[PaperSubject, ...]


class CaseDataView(QWidget):
    """Choose a plan and an organisation, see what would leave, and save it."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.plan, self.house = ChoiceBox(kit), ChoiceBox(kit)
        self.columns, self.withheld = text(kit), muted(kit)
        self.refusal = Banner(kit, Tone.WARNING, "shield-check")
        self.refusal.hide()
        self.save = Button(kit, N_("Save as a table file…"), "download", ButtonLook.PRIMARY)
        said = N_(
            "For an organisation that asks for case data in the international standard (HTCDS): "
            "one client, who has agreed to case management by this organisation."
        )
        choices = FlowBox(
            panel(labelled(kit, N_("Plan"), self.plan)),
            panel(labelled(kit, N_("Organisation"), self.house)),
            gap=12,
        )
        column(
            muted(kit, said), CardFrame(parts=(choices, self.columns, self.withheld), gap=12),
            self.refusal, FlowBox(self.save), gap=CARD_GAP, on=self,
        )  # fmt: skip
        self.save.setEnabled(False)
        self.plan.chosen.connect(self._on_chosen)
        self.house.chosen.connect(self._on_chosen)
        self.save.clicked.connect(self._on_save_clicked)
        kit.events.changed.connect(self._on_changed)
        self.read()

    @task
    async def read(self) -> None:
        """Read the plans and organisations again."""
        found = await call(self._kit, _read, self._desk)
        plans = [
            (one.rid.hex(), fixed_text(" · ".join(filter(None, (one.code, one.alias))) or "–"))
            for one in found.plans
        ]
        houses = [(one.rid.hex(), fixed_text(one.name or "–")) for one in found.houses]
        nothing = ("", N_("Nothing chosen"))
        self.plan.set_options((nothing, *plans), self.plan.key)
        self.house.set_options((nothing, *houses), self.house.key)
        self._preview()

    @task
    async def _preview(self) -> None:
        chosen = self.plan.key, self.house.key
        self.refusal.hide()
        self.save.setEnabled(False)
        for label in (self.columns, self.withheld):
            label.hide()
        if not all(chosen):
            return
        plan, house = map(bytes.fromhex, chosen)
        found = await call(self._kit, preview_case_data, self._desk, plan, house)
        if chosen == (self.plan.key, self.house.key):
            self._show(found)

    @task
    async def save_to(self, path: Path) -> None:
        """Save the chosen case as a table file."""
        plan, house = bytes.fromhex(self.plan.key), bytes.fromhex(self.house.key)
        await call(self._kit, export_case_data, self._desk, plan, house, path)
        self._kit.notify(N_("The table is saved."))

    def _show(self, found: CaseData) -> None:
        filled = [name for name in found.filled if name != CONSENT]
        if found.filled.get(CONSENT) != "TRUE":
            self.refusal.show_fault(KfdeskError("case_data.no_consent"))
            return
        self.columns.set_message(fixed_text(", ".join(filled)))
        self.withheld.set_message(
            plural("{count} detail stays here.", "{count} details stay here.", found.withheld)
        )
        for label in (self.columns, self.withheld):
            label.show()
        self.save.setEnabled(bool(filled))

    def _on_chosen(self, _key: str) -> None:
        self._preview()

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the table"), _FILE_NAME, self.save_to)

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & {"plan", "client", "consent", "organisation"}:
            self.read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the first choice."""
        self.plan.setFocus(event.reason())


def may_export(desk: Session) -> bool:
    """Return whether this user may give case data to anybody."""
    return desk.may(Right.EXPORT_BUNDLE) and desk.may(Right.PRINT_INTERNAL)


def _read(desk: Session) -> _Choices:
    houses = list_paper_subjects(desk, PaperName.CONTACT_CARD)
    return _Choices(tuple(list_plans(desk)), tuple(houses))
