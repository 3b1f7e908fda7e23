# SPDX-License-Identifier: GPL-3.0-or-later
"""What one chooses for a paper: which, about whom, in which language and size.

The paper's language is apart from the window's. Of a paper that she reads it is, while none is
chosen, the first that she speaks, which only a service knows. Nothing is chosen beforehand that
it is about, so that nobody prints the wrong one.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.codes import CONSENT_PURPOSE
from kfdesk.domain.lists.paper_codes import PAPER_FORM
from kfdesk.domain.papers.order import Filter, Form, Order, PaperName
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.papers.gathered import Kind
from kfdesk.services.papers.kinds import KINDS
from kfdesk.services.papers.subjects import Subject
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.print_views.filters import Filters
from kfdesk.ui.pages.print_views.papers import PaperChoice
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.words import Message

_SHRINKS = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
_LABELS = {"plan": N_("Plan"), "consent": N_("Consent"), "organisation": N_("Organisation")}
_NONE = {
    "plan": N_("No plan chosen"),
    "consent": N_("No consent chosen"),
    "organisation": N_("No organisation chosen"),
}


class Upright(QScrollArea):
    """Scrolls up and down alone, and is never narrower than what stands in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the parts with their longest words, and the bar."""
        hint, part = super().minimumSizeHint(), self.widget()
        bar = self.verticalScrollBar().sizeHint().width()
        wide = part.minimumSizeHint().width() + bar if part is not None else 0
        return QSize(max(hint.width(), wide), hint.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Other words may need another width."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class Choices(QWidget):
    """The choices. `paper_chosen` and `changed` follow a person's choice."""

    paper_chosen = Signal()
    changed = Signal()

    def __init__(self, kit: Kit, papers: Sequence[PaperName]) -> None:
        super().__init__()
        self._kit = kit
        self._subjects: Sequence[Subject] = ()
        self._wanted = ""  # a plan may be chosen before the list of plans is there
        self.papers = PaperChoice(kit, papers)
        self.subject = Choice(kit)
        self.filters = Filters(kit)
        self.language = Choice(kit)
        self.beside = Choice(kit)
        for choice in (self.subject, self.language, self.beside):
            choice.setSizeAdjustPolicy(_SHRINKS)
        self.form = Segmented(kit, [(form, PAPER_FORM[form]) for form in Form])
        self._lay_out()
        self._connect()
        self._show_paper()

    @property
    def kind(self) -> Kind:
        """The kind of the chosen paper."""
        return KINDS[self.papers.paper]

    @property
    def is_whole(self) -> bool:
        """Whether everything is chosen that the paper cannot do without."""
        return not self.kind.subject or bool(self.subject.key)

    @property
    def order(self) -> Order:
        """The paper as it is ordered; its language is empty while it is the first she speaks."""
        kind = self.kind
        return Order(
            self.papers.paper,
            bytes.fromhex(self.subject.key) if kind.subject else b"",
            self.language.key,
            Form(self.form.key or kind.forms[0]),
            self.beside.key if kind.is_bilingual else "",
            Filter() if kind.subject else self.filters.filter,
        )

    def offer_subjects(self, subjects: Sequence[Subject]) -> None:
        """Offer these; the chosen one stays so if it is among them."""
        self._subjects = subjects
        kind = self.kind.subject
        nothing: list[tuple[str, Message]] = [("", _NONE.get(kind, ""))]
        named = [(one.rid.hex(), _named(one)) for one in subjects]
        self.subject.offer(nothing + named, self._wanted)
        self.filters.offer(subjects if not kind else ())

    def choose_subject(self, rid: bytes) -> None:
        """Choose what it is about, now or when the list is there, without a signal."""
        self._wanted = rid.hex()
        self.offer_subjects(self._subjects)
        self._leave_language()

    def choose_paper(self, paper: PaperName) -> None:
        """Choose a paper, without a signal."""
        self.papers.choose(paper)
        self._show_paper()

    def show_language(self, code: str) -> None:
        """Show which language it has become."""
        self.language.setCurrentIndex(self.kind.languages.index(code))

    def fold(self, *, is_folded: bool) -> None:
        """Take little room: the papers in a list, fewer fields side by side."""
        self.papers.fold(is_folded=is_folded)
        for part, row, share in self._narrow if is_folded else self._wide:
            self._rows[row].addWidget(part, share, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self.papers.chosen.connect(self._on_paper_chosen)
        self.subject.chosen.connect(self._on_subject_chosen)
        self.filters.chosen.connect(self.changed)
        for choice in (self.language, self.beside, self.form):
            choice.chosen.connect(lambda _key: self.changed.emit())

    def _lay_out(self) -> None:
        kit = self._kit
        self._about = Field(kit, N_("Plan"), self.subject)
        self._second = Field(kit, N_("Second language"), self.beside)
        self._size = Field(kit, N_("Size"), self.form)
        spoken = Field(kit, N_("Language of the paper"), self.language)
        self._rows = [QHBoxLayout(), QHBoxLayout(), QHBoxLayout()]
        parts = (self._about, spoken, self._second, self._size)
        self._wide = tuple(zip(parts, (0, 0, 1, 1), (3, 2, 2, 3), strict=True))
        self._narrow = tuple(zip(parts, (0, 1, 1, 2), (1, 1, 1, 1), strict=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        column.addWidget(self.papers)
        fields = QVBoxLayout()
        fields.setContentsMargins(tokens.RESERVE, 0, tokens.RESERVE, 0)  # as the boxes' rings
        fields.setSpacing(tokens.FIELD_GAP)
        fields.addWidget(self.filters)
        for row in self._rows:
            row.setSpacing(tokens.FIELD_GAP)
            fields.addLayout(row)
        column.addLayout(fields)
        self.fold(is_folded=False)

    def _show_paper(self) -> None:
        """Offer what the chosen paper has to choose from."""
        kind = self.kind
        self._about.setVisible(bool(kind.subject))
        self._about.ask(_LABELS.get(kind.subject, N_("Plan")))
        self.filters.setVisible(not kind.subject)
        self._size.setVisible(len(kind.forms) > 1)
        for form in Form:
            self.form.parts[form].setVisible(form in kind.forms)
        self.form.choose(kind.forms[0])
        names = {code: _language(code) for code in kind.languages}
        self.language.offer([*names.items()])
        self.language.setCurrentIndex(-1)
        self._second.setVisible(kind.is_bilingual)
        self.beside.offer([("", N_("None")), *names.items()])
        self._kit.words.bind(self.language.setPlaceholderText, N_("The first she speaks"))
        self._leave_language()
        self.offer_subjects(())

    def _leave_language(self) -> None:
        """Let it be the first she speaks; of a paper for others, the window's."""
        if self.kind.is_for_client:
            self.language.setCurrentIndex(-1)
        elif not self.language.key:
            code, offered = self._kit.words.language.code, self.kind.languages
            self.language.setCurrentIndex(offered.index(code) if code in offered else 0)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        self.papers.target.setFocus(event.reason())

    def _on_paper_chosen(self) -> None:
        self._show_paper()
        self.paper_chosen.emit()

    def _on_subject_chosen(self, key: str) -> None:
        self._wanted = key
        self._leave_language()
        self.changed.emit()


def _named(one: Subject) -> Message:
    """A plan by code and alias, a consent by code, purpose and recipient, others by name."""
    purpose = CONSENT_PURPOSE.get(one.purpose, one.purpose)

    def words(language: Language) -> str:
        said = language.gettext(purpose) if purpose else ""
        return " · ".join(part for part in (one.code, said, one.name) if part) or "–"

    return words


def _language(code: str) -> Message:
    return lambda language: language.language(code)
