# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory: freshness, opening hours, index terms, contact files, and what fits a step.

An entry is found by terms that are made here: `storage/search.py` keeps them, and knows
no entries. A contact file is read into `ParsedContact`, and `formats` knows how.
What a step of a plan needs is a `DirectoryNeed`; the order of its aspects is the order
of the list: what an organisation does comes before its country, and that before its
languages. Pure functions without index or messages.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from kfdesk.domain.codes.core import SERVICES
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.names import (
    FoldedWord,
    SortOrder,
    bare_words,
    fold_words,
    nordic_sort_key,
    plain_sort_key,
    strip_marks,
)
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import EntryCheck, Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import PartialDate, Value, ZonedTime

# --- freshness

STALE_MONTHS = 12
RIGHT_OUTCOMES = ("right", "corrected")
"""Outcomes of a check after which an entry is right."""
_VAIN_CHECKS = 3
"""So many checks in a row that reached nobody flag an entry."""


class Freshness(StrEnum):
    """The freshness of an entry."""

    FRESH = "fresh"
    STALE = "stale"
    UNCHECKED = "unchecked"


def freshness_of(entry: Organisation, today: date, found_right: date | None = None) -> Freshness:
    """Return the freshness of an entry today; `unverified` overrides any date.

    `found_right` is the day of the newest check that found it right.
    """
    months = months_since(last_checked(entry, found_right), today)
    if months is None or entry.verification == "unverified":
        return Freshness.UNCHECKED
    return Freshness.STALE if months >= STALE_MONTHS else Freshness.FRESH


def last_checked(entry: Organisation, found_right: date | None) -> Value:
    """Return the day on which an entry was last checked: the entered one, or a later check's."""
    if found_right is None or _checked_day(entry.checked) > found_right.isoformat():
        return entry.checked
    return found_right


def newest_right(checks: Iterable[EntryCheck]) -> date | None:
    """Return the day of the newest check that found an entry right; None if there is none."""
    days = (one.when.wall.date() for one in checks
            if one.outcome in RIGHT_OUTCOMES and isinstance(one.when, ZonedTime))  # fmt: skip
    return max(days, default=None)


def check_alarm(checks: Sequence[EntryCheck]) -> str:
    """Return what the checks of an entry, newest first, warn of: an outcome; empty if of nothing.

    It is `closed_down` after the newest one, or `not_reached` after three vain ones in a row.
    """
    last = [one.outcome for one in checks[:_VAIN_CHECKS]]
    if last[:1] == ["closed_down"]:
        return "closed_down"
    return "not_reached" if last == ["not_reached"] * _VAIN_CHECKS else ""


def fresh_since(today: date) -> date:
    """Return the earliest date of a check that is not stale today."""
    return months_before(today, STALE_MONTHS) + timedelta(days=1)


def months_since(checked: Value, today: date) -> int | None:
    """Return the whole months since the last check; None if there was none or no date is known."""
    if isinstance(checked, PartialDate):
        year, _, month = checked.text.partition("-")
        day = date(int(year), int(month or 1), 1)
    elif isinstance(checked, date):
        day = checked
    else:
        return None
    months = (today.year - day.year) * 12 + today.month - day.month
    return max(0, months - (today.day < day.day))


def months_before(today: date, months: int) -> date:
    """Return the date this many months ago; in a shorter month its last day."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


# --- opening hours

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ALWAYS_OPEN = "24/7"
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(?::\d\d)?\s*([ap])?\.?m?\.?", re.IGNORECASE)
_PART = re.compile(r"(Mo|Tu|We|Th|Fr|Sa|Su)(?:-(Mo|Tu|We|Th|Fr|Sa|Su))? (\d\d:\d\d)-(\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Open from one time to another, from one weekday to another (0 is Monday)."""

    first: int
    last: int
    opens: str
    closes: str


def parse_clock_time(text: str) -> str:
    """Return a time of day as `08:00`, from `8`, `8.00`, `4:00 PM` or `3pm`; empty if none."""
    matched = _TIME.fullmatch(text.strip())
    if matched is None:
        return ""
    hour, minute, half = int(matched[1]), int(matched[2] or 0), (matched[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return ""
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return f"{hour:02}:{minute:02}" if hour <= 24 and minute < 60 else ""


def weekday_number(text: str) -> int | None:
    """Return the number of a weekday such as `Monday`, `MO` or `Mo`; None if it is none."""
    head = text.strip().capitalize()[:2]
    return WEEKDAYS.index(head) if head in WEEKDAYS else None


def format_hours(times: Iterable[tuple[int, str, str]]) -> str:
    """Return days and times in the notation, with days of the same hours together."""
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
        f"{_day_span(first, last)} {span}" for first, last, spans in found for span in spans
    )


def parse_hours(text: str) -> Sequence[OpeningHours] | None:
    """Return the hours in the notation; None if the text is in words."""
    found = []
    for part in text.split(";"):
        matched = _PART.fullmatch(part.strip())
        if matched is None:
            return None
        first = WEEKDAYS.index(matched[1])
        last = WEEKDAYS.index(matched[2]) if matched[2] else first
        found.append(OpeningHours(first, last, matched[3], matched[4]))
    return found


def _day_span(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"


# --- contact files: export


class FileKind(StrEnum):
    """A kind of file, by its suffix."""

    VCARD = "vcf"
    CSV = "csv"
    XLSX = "xlsx"
    HSDS = "json"
    HSDS_TABLES = "zip"


@dataclass(frozen=True, slots=True)
class ExportSelection:
    """The entries to export; other disclosed records only lend their names."""

    what: Disclosed = field(repr=False)
    entries: frozenset[bytes] = field(repr=False)


# --- index terms and queries

MIN_DIGITS = 4  # fewer digits occur in nearly every number
MIN_FUZZY_LETTERS = 4  # a shorter word with an error would match too many others
MAX_FUZZY_LETTERS = 32  # the spellings of a longer word with an error would be thousands
MAX_DIGITS = 40  # of a number that is indexed; E.164 has at most 15
TERM_MARKS = "~=#@_"
"""The characters that mark terms other than plain words."""

_SOUND, _TITLE, _DIGITS, _CODE = "~", "=", "#", "@"
_TITLES = {"organisation": ("name",), "contact": ("given_name", "family_name")}
_NAMES = {"organisation": ("other_name", "city"), "contact": ()}
_EMPLOYER_KEYS = ("name", "other_name", "city")
_TEXTS = {
    "organisation": ("offers", "email", "website", "note"),
    "contact": ("role", "email", "note"),
}
FACETS = ("country", "services", "populations", "languages", "networks")
"""The fields of an organisation that filter the list, also for its people."""

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ"
_HEARD = "abdefgiklmnoprstuvшх"
_HUSHED = str.maketrans("SX", "шх")
"""Sound keys distinguish case, but the index does not: use other letters."""


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """The index terms of an entry, and its sort keys."""

    words: str = field(repr=False)
    plain: str = field(repr=False)
    nordic: str = field(repr=False)
    checked: str = ""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query: for each of `words`, one of its variants must begin a word of the entry.

    Entries whose name begins with one of `first` come first. All `codes` must match.
    `since` and `before` are stored dates between which the entry was checked. Entries that
    match an earlier query of `ranks` come above the others. Without ranks, the entries are ordered
    by name or, `is_by_check`, by the day of the last check.
    """

    words: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    first: tuple[str, ...] = field(default=(), repr=False)
    codes: tuple[str, ...] = ()
    since: str = ""
    before: str = ""
    order: SortOrder = SortOrder.LATIN
    ranks: tuple["SearchQuery", ...] = field(default=(), repr=False)
    is_by_check: bool = False
    is_backwards: bool = False


def index_terms_of(
    entry: RecordView[Any],
    house: RecordView[Any] | None,
    numbers: Iterable[str],
    checks: Iterable[EntryCheck] = (),
) -> IndexTerms:
    """Return the index terms of an organisation or a person; a person also has her employer's.

    `house` is her organisation. `numbers` are the telephones below the entry, `checks` those of
    the organisation.
    """
    kind = entry.row.type
    title, others = _TITLES[kind], _NAMES[kind]
    name = " ".join(_texts(entry, title))
    named = fold_words(name)
    more = fold_words(
        *_texts(entry, others), *(_texts(house, _EMPLOYER_KEYS) if house is not None else ())
    )
    own = _texts(entry, ("phone",)) if kind == "contact" else ()
    found = [
        *_word_and_sound((*named, *more)),
        *bare_words(*_texts(entry, _TEXTS[kind])),
        *_title_terms(named),
        *(
            _DIGITS + tail
            for number in (*numbers, *own)
            for tail in _digit_tails(phone_digits(number))
        ),
        code_term("type", kind),
        *_codes(house or entry),
    ]
    checked = (house or entry).record
    is_house = isinstance(checked, Organisation)
    day = _checked_day(last_checked(checked, newest_right(checks)) if is_house else None)
    return IndexTerms(
        " ".join(dict.fromkeys(found)), plain_sort_key(name), nordic_sort_key(name), day
    )


def title_terms(typed: str) -> tuple[str, ...]:
    """Return a name as one term without separators; empty if it has no letter."""
    return _title_terms(fold_words(typed))


def _title_terms(words: Sequence[FoldedWord]) -> tuple[str, ...]:
    letters = "".join(word.letters for word in words)
    sound = "".join(map(_sound_of, words))
    return tuple(_TITLE + one for one in (letters, _SOUND + sound if len(sound) > 1 else "") if one)


def code_term(key: str, code: str) -> str:
    """Return the term for a code of a field, such as the country EE."""
    return f"{_CODE}{key}_{code.lower()}"


def word_terms(word: FoldedWord) -> tuple[str, ...]:
    """Return the prefixes for a typed word: letters and, from two sounds on, its sound."""
    return (word.letters, _SOUND + _sound_of(word)) if len(word.sound) > 1 else (word.letters,)


def fuzzy_terms(word: FoldedWord) -> tuple[str, ...]:
    """Return the prefixes of a typed word with one letter wrong, missing, added or swapped."""
    if not MIN_FUZZY_LETTERS <= len(word.letters) <= MAX_FUZZY_LETTERS:
        return word_terms(word)
    signs = _CYRILLIC if word.letters[0] in _CYRILLIC else _LATIN
    near = dict.fromkeys(_one_edit_away(word.letters, signs))
    if len(word.sound) >= MIN_FUZZY_LETTERS:
        near |= dict.fromkeys(_SOUND + one for one in _one_edit_away(_sound_of(word), _HEARD))
    return (*word_terms(word), *near)


def digit_terms(typed: str) -> tuple[str, ...]:
    """Return the prefixes for typed digits; empty if they are too few."""
    digits = phone_digits(typed)
    return (_DIGITS + digits,) if len(digits) >= MIN_DIGITS else ()


def phone_digits(text: str) -> str:
    """Return the digits of a telephone number without leading zeros and without `(0)`.

    Only the first `MAX_DIGITS` count.
    """
    bare = text.replace("(0)", "")
    return "".join(sign for sign in bare if sign.isdecimal()).lstrip("0")[:MAX_DIGITS]


def _word_and_sound(words: Iterable[FoldedWord]) -> Iterator[str]:
    for word in words:
        yield from (word.letters, _SOUND + _sound_of(word)) if word.sound else (word.letters,)


def _sound_of(word: FoldedWord) -> str:
    return word.sound.translate(_HUSHED)


def _digit_tails(digits: str) -> Iterator[str]:
    """Yield the digits from each position on, so that any part of a number is a prefix."""
    for begin in range(max(0, len(digits) - MIN_DIGITS + 1)):
        yield digits[begin:]


def _codes(seen: RecordView[Any]) -> Iterator[str]:
    for key in FACETS:
        for value in _values(seen, key):
            codes = value if isinstance(value, tuple) else (value,)
            yield from (code_term(key, code) for code in codes if isinstance(code, str))


def _texts(seen: RecordView[Any], keys: Iterable[str]) -> tuple[str, ...]:
    found = (value for key in keys for value in _values(seen, key))
    return tuple(value for value in found if isinstance(value, str))


def _values(seen: RecordView[Any], key: str) -> Iterator[Any]:
    """Yield a field's value; of a field in conflict all versions."""
    yield getattr(seen.record, key, None)
    yield from (version.value for version in seen.versions.get(key, ()))


def _checked_day(checked: object) -> str:
    if isinstance(checked, PartialDate):
        return checked.text
    return checked.isoformat() if isinstance(checked, date) else ""


def _one_edit_away(word: str, signs: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + sign + tail[1:] for sign in signs)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + sign + tail for sign in signs)


# --- contact files: import

ParsedValue = str | tuple[str, ...] | bool
"""A value in a file: a text, codes, or a yes or no."""

MAX_ENTRIES = 100_000
MAX_LIST_BYTES = 32 * 1024 * 1024
MAX_UNPACKED_BYTES = 128 * 1024 * 1024
MAX_TEXT_LENGTH = 4_000  # letters of one value; what is longer is cut

COLUMN_KEYS = (
    "name", "other_name", "given_name", "family_name", "organisation", "role", "phone", "fax",
    "email", "website", "address", "city", "country", "languages", "services", "offers",
    "populations", "networks", "hours", "part_of", "contact_risk", "actor_type", "eligibility",
    "fees", "application", "area", "interpretation", "accessibility", "alert", "round_the_clock",
    "case_number_needed", "note",
)  # fmt: skip
"""The possible meanings of a column; any other column is ignored."""

NAMED_ORGANISATION_KEY = {"organisation": "part_of", "contact": "organisation"}
"""By type, the field that refers to an organisation by its name while in a file."""


@dataclass(frozen=True, slots=True)
class ParsedContact:
    """An entry of a file: its first line, record type, values and telephone numbers."""

    line: int
    type: str
    values: Mapping[str, ParsedValue] = field(repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """The name, as a list shows it."""
        keys = ("name",) if self.type == "organisation" else ("given_name", "family_name")
        return " ".join(str(self.values[key]) for key in keys if self.values.get(key))


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """An unreadable part of a file: where it begins, and a code for the reason."""

    line: int
    reason: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """The user's choices for a file: its encoding, and the meaning of each column.

    Empty means that it is guessed. A column without meaning has an empty key.
    """

    encoding: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of a table: its title, the assigned key, and its first value."""

    title: str
    key: str
    sample: str = field(default="", repr=False)


OTHER_FILE_KINDS = frozenset(
    {"PDF", "RTF", ".gz", ".7z", ".rar", "PNG", "JPEG", ".zst", "SQLite", ".xlsb", ".ods",
     ".numbers", ".docx", ".xls (Excel 97–2003)", "HTML, XML", "Strict Open XML"}
)  # fmt: skip
"""Kinds of files that are named when somebody takes them for a list of contacts."""
MAX_LEFT_OUT = 20
"""Names of tables, sheets and columns that are said to be left out."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file that was parsed. `is_sure` says that only this encoding fits it.

    `left_out` names what has no place in an entry: sheets, tables, properties of cards. Many
    entries are kept compressed.
    """

    entries: Sequence[ParsedContact] = ()
    broken: Sequence[ParseFailure] = ()
    columns: tuple[FileColumn, ...] = ()
    encoding: str = "utf-8"
    is_sure: bool = True
    left_out: tuple[str, ...] = ()


# --- what fits a step of a plan

_SERVICES: Mapping[str, tuple[str, ...]] = {
    "client": ("shelter", "safety", "basic_needs"),
    "referral": ("shelter", "safety", "legal", "health_physical", "health_mental"),
    "reception": ("reception_of_returnees", "shelter", "housing"),
    "risk_assessment": ("reception_of_returnees", "safety"),
    "legal_status": ("legal",),
    "leg": ("repatriation", "reception_of_returnees", "shelter"),
    "plan": ("reception_of_returnees", "repatriation", "shelter"),
    "travel_document": ("civil_documents",),
    "help_number": ("helpline",),
    "follow_up": ("reception_of_returnees", "social_network"),
    "check.fit_to_travel": ("health_physical",),
    "check.documents": ("civil_documents",),
    "check.transit_visa": ("civil_documents",),
    "check.reception": ("reception_of_returnees", "shelter", "housing"),
    "check.meeters": ("repatriation", "reception_of_returnees", "shelter"),
    "check.onward": ("repatriation", "reception_of_returnees"),
    "check.alarm_plan": ("helpline", "safety"),
    "check.money": ("economic", "basic_needs"),
    "check.medication": ("health_physical",),
    "check.luggage": ("basic_needs",),
    "check.hearings": ("legal",),
    "check.child": ("family",),
}
"""The services that help with a step: a record type, or a check before departure."""

_HERE = frozenset({
    "client", "referral", "legal_status", "travel_document", "check.fit_to_travel",
    "check.documents", "check.transit_visa", "check.money", "check.medication", "check.luggage",
    "check.hearings",
})  # fmt: skip
"""Steps taken where the client is now; the others concern her destination."""

_ARRIVED = frozenset({"arrived", "reintegrating", "follow_up"})
_REFERRAL_STATES = frozenset({"DK", "EE", "FI", "DE", "IS", "LV", "LT", "NO", "PL", "SE"})
_BALTIC = frozenset({"EE", "LV", "LT", "FI", "PL", "RU", "DE"})
_SWEDISH = ("contact_network_se", "samverkan_stockholm", "civil_platform_se")
_POPULATIONS: Mapping[str, tuple[str, str]] = {
    "Feminine": ("women", "girls"), "TransgenderFeminine": ("lgbti", "lgbti"),
    "Masculine": ("men", "boys"), "TransgenderMasculine": ("lgbti", "lgbti"),
    "NonConforming": ("lgbti", "lgbti"),
}  # fmt: skip
_MIN_TOWN_LETTERS = 3  # letters of a word that names a place
_KINDS_OF_PLACE = frozenset({
    "oblast", "region", "county", "lan", "city", "town", "kommun", "province", "district",
    "область", "краи", "раион", "город", "республика", "krai", "raion", "maakond", "novads",
})  # fmt: skip
"""Words for kinds of place beside a name, without marks."""
_CHILDREN = frozenset({"age_0_8", "age_9_17"})
_EXPLOITED: Mapping[str, str] = {
    "SexualExploitation": "sexual", "ForcedLabour": "labour", "ChildLabour": "labour",
    "Servitude": "labour", "ForcedBegging": "labour",
}  # fmt: skip


class MatchAspect(StrEnum):
    """An aspect by which an entry fits, in order of weight."""

    SERVICES = "services"
    COUNTRY = "country"
    LANGUAGES = "languages"
    TOWN = "town"
    POPULATIONS = "populations"
    CHECKED = "checked"
    NETWORKS = "networks"


@dataclass(frozen=True, slots=True)
class DirectoryNeed:
    """A need to search for; empty parts do not matter."""

    services: tuple[str, ...] = ()
    country: str = ""
    languages: tuple[str, ...] = field(default=(), repr=False)
    towns: tuple[str, ...] = field(default=(), repr=False)
    populations: tuple[str, ...] = field(default=(), repr=False)

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks that reach into the country."""
        if not self.country:
            return ()
        found = list(_SWEDISH) if self.country == "SE" else []
        found += ["angel_coalition"] if self.country == "RU" else []
        found += ["baltic_partners"] if self.country in _BALTIC else []
        found += ["cbss_trm"] if self.country in _REFERRAL_STATES else []
        return (*found, "global")


FitReason = tuple[MatchAspect, tuple[str, ...]]
"""An aspect and its matching codes; the name of a town, nothing for a check."""


def need_for_step(step: str, plan: Plan, client: Client, part: object = None) -> DirectoryNeed:
    """Return what a step of a plan needs; `part` is the area of life of a goal."""
    services = (part,) if isinstance(part, str) and part in SERVICES else _SERVICES.get(step, ())
    is_here = step in _HERE and plan.state not in _ARRIVED
    country = plan.from_country if is_here else plan.to_country
    place = plan.to_place if not is_here and isinstance(plan.to_place, tuple) else ()
    return DirectoryNeed(
        services=services,
        country=country if isinstance(country, str) else "",
        languages=client.languages if isinstance(client.languages, tuple) else (),
        towns=tuple(dict.fromkeys(_town_words(wording.text for wording in place))),
        populations=tuple(dict.fromkeys(_populations(plan, client))),
    )


def has_directory_help(step: str) -> bool:
    """Return whether directory entries can help with a step at all."""
    return step in _SERVICES


def required_terms(need: DirectoryNeed) -> tuple[str, ...]:
    """Return index terms of which an entry must have one to offer what is needed."""
    return tuple(code_term("services", code) for code in need.services)


def ranked_queries(need: DirectoryNeed, today: date) -> tuple[SearchQuery, ...]:
    """Return a query for each aspect that matters, in order of weight."""
    town = tuple(lead for word in fold_words(*need.towns) for lead in word_terms(word))
    found = (
        _any_code_query("services", need.services),
        _any_code_query("country", (need.country,) if need.country else ()),
        _any_code_query("languages", need.languages),
        SearchQuery((town,)) if town else None,
        _any_code_query("populations", need.populations),
        SearchQuery(since=fresh_since(today).isoformat()),
        _any_code_query("networks", need.networks),
    )
    return tuple(one for one in found if one is not None)


def match_reasons(entry: Organisation, need: DirectoryNeed, today: date) -> Iterator[FitReason]:
    """Yield why an entry fits, in the order of the aspects."""
    said: Mapping[MatchAspect, tuple[str, ...]] = {
        MatchAspect.SERVICES: _shared(need.services, entry.services),
        MatchAspect.COUNTRY: (need.country,) if entry.country == need.country != "" else (),
        MatchAspect.LANGUAGES: _shared(need.languages, entry.languages),
        MatchAspect.TOWN: _matching_town(entry, need.towns),
        MatchAspect.POPULATIONS: _shared(need.populations, entry.populations),
        MatchAspect.NETWORKS: _shared(need.networks, entry.networks),
    }
    for aspect in MatchAspect:
        if aspect is MatchAspect.CHECKED:
            if freshness_of(entry, today) is Freshness.FRESH:
                yield aspect, ()
        elif said[aspect]:
            yield aspect, said[aspect]


def narrow_query(sought: SearchQuery, need: DirectoryNeed, today: date) -> SearchQuery:
    """Return the user's query limited to entries that offer what is needed, best first."""
    if not need.services:
        return replace(sought, ranks=ranked_queries(need, today))
    words = (*sought.words, required_terms(need))
    return replace(sought, words=words, ranks=ranked_queries(replace(need, services=()), today))


def _populations(plan: Plan, client: Client) -> Iterator[str]:
    grown, young = _POPULATIONS.get(str(client.gender), ("", ""))
    group = young if client.age_band in _CHILDREN else grown
    if group:
        yield group
    if isinstance(client.number_of_children, int) and client.number_of_children > 0:
        yield "families"
    kinds = plan.type_of_exploitation
    for kind in kinds if isinstance(kinds, tuple) else ():
        if kind in _EXPLOITED:
            yield _EXPLOITED[kind]


def _any_code_query(key: str, codes: tuple[str, ...]) -> SearchQuery | None:
    return SearchQuery((tuple(code_term(key, code) for code in codes),)) if codes else None


def _shared(wanted: tuple[str, ...], held: object) -> tuple[str, ...]:
    return tuple(code for code in wanted if isinstance(held, tuple) and code in held)


def _town_words(texts: Iterable[str]) -> Iterator[str]:
    """Yield the words that name a place, without words for its kind."""
    for word in (word for text in texts for word in text.replace(",", " ").split()):
        if len(word) >= _MIN_TOWN_LETTERS and strip_marks(word).strip(".") not in _KINDS_OF_PLACE:
            yield word


def _matching_town(entry: Organisation, towns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the wanted town that the entry has as its city or in its name."""
    wanted = fold_words(*towns)
    for text in (entry.city, entry.name, entry.other_name):
        there = fold_words(text) if isinstance(text, str) else ()
        if any(one.begins_with(part) for one in there for part in wanted):
            return (str(entry.city) if isinstance(entry.city, str) else str(text),)
    return ()
