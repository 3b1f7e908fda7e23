# SPDX-License-Identifier: GPL-3.0-or-later
"""Links of the book: where an article leads, what a plan leads to, and how a text stood before."""

from collections.abc import Callable

import pytest
from tests.support.book_samples import add_book, adopt_all, article_of

from kfdesk.domain.codes.book import ARTICLE_PLACES, PROOF_PLACE
from kfdesk.domain.codes.case import GATES
from kfdesk.domain.records.book import ArticleLink
from kfdesk.domain.records.cooperation import CooperationStep
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.values import Translation, Value
from kfdesk.i18n.language import Language
from kfdesk.services.book import articles, files, links, versions
from kfdesk.services.book.articles import OfferFilter
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.system.paths import translations_folder

ENGLISH = Language("en", translations_folder())


def step_of(desk: Session, **values: Value) -> bytes:
    """Put a step of a procedure here; return its id."""
    head = create_record(
        desk, Procedure, {"title": (Translation("en", "Invented"),), "status": "draft"}
    )
    title = (Translation("en", "Her wish"), Translation("sv", "Hennes vilja"))
    return create_record(desk, ProcedureStep, {"prefix": "3", "title": title, **values}, head)


def of_run(step: bytes = b"", proof: str | None = None) -> CooperationStep:
    """Return a step of a run that follows this step of a procedure."""
    nothing: dict[str, None] = dict.fromkeys(RECORD_TYPES["cooperation_step"].fields)
    return CooperationStep(**{**nothing, "step": step.hex() or None, "proof": proof})  # type: ignore[arg-type]


def named(desk: Session, article: bytes) -> list[tuple[str, str]]:
    return [
        (one.goal.type, one.goal.name) if one.goal is not None else ("", "")
        for one in links.list_links(desk, article, ENGLISH)
    ]


def test_links_lead_to_organisations_steps_and_articles_and_say_what_is_gone(
    desk: Session,
) -> None:
    add_book(desk)
    talk, other = (article_of(desk, one).rid for one in ("the-first-talk", "the-interpreter"))
    house = create_record(desk, Organisation, {"name": "Juristhuset"})
    step = step_of(desk)
    made = [
        create_record(desk, ArticleLink, {"target": one.hex()}, talk)
        for one in (house, step, other, b"x" * 16)
    ]
    create_record(desk, ArticleLink, {"label": (Translation("en", "Empty"),)}, talk)
    assert sorted(named(desk, talk)) == [
        ("", ""), ("", ""), ("article", "Working with an interpreter"),
        ("organisation", "Juristhuset"), ("procedure_step", "3 Her wish"),
    ]  # fmt: skip
    (line,) = (one for one in links.list_links(desk, talk, ENGLISH) if one.view.rid == made[1])
    row = desk.store.row(step)
    assert row is not None
    assert line.opens == row.parent
    delete_record(desk, house)
    delete_record(desk, made[2])
    assert sorted(named(desk, talk)) == [
        ("", ""), ("", ""), ("", ""), ("procedure_step", "3 Her wish"),
    ]  # fmt: skip
    assert links.list_links(desk, other, ENGLISH) == ()


def test_choices_are_steps_in_use_and_the_other_articles(desk: Session) -> None:
    add_book(desk)
    talk = article_of(desk, "the-first-talk").rid
    step = step_of(desk)
    assert [(one.type, one.name) for one in links.list_link_choices(desk, talk, ENGLISH)] == [
        ("procedure_step", "3 Her wish – Invented"),
        ("article", "Working with an interpreter"),
        ("article", "You can say no"),
    ]
    row = desk.store.row(step)
    assert row is not None
    delete_record(desk, row.parent or b"")
    choices = links.list_link_choices(desk, talk, ENGLISH)
    assert {one.type for one in choices} == {"article"}


def test_step_opens_its_own_article_before_that_of_its_evidence(desk: Session) -> None:
    add_book(desk)
    talk, other = (article_of(desk, one).rid for one in ("the-first-talk", "the-interpreter"))
    change_record(
        desk, talk, {"opened_from": ("section_travel", "gate_wish_recorded", "proof_wish")}
    )
    step, by_chapter = step_of(desk), step_of(desk, article=other.hex())
    found = links.read_plan_articles(desk)
    assert found.of_section("travel") == found.of_gate("wish_recorded") == talk
    assert found.of_section("notes") == found.of_gate("child_heard") == b""
    assert found.of_step(of_run(step, "wish")) == talk
    assert found.of_step(of_run(step)) == b""
    assert found.of_step(of_run(by_chapter, "wish")) == other
    link = create_record(desk, ArticleLink, {"target": step.hex()}, other)
    assert links.read_plan_articles(desk).of_step(of_run(step, "wish")) == other
    delete_record(desk, link)
    assert links.read_plan_articles(desk).of_step(of_run(step, "wish")) == talk
    articles.set_article_status(desk, talk, articles.RETIRED)
    assert links.read_plan_articles(desk).of_section("travel") == b""


def test_first_article_of_the_book_has_a_place_that_two_name(desk: Session) -> None:
    add_book(desk)
    late, early = (article_of(desk, one).rid for one in ("you-have-rights", "the-first-talk"))
    for one in (late, early):
        change_record(desk, one, {"opened_from": ("section_risk", "gate_of_a_newer_program")})
    assert links.read_plan_articles(desk).of_section("risk") == early


def test_shipped_book_has_an_article_for_each_section_condition_and_evidence(
    desk: Session,
) -> None:
    shipped = files.shipped_book(desk)
    files.import_book(desk, files.preview_book(desk, shipped), "public")
    found = links.read_plan_articles(desk)
    assert set(found.by_place) == set(ARTICLE_PLACES)
    assert all(found.of_gate(code) for code in GATES)
    proofs = [one.removeprefix(PROOF_PLACE) for one in ARTICLE_PLACES if PROOF_PLACE in one]
    assert all(found.of_step(of_run(proof=code)) for code in proofs)
    assert not any(one.odd for one in files.preview_book(desk, shipped).lines)


def test_who_helps_is_found_by_country_and_language(desk: Session) -> None:
    add_book(desk)
    talk = article_of(desk, "the-first-talk")
    house: dict[str, Value] = {"services": ("safety",), "confidentiality": "public"}
    for name, country, spoken in (("Ett", "SE", ("sv", "ru")), ("Üks", "EE", ("et",))):
        create_record(
            desk, Organisation, {**house, "name": name, "country": country, "languages": spoken}
        )

    def helpers(wanted: OfferFilter) -> set[str]:
        return {one.name for one in articles.find_helpers(desk, talk, ENGLISH, wanted)}

    assert helpers(OfferFilter()) == {"Ett", "Üks"}
    assert helpers(OfferFilter("EE")) == {"Üks"}
    assert helpers(OfferFilter(language="ru")) == {"Ett"}
    assert helpers(OfferFilter("EE", "ru")) == set()


def test_former_texts_and_editions_stand_beside_a_text(desk: Session) -> None:
    add_book(desk)
    adopt_all(desk)
    read: Callable[[], versions.TextVersions] = lambda: versions.read_versions(  # noqa: E731
        desk, (one := article_of(desk, "the-first-talk")), one.texts["en"]
    )
    assert read() == versions.TextVersions()
    files.make_edition(desk, ENGLISH, "2026:1")
    assert [one.is_same for one in read().editions] == [True]
    text = article_of(desk, "the-first-talk").texts["en"]
    change_record(desk, text.view.rid, {"body": "Second."})
    change_record(desk, text.view.rid, {"body": "Third."})
    found = read()
    assert [one.is_same for one in found.editions] == [False]
    assert [str(one.value) for one in found.former] == ["Second.", text.body]
    other = article_of(desk, "the-first-talk")
    assert versions.read_versions(desk, other, other.texts["sv"]) == versions.TextVersions()


def test_places_and_links_go_out_and_come_in_with_the_files(desk: Session) -> None:
    add_book(desk)
    talk = article_of(desk, "the-first-talk")
    change_record(desk, talk.rid, {"opened_from": ("gate_wish_recorded", "gate_new")})
    text = article_of(desk, "the-first-talk").texts["en"]
    made = files.stored_file(article_of(desk, "the-first-talk"), text)
    data = desk.adapters.book.write(made)
    assert b"opened_from: gate_wish_recorded, gate_new\n" in data
    assert desk.adapters.book.read("the-first-talk.en.md", data) == made
    (line,) = files.preview_book(desk, {"the-first-talk.en.md": data}).lines
    assert line.odd == ("gate_new",)


@pytest.mark.parametrize("code", ["nina", "-"])
def test_place_that_no_list_knows_is_kept(desk: Session, code: str) -> None:
    add_book(desk)
    talk = article_of(desk, "the-first-talk").rid
    change_record(desk, talk, {"opened_from": (code,)})
    assert article_of(desk, "the-first-talk").record.opened_from == (code,)
    assert set(links.read_plan_articles(desk).by_place) == {code}
