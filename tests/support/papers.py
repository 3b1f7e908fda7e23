# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers for tests: drawn as they would be made, without an entry in the ledger."""

from kfdesk.domain.codes.core import PaperRequest
from kfdesk.services.core.session import Session
from kfdesk.services.papers import production


def drawn_paper(desk: Session, order: PaperRequest) -> production.Paper:
    """Draw a paper and check it as `make_paper` does, but record nothing."""
    return production._draw_paper(desk, order).checked().paper
