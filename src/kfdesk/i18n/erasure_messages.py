# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentence and the remedy for every refusal of an erasure, and what a restore erases again.

A refusal says first that nothing was erased or recorded, and then the way on. It shows no value of
a record.
"""

from collections.abc import Iterator, Mapping, Sequence

from kfdesk.domain.backup import ErasedAgain, RestorePreview
from kfdesk.domain.exchange import ERASURE_REASONS, REASON_ORDERED
from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.message import Message

_NOW_A_LAW = N_(
    "Nothing was erased. Record the arrival first, or that the leg was cancelled. If a law demands "
    "it now, two people can erase."
)

ERASURE_MESSAGES: Mapping[str, Message] = {
    "erasure.held": Message(
        N_("These records must be kept: the plan says why."),
        N_(
            "Nothing was erased. The reason is in the plan under Retention. The data "
            "protection lead can lift the restriction."
        ),
    ),
    "erasure.departed": Message(N_("The client is on the way, and has not arrived."), _NOW_A_LAW),
    "erasure.should_have_left": Message(
        N_("By the plan the client has left, and no arrival is recorded."), _NOW_A_LAW
    ),
    "erasure.alarm": Message(
        N_("An alarm about the client is open: look into it first."),
        N_("Nothing was erased. The alarm is on Today, with whom to call."),
    ),
    "erasure.danger": Message(
        N_("The last contact says that the client may be in danger."),
        N_("Nothing was erased. Record a newer contact first, under After arrival."),
    ),
    "erasure.second_missing": Message(
        N_("An erasure needs a second person, or the client's signed wish."),
        N_(
            "Nothing was erased. Ask a colleague who may erase, or record the signed wish under "
            "Retention and wait 24 hours."
        ),
    ),
    "erasure.waiting": Message(
        N_("The 24 hours since the wish was recorded are not over."),
        N_("Nothing was erased. Today shows when it is possible. Two people can erase at once."),
    ),
    "erasure.signed_later": Message(
        N_("The day of the signature lies ahead."),
        N_("Nothing was recorded. Check the day on the signed paper."),
    ),
    "erasure.not_signed": Message(
        N_("The day of the signature is missing."),
        N_("Nothing was recorded. Only after the retention period is no signature needed."),
    ),
}


def left_beside_text(names: Sequence[str], language: Language) -> str:
    """Return which folders a wipe has left beside the store, in one sentence."""
    return language.plural(
        "This folder is named like a copy of the database and was left, because it belongs to "
        "another one or is open in another program: {names}.",
        "These folders are named like copies of the database and were left, because they belong "
        "to another one or are open in another program: {names}.",
        len(names),
        names=", ".join(names),
    )


# --- what a restore erases again

_REASONS: Mapping[str, str] = {
    **{str(reason): words for reason, words in ERASURE_REASONS.items()},
    REASON_ORDERED: N_("A partner asked for it, and people here agreed"),
}


def erased_again_texts(preview: RestorePreview, language: Language) -> Iterator[str]:
    """Yield one line for each erasure that a restore repeats: what goes, since when, and why."""
    for one in preview.lines:
        yield _erased_again_text(one, language)
    if preview.changed:
        yield language.plural(
            "{count} record stays and loses single values that were erased.",
            "{count} records stay and lose single values that were erased.",
            preview.changed,
        )


def _erased_again_text(one: ErasedAgain, language: Language) -> str:
    what = " · ".join(
        (
            *one.codes,
            *(f"{language.gettext(RECORD_TYPE_NAMES[name])}: {n}" for name, n in
              one.records.items()),
        )
    )  # fmt: skip
    day = language.day(language.local_time(one.milliseconds).date(), year=True)
    words = N_("{what}. Erased on {day}.")
    nobody = language.about(Pronoun.CLIENT)
    why = nobody.gettext(_REASONS[one.reason]) + "." if one.reason in _REASONS else ""
    if one.asked_by:
        asked = N_("{name} answers for it and asked for it.")
        why = language.gettext(asked).format(name=one.asked_by)
    return " ".join(filter(None, (language.gettext(words).format(what=what, day=day), why)))
