# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the book: list, import, export and print, without the window."""

from pathlib import Path

import pytest
from tests.integration.test_command_line import (  # noqa: F401 - two fixtures
    Run,
    passphrase_file,
    run,
)
from tests.support.book_samples import FILES

from kfdesk.demo import people


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the invented articles and one bad file."""
    made = tmp_path / "articles"
    made.mkdir()
    for name, data in FILES.items():
        (made / name).write_bytes(data)
    (made / "bad.en.md").write_bytes(b"x")
    return made


def test_commands_import_list_export_and_print(
    run: Run, folder: Path, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    run("init", "--name", people.HOUSE)
    looked = run("book", "import", str(folder)).answer
    assert (looked["new"], looked["torn"], looked["taken"]) == (5, 1, 0)
    assert looked["faults"] == {"bad.en.md": "book.not_an_article"}
    assert run("book", "list").answer["articles"] == []
    assert run("book", "import", str(folder), "--apply").answer["taken"] == 5
    lines = run("book", "list").answer["articles"]
    assert [one["name"] for one in lines] == [
        "the-first-talk",
        "the-interpreter",
        "you-have-rights",
    ]
    assert lines[0]["texts"]["sv"]["original_changed"] == 0
    assert run("book", "export", str(tmp_path / "out")).answer["files"] == 5
    again = run("book", "import", str(tmp_path / "out"), "--apply").answer
    assert (again["same"], again["taken"]) == (5, 0)
    for name, count in (("book.epub", 1), ("book.html", 1)):
        made = run("book", "export", str(tmp_path / name), "--in", "ru").answer
        assert made["articles"] == count
    run("book", "export", str(tmp_path / "LOUD.EPUB"), "--in", "ru")
    assert (tmp_path / "LOUD.EPUB").read_bytes() == (tmp_path / "book.epub").read_bytes()
    made = run("book", "export", str(tmp_path / "all.epub"), "--in", "ru", "--beside", "en").answer
    assert made["articles"] == 2
    pdf = tmp_path / "book.pdf"
    assert run("book", "print", "--in", "sv", "--out", str(pdf)).code == 0
    assert pdf.read_bytes().startswith(b"%PDF")


def test_import_takes_one_source_and_a_known_language(
    run: Run, folder: Path, tmp_path: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run("init", "--name", people.HOUSE)
    assert run("book", "import").code != 0
    assert run("book", "import", str(folder), "--shipped").code != 0
    assert run("book", "export", str(tmp_path / "b.html"), "--in", "qq").code != 0
    assert run("book", "print", "--in", "fi", "--out", str(tmp_path / "b.pdf")).code != 0
    with pytest.raises(SystemExit) as stopped:
        run("book", "print", "zz", "--out", str(tmp_path / "b.pdf"))
    assert stopped.value.code == 2
    assert "no identifier" in capsys.readouterr().err
    assert run("book", "list").answer["articles"] == []
