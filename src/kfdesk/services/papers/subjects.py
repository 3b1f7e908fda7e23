# SPDX-License-Identifier: GPL-3.0-or-later
"""What a paper can be about: plans, consents, or entries of the directory, for one to choose.

Codes and names as lists show them; what a paper says of them is not known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kfdesk.domain.desk.users import Right
from kfdesk.domain.papers.order import PaperName
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.directory.phone import Phone
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.rows import view
from kfdesk.domain.writes import is_deleted
from kfdesk.services.desk import Desk
from kfdesk.services.papers.kept.directories import phones_of, spoken_at
from kfdesk.services.papers.kinds import KINDS
from kfdesk.services.plans import list_plans, name_of
from kfdesk.services.policy.access import may_read
from kfdesk.services.writing.records import is_in_bin


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that a paper can be about.

    `code` is the client's, `name` an alias or a name; `purpose` is a consent's. An organisation
    has a `country` (ISO 3166-1), `services` (SERVICES) and languages that are `spoken` (ISO 639).
    """

    rid: bytes
    code: str = ""
    name: str = ""
    purpose: str = ""
    country: str = ""
    services: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()


def offered_papers(desk: Desk) -> tuple[PaperName, ...]:
    """The papers that who sits here may make, those for the way first.

    Raises KfdeskError `user.not_allowed` for who may make none.
    """
    desk.require(Right.PRINT_CARRIED, Right.PRINT_INTERNAL)
    return tuple(name for name in PaperName if name in KINDS and desk.may(KINDS[name].right))


def list_subjects(desk: Desk, paper: PaperName) -> tuple[Subject, ...]:
    """What this paper can be about, of what one may read; for a list, what can stand on it.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(KINDS[paper].right)
    subject = KINDS[paper].subject
    if subject == "plan":
        return tuple(Subject(line.rid, line.code, line.alias) for line in list_plans(desk))
    if subject == "consent":
        return tuple(sorted(_consents(desk), key=lambda one: (one.code, one.name)))
    return tuple(sorted(_organisations(desk), key=lambda one: one.name.casefold()))


def _consents(desk: Desk) -> Iterator[Subject]:
    for row in desk.store.rows("consent"):
        consent = view(row, Consent)
        client = desk.store.row(row.parent or b"")
        if client is None or is_in_bin(desk, row) or not may_read(desk, row):
            continue
        if consent.record.withdrawn is None:
            code = _text(view(client, Client).record.code)
            name = name_of(desk, consent.record.recipient)
            yield Subject(row.rid, code, name, _text(consent.record.purpose))


def _organisations(desk: Desk) -> Iterator[Subject]:
    for row in desk.store.rows("organisation"):
        record = view(row, Organisation).record
        if not is_deleted(row.state) and row.rid != desk.identity.organisation:
            phones = (view(one, Phone).record for one in phones_of(desk, row.rid))
            yield Subject(
                row.rid,
                name=_text(record.name),
                country=_text(record.country),
                services=record.services if isinstance(record.services, tuple) else (),
                spoken=spoken_at(record, phones),
            )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
