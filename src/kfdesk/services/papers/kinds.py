# SPDX-License-Identifier: GPL-3.0-or-later
"""Which papers there are: one line each. A new paper is a line here and a module beside it.

Whether one may have a paper is asked here, before anything else; what keeps it back and whom it
is for, its own module says. Knows no field.
"""

from collections.abc import Mapping

from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Form, Order, PaperName
from kfdesk.i18n.language import PROGRAM_LANGUAGES, TRAVELLER_LANGUAGES
from kfdesk.services.desk import Desk
from kfdesk.services.papers.carried import companions, travellers
from kfdesk.services.papers.gathered import Kind
from kfdesk.services.papers.kept import (
    consent_forms,
    directories,
    disclosure_logs,
    duties,
    file_copies,
    support_plans,
)
from kfdesk.services.papers.prepared import subject_row
from kfdesk.services.policy.access import require_working

KINDS: Mapping[PaperName, Kind] = {
    PaperName.TRAVELLERS_SHEET: Kind(
        right=Right.PRINT_CARRIED,
        channel=Channel.CARRIED,
        subject="plan",
        languages=TRAVELLER_LANGUAGES,
        forms=(Form.A4, Form.A6_FOLD, Form.LARGE),
        obstacles=travellers.obstacles_of,
        gather=travellers.gather_sheet,
        is_bilingual=True,
        is_for_client=True,
    ),
    PaperName.FILE_COPY: Kind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="plan",
        languages=PROGRAM_LANGUAGES,
        forms=(Form.A4,),
        obstacles=file_copies.obstacles_of,
        gather=file_copies.gather_copy,
    ),
    PaperName.CONSENT_FORM: Kind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="consent",
        languages=PROGRAM_LANGUAGES,
        forms=(Form.A4, Form.LARGE),
        obstacles=consent_forms.obstacles_of,
        gather=consent_forms.gather_form,
        is_for_client=True,
    ),
    PaperName.DUTY_SHEET: Kind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="plan",
        languages=PROGRAM_LANGUAGES,
        forms=(Form.A4,),
        obstacles=duties.obstacles_of,
        gather=duties.gather_duty,
    ),
    PaperName.CONTACT_LIST: Kind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="",
        languages=PROGRAM_LANGUAGES,
        forms=(Form.A4,),
        obstacles=directories.obstacles_of_list,
        gather=directories.gather_entries,
    ),
    PaperName.CONTACT_CARD: Kind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="organisation",
        languages=PROGRAM_LANGUAGES,
        forms=(Form.A4, Form.A6),
        obstacles=directories.obstacles_of_card,
        gather=directories.gather_entries,
    ),
    PaperName.SUPPORT_PLAN: Kind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="plan",
        languages=PROGRAM_LANGUAGES,
        forms=(Form.A4,),
        obstacles=support_plans.obstacles_of,
        gather=support_plans.gather_plan,
        is_for_client=True,
    ),
    PaperName.DISCLOSURE_LOG: Kind(
        right=Right.PRINT_INTERNAL,
        channel=Channel.DESK_PAPER,
        subject="plan",
        languages=PROGRAM_LANGUAGES,
        forms=(Form.A4,),
        obstacles=disclosure_logs.obstacles_of,
        gather=disclosure_logs.gather_log,
        is_for_client=True,
    ),
    PaperName.ESCORTS_SHEET: Kind(
        right=Right.PRINT_CARRIED,
        channel=Channel.CARRIED,
        subject="plan",
        languages=PROGRAM_LANGUAGES,
        forms=(Form.A4, Form.LARGE),
        obstacles=companions.obstacles_of_sheet,
        gather=companions.gather_sheet,
    ),
    PaperName.HANDOVER_RECEIPT: Kind(
        right=Right.PRINT_CARRIED,
        channel=Channel.CARRIED,
        subject="plan",
        languages=PROGRAM_LANGUAGES,
        forms=(Form.A5,),
        obstacles=companions.obstacles_of_receipt,
        gather=companions.gather_receipt,
    ),
}


def require_paper(desk: Desk, order: Order) -> Kind:
    """Go no further with a paper that who sits here may not make. Returns its kind.

    Raises KfdeskError `user.not_allowed` or `record.missing`, and `paper.not_offered` for a
    language or a form that the paper does not come in.
    """
    kind = KINDS[order.paper]
    desk.require(kind.right)
    beside = (order.beside,) if order.beside else ()
    is_known = kind.is_bilingual or not beside
    is_known = is_known and {order.language, *beside} <= set(kind.languages)
    if not is_known or order.form not in kind.forms:
        raise KfdeskError("paper.not_offered")
    if kind.subject:
        require_working(desk, subject_row(desk, order.subject, kind.subject), kind.right)
    return kind
