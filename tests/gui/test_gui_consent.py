# SPDX-License-Identifier: GPL-3.0-or-later
"""Consent in the window: given by keys, looked at, taken back at once, decided by two."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import MACHINE, WHO, OpenDesk, texts
from tests.support.samples import first
from tests.support.stores import new_desk
from tests.support.windows import missed_by_tab, nameless, show

from kfdesk.demo import people
from kfdesk.domain.codes.case import CONSENT_EXPLAINED
from kfdesk.domain.codes.core import CONSENT_SCOPE
from kfdesk.domain.consent import MUST_EXPLAIN, ConsentMark
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import encode_changes, seen_writes, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.i18n.phrases import CONSENT_EXPLANATIONS, THIRD_COUNTRY_WARNING
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import FormState
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.notices import notices_due
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans.consents import (
    confirm_vital_interests,
    read_consent_terms,
    record_consent,
    withdraw_consent,
)
from kfdesk.services.plans.plans import disclose_case, load_case, zoned_now
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.forms.editors import AutocompleteEditor, ChoiceEditor, TextEditor, YesNoEditor
from kfdesk.ui.pages.plan.consent_editors import ExplainedPointsEditor, GroupsEditor
from kfdesk.ui.pages.plan.consent_form import ConsentForm
from kfdesk.ui.pages.plan.consent_matrix import MARK_LOOKS, MarkCell
from kfdesk.ui.pages.plan.consents import ConsentCard, ConsentSection
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.plan_sections import MissingItem
from kfdesk.ui.tokens import CARD_PADDING, TextStyle
from kfdesk.ui.widgets.painting import longest_word_width, text_width, wrapped_height
from kfdesk.ui.widgets.table import CELL_ROLE

NEAR, FAR = "Tartu naistemaja", "Dom u reki"
ADULT: dict[str, Value] = {"code": "sippa-44", "languages": ("ru",), "age_band": "age_24_26"}
IDENTITY: Any = (DataGroup.IDENTITY, DataGroup.IMMEDIATE_NEEDS)


class Page:
    """A bare plan on its page, in a desk that knows two partners: one near, one far away."""

    def __init__(self, kit: UiContext, qtbot: QtBot, folder: Path) -> None:
        self.kit, self.qtbot, self.folder = kit, qtbot, folder
        self.opened = OpenDesk(kit, qtbot, folder / "store")
        self.desk = self.opened.desk
        self.partners = self.opened.run(self._meet)
        self.plan, self.client = self.opened.run(self._enter)
        self.told: list[str] = []
        kit.events.told.connect(self._on_told)
        self.view = PlanView(kit, self.desk, self.plan)
        self.view.resize(1080, 900)
        self.view.go_to("consent")
        show(qtbot, self.view)
        self.rest()

    @property
    def section(self) -> ConsentSection:
        section = self.view.parts["consent"]
        assert isinstance(section, ConsentSection)
        return section

    @property
    def form(self) -> ConsentForm:
        assert self.section.form is not None
        return self.section.form

    @property
    def card(self) -> ConsentCard:
        (card,) = self.section.cards.values()
        return card

    @property
    def consents(self) -> list[Consent]:
        """The consents in the store."""
        rows = self.opened.run(lambda: load_case(self.desk, self.plan).consents)
        return [view(row, Consent).record for row in rows]

    def opens(self, name: str) -> set[DataGroup]:
        """Return the data groups of which something may go to a partner now."""
        rid = self.partners[name]

        def ask() -> set[DataGroup]:
            partner = partners.find_partner(self.desk, rid)
            case = load_case(self.desk, self.plan)
            return set(disclose_case(self.desk, case, partner.recipient, Channel.BUNDLE).groups)

        return self.opened.run(ask) - {DataGroup.DIRECTORY, DataGroup.PARTIES}

    def rest(self) -> None:
        self.opened.rest()

    def change_client(self, values: dict[str, Value]) -> None:
        """Write something about her, and read the page again."""
        self.opened.run(lambda: change_record(self.desk, self.client, values))
        self.view.read()
        self.rest()

    def record(self, values: dict[str, Value]) -> bytes:
        """Put a consent into the store without the window, as if it stood there before."""
        rid = self.opened.run(lambda: create_record(self.desk, Consent, values, parent=self.client))
        self.view.read()
        self.rest()
        return rid

    def agreed(self, name: str, **more: Value) -> dict[str, Value]:
        """Values of a whole consent."""
        return {
            "purpose": "referral_service",
            "recipient": self.partners[name].hex(),
            "groups": IDENTITY,
            "form": "written_signature",
            "given_by": "client",
            "language": "ru",
            "explained": tuple(CONSENT_EXPLAINED),
            "given": zoned_now(self.desk),
            **more,
        }

    def _meet(self) -> dict[str, bytes]:
        met = {}
        for name, is_far in ((NEAR, False), (FAR, True)):
            other = new_desk(self.folder / name, name, WHO, MACHINE)
            card, rid = partners.our_card(other), other.identity.organisation
            other.store.close()
            partners.add_partner(self.desk, card, PartnerTerms(is_third_country=is_far))
            partners.verify_partner(self.desk, rid, partners.verification_digits(self.desk, rid))
            met[name] = rid
        return met

    def _enter(self) -> tuple[bytes, bytes]:
        client = create_record(self.desk, Client, ADULT)
        needs = {"immediate_needs": people.localized("Kläder", "Одежда", "Clothes")}
        plan = create_record(self.desk, Plan, {"state": "draft", **needs}, parent=client)
        create_record(self.desk, Leg, {"sequence": 1, "carrier": "Buss"}, parent=plan)
        return plan, client

    def _on_told(self, outcome: Notification) -> None:
        self.told.append(self.kit.translator.translate(outcome.message, **outcome.places))


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Page]:
    made = Page(kit, qtbot, tmp_path)
    yield made
    made.rest()
    made.opened.close()


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, *, alt: bool = False, ctrl: bool = False) -> None:
    """Press a key in the focused widget."""
    alt_key = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
    ctrl_key = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(focused(), key, alt_key | ctrl_key)


def pick(form: ConsentForm, key: str, words: str) -> None:
    """Find somebody by typing the name."""
    editor = form.sheet.editors[key]
    assert isinstance(editor, AutocompleteEditor)
    editor.focus()
    QTest.keyClicks(editor.pick, words)
    if editor.pick.proposals.is_open:
        assert editor.pick.proposals.list is not None
        QTest.keyClick(editor.pick.proposals.list, Qt.Key.Key_Return)
        QTest.qWait(20)  # the list was a window of its own; let it go
        form.window().activateWindow()
        assert QTest.qWaitForWindowActive(form.window())
    assert editor.value() is not None


def choose(form: ConsentForm, key: str, code: str) -> None:
    """Walk down a choice to one answer."""
    editor = form.sheet.editors[key]
    assert isinstance(editor, ChoiceEditor)
    editor.focus()
    QTest.keyClick(editor.choice, Qt.Key.Key_Home)
    for _ in range(editor.choice.count()):
        if editor.choice.key == code:
            return
        QTest.keyClick(editor.choice, Qt.Key.Key_Down)
    assert editor.choice.key == code


def tick(form: ConsentForm, key: str, *codes: str) -> None:
    """Tick boxes by the space bar."""
    editor = form.sheet.editors[key]
    assert isinstance(editor, (GroupsEditor, ExplainedPointsEditor))
    for code in codes:
        editor.boxes[code].setFocus()
        QTest.keyClick(editor.boxes[code], Qt.Key.Key_Space)


def talk(page: Page, name: str) -> None:
    """Talk a whole consent through by keys, all but what the country or a child needs."""
    page.section.new.setFocus()
    press(Qt.Key.Key_N, alt=True)
    page.rest()
    form = page.form
    pick(form, "recipient", name)
    choose(form, "purpose", "referral_service")
    tick(form, "groups", *IDENTITY)
    explained = form.sheet.editors["explained"]
    assert isinstance(explained, ExplainedPointsEditor)
    tick(form, "explained", *explained.boxes)
    choose(form, "form", "written_signature")


def record(page: Page) -> None:
    page.form.save_button.setFocus()
    press(Qt.Key.Key_S, ctrl=True)
    page.rest()


def said(page: Page, key: str) -> str:
    """Return the message below a field."""
    return page.form.sheet.form_rows[key].message_text


# Giving


def test_consent_given_by_keys_in_a_bare_plan_opens_exactly_its_groups(page: Page) -> None:
    assert page.opens(NEAR) == set()
    talk(page, NEAR)
    assert page.opens(NEAR) == set()  # nothing goes while one types
    record(page)
    assert page.opens(NEAR) == set(IDENTITY)
    assert page.opens(FAR) == set()
    (consent,) = page.consents
    today = page.desk.adapters.clock.now().date()
    assert consent.expires == today + timedelta(days=90)
    assert (consent.language, consent.given_by, consent.transfer_tool) == ("ru", "client", None)
    assert page.section.form is None
    assert page.told == ["Consent recorded."]
    assert {"valid", "May be shared now: Identity · Immediate needs"} <= texts(page.card)
    assert page.opened.run(lambda: drafts.count_drafts(page.desk)) == 0


def test_what_is_missing_is_said_beside_its_field_and_stays_a_draft(page: Page) -> None:
    page.section.begin()
    page.rest()
    assert page.form.save_button.isVisible()
    pick(page.form, "recipient", NEAR)
    assert said(page, "purpose") == ""  # nothing is wrong while one types
    record(page)
    assert said(page, "purpose") == "Say what it is for."
    assert said(page, "explained").startswith("Explain each point")
    assert focused() in page.form.sheet.editors["purpose"].focus_targets
    assert page.consents == []
    choose(page.form, "purpose", "health_care")
    assert said(page, "purpose") == ""
    press(Qt.Key.Key_Escape)
    page.rest()
    assert page.section.form is None
    assert page.view.isVisible()
    assert f"Health care, to {NEAR}" in texts(page.section.drafts)
    assert page.opens(NEAR) == set()


def test_recipient_who_is_in_no_list_is_first_entered_in_contacts(page: Page) -> None:
    page.section.begin()
    page.rest()
    recipient = page.form.sheet.editors["recipient"]
    assert isinstance(recipient, AutocompleteEditor)
    QTest.keyClicks(recipient.pick, "Nytt hus")
    QTest.keyClick(recipient.pick, Qt.Key.Key_Tab)
    page.rest()
    assert said(page, "recipient").endswith("or enter it in Contacts first.")


def test_draft_is_gone_on_with_where_it_was_left(page: Page) -> None:
    page.section.begin()
    page.rest()
    pick(page.form, "recipient", NEAR)
    press(Qt.Key.Key_Escape)
    page.rest()
    go_on, _ = page.section.drafts.buttons
    go_on.setFocus()
    press(Qt.Key.Key_Return)
    page.rest()
    assert page.form.consent.recipient == page.partners[NEAR].hex()
    assert not page.section.drafts.isVisible()


def test_way_to_a_missing_consent_keeps_the_form_that_is_open(page: Page) -> None:
    page.section.begin()
    page.rest()
    pick(page.form, "recipient", NEAR)
    form = page.form
    focused().clearFocus()
    page.section.jump_to(MissingItem("consent"))
    page.rest()
    assert page.form is form
    assert form.isAncestorOf(focused())


@pytest.mark.parametrize("is_read", [True, False])
def test_way_to_a_missing_consent_goes_on_with_its_draft(page: Page, *, is_read: bool) -> None:
    page.section.begin()
    page.rest()
    pick(page.form, "recipient", NEAR)
    press(Qt.Key.Key_Escape)
    page.rest()
    if not is_read:
        page.section.known = None
    page.section.jump_to(MissingItem("consent"))
    page.rest()
    assert page.form.consent.recipient == page.partners[NEAR].hex()
    assert page.form.isAncestorOf(focused())
    assert page.opened.run(lambda: drafts.count_drafts(page.desk)) == 1


def test_drafts_stand_above_the_form_and_not_below_it(page: Page) -> None:
    page.section.begin()
    page.rest()
    pick(page.form, "recipient", NEAR)
    press(Qt.Key.Key_Escape)
    page.section.begin()
    page.rest()
    assert page.section.drafts.isVisible()
    assert page.section.drafts.y() < page.section.talks.y()


def test_talk_that_was_only_opened_leaves_no_draft(page: Page) -> None:
    page.section.begin()
    page.rest()
    press(Qt.Key.Key_Escape)
    page.rest()
    assert page.opened.run(lambda: drafts.count_drafts(page.desk)) == 0
    assert focused() is page.section.new


def test_only_groups_that_the_purpose_can_open_may_be_ticked(page: Page) -> None:
    page.section.begin()
    page.rest()
    groups = page.form.sheet.editors["groups"]
    assert isinstance(groups, GroupsEditor)
    assert not any(box.isEnabled() for box in groups.boxes.values())
    choose(page.form, "purpose", "travel_booking")
    assert {code for code, box in groups.boxes.items() if box.isEnabled()} == {"identity", "travel"}
    assert groups.boxes["photo"].toolTip() == "This purpose does not need it."
    assert page.form.sheet.places["purpose"].message_text == (
        "May include at most: Identity · Journey"
    )
    tick(page.form, "groups", "travel")
    choose(page.form, "purpose", "health_care")
    assert groups.boxes["travel"].isEnabled()  # what is ticked can be taken away
    record(page)
    assert "does not allow everything" in said(page, "groups")


def test_last_day_follows_the_purpose_until_a_person_chooses_one(page: Page) -> None:
    page.section.begin()
    page.rest()
    choose(page.form, "purpose", "health_care")
    today = page.desk.adapters.clock.now().date()
    last = page.form.sheet.editors["expires"]
    assert last.value() == today + timedelta(days=90)
    last.enter(today + timedelta(days=5))
    choose(page.form, "purpose", "travel_booking")
    assert last.value() == today + timedelta(days=5)


def test_third_country_without_the_warning_opens_nothing(page: Page) -> None:
    talk(page, FAR)
    record(page)
    assert said(page, "transfer_tool").startswith("Nothing on record protects")
    choose(page.form, "transfer_tool", "explicit_consent_49_1_a")
    record(page)
    assert said(page, "warned").startswith("Read the warning to her first")
    assert page.consents == []
    assert page.opens(FAR) == set()
    page.record(page.agreed(FAR, transfer_tool="explicit_consent_49_1_a"))
    assert page.opens(FAR) == set()  # nor from elsewhere
    assert any(
        "legal basis for transfer to a third country is missing" in text
        for text in texts(page.card)
    )


def test_third_country_opens_after_the_warning_was_read_in_her_language(page: Page) -> None:
    talk(page, FAR)
    choose(page.form, "transfer_tool", "explicit_consent_49_1_a")
    choose_language(page, "sv")
    warning = page.form.warning
    assert all(
        line.startswith("⟦") for line in warning.message_text
    )  # as the Swedish catalogue says it
    choose_language(page, "vi")
    assert not any(line.startswith("⟦") for line in warning.message_text)
    assert "An interpreter must read this to her (Vietnamese):" in texts(warning)
    warning.button.setFocus()
    press(Qt.Key.Key_Return)
    record(page)
    assert page.opens(FAR) == set(IDENTITY)
    assert page.consents[0].warned is not None


def choose_language(page: Page, code: str) -> None:
    page.form.sheet.editors["language"].enter(code)


@pytest.mark.slow
def test_third_country_step_is_not_asked_of_others_and_leaves_no_answer(page: Page) -> None:
    talk(page, FAR)
    choose(page.form, "transfer_tool", "scc_46")
    editor = page.form.sheet.editors["recipient"]
    editor.enter(page.partners[NEAR].hex())
    assert not page.form.warning.isVisible()
    assert not page.form.sheet.editors["transfer_tool"].isVisible()
    record(page)
    assert page.consents[0].transfer_tool is None


def answer(page: Page, key: str) -> None:
    """Enter the child's assent by keys."""
    editor = page.form.sheet.editors["assent"]
    assert isinstance(editor, YesNoEditor)
    editor.choice.parts[key].setFocus()
    press(Qt.Key.Key_Space)


@pytest.mark.parametrize("age", first(1, [{"age_band": "age_15_17"}, {"age_band": None}]))
def test_child_needs_guardian_and_assent(page: Page, age: dict[str, Value]) -> None:
    page.change_client(age)
    talk(page, NEAR)
    choose(page.form, "given_by", "client")
    record(page)
    assert said(page, "given_by").startswith("She counts as a child")
    assert said(page, "assent").startswith("The child must agree too.")
    choose(page.form, "given_by", "guardian")
    record(page)
    assert said(page, "guardian") == "Name the guardian who agreed."
    assert page.opens(NEAR) == set()
    guardian = page.form.sheet.editors["guardian"]
    assert isinstance(guardian, TextEditor)
    guardian.focus()
    QTest.keyClicks(guardian.area, "Ingen")
    answer(page, "no")
    record(page)
    assert page.consents == []  # a child that says no has not agreed
    page.form.sheet.editors["assent"].enter(MissingAnswer.UNKNOWN)  # too small to say
    record(page)
    assert page.opens(NEAR) == set(IDENTITY)


def test_service_records_nothing_that_lacks_anything(page: Page) -> None:
    values = page.agreed(NEAR, explained=None)

    def try_it() -> str:
        rid = page.desk.new_id()
        try:
            record_consent(page.desk, rid, FormState("consent", values, parent=page.client))
        except KfdeskError as fault:
            return f"{fault.code} {fault.data['field']}"
        return ""

    assert page.opened.run(try_it) == "consent.incomplete consent.explained"


def test_recorded_consent_can_be_taken_back_by_undo(page: Page, kit: UiContext) -> None:
    undone: list[Notification] = []
    kit.events.told.connect(undone.append)
    talk(page, NEAR)
    record(page)
    assert undone[-1].undo is not None
    undone[-1].undo()
    page.rest()
    assert page.section.cards == {}
    assert page.opens(NEAR) == set()


# Withdrawing


def open_panel(page: Page) -> None:
    page.card.withdraw.setFocus()
    press(Qt.Key.Key_Return)
    page.rest()
    assert page.card.panel is not None


@pytest.mark.parametrize("state", first(1, ["closed", "draft"]))
def test_withdrawal_by_keys_stops_sharing_at_once_and_the_notice_is_due(
    page: Page, state: str
) -> None:
    rid = page.record(page.agreed(NEAR))
    page.opened.run(
        lambda: transfer.send_bundle(page.desk, page.plan, page.partners[NEAR], page.folder)
    )
    close_plan(page, state)
    open_panel(page)
    assert page.card.panel is not None
    shown = texts(page.card.panel)
    assert f"{NEAR}, by exchange file: Identity · Immediate needs" in shown
    assert any(text.startswith(f"{NEAR} has received ") for text in shown)
    assert focused() is page.card.panel.effects["notify_recipients"]
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)  # ask for erasure
    for _ in range(3):
        press(Qt.Key.Key_Tab)
    assert focused() is page.card.panel.now
    press(Qt.Key.Key_Return)
    page.rest()
    assert page.opens(NEAR) == set()
    (due,) = page.opened.run(lambda: notices_due(page.desk))
    assert (due.consent, due.recipient) == (rid, page.partners[NEAR])
    assert due.effects == ("stop_new_sharing", "notify_recipients", "request_erasure")
    assert page.told[-1].startswith("Withdrawn.")
    assert "withdrawn" in texts(page.card)
    assert any(text.startswith(f"{NEAR} has received ") for text in texts(page.card))


def close_plan(page: Page, state: str) -> None:
    """Let the plan stand in a state, whatever its gates say."""
    from_elsewhere = page.desk.store.row

    def put() -> None:
        row = from_elsewhere(page.plan)
        assert row is not None
        changes = encode_changes("plan", {"state": state})
        kept = replace(
            row, state=apply_changes(row.state, changes, seen_writes(row), page.desk.signature)
        )
        with page.desk.store.transaction():
            page.desk.store.put(kept)

    page.opened.run(put)
    page.view.read()
    page.rest()


def test_escape_leaves_the_withdrawal_and_nothing_happened(page: Page) -> None:
    page.record(page.agreed(NEAR))
    open_panel(page)
    press(Qt.Key.Key_Escape)
    assert page.card.panel is None
    assert focused() is page.card.withdraw
    assert page.view.isVisible()
    assert page.opens(NEAR) == set(IDENTITY)


@pytest.mark.slow
def test_withdrawal_says_when_another_consent_goes_on_opening_the_same(page: Page) -> None:
    page.record(page.agreed(NEAR))
    page.record(page.agreed(NEAR))
    first = next(iter(page.section.cards.values()))
    first.withdraw.click()
    page.rest()
    assert first.panel is not None
    assert "Nothing is shared under this consent alone at present." in texts(first.panel)


def test_open_withdrawal_stays_open_while_the_plan_is_read_again(page: Page) -> None:
    page.record(page.agreed(NEAR))
    open_panel(page)
    panel = page.card.panel
    page.change_client({"alias": "Nina"})
    assert page.card.panel is panel
    assert panel is not None
    assert panel.isVisible()


def test_last_day_that_nobody_has_set_is_told_with_the_days_that_are_left(page: Page) -> None:
    page.record(page.agreed(NEAR, expires=None))
    last = page.desk.adapters.clock.now().date() + timedelta(days=90)
    day = page.kit.translator.language.day(last, year=True)
    assert f"Valid for 90 more days, to {day}." in texts(page.card)


def test_consent_that_ends_soon_is_asked_again_with_what_was_agreed(page: Page) -> None:
    soon = page.desk.adapters.clock.now().date() + timedelta(days=14)
    page.record(page.agreed(NEAR, expires=soon))
    assert "ends in 14 days" in texts(page.card)
    page.card.again.setFocus()
    press(Qt.Key.Key_Return)
    page.rest()
    consent = page.form.consent
    assert (consent.purpose, consent.groups) == ("referral_service", IDENTITY)
    assert consent.recipient == page.partners[NEAR].hex()
    assert (consent.explained, consent.given, consent.form) == (None, None, None)
    assert page.form.sheet.editors["expires"].value() != soon


def test_consent_with_time_left_is_not_asked_again(page: Page) -> None:
    page.record(page.agreed(NEAR))
    assert not page.card.again.isVisible()


# Vital interests


def test_two_people_decide_in_vital_interests_and_she_is_told(page: Page) -> None:
    page.section.vital.setFocus()
    press(Qt.Key.Key_Return)
    page.rest()
    assert page.form.save_button.isVisible()
    record(page)
    assert said(page, "reason").startswith("Say why it cannot wait")
    reason = page.form.sheet.editors["reason"]
    assert isinstance(reason, TextEditor)
    QTest.keyClicks(reason.area, "Akut")
    pick(page.form, "recipient", FAR)
    choose(page.form, "purpose", "referral_service")
    tick(page.form, "groups", *IDENTITY)
    record(page)
    assert page.section.form is None
    assert page.opens(FAR) == set()
    assert "a second person must agree" in texts(page.card)
    assert not page.card.second.isEnabled()  # not the same one
    rid = next(iter(page.section.cards))
    second = replace(page.desk, user="AU")
    page.opened.run(lambda: confirm_vital_interests(second, rid))
    page.view.read()
    page.rest()
    assert page.opens(FAR) == set(IDENTITY)
    assert "She must be told, as soon as she can hear it." in texts(page.card)
    page.card.told.setFocus()
    press(Qt.Key.Key_Return)
    page.rest()
    assert not page.card.told.isVisible()
    (consent,) = page.consents
    assert consent.explained is not None
    assert consent.expires == page.desk.adapters.clock.now().date() + timedelta(days=2)
    assert page.opened.run(lambda: drafts.count_drafts(page.desk)) == 0


def test_vital_interests_are_no_form_of_an_ordinary_consent(page: Page) -> None:
    page.section.begin()
    page.rest()
    editor = page.form.sheet.editors["form"]
    assert isinstance(editor, ChoiceEditor)
    editor.show_value("vital_interests")
    assert editor.value() == "vital_interests"  # one that came in is shown
    editor.show_value(None)
    offered = [editor.choice.itemText(place) for place in range(editor.choice.count())]
    assert "Danger to life (vital interests), decided by two people" not in offered


# The matrix


def cell(page: Page, name: str, group: str) -> MarkCell:
    """Return the cell of a recipient and a group."""
    rows = [one.name for one in page.section.matrix._rows]
    model = page.section.matrix.table.model()
    found = model.index(rows.index(name), 1 + list(CONSENT_SCOPE).index(group)).data(CELL_ROLE)
    assert isinstance(found, MarkCell)
    return found


def walk_to(page: Page, name: str, group: str = "") -> None:
    """Walk to a cell of the matrix by the arrow keys."""
    table = page.section.matrix.table
    table.setFocus()
    table.setCurrentIndex(table.rows.index(0, 0))
    for _ in range([one.name for one in page.section.matrix._rows].index(name)):
        press(Qt.Key.Key_Down)
    for _ in range(1 + list(CONSENT_SCOPE).index(group) if group else 0):
        press(Qt.Key.Key_Right)
    assert page.section.matrix.current is not None
    assert (page.section.matrix.current.name, table.group) == (name, group)


def sorts(page: Page) -> bytes:
    """Enter a consent of each sort, and return the valid one."""
    today = page.desk.adapters.clock.now().date()
    gone = page.record(page.agreed(FAR, groups=("identity",)))
    page.opened.run(lambda: withdraw_consent(page.desk, gone))
    ended = today - timedelta(days=1)
    page.record(page.agreed(FAR, groups=("immediate_needs",), expires=ended))
    return page.record(page.agreed(NEAR, form="oral_interpreter", interpreted_by="Olga"))


def test_matrix_has_a_row_for_each_recipient_and_four_marks_that_differ(page: Page) -> None:
    sorts(page)
    rows = [one.name for one in page.section.matrix._rows]
    assert rows == [NEAR, FAR, page.desk.identity.name]  # what is valid comes first
    said = [
        cell(page, NEAR, "identity").accessible_text,
        cell(page, NEAR, "health").accessible_text,
        cell(page, FAR, "identity").accessible_text,
        cell(page, FAR, "immediate_needs").accessible_text,
        cell(page, page.desk.identity.name, "identity").accessible_text,
    ]
    assert said == [
        "Identity: granted", "Health: not granted", "Identity: withdrawn", "Immediate needs: ended",
        "Identity: not granted",
    ]  # fmt: skip
    assert len({icon for _, icon, _ in MARK_LOOKS.values()}) == len(ConsentMark)
    model, last = page.section.matrix.table.model(), 1 + len(CONSENT_SCOPE)
    today = page.desk.adapters.clock.now().date()
    language = page.kit.translator.language
    until = language.short_day(today + timedelta(days=90), year=True)
    assert [str(model.index(0, last + at).data()) for at in (0, 1)] == [
        until,
        "Read aloud, Russian",
    ]
    assert str(model.index(1, last).data()).endswith((", withdrawn", ", ended"))


def test_enter_and_a_click_open_the_consent_behind_a_cell(page: Page) -> None:
    valid = sorts(page)
    assert page.section.cards[valid].isVisible()
    walk_to(page, FAR, "identity")
    assert "Identity: withdrawn" in page.section.matrix.said.text()
    press(Qt.Key.Key_Return)
    page.rest()
    shown = {rid for rid, card in page.section.cards.items() if card.isVisible()}
    assert len(shown) == 2
    assert valid not in shown
    table = page.section.matrix.table
    area = table.visualRect(table.rows.index(0, 1))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    page.rest()
    assert page.section.cards[valid].isVisible()
    assert focused() in page.section.cards[valid].buttons
    assert not any(page.section.cards[rid].isVisible() for rid in shown)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_N])
def test_new_consent_from_a_row_keeps_its_recipient(page: Page, key: Qt.Key) -> None:
    house = page.desk.identity
    walk_to(page, house.name)
    press(key, alt=key is Qt.Key.Key_N)
    page.rest()
    assert page.form.consent.recipient == house.organisation.hex()
    assert focused() in page.form.sheet.editors["purpose"].focus_targets
    press(Qt.Key.Key_Escape)
    page.rest()
    page.section.new.click()  # away from the matrix it keeps nobody
    page.rest()
    assert page.form.consent.recipient is None


@pytest.mark.parametrize("language", ["en", "sv", "ru"])
def test_name_of_a_recipient_is_whole_beside_the_last_day(
    page: Page, kit: UiContext, language: str
) -> None:
    sorts(page)
    page.section.matrix.setFixedWidth(816)  # beside the sections, in a window of 1280
    kit.set_language(language)
    page.rest()
    table = page.section.matrix.table
    first = table.rows.index(0, 0)
    name, width = str(first.data()).partition(",")[0], table.visualRect(first).width()
    strong = kit.theme.font(TextStyle.BUTTON)
    assert name == NEAR
    assert text_width(name, strong) + 2 * CARD_PADDING <= width


@pytest.mark.parametrize("language", ["sv", "ru"])
def test_headings_are_never_cut(page: Page, kit: UiContext, language: str) -> None:
    kit.set_language(language)
    page.rest()
    header = page.section.matrix.table._header
    for at in header._turned:
        text = header._text(at)
        long = header.height() - 16
        assert wrapped_height(text, header.font(), long) <= header.sectionSize(at)
        assert longest_word_width(text, header.font()) <= long


@pytest.mark.parametrize("language", ["en", "sv", "ru"])
def test_recipients_have_room_in_a_usual_window(page: Page, kit: UiContext, language: str) -> None:
    kit.set_language(language)
    sorts(page)
    page.view.resize(871, 744)  # the matrix is as wide as in a window of 1280 by 800
    page.rest()
    name = text_width("Училище «Образец»", kit.theme.font(TextStyle.STRONG))
    assert page.section.matrix.table._header.sectionSize(0) >= name + 24


def test_new_consent_with_two_groups_takes_few_keys(page: Page) -> None:
    page.section.new.setFocus()
    pressed = 0

    def hit(key: Qt.Key, **how: bool) -> None:
        nonlocal pressed
        pressed += 1
        press(key, **how)
        page.rest()

    hit(Qt.Key.Key_N, alt=True)
    QTest.keyClicks(focused(), NEAR[:5])
    pick_list = cast("AutocompleteEditor", page.form.sheet.editors["recipient"]).pick.proposals
    assert pick_list.list is not None
    pressed += 1
    QTest.keyClick(pick_list.list, Qt.Key.Key_Return)
    QTest.qWait(20)
    page.form.window().activateWindow()
    assert QTest.qWaitForWindowActive(page.form.window())
    hit(Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "Ref")  # Referral to a service
    hit(Qt.Key.Key_Tab)
    hit(Qt.Key.Key_Space)
    hit(Qt.Key.Key_Tab)
    hit(Qt.Key.Key_Space)
    hit(Qt.Key.Key_S, ctrl=True)  # leads to what is missing: the points to explain
    hit(Qt.Key.Key_Space)
    hit(Qt.Key.Key_S, ctrl=True)  # then to how she agreed
    QTest.keyClicks(focused(), "Sig")  # Signed
    hit(Qt.Key.Key_S, ctrl=True)
    (consent,) = page.consents
    assert consent.groups == ("identity", "contact")
    assert isinstance(consent.explained, tuple)
    assert set(consent.explained) == MUST_EXPLAIN  # research is asked by itself
    assert pressed == 11  # beside the letters of three names


# The directory behind the form


@pytest.mark.slow
def test_recipient_out_of_the_directory_is_looked_up_alone(page: Page) -> None:
    def enter() -> tuple[str, str]:
        values = {"name": "Кризисный центр", "country": "RU"}
        house = create_record(page.desk, Organisation, values)
        person = {"given_name": "Maria", "organisation": house.hex()}
        return house.hex(), create_record(page.desk, Contact, person).hex()

    far, person = page.opened.run(enter)
    page.section.begin()
    page.rest()
    assert not {far, person} & page.form.terms.parties.keys()
    for recipient in (far, person):
        page.form.sheet.editors["recipient"].enter(recipient)
        page.rest()
        assert "she must be warned" in page.form.sheet.places["recipient"].message_text
        assert page.form.sheet.editors["transfer_tool"].isVisible()


def test_directory_is_not_read_for_a_new_consent(page: Page) -> None:
    def terms() -> set[str]:
        houses = [create_record(page.desk, Organisation, {"name": f"Hus {n}"}) for n in range(20)]
        known = read_consent_terms(page.desk, page.client).parties
        assert not {rid.hex() for rid in houses} & known.keys()
        return set(known)

    wanted = {rid.hex() for rid in page.partners.values()}
    assert page.opened.run(terms) == wanted | {page.desk.identity.organisation.hex()}


# For everybody


def test_everything_is_named_and_reached_by_tab(page: Page) -> None:
    page.record(page.agreed(NEAR))
    page.section.begin()
    page.rest()
    page.card.withdraw.click()
    page.rest()
    assert nameless(page.section) == []
    page.section.new.setFocus()
    assert missed_by_tab(page.section) == []


def test_every_word_follows_the_language(page: Page, kit: UiContext) -> None:
    page.record(page.agreed(NEAR))
    page.section.begin()
    page.rest()
    page.card.withdraw.click()
    page.rest()
    english = texts(page.section)
    kit.set_language("sv")
    own = {
        NEAR,
        FAR,
        *CONSENT_EXPLANATIONS.values(),
        *THIRD_COUNTRY_WARNING,
    }  # what is said to her is in her language
    for text in texts(page.section) & english - own:
        assert not any(sign.isalpha() for sign in text), text
    kit.set_language("en")


def test_form_says_what_to_know_of_whom_it_goes_to(page: Page) -> None:
    page.section.begin()
    page.rest()
    aside = page.form.sheet.places["recipient"]
    recipient = page.form.sheet.editors["recipient"]
    recipient.enter(page.desk.identity.organisation.hex())
    assert aside.message_text.startswith("Our own organisation")
    recipient.enter(page.partners[FAR].hex())
    assert "she must be warned" in aside.message_text
    recipient.enter(page.partners[NEAR].hex())
    assert aside.message_text == ""
