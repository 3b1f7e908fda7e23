# SPDX-License-Identifier: GPL-3.0-or-later
"""What a paper reads: a text in one line however it was typed, a list line by line."""

from kfdesk.documents.reading import lines_of, text_of, told_of
from kfdesk.domain.values import Gap, Wording

TYPED = (Wording("sv", "  Blå bil\nvid utgång B \n\n och vänta"), Wording("ru", "Машина"))


def test_text_that_was_typed_in_lines_is_one_line_on_paper() -> None:
    assert told_of(TYPED, "sv") == "Blå bil vid utgång B och vänta"
    assert text_of("NINA\n VYMYSLOVA ") == "NINA VYMYSLOVA"


def test_list_has_a_line_for_each_thing() -> None:
    assert lines_of(TYPED, "sv") == ("Blå bil", "vid utgång B", "och vänta")


def test_what_is_not_there_is_empty() -> None:
    for value in (None, Gap.UNKNOWN, (Wording("ru", "Машина"),)):
        assert told_of(value, "sv") == ""
        assert lines_of(value, "sv") == ()
        assert text_of(value) == ""
