# SPDX-License-Identifier: GPL-3.0-or-later
"""The file copy as a finished PDF: what stands on it, what never does, how it goes on."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.support import make
from tests.unit.documents import cabinet_samples
from tests.unit.documents.cabinet_samples import Sample, drawn, empty, long, on, whole
from tests.unit.documents.file_copy_said import EMPTY, LINES
from tests.unit.documents.paper_samples import squeezed

from kfdesk.documents.file_copy.journey import leg_mark
from kfdesk.documents.layout.office import StatusMark
from kfdesk.documents.typesetting import Typesetter, page_texts, strip_layout
from kfdesk.domain.codes.core import PLAN_STATE, PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import LocalizedTextKind, TextKind
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.schema import SensitivityLevel
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.domain.workflow.decision import CHILD_GATES
from kfdesk.domain.workflow.gates import NEXT_STATES, Gate, gate_met, gate_not_applicable
from kfdesk.i18n.language import PROGRAM_LANGUAGES

CONTAINED = CONTENTS[PaperName.FILE_COPY]


def said(press: Typesetter, sample: Sample, code: str = "sv") -> list[str]:
    """Return the text of each page on one line."""
    return [" ".join(page.split()) for page in page_texts(drawn(press, sample, code))]


@cache
def whole_copy(press: Typesetter, code: str = "sv") -> bytes:
    return drawn(press, whole(), code)


def page(press: Typesetter, number: int) -> str:
    """Return the text of a page of Nina's copy on one line."""
    return " ".join(page_texts(whole_copy(press))[number - 1].split())


def everything(press: Typesetter, sample: Sample, code: str = "sv") -> str:
    return " ".join(said(press, sample, code))


def test_each_page_says_that_it_must_not_travel_which_copy_it_is_and_who_made_it(
    press: Typesetter,
) -> None:
    pages = said(press, long())
    for number, text in enumerate(pages, start=1):
        assert text.count("FÅR INTE TAS MED PÅ RESAN") == 2  # in the band, and across the page
        assert "AKTKOPIA · FÅR INTE TAS MED PÅ RESAN" in text
        assert "Exemplar nr 7 · förvaras inlåst" in text
        assert "Plan tulpan-47, utskriven 24 november 2026 kl. 15:10 av EB" in text
        assert f"sida {number} av {len(pages)}" in text


@pytest.mark.parametrize(("code", "across"), [("ru", "В ДОРОГУ НЕ БРАТЬ"), ("en", "NOT TO TRAVEL")])
def test_watermark_is_whole_in_each_language(press: Typesetter, code: str, across: str) -> None:
    pages = [" ".join(page.split()) for page in page_texts(whole_copy(press, code))]
    assert [text.count(across) for text in pages] == [2] * len(pages)


@pytest.mark.parametrize(("code", "pages"), [("sv", 3), ("en", 3), ("ru", 4)])
def test_copy_takes_few_pages(press: Typesetter, code: str, pages: int) -> None:
    assert len(page_texts(whole_copy(press, code))) == pages
    assert len(page_texts(drawn(press, empty(), code))) == 2


def test_first_page_says_whose_plan_it_is_and_where_it_stands(press: Typesetter) -> None:
    first = page(press, 1)
    for words in (
        "tulpan-47 · Нина Вымыслова",
        "Sverige – Ryssland (Pskov oblast)",
        "ryska · engelska; tolk behövs",
        "Дом у реки",
        "Godkänd sedan 20 november 2026",
        "2 nov. 4 nov. 17 nov. 20 nov.",
        "Villkor för nästa steg: klar för resa",
        "uppfyllt: 3 · öppet: 4 · åsidosatt: 1 · gäller inte: 1",
        "Den här delsträckan är inte bokad.",
        "åsidosatt 20 november 2026 av KL: Olga kör själv och ringer från vägen",
        "Vill återvända, 1 december 2026, tillfrågad igen 24 november 2026",
        "20 november 2026, ryska",
        "KL, 20 november 2026",
        "Klient · Нина Вымыслова",
        "Samordnare · EB",
        "Godkännare · KL",
    ):
        assert words in first, words


def test_conditions_of_a_child_are_one_line_where_none_travels(press: Typesetter) -> None:
    def front(*answers: Gate) -> str:
        sample = whole()
        about = replace(sample.about, gates=(*sample.about.gates, *answers))
        return said(press, replace(sample, about=about))[0]

    none = tuple(map(gate_not_applicable, sorted(CHILD_GATES)))
    assert len(re.findall(r"\bBarn\b|Villkor för barn", front(*none))) == 1
    some = front(*none[1:], gate_met(none[0].code))
    assert len(re.findall(r"\bBarn:", some)) == len(CHILD_GATES)


def test_booked_leg_has_no_check_mark() -> None:
    """A check mark stands for what happened, on paper as in the window."""
    marks = [leg_mark(status) for status in ("planned", "booked", "departed", "arrived", "missed")]
    assert marks == [
        StatusMark.OPEN, StatusMark.OPEN, StatusMark.MET, StatusMark.MET, StatusMark.NONE
    ]  # fmt: skip


def test_consents_in_force_stand_apart_from_those_that_are_not(press: Typesetter) -> None:
    text = everything(press, whole())
    force, none = text.index("Samtycken i kraft"), text.index("Samtycken som inte är i kraft")
    for purpose in ("Mottagande och", "Ressällskap", "Förfrågan om risker"):
        assert force < text.index(purpose) < none
    assert "18 januari 2027" in text[force:none]
    assert text.index("Kontakt med familjen") > none
    assert "återkallat 12 nov. 2026" in text[none:]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"withdrawn": None, "expires": date(2026, 11, 23)}, "upphörde 23 nov. 2026"),
        ({"withdrawn": None, "given": None}, "inte lämnat än"),
        ({"withdrawn": None, "form": "vital_interests", "second_person": None}, "inte lämnat än"),
        ({"withdrawn": None, "explained": ()}, "inte fullständigt"),
    ],
    ids=["expired", "not given", "one person", "nothing explained"],
)
def test_consent_that_does_not_stand_says_why(
    press: Typesetter, values: Mapping[str, Value], reason: str
) -> None:
    plain = whole().without("consent")
    consent = make.row("consent", {**make.FILLED["consent"], **values})
    text = everything(press, plain.with_rows([consent]))
    assert reason in text
    assert "Inget samtycke är i kraft i dag: ingenting får lämnas ut." in text


def test_consent_in_conflict_stands_with_those_that_are_not_in_force(press: Typesetter) -> None:
    torn = make.changed(
        make.row("consent"), {"expires": date(2027, 5, 5)}, make.signature("AU", 9), NOTHING
    )
    text = everything(press, whole().without("consent").with_rows([torn]))
    none = text.index("Samtycken som inte är i kraft")
    assert "1 februari 2027 / 5 maj 2027 (två värden, ej avgjort)" in text[none:]


NOTHING = make.row("consent", {})


def test_second_page_has_the_journey_to_scale_and_leg_by_leg(press: Typesetter) -> None:
    second = page(press, 2)
    for words in (
        "Stockholm – Riga – Pskov",
        "12–13 december 2026",
        "1 Färja M/S Havsörn",
        "Stockholm 17:00",
        "Riga 10:30–11:15",
        "Pskov 20:15",
        "lör 17:00",
        "Stockholm, Värtahamnen",
        "HX 20417",
        "gul halsduk",
        "Planerad",
        "sön 20:45 delsträcka 3",
        "Pass Klienten har den giltig till: 1 maj 2030",
        "00 0000001 · Ryssland · NINA VYMYSLOVA",
        "Missad buss: Anna bokar nästa",
        "Larmplan och kodord skrivs aldrig ut.",
    ):
        assert words in second, words


def test_clock_of_each_place_stands_above_the_line(press: Typesetter) -> None:
    second = page(press, 2)
    clocks = second[second.index("skalenlig") : second.index("1 Färja")]
    assert re.search(r"Stockholm 18 21 00 03", clocks)
    assert re.search(r"Riga 18 21 00 03", clocks)
    assert re.search(r"Pskov 21 00 03", clocks)


def test_third_page_has_her_view_and_both_sides_weighing(press: Typesetter) -> None:
    third = page(press, 3)
    for words in (
        "Återvändande är möjligt med åtgärder",
        "”Hon känner sig redo”",
        "Nordhuset",
        "Дом у реки",
        "20 december 2026",
        "18 december 2026",
        "Känd väg, trygg mottagare",
        "Rum i en annan stad.",
        "Mål",
        "”Jag vill bli frisör”",
        "+46 70 174 06 15",
        "Egna tabletter 08:00",
    ):
        assert words in third, words


def test_gravest_conclusion_that_counts_names_the_page(press: Typesetter) -> None:
    graver = whole().having("risk_assessment", conclusion="postpone")
    assert "Risker Avvakta" in said(press, graver)[2]
    over = graver.having("risk_assessment", valid_until=date(2026, 11, 23))
    assert "Risker Återvändande är möjligt med åtgärder" in said(press, over)[2]
    assert "gäller inte i dag" in said(press, over)[2]
    nothing = whole().without("risk_assessment")
    assert "Riskerna är inte bedömda än" in said(press, nothing)[2]


def test_weighing_without_a_last_day_counts_until_the_day_that_the_program_counts(
    press: Typesetter,
) -> None:
    open_end = whole().having("risk_assessment", valid_until=None, done=date(2026, 11, 20))
    text = everything(press, open_end)
    row = text[text.index("Gäller till") : text.index("Skälen")]
    assert "20 november 2026 20 december 2026" in row
    assert "inte tillfrågad" not in row


def test_weighing_that_has_run_out_on_both_sides_is_no_conclusion(press: Typesetter) -> None:
    late = whole()
    late = replace(late, about=replace(late.about, at=late.about.at.replace(year=2027)))
    assert "Ingen riskbedömning gäller i dag" in everything(press, late)


def test_plan_of_which_nothing_was_asked_says_so_and_leaves_lines(press: Typesetter) -> None:
    text = everything(press, empty())
    for words in (
        "ekorre-12",
        "Från – till inte tillfrågad",
        "Samordnare ingen än",
        "inte tillfrågad; tolk: okänt",
        "Klientens egen önskan inte tillfrågad",
        "Inga delsträckor än",
        "Ingen delsträcka har tid för både avgång och ankomst än.",
        "Riskerna är inte bedömda än",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("answer", "words"),
    [(MissingAnswer.DECLINED, "vill inte säga"), (MissingAnswer.UNKNOWN, "okänt")],
)
def test_answer_without_a_value_is_told_from_one_that_was_not_asked(
    press: Typesetter, answer: MissingAnswer, words: str
) -> None:
    sample = whole().having("plan", wish=answer, decision_signed=None)
    first = said(press, sample)[0]
    assert f"Klientens egen önskan {words}" in first
    assert "Underskrivet av klienten inte tillfrågad" in first


def test_field_in_conflict_shows_both_values_and_that_it_is_not_decided(press: Typesetter) -> None:
    sample = whole()
    at = next(n for n, row in enumerate(sample.rows) if row.type == "leg")
    row = sample.rows[at]
    nothing = make.row("leg", {}, rid=row.rid)
    torn = make.changed(row, {"carrier": "M/S Exempel"}, make.signature("AU", 9), nothing)
    torn = make.changed(torn, {"departs": make.at(12, 18, 30)}, make.signature("AU", 9), nothing)
    text = everything(
        press, replace(sample, rows=(*sample.rows[:at], torn, *sample.rows[at + 1 :]))
    )
    assert "M/S Havsörn / M/S Exempel (två värden, ej avgjort)" in text
    assert "12 dec. 17:00 (CET, Stockholm) / 12 dec. 18:30" in text
    assert "Inte på tidslinjen, för att en tid saknas eller delsträckan är inställd: 1" in text


def test_state_in_conflict_is_on_the_track_nowhere_it_is_not_sure_of(press: Typesetter) -> None:
    sample = whole()
    row = sample.rows[1]
    nothing = make.row("plan", {}, rid=row.rid)
    torn = make.changed(row, {"state": "travel_ready"}, make.signature("AU", 9), nothing)
    first = said(press, replace(sample, rows=(sample.rows[0], torn, *sample.rows[2:])))[0]
    assert "Godkänd / Klar för resa (två värden, ej avgjort)" in first


@pytest.mark.parametrize("state", ["assessing", "follow_up", "closed", "not_safe"])
def test_every_state_has_its_words(press: Typesetter, state: str) -> None:
    sample = whole().having("plan", state=state)
    about = replace(sample.about, gates=() if not NEXT_STATES[state] else sample.about.gates)
    first = said(press, replace(sample, about=about), "en")[0]
    assert PLAN_STATE[state] in first
    assert ("Conditions for the next step" in first) is bool(NEXT_STATES[state])


def test_plan_that_went_back_shows_no_day_for_what_is_void(press: Typesetter) -> None:
    back: dict[str, Value] = {
        "from_state": "approved", "to_state": "assessing", "happened": on(11, 23), "taken_by": "EB",
    }  # fmt: skip
    step = make.row("transition", back, rid=make.named_id("back"))
    first = said(press, whole().having("plan", state="assessing").with_rows([step]))[0]
    assert "Bedömning pågår sedan 23 november 2026" in first
    assert "2 nov. 23 nov." in first
    assert "20 nov." not in first.split("Villkor")[0]


def test_plan_that_ended_on_the_way_says_when(press: Typesetter) -> None:
    end: dict[str, Value] = {
        "from_state": "approved", "to_state": "cancelled", "happened": on(11, 22), "taken_by": "EB",
    }  # fmt: skip
    step = make.row("transition", end, rid=make.named_id("end"))
    first = said(press, whole().having("plan", state="cancelled").with_rows([step]))[0]
    assert "Inställd sedan 22 november 2026" in first


def test_forty_legs_run_on_under_repeated_heads_and_none_is_lost(press: Typesetter) -> None:
    pages = said(press, long())
    with_legs = [text for text in pages if re.search(r"Påhittad-\d+ .*Bokad", text)]
    assert len(with_legs) > 1
    for text in with_legs:
        assert "Avgång Ankomst Färdmedel Möts av Status" in text
    table = " ".join(text[text.index("Avgång") :] for text in with_legs)
    places = [int(number) for number in re.findall(r"Påhittad-(\d+)", table)]
    assert set(range(41)) <= set(places)
    assert "Påhittad-0 – … – Påhittad-40" in " ".join(pages)


def test_journey_of_many_days_has_a_strip_for_each_of_them(press: Typesetter) -> None:
    text = everything(press, long())
    for day in range(1, 21):
        assert re.search(rf"(mån|tis|ons|tors|fre|lör|sön)\.? {day} dec\.", text), day


def test_time_on_a_journey_of_more_than_a_week_has_its_day(press: Typesetter) -> None:
    text = everything(press, long())
    for day in ("tis 1 dec.", "tis 8 dec.", "tis 15 dec."):
        assert re.search(rf"{re.escape(day)} 08:30", text), day
    assert "lör 17:00" in page(press, 2)


def test_leg_that_is_missed_stays_in_the_table_and_off_the_line(press: Typesetter) -> None:
    second = said(press, whole().having("leg", status="missed"))[1]
    assert "Inte på tidslinjen, för att en tid saknas eller delsträckan är inställd: 1" in second
    assert "Missad" in second
    assert "1 Färja M/S Havsörn" not in second


def test_what_happened_stands_beside_what_was_planned(press: Typesetter) -> None:
    sample = whole().having("leg", departed=make.at(12, 17, 5), status="departed")
    handed = make.row("handover")
    text = everything(press, sample.with_rows([handed]))
    assert "reste lör 17:05" in text
    assert "1 resväska, telefon" in text
    assert "Lämnas av Karin" in text


def test_reference_that_nobody_knows_shows_no_id(press: Typesetter) -> None:
    sample = replace(whole(), about=replace(whole().about, names={}))
    text = everything(press, sample)
    assert "någon som inte finns här" in text
    assert not re.search(r"[0-9a-f]{32}", text)


def test_word_too_wide_for_its_place_goes_on_below(press: Typesetter) -> None:
    sample = whole().having("plan", to_place=make.told("Påhitt" * 30, "Выдумка"))
    sample = sample.having("client", given_name="Ada" * 40)
    text = squeezed([everything(press, sample)])
    assert "Påhitt" * 30 in text
    assert "Ada" * 40 in text


def test_very_long_text_goes_on_on_further_pages_and_is_not_cut(press: Typesetter) -> None:
    lines = " ".join(f"Rad{number}" for number in range(1500))
    sample = whole().having("leg", fallback=lines)
    sample = sample.having("risk_assessment", summary=make.told(lines, "Строка"))
    text = everything(press, sample)
    for number in range(1500):
        assert text.count(f"Rad{number} ") >= 1


def test_letters_of_the_region_survive(press: Typesetter) -> None:
    letters = "å ä ö ё й ў ł ž ų ș ț ї ґ"
    sample = whole().having("leg", from_stop=make.told(letters, letters))
    assert letters in everything(press, sample)


def test_letter_that_no_font_has_is_refused(press: Typesetter) -> None:
    with pytest.raises(KfdeskError) as caught:
        drawn(press, whole().having("client", given_name="妮娜"))
    assert caught.value.code == "documents.no_letter"


# what never stands on it


def test_neither_code_word_nor_alarm_plan_nor_offences_nor_history_are_among_its_fields() -> None:
    for name, described in RECORD_TYPES.items():
        for key, field in described.fields.items():
            is_never = field.level is SensitivityLevel.S5 or key in ("code_word", "alarm_plan")
            is_never = is_never or key in ("type_of_exploitation", "methods_of_control")
            if is_never or name in ("note", "attachment", "legal_status"):
                assert key not in CONTAINED.get(name, ()), (name, key)


def test_no_field_that_it_does_not_contain_reaches_a_page(press: Typesetter) -> None:
    planted: dict[str, str] = {}
    sample = whole()
    for name, described in RECORD_TYPES.items():
        if not any(row.type == name for row in sample.rows):
            sample = sample.with_rows([make.row(name)])
        for key, field in described.fields.items():
            word = f"Planterat{len(planted)}x"
            if isinstance(field.kind, TextKind):
                sample = sample.having(name, **{key: word})
            elif isinstance(field.kind, LocalizedTextKind):
                sample = sample.having(name, **{key: make.told(word, word)})
            else:
                continue
            planted[f"{name}.{key}"] = word
    text = squeezed([everything(press, sample)])
    assert len(planted) > 40
    for field_name, word in planted.items():
        name, key = field_name.split(".")
        if key not in CONTAINED.get(name, frozenset()):
            assert word not in text, field_name


def test_fields_that_it_contains_do_reach_a_page(press: Typesetter) -> None:
    sample, planted = whole(), dict[str, str]()
    others = ("handover", "risk_line", "risk_event", "traveller")
    sample = sample.with_rows(make.row(name) for name in others)
    for name, keys in CONTAINED.items():
        for key in sorted(keys):
            kind, word = RECORD_TYPES[name].fields[key].kind, f"Planterat{len(planted)}x"
            if isinstance(kind, TextKind) and (name, key) not in ELSEWHERE:
                sample = sample.having(name, **{key: word})
            elif isinstance(kind, LocalizedTextKind):
                sample = sample.having(name, **{key: make.told(word, word)})
            else:
                continue
            planted[f"{name}.{key}"] = word
    text = squeezed([everything(press, sample)])
    assert {name for name, word in planted.items() if word not in text} == set()


ELSEWHERE = {
    ("client", "alias"),  # only where there is no name
    ("approval", "given_by"),
}


def test_alias_stands_where_there_is_no_name(press: Typesetter) -> None:
    sample = whole().having("client", given_name=None, family_name=None)
    assert "tulpan-47 · Nina" in said(press, sample)[0]


# the file


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_two_readers_find_the_same_text(press: Typesetter, code: str) -> None:
    pdf = whole_copy(press, code)
    by_pypdf = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    assert sorted(strip_layout("".join(page_texts(pdf)))) == sorted(strip_layout("".join(by_pypdf)))
    assert "■" not in squeezed(by_pypdf)


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_file_is_clean(press: Typesetter, code: str) -> None:
    pdf = whole_copy(press, code)
    reader = PdfReader(BytesIO(pdf))
    assert f"/Lang ({code})".encode() in pdf
    assert b"Helvetica" not in pdf
    assert reader.metadata is not None
    told = {key for key, value in reader.metadata.items() if value}
    assert told <= {"/CreationDate", "/ModDate", "/Trapped"}
    assert not list(reader.attachments)
    for one in reader.pages:
        assert not list(one.images)
        assert "/Annots" not in one
        fonts = one["/Resources"]["/Font"]  # type: ignore[index]
        for font in fonts.values():
            described = font.get_object()
            assert re.match(r"/[A-Z]{6}\+NotoSans-", described["/BaseFont"])
            assert "/FontFile2" in described["/FontDescriptor"]


def test_two_runs_give_the_same_bytes(press: Typesetter) -> None:
    drawn(press, long(8), "ru")
    assert drawn(press, whole()) == whole_copy(press)


def test_samples_speak_of_one_plan_alone() -> None:
    assert {given.row.type for given in cabinet_samples.whole().disclosed.rows} <= set(CONTAINED)


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_copy_says_exactly_what_is_meant_and_nothing_else(press: Typesetter, code: str) -> None:
    assert strip_layout(" ".join(page_texts(whole_copy(press, code)))) == strip_layout(LINES[code])


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_copy_of_which_nothing_was_asked_says_exactly_that(press: Typesetter, code: str) -> None:
    assert strip_layout(" ".join(page_texts(drawn(press, empty(), code)))) == strip_layout(
        EMPTY[code]
    )
