# SPDX-License-Identifier: GPL-3.0-or-later
"""Short sentences about deadlines, in the languages of the window."""

import pytest

from kfdesk.app import language
from kfdesk.domain.procedures.clocks import ClockFault, NotDue
from kfdesk.i18n.days import days_left_text
from kfdesk.i18n.procedures import (
    actor_name,
    clock_kind,
    not_due_text,
    upcoming_text,
)


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "next: 4b, Social welfare board, in 3 days"),
     ("sv", "härnäst: 4b, Socialnämnden, om 3 dagar"),
     ("ru", "далее: 4b, Комиссия по социальным вопросам, через 3 дня")],
)  # fmt: skip
def test_next_deadline_in_a_few_words(code: str, said: str) -> None:
    words = language(code)
    assert upcoming_text("4b", actor_name("social_board", words), 3, words) == said


def test_what_is_missing_or_long_stays_short() -> None:
    words = language("en")
    assert upcoming_text("", "", -1, words) == "next: –, 1 day ago"
    assert len(upcoming_text("9" * 300, "N" * 300, 0, words)) < 80


@pytest.mark.parametrize("code", [None, 4, ""])
def test_no_code_says_nothing_and_a_newer_one_says_itself(code: object) -> None:
    words = language("sv")
    assert (actor_name(code, words), clock_kind(code, words)) == ("", "")
    assert (actor_name("emperor", words), clock_kind("holy", words)) == ("emperor", "holy")
    assert clock_kind("statutory", words) == "Enligt lag"


def test_days_are_counted_in_words() -> None:
    words = language("ru")
    days = [days_left_text(days, words) for days in (0, 1, 2, 5, -1, -21)]
    assert days == ["сегодня", "через 1 день", "через 2 дня", "через 5 дней", "1 день назад",
                    "21 день назад"]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "event", "said"),
    [
        ("en", "reflection_granted",
         "The time limit has not started. It waits for: the reflection period is granted"),
        ("sv", "step_done:4", "Tiden har inte börjat löpa. Den väntar på: steg 4 är klart"),
        ("ru", "step_done:4", "Срок ещё не начался. Он начнётся с события: шаг 4 сделан"),
    ],
)  # fmt: skip
def test_clock_that_has_not_begun_says_what_it_waits_for(code: str, event: str, said: str) -> None:
    assert not_due_text(NotDue(ClockFault.NOT_BEGUN, event), language(code)) == said
