# SPDX-License-Identifier: GPL-3.0-or-later
"""The consent form from a real store: of a recorded consent, and of one that is only a draft."""

from collections.abc import Iterator
from datetime import date

import pypdfium2
import pytest
from tests.integration.course_samples import Walk, walked
from tests.support.papers import drawn_paper

from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Consent
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import FormState
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.papers.production import (
    list_copies,
    make_paper,
    paper_obstacles,
)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with walked(tmp_path_factory.mktemp("walk"), "assessing") as made:
        yield made


def form_of(rid: bytes, language: str = "sv", size: PaperFormat = PaperFormat.A4) -> PaperRequest:
    return PaperRequest(PaperName.CONSENT_FORM, rid, language, size)


def said(walk: Walk, order: PaperRequest) -> str:
    document = pypdfium2.PdfDocument(drawn_paper(walk.ours, order).pdf)
    pages = (page.get_textpage().get_text_range() for page in document)
    return " ".join(" ".join(pages).split())


def asking(walk: Walk, **more: Value) -> dict[str, Value]:
    return {
        "recipient": walk.partner.hex(),
        "purpose": "reception_and_reintegration",
        "groups": (DataGroup.IDENTITY, DataGroup.TRAVEL),
        "language": "ru",
        "expires": date(2027, 2, 3),
        **more,
    }


def draft_of(walk: Walk, **more: Value) -> bytes:
    return drafts.save_draft(
        walk.ours, None, FormState("consent", asking(walk, **more), {}, walk.client)
    )


def recorded(walk: Walk, **more: Value) -> bytes:
    return create_record(walk.ours, Consent, asking(walk, **more), parent=walk.client)


def test_form_of_a_draft_asks_for_what_was_talked_of(walk: Walk) -> None:
    text = said(walk, form_of(draft_of(walk)))
    for words in (
        "Samtycke till att lämna ut uppgifter",
        "Дом у реки",
        "Mottagande och hjälp när du kommit fram",
        "3 februari 2027",
        "Mottagaren finns i ett annat land: Ryssland",
        "Tolk (ryska)",
        "Нина Вымыслова",
    ):
        assert words in text, words


def test_form_of_a_recorded_consent_comes_in_each_language_and_in_large_print(walk: Walk) -> None:
    rid = recorded(walk)
    assert "Согласие на передачу сведений" in said(walk, form_of(rid, "ru"))
    assert "Consent to share information" in said(walk, form_of(rid, "en", PaperFormat.LARGE))


def test_printed_form_is_entered_and_counted_and_opens_nothing(walk: Walk) -> None:
    rid, ours = draft_of(walk), walk.ours.identity.organisation
    before = len(list_copies(walk.ours))
    make_paper(walk.ours, form_of(rid))
    entered = [entry for entry in walk.ours.store.ledger.entries(ours) if entry.rid == rid]
    assert [entry.channel for entry in entered] == [Channel.DESK_PAPER]
    assert "recipient" in entered[0].writes
    assert len(list_copies(walk.ours)) == before + 1
    assert walk.ours.store.row(rid) is None


@pytest.mark.parametrize("key", ["recipient", "purpose", "groups"])
def test_form_without_recipient_purpose_or_groups_is_refused(walk: Walk, key: str) -> None:
    order = form_of(draft_of(walk, **{key: None}))
    found = [(fault.code, fault.data) for fault in paper_obstacles(walk.ours, order)]
    if key == "purpose":
        assert ("paper.missing", {"field": "consent.purpose"}) in found
    else:
        assert found == [("paper.missing", {"field": f"consent.{key}"})]
    with pytest.raises(KfdeskError, match="missing"):
        make_paper(walk.ours, order)


def test_purpose_that_opens_nothing_needs_no_groups(walk: Walk) -> None:
    order = form_of(draft_of(walk, purpose="research", groups=None))
    assert paper_obstacles(walk.ours, order) == ()


def test_consent_in_conflict_is_not_put_before_her(walk: Walk) -> None:
    rid = recorded(walk)
    change_record(walk.ours, rid, {"expires": date(2027, 3, 3)}, ())
    found = paper_obstacles(walk.ours, form_of(rid))
    assert [(fault.code, fault.data) for fault in found] == [
        ("paper.conflict", {"field": "consent.expires"})
    ]


def test_what_two_people_decide_is_not_hers_to_sign(walk: Walk) -> None:
    rid = draft_of(walk, form="vital_interests")
    assert [fault.code for fault in paper_obstacles(walk.ours, form_of(rid))] == ["paper.not_hers"]


def test_form_is_of_a_consent_that_is_there(walk: Walk) -> None:
    for rid in (walk.plan, bytes(16)):
        with pytest.raises(KfdeskError, match="missing"):
            drawn_paper(walk.ours, form_of(rid))
    other = drafts.save_draft(walk.ours, None, FormState("leg", {"carrier": "X"}, {}, walk.plan))
    with pytest.raises(KfdeskError, match="missing"):
        drawn_paper(walk.ours, form_of(other))


def test_consent_in_the_bin_has_no_form(walk: Walk) -> None:
    rid = recorded(walk)
    delete_record(walk.ours, rid)
    with pytest.raises(KfdeskError, match="deleted"):
        drawn_paper(walk.ours, form_of(rid))


def test_somebody_elses_draft_is_not_printed(walk: Walk) -> None:
    rid = draft_of(walk)
    with pytest.raises(KfdeskError, match="missing"):
        drawn_paper(walk.second(), form_of(rid))
