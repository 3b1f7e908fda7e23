# SPDX-License-Identifier: GPL-3.0-or-later
"""What each command does: one call of a service, and an answer made of plain values.

An answer holds ids, codes and counts, and a record's values only where the command is there to
show them. Nothing here prints or asks.
"""

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from kfdesk.cli import lists
from kfdesk.cli.bundles import BUNDLES
from kfdesk.domain.desk.users import Role, fold, shown
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import cleaned_text
from kfdesk.domain.papers.order import Filter, Form, Order
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Version, View
from kfdesk.domain.values import Value
from kfdesk.services import plans
from kfdesk.services.access import users
from kfdesk.services.access.data_key import change_data_key
from kfdesk.services.casework.intake import begin_plan
from kfdesk.services.desk import Desk, check_desk
from kfdesk.services.keeping.backup import make_backup
from kfdesk.services.keeping.erasure import erase_client
from kfdesk.services.keeping.wiping import wipe_store
from kfdesk.services.papers.copies import list_copies, settle_copy
from kfdesk.services.papers.kinds import KINDS
from kfdesk.services.papers.making import save_paper
from kfdesk.services.writing.records import change_record, read_record

Answer = Mapping[str, Any]


def run(desk: Desk, asked: Namespace) -> Answer:
    """Do what was asked. Raises KfdeskError where it is refused."""
    name = f"{asked.command} {getattr(asked, 'action', '')}".strip()
    return _COMMANDS[name](desk, asked)


def _verify(desk: Desk, _asked: Namespace) -> Answer:
    check_desk(desk)
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


def _plan_new(desk: Desk, asked: Namespace) -> Answer:
    values: dict[str, Value] = {}
    if asked.alias:
        values["alias"] = cleaned_text(asked.alias)
    if asked.languages:
        values["languages"] = tuple(asked.languages.split(","))
    plan, _ = begin_plan(desk, values)
    return {"plan": plan.hex(), "code": plans.open_plan(desk, plan).client.record.code}


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
    row = read_record(desk, asked.record)
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


def _paper_make(desk: Desk, asked: Namespace) -> Answer:
    form = Form(asked.form) if asked.form else KINDS[asked.paper].forms[0]
    order = Order(
        asked.paper, asked.subject, asked.paper_language, form, asked.beside,
        Filter(asked.country.upper(), asked.service, asked.spoken),
    )  # fmt: skip
    paper = save_paper(desk, order, asked.out)
    return {"file": str(asked.out), "digest": paper.digest.hex()}


def _paper_copies(desk: Desk, _asked: Namespace) -> Answer:
    copies = ((copy, copy.view.record) for copy in list_copies(desk))
    return {
        "copies": [
            {
                "id": copy.view.rid.hex(), "code": copy.code, "paper": record.paper,
                "number": record.number, "language": record.language, "way": record.way,
                "made_by": record.made_by,
            }
            for copy, record in copies
        ]
    }  # fmt: skip


def _paper_settle(desk: Desk, asked: Namespace) -> Answer:
    settle_copy(desk, asked.copy, asked.state)
    return {"copy": asked.copy.hex(), "state": asked.state}


def _backup_make(desk: Desk, asked: Namespace) -> Answer:
    made = make_backup(desk, asked.folder)
    return {"backup": str(made.path), "records": dict(made.counts), "removed": made.removed}


def _erase(desk: Desk, asked: Namespace) -> Answer:
    return {"erased": len(erase_client(desk, asked.client, asked.reason).rids)}


def _wipe(desk: Desk, asked: Namespace) -> Answer:
    return {"wiped": True, "all_files_gone": wipe_store(desk, asked.own_passphrase)}


def _user_list(desk: Desk, _asked: Namespace) -> Answer:
    return {
        "users": [
            {"initials": shown(user.initials), "roles": sorted(user.roles)}
            for user in users.list_users(desk)
        ]
    }


def _user_add(desk: Desk, asked: Namespace) -> Answer:
    roles = _roles(asked.roles)
    users.add_user(desk, asked.own_passphrase, asked.user, asked.new_passphrase, roles)
    return {"added": shown(asked.user), "roles": sorted(roles)}


def _user_roles(desk: Desk, asked: Namespace) -> Answer:
    roles = _roles(asked.roles)
    users.set_roles(desk, asked.user, roles)
    return {"changed": shown(asked.user), "roles": sorted(roles)}


def _user_remove(desk: Desk, asked: Namespace) -> Answer:
    users.remove_user(desk, asked.user)
    return {"removed": shown(asked.user)}


def _user_passphrase(desk: Desk, asked: Namespace) -> Answer:
    users.change_passphrase(desk, asked.own_passphrase, asked.new_passphrase)
    return {"changed": desk.user}


def _user_recovery_key(desk: Desk, asked: Namespace) -> Answer:
    users.set_recovery(desk, asked.own_passphrase, asked.recovery_key)
    return {"recovery_key": "made", "sheets": asked.sheets}


def _user_data_key(desk: Desk, asked: Namespace) -> Answer:
    present = {fold(who) for who in (desk.user, *asked.others)}
    left_out = [user.initials for user in users.list_users(desk) if user.initials not in present]
    if not change_data_key(desk, asked.own_passphrase, asked.others):
        raise KfdeskError("store.key_stays")
    return {"data_key": "new", "recovery_key": "none", "shut_out": [*map(shown, left_out)]}


def _roles(listed: str) -> frozenset[Role]:
    names = {name.strip() for name in listed.split(",")}
    if not names <= set(Role):
        raise KfdeskError("user.unknown_role")
    return frozenset(Role(name) for name in names)


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


_COMMANDS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {
    **BUNDLES,
    "verify": _verify,
    "plan list": _plan_list,
    "plan new": _plan_new,
    "plan show": _plan_show,
    "contacts list": lists.list_contacts,
    "contacts add": lists.add_contact,
    "contacts import": lists.import_contacts,
    "contacts export": lists.export_contacts,
    "plan set": _plan_set,
    "paper make": _paper_make,
    "paper copies": _paper_copies,
    "paper settle": _paper_settle,
    "user list": _user_list,
    "user add": _user_add,
    "user roles": _user_roles,
    "user remove": _user_remove,
    "user passphrase": _user_passphrase,
    "user recovery-key": _user_recovery_key,
    "user data-key": _user_data_key,
    "backup make": _backup_make,
    "erase": _erase,
    "wipe": _wipe,
}
