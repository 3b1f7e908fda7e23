# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures: releases of counts, estimates of others, and publications (Dublin Core).

They are about no client. A release is an organisation's own word and never changes; a correction
is another release. Who was counted in it is kept in no record (`storage/figures.py`).
"""

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
    record,
    reference,
    text,
    yes_no,
)
from kfdesk.domain.schema import number as whole

FIGURE_RELEASE = Section("figure_release", N_("Release of figures"))
COMMON = DataGroup.COMMON
S0 = SensitivityLevel.S0
S1 = SensitivityLevel.S1


IN_FIGURE_RELEASE = Terms(FIGURE_RELEASE, S0, COMMON, since=5)


@record(Rules(family=Family.FIGURES))
class FigureRelease:
    """A release: a population in a closed period, and its safe tables in canonical lines.

    `total` is a number, or empty for fewer than `least` clients. `joined` has a line for each
    variable that is coarser than asked for: variable, step and reason.
    """

    number: Number = whole(N_("Number"), IN_FIGURE_RELEASE)
    population: Text = code(FIGURE_POPULATIONS, N_("Who is counted"), IN_FIGURE_RELEASE)
    period_from: Day = day(N_("From the day"), IN_FIGURE_RELEASE)
    period_to: Day = day(N_("Until"), IN_FIGURE_RELEASE)
    variables: Codes = code_set(FIGURE_VARIABLES, N_("Counted by"), IN_FIGURE_RELEASE)
    least: Number = whole(N_("Smallest group"), IN_FIGURE_RELEASE)
    total: Text = text(N_("Clients in all"), IN_FIGURE_RELEASE)
    cells: Text = text(N_("Tables"), IN_FIGURE_RELEASE)
    joined: Text = text(N_("What was joined"), IN_FIGURE_RELEASE)
    median: Number = whole(N_("Median, in weeks"), IN_FIGURE_RELEASE)
    method: Text = code(FIGURE_METHODS, N_("Method"), IN_FIGURE_RELEASE)
    made: Day = day(N_("Frozen on"), IN_FIGURE_RELEASE)
    corrects: Text = reference(N_("Corrects release"), IN_FIGURE_RELEASE)
    network: Text = reference(N_("Network"), IN_FIGURE_RELEASE, level=S1)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), IN_FIGURE_RELEASE, level=S1
    )


ESTIMATE = Section("estimate", N_("Estimate"))


IN_ESTIMATE = Terms(ESTIMATE, S0, COMMON, since=5)


@record(Rules(family=Family.FIGURES))
class Estimate:
    """A number that somebody has published: who, when, about whom, and by which method."""

    indicator: Texts = localized_text(N_("What it says"), IN_ESTIMATE)
    low: Number = whole(N_("At least"), IN_ESTIMATE)
    high: Number = whole(N_("At most"), IN_ESTIMATE)
    point: Number = whole(N_("Single number"), IN_ESTIMATE)
    unit: Text = code(ESTIMATE_UNITS, N_("Of what"), IN_ESTIMATE)
    per: Text = code(ESTIMATE_PER, N_("For how long"), IN_ESTIMATE)
    country: Text = code(COUNTRIES, N_("Country"), IN_ESTIMATE)
    area: Text = text(N_("Area"), IN_ESTIMATE)
    year_from: Number = whole(N_("From year"), IN_ESTIMATE)
    year_to: Number = whole(N_("Until year"), IN_ESTIMATE)
    method: Text = code(ESTIMATE_METHODS, N_("How it was found"), IN_ESTIMATE)
    publisher: Text = text(N_("Who says so"), IN_ESTIMATE)
    source_title: Text = text(N_("Source"), IN_ESTIMATE)
    url: Text = text(N_("Web address"), IN_ESTIMATE)
    page: Text = text(N_("Page"), IN_ESTIMATE)
    published: Day = day(N_("Published"), IN_ESTIMATE)
    read_on: Day = day(N_("Read on"), IN_ESTIMATE)
    quote: Texts = localized_text(N_("Word for word"), IN_ESTIMATE)
    confidence: Text = code(CONFIDENCE, N_("How sure it is"), IN_ESTIMATE)
    note: Texts = localized_text(N_("Remark"), IN_ESTIMATE)
    supersedes: Text = reference(N_("Replaces"), IN_ESTIMATE)
    network: Text = reference(N_("Network"), IN_ESTIMATE, level=S1)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_ESTIMATE, level=S1)


PUBLICATION = Section("publication", N_("Publication"))


IN_PUBLICATION = Terms(PUBLICATION, S0, COMMON, since=5)


@record(Rules(family=Family.FIGURES))
class Publication:
    """A report or another publication, by the elements of Dublin Core."""

    title: Texts = localized_text(N_("Title"), IN_PUBLICATION)
    creator: Text = text(N_("Author"), IN_PUBLICATION)
    publisher: Text = text(N_("Publisher"), IN_PUBLICATION)
    published: Day = day(N_("Published"), IN_PUBLICATION)
    kind: Text = code(PUBLICATION_KINDS, N_("Kind"), IN_PUBLICATION)
    about_year: Number = whole(
        N_("About the year"),
        IN_PUBLICATION,
        help=N_("Of a year report: its tables are the releases of this year."),
    )
    language: Text = code(LANGUAGES, N_("Language"), IN_PUBLICATION)
    identifier: Text = text(N_("ISBN or web address"), IN_PUBLICATION)
    abstract: Texts = localized_text(N_("What it is about"), IN_PUBLICATION)
    project: Text = reference(N_("Project"), IN_PUBLICATION)
    copy: Text = reference(N_("Attached copy"), IN_PUBLICATION)
    network: Text = reference(N_("Network"), IN_PUBLICATION, level=S1)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_PUBLICATION, level=S1)


SUM_ROUND = Section("sum_round", N_("Sum of several organisations"))


IN_SUM_ROUND = Terms(SUM_ROUND, S1, COMMON, since=5)


@record(Rules(family=Family.SUM))
class SumRound:
    """A sum of several organisations; its custodian coordinates it.

    `members` are ids of organisations in hexadecimal, with spaces between. They never change.
    """

    population: Text = code(FIGURE_POPULATIONS, N_("Who is counted"), IN_SUM_ROUND)
    period_from: Day = day(N_("From"), IN_SUM_ROUND)
    period_to: Day = day(N_("Until"), IN_SUM_ROUND)
    variables: Codes = code_set(FIGURE_VARIABLES, N_("Counted by"), IN_SUM_ROUND)
    is_crossed: YesNo = yes_no(N_("One table of all"), IN_SUM_ROUND)
    members: Text = text(N_("Who takes part"), IN_SUM_ROUND)
    until: Day = day(N_("Last day to take part"), IN_SUM_ROUND)
    made: Day = day(N_("Begun on"), IN_SUM_ROUND)
    state: Text = code(SUM_STATES, N_("State"), IN_SUM_ROUND)
    release: Text = reference(N_("Release of figures"), IN_SUM_ROUND)
    network: Text = reference(N_("Network"), IN_SUM_ROUND)


SUM_SHARE = Section("sum_share", N_("Share in a sum"))


IN_SUM_SHARE = Terms(SUM_SHARE, S1, COMMON, since=5)


@record(Rules(family=Family.SUM, below=("sum_round",)))
class SumShare:
    """Random numbers that a member gives to another, below the round; they alone say nothing.

    `asked` is the digest of the question, `draw` the same in all shares of one answer.
    """

    to: Text = reference(N_("For whom"), IN_SUM_SHARE)
    asked: Text = text(N_("Question"), IN_SUM_SHARE)
    draw: Text = text(N_("Draw"), IN_SUM_SHARE)
    numbers: Text = text(N_("Random numbers"), IN_SUM_SHARE)


SUM_PART = Section("sum_part", N_("Part of a sum"))


IN_SUM_PART = Terms(SUM_PART, S1, COMMON, since=5)


@record(Rules(family=Family.SUM, below=("sum_round",)))
class SumPart:
    """The sum of the shares that a member holds, below the round; for its coordinator alone."""

    asked: Text = text(N_("Question"), IN_SUM_PART)
    drawn: Text = text(N_("Draws"), IN_SUM_PART)
    numbers: Text = text(N_("Random numbers"), IN_SUM_PART)
