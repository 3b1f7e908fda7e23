# SPDX-License-Identifier: GPL-3.0-or-later
"""What a paper reads: a text in one line however it was typed, a list line by line."""

from kfdesk.documents.typesetting import localized_line, localized_lines, one_line
from kfdesk.domain.values import MissingAnswer, Translation

TYPED = (Translation("sv", "  Blå bil\nvid utgång B \n\n och vänta"), Translation("ru", "Машина"))


def test_text_that_was_typed_in_lines_is_one_line_on_paper() -> None:
    assert localized_line(TYPED, "sv") == "Blå bil vid utgång B och vänta"
    assert one_line("NINA\n VYMYSLOVA ") == "NINA VYMYSLOVA"


def test_list_has_a_line_for_each_thing() -> None:
    assert localized_lines(TYPED, "sv") == ("Blå bil", "vid utgång B", "och vänta")


def test_what_is_not_there_is_empty() -> None:
    for value in (None, MissingAnswer.UNKNOWN, (Translation("ru", "Машина"),)):
        assert localized_line(value, "sv") == ""
        assert localized_lines(value, "sv") == ()
        assert one_line(value) == ""
