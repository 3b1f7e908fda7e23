# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's people: the invented values of the client, the escort, the plan and its consents.

The values are what the plan needs to pass its gates, state by state, and nothing else. If one is
left out, the gate stays closed. The partner's own risk assessment comes from its store. Values
only: `story.py` writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kfdesk.domain.codes.case import CONSENT_EXPLAINED
from kfdesk.domain.risk import ItemAnswer, RiskItem
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import LocalizedText, Translation, Value, ZonedTime

Values = Mapping[str, Value]

STOCKHOLM, RIGA, MOSCOW = "Europe/Stockholm", "Europe/Riga", "Europe/Moscow"
HOUSE, SAFE_HOUSE = "Nordhuset", "Дом у реки"
INITIALS, PARTNER_INITIALS = "EV", "ОМ"
PASSPHRASE = "lykta lönn omloppsbana kisel äng segel"  # noqa: S105 - opens invented data only
PARTNER_PASSPHRASE = "фонарь клён орбита кремень луг парус"  # noqa: S105 - the same


def localized(sv: str, ru: str, en: str) -> LocalizedText:
    """Return a localized text in the demo's three languages."""
    return (Translation("sv", sv), Translation("ru", ru), Translation("en", en))


def zoned_time(at: datetime) -> ZonedTime:
    """Return an instant in the demo's own time zone, wherever the program runs."""
    return ZonedTime.at(at.astimezone(ZoneInfo(STOCKHOLM)).replace(tzinfo=None), STOCKHOLM)


CLIENT: Values = {
    "code": "tulpan-47",
    "alias": "Nina",
    "given_name": "Нина",
    "family_name": "Вымыслова",
    "name_on_ticket": "NINA VYMYSLOVA",
    "gender": "Feminine",
    "languages": ("ru", "en"),
    "safe_contact": localized(
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


def plan_values(at: datetime, receiver: str, escort: str) -> Values:
    """Return the values of a return plan that names its receiver and escort."""
    stated = zoned_time(at)
    return {
        "state": "draft",
        "opened": at.date(),
        "wish": "client_wishes_to_return",
        "wish_stated": stated,
        "from_country": "SE",
        "to_country": "RU",
        "to_place": localized("Pskov oblast", "Псковская область", "Pskov Oblast"),
        "receiver": receiver,
        "escort": escort,
        "wants_paper": "wants_paper",
        "luggage": localized(
            "1 resväska, blå\n1 ryggsäck, svart\npass och biljetter i ett fodral\n"
            "telefon, laddare, pengar",
            "1 чемодан, синий\n1 рюкзак, чёрный\nпаспорт и билеты в обложке\n"
            "телефон, зарядка, деньги",
            "1 suitcase, blue\n1 backpack, black\npassport and tickets in a cover\n"
            "phone, charger, money",
        ),
        "code_word": "blåsippa",
        "alarm_plan": "Ring Eva, sedan Olga, sedan ambassaden.",
    }


_ONWARD: Values = {
    "onward": localized("Bil med Anna", "Машина с Анной", "Car with Anna"),
    "onward_mode": "car",
    "onward_minutes": 25,
}


def leg_values(day: datetime) -> tuple[Values, Values]:
    """Return the values of two legs; the first leaves on the date of `day`."""
    first = day.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    second = first + timedelta(days=1)
    ferry: Values = {
        "sequence": 1,
        "mode": "ferry",
        "carrier": "M/S Havsörn",
        "booking_reference": "HX 20417",
        "from_place": localized("Stockholm", "Стокгольм", "Stockholm"),
        "from_stop": localized(
            "Värtahamnen, färjeterminal",
            "Värtahamnen, морской терминал",
            "Värtahamnen, ferry terminal",
        ),
        "departs": ZonedTime.at(first.replace(hour=17), STOCKHOLM),
        "to_place": localized("Riga", "Рига", "Riga"),
        "to_stop": localized(
            "Rīgas pasažieru osta", "Rīgas pasažieru osta, морской вокзал", "Rīgas pasažieru osta"
        ),
        "arrives": ZonedTime.at(second.replace(hour=10, minute=30), RIGA),
        "met_by": localized("Anna", "Анна", "Anna"),
        "sign": localized("gul halsduk", "жёлтый шарф", "yellow scarf"),
        **_ONWARD,
        "check_in": ZonedTime.at(second.replace(hour=10, minute=45), RIGA),
        "status": "booked",
    }
    coach: Values = {
        "sequence": 2,
        "mode": "coach",
        "carrier": "17, Exempelbuss",
        "from_place": localized("Riga", "Рига", "Riga"),
        "from_stop": localized(
            "Rīgas autoosta, plattform 4",
            "Rīgas autoosta, платформа 4",
            "Rīgas autoosta, platform 4",
        ),
        "departs": ZonedTime.at(second.replace(hour=12, minute=40), RIGA),
        "to_place": localized("Pskov", "Псков", "Pskov"),
        "to_stop": localized(
            "Busstationen, stora ingången",
            "Автовокзал, главный вход",
            "Bus station, main entrance",
        ),
        "arrives": ZonedTime.at(second.replace(hour=20, minute=15), MOSCOW),
        "met_by": localized("Olga", "Ольга", "Olga"),
        "sign": localized("blått paraply", "синий зонт", "blue umbrella"),
        "status": "planned",
    }
    return ferry, coach


def help_number_values(at: datetime) -> tuple[Values, Values]:
    """Return the values of two help numbers that were tested today."""
    tried = zoned_time(at)
    ours: Values = {
        "sequence": 1,
        "number": "+46 70-174 06 15",
        "hours": localized(
            "dygnet runt, ryska", "днём и ночью, по-русски", "day and night, in Russian"
        ),
        "languages": ("ru", "sv"),
        "called": tried,
        "called_by": "Eva",
    }
    theirs: Values = {
        "sequence": 2,
        "number": "+7 000 555-01-17",
        "hours": localized(
            "kl. 8–22, Moskvatid", "с 8 до 22 по времени Москвы", "8 to 22, Moscow time"
        ),
        "languages": ("ru",),
        "called": tried,
        "called_by": "Eva",
    }
    return ours, theirs


def reception_consent(at: datetime, recipient: str) -> Values:
    """Return the consent to the partner's reception, with the third-country warning."""
    now = zoned_time(at)
    return {
        "purpose": "reception_and_reintegration",
        "recipient": recipient,
        "groups": (DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL),
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
    "reminders": localized(
        "21:00 Stockholm, blå ask, med mat\n09:00 Riga, blå ask, med mat",
        "21:00 Стокгольм, синяя коробка, с едой\n09:00 Рига, синяя коробка, с едой",
        "21:00 Stockholm, blue box, with food\n09:00 Riga, blue box, with food",
    ),
    "travel_help": localized(
        "Sitt bredvid, på lugna platser\nKort paus varannan timme; hiss i stället för trappor",
        "Сидеть рядом, на тихих местах\nКороткая остановка каждые два часа; лифт вместо лестницы",
        "Sit alongside, on quiet seats\nA short stop every two hours; lift instead of stairs",
    ),
}

ANSWERING = (localized("Eva", "Эва", "Eva"), localized("Olga", "Ольга", "Olga"))
"""The first names of those who answer the two numbers."""


def escort_consent(at: datetime, escort: str) -> Values:
    """Return the consent to the escort, including what helps on the way."""
    return {
        "purpose": "travel_escort",
        "recipient": escort,
        "groups": (DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.HEALTH),
        "form": "oral_interpreter",
        "given_by": "client",
        "language": "ru",
        "explained": tuple(CONSENT_EXPLAINED),
        "interpreted_by": "Tolk Påhittad",
        "given": zoned_time(at),
        "expires": (at + timedelta(days=90)).date(),
    }


SECOND_PERSON = "AU"  # the second person in our organisation


CLIENT_FACTS: Values = {"needs_interpreter": True, "age_disputed": False}

FIRST_TALK: Values = {"interpreter_used": True, "alternatives_explained": True}


def consent_to_case_work(at: datetime, ours: str) -> Values:
    """Return the client's consent to case management by our organisation."""
    return {
        "purpose": "case_management",
        "recipient": ours,
        "groups": (DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL, DataGroup.RISK_SUMMARY),
        "form": "oral_interpreter",
        "given_by": "client",
        "language": "ru",
        "explained": tuple(CONSENT_EXPLAINED),
        "interpreted_by": "Tolk Påhittad",
        "given": zoned_time(at),
    }


def consent_to_risk_enquiry(at: datetime, recipient: str) -> Values:
    """Return the client's consent to a risk enquiry at the partner."""
    return {
        **consent_to_case_work(at, recipient),
        "purpose": "risk_enquiry_in_origin_country",
        "groups": (DataGroup.IDENTITY, DataGroup.RISK_SUMMARY),
        "transfer_tool": "explicit_consent_49_1_a",
        "warned": zoned_time(at),
    }


def reception_request(at: datetime, recipient: str) -> Values:
    """Return the request whether the partner can receive the client."""
    return {"organisation": recipient, "status": "asked", "asked": zoned_time(at)}


def risk_assessment_values(at: datetime) -> Values:
    """Return one side's risk assessment."""
    return {
        "done": at.date(),
        "conclusion": "return_possible_with_measures",
        "unanswered": 0,
        "client_view": localized(
            "Jag är rädd första veckan. Sedan går det, om ingen vet var jag bor.",
            "Первую неделю мне страшно. Потом будет легче, если никто не знает, где я живу.",
            "I am afraid of the first week. Then it will do, if nobody knows where I live.",
        ),
        "summary": localized(
            "Trygg mottagare, ny bostadsort",
            "Надёжный приём, новое место",
            "Safe receiver, new town",
        ),
        "measures": localized("Nytt telefonnummer", "Новый номер телефона", "New telephone number"),
        "measures_agreed": True,
    }


def needs_and_law_checked(at: datetime) -> Values:
    """Return the changes that mark needs and legal status as checked."""
    return {"needs_assessed": at.date(), "legal_checked": at.date()}


def decision_signed(at: datetime) -> Values:
    """Return the changes that record the client's signature and third-country notice."""
    return {
        "decision_signed": at.date(),
        "decision_language": "ru",
        "third_country_explained": zoned_time(at),
    }


def reception_confirmed(at: datetime) -> Values:
    """Return the partner's confirmation."""
    return {"status": "confirmed", "answered": zoned_time(at), "received_by": "Olga"}


def passport_values(at: datetime) -> Values:
    """Return the client's passport."""
    return {
        "kind": "passport",
        "number": "00 0000001",
        "country": "RU",
        "valid_until": (at + timedelta(days=900)).date(),
        "status": "held_by_client",
        "name_as_written": "NINA VYMYSLOVA",
    }


def second_leg_booking(arrives: ZonedTime) -> Values:
    """Return the booking of the second leg, with a check-in 15 minutes after arrival."""
    late = arrives.wall + timedelta(minutes=15)
    return {"status": "booked", "check_in": ZonedTime.at(late, arrives.zone)}


def wish_reconfirmed(at: datetime) -> Values:
    """Return the changes that record the last talk before the departure."""
    return {
        "escort_kind": "social",
        "fit_to_travel_needed": False,
        "wish_reconfirmed": zoned_time(at),
        "risk_read": zoned_time(at),
    }


ANSWERED_YES = ItemAnswer.SO
OURS, THEIRS = "ours", "theirs"


@dataclass(frozen=True, slots=True)
class RiskFinding:
    """The answers in one risk category, and how they are rated."""

    items: Mapping[str, RiskItem]
    values: Values


_NETWORK = RiskFinding(
    {
        "home_address_known": RiskItem(ANSWERED_YES, "client_statement", "probable"),
        "in_home_community": RiskItem(ANSWERED_YES, "origin_partner", "confirmed"),
    },
    {
        "likelihood": "likely",
        "severity": "life_threatening",
        "measure": localized("Annan region", "Другая область", "Another region"),
        "measure_by": "Pskov",
        "mitigation_status": "in_place",
        "likelihood_after": "unlikely",
        "severity_after": "severe",
    },
)
_FAMILY = RiskFinding(
    {"rejection": RiskItem(ANSWERED_YES, "client_statement", "confirmed")},
    {
        "likelihood": "possible",
        "severity": "serious",
        "measure": localized("Hon väljer orden", "Слова выбирает она", "She chooses the words"),
        "measure_by": "Nina",
        "mitigation_status": "in_place",
        "likelihood_after": "rare",
        "severity_after": "serious",
    },
)
_AGAIN = RiskFinding(
    {
        "no_income": RiskItem(ANSWERED_YES, "client_statement", "probable"),
        "debt": RiskItem(ANSWERED_YES, "client_statement", "probable"),
    },
    {
        "likelihood": "possible",
        "severity": "severe",
        "measure": localized("Jurist, första samtal", "Юрист, первая беседа", "Lawyer, first talk"),
        "measure_by": "Pskov",
        "mitigation_status": "agreed",
        "likelihood_after": "unlikely",
        "severity_after": "severe",
    },
)
_WAY = RiskFinding(
    {"transit_unmet": RiskItem(ANSWERED_YES, "worker_observation", "confirmed")},
    {
        "likelihood": "likely",
        "severity": "serious",
        "measure": localized("Någon möter vid bytet", "На пересадке встретят", "Met at the change"),
        "measure_by": "Nord",
        "mitigation_status": "agreed",
        "likelihood_after": "unlikely",
        "severity_after": "serious",
    },
)
_HEALTH = RiskFinding(
    {"medication_missing": RiskItem(ANSWERED_YES, "client_statement", "confirmed")},
    {
        "likelihood": "unlikely",
        "severity": "severe",
        "measure": localized("Räcker tio dagar", "Запас на десять дней", "Ten days packed"),
        "measure_by": "Nord",
        "mitigation_status": "proposed",
        "likelihood_after": "rare",
        "severity_after": "serious",
    },
)
_POLICE = RiskFinding(
    {"police_do_not_protect": RiskItem(ANSWERED_YES, "origin_partner", "probable")},
    {
        "likelihood": "possible",
        "severity": "serious",
        "measure": localized("Egen jurist", "Свой адвокат", "A lawyer of her own"),
        "measure_by": "Pskov",
        "mitigation_status": "proposed",
        "likelihood_after": "unlikely",
        "severity_after": "serious",
    },
)

RISK_FINDINGS: Mapping[str, Mapping[str, RiskFinding]] = {
    OURS: {
        "trafficker_network": _NETWORK,
        "family_community": _FAMILY,
        "retrafficking": _AGAIN,
        "health": _HEALTH,
        "travel": _WAY,
    },
    THEIRS: {
        "trafficker_network": RiskFinding(
            {"in_home_community": RiskItem(ANSWERED_YES, "origin_partner", "probable")},
            {**_NETWORK.values, "likelihood": "possible", "severity": "severe",
             "mitigation_status": "agreed"},
        ),
        "state_protection": _POLICE,
    },
}  # fmt: skip
"""The findings by store (ours, the partner's) and by risk category."""
