# SPDX-License-Identifier: GPL-3.0-or-later
"""What a journey's page asks beside its records, and the short words written on the way.

What does not fit together, what went wrong, in which languages the receiver reads; the list before
leaving, and a number that was tried. Knows no page; what an alarm is stands in `domain/journey`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from kfdesk.domain.gates.gate import Where
from kfdesk.domain.gates.situation import Situation
from kfdesk.domain.journey.notices import Notice, notices
from kfdesk.domain.letters.folding import fold
from kfdesk.domain.lists.case_codes import DEPARTURE_CHECK
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import seen_in, view, wire_changes
from kfdesk.domain.values import Moment, Value
from kfdesk.services.casework.lines import PlanLine
from kfdesk.services.course.alarms import AlarmLine, alarms_of
from kfdesk.services.course.situations import read_situation
from kfdesk.services.desk import Desk
from kfdesk.services.policy.access import may_watch, require_editing, require_reading
from kfdesk.services.writing.records import Done, change_record, found, put_changed


class Answered(StrEnum):
    """The answers of the list before leaving."""

    OPEN = "open"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Journey:
    """What does not fit together, the alarms, and the languages that the receiver reads.

    `may_watch`: who sits here may write down what happens on the way.
    """

    notices: tuple[Notice, ...] = ()
    alarms: tuple[AlarmLine, ...] = ()
    reads: tuple[str, ...] = ()
    may_watch: bool = False


def read_journey(desk: Desk, plan: bytes) -> Journey:
    """The journey of a plan now. Raises KfdeskError `record.missing` or `record.deleted`."""
    require_reading(desk, found(desk, plan))
    s = read_situation(desk, plan)
    code, state = s.client.record.code, s.state or "draft"
    line = PlanLine(plan, code if isinstance(code, str) else "", "", state, (), 0)
    named = s.receiver.organisation if s.receiver else None
    partners = desk.store.ledger.partners()
    reads = [code for one in partners if one.organisation == named for code in one.reads]
    may = may_watch(desk, s.plan.row)
    found_now = (*notices(s), *_escort_of_her_name(desk, s))
    return Journey(found_now, alarms_of(desk, line), tuple(dict.fromkeys(reads)), may)


def _escort_of_her_name(desk: Desk, s: Situation) -> Iterator[Notice]:
    """Her company is a contact with her own name: somebody wrote herself down as her escort."""
    escort = s.plan.record.escort
    row = desk.store.row(bytes.fromhex(escort)) if isinstance(escort, str) else None
    if row is None or row.type != "contact":
        return
    theirs, hers = (_name(seen.record) for seen in (view(row, Contact), s.client))
    if theirs and theirs == hers:
        yield Notice("escort_is_the_client", Where("plan", "escort", s.plan.rid))


def _name(person: Contact | Client) -> tuple[str, ...]:
    """How a whole name sounds, in any alphabet; nothing where half of it is missing."""
    names = (person.given_name, person.family_name)
    known = [name for name in names if isinstance(name, str) and name.strip()]
    return tuple(word.sound for word in fold(*known)) if len(known) == len(names) else ()


def answers(record: Plan) -> dict[str, Answered]:
    """The list before leaving: each question with its answer."""
    done, off = _codes(record.checks_done), _codes(record.checks_not_applicable)
    found_answers = dict.fromkeys(DEPARTURE_CHECK, Answered.OPEN)
    found_answers |= {code: Answered.NOT_APPLICABLE for code in off if code in DEPARTURE_CHECK}
    return found_answers | {code: Answered.DONE for code in done if code in DEPARTURE_CHECK}


def answer_check(desk: Desk, plan: bytes, check: str, answer: Answered) -> Done:
    """Answer one question of the list before leaving; the others stay as they are.

    Raises KfdeskError `record.missing` or `plan.read_only`.
    """
    with desk.store.transaction():
        row = found(desk, plan)
        require_editing(desk, row)
        record = view(row, Plan).record
        done = [code for code in _codes(record.checks_done) if code != check]
        off = [code for code in _codes(record.checks_not_applicable) if code != check]
        if answer is not Answered.OPEN:
            (done if answer is Answered.DONE else off).append(check)
        values: dict[str, Value] = {
            "checks_done": tuple(done) or None,
            "checks_not_applicable": tuple(off) or None,
        }
        return put_changed(desk, row, wire_changes("plan", values), seen_in(row))


def call_tried(desk: Desk, number: bytes, zone: str) -> Done:
    """Write down that a help number was tried just now, by who sits here.

    Raises KfdeskError `record.missing` or `plan.read_only`.
    """
    values: dict[str, Value] = {"called": now_in(desk, zone), "called_by": desk.user}
    return change_record(desk, number, values)


def now_in(desk: Desk, zone: str) -> Moment:
    """Now, on the clocks of a zone; in the hour that they live twice it is the right one."""
    return moment_at(desk.rooms.clock.now(), zone)


def moment_at(instant: datetime, zone: str) -> Moment:
    """An instant (aware) as clocks of a zone show it."""
    at = instant.astimezone(ZoneInfo(zone))
    offset = at.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset is not None else 0
    return Moment(at.replace(tzinfo=None, second=0, microsecond=0, fold=0), zone, minutes)


def _codes(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()
