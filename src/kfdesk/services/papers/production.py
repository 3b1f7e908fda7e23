# SPDX-License-Identifier: GPL-3.0-or-later
"""Producing papers: make, preview and save them, with the ledger, copies and overrides.

A paper that is printed or saved is entered in the ledger as disclosed, and each copy is
registered, before it leaves; if it does not leave, both are taken back, and the log says so. A
carried paper of a return that is not approved is a draft: it says so and is nobody's yet. The
carry check reads the finished pages of carried papers. It is overridden for names only, by two
people at the computer: the one who prints, and one who may approve and types their own
passphrase. An override holds for one finished paper. The reason is saved with the plan; the log
has only field names. This module does not know how a paper is drawn.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from kfdesk.domain.accounts import Credentials, Right, format_initials
from kfdesk.domain.audit import Action
from kfdesk.domain.codes.case import LETTER_PURPOSE
from kfdesk.domain.codes.core import COPY_STATE, PaperName, PaperRequest
from kfdesk.domain.disclosure import Disclosed, Withheld, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.leak_check.check import LeakFinding, LeakOverride
from kfdesk.domain.network_work import is_conference
from kfdesk.domain.papers import CONTENTS, PrintContext
from kfdesk.domain.pronouns import Pronoun, pronoun_of
from kfdesk.domain.records.case import PaperCopy, Referral
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.directory import Organisation, Phone
from kfdesk.domain.records.procedures import Procedure
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes, view
from kfdesk.domain.values import LocalizedText, Translation, Value, ZonedTime, text_or_empty
from kfdesk.i18n.language import Language
from kfdesk.services.book.articles import read_book
from kfdesk.services.core.authorization import (
    log_view,
    may_read,
    plan_above,
    require_reading,
    require_right_on,
)
from kfdesk.services.core.records import (
    Saved,
    client_code,
    is_in_bin,
    put_changed,
    put_new,
    require_record,
)
from kfdesk.services.core.saved_files import save_file
from kfdesk.services.core.second_person import check_second_person
from kfdesk.services.core.session import Session, clock_doubt
from kfdesk.services.exchange.disclosure_log import disclosure_entries
from kfdesk.services.figures.estimates import list_publications
from kfdesk.services.figures.releases import list_releases
from kfdesk.services.papers.client_papers import subject_row, understood_languages
from kfdesk.services.papers.contradictions import (
    contradiction_obstacles,
    contradiction_warnings,
)
from kfdesk.services.papers.directory_papers import languages_spoken, organisation_phones
from kfdesk.services.papers.kinds import PAPER_KINDS, is_draft_paper, require_paper
from kfdesk.services.papers.leak_check import check_carried_paper
from kfdesk.services.papers.letters import copy_values, letter_language, record_letter_sent
from kfdesk.services.papers.network_papers import SUBJECTS, news_language
from kfdesk.services.plans.plans import list_plans, name_of, zoned_now

COPY_OUT, COPY_DRAFT, COPY_NOT_MADE = "out", "draft", "not_made"
_EXISTING = frozenset({COPY_OUT, COPY_DRAFT})
OVERRIDE_KIND = "somebody_else"


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper: its PDF, and the digest by which the ledger identifies it."""

    pdf: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class PaperPreview:
    """A preview of a paper: what prevents it from being printed, or its pages as PNGs.

    `found` is what the carry check found, with the words; each is also an obstacle.
    """

    obstacles: tuple[KfdeskError, ...]
    pages: tuple[bytes, ...]
    number: int = 0
    """The number of the copy that it would be."""
    withheld: tuple[Withheld, ...] = ()
    """Content that was withheld."""
    found: tuple[LeakFinding, ...] = ()
    is_draft: bool = False
    """True if the page says that the return is not approved yet."""
    warnings: tuple[KfdeskError, ...] = ()
    """The faults that should be known before printing, but do not prevent it."""


@dataclass(frozen=True, slots=True)
class _DrawnPaper:
    """A paper with its content, its holder, and the carry check's findings.

    The holder of a draft is our own organisation.
    """

    holder: bytes
    what: Disclosed
    paper: Paper
    found: tuple[LeakFinding, ...] = ()
    left_out: tuple[Withheld, ...] = ()
    is_draft: bool = False
    of_letter: Mapping[str, Value] = field(default_factory=dict)
    """The values of a letter that the register of copies keeps; empty for another paper."""

    def left(self, excuse: LeakOverride | None) -> tuple[LeakFinding, ...]:
        """Return the findings that are not overridden."""
        digest = self.paper.digest
        return tuple(one for one in self.found if not (excuse and excuse.covers(digest, one)))

    def checked(self, excuse: LeakOverride | None = None) -> "_DrawnPaper":
        """Return the paper, if no finding is left.

        Raise KfdeskError `paper.carry_…` for the first finding.
        """
        left = self.left(excuse)
        if left:
            raise left[0].fault
        return self


def make_paper(desk: Session, order: PaperRequest, excuse: LeakOverride | None = None) -> Paper:
    """Make the paper and enter it in the ledger; `excuse` lets names pass the carry check.

    Raise KfdeskError `paper.…` with the field that is missing, wrong or in conflict, or if the
    client's wish or consent is missing, or with what must not be carried; `documents.…` from
    the PDF composer; `clock.…` while the clock is in doubt; `user.not_allowed`.
    """
    require_paper(desk, order)
    drawn = _draw_paper(desk, order).checked(excuse)
    with desk.store.transaction():
        copy = _enter_paper(desk, order, drawn, "printed")
        _log_paper(desk, order, drawn, Action.PRINT)
        _record_letter(desk, order, drawn, copy)
    return drawn.paper


def print_paper(
    desk: Session,
    order: PaperRequest,
    send: Callable[[bytes], bool],
    excuse: LeakOverride | None = None,
) -> bool:
    """Make the paper, and let `send` pass its PDF to a printer; return whether that took it.

    The paper is entered in the ledger before it leaves, and logged as printed afterwards. If the
    printer does not take it, or `send` raises, the entry and the copy are taken back, and the
    log says that it did not print. Raise as `make_paper` does.
    """
    require_paper(desk, order)
    drawn = _draw_paper(desk, order).checked(excuse)
    with desk.store.transaction():
        copy = _enter_paper(desk, order, drawn, "printed")
    is_taken = False
    try:
        is_taken = send(drawn.paper.pdf)
    finally:
        with desk.store.transaction():
            if is_taken:
                _log_paper(desk, order, drawn, Action.PRINT)
                _record_letter(desk, order, drawn, copy)
            else:
                _take_back(desk, drawn, copy, Action.NOT_PRINTED)
    return is_taken


def save_paper(
    desk: Session, order: PaperRequest, path: Path, excuse: LeakOverride | None = None
) -> Paper:
    """Make the paper and save it as `path`, which the ledger then counts as printed.

    Write a temporary file, enter the paper in the ledger, then rename the file. So a failure
    leaves neither a partial file nor an entry for a missing paper. Raise as `make_paper` does,
    and KfdeskError `store.disk`; then there is no file.
    """
    require_paper(desk, order)
    drawn = _draw_paper(desk, order).checked(excuse)
    copy = b""

    def enter() -> None:
        nonlocal copy
        copy = _enter_paper(desk, order, drawn, "saved")
        _log_paper(desk, order, drawn, Action.SAVE_PAPER)

    def take_back() -> None:
        _take_back(desk, drawn, copy, Action.NOT_SAVED)

    save_file(desk, path, drawn.paper.pdf, enter, take_back)
    with desk.store.transaction():
        _record_letter(desk, order, drawn, copy)
    return drawn.paper


def preview_pages(
    desk: Session, order: PaperRequest, scale: float, excuse: LeakOverride | None = None
) -> PaperPreview:
    """Return a preview of the paper as printed, at `scale` pixels per point; log the view.

    Raise KfdeskError `record.missing` or `user.not_allowed`.
    """
    require_paper(desk, order)
    open_ends = paper_obstacles(desk, order)
    if open_ends:
        return PaperPreview(open_ends, ())
    try:
        drawn = _draw_paper(desk, order)
    except KfdeskError as fault:  # only the PDF composer knows what does not fit
        return PaperPreview((fault,), ())
    if order.subject:
        log_view(desk, subject_row(desk, order.subject))
    left = drawn.left(excuse)
    if left:
        return PaperPreview(tuple(one.fault for one in left), (), found=left)
    pages = tuple(desk.adapters.papers.pictures(drawn.paper.pdf, scale))
    return PaperPreview(
        (), pages, next_copy_number(desk, order), (*drawn.left_out, *drawn.what.withheld),
        is_draft=drawn.is_draft,
        warnings=(
            *PAPER_KINDS[order.paper].warnings(desk, order), *contradiction_warnings(desk, order),
        ),
    )  # fmt: skip


def check_paper(desk: Session, order: PaperRequest) -> LeakOverride:
    """Return what the carry check finds on the paper as it would be now, and the paper's digest.

    The result excuses only what a second person may excuse. Raise as `make_paper` does, except
    for what the carry check finds.
    """
    require_paper(desk, order)
    drawn = _draw_paper(desk, order)
    return LeakOverride(drawn.paper.digest, frozenset(drawn.found))


def paper_obstacles(desk: Session, order: PaperRequest) -> tuple[KfdeskError, ...]:
    """Return everything that prevents the paper now; the PDF composer may find more.

    `make_paper` raises the first of them. Raise KfdeskError `record.missing` or
    `user.not_allowed`.
    """
    require_paper(desk, order)
    return tuple(_obstacles(desk, order))


def paper_refusals(desk: Session, order: PaperRequest) -> tuple[KfdeskError, ...]:
    """Return all that the paper would be refused for now, also by the composer and the carry check.

    Nothing is logged. Raise KfdeskError `record.missing` or `user.not_allowed`.
    """
    require_paper(desk, order)
    found = paper_obstacles(desk, order)
    if found:
        return found
    try:
        return tuple(one.fault for one in _draw_paper(desk, order).found)
    except KfdeskError as fault:  # only the PDF composer knows what does not fit
        return (fault,)


def client_language(desk: Session, subject: bytes, offered: Sequence[str]) -> str:
    """Return the first offered language of the client whom a record is about.

    Of a referral it is the language of the organisation that its letter goes to, of an organisation
    what it reads itself. Raise
    KfdeskError `record.missing` or `user.not_allowed`, `paper.missing` if nobody has noted what
    she speaks, and `paper.no_text` if nothing of it is offered: an interpreter reads to her then.
    """
    row = require_record(desk, subject)
    require_reading(desk, row)
    if row.type == "referral":
        return letter_language(desk, row)
    if row.type == "organisation":
        return news_language(desk, row)
    spoken = understood_languages(desk, row)
    if not spoken:
        raise KfdeskError("paper.missing", field="client.languages")
    hers = next((code for code in spoken if code in offered), None)
    if hers is None:
        raise KfdeskError("paper.no_text", spoken=spoken[0])
    return hers


def _enter_paper(desk: Session, order: PaperRequest, drawn: _DrawnPaper, way: str) -> bytes:
    """Enter the paper in the ledger, and record its copy; return the copy's id."""
    copy = _record_copy(desk, order, way, drawn)
    entries = disclosure_entries(desk, drawn.what, drawn.holder, drawn.paper.digest)
    desk.store.ledger.enter(entries)
    return copy


def _log_paper(desk: Session, order: PaperRequest, drawn: _DrawnPaper, action: Action) -> None:
    for given in drawn.what.rows:
        desk.log(action, given.rid, tuple(given.grants))
    if drawn.of_letter.get("legal_basis") == "legal_obligation":
        desk.log(Action.DUTY_REPORT, order.subject)


def _record_letter(desk: Session, order: PaperRequest, drawn: _DrawnPaper, copy: bytes) -> None:
    """Let the referral of a letter name the copy that has left."""
    if drawn.of_letter:
        record_letter_sent(desk, order.subject, copy, drawn.what)


def _take_back(desk: Session, drawn: _DrawnPaper, copy: bytes, failure: Action) -> None:
    """Take back the entries of a paper that did not leave, and log that."""
    row = require_record(desk, copy)
    desk.store.ledger.retract(drawn.paper.digest, len(drawn.what.rows))
    changes = encode_changes("paper_copy", {"state": COPY_NOT_MADE})
    put_changed(desk, row, changes, seen_writes(row))
    desk.log(failure, copy)


def _draw_paper(desk: Session, order: PaperRequest) -> _DrawnPaper:
    kind, now = require_paper(desk, order), desk.adapters.clock.now()
    obstacle = next(_obstacles(desk, order), None)
    if obstacle is not None:
        raise obstacle
    inputs = kind.gather(desk, order)
    basis = desk.disclosure_basis(inputs.consents)
    everything = disclose(inputs.rows, inputs.recipient, kind.channel, basis)
    what = everything.only_keys(inputs.keys or CONTENTS[order.paper])
    number, is_draft = next_copy_number(desk, order), is_draft_paper(desk, order)
    context = PrintContext(
        now, desk.user, number, inputs.names, inputs.gates, inputs.party, inputs.shut,
        inputs.given, inputs.void, is_draft, inputs.letter, inputs.standings, inputs.hers,
        inputs.listed, text_state=_text_state(desk, order), week=inputs.week,
        report_lines=inputs.report_lines, pronoun=_pronoun_in(inputs.rows, everything),
        has_children=inputs.has_children,
    )  # fmt: skip
    pdf = desk.adapters.papers.make(order, what, context)
    is_checked = kind.is_checked or inputs.is_for_clients
    carried = check_carried_paper(desk, order, what, pdf) if is_checked else ()
    paper = Paper(pdf, sha256(pdf).digest())
    holder = desk.identity.organisation if is_draft else inputs.holder
    letter = copy_values(inputs)
    return _DrawnPaper(holder, what, paper, carried, inputs.left_out, is_draft, letter)


def _pronoun_in(rows: Sequence[Row], what: Disclosed) -> Pronoun:
    """Return the pronoun of the client whom a paper made of `rows` is about.

    It tells the gender, so it follows what may be disclosed to the reader of the paper. A paper
    about several clients, or about none, says what it says of a woman.
    """
    if sum(row.type == "client" for row in rows) != 1:
        return Pronoun.SHE
    told = (view(given.row, Client).record for given in what.rows if given.type == "client")
    return pronoun_of(next((client.gender for client in told), None))


def _text_state(desk: Session, order: PaperRequest) -> str:
    """Return who has read the text of a paper of hers that stays at the desk, the weakest answer.

    It is empty for every other paper: what she carries does not say it.
    """
    kind = PAPER_KINDS[order.paper]
    if kind.is_carried or not kind.is_for_client:
        return ""
    codes = filter(None, (order.language, order.beside))
    return desk.adapters.client_texts.weakest(order.paper, codes) or ""


def _obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    doubt = clock_doubt(desk)
    if doubt is not None:
        yield KfdeskError(f"clock.{doubt}")
    yield from require_paper(desk, order).obstacles(desk, order)
    yield from contradiction_obstacles(desk, order)


# --- overrides of the carry check


def override_names(
    desk: Session, order: PaperRequest, second: Credentials, reason: str
) -> LeakOverride:
    """Let the names that were found pass, on this paper as it is now.

    Raise KfdeskError `approval.no_reason`, `approval.same_person`, `store.wrong_passphrase`,
    `user.not_allowed` if the second person may not approve, `paper.carry_…` for a finding that
    is no name, or as `make_paper` does.
    """
    require_paper(desk, order)
    if not reason.strip():
        raise KfdeskError("approval.no_reason")
    check_second_person(desk, second, Right.APPROVE)
    excuse = check_paper(desk, order)
    sealed = next((one for one in excuse.found if not one.may_be_somebody_else), None)
    if sealed is not None:
        raise sealed.fault
    plan = _plan_id(desk, order.subject)
    now = zoned_now(desk)
    values: dict[str, Value] = {
        "kind": OVERRIDE_KIND, "given_by": format_initials(second.initials), "asked_by": desk.user,
        "given": now, "ends": now, "reason": reason.strip(),
    }  # fmt: skip
    row = desk.new_row("approval", plan)
    with desk.store.transaction():
        put_new(desk, row, encode_changes("approval", values))
        desk.log(
            Action.EXCUSE_NAME, plan, tuple(sorted({one.field for one in excuse.found} - {""}))
        )
    return excuse


def plan_of_paper(desk: Session, subject: bytes) -> bytes:
    """Return the id of the plan that a paper is about: the plan itself, or above its referral.

    Raise KfdeskError `record.missing` or `user.not_allowed`.
    """
    require_reading(desk, require_record(desk, subject))
    return _plan_id(desk, subject)


def _plan_id(desk: Session, rid: bytes) -> bytes:
    """Return the id of the plan that a paper is about, itself or above its record."""
    row = require_record(desk, rid)
    if is_conference(row.type) and (plan := plan_above(desk, row)) is not None:
        return plan.rid
    return row.rid if row.type == "plan" else row.parent or rid


# --- the register of copies


@dataclass(frozen=True, slots=True)
class PaperCopyLine:
    """A copy, and the code of the client it is about; empty for a list of contacts.

    `to` is the name of who has got a letter; empty for another paper.
    """

    view: RecordView[PaperCopy]
    code: str
    to: str = ""

    @property
    def is_draft(self) -> bool:
        """True for a draft, which was not handed out."""
        return self.view.record.state == COPY_DRAFT


def next_copy_number(desk: Session, order: PaperRequest) -> int:
    """Return the number of the next copy, from 1; one that was not made does not count."""
    return 1 + sum(
        (copy.record.paper, copy.record.subject or "") == (order.paper, order.subject.hex())
        and copy.record.state != COPY_NOT_MADE
        for copy in _copies_under(desk, copy_parent(desk, order))
    )


def _record_copy(desk: Session, order: PaperRequest, way: str, drawn: _DrawnPaper) -> bytes:
    """Record a new copy, and the `way` in which it left; return its id."""
    values: dict[str, Value] = {
        "paper": order.paper.value,
        "subject": order.subject.hex() or None,
        "number": next_copy_number(desk, order),
        "language": order.language,
        "form": order.form.value,
        "way": way,
        "made": zoned_now(desk),
        "made_by": desk.user,
        "state": COPY_DRAFT if drawn.is_draft else COPY_OUT,
        **drawn.of_letter,
    }
    home = copy_parent(desk, order)
    row = desk.new_row("paper_copy", home)
    put_new(desk, row, encode_changes("paper_copy", values))
    return row.rid


def list_copies(desk: Session) -> tuple[PaperCopyLine, ...]:
    """Return all copies and drafts that exist and that the current user may read, newest first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.PRINT_INTERNAL, Right.PRINT_CARRIED)
    out = [
        copy
        for copy in (view(row, PaperCopy) for row in desk.store.rows("paper_copy"))
        if copy.record.state in _EXISTING and not copy.is_deleted and may_read(desk, copy.row)
    ]
    return tuple(
        PaperCopyLine(copy, client_code(desk, copy.row), name_of(desk, copy.record.recipient))
        for copy in sorted(out, key=_made_order, reverse=True)
    )


def set_copy_state(desk: Session, rid: bytes, state: str) -> Saved:
    """Record what became of a copy; raise as `set_copy_states` does."""
    return set_copy_states(desk, (rid,), state)[0]


def set_copy_states(desk: Session, rids: Sequence[bytes], state: str) -> tuple[Saved, ...]:
    """Record in one transaction what became of copies: a code of COPY_STATE.

    Raise KfdeskError `field.kind_mismatch`, `record.missing` or `user.not_allowed`.
    """
    done = []
    with desk.store.transaction():
        for rid in rids:
            row = require_record(desk, rid)
            require_right_on(desk, row, Right.PRINT_INTERNAL, Right.PRINT_CARRIED)
            if state not in COPY_STATE:
                raise KfdeskError("field.kind_mismatch")
            changes = encode_changes("paper_copy", {"state": state})
            done.append(put_changed(desk, row, changes, seen_writes(row)))
    return tuple(done)


def copy_parent(desk: Session, order: PaperRequest) -> bytes:
    """Return a copy's parent: its plan or organisation, a consent's client, else our own."""
    if not order.subject:
        return desk.identity.organisation
    row = subject_row(desk, order.subject)
    if is_conference(row.type):
        return _plan_id(desk, row.rid)
    is_below = row.type in ("consent", "referral")
    return row.parent if is_below and row.parent is not None else row.rid


def _copies_under(desk: Session, home: bytes) -> list[RecordView[PaperCopy]]:
    rows = (row for row in desk.store.children(home) if row.type == "paper_copy")
    return [view(row, PaperCopy) for row in rows if not is_deleted(row.state)]


def _made_order(copy: RecordView[PaperCopy]) -> tuple[float, int, bytes]:
    """Return when a copy was made; copies of the same moment follow their numbers."""
    made, number = copy.record.made, copy.record.number
    moment = made.utc.timestamp() if isinstance(made, ZonedTime) else 0.0
    return (moment, number if isinstance(number, int) else 0, copy.rid)


# --- what a paper can be about


@dataclass(frozen=True, slots=True)
class PaperSubject:
    """Something that a paper can be about.

    `code` is the client's, `name` an alias or a name; `purpose` is that of a consent, or of a
    referral's letter. A procedure has a `title`, and its version as the code. An organisation has
    a `country` (ISO 3166-1), `services` (SERVICES) and languages that are `spoken` (ISO 639).
    """

    rid: bytes
    code: str = ""
    name: str = ""
    purpose: str = ""
    country: str = ""
    services: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    title: LocalizedText = ()


def offered_papers(desk: Session) -> tuple[PaperName, ...]:
    """Return the papers that the current user may make, carried papers first.

    Raise KfdeskError `user.not_allowed` for a user who may make none.
    """
    desk.require(Right.PRINT_CARRIED, Right.PRINT_INTERNAL)
    return tuple(
        name for name in PaperName if name in PAPER_KINDS and desk.may(PAPER_KINDS[name].right)
    )


def list_paper_subjects(desk: Session, paper: PaperName) -> tuple[PaperSubject, ...]:
    """Return what a paper can be about and the user may read; for a list, its possible entries.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(PAPER_KINDS[paper].right)
    subject = PAPER_KINDS[paper].subject
    if paper in SUBJECTS:
        found = (PaperSubject(one.rid, one.code, one.name, title=one.title)
                 for one in SUBJECTS[paper](desk))  # fmt: skip
        return tuple(sorted(found, key=lambda one: (one.code, one.name, one.rid)))
    if not subject and not PAPER_KINDS[paper].is_filtered:
        return ()
    if subject == "plan":
        return tuple(PaperSubject(line.rid, line.code, line.alias) for line in list_plans(desk))
    if subject == "procedure":
        return tuple(sorted(_procedure_subjects(desk), key=lambda one: (one.name, one.code)))
    if subject == "article":
        return tuple(_article_subjects(desk))
    if subject == "figure_release":
        return tuple(_release_subjects(desk))
    if subject == "publication":
        return tuple(sorted(_publication_subjects(desk), key=lambda one: one.name.casefold()))
    if subject == "consent":
        return tuple(sorted(_consent_subjects(desk), key=lambda one: (one.code, one.name)))
    if subject == "referral":
        return tuple(sorted(_letter_subjects(desk), key=lambda one: (one.code, one.name)))
    return tuple(sorted(_organisation_subjects(desk), key=lambda one: one.name.casefold()))


def _consent_subjects(desk: Session) -> Iterator[PaperSubject]:
    for row in desk.store.rows("consent"):
        consent = view(row, Consent)
        if (
            desk.store.row(row.parent or b"") is None
            or is_in_bin(desk, row)
            or not may_read(desk, row)
        ):
            continue
        if consent.record.withdrawn is None:
            name = name_of(desk, consent.record.recipient)
            yield PaperSubject(
                row.rid, client_code(desk, row), name, text_or_empty(consent.record.purpose)
            )


def _procedure_subjects(desk: Session) -> Iterator[PaperSubject]:
    """Yield the procedures by name, with their version as the code."""
    for row in desk.store.rows("procedure"):
        record = view(row, Procedure).record
        if not is_deleted(row.state):
            told = record.title if isinstance(record.title, tuple) else ()
            name = next((one.text for one in told), "")
            yield PaperSubject(row.rid, text_or_empty(record.version), name, title=told)


def _article_subjects(desk: Session) -> Iterator[PaperSubject]:
    """Yield the articles in the order of the book, with their headings in all languages."""
    for one in read_book(desk):
        told = tuple(Translation(code, text.title) for code, text in one.texts.items())
        if told:
            yield PaperSubject(one.rid, title=told)


def _release_subjects(desk: Session) -> Iterator[PaperSubject]:
    """Yield the releases that can be read, the newest first: number, who is counted, and when."""
    for one in list_releases(desk) if desk.may(Right.FIGURES) else ():
        record = one.view.record
        if one.period is not None:
            population = text_or_empty(record.population)
            yield PaperSubject(one.view.rid, str(record.number), one.period.code, population)


def _publication_subjects(desk: Session) -> Iterator[PaperSubject]:
    """Yield the publications about a year, by their title."""
    for one in list_publications(desk) if desk.may(Right.FIGURES) else ():
        told = one.view.record.title if isinstance(one.view.record.title, tuple) else ()
        if isinstance(one.view.record.about_year, int):
            yield PaperSubject(one.view.rid, name=told[0].text if told else "", title=told)


def _letter_subjects(desk: Session) -> Iterator[PaperSubject]:
    """Yield our referrals that have a letter."""
    for row in desk.store.rows("referral"):
        record = view(row, Referral).record
        is_letter = row.custodian == desk.identity.organisation and record.purpose in LETTER_PURPOSE
        if is_letter and not is_in_bin(desk, row) and may_read(desk, row):
            name, purpose = name_of(desk, record.organisation), text_or_empty(record.purpose)
            yield PaperSubject(row.rid, client_code(desk, row), name, purpose)


def _organisation_subjects(desk: Session) -> Iterator[PaperSubject]:
    for row in desk.store.rows("organisation"):
        record = view(row, Organisation).record
        if not is_deleted(row.state) and row.rid != desk.identity.organisation:
            phones = (view(one, Phone).record for one in organisation_phones(desk, row.rid))
            yield PaperSubject(
                row.rid,
                name=text_or_empty(record.name),
                country=text_or_empty(record.country),
                services=record.services if isinstance(record.services, tuple) else (),
                spoken=languages_spoken(record, phones),
            )


# --- the breach note


def breach_note_pages(desk: Session, words: Language, scale: float) -> list[bytes]:
    """Return the pages of the breach note as PNGs, at `scale` pixels per point.

    Raise KfdeskError `user.not_allowed` or `documents.…`.
    """
    desk.require(Right.BACKUP, Right.MANAGE_USERS, Right.RESTORE)
    return desk.adapters.papers.pictures(desk.adapters.papers.report_note(words), scale)


def save_breach_note(desk: Session, words: Language, path: Path) -> None:
    """Save the breach note as a PDF.

    Raise KfdeskError `user.not_allowed`, `documents.…` or `store.disk`.
    """
    desk.require(Right.BACKUP, Right.MANAGE_USERS, Right.RESTORE)
    try:
        path.write_bytes(desk.adapters.papers.report_note(words))
    except OSError:
        raise KfdeskError("store.disk") from None
