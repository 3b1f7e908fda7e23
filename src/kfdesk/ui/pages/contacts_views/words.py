# SPDX-License-Identifier: GPL-3.0-or-later
"""The words for an entry of the directory that list, preview and editor share.

Only sentences: nothing here reads a store or makes a widget.
"""

from datetime import date
from typing import Any

from kfdesk.domain.codes import CONFIDENTIALITY
from kfdesk.domain.listing.freshness import Freshness, freshness, months_since
from kfdesk.domain.listing.needs import Aspect, Need, reasons
from kfdesk.domain.lists.directory_codes import CONTACT_RISK
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.listing.phones import dialled
from kfdesk.i18n.messages import field_label
from kfdesk.i18n.said.hours import hours_text
from kfdesk.services.directory import DirectoryEntry, EntryLine, Naming
from kfdesk.ui.pages.shown import NOT_ASKED, field_of, told_text, value_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.words import Telling

_LOCK = (Tone.DANGER, "lock")
SIGHTS = {
    "public": (Tone.SUCCESS, "circle-check"),
    "partners_only": (Tone.INFO, "circle-dot"),
    "front_door_only": (Tone.WARNING, "triangle-alert"),
    "secret": _LOCK,
}
KINDS = {"organisation": N_("Organisation"), "contact": N_("Contact person")}
ICONS = {"organisation": "building-2", "contact": "user"}
NEW = {"organisation": N_("New organisation"), "contact": N_("New contact person")}
_RISKS = ("ask_first", "never_from_origin")
UNDECIDED = N_("two values, not decided")


def name_line(entry: EntryLine, language: Language) -> str:
    """The name, or that there is none."""
    return entry.name or language.gettext(N_("without a name"))


def kind_line(entry: EntryLine, language: Language) -> str:
    """What it is and where: `Organisation, Estonia`; of a person, for whom she works."""
    if entry.type == "contact":
        place = entry.works_for
    else:
        code = entry.view.record.country
        place = language.country(code) if isinstance(code, str) else ""
    return ", ".join(part for part in (language.gettext(KINDS[entry.type]), place) if part)


def sight_word(seen: View[Any], language: Language) -> tuple[Tone, str, str]:
    """Who may see an entry: tone, icon and word. In conflict it counts as secret, and says so."""
    if "confidentiality" in seen.conflicts:
        return (*_LOCK, language.gettext(UNDECIDED))
    code = seen.record.confidentiality
    if code in CONFIDENTIALITY:
        return (*SIGHTS[code], language.gettext(CONFIDENTIALITY[code]))
    return Tone.MUTED, "circle-question-mark", language.gettext(NOT_ASKED)


def does_line(entry: EntryLine, language: Language) -> str:
    """What it is, where, and what it does, in which languages: for the second line of a list."""
    record = entry.view.record
    if entry.type == "contact":
        role = record.role if isinstance(record.role, str) else ""
        return " · ".join(part for part in (kind_line(entry, language), role) if part)
    said = (value_text(field_of("organisation", key), getattr(record, key), language)
            for key in ("country", "services", "languages") if _is_said(record, key))  # fmt: skip
    return " · ".join(said) or kind_line(entry, language)


def fits_line(entry: EntryLine, need: Need, today: date, language: Language) -> str:
    """What speaks against asking there at once, and then why an entry fits a need."""
    house = entry.house.record if entry.house is not None else entry.view.record
    found = list(reasons(house, need, today)) if isinstance(house, Organisation) else []
    risk = getattr(house, "contact_risk", None)
    said = [f"⚠ {language.gettext(CONTACT_RISK[risk])}"] if risk in _RISKS else []
    said += [kind_line(entry, language)] if entry.type == "contact" else []
    said += [_reason(aspect, codes, language) for aspect, codes in found]
    return " · ".join(said) or does_line(entry, language)


def _reason(aspect: Aspect, codes: tuple[str, ...], language: Language) -> str:
    if aspect is Aspect.CHECKED:
        return language.gettext(N_("Checked"))
    if aspect is Aspect.TOWN:
        return ", ".join(codes)
    if aspect is Aspect.COUNTRY:
        return language.country(codes[0])
    field = field_of("organisation", aspect)
    words = ", ".join(value_text(field, (code,), language) for code in codes)
    if aspect is Aspect.LANGUAGES:
        return language.gettext(N_("speaks {languages}")).format(languages=words)
    return words


def _is_said(record: Any, key: str) -> bool:
    value = getattr(record, key)
    return isinstance(value, str) or (isinstance(value, tuple) and bool(value))


def check_word(seen: View[Any], today: date, language: Language) -> tuple[Tone, str, str] | None:
    """Whether an organisation was checked, and how long ago: tone, icon, word; None of a person."""
    if seen.row.type != "organisation":
        return None
    months, how = months_since(seen.record.checked, today), freshness(seen.record, today)
    if months is None or how is Freshness.UNCHECKED:
        return Tone.MUTED, "circle-question-mark", language.gettext(N_("Not checked"))
    if how is Freshness.FRESH:
        return Tone.SUCCESS, "circle-check", language.gettext(N_("Checked"))
    words = language.ngettext("{count} month ago", "{count} months ago", months)
    return Tone.WARNING, "triangle-alert", words.format(count=months)


def phone_lines(
    seen: View[Any], language: Language, call: tuple[str, str] = ("", "")
) -> tuple[str, str]:
    """A telephone in two lines: its number, and who answers when.

    `call` is the country that the number was typed for, and the one from which somebody calls: the
    number stands as it is dialled there, and below it as it was typed.
    """
    phone = seen.record
    languages = ""
    if isinstance(phone.languages, tuple):
        languages = value_text(field_of("phone", "languages"), phone.languages, language)
    hours = hours_text(told_text(phone.hours, language), language)
    about = [hours, languages]
    if phone.is_safe is True:
        about.append(language.gettext(N_("may be called about a client")))
    elif phone.is_safe is False:
        about.append(language.gettext(N_("not about a client")))
    typed = phone.number if isinstance(phone.number, str) else "–"
    number = dialled(typed, *call)
    if _digits(number) != _digits(typed):
        about.append(language.gettext(N_("typed as {number}")).format(number=typed))
    if "number" in seen.conflicts:
        number = language.gettext(UNDECIDED)
    return number, "\n".join(part for part in about if part)


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def roles(naming: Naming) -> Telling:
    """As what a plan names the entry: `Receiver, Recipient`."""
    return lambda language: ", ".join(field_label(path, language) for path in naming.fields)


def refusal(entry: DirectoryEntry, language: Language) -> str:
    """Who keeps an entry out of the bin, by code and name; empty if nobody does."""
    plans = ", ".join(dict.fromkeys(one.code or "–" for one in entry.hindrances))
    people = ", ".join(one.name or "–" for one in entry.people)
    said = []
    if plans:
        said.append(language.gettext(N_("These plans name it: {plans}.")).format(plans=plans))
    if people:
        said.append(language.gettext(N_("These people work for it: {people}.")).format(
            people=people))  # fmt: skip
    return " ".join(said)


def said(text: str) -> Telling:
    """A value, the same in every language."""
    return lambda _: text


def count_line(found: int, count: int, language: Language, *, is_near: bool) -> str:
    """How many of how many are shown."""
    if is_near:
        words = language.ngettext(
            "Nothing fits exactly. {found} contact is like it",
            "Nothing fits exactly. {found} contacts are like it",
            found,
        )
        return words.format(found=found)
    if found == count:
        words = language.ngettext("{count} contact", "{count} contacts", count)
        return words.format(count=count)
    words = language.ngettext("{found} of {count} contact", "{found} of {count} contacts", count)
    return words.format(found=found, count=count)
