# SPDX-License-Identifier: GPL-3.0-or-later
"""The risks as each side has weighed them: ours to be edited, the receiver's only to be read.

Two desks never write in one weighing. Where they differ the worse decides, and is marked. Which
weighing counts is decided in the domain; here it is shown whose it is.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kfdesk.domain.gates.risks import VALID
from kfdesk.domain.lists.case_codes import RISK_CONCLUSION
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.facts import Facts
from kfdesk.ui.pages.shown import told_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Chip, Icon, Label
from kfdesk.ui.widgets.panel import Card, clear

_OURS = (
    "conclusion", "done", "valid_until", "unanswered", "client_view", "summary", "measures",
    "measures_agreed", "organisation",
)  # fmt: skip
_THEIRS = _OURS[:-1]
_LOOKS = {
    "return_possible": (Tone.SUCCESS, "circle-check"),
    "return_possible_with_measures": (Tone.INFO, "circle-dot"),
    "postpone": (Tone.WARNING, "clock"),
    "return_not_safe": (Tone.DANGER, "octagon-alert"),
}
_DECIDES = N_("the worse of both: it decides")


class OurWeighing(RecordList):
    """Our side's weighings, the newest first."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk, _listing(desk, self._sum_up))
        self._worst: bytes | None = None

    def show_page(self, page: PlanPage, worst: bytes | None, *, is_read_only: bool) -> None:
        """Show ours; `worst` is the weighing that decides, where two differ."""
        self._worst = worst
        ours = self._desk.identity.organisation
        views = [one for one in page.case.all_views("risk_assessment") if one.row.custodian == ours]
        shown = sorted(views, key=_age, reverse=True)
        self.show_records(shown, page.plan.rid, is_read_only=is_read_only)

    def _sum_up(self, seen: View[Any], language: Language) -> Summary:
        record = seen.record
        parts = [dates_text(record, language)]
        for words, told in ((N_("Her own view: {text}"), record.client_view),
                            (N_("Measures: {text}"), record.measures)):  # fmt: skip
            if text := told_text(told, language):
                parts.append(language.gettext(words).format(text=text))
        title = conclusion_text(record, language)
        under = "\n".join(part for part in parts if part)
        if seen.rid == self._worst:
            return Summary(title, under, Tone.WARNING, "triangle-alert", language.gettext(_DECIDES))
        return Summary(title, under)


class TheirWeighing(Card):
    """The other side's weighings: their own word, with the name of the house."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.head(kit, N_("The receiver's weighing"), "building-2")
        self._none = Label(kit, tone=Tone.MUTED).wrapped()
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        self.body.addWidget(self._none)
        self.body.addLayout(self._column)

    def show_page(self, page: PlanPage, worst: bytes | None, ours: bytes) -> None:
        """Show what has come from others."""
        names = dict(page.choices.organisations)
        views = [one for one in page.case.all_views("risk_assessment") if one.row.custodian != ours]
        shown = sorted(views, key=_age, reverse=True)
        clear(self._column)
        for one in shown:
            self._add(one, names.get(one.row.custodian.hex(), ""), is_worst=one.rid == worst)
        self._none.setVisible(not shown)
        if page.receiver:
            words = N_("{name} has not sent its own weighing yet. It comes by an exchange file.")
            self._none.tell(words, name=lambda _: page.receiver)
        else:
            self._none.tell(N_("The plan names no receiver yet, so nobody else weighs the risks."))

    def _add(self, one: View[Any], name: str, *, is_worst: bool) -> None:
        tone, icon = _LOOKS.get(str(one.record.conclusion), (Tone.MUTED, "circle-dashed"))
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(Icon(self._kit, icon, tone))
        title = Label(self._kit, style=Type.BUTTON).wrapped()
        title.show_text(name or "–")
        head.addWidget(title, 1)
        if is_worst:
            chip = Chip(self._kit, Tone.WARNING, "triangle-alert")
            chip.tell(_DECIDES)
            head.addWidget(chip)
        read = Chip(self._kit, Tone.MUTED, "lock")
        read.tell(N_("only to be read"))
        head.addWidget(read)
        self._column.addLayout(head)
        facts = Facts(self._kit, _THEIRS)
        facts.show_record(one)
        self._column.addWidget(facts)


def conclusion_text(record: Any, language: Language) -> str:
    """The conclusion in words."""
    words = RISK_CONCLUSION.get(str(record.conclusion), N_("No conclusion yet"))
    return language.gettext(words)


def dates_text(record: Any, language: Language) -> str:
    """When it was done, until when it counts, and how many questions are open."""
    if not isinstance(record.done, date):
        return language.gettext(N_("No day is written down, so it does not count."))
    last = record.valid_until if isinstance(record.valid_until, date) else record.done + VALID
    words = language.gettext(N_("Done {done}, counts until {last}"))
    said = words.format(done=language.day(record.done, year=True),
                        last=language.day(last, year=True))  # fmt: skip
    count = record.unanswered
    if not isinstance(count, int) or not count:
        return said
    left = language.ngettext("{count} question open", "{count} questions open", count)
    return f"{said} · {left.format(count=count)}"


def _listing(desk: Desk, sum_up: Callable[[View[Any], Language], Summary]) -> Listing:
    def starts_with() -> dict[str, Any]:
        ours = desk.identity.organisation.hex()
        return {"organisation": ours, "done": moment_now(desk).wall.date()}

    return Listing(
        record_type="risk_assessment",
        keys=_OURS,
        title=N_("Risks, as we weigh them"),
        icon="shield-alert",
        add=N_("Weigh the risks"),
        empty=N_("We have not weighed the risks. Both sides must, each at its own desk."),
        sum_up=sum_up,
        rows=(("done", "valid_until"), ("unanswered", "measures_agreed")),
        starts_with=starts_with,
    )


def _age(seen: View[Any]) -> tuple[date, bytes]:
    done = seen.record.done
    return (done if isinstance(done, date) else date.max, seen.rid)
