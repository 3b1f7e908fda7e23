# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters to authorities in the window: begun at the referrals, shown and mended in Print."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from tests.gui.desk_samples import OpenDesk, said_under, texts

from kfdesk.demo import people
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.records.case import Referral
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record, require_record
from kfdesk.services.papers.letters import LetterRequest, prepare_letter
from kfdesk.services.today import read_today
from kfdesk.ui.pages.plan.decision import DecisionSection
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.shell.session_view import SessionView

POLICE: dict[str, Value] = {
    "name": "Polisen Exempel", "country": "SE", "actor_type": "police", "languages": ("sv",),
    "confidentiality": "public",
}  # fmt: skip


@pytest.fixture
def police(opened: OpenDesk) -> bytes:
    return opened.run(lambda: create_record(opened.desk, Organisation, POLICE))


def letter(opened: OpenDesk, to: bytes, days: int = 3) -> bytes:
    day = opened.desk.adapters.clock.now().date() + timedelta(days)
    wanted = LetterRequest("police_report", to, day)
    return opened.run(lambda: prepare_letter(opened.desk, opened.plan, wanted))


def consent(opened: OpenDesk, to: bytes) -> None:
    desk = opened.desk

    def agree() -> bytes:
        given = people.consent_to_case_work(desk.adapters.clock.now(), to.hex())
        groups = ("identity", "legal_case")
        values = {**given, "purpose": "police_report", "groups": groups}
        client = require_record(desk, opened.plan).parent
        return create_record(desk, Consent, values, client)

    opened.run(agree)


def decision(shell: SessionView, opened: OpenDesk) -> DecisionSection:
    shell.go_to("plans")
    page = shell.page
    assert isinstance(page, PlansPage)
    page.open_plan(opened.plan, section="decision")
    opened.rest()
    assert isinstance(page.plan, PlanView)
    part = page.plan.parts["decision"]
    assert isinstance(part, DecisionSection)
    return part


def test_letter_is_begun_at_the_referrals_and_leads_to_print(
    shell: SessionView, opened: OpenDesk, police: bytes
) -> None:
    part = decision(shell, opened)
    QTest.keyClick(part.referrals.letter_button, Qt.Key.Key_Space)
    opened.rest()
    form = part.referrals.form
    assert form is not None
    assert form.form.editors["direction"].value() == "out"
    form.form.editors["purpose"].enter("police_report")
    form.form.editors["organisation"].enter(police.hex())
    form.save()
    opened.rest()
    (row,) = (one for one in opened.run(lambda: opened.desk.store.rows("referral")))
    record = view(row, Referral).record
    assert (record.purpose, record.organisation) == ("police_report", police.hex())
    page = shell.page
    assert isinstance(page, PrintingPage)
    assert page.choices.papers.paper is PaperName.AUTHORITY_LETTER
    assert page.choices.paper_order.subject == row.rid
    assert any(one.startswith("letter.no_consent") for one in texts(page))


def test_what_is_missing_leads_to_the_consents_of_its_plan(
    shell: SessionView, opened: OpenDesk, police: bytes
) -> None:
    referral = letter(opened, police)
    part = decision(shell, opened)
    button = letter_button(part)
    assert "Polisen Exempel" in button.accessibleName()
    QTest.keyClick(button, Qt.Key.Key_Space)
    opened.rest()
    page = shell.page
    assert isinstance(page, PrintingPage)
    assert page.choices.paper_order.subject == referral
    assert not page.foot.printing.isEnabled()
    (fix,) = page.obstacles.fixes
    fix.click()
    opened.rest()
    plans = shell.page
    assert isinstance(plans, PlansPage)
    assert plans.plan is not None
    assert plans.plan.place().split("/")[:2] == [opened.plan.hex(), "consent"]


def test_with_her_consent_the_page_is_shown_in_its_readers_language_and_saved(
    shell: SessionView, opened: OpenDesk, police: bytes, tmp_path: Path
) -> None:
    consent(opened, police)
    referral = letter(opened, police)
    QTest.keyClick(letter_button(decision(shell, opened)), Qt.Key.Key_Space)
    opened.rest()
    page = shell.page
    assert isinstance(page, PrintingPage)
    assert page.choices.language.key == "sv"
    assert page.foot.printing.isEnabled()
    page.save(tmp_path / "letter.pdf")
    opened.rest()
    assert (tmp_path / "letter.pdf").exists()
    record = view(opened.run(lambda: require_record(opened.desk, referral)), Referral).record
    assert record.letter is not None
    page.head.copies.click()
    opened.rest()
    model = page.copies.table.model()
    assert "Polisen Exempel" in str(model.index(0, 1).data())


def test_answer_stands_on_today(shell: SessionView, opened: OpenDesk, police: bytes) -> None:
    letter(opened, police)
    shell.go_to("today")
    opened.rest()
    assert isinstance(shell.page, TodayPage)
    shell.page.read()
    opened.rest()
    assert [one.to for one in opened.run(lambda: read_today(opened.desk)).answers] == [
        "Polisen Exempel"
    ]
    ((_, who, when),) = said_under(shell.page.listing.table, "Answers you are waiting for")
    assert who.startswith("Polisen Exempel")
    assert "in 3 days" in when


def letter_button(part: DecisionSection) -> QPushButton:
    (found,) = (
        one
        for one in part.referrals.findChildren(QPushButton)
        if one.accessibleName().startswith("Letter…:")
    )
    return found
