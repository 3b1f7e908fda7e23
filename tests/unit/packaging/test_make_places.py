# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of places is made the same way each time, and offers no name of unknown language."""

from pathlib import Path

import pytest

import make_places

CITIES = """geonameid,name,country,admin1,lat,lon,population,tz,cyrillic_names
1,Lillby,SE,1,59.0,18.0,9000,Europe/Stockholm,Лилльбю|Лілльбю
2,Storstad,SE,1,58.0,12.0,90000,Europe/Stockholm,Стурстад|Стуршта
3,Dalny,RU,1,55.0,20.0,500,Europe/Kaliningrad,
"""
AIRPORTS = """iata,icao,name,city,region,country,lat,lon,tz
LIL,ESLI,Lillby Airport,Lillby,,SE,59.1,18.1,Europe/Stockholm
"""
PORTS = """unlocode,name,country,lat,lon
SESTO,Storstad,SE,58.0,12.0
RUHAM,HAMN,RU,55.1,20.1
"""
NAMES = "Storstad\tSE\tStorstad\tСтурстад\nUtby\tSE\tUtby\tУтбю\n"


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    for name, text in (("cities", CITIES), ("airports", AIRPORTS), ("ports", PORTS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "names.tsv").write_text(NAMES, encoding="utf-8")
    return tmp_path


def test_places_stand_by_kind_and_size_with_country_and_clock(lists: Path) -> None:
    lines = make_places.make_places(lists, lists / "names.tsv").splitlines()
    assert lines[0].split("\t") == list(make_places.COLUMNS)
    assert [line.split("\t")[:4] for line in lines[1:]] == [
        ["c", "Storstad", "SE", "Europe/Stockholm"],
        ["c", "Lillby", "SE", "Europe/Stockholm"],
        ["c", "Dalny", "RU", "Europe/Kaliningrad"],
        ["c", "Utby", "SE", "Europe/Stockholm"],
        ["a", "Lillby Airport", "SE", "Europe/Stockholm"],
        ["p", "Hamn", "RU", "Europe/Kaliningrad"],
    ]


def test_only_names_written_by_hand_are_offered_and_spellings_only_find(lists: Path) -> None:
    lines = make_places.make_places(lists, lists / "names.tsv").splitlines()
    rest = {line.split("\t")[1]: line.split("\t")[4:] for line in lines[1:]}
    assert rest["Storstad"] == ["Storstad", "Стурстад", "Стуршта"]
    assert rest["Lillby"] == ["", "", "Лилльбю"]
    assert rest["Lillby Airport"] == ["", "", "LIL|Lillby"]


def test_command_writes_the_file_and_says_how_large_it_is(
    lists: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = lists / "names.tsv"
    made_in = tmp_path / "made"
    assert make_places.main([str(lists), "--target", str(made_in), "--names", str(names)]) == 0
    made = (tmp_path / "made" / "places.tsv").read_text(encoding="utf-8")
    assert made == make_places.make_places(lists, names)
    assert "places" in capsys.readouterr().out


def test_list_without_its_columns_is_refused(lists: Path) -> None:
    (lists / "ports.csv").write_text("name\nX\n", encoding="utf-8")
    with pytest.raises(KeyError):
        make_places.make_places(lists, lists / "names.tsv")
