# SPDX-License-Identifier: GPL-3.0-or-later
"""Case data for one organisation: cases as a table file of the HTCDS, by each client's consent.

Consent decides about each cell, as for a paper: what she has not opened to this organisation stays
empty. What leaves is entered in the ledger, so it stands in her disclosure log.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.case_data import COLUMNS, CONSENT, KEYS, case_row, filled, without_guard
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import is_missing_answer
from kfdesk.domain.records.case import Referral
from kfdesk.domain.records.client import Client
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import text_or_empty
from kfdesk.services.core.authorization import require_right_on
from kfdesk.services.core.records import require_record
from kfdesk.services.core.references import referenced_row
from kfdesk.services.core.saved_files import save_file
from kfdesk.services.core.session import Session, require_plausible_clock
from kfdesk.services.exchange.disclosure_log import record_disclosure
from kfdesk.services.plans.consents import read_consent_terms
from kfdesk.services.plans.plans import Case, readable_plans, visible_case

_PURPOSE = "case_management"
WORKBOOK_SUFFIX = ".xlsx"
"""The end of a file's name that makes it a workbook; any other is CSV."""


@dataclass(frozen=True, slots=True)
class CaseData:
    """A case for an organisation: its cells by column, and how many fields stay here."""

    plan: bytes
    code: str
    cells: tuple[str, ...] = field(repr=False)
    withheld: int

    @property
    def filled(self) -> Mapping[str, str]:
        """The cells that are not empty."""
        return filled(self.cells)

    @property
    def has_consent(self) -> bool:
        """True if she has agreed to case management by the organisation."""
        return self.cells[COLUMNS.index(CONSENT)] == "TRUE"


def list_receiving_organisations(desk: Session) -> tuple[tuple[bytes, str], ...]:
    """Return id and name of the organisations in the contacts that may get case data.

    Of 3,000 entries it reads the names alone. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    tree, own = desk.store.tree, desk.identity.organisation
    gone = tree.deleted("organisation") | {own}
    cells = (one for one in tree.cells("organisation", ("name",)) if one.rid not in gone)
    named = (
        (one.rid, "" if is_missing_answer(name := one.wires[0]) else text_or_empty(name))
        for one in cells
    )
    return tuple(sorted(named, key=lambda one: one[1].casefold()))


def list_case_data(desk: Session, organisation: bytes) -> tuple[CaseData, ...]:
    """Return the cases of all clients who have agreed to case management by an organisation.

    Raise KfdeskError `user.not_allowed` or `record.missing`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    asked = (organisation.hex(), _PURPOSE)
    consents = desk.store.tree.cells("consent", ("recipient", "purpose"))
    clients = {one.parent for one in consents if tuple(one.wires) == asked and one.parent}
    found = (
        preview_case_data(desk, row.rid, organisation) for row in readable_plans(desk, clients)
    )
    return tuple(sorted((one for one in found if one.has_consent), key=lambda one: one.code))


def preview_case_data(desk: Session, plan: bytes, organisation: bytes) -> CaseData:
    """Return what a case would say to an organisation today. Write nothing.

    Raise KfdeskError `user.not_allowed` or `record.missing`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    return _case_data(desk, plan, organisation)[0]


def export_case_data(
    desk: Session, plans: Sequence[bytes], organisation: bytes, path: Path
) -> tuple[CaseData, ...]:
    """Save cases as a table file for an organisation, all or none, and enter them in the ledger.

    The name of the file decides: `.xlsx` is a workbook, everything else CSV. Raise KfdeskError as
    `preview_case_data` does, `case_data.no_consent` if one client has agreed to nothing there,
    `case_data.none` without a plan, `clock.…` while the clock is in doubt, and
    `figures.not_written`; then nothing was entered.
    """
    desk.require(Right.EXPORT_BUNDLE)
    require_plausible_clock(desk)
    given = [_case_data(desk, plan, organisation) for plan in dict.fromkeys(plans)]
    cases = tuple(case for case, _ in given)
    if not cases:
        raise KfdeskError("case_data.none")
    if not all(case.has_consent for case in cases):
        raise KfdeskError("case_data.no_consent")
    made = BytesIO()
    rows = [case.cells for case in cases]
    if path.suffix.lower() == WORKBOOK_SUFFIX:  # there every cell is a text, and none a formula
        rows = [tuple(map(without_guard, cells)) for cells in rows]
        desk.adapters.write_workbook((COLUMNS, *rows), made)
    else:
        _write_csv((COLUMNS, *rows), made)
    data = made.getvalue()
    digest = sha256(data).digest()

    def enter() -> None:
        for _, what in given:
            record_disclosure(desk, what, organisation, digest)

    def take_back() -> None:
        desk.store.ledger.retract(digest, sum(len(what.rows) for _, what in given))
        desk.log(Action.NOT_SAVED)

    try:
        save_file(desk, path, data, enter, take_back)
    except KfdeskError as fault:
        if fault.code != "store.disk":
            raise
        raise KfdeskError("figures.not_written") from None
    return cases


def _write_csv(rows: Iterable[Sequence[str]], file: BinaryIO) -> None:
    text = TextIOWrapper(file, "utf-8", newline="")
    csv.writer(text).writerows(rows)
    text.detach()  # flushes the text and leaves the file open


def _case_data(desk: Session, plan: bytes, organisation: bytes) -> tuple[CaseData, Disclosed]:
    """Return a case, and what is disclosed of it; consent stands if it opens anything of her."""
    what, case = _disclosed(desk, plan, organisation)
    has_consent = any(given.type != "organisation" for given in what.rows)
    cells = case_row([given.row for given in what.rows], has_consent=has_consent)
    code = text_or_empty(view(case.client, Client).record.code)
    return CaseData(plan, code, cells, len(what.withheld)), what


def _disclosed(desk: Session, plan: bytes, organisation: bytes) -> tuple[Disclosed, Case]:
    row, house = require_record(desk, plan), require_record(desk, organisation)
    if row.type != "plan" or house.type != "organisation":
        raise KfdeskError("record.missing")
    require_right_on(desk, row, Right.EXPORT_BUNDLE)
    case = visible_case(desk, plan)
    around = read_consent_terms(desk, case.client.rid, organisation.hex())
    terms = around.context_for(organisation.hex())
    recipient = Recipient(
        RecipientKind.ORGANISATION, organisation, is_third_country=terms.is_third_country,
        has_transfer_tool=terms.has_tool, purpose=_PURPOSE,
    )  # fmt: skip
    basis = desk.disclosure_basis(case.consents)
    rows = (case.client, case.plan, *case.of("referral"), *_referred(desk, case))
    what = disclose(rows, recipient, Channel.DESK_PAPER, basis)
    return what.only_keys(KEYS), case


def _referred(desk: Session, case: Case) -> tuple[Row, ...]:
    """Return the organisations that referrals of a case name."""
    named = {view(row, Referral).record.organisation for row in case.of("referral")}
    found = (referenced_row(desk, one) for one in sorted(filter(None, map(text_or_empty, named))))
    return tuple(
        row for row in found
        if row is not None and row.type == "organisation" and not is_deleted(row.state)
    )  # fmt: skip
