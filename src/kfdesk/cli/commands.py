# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands: each takes a session and its arguments, and returns an answer as plain data.

The groups are exchange files (`bundle`), plans, papers, backups and accounts; contacts and networks
are in `directory`. A new command is a function and one line in its group's table. `salvage` opens
no session, because the store may not open, and its answers hold no value of a record. Knows no
terminal and no secret.
"""

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kfdesk.cli import directory
from kfdesk.cli.book import BOOK_COMMANDS
from kfdesk.cli.calendar import CALENDAR_COMMANDS
from kfdesk.cli.directory import Answer, known_country, record_values
from kfdesk.cli.figures import FIGURE_COMMANDS
from kfdesk.cli.network_work import NETWORK_WORK_COMMANDS
from kfdesk.cli.procedures import PROCEDURE_COMMANDS
from kfdesk.domain.accounts import Credentials, Role, fold_initials, format_initials
from kfdesk.domain.backup import GoodBackup, SalvagePreview, SalvageResult
from kfdesk.domain.codes.core import ListFilter, PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.kinds import Wire, clean_text
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import FieldVersion, RecordView
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.i18n import integrity
from kfdesk.i18n.erasure_messages import left_beside_text
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.i18n.parsing import language_code
from kfdesk.services import accounts, client_erasure
from kfdesk.services.accounts import rekey_store
from kfdesk.services.core.records import change_record, read_record
from kfdesk.services.core.session import Session, desk_zone, verify_store
from kfdesk.services.exchange import (
    erased_records,
    erasure,
    import_review,
    invitations,
    partners,
    transfer,
)
from kfdesk.services.exchange.copied_store import separate_copy
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.exchange.outbox import request_resend
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.letters import LetterRequest, prepare_letter
from kfdesk.services.papers.production import (
    client_language,
    list_copies,
    save_paper,
    set_copy_state,
)
from kfdesk.services.plans import plans
from kfdesk.services.plans.case import create_plan
from kfdesk.services.upkeep.backup import make_backup, wipe_store

# --- exchange files


def _bundle_card(desk: Session, asked: Namespace) -> Answer:
    _write(asked.file, partners.our_card(desk))
    return {"card": str(asked.file), "organisation": desk.identity.organisation.hex()}


def _bundle_answer(desk: Session, asked: Namespace) -> Answer:
    if asked.copied:
        desk = separate_copy(desk, asked.folder / invitations.LAPTOP_CARD_FILE)
    offered = invitations.accept_invitation(desk, asked.folder)
    answer = asked.folder / invitations.ANSWER_FILE
    return {"answer": str(answer), "organisation": offered.organisation.hex()}


def _bundle_trust(desk: Session, asked: Namespace) -> Answer:
    reads = tuple(code for code in asked.reads.split(",") if code)
    terms = PartnerTerms(
        asked.third_country, asked.transfer_tool, reads, joins=asked.same_organisation
    )
    partner = partners.add_partner(desk, _read(asked.file), terms)
    if asked.digits:
        partners.verify_partner(desk, partner.organisation, asked.digits)
    return {
        "organisation": partner.organisation.hex(),
        "digits": partners.verification_digits(desk, partner.organisation),
        "state": partners.find_partner(desk, partner.organisation).state.value,
    }


def _bundle_make(desk: Session, asked: Namespace) -> Answer:
    if asked.plan:
        made = transfer.send_bundle(desk, asked.plan, asked.to, asked.into)
        return {"file": str(made.path), "digest": made.digest.hex()}
    waiting = transfer.prepare_full_sync(desk, asked.to).waiting
    first, *others = transfer.send_full_sync(desk, asked.to, asked.into)
    found = {"file": str(first.path), "digest": first.digest.hex(), "documents_waiting": waiting}
    return {**found, "more_files": [str(one.path) for one in others]}


def _bundle_notices(desk: Session, asked: Namespace) -> Answer:
    made = transfer.send_notices(desk, asked.to, asked.into)
    return {"file": str(made.path), "digest": made.digest.hex()}


def _bundle_status(desk: Session, _asked: Namespace) -> Answer:
    return {
        "partners": [
            {"organisation": one.partner.organisation.hex(), "name": one.partner.name,
             "state": one.partner.state.value, "sent": one.sent, "received": one.received,
             "unconfirmed": one.unconfirmed, "missing": list(one.missing),
             "notices": one.notices, "answer_due": one.waits,
             "knows_our_key": one.knows_us, "offers_card": one.offers,
             "restore_told": not one.is_anew}
            for one in partners.list_partners(desk)
        ]
    }  # fmt: skip


def _bundle_trust_changed(desk: Session, asked: Namespace) -> Answer:
    change = {
        "suspend": partners.suspend_partner,
        "resume": partners.resume_partner,
        "revoke": partners.revoke_partner,
    }[asked.action]
    change(desk, asked.organisation)
    partner = partners.find_partner(desk, asked.organisation)
    return {"organisation": partner.organisation.hex(), "state": partner.state.value}


def _bundle_inspect(desk: Session, asked: Namespace) -> Answer:
    return _reviewed(transfer.review_bundle(desk, asked.file))


def _bundle_import(desk: Session, asked: Namespace) -> Answer:
    if asked.file.is_dir():
        return _import_all(desk, asked)
    return _reviewed(_import_one(desk, asked.file, asked))


_OLDER_STORE: Mapping[FileIssue, str] = {
    FileIssue.AHEAD_OF_US: "bundle.ahead_of_us",
    FileIssue.OUR_HISTORY: "bundle.other_history",
}
"""Findings that say that the store here is an older one, and how a file is refused then."""


def _import_one(desk: Session, path: Path, asked: Namespace) -> ImportReview:
    """Import one exchange file; an outdated store here must be accepted explicitly."""
    reviewed = transfer.review_bundle(desk, path)
    if not asked.accept_older_store:
        for one in reviewed.findings:
            if one.finding in _OLDER_STORE:
                raise KfdeskError(_OLDER_STORE[one.finding])
    reviewed = replace(reviewed, erases=asked.erase)
    transfer.import_bundle(desk, path, reviewed)
    return reviewed


def _import_all(desk: Session, asked: Namespace) -> Answer:
    """Import the exchange files in a folder; a refused file does not stop the others.

    A file that must be looked at is left; it is taken by itself.
    """
    answers: dict[str, list[Answer]] = {"taken": [], "refused": [], "left": []}
    for path in sorted(asked.file.glob("*.age")):
        try:
            reviewed = transfer.review_bundle(desk, path)
            if not reviewed.needs_look:
                transfer.import_bundle(desk, path, reviewed)
        except KfdeskError as fault:
            answers["refused"].append({"file": path.name, "code": fault.code})
        else:
            place = "left" if reviewed.needs_look else "taken"
            answers[place].append({"file": path.name, **_reviewed(reviewed)})
    return {**answers}


def _bundle_orders(desk: Session, _asked: Namespace) -> Answer:
    def plain(one: erasure.ErasureOrderLine) -> Answer:
        return {
            "order": one.id.hex(), "partner": one.partner.hex(), "record": one.rid.hex(),
            "reason": one.reason, "state": one.state.value, "sent": one.is_sent,
            "deadline": one.deadline.isoformat() if one.deadline else None,
            "overdue": one.is_overdue, "by_file": one.is_by_file,
        }  # fmt: skip

    return {
        "asked": [plain(one) for one in erasure.list_erasure_orders(desk)],
        "call": [one.id.hex() for one in erasure.erasure_call_list(desk)],
        "requests": [plain(one) for one in erasure.list_erasure_requests(desk)],
    }


def _bundle_again(desk: Session, asked: Namespace) -> Answer:
    request_resend(desk, asked.organisation)
    return {"organisation": asked.organisation.hex()}


def _bundle_renew(desk: Session, asked: Namespace) -> Answer:
    is_signing = asked.signing or asked.stolen
    renewed = (
        partners.rotate_signing_key(desk, is_stolen=asked.stolen)
        if is_signing
        else partners.rotate_encryption_key(desk)
    )
    return {"generation": renewed.identity.generation, "signing": is_signing}


def _bundle_digits(desk: Session, asked: Namespace) -> Answer:
    is_offered = bool(partners.offered_card(desk, asked.organisation))
    which = partners.offered_digits if is_offered else partners.verification_digits
    return {"digits": which(desk, asked.organisation), "of_a_new_card": is_offered}


def _bundle_accept(desk: Session, asked: Namespace) -> Answer:
    partners.accept_card(desk, asked.organisation, asked.digits)
    partner = partners.find_partner(desk, asked.organisation)
    return {"organisation": partner.organisation.hex(), "state": partner.state.value}


def _bundle_warn(desk: Session, asked: Namespace) -> Answer:
    partners.warn_partners_of(desk, asked.organisation)
    return {"organisation": asked.organisation.hex()}


def _bundle_undo(desk: Session, asked: Namespace) -> Answer:
    newest = next((one.digest for one in import_review.list_undoable_imports(desk)), b"")
    digest = asked.digest or newest
    return {"undone": digest.hex(), "records": len(import_review.undo_import(desk, digest).rids)}


def _reviewed(reviewed: ImportReview) -> Answer:
    return {
        "from": reviewed.taken.organisation.hex(),
        "digest": reviewed.taken.digest.hex(),
        "new": len(reviewed.new),
        "changed": len(reviewed.changed),
        "conflicts": reviewed.conflicts,
        "refused": reviewed.refused,
        "withdrawn": [one.after.rid.hex() for one in reviewed.new_withdrawals],
        "refused_notices": reviewed.untold,
        "findings": [one.finding.value for one in reviewed.findings],
        "erased": sorted(rid.hex() for rid in reviewed.erased_by_order),
        "requests": reviewed.requests,
        "to_decide": {rid.hex(): sorted(keys) for rid, keys in sorted(reviewed.waiting.items())},
        "confirmed": reviewed.confirmed,
        "answers": reviewed.answers,
        "ordered_ahead": reviewed.ordered_ahead,
        "erases": reviewed.erases,
    }


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise KfdeskError("bundle.missing") from None


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError:
        raise KfdeskError("store.disk") from None


BUNDLE_COMMANDS: Mapping[str, Callable[[Session, Namespace], Answer]] = {
    "bundle card": _bundle_card,
    "bundle answer": _bundle_answer,
    "bundle trust": _bundle_trust,
    "bundle make": _bundle_make,
    "bundle notices": _bundle_notices,
    "bundle status": _bundle_status,
    "bundle suspend": _bundle_trust_changed,
    "bundle resume": _bundle_trust_changed,
    "bundle revoke": _bundle_trust_changed,
    "bundle inspect": _bundle_inspect,
    "bundle take": _bundle_import,
    "bundle undo": _bundle_undo,
    "bundle orders": _bundle_orders,
    "bundle again": _bundle_again,
    "bundle renew": _bundle_renew,
    "bundle digits": _bundle_digits,
    "bundle accept": _bundle_accept,
    "bundle warn": _bundle_warn,
}


# --- plans, papers, backups and accounts


def run_command(desk: Session, asked: Namespace) -> Answer:
    """Run the parsed command on an open session. Raise KfdeskError if it is refused."""
    name = f"{asked.command} {getattr(asked, 'action', '')}".strip()
    return _COMMANDS[name](desk, asked)


def _verify(desk: Session, _asked: Namespace) -> Answer:
    verify_store(desk)
    return {"sound": True, "digest": desk.store.digest().hex()}


def _plan_list(desk: Session, _asked: Namespace) -> Answer:
    lines = plans.list_plans(desk)
    return {
        "plans": [
            {"plan": line.rid.hex(), "code": line.code, "state": line.state,
             "legs": len(line.legs), "conflicts": line.conflicts}
            for line in lines
        ]
    }  # fmt: skip


def _plan_new(desk: Session, asked: Namespace) -> Answer:
    values: dict[str, Value] = {}
    if asked.alias:
        values["alias"] = clean_text(asked.alias)
    if asked.languages:
        values["languages"] = tuple(map(_known_language, asked.languages.split(",")))
    plan, _ = create_plan(desk, values)
    return {"plan": plan.hex(), "code": plans.open_plan(desk, plan).client.record.code}


def _plan_show(desk: Session, asked: Namespace) -> Answer:
    page = plans.open_plan(desk, asked.plan)
    below: tuple[RecordView[Any], ...] = (
        *page.legs,
        *page.numbers,
        *(line.view for line in page.consents),
    )
    shown: tuple[RecordView[Any], ...] = (page.client, page.plan, *below)
    return {
        "records": [record_values(each) for each in shown],
        "conflicts": [
            {
                "record": conflict.rid.hex(),
                "key": conflict.key,
                "before": _version(conflict, conflict.before),
                "versions": [_version(conflict, version) for version in conflict.versions],
            }
            for conflict in page.conflicts
        ],
    }


def _plan_set(desk: Session, asked: Namespace) -> Answer:
    row = read_record(desk, asked.record)
    field = RECORD_TYPES[row.type].fields.get(asked.key)
    if field is None:
        raise KfdeskError("field.unknown")
    try:
        wire = _stored_value(json.loads(asked.value))
    except (ValueError, RecursionError):
        raise KfdeskError("field.kind_mismatch", field=f"{row.type}.{asked.key}") from None
    change_record(desk, asked.record, {asked.key: _possible_time(field.kind.decode(wire))})
    return {"changed": asked.record.hex(), "key": asked.key}


def _known_language(typed: str) -> str:
    code = language_code(typed)
    if not code:
        raise KfdeskError("field.unknown_language")
    return code


def _stored_value(value: object) -> Wire:
    """Return a value of JSON in the form in which fields are stored. Raise ValueError."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if value is None or isinstance(value, str | int):
        return value
    raise ValueError


def _possible_time(value: Value) -> Value:
    """Return the value; refuse a time in an unknown zone or with an offset that it never has.

    Partners may know newer zones, so a stored time may have one; a typed time may not.
    """
    if isinstance(value, ZonedTime):
        shown = ZonedTime.at(value.wall, value.zone)
        second = shown.wall.replace(tzinfo=ZoneInfo(value.zone), fold=1).utcoffset()
        if value.offset != shown.offset and timedelta(minutes=value.offset) != second:
            raise KfdeskError("field.not_its_offset")
    return value


def _paper_make(desk: Session, asked: Namespace) -> Answer:
    form = PaperFormat(asked.form) if asked.form else PAPER_KINDS[asked.paper].forms[0]
    subject, language = asked.subject, asked.paper_language
    if asked.paper is PaperName.AUTHORITY_LETTER:
        if asked.purpose:
            wanted = LetterRequest(asked.purpose, asked.to, asked.answer_by)
            subject = prepare_letter(desk, subject, wanted)
        language = language or client_language(desk, subject, PROGRAM_LANGUAGES)
    order = PaperRequest(
        asked.paper, subject, language, form, asked.beside,
        ListFilter(
            known_country(asked.country), asked.service,
            _known_language(asked.spoken) if asked.spoken else "",
        ),
    )  # fmt: skip
    paper = save_paper(desk, order, asked.out)
    return {"file": str(asked.out), "digest": paper.digest.hex()}


def _paper_copies(desk: Session, _asked: Namespace) -> Answer:
    copies = ((copy, copy.view.record) for copy in list_copies(desk))
    return {
        "copies": [
            {
                "id": copy.view.rid.hex(), "code": copy.code, "paper": record.paper,
                "number": record.number, "language": record.language, "way": record.way,
                "made_by": record.made_by, "state": record.state, "to": copy.to or None,
                "purpose": record.purpose, "legal_basis": record.legal_basis,
            }
            for copy, record in copies
        ]
    }  # fmt: skip


def _paper_settle(desk: Session, asked: Namespace) -> Answer:
    set_copy_state(desk, asked.copy, asked.state)
    return {"copy": asked.copy.hex(), "state": asked.state}


def _backup_make(desk: Session, asked: Namespace) -> Answer:
    made = make_backup(desk, asked.folder)
    return {
        "backup": str(made.path), "records": dict(made.counts), "removed": made.removed,
        "same_disk": made.is_beside,
    }  # fmt: skip


def _erase(desk: Session, asked: Namespace) -> Answer:
    """Erase a client, or only record a wish to be erased or its end."""
    if asked.take_back:
        client_erasure.take_back_erasure_wish(desk, asked.client)
        return {"wish": "taken back"}
    if asked.signed is not None or asked.period_over:
        client_erasure.record_erasure_wish(desk, asked.client, asked.signed)
        waits = client_erasure.list_erasure_waits(desk)
        ready = next(one.ready for one in waits if one.client == asked.client)
        at = replace(asked.words, zone=desk_zone(desk)).local_time(ready)
        return {"wish": "recorded", "can_be_erased": at.isoformat(timespec="minutes")}
    second = None
    if asked.second is not None:
        second = Credentials(asked.second, asked.second_passphrase)
    proof = client_erasure.ErasureProof(asked.own_passphrase, second)
    done = client_erasure.carry_out_erasure(desk, asked.client, asked.reason, proof)
    return {"erased": len(done.rids)}


def _erased_list(desk: Session, _asked: Namespace) -> Answer:
    lines = erased_records.list_erased(desk)
    return {
        "erased": [
            {
                "record": one.rid.hex(), "at": one.milliseconds, "reason": one.reason,
                "custodian": one.custodian, "said_by": one.sender, "file": one.file,
                "here": one.is_here,
            }
            for one in lines
        ],
        "to_repair": erased_records.count_contradictions(desk),
    }  # fmt: skip


def _erased_take_back(desk: Session, asked: Namespace) -> Answer:
    erased_records.take_erasure_back(desk, asked.record, asked.reason)
    return {"taken_back": asked.record.hex()}


def _erased_repair(desk: Session, _asked: Namespace) -> Answer:
    return {"repaired": len(erased_records.repair_contradictions(desk).rids)}


def _wipe(desk: Session, asked: Namespace) -> Answer:
    done = wipe_store(desk, asked.own_passphrase, loses_all=asked.without_backup)
    answer: dict[str, Any] = {"wiped": True, "all_files_gone": done.is_gone}
    if done.left:
        answer["left"] = list(done.left)
        answer["note"] = left_beside_text(done.left, asked.words)
    return answer


def _user_list(desk: Session, _asked: Namespace) -> Answer:
    return {
        "users": [
            {"initials": format_initials(user.initials), "roles": sorted(user.roles)}
            for user in accounts.list_users(desk)
        ]
    }


def _user_add(desk: Session, asked: Namespace) -> Answer:
    roles = _roles(asked.roles)
    accounts.add_user(desk, asked.own_passphrase, asked.user, asked.new_passphrase, roles)
    return {"added": format_initials(asked.user), "roles": sorted(roles)}


def _user_roles(desk: Session, asked: Namespace) -> Answer:
    roles = _roles(asked.roles)
    accounts.set_roles(desk, asked.user, roles)
    return {"changed": format_initials(asked.user), "roles": sorted(roles)}


def _user_remove(desk: Session, asked: Namespace) -> Answer:
    accounts.remove_user(desk, asked.user)
    return {"removed": format_initials(asked.user)}


def _user_passphrase(desk: Session, asked: Namespace) -> Answer:
    accounts.change_passphrase(desk, asked.own_passphrase, asked.new_passphrase)
    return {"changed": desk.user}


def _user_recovery_key(desk: Session, asked: Namespace) -> Answer:
    accounts.set_recovery_key(desk, asked.own_passphrase, asked.recovery_key)
    return {"recovery_key": "made", "sheets": asked.sheets}


def _user_data_key(desk: Session, asked: Namespace) -> Answer:
    present = {fold_initials(who) for who in (desk.user, *asked.others)}
    left_out = [user.initials for user in accounts.list_users(desk) if user.initials not in present]
    if not rekey_store(desk, asked.own_passphrase, asked.others):
        raise KfdeskError("store.key_stays")
    return {
        "data_key": "new",
        "recovery_key": "none",
        "shut_out": [*map(format_initials, left_out)],
    }


def _roles(listed: str) -> frozenset[Role]:
    names = {name.strip() for name in listed.split(",")}
    if not names <= set(Role):
        raise KfdeskError("user.unknown_role")
    return frozenset(Role(name) for name in names)


def _version(conflict: plans.Conflict, version: FieldVersion | None) -> Answer | None:
    if version is None:
        return None
    kind = RECORD_TYPES[conflict.type].fields[conflict.key].kind
    return {"value": kind.encode(version.value), "by": version.author}


_COMMANDS: Mapping[str, Callable[[Session, Namespace], Answer]] = {
    **BUNDLE_COMMANDS,
    **PROCEDURE_COMMANDS,
    **CALENDAR_COMMANDS,
    **NETWORK_WORK_COMMANDS,
    **BOOK_COMMANDS,
    **FIGURE_COMMANDS,
    **directory.DIRECTORY_COMMANDS,
    "verify": _verify,
    "plan list": _plan_list,
    "plan new": _plan_new,
    "plan show": _plan_show,
    "plan set": _plan_set,
    "paper make": _paper_make,
    "paper copies": _paper_copies,
    "paper settle": _paper_settle,
    "user list": _user_list,
    "user add": _user_add,
    "user roles": _user_roles,
    "user remove": _user_remove,
    "user passphrase": _user_passphrase,
    "user recovery-key": _user_recovery_key,
    "user data-key": _user_data_key,
    "backup make": _backup_make,
    "erase": _erase,
    "erased list": _erased_list,
    "erased take-back": _erased_take_back,
    "erased repair": _erased_repair,
    "wipe": _wipe,
}


# --- salvage


def describe_examination(found: SalvagePreview, words: Language, report: Path | None) -> Answer:
    """Describe the state of a damaged store, which was not changed."""
    told = _describe_salvaged(found.salvage, words, report)
    return {**told, "backup": _describe_backup(found.backup), "bad_backups": found.refused}


def describe_salvage(salvage: SalvageResult, words: Language, report: Path | None) -> Answer:
    """Describe what was copied into the new store, and where the damaged one is."""
    return {**_describe_salvaged(salvage, words, report), "store_before": str(salvage.aside)}


def run_salvage(
    asked: Namespace,
    examine: Callable[[], SalvagePreview],
    salvage: Callable[[], SalvageResult],
    words: Language,
) -> Answer:
    """Run the command. Raise KfdeskError `store.…` or `file.not_written`.

    Raise `salvage.nothing` where nothing can be saved, also for an examination: a script must see
    it by the exit code. The window shows the newest backup beside it.
    """
    if asked.apply:
        return describe_salvage(salvage(), words, asked.report)
    found = examine()
    if not found.salvage.records:
        raise KfdeskError("salvage.nothing")
    return describe_examination(found, words, asked.report)


def _describe_salvaged(salvage: SalvageResult, words: Language, report: Path | None) -> Answer:
    if report is not None:
        try:
            report.write_text(integrity.salvage_report(salvage, words), encoding="utf-8")
        except OSError:
            raise KfdeskError("store.disk") from None
    return {
        "damage": integrity.damage_text(salvage.damage, words),
        "pages": salvage.damage.pages,
        "bad_pages": salvage.damage.bad,
        "records": dict(salvage.kept),
        "lost": {
            kind or "unknown": [rid.hex() for rid in ids] for kind, ids in salvage.lost.items()
        },
        "history_missing": salvage.entries_lost,
        "history_altered": salvage.entries_altered,
        "said": list(integrity.loss_texts(salvage, words)),
    }


def _describe_backup(backup: GoodBackup | None) -> Answer | None:
    if backup is None:
        return None
    return {
        "path": str(backup.path),
        "records": backup.records,
        "days": backup.days,
        "changed_since": backup.since,
    }
