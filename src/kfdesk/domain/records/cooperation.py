# SPDX-License-Identifier: GPL-3.0-or-later
"""The cooperation in a plan: a run of one version of a procedure (FHIR: CarePlan, its Tasks).

A run has copies of all that its procedure says, so that it stays as it began, whatever becomes
of the procedure, and is read where the procedure is not. No field says what happened to her: how
the cooperation goes is a data group of its own.
"""

from kfdesk.domain.codes.core import CONSENT_PURPOSE
from kfdesk.domain.codes.procedures import (
    CLOCK_EVENTS,
    CLOCK_KINDS,
    CLOCK_UNITS,
    PROCEDURE_ACTORS,
    STEP_APPLIES,
    STEP_PROOFS,
    STEP_REQUIREMENTS,
    STEP_STATES,
)
from kfdesk.domain.codes.world import COUNTRIES
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rules import Rules
from kfdesk.domain.schema import (
    Codes,
    DataGroup,
    Day,
    Moment,
    Number,
    Section,
    SensitivityLevel,
    Terms,
    Text,
    Texts,
    YesNo,
    code,
    code_set,
    day,
    localized_text,
    number,
    record,
    reference,
    text,
    yes_no,
    zoned_time,
)

COOPERATION = Section("cooperation", N_("Cooperation"))
RUN = DataGroup.COOPERATION
DESK = DataGroup.DESK
S2 = SensitivityLevel.S2


PINNED_KEYS = ("procedure", "title", "version", "country", "opened")
"""The fields of its procedure that a run keeps for good."""

COPIED_KEYS = (
    "prefix", "title", "what", "lead", "takes_part", "informs", "deputy", "pays", "applies",
    "requirement", "after", "event", "event_step", "amount", "unit", "clock", "rolls", "warn",
    "prolong", "form_number", "form_from", "law", "law_read", "law_read_by", "needs_consent",
    "proof",
)  # fmt: skip
"""The fields that a run copies from each step of its procedure, under the same keys."""

IN_COOPERATION = Terms(COOPERATION, S2, RUN, since=5)


@record(Rules(below=("plan",), has_parts=True, custodians=PINNED_KEYS))
class Cooperation:
    """A run of a procedure in the plan above it; a plan has one that is open."""

    procedure: Text = reference(N_("Procedure"), IN_COOPERATION)
    title: Texts = localized_text(N_("Name of the procedure"), IN_COOPERATION)
    version: Text = text(N_("Version"), IN_COOPERATION)
    country: Text = code(COUNTRIES, N_("Country"), IN_COOPERATION)
    opened: Moment = zoned_time(N_("Begun"), IN_COOPERATION)
    coordinator: Text = reference(N_("Coordinated by"), IN_COOPERATION)
    person: Text = reference(N_("Contact person"), IN_COOPERATION)
    closed: Moment = zoned_time(N_("Ended"), IN_COOPERATION)
    note: Text = text(N_("Our own notes"), IN_COOPERATION, to=DESK)


COOPERATION_STEP = Section("cooperation_step", N_("Step of the cooperation"))


IN_COOPERATION_STEP = Terms(COOPERATION_STEP, S2, RUN, since=5)


@record(
    Rules(
        below=("cooperation",),
        is_of_one=True,
        custodians=("step", *COPIED_KEYS),
        partners=(
            "state",
            "asked",
            "accepted",
            "done",
            "skipped_because",
            "early_because",
            "form_sent",
            "said",
        ),
    )
)
class CooperationStep:
    """A step of the cooperation above it: copies of the procedure's step, and how it goes.

    The keys down to `proof` are those of `ProcedureStep` (`COPIED_KEYS`).
    """

    step: Text = reference(N_("Step of the procedure"), IN_COOPERATION_STEP)
    prefix: Text = text(N_("Number"), IN_COOPERATION_STEP)
    title: Texts = localized_text(N_("Step"), IN_COOPERATION_STEP)
    what: Texts = localized_text(N_("What is done"), IN_COOPERATION_STEP)
    lead: Text = code(PROCEDURE_ACTORS, N_("Who leads"), IN_COOPERATION_STEP)
    takes_part: Codes = code_set(PROCEDURE_ACTORS, N_("Who takes part"), IN_COOPERATION_STEP)
    informs: Codes = code_set(PROCEDURE_ACTORS, N_("Who is informed"), IN_COOPERATION_STEP)
    deputy: Text = code(PROCEDURE_ACTORS, N_("Who stands in"), IN_COOPERATION_STEP)
    pays: Text = code(PROCEDURE_ACTORS, N_("Who pays"), IN_COOPERATION_STEP)
    applies: Codes = code_set(STEP_APPLIES, N_("Applies to"), IN_COOPERATION_STEP)
    requirement: Text = code(STEP_REQUIREMENTS, N_("How binding"), IN_COOPERATION_STEP)
    after: Text = text(N_("After the steps"), IN_COOPERATION_STEP)
    event: Text = code(CLOCK_EVENTS, N_("What starts the time limit"), IN_COOPERATION_STEP)
    event_step: Text = text(N_("Which step starts the time limit"), IN_COOPERATION_STEP)
    amount: Number = number(N_("How long"), IN_COOPERATION_STEP)
    unit: Text = code(CLOCK_UNITS, N_("Unit"), IN_COOPERATION_STEP)
    clock: Text = code(CLOCK_KINDS, N_("Kind of deadline"), IN_COOPERATION_STEP)
    rolls: YesNo = yes_no(N_("Moves to the next working day"), IN_COOPERATION_STEP)
    warn: Text = text(N_("Reminder this many days before"), IN_COOPERATION_STEP)
    prolong: Texts = localized_text(N_("Who can extend it, and why"), IN_COOPERATION_STEP)
    form_number: Text = text(N_("Form number"), IN_COOPERATION_STEP)
    form_from: Text = text(N_("Whose form"), IN_COOPERATION_STEP)
    law: Text = text(N_("Law"), IN_COOPERATION_STEP)
    law_read: Day = day(N_("Law read on"), IN_COOPERATION_STEP)
    law_read_by: Text = text(N_("Law read by"), IN_COOPERATION_STEP)
    needs_consent: Text = code(CONSENT_PURPOSE, N_("Needs her consent for"), IN_COOPERATION_STEP)
    proof: Text = code(STEP_PROOFS, N_("Shown by"), IN_COOPERATION_STEP)
    state: Text = code(STEP_STATES, N_("Status"), IN_COOPERATION_STEP)
    led_by: Text = reference(N_("Led here by"), IN_COOPERATION_STEP)
    person: Text = reference(N_("Contact person"), IN_COOPERATION_STEP)
    stand_in: Text = reference(N_("If no one answers"), IN_COOPERATION_STEP)
    asked: Moment = zoned_time(N_("Asked at"), IN_COOPERATION_STEP)
    accepted: Moment = zoned_time(N_("Accepted at"), IN_COOPERATION_STEP)
    done: Moment = zoned_time(N_("Done at"), IN_COOPERATION_STEP)
    done_by: Text = text(N_("Done by"), IN_COOPERATION_STEP, to=DESK)
    skipped_because: Texts = localized_text(N_("Does not apply because"), IN_COOPERATION_STEP)
    early_because: Texts = localized_text(
        N_("Done before an earlier step because"), IN_COOPERATION_STEP
    )
    began: Moment = zoned_time(N_("Time limit started at"), IN_COOPERATION_STEP)
    began_because: Texts = localized_text(
        N_("Why the time limit started then"), IN_COOPERATION_STEP
    )
    extended_until: Day = day(N_("Extended until"), IN_COOPERATION_STEP)
    extension_ground: Texts = localized_text(N_("Extended because"), IN_COOPERATION_STEP)
    form_sent: Day = day(N_("Form sent on"), IN_COOPERATION_STEP)
    reference_number: Text = text(N_("Their reference number"), IN_COOPERATION_STEP, to=DESK)
    said: Texts = localized_text(N_("What was said"), IN_COOPERATION_STEP)
    note: Text = text(N_("Our own notes"), IN_COOPERATION_STEP, to=DESK)
