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

from tests import make
from tests.golden.tables import FOLDER
from tests.make import sheet

from kfdesk import app
from kfdesk.domain.after.schedule import Proposal
from kfdesk.domain.desk.erasure import ErasureReason
from kfdesk.domain.desk.exchange import Partner, PartnerState
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Credentials, Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.keeping.errands import Errand, Step
from kfdesk.domain.keeping.salvage import Damage, Salvage
from kfdesk.domain.listing.kinds import FileKind
from kfdesk.domain.listing.listed import ReadAs, Reading
from kfdesk.domain.papers.order import PaperName
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.weighing.items import Item, ItemAnswer
from kfdesk.services import directory, exchange, history, partners, plans
from kfdesk.services.access import data_key, users
from kfdesk.services.after import calling, follow_ups, supporting
from kfdesk.services.casework import (
    attachments,
    intake,
    joining,
    journey,
    legs,
    notes,
    parts,
    weighing,
)
from kfdesk.services.casework.lines import PlanLine
from kfdesk.services.course import (
    agreements,
    alarms,
    approvals,
    consents,
    situations,
    stages,
    withdrawals,
)
from kfdesk.services.desk import Desk
from kfdesk.services.finding import entries, find, networks, seek
from kfdesk.services.keeping import backup, erasure, errands, handing, retention, salvage
from kfdesk.services.listing import doubles, giving, looking, taking
from kfdesk.services.papers import copies, excusing, making, report, subjects
from kfdesk.services.papers.kinds import require_paper
from kfdesk.services.parcels import own_keys
from kfdesk.services.policy import reasons
from kfdesk.services.sharing import (
    arriving,
    asking,
    dealing,
    deciding,
    given,
    inviting,
    keys,
    notices,
    undoing,
)
from kfdesk.services.writing import drafts, records, undo
from kfdesk.services.writing.records import Done
from kfdesk.storage import slots

GOLDEN = FOLDER / "services.md"
WHO = Credentials("EV", "sex helt vanliga ord till prov")
ME, OTHER = "QQ", "EV"
MACHINE = app.Machine(cost=slots.FLOOR)
_SHEETS = ((("0000", "7"),), app.language("sv"), 0.2)
_LIST = {"list.csv": b"name\nHuset\n"}
_PREVIEW = looking.Preview((), Reading())
ENGLISH = app.language("en")
WRONG = "sex ord som inte passar alls här"


@dataclass(frozen=True, slots=True)
class At:
    """One case: the ids of its records by type, and a folder for files."""

    rids: Mapping[str, bytes]
    folder: Path

    def __getattr__(self, name: str) -> bytes:
        return self.rids[name]


Call = Callable[[Desk, Any], object]


def _form(at: At) -> drafts.Form:
    return drafts.Form("leg", {"carrier": "Påhittad"}, parent=at.plan)


def _consent_form(at: At) -> drafts.Form:
    return drafts.Form("consent", {"purpose": "case_management"}, parent=at.client)


def _done(at: At) -> Done:
    return Done(frozenset({"leg"}), frozenset({at.leg}))


def _agreed() -> consents.Agreed:
    groups = ("identity", "contact")
    return consents.Agreed("case_management", make.PARTNER, groups, "written")


def _line(at: At) -> PlanLine:
    return PlanLine(at.plan, "", "", "draft", (), 0)


def _holder(desk: Desk, at: At) -> object:
    seen = {(desk.user, at.plan): desk.milliseconds}  # the page is a means here, no act of anybody
    whole = replace(desk, roles=frozenset(Role), viewed=seen)
    return withdrawals.holder_of(desk, plans.open_plan(whole, at.plan), at.consent)


_KEYS = frozenset({"carrier"})
_LOOKED_AT = cast(
    "exchange.Review", SimpleNamespace(taken=SimpleNamespace(digest=b"", is_own=False))
)
_ROLES = (Role.CASE_MANAGER,)
_TAKEN = cast(
    "Any", SimpleNamespace(organisation=b"", envelope=SimpleNamespace(epoch=b"", sequence=1))
)
_TERMS = partners.Terms(is_third_country=False)
_PARTNER = Partner(make.PARTNER, "", b"", b"", PartnerState.VERIFIED, is_third_country=False)
OF_CASES: Mapping[str, Call] = {
    "after.calling.who_is_near": lambda d, at: calling.who_is_near(d, at.plan),
    "after.supporting.refer": lambda d, at: supporting.refer(d, at.service),
    "keeping.retention.hold": lambda d, at: retention.hold(d, at.plan, "Förhandling"),
    "keeping.retention.lift": lambda d, at: retention.lift(d, at.plan),
    "keeping.retention.what_goes": lambda d, at: retention.what_goes(d, at.client),
    "after.follow_ups.agree_times": lambda d, at: follow_ups.agree_times(
        d, at.plan, (Proposal(90, date(2027, 3, 1), 10),)
    ),
    "after.follow_ups.refuse_contact": lambda d, at: follow_ups.refuse_contact(d, at.follow_up),
    "after.follow_ups.reassign": lambda d, at: follow_ups.reassign(d, (at.follow_up,), "EV"),
    "casework.attachments.add_file": lambda d, at: attachments.add_file(
        d, at.plan, _text_file(at.folder)
    ),
    "casework.attachments.add_attachment": lambda d, at: attachments.add_file(
        d, at.plan, _text_file(at.folder)
    ),
    "casework.attachments.list_attachments": lambda d, at: attachments.list_attachments(d, at.plan),
    "casework.attachments.read_attachment": lambda d, at: attachments.read_attachment(
        d, at.attachment
    ),
    "casework.attachments.look_at_attachment": lambda d, at: attachments.look_at_attachment(
        d, at.attachment, 0, 100
    ),
    "casework.attachments.remove_attachment": lambda d, at: attachments.remove_attachment(
        d, at.attachment
    ),
    "casework.journey.read_journey": lambda d, at: journey.read_journey(d, at.plan),
    "casework.journey.answer_check": lambda d, at: journey.answer_check(
        d, at.plan, "wish", journey.Answered.OPEN
    ),
    "casework.journey.call_tried": lambda d, at: journey.call_tried(
        d, at.help_number, make.STOCKHOLM
    ),
    "casework.legs.add_leg": lambda d, at: legs.add_leg(d, at.plan),
    "casework.legs.move_leg": lambda d, at: legs.move_leg(d, at.plan, at.leg, 1),
    "casework.weighing.read_risks": lambda d, at: weighing.read_risks(d, at.plan),
    "casework.weighing.begin_weighing": lambda d, at: weighing.begin_weighing(d, at.plan),
    "casework.weighing.answer_items": lambda d, at: weighing.answer_items(
        d, at.risk_assessment, "health", {"pregnancy": Item(ItemAnswer.NOT_SO)}
    ),
    "casework.notes.save_note": lambda d, at: notes.save_note(
        d, d.new_id(), drafts.Form("note", {}, parent=at.plan), frozenset({"content"})
    ),
    "casework.notes.set_task_done": lambda d, at: notes.set_task_done(d, at.task, is_done=True),
    "casework.parts.save_part": lambda d, at: parts.save_part(d, at.leg, _form(at), _KEYS),
    "course.agreements.read_terms": lambda d, at: agreements.read_terms(d, at.client),
    "course.agreements.record_consent": lambda d, at: agreements.record_consent(
        d, d.new_id(), _consent_form(at)
    ),
    "course.agreements.decide_for_her": lambda d, at: agreements.decide_for_her(
        d, d.new_id(), _consent_form(at)
    ),
    "course.agreements.note_told": lambda d, at: agreements.note_told(d, at.vital),
    "course.alarms.alarms_of": lambda d, at: alarms.alarms_of(d, _line(at)),
    "course.alarms.record_event": lambda d, at: alarms.record_event(
        d, at.leg, alarms.LegEvent.CHECK_IN
    ),
    "course.alarms.record_events": lambda d, at: alarms.record_events(
        d, (alarms.LegNews(at.leg, alarms.LegEvent.DEPARTED),)
    ),
    "course.alarms.replace_leg": lambda d, at: alarms.replace_leg(d, at.leg, {}),
    "course.approvals.ask_approval": lambda d, at: approvals.ask_approval(d, at.plan, "decision"),
    "course.approvals.approve": lambda d, at: approvals.approve(d, at.plan, "decision"),
    "course.consents.give_consent": lambda d, at: consents.give_consent(d, at.client, _agreed()),
    "course.consents.proposed_last_day": lambda d, at: consents.proposed_last_day(
        d, at.client, "case_management"
    ),
    "course.consents.withdraw_consent": lambda d, at: consents.withdraw_consent(d, at.consent),
    "course.consents.decide_vital_interests": lambda d, at: consents.decide_vital_interests(
        d, at.client, _agreed(), "Påhittat skäl"
    ),
    "course.consents.second_vital_interests": lambda d, at: consents.second_vital_interests(
        d, at.vital
    ),
    "course.situations.read_situation": lambda d, at: situations.read_situation(d, at.plan),
    "course.stages.gates_for": lambda d, at: stages.gates_for(d, at.plan, "travelling"),
    "course.stages.next_steps": lambda d, at: stages.next_steps(d, at.plan),
    "course.stages.move_plan": lambda d, at: stages.move_plan(d, at.plan, "travelling"),
    "course.stages.reopen_plan": lambda d, at: stages.reopen_plan(d, at.plan),
    "course.withdrawals.read_withdrawal": lambda d, at: withdrawals.read_withdrawal(
        d, at.plan, at.consent
    ),
    "course.withdrawals.holder_of": _holder,
    "writing.drafts.finish_draft": lambda d, at: drafts.finish_draft(d, at.leg),
    "exchange.prepare": lambda d, at: exchange.prepare(d, at.plan, make.PARTNER),
    "exchange.send": lambda d, at: exchange.send(d, at.plan, make.PARTNER, at.folder),
    "history.record_history": lambda d, at: history.record_history(d, at.leg),
    "keeping.erasure.erase_client": lambda d, at: erasure.erase_client(
        d, at.client, ErasureReason.CLIENT_REQUEST
    ),
    "papers.subjects.offered_papers": lambda d, _: subjects.offered_papers(d),
    "papers.subjects.list_subjects": lambda d, _: subjects.list_subjects(
        d, PaperName.TRAVELLERS_SHEET
    ),
    "papers.copies.list_copies": lambda d, _: copies.list_copies(d),
    "papers.copies.settle_copy": lambda d, at: copies.settle_copy(d, at.paper_copy, "returned"),
    "papers.kinds.require_paper": lambda d, at: require_paper(d, sheet(at.plan)),
    "papers.making.make_paper": lambda d, at: making.make_paper(d, sheet(at.plan, "sv")),
    "papers.making.preview_paper": lambda d, at: making.preview_paper(d, sheet(at.plan, "sv")),
    "papers.making.save_paper": lambda d, at: making.save_paper(
        d, sheet(at.plan, "sv"), at.folder / "sheet.pdf"
    ),
    "papers.making.look_at_paper": lambda d, at: making.look_at_paper(d, sheet(at.plan, "sv"), 0.2),
    "papers.making.check_paper": lambda d, at: making.check_paper(d, sheet(at.plan, "sv")),
    "papers.excusing.excuse_names": lambda d, at: excusing.excuse_names(
        d, sheet(at.plan, "sv"), Credentials("AU", "x"), ""
    ),
    "papers.making.obstacles": lambda d, at: making.obstacles(d, sheet(at.plan, "sv")),
    "papers.making.her_language": lambda d, at: making.her_language(d, at.plan, ("sv",)),
    "plans.open_plan": lambda d, at: plans.open_plan(d, at.plan),
    "plans.load_case": lambda d, at: plans.load_case(d, at.plan),
    "plans.shown_case": lambda d, at: plans.shown_case(d, at.plan),
    "writing.records.read_record": lambda d, at: records.read_record(d, at.note),
    "writing.records.readable": lambda d, at: records.readable(d, at.note),
    "writing.records.create_record": lambda d, at: records.create_record(
        d, TYPES["leg"].cls, {}, at.plan
    ),
    "writing.records.enter_record": lambda d, at: records.enter_record(d, "leg", {}, at.plan),
    "writing.records.change_record": lambda d, at: records.change_record(
        d, at.leg, {"carrier": "X"}
    ),
    "writing.records.change_records": lambda d, at: records.change_records(
        d, ((at.leg, {"carrier": "X"}, None),)
    ),
    "writing.records.delete_record": lambda d, at: records.delete_record(d, at.leg),
    "writing.records.restore_record": lambda d, at: records.restore_record(d, at.leg),
    "writing.undo.undo": lambda d, at: undo.undo(d, _done(at)),
    "writing.undo.undo_all": lambda d, at: undo.undo_all(d, (_done(at),)),
}
"""Services that are about one case, called for one's own and for another's."""

OF_THE_DESK: Mapping[str, Call] = {
    "after.follow_ups.list_follow_ups": lambda d, _: follow_ups.list_follow_ups(d),
    "casework.joining.twin_of": lambda d, _: joining.twin_of(d, make.PARTNER),
    "after.follow_ups.list_concerns": lambda d, _: follow_ups.list_concerns(d),
    "casework.joining.typed_as": lambda d, _: joining.typed_as(d, make.PARTNER),
    "casework.joining.join_organisation": lambda d, _: joining.join_organisation(
        d, make.PARTNER, make.PARTNER
    ),
    "casework.intake.begin_plan": lambda d, _: intake.begin_plan(d, {}),
    "casework.intake.fresh_code": lambda d, _: intake.fresh_code(d),
    "course.alarms.read_alarms": lambda d, _: alarms.read_alarms(d),
    "course.approvals.requests": lambda d, _: approvals.requests(d),
    "sharing.notices.notices_due": lambda d, _: notices.notices_due(d),
    "sharing.notices.notices_for": lambda d, _: notices.notices_for(d, make.PARTNER),
    "sharing.notices.read_calls": lambda d, _: notices.read_calls(d),
    "sharing.notices.count_due": lambda d, _: notices.count_due(d),
    "sharing.notices.owes_answer": lambda d, _: notices.owes_answer(d, make.PARTNER),
    "sharing.notices.read_heard": lambda d, _: notices.read_heard(d),
    "sharing.notices.note_heard_seen": lambda d, _: notices.note_heard_seen(d),
    "exchange.prepare_everything": lambda d, _: exchange.prepare_everything(d, make.PARTNER),
    "exchange.send_everything": lambda d, at: exchange.send_everything(d, make.PARTNER, at.folder),
    "exchange.prepare_notices": lambda d, _: exchange.prepare_notices(d, make.PARTNER),
    "exchange.send_notices": lambda d, at: exchange.send_notices(d, make.PARTNER, at.folder),
    "directory.list_directory": lambda d, _: directory.list_directory(d),
    "directory.read_entry": lambda d, _: directory.read_entry(d, make.ESCORT),
    "directory.read_lines": lambda d, _: directory.read_lines(d, (make.ESCORT,)),
    "directory.read_reachable": lambda d, _: directory.read_reachable(d, (make.ESCORT,)),
    "directory.put_in_bin": lambda d, _: directory.put_in_bin(d, make.ESCORT),
    "listing.looking.look_at_list": lambda d, _: looking.look_at_list(d, _LIST, ReadAs()),
    "listing.taking.take_list": lambda d, _: taking.take_list(d, _PREVIEW, taking.Choices()),
    "listing.doubles.find_doubles": lambda d, _: doubles.find_doubles(d, 5),
    "listing.doubles.join_double": lambda d, _: doubles.join_double(
        d, make.ESCORT, make.PARTNER, ()
    ),
    "listing.doubles.judge_double": lambda d, _: doubles.judge_double(
        d, make.ESCORT, make.PARTNER, are_two=True
    ),
    "listing.giving.save_list": lambda d, at: giving.save_list(
        d, FileKind.CSV, at.folder / "list.csv"
    ),
    "exchange.review": lambda d, at: exchange.review(d, at.folder / "none"),
    "exchange.apply": lambda d, at: exchange.apply(d, at.folder / "none", _LOOKED_AT),
    "finding.entries.contacts": lambda d, _: entries.contacts(d, "dom", ENGLISH, 5),
    "finding.entries.gather_slices": lambda d, _: list(entries.gather_slices(d)),
    "finding.seek.seek": lambda d, _: seek.seek(d, seek.Asked("dom"), ENGLISH),
    "finding.seek.read_page": lambda d, _: seek.read_page(d, (1,)),
    "finding.seek.rids_of": lambda d, _: seek.rids_of(d, seek.Found()),
    "finding.seek.known_codes": lambda d, _: seek.known_codes(d),
    "finding.seek.houses": lambda d, _: seek.houses(d, 5),
    "finding.seek.place_of": lambda d, _: seek.place_of(d, seek.Found(), make.ESCORT),
    "finding.seek.named_alike": lambda d, _: seek.named_alike(d, "contact", b"", "Karin"),
    "finding.networks.who_does_what": lambda d, _: networks.who_does_what(d, "global", ENGLISH),
    "finding.find.find": lambda d, _: find.find(d, "tulpan", 5, ENGLISH),
    "history.read_history": lambda d, _: history.read_history(d),
    "history.is_whole": lambda d, _: history.is_whole(d),
    "history.read_bin": lambda d, _: history.read_bin(d),
    "history.set_history_days": lambda d, _: history.set_history_days(d, 90),
    "keeping.errands.courses": lambda d, _: errands.courses(d),
    "keeping.errands.begin_errand": lambda d, _: errands.begin_errand(d, Errand.LOST),
    "keeping.errands.tick_step": lambda d, _: errands.tick_step(d, Errand.LOST, Step.WARN),
    "keeping.errands.end_errand": lambda d, _: errands.end_errand(d, Errand.LOST),
    "keeping.handing.hand_over": lambda d, _: handing.hand_over(d, "nn", "oo"),
    "keeping.handing.whom_it_concerns": lambda d, _: handing.whom_it_concerns(d),
    "papers.report.report_pictures": lambda d, _: report.report_pictures(d, *_SHEETS[1:]),
    "papers.report.save_report": lambda d, at: report.save_report(
        d, _SHEETS[1], at.folder / "report.pdf"
    ),
    "keeping.backup.make_backup": lambda d, at: backup.make_backup(d, at.folder),
    "keeping.backup.backups_in": lambda d, at: backup.backups_in(d, at.folder),
    "keeping.backup.drill": lambda d, at: backup.drill(d, at.folder / "none", WRONG),
    "keeping.backup.renew_restored": lambda d, at: backup.renew_restored(d, at.folder, ()),
    "keeping.backup.renew_course": lambda d, _: backup.renew_course(d, ()),
    "keeping.salvage.renew_salvaged": lambda d, _: salvage.renew_salvaged(
        d, Salvage(Damage(1, 0), {}, {}), ()
    ),
    "keeping.erasure.erase_fields": lambda d, at: erasure.erase_fields(
        d, at.leg, ["carrier"], ErasureReason.ERROR
    ),
    "sharing.asking.list_orders": lambda d, _: asking.list_orders(d),
    "sharing.asking.call_list": lambda d, _: asking.call_list(d),
    "sharing.asking.list_requests": lambda d, _: asking.list_requests(d),
    "sharing.asking.answer_requests": lambda d, _: asking.answer_requests(
        d, make.PARTNER, [b""], erases=False
    ),
    "sharing.asking.note_order_told": lambda d, _: asking.note_order_told(d, make.PARTNER, b""),
    "sharing.given.list_waiting": lambda d, _: given.list_waiting(d, _PARTNER),
    "sharing.given.last_put": lambda d, _: given.last_put(d, make.PARTNER),
    "sharing.dealing.ask_again": lambda d, _: dealing.ask_again(d, make.PARTNER),
    "parcels.own_keys.renew_signing": lambda d, _: own_keys.renew_signing(d, is_stolen=False),
    "parcels.own_keys.renew_keys": lambda d, _: own_keys.renew_keys(d),
    "sharing.keys.warn_of": lambda d, _: keys.warn_of(d, make.PARTNER),
    "sharing.keys.offered_card": lambda d, _: keys.offered_card(d, make.PARTNER),
    "sharing.keys.offered_digits": lambda d, _: keys.offered_digits(d, make.PARTNER),
    "sharing.keys.accept_card": lambda d, _: keys.accept_card(d, make.PARTNER, "1"),
    "sharing.notices.note_called": lambda d, _: notices.note_called(d, b"", b""),
    "sharing.undoing.list_undoable": lambda d, _: undoing.list_undoable(d),
    "sharing.undoing.undo_taking": lambda d, _: undoing.undo_taking(d, b""),
    "partners.list_partners": lambda d, _: partners.list_partners(d),
    "partners.our_card": lambda d, _: partners.our_card(d),
    "partners.save_card": lambda d, at: partners.save_card(d, at.folder / "card"),
    "partners.look_at_card": lambda d, at: partners.look_at_card(d, at.folder / "none"),
    "partners.add_partner": lambda d, _: partners.add_partner(d, b"", _TERMS),
    "partners.find_partner": lambda d, _: partners.find_partner(d, make.PARTNER),
    "partners.digits": lambda d, _: partners.digits(d, make.PARTNER),
    "partners.suspend_partner": lambda d, _: partners.suspend_partner(d, make.PARTNER),
    "partners.resume_partner": lambda d, _: partners.resume_partner(d, make.PARTNER),
    "partners.revoke_partner": lambda d, _: partners.revoke_partner(d, make.PARTNER),
    "sharing.arriving.look_around": lambda d, _: arriving.look_around(d),
    "sharing.arriving.look_at_all": lambda d, at: arriving.look_at_all(d, (at.folder / "none",)),
    "sharing.arriving.take_all": lambda d, _: arriving.take_all(d, ()),
    "sharing.arriving.missing_before": lambda d, _: arriving.missing_before(d, _TAKEN),
    "sharing.deciding.choices_in": lambda d, _: deciding.choices_in(
        d, make.row("leg"), make.row("leg")
    ),
    "sharing.deciding.write_decisions": lambda d, at: deciding.write_decisions(
        d, {(at.plan, "code_word"): b""}
    ),
    "sharing.inviting.invite": lambda d, at: inviting.invite(
        d, at.folder, app.language("sv"), has_program=True
    ),
    "sharing.inviting.join": lambda d, at: inviting.join(d, at.folder / "none"),
    "partners.verify_partner": lambda d, _: partners.verify_partner(d, make.PARTNER, "1"),
    "plans.list_plans": lambda d, _: plans.list_plans(d),
    "policy.reasons.list_locked": lambda d, _: reasons.list_locked(d),
    "policy.reasons.look_at_locked": lambda d, at: reasons.look_at_locked(d, at.plan),
    "policy.reasons.open_with_reason": lambda d, at: reasons.open_with_reason(d, at.plan, "Natt"),
    "policy.reasons.read_openings": lambda d, _: reasons.read_openings(d),
    "policy.reasons.note_openings_seen": lambda d, _: reasons.note_openings_seen(d),
    "access.data_key.prove_presence": lambda d, _: data_key.prove_presence(d, "nn", WRONG),
    "access.data_key.change_data_key": lambda d, _: data_key.change_data_key(d, WRONG, {}),
    "access.users.add_user": lambda d, _: users.add_user(d, WRONG, "nn", WRONG, _ROLES),
    "access.users.set_roles": lambda d, _: users.set_roles(d, "nn", _ROLES),
    "access.users.remove_user": lambda d, _: users.remove_user(d, "nn"),
    "access.users.set_recovery": lambda d, _: users.set_recovery(d, WRONG, "no key"),
    "access.users.look_at_key_sheets": lambda d, _: users.look_at_key_sheets(d, *_SHEETS),
    "access.users.print_key_sheets": lambda d, _: users.print_key_sheets(d, *_SHEETS),
}
"""Services that are about no case, or about another's."""

CALLS = {**OF_CASES, **OF_THE_DESK}


@dataclass(frozen=True, slots=True)
class World:
    """The desk as EV has it, and the two cases."""

    desk: Desk
    mine: At
    theirs: At

    def before(self, *roles: Role) -> Desk:
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
    desk = app.create_store(folder, "Nordhuset", WHO, MACHINE)
    with desk.store.transaction():
        for record_type in ("organisation", "contact", "phone"):
            desk.store.put(make.row(record_type, custodian=desk.identity.organisation))
        mine, theirs = _enter(desk, ME), _enter(desk, OTHER)
    for case in (mine, theirs):
        drafts.keep_draft(replace(desk, user=ME), case["leg"], _form(At(case, folder)))
    desk.store.close()
    return mine, theirs


@contextmanager
def opened(folder: Path, cases: tuple[Mapping[str, bytes], Mapping[str, bytes]]) -> Iterator[World]:
    """The store in `folder`, open, with a folder for files beside it."""
    files = folder.with_name(f"{folder.name}-files")
    files.mkdir(exist_ok=True)
    desk = app.unlock_store(folder, WHO, MACHINE)
    try:
        yield World(desk, At(cases[0], files), At(cases[1], files))
    finally:
        desk.store.close()


def _enter(desk: Desk, owner: str) -> Mapping[str, bytes]:
    """One case of `owner`, a record of every type, and a decision in her vital interests."""
    rids = {name: make.named_id(f"{owner} {name}") for name in (*TYPES, "vital")}
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
    desk: Desk, name: str, rid: bytes, parent: bytes | None, values: Mapping[str, Any]
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
