# SPDX-License-Identifier: GPL-3.0-or-later
"""The words for what a file brings, with their numbers: beside the title, and on the button.

It counts what the review has found and decides nothing.
"""

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.exchange import Review


def new_words(count: int, language: Language) -> str:
    """How many records are new."""
    return language.ngettext("{count} new", "{count} new", count).format(count=count)


def changed_words(count: int, language: Language) -> str:
    """How many records change."""
    return language.ngettext("{count} changed", "{count} changed", count).format(count=count)


def conflicts_words(count: int, language: Language) -> str:
    """How many fields both sides have changed."""
    return language.ngettext("{count} conflict", "{count} conflicts", count).format(count=count)


def refused_words(count: int, language: Language) -> str:
    """How many records are refused."""
    return language.ngettext("{count} refused", "{count} refused", count).format(count=count)


def untold_sentence(count: int, language: Language) -> str:
    """How many notices of withdrawals are refused, and why."""
    return language.ngettext(
        "{count} notice of withdrawal is refused, because this partner is no side of that consent.",
        "{count} notices of withdrawal are refused, because this partner is no side of those "
        "consents.",
        count,
    ).format(count=count)


def refused_sentence(count: int, language: Language) -> str:
    """How many records are refused, and why."""
    return language.ngettext(
        "{count} record is refused, because this partner may not write it.",
        "{count} records are refused, because this partner may not write them.",
        count,
    ).format(count=count)


def erased_sentence(count: int, language: Language) -> str:
    """How many records of a file stay out because they were erased here."""
    return language.ngettext(
        "{count} record stays out: it was erased here.",
        "{count} records stay out: they were erased here.",
        count,
    ).format(count=count)


def kept_sentence(count: int, language: Language) -> str:
    """How many of the changed records must be kept as they are."""
    return language.ngettext(
        "{count} record belongs to a plan that must be kept as it is.",
        "{count} records belong to plans that must be kept as they are.",
        count,
    ).format(count=count)


def apply_words(count: int, still_open: int, language: Language) -> str:
    """What Apply does: so many records, and so many fields left open."""
    if still_open:
        sentence = language.gettext(N_("Apply {count}, leave {open} open"))
        return sentence.format(count=count, open=still_open)
    return language.ngettext("Apply {count} record", "Apply {count} records", count).format(
        count=count
    )


def brings(review: Review, language: Language) -> str:
    """What a file brings, in one line; what is zero is left out."""
    counts = (
        (len(review.new), new_words), (len(review.changed), changed_words),
        (review.conflicts, conflicts_words), (review.refused, refused_words),
    )  # fmt: skip
    said = [words(count, language) for count, words in counts if count]
    if review.news:
        said.append(language.gettext(N_("a withdrawal")))
    return ", ".join(said) or language.gettext(N_("nothing new"))


def taken_words(count: int, language: Language) -> str:
    """How many records were taken."""
    if not count:
        return language.gettext(N_("The file is noted as arrived."))
    return language.ngettext(
        "The file is taken: {count} record.", "The file is taken: {count} records.", count
    ).format(count=count)


def to_decide_words(count: int, language: Language) -> str:
    """How many fields wait for a decision."""
    return language.ngettext(
        "{count} field waits in its plan for a decision.",
        "{count} fields wait in their plans for a decision.",
        count,
    ).format(count=count)
