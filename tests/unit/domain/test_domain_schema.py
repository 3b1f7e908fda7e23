# SPDX-License-Identifier: GPL-3.0-or-later
"""How a record is described, and what keeps a description from going wrong unseen."""

import dataclasses
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.golden import tables
from tests.support import make

from kfdesk.domain.codes.core import CONSENT_PURPOSE, CONSENT_SCOPE
from kfdesk.domain.consent import PURPOSE_GROUPS
from kfdesk.domain.kinds import CodeKind, CodeSetKind, TextKind
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.registry import (
    QUESTIONS,
    RECORD_CLASSES,
    RECORD_TYPES,
    SCHEMA_VERSION,
    is_question,
)
from kfdesk.domain.registers import DELETION
from kfdesk.domain.rules import Rules
from kfdesk.domain.schema import (
    DataGroup,
    Field,
    Section,
    SensitivityLevel,
    Terms,
    field_id,
    fields_of,
    record,
    text,
    type_name,
)
from kfdesk.domain.values import MissingAnswer

ROOT = Path(__file__).resolve().parents[3]
DIRECTORY_TYPES = {"organisation", "contact", "phone"}
NETWORK_TYPES = {
    "network", "membership", "suggestion", "entry_check", "procedure", "procedure_step",
    "meeting", "attendance", "decision", "agreement", "agreement_party", "project",
    "project_party", "activity", "activity_party",
    "article", "article_text", "article_link", "edition",
    "figure_release", "estimate", "publication", "sum_round", "sum_share", "sum_part",
}  # fmt: skip
# the rest: a client's case
# Fields of a case below S2, each with its reason: `type.key` to the reason. There is none yet.
HARMLESS: dict[str, str] = {}


def low_fields() -> list[str]:
    """Fields of a client's case whose level says that they can do little harm."""
    return [
        f"{name}.{key}"
        for name, described in RECORD_TYPES.items()
        if name not in DIRECTORY_TYPES | NETWORK_TYPES
        for key, field in described.fields.items()
        if field.level < SensitivityLevel.S2
    ]


def test_attributes_of_a_line_reach_its_field() -> None:
    @record(Rules())
    class NightBus:
        stop: str | MissingAnswer | None = text(
            "Stop",
            Terms(make.SECTION, SensitivityLevel.S3, DataGroup.TRAVEL, since=2),
            help="Where",
            retired=4,
        )

    assert fields_of(NightBus) == (
        Field("stop", fields_of(NightBus)[0].kind, "Stop", make.SECTION, SensitivityLevel.S3,
              DataGroup.TRAVEL, 2, "Where", 4),
    )  # fmt: skip
    assert isinstance(fields_of(NightBus)[0].kind, TextKind)
    assert type_name(NightBus) == "night_bus"


def test_field_has_a_key_and_eight_attributes_and_no_ninth() -> None:
    assert len(dataclasses.fields(Field)) == 1 + 8


def test_record_is_frozen_and_every_field_may_be_absent() -> None:
    client_type: Any = Client
    client = client_type()
    assert all(getattr(client, key) is None for key in RECORD_TYPES["client"].fields)
    with pytest.raises(dataclasses.FrozenInstanceError):
        client.code = "tulpan-47"
    with pytest.raises(TypeError):
        client_type("tulpan-47")


def test_types_stand_in_the_registry_under_their_names() -> None:
    assert tuple(described.cls for described in RECORD_TYPES.values()) == RECORD_CLASSES
    assert [*RECORD_TYPES] == [
        "client", "relationship", "plan", "leg", "help_number", "travel_document", "handover",
        "consent", "legal_status", "risk_assessment", "reception", "referral", "approval",
        "transition", "note", "task", "attachment", "organisation", "contact", "phone",
        "paper_copy", "follow_up", "goal", "service", "risk_line", "risk_event", "child_papers",
        "network", "membership", "suggestion", "entry_check", "procedure", "procedure_step",
        "cooperation", "cooperation_step", "traveller", "meeting", "attendance", "decision",
        "agreement", "agreement_party", "project", "project_party", "activity", "activity_party",
        "case_conference", "conference_party", "conference_decision",
        "article", "article_text", "article_link", "edition",
        "figure_release", "estimate", "publication", "sum_round", "sum_share", "sum_part",
    ]  # fmt: skip
    for name, described in RECORD_TYPES.items():
        assert described.name == name
        assert [described.by_id[described.ids[key]] for key in described.fields] == [
            *described.fields.values()
        ]


def test_field_id_is_the_head_of_a_digest_and_the_same_on_every_desk() -> None:
    assert field_id("leg", "departs") == 0x973F  # as `printf leg.departs | b2sum` begins
    assert RECORD_TYPES["leg"].ids["departs"] == field_id("leg", "departs")


def test_no_two_fields_share_an_id_and_none_is_the_deletion() -> None:
    assert tables.clashes(tables.fields_now()) == []
    assert tables.clashes(tables.kept_fields()) == []


def test_clash_of_ids_is_seen() -> None:
    sound = {"leg.a": {"fid": 7}, "leg.b": {"fid": 8}, "plan.a": {"fid": 7}}
    assert tables.clashes(sound) == []
    assert tables.clashes({**sound, "leg.c": {"fid": 7}}) == ["leg.c"]
    assert tables.clashes({**sound, "leg.c": {"fid": DELETION}}) == ["leg.c"]


def test_every_field_has_a_label_a_section_and_a_version_that_has_come() -> None:
    for described in RECORD_TYPES.values():
        for key, field in described.fields.items():
            assert field.label.strip(), key
            assert isinstance(field.section, Section)
            assert 1 <= field.since <= SCHEMA_VERSION
            assert field.retired is None or field.since < field.retired <= SCHEMA_VERSION


def test_questions_to_the_client_are_the_listed_fields_and_no_others() -> None:
    asked = {
        (name, key)
        for name, each in RECORD_TYPES.items()
        for key, field in each.fields.items()
        if is_question(field)
    }
    assert asked == {(name, key) for name, keys in QUESTIONS.items() for key in keys}
    assert {("client", "given_name"), ("plan", "wish"), ("follow_up", "housing")} <= asked
    assert not {("organisation", "name"), ("leg", "to_place"), ("note", "kind")} & asked


def test_every_coded_field_has_a_list() -> None:
    for described in RECORD_TYPES.values():
        for key, field in described.fields.items():
            if isinstance(field.kind, CodeKind | CodeSetKind):
                assert field.kind.codes, key


def test_every_field_of_every_type_has_a_sample() -> None:
    for name, described in RECORD_TYPES.items():
        assert set(make.FILLED[name]) == set(described.fields), name


def test_consent_can_name_each_group_but_the_four_that_no_consent_opens() -> None:
    assert set(CONSENT_SCOPE) == set(DataGroup) - {
        DataGroup.PARTIES,
        DataGroup.DIRECTORY,
        DataGroup.COMMON,
        DataGroup.DESK,
    }
    assert len(CONSENT_SCOPE) == 12


def test_every_purpose_says_what_it_may_open() -> None:
    assert set(PURPOSE_GROUPS) == set(CONSENT_PURPOSE)


def test_field_of_a_clients_case_is_at_least_s2_or_has_a_reason() -> None:
    assert low_fields() == sorted(HARMLESS)


def test_field_of_a_clients_case_below_s2_is_seen() -> None:
    careless = Field(
        "gate",
        TextKind(),
        "Condition",
        make.SECTION,
        SensitivityLevel.S1,
        DataGroup.TRAVEL,
        since=1,
    )
    with make.registered(make.described(Leg, careless)):
        assert low_fields() == ["leg.gate"]


def test_directory_is_the_only_place_for_directory_fields() -> None:
    for name, described in RECORD_TYPES.items():
        groups = {field.to for field in described.fields.values()}
        if name in DIRECTORY_TYPES:
            assert groups <= {DataGroup.DIRECTORY, DataGroup.DESK}
            assert described.fields["confidentiality"].to is DataGroup.DIRECTORY
        else:
            assert DataGroup.DIRECTORY not in groups


def test_records_about_no_client_hold_nothing_above_s1() -> None:
    for name, described in RECORD_TYPES.items():
        groups = {field.to for field in described.fields.values()}
        assert (DataGroup.COMMON in groups) is (name in NETWORK_TYPES)
        if name in NETWORK_TYPES:
            assert groups <= {DataGroup.COMMON, DataGroup.DESK}
        for field in described.fields.values():
            if field.to in {DataGroup.COMMON, DataGroup.DIRECTORY}:
                assert field.level <= SensitivityLevel.S1, (name, field.key)


def test_address_of_a_house_and_private_numbers_stay_at_the_desk() -> None:
    for name, key in (
        ("organisation", "address"), ("contact", "phone"), ("contact", "family_name"),
        ("client", "alias"), ("plan", "code_word"), ("plan", "alarm_plan"),
    ):  # fmt: skip
        assert RECORD_TYPES[name].fields[key].to is DataGroup.DESK


SNIPPET = """
from kfdesk.domain.rules import Rules
from kfdesk.domain.schema import DataGroup, Section, SensitivityLevel, Terms, Text
from kfdesk.domain.schema import day, record, text

S = Section("s", "S")
S2, S4, DESK = SensitivityLevel.S2, SensitivityLevel.S4, DataGroup.DESK
TERMS = Terms(S, S2, DESK, since=1)
to = Terms(S, S2, since=1)
level = Terms(S, to=DESK, since=1)
since = Terms(S, S2, DESK)
section = Terms(S2, S2, DESK, since=1)


@record(Rules())
class Sound:
    name: Text = text("Name", TERMS)
    secret: Text = text("Secret", TERMS, level=S4)


@record(Rules())
class Careless:
    terms: Text = text("Name")
    bare: Text = text("Name", S)
    loose: Text = text("Name", S, level=S2, to=DESK, since=1)
    ninth: Text = text("Name", TERMS, colour=1)
    other: Text = day("Name", TERMS)


Sound(name=1)
Sound().name = "other"
"""


def test_line_without_terms_and_terms_without_an_attribute_fail_the_type_check(
    tmp_path: Path,
) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(SNIPPET, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")]
    found = subprocess.run(
        [*command, "--no-error-summary", str(snippet)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    lines = SNIPPET.splitlines()
    wrong = {
        re.split(": | = (?=Terms)", lines[int(line.split(":")[1]) - 1])[0].strip()
        for line in found.splitlines()
        if ": error:" in line
    }
    assert wrong == {
        "to", "level", "since", "section", "terms", "bare", "loose", "ninth", "other",
        "Sound(name=1)", 'Sound().name = "other"',
    }  # fmt: skip
    assert 'Missing positional argument "to"' in found
    assert 'Missing named argument "since"' in found
