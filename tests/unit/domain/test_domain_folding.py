# SPDX-License-Identifier: GPL-3.0-or-later
"""Names find each other in all the ways that people write them, and others do not."""

import unicodedata

import pytest

from kfdesk.domain.names import (
    CYRILLIC_SOUNDS,
    bare_letters,
    begins_joined,
    fold_words,
    matches_all,
    sound_key,
    strip_marks,
)

SPELLINGS = (
    "Shcherbakova Sjtjerbakova Щербакова Scherbakova Ščerbakova",
    "Alyokhina Aljochina Alekhina Алёхина Алехина",
    "Chekhov Tjechov Чехов",
    "Mikhail Michail Mihail Михаил",
    "Khrushchev Chrusjtjov Khrushchyov Хрущёв Хрущев",
    "Zhukov Zjukov Жуков",
    "Kuznetsova Kusnetsova Kuznetzova Кузнецова",
    "Tatyana Tatjana Tatiana Татьяна",
    "Katya Katja Катя",
    "Vasya Vasja Вася",
    "Sasha Sasja Sascha Саша",
    "Sergey Sergej Sergei Сергей",
    "Yelena Jelena Elena Елена",
    "Mariya Marija Maria Мария",
    "Nikolaev Nikolayev Nikolajev Николаев",
    "Alekseev Alexeyev Aleksejev Алексеев",
    "Dmitry Dmitrij Dmitriy Dmitrii Дмитрий",
    "Tchaikovsky Tjajkovskij Чайковский",
    "Solovyov Solovjov Solovyev Soloviev Соловьёв Solov'ev",
    "Yulia Julija Iuliia Юлия",
    "Yury Jurij Yuriy Юрий",
    "Vasilyeva Vasiljeva Wassiljewa Васильева",
    "Ivanovich Ivanovitj Иванович",
    "Yushchenko Jusjtjenko Ющенко",
    "Lyubov Ljubov Любовь",
    "Ryzhkov Ryzjkov Рыжков",
    "Pugachyov Pugatjov Пугачёв",
    "Öberg Oberg OEBERG",
    "Åsa Asa AASA",
    "Sjöberg Sjoberg Sjoeberg",
    "Bjørn Björn Bjorn",
    "Ærø Aero Arø",
    "Łódź Lodz",
    "Groß Gross",
    "Ґалаґан Галаган Galagan",
    "Žukauskas Zhukauskas Жукаускас",
)
APART = (
    ("Anna", "Inna"),
    ("Katja", "Kasja"),
    ("Riga", "Rita"),
    ("tulpan", "tulpin"),
    ("Щербакова", "Черкасова"),
    ("Жанна", "Яна"),
    ("Marta", "Mirta"),
)
FOLDED = {
    "Å": "a", "ä": "a", "Ö": "o", "ё": "е", "Й": "и", "ї": "і", "ł": "l", "Ø": "o", "ß": "ss",
    "Æ": "ae", "ґ": "г", "é": "e", "Š": "s", "ÑU": "nu", "ў": "у",
}  # fmt: skip


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_all_spellings_of_a_name_have_one_key(spellings: str) -> None:
    assert len({sound_key(name) for name in spellings.split()}) == 1


@pytest.mark.parametrize("names", APART, ids="-".join)
def test_names_that_sound_different_stay_apart(names: tuple[str, str]) -> None:
    one, other = names
    assert sound_key(one) != sound_key(other)


@pytest.mark.parametrize(("letter", "bare"), FOLDED.items())
def test_letters_lose_their_marks_and_their_size(letter: str, bare: str) -> None:
    assert strip_marks(letter) == bare


@pytest.mark.parametrize("text", ["Åsa Öberg", "Алёхина", "Ščerbakova"])
def test_it_does_not_matter_how_marks_are_stored(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    assert fold_words(apart) == fold_words(text)


def test_folding_twice_changes_nothing_more() -> None:
    for name in " ".join(SPELLINGS).split():
        assert strip_marks(strip_marks(name)) == strip_marks(name)


def test_every_cyrillic_letter_of_the_languages_has_a_sound() -> None:
    letters = {strip_marks(sign) for sign in "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў"}
    assert letters - set(CYRILLIC_SOUNDS) == set()


@pytest.mark.parametrize("name", ["Щербакова", "Shcherbakova", "Öberg", "tulpan-47", "Čapek"])
def test_each_beginning_of_a_name_finds_it(name: str) -> None:
    for length in range(1, len(name) + 1):
        assert (
            matches_all(fold_words(name), fold_words(name[:length]))
            or not name[length - 1].isalnum()
        )


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Sjtjer", "Щербакова"),
        ("Щер", "Shcherbakova"),
        ("Shcher", "Щербакова"),
        ("mich", "Михаил"),
        ("aljo", "Алёхина"),
        ("oeb", "Öberg"),
        ("simkus", "Šimkus"),
    ],
)
def test_beginning_finds_the_name_in_another_alphabet(typed: str, name: str) -> None:
    assert matches_all(fold_words(name), fold_words(typed))


def test_all_typed_words_must_fit_in_any_order() -> None:
    her = fold_words("Нина", "Вымыслова")
    assert matches_all(her, fold_words("vymys nin"))
    assert not matches_all(her, fold_words("nina petrova"))


@pytest.mark.parametrize("typed", ["", "   ", "-", "…"])
def test_nothing_typed_fits_nothing(typed: str) -> None:
    assert not matches_all(fold_words("Anna"), fold_words(typed))
    assert not begins_joined(fold_words("Anna"), fold_words(typed))


@pytest.mark.parametrize("typed", ["tulpan-47", "tulpan 4", "TULPAN47", "tul", "тюл", "tulpan-"])
def test_a_code_begins_with_what_was_typed_however_its_parts_are_joined(typed: str) -> None:
    assert begins_joined(fold_words("tulpan-47"), fold_words(typed)) is (typed != "тюл")


def test_a_word_inside_is_no_beginning() -> None:
    assert not begins_joined(fold_words("blå", "tulpan"), fold_words("tulpan"))
    assert matches_all(fold_words("blå", "tulpan"), fold_words("tulpan"))


def test_signs_that_nobody_hears_change_nothing() -> None:
    assert fold_words("Solov'ev") == fold_words("Solov’ev") == fold_words("Solovev")
    assert fold_words("Анна-Мария") == fold_words("анна мария")


def test_digits_and_other_alphabets_stay_as_they_are() -> None:
    assert [word.letters for word in fold_words("47", "שלום")] == ["47", "שלום"]


def test_one_sound_alone_finds_nothing_but_its_own_letter() -> None:
    assert not matches_all(fold_words("Sara"), fold_words("zzz"))
    assert not matches_all(fold_words("Sara"), fold_words("с"))
    assert matches_all(fold_words("Sara"), fold_words("s"))


def test_soft_sign_alone_has_no_sound_and_finds_nothing_by_it() -> None:
    assert not matches_all(fold_words("Anna"), fold_words("ь"))


@pytest.mark.parametrize("text", ["Åsa Öberg", "Щербакова-Łódź 24/7", "O’Hara", ""])
def test_letters_of_a_text_are_those_that_folding_gives_it(text: str) -> None:
    assert bare_letters(text) == tuple(word.letters for word in fold_words(text))
