# SPDX-License-Identifier: GPL-3.0-or-later
"""Rooms that weigh much and are not needed by every opening: loaded when they are first asked.

Each stands for its room before the services and hands every question on; nothing is decided here.
"""

import importlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, BinaryIO

from kfdesk.documents.contents import CONTENTS, Keys
from kfdesk.domain.carry.check import Evidence, Lists
from kfdesk.domain.desk.content import Content, Sight
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.listing.kinds import FileKind, Part
from kfdesk.domain.listing.listed import ReadAs, Reading
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.i18n.language import Language
from kfdesk.system import paths


class LazyPapers:
    """The press, which is loaded with its fonts when the first paper is asked for."""

    @cached_property
    def _press(self) -> Any:
        module = importlib.import_module("kfdesk.documents.papers")
        return module.Papers(paths.resources(), paths.translations())

    def keys(self, paper: PaperName) -> Keys:
        """The keys that a paper contains, by record type."""
        return CONTENTS[paper]

    def make(self, order: Order, what: Disclosed, about: About) -> bytes:
        """A paper as a PDF."""
        pdf: bytes = self._press.make(order, what, about)
        return pdf

    def key_sheets(self, sheets: Sequence[Sequence[str]], words: Language) -> bytes:
        """Sheets of a recovery key as a PDF."""
        pdf: bytes = self._press.key_sheets(sheets, words)
        return pdf

    def report_note(self, words: Language) -> bytes:
        """The note for the data protection authority as a PDF."""
        pdf: bytes = self._press.report_note(words)
        return pdf

    def pictures(self, pdf: bytes, scale: float) -> list[bytes]:
        """Each page of a paper as a PNG, at `scale` pixels to a point."""
        pages: list[bytes] = self._press.pictures(pdf, scale)
        return pages

    def evidence(self, pdf: bytes) -> Evidence:
        """A finished paper as another reader sees it."""
        evidence: Evidence = self._press.evidence(pdf)
        return evidence

    def lists(self) -> Lists:
        """What the carry check knows of words, places and months."""
        lists: Lists = self._press.lists()
        return lists

    def catalogue(self, order: Order) -> frozenset[str]:
        """All texts that a paper may say by itself."""
        texts: frozenset[str] = self._press.catalogue(order)
        return texts


class LazyAttached:
    """The readers of foreign files, which are loaded when the first is added or looked at."""

    @cached_property
    def _attached(self) -> Any:
        return importlib.import_module("kfdesk.documents.attachments.attached").Attached()

    def make_inert(self, data: bytes) -> Content:
        """What is kept of a file."""
        content: Content = self._attached.make_inert(data)
        return content

    def show(self, data: bytes, number: int, width: int) -> Sight:
        """Page `number`, from 0, `width` pixels wide or less."""
        sight: Sight = self._attached.show(data, number, width)
        return sight


class LazyFormats:
    """The readers and writers of other people's files, loaded when the first one is asked for."""

    def read(self, files: Mapping[str, bytes], how: ReadAs) -> Reading:
        """What is in a file, or in several that belong together."""
        reading: Reading = importlib.import_module("kfdesk.formats.reading").read(files, how)
        return reading

    def write(self, kind: FileKind, parts: Iterable[Part], file: BinaryIO) -> int:
        """Write what was disclosed of the directory; returns how many entries that is."""
        writing = importlib.import_module("kfdesk.formats.writing")
        count: int = writing.write(kind, parts, file)
        return count
