# SPDX-License-Identifier: GPL-3.0-or-later
"""A procedure as one JSON file, read and written: `docs/procedures.md` describes it.

The names are those of a FHIR PlanDefinition where it has the same thing. A file of another shape
is refused with the place of the fault. Codes that no list knows are kept. Every text is plain:
marks of HTML are letters like others. Knows no store and no list of codes.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import clean_text
from kfdesk.domain.procedures.files import MAX_FILE_BYTES, FileValues, ProcedureFile
from kfdesk.domain.procedures.steps import MAX_STEPS
from kfdesk.domain.values import LocalizedText, Translation, Value, text_or_empty

RESOURCE = "PlanDefinition"
FORMAT_VERSION = 1
MAX_TEXT_LENGTH = 4_000
MAX_CODES = 40
"""The most codes, warnings or earlier steps in one part of a step."""
_MAX_PART = 60  # letters of the name of a part that is not read
_MAX_PARTS = 20  # such names that are told
_LARGEST = 1_000_000
_MAX_LANGUAGES = 40

Json = Any
Place = str


class _TornError(Exception):
    """A value has another shape than its part; `place` names the part."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


# --- all procedures behind one class


class ProcedureFiles:
    """Reads and writes procedures, and knows those in a folder, which come with the program."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, data: bytes) -> ProcedureFile:
        """Read a procedure. Raise KfdeskError `procedure.…`."""
        return read_procedure(data)

    def write(self, procedure: ProcedureFile) -> bytes:
        """Return the file of a procedure."""
        return write_procedure(procedure)

    def shipped(self) -> Mapping[str, bytes]:
        """Return the files that come with the program, by name. Raise OSError."""
        return {path.stem: path.read_bytes() for path in sorted(self._folder.glob("*.json"))}


# --- single values


def _text(value: Json, place: Place) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT_LENGTH:
        raise _TornError(place)
    return clean_text(value)


def _line(value: Json, place: Place) -> str:
    return " ".join(_text(value, place).split())


def _read_texts(value: Json, place: Place) -> LocalizedText:
    if not isinstance(value, dict) or len(value) > _MAX_LANGUAGES:
        raise _TornError(place)
    for code in value:
        if not (code.isascii() and code.isalpha() and code.islower() and len(code) in {2, 3}):
            raise _TornError(place)
    texts = {code: _text(one, place) for code, one in value.items()}
    return tuple(Translation(code, one) for code, one in texts.items() if one)


def _day(value: Json, place: Place) -> date:
    text = _line(value, place)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _TornError(place) from None
    if day.isoformat() != text:
        raise _TornError(place)
    return day


def _number(value: Json, place: Place) -> int:
    if type(value) is not int or abs(value) > _LARGEST:
        raise _TornError(place)
    return value


def _yes_no(value: Json, place: Place) -> bool:
    if not isinstance(value, bool):
        raise _TornError(place)
    return value


def _items(value: Json, place: Place) -> list[Json]:
    if not isinstance(value, list) or len(value) > MAX_CODES:
        raise _TornError(place)
    return value


def _codes(value: Json, place: Place) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (_line(one, place) for one in _items(value, place)))))


def _numbers(value: Json, place: Place) -> str:
    """Return numbers as the field keeps them: `15 10 3`."""
    return " ".join(str(_number(one, place)) for one in _items(value, place))


# --- parts of a procedure

ReadValue = Callable[[Json, Place], Value]


class _Part(NamedTuple):
    """A part with one value: the way to it, the key of its field, and how it is read."""

    path: tuple[str, ...]
    key: str
    read: ReadValue


_PROCEDURE_PARTS = (
    _Part(("title",), "title", _read_texts),
    _Part(("version",), "version", _line),
    _Part(("status",), "status", _line),
    _Part(("date",), "dated", _day),
    _Part(("country",), "country", _line),
    _Part(("region",), "region", _line),
    _Part(("effectivePeriod", "start"), "effective_from", _day),
    _Part(("effectivePeriod", "end"), "effective_to", _day),
    _Part(("purpose",), "purpose", _read_texts),
    _Part(("source",), "source", _read_texts),
    _Part(("reviewBy",), "review_by", _day),
)
_STEP_PARTS = (
    _Part(("prefix",), "prefix", _line),
    _Part(("title",), "title", _read_texts),
    _Part(("description",), "what", _read_texts),
    _Part(("condition",), "applies", _codes),
    _Part(("requiredBehavior",), "requirement", _line),
    _Part(("timing", "event"), "event", _line),
    _Part(("timing", "step"), "event_step", _line),
    _Part(("timing", "offsetDuration", "value"), "amount", _number),
    _Part(("timing", "offsetDuration", "unit"), "unit", _line),
    _Part(("timing", "kind"), "clock", _line),
    _Part(("timing", "rolls"), "rolls", _yes_no),
    _Part(("timing", "warn"), "warn", _numbers),
    _Part(("timing", "prolong"), "prolong", _read_texts),
    _Part(("form", "number"), "form_number", _line),
    _Part(("form", "from"), "form_from", _line),
    _Part(("documentation", "citation"), "law", _line),
    _Part(("documentation", "checked"), "law_read", _day),
    _Part(("documentation", "checkedBy"), "law_read_by", _line),
    _Part(("needsConsent",), "needs_consent", _line),
    _Part(("proof",), "proof", _line),
)
_ROLES = {
    "lead": "lead",
    "takes-part": "takes_part",
    "informed": "informs",
    "deputy": "deputy",
    "pays": "pays",
}
"""The types of participants, with the keys of their fields."""
_SEVERAL = frozenset({"takes_part", "informs"})
_AFTER = "after-end"

# --- reading


def read_procedure(data: bytes) -> ProcedureFile:
    """Read a procedure.

    Raise KfdeskError `procedure.too_large` (`most`, MB), `procedure.not_json`,
    `procedure.newer`, `procedure.too_many` (`most`, steps) or `procedure.torn` (`place`).
    """
    if len(data) > MAX_FILE_BYTES:
        raise KfdeskError("procedure.too_large", most=MAX_FILE_BYTES // 2**20)
    try:
        whole = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_number
        )
    except (ValueError, RecursionError):
        raise KfdeskError("procedure.not_json") from None
    if not isinstance(whole, dict) or whole.get("resourceType") != RESOURCE:
        raise KfdeskError("procedure.not_json")
    try:
        return _read_whole(whole)
    except _TornError as torn:
        raise KfdeskError("procedure.torn", place=torn.place) from None


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _no_number(_text: str) -> Json:
    raise ValueError("not a number of JSON")


def _read_whole(whole: dict[str, Json]) -> ProcedureFile:
    version = _number(whole.get("kfdesk"), "kfdesk")
    if version > FORMAT_VERSION:
        raise KfdeskError("procedure.newer")
    if version < 1:
        raise _TornError("kfdesk")
    actions = whole.get("action", [])
    if not isinstance(actions, list):
        raise _TornError("action")
    if len(actions) > MAX_STEPS:
        raise KfdeskError("procedure.too_many", most=MAX_STEPS)
    others = _Unread(whole, ("resourceType", "kfdesk", "action"))
    values = _read_parts(whole, _PROCEDURE_PARTS, "", others)
    steps, left_out = [], [*others.names()]
    for number, action in enumerate(actions, start=1):
        step, unread = _read_step(action, f"action {number}")
        steps.append(step)
        left_out += (f"action {number}, {name}" for name in unread.names())
    return ProcedureFile(values, tuple(steps), tuple(left_out[:_MAX_PARTS]))


def _read_step(action: Json, place: Place) -> tuple[FileValues, "_Unread"]:
    if not isinstance(action, dict):
        raise _TornError(place)
    others = _Unread(action, ("participant", "relatedAction"))
    values = dict(_read_parts(action, _STEP_PARTS, f"{place}, ", others))
    values |= _read_actors(action.get("participant", []), f"{place}, participant")
    related = _items(action.get("relatedAction", []), f"{place}, relatedAction")
    after = [_read_related(one, f"{place}, relatedAction") for one in related]
    if after:
        values["after"] = " ".join(dict.fromkeys(after))
    return values, others


def _read_parts(
    whole: Mapping[str, Json], parts: Iterable[_Part], above: Place, others: "_Unread"
) -> FileValues:
    values: dict[str, Value] = {}
    for part in parts:
        place = f"{above}{'.'.join(part.path)}"
        found: Json = whole
        for name in part.path:
            if not isinstance(found, dict):
                raise _TornError(place)
            found = found.get(name)
            if found is None:
                break
        others.forget(part.path)
        value = None if found is None else part.read(found, place)
        if value not in (None, "", ()):
            values[part.key] = value
    return values


def _read_actors(value: Json, place: Place) -> FileValues:
    """Return who does what by the keys of the fields; one leads, stands in and pays."""
    found: dict[str, list[str]] = {}
    for one in _items(value, place):
        if not isinstance(one, dict) or set(one) != {"type", "role"}:
            raise _TornError(place)
        key = _ROLES.get(_line(one["type"], place))
        if key is None:
            raise _TornError(place)
        found.setdefault(key, []).append(_line(one["role"], place))
    if any(len(roles) > 1 for key, roles in found.items() if key not in _SEVERAL):
        raise _TornError(place)
    return {
        key: tuple(dict.fromkeys(roles)) if key in _SEVERAL else roles[0]
        for key, roles in found.items()
        if all(roles)
    }


def _read_related(value: Json, place: Place) -> str:
    if not isinstance(value, dict) or set(value) != {"targetId", "relationship"}:
        raise _TornError(place)
    target = _line(value["targetId"], place)
    if value["relationship"] != _AFTER or not target or " " in target:
        raise _TornError(place)
    return target


class _Unread:
    """The parts of an object that are not read, down to the parts of its parts."""

    def __init__(self, whole: Mapping[str, Json], read_elsewhere: Iterable[str]) -> None:
        own = {key: value for key, value in whole.items() if key not in read_elsewhere}
        self._paths = dict.fromkeys(_paths(own))

    def forget(self, path: tuple[str, ...]) -> None:
        """Take away a part that was read, with everything in it."""
        for one in [one for one in self._paths if one[: len(path)] == path]:
            del self._paths[one]

    def names(self) -> list[str]:
        """Return the names of the parts that are left."""
        return [clean_text(".".join(path))[:_MAX_PART] for path in self._paths]


def _paths(whole: Mapping[str, Json], above: tuple[str, ...] = ()) -> Iterable[tuple[str, ...]]:
    """Yield the way to each value that is not empty; objects of objects to a depth of three."""
    for key, value in whole.items():
        path = (*above, key)
        if isinstance(value, dict) and value and len(path) < len(_DEEPEST):
            yield from _paths(value, path)
        elif value not in (None, "", [], {}):
            yield path


_DEEPEST = max((part.path for part in _STEP_PARTS), key=len)

# --- writing


def write_procedure(procedure: ProcedureFile) -> bytes:
    """Return the file; what it has no part for is left out. Same procedure, same bytes."""
    whole: dict[str, Json] = {"resourceType": RESOURCE, "kfdesk": FORMAT_VERSION}
    _write_parts(whole, procedure.values, _PROCEDURE_PARTS)
    whole["action"] = [_write_step(step) for step in procedure.steps]
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _write_step(values: FileValues) -> dict[str, Json]:
    action: dict[str, Json] = {}
    first, others = _STEP_PARTS[:3], _STEP_PARTS[3:]
    _write_parts(action, values, first)
    who = [
        {"type": name, "role": role}
        for name, key in _ROLES.items()
        for role in _listed(values.get(key))
    ]
    if who:
        action["participant"] = who
    after = text_or_empty(values.get("after")).replace(",", " ").split()
    if after:
        action["relatedAction"] = [{"targetId": one, "relationship": _AFTER} for one in after]
    _write_parts(action, values, others)
    return action


def _write_parts(whole: dict[str, Json], values: FileValues, parts: Iterable[_Part]) -> None:
    for part in parts:
        written = _WRITERS.get(part.read, _plain)(values.get(part.key))
        if written in (None, "", [], {}):
            continue
        inside = whole
        for name in part.path[:-1]:
            inside = inside.setdefault(name, {})
        inside[part.path[-1]] = written


def _listed(value: Value) -> tuple[str, ...]:
    """Return one code or several as a sequence; nothing for a missing answer."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _plain(value: Value) -> Json:
    return value if isinstance(value, str | int) else None


def _written_texts(value: Value) -> Json:
    if not isinstance(value, tuple):
        return None
    return {one.language: one.text for one in value if isinstance(one, Translation)}


def _written_day(value: Value) -> Json:
    return value.isoformat() if type(value) is date else None


def _written_codes(value: Value) -> Json:
    return [*_listed(value)]


def _written_numbers(value: Value) -> Json:
    """Return the numbers of a text; a text with anything else is left out."""
    words = text_or_empty(value).split()
    return [int(one) for one in words] if all(map(_is_number, words)) else None


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= len(str(_LARGEST))


_WRITERS: Mapping[ReadValue, Callable[[Value], Json]] = {
    _read_texts: _written_texts,
    _day: _written_day,
    _codes: _written_codes,
    _numbers: _written_numbers,
}
"""The writers of the values of a part that are not written as they are."""
