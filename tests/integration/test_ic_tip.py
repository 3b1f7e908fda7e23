# SPDX-License-Identifier: GPL-3.0-or-later
"""The table for statistics is made of a release alone: no count that the release does not have."""

import csv
import io
from dataclasses import replace
from datetime import date

from tests.integration.pair_samples import refusal
from tests.support.figure_samples import add_clients, asked

from kfdesk.domain.accounts import Role
from kfdesk.domain.rows import encode_changes, seen_writes
from kfdesk.services.core.records import put_changed, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.figures.ic_tip import IC_TIP_COLUMNS, ic_tip_csv
from kfdesk.services.figures.releases import freeze_release

CHILD, WOMAN = date(2015, 5, 4), date(1990, 5, 4)


def rows(desk: Session, rid: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ic_tip_csv(desk, rid))))


def test_fewer_than_k_say_no_number_at_all(desk: Session) -> None:
    add_clients(desk, 9)
    (row,) = rows(desk, freeze_release(desk, asked("sex")))
    assert tuple(row) == IC_TIP_COLUMNS
    assert (row["count"], row["smallest_group"]) == ("<11", "11")
    assert "9" not in "".join(row[name] for name in ("sex", "age", "form_of_exploitation"))


def test_small_groups_are_joined_before_anything_is_left_out(desk: Session) -> None:
    add_clients(desk, 30, birth_date=WOMAN)
    add_clients(desk, 4, birth_date=CHILD)
    found = rows(desk, freeze_release(desk, asked("sex", "age")))
    assert [(row["sex"], row["age"], row["count"]) for row in found] == [
        ("total", "total", "34"), ("female", "total", "34"),
    ]  # fmt: skip
    assert {row["joined"] for row in found} == {"age"}


def test_fixed_rows_leave_out_and_tell_no_part(desk: Session) -> None:
    add_clients(desk, 30, birth_date=WOMAN)
    add_clients(desk, 25, gender="Masculine", birth_date=WOMAN)
    add_clients(desk, 4, gender="NonConforming", birth_date=WOMAN)
    question = replace(asked("sex", is_crossed=True), has_fixed_rows=True)
    found = {row["sex"]: row["count"] for row in rows(desk, freeze_release(desk, question))}
    assert found["other_or_unknown"] == "left_out"
    assert "4" not in found.values()
    assert sum(count == "left_out" for count in found.values()) >= 2, "or it could be subtracted"


def test_release_that_cannot_be_read_is_refused_and_so_is_who_has_no_right(desk: Session) -> None:
    add_clients(desk, 14)
    rid = freeze_release(desk, asked("sex"))
    worker = replace(desk, roles=frozenset({Role.SHELTER_WORKER}))
    assert refusal(lambda: ic_tip_csv(worker, rid)).code == "user.not_allowed"
    row = require_record(desk, rid)
    changes = encode_changes("figure_release", {"cells": "@sex.0\nwomen=999"})
    with desk.store.transaction():
        put_changed(desk, row, changes, seen_writes(row))
    assert refusal(lambda: ic_tip_csv(desk, rid)).code == "figures.unreadable"
