# SPDX-License-Identifier: GPL-3.0-or-later
"""The consent form: one consent, given or only being prepared, for the cabinet.

It opens nothing: what she signs is written down afterwards. Whom she is asked to trust, and
whether the law there protects her, is looked up here.
"""

from collections.abc import Iterator

from kfdesk.domain.consents.standing import VITAL_INTERESTS
from kfdesk.domain.disclosure import PURPOSES, Recipient, Who
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.about import Party
from kfdesk.domain.papers.contents import CONTENTS
from kfdesk.domain.papers.order import Order
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.rows import Row, View, view
from kfdesk.services.course.agreements import read_terms
from kfdesk.services.desk import Desk
from kfdesk.services.papers.gathered import Gathered
from kfdesk.services.papers.kept.file_copies import names_in
from kfdesk.services.papers.prepared import subject_row
from kfdesk.services.writing.records import found, is_in_bin


def gather_form(desk: Desk, order: Order) -> Gathered:
    """The consent under its client, and whom she is asked about. It stays in our house."""
    seen = _consent(desk, order)
    client = found(desk, seen.row.parent or b"")
    ours = desk.identity.organisation
    rows = (client, seen.row)
    return Gathered(
        rows, (), Recipient(Who.OWN, ours), ours, names_in(desk, rows),
        party=_party(desk, client, seen.record),
    )  # fmt: skip


def obstacles_of(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """What a form cannot be made without: for whom, for what, and what; and no conflict in it."""
    seen = _consent(desk, order)
    if is_in_bin(desk, found(desk, seen.row.parent or b"")):
        raise KfdeskError("record.deleted")
    if seen.record.form == VITAL_INTERESTS:
        yield KfdeskError("paper.not_hers")
    keys = CONTENTS[order.paper]["consent"]
    for key in sorted(seen.conflicts & keys):
        yield KfdeskError("paper.conflict", field=f"consent.{key}")
    for key in _needed(seen.record):
        if not getattr(seen.record, key) and key not in seen.conflicts:
            yield KfdeskError("paper.missing", field=f"consent.{key}")


def _needed(consent: Consent) -> Iterator[str]:
    yield from ("recipient", "purpose")
    if PURPOSES.get(str(consent.purpose), frozenset()):
        yield "groups"


def _consent(desk: Desk, order: Order) -> View[Consent]:
    row = subject_row(desk, order.subject, "consent")
    if desk.store.row(row.rid) is not None and is_in_bin(desk, row):
        raise KfdeskError("record.deleted")
    return view(row, Consent)


def _party(desk: Desk, client: Row, consent: Consent) -> Party:
    terms = read_terms(desk, client.rid)
    around = terms.around(consent.recipient)
    return Party(
        country=_country(desk, consent.recipient),
        is_third_country=around.is_third_country,
        has_tool=around.has_tool,
        is_child=terms.is_child,
    )


def _country(desk: Desk, recipient: object) -> str:
    """The country of an organisation, or of the one that a person works for."""
    row = _referred(desk, recipient)
    if row is not None and row.type == "contact":
        row = _referred(desk, view(row, Contact).record.organisation)
    if row is None or row.type != "organisation":
        return ""
    country = view(row, Organisation).record.country
    return country if isinstance(country, str) else ""


def _referred(desk: Desk, reference: object) -> Row | None:
    return desk.store.row(bytes.fromhex(reference)) if isinstance(reference, str) else None
