# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts that the pages around a plan share: sections, their progress, and links into them.

`PlanSection` is the base of every section of a plan, and `PlanStatus` is what several of
them show. `FixTarget` leads from a fault to the field to correct. `HelpRequest` leads from a
step to the directory and back: the domain knows which services a step needs, the directory
knows who fits. No section is defined here.
"""

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right, fold_initials, rights_of
from kfdesk.domain.directory import DirectoryNeed, need_for_step
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.client import ChildPapers
from kfdesk.domain.rows import RecordView, sibling_numbers
from kfdesk.domain.workflow.decision import child_gates, child_travellers, papers_of_child
from kfdesk.domain.workflow.gates import Gate, Receiver, is_read_only
from kfdesk.services.accounts import list_users
from kfdesk.services.book.links import PlanArticles
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.plans.journey import AlarmLine
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.procedures.runs import UpcomingStep, read_upcoming
from kfdesk.services.workflow import PendingApproval as PendingApproval
from kfdesk.services.workflow import PlanWorkflow, read_standing
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.forms.editors import AutocompleteEditor
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.record_list import RecordList
from kfdesk.ui.tokens import CARD_GAP, CONTROL_COMPACT, TextStyle
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, column, extend, panel, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.text import Label
from kfdesk.ui.worker import IncrementalBuilder

# --- The status of a plan


@dataclass(frozen=True, slots=True)
class TravellingChild:
    """A traveller who counts as a child, with the papers and the results of the gates."""

    person: RecordView[Any]
    papers: RecordView[ChildPapers] | None
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """The workflow status of a plan, its pending approvals and its alarms.

    `children` are the travelling children, each with the results of its gates. `is_alone`: no other
    user at this desk may approve. `upcoming` is the next deadline of the
    cooperation.
    """

    course: PlanWorkflow
    asked: tuple[PendingApproval, ...]
    alarms: tuple[AlarmLine, ...]
    receiver: Receiver | None
    children: tuple[TravellingChild, ...]
    may_approve: bool
    is_alone: bool
    upcoming: UpcomingStep | None = None

    @property
    def open_count(self) -> int:
        """The number of open conditions of the next step."""
        return len(self.course.steps[0].open) if self.course.steps else 0


def read_plan_status(desk: Session, page: PlanPage) -> PlanStatus:
    """Return the current status of the plan of this page; call it on the worker's thread.

    Raise KfdeskError `record.missing`.
    """
    rid = page.plan.rid
    standing = read_standing(desk, rid)
    s = standing.context
    others = [user for user in list_users(desk) if user.initials != fold_initials(desk.user)]
    return PlanStatus(
        course=standing.course,
        asked=standing.asked,
        alarms=standing.alarms,
        receiver=s.receiver,
        children=tuple(
            TravellingChild(one, papers_of_child(one, s), child_gates(one, s))
            for one in child_travellers(s)
        ),
        may_approve=desk.may(Right.APPROVE),
        is_alone=not any(Right.APPROVE in rights_of(user.roles) for user in others),
        upcoming=read_upcoming(desk, rid),
    )


# --- Articles of the book


class ArticleButton(Button):
    """The *?* beside something: it opens the article about it, and is hidden without one.

    `article_asked` carries the article's id.
    """

    article_asked = Signal(bytes)

    def __init__(self, kit: UiContext, what: Message) -> None:
        words = N_("Read about it in the book")
        super().__init__(kit, words, "circle-question-mark", ButtonLook.QUIET)
        self._article = b""
        self.bared().with_height(CONTROL_COMPACT)
        self.name_it(what)
        self.clicked.connect(lambda: self.article_asked.emit(self._article))
        self.hide()

    def name_it(self, what: Message) -> None:
        """Say to screen readers what it is about."""
        translate = self._kit.translator.translate
        self._kit.translator.bind(
            self.setAccessibleName, N_("Read about it in the book: {what}"),
            what=lambda _: translate(what),
        )  # fmt: skip

    def show_article(self, article: bytes) -> None:
        """Lead to an article; to none, if it is empty."""
        self._article = article
        self.setVisible(bool(article))


# --- Sections


def is_plan_read_only(page: PlanPage) -> bool:
    """Return whether a plan can only be read: by the user's role, or because it has ended."""
    return not page.may_edit or is_read_only(page.plan.record.state)


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """The progress of a section, with one short fact; `is_danger`: the fact tells of a danger."""

    fill: Completion
    fact: Message = ""
    is_danger: bool = False


@dataclass(frozen=True, slots=True)
class MissingItem:
    """A missing item: a field of a record, a record of a type, or the whole section.

    Without `rid` a record must be begun. Without a type, it means the first control of the section.
    """

    record_type: str = ""
    rid: bytes | None = None
    key: str = ""


def open_gates_of(
    page: PlanPage, types: Collection[str], plan_keys: Collection[str] = ()
) -> tuple[Gate, ...]:
    """Return the gates of the next step that are not met because of records of these types.

    Several sections have fields of the plan: of it only `plan_keys` count.
    """
    return tuple(
        one
        for one in page.open_gates
        if (at := one.where) is not None
        and (at.key in plan_keys if at.type == "plan" else at.type in types)
    )


def missing_for_gates(
    page: PlanPage, types: Collection[str], plan_keys: Collection[str] = ()
) -> tuple[MissingItem, ...]:
    """Return what those gates ask for, each once."""
    known = {"client": page.client.rid, "plan": page.plan.rid}
    places = [one.where for one in open_gates_of(page, types, plan_keys) if one.where is not None]
    found = (MissingItem(at.type, at.rid or known.get(at.type), at.key) for at in places)
    return tuple(dict.fromkeys(found))


def record_to_correct(gate: Gate, page: PlanPage) -> tuple[str, bytes | None, str]:
    """Return where to mend what an open gate names: type, record or None, and field.

    Client and plan always exist. A fault of the sheet names the record by its number.
    """
    where = gate.where
    assert where is not None
    rid = where.rid
    if rid is None and gate.code in _PAPER_CODES and page.gaps and page.gaps[0].sequence:
        numbered = sibling_numbers(page.case.all_views(where.type)).items()
        rid = next((found for found, place in numbered if place == page.gaps[0].sequence), None)
    known = {"client": page.client.rid, "plan": page.plan.rid}
    return where.type, rid or known.get(where.type), where.key


_PAPER_CODES = frozenset({"paper_checked", "papers"})
"""The gate of the traveller's sheet, and the point before leaving that equals it."""


class PlanSection(QWidget):
    """A section of a plan.

    `decision_asked` leads to a conflict, `step_asked` to a section and a type of record in it.
    `field_asked` leads to a field in any section: record type, id or None, key.
    `help_asked` leads to people who can help with a step; it carries a `HelpTopic`.
    `entry_asked` leads to an entry in Contacts by its id, `paper_asked` to a paper in the
    print centre: which, and the id of what it is about. `article_asked` leads to an article of the
    book, as the *?* beside its heading does.
    """

    decision_asked = Signal()
    help_asked = Signal(object)
    step_asked = Signal(str, str)
    field_asked = Signal(str, object, str)
    entry_asked = Signal(bytes)
    paper_asked = Signal(object, bytes)
    article_asked = Signal(bytes)

    key: ClassVar[str]
    label: ClassVar[str]
    types: ClassVar[frozenset[str]] = frozenset()
    """The record types whose conflicts and drafts belong here."""

    icon: ClassVar[str] = ""
    """Replaces the progress in a section in which nothing must be filled in."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self.kit = kit
        self.desk = desk
        self._turns = IncrementalBuilder(self)
        self._is_whole = False
        kit.events.lock_began.connect(self._turns.stop)
        self.lists: list[RecordList] = []
        self.forms: list[RecordForm] = []
        self.articles = PlanArticles()
        self.book_button = ArticleButton(kit, self.label)
        self.book_button.article_asked.connect(self.article_asked)
        title = Label(kit, self.label, TextStyle.TITLE)
        head = panel(row(title, self.book_button, STRETCH, gap=4))
        self.column = column(head, gap=CARD_GAP, on=self)

    @abstractmethod
    def show_plan(self, page: PlanPage) -> None:
        """Show this plan, now and after every change."""

    def show_articles(self, articles: PlanArticles) -> None:
        """Show a *?* beside what the book has an article about."""
        self.articles = articles
        self.book_button.show_article(articles.of_section(self.key))

    def complete(self) -> None:
        """Create now all widgets that are otherwise created while the window is idle."""
        self._turns.finish()

    def run_incrementally(self, pieces: Iterator[None]) -> None:
        """Run this piece by piece between events; run it at once if the section is complete."""
        self._turns.start(self._run_to_end(pieces))
        if self._is_whole:
            self._turns.finish()

    def _run_to_end(self, pieces: Iterator[None]) -> Iterator[None]:
        yield from pieces
        self._is_whole = True

    @staticmethod
    @abstractmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return the progress of the section in this plan."""

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[MissingItem]:
        """Return what is missing here, in the order in which one would ask for it."""
        is_complete = bool(cls.icon) or cls.state(page).fill is Completion.DONE
        return () if is_complete else (MissingItem(),)

    def jump_to(self, missing: MissingItem) -> None:
        """Move the focus to a missing item."""
        if missing.rid is not None:
            self.open_record(missing.rid, missing.key)
        elif not missing.record_type or not self.continue_record(missing.record_type):
            self.focus_first()

    def commands(self) -> Sequence[Command]:
        """Return the commands of the section for menus and the list of shortcuts."""
        return ()

    def focus_first(self) -> None:
        """Move the focus to the first visible control of the section."""
        first = self.first_control()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def first_control(self) -> QWidget | None:
        """Return the first visible control of the section, or None."""
        return next(
            (
                part
                for part in self.findChildren(QWidget)
                if part.focusPolicy() & Qt.FocusPolicy.TabFocus
                if part.isVisibleTo(self) and part.isEnabled() and part is not self.book_button
            ),
            None,
        )

    def add_form(self, form: RecordForm) -> RecordForm:
        """Register a form for drafts and conflicts, and return it."""
        self.forms.append(form)
        form.form.decision_asked.connect(lambda _key: self.decision_asked.emit())
        return form

    def add_list(self, records: RecordList) -> RecordList:
        """Add a list of records to the section, register it for drafts, and return it."""
        self.lists.append(records)
        extend(self.column, records)
        return records

    @property
    def open_forms(self) -> Sequence[RecordForm]:
        """The open forms, those of lists first."""
        listed = (each.form for each in self.lists)
        return (*(form for form in listed if form is not None), *self.forms)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a record, or move the focus to its field; return whether it is here."""
        for form in self.forms:
            if form.rid == rid and (not key or key in form.keys):
                if key:
                    form.form.focus_on(key)
                return True
        return any(records.open_record(rid, key) for records in self.lists)

    def begin_record(self, record_type: str) -> bool:
        """Begin a new record of a type; return whether it belongs here."""
        found = next((one for one in self.lists if one.listing.record_type == record_type), None)
        if found is not None:
            found.begin()
        return found is not None

    def continue_record(self, record_type: str) -> bool:
        """Go on with a new record of a type that was left half entered, else begin one.

        Return whether the type belongs here.
        """
        for records in self.lists:
            if records.listing.record_type == record_type and records.go_on(self.resume_draft):
                return True
        return self.begin_record(record_type)

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume a draft; return whether it belongs here."""
        if any(records.resume_draft(draft) for records in self.lists):
            return True
        # reversed, so that the first form gets the focus
        taken = [form.resume_draft(draft) for form in reversed(self.forms)]
        return any(taken)


class SectionMap(Mapping[str, PlanSection]):
    """The sections of a page by their keys; each is created and completed on first access.

    `get_incomplete` returns one that may be incomplete. `built` has those that were created,
    in the order of the page.
    """

    def __init__(
        self, kinds: Sequence[type[PlanSection]], make: Callable[[type[PlanSection]], PlanSection]
    ) -> None:
        self._kinds = {kind.key: kind for kind in kinds}
        self._make = make
        self._made: dict[str, PlanSection] = {}

    def __getitem__(self, key: str) -> PlanSection:
        section = self.get_incomplete(key)
        section.complete()
        return section

    def get_incomplete(self, key: str) -> PlanSection:
        """Return a section, which may be incomplete; create it if necessary."""
        if key not in self._made:
            self._made[key] = self._make(self._kinds[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    @property
    def built(self) -> Mapping[str, PlanSection]:
        """The sections that were created, in the order of the page."""
        return {key: self._made[key] for key in self._kinds if key in self._made}


def completion_of(values: Sequence[object]) -> Completion:
    """Return the progress by how many of the values are known."""
    known = [value is not None for value in values]
    if known and all(known):
        return Completion.DONE
    return Completion.PART if any(known) else Completion.EMPTY


# --- From a fault to the field to correct

_NUMBERED_TYPES = frozenset({"leg", "help_number"})
_FAULT_FIELDS: Mapping[str, str] = {
    "paper.not_wanted": "plan.wants_paper",
    "paper.wish_not_recorded": "plan.wants_paper",
    "paper.too_few_numbers": "help_number.number",
    "paper.no_consent": "consent",
    "paper.consent_incomplete": "consent",
    "paper.consent_expired": "consent",
    "paper.consent_withdrawn": "consent",
    "letter.no_consent": "consent",
    "letter.consent_expired": "consent",
    "letter.consent_withdrawn": "consent",
    "letter.consent_incomplete": "consent",
    "letter.consent_in_conflict": "consent",
    "letter.consent_without_identity": "consent",
    "letter.no_transfer_ground": "consent",
    "letter.no_child": "relationship.birth_date",
    "letter.to_ourselves": "referral.organisation",
    "letter.not_to_them": "referral.organisation",
    "paper.incomplete": "leg",
    "paper.carry_somewhere": "leg",
    "documents.too_wide": "leg",
    "documents.too_much": "leg",
    "documents.no_letter": "leg",
}
"""The place of correction for faults that name no field: a field, or a record type."""


@dataclass(frozen=True, slots=True)
class FixTarget:
    """A field of a record; without a key the section that shows records of the type.

    `number` counts legs or help numbers from 1, as papers do; None if there is none yet.
    `language` is the one in which the field has no text; empty if that is not the fault. `rid` is
    the record itself, where it is known.
    """

    record_type: str
    key: str = ""
    number: int | None = None
    is_torn: bool = False
    language: str = ""
    rid: bytes | None = None

    def rid_in(self, page: PlanPage) -> bytes | None:
        """Return the id of the record on this page, or None if it must be begun."""
        if self.rid is not None:
            return self.rid
        single = {"client": page.client.rid, "plan": page.plan.rid}
        if self.record_type in single:
            return single[self.record_type]
        rids = [seen.rid for seen in page.case.all_views(self.record_type)]
        if self.record_type in _NUMBERED_TYPES and not self.is_torn:
            rids = rids[self.number - 1 : self.number] if self.number else []
        return rids[-1] if rids else None


def fix_target_of(fault: KfdeskError) -> FixTarget | None:
    """Return where the fault of a paper is corrected, or None if not in the plan."""
    path = str(fault.data.get("field", "")) or _FAULT_FIELDS.get(fault.code, "")
    record_type, _, key = path.partition(".")
    number = fault.data.get("number")
    is_torn = fault.code == "paper.conflict"
    place = number if isinstance(number, int) else None
    language = str(fault.data.get("language", ""))
    return FixTarget(record_type, key, place, is_torn, language) if record_type else None


# --- From a step to the directory and back

_RECORD_TO_BEGIN: Mapping[str, str] = {
    "risk": "risk_assessment",
    "decision": "reception",
    "travel": "plan",
    "support": "service",
    "follow_up": "follow_up",
    "documents": "travel_document",
}
"""The record type that a section would begin while nothing is open in it."""

ENTRY_FIELDS: Mapping[str, str] = {
    "goal": "organisation",
    "service": "organisation",
    "reception": "organisation",
    "referral": "organisation",
    "legal_status": "applied_by",
    "follow_up": "organisation",
    "leg": "meeter",
    "plan": "receiver",
}
"""The field of each record type that names a directory entry."""

_HELP_LABELS: Mapping[str, str] = {
    "client": N_("Help now"),
    "referral": N_("A referral"),
    "reception": N_("Someone who receives her"),
    "risk_assessment": N_("Someone who knows the risks there"),
    "legal_status": N_("Help with a legal matter"),
    "leg": N_("Someone who meets her"),
    "plan": N_("Someone who receives her"),
    "travel_document": N_("Help with documents"),
    "help_number": N_("A number that she can call"),
    "follow_up": N_("Help after arrival"),
    "goal": N_("Help with one of her goals"),
    "service": N_("Help with one of her goals"),
}


HelpTopic = tuple[str, bytes | None, object]
"""A kind of step, its record, and the area of the client's life that it concerns.

The kind is a record type, or an item of the checklist before departure, which names nobody.
"""
ANY_TOPIC: HelpTopic = ("", None, None)
"""The record that is open."""


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A step for which a directory entry is wanted.

    With an empty `key` no field can name the entry. `rid` is None if the record must be begun.
    """

    plan: bytes
    code: str = field(repr=False)
    section: str
    record_type: str
    rid: bytes | None
    need: DirectoryNeed
    key: str = ""

    @property
    def words(self) -> str:
        """The thing that is wanted, in a few words."""
        return _HELP_LABELS.get(self.record_type, _HELP_LABELS["client"])

    @property
    def types(self) -> frozenset[str]:
        """The types of entry that the field can name."""
        if not self.key:
            return frozenset()
        return frozenset({"contact" if self.key == "meeter" else "organisation"})


def help_request_in(part: PlanSection, page: PlanPage, meant: HelpTopic) -> HelpRequest:
    """Return the step that is meant in a section; without a kind, the one that is open there."""
    kind, rid, about = meant
    open_form = None if kind else _open_record_form(part)
    if open_form is not None:
        domain = open_form.form.editors.get("domain")
        kind, rid = open_form.record_type, open_form.rid
        about = domain.value() if domain is not None else None
    elif not kind:
        kind = _RECORD_TO_BEGIN.get(part.key, "client")
        rid = page.plan.rid if kind == "plan" else None
    code = page.client.record.code
    return HelpRequest(
        page.plan.rid,
        code if isinstance(code, str) else "",
        part.key,
        kind,
        rid,
        need_for_step(kind, page.plan.record, page.client.record, about),
        ENTRY_FIELDS.get(kind, "") if page.may_edit else "",
    )


def fill_in_directory_entry(part: PlanSection, step: HelpRequest, entry: EntryLine) -> None:
    """Enter an entry in the field of a step as if the user had chosen it; it is not saved yet."""
    is_open = _request_form(part, step) is not None
    is_open = is_open or (step.rid is not None and part.open_record(step.rid, step.key))
    if not is_open:
        part.begin_record(step.record_type)
    form = _request_form(part, step, is_any=True)
    if form is not None:
        editor = form.form.editors[step.key]
        if isinstance(editor, AutocompleteEditor):
            editor.add_option(entry.rid.hex(), entry.name)
        editor.enter(entry.rid.hex())
        form.form.focus_on(step.key)


def _open_record_form(part: PlanSection) -> RecordForm | None:
    """Return the form of the open record in a section; forms of the plan are always open."""
    forms = (form for form in part.open_forms if form.record_type in ENTRY_FIELDS.keys() - {"plan"})
    return next(
        (form for form in forms if ENTRY_FIELDS[form.record_type] in form.form.editors), None
    )


def _request_form(
    part: PlanSection, step: HelpRequest, *, is_any: bool = False
) -> RecordForm | None:
    """Return the open form of a step; with `is_any` also that of another record of its type."""
    for form in part.open_forms:
        is_it = form.record_type == step.record_type and step.key in form.keys
        if is_it and (is_any or form.rid == step.rid):
            return form
    return None
