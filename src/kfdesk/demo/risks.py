# SPDX-License-Identifier: GPL-3.0-or-later
"""What each of the story's two desks finds when it weighs the risks. All of it is invented.

A category that is not here was gone through, and nothing was found.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kfdesk.demo.people import Values, told
from kfdesk.domain.weighing.items import Item, ItemAnswer

SO = ItemAnswer.SO
OURS, THEIRS = "ours", "theirs"


@dataclass(frozen=True, slots=True)
class Found:
    """What is so in a category, and how it is weighed."""

    items: Mapping[str, Item]
    values: Values


_NETWORK = Found(
    {
        "home_address_known": Item(SO, "client_statement", "probable"),
        "in_home_community": Item(SO, "origin_partner", "confirmed"),
    },
    {
        "likelihood": "likely",
        "severity": "life_threatening",
        "measure": told("Annan region", "Другая область", "Another region"),
        "measure_by": "Pskov",
        "mitigation_status": "in_place",
        "likelihood_after": "unlikely",
        "severity_after": "severe",
    },
)
_FAMILY = Found(
    {"rejection": Item(SO, "client_statement", "confirmed")},
    {
        "likelihood": "possible",
        "severity": "serious",
        "measure": told("Hon väljer orden", "Слова выбирает она", "She chooses the words"),
        "measure_by": "Nina",
        "mitigation_status": "in_place",
        "likelihood_after": "rare",
        "severity_after": "serious",
    },
)
_AGAIN = Found(
    {
        "no_income": Item(SO, "client_statement", "probable"),
        "debt": Item(SO, "client_statement", "probable"),
    },
    {
        "likelihood": "possible",
        "severity": "severe",
        "measure": told("Jurist, första samtal", "Юрист, первая беседа", "Lawyer, first talk"),
        "measure_by": "Pskov",
        "mitigation_status": "agreed",
        "likelihood_after": "unlikely",
        "severity_after": "severe",
    },
)
_WAY = Found(
    {"transit_unmet": Item(SO, "worker_observation", "confirmed")},
    {
        "likelihood": "likely",
        "severity": "serious",
        "measure": told("Någon möter vid bytet", "На пересадке встретят", "Met at the change"),
        "measure_by": "Nord",
        "mitigation_status": "agreed",
        "likelihood_after": "unlikely",
        "severity_after": "serious",
    },
)
_HEALTH = Found(
    {"medication_missing": Item(SO, "client_statement", "confirmed")},
    {
        "likelihood": "unlikely",
        "severity": "severe",
        "measure": told("Räcker tio dagar", "Запас на десять дней", "Ten days packed"),
        "measure_by": "Nord",
        "mitigation_status": "proposed",
        "likelihood_after": "rare",
        "severity_after": "serious",
    },
)
_POLICE = Found(
    {"police_do_not_protect": Item(SO, "origin_partner", "probable")},
    {
        "likelihood": "possible",
        "severity": "serious",
        "measure": told("Egen jurist", "Свой адвокат", "A lawyer of her own"),
        "measure_by": "Pskov",
        "mitigation_status": "proposed",
        "likelihood_after": "unlikely",
        "severity_after": "serious",
    },
)

FOUND: Mapping[str, Mapping[str, Found]] = {
    OURS: {
        "trafficker_network": _NETWORK,
        "family_community": _FAMILY,
        "retrafficking": _AGAIN,
        "health": _HEALTH,
        "travel": _WAY,
    },
    THEIRS: {
        "trafficker_network": Found(
            {"in_home_community": Item(SO, "origin_partner", "probable")},
            {**_NETWORK.values, "likelihood": "possible", "severity": "severe",
             "mitigation_status": "agreed"},
        ),
        "state_protection": _POLICE,
    },
}  # fmt: skip
"""By desk and by category."""
