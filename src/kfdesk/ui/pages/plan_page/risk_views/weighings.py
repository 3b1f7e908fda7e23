# SPDX-License-Identifier: GPL-3.0-or-later
"""The risks as each side has weighed them: ours to be edited, the receiver's only to be read.

Two desks never write in one weighing. A receiver without a desk of its own tells it by telephone or
on paper, and it is written down here in its name. Where they differ the worse decides, and is
marked. Which weighing counts is decided in the domain; here it is shown whose it is.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from kfdesk.domain.gates.risks import VALID, is_told
from kfdesk.domain.lists.case_codes import RISK_CONCLUSION, TOLD_BY_WAY
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.domain.writes import writes_of
from kfdesk.i18n.language import Language
from kfdesk.services.casework.weighing import Risks, begin_weighing
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.facts import Facts
from kfdesk.ui.pages.shown import moment_lines, told_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Chip, Icon, Label
from kfdesk.ui.widgets.panel import Card, clear

_OURS = (
    "client_view",
    "conclusion",
    "done",
    "valid_until",
    "summary",
    "measures",
    "measures_agreed",
)
_THEIRS = (
    "client_view", "conclusion", "done", "valid_until", "unanswered", "summary", "measures",
    "measures_agreed",
)  # fmt: skip
_TOLD = ("organisation", "told_by", "told_way", "told", *_THEIRS)
_LOOKS = {
    "return_possible": (Tone.SUCCESS, "circle-check"),
    "return_possible_with_measures": (Tone.INFO, "circle-dot"),
    "postpone": (Tone.WARNING, "clock"),
    "return_not_safe": (Tone.DANGER, "octagon-alert"),
}
_DECIDES = N_("the worse of both: it decides")


class OurWeighing(RecordList):
    """Our side's weighings, the newest first: it alone is edited, older ones stay as they were."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        ours = desk.identity.organisation.hex()
        listing = Listing(
            record_type="risk_assessment",
            keys=_OURS,
            title=N_("Risks, as we weigh them"),
            icon="shield-alert",
            add=N_("Weigh the risks"),
            empty=N_("We have not weighed the risks. Both sides must, each at its own desk."),
            sum_up=self._sum_up,
            rows=(("done", "valid_until"),),
            takes=lambda v: v.get("organisation", ours) == ours,
        )
        super().__init__(kit, desk, listing)
        self._worst: bytes | None = None
        self._counting: bytes | None = None
        self._begun: bytes | None = None
        self._plan: bytes | None = None

    def show_risks(self, page: PlanPage, risks: Risks, *, is_read_only: bool) -> None:
        """Show ours; where two differ, which one decides is said."""
        self._worst, self._plan = risks.worst, page.plan.rid
        self._counting = risks.ours.view.rid if risks.ours is not None else None
        shown = [one.view for one in risks.versions if one.is_ours]
        self.show_records(shown, page.plan.rid, is_read_only=is_read_only)
        self.add_button.tell(N_("Weigh the risks anew") if shown else N_("Weigh the risks"))
        begun, self._begun = self._begun, None
        if begun is not None:
            self.open_record(begun)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open the one that counts; an older one is only read."""
        return rid == self._counting and super().open_record(rid, key)

    def begin(self) -> None:
        """A new weighing that begins where the last one ended; it is there at once."""
        desk, plan = self._desk, self._plan
        if plan is not None and not self._is_read_only:
            self._kit.work.run(lambda: begin_weighing(desk, plan), self._on_begun)

    def _on_begun(self, rid: bytes) -> None:
        self._begun = rid
        self._kit.hub.changed.emit(frozenset({"risk_assessment", "risk_line"}))
        self._kit.tell(N_("A new weighing. The last one stays as it was."))

    def _make_edit(self, one: View[Any], title: str) -> Button:
        edit = super()._make_edit(one, title)
        if one.rid != self._counting:
            edit.hide()
        return edit

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
        if seen.rid != self._counting:
            return Summary(title, under, Tone.MUTED, "history", language.gettext(N_("earlier")))
        return Summary(title, under)


class ToldWeighing(RecordList):
    """What a receiver without a desk of its own has told, written down by us."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        self._names: Mapping[str, str] = {}
        self._receiver = ""
        self._worst: bytes | None = None
        ours = desk.identity.organisation.hex()
        listing = Listing(
            record_type="risk_assessment",
            keys=_TOLD,
            title=N_("Told by telephone or on paper"),
            icon="phone",
            add=N_("Write down what the receiver told"),
            empty=N_(
                "The receiver does not use this program. Ask how it weighs the risks, and write "
                "down who said it, how and when."
            ),
            sum_up=self._sum_up,
            rows=(("organisation", "told_by"), ("told_way", "told"), ("conclusion", "unanswered"),
                  ("done", "valid_until")),
            starts_with=self._starts_with,
            takes=lambda v: v.get("organisation", ours) != ours,
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_risks(self, page: PlanPage, risks: Risks, *, is_read_only: bool) -> None:
        """Show what was told; new ones are added where the receiver has no desk of its own."""
        receiver, ours = risks.receiver, self._desk.identity.organisation
        self._names, self._worst = dict(page.choices.organisations), risks.worst
        self._receiver = receiver.organisation.hex() if receiver else ""
        may_tell = receiver is not None and not receiver.has_own_desk
        shown = _weighings(page, lambda one: one.row.custodian == ours and is_told(one))
        self.show_records(shown, page.plan.rid, is_read_only=is_read_only)
        self.add_button.setVisible(may_tell and not is_read_only)
        self.setVisible(may_tell or bool(shown))

    def _starts_with(self) -> dict[str, Any]:
        now = moment_now(self._desk)
        return {"organisation": self._receiver, "told": now, "done": now.wall.date()}

    def _sum_up(self, seen: View[Any], language: Language) -> Summary:
        record = seen.record
        parts = [told_sentence(seen, self._names, language), dates_text(record, language)]
        if text := told_text(record.measures, language):
            parts.append(language.gettext(N_("Measures: {text}")).format(text=text))
        title, under = conclusion_text(record, language), "\n".join(parts)
        if seen.rid == self._worst:
            return Summary(title, under, Tone.WARNING, "triangle-alert", language.gettext(_DECIDES))
        return Summary(title, under)


class TheirWeighing(Card):
    """The other side's weighings: their own word, with the name of the house."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.head(kit, N_("The other side's weighing"), "building-2")
        self._none = Label(kit, tone=Tone.MUTED).wrapped()
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        self.body.addWidget(self._none)
        self.body.addLayout(self._column)

    def show_risks(self, page: PlanPage, risks: Risks, ours: bytes) -> None:
        """Show what has come from others; one without a desk tells it, which stands elsewhere."""
        receiver, worst = risks.receiver, risks.worst
        names = dict(page.choices.organisations)
        shown = _weighings(page, lambda one: one.row.custodian != ours)
        clear(self._column)
        for one in shown:
            self._add(one, names.get(one.row.custodian.hex(), ""), is_worst=one.rid == worst)
        self._none.setVisible(not shown)
        self.setVisible(bool(shown) or receiver is None or receiver.has_own_desk)
        sender = page.plan.row.custodian
        other = page.receiver if sender == ours else names.get(sender.hex(), "")
        if other:
            words = N_("{name} has not sent its own weighing yet. It comes by an exchange file.")
            self._none.tell(words, name=lambda _: other)
        else:
            self._none.tell(N_("The plan names no receiver yet, so nobody else weighs the risks."))

    def _add(self, one: View[Any], name: str, *, is_worst: bool) -> None:
        tone, icon = _LOOKS.get(str(one.record.conclusion), (Tone.MUTED, "circle-dashed"))
        title = Label(self._kit, style=Type.BUTTON).wrapped()
        title.show_text(name or "–")
        head = Flow(Icon(self._kit, icon, tone), title, gap=9, fills=title)
        if is_worst:
            chip = Chip(self._kit, Tone.WARNING, "triangle-alert")
            chip.tell(_DECIDES)
            head.add(chip)
        read = Chip(self._kit, Tone.MUTED, "lock")
        read.tell(N_("only to be read"))
        head.add(read)
        self._column.addWidget(head)
        facts = Facts(self._kit, _THEIRS)
        facts.show_record(one)
        self._column.addWidget(facts)


def told_sentence(seen: View[Any], names: Mapping[str, str], language: Language) -> str:
    """Who told it, of which organisation, when and how, and who wrote it down."""
    record, when = seen.record, seen.record.told
    words = language.gettext(
        N_("Told by {person}, {organisation}, {when}. {way}. Written down by {writer}.")
    )
    newest = max(writes_of(seen.row.state), key=lambda write: write.milliseconds)
    way = TOLD_BY_WAY.get(str(record.told_way))
    return words.format(
        person=record.told_by if isinstance(record.told_by, str) else "–",
        organisation=names.get(str(record.organisation)) or "–",
        when=moment_lines(when, language)[0] if isinstance(when, Moment) else "–",
        way=language.gettext(way) if way else "–",
        writer=newest.author,
    )


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


def _weighings(page: PlanPage, wanted: Callable[[View[Any]], bool]) -> list[View[Any]]:
    """The weighings that are wanted, the newest first."""
    views = filter(wanted, page.case.all_views("risk_assessment"))
    return sorted(views, key=_age, reverse=True)


def _age(seen: View[Any]) -> tuple[date, bytes]:
    done = seen.record.done
    return (done if isinstance(done, date) else date.max, seen.rid)
