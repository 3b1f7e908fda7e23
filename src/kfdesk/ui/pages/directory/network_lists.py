# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of a network's work: what a meeting, agreement, project or activity shows and asks.

Each function describes a list; `network_work` puts them on the page.
"""

from collections.abc import Callable, Mapping
from typing import Any

from kfdesk.domain.message_marks import N_
from kfdesk.domain.network_work import is_decision_open
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.i18n.network import coded, state_text, when_text, work_title
from kfdesk.i18n.phrases import field_of, value_text
from kfdesk.ui.forms.record_list import RecordListSpec, Summary
from kfdesk.ui.tokens import Tone

Names = Callable[[], Mapping[str, str]]
"""The names of organisations and persons by id, as they are now."""

_SEEN_BY = {"confidentiality": "circle"}


def meeting_list() -> RecordListSpec:
    """Describe the meetings of a network."""
    return RecordListSpec(
        record_type="meeting",
        keys=(
            "title", "kind", "starts", "ends", "place", "is_online", "agenda", "minutes",
            "confidentiality",
        ),
        title=N_("Meetings"),
        icon="calendar-clock",
        add=N_("Add a meeting"),
        empty=N_("No meetings yet."),
        sum_up=lambda seen, language: _headed(seen, language, "kind", "place"),
        rows=(("kind", "confidentiality"), ("starts", "ends"), ("place", "is_online")),
        starts_with=lambda: _SEEN_BY | {"kind": "network"},
    )  # fmt: skip


def attendance_list(names: Names, record_type: str = "attendance") -> RecordListSpec:
    """Describe who takes part in a meeting."""
    return RecordListSpec(
        record_type=record_type,
        keys=("organisation", "contact", "role"),
        title=N_("Who takes part"),
        icon="user",
        add=N_("Add someone"),
        empty=N_("No one is entered yet."),
        sum_up=lambda seen, language: _party(seen, names(), language),
        rows=(("organisation", "contact"), ("role",)),
        starts_with=lambda: {"role": "invited"},
    )


def decision_list(names: Names, record_type: str = "decision") -> RecordListSpec:
    """Describe the decisions of a meeting."""
    return RecordListSpec(
        record_type=record_type,
        keys=("decided", "owner", "due", "state"),
        title=N_("Decisions"),
        icon="list-checks",
        add=N_("Add a decision"),
        empty=N_("No decisions yet."),
        sum_up=lambda seen, language: _decision(seen, names(), language),
        rows=(("owner", "due"), ("state",)),
        starts_with=lambda: {"state": "open"},
    )


def agreement_list() -> RecordListSpec:
    """Describe the agreements of a network."""
    return RecordListSpec(
        record_type="agreement",
        keys=(
            "title", "kind", "begins", "valid_until", "reference_number", "kept_at",
            "confidentiality",
        ),
        title=N_("Agreements"),
        icon="file-check",
        add=N_("Add an agreement"),
        empty=N_("No agreements yet."),
        sum_up=lambda seen, language: _headed(seen, language, "kind", "reference_number"),
        rows=(("kind", "confidentiality"), ("begins", "valid_until"),
              ("reference_number", "kept_at")),
        starts_with=lambda: dict(_SEEN_BY),
    )  # fmt: skip


def agreement_party_list(names: Names) -> RecordListSpec:
    """Describe the parties to an agreement."""
    return RecordListSpec(
        record_type="agreement_party",
        keys=("organisation", "role", "signed", "signed_by"),
        title=N_("Parties"),
        icon="building-2",
        add=N_("Add a party"),
        empty=N_("No parties yet."),
        sum_up=lambda seen, language: _party(seen, names(), language, "signed", "signed_by"),
        rows=(("organisation", "role"), ("signed", "signed_by")),
    )


def project_list() -> RecordListSpec:
    """Describe the projects of a network."""
    return RecordListSpec(
        record_type="project",
        keys=(
            "title", "aims", "status", "begins", "ends", "part_of", "budget", "currency",
            "results", "confidentiality",
        ),
        title=N_("Projects"),
        icon="briefcase",
        add=N_("Add a project"),
        empty=N_("No projects yet."),
        sum_up=lambda seen, language: _headed(seen, language, "status"),
        rows=(("status", "confidentiality"), ("begins", "ends"), ("budget", "currency")),
        starts_with=lambda: _SEEN_BY | {"status": "pipeline"},
    )  # fmt: skip


def activity_list() -> RecordListSpec:
    """Describe the activities of a network, or of a project."""
    return RecordListSpec(
        record_type="activity",
        keys=(
            "title", "kind", "assigned_by", "begins", "ends", "place", "women", "men", "others",
            "not_known", "materials", "outcome", "confidentiality",
        ),
        title=N_("Activities"),
        icon="notebook-text",
        add=N_("Add an activity"),
        empty=N_("No activities yet."),
        sum_up=lambda seen, language: _headed(seen, language, "kind", "place"),
        rows=(
            ("kind", "assigned_by"), ("begins", "ends"), ("women", "men"), ("others", "not_known"),
            ("place", "confidentiality"),
        ),
        starts_with=lambda: dict(_SEEN_BY),
    )  # fmt: skip


def organisation_list(names: Names, record_type: str) -> RecordListSpec:
    """Describe the organisations in a project, or the partners in an activity."""
    return RecordListSpec(
        record_type=record_type,
        keys=("organisation", "role"),
        title=N_("Organisations"),
        icon="building-2",
        add=N_("Add an organisation"),
        empty=N_("No organisations yet."),
        sum_up=lambda seen, language: _party(seen, names(), language),
        rows=(("organisation", "role"),),
    )


def conference_list() -> RecordListSpec:
    """Describe the case conferences of a plan."""
    return RecordListSpec(
        record_type="case_conference",
        keys=("starts", "ends", "place", "is_online", "agenda", "minutes", "note"),
        title=N_("Case conferences"),
        icon="calendar-clock",
        add=N_("Add a case conference"),
        empty=N_("None yet. Others receive only what her consent to them allows."),
        sum_up=lambda seen, language: Summary(conference_title(seen, language)),
        rows=(("starts", "ends"), ("place", "is_online")),
    )


def conference_title(seen: RecordView[Any], language: Language) -> str:
    """Return by what people know a case conference: its time and place."""
    place = seen.record.place if isinstance(seen.record.place, str) else ""
    said = " · ".join(filter(None, [when_text(seen, language), place]))
    return said or language.gettext(N_("without a time"))


def _headed(seen: RecordView[Any], language: Language, *keys: str) -> Summary:
    facts = [when_text(seen, language), *(coded(seen, key, language) for key in keys)]
    return Summary(work_title(seen, language), " · ".join(filter(None, facts)))


def _party(
    seen: RecordView[Any], names: Mapping[str, str], language: Language, *keys: str
) -> Summary:
    record = seen.record
    person = names.get(str(getattr(record, "contact", "")), "")
    name = names.get(str(record.organisation), "") or person
    name = name or language.gettext(N_("an organisation that is not in Contacts"))
    facts = [person if person != name else "", coded(seen, "role", language)]
    facts += [coded(seen, key, language) for key in keys]
    return Summary(name, " · ".join(filter(None, facts)))


def _decision(seen: RecordView[Any], names: Mapping[str, str], language: Language) -> Summary:
    record = seen.record
    due = record.due
    day = "" if due is None else value_text(field_of(seen.row.type, "due"), due, language)
    facts = (names.get(str(record.owner), ""), day, state_text(seen, language))
    is_done = seen.row.type == "decision" and not is_decision_open(seen)
    tone = Tone.MUTED if is_done else Tone.PLAIN
    return Summary(work_title(seen, language), " · ".join(filter(None, facts)), tone)
