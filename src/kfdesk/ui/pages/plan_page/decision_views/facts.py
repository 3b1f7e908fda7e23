# SPDX-License-Identifier: GPL-3.0-or-later
"""Cards with some of the plan's fields: what was done before a step, and after it.

Each is a form like any other. Which fields stand together is said by the `Facts` below.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal

from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.kinds import MomentKind
from kfdesk.domain.rows import View, seen_in
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.services.course.guards import STILL_KEPT
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.records import change_record
from kfdesk.ui.editing.offered import offers_of
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.form.form import GrowingForm
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.history_views.taking_back import do
from kfdesk.ui.pages.shown import field_of
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card

DONE_NOW = N_("Written down as of now.")


@dataclass(frozen=True, slots=True)
class Facts:
    """A card: its heading and fields, and its states.

    `kept` are written also in a plan that has ended. Without states the card always stands.
    """

    title: str
    icon: str
    keys: Sequence[str]
    rows: Sequence[Sequence[str]] = ()
    states: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    under: str = ""


class FactsCard(Card):
    """One such card. `made` carries its form, once it is made."""

    made = Signal(object)

    def __init__(self, kit: Kit, desk: Desk, facts: Facts) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._facts = facts
        self.record: RecordForm | None = None
        self.head(kit, facts.title, facts.icon)
        if facts.under:
            self.body.addWidget(Label(kit, facts.under, Type.SMALL, Tone.MUTED).wrapped())

    def show_plan(self, page: PlanPage) -> None:
        """Show the plan's fields, once they are made; some are written also when it has ended."""
        if self.record is None:
            return
        has_ended = is_read_only(page.plan.record.state)
        self.record.show_view(page.plan)
        self.record.show()
        for key, slot in self.record.form.slots.items():
            is_shut = not page.may_edit or (has_ended and key not in self._facts.kept)
            slot.set_read_only(is_read_only=is_shut)

    def make(self, page: PlanPage) -> Iterator[None]:
        """Make the fields, one after the other."""
        facts = self._facts
        form = GrowingForm(
            self._kit, "plan", facts.keys, offers_of(self._kit, page, self._desk), facts.rows
        )
        record = RecordForm(self._kit, self._desk, "plan", form)
        record.hide()
        self.body.addWidget(record)
        yield from form.grow()
        self.record = record
        self.made.emit(record)


def write_now(kit: Kit, desk: Desk, shown: View[Any], keys: Sequence[str], **more: Value) -> None:
    """Write that these days or times are now, and `more` with them; it can be taken back."""
    now = moment_now(desk)
    kinds = {key: field_of(shown.row.type, key).kind for key in keys}
    values: dict[str, Value] = {
        key: now if isinstance(kind, MomentKind) else now.wall.date() for key, kind in kinds.items()
    }
    values |= more
    rid, seen = shown.rid, seen_in(shown.row)
    do(kit, desk, lambda: change_record(desk, rid, values, seen), DONE_NOW)


DECISION = Facts(
    N_("Before the decision"),
    "list-checks",
    ("needs_assessed", "legal_checked", "decision_signed", "decision_language",
     "third_country_explained", "risk_read"),
    rows=(("needs_assessed", "legal_checked"), ("decision_signed", "decision_language")),
)  # fmt: skip
AFTER = Facts(
    N_("After arrival"),
    "sprout",
    ("reintegration_agreed", "services_running", "follow_up_set"),
    states=frozenset({"travelling", "arrived", "reintegrating", "follow_up", "closed"}),
)
CLOSING = Facts(
    N_("Closing"),
    "archive",
    ("closure_reason", "last_risk_read", "told_what_is_kept", "retention_until", "receipts_in"),
    rows=(("last_risk_read", "told_what_is_kept"),),
    states=frozenset({"reintegrating", "follow_up", "closed", "withdrawn", "not_safe",
                      "cancelled"}),
    kept=STILL_KEPT,
)  # fmt: skip
