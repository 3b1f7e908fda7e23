# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of papers: which there are, in which form, and what became of a copy.

A code keeps its meaning for ever: append, never rename or reuse.
"""

from collections.abc import Mapping

from kfdesk.domain.papers.order import Form, PaperName
from kfdesk.domain.schema import N_

PAPER: Mapping[str, str] = {
    PaperName.TRAVELLERS_SHEET: N_("Traveller's sheet"),
    PaperName.ESCORTS_SHEET: N_("Companion's sheet"),
    PaperName.DUTY_SHEET: N_("Duty sheet"),
    PaperName.FILE_COPY: N_("File copy"),
    PaperName.CONSENT_FORM: N_("Consent form"),
    PaperName.HANDOVER_RECEIPT: N_("Arrival receipt"),
    PaperName.CONTACT_LIST: N_("Contact list"),
    PaperName.CONTACT_CARD: N_("Contact card"),
    PaperName.SUPPORT_PLAN: N_("Support plan"),
    PaperName.DISCLOSURE_LOG: N_("Disclosure log"),
}

PAPER_FORM: Mapping[str, str] = {
    Form.A4: N_("A4"),
    Form.A6_FOLD: N_("A6, folded"),
    Form.LARGE: N_("Large print"),
    Form.A5: N_("A5"),
    Form.A6: N_("A6"),
}

COPY_WAY: Mapping[str, str] = {
    "printed": N_("Printed"),
    "saved": N_("Saved as a file"),
}

COPY_STATE: Mapping[str, str] = {
    "out": N_("Handed out"),
    "returned": N_("Came back"),
    "destroyed": N_("Destroyed"),
    "lost": N_("Lost"),
}
