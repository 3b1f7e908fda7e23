# SPDX-License-Identifier: GPL-3.0-or-later
"""How a paper reads what was disclosed: records by their class, and values as text.

What was not disclosed, was not asked or has a gap for an answer reads as empty here; a paper that
must tell these apart looks at the value itself.
"""

from typing import TypeVar

from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.rows import View, view
from kfdesk.domain.schema import type_name
from kfdesk.domain.values import in_language

R = TypeVar("R")


def records(what: Disclosed, cls: type[R]) -> list[R]:
    """The disclosed records of one type, by id."""
    return [seen.record for seen in views(what, cls)]


def views(what: Disclosed, cls: type[R]) -> list[View[R]]:
    """The same, for a paper that shows both values of a field in conflict."""
    name = type_name(cls)
    return [view(given.row, cls) for given in what.rows if given.type == name]


def told_of(value: object, language: str) -> str:
    """A told text in a language (ISO 639-1) in one line; empty where it has none."""
    return " ".join(_told(value, language).split())


def lines_of(value: object, language: str) -> tuple[str, ...]:
    """A told text that is a list: its lines, without the empty ones."""
    return tuple(line.strip() for line in _told(value, language).splitlines() if line.strip())


def text_of(value: object) -> str:
    """A plain text in one line, whatever was typed in the form; empty where there is none."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _told(value: object, language: str) -> str:
    return (in_language(value, language) or "") if isinstance(value, tuple) else ""
