# SPDX-License-Identifier: GPL-3.0-or-later
"""An invented journey for the companion's sheet, in each of its languages."""

from dataclasses import replace
from datetime import date

from tests.unit.documents.paper_samples import HOUR, MOSCOW, RIGA, STOCKHOLM, at, spell

from kfdesk.documents.escort.content import (
    CallRecipient,
    CheckInCall,
    EscortLeg,
    EscortSheet,
    LegEnd,
    Reminder,
)
from kfdesk.documents.traveller.content import Greeter, Ride, Transfer
from kfdesk.domain.itinerary import EmergencyNumber

_TEXTS = {
    "en": (
        ("Stockholm", "Värtahamnen, ferry terminal"), ("Riga", "Rīgas pasažieru osta"),
        ("Riga", "Rīgas autoosta, bay 4"), ("Pskov", "Псков, автовокзал, main entrance"),
        ("Anna", "yellow scarf"), ("Olga", "blue umbrella"), "Car with Anna, grey",
        ("Sit side by side, quiet seats, not by the bar.", "A woman alongside, also at the gate.",
         "A short stop every two hours; lift instead of stairs.",
         "No fish. Tea and bread are in the blue bag."),
        ("blue box, with food", "blue box, with food"),
    ),
    "sv": (
        ("Stockholm", "Värtahamnen, färjeterminal"), ("Riga", "Rīgas pasažieru osta"),
        ("Riga", "Rīgas autoosta, plattform 4"), ("Pskov", "Псков, автовокзал, stora ingången"),
        ("Anna", "gul halsduk"), ("Olga", "blått paraply"), "Bil med Anna, grå",
        ("Sitt bredvid, vid gången. Lugna platser.", "En kvinna bredvid, även vid gaten.",
         "Kort paus varannan timme; hiss i stället för trappor."),
        ("blå ask, med mat", "blå ask, med mat"),
    ),
    "ru": (
        ("Стокгольм", "Värtahamnen, морской терминал"), ("Рига", "Rīgas pasažieru osta"),
        ("Рига", "Rīgas autoosta, платформа 4"), ("Псков", "Автовокзал, главный вход"),
        ("Анна", "жёлтый шарф"), ("Ольга", "синий зонт"), "Машина с Анной, серая",
        ("Сидеть рядом, у прохода; тихие места.", "Рядом женщина, и у выхода на посадку.",
         "Короткая остановка каждые два часа; лифт вместо лестницы."),
        ("синяя коробка, с едой", "синяя коробка, с едой"),
    ),
}  # fmt: skip


def journey(code: str) -> EscortSheet:
    """Stockholm to Pskov by ferry and coach, with a companion."""
    start, quay, stand, end, anna, olga, onward, needs, reminders = _TEXTS[code]
    ferry = EscortLeg(
        1,
        LegEnd(at(12, 12, 17), STOCKHOLM, *start),
        LegEnd(at(12, 13, 10, 30), RIGA, *quay),
        Ride("ferry", "M/S Havsörn, Exempellinjen", spell(16, 30)),
        HOUR,
        Greeter(*anna),
        Transfer(onward, "car", spell(0, 25)),
    )
    coach = EscortLeg(
        2,
        LegEnd(at(12, 13, 12, 40), RIGA, *stand),
        LegEnd(at(12, 13, 20, 15), MOSCOW, *end),
        Ride("coach", "17, Exempelbuss", spell(6, 35)),
        HOUR,
        Greeter(*olga),
    )
    return EscortSheet(
        days=(date(2026, 12, 12), date(2026, 12, 13)),
        ticket_names=("NINA VYMYSLOVA",),
        languages=("ru", "en"),
        legs=(ferry, coach),
        needs=needs,
        reminders=tuple(
            Reminder(time, text, place)
            for time, text, place in zip(
                ("21:00", "09:00"), reminders, (start[0], quay[0]), strict=True
            )
        ),
        calls=(
            CheckInCall(at(12, 12, 16, 45), STOCKHOLM, is_after_arrival=False),
            CheckInCall(at(12, 13, 11), RIGA, is_after_arrival=True, met=anna[0]),
            CheckInCall(at(12, 13, 20, 45), MOSCOW, is_after_arrival=True),
        ),
        answering=(
            CallRecipient("Марина" if code == "ru" else "Marina", "+46 70-174 06 15"),
            CallRecipient(anna[0], "+371 000 00117"),
        ),
        emergency=EmergencyNumber("112"),
    )


def many_legs(count: int) -> EscortSheet:
    """Return a journey of `count` legs three hours apart, each with a check-in.

    The places are named by number.
    """
    first = journey("ru")
    start = at(12, 12, 6)
    legs = tuple(
        replace(
            first.legs[1],
            number=number + 1,
            start=LegEnd(start + number * spell(3), MOSCOW, f"Выдумка-{number + 1}", "Платформа 1"),
            end=LegEnd(start + number * spell(3) + spell(2), MOSCOW, f"Придумка-{number + 1}"),
            clock_change=None,
        )
        for number in range(count)
    )
    calls = tuple(CheckInCall(leg.end.moment, MOSCOW, is_after_arrival=True) for leg in legs)
    days = (legs[0].start.moment.date(), legs[-1].end.moment.date())
    return replace(first, days=days, legs=legs, calls=calls)
