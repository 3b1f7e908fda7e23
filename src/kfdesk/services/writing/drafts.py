# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts: what a form holds is kept as it is typed, and becomes a record when it is saved.

A draft is no change: it leaves no entry in the trail, nothing reads it but its own user's form,
and it never leaves the desk. It remembers what the form showed when it was opened, so that what
came in between - an import, a colleague - becomes a conflict and is not overwritten.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from kfdesk.domain.desk.draft import Draft
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, seen_in, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY, is_deleted, live_of
from kfdesk.services.course.guards import check_changed, check_new
from kfdesk.services.desk import Desk
from kfdesk.services.history import about, number_of
from kfdesk.services.policy.access import require_adding, require_editing
from kfdesk.services.writing.records import Done, Seen, found, is_in_bin, put_changed, put_new

MOST_TYPED = 1_000_000  # signs in one field; what is longer was pasted by mistake


@dataclass(frozen=True, slots=True)
class Form:
    """What a form holds and has not saved, by key.

    `values` fit their fields; `typed` holds, as it was typed, what does not fit yet. `seen` is
    what the form showed when it was opened (`rows.seen_in`); nothing for a new record.
    """

    type: str
    values: Mapping[str, Value] = field(default_factory=dict, repr=False)
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    parent: bytes | None = None
    seen: Seen = ()


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft that waits: what it is about and when it was last typed in.

    `code` is the code of the client whom it is about, and `plan` her plan that leads to it; empty
    and None for all other records. `number` is a leg's or help number's place. `is_outdated`:
    the record has changed since the form was opened; `contested` are the fields of the draft that
    would be in conflict if it were saved now.
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
    """A draft to go on with: its line, and what the form held."""

    line: DraftLine
    form: Form


def keep_draft(desk: Desk, rid: bytes | None, form: Form) -> bytes:
    """Keep what a form holds; returns the record's id, made now for a new record (rid None).

    The form gives that id from then on. A form that holds nothing leaves no draft. Raises
    KfdeskError `field.…` for a value not of its kind (it belongs into `typed`), and
    `record.missing` where the record, or the one it belongs under, was erased meanwhile: what
    was erased does not come back by being typed in.
    """
    values = _wires(form)
    if any(len(text) > MOST_TYPED for text in form.typed.values()):
        raise KfdeskError("field.too_long")
    typed = {key: _fit_to_keep(text) for key, text in form.typed.items()}
    with desk.store.transaction():
        rid = rid or desk.new_id()
        if desk.store.row(rid) is None:
            _check_new(desk, rid, form)
        if values or typed:
            desk.store.drafts.keep(
                Draft(
                    rid, desk.user, form.type, form.parent, desk.milliseconds,
                    frozenset(form.seen), values, typed,
                )
            )  # fmt: skip
        else:
            desk.store.drafts.drop(rid, desk.user)
    return rid


def drafts(desk: Desk) -> tuple[DraftLine, ...]:
    """The drafts of this user that wait, the newest first."""
    return tuple(_line(desk, draft) for draft in desk.store.drafts.of_user(desk.user))


def count_drafts(desk: Desk) -> int:
    """How many drafts of this user wait."""
    return len(desk.store.drafts.of_user(desk.user))


def draft_of(desk: Desk, rid: bytes) -> OpenDraft | None:
    """This user's draft of a record, to go on with; None if there is none."""
    draft = desk.store.drafts.one(rid, desk.user)
    if draft is None:
        return None
    return OpenDraft(_line(desk, draft), _form(draft))


def discard_draft(desk: Desk, rid: bytes) -> OpenDraft | None:
    """Forget a draft; returns what it was, for `keep_again`. None if there was none."""
    gone = draft_of(desk, rid)
    with desk.store.transaction():
        desk.store.drafts.drop(rid, desk.user)
    return gone


def keep_again(desk: Desk, gone: OpenDraft) -> None:
    """Undo `discard_draft`, unless the form was typed in again meanwhile.

    Raises KfdeskError `record.missing` as `keep_draft` does.
    """
    form, line = gone.form, gone.line
    with desk.store.transaction():
        if desk.store.row(line.rid) is None:
            _check_new(desk, line.rid, form)
        if desk.store.drafts.one(line.rid, desk.user) is None:
            desk.store.drafts.keep(
                Draft(
                    line.rid, desk.user, form.type, form.parent, line.milliseconds,
                    frozenset(form.seen), _wires(form), form.typed,
                )
            )  # fmt: skip


def finish_draft(desk: Desk, rid: bytes) -> Done:
    """Save a draft as a change of its record, or as the new record; the draft is gone with that.

    What came in since the form was opened is not replaced but becomes a conflict. Raises
    KfdeskError `draft.missing`; `draft.unfinished` with the `field` that does not fit yet;
    `record.missing` where the record, or the one it belongs under, was erased; `record.deleted`
    where a new record belongs under one in the bin; `user.not_allowed`; and as `change_record` does
    for what is not written by hand. Then nothing is changed.
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
        changes = wire_changes(draft.type, _values(draft))
        desk.store.drafts.drop(rid, desk.user)
        if row is not None:
            check_changed(desk, row, changes)
            return put_changed(desk, row, changes, draft.seen)
        new = _new_row(desk, draft)
        check_new(new, changes)
        return put_new(desk, new, changes)


def _check_new(desk: Desk, rid: bytes, form: Form) -> None:
    was_here = form.seen or rid in desk.store.erasures.rids()
    if was_here:
        raise KfdeskError("record.missing")
    if form.parent is not None:
        found(desk, form.parent)


def _new_row(desk: Desk, draft: Draft) -> Row:
    _check_new(desk, draft.rid, _form(draft))
    if draft.parent is not None and is_in_bin(desk, found(desk, draft.parent)):
        raise KfdeskError("record.deleted")
    return Row(draft.rid, draft.type, draft.parent, desk.identity.organisation, EMPTY)


def _line(desk: Desk, draft: Draft) -> DraftLine:
    row = desk.store.row(draft.rid)
    _, code = about(desk, draft.rid if row is not None else draft.parent)
    if row is None and draft.type == "client":
        code = str(draft.values.get("code") or "")
    return DraftLine(
        draft.rid, draft.type, draft.parent, code, _number(draft, row), _plan(desk, draft),
        draft.milliseconds,
        is_new=row is None,
        is_outdated=row is not None and bool(seen_in(row) - draft.seen),
        contested=_contested(draft, row) if row is not None else frozenset(),
    )  # fmt: skip


def _number(draft: Draft, row: Row | None) -> int | None:
    number = draft.values.get("sequence") if row is None else number_of(row)
    return number if isinstance(number, int) else None


def _plan(desk: Desk, draft: Draft) -> bytes | None:
    """The plan that the record is, stands under, or shares its client with."""
    own = desk.store.row(draft.rid) or desk.store.row(draft.parent or b"")
    rows = desk.upwards(own) if own is not None else ()
    above = next((one for one in rows if one.type in ("plan", "client")), None)
    if above is None or above.type == "plan":
        return above.rid if above is not None else None
    plans = (row for row in desk.store.children(above.rid) if row.type == "plan")
    return next((row.rid for row in plans if not is_in_bin(desk, row)), None)


def _contested(draft: Draft, row: Row) -> frozenset[str]:
    """The draft's fields in which somebody else has written another value meanwhile."""
    described, live = TYPES[draft.type], live_of(row.state)
    if is_deleted(row.state):
        live = {}
    return frozenset(
        key
        for key, wire in draft.values.items()
        if key in described.ids
        for write in live.get(described.ids[key], ())
        if (write.fid, write.wid) not in draft.seen and write.value != wire
    )


def _form(draft: Draft) -> Form:
    return Form(draft.type, _values(draft), draft.typed, draft.parent, draft.seen)


def _values(draft: Draft) -> dict[str, Value]:
    """The values of a draft; one that an older program took and this one does not is left out."""
    fields, found_values = TYPES[draft.type].fields, dict[str, Value]()
    for key, wire in draft.values.items():
        with suppress(KfdeskError, KeyError):
            found_values[key] = fields[key].kind.decode(wire)
    return found_values


def _wires(form: Form) -> dict[str, Wire]:
    by_id = TYPES[form.type].by_id
    return {by_id[fid].key: wire for fid, wire in wire_changes(form.type, form.values).items()}


def _fit_to_keep(text: str) -> str:
    """The text as it was typed; half a sign, which no file can hold, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
