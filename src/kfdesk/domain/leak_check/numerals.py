# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers in words, and the words around a house number: `Storgatan nummer tolv` is `Storgatan 12`.

The words are those of the languages of the carried papers, in the forms that an address or a
telephone number has. They are only used to look for secrets a second time, never to read a page.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from kfdesk.domain.leak_check.spelling import (
    Token,
    is_cyrillic,
    look_alike_readings,
    normalize_word,
)

_TO_TWENTY = {
    "sv": "noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton "
    "sjutton arton nitton tjugo",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty",
    "ru": "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать "
    "тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать "
    "двадцать",
    "uk": "нуль один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять "
    "тринадцять чотирнадцять п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять "
    "двадцять",
    "bg": "нула едно две три четири пет шест седем осем девет десет единадесет дванадесет "
    "тринадесет четиринадесет петнадесет шестнадесет седемнадесет осемнадесет деветнадесет "
    "двадесет",
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście "
    "dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście "
    "dziewiętnaście dwadzieścia",
    "ro": "zero unu doi trei patru cinci șase șapte opt nouă zece unsprezece doisprezece "
    "treisprezece paisprezece cincisprezece șaisprezece șaptesprezece optsprezece "
    "nouăsprezece douăzeci",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
    "et": "null üks kaks kolm neli viis kuus seitse kaheksa üheksa kümme üksteist kaksteist "
    "kolmteist neliteist viisteist kuusteist seitseteist kaheksateist üheksateist "
    "kakskümmend",
    "fi": "nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen "
    "yksitoista kaksitoista kolmetoista neljätoista viisitoista kuusitoista seitsemäntoista "
    "kahdeksantoista yhdeksäntoista kaksikymmentä",
    "lv": "nulle viens divi trīs četri pieci seši septiņi astoņi deviņi desmit vienpadsmit "
    "divpadsmit trīspadsmit četrpadsmit piecpadsmit sešpadsmit septiņpadsmit astoņpadsmit "
    "deviņpadsmit divdesmit",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    "quince dieciséis diecisiete dieciocho diecinueve veinte",
    "ar": "صفر واحد اثنان ثلاثة اربعة خمسة ستة سبعة ثمانية تسعة عشرة احدعشر اثناعشر ثلاثةعشر "
    "اربعةعشر خمسةعشر ستةعشر سبعةعشر ثمانيةعشر تسعةعشر عشرون",
    "lt": "nulis vienas du trys keturi penki šeši septyni aštuoni devyni dešimt vienuolika "
    "dvylika trylika keturiolika penkiolika šešiolika septyniolika aštuoniolika devyniolika "
    "dvidešimt",
}  # fmt: skip
_TENS = {
    "sv": "trettio fyrtio femtio sextio sjuttio åttio nittio hundra",
    "en": "thirty forty fifty sixty seventy eighty ninety hundred",
    "ru": "тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто сто",
    "uk": "тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто сто",
    "bg": "тридесет четиридесет петдесет шестдесет седемдесет осемдесет деветдесет сто",
    "pl": "trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt "
    "dziewięćdziesiąt sto",
    "ro": "treizeci patruzeci cincizeci șaizeci șaptezeci optzeci nouăzeci sută",
    "de": "dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert",
    "et": "kolmkümmend nelikümmend viiskümmend kuuskümmend seitsekümmend kaheksakümmend "
    "üheksakümmend sada",
    "fi": "kolmekymmentä neljäkymmentä viisikymmentä kuusikymmentä seitsemänkymmentä "
    "kahdeksankymmentä yhdeksänkymmentä sata",
    "lv": "trīsdesmit četrdesmit piecdesmit sešdesmit septiņdesmit astoņdesmit deviņdesmit simts",
    "es": "treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
    "ar": "ثلاثون اربعون خمسون ستون سبعون ثمانون تسعون مئة",
    "lt": "trisdešimt keturiasdešimt penkiasdešimt šešiasdešimt septyniasdešimt aštuoniasdešimt "
    "devyniasdešimt šimtas",
}  # fmt: skip
_OTHER_FORMS = (
    "en 1 одна 1 одно 1 одне 1 две 2 дві 2 една 1 едно 1 jedna 1 dwie 2 una 1 două 2 eine 1 ein 1 "
    "zwo 2 viena 1 dvi 2"
)
_JOINED = {"sv": ("", False), "fi": ("", False), "et": ("", False), "de": ("und", True)}
"""Languages with tens and a unit in one word: what joins them, and whether the unit is first."""

_RUSSIAN_ENDINGS = ("и", "ью", "ыи", "ого", "ом", "ая", "ои")
_BESIDE = (
    "n r no nr nro num nummer numret number numarul numer huset hus house haus maja talo dom d h "
    "kv apt lgh lagenhet korpus flat unit и д дом дома доме номер номера нр кв квартира корпус "
    "корп к будинок буд"
)
_BESIDE_A_NUMBER = frozenset(_BESIDE.split())
"""The words that may come between a street and its number, or between two of its numbers."""


def _words() -> Iterator[tuple[str, int]]:
    """Yield the words with their values."""
    other = _OTHER_FORMS.split()
    yield from zip(other[::2], map(int, other[1::2]), strict=True)
    for code, tens in _TENS.items():
        twenty = _TO_TWENTY[code].split()
        higher = dict(zip(tens.split(), range(30, 101, 10), strict=True))
        yield from zip(twenty, range(21), strict=True)
        yield from higher.items()
        if code in ("ru", "uk"):
            for word, value in (*zip(twenty, range(21), strict=True), *higher.items()):
                if word.endswith("ь"):
                    yield from ((word[:-1] + ending, value) for ending in _RUSSIAN_ENDINGS)
        if code in _JOINED:
            between, is_unit_first = _JOINED[code]
            full = {
                twenty[20]: 20,
                **{word: value for word, value in higher.items() if value < 100},
            }
            units = {**dict(zip(twenty[1:10], range(1, 10), strict=True)), **_UNITS.get(code, {})}
            for (ten, many), (unit, one) in product(full.items(), units.items()):
                parts = (unit, between, ten) if is_unit_first else (ten, between, unit)
                yield "".join(parts), many + one


_UNITS = {"de": {"ein": 1}}
_VALUES = {normalize_word(word.replace("'", "")): value for word, value in _words()}


def spelt_numbers(found: Sequence[Token]) -> tuple[Token, ...] | None:
    """Return the tokens with numbers as digits, without what stands between street and number.

    Tens and a unit that follow each other are one number. Return None if nothing is different.
    """
    read: list[Token] = []
    values: list[int | None] = []
    for token in found:
        value = _value_of(token.text)
        before = values[-1] if values else None
        if value is not None and before and _adds(before, value):
            read[-1] = _number(read[-1], before + value, token)
            values[-1] = before + value
            continue
        read.append(token if value is None else _number(token, value, token))
        values.append(value)
    kept = [
        token
        for place, token in enumerate(read)
        if token.text not in _BESIDE_A_NUMBER or not _stands_before_number(read, place)
    ]
    return tuple(kept) if len(kept) != len(found) or kept != list(found) else None


def _value_of(word: str) -> int | None:
    """Return the value of a number in words, also with look-alike letters; None of others."""
    if word in _VALUES:
        return _VALUES[word]
    if word.isascii() or is_cyrillic(word):
        return None
    return next((_VALUES[way] for way in look_alike_readings(word) if way in _VALUES), None)


def _adds(before: int, value: int) -> bool:
    """Return whether a number continues the one before: a unit after tens, less after a hundred."""
    is_ten = 20 <= before < 100 and before % 10 == 0
    return (is_ten and 0 < value < 10) or (before == 100 and 0 < value < 100)


def _number(first: Token, value: int, last: Token) -> Token:
    text = str(value)
    return Token(text, text, first.start, last.end)


def _stands_before_number(read: Sequence[Token], place: int) -> bool:
    """Return whether a word, or it and others of its kind, stands right before a number."""
    for token in read[place + 1 : place + 3]:
        if token.text[:1].isdigit():
            return place > 0
        if token.text not in _BESIDE_A_NUMBER:
            return False
    return False
