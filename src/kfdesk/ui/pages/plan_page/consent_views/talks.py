# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a consent is talked through: one talk at a time, begun, taken up again, put away.

It opens the form and keeps it a draft; what the form asks for stands in the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.consents.standing import VITAL_INTERESTS
from kfdesk.domain.desk.users import Right
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import Row, View, view
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.course.agreements import Terms
from kfdesk.services.desk import Desk
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.consent_views.giving import ConsentForm
from kfdesk.ui.pages.plan_page.consent_views.vital import VitalForm
from kfdesk.ui.pages.print_views.form_button import FormPrinting
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, clear


@dataclass(frozen=True, slots=True)
class Setting:
    """For whom the talks are, and what holds for them now."""

    client: bytes
    terms: Terms
    offers: Offers


class Talks(QWidget):
    """The place of the talk. `opened` and `closed` when one is begun or put away."""

    opened = Signal()
    closed = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._setting: Setting | None = None
        self._waiting: tuple[type[ConsentForm], Mapping[str, Value], OpenDraft | None] | None = None
        self.form: ConsentForm | None = None
        self.paper: FormPrinting | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    @property
    def rid(self) -> bytes | None:
        """The consent that is talked about."""
        return self.form.rid if self.form is not None else None

    def take_setting(self, setting: Setting) -> None:
        """What holds now; a talk that waited for it begins."""
        self._setting = setting
        if self.form is not None:
            self.form.take_terms(setting.terms, setting.offers)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._open(*waiting)

    def begin(self, kind: type[ConsentForm], values: Mapping[str, Value]) -> None:
        """Begin a new one with what is known, now or as soon as it is known what holds."""
        self._open(kind, values, None)

    def take_up(self, draft: OpenDraft) -> None:
        """Go on with a draft."""
        is_vital = draft.form.values.get("form") == VITAL_INTERESTS
        self._open(VitalForm if is_vital else ConsentForm, {}, draft)

    def put_away(self) -> None:
        """Put the talk away; what was typed in it is a draft."""
        hub = self._kit.hub
        if self.form is not None:
            self.form.keep()
            # The form is gone when its draft is kept, so that it cannot say so itself.
            self._kit.work.run(lambda: None, lambda _: hub.drafts_changed.emit())
            self.form = self.paper = None
            clear(self._column)
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc puts the talk away, not the plan."""
        if event.key() == Qt.Key.Key_Escape and self.form is not None:
            self.put_away()
        else:
            super().keyPressEvent(event)

    def _open(
        self, kind: type[ConsentForm], values: Mapping[str, Value], draft: OpenDraft | None
    ) -> None:
        setting = self._setting
        if setting is None:
            self._waiting = kind, values, draft
            return
        self.put_away()
        self.form = form = kind(self._kit, self._desk, setting.offers, setting.terms)
        form.saved.connect(lambda _done: self.put_away())
        form.closed.connect(self.put_away)
        self._column.addWidget(self._make_card(form))
        rid = draft.line.rid if draft is not None else self._desk.new_id()
        form.begin(self._blank(setting, rid), draft, _known(form, values))
        self.show()
        form.sheet.focus_on(next(iter(form.sheet.editors)))
        self.opened.emit()

    def _make_card(self, form: ConsentForm) -> Card:
        is_vital = isinstance(form, VitalForm)
        title, icon = (_VITAL, "life-buoy") if is_vital else (_NEW, "file-check")
        card = Card()
        head = card.head(self._kit, title, icon)
        if not is_vital and self._desk.may(Right.PRINT_INTERNAL):
            head.addWidget(self._make_paper(form))
        close = Button(self._kit, N_("Close"), "x", Look.QUIET).bared()
        close.clicked.connect(self.put_away)
        head.addWidget(close)
        words = _VITAL_WORDS if is_vital else _CALM_WORDS
        card.body.addWidget(Label(self._kit, words, tone=Tone.MUTED).wrapped())
        card.body.addSpacing(8)
        card.body.addWidget(form)
        return card

    def _make_paper(self, form: ConsentForm) -> FormPrinting:
        """The form on paper, as far as the talk has come; the draft is kept first."""

        def kept() -> bytes | None:
            form.keep()
            return form.rid

        self.paper = FormPrinting(self._kit, self._desk, kept)
        self.paper.offer(form.terms.languages)
        return self.paper

    def _blank(self, setting: Setting, rid: bytes) -> View[Consent]:
        house = self._desk.identity.organisation
        return view(Row(rid, "consent", setting.client, house, EMPTY), Consent)


_NEW, _VITAL = N_("New consent"), N_("Vital interests")
_CALM_WORDS = N_(
    "Talk it through with her in this order. Nothing is shared before it is recorded, and you may "
    "stop at any time: what is written is kept."
)
_VITAL_WORDS = N_(
    "Only where waiting for her own consent would put a life at risk. Two people decide, it ends "
    "within 72 hours, and she is told as soon as she can hear it."
)


def _known(form: ConsentForm, values: Mapping[str, Value]) -> dict[str, Value]:
    """What is usual, and what is known; of the fields that this talk has."""
    spoken = form.terms.languages[:1]
    usual: dict[str, Value] = {"language": spoken[0]} if spoken else {}
    if not form.terms.is_child:
        usual["given_by"] = "client"
    both = {**usual, **values}
    return {key: value for key, value in both.items() if key in form.sheet.editors}
