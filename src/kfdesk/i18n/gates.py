# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences for what the gates, the notices beside fields and the alarms say.

Codes come from the domain; here they become words. A sentence says what is so and never shows a
value. A new reason is one entry here, and a test sees that none is missing.
"""

from collections.abc import Mapping

from kfdesk.domain.gates.gate import Gate, Why
from kfdesk.domain.journey.alarms import Trouble
from kfdesk.domain.lists.case_codes import GATES
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language

REASONS: Mapping[Why, str] = {
    Why.UNDECIDED: N_("Two desks have written different values here. Decide which one holds."),
    Why.MISSING: N_("This is not filled in yet."),
    Why.NOT_YES: N_("The answer here is not yes."),
    Why.IN_THE_FUTURE: N_("This time still lies ahead."),
    Why.TOO_OLD: N_("This was too long ago. It must be done again."),
    Why.NO_CONSENT: N_("There is no consent for this that counts."),
    Why.CONSENT_ENDED: N_("The consent for this has run out."),
    Why.CONSENT_WITHDRAWN: N_("She has withdrawn the consent for this."),
    Why.GUARDIAN_MUST_CONSENT: N_("For a child, the guardian must consent."),
    Why.OURS_MISSING: N_("We have not weighed the risks yet."),
    Why.THEIRS_MISSING: N_("The receiver has not weighed the risks yet, or has not sent it."),
    Why.OUT_OF_DATE: N_("The weighing of risks does not count any more."),
    Why.QUESTIONS_OPEN: N_("There are risk questions without an answer."),
    Why.BEFORE_IT_WENT_BACK: N_(
        "This is from before the plan was sent back. It must be done again."
    ),
    Why.NOT_ASKED: N_("Nobody has been asked yet."),
    Why.HEARING: N_("There is a hearing ahead at which she must be present, or may have to be."),
    Why.CLAIM_LOST: N_("Something is lost when she leaves, or nobody has said that it is not."),
    Why.RESULT_UNCLEAR: N_("The result is missing or not clear."),
    Why.BEFORE_IT_WAS_KNOWN: N_(
        "It was decided before the child was heard and the family assessed."
    ),
    Why.NOT_IN_FAVOUR: N_("It was not decided in favour of return."),
    Why.CONCLUSION_FORBIDS: N_("The risks do not allow the return. Nobody can set this aside."),
    Why.NOBODY_APPROVED: N_("No second person has approved it yet."),
    Why.SAME_PERSON: N_("The one who approved also asked for it, or moved the plan."),
    Why.RISK_IS_NEWER: N_("The risks were weighed anew since. Approve it again."),
    Why.OTHER_LANGUAGE: N_("It was not in a language that she speaks."),
    Why.NO_RECEIVER: N_("The plan names no receiver."),
    Why.NO_GROUND: N_("No ground is chosen for a third country."),
    Why.NOT_WARNED: N_("She was not warned about the third country."),
    Why.NOT_CONFIRMED: N_("The receiver has not confirmed it."),
    Why.TOO_FEW_DOCUMENTS: N_("A valid travel document is not in hand for every traveller."),
    Why.DOCUMENT_ENDS: N_("The travel document is not valid until she has arrived."),
    Why.NO_LEGS: N_("The journey has no leg."),
    Why.NOT_BOOKED: N_("This leg is not booked."),
    Why.NOBODY_MEETS: N_("Nobody meets her on this leg, and she has not chosen that."),
    Why.CHILD_ALONE: N_("A child must be met on every leg."),
    Why.ESCORT_OBLIGATORY: N_("A child must have company on the journey."),
    Why.ENDS_TOO_EARLY: N_("This ends before she has arrived."),
    Why.PAPER_HAS_FAULTS: N_("Something is missing or wrong for her paper."),
    Why.WISH_IS_ANOTHER: N_("Her wish is not to return."),
    Why.NOT_RECORDED: N_("Nobody has written down that it has happened."),
    Why.IN_THE_PAST: N_("This day has passed already."),
    Why.HAS_OWN_DESK: N_(
        "The receiver uses this program: its own weighing must come in its own exchange file."
    ),
    Why.CONSENT_INCOMPLETE: N_("The consent lacks something. Talk it through with her again."),
    Why.SOMETHING_HAPPENED: N_("Something has happened since that changes the risks."),
    Why.STILL_VERY_HIGH: N_(
        "A risk is very high even with every measure in place. Nobody can set this aside."
    ),
    Why.MEASURE_NOT_AGREED: N_("The measure against a high risk is not agreed yet."),
}

NOTICES: Mapping[str, str] = {
    "arrives_before_departs": N_("She would arrive before she leaves. Check times and zones."),
    "leaves_before_the_one_above_arrives": N_("This leg leaves before the one above has arrived."),
    "escort_is_the_client": N_("The client herself stands here as her company."),
    "document_ends_before_arrival": N_("This document ends before she has arrived."),
    "name_is_not_as_on_the_ticket": N_("The name differs from the one on the ticket."),
    "hearing_during_the_journey": N_("This hearing falls into the journey."),
}

TROUBLES: Mapping[Trouble, str] = {
    Trouble.LEG_MISSED: N_("A leg was missed, and there is no new one."),
    Trouble.NOT_DEPARTED: N_("No departure is recorded, and its time has passed."),
    Trouble.NOT_ARRIVED: N_("No arrival is recorded, and its time has passed."),
    Trouble.CHECK_IN_MISSED: N_("She has not checked in."),
    Trouble.RECEPTION_WITHDRAWN: N_("The reception is no longer confirmed."),
    Trouble.SOMETHING_HAPPENED: N_(
        "Something has happened that changes the risks. Read them again, under Risk."
    ),
}

REFUSALS: Mapping[str, tuple[str, str]] = {
    "record.guarded": (
        N_("This record is not written by hand."),
        N_("Nothing was saved. Use the step that belongs to it, on the plan's page."),
    ),
    "record.not_ours": (
        N_("This is another organisation's own word."),
        N_("Nothing was saved. Ask them to change it and to send it again."),
    ),
    "field.guarded": (
        N_("This is not written by hand: {field}."),
        N_("Nothing was saved. Use the step that belongs to it, on the plan's page."),
    ),
    "plan.read_only": (
        N_("This plan has ended and is not changed any more."),
        N_("Nothing was saved. Open a new plan that follows it."),
    ),
    "plan.gate_open": (
        N_("Not everything is in place for this step yet."),
        N_("The plan stays as it is. Mend what the gates name, and take the step again."),
    ),
    "plan.no_such_step": (
        N_("There is no such step from where the plan stands."),
        N_("The plan stays as it is. Choose one of the steps that its page shows."),
    ),
    "plan.undecided": (
        N_("Two desks have written different states of this plan."),
        N_("The plan stays as it is. Decide first which state holds."),
    ),
    "plan.not_ours": (
        N_("Another organisation answers for this plan."),
        N_("The plan stays as it is. Its steps are taken there."),
    ),
    "plan.in_the_future": (
        N_("This time lies ahead, so it cannot have happened yet."),
        N_("Nothing was saved. Check date, time and zone."),
    ),
    "approval.same_person": (
        N_("A second person must do this: you have asked for it, or moved the plan."),
        N_("Nothing was saved. Ask somebody else at the desk, or the partner."),
    ),
    "approval.no_reason": (
        N_("A gate is set aside only with a reason."),
        N_("Nothing was saved. Write down why."),
    ),
    "approval.not_possible": (
        N_("Nobody can set this gate aside."),
        N_("Nothing was saved. Mend what the gate names."),
    ),
    "consent.needs_two": (
        N_("In vital interests two people decide, and not the client."),
        N_("Nothing was saved. Use the step for vital interests."),
    ),
    "consent.no_reason": (
        N_("In vital interests a reason is needed."),
        N_("Nothing was saved. Write down why."),
    ),
    "consent.incomplete": (
        N_("This consent is not whole yet, so it opens nothing."),
        N_("It stays a draft. Fill in what is said beside the fields, and record it again."),
    ),
    "consent.not_vital": (
        N_("Nothing here waits for a second person."),
        N_("Nothing was saved. Open the plan again to see what stands."),
    ),
}
"""Sentence and remedy of the faults in a plan's course; `messages.py` has them among its own."""


def gate_label(code: str, words: Language) -> str:
    """What a gate asks for."""
    return words.gettext(GATES[code])


def gate_sentence(gate: Gate, words: Language) -> str:
    """Why a gate is not met; empty where it is."""
    return words.gettext(REASONS[gate.why]) if gate.why is not None else ""


def notice_sentence(code: str, words: Language) -> str:
    """What does not fit together."""
    return words.gettext(NOTICES[code])


def trouble_sentence(kind: Trouble, words: Language) -> str:
    """What an alarm is about."""
    return words.gettext(TROUBLES[kind])
