# SPDX-License-Identifier: GPL-3.0-or-later
"""The invented people of the demo, and what is written down about them.

Nobody here exists; the numbers are fictitious. Texts that may leave stand in Swedish and Russian.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kfdesk.domain.lists.case_codes import CONSENT_EXPLAINED
from kfdesk.domain.schema import Group
from kfdesk.domain.values import Moment, Told, Value, Wording

Values = Mapping[str, Value]

STOCKHOLM, RIGA, MOSCOW = "Europe/Stockholm", "Europe/Riga", "Europe/Moscow"
HOUSE, SAFE_HOUSE = "Nordhuset", "Дом у реки"
INITIALS, PARTNER_INITIALS = "EV", "ОМ"
PASSPHRASE = "lykta lönn omloppsbana kisel äng segel"  # noqa: S105 - opens invented data only
PARTNER_PASSPHRASE = "фонарь клён орбита кремень луг парус"  # noqa: S105 - the same


def told(sv: str, ru: str, en: str) -> Told:
    """A text in the demo's three languages."""
    return (Wording("sv", sv), Wording("ru", ru), Wording("en", en))


def moment(at: datetime) -> Moment:
    """An instant as clocks at our desk show it, wherever the program runs."""
    return Moment.at(at.astimezone(ZoneInfo(STOCKHOLM)).replace(tzinfo=None), STOCKHOLM)


CLIENT: Values = {
    "code": "tulpan-47",
    "alias": "Nina",
    "given_name": "Нина",
    "family_name": "Вымыслова",
    "name_on_ticket": "NINA VYMYSLOVA",
    "languages": ("ru", "en"),
    "safe_contact": told(
        "Endast textmeddelande, kl. 10–12",
        "Только сообщения, с 10 до 12",
        "Text messages only, 10–12",
    ),
    "age_band": "age_24_26",
}

ESCORT: Values = {
    "given_name": "Karin",
    "family_name": "Påhittad",
    "confidentiality": "secret",
    "phone": "+46 70-174 06 33",
}


def plan(at: datetime, receiver: str, escort: str) -> Values:
    """The plan of a return, with whom it names."""
    stated = moment(at)
    return {
        "state": "draft",
        "wish": "client_wishes_to_return",
        "wish_stated": stated,
        "from_country": "SE",
        "to_country": "RU",
        "to_place": told("Pskov oblast", "Псковская область", "Pskov Oblast"),
        "receiver": receiver,
        "escort": escort,
        "wants_paper": "wants_paper",
        "luggage": told(
            "1 resväska, blå\n1 ryggsäck, svart\npass och biljetter, alltid hos dig\n"
            "telefon, laddare, pengar",
            "1 чемодан, синий\n1 рюкзак, чёрный\nпаспорт и билеты — при себе\n"
            "телефон, зарядка, деньги",
            "1 suitcase, blue\n1 backpack, black\npassport and tickets, always with you\n"
            "phone, charger, money",
        ),
        "code_word": "blåsippa",
        "alarm_plan": "Ring Eva, sedan Olga, sedan ambassaden.",
    }


def legs(day: datetime) -> tuple[Values, Values]:
    """Two legs, the first leaving on `day` (its date counts)."""
    first = day.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    second = first + timedelta(days=1)
    ferry: Values = {
        "sequence": 1,
        "mode": "ferry",
        "carrier": "M/S Havsörn",
        "booking_reference": "HX 20417",
        "from_place": told("Stockholm", "Стокгольм", "Stockholm"),
        "from_stop": told(
            "Värtahamnen, färjeterminal",
            "Värtahamnen, морской терминал",
            "Värtahamnen, ferry terminal",
        ),
        "departs": Moment.at(first.replace(hour=17), STOCKHOLM),
        "to_place": told("Riga", "Рига", "Riga"),
        "to_stop": told(
            "Rīgas pasažieru osta", "Rīgas pasažieru osta, морской вокзал", "Rīgas pasažieru osta"
        ),
        "arrives": Moment.at(second.replace(hour=10, minute=30), RIGA),
        "met_by": told("Anna", "Анна", "Anna"),
        "sign": told("gul halsduk", "жёлтый шарф", "yellow scarf"),
        "onward": told("Bil med Anna", "Машина с Анной", "Car with Anna"),
        "check_in": Moment.at(second.replace(hour=10, minute=45), RIGA),
        "status": "booked",
    }
    coach: Values = {
        "sequence": 2,
        "mode": "coach",
        "carrier": "17, Exempelbuss",
        "from_place": told("Riga", "Рига", "Riga"),
        "from_stop": told(
            "Rīgas autoosta, plattform 4",
            "Rīgas autoosta, платформа 4",
            "Rīgas autoosta, platform 4",
        ),
        "departs": Moment.at(second.replace(hour=12, minute=40), RIGA),
        "to_place": told("Pskov", "Псков", "Pskov"),
        "to_stop": told(
            "Busstationen, stora ingången",
            "Автовокзал, главный вход",
            "Bus station, main entrance",
        ),
        "arrives": Moment.at(second.replace(hour=20, minute=15), MOSCOW),
        "met_by": told("Olga", "Ольга", "Olga"),
        "sign": told("blått paraply", "синий зонт", "blue umbrella"),
        "status": "planned",
    }
    return ferry, coach


def numbers(at: datetime) -> tuple[Values, Values]:
    """Two numbers that were tried today."""
    tried = moment(at)
    ours: Values = {
        "sequence": 1,
        "number": "+46 70-174 06 15",
        "hours": told("dygnet runt, ryska", "днём и ночью, по-русски", "day and night, in Russian"),
        "languages": ("ru", "sv"),
        "called": tried,
        "called_by": "Eva",
    }
    theirs: Values = {
        "sequence": 2,
        "number": "+7 000 555-01-17",
        "hours": told("kl. 8–22, Moskvatid", "с 8 до 22 по времени Москвы", "8 to 22, Moscow time"),
        "languages": ("ru",),
        "called": tried,
        "called_by": "Eva",
    }
    return ours, theirs


def consent(at: datetime, recipient: str) -> Values:
    """Her consent to the partner's reception, with the warning about a third country."""
    now = moment(at)
    return {
        "purpose": "reception_and_reintegration",
        "recipient": recipient,
        "groups": (Group.IDENTITY, Group.CONTACT, Group.TRAVEL),
        "form": "oral_interpreter",
        "given_by": "client",
        "language": "ru",
        "explained": tuple(CONSENT_EXPLAINED),
        "interpreted_by": "Tolk Påhittad",
        "given": now,
        "expires": (at + timedelta(days=90)).date(),
        "transfer_tool": "explicit_consent_49_1_a",
        "warned": now,
    }


HELP_ON_THE_WAY: Values = {
    "reminders": told(
        "21:00 blå ask, med mat\n09:00 blå ask, med mat",
        "21:00 синяя коробка, с едой\n09:00 синяя коробка, с едой",
        "21:00 blue box, with food\n09:00 blue box, with food",
    ),
    "travel_help": told(
        "Sitt bredvid, på lugna platser\nKort paus varannan timme; hiss i stället för trappor",
        "Сидеть рядом, на тихих местах\nКороткая остановка каждые два часа; лифт вместо лестницы",
        "Sit alongside, on quiet seats\nA short stop every two hours; lift instead of stairs",
    ),
}

ANSWERING = (told("Eva", "Эва", "Eva"), told("Olga", "Ольга", "Olga"))
"""Who answers the two numbers, by first name."""


def company(at: datetime, escort: str) -> Values:
    """Her consent to who goes with her, with what helps on the way."""
    return {
        "purpose": "travel_escort",
        "recipient": escort,
        "groups": (Group.IDENTITY, Group.TRAVEL, Group.HEALTH),
        "form": "oral_interpreter",
        "given_by": "client",
        "language": "ru",
        "explained": tuple(CONSENT_EXPLAINED),
        "interpreted_by": "Tolk Påhittad",
        "given": moment(at),
        "expires": (at + timedelta(days=90)).date(),
    }
