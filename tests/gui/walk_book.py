# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops of the place Book: an article to read, write and describe, and a text in conflict.

Also what taking over the shipped articles would add, and the *?* of a section of a plan. The words
of the articles are a few invented ones, in one language.
"""

from collections.abc import Callable
from typing import Any

from tests.gui.walk_plans import at_the_desk
from tests.gui.walk_world import Stop, World

from kfdesk.domain.records.book import ArticleLink
from kfdesk.services.book import articles
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session

_TITLE, _TORN = "Det första samtalet", "Rummet"
_BODY = "## Innan\n\nStäll fram vatten.\n\n- Sitt lågt.\n- Vänta.\n\n{box}\nHon får gå.\n{/box}"
_OURS, _THEIRS = "Ställ fram vatten.\n\nVänta.", "Sitt lågt.\n\nVänta."


def _write(desk: Session) -> None:
    """Write an article with a link, and one whose text is in conflict."""
    head, text = (one.rid for one in articles.begin_article(desk, "sv", _TITLE))
    change_record(desk, text, {"body": _BODY, "summary": "Lyssna först."})
    change_record(desk, head, {"opened_from": ("section_person",)})
    second, torn = (one.rid for one in articles.begin_article(desk, "sv", _TORN))
    create_record(desk, ArticleLink, {"target": second.hex()}, head)
    for body in (_OURS, _THEIRS):
        change_record(desk, torn, {"body": body}, ())


def _book(world: World) -> Any:
    """Open the book with its articles, and return the page."""
    page = world.page("book")
    if not page.overview.lines:
        at_the_desk(world, lambda: _write(world.walk.ours))
        page.overview.read()
        world.rest()
    return page


def _article(world: World, title: str) -> Any:
    """Open the article of this title, and return it as it is on view."""
    page = _book(world)
    found = next(one for one in page.overview.lines if one.texts["sv"].view.record.title == title)
    page.open_article(found.rid)
    world.rest()
    return page.overview.article


def _back(world: World) -> None:
    world.page("book").show_book()
    world.rest()


def _stop(name: str, title: str, act: Callable[[Any, Any], object]) -> Stop:
    """Something that opens from the article of this title; `act` gets the page and the article."""

    def go(world: World) -> None:
        article = _article(world, title)
        act(world.page("book"), article)
        world.rest()

    return Stop(f"book/{name}", go, _back)


def _nothing(_page: Any, _article: Any) -> None:
    """Look at the article itself."""


def _from_a_plan(world: World) -> None:
    _book(world)
    world.section("person")


BOOK = (
    _stop("article", _TITLE, _nothing),
    _stop("article in conflict", _TORN, _nothing),
    _stop("text", _TITLE, lambda page, one: page.write(one.texts["sv"].view.rid)),
    _stop("about", _TITLE, lambda page, one: page.describe(one.rid)),
    _stop("translation", _TITLE, lambda page, one: page.translate(one.rid)),
    _stop("paragraphs", _TORN, lambda page, one: page.merge(one.texts["sv"].view.rid)),
    _stop("new", _TITLE, lambda page, _: page.begin()),
    _stop("from the program", _TITLE, lambda page, _: page.look_at()),
    Stop("plan/person/in the book", _from_a_plan),
)
