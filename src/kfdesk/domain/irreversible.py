# SPDX-License-Identifier: GPL-3.0-or-later
"""Acts that nothing can undo, and what each asks of people before it is done.

One table for the whole program. What does more harm never asks less than what does less: a test
compares all of them, and another finds each service that destroys something and is not here. What
the acts mean to people is in `docs/promises.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Harm(IntEnum):
    """The most that an act can lose, from the least."""

    DECIDED_ELSEWHERE = 0
    """The organisation whose client she is has decided, and signed the order."""
    A_WORD = 1
    """Nothing is lost, but what was said, sent or settled stays so."""
    ACCESS = 2
    """Somebody or something opens no more; it can be set up anew."""
    A_STORE = 3
    """All that this computer has; a backup brings it back."""
    A_PERSON = 4
    """All about a client, here and at partners; no backup brings it back."""


class Safeguard(IntEnum):
    """A question or proof that is asked before an act, from the weakest."""

    CHOICE = 1
    """Chosen by its name, and confirmed or looked at before."""
    PASSPHRASE = 2
    BACKUP = 3
    """A backup elsewhere, or somebody says that there is none."""
    TWO_PEOPLE = 4
    """A second person with a passphrase; or her signed wish, and 24 hours."""


class IrreversibleAct(StrEnum):
    """An act that nothing can undo."""

    SEND = "send"
    PRINT = "print"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    RELEASE_FIGURES = "release_figures"
    SETTLE_NOTICE = "settle_notice"
    FORGET_HISTORY = "forget_history"
    REMOVE_OLD_BACKUPS = "remove_old_backups"
    REMOVE_USER = "remove_user"
    CHANGE_PASSPHRASE = "change_passphrase"  # noqa: S105 - the name of an act
    REPLACE_RECOVERY_KEY = "replace_recovery_key"
    REKEY = "rekey"
    REVOKE_PARTNER = "revoke_partner"
    ROTATE_KEYS = "rotate_keys"
    RESTORE = "restore"
    WIPE = "wipe"
    ERASE_CLIENT = "erase_client"
    ERASE_AS_ASKED = "erase_as_asked"
    ERASE_BY_ORDER = "erase_by_order"


@dataclass(frozen=True, slots=True)
class ActTerms:
    """The harm of an act, what it asks, and the services that do it (module below `services`).

    `is_at_rest`: refused while the client travels or an alarm about her is open; then it waits.
    """

    harm: Harm
    asks: frozenset[Safeguard]
    services: frozenset[str]
    is_at_rest: bool = False


def _terms(harm: Harm, asks: set[Safeguard], *services: str, is_at_rest: bool = False) -> ActTerms:
    return ActTerms(harm, frozenset(asks), frozenset(services), is_at_rest)


_CHOICE = {Safeguard.CHOICE}
_OWN = {Safeguard.CHOICE, Safeguard.PASSPHRASE}
_TWO = _OWN | {Safeguard.TWO_PEOPLE}

IRREVERSIBLE_ACTS: Mapping[IrreversibleAct, ActTerms] = {
    IrreversibleAct.SEND: _terms(
        Harm.A_WORD, _CHOICE, "exchange.transfer.send_bundle", "exchange.transfer.send_notices",
        "exchange.transfer.send_full_sync", "exchange.transfer.send_common",
    ),
    IrreversibleAct.PRINT: _terms(
        Harm.A_WORD, _CHOICE, "papers.production.print_paper", "papers.production.save_paper",
        "papers.production.make_paper",
    ),
    IrreversibleAct.WITHDRAW: _terms(
        Harm.A_WORD, _CHOICE, "plans.consents.withdraw_consent",
    ),
    IrreversibleAct.CLOSE: _terms(Harm.A_WORD, _CHOICE, "workflow.move_plan"),
    IrreversibleAct.RELEASE_FIGURES: _terms(
        Harm.A_WORD, _CHOICE, "figures.releases.freeze_release",
    ),
    IrreversibleAct.SETTLE_NOTICE: _terms(
        Harm.A_WORD, _CHOICE, "exchange.erasure.mark_order_told",
        "exchange.notices.record_withdrawal_call",
    ),
    IrreversibleAct.FORGET_HISTORY: _terms(
        Harm.A_WORD, _CHOICE, "core.history.set_history_days", "core.history.prune_history",
    ),
    IrreversibleAct.REMOVE_OLD_BACKUPS: _terms(
        Harm.A_WORD, _CHOICE, "upkeep.backup.make_backup", "upkeep.backup.remove_expired_copies",
    ),
    IrreversibleAct.REMOVE_USER: _terms(Harm.ACCESS, _CHOICE, "accounts.remove_user"),
    IrreversibleAct.CHANGE_PASSPHRASE: _terms(
        Harm.ACCESS, _OWN, "accounts.change_passphrase", "accounts.reset_passphrase",
    ),
    IrreversibleAct.REPLACE_RECOVERY_KEY: _terms(
        Harm.ACCESS, _OWN, "accounts.set_recovery_key",
    ),
    IrreversibleAct.REKEY: _terms(Harm.ACCESS, _OWN, "accounts.rekey_store"),
    IrreversibleAct.REVOKE_PARTNER: _terms(
        Harm.ACCESS, _CHOICE, "exchange.partners.revoke_partner",
    ),
    IrreversibleAct.ROTATE_KEYS: _terms(
        Harm.ACCESS, _CHOICE, "exchange.partners.rotate_encryption_key",
        "exchange.partners.rotate_signing_key", "exchange.copied_store.separate_copy",
    ),
    IrreversibleAct.RESTORE: _terms(
        Harm.A_STORE, _OWN | {Safeguard.BACKUP}, "upkeep.backup.finish_restore",
        "upkeep.backup.finish_salvage", "upkeep.backup.start_new_epoch",
    ),
    IrreversibleAct.WIPE: _terms(
        Harm.A_STORE, _OWN | {Safeguard.BACKUP}, "upkeep.backup.wipe_store",
    ),
    IrreversibleAct.ERASE_CLIENT: _terms(
        Harm.A_PERSON, _TWO, "client_erasure.carry_out_erasure", is_at_rest=True,
    ),
    IrreversibleAct.ERASE_AS_ASKED: _terms(
        Harm.A_PERSON, _TWO, "client_erasure.erase_as_asked", is_at_rest=True,
    ),
    IrreversibleAct.ERASE_BY_ORDER: _terms(
        Harm.DECIDED_ELSEWHERE, _CHOICE, "exchange.transfer.import_bundle",
        "exchange.transfer.import_files", is_at_rest=True,
    ),
}  # fmt: skip
"""Each act with its terms.

A file with an order to erase is looked at here by one person, and has a yes of its own. What is
ours below her, a legal hold or her being on the way let the order wait for two people.
"""
