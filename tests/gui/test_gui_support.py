# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Rehabilitation: her aims in her words, services, and a referral by one press."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.editing_samples import Bench, Heard
from tests.support.windows import Stage, missed_by_tab, nameless

from kfdesk.demo import people
from kfdesk.domain.records.aftercare import Goal, Service
from kfdesk.domain.records.client import Consent
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.plans.plans import PlanPage, open_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.aftercare.support import SupportSection

AIM = people.localized(
    "Jag vill bli frisör", "Хочу стать парикмахером", "I want to be a hairdresser"
)


@pytest.fixture
def bench(kit: UiContext, qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[Bench]:
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    yield Bench(kit, qtbot, made, stage)
    made.close()


def page(bench: Bench) -> PlanPage:
    return bench.open.run(lambda: open_plan(bench.desk, bench.plan))


def section(bench: Bench) -> SupportSection:
    """Return the section on view."""
    made = SupportSection(bench.kit, bench.desk)
    bench.stage(made)
    made.show_plan(page(bench))
    bench.rest()
    return made


def enter_goal(bench: Bench, **values: Value) -> bytes:
    whole: dict[str, Value] = {"aim": AIM, "domain": "vocational", **values}
    return bench.open.run(lambda: create_record(bench.desk, Goal, whole, bench.plan))


def enter_service(bench: Bench, **values: Value) -> bytes:
    whole: dict[str, Value] = {"status": "offered", "domain": "legal", **values}
    return bench.open.run(lambda: create_record(bench.desk, Service, whole, bench.plan))


def test_nothing_yet_says_what_to_do(bench: Bench) -> None:
    part = section(bench)
    assert "No goal yet. Ask her what she wants, and write it in her own words." in texts(part)
    assert nameless(part) == []
    assert part.state(page(bench)).fact == ""


def test_aim_stands_in_her_words_with_where_she_is_and_wants_to_be(bench: Bench) -> None:
    enter_goal(
        bench, need_level="high", baseline="none", progress="poor", target="good",
        due=date(2027, 9, 1), status="in_progress", organisation=bench.open.house.hex(),
    )  # fmt: skip
    shown = texts(section(bench))
    assert {"I want to be a hairdresser", "Under way"} <= shown
    scores = "began at 0 – nothing · now 1 – poor · goal 3 – good"
    whole = [score.replace(" ", "\u00a0") for score in scores.split(" · ")]
    assert " · ".join(whole) in shown  # each stays on one line
    assert f"High need · {people.SAFE_HOUSE} · by 1 September 2027" in shown


def test_without_words_of_hers_the_part_of_her_life_stands_there(bench: Bench) -> None:
    enter_goal(bench, aim=None, status="met")
    enter_goal(bench, aim=None, domain=None)
    shown = texts(section(bench))
    assert {"Learning a trade", "Reached", "–"} <= shown


@pytest.mark.parametrize(
    ("status", "fact"),
    [(None, "1"), ("planned", "1"), ("in_progress", "1"), ("met", ""),
     ("dropped_by_client", "")],
)  # fmt: skip
def test_only_open_aims_are_counted(bench: Bench, status: str | None, fact: str) -> None:
    enter_goal(bench, status=status)
    said = SupportSection.state(page(bench)).fact
    assert bench.kit.translator.translate(said) == fact


def test_aim_is_begun_as_ours_and_as_not_begun_yet(bench: Bench) -> None:
    part = section(bench)
    assert part.begin_record("goal")
    form = part.goals.form
    assert form is not None
    values = {key: form.form.editors[key].value() for key in ("status", "owner")}
    assert values == {"status": "planned", "owner": "EV"}


def test_service_offers_the_aims_to_choose_from_in_her_words(bench: Bench) -> None:
    rid = enter_goal(bench)
    part = section(bench)
    part.begin_record("service")
    assert part.services.offers.references["goal"] == [(rid.hex(), "I want to be a hairdresser")]


def test_service_names_who_gives_it_and_for_which_aim(bench: Bench) -> None:
    rid = enter_goal(bench)
    what = people.localized("Kvällskurs", "Вечерние курсы", "Evening course")
    enter_service(
        bench, what=what, goal=rid.hex(), organisation=bench.open.house.hex(), funding="donor",
        status="waiting",
    )  # fmt: skip
    part = section(bench)
    assert {"Evening course", "Waiting for a place"} <= texts(part)
    line = f"{people.SAFE_HOUSE} · I want to be a hairdresser · A donor"
    assert line in texts(part)
    assert part.services.referrals == {}


def test_referral_by_her_consent_is_one_press_and_can_be_taken_back(bench: Bench) -> None:
    house = bench.open.house
    rid = enter_service(bench, organisation=house.hex())
    client = page(bench).client.rid
    values: dict[str, Value] = {
        **people.reception_consent(bench.desk.adapters.clock.now(), house.hex()),
        "purpose": "referral_service",
        "groups": (DataGroup.IDENTITY, DataGroup.IMMEDIATE_NEEDS),
    }
    bench.open.run(lambda: create_record(bench.desk, Consent, values, client))
    heard, part = Heard(bench.kit), section(bench)
    part.services.referrals[rid].click()
    bench.rest()
    assert heard.words == ["Referred, with her consent."]
    assert [one.record.consent is not None for one in page(bench).case.all_views("referral")] == [
        True
    ]
    heard.take_back()
    bench.rest()
    assert page(bench).case.all_views("referral") == ()


def test_referral_without_consent_is_refused_and_says_so(bench: Bench) -> None:
    rid = enter_service(bench, organisation=bench.open.house.hex())
    other = enter_service(bench)
    heard, part = Heard(bench.kit), section(bench)
    for pressed in (rid, other):
        part.services.referrals[pressed].click()
        bench.rest()
    assert [fault.code for fault in heard.failed] == [
        "referral.no_consent", "referral.no_provider",
    ]  # fmt: skip


def test_plan_that_is_only_read_offers_nothing_to_write(bench: Bench) -> None:
    enter_goal(bench)
    enter_service(bench)
    bench.open.run(lambda: change_record(bench.desk, bench.plan, {"owner": "MB"}))
    part = SupportSection(bench.kit, bench.desk)
    bench.stage(part)
    part.show_plan(replace(page(bench), may_edit=False))
    assert not part.goals.add_button.isVisible()
    assert part.services.referrals == {}


def test_every_control_is_named_and_reached_by_tab(bench: Bench) -> None:
    enter_goal(bench)
    enter_service(bench)
    part = section(bench)
    part.goals.lines[next(iter(part.goals.lines))].click()
    bench.rest()
    assert nameless(part) == []
    assert missed_by_tab(part) == []
