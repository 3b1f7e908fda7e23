# SPDX-License-Identifier: GPL-3.0-or-later
"""How things look on a page: states, reasons, and when something was written.

One function for each thing that several pages show; how values read is in `i18n/said/values.py`,
which papers know too. Nothing here reads a store or decides anything.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from kfdesk.domain.codes import PLAN_STATE
from kfdesk.domain.disclosure import Reason
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.said.values import NOT_ASKED as NOT_ASKED
from kfdesk.i18n.said.values import field_of as field_of
from kfdesk.i18n.said.values import moment_lines as moment_lines
from kfdesk.i18n.said.values import told_text as told_text
from kfdesk.i18n.said.values import value_text as value_text
from kfdesk.services.casework.journey import moment_at
from kfdesk.ui.tokens import Tone

STATE_LOOKS: Mapping[str, tuple[Tone, str]] = {
    "draft": (Tone.MUTED, "circle-dashed"),
    "assessing": (Tone.INFO, "circle-dot"),
    "decision_ready": (Tone.INFO, "circle-dot"),
    "approved": (Tone.SUCCESS, "circle-check"),
    "travel_ready": (Tone.SUCCESS, "circle-check"),
    "travelling": (Tone.INFO, "route"),
    "arrived": (Tone.SUCCESS, "circle-check"),
    "reintegrating": (Tone.INFO, "circle-dot"),
    "follow_up": (Tone.INFO, "circle-dot"),
    "closed": (Tone.MUTED, "archive"),
    "not_safe": (Tone.DANGER, "octagon-alert"),
    "withdrawn": (Tone.MUTED, "ban"),
    "cancelled": (Tone.MUTED, "ban"),
}

MODE_ICONS: Mapping[str, str] = {
    "air": "plane",
    "rail": "train-front",
    "ferry": "ship",
    "coach": "bus",
    "car": "car",
    "taxi": "car",
    "on_foot": "footprints",
}

REASONS: Mapping[Reason, str] = {
    Reason.DESK: N_("stays at this desk"),
    Reason.LEVEL: N_("too sensitive for this way"),
    Reason.NO_CONSENT: N_("no consent names this recipient"),
    Reason.EXPIRED: N_("the consent has ended"),
    Reason.WITHDRAWN: N_("the consent was withdrawn"),
    Reason.SCOPE: N_("the consent does not cover it"),
    Reason.PURPOSE: N_("the purpose does not need it"),
    Reason.TRANSFER: N_("a ground for a third country is missing"),
    Reason.UNVERIFIED: N_("the partner is not verified yet"),
    Reason.SECRET: N_("a secret entry of the directory"),
    Reason.CONFLICT: N_("two values, not decided"),
    Reason.INCOMPLETE: N_("the consent lacks something"),
}


def state_word(state: str, language: Language) -> str:
    """The word for a plan's state; a code from a newer desk stands as it is."""
    return language.gettext(PLAN_STATE[state]) if state in PLAN_STATE else state


def since_text(since: datetime, zone: str, language: Language) -> str:
    """Since when, on the clocks of a zone: `12 dec. 17:00 (CET, Stockholm)`."""
    day, clock = moment_lines(moment_at(since, zone), language)
    return f"{day} ({clock})"


def written_at(milliseconds: int, language: Language) -> str:
    """When a value was written, by this machine's clock."""
    return language.stamp(datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone())


def before_words(language: Language) -> str:
    """The heading over what both sides of a conflict have replaced."""
    return language.pgettext("a value that was replaced", "Before")
