# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending: choose plans and a partner, look through everything that leaves, and write the file.

A name of another client stops the file until it is removed, or until the sender has confirmed
beside each place that it is somebody else's. A text that the partner cannot read is reported,
and may be sent. The service prepares the parcel and finds the names; this module shows them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.core import CONSENT_PURPOSE
from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.disclosure import Disclosed, DisclosedRow, Withheld
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import PartnerState, WrittenBundle
from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView, view_any
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label
from kfdesk.i18n.phrases import field_of
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.outbox import Parcel
from kfdesk.services.exchange.outgoing_texts import Mention, UnreadableText
from kfdesk.services.exchange.transfer import PlanIds
from kfdesk.services.plans.leg_clocks import PlanClock
from kfdesk.services.plans.lines import PlanLine
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_folder
from kfdesk.ui.pages.exchange.notices import OutgoingNoticesCard
from kfdesk.ui.pages.exchange.previews import (
    FIELD_GROUPS,
    ParcelPreview,
    ReferenceNames,
    SendChoices,
    WaitingRecords,
    common_order,
    common_title,
    preview_parcel,
    read_send_choices,
    read_waiting,
    record_icon,
    record_order,
    records_text,
    send_everything,
    send_previewed,
    values_of,
    values_text,
)
from kfdesk.ui.record_views import (
    WITHHELD_REASONS,
    LabelledValues,
    ValueTable,
    named_record,
    type_word,
)
from kfdesk.ui.tokens import CARD_GAP, FIELD_GAP, TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction, fixed_text
from kfdesk.ui.widgets.build import STRETCH, column, extend, filled, muted, plural, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox, ChoiceBox, LabelledField
from kfdesk.ui.widgets.layout import (
    Banner,
    CardFrame,
    EmptyState,
    JobProgressLine,
    TaskPage,
    clear_layout,
)
from kfdesk.ui.widgets.text import Chip, Label

# --- plans

_LABEL_WIDTH = 240
_PLANS_SHOWN = 12  # the choice above lists all of them


class OtherPlansCard(CardFrame):
    """The other plans with records for the partner, to be ticked; hidden without any.

    `changed` follows each tick.
    """

    changed = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit = kit.about_client(self, Pronoun.CLIENT)  # any client may be named
        self.ticks: dict[bytes, CheckBox] = {}
        self.add_heading(kit, N_("More to send to this partner"), "clipboard-list")
        words = N_("Tick what else to put in the same file.")
        extend(self.body, muted(kit, words, TextStyle.SMALL))
        self._boxes = column()
        extend(self.body, self._boxes)
        self.hide()

    @property
    def chosen(self) -> tuple[bytes, ...]:
        """The plans that are ticked."""
        return tuple(plan for plan, tick in self.ticks.items() if tick.isChecked())

    def show_plans(
        self, plans: Sequence[PlanLine], records: Mapping[bytes, int], chosen: bytes
    ) -> None:
        """Offer the plans of which something waits, without the one chosen above."""
        ticked = self.chosen
        clear_layout(self._boxes)
        self.ticks = {}
        for line in _waiting_plans(plans, records, chosen):
            tick = CheckBox(self._kit, partial(plan_text, line, records[line.rid]))
            tick.setChecked(line.rid in ticked)
            tick.toggled.connect(self.changed)
            self.ticks[line.rid] = tick
            extend(self._boxes, tick)
        self.setVisible(bool(self.ticks))


def plan_text(line: PlanLine, count: int, language: Language) -> str:
    """Return `tulpan-47 · Nina: 3 records to send`."""
    name = f"{line.code} · {line.alias}" if line.alias else line.code
    if not count:
        return name
    return language.plural(
        "{plan}: {count} record to send", "{plan}: {count} records to send", count, plan=name
    )


def _waiting_plans(
    plans: Sequence[PlanLine], records: Mapping[bytes, int], chosen: bytes
) -> Iterator[PlanLine]:
    found = [line for line in plans if line.rid in records and line.rid != chosen]
    yield from found[:_PLANS_SHOWN]


# --- consents


def field_groups_card(kit: UiContext, shown: ParcelPreview, may: Disclosed) -> CardFrame:
    """Return a card with the field groups of one plan.

    Each shows the consents that allow it, or why nothing of it is sent.
    """
    card = CardFrame()
    card.add_heading(kit, N_("What her consent allows"), "file-check")
    pairs = []
    for group, how in may.openings.items():
        if isinstance(how, WithheldReason):
            pairs.append(
                LabelledValues(FIELD_GROUPS[group], (WITHHELD_REASONS[how],), Tone.WARNING)
            )
        else:
            pairs.append(
                LabelledValues(FIELD_GROUPS[group], (_grounds_text(shown, how),), Tone.PLAIN)
            )
    extend(card.body, ValueTable(kit, pairs, width=_LABEL_WIDTH))
    return card


def _grounds_text(shown: ParcelPreview, consents: frozenset[bytes]) -> Message:
    found = [shown.consents[rid] for rid in sorted(consents) if rid in shown.consents]

    def words(language: Language) -> str:
        return "\n".join(_consent_text(one, language) for one in found)

    return words if found else N_("shared without consent")


def _consent_text(seen: RecordView[Consent], language: Language) -> str:
    purpose = language.gettext(CONSENT_PURPOSE.get(str(seen.record.purpose), N_("Consent")))
    last = seen.record.expires
    if not isinstance(last, date):
        return purpose
    sentence = language.gettext(N_("{purpose}, until {day}"))
    return sentence.format(purpose=purpose, day=language.day(last, year=True))


# --- warnings


class SendWarnings(QWidget):
    """The warnings about names, local times and languages.

    `changed` follows each tick; `plan_asked` carries the id of a plan to open.
    """

    changed = Signal()
    plan_asked = Signal(bytes)

    def __init__(self, kit: UiContext, shown: ParcelPreview) -> None:
        super().__init__()
        self._kit = kit
        self.ticks: dict[Mention, CheckBox] = {}
        self._has_code = any(one.is_code for one in shown.parcel.mentions)
        box = column(gap=CARD_GAP, on=self)
        if shown.parcel.mentions:
            extend(box, self._make_mentions(shown))
        if shown.parcel.clocks:
            extend(box, self._make_clocks(shown.parcel.clocks))
        if shown.parcel.unread:
            extend(box, self._make_unread(shown))
        warned = (shown.parcel.mentions, shown.parcel.clocks, shown.parcel.unread)
        self.setVisible(any(warned))

    @property
    def somebody_else(self) -> frozenset[Mention]:
        """The names that the user has confirmed to be somebody else's."""
        return frozenset(one for one, tick in self.ticks.items() if tick.isChecked())

    @property
    def may_pass(self) -> bool:
        """True if no name stops the file any more; a code always does."""
        return not self._has_code and all(tick.isChecked() for tick in self.ticks.values())

    def _make_mentions(self, shown: ParcelPreview) -> CardFrame:
        card = CardFrame()
        card.add_heading(
            self._kit, N_("Another client is named here"), "octagon-alert", Tone.DANGER
        )
        sentence = N_(
            "She has not agreed that this partner may know about her. Take the name out of the "
            "text, or confirm that it belongs to someone else. Until then no file is made."
        )
        extend(card.body, text(self._kit, sentence))
        for one in shown.parcel.mentions:
            extend(card.body, self._make_place(one, shown.names))
        return card

    def _make_place(self, one: Mention, names: Mapping[str, str]) -> QWidget:
        code = names.get(one.other.hex(), "")

        def words(language: Language) -> str:
            record = language.gettext(RECORD_TYPE_NAMES[one.type])
            label = language.gettext(field_of(one.type, one.key).label)
            return language.gettext(N_("{record}, {field}: “{words}” may be {code}.")).format(
                record=record, field=label, words=one.words, code=code
            )

        part = QWidget()
        box = column(text(self._kit, words, tone=Tone.DANGER), margins=(0, 4, 0, 4), on=part)
        if not one.is_code:
            tick = CheckBox(self._kit, N_("It is someone else with the same name"))
            tick.toggled.connect(self.changed)
            self.ticks[one] = tick
            extend(box, tick)
        return part

    def _make_clocks(self, clocks: Sequence[PlanClock]) -> Banner:
        banner, ask = Banner(self._kit, Tone.DANGER, "clock"), self._ask_for(clocks[0].plan)
        banner.set_message(
            N_("A time in the journey is told by the clocks of another place."),
            partial(_clocks_text, clocks),
        )
        banner.set_action(Button(self._kit, N_("Correct it"), "pencil", on=ask))
        return banner

    def _make_unread(self, shown: ParcelPreview) -> Banner:
        partner, unread = shown.parcel.partner, shown.parcel.unread
        banner = Banner(self._kit, Tone.WARNING, "languages")
        banner.set_message(
            lambda language: _unread_text(unread, partner.name, partner.reads, language),
            lambda language: _unread_fields_text(unread, language),
        )
        rids = {one.rid for one in unread}
        plan = next((plan for plan, those in shown.parcel.whose.items() if rids & those), None)
        if plan is not None:
            add = Button(self._kit, N_("Add the text"), "pencil", on=self._ask_for(plan))
            banner.set_action(add)
        return banner

    def _ask_for(self, plan: bytes) -> Callable[[], None]:
        return lambda: self.plan_asked.emit(plan)


def _clocks_text(clocks: Sequence[PlanClock], language: Language) -> str:
    """Return which times these are, and what follows from one."""
    found = (one.finding for one in clocks)
    fields = [field_label(f"{one.type}.{one.key}", language, one.sequence) for one in found]
    sentence = N_("The partner may wait at the wrong hour. Look at: {fields}.")
    return language.gettext(sentence).format(fields=", ".join(dict.fromkeys(fields)))


def _unread_text(
    unread: tuple[UnreadableText, ...], name: str, reads: tuple[str, ...], language: Language
) -> str:
    """Return a sentence: `3 texts are only in: Swedish. Pskov reads: Russian.`."""
    codes = dict.fromkeys(code for one in unread for code in one.languages)
    written = language.listing([language.language(code) for code in codes])
    read = language.listing([language.language(code) for code in reads])
    return language.plural(
        "{count} text is only in: {written}. {name} reads: {read}.",
        "{count} texts are only in: {written}. {name} reads: {read}.",
        len(unread),
        written=written,
        name=name,
        read=read,
    )


def _unread_fields_text(unread: tuple[UnreadableText, ...], language: Language) -> str:
    labels = dict.fromkeys(field_of(one.type, one.key).label for one in unread)
    fields = ", ".join(map(language.gettext, labels))
    sentence = N_("It can be sent as it is. The texts: {fields}.")
    return language.gettext(sentence).format(fields=fields)


# --- parcel


class ParcelView(QWidget):
    """Content of a parcel, plan by plan and record by record, and below each what stays here."""

    def __init__(self, kit: UiContext, shown: ParcelPreview) -> None:
        super().__init__()
        self._kit = kit
        parcel = shown.parcel
        self._column = box = column(gap=CARD_GAP, on=self)
        self.warnings = SendWarnings(kit, shown)
        extend(box, self.warnings)
        if parcel.goes.rows:
            extend(box, _summary_card(kit, shown))
        if parcel.partner.is_own:
            extend(box, _everything_card(kit, has_more=bool(parcel.waiting)))
            return
        for plan, rids in parcel.whose.items():
            if len(parcel.whose) > 1:
                head = Label(kit, style=TextStyle.TITLE)
                head.show_text(shown.codes[plan] or "–")
                extend(box, head)
            self._show_plan(kit.about_client(self, shown.pronouns[plan]), shown, rids)
        common = _common_rows(parcel)
        if common or parcel.too_new:
            extend(box, _common_card(kit, shown, common))
        if shown.withdrawals or parcel.is_answer or parcel.is_anew:
            extend(box, OutgoingNoticesCard(kit, parcel, shown.withdrawals))

    def _show_plan(self, kit: UiContext, shown: ParcelPreview, rids: frozenset[bytes]) -> None:
        goes, may = shown.parcel.goes.only_rows(rids), shown.parcel.may.only_rows(rids)
        if may.openings:
            extend(self._column, field_groups_card(kit, shown, may))
        views = [(view_any(given.row), frozenset(given.grants)) for given in goes.rows]
        for view, keys in sorted(views, key=lambda pair: record_order(pair[0])):
            extend(self._column, _record_card(kit, view, keys, shown))
        if may.withheld:
            extend(self._column, make_withheld_card(kit, may.withheld))


def _summary_card(kit: UiContext, shown: ParcelPreview) -> CardFrame:
    card = CardFrame()
    name, goes = shown.parcel.partner.name, shown.parcel.goes
    row = card.add_heading(kit, lambda language: _leaves_text(name, language), "send", Tone.ACCENT)
    chip = Chip(kit, Tone.INFO, "circle-dot")
    chip.set_message(lambda language: records_text(len(goes.rows), language))
    extend(row, chip)
    named = sum(given.rid in shown.parcel.named and given.type != "phone" for given in goes.rows)
    if named:
        words = plural(
            "{count} contact is sent because a plan names it.",
            "{count} contacts are sent because a plan names them.",
            named,
        )
        extend(card.body, muted(kit, words))
    if shown.parcel.quiet:
        waits = plural(
            "{count} record waits until they have answered our first file since the restore.",
            "{count} records wait until they have answered our first file since the restore.",
            shown.parcel.quiet,
        )
        extend(card.body, muted(kit, waits))
    return card


_MOST_COMMON = 20  # records of networks that are listed by name; further ones are counted


def _common_rows(parcel: Parcel) -> list[DisclosedRow]:
    """Return the rows that go and belong to no plan."""
    of_plans = frozenset[bytes]().union(*parcel.whose.values())
    return [given for given in parcel.goes.rows if given.rid not in of_plans]


def _common_card(kit: UiContext, shown: ParcelPreview, common: Sequence[DisclosedRow]) -> CardFrame:
    """Return the card of what belongs to no plan: named contacts, and what networks share."""
    card = CardFrame()
    card.add_heading(kit, N_("Contacts and networks"), "book-user")
    for seen in sorted((view_any(given.row) for given in common), key=common_order)[:_MOST_COMMON]:
        extend(card.body, text(kit, partial(_common_line, seen, shown.names)))
    if len(common) > _MOST_COMMON:
        more = plural("{count} more", "{count} more", len(common) - _MOST_COMMON)
        extend(card.body, muted(kit, more))
    for name, count in shown.parcel.too_new.items():
        waits = filled(
            N_("Waits until they have a newer program: {what}, {count}"),
            what=partial(type_word, name), count=count,
        )  # fmt: skip
        extend(card.body, muted(kit, waits))
    return card


def _common_line(shown: RecordView[Any], known: ReferenceNames, language: Language) -> str:
    """Return the type of a record and the name by which people know it."""
    return named_record(shown.row.type, common_title(shown, known, language), language)


def _everything_card(kit: UiContext, *, has_more: bool) -> CardFrame:
    """Return the card for another laptop of our own.

    It gets everything: too much to read through.
    """
    card = CardFrame()
    card.add_heading(kit, N_("Everything it does not have yet"), "refresh-cw")
    words = N_(
        "Plans, notes, contacts, documents and code words are included, because both laptops "
        "belong to our organisation. Drafts stay here, and so does information about other "
        "people's offences."
    )
    extend(card.body, text(kit, words))
    if has_more:
        later = N_(
            "Some documents do not fit. They go in the next file, after the answer to this one."
        )
        extend(card.body, text(kit, later))
    return card


def _record_card(
    kit: UiContext, view: RecordView[Any], keys: frozenset[str], shown: ParcelPreview
) -> CardFrame:
    card, kind, number = CardFrame(), view.row.type, shown.numbers.get(view.rid)
    row = card.add_heading(
        kit, lambda language: type_word(kind, language, number), record_icon(kind)
    )
    if view.is_deleted:
        chip = Chip(kit, Tone.WARNING, "trash-2")
        chip.set_message(N_("marked as deleted"))
        extend(row, chip)
    ordered = [key for key in RECORD_TYPES[view.row.type].fields if key in keys]
    pairs = [_field_values(view, key, shown.names) for key in ordered]
    extend(card.body, ValueTable(kit, pairs, width=_LABEL_WIDTH))
    return card


def _field_values(view: RecordView[Any], key: str, names: ReferenceNames) -> LabelledValues:
    values, record_type = values_of(view, key), view.row.type

    def words(language: Language) -> str:
        text = values_text(record_type, key, values, names, language)
        if len(values) < 2:
            return text
        return f"{text}\n({language.gettext(N_('two values, not yet decided'))})"

    tone = Tone.PLAIN if len(values) <= 1 else Tone.WARNING
    return LabelledValues(field_of(record_type, key).label, (words,), tone)


def make_withheld_card(kit: UiContext, withheld: Sequence[Withheld]) -> CardFrame:
    """Return the card of what stays, by reason; a long row of names begins folded."""
    card = CardFrame()
    card.add_heading(kit, N_("Not sent"), "lock")
    pairs = []
    for reason in WithheldReason:
        kept = [field for field in withheld if field.reason is reason]
        if kept:
            pairs.append(
                LabelledValues(WITHHELD_REASONS[reason], (_fields_text(kept),), Tone.MUTED)
            )
    extend(card.body, ValueTable(kit, pairs, width=_LABEL_WIDTH, folds=True))
    return card


def _fields_text(withheld: Sequence[Withheld]) -> MessageFunction:
    labels = list(dict.fromkeys(field_of(one.type, one.key).label for one in withheld))
    return lambda language: ", ".join(language.gettext(label) for label in labels)


def _leaves_text(name: str, language: Language) -> str:
    return language.gettext(N_("What will be sent to {name}")).format(name=name)


# --- page

_CHOICE_WIDTH = 340
_CANCELLED_CODE = "work.cancelled"


_NO_PLAN = N_("No plan: only what networks share")


class SendPage(TaskPage):
    """The page that sends one file to one partner.

    `sent` follows when it is written; `plan_asked` carries the id of a plan to open. Without
    `organisation` the page asks for one, unless there is only one. `plan` is the plan from
    which the user came, if any.
    """

    sent = Signal()
    plan_asked = Signal(bytes)

    def __init__(
        self,
        kit: UiContext,
        desk: Session,
        organisation: bytes = b"",
        plan: bytes = b"",
        *,
        is_common: bool = False,
    ) -> None:
        """Make the page; `is_common` begins without a plan, with what networks share."""
        super().__init__(kit, N_("Send"))
        self._is_common = is_common
        self._desk = desk
        self._organisation = organisation
        self._plan = plan
        self._plans: tuple[PlanLine, ...] = ()
        self._waiting = WaitingRecords()
        self._shown: ParcelPreview | None = None
        self._own: set[bytes] = set()
        self.made: WrittenBundle | None = None
        self._parts: list[WrittenBundle] = []
        self.progress = JobProgressLine(kit, N_("Writing the files: {share} %"))
        self.partner, self.plan = ChoiceBox(kit), ChoiceBox(kit)
        for choice in (self.partner, self.plan):
            choice.setMinimumWidth(_CHOICE_WIDTH)
        self.partner.chosen.connect(self._on_partner_chosen)
        self.plan.chosen.connect(self._on_plan_chosen)
        self.also = OtherPlansCard(kit)
        self.also.changed.connect(self._prepare)
        self.make = Button(kit, N_("Make the file…"), "usb", ButtonLook.PRIMARY)
        self.make.clicked.connect(self._on_make_clicked)
        self.set_action(self.make)
        self.done = Button(kit, N_("Done"), "check", ButtonLook.PRIMARY, self.closed.emit)
        self.done.hide()
        self.set_action(self.done)
        self.under.set_message(N_("Review what will be sent before the file is made."))
        self.view: ParcelView | None = None
        self._parcel = column()
        self._lay_out()
        self._show_ready(is_ready=False)
        self.first = self.partner
        kit.worker.run(lambda: read_send_choices(desk), self._on_read)

    def send_to(self, folder: Path) -> None:
        """Write the file with the shown parcel to `folder`."""
        if self._shown is None or self.view is None or not self._may_go():
            return
        desk, plans, parcel = self._desk, self._chosen_plans(), self._shown.parcel
        somebody_else = self.view.warnings.somebody_else
        self._show_ready(is_ready=False)
        if parcel.partner.is_own:
            self._send_everything(parcel, folder)
            return
        self.kit.worker.run(
            lambda: send_previewed(desk, plans, parcel, folder, somebody_else),
            self._on_made,
            self._on_refused,
        )

    def _send_everything(self, parcel: Parcel, folder: Path) -> None:
        """Write the files for a laptop of ours, as far as they are not written; it can be stopped.

        A file that is written stands, and the next time the job goes on after it.
        """
        desk, made = self._desk, self._parts
        self.outcome.hide()
        self._choices.setEnabled(False)
        self.cancel.hide()
        self.hint.set_message(N_("What was sent is recorded in the database."))
        progress = self.progress.begin()
        self.scroll_to(self.progress)
        self.kit.worker.run(
            lambda: send_everything(desk, parcel, folder, progress, made),
            self._on_made,
            self._on_refused,
            title=N_("Writing the files…"),
            cancel=progress,
        )

    def _lay_out(self) -> None:
        line = row(
            LabelledField(self.kit, N_("Partner"), self.partner),
            LabelledField(self.kit, N_("Plan"), self.plan),
            STRETCH,
            gap=FIELD_GAP,
        )
        self._choices = QWidget()
        self._choices.setLayout(line)
        extend(self.body, self.progress, self._choices, self.also, self._parcel, STRETCH)

    def _on_read(self, sending: SendChoices) -> None:
        self._plans = sending.plans
        offered = [
            one.partner
            for one in sending.partners
            if one.partner.state is PartnerState.VERIFIED
            or one.partner.organisation == self._organisation
        ]
        self._own = {one.organisation for one in offered if one.is_own}
        named: list[tuple[str, Message]] = [
            (one.organisation.hex(), fixed_text(one.name)) for one in offered
        ]
        if not self._organisation and len(named) > 1:
            named.insert(0, ("", N_("Choose a partner")))
        self.partner.set_options(named, self._organisation.hex())
        self._show_plans()
        self._on_partner_chosen()

    def _on_partner_chosen(self, _key: str = "") -> None:
        desk, organisation = self._desk, self._chosen_partner()
        self.outcome.hide()
        self.also.hide()
        self._clear()
        self._show_ready(is_ready=False)
        if organisation:
            self.kit.worker.run(
                lambda: read_waiting(desk, organisation), self._on_waiting, self._on_refused
            )
        elif self.partner.count():
            under = N_("Then the page shows what may be sent there and what stays here.")
            title = N_("First choose a recipient")
            extend(self._parcel, EmptyState(self.kit, "building-2", title, under))
        else:
            under = N_("Invite a partner, or compare the digits of one whose card is here.")
            title = N_("No partner is verified yet")
            extend(self._parcel, EmptyState(self.kit, "building-2", title, under))

    def _on_waiting(self, waiting: WaitingRecords) -> None:
        self._waiting = waiting
        self._show_plans()
        self._prepare()

    def _show_plans(self) -> None:
        """Offer the plans, those with records for the partner first."""
        records, asked = self._waiting.records, self._plan.hex() or self.plan.key
        ordered = sorted(self._plans, key=lambda line: line.rid not in records)
        options: list[tuple[str, Message]] = [
            (line.rid.hex(), partial(plan_text, line, records.get(line.rid, 0))) for line in ordered
        ]
        if self._chosen_partner() not in self._own:
            options.append(("", _NO_PLAN))
        self.plan.set_options(
            options,
            asked
            if self._plan or bytes.fromhex(asked) in records
            else ""
            if self._is_common or not options
            else options[0][0],
        )
        self._show_other_plans()

    def _show_other_plans(self) -> None:
        is_own = self._chosen_partner() in self._own
        records = {} if is_own else self._waiting.records
        self.also.show_plans(self._plans, records, bytes.fromhex(self.plan.key))

    def _on_plan_chosen(self, key: str) -> None:
        self._plan, self._is_common = bytes.fromhex(key), not key
        self.outcome.hide()
        self._show_other_plans()
        self._prepare()

    def _chosen_partner(self) -> bytes:
        return bytes.fromhex(self.partner.key)

    def _chosen_plans(self) -> PlanIds:
        """Return the chosen plans; none for a laptop of our own, which gets everything."""
        if self._chosen_partner() in self._own:
            return ()
        if not self.plan.key:
            return ()
        return (bytes.fromhex(self.plan.key), *self.also.chosen)

    def _prepare(self) -> None:
        desk, organisation, plans = self._desk, self._chosen_partner(), self._chosen_plans()
        self._parts = []
        self.plan.setEnabled(organisation not in self._own)
        self._show_ready(is_ready=False)
        self.kit.worker.run(
            lambda: preview_parcel(desk, plans, organisation), self._on_prepared, self._on_refused
        )

    def _on_prepared(self, shown: ParcelPreview) -> None:
        self._shown = shown
        self._clear()
        self.view = ParcelView(self.kit, shown)
        extend(self._parcel, self.view)
        self.view.warnings.changed.connect(lambda: self._show_ready(is_ready=self._may_go()))
        self.view.warnings.plan_asked.connect(self.plan_asked)
        self._show_ready(is_ready=self._may_go())
        if shown.parcel.fault is not None:
            self.show_fault(shown.parcel.fault)

    def _clear(self) -> None:
        clear_layout(self._parcel)
        self.view = None

    def _show_ready(self, *, is_ready: bool) -> None:
        self.make.setEnabled(is_ready)
        self.hint.set_message(N_("Nothing has been changed yet."))

    def _on_make_clicked(self) -> None:
        put = self._waiting.put
        ask_folder(self.kit, self, N_("Save the file here"), self.send_to, put)

    def _on_made(self, made: tuple[WrittenBundle, ...] | ParcelPreview) -> None:
        self._end_progress()
        if isinstance(made, ParcelPreview):
            self._parts = []
            self._on_prepared(made)
            if made.parcel.fault is None:
                self._show_changed()
            return
        self.made = made[0]
        self._clear()
        self._show_written(made)
        for widget in (self.make, self.cancel):
            widget.hide()
        self.also.hide()
        self._choices.hide()
        self.done.show()
        self.done.setFocus()
        self.sent.emit()

    def _show_changed(self) -> None:
        self.outcome.show_look(Tone.WARNING, "triangle-alert")
        self.outcome.set_message(
            N_("Something has changed in the meantime."),
            N_("The file was not made. Review again what will be sent, then make the file."),
        )
        self.outcome.show()

    def _show_written(self, made: tuple[WrittenBundle, ...]) -> None:
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        if len(made) == 1:
            self.outcome.set_message(
                N_("The file is written and checked. You can now remove the USB stick."),
                N_("File {name}: only {partner} can open it."),
                name=lambda _: made[0].path.name,
                partner=lambda _: self.partner.currentText(),
            )
        else:
            self.outcome.set_message(
                N_("The files are written and checked. You can now remove the USB stick."),
                N_("{count} files: take all of them along. Only {partner} can open them."),
                count=lambda _: str(len(made)),
                partner=lambda _: self.partner.currentText(),
            )
        self.outcome.show()
        self.under.hide()
        self.hint.set_message(N_("What was sent is recorded in the database."))

    def _end_progress(self) -> None:
        self.progress.end()
        self._choices.setEnabled(True)
        self.cancel.show()

    def _on_refused(self, fault: KfdeskError) -> None:
        self._end_progress()
        self._show_ready(is_ready=self._may_go())
        self.show_fault(fault)
        if fault.code == _CANCELLED_CODE and self._parts:
            self.outcome.set_message(
                N_("Stopped, as you asked."),
                N_("Files written so far: {count}. Keep them: the next time, only the others "
                   "are written."),
                count=lambda _: str(len(self._parts)),
            )  # fmt: skip
            self.hint.set_message(N_("What was sent is recorded in the database."))
            self.make.setFocus()

    def _may_go(self) -> bool:
        """Return whether there is something to send, and no name in it stops it."""
        is_possible = self._shown is not None and self._shown.parcel.fault is None
        return is_possible and self.view is not None and self.view.warnings.may_pass
