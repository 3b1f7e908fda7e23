# SPDX-License-Identifier: GPL-3.0-or-later
"""A strict reader of calendar files (RFC 5545), by nobody's code but its own.

It knows only what our files may hold, and fails on everything else: an unknown property or
parameter, a bare line end, a long line, a missing or second property, a time that is not in UTC.
"""

import re
from dataclasses import dataclass

_KINDS = {
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "CLASS", "STATUS"},
    "VTODO": {"UID", "DTSTAMP", "DUE", "SEQUENCE", "SUMMARY", "CLASS", "STATUS"},
}
_NEEDED = {
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY", "CLASS"},
    "VTODO": {"UID", "DTSTAMP", "DUE", "SEQUENCE", "SUMMARY", "CLASS"},
}
_HEAD = {"VERSION": "2.0", "PRODID": "-//Notebook//EN"}
_TIMES = {"DTSTAMP", "DTSTART", "DTEND", "DUE"}
_LINE = re.compile(r"([A-Z]+)(;VALUE=DATE)?:(.*)", re.DOTALL)
_UTC = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_DAY = re.compile(r"\d{8}", re.ASCII)
_UID = re.compile(r"[0-9a-f]{32}@notebook", re.ASCII)
LONGEST = 75


@dataclass(frozen=True)
class Component:
    """A component with its properties; times as they stand in the file."""

    kind: str
    values: dict[str, str]

    @property
    def uid(self) -> str:
        return self.values["UID"]

    @property
    def sequence(self) -> int:
        return int(self.values["SEQUENCE"])

    @property
    def title(self) -> str:
        return self.values["SUMMARY"]

    @property
    def when(self) -> str:
        """The time, with the end of an event behind a stroke."""
        end = self.values.get("DTEND")
        start = self.values.get("DTSTART") or self.values["DUE"]
        return f"{start}/{end}" if end else start

    @property
    def is_cancelled(self) -> bool:
        return self.values.get("STATUS") == "CANCELLED"


def read_calendar_file(data: bytes) -> tuple[Component, ...]:
    """Return the components of a calendar file. Raise AssertionError for anything not in order."""
    lines = _content_lines(data)
    assert lines.pop(0) == "BEGIN:VCALENDAR"
    assert lines.pop() == "END:VCALENDAR"
    head: dict[str, str] = {}
    while lines and not lines[0].startswith("BEGIN:"):
        _take(lines.pop(0), head)
    assert head == _HEAD
    found = []
    while lines:
        kind = lines.pop(0).removeprefix("BEGIN:")
        assert kind in _KINDS, kind
        end = lines.index(f"END:{kind}")
        values: dict[str, str] = {}
        for line in lines[:end]:
            _take(line, values)
        del lines[: end + 1]
        found.append(_component(kind, values))
    assert found, "a calendar without components"
    assert len({one.uid for one in found}) == len(found)
    return tuple(found)


def _content_lines(data: bytes) -> list[str]:
    assert data.endswith(b"\r\n")
    raw = data[:-2].split(b"\r\n")
    assert not any(b"\r" in one or b"\n" in one for one in raw)
    assert all(len(one) <= LONGEST for one in raw)
    for one in raw:
        one.decode("utf-8")  # no fold splits a character
    return re.sub("\r\n ", "", data[:-2].decode("utf-8")).split("\r\n")


def _take(line: str, into: dict[str, str]) -> None:
    match = _LINE.fullmatch(line)
    assert match is not None, line
    name, is_day, value = match.groups()
    assert name not in into, name
    if name in _TIMES:
        assert (_DAY if is_day else _UTC).fullmatch(value), line
    else:
        assert is_day is None, line
        value = re.sub(r"\\([\\,;nN])", lambda found: found.group(1).replace("n", "\n"), value)
    into[name] = value


def _component(kind: str, values: dict[str, str]) -> Component:
    assert _NEEDED[kind] <= values.keys() <= _KINDS[kind], values.keys()
    assert values["CLASS"] == "PRIVATE"
    assert values.get("STATUS", "CANCELLED") == "CANCELLED"
    assert _UTC.fullmatch(values["DTSTAMP"])
    assert _UID.fullmatch(values["UID"])
    assert 0 <= int(values["SEQUENCE"]) < 2**31
    if "DTEND" in values:
        assert values["DTEND"] > values["DTSTART"]
        assert len(values["DTEND"]) == len(values["DTSTART"])
    return Component(kind, values)
