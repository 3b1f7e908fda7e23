# SPDX-License-Identifier: GPL-3.0-or-later
"""The categories and their items, code by code: what was agreed to be asked before a return."""

from collections.abc import Mapping

import pytest

from kfdesk.domain.codes.risk import (
    CATEGORY_ITEMS,
    CONFIDENCE,
    FOR_CHILDREN,
    LIKELIHOOD,
    MITIGATION_STATUS,
    RISK_ANSWER,
    RISK_CATEGORY,
    RISK_ITEM,
    RISK_LEVEL,
    RISK_SOURCE,
    RISK_THEME,
    SEVERITY,
    TRIGGER_EVENT,
)
from kfdesk.domain.kinds import CodeKind, CodeSetKind
from kfdesk.domain.records.client import CHILD, ChildPapers
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.records.risk import RISK, RiskLine
from kfdesk.domain.risk import ITEM_KEYS, RiskLevel, ThemeAnswer
from kfdesk.domain.schema import fields_of

AGREED: Mapping[str, tuple[str, ...]] = {
    "trafficker_network": (
        "threats_received",
        "home_address_known",
        "in_home_community",
        "trafficker_free",
        "debt_claimed",
        "linked_to_officials",
        "contact_since_exit",
        "images_held",
    ),
    "family_community": (
        "family_recruited",
        "violence_at_home",
        "family_does_not_agree",
        "rejection",
        "honour_threat",
        "children_at_risk",
        "family_knows",
    ),
    "retrafficking": (
        "no_income",
        "debt",
        "no_housing",
        "dependent_minors",
        "low_schooling",
        "addiction",
        "earlier_trafficking",
        "wish_to_leave_again",
    ),
    "state_protection": (
        "police_do_not_protect",
        "corruption",
        "criminalised",
        "no_witness_protection",
        "border_detention",
        "political_profile",
    ),
    "legal_proceedings": (
        "testimony",
        "protection_in_force",
        "claim_lapses",
        "custody_dispute",
        "own_offence",
    ),
    "health": (
        "urgent_care",
        "pregnancy",
        "infection_treated",
        "mental_health",
        "medication_missing",
        "disability",
        "substance_treatment",
    ),
    "travel": (
        "no_valid_document",
        "crosses_exploitation_place",
        "transit_unmet",
        "alone_with_infants",
        "recognised_on_the_way",
        "conflict_on_the_way",
        "document_tells",
    ),
    "reception": (
        "receiver_unconfirmed",
        "bed_unconfirmed",
        "far_from_services",
        "language_not_shared",
        "place_unsuited",
    ),
    "data_security": (
        "accounts_known",
        "shared_devices",
        "social_media",
        "papers_reveal",
        "partner_storage",
    ),
    "country_context": (
        "armed_conflict",
        "disaster",
        "receiver_banned",
        "discrimination",
    ),
    "child_specific": (
        "identity_not_established",
        "parents_unclear",
        "guardian_objects",
        "child_objects",
        "abduction",
        "no_school_place",
    ),
}


def test_every_category_asks_what_was_agreed_in_its_order() -> None:
    assert {category: tuple(items) for category, items in CATEGORY_ITEMS.items()} == AGREED
    assert tuple(RISK_CATEGORY) == tuple(AGREED)
    assert tuple(RISK_CATEGORY)[-1] == FOR_CHILDREN


def test_no_item_stands_in_two_categories_nor_says_what_another_says() -> None:
    codes = [item for items in CATEGORY_ITEMS.values() for item in items]
    assert len(codes) == len(set(codes)) == len(RISK_ITEM)
    assert len(set(RISK_ITEM.values())) == len(RISK_ITEM)


def test_scales_have_five_steps_and_levels_four() -> None:
    assert tuple(LIKELIHOOD) == ("rare", "unlikely", "possible", "likely", "certain")
    assert tuple(SEVERITY) == ("minor", "some", "serious", "severe", "life_threatening")
    assert tuple(RISK_LEVEL) == tuple(level.code for level in RiskLevel)


def test_sources_states_and_events_are_those_that_were_agreed() -> None:
    assert set(RISK_SOURCE) == {
        "client_statement", "origin_partner", "authority", "country_information",
        "worker_observation",
    }  # fmt: skip
    assert set(CONFIDENCE) == {"confirmed", "probable", "uncertain"}
    assert set(MITIGATION_STATUS) == {"proposed", "agreed", "in_place", "failed"}
    assert set(RISK_ANSWER) == {"nothing_found", "found", "not_known"}
    assert set(RISK_THEME) == set(ThemeAnswer)
    assert set(TRIGGER_EVENT) == {
        "new_threat", "trafficker_released", "address_changed", "receiver_changed",
        "health_changed", "hearing_set", "media_exposure",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["risk_line", "risk_event", "child_papers"])
def test_fields_are_of_this_version_and_of_their_section(name: str) -> None:
    section = CHILD if name == "child_papers" else RISK
    for field in RECORD_TYPES[name].fields.values():
        is_later = field.key in ITEM_KEYS - {"answer", "present", "absent", "unclear", "confidence"}
        retired = 4 if field.key == "source" else None  # each item has its own
        is_newest = field.key in {"theme_answer", "own_words"} or field.key.startswith("custody_")
        since = 5 if is_newest else 4 if is_later else 3
        expected = (since, retired, section.key)
        assert (field.since, field.retired, field.section.key) == expected


def test_line_takes_codes_of_the_lists_alone() -> None:
    kinds = {field.key: field.kind for field in fields_of(RiskLine)}
    for key in ITEM_KEYS - {"answer", "theme_answer", "confidence"}:
        kind = kinds[key]
        assert isinstance(kind, CodeSetKind)
        assert kind.codes is (RISK_SOURCE if key == "sources" else RISK_ITEM)
    for key, codes in (
        ("likelihood", LIKELIHOOD), ("likelihood_after", LIKELIHOOD), ("severity", SEVERITY),
        ("severity_after", SEVERITY), ("source", RISK_SOURCE), ("confidence", CONFIDENCE),
        ("mitigation_status", MITIGATION_STATUS), ("answer", RISK_ANSWER),
        ("category", RISK_CATEGORY), ("theme_answer", RISK_THEME),
    ):  # fmt: skip
        kind = kinds[key]
        assert isinstance(kind, CodeKind)
        assert kind.codes is codes


def test_what_the_plan_kept_of_a_child_is_retired_and_a_childs_papers_have_it() -> None:
    retired = {field.key for field in fields_of(Plan) if field.retired == 3}
    assert retired == {
        "guardian", "guardian_order", "childs_view_heard", "family_assessed",
        "family_assessment_result", "bid_decided", "bid_decision", "takeover_by_authority",
    }  # fmt: skip
    own = {field.key: field for field in fields_of(ChildPapers)}
    for key in retired:
        before = RECORD_TYPES["plan"].fields[key]
        assert (type(own[key].kind), own[key].level, own[key].to) == (
            type(before.kind), before.level, before.to,
        )  # fmt: skip
