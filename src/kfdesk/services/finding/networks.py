# SPDX-License-Identifier: GPL-3.0-or-later
"""A network as a list of who does what: for each service the organisations that offer it.

Read from the index, a few entries of each service: a network may be the whole world.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kfdesk.domain.lists.directory_codes import SERVICES
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.directory import EntryLine
from kfdesk.services.finding.seek import Asked, read_page, seek
from kfdesk.services.policy.access import DIRECTORY_READING

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Doing:
    """A service, the first organisations by name that offer it, and how many there are."""

    service: str
    first: tuple[EntryLine, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Network:
    """How many organisations a network has, and what they do; what nobody does is left out."""

    count: int
    doings: tuple[Doing, ...]


def who_does_what(desk: Desk, network: str, language: Language) -> Network:
    """A network, by its services. Raises KfdeskError `user.not_allowed`."""
    desk.require(*DIRECTORY_READING)
    members = _found(desk, network, language)
    doings = []
    for service in SERVICES:
        found = _found(desk, network, language, service)
        if found:
            first = read_page(desk, found[:_SHOWN])
            doings.append(Doing(service, first, len(found)))
    return Network(len(members), tuple(doings))


def _found(desk: Desk, network: str, language: Language, service: str = "") -> Sequence[int]:
    codes = [("type", "organisation"), ("networks", network)]
    codes += [("services", service)] if service else []
    return seek(desk, Asked(codes=tuple(codes)), language).ids
