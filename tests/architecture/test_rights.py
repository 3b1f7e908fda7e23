# SPDX-License-Identifier: GPL-3.0-or-later
"""Every public service names the right it asks for, or stands here with the reason why not.

A service is a public function of `services/` that is handed a Desk. It asks by `desk.require`, or
by a gate of `services/policy/access.py`, in its own lines; or it goes through another that does.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.architecture.tree import ROOT, Function, Module, modules

SERVICES = "src/kfdesk/services"
ACCESS = "policy.access"
GATES = frozenset({"require_reading", "require_editing", "require_adding", "require_working"})

OWN = "who sits here keeps and reads their own, and nobody else's"
INNER = "a part of services that have asked; the window never calls it"
OPEN = "says nothing of any record"
NEEDS_NONE: Mapping[str, str] = {
    "clock.clock_doubt": OPEN,
    "clock.require_clock": OPEN,
    "clock.confirm_clock": "whoever sits here can look at a clock",
    "desk.keep_place": OWN,
    "desk.take_place": OWN,
    "desk.check_desk": OPEN,
    "directory.waiting": OWN,
    "keeping.wiping.wipe_store": "whoever can open a store could remove its files as well",
    "writing.drafts.keep_draft": OWN,
    "writing.drafts.drafts": OWN,
    "writing.drafts.count_drafts": OWN,
    "writing.drafts.draft_of": OWN,
    "writing.drafts.discard_draft": OWN,
    "writing.drafts.keep_again": OWN,
    "casework.parts.keep_part": OWN,
    "casework.parts.drop_part": OWN,
    "casework.parts.new_ones": OWN,
    "casework.intake.keep_talk": OWN,
    "casework.intake.talk_of": OWN,
    "casework.journey.now_in": OPEN,
    "course.agreements.waiting_consents": OWN,
    "course.alarms.receiver_calls": INNER,
    "course.guards.check_changed": INNER,
    "course.guards.check_word": INNER,
    "course.guards.check_open": INNER,
    "course.situations.moment_now": OPEN,
    "course.situations.happened_or_now": OPEN,
    "course.situations.is_third_country": INNER,
    "course.situations.has_own_desk": INNER,
    "course.situations.situation_of": INNER,
    "sharing.order.next_envelope": INNER,
    "sharing.asking.answer_erased": INNER,
    "sharing.asking.ask_to_erase": INNER,
    "sharing.asking.orders_for": INNER,
    "sharing.asking.ask_anew": INNER,
    "sharing.asking.receipts_for": INNER,
    "sharing.asking.note_carried": INNER,
    "sharing.asking.weighed": INNER,
    "sharing.asking.take_orders": INNER,
    "sharing.asking.wanted_gone": INNER,
    "sharing.given.entries_of": INNER,
    "parcels.contents.fitting": INNER,
    "partners.id_of": INNER,
    "parcels.epochs.our_epoch": INNER,
    "parcels.epochs.begin_epoch": INNER,
    "parcels.epochs.is_untold": INNER,
    "parcels.epochs.owes_word": INNER,
    "parcels.epochs.is_ahead": INNER,
    "parcels.epochs.note_told": INNER,
    "parcels.own_keys.known_by": INNER,
    "parcels.own_keys.is_known": INNER,
    "parcels.own_keys.was_met_before": INNER,
    "parcels.own_keys.signing_for": INNER,
    "parcels.own_keys.note_known": INNER,
    "parcels.own_keys.revoked_keys": INNER,
    "parcels.own_keys.note_revoked": INNER,
    "sharing.given.note_given": INNER,
    "sharing.given.note_put": INNER,
    "sharing.given.made_good": INNER,
    "sharing.dealing.dealings_for": INNER,
    "sharing.dealing.note_dealings": INNER,
    "sharing.keys.cards_for": INNER,
    "sharing.keys.revoked_for": INNER,
    "sharing.keys.entries_shown": INNER,
    "sharing.keys.findings_of": INNER,
    "sharing.keys.take_keys": INNER,
    "sharing.notices.keep_notices": INNER,
    "keeping.erasure.squeeze": INNER,
    "keeping.holding.held_plans": INNER,
    "keeping.holding.is_held_above": INNER,
    "keeping.holding.plan_above": INNER,
    "sharing.order.acknowledgement": INNER,
    "sharing.order.missing_from": INNER,
    "sharing.order.unconfirmed": INNER,
    "sharing.order.check_order": INNER,
    "sharing.order.note_taken": INNER,
    "sharing.undoing.begin_taking": INNER,
    "sharing.undoing.keep_before": INNER,
    "sharing.believing.walked": INNER,
    "sharing.believing.taken_before": INNER,
    "sharing.undoing.end_taking": INNER,
    "sharing.believing.told": INNER,
    "sharing.leaving.mentions_in": INNER,
    "sharing.notices.code_of": INNER,
    "sharing.notices.entries_told": INNER,
    "sharing.notices.log_told": INNER,
    "sharing.notices.note_told_us": INNER,
    "history.about": INNER,
    "history.history_days": OPEN,
    "keeping.backup.drop_outlived": "runs by itself at each opening, as backups are kept",
    "history.prune_history": "runs by itself at each opening, by the days that were set",
    "keeping.backup.backup_state": OPEN,
    "keeping.backup.sticks": OPEN,
    "keeping.retention.keeping_of": INNER,
    "keeping.erasure.erased_among": INNER,
    "keeping.erasure.keep_out": INNER,
    "papers.copies.next_number": INNER,
    "papers.copies.enter_copy": INNER,
    "papers.copies.home_of": INNER,
    "papers.carrying.carried_findings": INNER,
    "papers.secrets.secrets_of": INNER,
    "papers.kept.disclosure_logs.gather_log": INNER,
    "papers.kept.support_plans.gather_plan": INNER,
    "papers.kept.support_plans.obstacles_of": INNER,
    "papers.kept.consent_forms.gather_form": INNER,
    "papers.kept.consent_forms.obstacles_of": INNER,
    "papers.kept.file_copies.gather_copy": INNER,
    "papers.kept.file_copies.names_in": INNER,
    "papers.kept.file_copies.obstacles_of": INNER,
    "papers.prepared.subject_row": INNER,
    "papers.carried.companions.gather_receipt": INNER,
    "papers.carried.companions.gather_sheet": INNER,
    "papers.carried.companions.obstacles_of_receipt": INNER,
    "papers.carried.companions.obstacles_of_sheet": INNER,
    "papers.carried.travellers.gather_sheet": INNER,
    "papers.carried.travellers.obstacles_of": INNER,
    "papers.carried.travellers.torn_fields": INNER,
    "papers.kept.file_copies.code_word_fields": INNER,
    "papers.kept.duties.gather_duty": INNER,
    "papers.kept.duties.obstacles_of": INNER,
    "papers.kept.directories.gather_entries": INNER,
    "papers.kept.directories.obstacles_of_list": INNER,
    "papers.kept.directories.obstacles_of_card": INNER,
    "papers.kept.directories.phones_of": INNER,
    "parcels.gathering.gathered": INNER,
    "parcels.levels.level_now": INNER,
    "parcels.levels.looked_at": INNER,
    "parcels.levels.gathered_news": INNER,
    "plans.case_of": INNER,
    "plans.disclose_case": INNER,
    "plans.sheet_gaps": INNER,
    "plans.name_of": INNER,
    "policy.viewing.note_view": INNER,
    "listing.looking.formats_of": INNER,
    "casework.joining.rename": INNER,
    "finding.choices.choices_of": INNER,
    "writing.records.found": INNER,
    "writing.records.is_in_bin": INNER,
    "writing.records.put_new": INNER,
    "writing.records.put_changed": INNER,
    "today.read_today": "has of each part only what who sits here may read",
    "access.entering.note_opening": "entered before anybody does anything",
    "access.entering.note_upgrade": "entered before anybody does anything",
    "access.entering.accept_older": "whoever opens the store may need the only one there is",
    "access.users.list_users": "everybody may know whom to ask",
    "access.users.shut_out": "everybody may know for whom to call an administrator",
    "access.users.change_passphrase": OWN,
    "access.users.look_at_recovery": OPEN,
    "access.users.note_recovery": INNER,
    "access.users.regain": "the recovery key is the right, before anybody has one",
}
THROUGH: Mapping[str, str] = {
    "access.users.print_key_sheets": "look_at_key_sheets",
    "after.calling.who_is_near": "read_situation",
    "after.follow_ups.refuse_contact": "change_record",
    "after.follow_ups.reassign": "change_records",
    "writing.records.create_record": "enter_record",
    "writing.undo.undo": "undo_all",
    "casework.attachments.add_file": "add_attachment",
    "casework.attachments.look_at_attachment": "read_attachment",
    "casework.attachments.remove_attachment": "delete_record",
    "casework.joining.typed_as": "twin_of",
    "casework.journey.call_tried": "change_record",
    "casework.notes.set_task_done": "change_record",
    "writing.records.change_record": "change_records",
    "course.alarms.record_event": "record_events",
    "course.alarms.record_events": "change_records",
    "course.alarms.replace_leg": "enter_record",
    "finding.entries.contacts": "seek",
    "finding.seek.read_page": "read_lines",
    "course.situations.read_situation": "load_case",
    "course.stages.gates_for": "read_situation",
    "course.stages.next_steps": "read_situation",
    "course.withdrawals.read_withdrawal": "open_plan",
    "plans.load_case": "readable",
    "papers.making.check_paper": "require_paper",
    "papers.excusing.excuse_names": "require_paper",
    "papers.making.make_paper": "require_paper",
    "papers.making.preview_paper": "require_paper",
    "papers.making.save_paper": "require_paper",
    "papers.making.look_at_paper": "require_paper",
    "papers.making.obstacles": "require_paper",
}
"""Services that ask by the first service they call."""


def services(root: Path) -> Iterator[tuple[str, Module, Function]]:
    """Every public service by its name below `services`."""
    for module in modules(root, SERVICES):
        name = module.name.removeprefix(f"{SERVICES}/").removesuffix(".py").replace("/", ".")
        if name == ACCESS:
            continue
        for node in module.tree.body:
            if isinstance(node, Function) and not node.name.startswith("_") and takes_desk(node):
                yield f"{name}.{node.name}", module, node


def takes_desk(function: Function) -> bool:
    first = function.args.args[:1]
    return bool(first) and first[0].arg == "desk"


def calls(function: Function) -> set[str]:
    """The names of what a function calls, `require` only with a right."""
    found = set()
    for node in ast.walk(function):
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
    """The services that name no right and do not stand in the table."""
    return [
        name
        for name, _, function in services(root)
        if name not in NEEDS_NONE and not asks(name, function)
    ]


def called_by_window(root: Path) -> list[str]:
    """The inner parts of services that ui or cli import."""
    inner = {name.rpartition(".") for name, why in NEEDS_NONE.items() if why == INNER}
    kept = {(f"kfdesk.services.{module}", function) for module, _, function in inner}
    return [
        f"{module.name}: {node.module}.{alias.name}"
        for module in modules(root, "src/kfdesk/ui", "src/kfdesk/cli")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (node.module, alias.name) in kept
    ]


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
