# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening hours in a short notation that no language owns: `Mo-Fr 08:00-17:00; Sa 10:00-14:00`.

Whoever types hours may write them in any words; only what is in this notation can be told in
another language. Knows no language and no file.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ALWAYS = "24/7"
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(?::\d\d)?\s*([ap])?\.?m?\.?", re.IGNORECASE)
_PART = re.compile(r"(Mo|Tu|We|Th|Fr|Sa|Su)(?:-(Mo|Tu|We|Th|Fr|Sa|Su))? (\d\d:\d\d)-(\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Opening:
    """Open from one time to another, from a day of the week to a day, 0 being Monday."""

    first: int
    last: int
    opens: str
    closes: str


def clock(text: str) -> str:
    """A time of day as `08:00`, from `8`, `8.00`, `4:00 PM` or `3pm`; empty if it is none."""
    matched = _TIME.fullmatch(text.strip())
    if matched is None:
        return ""
    hour, minute, half = int(matched[1]), int(matched[2] or 0), (matched[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return ""
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return f"{hour:02}:{minute:02}" if hour <= 24 and minute < 60 else ""


def day_number(text: str) -> int | None:
    """Which day of the week `Monday`, `MO` or `Mo` is; None if it is none."""
    head = text.strip().capitalize()[:2]
    return DAYS.index(head) if head in DAYS else None


def notation(times: Iterable[tuple[int, str, str]]) -> str:
    """Days with their times in the notation, days of the same hours together."""
    by_day: dict[int, list[str]] = {}
    for day, opens, closes in sorted(times):
        by_day.setdefault(day, []).append(f"{opens}-{closes}")
    found: list[tuple[int, int, list[str]]] = []
    for day, spans in sorted(by_day.items()):
        if found and found[-1][1] == day - 1 and found[-1][2] == spans:
            found[-1] = (found[-1][0], day, spans)
        else:
            found.append((day, day, spans))
    return "; ".join(
        f"{_days(first, last)} {span}" for first, last, spans in found for span in spans
    )


def openings(text: str) -> Sequence[Opening] | None:
    """What the notation says; None where the text is in words."""
    found = []
    for part in text.split(";"):
        matched = _PART.fullmatch(part.strip())
        if matched is None:
            return None
        first = DAYS.index(matched[1])
        last = DAYS.index(matched[2]) if matched[2] else first
        found.append(Opening(first, last, matched[3], matched[4]))
    return found


def _days(first: int, last: int) -> str:
    return DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"
