# SPDX-License-Identifier: GPL-3.0-or-later
"""The support plan: her aims, the services and the agreed contacts, for two signatures.

It stays in our house, and a copy of it is hers if she wants it at home; it is no carried paper.
"""

from collections.abc import Iterator

from kfdesk.domain.disclosure import Recipient, Who
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Order
from kfdesk.services.desk import Desk
from kfdesk.services.papers.gathered import Gathered
from kfdesk.services.papers.kept.file_copies import code_word_fields, names_in
from kfdesk.services.plans import load_case, shown_case


def gather_plan(desk: Desk, order: Order) -> Gathered:
    """The plan's aims, services and contacts, with the names of who helps her."""
    case = shown_case(desk, order.subject)
    ours = desk.identity.organisation
    names = names_in(desk, case.rows)
    return Gathered(case.rows, case.consents, Recipient(Who.OWN, ours), ours, names)


def obstacles_of(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """That there is no aim to agree on, and the code word wherever the paper would show it."""
    case = load_case(desk, order.subject)
    if not case.all_views("goal"):
        yield KfdeskError("paper.missing", field="goal.aim")
    for field in code_word_fields(desk, case, order.paper):
        yield KfdeskError("paper.code_word", field=field)
