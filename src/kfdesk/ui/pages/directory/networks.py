# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages Networks and Suggestions: who shares what, and what partners propose to change.

A network that we began can be edited, with its members. Of a partner's network we decide one
thing: what we let its members have. A suggestion stands beside today's value and is taken or
declined; nothing changes before that.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.network import SHARED_SORTS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Membership
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks, search
from kfdesk.services.directory.entries import DirectoryEntry, EntryLine
from kfdesk.services.directory.networks import NetworkLine, SuggestionLine
from kfdesk.services.plans.plans import MAX_CHOICES
from kfdesk.ui import tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.record_views import notify_done, run_with_undo
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import (
    STRETCH,
    column,
    extend,
    fill,
    filled,
    heading,
    labelled,
    muted,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox, ChoiceBox, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState, FlowBox, TaskPage, clear_layout
from kfdesk.ui.widgets.text import Chip

NETWORK_CHANGED = frozenset({"network", "membership", "suggestion", "organisation", "contact"})
_LANGUAGES = ("sv", "en", "ru")


class NetworksPage(TaskPage):
    """The networks that are here: ours to edit, and those of partners."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("Networks"))
        self._desk = desk
        self.may_write = desk.may(Right.EDIT_DIRECTORY)
        self.under.set_message(
            N_(
                "Members of a network share contacts and other work with each other, "
                "without a plan."
            )
        )
        self.hint.set_message(
            N_(
                "Nothing is sent from this page. What is shared goes with the next file to "
                "a member."
            )
        )
        self.ours = RecordList(kit, desk, self._listing())
        self.ours.show_records((), None, is_read_only=not self.may_write)
        self.cards: dict[bytes, NetworkCard] = {}
        self._networks = column(gap=tokens.CARD_GAP)
        fill(self.body, self.ours, self._networks, STRETCH, gap=tokens.CARD_GAP)
        self.first = self.ours.add_button
        kit.events.changed.connect(self._on_changed)
        kit.translator.on_language_change(self, self.read)
        self.read()

    @task
    async def read(self) -> None:
        """Read the networks and the organisations that can be named."""
        desk = self._desk
        houses = await call(self.kit, search.first_organisations, desk, MAX_CHOICES)
        lines = await call(self.kit, networks.list_networks, desk)
        self._show(lines, houses)

    def _listing(self) -> RecordListSpec:
        return RecordListSpec(
            record_type="network",
            keys=("title", "level", "purpose", "begins", "ends", "shares", "confidentiality"),
            title=N_("Networks that we coordinate"),
            icon="building-2",
            add=N_("Start a network"),
            empty=N_("None yet. Start one to share contacts with partners whose digits you have "
                "compared."),
            sum_up=self._sum_up,
            rows=(("begins", "ends"),),
            starts_with=lambda: {
                "confidentiality": "circle", "shares": ("directory",), "level": "national",
            },
        )  # fmt: skip

    def _sum_up(self, seen: RecordView[Any], language: Language) -> Summary:
        card = self.cards.get(seen.rid)
        said = _facts(seen, language)
        line = card.line if card is not None else None
        count = len(line.members) if line is not None else 0
        fact = language.ngettext("{count} member", "{count} members", count).format(count=count)
        return Summary(network_name(seen, language), said, fact=fact)

    def _show(self, lines: Sequence[NetworkLine], houses: Sequence[EntryLine]) -> None:
        held = self.cards
        offers = FormOptions(
            {"organisation": [(one.rid.hex(), fixed_text(one.name or "–")) for one in houses]},
            _LANGUAGES,
        )
        self.cards = {}
        ordered = sorted(lines, key=partial(_network_order, self.kit.translator.language))
        for place, line in enumerate(ordered):
            card = held.pop(line.view.rid, None)
            if card is None:
                card = NetworkCard(self.kit, self._desk, may_write=self.may_write)
            if self._networks.indexOf(card) != place:
                self._networks.insertWidget(place, card)
            self.cards[line.view.rid] = card
            card.show_network(line, offers)
        for gone in held.values():
            self._networks.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self.ours.offers = offers
        ours = [line.view for line in ordered if line.is_ours]
        self.ours.show_records(ours, None, is_read_only=not self.may_write)

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & NETWORK_CHANGED:
            self.read()


class NetworkCard(CardFrame):
    """A network with its members, and what we let them have."""

    def __init__(self, kit: UiContext, desk: Session, *, may_write: bool) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._may_write = may_write
        self.line: NetworkLine | None = None
        self.boxes: dict[str, CheckBox] = {}
        self._about, self._shares = column(gap=12), column(gap=12)
        self.members = RecordList(kit, desk, self._listing())
        fill(
            self.body,
            self._about,
            self._shares,
            self.members,
            gap=12,
            margins=(tokens.CARD_PADDING,) * 4,
        )

    def show_network(self, line: NetworkLine, offers: FormOptions) -> None:
        """Show a network; `offers` has the organisations that can become members."""
        self.line = line
        kit, view = self._kit, line.view
        clear_layout(self._about)
        whose = N_("We coordinate it") if line.is_ours else N_("Coordinated by {name}")
        chip = Chip(kit, Tone.SUCCESS if line.takes_part else Tone.MUTED, "user")
        chip.set_message(filled(whose, name=line.coordinator or "–"))
        head = heading(kit, partial(network_name, view), "building-2", chip)
        extend(self._about, head, muted(kit, partial(_facts, view)))
        if not line.takes_part:
            extend(self._about, text(kit, N_("We are not a member today."), tone=Tone.WARNING))
        self._show_shares(line)
        self.members.offers = offers
        is_shut = not (line.is_ours and self._may_write)
        members = [member.view for member in line.members]
        self.members.show_records(members, view.rid, is_read_only=is_shut)

    def _show_shares(self, line: NetworkLine) -> None:
        clear_layout(self._shares)
        self.boxes = {}
        record = line.view.record
        offered = record.shares if isinstance(record.shares, tuple) else ()
        agreed = record.we_share if isinstance(record.we_share, tuple) else ()
        extend(self._shares, text(self._kit, N_("What we let the members have"), TextStyle.LABEL))
        for sort in (one for one in SHARED_SORTS if one in offered):
            box = self.boxes[sort] = CheckBox(self._kit, SHARED_SORTS[sort])
            box.setChecked(sort in agreed)
            box.setEnabled(self._may_write)
            box.clicked.connect(self._on_share_clicked)
            extend(self._shares, box)
        if not self.boxes:
            extend(self._shares, muted(self._kit, N_("This network shares nothing yet.")))

    def _on_share_clicked(self) -> None:
        line, desk = self.line, self._desk
        if line is not None:
            chosen = [sort for sort, box in self.boxes.items() if box.isChecked()]
            share = partial(networks.share_in_network, desk, line.view.rid, chosen)
            run_with_undo(
                self._kit, desk, share, N_("What we share in this network has been changed.")
            )

    def _listing(self) -> RecordListSpec:
        return RecordListSpec(
            record_type="membership",
            keys=("organisation", "role", "begins", "ends", "mandate"),
            title=N_("Members"),
            icon="user",
            add=N_("Add a member"),
            empty=N_("No members yet."),
            sum_up=self._sum_up,
            rows=(("organisation", "role"), ("begins", "ends")),
            starts_with=lambda: {"role": "member"},
        )

    def _sum_up(self, seen: RecordView[Membership], language: Language) -> Summary:
        members = self.line.members if self.line is not None else ()
        found = next((one for one in members if one.view.rid == seen.rid), None)
        name = found.name if found is not None else ""
        role = seen.record.role
        word = value_text(field_of("membership", "role"), role, language) if role else ""
        dates = ", ".join(
            f"{language.gettext(field_of('membership', key).label)} "
            f"{value_text(field_of('membership', key), getattr(seen.record, key), language)}"
            for key in ("begins", "ends") if getattr(seen.record, key) is not None
        )  # fmt: skip
        under = " · ".join(part for part in (word, dates) if part)
        unknown = language.gettext(N_("an organisation that is not in Contacts"))
        if found is not None and found.stands:
            return Summary(name or unknown, under)
        fact = language.gettext(N_("not a member today"))
        return Summary(name or unknown, under, Tone.WARNING, "clock", fact)


def _network_order(language: Language, line: NetworkLine) -> tuple[bool, str]:
    """Return the place of a network in the list: ours first, then by name."""
    return not line.is_ours, network_name(line.view, language).casefold()


def network_name(seen: RecordView[Any], language: Language) -> str:
    """Return the name of a network, or that it has none."""
    title = getattr(seen.record, "title", None)
    return localized_text(title, language) or language.gettext(N_("without a name"))


def _facts(seen: RecordView[Any], language: Language) -> str:
    """Return reach, beginning and purpose of a network in one line."""
    said = [
        value_text(field_of("network", key), getattr(seen.record, key), language)
        for key in ("level", "begins", "ends", "purpose")
        if getattr(seen.record, key) is not None
    ]
    return " · ".join(said)


# --- suggestions


class SuggestionsPage(TaskPage):
    """What partners suggest to change in our entries, and what we suggested to them."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("Suggestions"))
        self._desk = desk
        self.cards: list[SuggestionCard] = []
        self.hint.set_message(N_("An entry changes only when you accept a suggestion."))
        self._column = column(gap=tokens.CARD_GAP)
        fill(self.body, self._column, STRETCH)
        kit.events.changed.connect(self._on_changed)
        self.read()

    @task
    async def read(self) -> None:
        """Read the suggestions again."""
        lines = await call(self.kit, networks.list_suggestions, self._desk)
        clear_layout(self._column)
        self.cards = [SuggestionCard(self.kit, self._desk, line) for line in lines]
        extend(self._column, *self.cards)
        if not lines:
            title = N_("No suggestions")
            under = N_("To suggest a change to a partner's entry, open it in Contacts.")
            extend(self._column, EmptyState(self.kit, "pencil", title, under))

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & NETWORK_CHANGED:
            self.read()


class SuggestionCard(CardFrame):
    """A suggestion: whose entry, the value of today, the suggested one, and the two answers."""

    def __init__(self, kit: UiContext, desk: Session, line: SuggestionLine) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._line = line
        record = line.view.record
        is_own = line.view.row.custodian == desk.identity.organisation
        who = N_("We suggested it") if is_own else N_("Suggested by {name}")
        now = filled(N_("Today: {value}"), value=line.now or "–")
        then = filled(N_("Suggested: {value}"), value=_plain(record.value))
        extend(
            self.body,
            heading(kit, fixed_text(line.name or "–"), "pencil"),
            muted(kit, filled(who, name=line.by or "–")),
            text(kit, partial(_field_label, line), TextStyle.LABEL),
            text(kit, now),
            text(kit, then, TextStyle.STRONG),
        )
        if isinstance(record.why, str):
            extend(self.body, muted(kit, filled(N_("Why: {why}"), why=record.why)))
        self.take = Button(kit, N_("Apply the change"), "check", ButtonLook.PRIMARY, self._take)
        self.decline = Button(kit, N_("Leave it unchanged"), "x", on=self._decline)
        if line.is_ours_to_decide and desk.may(Right.EDIT_DIRECTORY):
            extend(self.body, FlowBox(self.take, self.decline, gap=8))
        elif not line.is_ours_to_decide:
            extend(self.body, muted(kit, N_("They decide. It goes with the next file to them.")))

    @task
    async def _take(self) -> None:
        done = await call(self._kit, networks.take_suggestion, self._desk, self._line.view.rid)
        notify_done(self._kit, self._desk, done, N_("The entry has been changed."))

    @task
    async def _decline(self) -> None:
        done = await call(self._kit, networks.decline_suggestion, self._desk, self._line.view.rid)
        notify_done(self._kit, self._desk, (done,), N_("The entry is unchanged."))


def _field_label(line: SuggestionLine, language: Language) -> str:
    key = _plain(line.view.record.key)
    if key not in networks.suggestible_keys(line.entry.type):
        return key
    return language.gettext(field_of(line.entry.type, key).label)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else ""


class SuggestionForm(CardFrame):
    """A small form above a partner's entry: which field, what it should say, and why."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._entry = b""
        self.field = ChoiceBox(kit)
        self.value, self.why = TextEntry(), TextEntry()
        self.send = Button(kit, N_("Keep the suggestion"), "check", ButtonLook.PRIMARY, self._keep)
        self.close_button = Button(kit, N_("Cancel"), look=ButtonLook.QUIET, on=self.hide)
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        fill(
            self.body,
            heading(kit, N_("Suggest a change"), "pencil"),
            muted(
                kit,
                N_(
                    "It goes with the next file to them. They decide, and nothing changes "
                    "before then."
                ),
            ),
            self.outcome,
            labelled(kit, N_("Field"), self.field),
            labelled(kit, N_("Suggested value"), self.value),
            labelled(kit, N_("Why"), self.why),
            FlowBox(self.send, self.close_button, gap=8),
            gap=12,
            margins=(tokens.CARD_PADDING,) * 4,
        )
        self.hide()

    def begin(self, entry: DirectoryEntry) -> None:
        """Open the form for an entry that another organisation answers for."""
        self._entry = entry.rid
        keys = networks.suggestible_keys(entry.type)
        self.field.set_options([(key, field_of(entry.type, key).label) for key in keys])
        self.value.clear()
        self.why.clear()
        self.outcome.hide()
        self.show()
        self.field.setFocus()

    def refuse(self, fault: KfdeskError) -> None:
        """Show why the suggestion was not kept."""
        self.outcome.show_fault(fault)

    @task
    async def _keep(self) -> None:
        words = (self.field.key, self.value.text().strip(), self.why.text().strip())
        await call(self._kit, networks.suggest_change, self._desk, self._entry, *words)
        self.hide()
        self._kit.events.changed.emit(frozenset({"suggestion"}))
        self._kit.notify(N_("The suggestion is kept. It goes with the next file to them."))
