# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the resource book: list, export, import and print.

They answer with plain data, as `commands` does. An import without `--apply` writes nothing.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.book import articles, files
from kfdesk.services.book.files import BookFormat, FileState
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import save_paper

Answer = dict[str, Any]


def _list(desk: Session, _asked: Namespace) -> Answer:
    return {
        "articles": [
            {
                "article": one.rid.hex(), "name": one.tree.slug, "depth": one.tree.depth,
                "status": str(one.record.status or ""), "is_ours": one.is_ours,
                "texts": {
                    code: {"title": text.title, "is_adopted": text.is_adopted,
                           "is_undecided": text.is_undecided, "original_changed": text.changes}
                    for code, text in one.texts.items()
                },
            }
            for one in articles.read_book(desk)
        ],
        "shipped": sorted(files.shipped_book(desk)),
    }  # fmt: skip


def _export(desk: Session, asked: Namespace) -> Answer:
    """Save the book: as one file by its ending, or else as a folder of Markdown."""
    form = next((one for one in BookFormat if asked.target.suffix.lower() == f".{one}"), None)
    if form is None:
        count = files.export_folder(desk, asked.target, asked.language)
        return {"saved": str(asked.target), "files": count}
    if asked.language and asked.language not in PROGRAM_LANGUAGES:
        raise KfdeskError("paper.no_text", spoken=asked.language)
    words = replace(asked.words, code=asked.language or asked.words.code)
    count = files.export_file(desk, asked.target, form, words, asked.beside)
    return {"saved": str(asked.target), "articles": count}


def _import(desk: Session, asked: Namespace) -> Answer:
    """Report what an import would add and, if asked, add it as drafts."""
    if (asked.folder is None) != asked.shipped:
        raise KfdeskError("book.one_source")
    found = files.shipped_book(desk) if asked.shipped else files.read_book_folder(asked.folder)
    preview = files.preview_book(desk, found)
    answer: Answer = {
        **{state.value: preview.count(state) for state in FileState},
        "faults": {one.name: one.fault.code for one in preview.lines if one.fault is not None},
        "odd": {one.name: list(one.odd) for one in preview.lines if one.odd},
        "taken": 0,
    }
    if asked.apply:
        take = partial(files.import_book, with_beside=asked.beside)
        answer["taken"] = take(desk, preview, asked.seen_by).texts
    return answer


def _print(desk: Session, asked: Namespace) -> Answer:
    form = PaperFormat(asked.form)
    order = PaperRequest(PaperName.BOOK, asked.article, asked.language, form, asked.beside)
    return {"file": str(asked.out), "digest": save_paper(desk, order, asked.out).digest.hex()}


BOOK_COMMANDS: Mapping[str, Callable[[Session, Namespace], Answer]] = {
    "book list": _list,
    "book export": _export,
    "book import": _import,
    "book print": _print,
}
