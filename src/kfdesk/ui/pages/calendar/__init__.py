# SPDX-License-Identifier: GPL-3.0-or-later
"""The Calendar: everything that has a day, as a list, a week or a month, and as a file."""
