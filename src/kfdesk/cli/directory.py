# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands about contacts and networks; they answer with plain data, as `commands` does.

No answer has an address: a list that stands in a terminal's history is a list that leaks.
"""

from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.codes.network import MEMBER_ROLES, SHARED_SORTS
from kfdesk.domain.directory import FileKind, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import clean_text, is_blank_text
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.parsing import country_code
from kfdesk.i18n.phrases import localized_text
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks, search
from kfdesk.services.directory.entries import (
    EntryLine,
    list_directory,
    read_entry,
    set_entry_class,
)
from kfdesk.services.directory.files import (
    ImportChoices,
    ImportStatus,
    export_contacts,
    import_contacts,
    preview_contact_import,
    read_contact_files,
)
from kfdesk.services.directory.networks import NetworkLine
from kfdesk.services.exchange import transfer

Answer = Mapping[str, Any]
_NEVER_SHOWN = frozenset({"address"})


def record_values(shown: RecordView[Any], left_out: frozenset[str] = frozenset()) -> Answer:
    """Return a record with its values as they are stored, without empty ones."""
    fields = RECORD_TYPES[shown.row.type].fields
    values = {key: field.kind.encode(getattr(shown.record, key)) for key, field in fields.items()}
    present = {k: value for k, value in values.items() if value is not None and k not in left_out}
    return {"record": shown.rid.hex(), "type": shown.row.type, "values": present}


# --- contacts


def _contacts_list(desk: Session, asked: Namespace) -> Answer:
    """List the directory, or the organisations of one country."""
    entries, country = list_directory(desk), known_country(asked.country)
    if country:
        entries = tuple(one for one in entries if _country_of(one.view.record) == country)
    return {"contacts": _lines(entries)}


def _lines(entries: Iterable[EntryLine]) -> list[Answer]:
    return [
        {"record": one.rid.hex(), "type": one.type, "name": one.name,
         "works_for": one.works_for, "seen_by": one.view.record.confidentiality}
        for one in entries
    ]  # fmt: skip


def _contacts_show(desk: Session, asked: Namespace) -> Answer:
    """Show one entry with its telephones and who answers for it."""
    entry = read_entry(desk, asked.record)
    if entry is None:
        raise KfdeskError("record.missing")
    return {
        **record_values(entry.view, _NEVER_SHOWN),
        "answers": "" if not entry.is_theirs else entry.answers,
        "phones": [record_values(one) for one in entry.phones],
        "people": [{"record": one.rid.hex(), "name": one.name} for one in entry.people],
    }


def _contacts_find(desk: Session, asked: Namespace) -> Answer:
    """List the entries that match, the best first; `near`: nothing matches exactly."""
    query = search.DirectoryQuery(asked.text)
    found = search.search_directory(desk, query, asked.words, asked.most)
    return {"contacts": _lines(search.read_result_page(desk, found.ids)), "near": found.is_near}


def _contacts_class(desk: Session, asked: Namespace) -> Answer:
    """Set who may see an entry or a telephone."""
    _check_visibility(asked.code)
    set_entry_class(desk, asked.record, asked.code)
    return {"record": asked.record.hex(), "seen_by": asked.code}


def _contacts_add(desk: Session, asked: Namespace) -> Answer:
    """Add one organisation."""
    _check_visibility(asked.seen_by)
    values: dict[str, Value] = {
        "name": required_name(asked.name),
        "country": known_country(asked.country) or None,
        "confidentiality": asked.seen_by,
    }
    return {"record": create_record(desk, Organisation, values).hex()}


def _contacts_import(desk: Session, asked: Namespace) -> Answer:
    """Report what an import would do and, if asked, import what is new."""
    _check_visibility(asked.seen_by)
    how = ParseOptions(asked.encoding, tuple(asked.columns.split(",")) if asked.columns else ())
    preview = preview_contact_import(desk, read_contact_files(asked.file), how)
    answer: dict[str, Any] = {fate.value: preview.count(fate) for fate in ImportStatus}
    answer |= {
        "broken": [
            {"line": one.line, "reason": one.reason} | ({"in": one.place} if one.place else {})
            for one in preview.broken
        ],
        "left_out": list(preview.reading.left_out),
        "columns": [f"{one.title}: {one.key or '-'}" for one in preview.reading.columns],
        "encoding": preview.reading.encoding,
        "encoding_is_sure": preview.reading.is_sure,
        "taken": 0,
    }
    if asked.apply:
        answer["taken"] = import_contacts(desk, preview, ImportChoices(asked.seen_by)).new
    return answer


def _contacts_export(desk: Session, asked: Namespace) -> Answer:
    """Save what may leave of the directory as a file."""
    end = asked.file.suffix.lower().removeprefix(".")
    if end not in set(FileKind):
        raise KfdeskError("contacts.unknown_kind", known=", ".join(FileKind))
    only, country = None, known_country(asked.country)
    if country:
        entries = list_directory(desk)
        only = {e.view.rid for e in entries if _country_of(e.view.record) == country}
    return {
        "saved": str(asked.file),
        "contacts": export_contacts(desk, FileKind(end), asked.file, only),
    }


def _check_visibility(code: str) -> None:
    if code not in CONFIDENTIALITY:
        raise KfdeskError("field.kind_mismatch", field="organisation.confidentiality")


def required_name(typed: str) -> str:
    """Return the typed name of an organisation. Raise KfdeskError `field.no_name` without one."""
    name = clean_text(typed)
    if is_blank_text(name):
        raise KfdeskError("field.no_name")
    return name


def known_country(typed: str) -> str:
    """Return the code of a country given by code or name; empty if none was given."""
    code = country_code(typed)
    if typed and not code:
        raise KfdeskError("field.no_such_country")
    return code


def _country_of(record: Any) -> Value:
    value: Value = getattr(record, "country", None)
    return value


# --- networks


def _network_list(desk: Session, asked: Namespace) -> Answer:
    return {"networks": [_network(one, asked.words) for one in networks.list_networks(desk)]}


def _network_show(desk: Session, asked: Namespace) -> Answer:
    line = _line_of(desk, asked.network)
    return {**record_values(line.view), **_network(line, asked.words), "members": _members(line)}


def _network_members(desk: Session, asked: Namespace) -> Answer:
    return {"members": _members(_line_of(desk, asked.network))}


def _network_add(desk: Session, asked: Namespace) -> Answer:
    if asked.role not in MEMBER_ROLES:
        raise KfdeskError("field.kind_mismatch", field="membership.role")
    membership = networks.add_member(desk, asked.network, asked.organisation, asked.role)
    return {"membership": membership.hex()}


def _network_leave(desk: Session, asked: Namespace) -> Answer:
    """End a membership in our network, or share nothing more in a network."""
    if asked.organisation:
        ended = networks.end_membership(desk, asked.network, asked.organisation)
        return {"ended": [rid.hex() for rid in ended]}
    networks.share_in_network(desk, asked.network, ())
    return {"network": asked.network.hex(), "we_share": []}


def _network_share(desk: Session, asked: Namespace) -> Answer:
    """Let the members have these sorts and no others. Refuse a sort that they do not share."""
    sorts = {sort.strip() for sort in asked.sorts.split(",")}
    offered = _line_of(desk, asked.network).view.record.shares
    if not sorts <= SHARED_SORTS.keys() & set(offered if isinstance(offered, tuple) else ()):
        raise KfdeskError("field.kind_mismatch", field="network.we_share")
    networks.share_in_network(desk, asked.network, sorts)
    return {"network": asked.network.hex(), "we_share": sorted(sorts)}


def _network_send_common(desk: Session, asked: Namespace) -> Answer:
    made = transfer.send_common(desk, asked.to, asked.into)
    return {"file": str(made.path), "digest": made.digest.hex()}


def _line_of(desk: Session, network: bytes) -> NetworkLine:
    for line in networks.list_networks(desk):
        if line.view.rid == network:
            return line
    raise KfdeskError("record.missing")


def _network(line: NetworkLine, words: Language) -> Answer:
    record = line.view.record
    return {
        "network": line.view.rid.hex(), "title": localized_text(record.title, words),
        "coordinator": line.coordinator, "ours": line.is_ours, "takes_part": line.takes_part,
        "member_count": sum(one.stands for one in line.members), "we_share": sorted(line.shares),
    }  # fmt: skip


def _members(line: NetworkLine) -> list[Answer]:
    return [
        {"membership": one.view.rid.hex(), "organisation": one.view.record.organisation,
         "name": one.name, "role": one.view.record.role, "stands": one.stands}
        for one in line.members
    ]  # fmt: skip


DIRECTORY_COMMANDS: Mapping[str, Callable[[Session, Namespace], Answer]] = {
    "contacts list": _contacts_list,
    "contacts show": _contacts_show,
    "contacts find": _contacts_find,
    "contacts class": _contacts_class,
    "contacts add": _contacts_add,
    "contacts import": _contacts_import,
    "contacts export": _contacts_export,
    "network list": _network_list,
    "network show": _network_show,
    "network members": _network_members,
    "network add": _network_add,
    "network leave": _network_leave,
    "network share": _network_share,
    "network send-common": _network_send_common,
}
