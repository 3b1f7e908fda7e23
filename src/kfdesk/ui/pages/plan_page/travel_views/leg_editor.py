# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of one leg, below the table: places and times side by side, findings beside the fields.

Drafts, saving and undo are those of every form; here are only the fields, their order, and whose
clock a time begins with. It stays open when it was saved, so that what a check found is seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment, Wording
from kfdesk.i18n.language import Language
from kfdesk.i18n.places import Places
from kfdesk.services.desk import Desk
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.form.form import Form
from kfdesk.ui.form.moments import MomentEditor
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_day.today import BEFORE
from kfdesk.ui.pages.plan_page.travel_views.said import way_text
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, clear
from kfdesk.ui.words import Message

ROWS = (
    ("from_place", "to_place"), ("departs", "arrives"), ("from_stop", "to_stop"),
    ("mode", "carrier"), ("booking_reference", "status"), ("met_by", "sign"),
    ("alone", "meeter"), ("check_in", "check_in_status"), ("onward", "fallback"),
)  # fmt: skip
ON_THE_WAY = (("departed", "arrived"), ("checked_in", "missed"))
"""Written by a press on the day; here to be put right once something happened."""


class LegEditor(Card):
    """One leg to be changed. `closed` when it was put away; `bin_asked` carries its id."""

    closed = Signal()
    bin_asked = Signal(bytes)
    decision_asked = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.form: RecordForm | None = None
        self._findings: Mapping[str, Sequence[Message]] = {}
        self._title = Label(kit, style=Type.HEADING).wrapped()
        self.close_button = Button(kit, N_("Close"), look=Look.QUIET).show_key("Esc")
        self.close_button.clicked.connect(self.close_form)
        self.bin_button = Button(kit, N_("Put in the bin"), "trash-2", Look.QUIET)
        self.bin_button.clicked.connect(self._on_bin_clicked)
        self._place = QVBoxLayout()
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.bin_button)
        head.addWidget(self.close_button)
        self.body.addLayout(head)
        self.body.addLayout(self._place)
        self.hide()

    @property
    def rid(self) -> bytes | None:
        """The leg that is open."""
        return self.form.rid if self.form is not None else None

    def open_leg(self, leg: View[Leg], offers: Offers, key: str = "") -> None:
        """Open a leg, at a field; `offers` has the clock that its times begin with."""
        if self.form is None or self.form.rid != leg.rid:
            has_begun = leg.record.status not in BEFORE or leg.record.checked_in is not None
            form = self._make_form(offers, (*ROWS, *ON_THE_WAY) if has_begun else ROWS)
            form.show_view(leg)
            _follow_places(form.form, leg.record, offers.places)
        self._focus(key)

    def begin_leg(self, blank: View[Leg], offers: Offers, draft: OpenDraft) -> None:
        """Go on with the draft of a leg that does not exist yet."""
        self._make_form(offers).begin(blank, draft)
        self._focus("")

    def refresh(self, leg: View[Leg]) -> None:
        """Take a newer version of the leg that is open."""
        if self.form is not None and self.form.rid == leg.rid:
            self.form.show_view(leg)

    def show_findings(self, findings: Mapping[str, Sequence[Message]]) -> None:
        """Show beside the fields what the checks have found."""
        if self.form is not None:
            self.form.form.show_findings(findings)

    def show_title(self, number: int, leg: View[Leg]) -> None:
        """Say which leg it is."""
        self._title.tell(lambda language: _title(number, leg, language))

    def close_form(self) -> None:
        """Put the form away; what was typed in it is a draft."""
        if self.form is not None:
            self.form.keep()
            self.form = None
            clear(self._place)
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc puts the form away."""
        if event.key() == Qt.Key.Key_Escape and self.form is not None:
            self.close_form()
        else:
            super().keyPressEvent(event)

    def _make_form(self, offers: Offers, rows: Sequence[Sequence[str]] = ROWS) -> RecordForm:
        if self.form is not None:
            self.form.keep()
            clear(self._place)
        keys = [key for row in rows for key in row]
        fields = Form(self._kit, "leg", keys, offers, rows)
        form = RecordForm(self._kit, self._desk, "leg", fields)
        form.form.decision_asked.connect(lambda _key: self.decision_asked.emit())
        form.closed.connect(self.close_form)
        clock = cast("MomentEditor", form.form.editors["check_in"])
        form.form.editors["to_place"].zone_chosen.connect(clock.follow_zone)
        self._place.addWidget(form)
        self.form = form
        self.show()
        return form

    def _focus(self, key: str) -> None:
        if self.form is None:
            return
        self.form.form.focus_on(key if key in self.form.keys else ROWS[0][0])
        QTimer.singleShot(0, self, self._come_into_view)

    def _come_into_view(self) -> None:
        if self.form is not None:
            reveal(self._title)
            focus = self.focusWidget()
            if focus is not None:
                reveal(focus)

    def _on_bin_clicked(self) -> None:
        if self.rid is not None:
            self.bin_asked.emit(self.rid)


def reveal(widget: QWidget) -> None:
    """Scroll the page round a widget to where it can be seen."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(widget, 0, 80)


def begun_with(offers: Offers, before: View[Leg] | None) -> Offers:
    """The offers for a leg: its times begin with the clock where the one before arrives."""
    arrives = before.record.arrives if before is not None else None
    return replace(offers, zone=arrives.zone) if isinstance(arrives, Moment) else offers


def _follow_places(form: Form, leg: Leg, places: Places | None) -> None:
    """Times that are not set yet begin with the clock of their end of the leg, if it is known."""
    starts = leg.departs.zone if isinstance(leg.departs, Moment) else ""
    ends = leg.arrives.zone if isinstance(leg.arrives, Moment) else ""
    starts = starts or _zone_of(places, leg.from_place)
    ends = ends or _zone_of(places, leg.to_place)
    clocks = {"departs": starts, "departed": starts, "arrives": ends, "arrived": ends}
    clocks |= dict.fromkeys(("check_in", "checked_in", "missed"), ends)
    for key, zone in clocks.items():
        if zone and key in form.editors and getattr(leg, key) is None:
            cast("MomentEditor", form.editors[key]).follow_zone(zone)


def _zone_of(places: Places | None, told: object) -> str:
    """The zone of a place by its name, where the list has just that name."""
    if places is None or not isinstance(told, tuple):
        return ""
    for word in told:
        found = places.find(word.text, 1) if isinstance(word, Wording) else ()
        if found and word.text in found[0].names.values():
            return found[0].zone
    return ""


def _title(number: int, leg: View[Leg], language: Language) -> str:
    words = language.gettext(N_("Leg {number}: {way}"))
    return words.format(number=number, way=way_text(leg, language))
