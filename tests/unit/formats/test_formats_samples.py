# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that other programs made are read as their sources say; counts come from the files.

The files stand beside the repository and are not part of it: without them these tests are skipped,
and the small samples of the other modules remain.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.unit.formats import others_samples

from kfdesk.domain.directory import ParsedContact, ParsedFile, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.files import read_contact_files

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("KFDESK_SAMPLES", ROOT.parent / "shared" / "data"))

needs_samples = pytest.mark.skipif(not DATA.is_dir(), reason="the samples of others are not here")

CARDS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "evolution-data-server/11.vcf": (1, ()),
    "evolution-data-server/5.vcf": (1, ()),
    "evolution-data-server/7.vcf": (0, ("1 no_begin",)),
    "evolution-data-server/custom-10.vcf": (1, ()),
    "evolution-data-server/logo-1.vcf": (1, ()),
    "evolution-data-server/photo-1.vcf": (1, ()),
    "evolution-data-server/sorted-20.vcf": (1, ()),
    "gammu/char-escaping.vcf": (0, ("1 no_name",)),
    "gammu/gammu.vcf": (2, ()),
    "gammu/line-continuation.vcf": (1, ()),
    "gammu/many-lines.vcf": (1, ()),
    "gammu/quoted-printable-ascii.vcf": (1, ()),
    "gammu/quoted-printable-empty-new-line.vcf": (1, ()),
    "gammu/quoted-printable-new-line.vcf": (1, ()),
    "gammu/types2.vcf": (1, ()),
    "gammu/vcard3-utf-8.vcf": (1, ()),
    "kcontacts/testfullvcard.vcf": (1, ()),
    "kcontacts/vcard12.vcf": (1, ()),
    "kcontacts/vcard7.vcf": (0, ("1 no_name",)),
    "kcontacts/vcard8.vcf": (1, ()),
    "kcontacts/vcard9.vcf": (1, ()),
    "kcontacts/vcardwithitemasapplesupport.vcf": (1, ()),
    "qtversit/AAB4-SingleNonAscii.vcf": (1, ()),
    "qtversit/AAB5-SingleNonAscii.vcf": (1, ()),
    "qtversit/Entourage11-basic.vcf": (1, ()),
    "qtversit/Entourage12-nonascii.vcf": (1, ()),
    "qtversit/badwrap.vcf": (1, ()),
    "qtversit/gmail.vcf": (2, ()),
    "roundcube/apple.vcf": (1, ()),
    "roundcube/johndoe.vcf": (1, ()),
    "roundcube/thebat.vcf": (1, ()),
    "text-vcard/apple_version3.vcf": (1, ()),
    "text-vcard/base64.vcf": (1, ()),
    "text-vcard/complete.vcf": (1, ()),
    "text-vcard/encoding2.vcf": (2, ()),
    "text-vcard/mix_type.vcf": (1, ("10 not_a_card",)),
    "text-vcard/unwrap.vcf": (1, ()),
}

TABLES: Mapping[str, tuple[int, int]] = {
    "contact-csv/roundcube-gmail.csv": (1, 0),
    "contact-csv/roundcube-tb_plain.csv": (1, 0),
    "organisations/anti_trafficking_organisations.csv": (46, 0),
    "embassies/missions_in_the_region.csv": (901, 0),
}

HSDS: Mapping[str, tuple[int, int]] = {
    "location.json": (2, 0),
    "organization_full.json": (2, 0),
    "organization_list.json": (1, 0),
    "tabular.json": (2, 0),
}


def one(path: str, how: ParseOptions | None = None) -> ParsedFile:
    file = DATA / path
    return read_contact_files({file.name: file.read_bytes()}, how or ParseOptions())


def folder(path: str) -> ParsedFile:
    return read_contact_files(
        {file.name: file.read_bytes() for file in (DATA / path).glob("*.csv")}, ParseOptions()
    )


def values(entry: ParsedContact, *keys: str) -> tuple[object, ...]:
    return tuple(entry.values.get(key) for key in keys)


@needs_samples
def test_every_card_of_the_samples_is_counted() -> None:
    files = {str(f.relative_to(DATA / "vcards")) for f in (DATA / "vcards").glob("*/*.vcf")}
    assert files == set(CARDS)
    assert sum(count for count, _ in CARDS.values()) == 37


@needs_samples
@pytest.mark.parametrize("name", CARDS)
def test_cards_are_read_as_their_sources_say(name: str) -> None:
    reading = one(f"vcards/{name}")
    broken = tuple(f"{one.line} {one.reason}" for one in reading.broken)
    assert (len(reading.entries), broken) == CARDS[name]


@needs_samples
@pytest.mark.parametrize("name", TABLES)
def test_tables_are_read_row_by_row(name: str) -> None:
    reading = one(name)
    assert (len(reading.entries), len(reading.broken)) == TABLES[name]


@needs_samples
@pytest.mark.parametrize("name", HSDS)
def test_hsds_examples_are_read(name: str) -> None:
    reading = one(f"hsds/examples/{name}")
    assert (len(reading.entries), len(reading.broken)) == HSDS[name]


@needs_samples
@pytest.mark.parametrize("name", ["taxonomy.json", "taxonomy_term_list.json", "base.json"])
def test_hsds_without_organisations_says_that_nothing_is_inside(name: str) -> None:
    with pytest.raises(KfdeskError, match=r"contacts\.nothing_inside"):
        one(f"hsds/examples/{name}")


@needs_samples
def test_names_and_numbers_are_those_that_gammu_reads_from_the_same_cards() -> None:
    (prima,) = one("vcards/gammu/quoted-printable-new-line.vcf").entries
    assert values(prima, "family_name", "given_name") == ("- PRIMA", "ПОРКС")
    assert prima.numbers == ("+222222222222",)
    (nikdo,) = one("vcards/gammu/line-continuation.vcf").entries
    assert values(nikdo, "family_name", "given_name", "note") == (
        "Nikdo", "Nikdovic", "This ends with equal sign=",
    )  # fmt: skip
    assert nikdo.numbers == ("55554444",)
    (hormann,) = one("vcards/gammu/quoted-printable-empty-new-line.vcf").entries
    assert values(hormann, "family_name", "given_name") == ("Hörmann", "Joseph")
    assert hormann.numbers == ("028",)
    (types,) = one("vcards/gammu/types2.vcf").entries
    assert types.numbers == ("0544813780", "039562544", "037679552", "0549979552")
    (many,) = one("vcards/gammu/many-lines.vcf").entries
    assert str(many.values["note"]).splitlines() == [f"Test{n}" for n in range(1, 17)]
    (office,) = one("vcards/gammu/vcard3-utf-8.vcf").entries
    assert office.numbers == ("+4775546800",)
    assert "Fax +4775546805" in str(office.values["note"])


@needs_samples
def test_cards_of_many_programs_keep_their_letters() -> None:
    (apple,) = one("vcards/roundcube/apple.vcf").entries
    assert apple.type == "organisation"
    assert values(apple, "name", "city", "country", "website") == (
        "Apple Computer AG", "Wallisellen-Zürich", "CH", "http://www.apple.ch",
    )  # fmt: skip
    (doe,) = one("vcards/roundcube/johndoe.vcf").entries
    assert values(doe, "given_name", "family_name") == ("John", "Doë")
    (bonito,) = one("vcards/kcontacts/vcard9.vcf").entries
    assert "Длинный комментарий на русском" in str(bonito.values["note"])
    (holmes,) = one("vcards/kcontacts/testfullvcard.vcf").entries
    assert holmes.numbers[0] == "+44-555-555-5555 ext. 5555"
    (long,) = one("vcards/text-vcard/unwrap.vcf").entries
    assert long.values["family_name"] == "mynameisveryveryveryveryveryverylong"
    first, second = one("vcards/text-vcard/encoding2.vcf").entries
    assert (first.name, second.name) == ("Bartholomäus von Stürmer", "Carl Gauß")


@needs_samples
def test_letters_that_nothing_tells_are_asked_for() -> None:
    bat = one("vcards/roundcube/thebat.vcf")
    assert not bat.is_sure
    again = one("vcards/roundcube/thebat.vcf", ParseOptions(encoding="cp1250"))
    assert (again.entries[0].name, again.is_sure) == ("Piotr Iksiński", True)


@needs_samples
def test_hsds_tables_give_one_house_and_who_works_there() -> None:
    reading = folder("hsds/examples/csv")
    house, person = reading.entries
    assert reading.broken == ()
    assert values(house, "name", "city", "country", "offers", "hours") == (
        "Example Organization Inc.", "MyCity", "US", "Community Counselling",
        "Th-Fr 10:00-18:00",
    )  # fmt: skip
    assert house.numbers == ("+44 1234 234567 ext. 100",)
    assert values(person, "given_name", "family_name", "role", "organisation") == (
        "Ann", "Persona", "Reception Manager", "Example Organization Inc.",
    )  # fmt: skip


@needs_samples
def test_the_messy_directory_loses_only_what_hangs_nowhere() -> None:
    reading = folder("ohana-sample")
    assert len(reading.entries) == 8 + 19  # organisations; places of those with several
    assert sorted(one.line for one in reading.broken) == [41, 42, 47, 49, 50, 55]
    assert {one.reason for one in reading.broken} == {"no_parent"}
    by_name = {entry.name: entry for entry in reading.entries}
    agency = by_name["Example Agency"]
    assert agency.values["other_name"] == "Alternate Agency Name"
    assert agency.values["hours"] == (
        "Mo 08:00-12:00; Mo 08:00-17:00; Mo 14:00-16:00; Tu 08:00-17:00; We 08:00-17:00; "
        "We 10:00-15:00; Th-Fr 08:00-17:00; Sa 10:00-18:00; Su 11:00-17:00"
    )
    center = by_name["Fair Oaks Adult Activity Center"]
    assert values(center, "part_of", "city", "languages", "hours") == (
        "Peninsula Family Service", "Redwood City", ("es",), "Mo 09:00-03:00",
    )  # fmt: skip
    assert center.numbers == ("650 780-7525",)


@needs_samples
def test_embassies_are_named_once_a_person_says_which_columns_name_them() -> None:
    guessed = one("embassies/missions_in_the_region.csv")
    keys = [column.key for column in guessed.columns]
    assert keys[:7] == ["name", "country", "city", "address", "", "phone", "email"]
    corrected = tuple("name" if c.title == "type" else c.key for c in guessed.columns)
    reading = one("embassies/missions_in_the_region.csv", ParseOptions(columns=corrected))
    assert reading.entries[1].name == "Vatican apostolic nunciature"
    assert len({(e.name, *values(e, "country", "city")) for e in reading.entries}) == 893
    assert all(entry.values.get("country") for entry in reading.entries)


@needs_samples
def test_organisations_come_with_their_second_name_and_unchecked() -> None:
    reading = one("organisations/anti_trafficking_organisations.csv")
    assert all("checked" not in entry.values for entry in reading.entries)
    assert sum("other_name" in entry.values for entry in reading.entries) == 10
    assert reading.entries[0].values["country"] == "BY"


@needs_samples
def test_titles_of_mail_programs_in_many_languages_are_guessed() -> None:
    gmail, thunderbird = (
        one(f"contact-csv/roundcube-{name}.csv").entries[0] for name in ("gmail", "tb_plain")
    )
    assert values(gmail, "given_name", "family_name") == ("Firstname", "Lastname")
    assert values(thunderbird, "organisation", "email") == ("Organization", "test@domain.tld")
    assert thunderbird.numbers == ("phone work", "phone home", "mobile")


@needs_samples
def test_every_card_says_what_stands_in_its_file() -> None:
    keys = {key for _, _, said, _ in others_samples.CARDS for key in said}
    found = []
    for name in CARDS:
        for entry in one(f"vcards/{name}").entries:
            said = {key: value for key, value in entry.values.items() if key in keys}
            found.append((name, entry.type, said, entry.numbers))
    assert tuple(found) == others_samples.CARDS


@needs_samples
def test_every_place_of_the_messy_directory_is_what_its_rows_say() -> None:
    found = [
        (
            entry.name,
            entry.values.get("part_of", ""),
            entry.values.get("city", ""),
            entry.values.get("languages", ()),
            entry.numbers,
        )
        for entry in folder("ohana-sample").entries
    ]
    assert tuple(found) == others_samples.PLACES


@needs_samples
def test_every_organisation_is_what_its_row_says() -> None:
    found = [
        (*(entry.values.get(key, "") for key in keys), "".join(entry.numbers))
        for keys in [("name", "other_name", "country", "website")]
        for entry in one("organisations/anti_trafficking_organisations.csv").entries
    ]
    assert found == list(others_samples.ORGANISATIONS)
