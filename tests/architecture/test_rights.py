# SPDX-License-Identifier: GPL-3.0-or-later
"""Every public service names the right it asks for, or stands in a table with the reason why not.

A service is a public function of `services/` whose first parameter is the session, `desk`. It asks
by `desk.require`, or by a function of `core/authorization.py` (`GATES`), in its own lines; or it
goes through another service that does (`THROUGH`).
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.architecture.tree import ROOT, Function, Module, modules, walk

SERVICES = "src/kfdesk/services"
AUTHORIZATION = "core.authorization"
GATES = frozenset({"require_reading", "require_editing", "require_adding", "require_right_on"})

OWN = "who sits here keeps and reads their own, and nobody else's"
INNER = "a part of services that have asked; the window never calls it"
OPEN = "says nothing of any record"
READABLE = "says nothing of a record that its user may not read"
NEEDS_NONE: Mapping[str, str] = {
    "core.session.clock_doubt": OPEN,
    "core.session.require_plausible_clock": OPEN,
    "core.session.keep_confirmation": INNER,
    "core.saved_files.save_file": INNER,
    "core.stamps.confirm_clock": "whoever sits here can look at a clock",
    "core.session.save_resume_state": OWN,
    "core.session.pop_resume_state": OWN,
    "core.session.verify_store": OPEN,
    "directory.entries.list_directory_drafts": OWN,
    "upkeep.backup.wipe_store": "whoever can open a store could remove its files as well",
    "core.drafts.save_draft": OWN,
    "core.drafts.list_drafts": OWN,
    "core.drafts.count_drafts": OWN,
    "core.drafts.read_draft": OWN,
    "core.drafts.discard_draft": OWN,
    "core.drafts.restore_draft": OWN,
    "core.drafts.save_partial_draft": OWN,
    "core.drafts.discard_partial_draft": OWN,
    "core.drafts.new_record_drafts": OWN,
    "plans.case.save_intake_draft": OWN,
    "plans.case.read_intake_draft": OWN,
    "plans.journey.now_in_zone": OPEN,
    "core.session.desk_zone": OPEN,
    "core.session.follow_own_place": OPEN,
    "plans.leg_clocks.journey_places": OPEN,
    "plans.leg_clocks.sent_clocks": INNER,
    "plans.consents.list_consent_drafts": OWN,
    "plans.journey.receiver_calls": INNER,
    "core.records.unchecked_client_code": INNER,
    "plans.lines.with_arrivals": INNER,
    "workflow.step_recorded": INNER,
    "core.records.check_changed_record": INNER,
    "core.records.check_custodian": INNER,
    "core.records.check_plan_writable": INNER,
    "plans.plans.zoned_now": OPEN,
    "plans.plans.checked_event_time": OPEN,
    "plans.plans.is_third_country": INNER,
    "plans.plans.can_author_records": INNER,
    "plans.plans.case_context_of": INNER,
    "exchange.sequence.next_envelope": INNER,
    "exchange.erasure.settle_erased_requests": INNER,
    "exchange.erasure.order_erasure": INNER,
    "exchange.erasure.erasure_orders_for": INNER,
    "exchange.erasure.reopen_orders": INNER,
    "exchange.erasure.erasure_receipts_for": INNER,
    "exchange.erasure.record_orders_sent": INNER,
    "exchange.erasure.count_answers": INNER,
    "exchange.import_review.bin_phones_of_others": INNER,
    "exchange.erasure.evaluate_orders": INNER,
    "exchange.erasure.import_orders": INNER,
    "exchange.disclosure_log.disclosure_entries": INNER,
    "exchange.outbox.limit_contents": INNER,
    "exchange.outbox.split_parcel": INNER,
    "exchange.message_policy.partner_id": INNER,
    "exchange.epochs.our_epoch": INNER,
    "exchange.epochs.begin_epoch": INNER,
    "exchange.epochs.begin_epoch_of": INNER,
    "exchange.record_findings.count_in_our_name": INNER,
    "exchange.epochs.epoch_begun_anew": INNER,
    "exchange.epochs.epoch_begun_at": INNER,
    "exchange.epochs.is_epoch_unacknowledged": INNER,
    "exchange.epochs.owes_epoch_reply": INNER,
    "exchange.epochs.is_quiet": INNER,
    "exchange.epochs.shows_our_rollback": INNER,
    "exchange.epochs.record_epoch_reply_due": INNER,
    "exchange.partners.own_key_known_to": INNER,
    "exchange.partners.knows_present_key": INNER,
    "exchange.partners.is_older_than_rotation": INNER,
    "exchange.partners.identity_for": INNER,
    "exchange.partners.record_known_key": INNER,
    "exchange.revocations.revocations_for": INNER,
    "exchange.revocations.is_revoked_key": INNER,
    "exchange.revocations.revoked_since": INNER,
    "exchange.revocations.record_revoked_key": INNER,
    "exchange.revocations.record_unknown_key": INNER,
    "exchange.revocations.forget_revoked_key": INNER,
    "exchange.own_laptops.revoke_card": INNER,
    "exchange.own_laptops.import_revocations": INNER,
    "exchange.own_laptops.resume_laptop": INNER,
    "exchange.own_laptops.revoked_laptops": INNER,
    "exchange.own_laptops.record_verified": INNER,
    "exchange.own_laptops.is_doubted": INNER,
    "exchange.own_laptops.shut_out_laptops": INNER,
    "exchange.disclosure_log.record_disclosure": INNER,
    "exchange.disclosure_log.record_destination": INNER,
    "exchange.disclosure_log.replaced_file_numbers": INNER,
    "exchange.outbox.control_messages_for": INNER,
    "exchange.outbox.record_control_messages": INNER,
    "exchange.partners.cards_to_send": INNER,
    "exchange.partners.revocations_to_send": INNER,
    "exchange.partners.countersignatures_to_send": INNER,
    "exchange.provenance.provenance_for": INNER,
    "exchange.provenance.record_provenance": INNER,
    "exchange.audit_heads.report_audit": INNER,
    "exchange.audit_heads.audit_findings": INNER,
    "exchange.audit_heads.shows_other_history": INNER,
    "exchange.audit_heads.record_audit_head": INNER,
    "exchange.own_laptops.issue_ticket": INNER,
    "exchange.own_laptops.has_issued": INNER,
    "exchange.own_laptops.end_tickets": INNER,
    "exchange.own_laptops.is_countersigned": INNER,
    "exchange.own_laptops.can_be_own": INNER,
    "exchange.own_laptops.countersign_own": INNER,
    "exchange.own_laptops.make_countersignatures": INNER,
    "exchange.own_laptops.new_laptops": INNER,
    "exchange.own_laptops.import_countersignatures": INNER,
    "exchange.partners.key_ledger_entries": INNER,
    "exchange.partners.key_findings": INNER,
    "exchange.partners.import_keys": INNER,
    "exchange.notices.check_waiting_notices": INNER,
    "exchange.notices.keep_notices_of_erased": INNER,
    "exchange.erasure.compact_store": INNER,
    "exchange.erasure.require_erasable": INNER,
    "plans.transit.transit_of": INNER,
    "plans.plans.meeting_contacts": INNER,
    "papers.contradictions.contradiction_obstacles": INNER,
    "papers.contradictions.contradiction_warnings": INNER,
    "plans.transit.require_at_rest": INNER,
    "core.second_person.check_own_passphrase": INNER,
    "core.second_person.check_second_person": INNER,
    "core.second_person.possible_seconds": INNER,
    "exchange.epochs.received_epochs": INNER,
    "exchange.epochs.is_newest_file": INNER,
    "exchange.epochs.renew_epoch_out_of_reach": INNER,
    "exchange.sequence.build_acknowledgement": INNER,
    "exchange.sequence.check_envelope": INNER,
    "exchange.sequence.missing_numbers": INNER,
    "exchange.sequence.count_confirmed": INNER,
    "exchange.sequence.count_unacknowledged": INNER,
    "exchange.sequence.check_sequence": INNER,
    "exchange.sequence.record_received": INNER,
    "exchange.import_review.begin_undo_record": INNER,
    "exchange.import_review.save_rows_for_undo": INNER,
    "exchange.merge.merge_rows": INNER,
    "exchange.merge.received_before": INNER,
    "exchange.import_review.end_undo_record": INNER,
    "exchange.received_notices.evaluate_notices": INNER,
    "exchange.message_policy.answered_orders": INNER,
    "exchange.message_policy.lost_files": INNER,
    "exchange.message_policy.sent_cards": INNER,
    "exchange.message_policy.vouched_laptops": INNER,
    "exchange.outgoing_texts.find_mentions": INNER,
    "exchange.notices.notice_ledger_entries": INNER,
    "exchange.notices.log_notices_sent": INNER,
    "exchange.notices.record_notice_received": INNER,
    "core.history.type_and_code": READABLE,
    "core.history.organisation_names": INNER,
    "core.history.sender_names": INNER,
    "core.history.sequence_number": "counts legs and help numbers, and says nothing else of them",
    "core.history.history_days": OPEN,
    "upkeep.backup.remove_expired_copies": "runs by itself at each opening, as backups are kept",
    "core.history.prune_history": "runs by itself at each opening, by the days that were set",
    "upkeep.backup.backup_state": OPEN,
    "upkeep.backup.list_sticks": OPEN,
    "plans.retention.retention_due": INNER,
    "exchange.erased_records.record_kept_out": INNER,
    "papers.production.next_copy_number": INNER,
    "papers.production.copy_parent": INNER,
    "papers.leak_check.check_carried_paper": INNER,
    "papers.leak_check.check_carried_titles": INNER,
    "papers.leak_check.collect_secrets": INNER,
    "papers.client_papers.gather_disclosure_log": INNER,
    "papers.client_papers.gather_support_plan": INNER,
    "papers.client_papers.support_plan_obstacles": INNER,
    "papers.client_papers.gather_consent_form": INNER,
    "papers.client_papers.consent_form_obstacles": INNER,
    "papers.kinds.gather_file_copy": INNER,
    **dict.fromkeys(
        (
            "papers.network_papers.gather_meeting",
            "papers.network_papers.meeting_obstacles",
            "papers.network_papers.meeting_warnings",
            "papers.network_papers.gather_members",
            "papers.network_papers.members_obstacles",
            "papers.network_papers.gather_news",
        ),
        INNER,
    ),
    "papers.book_papers.gather_book": INNER,
    "papers.book_papers.gather_article": INNER,
    "papers.book_papers.book_obstacles": INNER,
    "papers.book_papers.book_warnings": INNER,
    "papers.book_papers.public_article_obstacles": INNER,
    "papers.book_papers.staff_card_obstacles": INNER,
    "papers.procedure_papers.gather_procedure": INNER,
    "papers.procedure_papers.procedure_obstacles": INNER,
    "papers.procedure_papers.procedure_warnings": INNER,
    "papers.procedure_papers.gather_cooperation": INNER,
    "papers.procedure_papers.cooperation_obstacles": INNER,
    "papers.case_fields.referenced_names": INNER,
    "papers.week_sheet.gather_week": INNER,
    "papers.week_sheet.week_obstacles": INNER,
    "papers.week_sheet.week_warnings": INNER,
    "papers.letters.letter_obstacles": INNER,
    "papers.letters.letter_warnings": INNER,
    "papers.letters.letter_language": INNER,
    "papers.letters.gather_letter": INNER,
    "papers.letters.record_letter_sent": INNER,
    "papers.kinds.file_copy_obstacles": INNER,
    "papers.client_papers.subject_row": INNER,
    "papers.kinds.gather_handover_receipt": INNER,
    "papers.kinds.gather_escort_sheet": INNER,
    "papers.kinds.handover_receipt_obstacles": INNER,
    "papers.kinds.escort_sheet_obstacles": INNER,
    "papers.kinds.escort_sheet_warnings": INNER,
    "papers.kinds.duty_sheet_warnings": INNER,
    "papers.kinds.is_draft_paper": INNER,
    "papers.kinds.gather_traveller_sheet": INNER,
    "papers.kinds.traveller_sheet_obstacles": INNER,
    "papers.kinds.gather_child_sheet": INNER,
    "papers.kinds.child_sheet_obstacles": INNER,
    "papers.kinds.gather_duty_sheet": INNER,
    "papers.kinds.duty_sheet_obstacles": INNER,
    "papers.directory_papers.gather_contact_entries": INNER,
    "papers.directory_papers.contact_list_obstacles": INNER,
    "papers.directory_papers.contact_card_obstacles": INNER,
    "papers.directory_papers.organisation_phones": INNER,
    "exchange.outbox.select_for_bundle": INNER,
    "exchange.outbox.lacking_content": INNER,
    "exchange.outbox.is_consent_withdrawn": INNER,
    "exchange.outbox.ask_for_kept_out": INNER,
    "exchange.epochs.record_epoch_known": INNER,
    "exchange.outbox.read_client_consents": INNER,
    "exchange.scopes.consents_in": INNER,
    "exchange.outbox.current_watermark": INNER,
    "exchange.outbox.records_to_check": INNER,
    "exchange.outbox.records_under_way": INNER,
    "exchange.outbox.select_changes": INNER,
    "core.records.check_new_record": INNER,
    "exchange.outbox.common_watermark": INNER,
    "exchange.outgoing_texts.find_common_mentions": INNER,
    "exchange.outgoing_texts.without_named": INNER,
    "exchange.scopes.named_entries": INNER,
    "exchange.scopes.scopes_of_cases": INNER,
    "exchange.scopes.common_scope": INNER,
    "exchange.scopes.partner_schema": INNER,
    "exchange.scopes.record_partner_schema": INNER,
    "exchange.scopes.entries_that_count": INNER,
    "exchange.scopes.with_ancestors": INNER,
    "plans.plans.case_of": INNER,
    "plans.plans.disclose_case": INNER,
    "plans.plans.sheet_gaps": INNER,
    "plans.plans.name_of": READABLE,
    "core.references.referenced_row": INNER,
    "core.references.referenced_organisation": INNER,
    "directory.duplicates.replace_references": INNER,
    "plans.plans.reference_choices": INNER,
    "plans.journey.alarms_in": INNER,
    "core.records.require_record": INNER,
    "core.records.client_code": READABLE,
    "core.records.client_pronoun": READABLE,
    "core.records.is_in_bin": INNER,
    "core.records.put_new": INNER,
    "core.records.put_changed": INNER,
    "today.read_today": "has of each part only what who sits here may read",
    "accounts.record_opening": "entered before anybody does anything",
    "accounts.record_upgrade": "entered before anybody does anything",
    "accounts.accept_older_store": "whoever opens the store may need the only one there is",
    "accounts.list_users": "everybody may know whom to ask",
    "accounts.users_without_slot": "everybody may know for whom to call an administrator",
    "accounts.change_passphrase": OWN,
    "accounts.recovery_key_status": OPEN,
    "accounts.record_recovery_key": INNER,
    "accounts.reset_passphrase": "the recovery key is the right, before anybody has one",
}
THROUGH: Mapping[str, str] = {
    "procedures.files.stored_procedure": "read_procedure",
    "procedures.procedures.compare_versions": "read_procedure",
    "procedures.runs.read_upcoming": "read_run",
    "procedures.runs.change_step": "_require_step",
    "procedures.runs.finish_step": "_require_step",
    "procedures.runs.skip_step": "_require_step",
    "procedures.runs.reopen_step": "_require_step",
    "procedures.runs.set_clock": "_require_step",
    "procedures.runs.prolong_step": "_require_step",
    "accounts.print_key_sheets": "preview_key_sheets",
    "plans.aftercare.read_local_contacts": "read_case_context",
    "plans.aftercare.refuse_follow_up": "change_record",
    "plans.aftercare.reassign_follow_ups": "change_records",
    "core.records.create_record": "add_record",
    "core.records.undo": "undo_all",
    "plans.case.add_attachment_file": "add_attachment",
    "plans.case.preview_attachment": "read_attachment",
    "plans.case.remove_attachment": "delete_record",
    "plans.case.move_plans_to_bin": "delete_records",
    "core.records.delete_record": "delete_records",
    "core.records.restore_record": "restore_records",
    "directory.entries.delete_entry": "delete_entries",
    "papers.production.set_copy_state": "set_copy_states",
    "directory.duplicates.find_local_entry": "find_matching_organisation",
    "plans.journey.record_test_call": "change_record",
    "plans.journey.record_unanswered_call": "change_record",
    "plans.case.set_task_done": "change_record",
    "core.records.change_record": "change_records",
    "core.records.change_records": "put_values",
    "plans.journey.put_leg_events": "put_values",
    "plans.journey.put_taken_back": "put_values",
    "plans.journey.replace_leg": "add_record",
    "directory.search.directory_entries": "search_directory",
    "directory.search.read_result_page": "read_lines",
    "plans.plans.read_case_context": "load_case",
    "workflow.read_pending_approvals": "read_case_context",
    "workflow.read_standing": "read_case_context",
    "exchange.notices.preview_withdrawal": "open_plan",
    "plans.plans.load_case": "require_readable",
    "papers.production.check_paper": "require_paper",
    "papers.production.override_names": "require_paper",
    "papers.production.make_paper": "require_paper",
    "papers.production.save_paper": "require_paper",
    "papers.production.print_paper": "require_paper",
    "papers.production.paper_refusals": "require_paper",
    "papers.production.preview_pages": "require_paper",
    "papers.production.paper_obstacles": "require_paper",
}
"""Services that ask by the first service they call."""


def services(root: Path) -> Iterator[tuple[str, Module, Function]]:
    """Every public service by its name below `services`."""
    for module in modules(root, SERVICES):
        name = module.name.removeprefix(f"{SERVICES}/").removesuffix(".py").replace("/", ".")
        if name == AUTHORIZATION:
            continue
        for node in module.tree.body:
            if isinstance(node, Function) and not node.name.startswith("_") and takes_desk(node):
                yield f"{name}.{node.name}", module, node


def takes_desk(function: Function) -> bool:
    first = function.args.args[:1]
    return bool(first) and first[0].arg == "desk"


def calls(function: Function) -> set[str]:
    """Return the names of what a function calls, `require` only with a right."""
    found = set()
    for node in walk(function):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            found.add(node.func.id)
        elif isinstance(node.func, ast.Attribute) and (node.func.attr != "require" or node.args):
            found.add(node.func.attr)
    return found


def asks(name: str, function: Function) -> bool:
    called = calls(function)
    return bool(called & {"require", *GATES}) or THROUGH.get(name) in called


def silent(root: Path) -> list[str]:
    """Return the services that name no right and do not stand in the table."""
    return [
        name
        for name, _, function in services(root)
        if name not in NEEDS_NONE and not asks(name, function)
    ]


def called_by_window(root: Path) -> list[str]:
    """Return the inner parts of services that ui or cli import."""
    inner = {name.rpartition(".") for name, why in NEEDS_NONE.items() if why == INNER}
    kept = {(f"kfdesk.services.{module}", function) for module, _, function in inner}
    return [
        f"{module.name}: {node.module}.{alias.name}"
        for module in modules(root, "src/kfdesk/ui", "src/kfdesk/cli")
        for node in walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (node.module, alias.name) in kept
    ]


def unchecked_passphrases(root: Path) -> list[str]:
    """Return the functions that give somebody a passphrase without the one check of all."""
    return [
        f"{module.name}: {node.name}"
        for module in modules(root, "src/kfdesk")
        if "/storage/" not in module.name
        for node in ast.walk(module.tree)
        if isinstance(node, Function) and any(map(sets_passphrase, ast.walk(node)))
        if "check_new_passphrase" not in calls(node)
    ]


def sets_passphrase(node: ast.AST) -> bool:
    """Return whether a call adds, changes or resets a key slot, or creates a store with one."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = ast.unparse(node.func.value)
    if owner == "keyring":
        return node.func.attr == "create_store"
    return "key" in owner and node.func.attr in {"add", "change", "reset_passphrase"}


def test_every_passphrase_that_is_set_passes_one_check(tmp_path: Path) -> None:
    assert unchecked_passphrases(ROOT) == []
    room = tmp_path / SERVICES
    room.mkdir(parents=True)
    (room / "new.py").write_text("def act(desk): _key_slots(desk).change(own, typed)\n")
    (room / "old.py").write_text("def act(f): keyring.create_store(f, check_new_passphrase(f))\n")
    assert unchecked_passphrases(tmp_path) == ["src/kfdesk/services/new.py: act"]


def test_every_public_service_names_its_right() -> None:
    assert silent(ROOT) == []


def test_whoever_stands_in_the_table_is_a_service_that_names_none() -> None:
    found = {name: function for name, _, function in services(ROOT)}
    assert set(NEEDS_NONE) | set(THROUGH) <= set(found)
    assert [name for name in NEEDS_NONE if asks(name, found[name])] == []


def test_window_and_command_line_call_no_inner_part_of_a_service() -> None:
    assert called_by_window(ROOT) == []


def test_a_new_service_without_a_right_is_found(tmp_path: Path) -> None:
    room = tmp_path / SERVICES
    room.mkdir(parents=True)
    (room / "new.py").write_text("def act(desk): desk.store.put(1)\ndef _inner(desk): ...\n")
    (room / "old.py").write_text("def act(desk): desk.require(Right.ERASE)\n")
    assert silent(tmp_path) == ["new.act"]
