# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts: what a form holds is stored while it is typed, and becomes a record when saved.

A draft is no change. It leaves no audit entry, only its own user's form reads it, and it is
never sent. It remembers what the form showed when it was opened. So a change made in
between, by an import or a colleague, becomes a conflict and is not overwritten.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field, replace

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire, is_blank_text
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import is_deleted, writes_by_field
from kfdesk.domain.rows import Row, StoredDraft, encode_changes, seen_writes
from kfdesk.domain.values import Value
from kfdesk.services.core.authorization import require_adding, require_editing
from kfdesk.services.core.history import sequence_number, type_and_code
from kfdesk.services.core.records import (
    Saved,
    SeenWrites,
    check_changed_record,
    check_new_record,
    is_in_bin,
    put_changed,
    put_new,
    require_record,
)
from kfdesk.services.core.session import Session

FieldKeys = AbstractSet[str]
MAX_TYPED_LENGTH = 1_000_000  # characters in one field; longer text was pasted by mistake


@dataclass(frozen=True, slots=True)
class FormState:
    """Unsaved content of a form, by key.

    `values` fit their fields; `typed` holds the typed text of what does not fit yet. `seen` is
    what the form showed when it was opened (`rows.seen_in`); empty for a new record.
    """

    type: str
    values: Mapping[str, Value] = field(default_factory=dict, repr=False)
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    parent: bytes | None = None
    seen: SeenWrites = ()


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list: what it is about, and when it was last edited.

    `code` is the client's case code, and `plan` the plan that leads to it; empty and None for
    all other records. `number` is the position of a leg or help number. `is_outdated`: the
    record has changed since the form was opened. `contested` are the draft's fields that would
    be in conflict if it were saved now.
    """

    rid: bytes
    type: str
    parent: bytes | None
    code: str
    number: int | None
    plan: bytes | None
    milliseconds: int
    is_new: bool
    is_outdated: bool
    contested: frozenset[str]


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft to continue: its line, and what the form held."""

    line: DraftLine
    form: FormState


def save_draft(desk: Session, rid: bytes | None, form: FormState) -> bytes:
    """Save what a form holds; return the record's id, created now for a new record (rid None).

    The form passes that id from then on. A form that holds nothing leaves no draft. Raise
    KfdeskError `field.…` for a value not of its kind (it belongs into `typed`), and
    `record.missing` if the record or its parent was erased meanwhile: typing does not bring
    back what was erased.
    """
    values, typed = encoded_values(form), encodable_texts(form.typed)
    with desk.store.transaction():
        rid = rid or desk.new_id()
        if desk.store.row(rid) is None:
            _check_not_erased(desk, rid, form)
        if values or typed:
            desk.store.drafts.keep(
                StoredDraft(
                    rid, desk.user, form.type, form.parent, desk.milliseconds,
                    frozenset(form.seen), values, typed,
                )
            )  # fmt: skip
        else:
            desk.store.drafts.drop(rid, desk.user)
    return rid


def list_drafts(desk: Session) -> tuple[DraftLine, ...]:
    """Return the drafts of the current user, newest first."""
    return tuple(_draft_line(desk, draft) for draft in desk.store.drafts.of_user(desk.user))


def count_drafts(desk: Session) -> int:
    """Return how many drafts the current user has."""
    return len(desk.store.drafts.of_user(desk.user))


def read_draft(desk: Session, rid: bytes) -> OpenDraft | None:
    """Return the current user's draft of a record; None if there is none."""
    draft = desk.store.drafts.one(rid, desk.user)
    if draft is None:
        return None
    return OpenDraft(_draft_line(desk, draft), _form_state(draft))


def discard_draft(desk: Session, rid: bytes) -> OpenDraft | None:
    """Delete a draft; return it for `restore_draft`, or None if there was none."""
    gone = read_draft(desk, rid)
    with desk.store.transaction():
        desk.store.drafts.drop(rid, desk.user)
    return gone


def restore_draft(desk: Session, gone: OpenDraft) -> None:
    """Undo `discard_draft`, unless the form was edited again meanwhile.

    Raise KfdeskError `record.missing` as `save_draft` does.
    """
    form, line = gone.form, gone.line
    with desk.store.transaction():
        if desk.store.row(line.rid) is None:
            _check_not_erased(desk, line.rid, form)
        if desk.store.drafts.one(line.rid, desk.user) is None:
            desk.store.drafts.keep(
                StoredDraft(
                    line.rid, desk.user, form.type, form.parent, line.milliseconds,
                    frozenset(form.seen), encoded_values(form), form.typed,
                )
            )  # fmt: skip


def finish_draft(desk: Session, rid: bytes) -> Saved:
    """Save a draft as a change of its record, or as the new record, and delete the draft.

    Values that arrived since the form was opened are not replaced: the field gets a conflict.
    Raise KfdeskError `draft.missing`; `draft.unfinished` with the `field` that does not fit
    yet; `record.missing` if the record or its parent was erased; `record.deleted` if a new
    record's parent is in the bin; `user.not_allowed`; `field.no_name` and `field.code_a_name`;
    and as `change_record` does for guarded fields. Then nothing is changed.
    """
    with desk.store.transaction():
        draft = desk.store.drafts.one(rid, desk.user)
        if draft is None:
            raise KfdeskError("draft.missing")
        row = desk.store.row(rid)
        if row is not None:
            require_editing(desk, row)
        else:
            require_adding(desk, draft.type, draft.parent)
        if draft.typed:
            raise KfdeskError("draft.unfinished", field=f"{draft.type}.{min(draft.typed)}")
        values = decoded_values(draft.type, draft.values)
        _check_named(draft.type, values, is_new=row is None)
        changes = encode_changes(draft.type, values)
        desk.store.drafts.drop(rid, desk.user)
        if row is not None:
            check_changed_record(desk, row, changes)
            return put_changed(desk, row, changes, draft.seen)
        new = _new_row(desk, draft)
        check_new_record(desk, new, changes)
        return put_new(desk, new, changes)


def _check_named(record_type: str, values: Mapping[str, Value], *, is_new: bool = False) -> None:
    """Refuse what a person types as a name if it names nothing, or names the client.

    Raise KfdeskError `field.no_name` for an organisation without a name, and `field.code_a_name`
    for a case code without a digit, which is most likely her name.
    """
    if record_type == "organisation" and (is_new or "name" in values):
        name = values.get("name")
        if not isinstance(name, str) or is_blank_text(name):
            raise KfdeskError("field.no_name")
    code = values.get("code") if record_type == "client" else None
    if isinstance(code, str) and not any(sign.isdecimal() for sign in code):
        raise KfdeskError("field.code_a_name")


def _check_not_erased(desk: Session, rid: bytes, form: FormState) -> None:
    was_here = form.seen or rid in desk.store.erasures.rids()
    if was_here:
        raise KfdeskError("record.missing")
    if form.parent is not None:
        require_record(desk, form.parent)


def _new_row(desk: Session, draft: StoredDraft) -> Row:
    _check_not_erased(desk, draft.rid, _form_state(draft))
    if draft.parent is not None and is_in_bin(desk, require_record(desk, draft.parent)):
        raise KfdeskError("record.deleted")
    return desk.new_row(draft.type, draft.parent, draft.rid)


def _draft_line(desk: Session, draft: StoredDraft) -> DraftLine:
    row = desk.store.row(draft.rid)
    _, code = type_and_code(desk, draft.rid if row is not None else draft.parent)
    if row is None and draft.type == "client":
        code = str(draft.values.get("code") or "")
    return DraftLine(
        draft.rid, draft.type, draft.parent, code, _draft_number(desk, draft, row),
        _plan_of_draft(desk, draft), draft.milliseconds,
        is_new=row is None,
        is_outdated=row is not None and bool(seen_writes(row) - draft.seen),
        contested=_contested_keys(draft, row) if row is not None else frozenset(),
    )  # fmt: skip


def _draft_number(desk: Session, draft: StoredDraft, row: Row | None) -> int | None:
    number = draft.values.get("sequence") if row is None else sequence_number(desk, row)
    return number if isinstance(number, int) else None


def _plan_of_draft(desk: Session, draft: StoredDraft) -> bytes | None:
    """Return the plan that the record is, lies under, or shares its client with."""
    own = desk.store.row(draft.rid) or desk.store.row(draft.parent or b"")
    rows = desk.self_and_ancestors(own) if own is not None else ()
    above = next((one for one in rows if one.type in ("plan", "client")), None)
    if above is None or above.type == "plan":
        return above.rid if above is not None else None
    plans = (row for row in desk.store.children(above.rid) if row.type == "plan")
    return next((row.rid for row in plans if not is_in_bin(desk, row)), None)


def _contested_keys(draft: StoredDraft, row: Row) -> frozenset[str]:
    """Return the draft's fields in which somebody else has written another value meanwhile."""
    described, live = RECORD_TYPES[draft.type], writes_by_field(row.state)
    if is_deleted(row.state):
        live = {}
    return frozenset(
        key
        for key, wire in draft.values.items()
        if key in described.ids
        for write in live.get(described.ids[key], ())
        if (write.fid, write.wid) not in draft.seen and write.value != wire
    )


def _form_state(draft: StoredDraft) -> FormState:
    values = decoded_values(draft.type, draft.values)
    return FormState(draft.type, values, draft.typed, draft.parent, draft.seen)


def decoded_values(record_type: str, stored: Mapping[str, Wire]) -> dict[str, Value]:
    """Return the values of a draft, without any that only an older program accepted."""
    fields, decoded = RECORD_TYPES[record_type].fields, dict[str, Value]()
    for key, wire in stored.items():
        with suppress(KfdeskError, KeyError):
            decoded[key] = fields[key].kind.decode(wire)
    return decoded


def encoded_values(form: FormState) -> dict[str, Wire]:
    """Return the values of a form as they are stored, by key. Raise KfdeskError `field.…`."""
    by_id = RECORD_TYPES[form.type].by_id
    return {by_id[fid].key: wire for fid, wire in encode_changes(form.type, form.values).items()}


def encodable_texts(typed: Mapping[str, str]) -> dict[str, str]:
    """Return texts as typed, with a question mark for what UTF-8 cannot encode.

    Raise KfdeskError `field.too_long`.
    """
    if any(len(text) > MAX_TYPED_LENGTH for text in typed.values()):
        raise KfdeskError("field.too_long")
    return {key: text.encode("utf-8", "replace").decode("utf-8") for key, text in typed.items()}


# --- drafts of a part of a form


def restrict_form(form: FormState, keys: FieldKeys) -> FormState:
    """Return the part of a form that belongs to `keys`."""
    ids = {RECORD_TYPES[form.type].ids[key] for key in keys}
    return replace(
        form,
        values={key: value for key, value in form.values.items() if key in keys},
        typed={key: text for key, text in form.typed.items() if key in keys},
        seen=frozenset(pair for pair in form.seen if pair[0] in ids),
    )


def save_partial_draft(desk: Session, rid: bytes, form: FormState, keys: FieldKeys) -> None:
    """Save to the draft what a form holds of `keys`; leave other forms' fields in it as they are.

    Raise KfdeskError as `save_draft`.
    """
    rest = _with_seen(_draft_without(desk, rid, form, keys), form.seen)
    save_draft(desk, rid, _combine_forms(rest, restrict_form(form, keys)))


def discard_partial_draft(desk: Session, rid: bytes, form: FormState, keys: FieldKeys) -> FormState:
    """Remove `keys` from the draft; return what was removed, so that it can be restored.

    The result is what the form holds, saved in the draft or not. If the form holds nothing, it
    is what the draft held.
    """
    waiting, held = read_draft(desk, rid), restrict_form(form, keys)
    save_draft(desk, rid, _draft_without(desk, rid, form, keys))
    if held.values or held.typed or waiting is None:
        return replace(held, seen=form.seen)
    return replace(restrict_form(waiting.form, keys), seen=waiting.form.seen)


def new_record_drafts(
    desk: Session, record_type: str, parent: bytes | None
) -> tuple[OpenDraft, ...]:
    """Return this user's drafts of new records of a type under `parent`, or under none."""
    waiting = (
        read_draft(desk, draft.rid)
        for draft in desk.store.drafts.of_user(desk.user)
        if (draft.type, draft.parent) == (record_type, parent)
    )
    return tuple(each for each in waiting if each is not None and each.line.is_new)


def save_partial(desk: Session, rid: bytes, form: FormState, keys: FieldKeys) -> Saved:
    """Save what a form holds of `keys` and is valid; the rest stays a draft.

    Values that arrived since the form was opened are not replaced: the field gets a conflict. A
    new record is created from everything that the draft holds. Raise KfdeskError as
    `finish_draft`.
    """
    row = desk.store.row(rid)
    if row is None:
        require_adding(desk, form.type, form.parent)
        save_partial_draft(desk, rid, form, keys)
        return finish_draft(desk, rid)
    require_editing(desk, row)
    part = restrict_form(form, keys)
    rest = _with_seen(_draft_without(desk, rid, form, keys), part.seen)
    done = _save_fields(desk, rid, part)
    left = _combine_forms(rest, replace(part, values={}))
    save_draft(desk, rid, _with_seen(left, seen_writes(require_record(desk, rid))))
    return done


def _save_fields(desk: Session, rid: bytes, part: FormState) -> Saved:
    _check_named(part.type, part.values)
    with desk.store.transaction():
        row, changes = require_record(desk, rid), encode_changes(part.type, part.values)
        check_changed_record(desk, row, changes)
        return put_changed(desk, row, changes, frozenset(part.seen))


def _draft_without(desk: Session, rid: bytes, form: FormState, keys: FieldKeys) -> FormState:
    """Return what the draft holds besides `keys`, and all values that it has seen."""
    waiting = read_draft(desk, rid)
    if waiting is None:
        return replace(form, values={}, typed={}, seen=())
    rest = restrict_form(waiting.form, RECORD_TYPES[form.type].fields.keys() - keys)
    return replace(rest, seen=waiting.form.seen)


def _with_seen(form: FormState, seen: SeenWrites) -> FormState:
    """Return the form with its own seen values for fields that it holds, and `seen` for the rest.

    Without the rest, the draft would look as if the record had changed since.
    """
    ids = RECORD_TYPES[form.type].ids
    held = {ids[key] for key in {*form.values, *form.typed}}
    own = (pair for pair in form.seen if pair[0] in held)
    return replace(form, seen=frozenset((*own, *(p for p in seen if p[0] not in held))))


def _combine_forms(one: FormState, other: FormState) -> FormState:
    return replace(
        other,
        values={**one.values, **other.values},
        typed={**one.typed, **other.typed},
        seen=frozenset(one.seen) | frozenset(other.seen),
    )
