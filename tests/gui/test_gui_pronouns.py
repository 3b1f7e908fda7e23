# SPDX-License-Identifier: GPL-3.0-or-later
"""The window speaks of each client as it is recorded: on a plan's page, in Today, in what is told.

What people wrote themselves is taken out first, so that the words are the window's.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, said_under
from tests.integration.test_pronouns import scrub
from tests.support import make
from tests.support.pronouns import HER, HIM
from tests.support.windows import show
from tests.unit.documents.paper_samples import compiled_catalogues

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import load_case
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.access import LockedPlanPage
from kfdesk.ui.pages.book.page import BookPage
from kfdesk.ui.pages.calendar.page import CalendarPage
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.exchange.notices import withdrawal_duty, withdrawal_title
from kfdesk.ui.pages.exchange.page import ExchangePage
from kfdesk.ui.pages.exchange.previews import WithdrawalText
from kfdesk.ui.pages.figures.page import FiguresPage
from kfdesk.ui.pages.history import History, RecordValues
from kfdesk.ui.pages.intake import IntakePage
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.pages.procedures.page import ProceduresPage
from kfdesk.ui.pages.settings import SettingsPage
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.shell.overlays import FaultSheet
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.layout import Banner

LANGUAGES = ("en", "sv", "ru")
OF_THINGS = (
    "что она значит", "она придёт в файле",
    "как она оценивает риски", "что против неё делается", "кто её оказывает",
)  # fmt: skip
"""Russian texts about a check-in, a cell, an assessment, an organisation, a service."""
ORDINARY = "Next: her consent to case management."
MakePage = Callable[[UiContext, Session], QWidget]
PAGES_ABOUT_NO_CLIENT = (
    BookPage, CalendarPage, DirectoryPage, ExchangePage, FiguresPage, History, PrintingPage,
    ProceduresPage, SettingsPage,
)  # fmt: skip


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the catalogues of the tree."""
    return compiled_catalogues(tmp_path_factory.mktemp("translations"))


def words_of(page: QWidget) -> Iterator[str]:
    """Yield every text of a page: shown or folded, pointed at, or heard."""
    for part in page.findChildren(QWidget):
        if isinstance(part, QLabel | QAbstractButton):
            yield part.text()
        if isinstance(part, QComboBox):
            yield from (part.itemText(at) for at in range(part.count()))
        yield from (part.toolTip(), part.accessibleName(), part.accessibleDescription())


def found(code: str, page: QWidget, pronoun: Pronoun) -> list[str]:
    """Return the texts of a page that tell another gender than is known."""
    wrong = {Pronoun.HE: (HER,), Pronoun.CLIENT: (HER, HIM)}[pronoun]
    said = dict.fromkeys(words_of(page))
    low = {text: text.lower() for text in said}
    for thing in OF_THINGS:
        low = {text: words.replace(thing, "") for text, words in low.items()}
    return [text for text in said if any(one[code].search(low[text]) for one in wrong)]


def say(opened: OpenDesk, gender: Value, plan: bytes = b"") -> bytes:
    """Record the gender of a plan's client; return the client's id."""
    client = opened.run(lambda: load_case(opened.desk, plan or opened.plan).client.rid)
    opened.run(partial(change_record, opened.desk, client, {"gender": gender}))
    return client


def looked_at(kit: UiContext, qtbot: QtBot, opened: OpenDesk, plan: bytes) -> PlanView:
    """Return the page of a plan, with all its sections open."""
    view = PlanView(kit, opened.desk, plan)
    view.resize(1300, 760)
    show(qtbot, view)
    opened.rest()
    for key in list(view.parts):
        view.go_to(key)
        opened.rest()
    return view


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    ("gender", "pronoun"),
    [("Masculine", Pronoun.HE), (None, Pronoun.CLIENT)],
)
def test_page_of_a_plan_says_nothing_of_another_gender(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, gender: Value, pronoun: Pronoun, code: str
) -> None:
    opened.run(lambda: scrub(opened.desk))
    for plan in (opened.plan, opened.empty):
        say(opened, gender, plan)
        kit.translator.set_language(code)
        view = looked_at(kit, qtbot, opened, plan)
        assert found(code, view, pronoun) == []


def test_page_of_a_woman_says_what_it_said(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    say(opened, "Feminine", opened.empty)
    view = looked_at(kit, qtbot, opened, opened.empty)
    assert ORDINARY in set(words_of(view))


def test_page_follows_at_once_when_the_gender_is_recorded_and_when_the_language_changes(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    say(opened, None, opened.empty)
    view = looked_at(kit, qtbot, opened, opened.empty)
    assert "Next: the client's consent to case management." in set(words_of(view))
    say(opened, "Masculine", opened.empty)
    kit.events.changed.emit(frozenset({"client"}))
    opened.rest()
    assert "Next: his consent to case management." in set(words_of(view))
    kit.set_language("sv")
    assert "Nästa steg: hans samtycke till ärendehandläggningen." in set(words_of(view))
    say(opened, "Feminine", opened.empty)
    kit.events.changed.emit(frozenset({"client"}))
    opened.rest()
    assert "Nästa steg: hennes samtycke till ärendehandläggningen." in set(words_of(view))


def test_two_pages_speak_each_of_their_own_client(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    say(opened, "Feminine", opened.empty)
    say(opened, "Masculine", opened.plan)
    his = looked_at(kit, qtbot, opened, opened.plan)
    hers = looked_at(kit, qtbot, opened, opened.empty)
    assert ORDINARY in set(words_of(hers))
    assert found("en", his, Pronoun.HE) == []
    assert kit.translator.translate(N_("She has arrived")) == "The client has arrived"


def test_today_speaks_of_each_client_in_its_own_line(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    at = opened.desk.adapters.clock.now().replace(tzinfo=None) + timedelta(days=3)
    hearing: dict[str, Value] = {
        "kind": "injured_party", "must_be_present": True,
        "next_hearing": ZonedTime.at(at, make.STOCKHOLM),
    }  # fmt: skip
    for plan in (opened.plan, opened.empty):
        opened.run(partial(create_record, opened.desk, LegalStatus, hearing, plan))
    say(opened, "Masculine", opened.plan)
    say(opened, None, opened.empty)
    page = TodayPage(kit, opened.desk)
    show(qtbot, page)
    opened.rest()
    said = {row[0]: row[1] for row in said_under(page.listing.table, "Legal deadlines")}
    (his,) = (what for who, what in said.items() if "tulpan-47" in who)
    (theirs,) = (what for who, what in said.items() if "sippa-12" in who)
    assert "Hearing; he must be present" in his
    assert "Hearing; the client must be present" in theirs


def test_what_a_page_tells_the_window_says_its_pronoun(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    told: list[Notification] = []
    kit.events.told.connect(told.append)
    page = QWidget()
    qtbot.addWidget(page)
    his = kit.about_client(page, Pronoun.HE)
    his.notify(N_("Recorded: she has not checked in."))
    his.notify(N_("{code}: not heard from her"), code=lambda _: "tulpan-47")
    his.notify(lambda language: language.gettext("She has arrived"))
    kit.about_client(page, Pronoun.SHE).notify(N_("Recorded: she has not checked in."))
    say_it = kit.translator.translate
    assert [say_it(one.message, **one.places) for one in told] == [
        "Recorded: he has not checked in.", "tulpan-47: not heard from him", "He has arrived",
        "Recorded: she has not checked in.",
    ]  # fmt: skip
    his.set_language("sv")
    assert kit.translator.language.code == his.translator.language.code == "sv"
    assert say_it(told[2].message) == "Han är framme"


@pytest.mark.parametrize("code", LANGUAGES)
def test_page_of_somebody_not_known_yet_guesses_nothing(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, code: str
) -> None:
    kit.translator.set_language(code)
    for page in (IntakePage(kit, opened.desk), LockedPlanPage(kit, opened.desk, opened.plan)):
        show(qtbot, page)
        opened.rest()
        assert found(code, page, Pronoun.CLIENT) == []


@pytest.mark.parametrize("code", ["en", "sv"])
@pytest.mark.parametrize("page", PAGES_ABOUT_NO_CLIENT)
def test_page_about_no_client_says_nothing_of_a_woman_or_a_man(
    kit: UiContext,
    qtbot: QtBot,
    opened: OpenDesk,
    page: Callable[[UiContext, Session], QWidget],
    code: str,
) -> None:
    kit.translator.set_language(code)
    shown = page(kit, opened.desk)
    show(qtbot, shown)
    opened.rest()
    assert found(code, shown, Pronoun.CLIENT) == []


def test_refusal_that_the_window_shows_says_the_pronoun_of_the_plan_on_view(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    say(opened, "Masculine", opened.empty)
    page = PlansPage(kit, opened.desk)
    show(qtbot, page)
    before = page.pronoun
    page.open_plan(opened.empty)
    opened.rest()
    assert (before, page.pronoun) == (Pronoun.CLIENT, Pronoun.HE)
    spoken = replace(kit, faults=lambda _, language: (language.gettext("She has arrived"), ""))
    said = spoken.faults_about(page.pronoun)
    sheet = FaultSheet(spoken, KfdeskError("record.missing"), said)
    qtbot.addWidget(sheet)
    assert "He has arrived" in set(words_of(sheet))
    banner = Banner(spoken, Tone.DANGER, "octagon-alert")
    qtbot.addWidget(banner)
    for how, words in ((said, "He has arrived"), (None, "The client has arrived")):
        banner.show_fault(KfdeskError("record.missing"), how)
        assert words in set(words_of(banner))


def test_values_of_a_record_are_named_as_their_client_is(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    client = say(opened, "Masculine", opened.empty)
    opened.run(partial(change_record, opened.desk, client, {"phone": "+46 70 174 06 01"}))
    page = RecordValues(kit, opened.desk)
    show(qtbot, page)
    page.open_record(client)
    opened.rest()
    model = page.table.model()
    rows, columns = range(model.rowCount()), range(model.columnCount())
    said = " ".join(str(model.index(row, at).data()) for row in rows for at in columns)
    assert "Number on which he can be reached" in said
    assert HER["en"].search(said.lower()) is None


def test_notice_of_a_withdrawal_says_the_pronoun_of_its_client(kit: UiContext) -> None:
    said = {
        pronoun: withdrawal_title(
            WithdrawalText("tulpan-47", None, (), is_ours=True, pronoun=pronoun),
            "Huset",
            kit.translator.language,
        )
        for pronoun in Pronoun
    }
    assert said == {
        Pronoun.SHE: "The client tulpan-47 has told Huset that she withdraws her consent.",
        Pronoun.HE: "The client tulpan-47 has told Huset that he withdraws his consent.",
        Pronoun.CLIENT: "The client tulpan-47 has told Huset that the consent is withdrawn.",
    }
    asks = WithdrawalText("tulpan-47", None, ("request_erasure",), pronoun=Pronoun.HE)
    duty = withdrawal_duty(asks, kit.translator.language)
    assert "He asks that what was shared be erased." in duty


def test_page_about_a_client_tells_times_by_the_clocks_of_the_organisation(
    kit: UiContext, qtbot: QtBot
) -> None:
    kit.translator.set_zone("Pacific/Chatham")
    page = QWidget()
    qtbot.addWidget(page)
    hers = kit.about_client(page, Pronoun.HE).translator
    assert (hers.language.zone, hers.program("ru").zone) == ("Pacific/Chatham",) * 2
    kit.translator.set_zone("Asia/Kathmandu")
    kit.translator.set_language("ru")
    assert (hers.language.code, hers.language.zone) == ("ru", "Asia/Kathmandu")
    assert hers.program("sv").zone == "Asia/Kathmandu"
