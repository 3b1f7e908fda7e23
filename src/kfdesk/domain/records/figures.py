# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures: releases of counts, estimates of others, and publications (Dublin Core).

They are about no client. A release is an organisation's own word and never changes; a correction
is another release. Who was counted in it is kept in no record (`storage/figures.py`).
"""

from datetime import date

from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.codes.figures import (
    ESTIMATE_METHODS,
    ESTIMATE_PER,
    ESTIMATE_UNITS,
    FIGURE_METHODS,
    FIGURE_POPULATIONS,
    FIGURE_VARIABLES,
    PUBLICATION_KINDS,
    SUM_STATES,
)
from kfdesk.domain.codes.risk import CONFIDENCE
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.message_marks import N_
from kfdesk.domain.schema import (
    DataGroup,
    Section,
    SensitivityLevel,
    code,
    code_set,
    day,
    localized_text,
    record,
    reference,
    text,
    yes_no,
)
from kfdesk.domain.schema import number as whole
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate

FIGURE_RELEASE = Section("figure_release", N_("Release of figures"))
COMMON = DataGroup.COMMON
S0 = SensitivityLevel.S0
S1 = SensitivityLevel.S1
Text = str | MissingAnswer | None
Told = LocalizedText | MissingAnswer | None
Day = date | PartialDate | MissingAnswer | None
Codes = tuple[str, ...] | MissingAnswer | None
Number = int | MissingAnswer | None
Answer = bool | MissingAnswer | None


@record
class FigureRelease:
    """A release: a population in a closed period, and its safe tables in canonical lines.

    `total` is a number, or empty for fewer than `least` clients. `joined` has a line for each
    variable that is coarser than asked for: variable, step and reason.
    """

    number: Number = whole(N_("Number"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    population: Text = code(
        FIGURE_POPULATIONS, N_("Who is counted"), FIGURE_RELEASE, level=S0, to=COMMON, since=5
    )
    period_from: Day = day(N_("From the day"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    period_to: Day = day(N_("Until"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    variables: Codes = code_set(
        FIGURE_VARIABLES, N_("Counted by"), FIGURE_RELEASE, level=S0, to=COMMON, since=5
    )
    least: Number = whole(N_("Smallest group"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    total: Text = text(N_("Clients in all"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    cells: Text = text(N_("Tables"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    joined: Text = text(N_("What was joined"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    median: Number = whole(N_("Median, in weeks"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    method: Text = code(FIGURE_METHODS, N_("Method"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    made: Day = day(N_("Frozen on"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    corrects: Text = reference(N_("Corrects release"), FIGURE_RELEASE, level=S0, to=COMMON, since=5)
    network: Text = reference(N_("Network"), FIGURE_RELEASE, level=S1, to=COMMON, since=5)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), FIGURE_RELEASE, level=S1, to=COMMON, since=5
    )


ESTIMATE = Section("estimate", N_("Estimate"))


@record
class Estimate:
    """A number that somebody has published: who, when, about whom, and by which method."""

    indicator: Told = localized_text(N_("What it says"), ESTIMATE, level=S0, to=COMMON, since=5)
    low: Number = whole(N_("At least"), ESTIMATE, level=S0, to=COMMON, since=5)
    high: Number = whole(N_("At most"), ESTIMATE, level=S0, to=COMMON, since=5)
    point: Number = whole(N_("Single number"), ESTIMATE, level=S0, to=COMMON, since=5)
    unit: Text = code(ESTIMATE_UNITS, N_("Of what"), ESTIMATE, level=S0, to=COMMON, since=5)
    per: Text = code(ESTIMATE_PER, N_("For how long"), ESTIMATE, level=S0, to=COMMON, since=5)
    country: Text = code(COUNTRIES, N_("Country"), ESTIMATE, level=S0, to=COMMON, since=5)
    area: Text = text(N_("Area"), ESTIMATE, level=S0, to=COMMON, since=5)
    year_from: Number = whole(N_("From year"), ESTIMATE, level=S0, to=COMMON, since=5)
    year_to: Number = whole(N_("Until year"), ESTIMATE, level=S0, to=COMMON, since=5)
    method: Text = code(
        ESTIMATE_METHODS, N_("How it was found"), ESTIMATE, level=S0, to=COMMON, since=5
    )
    publisher: Text = text(N_("Who says so"), ESTIMATE, level=S0, to=COMMON, since=5)
    source_title: Text = text(N_("Source"), ESTIMATE, level=S0, to=COMMON, since=5)
    url: Text = text(N_("Web address"), ESTIMATE, level=S0, to=COMMON, since=5)
    page: Text = text(N_("Page"), ESTIMATE, level=S0, to=COMMON, since=5)
    published: Day = day(N_("Published"), ESTIMATE, level=S0, to=COMMON, since=5)
    read_on: Day = day(N_("Read on"), ESTIMATE, level=S0, to=COMMON, since=5)
    quote: Told = localized_text(N_("Word for word"), ESTIMATE, level=S0, to=COMMON, since=5)
    confidence: Text = code(
        CONFIDENCE, N_("How sure it is"), ESTIMATE, level=S0, to=COMMON, since=5
    )
    note: Told = localized_text(N_("Remark"), ESTIMATE, level=S0, to=COMMON, since=5)
    supersedes: Text = reference(N_("Replaces"), ESTIMATE, level=S0, to=COMMON, since=5)
    network: Text = reference(N_("Network"), ESTIMATE, level=S1, to=COMMON, since=5)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), ESTIMATE, level=S1, to=COMMON, since=5
    )


PUBLICATION = Section("publication", N_("Publication"))


@record
class Publication:
    """A report or another publication, by the elements of Dublin Core."""

    title: Told = localized_text(N_("Title"), PUBLICATION, level=S0, to=COMMON, since=5)
    creator: Text = text(N_("Author"), PUBLICATION, level=S0, to=COMMON, since=5)
    publisher: Text = text(N_("Publisher"), PUBLICATION, level=S0, to=COMMON, since=5)
    published: Day = day(N_("Published"), PUBLICATION, level=S0, to=COMMON, since=5)
    kind: Text = code(PUBLICATION_KINDS, N_("Kind"), PUBLICATION, level=S0, to=COMMON, since=5)
    about_year: Number = whole(
        N_("About the year"), PUBLICATION, level=S0, to=COMMON, since=5,
        help=N_("Of a year report: its tables are the releases of this year."),
    )  # fmt: skip
    language: Text = code(LANGUAGES, N_("Language"), PUBLICATION, level=S0, to=COMMON, since=5)
    identifier: Text = text(N_("ISBN or web address"), PUBLICATION, level=S0, to=COMMON, since=5)
    abstract: Told = localized_text(
        N_("What it is about"), PUBLICATION, level=S0, to=COMMON, since=5
    )
    project: Text = reference(N_("Project"), PUBLICATION, level=S0, to=COMMON, since=5)
    copy: Text = reference(N_("Attached copy"), PUBLICATION, level=S0, to=COMMON, since=5)
    network: Text = reference(N_("Network"), PUBLICATION, level=S1, to=COMMON, since=5)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), PUBLICATION, level=S1, to=COMMON, since=5
    )


SUM_ROUND = Section("sum_round", N_("Sum of several organisations"))


@record
class SumRound:
    """A sum of several organisations; its custodian coordinates it.

    `members` are ids of organisations in hexadecimal, with spaces between. They never change.
    """

    population: Text = code(
        FIGURE_POPULATIONS, N_("Who is counted"), SUM_ROUND, level=S1, to=COMMON, since=5
    )
    period_from: Day = day(N_("From"), SUM_ROUND, level=S1, to=COMMON, since=5)
    period_to: Day = day(N_("Until"), SUM_ROUND, level=S1, to=COMMON, since=5)
    variables: Codes = code_set(
        FIGURE_VARIABLES, N_("Counted by"), SUM_ROUND, level=S1, to=COMMON, since=5
    )
    is_crossed: Answer = yes_no(N_("One table of all"), SUM_ROUND, level=S1, to=COMMON, since=5)
    members: Text = text(N_("Who takes part"), SUM_ROUND, level=S1, to=COMMON, since=5)
    until: Day = day(N_("Last day to take part"), SUM_ROUND, level=S1, to=COMMON, since=5)
    made: Day = day(N_("Begun on"), SUM_ROUND, level=S1, to=COMMON, since=5)
    state: Text = code(SUM_STATES, N_("State"), SUM_ROUND, level=S1, to=COMMON, since=5)
    release: Text = reference(N_("Release of figures"), SUM_ROUND, level=S1, to=COMMON, since=5)
    network: Text = reference(N_("Network"), SUM_ROUND, level=S1, to=COMMON, since=5)


SUM_SHARE = Section("sum_share", N_("Share in a sum"))


@record
class SumShare:
    """Random numbers that a member gives to another, below the round; they alone say nothing.

    `asked` is the digest of the question, `draw` the same in all shares of one answer.
    """

    to: Text = reference(N_("For whom"), SUM_SHARE, level=S1, to=COMMON, since=5)
    asked: Text = text(N_("Question"), SUM_SHARE, level=S1, to=COMMON, since=5)
    draw: Text = text(N_("Draw"), SUM_SHARE, level=S1, to=COMMON, since=5)
    numbers: Text = text(N_("Random numbers"), SUM_SHARE, level=S1, to=COMMON, since=5)


SUM_PART = Section("sum_part", N_("Part of a sum"))


@record
class SumPart:
    """The sum of the shares that a member holds, below the round; for its coordinator alone."""

    asked: Text = text(N_("Question"), SUM_PART, level=S1, to=COMMON, since=5)
    drawn: Text = text(N_("Draws"), SUM_PART, level=S1, to=COMMON, since=5)
    numbers: Text = text(N_("Random numbers"), SUM_PART, level=S1, to=COMMON, since=5)
