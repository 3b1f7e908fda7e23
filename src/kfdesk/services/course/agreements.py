# SPDX-License-Identifier: GPL-3.0-or-later
"""Recording what was talked through with her: from a draft to a consent that stands.

What it lacks is asked of the domain; until nothing is lacking it stays a draft of who typed it,
and opens nothing. A recorded consent is evidence and is not rewritten: another talk makes another
one. Giving and withdrawing by themselves are in `consents.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kfdesk.domain.codes import CONSENT_PURPOSE
from kfdesk.domain.consents.completeness import VITAL_TOOL, Around, lacks
from kfdesk.domain.consents.standing import VITAL_INTERESTS
from kfdesk.domain.desk.exchange import PartnerState
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.travellers import is_child
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import Value
from kfdesk.domain.writes import is_deleted
from kfdesk.services.casework import parts
from kfdesk.services.course.consents import (
    Agreed,
    decide_vital_interests,
    proposed_last_day,
)
from kfdesk.services.course.situations import is_third_country
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.plans import name_of
from kfdesk.services.policy.access import require_adding, require_editing, require_reading
from kfdesk.services.writing import drafts
from kfdesk.services.writing.drafts import DraftLine, Form
from kfdesk.services.writing.records import Done, change_record, found

TOLD = ("purpose", "use_of_data")
"""What she has been told of once she knows what was decided in her vital interests."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody to share with. `is_third_country` is None where no country is known.

    `is_partner` says that exchange files go there; `is_verified`, that its digits were compared.
    """

    name: str
    is_ours: bool = False
    is_partner: bool = False
    is_verified: bool = False
    is_third_country: bool | None = None
    has_tool: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a new consent of one client now."""

    at: datetime
    is_child: bool
    languages: tuple[str, ...]
    parties: Mapping[str, Party] = field(repr=False)
    last_days: Mapping[str, date] = field(repr=False)

    def around(self, recipient: object) -> Around:
        """What must be known beside a consent for this recipient."""
        party = self.parties.get(str(recipient), Party(""))
        return Around(self.at, self.is_child, party.is_third_country is True, party.has_tool)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A consent that is only a draft of this user: for whom and for what, as far as said."""

    line: DraftLine
    purpose: str
    recipient: str


def read_terms(desk: Desk, client: bytes) -> Terms:
    """What holds for a new consent of a client. Raises KfdeskError `record.missing`."""
    row = found(desk, client)
    require_reading(desk, row)
    seen = view(row, Client)
    spoken = seen.record.languages
    now = desk.rooms.clock.now()
    days = {purpose: proposed_last_day(desk, client, purpose) for purpose in CONSENT_PURPOSE}
    languages = spoken if isinstance(spoken, tuple) else ()
    return Terms(now, is_child(seen, now.date()), languages, _parties(desk), days)


def waiting_consents(desk: Desk, client: bytes) -> tuple[Waiting, ...]:
    """The new consents of a client that are still drafts of this user, the newest first."""
    lines = (one for one in drafts.drafts(desk) if one.type == "consent" and one.is_new)
    return tuple(_waiting(desk, line) for line in lines if line.parent == client)


def record_consent(desk: Desk, rid: bytes, form: Form) -> Done:
    """Make a consent of what a form holds and its draft kept; the draft is gone with that.

    Raises KfdeskError `consent.incomplete` while anything is lacking, `consent.needs_two` for
    what two people decide, and as `drafts.finish_draft`.
    """
    require_adding(desk, form.type, form.parent)
    consent = _consent(form)
    if consent.form == VITAL_INTERESTS:
        raise KfdeskError("consent.needs_two")
    _check_complete(desk, consent, form)
    return parts.save_part(desk, rid, form, TYPES[form.type].fields.keys())


def decide_for_her(desk: Desk, rid: bytes, form: Form) -> bytes:
    """The first of two people decides what a form holds; its draft is gone with that.

    Returns the consent's id. Raises KfdeskError `consent.incomplete`, and as
    `decide_vital_interests`.
    """
    require_adding(desk, form.type, form.parent)
    consent = _consent(form)
    _check_complete(desk, consent, form)
    around = read_terms(desk, form.parent or b"").around(consent.recipient)
    more: dict[str, Value] = {"transfer_tool": VITAL_TOOL} if around.is_third_country else {}
    groups = consent.groups if isinstance(consent.groups, tuple) else ()
    agreed = Agreed(
        str(consent.purpose), bytes.fromhex(str(consent.recipient)), groups, VITAL_INTERESTS,
        more=more,
    )  # fmt: skip
    made = decide_vital_interests(desk, form.parent or b"", agreed, str(consent.reason))
    drafts.discard_draft(desk, rid)
    return made


def note_told(desk: Desk, rid: bytes) -> Changes:
    """She has been told what two people decided in her vital interests.

    Raises KfdeskError `consent.not_vital` or `record.missing`.
    """
    row = found(desk, rid)
    require_editing(desk, row)
    if row.type != "consent" or view(row, Consent).record.form != VITAL_INTERESTS:
        raise KfdeskError("consent.not_vital")
    return change_record(desk, rid, {"explained": TOLD})


def _consent(form: Form) -> Consent:
    values: Mapping[str, object] = form.values
    return Consent(**values)  # type: ignore[arg-type]  # each is of its field's kind


def _check_complete(desk: Desk, consent: Consent, form: Form) -> None:
    around = read_terms(desk, form.parent or b"").around(consent.recipient)
    missing = lacks(consent, around)
    if form.typed or missing:
        keys = [key for key, _ in missing] or sorted(form.typed)
        raise KfdeskError("consent.incomplete", field=f"consent.{keys[0]}")


def _waiting(desk: Desk, line: DraftLine) -> Waiting:
    draft = drafts.draft_of(desk, line.rid)
    values: Mapping[str, Value] = draft.form.values if draft else {}
    purpose = values.get("purpose")
    name = name_of(desk, values.get("recipient"))
    return Waiting(line, purpose if isinstance(purpose, str) else "", name)


def _parties(desk: Desk) -> Mapping[str, Party]:
    houses = {row.rid: _house(desk, row) for row in desk.store.rows("organisation")}
    named = {rid.hex(): party for rid, party in houses.items() if party.name}
    for row in desk.store.rows("contact"):
        name = name_of(desk, row.rid.hex())
        if name and not is_deleted(row.state):
            place = view(row, Contact).record.organisation
            house = houses.get(bytes.fromhex(place)) if isinstance(place, str) else None
            named[row.rid.hex()] = Party(
                name, is_third_country=house.is_third_country if house else None
            )
    return named


def _house(desk: Desk, row: Row) -> Party:
    partners = {one.organisation: one for one in desk.store.ledger.partners()}
    partner = partners.get(row.rid)
    name = "" if is_deleted(row.state) else name_of(desk, row.rid.hex())
    is_ours = row.rid == desk.identity.organisation
    return Party(
        name,
        is_ours=is_ours,
        is_partner=partner is not None,
        is_verified=partner is not None and partner.state is PartnerState.VERIFIED,
        is_third_country=False if is_ours else is_third_country(desk, row),
        has_tool=partner is not None and partner.has_transfer_tool,
    )
