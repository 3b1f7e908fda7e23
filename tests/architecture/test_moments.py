# SPDX-License-Identifier: GPL-3.0-or-later
"""A page says when something was written by the organisation's clocks, from one function."""

import ast

from tests.architecture.tree import ROOT, modules, said, walk

ROOMS = ("src/kfdesk/ui", "src/kfdesk/cli", "src/kfdesk/i18n")
OWN_WAYS = {"fromtimestamp", "utcfromtimestamp", "localtime", "gmtime", "strftime", "ctime"}
ALLOWED = {
    "src/kfdesk/i18n/language.py",  # the function itself
    "src/kfdesk/ui/program.py",  # before a store is open no organisation is known
}

OWN_ROOMS = {
    "src/kfdesk/system/clock.py",  # the machine's clock itself
    "src/kfdesk/i18n/language.py",  # today by the organisation's clocks, for what has no desk
    "src/kfdesk/ui/lock/idle.py",  # how long nobody has touched a key
}
"""The rooms that may ask the computer what time it is."""
ASKING = {
    *("date.today", "datetime.today", "datetime.now", "datetime.utcnow"),
    *("time.time", "time.time_ns", "time.localtime"),
    *("QDate.currentDate", "QTime.currentTime", "QDateTime.currentDateTime"),
    *("QDateTime.currentDateTimeUtc", "QDateTime.currentMSecsSinceEpoch"),
}

OWN_CLOCK = {
    "src/kfdesk/services/core/session.py",  # the function that tells the organisation's zone
    "src/kfdesk/services/upkeep/backup.py",  # a backup is named by the computer's clock
}


def test_services_tell_times_by_the_clocks_of_the_organisation() -> None:
    found = {
        module.name
        for module in modules(ROOT, "src/kfdesk/services")
        for node in walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "tzinfo"
    }
    assert found == OWN_CLOCK


def test_only_these_rooms_ask_the_computer_for_the_day() -> None:
    found = {
        module.name
        for module in modules(ROOT, "src/kfdesk")
        for node in walk(module.tree)
        if isinstance(node, ast.Attribute) and said(node) in ASKING
    }
    assert found == OWN_ROOMS


def test_no_page_turns_a_number_into_a_time_its_own_way() -> None:
    found = {
        module.name
        for module in modules(ROOT, *ROOMS)
        for node in walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in OWN_WAYS
    }
    assert found == ALLOWED
