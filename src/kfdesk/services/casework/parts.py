# SPDX-License-Identifier: GPL-3.0-or-later
"""A record that is edited in parts: each form keeps and saves its own fields and no others.

A user has one draft of a record. A form that shows some of its fields neither saves nor forgets
what another form holds of the rest. Knows no page; what a draft is stands in `drafts.py`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import wire_changes
from kfdesk.services import drafts
from kfdesk.services.desk import Desk
from kfdesk.services.drafts import Form
from kfdesk.services.policy.access import require_adding, require_editing
from kfdesk.services.records import Done, found, put_changed

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
    drafts.keep_draft(desk, rid, _beside(_rest(desk, rid, form, keys), part_of(form, keys)))


def drop_part(desk: Desk, rid: bytes, form: Form, keys: Keys) -> Form:
    """Forget what the draft holds of `keys`; returns that, to be kept again."""
    waiting = drafts.draft_of(desk, rid)
    gone = (
        part_of(waiting.form, keys) if waiting is not None else replace(form, values={}, typed={})
    )
    drafts.keep_draft(desk, rid, _rest(desk, rid, form, keys))
    return gone


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
    left = _beside(_rest(desk, rid, form, keys), replace(part, values={}))
    done = _saved(desk, rid, part)
    drafts.keep_draft(desk, rid, left)
    return done


def _saved(desk: Desk, rid: bytes, part: Form) -> Done:
    with desk.store.transaction():
        row = found(desk, rid)
        return put_changed(desk, row, wire_changes(part.type, part.values), frozenset(part.seen))


def _rest(desk: Desk, rid: bytes, form: Form, keys: Keys) -> Form:
    """What the draft holds beside `keys`."""
    waiting = drafts.draft_of(desk, rid)
    if waiting is None:
        return replace(form, values={}, typed={}, seen=())
    return part_of(waiting.form, TYPES[form.type].fields.keys() - keys)


def _beside(one: Form, other: Form) -> Form:
    return replace(
        other,
        values={**one.values, **other.values},
        typed={**one.typed, **other.typed},
        seen=frozenset(one.seen) | frozenset(other.seen),
    )
