# SPDX-License-Identifier: GPL-3.0-or-later
"""Words about sheets of case data: why one is refused, and what is odd about a line or a column.

Each has what to do. They decide nothing.
"""

from collections.abc import Mapping

from kfdesk.domain.case_sheet import CaseSheetFault, CaseSheetFinding
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.message import Message

CASE_SHEET_MESSAGES: Mapping[str, Message] = {
    "case_data.none": Message(
        N_("No client is chosen."),
        N_("Choose at least one. Only those who have agreed to this organisation are listed."),
    ),
    "case_sheet.no_columns": Message(
        N_("This file has no column of the case data standard (HTCDS)."),
        N_("The first line must have its titles, such as prs_FirstName. Choose another file."),
    ),
    "case_sheet.nothing": Message(
        N_("There is nothing to import from this file."),
        N_("Check that lines follow the titles, or choose another file."),
    ),
    "case_sheet.too_many": Message(
        N_("This sheet has more than {most} cases, and was not read to the end."),
        N_("Nothing was imported. Ask for the sheet in smaller parts."),
    ),
    "case_sheet.too_wide": Message(
        N_("A line of this sheet has more than {most} cells."),
        N_("Nothing was imported. Remove the columns that are not in the standard."),
    ),
    "figures.ic_tip_population": Message(
        N_("This table counts those who were detected: it needs a release of new clients."),
        N_("Freeze a release of new clients, and save that one."),
    ),
    "figures.ic_tip_variables": Message(
        N_("This release has no table by sex, age or exploitation alone."),
        N_("Freeze one that counts by them, each in a table or all in one."),
    ),
}

_LOOK = N_("Look at the sheet, and enter it in the plan by hand if it is right.")
_NOTHING_TO_DO = N_("There is nothing to do.")
_IN_A_NOTE = N_("It is in a note in the plan, word for word. Enter it by hand if you need it.")

CASE_FINDINGS: Mapping[CaseSheetFault, Message] = {
    CaseSheetFault.TITLE: Message(
        N_("The title is not written as in the standard. It was read as this column."),
        _NOTHING_TO_DO,
    ),
    CaseSheetFault.TITLE_BELOW: Message(
        N_("The title is missing. The second line says which column it is."), _NOTHING_TO_DO
    ),
    CaseSheetFault.TITLES_DIFFER: Message(
        N_("The first and the second line name this column differently."),
        N_("Ask who filled in the sheet which of the two was meant."),
    ),
    CaseSheetFault.REPEATED: Message(
        N_("This column is there a second time. Only the first one is read."),
        N_("Look at the second one, and enter by hand what is missing."),
    ),
    CaseSheetFault.PERPETRATOR: Message(
        N_("Nothing about those who exploited her is imported."), _NOTHING_TO_DO
    ),
    CaseSheetFault.ADDRESS: Message(
        N_("Places and addresses are not imported: a lost computer must not tell where she is."),
        _NOTHING_TO_DO,
    ),
    CaseSheetFault.NOT_KEPT: Message(
        N_("This program keeps nothing from this column."),
        N_("If something in it matters to her, write it in a note of the plan."),
    ),
    CaseSheetFault.AS_SAID: Message(N_("No field holds this column."), _IN_A_NOTE),
    CaseSheetFault.NEWER: Message(
        N_("This column is not in version 2.0 of the standard: the sheet may be newer."),
        _IN_A_NOTE,
    ),
    CaseSheetFault.FOREIGN: Message(
        N_("This column is not in the standard. It is not imported."), _LOOK
    ),
    CaseSheetFault.UNTITLED: Message(
        N_("There are cells without a title. They are not imported."), _LOOK
    ),
    CaseSheetFault.CONSENT: Message(
        N_("The consent in a sheet was given to others. It is not a consent here."),
        N_("Talk with her, and record her consent here before anything leaves."),
    ),
    CaseSheetFault.STATUS: Message(
        N_("The case has gone on elsewhere. Here it begins as a draft."), _IN_A_NOTE
    ),
    CaseSheetFault.SPELLING: Message(
        N_("The code is not written as in the standard, but it was understood."),
        _NOTHING_TO_DO,
    ),
    CaseSheetFault.UNKNOWN: Message(N_("This is not in the list of the standard."), _IN_A_NOTE),
    CaseSheetFault.SEVERAL: Message(
        N_("Several are named where the standard has one. None was chosen."), _IN_A_NOTE
    ),
    CaseSheetFault.NO_DAY: Message(
        N_("This date is not clear, or it is in the future."),
        N_("It is in a note in the plan. Ask for the date, written as 2001-05-04."),
    ),
    CaseSheetFault.NO_NUMBER: Message(N_("This number cannot be right."), _IN_A_NOTE),
    CaseSheetFault.FORMULA: Message(
        N_("The cell begins like a formula. It is read as text, and nothing is computed."), _LOOK
    ),
    CaseSheetFault.CUT: Message(
        N_("There is too much text. The end is left out."),
        N_("Look at the sheet, and write what is missing in a note in the plan."),
    ),
    CaseSheetFault.HOUSE: Message(
        N_("This organisation is not in Contacts."),
        N_("Its name is in a note in the plan. Enter it in Contacts, and then in the referral."),
    ),
    CaseSheetFault.EMPTY: Message(
        N_("Nothing on this line can be imported."), N_("Look at the line in the sheet.")
    ),
}
"""The sentences for each fault of a sheet: what is odd, and what to do."""


def case_finding_place(finding: CaseSheetFinding, words: Language) -> str:
    """Return where a finding is: its line and its column."""
    line = words.gettext(N_("Line {number}")).format(number=finding.line)
    return ", ".join(filter(None, (line, finding.column)))


def case_finding_text(finding: CaseSheetFinding, words: Language) -> tuple[str, str]:
    """Return what is odd, with what stood there, and what to do."""
    message = CASE_FINDINGS[finding.fault]
    sentence = words.gettext(message.sentence)
    if finding.said:
        sentence = f"{sentence} ({finding.said})"
    return sentence, words.gettext(message.remedy)
