# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Networks: which networks there are, their members, and what we share in them.

A network that we began can be edited, with its members. Of a partner's network we decide one
thing: what we let its members have. Two networks of one name are joined here by a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.codes.network import SHARED_SORTS
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.directory import Membership
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks, search
from kfdesk.services.directory.duplicates import mark_distinct
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.directory.networks import MemberLine, NetworkLine
from kfdesk.services.network.work import ALONE, MemberFacts, read_members
from kfdesk.services.plans.plans import MAX_CHOICES
from kfdesk.ui import tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import make_entry_search, shared_languages
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.record_views import notify_types, run_with_undo, written_at
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
    muted,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.layout import (
    Banner,
    CardFrame,
    FlowBox,
    TaskPage,
    clear_layout,
    more_words,
)
from kfdesk.ui.widgets.text import Chip

_MOST_CARDS = 40
"""Networks that are shown at once, ours first, however many partners send."""
_PERSON_KEYS = ("contact", "deputy")
_NETWORK_CHANGED = frozenset({"network", "membership", "organisation", "contact"})


class NetworksPage(TaskPage):
    """The networks that are here: ours to edit, and those of partners.

    `work_asked` carries the network whose work is to be shown, empty for what belongs to none.
    `paper_asked` carries a paper and its subject.
    """

    work_asked = Signal(bytes)
    paper_asked = Signal(object, bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("Networks"))
        self._desk = desk
        self.may_write = desk.may(Right.EDIT_DIRECTORY)
        self.cancel.set_message(N_("Close"))
        self.under.set_message(
            N_(
                "Members of a network share contacts and other material with each other, without "
                "a plan."
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
        own = partial(self.work_asked.emit, ALONE)
        self.alone = Button(kit, N_("Own agreements and projects…"), "file-check", on=own)
        self.more = muted(kit)
        alone = row(self.alone, STRETCH)
        fill(self.body, self.ours, self._networks, self.more, alone, STRETCH, gap=tokens.CARD_GAP)
        self.first = self.ours.add_button
        kit.events.changed.connect(self._on_changed)
        kit.translator.on_language_change(self, self.read)
        self.read()

    @task
    async def read(self) -> None:
        """Read the networks and the organisations that can be named."""
        desk = self._desk
        choices = [
            await call(self.kit, search.first_entries, desk, kind, MAX_CHOICES)
            for kind in ("organisation", "contact")
        ]
        lines = await call(self.kit, networks.list_networks, desk)
        twins = {
            line.view.rid: await call(self.kit, networks.find_same_network, desk, line.view.rid)
            for line in lines if line.is_ours
        }  # fmt: skip
        self._show(lines, self._offers(lines, *choices), twins)

    def _offers(
        self, lines: Sequence[NetworkLine], houses: Sequence[EntryLine], people: Sequence[EntryLine]
    ) -> FormOptions:
        """Return what can be named in a membership: the first entries; a search for others."""
        members = [(member.view.record.organisation, member.name)
                   for line in lines for member in line.members]  # fmt: skip
        listed = {one.rid.hex(): one.name for one in houses}
        known = {str(rid): name for rid, name in members if rid is not None and name} | listed
        named = [(rid, fixed_text(name or "–")) for rid, name in known.items()]
        persons = [(one.rid.hex(), fixed_text(one.name or "–")) for one in people]
        seekers = {
            key: make_entry_search(self.kit, self._desk, kind)
            for kind, keys, found in (
                ("organisation", ("organisation",), houses),
                ("contact", _PERSON_KEYS, people),
            )
            for key in keys if len(found) >= MAX_CHOICES
        }  # fmt: skip
        references = {"organisation": named, **dict.fromkeys(_PERSON_KEYS, persons)}
        return FormOptions(references, shared_languages(self.kit), seekers=seekers)

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
        members = line.members if line is not None else ()
        count = len({one.view.record.organisation for one in members if one.stands})
        fact = language.ngettext("{count} member", "{count} members", count).format(count=count)
        return Summary(network_name(seen, language), said, fact=fact)

    def _show(
        self,
        lines: Sequence[NetworkLine],
        offers: FormOptions,
        twins: Mapping[bytes, tuple[bytes, ...]],
    ) -> None:
        held, self.cards = self.cards, {}
        by_id = {line.view.rid: line for line in lines}
        ordered = sorted(lines, key=partial(_network_order, self.kit.translator.language))
        left = len(ordered[_MOST_CARDS:])
        self.more.set_message(partial(more_words, left))
        self.more.setVisible(bool(left))
        for place, line in enumerate(ordered[:_MOST_CARDS]):
            card = held.pop(line.view.rid, None)
            if card is None:
                card = NetworkCard(self.kit, self._desk, may_write=self.may_write)
                card.work_asked.connect(self.work_asked)
                card.paper_asked.connect(self.paper_asked)
            if self._networks.indexOf(card) != place:
                self._networks.insertWidget(place, card)
            self.cards[line.view.rid] = card
            card.show_network(line, offers)
            same = (by_id[rid] for rid in twins.get(line.view.rid, ()) if rid in by_id)
            card.offer.show_twin(line, next((one for one in same if _gives_way(line, one)), None))
        for gone in held.values():
            self._networks.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self.ours.offers = offers
        ours = [line.view for line in ordered if line.is_ours]
        self.ours.show_records(ours, None, is_read_only=not self.may_write)

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _NETWORK_CHANGED:
            self.read()


def _gives_way(line: NetworkLine, other: NetworkLine) -> bool:
    """Return whether a network of ours is the one that goes: to a partner's, or to a larger one."""
    sizes = (len(line.members), line.view.rid), (len(other.members), other.view.rid)
    return not other.is_ours or sizes[0] < sizes[1]


class JoinOffer(Banner):
    """The offer to join our network with another one of the same name; hidden without one."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, Tone.INFO, "building-2")
        self._desk = desk
        self._pair: tuple[bytes, bytes] | None = None
        self.keep = Button(kit, N_("Keep both"), "check", ButtonLook.QUIET, self._keep)
        self.join = Button(kit, N_("Merge the networks"), "git-merge", ButtonLook.TONAL, self._join)
        for button in (self.keep, self.join):
            self.set_action(button)
        self.hide()

    def show_twin(self, line: NetworkLine, twin: NetworkLine | None) -> None:
        """Offer to put `line`, a network of ours, in the bin because `twin` is the same."""
        self._pair = (line.view.rid, twin.view.rid) if twin is not None else None
        self.setVisible(twin is not None and self._desk.may(Right.EDIT_DIRECTORY))
        if twin is None:
            return
        under = _JOINED_WITH_OURS if twin.is_ours else _JOINED_WITH_THEIRS
        title = N_("There is another network of this name: {name}, coordinated by {coordinator}.")
        name, coordinator = partial(network_name, twin.view), fixed_text(twin.coordinator or "–")
        self.set_message(title, under, name=name, coordinator=coordinator)

    @task
    async def _join(self) -> None:
        if self._pair is not None:
            done = await call(self._kit, networks.join_networks, self._desk, *self._pair)
            said = N_("Merged: there is one network now.")
            types = frozenset({"network", "membership"})
            notify_types(self._kit, self._desk, types, done, said)

    @task
    async def _keep(self) -> None:
        if self._pair is None:
            return
        kit, desk, pair = self._kit, self._desk, self._pair

        def ask_again() -> None:
            kit.worker.run(lambda: mark_distinct(desk, *pair, are_two=False), lambda _: tell())

        def tell() -> None:
            kit.events.changed.emit(frozenset({"network"}))

        await call(kit, mark_distinct, desk, *pair, are_two=True)
        tell()
        kit.notify(N_("Both stay, and you are not asked about them again."), ask_again)


_JOINED_WITH_OURS = N_(
    "If it is the same one, merge them: this one goes into the bin, and its members are copied "
    "into the other. This can be undone."
)
_JOINED_WITH_THEIRS = N_(
    "If it is the same one, merge them: ours goes into the bin, and theirs stays. They say who "
    "its members are, and you choose again what you share. This can be undone."
)


class NetworkCard(CardFrame):
    """A network with its members, and what we let them have. See `NetworksPage`."""

    work_asked = Signal(bytes)
    paper_asked = Signal(object, bytes)

    def __init__(self, kit: UiContext, desk: Session, *, may_write: bool) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._may_write = may_write
        self.line: NetworkLine | None = None
        self.boxes: dict[str, CheckBox] = {}
        self._facts: Mapping[bytes, MemberFacts] = {}
        self.work = Button(
            kit, N_("Meetings and projects…"), "calendar-clock", ButtonLook.TONAL, self._ask_work
        )
        self.print = Button(
            kit, N_("Members on paper…"), "printer", ButtonLook.QUIET, self._ask_paper
        )
        self.print.setEnabled(desk.may(Right.PRINT_INTERNAL))
        self._about, self._shares = column(gap=12), column(gap=12)
        self.members = RecordList(kit, desk, self._listing())
        self.offer = JoinOffer(kit, desk)
        fill(
            self.body,
            self.offer,
            self._about,
            FlowBox(self.work, self.print, gap=8),
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
        chip = Chip(kit, Tone.ACCENT if line.takes_part else Tone.MUTED, "user")
        chip.set_message(filled(whose, name=line.coordinator or "–"))
        head = heading(kit, partial(network_name, view), "building-2", chip)
        extend(self._about, head, muted(kit, partial(_facts, view)))
        if not line.takes_part:
            extend(self._about, text(kit, partial(_why_outside, line), tone=Tone.WARNING))
        self._show_shares(line)
        self.members.offers = offers
        is_shut = not (line.is_ours and self._may_write)
        members = [member.view for member in line.members]
        self.members.show_records(members, view.rid, is_read_only=is_shut)

        self._read_facts()

    @task
    async def _read_facts(self) -> None:
        """Read what the members do, and show it with them."""
        line = self.line
        if line is not None:
            self._facts = await call(self._kit, read_members, self._desk, line.view.rid)
            self.members.show_again()

    def _ask_work(self) -> None:
        if self.line is not None:
            self.work_asked.emit(self.line.view.rid)

    def _ask_paper(self) -> None:
        if self.line is not None:
            self.paper_asked.emit(PaperName.MEMBERS, self.line.view.rid)

    def _show_shares(self, line: NetworkLine) -> None:
        clear_layout(self._shares)
        self.boxes = {}
        record = line.view.record
        offered = record.shares if isinstance(record.shares, tuple) else ()
        agreed = record.we_share if isinstance(record.we_share, tuple) else ()
        extend(self._shares, text(self._kit, N_("What we share with the members"), TextStyle.LABEL))
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
            keys=(
                "organisation",
                "role",
                "contact",
                "deputy",
                "begins",
                "ends",
                "from_start",
                "mandate",
            ),
            title=N_("Members"),
            icon="user",
            add=N_("Add a member"),
            empty=N_("No members yet."),
            sum_up=self._sum_up,
            rows=(("organisation", "role"), _PERSON_KEYS, ("begins", "ends")),
            starts_with=lambda: {"role": "member"},
        )

    def _sum_up(self, seen: RecordView[Membership], language: Language) -> Summary:
        members = self.line.members if self.line is not None else ()
        found = next((one for one in members if one.view.rid == seen.rid), None)
        if found is None:
            return Summary("–")
        said = [*_member_facts(found, language)]
        said += _known_facts(self._facts.get(seen.rid), language)
        under = " · ".join(said)
        name = found.name or language.gettext(N_("an organisation that is not in Contacts"))
        if found.stands:
            return Summary(name, under)
        fact = language.gettext(N_("not a member today"))
        return Summary(name, under, Tone.WARNING, "clock", fact)


def _member_facts(member: MemberLine, language: Language) -> Iterator[str]:
    """Yield role, people and days of a member, what it does, and our last file to it."""
    record = member.view.record

    def labelled_value(key: str, said: str) -> str:
        return f"{language.gettext(field_of('membership', key).label)}: {said}"

    if record.role is not None:
        yield value_text(field_of("membership", "role"), record.role, language)
    for key, name in (("contact", member.contact), ("deputy", member.deputy)):
        if name:
            yield labelled_value(key, name)
    for key in ("begins", "ends"):
        value = getattr(record, key)
        if value is not None:
            yield labelled_value(key, value_text(field_of("membership", key), value, language))
    if member.services:
        yield value_text(field_of("organisation", "services"), member.services, language)
    if member.sent is not None:
        said = language.gettext(N_("last file to them: {time}"))
        yield said.format(time=written_at(member.sent, language))


def _why_outside(line: NetworkLine, language: Language) -> str:
    """Return why we are not in a network today, and since when."""
    if not line.is_open:
        return language.gettext(N_("This network does not exist today."))
    if line.own is None:
        return language.gettext(N_("We are not a member today."))
    if line.own.is_deleted:
        return language.gettext(N_("{name} has taken us off the list of members.")).format(
            name=line.coordinator or "–"
        )
    ends = line.own.record.ends
    if ends is None:
        return language.gettext(N_("We are not a member today."))
    day = value_text(field_of("membership", "ends"), ends, language)
    return language.gettext(N_("We are no longer a member. Our last day: {day}.")).format(day=day)


def _known_facts(facts: MemberFacts | None, language: Language) -> Iterator[str]:
    """Yield how many activities a member takes part in, and when its entry was checked."""
    if facts is None:
        return
    if facts.activities:
        words = language.ngettext("{count} activity", "{count} activities", facts.activities)
        yield words.format(count=facts.activities)
    if facts.checked is not None:
        day = value_text(field_of("organisation", "checked"), facts.checked, language)
        yield language.gettext(N_("last checked {day}")).format(day=day)


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
