# SPDX-License-Identifier: GPL-3.0-or-later
"""Field values beyond plain text, numbers and dates.

Times are kept as wall time, IANA zone and the offset at entry, so that a later change
of zone rules never moves a train. No records, store or languages here.
"""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, timezone, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kfdesk.domain.errors import KfdeskError

_IXDTF = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d)"  # wall time
    r"([+-])([01]\d|2[0-3]):([0-5]\d)"  # offset
    r"\[([A-Za-z0-9_+/-]{1,64})\]",  # zone
    re.ASCII,
)
_ABOUT = re.compile(r"(?!0000)\d{4}(-(0[1-9]|1[0-2]))?", re.ASCII)


def zone_rules(zone: str, offset: int = 0) -> tzinfo:
    """Return the rules of an IANA zone, or the fixed `offset` (minutes) if nobody here knows it.

    A newer system knows zones that this one does not, and a file may name any.
    """
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone(timedelta(minutes=offset))


class MissingAnswer(Enum):
    """An answer without a value. `None` is something else: not asked."""

    UNKNOWN = "unknown"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known only to the year or month: `2026`, `2026-05`."""

    text: str

    def __post_init__(self) -> None:
        if not _ABOUT.fullmatch(self.text):
            raise KfdeskError("field.not_a_day")


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in one language; a localized text is a tuple of these."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class ZonedTime:
    """A time in a zone: naive wall time, IANA zone, offset from UTC in minutes."""

    wall: datetime
    zone: str
    offset: int

    @classmethod
    def at(cls, wall: datetime, zone: str) -> "ZonedTime":
        """Return the time when clocks in `zone` show `wall`, to the minute.

        In the hour that occurs twice in autumn this is the first one. Raise KfdeskError
        `field.no_such_zone`, or `field.no_such_time` for the hour that is skipped in spring and
        for years that UTC cannot express.
        """
        shown = wall.replace(second=0, microsecond=0, fold=0)
        try:
            aware = shown.replace(tzinfo=ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise KfdeskError("field.no_such_zone") from None
        if not MINYEAR < shown.year < MAXYEAR:
            raise KfdeskError("field.no_such_time")
        if aware.astimezone(UTC).astimezone(aware.tzinfo).replace(tzinfo=None) != shown:
            raise KfdeskError("field.no_such_time")
        offset = aware.utcoffset() or timedelta()
        return cls(shown, zone, int(offset.total_seconds()) // 60)

    @classmethod
    def parse(cls, text: str) -> "ZonedTime":
        """Return the time written in the Internet extended date/time format (RFC 9557).

        Raise KfdeskError `field.not_a_moment`, also for a time without an instant in UTC.
        """
        match = _IXDTF.fullmatch(text)
        if match is None:
            raise KfdeskError("field.not_a_moment")
        wall, sign, hours, minutes, zone = match.groups()
        offset = (int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1)
        try:
            moment = cls(datetime.fromisoformat(wall), zone, offset)
        except ValueError:
            raise KfdeskError("field.not_a_moment") from None
        if not MINYEAR < moment.wall.year < MAXYEAR:
            raise KfdeskError("field.not_a_moment")
        return moment

    @staticmethod
    def is_valid_text(text: str) -> bool:
        """Return whether a text is the canonical form of a time, without building one."""
        match = _IXDTF.fullmatch(text)
        if match is None or match.group(2, 3, 4) == ("-", "00", "00"):
            return False
        try:
            wall = datetime.fromisoformat(match.group(1))
        except ValueError:
            return False
        return MINYEAR < wall.year < MAXYEAR

    def __str__(self) -> str:
        sign = "-" if self.offset < 0 else "+"
        hours, minutes = divmod(abs(self.offset), 60)
        wall = self.wall.isoformat(timespec="minutes")
        return f"{wall}{sign}{hours:02}:{minutes:02}[{self.zone}]"

    @property
    def utc(self) -> datetime:
        """The same instant, aware, in UTC."""
        return self.wall.replace(tzinfo=timezone(timedelta(minutes=self.offset))).astimezone(UTC)


def shift_day(day: date, days: int) -> date:
    """Return the day so many days later, or earlier below zero; the calendar's end at its ends."""
    last = date.max.toordinal()
    return date.fromordinal(min(max(day.toordinal() + days, 1), last))


LocalizedText = tuple[Translation, ...]
Value = (
    None
    | MissingAnswer
    | bool
    | int
    | str
    | date
    | PartialDate
    | ZonedTime
    | tuple[str, ...]
    | LocalizedText
)


def text_or_empty(value: object) -> str:
    """Return a value that is a text; the empty text for any other value."""
    return value if isinstance(value, str) else ""


def text_in_language(told: LocalizedText | MissingAnswer | None, *languages: str) -> str | None:
    """Return the text of `told` in the first of `languages` that it has; None if it has none."""
    if told is None or isinstance(told, MissingAnswer):
        return None
    texts = {wording.language: wording.text for wording in told}
    return next((texts[language] for language in languages if language in texts), None)
