# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of a network: meetings, open decisions, agreements, projects with activities, news.

Every member enters its own; what others entered is read. Nothing is sent from here: it goes with
the next file to a member.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import RecordView, view_any
from kfdesk.i18n.days import days_left_text
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.network import coded, state_text, work_title
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks, search
from kfdesk.services.directory.networks import NetworkLine
from kfdesk.services.network import news, work
from kfdesk.services.network.news import ArrivedItem, NetworkNews
from kfdesk.services.network.work import ALONE, DecisionLine, NetworkWork, WorkLine
from kfdesk.services.plans.plans import MAX_CHOICES
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import make_entry_search, shared_languages
from kfdesk.ui.forms.nested_records import NestedLine, NestedRecords, NestedSpec
from kfdesk.ui.forms.parts import Options, RowSearch
from kfdesk.ui.pages.directory import network_lists as lists
from kfdesk.ui.pages.directory.activity_report import ActivityReportCard
from kfdesk.ui.record_views import run_with_undo
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, TextStyle, Tone
from kfdesk.ui.translator import Message, fixed_text
from kfdesk.ui.widgets.build import STRETCH, column, extend, filled, heading, muted, plural, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook, SegmentedControl
from kfdesk.ui.widgets.layout import CardFrame, FlowBox, TaskPage, clear_layout, stack_widgets
from kfdesk.ui.widgets.text import Chip

TABS: Mapping[str, str] = {
    "meetings": N_("Meetings"),
    "decisions": N_("Open decisions"),
    "agreements": N_("Agreements"),
    "projects": N_("Projects"),
    "news": N_("News"),
}
_ALONE_TABS = ("agreements", "projects")
_ORGANISATION_KEYS = ("organisation", "owner", "assigned_by")
_MOST_LINES = 60
"""Decisions and news that are shown; further ones are counted."""
_CHANGED = frozenset({
    "network", "membership", "meeting", "attendance", "decision", "agreement", "agreement_party",
    "project", "project_party", "activity", "activity_party", "organisation", "contact",
})  # fmt: skip
_OTHERS = N_("Entered by other members")


class NetworkWorkPage(TaskPage):
    """The work of one network, or what belongs to none. `paper_asked`: a paper, its subject."""

    paper_asked = Signal(object, bytes)

    def __init__(self, kit: UiContext, desk: Session, network: bytes = ALONE) -> None:
        super().__init__(kit, N_("Meetings and projects") if network else N_("Own agreements"))
        self._desk = desk
        self.network = network
        self._names: Mapping[str, str] = {}
        self._candidates: Mapping[bytes, Sequence[tuple[bytes, str]]] = {}
        self._members: frozenset[bytes] = frozenset()
        self._wanted: bytes | None = None
        self._projects: Sequence[NestedLine] = ()
        self._may_write = desk.may(Right.EDIT_DIRECTORY)
        self.cancel.set_message(N_("Close"))
        self.hint.set_message(
            N_("Nothing is sent from this page. It goes with the next file to a member.")
            if network
            else N_("What belongs to no network stays in our organisation.")
        )
        tabs = {key: one for key, one in TABS.items() if network or key in _ALONE_TABS}
        self.tabs = SegmentedControl(kit, list(tabs.items()))
        self.tabs.chosen.connect(self.show_tab)
        self.meetings = NestedRecords(kit, desk, self._meeting_spec())
        self.agreements = NestedRecords(kit, desk, self._agreement_spec())
        self.projects = NestedRecords(kit, desk, self._project_spec())
        self.activities = NestedRecords(kit, desk, self._activity_spec())
        self.decisions = DecisionsCard(kit, desk)
        self.report = ActivityReportCard(kit, desk)
        self.news = NewsPanel(kit, desk)
        self.news.print_asked.connect(partial(self.paper_asked.emit, PaperName.NETWORK_NEWS))
        self._panels: Mapping[str, Sequence[QWidget]] = {
            "meetings": (self.meetings,), "decisions": (self.decisions,),
            "agreements": (self.agreements,),
            "projects": (self.projects, self.activities, self.report), "news": (self.news,),
        }  # fmt: skip
        self._lay_out(next(iter(tabs)))
        kit.events.changed.connect(self._on_changed)
        kit.translator.on_language_change(self, self.read)
        self.read()

    def show_tab(self, key: str) -> None:
        """Show one part of the work."""
        self.tabs.select(key)
        for name, panels in self._panels.items():
            for one in panels:
                one.setVisible(name == key)
        if key == "news":
            self.news.read(self.network, self._members)

    def open_record(self, rid: bytes) -> None:
        """Show the tab with a meeting or an agreement, and open it as soon as it has been read."""
        self._wanted = rid
        self.read()

    @task
    async def read(self) -> None:
        """Read the work, the open decisions, and what can be named."""
        desk, kit = self._desk, self.kit
        found = await call(kit, work.read_work, desk)
        lines = await call(kit, networks.list_networks, desk)
        decisions = await call(kit, work.list_open_decisions, desk)
        houses = await call(kit, search.first_entries, desk, "organisation", MAX_CHOICES)
        people = await call(kit, search.first_entries, desk, "contact", MAX_CHOICES)
        line = next((one for one in lines if one.view.rid == self.network), None)
        mine = found.get(self.network, NetworkWork())
        if desk.may(Right.MANAGE_KEYS):
            self._candidates = {
                one.view.rid: await call(kit, work.list_tool_candidates, desk, one.view.rid)
                for one in mine.agreements if one.view.record.kind == "data_sharing"
            }  # fmt: skip
        offers = self._offers(mine, houses, people)
        for part in (self.meetings, self.agreements, self.projects, self.activities):
            part.set_offers(offers)
        self._names = {**mine.names, **{one.rid.hex(): one.name for one in (*houses, *people)}}
        self._show(line, mine, [one for one in decisions if one.network == self.network])

    def _lay_out(self, first: str) -> None:
        parts = [one for panels in self._panels.values() for one in panels]
        extend(self.body, FlowBox(self.tabs), *parts, STRETCH)
        self.first = self.tabs.parts[first]
        self.show_tab(first)

    def _offers(
        self, mine: NetworkWork, houses: Sequence[Any], people: Sequence[Any]
    ) -> FormOptions:
        """Return what can be named in the forms: the first entries, and a search for others."""
        named = [(one.rid.hex(), fixed_text(one.name or "–")) for one in houses]
        persons = [(one.rid.hex(), fixed_text(one.name or "–")) for one in people]
        projects = [(one.view.rid.hex(), partial(work_title, one.view)) for one in mine.projects]
        seekers: dict[str, RowSearch] = {}
        if len(houses) >= MAX_CHOICES:
            seek = make_entry_search(self.kit, self._desk, "organisation")
            seekers |= dict.fromkeys(_ORGANISATION_KEYS, seek)
        if len(people) >= MAX_CHOICES:
            seekers["contact"] = make_entry_search(self.kit, self._desk, "contact")
        references: dict[str, Options] = {
            **dict.fromkeys(_ORGANISATION_KEYS, named), "contact": persons, "part_of": projects,
        }  # fmt: skip
        return FormOptions(references, shared_languages(self.kit), seekers=seekers)

    def _show(
        self, line: NetworkLine | None, mine: NetworkWork, decisions: Sequence[DecisionLine]
    ) -> None:
        if line is not None:
            self._members = _members_of(line)
            self.under.set_message(lambda words: localized_text(line.view.record.title, words))
        is_shut = not self._may_write or (self.network != ALONE and not _takes_part(line))
        parent = self.network or None
        self.meetings.show_lines(_nested(mine.meetings), parent, is_read_only=is_shut)
        self.agreements.show_lines(_nested(mine.agreements), parent, is_read_only=is_shut)
        self._projects = [_with_activities(one, mine) for one in mine.projects]
        self.projects.show_lines(self._projects, parent, is_read_only=is_shut)
        self.activities.show_lines(_nested(mine.activities), parent, is_read_only=is_shut)
        self.activities.setVisible(bool(self.network) and self.tabs.key == "projects")
        self.decisions.show_lines(decisions, may_write=self._may_write)
        if self.tabs.key == "news":
            self.news.read(self.network, self._members)
        self._open_wanted()

    def _open_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        for key, part in (("meetings", self.meetings), ("agreements", self.agreements)):
            if wanted is not None and key in self.tabs.parts and part.open(wanted):
                self.show_tab(key)
                return
        for project in self._projects if wanted is not None else ():
            if any(one.rid == wanted for one in project.below):
                self.show_tab("projects")
                self.projects.open(project.view.rid)

    # --- the lists

    def _names_now(self) -> Mapping[str, str]:
        return self._names

    def _meeting_spec(self) -> NestedSpec:
        return NestedSpec(
            lists.meeting_list(),
            (lists.attendance_list(self._names_now), lists.decision_list(self._names_now)),
            work_title,
            _OTHERS,
            buttons=lambda line: [
                self._make_print(N_("Agenda…"), PaperName.AGENDA, line),
                self._make_print(N_("Minutes…"), PaperName.MINUTES, line),
            ],
            tell=self._tell("agenda", "minutes"),
        )

    def _tell(self, *keys: str) -> Callable[[NestedLine, Language], Sequence[str]]:
        """Return what tells of an open record: who entered it, and these texts."""
        return lambda line, language: [
            *self._tell_maker(line, language), *_told(line.view, language, *keys),
        ]  # fmt: skip

    def _tell_maker(self, line: NestedLine, language: Language) -> Iterator[str]:
        name = self._names.get(line.view.row.custodian.hex(), "")
        if name and not line.is_ours:
            yield language.gettext(N_("Entered by {name}")).format(name=name)

    def _make_print(self, words: str, paper: PaperName, line: NestedLine) -> Button:
        print_ = partial(self.paper_asked.emit, paper, line.view.rid)
        button = Button(self.kit, words, "printer", ButtonLook.QUIET, print_)
        button.setEnabled(self._desk.may(Right.PRINT_INTERNAL))
        return button

    def _agreement_spec(self) -> NestedSpec:
        return NestedSpec(
            lists.agreement_list(),
            (lists.agreement_party_list(self._names_now),),
            work_title,
            _OTHERS,
            buttons=lambda line: [*self._make_tool_buttons(line)],
            tell=self._tell_agreement,
        )

    def _tell_agreement(self, line: NestedLine, language: Language) -> Sequence[str]:
        covers = line.view.record.covers
        if covers is None:
            return [*self._tell_maker(line, language)]
        said = language.gettext(
            N_("It is our legal basis for sending personal data to {name}, as long as it lasts.")
        )
        return (said.format(name=self._names.get(str(covers), "–")),)

    def _make_tool_buttons(self, line: NestedLine) -> Iterator[Button]:
        """Yield what names an agreement as the legal basis for sending, or ends that."""
        if not self._desk.may(Right.MANAGE_KEYS):
            return
        rid = line.view.rid
        if line.view.record.covers is not None:
            end = partial(self._name_tool, rid, None)
            yield Button(self.kit, N_("No longer our legal basis"), "x", ButtonLook.QUIET, end)
            return
        for partner, name in self._candidates.get(rid, ()):
            use = partial(self._name_tool, rid, partner)
            words = filled(N_("Use it as legal basis for sending to {name}"), name=name)
            yield Button(self.kit, words, "shield-check", ButtonLook.TONAL, use)

    def _name_tool(self, agreement: bytes, partner: bytes | None) -> None:
        desk = self._desk
        said = N_("The legal basis for sending has been changed.")
        run_with_undo(
            self.kit, desk, lambda: work.name_transfer_tool(desk, agreement, partner), said
        )

    def _project_spec(self) -> NestedSpec:
        return NestedSpec(
            lists.project_list(),
            (
                lists.organisation_list(self._names_now, "project_party"),
                lists.activity_list(),
                lists.meeting_list(),
            ),
            work_title,
            _OTHERS,
            tell=self._tell("aims", "budget", "results"),
        )

    def _activity_spec(self) -> NestedSpec:
        return NestedSpec(
            lists.activity_list(),
            (lists.organisation_list(self._names_now, "activity_party"),),
            work_title,
            N_("Activities entered by other members"),
            tell=self._tell("outcome", "materials"),
        )

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _CHANGED:
            self.read()


def _takes_part(line: NetworkLine | None) -> bool:
    return line is not None and (line.takes_part or line.is_ours)


def _members_of(line: NetworkLine) -> frozenset[bytes]:
    """Return the organisations that are members of a network today."""
    named = {one.view.record.organisation for one in line.members if one.stands}
    found = {bytes.fromhex(one) for one in named if isinstance(one, str)}
    return frozenset(found | {line.view.row.custodian})


def _nested(lines: Sequence[WorkLine]) -> list[NestedLine]:
    return [NestedLine(one.view, one.is_ours, one.below) for one in lines]


def _with_activities(project: WorkLine, mine: NetworkWork) -> NestedLine:
    """Return a project with its organisations, activities and meetings."""
    found = (*mine.activities, *mine.meetings)
    below = (one.view for one in found if one.view.row.parent == project.view.rid)
    return NestedLine(project.view, project.is_ours, (*project.below, *below))


def _told(seen: RecordView[Any], language: Language, *keys: str) -> Sequence[str]:
    """Return the texts of an open record, each after its label."""
    said = []
    for key in keys:
        value = getattr(seen.record, key)
        if value is not None:
            label = language.gettext(field_of(seen.row.type, key).label)
            text_ = localized_text(value, language) if isinstance(value, tuple) else ""
            text_ = text_ or coded(seen, key, language)
            if key == "budget" and isinstance(seen.record.currency, str):
                text_ = f"{text_} {seen.record.currency}"
            said.append(f"{label}: {text_}")
    return said


class DecisionsCard(CardFrame):
    """The decisions of a network that are not done, the most urgent first."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.done: dict[bytes, Button] = {}
        self._lines = column(gap=10)
        extend(self.body, heading(kit, N_("Open decisions"), "list-checks"), self._lines)

    def show_lines(self, lines: Sequence[DecisionLine], *, may_write: bool) -> None:
        """Show these decisions; those that are ours can be marked as done."""
        clear_layout(self._lines)
        self.done = {}
        for line in lines[:_MOST_LINES]:
            extend(self._lines, self._make_line(line, may_write=may_write))
        left = len(lines[_MOST_LINES:])
        if left:
            words = plural("{count} more is not shown", "{count} more are not shown", left)
            extend(self._lines, muted(self._kit, words))
        if not lines:
            extend(self._lines, muted(self._kit, N_("Everything that was decided is done.")))

    def _make_line(self, line: DecisionLine, *, may_write: bool) -> QWidget:
        kit = self._kit
        title = text(kit, partial(work_title, line.view), TextStyle.STRONG)
        under = muted(kit, partial(_decision_facts, line), TextStyle.SMALL)
        words = stack_widgets(title, under)
        box = FlowBox(words, gap=12, fills=words)
        if line.days is not None:
            late = line.days <= 0
            chip = Chip(kit, Tone.DANGER if late else Tone.MUTED, "clock")
            chip.set_message(partial(days_left_text, line.days))
            box.add(chip)
        if line.has_left:
            chip = Chip(kit, Tone.WARNING, "triangle-alert")
            chip.set_message(N_("not a member today"))
            box.add(chip)
        if line.is_ours and may_write:
            mark = partial(self._mark_done, line)
            button = self.done[line.rid] = Button(
                kit, N_("Done by us"), "check", ButtonLook.TONAL, mark
            )
            box.add(button)
        return box

    def _mark_done(self, line: DecisionLine) -> None:
        desk = self._desk
        today = desk.adapters.clock.now().date()
        is_ours = line.view.row.custodian == desk.identity.organisation
        said = N_("Done.") if is_ours else N_(
            "Done. Our next file tells whoever made the decision."
        )  # fmt: skip
        run_with_undo(
            self._kit, desk, lambda: change_record(desk, line.rid, {"done_here": today}), said
        )


def _decision_facts(line: DecisionLine, language: Language) -> str:
    due = line.view.record.due
    day = "" if due is None else value_text(field_of("decision", "due"), due, language)
    owner = line.owner or language.gettext(N_("no one named"))
    return " · ".join(filter(None, [owner, day, work_title(line.meeting, language)]))


class NewsPanel(QWidget):
    """News that came in, and what each member lacks. `print_asked` carries an organisation."""

    print_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.cards: dict[bytes, CardFrame] = {}
        self._none = muted(kit, N_("No member lacks anything: there is nothing to send."))
        self._cards = column(gap=CARD_GAP)
        column(self._cards, self._none, gap=CARD_GAP, on=self)
        self._none.hide()

    @task
    async def read(self, network: bytes, members: frozenset[bytes]) -> None:
        """Read what came in of a network and of its members, and what each member lacks."""
        desk = self._desk
        arrived = await call(self._kit, news.list_arrived, desk)
        may_send = desk.may(Right.EXPORT_BUNDLE)
        found = await call(self._kit, news.list_news, desk) if may_send else ()
        clear_layout(self._cards)
        self.cards = {}
        self._show_arrived(
            [
                one for one in arrived
                if one.network == network
                or (not one.network and one.view.row.custodian in members)
            ]
        )  # fmt: skip
        self._show_news([one for one in found if one.partner.organisation in members])

    def _show_arrived(self, found: Sequence[ArrivedItem]) -> None:
        """Show what partners' files brought lately."""
        own = self._desk.identity.organisation
        card = self.cards[own] = self._make_card(
            N_("Came in during the last month"), "inbox", own if found else b""
        )
        lines = [partial(_arrived_line, one) for one in found]
        self._fill(card, lines or [N_("Nothing has come in.")])

    def _show_news(self, found: Sequence[NetworkNews]) -> None:
        """Show what goes to each of these partners."""
        self._none.setVisible(not found and self._desk.may(Right.EXPORT_BUNDLE))
        for one in found:
            said = filled(N_("For {name}, with our next file"), name=one.partner.name)
            whose = one.partner.organisation
            card = self.cards[whose] = self._make_card(said, "send", whose)
            rows = ((view_any(item.given.row), item.is_theirs) for item in one.items)
            self._fill(card, [partial(_news_line, seen, is_theirs) for seen, is_theirs in rows])

    def _make_card(self, said: Message, icon: str, whose: bytes) -> CardFrame:
        """Return a card; of `whose` the news can be printed, if it is not empty."""
        kit, card = self._kit, CardFrame()
        asked = partial(self.print_asked.emit, whose)
        button = Button(kit, N_("Print the news…"), "printer", ButtonLook.TONAL, asked)
        button.setEnabled(bool(whose) and self._desk.may(Right.PRINT_INTERNAL))
        extend(card.body, heading(kit, said, icon, button))
        extend(self._cards, card)
        return card

    def _fill(self, card: CardFrame, lines: Sequence[Message]) -> None:
        kit = self._kit
        for one in lines[:_MOST_LINES]:
            extend(card.body, text(kit, one))
        left = len(lines[_MOST_LINES:])
        if left:
            words = plural("{count} more is not shown", "{count} more are not shown", left)
            extend(card.body, muted(kit, words))


def _arrived_line(one: ArrivedItem, language: Language) -> str:
    said = _news_line(one.view, False, language)  # noqa: FBT003
    facts = [
        language.gettext(N_("we do it")) if one.is_ours else "",
        state_text(one.view, language) if one.view.row.type == "decision" else "",
        language.gettext(N_("from {name}, {day}")).format(
            name=one.sender_name or "–", day=language.day(one.day)
        ),
    ]  # fmt: skip
    return " · ".join(filter(None, [said, *facts]))


def _news_line(seen: RecordView[Any], is_theirs: bool, language: Language) -> str:
    kind = language.gettext(RECORD_TYPE_NAMES[seen.row.type])
    said = language.gettext(N_("{what}: {name}")).format(what=kind, name=work_title(seen, language))
    theirs = language.gettext(N_("they do it"))  # no message is found inside an f-string
    return f"{said} · {theirs}" if is_theirs else said
