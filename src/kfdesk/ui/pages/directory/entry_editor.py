# SPDX-License-Identifier: GPL-3.0-or-later
"""An entry of the directory as a form, with its telephones, conflicts and hints.

What is typed is saved as a draft automatically, and as a record on Save. The address and a
worker's own telephone are covered until a user asks. A partner's entry is not changed here,
but telephones can be added to it. Hints stand beside a field and block nothing. `EntryPane`
decides which entry is edited, and what follows.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.itinerary import works_from_abroad
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import FieldVersion, RecordView, Row, view
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label
from kfdesk.i18n.phrases import field_of, value_text
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import DraftLine, OpenDraft
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import entries
from kfdesk.services.directory.entries import DirectoryEntry, EntryLine
from kfdesk.services.directory.search import find_same_name
from kfdesk.services.plans.plans import MAX_CHOICES
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form, make_entry_search
from kfdesk.ui.forms.parts import Options
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.pages.directory.card import (
    ANSWERED_BY,
    ENTRY_ICONS,
    MOST_PHONES,
    NEW_ENTRY_TITLES,
    FieldCover,
    kind_line,
    name_line,
    phone_lines,
    visibility_word,
)
from kfdesk.ui.record_views import run_with_undo, written_at
from kfdesk.ui.tokens import CARD_GAP, GRID, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message, fixed_text
from kfdesk.ui.widgets.build import (
    STRETCH,
    TOP,
    aligned,
    column,
    extend,
    grown,
    muted,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame, clear_layout, make_scroll_area
from kfdesk.ui.widgets.text import Icon, Label

# --- hints

Findings = Mapping[str, Sequence[Message]]
NOT_FROM_ABROAD = N_(
    "This number may not work from abroad. Write it with + and the country code, such "
    "as +46 8 123 456."
)
HOUSE_SECRET = N_("Its organisation is secret, so this number is not given to anyone.")
HOUSE_NARROWER = N_("Fewer people may see its organisation, and the same applies to this number.")
_WIDTH = {code: width for width, code in enumerate(reversed(tuple(CONFIDENTIALITY)))}
"""The rank of each class by how many may see it: the greater, the more."""


def number_findings(number: Value) -> tuple[Message, ...]:
    """Return hints about a telephone number; none where the field is empty."""
    is_there = isinstance(number, str) and bool(number.strip())
    return (NOT_FROM_ABROAD,) if is_there and not works_from_abroad(number) else ()


def twin_findings(twins: Sequence[EntryLine]) -> tuple[Message, ...]:
    """Return the hint that an entry of this name exists: it may be the same."""
    return tuple(_twin(one) for one in twins[:1])


def phone_findings(house: DirectoryEntry, number: Value, sight: Value) -> Findings:
    """Return hints about a telephone of an organisation."""
    held = house.view.record.confidentiality
    above = 0 if house.is_secret else _WIDTH.get(str(held), 0)
    is_wider = _WIDTH.get(str(sight), 0) > above
    wider = (HOUSE_SECRET if above == 0 else HOUSE_NARROWER,) if is_wider else ()
    return {"number": number_findings(number), "confidentiality": wider}


def _twin(entry: EntryLine) -> Message:
    def text(language: Language) -> str:
        sentence = language.gettext(N_("Is it this one? {name} is already listed here ({kind})."))
        return sentence.format(name=name_line(entry, language), kind=kind_line(entry, language))

    return text


# --- telephones

_PHONE_KEYS = ("number", "hours", "languages", "confidentiality", "is_safe")
PHONE_DEFAULTS = {"confidentiality": "secret"}


class PhoneList(RecordList):
    """The telephones of an organisation that are ours to edit."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk, _phone_list_spec())
        self.offers = FormOptions(
            languages=tuple(dict.fromkeys((kit.translator.language.code, "en")))
        )
        self._house: DirectoryEntry | None = None
        self.opened.connect(self._on_opened)

    def show_organisation(self, entry: DirectoryEntry) -> None:
        """Show the organisation's telephones, without those that a partner answers for."""
        self._house = entry
        own = self._desk.identity.organisation
        ours = [seen for seen in entry.phones if seen.row.custodian == own]
        self.show_records(ours[:MOST_PHONES], entry.view.rid)
        self._check()

    def _on_opened(self, _rid: bytes) -> None:
        if self.form is not None:
            self.form.form.edited.connect(self._check)
            self._check()

    def _check(self) -> None:
        """Show hints beside the fields."""
        if self.form is None or self._house is None:
            return
        editors = self.form.form.editors
        number, sight = editors["number"].value(), editors["confidentiality"].value()
        self.form.form.show_findings(phone_findings(self._house, number, sight))


def _phone_list_spec() -> RecordListSpec:
    return RecordListSpec(
        record_type="phone",
        keys=_PHONE_KEYS,
        title=N_("Phone numbers"),
        icon="phone",
        add=N_("Add a phone number"),
        empty=N_("No phone number is recorded."),
        sum_up=_phone_summary,
        starts_with=lambda: dict(PHONE_DEFAULTS),
    )


def _phone_summary(seen: RecordView[Any], language: Language) -> Summary:
    number, under = phone_lines(seen, language)
    tone, icon, word = visibility_word(seen, language)
    return Summary(number, under, tone, icon, word)


# --- conflicts


class EntryConflicts(CardFrame):
    """The fields of records with conflicting values, each to be decided; hidden without any.

    `decided` carries the view of the record, the key, and the version that is to hold.
    """

    decided = Signal(object, str, object)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: list[Button] = []
        self.add_heading(kit, N_("Two values, not yet decided"), "git-merge", Tone.WARNING)
        self._rows = column(gap=8)
        extend(self.body, self._rows)
        self.hide()

    def show_entry(self, entry: DirectoryEntry, house: bytes) -> None:
        """Show the conflicts in an entry and in its telephones.

        Only telephones for which the organisation `house` answers count.
        """
        ours = (seen for seen in entry.phones if seen.row.custodian == house)
        self.show_views((entry.view, *ours))

    def show_views(self, views: Sequence[RecordView[Any]]) -> None:
        """Show the conflicts in these records."""
        clear_layout(self._rows)
        self.buttons = []
        for seen in views:
            for key in sorted(seen.conflicts):
                self._add_field(seen, key)
        self.setVisible(bool(self.buttons))

    def _add_field(self, seen: RecordView[Any], key: str) -> None:
        path = f"{seen.row.type}.{key}"
        label = Label(self._kit, lambda language: field_label(path, language), TextStyle.LABEL)
        versions = (self._make_version(seen, key, version) for version in seen.versions[key])
        extend(self._rows, label, *versions)

    def _make_version(self, seen: RecordView[Any], key: str, version: FieldVersion) -> QLayout:
        field = field_of(seen.row.type, key)
        value = text(self._kit, "", TextStyle.STRONG)
        value.set_message(lambda language: value_text(field, version.value, language))
        who = muted(self._kit, "", TextStyle.SMALL)
        who.set_message(
            lambda language: f"{version.author}, {written_at(version.milliseconds, language)}"
        )
        words = column(value, who, gap=2)
        button = Button(self._kit, N_("Use this value"), "check")
        name = N_("Use this value: {value}")
        self._kit.translator.bind(button.setAccessibleName, name, value=fixed_text(value.text()))
        button.clicked.connect(partial(self.decided.emit, seen, key, version))
        self.buttons.append(button)
        return row(grown(words), aligned(button, TOP), gap=12)


# --- form

_ENTRY_KEYS = {
    "organisation": (
        "name", "country", "services", "languages", "confidentiality", "address", "other_name",
        "city", "part_of", "offers", "populations", "hours", "email", "website",
        "alert", "round_the_clock", "eligibility", "application", "fees", "area",
        "interpretation", "accessibility", "case_number_needed", "actor_type",
        "networks", "contact_risk", "front_door", "note",
    ),
    "contact": (
        "given_name", "family_name", "organisation", "confidentiality", "may_be_shared",
        "phone", "role",
        "email", "note",
    ),
}  # fmt: skip
_FIRST_KEYS = frozenset({"name", "country", "services", "languages"})
"""What is known of a new organisation at once; then its number, and the rest when asked for."""
_COVERED_FIELDS = {"organisation": "address", "contact": "phone"}
_INTERNAL_ONLY = N_("For our own use. It is never sent to a partner or printed.")
_FIELD_READERS = dict.fromkeys(("address", "family_name", "phone", "note"), _INTERNAL_ONLY)
_ORGANISATION_FIELDS = ("organisation", "part_of", "front_door")


class EntryEditor(QWidget):
    """The form of an entry. `closed` says that nothing is left to do here.

    `saved` carries the Saved, `entry_chosen` the id of an entry that may be the same.
    """

    closed = Signal()
    saved = Signal(object)
    entry_chosen = Signal(bytes)
    bin_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session, record_type: str, houses: Options) -> None:
        """Make the form; `houses` are the organisations that a field can name."""
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._type = record_type
        self._houses = tuple(houses)
        self._twins: tuple[EntryLine, ...] = ()
        self._looked_for: tuple[str, str] = ("", "")
        self._rest: tuple[str, ...] = ()
        self.entry: DirectoryEntry | None = None
        self.rid = b""
        self.form: RecordForm | None = None
        self.cover: FieldCover | None = None
        self._title = text(kit, NEW_ENTRY_TITLES[record_type], TextStyle.TITLE)
        self.close_button = Button(kit, N_("Close"), "x", ButtonLook.QUIET).show_key("Esc")
        self.bin_button = Button(kit, N_("Put in the bin"), "trash-2", ButtonLook.QUIET)
        self.twin_button = Button(kit, N_("Show it"), "arrow-right", ButtonLook.QUIET)
        self._about = Banner(kit, Tone.INFO, "lock")
        self.decisions = EntryConflicts(kit)
        self.phones = PhoneList(kit, desk)
        self._later = muted(kit, _LATER)
        self.more = Button(kit, N_("More fields"), "plus", ButtonLook.QUIET, self._on_more_clicked)
        self._form_card = CardFrame()
        self._lay_out()
        self._connect()

    @property
    def is_new(self) -> bool:
        """True if the entry was never saved."""
        return self.entry is None

    def begin(self, starts: dict[str, Value], draft: OpenDraft | None = None) -> None:
        """Begin a new entry, secret until a user says otherwise, or resume its draft."""
        self.rid = draft.line.rid if draft is not None else self._desk.new_id()
        row = Row(self.rid, self._type, None, self._desk.identity.organisation, EMPTY_STATE)
        form = self._make_form(_ENTRY_KEYS[self._type])
        form.begin(view(row, RECORD_TYPES[self._type].cls), draft, {**PHONE_DEFAULTS, **starts})
        if self.cover is not None:
            self.cover.set_value(None)  # the user who types it sees it
        self._fold(form, starts)
        self._show_parts()
        self._check()
        form.form.focus_on(_ENTRY_KEYS[self._type][0])

    def show_entry(self, entry: DirectoryEntry) -> None:
        """Show an entry, first or as just read again; what is being typed stays."""
        is_first = self.form is None and self.entry is None
        is_saved_now = self.form is not None and self.entry is None
        self.entry, self.rid = entry, entry.view.rid
        if is_first and not entry.is_theirs:
            self._make_form(_keys_of(entry))
        if self.form is not None:
            self.form.show_view(entry.view)
        self._title.set_message(lambda language: name_line(entry, language))
        if entry.type == "organisation":
            self.phones.show_organisation(entry)
        if not entry.is_theirs:
            self.decisions.show_entry(entry, self._desk.identity.organisation)
        self._show_parts()
        self._check()
        if is_first:
            self._focus_first()
        elif is_saved_now and entry.type == "organisation" and not entry.phones:
            self.phones.begin()  # the number is what one has in hand

    def resume_draft(self, draft: OpenDraft) -> None:
        """Resume a draft of this entry or of one of its telephones."""
        if self.form is None or not self.form.resume_draft(draft):
            self.phones.resume_draft(draft)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc the open telephone, then the form; both leave a draft."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.phones.form is not None:
            self.phones.close_form()
        else:
            self.closed.emit()

    def _focus_first(self) -> None:
        if self.form is not None:
            self.form.form.focus_on(next(iter(self.form.form.editors)))
        else:
            self.phones.add_button.setFocus()

    def _make_form(self, keys: Sequence[str]) -> RecordForm:
        seeker = make_entry_search(self._kit, self._desk, "organisation")
        offers = FormOptions(
            references=dict.fromkeys(_ORGANISATION_FIELDS, (*self._houses, *self._named_entries())),
            readers=_FIELD_READERS,
            seekers=dict.fromkeys(_ORGANISATION_FIELDS, seeker)
            if len(self._houses) >= MAX_CHOICES
            else {},
        )
        fields = Form(self._kit, self._type, keys, offers)
        self.form = form = RecordForm(self._kit, self._desk, self._type, fields)
        form.closed.connect(self.closed)
        form.saved.connect(self.saved)
        fields.edited.connect(self._check)
        fields.decision_asked.connect(lambda _key: self.decisions.buttons[0].setFocus())
        self.cover = FieldCover(self._kit, fields, _COVERED_FIELDS[self._type])
        fields.form_rows[keys[0]].reserve_message()  # a twin is found while one types on
        column = form.layout()
        assert isinstance(column, QBoxLayout)
        column.insertWidget(column.count() - 1, self.cover)
        self._form_card.body.insertWidget(0, form)
        form.show()  # the layout would show it later, and it needs the focus now
        return form

    def _fold(self, form: RecordForm, starts: Mapping[str, Value]) -> None:
        """Hide the fields of a new organisation that can wait, unless a draft has any of them."""
        begun = {*form.form.changes(), *form.form.unparsed()} - {*PHONE_DEFAULTS, *starts}
        self._rest = (
            ()
            if self._type != "organisation" or begun - _FIRST_KEYS
            else tuple(key for key in form.form.editors if key not in _FIRST_KEYS)
        )
        for key in self._rest:
            form.form.form_rows[key].hide()
        self.more.setVisible(bool(self._rest))

    def _on_more_clicked(self) -> None:
        assert self.form is not None
        self.more.hide()
        for key in self._rest:
            self.form.form.form_rows[key].show()
        self.form.form.focus_on(self._rest[0])

    def _named_entries(self) -> Iterator[tuple[str, Message]]:
        """Yield the records that the entry names already, from anywhere in the directory."""
        known = dict(self._houses)
        for key, name in self.entry.names.items() if self.entry is not None else ():
            rid = getattr(self.entry.view.record, key) if self.entry is not None else None
            if isinstance(rid, str) and name and rid not in known:
                yield rid, fixed_text(name)

    def _show_parts(self) -> None:
        """Show the parts for this kind of entry: saved or new, ours or a partner's."""
        entry, is_house = self.entry, self._type == "organisation"
        self._form_card.setVisible(self.form is not None)
        self.phones.setVisible(is_house and entry is not None)
        self._later.setVisible(is_house and entry is None)
        may_bin = entry is not None and not entry.is_ours and not entry.is_theirs
        self.bin_button.setVisible(may_bin)
        is_fixed = entry is not None and (entry.is_theirs or entry.is_ours)
        self._about.setVisible(is_fixed)
        if entry is not None and entry.is_theirs:
            self._about.set_message(ANSWERED_BY, _ADD_PHONES, name=lambda _: entry.answers or "–")
        elif entry is not None and entry.is_ours:
            self._about.set_message(_OWN_NAME, _OWN_NAME_WHY)
        if self.cover is not None and entry is not None:
            self.cover.set_value(getattr(entry.view.record, _COVERED_FIELDS[self._type]))

    def _check(self) -> None:
        """Show hints beside the fields, and search for the same name again."""
        if self.form is None:
            return
        held = {key: editor.value() for key, editor in self.form.form.editors.items()}
        self._look_for_twins(held)
        twins = self._twins
        self.twin_button.setVisible(bool(twins))
        first = next(iter(held))
        findings = {first: twin_findings(twins), "phone": number_findings(held.get("phone"))}
        self.form.form.show_findings(findings)

    def _look_for_twins(self, held: dict[str, Value]) -> None:
        parts = [held.get(key) for key in ("name", "given_name", "family_name")]
        name = " ".join(part for part in parts if isinstance(part, str))
        house = held.get("organisation")
        looked_for = name, house if isinstance(house, str) else ""
        if looked_for == self._looked_for:
            return
        self._looked_for = looked_for
        desk, kind, rid = self._desk, self._type, self.rid
        self._kit.worker.run(
            lambda: find_same_name(desk, kind, rid, *looked_for),
            partial(self._on_twins_found, looked_for),
        )

    def _on_twins_found(self, looked_for: tuple[str, str], twins: tuple[EntryLine, ...]) -> None:
        if looked_for == self._looked_for and twins != self._twins:
            self._twins = twins
            self._check()

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.closed)
        self.bin_button.clicked.connect(self.bin_asked)
        self.twin_button.clicked.connect(self._on_twin_clicked)
        self.decisions.decided.connect(self._on_decided)

    def _lay_out(self) -> None:
        icon = Icon(self._kit, ENTRY_ICONS[self._type])
        head = row(icon, grown(self._title), self.close_button, gap=10)
        extend(self._form_card.body, row(-RESERVE, self.more, STRETCH, self.twin_button))
        self.more.hide()
        cards = (self._about, self.decisions, self._form_card, self._later, self.phones)
        page = panel(column(*cards, row(self.bin_button, STRETCH), STRETCH, gap=CARD_GAP))
        column(head, grown(make_scroll_area(page)), gap=GRID, on=self)
        self.setFocusProxy(self.close_button)

    def _on_twin_clicked(self) -> None:
        if self._twins:
            self.entry_chosen.emit(self._twins[0].rid)

    def _on_decided(self, seen: RecordView[Any], key: str, version: FieldVersion) -> None:
        desk, values = self._desk, {key: version.value}
        run_with_undo(
            self._kit,
            desk,
            lambda: change_record(desk, seen.rid, values),
            N_("Decided. Papers use this value now."),
        )


_LATER = N_("Phone numbers can be added as soon as this is saved.")
_ADD_PHONES = N_("Phone numbers that you know can be added below. They stay your own.")
_OWN_NAME = N_("The name of your own organisation cannot be changed here.")
_OWN_NAME_WHY = N_(
    "It is on the card whose digits your partners have compared. With another name "
    "they would have to compare them again."
)


def _keys_of(entry: DirectoryEntry) -> tuple[str, ...]:
    """Return the form's fields; our own name stays fixed, because the key card carries it."""
    return tuple(key for key in _ENTRY_KEYS[entry.type] if not (entry.is_ours and key == "name"))


# --- draft

_DRAFT_TITLES = {
    "organisation": N_("Draft of an organisation from {time}"),
    "contact": N_("Draft of a contact person from {time}"),
    "phone": N_("Draft of a phone number from {time}"),
}


class DirectoryDraftBanner(Banner):
    """The banner that offers the newest draft of the directory.

    `continued` carries the DraftLine to resume.
    """

    continued = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, Tone.INFO, "pencil")
        self._kit = kit
        self._desk = desk
        self.line: DraftLine | None = None
        self._is_held_back = False
        self.drop = Button(kit, N_("Discard"), look=ButtonLook.QUIET, on=self._on_drop_clicked)
        self.go_on = Button(kit, N_("Continue"), "pencil", ButtonLook.TONAL, self._on_go_on_clicked)
        self.set_action(self.drop)
        self.set_action(self.go_on)
        kit.events.drafts_changed.connect(self.read)
        self.hide()

    def read(self) -> None:
        """Read the newest draft again."""
        self._kit.worker.run(lambda: entries.list_directory_drafts(self._desk), self._on_read)

    def hold_back(self, *, is_held_back: bool) -> None:
        """Hide the banner while a form is open."""
        self._is_held_back = is_held_back
        self.setVisible(self.line is not None and not is_held_back)

    def _on_read(self, lines: tuple[DraftLine, ...]) -> None:
        self.line = line = lines[0] if lines else None
        if line is not None:
            when = line.milliseconds
            self.set_message(
                _DRAFT_TITLES[line.type], time=lambda language: written_at(when, language)
            )
        self.hold_back(is_held_back=self._is_held_back)

    def _on_go_on_clicked(self) -> None:
        if self.line is not None:
            self.continued.emit(self.line)

    def _on_drop_clicked(self) -> None:
        if self.line is None:
            return
        desk, rid = self._desk, self.line.rid
        self._kit.worker.run(lambda: drafts.discard_draft(desk, rid), self._on_dropped)

    def _on_dropped(self, gone: OpenDraft | None) -> None:
        kit, desk = self._kit, self._desk
        kit.events.drafts_changed.emit()

        def take_back() -> None:
            if gone is not None:
                kit.worker.run(
                    lambda: drafts.restore_draft(desk, gone),
                    lambda _: kit.events.drafts_changed.emit(),
                )

        kit.notify(N_("The draft was discarded."), take_back)
