# SPDX-License-Identifier: GPL-3.0-or-later
"""A finished PDF as another reader sees it: its text in two orders, and what is no text."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from tests.support.make import sheet
from tests.unit.documents.paper_samples import RESOURCES, ROOT, compiled_catalogues, nina
from tests.unit.i18n.po_files import entries, sources

from kfdesk.documents.papers import LeakCheckLists, read_evidence
from kfdesk.documents.traveller.drawing import draw_traveller_sheet
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.leak_check.spelling import normalize_word, tokenize, visible_text
from kfdesk.domain.leak_check.wordlists import find_listed_words
from kfdesk.i18n.language import CLIENT_LANGUAGES
from kfdesk.i18n.phrases import calendar_words, language_and_country_names, month_names

Draw = Callable[[Canvas], object]


def drawn(draw: Draw) -> bytes:
    """Return a PDF page that our own canvas would never make."""
    file = BytesIO()
    canvas = Canvas(file, invariant=1)
    for silence in ("Title", "Author", "Subject", "Keywords", "Creator", "Producer"):
        getattr(canvas, f"set{silence}")("")
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def rewritten(change: Callable[[PdfWriter], object]) -> bytes:
    """Return a PDF page to which another program has added something."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(drawn(lambda c: c.drawString(9, 9, "x")))))
    change(writer)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


PLACE = re.compile(r"\{\w+\}")


def words_of(text: str) -> set[str]:
    """Return the words of a text, in small letters."""
    return set(re.findall(r"[^\W\d_]+", text.casefold()))


def strange(pdf: bytes) -> set[tuple[int, str]]:
    return {what for what in read_evidence(pdf).strange if what != (0, "words")}


def test_own_sheet_is_text_and_lines_and_says_nothing_of_itself(press: Typesetter) -> None:
    evidence = read_evidence(draw_traveller_sheet(nina(), press.client("ru"), press))
    assert evidence.strange == ()
    assert len(evidence.pages) == 1
    for text in evidence.pages[0]:
        assert "NINA VYMYSLOVA" in text


def test_page_is_read_by_rows_too() -> None:
    def cells(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "shel")
        canvas.drawString(100, 600, "other")
        canvas.drawString(130, 700, "ter")

    by_drawing, by_rows = read_evidence(drawn(cells)).pages[0]
    assert by_drawing.split() == ["shel", "other", "ter"]
    assert by_rows.split() == ["shel", "ter", "other"]


@pytest.mark.parametrize("way", ["white", "turned", "off the page", "spaced", "tiny"])
def test_text_that_nobody_sees_is_read(way: str) -> None:
    def hidden(canvas: Canvas) -> None:
        if way == "white":
            canvas.setFillColorRGB(1, 1, 1)
        if way == "turned":
            canvas.rotate(30)
        if way == "tiny":
            canvas.setFont("Helvetica", 0.5)
        place = (-400, 900) if way == "off the page" else (200, 300)
        canvas.drawString(*place, "s h e l t e r" if way == "spaced" else "shelter")

    text = read_evidence(drawn(hidden)).pages[0][0]
    assert "shelter" in text.replace(" ", "")


def test_pictures_shadings_and_forms_are_strange() -> None:
    picture = ImageReader(Image.new("RGB", (4, 4), "red"))
    assert strange(drawn(lambda c: c.drawImage(picture, 9, 9))) == {(1, "picture")}

    def shaded(canvas: Canvas) -> None:
        from_black = ("black", "white")
        canvas.linearGradient(0, 0, 100, 100, from_black)

    def form(canvas: Canvas) -> None:
        canvas.beginForm("hidden")
        canvas.drawString(9, 9, "shelter")
        canvas.endForm()
        canvas.doForm("hidden")

    for draw in (shaded, form):
        assert strange(drawn(draw)) == {(1, "picture")}


def test_links_notes_fields_and_outlines_are_strange() -> None:
    def linked(canvas: Canvas) -> None:
        canvas.linkURL("https://example.org", (0, 0, 9, 9))

    def outlined(canvas: Canvas) -> None:
        canvas.bookmarkPage("here")
        canvas.addOutlineEntry("shelter", "here")

    def asked(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="shelter", x=9, y=9)

    assert (1, "annotation") in strange(drawn(linked))
    assert (0, "link") in strange(drawn(outlined))
    assert {(0, "form"), (1, "annotation")} <= strange(drawn(asked))
    note = FreeText(text="shelter", rect=(0, 0, 9, 9))
    assert (1, "annotation") in strange(rewritten(lambda w: w.add_annotation(0, note)))


def test_attachments_scripts_and_words_of_the_file_are_strange() -> None:
    attached = strange(rewritten(lambda w: w.add_attachment("a.txt", b"shelter")))
    assert (0, "attachment") in attached
    told = rewritten(lambda w: w.add_metadata({"/Title": "shelter"}))
    assert (0, "words") in read_evidence(told).strange


def test_action_at_opening_is_strange() -> None:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")}
    )
    opened = rewritten(lambda w: w.root_object.update({NameObject("/OpenAction"): action}))
    assert (0, "script") in strange(opened)


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> LeakCheckLists:
    return LeakCheckLists(RESOURCES, compiled_catalogues(tmp_path_factory.mktemp("said")))


def test_lists_know_words_places_and_months(lists: LeakCheckLists) -> None:
    known = lists.lists
    assert known.listed.has_stem("gränspolisen".replace("ä", "a"))
    assert {"lund", "киров", "sankt petersburg"} <= known.places
    assert (known.months["juni"], known.months["июня"], known.months["joulukuuta"]) == (6, 6, 12)


def test_catalogue_has_the_sentences_of_all_and_the_dates_of_the_papers_own(
    lists: LeakCheckLists,
) -> None:
    texts = lists.catalogue(sheet(b"", "ru"))
    assert {"Вас встречает", "Möter dig", "Meets you", "декабря", "шведский", "112"} <= texts
    assert "Schwedisch" not in texts


def test_check_allows_every_sentence_of_the_sheet_and_none_of_her_other_papers(
    lists: LeakCheckLists,
) -> None:
    """Sentences of a consent form about her must not pass on paper that is carried."""
    order = sheet(b"", "en")
    texts = lists.catalogue(order) | lists.catalogue(replace(order, paper=PaperName.CHILDS_SHEET))
    allowed = {word for text in texts for word in words_of(text)}
    template = entries(ROOT / "translations" / "client.pot")
    hers = [entry for entry in template if "documents/traveller/" in str(entry.occurrences)]
    assert len(hers) > 60
    said = (text for entry in hers for text in sources(entry))
    assert {word for text in said for word in words_of(PLACE.sub("", text))} - allowed == set()
    assert not {"police", "consent", "interpreter", "victim"} & allowed


@pytest.mark.parametrize("code", CLIENT_LANGUAGES)
@pytest.mark.parametrize(
    "paper",
    [PaperName.TRAVELLERS_SHEET, PaperName.ESCORTS_SHEET, PaperName.HANDOVER_RECEIPT],
)
def test_no_sentence_of_a_paper_and_no_month_is_a_listed_word(
    lists: LeakCheckLists, code: str, paper: PaperName
) -> None:
    listed = lists.lists.listed
    said = [*calendar_words(code), *lists.catalogue(PaperRequest(paper, b"", code))]
    said = [text for text in said if text not in set(language_and_country_names(code))]
    assert [
        text for text in said if list(find_listed_words(tokenize(visible_text(text)), listed))
    ] == []


def test_months_are_known_in_every_language_of_the_lists() -> None:
    codes = [path.stem for path in (RESOURCES / "carry").glob("*.tsv")]
    names = month_names(codes)
    assert set(names.values()) == set(range(1, 13))
    assert all(name == normalize_word(name) and not name[0].isdigit() for name in names)
