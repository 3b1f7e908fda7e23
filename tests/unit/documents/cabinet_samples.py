# SPDX-License-Identifier: GPL-3.0-or-later
"""Invented plans for the papers of the cabinet, disclosed to our own desk as it does it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from tests.support import make

from kfdesk.documents.file_copy.overview import make_file_copy
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.consent import WithheldReason, invalidity_reason
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.papers import CONTENTS, PrintContext
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.gates import (
    Gate,
    GateAnswer,
    GateReason,
    gate_met,
    gate_missing_record,
    gate_not_applicable,
)

STOCKHOLM, RIGA, MOSCOW = make.STOCKHOLM, make.RIGA, make.MOSCOW
MADE = datetime(2026, 11, 24, 15, 10, tzinfo=ZoneInfo(STOCKHOLM))
NAMES: Mapping[str, str] = MappingProxyType(
    {
        make.OURS.hex(): "Nordhuset",
        make.PARTNER.hex(): "Дом у реки",
        make.ESCORT.hex(): "Karin",
    }
)


@dataclass(frozen=True)
class Sample:
    """A plan's rows and what a file copy says beside them."""

    rows: tuple[Row, ...]
    about: PrintContext

    @property
    def disclosed(self) -> Disclosed:
        """Return what of it may stand on a file copy."""
        what = make.disclosed(to=make.OWN_DESK, by=Channel.DESK_PAPER, rows=self.rows)
        return what.only_keys(CONTENTS[PaperName.FILE_COPY])

    def having(self, record_type: str, **values: Value) -> "Sample":
        """Return the same plan with other values in its first record of a type."""
        at = next(n for n, row in enumerate(self.rows) if row.type == record_type)
        changed = make.changed(self.rows[at], values, make.signature("EB, Nordhuset", 5))
        return replace(self, rows=(*self.rows[:at], changed, *self.rows[at + 1 :]))

    def without(self, *record_types: str) -> "Sample":
        """Return the same plan without records of these types."""
        return replace(self, rows=tuple(r for r in self.rows if r.type not in record_types))

    def with_rows(self, rows: Iterable[Row]) -> "Sample":
        """Return the same plan with more records."""
        return replace(self, rows=(*self.rows, *rows))


def drawn(press: Typesetter, sample: Sample, code: str = "sv") -> bytes:
    """Return the file copy of a plan as a PDF."""
    order = PaperRequest(PaperName.FILE_COPY, make.PLAN, code)
    about = replace(sample.about, shut=dict(shut_in(sample)))
    return make_file_copy(order, sample.disclosed, about, press)


def shut_in(sample: Sample) -> Iterator[tuple[bytes, WithheldReason | None]]:
    """Return why each consent opens nothing on the day of printing."""
    client = view(sample.rows[0], Client)
    for row in sample.rows:
        if row.type == "consent":
            yield row.rid, invalidity_reason(view(row, Consent), client, sample.about.at)


def on(month: int, day: int, hour: int = 10, minute: int = 0) -> ZonedTime:
    """Return a time in 2026 on the clock of Stockholm."""
    wall = datetime(2026, month, day, hour, minute)  # noqa: DTZ001 - a wall clock
    return ZonedTime.at(wall, STOCKHOLM)


def gates() -> tuple[Gate, ...]:
    """Return the gates before departure, with every kind of answer."""
    return (
        gate_met("reception_confirmed"),
        gate_met("documents_valid"),
        gate_missing_record("legs_booked", GateReason.NOT_BOOKED, "leg", "status"),
        Gate("check_ins_set", GateAnswer.OVERRIDDEN),
        gate_met("escort_set"),
        gate_not_applicable("fit_to_travel"),
        gate_missing_record("paper_checked", GateReason.PAPER_HAS_FAULTS, "plan", "luggage"),
        gate_missing_record("wish_fresh", GateReason.TOO_OLD, "plan", "wish_reconfirmed"),
        gate_missing_record("risk_fresh", GateReason.TOO_OLD, "plan", "risk_read"),
    )


def _steps() -> Iterable[Row]:
    road = (("draft", "assessing", on(11, 4)), ("assessing", "decision_ready", on(11, 17)),
            ("decision_ready", "approved", on(11, 20, 14)))  # fmt: skip
    for number, (begin, end, when) in enumerate(road):
        values: dict[str, Value] = {
            "from_state": begin, "to_state": end, "happened": when, "taken_by": "EB",
        }  # fmt: skip
        yield make.row("transition", values, rid=make.named_id(f"step {number}"))


def _legs() -> Iterable[Row]:
    ferry = dict(make.FILLED["leg"]) | {"departed": None, "arrived": None}
    yield make.row("leg", ferry, rid=make.named_id("leg 1"))
    car: dict[str, Value] = {
        "sequence": 2, "mode": "car",
        "from_place": make.told("Riga", "Рига"),
        "from_stop": make.told("Rīgas pasažieru osta", "Rīgas pasažieru osta"),
        "departs": make.at(13, 11, 15, RIGA),
        "to_place": make.told("Riga", "Рига"),
        "to_stop": make.told("Rīgas autoosta", "Rīgas autoosta"),
        "arrives": make.at(13, 11, 40, RIGA),
        "met_by": make.told("Anna", "Анна"), "status": "planned",
    }  # fmt: skip
    yield make.row("leg", car, rid=make.named_id("leg 2"))
    coach: dict[str, Value] = {
        "sequence": 3, "mode": "coach", "carrier": "17, Exempelbuss",
        "from_place": make.told("Riga", "Рига"),
        "from_stop": make.told("Rīgas autoosta, plattform 4", "Rīgas autoosta, платформа 4"),
        "departs": make.at(13, 12, 40, RIGA),
        "to_place": make.told("Pskov", "Псков"),
        "to_stop": make.told("Busstationen, stora ingången", "Автовокзал, главный вход"),
        "arrives": make.at(13, 20, 15, MOSCOW),
        "met_by": make.told("Olga", "Ольга"), "sign": make.told("blått paraply", "синий зонт"),
        "check_in": make.at(13, 20, 45, MOSCOW), "check_in_status": "due", "status": "booked",
        "fallback": "Missad buss: Anna bokar nästa och stannar kvar till den går.",
    }  # fmt: skip
    yield make.row("leg", coach, rid=make.named_id("leg 3"))


def _consents() -> Iterable[Row]:
    def agreed(name: str, **values: Value) -> Row:
        plain: dict[str, Value] = {
            "withheld": None, "withholding_reason": None, "given": on(11, 5),
            "expires": date(2027, 2, 3),
        }  # fmt: skip
        whole_one = {**make.FILLED["consent"], **plain, **values}
        return make.row("consent", whole_one, rid=make.named_id(name))

    groups = ("identity", "travel", "immediate_needs", "reintegration_plan")
    yield agreed("reception", groups=groups)
    yield agreed(
        "enquiry", purpose="risk_enquiry_in_origin_country", groups=("identity", "risk_summary")
    )
    yield agreed(
        "escort", purpose="travel_escort", recipient=make.ESCORT.hex(), groups=("travel",),
        expires=date(2027, 1, 18),
    )  # fmt: skip
    yield agreed(
        "family", purpose="family_contact", groups=("identity", "contact"), withdrawn=on(11, 12)
    )


def whole() -> Sample:
    """Nina's plan, approved, three legs, both sides' weighing, a gate set aside."""
    plan: dict[str, Value] = {"state": "approved", "owner": "EB", "opened": date(2026, 11, 2)}
    theirs: dict[str, Value] = {
        "organisation": make.PARTNER.hex(), "done": date(2026, 11, 18),
        "valid_until": date(2026, 12, 18), "conclusion": "return_possible_with_measures",
        "unanswered": 2,
        "summary": make.told("Adressen är känd av andra.", "Адрес известен другим."),
        "measures": make.told("Rum i en annan stad.", "Комната в другом городе."),
        "measures_agreed": True,
    }  # fmt: skip
    override: dict[str, Value] = {
        "kind": "override", "gate": "check_ins_set", "given_by": "KL", "given": on(11, 20, 13),
        "asked_by": "EB", "reason": "Olga kör själv och ringer från vägen",
    }  # fmt: skip
    decision: dict[str, Value] = {
        "kind": "decision", "given_by": "KL", "given": on(11, 20, 13), "asked_by": "EB",
    }  # fmt: skip
    rows = (
        make.row("client"),
        make.row("plan", {**make.FILLED["plan"], **plan}),
        *_legs(),
        *_steps(),
        make.row("help_number"),
        make.row("travel_document"),
        make.row("risk_assessment", {**make.FILLED["risk_assessment"]}),
        make.row("risk_assessment", theirs, rid=make.named_id("theirs"), custodian=make.PARTNER),
        make.row("approval", override, rid=make.named_id("override")),
        make.row("approval", decision, rid=make.named_id("decision")),
        *_consents(),
        make.row("goal"),
    )
    return Sample(rows, PrintContext(MADE, "EB", 7, NAMES, gates()))


def empty() -> Sample:
    """Return a plan about which nothing was asked yet."""
    rows = (make.row("client", {"code": "ekorre-12"}), make.row("plan", {"state": "draft"}))
    return Sample(rows, PrintContext(MADE, "EB", 1))


def long(legs: int = 40) -> Sample:
    """Return a journey of so many legs, two a day."""
    base = whole().without("leg")
    first = datetime(2026, 12, 1, 8, 30)  # noqa: DTZ001 - a wall clock

    def leg(number: int) -> Row:
        leaves = first + timedelta(hours=12 * number)
        zone = (STOCKHOLM, RIGA, MOSCOW)[number * 3 // legs]
        values: dict[str, Value] = {
            "sequence": number + 1, "mode": "coach", "carrier": f"Buss {number + 1}",
            "from_place": make.told(f"Påhittad-{number}", f"Выдумка-{number}"),
            "departs": ZonedTime.at(leaves, zone),
            "to_place": make.told(f"Påhittad-{number + 1}", f"Выдумка-{number + 1}"),
            "arrives": ZonedTime.at(leaves + timedelta(hours=5, minutes=10), zone),
            "met_by": make.told("Anna", "Анна"), "status": "booked",
            "check_in": ZonedTime.at(leaves + timedelta(hours=5, minutes=30), zone),
        }  # fmt: skip
        return make.row("leg", values, rid=make.named_id(f"leg {number}"))

    return base.with_rows(leg(number) for number in range(legs))
