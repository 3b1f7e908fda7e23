# SPDX-License-Identifier: GPL-3.0-or-later
"""One contact: its name, what is known of it, who may see it, and which plans name it.

Numbers and address of a secret entry are covered until somebody asks, and covered again with the
next entry. Only shows; what is changed is changed in the editor.
"""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.directory import DirectoryEntry, EntryLine
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_views.entry.facts import Facts, secret_of
from kfdesk.ui.pages.contacts_views.words import (
    check_word,
    kind_line,
    name_line,
    sight_word,
)
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Banner, Card, line, scrolled

_NARROW = 420
_LEAST_SEEN = 100

ANSWERED = N_("{name} answers for this entry, and only they change it.")
ASK_THEM = N_("If something is wrong, ask them. Telephones that you know can be added.")
ASK_THEM_ONLY = N_("If something is wrong, ask them.")


class EntryCard(Card):
    """The preview of an entry.

    `plan_chosen` carries the id of a plan that names it, `entry_chosen` the id of another entry;
    `taken` says that it is the one for the step of a plan.
    """

    plan_chosen = Signal(bytes)
    entry_chosen = Signal(bytes)
    edit_asked = Signal()
    checked = Signal()
    taken = Signal()

    def __init__(self, kit: Kit, today: Callable[[], date], *, may_write: bool = True) -> None:
        """`may_write`: whether who sits here may write in the directory at all."""
        super().__init__(padding=0)
        self._today = today
        self._may_write = may_write
        self._kit = kit
        self._name = Label(kit, style=Type.TITLE).wrapped()
        self._kind = Label(kit, tone=Tone.MUTED).wrapped()
        self._sight = Chip(kit)
        self._age = Chip(kit)
        self._ours = Chip(kit, Tone.ACCENT, "notebook-text")
        self._ours.tell(N_("Our own desk"))
        self._theirs = Banner(kit, Tone.INFO, "lock")
        self.edit = Button(kit, N_("Edit"), "pencil").show_key("E")
        self.edit.clicked.connect(self.edit_asked)
        self.check = Button(kit, N_("Checked now"), "check", Look.QUIET)
        self.check.clicked.connect(self.checked)
        self.take = Button(kit, N_("Take into the plan"), "clipboard-list", Look.PRIMARY)
        self.take.clicked.connect(self.taken)
        self.takes: frozenset[str] = frozenset()
        """The types of entry that are wanted for the step of a plan."""
        self.why: Callable[[EntryLine, Language], str] | None = None
        """Why an entry fits that step."""
        self._why = Label(kit, style=Type.SMALL, tone=Tone.ACCENT).wrapped()
        self.cover = Button(kit, N_("Show"), "eye", Look.QUIET)
        self.cover.clicked.connect(self._on_cover_clicked)
        self._entry: DirectoryEntry | None = None
        self._is_covered = True
        self.facts = Facts(kit)
        self.facts.plan_chosen.connect(self.plan_chosen)
        self.facts.entry_chosen.connect(self.entry_chosen)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def entry(self) -> DirectoryEntry | None:
        """The entry on view."""
        return self._entry

    @property
    def may_edit(self) -> bool:
        """Whether anything about the entry is ours to write."""
        entry = self._entry
        is_open = entry is not None and (not entry.is_theirs or entry.type == "organisation")
        return is_open and self._may_write

    def put_above(self, part: QWidget) -> None:
        """Put something above the name; it goes up with the rest."""
        self._head.insertWidget(0, part)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In a narrow card the name keeps its room."""
        super().resizeEvent(event)
        self.edit.set_bare(is_bare=self.width() < self._kit.theme.sized(_NARROW))

    def show_entry(self, entry: DirectoryEntry) -> None:
        """Show this entry, covered as it should be; the same again changes nothing."""
        if entry == self._entry:
            return  # whoever stands on a button here keeps the keyboard
        is_another = self._entry is None or self._entry.view.rid != entry.view.rid
        self._is_covered = entry.is_secret if is_another else self._is_covered
        self._entry = entry
        self._name.tell(lambda language: name_line(entry, language))
        self._kind.tell(lambda language: kind_line(entry, language))
        tone, icon, _ = sight_word(entry.view, self._kit.words.language)
        self._sight.show_look(tone, icon)
        self._sight.tell(lambda language: sight_word(entry.view, language)[2])
        self._ours.setVisible(entry.is_ours)
        self._show_wanted(entry)
        self._show_age(entry)
        self._show_owner(entry)
        self._show_facts(entry)

    def want(
        self, types: frozenset[str], why: Callable[[EntryLine, Language], str] | None = None
    ) -> None:
        """Offer entries of these types to a step of a plan; `why` says why one fits."""
        self.takes, self.why = types, why
        if self._entry is not None:
            self._show_wanted(self._entry)

    def _show_wanted(self, entry: DirectoryEntry) -> None:
        why = self.why
        self.take.setVisible(entry.type in self.takes)
        self._why.setVisible(why is not None)
        if why is not None:
            self._why.tell(lambda language: why(entry, language))

    def _show_age(self, entry: DirectoryEntry) -> None:
        """Say how long ago somebody made sure of it; of our own desk nobody need."""
        age = check_word(entry.view, self._today(), self._kit.words.language)
        self._age.setVisible(age is not None and not entry.is_ours)
        if age is not None:
            self._age.show_look(age[0], age[1])
            self._age.tell(
                lambda language: (check_word(entry.view, self._today(), language) or age)[2]
            )

    def _show_owner(self, entry: DirectoryEntry) -> None:
        """Say why an entry is only read; its telephones may still be added to."""
        self.edit.setVisible(self.may_edit)
        is_house = entry.type == "organisation" and not entry.is_ours
        self.check.setVisible(self.may_edit and is_house and not entry.is_theirs)
        self._theirs.setVisible(entry.is_theirs)
        under = ASK_THEM if entry.type == "organisation" else ASK_THEM_ONLY
        self._theirs.tell(ANSWERED, under, name=lambda _: entry.answers or "–")

    def _show_facts(self, entry: DirectoryEntry) -> None:
        self.facts.show_entry(entry, is_covered=self._is_covered)
        is_hiding = secret_of(entry)[1] or bool(entry.phones)
        self.cover.setVisible(entry.is_secret and is_hiding)
        self.cover.tell(N_("Show") if self._is_covered else N_("Cover"))
        self.cover.show_icon("eye" if self._is_covered else "eye-off")

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._name)
        names.addWidget(self._kind)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addLayout(names, 1)
        top.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignTop)
        self._head = head = QVBoxLayout()
        head.setContentsMargins(20, 16, 20, 14)
        head.setSpacing(8)
        head.addLayout(top)
        head.addWidget(Flow(self._sight, self._age, self._ours, gap=8))
        head.addWidget(self._why)
        head.addWidget(self._theirs)
        self.body.setSpacing(0)
        self.body.addWidget(self._make_scroll(head), 1)
        self.body.addLayout(self._make_foot())

    def _make_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 0, 12, 6)
        foot.addStretch(1)
        foot.addWidget(Flow(self.cover, self.check, self.take))
        return foot

    def _make_scroll(self, head: QVBoxLayout) -> QScrollArea:
        """Head and facts go up together: where the window is low, little would be left of them."""
        page = QWidget()
        page.setProperty("ground", "none")
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(line())
        whole.addWidget(self.facts, 1)
        return scrolled(page, self._kit.theme.sized(_LEAST_SEEN))

    def _on_cover_clicked(self) -> None:
        if self._entry is not None:
            self._is_covered = not self._is_covered
            self._show_facts(self._entry)
