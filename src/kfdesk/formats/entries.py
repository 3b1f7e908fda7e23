# SPDX-License-Identifier: GPL-3.0-or-later
"""An entry while it is read: values cleaned, cut and put under the keys of their records.

What has no field of its own is not thrown away but noted. Countries, languages and services are
known by their codes and by their names in many languages. Knows no format.
"""

from collections.abc import Iterable

from kfdesk.domain.kinds import Code, Codes, cleaned_text
from kfdesk.domain.listing.listed import MOST_TEXT, Listed, Said
from kfdesk.domain.records.registry import TYPES
from kfdesk.i18n.listing.naming import country_code, language_code

_FAX = "Fax"
_OF_LINES = frozenset({"address", "offers", "hours"})


class Draft:
    """One entry that grows line by line."""

    def __init__(self, line: int, record_type: str) -> None:
        self._line = line
        self.type = record_type
        self._fields = TYPES[record_type].fields
        self._values: dict[str, Said] = {}
        self._numbers: list[str] = []
        self._notes: list[str] = []

    def put(self, key: str, text: str) -> None:
        """Set a field from its text; one that is set keeps its first value, the rest is noted."""
        clean = cleaned_text(text.replace("\r\n", "\n").replace("\r", "\n"))[:MOST_TEXT].strip()
        if not clean:
            return
        kind = self._fields[key].kind
        if isinstance(kind, Codes):
            self.put_codes(key, clean.replace(";", ",").split(","))
        elif (isinstance(kind, Code) and kind.codes.get(clean) is None) or key in self._values:
            self.note(clean)
        else:
            self._values[key] = clean if key in _OF_LINES else " ".join(clean.split())

    def put_codes(self, key: str, words: Iterable[str]) -> None:
        """Set those words that are codes of the field's list, or names of languages."""
        kind = self._fields[key].kind
        assert isinstance(kind, Codes)
        said = [word.strip() for word in words if word.strip()]
        known = [language_code(word) if key == "languages" else word for word in said]
        codes = tuple(dict.fromkeys(code for code in known if code in kind.codes))
        for word, code in zip(said, known, strict=True):
            if not code:
                self.note(word)
        if codes:
            self._values[key] = codes

    def put_country(self, text: str) -> None:
        """Set the country by its code or by its name; one that nobody knows is noted."""
        code = country_code(cleaned_text(text))
        if code and "country" in self._fields:
            self._values.setdefault("country", code)
        elif text.strip():
            self.note(text)

    def number(self, text: str, *, is_called: bool = True) -> None:
        """Add a telephone, each once; a number that nobody answers is noted."""
        clean = cleaned_text(text.replace("\n", " ")).strip("\"' ")[:100]
        if clean and not is_called:
            self.note(f"{_FAX} {clean}")
        elif clean and clean not in self._numbers:
            self._numbers.append(clean)

    def note(self, text: str) -> None:
        """Note what has no field, each once."""
        clean = cleaned_text(text.replace("\r\n", "\n").replace("\r", "\n"))
        if clean and clean not in self._notes:
            self._notes.append(clean)

    @property
    def has_name(self) -> bool:
        """Whether a list could show it."""
        return not self._values.keys().isdisjoint(("name", "given_name", "family_name"))

    def done(self) -> Listed:
        """The entry as it was read."""
        values = dict(self._values)
        if self._notes:
            values["note"] = "\n".join(self._notes)[:MOST_TEXT]
        return Listed(self._line, self.type, values, tuple(self._numbers))
