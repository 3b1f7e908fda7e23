# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a desk is locked, in words: what the unlock page says to whoever comes back to it.

Anybody may read it there, so it says when and why, and how many drafts wait, but never which.
"""

from dataclasses import dataclass
from datetime import datetime

from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.guard.note import (
    BY_KEY,
    FOR_DATA_KEY,
    FOR_IDLENESS,
    FOR_KEYS,
    FOR_SLEEP,
    NO_DATA_KEY,
    WITH_SESSION,
)
from kfdesk.ui.words import Message

_ICONS = {
    BY_KEY: "lock",
    FOR_IDLENESS: "clock",
    FOR_SLEEP: "lock",
    WITH_SESSION: "lock",
    FOR_KEYS: "key-round",
    FOR_DATA_KEY: "key-round",
    NO_DATA_KEY: "circle-alert",
}
_SENTENCES = {
    BY_KEY: N_("It was locked by hand"),
    FOR_SLEEP: N_("The computer went to sleep, so it locked itself"),
    WITH_SESSION: N_("The computer's screen was locked, so it locked itself"),
    FOR_KEYS: N_("Its keys for the exchange are new, so it locked itself"),
    FOR_DATA_KEY: N_("It was written anew under a new data key, so it locked itself"),
    NO_DATA_KEY: N_("The disk refused the new data key. Everything is as it was: try once more"),
}


@dataclass(frozen=True, slots=True)
class Locked:
    """When and why it was locked, after how many minutes of no input, and how many drafts wait."""

    at: datetime
    minutes: int | None = None
    drafts: int = 0
    why: str = ""

    @property
    def icon(self) -> str:
        """The drawing that goes with the reason."""
        return _ICONS.get(self.why, "clock" if self.minutes else "lock")

    @property
    def reason(self) -> Message:
        """The sentence of the reason."""
        if self.minutes:
            return self._idle
        return _SENTENCES.get(self.why, _SENTENCES[BY_KEY])

    @property
    def waiting(self) -> Message:
        """The sentence of the drafts; empty if none waits."""
        return self._kept if self.drafts else ""

    def _idle(self, language: Language) -> str:
        minutes = self.minutes or 0
        return language.ngettext(
            "No input for {minutes} minute, so it locked itself",
            "No input for {minutes} minutes, so it locked itself",
            minutes,
        ).format(minutes=minutes)

    def _kept(self, language: Language) -> str:
        return language.ngettext(
            "{count} draft is kept and opens again with the store",
            "{count} drafts are kept and open again with the store",
            self.drafts,
        ).format(count=self.drafts)
