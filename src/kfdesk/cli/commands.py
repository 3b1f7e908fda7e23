# SPDX-License-Identifier: GPL-3.0-or-later
"""What each command does: one call of a service, and an answer made of plain values.

An answer holds ids, codes and counts, and a record's values only where the command is there to
show them. Nothing here prints or asks.
"""

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Version, View
from kfdesk.i18n.language import Language
from kfdesk.services import exchange, partners, plans
from kfdesk.services.desk import Desk
from kfdesk.services.papers import save_travellers_sheet
from kfdesk.services.partners import Terms
from kfdesk.services.records import change_record, found

Answer = Mapping[str, Any]
Papers = Callable[[str], Language]


def run(desk: Desk, asked: Namespace, papers: Papers) -> Answer:
    """Do what was asked; `papers` gives the traveller's sentences in a language.

    Raises KfdeskError where it is refused.
    """
    name = f"{asked.command} {getattr(asked, 'action', '')}".strip()
    if name == "paper make":
        return _paper_make(desk, asked, papers)
    return _COMMANDS[name](desk, asked)


def _verify(desk: Desk, _asked: Namespace) -> Answer:
    wrong = desk.store.verify()
    if wrong:
        raise KfdeskError("store.damaged")
    return {"sound": True, "digest": desk.store.digest().hex()}


def _plan_list(desk: Desk, _asked: Namespace) -> Answer:
    lines = plans.list_plans(desk)
    return {
        "plans": [
            {"plan": line.rid.hex(), "code": line.code, "state": line.state,
             "legs": len(line.legs), "conflicts": line.conflicts}
            for line in lines
        ]
    }  # fmt: skip


def _plan_show(desk: Desk, asked: Namespace) -> Answer:
    page = plans.open_plan(desk, asked.plan)
    below: tuple[View[Any], ...] = (
        *page.legs,
        *page.numbers,
        *(line.view for line in page.consents),
    )
    shown: tuple[View[Any], ...] = (page.client, page.plan, *below)
    return {
        "records": [_record(each) for each in shown],
        "conflicts": [
            {
                "record": conflict.rid.hex(),
                "key": conflict.key,
                "before": _version(conflict, conflict.before),
                "versions": [_version(conflict, version) for version in conflict.versions],
            }
            for conflict in page.conflicts
        ],
    }


def _plan_set(desk: Desk, asked: Namespace) -> Answer:
    row = found(desk, asked.record)
    field = TYPES[row.type].fields.get(asked.key)
    if field is None:
        raise KfdeskError("field.unknown")
    try:
        value = json.loads(asked.value)
    except ValueError:
        raise KfdeskError("field.kind_mismatch", field=f"{row.type}.{asked.key}") from None
    wire = tuple(value) if isinstance(value, list) else value
    change_record(desk, asked.record, {asked.key: field.kind.decode(wire)})
    return {"changed": asked.record.hex(), "key": asked.key}


def _bundle_card(desk: Desk, asked: Namespace) -> Answer:
    _write(asked.file, partners.our_card(desk))
    return {"card": str(asked.file), "organisation": desk.identity.organisation.hex()}


def _bundle_trust(desk: Desk, asked: Namespace) -> Answer:
    reads = tuple(code for code in asked.reads.split(",") if code)
    terms = Terms(asked.third_country, has_transfer_tool=asked.transfer_tool, reads=reads)
    partner = partners.add_partner(desk, _read(asked.file), terms)
    if asked.digits:
        partners.verify_partner(desk, partner.organisation, asked.digits)
    return {
        "organisation": partner.organisation.hex(),
        "digits": partners.digits(desk, partner.organisation),
        "state": partners.find_partner(desk, partner.organisation).state.value,
    }


def _bundle_make(desk: Desk, asked: Namespace) -> Answer:
    made = exchange.send(desk, asked.plan, asked.to, asked.into)
    return {"file": str(made.path), "digest": made.digest.hex()}


def _bundle_inspect(desk: Desk, asked: Namespace) -> Answer:
    return _reviewed(exchange.review(desk, asked.file))


def _bundle_take(desk: Desk, asked: Namespace) -> Answer:
    reviewed = exchange.review(desk, asked.file)
    exchange.apply(desk, asked.file, reviewed)
    return _reviewed(reviewed)


def _paper_make(desk: Desk, asked: Namespace, papers: Papers) -> Answer:
    words = papers(asked.paper_language)
    paper = save_travellers_sheet(desk, asked.plan, words, asked.out)
    return {"file": str(asked.out), "digest": paper.digest.hex()}


def _reviewed(reviewed: exchange.Review) -> Answer:
    return {
        "from": reviewed.taken.organisation.hex(),
        "new": len(reviewed.new),
        "changed": len(reviewed.changed),
        "conflicts": reviewed.conflicts,
        "refused": reviewed.refused,
    }


def _record(shown: View[Any]) -> Answer:
    fields = TYPES[shown.row.type].fields
    values = {key: field.kind.encode(getattr(shown.record, key)) for key, field in fields.items()}
    present = {key: value for key, value in values.items() if value is not None}
    return {"record": shown.rid.hex(), "type": shown.row.type, "values": present}


def _version(conflict: plans.Conflict, version: Version | None) -> Answer | None:
    if version is None:
        return None
    kind = TYPES[conflict.type].fields[conflict.key].kind
    return {"value": kind.encode(version.value), "by": version.author}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise KfdeskError("bundle.missing") from None


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError:
        raise KfdeskError("store.disk") from None


_COMMANDS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {
    "verify": _verify,
    "plan list": _plan_list,
    "plan show": _plan_show,
    "plan set": _plan_set,
    "bundle card": _bundle_card,
    "bundle trust": _bundle_trust,
    "bundle make": _bundle_make,
    "bundle inspect": _bundle_inspect,
    "bundle take": _bundle_take,
}
