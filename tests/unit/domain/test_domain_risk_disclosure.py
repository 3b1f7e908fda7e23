# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the risks and of a child's papers may leave, to whom, and what never does."""

from dataclasses import replace

import pytest
from tests.support import make
from tests.support.make import HERSELF, OWN_DESK, consent, disclosed, partner
from tests.unit.domain.disclosure_samples import (
    BUNDLE,
    CARRIED,
    DESK_PAPER,
    granted,
    reasons,
    with_deletion,
)

from kfdesk.domain.authority import OWN_STATEMENT_TYPES, acceptable_part
from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.risk import ITEM_KEYS
from kfdesk.domain.rows import Row
from kfdesk.domain.schema import DataGroup, SensitivityLevel
from kfdesk.domain.values import Value

LEFT = {"answer", "sources", "confidence"}  # what the items come to
ITEMS = {f"risk_line.{key}" for key in (ITEM_KEYS - LEFT) | {"own_words"}}
LINE = {f"risk_line.{key}" for key in RECORD_TYPES["risk_line"].fields} - ITEMS
PAPERS = {f"child_papers.{key}" for key in RECORD_TYPES["child_papers"].fields}
SUMMARY = ("identity", "risk_summary")


def rows() -> tuple[Row, ...]:
    return (
        make.row("client"), make.row("plan"), make.row("risk_assessment"), make.row("risk_line"),
        make.row("risk_event"), make.row("relationship"), make.row("child_papers"),
    )  # fmt: skip


def goes(*groups: str, purpose: str = "risk_enquiry_in_origin_country") -> Disclosed:
    agreed = consent(groups=groups, purpose=purpose)
    return disclosed(agreed, to=partner(), by=BUNDLE, rows=rows())


def named(what: Disclosed, prefix: str) -> set[str]:
    return {key for key in granted(what) if key.startswith(prefix)}


def test_summary_of_risks_goes_and_what_is_so_stays_at_the_desk() -> None:
    what = goes(*SUMMARY)
    assert named(what, "risk_line.") == LINE
    assert named(what, "risk_event.") == {
        "risk_event.kind", "risk_event.happened", "risk_event.account",
    }  # fmt: skip
    for key in ITEMS:
        assert reasons(what)[key] is WithheldReason.DESK
    assert {"risk_line.theme_answer", "risk_line.own_words"} <= ITEMS
    assert named(what, "child_papers.") == set()


@pytest.mark.parametrize(
    ("theme", "answer", "items", "goes_along"),
    [
        ("not_known", "not_known", {}, True),
        ("not_known", "nothing_found", {}, False),
        ("not_known", "found", {}, False),
        ("something", "nothing_found", {}, False),
        ("something", "found", {}, True),
        ("nothing", "nothing_found", {}, True),
        ("nothing", "nothing_found", {"present": ("pregnancy",)}, False),
        ("nothing", "found", {"unclear": ("pregnancy",)}, False),
        ("nothing", "found", {"present": ("pregnancy",)}, True),
        ("x_newer", "nothing_found", {}, False),
        (None, "nothing_found", {}, True),
    ],
)
def test_answer_that_says_less_than_its_theme_stays_until_it_is_decided(
    theme: str | None, answer: str, items: dict[str, Value], goes_along: bool
) -> None:
    line = make.row(
        "risk_line", {"category": "health", "theme_answer": theme, "answer": answer, **items}
    )
    agreed = consent(groups=SUMMARY, purpose="risk_enquiry_in_origin_country")
    among = tuple(line if row.type == "risk_line" else row for row in rows())
    what = disclosed(agreed, to=partner(), by=BUNDLE, rows=among)
    assert ("risk_line.answer" in granted(what)) == goes_along
    assert "risk_line.category" in granted(what)
    if not goes_along:
        assert reasons(what)["risk_line.answer"] is WithheldReason.CONFLICT
    ours = disclosed(to=OWN_DESK, by=DESK_PAPER, rows=among)
    assert "risk_line.answer" in granted(ours)


def test_childs_papers_go_with_the_family_alone() -> None:
    what = goes("identity", "children_family")
    assert named(what, "child_papers.") == PAPERS
    assert named(what, "risk_line.") == set()
    assert reasons(what)["risk_line.likelihood"] is WithheldReason.SCOPE


@pytest.mark.parametrize("purpose", ["health_care", "travel_booking", "referral_service"])
def test_other_purposes_open_neither(purpose: str) -> None:
    what = goes(*SUMMARY, "children_family", purpose=purpose)
    assert named(what, "risk_") == named(what, "child_papers.") == set()
    assert reasons(what)["risk_line.measure"] is WithheldReason.PURPOSE


def test_our_other_desk_has_all_of_it_on_its_papers_and_hers_none() -> None:
    ours = disclosed(to=OWN_DESK, by=DESK_PAPER, rows=rows())
    assert set(granted(ours)) >= ITEMS | LINE
    hers = disclosed(to=HERSELF, by=CARRIED, rows=rows())
    assert not [key for key in granted(hers) if key.startswith("risk_line")]
    carried = disclosed(to=OWN_DESK, by=CARRIED, rows=rows())
    assert not [key for key in granted(carried) if key.startswith("risk_line")]


def test_lines_of_a_weighing_in_the_bin_stay() -> None:
    binned = tuple(with_deletion(r) if r.type == "risk_assessment" else r for r in rows())
    agreed = consent(groups=SUMMARY, purpose="risk_enquiry_in_origin_country")
    what = disclosed(agreed, to=partner(), by=BUNDLE, rows=binned)
    assert named(what, "risk_line.") == set()


@pytest.mark.parametrize("record_type", ["risk_line", "child_papers"])
def test_nobody_writes_another_organisations_line_or_papers(record_type: str) -> None:
    assert record_type in OWN_STATEMENT_TYPES
    row = make.row(record_type, custodian=make.OURS)
    assert acceptable_part(row, make.PARTNER) is None
    own = acceptable_part(replace(row, custodian=make.PARTNER), make.PARTNER)
    assert own is not None
    assert own.rid == row.rid


def test_partner_may_tell_what_has_happened_in_our_plan() -> None:
    row = make.row("risk_event", custodian=make.PARTNER)
    assert acceptable_part(row, make.PARTNER) is not None


def test_all_that_is_written_of_a_risk_is_of_the_highest_level_that_leaves() -> None:
    for key, field in RECORD_TYPES["risk_line"].fields.items():
        assert field.level is SensitivityLevel.S4, key
        assert field.to in (DataGroup.RISK_SUMMARY, DataGroup.DESK), key
