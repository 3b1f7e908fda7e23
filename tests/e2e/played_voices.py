# SPDX-License-Identifier: GPL-3.0-or-later
"""What is typed in a played case, in the script of whoever types it.

Everybody here is invented, and so is every number. No key and no page stands here: only words, so
that the same play is played by a Swedish and by a Russian keyboard.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's words. `russian`, `sweden`, … are how names begin when they are looked for."""

    code: str
    house: str
    receiver: str
    clinic: str
    alias: str
    given_name: str
    family_name: str
    safe_contact: str
    escort: tuple[str, str]
    interpreter: str
    received_by: str
    russian: str
    sweden: str
    russia: str
    latvia: str
    stockholm: str
    riga: str
    pskov: str
    ours: str
    receivers: str
    their_clock: str
    met_by: tuple[str, str]
    sign: tuple[str, str]
    measures: str
    ferry: str
    coach: str
    luggage: str
    hours: str
    fallback: str
    stays: str


SWEDISH = Voice(
    code="sv",
    house="Nordhuset",
    receiver="Дом у реки",
    clinic="Påhittade mottagningen",
    alias="Nina",
    given_name="Нина",
    family_name="Вымыслова",
    safe_contact="Endast textmeddelande, kl. 10–12",
    escort=("Karin", "Påhittad"),
    interpreter="Tolk 7, påhittad",
    received_by="Olga",
    russian="rys",
    sweden="sverig",
    russia="ryss",
    latvia="lett",
    stockholm="stockh",
    riga="riga",
    pskov="psk",
    ours="nordh",
    receivers="дом",
    their_clock="mosk",
    met_by=("Anna", "Анна"),
    sign=("gul halsduk", "жёлтый шарф"),
    measures="Nytt telefonnummer",
    ferry="M/S Havsörn",
    coach="17, Exempelbuss",
    luggage="1 resväska, blå",
    hours="dygnet runt",
    fallback="Anna tar henne med hem",
    stays="Hon vill stanna.",
)
RUSSIAN = Voice(
    code="ru",
    house="Северный дом",
    receiver="Дом у реки",
    clinic="Вымышленная клиника",
    alias="Нина",
    given_name="Нина",
    family_name="Вымыслова",
    safe_contact="Только сообщения, с 10 до 12",
    escort=("Карин", "Придуманная"),
    interpreter="Переводчик 7, придуманный",
    received_by="Ольга",
    russian="русс",
    sweden="швец",
    russia="росс",
    latvia="латв",
    stockholm="сток",
    riga="рига",
    pskov="псков",
    ours="северн",
    receivers="дом у",
    their_clock="моск",
    met_by=("Анна", ""),
    sign=("жёлтый шарф", ""),
    measures="Новый номер телефона",
    ferry="Паром «Орлан»",
    coach="17, автобус",
    luggage="1 чемодан, синий",
    hours="днём и ночью",
    fallback="Анна берёт её к себе",
    stays="Она хочет остаться.",
)
VOICES = {voice.code: voice for voice in (SWEDISH, RUSSIAN)}
