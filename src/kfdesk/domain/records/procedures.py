# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures: who does what by which day, under which law (FHIR: PlanDefinition, its actions).

They are about no client, and belong to the members of a network. While a procedure is a draft,
every member may write in it. Its custodian alone makes it active; from then on nobody changes it,
and a change is the next version.
"""

from kfdesk.domain.codes.core import CONFIDENTIALITY, CONSENT_PURPOSE
from kfdesk.domain.codes.procedures import (
    CLOCK_EVENTS,
    CLOCK_KINDS,
    CLOCK_UNITS,
    PROCEDURE_ACTORS,
    PROCEDURE_STATUS,
    STEP_APPLIES,
    STEP_PROOFS,
    STEP_REQUIREMENTS,
)
from kfdesk.domain.codes.world import COUNTRIES
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rules import Family, Rules
from kfdesk.domain.schema import (
    Codes,
    DataGroup,
    Day,
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
)

PROCEDURE = Section("procedure", N_("Procedure"))
COMMON = DataGroup.COMMON
S0 = SensitivityLevel.S0
S1 = SensitivityLevel.S1


IN_PROCEDURE = Terms(PROCEDURE, S0, COMMON, since=5)


@record(
    Rules(
        family=Family.TOGETHER,
        is_head=True,
        custodians=(
            "status",
            "version",
            "adopted",
            "effective_from",
            "effective_to",
            "network",
            "supersedes",
            "confidentiality",
        ),
    )
)
class Procedure:
    """A version of a procedure. `adopted` is the digest of the version that became active."""

    title: Texts = localized_text(N_("Name of the procedure"), IN_PROCEDURE)
    country: Text = code(COUNTRIES, N_("Country"), IN_PROCEDURE)
    region: Text = text(N_("Region"), IN_PROCEDURE)
    status: Text = code(PROCEDURE_STATUS, N_("Status"), IN_PROCEDURE)
    version: Text = text(N_("Version"), IN_PROCEDURE)
    dated: Day = day(N_("Dated"), IN_PROCEDURE)
    effective_from: Day = day(N_("In force from"), IN_PROCEDURE)
    effective_to: Day = day(N_("In force until"), IN_PROCEDURE)
    purpose: Texts = localized_text(N_("What it is for"), IN_PROCEDURE)
    network: Text = reference(N_("Network"), IN_PROCEDURE, level=S1)
    source: Texts = localized_text(N_("Source"), IN_PROCEDURE)
    supersedes: Text = reference(N_("Follows version"), IN_PROCEDURE)
    review_by: Day = day(N_("To be read again by"), IN_PROCEDURE)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_PROCEDURE, level=S1)
    adopted: Text = text(N_("Digest of this version"), IN_PROCEDURE)


PROCEDURE_STEP = Section("procedure_step", N_("Step of a procedure"))


IN_PROCEDURE_STEP = Terms(PROCEDURE_STEP, S0, COMMON, since=5)


@record(Rules(family=Family.TOGETHER, below=("procedure",)))
class ProcedureStep:
    """A step of the procedure above it. `prefix` is its order and its name, such as `6b`.

    `after` and `warn` are lists in one text, such as `3 5` and `15 10 3`. `event_step` is the
    prefix of the step that starts the clock, if its event is that another step is done.
    """

    prefix: Text = text(N_("Number"), IN_PROCEDURE_STEP)
    title: Texts = localized_text(N_("Step"), IN_PROCEDURE_STEP)
    what: Texts = localized_text(N_("What is done"), IN_PROCEDURE_STEP)
    lead: Text = code(PROCEDURE_ACTORS, N_("Who leads"), IN_PROCEDURE_STEP)
    takes_part: Codes = code_set(PROCEDURE_ACTORS, N_("Who takes part"), IN_PROCEDURE_STEP)
    informs: Codes = code_set(PROCEDURE_ACTORS, N_("Who is informed"), IN_PROCEDURE_STEP)
    deputy: Text = code(PROCEDURE_ACTORS, N_("Who stands in"), IN_PROCEDURE_STEP)
    pays: Text = code(PROCEDURE_ACTORS, N_("Who pays"), IN_PROCEDURE_STEP)
    applies: Codes = code_set(STEP_APPLIES, N_("Applies to"), IN_PROCEDURE_STEP)
    requirement: Text = code(STEP_REQUIREMENTS, N_("How binding"), IN_PROCEDURE_STEP)
    after: Text = text(
        N_("After the steps"), IN_PROCEDURE_STEP, help=N_("Their numbers, with spaces between: 3 5")
    )
    event: Text = code(CLOCK_EVENTS, N_("What starts the time limit"), IN_PROCEDURE_STEP)
    event_step: Text = text(N_("Which step starts the time limit"), IN_PROCEDURE_STEP)
    amount: Number = number(N_("How long"), IN_PROCEDURE_STEP)
    unit: Text = code(CLOCK_UNITS, N_("Unit"), IN_PROCEDURE_STEP)
    clock: Text = code(CLOCK_KINDS, N_("Kind of deadline"), IN_PROCEDURE_STEP)
    rolls: YesNo = yes_no(
        N_("Moves to the next working day"),
        IN_PROCEDURE_STEP,
        help=N_("Only the last day for something to be done may move, never the end of a permit."),
    )
    warn: Text = text(
        N_("Reminder this many days before"),
        IN_PROCEDURE_STEP,
        help=N_("Days, with spaces between: 15 10 3"),
    )
    prolong: Texts = localized_text(N_("Who can extend it, and why"), IN_PROCEDURE_STEP)
    form_number: Text = text(N_("Form number"), IN_PROCEDURE_STEP)
    form_from: Text = text(N_("Whose form"), IN_PROCEDURE_STEP)
    law: Text = text(N_("Law"), IN_PROCEDURE_STEP)
    law_read: Day = day(N_("Law read on"), IN_PROCEDURE_STEP)
    law_read_by: Text = text(N_("Law read by"), IN_PROCEDURE_STEP)
    needs_consent: Text = code(CONSENT_PURPOSE, N_("Needs her consent for"), IN_PROCEDURE_STEP)
    proof: Text = code(STEP_PROOFS, N_("Shown by"), IN_PROCEDURE_STEP)
    article: Text = reference(N_("Chapter"), IN_PROCEDURE_STEP)
