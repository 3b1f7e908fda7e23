# SPDX-License-Identifier: GPL-3.0-or-later
"""The cooperation in a plan: a run of one version of a procedure (FHIR: CarePlan, its Tasks).

A run has copies of all that its procedure says, so that it stays as it began, whatever becomes
of the procedure, and is read where the procedure is not. No field says what happened to her: how
the cooperation goes is a data group of its own.
"""

from datetime import date

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
from kfdesk.domain.schema import (
    DataGroup,
    Section,
    SensitivityLevel,
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
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate, ZonedTime

COOPERATION = Section("cooperation", N_("Cooperation"))
RUN = DataGroup.COOPERATION
DESK = DataGroup.DESK
S2 = SensitivityLevel.S2
Text = str | MissingAnswer | None
Told = LocalizedText | MissingAnswer | None
Day = date | PartialDate | MissingAnswer | None
Codes = tuple[str, ...] | MissingAnswer | None
Moment = ZonedTime | MissingAnswer | None


@record
class Cooperation:
    """A run of a procedure in the plan above it; a plan has one that is open."""

    procedure: Text = reference(N_("Procedure"), COOPERATION, level=S2, to=RUN, since=5)
    title: Told = localized_text(
        N_("Name of the procedure"), COOPERATION, level=S2, to=RUN, since=5
    )
    version: Text = text(N_("Version"), COOPERATION, level=S2, to=RUN, since=5)
    country: Text = code(COUNTRIES, N_("Country"), COOPERATION, level=S2, to=RUN, since=5)
    opened: Moment = zoned_time(N_("Begun"), COOPERATION, level=S2, to=RUN, since=5)
    coordinator: Text = reference(N_("Coordinated by"), COOPERATION, level=S2, to=RUN, since=5)
    person: Text = reference(N_("Contact person"), COOPERATION, level=S2, to=RUN, since=5)
    closed: Moment = zoned_time(N_("Ended"), COOPERATION, level=S2, to=RUN, since=5)
    note: Text = text(N_("Our own notes"), COOPERATION, level=S2, to=DESK, since=5)


COOPERATION_STEP = Section("cooperation_step", N_("Step of the cooperation"))


@record
class CooperationStep:
    """A step of the cooperation above it: copies of the procedure's step, and how it goes.

    The keys down to `proof` are those of `ProcedureStep` (`COPIED_KEYS`).
    """

    step: Text = reference(N_("Step of the procedure"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    prefix: Text = text(N_("Number"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    title: Told = localized_text(N_("Step"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    what: Told = localized_text(N_("What is done"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    lead: Text = code(
        PROCEDURE_ACTORS, N_("Who leads"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    takes_part: Codes = code_set(
        PROCEDURE_ACTORS, N_("Who takes part"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    informs: Codes = code_set(
        PROCEDURE_ACTORS, N_("Who is informed"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    deputy: Text = code(
        PROCEDURE_ACTORS, N_("Who stands in"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    pays: Text = code(PROCEDURE_ACTORS, N_("Who pays"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    applies: Codes = code_set(
        STEP_APPLIES, N_("Applies to"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    requirement: Text = code(
        STEP_REQUIREMENTS, N_("How binding"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    after: Text = text(N_("After the steps"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    event: Text = code(
        CLOCK_EVENTS, N_("What starts the time limit"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    event_step: Text = text(
        N_("Which step starts the time limit"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    amount: int | MissingAnswer | None = number(
        N_("How long"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    unit: Text = code(CLOCK_UNITS, N_("Unit"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    clock: Text = code(
        CLOCK_KINDS, N_("Kind of deadline"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    rolls: bool | MissingAnswer | None = yes_no(
        N_("Moves to the next working day"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    warn: Text = text(
        N_("Reminder this many days before"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    prolong: Told = localized_text(
        N_("Who can extend it, and why"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    form_number: Text = text(N_("Form number"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    form_from: Text = text(N_("Whose form"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    law: Text = text(N_("Law"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    law_read: Day = day(N_("Law read on"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    law_read_by: Text = text(N_("Law read by"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    needs_consent: Text = code(
        CONSENT_PURPOSE, N_("Needs her consent for"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    proof: Text = code(STEP_PROOFS, N_("Shown by"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    state: Text = code(STEP_STATES, N_("Status"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    led_by: Text = reference(N_("Led here by"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    person: Text = reference(N_("Contact person"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    stand_in: Text = reference(N_("If no one answers"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    asked: Moment = zoned_time(N_("Asked at"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    accepted: Moment = zoned_time(N_("Accepted at"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    done: Moment = zoned_time(N_("Done at"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    done_by: Text = text(N_("Done by"), COOPERATION_STEP, level=S2, to=DESK, since=5)
    skipped_because: Told = localized_text(
        N_("Does not apply because"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    early_because: Told = localized_text(
        N_("Done before an earlier step because"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    began: Moment = zoned_time(
        N_("Time limit started at"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    began_because: Told = localized_text(
        N_("Why the time limit started then"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    extended_until: Day = day(N_("Extended until"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    extension_ground: Told = localized_text(
        N_("Extended because"), COOPERATION_STEP, level=S2, to=RUN, since=5
    )
    form_sent: Day = day(N_("Form sent on"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    reference_number: Text = text(
        N_("Their reference number"), COOPERATION_STEP, level=S2, to=DESK, since=5
    )
    said: Told = localized_text(N_("What was said"), COOPERATION_STEP, level=S2, to=RUN, since=5)
    note: Text = text(N_("Our own notes"), COOPERATION_STEP, level=S2, to=DESK, since=5)


COPIED_KEYS = (
    "prefix", "title", "what", "lead", "takes_part", "informs", "deputy", "pays", "applies",
    "requirement", "after", "event", "event_step", "amount", "unit", "clock", "rolls", "warn",
    "prolong", "form_number", "form_from", "law", "law_read", "law_read_by", "needs_consent",
    "proof",
)  # fmt: skip
"""The fields that a run copies from each step of its procedure, under the same keys."""
