# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers of figures: a table on a page, and the report about a year."""
