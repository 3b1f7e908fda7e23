# SPDX-License-Identifier: GPL-3.0-or-later
"""Which words lead to an entry of the directory, and in which order names stand."""

from datetime import date

import pytest
from tests.support import make

from kfdesk.domain.directory import (
    MAX_DIGITS,
    MAX_FUZZY_LETTERS,
    MIN_FUZZY_LETTERS,
    IndexTerms,
    code_term,
    digit_terms,
    fuzzy_terms,
    index_terms_of,
    phone_digits,
    title_terms,
    word_terms,
)
from kfdesk.domain.names import (
    SortOrder,
    bare_letters,
    bare_words,
    fold_words,
    name_sort_key,
    nordic_sort_key,
    plain_sort_key,
    sort_order_of,
)
from kfdesk.domain.rows import view_any
from kfdesk.domain.values import MissingAnswer, PartialDate, Value

HOUSE: dict[str, Value] = {
    "name": "Дом у реки",
    "other_name": "River house",
    "city": "Псков",
    "country": "RU",
    "services": ("shelter", "legal"),
    "languages": ("ru", "en"),
    "email": "hej@example.org",
    "address": "Hemliga gatan 7",
    "checked": date(2026, 5, 2),
}


def leads(
    values: dict[str, Value], house: dict[str, Value] | None = None, *numbers: str
) -> IndexTerms:
    kind = "contact" if "given_name" in values else "organisation"
    own = view_any(make.row(kind, values))
    above = view_any(make.row("organisation", house)) if house is not None else None
    return index_terms_of(own, above, numbers)


def found_by(typed: str, one: IndexTerms) -> bool:
    words = one.words.split()
    return all(
        any(word.startswith(lead) for word in words for lead in word_terms(part))
        for part in fold_words(typed)
    )


@pytest.mark.parametrize("typed", ["дом", "dom", "reki", "river", "Pskov", "псков", "hej", "exam"])
def test_organisation_is_led_to_by_its_names_town_and_texts(typed: str) -> None:
    assert found_by(typed, leads(HOUSE))


def test_what_is_covered_from_some_leads_nowhere() -> None:
    assert not found_by("hemliga", leads(HOUSE))
    assert "gatan" not in leads(HOUSE).words


def test_person_is_led_to_by_her_house_and_narrowed_as_it_is() -> None:
    person = leads({"given_name": "Karin", "family_name": "Påhittad", "role": "Jurist"}, HOUSE)
    for typed in ("karin", "pahittad", "jurist", "dom", "river"):
        assert found_by(typed, person)
    assert {"@country_ru", "@services_shelter", "@type_contact"} <= set(person.words.split())
    assert person.checked == "2026-05-02"
    alone = leads({"given_name": "Karin"})
    assert not found_by("dom", alone)
    assert alone.checked == ""


def test_codes_lead_by_themselves_and_a_field_without_a_value_by_none() -> None:
    words = set(leads({**HOUSE, "networks": MissingAnswer.UNKNOWN}).words.split())
    assert {"@country_ru", "@services_legal", "@languages_en", "@type_organisation"} <= words
    assert not any(word.startswith("@networks") for word in words)
    assert code_term("country", "EE") == "@country_ee"


def test_each_part_of_a_number_leads_to_it_from_four_digits_on() -> None:
    words = leads({"name": "Huset"}, None, "+46 (0)8-123 45 67").words.split()
    for typed in ("08-123", "812345", "+46 8 123", "4567", "0046 81"):
        (lead,) = digit_terms(typed)
        assert any(word.startswith(lead) for word in words), typed
    assert digit_terms("467") == ()
    assert phone_digits("+46 (0)8") == "468"
    own = leads({"given_name": "Karin", "phone": "070-174 06 15"})
    assert "#701740615" in own.words


def test_name_is_one_word_too_whatever_stands_in_it() -> None:
    words = leads({"name": "Kvinno-forum"}).words.split()
    (letters, sound) = title_terms("kvinnof")
    assert any(word.startswith(letters) for word in words)
    assert any(word.startswith(sound) for word in words)
    assert title_terms("!") == ()
    assert title_terms("o") == ("=o",)


def test_day_of_the_last_check_is_kept_as_far_as_it_is_known() -> None:
    assert leads({"name": "A", "checked": PartialDate("2026-05")}).checked == "2026-05"
    assert leads({"name": "A", "checked": MissingAnswer.UNKNOWN}).checked == ""


@pytest.mark.parametrize(
    "typed", ["tarty", "tatu", "tartuu", "tratu", "trtu", "tarfu", "artu", "ttartu"]
)
def test_one_error_in_a_word_still_leads_to_it(typed: str) -> None:
    words = leads({"name": "Tartu"}).words.split()
    (word,) = fold_words(typed)
    assert any(one.startswith(lead) for one in words for lead in fuzzy_terms(word))


def test_error_in_a_cyrillic_word_leads_to_a_latin_one_by_its_sound() -> None:
    words = leads({"name": "Shcherbakova"}).words.split()
    (word,) = fold_words("Щербокова")
    assert any(one.startswith(lead) for one in words for lead in fuzzy_terms(word))
    assert "щербакова" in fuzzy_terms(word)


def test_short_word_is_looked_for_as_it_is() -> None:
    (word,) = fold_words("dom")
    assert len(word.letters) < MIN_FUZZY_LETTERS
    assert fuzzy_terms(word) == word_terms(word)
    (letter,) = fold_words("o")
    assert word_terms(letter) == ("o",)


def test_long_word_that_hardly_sounds_is_looked_for_by_its_letters_alone() -> None:
    (word,) = fold_words("aaaaaa")
    assert len(word.sound) < MIN_FUZZY_LETTERS
    sounds = [lead for lead in fuzzy_terms(word) if lead not in word_terms(word)]
    assert sounds
    assert all(lead.isalpha() and lead.islower() for lead in sounds)


def test_sounds_are_told_apart_also_where_capitals_are_not() -> None:
    assert not found_by("masa", leads({"name": "Masha"}))
    assert found_by("маша", leads({"name": "Masha"}))


def test_silent_word_has_no_sound_to_lead_by() -> None:
    assert "~" not in leads({"name": "ь"}).words.split()
    assert "ь" in leads({"name": "ь"}).words.split()


# order


def test_swedish_letters_come_after_z_for_swedes_and_with_their_letters_for_others() -> None:
    names = ["Zeta", "Åsa", "Ärla", "Ödla", "Asta", "Oden"]
    assert sorted(names, key=nordic_sort_key) == ["Asta", "Oden", "Zeta", "Åsa", "Ärla", "Ödla"]
    assert sorted(names, key=plain_sort_key) == ["Ärla", "Åsa", "Asta", "Oden", "Ödla", "Zeta"]


def test_russian_names_stand_as_russians_read_them() -> None:
    names = ["Йога", "Иванова", "Ёлкина", "Жукова", "Ерёмина", "Кац"]
    wanted = ["Ёлкина", "Ерёмина", "Жукова", "Иванова", "Йога", "Кац"]
    assert sorted(names, key=plain_sort_key) == wanted
    assert plain_sort_key("«Ангел»") == plain_sort_key("ангел»")


def test_each_language_of_the_window_has_its_order() -> None:
    found = [sort_order_of(code) for code in ("sv", "ru", "en")]
    assert found == [SortOrder.NORDIC, SortOrder.CYRILLIC, SortOrder.LATIN]
    begun = [sort_order_of(code) for code in ("et", "fi", "lv")]
    assert begun == [SortOrder.NORDIC, SortOrder.NORDIC, SortOrder.LATIN]
    names = [
        [name for _, name in sorted((name_sort_key(one, code), one) for one in ("Ås", "Beta"))]
        for code in ("sv", "en")
    ]
    assert names == [["Beta", "Ås"], ["Ås", "Beta"]]


def test_estonian_names_stand_in_the_order_of_their_alphabet() -> None:
    names = ["Ülle", "Zoja", "Xenia", "Õie", "Žanna", "Taavi", "Šura", "Sulev", "Örjan", "Ärni"]
    in_order = ["Sulev", "Šura", "Zoja", "Žanna", "Taavi", "Õie", "Ärni", "Örjan", "Ülle", "Xenia"]
    assert sorted(names, key=lambda name: name_sort_key(name, "et")) == in_order


def test_words_of_a_text_are_bare_letters() -> None:
    assert bare_words("Hjälp på ryska!", "24/7") == ("hjalp", "pa", "ryska", "24", "7")


@pytest.mark.parametrize("sign", ["½", "ͺ", "ﹰ", "⑴", "ﷺ", "ŉ", "𝔘"])
def test_signs_that_stand_for_several_stay_one_word(sign: str) -> None:
    (word,) = fold_words(f"Hus{sign}test")
    assert word.letters.isalnum()
    assert word.sound.isalnum()
    assert bare_letters(f"Hus{sign}test") == (word.letters,)


def test_a_sign_without_a_letter_is_no_word() -> None:
    assert fold_words("ͺ a") == fold_words("a")
    assert bare_letters("ﹰ ͺ") == ()


def test_a_very_long_word_has_its_own_spelling_alone() -> None:
    (word,) = fold_words("å" * (MAX_FUZZY_LETTERS + 1))
    assert fuzzy_terms(word) == word_terms(word)


def test_of_endless_digits_only_the_first_are_indexed_and_asked() -> None:
    endless = "1234567890" * 6_000
    assert len(phone_digits(endless)) == MAX_DIGITS
    assert digit_terms(endless) == (f"#{endless[:MAX_DIGITS]}",)
