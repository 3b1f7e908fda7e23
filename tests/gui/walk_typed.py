# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops that one comes to by typing, choosing and pressing: drafts, answers, entries, papers.

What they need beforehand is written by the services. What is typed stays a draft, as it does when
a person is called away.
"""

from collections.abc import Callable
from typing import Any

from tests.gui.walk_plans import at_the_desk
from tests.gui.walk_values import TWIN
from tests.gui.walk_world import Stop, World
from tests.integration.list_samples import TABLE

from kfdesk.demo import people
from kfdesk.domain.consent import EXPLICIT_CONSENT
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.plans.case import add_attachment_file


def _answers(world: World) -> None:
    """Answers that are no value, in a field of each row of the person's form."""
    section = world.section("person")
    form = section.open_forms[0].form
    for key in ("birth_date", "nationalities", "given_name"):
        if key in form.editors:
            form.editors[key].answer(MissingAnswer.UNKNOWN)
    world.rest()


def _answers_back(world: World) -> None:
    world.section("person").open_forms[0].discard()
    world.rest()


def _spoken_warning(world: World) -> None:
    """A consent for a partner outside the Union, in a language the program does not speak."""
    section = world.section("consent")
    section.begin()
    world.rest()
    editors = section.form.sheet.editors
    editors["recipient"].enter(world.walk.partner.hex())
    editors["transfer_tool"].enter(EXPLICIT_CONSENT)
    section.form._follow()
    world.rest()


def _draft_of_consent(world: World) -> None:
    section = world.section("consent")
    section.talks.put_away()
    world.rest()


def _draft_of_person(world: World) -> None:
    """Somebody near her, begun and left."""
    section = world.section("person")
    section.begin_record("relationship")
    world.rest()
    form = next(form for form in section.open_forms if form.record_type == "relationship")
    form.form.editors["given_name"].enter("Karin")
    form.keep()
    world.rest()
    world.page("plans").show_list()
    world.rest()
    world.section("person")


def _text_document(world: World) -> None:
    """A text among the documents, opened."""
    section = world.section("documents")
    path = world.walk.post / "scan.txt"
    path.write_text("media", encoding="utf-8")
    rid = world.run(
        lambda: next(iter(add_attachment_file(world.walk.ours, world.walk.plan, path).rids))
    )
    world.kit.hub.changed.emit(frozenset({"attachment"}))
    world.rest()
    section._on_chosen("view", rid)
    world.rest()


def _somebody_else(world: World) -> None:
    """A paper with the name of another client."""
    walk = world.walk
    name = people.localized("Вера Придуманная", "Вера Придуманная", "Вера Придуманная")
    at_the_desk(world, lambda: change_record(walk.ours, walk.legs[0], {"met_by": name}))
    world.page("print").choose_plan(walk.plan)
    world.rest()


def _backup(world: World) -> None:
    """A backup being made."""
    world.page("backup").making.progress.begin()
    world.rest()


def _backup_over(world: World) -> None:
    world.page("backup").making._rest()
    world.rest()


TYPED = (
    Stop("plan/person/answers", _answers, _answers_back),
    Stop("plan/consent/warning", _spoken_warning),
    Stop("plan/consent/draft", _draft_of_consent),
    Stop("plan/person/draft", _draft_of_person),
    Stop("plan/documents/text", _text_document),
    Stop("print/somebody else", _somebody_else),
    Stop("backup/under way", _backup, _backup_over),
    Stop("today/drafts", lambda world: world.page("today")),
)


def _house(
    world: World, values: dict[str, Value], then: Callable[[bytes], object] = lambda _: None
) -> Any:
    """An organisation is entered, and its entry opened."""
    ours = world.walk.ours

    def write() -> None:
        rid = create_record(ours, Organisation, values)
        then(rid)
        made.append(rid)

    made: list[bytes] = []
    world.run(write)
    world.kit.hub.changed.emit(frozenset({"organisation"}))
    page = world.page("contacts")
    page.show_entry(made[0])
    world.rest()
    return page


def _edited(world: World) -> None:
    """The form of an entry whose address is covered, and of which two versions stand there."""
    ours = world.walk.ours
    values: dict[str, Value] = {
        "name": "Uppdiktat hus",
        "address": "Hittegatan 3",
        "confidentiality": "secret",
    }
    page = _house(
        world, values, lambda rid: change_record(ours, rid, {"name": "Uppdiktat hem"}, ())
    )
    page.side.edit()
    world.rest()


def _twice(world: World) -> None:
    """A partner that was also typed here by hand."""
    name = world.walk.theirs.identity.name
    _house(world, {"name": name, "confidentiality": "public"})


def _begun(world: World) -> None:
    """An entry that was begun and left."""
    page = world.page("contacts")
    page.begin("organisation")
    world.rest()
    form = page.side.editor.form
    form.form.editors["name"].enter("Påbörjat hus")
    form.form.edited.emit()
    form.keep()
    page.side.close_editor()
    world.rest()


def _table(world: World) -> None:
    path = world.walk.post / "list.csv"
    path.write_bytes(TABLE)
    world.page("contacts").take_over(path)
    world.rest()


def _twin(world: World) -> None:
    """A list with an entry that is like one here and differs in a field."""
    path = world.walk.post / "twin.csv"
    path.write_text(TWIN, encoding="utf-8")
    page = world.page("contacts")
    page.take_over(path)
    world.rest()
    page.task.table.selectRow(0)
    world.rest()


def _contacts_back(world: World) -> None:
    page = world.page("contacts")
    page._end_taking()
    page.side.close_editor()
    world.rest()


ENTRIES = (
    Stop("contacts/edited", _edited, _contacts_back),
    Stop("contacts/twice", _twice, _contacts_back),
    Stop("contacts/begun", _begun, _contacts_back),
    Stop("contacts/table", _table, _contacts_back),
    Stop("contacts/twin", _twin, _contacts_back),
)
