# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of figures: what is counted, by what, and where estimates come from.

Codes never change their meaning; a code of a newer program is kept and shown as it is.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_

FIGURE_POPULATIONS: Mapping[str, str] = {
    "new_clients": N_("New clients"),
    "in_care": N_("Clients in care"),
    "returned": N_("Clients who arrived home"),
    "followed_up": N_("Clients reached after arrival"),
    "ended": N_("Clients whose plan ended"),
}
"""The groups of clients that are counted in a period; a client counts once."""

FIGURE_DURATIONS: Mapping[str, str] = {
    "returned": N_("Weeks from the beginning of the plan to arrival, median: {count}"),
    "followed_up": N_("Weeks from arrival to the first contact, median: {count}"),
    "ended": N_("Weeks from the beginning of the plan to its end, median: {count}"),
}
"""Populations of which a duration is known, and what their median says."""

FIGURE_VARIABLES: Mapping[str, str] = {
    "sex": N_("Sex"),
    "age": N_("Age"),
    "citizenship": N_("Citizenship"),
    "exploitation": N_("Kind of exploitation"),
    "to_country": N_("Country of return"),
    "ended_by": N_("How it ended"),
}
"""By what clients are counted, in the order of a client's categories."""

FIGURE_GROUPS: Mapping[str, str] = {
    "women": N_("Women"),
    "men": N_("Men"),
    "other_sex": N_("Other or not known"),
    "minor": N_("Under 18 years"),
    "adult": N_("18 years or more"),
    "adult_or_unknown": N_("18 years or more, or not known"),
    "eu": N_("European Union"),
    "other_europe": N_("Rest of Europe"),
    "elsewhere": N_("Elsewhere or not known"),
    "europe": N_("Europe"),
    "nordic": N_("Nordic countries"),
    "baltic": N_("Baltic countries"),
    "rest_of_eu": N_("Rest of the European Union"),
    "several": N_("Several kinds"),
    "sexual": N_("Sexual exploitation alone"),
    "labour": N_("Labour exploitation alone"),
    "other_kinds": N_("Other, several, or not known"),
    "reached": N_("Goals met, or programme ended"),
    "handed_over": N_("Transferred"),
    "other_end": N_("Other, or not known"),
    "unknown": N_("Not known"),
}
"""Categories that join others; all other categories are codes of their own lists."""

FIGURE_METHODS: Mapping[str, str] = {
    "merged": N_("Small groups are joined"),
    "fixed_rows": N_("Fixed rows: small groups are left out"),
    "sum": N_("Sum of several organisations: small groups are joined"),
}

SUM_STATES: Mapping[str, str] = {
    "open": N_("Ongoing"),
    "released": N_("Released"),
    "void": N_("Void"),
}

ESTIMATE_UNITS: Mapping[str, str] = {
    "persons": N_("People"),
    "women": N_("Women"),
    "children": N_("Children"),
    "cases": N_("Cases"),
    "returns": N_("Returns"),
}

ESTIMATE_PER: Mapping[str, str] = {
    "year": N_("A year"),
    "in_total": N_("In total"),
}

ESTIMATE_METHODS: Mapping[str, str] = {
    "expert_estimate": N_("Estimate of experts"),
    "police_intelligence": N_("Police intelligence"),
    "registered": N_("Registered cases"),
    "multiple_systems": N_("Several registers compared"),
    "survey": N_("Survey"),
    "model": N_("Calculated by a model"),
}

PUBLICATION_KINDS: Mapping[str, str] = {
    "report": N_("Report"),
    "overview": N_("Overview"),
    "mapping": N_("Mapping"),
    "manual": N_("Manual"),
    "evaluation": N_("Evaluation"),
    "resource_book": N_("Resource book"),
}
