# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of the consent form, in words that one understands without training.

What is explained and what is warned of are the same sentences as on the screen. A change of any
sentence raises the version, so that a signed sheet tells what was read; a test sees to that.
"""

from collections.abc import Mapping

from kfdesk.domain.schema import N_, Group

VERSION = "1.0"

PURPOSES: Mapping[str, str] = {
    "case_management": N_("So that we can help you with your plan"),
    "health_care": N_("Health care for you"),
    "risk_enquiry_in_origin_country": N_("To ask in your home country whether you would be safe"),
    "family_contact": N_("To get in touch with your family"),
    "family_assessment": N_("To learn whether your family can receive you well"),
    "travel_booking": N_("To book your journey"),
    "travel_escort": N_("Company on your journey"),
    "referral_service": N_("To find the right help for you"),
    "reception_and_reintegration": N_("A welcome and help after you arrive"),
    "legal_representation": N_("Help from a lawyer"),
    "police_report": N_("A report to the police"),
    "reflection_period_application": N_("To ask for time to recover and think"),
    "residence_permit_application": N_("To apply for a residence permit"),
    "statistics_anonymised": N_("Figures without names"),
    "research": N_("Research without names"),
}
"""What it is for, by the codes of CONSENT_PURPOSE."""

GROUPS: Mapping[str, str] = {
    Group.IDENTITY: N_("your name, age, citizenship, languages"),
    Group.CONTACT: N_("how one can reach you safely"),
    Group.TRAVEL: N_("your journey: the way, days, times, documents"),
    Group.IMMEDIATE_NEEDS: N_("what you need in the first days"),
    Group.HEALTH: N_("your health"),
    Group.CHILDREN_FAMILY: N_("your children and your family"),
    Group.RISK_SUMMARY: N_("what may be dangerous, in short"),
    Group.EXPLOITATION_HISTORY: N_("what has happened to you"),
    Group.LEGAL_CASE: N_("court, police, permits"),
    Group.REINTEGRATION_PLAN: N_("your plans and goals after you arrive"),
    Group.PHOTO: N_("photographs of you"),
}
"""What is shared, by the codes of CONSENT_SCOPE."""

TITLE = N_("Consent to share information")
YOURS = N_(
    "You decide. You may say yes, no, or yes to a part only. If you say no, we go on helping you."
)
TO_WHOM, WHAT_FOR = N_("To whom"), N_("What for")
ONLY_THEM = N_("Only to them, and to nobody else.")
ONLY_THIS = N_("It may be used for nothing else.")
WHAT = N_("What we share, and what we do not share")
SHARED, NOT_SHARED = N_("We share"), N_("We do not share")
NOTHING_OF_HERS = N_("nothing that shows who you are")
UNTIL = N_("Until when")
ASKED_AGAIN = N_("Then it ends by itself, and we ask you again.")
NINETY_DAYS = N_("Written in by hand. Without a day it ends after 90 days.")
TAKE_BACK = N_("How to take it back")
ANY_DAY = N_(
    "On any day, without a reason: tell anybody who works here, or call. Sharing stops at once, "
    "and they are told that you have taken it back."
)
TELEPHONE = N_("Telephone:")
ABROAD = N_("They are in another country: {country}")
ABROAD_SOMEWHERE = N_("They are in another country")
PROTECTED = N_("An agreement protects there what is written about you.")
EXPLAINED = N_("This was explained to me in my language (please tick each point)")
ANSWER = N_("My answer")
ANSWERS = (N_("I agree"), N_("in part"), N_("I do not agree"))
IN_PART = N_("In part: strike out above what we must not share.")
SIGNATURE, WORKER, INTERPRETER = N_("Signature"), N_("Who works here"), N_("Interpreter")
INTERPRETER_OF = N_("Interpreter ({language})")
GUARDIAN, DATE = N_("Guardian"), N_("date")
CHILD_SAYS = N_("What the child says about it")
CHILD_ANSWERS = (N_("I agree"), N_("I do not agree"), N_("too small to say"))
KEPT = N_(
    "One copy is kept here under lock. You get one too if you ask. Do not take it on a journey."
)
VERSION_OF = N_("text {version} · {number} of {total}")

SENTENCES = (
    TITLE, YOURS, TO_WHOM, WHAT_FOR, ONLY_THEM, ONLY_THIS, WHAT, SHARED, NOT_SHARED,
    NOTHING_OF_HERS, UNTIL, ASKED_AGAIN, NINETY_DAYS, TAKE_BACK, ANY_DAY, TELEPHONE, ABROAD,
    ABROAD_SOMEWHERE, PROTECTED, EXPLAINED, ANSWER, *ANSWERS, IN_PART, CHILD_SAYS, *CHILD_ANSWERS,
    KEPT, *PURPOSES.values(), *GROUPS.values(),
)  # fmt: skip
"""All that she reads before she signs, but for what the screen says too."""
