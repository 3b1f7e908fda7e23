# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving a consent: a calm form in the order one talks, kept as a draft until it is whole.

Nothing is blocked while one types. On recording, what is missing is said beside its field, and
the consent stays a draft that opens nothing. What is missing is judged by the domain, and once
more by the service that records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from PySide6.QtCore import Signal

from kfdesk.domain.consents.completeness import EXPLICIT, FOR_A_CHILD, Around, Lack, lacks
from kfdesk.domain.disclosure import PURPOSES
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.schema import N_
from kfdesk.services.course.agreements import Terms, record_consent
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Desk
from kfdesk.services.writing.drafts import Form as Held
from kfdesk.services.writing.records import Done
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.form.codes import PickEditor
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.history_views.taking_back import take_back
from kfdesk.ui.pages.plan_page.consent_views.editors import ExplainedEditor, GroupsEditor
from kfdesk.ui.pages.plan_page.consent_views.talk import Step, TalkForm
from kfdesk.ui.pages.plan_page.consent_views.warning import WarningText
from kfdesk.ui.pages.plan_page.consent_views.wording import (
    LACKS,
    is_spoken,
    missing_words,
    party_words,
    proposed_words,
    widest_words,
)
from kfdesk.ui.tokens import Tone
from kfdesk.ui.words import Message

_COUNTRY = N_("Another country")
TALK: Sequence[Step] = (
    Step(N_("With whom, and for what"), (("recipient", "purpose"),)),
    Step(N_("What may be shared"), (("groups",), ("withheld",), ("withholding_reason",))),
    Step(N_("What was explained to her"), (("language", "interpreted_by"), ("explained",))),
    Step(_COUNTRY, (("transfer_tool",), ("warned",))),
    Step(
        N_("How she agreed"),
        (("given_by", "form"), ("guardian", "assent"), ("given",), ("expires",)),
    ),
)
AGAIN = (
    "purpose", "recipient", "groups", "withheld", "withholding_reason", "given_by", "guardian",
    "language",
)  # fmt: skip
"""What a new talk takes over from an earlier consent; what she heard and said is asked anew."""


class ConsentForm(RecordForm):
    """A consent that is talked through. `age_asked` when her age should be written down first."""

    age_asked = Signal()
    talk: Sequence[Step] = TALK
    record_words = N_("Record consent")

    def __init__(self, kit: Kit, desk: Desk, offers: Offers, terms: Terms) -> None:
        self._tools, self._house = kit, desk
        self._proposed: date | None = None
        self._is_asked = False
        self._is_following = False
        self.terms = terms
        self.sheet = TalkForm(kit, "consent", self.talk, offers)
        super().__init__(kit, desk, "consent", self.sheet)
        self.save_button.tell(self.record_words)
        self._set_up()
        self.sheet.edited.connect(self._follow)
        self._follow()

    def take_terms(self, terms: Terms, offers: Offers) -> None:
        """What holds now may be another thing than when the talk began."""
        self.terms = terms
        recipient = cast("PickEditor", self.sheet.editors["recipient"])
        recipient.offer(offers.references.get("recipient", ()))
        self._follow()

    @property
    def consent(self) -> Consent:
        """The consent as it stands in the form."""
        values: Mapping[str, Any] = {
            key: editor.value() for key, editor in self.sheet.editors.items() if editor.is_valid
        }
        return Consent(**values)

    @property
    def whole(self) -> Consent:
        """The consent as it would be recorded now: what was left open has its usual answer."""
        consent = self.consent
        if consent.given is None and self._is_open("given"):
            consent = replace(consent, given=moment_now(self._house))
        return consent

    def save(self) -> None:
        """Record it, or say beside each field what is missing; then it stays a draft."""
        if self._is_saving:
            return
        self._is_asked = True
        wrong = self.sheet.judge()
        self._follow()
        if wrong is not None or self._missing:
            keys = {wrong, *(key for key, _ in self._missing)}
            self.sheet.focus_on(next(key for key in self.sheet.editors if key in keys))
            self._say_missing(len(keys - {None}))
            self.keep()
            return
        self._fill_in()
        self._is_kept = self._is_saving = True
        self._record(self._rid or b"", self._held())

    def _record(self, rid: bytes, held: Held) -> None:
        desk = self._house
        self._tools.work.run(
            lambda: record_consent(desk, rid, held), self._on_saved, self._on_refused
        )

    def _set_up(self) -> None:
        """Put in what only this talk has."""
        self.warning = WarningText(self._tools)
        self.warning.noted.connect(self._on_heard)
        self.sheet.places["transfer_tool"].add(self.warning)
        self.sheet.places["given"].tell(N_("Left empty, it is the moment in which you record it."))

    def _around(self) -> Around:
        return replace(self.terms.around(self.consent.recipient), at=self._house.rooms.clock.now())

    def _is_open(self, key: str) -> bool:
        editor = self.sheet.editors[key]
        return editor.is_valid and editor.value() is None

    def _fill_in(self) -> None:
        """Give what was left open its usual answer; what is not asked any more has none."""
        for key in self.sheet.unasked:
            if self.sheet.editors[key].value() is not None:
                self.sheet.editors[key].enter(None)
        if self._is_open("given"):
            self.sheet.editors["given"].enter(self.whole.given)

    def _follow(self) -> None:
        """Let the rest of the form follow what was said."""
        if self._is_following:
            return
        self._is_following = True
        consent = self.consent
        self._follow_purpose(consent)
        self._follow_recipient(consent)
        self._follow_talk(consent)
        self._follow_giver(consent)
        if self._is_asked:
            self._say_lacks()
        self._is_following = False

    def _follow_purpose(self, consent: Consent) -> None:
        groups = cast("GroupsEditor", self.sheet.editors["groups"])
        is_said = isinstance(consent.purpose, str)
        widest = PURPOSES.get(str(consent.purpose), frozenset())
        groups.allow(widest if is_said else None)
        self.sheet.slots["groups"].tell()
        self.sheet.places["purpose"].tell(widest_words(widest) if is_said else "")
        self._propose(consent)

    def _propose(self, consent: Consent) -> None:
        """Propose the last day for this purpose, unless a person chose another."""
        if "expires" not in self.sheet.editors or not isinstance(consent.purpose, str):
            return
        day = self.terms.last_days.get(consent.purpose)
        editor = self.sheet.editors["expires"]
        if editor.is_valid and editor.value() in (None, self._proposed) and day is not None:
            self._proposed = day
            if editor.value() != day:
                editor.enter(day)
        self.sheet.places["expires"].tell(
            proposed_words(day) if day is not None and editor.value() == day else ""
        )

    def _follow_recipient(self, consent: Consent) -> None:
        party = self.terms.parties.get(str(consent.recipient))
        message, tone = party_words(party) if party is not None else ("", Tone.MUTED)
        self.sheet.places["recipient"].tell(message, tone)

    def _follow_talk(self, consent: Consent) -> None:
        explained = cast("ExplainedEditor", self.sheet.editors["explained"])
        explained.speak(consent.language)
        self.warning.speak(consent.language)
        lacking = isinstance(consent.language, str) and not is_spoken(consent.language)
        self.sheet.places["language"].tell(
            N_("The program does not speak it: an interpreter says the sentences below.")
            if lacking
            else ""
        )
        around = self.terms.around(consent.recipient)
        is_needed = around.is_third_country and not around.has_tool
        self.sheet.show_step(_COUNTRY, is_needed=is_needed)
        is_explicit = consent.transfer_tool == EXPLICIT
        self.warning.setVisible(is_explicit)
        self.sheet.show_field("warned", is_needed=is_explicit)
        self.sheet.show_field("withholding_reason", is_needed=bool(consent.withheld))

    def _follow_giver(self, consent: Consent) -> None:
        is_child = self.terms.is_child
        is_others = is_child or consent.given_by in FOR_A_CHILD
        self.sheet.show_field("guardian", is_needed=is_others)
        self.sheet.show_field("assent", is_needed=is_others)
        place = self.sheet.places["given_by"]
        if is_child:
            place.tell(
                N_("She counts as a child while her age is not written down, or is below 18. "
                   "Her age stands under Person."), Tone.WARNING
            )  # fmt: skip
        else:
            place.tell("")

    @property
    def _missing(self) -> Sequence[tuple[str, Lack]]:
        return lacks(self.whole, self._around())

    def _say_missing(self, count: int) -> None:
        self.state.tell(lambda language: missing_words(count, language))

    def _say_lacks(self) -> None:
        missing = self._missing
        self._say_missing(len({key for key, _ in missing}))
        found: dict[str, list[Message]] = {}
        for key, lack in missing:
            found.setdefault(key, []).append(LACKS[lack])
        self.sheet.show_findings(found)

    def _on_heard(self) -> None:
        self.sheet.editors["warned"].enter(moment_now(self._house))
        self.sheet.editors["warned"].focus()

    def _show_buttons(self) -> None:
        super()._show_buttons()
        self._foot.show()
        self.save_button.show()

    def _say_kept(self, milliseconds: int) -> None:
        """While answers are missing, that is the more important thing to say."""
        if not self._is_asked:
            super()._say_kept(milliseconds)

    def _on_saved(self, done: Done) -> None:
        kit, desk = self._tools, self._house
        self._rid, self._is_saving = None, False  # nothing is left here to be kept
        self.saved.emit(done)
        kit.hub.drafts_changed.emit()
        kit.hub.changed.emit(done.types)
        kit.tell(N_("Consent recorded."), lambda: take_back(kit, desk, done))
