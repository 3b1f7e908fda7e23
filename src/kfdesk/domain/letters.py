# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters to authorities: what each one is for, and its boxes in the order of the form.

One letter has one purpose and one recipient. `LETTERS` says which fields may stand in it, under
which headings; `disclose()` decides which of them do. A purpose is one of a consent, or a duty by
law (`consent.DUTIES`), which needs none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kfdesk.domain.consent import DUTIES, REPORT_OF_CONCERN
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PaperKeys


@dataclass(frozen=True, slots=True)
class LetterBox:
    """A box of a letter: its heading, and the fields of its records in order.

    A box with `lines` is filled in by hand: so many lines are left for it.
    """

    title: str
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    lines: int = 0


@dataclass(frozen=True, slots=True)
class LetterForm:
    """A letter: its cover line, its boxes, and which actors may get it (empty: every one).

    `form_number` is the authority's form that the headings follow, `law` what it rests on, and
    `country` (ISO 3166-1) where that law holds.
    """

    lead: str
    boxes: tuple[LetterBox, ...]
    law: str = ""
    form_number: str = ""
    actors: frozenset[str] = frozenset()
    country: str = ""

    @property
    def keys(self) -> PaperKeys:
        """The fields that may stand in the letter, by record type."""
        found: dict[str, frozenset[str]] = {}
        for box in self.boxes:
            for record_type, keys in box.fields:
                found[record_type] = found.get(record_type, frozenset()) | frozenset(keys)
        return found


_PERSON = LetterBox(
    N_("The person"),
    (
        (
            "client",
            (
                "family_name", "given_name", "other_names", "name_on_ticket", "birth_date",
                "age_band", "age_disputed", "gender", "citizenship", "identity_number",
                "languages", "code",
            ),
        ),
    ),
)  # fmt: skip
_REACH = LetterBox(
    N_("How she can be reached safely"),
    (("client", ("safe_contact", "phone", "needs_interpreter")),),
)
_EVENTS = LetterBox(
    N_("What has happened"),
    (
        (
            "plan",
            (
                "type_of_exploitation", "methods_of_control", "trafficking_status",
                "trafficking_status_decided_by",
            ),
        ),
    ),
)  # fmt: skip
_MATTERS = LetterBox(
    N_("Permits, periods and proceedings"),
    (
        (
            "legal_status",
            (
                "kind", "decision", "begins", "ends", "form_number", "applied_by", "decided_by",
                "next_hearing", "must_be_present", "lapses_on_leaving",
            ),
        ),
    ),
)  # fmt: skip
_DANGER = LetterBox(
    N_("Danger, and what is done against it"),
    (
        (
            "risk_assessment",
            (
                "done", "valid_until", "conclusion", "client_view", "summary", "measures",
                "measures_agreed",
            ),
        ),
        ("risk_event", ("kind", "happened", "account")),
    ),
)  # fmt: skip
_NEEDS = LetterBox(N_("What is needed now"), (("plan", ("needs_assessed", "immediate_needs")),))
_HEALTH = LetterBox(
    N_("Health"),
    (
        (
            "plan",
            (
                "health_needs", "special_needs", "reminders", "fit_to_travel_needed",
                "fit_to_travel_until",
            ),
        ),
    ),
)  # fmt: skip
_FAMILY = LetterBox(
    N_("Children and family"),
    (
        ("client", ("marital_status", "number_of_children")),
        (
            "relationship",
            ("given_name", "kind", "birth_date", "age_band", "age_disputed", "contact_allowed"),
        ),
        (
            "child_papers",
            (
                "child", "guardian", "guardian_order", "childs_view_heard", "childs_view",
                "bid_decided", "bid_decision", "takeover_authority", "takeover_by_authority",
            ),
        ),
    ),
)  # fmt: skip
_DOCUMENTS = LetterBox(
    N_("Documents"),
    (
        (
            "travel_document",
            ("kind", "number", "country", "valid_until", "status", "name_as_written"),
        ),
    ),
)
_RETURN = LetterBox(
    N_("The return that she wishes"),
    (
        ("plan", ("wish", "wish_stated", "from_country", "to_country", "to_place")),
        ("leg", ("mode", "from_place", "departs", "to_place", "arrives")),
    ),
)
_SUPPORT = LetterBox(
    N_("Help that she wants after her arrival"),
    (("client", ("education",)), ("goal", ("domain", "need_level", "aim", "target", "due"))),
)
_CONSENT = LetterBox(
    N_("Her consent"),
    (("consent", ("purpose", "groups", "given", "expires", "form", "given_by")),),
)

LETTERS: Mapping[str, LetterForm] = {
    "police_report": LetterForm(
        N_("We report what this person has told us, with her consent. She decides what is told."),
        (_PERSON, _REACH, _EVENTS, _MATTERS, _DANGER, _CONSENT),
    ),
    "reflection_period_application": LetterForm(
        N_(
            "We ask that a reflection period be applied for, and pass on what the form needs, with "
            "her consent."
        ),
        (
            LetterBox(N_("1. The person whom the application concerns"), _PERSON.fields),
            LetterBox(N_("2. Earlier permits, periods and proceedings"), _MATTERS.fields),
            LetterBox(N_("3. Why a reflection period is needed"), lines=4),
            LetterBox(N_("4. Who applies: social welfare board, contact, phone"), lines=3),
            LetterBox(N_("5. Her consent"), _CONSENT.fields),
        ),
        law=N_(
            "Aliens Act (2005:716), chapter 5, section 15, second paragraph: 30 days. The head of "
            "the investigation applies, or the social welfare board."
        ),
        form_number="195011",
    ),
    "residence_permit_application": LetterForm(
        N_("We pass on what an application for a residence permit needs, with her consent."),
        (_PERSON, _MATTERS, LetterBox(N_("Why a permit is needed"), lines=4), _CONSENT),
        law=N_(
            "Aliens Act (2005:716), chapter 5, section 15, first paragraph: at least six months. "
            "The head of the investigation applies."
        ),
    ),
    REPORT_OF_CONCERN: LetterForm(
        N_(
            "We report concern for a child. This is a duty by law and needs no consent: anyone "
            "who in such work learns or suspects that a child is being harmed must report it at "
            "once."
        ),
        (
            LetterBox(N_("The child, or the parent whom we know"), _PERSON.fields),
            _FAMILY, _REACH, _EVENTS, _DANGER, _NEEDS,
            LetterBox(N_("What makes us concerned"), lines=5),
        ),
        law=N_("Social Services Act (2025:400), chapter 19, section 1."),
        actors=frozenset({"social_services", "municipality"}),
        country="SE",
    ),
    "health_care": LetterForm(
        N_("We ask for care for this person, with her consent."),
        (_PERSON, _REACH, _HEALTH, _NEEDS, _CONSENT),
    ),
    "legal_representation": LetterForm(
        N_("We ask for legal counsel for this person, with her consent."),
        (_PERSON, _REACH, _MATTERS, _EVENTS, _DOCUMENTS, _CONSENT),
    ),
    "reception_and_reintegration": LetterForm(
        N_("We ask whether you can receive this person, with her consent."),
        (
            _PERSON, _REACH, _RETURN, _DOCUMENTS, _NEEDS, _HEALTH, _FAMILY, _DANGER, _SUPPORT,
            LetterBox(N_("Your answer: what you can offer, from which day, limits"), lines=4),
            _CONSENT,
        ),
    ),
}  # fmt: skip
"""The letters by purpose (LETTER_PURPOSE)."""


def needs_consent(purpose: str) -> bool:
    """Return whether a letter of this purpose goes only with her consent."""
    return purpose not in DUTIES


_HOME_LANGUAGES: Mapping[str, str] = {"SE": "sv", "RU": "ru", "BY": "ru"}
"""The language of an authority by its country, where nobody has written down another."""


def reader_language(country: object, spoken: Sequence[str], offered: Sequence[str]) -> str:
    """Return the language in which an organisation is written to: one of `offered`.

    The language of its country comes first, unless it is known to speak others alone; then the
    first of `spoken` that is offered, then English.
    """
    home = _HOME_LANGUAGES.get(str(country), "")
    wanted = (home, *spoken) if home in spoken or not spoken else (*spoken, home)
    return next((code for code in wanted if code in offered), "en")
