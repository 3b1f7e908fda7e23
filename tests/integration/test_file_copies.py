# SPDX-License-Identifier: GPL-3.0-or-later
"""The file copy from a real store: what it gathers, what keeps it back, what is written down."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from tests.integration.course_samples import Walk, walked
from tests.support.make import file_copy
from tests.support.papers import drawn_paper

from kfdesk.demo import people
from kfdesk.domain.audit import Action
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.phone_numbers import dialled_groups
from kfdesk.domain.records.journey import HelpNumber
from kfdesk.domain.records.risk import RiskEvent
from kfdesk.domain.rows import view
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.papers.production import make_paper, paper_obstacles
from kfdesk.services.plans.plans import zoned_now
from kfdesk.services.workflow import approve, request_approval


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with walked(tmp_path_factory.mktemp("walk"), "assessing") as made:
        yield made


def said(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = (page.get_textpage().get_text_range() for page in document)
    return " ".join(" ".join(pages).split())


def test_copy_has_the_plan_its_gates_and_the_names_of_whom_it_refers_to(walk: Walk) -> None:
    text = said(drawn_paper(walk.ours, file_copy(walk.plan)).pdf)
    for words in (
        "tulpan-47 · Нина Вымыслова",
        "Partner Дом у реки",
        "Villkor för nästa steg: klar för beslut",
        "Vi har inte bedömt riskerna än.",
        "Mottagande och återintegrering",
        "Nordhuset",
        "M/S Havsörn",
        "utskriven 1 december 2026 kl. 12:00 av EV",
    ):
        assert words in text, words


def test_copy_comes_in_each_language_of_the_program(walk: Walk) -> None:
    for code, words in (("en", "FILE COPY · NOT TO TRAVEL"), ("ru", "В ДОРОГУ НЕ БРАТЬ")):
        assert words in said(drawn_paper(walk.ours, file_copy(walk.plan, code)).pdf)


def test_gate_that_was_set_aside_names_who_did_it_and_why(walk: Walk) -> None:
    request_approval(walk.ours, walk.plan, "override", "needs_assessed", "Påhittat skäl")
    approve(walk.second(), walk.plan, "override", "needs_assessed", "Påhittat skäl")
    text = said(drawn_paper(walk.ours, file_copy(walk.plan)).pdf)
    assert f"åsidosatt 1 december 2026 av {people.SECOND_PERSON}: Påhittat skäl" in text


def test_code_word_and_alarm_plan_are_not_on_it(walk: Walk) -> None:
    text = said(drawn_paper(walk.ours, file_copy(walk.plan)).pdf)
    assert "blåsippa" not in text
    assert "ambassaden" not in text


def test_text_with_the_code_word_within_keeps_the_copy_back_and_names_the_field(
    walk: Walk,
) -> None:
    before = walk.legs[0]
    change_record(walk.ours, before, {"fallback": "Ring och säg: ”Blåsippa!”"})
    found = paper_obstacles(walk.ours, file_copy(walk.plan))
    assert [(fault.code, fault.data) for fault in found] == [
        ("paper.code_word", {"field": "leg.fallback"})
    ]
    with pytest.raises(KfdeskError, match="code_word"):
        make_paper(walk.ours, file_copy(walk.plan))
    change_record(walk.ours, before, {"fallback": "Blåsippsvägen 3, ring på"})
    assert paper_obstacles(walk.ours, file_copy(walk.plan)) == ()


def test_copies_are_counted_and_entered_and_a_look_is_not(walk: Walk) -> None:
    ours = walk.ours.identity.organisation
    numbers = []
    for _ in range(2):
        drawn_paper(walk.ours, file_copy(walk.plan))
        text = said(make_paper(walk.ours, file_copy(walk.plan)).pdf)
        numbers.append(text.partition("Exemplar nr ")[2].partition(" ")[0])
    assert [int(number) for number in numbers] == [1, 2]
    entered = [e for e in walk.ours.store.ledger.entries(ours) if e.rid == walk.plan]
    assert {entry.channel for entry in entered} == {Channel.DESK_PAPER}
    assert all("code_word" not in entry.writes for entry in entered)
    newest = walk.ours.store.ledger.events(None, 40)
    printed = {event.rid for _, event in newest if event.action is Action.PRINT}
    assert {walk.plan, walk.client, *walk.legs} <= printed


def test_records_in_the_bin_are_not_on_it(walk: Walk) -> None:
    row = walk.of("help_number")[0]
    number = dialled_groups(str(view(row, HelpNumber).record.number))
    assert str(number) in said(drawn_paper(walk.ours, file_copy(walk.plan)).pdf)
    delete_record(walk.ours, row.rid)
    assert str(number) not in said(drawn_paper(walk.ours, file_copy(walk.plan)).pdf)


def test_what_has_happened_stands_on_it_and_no_weighing_from_before_counts(tmp_path: Path) -> None:
    with walked(tmp_path, "decision_ready") as walk:
        before = said(drawn_paper(walk.ours, file_copy(walk.plan, "en")).pdf)
        assert "Return is possible with measures" in before
        assert "What has happened since" not in before
        account = people.localized("Samtal i natt", "Звонок ночью", "A call in the night")
        values: people.Values = {
            "kind": "new_threat",
            "happened": zoned_now(walk.ours),
            "account": account,
        }
        event = create_record(walk.ours, RiskEvent, values, parent=walk.plan)
        after = said(drawn_paper(walk.ours, file_copy(walk.plan, "en")).pdf)
        assert "A new threat A call in the night" in after
        assert "No risk assessment is valid today" in after
        assert after.count("not valid today") == 2  # both sides' are void
        delete_record(walk.ours, event)
        again = said(drawn_paper(walk.ours, file_copy(walk.plan, "en")).pdf)
        assert "What has happened since" not in again
        assert "No risk assessment is valid today" not in again
