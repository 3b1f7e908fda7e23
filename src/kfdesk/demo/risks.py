# SPDX-License-Identifier: GPL-3.0-or-later
"""What each of the story's two desks finds when it weighs the risks. All of it is invented.

A category that is not here was gone through, and nothing was found.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kfdesk.demo.people import Values, told

OURS, THEIRS = "ours", "theirs"


@dataclass(frozen=True, slots=True)
class Found:
    """What is so in a category, and how it is weighed."""

    items: tuple[str, ...]
    values: Values


_NETWORK = Found(
    ("home_address_known", "in_home_community"),
    {
        "likelihood": "likely",
        "severity": "life_threatening",
        "source": "client_statement",
        "confidence": "probable",
        "measure": told("Annan region", "Другая область", "Another region"),
        "measure_by": "Pskov",
        "mitigation_status": "in_place",
        "likelihood_after": "unlikely",
        "severity_after": "severe",
    },
)
_FAMILY = Found(
    ("rejection",),
    {
        "likelihood": "possible",
        "severity": "serious",
        "source": "client_statement",
        "confidence": "confirmed",
        "measure": told("Hon väljer orden", "Слова выбирает она", "She chooses the words"),
        "measure_by": "Nina",
        "mitigation_status": "in_place",
        "likelihood_after": "rare",
        "severity_after": "serious",
    },
)
_AGAIN = Found(
    ("no_income", "debt"),
    {
        "likelihood": "possible",
        "severity": "severe",
        "source": "client_statement",
        "confidence": "probable",
        "measure": told("Jurist, första samtal", "Юрист, первая беседа", "Lawyer, first talk"),
        "measure_by": "Pskov",
        "mitigation_status": "agreed",
        "likelihood_after": "unlikely",
        "severity_after": "severe",
    },
)
_WAY = Found(
    ("transit_unmet",),
    {
        "likelihood": "likely",
        "severity": "serious",
        "source": "worker_observation",
        "confidence": "confirmed",
        "measure": told("Någon möter vid bytet", "На пересадке встретят", "Met at the change"),
        "measure_by": "Nord",
        "mitigation_status": "agreed",
        "likelihood_after": "unlikely",
        "severity_after": "serious",
    },
)
_HEALTH = Found(
    ("medication_missing",),
    {
        "likelihood": "unlikely",
        "severity": "severe",
        "source": "client_statement",
        "confidence": "confirmed",
        "measure": told("Räcker tio dagar", "Запас на десять дней", "Ten days packed"),
        "measure_by": "Nord",
        "mitigation_status": "proposed",
        "likelihood_after": "rare",
        "severity_after": "serious",
    },
)
_POLICE = Found(
    ("police_do_not_protect",),
    {
        "likelihood": "possible",
        "severity": "serious",
        "source": "origin_partner",
        "confidence": "probable",
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
            ("in_home_community",),
            {**_NETWORK.values, "likelihood": "possible", "severity": "severe",
             "source": "origin_partner", "mitigation_status": "agreed"},
        ),
        "state_protection": _POLICE,
    },
}  # fmt: skip
"""By desk and by category."""
