# SPDX-License-Identifier: GPL-3.0-or-later
"""A record that is edited in parts: each form keeps and saves its own fields and no others.

A user has one draft of a record. A form that shows some of its fields neither saves nor forgets
what another form holds of the rest. Knows no page; what a draft is stands in `drafts.py`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import seen_in, wire_changes
from kfdesk.services.course.guards import check_changed
from kfdesk.services.desk import Desk
from kfdesk.services.policy.access import require_adding, require_editing
from kfdesk.services.writing import drafts
from kfdesk.services.writing.drafts import Form
from kfdesk.services.writing.records import Done, Seen, found, put_changed

Keys = AbstractSet[str]


def part_of(form: Form, keys: Keys) -> Form:
    """What a form holds of `keys`."""
    ids = {TYPES[form.type].ids[key] for key in keys}
    return replace(
        form,
        values={key: value for key, value in form.values.items() if key in keys},
        typed={key: text for key, text in form.typed.items() if key in keys},
        seen=frozenset(pair for pair in form.seen if pair[0] in ids),
    )


def keep_part(desk: Desk, rid: bytes, form: Form, keys: Keys) -> None:
    """Keep what a form holds of `keys`; what another form holds of the record stays as it is.

    Raises KfdeskError as `drafts.keep_draft`.
    """
    rest = _seeing(_rest(desk, rid, form, keys), form.seen)
    drafts.keep_draft(desk, rid, _beside(rest, part_of(form, keys)))


def drop_part(desk: Desk, rid: bytes, form: Form, keys: Keys) -> Form:
    """Forget what the draft holds of `keys`; returns what is gone with that, to be kept again.

    That is what the form holds, typed since the draft was kept or never kept at all; where it
    holds nothing, what the draft held.
    """
    waiting, held = drafts.draft_of(desk, rid), part_of(form, keys)
    drafts.keep_draft(desk, rid, _rest(desk, rid, form, keys))
    if held.values or held.typed or waiting is None:
        return replace(held, seen=form.seen)
    return replace(part_of(waiting.form, keys), seen=waiting.form.seen)


def new_ones(desk: Desk, record_type: str, parent: bytes) -> tuple[drafts.OpenDraft, ...]:
    """This user's drafts of records that do not exist yet and belong under `parent`."""
    waiting = (
        drafts.draft_of(desk, draft.rid)
        for draft in desk.store.drafts.of_user(desk.user)
        if (draft.type, draft.parent) == (record_type, parent)
    )
    return tuple(each for each in waiting if each is not None and each.line.is_new)


def save_part(desk: Desk, rid: bytes, form: Form, keys: Keys) -> Done:
    """Save what a form holds of `keys` and can be read; the rest stays a draft.

    What came in since the form was opened is not replaced but becomes a conflict. A record that
    does not exist yet is made, of everything that the draft holds. Raises KfdeskError as
    `drafts.finish_draft`.
    """
    row = desk.store.row(rid)
    if row is None:
        require_adding(desk, form.type, form.parent)
        keep_part(desk, rid, form, keys)
        return drafts.finish_draft(desk, rid)
    require_editing(desk, row)
    part = part_of(form, keys)
    rest = _seeing(_rest(desk, rid, form, keys), part.seen)
    done = _saved(desk, rid, part)
    left = _beside(rest, replace(part, values={}))
    drafts.keep_draft(desk, rid, _seeing(left, seen_in(found(desk, rid))))
    return done


def _saved(desk: Desk, rid: bytes, part: Form) -> Done:
    with desk.store.transaction():
        row, changes = found(desk, rid), wire_changes(part.type, part.values)
        check_changed(desk, row, changes)
        return put_changed(desk, row, changes, frozenset(part.seen))


def _rest(desk: Desk, rid: bytes, form: Form, keys: Keys) -> Form:
    """What the draft holds beside `keys`, and all that it has seen."""
    waiting = drafts.draft_of(desk, rid)
    if waiting is None:
        return replace(form, values={}, typed={}, seen=())
    rest = part_of(waiting.form, TYPES[form.type].fields.keys() - keys)
    return replace(rest, seen=waiting.form.seen)


def _seeing(form: Form, seen: Seen) -> Form:
    """The form, that saw as it did what it holds, and as `seen` all the rest of the record.

    Without the rest a draft would look as if the record had changed since.
    """
    ids = TYPES[form.type].ids
    held = {ids[key] for key in {*form.values, *form.typed}}
    own = (pair for pair in form.seen if pair[0] in held)
    return replace(form, seen=frozenset((*own, *(p for p in seen if p[0] not in held))))


def _beside(one: Form, other: Form) -> Form:
    return replace(
        other,
        values={**one.values, **other.values},
        typed={**one.typed, **other.typed},
        seen=frozenset(one.seen) | frozenset(other.seen),
    )
