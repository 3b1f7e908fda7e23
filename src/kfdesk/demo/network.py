# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's network: three members, contacts that go to them, and a suggestion that comes back.

The third desk, in Tartu, is a store of its own. Everything goes through the services and real
files, as in `story.py`; `show.py` tells it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kfdesk import store_lifecycle
from kfdesk.demo.people import Values, localized
from kfdesk.demo.story import POST, TARTU
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.records.directory import Contact, Membership, Network, Organisation, Phone
from kfdesk.domain.records.network import (
    Activity,
    Agreement,
    AgreementParty,
    Attendance,
    Decision,
    Meeting,
    Project,
)
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value
from kfdesk.environment import Environment
from kfdesk.services.core.records import create_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory.checks import record_check
from kfdesk.services.directory.networks import (
    list_suggestions,
    suggest_change,
    take_suggestion,
)
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans.plans import zoned_now

"""The folder of the third desk."""
TARTU_HOUSE = "Näidiskodu"
TARTU_WORKER = Credentials("MK", "kask jõgi lamp sild torn vihm")
_SHARES = ("directory", "network_work", "book", "figures")

NETWORK: Values = {
    "title": localized("Nätverket Exempelön", "Сеть «Остров Пример»", "Example Island Network"),
    "level": "baltic",
    "purpose": localized(
        "Den som reser hem ska möta någon som väntar",
        "Чтобы того, кто едет домой, кто-то ждал",
        "Whoever travels home is met by somebody who waits",
    ),
    "confidentiality": "circle",
    "shares": _SHARES,
    "we_share": _SHARES,
}
HELPLINE: Values = {
    "name": "Stödlinjen Exempel",
    "country": "SE",
    "confidentiality": "circle",
    "actor_type": "ngo",
    "services": ("helpline",),
    "languages": ("sv", "ru", "en"),
    "hours": "Mo-Fr 09:00-17:00",
    "eligibility": "Den som har utnyttjats, och anhöriga",
    "fees": "Inget",
    "application": "Ring eller skriv, även anonymt",
}
HELPLINE_NUMBER: Values = {
    "number": "+46 8 465 004 12", "confidentiality": "circle", "is_safe": True,
}  # fmt: skip
SECRET_HOUSE: Values = {"name": "Huset bakom skogen", "country": "SE", "confidentiality": "secret"}
COORDINATOR: Values = {
    "given_name": "Stina", "role": "Samordnare", "confidentiality": "partners_only",
    "may_be_shared": True,
}  # fmt: skip
_SEEN_BY: Values = {"confidentiality": "circle"}
MEETING: Values = {
    "title": localized("Vårmötet", "Весенняя встреча", "Spring meeting"),
    "kind": "network",
    "place": "Tartu",
    "agenda": localized(
        "1. Vad var och en har gjort\n2. Tolkar", "1. Кто что сделал\n2. Переводчики",
        "1. What each has done\n2. Interpreters",
    ),
    **_SEEN_BY,
}  # fmt: skip
DECISION: Values = {
    "decided": localized(
        "En lista över tolkar i de tre länderna", "Список переводчиков в трёх странах",
        "A list of interpreters in the three countries",
    ),
    "state": "open",
}  # fmt: skip
AGREEMENT: Values = {
    "title": localized("Samarbetsavtal", "Договор о сотрудничестве", "Cooperation agreement"),
    "kind": "cooperation",
    **_SEEN_BY,
}
PROJECT: Values = {
    "title": localized("Trygga hemresor", "Безопасное возвращение", "Safe journeys home"),
    "status": "implementation",
    "budget": 400_000,
    "currency": "SEK",
    **_SEEN_BY,
}
ACTIVITY: Values = {
    "title": localized("Kurs för jourer", "Курс для приютов", "Course for shelters"),
    "kind": "training",
    "place": "Tartu",
    "women": 14,
    "men": 3,
    **_SEEN_BY,
}
SUGGESTED = ("hours", "Mo-Su 08:00-20:00", "Jag ringde, de svarar längre nu.")


@dataclass(frozen=True, slots=True)
class NetworkStory:
    """Our desk and the one in Tartu, our entry of the helpline, and the exchange folder."""

    ours: Session
    tartu: Session
    helpline: bytes
    post: Path

    def pass_file(self, sender: Session, receiver: Session) -> int:
        """Send what is common from one desk to the other; return the records that are new there."""
        there = receiver.identity.organisation
        path = transfer.send_common(sender, there, self.post).path
        review = transfer.review_bundle(receiver, path)
        transfer.import_bundle(receiver, path, review)
        return len(review.new)

    def hours_in_tartu(self) -> Value:
        """Return the helpline's hours as they stand in Tartu."""
        return view(require_record(self.tartu, self.helpline), Organisation).record.hours


def begin_network(
    ours: Session, others: Sequence[bytes], folder: Path, machine: Environment
) -> NetworkStory:
    """Create the desk in Tartu, and our network of it, ourselves and these other partners."""
    tartu = store_lifecycle.create_store(folder / TARTU, TARTU_HOUSE, TARTU_WORKER, machine)
    know_each_other(ours, tartu)
    network = create_record(ours, Network, NETWORK)
    for member in (tartu.identity.organisation, *others):
        create_record(ours, Membership, {"organisation": member.hex(), "role": "member"}, network)
    helpline = create_record(ours, Organisation, HELPLINE)
    create_record(ours, Phone, HELPLINE_NUMBER, helpline)
    create_record(ours, Organisation, SECRET_HOUSE)
    create_record(ours, Contact, {**COORDINATOR, "organisation": helpline.hex()})
    record_check(ours, helpline, "call", "right")
    hold_meeting(ours, network, tartu.identity.organisation)
    return NetworkStory(ours, tartu, helpline, folder / POST)


def know_each_other(one: Session, other: Session) -> None:
    """Let two desks exchange their cards and compare the digits."""
    terms = PartnerTerms(is_third_country=False, reads=("sv", "en"))
    for desk, there in ((one, other), (other, one)):
        partners.add_partner(desk, partners.our_card(there), terms)
    for desk, there in ((one, other), (other, one)):
        known = there.identity.organisation
        partners.verify_partner(desk, known, partners.verification_digits(desk, known))


def hold_meeting(ours: Session, network: bytes, member: bytes) -> None:
    """Enter a meeting with a decision, an agreement, and a project with an activity."""
    begins = zoned_now(ours)
    today = begins.wall.date()
    meeting = create_record(ours, Meeting, {**MEETING, "starts": begins}, network)
    create_record(ours, Attendance, {"organisation": member.hex(), "role": "takes_part"}, meeting)
    due: Values = {"owner": ours.identity.organisation.hex(), "due": today + timedelta(days=30)}
    create_record(ours, Decision, {**DECISION, **due}, meeting)
    ends: Values = {"begins": today, "valid_until": today + timedelta(days=55)}
    agreement = create_record(ours, Agreement, {**AGREEMENT, **ends}, network)
    signed: Values = {"organisation": member.hex(), "signed": today}
    create_record(ours, AgreementParty, signed, agreement)
    project = create_record(ours, Project, {**PROJECT, "begins": today}, network)
    create_record(ours, Activity, {**ACTIVITY, "begins": today}, project)


def send_first_file(story: NetworkStory) -> Mapping[str, int]:
    """Send what the network shares; return how many of our records of each type Tartu has now."""
    story.pass_file(story.ours, story.tartu)
    own = story.ours.identity.organisation
    names = ("network", "membership", "organisation", "phone", "contact", "entry_check")
    held = {name: story.tartu.store.rows(name) for name in names}
    return {name: sum(row.custodian == own for row in rows) for name, rows in held.items()}


def exchange_suggestion(story: NetworkStory) -> tuple[str, Value]:
    """Let Tartu suggest other hours, and take them; return them, and what Tartu has in the end.

    Before we take the suggestion nothing changes in any entry.
    """
    suggest_change(story.tartu, story.helpline, *SUGGESTED)
    story.pass_file(story.tartu, story.ours)
    (line,) = list_suggestions(story.ours)
    take_suggestion(story.ours, line.view.rid)
    story.pass_file(story.ours, story.tartu)
    return SUGGESTED[1], story.hours_in_tartu()
