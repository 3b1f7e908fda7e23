# SPDX-License-Identifier: GPL-3.0-or-later
"""The views of the history: what was done, one record's values, the bin, and drafts that wait."""
