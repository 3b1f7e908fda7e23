# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's cooperation: a client in her reflection period, whose last days are near.

The procedure for the Stockholm region comes with the program. It is put in force, followed in her
plan, and a letter goes to the police. Everything goes through the services, as in `story.py`.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kfdesk.demo import people
from kfdesk.demo.people import Values, localized, zoned_time
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.directory import Organisation, Phone
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.schema import DataGroup
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.letters import LetterRequest, prepare_letter
from kfdesk.services.papers.production import save_paper
from kfdesk.services.procedures import files, procedures, runs
from kfdesk.services.today import read_today

PROCEDURE = "stockholm-region"
CLIENT: Values = {
    "code": "lind-08",
    "alias": "Mila",
    "given_name": "Мила",
    "family_name": "Сочинённая",
    "gender": "Feminine",
    "languages": ("ru",),
    "age_band": "age_24_26",
    "age_disputed": False,
    "citizenship": ("RU",),
}
POLICE: Values = {
    "name": "Polisen Exempel", "country": "SE", "actor_type": "police", "languages": ("sv",),
    "confidentiality": "public",
}  # fmt: skip
DAYS_LEFT = 9
"""Days until her reflection period ends."""
ANSWER_DAYS = 3
_PERIOD = 30
_LED_BY_THE_POLICE = ("6b", "8", "9")
_WHERE = localized("På det skyddade boendet", "В приюте", "At the shelter")


@dataclass(frozen=True, slots=True)
class Followed:
    """The plan in which the procedure is followed, and the police."""

    plan: bytes
    police: bytes


def follow_procedure(desk: Session) -> Followed:
    """Put the procedure in force, enter the client, and begin."""
    read = files.preview_procedure(desk, files.shipped_procedure(desk, PROCEDURE))
    procedure = files.import_procedure(desk, read).procedure
    procedures.activate_procedure(desk, procedure)
    now = desk.adapters.clock.now()
    client = create_record(desk, Client, CLIENT)
    plan = create_record(desk, Plan, {"state": "draft", "owner": desk.user}, parent=client)
    last = now.date() + timedelta(DAYS_LEFT)
    granted: Values = {
        "kind": "reflection", "decision": "granted", "begins": last - timedelta(_PERIOD),
        "ends": last,
    }  # fmt: skip
    create_record(desk, LegalStatus, granted, plan)
    create_record(desk, LegalStatus, {"kind": "injured_party", "begins": now.date()}, plan)
    runs.start_run(desk, plan, procedure)
    police = create_record(desk, Organisation, POLICE)
    create_record(desk, Phone, {"number": "+46 8 465 004 14", "is_safe": True}, parent=police)
    run = runs.read_run(desk, plan)
    assert run is not None
    for step in run.steps:
        if step.prefix in ("1", "2", "5"):
            runs.finish_step(desk, step.view.rid, zoned_time(now), _WHERE)
        elif step.prefix in _LED_BY_THE_POLICE:
            change_record(desk, step.view.rid, {"led_by": police.hex()})
    return Followed(plan, police)


def write_to_police(desk: Session, plan: bytes, police: bytes, path: Path) -> int:
    """Save the letter to the police that she agreed to; return how much waits on Today."""
    now, row = desk.adapters.clock.now(), desk.store.row(plan)
    assert row is not None
    agreed: Values = {
        **people.consent_to_case_work(now, police.hex()), "purpose": "police_report",
        "groups": (DataGroup.IDENTITY, DataGroup.LEGAL_CASE),
    }  # fmt: skip
    create_record(desk, Consent, agreed, parent=row.parent)
    wanted = LetterRequest("police_report", police, now.date() + timedelta(ANSWER_DAYS))
    referral = prepare_letter(desk, plan, wanted)
    save_paper(desk, PaperRequest(PaperName.AUTHORITY_LETTER, referral, "sv"), path)
    return read_today(desk).count
