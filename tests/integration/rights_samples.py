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
from kfdesk.domain.authority import FIGURE_TYPES
from kfdesk.domain.backup import DamageReport, SalvageResult
from kfdesk.domain.case_sheet import SheetRows
from kfdesk.domain.codes.core import ErasureReason, PaperName, PaperRequest
from kfdesk.domain.directory import FileKind, ParsedFile, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Partner, PartnerState, TakeBackReason
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import SafeFigures
from kfdesk.domain.procedures.files import ProcedureFile
from kfdesk.domain.records.cooperation import Cooperation
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.risk import ItemAnswer, RiskItem, ThemeAnswer
from kfdesk.domain.rows import view
from kfdesk.domain.runbooks import Runbook, RunbookStep
from kfdesk.domain.values import Translation
from kfdesk.environment import Environment
from kfdesk.services import accounts, calendar, calendar_export, client_erasure, workflow
from kfdesk.services.book import articles
from kfdesk.services.book import files as book_files
from kfdesk.services.book import links as book_links
from kfdesk.services.book import versions as book_versions
from kfdesk.services.core import drafts, history, records
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.directory import (
    checks,
    duplicates,
    entries,
    files,
    networks,
    search,
    starter_lists,
)
from kfdesk.services.exchange import (
    copied_store,
    disclosure_log,
    erased_records,
    erasure,
    import_review,
    invitations,
    notices,
    outbox,
    partners,
    transfer,
)
from kfdesk.services.figures import (
    case_data,
    case_import,
    estimates,
    ic_tip,
    populations,
    releases,
    sums,
)
from kfdesk.services.figures import files as figure_files
from kfdesk.services.network import news, reports, work
from kfdesk.services.papers import figure_papers, network_papers, production
from kfdesk.services.papers.client_papers import understood_languages
from kfdesk.services.papers.kinds import paper_texts, require_paper
from kfdesk.services.papers.letters import LetterRequest, prepare_letter
from kfdesk.services.plans import (
    aftercare,
    case,
    consents,
    dates,
    emergency_access,
    journey,
    plans,
    retention,
    risk,
    together,
)
from kfdesk.services.procedures import deadlines, procedures, runs
from kfdesk.services.procedures import files as procedure_files
from kfdesk.services.upkeep import backup, runbooks
from kfdesk.services.upkeep.update import update_program
from kfdesk.storage import key_slots

GOLDEN = FOLDER / "services.md"
WHO = Credentials("EV", "sex helt vanliga ord till prov")
ME, OTHER = "QQ", "EV"
MACHINE = Environment(cost=key_slots.MIN_COST)
_SHEETS = ((("0000", "7"),), app.language("sv"), 0.2)
_LIST = {"list.csv": b"name\nHuset\n"}
_PREVIEW = files.ContactImportPreview((), ParsedFile())
_STARTER = starter_lists.StarterList(starter_lists.StarterKind.MISSIONS, "", "", "", ())
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


def _within(desk: Session, work: Callable[..., object], *given: object) -> object:
    """Call a part of a service that needs a transaction around it."""
    with desk.store.transaction():
        return work(desk, *given)


def _form(at: At) -> drafts.FormState:
    return drafts.FormState("leg", {"carrier": "Påhittad"}, parent=at.plan)


def _consent_form(at: At) -> drafts.FormState:
    return drafts.FormState("consent", {"purpose": "case_management"}, parent=at.client)


def _done(at: At) -> Saved:
    return Saved(frozenset({"leg"}), frozenset({at.leg}))


def _agreed() -> consents.VitalInterestsDecision:
    groups = ("identity", "contact")
    return consents.VitalInterestsDecision("case_management", make.PARTNER, groups)


def _holder(desk: Session, at: At) -> object:
    seen = {(desk.user, at.plan): desk.milliseconds}  # the page is a means here, no act of anybody
    whole = replace(desk, roles=frozenset(Role), viewed=seen)
    return notices.holder_under_consent(desk, plans.open_plan(whole, at.plan), at.consent)


def _mapping(desk: Session, at: At) -> runs.RunMapping:
    head = view(records.require_record(desk, at.cooperation), Cooperation)
    version = cast("Any", SimpleNamespace(view=SimpleNamespace(rid=at.procedure)))
    return runs.RunMapping(head, version, (), (), ())


_TOLD = (Translation("sv", "Hon bor hos sin syster"),)
_KEYS = frozenset({"carrier"})
_LOOKED_AT = cast(
    "import_review.ImportReview", SimpleNamespace(taken=SimpleNamespace(digest=b"", is_own=False))
)


def _paper(rid: bytes) -> PaperRequest:
    return PaperRequest(PaperName.FIGURE_TABLE, rid, "en")


_ROLES = (Role.CASE_MANAGER,)
_ASKED = releases.FigureQuestion("returned", FigurePeriod.parse("2001"))
_TAKEN = cast(
    "Any", SimpleNamespace(organisation=b"", envelope=SimpleNamespace(epoch=b"", sequence=1))
)
_SHEET = case_import.CaseImportPreview((), (), 0, SheetRows((), "utf-8", is_sure=True))
_TERMS = partners.PartnerTerms(is_third_country=False)
_PARTNER = Partner(make.PARTNER, "", b"", b"", PartnerState.VERIFIED, is_third_country=False)
OF_CASES: Mapping[str, Call] = {
    "figures.case_data.preview_case_data": lambda d, at: case_data.preview_case_data(
        d, at.plan, at.organisation
    ),
    "figures.case_data.export_case_data": lambda d, at: case_data.export_case_data(
        d, [at.plan], at.organisation, at.folder / "case.csv"
    ),
    "figures.case_data.list_receiving_organisations": (
        lambda d, at: case_data.list_receiving_organisations(d)
    ),
    "figures.case_data.list_case_data": lambda d, at: case_data.list_case_data(d, at.organisation),
    "figures.case_import.preview_case_import": lambda d, _: case_import.preview_case_import(
        d, b"prs_FirstName\nVera\n"
    ),
    "figures.case_import.import_cases": lambda d, _: case_import.import_cases(d, _SHEET),
    "plans.aftercare.read_local_contacts": lambda d, at: aftercare.read_local_contacts(d, at.plan),
    "plans.aftercare.create_referral": lambda d, at: aftercare.create_referral(d, at.service),
    "plans.retention.set_legal_hold": lambda d, at: retention.set_legal_hold(
        d, at.plan, "Förhandling"
    ),
    "plans.retention.lift_legal_hold": lambda d, at: retention.lift_legal_hold(d, at.plan),
    "plans.retention.preview_erasure": lambda d, at: retention.preview_erasure(d, at.client),
    "plans.aftercare.schedule_follow_ups": lambda d, at: aftercare.schedule_follow_ups(
        d, at.plan, (FollowUpProposal(90, date(2027, 3, 1), 10),)
    ),
    "plans.aftercare.refuse_follow_up": lambda d, at: aftercare.refuse_follow_up(d, at.follow_up),
    "plans.aftercare.reassign_follow_ups": lambda d, at: aftercare.reassign_follow_ups(
        d, (at.follow_up,), "EV"
    ),
    "plans.case.add_attachment_file": lambda d, at: case.add_attachment_file(
        d, at.plan, _text_file(at.folder)
    ),
    "plans.case.add_attachment": lambda d, at: case.add_attachment_file(
        d, at.plan, _text_file(at.folder)
    ),
    "plans.case.read_attachment": lambda d, at: case.read_attachment(d, at.attachment),
    "plans.case.preview_attachment": lambda d, at: case.preview_attachment(
        d, at.attachment, 0, 100
    ),
    "plans.case.remove_attachment": lambda d, at: case.remove_attachment(d, at.attachment),
    "plans.together.read_together": lambda d, at: together.read_together(d, at.plan),
    "plans.together.together_candidates": lambda d, at: together.together_candidates(d, at.plan),
    "plans.together.join_plans": lambda d, at: together.join_plans(d, at.plan, at.plan),
    "plans.together.part_plans": lambda d, at: together.part_plans(d, at.plan),
    "plans.journey.read_journey": lambda d, at: journey.read_journey(d, at.plan),
    "plans.journey.answer_departure_check": lambda d, at: journey.answer_departure_check(
        d, at.plan, "wish", journey.CheckAnswer.OPEN
    ),
    "plans.journey.record_unanswered_call": lambda d, at: journey.record_unanswered_call(
        d, at.help_number
    ),
    "plans.journey.record_test_call": lambda d, at: journey.record_test_call(
        d, at.help_number, make.STOCKHOLM
    ),
    "plans.journey.add_leg": lambda d, at: journey.add_leg(d, at.plan),
    "plans.journey.move_leg": lambda d, at: journey.move_leg(d, at.plan, at.leg, 1),
    "plans.risk.read_risks": lambda d, at: risk.read_risks(d, at.plan),
    "plans.risk.create_risk_assessment": lambda d, at: risk.create_risk_assessment(d, at.plan),
    "plans.risk.answer_risk_items": lambda d, at: risk.answer_risk_items(
        d, at.risk_assessment, "health", {"pregnancy": RiskItem(ItemAnswer.NOT_SO)}
    ),
    "plans.risk.answer_risk_theme": lambda d, at: risk.answer_risk_theme(
        d, at.risk_assessment, "health", ThemeAnswer.NOTHING
    ),
    "plans.case.save_note": lambda d, at: case.save_note(
        d, d.new_id(), drafts.FormState("note", {}, parent=at.plan), frozenset({"content"})
    ),
    "plans.case.set_task_done": lambda d, at: case.set_task_done(d, at.task, is_done=True),
    "procedures.runs.read_run": lambda d, at: runs.read_run(d, at.plan),
    "procedures.runs.read_upcoming": lambda d, at: runs.read_upcoming(d, at.plan),
    "procedures.runs.propose_more_steps": lambda d, at: runs.propose_more_steps(d, at.cooperation),
    "procedures.runs.add_steps": lambda d, at: runs.add_steps(d, at.cooperation, ()),
    "procedures.runs.add_decided_step": lambda d, at: runs.add_decided_step(
        d, at.conference_decision, _TOLD
    ),
    "procedures.runs.propose_steps": lambda d, at: runs.propose_steps(d, at.plan, at.procedure),
    "procedures.runs.start_run": lambda d, at: runs.start_run(d, at.plan, at.procedure),
    "procedures.runs.close_run": lambda d, at: runs.close_run(d, at.cooperation),
    "procedures.runs.reopen_run": lambda d, at: runs.reopen_run(d, at.cooperation),
    "procedures.runs.change_step": lambda d, at: runs.change_step(
        d, at.cooperation_step, "accepted"
    ),
    "procedures.runs.finish_step": lambda d, at: runs.finish_step(d, at.cooperation_step),
    "procedures.runs.skip_step": lambda d, at: runs.skip_step(d, at.cooperation_step, _TOLD),
    "procedures.runs.reopen_step": lambda d, at: runs.reopen_step(d, at.cooperation_step),
    "procedures.runs.set_clock": lambda d, at: runs.set_clock(d, at.cooperation_step, None),
    "procedures.runs.prolong_step": lambda d, at: runs.prolong_step(d, at.cooperation_step, None),
    "procedures.runs.preview_go_over": lambda d, at: runs.preview_go_over(
        d, at.cooperation, at.procedure
    ),
    "procedures.runs.go_over": lambda d, at: runs.go_over(d, _mapping(d, at)),
    "core.drafts.save_partial": lambda d, at: drafts.save_partial(d, at.leg, _form(at), _KEYS),
    "plans.consents.read_consent_terms": lambda d, at: consents.read_consent_terms(d, at.client),
    "plans.consents.read_consent_recipient": lambda d, at: consents.read_consent_recipient(
        d, at.client, d.identity.organisation.hex()
    ),
    "plans.consents.record_consent": lambda d, at: consents.record_consent(
        d, d.new_id(), _consent_form(at)
    ),
    "plans.consents.record_vital_interests": lambda d, at: consents.record_vital_interests(
        d, d.new_id(), _consent_form(at)
    ),
    "plans.consents.record_client_informed": lambda d, at: consents.record_client_informed(
        d, at.vital
    ),
    "plans.journey.put_leg_events": lambda d, at: _within(
        d, journey.put_leg_events, (journey.LegUpdate(at.leg, journey.LegEvent.DEPARTED),)
    ),
    "plans.journey.put_taken_back": lambda d, at: _within(
        d, journey.put_taken_back, at.leg, journey.LegEvent.CHECK_IN
    ),
    "workflow.record_journey": lambda d, at: workflow.record_journey(
        d, (journey.LegUpdate(at.leg, journey.LegEvent.DEPARTED),)
    ),
    "workflow.take_back_journey": lambda d, at: workflow.take_back_journey(
        d, at.leg, journey.LegEvent.CHECK_IN
    ),
    "core.records.put_values": lambda d, at: _within(
        d, records.put_values, at.leg, {"carrier": "Påhittad"}
    ),
    "plans.journey.replace_leg": lambda d, at: journey.replace_leg(d, at.leg, {}),
    "workflow.request_approval": lambda d, at: workflow.request_approval(d, at.plan, "decision"),
    "workflow.approve": lambda d, at: workflow.approve(d, at.plan, "decision"),
    "plans.consents.withdraw_consent": lambda d, at: consents.withdraw_consent(d, at.consent),
    "plans.consents.decide_vital_interests": lambda d, at: consents.decide_vital_interests(
        d, at.client, _agreed(), "Påhittat skäl"
    ),
    "plans.consents.confirm_vital_interests": lambda d, at: consents.confirm_vital_interests(
        d, at.vital
    ),
    "plans.plans.read_case_context": lambda d, at: plans.read_case_context(d, at.plan),
    "workflow.read_pending_approvals": lambda d, at: workflow.read_pending_approvals(d, at.plan),
    "workflow.read_standing": lambda d, at: workflow.read_standing(d, at.plan),
    "workflow.move_plan": lambda d, at: workflow.move_plan(d, at.plan, "travelling"),
    "workflow.reopen_plan": lambda d, at: workflow.reopen_plan(d, at.plan),
    "exchange.notices.preview_withdrawal": lambda d, at: notices.preview_withdrawal(
        d, at.plan, at.consent
    ),
    "exchange.notices.holder_under_consent": _holder,
    "core.drafts.finish_draft": lambda d, at: drafts.finish_draft(d, at.leg),
    "exchange.transfer.prepare_bundle": lambda d, at: transfer.prepare_bundle(
        d, at.plan, make.PARTNER
    ),
    "exchange.transfer.send_bundle": lambda d, at: transfer.send_bundle(
        d, at.plan, make.PARTNER, at.folder
    ),
    "core.history.read_record_history": lambda d, at: history.read_record_history(d, at.leg),
    "exchange.erasure.erase_client": lambda d, at: erasure.erase_client(
        d, at.client, ErasureReason.CLIENT_REQUEST
    ),
    "client_erasure.read_erasure_terms": lambda d, at: client_erasure.read_erasure_terms(
        d, at.client
    ),
    "client_erasure.record_erasure_wish": lambda d, at: client_erasure.record_erasure_wish(
        d, at.client, date(2026, 1, 1)
    ),
    "client_erasure.take_back_erasure_wish": lambda d, at: client_erasure.take_back_erasure_wish(
        d, at.client
    ),
    "client_erasure.list_erasure_waits": lambda d, _: client_erasure.list_erasure_waits(d),
    "client_erasure.carry_out_erasure": lambda d, at: client_erasure.carry_out_erasure(
        d, at.client, ErasureReason.CLIENT_REQUEST, client_erasure.ErasureProof(WRONG)
    ),
    "client_erasure.erase_as_asked": lambda d, _: client_erasure.erase_as_asked(
        d, make.PARTNER, [], client_erasure.ErasureProof(WRONG)
    ),
    "papers.production.offered_papers": lambda d, _: production.offered_papers(d),
    "papers.production.list_paper_subjects": lambda d, _: production.list_paper_subjects(
        d, PaperName.TRAVELLERS_SHEET
    ),
    "papers.production.list_copies": lambda d, _: production.list_copies(d),
    "papers.production.set_copy_state": lambda d, at: production.set_copy_state(
        d, at.paper_copy, "returned"
    ),
    "papers.production.set_copy_states": lambda d, at: production.set_copy_states(
        d, (at.paper_copy,), "returned"
    ),
    "papers.client_papers.understood_languages": lambda d, at: understood_languages(
        d, records.require_record(d, at.plan)
    ),
    "papers.kinds.require_paper": lambda d, at: require_paper(d, sheet(at.plan)),
    "papers.kinds.paper_texts": lambda d, _: paper_texts(d, PaperName.CONSENT_FORM),
    "papers.production.make_paper": lambda d, at: production.make_paper(d, sheet(at.plan, "sv")),
    "papers.production.paper_refusals": lambda d, at: production.paper_refusals(
        d, sheet(at.plan, "sv")
    ),
    "papers.production.print_paper": lambda d, at: production.print_paper(
        d, sheet(at.plan, "sv"), lambda _pdf: True
    ),
    "papers.production.save_paper": lambda d, at: production.save_paper(
        d, sheet(at.plan, "sv"), at.folder / "sheet.pdf"
    ),
    "papers.production.preview_pages": lambda d, at: production.preview_pages(
        d, sheet(at.plan, "sv"), 0.2
    ),
    "papers.production.check_paper": lambda d, at: production.check_paper(d, sheet(at.plan, "sv")),
    "papers.production.override_names": lambda d, at: production.override_names(
        d, sheet(at.plan, "sv"), Credentials("AU", "x"), ""
    ),
    "papers.production.paper_obstacles": lambda d, at: production.paper_obstacles(
        d, sheet(at.plan, "sv")
    ),
    "papers.production.plan_of_paper": lambda d, at: production.plan_of_paper(d, at.plan),
    "papers.letters.prepare_letter": lambda d, at: prepare_letter(
        d, at.plan, LetterRequest("health_care", make.PARTNER)
    ),
    "papers.production.client_language": lambda d, at: production.client_language(
        d, at.plan, ("sv",)
    ),
    "plans.plans.open_plan": lambda d, at: plans.open_plan(d, at.plan),
    "plans.plans.load_case": lambda d, at: plans.load_case(d, at.plan),
    "plans.plans.visible_case": lambda d, at: plans.visible_case(d, at.plan),
    "core.records.read_record": lambda d, at: records.read_record(d, at.note),
    "core.records.require_readable": lambda d, at: records.require_readable(d, at.note),
    "core.records.create_record": lambda d, at: records.create_record(
        d, RECORD_TYPES["leg"].cls, {}, at.plan
    ),
    "core.records.add_record": lambda d, at: records.add_record(d, "leg", {}, at.plan),
    "core.records.change_record": lambda d, at: records.change_record(d, at.leg, {"carrier": "X"}),
    "core.records.change_records": lambda d, at: records.change_records(
        d, ((at.leg, {"carrier": "X"}, None),)
    ),
    "core.records.delete_record": lambda d, at: records.delete_record(d, at.leg),
    "core.records.restore_record": lambda d, at: records.restore_record(d, at.leg),
    "core.records.restore_records": lambda d, at: records.restore_records(d, (at.leg,)),
    "core.records.undo": lambda d, at: records.undo(d, _done(at)),
    "core.records.undo_all": lambda d, at: records.undo_all(d, (_done(at),)),
}
"""Services that are about one case, called for one's own and for another's."""

OF_THE_DESK: Mapping[str, Call] = {
    "plans.aftercare.list_follow_ups": lambda d, _: aftercare.list_follow_ups(d),
    "directory.duplicates.find_matching_organisation": lambda d, _: (
        duplicates.find_matching_organisation(d, make.PARTNER)
    ),
    "plans.aftercare.list_concerns": lambda d, _: aftercare.list_concerns(d),
    "directory.duplicates.find_local_entry": lambda d, _: duplicates.find_local_entry(
        d, make.PARTNER
    ),
    "directory.duplicates.merge_organisations": lambda d, _: duplicates.merge_organisations(
        d, make.PARTNER, make.PARTNER
    ),
    "plans.case.move_plans_to_bin": lambda d, at: case.move_plans_to_bin(d, (at.plan,)),
    "core.records.delete_records": lambda d, at: records.delete_records(d, ((at.leg, None),)),
    "plans.case.create_plan": lambda d, _: case.create_plan(d, {}),
    "plans.case.import_plans": lambda d, _: case.import_plans(d, ()),
    "plans.case.new_client_code": lambda d, _: case.new_client_code(d),
    "plans.journey.read_alarms": lambda d, _: journey.read_alarms(d),
    "exchange.notices.notices_due": lambda d, _: notices.notices_due(d),
    "exchange.notices.notices_to_send": lambda d, _: notices.notices_to_send(d, make.PARTNER),
    "exchange.notices.withdrawal_call_list": lambda d, _: notices.withdrawal_call_list(d),
    "exchange.notices.count_notices_due": lambda d, _: notices.count_notices_due(d),
    "exchange.notices.owes_answer": lambda d, _: notices.owes_answer(d, make.PARTNER),
    "exchange.notices.list_received_withdrawals": lambda d, _: notices.list_received_withdrawals(d),
    "exchange.notices.mark_withdrawals_seen": lambda d, _: notices.mark_withdrawals_seen(d),
    "exchange.transfer.prepare_full_sync": lambda d, _: transfer.prepare_full_sync(d, make.PARTNER),
    "exchange.transfer.send_full_sync": lambda d, at: transfer.send_full_sync(
        d, make.PARTNER, at.folder
    ),
    "exchange.transfer.prepare_common": lambda d, _: transfer.prepare_common(d, make.PARTNER),
    "exchange.transfer.count_common": lambda d, _: transfer.count_common(d, make.PARTNER),
    "exchange.transfer.send_common": lambda d, at: transfer.send_common(d, make.PARTNER, at.folder),
    "network.work.read_work": lambda d, _: work.read_work(d),
    "network.work.list_open_decisions": lambda d, _: work.list_open_decisions(d),
    "network.work.list_ending_agreements": lambda d, _: work.list_ending_agreements(d),
    "network.work.read_members": lambda d, _: work.read_members(d, make.PARTNER),
    "network.work.name_transfer_tool": lambda d, _: work.name_transfer_tool(d, make.PARTNER, None),
    "network.work.list_tool_candidates": lambda d, _: work.list_tool_candidates(d, make.PARTNER),
    "network.reports.report_activities": lambda d, _: reports.report_activities(
        d, reports.ActivityQuery()
    ),
    "network.reports.save_activities": lambda d, at: reports.save_activities(
        d, reports.ActivityQuery(), at.folder / "activities.csv", "sv"
    ),
    "network.news.read_news": lambda d, _: news.read_news(d, make.PARTNER),
    "network.news.list_news": lambda d, _: news.list_news(d),
    "network.news.list_arrived": lambda d, _: news.list_arrived(d),
    "papers.network_papers.meeting_subjects": lambda d, _: (*network_papers.meeting_subjects(d),),
    "papers.network_papers.network_subjects": lambda d, _: (*network_papers.network_subjects(d),),
    "papers.network_papers.news_language": lambda d, _: network_papers.news_language(
        d, records.require_record(d, d.identity.organisation)
    ),
    "papers.network_papers.news_subjects": lambda d, _: (*network_papers.news_subjects(d),),
    "papers.network_papers.news_obstacles": lambda d, _: (
        *network_papers.news_obstacles(d, PaperRequest(PaperName.NETWORK_NEWS, make.PARTNER, "sv")),
    ),
    "directory.networks.list_networks": lambda d, _: networks.list_networks(d),
    "directory.networks.share_in_network": lambda d, _: networks.share_in_network(
        d, make.PARTNER, ()
    ),
    "directory.networks.add_member": lambda d, _: networks.add_member(
        d, make.PARTNER, make.PARTNER, "member"
    ),
    "directory.networks.end_membership": lambda d, _: networks.end_membership(
        d, make.PARTNER, make.PARTNER
    ),
    "directory.networks.find_same_network": lambda d, _: networks.find_same_network(
        d, make.PARTNER
    ),
    "directory.duplicates.are_distinct": lambda d, _: duplicates.are_distinct(
        d, make.PARTNER, make.THIRD
    ),
    "directory.networks.join_networks": lambda d, _: networks.join_networks(
        d, make.PARTNER, make.THIRD
    ),
    "directory.networks.suggest_change": lambda d, _: networks.suggest_change(
        d, make.PARTNER, "hours", "9-17"
    ),
    "directory.networks.list_suggestions": lambda d, _: networks.list_suggestions(d),
    "directory.networks.take_suggestion": lambda d, _: networks.take_suggestion(d, make.PARTNER),
    "directory.networks.decline_suggestion": lambda d, _: networks.decline_suggestion(
        d, make.PARTNER
    ),
    "directory.checks.record_check": lambda d, _: checks.record_check(
        d, make.PARTNER, "call", "right"
    ),
    "directory.checks.newest_checks": lambda d, _: checks.newest_checks(d, (make.PARTNER,)),
    "exchange.transfer.prepare_notices": lambda d, _: transfer.prepare_notices(d, make.PARTNER),
    "exchange.transfer.send_notices": lambda d, at: transfer.send_notices(
        d, make.PARTNER, at.folder
    ),
    "directory.entries.list_directory": lambda d, _: entries.list_directory(d),
    "directory.entries.read_entry": lambda d, _: entries.read_entry(d, make.ESCORT),
    "directory.entries.read_lines": lambda d, _: entries.read_lines(d, (make.ESCORT,)),
    "directory.entries.read_with_phones": lambda d, _: entries.read_with_phones(d, (make.ESCORT,)),
    "directory.entries.set_entry_class": lambda d, _: entries.set_entry_class(
        d, make.ESCORT, "public"
    ),
    "directory.entries.delete_entry": lambda d, _: entries.delete_entry(d, make.ESCORT),
    "directory.entries.delete_entries": lambda d, _: entries.delete_entries(d, (make.ESCORT,)),
    "directory.files.preview_contact_import": lambda d, _: files.preview_contact_import(
        d, _LIST, ParseOptions()
    ),
    "directory.files.preview_parsed_contacts": lambda d, _: files.preview_parsed_contacts(
        d, ParsedFile()
    ),
    "directory.starter_lists.read_starter_lists": lambda d, at: starter_lists.read_starter_lists(
        d, at.folder, ENGLISH
    ),
    "directory.starter_lists.preview_starter_list": (
        lambda d, _: starter_lists.preview_starter_list(d, _STARTER)
    ),
    "directory.files.import_contacts": lambda d, _: files.import_contacts(
        d, _PREVIEW, files.ImportChoices()
    ),
    "directory.duplicates.find_duplicates": lambda d, _: duplicates.find_duplicates(d, 5),
    "directory.duplicates.merge_duplicates": lambda d, _: duplicates.merge_duplicates(
        d, make.ESCORT, make.PARTNER, ()
    ),
    "directory.duplicates.mark_distinct": lambda d, _: duplicates.mark_distinct(
        d, make.ESCORT, make.PARTNER, are_two=True
    ),
    "book.articles.read_book": lambda d, _: articles.read_book(d),
    "book.articles.read_article": lambda d, at: articles.read_article(d, at.article),
    "book.articles.read_text": lambda d, at: articles.read_text(d, at.article_text),
    "book.articles.begin_article": lambda d, _: articles.begin_article(d, "sv", "Påhittad"),
    "book.articles.begin_text": lambda d, at: articles.begin_text(d, at.article, "ru"),
    "book.articles.mark_translated": lambda d, at: articles.mark_translated(d, at.article_text),
    "book.articles.adopt_text": lambda d, at: articles.adopt_text(d, at.article_text),
    "book.articles.set_article_status": lambda d, at: articles.set_article_status(
        d, at.article, "retired"
    ),
    "book.articles.delete_article": lambda d, at: articles.delete_article(d, at.article),
    "book.articles.read_torn_text": lambda d, at: articles.read_torn_text(d, at.article_text),
    "book.articles.join_articles": lambda d, at: articles.join_articles(d, at.article, b"x" * 16),
    "book.articles.join_texts": lambda d, at: articles.join_texts(d, at.article),
    "book.articles.find_helpers": lambda d, at: articles.find_helpers(
        d,
        cast("Any", SimpleNamespace(record=SimpleNamespace(tags=()))),
        ENGLISH,
        articles.OfferFilter(),
    ),
    "book.links.read_plan_articles": lambda d, _: book_links.read_plan_articles(d),
    "book.links.list_links": lambda d, at: book_links.list_links(d, at.article, ENGLISH),
    "book.links.list_link_choices": lambda d, at: book_links.list_link_choices(
        d, at.article, ENGLISH
    ),
    "book.versions.read_versions": lambda d, at: book_versions.read_versions(
        d, *_article_and_text(d, at.article_text)
    ),
    "book.files.shipped_book": lambda d, _: book_files.shipped_book(d),
    "book.files.preview_book": lambda d, _: book_files.preview_book(d, {}),
    "book.files.import_book": lambda d, _: book_files.import_book(d, book_files.BookPreview(())),
    "book.files.export_folder": lambda d, at: book_files.export_folder(d, at.folder / "book"),
    "book.files.export_file": lambda d, at: book_files.export_file(
        d, at.folder / "book.html", book_files.BookFormat.HTML, ENGLISH
    ),
    "book.files.make_edition": lambda d, _: book_files.make_edition(d, ENGLISH, "1"),
    "papers.figure_papers.gather_figure_table": lambda d, at: figure_papers.gather_figure_table(
        d, _paper(at.figure_release)
    ),
    "papers.figure_papers.figure_table_obstacles": lambda d, at: list(
        figure_papers.figure_table_obstacles(d, _paper(at.figure_release))
    ),
    "papers.figure_papers.gather_year_report": lambda d, at: figure_papers.gather_year_report(
        d, _paper(at.publication)
    ),
    "papers.figure_papers.year_report_obstacles": lambda d, at: list(
        figure_papers.year_report_obstacles(d, _paper(at.publication))
    ),
    "papers.figure_papers.year_report_warnings": lambda d, at: list(
        figure_papers.year_report_warnings(d, _paper(at.publication))
    ),
    "papers.figure_papers.report_lines": lambda d, _: figure_papers.report_lines(d, 2025, "en"),
    "figures.populations.read_counted_store": lambda d, _: populations.read_counted_store(d),
    "figures.releases.preview_figures": lambda d, _: releases.preview_figures(d, _ASKED),
    "figures.releases.freeze_release": lambda d, _: releases.freeze_release(d, _ASKED),
    "figures.releases.list_releases": lambda d, _: releases.list_releases(d),
    "figures.releases.list_own_releases": lambda d, _: releases.list_own_releases(d),
    "figures.releases.read_release": lambda d, at: releases.read_release(d, at.figure_release),
    "figures.releases.attack_figures": lambda d, at: releases.attack_figures(d, at.figure_release),
    "figures.releases.put_release": lambda d, _: releases.put_release(
        d, _ASKED, SafeFigures(0), {}
    ),
    "figures.sums.list_sums": lambda d, _: sums.list_sums(d),
    "figures.sums.list_waiting_sums": lambda d, _: sums.list_waiting_sums(d),
    "figures.sums.list_sum_networks": lambda d, _: sums.list_sum_networks(d),
    "figures.sums.read_sum": lambda d, at: sums.read_sum(d, at.sum_round),
    "figures.sums.begin_sum": lambda d, _: sums.begin_sum(d, b"x" * 16, _ASKED, (), date.max),
    "figures.sums.answer_sum": lambda d, at: sums.answer_sum(d, at.sum_round),
    "figures.sums.add_up": lambda d, at: sums.add_up(d, at.sum_round),
    "figures.sums.preview_sum": lambda d, at: sums.preview_sum(d, at.sum_round),
    "figures.sums.release_sum": lambda d, at: sums.release_sum(d, at.sum_round),
    "figures.sums.end_sum": lambda d, at: sums.end_sum(d, at.sum_round),
    "figures.sums.begin_again": lambda d, at: sums.begin_again(d, at.sum_round, date.max),
    "figures.files.release_csv": lambda d, at: figure_files.release_csv(
        d, at.figure_release, ENGLISH
    ),
    "figures.files.save_release": lambda d, at: figure_files.save_release(
        d, at.figure_release, ENGLISH, at.folder / "table.csv"
    ),
    "figures.ic_tip.ic_tip_csv": lambda d, at: ic_tip.ic_tip_csv(d, at.figure_release),
    "figures.ic_tip.save_ic_tip": lambda d, at: ic_tip.save_ic_tip(
        d, at.figure_release, at.folder / "table.csv"
    ),
    "figures.estimates.list_estimates": lambda d, _: estimates.list_estimates(d),
    "figures.estimates.add_estimate": lambda d, _: estimates.add_estimate(d, {}),
    "figures.estimates.change_estimate": lambda d, at: estimates.change_estimate(
        d, at.estimate, {}
    ),
    "figures.estimates.list_publications": lambda d, _: estimates.list_publications(d),
    "figures.estimates.add_publication": lambda d, _: estimates.add_publication(d, {}),
    "figures.estimates.change_publication": lambda d, at: estimates.change_publication(
        d, at.publication, {}
    ),
    "figures.estimates.delete_figure_record": lambda d, at: estimates.delete_figure_record(
        d, at.estimate
    ),
    "procedures.procedures.list_procedures": lambda d, _: procedures.list_procedures(d),
    "procedures.procedures.read_procedure": lambda d, at: procedures.read_procedure(
        d, at.procedure
    ),
    "procedures.procedures.compare_versions": lambda d, at: procedures.compare_versions(
        d, at.procedure, at.procedure
    ),
    "procedures.procedures.make_next_version": lambda d, at: procedures.make_next_version(
        d, at.procedure
    ),
    "procedures.procedures.activate_procedure": lambda d, at: procedures.activate_procedure(
        d, at.procedure
    ),
    "procedures.procedures.retire_procedure": lambda d, at: procedures.retire_procedure(
        d, at.procedure
    ),
    "calendar.read_calendar": lambda d, _: calendar.read_calendar(d),
    "calendar_export.preview_calendar_export": lambda d, _: calendar_export.preview_calendar_export(
        d
    ),
    "calendar_export.export_calendar": lambda d, at: calendar_export.export_calendar(
        d, at.folder / "calendar.ics"
    ),
    "plans.dates.list_open_tasks": lambda d, _: dates.list_open_tasks(d, ()),
    "plans.dates.list_legal_matters": lambda d, _: dates.list_legal_matters(d, ()),
    "plans.dates.list_ending_consents": lambda d, _: dates.list_ending_consents(d, ()),
    "procedures.deadlines.list_run_deadlines": lambda d, at: deadlines.list_run_deadlines(
        d, {at.plan: at.client}
    ),
    "procedures.files.stored_procedure": lambda d, at: procedure_files.stored_procedure(
        d, at.procedure
    ),
    "procedures.files.shipped_procedures": lambda d, _: procedure_files.shipped_procedures(d),
    "procedures.files.shipped_procedure": lambda d, _: procedure_files.shipped_procedure(
        d, "empty"
    ),
    "procedures.files.preview_procedure": lambda d, _: procedure_files.preview_procedure(
        d, b'{"resourceType": "PlanDefinition", "kfdesk": 1}'
    ),
    "procedures.files.import_procedure": lambda d, _: procedure_files.import_procedure(
        d, procedure_files.ProcedurePreview(ProcedureFile({}, ()), (), ())
    ),
    "procedures.files.export_procedure": lambda d, at: procedure_files.export_procedure(
        d, at.procedure, at.folder / "procedure.json"
    ),
    "directory.files.export_contacts": lambda d, at: files.export_contacts(
        d, FileKind.CSV, at.folder / "list.csv"
    ),
    "exchange.transfer.review_bundle": lambda d, at: transfer.review_bundle(d, at.folder / "none"),
    "exchange.transfer.import_bundle": lambda d, at: transfer.import_bundle(
        d, at.folder / "none", _LOOKED_AT
    ),
    "directory.search.directory_entries": lambda d, _: search.directory_entries(
        d, "dom", ENGLISH, 5
    ),
    "directory.search.read_index_slices": lambda d, _: list(search.read_index_slices(d, ENGLISH)),
    "directory.search.search_directory": lambda d, _: search.search_directory(
        d, search.DirectoryQuery("dom"), ENGLISH
    ),
    "directory.search.read_result_page": lambda d, _: search.read_result_page(d, (1,)),
    "directory.search.result_rids": lambda d, _: search.result_rids(d, search.DirectoryResult()),
    "directory.search.filter_codes": lambda d, _: search.filter_codes(d),
    "directory.search.first_entries": lambda d, _: search.first_entries(d, "organisation", 5),
    "directory.search.result_position": lambda d, _: search.result_position(
        d, search.DirectoryResult(), make.ESCORT
    ),
    "directory.search.find_same_name": lambda d, _: search.find_same_name(
        d, "contact", b"", "Karin"
    ),
    "directory.search.read_network": lambda d, _: search.read_network(d, "global", ENGLISH),
    "directory.search.quick_find": lambda d, _: search.quick_find(d, "tulpan", 5, ENGLISH),
    "core.history.read_history": lambda d, _: history.read_history(d),
    "core.history.is_audit_log_intact": lambda d, _: history.is_audit_log_intact(d),
    "core.history.read_bin": lambda d, _: history.read_bin(d),
    "core.history.set_history_days": lambda d, _: history.set_history_days(d, 90),
    "upkeep.runbooks.list_runbooks": lambda d, _: runbooks.list_runbooks(d),
    "upkeep.runbooks.start_runbook": lambda d, _: runbooks.start_runbook(d, Runbook.LOST),
    "upkeep.runbooks.complete_runbook_step": lambda d, _: runbooks.complete_runbook_step(
        d, Runbook.LOST, RunbookStep.WARN
    ),
    "upkeep.runbooks.close_runbook": lambda d, _: runbooks.close_runbook(d, Runbook.LOST),
    "upkeep.runbooks.reassign_work": lambda d, _: runbooks.reassign_work(d, "nn", "oo"),
    "upkeep.runbooks.list_affected_parties": lambda d, _: runbooks.list_affected_parties(d),
    "papers.production.breach_note_pages": lambda d, _: production.breach_note_pages(
        d, *_SHEETS[1:]
    ),
    "papers.production.save_breach_note": lambda d, at: production.save_breach_note(
        d, _SHEETS[1], at.folder / "production.pdf"
    ),
    "upkeep.backup.make_backup": lambda d, at: backup.make_backup(d, at.folder),
    "upkeep.backup.list_backups": lambda d, at: backup.list_backups(d, at.folder),
    "upkeep.backup.rehearse_restore": lambda d, at: backup.rehearse_restore(
        d, at.folder / "none", WRONG
    ),
    "upkeep.update.update_program": lambda d, at: update_program(d, at.folder / "none"),
    "upkeep.backup.finish_restore": lambda d, at: backup.finish_restore(d, at.folder, ()),
    "upkeep.backup.preview_restore": lambda d, _: backup.preview_restore(d, ()),
    "upkeep.backup.start_new_epoch": lambda d, _: backup.start_new_epoch(d, ()),
    "upkeep.backup.finish_salvage": lambda d, _: backup.finish_salvage(
        d, SalvageResult(DamageReport(1, 0), {}, {}), ()
    ),
    "exchange.erasure.list_erasure_orders": lambda d, _: erasure.list_erasure_orders(d),
    "exchange.erasure.erasure_call_list": lambda d, _: erasure.erasure_call_list(d),
    "exchange.erasure.list_erasure_requests": lambda d, _: erasure.list_erasure_requests(d),
    "exchange.erasure.answer_erasure_requests": lambda d, _: erasure.answer_erasure_requests(
        d, make.PARTNER, [b""], erases=False
    ),
    "exchange.erasure.mark_order_told": lambda d, _: erasure.mark_order_told(d, make.PARTNER, b""),
    "exchange.erased_records.list_erased": lambda d, _: erased_records.list_erased(d),
    "exchange.erased_records.count_contradictions": lambda d, _: (
        erased_records.count_contradictions(d)
    ),
    "exchange.erased_records.list_kept_out": lambda d, _: erased_records.list_kept_out(d),
    "exchange.erased_records.repair_contradictions": lambda d, _: (
        erased_records.repair_contradictions(d)
    ),
    "exchange.erased_records.take_erasure_back": lambda d, _: erased_records.take_erasure_back(
        d, b"", TakeBackReason.MISTAKE
    ),
    "exchange.disclosure_log.list_pending": lambda d, _: disclosure_log.list_pending(d, _PARTNER),
    "exchange.disclosure_log.list_pending_by_partner": lambda d, _: (
        disclosure_log.list_pending_by_partner(d, ())
    ),
    "exchange.disclosure_log.last_destination": lambda d, _: disclosure_log.last_destination(
        d, make.PARTNER
    ),
    "exchange.outbox.request_resend": lambda d, _: outbox.request_resend(d, make.PARTNER),
    "exchange.partners.rotate_signing_key": lambda d, _: partners.rotate_signing_key(
        d, is_stolen=False
    ),
    "exchange.partners.rotate_encryption_key": lambda d, _: partners.rotate_encryption_key(d),
    "exchange.partners.warn_partners_of": lambda d, _: partners.warn_partners_of(d, make.PARTNER),
    "exchange.partners.offered_card": lambda d, _: partners.offered_card(d, make.PARTNER),
    "exchange.partners.offered_digits": lambda d, _: partners.offered_digits(d, make.PARTNER),
    "exchange.partners.accept_card": lambda d, _: partners.accept_card(d, make.PARTNER, "1"),
    "exchange.notices.record_withdrawal_call": lambda d, _: notices.record_withdrawal_call(
        d, b"", b""
    ),
    "exchange.import_review.list_undoable_imports": lambda d, _: (
        import_review.list_undoable_imports(d)
    ),
    "exchange.import_review.undo_import": lambda d, _: import_review.undo_import(d, b""),
    "exchange.partners.list_partners": lambda d, _: partners.list_partners(d),
    "exchange.partners.our_card": lambda d, _: partners.our_card(d),
    "exchange.partners.save_own_card": lambda d, at: partners.save_own_card(d, at.folder / "card"),
    "exchange.partners.preview_card": lambda d, at: partners.preview_card(d, at.folder / "none"),
    "exchange.copied_store.preview_invited": lambda d, at: copied_store.preview_invited(
        d, at.folder / "none"
    ),
    "exchange.copied_store.separate_copy": lambda d, at: copied_store.separate_copy(
        d, at.folder / "none"
    ),
    "exchange.partners.add_partner": lambda d, _: partners.add_partner(d, b"", _TERMS),
    "exchange.partners.find_partner": lambda d, _: partners.find_partner(d, make.PARTNER),
    "exchange.partners.verification_digits": lambda d, _: partners.verification_digits(
        d, make.PARTNER
    ),
    "exchange.partners.suspend_partner": lambda d, _: partners.suspend_partner(d, make.PARTNER),
    "exchange.partners.resume_partner": lambda d, _: partners.resume_partner(d, make.PARTNER),
    "exchange.partners.revoke_partner": lambda d, _: partners.revoke_partner(d, make.PARTNER),
    "exchange.transfer.scan_for_files": lambda d, _: transfer.scan_for_files(d),
    "exchange.transfer.preview_files": lambda d, at: transfer.preview_files(
        d, (at.folder / "none",)
    ),
    "exchange.transfer.import_files": lambda d, _: transfer.import_files(d, ()),
    "exchange.transfer.missing_before": lambda d, _: transfer.missing_before(d, _TAKEN),
    "exchange.import_review.conflict_choices": lambda d, _: import_review.conflict_choices(
        d, make.row("leg"), make.row("leg")
    ),
    "exchange.import_review.apply_decisions": lambda d, at: import_review.apply_decisions(
        d, {(at.plan, "code_word"): b""}
    ),
    "exchange.invitations.create_invitation": lambda d, at: invitations.create_invitation(
        d, at.folder, app.language("sv"), has_program=True
    ),
    "exchange.invitations.accept_invitation": lambda d, at: invitations.accept_invitation(
        d, at.folder / "none"
    ),
    "exchange.partners.verify_partner": lambda d, _: partners.verify_partner(d, make.PARTNER, "1"),
    "plans.plans.readable_plans": lambda d, _: plans.readable_plans(d, ()),
    "plans.plans.list_chosen_plans": lambda d, _: plans.list_chosen_plans(d, ()),
    "plans.plans.list_ended_plans": lambda d, _: plans.list_ended_plans(d),
    "plans.plans.list_current_plans": lambda d, _: plans.list_current_plans(d),
    "plans.plans.list_plans": lambda d, _: plans.list_plans(d),
    "plans.emergency_access.list_locked_plans": lambda d, _: emergency_access.list_locked_plans(d),
    "plans.emergency_access.read_locked_plan": lambda d, at: emergency_access.read_locked_plan(
        d, at.plan
    ),
    "plans.emergency_access.open_with_reason": lambda d, at: emergency_access.open_with_reason(
        d, at.plan, "Natt"
    ),
    "plans.emergency_access.list_break_glass_accesses": lambda d, _: (
        emergency_access.list_break_glass_accesses(d)
    ),
    "plans.emergency_access.mark_accesses_seen": lambda d, _: emergency_access.mark_accesses_seen(
        d
    ),
    "accounts.check_passphrase": lambda d, _: accounts.check_passphrase(d, "nn", WRONG),
    "accounts.rekey_store": lambda d, _: accounts.rekey_store(d, WRONG, {}),
    "accounts.add_user": lambda d, _: accounts.add_user(d, WRONG, "nn", WRONG, _ROLES),
    "accounts.set_roles": lambda d, _: accounts.set_roles(d, "nn", _ROLES),
    "accounts.remove_user": lambda d, _: accounts.remove_user(d, "nn"),
    "accounts.set_recovery_key": lambda d, _: accounts.set_recovery_key(d, WRONG, "no key"),
    "accounts.preview_key_sheets": lambda d, _: accounts.preview_key_sheets(d, *_SHEETS),
    "accounts.print_key_sheets": lambda d, _: accounts.print_key_sheets(d, *_SHEETS),
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
        """Return the session of QQ in these roles."""
        return replace(self.desk, user=ME, roles=frozenset(roles), opened=set())

    def may(self, name: str, role: Role, at: At) -> bool:
        """Return whether a call passes the gate, whatever comes of it then."""
        try:
            with suppress(FileNotFoundError):
                CALLS[name](self.before(role), at)
        except KfdeskError as fault:
            return fault.code != "user.not_allowed"
        return True

    def cell(self, name: str, role: Role) -> str:
        """Return what the golden table shows of it."""
        if name in OF_THE_DESK:
            return "●" if self.may(name, role, self.theirs) else "–"
        if self.may(name, role, self.theirs):
            return "●"
        return "own" if self.may(name, role, self.mine) else "–"


def make_store(folder: Path) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    """Create a store in `folder` with both cases, close it, and return their ids."""
    desk = store_lifecycle.create_store(folder, "Nordhuset", WHO, MACHINE)
    with desk.store.transaction():
        for record_type in ("organisation", "contact", "phone"):
            desk.store.put(make.row(record_type, custodian=desk.identity.organisation))
        mine, theirs = _enter(desk, ME), _enter(desk, OTHER)
    for rids in (mine, theirs):
        drafts.save_draft(replace(desk, user=ME), rids["leg"], _form(At(rids, folder)))
    desk.store.close()
    return mine, theirs


@contextmanager
def opened(folder: Path, cases: tuple[Mapping[str, bytes], Mapping[str, bytes]]) -> Iterator[World]:
    """Yield the store in `folder`, open, with a folder for files beside it."""
    beside = folder.with_name(f"{folder.name}-files")
    beside.mkdir(exist_ok=True)
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    try:
        yield World(desk, At(cases[0], beside), At(cases[1], beside))
    finally:
        desk.store.close()


def _enter(desk: Session, owner: str) -> Mapping[str, bytes]:
    """One case of `owner`, a record of every type, and a decision in her vital interests."""
    rids = {name: make.named_id(f"{owner} {name}") for name in (*RECORD_TYPES, "vital")}
    for name in make.PARENTS.keys() - {"phone"} | {"client", *FIGURE_TYPES}:
        values = dict(make.FILLED[name])
        if name == "plan":
            values |= {"owner": owner, "legal_hold": None}
        if name == "client":
            values |= {"code": "tulpan-47" if owner == ME else "sippa-12"}
        places = {"client": make.HER, "plan": make.PLAN}
        for kind in ("risk_assessment", "procedure", "cooperation", "article", "case_conference"):
            places[kind] = make.named_id(kind)
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


def _article_and_text(desk: Session, rid: bytes) -> tuple[articles.BookArticle, articles.BookText]:
    details, text = articles.read_text(desk, rid)
    return details.article, text


def _text_file(folder: Path) -> Path:
    path = folder / "note.txt"
    path.write_text("påhittat")
    return path


def line(name: str, template: Path, cases: tuple[Mapping[str, bytes], Mapping[str, bytes]]) -> str:
    """Return the line of a service as it is now, each role on a fresh copy of the store."""
    cells = []
    for number, role in enumerate(Role):
        copy = template.with_name(f"{name}-{number}")
        shutil.copytree(template, copy)
        with opened(copy, cases) as world:
            cells.append(world.cell(name, role))
        shutil.rmtree(copy)
    return f"| {name} | {' | '.join(cells)} |"


def update(names: Collection[str]) -> str:
    """Return the golden table with new lines for these services and for unknown ones."""
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
