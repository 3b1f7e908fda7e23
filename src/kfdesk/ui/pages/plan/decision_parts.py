# SPDX-License-Identifier: GPL-3.0-or-later
"""The records that a decision rests on: child papers, reception, legal matters, referrals.

Each list defines its fields, summaries and buttons. `ChildrenCard` shows for each child on the
journey which papers are missing, and leads to the field. The gates define what a paper must say;
nobody can set the conditions for children aside, so no button offers it.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.case import LEGAL_STATUS_KIND, RECEPTION_STATUS, REFERRAL_STATUS
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.gates import Gate
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import (
    field_of,
    gate_label,
    gate_sentence,
    localized_text,
    value_text,
    zoned_time_text,
)
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import plan_form_options
from kfdesk.ui.forms.record_form import RecordForm, set_to_now
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.plan_sections import TravellingChild
from kfdesk.ui.tokens import CONTROL_COMPACT, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import column, extend, grown, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, clear_layout, make_hairline
from kfdesk.ui.widgets.text import Chip, Icon

# --- Children

_CHILD_PAPERS_KEYS = (
    "child", "guardian", "guardian_order", "custody_contested", "custody_contested_by",
    "custody_court", "custody_day", "childs_view_heard", "childs_view", "family_assessed",
    "family_assessment_result", "bid_decided", "bid_decision", "bid_reasons",
    "takeover_authority", "takeover_by_authority",
)  # fmt: skip
_CHILD_PAPERS_ROWS = (
    ("guardian", "guardian_order"), ("custody_contested", "custody_contested_by"),
    ("custody_court", "custody_day"), ("family_assessed", "family_assessment_result"),
    ("bid_decided", "bid_decision"), ("takeover_authority", "takeover_by_authority"),
)  # fmt: skip
_LEGACY_PLAN_KEYS = (
    "guardian", "guardian_order", "childs_view_heard", "family_assessed",
    "family_assessment_result", "bid_decided", "bid_decision", "takeover_by_authority",
)  # fmt: skip
"""Plan fields from before each child had its own papers."""


class ChildPapersList(RecordList):
    """The list of the children's papers, one record for each child."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self._names: dict[str, Message] = {}
        self._starts: dict[str, Any] = {}
        listing = RecordListSpec(
            record_type="child_papers",
            keys=_CHILD_PAPERS_KEYS,
            title=N_("Papers of the children"),
            icon="file-check",
            add=N_("Papers of a child"),
            empty=N_("No papers are recorded yet."),
            sum_up=self._sum_up,
            rows=_CHILD_PAPERS_ROWS,
            starts_with=lambda: dict(self._starts),
        )
        super().__init__(kit, desk, listing)

    def show_children(
        self, page: PlanPage, names: dict[str, Message], *, is_read_only: bool
    ) -> None:
        """Show the existing papers; new ones are begun from a child's row."""
        self._names, self.offers = names, plan_form_options(self._kit, page, self._desk)
        papers = page.case.all_views("child_papers")
        self.show_records(papers, page.plan.rid, is_read_only=is_read_only)
        self.add_button.hide()

    def begin_for(self, child: bytes, values: dict[str, Any], key: str) -> None:
        """Begin the papers of a child with the values that are known already."""
        self._starts = {**values, "child": child.hex()}
        self.begin()
        if self.form is not None:
            self.form.form.form_rows["child"].set_read_only(is_read_only=True)
            self.form.form.focus_on(key if key in _CHILD_PAPERS_KEYS else "guardian")

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open the papers of a child; the child itself cannot be changed.

        Return whether the record is here.
        """
        is_here = super().open_record(rid, key or "guardian")
        if is_here and self.form is not None:
            self.form.form.form_rows["child"].set_read_only(is_read_only=True)
        return is_here

    def _sum_up(self, seen: RecordView[Any], language: Language) -> Summary:
        name = self._names.get(str(seen.record.child))
        who = self._kit.translator.translate(name) if name is not None else "–"
        return Summary(language.gettext(N_("Papers of {name}")).format(name=who))


class ChildrenCard(QWidget):
    """The card with the children and the list with their papers."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._page: PlanPage | None = None
        self.papers = ChildPapersList(kit, desk)
        self.buttons: dict[tuple[bytes, str], Button] = {}
        self.card = CardFrame()
        self.card.add_heading(kit, N_("Children on this journey"), "user")
        under = N_(
            "Anyone younger than eighteen, or whose age is not known or in doubt, "
            "counts as a child. These conditions cannot be set aside."
        )
        extend(self.card.body, muted(kit, under, TextStyle.SMALL))
        self._column = column(gap=10)
        extend(self.card.body, self._column)
        column(self.card, self.papers, gap=8, on=self)
        self.hide()

    def show_page(
        self, page: PlanPage, children: Sequence[TravellingChild], *, is_read_only: bool
    ) -> None:
        """Show the children of this plan's journey; hide without children and papers."""
        self._page = page
        names = {child.person.rid.hex(): _child_name(child) for child in children}
        self.papers.show_children(page, names, is_read_only=is_read_only)
        clear_layout(self._column)
        self.buttons = {}
        for number, child in enumerate(children):
            if number:
                extend(self._column, make_hairline())
            self._add(child, names[child.person.rid.hex()], len(children), is_shut=is_read_only)
        self.papers.setVisible(bool(page.case.all_views("child_papers")) or self._is_open)
        self.setVisible(bool(children) or bool(page.case.all_views("child_papers")))

    @property
    def _is_open(self) -> bool:
        return self.papers.form is not None

    def _add(self, child: TravellingChild, name: Message, count: int, *, is_shut: bool) -> None:
        title = text(self._kit, "", TextStyle.STRONG)
        title.set_message(name)
        left = sum(gate.is_open for gate in child.gates)
        chip = Chip(self._kit, Tone.WARNING if left else Tone.ACCENT,
                    "triangle-alert" if left else "circle-check")  # fmt: skip
        chip.set_message(lambda language: _missing_papers_text(left, language))
        extend(self._column, row(grown(title), chip, gap=10))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        for at, gate in enumerate(child.gates):
            self._add_gate(grid, at, gate)
            if gate.is_open and not is_shut:
                grid.addWidget(self._make_button(child, gate, is_only=count == 1), at, 2)
        extend(self._column, grid)

    def _add_gate(self, grid: QGridLayout, row: int, gate: Gate) -> None:
        tone, icon = (
            (Tone.WARNING, "circle-dashed") if gate.is_open else (Tone.ACCENT, "circle-check")
        )
        grid.addWidget(Icon(self._kit, icon, tone), row, 0)
        words = text(self._kit)
        words.set_message(lambda language: _gate_text(gate, language))
        grid.addWidget(words, row, 1)

    def _make_button(self, child: TravellingChild, gate: Gate, *, is_only: bool) -> Button:
        button = Button(self._kit, N_("Fill in"), "pencil", ButtonLook.QUIET)
        name = N_("Fill in: {what}")
        self._kit.translator.bind(
            button.setAccessibleName, name, what=lambda language: gate_label(gate.code, language)
        )
        button.clicked.connect(partial(self._on_fill_in, child, gate, is_only=is_only))
        self.buttons[(child.person.rid, gate.code)] = button
        return button

    def begin(self, code: str = "") -> bool:
        """Open the first missing paper, or that of the gate `code`; return whether there is one."""
        for (_, own), button in self.buttons.items():
            if code in ("", own):
                button.click()
                return True
        return False

    def _on_fill_in(self, child: TravellingChild, gate: Gate, *, is_only: bool) -> None:
        key = gate.where.key if gate.where is not None else ""
        self.papers.show()
        if child.papers is not None:
            self.papers.open_record(child.papers.rid, key)
            return
        known = self._legacy_values() if is_only else {}
        self.papers.begin_for(child.person.rid, known, key)

    def _legacy_values(self) -> dict[str, Any]:
        """Return the values that an earlier version stored in the plan, for an only child."""
        record = self._page.plan.record if self._page is not None else None
        values = {key: getattr(record, key, None) for key in _LEGACY_PLAN_KEYS}
        return {key: value for key, value in values.items() if value is not None}


def _child_name(child: TravellingChild) -> Message:
    """Return the name of a child: the code of the client, else the first name if known."""
    person = child.person.record
    if isinstance(person, Client):
        code = person.code if isinstance(person.code, str) else ""
        return lambda language: language.gettext(N_("The client, {code}")).format(code=code)
    given = person.given_name if isinstance(person.given_name, str) else ""
    return (lambda _: given) if given else N_("Someone without a name")


def _gate_text(gate: Gate, language: Language) -> str:
    label = gate_label(gate.code, language)
    return f"{label}. {gate_sentence(gate, language)}" if gate.is_open else label


def _missing_papers_text(count: int, language: Language) -> str:
    if not count:
        return language.gettext(N_("all papers in hand"))
    return language.plural("{count} paper missing", "{count} papers missing", count)


# --- Reception, legal matters, referrals

_RECEPTION_LOOKS = {
    "asked": (Tone.INFO, "circle-dot"),
    "confirmed": (Tone.SUCCESS, "circle-check"),
    "declined_referred_on": (Tone.WARNING, "triangle-alert"),
    "no_answer": (Tone.WARNING, "clock"),
}
_REFERRAL_LOOKS = {
    "accepted": (Tone.SUCCESS, "circle-check"),
    "done": (Tone.SUCCESS, "circle-check"),
    "rejected": (Tone.WARNING, "triangle-alert"),
    "revoked": (Tone.MUTED, "ban"),
}
_OPPOSITE_DIRECTION = {"out": "in", "in": "out"}
"""The direction seen from the other side: a referral has it as its author's side sees it."""
_UNANSWERED_STATUSES = frozenset({None, "in_progress"})


def confirmed_receiver(page: PlanPage) -> tuple[str, str] | None:
    """Return the id and name of the organisation that alone has confirmed that it receives her."""
    confirmed = {
        seen.record.organisation
        for seen in page.case.all_views("reception")
        if seen.record.status == "confirmed" and not seen.conflicts
    }
    named = [one for one in page.choices.organisations if one[0] in confirmed]
    return named[0] if len(confirmed) == len(named) == 1 else None


class ReceptionList(RecordList):
    """The enquiries to organisations that could receive the client.

    One button records that an organisation is asked now, or has confirmed now.
    """

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self._names: Mapping[str, str] = {}
        listing = RecordListSpec(
            record_type="reception",
            keys=("organisation", "status", "asked", "answered", "received_by", "begins",
                  "offers", "limits"),
            title=N_("Reception"),
            icon="building-2",
            add=N_("Add an enquiry"),
            empty=N_("No one has been asked to receive her."),
            sum_up=self._sum_up,
            rows=(("organisation", "status"), ("received_by", "begins")),
            beside=self._beside,
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show the enquiries of this plan."""
        self._names = dict(page.choices.organisations)
        views = page.case.all_views("reception")
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _sum_up(self, seen: RecordView[Any], language: Language) -> Summary:
        record = seen.record
        parts = [
            _time_phrase(N_("asked {when}"), record.asked, language),
            _time_phrase(N_("answered {when}"), record.answered, language),
            _name_phrase(N_("received by {name}"), record.received_by, language),
            _name_phrase(N_("from {name}"), _day_text(record.begins, language), language),
            _name_phrase(N_("limits: {name}"), localized_text(record.limits, language), language),
        ]
        name = self._names.get(str(record.organisation), "")
        title = name or language.gettext(N_("No organisation named"))
        tone, icon = _RECEPTION_LOOKS.get(str(record.status), (Tone.MUTED, "circle-dashed"))
        fact = RECEPTION_STATUS.get(str(record.status), N_("not asked yet"))
        return Summary(title, _join_parts(parts), tone, icon, language.gettext(fact))

    def _beside(self, seen: RecordView[Any]) -> Sequence[Button]:
        if not isinstance(seen.record.asked, ZonedTime):
            return [self._make(seen, N_("Asked now"), "asked", "asked")]
        if seen.record.status != "confirmed":
            return [self._make(seen, N_("Confirmed now"), "answered", "confirmed")]
        return []

    def _make(self, seen: RecordView[Any], words: str, key: str, status: str) -> Button:
        kit, desk = self._kit, self._desk
        button = _make_answer_button(kit, words, self._names.get(str(seen.record.organisation), ""))
        button.clicked.connect(lambda: set_to_now(kit, desk, seen, (key,), status=status))
        return button


class LegalMatterList(RecordList):
    """The legal matters; hearings during the journey are marked."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self._colliding: Collection[bytes] = ()
        listing = RecordListSpec(
            record_type="legal_status",
            keys=("kind", "decision", "begins", "ends", "next_hearing", "must_be_present",
                  "lapses_on_leaving", "form_number", "applied_by", "decided_by"),
            title=N_("Legal status"),
            icon="file-check",
            add=N_("Add a legal matter"),
            empty=N_("No legal matter is recorded."),
            sum_up=self._sum_up,
            rows=(("kind", "decision"), ("begins", "ends"),
                  ("must_be_present", "lapses_on_leaving"), ("applied_by", "decided_by")),
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_page(
        self, page: PlanPage, colliding: Collection[bytes], *, is_read_only: bool
    ) -> None:
        """Show the matters of this plan; those in `colliding` have a hearing during the journey."""
        self._colliding = colliding
        views = page.case.all_views("legal_status")
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _sum_up(self, seen: RecordView[Any], language: Language) -> Summary:
        record = seen.record
        decision = value_text(field_of("legal_status", "decision"), record.decision, language)
        parts = [
            decision if record.decision is not None else "",
            _name_phrase(N_("until {name}"), _day_text(record.ends, language), language),
            _time_phrase(N_("hearing {when}"), record.next_hearing, language),
        ]
        kind = LEGAL_STATUS_KIND.get(str(record.kind))
        title = language.gettext(kind) if kind else language.gettext(N_("Not named"))
        under = _join_parts(parts)
        if seen.rid in self._colliding:
            fact = language.gettext(N_("hearing during the journey"))
            return Summary(title, under, Tone.DANGER, "calendar-clock", fact)
        if record.lapses_on_leaving is True:
            fact = language.gettext(N_("is lost when she leaves"))
            return Summary(title, under, Tone.WARNING, "triangle-alert", fact)
        return Summary(title, under)


class ReferralList(RecordList):
    """The referrals from us and to us; buttons accept or reject one that came to us.

    One of ours can have a letter: *Letter…* begins such a referral, or leads to the page of one.
    `letter_asked` carries the referral's id.
    """

    letter_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self._names: Mapping[str, str] = {}
        self._is_letter_begun = False
        listing = RecordListSpec(
            record_type="referral",
            keys=("purpose", "answer_by", "organisation", "person", "direction", "kind", "reason",
                  "status", "sent", "answer", "consent"),
            title=N_("Referrals"),
            icon="send",
            add=N_("Add a referral"),
            empty=N_("No referral is recorded."),
            sum_up=self._sum_up,
            rows=(("purpose", "answer_by"), ("organisation", "person"), ("direction", "kind"),
                  ("reason", "status")),
            starts_with=self._first_values,
            beside=self._beside,
        )  # fmt: skip
        super().__init__(kit, desk, listing)
        self.letter_button = Button(kit, N_("Letter…"), "mail", ButtonLook.TONAL, self.begin_letter)
        self.head.insertWidget(self.head.count() - 1, self.letter_button)

    def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show the referrals of this plan."""
        self._names = dict(page.choices.organisations)
        self.show_records(page.case.all_views("referral"), page.plan.rid, is_read_only=is_read_only)
        may_print = self._desk.may(Right.PRINT_INTERNAL)
        self.letter_button.setVisible(may_print and not is_read_only)

    def begin_letter(self) -> None:
        """Begin a referral of ours with a letter; once it is saved, its page stands in Print."""
        self._is_letter_begun = True
        self.begin()
        self._is_letter_begun = False
        if self.form is not None:
            self.form.saved.connect(partial(self._on_letter_saved, self.form))

    def _on_letter_saved(self, form: RecordForm, done: Saved) -> None:
        if form.form.editors["purpose"].value():
            self.letter_asked.emit(done.rid)

    def _first_values(self) -> dict[str, Any]:
        if not self._is_letter_begun:
            return {}
        return {"direction": "out", "kind": "refer", "status": "in_progress"}

    def _sum_up(self, seen: RecordView[Any], language: Language) -> Summary:
        record = seen.record
        title = self._other_name(seen) or language.gettext(N_("No organisation named"))
        told = {
            "purpose": record.purpose, "direction": self._direction(seen), "kind": record.kind,
            "reason": record.reason,
        }  # fmt: skip
        words = [
            value_text(field_of("referral", key), value, language)
            for key, value in told.items()
            if value is not None
        ]
        parts = [
            *words,
            _time_phrase(N_("sent {when}"), record.sent, language),
            _name_phrase(N_("answer by {name}"), _day_text(record.answer_by, language), language),
        ]
        tone, icon = _REFERRAL_LOOKS.get(str(record.status), (Tone.INFO, "circle-dot"))
        status = REFERRAL_STATUS.get(str(record.status))
        fact = language.gettext(status) if status else ""
        text = localized_text(record.answer, language)
        return Summary(title, _join_parts(parts), tone, icon, fact, text)

    def _direction(self, seen: RecordView[Any]) -> Any:
        """Return the direction as seen from our organisation."""
        direction = seen.record.direction
        is_ours = seen.row.custodian == self._desk.identity.organisation
        return direction if is_ours else _OPPOSITE_DIRECTION.get(direction, direction)

    def _other_name(self, seen: RecordView[Any]) -> str:
        """Return the name of the other organisation, which refers to us or is referred to."""
        is_ours = seen.row.custodian == self._desk.identity.organisation
        other = seen.record.organisation if is_ours else seen.row.custodian.hex()
        return self._names.get(str(other), "")

    def _beside(self, seen: RecordView[Any]) -> Sequence[Button]:
        is_ours = seen.row.custodian == self._desk.identity.organisation
        if is_ours and seen.record.purpose and self._desk.may(Right.PRINT_INTERNAL):
            return [self._make_letter_button(seen)]
        if self._direction(seen) != "in" or seen.record.status not in _UNANSWERED_STATUSES:
            return []
        return [
            self._make(seen, N_("Accepted now"), "accepted"),
            self._make(seen, N_("Rejected now"), "rejected"),
        ]

    def _make_letter_button(self, seen: RecordView[Any]) -> Button:
        words, name = N_("Letter…"), self._other_name(seen)
        button = Button(self._kit, words, "mail", ButtonLook.QUIET).with_height(CONTROL_COMPACT)
        self._kit.translator.bind(
            button.setAccessibleName, lambda language: f"{language.gettext(words)}: {name}"
        )
        button.clicked.connect(lambda: self.letter_asked.emit(seen.rid))
        return button

    def _make(self, seen: RecordView[Any], words: str, status: str) -> Button:
        kit, desk = self._kit, self._desk
        button = _make_answer_button(kit, words, self._other_name(seen))
        button.clicked.connect(lambda: set_to_now(kit, desk, seen, (), status=status))
        return button


def _make_answer_button(kit: UiContext, words: str, name: str) -> Button:
    """Return a button for one record; its accessible name says for which organisation."""
    button = Button(kit, words, "check", ButtonLook.QUIET).with_height(CONTROL_COMPACT)
    kit.translator.bind(
        button.setAccessibleName, lambda language: f"{language.gettext(words)}: {name}"
    )
    return button


def _time_phrase(words: str, moment: object, language: Language) -> str:
    if not isinstance(moment, ZonedTime):
        return ""
    return language.gettext(words).format(when=zoned_time_text(moment, language))


def _name_phrase(words: str, name: object, language: Language) -> str:
    if not isinstance(name, str) or not name:
        return ""
    return language.gettext(words).format(name=name)


def _day_text(value: Any, language: Language) -> str:
    return value_text(field_of("reception", "begins"), value, language) if value else ""


def _join_parts(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)
