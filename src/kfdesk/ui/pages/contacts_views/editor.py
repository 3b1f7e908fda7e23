# SPDX-License-Identifier: GPL-3.0-or-later
"""An entry of the directory as a form, in the place of its preview.

What is typed is a draft by itself and a record when saved. Address and own telephone are covered
until somebody asks. What a partner answers for is not changed here, but telephones that we know
can be added to it. Which entry is edited, and what follows, is the page's.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, Version, View, view
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.desk import Desk
from kfdesk.services.directory import DirectoryEntry, EntryLine
from kfdesk.services.finding.choices import MOST
from kfdesk.services.finding.seek import named_alike
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.services.writing.records import Done, change_record
from kfdesk.services.writing.undo import undo
from kfdesk.ui import tokens
from kfdesk.ui.editing.offered import seeker_of
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.form.form import Form
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.form.parts.pick import Options
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_views.card import ANSWERED
from kfdesk.ui.pages.contacts_views.cover import Covered
from kfdesk.ui.pages.contacts_views.decide import Decisions
from kfdesk.ui.pages.contacts_views.findings import number_findings, twin_findings
from kfdesk.ui.pages.contacts_views.phones import SAFE_START, Phones
from kfdesk.ui.pages.contacts_views.words import ICONS, NEW, name_line, said
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Banner, Card, scrolled
from kfdesk.ui.words import Message

_KEYS = {
    "organisation": (
        "name", "country", "confidentiality", "address", "other_name", "city", "part_of",
        "services", "offers", "populations", "languages", "hours", "email", "website",
        "networks", "contact_risk", "front_door", "note",
    ),
    "contact": (
        "given_name", "family_name", "organisation", "confidentiality", "phone", "role",
        "email", "note",
    ),
}  # fmt: skip
_COVERED = {"organisation": "address", "contact": "phone"}
_STAYS = N_("Stays at this desk. No partner and no paper gets it.")
_READERS = dict.fromkeys(("address", "family_name", "phone", "note"), _STAYS)
_HOUSES = ("organisation", "part_of", "front_door")


class EntryEditor(QWidget):
    """The form. `closed` says that nothing is left to be done here.

    `saved` carries the Done, `entry_chosen` the id of an entry that is perhaps the same.
    """

    closed = Signal()
    saved = Signal(object)
    entry_chosen = Signal(bytes)
    bin_asked = Signal()

    def __init__(self, kit: Kit, desk: Desk, record_type: str, houses: Options) -> None:
        """`houses` are the organisations that a field can name."""
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._type = record_type
        self._houses = tuple(houses)
        self._twins: tuple[EntryLine, ...] = ()
        self._looked_for: tuple[str, str] = ("", "")
        self.entry: DirectoryEntry | None = None
        self.rid = b""
        self.form: RecordForm | None = None
        self.cover: Covered | None = None
        self._title = Label(kit, NEW[record_type], Type.TITLE).wrapped()
        self.close_button = Button(kit, N_("Close"), "x", Look.QUIET).show_key("Esc")
        self.bin_button = Button(kit, N_("Put in the bin"), "trash-2", Look.QUIET)
        self.twin_button = Button(kit, N_("Look at it"), "arrow-right", Look.QUIET)
        self._about = Banner(kit, Tone.INFO, "lock")
        self.decisions = Decisions(kit)
        self.phones = Phones(kit, desk)
        self._later = Label(kit, _LATER, tone=Tone.MUTED).wrapped()
        self._form_card = Card()
        self._lay_out()
        self._connect()

    @property
    def is_new(self) -> bool:
        """Whether the entry was never saved yet."""
        return self.entry is None

    def begin(self, starts: dict[str, Value], draft: OpenDraft | None = None) -> None:
        """Begin a new entry, secret until somebody says otherwise, or go on with its draft."""
        self.rid = draft.line.rid if draft is not None else self._desk.new_id()
        row = Row(self.rid, self._type, None, self._desk.identity.organisation, EMPTY)
        form = self._make_form(_KEYS[self._type])
        form.begin(view(row, TYPES[self._type].cls), draft, {**SAFE_START, **starts})
        if self.cover is not None:
            self.cover.take(None)  # whoever types it sees it
        self._show_parts()
        self._check()
        form.form.focus_on(_KEYS[self._type][0])

    def show_entry(self, entry: DirectoryEntry) -> None:
        """Show an entry, at first or as it was just read; what is being typed stays."""
        is_first = self.form is None and self.entry is None
        self.entry, self.rid = entry, entry.view.rid
        if is_first and not entry.is_theirs:
            self._make_form(_keys_of(entry))
        if self.form is not None:
            self.form.show_view(entry.view)
        self._title.tell(lambda language: name_line(entry, language))
        if entry.type == "organisation":
            self.phones.show_house(entry)
        if not entry.is_theirs:
            self.decisions.show_entry(entry, self._desk.identity.organisation)
        self._show_parts()
        self._check()
        if is_first:
            self._focus_first()

    def go_on(self, draft: OpenDraft) -> None:
        """Go on with a draft of this entry or of one of its telephones."""
        if self.form is None or not self.form.take_draft(draft):
            self.phones.go_on(draft)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc puts away the telephone that is open, and then the form; both leave a draft."""
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
        seeker = seeker_of(self._kit, self._desk, "organisation")
        offers = Offers(
            references=dict.fromkeys(_HOUSES, (*self._houses, *self._named())),
            readers=_READERS,
            seekers=dict.fromkeys(_HOUSES, seeker) if len(self._houses) >= MOST else {},
        )
        fields = Form(self._kit, self._type, keys, offers)
        self.form = form = RecordForm(self._kit, self._desk, self._type, fields)
        form.closed.connect(self.closed)
        form.saved.connect(self.saved)
        fields.edited.connect(self._check)
        fields.decision_asked.connect(lambda _key: self.decisions.buttons[0].setFocus())
        self.cover = Covered(self._kit, fields, _COVERED[self._type])
        column = form.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.count() - 1, self.cover)
        self._form_card.body.insertWidget(0, form)
        form.show()  # a layout would show it later, and it is to take the keyboard now
        return form

    def _named(self) -> Iterator[tuple[str, Message]]:
        """What the entry names already, wherever that stands in the directory."""
        known = dict(self._houses)
        for key, name in self.entry.names.items() if self.entry is not None else ():
            rid = getattr(self.entry.view.record, key) if self.entry is not None else None
            if isinstance(rid, str) and name and rid not in known:
                yield rid, said(name)

    def _show_parts(self) -> None:
        """Show what belongs to this kind of entry, saved or new, ours or a partner's."""
        entry, is_house = self.entry, self._type == "organisation"
        self._form_card.setVisible(self.form is not None)
        self.phones.setVisible(is_house and entry is not None)
        self._later.setVisible(is_house and entry is None)
        may_bin = entry is not None and not entry.is_ours and not entry.is_theirs
        self.bin_button.setVisible(may_bin)
        is_fixed = entry is not None and (entry.is_theirs or entry.is_ours)
        self._about.setVisible(is_fixed)
        if entry is not None and entry.is_theirs:
            self._about.tell(ANSWERED, _ADD_PHONES, name=lambda _: entry.answers or "–")
        elif entry is not None and entry.is_ours:
            self._about.tell(_OWN_NAME, _OWN_NAME_WHY)
        if self.cover is not None and entry is not None:
            self.cover.take(getattr(entry.view.record, _COVERED[self._type]))

    def _check(self) -> None:
        """Say beside the fields what is worth a second look, and look for the same name again."""
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
        self._kit.work.run(
            lambda: named_alike(desk, kind, rid, *looked_for),
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
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Icon(self._kit, ICONS[self._type]))
        head.addWidget(self._title, 1)
        head.addWidget(self.close_button)
        twin = QHBoxLayout()
        twin.addStretch(1)
        twin.addWidget(self.twin_button)
        self._form_card.body.addLayout(twin)
        foot = QHBoxLayout()
        foot.addWidget(self.bin_button)
        foot.addStretch(1)
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.CARD_GAP)
        for part in (self._about, self.decisions, self._form_card, self._later, self.phones):
            column.addWidget(part)
        column.addLayout(foot)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(tokens.GRID)
        outer.addLayout(head)
        outer.addWidget(scrolled(page), 1)
        self.setFocusProxy(self.close_button)

    def _on_twin_clicked(self) -> None:
        if self._twins:
            self.entry_chosen.emit(self._twins[0].rid)

    def _on_decided(self, seen: View[Any], key: str, version: Version) -> None:
        desk, kit = self._desk, self._kit

        def told(done: Done) -> None:
            kit.hub.changed.emit(done.types)
            kit.tell(N_("Decided. Papers use this value now."), lambda: take_back(done))

        def take_back(done: Done) -> None:
            kit.work.run(lambda: undo(desk, done), lambda back: kit.hub.changed.emit(back.types))

        values = {key: version.value}
        kit.work.run(lambda: change_record(desk, seen.rid, values), told)


_LATER = N_("Telephones can be added as soon as this is saved.")
_ADD_PHONES = N_("Telephones that you know can be added below. They are yours.")
_OWN_NAME = N_("The name of your own desk is not changed here.")
_OWN_NAME_WHY = N_(
    "It stands on the card whose digits your partners have compared. With another name they would "
    "have to compare them again."
)


def _keys_of(entry: DirectoryEntry) -> tuple[str, ...]:
    """The fields of the form; our own name stays, because the key card carries it."""
    return tuple(key for key in _KEYS[entry.type] if not (entry.is_ours and key == "name"))
