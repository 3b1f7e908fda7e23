# SPDX-License-Identifier: GPL-3.0-or-later
"""The choices of the print centre: which paper, about whom, in which language and form.

`PaperChoices` offers what the chosen paper needs and returns the `PaperRequest`. The subject is
never chosen beforehand, so that nobody prints the wrong one. The services list the subjects;
nothing here knows what a paper contains.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QScrollArea, QWidget

from kfdesk.domain.codes.case import LETTER_PURPOSE
from kfdesk.domain.codes.core import (
    CONSENT_PURPOSE,
    PAPER,
    PAPER_FORM,
    SERVICES,
    ListFilter,
    PaperFormat,
    PaperName,
    PaperRequest,
)
from kfdesk.domain.codes.figures import FIGURE_POPULATIONS
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PAPER_GROUPS, PAPER_PURPOSES
from kfdesk.i18n.client_texts import TEXT_STATES, TextState
from kfdesk.i18n.language import RIGHT_TO_LEFT, Language
from kfdesk.i18n.phrases import localized_text
from kfdesk.services.papers.inputs import PaperKind
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.production import PaperSubject
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import FIELD_GAP, GRID, RESERVE, TextStyle
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import TOP, Part, Placed, column, extend, grown, panel, row
from kfdesk.ui.widgets.buttons import OptionButton, SegmentedControl
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField
from kfdesk.ui.widgets.text import Label

# --- Papers

_BOXES_PER_ROW = 2
_SLACK = 8
_BOX_GAP = GRID - 2 * RESERVE


class PaperChoice(QWidget):
    """The papers, as boxes in two columns or folded to a list; `chosen` follows a user's choice."""

    chosen = Signal()

    def __init__(self, kit: UiContext, papers: Sequence[PaperName]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.options: dict[PaperName, OptionButton] = {}
        self.list = ChoiceBox(kit)
        ordered = [name for _, group in PAPER_GROUPS for name in group if name in papers]
        self.list.set_options([(name.value, PAPER[name]) for name in ordered])
        self.list.chosen.connect(self._on_list_chosen)
        self._folded = LabelledField(kit, N_("Paper"), self.list)
        self._folded.hide()
        kit.translator.bind(self.setAccessibleName, N_("Paper"))
        rows: list[Part] = []
        for heading, group in PAPER_GROUPS:
            boxes = [self._make_box(kit, name) for name in group if name in papers]
            if boxes:
                rows += [Label(kit, heading, TextStyle.LABEL), *_in_rows(boxes)]
        self._boxes = panel(column(*rows, gap=_BOX_GAP))
        edges = (RESERVE, 0, RESERVE, 0)  # as wide as the focus rings of the boxes
        column(column(self._folded, margins=edges), self._boxes, on=self)
        self.choose(papers[0])

    @property
    def focus_target(self) -> QWidget:
        """The widget that takes the focus: the list, or the chosen box."""
        return self.list if self._boxes.isHidden() else self.options[self.paper]

    def fold(self, *, is_folded: bool) -> None:
        """Switch between list and boxes, and keep the focus."""
        if is_folded == self._boxes.isHidden():
            return
        had_keyboard = self.focus_target.hasFocus()
        self._folded.setVisible(is_folded)
        self._boxes.setVisible(not is_folded)
        if had_keyboard:
            self.focus_target.setFocus()

    @property
    def boxes_width(self) -> int:
        """The least width of the boxes. In it long names and lines wrap; no word is cut.

        A layout can make them a little narrower, so that a page that shrinks comes to fold them.
        """
        widest = max(option.minimumSizeHint().width() for option in self.options.values())
        return _BOXES_PER_ROW * (widest + _SLACK) + _BOX_GAP

    @property
    def paper(self) -> PaperName:
        """The chosen paper."""
        return next(name for name, option in self.options.items() if option.isChecked())

    def choose(self, paper: PaperName) -> None:
        """Choose a paper, without `chosen`."""
        self.options[paper].setChecked(True)
        self.list.setCurrentIndex([*self.options].index(paper))

    def _make_box(self, kit: UiContext, name: PaperName) -> OptionButton:
        option = OptionButton(kit, PAPER[name], PAPER_PURPOSES[name])
        option.clicked.connect(self._on_box_chosen)
        self._group.addButton(option)
        self.options[name] = option
        return option

    def _on_box_chosen(self) -> None:
        self.choose(self.paper)
        self.chosen.emit()

    def _on_list_chosen(self, key: str) -> None:
        self.choose(PaperName(key))
        self.chosen.emit()


def _in_rows(boxes: Sequence[OptionButton]) -> Iterator[Part]:
    """Yield rows of boxes, each as wide as the others."""
    for first in range(0, len(boxes), _BOXES_PER_ROW):
        beside: list[Part] = [grown(box) for box in boxes[first : first + _BOXES_PER_ROW]]
        missing = _BOXES_PER_ROW - len(beside)
        yield row(*beside, *[grown(QWidget())] * missing, gap=_BOX_GAP)


# --- All choices of a request

_SHRINK_POLICY = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
_SUBJECT_LABELS = {
    "plan": N_("Plan"),
    "consent": N_("Consent"),
    "organisation": N_("Organisation"),
    "referral": N_("Letter"),
    "procedure": N_("Procedure"),
    "meeting": N_("Meeting"),
    "network": N_("Network"),
    "article": N_("Article"),
    "figure_release": N_("Release of figures"),
    "publication": N_("Publication"),
}
_NO_SUBJECT = {
    "plan": N_("No plan chosen"),
    "consent": N_("No consent chosen"),
    "organisation": N_("No organisation chosen"),
    "referral": N_("No letter chosen"),
    "procedure": N_("No procedure chosen"),
    "meeting": N_("No meeting chosen"),
    "network": N_("No network chosen"),
    "article": N_("No article chosen"),
    "figure_release": N_("No release chosen"),
    "publication": N_("No publication chosen"),
}


class VerticalScrollArea(QScrollArea):
    """A scroll area that scrolls only vertically, and is never narrower than its content."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the content with its longest words, and the scroll bar."""
        hint, part = super().minimumSizeHint(), self.widget()
        bar = self.verticalScrollBar().sizeHint().width()
        wide = part.minimumSizeHint().width() + bar if part is not None else 0
        return QSize(max(hint.width(), wide), hint.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Update the geometry when the content's layout changes, as with other words."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class PaperChoices(QWidget):
    """All choices of a print request. `paper_chosen` and `changed` follow a user's choice."""

    paper_chosen = Signal()
    changed = Signal()

    def __init__(self, kit: UiContext, papers: Sequence[PaperName]) -> None:
        super().__init__()
        self._kit = kit
        self._texts: Mapping[str, TextState | None] = {}
        self._wanted = ""  # stays chosen while the subjects of another paper are read
        self.papers = PaperChoice(kit, papers)
        self.subject = ChoiceBox(kit)
        self.filters = PrintFilters(kit)
        self.language = ChoiceBox(kit)
        self.beside = ChoiceBox(kit)
        for choice in (self.subject, self.language, self.beside):
            choice.setSizeAdjustPolicy(_SHRINK_POLICY)
        self.form = SegmentedControl(kit, [(form, PAPER_FORM[form]) for form in PaperFormat])
        self._lay_out()
        self._connect()
        self._show_paper()

    @property
    def kind(self) -> PaperKind:
        """The kind of the chosen paper."""
        return PAPER_KINDS[self.papers.paper]

    @property
    def is_complete(self) -> bool:
        """True if everything is chosen that the paper cannot do without."""
        kind = self.kind
        return not kind.subject or kind.may_be_whole or bool(self.subject.key)

    @property
    def paper_order(self) -> PaperRequest:
        """The order for the paper; its language is empty while it is the client's first."""
        kind = self.kind
        return PaperRequest(
            self.papers.paper,
            bytes.fromhex(self.subject.key) if kind.subject else b"",
            self.language.key,
            PaperFormat(self.form.key or kind.forms[0]),
            self.beside.key if kind.is_bilingual else "",
            self.filters.directory_filter if kind.is_filtered else ListFilter(),
        )

    def propose_paper(self, paper: PaperName, subject: bytes) -> None:
        """Choose a paper, and what it is about as soon as that is offered."""
        if self.papers.paper is not paper:
            self.papers.choose(paper)
            self._show_paper()
        self.propose_subject(subject)

    def propose_subject(self, rid: bytes) -> bool:
        """Choose a subject as soon as it is offered; return whether that changes a choice."""
        is_new = self._wanted != rid.hex()
        self._wanted = rid.hex()
        if is_new:
            self._reset_language()
        return is_new

    def set_subjects(self, subjects: Sequence[PaperSubject]) -> None:
        """Offer these subjects; the chosen one stays so if it is among them. So is the only one."""
        kind, whole = self.kind.subject, self.kind.may_be_whole
        if len(subjects) == 1 and kind and not whole:
            self._wanted = subjects[0].rid.hex()
        none = N_("The whole book") if whole else _NO_SUBJECT.get(kind, "")
        nothing: list[tuple[str, Message]] = [("", none)]
        others = {**CONSENT_PURPOSE, **FIGURE_POPULATIONS}
        purposes = LETTER_PURPOSE if kind == "referral" else others
        named = [(one.rid.hex(), _subject_text(one, purposes)) for one in subjects]
        self.subject.set_options(nothing + named, self._wanted)
        self.filters.set_options(subjects if self.kind.is_filtered else ())

    def set_texts(self, texts: Mapping[str, TextState | None]) -> None:
        """Offer the languages in which the chosen paper exists, and say who has read each text."""
        if texts != self._texts:
            self._texts = texts
            chosen, second = self.language.key, self.beside.key
            names = [(code, partial(_text_name, code, texts[code])) for code in texts]
            self.language.set_options(names, chosen)
            if chosen not in texts:
                self.language.setCurrentIndex(-1)
            none = N_("none: leave them out") if self.kind.may_be_whole else N_("None")
            others = [(code, name) for code, name in names if code not in RIGHT_TO_LEFT]
            self.beside.set_options([("", none), *others], second)

    def show_language(self, code: str) -> None:
        """Show the language in which the paper was made."""
        self.language.setCurrentIndex([*self._texts].index(code))

    def fold(self, *, is_folded: bool) -> None:
        """Use less room: the papers as a list, fewer fields side by side."""
        self.papers.fold(is_folded=is_folded)
        for part, place, share in self._narrow if is_folded else self._wide:
            extend(self._rows[place], Placed(part, share, TOP))

    @property
    def _is_for_reader(self) -> bool:
        """True if the paper is for one organisation, in the language that it reads."""
        return self.kind.subject == "referral" or self.papers.paper is PaperName.NETWORK_NEWS

    def _connect(self) -> None:
        self.papers.chosen.connect(self._on_paper_chosen)
        self.subject.chosen.connect(self._on_subject_chosen)
        self.filters.chosen.connect(self.changed)
        for choice in (self.language, self.beside, self.form):
            choice.chosen.connect(lambda _key: self.changed.emit())

    def _lay_out(self) -> None:
        kit = self._kit
        self._about = LabelledField(kit, N_("Plan"), self.subject)
        self._second = LabelledField(kit, N_("Second language"), self.beside)
        self._size = LabelledField(kit, N_("Size"), self.form)
        spoken = LabelledField(kit, N_("Language of the paper"), self.language)
        self._rows = [row(gap=FIELD_GAP) for _ in range(4)]
        parts = (self._about, spoken, self._second, self._size)
        self._wide = tuple(zip(parts, (0, 0, 1, 1), (3, 2, 2, 3), strict=True))
        # A language says who has read its text: it takes a row of its own.
        self._narrow = tuple(zip(parts, (0, 1, 2, 3), (1, 1, 1, 1), strict=True))
        edges = (RESERVE, 0, RESERVE, 0)
        fields = column(self.filters, *self._rows, gap=FIELD_GAP, margins=edges)
        column(self.papers, fields, gap=FIELD_GAP, on=self)
        self.fold(is_folded=False)

    def _show_paper(self) -> None:
        """Offer the choices of the chosen paper."""
        kind = self.kind
        self._about.setVisible(bool(kind.subject))
        self._about.set_label(_SUBJECT_LABELS.get(kind.subject, N_("Plan")))
        self.filters.setVisible(kind.is_filtered)
        self._size.setVisible(len(kind.forms) > 1)
        for form in PaperFormat:
            self.form.parts[form].setVisible(form in kind.forms)
        self.form.select(kind.forms[0])
        self.language.setCurrentIndex(-1)
        self.beside.setCurrentIndex(0)
        self.set_texts(dict.fromkeys(kind.languages))
        self._second.setVisible(kind.is_bilingual)
        is_book = kind.may_be_whole
        self._second.set_label(
            N_("Articles that lack it are in") if is_book else N_("Second language")
        )
        first = N_("The recipient's") if self._is_for_reader else N_("Client's first language")
        self._kit.translator.bind(self.language.setPlaceholderText, first)
        self._reset_language()
        self.set_subjects(())

    def _reset_language(self) -> None:
        """Reset the language to the client's first, a letter's to its reader's.

        For other readers it is the window's.
        """
        if self.kind.is_for_client or self._is_for_reader:
            self.language.setCurrentIndex(-1)
        elif not self.language.key:
            code, offered = self._kit.translator.language.code, [*self._texts]
            self.language.setCurrentIndex(offered.index(code) if code in offered else 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        self.papers.focus_target.setFocus(event.reason())

    def _on_paper_chosen(self) -> None:
        self._show_paper()
        self.paper_chosen.emit()

    def _on_subject_chosen(self, key: str) -> None:
        self._wanted = key
        self._reset_language()
        self.changed.emit()


def _subject_text(one: PaperSubject, purposes: Mapping[str, str]) -> Message:
    """Return the text for a subject; `purposes` names its purpose.

    A plan stands by code and alias, a consent or a letter by code, purpose and recipient, a
    procedure by its title in the window's language and its version, others by name.
    """
    if one.title:
        return partial(_procedure_text, one)
    purpose = purposes.get(one.purpose, one.purpose)

    def words(language: Language) -> str:
        said = language.gettext(purpose) if purpose else ""
        return " · ".join(part for part in (one.code, said, one.name) if part) or "–"

    return words


def _procedure_text(one: PaperSubject, language: Language) -> str:
    title = localized_text(one.title, language)
    if not one.code:
        return title
    return language.gettext(N_("{name}, version {version}")).format(name=title, version=one.code)


# --- Filters of a directory paper

_MIN_LETTERS = 6
"""Letters of a choice that are always visible."""
_Naming = Callable[[str, Language], str]


class PrintFilters(QWidget):
    """Three filters of a directory paper, side by side; `chosen` follows a user's choice."""

    chosen = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.country, self.service, self.spoken = ChoiceBox(kit), ChoiceBox(kit), ChoiceBox(kit)
        labels = (N_("Country"), N_("Helps with"), N_("Speaks"))
        choices = (self.country, self.service, self.spoken)
        for choice in choices:
            choice.setSizeAdjustPolicy(_SHRINK_POLICY)
            choice.setMinimumContentsLength(_MIN_LETTERS)
            choice.chosen.connect(lambda _key: self.chosen.emit())
        row(*map(grown, map(partial(LabelledField, kit), labels, choices)), gap=FIELD_GAP, on=self)
        self.set_options(())

    @property
    def directory_filter(self) -> ListFilter:
        """The chosen filter."""
        return ListFilter(self.country.key, self.service.key, self.spoken.key)

    def set_options(self, entries: Sequence[PaperSubject]) -> None:
        """Offer the values of these entries; a choice stays while some entry has it."""
        countries = ((one.country,) for one in entries)
        self._offer(self.country, N_("All countries"), countries, _country_text)
        self._offer(
            self.service, N_("Everything"), (one.services for one in entries), _service_text
        )
        self._offer(
            self.spoken, N_("All languages"), (one.spoken for one in entries), _language_text
        )

    def _offer(
        self, choice: ChoiceBox, every: Message, found: Iterable[Iterable[str]], named: _Naming
    ) -> None:
        language = self._kit.translator.language
        codes = {code for each in found for code in each} - {""}
        ordered = sorted(codes, key=lambda code: named(code, language).casefold())
        choice.set_options(
            [("", every), *((code, partial(named, code)) for code in ordered)], choice.key
        )


def _country_text(code: str, language: Language) -> str:
    return language.country(code)


def _service_text(code: str, language: Language) -> str:
    return language.gettext(SERVICES.get(code, code))


def _language_text(code: str, language: Language) -> str:
    return language.language(code)


def _text_name(code: str, state: TextState | None, language: Language) -> str:
    """Return a language, and who has read the paper's text in it."""
    read = language.gettext(TEXT_STATES[state]) if state is not None else ""
    return " · ".join(filter(None, (language.language(code), read)))
