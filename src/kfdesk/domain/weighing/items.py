# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of a category as one weighing answers them: what is known, from where, how sure it is.

A line keeps them as lists of items, one list an answer, a source or a degree of sureness; what
they come to leaves the desk in their place. Read and worked out here, for the page, the file copy
and the one service that writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kfdesk.domain.lists.risk_codes import CONFIDENCE, ITEMS, RISK_SOURCE
from kfdesk.domain.records.risk.risk_line import RiskLine
from kfdesk.domain.values import Value


class ItemAnswer(StrEnum):
    """What is known of an item."""

    OPEN = "open"
    SO = "so"
    NOT_SO = "not_so"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Item:
    """An item answered; `source` and `confidence` are codes, None where nobody has said."""

    answer: ItemAnswer = ItemAnswer.OPEN
    source: str | None = None
    confidence: str | None = None


_ANSWERS: Mapping[str, str] = {
    ItemAnswer.NOT_SO: "absent",
    ItemAnswer.SO: "present",
    ItemAnswer.NOT_KNOWN: "unclear",
}
"""The field that holds each answer; where an item stands in two, the later of these counts."""

_SOURCES: Mapping[str, str] = {
    "client_statement": "from_her",
    "origin_partner": "from_partner",
    "authority": "from_authority",
    "country_information": "from_reports",
    "worker_observation": "from_us",
}
_CONFIDENCES: Mapping[str, str] = {code: code for code in CONFIDENCE}
"""From the surest to the least sure, which counts where an item stands in two."""

_FIELDS = {"answer": _ANSWERS, "source": _SOURCES, "confidence": _CONFIDENCES}

ITEM_KEYS = frozenset(
    {"answer", "sources", "confidence", *_ANSWERS.values(), *_SOURCES.values(), *_CONFIDENCES}
)
"""The fields of a line that follow from the answers, and are written together."""


def items_of(category: str, line: RiskLine | None) -> dict[str, Item]:
    """Each item of a category as a line answers it; without one, all are open."""
    answers, sources, confidences = (_by_item(line, fields) for fields in _FIELDS.values())
    answered = {
        item: Item(ItemAnswer(answer), sources.get(item), confidences.get(item))
        for item, answer in answers.items()
    }
    return {item: answered.get(item, Item()) for item in ITEMS[category]}


def values_of(items: Mapping[str, Item]) -> dict[str, Value]:
    """The fields of a line with these items answered, and what they come to.

    What is open comes from nowhere. The sources and the least of the confidence are those of what
    was found or is not known; where nothing was, of all.
    """
    given = {name: item for name, item in items.items() if item.answer is not ItemAnswer.OPEN}
    held: dict[str, Value] = {
        field: tuple(name for name, one in given.items() if getattr(one, attribute) == code) or None
        for attribute, fields in _FIELDS.items()
        for code, field in fields.items()
    }
    found = [one for one in given.values() if one.answer is not ItemAnswer.NOT_SO]
    counted = found or list(given.values())
    said = {one.source for one in counted}
    sure = {one.confidence for one in counted}
    return held | {
        "answer": _comes_to(items),
        "sources": tuple(code for code in RISK_SOURCE if code in said) or None,
        "confidence": next((code for code in reversed(tuple(CONFIDENCE)) if code in sure), None),
    }


def _comes_to(items: Mapping[str, Item]) -> str | None:
    answers = frozenset(item.answer for item in items.values())
    if ItemAnswer.OPEN in answers:
        return None
    if ItemAnswer.NOT_KNOWN in answers:
        return "not_known"
    return "found" if ItemAnswer.SO in answers else "nothing_found"


def _by_item(line: RiskLine | None, fields: Mapping[str, str]) -> dict[str, str]:
    """By item the code of the field that holds it; the last of several."""
    held = ((getattr(line, field, None), code) for code, field in fields.items())
    return {item: code for items, code in held if isinstance(items, tuple) for item in items}
