# SPDX-License-Identifier: GPL-3.0-or-later
"""Invented records for all tests: nobody here exists, and every run makes the same bytes.

Rows are made the way the desk makes them, by `amend`. `FILLED` has a value for every field of
every record type; a test sees to that, so a new field has its sample here.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from hashlib import shake_128
from itertools import count
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from kfdesk.domain.codes.case import CONSENT_EXPLAINED
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, Disclosed, DisclosureBasis, disclose
from kfdesk.domain.records.registry import RECORD_TYPES, RecordType
from kfdesk.domain.registers import (
    EMPTY_STATE,
    RecordState,
    WriteContext,
    apply_changes,
    build_state,
    live_writes,
    next_hlc,
    superseded_ids,
)
from kfdesk.domain.rows import Row, encode_changes, seen_writes
from kfdesk.domain.rules import Rules
from kfdesk.domain.schema import (
    DataGroup,
    Field,
    Section,
    SensitivityLevel,
    Terms,
    Text,
    field_id,
    fields_of,
    record,
    rules_of,
    text,
    type_name,
)
from kfdesk.domain.values import (
    LocalizedText,
    PartialDate,
    Translation,
    Value,
    ZonedTime,
)

Values = Mapping[str, Value]

STOCKHOLM, RIGA, MOSCOW = "Europe/Stockholm", "Europe/Riga", "Europe/Moscow"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo(STOCKHOLM))


def named_bytes(name: str, size: int = 16) -> bytes:
    """Bytes that look random and are the same in every run."""
    return shake_128(name.encode()).digest(size)


def named_id(name: str) -> bytes:
    """Return a record id for a name, a UUIDv4 as the desk makes them."""
    return UUID(bytes=named_bytes(name), version=4).bytes


OURS, PARTNER, THIRD = named_id("Nordhuset"), named_id("Дом у реки"), named_id("Ostrov")
HER, PLAN, ESCORT = named_id("client"), named_id("plan"), named_id("escort")


def told(sv: str, ru: str) -> LocalizedText:
    """Return a text in two languages."""
    return (Translation("sv", sv), Translation("ru", ru))


def sheet(plan: bytes, language: str = "ru") -> PaperRequest:
    """Return the order of the traveller's sheet of a plan."""
    return PaperRequest(PaperName.TRAVELLERS_SHEET, plan, language)


def at(day: int, hour: int, minute: int = 0, zone: str = STOCKHOLM) -> ZonedTime:
    """Return a time in December 2026, as clocks in `zone` show it."""
    return ZonedTime.at(datetime(2026, 12, day, hour, minute), zone)  # noqa: DTZ001 - a wall clock


def file_copy(plan: bytes, language: str = "sv") -> PaperRequest:
    """Return the order of the file copy of a plan."""
    return PaperRequest(PaperName.FILE_COPY, plan, language)


_STEP: Values = {
    "prefix": "6a",
    "title": told("Betänketid", "Время на размышление"),
    "what": told("Hon tar igen sig", "Она восстанавливает силы"),
    "lead": "client",
    "takes_part": ("legal_counsel", "shelter"),
    "informs": ("regional_coordinator",),
    "deputy": "shelter",
    "pays": "social_services",
    "applies": ("adult", "third_country"),
    "requirement": "must",
    "after": "3 6",
    "event": "step_done",
    "event_step": "6",
    "amount": 30,
    "unit": "d",
    "clock": "statutory",
    "rolls": False,
    "warn": "15 10 3",
    "prolong": told("Bara förundersökningsledaren", "Только руководитель следствия"),
    "form_number": "000000",
    "form_from": "Påhittade verket",
    "law": "Påhittad lag 5:15",
    "law_read": date(2026, 9, 1),
    "law_read_by": "PP",
    "needs_consent": "reflection_period_application",
    "proof": "reflection_granted",
}
"""What a step of a procedure and its copy in a run have in common."""

FILLED: Mapping[str, Values] = {
    "client": {
        "code": "tulpan-47",
        "alias": "Nina",
        "given_name": "Нина",
        "family_name": "Вымыслова",
        "name_on_ticket": "NINA VYMYSLOVA",
        "birth_date": PartialDate("2001-05"),
        "languages": ("ru", "en"),
        "safe_contact": told("Endast textmeddelande", "Только сообщения"),
        "other_names": "Vera",
        "gender": "Feminine",
        "age_band": "age_24_26",
        "age_disputed": False,
        "citizenship": ("RU",),
        "needs_interpreter": True,
        "marital_status": "Single",
        "number_of_children": 1,
        "education": "UpperSecondaryEducation",
        "identity_number": "000000-0000",
        "phone": "+7 000 000 00 47",
    },
    "plan": {
        "state": "travel_ready",
        "wish": "client_wishes_to_return",
        "wish_stated": at(1, 9, 30),
        "from_country": "SE",
        "to_country": "RU",
        "to_place": told("Pskov oblast", "Псковская область"),
        "receiver": PARTNER.hex(),
        "escort": ESCORT.hex(),
        "luggage": told("1 resväska, blå", "1 чемодан, синий"),
        "wants_paper": "wants_paper",
        "alarm_plan": "Ring Påhittad, sedan Uppdiktad.",
        "code_word": "blåsippa",
        "owner": "PP",
        "previous": named_id("earlier").hex(),
        "opened": date(2026, 10, 1),
        "referring_organisation": THIRD.hex(),
        "incoming_referral_date": date(2026, 9, 30),
        "trafficking_status": "PossibleVictimOfTrafficking",
        "trafficking_status_decided_by": "NGO",
        "type_of_exploitation": ("ForcedLabour",),
        "methods_of_control": ("WithholdsDocuments", "TakesEarnings"),
        "needs_assessed": date(2026, 11, 2),
        "immediate_needs": told("Vinterkläder", "Зимняя одежда"),
        "health_needs": told("Läkartid i Pskov", "Приём у врача в Пскове"),
        "interpreter_used": True,
        "alternatives_explained": True,
        "wish_reconfirmed": ZonedTime.at(NOW.replace(tzinfo=None), STOCKHOLM),
        "legal_checked": date(2026, 11, 3),
        "decision_signed": date(2026, 11, 20),
        "decision_language": "ru",
        "third_country_explained": ZonedTime.at(NOW.replace(tzinfo=None), STOCKHOLM),
        "risk_read": ZonedTime.at(NOW.replace(tzinfo=None), STOCKHOLM),
        "programme": "none",
        "escort_kind": "social",
        "special_needs": ("medication",),
        "reminders": told("Egna tabletter 08:00", "Свои таблетки 08:00"),
        "travel_help": told("Hiss i stället för trappor", "Лифт вместо лестницы"),
        "fit_to_travel_needed": True,
        "fit_to_travel_until": at(16, 12),
        "checks_done": ("wish", "risk"),
        "checks_not_applicable": ("child",),
        "guardian": "Ingen Påhittad",
        "guardian_order": "Påhittade tingsrätten 1",
        "childs_view_heard": date(2026, 11, 4),
        "family_assessed": date(2026, 11, 5),
        "family_assessment_result": "safe",
        "bid_decided": date(2026, 11, 6),
        "bid_decision": "bid_in_favour",
        "takeover_by_authority": date(2026, 11, 7),
        "reintegration_agreed": date(2026, 12, 20),
        "services_running": True,
        "follow_up_set": True,
        "last_risk_read": date(2027, 6, 1),
        "closure_reason": "goals_met",
        "told_what_is_kept": date(2027, 6, 1),
        "retention_until": date(2028, 6, 1),
        "receipts_in": True,
        "legal_hold": "En påhittad förhandling",
        "together_with": named_id("another plan").hex(),
        "together_shows": ("who",),
        "method_of_recruitment": ("ThroughOnlineSocialNetworks",),
        "country_of_recruitment": "RU",
        "relationship_to_trafficker": "Acquainted",
        "age_when_trafficked": 19,
        "country_of_exploitation": ("SE", "FI"),
        "type_of_sex_exploitation": ("Prostitution",),
        "forced_labour_industry": "N_AdministrativeAndSupportServiceActivities",
    },
    "leg": {
        "sequence": 1,
        "mode": "ferry",
        "carrier": "M/S Havsörn",
        "booking_reference": "HX 20417",
        "from_place": told("Stockholm", "Стокгольм"),
        "from_stop": told("Värtahamnen", "Värtahamnen, морской терминал"),
        "departs": at(12, 17),
        "to_place": told("Riga", "Рига"),
        "to_stop": told("Rīgas pasažieru osta", "Rīgas pasažieru osta, морской вокзал"),
        "arrives": at(13, 10, 30, RIGA),
        "met_by": told("Anna", "Анна"),
        "sign": told("gul halsduk", "жёлтый шарф"),
        "alone": False,
        "onward": told("Bil med Anna", "Машина с Анной"),
        "onward_mode": "car",
        "onward_minutes": 25,
        "check_in": at(13, 10, 45, RIGA),
        "status": "booked",
        "meeter": ESCORT.hex(),
        "check_in_status": "due",
        "departed": at(12, 17, 5),
        "arrived": at(13, 10, 40, RIGA),
        "missed": at(13, 10, 45, RIGA),
        "checked_in": at(13, 10, 44, RIGA),
        "fallback": "Ring Påhittad, vänta i kaféet.",
    },
    "help_number": {
        "sequence": 1,
        "number": "+46 70-174 06 15",
        "hours": told("dygnet runt", "днём и ночью"),
        "languages": ("ru", "sv"),
        "called": ZonedTime.at(NOW.replace(tzinfo=None), STOCKHOLM),
        "answered_by": told("Marina", "Марина"),
        "called_by": "Påhittad",
    },
    "consent": {
        "purpose": "reception_and_reintegration",
        "recipient": PARTNER.hex(),
        "groups": (DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL),
        "form": "oral_interpreter",
        "given_by": "client",
        "language": "ru",
        "given": ZonedTime.at(NOW.replace(tzinfo=None), STOCKHOLM),
        "expires": date(2027, 2, 1),
        "withdrawn": None,
        "transfer_tool": "scc_46",
        "explained": tuple(CONSENT_EXPLAINED),
        "interpreted_by": "Tolk Påhittad",
        "guardian": "Ingen Påhittad",
        "assent": True,
        "withheld": told("Inget om syskonen", "Ничего о братьях и сёстрах"),
        "withholding_reason": "fear",
        "withdrawal_effect": ("stop_new_sharing", "notify_recipients"),
        "warned": ZonedTime.at(NOW.replace(tzinfo=None), STOCKHOLM),
        "decided_by": "PP",
        "second_person": "AU",
        "reason": "Påhittat skäl",
    },
    "organisation": {
        "name": "Дом у реки",
        "country": "RU",
        "confidentiality": "partners_only",
        "address": "Påhittade gatan 1",
        "other_name": "Flodhuset",
        "part_of": OURS.hex(),
        "city": "Pskov",
        "email": "dom@example.org",
        "website": "https://example.org",
        "services": ("shelter", "legal"),
        "offers": "Ett rum i taget",
        "populations": ("women", "girls"),
        "languages": ("ru", "en"),
        "hours": "Mo-Fr 09:00-17:00",
        "networks": ("baltic_partners",),
        "contact_risk": "ask_first",
        "front_door": OURS.hex(),
        "verification": "verified_by_call",
        "checked": date(2026, 11, 2),
        "checked_by": "PP",
        "note": "Ring efter klockan nio.",
        "actor_type": "shelter",
        "eligibility": "Kvinnor med barn",
        "fees": "Inget",
        "application": "Ring först",
        "area": "Pskov oblast",
        "interpretation": "Ryska, polska",
        "accessibility": "Hiss",
        "alert": "Stängt i juli",
        "round_the_clock": True,
        "case_number_needed": False,
    },
    "contact": {
        "given_name": "Karin",
        "family_name": "Påhittad",
        "organisation": OURS.hex(),
        "confidentiality": "public",
        "phone": "+46 70-174 06 33",
        "role": "Samordnare",
        "email": "karin@example.org",
        "note": "Talar lite ryska.",
        "may_be_shared": True,
    },
    "relationship": {
        "given_name": "Alva",
        "kind": "child",
        "birth_date": PartialDate("2019"),
        "age_band": "age_0_8",
        "age_disputed": False,
        "travels_with": False,
        "is_risk": False,
        "contact_allowed": True,
    },
    "traveller": {
        "person": named_id("relationship").hex(),
        "name_on_ticket": "ALVA VYMYSLOVA",
        "birth_date": PartialDate("2019"),
        "seat": "12 B",
        "needs": ("child_seat",),
        "cared_by": told("Karin", "Карин"),
        "own_sheet": True,
    },
    "travel_document": {
        "kind": "passport",
        "number": "00 0000001",
        "country": "RU",
        "valid_until": date(2030, 5, 1),
        "status": "held_by_client",
        "name_as_written": "NINA VYMYSLOVA",
        "whose": named_id("traveller").hex(),
    },
    "handover": {
        "happened": at(14, 19, 0, MOSCOW),
        "place": "arrival",
        "given_by": "Karin",
        "received_by": "Olga",
        "result": "received",
        "items": told("1 resväska, telefon", "1 чемодан, телефон"),
        "confirmed_by_client": True,
    },
    "legal_status": {
        "kind": "reflection",
        "begins": date(2026, 10, 1),
        "ends": date(2026, 10, 31),
        "form_number": "195011",
        "applied_by": THIRD.hex(),
        "decided_by": THIRD.hex(),
        "decision": "ended",
        "next_hearing": at(2, 9),
        "must_be_present": False,
        "lapses_on_leaving": False,
    },
    "risk_assessment": {
        "organisation": OURS.hex(),
        "done": date(2026, 11, 20),
        "valid_until": date(2026, 12, 20),
        "conclusion": "return_possible_with_measures",
        "unanswered": 0,
        "client_view": told("Hon känner sig redo", "Она чувствует себя готовой"),
        "summary": told("Känd väg, trygg mottagare", "Знакомая дорога, надёжный приём"),
        "measures": told("Nytt telefonnummer", "Новый номер телефона"),
        "measures_agreed": True,
        "told_by": "Påhittad",
        "told": at(1, 10),
        "told_way": "telephone",
    },
    "reception": {
        "organisation": PARTNER.hex(),
        "status": "confirmed",
        "asked": at(1, 10),
        "answered": at(2, 11, 0, MOSCOW),
        "received_by": "Olga",
        "begins": date(2026, 12, 14),
        "offers": told("Rum i tre månader", "Комната на три месяца"),
        "limits": told("Inga husdjur", "Без животных"),
    },
    "referral": {
        "direction": "out",
        "kind": "refer",
        "organisation": PARTNER.hex(),
        "person": ESCORT.hex(),
        "reason": "AdditionalServicesRequired",
        "sent": at(3, 10),
        "status": "accepted",
        "answer": told("Välkommen", "Добро пожаловать"),
        "consent": named_id("consent").hex(),
        "purpose": "health_care",
        "answer_by": date(2026, 12, 21),
        "letter": named_id("paper_copy").hex(),
    },
    "approval": {
        "kind": "decision",
        "gate": "check_ins_set",
        "given_by": "AU",
        "given": ZonedTime.at(NOW.replace(tzinfo=None), STOCKHOLM),
        "asked_by": "PP",
        "ends": at(20, 12),
        "reason": "Påhittat skäl",
    },
    "transition": {
        "from_state": "draft",
        "to_state": "assessing",
        "happened": ZonedTime.at(NOW.replace(tzinfo=None), STOCKHOLM),
        "taken_by": "PP",
        "met": ("wish_recorded", "options_explained"),
        "not_applicable": ("interpreter_used",),
        "overridden": ("needs_assessed",),
        "reason": "Påhittat skäl",
    },
    "note": {
        "happened": at(1, 14),
        "kind": "contact",
        "content": "Samtal om resan.",
        "written_by": "PP",
    },
    "paper_copy": {
        "paper": "file_copy",
        "subject": PLAN.hex(),
        "number": 3,
        "language": "sv",
        "form": "a4",
        "way": "printed",
        "made": at(10, 9),
        "made_by": "PP",
        "state": "out",
        "recipient": PARTNER.hex(),
        "purpose": "health_care",
        "legal_basis": "consent",
    },
    "follow_up": {
        "due": date(2026, 12, 24),
        "window": 2,
        "after_days": 7,
        "kind": "regular",
        "method": "phone",
        "organisation": PARTNER.hex(),
        "owner": "PP",
        "refused": False,
        "happened": at(23, 11, 15, MOSCOW),
        "result": "reached",
        "report": told("Hon har fått ett rum", "Ей дали комнату"),
        "wishes": told("Vill läsa till frisör", "Хочет учиться на парикмахера"),
        "actions": told("Ny tid hos läkaren", "Новый приём у врача"),
        "safety": "good",
        "housing": "fair",
        "income": "none",
        "health": "fair",
        "mental_wellbeing": "poor",
        "documents": "stable",
        "family": "poor",
        "social_support": "fair",
        "education_or_work": "none",
        "legal": "good",
        "exploitation_again": "no",
        "wishes_to_leave_again": False,
        "satisfaction": "satisfied",
    },
    "goal": {
        "domain": "vocational",
        "need_level": "medium",
        "aim": told("Jag vill bli frisör", "Хочу стать парикмахером"),
        "baseline": "none",
        "target": "good",
        "progress": "poor",
        "due": date(2027, 9, 1),
        "status": "in_progress",
        "organisation": PARTNER.hex(),
        "owner": "PP",
    },
    "service": {
        "goal": named_id("goal").hex(),
        "domain": "vocational",
        "what": told("Kurs på kvällar", "Вечерние курсы"),
        "organisation": THIRD.hex(),
        "status": "in_progress",
        "begins": date(2027, 1, 11),
        "ends": date(2027, 6, 4),
        "cost": 12000,
        "currency": "RUB",
        "funding": "donor",
        "referral": named_id("referral").hex(),
    },
    "task": {
        "title": "Ring rederiet",
        "due": date(2026, 12, 5),
        "owner": "PP",
        "state": "open",
        "neutral_title": "Ring",
    },
    "attachment": {
        "title": "Intyg",
        "kind": "document",
        "media_type": "application/pdf",
        "size": 1200,
        "digest": "00" * 32,
        "added": at(1, 15),
    },
    "risk_line": {
        "category": "trafficker_network",
        "answer": "not_known",
        "theme_answer": "something",
        "own_words": "Hon är rädd för en bil utanför huset",
        "present": ("home_address_known", "in_home_community"),
        "absent": ("threats_received", "linked_to_officials", "contact_since_exit"),
        "unclear": ("debt_claimed",),
        "likelihood": "likely",
        "severity": "life_threatening",
        "source": "client_statement",
        "from_her": ("home_address_known", "debt_claimed"),
        "from_partner": ("in_home_community",),
        "from_authority": ("threats_received",),
        "from_reports": ("linked_to_officials",),
        "from_us": ("contact_since_exit",),
        "confirmed": ("in_home_community", "threats_received"),
        "probable": ("home_address_known",),
        "uncertain": ("debt_claimed",),
        "sources": ("client_statement", "origin_partner"),
        "confidence": "uncertain",
        "measure": told("Annan region", "Другая область"),
        "measure_by": "Pskov",
        "mitigation_status": "in_place",
        "likelihood_after": "unlikely",
        "severity_after": "severe",
    },
    "risk_event": {
        "kind": "new_threat",
        "happened": at(1, 8),
        "account": told("Ett samtal utan namn", "Звонок без имени"),
    },
    "child_papers": {
        "child": named_id("relationship").hex(),
        "guardian": "Ingen Påhittad",
        "guardian_order": "Påhittade tingsrätten 1",
        "custody_contested": False,
        "custody_contested_by": "Ingen Påhittad",
        "custody_court": "Påhittade tingsrätten 2",
        "custody_day": date(2026, 11, 3),
        "childs_view_heard": date(2026, 11, 4),
        "childs_view": told("Vill bo hos mormor", "Хочет жить у бабушки"),
        "family_assessed": date(2026, 11, 5),
        "family_assessment_result": "safe",
        "bid_decided": date(2026, 11, 6),
        "bid_decision": "bid_in_favour",
        "bid_reasons": told("Trygg hos mormor", "У бабушки спокойно"),
        "takeover_authority": "Påhittade nämnden",
        "takeover_by_authority": date(2026, 11, 7),
    },
    "phone": {
        "number": "+7 811 200 00 00",
        "hours": told("9–17", "9–17"),
        "languages": ("ru",),
        "confidentiality": "partners_only",
        "is_safe": True,
    },
    "network": {
        "title": told("Uppdiktat nätverk", "Выдуманная сеть"),
        "level": "baltic",
        "purpose": told("Känna varandra", "Знать друг друга"),
        "begins": date(2000, 1, 1),
        "ends": date(2030, 12, 31),
        "coordinator": OURS.hex(),
        "shares": ("directory", "network_work"),
        "confidentiality": "circle",
        "we_share": ("directory",),
    },
    "membership": {
        "organisation": PARTNER.hex(),
        "role": "member",
        "contact": ESCORT.hex(),
        "deputy": ESCORT.hex(),
        "begins": date(2001, 1, 1),
        "ends": date(2030, 12, 31),
        "mandate": told("Svara inom ett dygn", "Отвечать в течение суток"),
        "from_start": True,
    },
    "suggestion": {
        "key": "hours",
        "value": "Mo-Fr 08:00-16:00",
        "why": "Så stod det på dörren.",
        "by": PARTNER.hex(),
        "state": "open",
    },
    "entry_check": {
        "when": at(10, 9),
        "how": "call",
        "outcome": "right",
        "by": "PP",
    },
    "procedure": {
        "title": told("Påhittad samverkan", "Выдуманное взаимодействие"),
        "country": "SE",
        "region": "Stockholm",
        "status": "draft",
        "version": "3",
        "dated": date(2026, 10, 1),
        "effective_from": date(2026, 10, 15),
        "effective_to": date(2028, 10, 14),
        "purpose": told("Alla vet vad de gör", "Все знают, что делать"),
        "network": named_id("network").hex(),
        "source": told("Påhittad handbok", "Выдуманное руководство"),
        "supersedes": named_id("earlier procedure").hex(),
        "review_by": date(2027, 10, 1),
        "confidentiality": "circle",
        "adopted": "0123456789abcdef0123456789abcdef",
    },
    "procedure_step": {
        **_STEP,
        "article": named_id("article").hex(),
    },
    "cooperation": {
        "procedure": named_id("procedure").hex(),
        "title": told("Påhittad samverkan", "Выдуманное взаимодействие"),
        "version": "3",
        "country": "SE",
        "opened": at(1, 9),
        "coordinator": OURS.hex(),
        "person": ESCORT.hex(),
        "closed": at(30, 9),
        "note": "Ring Påhittad först.",
    },
    "cooperation_step": {
        "step": named_id("procedure_step").hex(),
        **_STEP,
        "state": "requested",
        "led_by": THIRD.hex(),
        "person": ESCORT.hex(),
        "stand_in": ESCORT.hex(),
        "asked": at(1, 10),
        "accepted": at(2, 10),
        "done": at(3, 10),
        "done_by": "PP",
        "skipped_because": told("Hon har redan tillstånd", "У неё уже есть разрешение"),
        "early_because": told("Nämnden bad om det", "Об этом попросил комитет"),
        "began": at(1, 8),
        "began_because": told("Beslutet kom dagen före", "Решение пришло накануне"),
        "extended_until": date(2027, 1, 15),
        "extension_ground": told("Särskilda skäl", "Особые причины"),
        "form_sent": date(2026, 12, 1),
        "reference_number": "2026/0000",
        "said": told("De ringer på måndag", "Они позвонят в понедельник"),
        "note": "Fråga efter växeln.",
    },
    "meeting": {
        "title": told("Påhittat vårmöte", "Выдуманная весенняя встреча"),
        "kind": "network",
        "starts": at(10, 13),
        "ends": at(10, 15),
        "place": "Påhittade salen",
        "is_online": True,
        "agenda": told("1. Nyheter\n2. Nästa möte", "1. Новости\n2. Следующая встреча"),
        "minutes": told("Alla berättade om sitt", "Каждый рассказал о своём"),
        "confidentiality": "circle",
    },
    "attendance": {"organisation": PARTNER.hex(), "contact": ESCORT.hex(), "role": "chair"},
    "decision": {
        "decided": told("Skriva en lista", "Составить список"),
        "owner": PARTNER.hex(),
        "due": date(2026, 12, 20),
        "state": "open",
        "done_here": date(2026, 12, 19),
    },
    "agreement": {
        "title": told("Påhittat avtal", "Выдуманный договор"),
        "kind": "data_sharing",
        "begins": date(2026, 1, 1),
        "valid_until": date(2027, 12, 31),
        "reference_number": "2026/0001",
        "confidentiality": "circle",
        "kept_at": "Pärm 3",
        "covers": PARTNER.hex(),
    },
    "agreement_party": {
        "organisation": PARTNER.hex(),
        "role": "controller",
        "signed": date(2026, 1, 1),
        "signed_by": "Olga",
    },
    "project": {
        "title": told("Påhittat projekt", "Выдуманный проект"),
        "aims": told("Fler hittar hjälp", "Помощь находят чаще"),
        "begins": date(2026, 1, 1),
        "ends": date(2027, 12, 31),
        "status": "implementation",
        "part_of": named_id("larger project").hex(),
        "budget": 500000,
        "currency": "SEK",
        "results": told("Två kurser", "Два курса"),
        "confidentiality": "circle",
    },
    "project_party": {"organisation": THIRD.hex(), "role": "funding"},
    "activity": {
        "title": told("Påhittad kurs", "Выдуманный курс"),
        "kind": "training",
        "assigned_by": THIRD.hex(),
        "begins": date(2026, 11, 2),
        "ends": date(2026, 11, 3),
        "place": "Riga",
        "women": 12,
        "men": 5,
        "others": 1,
        "not_known": 2,
        "materials": "Påhittade kursboken",
        "outcome": told("Alla deltog till slutet", "Все участвовали до конца"),
        "confidentiality": "circle",
    },
    "activity_party": {"organisation": PARTNER.hex(), "role": "implementing"},
    "case_conference": {
        "starts": at(11, 13),
        "ends": at(11, 14),
        "place": "Påhittade kontoret",
        "is_online": False,
        "agenda": told("Bostad efter resan", "Жильё после поездки"),
        "minutes": told("Alla är överens", "Все согласны"),
        "note": "Ta med Påhittad.",
    },
    "conference_party": {"organisation": PARTNER.hex(), "contact": ESCORT.hex(), "role": "chair"},
    "conference_decision": {
        "decided": told("Rummet hålls fritt", "Комната остаётся свободной"),
        "owner": PARTNER.hex(),
        "due": date(2026, 12, 20),
        "state": "open",
    },
    "article": {
        "slug": "the-first-talk",
        "above": named_id("article above").hex(),
        "position": 3,
        "kind": "chapter",
        "audience": ("staff",),
        "original": "en",
        "status": "draft",
        "adopted": "en 0123456789abcdef0123456789abcdef",
        "review_by": date(2027, 10, 1),
        "tags": ("safety", "assessing"),
        "opened_from": ("section_person", "gate_wish_recorded"),
        "sources": told("Påhittad källa | https://example.org | 2026-10-01", "Выдуманный источник"),
        "licence": "CC0-1.0",
        "network": named_id("network").hex(),
        "confidentiality": "circle",
    },
    "article_text": {
        "language": "sv",
        "title": "Det första samtalet",
        "summary": "Lyssna först.",
        "body": "## Innan\n\nErbjud *vatten*.",
        "based_on": "0123456789ab",
        "state": "draft",
        "read_by": "PP",
        "read_on": date(2026, 10, 2),
    },
    "article_link": {
        "target": PARTNER.hex(),
        "label": told("Vem som hjälper", "Кто поможет"),
    },
    "edition": {
        "title": told("Påhittad utgåva", "Выдуманное издание"),
        "number": "1",
        "language": "sv",
        "dated": date(2026, 10, 1),
        "contents": "the-first-talk 0123456789abcdef0123456789abcdef",
        "made_by": "PP",
        "network": named_id("network").hex(),
        "confidentiality": "circle",
    },
    "figure_release": {
        "number": 1,
        "population": "new_clients",
        "period_from": date(2025, 1, 1),
        "period_to": date(2025, 12, 31),
        "variables": ("sex",),
        "least": 11,
        "total": "25",
        "cells": "@sex.0\nmen=11\nwomen=14",
        "joined": "age 3 small",
        "median": 23,
        "method": "merged",
        "made": date(2026, 1, 20),
        "corrects": named_id("earlier release").hex(),
        "network": named_id("network").hex(),
        "confidentiality": "circle",
    },
    "estimate": {
        "indicator": told("Kvinnor till Sverige", "Женщины в Швецию"),
        "low": 200,
        "high": 500,
        "point": 350,
        "unit": "women",
        "per": "year",
        "country": "SE",
        "area": "Norden",
        "year_from": 2002,
        "year_to": 2003,
        "method": "police_intelligence",
        "publisher": "Påhittad polis",
        "source_title": "Påhittad rapport",
        "url": "https://example.org/report",
        "page": "12",
        "published": date(2003, 8, 27),
        "read_on": date(2026, 11, 1),
        "quote": told("200 till 500", "от 200 до 500"),
        "confidence": "probable",
        "note": told("Hälften i Stockholm", "Половина в Стокгольме"),
        "supersedes": named_id("earlier estimate").hex(),
        "network": named_id("network").hex(),
        "confidentiality": "circle",
    },
    "publication": {
        "title": told("Påhittad översikt", "Выдуманный обзор"),
        "creator": "Påhittad författare",
        "publisher": "Nordhuset",
        "published": date(2026, 3, 1),
        "kind": "report",
        "about_year": 2025,
        "language": "sv",
        "identifier": "https://example.org/overview",
        "abstract": told("Om återvändande", "О возвращении"),
        "project": named_id("project").hex(),
        "copy": named_id("attachment").hex(),
        "network": named_id("network").hex(),
        "confidentiality": "circle",
    },
    "sum_round": {
        "population": "new_clients",
        "period_from": date(2025, 1, 1),
        "period_to": date(2025, 12, 31),
        "variables": ("sex",),
        "is_crossed": True,
        "members": " ".join(sorted((OURS.hex(), PARTNER.hex(), named_id("third").hex()))),
        "until": date(2026, 12, 31),
        "made": date(2026, 11, 1),
        "state": "open",
        "release": named_id("figure_release").hex(),
        "network": named_id("network").hex(),
    },
    "sum_share": {
        "to": PARTNER.hex(), "asked": "0" * 32, "draw": "1" * 32, "numbers": "5 17 90 4",
    },
    "sum_part": {"asked": "0" * 32, "drawn": "2" * 32, "numbers": "5 17 90 4"},
}  # fmt: skip
_BELOW_THE_PLAN = (
    "risk_event", "child_papers",
    "leg", "help_number", "traveller", "travel_document", "handover", "legal_status",
    "risk_assessment", "reception", "referral", "approval", "transition", "note", "task",
    "attachment", "paper_copy", "follow_up", "goal", "service", "cooperation",
    "case_conference",
)  # fmt: skip
PARENTS: Mapping[str, bytes] = {
    **dict.fromkeys(("plan", "consent", "relationship"), HER),
    **dict.fromkeys(_BELOW_THE_PLAN, PLAN),
    "risk_line": named_id("risk_assessment"),
    "membership": named_id("network"),
    "procedure_step": named_id("procedure"),
    **dict.fromkeys(("article_text", "article_link"), named_id("article")),
    "cooperation_step": named_id("cooperation"),
    **dict.fromkeys(("meeting", "agreement", "project"), named_id("network")),
    **dict.fromkeys(("attendance", "decision"), named_id("meeting")),
    "agreement_party": named_id("agreement"),
    **dict.fromkeys(("project_party", "activity"), named_id("project")),
    "activity_party": named_id("activity"),
    **dict.fromkeys(("conference_party", "conference_decision"), named_id("case_conference")),
    **dict.fromkeys(("phone", "suggestion", "entry_check"), PARTNER),
    **dict.fromkeys(("sum_share", "sum_part"), named_id("sum_round")),
}


def signature(author: str = "PP, Nordhuset", minute: int = 0) -> WriteContext:
    """Return who saves, so many minutes after NOW; write ids follow from both, each call afresh."""
    numbers = count()
    milliseconds = int(NOW.timestamp() * 1000) + minute * 60_000
    seed = f"{author} {minute}"
    return WriteContext(
        author, next_hlc(milliseconds), lambda: named_bytes(f"{seed} {next(numbers)}", size=8)
    )


def row(
    record_type: str,
    values: Values | None = None,
    *,
    rid: bytes | None = None,
    parent: bytes | None = None,
    custodian: bytes = OURS,
) -> Row:
    """Return a new record with these values, or all of FILLED; below HER and PLAN unless said."""
    changes = encode_changes(record_type, FILLED[record_type] if values is None else values)
    state = apply_changes(EMPTY_STATE, changes, (), signature())
    where = parent if parent is not None else PARENTS.get(record_type)
    known = {"client": HER, "plan": PLAN, "contact": ESCORT, "organisation": PARTNER}
    return Row(rid or known.get(record_type, named_id(record_type)), record_type, where,
               custodian, state)  # fmt: skip


def changed(before: Row, values: Values, by: WriteContext, seen: Row | None = None) -> Row:
    """Return the row after a save of `values` by a user who saw `seen`, or else `before`."""
    changes = encode_changes(before.type, values)
    known = seen_writes(before if seen is None else seen)
    return replace(before, state=apply_changes(before.state, changes, known, by))


def consent(
    name: str = "consent", *, custodian: bytes = OURS, parent: bytes = HER, **values: Value
) -> Row:
    """Return a consent that is valid at NOW, with some values changed."""
    whole = {**FILLED["consent"], **values}
    return row("consent", whole, rid=named_id(name), parent=parent, custodian=custodian)


def case_rows() -> tuple[Row, ...]:
    """Return a client, her plan, a leg and a help number, with every field filled."""
    return (row("client"), row("plan"), row("leg"), row("help_number"))


def partner(**changes: Any) -> Recipient:
    """Return a verified partner inside the Union."""
    return replace(Recipient(RecipientKind.PARTNER, PARTNER, is_verified=True), **changes)


HERSELF = Recipient(RecipientKind.CLIENT, HER, wants_paper=True)
OWN_DESK = Recipient(RecipientKind.OWN, OURS)
A_PERSON = Recipient(RecipientKind.PERSON, ESCORT)


def disclosed(
    *consents: Row, to: Recipient, by: Channel = Channel.BUNDLE, rows: tuple[Row, ...] = ()
) -> Disclosed:
    """Return what is disclosed at NOW of `rows`, or of a whole case, with these consents."""
    return disclose((*(rows or case_rows()), *consents), to, by, basis(consents))


def basis(consents: Sequence[Row] = (), at: datetime = NOW) -> DisclosureBasis:
    """Return what a disclosure of ours is decided on."""
    return DisclosureBasis(consents, at, OURS)


SECTION = Section("everything", "Everything")


TERMS = Terms(SECTION, SensitivityLevel.S2, DataGroup.IDENTITY, since=1)


@record(Rules())
class Everything:
    """Not part of the program: one field for each group, and one for each level."""

    identity: Text = text("x", TERMS)
    contact: Text = text("x", TERMS, to=DataGroup.CONTACT)
    travel: Text = text("x", TERMS, to=DataGroup.TRAVEL)
    immediate_needs: Text = text("x", TERMS, to=DataGroup.IMMEDIATE_NEEDS)
    health: Text = text("x", TERMS, to=DataGroup.HEALTH)
    children_family: Text = text("x", TERMS, to=DataGroup.CHILDREN_FAMILY)
    risk_summary: Text = text("x", TERMS, to=DataGroup.RISK_SUMMARY)
    exploitation_history: Text = text("x", TERMS, to=DataGroup.EXPLOITATION_HISTORY)
    legal_case: Text = text("x", TERMS, to=DataGroup.LEGAL_CASE)
    reintegration_plan: Text = text("x", TERMS, to=DataGroup.REINTEGRATION_PLAN)
    photo: Text = text("x", TERMS, to=DataGroup.PHOTO)
    cooperation: Text = text("x", TERMS, to=DataGroup.COOPERATION)
    desk: Text = text("x", TERMS, to=DataGroup.DESK)
    s0: Text = text("x", TERMS, level=SensitivityLevel.S0)
    s1: Text = text("x", TERMS, level=SensitivityLevel.S1)
    s3: Text = text("x", TERMS, level=SensitivityLevel.S3)
    s4: Text = text("x", TERMS, level=SensitivityLevel.S4)
    s5: Text = text("x", TERMS, level=SensitivityLevel.S5)
    s5_desk: Text = text("x", TERMS, level=SensitivityLevel.S5, to=DataGroup.DESK)


def described(cls: type[Any], *more: Field) -> RecordType:
    """Return a record type as the registry holds it, with fields it does not have yet."""
    name = type_name(cls)
    fields = {field.key: field for field in (*fields_of(cls), *more)}
    ids = {key: field_id(name, key) for key in fields}
    return RecordType(
        name, cls, fields, {ids[key]: fields[key] for key in fields}, ids, rules_of(cls)
    )


@contextmanager
def registered(*types: RecordType) -> Iterator[None]:
    """Register these record types until the end of the block."""
    registry = cast("dict[str, RecordType]", RECORD_TYPES)
    before = dict(registry)
    registry.update({added.name: added for added in types})
    try:
        yield
    finally:
        registry.clear()
        registry.update(before)


def everything(**values: Value) -> Row:
    """Return a row of Everything below HER with all fields; needs `registered(described(…))`."""
    filled = dict.fromkeys((field.key for field in fields_of(Everything)), "x")
    return row("everything", {**filled, **values}, rid=named_id("everything"), parent=HER)


def canonicalize(state: RecordState) -> RecordState:
    """Return the one form that equal sets of writes have, made anew from all of them."""
    return build_state(live_writes(state), superseded_ids(state))
