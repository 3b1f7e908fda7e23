# SPDX-License-Identifier: GPL-3.0-or-later
"""Green says one thing: something is safe, or it has happened. Filled in, met or valid is petrol.

A room that is not named here shows no green. Each name says what its green stands for, and how many
times the room says so: one more is looked at before it is written down here.
"""

import ast
from collections import Counter
from collections.abc import Mapping

from tests.architecture.tree import ROOT, modules, walk

UI = "src/kfdesk/ui/"
GREEN = {"SUCCESS", "success", "success_soft"}

REASONS: Mapping[str, tuple[int, str]] = {
    "pages/aftercare/follow_up.py": (1, "the talk took place"),
    "pages/aftercare/support.py": (2, "a goal was reached, a service was given"),
    "pages/backup.py": (1, "a backup is there and fresh"),
    "pages/backup_jobs.py": (8, "a backup was made, read back, restored"),
    "pages/book/overview.py": (1, "an article was adopted"),
    "pages/directory/checks.py": (1, "an entry was checked lately"),
    "pages/exchange/inbox.py": (1, "a file was taken"),
    "pages/exchange/page.py": (2, "a card was added or saved"),
    "pages/exchange/partners.py": (1, "a key was changed"),
    "pages/exchange/previews.py": (1, "a partner was verified"),
    "pages/exchange/review.py": (7, "a file is intact, from whom it says"),
    "pages/exchange/send.py": (1, "a file was made"),
    "pages/exchange/verification.py": (1, "the words were compared"),
    "pages/figures/chart_view.py": (1, "one of six colours of a chart"),
    "pages/figures/desk_figures.py": (2, "no small group is shown"),
    "pages/figures/sums.py": (1, "a sum was released"),
    "pages/history.py": (2, "the log is whole"),
    "pages/plan/consent_matrix.py": (1, "she has said yes"),
    "pages/plan/consent_status.py": (1, "she has said yes, and it stands"),
    "pages/plan/cooperation_steps.py": (1, "a step was completed"),
    "pages/plan/decision.py": (1, "she was told of the risks"),
    "pages/plan/decision_parts.py": (3, "a house or an authority has said yes, or has done it"),
    "pages/plan/header.py": (1, "a sheet was printed"),
    "pages/plan/journey.py": (1, "a leg has arrived"),
    "pages/plan/risk_assessments.py": (1, "the return is judged safe"),
    "pages/plan/risk_table.py": (1, "a measure was taken"),
    "pages/plan/transitions.py": (2, "a step was taken, an approval given"),
    "pages/plan/travel_parts.py": (4, "a check was done, a hand-over well, a number called"),
    "pages/printing/page.py": (2, "a paper was printed or saved"),
    "pages/printing/preview.py": (2, "no listed word is on a paper that is carried"),
    "pages/recovery_key.py": (2, "a key was made"),
    "pages/restore.py": (3, "a backup was restored, the key is right"),
    "pages/runbook_steps.py": (3, "a step was done"),
    "pages/runbooks.py": (2, "all steps were done"),
    "pages/secret_confirmation.py": (3, "a secret was written down rightly"),
    "pages/settings.py": (2, "a setting was saved"),
    "pages/today.py": (1, "a first step was done"),
    "record_views.py": (2, "she has arrived; a leg was recorded"),
    "widgets/inputs.py": (4, "a word of a key is right"),
    "widgets/layout.py": (1, "what a form keeps safe"),
}


def test_green_is_for_what_is_safe_or_has_happened() -> None:
    found = Counter(
        module.name.removeprefix(UI)
        for module in modules(ROOT, "src/kfdesk")
        for node in walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in GREEN
    )
    assert found == {room: times for room, (times, _) in REASONS.items()}
