# SPDX-License-Identifier: GPL-3.0-or-later
"""What this release of the program is.

Constants that a release changes; the version is the one in pyproject.toml, which a test compares.
"""

from datetime import date

VERSION = "0.1.0"
RELEASED = date(2026, 11, 24)  # no clock that is right can be before this day
