# SPDX-License-Identifier: GPL-3.0-or-later
"""Case data for one organisation: a client's case as a table file of the HTCDS, by her consent.

Consent decides about each cell, as for a paper: what she has not opened to this organisation stays
empty. What leaves is entered in the ledger, so it stands in her disclosure log.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path

from kfdesk.domain.accounts import Right
from kfdesk.domain.case_data import COLUMNS, CONSENT, KEYS, case_row, filled
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.authorization import require_right_on
from kfdesk.services.core.records import require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.disclosure_log import record_disclosure
from kfdesk.services.plans.consents import read_consent_terms
from kfdesk.services.plans.plans import visible_case

_PURPOSE = "case_management"


@dataclass(frozen=True, slots=True)
class CaseData:
    """A case for an organisation: its cells by column, and how many fields stay here."""

    cells: tuple[str, ...]
    withheld: int

    @property
    def filled(self) -> Mapping[str, str]:
        """The cells that are not empty."""
        return filled(self.cells)


def preview_case_data(desk: Session, plan: bytes, organisation: bytes) -> CaseData:
    """Return what a case would say to an organisation today. Write nothing.

    Raise KfdeskError `user.not_allowed` or `record.missing`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    what = _disclosed(desk, plan, organisation)
    return CaseData(_cells(what), len(what.withheld))


def export_case_data(desk: Session, plan: bytes, organisation: bytes, path: Path) -> CaseData:
    """Save a case as a table file for an organisation, and enter it in the ledger.

    Raise KfdeskError as `preview_case_data` does, `case_data.no_consent` if she has agreed to
    nothing there, and `figures.not_written`; then nothing was entered.
    """
    desk.require(Right.EXPORT_BUNDLE)
    what = _disclosed(desk, plan, organisation)
    cells = _cells(what)
    if cells[COLUMNS.index(CONSENT)] != "TRUE":
        raise KfdeskError("case_data.no_consent")
    out = StringIO()
    csv.writer(out).writerows((COLUMNS, cells))
    data = out.getvalue().encode()
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_bytes(data)
        with desk.store.transaction():
            record_disclosure(desk, what, organisation, sha256(data).digest())
        beside.replace(path)
    except OSError:
        raise KfdeskError("figures.not_written") from None
    finally:
        beside.unlink(missing_ok=True)
    return CaseData(cells, len(what.withheld))


def _cells(what: Disclosed) -> tuple[str, ...]:
    """Return the row; consent stands if it opens anything of her to this recipient."""
    return case_row([given.row for given in what.rows], has_consent=bool(what.rows))


def _disclosed(desk: Session, plan: bytes, organisation: bytes) -> Disclosed:
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
    what = disclose((case.client, case.plan), recipient, Channel.DESK_PAPER, basis)
    return what.only_keys(KEYS)
