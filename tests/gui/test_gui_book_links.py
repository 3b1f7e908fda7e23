# SPDX-License-Identifier: GPL-3.0-or-later
"""Links of an article, its versions, and the ? in a plan that opens it."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.test_gui_book import heard, on_view, page, rest, undo  # noqa: F401 - fixtures
from tests.gui.test_gui_cooperation import put_in_force, told
from tests.support.book_samples import add_book, adopt_all, article_of

from kfdesk.domain.records.book import ArticleLink
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.values import Value
from kfdesk.services.book import files
from kfdesk.services.core.drafts import list_drafts
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.procedures import runs
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.book.page import BookPage
from kfdesk.ui.pages.book.paragraphs import MergePage
from kfdesk.ui.pages.book.text_forms import AboutPage, TextPage
from kfdesk.ui.pages.plan.cooperation import CooperationSection
from kfdesk.ui.pages.plan.decision import DecisionSection
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.pages.procedures.page import ProceduresPage
from kfdesk.ui.plan_sections import ArticleButton
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.widgets.buttons import Button

TALK, OTHER = "the-first-talk", "the-interpreter"


def rid_of(opened: OpenDesk, slug: str) -> bytes:
    return opened.run(lambda: article_of(opened.desk, slug).rid)


def about(page: BookPage, opened: OpenDesk) -> AboutPage:  # noqa: F811
    page.overview.side.links_asked.emit()
    rest(opened, lambda: isinstance(page.task, AboutPage))
    assert isinstance(page.task, AboutPage)
    return page.task


def beside(page: BookPage) -> set[str]:  # noqa: F811
    return {one.text() for one in page.overview.side.findChildren(Button) if one.isVisible()}


def test_link_is_added_shown_followed_and_put_in_the_bin(
    page: BookPage, opened: OpenDesk, heard: list[Notification]  # noqa: F811
) -> None:  # fmt: skip
    house = opened.run(lambda: create_record(opened.desk, Organisation, {"name": "Juristhuset"}))
    form = about(page, opened)
    form.links.begin()
    assert form.links.form is not None
    form.links.form.form.editors["target"].enter(house.hex())
    form.links.form.save()
    rest(opened, lambda: "Juristhuset" in texts(form))
    page.show_book()
    rest(opened, lambda: "Juristhuset" in beside(page))
    asked: list[bytes] = []
    page.entry_asked.connect(asked.append)
    next(
        one for one in page.overview.side.findChildren(Button) if one.text() == "Juristhuset"
    ).click()
    assert asked == [house]
    form = about(page, opened)
    (edit,) = form.links.lines.values()
    edit.click()
    opened.rest()
    away = next(one for one in form.links.findChildren(Button) if one.text() == "Put in the bin")
    away.click()
    rest(opened, lambda: not form.links.lines)
    page.show_book()
    rest(opened, lambda: "Juristhuset" not in beside(page))
    undo(heard, opened)
    rest(opened, lambda: "Juristhuset" in beside(page))
    assert not opened.run(lambda: list_drafts(opened.desk))


def test_link_leads_to_an_article_that_the_search_hides_and_to_a_procedure(
    page: BookPage, opened: OpenDesk  # noqa: F811
) -> None:  # fmt: skip
    head = put_in_force(opened, {"prefix": "2", "title": told("A safe talk")})
    step = opened.run(lambda: next(row.rid for row in opened.desk.store.rows("procedure_step")))
    talk, other = rid_of(opened, TALK), rid_of(opened, OTHER)
    for goal in (step, other):
        opened.run(
            lambda goal=goal: create_record(  # type: ignore[misc]
                opened.desk, ArticleLink, {"target": goal.hex()}, talk
            )
        )
    page.overview.read()
    rest(opened, lambda: "2 A safe talk" in beside(page))
    asked: list[bytes] = []
    page.procedure_asked.connect(asked.append)
    buttons = {one.text(): one for one in page.overview.side.findChildren(Button)}
    buttons["2 A safe talk"].click()
    assert asked == [head]
    page.overview.search.setText("тихую")
    assert len(page.overview.lines) == 1
    buttons["Working with an interpreter"].click()
    rest(opened, lambda: page.overview.article is not None and page.overview.article.rid == other)
    assert page.overview.search.text() == ""


def test_draft_of_a_link_is_kept_and_resumed(page: BookPage, opened: OpenDesk) -> None:  # noqa: F811
    form = about(page, opened)
    form.links.begin()
    assert form.links.form is not None
    form.links.form.form.editors["target"].enter(rid_of(opened, OTHER).hex())
    page.show_book()
    opened.rest()
    (line,) = opened.run(lambda: list_drafts(opened.desk))
    assert (line.type, line.parent) == ("article_link", rid_of(opened, TALK))
    page.resume_draft(line)
    rest(opened, lambda: isinstance(page.task, AboutPage))
    assert isinstance(page.task, AboutPage)
    rest(opened, lambda: bool(page.task.links.waiting.buttons))  # type: ignore[union-attr]


def test_who_helps_is_narrowed_by_country_and_language(
    page: BookPage, opened: OpenDesk, kit: UiContext  # noqa: F811
) -> None:  # fmt: skip
    values: dict[str, Value] = {"services": ("safety",), "confidentiality": "public"}
    for name, country, spoken in (("Ett hus", "SE", ("sv",)), ("Üks maja", "EE", ("et", "ru"))):
        more: dict[str, Value] = {"name": name, "country": country, "languages": spoken}
        opened.run(lambda more=more: create_record(opened.desk, Organisation, {**values, **more}))  # type: ignore[misc]
    kit.events.changed.emit(frozenset({"organisation"}))
    rest(opened, lambda: {"Ett hus", "Üks maja"} <= beside(page))
    chosen = page.overview.side.choices["country"]
    chosen.setFocus()
    chosen.setCurrentIndex(chosen.findText("Estonia"))
    chosen.chosen.emit("EE")
    rest(opened, lambda: "Ett hus" not in beside(page))
    assert "Üks maja" in beside(page)
    assert page.overview.side.choices["country"].key == "EE"
    assert page.overview.side.choices["country"].hasFocus()
    language = page.overview.side.choices["language"]
    language.setCurrentIndex(language.findText("Swedish"))
    language.chosen.emit("sv")
    rest(opened, lambda: "No one found." in texts(page.overview.side))


def test_former_text_and_editions_are_read_beside_it(
    page: BookPage, opened: OpenDesk  # noqa: F811
) -> None:  # fmt: skip
    opened.run(lambda: adopt_all(opened.desk))
    opened.run(lambda: files.make_edition(opened.desk, page._kit.translator.language, "2026:1"))
    text = opened.run(lambda: article_of(opened.desk, TALK).texts["en"].view.rid)
    opened.run(lambda: change_record(opened.desk, text, {"body": "Now **otherwise**."}))
    page.overview.read()
    rest(opened, lambda: any("changed since" in one for one in texts(page.overview.side)))
    assert "Resource book · 2026:1: changed since" in texts(page.overview.side)
    page.overview.side.former_asked.emit(0)
    rest(opened, lambda: "Never promise" in page.overview.reader.toPlainText())
    assert "This is an earlier version" in page.overview.reader.toPlainText()
    page.overview.side.former_asked.emit(7)
    page.overview.side.language_chosen.emit("en")
    rest(opened, lambda: "Now otherwise." in page.overview.reader.toPlainText())


def test_paragraphs_to_choose_from_are_shown_without_marks(
    page: BookPage, opened: OpenDesk  # noqa: F811
) -> None:  # fmt: skip
    text = opened.run(lambda: article_of(opened.desk, TALK).texts["en"])
    body = text.body.replace("- Sit at the same height.", "- Sit *lower* than she does.")
    other = {"body": body, "title": "First talk"}
    opened.run(lambda: change_record(opened.desk, text.view.rid, other, ()))
    page.merge(text.view.rid)
    rest(opened, lambda: isinstance(page.task, MergePage))
    merge = page.task
    assert isinstance(merge, MergePage)
    said = " ".join(texts(merge))
    for mark in ("**", "*lower*", "## ", "{box}", "](kf:", "|---|"):
        assert mark not in said, mark
    assert "• Sit lower than she does." in said
    assert "Ask | Do not ask" in said
    assert [one.key for one in merge.choosers] == ["title", "body"]
    head, piece = merge.choosers
    head.choose(-1)
    assert head.choice is None
    head.choose(1)
    assert not merge.save.isEnabled()
    piece.choose(0)
    merge.save.click()
    rest(opened, lambda: page.task is None)
    found = opened.run(lambda: article_of(opened.desk, TALK).texts["en"])
    assert not found.is_torn
    assert found.title in ("First talk", "The first talk")


def test_paragraphs_that_differ_in_marks_alone_are_shown_as_written(
    page: BookPage, opened: OpenDesk  # noqa: F811
) -> None:  # fmt: skip
    text = opened.run(lambda: article_of(opened.desk, TALK).texts["en"])
    body = text.body.replace("*water*", "**water**")
    opened.run(lambda: change_record(opened.desk, text.view.rid, {"body": body}, ()))
    page.merge(text.view.rid)
    rest(opened, lambda: isinstance(page.task, MergePage))
    said = " ".join(texts(page.task))  # type: ignore[arg-type]
    assert "Offer *water*" in said
    assert "Offer **water**" in said


def test_conflict_in_a_form_of_the_book_is_decided_there(
    page: BookPage,  # noqa: F811
    opened: OpenDesk,
) -> None:
    talk = rid_of(opened, TALK)
    text = opened.run(lambda: article_of(opened.desk, TALK).texts["en"])
    opened.run(lambda: change_record(opened.desk, talk, {"position": 7}, ()))
    two: dict[str, Value] = {"body": "Otherwise.", "state": "read_by_native"}
    opened.run(lambda: change_record(opened.desk, text.view.rid, two, ()))
    form = about(page, opened)
    rest(opened, lambda: len(form.conflicts.buttons) == 2)
    assert form.form is not None
    form.form.form.decision_asked.emit("position")
    assert form.conflicts.buttons[0].hasFocus()
    form.conflicts.buttons[0].click()
    rest(opened, lambda: not form.conflicts.buttons)
    assert not opened.run(lambda: article_of(opened.desk, TALK).tree.view.conflicts)
    page.write(text.view.rid)
    rest(opened, lambda: isinstance(page.task, TextPage))
    writing = page.task
    assert isinstance(writing, TextPage)
    assert len(writing.conflicts.buttons) == 2
    writing.conflicts.buttons[1].click()
    rest(opened, lambda: not writing.conflicts.buttons)
    writing.form.form.decision_asked.emit("body")
    rest(opened, lambda: isinstance(page.task, MergePage))
    assert opened.run(lambda: article_of(opened.desk, TALK).texts["en"]).is_torn


# --- the ? in a plan


@pytest.fixture
def view(shell: SessionView, opened: OpenDesk) -> PlanView:
    """Return the page of a plan beside a book that has articles about parts of it."""
    opened.run(lambda: add_book(opened.desk))
    places = ("section_travel", "section_decision", "gate_wish_recorded", "proof_consent")
    rid = rid_of(opened, TALK)
    opened.run(lambda: change_record(opened.desk, rid, {"opened_from": places}))
    put_in_force(
        opened, {"prefix": "1", "title": told("One")}, {"prefix": "2", "proof": "consent"},
        {"prefix": "3"},
    )  # fmt: skip
    step = opened.run(lambda: {row.rid: row for row in opened.desk.store.rows("procedure_step")})
    first = next(rid for rid, row in step.items() if b"One" in repr(row.state).encode())
    goal = rid_of(opened, OTHER)
    opened.run(lambda: create_record(opened.desk, ArticleLink, {"target": first.hex()}, goal))
    shell.go_to("plans")
    plans = shell.page
    assert isinstance(plans, PlansPage)
    plans.open_plan(opened.plan, section="decision")
    opened.rest()
    assert isinstance(plans.plan, PlanView)
    return plans.plan


def shown(shell: SessionView, opened: OpenDesk) -> Callable[[], bytes]:
    def rid() -> bytes:
        opened.rest()
        book = shell.page
        found = book.overview.article if isinstance(book, BookPage) else None
        return found.rid if found is not None else b""

    return rid


def test_section_and_condition_open_their_articles(
    view: PlanView, shell: SessionView, opened: OpenDesk
) -> None:
    part = view.parts["decision"]
    assert isinstance(part, DecisionSection)
    opened.rest()
    conditions = part.step.conditions.rows
    seen = {code: one.book_button.isVisible() for code, one in conditions.items()}
    assert seen["wish_recorded"]
    assert not any(is_seen for code, is_seen in seen.items() if code != "wish_recorded")
    assert part.first_control() is not part.book_button
    assert part.book_button.isVisible()
    assert not view.parts["notes"].book_button.isVisible()
    button = conditions["wish_recorded"].book_button
    assert "Her own wish is recorded" in button.accessibleName()
    button.setFocus()
    assert isinstance(button, ArticleButton)
    button.click()
    rest(opened, lambda: shown(shell, opened)() == rid_of(opened, TALK))
    shell.go_back()
    assert isinstance(shell.page, PlansPage)
    view.go_to("travel")
    opened.rest()
    assert view.parts["travel"].book_button.isVisible()
    view.parts["travel"].book_button.click()
    rest(opened, lambda: isinstance(shell.page, BookPage))


def test_step_of_a_cooperation_opens_its_article(
    view: PlanView, shell: SessionView, opened: OpenDesk
) -> None:
    opened.run(
        lambda: runs.start_run(
            opened.desk, opened.plan,
            next(row.rid for row in opened.desk.store.rows("procedure")),
        )
    )  # fmt: skip
    view.go_to("cooperation")
    part = view.parts["cooperation"]
    assert isinstance(part, CooperationSection)
    part.read()
    rest(opened, lambda: len(part.lines) == 3)
    buttons = {one.step.prefix: one.book_button for one in part.lines.values()}
    assert [buttons[prefix].isVisible() for prefix in "123"] == [True, True, False]
    buttons["1"].click()
    rest(opened, lambda: shown(shell, opened)() == rid_of(opened, OTHER))
    shell.go_back()
    buttons["2"].click()
    rest(opened, lambda: shown(shell, opened)() == rid_of(opened, TALK))
    book = shell.page
    assert isinstance(book, BookPage)
    book.procedure_asked.emit(
        opened.run(lambda: next(row.rid for row in opened.desk.store.rows("procedure")))
    )
    rest(opened, lambda: isinstance(shell.page, ProceduresPage))


def test_plan_without_a_book_shows_no_mark(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    view = PlanView(kit, opened.desk, opened.plan)
    qtbot.addWidget(view)
    opened.rest()
    assert not any(one.isVisibleTo(view) for one in view.findChildren(ArticleButton))
    opened.run(lambda: add_book(opened.desk))
    rid = rid_of(opened, TALK)
    opened.run(lambda: change_record(opened.desk, rid, {"opened_from": ("section_travel",)}))
    kit.events.changed.emit(frozenset({"article"}))
    opened.rest()
    part = view.parts["travel"]
    assert part.book_button.isVisibleTo(part)
