# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of a file: what comes beside records is read in one room, which says who may say it."""

import ast
from pathlib import Path

from tests.architecture.tree import ROOT, modules, walk

ROOM = "src/kfdesk/services/exchange/message_policy.py"
OTHERS = {
    "src/kfdesk/services/exchange/audit_heads.py": {"audit"},  # of the sender's chain and of ours
    "src/kfdesk/services/exchange/epochs.py": {"is_empty"},
    "src/kfdesk/services/exchange/erased_records.py": {"orders"},  # only to read the list by ids
    "src/kfdesk/services/exchange/erasure.py": {"orders"},  # each asks `ImportPolicy.order_state`
    "src/kfdesk/services/exchange/outbox.py": {"is_empty"},  # of a file of ours
    "src/kfdesk/services/exchange/sequence.py": {"resends"},  # a finding: that it asks again
}


def read_messages(root: Path) -> dict[str, set[str]]:
    """Return which control messages of a file each module of the services reads."""
    found: dict[str, set[str]] = {}
    for module in modules(root, "src/kfdesk/services"):
        for node in walk(module.tree):
            match node:
                case ast.Attribute(value=ast.Attribute(attr="dealings"), attr=name):
                    found.setdefault(module.name, set()).add(name)
    return found


def test_messages_of_a_file_are_read_where_it_says_who_may_say_them() -> None:
    found = read_messages(ROOT)
    assert found.pop(ROOM)
    assert found == OTHERS


def test_module_that_believes_a_message_by_itself_is_seen(copy: Path) -> None:
    lonely = copy / "src/kfdesk/services/exchange/lonely.py"
    lonely.write_text("def read(taken):\n    return taken.dealings.cards\n", encoding="utf-8")
    assert read_messages(copy)["src/kfdesk/services/exchange/lonely.py"] == {"cards"}
