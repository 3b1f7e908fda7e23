# SPDX-License-Identifier: GPL-3.0-or-later
"""Public lists to begin with: unchecked and said so, shown first, taken back, ours alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import begin_network, send
from tests.integration.pair_samples import refusal

from kfdesk.domain.accounts import Role
from kfdesk.domain.codes.core import CONTACT_RISK, SERVICES
from kfdesk.domain.codes.network import ACTOR_TYPES
from kfdesk.domain.codes.world import COUNTRIES
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.rows import RecordView, view
from kfdesk.i18n.language import Language
from kfdesk.services.core.records import change_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.directory import files
from kfdesk.services.directory.duplicates import find_matching_organisation, merge_organisations
from kfdesk.services.directory.starter_lists import (
    STARTER_CONFIDENTIALITY,
    StarterKind,
    StarterList,
    preview_starter_list,
    read_starter_lists,
)
from kfdesk.system import paths

LISTS = paths.resources_folder() / "lists"
ENGLISH, SWEDISH, RUSSIAN = (
    Language(code, paths.translations_folder()) for code in ("en", "sv", "ru")
)


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def lists(desk: Session, words: Language = ENGLISH) -> dict[StarterKind, StarterList]:
    return {one.kind: one for one in read_starter_lists(desk, LISTS, words)}


def begin(desk: Session) -> files.ContactImportResult:
    """Take the list of organisations over, as the page does."""
    preview = preview_starter_list(desk, lists(desk)[StarterKind.ORGANISATIONS])
    return files.import_contacts(desk, preview, files.ImportChoices(STARTER_CONFIDENTIALITY))


def public(desk: Session, custodian: Session | None = None) -> list[RecordView[Organisation]]:
    """Return the entries of the list at a desk, as far as one desk answers for them."""
    own = (custodian or desk).identity.organisation
    seen = (view(row, Organisation) for row in desk.store.rows("organisation"))
    return [
        one for one in seen
        if one.row.custodian == own and one.record.alert is not None and not one.is_deleted
    ]  # fmt: skip


# --- what is in the files


def test_each_file_says_source_day_and_licence_and_is_small() -> None:
    for kind in StarterKind:
        text = (LISTS / f"{kind}.tsv").read_text(encoding="utf-8")
        head = [line for line in text.splitlines() if line.startswith("#")]
        for word in ("source: ", "date: ", "licence: ", "warning: "):
            assert any(line.startswith(f"# {word}") for line in head), (kind, word)
        assert len(text.encode()) < 100_000
    assert (LISTS / "SOURCE.txt").is_file()


@pytest.mark.parametrize("words", [ENGLISH, SWEDISH, RUSSIAN], ids=lambda one: one.code)
def test_every_entry_has_known_codes_and_its_warning_and_no_address(
    trio: Trio, words: Language
) -> None:
    change_record(trio.ours, trio.ours.identity.organisation, {"country": None})
    found = lists(trio.ours, words)
    assert len(found[StarterKind.ORGANISATIONS].entries) == 46
    assert len(found[StarterKind.MISSIONS].entries) == 885
    for one in (entry for each in found.values() for entry in each.entries):
        values = one.values
        assert values["alert"]
        assert values["note"]
        assert "address" not in values
        assert values["country"] in COUNTRIES
        assert values.get("contact_risk", "none") in CONTACT_RISK
        assert values.get("actor_type", "ngo") in ACTOR_TYPES
        services = values.get("services", ())
        assert isinstance(services, tuple)
        assert set(services) <= SERVICES.keys()
    names = [one.name for one in found[StarterKind.MISSIONS].entries]
    assert len(set(names)) == len(names)
    assert not set(names) & {words.country(code) for code in COUNTRIES}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (ENGLISH, {
            "Embassy of Afghanistan in Sweden", "Embassy of the Netherlands in Finland",
            "Consulate general of the United Kingdom in Gothenburg",
            "Apostolic nunciature of Vatican City in Denmark",
        }),
        (SWEDISH, {
            "Afghanistans ambassad i Sverige", "Nederländernas ambassad i Finland",
            "Storbritanniens generalkonsulat i Göteborg", "USA:s ambassad i Estland",
            "Cyperns ambassad i Polen",
        }),
        (RUSSIAN, {
            "Посольство: Афганистан (Швеция)", "Генеральное консульство: Великобритания (Гётеборг)",
        }),
    ],
    ids=["en", "sv", "ru"],
)  # fmt: skip
def test_mission_is_named_for_what_it_is(trio: Trio, words: Language, names: set[str]) -> None:
    change_record(trio.ours, trio.ours.identity.organisation, {"country": None})
    assert names <= {one.name for one in lists(trio.ours, words)[StarterKind.MISSIONS].entries}


def test_missions_are_those_in_the_country_of_the_desk_if_there_are_any(trio: Trio) -> None:
    own = trio.ours.identity.organisation
    for country, count in (("SE", 110), ("PT", 885)):
        change_record(trio.ours, own, {"country": country})
        assert len(lists(trio.ours)[StarterKind.MISSIONS].entries) == count
    assert len(lists(trio.ours)[StarterKind.ORGANISATIONS].entries) == 46


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe\x00", b"# date: never\n", None])
def test_list_that_is_missing_or_damaged_is_not_offered(
    trio: Trio, tmp_path: Path, damage: bytes | None
) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    if damage is not None:
        (folder / "organisations.tsv").write_bytes(damage)
        (folder / "missions.tsv").write_bytes(damage)
    assert read_starter_lists(trio.ours, folder, ENGLISH) == ()


def test_line_that_is_cut_off_or_names_no_country_harms_no_other(
    trio: Trio, tmp_path: Path
) -> None:
    text = (
        "# date: some day\nname\tcountry\tphone\nHuset\tSE\nEtt till\tXX\t+46 8 000 00 01\n\tSE\n"
    )
    (tmp_path / "organisations.tsv").write_text(text, encoding="utf-8")
    (made,) = read_starter_lists(trio.ours, tmp_path, ENGLISH)
    assert [(one.name, one.values.get("country"), one.numbers) for one in made.entries] == [
        ("Ett till", None, ("+46 8 000 00 01",)), ("Huset", "SE", ()),
    ]  # fmt: skip
    assert "some day" in str(made.entries[0].values["alert"])


# --- taken over


def test_entries_are_ours_public_and_not_checked_and_taken_back(trio: Trio) -> None:
    before = len(trio.ours.store.rows("organisation"))
    done = begin(trio.ours)
    assert done.new == 46
    taken = public(trio.ours)
    assert len(taken) == 46
    for one in taken:
        record = one.record
        assert (record.confidentiality, record.verification) == ("public", "unverified")
        assert (record.checked, record.checked_by, record.address) == (None, None, None)
    undo_all(trio.ours, done.done)
    assert public(trio.ours) == []
    live = (view(row, Organisation) for row in trio.ours.store.rows("organisation"))
    assert sum(not one.is_deleted for one in live) == before


def test_same_list_twice_adds_nothing(trio: Trio) -> None:
    begin(trio.ours)
    assert begin(trio.ours).new == 0
    assert len(public(trio.ours)) == 46


def test_role_without_the_directory_neither_reads_nor_takes_a_list(trio: Trio) -> None:
    found = lists(trio.ours)[StarterKind.ORGANISATIONS]
    reader = replace(trio.ours, roles=frozenset({Role.APPROVER}))
    assert refusal(lambda: read_starter_lists(reader, LISTS, ENGLISH)).code == "user.not_allowed"
    assert refusal(lambda: preview_starter_list(reader, found)).code == "user.not_allowed"


def test_two_desks_that_begin_with_one_list_exchange_it_without_a_clash(trio: Trio) -> None:
    begin(trio.ours)
    begin(trio.bad)
    theirs = {one.rid: one.row for one in public(trio.bad)}
    begin_network(trio.ours, trio.bad)
    review = trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert (review.conflicts, review.refused) == (0, 0)
    came = public(trio.bad, trio.ours)
    assert len(came) == 46
    assert {one.rid: one.row for one in public(trio.bad)} == theirs
    assert all(one.record.alert for one in came)
    name = "La Strada Poland"
    (mine,) = (one.rid for one in public(trio.bad) if one.record.name == name)
    (sent,) = (one.rid for one in came if one.record.name == name)
    twin = find_matching_organisation(trio.bad, sent)
    assert twin is not None
    assert twin.rid == mine
    merge_organisations(trio.bad, mine, sent)
    assert len(public(trio.bad)) == 45
