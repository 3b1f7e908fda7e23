# SPDX-License-Identifier: GPL-3.0-or-later
"""The case around a plan: intake of a client, notes and tasks, and attachments.

Nothing has to be known to begin. The code says nothing about the client: a word and two
digits, drawn at random, easy to say over a telephone in any language. Until the plan is
created, all that is typed is one draft of the client record. Fields of the plan are kept in
that draft as typed text, under keys that no client record has. An attachment is sanitized
before it is stored, and read only after its digest was verified.
"""

import json
import unicodedata
from calendar import monthrange
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from kfdesk.domain.attachments import (
    CHUNK_BYTES,
    MAX_CONTENT_BYTES,
    AttachmentContent,
    RenderedPage,
)
from kfdesk.domain.audit import CHANNEL_CALENDAR, Action
from kfdesk.domain.codes.case import ATTACHMENT_KIND
from kfdesk.domain.consent import RecipientKind
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.case import Approval, Attachment
from kfdesk.domain.records.client import Client
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import StoredDraft, encode_changes, view
from kfdesk.domain.values import PartialDate, Value
from kfdesk.services.core import drafts
from kfdesk.services.core.authorization import (
    EDIT_RIGHTS,
    SENSITIVE_RIGHTS,
    log_view,
    require_adding,
    require_editing,
    require_right_on,
)
from kfdesk.services.core.drafts import FormState
from kfdesk.services.core.records import (
    Saved,
    change_record,
    delete_record,
    delete_records,
    is_in_bin,
    put_new,
    require_record,
)
from kfdesk.services.core.session import (
    Changes,
    Progress,
    ProgressCallback,
    RandomBytes,
    Session,
    cancel_check,
    progress_callback,
)
from kfdesk.services.plans.plans import load_case, zoned_now

# --- intake

_CODE_WORD_LIST = "codes"
_LOWEST_NUMBER, _NUMBER_COUNT = 10, 90  # from 10 to 99: always two digits
_TRIES = 1_000
_RANDOM_BYTES = 8
_PLAN_PREFIX = "plan."
_VALUE_MARK, _TYPED_MARK = "=", "~"  # a plan's value, or typed text that is no value yet


@dataclass(frozen=True, slots=True)
class IntakeDraft:
    """An intake that is not finished: what is known of the client, and of the plan."""

    rid: bytes
    client: FormState
    plan: FormState


def create_plan(
    desk: Session,
    client: Mapping[str, Value],
    plan: Mapping[str, Value] | None = None,
    rid: bytes | None = None,
) -> tuple[bytes, Changes]:
    """Create a new client and the draft of the client's plan, in one transaction.

    `client` and `plan` are the values known already, by key. A wish without its moment is told now.
    A code is drawn if `client` has none, or if another client has taken it. `rid` is the intake
    draft, which is deleted, and becomes the client's id. Return the plan's id, and what changed.
    Raise KfdeskError `field.…`, or `client.no_code_left`.
    """
    desk.require(*EDIT_RIGHTS)
    client_changes = encode_changes(
        "client", {**client, "code": _code_for(desk, client.get("code"))}
    )
    today = desk.adapters.clock.now().date()
    begun: dict[str, Value] = {"state": "draft", "owner": desk.user, "opened": today}
    known = dict(plan or {})
    if isinstance(known.get("wish"), str):
        known.setdefault("wish_stated", zoned_now(desk))
    plan_changes = encode_changes("plan", {**known, **begun})
    person = desk.new_row("client", None, rid)
    row = desk.new_row("plan", person.rid)
    with desk.store.transaction():
        changes: Changes = put_new(desk, person, client_changes)
        changes |= put_new(desk, row, plan_changes)
        desk.store.drafts.drop(person.rid, desk.user)
    return row.rid, changes


@dataclass(frozen=True, slots=True)
class NewCase:
    """A client with the draft of her plan, and records below the plan: type and values."""

    client: Mapping[str, Value] = field(repr=False)
    plan: Mapping[str, Value] = field(repr=False)
    below: tuple[tuple[str, Mapping[str, Value]], ...] = field(default=(), repr=False)


def import_plans(
    desk: Session, cases: Sequence[NewCase], progress: Progress | None = None
) -> tuple[Saved, ...]:
    """Create clients of a sheet as `create_plan` does, all or none; return what can be undone.

    Raise KfdeskError `field.…`, `client.no_code_left`, `work.cancelled` or `user.not_allowed`.
    """
    desk.require(*EDIT_RIGHTS)
    taken, done = _codes_in_use(desk), list[Saved]()
    begun: dict[str, Value] = {
        "state": "draft", "owner": desk.user, "opened": desk.adapters.clock.now().date(),
    }  # fmt: skip
    with desk.store.transaction():
        for number, case in enumerate(cases):
            progress_callback(progress)(number, len(cases))
            wanted = case.client.get("code")
            is_free = bool(wanted) and wanted not in taken
            code = wanted if is_free else _free_code(desk, taken)
            taken.add(code)
            person = desk.new_row("client", None)
            plan = desk.new_row("plan", person.rid)
            below = [(desk.new_row(kind, plan.rid), values) for kind, values in case.below]
            for row, values in (
                (person, {**case.client, "code": code}), (plan, {**case.plan, **begun}), *below,
            ):  # fmt: skip
                done.append(put_new(desk, row, encode_changes(row.type, values)))
        desk.log(Action.TAKE_CASES, keys=(str(len(cases)),))
    return tuple(done)


def move_plans_to_bin(desk: Session, plans: Iterable[bytes]) -> tuple[Saved, ...]:
    """Put plans that were begun by mistake into the bin, all or none.

    A client without another plan goes with it. Raise KfdeskError `plan.was_sent`,
    `plan.was_printed` or `plan.was_approved`: what others hold or have decided is not undone by a
    click. Raise `record.missing`, and as `delete_record` does.
    """
    return delete_records(desk, [(_bin_target(desk, plan), None) for plan in dict.fromkeys(plans)])


def _bin_target(desk: Session, plan: bytes) -> bytes:
    """Return what goes to the bin for a plan: its client, or the plan alone."""
    require_editing(desk, require_record(desk, plan))
    whole = load_case(desk, plan)
    given = (view(one, Approval).record.given for one in whole.below if one.type == "approval")
    if any(moment is not None for moment in given):
        raise KfdeskError("plan.was_approved")
    partners = desk.store.ledger.partners()
    own = {one.organisation for one in partners if one.recipient.who is RecipientKind.OWN}
    entries = desk.store.ledger.about(one.rid for one in whole.rows)
    channels = {one.channel for one in entries if one.recipient not in own} - {CHANNEL_CALENDAR}
    if channels:
        raise KfdeskError("plan.was_sent" if Channel.BUNDLE in channels else "plan.was_printed")
    siblings = (one for one in desk.store.children(whole.client.rid) if one.type == "plan")
    is_alone = all(one.rid == plan or is_deleted(one.state) for one in siblings)
    return whole.client.rid if is_alone else plan


def save_intake_draft(desk: Session, talk: IntakeDraft) -> None:
    """Save an intake as a draft; with nothing but a code, save none.

    Raise KfdeskError `field.…` for a value not of its kind (it belongs into `typed`).
    """
    values = drafts.encoded_values(talk.client)
    of_plan = {
        key: f"{_VALUE_MARK}{json.dumps(wire)}"
        for key, wire in drafts.encoded_values(talk.plan).items()
    }
    of_plan |= {key: f"{_TYPED_MARK}{text}" for key, text in talk.plan.typed.items()}
    typed = drafts.encodable_texts(
        {**talk.client.typed, **{f"{_PLAN_PREFIX}{key}": text for key, text in of_plan.items()}}
    )
    with desk.store.transaction():
        if typed or values.keys() - {"code"}:
            draft = StoredDraft(
                talk.rid, desk.user, "client", None, desk.milliseconds, frozenset(), values, typed
            )
            desk.store.drafts.keep(draft)
        else:
            desk.store.drafts.drop(talk.rid, desk.user)


def read_intake_draft(desk: Session, rid: bytes) -> IntakeDraft | None:
    """Return the intake draft with this id; None if it was finished or discarded."""
    draft = desk.store.drafts.one(rid, desk.user)
    if draft is None or draft.type != "client" or desk.store.row(rid) is not None:
        return None
    of_plan = {
        key.removeprefix(_PLAN_PREFIX): text
        for key, text in draft.typed.items()
        if key.startswith(_PLAN_PREFIX)
    }
    read = {
        key: _wire_from_json(text[1:])
        for key, text in of_plan.items()
        if text.startswith(_VALUE_MARK)
    }
    unread = {key: text[1:] for key, text in of_plan.items() if text.startswith(_TYPED_MARK)}
    of_client = {key: text for key, text in draft.typed.items() if not key.startswith(_PLAN_PREFIX)}
    client = FormState("client", drafts.decoded_values("client", draft.values), of_client)
    return IntakeDraft(rid, client, FormState("plan", drafts.decoded_values("plan", read), unread))


def _wire_from_json(text: str) -> Wire:
    wire = json.loads(text)
    return tuple(wire) if isinstance(wire, list) else wire


def new_client_code(desk: Session) -> str:
    """Return a random case code that no client in this store has.

    Raise KfdeskError `client.no_code_left` or `user.not_allowed`.
    """
    desk.require(*EDIT_RIGHTS)
    return _free_code(desk, _codes_in_use(desk))


def _free_code(desk: Session, taken: Container[object]) -> str:
    for code in _random_codes(desk.adapters.words(_CODE_WORD_LIST), desk.adapters.random):
        if code not in taken:
            return code
    raise KfdeskError("client.no_code_left")


def _code_for(desk: Session, wanted: Value) -> str:
    is_free = isinstance(wanted, str) and bool(wanted) and wanted not in _codes_in_use(desk)
    return str(wanted) if is_free else new_client_code(desk)


def _codes_in_use(desk: Session) -> set[object]:
    return {view(row, Client).record.code for row in desk.store.rows("client")}


def _random_codes(words: Sequence[str], random: RandomBytes) -> Iterator[str]:
    for _ in range(_TRIES if words else 0):
        drawn = int.from_bytes(random(_RANDOM_BYTES), "big")
        number, word = divmod(drawn, len(words))
        yield f"{words[word]}-{_LOWEST_NUMBER + number % _NUMBER_COUNT}"


# --- notes and tasks


def save_note(desk: Session, rid: bytes, form: FormState, keys: drafts.FieldKeys) -> Saved:
    """Save a note; a new one is signed by the current user and dated now, unless it has a date.

    Raise KfdeskError as `finish_draft`.
    """
    if desk.store.row(rid) is not None:
        return drafts.save_partial(desk, rid, form, keys)
    require_adding(desk, form.type, form.parent)
    values = {"happened": zoned_now(desk), **form.values, "written_by": desk.user}
    drafts.save_draft(desk, rid, replace(form, values=values))
    return drafts.finish_draft(desk, rid)


def set_task_done(desk: Session, rid: bytes, *, is_done: bool) -> Saved:
    """Mark a task as done, or as open again. Raise KfdeskError as `change_record`."""
    return change_record(desk, rid, {"state": "done" if is_done else "open"})


def last_day_due(due: object) -> date | None:
    """Return the last day on which a due date is not late; a partial date counts to its end."""
    if isinstance(due, date):
        return due
    if isinstance(due, PartialDate):
        year, _, month = due.text.partition("-")
        number = int(month or 12)
        return date(int(year), number, monthrange(int(year), number)[1])
    return None


# --- attachments

_ATTACHMENT = "attachment"
_LONGEST_TITLE = 120
_READ_PERCENT, _SANITIZED_PERCENT, _PERCENT = 20, 60, 100
"""Progress after reading and after sanitizing, of the whole."""


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file to add: its title, the stream to read, and its kind (a code of ATTACHMENT_KIND).

    Without a kind, the content decides.
    """

    title: str = field(repr=False)
    source: BinaryIO = field(repr=False)
    kind: str = ""


def add_attachment_file(
    desk: Session, plan: bytes, path: Path, progress: Progress | None = None
) -> Saved:
    """Add a file from a stick or disk to a plan; the file itself stays where it is.

    The title is the name without its extension. Raise KfdeskError `attachment.unreadable`, or
    as `add_attachment`.
    """
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise KfdeskError("attachment.unreadable")
        with path.open("rb") as source:
            return add_attachment(desk, plan, NewAttachment(path.stem, source), progress)
    except OSError:
        raise KfdeskError("attachment.unreadable") from None


def add_attachment(
    desk: Session, plan: bytes, incoming: NewAttachment, progress: Progress | None = None
) -> Saved:
    """Save a document or picture with a plan; its content decides its media type.

    The right for it is `EDIT_OWN` or `EDIT_ALL`. Raise KfdeskError `record.missing` or
    `record.deleted` for the plan, `attachment.…` for a file that cannot be accepted,
    `store.disk`, or `work.cancelled`; then nothing was added.
    """
    step = progress_callback(progress)
    require_editing(desk, require_record(desk, plan))
    load_case(desk, plan)
    data = _read_limited(incoming.source, step)
    content = desk.adapters.attached.sanitize(data, cancel_check(progress, _READ_PERCENT, _PERCENT))
    step(_SANITIZED_PERCENT, _PERCENT)
    values = _attachment_values(desk, incoming, content)
    row = desk.new_row(_ATTACHMENT, plan)
    with desk.store.transaction():
        done = put_new(desk, row, encode_changes(_ATTACHMENT, values))
        desk.store.contents.keep(
            row.rid,
            content.data,
            lambda part, of: step(
                _SANITIZED_PERCENT + (_PERCENT - _SANITIZED_PERCENT) * part // of, _PERCENT
            ),
        )
    return done


def read_attachment(desk: Session, rid: bytes) -> bytes:
    """Return the content of an attachment, verified by its digest, and log the view.

    The right for it is `READ_OWN` or `READ_ALL`, with `SEE_SENSITIVE_OWN` or
    `SEE_SENSITIVE_ALL`. Raise KfdeskError `record.missing`, `record.deleted`,
    `attachment.elsewhere`, `attachment.damaged` or `store.damaged`.
    """
    row = require_record(desk, rid)
    if row.type != _ATTACHMENT:
        raise KfdeskError("record.missing")
    require_right_on(desk, row, *SENSITIVE_RIGHTS)
    if is_in_bin(desk, row):
        raise KfdeskError("record.deleted")
    log_view(desk, row)
    return desk.store.contents.read(rid, str(view(row, Attachment).record.digest))


def preview_attachment(
    desk: Session, rid: bytes, number: int, width: int, progress: Progress | None = None
) -> RenderedPage:
    """Return page `number` (from 0) of an attachment, at most `width` pixels wide, for the screen.

    Raise KfdeskError `attachment.not_shown`, `work.cancelled`, or as `read_attachment`.
    """
    data = read_attachment(desk, rid)
    return desk.adapters.attached.show(data, number, width, cancel_check(progress))


def remove_attachment(desk: Session, rid: bytes) -> Saved:
    """Put an attachment into the bin. Its content stays in the store until the client is erased.

    The right for it is `EDIT_OWN` or `EDIT_ALL`. Raise KfdeskError as `delete_record`.
    """
    return delete_record(desk, rid)


def _read_limited(source: BinaryIO, step: ProgressCallback) -> bytes:
    """Read the stream to its end, but stop as soon as it exceeds the largest allowed size."""
    data = bytearray()
    try:
        while piece := source.read(CHUNK_BYTES):
            step(_READ_PERCENT * len(data) // (MAX_CONTENT_BYTES + CHUNK_BYTES), _PERCENT)
            data += piece
            if len(data) > MAX_CONTENT_BYTES:
                raise KfdeskError("attachment.too_large")
    except OSError:
        raise KfdeskError("attachment.unreadable") from None
    step(_READ_PERCENT, _PERCENT)
    return bytes(data)


def _attachment_values(
    desk: Session, incoming: NewAttachment, content: AttachmentContent
) -> dict[str, Value]:
    usual = "picture" if content.media_type.is_picture else "document"
    values: dict[str, Any] = {
        "title": _clean_title(incoming.title) or None,
        "kind": incoming.kind if incoming.kind in ATTACHMENT_KIND else usual,
        "media_type": content.media_type.value,
        "size": len(content.data),
        "digest": sha256(content.data).hexdigest(),
        "added": zoned_now(desk),
    }
    return {key: value for key, value in values.items() if value is not None}


def _clean_title(title: str) -> str:
    """Return the title on one line, without invisible characters and not too long."""
    seen = "".join(sign for sign in " ".join(title.split()) if unicodedata.category(sign)[0] != "C")
    short = unicodedata.normalize("NFC", seen)[:_LONGEST_TITLE]
    return unicodedata.normalize("NFC", short).strip()
