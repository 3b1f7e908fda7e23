# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Risk of a plan: the picture of both sides, our answers, and the conclusions.

Joins the parts in `risk_views`. It reads beside the plan what only risks need; which weighing
counts and what is the worse is decided in the domain.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer

from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.lists.risk_codes import RISK_LEVEL
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.domain.weighing.levels import highest, worse
from kfdesk.i18n.language import Language
from kfdesk.services.casework.weighing import Risks, read_risks
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui.editing.offered import offers_of
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.decision_views.facts import write_now
from kfdesk.ui.pages.plan_page.risk_views.below import TOLD, Answering, Shown, Weighings
from kfdesk.ui.pages.plan_page.risk_views.picture import PictureCard, version_name
from kfdesk.ui.pages.plan_page.section import Missing, PlanSection, State
from kfdesk.ui.pages.shown import moment_lines
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.paint import Fill
from kfdesk.ui.widgets.panel import Banner, below


class RiskSection(PlanSection):
    """The risks of the return, as both sides weigh them."""

    key = "risk"
    label = N_("Risk")
    types = frozenset({"risk_assessment", "risk_line", "risk_event"})

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self._shown: Shown | None = None
        self._later: list[Callable[[], object]] = []
        self._picture: PictureCard | None = None
        self._answering: Answering | None = None
        self._weighings: Weighings | None = None
        self.void = Banner(kit, Tone.WARNING, "triangle-alert")
        self.void.tell(
            N_("Something has happened since the risks were weighed. They are weighed anew."),
            N_("Until then no step that rests on them can be taken. A plan that is approved goes "
               "back to assessing."),
        )  # fmt: skip
        self.void.hide()
        self.last_read = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self.read_again = Button(kit, N_("Read again"), "refresh-cw")
        self.read_again.clicked.connect(self._on_read_again)
        self._desks = Flow(gap=8)
        said = below(self._desks, self.last_read)
        self.column.addWidget(Flow(said, self.read_again, fills=said))
        self.column.addWidget(self.void)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._build_next)

    @property
    def picture(self) -> PictureCard:
        """The pictures of both sides."""
        self.complete()
        assert self._picture is not None
        return self._picture

    @property
    def answering(self) -> Answering:
        """Our answers."""
        self.complete()
        assert self._answering is not None
        return self._answering

    @property
    def weighings(self) -> Weighings:
        """The conclusions."""
        self.complete()
        assert self._weighings is not None
        return self._weighings

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's; the picture first, the rest as the window finds time."""
        self._page = page
        read = page.plan.record.risk_read
        self.last_read.tell(lambda language: _read_text(read, language))
        self.read_again.setVisible(not self._is_shut(page))
        desk, rid = self.desk, page.plan.rid
        self.kit.work.run(lambda: read_risks(desk, rid), partial(self._on_risks, page))

    def complete(self) -> None:
        """Make all of it now."""
        while self._shown is not None and self._weighings is None:
            self._build_next()

    @staticmethod
    def state(page: PlanPage) -> State:
        """The gravest risk is the fact; complete is what has a conclusion of ours."""
        newest = {one.row.custodian: one for one in _oldest_first(page)}
        if not newest:
            return State(Fill.EMPTY)
        rids = {one.rid for one in newest.values()}
        lines = [one for one in page.case.all_views("risk_line") if one.row.parent in rids]
        gravest = highest(one.before for one in worse(lines))
        ours = newest.get(page.plan.row.custodian)
        has_ended = ours is not None and isinstance(ours.record.conclusion, str)
        fact = RISK_LEVEL[gravest.code] if gravest is not None else ""
        return State(Fill.DONE if has_ended else Fill.PART, fact)

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[Missing]:
        """Nothing of its own: what a step lacks is said by its conditions, and by "Check"."""
        return ()

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Lead to a weighing, one of its categories, or an event, as soon as it is read."""
        if self._page is None or all(one.rid != rid for one in self._mine(self._page)):
            return False
        self._when_read(lambda: self._open(rid, key))
        return True

    def begin_record(self, record_type: str) -> bool:
        """Begin a weighing, ours or one that was told, or write down an event."""
        if record_type in {*self.types, TOLD}:
            self._when_read(lambda: self.weighings.begin(record_type))
        return record_type in {*self.types, TOLD}

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with a draft, as soon as what it belongs to is read."""
        if draft.line.type in self.types:
            self._when_read(lambda: self._go_on(draft))
        return draft.line.type in self.types

    def _open(self, rid: bytes, key: str) -> bool:
        return self.answering.open_record(rid, key) or self.weighings.open_record(rid, key)

    def _go_on(self, draft: OpenDraft) -> bool:
        is_answer = draft.line.type == "risk_line"
        return self.answering.go_on(draft) if is_answer else self.weighings.go_on(draft)

    def _on_risks(self, page: PlanPage, risks: Risks) -> None:
        if page is not self._page:
            return
        self._shown = Shown(page, risks, offers_of(self.kit, page, self.desk), self._is_shut(page))
        self.void.setVisible(bool(risks.void))
        self._show_desks(self._shown)
        for show in (self._show_picture, self._show_answering, self._show_weighings):
            show(self._shown)
        if self._later:  # somebody is led here
            self.complete()
        self._build_next()

    def _build_next(self) -> None:
        """Make the next part, in the order which is that of Tab, too; then what waited for all."""
        if self._shown is None:
            return
        if self._picture is None:
            self._picture = PictureCard(self.kit)
            self._picture.chosen.connect(self._on_category_chosen)
            self.column.addWidget(self._picture)
            self._show_picture(self._shown)
        elif self._picture.table is None:
            self._picture.make_table()
        elif self._answering is None:
            self._answering = Answering(self.kit, self.desk)
            self._answering.answers.made.connect(self._on_form_made)
            self._answering.opened.connect(self._picture.go_to)
            self.column.addWidget(self._answering)
            self._show_answering(self._shown)
        elif self._weighings is None:
            self._weighings = Weighings(self.kit, self.desk)
            self.lists += self._weighings.lists
            self.column.addWidget(self._weighings)
            self._show_weighings(self._shown)
        if self._weighings is None:
            self._next.start()
            return
        later, self._later = self._later, []
        for act in later:
            act()

    def _show_desks(self, shown: Shown) -> None:
        """Whose weighing counts, of which day, and whether it does today."""
        self._desks.clear()
        names = dict(shown.page.choices.organisations)
        for version in shown.risks.versions:
            if version.counts:
                is_void = version.view.rid in shown.risks.void
                tone = Tone.WARNING if is_void else Tone.SUCCESS
                chip = Chip(self.kit, tone, "clock" if is_void else "circle-check")
                chip.tell(version_name(version, names))
                self._desks.add(chip)
                chip.show()

    def _show_picture(self, shown: Shown) -> None:
        if self._picture is not None:
            self._picture.setVisible(bool(shown.risks.versions))
            self._picture.show_risks(shown.risks, dict(shown.page.choices.organisations))

    def _show_answering(self, shown: Shown) -> None:
        if self._answering is not None:
            self._answering.show_risks(shown)

    def _show_weighings(self, shown: Shown) -> None:
        if self._weighings is not None:
            self._weighings.show_risks(shown)

    def _when_read(self, act: Callable[[], object]) -> None:
        """Do it now, or once the risks are read."""
        self._later.append(act)
        self.complete()
        self._build_next()

    def _mine(self, page: PlanPage) -> Iterator[View[Any]]:
        return (one for kind in self.types for one in page.case.all_views(kind))

    def _is_shut(self, page: PlanPage) -> bool:
        return not page.may_edit or is_read_only(page.plan.record.state)

    def _on_category_chosen(self, category: str) -> None:
        self.answering.open_category(category)

    def _on_read_again(self) -> None:
        if self._page is not None:
            write_now(self.kit, self.desk, self._page.plan, ("risk_read",))

    def _on_form_made(self) -> None:
        """The form of an open category is one of the section's, so that Ctrl+S finds it."""
        form = self.answering.answers.form
        self.forms = []
        if form is not None:
            self.add_form(form)


def _oldest_first(page: PlanPage) -> list[View[Any]]:
    return sorted(page.case.all_views("risk_assessment"), key=lambda one: str(one.record.done))


def _read_text(read: object, language: Language) -> str:
    if not isinstance(read, Moment):
        return language.gettext(N_("Nobody has read the risks again before she leaves."))
    words = language.gettext(N_("Risks read again: {when}"))
    return words.format(when=" ".join(moment_lines(read, language)))
