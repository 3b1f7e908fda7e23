# SPDX-License-Identifier: GPL-3.0-or-later
"""The legs of a journey: the table, the form of the one that is open, and what is done to them.

Each deed is a service and can be taken back; the table is shown again when the page is read again.
A leg that was just added is chosen and opened as soon as it is there.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import Row, View, view
from kfdesk.domain.schema import N_
from kfdesk.domain.writes import EMPTY
from kfdesk.services.casework import legs as order
from kfdesk.services.casework.journey import Journey
from kfdesk.services.casework.legs import Ordered
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing import records
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.services.writing.records import Done
from kfdesk.ui import tokens
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_done
from kfdesk.ui.pages.plan_page.travel_views.findings import field_findings
from kfdesk.ui.pages.plan_page.travel_views.leg_editor import LegEditor, begun_with
from kfdesk.ui.pages.plan_page.travel_views.leg_table import LegTable
from kfdesk.ui.widgets.panel import Card


class Legs(QWidget):
    """Table and form. `chosen`: another leg is the current one; `opened`: its form stands there."""

    chosen = Signal()
    opened = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._page: PlanPage | None = None
        self._offers = Offers()
        self._wanted: tuple[bytes, str, bool] | None = None
        self.is_read_only = False
        self.table = LegTable(kit)
        self.editor = LegEditor(kit, desk)
        self.below = QVBoxLayout()
        """What stands between the table and the form."""
        self._card = Card(padding=0)
        self._card.body.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(self._card)
        column.addLayout(self.below)
        column.addWidget(self.editor)
        self._listen()

    @property
    def current(self) -> View[Leg] | None:
        """The leg that is chosen in the table."""
        legs = self._page.legs if self._page is not None else ()
        row = self.table.currentIndex().row()
        return legs[row] if 0 <= row < len(legs) else None

    def show_plan(self, page: PlanPage, offers: Offers, *, is_read_only: bool) -> None:
        """Show this plan's legs."""
        chosen = self.current.rid if self.current is not None else None
        self._page, self._offers, self.is_read_only = page, offers, is_read_only
        self._show()
        self._choose_again(chosen)
        number = self._number(self.editor.rid)
        if number is not None:
            leg = page.legs[number]
            self.editor.refresh(leg)
            self.editor.show_title(number + 1, leg)
        elif any(row.rid == self.editor.rid for row in page.case.rows):
            self.editor.close_form()  # it is in the bin
        self._open_wanted()

    def take_offers(self, offers: Offers) -> None:
        """Take what the next form that is opened offers."""
        self._offers = offers

    def show_journey(self, journey: Journey, languages: tuple[str, ...]) -> None:
        """Show beside the fields of the open leg what the checks have found."""
        if self._page is not None and self.editor.rid is not None:
            findings = field_findings(self._page, journey, self.editor.rid, languages)
            self.editor.show_findings(findings)

    def choose(self, rid: bytes) -> None:
        """Make a leg the current one of the table."""
        number = self._number(rid)
        if number is not None and number != self.table.currentIndex().row():
            self.table.selectRow(number)
        self.chosen.emit()

    def open_leg(self, rid: bytes, key: str = "") -> bool:
        """Open a leg at a field; whether it is here."""
        number = self._number(rid)
        if self._page is None or number is None or self.is_read_only:
            return False
        self.choose(rid)
        legs = self._page.legs
        offers = begun_with(self._offers, legs[number - 1] if number else None)
        self.editor.open_leg(legs[number], offers, key)
        self.editor.show_title(number + 1, legs[number])
        self.opened.emit()
        return True

    def open_later(self, rid: bytes, key: str = "") -> None:
        """Open a leg as soon as the page has it."""
        self._wanted = (rid, key, True)
        self._open_wanted()

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with the draft of a leg; whether it is one of this plan."""
        if draft.line.type != "leg" or self._page is None:
            return False
        if not draft.line.is_new:
            is_open = self.open_leg(draft.line.rid)
            return is_open and self.editor.form is not None and self.editor.form.take_draft(draft)
        if draft.line.parent != self._page.plan.rid:
            return False
        ours = self._desk.identity.organisation
        blank = view(Row(draft.line.rid, "leg", draft.line.parent, ours, EMPTY), Leg)
        self.editor.begin_leg(blank, self._offers, draft)
        self.editor.show_title(len(self._page.legs) + 1, blank)
        return True

    # What is done to legs

    def add(self) -> None:
        """Add a leg after the current one, and open it."""
        if self._page is None or self.is_read_only:
            return
        desk, plan, current = self._desk, self._page.plan.rid, self.current
        after = current.rid if current is not None else None
        self._kit.work.run(lambda: order.add_leg(desk, plan, after), self._on_added)

    def shift(self, by: int) -> None:
        """Move the current leg."""
        current = self.current
        if self._page is None or current is None or self.is_read_only:
            return
        desk, plan, rid = self._desk, self._page.plan.rid, current.rid
        done = self._on_moved_down if by > 0 else self._on_moved_up
        self._kit.work.run(lambda: order.move_leg(desk, plan, rid, by), done)

    def put_in_bin(self, rid: bytes | None = None) -> None:
        """Put a leg, or the current one, into the bin."""
        current = self.current
        rid = rid or (current.rid if current is not None else None)
        if rid is None or self.is_read_only:
            return
        if self._number(rid) is None:  # it was never saved
            if self.editor.form is not None:
                self.editor.form.discard()
            return
        desk = self._desk
        self._kit.work.run(lambda: records.delete_record(desk, rid), self._on_binned)

    def _listen(self) -> None:
        self.table.chosen.connect(self._on_row_opened)
        self.table.bin_asked.connect(self.put_in_bin)
        self.table.move_asked.connect(self.shift)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.editor.bin_asked.connect(self.put_in_bin)
        self.editor.closed.connect(self._on_editor_closed)
        self._kit.words.follow(self, self._show)

    def _show(self) -> None:
        if self._page is not None:
            self.table.show_legs(self._page.legs)
            self._card.setVisible(bool(self._page.legs))

    def _choose_again(self, rid: bytes | None) -> None:
        """Choose the leg that was chosen; where it has gone, the one in its place."""
        legs = self._page.legs if self._page is not None else ()
        number = self._number(rid)
        if number is None and legs:
            number = min(max(self.table.currentIndex().row(), 0), len(legs) - 1)
        if number is not None:
            self.choose(legs[number].rid)

    def _number(self, rid: bytes | None) -> int | None:
        legs = self._page.legs if self._page is not None else ()
        return next((place for place, leg in enumerate(legs) if leg.rid == rid), None)

    def _open_wanted(self) -> None:
        if self._wanted is None or self._number(self._wanted[0]) is None:
            return
        (rid, key, is_opened), self._wanted = self._wanted, None
        if is_opened:
            self.open_leg(rid, key)
        else:
            self.choose(rid)

    def _on_row_opened(self, row: int) -> None:
        if self._page is not None:
            self.open_leg(self._page.legs[row].rid)

    def _on_row_changed(self) -> None:
        self.chosen.emit()

    def _on_editor_closed(self) -> None:
        self.table.setFocus()

    def _on_added(self, added: Ordered) -> None:
        self._wanted = (added.leg, "", True)
        tell_done(self._kit, self._desk, added.done, N_("Leg added."))

    def _on_moved_down(self, moved: Ordered) -> None:
        self._on_moved(moved, N_("Leg moved down."))

    def _on_moved_up(self, moved: Ordered) -> None:
        self._on_moved(moved, N_("Leg moved up."))

    def _on_moved(self, moved: Ordered, words: str) -> None:
        self._wanted = (moved.leg, "", False)
        tell_done(self._kit, self._desk, moved.done, words)

    def _on_binned(self, done: Done) -> None:
        tell_done(self._kit, self._desk, (done,), N_("Leg put in the bin."))
