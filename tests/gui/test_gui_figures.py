# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Figures: safe tables of this desk, releases, estimates, publications, who sees it."""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.procedure_samples import lines
from tests.support.figure_samples import add_clients
from tests.support.windows import nameless, show

from kfdesk.demo import people
from kfdesk.domain.accounts import Role
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.figures.charts import EstimateChart, RegisteredChart
from kfdesk.domain.figures.drawing import LabelMark, draw_chart
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.records.client import Consent
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.figures import estimates, releases
from kfdesk.services.plans.plans import list_plans
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.figures.chart_view import ChartView, FigureCard
from kfdesk.ui.pages.figures.entry import FigureEntryPage
from kfdesk.ui.pages.figures.page import FiguresPage, figures_places
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.shell.session_view import make_session_view


def on_view(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, desk: Session | None = None
) -> FiguresPage:
    page = FiguresPage(kit, desk or opened.desk)
    page.resize(1100, 900)
    show(qtbot, page)
    opened.rest()
    return page


def enter(
    opened: OpenDesk, count: int, gender: str = "Feminine", born: date = date(2001, 5, 4)
) -> None:
    day = date(opened.desk.adapters.clock.now().year - 1, 3, 1)
    opened.run(lambda: add_clients(opened.desk, count, opened=day, gender=gender, birth_date=born))


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> FiguresPage:
    return on_view(kit, qtbot, opened)


def ask(page: FiguresPage, opened: OpenDesk) -> None:
    page.desk_figures.read()
    opened.rest()


def test_nine_clients_show_no_table_no_chart_and_no_number(
    page: FiguresPage, opened: OpenDesk
) -> None:
    enter(opened, 9)
    ask(page, opened)
    shown = texts(page)
    assert "Fewer than 11 clients" in shown
    assert not page.findChildren(FigureCard)
    assert not page.desk_figures.findChildren(ChartView)
    assert not any("9" in text for text in shown)
    assert nameless(page) == []


def test_table_and_chart_stand_beside_each_other_and_say_the_same(
    page: FiguresPage, opened: OpenDesk
) -> None:
    enter(opened, 14)
    enter(opened, 12, gender="Masculine")
    ask(page, opened)
    assert {"26 clients", "14", "12", "Women", "Men"} <= texts(page)
    (view,) = page.desk_figures.findChildren(ChartView)
    marks = draw_chart(view.chart, 400).marks
    drawn = [mark.text for mark in marks if isinstance(mark, LabelMark)]
    assert drawn == ["Sex", "Women", "14", "Men", "12"]
    assert view.accessibleDescription() == "Women: 14; Men: 12"


def test_a_release_is_frozen_opened_attacked_and_saved(
    page: FiguresPage, opened: OpenDesk, tmp_path: Path
) -> None:
    enter(opened, 14)
    ask(page, opened)
    figures = page.desk_figures
    figures.freeze.click()
    opened.rest()
    assert figures.opened is not None
    assert lines(figures.table)[0].startswith("1 | New clients")
    assert not figures.freeze.isVisible()
    figures.attack.click()
    opened.rest()
    assert "Nothing could be worked out." in figures.found.text
    figures.save_to(tmp_path / "table.csv")
    opened.rest()
    assert "14 clients" in (tmp_path / "table.csv").read_text(encoding="utf-8")
    enter(opened, 1)
    figures.live.click()
    opened.rest()
    assert figures.refusal.isVisible()
    assert "figures.difference" in figures.refusal.text
    assert not page.findChildren(FigureCard)


def test_why_something_was_joined_stands_below(page: FiguresPage, opened: OpenDesk) -> None:
    enter(opened, 14)
    enter(opened, 3, gender="Masculine")
    ask(page, opened)
    said = (
        "left out, as a group would have fewer than 11 clients, or everyone in it the same answer"
    )
    assert f"Sex: {said}." in texts(page)


def test_a_line_through_the_years_is_of_frozen_releases(
    page: FiguresPage, opened: OpenDesk
) -> None:
    this = opened.desk.adapters.clock.now().year
    for year, count in ((this - 2, 14), (this - 1, 25)):
        question = releases.FigureQuestion("new_clients", FigurePeriod.parse(str(year)))
        opened.run(partial(add_clients, opened.desk, count, opened=date(year, 3, 1)))
        opened.run(partial(releases.freeze_release, opened.desk, question))
        ask(page, opened)
    titles = {view.chart.title: view for view in page.desk_figures.findChildren(ChartView)}
    line = titles["New clients, year by year"]
    assert line.accessibleDescription() == f"{this - 2}: 14; {this - 1}: 25"
    assert nameless(page) == []


def test_variables_can_be_crossed(page: FiguresPage, opened: OpenDesk) -> None:
    enter(opened, 14)
    enter(opened, 12, gender="Masculine", born=date(2012, 1, 1))
    figures = page.desk_figures
    figures.form.variables[1].setCurrentIndex(2)
    figures.form.shape.parts["crossed"].click()
    opened.rest()
    (view,) = figures.findChildren(ChartView)
    assert view.chart.title == "Sex × Age"
    assert figures.question.is_crossed


def test_estimates_and_registered_cases_have_a_chart_each(
    page: FiguresPage, opened: OpenDesk
) -> None:
    page.show_tab("estimates")
    opened.rest()
    kinds = [type(chart) for chart in page.estimates.charts]
    assert kinds == [EstimateChart, RegisteredChart]
    assert len(page.estimates.lines) == 10
    assert nameless(page) == []


def test_an_estimate_of_the_program_is_taken_over(page: FiguresPage, opened: OpenDesk) -> None:
    page.show_tab("estimates")
    page.open_estimate(page.estimates.lines[0])
    assert page.entry is not None
    page.entry.save.click()
    opened.rest()
    assert page.entry is None
    ours = [one for one in page.estimates.lines if one.is_ours]
    assert len(ours) == 1
    assert len(page.estimates.lines) == 10
    page.open_estimate(ours[0])
    assert isinstance(page.entry, FigureEntryPage)
    page.entry.remove.click()
    opened.rest()
    assert not any(one.is_ours for one in page.estimates.lines)


def test_an_estimate_that_cannot_be_is_refused_with_the_reason(
    page: FiguresPage, opened: OpenDesk
) -> None:
    page.new_estimate()
    assert page.entry is not None
    page.entry.save.click()
    opened.rest()
    assert page.entry is not None
    assert "estimate.no_number" in page.entry.outcome.text
    page.entry.cancel.click()
    assert page.entry is None


def test_saved_and_deleted_estimates_are_taken_back(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    """Also by somebody with no other right than that to figures."""
    told: list[Notification] = []
    kit.events.told.connect(lambda one: told.append(one) if one.undo is not None else None)
    reader = replace(opened.desk, roles=frozenset({Role.STATISTICS_READER}))
    page = on_view(kit, qtbot, opened, reader)
    page.open_estimate(page.estimates.lines[0])
    assert isinstance(page.entry, FigureEntryPage)
    page.entry.save.click()
    opened.rest()

    def ours() -> int:
        return sum(one.is_ours for one in page.estimates.lines)

    assert ours() == 1
    saved = told[-1].undo
    page.open_estimate(next(one for one in page.estimates.lines if one.is_ours))
    assert isinstance(page.entry, FigureEntryPage)
    page.entry.remove.click()
    opened.rest()
    assert ours() == 0
    for back, count in ((told[-1].undo, 1), (saved, 0)):
        assert back is not None
        back()
        opened.rest()
        assert ours() == count


def test_tables_sort_have_menus_and_write_days_as_people_do(
    page: FiguresPage, opened: OpenDesk
) -> None:
    enter(opened, 14)
    ask(page, opened)
    page.desk_figures.freeze.click()
    opened.rest()
    today = opened.desk.adapters.clock.now().date()
    spoken = page._kit.translator.language
    assert spoken.short_day(today, year=True) in lines(page.desk_figures.table)[0]
    table = page.estimates.table
    before = lines(table)
    assert not any("2026-" in line for line in before)
    table.sort_asked.emit(1)
    assert lines(table) != before
    assert sorted(lines(table)) == sorted(before)
    assert "Add this estimate to ours" in [one.words for one in table.offered((0,))]
    sorts = [one for one in page.commands() if one.menu == "view"]
    assert len(sorts) == len(page.desk_figures.table.rows.columns)
    page.show_tab("case_data")
    assert len([one for one in page.commands() if one.menu == "view"]) == 3


def test_publications_are_entered_and_printed(page: FiguresPage, opened: OpenDesk) -> None:
    page.show_tab("publications")
    assert "No publications yet" in texts(page)
    said = people.localized("Året", "Год", "The year")
    rid = opened.run(
        lambda: estimates.add_publication(opened.desk, {"title": said, "about_year": 2025}).rid
    )
    page.publications.read()
    opened.rest()
    asked: list[tuple[PaperName, bytes]] = []
    page.paper_asked.connect(lambda paper, about: asked.append((paper, about)))
    page.publications.paper.click()
    assert asked == [(PaperName.YEAR_REPORT, rid)]
    page.open_publication(page.publications.lines[0])
    assert page.entry is not None
    assert page.place() == "publications"
    page.return_to("desk")
    assert page.place() == "desk"


def test_who_has_no_right_does_not_see_the_place(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    worker = replace(opened.desk, roles=frozenset({Role.SHELTER_WORKER}))
    assert figures_places(worker, lambda *_: None) == ()
    shell = make_session_view(kit, worker)
    assert "figures" not in shell.rail.items
    reader = replace(opened.desk, roles=frozenset({Role.STATISTICS_READER}))
    page = on_view(kit, qtbot, opened, reader)
    assert not page.desk_figures.freeze.isVisible()
    opened.rest()
    shell.deleteLater()


def test_a_release_is_printed_from_its_page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    enter(opened, 14)
    year = str(opened.desk.adapters.clock.now().year - 1)
    asked = releases.FigureQuestion("new_clients", FigurePeriod.parse(year), ("sex",))
    opened.run(lambda: releases.freeze_release(opened.desk, asked))
    shell = make_session_view(kit, opened.desk)
    shell.resize(1366, 768)
    show(qtbot, shell)
    shell.go_to("figures")
    opened.rest()
    page = shell.page
    assert isinstance(page, FiguresPage)
    page.desk_figures.show_release(0)
    page.desk_figures.paper.click()
    opened.rest()
    assert isinstance(shell.page, PrintingPage)


def test_case_data_needs_her_consent(page: FiguresPage, opened: OpenDesk, tmp_path: Path) -> None:
    page.show_tab("case_data")
    view = page.case_data
    assert view is not None
    assert nameless(page) == []
    desk, house = opened.desk, opened.house
    view.house.setCurrentIndex([key for key, _ in view.house._options].index(house.hex()))
    view.house.chosen.emit(view.house.key)
    opened.rest()
    before = {one.plan for one in view.cases}
    assert opened.empty not in before
    assert view.none.isVisible() == (not before)

    def agree() -> None:
        client = desk.store.row(opened.empty)
        assert client is not None
        told: dict[str, Value] = {"age_band": "age_24_26", "age_disputed": False}
        change_record(desk, client.parent or b"", told)
        now = desk.adapters.clock.now()
        agreed = {**people.reception_consent(now, house.hex()), "purpose": "case_management"}
        create_record(desk, Consent, agreed, client.parent)

    opened.run(agree)
    view.read()
    opened.rest()
    assert view.save.isEnabled()
    assert {one.plan for one in view.chosen} == {*before, opened.empty}
    assert any("kf_Code" in line for line in lines(view.table))
    view.save_to(tmp_path / "case.csv")
    opened.rest()
    assert "kf_Code" in (tmp_path / "case.csv").read_text(encoding="utf-8")
    view.table.clearSelection()
    assert not view.save.isEnabled()
    view.table.selectRow(0)
    assert len(view.chosen) == 1


def test_a_sheet_is_looked_at_imported_and_undone(
    page: FiguresPage, opened: OpenDesk, tmp_path: Path
) -> None:
    desk = opened.desk
    sheet = tmp_path / "cases.csv"
    code = opened.run(lambda: list_plans(desk))[0].code
    head = "kf_Code,prs_FirstName,vic_MethodsOfControl,per_RoleDetails"
    sheet.write_text(f"{head}\n{code},Vera,,x\naster-98,Nina,RestrictsMovement,\n")
    count = len(opened.run(lambda: list_plans(desk)))
    page.look_at_sheet(sheet)
    opened.rest()
    look = page.sheet
    assert look is not None
    assert nameless(page) == []
    assert lines(look.table)[0].startswith(f"2 | {code} Vera")
    assert "left out" in lines(look.table)[0]
    assert len(lines(look.findings)) == 2
    look.table.selectRow(0)
    assert look.other.isVisible()
    look.other.click()
    assert look.apart == {2}
    look.other.click()
    assert look.apart == frozenset()
    look.take.click()
    opened.rest()
    assert page.sheet is None
    assert len(opened.run(lambda: list_plans(desk))) == count + 1


def test_a_sheet_of_something_else_is_refused_with_the_remedy(
    page: FiguresPage, opened: OpenDesk, tmp_path: Path
) -> None:
    sheet = tmp_path / "list.csv"
    sheet.write_text("name,phone\nVera,1\n")
    page.look_at_sheet(sheet)
    opened.rest()
    assert page.sheet is not None
    assert "case_sheet.no_columns" in page.sheet.outcome.text
    assert not page.sheet.take.isEnabled()
    page.sheet.cancel.click()
    assert page.sheet is None


def test_a_guessed_encoding_can_be_chosen_anew(
    page: FiguresPage, opened: OpenDesk, tmp_path: Path
) -> None:
    sheet = tmp_path / "cases.csv"
    sheet.write_bytes(("prs_FirstName,prs_SecondName\n" + "Вера,Чужая\n" * 9).encode("cp1251"))
    page.look_at_sheet(sheet)
    opened.rest()
    look = page.sheet
    assert look is not None
    assert look.guessed.isVisible()
    assert look.letters.key == "cp1251"
    look.look("cp1252")
    opened.rest()
    assert look.preview is not None
    assert look.preview.sheet.encoding == "cp1252"
    assert look.preview.lines[0].case.client["given_name"] != "Вера"


def test_a_release_of_new_clients_is_saved_for_statistics(
    page: FiguresPage, opened: OpenDesk, tmp_path: Path
) -> None:
    enter(opened, 14)
    ask(page, opened)
    figures = page.desk_figures
    assert not figures.ic_tip.isVisible()
    figures.freeze.click()
    opened.rest()
    assert figures.ic_tip.isVisible()
    figures.save_ic_tip_to(tmp_path / "ic_tip.csv")
    opened.rest()
    assert ",female,total,total,14,11," in (tmp_path / "ic_tip.csv").read_text(encoding="utf-8")


def test_quick_find_leads_to_the_place_by_other_words(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    shell = make_session_view(kit, opened.desk)
    shell.resize(1366, 768)
    show(qtbot, shell)
    opened.rest()
    (found,) = [one for one in shell.all_commands() if "statistics" in one.also]
    assert (found.words, found.keys) == ("Figures", "")
    found.run()
    opened.rest()
    assert isinstance(shell.page, FiguresPage)
    assert shell.rail.items["figures"].toolTip() == "Figures"
