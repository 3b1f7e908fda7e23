# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures: who does what by which day, under which law (FHIR: PlanDefinition, its actions).

They are about no client, and belong to the members of a network. While a procedure is a draft,
every member may write in it. Its custodian alone makes it active; from then on nobody changes it,
and a change is the next version.
"""

from datetime import date

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
)
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate

PROCEDURE = Section("procedure", N_("Procedure"))
COMMON = DataGroup.COMMON
S0 = SensitivityLevel.S0
S1 = SensitivityLevel.S1
Text = str | MissingAnswer | None
Told = LocalizedText | MissingAnswer | None
Day = date | PartialDate | MissingAnswer | None
Codes = tuple[str, ...] | MissingAnswer | None


@record
class Procedure:
    """A version of a procedure. `adopted` is the digest of the version that became active."""

    title: Told = localized_text(
        N_("Name of the procedure"), PROCEDURE, level=S0, to=COMMON, since=5
    )
    country: Text = code(COUNTRIES, N_("Country"), PROCEDURE, level=S0, to=COMMON, since=5)
    region: Text = text(N_("Region"), PROCEDURE, level=S0, to=COMMON, since=5)
    status: Text = code(PROCEDURE_STATUS, N_("Status"), PROCEDURE, level=S0, to=COMMON, since=5)
    version: Text = text(N_("Version"), PROCEDURE, level=S0, to=COMMON, since=5)
    dated: Day = day(N_("Dated"), PROCEDURE, level=S0, to=COMMON, since=5)
    effective_from: Day = day(N_("In force from"), PROCEDURE, level=S0, to=COMMON, since=5)
    effective_to: Day = day(N_("In force until"), PROCEDURE, level=S0, to=COMMON, since=5)
    purpose: Told = localized_text(N_("What it is for"), PROCEDURE, level=S0, to=COMMON, since=5)
    network: Text = reference(N_("Network"), PROCEDURE, level=S1, to=COMMON, since=5)
    source: Told = localized_text(N_("Source"), PROCEDURE, level=S0, to=COMMON, since=5)
    supersedes: Text = reference(N_("Follows version"), PROCEDURE, level=S0, to=COMMON, since=5)
    review_by: Day = day(N_("To be read again by"), PROCEDURE, level=S0, to=COMMON, since=5)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), PROCEDURE, level=S1, to=COMMON, since=5
    )
    adopted: Text = text(N_("Digest of this version"), PROCEDURE, level=S0, to=COMMON, since=5)


PROCEDURE_STEP = Section("procedure_step", N_("Step of a procedure"))


@record
class ProcedureStep:
    """A step of the procedure above it. `prefix` is its order and its name, such as `6b`.

    `after` and `warn` are lists in one text, such as `3 5` and `15 10 3`. `event_step` is the
    prefix of the step that starts the clock, if its event is that another step is done.
    """

    prefix: Text = text(N_("Number"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
    title: Told = localized_text(N_("Step"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
    what: Told = localized_text(N_("What is done"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
    lead: Text = code(
        PROCEDURE_ACTORS, N_("Who leads"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    takes_part: Codes = code_set(
        PROCEDURE_ACTORS, N_("Who takes part"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    informs: Codes = code_set(
        PROCEDURE_ACTORS, N_("Who is informed"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    deputy: Text = code(
        PROCEDURE_ACTORS, N_("Who stands in"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    pays: Text = code(
        PROCEDURE_ACTORS, N_("Who pays"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    applies: Codes = code_set(
        STEP_APPLIES, N_("Applies to"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    requirement: Text = code(
        STEP_REQUIREMENTS, N_("How binding"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    after: Text = text(
        N_("After the steps"), PROCEDURE_STEP, level=S0, to=COMMON, since=5,
        help=N_("Their numbers, with spaces between: 3 5"),
    )  # fmt: skip
    event: Text = code(
        CLOCK_EVENTS, N_("What starts the time limit"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    event_step: Text = text(
        N_("Which step starts the time limit"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    amount: int | MissingAnswer | None = number(
        N_("How long"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    unit: Text = code(CLOCK_UNITS, N_("Unit"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
    clock: Text = code(
        CLOCK_KINDS, N_("Kind of deadline"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    rolls: bool | MissingAnswer | None = yes_no(
        N_("Moves to the next working day"), PROCEDURE_STEP, level=S0, to=COMMON, since=5,
        help=N_("Only the last day for something to be done may move, never the end of a permit."),
    )  # fmt: skip
    warn: Text = text(
        N_("Reminder this many days before"), PROCEDURE_STEP, level=S0, to=COMMON, since=5,
        help=N_("Days, with spaces between: 15 10 3"),
    )  # fmt: skip
    prolong: Told = localized_text(
        N_("Who can extend it, and why"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    form_number: Text = text(N_("Form number"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
    form_from: Text = text(N_("Whose form"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
    law: Text = text(N_("Law"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
    law_read: Day = day(N_("Law read on"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
    law_read_by: Text = text(N_("Law read by"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
    needs_consent: Text = code(
        CONSENT_PURPOSE, N_("Needs her consent for"), PROCEDURE_STEP, level=S0, to=COMMON, since=5
    )
    proof: Text = code(STEP_PROOFS, N_("Shown by"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
    article: Text = reference(N_("Chapter"), PROCEDURE_STEP, level=S0, to=COMMON, since=5)
