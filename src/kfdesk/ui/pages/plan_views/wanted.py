# SPDX-License-Identifier: GPL-3.0-or-later
"""A step of a plan for which somebody of the directory is wanted: which field, and what it needs.

What is open on the page is the step; where nothing is, what the section would begin. Which services
a step calls for the domain knows, and who fits, the directory; here only the two are brought
together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kfdesk.domain.listing.needs import Need, need_of
from kfdesk.domain.schema import N_
from kfdesk.services.directory import EntryLine
from kfdesk.services.plans import PlanPage
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.form.codes import PickEditor
from kfdesk.ui.pages.plan_page.section import PlanSection

_BEGUN: Mapping[str, str] = {
    "risk": "risk_assessment",
    "decision": "reception",
    "travel": "plan",
    "support": "service",
    "follow_up": "follow_up",
    "documents": "travel_document",
}
"""What a section is about while nothing is open in it."""

NAMED: Mapping[str, str] = {
    "goal": "organisation",
    "service": "organisation",
    "reception": "organisation",
    "referral": "organisation",
    "legal_status": "applied_by",
    "follow_up": "organisation",
    "leg": "meeter",
    "plan": "receiver",
}
"""The field of a record that names an entry."""

_WORDS: Mapping[str, str] = {
    "client": N_("Help now"),
    "referral": N_("A referral"),
    "reception": N_("Somebody who receives her"),
    "risk_assessment": N_("Somebody who knows the risks there"),
    "legal_status": N_("Help in a matter of law"),
    "leg": N_("Somebody who meets her"),
    "plan": N_("Somebody who receives her"),
    "travel_document": N_("Help with documents"),
    "help_number": N_("A number that she can call"),
    "follow_up": N_("Help after the arrival"),
    "goal": N_("Help with an aim of hers"),
    "service": N_("Help with an aim of hers"),
}


Meant = tuple[str, bytes | None, object]
"""A kind of step, its record, and the part of her life that it is about.

The kind is a record's type, or a point of the list before leaving, which names nobody.
"""
ANY: Meant = ("", None, None)
"""Whatever is open."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where an entry is wanted. With an empty `key` nothing can name it there.

    `rid` is None where the record is yet to be begun.
    """

    plan: bytes
    code: str = field(repr=False)
    section: str
    record_type: str
    rid: bytes | None
    need: Need
    key: str = ""

    @property
    def words(self) -> str:
        """What is wanted, in a few words."""
        return _WORDS.get(self.record_type, _WORDS["client"])

    @property
    def types(self) -> frozenset[str]:
        """The types of entry that its field can name."""
        if not self.key:
            return frozenset()
        return frozenset({"contact" if self.key == "meeter" else "organisation"})


def step_in(part: PlanSection, page: PlanPage, meant: Meant) -> Step:
    """The step that is meant in a section; without its kind the one that is open there."""
    kind, rid, about = meant
    open_form = None if kind else _open_form(part)
    if open_form is not None:
        domain = open_form.form.editors.get("domain")
        kind, rid = open_form.record_type, open_form.rid
        about = domain.value() if domain is not None else None
    elif not kind:
        kind = _BEGUN.get(part.key, "client")
        rid = page.plan.rid if kind == "plan" else None
    code = page.client.record.code
    return Step(
        page.plan.rid,
        code if isinstance(code, str) else "",
        part.key,
        kind,
        rid,
        need_of(kind, page.plan.record, page.client.record, about),
        NAMED.get(kind, "") if page.may_edit else "",
    )


def take_into(part: PlanSection, step: Step, entry: EntryLine) -> None:
    """Put an entry into the field of a step, as if somebody had chosen it there: to be saved."""
    is_open = _form(part, step) is not None
    is_open = is_open or (step.rid is not None and part.open_record(step.rid, step.key))
    if not is_open:
        part.begin_record(step.record_type)
    form = _form(part, step, is_any=True)
    if form is not None:
        editor = form.form.editors[step.key]
        if isinstance(editor, PickEditor):
            editor.learn(entry.rid.hex(), entry.name)
        editor.enter(entry.rid.hex())
        form.form.focus_on(step.key)


def _open_form(part: PlanSection) -> RecordForm | None:
    """The form of the record that is open in a section; those of the plan always stand there."""
    forms = (form for form in part.open_forms if form.record_type in NAMED.keys() - {"plan"})
    return next((form for form in forms if NAMED[form.record_type] in form.form.editors), None)


def _form(part: PlanSection, step: Step, *, is_any: bool = False) -> RecordForm | None:
    """The open form of a step, or of a record that was begun for it."""
    for form in part.open_forms:
        is_it = form.record_type == step.record_type and step.key in form.form.editors
        if is_it and (is_any or form.rid == step.rid):
            return form
    return None
