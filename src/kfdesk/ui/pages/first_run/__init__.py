# SPDX-License-Identifier: GPL-3.0-or-later
"""The first run: from no store to an open desk, in four steps that a person can take alone."""
