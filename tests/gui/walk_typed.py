# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops that one comes to by typing, choosing and pressing: drafts, answers, entries, papers.

What they need beforehand is written by the services. What is typed stays a draft, as it does when
a person is called away.
"""

from collections.abc import Callable
from typing import Any

from tests.gui.printer_samples import choose_plan
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
            form.editors[key].set_missing_answer(MissingAnswer.UNKNOWN)
    world.rest()


def _answers_back(world: World) -> None:
    world.section("person").open_forms[0].discard()
    world.rest()


def _spoken_warning(world: World) -> None:
    """Begin a consent for a partner outside the EU, in an unsupported language."""
    section = world.section("consent")
    section.begin()
    world.rest()
    editors = section.form.sheet.editors
    editors["recipient"].enter(world.walk.partner.hex())
    editors["transfer_tool"].enter(EXPLICIT_CONSENT)
    section.form.sheet.edited.emit()
    world.rest()


def _draft_of_consent(world: World) -> None:
    section = world.section("consent")
    section.talks.close_form()
    world.rest()


def _draft_of_person(world: World) -> None:
    """Somebody near her, begun and left."""
    section = world.section("person")
    section.begin_record("relationship")
    world.rest()
    form = next(form for form in section.open_forms if form.record_type == "relationship")
    form.form.editors["given_name"].enter("Karin")
    form.save_draft()
    world.rest()
    world.page("plans").show_list()
    world.rest()
    world.section("person")


def _text_document(world: World) -> None:
    """Open a text among the documents."""
    section = world.section("documents")
    path = world.walk.post / "scan.txt"
    path.write_text("media", encoding="utf-8")
    rid = world.run(
        lambda: next(iter(add_attachment_file(world.walk.ours, world.walk.plan, path).rids))
    )
    world.kit.events.changed.emit(frozenset({"attachment"}))
    world.rest()
    section.shelf.chosen.emit("view", rid)
    world.rest()


def _somebody_else(world: World) -> None:
    """Choose a paper that names another client."""
    walk = world.walk
    name = people.localized("Вера Придуманная", "Вера Придуманная", "Вера Придуманная")
    at_the_desk(world, lambda: change_record(walk.ours, walk.legs[0], {"met_by": name}))
    choose_plan(world.page("print"), world.rest, walk.plan)


def _backup(world: World) -> None:
    """Start a backup."""
    world.page("backup").making.progress.begin()
    world.rest()


def _backup_over(world: World) -> None:
    world.page("backup").making._set_idle()
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
    """Create an organisation, and open its entry."""
    ours = world.walk.ours

    def write() -> None:
        rid = create_record(ours, Organisation, values)
        then(rid)
        made.append(rid)

    made: list[bytes] = []
    world.run(write)
    world.kit.events.changed.emit(frozenset({"organisation"}))
    page = world.page("contacts")
    page.show_entry(made[0])
    world.rest()
    return page


def _edited(world: World) -> None:
    """Open the form of an entry with a hidden address and a name in conflict."""
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
    """Enter a partner a second time by hand."""
    name = world.walk.theirs.identity.name
    _house(world, {"name": name, "confidentiality": "public"})


def _begun(world: World) -> None:
    """Begin an entry, and leave it as a draft."""
    page = world.page("contacts")
    page.begin("organisation")
    world.rest()
    form = page.side.editor.form
    form.form.editors["name"].enter("Påbörjat hus")
    form.form.edited.emit()
    form.save_draft()
    page.side.close_editor()
    world.rest()


def _table(world: World) -> None:
    path = world.walk.post / "list.csv"
    path.write_bytes(TABLE)
    world.page("contacts").preview_list(path)
    world.rest()


def _twin(world: World) -> None:
    """Open a list whose entry matches one of ours but differs in a field."""
    path = world.walk.post / "twin.csv"
    path.write_text(TWIN, encoding="utf-8")
    page = world.page("contacts")
    page.preview_list(path)
    world.rest()
    page.task.table.selectRow(0)
    world.rest()


def _contacts_back(world: World) -> None:
    page = world.page("contacts")
    if page.task is not None:
        page.task.closed.emit()
    page.side.close_editor()
    world.rest()


ENTRIES = (
    Stop("contacts/edited", _edited, _contacts_back),
    Stop("contacts/twice", _twice, _contacts_back),
    Stop("contacts/begun", _begun, _contacts_back),
    Stop("contacts/table", _table, _contacts_back),
    Stop("contacts/twin", _twin, _contacts_back),
)
