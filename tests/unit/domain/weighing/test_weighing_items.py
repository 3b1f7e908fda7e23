# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of a category: answered, from where, how sure; and what they come to for others."""

from dataclasses import replace

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import line

from kfdesk.domain.codes.risk import CATEGORY_ITEMS, CONFIDENCE, RISK_SOURCE
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import ITEM_KEYS, ItemAnswer, RiskItem, items_on_line, line_fields
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value

SO, NOT_SO, NOT_KNOWN, OPEN = (
    RiskItem(ItemAnswer.SO), RiskItem(ItemAnswer.NOT_SO), RiskItem(ItemAnswer.NOT_KNOWN),
    RiskItem(),
)  # fmt: skip


def items(**answered: RiskItem) -> dict[str, RiskItem]:
    """Return the items of the category of the way, those that are not named being not so."""
    return dict.fromkeys(CATEGORY_ITEMS["travel"], NOT_SO) | answered


def read(values: dict[str, Value]) -> dict[str, RiskItem]:
    return items_on_line("travel", view(make.row("risk_line", values), RiskLine).record)


@pytest.mark.parametrize("source", [None, *RISK_SOURCE])
@pytest.mark.parametrize("confidence", [None, *CONFIDENCE])
@pytest.mark.parametrize("answer", [ItemAnswer.SO, ItemAnswer.NOT_SO, ItemAnswer.NOT_KNOWN])
def test_what_is_written_of_an_item_is_read_again(
    answer: ItemAnswer, source: str | None, confidence: str | None
) -> None:
    said = items(transit_unmet=RiskItem(answer, source, confidence), document_tells=OPEN)
    assert read(line_fields(said)) == said


def test_every_field_is_written_so_that_no_old_answer_stays() -> None:
    assert line_fields(items()).keys() == ITEM_KEYS - {"theme_answer"}


def test_open_item_comes_from_nowhere() -> None:
    said = items(transit_unmet=replace(OPEN, source="authority", confidence="confirmed"))
    assert read(line_fields(said))["transit_unmet"] == OPEN


@pytest.mark.parametrize(
    ("answered", "comes_to"),
    [
        ({}, "nothing_found"),
        ({"transit_unmet": SO}, "found"),
        ({"transit_unmet": SO, "document_tells": NOT_KNOWN}, "not_known"),
        ({"transit_unmet": NOT_KNOWN, "document_tells": OPEN}, None),
    ],
)
def test_answers_come_to_one(answered: dict[str, RiskItem], comes_to: str | None) -> None:
    assert line_fields(items(**answered))["answer"] == comes_to


def test_sources_and_the_least_of_the_confidence_are_those_of_what_was_found() -> None:
    found = line_fields(
        items(
            transit_unmet=RiskItem(ItemAnswer.SO, "worker_observation", "confirmed"),
            document_tells=RiskItem(ItemAnswer.NOT_KNOWN, "client_statement", "probable"),
            alone_with_infants=RiskItem(ItemAnswer.NOT_SO, "authority", "uncertain"),
        )
    )
    assert found["sources"] == ("client_statement", "worker_observation")
    assert found["confidence"] == "probable"


def test_where_nothing_was_found_the_sources_are_those_of_all() -> None:
    found = line_fields(items(transit_unmet=RiskItem(ItemAnswer.NOT_SO, "authority", "uncertain")))
    assert (found["sources"], found["confidence"]) == (("authority",), "uncertain")
    nobody = line_fields(items())
    assert (nobody["sources"], nobody["confidence"]) == (None, None)


def test_item_in_two_answers_counts_as_the_graver() -> None:
    record = view(
        line("retrafficking", present=("debt", "no_income"), absent=("debt", "addiction"),
             unclear=("no_income",), confirmed=("debt",), uncertain=("debt",)),
        RiskLine,
    ).record  # fmt: skip
    found = items_on_line("retrafficking", record)
    assert found["debt"] == RiskItem(ItemAnswer.SO, None, "uncertain")
    assert (found["no_income"], found["addiction"], found["no_housing"]) == (
        NOT_KNOWN, NOT_SO, OPEN,
    )  # fmt: skip
    assert set(items_on_line("health", None).values()) == {OPEN}
