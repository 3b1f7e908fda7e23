# SPDX-License-Identifier: GPL-3.0-or-later
"""Words by which a text says that a client is a woman or a man, by language, in small letters."""

import re
from collections.abc import Mapping

RUSSIAN = re.compile(
    r"\b(сама|одна|(?<!семья не )согласна|должна|при(?:была|ехала)|вы(?:ехала|шла)|отправилась|"
    r"уехала|(?:под|со)писала|подвергалась|предупреждена|потерпевшая|удовлетворена|передумала|"
    r"(?:рас)?сказала|согласилась|отказалась|вернулась|переехала|отозвала|услышала|выслушала|"
    r"пострадала|умерла|клиентк\w+)\b"
)
HER: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(she|her|hers|herself)\b"),
    "sv": re.compile(r"\b(hon|henne|hennes)\b"),
    "ru": re.compile(r"\b(она|её|ей|ею|неё|ней|нею)\b|" + RUSSIAN.pattern),
}
"""Words that say that a client is a woman. In Russian the pronouns stand for many things, too."""
HIM: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(he|him|his|himself)\b"),
    "sv": re.compile(r"\b(han|honom|hans)\b"),
    "ru": re.compile(
        r"\b(прибыл|выехал|отправился|(?<!клиент )согласен|подписал|отозвал|отказался|умер)\b"
    ),
}
"""Words that say that a client is a man; a Russian pronoun may stand for the word "клиент"."""
