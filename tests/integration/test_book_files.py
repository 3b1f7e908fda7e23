# SPDX-License-Identifier: GPL-3.0-or-later
"""The book as files: out and in again without a write, bad files, one HTML file, an EPUB."""

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.support.book_samples import FILES, add_book, adopt_all, article_of

from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import view_any
from kfdesk.domain.values import MissingAnswer, PartialDate, Translation, Value
from kfdesk.i18n.language import Language
from kfdesk.services.book import articles, files
from kfdesk.services.book.files import BookFormat, FileState
from kfdesk.services.core.history import read_history
from kfdesk.services.core.records import change_record, delete_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.system.paths import translations_folder

ENGLISH = Language("en", translations_folder())
HEAD = "---\nslug: a\nlanguage: en\ntitle: A\n"


def states(desk: Session, found: dict[str, bytes]) -> dict[str, FileState]:
    return {one.name: one.state for one in files.preview_book(desk, found).lines}


def test_book_goes_out_and_comes_in_without_a_write(desk: Session, tmp_path: Path) -> None:
    done = add_book(desk)
    assert done.texts == 5
    folder = tmp_path / "book"
    assert files.export_folder(desk, folder) == 5
    found = files.read_book_folder(folder)
    assert set(found) == set(FILES)
    before = desk.store.digest()
    preview = files.preview_book(desk, found)
    assert {one.state for one in preview.lines} == {FileState.SAME}
    files.import_book(desk, preview)
    assert desk.store.digest() == before
    again = tmp_path / "again"
    files.export_folder(desk, again)
    assert files.read_book_folder(again) == found
    logged = [one.rid for one in read_history(desk).lines if one.action == Action.SAVE_BOOK]
    assert logged == [None, None]


@pytest.mark.parametrize(
    ("where", "values"),
    [
        ("text", {"title": None}), ("text", {"title": MissingAnswer.UNKNOWN}),
        ("text", {"title": ": # --- : x"}), ("text", {"title": "y" * 3_000}),
        ("text", {"summary": "x" * 20_000}), ("text", {"body": "---\nslug: x\n---\n\n---"}),
        ("text", {"body": None}), ("head", {"position": -1}), ("head", {"position": 10**8}),
        ("head", {"licence": "z" * 5_000}), ("head", {"tags": ("a,b",)}),
        ("head", {"sources": (Translation("en", "\n".join(map(str, range(900)))),)}),
        ("head", {"review_by": PartialDate("2027-05")}),
    ],
)  # fmt: skip
def test_odd_article_goes_out_and_comes_in_without_a_write(
    desk: Session, tmp_path: Path, where: str, values: dict[str, Value]
) -> None:
    add_book(desk)
    article = article_of(desk, "the-first-talk")
    rid = article.rid if where == "head" else article.texts["en"].view.rid
    change_record(desk, rid, values)
    assert files.export_folder(desk, tmp_path / "out") == 5
    found = files.read_book_folder(tmp_path / "out")
    preview = files.preview_book(desk, found)
    assert {(one.state, one.fault) for one in preview.lines} == {(FileState.SAME, None)}
    for one in articles.read_book(desk):
        delete_record(desk, one.rid)
    assert files.import_book(desk, files.preview_book(desk, found)).texts == 5, "on a bare desk"


def test_import_keeps_what_the_files_say_and_is_taken_back_whole(desk: Session) -> None:
    before = desk.store.digest()
    done = add_book(desk)
    talk, other = article_of(desk, "the-first-talk"), article_of(desk, "the-interpreter")
    assert set(talk.texts) == {"en", "sv", "ru"}
    assert talk.record.tags == ("safety", "assessing")
    assert (talk.record.status, talk.record.original) == ("draft", "en")
    assert isinstance(talk.record.sources, tuple)
    assert talk.record.sources[0] == Translation(
        "en",
        "Invented handbook | https://example.org/talk | 2026-10-01\n"
        "Invented study: what helps | https://example.org/study | 2026-10-02",
    )
    assert other.tree.depth == 1
    assert talk.texts["sv"].changes == 0
    undo_all(desk, done.done)
    assert articles.read_book(desk) == ()
    assert desk.store.digest() != before


def test_text_that_is_here_is_never_replaced(desk: Session) -> None:
    add_book(desk)
    text = article_of(desk, "the-first-talk").texts["en"]
    other = {"the-first-talk.en.md": FILES["the-first-talk.en.md"].replace(b"quiet", b"warm")}
    assert set(states(desk, other).values()) == {FileState.BESIDE}
    preview = files.preview_book(desk, other)
    assert not preview.brings_something
    assert files.import_book(desk, preview).texts == 0
    assert article_of(desk, "the-first-talk").texts["en"].body == text.body
    files.import_book(desk, preview, with_beside=True)
    torn = articles.read_torn_text(desk, text.view.rid)
    (piece,) = (one for one in torn.pieces if one.is_open)
    assert {"quiet" in one.text[0] for one in piece.choices} == {True, False}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.en.md", b"x", "book.not_an_article"),
        ("a.en.md", b"\xff\xfe", "book.not_an_article"),
        ("a.en.md", b"---\nslug: a\n", "book.not_an_article"),
        ("a.sv.md", f"{HEAD}---\nx".encode(), "book.file_lies"),
        ("b.en.md", f"{HEAD}---\nx".encode(), "book.file_lies"),
        ("a.en.md", HEAD.replace("slug: a", "slug: ../a").encode() + b"---\n", "book.file_torn"),
        ("a.qq.md", HEAD.replace("en", "qq").encode() + b"---\n", "book.unknown_language"),
        ("a.en.md", HEAD.replace("en", "e n").encode() + b"---\n", "book.file_torn"),
        ("a.en.md", f"{HEAD}position: -4\n---\n".encode(), "book.file_torn"),
        ("a.en.md", f"{HEAD}position: ²\n---\n".encode(), "book.file_torn"),
        ("a.en.md", f"{HEAD}review_by: soon\n---\n".encode(), "book.file_torn"),
        ("a.en.md", f"{HEAD}title: B\n---\n".encode(), "book.file_torn"),
        ("a.en.md", f"{HEAD}no colon\n---\n".encode(), "book.file_torn"),
        ("a.en.md", (HEAD + "source: x\n" * 1_001 + "---\n").encode(), "book.file_torn"),
        ("a.en.md", (HEAD + "kind: " + "x" * 3000 + "\n---\n").encode(), "book.file_torn"),
        ("a.en.md", b"x" * 100_000, "book.file_too_large"),
        ("a.en.md", (HEAD + "---\n" + "y" * 65_600).encode(), "book.too_long"),
        ("a.en.md", (HEAD + "---\n" + "## x\n" * 301).encode(), "book.too_many_headings"),
        ("a.en.md", (HEAD + "---\n|" + "a|" * 9 + "\n|" + "-|" * 9).encode(), "book.wide_table"),
    ],
)
def test_bad_file_is_left_out_with_the_reason_and_the_others_come(
    desk: Session, name: str, data: bytes, code: str
) -> None:
    good = {"the-interpreter.en.md": FILES["the-interpreter.en.md"]}
    preview = files.preview_book(desk, {name: data, **good})
    faults = {one.name: one.fault.code for one in preview.lines if one.fault is not None}
    assert faults == {name: code}
    assert files.import_book(desk, preview).texts == 1


@pytest.mark.parametrize("ring", [("a",), ("a", "b"), ("b", "c", "a")])
def test_ring_of_files_loses_its_places_and_nothing_else(
    desk: Session, ring: tuple[str, ...]
) -> None:
    def file_of(slug: str, under: str) -> tuple[str, bytes]:
        head = f"slug: {slug}\nlanguage: en\ntitle: {slug}\nunder: {under}"
        return f"{slug}.en.md", f"---\n{head}\n---\n\nText of {slug}.\n".encode()

    circle = [file_of(one, ring[(at + 1) % len(ring)]) for at, one in enumerate(ring)]
    found = dict([*circle, file_of("leaf", ring[0]), file_of("root", "not-here")])
    preview = files.preview_book(desk, found)
    assert {one.name: one.odd for one in preview.lines if one.odd} == {
        f"{one}.en.md": ("under",) for one in ring
    }
    assert files.import_book(desk, preview).texts == len(found)
    book = {one.tree.slug: one.tree.depth for one in articles.read_book(desk)}
    assert book == {**dict.fromkeys(ring, 0), "leaf": 1, "root": 0}
    again = files.preview_book(desk, found)
    assert {one.state for one in again.lines} == {FileState.SAME}


def test_front_matter_that_is_not_known_is_named_and_codes_are_kept(desk: Session) -> None:
    data = f"\ufeff{HEAD}colour: red\ntags: legal, moon\naudience: staff\n---\r\n\r\nx\r\n".encode()
    (line,) = files.preview_book(desk, {"a.en.md": data}).lines
    assert line.odd == ("colour", "moon")
    add_book(desk, {"a.en.md": data})
    assert article_of(desk, "a").record.tags == ("legal", "moon")
    assert article_of(desk, "a").texts["en"].body == "x"


def test_word_pasted_with_control_signs_and_other_scripts_is_kept_clean(desk: Session) -> None:
    pasted = f"{HEAD}---\nA\u202e b\x07\u0085c\t漢字 שלום e\u0301\n".encode()
    add_book(desk, {"a.en.md": pasted})
    assert article_of(desk, "a").texts["en"].body == "A bc 漢字 שלום é"


def test_folder_that_cannot_be_read_or_is_taken_is_refused(desk: Session, tmp_path: Path) -> None:
    for folder, code in ((tmp_path / "none", "book.not_readable"), (tmp_path, "book.no_articles")):
        with pytest.raises(KfdeskError) as caught:
            files.read_book_folder(folder)
        assert caught.value.code == code
    add_book(desk)
    (tmp_path / "x").write_text("mine")
    with pytest.raises(KfdeskError) as caught:
        files.export_folder(desk, tmp_path)
    assert caught.value.code == "book.folder_taken"
    assert {one.name for one in tmp_path.iterdir()} == {"x", "store"}


def test_secret_or_undecided_article_stops_every_file(desk: Session, tmp_path: Path) -> None:
    add_book(desk)
    talk = article_of(desk, "the-first-talk")
    change_record(desk, talk.texts["sv"].view.rid, {"body": "Beside."}, ())
    calls: tuple[Callable[[], int], ...] = (
        lambda: files.export_folder(desk, tmp_path / "out"),
        lambda: files.export_file(desk, tmp_path / "b.epub", BookFormat.EPUB, ENGLISH),
    )
    for act in calls:
        with pytest.raises(KfdeskError) as caught:
            act()
        assert caught.value.code == "book.undecided"
    change_record(desk, talk.rid, {"confidentiality": "secret"})
    for act in calls:
        with pytest.raises(KfdeskError) as caught:
            act()
        assert caught.value.code == "book.stays"
    assert {one.name for one in tmp_path.iterdir()} == {"store"}


def test_html_file_stands_alone_and_shows_nothing_as_a_mark(desk: Session, tmp_path: Path) -> None:
    add_book(desk)
    text = article_of(desk, "the-interpreter").texts["en"].view.rid
    change_record(desk, text, {"body": "<script>alert(1)</script> ![x](file:///etc/passwd)"})
    path = tmp_path / "book.html"
    assert files.export_file(desk, path, BookFormat.HTML, ENGLISH) == 2
    said = path.read_text(encoding="utf-8")
    assert "<script" not in said
    assert "<img" not in said
    assert "&lt;script&gt;" in said
    assert '<a href="#the-interpreter">the interpreter</a>' in said
    assert 'lang="en"' in said


def test_epub_is_well_formed_complete_and_the_same_each_time(desk: Session, tmp_path: Path) -> None:
    add_book(desk)
    adopt_all(desk)
    path, again = tmp_path / "book.epub", tmp_path / "again.epub"
    for one in (path, again):
        files.export_file(desk, one, BookFormat.EPUB, ENGLISH)
    assert path.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        assert names[0] == "mimetype"
        assert packed.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        assert packed.read("mimetype") == b"application/epub+zip"
        for name in names[1:]:
            if not name.endswith(".css"):
                ElementTree.fromstring(packed.read(name))
        package = packed.read("OEBPS/book.opf").decode()
        assert '<itemref idref="c1"/>' in package
        page = packed.read("OEBPS/the-interpreter.xhtml").decode()
    assert '<a href="the-first-talk.xhtml">the first talk</a>' in page
    assert "not-here" not in page


def epubcheck(*paths: Path) -> str:
    """Return what epubcheck says of the files beside its greeting; skip where it is missing."""
    place = shutil.which("epubcheck")
    if place is None:
        pytest.skip("epubcheck is not installed")
    is_jar = Path(place).read_bytes()[:2] == b"PK"  # Debian's needs a helper to run by itself
    if is_jar and shutil.which("java") is None:
        pytest.skip("epubcheck has no Java")
    command = ["java", "-jar", place] if is_jar else [place]
    said = []
    for path in paths:
        run = subprocess.run(
            [*command, "--failonwarnings", "--quiet", str(path)],
            capture_output=True, check=False, text=True,
        )  # fmt: skip
        said += [run.stdout, run.stderr] if run.returncode else []
    return "".join(said)


def test_epubcheck_finds_no_error_in_odd_articles(desk: Session, tmp_path: Path) -> None:
    odd = {
        "nav.en.md": "- a\n  1. b\n     - c\n\n> q\n\n{box}\n|a|b|\n|-|-|\n|*1*|&|\n{/box}\n\n3. z",
        "book.en.md": "### x\n\n\ufffe \U0001f600 <b> [n](kf:nav) [t](kf:the-first-talk)",
        "toc.en.md": "",
    }
    add_book(desk)
    for name, body in odd.items():
        slug = name.split(".")[0]
        head = (
            f"---\nslug: {slug}\nlanguage: en\ntitle: {slug}\nsource: a | http://b c | <d>\n---\n"
        )
        add_book(desk, {name: f"{head}\n{body}\n".encode()})
    change_record(desk, article_of(desk, "toc").texts["en"].view.rid, {"title": None})
    path = tmp_path / "book.epub"
    assert files.export_file(desk, path, BookFormat.EPUB, ENGLISH) == 5
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        assert len(names) == len(set(names))
        for name in names[1:]:
            if not name.endswith(".css"):
                ElementTree.fromstring(packed.read(name))
    assert epubcheck(path) == ""


@pytest.mark.slow  # test_epubcheck_finds_no_error_in_odd_articles is the cheaper one
def test_epubcheck_finds_no_error_in_the_shipped_book(desk: Session, tmp_path: Path) -> None:
    add_book(desk, dict(files.shipped_book(desk)))
    adopt_all(desk)
    made = []
    for code in ("en", "sv", "ru"):
        made.append(tmp_path / f"book-{code}.epub")
        words = Language(code, translations_folder())
        assert files.export_file(desk, made[-1], BookFormat.EPUB, words) == 24
    assert epubcheck(*made) == ""


def test_edition_is_made_of_adopted_texts_alone(desk: Session) -> None:
    with pytest.raises(KfdeskError) as caught:
        files.make_edition(desk, ENGLISH, "1")
    assert caught.value.code == "book.nothing"
    add_book(desk)
    with pytest.raises(KfdeskError) as caught:
        files.make_edition(desk, ENGLISH, "1")
    assert (caught.value.code, caught.value.data["count"]) == ("book.not_all_adopted", 2)
    adopt_all(desk)
    rid = files.make_edition(desk, ENGLISH).rid
    numbers = [view_any(row).record.number for row in desk.store.rows("edition")]
    assert numbers == [f"{desk.adapters.clock.now().year}:1"]
    with pytest.raises(KfdeskError) as caught:
        change_record(desk, rid, {"number": "2"})
    assert caught.value.code == "record.guarded"
