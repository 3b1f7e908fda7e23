# SPDX-License-Identifier: GPL-3.0-or-later
"""Words about figures: errors, categories, periods, why something was joined, and the method.

They decide nothing and count nothing.
"""

from collections.abc import Collection, Mapping, Sequence

from kfdesk.domain.codes.case import AGE_BAND, CLOSURE_REASON
from kfdesk.domain.codes.figures import (
    ESTIMATE_METHODS,
    ESTIMATE_PER,
    ESTIMATE_UNITS,
    FIGURE_DURATIONS,
    FIGURE_GROUPS,
    FIGURE_POPULATIONS,
    FIGURE_VARIABLES,
)
from kfdesk.domain.codes.htcds import TYPE_OF_EXPLOITATION
from kfdesk.domain.codes.world import COUNTRIES
from kfdesk.domain.figures.attack import FigureFinding, FindingKind
from kfdesk.domain.figures.cells import FigureTable
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import JoinedVariable, JoinReason, SafeFigures
from kfdesk.domain.figures.rounds import SumStep, SumTerms, VoidReason
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.figures import Estimate
from kfdesk.domain.values import text_in_language
from kfdesk.i18n.case_sheets import CASE_SHEET_MESSAGES
from kfdesk.i18n.language import Language
from kfdesk.i18n.message import Message

FIGURE_MESSAGES: Mapping[str, Message] = {
    **CASE_SHEET_MESSAGES,
    "figures.least": Message(
        N_("Groups of fewer than {least} clients are never published."),
        N_("Use 11, or a larger number."),
    ),
    "figures.variables": Message(
        N_("A table can have one to {most} of these variables, each once."),
        N_("Choose fewer, or make several tables."),
    ),
    "figures.fixed": Message(
        N_("With fixed rows a release has one table."),
        N_("Make one release for each table."),
    ),
    "figures.period": Message(
        N_("This is not a quarter, a half or a year that can be counted."),
        N_("Write 2025, 2025-H1 or 2025-Q3."),
    ),
    "figures.period_open": Message(
        N_("This period is not over: its last day is {until}."),
        N_("Choose a period that has ended: its figures no longer change."),
    ),
    "figures.population": Message(
        N_("This program does not count such a group."),
        N_("Choose one from the list."),
    ),
    "figures.difference": Message(
        N_(
            "Together with what was released before, a group of fewer than {least} clients could "
            "be worked out."
        ),
        N_("Choose a period that does not overlap, or wait until more clients have come."),
    ),
    "figures.elsewhere": Message(
        N_("Release {number} was made on another computer of yours: it cannot be compared here."),
        N_("Make this release on the computer on which the earlier one was made."),
    ),
    "figures.nothing": Message(
        N_("There is no client to count in this period."),
        N_("Choose another period or another group."),
    ),
    "figures.too_long": Message(
        N_("This release would have too many rows."),
        N_("Choose fewer variables, or make several releases."),
    ),
    "figures.not_same": Message(
        N_("A correction is of the same group and period, and of a release of your own."),
        N_("Choose the release again, or make a new one."),
    ),
    "figures.not_written": Message(
        N_("The table could not be saved there."),
        N_("Choose another folder, or another USB stick."),
    ),
    "figures.unreadable": Message(
        N_("This release cannot be read here."),
        N_("A newer program may have made it: update this one. Otherwise ask whoever sent it."),
    ),
    "sums.few_members": Message(
        N_("A sum that hides each number needs at least {least} organisations."),
        N_("Ask another member of the network to take part."),
    ),
    "sums.length": Message(
        N_("These numbers do not belong to this round."),
        N_("Begin a new round with the same table for all."),
    ),
    "sums.number": Message(
        N_("A number is below zero, or too large to be added up."),
        N_("Check the table, and begin again."),
    ),
    "sums.not_member": Message(
        N_("This comes from an organisation that does not take part in the round."),
        N_("Nothing was counted. Begin a new round with it, if it is to take part."),
    ),
    "sums.twice": Message(
        N_("The same organisation has sent other numbers before."),
        N_("This round no longer counts. Begin a new one."),
    ),
    "sums.many_members": Message(
        N_("A sum has at most {most} members."), N_("Make two sums, each with fewer of them.")
    ),
    "sums.too_long": Message(
        N_("These tables would have too many cells for a sum."),
        N_("Choose fewer variables, or a table for each of them."),
    ),
    "sums.not_in_network": Message(
        N_("Not everyone you chose is a member of this network today."),
        N_("Choose members of one network that you take part in."),
    ),
    "sums.not_shared": Message(
        N_("You share no figures in this network, so its members would never see the sum."),
        N_("Allow figures there first: Contacts, Networks."),
    ),
    "sums.no_partner": Message(
        N_("{partner} takes part, but is not a verified partner of yours."),
        N_("Exchange cards and compare the digits first, under Exchange. Then try again."),
    ),
    "sums.day_over": Message(
        N_("This day is over."), N_("Choose a day by which everyone can have sent their files.")
    ),
    "sums.answered": Message(
        N_("You take part in this sum already."),
        N_("Nothing more was counted. Send a file to each member, and import theirs."),
    ),
    "sums.again": Message(
        N_(
            "Numbers about the same clients have gone into another sum. Subtracting one from "
            "the other could show the numbers of a single organisation."
        ),
        N_("Take part in a sum of another period, or of the same members and tables."),
    ),
    "sums.not_all": Message(
        N_("Not everything has arrived yet."),
        N_("Import the files of the members who are missing."),
    ),
    "sums.void": Message(
        N_("This sum is no longer valid. Nothing more is sent for it."),
        N_("Whoever began it can begin it again: everyone draws fresh numbers."),
    ),
    "sums.released": Message(
        N_("This sum has been released."), N_("A release stays. You can make a correction of it.")
    ),
    "sums.complete": Message(N_("No one is missing from this sum."), N_("Release it, or end it.")),
    "sums.changed": Message(
        N_("Not every member was asked the same."),
        N_("This round no longer counts. Begin a new one."),
    ),
    "sums.odd": Message(
        N_("The numbers of this sum do not fit together."),
        N_("This round no longer counts. Begin a new one, and ask everyone to update the program."),
    ),
    "sums.unreadable": Message(
        N_("This sum cannot be read here."),
        N_("A newer program may have made it: update this one. Otherwise ask whoever sent it."),
    ),
    "case_data.no_consent": Message(
        N_("She has not agreed to case management by this organisation."),
        N_("Nothing was saved. Talk with her, and record her consent for it under Consent."),
    ),
    "report.no_year": Message(
        N_("It is not entered which year this report is about."),
        N_("Nothing was printed. Enter the year in the publication, under Figures."),
    ),
    "report.no_release": Message(
        N_("There is no release of this year."),
        N_("Nothing was printed. Freeze a release of the year first, under Figures."),
    ),
    "estimate.no_number": Message(
        N_("An estimate needs a number."), N_("Enter at least one of the three.")
    ),
    "estimate.bounds": Message(
        N_("These numbers do not match: the lowest comes first, and none is below zero."),
        N_("Check the numbers against the source."),
    ),
    "estimate.year": Message(
        N_("These years do not match."), N_("Write years with four digits, the earlier one first.")
    ),
    "estimate.source": Message(
        N_("It is not said who made this estimate, or where."),
        N_("Enter who says so and the title of the source."),
    ),
    "publication.no_title": Message(
        N_("A publication needs a title."), N_("Enter its title in one language at least.")
    ),
}
SUM_STEPS: Mapping[SumStep, str] = {
    SumStep.ANSWER: N_("You are asked to take part."),
    SumStep.SHARES: N_("You take part. The others' shares have not arrived yet."),
    SumStep.ADD: N_("Every share is here. Add them up."),
    SumStep.PARTS: N_("You have added up the shares. The others' parts have not arrived yet."),
    SumStep.GIVEN: N_("Your part goes to the coordinator, who releases the sum."),
    SumStep.RELEASE: N_("Every part is here. The sum can be released."),
    SumStep.RELEASED: N_("The sum is released."),
    SumStep.VOID: N_("The sum is void."),
}

VOID_REASONS: Mapping[VoidReason, str] = {
    VoidReason.CALLED_OFF: N_("Whoever began it has ended it."),
    VoidReason.LATE: N_("Its last day is over, and not everyone has answered."),
    VoidReason.LEFT: N_("A member is no longer in the network."),
    VoidReason.CHANGED: N_("Not every member was asked the same."),
    VoidReason.TWICE: N_("A member has sent two different answers."),
    VoidReason.ODD: N_("The numbers do not fit together."),
}

SUM_PROMISES: Sequence[str] = (
    N_(
        "No one sees the numbers of a single organisation: each splits its own into random "
        "numbers, one for each member, that mean nothing alone."
    ),
    N_(
        "With three members, two who put theirs together know the numbers of the third, whatever "
        "the program does. With more members, all others would have to."
    ),
    N_(
        "The coordinator's computer holds the sum before small groups are joined. A member who "
        "enters false numbers spoils the sum, and no one can see who it was."
    ),
)
"""The limits of what a sum hides, in plain words."""

_JOINED: Mapping[JoinReason, tuple[str, str]] = {
    JoinReason.SMALL: (
        N_(
            "{variable}: joined, as a group would have fewer than {least} clients, or everyone in "
            "it the same answer."
        ),
        N_(
            "{variable}: left out, as a group would have fewer than {least} clients, or everyone "
            "in it the same answer."
        ),
    ),
    JoinReason.EARLIER: (
        N_("{variable}: joined, as an earlier release would give away a small group."),
        N_("{variable}: left out, as an earlier release would give away a small group."),
    ),
    JoinReason.CHANGED: (
        N_("{variable}: joined, as entries have been corrected since an earlier release."),
        N_("{variable}: left out, as entries have been corrected since an earlier release."),
    ),
}

METHOD_TEXTS: Sequence[str] = (
    N_("A client counts once, in a period that is over. Only plans of this organisation count."),
    N_("No published number is 1 to {before}: each is 0, or at least {least}."),
    N_("Small groups are joined along fixed steps. What was joined is listed below the tables."),
    N_("Tables that share a variable are checked together, so that no one can subtract them."),
    N_("Every later release is checked against the earlier ones about the same clients."),
    N_("If all of a group had the same kind of exploitation, the table is joined once more."),
    N_("If there are fewer than {least} clients in all, no number is published."),
    N_("A median is based on at least {least} clients, and is rounded to weeks."),
    N_("Estimates are what others say. They are never put in one chart with numbers counted here."),
)
"""The rules in plain words, for the method page."""

_FINDINGS: Mapping[FindingKind, str] = {
    FindingKind.PUBLISHED: N_("A published group is too small: {group}."),
    FindingKind.REST: N_("What is left without this group is too small: {group}."),
    FindingKind.BOUNDS: N_("Several tables together give this small group away: {group}."),
    FindingKind.DIFFERENCE: N_("The difference from release {number} is a small group: {group}."),
}


_STEP_REMEDIES: Mapping[SumStep, str] = {
    SumStep.ANSWER: N_("Look at who takes part: you must know each of them."),
    SumStep.SHARES: N_("Import the files of the members who are missing."),
    SumStep.ADD: N_("Then send a file to the coordinator."),
    SumStep.PARTS: N_("Import the files of the members who are missing."),
    SumStep.RELEASE: N_("Groups of fewer than 11 clients are joined, as in every release."),
    SumStep.VOID: N_("Nothing more is sent for it. It can be started again."),
}


def sum_step_text(step: SumStep, reason: VoidReason | None, *, is_read: bool) -> tuple[str, str]:
    """Return what comes next in a sum, and what to do or why it is void, as messages."""
    if not is_read:
        fault = FIGURE_MESSAGES["sums.unreadable"]
        return fault.sentence, fault.remedy
    if reason is not None:
        return VOID_REASONS[reason], _STEP_REMEDIES[SumStep.VOID]
    return SUM_STEPS[step], _STEP_REMEDIES.get(step, "")


def sum_title(terms: SumTerms | None, words: Language) -> str:
    """Return who is counted in a sum, when and by what."""
    if terms is None:
        return words.gettext("Sum of several organisations")
    asked = terms.question
    by = ", ".join(variable_name(name, words) for name in asked.variables)
    title = f"{population_name(asked.population, words)}, {period_name(asked.period, words)}"
    return f"{title} ({by})" if by else title


def sum_waits_text(
    terms: SumTerms | None,
    missing: Collection[bytes],
    names: Mapping[bytes, str],
    step: SumStep,
    words: Language,
) -> str:
    """Return who takes part in a sum, and while it waits, who has not come."""
    if terms is None:
        return ""
    all_names = ", ".join(sorted(names.values()))
    said = words.gettext(N_("Who takes part: {names}.")).format(names=all_names)
    if not missing or step not in (SumStep.SHARES, SumStep.PARTS, SumStep.VOID):
        return said
    lacking = ", ".join(sorted(names[one] for one in missing))
    late = words.gettext(N_("Not here yet: {names}.")).format(names=lacking)
    return f"{said} {late}"


def variable_name(variable: str, words: Language) -> str:
    """Return the name of a variable."""
    return words.gettext(FIGURE_VARIABLES.get(variable, variable))


def population_name(population: object, words: Language) -> str:
    """Return who is counted."""
    return words.gettext(FIGURE_POPULATIONS.get(str(population), str(population)))


def category_name(variable: str, category: str, words: Language) -> str:
    """Return the name of a category on any step of a variable."""
    if category in FIGURE_GROUPS:
        return words.gettext(FIGURE_GROUPS[category])
    if category in COUNTRIES:
        return words.country(category)
    lists = {"age": AGE_BAND, "exploitation": TYPE_OF_EXPLOITATION, "ended_by": CLOSURE_REASON}
    label = lists.get(variable, {}).get(category, "")
    return words.gettext(label) if label else category


def period_name(period: FigurePeriod, words: Language) -> str:
    """Return a period: `2025`, `2025, first half`, `2025, quarter 3`."""
    year, _, part = period.code.partition("-")
    if not part:
        return year
    if part[0] == "Q":
        return words.gettext(N_("{year}, quarter {number}")).format(year=year, number=part[1])
    half = N_("{year}, first half") if part[1] == "1" else N_("{year}, second half")
    return words.gettext(half).format(year=year)


def total_text(figures: SafeFigures, words: Language) -> str:
    """Return the number of clients, or that there are fewer than k."""
    if figures.total is None:
        return words.gettext(N_("Fewer than {least} clients")).format(least=figures.least)
    said = words.ngettext("{count} client", "{count} clients", figures.total)
    return said.format(count=figures.total)


def median_text(population: object, figures: SafeFigures, words: Language) -> str:
    """Return the median of the duration that a population has; empty if none may be told."""
    said = FIGURE_DURATIONS.get(str(population), "")
    if figures.median is None or not said:
        return ""
    return words.gettext(said).format(count=figures.median)


def table_title(table: FigureTable, words: Language) -> str:
    """Return the variables of a table."""
    return " × ".join(variable_name(name, words) for name in table.variables)


def table_rows(table: FigureTable, words: Language) -> list[tuple[tuple[str, ...], str]]:
    """Return the rows of a table: the names of the categories, and the number or a dash.

    Rows of one variable are in the order of their size, others in that of their names.
    """
    counts: dict[tuple[str, ...], int | None] = dict(table.cells)
    counts |= dict.fromkeys(table.hidden)
    named = [
        (tuple(category_name(n, part, words) for n, part in zip(table.variables, key, strict=True)),
         count)
        for key, count in counts.items()
    ]  # fmt: skip
    if len(table.axes) == 1:
        named.sort(key=lambda row: (row[1] is None, -(row[1] or 0), row[0]))
    else:
        named.sort(key=lambda row: row[0])
    return [(key, "–" if count is None else str(count)) for key, count in named]


def joined_text(joined: JoinedVariable, least: int, words: Language) -> str:
    """Return what was joined or left out, and why."""
    sentence = _JOINED[joined.reason][joined.is_left_out]
    return words.gettext(sentence).format(
        variable=variable_name(joined.variable, words), least=least
    )


def finding_text(finding: FigureFinding, words: Language) -> str:
    """Return how a small group was worked out, without its number."""
    names = [
        category_name(name, part, words)
        for (name, _), part in zip(finding.axes, finding.key, strict=True)
    ]
    group = ", ".join(names) or words.gettext(N_("all clients"))
    return words.gettext(_FINDINGS[finding.kind]).format(group=group, number=finding.release)


def method_lines(least: int, words: Language) -> list[str]:
    """Return the rules in plain words."""
    return [words.gettext(one).format(least=least, before=least - 1) for one in METHOD_TEXTS]


def estimate_number(estimate: Estimate, words: Language) -> str:
    """Return an estimate in words: `400–600 (women, a year)`."""
    numbers = [n for n in (estimate.low, estimate.high) if isinstance(n, int)]
    if not numbers and isinstance(estimate.point, int):
        numbers = [estimate.point]
    told = "–".join(str(n) for n in dict.fromkeys(numbers))
    unit = words.gettext(ESTIMATE_UNITS.get(str(estimate.unit), "")) if estimate.unit else ""
    per = words.gettext(ESTIMATE_PER.get(str(estimate.per), "")) if estimate.per else ""
    of_what = ", ".join(filter(None, (unit.lower(), per.lower())))
    return f"{told} ({of_what})" if of_what else told


def estimate_years(estimate: Estimate) -> str:
    """Return the years that an estimate is about."""
    years = [str(n) for n in (estimate.year_from, estimate.year_to) if isinstance(n, int)]
    return "–".join(dict.fromkeys(years))


def estimate_label(estimate: Estimate, words: Language) -> str:
    """Return what an estimate is about, after its years."""
    told = estimate.indicator if isinstance(estimate.indicator, tuple) else None
    said = text_in_language(told, words.code, "en") or (told[0].text if told else "")
    return ": ".join(filter(None, (estimate_years(estimate), said)))


def estimate_source(estimate: Estimate, words: Language) -> str:
    """Return who says so, where, and how it was found."""
    method = ESTIMATE_METHODS.get(str(estimate.method), "") if estimate.method else ""
    parts = [str(one) for one in (estimate.publisher, estimate.source_title) if one]
    said = ". ".join(parts)
    if method:
        said += f" ({words.gettext(method).lower()})"
    return f"{said}."
