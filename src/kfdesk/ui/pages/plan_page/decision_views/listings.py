# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lists of the section show: receptions, matters of law, referrals.

Each list says its fields and puts a record in a few words. Nothing is decided here: that a hearing
falls into the journey is handed in.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kfdesk.domain.lists.case_codes import LEGAL_STATUS_KIND, RECEPTION_STATUS, REFERRAL_STATUS
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui import tokens
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.decision_views.facts import write_now
from kfdesk.ui.pages.shown import field_of, moment_lines, told_text, value_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look

_RECEPTION_LOOKS = {
    "asked": (Tone.INFO, "circle-dot"),
    "confirmed": (Tone.SUCCESS, "circle-check"),
    "declined_referred_on": (Tone.WARNING, "triangle-alert"),
    "no_answer": (Tone.WARNING, "clock"),
}
_REFERRAL_LOOKS = {
    "accepted": (Tone.SUCCESS, "circle-check"),
    "done": (Tone.SUCCESS, "circle-check"),
    "rejected": (Tone.WARNING, "triangle-alert"),
    "revoked": (Tone.MUTED, "ban"),
}
_SEEN_THERE = {"out": "in", "in": "out"}
"""A referral's direction is told by who wrote it; for the other side it is the opposite."""
_TO_ANSWER = frozenset({None, "in_progress"})


class Receptions(RecordList):
    """Who was asked to receive her. What is asked or confirmed now is one button."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        self._names: Mapping[str, str] = {}
        listing = Listing(
            record_type="reception",
            keys=("organisation", "status", "asked", "answered", "received_by", "begins",
                  "offers", "limits"),
            title=N_("Reception"),
            icon="building-2",
            add=N_("Add an enquiry"),
            empty=N_("Nobody has been asked to receive her."),
            sum_up=self._sum_up,
            rows=(("organisation", "status"), ("received_by", "begins")),
            beside=self._beside,
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show this plan's enquiries."""
        self._names = dict(page.choices.organisations)
        views = page.case.all_views("reception")
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _sum_up(self, seen: View[Any], language: Language) -> Summary:
        record = seen.record
        parts = [
            _at(N_("asked {when}"), record.asked, language),
            _at(N_("answered {when}"), record.answered, language),
            _with(N_("received by {name}"), record.received_by, language),
            _with(N_("from {name}"), _day(record.begins, language), language),
            _with(N_("limits: {name}"), told_text(record.limits, language), language),
        ]
        name = self._names.get(str(record.organisation), "")
        title = name or language.gettext(N_("No organisation named"))
        tone, icon = _RECEPTION_LOOKS.get(str(record.status), (Tone.MUTED, "circle-dashed"))
        fact = RECEPTION_STATUS.get(str(record.status), N_("not asked yet"))
        return Summary(title, _joined(parts), tone, icon, language.gettext(fact))

    def _beside(self, seen: View[Any]) -> Sequence[Button]:
        if not isinstance(seen.record.asked, Moment):
            return [self._make(seen, N_("Asked now"), "asked", "asked")]
        if seen.record.status != "confirmed":
            return [self._make(seen, N_("Confirmed now"), "answered", "confirmed")]
        return []

    def _make(self, seen: View[Any], words: str, key: str, status: str) -> Button:
        kit, desk = self._kit, self._desk
        name = self._names.get(str(seen.record.organisation), "")
        button = _answer(kit, words, name)
        button.clicked.connect(lambda: write_now(kit, desk, seen, (key,), status=status))
        return button


class Matters(RecordList):
    """Matters of law; hearings that fall into the journey are marked."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        self._colliding: Collection[bytes] = ()
        listing = Listing(
            record_type="legal_status",
            keys=("kind", "decision", "begins", "ends", "next_hearing", "must_be_present",
                  "lapses_on_leaving", "form_number", "applied_by", "decided_by"),
            title=N_("Legal status"),
            icon="file-check",
            add=N_("Add a matter"),
            empty=N_("No matter of law is written down."),
            sum_up=self._sum_up,
            rows=(("kind", "decision"), ("begins", "ends"),
                  ("must_be_present", "lapses_on_leaving"), ("applied_by", "decided_by")),
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_page(
        self, page: PlanPage, colliding: Collection[bytes], *, is_read_only: bool
    ) -> None:
        """Show this plan's matters; those in `colliding` have a hearing during the journey."""
        self._colliding = colliding
        views = page.case.all_views("legal_status")
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _sum_up(self, seen: View[Any], language: Language) -> Summary:
        record = seen.record
        decision = value_text(field_of("legal_status", "decision"), record.decision, language)
        parts = [
            decision if record.decision is not None else "",
            _with(N_("until {name}"), _day(record.ends, language), language),
            _at(N_("hearing {when}"), record.next_hearing, language),
        ]
        title = language.gettext(LEGAL_STATUS_KIND.get(str(record.kind), N_("Not named")))
        under = _joined(parts)
        if seen.rid in self._colliding:
            fact = language.gettext(N_("hearing during the journey"))
            return Summary(title, under, Tone.DANGER, "calendar-clock", fact)
        if record.lapses_on_leaving is True:
            fact = language.gettext(N_("is lost when she leaves"))
            return Summary(title, under, Tone.WARNING, "triangle-alert", fact)
        return Summary(title, under)


class Referrals(RecordList):
    """Referrals from us and to us. One that comes to us is answered by one press."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        self._names: Mapping[str, str] = {}
        listing = Listing(
            record_type="referral",
            keys=("direction", "kind", "organisation", "person", "reason", "status", "sent",
                  "answer", "consent"),
            title=N_("Referrals"),
            icon="send",
            add=N_("Add a referral"),
            empty=N_("No referral is written down."),
            sum_up=self._sum_up,
            rows=(("direction", "kind"), ("organisation", "person"), ("reason", "status")),
            beside=self._beside,
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show this plan's referrals."""
        self._names = dict(page.choices.organisations)
        views = page.case.all_views("referral")
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _sum_up(self, seen: View[Any], language: Language) -> Summary:
        record = seen.record
        title = self._other(seen) or language.gettext(N_("No organisation named"))
        told = {"direction": self._direction(seen), "kind": record.kind, "reason": record.reason}
        words = [
            value_text(field_of("referral", key), value, language)
            for key, value in told.items()
            if value is not None
        ]
        parts = [*words, _at(N_("sent {when}"), record.sent, language)]
        tone, icon = _REFERRAL_LOOKS.get(str(record.status), (Tone.INFO, "circle-dot"))
        status = REFERRAL_STATUS.get(str(record.status))
        fact = language.gettext(status) if status else ""
        text = told_text(record.answer, language)
        return Summary(title, _joined(parts), tone, icon, fact, text)

    def _direction(self, seen: View[Any]) -> Any:
        """From us or to us, as it is at this desk."""
        direction = seen.record.direction
        is_ours = seen.row.custodian == self._desk.identity.organisation
        return direction if is_ours else _SEEN_THERE.get(direction, direction)

    def _other(self, seen: View[Any]) -> str:
        """The name of the other side: who refers her to us, or whom we refer her to."""
        is_ours = seen.row.custodian == self._desk.identity.organisation
        other = seen.record.organisation if is_ours else seen.row.custodian.hex()
        return self._names.get(str(other), "")

    def _beside(self, seen: View[Any]) -> Sequence[Button]:
        if self._direction(seen) != "in" or seen.record.status not in _TO_ANSWER:
            return []
        return [
            self._make(seen, N_("Accepted now"), "accepted"),
            self._make(seen, N_("Rejected now"), "rejected"),
        ]

    def _make(self, seen: View[Any], words: str, status: str) -> Button:
        kit, desk = self._kit, self._desk
        button = _answer(kit, words, self._other(seen))
        button.clicked.connect(lambda: write_now(kit, desk, seen, (), status=status))
        return button


def _answer(kit: Kit, words: str, name: str) -> Button:
    """A button that answers for one of several; its name says for whom."""
    button = Button(kit, words, "check", Look.QUIET).sized(tokens.CONTROL_COMPACT)
    kit.words.bind(button.setAccessibleName, lambda language: f"{language.gettext(words)}: {name}")
    return button


def _at(words: str, moment: object, language: Language) -> str:
    if not isinstance(moment, Moment):
        return ""
    return language.gettext(words).format(when=moment_lines(moment, language)[0])


def _with(words: str, name: object, language: Language) -> str:
    if not isinstance(name, str) or not name:
        return ""
    return language.gettext(words).format(name=name)


def _day(value: Any, language: Language) -> str:
    return value_text(field_of("reception", "begins"), value, language) if value else ""


def _joined(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)
