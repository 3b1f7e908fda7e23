# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk with two plans of every kind of record, QQ's and EV's, and a call of every service.

A new service gets its call here and its line in the golden table, which says for the eye who may
use it. `python -m tests.integration.rights_samples --update` writes the lines that are not there
yet, and takes away those of services that are gone; with names after it, the lines of these anew,
and with `--all` every line, which takes minutes.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.golden.tables import FOLDER
from tests.support import make
from tests.support.make import sheet

from kfdesk import app, store_lifecycle
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.aftercare import FollowUpProposal
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import DamageReport, SalvageResult
from kfdesk.domain.codes.core import ErasureReason, PaperName
from kfdesk.domain.directory import FileKind, ParsedFile, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Partner, PartnerState
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.risk import ItemAnswer, RiskItem
from kfdesk.domain.runbooks import Runbook, RunbookStep
from kfdesk.environment import Environment
from kfdesk.services import accounts, workflow
from kfdesk.services.core import drafts, history, records
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.directory import duplicates, entries, search
from kfdesk.services.directory import files as giving
from kfdesk.services.directory import files as looking
from kfdesk.services.directory import files as taking
from kfdesk.services.exchange import (
    disclosure_log,
    erasure,
    import_review,
    notices,
    outbox,
    partners,
    transfer,
)
from kfdesk.services.papers import production
from kfdesk.services.papers.kinds import require_paper
from kfdesk.services.plans import (
    aftercare,
    consents,
    emergency_access,
    journey,
    plans,
    retention,
    risk,
)
from kfdesk.services.plans import case as attachments
from kfdesk.services.plans import case as intake
from kfdesk.services.plans import case as notes
from kfdesk.services.plans.plans import PlanLine
from kfdesk.services.upkeep import backup, runbooks
from kfdesk.storage import key_slots

GOLDEN = FOLDER / "services.md"
WHO = Credentials("EV", "sex helt vanliga ord till prov")
ME, OTHER = "QQ", "EV"
MACHINE = Environment(cost=key_slots.MIN_COST)
_SHEETS = ((("0000", "7"),), app.language("sv"), 0.2)
_LIST = {"list.csv": b"name\nHuset\n"}
_PREVIEW = looking.ContactImportPreview((), ParsedFile())
ENGLISH = app.language("en")
WRONG = "sex ord som inte passar alls här"


@dataclass(frozen=True, slots=True)
class At:
    """One case: the ids of its records by type, and a folder for files."""

    rids: Mapping[str, bytes]
    folder: Path

    def __getattr__(self, name: str) -> bytes:
        return self.rids[name]


Call = Callable[[Session, Any], object]


def _form(at: At) -> drafts.FormState:
    return drafts.FormState("leg", {"carrier": "Påhittad"}, parent=at.plan)


def _consent_form(at: At) -> drafts.FormState:
    return drafts.FormState("consent", {"purpose": "case_management"}, parent=at.client)


def _done(at: At) -> Saved:
    return Saved(frozenset({"leg"}), frozenset({at.leg}))


def _agreed() -> consents.ConsentAgreement:
    groups = ("identity", "contact")
    return consents.ConsentAgreement("case_management", make.PARTNER, groups, "written")


def _line(at: At) -> PlanLine:
    return PlanLine(at.plan, "", "", "draft", (), 0)


def _holder(desk: Session, at: At) -> object:
    seen = {(desk.user, at.plan): desk.milliseconds}  # the page is a means here, no act of anybody
    whole = replace(desk, roles=frozenset(Role), viewed=seen)
    return notices.holder_under_consent(desk, plans.open_plan(whole, at.plan), at.consent)


_KEYS = frozenset({"carrier"})
_LOOKED_AT = cast(
    "import_review.ImportReview", SimpleNamespace(taken=SimpleNamespace(digest=b"", is_own=False))
)
_ROLES = (Role.CASE_MANAGER,)
_TAKEN = cast(
    "Any", SimpleNamespace(organisation=b"", envelope=SimpleNamespace(epoch=b"", sequence=1))
)
_TERMS = partners.PartnerTerms(is_third_country=False)
_PARTNER = Partner(make.PARTNER, "", b"", b"", PartnerState.VERIFIED, is_third_country=False)
OF_CASES: Mapping[str, Call] = {
    "after.calling.who_is_near": lambda d, at: aftercare.read_local_contacts(d, at.plan),
    "after.supporting.refer": lambda d, at: aftercare.create_referral(d, at.service),
    "keeping.retention.hold": lambda d, at: retention.set_legal_hold(d, at.plan, "Förhandling"),
    "keeping.retention.lift": lambda d, at: retention.lift_legal_hold(d, at.plan),
    "keeping.retention.what_goes": lambda d, at: retention.preview_erasure(d, at.client),
    "after.follow_ups.agree_times": lambda d, at: aftercare.schedule_follow_ups(
        d, at.plan, (FollowUpProposal(90, date(2027, 3, 1), 10),)
    ),
    "after.follow_ups.refuse_contact": lambda d, at: aftercare.refuse_follow_up(d, at.follow_up),
    "after.follow_ups.reassign": lambda d, at: aftercare.reassign_follow_ups(
        d, (at.follow_up,), "EV"
    ),
    "casework.attachments.add_file": lambda d, at: attachments.add_attachment_file(
        d, at.plan, _text_file(at.folder)
    ),
    "casework.attachments.add_attachment": lambda d, at: attachments.add_attachment_file(
        d, at.plan, _text_file(at.folder)
    ),
    "casework.attachments.list_attachments": lambda d, at: attachments.list_attachments(d, at.plan),
    "casework.attachments.read_attachment": lambda d, at: attachments.read_attachment(
        d, at.attachment
    ),
    "casework.attachments.look_at_attachment": lambda d, at: attachments.preview_attachment(
        d, at.attachment, 0, 100
    ),
    "casework.attachments.remove_attachment": lambda d, at: attachments.remove_attachment(
        d, at.attachment
    ),
    "casework.journey.read_journey": lambda d, at: journey.read_journey(d, at.plan),
    "casework.journey.answer_check": lambda d, at: journey.answer_departure_check(
        d, at.plan, "wish", journey.CheckAnswer.OPEN
    ),
    "casework.journey.call_tried": lambda d, at: journey.record_test_call(
        d, at.help_number, make.STOCKHOLM
    ),
    "casework.legs.add_leg": lambda d, at: journey.add_leg(d, at.plan),
    "casework.legs.move_leg": lambda d, at: journey.move_leg(d, at.plan, at.leg, 1),
    "casework.weighing.read_risks": lambda d, at: risk.read_risks(d, at.plan),
    "casework.weighing.begin_weighing": lambda d, at: risk.create_risk_assessment(d, at.plan),
    "casework.weighing.answer_items": lambda d, at: risk.answer_risk_items(
        d, at.risk_assessment, "health", {"pregnancy": RiskItem(ItemAnswer.NOT_SO)}
    ),
    "casework.notes.save_note": lambda d, at: notes.save_note(
        d, d.new_id(), drafts.FormState("note", {}, parent=at.plan), frozenset({"content"})
    ),
    "casework.notes.set_task_done": lambda d, at: notes.set_task_done(d, at.task, is_done=True),
    "casework.parts.save_part": lambda d, at: drafts.save_partial(d, at.leg, _form(at), _KEYS),
    "course.agreements.read_terms": lambda d, at: consents.read_consent_terms(d, at.client),
    "course.agreements.record_consent": lambda d, at: consents.record_consent(
        d, d.new_id(), _consent_form(at)
    ),
    "course.agreements.decide_for_her": lambda d, at: consents.record_vital_interests(
        d, d.new_id(), _consent_form(at)
    ),
    "course.agreements.note_told": lambda d, at: consents.record_client_informed(d, at.vital),
    "course.alarms.alarms_of": lambda d, at: journey.alarms_of_plan(d, _line(at)),
    "course.alarms.record_event": lambda d, at: journey.record_leg_event(
        d, at.leg, journey.LegEvent.CHECK_IN
    ),
    "course.alarms.record_events": lambda d, at: journey.record_leg_events(
        d, (journey.LegUpdate(at.leg, journey.LegEvent.DEPARTED),)
    ),
    "course.alarms.replace_leg": lambda d, at: journey.replace_leg(d, at.leg, {}),
    "course.approvals.ask_approval": lambda d, at: workflow.request_approval(
        d, at.plan, "decision"
    ),
    "course.approvals.approve": lambda d, at: workflow.approve(d, at.plan, "decision"),
    "course.consents.give_consent": lambda d, at: consents.give_consent(d, at.client, _agreed()),
    "course.consents.proposed_last_day": lambda d, at: consents.proposed_last_day(
        d, at.client, "case_management"
    ),
    "course.consents.withdraw_consent": lambda d, at: consents.withdraw_consent(d, at.consent),
    "course.consents.decide_vital_interests": lambda d, at: consents.decide_vital_interests(
        d, at.client, _agreed(), "Påhittat skäl"
    ),
    "course.consents.second_vital_interests": lambda d, at: consents.confirm_vital_interests(
        d, at.vital
    ),
    "course.situations.read_situation": lambda d, at: plans.read_case_context(d, at.plan),
    "course.stages.gates_for": lambda d, at: workflow.gates_for(d, at.plan, "travelling"),
    "course.stages.next_steps": lambda d, at: workflow.read_workflow(d, at.plan),
    "course.stages.move_plan": lambda d, at: workflow.move_plan(d, at.plan, "travelling"),
    "course.stages.reopen_plan": lambda d, at: workflow.reopen_plan(d, at.plan),
    "course.withdrawals.read_withdrawal": lambda d, at: notices.preview_withdrawal(
        d, at.plan, at.consent
    ),
    "course.withdrawals.holder_of": _holder,
    "writing.drafts.finish_draft": lambda d, at: drafts.finish_draft(d, at.leg),
    "transfer.prepare": lambda d, at: transfer.prepare_bundle(d, at.plan, make.PARTNER),
    "transfer.send": lambda d, at: transfer.send_bundle(d, at.plan, make.PARTNER, at.folder),
    "history.record_history": lambda d, at: history.read_record_history(d, at.leg),
    "keeping.erasure.erase_client": lambda d, at: erasure.erase_client(
        d, at.client, ErasureReason.CLIENT_REQUEST
    ),
    "papers.subjects.offered_papers": lambda d, _: production.offered_papers(d),
    "papers.subjects.list_subjects": lambda d, _: production.list_paper_subjects(
        d, PaperName.TRAVELLERS_SHEET
    ),
    "papers.copies.list_copies": lambda d, _: production.list_copies(d),
    "papers.copies.settle_copy": lambda d, at: production.set_copy_state(
        d, at.paper_copy, "returned"
    ),
    "papers.kinds.require_paper": lambda d, at: require_paper(d, sheet(at.plan)),
    "papers.making.make_paper": lambda d, at: production.make_paper(d, sheet(at.plan, "sv")),
    "papers.making.preview_paper": lambda d, at: production.preview_paper(d, sheet(at.plan, "sv")),
    "papers.making.save_paper": lambda d, at: production.save_paper(
        d, sheet(at.plan, "sv"), at.folder / "sheet.pdf"
    ),
    "papers.making.look_at_paper": lambda d, at: production.preview_pages(
        d, sheet(at.plan, "sv"), 0.2
    ),
    "papers.making.check_paper": lambda d, at: production.check_paper(d, sheet(at.plan, "sv")),
    "papers.excusing.excuse_names": lambda d, at: production.override_names(
        d, sheet(at.plan, "sv"), Credentials("AU", "x"), ""
    ),
    "papers.making.obstacles": lambda d, at: production.paper_obstacles(d, sheet(at.plan, "sv")),
    "papers.making.her_language": lambda d, at: production.client_language(d, at.plan, ("sv",)),
    "plans.open_plan": lambda d, at: plans.open_plan(d, at.plan),
    "plans.load_case": lambda d, at: plans.load_case(d, at.plan),
    "plans.shown_case": lambda d, at: plans.visible_case(d, at.plan),
    "writing.records.read_record": lambda d, at: records.read_record(d, at.note),
    "writing.records.readable": lambda d, at: records.require_readable(d, at.note),
    "writing.records.create_record": lambda d, at: records.create_record(
        d, RECORD_TYPES["leg"].cls, {}, at.plan
    ),
    "writing.records.enter_record": lambda d, at: records.add_record(d, "leg", {}, at.plan),
    "writing.records.change_record": lambda d, at: records.change_record(
        d, at.leg, {"carrier": "X"}
    ),
    "writing.records.change_records": lambda d, at: records.change_records(
        d, ((at.leg, {"carrier": "X"}, None),)
    ),
    "writing.records.delete_record": lambda d, at: records.delete_record(d, at.leg),
    "writing.records.restore_record": lambda d, at: records.restore_record(d, at.leg),
    "writing.undo.undo": lambda d, at: records.undo(d, _done(at)),
    "writing.undo.undo_all": lambda d, at: records.undo_all(d, (_done(at),)),
}
"""Services that are about one case, called for one's own and for another's."""

OF_THE_DESK: Mapping[str, Call] = {
    "after.follow_ups.list_follow_ups": lambda d, _: aftercare.list_follow_ups(d),
    "casework.joining.twin_of": lambda d, _: duplicates.find_matching_organisation(d, make.PARTNER),
    "after.follow_ups.list_concerns": lambda d, _: aftercare.list_concerns(d),
    "casework.joining.typed_as": lambda d, _: duplicates.find_local_entry(d, make.PARTNER),
    "casework.joining.join_organisation": lambda d, _: duplicates.merge_organisations(
        d, make.PARTNER, make.PARTNER
    ),
    "casework.intake.begin_plan": lambda d, _: intake.create_plan(d, {}),
    "casework.intake.fresh_code": lambda d, _: intake.new_client_code(d),
    "course.alarms.read_alarms": lambda d, _: journey.read_alarms(d),
    "course.approvals.requests": lambda d, _: workflow.list_approval_requests(d),
    "sharing.notices.notices_due": lambda d, _: notices.notices_due(d),
    "sharing.notices.notices_for": lambda d, _: notices.notices_to_send(d, make.PARTNER),
    "sharing.notices.read_calls": lambda d, _: notices.withdrawal_call_list(d),
    "sharing.notices.count_due": lambda d, _: notices.count_notices_due(d),
    "sharing.notices.owes_answer": lambda d, _: notices.owes_answer(d, make.PARTNER),
    "sharing.notices.read_heard": lambda d, _: notices.list_received_withdrawals(d),
    "sharing.notices.note_heard_seen": lambda d, _: notices.mark_withdrawals_seen(d),
    "transfer.prepare_everything": lambda d, _: transfer.prepare_full_sync(d, make.PARTNER),
    "transfer.send_everything": lambda d, at: transfer.send_full_sync(d, make.PARTNER, at.folder),
    "transfer.prepare_notices": lambda d, _: transfer.prepare_notices(d, make.PARTNER),
    "transfer.send_notices": lambda d, at: transfer.send_notices(d, make.PARTNER, at.folder),
    "entries.list_directory": lambda d, _: entries.list_directory(d),
    "entries.read_entry": lambda d, _: entries.read_entry(d, make.ESCORT),
    "entries.read_lines": lambda d, _: entries.read_lines(d, (make.ESCORT,)),
    "entries.read_reachable": lambda d, _: entries.read_with_phones(d, (make.ESCORT,)),
    "entries.put_in_bin": lambda d, _: entries.delete_entry(d, make.ESCORT),
    "listing.looking.look_at_list": lambda d, _: looking.preview_contact_import(
        d, _LIST, ParseOptions()
    ),
    "listing.taking.take_list": lambda d, _: taking.import_contacts(
        d, _PREVIEW, taking.ImportChoices()
    ),
    "listing.doubles.find_doubles": lambda d, _: duplicates.find_duplicates(d, 5),
    "listing.doubles.join_double": lambda d, _: duplicates.merge_duplicates(
        d, make.ESCORT, make.PARTNER, ()
    ),
    "listing.doubles.judge_double": lambda d, _: duplicates.mark_distinct(
        d, make.ESCORT, make.PARTNER, are_two=True
    ),
    "listing.giving.save_list": lambda d, at: giving.export_contacts(
        d, FileKind.CSV, at.folder / "list.csv"
    ),
    "transfer.review": lambda d, at: transfer.review_bundle(d, at.folder / "none"),
    "transfer.apply": lambda d, at: transfer.import_bundle(d, at.folder / "none", _LOOKED_AT),
    "finding.entries.contacts": lambda d, _: search.directory_entries(d, "dom", ENGLISH, 5),
    "finding.entries.gather_slices": lambda d, _: list(search.read_index_slices(d)),
    "finding.seek.seek": lambda d, _: search.search_directory(
        d, search.DirectoryQuery("dom"), ENGLISH
    ),
    "finding.seek.read_page": lambda d, _: search.read_result_page(d, (1,)),
    "finding.seek.rids_of": lambda d, _: search.result_rids(d, search.DirectoryResult()),
    "finding.seek.known_codes": lambda d, _: search.filter_codes(d),
    "finding.seek.houses": lambda d, _: search.first_organisations(d, 5),
    "finding.seek.place_of": lambda d, _: search.result_position(
        d, search.DirectoryResult(), make.ESCORT
    ),
    "finding.seek.named_alike": lambda d, _: search.find_same_name(d, "contact", b"", "Karin"),
    "finding.networks.who_does_what": lambda d, _: search.read_network(d, "global", ENGLISH),
    "finding.find.find": lambda d, _: search.quick_find(d, "tulpan", 5, ENGLISH),
    "history.read_history": lambda d, _: history.read_history(d),
    "history.is_whole": lambda d, _: history.is_audit_log_intact(d),
    "history.read_bin": lambda d, _: history.read_bin(d),
    "history.set_history_days": lambda d, _: history.set_history_days(d, 90),
    "keeping.errands.courses": lambda d, _: runbooks.list_runbooks(d),
    "keeping.errands.begin_errand": lambda d, _: runbooks.start_runbook(d, Runbook.LOST),
    "keeping.errands.tick_step": lambda d, _: runbooks.complete_runbook_step(
        d, Runbook.LOST, RunbookStep.WARN
    ),
    "keeping.errands.end_errand": lambda d, _: runbooks.close_runbook(d, Runbook.LOST),
    "keeping.handing.hand_over": lambda d, _: runbooks.reassign_work(d, "nn", "oo"),
    "keeping.handing.whom_it_concerns": lambda d, _: runbooks.list_affected_parties(d),
    "papers.report.report_pictures": lambda d, _: production.breach_note_pages(d, *_SHEETS[1:]),
    "papers.report.save_report": lambda d, at: production.save_breach_note(
        d, _SHEETS[1], at.folder / "production.pdf"
    ),
    "keeping.backup.make_backup": lambda d, at: backup.make_backup(d, at.folder),
    "keeping.backup.backups_in": lambda d, at: backup.list_backups(d, at.folder),
    "keeping.backup.drill": lambda d, at: backup.rehearse_restore(d, at.folder / "none", WRONG),
    "keeping.backup.renew_restored": lambda d, at: backup.finish_restore(d, at.folder, ()),
    "keeping.backup.renew_course": lambda d, _: backup.start_new_epoch(d, ()),
    "keeping.salvage.renew_salvaged": lambda d, _: backup.finish_salvage(
        d, SalvageResult(DamageReport(1, 0), {}, {}), ()
    ),
    "keeping.erasure.erase_fields": lambda d, at: erasure.erase_fields(
        d, at.leg, ["carrier"], ErasureReason.ERROR
    ),
    "sharing.asking.list_orders": lambda d, _: erasure.list_erasure_orders(d),
    "sharing.asking.call_list": lambda d, _: erasure.erasure_call_list(d),
    "sharing.asking.list_requests": lambda d, _: erasure.list_erasure_requests(d),
    "sharing.asking.answer_requests": lambda d, _: erasure.answer_erasure_requests(
        d, make.PARTNER, [b""], erases=False
    ),
    "sharing.asking.note_order_told": lambda d, _: erasure.mark_order_told(d, make.PARTNER, b""),
    "sharing.given.list_waiting": lambda d, _: disclosure_log.list_pending(d, _PARTNER),
    "sharing.given.last_put": lambda d, _: disclosure_log.last_destination(d, make.PARTNER),
    "sharing.dealing.ask_again": lambda d, _: outbox.request_resend(d, make.PARTNER),
    "parcels.own_keys.renew_signing": lambda d, _: partners.rotate_signing_key(d, is_stolen=False),
    "parcels.own_keys.renew_keys": lambda d, _: partners.rotate_encryption_key(d),
    "sharing.keys.warn_of": lambda d, _: partners.warn_partners_of(d, make.PARTNER),
    "sharing.keys.offered_card": lambda d, _: partners.offered_card(d, make.PARTNER),
    "sharing.keys.offered_digits": lambda d, _: partners.offered_digits(d, make.PARTNER),
    "sharing.keys.accept_card": lambda d, _: partners.accept_card(d, make.PARTNER, "1"),
    "sharing.notices.note_called": lambda d, _: notices.record_withdrawal_call(d, b"", b""),
    "sharing.undoing.list_undoable": lambda d, _: import_review.list_undoable_imports(d),
    "sharing.undoing.undo_taking": lambda d, _: import_review.undo_import(d, b""),
    "partners.list_partners": lambda d, _: partners.list_partners(d),
    "partners.our_card": lambda d, _: partners.our_card(d),
    "partners.save_card": lambda d, at: partners.save_own_card(d, at.folder / "card"),
    "partners.look_at_card": lambda d, at: partners.preview_card(d, at.folder / "none"),
    "partners.add_partner": lambda d, _: partners.add_partner(d, b"", _TERMS),
    "partners.find_partner": lambda d, _: partners.find_partner(d, make.PARTNER),
    "partners.digits": lambda d, _: partners.verification_digits(d, make.PARTNER),
    "partners.suspend_partner": lambda d, _: partners.suspend_partner(d, make.PARTNER),
    "partners.resume_partner": lambda d, _: partners.resume_partner(d, make.PARTNER),
    "partners.revoke_partner": lambda d, _: partners.revoke_partner(d, make.PARTNER),
    "sharing.arriving.look_around": lambda d, _: transfer.scan_for_files(d),
    "sharing.arriving.look_at_all": lambda d, at: transfer.preview_files(d, (at.folder / "none",)),
    "sharing.arriving.take_all": lambda d, _: transfer.import_files(d, ()),
    "sharing.arriving.missing_before": lambda d, _: transfer.missing_before(d, _TAKEN),
    "sharing.deciding.choices_in": lambda d, _: import_review.conflict_choices(
        d, make.row("leg"), make.row("leg")
    ),
    "sharing.deciding.write_decisions": lambda d, at: import_review.apply_decisions(
        d, {(at.plan, "code_word"): b""}
    ),
    "sharing.inviting.invite": lambda d, at: partners.create_invitation(
        d, at.folder, app.language("sv"), has_program=True
    ),
    "sharing.inviting.join": lambda d, at: partners.accept_invitation(d, at.folder / "none"),
    "partners.verify_partner": lambda d, _: partners.verify_partner(d, make.PARTNER, "1"),
    "plans.list_plans": lambda d, _: plans.list_plans(d),
    "policy.reasons.list_locked": lambda d, _: emergency_access.list_locked_plans(d),
    "policy.reasons.look_at_locked": lambda d, at: emergency_access.read_locked_plan(d, at.plan),
    "policy.reasons.open_with_reason": lambda d, at: emergency_access.open_with_reason(
        d, at.plan, "Natt"
    ),
    "policy.reasons.read_openings": lambda d, _: emergency_access.list_break_glass_accesses(d),
    "policy.reasons.note_openings_seen": lambda d, _: emergency_access.mark_accesses_seen(d),
    "access.data_key.prove_presence": lambda d, _: accounts.check_passphrase(d, "nn", WRONG),
    "access.data_key.change_data_key": lambda d, _: accounts.rekey_store(d, WRONG, {}),
    "access.users.add_user": lambda d, _: accounts.add_user(d, WRONG, "nn", WRONG, _ROLES),
    "access.users.set_roles": lambda d, _: accounts.set_roles(d, "nn", _ROLES),
    "access.users.remove_user": lambda d, _: accounts.remove_user(d, "nn"),
    "access.users.set_recovery": lambda d, _: accounts.set_recovery_key(d, WRONG, "no key"),
    "access.users.look_at_key_sheets": lambda d, _: accounts.preview_key_sheets(d, *_SHEETS),
    "access.users.print_key_sheets": lambda d, _: accounts.print_key_sheets(d, *_SHEETS),
}
"""Services that are about no case, or about another's."""

CALLS = {**OF_CASES, **OF_THE_DESK}


@dataclass(frozen=True, slots=True)
class World:
    """The desk as EV has it, and the two cases."""

    desk: Session
    mine: At
    theirs: At

    def before(self, *roles: Role) -> Session:
        """The desk with QQ before it, in these roles."""
        return replace(self.desk, user=ME, roles=frozenset(roles), opened=set())

    def may(self, name: str, role: Role, at: At) -> bool:
        """Whether a call passes the gate, whatever comes of it then."""
        try:
            with suppress(FileNotFoundError):
                CALLS[name](self.before(role), at)
        except KfdeskError as fault:
            return fault.code != "user.not_allowed"
        return True

    def cell(self, name: str, role: Role) -> str:
        """What the golden table shows of it."""
        if name in OF_THE_DESK:
            return "●" if self.may(name, role, self.theirs) else "–"
        if self.may(name, role, self.theirs):
            return "●"
        return "own" if self.may(name, role, self.mine) else "–"


def make_store(folder: Path) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    """A store in `folder`, with both cases; returns their ids and closes it."""
    desk = store_lifecycle.create_store(folder, "Nordhuset", WHO, MACHINE)
    with desk.store.transaction():
        for record_type in ("organisation", "contact", "phone"):
            desk.store.put(make.row(record_type, custodian=desk.identity.organisation))
        mine, theirs = _enter(desk, ME), _enter(desk, OTHER)
    for case in (mine, theirs):
        drafts.save_draft(replace(desk, user=ME), case["leg"], _form(At(case, folder)))
    desk.store.close()
    return mine, theirs


@contextmanager
def opened(folder: Path, cases: tuple[Mapping[str, bytes], Mapping[str, bytes]]) -> Iterator[World]:
    """The store in `folder`, open, with a folder for files beside it."""
    files = folder.with_name(f"{folder.name}-files")
    files.mkdir(exist_ok=True)
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    try:
        yield World(desk, At(cases[0], files), At(cases[1], files))
    finally:
        desk.store.close()


def _enter(desk: Session, owner: str) -> Mapping[str, bytes]:
    """One case of `owner`, a record of every type, and a decision in her vital interests."""
    rids = {name: make.named_id(f"{owner} {name}") for name in (*RECORD_TYPES, "vital")}
    for name in make.PARENTS.keys() - {"phone"} | {"client"}:
        values = dict(make.FILLED[name])
        if name == "plan":
            values |= {"owner": owner, "legal_hold": None}
        if name == "client":
            values |= {"code": "tulpan-47" if owner == ME else "sippa-12"}
        places = {"client": make.HER, "plan": make.PLAN}
        places["risk_assessment"] = make.named_id("risk_assessment")
        above = {at: rids[kind] for kind, at in places.items()}.get(make.PARENTS.get(name, b""))
        _put(desk, name, rids[name], above, values)
    vital = {**make.FILLED["consent"], "form": "vital_interests", "second_person": None}
    _put(desk, "consent", rids["vital"], rids["client"], vital)
    return rids


def _put(
    desk: Session, name: str, rid: bytes, parent: bytes | None, values: Mapping[str, Any]
) -> None:
    row = make.row(name, values, rid=rid, custodian=desk.identity.organisation)
    desk.store.put(replace(row, parent=parent))
    desk.log(Action.CREATE, rid)


def _text_file(folder: Path) -> Path:
    path = folder / "note.txt"
    path.write_text("påhittat")
    return path


def line(name: str, template: Path, cases: tuple[Mapping[str, bytes], Mapping[str, bytes]]) -> str:
    """The line of a service as it is now, each role on a fresh copy of the store."""
    cells = []
    for number, role in enumerate(Role):
        copy = template.with_name(f"{name}-{number}")
        shutil.copytree(template, copy)
        with opened(copy, cases) as world:
            cells.append(world.cell(name, role))
        shutil.rmtree(copy)
    return f"| {name} | {' | '.join(cells)} |"


def update(names: Collection[str]) -> str:
    """The golden table with the lines of these services, and of those it does not know, anew."""
    kept = {row.split(" ")[1]: row for row in GOLDEN.read_text(encoding="utf-8").splitlines()[2:]}
    with tempfile.TemporaryDirectory() as place:
        store = Path(place, "store")
        cases = make_store(store)
        lines = [
            line(name, store, cases) if name in names or name not in kept else kept[name]
            for name in sorted(CALLS)
        ]
    head = f"| service | {' | '.join(Role)} |"
    return "\n".join([head, "|---" * (len(Role) + 1) + "|", *lines, ""])


if __name__ == "__main__" and "--update" in sys.argv:
    asked = CALLS if "--all" in sys.argv else sys.argv[sys.argv.index("--update") + 1 :]
    if unknown := [name for name in asked if name not in CALLS]:
        sys.exit(f"no such service: {', '.join(unknown)}")
    GOLDEN.write_text(update(asked), encoding="utf-8")
