# SPDX-License-Identifier: GPL-3.0-or-later
"""The carry check on one paper of a store: its pages, its own fields, and the store's secrets.

Runs where papers are made, never in the window's thread. Knows no field but the few whose words a
paper says on purpose; what the check is, stands in `domain/carry/`.
"""

from collections.abc import Iterator, Mapping

from kfdesk.domain.carry.check import Expected, Found, Source, check_pages
from kfdesk.domain.carry.letters import plain
from kfdesk.domain.carry.secrets import PHONE, Secrets, digits_of
from kfdesk.domain.disclosure import Disclosed, DisclosedRow
from kfdesk.domain.papers.contents import CONTENTS
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.domain.rows import view_any
from kfdesk.domain.values import Moment, Wording
from kfdesk.services.desk import Desk
from kfdesk.services.papers.kinds import KINDS
from kfdesk.services.papers.secrets import Own, said_words, secrets_of
from kfdesk.services.plans import load_case

_TICKET, _MET_BY = "client.name_on_ticket", "leg.met_by"

_PLACES = ("leg.from_place", "leg.to_place", "leg.from_stop", "leg.to_stop")


def carried_findings(desk: Desk, order: Order, what: Disclosed, pdf: bytes) -> tuple[Found, ...]:
    """What stands on the finished pages and must not be carried; empty is well, not "safe"."""
    papers, expected, lists = (
        desk.rooms.papers,
        _expected(desk, order, what),
        desk.rooms.papers.lists(),
    )
    secrets = Secrets.of(secrets_of(desk, _own(desk, order, what, expected)))
    return check_pages(papers.evidence(pdf), expected, secrets, lists)


def _expected(desk: Desk, order: Order, what: Disclosed) -> Expected:
    languages = tuple(filter(None, (order.language, order.beside)))
    places = _places(desk, order)
    sources = tuple(one for given in what.rows for one in _sources(given, languages, places))
    phones = tuple(one.text for one in sources if one.field == "help_number.number")
    years = {str(moment.wall.year) for given in what.rows for moment in _moments(given)}
    return Expected(sources, desk.rooms.papers.catalogue(order) | years, phones)


def _own(desk: Desk, order: Order, what: Disclosed, expected: Expected) -> Own:
    ticket, met, places = (
        [one.text for one in expected.sources if one.field in fields]
        for fields in ((_TICKET,), (_MET_BY,), _PLACES)
    )
    phones = {digits_of(phone)[-PHONE:] for phone in expected.phones}
    clients = frozenset(_above(desk, given) for given in what.rows)
    return Own(
        clients,
        _shown(desk, order.paper) - {_TICKET},
        said_words(ticket),
        said_words(met),
        desk.rooms.papers.lists().places | frozenset(map(plain, places)),
        frozenset(phones),
        frozenset().union(*(_shown(desk, name) for name in KINDS if KINDS[name].is_carried)),
    )


def _shown(desk: Desk, paper: PaperName) -> frozenset[str]:
    """The fields (`type.key`) that a paper is made to print."""
    keys = CONTENTS[paper]
    return frozenset(f"{name}.{key}" for name in keys for key in keys[name])


def _above(desk: Desk, given: DisclosedRow) -> bytes:
    """The id of the client above a record of the paper."""
    row = desk.store.row(given.rid)
    while row is not None and row.parent is not None:
        row = desk.store.row(row.parent)
    return row.rid if row is not None else given.rid


def _places(desk: Desk, order: Order) -> Mapping[bytes, int]:
    """The legs and telephones of the plan by their place from 1, as people count them."""
    case = load_case(desk, order.subject)
    return {
        seen.rid: place
        for name in ("leg", "help_number")
        for place, seen in enumerate(case.all_views(name), start=1)
    }


def _sources(
    given: DisclosedRow, languages: tuple[str, ...], places: Mapping[bytes, int]
) -> Iterator[Source]:
    record = view_any(given.row).record
    place = places.get(given.rid)
    for key in given.grants:
        value = getattr(record, key)
        field = f"{given.type}.{key}"
        if isinstance(value, str):
            yield Source(field, place, value)
        elif isinstance(value, tuple):
            told = (one for one in value if isinstance(one, Wording))
            yield from (Source(field, place, w.text) for w in told if w.language in languages)


def _moments(given: DisclosedRow) -> Iterator[Moment]:
    record = view_any(given.row).record
    values = (getattr(record, key) for key in given.grants)
    return (value for value in values if isinstance(value, Moment))
