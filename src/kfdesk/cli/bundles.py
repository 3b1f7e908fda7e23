# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the exchange: cards, partners, files made and taken, and what is still open.

Each is one call of a service. An answer holds ids, codes and counts, no value of a record.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kfdesk.domain.desk.order import Finding
from kfdesk.domain.errors import KfdeskError
from kfdesk.services import exchange, partners
from kfdesk.services.desk import Desk
from kfdesk.services.parcels import own_keys
from kfdesk.services.partners import Terms
from kfdesk.services.sharing import asking, keys, undoing
from kfdesk.services.sharing.dealing import ask_again

Answer = Mapping[str, Any]


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
    if asked.plan:
        made = exchange.send(desk, asked.plan, asked.to, asked.into)
        return {"file": str(made.path), "digest": made.digest.hex()}
    waiting = exchange.prepare_everything(desk, asked.to).waiting
    made = exchange.send_everything(desk, asked.to, asked.into)
    return {"file": str(made.path), "digest": made.digest.hex(), "documents_waiting": waiting}


def _bundle_notices(desk: Desk, asked: Namespace) -> Answer:
    made = exchange.send_notices(desk, asked.to, asked.into)
    return {"file": str(made.path), "digest": made.digest.hex()}


def _bundle_status(desk: Desk, _asked: Namespace) -> Answer:
    return {
        "partners": [
            {"organisation": one.partner.organisation.hex(), "name": one.partner.name,
             "state": one.partner.state.value, "sent": one.sent, "received": one.received,
             "unconfirmed": one.unconfirmed, "missing": list(one.missing),
             "notices": one.notices, "answer_due": one.waits,
             "knows_our_key": one.knows_us, "offers_card": one.offers,
             "restore_told": not one.is_anew}
            for one in partners.list_partners(desk)
        ]
    }  # fmt: skip


def _bundle_trust_changed(desk: Desk, asked: Namespace) -> Answer:
    change = {
        "suspend": partners.suspend_partner,
        "resume": partners.resume_partner,
        "revoke": partners.revoke_partner,
    }[asked.action]
    change(desk, asked.organisation)
    partner = partners.find_partner(desk, asked.organisation)
    return {"organisation": partner.organisation.hex(), "state": partner.state.value}


def _bundle_inspect(desk: Desk, asked: Namespace) -> Answer:
    return _reviewed(exchange.review(desk, asked.file))


def _bundle_take(desk: Desk, asked: Namespace) -> Answer:
    if asked.file.is_dir():
        return _taken_all(desk, asked)
    return _reviewed(_take_one(desk, asked.file, asked))


def _take_one(desk: Desk, path: Path, asked: Namespace) -> exchange.Review:
    """Where it shows that an older store stands here, somebody has to know and to say so."""
    reviewed = exchange.review(desk, path)
    is_older = any(one.finding is Finding.AHEAD_OF_US for one in reviewed.findings)
    if is_older and not asked.accept_older_store:
        raise KfdeskError("bundle.ahead_of_us")
    exchange.apply(desk, path, reviewed)
    return reviewed


def _taken_all(desk: Desk, asked: Namespace) -> Answer:
    """Every exchange file in a folder; one that is refused does not keep the others out."""
    taken: list[Answer] = []
    refused: list[Answer] = []
    for path in sorted(asked.file.glob("*.age")):
        try:
            reviewed = _take_one(desk, path, asked)
        except KfdeskError as fault:
            refused.append({"file": path.name, "code": fault.code})
        else:
            taken.append({"file": path.name, **_reviewed(reviewed)})
    return {"taken": taken, "refused": refused}


def _bundle_orders(desk: Desk, _asked: Namespace) -> Answer:
    def plain(one: asking.OrderLine) -> Answer:
        return {
            "order": one.id.hex(), "partner": one.partner.hex(), "record": one.rid.hex(),
            "reason": one.reason, "state": one.state.value, "sent": one.is_sent,
            "deadline": one.deadline.isoformat() if one.deadline else None,
            "overdue": one.is_overdue, "by_file": one.is_by_file,
        }  # fmt: skip

    return {
        "asked": [plain(one) for one in asking.list_orders(desk)],
        "call": [one.id.hex() for one in asking.call_list(desk)],
        "requests": [plain(one) for one in asking.list_requests(desk)],
    }


def _bundle_again(desk: Desk, asked: Namespace) -> Answer:
    ask_again(desk, asked.organisation)
    return {"organisation": asked.organisation.hex()}


def _bundle_renew(desk: Desk, asked: Namespace) -> Answer:
    is_signing = asked.signing or asked.stolen
    renewed = (
        own_keys.renew_signing(desk, is_stolen=asked.stolen)
        if is_signing
        else own_keys.renew_keys(desk)
    )
    return {"generation": renewed.identity.generation, "signing": is_signing}


def _bundle_digits(desk: Desk, asked: Namespace) -> Answer:
    is_offered = bool(keys.offered_card(desk, asked.organisation))
    which = keys.offered_digits if is_offered else partners.digits
    return {"digits": which(desk, asked.organisation), "of_a_new_card": is_offered}


def _bundle_accept(desk: Desk, asked: Namespace) -> Answer:
    keys.accept_card(desk, asked.organisation, asked.digits)
    partner = partners.find_partner(desk, asked.organisation)
    return {"organisation": partner.organisation.hex(), "state": partner.state.value}


def _bundle_warn(desk: Desk, asked: Namespace) -> Answer:
    keys.warn_of(desk, asked.organisation)
    return {"organisation": asked.organisation.hex()}


def _bundle_undo(desk: Desk, asked: Namespace) -> Answer:
    newest = next((one.digest for one in undoing.list_undoable(desk)), b"")
    digest = asked.digest or newest
    return {"undone": digest.hex(), "records": len(undoing.undo_taking(desk, digest).rids)}


def _reviewed(reviewed: exchange.Review) -> Answer:
    return {
        "from": reviewed.taken.organisation.hex(),
        "digest": reviewed.taken.digest.hex(),
        "new": len(reviewed.new),
        "changed": len(reviewed.changed),
        "conflicts": reviewed.conflicts,
        "refused": reviewed.refused,
        "withdrawn": [one.after.rid.hex() for one in reviewed.news],
        "refused_notices": reviewed.untold,
        "findings": [one.finding.value for one in reviewed.findings],
        "erased": sorted(rid.hex() for rid in reviewed.erases),
        "requests": reviewed.requests,
    }


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


BUNDLES: Mapping[str, Callable[[Desk, Namespace], Answer]] = {
    "bundle card": _bundle_card,
    "bundle trust": _bundle_trust,
    "bundle make": _bundle_make,
    "bundle notices": _bundle_notices,
    "bundle status": _bundle_status,
    "bundle suspend": _bundle_trust_changed,
    "bundle resume": _bundle_trust_changed,
    "bundle revoke": _bundle_trust_changed,
    "bundle inspect": _bundle_inspect,
    "bundle take": _bundle_take,
    "bundle undo": _bundle_undo,
    "bundle orders": _bundle_orders,
    "bundle again": _bundle_again,
    "bundle renew": _bundle_renew,
    "bundle digits": _bundle_digits,
    "bundle accept": _bundle_accept,
    "bundle warn": _bundle_warn,
}
