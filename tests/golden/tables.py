# SPDX-License-Identifier: GPL-3.0-or-later
"""The golden tables: every field and code there ever was, who gets and writes it, who may do what.

`python -m tests.golden.tables --update` writes them anew from the program. It adds to the schema
and to the codes, and refuses to take from them: a name is a key for ever. The disclosure table
follows the program; a change of it is a decision, and is read by eye before it is kept.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kfdesk.domain.accounts import ROLE_RIGHTS, Right, Role
from kfdesk.domain.authority import field_writer
from kfdesk.domain.codes import book, case, core, htcds, network, procedures, world
from kfdesk.domain.records.registry import RECORD_TYPES

FOLDER = Path(__file__).resolve().parent
SCHEMA, CODES, DISCLOSURE, ROLES = (
    FOLDER / "schema.json",
    FOLDER / "codes.json",
    FOLDER / "disclosure.md",
    FOLDER / "rights.md",
)
Fields = Mapping[str, Mapping[str, Any]]
Lists = Mapping[str, Sequence[str]]


def fields_now() -> Fields:
    """Every field of the program by `type.key`, with what may never change about it."""
    return {
        f"{name}.{key}": {
            "fid": described.ids[key],
            "kind": type(field.kind).__name__,
            "since": field.since,
            "retired": field.retired,
        }
        for name, described in RECORD_TYPES.items()
        for key, field in described.fields.items()
    }


def codes_now() -> Lists:
    """Every list of codes of the program, by its name."""
    rooms = (core, case, htcds, network, procedures, world, book)
    lists = {name: found for room in rooms for name, found in vars(room).items()}
    return {
        name: [str(code) for code in found]
        for name, found in sorted(lists.items())
        if name.isupper() and not name.startswith("_") and isinstance(found, Mapping)
    }


def disclosure_now() -> str:
    """Field, group, level and who may write it, a line each, in the order of the program."""
    lines = [
        f"| {name}.{key} | {field.to} | {field.level.name} | {field_writer(name, key)} |"
        for name, described in RECORD_TYPES.items()
        for key, field in described.fields.items()
    ]
    return "\n".join(["| field | group | level | writer |", "|---|---|---|---|", *lines, ""])


def rights_now() -> str:
    """Each right, and which roles have it, for the eye."""
    lines = [
        f"| {right} | "
        + " | ".join("●" if right in ROLE_RIGHTS[role] else "–" for role in Role)
        + " |"
        for right in Right
    ]
    head = f"| right | {' | '.join(Role)} |"
    return "\n".join([head, "|---" * (len(Role) + 1) + "|", *lines, ""])


def kept_fields() -> Fields:
    """Every field there ever was."""
    found: Fields = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


def kept_codes() -> Lists:
    """Every code there ever was."""
    found: Lists = json.loads(CODES.read_text(encoding="utf-8"))
    return found


def broken_fields(kept: Fields, now: Fields) -> list[str]:
    """Fields that are gone, or are no longer what they were. One may be retired, once."""
    return [
        name
        for name, before in kept.items()
        if name not in now
        or any(now[name][what] != before[what] for what in ("fid", "kind", "since"))
        or before["retired"] not in {None, now[name]["retired"]}
    ]


def broken_codes(kept: Lists, now: Lists) -> list[str]:
    """Codes that are gone, by `list.code`."""
    return [
        f"{name}.{code}" for name, found in kept.items() for code in found
        if code not in now.get(name, ())
    ]  # fmt: skip


def clashes(fields: Fields) -> list[str]:
    """Fields that share an id with another of their type, or with the deletion."""
    seen: dict[tuple[str, int], str] = {}
    found = []
    for name, field in fields.items():
        place = (name.partition(".")[0], field["fid"])
        if field["fid"] == 0 or seen.setdefault(place, name) != name:
            found.append(name)
    return found


def update() -> int:
    """Write the tables anew. Returns 1 where that would take something away."""
    broken: list[str] = []
    if SCHEMA.exists() and CODES.exists():
        broken += broken_fields(kept_fields(), fields_now())
        broken += broken_codes(kept_codes(), codes_now())
    if broken:
        sys.stderr.write(f"These are kept for ever: {', '.join(broken)}\n")
        return 1
    SCHEMA.write_text(_lines(fields_now()), encoding="utf-8")
    CODES.write_text(_lines(codes_now()), encoding="utf-8")
    DISCLOSURE.write_text(disclosure_now(), encoding="utf-8")
    ROLES.write_text(rights_now(), encoding="utf-8")
    return 0


def main(argv: Sequence[str]) -> int:
    """Update the tables if asked to; else say how. Returns the exit code."""
    parser = argparse.ArgumentParser(description="The golden tables of schema and disclosure.")
    parser.add_argument("--update", action="store_true", required=True)
    parser.parse_args(argv)
    return update()


def _lines(table: Mapping[str, Any]) -> str:
    """JSON with one entry a line, so that a change is one line of a diff."""
    entries = [
        f"  {json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}"
        for name, entry in table.items()
    ]
    return "{\n" + ",\n".join(entries) + "\n}\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
