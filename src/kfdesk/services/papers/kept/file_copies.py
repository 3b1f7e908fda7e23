# SPDX-License-Identifier: GPL-3.0-or-later
"""The file copy: the whole plan for our own cabinet, as who sits here may see it.

The code word is on no paper; a text that has it within keeps the copy back, too. How the pages
look is not known here.
"""

import re
from collections.abc import Iterator, Mapping

from kfdesk.domain.consents.standing import Reason, why_shut
from kfdesk.domain.disclosure import Recipient, Who
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.risks import is_void
from kfdesk.domain.gates.states import NEXT
from kfdesk.domain.gates.table import gates_before
from kfdesk.domain.kinds import Reference
from kfdesk.domain.letters.folding import simple
from kfdesk.domain.papers.contents import CONTENTS
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, columns, view, view_any
from kfdesk.domain.values import Wording
from kfdesk.services.course.situations import read_situation
from kfdesk.services.desk import Desk
from kfdesk.services.papers.gathered import Gathered
from kfdesk.services.plans import Case, load_case, name_of, shown_case

_NO_LETTER = re.compile(r"[\W_]+")


def gather_copy(desk: Desk, order: Order) -> Gathered:
    """The plan with its names and the gates before its next state. It stays in our house."""
    case = shown_case(desk, order.subject)
    ours, s = desk.identity.organisation, read_situation(desk, order.subject)
    return Gathered(
        case.rows,
        case.consents,
        Recipient(Who.OWN, ours),
        ours,
        names_in(desk, case.rows),
        next((gates_before(target, s) for target in NEXT.get(s.state or "", ())), ()),
        shut=_shut(desk, order),
        void=frozenset(risk.rid for risk in s.risks if is_void(risk, s)),
    )


def obstacles_of(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """The code word, wherever the copy would show it. What is missing or torn stands on it."""
    case = load_case(desk, order.subject)
    for field in code_word_fields(desk, case, order.paper):
        yield KfdeskError("paper.code_word", field=field)


def code_word_fields(desk: Desk, case: Case, paper: PaperName) -> tuple[str, ...]:
    """The fields (`type.key`) of a paper in which the code word stands, each once."""
    secret = {_plain(text) for text in _texts(case.plan, frozenset({"code_word"}))} - {""}
    return tuple(dict.fromkeys(_fields_with(secret, case, CONTENTS[paper])))


def names_in(desk: Desk, rows: tuple[Row, ...]) -> Mapping[str, str]:
    """The names of whom records refer to, by reference."""
    wanted = {
        str(wire)
        for row in rows
        for key, wire in columns(row)[0].items()
        if wire is not None and isinstance(TYPES[row.type].fields[key].kind, Reference)
    }
    return {reference: name for reference in wanted if (name := name_of(desk, reference))}


def _shut(desk: Desk, order: Order) -> Mapping[bytes, Reason | None]:
    """Why each of her consents opens nothing today, asked of all that it says."""
    case, now = load_case(desk, order.subject), desk.rooms.clock.now()
    client = view(case.client, Client)
    return {row.rid: why_shut(view(row, Consent), client, now) for row in case.consents}


def _fields_with(secret: set[str], case: Case, keys: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for seen in case.present:
        kind = seen.row.type
        for key in sorted(keys.get(kind, frozenset())):
            said = [_plain(text) for text in _texts(seen.row, frozenset({key}))]
            if any(word in text for word in secret for text in said):
                yield f"{kind}.{key}"


def _texts(row: Row, keys: frozenset[str]) -> Iterator[str]:
    """What fields of text say, all versions of one in conflict."""
    seen = view_any(row)
    for key in keys:
        values = [getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ()))]
        for value in values:
            if isinstance(value, str):
                yield value
            elif isinstance(value, tuple):
                yield from (word.text for word in value if isinstance(word, Wording))


def _plain(text: str) -> str:
    """The words of a text without capitals and marks, each with a space on both sides."""
    words = _NO_LETTER.sub(" ", simple(text)).split()
    return f" {' '.join(words)} " if words else ""
