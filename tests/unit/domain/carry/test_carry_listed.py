# SPDX-License-Identifier: GPL-3.0-or-later
"""No word that must not be carried gets through, however it is written."""

import csv

import pytest
from tests.support.cases import failing
from tests.unit.domain.carry.carry_samples import (
    ROOT,
    SPELT,
    disguised,
    found_in,
    listed,
    never_carried,
    stems,
)

from kfdesk.domain.leak_check.wordlists import ListedStem, StemIndex, StemPosition, read_stems

SHORT = {"суд", "asyl"}
"""Words under five letters are found as whole words alone, in their own letters."""

HARMLESS = {
    "Police": "a town in Poland, which a leg's place may name",
    "Назили": "Nazilli in Turkey as another language writes it; as насили- in a German ear",
    "Безянчук": "a spelling of Bezenchuk that no ticket has",
}
"""Names of places in which listed words are found all the same."""

FORMS = {
    "ru": (
        "торговлей людьми|торговле людьми|эксплуатацию|эксплуатируют|принудительного труда|"
        "расследованием|оценку рисков|плана безопасности|виктимизацией|преследованием|"
        "преследования|местью|стигмой|правонарушений|приютом|приюте|приюта|убежища|убежищем|реабилитацией|"
        "реабилитационный|проституткой|полицейский|полицейская|полицией|прокурором|судебный|судом|"
        "разрешением|беременна|беременная|больнице|свидетелей|жертвой|кризисного центра|"
        "изнасилование"
    ),
    "sv": (
        "människohandeln|människohandlare|exploateringen|utnyttjad|utnyttjas|tvångsarbetet|"
        "förundersökningen|riskbedömningen|säkerhetsplanen|polisens|gränspolis|polisanmälan|"
        "domstolen|tillståndet|uppehållstillståndet|asylsökande|kvinnojourens|skyddade boenden|"
        "rehabiliteringen|prostituerad|gravida|sjukhuset|brottet|våldtagen|åklagaren|vittnet"
    ),
    "en": (
        "trafficked|traffickers|exploiting|victims|sheltered|shelters|rehabilitating|prostitutes|"
        "policeman|courts|investigators|pregnant|deported|asylum-seeker|witnesses|permits|stigmatised"
    ),
}
"""Usual inflections and words made of these, by language."""

LOOK_HARMLESS = (
    "hotell|hot drinks|journey|место у окна|судно|морское судно|рейс задержан|метро|Polish|"
    "Restaurang Metropolis|trafikavbrott|автовокзал|свидетельство о рождении|медицинский полис|"
    "Crimea|hospitality desk|förvaringsbox|bagageförvaring|лекарства|tabletter|посадка|"
    "Åbo hamn|Приютово|offert|Mölndal|sex resväskor|vald plats|Kerstin|Līga|пограничный контроль|"
    "паспортный контроль|wagon 12|sittplats|ryska|biljett|tull|гостиница|4 Bus 17|"
    "Buss 4, plats 17|kohtumispaik|zakład"
)


def is_found_in_every_disguise(language: str, word: str) -> None:
    for way, text in disguised(word).items():
        if way == "ukrainian" or (way in SPELT and len(text) < 5):
            continue
        if word in SHORT and way not in ("plain", "capitals", "look-alikes", "wide letters"):
            continue
        assert found_in(f"xx {text} 12"), (language, way, text)


def test_word_of_the_glossary_is_found_in_every_disguise() -> None:
    assert failing(is_found_in_every_disguise, never_carried()) == {}


@pytest.mark.parametrize("language", FORMS)
def test_usual_inflections_are_found(language: str) -> None:
    assert [form for form in FORMS[language].split("|") if not found_in(form)] == []


def test_words_that_only_look_alike_pass() -> None:
    assert [(one, found_in(one)) for one in LOOK_HARMLESS.split("|") if found_in(one)] == []


def test_places_pass_but_for_the_documented_ones() -> None:
    with (ROOT / "resources/places/places.tsv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    names = {name for line in lines for name in (line["name"], line["sv"], line["ru"])}
    names |= {name for line in lines for name in line["spellings"].split("|")}
    assert len(names) > 7000
    assert {name for name in names if found_in(name)} == set(HARMLESS)


def test_split_word_is_told_as_it_stands_there() -> None:
    assert "при ют" in found_in("при\r\nют")
    assert "p o l i c e" in found_in("ask p o l i c e now")
    assert "reha bili ta" in found_in("reha bili ta ti on")


def test_lists_stand_for_every_language_of_the_papers_and_more() -> None:
    files = sorted(path.stem for path in (ROOT / "resources/carry").glob("*.tsv"))
    assert files == ["bg", "de", "en", "es", "et", "fi", "lt", "lv", "pl", "ro", "ru", "sv", "uk"]
    assert len(stems()) > 900


def test_line_of_a_list_says_stem_place_and_what_is_harmless() -> None:
    text = "# remark\n\nkris\tword\nsafe house\tstart\nпроба\tanywhere\tпробка|пробел\n"
    assert read_stems(text) == (
        ListedStem(("kris",), StemPosition.WORD),
        ListedStem(("safe", "house"), StemPosition.START),
        ListedStem(("проба",), StemPosition.ANYWHERE, ("пробка", "пробел")),
    )
    for line in ("kris", "kris\tsomewhere"):
        with pytest.raises(ValueError, match=r"not enough values|is not a valid"):
            read_stems(line)


def test_stem_stands_where_its_line_says() -> None:
    stems = read_stems("probe\tstart\nwholly\tword\nmiddle\tanywhere\tmiddleton\nab\tstart")
    made = StemIndex.of(stems)
    assert made.has_stem("probes")
    assert not made.has_stem("aprobe")
    assert made.has_stem("wholly")
    assert not made.has_stem("whollys")
    assert made.has_stem("amiddles")
    assert not made.has_stem("middletons")
    assert not made.has_stem("abc")  # too short to be more than a word by itself


def test_row_is_found_only_whole() -> None:
    assert listed().row_length(["safe", "house"]) == 2
    assert listed().row_length(["safe"]) == 0
    assert listed().row_length(["safe", "journey"]) == 0
    assert listed().row_length(["sale", "house"]) == 0
