# SPDX-License-Identifier: GPL-3.0-or-later
"""The support plan as a finished PDF: her words first, what is torn is said, and no more."""

from datetime import date
from typing import Any

import pytest
from tests.support import make

from kfdesk.documents.support_plan import make_support_plan
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.papers import CONTENTS, PrintContext
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.schema import SensitivityLevel
from kfdesk.domain.values import MissingAnswer

CONTAINED = CONTENTS[PaperName.SUPPORT_PLAN]
NAMES = {make.PARTNER.hex(): "Дом у реки", make.THIRD.hex(): "Ostrov"}
GOAL = make.named_id("goal")


def drawn(press: Typesetter, *rows: Row, code: str = "sv", beside: str = "") -> bytes:
    """Return the support plan of these rows under Nina's plan as a PDF."""
    everything = (make.row("client"), make.row("plan"), *rows)
    ours = Recipient(RecipientKind.OWN, make.OURS)
    what = disclose(everything, ours, Channel.DESK_PAPER, make.basis()).only_keys(CONTAINED)
    order = PaperRequest(PaperName.SUPPORT_PLAN, make.PLAN, code, beside=beside)
    return make_support_plan(order, what, PrintContext(make.NOW, "EB", 1, NAMES), press)


def said(press: Typesetter, *rows: Row, code: str = "sv", beside: str = "") -> str:
    """All that stands on it, on one line."""
    return " ".join(" ".join(page_texts(drawn(press, *rows, code=code, beside=beside))).split())


def goal(**values: Any) -> Row:
    return make.row("goal", {**make.FILLED["goal"], **values}, rid=GOAL)


def service(name: str = "service", **values: Any) -> Row:
    return make.row("service", {**make.FILLED["service"], **values}, rid=make.named_id(name))


def test_her_words_stand_first_with_where_she_stands_and_who_helps(press: Typesetter) -> None:
    text = said(press, goal(), service())
    for words in (
        "Individuell stödplan tulpan-47",
        "Lära sig ett yrke På gång · Дом у реки ”Jag vill bli frisör”",
        "I början 0 – inget Nu 1 – dåligt Ditt mål 3 – bra",
        "Till när 1 september 2027",
        "Kurs på kvällar Ostrov 11 januari 2027 4 juni 2027 Pågår",
        "Din underskrift · Нина Вымыслова Ort och datum För oss · EB Ort och datum",
    ):
        assert words in text


def test_second_language_of_where_she_stands_is_a_line_of_its_own(press: Typesetter) -> None:
    text = said(press, goal(), beside="en")
    assert "I början · At the start 0 – inget 0 – nothing" in text
    assert "1 september 2027 1 September 2027" in text


def test_same_plan_makes_the_same_bytes(press: Typesetter) -> None:
    assert drawn(press, goal(), service()) == drawn(press, goal(), service())


def test_money_and_who_pays_are_not_on_it(press: Typesetter) -> None:
    text = said(press, goal(), service())
    for never in ("12000", "RUB", "givare", "Visst behov", "blåsippa", "PP"):
        assert never not in text
    assert not {"cost", "currency", "funding", "referral"} & CONTAINED["service"]
    assert not {"owner", "need_level"} & CONTAINED["goal"]


def test_nothing_that_it_contains_is_about_others_offences() -> None:
    levels = {
        RECORD_TYPES[name].fields[key].level for name, keys in CONTAINED.items() for key in keys
    }
    assert SensitivityLevel.S5 not in levels
    assert SensitivityLevel.S4 not in levels


def test_aim_that_two_desks_wrote_apart_shows_both_and_that_it_is_not_decided(
    press: Typesetter,
) -> None:
    before = goal()
    theirs = make.changed(
        before, {"aim": make.told("Jag vill sjunga", "Хочу петь")}, make.signature("ОЛ", 5), before
    )
    both = make.changed(
        theirs, {"aim": make.told("Jag vill dansa", "Хочу танцевать")}, make.signature("EB", 6),
        before,
    )  # fmt: skip
    text = said(press, both)
    assert "Jag vill sjunga" in text
    assert "Jag vill dansa" in text
    assert "två värden, ej avgjort" in text


@pytest.mark.parametrize("gap", [None, MissingAnswer.UNKNOWN, MissingAnswer.DECLINED])
def test_what_is_missing_is_said_in_words(press: Typesetter, gap: MissingAnswer | None) -> None:
    words = {
        None: "inte än",
        MissingAnswer.UNKNOWN: "okänt",
        MissingAnswer.DECLINED: "vill inte säga",
    }
    text = said(press, goal(aim=gap, baseline=gap, due=gap))
    assert text.count(words[gap]) == 3


def test_aims_stand_in_the_order_of_their_days_those_without_last(press: Typesetter) -> None:
    rows = [
        make.row(
            "goal",
            {"aim": make.told(f"Mål {name}", f"Цель {name}"), "due": due},
            rid=make.named_id(f"goal {name}"),
        )
        for name, due in (("tre", None), ("två", date(2027, 5, 1)), ("ett", date(2027, 1, 1)))
    ]
    text = said(press, *rows)
    assert text.index("Mål ett") < text.index("Mål två") < text.index("Mål tre")


def test_service_without_an_aim_stands_apart_and_without_words_by_its_part_of_life(
    press: Typesetter,
) -> None:
    text = said(press, goal(), service(), service("other", goal=None, what=None, domain="legal"))
    assert text.index("Kurs på kvällar") < text.index("Fler insatser")
    assert text.index("Fler insatser") < text.index("Rättsliga frågor")


def test_contact_that_she_does_not_want_is_not_on_it(press: Typesetter) -> None:
    days = [(20, None), (27, True)]
    rows = [
        make.row("follow_up", {"due": date(2026, 12, day), "refused": refused},
                 rid=make.named_id(f"contact {day}"))
        for day, refused in days
    ]  # fmt: skip
    text = said(press, goal(), *rows)
    assert "sön 20 december 2026" in text
    assert "27 december" not in text
    assert "När vi hörs" not in said(press, goal(), rows[1])


def test_reason_of_a_contact_speaks_to_her(press: Typesetter) -> None:
    kinds = ("arrival", "regular", "in_care", "for_assesment", "after_reunification")
    rows = [
        make.row("follow_up", {"due": date(2026, 12, 20 + number), "kind": kind},
                 rid=make.named_id(f"contact {kind}"))
        for number, kind in enumerate(kinds)
    ]  # fmt: skip
    text = said(press, goal(), *rows)
    for words in ("Vid ankomsten", "Hur du mår", "Om din placering", "dina behov", "din familj"):
        assert words in text, words
    assert "hennes" not in text.lower().partition("när vi hörs")[2]


def test_without_code_and_names_there_is_still_a_line_to_sign(press: Typesetter) -> None:
    bare = make.row("client", {"languages": ("ru",)})
    what = disclose(
        (bare, make.row("plan"), goal()), Recipient(RecipientKind.OWN, make.OURS),
        Channel.DESK_PAPER, make.basis(),
    )  # fmt: skip
    order = PaperRequest(PaperName.SUPPORT_PLAN, make.PLAN, "en")
    about = PrintContext(make.NOW, "EB", 1, NAMES)
    text = " ".join(page_texts(make_support_plan(order, what.only_keys(CONTAINED), about, press)))
    assert "Your signature" in text
    assert "someone who is not known here" not in text
